//! What the recovering parse of TOML cannot recover from by itself.
//!
//! `DeTable::parse_recoverable` goes on after a fault, but for one: at a line that is no `key = value` (a stray word, a
//! conflict marker) it drops the rest of the text. Such lines are blanked here, byte for byte, so that everything after
//! them is seen at its own place.

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

/// `text` with each line that is no `key = value` replaced by as many spaces: give this to
/// `DeTable::parse_recoverable` for the tree, and `text` itself for the faults.
pub fn recoverable(text: &str) -> Cow<'_, str> {
    let lost = stray_lines(text);
    if lost.is_empty() {
        return text.into();
    }
    let mut bytes = text.as_bytes().to_vec();
    for line in lost {
        bytes[line].fill(b' ');
    }
    // Whole characters were replaced: a line begins and ends at a character.
    String::from_utf8(bytes).map_or(text.into(), Cow::Owned)
}

fn stray_lines(text: &str) -> Vec<Range<usize>> {
    let events = events(text);
    let mut lost = Vec::new();
    let mut at = 0;
    while let Some(event) = events.get(at) {
        at += 1;
        match event.kind() {
            EventKind::StdTableOpen | EventKind::ArrayTableOpen | EventKind::KeyValSep => {
                at = next_line(&events, at);
            }
            EventKind::SimpleKey => {
                let key_part = |event: &&Event| {
                    matches!(event.kind(), EventKind::SimpleKey | EventKind::KeySep | EventKind::Whitespace)
                };
                at += events[at..].iter().take_while(key_part).count();
                if events.get(at).is_none_or(|next| next.kind() != EventKind::KeyValSep) {
                    let start = event.span().start();
                    let end = text[start..].find(['\r', '\n']).map_or(text.len(), |length| start + length);
                    lost.push(start..end);
                }
            }
            _ => {}
        }
    }
    lost
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
