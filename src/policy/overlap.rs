//! Which policy of a scheme applies to a manager.

use std::collections::BTreeMap;

use super::Policy;
use super::expr::Environment;
use crate::period::Period;

/// What applies to one manager under one scheme.
#[derive(Clone, Debug)]
pub enum Chosen<'a> {
    /// One policy.
    One(&'a Policy),
    /// Several in force from the same day.
    Tie(Vec<&'a Policy>),
}

/// For each scheme, the newest policy in force on the period's last day that applies to whom `who` describes.
///
/// `who` answers names of the manager and the period, as [`Environment`] does for conditions of `applies`.
pub fn choose<'a>(
    policies: impl IntoIterator<Item = &'a Policy>,
    period: Period,
    who: &dyn Environment,
) -> BTreeMap<&'a str, Chosen<'a>> {
    let mut chosen: BTreeMap<&str, Chosen<'_>> = BTreeMap::new();
    for policy in policies {
        if !policy.in_force(period) || !policy.applies_to(who) {
            continue;
        }
        let scheme = policy.record.scheme.as_str();
        let day = policy.record.effective;
        match chosen.get_mut(scheme) {
            None => {
                chosen.insert(scheme, Chosen::One(policy));
            }
            Some(Chosen::One(known)) if known.record.effective == day => {
                let tie = Chosen::Tie(vec![known, policy]);
                chosen.insert(scheme, tie);
            }
            Some(Chosen::Tie(known)) if known[0].record.effective == day => known.push(policy),
            Some(Chosen::One(known)) if known.record.effective > day => {}
            Some(Chosen::Tie(known)) if known[0].record.effective > day => {}
            Some(_) => {
                chosen.insert(scheme, Chosen::One(policy));
            }
        }
    }
    chosen
}
