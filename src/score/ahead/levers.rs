//! What each indicator could still give: points to full marks, and the figure that alone would reach the next rating.

use rust_decimal::Decimal;

use super::super::card::ItemScore;
use super::need::for_score;
use super::{Lever, Seen};
use crate::policy::plan::Role;

/// Every indicator that can still add points, those that add most first; `missing` is what the total lacks for the next rating.
pub(super) fn levers(seen: Seen<'_>, missing: Option<Decimal>) -> Vec<Lever> {
    let plan = &seen.manager().plan;
    let items = plan.items.iter().filter(|item| item.role == Role::Indicator);
    let found = items.filter_map(|item| seen.manager().items.get(&item.id));
    let mut levers: Vec<Lever> = found.filter_map(|found| lever(seen, found, missing)).collect();
    // The sort is stable: equal gains stay in the order of the policy.
    levers.sort_by_key(|lever| std::cmp::Reverse(lever.gain));
    levers
}

fn lever(seen: Seen<'_>, found: &ItemScore, missing: Option<Decimal>) -> Option<Lever> {
    let (score, weight) = (found.score?, found.effective_weight?);
    let points = |score: Decimal| score.checked_mul(weight)?.checked_div(found.full);
    let gain = points(found.full - score)?.max(Decimal::ZERO);
    let wanted = missing.and_then(|missing| missing.checked_mul(found.full)?.checked_div(weight));
    let alone = wanted.and_then(|wanted| for_score(seen, &found.id, score + wanted));
    if gain.is_zero() && alone.is_none() {
        return None;
    }
    let full = for_score(seen, &found.id, found.full);
    Some(Lever {
        id: found.id.clone(),
        title: found.title.clone(),
        score: score.normalize(),
        gain: gain.normalize(),
        full,
        alone,
    })
}
