//! Curves that count: steps from an anchor, points for every unit.

use rust_decimal::Decimal;

use super::{Filled, Halt, Input, Run, Scored, Shape, clamp, held, negative};
use crate::policy::checked::checked;
use crate::policy::expr::{Expr, Trouble, compare};
use crate::policy::round::settled;
use crate::record::policy::curve::{Comparison, PartOf, Side};
use crate::text::{Message, policy};

/// How many steps a distance is, never negative.
fn steps(distance: Decimal, step: Decimal, part: PartOf) -> Result<Decimal, Trouble> {
    let steps = settled((checked(distance) / step).get()?);
    Ok(match part {
        PartOf::ProRata => steps,
        PartOf::Whole => steps.floor(),
        PartOf::Started => steps.ceil(),
    })
}

/// What becomes of a part of a step, as the end of a phrase.
fn said(part: PartOf) -> Message {
    match part {
        PartOf::ProRata => Message::verbatim(""),
        PartOf::Whole => policy::PARTS_NOT_COUNTED.into(),
        PartOf::Started => policy::PARTS_COUNTED.into(),
    }
}

fn sign(op: Comparison) -> &'static str {
    match op {
        Comparison::AtLeast => "≥",
        Comparison::Above => ">",
        Comparison::AtMost => "≤",
        Comparison::Below => "<",
    }
}

/// points · distance / step without losing a digit where the division does not end.
fn points(distance: Decimal, step: Decimal, part: PartOf, each: Decimal) -> Result<Decimal, Trouble> {
    match part {
        PartOf::ProRata => (checked(each) * distance / step).get(),
        PartOf::Whole | PartOf::Started => (checked(each) * steps(distance, step, part)?).get(),
    }
}

/// A jump beyond a value.
#[derive(Debug)]
pub(super) struct Cliff {
    pub(super) op: Comparison,
    pub(super) at: Expr,
    pub(super) score: Option<Expr>,
}

/// Base marks at the anchor, points up and down from it.
#[derive(Debug)]
pub(super) struct Anchor {
    pub(super) anchor: Option<Expr>,
    pub(super) base: Option<Expr>,
    pub(super) step: Expr,
    pub(super) up: Option<Expr>,
    pub(super) down: Option<Expr>,
    pub(super) min: Option<Expr>,
    pub(super) max: Option<Expr>,
    pub(super) cliff: Option<Cliff>,
    pub(super) part: PartOf,
}

impl Shape for Anchor {
    fn takes_target(&self) -> bool {
        self.anchor.is_none()
    }

    fn apply(&self, input: &Input<'_>) -> Result<Scored, Halt> {
        let x = input.x;
        if let Some(cliff) = &self.cliff {
            let at = input.number(&cliff.at)?;
            if compare(x, cliff.op, at) {
                let score = input.optional(cliff.score.as_ref())?.unwrap_or_default();
                let numbers = vec![("x", x), ("at", at), ("score", score)];
                let filled = Filled::new(policy::CLIFF, numbers).word("op", sign(cliff.op));
                return Ok(Scored::at_once(score, filled));
            }
        }
        let anchor = input.target_or(self.anchor.as_ref())?;
        let base = input.optional(self.base.as_ref())?.unwrap_or(input.full);
        let step = input.number(&self.step)?;
        if step <= Decimal::ZERO {
            return Err(Halt::ZeroTarget(None));
        }
        let (text, each, sign) = if x >= anchor {
            (policy::ANCHOR_UP, self.up.as_ref(), Decimal::ONE)
        } else {
            (policy::ANCHOR_DOWN, self.down.as_ref(), Decimal::NEGATIVE_ONE)
        };
        let each = input.optional(each)?.unwrap_or_default();
        let distance = (checked(x) - anchor).get()?.abs();
        let raw = (checked(base) + sign * points(distance, step, self.part, each)?).get()?;
        let (min, max) = (input.optional(self.min.as_ref())?, input.optional(self.max.as_ref())?);
        let score = clamp(raw, min, max);
        let numbers = vec![
            ("base", base),
            ("each", each),
            ("steps", steps(distance, step, self.part)?),
            ("x", x),
            ("anchor", anchor),
            ("step", step),
            ("raw", raw),
        ];
        let filled = Filled::new(text, numbers).said("part", said(self.part));
        Ok(Scored::at_once(score, filled.within(raw, min, max, score)))
    }

    fn parameters<'a>(&'a self, seen: &mut dyn FnMut(&'a Expr)) {
        let stated = [&self.anchor, &self.base, &self.up, &self.down, &self.min, &self.max];
        stated.into_iter().flatten().chain([&self.step]).for_each(&mut *seen);
        self.cliff.iter().for_each(|cliff| [&cliff.at].into_iter().chain(&cliff.score).for_each(&mut *seen));
    }

