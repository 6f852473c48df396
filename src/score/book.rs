//! The facts of a manager as a book tells them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::asked::{Asked, MARKS};
use super::attribute::{attribute_of, figure_of, was_there};
use super::beyond::{Beyond, Outturn, figures};
use super::facts::{Ask, Each, Facts, Mark, Part, Past, Profile, RaterScore, Served, Source};
use super::parts;
use super::past::{Frozen, amended_until, begins, history};
use super::profile::{active, others, profile};
use super::sealed::past;
use super::teams::Teams;
use crate::book::credit::percent_on;
use crate::book::figured::Figured;
use crate::book::{Book, Record};
use crate::metric::{Evidence, Known, Measured, Portfolio, Portfolios, Scope, ask};
use crate::path;
use crate::period::{Months, Period};
use crate::policy::Policy;
use crate::policy::expr::{Among, Attribute, Scored, Trouble, Value};
use crate::policy::money;
use crate::record::client::Client;
use crate::record::manager::Manager;
use crate::record::policy::TimeIn;
use crate::record::review::{RaterGroup, Review};
use crate::record::risk::Facility;
use crate::source::{FileId, KeyPath, Place};
use crate::text::{Message, metric as say};

/// What is found once in a book for the facts of all managers.
pub struct BookIndex<'b> {
    portfolios: &'b Portfolios<'b>,
    pub(super) unit: Portfolio<'b>,
    pub(super) teams: Teams<'b>,
    reviews: BTreeMap<&'b str, Vec<&'b Record<Review>>>,
    asked: &'b Asked,
    /// The last day known; without one every period is taken to be over.
    pub(super) today: Option<NaiveDate>,
}

impl<'b> BookIndex<'b> {
    /// Finds it.
    pub fn new(portfolios: &'b Portfolios<'b>, asked: &'b Asked, today: Option<NaiveDate>) -> Self {
        let book = portfolios.book();
        Self {
            unit: portfolios.of(book.managers.iter().map(|manager| manager.id.as_ref())),
            teams: Teams::new(portfolios),
            reviews: book.reviews_by_manager(),
            portfolios,
            asked,
            today,
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

    /// Of which months the book has figures.
    pub(super) fn figured(&self) -> &'b Figured {
        &self.portfolios.figured
    }

    /// Who answers for what.
    pub(super) fn portfolios(&self) -> &'b Portfolios<'b> {
        self.portfolios
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
    pub(super) index: &'b BookIndex<'b>,
    pub(super) manager: &'b Record<Manager>,
    /// The months its figures are of: those of the period, of a running one those there are.
    months: Months,
    pub(super) profile: Profile,
    pub(super) own: Arc<Portfolio<'b>>,
    review: Option<&'b Record<Review>>,
    history: Vec<Past>,
    closed: Option<Past>,
    frozen: Option<Frozen>,
    period: Period,
    scheme: Box<str>,
    /// The first day the scheme is in force.
    begins: NaiveDate,
    /// Earlier periods in which no policy of the scheme was for the manager, as far back as the policy looks.
    outside: BTreeSet<Period>,
    /// Up to which day amendments of earlier periods count.
    until: NaiveDate,
    /// Whether figures that are supposed take the place of the book's.
    supposes: bool,
    /// What was made beyond this turn of scoring; of an earlier period nothing but what is closed.
    beyond: Option<Arc<Beyond>>,
}

impl<'b> BookFacts<'b> {
    /// The facts of `manager`, who is as `profile` says, in `period`; closed periods are read for the scheme of `policy`, and
    /// earlier ones are those before the period of its length.
    pub fn new(
        index: &'b BookIndex<'b>,
        manager: &'b Record<Manager>,
        profile: Profile,
        period: Period,
        policy: &Policy,
    ) -> Self {
        let scheme = policy.record.scheme.as_str();
        let reviews = index.reviews(&manager.id);
        let own = policy.own_period(period);
        let until = amended_until(reviews, own, scheme);
        let review = index.book().reviews.get(&format!("{period}/{}", manager.id));
        let stands = review.filter(|_| index.asked.is_plain());
        Self {
            profile,
            own: Arc::new(index.portfolios.of([manager.id.as_ref()])),
            closed: stands.and_then(|review| past(&review.data, scheme, NaiveDate::MAX)),
            frozen: None,
            review,
            history: history(reviews, own, scheme, until),
            index,
            manager,
            months: period.months(),
            period,
            scheme: scheme.into(),
            begins: begins(index.book(), policy),
            outside: BTreeSet::new(),
            until,
            supposes: true,
            beyond: Some(Arc::default()),
        }
    }

    /// The facts of a manager in an earlier period, as amendments up to the same day made them.
    fn earlier(&self, manager: &'b Record<Manager>, own: Arc<Portfolio<'b>>, period: Period) -> Self {
        let reviews = self.index.reviews(&manager.id);
        let review = self.book().reviews.get(&format!("{period}/{}", manager.id));
        Self {
            index: self.index,
            manager,
            months: period.months(),
            profile: profile(self.book(), manager, period),
            own,
            closed: review.and_then(|review| past(&review.data, &self.scheme, self.until)),
            frozen: None,
            review,
            history: history(reviews, period, &self.scheme, self.until),
            period,
            scheme: self.scheme.clone(),
            begins: self.begins,
            outside: BTreeSet::new(),
            until: self.until,
            supposes: false,
            beyond: None,
        }
    }

    /// What was decided about an earlier period, or about this one.
    fn decided(&self, period: Period) -> Option<&Past> {
        let earlier = || self.history.iter().find(|past| past.period == period);
        if period == self.period { self.closed.as_ref() } else { earlier() }
    }

    /// The same over the months that the period is scored for.
    pub(super) fn over(self, months: Months) -> Self {
        let profile = Profile { active: active(&self.manager.data, months), ..self.profile };
        Self { months, profile, ..self }
    }

    /// The same with what was made beyond this turn of scoring.
    pub(super) fn knowing(self, beyond: Arc<Beyond>) -> Self {
        Self { beyond: Some(beyond), ..self }
    }

    /// The same, no policy of the scheme having been for the manager in these earlier periods, with what the period was closed with.
    pub(super) fn outside(self, periods: BTreeSet<Period>, frozen: Option<Frozen>) -> Self {
        Self { outside: periods, frozen, ..self }
    }

    pub(super) fn book(&self) -> &'b Book {
        self.index.book()
    }

    /// A figure supposed in place of the book's.
    fn supposed(&self, question: &Ask) -> Option<Decimal> {
        self.index.asked.supposed(&self.manager.id, || question.to_string()).filter(|_| self.supposes)
    }

    /// What a portfolio answers for, seen on the last day known.
    pub(super) fn scope<'p>(&self, portfolio: &'p Portfolio<'_>) -> Scope<'p> {
        portfolio.scope(self.index.asked.evidence).on(self.index.today)
    }

    /// The day its months are judged by: their last, or the last one known.
    fn as_of(&self) -> NaiveDate {
        self.months.as_of(self.index.today)
    }

    fn client(&self, id: &str) -> Option<&'b Record<Client>> {
        self.book().clients.get(id.split('/').next().unwrap_or(id))
    }
}

