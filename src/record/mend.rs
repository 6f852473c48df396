//! What a text that does not load can still be read as, so that everything else in it can be judged.
//!
//! Where nothing can be read, a stand-in says as little as its kind allows: [`UNREAD`] for words and formulas, else
//! any value that fits. The first reading is the text with those; each of the others differs from it in one place, where
//! another value would fit too: what a mistyped key may have been, every choice for a value that is none. What holds of every
//! reading holds however the text is mended.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fault::{broken, fits, is_inline, touching};
use super::policy::formula::UNREAD;
use super::recover::{Lost, lost, recoverable};
use super::shape::{Field, Kind, Shape, Time};
use crate::diag::nearest;
use crate::source::{KeyPath, Step};

/// The most readings that are worth their time; a hostile file has millions.
const MOST: usize = 1500;

/// A text as it may be read.
pub struct Mended {
    first: toml::Table,
    others: Vec<(KeyPath, toml::Value)>,
}

impl Mended {
    /// How many readings there are.
    pub fn count(&self) -> usize {
        self.others.len() + 1
    }

    /// Every reading, the likeliest first.
    pub fn readings(&self) -> impl Iterator<Item = toml::Table> {
        let others = self.others.iter().map(|(path, value)| {
            let mut reading = self.first.clone();
            put(&mut reading, &path.0, value.clone());
            reading
        });
        std::iter::once(self.first.clone()).chain(others)
    }
}

/// Reads a text along `shape`; nothing where nobody can say what it would be, or in too many ways.
pub fn mend(text: &str, shape: &'static Shape) -> Option<Mended> {
    let broken = broken(text)?;
    let clear = recoverable(text);
    let (document, _) = DeTable::parse_recoverable(&clear);
    let mut walk = Walk { text, broken: &broken, others: Vec::new(), tables: Vec::new(), faults: 0 };
    let mut first = walk.table(document.get_ref(), 0, shape, KeyPath::ROOT);
    walk.lost(&mut first);
    let Walk { others, .. } = walk;
    (others.len() <= MOST).then_some(Mended { first, others })
}

/// Sets what stands at `path`, where everything above it stands.
fn put(table: &mut toml::Table, path: &[Step], value: toml::Value) {
    let Some((last, above)) = path.split_last() else { return };
    let Some((Step::Key(first), above)) = above.split_first() else {
        if let Step::Key(key) = last {
            table.insert(key.clone(), value);
        }
        return;
    };
    let parent = above.iter().try_fold(table.get_mut(first.as_str()), |value, step| {
        Some(match step {
            Step::Key(key) => value?.get_mut(key.as_str()),
            Step::Index(at) => value?.get_mut(*at),
        })
    });
    match (parent.flatten(), last) {
        (Some(toml::Value::Table(table)), Step::Key(key)) => drop(table.insert(key.clone(), value)),
        (Some(toml::Value::Array(list)), Step::Index(at)) if *at < list.len() => list[*at] = value,
        _ => {}
    }
}

#[derive(Clone)]
struct Walk<'a> {
    text: &'a str,
    /// What syntax errors mark, in order and apart from one another.
    broken: &'a [Range<usize>],
    others: Vec<(KeyPath, toml::Value)>,
    /// Tables with a header of their own: where it begins, what they may hold, their path.
    tables: Vec<(usize, &'static Shape, KeyPath)>,
    faults: usize,
}

