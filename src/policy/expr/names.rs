//! What a name in an expression means, and where it may stand.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::near::{nearest, nobody_knows, respelt, unknown};
use super::vocabulary::{FIXED, Gives, PARTS, SPANS, source};
use super::{Among, Attribute, Fault, Kept, Leaf, Members, Part, Scored, Span, Type};
use crate::metric::{Aggregate, Dimensions, Metric, MetricQuery, Names, Point, Unit};
use crate::msg;
use crate::policy::ask::{Ask, Source};
use crate::policy::rule;
use crate::record::policy::Constant;
use crate::record::policy::curve::Table;
use crate::record::policy::item::Each;
use crate::text::{Message, finding, policy};

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
    /// Deferral and clawback: what is paid in all, too.
    Paid,
}

/// Lists in which an id stands twice.
#[derive(Clone, Copy, Debug, Default)]
pub struct Repeated {
    /// Items.
    pub items: bool,
    /// Dimensions.
    pub dimensions: bool,
    /// Pay lines.
    pub lines: bool,
}

/// What an expression may name.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// Metrics and measures.
    pub names: &'a Names,
    /// Unit of money of the policy.
    pub money: &'a Unit,
    /// The same as it is written.
    pub written_money: &'a str,
    /// What numbers beside the values of items may not mean.
    pub kept: &'a BTreeMap<String, Kept>,
    /// Dimensions of the values of items so far, where they are no pure numbers.
    pub measured: &'a BTreeMap<String, Dimensions>,
    /// The same of the curve's input.
    pub x_kept: Option<&'a Kept>,
    /// Whether a total counts to ten points and more, so that a percentage is none of it.
    pub points: bool,
    /// Constants.
    pub constants: &'a BTreeMap<String, Constant>,
    /// Ids of items.
    pub items: &'a BTreeSet<String>,
    /// Ids of dimensions.
    pub dimensions: &'a BTreeSet<String>,
    /// Ids of the pay lines above.
    pub lines: &'a BTreeSet<String>,
    /// Constants and measures that are faulty where they are declared.
    pub faulty: &'a BTreeSet<String>,
    /// Lists in which an id stands twice, so that another may be missing.
    pub repeated: Repeated,
    /// Whether [`UNREAD`](crate::record::policy::formula::UNREAD) stands for what the file says at a faulty place.
    pub mended: bool,
    /// Ids of all pay lines.
    pub all_lines: &'a BTreeSet<String>,
    /// The pay line at hand.
    pub line: Option<&'a str>,
    /// Tables.
    pub tables: &'a BTreeMap<String, Table>,
    /// The records that are gone over, where they are.
    pub each: Option<Each>,
    /// Whether it scores whole years, of which nothing precedes within the year.
    pub yearly: bool,
    /// How far scoring has come.
    pub stage: Stage,
    /// Dimensions of the curve's input and of the target, where they are known.
    pub x: Option<&'a Type>,
}

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
        if let Some(fixed) = FIXED.iter().find(|fixed| fixed.name == name) {
            if fixed.stage > self.stage || matches!(fixed.leaf, Leaf::X) && self.stage != Stage::Curve {
                return Err(self.too_early(name, span));
            }
            if let Leaf::Record(attribute, _) = fixed.leaf
                && self.each.is_none_or(|each| attribute.of_facility() && each == Each::Client)
            {
                let message = msg!(policy::NOT_IN_EACH, name = name);
                return Err(Fault::new(&rule::TOO_EARLY, span.clone(), message));
            }
            if let Leaf::Earlier(_, within) = fixed.leaf {
                self.precedes(within, name, span)?;
            }
            let leaf = match fixed.leaf {
                Leaf::Record(attribute, _) => {
                    Leaf::Record(attribute, attribute.factor(self.names, self.money))
                }
                ref leaf => leaf.clone(),
            };
            return Ok((leaf, self.gives(fixed.gives)));
        }
        if let Some(rest) = name.strip_prefix("previous.") {
            return self.earlier(rest, span);
        }
        if let Some(rest) = name.strip_prefix("head.").filter(|_| self.names.get("head").is_none()) {
            return self.of_head(name, rest, span);
        }
        let (first, rest) = name.split_once('.').unwrap_or((name, ""));
        if let Some((_, part, doc)) = PARTS.iter().find(|(prefix, ..)| *prefix == first && !rest.is_empty()) {
            if self.names.get(first).is_some() && !self.items.contains(rest) {
                let message = msg!(policy::NAME_TAKEN, name = first, doc = *doc);
                return Err(Fault::new(&rule::UNKNOWN_NAME, span.clone(), message));
            }
            let id = self.known(rest, self.items, span)?;
            let gives = self.of_item(*part, &id);
            return Ok((Leaf::Item(*part, id), gives));
        }
        match first {
            "dimension" | "pay" if !rest.is_empty() && self.is_later(first) => {
                return Err(self.too_early(name, span));
            }
            "dimension" if self.stage >= Stage::Total => {
                let id = self.known(rest, self.dimensions, span)?;
                return Ok((Leaf::Dimension(id), Type::Number(Some(Dimensions::NONE))));
            }
            "pay" if self.stage >= Stage::Pay => {
                let is_later = self.all_lines.contains(rest) && self.line.is_some_and(|line| line != rest);
                if is_later && !self.lines.contains(rest) {
                    let fault = self.too_early(name, span);
                    return Err(fault.help(msg!(policy::LATER_LINE, name = rest)));
                }
                let id = self.known(rest, self.lines, span)?;
                return Ok((Leaf::Line(id), Type::Number(Some(self.money.dimensions.clone()))));
            }
            _ => {}
        }
        match source(name) {
            Some((source, rest)) => self.ask(source, rest, span),
            None => self.ask(Source::Manager, name, span),
        }
    }

    /// A figure of closed periods: `value.ID`, `pay.LINE`, over the year or of the last one.
    fn earlier(&self, rest: &str, span: &Range<usize>) -> Found {
        if self.stage == Stage::Who {
            return Err(self.too_early(&format!("previous.{rest}"), span));
        }
        let whole = rest;
        let stated = SPANS.iter().find_map(|(end, span)| Some((rest.strip_suffix(end)?, *span)));
        let (rest, of) = stated.unwrap_or((rest, Span::Last));
        self.precedes(of, &format!("previous.{whole}"), span)?;
        let (first, id) = rest.split_once('.').unwrap_or((rest, ""));
        if first == "pay" {
            let line = self.known(id, self.all_lines, span)?;
            let gives = Type::Number(Some(self.money.dimensions.clone()));
            return Ok((Leaf::Earlier(Scored::Line(line), of), gives));
        }
        let Some((_, part, _)) = PARTS.iter().find(|(prefix, ..)| *prefix == first) else {
            let fixed = FIXED.iter().map(|fixed| fixed.name).filter(|name| name.starts_with("previous."));
            return Err(unknown(&format!("previous.{whole}"), fixed, span));
        };
        let id = self.known(id, self.items, span)?;
        let gives = self.of_item(*part, &id);
        Ok((Leaf::Earlier(Scored::Item(*part, id), of), gives))
    }

    /// What a figure of an item is in; any unit of the value of one that stands further down.
    fn of_item(&self, part: Part, id: &str) -> Type {
        Type::Number(match part {
            Part::Score | Part::Points => Some(Dimensions::NONE),
            Part::Value | Part::Target => self.measured.get(id).cloned(),
        })
    }

    /// Refuses a sum over earlier periods of the year where the policy scores whole years.
    fn precedes(&self, of: Span, name: &str, span: &Range<usize>) -> Result<(), Fault> {
        if of != Span::YearToDate || !self.yearly {
            return Ok(());
        }
        let fault =
            Fault::new(&rule::UNKNOWN_NAME, span.clone(), msg!(policy::NOTHING_PRECEDES, name = name));
        Err(fault.help(policy::WITHIN_THE_YEAR.into()))
    }

    /// A figure of an item of whom the manager reports to: `head.score.ID`.
    fn of_head(&self, name: &str, rest: &str, span: &Range<usize>) -> Found {
        let known = FIXED.iter().map(|fixed| fixed.name).filter(|name| name.starts_with("head."));
        let first = rest.split('.').next().unwrap_or_default();
        if !PARTS.iter().any(|(prefix, ..)| *prefix == first) {
            return Err(unknown(name, known, span));
        }
        match self.find(rest, span)? {
            (Leaf::Item(part, id), gives) => {
                Ok((Leaf::Members(Among::Head, Members::Sum, Scored::Item(part, id)), gives))
            }
            _ => Err(unknown(name, known, span)),
        }
    }

    fn gives(&self, gives: Gives) -> Type {
        match gives {
            Gives::Pure => Type::Number(Some(Dimensions::NONE)),
            Gives::Money => Type::Number(Some(self.money.dimensions.clone())),
            Gives::Input => self.x.cloned().unwrap_or(Type::Number(None)),
            Gives::Text => Type::Text,
            Gives::Date => Type::Date,
            Gives::Flag => Type::Flag,
        }
    }

    fn known(&self, id: &str, among: &BTreeSet<String>, span: &Range<usize>) -> Result<Arc<str>, Fault> {
        if among.contains(id) {
            return Ok(id.into());
        }
        let fault = nobody_knows(id, span);
        let near = nearest(id, among.iter().map(String::as_str));
        Err(match near {
            _ if id.contains('@') => fault.help(policy::EARLIER_NAMES.into()),
            near => fault.meant(near.map(str::to_owned)),
        })
    }

    /// Whether what a prefix leads to comes later.
    fn is_later(&self, prefix: &str) -> bool {
        self.names.get(prefix).is_none()
            && self.stage < if prefix == "pay" { Stage::Pay } else { Stage::Total }
    }

    fn too_early(&self, name: &str, span: &Range<usize>) -> Fault {
        Fault::new(&rule::TOO_EARLY, span.clone(), msg!(policy::TOO_EARLY, name = name))
    }

    fn ask(&self, source: Source, text: &str, span: &Range<usize>) -> Found {
        let query: MetricQuery = text.parse().map_err(|message| {
            let first = text.split(['.', '{', '@']).next().unwrap_or_default();
            match self.names.get(first) {
                Some(metric) => {
                    let fault = Fault::new(&rule::UNKNOWN_NAME, span.clone(), message);
                    fault.meant(respelt(first, metric, &text[first.len()..]))
                }
                // What stands behind a name nobody knows says nothing: `manger.role`.
                None => self.unknown_metric(source, text, text, span),
            }
        })?;
        let Some(metric) = self.names.get(&query.name) else {
            return Err(self.unknown_metric(source, &query.name, text, span));
        };
        if self.stage == Stage::Who {
            return Err(self.too_early(text, span));
        }
        // What is stated by period adds up as its kind does, however a book computes the figure itself.
        let aggregates = match source {
            Source::Manager | Source::Team | Source::Unit => &metric.aggregates,
            Source::Targets | Source::Actuals | Source::TeamTargets | Source::UnitTargets => {
                &Metric::new(&metric.unit, metric.kind).aggregates
            }
        };
        if let Some(aggregate) = query.aggregate
            && !aggregates.contains(&aggregate)
            && !source.is_target()
        {
            let message = no_such_aggregate(&query.name, aggregate, aggregates);
            return Err(Fault::new(&rule::UNKNOWN_NAME, span.clone(), message));
        }
        if source.is_target() || source == Source::Actuals {
            let refused = query.filters.keys().next().map(ToString::to_string);
            let refused = refused.or((query.point == Some(Point::Base)).then(|| "@base".to_owned()));
            if let Some(what) = refused {
                let message = msg!(policy::STATED_BY_PERIOD, name = &*query.name, what = what);
                return Err(Fault::new(&rule::UNKNOWN_NAME, span.clone(), message));
            }
        }
        if let Some(allowed) = &metric.filters
            && let Some(key) = query.filters.keys().find(|key| !allowed.iter().any(|known| **known == ***key))
        {
            return Err(unknown(key, allowed.iter().map(String::as_str), span));
        }
        if metric.filters.is_some() {
            self.filters(&query, span)?;
        }
        let unit = Unit::parse(&metric.unit);
        let factor = unit.factor_in(self.money);
        let query = source.canonical(query, self.names);
        Ok((Leaf::Ask(Arc::new(Ask { source, query }), factor), Type::Number(Some(unit.dimensions))))
    }

    /// Words of filters that no record can hold, which would count nothing.
    fn filters(&self, query: &MetricQuery, span: &Range<usize>) -> Result<(), Fault> {
        for (key, word) in &query.filters {
            let known = self.names.words(&query.name, key);
            if known.is_empty() || known.contains(&&**word) || self.mended {
                continue;
            }
            let message = msg!(policy::NO_ENTRY, name = &**word, known = &**key);
            let fault = Fault::new(&rule::UNKNOWN_NAME, span.clone(), message);
            return Err(match nearest(word, known.iter().copied()) {
                Some(near) => fault.meant(Some(near.to_owned())),
                None => fault.help(msg!(finding::ONE_OF, choices = Message::list(&known))),
            });
        }
        Ok(())
    }

    fn unknown_metric(&self, source: Source, name: &str, text: &str, span: &Range<usize>) -> Fault {
        if source != Source::Manager {
            let fault = unknown(name, self.names.iter().map(|(name, _)| name), span);
            return match &fault.help {
                Some(_) => fault,
                None => fault.meant(self.meant(&format!("{}{text}", source.prefix()))),
            };
        }
        match self.meant(text) {
            Some(near) => nobody_knows(name, span).meant(Some(near)),
            None => unknown(name, std::iter::empty(), span),
        }
    }
}

impl Attribute {
    /// What turns an amount of the book's money into the policy's; one for all that is no amount.
    pub fn factor(self, names: &Names, money: &Unit) -> Decimal {
        // The principal drawn is in the book's money, whatever a policy or a book declares.
        let book = names.get("drawn").map(|metric| Unit::parse(&metric.unit));
        match self.gives() {
            Gives::Money => book.map_or(Decimal::ONE, |unit| unit.factor_in(money)),
            _ => Decimal::ONE,
        }
    }
}

fn no_such_aggregate(name: &str, aggregate: Aggregate, known: &[Aggregate]) -> Message {
    let aggregate = aggregate.word();
    if known.is_empty() {
        return msg!(policy::NO_AGGREGATE, name = name, aggregate = aggregate);
    }
    let known: Vec<&str> = known.iter().map(|known| known.word()).collect();
    msg!(policy::NO_SUCH_AGGREGATE, name = name, aggregate = aggregate, known = Message::list(&known))
}
