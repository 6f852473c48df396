//! The tables of a book as the shapes of its records give them: every kind, every list and every map is a sheet.
//!
//! A sheet has one fact a cell: a nested table becomes columns (`extension_days`), a list or a map becomes a sheet of its own
//! whose rows begin with what names their parent. One of single values, such as who came along on a visit, is a column beside,
//! for people who list rows; an export has it as its own sheet alone. The columns depend on the definitions alone, never on the rows, and a
//! new field of a record is a new column here without a line of code.

use std::sync::LazyLock;

use crate::book::Book;
use crate::diag::nearest;
use crate::record::kind::RecordKind;
use crate::record::shape::Kind;
use crate::table::{self, Column};
use crate::text::{Text, report};

mod derive;
mod joined;
mod privacy;
mod rows;
mod together;
mod wording;

pub(super) use joined::parts;
pub use rows::{Personal, tables};
pub(super) use rows::{entries, said};
pub(super) use together::{HOLDER, RECORD, cut, keep_listed, spec, together};

use derive::WORDS;
use joined::{in_one_cell, in_one_column, is_plain};
pub(super) use privacy::holds_answers;
use privacy::{hidden_entries, hides_cell, hides_value};
use wording::{heading, named, of, plural, shown};

/// A table the definition of a record gives.
#[derive(Debug)]
pub struct Sheet {
    /// Its stable name: `clients`, `client_visits`, `client_visits_next`.
    pub name: String,
    /// What its rows are.
    pub title: Text,
    /// The kind of record its rows stand in.
    pub record: RecordKind,
    /// Its columns: what names the parents first, then the row's own.
    pub specs: Vec<Spec>,
    /// Words it goes by besides its name: `visit`, `visits`.
    words: Vec<String>,
    /// The way from a record to its rows.
    hops: Vec<Hop>,
    /// How many of the columns name the parents.
    inherited: usize,
    /// The columns that tell its rows apart, where any do.
    key: Vec<String>,
    /// The column whose measure tells the unit of the row's amounts.
    measure: Option<usize>,
    /// Whether everything in it is somebody's personal data.
    personal: bool,
}

/// A column of a sheet.
#[derive(Clone, Debug)]
pub struct Spec {
    /// Stable key, `snake_case`.
    pub key: String,
    /// What people read above it.
    pub title: Text,
    /// The values it takes.
    pub kind: &'static Kind,
    /// Whether a list shows it unless told otherwise.
    pub listed: bool,
    /// Whether it is somebody's personal data.
    pub personal: bool,
    /// Where its cells come from.
    source: Source,
    /// What its amounts are in: `money`.
    unit: Option<&'static str>,
    /// Whether every row has it.
    required: bool,
}

