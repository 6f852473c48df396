//! Pay lines of other periods and schemes that are read as written, where less or more was paid for them: what gates, vetoes, time
//! in post, floor and ceiling make of the lines together is kept of the pay alone, and not line by line.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::expr::{Leaf, Scored};
use super::plan::Plan;
use super::schemes::{names, place};
use super::{Policy, rule};
use crate::diag::Finding;
use crate::msg;
use crate::record::policy::Prorate;
use crate::record::policy::outcome::GateOn;
use crate::text::{Message, policy as say};

/// A finding for each line that these policies, all there are, read of another scheme or of their own earlier periods and that is
/// not what was paid for it.
pub fn lines<'p>(policies: impl Iterator<Item = &'p Policy>) -> Vec<Finding> {
    let policies: Vec<&Policy> = policies.collect();
    let under = |scheme: &str, line: &str| -> BTreeSet<String> {
        let of_scheme = policies.iter().filter(|policy| policy.record.scheme == scheme);
        of_scheme.flat_map(|policy| policy.plans()).flat_map(|plan| between(&plan, line)).collect()
    };
    let mut found = Vec::new();
    for policy in &policies {
        for (scheme, line) in read(policy) {
            let own = scheme.is_none();
            let named = scheme.as_deref().unwrap_or(&policy.record.scheme);
            let between = under(named, &line);
            if between.is_empty() {
                continue;
            }
            let is_it = |leaf: &Leaf| match leaf {
                Leaf::Earlier(Scored::Line(of), _) => own && *of == line,
                other => !own && names(other, named, Some(&Scored::Line(line.clone()))),
            };
            let keys = Message::list(&between.iter().collect::<Vec<_>>());
            let message = msg!(say::LINE_NOT_AS_PAID, name = &*line, scheme = named, keys = keys);
            found.push(Finding::new(&rule::LINE_NOT_AS_PAID, place(policy, &is_it), message));
        }
    }
    found
}

/// The lines a policy reads, with the other scheme they are of.
fn read(policy: &Policy) -> BTreeSet<(Option<Arc<str>>, Arc<str>)> {
    let mut read = BTreeSet::new();
    policy.leaves(&mut |leaf| match leaf {
        Leaf::Scheme(_, scheme, Scored::Line(line)) => {
            read.insert((Some(scheme.clone()), line.clone()));
        }
        Leaf::Earlier(Scored::Line(line), _) => {
            read.insert((None, line.clone()));
        }
        _ => {}
    });
    read
}

/// What of a plan comes between a line and what is paid for it, by its keys. A share of a pool is as paid, and what is never paid
/// is there to be read.
fn between(plan: &Plan, line: &str) -> Vec<String> {
    let Some(pay) = &plan.pay else { return Vec::new() };
    let acted_on = |line: &&super::plan::Line| line.gated && line.paid && !line.form.is_pool();
    if pay.lines.iter().find(|own| *own.id == *line).filter(acted_on).is_none() {
        return Vec::new();
    }
    let gates = plan.gates.iter().filter(|gate| gate.on == GateOn::Pay);
    let vetoes = plan.vetoes.iter().filter(|veto| veto.pay.is_some());
    let time = plan.partial.shrinks(Prorate::Pay).map(|_| "partial.prorate".to_owned());
    let bounds = [("pay.min", &pay.min), ("pay.max", &pay.max)];
    let bounds = bounds.into_iter().filter(|(_, bound)| bound.is_some()).map(|(key, _)| key.to_owned());
    let gates = gates.map(|gate| format!("gates.{}", gate.id));
    let vetoes = vetoes.map(|veto| format!("vetoes.{}", veto.id));
    gates.chain(vetoes).chain(time).chain(bounds).collect()
}
