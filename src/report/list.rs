//! Rows of one sheet: those that pass every filter, in the order and with the columns asked for.
//!
//! Filters compare by what a column holds: dates as dates, numbers as numbers, words as they are written. A word that names
//! no column, and a value its column cannot hold, are errors, never an empty answer. To add an operator: a line in
//! [`OPERATORS`] and its arm in [`Filter::passes`].

use std::cmp::Ordering;

use anyhow::bail;
use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{HOLDER, Personal, RECORD, Sheet, cut, keep_listed, parts, spec, tables, titled, together};
use crate::book::Book;
use crate::diag::nearest;
use crate::failure::{OrFail, failure};
use crate::msg;
use crate::record::kind::RecordKind;
use crate::record::shape::{Choice, Kind as Values};
use crate::record::value::Rate;
use crate::source::Sources;
use crate::table::{Cell, Column, Kind, Table};
use crate::text::{Lang, Message, Text, finding, run};
use crate::typed::{narrow, number};
use crate::when;

/// What is asked of a sheet.
#[derive(Clone, Debug)]
pub struct ListRequest<'a> {
    /// Filters, all of which a row passes: `tier=key`, `date>=2026-10-01`, `summary~融资`.
    pub filters: &'a [String],
    /// Keys of the columns, in order; `all` for every one, none for those that say most.
    pub columns: &'a [String],
    /// Key of the column to sort by, with `-` before it from the greatest down.
    pub sort: Option<&'a str>,
    /// The most rows.
    pub limit: Option<usize>,
    /// Whether personal data are asked for.
    pub personal: Personal,
    /// The day that counts as today, for filters such as `due<today`.
    pub today: NaiveDate,
}

/// The rows of these sheets that a request asks for; several are one table called `name`, whose first columns tell the
/// record that holds a row.
pub fn list(
    book: &Book,
    sources: &Sources,
    name: &str,
    sheets: &[&'static Sheet],
    request: &ListRequest<'_>,
) -> anyhow::Result<Table> {
    let shown: Vec<&'static Sheet> =
        sheets.iter().copied().filter(|sheet| sheet.is_shown(request.personal)).collect();
    let mut parts: Vec<(&Sheet, Table)> =
        shown.iter().copied().zip(tables(book, sources, &shown, request.personal)).collect();
    let mut table = match parts.len() {
        0 => bail!(failure(msg!(run::PERSONAL, name = name))),
        1 => parts.remove(0).1,
        _ => together(name, parts),
    };
    let asked = Asked { book, name, sheets };
    for text in request.filters {
        for filter in Filter::parse(text, &asked, &table, request.today)? {
            table.rows.retain(|row| filter.passes(&row[filter.column]));
        }
    }
    if let Some(sort) = request.sort {
        sort_rows(&mut table, &asked, sort)?;
    }
    if let Some(limit) = request.limit {
        table.rows.truncate(limit);
    }
    choose_columns(&mut table, &asked, request.columns)?;
    titled(book, &mut table);
    table.notes.extend(cut(sheets, request.personal));
    Ok(table)
}

/// What is listed: the sheets, and the word they were asked for by.
struct Asked<'a> {
    book: &'a Book,
    name: &'a str,
    sheets: &'a [&'static Sheet],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Equal,
    Unequal,
    Less,
    AtMost,
    Greater,
    AtLeast,
    Contains,
}

/// Longer ones stand before their beginnings.
const OPERATORS: [(&str, Operator); 7] = [
    ("!=", Operator::Unequal),
    ("<=", Operator::AtMost),
    (">=", Operator::AtLeast),
    ("=", Operator::Equal),
    ("<", Operator::Less),
    (">", Operator::Greater),
    ("~", Operator::Contains),
];

#[derive(Debug)]
struct Filter {
    column: usize,
    operator: Operator,
    wanted: Wanted,
    /// Whether its column has a whole list in a cell, which equals any of its values.
    joined: bool,
}

/// The value a filter compares with.
#[derive(Debug)]
enum Wanted {
    Missing,
    Words(String),
    Number(Decimal),
    Date(NaiveDate),
    Flag(bool),
}

