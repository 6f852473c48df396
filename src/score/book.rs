//! The facts of a manager as a book tells them.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::attribute::attribute_of;
use super::facts::{Ask, Each, Facts, LedgerEntry, Mark, Part, Past, Profile, RaterScore, Source};
use super::past::{history, ledger};
use super::profile::profile;
use super::sealed::past;
use crate::book::credit::{percent_days, percent_on};
use crate::book::target::target;
use crate::book::{Book, Record};
use crate::metric::figures::amount;
use crate::metric::risk::days_overdue;
use crate::metric::{
    Evidence, Known, Measured, MetricQuery, Portfolio, Portfolios, Scope, Window, ask, falling,
};
use crate::msg;
use crate::path;
use crate::period::Period;
use crate::policy::expr::{Attribute, Value};
use crate::record::client::Client;
use crate::record::figure::Targets;
use crate::record::manager::Manager;
use crate::record::review::{RaterGroup, Review};
use crate::source::{FileId, KeyPath, Place};
use crate::text::{Message, metric as say};

/// What is found once in a book for the facts of all managers.
pub struct BookIndex<'b> {
    portfolios: &'b Portfolios<'b>,
    unit: Portfolio<'b>,
    teams: BTreeMap<&'b str, Portfolio<'b>>,
    reviews: BTreeMap<&'b str, Vec<&'b Record<Review>>>,
    asked: &'b Asked,
}

impl<'b> BookIndex<'b> {
    /// Finds it.
    pub fn new(portfolios: &'b Portfolios<'b>, asked: &'b Asked) -> Self {
        let book = portfolios.book();
        let mut reviews: BTreeMap<&str, Vec<&Record<Review>>> = BTreeMap::new();
        for review in &book.reviews {
            reviews.entry(&review.data.manager).or_default().push(review);
        }
        let mut teams: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for manager in &book.managers {
            if let Some(team) = manager.data.team.as_deref() {
                teams.entry(team).or_default().push(&manager.id);
            }
        }
        Self {
            unit: portfolios.of(book.managers.iter().map(|manager| manager.id.as_ref())),
            teams: teams.into_iter().map(|(team, managers)| (team, portfolios.of(managers))).collect(),
            reviews,
            portfolios,
            asked,
        }
    }

    /// How it is asked.
    pub(super) fn asked(&self) -> &'b Asked {
        self.asked
    }

    /// The reviews of a manager, in id order.
    pub(super) fn reviews(&self, manager: &str) -> &[&'b Record<Review>] {
        self.reviews.get(manager).map(Vec::as_slice).unwrap_or_default()
    }

    /// The book.
    pub fn book(&self) -> &'b Book {
        self.portfolios.book()
    }

    /// Who a manager is at the end of a period, in the grade that is supposed.
    pub(super) fn profile(&self, manager: &Record<Manager>, period: Period) -> Profile {
        let mut profile = profile(self.book(), manager, period);
        if let Some((_, grade)) = self.asked.grade.as_ref().filter(|(id, _)| *manager.id == **id) {
            profile.grade = Some(grade.as_str().into());
        }
        profile
    }
}

/// What a book knows about one manager in one period.
pub struct BookFacts<'b> {
    index: &'b BookIndex<'b>,
    manager: &'b Record<Manager>,
    period: Period,
    profile: Profile,
    own: Portfolio<'b>,
    review: Option<&'b Record<Review>>,
    history: Vec<Past>,
    closed: Option<Past>,
    ledger: Vec<LedgerEntry>,
}

/// How a book is asked: beyond its records.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Whether figures name the records behind them.
    pub evidence: bool,
    /// Figures given instead of the book's, by their written form: `targets.deposits`.
    pub instead: BTreeMap<String, Decimal>,
    /// The manager they are given for; without one, everybody.
    pub instead_for: Option<String>,
    /// A manager and the grade supposed in place of the manager's own.
    pub grade: Option<(String, String)>,
}

