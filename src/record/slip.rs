//! What is said of a text that is no TOML: the parser's reason, and the mend where the slip is one that is easily told.

use std::collections::BTreeSet;
use std::ops::Range;

use chrono::NaiveDate;
use toml::de::DeTable;

use super::fault::{SHOWN, line_start};
use super::recover::{blanked, lost};
use crate::msg;
use crate::period::Month;
use crate::text::{Message, finding};

/// Quotes of print, which word processors put in place of straight ones.
const TYPOGRAPHIC: [char; 9] = ['“', '”', '„', '‘', '’', '「', '」', '『', '＂'];

/// Signs in their full width, and the ones that are meant.
const FULL_WIDTH: [(char, &str); 8] =
    [('＝', "="), ('：', "="), ('，', ","), ('、', ","), ('［', "["), ('］', "]"), ('｛', "{"), ('｝', "}")];

/// What is wrong where the parser stopped for a reason, and what to write instead.
pub(super) fn said(text: &str, reason: &str, span: &Range<usize>) -> (Message, Option<Message>) {
    let slip = Slip::at(text, span);
    if let Some(found) = slip.day(reason) {
        return found;
    }
    let help = slip.quotes().or_else(|| slip.sign()).or_else(|| match reason {
        _ if reason.starts_with("unexpected key or value") => {
            slip.inner_quotes().or_else(|| slip.thousands())
        }
        _ if reason.starts_with("string values must be quoted") => slip.bare_word(),
        _ if reason.starts_with("invalid boolean") => slip.flag(),
        _ if reason.starts_with("invalid unquoted key") => slip.key(),
        _ if reason.starts_with("duplicate key") => slip.header(),
        _ => None,
    });
    let known = finding::REASONS.iter().find(|known| reason.starts_with(known.en));
    let told = known.map_or_else(|| Message::verbatim(reason), |known| Message::both(reason, known.zh));
    let told = if slip.quotes().is_some() { finding::NO_STRAIGHT_QUOTES.into() } else { told };
    (msg!(finding::SYNTAX, reason = told), help)
}

/// What is wrong with the syntax, in the order of the text: of each part that is lost, the first fault alone.
pub(super) fn errors(text: &str) -> Vec<(String, Range<usize>)> {
    let lost = lost(text);
    let mut found = Vec::new();
    let mut from = 0;
    for at in 0..=lost.len().min(SHOWN) {
        let clear = blanked(text, &lost[..at]);
        let (_, errors) = DeTable::parse_recoverable(&clear);
        let errors = errors.into_iter().map(|error| {
            let reason = error.message().lines().next().unwrap_or_default().to_owned();
            (reason, error.span().unwrap_or(0..0))
        });
        let mut errors: Vec<_> = errors.filter(|(_, span)| span.start >= from).collect();
        errors.sort_by_key(|(_, span)| span.start);
        let next = lost.get(at).map_or(text.len() + 1, |(_, range)| range.start);
        let inside = errors.partition_point(|(_, span)| span.start < next);
        if let Some((_, range)) = lost.get(at) {
            errors.truncate(inside + 1);
            errors.iter_mut().skip(inside).for_each(|(_, span)| *span = within(span, range));
            from = range.end;
        }
        found.extend(errors);
    }
    found
}

/// A span moved into a range.
fn within(span: &Range<usize>, range: &Range<usize>) -> Range<usize> {
    span.start.min(range.end)..span.end.min(range.end)
}

/// Whether a key that stands twice does so under a header that stands twice itself, which is told there; `twice` holds where
/// such headers begin.
pub(super) fn stands_under(text: &str, at: usize, twice: &mut BTreeSet<usize>) -> bool {
    let own = line_start(text, at);
    let is_header = |start: usize| text[start..].trim_start_matches([' ', '\t']).starts_with('[');
    if is_header(own) {
        twice.insert(own);
        return false;
    }
    let mut start = own;
    while start > 0 && !is_header(start) {
        start = line_start(text, start - 1);
    }
    twice.contains(&start)
}

