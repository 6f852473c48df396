//! Changes to a document, by splicing text: every byte a change does not mean stays.
//!
//! [`apply`] takes a text and changes and gives the new text. Comments, order, spacing, line ends, the byte order mark
//! and a missing final newline survive, because nothing is printed anew: `layout` says what each line is, `place` and
//! `inline` where new text goes, [`render`] how it is written. The result is read again and must mean exactly the old
//! document with the changes and have no fault more; a document with faults elsewhere can be edited all the same.
//!
//! [`format()`] is the other way to a text: the whole document in canonical style (`style`, `spell`), which new text already
//! is in. [`sorted()`] moves whole entries of a list.
//!
//! A new kind of change is a variant of [`Change`], its meaning in `tree`, its splices here and its arm in `batch`.

use std::fmt;
use std::ops::Range;

use crate::source::{KeyPath, Step};

mod batch;
mod comments;
mod inline;
mod layout;
mod order;
mod place;
pub mod render;
mod sorted;
mod spell;
mod style;
#[cfg(test)]
mod tests;
mod tree;

pub use comments::comments;
pub use order::Order;
pub use sorted::sorted;
pub use style::format;

use batch::Group;
use layout::Layout;
use place::Place;
use render::{Table, Value};

/// One change to a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Gives the value at a path, making the key and the tables around it where they are missing.
    Set {
        /// The path; an index must exist.
        path: KeyPath,
        /// Its new value.
        value: Value,
    },
    /// Removes a key, a table or an entry with all below it; nothing happens where it is absent.
    Unset {
        /// The path.
        path: KeyPath,
    },
    /// Adds an entry to a list of tables.
    Insert {
        /// The list, which need not exist.
        list: KeyPath,
        /// The entry; its own lists of tables become `[[sections]]` below it.
        entry: Table,
        /// The key whose value (a date, month or text) orders the list; equal ones stand in the order they came.
        sort: Option<&'static str>,
    },
    /// Gives a key another name, wherever it is written.
    RenameKey {
        /// The path that ends with the key.
        path: KeyPath,
        /// Its new name.
        to: String,
    },
}

/// Why a change was refused; the text is untouched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EditError {
    /// The path, or the entry it goes through, does not exist.
    NotThere(KeyPath),
    /// A table with lines of its own stands where a single value was to be written.
    IsTable(KeyPath),
    /// A single value stands where a table was expected.
    NotATable(KeyPath),
    /// Something else stands where a list of tables was expected.
    NotAList(KeyPath),
    /// The text given as a value is none.
    NoValue(String),
    /// A key would stand twice in one table.
    Twice(String),
    /// The result would not mean what was asked: a fault elsewhere in the document is in the way.
    Unsafe,
}

impl fmt::Display for EditError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotThere(path) => write!(f, "there is no `{path}`"),
            Self::IsTable(path) => {
                write!(f, "`{path}` is a table with lines of its own; set a key in it, or remove it first")
            }
            Self::NotATable(path) => write!(f, "`{path}` cannot be set: a single value stands above it"),
            Self::NotAList(path) => {
                write!(f, "`{path}` is not a list of tables; write its entries as `[[{path}]]` sections")
            }
            Self::NoValue(text) => write!(f, "`{text}` is not a TOML value"),
            Self::Twice(key) => write!(f, "`{key}` would stand there twice"),
            Self::Unsafe => write!(f, "a syntax fault in the file is in the way; mend it first"),
        }
    }
}

impl std::error::Error for EditError {}

impl EditError {
    /// The same about the whole path, where only its end was in view.
    fn about(self, path: &KeyPath) -> Self {
        match self {
            Self::NotThere(_) => Self::NotThere(path.clone()),
            Self::IsTable(_) => Self::IsTable(path.clone()),
            Self::NotATable(_) => Self::NotATable(path.clone()),
            Self::NotAList(_) => Self::NotAList(path.clone()),
            other => other,
        }
    }
}

/// Text to stand where a range of bytes stood.
#[derive(Debug)]
struct Splice {
    range: Range<usize>,
    text: String,
}

/// `text` after all changes, one after another: a path means the document as the changes before it left it.
pub fn apply(text: &str, changes: &[Change], order: &Order) -> Result<String, EditError> {
    let (mut tree, faults) = tree::read(text);
    let mut out = text.to_owned();
    let mut rest = changes;
    while !rest.is_empty() {
        (out, rest) = batch::make(out, &mut tree, rest, order)?;
    }
    let (meant, now) = tree::read(&out);
    for change in changes {
        if let Change::Unset { path } = change {
            tree.forget_empty(path, &meant);
        }
    }
    if !meant.means(&tree) || !contains_all(&faults, &now) {
        return Err(EditError::Unsafe);
    }
    Ok(out)
}