    fn greatest(&self, full: Decimal) -> Option<Decimal> {
        let sign = |each: &Option<Expr>| each.as_ref().map_or(Some(Decimal::ZERO), |each| each.constant);
        let base = self.base.as_ref().map_or(Some(full), |base| base.constant)?;
        let flat = sign(&self.up)? <= Decimal::ZERO && sign(&self.down)? >= Decimal::ZERO;
        let max = self.max.as_ref().and_then(|max| max.constant);
        if flat { Some(max.map_or(base, |max| max.min(base))) } else { max }
    }

    fn run(&self) -> Run {
        let sign = |each: &Option<Expr>| each.as_ref().map_or(Some(Decimal::ZERO), |each| each.constant);
        let (Some(up), Some(down)) = (sign(&self.up), sign(&self.down)) else { return Run::Unknown };
        let slopes = Run::of(&[Some(-down), Some(Decimal::ZERO), Some(up)]);
        // Falling off where more is better, or where less is: a score that nothing on that side of the anchor gives.
        let falls = self.cliff.as_ref().is_some_and(|cliff| {
            let score = cliff.score.as_ref().map_or(Some(Decimal::ZERO), |score| score.constant);
            let beyond = matches!(cliff.op, Comparison::AtLeast | Comparison::Above);
            let against = if beyond { up > Decimal::ZERO } else { down < Decimal::ZERO };
            against
                && score
                    .zip(self.base.as_ref().and_then(|base| base.constant))
                    .is_some_and(|(score, base)| score < base)
        });
        if falls { Run::Both } else { slopes }
    }
}

/// Points for every unit from a start.
#[derive(Debug)]
pub(super) struct PerUnit {
    pub(super) unit: Expr,
    pub(super) points: Expr,
    pub(super) from: Option<Expr>,
    pub(super) side: Side,
    pub(super) base: Option<Expr>,
    pub(super) min: Option<Expr>,
    pub(super) max: Option<Expr>,
    pub(super) part: PartOf,
}

impl Shape for PerUnit {
    fn apply(&self, input: &Input<'_>) -> Result<Scored, Halt> {
        let x = input.x;
        let from = input.optional(self.from.as_ref())?.unwrap_or_default();
        let unit = input.number(&self.unit)?;
        let each = input.number(&self.points)?;
        let base = input.optional(self.base.as_ref())?.unwrap_or_default();
        if unit <= Decimal::ZERO {
            return Err(Halt::ZeroTarget(None));
        }
        let beyond = (checked(x) - from).get()?;
        let (distance, sign) = match self.side {
            Side::Above => (beyond.max(Decimal::ZERO), Decimal::ONE),
            Side::Below => ((-beyond).max(Decimal::ZERO), Decimal::ONE),
            Side::Both if x < from => (-beyond, Decimal::NEGATIVE_ONE),
            Side::Both => (beyond, Decimal::ONE),
        };
        let raw = (checked(base) + sign * points(distance, unit, self.part, each)?).get()?;
        let (min, max) = (input.optional(self.min.as_ref())?, input.optional(self.max.as_ref())?);
        let score = clamp(raw, min, max);
        let numbers = vec![
            ("base", base),
            ("each", sign * each),
            ("units", steps(distance, unit, self.part)?),
            ("x", x),
            ("from", from),
            ("unit", unit),
            ("raw", raw),
        ];
        let text = match self.side {
            Side::Above => policy::PER_UNIT_ABOVE,
            Side::Below => policy::PER_UNIT_BELOW,
            Side::Both => policy::PER_UNIT_BOTH,
        };
        let filled = Filled::new(text, numbers).said("part", said(self.part));
        Ok(Scored::at_once(score, filled.within(raw, min, max, score)))
    }

    fn parameters<'a>(&'a self, seen: &mut dyn FnMut(&'a Expr)) {
        let stated = [&self.from, &self.base, &self.min, &self.max];
        stated.into_iter().flatten().chain([&self.unit, &self.points]).for_each(seen);
    }

    fn is_below_zero(&self) -> bool {
        self.base.is_none() && negative(&self.points) && !held(self.min.as_ref())
    }

    fn greatest(&self, _: Decimal) -> Option<Decimal> {
        let max = self.max.as_ref().and_then(|max| max.constant);
        let taking =
            self.points.constant.is_some_and(|points| points <= Decimal::ZERO) && self.side != Side::Both;
        let base = self.base.as_ref().map_or(Some(Decimal::ZERO), |base| base.constant);
        if taking { base.map(|base| max.map_or(base, |max| max.min(base))) } else { max }
    }

    fn run(&self) -> Run {
        let Some(points) = self.points.constant else {
            return Run::Unknown;
        };
        match (points >= Decimal::ZERO, self.side) {
            (true, Side::Above | Side::Both) | (false, Side::Below) => Run::Rising,
            _ => Run::Falling,
        }
    }
}
