//! What is paid out of deferred pay when an instalment falls due, where the policy under which it was earned lets a later result
//! decide: that of the period which lies as many years after the pay's as the instalment.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::apply::Policies;
use super::facts::Past;
use super::grades::scored;
use super::profile::profile;
use super::run::Who;
use super::sealed::past;
use super::variant::variants;
use crate::book::ledger::Ledger;
use crate::book::{Book, Record};
use crate::diag::{Finding, Level, Rule};
use crate::msg;
use crate::path;
use crate::period::Period;
use crate::policy::expr::{Environment, Expr, Leaf, Trouble, Value};
use crate::policy::plan::Deferral;
use crate::policy::round::round;
use crate::record::policy::Mode;
use crate::record::review::Review;
use crate::record::scorecard::{LedgerEntry, LedgerKind};
use crate::source::Place;
use crate::text::{Message, Text, score as say};

/// More released of an instalment than the result that decides on it allows.
pub static RELEASE_ABOVE_RESULT: Rule = Rule {
    code: "RM668",
    name: "release-above-result",
    level: Level::Deny,
    title: Text::new(
        "more is released of deferred pay than the later result decides",
        "兑付金额超过按到期年度考核结果应兑付的金额",
    ),
    why: Text::new(
        "The policy by which the pay was earned lets a later result decide on each instalment (`pay.deferral.release`): that of the \
         period as many years later, once it is closed. What it does not release is forfeited.",
        "计发该期薪酬的考核办法规定，各期延期薪酬按到期年度对应考核期的结果判定兑付比例（`pay.deferral.release`），结果封存后方可兑付，其余止付。",
    ),
    mend: Text::new(
        "Release what the result decides, once it is closed, and forfeit the rest by a `clawback` that names the year (`due`).",
        "请待该期结果封存后按判定金额兑付，其余以注明应支付年度（`due`）的 `clawback` 分录止付。",
    ),
    example: concat!(
        "# file: managers/wang-fang.toml\nname = \"Wang Fang\"\nreports_to = \"zhao-lei\"\n\
         # file: reviews/2025-08/wang-fang.toml\nmanager = \"wang-fang\"\nperiod = \"2025-08\"\n\
         [closed.scorecard]\npolicy = \"main\"\ndigest = \"x\"\nclosed_on = 2025-09-12\nrating = \"A\"\npay_total = 5\n\
         deferral = [{ due = \"2026\", amount = 2 }]\n\
         [[ledger]]\ndate = 2026-09-20\nkind = \"release\"\ndue = \"2026\"\namount = 2\nreason = \"due\"\napproved_by = \"zhao-lei\"\n\
         # file: reviews/2026-08/wang-fang.toml\nmanager = \"wang-fang\"\nperiod = \"2026-08\"\n\
         [closed.scorecard]\npolicy = \"main\"\ndigest = \"x\"\nclosed_on = 2026-09-12\nrating = \"D\"\n",
        scored!(results: "2026-09 = { deposits = 1000 }\n"; target: 1000),
        "[[pay.lines]]\nid = \"base\"\namount = \"2 万元\"\n[pay.deferral]\nshare = \"40%\"\nyears = [\"30%\", \"30%\", \"40%\"]\n\
         release = \"if(rating == 'D', 50%, 100%)\"\n"
    ),
};

/// The rule of this file.
pub static RULES: &[&Rule] = &[&RELEASE_ABOVE_RESULT];

/// An instalment: the period the pay was earned in, the scheme that deferred it and the year it falls due.
pub type Key<'k> = (Period, &'k str, i32);

/// What becomes of an instalment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// No result decides: all of it is paid out.
    Whole,
    /// The result of this period decides, and is not closed.
    Waits(Period),
    /// By the result of this period so much is paid out, and the rest forfeited.
    Releases(Period, Decimal),
    /// The result of this period does not tell, or there will be none, and why: people decide.
    Unclear(Period, Message),
}

/// The policies of a book where one of them lets results decide on deferred pay; nothing where all instalments are paid out whole.
pub fn deciding(book: &Book) -> Option<Policies> {
    let mut pays = book.policies.iter().flat_map(|policy| {
        let variants = policy.data.variants.iter().map(|variant| &variant.pay);
        policy.data.pay.iter().chain(variants)
    });
    let decides = pays.any(|pay| pay.deferral.as_ref().is_some_and(|deferral| deferral.release.is_some()));
    decides.then(|| Policies::of(book))
}

