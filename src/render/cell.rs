//! What a cell says, to people and to programs, before a format dresses it.

use rust_decimal::{Decimal, RoundingStrategy};

use super::spark;
use crate::msg;
use crate::table::{Cell, Column, Kind};
use crate::text::{Lang, render};

/// What stands where nothing is known.
pub(super) const MISSING: &str = "–";

/// The cell as people read it, still with whatever a record's text holds.
pub(super) fn shown(cell: &Cell, lang: Lang) -> String {
    match cell {
        Cell::Missing => MISSING.to_owned(),
        Cell::Said { text, .. } => text.get(lang).to_owned(),
        Cell::Titled { title, .. } => title.get(lang),
        Cell::Nested { depth: 0, text } => text.clone(),
        Cell::Nested { depth, text } => format!("{}└ {text}", "  ".repeat(depth - 1)),
        Cell::Sentence(sentence) => sentence.get(lang),
        Cell::Ratio(ratio) => percent(*ratio),
        Cell::Flag(true) => render::YES.get(lang).to_owned(),
        Cell::Flag(false) => render::NO.get(lang).to_owned(),
        Cell::Trend(figures) => spark(figures),
        Cell::Text(_) | Cell::Count(_) | Cell::Number(_) | Cell::Date(_) => machine(cell, lang),
    }
}

/// The cell as a program reads it: all digits, ISO dates, English keys, sentences in the language asked for, nothing
/// where nothing is known.
pub(super) fn machine(cell: &Cell, sentences: Lang) -> String {
    match cell {
        Cell::Missing => String::new(),
        Cell::Text(text) | Cell::Nested { text, .. } => text.clone(),
        Cell::Said { key, .. } => (*key).to_owned(),
        Cell::Titled { key, .. } => key.clone(),
        Cell::Sentence(sentence) => sentence.get(sentences),
        Cell::Count(count) => count.to_string(),
        Cell::Number(number) | Cell::Ratio(number) => number.to_string(),
        Cell::Date(day) => day.to_string(),
        Cell::Flag(flag) => flag.to_string(),
        Cell::Trend(figures) => {
            let figures = figures.iter().map(|figure| figure.map_or_else(String::new, |f| f.to_string()));
            figures.collect::<Vec<_>>().join(";")
        }
    }
}

/// A ratio as a percentage of at most two decimals, half away from zero.
fn percent(ratio: Decimal) -> String {
    match ratio.checked_mul(Decimal::ONE_HUNDRED) {
        Some(percent) => {
            let rounded = percent.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
            format!("{}%", rounded.normalize())
        }
        None => ratio.to_string(),
    }
}

/// A column's title with its unit.
pub(super) fn heading(column: &Column, lang: Lang) -> String {
    match &column.unit {
        Some(unit) => msg!(render::WITH_UNIT, title = column.title.clone(), unit = unit).get(lang),
        None => column.title.get(lang),
    }
}

/// Whether people expect the column flush right.
pub(super) fn is_numeric(kind: Kind) -> bool {
    matches!(kind, Kind::Count | Kind::Number | Kind::Ratio)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_reads_as_a_percentage() {
        for (ratio, expected) in [("0.97", "97%"), ("1.2", "120%"), ("0.12345", "12.35%"), ("-0.5", "-50%")] {
            assert_eq!(shown(&Cell::Ratio(ratio.parse().unwrap()), Lang::En), expected);
        }
        assert_eq!(percent(Decimal::MAX), Decimal::MAX.to_string(), "too large to multiply");
    }

    #[test]
    fn a_program_gets_every_digit() {
        assert_eq!(machine(&Cell::Number("5200.10".parse().unwrap()), Lang::En), "5200.10");
        assert_eq!(machine(&Cell::Ratio("0.12345".parse().unwrap()), Lang::En), "0.12345");
        assert_eq!(
            machine(&Cell::Trend(vec![Some(Decimal::ONE), None, Some(Decimal::TWO)]), Lang::En),
            "1;;2"
        );
    }
}
