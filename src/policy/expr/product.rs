//! What products and quotients are in, and rates that stand bare in them.

use rust_decimal::Decimal;

use super::names::Stage;
use super::parse::{Ast, AstKind};
use super::resolve::Resolver;
use super::{Function, Leaf, Node, Op, Part, Scored, Type};
use crate::metric::Dimensions;

impl Resolver<'_> {
    /// What a product or quotient is.
    pub(super) fn times(&self, (a, left): (&Node, Type), (b, right): (&Node, Type), sign: i32) -> Type {
        // Nobody knows what a figure without a unit is in, and `40 * period.month / 12` may be of anything.
        let stays_free = |free: &Node, beside: &Node, known: &Dimensions| {
            is_of_figures(free) || known.is_none() && (has_figure(free) || counts_time(beside))
        };
        match (&left, &right) {
            (Type::Number(None), Type::Number(Some(known))) if stays_free(a, b, known) => left,
            (Type::Number(Some(known)), Type::Number(None)) if stays_free(b, a, known) => right,
            _ => product(left, right, sign),
        }
    }

    /// The bare number `literal` beside money of the book in pay, so that nothing says what the rate is per. Where the book and the
    /// policy count in the currency itself, a whole number is how many times the figure is meant: `salary * 12`.
    pub(super) fn hidden_rate(&self, literal: &Ast, figure: &Node, gives: &Type) -> Option<Decimal> {
        let AstKind::Number { value, stated: false, .. } = literal.kind else { return None };
        let money = self.scope.money;
        let of_money = matches!(gives, Type::Number(Some(dimensions)) if *dimensions == money.dimensions);
        let trivial = value.is_zero() || value.is_integer() && value.abs() == Decimal::ONE;
        if trivial || !of_money || self.scope.stage < Stage::Pay {
            return None;
        }
        let in_another = || self.kept(figure, gives).is_some_and(|kept| kept.is_money());
        let times = value.is_integer() && money.factor == Decimal::ONE && !in_another();
        Some(value).filter(|_| is_of_figures(figure) && !times)
    }
}

/// Whether it is a figure, some of them together or one of several, whatever name stands for it.
fn is_of_figures(node: &Node) -> bool {
    match node.plain() {
        Node::Leaf(leaf, _) => matches!(
            leaf,
            Leaf::Ask(..)
                | Leaf::Item(Part::Value | Part::Target, _)
                | Leaf::Members(_, _, Scored::Item(Part::Value | Part::Target, _))
                | Leaf::Earlier(Scored::Item(Part::Value | Part::Target, _), _)
        ),
        Node::Negative(inner) => is_of_figures(inner),
        Node::Binary(Op::Add | Op::Subtract, left, right) => is_of_figures(left) || is_of_figures(right),
        Node::Call(Function::If, arguments) => arguments[1..].iter().any(is_of_figures),
        Node::Call(
            Function::Min
            | Function::Max
            | Function::Abs
            | Function::Round
            | Function::Floor
            | Function::Default,
            arguments,
        ) => arguments.iter().any(is_of_figures),
        _ => false,
    }
}

/// Whether something measured is in it.
fn has_figure(node: &Node) -> bool {
    let mut found = false;
    node.leaves(&mut |leaf| found |= leaf.is_figure());
    found
}

/// Whether it is a stretch of time, or one as a part of another, and no figure.
fn counts_time(node: &Node) -> bool {
    match node.plain() {
        Node::Leaf(leaf, _) => is_of_time(leaf),
        Node::Binary(_, left, right) => counts_time(left) && counts_time(right),
        _ => false,
    }
}

/// Whether a name says where in the year a period lies or how long something has lasted.
fn is_of_time(leaf: &Leaf) -> bool {
    matches!(
        leaf,
        Leaf::Month
            | Leaf::Quarter
            | Leaf::Half
            | Leaf::Days
            | Leaf::Months
            | Leaf::MonthsIn
            | Leaf::GradeMonths
            | Leaf::ActiveDays
            | Leaf::ActiveMonths
    )
}

/// Dimensions of a product or quotient, which fits any unit only where bare numbers alone make it.
fn product(left: Type, right: Type, sign: i32) -> Type {
    let (Type::Number(left), Type::Number(right)) = (left, right) else {
        return Type::Unread;
    };
    Type::Number(match (left, right) {
        (None, None) => None,
        (Some(known), None) => Some(known),
        (None, Some(known)) => Some(Dimensions::NONE.times(&known, sign)),
        (Some(left), Some(right)) => Some(left.times(&right, sign)),
    })
}
