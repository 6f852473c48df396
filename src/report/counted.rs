//! What was counted as nothing, or as full marks, because a figure or a target is missing.

use rust_decimal::Decimal;

use super::names_of;
use crate::msg;
use crate::policy::plan::Role;
use crate::score::{ItemScore, Scorecard, Standing};
use crate::text::{Message, Text, score, scorecard as say};

/// Remarks on all of a scorecard that a missing figure stands behind, items before pay lines.
pub(super) fn counted(card: &Scorecard) -> Vec<Message> {
    if card.not_assessed.is_some() {
        return Vec::new();
    }
    let items = |kind: fn(Decimal) -> bool, text: Text| {
        let substituted = |item: &&ItemScore| is_for_want(item) && item.score.is_some_and(kind);
        let items: Vec<&ItemScore> = card.items.iter().filter(substituted).collect();
        (!items.is_empty()).then(|| msg!(text, items = names_of(&items)))
    };
    let zero = items(|score| score.is_zero(), say::COUNTED_ZERO);
    let full = items(|score| !score.is_zero(), say::COUNTED_FULL);
    zero.into_iter().chain(full).chain(unpaid_lines(card)).collect()
}

/// The pay lines that are left out, and those that count as zero.
pub(super) fn unpaid_lines(card: &Scorecard) -> Vec<Message> {
    let skipped = card.skipped.iter();
    let skipped =
        skipped.map(|line| msg!(say::LINE_SKIPPED, line = &*line.title, reason = line.reason.clone()));
    let lines = card.pay.iter().flat_map(|pay| &pay.lines).filter(|line| line.missing.is_some());
    let (ids, titles): (Vec<&str>, Vec<&str>) = lines.map(|line| (&*line.id, &*line.title)).unzip();
    let named = || Message::both(ids.join(", "), titles.join("、"));
    let zero = (!ids.is_empty()).then(|| msg!(say::PAY_COUNTED_ZERO, lines = named()));
    skipped.chain(zero).collect()
}

/// Whether an item has its score only because a figure is missing. Additions and deductions by hand that nobody gave are none, nor is
/// what a target of zero counts as.
fn is_for_want(item: &ItemScore) -> bool {
    let Standing::Substituted(reason) = &item.standing else { return false };
    let by_hand = item.role != Role::Indicator && *reason == Message::from(score::NO_MARK);
    !by_hand && *reason != Message::from(score::ZERO_TARGET)
}
