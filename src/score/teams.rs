//! Teams as they stood on a day: who was in them, and whose clients their figures are of.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use chrono::NaiveDate;

use crate::book::Book;
use crate::metric::{Portfolio, Portfolios};

/// The portfolios of every team, between one move of somebody and the next.
pub(super) struct Teams<'b> {
    portfolios: &'b Portfolios<'b>,
    stood: BTreeMap<NaiveDate, OnceLock<BTreeMap<&'b str, Portfolio<'b>>>>,
}

impl<'b> Teams<'b> {
    /// Finds the days on which somebody moved.
    pub(super) fn new(portfolios: &'b Portfolios<'b>) -> Self {
        let managers = portfolios.book().managers.iter();
        let moved = managers.filter(|manager| manager.data.teams().len() > 1);
        let moves = moved.flat_map(|manager| manager.data.changes());
        let days: BTreeSet<NaiveDate> = moves.chain([NaiveDate::MIN]).collect();
        let stood = days.into_iter().map(|day| (day, OnceLock::new())).collect();
        Self { portfolios, stood }
    }

    /// The portfolio of those who were in a team on a day.
    pub(super) fn on(&self, day: NaiveDate, team: &str) -> Option<&Portfolio<'b>> {
        let (_, stood) = self.stood.range(..=day).next_back()?;
        stood.get_or_init(|| self.split(day)).get(team)
    }

    fn split(&self, day: NaiveDate) -> BTreeMap<&'b str, Portfolio<'b>> {
        let book: &'b Book = self.portfolios.book();
        let mut members: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for manager in &book.managers {
            if let Some(team) = manager.data.counted_to(day) {
                members.entry(team).or_default().push(&manager.id);
            }
        }
        members.into_iter().map(|(team, managers)| (team, self.portfolios.of(managers))).collect()
    }
}
