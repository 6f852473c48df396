//! The rows of sheets, read from the parsed records along their shapes.

use rayon::prelude::{IntoParallelIterator, ParallelIterator};

use super::{Hop, Sheet, Source, Spec, hidden_entries, hides_cell, hides_value, in_one_cell};
use crate::book::Book;
use crate::metric::unit_of;
use crate::record::kind::RecordKind;
use crate::record::shape::{Choice, Kind};
use crate::record::tree::{Node, walk};
use crate::record::value::{Amount, Rate, day_of};
use crate::source::Sources;
use crate::table::{Cell, Table};
use crate::text::practice;

/// Whether personal data are among what is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Personal {
    /// They are.
    With,
    /// They stay out.
    Without,
}

/// The tables of these sheets over a whole book, in the order of the sheets; rows stand in the order of the records and
/// of their entries. A sheet that is personal data throughout is left out where such data are.
pub fn tables(book: &Book, sources: &Sources, sheets: &[&'static Sheet], personal: Personal) -> Vec<Table> {
    let shown: Vec<&Sheet> = sheets.iter().copied().filter(|sheet| sheet.is_shown(personal)).collect();
    let mut tables: Vec<Table> =
        shown.iter().map(|sheet| Table::new(&sheet.name, sheet.title, sheet.columns(book))).collect();
    for kind in RecordKind::ALL {
        let wanted: Vec<usize> = (0..shown.len()).filter(|index| shown[*index].record == *kind).collect();
        if wanted.is_empty() {
            continue;
        }
        let read = book.files(*kind).into_par_iter().map(|(id, file)| {
            let text = sources.get(file).text.as_str();
            let all = |root: Node<'_, '_>| {
                let each = wanted.iter().map(|index| rows(shown[*index], root, text, id, book));
                each.collect::<Vec<_>>()
            };
            walk(text, all).unwrap_or_default()
        });
        for record in read.collect::<Vec<_>>() {
            for (sheet, (rows, withheld)) in wanted.iter().zip(record) {
                tables[*sheet].rows.extend(rows);
                note_withheld(&mut tables[*sheet], withheld);
            }
        }
    }
    if personal == Personal::Without {
        tables.iter_mut().zip(&shown).for_each(|(table, sheet)| drop_personal(table, sheet));
    }
    tables
}

fn drop_personal(table: &mut Table, sheet: &Sheet) {
    table.keep_columns(|column| !sheet.specs.iter().any(|spec| spec.personal && spec.key == column.key));
}

/// The rows one record gives a sheet, without the columns that name the record; nothing where the record does not load or
/// the sheet is personal data that were not asked for.
pub(in crate::report) fn entries(
    book: &Book,
    sources: &Sources,
    sheet: &'static Sheet,
    id: &str,
    personal: Personal,
) -> Option<Table> {
    if !sheet.is_shown(personal) {
        return None;
    }
    let (_, file) = book.files(sheet.record).into_iter().find(|(known, _)| *known == id)?;
    let text = sources.get(file).text.as_str();
    let mut table = Table::new(&sheet.name, sheet.title, sheet.columns(book));
    let (rows, withheld) = walk(text, |root| rows(sheet, root, text, id, book))?;
    table.rows = rows;
    note_withheld(&mut table, withheld);
    if personal == Personal::Without {
        drop_personal(&mut table, sheet);
    }
    let names: Vec<&str> =
        sheet.specs.iter().take(record_names(sheet, id).len()).map(|spec| spec.key.as_str()).collect();
    table.keep_columns(|column| !names.contains(&column.key.as_str()));
    Some(table)
}

/// Says once that a table leaves out what too few answered.
fn note_withheld(table: &mut Table, withheld: bool) {
    if withheld && table.notes.is_empty() {
        table.notes.push(practice::WITHHELD.into());
    }
}

/// The rows one record gives a sheet, and whether some were withheld.
fn rows(sheet: &Sheet, root: Node<'_, '_>, text: &str, id: &str, book: &Book) -> (Vec<Vec<Cell>>, bool) {
    let (names, several) = (record_names(sheet, id), sheet.is_of_several_moneys(book));
    let mut walk = Walk { sheet, text, book, several, names, rows: Vec::new(), withheld: false };
    walk.follow(&sheet.hops, root, 0);
    (walk.rows, walk.withheld)
}

/// The cells by which a row names its record.
fn record_names(sheet: &Sheet, id: &str) -> Vec<Cell> {
    match sheet.record {
        RecordKind::Settings | RecordKind::Market => Vec::new(),
        RecordKind::Review if !sheet.hops.is_empty() => id.split('/').map(Cell::from).collect(),
        _ => vec![id.into()],
    }
}

struct Walk<'a> {
    sheet: &'a Sheet,
    text: &'a str,
    book: &'a Book,
    /// Whether its pay is in several units, so that each row says its own.
    several: bool,
    /// The cells that name the parents of what is being walked.
    names: Vec<Cell>,
    rows: Vec<Vec<Cell>>,
    /// Whether rows stay hidden because too few answered.
    withheld: bool,
}

