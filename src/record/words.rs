//! Where a part of the words that a TOML string holds stands in what the file has for them.

use std::ops::Range;

/// The bytes of `written`, a string with its quotes, that stand for bytes `part` of its words; none where `written` is no
/// string or where a line is folded inside it.
pub(super) fn part(written: &str, part: Range<usize>) -> Option<Range<usize>> {
    let quote = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| written.starts_with(quote))?;
    let mut begin = quote.len();
    if quote.len() == 3 && written[begin..].starts_with('\n') {
        begin += 1;
    }
    let inside = written.get(begin..written.len().checked_sub(quote.len())?)?;
    let escapes = quote.starts_with('"');
    let (mut at, mut word, mut start) = (0, 0, None);
    loop {
        if word >= part.start && start.is_none() {
            start = Some(at);
        }
        if word >= part.end {
            return Some(begin + start?..begin + at);
        }
        let (taken, held) = next(&inside[at..], escapes)?;
        at += taken;
        word += held;
    }
}

/// How many bytes the next character takes in the file, and how many it holds.
fn next(rest: &str, escapes: bool) -> Option<(usize, usize)> {
    let first = rest.chars().next()?;
    if first == '\r' {
        // Readers differ in what a line end inside a string becomes.
        return None;
    }
    if !escapes || first != '\\' {
        return Some((first.len_utf8(), first.len_utf8()));
    }
    let kind = rest[1..].chars().next()?;
    let digits = match kind {
        'u' => 4,
        'U' => 8,
        '"' | '\\' | 'b' | 't' | 'n' | 'f' | 'r' => return Some((2, 1)),
        _ => return None,
    };
    let code = u32::from_str_radix(rest.get(2..2 + digits)?, 16).ok()?;
    Some((2 + digits, char::from_u32(code)?.len_utf8()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn shows(written: &str, range: Range<usize>, expected: Option<&str>) {
        assert_eq!(part(written, range).map(|range| &written[range]), expected, "{written}");
    }

    #[test]
    fn every_kind_of_string_is_read() {
        shows("\"a + bc\"", 4..6, Some("bc"));
        shows("'a \\ bc'", 4..6, Some("bc"));
        shows("\"\"\"\na\nbc\"\"\"", 2..4, Some("bc"));
        shows("'''a\nbc'''", 2..4, Some("bc"));
        shows("\"\\u540D + bc\"", 6..8, Some("bc"));
        shows("\"存款 + bc\"", 9..11, Some("bc"));
        shows("\"abc\"", 3..3, Some(""));
    }

    #[test]
    fn what_cannot_be_told_is_not_guessed() {
        shows("\"\"\"a\r\nbc\"\"\"", 3..5, None);
        shows("\"\"\"a \\\n  bc\"\"\"", 2..4, None);
        shows("12.5", 0..1, None);
        shows("\"abc\"", 2..9, None);
    }
}