impl Filter {
    /// The filters a text stands for: one, or of a table of several kinds of record two, for `manager=li-na` names both
    /// the kind and the record.
    fn parse(text: &str, asked: &Asked<'_>, table: &Table, today: NaiveDate) -> anyhow::Result<Vec<Self>> {
        let found = text.char_indices().find_map(|(at, _)| {
            let operator = OPERATORS.iter().find(|(sign, _)| text[at..].starts_with(sign));
            operator.map(|(sign, operator)| (&text[..at], *operator, &text[at + sign.len()..]))
        });
        let Some((key, operator, value)) = found else {
            bail!(failure(msg!(run::NO_FILTER, text = text)));
        };
        let is_column = table.columns.iter().any(|column| column.key == key.trim());
        let (kind, key) = match asked.sheets.iter().find(|sheet| sheet.record.name() == key.trim()) {
            Some(sheet) if !is_column => (Some(sheet.record.name().to_owned()), HOLDER),
            _ => (None, key),
        };
        let (column, value) = (position(table, asked, key)?, value.trim());
        let wanted = match operator {
            Operator::Contains => Wanted::Words(value.to_lowercase()),
            _ => match kind {
                Some(ref kind) => Wanted::Words(record(kind, asked, value)?),
                None => wanted(&table.columns[column], asked, value, today)?,
            },
        };
        let of_kind = kind.map(|kind| {
            let column = position(table, asked, RECORD)?;
            let wanted = Wanted::Words(kind);
            anyhow::Ok(Self { column, operator: Operator::Equal, wanted, joined: false })
        });
        let joined = asked.sheets.iter().any(|sheet| sheet.joins(&table.columns[column].key));
        Ok(of_kind.transpose()?.into_iter().chain([Self { column, operator, wanted, joined }]).collect())
    }

    /// A missing value equals only nothing, contains nothing and is neither less nor greater than anything.
    fn passes(&self, cell: &Cell) -> bool {
        if self.operator == Operator::Contains {
            return words(cell).iter().any(
                |words| matches!(&self.wanted, Wanted::Words(part) if words.to_lowercase().contains(part)),
            );
        }
        if let (true, Cell::Text(words), Wanted::Words(wanted)) = (self.joined, cell, &self.wanted) {
            let has = parts(words).any(|part| part == wanted);
            return match self.operator {
                Operator::Equal => has,
                Operator::Unequal => !has,
                _ => false,
            };
        }
        let order = compare(cell, &self.wanted);
        match self.operator {
            Operator::Equal => order == Some(Ordering::Equal),
            Operator::Unequal => order != Some(Ordering::Equal),
            Operator::Less => order == Some(Ordering::Less),
            Operator::AtMost => order.is_some_and(Ordering::is_le),
            Operator::Greater => order == Some(Ordering::Greater),
            Operator::AtLeast => order.is_some_and(Ordering::is_ge),
            Operator::Contains => false,
        }
    }
}

/// The value a column is compared with; what it cannot hold is an error.
fn wanted(column: &Column, asked: &Asked<'_>, value: &str, today: NaiveDate) -> anyhow::Result<Wanted> {
    if value.is_empty() {
        return Ok(Wanted::Missing);
    }
    let refused = |what: Text| msg!(run::HOLDS, column = &column.key, what = what, value = value);
    Ok(match column.kind {
        Kind::Date => Wanted::Date(when::day(value, today).or_fail(|| refused(run::DATES))?),
        Kind::Number | Kind::Count => {
            let digits = number(value, column.unit.as_deref()).map(|digits| digits.replace('_', ""));
            Wanted::Number(digits.and_then(|it| it.parse().ok()).or_fail(|| refused(run::NUMBERS))?)
        }
        Kind::Ratio | Kind::Points => Wanted::Number(
            narrow(value).parse().map(|Rate(ratio)| ratio).ok().or_fail(|| refused(run::RATIOS))?,
        ),
        Kind::Flag => match value {
            "true" | "yes" | "是" => Wanted::Flag(true),
            "false" | "no" | "否" => Wanted::Flag(false),
            _ => bail!(failure(refused(run::FLAGS))),
        },
        Kind::Text | Kind::Trend => Wanted::Words(word(column, asked, value)?),
    })
}

