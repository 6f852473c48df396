//! What a document means, for proving an edit: values alone, without places, comments or spelling.

use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};

use super::EditError;
use super::render::{Table, Value};
use crate::record::recover::recoverable;
use crate::source::{KeyPath, Step};

/// A value; numbers count as written, so that `1.50` is not `1.5`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    Scalar(String),
    List(Vec<Node>),
    Table(BTreeMap<String, Node>),
}

/// A document's values and its syntax faults, sorted.
pub(super) fn read(text: &str) -> (Node, Vec<String>) {
    let clear = recoverable(text);
    let (table, mut faults) = DeTable::parse_recoverable(&clear);
    if clear != text {
        faults.extend(DeTable::parse_recoverable(text).1);
    }
    let mut faults: Vec<_> = faults.iter().map(|fault| fault.message().to_owned()).collect();
    faults.sort();
    (table_node(table.get_ref()), faults)
}

fn table_node(table: &DeTable<'_>) -> Node {
    Node::Table(table.iter().map(|(key, value)| (key.get_ref().to_string(), node(value.get_ref()))).collect())
}

fn node(value: &DeValue<'_>) -> Node {
    match value {
        DeValue::Table(table) => table_node(table),
        DeValue::Array(list) => Node::List(list.iter().map(|value| node(value.get_ref())).collect()),
        DeValue::String(text) => Node::Scalar(format!("\"{text}")),
        DeValue::Integer(number) => Node::Scalar(number.to_string()),
        DeValue::Float(number) => Node::Scalar(number.to_string()),
        DeValue::Boolean(truth) => Node::Scalar(truth.to_string()),
        DeValue::Datetime(time) => Node::Scalar(time.to_string()),
    }
}

/// What a value to be written means.
pub(super) fn value_node(value: &Value) -> Result<Node, EditError> {
    Ok(match value {
        Value::Text(text) => Node::Scalar(format!("\"{text}")),
        Value::Raw(raw) => match DeValue::parse(raw) {
            Ok(value) if is_one_value(raw) => node(value.get_ref()),
            _ => return Err(EditError::NoValue(raw.clone())),
        },
        Value::List(values) => Node::List(values.iter().map(value_node).collect::<Result<_, _>>()?),
        Value::Table(table) => new_table(table)?,
    })
}

/// Whether nothing but the value stands there: the parser of single values takes a comment or a line end too.
fn is_one_value(raw: &str) -> bool {
    let in_list = format!("x = [{raw}]\n");
    DeTable::parse(&in_list)
        .is_ok_and(|table| table.get_ref()["x"].get_ref().as_array().is_some_and(|list| list.len() == 1))
}

fn new_table(table: &Table) -> Result<Node, EditError> {
    let mut pairs = BTreeMap::new();
    for (key, value) in table {
        if pairs.insert(key.clone(), value_node(value)?).is_some() {
            return Err(EditError::Twice(key.clone()));
        }
    }
    Ok(Node::Table(pairs))
}

/// A list entry's value under a key, in a form that sorts as the value does: days, months and text alike.
pub(super) fn sort_key(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.clone()),
        Value::Raw(raw) => Some(raw.clone()),
        Value::List(_) | Value::Table(_) => None,
    }
}

impl Node {
    /// The node at a path.
    pub(super) fn get(&self, path: &[Step]) -> Option<&Self> {
        path.iter().try_fold(self, |node, step| match (node, step) {
            (Self::Table(table), Step::Key(key)) => table.get(key),
            (Self::List(list), Step::Index(index)) => list.get(*index),
            _ => None,
        })
    }

    /// How the entries of the list at `path` sort by `key`; `None` where an entry lacks it.
    pub(super) fn sort_keys(&self, path: &KeyPath, key: &str) -> Vec<Option<String>> {
        let Some(Self::List(entries)) = self.get(&path.0) else { return Vec::new() };
        let of = |entry: &Self| match entry.get(&[Step::from(key)]) {
            Some(Self::Scalar(scalar)) => Some(scalar.strip_prefix('"').unwrap_or(scalar).to_owned()),
            _ => None,
        };
        entries.iter().map(of).collect()
    }

    /// The document with the entries of its `list` in another order; nothing where it has no such list.
    pub(super) fn reordered(&self, list: &str, order: &[usize]) -> Option<Self> {
        let Self::Table(table) = self else { return None };
        let Some(Self::List(entries)) = table.get(list) else { return None };
        let moved: Option<Vec<Self>> = order.iter().map(|entry| entries.get(*entry).cloned()).collect();
        let mut table = table.clone();
        table.insert(list.to_owned(), Self::List(moved?));
        Some(Self::Table(table))
    }

