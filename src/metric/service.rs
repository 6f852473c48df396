//! Service: satisfaction, complaints, opportunities, needs, referrals.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::known::Measured;
use super::scope::{Adder, Scope};
use crate::book::Record;
use crate::book::deadline::{Deadlines, complaint_on};
use crate::path;
use crate::period::Months;
use crate::record::client::{Client, Feedback, Referral, ReferralResult, SampledBy};
use crate::record::complaint::Complaint;
use crate::record::deal::{Opportunity, Stage};
use crate::record::value::Day;
use crate::text::metric as say;

/// Answers about the manager in the window that count, each as a part of the best score; one that names nobody is about the
/// lead of its day.
fn answers<'b>(
    scope: &'b Scope<'b>,
    window: Months,
) -> impl Iterator<Item = (&'b Record<Client>, usize, &'b Feedback, Decimal)> {
    scope.visited.iter().flat_map(move |client| {
        client.data.feedback.iter().enumerate().filter_map(move |(index, feedback)| {
            let about = feedback.about.as_deref();
            let about = about.unwrap_or_else(|| crate::book::credit::lead_on(&client.data, feedback.date.0));
            let part = part(feedback)?;
            (scope.is(about) && scope.within(window, feedback.date))
                .then_some((*client, index, feedback, part))
        })
    })
}

/// The best score of an answer's scale.
fn best(feedback: &Feedback) -> Decimal {
    feedback.scale.map_or(Decimal::TEN, |scale| scale.0)
}

/// An answer as a part of the best score; nothing without a score, and of one that the manager chose whom to ask for: who is
/// judged picks the friendly ones.
pub fn part(feedback: &Feedback) -> Option<Decimal> {
    let scale = Some(best(feedback)).filter(|scale| !scale.is_zero())?;
    let score = feedback.score.filter(|_| feedback.sampled_by != Some(SampledBy::Manager))?;
    Some(score.0 / scale)
}

/// How an answer, as a part of the best score, votes: 1 from 9 of 10, −1 up to 6 of 10, else 0.
pub fn vote(part: Decimal) -> i32 {
    i32::from(part >= Decimal::new(9, 1)) - i32::from(part <= Decimal::new(6, 1))
}

/// Mean answer as a part of the best score, 0 to 1.
pub fn satisfaction(scope: &Scope<'_>, window: Months) -> Measured {
    let mut sum = Adder::new(scope);
    let mut count = 0_u32;
    for (client, index, feedback, part) in answers(scope, window) {
        count += 1;
        sum.add_part(client.file, part, (Decimal::ONE, best(feedback)), || path!["feedback", index, "score"]);
    }
    if count == 0 {
        return Err(say::NO_ANSWERS.into());
    }
    Ok(sum.divided_by(count.into()).done())
}

/// Net promoter score, −1 to 1: the part answering 9 or 10 of 10, less the part answering 6 or less.
pub fn net_promoter_score(scope: &Scope<'_>, window: Months) -> Measured {
    let mut sum = Adder::new(scope);
    let mut count = 0_u32;
    for (client, index, _, part) in answers(scope, window) {
        count += 1;
        sum.add(client.file, vote(part).into(), || path!["feedback", index, "score"]);
    }
    if count == 0 {
        return Err(say::NO_ANSWERS.into());
    }
    Ok(sum.divided_by(count.into()).done())
}

/// Complaints about the manager; one that names nobody is about the lead of the day it came in.
fn complaints<'b>(scope: &'b Scope<'b>) -> impl Iterator<Item = (&'b Record<Client>, usize, &'b Complaint)> {
    scope.visited.iter().flat_map(move |client| {
        let concerned = move |complaint: &Complaint| {
            let about = complaint.about.as_deref();
            let about =
                about.unwrap_or_else(|| crate::book::credit::lead_on(&client.data, complaint.received.0));
            scope.is(about)
        };
        let all = client.data.complaints.iter().enumerate();
        all.filter(move |(_, complaint)| concerned(complaint))
            .map(move |(index, complaint)| (*client, index, complaint))
    })
}