/// Where the cells of a column come from.
#[derive(Clone, Debug)]
enum Source {
    /// What names the parent of the row, known before the row is read.
    Parent,
    /// The row's position in its list, from 1.
    Position,
    /// The way from the row's value; empty for the value itself.
    Path(Vec<&'static str>),
    /// The same, or the row's value where no table stands around it: `deposits = 5100` for `{ avg = 5100 }`.
    PathOrPlain(Vec<&'static str>),
    /// The word that stands instead of a map whose values are the rows.
    Word,
    /// The way to a list, or to a map, whose values stand in one cell: `li-na; zhao-lei`, `li-na=70; other=30`.
    Joined(Vec<&'static str>),
}

/// A step on the way from a record to a row.
#[derive(Clone, Debug)]
enum Hop {
    /// To the value at a key.
    Key(&'static str),
    /// To each entry of a list; these columns name it to the sheets below.
    Entries(Vec<Spec>),
    /// To each value of a map; its key becomes a cell.
    Free,
    /// The same, or a single word that stands instead of the map: a row of its own.
    FreeOrWord,
}

/// Words people use for what is written down under another.
const ALSO: [(&str, &str); 14] = [
    ("deal", "opportunities"),
    ("department_request", "requests"),
    ("escalation", "reports"),
    ("exam", "trainings"),
    ("issue", "reports"),
    ("loan", "facilities"),
    ("owner", "managers"),
    ("pip", "checkpoints"),
    ("plan_drill", "drills"),
    ("problem", "reports"),
    ("rm", "managers"),
    ("signal", "warnings"),
    ("task", "actions"),
    ("todo", "actions"),
];

/// A word that names no sheet, with the one that was perhaps meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// The nearest word that names one.
    pub nearest: Option<String>,
}

/// Every sheet, in the order of the record kinds and their fields.
pub fn sheets() -> &'static [Sheet] {
    static SHEETS: LazyLock<Vec<Sheet>> = LazyLock::new(|| {
        let all = RecordKind::ALL.iter().flat_map(|kind| derive::of_record(*kind));
        // What counts in a policy, and with which weight, are facts to tabulate; how a curve bends is a document of rules.
        all.filter(|sheet| sheet.record != RecordKind::Policy || sheet.hops.len() <= 2).collect()
    });
    &SHEETS
}

/// The sheet of this name.
pub fn sheet(name: &str) -> Option<&'static Sheet> {
    sheets().iter().find(|sheet| sheet.name == name)
}

/// The sheets a word means: the one of that name, or those whose list or entry goes by the word, wherever in a book such
/// entries stand. Lists deeper in their record give way to those nearer to it; those of the settings, the market and the
/// policies to those of everyday records, unless several of those say the same as they do of the whole bank (targets).
pub fn sheets_of(word: &str) -> Result<Vec<&'static Sheet>, Unknown> {
    let word = word.trim().to_lowercase().replace(['-', ' '], "_");
    if let Some(found) = sheet(&word) {
        return Ok(vec![found]);
    }
    let named = || sheets().iter().filter(|sheet| sheet.words.contains(&word));
    let depth = named().map(|sheet| sheet.hops.len()).min();
    let mut shallow: Vec<&Sheet> = named().filter(|sheet| Some(sheet.hops.len()) == depth).collect();
    if let Some(daily) = shallow.iter().copied().find(is_daily) {
        let is_one_of_several = shallow.iter().filter(|sheet| is_daily(sheet)).count() > 1;
        shallow.retain(|sheet| is_daily(sheet) || is_one_of_several && sheet.says_the_same(daily));
    }
    if shallow.is_empty() { Err(Unknown { nearest: meant(&word) }) } else { Ok(shallow) }
}

/// Whether its rows are of everyday records, not of the settings, the market or a policy.
fn is_daily(sheet: &&Sheet) -> bool {
    sheet.record.is_many() && sheet.record != RecordKind::Policy
}

/// The word of a sheet that an unknown one perhaps stands for: what such entries are also called, a word spelled nearly so,
/// or one of a sheet whose title has the word.
fn meant(word: &str) -> Option<String> {
    let singular = |plural: &str| plural.strip_suffix('s').unwrap_or(plural).to_owned();
    let also = ALSO.iter().find(|(also, _)| singular(word) == *also).map(|(_, name)| *name);
    let known = sheets().iter().flat_map(|sheet| sheet.words.iter().chain([&sheet.name]));
    let titled = || {
        let words = singular(word).replace('_', " ");
        let is_titled = |title: Text| title.zh.contains(&words) || title.en.to_lowercase().contains(&words);
        let found = sheets().iter().filter(|sheet| words.chars().count() > 1 && is_titled(sheet.title));
        found.min_by_key(|sheet| (!is_daily(sheet), sheet.hops.len())).map(|sheet| sheet.name.as_str())
    };
    // A table below another one, by the words of both: `survey_items`.
    let below = || {
        let parts = |name: &str| name.split('_').map(singular).collect::<Vec<_>>();
        let own = parts(word);
        let has_all = |sheet: &&Sheet| own.iter().all(|part| parts(&sheet.name).contains(part));
        sheets().iter().filter(|_| own.len() > 1).find(has_all).map(|sheet| sheet.name.as_str())
    };
    let near = also.or_else(|| nearest(word, known.map(String::as_str)));
    near.or_else(below).or_else(titled).map(str::to_owned)
}

impl Sheet {
    /// Its columns as a table has them; money is in the book's unit, pay in that of the policies, where they have the same.
    pub fn columns(&self, book: &Book) -> Vec<Column> {
        let several = self.is_of_several_moneys(book);
        let has_unit = self.measure.is_some() || several;
        let unit = has_unit.then(|| Column::new("unit", report::UNIT, table::Kind::Text));
        let columns = self.specs.iter().map(|spec| match (spec.column(book), self.measure) {
            // Amounts of a measure are in its unit.
            (column, Some(_)) if column.kind == table::Kind::Number => column.together(table::Together::Unit),
            (column, None) if several && spec.unit == Some("pay") => column.together(table::Together::Unit),
            (column, _) => column,
        });
        columns.chain(unit).collect()
    }

