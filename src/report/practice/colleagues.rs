//! What colleagues gave in a review, named and anonymous alike.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::Input;
use crate::record::review::{RaterGroup, Review};

/// Fewer ratings by colleagues would tell who said what.
const FEWEST_COLLEAGUES: u32 = 3;

/// Ratings by colleagues of one item, or of the whole.
pub(super) struct Given<'r> {
    /// The item; nothing stands for the whole.
    pub(super) item: Option<&'r str>,
    raters: u32,
    sum: Decimal,
}

/// Every rating by a colleague in a review; one's own is none.
pub(super) fn from_colleagues(review: &Review) -> impl Iterator<Item = Given<'_>> {
    let is_own = |by: Option<&str>| by == Some(&*review.manager);
    let named = review.ratings.iter().filter(|rating| rating.group == RaterGroup::Peer);
    let named = named.filter(move |rating| !is_own(rating.by.as_deref()));
    let named = named.map(|rating| Given { item: rating.item.as_deref(), raters: 1, sum: rating.score.0 });
    let counted = review.anonymous.iter().filter(|counts| counts.group == RaterGroup::Peer);
    let counted =
        counted.map(|counts| Given { item: counts.item.as_deref(), raters: counts.n, sum: counts.sum.0 });
    named.chain(counted)
}

/// How many colleagues rated what `takes` lets through and what they gave on average, where they are enough: as many as the
/// settings ask for, and never so few that it tells who said what.
pub(super) fn mean_of_colleagues(
    input: &Input<'_>,
    review: &Review,
    takes: impl Fn(&Given<'_>) -> bool,
) -> Option<(u32, Decimal)> {
    let mut by_item: BTreeMap<Option<&str>, (u32, Decimal)> = BTreeMap::new();
    for given in from_colleagues(review).filter(|given| takes(given)) {
        let (raters, sum) = by_item.entry(given.item).or_default();
        *raters += given.raters;
        *sum += given.sum;
    }
    // Who rates three items is one colleague all the same.
    let raters = by_item.values().map(|(raters, _)| *raters).max()?;
    let (marks, sum) = by_item.values().fold((0, Decimal::ZERO), |all, one| (all.0 + one.0, all.1 + one.1));
    let fewest = input.book.settings.management.peer_raters.max(FEWEST_COLLEAGUES);
    (raters >= fewest).then(|| (raters, sum / Decimal::from(marks)))
}
