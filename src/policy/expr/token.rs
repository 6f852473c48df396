//! Words of an expression.
//!
//! A number takes the unit written behind it (`97%`, `3 元/万元`, `200 元/件`); a name takes everything up to its point of
//! comparison (`visits.count{tier = "key"}.year_to_date@year_ago`). Both spellings of an operator are read: `*` and `×`,
//! `/` and `÷`, `>=` and `≥`.

use std::ops::Range;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::Fault;
use crate::metric::Unit;
use crate::msg;
use crate::text::policy;

/// One word.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A number with its unit; `stated` where a percent sign or a unit stands with it.
    Number { value: Decimal, unit: Unit, stated: bool },
    /// A day: `2026-03-01`.
    Date(NaiveDate),
    /// Words in quotes.
    Text(String),
    /// A name with everything that belongs to it.
    Name(String),
    /// An operator, a keyword, a bracket or a comma, in one spelling.
    Sign(&'static str),
}

/// Signs, the longer spellings first, with the one spelling the parser knows.
const SIGNS: &[(&str, &str)] = &[
    (">=", ">="),
    ("<=", "<="),
    ("==", "=="),
    ("!=", "!="),
    ("≥", ">="),
    ("≤", "<="),
    ("≠", "!="),
    ("×", "*"),
    ("÷", "/"),
    ("−", "-"),
    ("－", "-"),
    ("＋", "+"),
    ("＊", "*"),
    ("／", "/"),
    ("＞", ">"),
    ("＜", "<"),
    ("＝", "=="),
    ("+", "+"),
    ("-", "-"),
    ("*", "*"),
    ("/", "/"),
    (">", ">"),
    ("<", "<"),
    ("=", "=="),
    ("(", "("),
    (")", ")"),
    ("[", "["),
    ("]", "]"),
    (",", ","),
    ("（", "("),
    ("）", ")"),
    ("，", ","),
];

/// Signs of other languages, and the words that stand for them here.
const FOREIGN: [(&str, &str); 9] = [
    ("&&", "and"),
    ("||", "or"),
    ("!", "not"),
    ("&", "and"),
    ("|", "or"),
    ("=<", "<="),
    ("=>", ">="),
    ("<>", "!="),
    ("===", "=="),
];

/// Signs that make a number a part of one, with what they divide it by.
pub const FRACTIONS: [(&str, i64); 5] = [("%", 100), ("％", 100), ("‰", 1000), ("‱", 10_000), ("bp", 10_000)];

/// Keywords; no name and no unit is called so.
const KEYWORDS: &[&str] = &["and", "or", "not", "in", "true", "false"];

/// Words that link conditions elsewhere, and the ones that do here.
const LINKS: [(&str, &str); 8] = [
    ("AND", "and"),
    ("OR", "or"),
    ("NOT", "not"),
    ("且", "and"),
    ("并且", "and"),
    ("或", "or"),
    ("或者", "or"),
    ("非", "not"),
];

/// The word to write for one that links conditions elsewhere.
pub(super) fn link(word: &str) -> Option<&'static str> {
    LINKS.iter().find(|(known, _)| word.eq_ignore_ascii_case(known)).map(|(_, meant)| *meant)
}

/// Names that stand behind a slash as operands, never as part of a unit.
const OPERANDS: &[&str] = &["total", "target", "full", "rating", "x"];

/// Splits an expression into words with their byte ranges.
pub(super) fn tokens(text: &str) -> Result<Vec<(Token, Range<usize>)>, Fault> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let (token, length) = next(&text[at..], first).map_err(|fault| fault.shifted(at))?;
        found.push((token, at..at + length));
        at += length;
    }
    Ok(found)
}