impl Asked {
    /// Whether nothing is supposed that the book does not say.
    pub fn is_plain(&self) -> bool {
        self.instead.is_empty() && self.grade.is_none()
    }
}

/// The managers a period can be scored for: in post on at least one of its days, in id order.
pub fn in_post(book: &Book, period: Period) -> impl Iterator<Item = &Record<Manager>> {
    book.managers.iter().filter(move |manager| {
        let joined = manager.data.joined.is_none_or(|joined| joined.0 <= period.last_day());
        joined && manager.data.left.is_none_or(|left| left.0 >= period.first_day())
    })
}

impl<'b> BookFacts<'b> {
    /// The facts of `manager`, who is as `profile` says, in `period`; closed periods are read for `scheme`.
    pub fn new(
        index: &'b BookIndex<'b>,
        manager: &'b Record<Manager>,
        profile: Profile,
        period: Period,
        scheme: &str,
    ) -> Self {
        let reviews = index.reviews.get(&*manager.id).map(Vec::as_slice).unwrap_or_default();
        let review = index.book().reviews.get(&format!("{period}/{}", manager.id));
        let stands = review.filter(|_| index.asked.is_plain());
        Self {
            profile,
            own: index.portfolios.of([manager.id.as_ref()]),
            closed: stands.and_then(|review| past(&review.data, scheme, NaiveDate::MAX)),
            review,
            history: history(reviews, period, scheme),
            ledger: ledger(reviews, period, scheme),
            index,
            manager,
            period,
        }
    }

