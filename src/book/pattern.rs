//! What a book's records show only side by side: notes that were copied, ratings that were traded.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use rayon::prelude::{IntoParallelRefIterator, ParallelIterator, ParallelSliceMut};
use rust_decimal::Decimal;

use super::{Book, Record};
use crate::period::Period;
use crate::record::client::{Client, Visit};
use crate::record::review::{RaterGroup, Rating, Review};

/// A client and the index of one of its visits.
pub type VisitOf<'b> = (&'b Record<Client>, usize);

/// Letters a summary needs before its like elsewhere can be no accident.
const TELLING: usize = 12;

/// What a text says whatever its spacing, punctuation and case.
fn letters(text: &str) -> String {
    let mut letters = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            // Most letters of a note, and without a case.
            '\u{4e00}'..='\u{9fff}' => letters.push(c),
            _ if c.is_ascii_alphanumeric() => letters.push(c.to_ascii_lowercase()),
            _ if c.is_alphanumeric() => letters.extend(c.to_lowercase()),
            _ => {}
        }
    }
    letters
}

/// A visit whose summary says something, with a digest of its letters.
struct Told<'b> {
    manager: &'b str,
    digest: u64,
    visit: VisitOf<'b>,
    order: usize,
}

impl Told<'_> {
    fn letters(&self) -> String {
        let (client, index) = self.visit;
        letters(client.data.visits[index].summary.as_deref().unwrap_or_default())
    }
}

/// Groups of two or more `wanted` visits of one manager with the same summary, whatever its spacing, punctuation and case;
/// in the order of the book.
pub fn copied_notes<'b>(book: &'b Book, wanted: impl Fn(&Visit) -> bool + Sync) -> Vec<Vec<VisitOf<'b>>> {
    let clients: Vec<(usize, &Record<Client>)> = book.clients.iter().enumerate().collect();
    let told = clients.par_iter().flat_map_iter(|(order, client)| {
        let visits = client.data.visits.iter().enumerate().filter(|(_, visit)| wanted(visit));
        visits.filter_map(|(index, visit)| {
            let text = letters(visit.summary.as_deref()?);
            let mut digest = DefaultHasher::new();
            text.hash(&mut digest);
            let visit =
                Told { manager: &visit.by, digest: digest.finish(), visit: (*client, index), order: *order };
            (text.len() >= TELLING).then_some(visit)
        })
    });
    let mut told: Vec<Told<'_>> = told.collect();
    // Digests alone are kept and compared, a book has too many summaries for more; the same letters follow each other.
    told.par_sort_by_key(|told| (told.digest, told.manager));
    let same = |a: &Told<'_>, b: &Told<'_>| {
        (a.digest, a.manager) == (b.digest, b.manager) && a.letters() == b.letters()
    };
    let mut groups: Vec<&[Told<'_>]> = told.chunk_by(same).filter(|group| group.len() > 1).collect();
    groups.sort_by_key(|group| (group[0].order, group[0].visit.1));
    groups.into_iter().map(|group| group.iter().map(|told| told.visit).collect()).collect()
}

/// A rating in a review: its score, the review, its index there.
pub type RatingOf<'b> = (Decimal, &'b Record<Review>, usize);

/// The best score of a rating.
const FULL_MARKS: Decimal = Decimal::ONE_HUNDRED;

/// Two colleagues who rate each other at the top.
pub struct MutualTop<'b> {
    /// The period.
    pub period: Period,
    /// Who comes first by id, and how the other is rated by them.
    pub first: (&'b str, RatingOf<'b>),
    /// The other one.
    pub second: (&'b str, RatingOf<'b>),
}

/// Pairs of colleagues each of whom gave the other the highest of all ratings that colleagues gave by name in the period, for
/// the whole or, of ratings by item, on their average; where all are alike, no pair stands out, unless they alone rated by name
/// and gave full marks.
pub fn mutual_top_ratings(book: &Book) -> Vec<MutualTop<'_>> {
    let mut periods: BTreeMap<Period, BTreeMap<(&str, &str), RatingOf<'_>>> = BTreeMap::new();
    for review in &book.reviews {
        let mut by_rater: BTreeMap<&str, Vec<(usize, &Rating)>> = BTreeMap::new();
        let of_peers = |rating: &&Rating| rating.group == RaterGroup::Peer;
        for (index, rating) in review.data.ratings.iter().enumerate().filter(|(_, rating)| of_peers(rating)) {
            if let Some(by) = rating.by.as_deref() {
                by_rater.entry(by).or_default().push((index, rating));
            }
        }
        for (by, ratings) in by_rater {
            // Who rates the whole beside its items says with that what the whole is worth.
            let whole: Vec<_> = ratings.iter().filter(|(_, rating)| rating.item.is_none()).collect();
            let all: Vec<_> = if whole.is_empty() { ratings.iter().collect() } else { whole };
            let sum: Decimal = all.iter().map(|(_, rating)| rating.score.0).sum();
            let given = periods.entry(review.data.period).or_default();
            given.insert((by, &review.data.manager), (sum / Decimal::from(all.len()), review, all[0].0));
        }
    }
    let mut found = Vec::new();
    for (period, given) in periods {
        let top = given.values().map(|(score, ..)| *score).max().unwrap_or_default();
        let lowest = given.values().map(|(score, ..)| *score).min().unwrap_or_default();
        let stands_out = top != lowest || given.len() == 2 && top >= FULL_MARKS;
        let tops = given.iter().filter(|((a, b), (score, ..))| a < b && *score == top && stands_out);
        for ((a, b), first) in tops {
            if let Some(second) = given.get(&(*b, *a)).filter(|(back, ..)| *back == top) {
                found.push(MutualTop { period, first: (a, *first), second: (b, *second) });
            }
        }
    }
    found
}
