//! Curves over several figures: events by severity, items turned into units.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::{Filled, Halt, Input, Run, Scored, Shape, clamp, held, negative};
use crate::policy::checked::checked;
use crate::policy::expr::Expr;
use crate::policy::round::settled;
use crate::record::policy::curve::{NegativeSurplus, Pool};
use crate::text::policy;

/// One kind of event.
#[derive(Debug)]
pub(super) struct EventLine {
    pub(super) count: Arc<Expr>,
    pub(super) points: Expr,
    pub(super) cap: Option<Expr>,
}

/// Points for events.
#[derive(Debug)]
pub(super) struct Event {
    pub(super) events: Vec<EventLine>,
    pub(super) exclusive: bool,
    pub(super) base: Option<Expr>,
    pub(super) min: Option<Expr>,
    pub(super) max: Option<Expr>,
}

impl Shape for Event {
    fn apply(&self, input: &Input<'_>) -> Result<Scored, Halt> {
        let (mut points, mut how) = (Decimal::ZERO, Vec::new());
        for line in &self.events {
            let (count, each) = (input.number(&line.count)?, input.number(&line.points)?);
            let earned = (checked(count) * each).get()?;
            let cap = input.optional(line.cap.as_ref())?.map(|cap| cap.abs());
            let least = cap.map(|cap| -cap);
            let within = clamp(earned, least, cap);
            points = (checked(points) + within).get()?;
            let numbers = vec![("count", count), ("each", each), ("raw", earned)];
            let filled = Filled::new(policy::EVENT, numbers).formula("formula", &line.count);
            how.push(filled.within(earned, least, cap, within));
            if self.exclusive && !count.is_zero() {
                how.push(Filled::new(policy::EXCLUSIVE, Vec::new()));
                break;
            }
        }
        let base = input.optional(self.base.as_ref())?.unwrap_or_default();
        let (min, max) = (input.optional(self.min.as_ref())?, input.optional(self.max.as_ref())?);
        let raw = (checked(base) + points).get()?;
        let score = clamp(raw, min, max);
        let filled = Filled::new(policy::EVENTS, vec![("base", base), ("points", points), ("raw", raw)]);
        Ok(Scored::at_once(score, filled.within(raw, min, max, score)).after(how))
    }

    fn parameters<'a>(&'a self, seen: &mut dyn FnMut(&'a Expr)) {
        for line in &self.events {
            [&*line.count, &line.points].into_iter().chain(&line.cap).for_each(&mut *seen);
        }
        self.base.iter().chain(&self.min).chain(&self.max).for_each(seen);
    }

    fn is_below_zero(&self) -> bool {
        self.base.is_none()
            && self.events.iter().any(|line| negative(&line.points))
            && !held(self.min.as_ref())
    }

    /// Events count from nothing up.
    fn greatest(&self, _: Decimal) -> Option<Decimal> {
        let max = self.max.as_ref().and_then(|max| max.constant);
        let most = |line: &EventLine| match line.points.constant {
            Some(points) if points <= Decimal::ZERO => Some(Decimal::ZERO),
            _ => line.cap.as_ref().and_then(|cap| cap.constant).map(|cap| cap.abs()),
        };
        let base = self.base.as_ref().map_or(Some(Decimal::ZERO), |base| base.constant);
        let lines = self.events.iter().map(most).collect::<Option<Vec<_>>>();
        let Some((base, lines)) = base.zip(lines) else { return max };
        let all: Decimal = if self.exclusive {
            lines.into_iter().max().unwrap_or_default()
        } else {
            lines.into_iter().sum()
        };
        Some(max.map_or(base + all, |max| max.min(base + all)))
    }

    fn run(&self) -> Run {
        Run::Unknown
    }

    fn takes_value(&self) -> bool {
        false
    }
}

/// One item that is turned into units.
#[derive(Debug)]
pub(super) struct ConvertItem {
    pub(super) value: Arc<Expr>,
    pub(super) from: Expr,
    pub(super) per: Expr,
}

/// Items into units, units into points.
#[derive(Debug)]
pub(super) struct Convert {
    pub(super) items: Vec<ConvertItem>,
    pub(super) points: Expr,
    pub(super) pool: Pool,
    pub(super) negative: NegativeSurplus,
    pub(super) min: Option<Expr>,
    pub(super) max: Option<Expr>,
}

impl Shape for Convert {
    fn apply(&self, input: &Input<'_>) -> Result<Scored, Halt> {
        let (mut units, mut how) = (Decimal::ZERO, Vec::new());
        for item in &self.items {
            let per = input.number(&item.per)?;
            if per.is_zero() {
                return Err(Halt::ZeroTarget(None));
            }
            let (value, from) = (input.number(&item.value)?, input.number(&item.from)?);
            let surplus = (checked(value) - from).get()?;
            let zero = self.negative == NegativeSurplus::Zero && surplus < Decimal::ZERO;
            let each = if zero { Decimal::ZERO } else { (checked(surplus) / per).get()? };
            let counted = if self.pool == Pool::After { settled(each).trunc() } else { each };
            units = (checked(units) + counted).get()?;
            let text = match (zero, self.pool == Pool::After) {
                (true, _) => policy::SURPLUS_BELOW,
                (false, true) => policy::SURPLUS_WHOLE,
                (false, false) => policy::SURPLUS,
            };
            let mut numbers = vec![("value", value), ("start", from), ("units", counted)];
            numbers.extend((!zero).then_some(("per", per)));
            how.push(Filled::new(text, numbers).formula("formula", &item.value));
        }
        if self.pool == Pool::Before {
            let all = units;
            units = settled(units).trunc();
            how.push(Filled::new(policy::UNITS_WHOLE, vec![("all", all), ("units", units)]));
        }
        let points = input.number(&self.points)?;
        let (min, max) = (input.optional(self.min.as_ref())?, input.optional(self.max.as_ref())?);
        let raw = (checked(units) * points).get()?;
        let score = clamp(raw, min, max);
        let filled = Filled::new(policy::UNITS, vec![("units", units), ("points", points), ("raw", raw)]);
        Ok(Scored::at_once(score, filled.within(raw, min, max, score)).after(how))
    }

    fn parameters<'a>(&'a self, seen: &mut dyn FnMut(&'a Expr)) {
        for item in &self.items {
            [&*item.value, &item.from, &item.per].into_iter().for_each(&mut *seen);
        }
        [&self.points].into_iter().chain(&self.min).chain(&self.max).for_each(seen);
    }

    fn greatest(&self, _: Decimal) -> Option<Decimal> {
        self.max.as_ref().and_then(|max| max.constant)
    }

    fn run(&self) -> Run {
        Run::Unknown
    }

    fn takes_value(&self) -> bool {
        false
    }
}
