//! What a scorecard made of stints comes to: sums of what is printed, so that it adds up as any other does.
//!
//! Items and pay lines are means of the stints' own, each rounded as the policy says, and dimensions, total and pay are the sums
//! of these rounded means. Where more than addition made the sums of the stints, so that the mean of theirs is not the sum of the
//! means (bounds, caps, vetoes, gates, advances, time in post acted, or weight that was skipped was made up), it is their mean.

use std::collections::BTreeMap;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::blend::{CardPart, mean, mean_of_all};
use super::card::{DimensionScore, ItemScore, Scorecard};
use super::total::{self, in_sum};
use crate::policy::plan::{Plan, Role};
use crate::policy::round::settled;

/// A sum of means: as printed, and before anything was rounded.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sum {
    pub(super) printed: Decimal,
    pub(super) exact: Decimal,
}

impl Sum {
    pub(super) fn add(&mut self, printed: Decimal, exact: Decimal) {
        self.printed += printed;
        self.exact += exact;
    }

    /// What it is where the stints' own come to `mean`: the sum of what is printed, which rounding does not lift over the bounds
    /// that the stints kept; or their mean, where it is not the sum of the means.
    pub(super) fn or(self, mean: Decimal, (least, most): total::Bounds) -> Decimal {
        if settled(self.exact).round_dp(PLACES) != settled(mean).round_dp(PLACES) {
            return mean;
        }
        let cut = most.map_or(self.printed, |most| self.printed.min(most.max(mean)));
        least.map_or(cut, |least| cut.max(least.min(mean)))
    }
}

/// To so many places sums of means are compared; what divisions leave behind is far below.
const PLACES: u32 = 12;

/// The bounds of a mean: the mean of theirs, where all have one.
pub(super) fn bounds(parts: &[&CardPart], of: impl Fn(&Scorecard) -> total::Bounds) -> total::Bounds {
    let all = |one: &dyn Fn(total::Bounds) -> Option<Decimal>| {
        let known: Option<Vec<(Decimal, Option<Decimal>)>> =
            parts.iter().map(|part| Some((part.weight, Some(one(of(&part.card))?)))).collect();
        mean(known?.into_iter())
    };
    (all(&|bounds| bounds.0), all(&|bounds| bounds.1))
}

/// Makes dimensions and the total of the items of a scorecard; what the stints made of theirs is in it so far.
pub(super) fn of_items(plan: &Plan, card: &mut Scorecard, parts: &[&CardPart]) {
    let mut sums: BTreeMap<Option<Arc<str>>, Sum> = BTreeMap::new();
    for item in card.items.iter().filter(|item| item.role == Role::Indicator || item.dimension.is_some()) {
        add_item(plan, &mut sums, item.dimension.clone(), item);
    }
    for at in (0..card.dimensions.len()).rev() {
        let dimension = &card.dimensions[at];
        let Some(mean) = dimension.points else { continue };
        let sum = sums.get(&Some(dimension.id.clone())).copied().unwrap_or_default();
        let own = |card: &Scorecard| card.dimensions.iter().find(|own| own.id == dimension.id).cloned();
        let exact = mean_of_all(parts, |card| own(card)?.points).unwrap_or(mean);
        let bounds = bounds(parts, |card| own(card).map(|own| own.bounds).unwrap_or_default());
        let found = sum.or(exact, bounds);
        let points = super::blend::dimension_rounded(plan, &dimension.id, found);
        let above = dimension.parent.clone();
        sums.entry(above).or_default().add(points, exact);
        card.dimensions[at] = DimensionScore { sum: found, points: Some(points), ..dimension.clone() };
    }
    let Some(mean) = card.exact_total else { return };
    for item in card.items.iter().filter(|item| item.role != Role::Indicator && item.dimension.is_none()) {
        add_item(plan, &mut sums, None, item);
    }
    let sum = sums.get(&None).copied().unwrap_or_default();
    card.exact_total = Some(sum.or(mean, bounds(parts, |card| card.bounds)).normalize());
}

fn add_item(plan: &Plan, sums: &mut BTreeMap<Option<Arc<str>>, Sum>, at: Option<Arc<str>>, item: &ItemScore) {
    let Some(exact) = item.exact_points else { return };
    let exact = if item.role == Role::Deduction { -exact } else { exact };
    sums.entry(at).or_default().add(in_sum(plan, item), exact);
}
