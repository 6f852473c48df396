//! Weights: of items, and what they make of those of dimensions.

use std::collections::BTreeMap;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::{Compiler, added, percentage};
use crate::diag::Label;
use crate::policy::plan::{Dimension, Item, Role};
use crate::policy::round::settled;
use crate::policy::rule;
use crate::record::policy::formula::Formula;
use crate::record::policy::item::Item as Written;
use crate::record::policy::{Scale, Weights};
use crate::source::{KeyPath, Place};
use crate::text::policy;
use crate::{msg, path};

impl Compiler<'_> {
    /// The weight, zero where it cannot be told.
    pub(super) fn weight(&mut self, written: &Written, path: &KeyPath) -> Option<Decimal> {
        let weight = self.fixed_weight(written.weight.as_ref()?, &path.join("weight"));
        if weight.is_none() {
            self.unsure.whole = true;
            self.unsure.of.extend(written.dimension.clone());
        }
        Some(weight.unwrap_or_default())
    }

    /// A weight counts as what all of them add up to does: `60%` of a hundred is written `60`, and counts as such from there on.
    pub(super) fn fixed_weight(&mut self, weight: &Formula, path: &KeyPath) -> Option<Decimal> {
        let fixed = self.fixed(weight, path, Some(policy::OTHER_WEIGHTS.into()))?;
        let whole = self.full_of_weights();
        if percentage(&weight.0).is_none() || whole < Decimal::TEN {
            return Some(fixed);
        }
        let meant = (fixed * whole).normalize();
        let message = msg!(policy::PERCENT_OF_WEIGHT, number = &weight.0, whole = whole, weight = meant);
        self.fault(&rule::WEIGHTS, path, message);
        Some(meant)
    }

    /// What weights add up to: a hundred, or in points whatever is full marks.
    fn full_of_weights(&self) -> Decimal {
        match self.record.scale {
            Scale::Weighted => Decimal::ONE_HUNDRED,
            Scale::Points => self.full_marks_stated(),
        }
    }

    /// Gives each dimension the sum of its leaves and compares it with what is stated; where conditions choose among the leaves,
    /// what is stated stands, and they have to be able to make it.
    pub(super) fn weigh(&mut self, dimensions: &mut [Dimension], items: &[Item]) {
        let shared = self.record.weights == Weights::Share;
        let mut sums: BTreeMap<Arc<str>, Sums> = BTreeMap::new();
        // What belongs to a dimension that is not there may belong to any.
        let astray = self.unsure.astray;
        let adrift = self.unsure.of.iter().any(|id| !self.dimensions.contains(id));
        for item in items.iter().filter(|item| item.role == Role::Indicator) {
            if let (Some(dimension), Some(weight)) = (&item.dimension, item.weight) {
                let always = if item.when.is_some() { Decimal::ZERO } else { weight };
                sums.entry(dimension.clone()).or_default().add(Sums { all: weight, always });
            }
        }
        for dimension in dimensions.iter_mut().rev() {
            let sum = sums.get(&dimension.id).copied().unwrap_or_default();
            let id = dimension.id.clone();
            let unsure = adrift || self.unsure.of.contains(&*id);
            let conditional = sum.all != sum.always;
            let at = self.record.dimensions.iter().position(|written| *written.id == *id);
            let stated = settled(dimension.weight);
            let short = settled(sum.all + astray) < stated;
            let fits = settled(sum.always) <= stated && !short;
            if let (Some(at), true, false, false) = (at, dimension.kept, shared || unsure, fits) {
                let path = KeyPath(vec!["dimensions".into(), at.into(), "weight".into()]);
                let sum = if short { sum.all + astray } else { sum.all };
                let of = |item: &&Item| item.role == Role::Indicator && item.dimension.as_ref() == Some(&id);
                let addends: Vec<Decimal> = items.iter().filter(of).filter_map(|item| item.weight).collect();
                let message = match addends.iter().sum::<Decimal>() == sum {
                    true => added(&addends, false, &dimension.weight.to_string()),
                    false => msg!(policy::SUM_IS, sum = sum, wanted = dimension.weight),
                };
                self.fault(&rule::WEIGHTS, &path, message);
                if short && let Some(finding) = self.findings.last_mut() {
                    let loose = items.iter().filter(|item| is_loose(item));
                    let label = |item: &Item| Label {
                        at: Place::value(self.file, item.path.clone()),
                        message: policy::IN_NO_DIMENSION.into(),
                    };
                    finding.labels.extend(loose.map(label));
                }
            }
            dimension.kept &= conditional;
            if !dimension.kept {
                dimension.weight = sum.all;
            }
            let above = Sums { all: dimension.weight, ..sum };
            if let Some(parent) = &dimension.parent {
                sums.entry(parent.clone()).or_default().add(above);
                self.unsure.of.extend(Some(parent.to_string()).filter(|_| unsure));
            }
        }
    }
}

