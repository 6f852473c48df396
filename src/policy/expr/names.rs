//! What a name in an expression means, and where it may stand.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use super::{Fault, Leaf, Part, Type};
use crate::metric::{Dimensions, MetricQuery, Names, Unit};
use crate::msg;
use crate::policy::ask::{Ask, Source};
use crate::policy::rule;
use crate::record::policy::Constant;
use crate::record::policy::curve::Group;
use crate::text::{finding, policy};

/// How far scoring has come when an expression is evaluated; what comes later cannot be named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Who the manager is and when it is; no figures.
    Who,
    /// Items: figures and other items.
    Item,
    /// A curve: its input too.
    Curve,
    /// Vetoes and gates: dimensions and the total so far.
    Total,
    /// Moves between grades: the rating too.
    Rating,
    /// Pay: earlier lines too.
    Pay,
}

/// What an expression may name.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// Metrics and measures.
    pub names: &'a Names,
    /// Unit of money of the policy.
    pub money: &'a Unit,
    /// Constants.
    pub constants: &'a BTreeMap<String, Constant>,
    /// Ids of items.
    pub items: &'a BTreeSet<String>,
    /// Ids of dimensions.
    pub dimensions: &'a BTreeSet<String>,
    /// Ids of the pay lines above.
    pub lines: &'a BTreeSet<String>,
    /// How far scoring has come.
    pub stage: Stage,
    /// Dimensions of the curve's input and of the target, where they are known.
    pub x: Option<&'a Type>,
}

/// Names without a prefix or with a fixed one, the stage from which they are known, and what they give.
const FIXED: &[(&str, Leaf, Stage, Gives)] = &[
    ("total", Leaf::Total, Stage::Total, Gives::Pure),
    ("rating", Leaf::Rating, Stage::Rating, Gives::Text),
    ("x", Leaf::X, Stage::Curve, Gives::Input),
    ("target", Leaf::Target, Stage::Item, Gives::Input),
    ("full", Leaf::Full, Stage::Item, Gives::Pure),
    ("period.month", Leaf::Month, Stage::Who, Gives::Pure),
    ("period.quarter", Leaf::Quarter, Stage::Who, Gives::Pure),
    ("period.year", Leaf::Year, Stage::Who, Gives::Pure),
    ("period.days", Leaf::Days, Stage::Who, Gives::Pure),
    ("period.months", Leaf::Months, Stage::Who, Gives::Pure),
    ("manager.id", Leaf::ManagerId, Stage::Who, Gives::Text),
    ("manager.grade", Leaf::Grade, Stage::Who, Gives::Text),
    ("manager.role", Leaf::Role, Stage::Who, Gives::Text),
    ("manager.team", Leaf::Team, Stage::Who, Gives::Text),
    ("manager.months", Leaf::MonthsIn, Stage::Who, Gives::Pure),
    ("manager.grade_months", Leaf::GradeMonths, Stage::Who, Gives::Pure),
    ("manager.risk_taker", Leaf::RiskTaker, Stage::Who, Gives::Flag),
    ("manager.active", Leaf::ActiveDays, Stage::Who, Gives::Pure),
    ("manager.active_months", Leaf::ActiveMonths, Stage::Who, Gives::Pure),
    ("previous.total", Leaf::PreviousTotal, Stage::Item, Gives::Pure),
    ("previous.rating", Leaf::PreviousRating, Stage::Item, Gives::Text),
    ("rank.all", Leaf::Rank(Group::All), Stage::Rating, Gives::Pure),
    ("rank.team", Leaf::Rank(Group::Team), Stage::Rating, Gives::Pure),
    ("rank.grade", Leaf::Rank(Group::Grade), Stage::Rating, Gives::Pure),
    ("rank.role", Leaf::Rank(Group::Role), Stage::Rating, Gives::Pure),
    ("size.all", Leaf::Size(Group::All), Stage::Rating, Gives::Pure),
    ("size.team", Leaf::Size(Group::Team), Stage::Rating, Gives::Pure),
    ("size.grade", Leaf::Size(Group::Grade), Stage::Rating, Gives::Pure),
    ("size.role", Leaf::Size(Group::Role), Stage::Rating, Gives::Pure),
];

#[derive(Clone, Copy)]
enum Gives {
    Pure,
    Input,
    Text,
    Flag,
}

/// Prefixes that lead to a figure of the book.
const SOURCES: &[(&str, Source)] = &[
    ("targets", Source::Targets),
    ("actuals", Source::Actuals),
    ("team", Source::Team),
    ("unit", Source::Unit),
];

/// Prefixes that lead to a figure of an item.
const PARTS: &[(&str, Part)] = &[
    ("score", Part::Score),
    ("points", Part::Points),
    ("value", Part::Value),
    ("item_target", Part::Target),
];

type Found = Result<(Leaf, Type), Fault>;