/// The day that is meant by a spelling of other places, or by no more than its digits.
pub(super) fn day_of(word: &str) -> Option<NaiveDate> {
    if let Ok(day) = NaiveDate::parse_from_str(word, "%Y%m%d") {
        return Some(day).filter(|_| word.len() == 8);
    }
    let mut parts = word.trim_end_matches('日').split(['/', '-', '.', '年', '月']);
    let mut part = || parts.next()?.parse::<u32>().ok();
    let (year, month, day) = (part()?, part()?, part()?);
    let is_day = (1900..2200).contains(&year) && parts.next().is_none();
    NaiveDate::from_ymd_opt(year.try_into().ok()?, month, day).filter(|_| is_day)
}

/// The place where the parser stopped.
struct Slip<'t> {
    /// The line up to there.
    before: &'t str,
    /// The rest of it.
    rest: &'t str,
    /// What stands there without a gap.
    word: &'t str,
}

impl<'t> Slip<'t> {
    fn at(text: &'t str, span: &Range<usize>) -> Self {
        let at = span.start.min(text.len());
        let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
        let ends = |c: char| c.is_whitespace() || ",=[]{}#\"'".contains(c);
        let from = text[start..at].rfind(ends).map_or(start, |gap| start + gap + 1);
        let from = if text[from..].starts_with(char::is_alphanumeric) { from } else { at };
        let length = text[from..end].find(ends).unwrap_or(end - from);
        Self { before: &text[start..at], rest: text[at..end].trim(), word: &text[from..from + length] }
    }

    /// A day in the spelling of other places.
    fn day(&self, reason: &str) -> Option<(Message, Option<Message>)> {
        let message = msg!(finding::EXPECTED, expected = finding::A_DAY, found = Message::quoted(self.word));
        if let Some(day) = day_of(self.word) {
            return Some((message, Some(msg!(finding::WRITE, meant = day.to_string()))));
        }
        let is_month = reason.starts_with("invalid date") && self.word.parse::<Month>().is_ok();
        is_month.then(|| (message, Some(msg!(finding::MONTH_IN_QUOTES, month = self.word))))
    }

    fn quotes(&self) -> Option<Message> {
        let typographic = |c: char| TYPOGRAPHIC.contains(&c);
        let inside = self.rest.strip_prefix(typographic)?;
        let inside = inside.split(typographic).next().unwrap_or_default();
        Some(msg!(finding::TYPOGRAPHIC_QUOTES, words = format!("\"{inside}\"")))
    }

    fn sign(&self) -> Option<Message> {
        let first = self.rest.chars().next()?;
        let (sign, meant) = FULL_WIDTH.iter().find(|(sign, _)| *sign == first)?;
        Some(msg!(finding::FULL_WIDTH_SIGN, sign = *sign, meant = *meant))
    }

    /// `when = "manager.role == "senior""`
    fn inner_quotes(&self) -> Option<Message> {
        let word = self.rest.split('"').next().filter(|word| word.len() < self.rest.len())?;
        let stopped = self.before.trim_end().ends_with('"') && !word.is_empty();
        stopped.then(|| msg!(finding::INNER_QUOTES, word = format!("'{word}'")))
    }

    /// `1,000`
    fn thousands(&self) -> Option<Message> {
        let more = self.rest.strip_prefix(',')?;
        let digits = |text: &str| text.chars().next().is_some_and(|c| c.is_ascii_digit());
        let begins = self.before.trim_end().ends_with(|c: char| c.is_ascii_digit());
        (begins && digits(more)).then(|| finding::NO_THOUSANDS.into())
    }

    fn bare_word(&self) -> Option<Message> {
        let words = self.rest.split(['#', ',', ']', '}', '"']).next().unwrap_or_default().trim();
        let digits = words.trim_start_matches(|c: char| c.is_ascii_digit());
        let sign =
            FULL_WIDTH.iter().find(|(sign, _)| digits.len() < words.len() && digits.starts_with(*sign));
        match (words, sign) {
            ("", _) => Some(finding::NO_VALUE.into()),
            (_, Some((sign, meant))) => Some(msg!(finding::FULL_WIDTH_SIGN, sign = *sign, meant = *meant)),
            // Another key begins on the same line.
            _ if words.contains('=') => None,
            _ => Some(msg!(finding::WRITE, meant = format!("\"{words}\""))),
        }
    }