    fn get_mut(&mut self, path: &[Step]) -> Option<&mut Self> {
        path.iter().try_fold(self, |node, step| match (node, step) {
            (Self::Table(table), Step::Key(key)) => table.get_mut(key),
            (Self::List(list), Step::Index(index)) => list.get_mut(*index),
            _ => None,
        })
    }

    /// The table at a path, made on the way where keys are missing.
    fn table_mut(&mut self, path: &[Step]) -> Option<&mut BTreeMap<String, Self>> {
        let found = path.iter().try_fold(self, |node, step| match (node, step) {
            (Self::Table(table), Step::Key(key)) => {
                Some(table.entry(key.clone()).or_insert_with(|| Self::Table(BTreeMap::new())))
            }
            (Self::List(list), Step::Index(index)) => list.get_mut(*index),
            _ => None,
        });
        match found {
            Some(Self::Table(table)) => Some(table),
            _ => None,
        }
    }

    /// Gives the value at a path, the tables around it made where they are missing.
    pub(super) fn set(&mut self, path: &KeyPath, value: Self) -> Result<(), EditError> {
        let absent = || EditError::NotThere(path.clone());
        match path.0.split_last() {
            Some((Step::Key(key), parents)) => {
                self.table_mut(parents).ok_or_else(absent)?.insert(key.clone(), value);
            }
            Some((Step::Index(_), _)) => *self.get_mut(&path.0).ok_or_else(absent)? = value,
            None => return Err(absent()),
        }
        Ok(())
    }

    /// Removes what stands at a path; whether anything did.
    pub(super) fn unset(&mut self, path: &KeyPath) -> bool {
        let Some((last, parents)) = path.0.split_last() else { return false };
        match (self.get_mut(parents), last) {
            (Some(Self::Table(table)), Step::Key(key)) => table.remove(key).is_some(),
            (Some(Self::List(list)), Step::Index(index)) if *index < list.len() => {
                list.remove(*index);
                true
            }
            _ => false,
        }
    }

    /// Forgets the empty tables above a removed path that no header of `now` names any more.
    pub(super) fn forget_empty(&mut self, path: &KeyPath, now: &Self) {
        for depth in (1..path.0.len()).rev() {
            let parent = &path.0[..depth];
            let is_empty = matches!(self.get_mut(parent), Some(Self::Table(table)) if table.is_empty());
            if !is_empty || now.find(parent).is_some() {
                return;
            }
            self.unset(&KeyPath(parent.to_vec()));
        }
    }

    /// The value at a path.
    fn find(&self, path: &[Step]) -> Option<&Self> {
        path.iter().try_fold(self, |node, step| match (node, step) {
            (Self::Table(table), Step::Key(key)) => table.get(key),
            (Self::List(list), Step::Index(index)) => list.get(*index),
            _ => None,
        })
    }

    /// Puts an entry into a list, which is made where it is missing.
    pub(super) fn insert(&mut self, list: &KeyPath, index: usize, entry: &Table) -> Result<(), EditError> {
        let absent = || EditError::NotThere(list.clone());
        let Some((Step::Key(key), parents)) = list.0.split_last() else { return Err(absent()) };
        let table = self.table_mut(parents).ok_or_else(absent)?;
        match table.entry(key.clone()).or_insert_with(|| Self::List(Vec::new())) {
            Self::List(entries) if index <= entries.len() => entries.insert(index, new_table(entry)?),
            _ => return Err(EditError::NotAList(list.clone())),
        }
        Ok(())
    }

    /// Whether both mean the same, an empty list being no list: the last `[[section]]` takes its list with it.
    pub(super) fn means(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Table(a), Self::Table(b)) => {
                let missing = |(key, value): (&String, &Self), in_table: &BTreeMap<String, Self>| {
                    !in_table.contains_key(key) && *value != Self::List(Vec::new())
                };
                let differ = |(key, value): (&String, &Self)| b.get(key).is_some_and(|b| !value.means(b));
                !a.iter().any(|pair| missing(pair, b) || differ(pair))
                    && !b.iter().any(|pair| missing(pair, a))
            }
            (Self::List(a), Self::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.means(b)),
            _ => self == other,
        }
    }

    /// Gives a key another name; whether it had another before.
    pub(super) fn rename(&mut self, path: &KeyPath, to: &str) -> Result<bool, EditError> {
        let absent = || EditError::NotThere(path.clone());
        let Some((Step::Key(key), parents)) = path.0.split_last() else { return Err(absent()) };
        let Some(Self::Table(table)) = self.get_mut(parents) else { return Err(absent()) };
        let value = table.remove(key).ok_or_else(absent)?;
        match table.insert(to.to_owned(), value) {
            None => Ok(key != to),
            Some(_) => Err(EditError::Twice(to.to_owned())),
        }
    }
}
