//! What may be given back of a clawback: the part that the policy under which the pay was earned says, and no more.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::apply::Policies;
use super::grades::scored;
use crate::book::ledger::{Case, Ledger};
use crate::book::{Book, Record};
use crate::diag::{Finding, Level, Rule};
use crate::msg;
use crate::path;
use crate::policy::Policy;
use crate::policy::plan::Plan;
use crate::policy::round::round;
use crate::record::review::Review;
use crate::record::scorecard::LedgerKind;
use crate::source::Place;
use crate::text::{Text, score as say};

/// More given back of a clawback than the policy says.
pub static RETURN_ABOVE_TERMS: Rule = Rule {
    code: "RM667",
    name: "return-above-terms",
    level: Level::Deny,
    title: Text::new(
        "more is returned of a clawback than the policy gives back",
        "退还金额超过考核办法规定的退还比例",
    ),
    why: Text::new(
        "An entry `return` states the amount that is given back. Of what was clawed back that is at most the part under \
         `pay.clawback.returns` in the policy by which the pay was earned.",
        "`return` 分录填写实际退还金额，追索扣回的以计发该期薪酬的考核办法 `pay.clawback.returns` 所定比例为限。",
    ),
    mend: Text::new(
        "Enter what the policy gives back, not what was clawed back.",
        "请填写按办法应退还的金额，而非原扣回金额。",
    ),
    example: concat!(
        "# file: managers/wang-fang.toml\nname = \"Wang Fang\"\nreports_to = \"zhao-lei\"\n\
         # file: reviews/2026-08/wang-fang.toml\nmanager = \"wang-fang\"\nperiod = \"2026-08\"\n\
         [[ledger]]\ndate = 2026-09-20\nkind = \"clawback\"\ncase = \"npl\"\namount = 2\nreason = \"overdue\"\napproved_by = \"zhao-lei\"\n\
         [[ledger]]\ndate = 2026-10-20\nkind = \"return\"\ncase = \"npl\"\namount = 2\nreason = \"recovered\"\napproved_by = \"zhao-lei\"\n",
        scored!(results: "2026-09 = { deposits = 1000 }\n"; target: 1000),
        "[[pay.lines]]\nid = \"base\"\namount = \"2 万元\"\n[pay.clawback]\nreturns = \"95%\"\n"
    ),
};

/// The rule of this file.
pub static RULES: &[&Rule] = &[&RETURN_ABOVE_TERMS];

/// A finding for each clawback of which more was returned than its policy gives back.
pub fn findings(book: &Book, policies: &Policies) -> Vec<Finding> {
    let reviews = book.reviews_by_manager();
    reviews.values().flat_map(|own| above_terms(own, policies)).collect()
}

fn above_terms(reviews: &[&Record<Review>], policies: &Policies) -> Vec<Finding> {
    let mut found = Vec::new();
    for ((_, name, scheme), case) in Ledger::of(reviews).cases {
        if case.kind != LedgerKind::Clawback || case.returned.is_zero() {
            continue;
        }
        let terms = paying(reviews, policies, &case).into_iter();
        let terms = terms.filter_map(|policy| Some((most(policy, case.taken)?, policy.record.money())));
        let Some((most, unit)) = terms.max().filter(|(most, _)| case.returned > *most) else { continue };
        let Some(place) = last_return(reviews, name, scheme) else { continue };
        let [taken, returned, most] =
            [case.taken, case.returned, most].map(|amount| format!("{} {unit}", amount.normalize()));
        let message =
            msg!(say::RETURN_ABOVE_TERMS, case = name, taken = taken, returned = returned, most = most);
        found.push(Finding::new(&RETURN_ABOVE_TERMS, place, message));
    }
    found
}

/// The policies by which the pay was earned that a case took from: as it was closed, else those for periods as long.
fn paying<'p>(reviews: &[&Record<Review>], policies: &'p Policies, case: &Case<'_>) -> Vec<&'p Policy> {
    let is_of = |scheme: &str| case.entry.scheme.as_deref().is_none_or(|own| own == scheme);
    let of_period = reviews.iter().find(|review| review.data.period == case.period);
    let closed = of_period.iter().flat_map(|review| &review.data.closed).filter(|(scheme, _)| is_of(scheme));
    let closed: Vec<_> = closed.filter_map(|(_, closed)| policies.ready.get(&*closed.policy)).collect();
    if !closed.is_empty() {
        return closed;
    }
    let of_grain = |policy: &&Policy| policy.record.period.grain() == case.period.grain();
    policies.ready.values().filter(of_grain).filter(|policy| is_of(&policy.record.scheme)).collect()
}

/// The most that a policy, or a variant of it, gives back of what was clawed back; nothing where it does not say.
fn most(policy: &Policy, taken: Decimal) -> Option<Decimal> {
    let variants = (0..policy.variants.len()).filter_map(|variant| policy.plan(&[variant]).ok());
    let of = |plan: Arc<Plan>| {
        let (share, places) = plan.pay.as_ref()?.returns.as_ref()?;
        Some(round(taken * share.constant?, *places, plan.rounding.mode.unwrap_or_default()).min(taken))
    };
    std::iter::once(policy.base.clone()).chain(variants).filter_map(of).max()
}

/// The place of the last entry that returned something of a case.
fn last_return(reviews: &[&Record<Review>], case: &str, scheme: Option<&str>) -> Option<Place> {
    let entries = reviews.iter().flat_map(|review| {
        review.data.ledger.iter().enumerate().map(|(index, entry)| (review.file, index, entry))
    });
    let returns =
        entries.filter(|(.., entry)| entry.kind == LedgerKind::Return && entry.case.as_deref() == Some(case));
    // The one that names the scheme goes before one that names none.
    let (file, index, _) =
        returns.max_by_key(|(.., entry)| (entry.scheme.as_deref() == scheme, entry.date))?;
    Some(Place::value(file, path!["ledger", index, "amount"]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Snapshot;

    /// What is found where so much was returned of the 2 clawed back.
    fn found(returned: &str, policy: &str) -> Vec<String> {
        let text = RETURN_ABOVE_TERMS.example.replace("amount = 2\nreason = \"recovered\"", returned);
        let files = text.split("# file: ").skip(1).map(|part| {
            let (path, body) = part.split_once('\n').unwrap();
            let body =
                if path.starts_with("policies/") { body.replace("95%", policy) } else { body.to_owned() };
            (path.to_owned(), Ok(body))
        });
        let (book, broken) = crate::book::load(&Snapshot::new(files.collect::<Vec<_>>()));
        assert!(broken.is_empty(), "{broken:?}");
        let found = findings(&book, &Policies::of(&book));
        found.iter().map(|finding| finding.message.to_string()).collect()
    }

    #[test]
    fn no_more_is_returned_of_a_clawback_than_the_policy_gives_back() {
        // 95 % of 2 is 1.9.
        assert_eq!(found("amount = 1.9", "95%"), [""; 0]);
        assert_eq!(
            found("amount = 1.91", "95%"),
            ["1.91 万元 returned of the clawback `npl` of 2 万元, of which the policy gives back 1.9 万元"]
        );
        // 100 % of 2 is 2.
        assert_eq!(found("amount = 2", "100%"), [""; 0]);
    }
}
