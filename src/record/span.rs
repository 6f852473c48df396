//! Where a key path stands in a record's text.
//!
//! Findings carry key paths; their bytes are looked up here, from the text alone, only when one is shown or edited. The
//! parse recovers from syntax faults, so that a place in a broken record is found too.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::recover::recoverable;
use super::words;
use crate::source::{KeyPath, Step, Target};

/// The bytes of `target` in `text`; for several targets of one file, make [`Spans`] once.
pub fn span(text: &str, target: &Target) -> Range<usize> {
    match target {
        Target::File => 0..0,
        Target::Bytes { start, end } => within(text, *start..*end),
        Target::Value(_) | Target::Key(_) | Target::Part { .. } => Spans::new(&recoverable(text)).get(target),
    }
}

/// One parsed text, for looking up many places in it.
pub struct Spans<'t> {
    text: &'t str,
    root: DeTable<'t>,
}

impl<'t> Spans<'t> {
    /// Parses `text`, best made [`recoverable`], whatever faults it has.
    pub fn new(text: &'t str) -> Self {
        Self { text, root: DeTable::parse_recoverable(text).0.into_inner() }
    }

    /// The bytes of `target`: a value, a key, or the header of a table or entry. Where the path is absent, those of its
    /// nearest parent; of the record itself, the start of the text.
    pub fn get(&self, target: &Target) -> Range<usize> {
        let range = match target {
            Target::File => 0..0,
            Target::Bytes { start, end } => *start..*end,
            Target::Value(path) => self.walk(path).value,
            Target::Key(path) => {
                let found = self.walk(path);
                found.key.unwrap_or(found.value)
            }
            Target::Part { path, start, end } => {
                let value = within(self.text, self.walk(path).value);
                let part = words::part(&self.text[value.clone()], *start..*end);
                part.map_or(value.clone(), |part| value.start + part.start..value.start + part.end)
            }
        };
        within(self.text, range)
    }

    fn walk(&self, path: &KeyPath) -> Found {
        let mut found = Found { key: None, value: 0..0 };
        let Some((Step::Key(first), rest)) = path.0.split_first() else { return found };
        let Some((key, mut value)) = entry(&self.root, first) else { return found };
        found = Found { key: Some(key.clone()), value: value.span() };
        for step in rest {
            let next = match (step, value.get_ref()) {
                (Step::Key(name), DeValue::Table(table)) => {
                    entry(table, name).map(|(key, value)| (Some(key), value))
                }
                (Step::Index(index), DeValue::Array(list)) => list.get(*index).map(|value| (None, value)),
                _ => None,
            };
            let Some((key, below)) = next else {
                return Found { key: None, value: found.value };
            };
            value = below;
            found = Found { key, value: value.span() };
        }
        found
    }
}

/// Where a path ends: the last key, unless that step was an index or absent, and the value.
struct Found {
    key: Option<Range<usize>>,
    value: Range<usize>,
}

fn entry<'a, 't>(table: &'a DeTable<'t>, key: &str) -> Option<(Range<usize>, &'a Spanned<DeValue<'t>>)> {
    table.get_key_value(key).map(|(key, value)| (key.span(), value))
}

/// `range` cut to the text and to whole characters.
fn within(text: &str, range: Range<usize>) -> Range<usize> {
    let start = text.floor_char_boundary(range.start);
    let end = text.ceil_char_boundary(range.end);
    start..end.max(start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path;

    const RECORD: &str = "\u{feff}name = \"华东精密\"\r\n\
        base = { 2026 = { deposits = 4800 } }\r\n\
        [results]\r\n\
        2026-10 = { deposits = 5200 }\r\n\
        [\"客户 经理\".\"王芳\"]\r\n\
        share = 70\r\n\
        [[visits]] # first\r\n\
        date = 2026-10-01\r\n\
        [[visits]]\r\n\
        met = [\"李明\", \"赵\"]\r\n\
        [[visits.next]]\r\n\
        what = \"send\"\r\n";

    #[track_caller]
    fn shows(target: &Target, expected: &str) {
        assert_eq!(&RECORD[span(RECORD, target)], expected);
    }

    #[test]
    fn values_of_every_kind_are_found() {
        for (path, expected) in [
            (path!["name"], "\"华东精密\""),
            (path!["base", "2026", "deposits"], "4800"),
            (path!["results"], "[results]"),
            (path!["results", "2026-10", "deposits"], "5200"),
            (path!["客户 经理", "王芳", "share"], "70"),
            (path!["客户 经理"], "\"客户 经理\""),
            (path!["visits", 0], "[[visits]]"),
            (path!["visits", 1, "met", 1], "\"赵\""),
            (path!["visits", 1, "next", 0, "what"], "\"send\""),
        ] {
            shows(&Target::Value(path), expected);
        }
        let second = span(RECORD, &Target::Value(path!["visits", 1]));
        assert_eq!(second.start, RECORD.rfind("[[visits]]").unwrap());
    }

    #[test]
    fn keys_are_found_as_written() {
        for (path, expected) in [
            (path!["name"], "name"),
            (path!["客户 经理", "王芳"], "\"王芳\""),
            (path!["visits", 1, "met"], "met"),
            (path!["visits", 1], "[[visits]]"),
        ] {
            shows(&Target::Key(path), expected);
        }
    }

    #[test]
    fn an_absent_path_shows_its_nearest_parent() {
        shows(&Target::Value(path!["visits", 0, "by"]), "[[visits]]");
        shows(&Target::Key(path!["results", "2026-10", "loans"]), "{ deposits = 5200 }");
        shows(&Target::Value(path!["visits", 1, "met", 9, "x"]), "[\"李明\", \"赵\"]");
        shows(&Target::Value(path!["nothing", "here"]), "");
        shows(&Target::Value(KeyPath::ROOT), "");
    }

    #[test]
    fn part_of_the_words_is_found_behind_escapes() {
        let text = "a = \"b \\\"名\\\" > c\"\nn = 5\n";
        let part = |key: &str, start, end| Target::Part { path: path![key], start, end };
        assert_eq!(&text[span(text, &part("a", 2, 7))], "\\\"名\\\"");
        assert_eq!(&text[span(text, &part("a", 10, 11))], "c");
        assert_eq!(&text[span(text, &part("n", 0, 1))], "5");
    }

    #[test]
    fn a_fault_elsewhere_does_not_hide_a_place() {
        let text = "a = = 1\nb\nc = \"x\nd = 4\n[t]\ne = 5\n";
        assert_eq!(&text[span(text, &Target::Value(path!["t", "e"]))], "5");
    }

    #[test]
    fn bytes_are_cut_to_whole_characters() {
        assert_eq!(span("名", &Target::Bytes { start: 1, end: 2 }), 0..3);
        assert_eq!(span("名", &Target::Bytes { start: 9, end: 99 }), 3..3);
    }
}