/// The word a column may hold that somebody means: a choice by its name or title, a record by its id or name.
fn word(column: &Column, asked: &Asked<'_>, value: &str) -> anyhow::Result<String> {
    let choices = match spec(asked.sheets, &column.key).map(|spec| spec.kind) {
        Some(Values::Choice(choices)) => choices,
        Some(Values::Ref(kind)) => return record(kind, asked, value),
        _ => return record(&column.key, asked, value),
    };
    let is_meant = |choice: &&Choice| {
        choice.name == value
            || [&*choice.doc.zh, choice.doc.short()].contains(&value)
            || choice.doc.en.eq_ignore_ascii_case(value)
    };
    if let Some(choice) = choices.iter().find(is_meant) {
        return Ok(choice.name.clone());
    }
    let known: Vec<&str> = choices.iter().map(|choice| choice.name.as_str()).collect();
    bail!(failure(msg!(run::NEVER, column = &column.key, value = value, known = Message::list(&known))))
}

/// The id of the record of a kind that is called so; a word that names none stays as it is.
fn record(kind: &str, asked: &Asked<'_>, value: &str) -> anyhow::Result<String> {
    let Some(kind) = RecordKind::named(kind) else { return Ok(value.to_owned()) };
    match asked.book.called(kind, value).as_slice() {
        [] => match asked.book.formerly(kind, value) {
            None => Ok(value.to_owned()),
            Some(now) => {
                let help = msg!(finding::FORMERLY, old = value, id = now);
                bail!(failure(msg!(run::NO_RECORD, kind = kind.title(), id = value, help = help)))
            }
        },
        [id] => Ok((*id).to_owned()),
        several => bail!(failure(msg!(run::SEVERAL, name = value, ids = Message::list(several)))),
    }
}

fn compare(cell: &Cell, wanted: &Wanted) -> Option<Ordering> {
    match (cell, wanted) {
        (Cell::Missing, Wanted::Missing) => Some(Ordering::Equal),
        (Cell::Text(words) | Cell::Nested { text: words, .. }, Wanted::Words(wanted)) => {
            Some(words.as_str().cmp(wanted))
        }
        (Cell::Said { key, .. }, Wanted::Words(wanted)) => Some((*key).cmp(wanted)),
        (Cell::Count(count), Wanted::Number(wanted)) => Some(Decimal::from(*count).cmp(wanted)),
        (Cell::Number(number) | Cell::Ratio(number), Wanted::Number(wanted)) => Some(number.cmp(wanted)),
        (Cell::Date(day), Wanted::Date(wanted)) => Some(day.cmp(wanted)),
        (Cell::Flag(flag), Wanted::Flag(wanted)) => Some(flag.cmp(wanted)),
        _ => None,
    }
}

/// What a cell says in any language.
fn words(cell: &Cell) -> Vec<String> {
    match cell {
        Cell::Missing | Cell::Trend(_) => Vec::new(),
        Cell::Text(words) | Cell::Nested { text: words, .. } => vec![words.clone()],
        Cell::Said { key, text } => vec![(*key).to_owned(), text.en.to_owned(), text.zh.to_owned()],
        Cell::Titled { key, title } => vec![key.clone(), title.get(Lang::En), title.get(Lang::Zh)],
        Cell::Sentence(sentence) => vec![sentence.get(Lang::En), sentence.get(Lang::Zh)],
        Cell::Count(count) => vec![count.to_string()],
        Cell::Number(number) | Cell::Ratio(number) => vec![number.to_string()],
        Cell::Date(day) => vec![day.to_string()],
        Cell::Flag(flag) => vec![flag.to_string()],
    }
}

