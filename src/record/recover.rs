//! What the recovering parse of TOML cannot recover from by itself.
//!
//! `DeTable::parse_recoverable` goes on after a fault, but for one: at a line that is no `key = value` (a stray word, a
//! conflict marker) it drops the rest of the text, under a header without its end it takes tables for lists, and an inline
//! table without its end swallows what follows. Such parts are blanked here, byte for byte, so that everything after them
//! is seen at its own place.

use std::borrow::Cow;
use std::ops::Range;

use toml_parser::Source;
use toml_parser::parser::{Event, EventKind, RecursionGuard, parse_document};

/// Nesting beyond which a value is not looked into, as in the parser of `toml`.
const DEPTH: u32 = 80;

/// The events of a text: what each stretch of bytes is, without a gap, whatever faults it has.
pub fn events(text: &str) -> Vec<Event> {
    let tokens = Source::new(text).lex().into_vec();
    let mut events = Vec::with_capacity(tokens.len());
    parse_document(&tokens, &mut RecursionGuard::new(&mut events, DEPTH), &mut ());
    events
}

/// What the recovering parse would lose more than it must for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lost {
    /// A line that is no `key = value`.
    Line,
    /// A header without its end, and what stands under it.
    Entry,
    /// An inline table or list that is not closed before the next header.
    Value,
}

/// `text` with what is [`lost`] replaced by as many spaces, or empty quotes: give this to `DeTable::parse_recoverable` for
/// the tree, and `text` itself for the faults.
pub fn recoverable(text: &str) -> Cow<'_, str> {
    blanked(text, &lost(text))
}

/// `text` with these parts replaced, byte for byte.
pub fn blanked<'t>(text: &'t str, lost: &[(Lost, Range<usize>)]) -> Cow<'t, str> {
    if lost.is_empty() {
        return text.into();
    }
    let mut bytes = text.as_bytes().to_vec();
    for (what, range) in lost {
        let blank = |byte: &mut u8| *byte = if matches!(byte, b'\r' | b'\n') { *byte } else { b' ' };
        bytes[range.clone()].iter_mut().for_each(blank);
        if *what == Lost::Value {
            bytes[range.start..range.start + 2].fill(b'"');
        }
    }
    // Whole characters were replaced: a line begins and ends at a character.
    String::from_utf8(bytes).map_or(text.into(), Cow::Owned)
}

/// Everything that is lost, in the order of the text.
pub fn lost(text: &str) -> Vec<(Lost, Range<usize>)> {
    let events = events(text);
    let mut lost = Vec::new();
    let mut at = 0;
    while let Some(event) = events.get(at) {
        at += 1;
        match event.kind() {
            EventKind::StdTableOpen | EventKind::ArrayTableOpen => {
                let next = next_line(&events, at);
                let ends = |event: &Event| {
                    matches!(event.kind(), EventKind::StdTableClose | EventKind::ArrayTableClose)
                };
                if !events[at..next].iter().any(|event| ends(event) && !event.span().is_empty()) {
                    let end = next_header(&events, next).unwrap_or(text.len());
                    lost.push((Lost::Entry, event.span().start()..end));
                }
                at = next;
            }
            EventKind::KeyValSep => {
                let next = next_line(&events, at);
                if let Some(range) = unclosed(text, &events[at..next]) {
                    let end = range.end;
                    lost.push((Lost::Value, range));
                    // What was swallowed is read again, by itself.
                    lost.extend(
                        self::lost(&text[end..])
                            .into_iter()
                            .map(|(what, range)| (what, range.start + end..range.end + end)),
                    );
                    return lost;
                }
                at = next;
            }
            EventKind::SimpleKey => {
                let key_part = |event: &&Event| {
                    matches!(event.kind(), EventKind::SimpleKey | EventKind::KeySep | EventKind::Whitespace)
                };
                at += events[at..].iter().take_while(key_part).count();
                if events.get(at).is_none_or(|next| next.kind() != EventKind::KeyValSep) {
                    let start = event.span().start();
                    let end = text[start..].find(['\r', '\n']).map_or(text.len(), |length| start + length);
                    lost.push((Lost::Line, start..end));
                }
            }
            _ => {}
        }
    }
    lost
}

