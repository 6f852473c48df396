//! What people's own records suggest: visits in the wrong place, copied notes, ratings that flatter each other.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::super::Input;
use super::{Kind, Seen};
use crate::record::client::{Client, Tier};
use crate::record::review::{RaterGroup, Rating};

/// Fewest characters of a note that can be a copy.
const NOTE: usize = 10;
/// The least score of a top rating, of 100.
const TOP: Decimal = Decimal::from_parts(95, 0, 0, false, 0);
/// Visits to small clients beside overdue large ones.
const MISPLACED: usize = 5;

pub(super) fn misplaced<'b>(input: &Input<'b>, seen: &mut Vec<Seen<'b>>) {
    let is_large = |client: &Client| matches!(client.tier, Tier::Strategic | Tier::Key);
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
            evidence: clients.join(", "),
        });
    }
}

pub(super) fn copied<'b>(input: &Input<'b>, seen: &mut Vec<Seen<'b>>) {
    let mut notes: BTreeMap<(&str, &str), Vec<(&str, NaiveDate)>> = BTreeMap::new();
    for record in &input.book.clients {
        let visits =
            record.data.visits.iter().filter(|visit| input.is_in(visit.date) && input.covers(&visit.by));
        for visit in visits {
            let note = visit.summary.as_deref().map(str::trim).filter(|note| note.chars().count() >= NOTE);
            if let Some(note) = note {
                notes.entry((&visit.by, note)).or_default().push((&record.id, visit.date.0));
            }
        }
    }
    for ((manager, _), visits) in notes.into_iter().filter(|(_, visits)| visits.len() > 1) {
        let places = visits.iter().map(|(client, day)| format!("{client} {day}"));
        seen.push(Seen {
            kind: Kind::Copied,
            manager,
            about: visits.first().map(|(client, _)| *client),
            before: None,
            now: Some(visits.len().into()),
            at_stake: None,
            last: None,
            evidence: places.collect::<Vec<_>>().join(", "),
        });
    }
}

pub(super) fn mutual<'b>(input: &Input<'b>, seen: &mut Vec<Seen<'b>>) {
    let mut given: BTreeMap<(&str, &str), (Decimal, &str)> = BTreeMap::new();
    let reviews = input.book.reviews.iter().filter(|review| input.months.contains(review.data.period.last()));
    for review in reviews {
        let top = |rating: &&Rating| rating.group == RaterGroup::Peer && rating.score.0 >= TOP;
        for rating in review.data.ratings.iter().filter(top) {
            if let Some(by) = &rating.by {
                given.insert((by, &review.data.manager), (rating.score.0, &review.id));
            }
        }
    }
    for ((by, of), (score, review)) in given.iter().filter(|((by, of), _)| by < of) {
        let Some((back, other)) = given.get(&(*of, *by)) else { continue };
        if input.covers(by) || input.covers(of) {
            seen.push(Seen {
                kind: Kind::Mutual,
                manager: by,
                about: Some(of),
                before: Some(*score),
                now: Some(*back),
                at_stake: None,
                last: None,
                evidence: format!("{review}, {other}"),
            });
        }
    }
}
