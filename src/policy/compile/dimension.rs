//! Dimensions into what scoring goes by, with the weights of what belongs to them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rust_decimal::Decimal;

use super::Compiler;
use crate::diag::Label;
use crate::msg;
use crate::policy::expr::Stage;
use crate::policy::plan::{Dimension, Item, Role};
use crate::policy::round::settled;
use crate::policy::rule;
use crate::record::policy::Weights;
use crate::record::policy::formula::UNREAD;
use crate::record::policy::item::Item as Written;
use crate::source::{KeyPath, Place};
use crate::text::policy;

impl Compiler<'_> {
    /// Whether the dimension that something says it belongs to is there; what says none belongs to none.
    pub(super) fn known_dimension(&mut self, dimension: Option<&str>, path: &KeyPath) -> bool {
        let Some(id) = dimension.filter(|id| !self.dimensions.contains(*id)) else { return true };
        self.unsure.dimensions = true;
        if !self.stands_in(id) && !(self.mended && self.dimensions.contains(UNREAD)) {
            let known = self.record.dimensions.iter().map(|dimension| dimension.id.as_str());
            self.no_such(path, msg!(policy::UNKNOWN_NAME, name = id), id, known);
        }
        false
    }

    /// Notes the weight of an indicator that belongs to a dimension that is not there; where its dimension cannot be read, nobody
    /// knows what it weighs either.
    pub(super) fn astray(&mut self, written: &Written, weight: Option<Decimal>) {
        match written.dimension.as_deref().filter(|id| self.stands_in(id)) {
            Some(id) => self.unsure.of.extend([id.to_owned()]),
            None => self.unsure.astray += weight.unwrap_or_default(),
        }
    }

    /// Dimensions with the weights their leaves give them, parents before children.
    pub(in crate::policy) fn dimensions(&mut self, items: &mut [Item]) -> Vec<Dimension> {
        let record = self.record;
        self.ids(
            "dimensions",
            record.dimensions.iter().map(|dimension| dimension.id.as_str()),
            &mut BTreeMap::new(),
        );
        let mut found = Vec::new();
        for (index, written) in record.dimensions.iter().enumerate() {
            let path = KeyPath(vec!["dimensions".into(), index.into()]);
            if !self.known_dimension(written.parent.as_deref(), &path.join("parent")) {
                self.unsure.of.extend(written.parent.clone());
            }
            let stated = written.weight.as_ref().map(|weight| self.fixed(weight, &path.join("weight")));
            if stated == Some(None) {
                self.unsure.whole |= record.weights == Weights::Share;
                self.unsure.of.insert(written.id.clone());
            }
            found.push(Dimension {
                id: written.id.as_str().into(),
                title: written.title.as_deref().unwrap_or(&written.id).into(),
                parent: written.parent.as_deref().map(Arc::from),
                class: written.class,
                weight: stated.flatten().unwrap_or_default(),
                kept: written.weight.is_some(),
                min: written.min.as_ref().map(|min| self.pure(min, &path.join("min"), Stage::Item)),
                max: written.max.as_ref().map(|max| self.pure(max, &path.join("max"), Stage::Item)),
                round: written.round.or(record.rounding.dimension),
            });
        }
        self.nested(&mut found);
        if record.weights == Weights::Share {
            self.unsure.whole |= self.unsure.dimensions;
            share_out(&mut found, items);
        }
        self.weigh(&mut found, items);
        found
    }

    /// Puts parents before children; a circle of parents is a fault and ends at the top.
    fn nested(&mut self, dimensions: &mut Vec<Dimension>) {
        let mut ordered: Vec<Dimension> = Vec::new();
        while !dimensions.is_empty() {
            let known: BTreeSet<Arc<str>> = dimensions.iter().map(|dimension| dimension.id.clone()).collect();
            let free = |dimension: &Dimension| {
                dimension.parent.as_ref().is_none_or(|parent| !known.contains(parent))
            };
            let (ready, waiting): (Vec<_>, Vec<_>) = std::mem::take(dimensions).into_iter().partition(free);
            if ready.is_empty() {
                let name = waiting.first().map_or("", |dimension| &dimension.id).to_owned();
                self.fault(
                    &rule::CIRCLE,
                    &KeyPath(vec!["dimensions".into()]),
                    msg!(policy::CIRCLE, name = name),
                );
                break;
            }
            ordered.extend(ready);
            *dimensions = waiting;
        }
        *dimensions = ordered;
    }

    /// Gives each dimension the sum of its leaves and compares it with what is stated; where conditions choose among the leaves,
    /// what is stated stands, and they have to be able to make it.
    fn weigh(&mut self, dimensions: &mut [Dimension], items: &[Item]) {
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
                let message = msg!(policy::SUM_IS, sum = sum, wanted = dimension.weight);
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
fn share_out(dimensions: &mut [Dimension], items: &mut [Item]) {
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
