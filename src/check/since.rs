//! What a change caused: findings that were not there before it, and those it cured.

use std::collections::BTreeMap;

use super::{FindingKey, keys};
use crate::diag::{Finding, Level};
use crate::source::Sources;

/// Findings of two states of a book, told apart.
#[derive(Debug)]
pub struct Change {
    /// Findings of the later state that the earlier one had not.
    pub new: Vec<Finding>,
    /// Findings of the earlier state that the later one has no more.
    pub cured: Vec<FindingKey>,
}

/// Compares the findings of two states by rule, record and field; also findings in files the change did not touch.
pub fn change(before: (&[Finding], &Sources), after: (Vec<Finding>, &Sources)) -> Change {
    let (before, then) = before;
    let reported = before.iter().filter(|finding| finding.level != Level::Allow);
    let mut left: BTreeMap<FindingKey, usize> = BTreeMap::new();
    for key in keys(reported, then) {
        *left.entry(key).or_default() += 1;
    }
    let (after, sources) = after;
    let keys = keys(&after, sources);
    let mut new = Vec::new();
    for (finding, key) in after.into_iter().zip(keys) {
        let known = left.get_mut(&key).filter(|count| **count > 0);
        match known {
            Some(count) if finding.level != Level::Allow => *count -= 1,
            _ => new.push(finding),
        }
    }
    let cured = left.into_iter().flat_map(|(key, count)| std::iter::repeat_n(key, count));
    Change { new, cured: cured.collect() }
}