    fn book(&self) -> &'b Book {
        self.index.book()
    }

    fn asked(&self) -> &'b Asked {
        self.index.asked
    }

    fn recorded(&self, period: Period, targets: &Targets, at: (FileId, &str), name: &str) -> Option<Known> {
        let (file, section) = at;
        let found = target(targets, name, falling(&self.book().settings, name), period)?;
        let evidence = found.from.into_iter().filter(|_| self.asked().evidence).map(|(path, amount)| {
            let mut steps = path![section].0;
            steps.extend(path.0);
            Evidence { at: Place::value(file, KeyPath(steps)), amount }
        });
        Some(Known { amount: found.amount, evidence: evidence.collect() })
    }

    fn target(&self, period: Period, name: &str) -> Measured {
        let missing = || msg!(say::NO_TARGET, name = name, period = period.to_string());
        let at = (self.manager.file, "targets");
        self.recorded(period, &self.manager.data.targets, at, name).ok_or_else(missing)
    }

    fn actual(&self, period: Period, name: &str) -> Measured {
        let missing = || msg!(say::NO_ACTUAL, name = name, period = period.to_string());
        let at = (self.manager.file, "actuals");
        self.recorded(period, &self.manager.data.actuals, at, name).ok_or_else(missing)
    }

    /// What a team or the unit records beside the figures of its clients.
    fn beside(&self, period: Period, query: &MetricQuery, actuals: &Targets, file: FileId) -> Option<Known> {
        let plain = query.window == Window::Period && query.point.is_none() && query.filters.is_empty();
        if plain { self.recorded(period, actuals, (file, "actuals"), &query.name) } else { None }
    }

    /// Why a plain measure of a team or the unit is not known: no client carries it in the period, and it is not recorded beside.
    fn lacks(
        &self,
        period: Period,
        query: &MetricQuery,
        portfolio: Option<&Portfolio<'_>>,
    ) -> Option<Message> {
        let plain = query.window == Window::Period && query.point.is_none();
        if !plain || !self.book().settings.measures.contains_key(&*query.name) {
            return None;
        }
        let scope = portfolio.map(|portfolio| portfolio.scope(false));
        let mut clients = scope.iter().flat_map(|scope| scope.clients);
        let carries = |client: &&Record<Client>| {
            period.months().iter().any(|month| amount(&client.data, &query.name, month).is_some())
        };
        let carried = clients.any(carries);
        (!carried).then(|| msg!(say::NO_ACTUAL, name = &*query.name, period = period.to_string()))
    }

    /// What the book says of a period.
    fn answer(&self, period: Period, question: &Ask) -> Measured {
        let of =
            |portfolio: &Portfolio<'_>| ask(&portfolio.scope(self.asked().evidence), &question.query, period);
        let query = &question.query;
        match question.source {
            Source::Manager => of(&self.own),
            Source::Team => {
                let id = self.profile.team.as_deref().unwrap_or_default();
                let team = self.book().teams.get(id);
                let own = team.and_then(|team| self.beside(period, query, &team.data.actuals, team.file));
                let portfolio = self.index.teams.get(id);
                match self.lacks(period, query, portfolio).filter(|_| own.is_none()) {
                    Some(reason) => Err(reason),
                    None => together(portfolio.map_or_else(|| Err(say::NO_CLIENTS.into()), of), own),
                }
            }
            Source::Unit => {
                let (actuals, file) = (&self.book().settings.actuals, self.book().settings_file);
                let own = file.and_then(|file| self.beside(period, query, actuals, file));
                match self.lacks(period, query, Some(&self.index.unit)).filter(|_| own.is_none()) {
                    Some(reason) => Err(reason),
                    None => together(of(&self.index.unit), own),
                }
            }
            Source::Targets => self.target(period, &query.name),
            Source::Actuals => self.actual(period, &query.name),
        }
    }

    /// The clients this manager has credit for in the period.
    fn credited(&self) -> impl Iterator<Item = (&Record<Client>, Decimal)> {
        let (months, all) =
            (self.period.months(), Decimal::ONE_HUNDRED * Decimal::from(self.period.months().days()));
        let managers = [self.manager.id.as_ref()];
        self.own.scope(false).clients.iter().filter_map(move |client| {
            let share = percent_days(&client.data, "", &managers, months) / all;
            (!share.is_zero()).then_some((*client, share))
        })
    }

    fn client(&self, id: &str) -> Option<&'b Record<Client>> {
        self.book().clients.get(id.split('/').next().unwrap_or(id))
    }

    fn facility(&self, part: &Part, query: &MetricQuery) -> Option<Known> {
        let client = self.client(&part.id)?;
        let (_, id) = part.id.split_once('/')?;
        let index = client.data.facilities.iter().position(|facility| facility.id == id)?;
        let facility = &client.data.facilities[index];
        let (amount, key) = match &*query.name {
            "drawn" => (facility.drawn.0, "drawn"),
            "limit" => (facility.limit.0, "limit"),
            "rate" => (facility.rate?.0, "rate"),
            "overdue_days" => {
                let days = days_overdue(facility, self.period.last_day());
                (days.into(), "overdue_since")
            }
            _ => return None,
        };
        let at = Place::value(client.file, path!["facilities", index, key]);
        Some(Known { amount, evidence: vec![Evidence { at, amount }] })
    }
}

/// A figure of clients with the one recorded beside it.
fn together(of_clients: Measured, beside: Option<Known>) -> Measured {
    let Some(beside) = beside else { return of_clients };
    let Ok(mut sum) = of_clients else { return Ok(beside) };
    sum.amount += beside.amount;
    sum.evidence.extend(beside.evidence);
    Ok(sum)
}

