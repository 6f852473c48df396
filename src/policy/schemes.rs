//! Other schemes whose totals a policy looks at: each is there, with periods no longer than the policy's own, and does not wait for
//! it in turn.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::expr::{Leaf, nearest};
use super::plan::Item;
use super::{Policy, rule};
use crate::diag::Finding;
use crate::msg;
use crate::path;
use crate::period::Grain;
use crate::source::Place;
use crate::text::{finding, policy as say};

/// A scheme and the length of its periods.
type Node<'p> = (&'p str, Grain);

/// What is wrong with the schemes that these policies, all there are, name.
pub fn faults<'p>(policies: impl Iterator<Item = &'p Policy>) -> Vec<Finding> {
    let policies: Vec<(&Policy, BTreeSet<Arc<str>>)> =
        policies.map(|policy| (policy, policy.schemes())).collect();
    let known: BTreeSet<Node<'_>> = policies.iter().map(|(policy, _)| node(policy)).collect();
    let mut waits: BTreeMap<Node<'_>, BTreeSet<Node<'_>>> = BTreeMap::new();
    for (policy, named) in &policies {
        let within =
            known.iter().filter(|(scheme, grain)| named.contains(*scheme) && *grain <= node(policy).1);
        waits.entry(node(policy)).or_default().extend(within);
    }
    let mut found = Vec::new();
    for (policy, named) in &policies {
        for scheme in named {
            let grains: Vec<Grain> =
                known.iter().filter(|(known, _)| **known == **scheme).map(|(_, grain)| *grain).collect();
            let fitting = || grains.iter().filter(|grain| **grain <= node(policy).1);
            let at = || place(policy, scheme);
            if grains.is_empty() {
                let near = nearest(scheme, known.iter().map(|(known, _)| *known));
                let message = msg!(say::UNKNOWN_SCHEME, name = &**scheme);
                let fault = Finding::new(&rule::UNKNOWN_NAME, at(), message);
                found.push(fault.help(near.map(|near| msg!(finding::NEAREST, name = near))));
            } else if fitting().next().is_none() {
                let message = msg!(say::LONGER_SCHEME, name = &**scheme);
                found.push(Finding::new(&rule::UNKNOWN_NAME, at(), message));
            } else if fitting().any(|grain| leads(&waits, (&**scheme, *grain), node(policy))) {
                let message = msg!(say::CIRCLE, name = policy.record.scheme.as_str());
                found.push(Finding::new(&rule::CIRCLE, at(), message));
            }
        }
    }
    found
}

fn node(policy: &Policy) -> Node<'_> {
    (&policy.record.scheme, policy.record.period.grain())
}

/// Whether one scheme waits for another, or is it.
fn leads(waits: &BTreeMap<Node<'_>, BTreeSet<Node<'_>>>, from: Node<'_>, to: Node<'_>) -> bool {
    let (mut seen, mut next) = (BTreeSet::new(), vec![from]);
    while let Some(node) = next.pop() {
        if node == to {
            return true;
        }
        if seen.insert(node) {
            next.extend(waits.get(&node).into_iter().flatten().copied());
        }
    }
    false
}

/// Where a policy names a scheme: the value of an item, else its own scheme.
fn place(policy: &Policy, scheme: &str) -> Place {
    let names = |item: &&Item| {
        let mut names = false;
        let value = item.value.iter();
        value.for_each(|value| {
            value.leaves(&mut |leaf| names |= matches!(leaf, Leaf::Scheme(_, named) if **named == *scheme));
        });
        names
    };
    let item = policy.base.items.iter().find(names);
    item.map_or_else(
        || Place::value(policy.file, path!["scheme"]),
        |item| Place::value(policy.file, item.path.join("value")),
    )
}
