//! Curves over several figures: events by severity, items turned into units.

use rust_decimal::Decimal;

use super::{Filled, Halt, Input, Run, Scored, Shape, clamp};
use crate::policy::expr::Expr;
use crate::policy::round::settled;
use crate::record::policy::curve::{NegativeSurplus, Pool};
use crate::text::policy;

/// One kind of event.
#[derive(Debug)]
pub(super) struct EventLine {
    pub(super) count: Expr,
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
        let (mut points, mut events) = (Decimal::ZERO, Decimal::ZERO);
        for line in &self.events {
            let count = input.number(&line.count)?;
            let earned = count * input.number(&line.points)?;
            let cap = input.optional(line.cap.as_ref())?.map(|cap| cap.abs());
            points += clamp(earned, cap.map(|cap| -cap), cap);
            events += count;
            if self.exclusive && !count.is_zero() {
                break;
            }
        }
        let base = input.optional(self.base.as_ref())?.unwrap_or_default();
        let (min, max) = (input.optional(self.min.as_ref())?, input.optional(self.max.as_ref())?);
        let score = clamp(base + points, min, max);
        let numbers = vec![("events", events), ("base", base), ("points", points), ("score", score)];
        Ok(Scored { score, how: Filled { text: policy::EVENTS, numbers } })
    }

    fn parameters<'a>(&'a self, seen: &mut dyn FnMut(&'a Expr)) {
        for line in &self.events {
            [&line.count, &line.points].into_iter().chain(&line.cap).for_each(&mut *seen);
        }
        self.base.iter().chain(&self.min).chain(&self.max).for_each(seen);
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

/// One item that is turned into units.
#[derive(Debug)]
pub(super) struct ConvertItem {
    pub(super) value: Expr,
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
        let mut units = Decimal::ZERO;
        for item in &self.items {
            let per = input.number(&item.per)?;
            if per.is_zero() {
                return Err(Halt::ZeroTarget(None));
            }
            let surplus = input.number(&item.value)? - input.number(&item.from)?;
            let surplus =
                if self.negative == NegativeSurplus::Zero { surplus.max(Decimal::ZERO) } else { surplus };
            let each = surplus / per;
            units += if self.pool == Pool::After { settled(each).trunc() } else { each };
        }
        if self.pool == Pool::Before {
            units = settled(units).trunc();
        }
        let points = input.number(&self.points)?;
        let (min, max) = (input.optional(self.min.as_ref())?, input.optional(self.max.as_ref())?);
        let score = clamp(units * points, min, max);
        let numbers = vec![("units", units), ("points", points), ("score", score)];
        Ok(Scored { score, how: Filled { text: policy::UNITS, numbers } })
    }

    fn parameters<'a>(&'a self, seen: &mut dyn FnMut(&'a Expr)) {
        for item in &self.items {
            [&item.value, &item.from, &item.per].into_iter().for_each(&mut *seen);
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
