//! Key paths as people type them, `visits[2026-10-09].summary`, and the one place in a record each means.

use super::Fault;
use super::given::Given;
use super::present::{entries, get};
use super::value::{Defaults, period, unknown_field, value};
use crate::diag::nearest;
use crate::edit::render::{Table, Value, inline};
use crate::msg;
use crate::record::shape::{Field, Keys, Kind, Shape};
use crate::source::{KeyPath, Step};
use crate::text::{Message, entry};

/// One part of a typed path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// A key.
    Key(String),
    /// What stands in brackets: an index, or values of the entry's key.
    Entry(Vec<String>),
}

/// A place in a record, and what it takes.
#[derive(Debug)]
pub struct Spot {
    /// Where it is.
    pub path: KeyPath,
    /// The values it takes.
    pub kind: &'static Kind,
    /// The field, where it is one of a table.
    field: Option<&'static Field>,
    /// Where a plain value stands above it in the place of a table: the way to it, and the table with the value as the
    /// key that the plain value is short for.
    widened: Option<(KeyPath, Table)>,
}

/// The parts of a path and the value after its `=`; `None` where there is no `=`, or a bracket or quote is left open.
/// A name in brackets that holds a comma or a bracket itself stands in quotes, double or single.
pub fn split(pair: &str) -> Option<(Vec<Part>, &str)> {
    let mut parts = Vec::new();
    let mut rest = pair;
    loop {
        if let Some(inside) = rest.strip_prefix('[') {
            let (names, after) = names(inside)?;
            parts.push(Part::Entry(names));
            rest = after;
        } else if let Some(quoted) = rest.strip_prefix('"') {
            let (name, after) = quoted.split_once('"')?;
            parts.push(Part::Key(name.to_owned()));
            rest = after;
        } else {
            let end = rest.find(['.', '[', '='])?;
            parts.push(Part::Key(rest[..end].trim().to_owned()));
            rest = &rest[end..];
        }
        match rest.chars().next()? {
            '=' => return Some((parts, &rest[1..])),
            '.' => rest = &rest[1..],
            '[' => {}
            _ => return None,
        }
    }
}

/// The names up to the bracket that closes, and what follows it.
fn names(inside: &str) -> Option<(Vec<String>, &str)> {
    let mut names = Vec::new();
    let mut rest = inside;
    loop {
        let name;
        let start = rest.trim_start();
        let quote = start.chars().next().filter(|quote| matches!(quote, '"' | '\''));
        (name, rest) = match quote {
            Some(quote) => {
                let (name, after) = start[1..].split_once(quote)?;
                (name, after.trim_start())
            }
            None => {
                let (name, after) = rest.split_at(rest.find([',', ']'])?);
                (name.trim(), after)
            }
        };
        names.push(name.to_owned());
        match rest.strip_prefix(',') {
            Some(more) => rest = more,
            None => return rest.strip_prefix(']').map(|after| (names, after)),
        }
    }
}