fn next(rest: &str, first: char) -> Result<(Token, usize), Fault> {
    if first.is_ascii_digit() {
        if let Some(date) = date(rest) {
            return date;
        }
        return number(rest);
    }
    if first == '"' || first == '\'' {
        let closed =
            rest[1..].find(first).ok_or_else(|| Fault::syntax(0..rest.len(), policy::OPEN_QUOTE.into()))?;
        return Ok((Token::Text(rest[1..=closed].to_owned()), closed + 2));
    }
    if first.is_alphabetic() || first == '_' {
        return name(rest);
    }
    if let Some((sign, word)) = FOREIGN.iter().find(|(sign, _)| rest.starts_with(sign)) {
        if rest.starts_with("!=") {
            return Ok((Token::Sign("!="), "!=".len()));
        }
        let message = msg!(policy::STRAY_CHARACTER, character = *sign);
        let mut fault = Fault::syntax(0..sign.len(), message);
        fault.help = Some(Box::new(msg!(policy::IN_A_WORD, word = *word)));
        return Err(fault);
    }
    if matches!(first, '?' | '？') {
        let fault = Fault::syntax(0..first.len_utf8(), msg!(policy::STRAY_CHARACTER, character = first));
        return Err(fault.help(policy::IF_HAS_BRACKETS.into()));
    }
    let sign = SIGNS.iter().find(|(spelling, _)| rest.starts_with(spelling));
    let sign = sign.map(|(spelling, sign)| (Token::Sign(sign), spelling.len()));
    sign.ok_or_else(|| Fault::syntax(0..first.len_utf8(), msg!(policy::STRAY_CHARACTER, character = first)))
}

fn run(text: &str, wanted: impl Fn(char) -> bool) -> usize {
    text.find(|c: char| !wanted(c)).unwrap_or(text.len())
}

/// A day, where the digits at the start are written as one; nobody subtracts months from a year so.
fn date(rest: &str) -> Option<Result<(Token, usize), Fault>> {
    const LENGTH: usize = "2026-03-01".len();
    let text = rest.get(..LENGTH)?;
    let shaped =
        text.char_indices().all(|(at, c)| if matches!(at, 4 | 7) { c == '-' } else { c.is_ascii_digit() });
    if !shaped || rest[LENGTH..].starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d");
    Some(match day {
        Ok(day) => Ok((Token::Date(day), LENGTH)),
        Err(_) => Err(Fault::syntax(0..LENGTH, msg!(policy::NO_SUCH_DAY, text = text))),
    })
}

fn number(rest: &str) -> Result<(Token, usize), Fault> {
    let whole = run(rest, |c| c.is_ascii_digit() || c == '_');
    let mut end = whole;
    if rest[whole..].starts_with('.') {
        end += 1 + run(&rest[whole + 1..], |c| c.is_ascii_digit() || c == '_');
    }
    let digits = rest[..end].replace('_', "");
    if whole > 1 && digits.starts_with('0') {
        let message = msg!(policy::LEADING_ZERO, text = &rest[..end]);
        return Err(Fault {
            help: Some(Box::new(policy::NO_THOUSANDS.into())),
            ..Fault::syntax(0..end, message)
        });
    }
    let amount: Decimal =
        digits.parse().map_err(|_| Fault::syntax(0..end, msg!(policy::NOT_A_NUMBER, text = &rest[..end])))?;
    let after = &rest[end..];
    for (sign, divisor) in FRACTIONS {
        let behind = after.trim_start().strip_prefix(sign);
        if behind.is_some_and(|behind| !sign.ends_with(in_unit) || !behind.starts_with(in_unit)) {
            let length = end + after.find(sign).unwrap_or_default() + sign.len();
            let value = amount / Decimal::from(divisor);
            let per = per(&rest[length..]);
            let unit = Unit::parse(&format!("1{}", &rest[length..length + per]));
            return Ok((Token::Number { value, unit, stated: true }, length + per));
        }
    }
    let gap = run(after, char::is_whitespace);
    let length = unit(&after[gap..]);
    if length == 0 {
        return Ok((Token::Number { value: amount, unit: Unit::ONE, stated: false }, end));
    }
    let unit = Unit::parse(&after[gap..gap + length]);
    Ok((Token::Number { value: amount, unit, stated: true }, end + gap + length))
}

