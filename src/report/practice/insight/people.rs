//! What people's own records suggest: visits in the wrong place, copied notes, ratings that flatter each other.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::super::Input;
use super::{Kind, Seen};
use crate::book::pattern::{copied_notes, mutual_top_ratings};
use crate::record::client::{Client, Tier};
use crate::table::Cell;

/// Visits to small clients beside overdue large ones.
const MISPLACED: usize = 5;

pub(super) fn misplaced<'b>(input: &Input<'b>, seen: &mut Vec<Seen<'b>>) {
    let is_large = |client: &Client| matches!(input.tier(client), Tier::Strategic | Tier::Key);
    let mut small: BTreeMap<&str, usize> = BTreeMap::new();
    for record in input.book.clients.iter().filter(|record| !is_large(&record.data)) {
        for visit in record.data.visits.iter().filter(|visit| input.is_in(visit.date)) {
            *small.entry(&visit.by).or_default() += 1;
        }
    }
    let mut overdue: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut stakes: BTreeMap<&str, Decimal> = BTreeMap::new();
    for (id, client) in input.clients().filter(|(_, client)| is_large(client)) {
        let lead = input.lead(client);
        let is_due = input.deadlines.visit(client, input.as_of).is_some_and(|due| due < input.as_of);
        if is_due && small.get(lead).is_some_and(|visits| *visits >= MISPLACED) {
            overdue.entry(lead).or_default().push(id);
            *stakes.entry(lead).or_default() += input.size(client).unwrap_or_default();
        }
    }
    for (manager, clients) in overdue {
        seen.push(Seen {
            kind: Kind::Misplaced,
            manager,
            about: clients.first().copied(),
            before: small.get(manager).map(|visits| Decimal::from(*visits)),
            now: None,
            at_stake: stakes.get(manager).copied(),
            last: None,
            evidence: Cell::list(&clients),
        });
    }
}

pub(super) fn copied<'b>(input: &Input<'b>, seen: &mut Vec<Seen<'b>>) {
    for visits in
        copied_notes(input.book, |_| true, |visit| input.is_in(visit.date) && input.covers(&visit.by))
    {
        let Some((first, index)) = visits.first() else { continue };
        let places =
            visits.iter().map(|(client, at)| format!("{} {}", client.id, client.data.visits[*at].date.0));
        seen.push(Seen {
            kind: Kind::Copied,
            manager: &first.data.visits[*index].by,
            about: Some(&first.id),
            before: None,
            now: Some(visits.len().into()),
            at_stake: None,
            last: None,
            evidence: Cell::list(&places.collect::<Vec<_>>()),
        });
    }
}

pub(super) fn mutual<'b>(input: &Input<'b>, seen: &mut Vec<Seen<'b>>) {
    let pairs = mutual_top_ratings(input.book);
    for pair in pairs.into_iter().filter(|pair| input.months.contains(pair.period.last())) {
        let ((by, (score, review, _)), (of, (back, other, _))) = (pair.first, pair.second);
        if input.covers(by) || input.covers(of) {
            seen.push(Seen {
                kind: Kind::Mutual,
                manager: by,
                about: Some(of),
                before: Some(score),
                now: Some(back),
                at_stake: None,
                last: None,
                evidence: Cell::list(&[&*review.id, &*other.id]),
            });
        }
    }
}
