//! What goes from one policy of a scheme to the next: figures in one unit, totals of the same full marks.

use chrono::Datelike;

use super::expr::{Leaf, Part, Scored, Type};
use super::plan::{Item, Plan};
use super::unit::said;
use super::{Policy, rule};
use crate::diag::Finding;
use crate::metric::Dimensions;
use crate::msg;
use crate::path;
use crate::record::policy::RollUp;
use crate::source::Place;
use crate::text::{check, policy as say};

/// A finding for each item whose earlier figure a policy takes over from one of its scheme, and which was in another unit there.
pub fn figures<'p>(policies: impl Iterator<Item = &'p Policy>) -> Vec<Finding> {
    let policies: Vec<&Policy> = policies.collect();
    policies.iter().flat_map(|policy| of_items(policy, &before(&policies, policy))).collect()
}

/// A finding for each policy that goes by totals of one of its scheme whose full marks were others.
pub fn totals<'p>(policies: impl Iterator<Item = &'p Policy>) -> Vec<Finding> {
    let policies: Vec<&Policy> = policies.collect();
    policies.iter().filter_map(|policy| of_totals(policy, &before(&policies, policy))).collect()
}

/// The earlier policies of a policy's scheme.
fn before<'p>(policies: &[&'p Policy], policy: &Policy) -> Vec<&'p Policy> {
    let earlier = |other: &&Policy| {
        other.record.scheme == policy.record.scheme && other.record.effective < policy.record.effective
    };
    policies.iter().copied().filter(earlier).collect()
}

/// Items whose earlier figures are read or carried over, and were in another unit.
fn of_items(policy: &Policy, earlier: &[&Policy]) -> Vec<Finding> {
    let mut found = Vec::new();
    for item in policy.base.items.iter().filter(|item| looks_back_on(policy, item)) {
        let Some(own) = dimensions(item) else { continue };
        for other in earlier {
            let then = other.base.item(&item.id).map(|at| &other.base.items[at]);
            let Some((then, was)) = then.and_then(|then| Some((then, dimensions(then)?))) else { continue };
            if was != own {
                let message = msg!(say::OTHER_FIGURE, item = &*item.id, unit = said(own), was = said(was));
                let at = Place::value(policy.file, item.path.join("value"));
                let there = Place::value(other.file, then.path.join("value"));
                found.push(
                    Finding::new(&rule::OTHER_FIGURE, at, message).label(there, check::ALSO_HERE.into()),
                );
                break;
            }
        }
    }
    found
}

fn looks_back_on(policy: &Policy, item: &Item) -> bool {
    let is_earlier = |leaf: &Leaf| matches!(leaf, Leaf::Earlier(Scored::Item(Part::Value | Part::Target, id), _) if *id == item.id);
    item.carry.is_some() || policy.names_any(is_earlier)
}

fn dimensions(item: &Item) -> Option<&Dimensions> {
    match &item.value.as_ref()?.gives {
        Type::Number(dimensions) => dimensions.as_ref(),
        _ => None,
    }
}

/// Totals that are averaged or compared with those of an earlier policy, of other full marks.
fn of_totals(policy: &Policy, earlier: &[&Policy]) -> Option<Finding> {
    let whole = |plan: &Plan| plan.makes_total().then_some(plan.full);
    let own = whole(&policy.base)?;
    let (other, was) =
        earlier.iter().find_map(|other| Some((other, whole(&other.base).filter(|was| *was != own)?)))?;
    let first = policy.record.effective.0;
    let mixes = policy.record.roll_up == Some(RollUp::Mean) && first.ordinal() > 1;
    let looks_back = |leaf: &Leaf| {
        matches!(
            leaf,
            Leaf::Earlier(Scored::Total | Scored::Item(Part::Score | Part::Points, _), _) | Leaf::Totals(..)
        )
    };
    (mixes || policy.names_any(looks_back)).then(|| {
        let message = msg!(
            say::OTHER_FULL,
            full = own.normalize(),
            was = was.normalize(),
            scheme = &policy.record.scheme
        );
        let key = if policy.record.full.is_some() { path!["full"] } else { path!["scheme"] };
        let there = if other.record.full.is_some() { path!["full"] } else { path!["scheme"] };
        let finding = Finding::new(&rule::OTHER_FULL, Place::value(policy.file, key), message);
        finding.label(Place::value(other.file, there), check::ALSO_HERE.into())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::Names;
    use crate::record::tree;
    use crate::source::FileId;

    /// What is found beside a policy of 2026 of 100 marks that counts new clients, where another follows it.
    fn found(first: &str, later: &str) -> Vec<&'static str> {
        let policy = |effective: &str, rest: &str| {
            let head =
                "title = \"P\"\nscheme = \"s\"\nperiod = \"month\"\nmissing = \"zero\"\nmoney = \"万元\"\n";
            let text = format!("{head}effective = {effective}\n{rest}");
            let (policy, findings) =
                crate::policy::judge(FileId::default(), &tree::read(&text).unwrap(), &Names::default_book());
            assert_eq!(findings, []);
            policy
        };
        let item = "[[indicators]]\nid = \"a\"\nweight = 100\nvalue = \"new_clients.count\"\ntarget = \"30 户\"\n\
                    curve = { kind = \"ratio\", max = 1, zero_target = \"error\" }\n";
        let both = [policy("2026-01-01", item), policy(first, later)];
        let found = figures(both.iter()).into_iter().chain(totals(both.iter()));
        found.map(|finding| finding.rule.name).collect()
    }

    const AMOUNT: &str = "[[indicators]]\nid = \"a\"\nweight = 100\nvalue = \"deposits.average\"\ntarget = \"300 万元\"\n\
                          curve = { kind = \"ratio\", max = 1, zero_target = \"error\" }\n";

    #[test]
    fn a_figure_taken_over_is_in_the_same_unit() {
        let carried = format!("{AMOUNT}carry = {{ shortfall = \"add-to-target\" }}\n");
        assert_eq!(found("2026-07-01", &carried), ["figure-of-another-unit"]);
        // Nothing is taken over.
        assert_eq!(found("2026-07-01", AMOUNT), [""; 0]);
        // An item of its own.
        assert_eq!(found("2026-07-01", &carried.replace("\"a\"", "\"b\"")), [""; 0]);
    }

    #[test]
    fn totals_are_averaged_out_of_the_same_full_marks() {
        let mean = |full: u32| {
            let item = AMOUNT.replace("weight = 100", &format!("weight = {full}"));
            format!("roll_up = \"mean\"\nscale = \"points\"\nfull = {full}\n{item}")
        };
        assert_eq!(found("2026-07-01", &mean(1000)), ["other-full-marks-of-scheme"]);
        assert_eq!(found("2026-07-01", &mean(100)), [""; 0]);
        // No mean reaches over the end of a year.
        assert_eq!(found("2027-01-01", &mean(1000)), [""; 0]);
        let looks =
            mean(1000).replace("roll_up = \"mean\"\n", "") + "when = \"default(previous.total, 0) < 90\"\n";
        assert_eq!(found("2027-01-01", &looks), ["other-full-marks-of-scheme"]);
    }
}
