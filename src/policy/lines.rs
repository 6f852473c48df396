//! Straight lines between points: what a piecewise curve is, and a table of points that an expression looks up.

use rust_decimal::Decimal;

use super::checked::checked;
use super::expr::Trouble;

/// What lies beyond the first or the last point.
#[derive(Clone, Debug, PartialEq)]
pub enum Beyond<T> {
    /// What the last point gives.
    Hold,
    /// The line through the last two points.
    Extend,
    /// What is stated.
    Stated(T),
}

impl<T> Beyond<T> {
    /// What a word says; none where a number or a formula is stated instead.
    pub(super) fn worded(word: &str) -> Option<Self> {
        match word {
            "hold" => Some(Self::Hold),
            "extend" => Some(Self::Extend),
            _ => None,
        }
    }

    pub(super) fn stated(&self) -> Option<&T> {
        match self {
            Self::Stated(stated) => Some(stated),
            Self::Hold | Self::Extend => None,
        }
    }
}

/// Points with straight lines between them.
#[derive(Clone, Debug, PartialEq)]
pub struct Lines<T> {
    /// The points, x rising.
    pub points: Vec<(T, T)>,
    /// Below the first.
    pub below: Beyond<T>,
    /// Above the last.
    pub above: Beyond<T>,
}

/// A point in numbers, and which one it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    pub(super) at: usize,
    pub(super) x: Decimal,
    pub(super) y: Decimal,
}

/// How a height came about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reached {
    /// On the line through two points.
    Line(Point, Point),
    /// That of the point at the end.
    Held(Point),
    /// Stated for all that lies beyond the point at the end.
    Stated(Point),
}

/// What the lines give for a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Height {
    /// The number.
    pub y: Decimal,
    /// How it came about.
    pub how: Reached,
}

impl Height {
    /// That of the line through two points; multiplied first, so that no digit is lost.
    fn on(x: Decimal, from: Point, to: Point) -> Result<Self, Trouble> {
        let rises = (checked(x) - from.x) * (checked(to.y) - from.y) / (checked(to.x) - from.x);
        let y = if to.x == from.x { from.y } else { (checked(from.y) + rises).get()? };
        Ok(Self { y, how: Reached::Line(from, to) })
    }
}

impl<T> Lines<T> {
    /// The height at `x`, `number` giving what stands in a point; none where there is no point.
    ///
    /// # Errors
    /// What `number` fails with, or that the line outgrows 28 digits.
    pub fn at<E: From<Trouble>>(
        &self,
        x: Decimal,
        number: &dyn Fn(&T) -> Result<Decimal, E>,
    ) -> Result<Option<Height>, E> {
        let points = self.points.iter().enumerate();
        let points = points.map(|(at, (x, y))| Ok(Point { at, x: number(x)?, y: number(y)? }));
        let points = points.collect::<Result<Vec<Point>, E>>()?;
        let (Some(first), Some(last)) = (points.first(), points.last()) else {
            return Ok(None);
        };
        let beyond = |beyond: &Beyond<T>, end: Point, next: Option<&Point>| {
            Ok(Some(match beyond {
                Beyond::Hold => Height { y: end.y, how: Reached::Held(end) },
                Beyond::Extend => Height::on(x, end, *next.unwrap_or(&end))?,
                Beyond::Stated(stated) => Height { y: number(stated)?, how: Reached::Stated(end) },
            }))
        };
        if x < first.x {
            return beyond(&self.below, *first, points.get(1));
        }
        if x > last.x {
            return beyond(&self.above, *last, points.iter().rev().nth(1));
        }
        let pair = points.windows(2).find(|pair| x >= pair[0].x && x <= pair[1].x);
        let (from, to) = pair.map_or((*first, *first), |pair| (pair[0], pair[1]));
        Ok(Some(Height::on(x, from, to)?))
    }

    /// What is stated for what lies beyond the point at the end.
    pub(super) fn stated(&self, end: Point) -> Option<&T> {
        if end.at == 0 { self.below.stated() } else { self.above.stated() }
    }

    /// Everything written in them.
    pub(super) fn parts(&self) -> impl Iterator<Item = &T> {
        let beyond = [&self.below, &self.above].into_iter().filter_map(Beyond::stated);
        self.points.iter().flat_map(|(x, y)| [x, y]).chain(beyond)
    }
}
