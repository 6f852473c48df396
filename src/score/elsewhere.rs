//! Leaders whose policy reads items or pay of those below them whom another policy scores: it sees none of their figures.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::apply::Policies;
use super::profile::{others, profile};
use super::{Who, in_post};
use crate::book::{Book, Record};
use crate::diag::Finding;
use crate::msg;
use crate::period::{Month, Period};
use crate::policy::expr::{Among, Leaf, Scored};
use crate::policy::overlap::{Chosen, choose};
use crate::policy::schemes::place;
use crate::policy::{Policy, rule};
use crate::record::manager::Manager;
use crate::text::{Message, score as say};

/// A finding for each policy that reads items or pay of those below a leader where, in the period that
/// holds `today`, some of them are scored by another one.
pub(super) fn findings(book: &Book, policies: &Policies, today: NaiveDate) -> Vec<Finding> {
    let all = || policies.all().map(|(_, policy)| policy);
    let mut found = Vec::new();
    for (id, policy) in policies.all() {
        let period = Period::containing(Month::of(today), policy.record.period.grain());
        let read = reads(policy);
        if read.is_empty() || !policy.in_force(period) {
            continue;
        }
        let scored = |manager: &Record<Manager>| {
            let profile = profile(book, manager, period);
            let who = Who { profile: &profile, months: period.months() };
            let of_scheme = all().filter(|other| other.record.scheme == policy.record.scheme);
            match choose(of_scheme, period, &who).remove(policy.record.scheme.as_str()) {
                Some(Chosen::One(chosen)) => Some(chosen.file),
                _ => None,
            }
        };
        let by: BTreeMap<&str, _> =
            in_post(book, period).map(|manager| (&*manager.id, scored(manager))).collect();
        for among in read {
            let led = in_post(book, period).filter(|manager| by[&*manager.id] == Some(policy.file));
            let led = led.flat_map(|lead| others(book, lead, &profile(book, lead, period), among));
            let led: BTreeSet<Box<str>> = led.collect();
            let scored_by = |member: &str| by.get(member).copied().flatten();
            let Some(other) = led.iter().filter_map(|it| scored_by(it)).find(|by| *by != policy.file) else {
                continue;
            };
            let members: Vec<_> = led.iter().filter(|it| scored_by(it) == Some(other)).collect();
            let other = policies.all().find(|(_, policy)| policy.file == other).map_or("", |(id, _)| id);
            let members = Message::list(&members);
            let message = msg!(say::MEMBERS_SCORED_BY, members = members, other = other, policy = id);
            let finding = Finding::new(
                &rule::SCORED_ELSEWHERE,
                place(policy, &|leaf| is_read(leaf) == Some(among)),
                message,
            );
            found.push(finding);
        }
    }
    found
}

/// Of whom a policy reads items or pay.
fn reads(policy: &Policy) -> Vec<Among> {
    let mut read = Vec::new();
    policy.leaves(&mut |leaf| read.extend(is_read(leaf).filter(|among| !read.contains(among))));
    read
}

/// Of whom a name is an item or the pay; the totals are those under whichever policy.
fn is_read(leaf: &Leaf) -> Option<Among> {
    match leaf {
        Leaf::Members(among @ (Among::Led | Among::Reports), _, what) if *what != Scored::Total => {
            Some(*among)
        }
        _ => None,
    }
}
