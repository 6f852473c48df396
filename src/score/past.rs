//! What reviews keep of earlier periods: closed scorecards.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::facts::Past;
use crate::book::{Book, Record};
use crate::msg;
use crate::period::Period;
use crate::policy::Policy;
use crate::policy::expr::{Part, Scored};
use crate::policy::plan::Plan;
use crate::record::review::Review;
use crate::text::{Message, score as say};

/// What somebody's very period was closed with, which others see in the place of what is scored of it now.
#[derive(Debug)]
pub struct Frozen {
    pub(super) past: Past,
    items: BTreeSet<Box<str>>,
    manager: Box<str>,
}

impl Frozen {
    /// What stands of a closed period on a day.
    pub(super) fn of(review: &Review, scheme: &str, day: NaiveDate) -> Option<Self> {
        let items = review.closed.get(scheme)?.indicators.keys().map(|id| id.as_str().into()).collect();
        let past = super::sealed::past(review, scheme, day)?;
        Some(Self { past, items, manager: (*review.manager).into() })
    }

    /// A figure of an item; nothing where there is none, and why nothing is known where it was not closed with it.
    pub(super) fn item(&self, plan: &Plan, part: Part, id: &str) -> Result<Option<Decimal>, Message> {
        let score = || self.past.figure(Part::Score, id).filter(|_| part == Part::Points);
        match self.past.figure(part, id).or_else(score) {
            None if !self.items.contains(id) && plan.item(id).is_some() => Err(self.lacks(id)),
            figure => Ok(figure),
        }
    }

    /// What was paid; nothing where the policy pays nothing, and no amount for a line that is not the manager's.
    pub(super) fn paid(&self, plan: &Plan, what: &Scored) -> Result<Option<Option<Decimal>>, Message> {
        let Some(pay) = &plan.pay else { return Ok(None) };
        let Some(total) = self.past.pay_total else { return Err(self.lacks("pay")) };
        let Scored::Line(id) = what else { return Ok(Some(Some(total))) };
        let own = pay.lines.iter().any(|line| line.id == *id);
        let paid = self.past.pay.get(&**id).copied();
        Ok(Some(paid.or(own.then_some(Decimal::ZERO))))
    }

    fn lacks(&self, what: &str) -> Message {
        msg!(
            say::CLOSED_WITHOUT,
            manager = &*self.manager,
            period = self.past.period.to_string(),
            what = what
        )
    }
}

/// Up to which day amendments of earlier periods count in a period: what was amended after it was closed itself is not news to it.
pub(super) fn amended_until(reviews: &[&Record<Review>], period: Period, scheme: &str) -> NaiveDate {
    let own = reviews.iter().find(|review| review.data.period == period);
    let closed = own.and_then(|review| review.data.closed.get(scheme)).map(|closed| closed.closed_on.0);
    closed.unwrap_or(NaiveDate::MAX)
}

/// Closed periods of the scheme before a period, the oldest first, as they stood on a day.
pub(super) fn history(
    reviews: &[&Record<Review>],
    period: Period,
    scheme: &str,
    until: NaiveDate,
) -> Vec<Past> {
    let earlier = reviews
        .iter()
        .filter(|review| review.data.period.grain() == period.grain() && review.data.period < period);
    let mut past: Vec<Past> =
        earlier.filter_map(|review| super::sealed::past(&review.data, scheme, until)).collect();
    past.sort_by_key(|past| past.period);
    past
}

/// The first day on which the scheme of a policy is in force.
pub(super) fn begins(book: &Book, policy: &Policy) -> NaiveDate {
    let of_scheme = book.policies.iter().filter(|known| known.data.scheme == policy.record.scheme);
    of_scheme.map(|known| known.data.effective.0).fold(policy.record.effective.0, Ord::min)
}
