//! A document as its lines: what each stretch of bytes is, and which path it gives a value.
//!
//! A tree of values forgets comments, blank lines and the order things stand in; this keeps them and nothing else. It
//! covers every byte: the ranges of the items, one after another, are the text.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use toml_parser::Source;
use toml_parser::parser::{Event, EventKind};

use crate::record::recover::events;
use crate::source::{KeyPath, Step};

/// One key as it is written.
#[derive(Clone, Debug)]
pub(super) struct Token {
    /// The key it means.
    pub(super) name: String,
    /// Its bytes, quotes included.
    pub(super) range: Range<usize>,
    /// How many steps of the item's path lead to it, itself included.
    pub(super) depth: usize,
}

/// What an item is.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// `[a.b]`, or `[[a.b]]` where `list`.
    Header {
        /// Whether it begins an entry of a list.
        list: bool,
    },
    /// `a.b = value`, and the bytes of the value.
    Pair {
        /// The value.
        value: Range<usize>,
    },
    /// A comment on a line of its own.
    Comment,
    /// An empty line.
    Blank,
    /// A line that is none of these.
    Stray,
}

/// One line, or several where a value spans them.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// What it is.
    pub(super) kind: Kind,
    /// All its bytes, line end included.
    pub(super) range: Range<usize>,
    /// The path a header or pair stands for; empty for others.
    pub(super) path: KeyPath,
    /// The keys it is written with.
    pub(super) keys: Vec<Token>,
}

impl Item {
    /// Whether it is a header of a table or entry.
    pub(super) fn is_header(&self) -> bool {
        matches!(self.kind, Kind::Header { .. })
    }

    /// Whether it is an empty line.
    pub(super) fn is_blank(&self) -> bool {
        matches!(self.kind, Kind::Blank)
    }

    /// The bytes of its value, where it is a pair.
    pub(super) fn value(&self) -> Option<Range<usize>> {
        match &self.kind {
            Kind::Pair { value } => Some(value.clone()),
            _ => None,
        }
    }
}

/// A document as its items.
pub(super) struct Layout<'t> {
    /// The document.
    pub(super) text: &'t str,
    /// What it is made of, in order, without a gap.
    pub(super) items: Vec<Item>,
    /// How its lines end; where they differ, as the first does.
    pub(super) newline: &'static str,
}

impl<'t> Layout<'t> {
    /// Takes a document apart, whatever faults it has.
    pub(super) fn new(text: &'t str) -> Self {
        let events = events(text);
        let mut paths = Paths::default();
        let mut items = Vec::new();
        let mut start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let mut rest = &events[..];
        while !rest.is_empty() {
            let (line, after) = rest.split_at(line_length(rest));
            let end =
                after.first().map_or(text.len(), |_| line.last().map_or(start, |last| last.span().end()));
            items.push(paths.place(read_item(text, line, start..end)));
            (start, rest) = (end, after);
        }
        let newline = match text.find('\n') {
            Some(at) if text[..at].ends_with('\r') => "\r\n",
            _ => "\n",
        };
        Self { text, items, newline }
    }

    /// The items of the section an item begins or lies in: its header, if it has one, and all before the next.
    pub(super) fn section(&self, item: usize) -> Range<usize> {
        let start = (0..=item).rev().find(|&at| self.items[at].is_header()).unwrap_or(0);
        let after = start + usize::from(self.items.get(start).is_some_and(Item::is_header));
        let end = (after..self.items.len()).find(|&at| self.items[at].is_header());
        start..end.unwrap_or(self.items.len())
    }

    /// The first of the comment lines right above an item, which belong to it; the item itself if there are none. A
    /// directive such as `#:schema` belongs to the file.
    pub(super) fn attached(&self, item: usize) -> usize {
        let is_remark = |item: &&Item| {
            matches!(item.kind, Kind::Comment) && !self.text[item.range.clone()].starts_with("#:")
        };
        item - self.items[..item].iter().rev().take_while(is_remark).count()
    }

    /// Where an item begins; past the last, the end of the text.
    pub(super) fn start_of(&self, item: usize) -> usize {
        self.items.get(item).map_or(self.text.len(), |item| item.range.start)
    }
}

/// How many events belong to the first item: up to the newline that ends it.
fn line_length(events: &[Event]) -> usize {
    let mut depth = 0_usize;
    for (index, event) in events.iter().enumerate() {
        match event.kind() {
            EventKind::ArrayOpen | EventKind::InlineTableOpen => depth += 1,
            EventKind::ArrayClose | EventKind::InlineTableClose => depth = depth.saturating_sub(1),
            EventKind::Newline if depth == 0 => return index + 1,
            _ => {}
        }
    }
    events.len()
}