/// Sorts rows by a column; those without a value come last either way, equal ones stay in order.
fn sort_rows(table: &mut Table, asked: &Asked<'_>, sort: &str) -> anyhow::Result<()> {
    let (key, is_down) = match sort.strip_prefix('-') {
        Some(key) => (key, true),
        None => (sort, false),
    };
    let column = position(table, asked, key)?;
    table.rows.sort_by(|a, b| {
        let (a, b) = (&a[column], &b[column]);
        match (a, b) {
            (Cell::Missing, Cell::Missing) => Ordering::Equal,
            (Cell::Missing, _) => Ordering::Greater,
            (_, Cell::Missing) => Ordering::Less,
            _ if is_down => order(b, a),
            _ => order(a, b),
        }
    });
    Ok(())
}

fn order(a: &Cell, b: &Cell) -> Ordering {
    match (a, b) {
        (Cell::Count(a), Cell::Count(b)) => a.cmp(b),
        (Cell::Number(a) | Cell::Ratio(a), Cell::Number(b) | Cell::Ratio(b)) => a.cmp(b),
        (Cell::Date(a), Cell::Date(b)) => a.cmp(b),
        (Cell::Flag(a), Cell::Flag(b)) => a.cmp(b),
        _ => words(a).first().cmp(&words(b).first()),
    }
}

/// Keeps the columns asked for, in that order; without any those that name a row or say most about it.
fn choose_columns(table: &mut Table, asked: &Asked<'_>, keys: &[String]) -> anyhow::Result<()> {
    let kept: Vec<usize> = match keys {
        [all] if all == "all" => return Ok(()),
        [] => {
            keep_listed(asked.sheets, table);
            return Ok(());
        }
        keys => keys.iter().map(|key| position(table, asked, key)).collect::<anyhow::Result<_>>()?,
    };
    table.columns = kept.iter().map(|index| table.columns[*index].clone()).collect();
    for row in &mut table.rows {
        *row = kept.iter().map(|index| row[*index].clone()).collect();
    }
    Ok(())
}

/// Where a column stands; a word that names none is an error with the nearest that does.
fn position(table: &Table, asked: &Asked<'_>, key: &str) -> anyhow::Result<usize> {
    let key = key.trim().replace('-', "_");
    if let Some(found) = table.columns.iter().position(|column| column.key == key) {
        return Ok(found);
    }
    if spec(asked.sheets, &key).is_some_and(|spec| spec.personal) {
        bail!(failure(msg!(run::PERSONAL_COLUMN, column = key)));
    }
    let known: Vec<&str> = table.columns.iter().map(|column| column.key.as_str()).collect();
    let help = match nearest(&key, known.iter().copied()) {
        Some(near) => msg!(run::SIMILAR, near = near),
        None => msg!(run::COLUMNS, known = Message::list(&known)),
    };
    bail!(failure(msg!(run::NO_COLUMN, name = asked.name, column = key, help = help)))
}

#[cfg(test)]
mod tests {
    use super::super::sheets_of;
    use super::*;
    use crate::book::load;
    use crate::source::Snapshot;

    const CLIENTS: [(&str, &str); 3] = [
        (
            "clients/a.toml",
            "name = '华东精密'\ntier = 'key'\nmanager = 'wang'\nstatus = 'active'\nsince = 2021-03-15",
        ),
        (
            "clients/b.toml",
            "name = '江南纺织'\ntier = 'base'\nmanager = 'wang'\nstatus = 'active'\nsince = 2024-01-10\n\
             aliases = ['江南', '江纺']",
        ),
        (
            "clients/c.toml",
            "name = '华南物流'\ntier = 'prospect'\nmanager = 'li'\nstatus = 'prospect'\n\
             [[contacts]]\nname = '李明'\n[[opportunities]]\nid = 'x'\nstage = 'won'\namount = 90\n\
             [[opportunities]]\nid = 'y'\nstage = 'lost'\namount = 1000",
        ),
    ];

    fn ask(word: &str, request: &ListRequest<'_>) -> anyhow::Result<Table> {
        let texts = CLIENTS.iter().map(|(path, text)| ((*path).to_owned(), Ok((*text).to_owned())));
        let snapshot = Snapshot::new(texts);
        let (book, _) = load(&snapshot);
        list(&book, &snapshot.sources, word, &sheets_of(word).unwrap(), request)
    }

