//! Dimensions, additions and deductions, bounds: from items to the total.

use std::collections::HashMap;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::around::Around;
use super::board::Board;
use super::card::{Change, DimensionScore, Idle, ItemScore, Items, ScoreError, Standing, TotalStep};
use super::item::setback;
use super::partial;
use crate::policy::curve::Halt;
use crate::policy::expr::Expr;
use crate::policy::plan::{Plan, Role};
use crate::policy::round::{clamp, round};
use crate::record::policy::item::Missing;
use crate::record::policy::{Prorate, Scale, SumOf};

/// The least and the most something may come to.
pub(super) type Bounds = (Option<Decimal>, Option<Decimal>);

/// What an item puts into a sum, negative for a deduction.
pub fn in_sum(plan: &Plan, item: &ItemScore) -> Decimal {
    let points = match plan.rounding.sum.unwrap_or_default() {
        SumOf::Rounded => item.points,
        SumOf::Exact => item.exact_points,
    };
    let points = points.unwrap_or_default();
    if item.role == Role::Deduction { -points } else { points }
}

/// Where the total stands while it is made.
pub(super) struct Making<'a> {
    pub(super) plan: &'a Plan,
    pub(super) dimensions: Vec<DimensionScore>,
    pub(super) steps: Vec<TotalStep>,
    pub(super) total: Decimal,
    pub(super) errors: Vec<ScoreError>,
    pub(super) idle: Vec<Idle>,
}

impl<'a> Making<'a> {
    pub(super) fn new(plan: &'a Plan) -> Self {
        Self {
            plan,
            dimensions: Vec::new(),
            steps: Vec::new(),
            total: Decimal::ZERO,
            errors: Vec::new(),
            idle: Vec::new(),
        }
    }

    pub(super) fn step(&mut self, change: Change, total: Decimal) {
        self.total = total;
        self.steps.push(TotalStep { change, total });
    }

    /// Sums of dimensions, within their bounds and rounded; parents hold their children.
    pub(super) fn dimensions(&mut self, around: &Around<'_>) {
        let mode = self.plan.rounding.mode.unwrap_or_default();
        let mut sums: HashMap<Arc<str>, (Decimal, bool)> = HashMap::new();
        for item in &self.plan.items {
            let (Some(dimension), Some(found)) = (&item.dimension, around.items().get(&item.id)) else {
                continue;
            };
            if found.standing.counts() && found.points.is_some() {
                let sum = sums.entry(dimension.clone()).or_default();
                *sum = (sum.0 + in_sum(self.plan, found), true);
            }
        }
        for dimension in self.plan.dimensions.iter().rev() {
            let (sum, any) = sums.get(&dimension.id).copied().unwrap_or_default();
            let bounds = self.bounds(around, &dimension.id, dimension.min.as_ref(), dimension.max.as_ref());
            let bounded = clamp(sum, bounds.0, bounds.1);
            let points = dimension.round.map_or(bounded, |places| round(bounded, places, mode));
            if let (Some(parent), true) = (&dimension.parent, any) {
                let above = sums.entry(parent.clone()).or_default();
                *above = (above.0 + points, true);
            }
            self.dimensions.push(DimensionScore {
                id: dimension.id.clone(),
                title: dimension.title.clone(),
                parent: dimension.parent.clone(),
                weight: dimension.weight,
                sum,
                bounds,
                points: any.then_some(points),
            });
        }
        self.dimensions.reverse();
    }

    fn bounds(
        &mut self,
        around: &Around<'_>,
        id: &Arc<str>,
        min: Option<&Expr>,
        max: Option<&Expr>,
    ) -> Bounds {
        let bounds = around.optional(min).and_then(|min| Ok((min, around.optional(max)?)));
        bounds.unwrap_or_else(|trouble| {
            self.failed(id, Halt::Trouble(trouble));
            (None, None)
        })
    }

    pub(super) fn failed(&mut self, id: &Arc<str>, halt: Halt) {
        self.errors.push(failed(id, halt));
    }

    /// The sum of the top dimensions and of items outside any, without additions and deductions outside any.
    pub(super) fn sum(&mut self, items: &Items) {
        let top = self.dimensions.iter().filter(|dimension| dimension.parent.is_none());
        let top: Decimal = top.filter_map(|dimension| dimension.points).sum();
        let loose =
            self.plan.items.iter().filter(|item| item.role == Role::Indicator && item.dimension.is_none());
        let loose: Decimal =
            loose.filter_map(|item| items.get(&item.id)).map(|item| in_sum(self.plan, item)).sum();
        self.step(Change::Sum, top + loose);
        if self.plan.scale == Scale::Points {
            self.rescale(items);
        }
    }

