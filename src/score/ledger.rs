//! What entries of the ledger do to the pay of a period.

use rust_decimal::Decimal;

use super::card::{Booked, PayResult};
use crate::book::Record;
use crate::metric::Evidence;
use crate::path;
use crate::period::Period;
use crate::record::review::Review;
use crate::record::scorecard::{LedgerEntry, LedgerKind};
use crate::source::Place;

/// Holds back, takes off what was advanced and gives back, as the manager's ledger says of the pay of a scheme in the period.
///
/// Holdbacks and advances count in the period whose pay they concern, returns in the period they are booked in. A return that
/// the policy's clawback terms give back already is not given twice.
pub(super) fn book(reviews: &[&Record<Review>], (scheme, period): (&str, Period), pay: &mut PayResult) {
    for review in reviews {
        let own = review.data.ledger.iter().enumerate().filter(|(_, entry)| entry.is_of(scheme));
        for (index, entry) in own {
            let Some(amount) = effect(&review.data, entry, period, pay) else { continue };
            let at = Place::value(review.file, path!["ledger", index, "amount"]);
            pay.booked.push(Booked {
                kind: entry.kind,
                date: entry.date.0,
                case: entry.case.as_deref().map(Into::into),
                amount,
                evidence: vec![Evidence::new(at, entry.amount.0)],
            });
            pay.now += amount;
        }
    }
    pay.now = pay.now.normalize();
}

/// What an entry adds to the pay of a period; nothing where it is about another one, or about deferred or paid-out pay.
fn effect(review: &Review, entry: &LedgerEntry, period: Period, pay: &PayResult) -> Option<Decimal> {
    let concerns = entry.period.unwrap_or(review.period) == period;
    match entry.kind {
        LedgerKind::Holdback | LedgerKind::Advance => concerns.then_some(-entry.amount.0),
        LedgerKind::Return => {
            let terms = pay.returned.iter().any(|returned| Some(&*returned.case) == entry.case.as_deref());
            (review.period == period && !terms).then_some(entry.amount.0)
        }
        LedgerKind::Release | LedgerKind::Clawback => None,
    }
}
