//! Where a text holds somebody's personal data: values of fields marked so, citizens' identity numbers, and matters of health,
//! which no record has a field for.

use std::ops::Range;

use chrono::NaiveDate;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::recover::recoverable;
use super::shape::{Kind, Shape};

/// Words that name a matter of health, in keys that somebody made up.
const HEALTH: [&str; 22] = [
    "diagnos",
    "depress",
    "anxiety",
    "illness",
    "disease",
    "medical",
    "medication",
    "pregnan",
    "psychiatr",
    "therapy",
    "sick",
    "病假",
    "病情",
    "就医",
    "诊断",
    "病历",
    "病史",
    "疾病",
    "抑郁",
    "焦虑",
    "怀孕",
    "用药",
];

/// Whether a key names a matter of somebody's health.
pub fn names_health(key: &str) -> bool {
    let mut folded = key.to_lowercase();
    for word in OF_BUSINESS {
        folded = folded.replace(word, "");
    }
    HEALTH.iter().any(|word| folded.contains(word))
}

/// Words for looking into a business, not into a person.
const OF_BUSINESS: [&str; 6] = ["诊断分析", "经营诊断", "业务诊断", "财务诊断", "管理诊断", "企业诊断"];

/// `text` with the letters and digits of personal data replaced by stars; every other byte stays where it is.
pub fn masked(text: &str, shape: Option<&Shape>) -> String {
    let mut hidden: Vec<Range<usize>> = identity_numbers(text).collect();
    if let Some(shape) = shape {
        let recovered = recoverable(text);
        table(DeTable::parse_recoverable(&recovered).0.get_ref(), shape, &mut hidden);
    }
    hidden.sort_by_key(|range| range.start);
    let mut out = String::with_capacity(text.len());
    for range in hidden {
        let start = text.floor_char_boundary(range.start.max(out.len()));
        let end = text.ceil_char_boundary(range.end);
        if let (Some(before), Some(personal)) = (text.get(out.len()..start), text.get(start..end)) {
            out.push_str(before);
            personal.chars().for_each(|c| star(c, &mut out));
        }
    }
    out.push_str(&text[out.len()..]);
    out
}

/// A star as wide as the letter or digit it stands for, in as many bytes; any other character as it is.
fn star(c: char, out: &mut String) {
    match (c.is_alphanumeric(), c.len_utf8()) {
        (false, _) => out.push(c),
        (true, 2) => out.push('×'),
        (true, 3) => out.push('＊'),
        (true, length) => out.extend(std::iter::repeat_n('*', length)),
    }
}

fn table(values: &DeTable<'_>, shape: &Shape, hidden: &mut Vec<Range<usize>>) {
    for (key, value) in values {
        match shape.field(key.get_ref()) {
            Some(field) if field.personal => hidden.push(value.span()),
            Some(field) => below(value, &field.kind, hidden),
            None => {}
        }
    }
}

fn below(value: &Spanned<DeValue<'_>>, kind: &Kind, hidden: &mut Vec<Range<usize>>) {
    match (value.get_ref(), kind) {
        (DeValue::Table(values), Kind::Table(shape)) => table(values, shape, hidden),
        (DeValue::Table(values), Kind::Map { values: kind, .. }) => {
            values.values().for_each(|value| below(value, kind, hidden));
        }
        (DeValue::Array(items), Kind::List(kind)) => items.iter().for_each(|item| below(item, kind, hidden)),
        _ => {}
    }
}

/// The citizens' identity numbers of a text.
pub fn identity_numbers(text: &str) -> impl Iterator<Item = Range<usize>> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < bytes.len() {
            let start = at;
            let length = bytes[start..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
            at += length.max(1);
            if length == 18 && is_identity_number(&bytes[start..start + length]) {
                return Some(start..start + length);
            }
        }
        None
    })
}

/// GB 11643-1999: 17 digits with a birthday in places 7 to 14, and a check symbol, ISO 7064 MOD 11-2.
fn is_identity_number(symbols: &[u8]) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let (digits, check) = symbols.split_at(17);
    if !digits.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let number =
        |range: Range<usize>| digits[range].iter().fold(0, |n, digit| n * 10 + u32::from(digit - b'0'));
    let year = i32::try_from(number(6..10)).unwrap_or_default();
    let born = NaiveDate::from_ymd_opt(year, number(10..12), number(12..14));
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    let expected = b"10X98765432"[(sum % 11) as usize];
    (1900..2100).contains(&year) && born.is_some() && check[0].to_ascii_uppercase() == expected
}

#[cfg(test)]
mod tests {
    use super::super::kind::RecordKind;
    use super::*;

    #[test]
    fn what_is_personal_is_starred_and_nothing_else() {
        let text = "name = \"华东\" # 11010519491231002X\n[[contacts]]\nname = \"李明\"\nphone = \"139-1234-5678\"\n\
                    email = 'li@a.cn'\nb a d\n[[visits]]\nmet = [\n  \"李明\", # 财务\n]\n";
        let masked = masked(text, Some(RecordKind::Client.shape()));
        assert_eq!(
            masked,
            "name = \"华东\" # ******************\n[[contacts]]\nname = \"＊＊\"\nphone = \"***-****-****\"\n\
             email = '**@*.**'\nb a d\n[[visits]]\nmet = [\n  \"＊＊\", # ＊＊\n]\n"
        );
        assert_eq!(masked.len(), text.len());
    }

    #[test]
    fn a_look_into_a_business_names_nobodys_health() {
        let named = ["诊断", "诊断书", "病假", "sick_days", "depression", "就医", "经营诊断与病假"];
        assert!(named.iter().all(|key| names_health(key)));
        let business = ["诊断分析", "经营诊断", "业务诊断能力", "财务诊断", "negotiation"];
        assert!(!business.iter().any(|key| names_health(key)));
    }

    #[test]
    fn only_a_number_with_a_birthday_and_a_right_check_symbol_is_one() {
        let numbers = |text: &str| identity_numbers(text).count();
        // The example of the standard: the weighted sum of 11010519491231002 is 167, 2 modulo 11, which gives X.
        assert_eq!(numbers("11010519491231002X、11010519491231002x"), 2);
        assert_eq!(
            numbers("110105194912310021 11010519491331002X 911100006000373410 x11010519491231002X"),
            0
        );
    }
}
