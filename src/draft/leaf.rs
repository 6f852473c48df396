//! Fields by the names that flags and columns have: a nested table's are joined, `next.what` as `--next-what`, `next_what`.

use super::Fault;
use super::given::{Given, Pairs};
use super::value::unknown_field;
use crate::diag::nearest;
use crate::msg;
use crate::record::shape::{Field, Kind, Shape};
use crate::render::unguarded;
use crate::source::KeyPath;
use crate::text::{entry, finding};

/// A field that takes a single value, a plain list or a map of such.
#[derive(Clone, Debug)]
pub struct Leaf {
    /// The keys that lead to it.
    pub keys: Vec<&'static str>,
    /// Its definition.
    pub field: &'static Field,
    /// Whether it must be given: it and all above it are required, and nothing fills it in.
    pub required: bool,
    /// Whether an entry of a list stands above it.
    pub in_list: bool,
}

impl Leaf {
    /// Its name as a column: `next_what`.
    pub fn column(&self) -> String {
        self.keys.join("_")
    }

    /// Its name as a flag, without the dashes before it: `next-what`.
    pub fn flag(&self) -> String {
        self.column().replace('_', "-")
    }

    /// Whether it may be given several times.
    pub fn is_many(&self) -> bool {
        self.in_list || matches!(self.field.kind, Kind::List(_) | Kind::Map { .. })
    }
}

/// The leaves of an entry, or of a record without the entries of its lists, in the order of the definition.
pub fn leaves(shape: &'static Shape, entry: bool) -> Vec<Leaf> {
    let mut found = Vec::new();
    gather(shape, &[], entry, true, false, &mut found);
    found
}

fn gather(
    shape: &'static Shape,
    above: &[&'static str],
    entry: bool,
    required: bool,
    in_list: bool,
    found: &mut Vec<Leaf>,
) {
    for field in &shape.fields {
        let keys: Vec<&'static str> = above.iter().copied().chain([field.name.as_str()]).collect();
        let required = required && field.required;
        match (&field.kind, field.entries()) {
            (Kind::Table(below), _) => gather(below, &keys, entry, required, in_list, found),
            (_, Some(below)) if entry && !in_list => gather(below, &keys, entry, false, true, found),
            (_, Some(_)) | (Kind::Tagged { .. } | Kind::Any, _) => {}
            _ => found.push(Leaf { keys, field, required: required && field.default.is_none(), in_list }),
        }
    }
}

/// Puts a value at the end of some keys, making the tables on the way.
pub fn put(table: &mut Pairs, keys: &[&str], value: Given) {
    let Some((first, rest)) = keys.split_first() else { return };
    if rest.is_empty() {
        return table.push(((*first).to_owned(), value));
    }
    let at = table.iter().position(|(key, value)| key == first && matches!(value, Given::Table(_)));
    let at = at.unwrap_or_else(|| {
        table.push(((*first).to_owned(), Given::Table(Pairs::new())));
        table.len() - 1
    });
    if let Given::Table(below) = &mut table[at].1 {
        put(below, rest, value);
    }
}

/// The pairs that values by leaf spell: one value each, but where a leaf stands in the entries of a list, its first
/// value is the first entry's, and so on.
pub fn pairs(values: Vec<(&Leaf, Vec<Given>)>) -> Result<Pairs, Fault> {
    let mut table = Pairs::new();
    let mut lists: Vec<(&str, Vec<Pairs>)> = Vec::new();
    for (leaf, mut given) in values {
        if leaf.in_list {
            spread(leaf, given, &mut lists)?;
        } else if let Some(only) = given.pop() {
            put(&mut table, &leaf.keys, only);
        }
    }
    for (list, entries) in lists {
        table.push((list.to_owned(), Given::List(entries.into_iter().map(Given::Table).collect())));
    }
    Ok(table)
}

fn spread<'l>(
    leaf: &'l Leaf,
    given: Vec<Given>,
    lists: &mut Vec<(&'l str, Vec<Pairs>)>,
) -> Result<(), Fault> {
    let at = lists.iter().position(|(list, _)| *list == leaf.keys[0]).unwrap_or_else(|| {
        lists.push((leaf.keys[0], vec![Pairs::new(); given.len()]));
        lists.len() - 1
    });
    let entries = &mut lists[at].1;
    if entries.len() != given.len() {
        let at = KeyPath(leaf.keys.iter().copied().map(Into::into).collect());
        return Err(Fault::new(&at, msg!(entry::UNEVEN, count = given.len(), most = entries.len())));
    }
    for (entry, value) in entries.iter_mut().zip(given) {
        put(entry, &leaf.keys[1..], value);
    }
    Ok(())
}

/// The pairs of a row of cells; `columns` says where each stands and what it means.
pub fn cells(columns: &[(usize, (&Leaf, Vec<&str>))], cells: &[String]) -> Result<Pairs, Fault> {
    let mut plain = Vec::new();
    let mut below = Pairs::new();
    for (index, (leaf, rest)) in columns {
        let Some(cell) = cells.get(*index).map(|cell| unguarded(cell)).filter(|cell| !cell.is_empty()) else {
            continue;
        };
        let given = Given::Text(cell.to_owned());
        if rest.is_empty() {
            plain.push((*leaf, vec![given]));
        } else {
            put(&mut below, &[&leaf.keys[..], rest].concat(), given);
        }
    }
    let mut pairs = pairs(plain)?;
    pairs.append(&mut below);
    Ok(pairs)
}

/// The leaf a column's header means, and what follows it where the leaf is a map: `results.2026-10.deposits`.
pub fn of_column<'l, 'h>(
    leaves: &'l [Leaf],
    shape: &Shape,
    header: &'h str,
) -> Result<(&'l Leaf, Vec<&'h str>), Fault> {
    let plain = header.trim();
    let normal = |name: &str| name.replace(['.', '-', ' '], "_").to_lowercase();
    if let Some(leaf) = leaves.iter().find(|leaf| leaf.column() == normal(plain)) {
        return Ok((leaf, Vec::new()));
    }
    if let Some((first, rest)) = plain.split_once('.') {
        let map =
            leaves.iter().find(|leaf| leaf.keys == [first] && matches!(leaf.field.kind, Kind::Map { .. }));
        if let Some(leaf) = map {
            return Ok((leaf, rest.split('.').collect()));
        }
    }
    let at = KeyPath(vec![plain.into()]);
    let columns: Vec<String> = leaves.iter().map(Leaf::column).collect();
    let fault = unknown_field(shape, plain, &at);
    let near = nearest(&normal(plain), columns.iter().map(String::as_str));
    Err(match near {
        Some(near) => fault.with_help(msg!(finding::NEAREST, name = near)),
        None => fault,
    })
}
