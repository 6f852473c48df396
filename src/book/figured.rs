//! Of which months the book has figures, and which clients owe some and have none.
//!
//! Figures of a month come client by client. What one client's early figure tells is not the month's: a month is in once at
//! least half as many clients have figures as had in any of the three months before it. In a book whose clients carry none, those
//! that are recorded with managers are counted in their place.

use std::collections::btree_map::Range;
use std::collections::{BTreeMap, BTreeSet};

use super::Book;
use super::credit::earns_on;
use crate::period::{Month, Months};
use crate::record::client::{Client, Status};

/// Months before one that tell how many clients have figures.
const BEFORE: i32 = 3;

/// How many clients, or managers, have figures of each month.
#[derive(Clone, Debug, Default)]
pub struct Figured(BTreeMap<Month, usize>);

impl Figured {
    /// Counts them.
    pub fn of(book: &Book) -> Self {
        let mut clients: BTreeMap<Month, usize> = BTreeMap::new();
        for month in book.clients.iter().flat_map(|client| client.data.results.keys()) {
            *clients.entry(*month).or_default() += 1;
        }
        if clients.is_empty() {
            return Self(of_managers(book));
        }
        Self(clients)
    }

    /// The months of which any client has figures, in order.
    pub fn months(&self) -> impl DoubleEndedIterator<Item = Month> {
        self.0.keys().copied()
    }

    /// Whether any client has figures of a month.
    pub fn contains(&self, month: Month) -> bool {
        self.0.contains_key(&month)
    }

    /// Whether the figures of a month are in, those of one client being those of a month only where few have any.
    pub fn is_in(&self, month: Month) -> bool {
        let most = self.0.range(month.plus(-BEFORE)..month).map(|(_, clients)| *clients).max();
        self.0.get(&month).is_some_and(|clients| clients * 2 >= most.unwrap_or_default())
    }

    /// The last month of a stretch whose figures are in; where there is none, the last of which any client has some.
    pub fn last_in(&self, stretch: Months) -> Option<Month> {
        self.last_of(self.0.range(stretch.first..=stretch.last))
    }

    /// The last month before another whose figures are in.
    pub fn last_before(&self, month: Month) -> Option<Month> {
        self.last_of(self.0.range(..month))
    }

    fn last_of(&self, mut months: Range<'_, Month, usize>) -> Option<Month> {
        let is_in = |(month, _): &(&Month, &usize)| self.is_in(**month);
        months.clone().rev().find(is_in).or_else(|| months.next_back()).map(|(month, _)| *month)
    }
}

/// How many managers have actuals of each month, by itself or within a longer period.
fn of_managers(book: &Book) -> BTreeMap<Month, usize> {
    let mut managers: BTreeMap<Month, usize> = BTreeMap::new();
    for manager in &book.managers {
        let periods = manager.data.actuals.keys();
        let months: BTreeSet<Month> = periods.flat_map(|period| period.months().iter()).collect();
        months.into_iter().for_each(|month| *managers.entry(month).or_default() += 1);
    }
    managers
}

/// The clients that owe figures of a month and have none, in id order: clients at its end that have an account or had figures
/// before. Where `managers` are named, in id order, only those from which any of them earns.
pub fn lacking<'b>(book: &'b Book, month: Month, managers: Option<&[&str]>) -> Vec<&'b str> {
    let day = month.last_day();
    let owes = |client: &Client| {
        let has_begun = client.since.is_some_and(|since| since.0 <= day)
            || client.results.range(..month).next_back().is_some();
        has_begun
            && client.status != Status::Prospect
            && client.counts_on(day)
            && !client.results.contains_key(&month)
            && managers.is_none_or(|managers| earns_on(client, managers, day))
    };
    book.clients.iter().filter(|client| owes(&client.data)).map(|client| &*client.id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(text: &str) -> Month {
        text.parse().unwrap()
    }

    fn figured(clients: &[(&str, usize)]) -> Figured {
        Figured(clients.iter().map(|(text, clients)| (month(text), *clients)).collect())
    }

    #[test]
    fn the_figures_of_few_clients_are_not_those_of_the_month() {
        let ten = figured(&[("2026-08", 10), ("2026-09", 10), ("2026-10", 4)]);
        assert!(ten.contains(month("2026-10")) && !ten.is_in(month("2026-10")));
        assert_eq!(ten.last_before(month("2026-11")), Some(month("2026-09")));
        let half = figured(&[("2026-09", 10), ("2026-10", 5)]);
        assert_eq!(half.last_before(month("2026-11")), Some(month("2026-10")));
        // Two early months do not vouch for each other.
        let two = figured(&[("2026-08", 10), ("2026-09", 1), ("2026-10", 1)]);
        assert_eq!(two.last_before(month("2026-11")), Some(month("2026-08")));
        // A stretch that has no other month is told by the one it has.
        let one = Months { first: month("2026-10"), last: month("2026-10") };
        assert_eq!(two.last_in(one), Some(month("2026-10")));
        assert_eq!(two.last_before(month("2026-08")), None);
    }

    #[test]
    fn a_book_that_begins_or_shrinks_is_in_after_a_while() {
        let small =
            figured(&[("2026-05", 10), ("2026-06", 2), ("2026-07", 2), ("2026-08", 2), ("2026-09", 2)]);
        let months = ["2026-05", "2026-06", "2026-07", "2026-08", "2026-09"];
        assert_eq!(months.map(|text| small.is_in(month(text))), [true, false, false, false, true]);
    }
}
