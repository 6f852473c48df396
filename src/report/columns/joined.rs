//! A list or a map of single values as one cell of its row, for people who list rows: `li-na; zhao-lei`, `li-na=70; other=30`.

use super::{Source, Spec, WORDS};
use crate::record::shape::{Field, Keys, Kind};
use crate::record::tree::Node;
use crate::table::Cell;

/// What stands between the values.
const BETWEEN: &str = "; ";
/// What stands between a key of a map and its value.
const HAS: char = '=';

/// The column of such a list or map, made of the one its field would have as a single value; nothing for lists of tables, and
/// for maps by time, which hold too much for a cell.
pub(super) fn in_one_column(
    field: &Field,
    kind: &'static Kind,
    single: Spec,
    path: &[&'static str],
) -> Option<Spec> {
    let (values, names) = match kind {
        Kind::List(values) => (values.as_ref(), matches!(**values, Kind::Ref(_))),
        Kind::Map { keys: Keys::Time(_), .. } => return None,
        Kind::Map { keys, values } => (values.as_ref(), matches!(keys, Keys::Ref { .. })),
        _ => return None,
    };
    let kind = match (kind, values) {
        (Kind::List(_), Kind::Ref(_) | Kind::Choice(_)) => values,
        _ => &WORDS,
    };
    let listed = field.required || field.listed || field.expected.is_some() || names;
    let source = Source::Joined(path.to_vec());
    is_plain(values).then_some(Spec { kind, source, listed, required: false, ..single })
}

/// Whether values are single ones.
pub(super) fn is_plain(kind: &Kind) -> bool {
    !matches!(kind, Kind::Table(_) | Kind::Map { .. } | Kind::List(_) | Kind::AnyOf(_) | Kind::Tagged { .. })
}

/// All values of a list or a map in one cell, as `add` and `set` take them.
pub(super) fn in_one_cell(node: Node<'_, '_>, text: &str) -> Cell {
    let items = node.items().filter_map(|item| item.words(text).map(str::to_owned));
    let pairs = node.entries().filter_map(|(key, value)| Some(format!("{key}{HAS}{}", value.words(text)?)));
    let words: Vec<String> = items.chain(pairs).collect();
    if words.is_empty() { Cell::Missing } else { words.join(BETWEEN).into() }
}

/// The parts of a cell that has a whole list or map: its values, and the keys they stand under.
pub(in crate::report) fn parts(words: &str) -> impl Iterator<Item = &str> {
    words.split(BETWEEN).flat_map(|part| [Some(part), part.split_once(HAS).map(|(key, _)| key)]).flatten()
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn a_map_is_found_by_its_keys() {
        let found: Vec<&str> = parts("wang-fang=70; other").collect();
        assert_eq!(found, ["wang-fang=70", "wang-fang", "other"]);
    }
}
