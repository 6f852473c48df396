//! What a row becomes: the fields of a record or an entry, or values at paths of a record that exists.

use super::cell::{Reader, Refused};
use super::mapping::Mapping;
use crate::draft::Fault;
use crate::draft::given::{Given, Pairs};
use crate::draft::leaf::put;
use crate::draft::value::unknown_field;
use crate::record::shape::{Kind, Shape};
use crate::source::KeyPath;

/// A field of a mapping that the shape knows.
pub struct Target<'m> {
    path: &'m str,
    kind: &'static Kind,
}

/// The fields of a mapping along a shape; the fault of the first that the shape does not have.
pub fn targets<'m>(mapping: &'m Mapping, shape: &'static Shape) -> Result<Vec<Target<'m>>, Fault> {
    let target = |path: &'m String| Ok(Target { path, kind: kind_at(shape, path)? });
    mapping.fields.keys().map(target).collect()
}

fn kind_at(shape: &'static Shape, path: &str) -> Result<&'static Kind, Fault> {
    let at = KeyPath(vec![path.into()]);
    let mut keys = path.split('.');
    let first = keys.next().unwrap_or_default();
    let field = shape.field(first).ok_or_else(|| unknown_field(shape, first, &at))?;
    keys.try_fold(&field.kind, |kind, key| below(kind, key).ok_or_else(|| unknown_field(shape, path, &at)))
}

fn below(kind: &'static Kind, key: &str) -> Option<&'static Kind> {
    match kind {
        Kind::Table(shape) => shape.field(key).map(|field| &field.kind),
        Kind::Map { values, .. } => Some(values),
        Kind::List(items) => below(items, key),
        Kind::AnyOf(kinds) => kinds.iter().find_map(|kind| below(kind, key)),
        _ => None,
    }
}

/// The words of each field that the row has something for, by path.
pub fn words(
    mapping: &Mapping,
    targets: &[Target<'_>],
    reader: &Reader<'_>,
    cells: &[String],
) -> Result<Vec<(String, String)>, Vec<Fault>> {
    let mut found = Vec::new();
    let mut faults = Vec::new();
    for target in targets {
        match reader.value(&mapping.fields[target.path], Some(target.kind), cells) {
            Ok(words) if words.is_empty() => {}
            Ok(words) => found.push((reader.fill(target.path, cells), words)),
            Err(refused) => faults.push(fault(target.path, &refused)),
        }
    }
    if faults.is_empty() { Ok(found) } else { Err(faults) }
}

/// The fault of a refused value of the field `name`.
pub fn fault(name: &str, refused: &Refused) -> Fault {
    let (message, help) = refused.as_ref().clone();
    Fault::new(&KeyPath(vec![name.into()]), message).with_help(help)
}

/// Words by path as nested pairs.
pub fn pairs(words: Vec<(String, String)>) -> Pairs {
    let mut pairs = Pairs::new();
    for (path, words) in words {
        let keys: Vec<&str> = path.split('.').collect();
        put(&mut pairs, &keys, Given::Text(words));
    }
    pairs
}