/// The bytes of an inline table or list that swallows a header after it, up to the line that goes on as if it were closed.
fn unclosed(text: &str, value: &[Event]) -> Option<Range<usize>> {
    let open = value.iter().find(|event| event.kind() != EventKind::Whitespace)?;
    let is_open = matches!(open.kind(), EventKind::ArrayOpen | EventKind::InlineTableOpen);
    let (start, end) =
        (open.span().start(), value.iter().rfind(|event| event.kind() != EventKind::Newline)?.span().end());
    let mut lines = text[start..end].match_indices('\n').map(|(newline, _)| start + newline);
    if !is_open || !lines.clone().any(|newline| is_header(&text[newline + 1..])) {
        return None;
    }
    let goes_on = |newline: &usize| is_header(&text[newline + 1..]) || is_pair(&text[newline + 1..]);
    let end = lines.find(goes_on)?;
    let end = start + text[start..end].trim_end().len();
    (end >= start + 2).then_some(start..end)
}

/// Whether a line begins as a header does and no item of a list.
fn is_header(line: &str) -> bool {
    let bare = line.strip_prefix("[[").or_else(|| line.strip_prefix('['));
    let words = bare.and_then(|bare| bare.lines().next()?.split(']').next());
    words
        .is_some_and(|words| words.starts_with(char::is_alphabetic) && !words.contains([',', '"', '\'', ' ']))
}

/// Whether a line begins as `key = value` does, without an indent.
fn is_pair(line: &str) -> bool {
    let key = line.lines().next().and_then(|line| line.split_once('='));
    key.is_some_and(|(key, _)| {
        let key = key.trim_end();
        !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
    })
}

/// Where the next header begins.
fn next_header(events: &[Event], from: usize) -> Option<usize> {
    let is_header =
        |event: &&Event| matches!(event.kind(), EventKind::StdTableOpen | EventKind::ArrayTableOpen);
    events[from..].iter().find(is_header).map(|event| event.span().start())
}

/// The event after the next newline that ends an expression; those inside a list or an inline table do not.
fn next_line(events: &[Event], from: usize) -> usize {
    let mut depth = 0_usize;
    for (index, event) in events.iter().enumerate().skip(from) {
        match event.kind() {
            EventKind::ArrayOpen | EventKind::InlineTableOpen => depth += 1,
            EventKind::ArrayClose | EventKind::InlineTableClose => depth = depth.saturating_sub(1),
            EventKind::Newline if depth == 0 => return index + 1,
            _ => {}
        }
    }
    events.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sound_text_is_left_alone() {
        let text = "a = [\n  1,\n]\n[t]\nb.c = { d = 1 } # x\n";
        assert!(matches!(recoverable(text), Cow::Borrowed(same) if same == text));
    }

    #[test]
    fn a_stray_line_is_blanked_and_the_rest_is_seen() {
        let text = "a = 1\n名 stray\r\n<<<<<<< HEAD\n[t]\nb = 2\n";
        let clear = recoverable(text);
        assert_eq!(clear.len(), text.len());
        let (table, _) = toml::de::DeTable::parse_recoverable(&clear);
        let b = table.get_ref()["t"].get_ref().get("b").unwrap();
        assert_eq!(&text[b.span()], "2");
    }

    #[test]
    fn an_entry_whose_header_has_no_end_is_lost_with_it_and_nothing_else() {
        let text = "[[a.b]\nid = 1\n[a.c]\nid = 2\n";
        let clear = recoverable(text);
        let (table, errors) = toml::de::DeTable::parse_recoverable(&clear);
        assert!(errors.is_empty() && clear.len() == text.len(), "{errors:?}");
        let a = table.get_ref()["a"].get_ref();
        assert!(a.get("b").is_none() && a.get("c").is_some());
    }

    #[test]
    fn an_inline_table_without_its_end_swallows_nothing() {
        let open = "a = { b = 1\nc = 2\n[[d]]\ne = 3\n";
        assert_eq!(recoverable(open), "a = \"\"     \nc = 2\n[[d]]\ne = 3\n");
        for closed in ["a = [\n  [1, 2],\n]\n[d]\n", "a = { b = [\n] }\n[[d]]\n"] {
            assert!(matches!(recoverable(closed), Cow::Borrowed(_)), "{closed}");
        }
    }

    proptest::proptest! {
        #![proptest_config(crate::property::config())]

        #[test]
        fn any_text_keeps_its_length_and_lines(text in "(?s)[a-c=\\[\\]{}\"'#., \r\n名-]{0,60}") {
            let clear = recoverable(&text);
            proptest::prop_assert_eq!(clear.len(), text.len());
            proptest::prop_assert_eq!(clear.matches('\n').count(), text.matches('\n').count());
        }
    }
}