impl Walk<'_> {
    fn follow(&mut self, hops: &[Hop], node: Node<'_, '_>, position: usize) {
        let Some((hop, rest)) = hops.split_first() else {
            return self.emit(node, position);
        };
        let known = self.names.len();
        match hop {
            Hop::Key(key) => {
                if let Some(node) = node.get(key) {
                    self.follow(rest, node, position);
                }
            }
            Hop::Entries(names) => {
                let hidden = hidden_entries(self.sheet, node, self.text, &self.book.settings);
                self.withheld |= hidden.contains(&true);
                for (index, entry) in node.items().enumerate() {
                    if hidden.get(index) == Some(&true) {
                        continue;
                    }
                    if !rest.is_empty() {
                        self.names.extend(names.iter().map(|spec| read(spec, entry, self.text, index + 1)));
                    }
                    self.follow(rest, entry, index + 1);
                    self.names.truncate(known);
                }
            }
            Hop::FreeOrWord if matches!(node, Node::Value(_)) => {
                let word = node.words(self.text);
                let own = self.sheet.own().iter().map(|spec| match spec.source {
                    Source::Word => word.into(),
                    _ => Cell::Missing,
                });
                self.rows.push(self.names.iter().cloned().chain([Cell::Missing]).chain(own).collect());
            }
            Hop::Free | Hop::FreeOrWord => {
                for (key, value) in node.entries() {
                    if hides_value(self.sheet, value, self.text, &self.book.settings) {
                        continue;
                    }
                    self.names.push(key.into());
                    self.follow(rest, value, position);
                    self.names.truncate(known);
                }
            }
        }
    }

    fn emit(&mut self, node: Node<'_, '_>, position: usize) {
        let mut row = self.names.clone();
        row.extend(self.sheet.own().iter().map(|spec| {
            match hides_cell(self.sheet, spec, node, self.text, &self.book.settings) {
                true => Cell::Missing,
                false => read(spec, node, self.text, position),
            }
        }));
        if let Some(measure) = self.sheet.measure {
            let unit = match &row[measure] {
                Cell::Text(measure) => unit_of(&self.book.settings, measure),
                _ => None,
            };
            row.push(unit.into());
        } else if self.several {
            let unit = self.pay_unit(&row);
            row.push(unit.into());
        }
        self.rows.push(row);
    }
}

impl Walk<'_> {
    /// The unit that the pay in a row is in: that of the scheme and the period it names, else of the review's.
    fn pay_unit(&self, row: &[Cell]) -> Option<&str> {
        let word = |key: &str| {
            let at = self.sheet.specs.iter().position(|spec| spec.key == key)?;
            match &row[at] {
                Cell::Text(word) => Some(word.as_str()),
                _ => None,
            }
        };
        let period = word("period").or_else(|| word("review_period"))?.parse().ok()?;
        self.book.money_of_pay(word("review_manager")?, period, word("scheme").or_else(|| word("closed")))
    }
}

/// The cell of a column in the row that `node` is.
fn read(spec: &Spec, node: Node<'_, '_>, text: &str, position: usize) -> Cell {
    let at = |path: &[&str]| path.iter().try_fold(node, |node, key| node.get(key));
    let found = match &spec.source {
        Source::Parent | Source::Word => None,
        Source::Position => return position.into(),
        Source::Joined(path) => return at(path).map_or(Cell::Missing, |node| in_one_cell(node, text)),
        Source::Path(path) => at(path),
        Source::PathOrPlain(path) => match node {
            Node::Table(_) => at(path),
            Node::Value(_) => Some(node),
        },
    };
    found.and_then(|node| node.words(text)).map_or(Cell::Missing, |words| cell(spec.kind, words))
}

/// The cell for a single value of `kind`; words where it is of another kind after all.
fn cell(kind: &'static Kind, words: &str) -> Cell {
    let known = match kind {
        Kind::Amount => words.parse().ok().map(|Amount(number)| Cell::Number(number)),
        Kind::Quantity => words.parse().ok().map(|Rate(number)| Cell::Number(number)),
        Kind::Rate => words.parse().ok().map(|Rate(ratio)| Cell::Ratio(ratio)),
        Kind::Day => words.parse().ok().as_ref().and_then(day_of).map(Cell::Date),
        Kind::Integer { .. } => words.replace('_', "").parse().ok().map(Cell::Count),
        Kind::Flag => words.parse().ok().map(Cell::Flag),
        Kind::Choice(choices) => choices.iter().find(|choice| choice.name == words).map(said),
        _ => None,
    };
    known.unwrap_or_else(|| words.into())
}

