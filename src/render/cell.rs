//! What a cell says, to people and to programs, before a format dresses it.

use std::collections::BTreeMap;

use rust_decimal::{Decimal, RoundingStrategy};

use super::spark;
use crate::msg;
use crate::table::{Cell, Column, Kind, Table, Together};
use crate::text::{Lang, render};

/// What stands where nothing is known.
pub(super) const MISSING: &str = "–";

/// The rows as people read them: numbers that belong together have the same decimals, as many as the one with the most needs.
pub(super) fn shown_rows(table: &Table, lang: Lang) -> Vec<Vec<String>> {
    let unit = table.columns.iter().position(|column| column.key == "unit");
    let together = |column: &Column, row: usize| match (column.together, unit) {
        (Together::All, _) => Group::All,
        (Together::Unit, Some(unit)) => Group::Unit(shown(&table.rows[row][unit], lang)),
        (Together::Unit, None) | (Together::None, _) => Group::Row(row),
    };
    let mut places: BTreeMap<(usize, Group), u32> = BTreeMap::new();
    for (row, cells) in table.rows.iter().enumerate() {
        for (index, (column, cell)) in table.columns.iter().zip(cells).enumerate() {
            if let Some(figure) = figure(column, cell) {
                let most = places.entry((index, together(column, row))).or_default();
                *most = (*most).max(figure.scale());
            }
        }
    }
    let look = |row: usize, index: usize, cell: &Cell| {
        let column = &table.columns[index];
        let Some(mut figure) = figure(column, cell) else { return shown(cell, lang) };
        figure.rescale(places.get(&(index, together(column, row))).copied().unwrap_or_default());
        let sign = if column.kind == Kind::Ratio { "%" } else { "" };
        format!("{figure}{sign}")
    };
    let rows = table.rows.iter().enumerate();
    rows.map(|(row, cells)| cells.iter().enumerate().map(|(index, cell)| look(row, index, cell)).collect())
        .collect()
}

/// Which numbers of a column belong together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    All,
    Unit(String),
    Row(usize),
}

/// What a number is drawn from, without zeros at its end: a ratio in percent.
fn figure(column: &Column, cell: &Cell) -> Option<Decimal> {
    match (column.kind, cell) {
        (Kind::Number, Cell::Number(number)) => Some(number.normalize()),
        (Kind::Number, Cell::Count(count)) => Some(Decimal::from(*count)),
        (Kind::Ratio | Kind::Points, Cell::Ratio(ratio)) => percent(*ratio),
        _ => None,
    }
}

/// The cell as people read it by itself, still with whatever a record's text holds.
pub(super) fn shown(cell: &Cell, lang: Lang) -> String {
    match cell {
        Cell::Missing => MISSING.to_owned(),
        Cell::Said { text, .. } => text.get(lang).to_owned(),
        Cell::Titled { title, .. } => title.get(lang),
        Cell::Nested { depth: 0, text } => text.clone(),
        Cell::Nested { depth, text } => format!("{}└ {text}", "  ".repeat(depth - 1)),
        Cell::Sentence(sentence) => sentence.get(lang),
        Cell::Ratio(ratio) => {
            percent(*ratio).map_or_else(|| ratio.to_string(), |percent| format!("{percent}%"))
        }
        Cell::Number(number) => number.normalize().to_string(),
        Cell::Flag(true) => render::YES.get(lang).to_owned(),
        Cell::Flag(false) => render::NO.get(lang).to_owned(),
        Cell::Trend(figures) => spark(figures),
        Cell::Text(_) | Cell::Count(_) | Cell::Date(_) => machine(cell, lang),
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

/// A ratio in percent with at most two decimals, half away from zero; nothing where it is too large.
fn percent(ratio: Decimal) -> Option<Decimal> {
    let percent = ratio.checked_mul(Decimal::ONE_HUNDRED)?;
    Some(percent.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero).normalize())
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
    matches!(kind, Kind::Count | Kind::Number | Kind::Ratio | Kind::Points)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Message;

    #[test]
    fn a_ratio_reads_as_a_percentage() {
        for (ratio, expected) in [("0.97", "97%"), ("1.2", "120%"), ("0.12345", "12.35%"), ("-0.5", "-50%")] {
            assert_eq!(shown(&Cell::Ratio(ratio.parse().unwrap()), Lang::En), expected);
        }
        let huge = shown(&Cell::Ratio(Decimal::MAX), Lang::En);
        assert_eq!(huge, Decimal::MAX.to_string(), "too large to multiply");
    }

    #[test]
    fn numbers_that_belong_together_have_the_same_decimals() {
        let column = |key: &str, kind| Column::new(key, Message::verbatim(key), kind);
        let mut columns = vec![
            column("score", Kind::Number),
            column("part", Kind::Ratio),
            column("value", Kind::Number).together(Together::Unit),
        ];
        // A difference of percentages is told in points, without the sign.
        let mut ahead = Table::new("t", Message::verbatim("t"), vec![column("ahead", Kind::Points)]);
        ahead.push(vec![Cell::Ratio("0.0031".parse().unwrap())]);
        ahead.push(vec![Cell::Ratio("-0.125".parse().unwrap())]);
        assert_eq!(shown_rows(&ahead, Lang::Zh), [["0.31"], ["-12.50"]]);
        let number = |text: &str| Cell::Number(text.parse().unwrap());
        let ratio = |text: &str| Cell::Ratio(text.parse().unwrap());
        let mut table = Table::new("t", Message::verbatim("t"), columns.clone());
        table.push(vec![number("92.30"), ratio("0.97"), number("79700.00")]);
        table.push(vec![number("60"), Cell::Missing, number("0.583")]);
        table.push(vec![number("-1.25"), ratio("1.2345"), number("3")]);
        let rows = shown_rows(&table, Lang::En);
        assert_eq!(rows[0], ["92.30", "97.00%", "79700"]);
        assert_eq!(rows[1], ["60.00", "–", "0.583"]);
        assert_eq!(rows[2], ["-1.25", "123.45%", "3"]);
        // Of a table that says units, those of one unit belong together.
        columns.push(column("unit", Kind::Text));
        let mut table = Table::new("t", Message::verbatim("t"), columns);
        for (value, unit) in [("79700", "万元"), ("153.2", "万元"), ("2", "户")] {
            table.push(vec![number("1.50"), Cell::Missing, number(value), unit.into()]);
        }
        let values: Vec<String> =
            shown_rows(&table, Lang::En).into_iter().map(|mut row| row.remove(2)).collect();
        assert_eq!(values, ["79700.0", "153.2", "2"]);
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