/// What becomes of an instalment of so much of a manager's pay, by the policy that the pay was closed under. Where no result can come
/// any more, since the manager had left or the scheme had ended, or the policy does not load, people decide.
pub fn verdict(book: &Book, policies: &Policies, manager: &str, key: Key<'_>, deferred: Decimal) -> Verdict {
    let (period, scheme, year) = key;
    let decides = period.plus((year - period.last().year()) * 12 / period.grain().months());
    let terms = match terms(book, policies, manager, (period, scheme)) {
        Ok(Some(terms)) => terms,
        Ok(None) => return Verdict::Whole,
        Err(reason) => return Verdict::Unclear(decides, reason),
    };
    let Some(record) = book.managers.get(manager) else { return Verdict::Whole };
    let review = book.reviews.get(&format!("{decides}/{manager}"));
    let Some(past) = review.and_then(|review| past(&review.data, scheme, chrono::NaiveDate::MAX)) else {
        let mut of_scheme = policies.ready.values().filter(|policy| policy.record.scheme == scheme);
        let is_there = record.data.employed_within(decides.first_day(), decides.last_day());
        return match is_there && of_scheme.any(|policy| policy.in_force(decides)) {
            true => Verdict::Waits(decides),
            false => Verdict::Unclear(decides, say::NO_RESULT_DECIDES.into()),
        };
    };
    let then = profile(book, record, decides);
    let result = Closed { past: &past, who: Who { profile: &then, months: decides.months() } };
    match part(&terms.release, &result) {
        Ok(part) => {
            Verdict::Releases(decides, round(deferred * part, terms.places, terms.mode).min(deferred))
        }
        Err(reason) => Verdict::Unclear(decides, reason),
    }
}

/// The part of an instalment that a result releases.
pub(super) fn part(release: &Expr, result: &dyn Environment) -> Result<Decimal, Message> {
    let part = release.node.number(result).map_err(|trouble| match trouble {
        Trouble::Missing(reason) | Trouble::Open(reason) | Trouble::Circle(reason) => reason,
        Trouble::ZeroDivision => say::ZERO_TARGET.into(),
        Trouble::Overflow => say::TOO_LARGE.into(),
    })?;
    part_of_whole(part, say::RELEASES_NO_PART)
}

/// A part from nothing to all, else what `says` that it is none.
pub(super) fn part_of_whole(part: Decimal, says: Text) -> Result<Decimal, Message> {
    match (Decimal::ZERO..=Decimal::ONE).contains(&part) {
        true => Ok(part),
        false => Err(msg!(says, part = part.normalize())),
    }
}

/// How the instalments of a pay are decided.
struct Terms {
    release: Expr,
    places: i32,
    mode: Mode,
}

/// Those of the pay that a period was closed with; nothing where all is paid out, and why nobody knows.
fn terms(
    book: &Book,
    policies: &Policies,
    manager: &str,
    (period, scheme): (Period, &str),
) -> Result<Option<Terms>, Message> {
    let review = book.reviews.get(&format!("{period}/{manager}"));
    let closed = review.and_then(|review| review.data.closed.get(scheme));
    let (Some(closed), Some(record)) = (closed, book.managers.get(manager)) else { return Ok(None) };
    let Some(policy) = policies.ready.get(&*closed.policy) else {
        let refused = policies.refused.contains_key(&*closed.policy);
        let reason = || msg!(say::PAY_POLICY_REFUSED, policy = &*closed.policy);
        return if refused { Err(reason()) } else { Ok(None) };
    };
    let mut then = profile(book, record, period);
    then.grade = closed.grade.as_deref().map(Into::into).or(then.grade);
    let chosen = variants(policy, &Who { profile: &then, months: period.months() });
    let Ok(plan) = policy.plan(&chosen.variants) else { return Ok(None) };
    let deferral = plan.pay.as_ref().and_then(|pay| pay.deferral.as_ref());
    let mode = plan.rounding.mode.unwrap_or_default();
    let of = |deferral: &Deferral| {
        Some(Terms { release: deferral.release.clone()?, places: deferral.round, mode })
    };
    Ok(deferral.and_then(of))
}

/// A closed result, of which no more is kept than what the review says.
struct Closed<'a> {
    past: &'a Past,
    who: Who<'a>,
}

impl Environment for Closed<'_> {
    fn leaf(&self, leaf: &Leaf, name: &Arc<str>) -> Result<Value, Trouble> {
        let found = match leaf {
            Leaf::Total => self.past.total.map(Value::Number),
            Leaf::Rating => self.past.rating.clone().map(Value::Text),
            Leaf::Item(part, id) => self.past.figure(*part, id).map(Value::Number),
            of_who => self.who.known(of_who),
        };
        found.ok_or_else(|| Trouble::Missing(msg!(say::NO_FIGURE, name = &**name)))
    }
}

