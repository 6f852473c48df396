//! The tables of a book as the shapes of its records give them: every kind, every list and every map is a sheet.
//!
//! A sheet has one fact a cell: a nested table becomes columns (`extension_days`), a list or a map becomes a sheet of its own
//! whose rows begin with what names their parent. The columns depend on the definitions alone, never on the rows, and a
//! new field of a record is a new column here without a line of code.

use std::sync::LazyLock;

use crate::diag::nearest;
use crate::record::kind::RecordKind;
use crate::record::settings::Settings;
use crate::record::shape::Kind;
use crate::table::{self, Column, Table};
use crate::text::{Message, Text, report};

mod derive;
mod privacy;
mod rows;

pub use rows::{Personal, tables};
pub(super) use rows::{entries, said};

pub(super) use privacy::holds_answers;
use privacy::{hidden_entries, hides_cell, hides_value};

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
}

/// A table of at most so many columns is shown whole.
const NARROW: usize = 8;

/// A word that names no sheet, or several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// None; perhaps this one was meant.
    None(Option<String>),
    /// Several, by name.
    Several(Vec<String>),
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

/// The sheet a word means: its name, or the word of its list or entry where no other sheet as near to its record has it.
/// Sheets of the settings, the market and the policies give way to those of everyday records.
pub fn sheet(word: &str) -> Result<&'static Sheet, Unknown> {
    let word = word.trim().to_lowercase().replace('-', "_");
    if let Some(found) = sheets().iter().find(|sheet| sheet.name == word) {
        return Ok(found);
    }
    let named: Vec<&Sheet> = sheets().iter().filter(|sheet| sheet.words.contains(&word)).collect();
    let depth = named.iter().map(|sheet| sheet.hops.len()).min();
    let mut shallow: Vec<&Sheet> =
        named.into_iter().filter(|sheet| Some(sheet.hops.len()) == depth).collect();
    let is_daily = |sheet: &&Sheet| sheet.record.is_many() && sheet.record != RecordKind::Policy;
    if shallow.iter().any(is_daily) {
        shallow.retain(is_daily);
    }
    match shallow.as_slice() {
        [one] => Ok(one),
        [] => {
            let known = sheets().iter().flat_map(|sheet| sheet.words.iter().chain([&sheet.name]));
            Err(Unknown::None(nearest(&word, known.map(String::as_str)).map(str::to_owned)))
        }
        several => Err(Unknown::Several(several.iter().map(|sheet| sheet.name.clone()).collect())),
    }
}

impl Sheet {
    /// Its columns as a table has them; money is in the book's unit.
    pub fn columns(&self, settings: &Settings) -> Vec<Column> {
        let unit = self.measure.map(|_| Column::new("unit", report::UNIT, table::Kind::Text));
        self.specs.iter().map(|spec| spec.column(settings)).chain(unit).collect()
    }

    /// Takes away the columns of a table of this sheet that say little; a narrow table keeps all.
    pub fn keep_listed(&self, table: &mut Table) {
        if table.columns.len() <= NARROW {
            return;
        }
        let is_listed =
            |key: &str| self.specs.iter().find(|spec| spec.key == key).is_none_or(|spec| spec.listed);
        table.keep_columns(|column| is_listed(&column.key));
    }

    /// What a table without this sheet's personal data says below its rows, where there are such columns.
    pub fn cut(&self, personal: Personal) -> Option<Message> {
        let is_cut = personal == Personal::Without && self.specs.iter().any(|spec| spec.personal);
        is_cut.then(|| report::WITHOUT_PERSONAL.into())
    }

    /// The row's own columns, without those that name its parents.
    pub fn own(&self) -> &[Spec] {
        &self.specs[self.inherited..]
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
        let named = self.own().iter().filter_map(|spec| match spec.kind {
            Kind::Ref(kind) => {
                Some((vec![spec.key.as_str()], RecordKind::named(kind)?.place(), &["id"] as &[_]))
            }
            _ => None,
        });
        parent.into_iter().chain(named).collect()
    }
}

impl Spec {
    fn column(&self, settings: &Settings) -> Column {
        let kind = match self.kind {
            Kind::Amount => table::Kind::Number,
            Kind::Rate => table::Kind::Ratio,
            Kind::Day => table::Kind::Date,
            Kind::Integer { .. } => table::Kind::Count,
            Kind::Flag => table::Kind::Flag,
            _ => table::Kind::Text,
        };
        let column = Column::new(self.key.clone(), self.title, kind);
        match self.unit {
            Some("money") => column.unit(settings.money.clone()),
            _ => column,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn keys(name: &str) -> String {
        let sheet = sheet(name).unwrap();
        let unit = sheet.measure.map(|_| "unit");
        let keys = sheet.specs.iter().map(|spec| spec.key.as_str()).chain(unit);
        keys.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_list_begins_with_what_names_its_parents() {
        assert_eq!(keys("client_visits"), "client date by kind n purpose summary");
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
    fn a_nested_table_is_columns() {
        let complaint = keys("complaints");
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
    fn a_sheet_goes_by_several_words_unless_two_do() {
        let name = |word: &str| sheet(word).map(|sheet| sheet.name.as_str());
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
        ] {
            assert_eq!(name(word), Ok(expected), "{word}");
        }
        assert_eq!(
            name("requests"),
            Err(Unknown::Several(vec!["manager_requests".into(), "client_requests".into()]))
        );
        assert_eq!(name("vists"), Err(Unknown::None(Some("visits".into()))));
        assert_eq!(name("spaceship"), Err(Unknown::None(None)));
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