    fn request<'a>(filters: &'a [String], sort: Option<&'a str>) -> ListRequest<'a> {
        let today = "2026-10-31".parse().unwrap();
        ListRequest { filters, columns: &[], sort, limit: None, personal: Personal::Without, today }
    }

    /// The first cells of the rows that pass, or the error.
    fn ids(word: &str, filters: &[&str], sort: Option<&str>) -> String {
        let filters: Vec<String> = filters.iter().map(|filter| (*filter).to_owned()).collect();
        match ask(word, &request(&filters, sort)) {
            Ok(table) => {
                let key = table.columns.iter().position(|column| column.key == "id").unwrap();
                table.rows.iter().map(|row| words(&row[key]).remove(0)).collect::<Vec<_>>().join(" ")
            }
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn rows_pass_every_filter() {
        for (filters, expected) in [
            (&[][..], "a b c"),
            (&["tier=key"], "a"),
            (&["tier!=key"], "b c"),
            (&["name~华"], "a c"),
            (&["tier~重点"], "a"),
            (&["tier=重点客户"], "a"),
            (&["since>=2021-03-15", "since<2024-01-10"], "a"),
            (&["since<today"], "a b"),
            (&["since="], "c"),
            (&["since!="], "a b"),
            (&["manager = wang", "tier=base"], "b"),
            (&["manager=nobody"], ""),
        ] {
            assert_eq!(ids("clients", filters, None), expected, "{filters:?}");
        }
        assert_eq!(ids("opportunities", &["amount>100"], None), "y");
        assert_eq!(ids("opportunities", &["amount=１，０００"], None), "y");
        assert_eq!(ids("opportunities", &["client=华南物流", "amount<100万"], None), "x");
        // A list equals any of its values.
        assert_eq!(ids("clients", &["aliases=江纺"], None), "b");
        assert_eq!(ids("clients", &["aliases!=江纺"], None), "a c");
        assert_eq!(ids("clients", &["aliases=江"], None), "");
        assert_eq!(ids("clients", &["aliases~江"], None), "b");
    }

    #[test]
    fn what_cannot_be_meant_is_an_error() {
        for (filter, expected) in [
            ("teir=key", "`clients` has no column `teir`\nhelp: a similar one is `tier`"),
            ("tier=kye", "`tier` is never `kye`\nhelp: it is one of strategic, key, base, prospect"),
            ("since>soon", "`since` holds dates, and `soon` is none"),
            ("tier", "`tier` is no filter\nhelp: write `tier=key`, `date>=2026-10-01` or `summary~loan`"),
        ] {
            assert_eq!(ids("clients", &[filter], None), expected);
        }
        assert_eq!(
            ids("contacts", &["phone=1"], None),
            "`phone` is personal data\nhelp: pass `--with-personal` to use it"
        );
    }

    #[test]
    fn rows_sort_by_value_with_missing_ones_last() {
        assert_eq!(ids("clients", &[], Some("since")), "a b c");
        assert_eq!(ids("clients", &[], Some("-since")), "b a c");
        assert_eq!(ids("opportunities", &[], Some("amount")), "x y");
        assert_eq!(ids("opportunities", &[], Some("-amount")), "y x");
    }

    #[test]
    fn columns_are_those_that_say_most_or_those_asked_for() {
        let keys = |columns: &[&str]| {
            let columns: Vec<String> = columns.iter().map(|key| (*key).to_owned()).collect();
            let table = ask("clients", &ListRequest { columns: &columns, ..request(&[], None) }).unwrap();
            assert!(table.rows.iter().all(|row| row.len() == table.columns.len()));
            table.columns.into_iter().map(|column| column.key).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(
            keys(&[]),
            "id name credit_code tier industry manager backup backup_since status since entered closed"
        );
        assert_eq!(keys(&["name", "id"]), "name id");
        assert!(keys(&["all"]).contains("note"));
    }
}