    /// Whether its rows are of pay that policies state in different units of money, so that each says its own.
    pub(super) fn is_of_several_moneys(&self, book: &Book) -> bool {
        book.pays_in_several_moneys() && self.specs.iter().any(|spec| spec.unit == Some("pay"))
    }

    /// Whether its columns are those of `other`, whatever record holds the rows.
    fn says_the_same(&self, other: &Self) -> bool {
        let (own, others) = (&self.specs[self.names()..], &other.specs[other.names()..]);
        own.iter().map(|spec| &spec.key).eq(others.iter().map(|spec| &spec.key))
    }

    /// Whether any of it is shown where personal data are, or are not, asked for.
    pub(super) fn is_shown(&self, personal: Personal) -> bool {
        personal == Personal::With || !self.personal
    }

    /// How many of its columns name the record.
    fn names(&self) -> usize {
        match self.record {
            RecordKind::Settings | RecordKind::Market => 0,
            _ if self.hops.is_empty() => 0,
            RecordKind::Review => 2,
            _ => 1,
        }
    }

    /// The row's own columns, without those that name its parents.
    pub fn own(&self) -> &[Spec] {
        &self.specs[self.inherited..]
    }

    /// Whether a column holds what is a sheet of its own: a whole list or map in a cell.
    pub fn joins(&self, key: &str) -> bool {
        self.specs.iter().any(|spec| spec.key == key && spec.is_joined())
    }

    /// Keys of the columns that tell its rows apart, where every row has them and they are nobody's personal data.
    pub fn primary_key(&self) -> &[String] {
        let sound = |key: &String| {
            let spec = self.specs.iter().find(|spec| spec.key == *key);
            spec.is_some_and(|spec| spec.required && !spec.personal)
        };
        if self.key.iter().all(sound) { &self.key } else { &[] }
    }
}

impl Sheet {
    /// Columns that name a row of another sheet: their keys here, that sheet, and its keys in the same order.
    pub fn references(&self) -> Vec<(Vec<&str>, &'static str, &'static [&'static str])> {
        let parent = match self.record {
            RecordKind::Settings | RecordKind::Market => None,
            _ if self.hops.is_empty() => None,
            RecordKind::Review => {
                Some((vec!["review_period", "review_manager"], "reviews", &["period", "manager"] as &[_]))
            }
            kind => Some((vec![kind.name()], kind.place(), &["id"] as &[_])),
        };
        let single = self.own().iter().filter(|spec| !spec.is_joined());
        let named = single.filter_map(|spec| match spec.kind {
            Kind::Ref(kind) => {
                Some((vec![spec.key.as_str()], RecordKind::named(kind)?.place(), &["id"] as &[_]))
            }
            _ => None,
        });
        parent.into_iter().chain(named).collect()
    }
}

impl Spec {
    /// Whether its cells hold all values of a list or map.
    pub(in crate::report) fn is_joined(&self) -> bool {
        matches!(self.source, Source::Joined(_))
    }