/// A word of a list of choices as a cell.
pub(in crate::report) fn said(choice: &'static Choice) -> Cell {
    if choice.doc.zh.is_empty() {
        return choice.name.as_str().into();
    }
    Cell::Said { key: &choice.name, text: choice.doc.label() }
}

#[cfg(test)]
mod tests {
    use super::super::{sheet, sheets_of};
    use super::*;
    use crate::book::load;
    use crate::source::Snapshot;

    const CLIENT: &str = r#"
name = "华东精密"
tier = "key"
manager = "wang-fang"
status = "active"
results.2026-10 = { deposits = { avg = 5200, end = 5350.50 }, loans = "3000.0" }
[[credit]]
from = 2026-07-01
shares = { wang-fang = 70, other = 30 }
[[contacts]]
name = "李明"
role = "CFO"
phone = "021-1"
[[visits]]
date = 2026-10-09
by = "wang-fang"
kind = "on-site"
met = ["李明"]
with = ["li-na", "zhao-lei"]
[[visits.next]]
what = "送方案"
due = 2026-10-20
[[complaints]]
id = "late"
received = 2026-10-12
extension = { days = 3, approved_by = "行长" }
"#;

    fn table(name: &str, personal: Personal) -> Option<Table> {
        let texts = [("rmbook.toml", "name = '支行'"), ("clients/huadong.toml", CLIENT)];
        let read = texts.map(|(path, text)| (path.to_owned(), Ok(text.to_owned())));
        let snapshot = Snapshot::new(read);
        let (book, findings) = load(&snapshot);
        assert!(findings.is_empty(), "{findings:?}");
        tables(&book, &snapshot.sources, &[sheets_of(name).unwrap()[0]], personal).pop()
    }

    fn rows_of(name: &str) -> Vec<Vec<Cell>> {
        table(name, Personal::Without).unwrap().rows
    }

    fn number(text: &str) -> Cell {
        Cell::Number(text.parse().unwrap())
    }

    fn day(text: &str) -> Cell {
        Cell::Date(text.parse().unwrap())
    }

    #[test]
    fn a_figure_is_a_row_with_its_unit_and_its_digits() {
        let head = |measure: &str| vec!["huadong".into(), "2026-10".into(), measure.into()];
        let tail = || vec![Cell::Missing, Cell::Missing, "万元".into()];
        assert_eq!(
            rows_of("client_results"),
            [
                [head("deposits"), vec![number("5200"), number("5350.50")], tail()].concat(),
                [head("loans"), vec![number("3000.0"), Cell::Missing], tail()].concat(),
            ]
        );
    }

    #[test]
    fn a_list_stands_in_one_cell_of_its_entry() {
        let cell = |name: &str, key: &str| {
            let table = table(name, Personal::With).unwrap();
            let column = table.columns.iter().position(|column| column.key == key).unwrap();
            table.rows[0][column].clone()
        };
        assert_eq!(cell("client_visits", "with"), "li-na; zhao-lei".into());
        assert_eq!(cell("client_visits", "met"), "李明".into());
        assert_eq!(cell("client_credit", "shares"), "wang-fang=70; other=30".into());
        assert_eq!(cell("client_credit", "for"), Cell::Missing);
        let visits = table("client_visits", Personal::Without).unwrap();
        assert!(visits.columns.iter().all(|column| column.key != "met"));
    }

    #[test]
    fn what_stands_below_an_entry_names_it() {
        let visit = |rest: Vec<Cell>| {
            let kind = Cell::Said {
                key: "on-site",
                text: crate::text::Text::new("At the client's site", "上门拜访"),
            };
            [vec!["huadong".into(), day("2026-10-09"), "wang-fang".into(), kind, Cell::Missing], rest]
                .concat()
        };
        assert_eq!(
            rows_of("client_visits_next"),
            [visit(vec!["送方案".into(), day("2026-10-20"), Cell::Missing, Cell::Missing])]
        );
        assert_eq!(
            rows_of("client_visits_with"),
            [visit(vec!["li-na".into()]), visit(vec!["zhao-lei".into()])]
        );
        assert_eq!(
            rows_of("client_credit_shares"),
            [
                vec!["huadong".into(), day("2026-07-01"), "wang-fang".into(), number("70")],
                vec!["huadong".into(), day("2026-07-01"), "other".into(), number("30")],
            ]
        );
    }

