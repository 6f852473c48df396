//! The few sums every report does: shares of a whole, cells with as many digits as people read.
//!
//! Nothing is computed from a rounded number; only what is shown is rounded, half away from zero.

use std::fmt::Debug;

use rust_decimal::{Decimal, RoundingStrategy};

use crate::record::kind::RecordKind;
use crate::record::shape::{Field, Kind};
use crate::table::Cell;

/// Decimals of a ratio: a percentage with two.
const RATIO_DIGITS: u32 = 4;
/// Decimals of any other quotient.
const DIGITS: u32 = 2;

fn rounded(number: Decimal, digits: u32) -> Decimal {
    number.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero).normalize()
}

/// `part` of `whole`, unrounded; nothing where the whole is zero.
pub(super) fn share(part: impl Into<Decimal>, whole: impl Into<Decimal>) -> Option<Decimal> {
    part.into().checked_div(whole.into())
}

/// A fraction to print; a dash where there is none.
pub(super) fn ratio(value: Option<Decimal>) -> Cell {
    value.map_or(Cell::Missing, |value| Cell::Ratio(rounded(value, RATIO_DIGITS)))
}

/// `part` of `whole` to print, both counted.
pub(super) fn part(part: usize, whole: usize) -> Cell {
    ratio(share(part, whole))
}

/// A number to print; a dash where there is none.
pub(super) fn number(value: impl Into<Option<Decimal>>) -> Cell {
    value.into().map_or(Cell::Missing, |value| Cell::Number(rounded(value, DIGITS)))
}

/// A sum of money divided among people to print: small parts of large units keep two figures that differ.
pub(super) fn per_head(value: Option<Decimal>) -> Cell {
    value.map_or(Cell::Missing, |value| Cell::Number(rounded(value, RATIO_DIGITS)))
}

/// A figure in as many places as others beside it are stated in, or as are shown of it where those are more: what is compared is
/// not told apart by places nobody stated.
pub(super) fn as_stated(figure: Decimal, is_ratio: bool, stated: &[Decimal]) -> Decimal {
    let shown = if is_ratio { RATIO_DIGITS } else { DIGITS };
    rounded(figure, stated.iter().map(Decimal::scale).fold(shown, u32::max))
}

/// A whole number of days to print.
pub(super) fn days(value: impl Into<Option<i64>>) -> Cell {
    value.into().map_or(Cell::Missing, Cell::Count)
}

/// A record's enum value in the words of its own definition: `choice(RecordKind::Client, &["tier"], client.tier)`.
pub(super) fn choice(kind: RecordKind, path: &[&str], value: impl Debug) -> Cell {
    let name = kebab(&format!("{value:?}"));
    let field = path.iter().try_fold((None, kind.shape().fields.as_slice()), |(_, fields), key| {
        let field: &'static Field = fields.iter().find(|field| field.name == *key)?;
        Some((Some(field), below(&field.kind)))
    });
    let choices = match field.and_then(|(field, _)| field).map(|field| &field.kind) {
        Some(Kind::Choice(choices)) => choices.as_slice(),
        _ => &[],
    };
    debug_assert!(choices.iter().any(|choice| choice.name == name), "{name} is no choice of {path:?}");
    match choices.iter().find(|choice| choice.name == name) {
        Some(choice) => Cell::Said { key: &choice.name, text: choice.doc.label() },
        None => Cell::Text(name),
    }
}

fn below(kind: &'static Kind) -> &'static [Field] {
    match kind {
        Kind::Table(shape) => &shape.fields,
        Kind::List(items) => below(items),
        Kind::Map { values, .. } => below(values),
        _ => &[],
    }
}

/// `SpecialMention` as records write it, `special-mention`.
fn kebab(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 2);
    for (index, c) in name.char_indices() {
        if c.is_ascii_uppercase() && index > 0 {
            out.push('-');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::client::Tier;

    #[test]
    fn only_what_is_shown_is_rounded() {
        assert_eq!(part(2, 3), Cell::Ratio("0.6667".parse().unwrap()));
        assert_eq!(part(0, 0), Cell::Missing);
        assert_eq!(number(Decimal::new(12345, 3)), Cell::Number("12.35".parse().unwrap()));
    }

    #[test]
    fn a_figure_is_compared_in_the_places_it_is_stated_in() {
        let of = |words: &str| words.parse::<Decimal>().unwrap();
        let now = Decimal::from(16) / Decimal::from(17);
        assert_eq!(as_stated(now, true, &[of("0.9412")]), of("0.9412"));
        assert_eq!(as_stated(now, true, &[of("0.9"), of("0.95")]), of("0.9412"));
        assert_eq!(as_stated(now, false, &[of("0.941")]), of("0.941"));
        assert_eq!(per_head(Some(of("0.67") / Decimal::from(8))), Cell::Number(of("0.0838")));
    }

    #[test]
    fn choices_speak_the_words_of_the_record() {
        let Cell::Said { key, text } = choice(RecordKind::Client, &["tier"], Tier::Strategic) else {
            panic!("a choice is said");
        };
        assert_eq!((key, text.zh), ("strategic", "战略客户"));
        let class = crate::record::risk::RiskClass::SpecialMention;
        assert!(matches!(
            choice(RecordKind::Client, &["facilities", "class"], class),
            Cell::Said { key: "special-mention", .. }
        ));
    }
}
