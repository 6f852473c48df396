//! Any other record: what it says of itself, and each of its lists.

use super::Page;
use crate::record::kind::RecordKind;
use crate::report::sheets;
use crate::table::Table;

pub(super) fn tables(page: &Page<'_>, kind: RecordKind, id: &str) -> Vec<Table> {
    let own = sheets().iter().filter(|sheet| sheet.record == kind).skip(1);
    let lists = own.filter_map(|sheet| page.latest(&sheet.name, id, usize::MAX));
    std::iter::once(page.facts(kind, id, Vec::new())).chain(lists).collect()
}
