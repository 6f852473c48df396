//! Figures of money kept in another multiple than the policy's, or in percent, and the bare numbers they are held against.
//!
//! A bare number is in the policy's money. Beside a figure that the book keeps in ten thousands it is most often meant in ten
//! thousands, and nothing but the unit beside the number tells.

use std::ops::Range;

use rust_decimal::Decimal;

use super::parse::{Ast, AstKind, parse};
use super::resolve::Resolver;
use super::{Fault, Function, Leaf, Node, Op, Part, Type};
use crate::metric::Dimensions;
use crate::msg;
use crate::policy::rule;
use crate::record::policy::Constant;
use crate::record::settings::is_fraction;
use crate::text::{Message, policy};

impl Resolver<'_> {
    /// The unit that what a node sums up is kept in, where it is money in another multiple than the policy's.
    pub(super) fn kept(&self, node: &Node, gives: &Type) -> Option<String> {
        match gives {
            Type::Number(Some(dimensions)) if dimensions.is_none() => self.fraction(node),
            Type::Number(Some(dimensions)) if *dimensions != self.scope.money.dimensions => None,
            Type::Number(_) => self.unit(node),
            _ => None,
        }
    }

    fn unit(&self, node: &Node) -> Option<String> {
        match node.plain() {
            Node::Leaf(Leaf::Ask(ask, factor), _) if *factor != Decimal::ONE => {
                self.scope.names.get(&ask.query.name).map(|metric| metric.unit.clone())
            }
            Node::Leaf(Leaf::Item(Part::Value | Part::Target, id), _) => self.scope.kept.get(&**id).cloned(),
            Node::Leaf(Leaf::X | Leaf::Target, _) => self.scope.x_kept.map(str::to_owned),
            Node::Negative(inner) => self.unit(inner),
            Node::Binary(Op::Add | Op::Subtract, left, right) => self.unit(left).or_else(|| self.unit(right)),
            // A percentage times a hundred is none any more.
            Node::Binary(Op::Multiply | Op::Divide, left, right) => {
                self.unit(left).or_else(|| self.unit(right)).filter(|unit| !is_fraction(unit))
            }
            Node::Call(_, arguments) => arguments.iter().find_map(|argument| self.unit(argument)),
            _ => None,
        }
    }

    /// The unit that a pure number is kept in, where it is a percentage and stays one.
    fn fraction(&self, node: &Node) -> Option<String> {
        let unit = match node.plain() {
            Node::Leaf(Leaf::Ask(ask, _), _) => {
                self.scope.names.get(&ask.query.name).map(|metric| metric.unit.clone())
            }
            Node::Leaf(Leaf::X | Leaf::Target, _) => self.scope.x_kept.map(str::to_owned),
            Node::Negative(inner) => self.fraction(inner),
            Node::Binary(Op::Add | Op::Subtract, left, right) => {
                self.fraction(left).or_else(|| self.fraction(right))
            }
            Node::Call(
                Function::Min
                | Function::Max
                | Function::Abs
                | Function::Round
                | Function::If
                | Function::Default,
                arguments,
            ) => arguments.iter().find_map(|argument| self.fraction(argument)),
            _ => None,
        };
        unit.filter(|unit| is_fraction(unit))
    }

    /// The dimensions of an item's value, or of what is made of values alike.
    pub(super) fn measured_in(&self, node: &Node) -> Option<Dimensions> {
        match node.plain() {
            Node::Leaf(Leaf::Item(Part::Value | Part::Target, id), _) => {
                self.scope.measured.get(&**id).cloned()
            }
            Node::Negative(inner) => self.measured_in(inner),
            Node::Binary(Op::Add | Op::Subtract, left, right) => {
                self.measured_in(left).or_else(|| self.measured_in(right))
            }
            Node::Call(Function::If, arguments) => arguments[1..].iter().find_map(|it| self.measured_in(it)),
            Node::Call(_, arguments) => arguments.iter().find_map(|argument| self.measured_in(argument)),
            _ => None,
        }
    }

    /// Doubts each bare number that stands against a figure kept in another multiple; inside a constant nothing says what it
    /// stands against.
    pub(super) fn doubt(&mut self, sides: &[(&Ast, &Node, &Type)], span: &Range<usize>) {
        let is_money = |gives: &Type| matches!(gives, Type::Number(Some(dimensions)) if *dimensions == self.scope.money.dimensions);
        self.bare_money |= sides.iter().any(|(.., gives)| is_money(gives))
            && sides.iter().any(|(tree, ..)| self.is_bare(tree));
        let kept = sides.iter().find_map(|(_, node, gives)| self.kept(node, gives));
        let Some(unit) = kept.filter(|_| self.constants.is_empty()) else { return };
        if is_fraction(&unit) {
            let bare = sides.iter().filter_map(|(tree, ..)| Some((*tree, self.bare(tree)?)));
            let doubted: Vec<Fault> = bare
                .filter(|(_, number)| number.abs() > Decimal::ONE)
                .map(|(tree, number)| Fault::new(&rule::PERCENT_SIGN, tree.span.clone(), as_percent(number)))
                .collect();
            self.doubts.extend(doubted);
            return;
        }
        if sides.iter().any(|(tree, ..)| self.is_bare(tree)) {
            let message = msg!(policy::OTHER_MULTIPLE, money = self.scope.written_money, unit = unit);
            let fault = Fault::new(&rule::OTHER_MULTIPLE, span.clone(), message);
            self.doubts.push(fault.help(policy::STATE_THE_UNIT.into()));
        }
    }

    /// Whether a part of an expression is a number without a unit, or a constant that is one.
    pub(super) fn is_bare(&self, tree: &Ast) -> bool {
        self.bare(tree).is_some()
    }

    /// The number without a unit that a part of an expression is, itself or as a constant.
    fn bare(&self, tree: &Ast) -> Option<Decimal> {
        match &tree.kind {
            AstKind::Number { value, stated, .. } => Some(*value).filter(|value| !stated && !value.is_zero()),
            AstKind::Negative(inner) => self.bare(inner).map(|number| -number),
            AstKind::Name(name) => match self.scope.constants.get(name)? {
                Constant::One(formula) => match parse(&formula.0).ok()?.kind {
                    AstKind::Number { value, stated: false, .. } if !value.is_zero() => Some(value),
                    _ => None,
                },
                Constant::By(_) => None,
            },
            _ => None,
        }
    }
}

/// What a bare number beside a percentage reads as.
pub(in crate::policy) fn as_percent(number: Decimal) -> Message {
    let percent = (number * Decimal::ONE_HUNDRED).normalize();
    msg!(policy::READS_AS_PERCENT, number = number.normalize(), percent = percent)
}
