//! Curves: how a value becomes a score.
//!
//! A kind is one struct with its manual, its parameters and its formula; families share a file. A curve is compiled from what
//! is written (`compile`), applied to a value ([`Shape::apply`]), and says with its numbers filled in what it did.
//!
//! To add a kind: its struct in `record::policy::curve`, a struct here that implements [`Shape`], its line in `kind` of
//! `compile.rs` and its manual in [`MANUAL`].

use std::fmt::Debug;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::checked::{Checked, total};
use super::expr::{Expr, Trouble};
use super::round::clamp;
use crate::record::policy::Mode;
use crate::record::policy::curve::{Better, Group, Unusable};
use crate::text::Message;

mod compile;
mod count;
mod filled;
mod free;
mod manual;
pub(crate) mod peers;
mod people;
mod several;
mod steps;
pub(crate) mod table;
mod tabular;
mod target;
mod tried;

pub(super) use compile::{CurveContext, chain, of_nothing, untaken};
pub use filled::{Filled, Spell, Word};
pub use manual::{MANUAL, Manual};
pub(super) use tabular::{TableKeys, edge_of, points_of, table_of};

/// What a curve gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Scored {
    /// The score.
    pub score: Decimal,
    /// How it came about, step by step.
    pub how: Vec<Filled>,
}

impl Scored {
    /// A score that came about in one step.
    fn at_once(score: Decimal, how: Filled) -> Self {
        Self { score, how: vec![how] }
    }

    /// The same after other steps.
    fn after(self, mut how: Vec<Filled>) -> Self {
        how.extend(self.how);
        Self { how, ..self }
    }
}

/// Why a curve gives nothing.
#[derive(Clone, Debug, PartialEq)]
pub enum Halt {
    /// An expression in it failed.
    Trouble(Trouble),
    /// Its target is zero or negative; what that counts as, where the curve says.
    ZeroTarget(Option<Unusable>),
    /// Fewer peers than it asks for.
    SmallGroup {
        /// How many there are.
        found: usize,
        /// How many it asks for.
        least: usize,
    },
    /// A rater group without enough answers.
    FewRaters(Message),
    /// No mark in the review.
    NoMark,
}

impl From<Trouble> for Halt {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::ZeroDivision => Self::ZeroTarget(None),
            other => Self::Trouble(other),
        }
    }
}

/// The values of a group; what is asked of it does not depend on their order.
#[derive(Clone, Debug, PartialEq)]
pub struct Peers {
    /// The values, rising.
    pub sorted: Vec<Decimal>,
    /// Their sum.
    sum: Checked,
    /// How many different values stand before each of them, and in all.
    distinct: Vec<usize>,
}

impl Peers {
    /// A group of these values.
    pub fn new(mut values: Vec<Decimal>) -> Self {
        values.sort();
        let mut distinct = vec![0];
        for (at, value) in values.iter().enumerate() {
            let is_new = at == 0 || values[at - 1] != *value;
            distinct.push(distinct[at] + usize::from(is_new));
        }
        Self { sum: total(values.iter().copied()), sorted: values, distinct }
    }
}

/// Everything outside a curve that it may ask for.
pub trait Surroundings {
    /// The number of a parameter.
    fn number(&self, parameter: &Expr) -> Result<Decimal, Trouble>;
    /// The truth of a condition.
    fn flag(&self, condition: &Expr) -> Result<bool, Trouble>;
    /// The values of everybody in the manager's group, the manager's own included; not known while somebody's stands open.
    fn peers(&self, group: Group) -> Result<Arc<Peers>, Trouble>;
    /// The mark of the review.
    fn mark(&self) -> Option<Decimal>;
    /// The scores a rater group gave.
    fn raters(&self, group: &str) -> Vec<Decimal>;
}

/// The input of a curve.
pub struct Input<'a> {
    /// The value.
    pub x: Decimal,
    /// The target.
    pub target: Option<Decimal>,
    /// Full marks.
    pub full: Decimal,
    /// Mode of rounding of the policy.
    pub mode: Mode,
    /// Everything else.
    pub around: &'a dyn Surroundings,
}