    #[test]
    fn personal_data_stay_out_unless_asked_for() {
        let keys = |personal| {
            let table = table("contacts", personal).unwrap();
            assert!(table.rows.iter().all(|row| row.len() == table.columns.len()));
            table.columns.into_iter().map(|column| column.key).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(keys(Personal::Without), "client role decides left");
        assert_eq!(keys(Personal::With), "client name role decides phone email left note");
        assert_eq!(table("client_visits_met", Personal::Without), None);
        assert_eq!(table("client_visits_met", Personal::With).unwrap().rows.len(), 1);
    }

    /// The rows of a table about one team.
    fn of_team(team: &str, name: &str) -> Vec<Vec<Cell>> {
        table_of(team, name).rows
    }

    fn table_of(team: &str, name: &str) -> Table {
        let texts = [("rmbook.toml", "name = '支行'"), ("teams/one.toml", team)];
        let snapshot = Snapshot::new(texts.map(|(path, text)| (path.to_owned(), Ok(text.to_owned()))));
        let (book, findings) = load(&snapshot);
        assert!(findings.is_empty(), "{findings:?}");
        tables(&book, &snapshot.sources, &[sheet(name).unwrap()], Personal::With).remove(0)
    }

    #[test]
    fn too_few_answers_are_not_shown() {
        let team = "name = '公司一部'\n[[surveys]]\ndate = 2026-07-10\nasked = 12\nanswers = 9\n\
                    items = { '沟通' = { n = 9, sum = 38 }, '负荷' = { n = 4, sum = 9 } }\n\
                    enps = { promoters = 2, passives = 1, detractors = 1 }\n\
                    [[surveys]]\ndate = 2026-08-10\nasked = 12\nanswers = 4\nitems = { '沟通' = { n = 4, sum = 9 } }\n\
                    [[pulses]]\ndate = 2026-09-30\nasked = 12\nwell = 7\nfair = 2\nstrained = 0";
        let surveys = of_team(team, "team_surveys");
        assert_eq!(surveys.len(), 1);
        assert_eq!(surveys[0][surveys[0].len() - 3..], [Cell::Missing, Cell::Missing, Cell::Missing]);
        assert_eq!(of_team(team, "team_surveys_items").len(), 1);
        assert!(of_team(team, "team_pulses").is_empty());
        // That something stays out is said, and only where it does.
        assert_eq!(table_of(team, "team_surveys").notes, [practice::WITHHELD.into()]);
        assert!(table_of(&team.replace("answers = 4", "answers = 6"), "team_surveys").notes.is_empty());
    }

    #[test]
    fn two_records_of_one_round_do_not_tell_the_answer_between_them() {
        // Eight answers after seven, eleven after ten: the earlier record less the later one is a single person.
        let team = "name = '公司一部'\n[[surveys]]\ndate = 2026-07-10\nperiod = '2026-H1'\nasked = 12\nanswers = 7\n\
                    items = { '沟通' = { n = 7, sum = 26 } }\n[[surveys]]\ndate = 2026-07-17\nperiod = '2026-H1'\nasked = 12\n\
                    answers = 8\nitems = { '沟通' = { n = 8, sum = 27 } }\n\
                    [[pulses]]\ndate = 2026-08-31\nasked = 12\nwell = 8\nfair = 2\nstrained = 0\n\
                    [[pulses]]\ndate = 2026-09-28\nasked = 12\nwell = 8\nfair = 2\nstrained = 0\n\
                    [[pulses]]\ndate = 2026-09-30\nasked = 12\nwell = 8\nfair = 2\nstrained = 1";
        // Surveys that name no period are of one round within a month or two weeks.
        let unnamed = team.replace("period = '2026-H1'\n", "");
        assert_eq!(of_team(&unnamed, "team_surveys").len(), 1);
        assert_eq!(of_team(&unnamed.replace("2026-07-17", "2026-08-17"), "team_surveys").len(), 2);
        let days =
            |name: &str| -> Vec<Cell> { of_team(team, name).into_iter().map(|row| row[1].clone()).collect() };
        let day = |text: &str| Cell::Date(text.parse().unwrap());
        assert_eq!(days("team_surveys"), [day("2026-07-17")]);
        assert_eq!(days("team_surveys_items"), [day("2026-07-17")]);
        assert_eq!(days("team_pulses"), [day("2026-08-31"), day("2026-09-30")]);
    }

    #[test]
    fn no_rows_leave_the_columns_as_they_are() {
        let table = table("facilities", Personal::Without).unwrap();
        assert!(table.rows.is_empty());
        let limit = table.columns.iter().find(|column| column.key == "limit").unwrap();
        assert_eq!(limit.unit.as_deref(), Some("万元"));
    }
}