/// A finding for each instalment of which more was released than the later result decides, or before that is closed.
pub fn findings(book: &Book, policies: &Policies) -> Vec<Finding> {
    let mut found = Vec::new();
    for (manager, reviews) in book.reviews_by_manager() {
        for (key, instalment) in Ledger::of(&reviews).instalments {
            if instalment.released.is_zero() {
                continue;
            }
            let (period, scheme, due) = key;
            let unit = book.money_of_pay(manager, period, Some(scheme)).unwrap_or_default();
            let amount = |amount: Decimal| format!("{} {unit}", amount.normalize()).trim_end().to_owned();
            let (released, of) = (amount(instalment.released), period.to_string());
            let message = match verdict(book, policies, manager, key, instalment.deferred) {
                Verdict::Releases(decides, most) if instalment.released > most => {
                    let (by, most) = (decides.to_string(), amount(most));
                    msg!(
                        say::RELEASED_ABOVE,
                        released = released,
                        period = of,
                        due = due,
                        by = by,
                        most = most
                    )
                }
                Verdict::Waits(decides) => {
                    let by = decides.to_string();
                    msg!(say::RELEASED_UNDECIDED, released = released, period = of, due = due, by = by)
                }
                _ => continue,
            };
            let place = last_release(&reviews, key);
            found.extend(place.map(|place| Finding::new(&RELEASE_ABOVE_RESULT, place, message)));
        }
    }
    found
}

/// The place of the last entry that released something of an instalment.
fn last_release(reviews: &[&Record<Review>], (period, scheme, due): Key<'_>) -> Option<Place> {
    let entries = reviews.iter().flat_map(|review| {
        review.data.ledger.iter().enumerate().map(move |(index, entry)| (*review, index, entry))
    });
    let is_of = |(review, _, entry): &(&Record<Review>, usize, &LedgerEntry)| {
        entry.kind == LedgerKind::Release
            && entry.period.unwrap_or(review.data.period) == period
            && entry.scheme.as_deref().is_none_or(|own| own == scheme)
            && entry.due.is_none_or(|year| year.0 == due)
    };
    let (review, index, _) = entries.filter(is_of).max_by_key(|(.., entry)| entry.date)?;
    Some(Place::value(review.file, path!["ledger", index, "amount"]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Snapshot;

    /// What is found where texts of the example are others.
    fn found(changes: &[(&str, &str)]) -> Vec<String> {
        let mut text = RELEASE_ABOVE_RESULT.example.to_owned();
        for (old, new) in changes {
            assert!(text.contains(old), "{old}");
            text = text.replacen(old, new, 1);
        }
        let files = text.split("# file: ").skip(1).map(|part| {
            let (path, body) = part.split_once('\n').unwrap();
            (path.to_owned(), Ok(body.to_owned()))
        });
        let (book, broken) = crate::book::load(&Snapshot::new(files.collect::<Vec<_>>()));
        assert!(broken.is_empty(), "{broken:?}");
        let policies = Policies::of(&book);
        assert_eq!(policies.ready.len(), 1, "{:?}", policies.findings);
        findings(&book, &policies).iter().map(|finding| finding.message.to_string()).collect()
    }

    const PAID: &str = "amount = 2\nreason = \"due\"";

    #[test]
    fn the_result_of_the_year_an_instalment_falls_due_in_decides_on_it() {
        // Half of 2 under D is 1.
        let told = "2 万元 released of the pay of 2025-08 due in 2026, of which the result of 2026-08 releases 1 万元";
        assert_eq!(found(&[]), [told]);
        assert_eq!(found(&[(PAID, "amount = 1\nreason = \"due\"")]), [""; 0]);
        assert_eq!(found(&[("rating = \"D\"", "rating = \"A\"")]), [""; 0]);
        // Half of 2.01 万元 is 10,050 元, whole cents.
        let odd = [("{ due = \"2026\", amount = 2 }", "{ due = \"2026\", amount = 2.01 }")];
        let told = "2 万元 released of the pay of 2025-08 due in 2026, of which the result of 2026-08 releases 1.005 万元";
        assert_eq!(found(&odd), [told]);
    }

    #[test]
    fn nothing_is_released_before_the_result_is_closed() {
        let open = (
            "[closed.scorecard]\npolicy = \"main\"\ndigest = \"x\"\nclosed_on = 2026-09-12\nrating = \"D\"\n",
            "",
        );
        let told = "2 万元 released of the pay of 2025-08 due in 2026, before the result of 2026-08, which decides on it, is closed";
        assert_eq!(found(&[open]), [told]);
        // Of who left before, or where the scheme ended, there will be no result.
        let left = (
            "reports_to = \"zhao-lei\"\n",
            "reports_to = \"zhao-lei\"\nleft = 2026-03-31\nstatus = \"left\"\n",
        );
        assert_eq!(found(&[open, left]), [""; 0]);
        let ended = ("effective = 2026-01-01\n", "effective = 2025-01-01\nuntil = 2025-12-31\n");
        assert_eq!(found(&[open, ended]), [""; 0]);
    }

    #[test]
    fn what_no_result_decides_is_paid_whole() {
        assert_eq!(found(&[("release = \"if(rating == 'D', 50%, 100%)\"\n", "")]), [""; 0]);
    }
}
