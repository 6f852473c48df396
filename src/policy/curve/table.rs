//! Curves over a table: bands, and straight lines between points.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::{Filled, Halt, Input, Run, Scored, Shape, negative};
use crate::policy::expr::Expr;
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

/// What lies beyond the first or the last point.
#[derive(Debug)]
pub(super) enum Beyond {
    Hold,
    Extend,
    Score(Expr),
}

/// Straight lines between points.
#[derive(Debug)]
pub(super) struct Piecewise {
    pub(super) points: Vec<(Expr, Expr)>,
    pub(super) below: Beyond,
    pub(super) above: Beyond,
}

type Point = (Decimal, Decimal);

/// The height at `x` of the line through two points; multiplied first, so that no digit is lost.
fn line(x: Decimal, (x0, y0): Point, (x1, y1): Point) -> Decimal {
    if x1 == x0 { y0 } else { y0 + (x - x0) * (y1 - y0) / (x1 - x0) }
}

impl Piecewise {
    fn beyond(&self, how: &Beyond, input: &Input<'_>, edge: Point, next: Point) -> Result<Scored, Halt> {
        let x = input.x;
        let texts = if x < edge.0 {
            (policy::HELD_BELOW, policy::SCORED_BELOW)
        } else {
            (policy::HELD_ABOVE, policy::SCORED_ABOVE)
        };
        match how {
            Beyond::Hold => {
                let numbers = vec![("x", x), ("edge", edge.0), ("score", edge.1)];
                Ok(Scored::at_once(edge.1, Filled::new(texts.0, numbers)))
            }
            Beyond::Extend => Ok(straight(x, edge, next)),
            Beyond::Score(score) => {
                let score = input.number(score)?;
                let numbers = vec![("x", x), ("edge", edge.0), ("score", score)];
                Ok(Scored::at_once(score, Filled::new(texts.1, numbers)))
            }
        }
    }
}

fn straight(x: Decimal, from: Point, to: Point) -> Scored {
    let score = line(x, from, to);
    let numbers =
        vec![("x", x), ("x0", from.0), ("y0", from.1), ("x1", to.0), ("y1", to.1), ("score", score)];
    Scored::at_once(score, Filled::new(policy::LINE, numbers))
}

impl Shape for Piecewise {
    fn last_edge(&self) -> Option<Decimal> {
        self.points.last().and_then(|(x, _)| x.constant)
    }

    fn apply(&self, input: &Input<'_>) -> Result<Scored, Halt> {
        let points = self.points.iter().map(|(x, y)| Ok((input.number(x)?, input.number(y)?)));
        let points = points.collect::<Result<Vec<Point>, Halt>>()?;
        let x = input.x;
        let (Some(first), Some(last)) = (points.first(), points.last()) else {
            return Err(Halt::ZeroTarget(None));
        };
        if x < first.0 {
            return self.beyond(&self.below, input, *first, *points.get(1).unwrap_or(first));
        }
        if x > last.0 {
            let before = points.len().checked_sub(2).map_or(*last, |index| points[index]);
            return self.beyond(&self.above, input, *last, before);
        }
        let pair = points.windows(2).find(|pair| x >= pair[0].0 && x <= pair[1].0);
        let (from, to) = pair.map_or((*first, *first), |pair| (pair[0], pair[1]));
        Ok(straight(x, from, to))
    }

    fn parameters<'a>(&'a self, seen: &mut dyn FnMut(&'a Expr)) {
        for (x, y) in &self.points {
            seen(x);
            seen(y);
        }
        for beyond in [&self.below, &self.above] {
            if let Beyond::Score(score) = beyond {
                seen(score);
            }
        }
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
                Beyond::Score(score) => results.push(score.constant?),
            }
        }
        results.into_iter().max()
    }

    fn run(&self) -> Run {
        let stated = |beyond: &Beyond| match beyond {
            Beyond::Score(score) => Some(score.constant),
            Beyond::Hold | Beyond::Extend => None,
        };
        let inner = self.points.iter().map(|(_, y)| y.constant);
        Run::of(&stated(&self.below).into_iter().chain(inner).chain(stated(&self.above)).collect::<Vec<_>>())
    }
}