/// How long the unit at the start of `text` is; 0 for none.
fn unit(text: &str) -> usize {
    let above = run(text, in_unit);
    let is_link = KEYWORDS.contains(&&text[..above]) || link(&text[..above]).is_some();
    if above == 0 || is_link || !ends_unit(&text[above..]) {
        return 0;
    }
    above + per(&text[above..])
}

/// How long the slash and the unit behind it at the start of `text` are; 0 where there is no unit.
fn per(text: &str) -> usize {
    let Some(rest) = text.strip_prefix('/') else { return 0 };
    let below = run(rest, in_unit);
    let operand = OPERANDS.contains(&&rest[..below]);
    if below == 0 || operand || !ends_unit(&rest[below..]) { 0 } else { 1 + below }
}

fn in_unit(c: char) -> bool {
    c.is_alphabetic() || "$€£".contains(c)
}

/// Whether what follows leaves a word a unit, and makes it no name or function.
fn ends_unit(rest: &str) -> bool {
    !rest.starts_with(['.', '(', '{', '_'])
}

fn name(rest: &str) -> Result<(Token, usize), Fault> {
    let word = |text: &str| run(text, |c| c.is_alphanumeric() || c == '_');
    let mut end = word(rest);
    if let Some(keyword) = KEYWORDS.iter().find(|keyword| **keyword == &rest[..end]) {
        return Ok((Token::Sign(keyword), end));
    }
    loop {
        let after = &rest[end..];
        if let Some(inside) = after.strip_prefix('{') {
            let closed = inside.find('}');
            end += 2 + closed.ok_or_else(|| Fault::syntax(end..rest.len(), policy::OPEN_BRACE.into()))?;
        } else if after.starts_with(['.', '@']) && word(&after[1..]) > 0 {
            end += 1 + word(&after[1..]);
        } else {
            return Ok((Token::Name(rest[..end].to_owned()), end));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<Token> {
        tokens(text).unwrap().into_iter().map(|(token, _)| token).collect()
    }

    #[test]
    fn a_number_takes_its_unit_and_no_keyword() {
        let number = |value: &str, unit: &str, stated| Token::Number {
            value: value.parse().unwrap(),
            unit: Unit::parse(unit),
            stated,
        };
        assert_eq!(words("97%"), [number("0.97", "", true)]);
        assert_eq!(words("5%/件"), [number("0.05", "1/件", true)]);
        assert_eq!(
            words("5%/total"),
            [number("0.05", "", true), Token::Sign("/"), Token::Name("total".into())]
        );
        assert_eq!(words("3 元/万元"), [number("3", "元/万元", true)]);
        assert_eq!(
            words("2 户/total"),
            [number("2", "户", true), Token::Sign("/"), Token::Name("total".into())]
        );
        assert_eq!(words("3 and"), [number("3", "", false), Token::Sign("and")]);
        assert_eq!(words("1_000.5"), [number("1000.5", "", false)]);
        assert_eq!(words("25bp"), [number("0.0025", "", true)]);
        assert_eq!(words("3 bpm"), [number("3", "bpm", true)]);
        assert_eq!(words("0.5"), [number("0.5", "", false)]);
    }

    #[test]
    fn a_name_takes_filters_and_point() {
        let text = "visits.count{tier = \"key\"}.year_to_date@year_ago";
        assert_eq!(words(&format!("{text} × 2"))[0], Token::Name(text.into()));
    }

    #[test]
    fn a_fault_knows_its_bytes() {
        assert_eq!(tokens("存款 ; 1").unwrap_err().span, 7..8);
        assert_eq!(tokens("1 + 'a").unwrap_err().span, 4..6);
        assert_eq!(tokens("x > 2026-02-30").unwrap_err().span, 4..14);
        // A thousand is written without a comma, which would make two arguments of it.
        assert_eq!(tokens("max(1,000, 2)").unwrap_err().span, 6..9);
    }
}
