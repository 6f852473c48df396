//! Curves over a table: bands, and straight lines between points.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::{Filled, Halt, Input, Run, Scored, Shape, negative};
use crate::policy::expr::Expr;
use crate::policy::lines::{Beyond, Height, Lines, Reached};
use crate::policy::round::settled;
use crate::text::policy;

/// An edge of a band.
#[derive(Clone, Debug)]
pub(crate) struct Edge {
    pub(crate) at: Expr,
    pub(crate) included: bool,
}

/// One band.
#[derive(Clone, Debug)]
pub(crate) struct Band {
    pub(crate) lower: Option<Edge>,
    pub(crate) upper: Option<Edge>,
    pub(crate) result: Arc<Expr>,
}

/// A band a value lies in, with its edges as numbers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found<'a> {
    pub(crate) result: &'a Arc<Expr>,
    pub(crate) lower: Option<(Decimal, bool)>,
    pub(crate) upper: Option<(Decimal, bool)>,
}

/// A whole table, whose bands meet without gap or overlap.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bands(pub(crate) Vec<Band>);

type Number<'a, E> = &'a dyn Fn(&Expr) -> Result<Decimal, E>;

impl Bands {
    /// The band `x` lies in; none only where edges that depend on facts have come to cross.
    pub(crate) fn find<E>(&self, x: Decimal, number: Number<'_, E>) -> Result<Option<Found<'_>>, E> {
        let x = settled(x);
        for band in &self.0 {
            let edge = |edge: &Option<Edge>| match edge {
                Some(edge) => number(&edge.at).map(|at| Some((settled(at), edge.included))),
                None => Ok(None),
            };
            let (lower, upper) = (edge(&band.lower)?, edge(&band.upper)?);
            let above = lower.is_none_or(|(at, included)| x > at || included && x == at);
            let below = upper.is_none_or(|(at, included)| x < at || included && x == at);
            if above && below {
                return Ok(Some(Found { result: &band.result, lower, upper }));
            }
        }
        Ok(None)
    }

    /// Calls `seen` with every edge and result.
    pub(crate) fn parameters<'a>(&'a self, seen: &mut dyn FnMut(&'a Expr)) {
        for band in &self.0 {
            band.lower.iter().chain(&band.upper).for_each(|edge| seen(&edge.at));
            seen(&band.result);
        }
    }
}

impl Found<'_> {
    /// The band and its result, filled in.
    pub(crate) fn filled(&self, x: Decimal, score: Decimal) -> Vec<Filled> {
        let text = match (self.lower, self.upper) {
            (None, None) => policy::BAND_ANY,
            (None, Some((_, true))) => policy::BAND_AT_MOST,
            (None, Some((_, false))) => policy::BAND_BELOW,
            (Some((_, true)), None) => policy::BAND_AT_LEAST,
            (Some((_, false)), None) => policy::BAND_ABOVE,
            (Some((_, true)), Some((_, true))) => policy::BAND_CLOSED,
            (Some((_, true)), Some((_, false))) => policy::BAND_LOWER,
            (Some((_, false)), Some((_, true))) => policy::BAND_UPPER,
            (Some((_, false)), Some((_, false))) => policy::BAND_OPEN,
        };
        let mut numbers = vec![("x", x), ("score", score)];
        numbers.extend(self.lower.map(|(at, _)| ("lower", at)));
        numbers.extend(self.upper.map(|(at, _)| ("upper", at)));
        let band = Filled::new(text, numbers);
        if self.result.constant.is_some() {
            return vec![band];
        }
        vec![super::free::by_formula(self.result, score), band]
    }
}

impl Shape for Bands {
    fn last_edge(&self) -> Option<Decimal> {
        let edges = self.0.iter().flat_map(|band| band.lower.iter().chain(&band.upper));
        edges.map(|edge| edge.at.constant).collect::<Option<Vec<_>>>()?.into_iter().max()
    }

    fn apply(&self, input: &Input<'_>) -> Result<Scored, Halt> {
        let found = self.find(input.x, &|parameter| input.number(parameter))?;
        let found = found.ok_or(Halt::ZeroTarget(None))?;
        let score = input.number(found.result)?;
        Ok(Scored { score, how: found.filled(input.x, score) })
    }

    fn parameters<'a>(&'a self, seen: &mut dyn FnMut(&'a Expr)) {
        self.parameters(seen);
    }

    fn greatest(&self, _: Decimal) -> Option<Decimal> {
        let results: Option<Vec<Decimal>> = self.0.iter().map(|band| band.result.constant).collect();
        results?.into_iter().max()
    }

    fn is_below_zero(&self) -> bool {
        self.0.iter().any(|band| negative(&band.result))
    }

    fn run(&self) -> Run {
        Run::of(&self.0.iter().map(|band| band.result.constant).collect::<Vec<_>>())
    }
}

impl Shape for Lines<Expr> {
    fn last_edge(&self) -> Option<Decimal> {
        self.points.last().and_then(|(x, _)| x.constant)
    }

    fn apply(&self, input: &Input<'_>) -> Result<Scored, Halt> {
        let x = input.x;
        let found = self.at(x, &|part| input.number(part))?;
        let Height { y: score, how } = found.ok_or(Halt::ZeroTarget(None))?;
        let (text, mut numbers) = match how {
            Reached::Line(from, to) => {
                (policy::LINE, vec![("x0", from.x), ("y0", from.y), ("x1", to.x), ("y1", to.y)])
            }
            Reached::Held(end) if x < end.x => (policy::HELD_BELOW, vec![("edge", end.x)]),
            Reached::Held(end) => (policy::HELD_ABOVE, vec![("edge", end.x)]),
            Reached::Stated(end) if x < end.x => (policy::SCORED_BELOW, vec![("edge", end.x)]),
            Reached::Stated(end) => (policy::SCORED_ABOVE, vec![("edge", end.x)]),
        };
        numbers.extend([("x", x), ("score", score)]);
        Ok(Scored::at_once(score, Filled::new(text, numbers)))
    }

    fn parameters<'a>(&'a self, seen: &mut dyn FnMut(&'a Expr)) {
        self.parts().for_each(seen);
    }

    fn is_below_zero(&self) -> bool {
        self.points.iter().any(|(_, y)| negative(y))
    }

    fn greatest(&self, _: Decimal) -> Option<Decimal> {
        let mut results = self.points.iter().map(|(_, y)| y.constant).collect::<Option<Vec<_>>>()?;
        for beyond in [&self.below, &self.above] {
            match beyond {
                Beyond::Hold => {}
                Beyond::Extend => return None,
                Beyond::Stated(score) => results.push(score.constant?),
            }
        }
        results.into_iter().max()
    }

    fn run(&self) -> Run {
        let stated = |beyond: &Beyond<Expr>| beyond.stated().map(|score| score.constant);
        let inner = self.points.iter().map(|(_, y)| y.constant);
        Run::of(&stated(&self.below).into_iter().chain(inner).chain(stated(&self.above)).collect::<Vec<_>>())
    }
}
