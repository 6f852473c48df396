//! What reviews keep of earlier periods: closed scorecards.

use chrono::NaiveDate;

use super::facts::Past;
use crate::book::{Book, Record};
use crate::period::Period;
use crate::policy::Policy;
use crate::record::review::Review;

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
