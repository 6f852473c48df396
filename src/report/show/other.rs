//! Any other record: what it says of itself, and each of its lists.

use super::Page;
use crate::record::kind::RecordKind;
use crate::report::sheets;
use crate::table::{Cell, Table};

pub(super) fn tables(page: &Page<'_>, kind: RecordKind, id: &str) -> Vec<Table> {
    let own = || sheets().iter().filter(|sheet| sheet.record == kind).skip(1);
    let lists = own().filter_map(|sheet| page.latest(&sheet.name, id, usize::MAX)).map(without_empty);
    let mut facts = page.facts(kind, id, Vec::new());
    // A list of words has a table of its own.
    let has_own = |key: &str| own().any(|sheet| sheet.name == format!("{}_{key}", kind.name()));
    facts.rows.retain(|row| !matches!(row.first(), Some(Cell::Said { key, .. }) if has_own(key)));
    std::iter::once(facts).chain(lists).collect()
}

/// A list without the columns that none of its rows has anything in.
fn without_empty(mut table: Table) -> Table {
    let is_empty = |column: usize| table.rows.iter().all(|row| row[column] == Cell::Missing);
    let empty: Vec<String> =
        (0..table.columns.len()).filter(|at| is_empty(*at)).map(|at| table.columns[at].key.clone()).collect();
    table.keep_columns(|column| !empty.contains(&column.key));
    table
}