    fn column(&self, book: &Book) -> Column {
        let kind = match self.kind {
            Kind::Amount | Kind::Quantity => table::Kind::Number,
            Kind::Rate => table::Kind::Ratio,
            Kind::Day => table::Kind::Date,
            Kind::Integer { .. } => table::Kind::Count,
            Kind::Flag => table::Kind::Flag,
            _ => table::Kind::Text,
        };
        let column = Column::new(self.key.clone(), self.title, kind);
        match self.unit {
            Some("money") => column.unit(book.settings.money.clone()),
            Some("pay") => match book.pay_money() {
                Some(money) => column.unit(money),
                None => column,
            },
            _ => column,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn keys(name: &str) -> String {
        let sheet = sheets_of(name).unwrap()[0];
        let unit = sheet.measure.map(|_| "unit");
        let keys = sheet.specs.iter().map(|spec| spec.key.as_str()).chain(unit);
        keys.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_list_begins_with_what_names_its_parents() {
        assert_eq!(keys("client_visits"), "client date by kind n purpose with met summary");
        assert_eq!(
            keys("client_visits_next"),
            "client visit_date visit_by visit_kind visit_n what due owner done"
        );
        assert_eq!(keys("client_visits_with"), "client visit_date visit_by visit_kind visit_n manager");
        assert_eq!(keys("client_aliases"), "client value");
        assert_eq!(
            keys("review_ledger"),
            "review_period review_manager date kind amount case line scheme period due client facility reason approved_by"
        );
    }

    #[test]
    fn a_map_is_a_row_a_key_with_the_unit_of_its_measure() {
        assert_eq!(keys("client_results"), "client month measure avg end rate ftp unit");
        assert_eq!(keys("manager_targets"), "manager period measure amount unit");
        assert_eq!(keys("client_credit_shares"), "client credit_from manager amount");
        assert_eq!(keys("manager_skills"), "manager skill value");
        assert_eq!(keys("settings_skills"), "group skill value");
        assert_eq!(keys("market_peers"), "peer month measure amount unit");
    }

    #[test]
    fn a_list_of_single_values_is_a_sheet_and_a_column_beside_the_others() {
        assert_eq!(keys("client_credit"), "client from shares for");
        assert_eq!(keys("team_meetings_attendees"), "team meeting_date meeting_kind manager");
        let meetings = sheet("team_meetings").unwrap();
        assert!(meetings.joins("attendees") && !meetings.joins("chair"), "{}", keys("team_meetings"));
        assert!(meetings.references().iter().all(|(keys, ..)| keys[..] != ["attendees"]));
    }

    #[test]
    fn a_nested_table_is_columns() {
        let complaint = keys("client_complaints");
        assert!(complaint.contains("extension_days extension_approved_by extension_told"), "{complaint}");
        assert!(keys("settings").contains("cadence_strategic"));
    }

    #[test]
    fn every_sheet_and_every_column_of_one_has_a_name_of_its_own() {
        let names: BTreeSet<&str> = sheets().iter().map(|sheet| sheet.name.as_str()).collect();
        assert_eq!(names.len(), sheets().len());
        for sheet in sheets() {
            let keys: BTreeSet<&str> = sheet.specs.iter().map(|spec| spec.key.as_str()).collect();
            assert_eq!(keys.len(), sheet.specs.len(), "{}: {:?}", sheet.name, sheet.specs);
        }
    }

    #[test]
    fn a_sheet_goes_by_several_words_and_several_sheets_by_one() {
        let name = |word: &str| match sheets_of(word).unwrap().as_slice() {
            [one] => one.name.clone(),
            several => several.iter().map(|sheet| sheet.name.as_str()).collect::<Vec<_>>().join(" "),
        };
        for (word, expected) in [
            ("client", "clients"),
            ("Clients", "clients"),
            ("visit", "client_visits"),
            ("visits", "client_visits"),
            ("one-on-one", "manager_one_on_ones"),
            ("contact", "client_contacts"),
            ("client-visits-next", "client_visits_next"),
            ("market", "market"),
            ("results", "client_results"),
            ("warnings", "client_warnings"),
            ("indicators", "policy_indicators"),
            ("requests", "manager_requests client_requests"),
            ("targets", "settings_targets manager_targets team_targets"),
            ("skills", "manager_skills"),
        ] {
            assert_eq!(name(word), expected, "{word}");
        }
    }

    #[test]
    fn a_word_that_names_nothing_leads_to_one_that_does() {
        let near = |word: &str| sheets_of(word).unwrap_err().nearest;
        for (word, expected) in [
            ("vists", "visits"),
            ("issues", "reports"),
            ("预警", "client_warnings"),
            ("survey_items", "team_surveys_items"),
        ] {
            assert_eq!(near(word).as_deref(), Some(expected), "{word}");
        }
        assert_eq!(near("spaceship"), None);
        assert!(
            ALSO.is_sorted()
                && ALSO.iter().all(|(also, name)| sheets_of(also).is_err() && sheets_of(name).is_ok())
        );
    }

    #[test]
    fn rows_are_told_apart_by_what_every_row_has() {
        let key = |name: &str| sheet(name).unwrap().primary_key().join(" ");
        assert_eq!(key("clients"), "id");
        assert_eq!(key("reviews"), "manager period");
        assert_eq!(key("client_opportunities"), "client id");
        assert_eq!(key("client_results"), "client month measure");
        // `n` is missing in most visits, a contact's name is personal, shares hold for a list of measures.
        assert_eq!(key("client_visits"), "");
        assert_eq!(key("client_contacts"), "");
        assert_eq!(key("client_credit_shares"), "");
    }
}
