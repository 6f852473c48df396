//! Weights of what was scored, once what was skipped is spread over it.

use std::collections::HashMap;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::card::{ItemScore, Items, ScoreError, Spread, Standing, WEIGHTS_EXCEED};
use crate::msg;
use crate::policy::plan::{Dimension, Item, Plan, Role};
use crate::policy::round::{round, settled};
use crate::record::policy::Scale;
use crate::text::{Message, score};

/// An indicator's weight, and how it came about where it grew.
#[derive(Clone, Debug, Default)]
pub(super) struct Weighed {
    pub(super) weight: Decimal,
    pub(super) spread: Vec<Spread>,
}

/// Points of every item, of indicators by the weight after what was skipped was spread; what is wrong with the weights.
pub(super) fn weigh(plan: &Plan, items: &mut Items) -> Option<ScoreError> {
    let leaves = leaves(plan, items);
    let error = overlap(plan, &leaves);
    let weights = effective(plan, leaves);
    for item in &plan.items {
        let Some(found) = items.get_mut(&item.id) else {
            continue;
        };
        let Some(score) = found.score.filter(|_| found.standing.counts()) else {
            continue;
        };
        let weighed = weights.get(&item.id);
        let weight = weighed.map(|weighed| weighed.weight);
        let exact = match (item.role, plan.scale) {
            (Role::Indicator, Scale::Weighted) => {
                found.effective_weight = weight;
                found.spread = weighed.map(|weighed| weighed.spread.clone()).unwrap_or_default();
                weight.map(|weight| score * weight / plan.whole)
            }
            (Role::Indicator, Scale::Points) => {
                found.effective_weight = item.weight;
                item.weight.map(|_| score)
            }
            (Role::Addition | Role::Deduction, _) => Some(score),
        };
        contribute(item, found, exact);
    }
    error
}

/// Points of an item that no weights make, as soon as it has a score.
pub(super) fn unweighed(plan: &Plan, item: &Item, found: &mut ItemScore) {
    let counts = item.role != Role::Indicator || item.weight.is_some() && plan.scale == Scale::Points;
    if counts && found.standing.counts() {
        contribute(item, found, found.score);
    }
}

fn contribute(item: &Item, found: &mut ItemScore, exact: Option<Decimal>) {
    let mode = item.rounding.mode.unwrap_or_default();
    found.exact_points = exact;
    found.points = exact.map(|exact| item.rounding.item.map_or(exact, |places| round(exact, places, mode)));
}

/// Weights of the scored indicators: what was skipped or does not apply is spread inside its dimension, then over the others.
/// They make the whole of the policy, never more. One that stands open keeps its weight until it is known.
fn effective(plan: &Plan, leaves: Vec<Leaf>) -> HashMap<Arc<str>, Weighed> {
    let mut weights = HashMap::new();
    let around = Weighed { weight: plan.whole, spread: Vec::new() };
    let sharing = Sharing { plan, leaves, choosing: choosing(plan) };
    sharing.below(None, &around, &mut weights);
    weights
}

/// Indicators whose conditions hold for one manager together and weigh more than there is to give.
fn overlap(plan: &Plan, leaves: &[Leaf]) -> Option<ScoreError> {
    let kept = plan.dimensions.iter().filter(|dimension| dimension.kept);
    let wholes = kept.map(|dimension| (Some(&dimension.id), dimension.weight)).chain([(None, plan.whole)]);
    wholes.into_iter().find_map(|(id, whole)| {
        let inside = || {
            let leaves = leaves.iter().filter(|leaf| leaf.scored && !leaf.open);
            leaves.filter(|leaf| id.is_none_or(|id| within(plan, leaf.dimension.as_ref(), id)))
        };
        let sum = settled(inside().map(|leaf| leaf.weight).sum());
        (sum > settled(whole)).then(|| {
            let chosen: Vec<&str> = inside().filter(|leaf| leaf.chosen).map(|leaf| &*leaf.id).collect();
            let reason = msg!(
                score::WEIGHTS_EXCEED,
                items = Message::list(&chosen),
                sum = sum,
                whole = whole.normalize()
            );
            ScoreError { word: WEIGHTS_EXCEED, item: None, reason }
        })
    })
}

