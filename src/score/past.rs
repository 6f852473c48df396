//! What reviews keep of earlier periods: closed scorecards.

use chrono::NaiveDate;

use super::facts::Past;
use crate::book::Record;
use crate::period::Period;
use crate::record::review::Review;

/// Closed periods of the scheme, the oldest first, as they stand. What was amended after the period at hand was closed itself is
/// not news to it.
pub(super) fn history(reviews: &[&Record<Review>], period: Period, scheme: &str) -> Vec<Past> {
    let earlier = reviews
        .iter()
        .filter(|review| review.data.period.grain() == period.grain() && review.data.period < period);
    let own = reviews.iter().find(|review| review.data.period == period);
    let closed = own.and_then(|review| review.data.closed.get(scheme)).map(|closed| closed.closed_on.0);
    let until = closed.unwrap_or(NaiveDate::MAX);
    let mut past: Vec<Past> =
        earlier.filter_map(|review| super::sealed::past(&review.data, scheme, until)).collect();
    past.sort_by_key(|past| past.period);
    past
}