fn read_item(text: &str, line: &[Event], range: Range<usize>) -> Item {
    let is = |kind: EventKind| line.iter().position(|event| event.kind() == kind);
    let content =
        line.iter().find(|event| !matches!(event.kind(), EventKind::Whitespace | EventKind::Newline));
    let mut keys = &line[..0];
    let kind = match content.map(Event::kind) {
        None => Kind::Blank,
        Some(EventKind::Comment) => Kind::Comment,
        Some(EventKind::StdTableOpen) if is(EventKind::StdTableClose).is_some() => {
            keys = line;
            Kind::Header { list: false }
        }
        Some(EventKind::ArrayTableOpen) if is(EventKind::ArrayTableClose).is_some() => {
            keys = line;
            Kind::Header { list: true }
        }
        Some(EventKind::SimpleKey) if content.is_some_and(|key| !span(key).is_empty()) => {
            match is(EventKind::KeyValSep) {
                Some(sep) => {
                    keys = &line[..sep];
                    value_kind(&line[sep + 1..])
                }
                None => Kind::Stray,
            }
        }
        Some(_) => Kind::Stray,
    };
    let keys = keys.iter().filter(|event| event.kind() == EventKind::SimpleKey);
    let keys =
        keys.map(|event| Token { name: key_name(text, event), range: span(event), depth: 0 }).collect();
    Item { kind, range, path: KeyPath::ROOT, keys }
}

fn value_kind(after_sep: &[Event]) -> Kind {
    let part = |event: &&Event| {
        !matches!(event.kind(), EventKind::Whitespace | EventKind::Newline | EventKind::Comment)
    };
    match (after_sep.iter().find(part), after_sep.iter().rfind(part)) {
        (Some(first), Some(last)) => Kind::Pair { value: first.span().start()..last.span().end() },
        _ => Kind::Stray,
    }
}

/// The bytes of an event.
pub(super) fn span(event: &Event) -> Range<usize> {
    event.span().start()..event.span().end()
}

/// The key a token means, quotes and escapes undone.
pub(super) fn key_name(text: &str, event: &Event) -> String {
    let mut name = Cow::Borrowed("");
    if let Some(raw) = Source::new(text).get(event) {
        raw.decode_key(&mut name, &mut ());
    }
    name.into_owned()
}

/// Gives headers and pairs their paths: which entry of a list a header means depends on those before it.
#[derive(Default)]
struct Paths {
    section: KeyPath,
    entries: HashMap<KeyPath, usize>,
}

impl Paths {
    fn place(&mut self, mut item: Item) -> Item {
        let list = match item.kind {
            Kind::Header { list } => list,
            Kind::Pair { .. } => {
                item.path = self.section.clone();
                for token in &mut item.keys {
                    item.path.0.push(Step::Key(token.name.clone()));
                    token.depth = item.path.0.len();
                }
                return item;
            }
            _ => return item,
        };
        let last = item.keys.len().saturating_sub(1);
        for (index, token) in item.keys.iter_mut().enumerate() {
            item.path.0.push(Step::Key(token.name.clone()));
            token.depth = item.path.0.len();
            if list && index == last {
                *self.entries.entry(item.path.clone()).or_default() += 1;
            }
            if let Some(count) = self.entries.get(&item.path).filter(|_| list || index < last) {
                item.path.0.push(Step::Index(count - 1));
            }
        }
        self.section = item.path.clone();
        item
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(text: &str) -> Vec<String> {
        let items = Layout::new(text).items;
        items.iter().filter(|item| !item.keys.is_empty()).map(|item| item.path.to_string()).collect()
    }

    #[test]
    fn every_line_knows_its_path() {
        let text = "a = 1\n[t]\nb.\"c d\" = [\n  1, # x\n]\n[[v]]\nd = 1\n[[v.n]]\n[[v.n]]\ne = 2\n[[v]]\n[v.u]\nf = 3\n";
        assert_eq!(
            paths(text),
            [
                "a",
                "t",
                "t.b.c d",
                "v[0]",
                "v[0].d",
                "v[0].n[0]",
                "v[0].n[1]",
                "v[0].n[1].e",
                "v[1]",
                "v[1].u",
                "v[1].u.f"
            ]
        );
    }

    #[test]
    fn a_line_that_is_none_hides_no_other() {
        let text = "a\n<<<<<<< HEAD\n= 3\n[open\n]\nb = 1\n[t]\nc = \n d = 2";
        assert_eq!(paths(text), ["b", "t", "t.c", "t.d"]);
    }

    #[test]
    fn comments_right_above_an_item_belong_to_it() {
        let layout = Layout::new("# file\n\n# one\n# two\na = 1\n");
        assert_eq!(layout.attached(4), 2);
    }

    proptest::proptest! {
        #![proptest_config(crate::property::config())]

        #[test]
        fn the_items_are_the_text(text in "(?s)\u{feff}?[a-c=\\[\\]{}\"'#., \r\n名-]{0,60}") {
            let layout = Layout::new(&text);
            let bom = text.len() - text.trim_start_matches('\u{feff}').len();
            let mut at = bom;
            for item in &layout.items {
                proptest::prop_assert_eq!(item.range.start, at);
                at = item.range.end;
            }
            proptest::prop_assert!(at == text.len());
        }
    }
}
