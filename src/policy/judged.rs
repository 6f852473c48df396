//! What tests of a policy state of people's judgement, and of records, where nothing in the policy asks for any.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Policy;
use super::curve::Judge;
use super::plan::{Item, Plan};
use super::rule;
use crate::diag::Finding;
use crate::msg;
use crate::record::policy::case::{Case, Given, Rater};
use crate::record::policy::item::Each;
use crate::source::{KeyPath, Place};
use crate::text::policy as say;

/// Marks, answers and parts that a test states and no item, under any variant, takes.
pub(super) fn unread(policy: &Policy, case: &Case, path: &KeyPath) -> Vec<Finding> {
    let plans: Vec<Arc<Plan>> = policy.plans().collect();
    let items = plans.iter().flat_map(|plan| &plan.items);
    let mut by_id: BTreeMap<&str, Vec<&Item>> = BTreeMap::new();
    items.for_each(|item| by_id.entry(&*item.id).or_default().push(item));
    let items = Items(by_id);
    let mut found = Vec::new();
    for (path, given) in case.everybody(path) {
        found.extend(
            items.marks(given, &path).chain(items.answers(given, &path)).chain(items.parts(given, &path)),
        );
    }
    let unused = |(path, name): (KeyPath, &str)| {
        Finding::new(&rule::UNUSED_INPUT, Place::key(policy.file, path), msg!(say::UNUSED_INPUT, name = name))
    };
    found.into_iter().map(unused).collect()
}

/// The items of a policy by id, as each variant has them.
struct Items<'p>(BTreeMap<&'p str, Vec<&'p Item>>);

impl Items<'_> {
    /// Whether people judge an item of that id, or any where none is named.
    fn judged_by(&self, judge: Judge, id: Option<&str>) -> bool {
        let judges = |items: &Vec<&Item>| items.iter().any(|item| item.judged_by(judge));
        match id {
            Some(id) => self.0.get(id).is_some_and(judges),
            None => self.0.values().any(judges),
        }
    }

    /// Marks of items that have a score without; those of items that are not there are told elsewhere.
    fn marks<'c>(&self, given: Given<'c>, path: &KeyPath) -> impl Iterator<Item = (KeyPath, &'c str)> {
        let marks = given.marks.keys().map(String::as_str).filter(|id| self.0.contains_key(id));
        let unread = marks.filter(|id| !self.judged_by(Judge::Marker, Some(id)));
        unread.map(|id| (path.join("marks").join(id), id))
    }

    /// Answers about what nobody rates.
    fn answers<'c>(&self, given: Given<'c>, path: &KeyPath) -> impl Iterator<Item = (KeyPath, &'c str)> {
        let unread = |(_, rater): &(usize, &Rater)| !self.judged_by(Judge::Raters, rater.item.as_deref());
        given.ratings.iter().enumerate().filter(unread).map(|(at, rater)| match &rater.item {
            Some(id) => (path.join("ratings").join(at).join("item"), &**id),
            None => (path.join("ratings").join(at), rater.group.word()),
        })
    }

    /// Clients where no item goes over clients, facilities where none goes over those.
    fn parts<'c>(&self, given: Given<'c>, path: &KeyPath) -> impl Iterator<Item = (KeyPath, &'c str)> {
        let goes_over = |each| self.0.values().flatten().any(|item| item.each == Some(each));
        let unread = given.parts.iter().enumerate();
        let unread = unread.filter(move |(_, part)| !goes_over(part.each.unwrap_or(Each::Client)));
        unread.map(|(at, part)| (path.join("parts").join(at).join("id"), &*part.id))
    }
}
