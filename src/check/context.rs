//! What the rules take from the book as a whole, computed once.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Options, RecordCompleteness};
use crate::book::calendar::WorkingDays;
use crate::book::deadline::Deadlines;
use crate::book::figured::Figured;
use crate::book::{Book, Record, Records};
use crate::period::Month;
use crate::record::kind::RecordKind;
use crate::source::Sources;

/// What every rule is given.
pub struct Context<'a> {
    /// The records that load.
    pub book: &'a Book,
    /// The texts of all files.
    pub sources: &'a Sources,
    /// The day the book is judged on.
    pub today: NaiveDate,
    /// That day as records write it.
    pub iso_today: String,
    /// What is asked for.
    pub options: &'a Options,
    /// Working days.
    pub calendar: WorkingDays,
    /// When what is owed.
    pub deadlines: Deadlines<'a>,
    /// The last month any client has figures of.
    pub latest: Option<Month>,
    /// The first one.
    pub first_figured: Option<Month>,
    /// The first day from which on the book was kept.
    pub kept_since: Option<NaiveDate>,
    /// The last month that is over whose figures are in.
    pub latest_over: Option<Month>,
    /// Whether trainings are kept in this book: at least half of the managers have any.
    pub keeps_trainings: bool,
    /// Whether loans are kept in this book: some client has them in the last month of figures.
    pub keeps_loans: bool,
    /// Ids that records had before, with those they have now.
    pub former: BTreeMap<(RecordKind, &'a str), &'a str>,
    /// How complete the records are; empty until their texts have been walked.
    pub completeness: Vec<RecordCompleteness>,
}

impl<'a> Context<'a> {
    pub(super) fn new(book: &'a Book, sources: &'a Sources, today: NaiveDate, options: &'a Options) -> Self {
        let last = book.clients.iter().filter_map(|client| client.data.results.keys().next_back());
        let latest = last.max().copied();
        let loans = &*book.settings.risk.loans;
        let keeps_loans = latest.is_some_and(|month| {
            let mut figures = book.clients.iter().filter_map(|client| client.data.results.get(&month));
            figures.any(|figures| figures.get(loans).is_some())
        });
        let trained = book.managers.iter().filter(|manager| !manager.data.trainings.is_empty()).count();
        Self {
            keeps_trainings: trained * 2 >= book.managers.len(),
            book,
            sources,
            today,
            iso_today: today.format("%Y-%m-%d").to_string(),
            options,
            calendar: WorkingDays::new(&book.settings),
            deadlines: Deadlines::new(&book.settings),
            latest,
            keeps_loans,
            former: book.former_ids(),
            first_figured: book
                .clients
                .iter()
                .filter_map(|client| client.data.results.keys().next())
                .min()
                .copied(),
            kept_since: book.kept_since(),
            latest_over: Figured::of(book).last_before(Month::of(today)),
            completeness: Vec::new(),
        }
    }

    /// The records of a kind whose findings are asked for.
    pub fn wanted<'r, T>(&self, records: &'r Records<T>) -> impl Iterator<Item = &'r Record<T>> {
        records.iter().filter(|record| self.options.wants(record.file))
    }

    /// A deadline and the days since then, where it has passed.
    pub fn overdue(&self, deadline: Option<NaiveDate>) -> Option<(NaiveDate, i64)> {
        let deadline = deadline.filter(|deadline| *deadline < self.today)?;
        Some((deadline, (self.today - deadline).num_days()))
    }

    /// The day by which a manager has left, where that day is known and not in the future.
    pub fn left(&self, manager: &str) -> Option<NaiveDate> {
        let left = self.book.managers.get(manager)?.data.left?.0;
        (left <= self.today).then_some(left)
    }

    /// The measure that is a client's deposits: the one by which the settings tell that a client is lost.
    pub fn deposits(&self) -> &'a str {
        &self.book.settings.clients.lost_by
    }
}
