//! What every report works from: the book, the period, the day it is seen from, and whom it is about.
//!
//! A report shows the book as it stood on its last day: what happened later is not known yet. So a report for a closed month
//! says the same for ever, whatever day it is asked for on. What was booked of its pay since is the exception: who is paid for a
//! month long over is told what stands today.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::OnceLock;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::super::{Settle, lacking_figures, reference};
use crate::book::calendar::WorkingDays;
use crate::book::credit::lead_on;
use crate::book::deadline::Deadlines;
use crate::book::{Book, Record};
use crate::metric::figures::amount;
use crate::metric::{Credited, Portfolio, Portfolios, Scope};
use crate::msg;
use crate::period::{Month, Months, first_of_months_to};
use crate::record::client::{Client, Tier};
use crate::record::kind::RecordKind;
use crate::record::manager::Manager;
use crate::record::risk::Facility;
use crate::record::settings::{Limit, Measure, MeasureKind};
use crate::record::team::Team;
use crate::record::value::Day;
use crate::source::Sources;
use crate::table::Cell;
use crate::text::{Message, practice};

/// Whom a report is about; nobody named is everybody.
#[derive(Clone, Copy, Debug, Default)]
pub struct Only<'b> {
    /// One manager.
    pub manager: Option<&'b str>,
    /// The members of one team.
    pub team: Option<&'b str>,
}

/// The book, the period and the scope of a report.
pub struct Input<'b> {
    /// The book.
    pub book: &'b Book,
    /// Its texts.
    pub sources: &'b Sources,
    /// The period.
    pub months: Months,
    /// The day the report is seen from: the period's last, or today where the period is not over.
    pub as_of: NaiveDate,
    /// The day it is asked for on.
    pub today: NaiveDate,
    /// Whom it is about.
    pub only: Only<'b>,
    /// Whether reports that can say so tell what comes next rather than what was.
    pub ahead: bool,
    /// What is due when.
    pub deadlines: Deadlines<'b>,
    /// Working days.
    pub days: WorkingDays,
    /// The managers in scope, with their teams.
    managers: BTreeMap<&'b str, &'b Manager>,
    portfolios: OnceLock<Portfolios<'b>>,
    carried: OnceLock<Vec<(&'b str, &'b Measure)>>,
    credited: OnceLock<Credited<'b>>,
}

impl<'b> Input<'b> {
    /// A report's input on the day `today`.
    pub fn new(
        book: &'b Book,
        sources: &'b Sources,
        months: Months,
        today: NaiveDate,
        only: Only<'b>,
    ) -> Self {
        let as_of = months.as_of(Some(today));
        let in_scope = |record: &&Record<Manager>| {
            only.manager.is_none_or(|manager| *record.id == *manager)
                && only
                    .team
                    .is_none_or(|team| record.data.counted_to(as_of).is_some_and(|then| **then == *team))
        };
        let managers =
            book.managers.iter().filter(in_scope).map(|record| (record.id.as_ref(), &record.data)).collect();
        Self {
            book,
            sources,
            months,
            as_of,
            today,
            only,
            ahead: false,
            deadlines: Deadlines::new(&book.settings),
            days: WorkingDays::new(&book.settings),
            managers,
            portfolios: OnceLock::new(),
            carried: OnceLock::new(),
            credited: OnceLock::new(),
        }
    }

    /// What a portfolio answers for, seen on the report's day.
    pub(super) fn scope<'p>(&self, portfolio: &'p Portfolio<'_>) -> Scope<'p> {
        portfolio.scope(false).on(Some(self.as_of))
    }

    /// The last month of the period whose figures are in; nothing where no client has any.
    pub(super) fn figured(&self) -> Option<Month> {
        self.portfolios().figured.last_in(self.months)
    }

    /// The period up to its last month whose figures are in, so that one still running is told to date; all of it where no client
    /// has any.
    pub(super) fn to_date(&self) -> Months {
        Months { first: self.months.first, last: self.figured().unwrap_or(self.months.last) }
    }

