//! Ratios whose unit nobody states, and the numbers they are held against: parts of one, or percentages without their sign?
//!
//! A measure of kind `ratio` without a unit may count in parts of one or in percent; either is in order as long as the rules and
//! the tests of a policy take it the same way. Beside a percentage, where rules and tests are far apart, and where the book
//! computes the ratio, a number above two is a percentage without its sign.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::expr::{Beside, Expr, Leaf, Node, Op, Type, as_percent};
use super::{Policy, rule};
use crate::diag::Finding;
use crate::metric::Dimensions;
use crate::msg;
use crate::path;
use crate::source::{KeyPath, Place};
use crate::text::policy as say;

/// The numbers that lack their percent sign, `tested` being those of the policy's tests.
pub(super) fn without_percent_sign(policy: &Policy, tested: &[(Place, Beside)]) -> Vec<Finding> {
    let measures: BTreeSet<&str> = policy.beside.iter().chain(tested).map(|(_, it)| &*it.measure).collect();
    let mut findings = Vec::new();
    for measure in measures {
        let of = |all: &[(Place, Beside)]| -> Vec<(Place, Beside)> {
            all.iter().filter(|(_, it)| &*it.measure == measure).cloned().collect()
        };
        let (ruled, tested) = (of(&policy.beside), of(tested));
        let is_part = policy.names.get(measure).is_some_and(|metric| metric.is_part)
            || ruled.iter().chain(&tested).any(|(_, it)| it.percent);
        let parts = is_part || are_apart(&ruled, &tested);
        // A rule that no test shows at work is doubted; figures that no rule looks at mean whatever they mean.
        let doubted = match (parts, tested.is_empty()) {
            (true, _) => [ruled, tested].concat(),
            (false, true) => ruled,
            (false, false) => Vec::new(),
        };
        let large = doubted.into_iter().filter(|(_, it)| !it.percent && is_large(it.number));
        findings.extend(large.map(|(at, it)| Finding::new(&rule::PERCENT_SIGN, at, as_percent(it.number))));
    }
    findings
}

/// Fewer places than these leave nothing of whole percent.
const WHOLE_PERCENT: i32 = 2;

/// Ratios that the rounding of the input leaves nothing of, told once for each place that says so.
pub(super) fn rounded_away(policy: &Policy) -> Vec<Finding> {
    let mut told: BTreeSet<KeyPath> = BTreeSet::new();
    let mut findings = Vec::new();
    for item in &policy.base.items {
        let Some(places) = item.rounding.input.filter(|places| *places < WHOLE_PERCENT) else { continue };
        if !item.value.as_ref().is_some_and(|value| is_ratio(policy, value)) {
            continue;
        }
        let own = policy.record.rounding.input != Some(places);
        let path = if own { item.path.join("rounding").join("input") } else { path!["rounding", "input"] };
        if told.insert(path.clone()) {
            let message = msg!(say::ROUNDED_AWAY, item = &*item.id, places = places);
            findings.push(Finding::new(&rule::ROUNDED_AWAY, Place::value(policy.file, path), message));
        }
    }
    findings
}

/// Whether an expression is a ratio that counts in parts of one: a figure of that kind, or one figure over another in its unit.
fn is_ratio(policy: &Policy, value: &Expr) -> bool {
    let part = |node: &Node| match node.plain() {
        Node::Leaf(Leaf::Ask(ask, _), _) => {
            let metric = policy.names.get(&ask.query.name);
            metric.is_some_and(|metric| metric.is_part || metric.is_unsaid_ratio() || metric.unit == "%")
        }
        _ => false,
    };
    let asks = |node: &Node| matches!(node.plain(), Node::Leaf(Leaf::Ask(..), _));
    match value.node.plain() {
        Node::Binary(Op::Divide, above, below) => {
            value.gives == Type::Number(Some(Dimensions::NONE)) && asks(above) && asks(below)
        }
        node => part(node),
    }
}

/// Whether two lists of numbers count in different units, going by the greatest of each.
fn are_apart(ruled: &[(Place, Beside)], tested: &[(Place, Beside)]) -> bool {
    let greatest = |all: &[(Place, Beside)]| all.iter().map(|(_, it)| it.number.abs()).max();
    let both = greatest(ruled).zip(greatest(tested));
    both.is_some_and(|(a, b)| a.max(b) >= Decimal::from(20) * a.min(b))
}

/// Whether a part of one is hardly ever so large.
fn is_large(number: Decimal) -> bool {
    number.abs() > Decimal::TWO
}