/// What a walk along a typed path stands at.
enum At {
    Shape(&'static Shape),
    Kind(&'static Kind, Option<&'static Field>),
}

/// The place that `parts` mean in a record.
pub fn find(
    parts: &[Part],
    shape: &'static Shape,
    record: &Table,
    defaults: &Defaults,
) -> Result<Spot, Fault> {
    let mut path = KeyPath::ROOT;
    let mut at = At::Shape(shape);
    let root = Value::Table(record.clone());
    let mut here = Some(&root);
    let mut widened = None;
    for part in parts {
        let (step, next) = match (part, &at) {
            (Part::Key(key), At::Shape(shape)) => field(shape, key, &path)?,
            (Part::Key(key), At::Kind(kind, _)) => {
                let table = table_of(kind, here);
                if let (Kind::AnyOf(_), Some(At::Shape(shape)), Some(plain)) = (kind, &table, here)
                    && !matches!(plain, Value::Table(_))
                {
                    widened = shape
                        .fields
                        .first()
                        .map(|first| (path.clone(), vec![(first.name.clone(), plain.clone())]));
                }
                match table {
                    Some(At::Shape(shape)) => field(shape, key, &path)?,
                    Some(At::Kind(Kind::Map { keys, values }, _)) => {
                        (Step::Key(map_key(keys, key, &path, defaults)?), At::Kind(values, None))
                    }
                    _ => {
                        return Err(Fault::new(
                            &path.join(key.as_str()),
                            msg!(entry::NO_PARTS, path = path.to_string()),
                        ));
                    }
                }
            }
            (Part::Entry(names), At::Kind(Kind::List(items), field)) => {
                (Step::Index(index(names, *field, here, &path)?), At::Kind(items, None))
            }
            (Part::Entry(names), _) => {
                let name = names.join(", ");
                return Err(Fault::new(&path, msg!(entry::NO_LIST, path = path.to_string(), name = name)));
            }
        };
        here = here.and_then(|value| below(value, &step));
        path = path.join(step);
        at = next;
    }
    match at {
        At::Kind(kind, field) => Ok(Spot { path, kind, field, widened }),
        At::Shape(_) => Err(Fault::new(&path, entry::WHOLE_RECORD)),
    }
}

fn field(shape: &'static Shape, key: &str, path: &KeyPath) -> Result<(Step, At), Fault> {
    let field = shape.field(key).ok_or_else(|| unknown_field(shape, key, &path.join(key)))?;
    Ok((key.into(), At::Kind(&field.kind, Some(field))))
}

/// The table that a kind is, or may be.
fn table_of(kind: &'static Kind, here: Option<&Value>) -> Option<At> {
    match kind {
        Kind::Table(shape) => Some(At::Shape(shape)),
        Kind::Map { .. } => Some(At::Kind(kind, None)),
        Kind::AnyOf(kinds) => kinds.iter().find_map(|kind| table_of(kind, here)),
        Kind::Tagged { tag, variants } => {
            let Some(Value::Table(table)) = here else { return None };
            let name = super::present::words(table, tag)?;
            variants.iter().find(|(variant, _)| variant == name).map(|(_, shape)| At::Shape(shape))
        }
        _ => None,
    }
}

fn map_key(keys: &Keys, key: &str, path: &KeyPath, defaults: &Defaults) -> Result<String, Fault> {
    match keys {
        Keys::Time(time) => period(*time, key, &path.join(key), defaults),
        Keys::Ref { kind, also } if !also.iter().any(|word| word == key) => match &defaults.around {
            Some(around) => around.id(kind, key, &path.join(key)),
            None => Ok(key.to_owned()),
        },
        Keys::Text { .. } | Keys::Ref { .. } => Ok(key.to_owned()),
    }
}

fn below<'v>(value: &'v Value, step: &Step) -> Option<&'v Value> {
    match (value, step) {
        (Value::Table(table), Step::Key(key)) => get(table, key),
        (Value::List(items), Step::Index(index)) => items.get(*index),
        _ => None,
    }
}

