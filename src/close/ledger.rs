//! The entries of a manager's ledger: which of them a closing freezes, and what became of those that are frozen.
//!
//! Every entry is frozen once, by the first closing of the manager on or after its day, in whatever review it stands. One that is
//! dated before a closing and that none froze was put in behind its back.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::drift::Field;
use crate::book::Record;
use crate::path;
use crate::period::Period;
use crate::record::amendment::ClosedField;
use crate::record::review::Review;
use crate::record::scorecard::{Closed, ClosedLedger, LedgerEntry, kept};
use crate::record::value::Amount;
use crate::source::Place;

/// An entry as it stands, under the review and the name that a closing freezes.
struct Booked<'b> {
    review: Period,
    name: String,
    entry: &'b LedgerEntry,
    at: Place,
}

/// What a closing of `scheme` freezes of a manager's ledger, which stands in the manager's `own` reviews.
pub(super) fn booked(own: &[&Record<Review>], scheme: &str, closed: &Closed) -> ClosedLedger {
    let known = known(own);
    let due = entries(own).filter(|it| it.entry.date <= closed.closed_on && is_of(it, scheme, closed));
    let mut ledger = ClosedLedger::new();
    for it in due.filter(|it| !known.contains(&(it.review, it.name.clone()))) {
        let amount = ledger.entry(it.review).or_default().entry(it.name).or_insert(Amount(Decimal::ZERO));
        *amount = kept(amount.0 + it.entry.amount.0);
    }
    ledger
}

/// The entries that are not what stands of them, each with the place where it is now.
pub(super) fn moved(own: &[&Record<Review>], scheme: &str, stands: &Closed) -> Vec<(Field, Option<Place>)> {
    let Some(frozen) = &stands.ledger else { return Vec::new() };
    if frozen.is_empty() && entries(own).next().is_none() {
        return Vec::new();
    }
    let mut then: BTreeMap<(Period, String), Decimal> = BTreeMap::new();
    for (period, entries) in frozen {
        then.extend(entries.iter().map(|(name, amount)| ((*period, name.clone()), amount.0.normalize())));
    }
    let known = known(own);
    let mut now: BTreeMap<(Period, String), (Decimal, Place)> = BTreeMap::new();
    for it in entries(own) {
        let (name, day) = ((it.review, it.name.clone()), it.entry.date);
        let is_new = !known.contains(&name)
            && day < stands.closed_on
            && is_of(&it, scheme, stands)
            && !frozen_between(own, scheme, day.0, stands);
        if then.contains_key(&name) || is_new {
            let (sum, _) = now.entry(name).or_insert((Decimal::ZERO, it.at));
            *sum = kept(*sum + it.entry.amount.0).0;
        }
    }
    let names: BTreeSet<&(Period, String)> = then.keys().chain(now.keys()).collect();
    let moved = names.into_iter().filter_map(|name| {
        let (then, found) = (then.get(name).copied(), now.get(name));
        let amount = found.map(|(amount, _)| *amount);
        let words = |amount: Option<Decimal>| amount.map(|amount| amount.to_string());
        let field = ClosedField::Entry(name.0, name.1.clone());
        let field = Field { field, then: words(then), now: words(amount) };
        (then != amount).then(|| (field, found.map(|(_, at)| at.clone())))
    });
    moved.collect()
}

/// Whether an earlier closing of the scheme would have frozen what is dated so.
fn frozen_between(own: &[&Record<Review>], scheme: &str, day: chrono::NaiveDate, before: &Closed) -> bool {
    let mut closed = own.iter().filter_map(|review| review.data.closed.get(scheme));
    closed.any(|it| it.ledger.is_some() && it.closed_on.0 > day && it.closed_on < before.closed_on)
}

/// The entries that stand frozen in any closing of a manager.
fn known(own: &[&Record<Review>]) -> BTreeSet<(Period, String)> {
    let mut known = BTreeSet::new();
    for review in own {
        for (scheme, frozen) in &review.data.closed {
            let standing = review.data.standing(scheme);
            for closed in standing.iter().map(|standing| &*standing.closed).chain([frozen]) {
                for (period, entries) in closed.ledger.iter().flatten() {
                    known.extend(entries.keys().map(|name| (*period, name.clone())));
                }
            }
        }
    }
    known
}

fn entries<'b>(own: &[&'b Record<Review>]) -> impl Iterator<Item = Booked<'b>> {
    own.iter().flat_map(|review| {
        review.data.ledger.iter().enumerate().map(|(index, entry)| Booked {
            review: review.data.period,
            name: name(entry),
            entry,
            at: Place::value(review.file, path!["ledger", index, "amount"]),
        })
    })
}

fn is_of(booked: &Booked<'_>, scheme: &str, closed: &Closed) -> bool {
    booked.entry.is_of(scheme, |line| closed.pay.contains_key(line))
}

/// An entry in words: day, kind and case, and what else says which pay it moves.
fn name(entry: &LedgerEntry) -> String {
    let mut words = vec![entry.date.0.to_string(), entry.kind.word().to_owned()];
    words.extend(entry.case.clone());
    words.extend(entry.line.as_ref().map(|line| format!("line {line}")));
    words.extend(entry.period.map(|period| format!("of {period}")));
    words.extend(entry.due.map(|due| format!("due {:04}", due.0)));
    words.extend(entry.scheme.as_ref().map(|scheme| format!("scheme {scheme}")));
    words.join(" ")
}
