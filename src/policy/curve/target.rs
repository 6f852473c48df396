//! Curves against a target: ratio, threshold, tolerance, window, neutral.

use rust_decimal::Decimal;

use super::{Filled, Halt, Input, Run, Scored, Shape, clamp};
use crate::policy::checked::checked;
use crate::policy::expr::{Expr, compare};
use crate::record::policy::curve::{Better, Comparison, Unusable};
use crate::text::policy;

/// Full marks in proportion to completion.
#[derive(Debug)]
pub(super) struct Ratio {
    pub(super) min: Option<Expr>,
    pub(super) max: Option<Expr>,
    pub(super) better: Better,
    pub(super) zero_target: Option<Unusable>,
}

impl Shape for Ratio {
    fn takes_target(&self) -> bool {
        true
    }

    fn is_of_full(&self) -> bool {
        true
    }

    fn apply(&self, input: &Input<'_>) -> Result<Scored, Halt> {
        let target = input.target.ok_or(Halt::ZeroTarget(self.zero_target))?;
        let (x, full) = (input.x, input.full);
        if target <= Decimal::ZERO {
            return Err(Halt::ZeroTarget(self.zero_target));
        }
        let min = input.optional(self.min.as_ref())?.unwrap_or_default();
        let max = input.optional(self.max.as_ref())?;
        let lower = self.better == Better::Lower;
        // Nothing of what should stay small is as good as it gets.
        let bounded = if lower && x <= Decimal::ZERO {
            // A policy without a greatest score does not load.
            max.unwrap_or(Decimal::ONE)
        } else {
            let (above, below) = if lower { (target, x) } else { (x, target) };
            clamp((checked(above) / below).get()?, Some(min), max)
        };
        let score = match exact(x, target, full, bounded, lower) {
            Some(score) => score,
            None => (checked(full) * bounded).get()?,
        };
        if lower && x <= Decimal::ZERO {
            return Ok(nothing(x, score));
        }
        let text = match (lower, max.is_some()) {
            (false, true) => policy::RATIO,
            (false, false) => policy::RATIO_OPEN,
            (true, true) => policy::RATIO_LOWER,
            (true, false) => policy::RATIO_LOWER_OPEN,
        };
        let mut numbers = vec![("full", full), ("x", x), ("target", target), ("min", min), ("score", score)];
        numbers.extend(max.map(|max| ("max", max)));
        Ok(Scored::at_once(score, Filled::new(text, numbers)))
    }

    fn parameters<'a>(&'a self, seen: &mut dyn FnMut(&'a Expr)) {
        self.min.iter().chain(&self.max).for_each(seen);
    }

    fn greatest(&self, full: Decimal) -> Option<Decimal> {
        self.max.as_ref().and_then(|max| max.constant).map(|max| full * max)
    }

    fn run(&self) -> Run {
        if self.better == Better::Lower { Run::Falling } else { Run::Rising }
    }
}

/// The score where nothing happened of what should stay small.
fn nothing(x: Decimal, score: Decimal) -> Scored {
    Scored::at_once(score, Filled::new(policy::NOTHING_HAPPENED, vec![("x", x), ("score", score)]))
}

/// full · x / target, multiplied first: an unbounded quotient that does not end would lose the last digit.
fn exact(x: Decimal, target: Decimal, full: Decimal, bounded: Decimal, lower: bool) -> Option<Decimal> {
    let (above, below) = if lower { (target, x) } else { (x, target) };
    (above.checked_div(below)? == bounded).then(|| full.checked_mul(above))??.checked_div(below)
}

/// Full marks or none.
#[derive(Debug)]
pub(super) struct Threshold {
    pub(super) op: Comparison,
    pub(super) at: Option<Expr>,
    pub(super) otherwise: Option<Expr>,
}

impl Shape for Threshold {
    fn takes_target(&self) -> bool {
        self.at.is_none()
    }

    fn is_of_full(&self) -> bool {
        true
    }

    fn apply(&self, input: &Input<'_>) -> Result<Scored, Halt> {
        let at = input.target_or(self.at.as_ref())?;
        let holds = compare(input.x, self.op, at);
        let otherwise = input.optional(self.otherwise.as_ref())?.unwrap_or_default();
        let score = if holds { input.full } else { otherwise };
        let text = match (self.op, holds) {
            (Comparison::AtLeast, true) | (Comparison::Below, false) => policy::IS_AT_LEAST,
            (Comparison::Above, true) | (Comparison::AtMost, false) => policy::IS_ABOVE,
            (Comparison::AtMost, true) | (Comparison::Above, false) => policy::IS_AT_MOST,
            (Comparison::Below, true) | (Comparison::AtLeast, false) => policy::IS_BELOW,
        };
        let numbers = vec![("x", input.x), ("at", at), ("score", score)];
        Ok(Scored::at_once(score, Filled::new(text, numbers)))
    }

    fn parameters<'a>(&'a self, seen: &mut dyn FnMut(&'a Expr)) {
        self.at.iter().chain(&self.otherwise).for_each(seen);
    }

    fn greatest(&self, full: Decimal) -> Option<Decimal> {
        Some(full)
    }

    fn run(&self) -> Run {
        match self.op {
            Comparison::AtLeast | Comparison::Above => Run::Rising,
            Comparison::AtMost | Comparison::Below => Run::Falling,
        }
    }
}