impl Walk<'_> {
    fn table(
        &mut self,
        table: &DeTable<'_>,
        header: usize,
        shape: &'static Shape,
        path: KeyPath,
    ) -> toml::Table {
        let mut found = toml::Table::new();
        let mut unknown = Vec::new();
        for (key, value) in table {
            let Some(field) = shape.field(key.get_ref()) else {
                unknown.push((key.get_ref().as_ref(), value.get_ref()));
                continue;
            };
            let path = path.join(field.name.as_str());
            let value = match self.is_broken(&key.span()) {
                true => self.unread(&field.kind, &path),
                false => self.value(value, &field.kind, &path),
            };
            found.insert(field.name.clone(), value);
        }
        self.faults += unknown.len();
        for field in shape.fields.iter().filter(|field| field.required) {
            if !found.contains_key(&field.name) {
                let value = self.unread(&field.kind, &path.join(field.name.as_str()));
                found.insert(field.name.clone(), value);
            }
        }
        let stated = |name: &str| table.contains_key(name);
        for (key, value) in unknown {
            let absent = shape.fields.iter().map(|field| field.name.as_str()).filter(|name| !stated(name));
            match nearest(key, absent).and_then(|near| shape.field(near)) {
                Some(field) => {
                    let ways = meant(found.get(&field.name), &field.kind);
                    self.others.extend(ways.into_iter().map(|way| (path.join(field.name.as_str()), way)));
                }
                None => self.any_key(&found, shape, &path, |kind| is_like(kind, value)),
            }
        }
        if !self.text[header..].starts_with('{') {
            self.tables.push((header, shape, path));
        }
        found
    }

    /// A key that cannot be read may be any that is absent, or one more entry of a list or a table of names.
    fn any_key(
        &mut self,
        found: &toml::Table,
        shape: &'static Shape,
        path: &KeyPath,
        may_be: impl Fn(&Kind) -> bool,
    ) {
        for field in shape.fields.iter().filter(|field| may_be(&field.kind)) {
            let path = path.join(field.name.as_str());
            let ways = meant(found.get(&field.name), &field.kind);
            self.others.extend(ways.into_iter().map(|way| (path.clone(), way)));
        }
    }

    /// What syntax errors have swallowed: keys of the table they stand in, and whole entries.
    fn lost(&mut self, first: &mut toml::Table) {
        self.tables.sort_by_key(|(header, ..)| *header);
        for (what, range) in lost(self.text) {
            match what {
                Lost::Line => {
                    if let Some((here, shape, path)) = self.around(first, range.start) {
                        let word = self.text[range].split_whitespace().next().unwrap_or_default();
                        let absent = shape.fields.iter().map(|field| field.name.as_str());
                        let near = nearest(word, absent.filter(|name| !here.contains_key(*name)));
                        let near = shape.field(near.unwrap_or(word)).map(|field| &field.kind);
                        self.any_key(&here, shape, &path, |kind| {
                            near.is_none_or(|near| std::ptr::eq(near, kind))
                        });
                    }
                }
                Lost::Entry => self.lost_entry(first, range.start),
                Lost::Value => {}
            }
        }
        let broken = self.broken;
        for range in broken.iter().cloned() {
            let Some((here, shape, path)) = self.around(first, range.start) else { continue };
            // Of a key that stands twice, either may be meant.
            if let Some(field) = shape.field(&self.text[range]).filter(|field| here.contains_key(&field.name))
            {
                let path = path.join(field.name.as_str());
                let value = self.unread(&field.kind, &path);
                put(first, &path.0, value);
            }
        }
    }

    fn root(&self) -> Option<&'static Shape> {
        self.tables.iter().find(|(_, _, path)| path.0.is_empty()).map(|(_, shape, _)| *shape)
    }

    /// The table with a header that a byte stands in.
    fn around(&self, first: &toml::Table, byte: usize) -> Option<(toml::Table, &'static Shape, KeyPath)> {
        let after = self.tables.partition_point(|(header, ..)| *header <= byte);
        let (_, shape, path) = after.checked_sub(1).map(|at| self.tables[at].clone())?;
        if path.0.is_empty() {
            return Some((first.clone(), shape, path));
        }
        let here = at(first, &path.0).and_then(toml::Value::as_table).cloned();
        here.map(|here| (here, shape, path))
    }

    /// The entry whose header a syntax error has swallowed, in the tables that its header names.
    fn lost_entry(&mut self, first: &toml::Table, at: usize) {
        let line = self.text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let header = self.text[line..].lines().next().unwrap_or_default();
        let Some(header) = header.strip_prefix('[') else { return };
        let Some(mut shape) = self.root() else { return };
        let (mut here, mut path) = (first.clone(), KeyPath::ROOT);
        for key in header.trim_start_matches('[').split(['.', ']']) {
            let named = shape.field(key.trim()).map(|field| &field.kind);
            self.any_key(&here, shape, &path, |kind| named.is_none_or(|named| std::ptr::eq(named, kind)));
            path = path.join(key.trim());
            let below = self::at(first, &path.0).and_then(toml::Value::as_table);
            match (named, below) {
                (Some(Kind::Table(within)), Some(below)) => (shape, here) = (within, below.clone()),
                _ => return,
            }
        }
    }

    /// Whether a syntax error marks the line of a key.
    fn is_broken(&self, key: &Range<usize>) -> bool {
        let line = self.text[..key.start].rfind('\n').map_or(0, |newline| newline + 1);
        let end = self.text[key.end..].find('\n').map_or(self.text.len(), |length| key.end + length);
        touching(self.broken, &(line..end)).is_some()
    }

    /// What stands for a value that cannot be read; whatever else it may be becomes a reading.
    fn unread(&mut self, kind: &'static Kind, path: &KeyPath) -> toml::Value {
        self.faults += 1;
        let mut ways = stand_ins(kind).into_iter();
        let first = ways.next().unwrap_or(toml::Value::Boolean(true));
        self.others.extend(ways.map(|way| (path.clone(), way)));
        first
    }

    fn value(&mut self, value: &Spanned<DeValue<'_>>, kind: &'static Kind, path: &KeyPath) -> toml::Value {
        let span = value.span();
        if is_inline(self.text, &span) && touching(self.broken, &span).is_some() {
            return self.unread(kind, path);
        }
        match (kind, value.get_ref()) {
            (Kind::Table(shape), DeValue::Table(table)) => {
                toml::Value::Table(self.table(table, span.start, shape, path.clone()))
            }
            (Kind::Map { values, .. }, DeValue::Table(table)) => {
                let mut found = toml::Table::new();
                for (key, value) in table {
                    let path = path.join(key.get_ref().as_ref());
                    let value = match self.is_broken(&key.span()) {
                        true => self.unread(values, &path),
                        false => self.value(value, values, &path),
                    };
                    found.insert(key.get_ref().to_string(), value);
                }
                toml::Value::Table(found)
            }
            (Kind::Tagged { tag, variants }, DeValue::Table(table)) => {
                self.tagged(table, span.start, tag, variants, path)
            }
            (Kind::List(items), DeValue::Array(list)) => {
                let items = list.iter().enumerate().map(|(at, item)| self.value(item, items, &path.join(at)));
                toml::Value::Array(items.collect())
            }
            (Kind::AnyOf(kinds), _) => self.any_of(value, kind, kinds, path),
            (_, plain) if fits(self.text, value, kind) => {
                self::plain(plain).unwrap_or_else(|| self.unread(kind, path))
            }
            _ => self.unread(kind, path),
        }
    }

    /// The alternative with the fewest faults.
    fn any_of(
        &mut self,
        value: &Spanned<DeValue<'_>>,
        kind: &'static Kind,
        kinds: &'static [Kind],
        path: &KeyPath,
    ) -> toml::Value {
        let attempts = kinds.iter().filter(|kind| is_like(kind, value.get_ref())).map(|kind| {
            let mut attempt = Self { faults: 0, ..self.clone() };
            let value = attempt.value(value, kind, path);
            (value, attempt)
        });
        match attempts.min_by_key(|(_, attempt)| attempt.faults) {
            Some((value, attempt)) => {
                *self = Self { faults: self.faults + attempt.faults, ..attempt };
                value
            }
            None => self.unread(kind, path),
        }
    }

    /// A table whose tag may be missing or none of those known: then it may be any that has the keys it has.
    fn tagged(
        &mut self,
        table: &DeTable<'_>,
        header: usize,
        tag: &str,
        variants: &'static [(String, Shape)],
        path: &KeyPath,
    ) -> toml::Value {
        let stated = table.get(tag).and_then(|value| value.get_ref().as_str()).unwrap_or_default();
        if let Some((_, shape)) = variants.iter().find(|(name, _)| name == stated) {
            return toml::Value::Table(self.table(table, header, shape, path.clone()));
        }
        self.faults += 1;
        let has_all = |shape: &Shape| {
            table.keys().all(|key| shape.field(key.get_ref()).is_some() || key.get_ref() == tag)
        };
        let fitting: Vec<_> = variants.iter().filter(|(_, shape)| has_all(shape)).collect();
        let all = if fitting.is_empty() { variants.iter().collect() } else { fitting };
        let near = nearest(stated, all.iter().map(|(name, _)| name.as_str()));
        let mut ways = Vec::new();
        for (name, shape) in all.iter().copied() {
            let mut attempt = Self { others: Vec::new(), ..self.clone() };
            let mut found = attempt.table(table, header, shape, path.clone());
            found.insert(tag.to_owned(), toml::Value::String(name.clone()));
            ways.push((near != Some(name), toml::Value::Table(found)));
        }
        ways.sort_by_key(|(far, _)| *far);
        let mut ways = ways.into_iter().map(|(_, way)| way);
        let first = ways.next().unwrap_or(toml::Value::Boolean(true));
        self.others.extend(ways.map(|way| (path.clone(), way)));
        first
    }
}

