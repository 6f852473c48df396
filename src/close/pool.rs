//! What closed periods paid out of a pool, against what is in it.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::rule;
use crate::book::{Book, Record};
use crate::diag::Finding;
use crate::msg;
use crate::path;
use crate::record::review::Review;
use crate::score::apply::Scored;
use crate::score::card::Scorecard;
use crate::score::payslip::LineAmount;
use crate::source::Place;
use crate::text::close as say;

/// What was paid out of one pool.
struct Paid<'s> {
    paid: Decimal,
    pool: Decimal,
    line: &'s LineAmount,
    review: &'s Record<Review>,
}

/// A finding for each pool that closed scorecards share and that is smaller than what they pay, amendments included.
pub(super) fn overspent(book: &Book, scored: &Scored<'_>) -> Vec<Finding> {
    let scheme = &scored.policy.record.scheme;
    let mut pools: BTreeMap<(&str, String), Paid<'_>> = BTreeMap::new();
    for card in &scored.cards {
        let review = book.reviews.get(&format!("{}/{}", card.period, card.profile.id));
        let Some((review, standing)) =
            review.and_then(|review| Some((review, review.data.standing(scheme)?)))
        else {
            continue;
        };
        for line in card.pay.iter().flat_map(|pay| &pay.lines).filter(|line| line.pool) {
            let (Some(pool), Some(paid)) = (size(line), standing.closed.pay.get(&*line.id)) else { continue };
            let fresh = || Paid { paid: Decimal::ZERO, pool, line, review };
            pools.entry((&line.id, sharers(scored, card, line))).or_insert_with(fresh).paid += paid.0;
        }
    }
    let over = pools.into_values().filter(|paid| paid.paid > paid.pool);
    over.map(|paid| finding(scored, &paid)).collect()
}

/// The amount that a line is a share of.
fn size(line: &LineAmount) -> Option<Decimal> {
    let mut numbers = line.steps.iter().flat_map(|step| &step.numbers);
    numbers.find(|(name, _)| *name == "of").map(|(_, of)| *of)
}

/// A word for those who share a line's pool with a manager.
fn sharers(scored: &Scored<'_>, card: &Scorecard, line: &LineAmount) -> String {
    let lines = scored.policy.record.pay.iter().flat_map(|pay| &pay.lines);
    let pool = lines.into_iter().find(|written| *written.id == *line.id).and_then(|line| line.pool.as_ref());
    use crate::record::policy::curve::Group;
    let profile = &card.profile;
    let word = match pool.map(|pool| pool.among) {
        Some(Group::Team) => profile.team.as_deref(),
        Some(Group::Grade) => profile.grade.as_deref(),
        Some(Group::Role) => profile.role.as_deref(),
        Some(Group::Branch) => profile.branch.as_deref(),
        Some(Group::All) | None => None,
    };
    word.unwrap_or_default().to_owned()
}

fn finding(scored: &Scored<'_>, paid: &Paid<'_>) -> Finding {
    let evidence = paid.line.figures.iter().flat_map(|figure| &figure.evidence).next();
    let of_review =
        || Place::value(paid.review.file, path!["closed", scored.policy.record.scheme.clone(), "pay"]);
    let at = evidence.map_or_else(of_review, |evidence| evidence.at.clone());
    let (line, period) = (&*paid.line.title, scored.period.to_string());
    let (sum, pool) = (paid.paid.normalize(), paid.pool.normalize());
    let message = msg!(say::OVERSPENT, line = line, paid = sum, period = period, pool = pool);
    Finding::new(&rule::POOL_OVERSPENT, at, message)
}
