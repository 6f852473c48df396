//! What entries of the ledger do to the pay of a period.

use chrono::NaiveDate;

use super::payslip::{Booked, PayResult};
use crate::book::Record;
use crate::metric::Evidence;
use crate::path;
use crate::period::Period;
use crate::record::review::Review;
use crate::record::scorecard::LedgerEntry;
use crate::source::Place;

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