    /// The team a manager counts to on the report's day.
    pub(super) fn team_of<'m>(&self, manager: &'m Manager) -> Option<&'m str> {
        manager.counted_to(self.as_of).map(|team| &**team)
    }

    /// Who a manager reported to on the report's day.
    pub(super) fn supervisor_of<'m>(&self, manager: &'m Manager) -> Option<&'m str> {
        manager.supervisor_on(self.as_of).map(|above| &**above)
    }

    /// A client's tier on the report's day.
    pub(super) fn tier(&self, client: &Client) -> Tier {
        client.tier_on(self.as_of)
    }

    /// What is said of a period told to date, and of figures that clients in scope lack.
    pub(super) fn lacking(&self) -> Vec<Message> {
        let managers: Vec<&str> = self.managers.keys().copied().collect();
        let managers = (!self.is_whole()).then_some(&*managers);
        let remarks =
            lacking_figures(self.book, &self.portfolios().figured, self.months, self.as_of, managers);
        let last = self.figured().filter(|last| *last < self.months.last);
        let to_date = last.map(|last| msg!(practice::TO_DATE, month = last.to_string()));
        to_date.into_iter().chain(remarks).collect()
    }

    /// Whether the report is about the whole unit.
    pub(super) fn is_whole(&self) -> bool {
        self.only.manager.is_none() && self.only.team.is_none()
    }

    /// Whether a manager is in scope; somebody the book does not know is, where the report is about everybody.
    pub(super) fn covers(&self, manager: &str) -> bool {
        self.is_whole() || self.managers.contains_key(manager)
    }

    /// The managers in scope who were at work on some day of the period, in id order. Who left in mid-month is among them.
    pub(super) fn managers(&self) -> impl Iterator<Item = (&'b str, &'b Manager)> {
        self.everybody().filter(|(id, _)| self.managers.contains_key(id))
    }

    /// The same, whoever the report is about: what counts or ranks managers among each other counts them all.
    pub(super) fn everybody(&self) -> impl Iterator<Item = (&'b str, &'b Manager)> {
        let (first, last) = (self.months.first_day(), self.as_of);
        let here = move |(_, manager): &(&'b str, &'b Manager)| manager.employed_within(first, last);
        self.book.managers.iter().map(|record| (record.id.as_ref(), &record.data)).filter(here)
    }

    /// The teams in scope, in id order.
    pub(super) fn teams(&self) -> impl Iterator<Item = (&'b str, &'b Team)> {
        let own = self.only.manager.and_then(|manager| self.team_of(self.managers.get(manager)?));
        let wanted = self.only.team.or(own);
        let everybody = self.is_whole();
        let teams = self.book.teams.iter().map(|record| (record.id.as_ref(), &record.data));
        teams.filter(move |(id, _)| everybody || wanted == Some(*id))
    }

    /// The clients in scope that were clients on the report's day, in id order.
    pub(super) fn clients(&self) -> impl Iterator<Item = (&'b str, &'b Client)> {
        self.all_clients().filter(|(_, client)| self.is_open(client))
    }

    /// The clients of the book that were clients on the report's day, whoever leads them.
    pub(super) fn everybodys_clients(&self) -> impl Iterator<Item = &'b Client> {
        self.book.clients.iter().map(|record| &record.data).filter(|client| self.is_open(client))
    }

    /// Whether a client was one on the report's day.
    pub(super) fn is_open(&self, client: &Client) -> bool {
        client.counts_on(self.as_of)
    }

    /// The clients in scope, also those closed or to come, in id order.
    pub(super) fn all_clients(&self) -> impl Iterator<Item = (&'b str, &'b Client)> {
        self.records().map(|record| (record.id.as_ref(), &record.data))
    }

    /// The same as records.
    pub(super) fn records(&self) -> impl Iterator<Item = &'b Record<Client>> {
        self.book.clients.iter().filter(|record| self.covers(self.lead(&record.data)))
    }

    /// Who leads a client on the report's day.
    pub(super) fn lead(&self, client: &'b Client) -> &'b str {
        lead_on(client, self.as_of)
    }

    /// The name of a manager; the id where the book has no such record.
    pub(super) fn name(&self, manager: &str) -> String {
        self.book.managers.get(manager).map_or_else(|| manager.to_owned(), |record| record.data.name.clone())
    }

    /// What a client is worth to us, to sort by: its latest figure, up to the period's last month, of the measure by which
    /// the settings judge clients lost.
    pub(super) fn size(&self, client: &Client) -> Option<Decimal> {
        let (month, _) = client.results.range(..=self.months.last).next_back()?;
        amount(client, &self.book.settings.clients.lost_by, *month)
    }

    /// Principal a client owes: drawn under the facilities it has not settled by the report's day.
    pub(super) fn drawn(&self, client: &Client) -> Decimal {
        self.facilities(client).map(|facility| facility.drawn.0).sum()
    }

    /// The facilities of a client as they stood on the report's day.
    pub(super) fn facilities<'c>(&self, client: &'c Client) -> impl Iterator<Item = Cow<'c, Facility>> {
        let as_of = self.as_of;
        client.facilities.iter().filter_map(move |facility| facility.as_of(as_of))
    }

    /// Each manager's part of the book, found once for all figures.
    pub(super) fn portfolios(&self) -> &Portfolios<'b> {
        self.portfolios.get_or_init(|| Portfolios::new(self.book))
    }

    /// What each manager of the bodies was credited in the period to date and in the thirteen months up to its last.
    pub(super) fn credited(&self) -> &Credited<'b> {
        let Months { first, last } = self.to_date();
        let stretch = Months { first: first.min(last.plus(-12)), last };
        self.credited.get_or_init(|| Credited::own(self.portfolios(), self.body_managers(), stretch))
    }

    /// The measures of which any client has a figure or a base, ratios left out, in order of their names.
    pub(super) fn measures(&self) -> impl Iterator<Item = (&'b str, &'b Measure)> {
        let carries = |client: &Client, id: &str| {
            client.results.values().any(|figures| figures.get(id).is_some())
                || client.base.values().any(|bases| bases.contains_key(id))
        };
        let carried = self.carried.get_or_init(|| {
            let measures = self.book.settings.measures.iter().map(|(id, measure)| (&**id, measure));
            let measures = measures.filter(|(_, measure)| measure.kind != MeasureKind::Ratio);
            measures.filter(|(id, _)| self.book.clients.iter().any(|it| carries(&it.data, id))).collect()
        });
        carried.iter().copied()
    }

    /// The command that settles something with a client.
    pub(super) fn settle(&self, client: &str, settle: Settle<'_>) -> Cell {
        settle.command(&reference(self.book, RecordKind::Client, client)).into()
    }

    /// Whether a day lies in the period and is known on the report's day.
    pub(super) fn is_in(&self, day: Day) -> bool {
        day.0 >= self.months.first_day() && day.0 <= self.as_of
    }

    /// Whether a day lies in the months to the report's day.
    pub(super) fn is_in_months(&self, months: u32, day: NaiveDate) -> bool {
        first_of_months_to(self.as_of, months) <= day && day <= self.as_of
    }

    /// A day that has come by the report's day.
    pub(super) fn past(&self, day: Option<Day>) -> Option<NaiveDate> {
        day.map(|day| day.0).filter(|day| *day <= self.as_of)
    }

    /// Calendar days from `day` to the report's day; negative where it is still to come.
    pub(super) fn since(&self, day: NaiveDate) -> i64 {
        (self.as_of - day).num_days()
    }

    /// The last day of a limit that starts with `from` as day 0.
    pub(super) fn deadline(&self, from: Day, limit: Limit) -> NaiveDate {
        self.days.deadline(from.0, limit)
    }

    /// Calendar days between two days.
    pub(super) fn between(from: Day, to: NaiveDate) -> Decimal {
        Decimal::from((to - from.0).num_days())
    }
}