/// What a key may hold that cannot be read: any value where it is absent, one more entry of what stands there.
fn meant(stands: Option<&toml::Value>, kind: &Kind) -> Vec<toml::Value> {
    match (stands, kind) {
        (None, Kind::Choice(_) | Kind::Flag | Kind::List(_)) => stand_ins(kind),
        (None, _) => vec![stand_in(kind)],
        (Some(toml::Value::Array(list)), Kind::List(items)) => {
            let longer = |item| toml::Value::Array([list.clone(), vec![item]].concat());
            stand_ins(items).into_iter().map(longer).collect()
        }
        (Some(toml::Value::Table(table)), Kind::Map { values, .. }) => {
            let mut table = table.clone();
            table.insert(UNREAD.to_owned(), stand_in(values));
            vec![toml::Value::Table(table)]
        }
        _ => Vec::new(),
    }
}

/// Whether a value is at first sight of a kind.
fn is_like(kind: &Kind, value: &DeValue<'_>) -> bool {
    let number = value.is_integer() || value.is_float();
    match kind {
        Kind::Table(_) | Kind::Map { .. } | Kind::Tagged { .. } => value.is_table(),
        // Entries of a list may have headers of their own.
        Kind::List(_) => value.is_array(),
        Kind::AnyOf(kinds) => kinds.iter().any(|kind| is_like(kind, value)),
        Kind::Any => true,
        Kind::Formula | Kind::Amount | Kind::Rate | Kind::Quantity => value.is_str() || number,
        Kind::Integer { .. } => number,
        Kind::Flag => value.is_bool(),
        Kind::Day => value.is_datetime(),
        Kind::Text | Kind::Ref(_) | Kind::Choice(_) | Kind::Time(_) => value.is_str(),
    }
}

