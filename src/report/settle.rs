//! The commands that settle what is owed, as a shell takes them.

use crate::book::Book;
use crate::record::kind::RecordKind;

/// How something owed is settled.
pub(super) enum Settle<'a> {
    /// By an entry: `rmbook add WORD ID FLAGS`.
    Add(&'a str, String),
    /// By fields: `rmbook set ID 'KEY=VALUE' …`.
    Set(Vec<String>),
}

impl<'a> Settle<'a> {
    /// By an entry without flags.
    pub(super) fn add(word: &'a str) -> Self {
        Self::Add(word, String::new())
    }

    /// By one field.
    pub(super) fn set(pair: impl Into<String>) -> Self {
        Self::Set(vec![pair.into()])
    }

    /// The command for a record as commands name it.
    pub(super) fn command(self, record: &str) -> String {
        match self {
            Self::Add(word, flags) => format!("rmbook add {word} {record}{flags}"),
            Self::Set(pairs) => {
                let pairs: Vec<String> = pairs.iter().map(|pair| quoted(pair)).collect();
                format!("rmbook set {record} {}", pairs.join(" "))
            }
        }
    }
}

/// A word as a shell takes it, in quotes where it needs them.
pub(super) fn quoted(word: &str) -> String {
    if word.chars().all(is_plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

fn is_plain(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '=' | '/')
}

/// An entry as `set` names it: by its id where that is a plain word, else by its index.
pub(super) fn by_id(list: &str, id: &str, index: usize) -> String {
    let plain = !id.is_empty() && id.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    if plain { format!("{list}[{id}]") } else { format!("{list}[{index}]") }
}

/// The record as commands name it: its id, with its kind before it where other kinds have the id too.
pub(super) fn reference(book: &Book, kind: RecordKind, id: &str) -> String {
    let homes = RecordKind::ALL.iter().filter(|kind| kind.is_many());
    let homes = homes.filter(|kind| book.file(**kind, id).is_some());
    if homes.count() > 1 { format!("{}/{id}", kind.name()) } else { id.to_owned() }
}