fn set(layout: &Layout<'_>, path: &KeyPath, value: &Value, order: &Order) -> Result<Vec<Splice>, EditError> {
    match layout.place(&path.0) {
        Place::Pair(at) => {
            let range = layout.items[at].value().ok_or(EditError::Unsafe)?;
            Ok(vec![Splice { range, text: render::alone(value, layout.newline) }])
        }
        Place::Inside { pair, depth } => {
            let range = layout.items[pair].value().ok_or(EditError::Unsafe)?;
            let (above, rest) = path.0.split_at(depth);
            let order = order.at(above.iter().filter_map(Step::key));
            inline::set(layout.text, &range, rest, value, order).map_err(|error| error.about(path))
        }
        Place::Absent => Ok(vec![place::create(layout, path, value, order)?]),
        Place::Section(_) | Place::Dotted { .. } | Place::Implied { .. } => {
            Err(EditError::IsTable(path.clone()))
        }
    }
}

fn unset(layout: &Layout<'_>, path: &KeyPath) -> Result<Vec<Splice>, EditError> {
    if let Place::Inside { pair, depth } = layout.place(&path.0) {
        let range = layout.items[pair].value().ok_or(EditError::Unsafe)?;
        return inline::unset(layout.text, &range, &path.0[depth..]).map_err(|error| error.about(path));
    }
    let remove = |range| Splice { range, text: String::new() };
    let is_below = |item: &layout::Item| !item.path.0.is_empty() && item.path.0.starts_with(&path.0);
    let mut splices = Vec::new();
    let mut at = 0;
    while let Some(item) = layout.items.get(at) {
        let below = is_below(item);
        if below && item.is_header() {
            let mut end = layout.section(at).end;
            while layout.items.get(end).is_some_and(is_below) {
                end = layout.section(end).end;
            }
            splices.push(remove(section_bytes(layout, at, end)));
            at = end;
        } else {
            if below {
                splices.push(remove(item.range.clone()));
            }
            at += 1;
        }
    }
    Ok(splices)
}

/// The bytes of the section from header `at` to before item `end`, with the comments and one run of blank lines it owns.
fn section_bytes(layout: &Layout<'_>, at: usize, end: usize) -> Range<usize> {
    let mut first = layout.attached(at);
    if end < layout.items.len() {
        return layout.start_of(first)..layout.start_of(layout.attached(end));
    }
    while first > 0 && layout.items[first - 1].is_blank() {
        first -= 1;
    }
    layout.start_of(first)..layout.text.len()
}

fn insert(
    layout: &Layout<'_>,
    list: &KeyPath,
    groups: &[Group<'_>],
    order: &Order,
) -> Result<Vec<Splice>, EditError> {
    let headers = layout.entries(list);
    if let Some(last) = headers.last() {
        let end = layout.end_of(&layout.items[*last].path.0);
        let at = |before: usize| Some(headers.get(before).copied().unwrap_or(end));
        let splice = |(before, new): &Group<'_>| place::entries(layout, list, at(*before), new, order);
        return groups.iter().map(splice).collect();
    }
    let (pair, depth) = match layout.place(&list.0) {
        Place::Pair(pair) => (pair, list.0.len()),
        Place::Inside { pair, depth } => (pair, depth),
        Place::Absent => {
            let all: Vec<&Table> = groups.iter().flat_map(|(_, new)| new.iter().copied()).collect();
            return Ok(vec![place::entries(layout, list, None, &all, order)?]);
        }
        _ => return Err(EditError::NotAList(list.clone())),
    };
    let range = layout.items[pair].value().ok_or(EditError::Unsafe)?;
    inline::insert(layout.text, &range, &list.0[depth..], groups).map_err(|error| error.about(list))
}

fn rename(layout: &Layout<'_>, path: &KeyPath, to: &str) -> Vec<Splice> {
    let mut tokens = Vec::new();
    for item in &layout.items {
        if item.path.0.starts_with(&path.0) {
            let written = item.keys.iter().find(|token| token.depth == path.0.len());
            tokens.extend(written.map(|token| token.range.clone()));
        } else if let Some(value) = item.value().filter(|_| path.0.starts_with(&item.path.0)) {
            tokens.extend(inline::key_tokens(layout.text, &value, &path.0[item.path.0.len()..]));
        }
    }
    tokens.into_iter().map(|range| Splice { range, text: render::key(to) }).collect()
}

/// `value` below keys that do not exist yet.
fn nested(keys: &[&str], value: &Value) -> Value {
    keys.iter().rev().fold(value.clone(), |value, key| Value::Table(vec![((*key).to_owned(), value)]))
}

/// `text` with splices that do not overlap; those at one place stand in the order they came.
fn splice(text: &str, mut splices: Vec<Splice>) -> String {
    splices.sort_by_key(|splice| splice.range.start);
    let mut out =
        String::with_capacity(text.len() + splices.iter().map(|splice| splice.text.len()).sum::<usize>());
    let mut from = 0;
    for splice in splices {
        out.push_str(&text[from..splice.range.start]);
        out.push_str(&splice.text);
        from = splice.range.end;
    }
    out + &text[from..]
}

/// Whether every one of `some` (sorted) is among `all` (sorted), as often.
fn contains_all(all: &[String], some: &[String]) -> bool {
    let mut all = all.iter();
    some.iter().all(|wanted| all.any(|one| one == wanted))
}