impl Facts for BookFacts<'_> {
    fn profile(&self) -> &Profile {
        &self.profile
    }

    fn ask(&self, question: &Ask) -> Measured {
        let concerned =
            self.asked().instead_for.as_deref().is_none_or(|manager| *manager == *self.manager.id);
        if concerned
            && !self.asked().instead.is_empty()
            && let Some(amount) = self.asked().instead.get(&question.to_string())
        {
            return Ok((*amount).into());
        }
        self.answer(self.period, question)
    }

    fn ask_in(&self, period: Period, question: &Ask) -> Measured {
        self.answer(period, question)
    }

    fn parts(&self, each: Each) -> Vec<Part> {
        match each {
            Each::Client => {
                self.credited().map(|(client, share)| Part { id: client.id.clone(), share }).collect()
            }
            Each::Facility => {
                let managers = [self.manager.id.as_ref()];
                let day = self.period.last_day();
                let facilities = self.own.scope(false).clients.iter().flat_map(|client| {
                    let share = percent_on(&client.data, "loans", &managers, day) / Decimal::ONE_HUNDRED;
                    let held = client.data.facilities.iter().filter(move |_| !share.is_zero());
                    held.map(move |facility| Part {
                        id: format!("{}/{}", client.id, facility.id).into(),
                        share,
                    })
                });
                facilities.collect()
            }
        }
    }

    fn ask_part(&self, each: Each, part: &Part, question: &Ask) -> Measured {
        if question.source != Source::Manager {
            return self.ask(question);
        }
        if each == Each::Facility
            && let Some(known) = self.facility(part, &question.query)
        {
            return Ok(known);
        }
        let Some(client) = self.client(&part.id) else {
            return Err(say::NO_CLIENTS.into());
        };
        let earners: Vec<&str> = crate::book::credit::earners(&client.data).into_iter().collect();
        let own = self.own.scope(self.asked().evidence);
        let alone = [client];
        let measure = self.book().settings.measures.contains_key(&*question.query.name);
        // A measure of the client is all of it; what the manager did there is the manager's own.
        let managers = if measure { earners.as_slice() } else { own.managers };
        ask(&Scope { managers, clients: &alone, visited: &alone, ..own }, &question.query, self.period)
    }

    fn attribute(&self, part: &Part, attribute: Attribute) -> Option<Value> {
        attribute_of(&self.client(&part.id)?.data, part, attribute, self.period.last_day())
    }

    fn mark(&self, item: &str) -> Option<Mark> {
        let review = self.review?;
        let index = review.data.marks.iter().position(|mark| mark.indicator == item)?;
        let mark = &review.data.marks[index];
        let at = Place::value(review.file, path!["marks", index, "points"]);
        let evidence = vec![Evidence { at, amount: mark.points.0 }];
        Some(Mark { value: Known { amount: mark.points.0, evidence }, reason: Some(mark.reason.clone()) })
    }

    fn raters(&self, item: &str) -> Vec<RaterScore> {
        let Some(review) = self.review else { return Vec::new() };
        let concerns = |of: &Option<String>| of.as_deref().is_none_or(|of| of == item);
        let named = review.data.ratings.iter().enumerate().filter(|(_, rating)| concerns(&rating.item));
        let named = named.map(|(index, rating)| {
            score_of(review.file, path!["ratings", index, "score"], rating.group, rating.score.0)
        });
        let counted = review
            .data
            .anonymous
            .iter()
            .enumerate()
            .filter(|(_, counts)| counts.n > 0 && concerns(&counts.item));
        let counted = counted.flat_map(|(index, counts)| {
            let mean = counts.sum.0 / Decimal::from(counts.n);
            (0..counts.n)
                .map(move |_| score_of(review.file, path!["anonymous", index, "sum"], counts.group, mean))
        });
        named.chain(counted).collect()
    }

    fn given(&self, _: &str) -> Option<Known> {
        None
    }

    fn history(&self) -> &[Past] {
        &self.history
    }

    fn closed(&self) -> Option<&Past> {
        self.closed.as_ref()
    }

    fn ledger(&self) -> &[LedgerEntry] {
        &self.ledger
    }
}

fn score_of(file: FileId, path: KeyPath, group: RaterGroup, score: Decimal) -> RaterScore {
    let evidence = vec![Evidence { at: Place::value(file, path), amount: score }];
    RaterScore { group: group.word().into(), score: Known { amount: score, evidence } }
}
