//! What a record already holds, as far as its text can be parsed: entries to compare new ones with.

use std::collections::HashMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::edit::render::{Table, Value, inline};
use crate::record::recover::recoverable;
use crate::record::shape::{Field, Kind, Shape};
use crate::record::value::Amount;
use crate::source::{KeyPath, Step};

/// A record's values in the order of its shape, whatever faults its text has.
pub fn read(text: &str, shape: &Shape) -> Table {
    let clear = recoverable(text);
    let (document, _) = DeTable::parse_recoverable(&clear);
    table(document.get_ref(), &clear, Some(shape))
}

fn table(table: &DeTable<'_>, text: &str, shape: Option<&Shape>) -> Table {
    let place = |key: &str| shape.and_then(|shape| shape.fields.iter().position(|field| field.name == key));
    let mut pairs: Vec<_> = table.iter().map(|(key, value)| (key.get_ref().to_string(), value)).collect();
    pairs.sort_by_key(|(key, _)| place(key).unwrap_or(usize::MAX));
    let below = |key: &str| shape?.field(key).and_then(|field| shape_of(&field.kind));
    pairs
        .into_iter()
        .map(|(key, of)| {
            let shape = below(&key);
            (key, value(of, text, shape))
        })
        .collect()
}

fn shape_of(kind: &Kind) -> Option<&Shape> {
    match kind {
        Kind::Table(shape) => Some(shape),
        Kind::List(items) => shape_of(items),
        _ => None,
    }
}

fn value(of: &Spanned<DeValue<'_>>, text: &str, shape: Option<&Shape>) -> Value {
    match of.get_ref() {
        DeValue::Table(below) => Value::Table(table(below, text, shape)),
        DeValue::Array(items) => Value::List(items.iter().map(|item| value(item, text, shape)).collect()),
        DeValue::String(words) => Value::Text(words.to_string()),
        _ => Value::Raw(text[of.span()].to_owned()),
    }
}

/// The value at `key` of a table.
pub fn get<'t>(table: &'t Table, key: &str) -> Option<&'t Value> {
    table.iter().find(|(name, _)| name == key).map(|(_, value)| value)
}

/// The words at `key` of a table.
pub fn words<'t>(table: &'t Table, key: &str) -> Option<&'t str> {
    match get(table, key) {
        Some(Value::Text(words)) => Some(words),
        _ => None,
    }
}

/// The entries of the list at `key`.
pub fn entries<'t>(table: &'t Table, key: &str) -> impl Iterator<Item = &'t Table> {
    let items = match get(table, key) {
        Some(Value::List(items)) => items.as_slice(),
        _ => &[],
    };
    items.iter().filter_map(|item| match item {
        Value::Table(entry) => Some(entry),
        _ => None,
    })
}

/// The value at a path.
pub fn at<'t>(table: &'t Table, path: &KeyPath) -> Option<&'t Value> {
    let (first, rest) = path.0.split_first()?;
    rest.iter().try_fold(get(table, first.key()?)?, |value, step| match (value, step) {
        (Value::Table(table), Step::Key(key)) => get(table, key),
        (Value::List(items), Step::Index(index)) => items.get(*index),
        _ => None,
    })
}

/// Gives the value at a path of keys, making the tables on the way.
pub fn set(table: &mut Table, path: &KeyPath, value: Value) {
    let mut keys = path.0.iter().filter_map(Step::key).peekable();
    let mut table = table;
    while let Some(key) = keys.next() {
        let place = table.iter().position(|(name, _)| name == key).unwrap_or_else(|| {
            table.push((key.to_owned(), Value::Table(Table::new())));
            table.len() - 1
        });
        if keys.peek().is_none() {
            table[place].1 = value;
            return;
        }
        match &mut table[place].1 {
            Value::Table(below) => table = below,
            _ => return,
        }
    }
}

/// Whether `old` says everything that `new` says; numbers by their value. With `strict`, nothing more either.
pub fn covers(old: &Value, new: &Value, strict: bool) -> bool {
    match (old, new) {
        (Value::Table(old), Value::Table(new)) => covers_table(old, new, strict),
        (Value::List(old), Value::List(new)) => {
            old.len() == new.len() && old.iter().zip(new).all(|(old, new)| covers(old, new, strict))
        }
        (Value::Raw(old), Value::Raw(new)) => {
            let amount = |raw: &str| raw.parse::<Amount>().ok();
            old == new || amount(old).is_some() && amount(old) == amount(new)
        }
        _ => old == new,
    }
}

