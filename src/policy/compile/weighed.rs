//! Points that wait for the weights: what an indicator contributes is known once every indicator with a weight is scored, as what
//! is skipped gives its weight to the others.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Compiler;
use crate::diag::Finding;
use crate::msg;
use crate::policy::expr::{Expr, Leaf, Part, Scored};
use crate::policy::plan::Item;
use crate::policy::rule;
use crate::record::policy::Scale;
use crate::source::KeyPath;
use crate::text::policy;

impl Compiler<'_> {
    /// Whether the points of an item are its score by the share of its weight.
    pub(super) fn is_weighed(&self, id: &str) -> bool {
        let record = self.record;
        let weighed = |id| record.indicators.iter().any(|item| item.id == id && item.weight.is_some());
        record.scale == Scale::Weighted && weighed(id)
    }

    /// Refuses points to an indicator whose own weight is among those that make them.
    pub(super) fn waits(&mut self, expression: &Expr, text: &str, path: &KeyPath) {
        if !self.weighing || self.mended {
            return;
        }
        let mut named: Vec<(Arc<str>, Arc<str>)> = Vec::new();
        expression.node.names(&mut |leaf, name| {
            if let Some(id) = points_of(leaf).filter(|id| self.is_weighed(id)) {
                named.push((id.clone(), name.clone()));
            }
        });
        for (id, name) in named {
            let at = text.find(&*name).map(|from| from..from + name.len());
            let place = self.place_of(text, path, &at.unwrap_or(0..text.len()));
            let finding = Finding::new(&rule::TOO_EARLY, place, msg!(policy::TOO_EARLY, name = &*name));
            self.findings.push(finding.help(Some(msg!(policy::POINTS_WAIT, name = &*id))));
        }
    }

    /// Puts items that look at such points after everything that has a weight.
    pub(super) fn after_weights(&self, items: &mut [Item]) {
        let weighed: Vec<Arc<str>> =
            items.iter().map(|item| item.id.clone()).filter(|id| self.is_weighed(id)).collect();
        for item in items {
            let mut waits = false;
            item.expressions(&mut |expression| {
                expression.leaves(&mut |leaf| waits |= points_of(leaf).is_some_and(|id| self.is_weighed(id)));
            });
            // One that has a weight itself is refused them.
            if waits && !item.has_weight() {
                item.after_weights = true;
                let needs: BTreeSet<Arc<str>> = item.needs.drain(..).chain(weighed.iter().cloned()).collect();
                item.needs = needs.into_iter().collect();
            }
        }
    }
}

/// The item whose points a name is or sums up.
fn points_of(leaf: &Leaf) -> Option<&Arc<str>> {
    match leaf {
        Leaf::Item(Part::Points, id) | Leaf::Members(_, _, Scored::Item(Part::Points, id)) => Some(id),
        _ => None,
    }
}
