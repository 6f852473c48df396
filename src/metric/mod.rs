//! What can be asked of a book: names with their units and kinds, and the queries over them.
//!
//! A policy is checked against [`Names`] alone, so that it can be judged without a book.

use std::collections::BTreeMap;

use crate::book::Book;
use crate::book::target::{Counting, Falling};
use crate::record::policy::curve::Better;
use crate::record::settings::{MeasureKind, Settings};
use crate::record::value::MeasureId;

mod ask;
pub mod builtin;
pub mod calls;
pub mod clients;
mod countable;
mod credited;
mod development;
pub mod figures;
mod filter;
pub mod income;
mod known;
pub mod leading;
mod people;
pub mod query;
pub mod risk;
mod scope;
pub mod service;
mod staff;
pub mod teamwork;
mod timing;
pub mod unit;
pub mod visits;
pub mod wallet;

pub use ask::{Portfolio, Portfolios, ask, moved, share, window};
pub use builtin::{BUILTINS, Builtin};
pub use credited::Credited;
pub use known::{Bearing, Evidence, Known, Measured};
pub use people::People;
pub(crate) use query::WINDOWS;
pub use query::{Aggregate, MetricQuery, Point, Window};
pub use scope::Scope;
pub use timing::Timing;
pub use unit::{Dimensions, Unit};

/// How a name's targets fall on periods: as its measure says, or as is usual for a metric that counts so.
pub fn falling<'m>(settings: &'m Settings, name: &str) -> Falling<'m> {
    let unknown = Counting { kind: MeasureKind::Flow, at_end: false };
    Falling::of(settings, name, builtin::builtin(name).map_or(unknown, Builtin::counting))
}

/// What the figures of a measure, or of a metric computed from records, are in; nothing of a name that is neither.
pub fn unit_of<'s>(settings: &'s Settings, name: &str) -> Option<&'s str> {
    let of_metric = || builtin::builtin(name).map(|metric| metric.unit_in(&settings.money));
    settings.measures.get(name).map(|measure| measure.unit.as_str()).or_else(of_metric)
}

/// Which way a target of a metric computed from records is met; nothing of a measure, of which nobody says so.
pub fn better(settings: &Settings, name: &str) -> Option<Better> {
    let metric = builtin::builtin(name).filter(|_| !settings.measures.contains_key(name));
    metric.map(|metric| metric.better)
}

/// What regulators ask about a figure used as a target.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Nature {
    /// Nothing in particular.
    #[default]
    Plain,
    /// A deposit balance: its point-in-time figure must not be a target.
    Deposit,
    /// A place among others.
    Rank,
    /// A share of a market.
    MarketShare,
}

/// One name of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metric {
    /// What its figures are in: `万元`, `户`, `%`.
    pub unit: String,
    /// How months, shares and teams add up.
    pub kind: MeasureKind,
    /// What of a stretch it is.
    pub timing: Timing,
    /// The aggregates it takes; the first is meant where a query names none.
    pub aggregates: Vec<Aggregate>,
    /// Keys its filters may name; `None` allows any.
    pub filters: Option<Vec<String>>,
    /// What regulators ask about it.
    pub nature: Nature,
    /// Whether it is computed as one measure over another in the same unit, and so counts in parts of one.
    pub is_part: bool,
}

impl Metric {
    /// A measure of `kind` with the aggregates that kind takes and no filters.
    pub fn new(unit: &str, kind: MeasureKind) -> Self {
        Self {
            unit: unit.to_owned(),
            kind,
            timing: Timing::of_measure(kind),
            aggregates: timing::of_measure(kind).to_vec(),
            filters: Some(Vec::new()),
            nature: Nature::Plain,
            is_part: false,
        }
    }

    /// Whether it is a ratio and its unit does not say whether it counts in parts of one, in percent or in times.
    pub fn is_unsaid_ratio(&self) -> bool {
        self.kind == MeasureKind::Ratio && matches!(self.unit.as_str(), "" | "1" | "ratio")
    }