/// Less of what should stay small.
#[derive(Debug)]
pub(super) struct Tolerance {
    pub(super) target: Option<Expr>,
    pub(super) none: Option<Expr>,
    pub(super) zero_target: Option<Unusable>,
}

impl Shape for Tolerance {
    fn takes_target(&self) -> bool {
        self.target.is_none()
    }

    fn is_of_full(&self) -> bool {
        true
    }

    fn apply(&self, input: &Input<'_>) -> Result<Scored, Halt> {
        let (x, full) = (input.x, input.full);
        let target = input.target_or(self.target.as_ref())?;
        if target <= Decimal::ZERO {
            return Err(Halt::ZeroTarget(self.zero_target));
        }
        if x <= Decimal::ZERO {
            let score = input.optional(self.none.as_ref())?.unwrap_or(full);
            return Ok(nothing(x, score));
        }
        let raw = (checked(full) * (checked(target) - x) / target).get()?;
        let score = clamp(raw, Some(Decimal::ZERO), Some(full));
        let numbers = vec![("full", full), ("x", x), ("target", target), ("score", score)];
        Ok(Scored::at_once(score, Filled::new(policy::TOLERANCE, numbers)))
    }

    fn parameters<'a>(&'a self, seen: &mut dyn FnMut(&'a Expr)) {
        self.target.iter().chain(&self.none).for_each(seen);
    }

    fn greatest(&self, full: Decimal) -> Option<Decimal> {
        Some(full)
    }

    fn run(&self) -> Run {
        Run::Falling
    }
}

/// Full marks on one edge of a window, none on the other.
#[derive(Debug)]
pub(super) struct Window {
    pub(super) target: Option<Expr>,
    pub(super) half_width: Expr,
    pub(super) better: Better,
}

impl Shape for Window {
    fn takes_target(&self) -> bool {
        self.target.is_none()
    }

    fn is_of_full(&self) -> bool {
        true
    }

    fn apply(&self, input: &Input<'_>) -> Result<Scored, Halt> {
        let (x, full) = (input.x, input.full);
        let target = input.target_or(self.target.as_ref())?;
        let half = input.number(&self.half_width)?;
        if half <= Decimal::ZERO {
            return Err(Halt::ZeroTarget(None));
        }
        let (text, good) = match self.better {
            Better::Lower => (policy::WINDOW_LOWER, checked(target) + half - x),
            Better::Higher => (policy::WINDOW_HIGHER, checked(x) - target + half),
        };
        let raw = (checked(full) * good / (checked(half) * Decimal::TWO)).get()?;
        let score = clamp(raw, Some(Decimal::ZERO), Some(full));
        let numbers = vec![("full", full), ("x", x), ("target", target), ("half", half), ("score", score)];
        Ok(Scored::at_once(score, Filled::new(text, numbers)))
    }

    fn parameters<'a>(&'a self, seen: &mut dyn FnMut(&'a Expr)) {
        self.target.iter().chain([&self.half_width]).for_each(seen);
    }

    fn greatest(&self, full: Decimal) -> Option<Decimal> {
        Some(full)
    }

    fn run(&self) -> Run {
        if self.better == Better::Lower { Run::Falling } else { Run::Rising }
    }
}

/// Best on target.
#[derive(Debug)]
pub(super) struct Neutral {
    pub(super) target: Option<Expr>,
    pub(super) dead_band: Option<Expr>,
    pub(super) slope_up: Expr,
    pub(super) slope_down: Expr,
    pub(super) min: Option<Expr>,
}

impl Shape for Neutral {
    fn takes_target(&self) -> bool {
        self.target.is_none()
    }

    fn is_of_full(&self) -> bool {
        true
    }

    fn apply(&self, input: &Input<'_>) -> Result<Scored, Halt> {
        let (x, full) = (input.x, input.full);
        let target = input.target_or(self.target.as_ref())?;
        let band = input.optional(self.dead_band.as_ref())?.unwrap_or_default();
        let slope = input.number(if x > target { &self.slope_up } else { &self.slope_down })?;
        let min = input.optional(self.min.as_ref())?.unwrap_or_default();
        let beyond = (checked((checked(x) - target).get()?.abs()) - band).get()?.max(Decimal::ZERO);
        let score = clamp((checked(full) - checked(slope) * beyond).get()?, Some(min), None);
        let numbers = vec![
            ("full", full),
            ("x", x),
            ("target", target),
            ("band", band),
            ("slope", slope),
            ("min", min),
            ("score", score),
        ];
        Ok(Scored::at_once(score, Filled::new(policy::NEUTRAL, numbers)))
    }

    fn parameters<'a>(&'a self, seen: &mut dyn FnMut(&'a Expr)) {
        let always = [&self.slope_up, &self.slope_down];
        self.target.iter().chain(&self.dead_band).chain(always).chain(&self.min).for_each(seen);
    }

    fn greatest(&self, full: Decimal) -> Option<Decimal> {
        Some(full)
    }

    fn run(&self) -> Run {
        // A slope of nothing on one side leaves the other one.
        let falls = |slope: &Expr| slope.constant.map(|slope| slope > Decimal::ZERO);
        match (falls(&self.slope_up), falls(&self.slope_down)) {
            (Some(true), Some(true)) => Run::Both,
            (Some(true), Some(false)) => Run::Falling,
            (Some(false), Some(true)) => Run::Rising,
            _ => Run::Unknown,
        }
    }
}