/// Whether conditions choose among indicators that together weigh more than the whole.
fn choosing(plan: &Plan) -> bool {
    let weights =
        plan.items.iter().filter(|item| item.role == Role::Indicator).filter_map(|item| item.weight);
    settled(weights.sum()) != plan.whole
}

struct Leaf {
    id: Arc<str>,
    dimension: Option<Arc<str>>,
    weight: Decimal,
    /// Whether it has a condition, which holds.
    chosen: bool,
    /// Whether it is scored, or will be: it stands open.
    scored: bool,
    open: bool,
}

/// The weighted indicators that apply.
fn leaves(plan: &Plan, items: &Items) -> Vec<Leaf> {
    let indicators = plan.items.iter().filter(|item| item.role == Role::Indicator);
    let leaf = |item: &Item| {
        let found = items.get(&item.id).filter(|found| found.standing != Standing::NotApplicable)?;
        let open = matches!(found.standing, Standing::Failed(_));
        Some(Leaf {
            id: item.id.clone(),
            dimension: item.dimension.clone(),
            weight: item.weight?,
            chosen: item.when.is_some(),
            scored: found.standing.counts() || open,
            open,
        })
    };
    indicators.filter_map(leaf).collect()
}

/// How weights are shared out among what was scored.
struct Sharing<'a> {
    plan: &'a Plan,
    leaves: Vec<Leaf>,
    choosing: bool,
}

impl Sharing<'_> {
    /// Gives the weight around it to what stands directly below `parent`, in proportion to what of it was scored.
    fn below(&self, parent: Option<&Arc<str>>, around: &Weighed, out: &mut HashMap<Arc<str>, Weighed>) {
        let weight = around.weight;
        let direct = self.leaves.iter().filter(|leaf| leaf.scored && leaf.dimension.as_ref() == parent);
        let direct: Vec<&Leaf> = direct.collect();
        let children = self.children(parent).filter(|child| self.inside(&child.id).any(|leaf| leaf.scored));
        let children: Vec<(&Arc<str>, Decimal)> =
            children.map(|child| (&child.id, self.own(child))).collect();
        let sum: Decimal =
            direct.iter().map(|leaf| leaf.weight).chain(children.iter().map(|(_, own)| *own)).sum();
        // Of those that stand open it may not be known which apply, so that they come to more than there is.
        let more = sum > weight && self.leaves.iter().any(|leaf| leaf.open);
        let whole = settled(sum) == settled(weight) || sum.is_zero() || more;
        let share = |own: Decimal| {
            let mut found = Weighed { weight: own, spread: around.spread.clone() };
            if !whole {
                found.weight = own * weight / sum;
                found.spread.push(Spread { own, weight, scored: sum });
            }
            found
        };
        for leaf in direct {
            out.insert(leaf.id.clone(), share(leaf.weight));
        }
        for (id, own) in children {
            self.below(Some(id), &share(own), out);
        }
    }

    /// What a dimension weighs beside the others: its weight, or what of it applies where conditions choose and it states none.
    fn own(&self, dimension: &Dimension) -> Decimal {
        if dimension.kept || !self.choosing {
            return dimension.weight;
        }
        let direct = self.leaves.iter().filter(|leaf| leaf.dimension.as_ref() == Some(&dimension.id));
        let below =
            self.children(Some(&dimension.id)).filter(|child| self.inside(&child.id).next().is_some());
        direct.map(|leaf| leaf.weight).chain(below.map(|child| self.own(child))).sum()
    }

    fn children(&self, parent: Option<&Arc<str>>) -> impl Iterator<Item = &Dimension> {
        self.plan.dimensions.iter().filter(move |dimension| dimension.parent.as_ref() == parent)
    }

    fn inside(&self, id: &Arc<str>) -> impl Iterator<Item = &Leaf> {
        self.leaves.iter().filter(move |leaf| within(self.plan, leaf.dimension.as_ref(), id))
    }
}

/// Whether a dimension is `id` or lies below it.
fn within(plan: &Plan, dimension: Option<&Arc<str>>, id: &Arc<str>) -> bool {
    let mut at = dimension;
    for _ in 0..=plan.dimensions.len() {
        match at {
            Some(dimension) if dimension == id => return true,
            Some(dimension) => {
                at = plan
                    .dimensions
                    .iter()
                    .find(|known| known.id == *dimension)
                    .and_then(|known| known.parent.as_ref());
            }
            None => return false,
        }
    }
    false
}
