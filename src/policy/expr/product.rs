//! What products and quotients are in, and rates that stand bare in them.

use rust_decimal::Decimal;

use super::parse::{Ast, AstKind};
use super::resolve::Resolver;
use super::{Leaf, Node, Type};
use crate::metric::Dimensions;

impl Resolver<'_> {
    /// What a product or quotient is. An item's value has the unit of what it was computed from where the unit stated beside it
    /// is one of so many: `value.clients * 200 元/户`.
    pub(super) fn of_items(&self, (a, left): (&Node, Type), (b, right): (&Node, Type), sign: i32) -> Type {
        let measured = |node: &Node, beside: &Type, sign: i32| match beside {
            Type::Number(Some(unit)) => self.measured_in(node).filter(|own| own.cancels(unit, sign)),
            _ => None,
        };
        let (left, right) = match (left, right) {
            (Type::Number(None), right) => (Type::Number(measured(a, &right, sign)), right),
            (left, Type::Number(None)) => {
                let own = measured(b, &left, sign);
                (left, Type::Number(own))
            }
            sides => sides,
        };
        // Nobody knows what a figure without a unit is in, and `40 * period.month / 12` may be of anything.
        let stays_free = |free: &Node, pure: &Node| has_figure(free) || counts_time(pure);
        match (&left, &right) {
            (Type::Number(None), Type::Number(Some(known))) if known.is_none() && stays_free(a, b) => left,
            (Type::Number(Some(known)), Type::Number(None)) if known.is_none() && stays_free(b, a) => right,
            _ => product(left, right, sign),
        }
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

/// The bare number `literal` where `figure` is money of the book, so that nothing says what the rate is per.
pub(super) fn hidden_rate(literal: &Ast, figure: &Node, gives: &Type, money: &Dimensions) -> Option<Decimal> {
    let AstKind::Number { value, stated: false, .. } = literal.kind else { return None };
    let trivial = value.is_zero() || value.is_integer() && value.abs() == Decimal::ONE;
    let of_money = matches!(gives, Type::Number(Some(dimensions)) if dimensions == money)
        && matches!(figure.plain(), Node::Leaf(Leaf::Ask(..), _));
    Some(value).filter(|_| !trivial && of_money)
}
