//! One unit of money for all policies of a scheme: what is carried over, what was paid before and the pay of a longer period go
//! from one to the next as numbers.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::rule;
use crate::diag::Finding;
use crate::metric::Unit;
use crate::msg;
use crate::path;
use crate::record::policy::Policy as Written;
use crate::source::{FileId, Place};
use crate::text::{check, policy};

/// A finding for every policy whose amounts are in another unit than those of its scheme's first one.
pub fn differing<'p>(policies: impl Iterator<Item = (FileId, &'p Written)>) -> Vec<Finding> {
    let mut policies: Vec<(FileId, &Written)> = policies.collect();
    policies.sort_by_key(|(_, policy)| policy.effective);
    let mut first: BTreeMap<&str, (FileId, &Written)> = BTreeMap::new();
    let mut found = Vec::new();
    for (file, policy) in policies {
        let (first_file, first) = *first.entry(&policy.scheme).or_insert((file, policy));
        let finding = other_than(first, file, policy);
        found.extend(finding.map(|it| it.label(at(first_file), check::ALSO_HERE.into())));
    }
    found
}

/// A finding where the amounts of a policy are in another unit than those of one of its scheme.
pub fn other_than(first: &Written, file: FileId, policy: &Written) -> Option<Finding> {
    let (unit, money) = (Unit::parse(policy.money()), Unit::parse(first.money()));
    // What is no unit of money is told by itself.
    let differ = unit.is_money() && money.is_money() && unit != money;
    differ.then(|| {
        let message =
            msg!(policy::OTHER_MONEY, unit = policy.money(), money = first.money(), scheme = &policy.scheme);
        Finding::new(&rule::OTHER_MONEY, at(file), message)
    })
}

/// What brings an amount under one scheme into the money of another.
pub fn factor<'p, P: Iterator<Item = &'p Written>>(
    policies: impl Fn() -> P,
    from: &str,
    to: &str,
) -> Decimal {
    let unit =
        |scheme: &str| policies().find(|policy| policy.scheme == scheme).map(|it| Unit::parse(it.money()));
    match (unit(from), unit(to)) {
        (Some(from), Some(to)) => from.factor_in(&to),
        _ => Decimal::ONE,
    }
}

/// Where a policy states its unit of money.
fn at(file: FileId) -> Place {
    Place::value(file, path!["money"])
}