/// The entry that `named` names: by values of the list's key, or by its index.
fn index(
    named: &[String],
    field: Option<&Field>,
    here: Option<&Value>,
    path: &KeyPath,
) -> Result<usize, Fault> {
    let wrap = here.map(|list| vec![("list".to_owned(), list.clone())]).unwrap_or_default();
    let known: Vec<&Table> = entries(&wrap, "list").collect();
    let key = field.map(|field| field.key.as_slice()).unwrap_or_default();
    let spelt = |entry: &Table, key: &String| match get(entry, key) {
        Some(Value::Text(words)) => Some(words.clone()),
        other => other.map(inline),
    };
    let values = |entry: &Table| key.iter().filter_map(|key| spelt(entry, key)).collect::<Vec<String>>();
    let is_meant = |entry: &Table| {
        let values = values(entry);
        named.iter().all(|name| values.contains(name))
    };
    // Of several, the one of which everything is named: another one of the day has a number more.
    let is_whole = |entry: &Table| values(entry).iter().all(|value| named.contains(value));
    let meant: Vec<(usize, &Table)> =
        known.iter().copied().enumerate().filter(|(_, entry)| is_meant(entry)).collect();
    let whole: Vec<_> = meant.iter().copied().filter(|(_, entry)| is_whole(entry)).collect();
    let meant = if meant.len() > 1 && whole.len() == 1 { whole } else { meant };
    let name = named.join(", ");
    let by_number = || name.parse().ok().filter(|index| *index < known.len());
    match meant.as_slice() {
        [(index, _)] => Ok(*index),
        [] => by_number().or_else(|| told(named, &known)).ok_or_else(|| unnamed(&name, key, &known, path)),
        _ => told(named, &known).ok_or_else(|| {
            let keys = Message::list(key);
            Fault::new(path, msg!(entry::SEVERAL, path = path.to_string(), name = name, keys = keys))
        }),
    }
}

/// The one entry that has all these values, whether they are of its key or not.
fn told(named: &[String], known: &[&Table]) -> Option<usize> {
    let is_said = |value: &Value, name: &String| match value {
        Value::Text(words) => words == name,
        other => inline(other) == *name,
    };
    let has = |entry: &Table, name: &String| entry.iter().any(|(_, value)| is_said(value, name));
    let mut found = known.iter().enumerate().filter(|(_, entry)| named.iter().all(|name| has(entry, name)));
    let (index, _) = found.next()?;
    found.next().is_none().then_some(index)
}

/// The fault of naming no entry, with the entries there are by the first value of their key.
fn unnamed(name: &str, key: &[String], known: &[&Table], path: &KeyPath) -> Fault {
    let fault = Fault::new(path, msg!(entry::NO_ENTRY, path = path.to_string(), name = name));
    let first = |entry: &&Table| match get(entry, key.first()?)? {
        Value::Text(words) => Some(words.clone()),
        other => Some(inline(other)),
    };
    let mut names: Vec<String> = known.iter().filter_map(first).collect();
    names.dedup();
    match names.as_slice() {
        [] => fault,
        [.., last] => {
            let near = nearest(name, names.iter().map(String::as_str)).unwrap_or(last);
            fault.with_help(msg!(entry::ENTRIES, path = path.to_string(), count = known.len(), near = near))
        }
    }
}

impl Spot {
    /// What setting it to the words typed means: the path and the value to stand there; no words, no value.
    pub fn set(&self, words: &str, defaults: &Defaults) -> Result<(KeyPath, Option<Value>), Vec<Fault>> {
        if words.is_empty() {
            return Ok((self.path.clone(), None));
        }
        let defaults = &Defaults { field: self.field, ..defaults.clone() };
        let value = value(self.kind, &Given::Text(words.to_owned()), &self.path, defaults)?;
        let Some((way, table)) = &self.widened else { return Ok((self.path.clone(), Some(value))) };
        let Some(Step::Key(key)) = self.path.0.get(way.0.len()) else {
            return Ok((self.path.clone(), Some(value)));
        };
        if table.iter().any(|(first, _)| first == key) {
            return Ok((way.clone(), Some(value)));
        }
        let widened = table.iter().cloned().chain([(key.clone(), value)]).collect();
        Ok((way.clone(), Some(Value::Table(widened))))
    }
}

#[cfg(test)]
mod tests {
    use super::super::present::read;
    use super::*;
    use crate::record::kind::RecordKind;

    const CLIENT: &str = "results.2026-10 = { deposits = 5100 }\n[[visits]]\ndate = 2026-10-09\nby = 'a'\nkind = 'call'\n\
                          [[visits]]\ndate = 2026-10-09\nby = 'b'\nkind = 'call'\n\
                          next = [{ what = 'a], b' }, { what = 'c', due = 2026-10-20 }, { what = 'c', due = 2026-10-30 }, { what = 'd\"' }]\n";