/// A value that stands for one of a kind and says as little as it can.
fn stand_in(kind: &Kind) -> toml::Value {
    let text = |text: &str| toml::Value::String(text.to_owned());
    match kind {
        Kind::Text | Kind::Ref(_) | Kind::Formula => text(UNREAD),
        Kind::Day => day("1900-01-01"),
        Kind::Amount | Kind::Rate | Kind::Quantity => toml::Value::Integer(1),
        Kind::Time(Time::Year) => text("2026"),
        Kind::Time(Time::Month | Time::Period) => text("2026-01"),
        Kind::Integer { min, .. } => toml::Value::Integer(min.unwrap_or(1).max(1)),
        Kind::Flag | Kind::Any => toml::Value::Boolean(true),
        Kind::Choice(choices) => text(choices.first().map_or(UNREAD, |choice| &choice.name)),
        Kind::Table(shape) => toml::Value::Table(least(shape)),
        Kind::Map { values, .. } => {
            toml::Value::Table([(UNREAD.to_owned(), stand_in(values))].into_iter().collect())
        }
        // A point has two numbers, a line at least two points.
        Kind::List(items) => toml::Value::Array(vec![stand_in(items); if is_plain(items) { 2 } else { 1 }]),
        Kind::AnyOf(kinds) => kinds.first().map_or(toml::Value::Boolean(true), stand_in),
        Kind::Tagged { tag, variants } => {
            let (name, shape) = &variants[0];
            toml::Value::Table(tagged_as(tag, name, shape))
        }
    }
}

