//! What colleagues gave in a review, named and anonymous alike.

use rust_decimal::Decimal;

use crate::record::review::{RaterGroup, Review};

/// Fewer ratings by colleagues would tell who said what.
pub(super) const FEWEST_COLLEAGUES: u32 = 3;

/// Ratings by colleagues of one item, or of the whole.
pub(super) struct Given<'r> {
    /// Who gave it, where it is named.
    pub(super) by: Option<&'r str>,
    /// The item; nothing stands for the whole.
    pub(super) item: Option<&'r str>,
    raters: u32,
    sum: Decimal,
}

/// Every rating by a colleague in a review.
pub(super) fn from_colleagues(review: &Review) -> impl Iterator<Item = Given<'_>> {
    let named = review.ratings.iter().filter(|rating| rating.group == RaterGroup::Peer);
    let named = named.map(|rating| Given {
        by: rating.by.as_deref(),
        item: rating.item.as_deref(),
        raters: 1,
        sum: rating.score.0,
    });
    let counted = review.anonymous.iter().filter(|counts| counts.group == RaterGroup::Peer);
    let counted = counted.map(|counts| Given {
        by: None,
        item: counts.item.as_deref(),
        raters: counts.n,
        sum: counts.sum.0,
    });
    named.chain(counted)
}

/// How many ratings there are and what they give on average, where there are at least `fewest`.
pub(super) fn mean_given<'r>(given: impl Iterator<Item = Given<'r>>, fewest: u32) -> Option<(u32, Decimal)> {
    let (raters, sum) = given.fold((0_u32, Decimal::ZERO), |all, one| (all.0 + one.raters, all.1 + one.sum));
    (raters >= fewest).then(|| (raters, sum / Decimal::from(raters)))
}
