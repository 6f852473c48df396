//! The cells in which reports say what lies ahead of each manager.

use rust_decimal::Decimal;

use super::super::{closing, figure_title};
use super::Input;
use crate::msg;
use crate::record::settings::Settings;
use crate::score::ahead::{Gap, Need, Prospect};
use crate::score::apply::Scored;
use crate::table::Cell;
use crate::text::{Message, Text, practice};

/// Remarks on whose closed scorecard was amended, or would come out otherwise now.
pub(super) fn closings<'s>(
    input: &Input<'_>,
    scored: impl IntoIterator<Item = &'s Scored<'s>>,
) -> Vec<Message> {
    let cards = scored.into_iter().flat_map(|scored| &scored.cards);
    let cards = cards.filter(|card| input.covers(&card.profile.id));
    let said = cards.filter_map(|card| {
        let (period, manager) = (card.period.to_string(), &*card.profile.id);
        Some(msg!(practice::OF_SCORECARD, manager = manager, period = period, said = closing(card)?))
    });
    said.collect()
}

/// A number beside its unit: percentages as people write them, words of ours in both languages.
pub(super) fn amount(number: Decimal, unit: &str) -> Cell {
    Cell::Number(scaled(number, unit))
}

fn scaled(number: Decimal, unit: &str) -> Decimal {
    let number = if unit == "%" { number * Decimal::ONE_HUNDRED } else { number };
    number.round_dp(2).normalize()
}

/// A unit as a cell.
pub(super) fn unit_cell(unit: &str) -> Cell {
    match unit {
        "points" => Cell::Said { key: "points", text: practice::POINTS },
        "months" => Cell::Said { key: "months", text: practice::MONTHS },
        "" => Cell::Missing,
        unit => unit.into(),
    }
}

/// What is missing to a figure that is needed, with its sign.
pub(super) fn missing(gap: &Gap) -> Cell {
    if gap.holds { Cell::Missing } else { amount(gap.nearest - gap.now, &gap.unit) }
}

/// A need in the words of the business: `对公存款日均 +820 万元`.
pub fn in_business(settings: &Settings, need: &Need) -> Message {
    let change = scaled(need.needed - need.now, &need.unit);
    let change = if change > Decimal::ZERO { format!("+{change}") } else { change.to_string() };
    let unit = if need.unit == "%" {
        Message::from(practice::PERCENTAGE_POINTS)
    } else {
        Message::verbatim(&need.unit)
    };
    msg!(practice::IN_BUSINESS, figure = figure_title(settings, &need.query), change = change, unit = unit)
}

/// The same as a cell; programs read the figure by its query.
pub(super) fn in_business_cell(settings: &Settings, need: &Need) -> Cell {
    let change = scaled(need.needed - need.now, &need.unit);
    let sign = if change > Decimal::ZERO { "+" } else { "" };
    Cell::Titled {
        key: format!("{} {sign}{change} {}", need.query, need.unit),
        title: in_business(settings, need),
    }
}

/// How far a rule has come, in one word.
pub(super) fn status(prospect: &Prospect) -> Cell {
    let said = |key, text: Text| Cell::Said { key, text };
    if prospect.conditions.iter().any(|condition| condition.holds.is_none()) {
        return said("unknown", practice::FIGURES_MISSING);
    }
    if prospect.held == 0 {
        return said("conditions-open", practice::CONDITIONS_OPEN);
    }
    match prospect.months_missing() {
        None => return said("unknown", practice::FIGURES_MISSING),
        Some(0) => {}
        Some(_) => return said("too-short", practice::TOO_SHORT_IN_GRADE),
    }
    if prospect.unknown_before {
        return said("periods-unknown", practice::PERIODS_UNKNOWN);
    }
    if prospect.held < prospect.consecutive {
        return said("periods-open", practice::PERIODS_OPEN);
    }
    said("met", practice::RULE_MET)
}
