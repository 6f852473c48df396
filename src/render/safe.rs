//! Text from a book, made harmless for whoever shows it.
//!
//! Characters that a terminal obeys or that reorder what stands around them are shown as escapes, never dropped.

use std::borrow::Cow;

/// Whether `c` changes how its surroundings are shown: controls, direction marks, line separators.
pub(super) fn is_unsafe(c: char) -> bool {
    let directs = matches!(c,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c.is_control() || directs
}

/// `text` with every unsafe character but those in `kept` as an escape such as `\u{1b}`.
pub(super) fn escaped<'a>(text: &'a str, kept: &[char]) -> Cow<'a, str> {
    let escapes = |c: char| is_unsafe(c) && !kept.contains(&c);
    if !text.contains(escapes) {
        return text.into();
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if escapes(c) { out.extend(c.escape_unicode()) } else { out.push(c) }
    }
    out.into()
}

/// `text` on one line: line breaks and tabs become a space, other unsafe characters escapes.
pub fn one_line(text: &str) -> String {
    let parts: Vec<&str> = text.split(['\n', '\r', '\t']).filter(|part| !part.is_empty()).collect();
    escaped(&parts.join(" "), &[]).into_owned()
}

/// `text` with its line breaks and tabs, other unsafe characters as escapes.
pub(super) fn lines(text: &str) -> Cow<'_, str> {
    escaped(text, &['\n', '\r', '\t'])
}

/// A line that a library has coloured and cleared of what it knows: what it let through is shown as one mark each, so that
/// columns hold.
pub(super) fn pictured(line: &str) -> String {
    line.chars().map(|c| if is_unsafe(c) && c != '\u{1b}' { '\u{fffd}' } else { c }).collect()
}

/// A line for the terminal that a build server won't take for a command: it obeys `::` at the start of a line and `##[`
/// anywhere, so one character of each gives way to a twin of the same width.
pub(super) fn for_log(line: &str) -> Cow<'_, str> {
    let mut line = Cow::from(line);
    if line.contains("##[") {
        line = line.replace("##[", "#♯[").into();
    }
    if line.trim_start().starts_with("::") {
        line = line.replacen(':', "∶", 1).into();
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_a_terminal_obeys_survives() {
        assert_eq!(one_line("a\u{1b}[2Jb\u{9b}c\u{202e}d\0"), r"a\u{1b}[2Jb\u{9b}c\u{202e}d\u{0}");
        assert_eq!(one_line("first\r\n\r\nsecond\tthird\n"), "first second third");
        assert_eq!(lines("first\n\u{7}second"), "first\n\\u{7}second");
        assert_eq!(one_line("华东精密（上海）"), "华东精密（上海）");
    }

    #[test]
    fn no_line_is_a_command_of_a_build_server() {
        assert_eq!(for_log("  ::error::x::"), "  ∶:error::x::");
        assert_eq!(for_log("see ##[set-env]"), "see #♯[set-env]");
        assert_eq!(for_log("a::b"), "a::b");
    }
}