impl Input<'_> {
    fn number(&self, parameter: &Expr) -> Result<Decimal, Halt> {
        match parameter.constant {
            Some(constant) => Ok(constant),
            None => Ok(self.around.number(parameter)?),
        }
    }

    fn optional(&self, parameter: Option<&Expr>) -> Result<Option<Decimal>, Halt> {
        parameter.map(|parameter| self.number(parameter)).transpose()
    }

    /// A parameter, or the item's target where it is not stated.
    fn target_or(&self, parameter: Option<&Expr>) -> Result<Decimal, Halt> {
        match (self.optional(parameter)?, self.target) {
            (Some(stated), _) => Ok(stated),
            (None, Some(target)) => Ok(target),
            (None, None) => Err(Halt::ZeroTarget(None)),
        }
    }
}

/// Whether a number no fact enters is below zero.
fn negative(number: &Expr) -> bool {
    number.constant.is_some_and(|number| number < Decimal::ZERO)
}

/// Whether nothing below zero gets past a least score.
fn held(min: Option<&Expr>) -> bool {
    min.and_then(|min| min.constant).is_some_and(|min| min >= Decimal::ZERO)
}

/// Which way a curve runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Run {
    /// More never gives less.
    Rising,
    /// More never gives more.
    Falling,
    /// Neither.
    Both,
    /// It depends on facts.
    Unknown,
}

impl Run {
    /// How a list of results in the order of the values runs.
    fn of(results: &[Option<Decimal>]) -> Self {
        let Some(results) = results.iter().copied().collect::<Option<Vec<_>>>() else {
            return Self::Unknown;
        };
        let rising = results.windows(2).all(|pair| pair[0] <= pair[1]);
        let falling = results.windows(2).all(|pair| pair[0] >= pair[1]);
        match (rising, falling) {
            (true, true) => Self::Unknown,
            (true, false) => Self::Rising,
            (false, true) => Self::Falling,
            (false, false) => Self::Both,
        }
    }

    /// How a chain runs whose first curve runs so and whose second runs like `next`.
    pub fn then(self, next: Self) -> Self {
        match (self, next) {
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::Both, _) | (_, Self::Both) => Self::Both,
            _ if self == next => Self::Rising,
            _ => Self::Falling,
        }
    }
}

/// Whose judgement stands in for a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judge {
    /// Whoever gives marks in the review.
    Marker,
    /// Rater groups.
    Raters,
    /// The superior, as one of the rater groups.
    Superior,
}

/// One kind of curve.
pub trait Shape: Debug + Send + Sync {
    /// The score of an input.
    fn apply(&self, input: &Input<'_>) -> Result<Scored, Halt>;

    /// Calls `seen` with every parameter.
    fn parameters<'a>(&'a self, seen: &mut dyn FnMut(&'a Expr));

    /// The greatest score, where parameters alone tell it.
    fn greatest(&self, full: Decimal) -> Option<Decimal>;

    /// The same of an input that is never greater than `x`, where that is known.
    fn greatest_of(&self, _x: Option<Decimal>, full: Decimal) -> Option<Decimal> {
        self.greatest(full)
    }

    /// Which way it runs.
    fn run(&self) -> Run;

    /// Whether it gives less than zero somewhere, as far as parameters alone tell it.
    fn is_below_zero(&self) -> bool {
        false
    }

    /// Whether its result is a part of full marks.
    fn is_of_full(&self) -> bool {
        false
    }

    /// The greatest input it tells from others, where parameters alone tell it.
    fn last_edge(&self) -> Option<Decimal> {
        None
    }

    /// Which way is good, where the curve itself says so.
    fn own_better(&self) -> Option<Better> {
        None
    }

    /// The peers it looks at.
    fn group(&self) -> Option<Group> {
        None
    }

    /// Whether it is about the item's target where no parameter names it.
    fn takes_target(&self) -> bool {
        false
    }

    /// Whether it takes what `judge` says.
    fn judged_by(&self, _judge: Judge) -> bool {
        false
    }

    /// Whether it needs a value at all; marks, raters and events do without.
    fn takes_value(&self) -> bool {
        true
    }
}

/// A chain of curves.
pub type Chain = Vec<Box<dyn Shape>>;

/// Whether a run and a stated direction contradict each other.
pub fn contradicts(run: Run, better: Better) -> bool {
    matches!((run, better), (Run::Both, _) | (Run::Rising, Better::Lower) | (Run::Falling, Better::Higher))
}
