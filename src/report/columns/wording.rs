//! What people read above columns: the words of keys, in both languages.

use crate::msg;
use crate::record::kind::RecordKind;
use crate::record::shape::Doc;
use crate::text::{Lang, Text, report};

/// What people read above a column: the English key in words, and the Chinese doc without what it adds in brackets.
pub(super) fn heading(key: &str, doc: &'static Doc) -> Text {
    Text::new(shown(key), doc.short())
}

/// A key in words: `credit_code`, `Credit code`. A sheet lives as long as the program, and so do its headings.
pub(super) fn shown(key: &str) -> &'static str {
    let spelled = |word: &str| {
        let as_people = SPELLED.iter().find(|known| known.eq_ignore_ascii_case(word));
        as_people.map_or_else(|| word.to_owned(), |known| (*known).to_owned())
    };
    let mut words = key.split('_').map(spelled).collect::<Vec<_>>().join(" ");
    let is_word = !SPELLED.iter().any(|known| words.split(' ').next() == Some(*known));
    if let Some(first) = words.get_mut(..1).filter(|_| is_word) {
        first.make_ascii_uppercase();
    }
    words.leak()
}

/// Words of keys that people spell in a way of their own.
const SPELLED: [&str; 3] = ["eNPS", "FTP", "NPL"];

/// A part's heading with that of its whole before it.
pub(super) fn of(part: Text, whole: Text) -> Text {
    let title = msg!(report::OF, part = part, whole = whole);
    Text::new(title.get(Lang::En).leak(), title.get(Lang::Zh).leak())
}

/// What people call a kind of record above a column.
pub(super) fn named(record: RecordKind) -> Text {
    Text::new(shown(record.name()), record.title().zh)
}

/// The plural of an entry's word: `loan_checks`, `opportunities`.
pub(super) fn plural(word: &str) -> String {
    match word.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{stem}ies"),
        _ => format!("{word}s"),
    }
}
