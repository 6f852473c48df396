//! What leaves open how a manager is scored: policies of one scheme from the same day, and variants that set the same key.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::apply::Policies;
use super::profile::profile;
use super::{Who, elsewhere, in_post};
use crate::book::Book;
use crate::diag::Finding;
use crate::msg;
use crate::path;
use crate::period::{Month, Period};
use crate::policy::expr::Expr;
use crate::policy::overlap::{Chosen, choose};
use crate::policy::{Policy, rule};
use crate::record::policy::Cycle;
use crate::source::{FileId, Place};
use crate::text::{check, score as say};

/// Whom two policies both apply to, and when first.
struct Tied<'b> {
    managers: BTreeSet<&'b str>,
    period: Period,
}

/// Everything that leaves open how somebody is scored, or by what.
pub fn ambiguous(book: &Book, policies: &Policies, today: NaiveDate) -> Vec<Finding> {
    let mut found = ties(book, policies, today);
    found.extend(policies.all().filter_map(|(_, policy)| clash(book, policy, today)));
    found.extend(elsewhere::findings(book, policies, today));
    found
}

/// The first manager for whom two variants of a policy set the same key, in the period that holds `today`.
fn clash(book: &Book, policy: &Policy, today: NaiveDate) -> Option<Finding> {
    let period = Period::containing(Month::of(today), policy.record.period.grain());
    if policy.variants.len() < 2 || !policy.in_force(period) {
        return None;
    }
    // Few combinations of variants occur, whatever the number of managers.
    let mut combined: BTreeMap<Vec<usize>, &str> = BTreeMap::new();
    for manager in in_post(book, period) {
        let profile = profile(book, manager, period);
        let who = Who { profile: &profile, months: period.months() };
        let holds = |condition: &Expr| condition.node.flag(&who).unwrap_or(false);
        if policy.applies.as_ref().is_none_or(holds) {
            let variants = (0..policy.variants.len()).filter(|at| holds(&policy.variants[*at]));
            combined.entry(variants.collect()).or_insert(&manager.id);
        }
    }
    combined.into_iter().filter(|(variants, _)| variants.len() > 1).find_map(|(variants, manager)| {
        let clash = policy.plan(&variants).err()?;
        let at = |variant: usize| Place::value(policy.file, path!["variants", variant, "when"]);
        let message = msg!(say::CLASH, key = clash.key, manager = manager);
        let finding = Finding::new(&rule::CLASH, at(*variants.last()?), message);
        Some(finding.label(at(*variants.first()?), check::ALSO_HERE.into()))
    })
}

/// A finding for every two policies that decide about the same manager, in any period from their day until `today`.
fn ties(book: &Book, policies: &Policies, today: NaiveDate) -> Vec<Finding> {
    let mut by_day: BTreeMap<(&str, NaiveDate), Vec<&Policy>> = BTreeMap::new();
    for (_, policy) in policies.all() {
        by_day.entry((&policy.record.scheme, policy.record.effective.0)).or_default().push(policy);
    }
    let alike = by_day.into_iter().filter(|(_, policies)| policies.len() > 1);
    alike.flat_map(|((scheme, day), _)| of_scheme(book, policies, scheme, day, today)).collect()
}

fn of_scheme(
    book: &Book,
    policies: &Policies,
    scheme: &str,
    day: NaiveDate,
    today: NaiveDate,
) -> Vec<Finding> {
    let mut of_scheme: Vec<(&str, &Policy)> =
        policies.all().filter(|(_, policy)| policy.record.scheme == scheme).collect();
    of_scheme.sort_by_key(|(id, _)| *id);
    let of_scheme: Vec<&Policy> = of_scheme.into_iter().map(|(_, policy)| policy).collect();
    let mut tied: BTreeMap<(FileId, FileId), Tied<'_>> = BTreeMap::new();
    for period in periods(&of_scheme, day, today) {
        for manager in in_post(book, period) {
            let profile = profile(book, manager, period);
            let chosen = choose(
                of_scheme.iter().copied(),
                period,
                &Who { profile: &profile, months: period.months() },
            );
            let Some(Chosen::Tie(found)) = chosen.get(scheme) else { continue };
            for pair in found.windows(2).filter(|pair| pair[0].record.effective.0 == day) {
                let fresh = || Tied { managers: BTreeSet::new(), period };
                let pair = tied.entry((pair[0].file, pair[1].file)).or_insert_with(fresh);
                pair.managers.insert(&manager.id);
            }
        }
    }
    tied.into_iter().filter_map(|(files, tied)| finding(policies, files, &tied)).collect()
}

