//! Whether one manager can be scored again beside the others as they were: nothing of theirs that the manager's result looks at
//! depends on the manager.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::policy::expr::{Expr, Leaf};
use crate::policy::plan::{Form, Item, Plan};

/// What results look at of others.
#[derive(Default)]
struct Looks {
    /// Curves that look at the inputs of others, by their items and places in the chains.
    peers: BTreeSet<(Arc<str>, usize)>,
    /// Whether the inputs of such curves depend on the scores of such curves.
    entangled: bool,
    /// Whether figures of others are summed up.
    members: bool,
    /// Whether places are looked at, and by more than claims on a pool.
    places: bool,
    placed: bool,
    /// Whether an amount is shared out.
    pools: bool,
}

impl Looks {
    fn add(&mut self, plan: &Plan) {
        let (mut all, mut claims) = (0, 0);
        plan.expressions(&mut |expression| {
            expression.leaves(&mut |leaf| self.members |= matches!(leaf, Leaf::Members(..)));
            all += places(expression);
        });
        for line in plan.pay.iter().flat_map(|pay| &pay.lines) {
            if let Form::Pool { by, .. } = &line.form {
                self.pools = true;
                claims += places(by);
            }
        }
        self.places |= all > 0;
        self.placed |= all > claims;
        for item in &plan.items {
            let of_peers = (0..item.chain.len()).filter(|at| item.chain[*at].group().is_some());
            for (nth, at) in of_peers.enumerate() {
                self.peers.insert((item.id.clone(), at));
                self.entangled |= nth > 0;
            }
        }
        let compared = |item: &Item| self.peers.iter().any(|(id, _)| *id == item.id);
        let named = |item: &Item| item.needs.iter().any(|id| self.peers.iter().any(|(peer, _)| peer == id));
        self.entangled |=
            plan.items.iter().any(|item| named(item) && (compared(item) || is_named(plan, item)));
    }
}

/// Whether another item names this one.
fn is_named(plan: &Plan, item: &Item) -> bool {
    plan.items.iter().any(|other| other.needs.contains(&item.id))
}

/// How often an expression looks at a place or at how many take one.
fn places(expression: &Expr) -> usize {
    let mut found = 0;
    expression.leaves(&mut |leaf| found += usize::from(matches!(leaf, Leaf::Rank(_) | Leaf::Size(_))));
    found
}

/// Whether somebody under the first of these plans can be scored again beside those under the others; `taken` says whether
/// everybody was scored by a curve.
///
/// Where curves compare inputs, the scores of the others move with the manager, so that nothing else may look at them. Where only
/// places are taken, totals stay as they are, and claims on a pool are made anew from them; what else of the others went by a place
/// is not.
pub(super) fn is_solitary<'p>(
    plans: impl Iterator<Item = &'p Plan>,
    taken: impl Fn(&(Arc<str>, usize)) -> bool,
) -> bool {
    let mut looks = Looks::default();
    plans.for_each(|plan| looks.add(plan));
    match (looks.members, looks.peers.is_empty()) {
        (true, _) => false,
        (false, true) => !(looks.pools && looks.placed),
        (false, false) => !looks.places && !looks.pools && !looks.entangled && looks.peers.iter().all(taken),
    }
}