/// The runs of a complaint that had begun by a day.
fn begun(complaint: &Complaint, day: NaiveDate) -> impl Iterator<Item = (Option<(usize, Day)>, Complaint)> {
    let after = move |(end, _): &(Option<(usize, Day)>, Complaint)| end.is_none_or(|(_, end)| end.0 > day);
    let mut runs = complaint.runs();
    let now = runs.iter().position(after).unwrap_or_default();
    runs.truncate(now + 1);
    runs.into_iter()
}

/// Justified complaints about the manager; one not yet judged does not count.
///
/// A complaint counts on the day it was decided, for only then it is known to be justified: what is decided later leaves a period
/// that was closed before as it was. Where no such day is entered, it counts on the day of receipt. Opened again, it stays counted
/// where it was first found justified, and only there.
pub fn justified_complaints(scope: &Scope<'_>, window: Months) -> Measured {
    let mut sum = Adder::new(scope);
    for (client, index, complaint) in complaints(scope) {
        let is_justified = |run: &Complaint| run.justified == Some(true) && run.withdrawn.is_none();
        let first = complaint.runs().into_iter().find(|(_, run)| is_justified(run));
        let found = first.map(|(_, run)| run.decided.unwrap_or(run.received));
        if found.is_some_and(|found| scope.within(window, found)) {
            sum.count(client.file, || path!["complaints", index]);
        }
    }
    Ok(sum.done())
}

/// Part of the complaints decided in time, of those decided in the window or past their limit undecided in it, as it was known
/// on the window's last day; those withdrawn within the limit never count. Each run of one that was opened again counts for itself.
pub fn complaints_in_time(scope: &Scope<'_>, window: Months) -> Measured {
    let deadlines = Deadlines::new(&scope.book.settings);
    let mut in_time = Adder::new(scope);
    let day = scope.as_of(window);
    for (client, index, complaint) in complaints(scope).filter(|(.., complaint)| complaint.received.0 <= day)
    {
        for (end, run) in begun(complaint, day) {
            let seen = complaint_on(&run, day);
            let outcome = deadlines.complaint_outcome(&seen);
            let (counts, settled) = outcome;
            let is_of_run = end.is_none_or(|(_, end)| settled <= end.0);
            if Deadlines::counts_settled(&seen, outcome) && is_of_run && scope.within(window, Day(settled)) {
                in_time.judge(counts, client.file, || match end {
                    Some((at, _)) => path!["complaints", index, "earlier", at, "decided"],
                    None => path!["complaints", index, "decided"],
                });
            }
        }
    }
    in_time.part(say::NO_COMPLAINTS)
}

/// Opportunities of the manager won or lost in the window; one that names nobody is the lead's of the day it closed.
fn decided<'b>(
    scope: &'b Scope<'b>,
    window: Months,
) -> impl Iterator<Item = (&'b Record<Client>, usize, &'b Opportunity)> {
    scope.visited.iter().flat_map(move |client| {
        let mine = move |opportunity: &Opportunity| {
            let Some(closed) = opportunity.closed.filter(|_| opportunity.stage.is_end()) else {
                return false;
            };
            let by = opportunity.by.as_deref();
            let by = by.unwrap_or_else(|| crate::book::credit::lead_on(&client.data, closed.0));
            scope.is(by) && scope.within(window, closed)
        };
        let all = client.data.opportunities.iter().enumerate();
        all.filter(move |(_, opportunity)| mine(opportunity))
            .map(move |(index, opportunity)| (*client, index, opportunity))
    })
}

/// Those of them that were won.
fn won<'b>(
    scope: &'b Scope<'b>,
    window: Months,
) -> impl Iterator<Item = (&'b Record<Client>, usize, &'b Opportunity)> {
    decided(scope, window).filter(|(_, _, opportunity)| opportunity.stage == Stage::Won)
}

/// Part of the opportunities won, of those won or lost.
pub fn hit_rate(scope: &Scope<'_>, window: Months) -> Measured {
    let mut sum = Adder::new(scope);
    for (client, index, opportunity) in decided(scope, window) {
        let won = opportunity.stage == Stage::Won;
        sum.judge(won, client.file, || path!["opportunities", index]);
    }
    sum.part(say::NO_DEALS)
}

