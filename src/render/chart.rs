//! Charts of one character's height that fit into a cell.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// Heights of a spark, lowest first.
const HEIGHTS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/// The last cell of a bar by eighths.
const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// The course of `figures`, one character each: the lowest stands at the bottom, the highest at the top, figures that are all the
/// same in the middle, a gap is a dot.
pub fn spark(figures: &[Option<Decimal>]) -> String {
    let known = || figures.iter().flatten().copied();
    let (Some(low), Some(high)) = (known().min(), known().max()) else {
        return "·".repeat(figures.len());
    };
    let height = |figure: Decimal| share(figure.checked_sub(low), high.checked_sub(low), 7).unwrap_or(3);
    figures.iter().map(|figure| figure.map_or('·', |figure| HEIGHTS[height(figure)])).collect()
}

/// `value` as a bar of `cells` characters where it reaches `full`; nothing where it is not positive.
pub fn bar(value: Decimal, full: Decimal, cells: usize) -> String {
    let eighths = share(Some(value.clamp(Decimal::ZERO, full.max(Decimal::ZERO))), Some(full), cells * 8);
    let eighths = eighths.unwrap_or(0);
    format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8])
}

/// How many of `steps` a part of a whole takes, rounded; nothing where the whole is nothing.
fn share(part: Option<Decimal>, whole: Option<Decimal>, steps: usize) -> Option<usize> {
    let whole = whole.filter(|whole| !whole.is_zero())?;
    part?.checked_div(whole)?.checked_mul(steps.into())?.round().to_usize()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(figures: &[i64]) -> Vec<Option<Decimal>> {
        figures.iter().map(|figure| Some(Decimal::from(*figure))).collect()
    }

    #[test]
    fn a_spark_spans_from_the_lowest_to_the_highest() {
        assert_eq!(spark(&figures(&[0, 1, 2, 3, 4, 5, 6, 7])), "▁▂▃▄▅▆▇█");
        assert_eq!(spark(&figures(&[-70, 0])), "▁█");
        assert_eq!(spark(&figures(&[5, 5])), "▄▄");
        assert_eq!(spark(&[Some(Decimal::ONE), None, Some(Decimal::TWO)]), "▁·█");
        assert_eq!(spark(&[None, None]), "··");
        assert_eq!(spark(&[Some(Decimal::MIN), Some(Decimal::MAX)]), "▄▄", "a span too wide to subtract");
    }

    #[test]
    fn a_bar_fills_by_eighths() {
        let bar = |value: &str| bar(value.parse().unwrap(), Decimal::ONE, 4);
        assert_eq!(bar("1"), "████");
        assert_eq!(bar("0.5"), "██");
        assert_eq!(bar("0.28125"), "█▏"); // 9 of 32 eighths
        assert_eq!(bar("2"), "████");
        assert_eq!(bar("-1"), "");
        assert_eq!(super::bar(Decimal::ONE, Decimal::ZERO, 4), "");
    }
}