/// Values that may each stand for one of a kind, [`stand_in`] first.
fn stand_ins(kind: &Kind) -> Vec<toml::Value> {
    let text = |text: &str| toml::Value::String(text.to_owned());
    let first = stand_in(kind);
    let others: Vec<toml::Value> = match kind {
        // Words may be units of money.
        Kind::Text => vec![text("元"), text("USD")],
        Kind::Day => vec![day("2999-12-31")],
        Kind::Time(Time::Year) => vec![text("2999")],
        Kind::Time(Time::Month | Time::Period) => vec![text("2999-12")],
        Kind::Flag => vec![toml::Value::Boolean(false)],
        Kind::Choice(choices) => choices.iter().skip(1).map(|choice| text(&choice.name)).collect(),
        Kind::Table(shape) => {
            shape.fields.iter().filter(|field| !field.required).map(|field| more(shape, field)).collect()
        }
        Kind::Map { .. } => vec![toml::Value::Table(toml::Table::new())],
        Kind::List(items) => {
            let one = stand_ins(items).into_iter().skip(1).map(|item| vec![item]);
            let many = is_plain(items).then(|| vec![stand_in(items); 5]);
            one.chain(many).chain([Vec::new()]).map(toml::Value::Array).collect()
        }
        Kind::AnyOf(kinds) => {
            let mut all: Vec<toml::Value> = kinds.iter().flat_map(stand_ins).collect();
            all.remove(0);
            all
        }
        Kind::Tagged { tag, variants } => variants
            .iter()
            .skip(1)
            .map(|(name, shape)| toml::Value::Table(tagged_as(tag, name, shape)))
            .collect(),
        Kind::Ref(_)
        | Kind::Formula
        | Kind::Amount
        | Kind::Rate
        | Kind::Quantity
        | Kind::Integer { .. }
        | Kind::Any => Vec::new(),
    };
    [vec![first], others].concat()
}

/// Whether a list of such items is one of numbers or of points.
fn is_plain(items: &Kind) -> bool {
    matches!(items, Kind::Formula | Kind::List(_))
}

/// A table with the keys it needs alone.
fn least(shape: &Shape) -> toml::Table {
    let needed = shape.fields.iter().filter(|field| field.required);
    needed.map(|field| (field.name.clone(), stand_in(&field.kind))).collect()
}

/// A table with the keys it needs and one more.
fn more(shape: &Shape, field: &Field) -> toml::Value {
    let mut table = least(shape);
    table.insert(field.name.clone(), stand_in(&field.kind));
    toml::Value::Table(table)
}

fn tagged_as(tag: &str, name: &str, shape: &Shape) -> toml::Table {
    let mut table = least(shape);
    table.insert(tag.to_owned(), toml::Value::String(name.to_owned()));
    table
}

fn day(day: &str) -> toml::Value {
    day.parse().map_or(toml::Value::Boolean(true), toml::Value::Datetime)
}

/// A value as it stands; nothing where a number is too great.
fn plain(value: &DeValue<'_>) -> Option<toml::Value> {
    Some(match value {
        DeValue::String(text) => toml::Value::String(text.to_string()),
        DeValue::Integer(number) => {
            toml::Value::Integer(i64::from_str_radix(number.as_str(), number.radix()).ok()?)
        }
        DeValue::Float(number) => toml::Value::Float(number.as_str().parse().ok()?),
        DeValue::Boolean(flag) => toml::Value::Boolean(*flag),
        DeValue::Datetime(day) => toml::Value::Datetime(*day),
        DeValue::Array(_) | DeValue::Table(_) => return None,
    })
}

/// What stands at `path`.
fn at<'t>(table: &'t toml::Table, path: &[Step]) -> Option<&'t toml::Value> {
    let (Step::Key(first), rest) = path.split_first()? else { return None };
    rest.iter().try_fold(table.get(first.as_str())?, |value, step| match step {
        Step::Key(key) => value.get(key.as_str()),
        Step::Index(at) => value.get(*at),
    })
}
