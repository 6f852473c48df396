//! Curves that a policy spells out: cases, a formula, rounding between two curves.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::{Filled, Halt, Input, Judge, Run, Scored, Shape, negative, tried};
use crate::policy::expr::{Expr, Function, Leaf, Node, Op};
use crate::policy::round::round;
use crate::record::policy::Mode;
use crate::record::policy::curve::{Group, Unusable};
use crate::text::policy;

/// A score, or the curve that gives it.
#[derive(Debug)]
pub(super) enum Outcome {
    Score(Arc<Expr>),
    /// The curve of that name.
    Curve(Arc<str>, Box<dyn Shape>),
}

impl Outcome {
    fn apply(&self, input: &Input<'_>) -> Result<Scored, Halt> {
        match self {
            Self::Score(formula) => {
                let score = input.number(formula)?;
                Ok(Scored::at_once(score, by_formula(formula, score)))
            }
            Self::Curve(name, curve) => {
                let by = Filled::new(policy::BY_CURVE, Vec::new()).word("name", name.clone());
                Ok(curve.apply(input)?.after(vec![by]))
            }
        }
    }
}

/// The first condition that holds decides.
#[derive(Debug)]
pub(super) struct Cases {
    pub(super) cases: Vec<(Arc<Expr>, Outcome)>,
    pub(super) otherwise: Outcome,
}

impl Cases {
    fn outcomes(&self) -> impl Iterator<Item = &Outcome> {
        self.cases.iter().map(|(_, outcome)| outcome).chain([&self.otherwise])
    }
}

impl Shape for Cases {
    fn apply(&self, input: &Input<'_>) -> Result<Scored, Halt> {
        let mut tried = Vec::new();
        for (when, outcome) in &self.cases {
            let holds = input.around.flag(when)?;
            let text = if holds { policy::CASE_HOLDS } else { policy::CASE_DOES_NOT };
            tried.push(Filled::new(text, Vec::new()).formula("formula", when));
            if holds {
                return Ok(outcome.apply(input)?.after(tried));
            }
        }
        Ok(self.otherwise.apply(input)?.after(tried))
    }

    fn parameters<'a>(&'a self, seen: &mut dyn FnMut(&'a Expr)) {
        self.cases.iter().for_each(|(when, _)| seen(when));
        for outcome in self.outcomes() {
            match outcome {
                Outcome::Score(score) => seen(score),
                Outcome::Curve(_, curve) => curve.parameters(seen),
            }
        }
    }

    fn is_below_zero(&self) -> bool {
        self.outcomes().any(|outcome| match outcome {
            Outcome::Score(score) => negative(score),
            Outcome::Curve(_, curve) => curve.is_below_zero(),
        })
    }

    fn greatest(&self, full: Decimal) -> Option<Decimal> {
        let greatest = self.outcomes().map(|outcome| match outcome {
            Outcome::Score(score) => score.constant,
            Outcome::Curve(_, curve) => curve.greatest(full),
        });
        greatest.collect::<Option<Vec<_>>>()?.into_iter().max()
    }

    fn run(&self) -> Run {
        let mut named = Vec::new();
        self.parameters(&mut |expression| named.push(expression));
        tried::run(named.into_iter().map(|expression| &expression.node), |at| {
            Some(self.apply(&at.input()).ok()?.score)
        })
    }

    fn group(&self) -> Option<Group> {
        self.outcomes().find_map(|outcome| match outcome {
            Outcome::Score(_) => None,
            Outcome::Curve(_, curve) => curve.group(),
        })
    }

    fn judged_by(&self, judge: Judge) -> bool {
        self.outcomes().any(|outcome| match outcome {
            Outcome::Score(_) => false,
            Outcome::Curve(_, curve) => curve.judged_by(judge),
        })
    }

    fn takes_target(&self) -> bool {
        self.outcomes().any(|outcome| match outcome {
            Outcome::Score(_) => false,
            Outcome::Curve(_, curve) => curve.takes_target(),
        })
    }

    fn takes_value(&self) -> bool {
        let mut named = false;
        self.cases.iter().for_each(|(when, _)| when.leaves(&mut |leaf| named |= *leaf == Leaf::X));
        let curves = self.outcomes().any(|outcome| match outcome {
            Outcome::Score(score) => names_x(score),
            Outcome::Curve(_, curve) => curve.takes_value(),
        });
        named || curves
    }
}

fn names_x(expression: &Expr) -> bool {
    let mut named = false;
    expression.leaves(&mut |leaf| named |= *leaf == Leaf::X);
    named
}

