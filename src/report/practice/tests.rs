//! A book literal to a report's rows, and what holds for every report.

use std::collections::BTreeSet;

use super::{Input, Only, REPORTS, named};
use crate::book::{self, Book};
use crate::period::Period;
use crate::source::{Snapshot, Sources};
use crate::table::{Cell, Table};
use crate::text::Text;

/// A book of these files: each begins with a line `# file: PATH`.
pub(super) fn book(text: &str) -> (Book, Sources) {
    let files = text.split("# file: ").skip(1).map(|part| {
        let (path, body) = part.split_once('\n').unwrap();
        (path.trim().to_owned(), Ok(body.to_owned()))
    });
    let snapshot = Snapshot::new(files);
    let (book, findings) = book::load(&snapshot);
    let words: Vec<String> = findings.iter().map(|finding| finding.message.to_string()).collect();
    assert!(words.is_empty(), "{words:?}");
    (book, snapshot.sources)
}

/// One table of a report for `period`, seen long after it, a line a row and ` | ` between cells.
pub(super) fn lines(text: &str, report: &str, table: &str, period: &str) -> Vec<String> {
    lines_on(text, report, table, period, "2030-01-01")
}

/// The same on a given day.
pub(super) fn lines_on(text: &str, report: &str, table: &str, period: &str, today: &str) -> Vec<String> {
    shown(text, report, table, (period, Only::default()), |input| {
        input.today = today.parse().unwrap();
        input.as_of = input.as_of.min(input.today);
    })
}

/// The same of a report about somebody.
pub(super) fn lines_of(text: &str, report: &str, table: &str, period: &str, only: Only<'_>) -> Vec<String> {
    shown(text, report, table, (period, only), |_| ())
}

/// The same of a report that says what comes next.
pub(super) fn lines_ahead(text: &str, report: &str, table: &str, period: &str) -> Vec<String> {
    shown(text, report, table, (period, Only::default()), |input| input.ahead = true)
}

/// What is said under a table, of a report for `period`, seen long after it.
pub(super) fn notes(text: &str, report: &str, table: &str, period: &str) -> Vec<String> {
    let table = table_of(text, report, table, (period, Only::default()), |_| ());
    table.notes.iter().map(ToString::to_string).collect()
}

fn shown(
    text: &str,
    report: &str,
    table: &str,
    about: (&str, Only<'_>),
    with: impl Fn(&mut Input<'_>),
) -> Vec<String> {
    table_of(text, report, table, about, with).rows.iter().map(|row| line(row)).collect()
}

fn table_of(
    text: &str,
    report: &str,
    table: &str,
    (period, only): (&str, Only<'_>),
    with: impl Fn(&mut Input<'_>),
) -> Table {
    let (book, sources) = book(text);
    let months = period.parse::<Period>().unwrap().months();
    let mut input = Input::new(&book, &sources, months, "2030-01-01".parse().unwrap(), only);
    with(&mut input);
    let tables = named(report).unwrap().run(&input, None);
    tables.into_iter().find(|found| found.name == table).unwrap()
}

fn line(row: &[Cell]) -> String {
    row.iter().map(said).collect::<Vec<_>>().join(" | ")
}

fn said(cell: &Cell) -> String {
    match cell {
        Cell::Missing => "-".to_owned(),
        Cell::Text(text) | Cell::Nested { text, .. } => text.clone(),
        Cell::Said { key, .. } => (*key).to_owned(),
        Cell::Titled { key, .. } => key.clone(),
        Cell::Sentence(sentence) => sentence.to_string(),
        Cell::Count(count) => count.to_string(),
        Cell::Number(number) => number.to_string(),
        Cell::Ratio(ratio) => {
            format!("{}%", (ratio * rust_decimal::Decimal::ONE_HUNDRED).normalize())
        }
        Cell::Date(day) => day.to_string(),
        Cell::Flag(flag) => flag.to_string(),
        Cell::Trend(figures) => figures
            .iter()
            .map(|f| f.map_or_else(|| "-".to_owned(), |f| f.to_string()))
            .collect::<Vec<_>>()
            .join(";"),
    }
}

/// A book with nothing in it but its settings.
const EMPTY: &str = "# file: rmbook.toml\nname = '测试支行'\n";

fn tables_of_an_empty_book() -> Vec<Table> {
    let (book, sources) = book(EMPTY);
    let months = "2026-10".parse::<Period>().unwrap().months();
    let input = Input::new(&book, &sources, months, "2030-01-01".parse().unwrap(), Only::default());
    REPORTS.iter().flat_map(|report| report.run(&input, None)).collect()
}

#[test]
fn reports_and_tables_have_names_of_their_own() {
    let names: BTreeSet<&str> = REPORTS.iter().map(|report| report.name).collect();
    assert_eq!(names.len(), REPORTS.len());
    let tables = tables_of_an_empty_book();
    let names: BTreeSet<&str> = tables.iter().map(|table| table.name.as_str()).collect();
    assert_eq!(names.len(), tables.len(), "{names:?}");
}

#[test]
fn columns_have_keys_of_their_own() {
    for table in tables_of_an_empty_book() {
        let keys: BTreeSet<&str> = table.columns.iter().map(|column| column.key.as_str()).collect();
        assert_eq!(keys.len(), table.columns.len(), "{}: {keys:?}", table.name);
    }
}

#[test]
fn everything_is_said_in_both_languages() {
    let is_chinese = |text: &str| text.contains(crate::text::is_chinese);
    let both = |text: Text| is_chinese(text.zh) && !is_chinese(text.en);
    for report in REPORTS {
        for text in [report.title, report.question, report.about] {
            assert!(both(text), "{}: {text:?}", report.name);
        }
        assert_eq!(
            report.about.en.lines().count(),
            report.about.zh.lines().count(),
            "{}: a line a figure in both languages",
            report.name
        );
    }
    use crate::text::Lang::{En, Zh};
    for table in tables_of_an_empty_book() {
        let titles = table.columns.iter().map(|column| &column.title).chain([&table.title]);
        for title in titles {
            assert!(is_chinese(&title.get(Zh)) && !is_chinese(&title.get(En)), "{}: {title}", table.name);
        }
    }
}
