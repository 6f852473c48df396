//! Dimensions into what scoring goes by, with the weights of what belongs to them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rust_decimal::Decimal;

use super::Compiler;
use super::weight::share_out;
use crate::msg;
use crate::policy::expr::Stage;
use crate::policy::plan::{Dimension, Item};
use crate::policy::rule;
use crate::record::policy::Weights;
use crate::record::policy::formula::UNREAD;
use crate::record::policy::item::Item as Written;
use crate::source::KeyPath;
use crate::text::policy;

impl Compiler<'_> {
    /// Whether the dimension that something says it belongs to is there; what says none belongs to none.
    pub(super) fn known_dimension(&mut self, dimension: Option<&str>, path: &KeyPath) -> bool {
        let Some(id) = dimension.filter(|id| !self.dimensions.contains(*id)) else { return true };
        self.unsure.dimensions = true;
        if !(self.stands_in(id) || self.mended && self.dimensions.contains(UNREAD)) {
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
            let stated =
                written.weight.as_ref().map(|weight| self.fixed_weight(weight, &path.join("weight")));
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
            self.levels(&found, items);
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
}