impl Compiler<'_> {
    /// Shares of one level make a hundred, as each is a part of the level above; where conditions choose among them, they can.
    pub(super) fn levels(&mut self, dimensions: &[Dimension], items: &[Item]) {
        let mut levels: BTreeMap<Option<&str>, Vec<(Decimal, bool)>> = BTreeMap::new();
        for dimension in dimensions {
            levels.entry(dimension.parent.as_deref()).or_default().push((dimension.weight, true));
        }
        for item in items.iter().filter(|item| item.role == Role::Indicator) {
            let share = item.weight.map(|weight| (weight, item.when.is_none()));
            levels.entry(item.dimension.as_deref()).or_default().extend(share);
        }
        for (above, shares) in levels {
            let all: Vec<Decimal> = shares.iter().map(|(share, _)| *share).collect();
            let always = shares.iter().filter(|(_, always)| *always).map(|(share, _)| *share);
            let (sum, always) = (settled(all.iter().sum()), settled(always.sum()));
            let fits = sum == always && sum == Decimal::ONE_HUNDRED
                || sum != always && always <= Decimal::ONE_HUNDRED && sum >= Decimal::ONE_HUNDRED;
            let unsure = self.unsure.whole || above.is_some_and(|id| self.unsure.of.contains(id));
            if fits || unsure || all.is_empty() {
                continue;
            }
            let at = self.record.dimensions.iter().position(|written| Some(&*written.id) == above);
            let first = if dimensions.is_empty() { "indicators" } else { "dimensions" };
            let path = at.map_or(KeyPath(vec![first.into()]), |at| path!["dimensions", at]);
            self.fault(&rule::WEIGHTS, &path, added(&all, false, "100"));
        }
    }
}

/// Whether an indicator weighs something and belongs to no dimension.
fn is_loose(item: &Item) -> bool {
    item.role == Role::Indicator
        && item.dimension.is_none()
        && item.weight.is_some_and(|weight| !weight.is_zero())
}

/// What the leaves of a dimension weigh: all of them, and those without a condition.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    all: Decimal,
    always: Decimal,
}

impl Sums {
    fn add(&mut self, other: Self) {
        self.all += other.all;
        self.always += other.always;
    }
}

/// Turns shares of the level above into weights of the whole.
pub(super) fn share_out(dimensions: &mut [Dimension], items: &mut [Item]) {
    let mut whole: BTreeMap<Arc<str>, Decimal> = BTreeMap::new();
    for dimension in dimensions {
        let above = dimension.parent.as_ref().and_then(|parent| whole.get(parent).copied());
        let above = above.unwrap_or(Decimal::ONE_HUNDRED);
        dimension.weight = above * dimension.weight / Decimal::ONE_HUNDRED;
        whole.insert(dimension.id.clone(), dimension.weight);
    }
    for item in items.iter_mut().filter(|item| item.role == Role::Indicator) {
        let above = item.dimension.as_ref().and_then(|dimension| whole.get(dimension).copied());
        item.weight =
            item.weight.map(|weight| weight * above.unwrap_or(Decimal::ONE_HUNDRED) / Decimal::ONE_HUNDRED);
    }
}