    fn flag(&self) -> Option<Message> {
        let lower = self.word.to_lowercase();
        ["true", "false"].contains(&lower.as_str()).then(|| msg!(finding::WRITE, meant = lower))
    }

    fn key(&self) -> Option<Message> {
        if self.rest.starts_with(':') {
            return Some(finding::EQUALS_SIGN.into());
        }
        match self.rest.split_once('=') {
            Some((key, _)) => Some(msg!(finding::WRITE, meant = format!("\"{}\" = …", key.trim()))),
            None => Some(finding::REMARKS.into()),
        }
    }

    /// `[pay.lines]` for the second time.
    fn header(&self) -> Option<Message> {
        let line = format!("{}{}", self.before, self.rest);
        let name = line.trim().strip_prefix('[')?.split(']').next()?.to_owned();
        (!name.starts_with('[')).then(|| msg!(finding::LIST_HEADERS, header = format!("[[{name}]]")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Lang;

    /// What is said of the only fault of a text, and how to mend it.
    fn fault(text: &str) -> (String, String) {
        let (reason, span) = errors(text).swap_remove(0);
        let (message, help) = said(text, &reason, &span);
        (message.get(Lang::Zh), help.map(|help| help.get(Lang::En)).unwrap_or_default())
    }

    #[test]
    fn slips_of_other_spellings_are_told_with_their_mend() {
        for (text, help) in [
            ("a = “考核办法”", "these are typographic quotes: write `\"考核办法\"`"),
            ("a = ‘x’", "these are typographic quotes: write `\"x\"`"),
            ("a = \"b == \"senior\"\"", "a word inside an expression stands in single quotes: `'senior'`"),
            ("a = 2026/01/05", "write `2026-01-05`"),
            ("a = 2026-1-5", "write `2026-01-05`"),
            ("a = 2026.1.5", "write `2026-01-05`"),
            ("a = { b = 2026年1月5日 }", "write `2026-01-05`"),
            ("a = 2026-01", "a day has three parts, `2026-01-09`; a month stands in quotes: `\"2026-01\"`"),
            ("a = month # of the year", "write `\"month\"`"),
            ("a = 60%", "write `\"60%\"`"),
            ("a =", "a value is missing behind `=`"),
            ("a = 1,000", "a number has no comma: `1000` or `1_000`"),
            ("a = True", "write `true`"),
            ("a: 1", "`=` stands between a key and its value"),
            ("a ＝ 1", "`＝` is a sign in full width: write `=`"),
            ("a = [1，2]", "`，` is a sign in full width: write `,`"),
            ("名称 = 1", "write `\"名称\" = …`"),
            ("说明", "a remark begins with `#`"),
            ("[a.b]\n[a.b]", "a table stands once; where it is a list, each entry begins with `[[a.b]]`"),
        ] {
            assert_eq!(fault(text).1, help, "{text}");
        }
    }

    #[test]
    fn reasons_are_told_in_chinese_and_others_are_left_alone() {
        assert_eq!(fault("a = month").0, "TOML 语法错误：文本须加引号");
        assert_eq!(fault("a = 1\na = 2").0, "TOML 语法错误：键或表重复");
        assert_eq!(fault("a = 2026-02-30"), ("TOML 语法错误：日期无效".to_owned(), String::new()));
        assert_eq!(fault("a = “x”").0, "TOML 语法错误：文本未用英文直引号");
        assert_eq!(fault("a = 1 b = 2").1, "");
    }

    #[test]
    fn days_are_read_in_other_spellings() {
        for word in ["2026/1/5", "2026-01-05", "20260105", "2026年1月5日"] {
            assert_eq!(day_of(word).map(|day| day.to_string()).as_deref(), Some("2026-01-05"), "{word}");
        }
        for word in ["2026", "5/1/2026", "2026-13-05", "202615", "2026-01-05-1", ""] {
            assert_eq!(day_of(word), None, "{word}");
        }
    }

    #[test]
    fn no_text_is_too_odd() {
        for text in ["=", "a = ", "”", "a = \"", "[", "a = 9/", "\u{feff}é = 1", "a = 2026/99/99"] {
            fault(text);
        }
    }
}
