//! Other schemes whose results a policy looks at: each is there, with periods no longer than the policy's own, does not wait for it
//! in turn, and pays what the policy asks for.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::expr::{Expr, Leaf, Scored, nearest};
use super::unit::said;
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
            let at = || place(policy, &|leaf| names(leaf, scheme, None));
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
            } else {
                let others = || policies.iter().map(|(other, _)| *other);
                let of_scheme = others().filter(|other| other.record.scheme == **scheme);
                found.extend(unpaid(policy, scheme, &of_scheme.collect::<Vec<_>>()));
            }
        }
    }
    found
}

/// What a policy looks at of the pay under a scheme, all of whose policies these are, and they do not pay, or in another currency.
fn unpaid(policy: &Policy, scheme: &str, others: &[&Policy]) -> Vec<Finding> {
    let plans = others.iter().flat_map(|other| other.plans()).collect::<Vec<_>>();
    let lines = plans.iter().filter_map(|plan| plan.pay.as_ref()).flat_map(|pay| &pay.lines);
    let lines: BTreeSet<&str> = lines.map(|line| &*line.id).collect();
    let mut found = Vec::new();
    for (_, what) in policy.of_schemes().iter().filter(|(named, _)| **named == *scheme) {
        let at = || place(policy, &|leaf| names(leaf, scheme, Some(what)));
        match what {
            Scored::Total | Scored::Item(..) => continue,
            Scored::Line(line) if !lines.contains(&**line) => {
                let message = msg!(say::NO_LINE_OF_SCHEME, scheme = scheme, name = &**line);
                let near = nearest(line, lines.iter().copied());
                let near = near.map(|near| msg!(finding::NEAREST, name = format!("pay.{near}")));
                found.push(Finding::new(&rule::UNKNOWN_NAME, at(), message).help(near));
                continue;
            }
            Scored::Pay if lines.is_empty() => {
                let message = msg!(say::SCHEME_WITHOUT_PAY, scheme = scheme);
                found.push(Finding::new(&rule::UNKNOWN_NAME, at(), message));
                continue;
            }
            Scored::Line(_) | Scored::Pay => {}
        }
        let own = &policy.money.dimensions;
        let other = others.iter().map(|other| &other.money.dimensions).find(|other| *other != own);
        found.extend(other.map(|other| {
            let message = msg!(say::UNITS_DIFFER, left = said(other), right = said(own));
            Finding::new(&rule::UNITS_DO_NOT_FIT, at(), message)
        }));
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

/// Whether a name is of a scheme, or of one figure of it.
pub(super) fn names(leaf: &Leaf, scheme: &str, what: Option<&Scored>) -> bool {
    match leaf {
        Leaf::Scheme(_, named, of) => **named == *scheme && what.is_none_or(|what| what == of),
        _ => false,
    }
}

/// Where a policy has such a name: the value of an item, a pay line, else its own scheme.
pub(crate) fn place(policy: &Policy, is_it: &dyn Fn(&Leaf) -> bool) -> Place {
    let names = |expression: &Expr| {
        let mut names = false;
        expression.leaves(&mut |leaf| names |= is_it(leaf));
        names
    };
    let path = || {
        let item = policy.base.items.iter().find(|item| item.value.as_ref().is_some_and(&names));
        if let Some(item) = item {
            return item.path.join("value");
        }
        let lines = policy.base.pay.iter().flat_map(|pay| &pay.lines);
        let line = lines.into_iter().find(|line| {
            let mut within = false;
            line.expressions(&mut |expression| within |= names(expression));
            within
        });
        let written = policy.record.pay.iter().flat_map(|pay| &pay.lines);
        let at = line.and_then(|line| written.into_iter().position(|written| written.id == *line.id));
        at.map_or_else(|| path!["scheme"], |at| path!["pay", "lines", at])
    };
    Place::value(policy.file, path())
}