    /// In points, what was skipped is made up by the rest in proportion.
    fn rescale(&mut self, items: &Items) {
        let weighted = self.plan.items.iter().filter(|item| item.role == Role::Indicator);
        let state = |id: &Arc<str>| items.get(id).map(|item| &item.standing);
        let mut skipped = Decimal::ZERO;
        let mut applicable = Decimal::ZERO;
        for item in weighted {
            let weight = item.weight.unwrap_or_default();
            match state(&item.id) {
                Some(Standing::Skipped(_)) => {
                    skipped += weight;
                    applicable += weight;
                }
                Some(Standing::NotApplicable) | None => {}
                Some(_) => applicable += weight,
            }
        }
        // Conditions that choose among indicators may leave the whole intact; what they leave out otherwise is skipped too.
        skipped += (self.plan.whole - applicable).max(Decimal::ZERO);
        let left = self.plan.whole - skipped;
        if skipped > Decimal::ZERO && left > Decimal::ZERO && applicable > Decimal::ZERO {
            let total = self.total * self.plan.whole / left;
            self.step(Change::Rescaled { skipped }, total);
        }
    }

    /// Additions and deductions outside dimensions: their own bounds are applied, then those of their group.
    pub(super) fn adjust(&mut self, around: &Around<'_>) {
        let plan = self.plan;
        let outside =
            plan.items.iter().filter(|item| item.role != Role::Indicator && item.dimension.is_none());
        let mut groups: Vec<(Arc<str>, Decimal, bool)> = Vec::new();
        for item in outside {
            let Some(found) = around.items().get(&item.id).filter(|found| found.standing.counts()) else {
                continue;
            };
            let part = in_sum(self.plan, found);
            let Some(group) = &item.group else {
                self.step(Change::Points(item.id.clone(), part), self.total + part);
                continue;
            };
            match groups.iter_mut().find(|(known, ..)| known == group) {
                Some((_, sum, _)) => *sum += part,
                None => groups.push((group.clone(), part, item.role == Role::Deduction)),
            }
        }
        for (group, sum, taken) in groups {
            let bounds = plan.caps.iter().find(|(name, _)| *name == group).map(|(_, bounds)| bounds);
            // A cap of a group of deductions is stated as positive points, like the deductions themselves.
            let size = if taken { -sum } else { sum };
            let bounded = bounds.map_or(size, |bounds| {
                let (min, max) = self.bounds(around, &group, bounds.min.as_ref(), bounds.max.as_ref());
                clamp(size, min, max)
            });
            let part = if taken { -bounded } else { bounded };
            self.step(Change::Points(group, part), self.total + part);
        }
    }
}

/// Whether there is anything to judge by: an indicator with a weight was scored or stands open, or none has any.
pub(super) fn is_judged(plan: &Plan, items: &Items) -> bool {
    let weighted = || plan.items.iter().filter(|item| item.weight.is_some() && item.role == Role::Indicator);
    let judged = |item: &ItemScore| item.standing.counts() || matches!(item.standing, Standing::Failed(_));
    weighted().next().is_none() || weighted().filter_map(|item| items.get(&item.id)).any(judged)
}

/// What cannot be computed stops the scorecard.
pub(super) fn failed(id: &Arc<str>, halt: Halt) -> ScoreError {
    let setback = setback(halt, Missing::Error, None);
    ScoreError { word: setback.word, item: Some(id.clone()), reason: setback.reason }
}

/// A total after everything.
pub(super) struct Finished {
    pub(super) exact: Decimal,
    pub(super) rounded: Decimal,
    /// What it may come to, with the caps of vetoes.
    pub(super) bounds: Bounds,
}

/// Time in post, bounds and rounding.
pub(super) fn finish(board: &Board<'_>, me: usize, making: &mut Making<'_>) -> Finished {
    let plan = making.plan;
    let around = Around::new(board, me);
    let partial = &plan.partial;
    let profile = board.managers[me].facts.profile();
    let part = partial::prorated(making.total, partial, profile, Prorate::Score);
    if part != making.total {
        making.step(Change::Active(partial::factor(partial, profile, Prorate::Score)), part);
    }
    let id: Arc<str> = "total".into();
    let (least, most) = making.bounds(&around, &id, plan.total.min.as_ref(), plan.total.max.as_ref());
    let bounded = clamp(making.total, least, most);
    if bounded != making.total {
        making.step(Change::Bounds, bounded);
    }
    // A cap is a cap: neither a gate above 1 nor the least total lifts what a veto leaves.
    let caps = board.managers[me].card.vetoes.iter().filter_map(|veto| Some((veto.cap?, veto.id.clone())));
    let cap = caps.min_by_key(|(cap, _)| *cap);
    let most = cap.iter().map(|(cap, _)| *cap).chain(most).min();
    let lowest = cap.filter(|(cap, _)| *cap < bounded);
    let bounded = lowest.as_ref().map_or(bounded, |(cap, _)| *cap);
    if let Some((cap, veto)) = lowest {
        making.step(Change::Veto(veto), cap);
    }
    let mode = plan.rounding.mode.unwrap_or_default();
    let rounded = plan.rounding.total.map_or(bounded, |places| round(bounded, places, mode));
    if rounded != bounded {
        making.step(Change::Rounding, rounded);
    }
    Finished {
        exact: bounded,
        rounded,
        bounds: (least.filter(|least| most.is_none_or(|most| *least <= most)), most),
    }
}
