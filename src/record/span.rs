//! Where a key path stands in a record's text.
//!
//! Findings carry key paths; their bytes are looked up here, from the text alone, only when one is shown or edited. The
//! parse recovers from syntax faults, so that a place in a broken record is found too.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::recover::recoverable;
use super::words;
use crate::source::{FileId, KeyPath, LineColumn, Lines, Place, Sources, Step, Target};

/// Where a place stands in its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stand {
    /// Its bytes.
    pub range: Range<usize>,
    /// Line and column of its first byte.
    pub start: LineColumn,
    /// Line and column after its last byte.
    pub end: LineColumn,
}

/// Where each of these places stands; a file is parsed once however many of them are in it.
pub fn stands<'p>(
    places: impl IntoIterator<Item = &'p Place>,
    sources: &Sources,
) -> BTreeMap<&'p Place, Stand> {
    let mut by_file: BTreeMap<FileId, Vec<&Place>> = BTreeMap::new();
    for place in places {
        by_file.entry(place.file).or_default().push(place);
    }
    let mut stands = BTreeMap::new();
    for (file, places) in by_file {
        let text = &sources.get(file).text;
        let recovered = recoverable(text);
        let (spans, lines) = (Spans::new(&recovered), Lines::new(text));
        stands.extend(places.into_iter().map(|place| {
            let found = match &place.target {
                Target::Bytes { start, end } => *start..*end,
                Target::File | Target::Value(_) | Target::Key(_) | Target::Part { .. } => {
                    spans.get(&place.target)
                }
            };
            // The recovered text has blanks where the file may have longer characters.
            let range = within(text, found);
            let (start, end) = (lines.line_column(range.start), lines.line_column(range.end));
            (place, Stand { range, start, end })
        }));
    }
    stands
}

/// `FILE:LINE` of each of these places.
pub fn lines<'p>(
    places: impl IntoIterator<Item = &'p Place>,
    sources: &Sources,
) -> BTreeMap<&'p Place, String> {
    let said = |(place, stand): (&'p Place, Stand)| {
        (place, format!("{}:{}", sources.get(place.file).path, stand.start.line))
    };
    stands(places, sources).into_iter().map(said).collect()
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

    /// The path of the innermost key that stands, itself or by its value, at a byte.
    pub fn path_at(&self, byte: usize) -> Option<KeyPath> {
        let mut path = KeyPath::ROOT;
        innermost(&self.root, byte, &mut path).then_some(path)
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

/// Leads `path` to the key at `byte` below `table`; says whether there is one.
fn innermost(table: &DeTable<'_>, byte: usize, path: &mut KeyPath) -> bool {
    table.iter().any(|(key, value)| {
        path.0.push(key.get_ref().as_ref().into());
        let here = key.span().contains(&byte) || below(value, byte, path) || value.span().contains(&byte);
        if !here {
            path.0.pop();
        }
        here
    })
}

fn below(value: &Spanned<DeValue<'_>>, byte: usize, path: &mut KeyPath) -> bool {
    match value.get_ref() {
        DeValue::Table(table) => innermost(table, byte, path),
        DeValue::Array(list) => list.iter().enumerate().any(|(index, item)| {
            path.0.push(index.into());
            let here = below(item, byte, path);
            if !here {
                path.0.pop();
            }
            here
        }),
        _ => false,
    }
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
    use crate::source::Source;

    fn span(text: &str, target: Target) -> Range<usize> {
        let sources = Sources::new(vec![Source { path: "a.toml".into(), text: text.into() }]);
        let place = Place { file: sources.find("a.toml").unwrap(), target };
        stands([&place], &sources)[&place].range.clone()
    }

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
    fn shows(target: Target, expected: &str) {
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
            shows(Target::Value(path), expected);
        }
        let second = span(RECORD, Target::Value(path!["visits", 1]));
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
            shows(Target::Key(path), expected);
        }
    }

    #[test]
    fn an_absent_path_shows_its_nearest_parent() {
        shows(Target::Value(path!["visits", 0, "by"]), "[[visits]]");
        shows(Target::Key(path!["results", "2026-10", "loans"]), "{ deposits = 5200 }");
        shows(Target::Value(path!["visits", 1, "met", 9, "x"]), "[\"李明\", \"赵\"]");
        shows(Target::Value(path!["nothing", "here"]), "");
        shows(Target::Value(KeyPath::ROOT), "");
    }

    #[test]
    fn part_of_the_words_is_found_behind_escapes() {
        let text = "a = \"b \\\"名\\\" > c\"\nn = 5\n";
        let part = |key: &str, start, end| Target::Part { path: path![key], start, end };
        assert_eq!(&text[span(text, part("a", 2, 7))], "\\\"名\\\"");
        assert_eq!(&text[span(text, part("a", 10, 11))], "c");
        assert_eq!(&text[span(text, part("n", 0, 1))], "5");
    }

    #[test]
    fn a_fault_elsewhere_does_not_hide_a_place() {
        let text = "a = = 1\nb\nc = \"x\nd = 4\n[t]\ne = 5\n";
        assert_eq!(&text[span(text, Target::Value(path!["t", "e"]))], "5");
    }

    #[test]
    fn bytes_are_cut_to_whole_characters() {
        assert_eq!(span("名", Target::Bytes { start: 1, end: 2 }), 0..3);
        assert_eq!(span("名", Target::Bytes { start: 9, end: 99 }), 3..3);
    }
}