/// The periods of the policies' shortest grain that end on `day` or later, up to the one that holds `today`.
fn periods(policies: &[&Policy], day: NaiveDate, today: NaiveDate) -> Vec<Period> {
    let grain = policies.iter().map(|policy| policy.record.period).map(Cycle::grain).min();
    let Some(grain) = grain else { return Vec::new() };
    let first = Period::containing(Month::of(day), grain);
    let last = Period::containing(Month::of(today.max(day)), grain);
    std::iter::successors(Some(first), |period| Some(period.plus(1))).take_while(|it| *it <= last).collect()
}

fn finding(policies: &Policies, (first, second): (FileId, FileId), tied: &Tied<'_>) -> Option<Finding> {
    let at = |file: FileId| Place::value(file, path!["effective"]);
    let (id, _) = policies.all().find(|(_, policy)| policy.file == first)?;
    let message = msg!(
        say::TIED,
        other = id,
        count = tied.managers.len(),
        manager = *tied.managers.first()?,
        period = tied.period.to_string()
    );
    Some(Finding::new(&rule::OVERLAP, at(second), message).label(at(first), check::ALSO_HERE.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::load;
    use crate::source::Snapshot;

    fn found(second: &str) -> Vec<Finding> {
        let policy = |more: &str| {
            format!(
                "title = \"P\"\nscheme = \"s\"\nperiod = \"month\"\n{more}\n[[pay.lines]]\nid = \"a\"\namount = \"1 元\"\n"
            )
        };
        let texts = [
            ("rmbook.toml", "name = \"B\"\n".to_owned()),
            ("managers/a.toml", "name = \"A\"\nrole = \"corporate\"\n".to_owned()),
            ("managers/b.toml", "name = \"B\"\nrole = \"retail\"\n".to_owned()),
            ("policies/p.toml", policy("effective = 2026-01-01")),
            ("policies/q.toml", policy(second)),
        ];
        let texts = texts.map(|(path, text)| (path.to_owned(), Ok(text)));
        let (book, _) = load(&Snapshot::new(texts));
        ties(&book, &Policies::of(&book), "2026-03-05".parse().unwrap())
    }

    #[test]
    fn a_tie_is_found_at_both_policies() {
        let found = found("effective = 2026-01-01\napplies = 'manager.role == \"retail\"'");
        assert_eq!(found.len(), 1);
        assert_eq!(
            found[0].message.to_string(),
            "`p` of the same scheme applies from the same day: to 1 manager, such as b in 2026-01"
        );
        assert_eq!(found[0].labels[0].at.target, found[0].at.target);
        assert_ne!(found[0].labels[0].at.file, found[0].at.file);
    }

    #[test]
    fn two_variants_that_set_one_key_for_somebody_are_found() {
        let policy = |second: &str| {
            format!(
                "title = \"P\"\nscheme = \"s\"\nperiod = \"month\"\neffective = 2026-01-01\n\
                 [[pay.lines]]\nid = \"a\"\namount = \"1 元\"\n\
                 [[variants]]\nwhen = 'manager.role == \"retail\"'\npay = {{ min = \"1 元\" }}\n\
                 [[variants]]\nwhen = 'manager.id == \"b\"'\n{second}\n"
            )
        };
        let found = |second: &str| {
            let texts = [
                ("rmbook.toml", "name = \"B\"\n".to_owned()),
                ("managers/b.toml", "name = \"B\"\nrole = \"retail\"\n".to_owned()),
                ("policies/p.toml", policy(second)),
            ];
            let (book, _) = load(&Snapshot::new(texts.map(|(path, text)| (path.to_owned(), Ok(text)))));
            ambiguous(&book, &Policies::of(&book), "2026-03-05".parse().unwrap())
        };
        let clash = found("pay = { min = \"2 元\" }");
        assert_eq!(clash.len(), 1);
        assert_eq!(clash[0].message.to_string(), "both set `pay.min` for b");
        assert!(found("pay = { max = \"2 元\" }").is_empty());
    }

    #[test]
    fn a_later_policy_and_one_for_nobody_here_tie_with_none() {
        assert!(found("effective = 2026-02-01").is_empty());
        assert!(found("effective = 2026-01-01\napplies = 'manager.role == \"none\"'").is_empty());
    }
}