impl Facts for BookFacts<'_> {
    fn profile(&self) -> &Profile {
        &self.profile
    }

    fn months(&self) -> Option<Months> {
        Some(self.months)
    }

    fn ask(&self, question: &Ask) -> Measured {
        match self.supposed(question) {
            Some(amount) => Ok(amount.into()),
            None => self.answer(self.months, question),
        }
    }

    fn served(&self, question: &Ask, by: TimeIn) -> Result<Vec<Served>, Message> {
        match self.supposed(question) {
            Some(amount) => Ok(vec![Served::new(amount, self.profile.active, by)]),
            None => self.served_of(self.months, &question.query, by),
        }
    }

    fn parts(&self, each: Each, asks: &[&Ask]) -> Vec<Part> {
        let managers = [self.manager.id.as_ref()];
        match each {
            Each::Client => {
                let clients = self.own.scope(false).clients.iter();
                let part = |client: &&Record<Client>| {
                    parts::of_client(self.book(), client, &managers, asks, self.months)
                };
                clients.filter_map(part).collect()
            }
            Each::Facility => {
                let day = self.as_of();
                let facilities = self.own.scope(false).clients.iter().flat_map(|client| {
                    let share = percent_on(&client.data, "loans", &managers, day) / Decimal::ONE_HUNDRED;
                    let first = self.months.first_day();
                    let there =
                        move |facility: &&Facility| !share.is_zero() && was_there(facility, first, day);
                    let held = client.data.facilities.iter().filter(there);
                    held.map(move |facility| Part {
                        id: format!("{}/{}", client.id, facility.id).into(),
                        share,
                        whole: true,
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
        let Some(client) = self.client(&part.id) else {
            return Err(say::NO_CLIENTS.into());
        };
        if each == Each::Facility
            && let Some(known) = figure_of(client, part, &question.query, (self.months, self.index.today))
        {
            return Ok(known);
        }
        let mut earners = crate::book::credit::earners(&client.data);
        // All of the client, what is earned outside the book too.
        earners.insert("other");
        let earners: Vec<&str> = earners.into_iter().collect();
        let own = self.scope(&self.own);
        let alone = [client];
        let measure = self.book().settings.measures.contains_key(&*question.query.name);
        // What the manager did there is the manager's own.
        let managers = if measure && part.whole { earners.as_slice() } else { own.managers };
        ask(&Scope { managers, clients: &alone, visited: &alone, ..own }, &question.query, self.months)
    }

    fn attribute(&self, part: &Part, attribute: Attribute) -> Option<Value> {
        attribute_of(&self.client(&part.id)?.data, part, attribute, self.as_of())
    }

    fn mark(&self, item: &str) -> Option<Mark> {
        let supposed = self.index.asked.supposed(&self.manager.id, || format!("{MARKS}{item}"));
        if let Some(mark) = supposed.filter(|_| self.supposes) {
            return Some(Mark { value: mark.into(), reason: None });
        }
        let review = self.review?;
        let index = review.data.marks.iter().position(|mark| mark.indicator == item)?;
        let mark = &review.data.marks[index];
        let at = Place::value(review.file, path!["marks", index, "points"]);
        let evidence = vec![Evidence::new(at, mark.points.0)];
        Some(Mark { value: Known { amount: mark.points.0, evidence }, reason: Some(mark.reason.clone()) })
    }

    fn raters(&self, item: &str) -> Vec<RaterScore> {
        let Some(review) = self.review else { return Vec::new() };
        let fewest = self.book().settings.privacy.of_ratings();
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
            .filter(|(_, counts)| counts.n >= fewest && concerns(&counts.item));
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

    fn frozen(&self) -> Option<&Frozen> {
        self.frozen.as_ref()
    }

    fn then(&self, period: Period) -> Box<dyn Facts + '_> {
        let then = self.earlier(self.manager, self.own.clone(), period);
        Box::new(Self { closed: self.decided(period).cloned(), ..then })
    }

    fn beside(&self, period: Period) -> Option<Vec<Box<dyn Facts + '_>>> {
        let policy = &self.decided(period)?.policy;
        let reviews = self.book().reviews.iter().filter(|review| {
            let closed = review.data.closed.get(&*self.scheme);
            review.data.period == period
                && *review.data.manager != *self.manager.id
                && closed.is_some_and(|closed| *closed.policy == **policy)
        });
        let managers = reviews.filter_map(|review| self.book().managers.get(&review.data.manager));
        let facts = managers.map(|manager| {
            let own = Arc::new(self.index.portfolios.of([manager.id.as_ref()]));
            Box::new(self.earlier(manager, own, period)) as Box<dyn Facts + '_>
        });
        Some(facts.collect())
    }

    fn others(&self, among: Among) -> Vec<Box<str>> {
        others(self.book(), self.manager, &self.profile, among)
    }

    fn total_of(&self, member: &str) -> Result<Option<Decimal>, Trouble> {
        if let Some(beyond) = &self.beyond {
            return beyond.total_of(&self.manager.id, member);
        }
        let review = self.book().reviews.get(&format!("{}/{member}", self.period));
        Ok(review.and_then(|review| past(&review.data, &self.scheme, self.until)?.total))
    }

    fn results(&self, scheme: &str, what: &Scored) -> Result<Vec<(Period, Decimal)>, Message> {
        if let Some(beyond) = &self.beyond {
            return beyond.results((scheme, what), &self.manager.id, self.months);
        }
        let policies = || self.book().policies.iter().map(|record| &record.data);
        let factor = money::factor(policies, scheme, &self.scheme);
        let reviews = self.index.reviews(&self.manager.id).iter();
        let closed = reviews.filter_map(|review| past(&review.data, scheme, self.until));
        let closed = closed.map(|past| (past.period, Outturn::closed(&past, factor)));
        figures((scheme, what), &closed.collect(), self.months)
    }

    fn begins(&self) -> Option<NaiveDate> {
        Some(self.begins)
    }

    fn is_outside(&self, period: Period) -> bool {
        self.outside.contains(&period)
    }

    fn is_open(&self, period: Period) -> bool {
        let figured = self.index.figured();
        self.decided(period).is_none()
            && !self.is_outside(period)
            && self.begins <= period.last_day()
            && self.manager.data.employed_within(period.first_day(), period.last_day())
            && period.months().iter().all(|month| figured.contains(month))
    }
}

fn score_of(file: FileId, path: KeyPath, group: RaterGroup, score: Decimal) -> RaterScore {
    let evidence = vec![Evidence::new(Place::value(file, path), score)];
    RaterScore { group: group.word().into(), score: Known { amount: score, evidence } }
}
