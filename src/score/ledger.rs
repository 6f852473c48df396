//! What entries of the ledger do to the pay of a period, and whose pay those change that name no scheme.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::Who;
use super::facts::Profile;
use super::payslip::{Booked, PayResult};
use super::round::Round;
use crate::book::Record;
use crate::metric::Evidence;
use crate::path;
use crate::period::Period;
use crate::policy::Policy;
use crate::policy::overlap::{Chosen, choose};
use crate::record::review::Review;
use crate::record::scorecard::LedgerEntry;
use crate::source::Place;

impl Round<'_, '_> {
    /// The schemes that pay a manager for a period, each with the day it was closed on: those of the policies in force, and those
    /// the period was closed under. Of an entry that names a pay line those that have it.
    pub(super) fn payers<'s>(
        &'s self,
        profile: &Profile,
        reviews: &[&'s Record<Review>],
        (period, line): (Period, Option<&str>),
    ) -> BTreeMap<&'s str, Option<NaiveDate>> {
        let who = Who { profile, months: period.months() };
        let has_line = |policy: &Policy| {
            let mut lines = policy.base.pay.iter().flat_map(|pay| &pay.lines);
            policy.base.pay.is_some() && line.is_none_or(|line| lines.any(|known| *known.id == *line))
        };
        let in_force = choose(self.policies.ready.values(), period, &who).into_iter();
        let in_force = in_force.filter(|(_, chosen)| match chosen {
            Chosen::One(policy) => has_line(policy) && self.pays(policy, period),
            Chosen::Tie(tied) => tied.iter().any(|policy| has_line(policy) && self.pays(policy, period)),
        });
        let mut found: BTreeMap<&str, Option<NaiveDate>> =
            in_force.map(|(scheme, _)| (scheme, None)).collect();
        let closed = reviews.iter().filter(|review| review.data.period == period);
        let closed = closed.flat_map(|review| &review.data.closed).filter(|(_, closed)| {
            closed.pay_total.is_some() && line.is_none_or(|line| closed.pay.contains_key(line))
        });
        found.extend(closed.map(|(scheme, closed)| (scheme.as_str(), Some(closed.closed_on.0))));
        found
    }

    /// Whether an entry that names no scheme is taken from the pay under this one, and from no other: of several that pay, from the
    /// one that was closed first, and from none while all are open. Which one is meant nobody knows, and `check` says so.
    pub(super) fn is_of(
        &self,
        scheme: &str,
        profile: &Profile,
        reviews: &[&Record<Review>],
        about: (Period, Option<&str>),
    ) -> bool {
        let payers = self.payers(profile, reviews, about);
        let closed = payers.iter().filter_map(|(scheme, closed)| Some((*closed.as_ref()?, *scheme))).min();
        match (payers.len(), closed) {
            (0, _) => true,
            (1, _) => payers.contains_key(scheme),
            (_, first) => first.is_some_and(|(_, first)| first == scheme),
        }
    }
}

/// Takes off what was held back, advanced or clawed back of the pay of a period, and gives back what was returned in it, by the
/// entries that are `of` this pay and booked by a day.
pub(super) fn book(
    reviews: &[&Record<Review>],
    (period, day): (Period, NaiveDate),
    of: impl Fn(&LedgerEntry, &PayResult) -> bool,
    pay: &mut PayResult,
) {
    for review in reviews {
        let entries = review.data.ledger.iter().enumerate();
        for (index, entry) in entries.filter(|(_, entry)| entry.date.0 <= day) {
            let moved = entry.moves(review.data.period).filter(|(moved, _)| *moved == period);
            let moved = moved.filter(|_| of(entry, pay));
            let Some((_, amount)) = moved else { continue };
            let at = Place::value(review.file, path!["ledger", index, "amount"]);
            pay.booked.push(Booked {
                kind: entry.kind,
                case: entry.case.as_deref().map(Into::into),
                amount,
                evidence: vec![Evidence::new(at, entry.amount.0)],
            });
            pay.now += amount;
        }
    }
    pay.now = pay.now.normalize();
}
