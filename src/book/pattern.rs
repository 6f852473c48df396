//! What a book's records show only side by side: notes that were copied, ratings that were traded.

use std::collections::{BTreeMap, HashSet};
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

/// The first letters of a text, by which most that differ are told apart.
fn opening(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).take(TELLING / 2).collect()
}

/// A visit whose summary says something, with a digest of its letters.
struct Told<'b> {
    digest: u64,
    /// Whose own it may be copied from; nobody's where it is long enough to tell of a copy from anybody's.
    of: &'b str,
    visit: VisitOf<'b>,
    order: usize,
}

impl Told<'_> {
    fn letters(&self) -> String {
        let (client, index) = self.visit;
        letters(client.data.visits[index].summary.as_deref().unwrap_or_default())
    }
}

/// Letters, as bytes, that a summary needs before its like by somebody else can be no accident: a dozen in Chinese.
const TELLING_ACROSS: usize = 36;

/// Groups of two or more `wanted` visits with the same summary, whatever its spacing, punctuation and case: of one manager, or, of a
/// longer one, of several. In the order of the book; where not all clients are `asked` about, what concerns none of these may be
/// left out.
pub fn copied_notes<'b>(
    book: &'b Book,
    asked: impl Fn(&Record<Client>) -> bool,
    wanted: impl Fn(&Visit) -> bool + Sync,
) -> Vec<Vec<VisitOf<'b>>> {
    let clients: Vec<(usize, &Record<Client>)> = book.clients.iter().enumerate().collect();
    let few: Vec<&Record<Client>> = book.clients.iter().filter(|client| asked(client)).collect();
    let own = few.iter().flat_map(|client| &client.data.visits).filter_map(|visit| visit.summary.as_deref());
    let openings: Option<HashSet<String>> = (few.len() < clients.len()).then(|| own.map(opening).collect());
    let concerns = |text: &&str| openings.as_ref().is_none_or(|known| known.contains(&opening(text)));
    let told = clients.par_iter().flat_map_iter(|(order, client)| {
        let visits = client.data.visits.iter().enumerate().filter(|(_, visit)| wanted(visit));
        visits.filter_map(|(index, visit)| {
            let text = letters(visit.summary.as_deref().filter(concerns)?);
            let mut digest = DefaultHasher::new();
            text.hash(&mut digest);
            let visit = Told {
                digest: digest.finish(),
                of: if text.len() >= TELLING_ACROSS { "" } else { &visit.by },
                visit: (*client, index),
                order: *order,
            };
            (text.len() >= TELLING).then_some(visit)
        })
    });
    let mut told: Vec<Told<'_>> = told.collect();
    // Digests alone are kept and compared, a book has too many summaries for more; the same letters follow each other.
    told.par_sort_by_key(|told| (told.digest, told.of));
    let same =
        |a: &Told<'_>, b: &Told<'_>| (a.digest, a.of) == (b.digest, b.of) && a.letters() == b.letters();
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::load;
    use crate::source::Snapshot;

    #[test]
    fn a_longer_text_is_copied_from_others_too() {
        let client = |by: &str, day: u32, summary: &str| {
            format!(
                "name = 'a'\ntier = 'key'\nmanager = '{by}'\nstatus = 'active'\n\
                 visits = [{{ date = 2026-10-0{day}, by = '{by}', kind = 'call', summary = '{summary}' }}]"
            )
        };
        let long = "了解生产和销售情况，客户经营总体正常。";
        let texts = [
            client("li", 9, long),
            client("wang", 8, long),
            client("li", 7, "例行拜访一次"),
            client("wang", 6, "例行拜访一次"),
        ];
        let files = ["a", "b", "c", "d"].iter().zip(texts);
        let files = files.map(|(id, text)| (format!("clients/{id}.toml"), Ok(text)));
        let (book, _) = load(&Snapshot::new(files));
        let found = copied_notes(&book, |_| true, |_| true);
        let found: Vec<Vec<&str>> =
            found.iter().map(|group| group.iter().map(|(client, _)| &*client.id).collect()).collect();
        // The short one is what anybody writes.
        assert_eq!(found, [["a", "b"]]);
    }
}