    /// What a metric computed from records is.
    fn of_builtin(builtin: &Builtin, money: &str) -> Self {
        Self {
            unit: builtin.unit_in(money).to_owned(),
            kind: builtin.kind,
            timing: builtin.timing,
            aggregates: builtin.timing.aggregates(builtin.kind).to_vec(),
            filters: Some(builtin.filters.iter().map(ToString::to_string).collect()),
            nature: Nature::Plain,
            is_part: false,
        }
    }

    /// Whether a figure of it grows with the days of a stretch on which it is earned, so that who was in post for a part of
    /// them has no more than a part: sums, and means over all days of the stretch. What stands on a day and ratios do not.
    pub fn grows(&self, aggregate: Option<Aggregate>) -> bool {
        let aggregate = aggregate.or(self.aggregates.first().copied());
        match self.timing {
            Timing::Over => {
                matches!(aggregate, Some(Aggregate::Sum | Aggregate::Count | Aggregate::Average))
            }
            Timing::Level | Timing::Daily => aggregate == Some(Aggregate::Average),
            Timing::AtEnd | Timing::Whole => false,
        }
    }
}

/// Every name a policy may use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    metrics: BTreeMap<Box<str>, Metric>,
    /// The words of the people it is about.
    pub people: People,
}

impl Names {
    /// What a book can be asked: the metrics computed from its records and the measures it declares.
    pub fn of_settings(settings: &Settings) -> Self {
        let mut names = Self::default();
        for builtin in BUILTINS {
            names.insert(builtin.name, Metric::of_builtin(builtin, &settings.money));
        }
        for (id, measure) in &settings.measures {
            let mut metric = Metric::new(&measure.unit, measure.kind);
            metric.filters = Some(vec!["tier".into(), "industry".into()]);
            let unit = |name: &Option<MeasureId>| settings.measures.get(name.as_ref()?).map(|of| &of.unit);
            let (above, below) = (unit(&measure.numerator), unit(&measure.denominator));
            metric.is_part = above.is_some() && above == below;
            // Only a ratio with a balance in it has one at the end of a day.
            let mut sides = [&measure.numerator, &measure.denominator].into_iter().flatten();
            let is_balance = |side: &MeasureId| {
                settings.measures.get(side).is_some_and(|side| side.kind == MeasureKind::Balance)
            };
            if measure.kind == MeasureKind::Ratio && !sides.any(is_balance) {
                metric.aggregates.retain(|aggregate| *aggregate != Aggregate::End);
            }
            if id.contains("deposit") || measure.title.contains("存款") {
                metric.nature = Nature::Deposit;
            }
            names.insert(id, metric);
        }
        names
    }

    /// The same, with the words its people go by.
    pub fn of_book(book: &Book) -> Self {
        Self { people: People::of(book), ..Self::of_settings(&book.settings) }
    }

    /// What a book with nothing but default settings can be asked.
    pub fn default_book() -> Self {
        Self::of_settings(&crate::book::default_settings())
    }

    /// Adds a name; one that is there is replaced.
    pub fn insert(&mut self, name: &str, metric: Metric) {
        self.metrics.insert(name.into(), metric);
    }

    /// The metric called `name`.
    pub fn get(&self, name: &str) -> Option<&Metric> {
        self.metrics.get(name)
    }

    /// The names in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Metric)> {
        self.metrics.iter().map(|(name, metric)| (name.as_ref(), metric))
    }

    /// The query with its aggregate filled in, so that two spellings of one question are equal.
    #[must_use]
    pub fn canonical(&self, mut query: MetricQuery) -> MetricQuery {
        if query.aggregate.is_none() {
            query.aggregate = self.get(&query.name).and_then(|metric| metric.aggregates.first().copied());
        }
        query
    }
}

#[cfg(test)]
mod tests;
