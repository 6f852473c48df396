//! Weights of what was scored, once what was skipped is spread over it.

use std::collections::HashMap;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::card::{ItemScore, Spread, Standing};
use crate::policy::plan::{Plan, Role};

/// An indicator's weight, and how it came about where it grew.
#[derive(Clone, Debug, Default)]
pub(super) struct Weighed {
    pub(super) weight: Decimal,
    pub(super) spread: Vec<Spread>,
}

/// Weights of the scored indicators: what was skipped is spread inside its dimension, then over the others.
pub(super) fn effective(plan: &Plan, items: &HashMap<Arc<str>, ItemScore>) -> HashMap<Arc<str>, Weighed> {
    let leaves: Vec<Leaf> = plan
        .items
        .iter()
        .filter(|item| item.role == Role::Indicator)
        .filter_map(|item| {
            let found = items.get(&item.id)?;
            let applicable = found.standing != Standing::NotApplicable;
            Some(Leaf {
                id: item.id.clone(),
                dimension: item.dimension.clone(),
                weight: item.weight?,
                applicable,
                scored: found.standing.counts(),
            })
        })
        .collect();
    let applicable: Decimal = leaves.iter().filter(|leaf| leaf.applicable).map(|leaf| leaf.weight).sum();
    // Conditions that choose among indicators leave a whole of their own; nothing is spread then.
    let counted: Vec<&Leaf> =
        leaves.iter().filter(|leaf| leaf.applicable || applicable != plan.whole).collect();
    let mut weights = HashMap::new();
    let whole: Decimal = counted.iter().map(|leaf| leaf.weight).sum();
    let around = Weighed { weight: whole, spread: Vec::new() };
    spread(plan, &counted, None, &around, &mut weights);
    weights
}

struct Leaf {
    id: Arc<str>,
    dimension: Option<Arc<str>>,
    weight: Decimal,
    applicable: bool,
    scored: bool,
}

/// Gives `weight` to what stands directly below `parent`, in proportion to what of it was scored.
fn spread(
    plan: &Plan,
    leaves: &[&Leaf],
    parent: Option<&Arc<str>>,
    around: &Weighed,
    out: &mut HashMap<Arc<str>, Weighed>,
) {
    let weight = around.weight;
    let direct = leaves.iter().filter(|leaf| leaf.dimension.as_ref() == parent);
    let direct: Vec<&&Leaf> = direct.filter(|leaf| leaf.scored).collect();
    let below = |id: &Arc<str>| -> (Decimal, bool) {
        let inside = leaves.iter().filter(|leaf| within(plan, leaf.dimension.as_ref(), id));
        inside.fold((Decimal::ZERO, false), |(sum, any), leaf| (sum + leaf.weight, any || leaf.scored))
    };
    let children = plan.dimensions.iter().filter(|dimension| dimension.parent.as_ref() == parent);
    let children: Vec<(&Arc<str>, Decimal)> = children
        .filter_map(|dimension| {
            let (sum, any) = below(&dimension.id);
            any.then_some((&dimension.id, sum))
        })
        .collect();
    let sum: Decimal =
        direct.iter().map(|leaf| leaf.weight).chain(children.iter().map(|(_, sum)| *sum)).sum();
    let share = |own: Decimal| {
        let mut found = Weighed { weight: own, spread: around.spread.clone() };
        if sum != weight && !sum.is_zero() {
            found.weight = own * weight / sum;
            found.spread.push(Spread { own, weight, scored: sum });
        }
        found
    };
    for leaf in direct {
        out.insert(leaf.id.clone(), share(leaf.weight));
    }
    for (id, own) in children {
        spread(plan, leaves, Some(id), &share(own), out);
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