impl Scope<'_> {
    /// The same scope at another stage.
    #[must_use]
    pub fn at(mut self, stage: Stage) -> Self {
        self.stage = stage;
        self
    }

    /// The meaning of `name`, which is no constant.
    pub(super) fn find(&self, name: &str, span: &Range<usize>) -> Found {
        if let Some((_, leaf, stage, gives)) = FIXED.iter().find(|(known, ..)| *known == name) {
            if *stage > self.stage || matches!(leaf, Leaf::X) && self.stage != Stage::Curve {
                return Err(self.too_early(name, span));
            }
            return Ok((leaf.clone(), self.gives(*gives)));
        }
        let (first, rest) = name.split_once('.').unwrap_or((name, ""));
        if let Some((_, part)) = PARTS.iter().find(|(prefix, _)| *prefix == first && !rest.is_empty()) {
            let id = self.known(rest, self.items, span)?;
            let gives = matches!(part, Part::Score | Part::Points).then_some(Dimensions::NONE);
            return Ok((Leaf::Item(*part, id), Type::Number(gives)));
        }
        match first {
            "dimension" if self.stage >= Stage::Total => {
                let id = self.known(rest, self.dimensions, span)?;
                return Ok((Leaf::Dimension(id), Type::Number(Some(Dimensions::NONE))));
            }
            "pay" if self.stage == Stage::Pay => {
                let id = self.known(rest, self.lines, span)?;
                return Ok((Leaf::Line(id), Type::Number(Some(self.money.dimensions.clone()))));
            }
            _ => {}
        }
        let source = SOURCES.iter().find(|(prefix, _)| *prefix == first && !rest.is_empty());
        match source {
            Some((_, source)) => self.ask(*source, rest, span),
            None => self.ask(Source::Manager, name, span),
        }
    }

    fn gives(&self, gives: Gives) -> Type {
        match gives {
            Gives::Pure => Type::Number(Some(Dimensions::NONE)),
            Gives::Input => self.x.cloned().unwrap_or(Type::Number(None)),
            Gives::Text => Type::Text,
            Gives::Flag => Type::Flag,
        }
    }

    fn known(&self, id: &str, among: &BTreeSet<String>, span: &Range<usize>) -> Result<Arc<str>, Fault> {
        if among.contains(id) {
            return Ok(id.into());
        }
        Err(unknown(id, among.iter().map(String::as_str), span))
    }

    fn too_early(&self, name: &str, span: &Range<usize>) -> Fault {
        Fault::new(&rule::TOO_EARLY, span.clone(), msg!(policy::TOO_EARLY, name = name))
    }

    fn ask(&self, source: Source, text: &str, span: &Range<usize>) -> Found {
        let query: MetricQuery = text.parse().map_err(|message| {
            let first = text.split(['.', '{', '@']).next().unwrap_or_default();
            match self.names.get(first) {
                Some(_) => Fault::new(&rule::UNKNOWN_NAME, span.clone(), message),
                // What stands behind a name nobody knows says nothing: `manger.role`.
                None => self.unknown_metric(source, text, span),
            }
        })?;
        let Some(metric) = self.names.get(&query.name) else {
            return Err(self.unknown_metric(source, &query.name, span));
        };
        if self.stage == Stage::Who {
            return Err(self.too_early(text, span));
        }
        if let Some(aggregate) = query.aggregate
            && !metric.aggregates.contains(&aggregate)
            && source != Source::Targets
        {
            let known: Vec<&str> = metric.aggregates.iter().map(|aggregate| aggregate.word()).collect();
            let message = msg!(
                policy::NO_SUCH_AGGREGATE,
                name = &*query.name,
                aggregate = aggregate.word(),
                known = known.join(", ")
            );
            return Err(Fault::new(&rule::UNKNOWN_NAME, span.clone(), message));
        }
        if let Some(allowed) = &metric.filters
            && let Some(key) = query.filters.keys().find(|key| !allowed.iter().any(|known| **known == ***key))
        {
            return Err(unknown(key, allowed.iter().map(String::as_str), span));
        }
        let unit = Unit::parse(&metric.unit);
        let factor = unit.factor_in(self.money);
        let query = source.canonical(query, self.names);
        Ok((Leaf::Ask(Arc::new(Ask { source, query }), factor), Type::Number(Some(unit.dimensions))))
    }

    fn unknown_metric(&self, source: Source, name: &str, span: &Range<usize>) -> Fault {
        let metrics = self.names.iter().map(|(name, _)| name);
        if source != Source::Manager {
            return unknown(name, metrics, span);
        }
        let fixed = FIXED.iter().map(|(name, ..)| *name);
        let prefixes = PARTS.iter().map(|(prefix, _)| *prefix);
        let constants = self.constants.keys().map(String::as_str);
        unknown(name, metrics.chain(fixed).chain(prefixes).chain(constants), span)
    }
}

/// A fault for a name nobody knows, with the nearest one that is known.
fn unknown<'a>(name: &str, known: impl Iterator<Item = &'a str>, span: &Range<usize>) -> Fault {
    let message = msg!(policy::UNKNOWN_NAME, name = name);
    let fault = Fault::new(&rule::UNKNOWN_NAME, span.clone(), message);
    match nearest(name, known) {
        Some(near) => fault.help(msg!(finding::NEAREST, name = near)),
        None => fault,
    }
}

/// The known name most like `name`, if it is like enough to be meant.
pub(crate) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let like = known.map(|known| (strsim::damerau_levenshtein(name, known), known));
    let limit = 1 + name.chars().count() / 4;
    like.filter(|(distance, _)| *distance <= limit).min().map(|(_, known)| known)
}
