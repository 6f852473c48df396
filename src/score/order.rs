//! In which order items are scored: everybody has one before the next.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::board::Manager;
use crate::policy::plan::{Item, Plan};

/// Ids of the items of all plans, each after those it needs.
pub(super) fn order(managers: &[Manager<'_>]) -> Vec<Arc<str>> {
    let mut needs: BTreeMap<Arc<str>, BTreeSet<Arc<str>>> = BTreeMap::new();
    let mut listed: Vec<Arc<str>> = Vec::new();
    let (mut weighed, mut waiting): (BTreeSet<Arc<str>>, BTreeSet<Arc<str>>) = Default::default();
    let mut seen: BTreeSet<*const Plan> = BTreeSet::new();
    for manager in managers {
        if !seen.insert(Arc::as_ptr(&manager.plan)) {
            continue;
        }
        let has_weight = |item: &&Item| item.has_weight();
        weighed.extend(manager.plan.items.iter().filter(has_weight).map(|item| item.id.clone()));
        for item in &manager.plan.items {
            if item.after_weights {
                waiting.insert(item.id.clone());
            }
            if !needs.contains_key(&item.id) {
                listed.push(item.id.clone());
            }
            needs.entry(item.id.clone()).or_default().extend(item.needs.iter().cloned());
        }
    }
    // What has a weight under one variant comes before the points of all.
    for id in &waiting {
        let others = weighed.iter().filter(|other| *other != id).cloned();
        needs.entry(id.clone()).or_default().extend(others);
    }
    let mut ordered: Vec<Arc<str>> = Vec::new();
    let mut done: BTreeSet<Arc<str>> = BTreeSet::new();
    while ordered.len() < listed.len() {
        let before = ordered.len();
        for id in &listed {
            let ready = needs[id].iter().all(|other| done.contains(other) || !needs.contains_key(other));
            if ready && done.insert(id.clone()) {
                ordered.push(id.clone());
            }
        }
        if ordered.len() == before {
            // Two variants together may close a circle that neither has alone; its items find each other missing.
            ordered.extend(listed.iter().filter(|id| !done.contains(*id)).cloned());
            break;
        }
    }
    ordered
}
