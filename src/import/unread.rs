//! What is wrong with a mapping file, in the words of the catalogue: the reader of TOML says it in English alone.

use std::fmt::Write as _;

use crate::msg;
use crate::source::{LineColumn, Lines};
use crate::text::{Message, Text, entry, finding};

/// A mapping file that cannot be read: where, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// The place, `:2:10` behind the file's name; nothing where the whole file is meant.
    pub place: String,
    /// What is wrong there.
    pub words: Message,
}

/// What stands in place of a field that takes a column.
pub(super) const A_COLUMN: Text = entry::A_COLUMN;
/// What a table that takes its value from several places is told.
pub(super) const ONE_SOURCE: Text = entry::ONE_SOURCE;

/// What the reader expects, in its own words, and in ours.
const EXPECTED: [(&str, Text); 6] = [
    ("a boolean", finding::A_FLAG),
    ("a character", entry::A_CHARACTER),
    ("a string", finding::A_TEXT),
    ("a sequence", finding::A_LIST),
    ("a map", finding::A_TABLE),
    (A_COLUMN.en, A_COLUMN),
];

impl Unread {
    /// Of a text that the reader refuses.
    pub(super) fn of(text: &str, error: &toml::de::Error) -> Self {
        let mut place = String::new();
        if let Some(span) = error.span() {
            let LineColumn { line, column } = Lines::new(text).line_column(span.start);
            // Writing to a text never fails.
            _ = write!(place, ":{line}:{column}");
        }
        Self { place, words: said(error.message()) }
    }
}

/// The reader's words in both languages.
fn said(reason: &str) -> Message {
    let quoted = |words: &str| words.split('`').nth(1).unwrap_or(words).to_owned();
    if let Some(key) = reason.strip_prefix("missing field ") {
        return msg!(entry::KEY_LACKS, key = quoted(key));
    }
    if let Some((key, known)) = reason.strip_prefix("unknown field ").and_then(|it| it.split_once(", ")) {
        let known: Vec<&str> = known.split('`').skip(1).step_by(2).collect();
        return msg!(entry::NO_KEY, key = quoted(key), known = Message::list(&known));
    }
    let is_value = reason.starts_with("invalid type: ") || reason.starts_with("invalid value: ");
    if let Some((_, expected)) = reason.split_once(", expected ").filter(|_| is_value) {
        let ours = EXPECTED.iter().find(|(theirs, _)| *theirs == expected);
        let what = ours.map_or_else(|| Message::verbatim(expected), |(_, text)| (*text).into());
        return msg!(entry::EXPECTED, what = what);
    }
    if reason == ONE_SOURCE.en {
        return ONE_SOURCE.into();
    }
    msg!(finding::SYNTAX, reason = reason)
}

#[cfg(test)]
mod tests {
    use super::super::mapping::Mapping;
    use crate::text::Lang;

    #[test]
    fn what_a_mapping_lacks_is_said_in_both_languages() {
        let head = "record = 'client'\n";
        for (text, place, en, zh) in [
            (head.to_owned(), ":1:1", "`fields` is missing", "缺少“fields”"),
            (
                "record = 3\n[fields]\n".to_owned(),
                ":1:10",
                "expected the name of a column, or a table such as { column = \"…\", values = { … } }",
                "应为列名，或 { column = \"…\", values = { … } } 之类的表",
            ),
            (
                format!("{head}[fields]\na = {{ column = 'x', constant = 'y' }}\n"),
                ":3:5",
                "one of `column`, `constant` and `template` is needed",
                "`column`、`constant`、`template` 须且仅须填写一项",
            ),
            (
                format!("{head}update = 'x'\n[fields]\n"),
                ":2:10",
                "expected true or false",
                "应为true 或 false",
            ),
            (format!("{head}decimal = 'xx'\n[fields]\n"), ":2:11", "expected one character", "应为单个字符"),
            (
                "record = { column = 'a', lookup = { fiel = 'x' } }\n[fields]\n".to_owned(),
                ":1:37",
                "there is no key `fiel`; there are: file, key, value",
                "没有键“fiel”，可用：file、key、value",
            ),
        ] {
            let unread = Mapping::read(&text).unwrap_err();
            let said = [Lang::En, Lang::Zh].map(|lang| unread.words.get(lang));
            assert_eq!((&*unread.place, said), (place, [en, zh].map(str::to_owned)), "{text}");
        }
        let syntax = Mapping::read("x = [\n").unwrap_err().words.get(Lang::Zh);
        assert!(syntax.starts_with("TOML 语法错误："), "{syntax}");
    }
}
