//! What people type where Chinese is typed: full-width letters, digits and marks, and numbers in words of 万 and 亿.

use std::borrow::Cow;

use rust_decimal::Decimal;

/// How far the full-width forms stand from those of ASCII.
const WIDE: u32 = 0xfee0;

/// Text with full-width letters, digits, marks and spaces as their narrow ones.
pub fn narrow(text: &str) -> Cow<'_, str> {
    let of = |letter: char| match letter {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(letter) - WIDE).unwrap_or(letter),
        _ => letter,
    };
    if text.chars().all(|letter| of(letter) == letter) {
        return text.into();
    }
    text.chars().map(of).collect::<String>().into()
}

/// The plain digits of a number as people write one: `4,980`, `４９８０`, `1.2亿`, `350万元`. A word for a multiple goes by the
/// unit the number is to be in: `350万` is 350 where that is 万元, and 3500000 where it is 元. Separators that do not part
/// threes make no number.
pub fn number(text: &str, unit: Option<&str>) -> Option<String> {
    let narrow = narrow(text);
    let words = narrow.trim();
    let (digits, times) = multiple(words.strip_suffix('元').unwrap_or(words).trim());
    let is_money = words.ends_with('元');
    let digits = ungrouped(digits)?;
    if times == 1 && !is_money {
        return Some(digits);
    }
    let per = unit.map_or(1, |unit| multiple(unit.trim_end_matches('元')).1);
    let number: Decimal = digits.replace('_', "").parse().ok()?;
    let whole = number.checked_mul(Decimal::from(times))?.checked_div(Decimal::from(per))?;
    Some(whole.normalize().to_string())
}

/// What stands before a word for a multiple, and the multiple.
fn multiple(words: &str) -> (&str, i64) {
    const WORDS: [(&str, i64); 5] = [
        ("万亿", 1_000_000_000_000),
        ("亿", 100_000_000),
        ("百万", 1_000_000),
        ("万", 10_000),
        ("千", 1_000),
    ];
    let found = WORDS.iter().find_map(|(word, times)| Some((words.strip_suffix(word)?.trim(), *times)));
    found.unwrap_or((words, 1))
}

/// Digits without the commas that part groups of three.
fn ungrouped(digits: &str) -> Option<String> {
    if !digits.contains(',') {
        return Some(digits.to_owned());
    }
    let (whole, fraction) =
        digits.split_once('.').map_or((digits, None), |(whole, rest)| (whole, Some(rest)));
    let groups: Vec<&str> = whole.split(',').collect();
    let first = groups[0].trim_start_matches(['-', '+']);
    let is_parted = (1..=3).contains(&first.len()) && groups.iter().skip(1).all(|group| group.len() == 3);
    let fraction = fraction.map(|fraction| format!(".{fraction}")).unwrap_or_default();
    is_parted.then(|| groups.concat() + &fraction)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_text_is_read_as_narrow() {
        assert_eq!(narrow("２０２６－１１－２０　ａ"), "2026-11-20 a");
        assert_eq!(narrow("华东精密"), "华东精密");
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (words, unit, expected) in [
            ("4,980", None, Some("4980")),
            ("４９８０．５", None, Some("4980.5")),
            ("1,234,567.80", None, Some("1234567.80")),
            ("-1,000", None, Some("-1000")),
            ("1.2亿", Some("万元"), Some("12000")),
            ("1.2亿元", Some("元"), Some("120000000")),
            ("350万", Some("万元"), Some("350")),
            ("350 万元", Some("元"), Some("3500000")),
            ("5000元", Some("万元"), Some("0.5")),
            ("2千", Some("户"), Some("2000")),
            ("12,5", None, None),
            ("1234,567", None, None),
            ("1_000", None, Some("1_000")),
        ] {
            assert_eq!(number(words, unit).as_deref(), expected, "{words} in {unit:?}");
        }
    }
}