/// How many opportunities the manager won.
pub fn opportunities_won(scope: &Scope<'_>, window: Months) -> Measured {
    let mut sum = Adder::new(scope);
    for (client, index, _) in won(scope, window) {
        sum.count(client.file, || path!["opportunities", index]);
    }
    Ok(sum.done())
}

/// The amounts of the opportunities the manager won.
pub fn amount_won(scope: &Scope<'_>, window: Months) -> Measured {
    let mut sum = Adder::new(scope);
    for (client, index, opportunity) in won(scope, window) {
        if let Some(amount) = opportunity.amount {
            sum.add(client.file, amount.0, || path!["opportunities", index, "amount"]);
        }
    }
    Ok(sum.done())
}

/// Needs the manager found in the window.
pub fn needs_found(scope: &Scope<'_>, window: Months) -> Measured {
    let mut sum = Adder::new(scope);
    for client in scope.visited {
        for (index, need) in client.data.needs.iter().enumerate() {
            let by =
                need.by.as_deref().unwrap_or_else(|| crate::book::credit::lead_on(&client.data, need.date.0));
            if scope.is(by) && scope.within(window, need.date) {
                sum.count(client.file, || path!["needs", index]);
            }
        }
    }
    Ok(sum.done())
}

/// Needs for which a solution was offered in the window: whoever found the need, else the lead of the day it was offered.
pub fn solutions_offered(scope: &Scope<'_>, window: Months) -> Measured {
    let mut sum = Adder::new(scope);
    for client in scope.visited {
        for (index, need) in client.data.needs.iter().enumerate() {
            let Some(proposed) = need.proposed.filter(|day| scope.within(window, *day)) else { continue };
            let by = need.by.as_deref();
            let by = by.unwrap_or_else(|| crate::book::credit::lead_on(&client.data, proposed.0));
            if scope.is(by) {
                sum.count(client.file, || path!["needs", index, "proposed"]);
            }
        }
    }
    Ok(sum.done())
}

/// Calls `counts` for each referral the manager gave that was answered in the window as won.
fn won_referrals(
    scope: &Scope<'_>,
    window: Months,
    counts: impl Fn(&Referral) -> (Decimal, &'static str),
) -> Measured {
    let mut sum = Adder::new(scope);
    for client in scope.visited {
        for (index, referral) in client.data.referrals.iter().enumerate() {
            let won = referral.result == Some(ReferralResult::Won);
            let won = won && referral.from != referral.to;
            if won
                && scope.is(&referral.from)
                && referral.answered.is_some_and(|day| scope.within(window, day))
            {
                let (amount, key) = counts(referral);
                sum.add(client.file, amount, || path!["referrals", index, key]);
            }
        }
    }
    Ok(sum.done())
}

/// Referrals the manager gave that were won in the window.
pub fn referrals_won(scope: &Scope<'_>, window: Months) -> Measured {
    won_referrals(scope, window, |_| (Decimal::ONE, "result"))
}

/// Income earned jointly from the referrals the manager gave that were won in the window.
pub fn referral_income(scope: &Scope<'_>, window: Months) -> Measured {
    won_referrals(scope, window, |referral| {
        (referral.income.map_or(Decimal::ZERO, |income| income.0), "income")
    })
}

/// Referrals the manager gave in the window.
pub fn referrals_given(scope: &Scope<'_>, window: Months) -> Measured {
    let mut sum = Adder::new(scope);
    for client in scope.visited {
        for (index, referral) in client.data.referrals.iter().enumerate() {
            // Passed on to oneself, it was passed on to nobody.
            let given = referral.from != referral.to && scope.within(window, referral.date);
            if given && scope.is(&referral.from) {
                sum.count(client.file, || path!["referrals", index]);
            }
        }
    }
    Ok(sum.done())
}

#[cfg(test)]
mod tests {
    use super::super::tests::answer;

    #[test]
    fn answers_the_manager_chose_whom_to_ask_for_count_nowhere() {
        let text = "feedback = [{ date = 2026-11-05, score = 9, sampled_by = 'manager' }, { date = 2026-11-06, score = 6, sampled_by = 'bank' }]\n";
        let of = |query| answer(&[("a", text)], "li", query, "2026-11");
        assert_eq!(["satisfaction", "net_promoter_score"].map(of), ["0.6", "-1"]);
    }
}