/// [`covers`] for tables.
pub fn covers_table(old: &Table, new: &Table, strict: bool) -> bool {
    let stated = |(key, new): &(String, Value)| get(old, key).is_some_and(|old| covers(old, new, strict));
    new.iter().all(stated) && (!strict || old.len() == new.len())
}

/// A value as a reader spells it: text without its quotes.
pub(super) fn spelt(value: &Value) -> String {
    match value {
        Value::Text(words) => words.clone(),
        other => inline(other),
    }
}

/// What names an entry in its list: the values of the list's key, and its source id where it has one.
fn names(field: &Field, entry: &Table) -> [Option<String>; 2] {
    let values: Vec<Option<String>> = field.key.iter().map(|key| get(entry, key).map(spelt)).collect();
    let natural = values.iter().any(Option::is_some).then(|| format!("{values:?}"));
    [natural, words(entry, "source").map(|source| format!("source {source}"))]
}

/// The entries of one list by what names them.
pub struct Entries<'f> {
    field: &'f Field,
    known: Vec<Table>,
    named: HashMap<String, usize>,
}

impl<'f> Entries<'f> {
    /// The entries of the list `field` in a record.
    pub fn of(record: &Table, field: &'f Field) -> Self {
        let mut entries = Self { field, known: Vec::new(), named: HashMap::new() };
        self::entries(record, &field.name).for_each(|entry| entries.add(entry.clone()));
        entries
    }

    /// Takes one in.
    pub fn add(&mut self, entry: Table) {
        for name in names(self.field, &entry).into_iter().flatten() {
            self.named.entry(name).or_insert(self.known.len());
        }
        self.known.push(entry);
    }

    /// The entry that has the same name as `entry`, or where nothing names it, that is the same; with its place.
    pub fn find(&self, entry: &Table) -> Option<(usize, &Table)> {
        let names = names(self.field, entry);
        if names == [None, None] {
            return self.known.iter().enumerate().find(|(_, known)| covers_table(known, entry, true));
        }
        let [natural, source] = names;
        let index = [source, natural].into_iter().flatten().find_map(|name| self.named.get(&name));
        index.map(|index| (*index, &self.known[*index]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::kind::RecordKind;

    const RECORD: &str = "name = 'A'\n= broken\n[[visits]]\nkind = 'call'\ndate = 2026-10-09\nby = 'wang'\n";

    fn visit(more: &[(&str, &str)]) -> Table {
        let base = [("date", "2026-10-09"), ("by", "\"wang\""), ("kind", "\"call\"")];
        let pair = |(key, raw): &(&str, &str)| match raw.strip_prefix('"') {
            Some(words) => ((*key).to_owned(), Value::from(words.trim_end_matches('"'))),
            None => ((*key).to_owned(), Value::Raw((*raw).to_owned())),
        };
        base.iter().chain(more).map(pair).collect()
    }

    #[test]
    fn an_entry_is_found_by_its_key_and_compared_by_its_values() {
        let shape = RecordKind::Client.shape();
        let (field, _) = shape.entry("visit").unwrap();
        let record = read(RECORD, shape);
        assert_eq!(words(&record, "name"), Some("A"));
        let entries = Entries::of(&record, field);
        let (_, found) = entries.find(&visit(&[])).unwrap();
        assert!(covers_table(found, &visit(&[]), true));
        let more = visit(&[("summary", "\"x\"")]);
        assert!(entries.find(&more).is_some_and(|(_, found)| !covers_table(found, &more, false)));
        assert!(covers_table(&more, found, false) && !covers_table(&more, found, true));
        assert!(entries.find(&visit(&[("n", "2")])).is_none());
    }

    #[test]
    fn numbers_are_compared_by_value() {
        let raw = |text: &str| Value::Raw(text.to_owned());
        assert!(covers(&raw("5200"), &raw("5_200.0"), true));
        assert!(!covers(&raw("5200"), &raw("5200.1"), true));
    }
}
