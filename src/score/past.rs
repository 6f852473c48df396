//! What reviews keep of earlier periods: closed scorecards, and amounts taken and given back.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::facts::{LedgerEntry, Past};
use crate::book::Record;
use crate::metric::Evidence;
use crate::path;
use crate::period::Period;
use crate::record::review::Review;
use crate::record::scorecard::LedgerKind;
use crate::source::Place;

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

/// Amounts clawed back of the pay of a scheme before the period ends, with what was returned of each before it and what is
/// settled in it.
pub(super) fn ledger(reviews: &[&Record<Review>], period: Period, scheme: &str) -> Vec<LedgerEntry> {
    let mut entries: BTreeMap<Box<str>, LedgerEntry> = BTreeMap::new();
    let mut returns: Vec<(&str, Period, Decimal)> = Vec::new();
    for review in reviews.iter().filter(|review| review.data.period <= period) {
        let own = review.data.ledger.iter().enumerate().filter(|(_, entry)| entry.is_of(scheme));
        for (index, entry) in own {
            let Some(case) = entry.case.as_deref() else { continue };
            match entry.kind {
                LedgerKind::Clawback => {
                    let at = Place::value(review.file, path!["ledger", index, "amount"]);
                    let evidence = vec![Evidence::new(at, entry.amount.0)];
                    let period = entry.period.unwrap_or(review.data.period);
                    let amount = entry.amount.0;
                    let taken = LedgerEntry {
                        case: case.into(),
                        period,
                        amount,
                        returned: Decimal::ZERO,
                        settled: None,
                        evidence,
                    };
                    // A case may be taken back in parts.
                    let before = entries.remove(case).filter(|before| !before.amount.is_zero());
                    let taken = match before {
                        Some(before) => LedgerEntry {
                            amount: before.amount + taken.amount,
                            evidence: before.evidence.into_iter().chain(taken.evidence).collect(),
                            ..before
                        },
                        None => taken,
                    };
                    entries.insert(case.into(), taken);
                }
                LedgerKind::Return => returns.push((case, review.data.period, entry.amount.0)),
                LedgerKind::Holdback | LedgerKind::Advance | LedgerKind::Release => {}
            }
        }
    }
    for (case, returned_in, amount) in returns {
        let Some(entry) = entries.get_mut(case).filter(|entry| !entry.amount.is_zero()) else { continue };
        if returned_in < period {
            entry.returned += amount;
        } else {
            let settled = entry.settled.unwrap_or_default() + amount / entry.amount;
            entry.settled = Some(settled.min(Decimal::ONE));
        }
    }
    entries.into_values().collect()
}
