//! Several sheets as one: entries of a kind that stand in records of several kinds, each with the record that holds it.
//!
//! Requests stand with managers and with clients, targets with the bank, teams and managers: whoever asks for them means
//! them all. The joint table has every column any of the sheets has; a cell its own sheet does not know is missing.

use super::{Personal, Sheet, Spec};
use crate::record::kind::RecordKind;
use crate::table::{Cell, Column, Kind, Table};
use crate::text::{Message, Text, report};

/// A table of at most so many columns, besides those that name the parents of its rows or join a list, is shown whole.
const NARROW: usize = 8;

/// Keys of the columns that tell the record.
pub(in crate::report) const RECORD: &str = "record";
pub(in crate::report) const HOLDER: &str = "holder";

/// The column of any of these sheets with this key.
pub(in crate::report) fn spec<'s>(sheets: &[&'s Sheet], key: &str) -> Option<&'s Spec> {
    sheets.iter().flat_map(|sheet| &sheet.specs).find(|spec| spec.key == key)
}

/// Takes away the columns of a table of these sheets that say little; a narrow table keeps all.
pub(in crate::report) fn keep_listed(sheets: &[&Sheet], table: &mut Table) {
    let is_own = |column: &&Column| {
        let names = |sheet: &&Sheet| {
            sheet.joins(&column.key)
                || sheet.specs[..sheet.inherited].iter().any(|spec| spec.key == column.key)
        };
        ![RECORD, HOLDER].contains(&column.key.as_str()) && !sheets.iter().any(names)
    };
    if table.columns.iter().filter(is_own).count() > NARROW {
        table.keep_columns(|column| spec(sheets, &column.key).is_none_or(|spec| spec.listed));
    }
}

/// What a table without these sheets' personal data says below its rows, where there are such columns.
pub(in crate::report) fn cut(sheets: &[&Sheet], personal: Personal) -> Option<Message> {
    let is_personal = |sheet: &&Sheet| sheet.personal || sheet.specs.iter().any(|spec| spec.personal);
    let is_cut = personal == Personal::Without && sheets.iter().any(is_personal);
    is_cut.then(|| report::WITHOUT_PERSONAL.into())
}

/// One table of those of several sheets, called `name`; the tables stand in the order of their sheets.
pub(in crate::report) fn together(name: &str, parts: Vec<(&Sheet, Table)>) -> Table {
    let everyday = parts.iter().filter(|(sheet, _)| sheet.record.is_many());
    let title = common(&everyday.map(|(sheet, _)| sheet.title).collect::<Vec<_>>());
    let mut columns = vec![
        Column::new(RECORD, report::RECORD, Kind::Text),
        Column::new(HOLDER, report::HOLDER, Kind::Text),
    ];
    // What names the parents of a row stands before what the row says, whichever sheet it is of.
    let is_naming =
        |sheet: &Sheet, key: &str| sheet.specs[..sheet.inherited].iter().any(|spec| spec.key == key);
    for is_wanted in [true, false] {
        for (sheet, table) in &parts {
            let own = table.columns.iter().skip(sheet.names());
            for column in own.filter(|column| is_naming(sheet, &column.key) == is_wanted) {
                take(&mut columns, column);
            }
        }
    }
    let mut joint = Table::new(name, title, columns);
    for (sheet, table) in parts {
        let names = sheet.names();
        let places: Vec<usize> =
            table.columns.iter().skip(names).filter_map(|column| place(&joint, &column.key)).collect();
        for row in table.rows {
            let mut cells = vec![Cell::Missing; joint.columns.len()];
            // The settings hold what is said of the bank's unit as a whole.
            let unit = sheet.record == RecordKind::Settings;
            let text = if unit { report::WHOLE_UNIT } else { sheet.record.title() };
            cells[0] = Cell::Said { key: sheet.record.name(), text };
            cells[1] = holder(&row[..names]);
            for (place, cell) in places.iter().zip(row.into_iter().skip(names)) {
                cells[*place] = cell;
            }
            joint.push(cells);
        }
    }
    joint
}

fn place(table: &Table, key: &str) -> Option<usize> {
    table.columns.iter().position(|column| column.key == key)
}

/// Adds a column unless one of its key is there; one that the sheets fill differently holds words, or no common unit.
fn take(columns: &mut Vec<Column>, column: &Column) {
    match columns.iter_mut().find(|known| known.key == column.key) {
        Some(known) => {
            if known.kind != column.kind {
                known.kind = Kind::Text;
            }
            if known.unit != column.unit {
                known.unit = None;
            }
        }
        None => columns.push(column.clone()),
    }
}

/// The id of the record that holds a row, of the cells that name it.
fn holder(names: &[Cell]) -> Cell {
    let words = names.iter().filter_map(|cell| match cell {
        Cell::Text(words) => Some(words.as_str()),
        _ => None,
    });
    let id = words.collect::<Vec<_>>().join("/");
    if id.is_empty() { Cell::Missing } else { id.into() }
}

/// What the titles of the sheets have in common at their beginning; the first where they have nothing.
fn common(titles: &[Text]) -> Text {
    let Some(first) = titles.first().copied() else { return report::NAME };
    let shared = |whole: &'static str, of: fn(&Text) -> &'static str, ends: fn(&str) -> bool| {
        let is_shared = |end: &usize| {
            let part = &whole[..*end];
            titles.iter().all(|title| of(title).strip_prefix(part).is_some_and(ends))
        };
        let mut ends = whole.char_indices().map(|(at, _)| at).chain([whole.len()]).rev();
        ends.find(is_shared).filter(|end| *end > 0).map_or(whole, |end| whole[..end].trim_end())
    };
    let is_word_end = |rest: &str| rest.is_empty() || rest.starts_with(' ');
    Text::new(shared(first.en, |title| title.en, is_word_end), shared(first.zh, |title| title.zh, |_| true))
}