    fn set(pair: &str) -> Result<String, String> {
        let shape = RecordKind::Client.shape();
        let defaults = Defaults {
            today: "2026-11-24".parse().unwrap(),
            lead: None,
            live: false,
            around: None,
            field: None,
        };
        let (parts, words) = split(pair).ok_or("no pair")?;
        let said = |fault: &Fault| fault.words(crate::text::Lang::En);
        let spot = find(&parts, shape, &read(CLIENT, shape), &defaults).map_err(|fault| said(&fault))?;
        let (path, value) = spot.set(words, &defaults).map_err(|faults| said(&faults[0]))?;
        Ok(format!("{path} = {}", value.map_or("-".to_owned(), |value| inline(&value))))
    }

    #[test]
    fn a_typed_path_means_one_place_and_its_type() {
        for (pair, expected) in [
            ("tier=KEY", "tier = \"key\""),
            ("note=a = [b]", "note = \"a = [b]\""),
            ("note=", "note = -"),
            ("aliases=A; B", "aliases = [\"A\", \"B\"]"),
            ("aliases=[\"A; B\"]", "aliases = [\"A; B\"]"),
            ("results.last-month.loans=3000", "results.2026-10.loans = 3000"),
            ("results.2026-10.deposits=5200", "results.2026-10.deposits = 5200"),
            ("results.2026-10.deposits.avg=5200", "results.2026-10.deposits = 5200"),
            ("results.2026-10.deposits.end=5350", "results.2026-10.deposits = { avg = 5100, end = 5350 }"),
            ("results.2026-09.deposits.end=1", "results.2026-09.deposits.end = 1"),
            ("visits[2026-10-09, b].summary=x", "visits[1].summary = \"x\""),
            ("visits[\"2026-10-09\",\"b\"].summary=x", "visits[1].summary = \"x\""),
            ("visits[1].next[\"a], b\"].done=today", "visits[1].next[0].done = 2026-11-24"),
            ("visits[1].next[c,2026-10-30].done=today", "visits[1].next[2].done = 2026-11-24"),
            ("visits[1].next['d\"'].done=today", "visits[1].next[3].done = 2026-11-24"),
            ("visits[0].date=yesterday", "visits[0].date = 2026-11-23"),
            ("visits[0].date=friday", "visits[0].date = 2026-11-20"),
            ("base.\"2026\".deposits=1", "base.2026.deposits = 1"),
        ] {
            assert_eq!(set(pair).as_deref(), Ok(expected), "{pair}");
        }
    }

    #[test]
    fn what_is_no_place_is_said_so() {
        for (pair, expected) in [
            ("tier", "no pair"),
            ("teir=key", "no field is called `teir` (a similar name exists: `tier`)"),
            ("tier.x=1", "`tier` has no parts"),
            ("tier[0]=1", "`tier` is no list; leave `[0]` out"),
            (
                "visits[2026-10-09].kind=call",
                "several entries of `visits` are called `2026-10-09`; add more of date, by, kind, n",
            ),
            (
                "visits[7].kind=call",
                "no entry of `visits` is called `7` (`visits` holds 2, such as `2026-10-09`)",
            ),
            ("visits[\"7].kind=call", "no pair"),
            ("note=…", "put words of your own in place of `…`"),
            ("manager=…", "put the id of a manager in place of `…`"),
            (
                "visits[0].date=…",
                "put a date such as 2026-10-09, `yesterday` or `3 days ago` in place of `…`",
            ),
            ("results.2026-13.loans=1", "expected a month such as 2026-10, found `2026-13`"),
        ] {
            assert_eq!(set(pair), Err(expected.to_owned()), "{pair}");
        }
    }
}
