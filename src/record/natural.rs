//! Places inside a record by natural names: the entries of a list go by their keys, never by a number that moves.

use super::shape::{Field, Kind, Shape};
use super::tree::Node;
use crate::source::{KeyPath, Step};

/// A path in which entries are named by their keys.
pub fn path(path: &KeyPath, root: Node<'_, '_>, shape: &'static Shape, text: &str) -> String {
    let mut out = String::new();
    let mut node = Some(root);
    let mut at = Below::Table(shape);
    for step in &path.0 {
        match step {
            Step::Key(key) => {
                if !out.is_empty() {
                    out.push('.');
                }
                out.push_str(key);
                node = node.and_then(|node| node.get(key));
                at = at.key(key);
            }
            Step::Index(index) => {
                node = node.and_then(|node| node.items().nth(*index));
                let name = node.and_then(|entry| name(entry, at.entry_key(), text));
                out.push_str(&format!("[{}]", name.unwrap_or_else(|| index.to_string())));
                at = at.item();
            }
        }
    }
    out
}

/// What names an entry: the keys its definition says, else its id or name; a plain value names itself.
pub fn name(entry: Node<'_, '_>, keys: &[String], text: &str) -> Option<String> {
    let word = |key: &str| entry.get(key).map(|value| words(value, text)).unwrap_or_default();
    let by_definition = keys.iter().map(|key| word(key)).collect::<Vec<_>>().join(" ");
    let own = entry.words(text).unwrap_or_default().to_owned();
    let names = [by_definition.trim().to_owned(), word("id"), word("name"), own];
    names.into_iter().find(|name| !name.is_empty())
}

/// The words of a value, of a list those of its items.
fn words(value: Node<'_, '_>, text: &str) -> String {
    let items: Vec<&str> = value.items().filter_map(|item| item.words(text)).collect();
    value.words(text).map_or_else(|| items.join(","), str::to_owned)
}

/// What the definition says of the place a path has come to.
#[derive(Clone, Copy)]
pub enum Below {
    /// A table with known keys: a whole record.
    Table(&'static Shape),
    /// A key of one.
    Field(&'static Field),
    /// An entry of a list, or a value under a free key.
    Kind(&'static Kind),
    /// What no definition knows.
    Nothing,
}

impl Below {
    fn kind(self) -> Option<&'static Kind> {
        match self {
            Self::Field(field) => Some(&field.kind),
            Self::Kind(kind) => Some(kind),
            Self::Table(_) | Self::Nothing => None,
        }
    }

    /// Whether it is somebody's personal data.
    pub fn is_personal(self) -> bool {
        matches!(self, Self::Field(field) if field.personal)
    }

    /// What stands at `key` of it.
    pub fn key(self, key: &str) -> Self {
        let shape = match (self, self.kind()) {
            (Self::Table(shape), _) | (_, Some(Kind::Table(shape))) => shape,
            (_, Some(Kind::Map { values, .. })) => return Self::Kind(values),
            _ => return Self::Nothing,
        };
        shape.field(key).map_or(Self::Nothing, Self::Field)
    }

    /// What its entries are.
    pub fn item(self) -> Self {
        match self.kind() {
            Some(Kind::List(items)) => Self::Kind(items),
            _ => Self::Nothing,
        }
    }

    /// The keys that name an entry of it.
    pub fn entry_key(self) -> &'static [String] {
        match self {
            Self::Field(field) => &field.key,
            _ => &[],
        }
    }
}