/// What an expression gave.
pub(super) fn by_formula(formula: &Arc<Expr>, score: Decimal) -> Filled {
    Filled::new(policy::FORMULA, vec![("score", score)]).formula("formula", formula)
}

/// What a formula gives at most, where its words alone tell it.
fn most(node: &Node, full: Decimal) -> Option<Decimal> {
    let all = |nodes: &[Node]| nodes.iter().map(|node| most(node, full)).collect::<Option<Vec<_>>>();
    match node.plain() {
        Node::Number(number) => Some(*number),
        Node::Leaf(Leaf::Full, _) => Some(full),
        Node::Call(Function::Min, arguments) => arguments.iter().filter_map(|node| most(node, full)).min(),
        Node::Call(Function::Max, arguments) => all(arguments)?.into_iter().max(),
        Node::Call(Function::If, arguments) => all(&arguments[1..])?.into_iter().max(),
        _ => None,
    }
}

/// The same of an input that is never greater than `x`: sums, and what numbers multiply and divide, are looked into too.
fn most_of(node: &Node, x: Option<Decimal>, full: Decimal) -> Option<Decimal> {
    let of = |node: &Node| most_of(node, x, full);
    let all = |nodes: &[Node]| nodes.iter().map(of).collect::<Option<Vec<_>>>();
    let factor = |node: &Node| fixed(node, full).filter(|factor| !factor.is_sign_negative());
    match node.plain() {
        Node::Leaf(Leaf::X, _) => x,
        Node::Call(Function::Min, arguments) => arguments.iter().filter_map(of).min(),
        Node::Call(Function::Max, arguments) => all(arguments)?.into_iter().max(),
        Node::Call(Function::If, arguments) => all(&arguments[1..])?.into_iter().max(),
        Node::Binary(Op::Add, left, right) => of(left)?.checked_add(of(right)?),
        Node::Binary(Op::Subtract, left, right) => of(left)?.checked_sub(fixed(right, full)?),
        Node::Binary(Op::Multiply, left, right) => match (factor(left), factor(right)) {
            (Some(times), _) => of(right)?.checked_mul(times),
            (None, Some(times)) => of(left)?.checked_mul(times),
            (None, None) => None,
        },
        Node::Binary(Op::Divide, left, right) => of(left)?.checked_div(factor(right)?),
        _ => most(node, full),
    }
}

/// A number, or full marks.
fn fixed(node: &Node, full: Decimal) -> Option<Decimal> {
    match node.plain() {
        Node::Number(number) => Some(*number),
        Node::Leaf(Leaf::Full, _) => Some(full),
        _ => None,
    }
}

/// An expression over the input.
#[derive(Debug)]
pub(super) struct Formula {
    pub(super) score: Arc<Expr>,
    pub(super) zero_target: Option<Unusable>,
}

impl Shape for Formula {
    fn apply(&self, input: &Input<'_>) -> Result<Scored, Halt> {
        let score = input.number(&self.score).map_err(|halt| match halt {
            Halt::ZeroTarget(None) => Halt::ZeroTarget(self.zero_target),
            other => other,
        })?;
        Ok(Scored::at_once(score, by_formula(&self.score, score)))
    }

    fn parameters<'a>(&'a self, seen: &mut dyn FnMut(&'a Expr)) {
        seen(&self.score);
    }

    fn greatest(&self, full: Decimal) -> Option<Decimal> {
        // A plain number stands for what is not judged yet.
        most(&self.score.node, full).filter(|_| self.score.constant.is_none())
    }

    fn greatest_of(&self, x: Option<Decimal>, full: Decimal) -> Option<Decimal> {
        most_of(&self.score.node, x, full).filter(|_| self.score.constant.is_none())
    }

    fn run(&self) -> Run {
        tried::run([&self.score.node], |at| self.score.node.number(at).ok())
    }

    fn takes_value(&self) -> bool {
        names_x(&self.score)
    }
}

/// Rounding between two curves.
#[derive(Debug)]
pub(super) struct Rounding {
    pub(super) places: i32,
    pub(super) mode: Option<Mode>,
}

impl Shape for Rounding {
    fn apply(&self, input: &Input<'_>) -> Result<Scored, Halt> {
        let score = round(input.x, self.places, self.mode.unwrap_or(input.mode));
        let numbers = vec![("x", input.x), ("places", self.places.into()), ("score", score)];
        Ok(Scored::at_once(score, Filled::new(policy::ROUNDED, numbers)))
    }

    fn parameters<'a>(&'a self, _: &mut dyn FnMut(&'a Expr)) {}

    fn greatest(&self, _: Decimal) -> Option<Decimal> {
        None
    }

    fn run(&self) -> Run {
        Run::Rising
    }
}
