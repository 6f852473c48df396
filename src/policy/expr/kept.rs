//! Figures of money kept in another multiple than the policy's, of parts of one and of points, and the numbers they are held
//! against.
//!
//! A bare number is in the policy's money. Beside a figure that the book keeps in ten thousands it is most often meant in ten
//! thousands, and nothing but the unit beside the number tells. So it is with percentages and points.

use std::ops::Range;

use rust_decimal::Decimal;

use super::eval::fold;
use super::parse::{Ast, AstKind, parse};
use super::resolve::Resolver;
use super::{Attribute, Fault, Function, Leaf, Node, Op, Part, Type};
use crate::metric::{Dimensions, Metric, Unit};
use crate::msg;
use crate::policy::rule;
use crate::record::policy::Constant;
use crate::record::settings::is_fraction;
use crate::text::{Message, policy};

/// What a number without a unit, or with a percent sign, is likely not to mean beside a figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// Money the book keeps in this multiple, which is not the policy's.
    Money(String),
    /// Parts of one, which people say in percent.
    Percent,
    /// A measure that is a ratio and whose unit does not say whether it counts in parts of one or in percent: its name.
    Ratio(Box<str>),
    /// A figure over another one in the same unit.
    Quotient,
    /// Points of a total that counts to ten and more.
    Points,
}

impl Kept {
    /// That of a metric's own figures, where they are parts.
    pub(in crate::policy) fn of(name: &str, metric: &Metric) -> Option<Self> {
        if is_fraction(&metric.unit) {
            return Some(Self::Percent);
        }
        metric.is_unsaid_ratio().then(|| Self::Ratio(name.into()))
    }

    /// Whether a bare number is likely to lack its percent sign.
    pub(in crate::policy) fn lacks_percent(&self, number: Decimal) -> bool {
        match self {
            Self::Percent => number.abs() > Decimal::ONE,
            Self::Quotient => number.abs() >= Decimal::TEN,
            Self::Money(_) | Self::Ratio(_) | Self::Points => false,
        }
    }

    /// Whether it is money.
    pub(in crate::policy) fn is_money(&self) -> bool {
        matches!(self, Self::Money(_))
    }
}

/// A number that a ratio of an unstated unit is held against.
#[derive(Clone, Debug, PartialEq)]
pub struct Beside {
    /// The measure.
    pub measure: Box<str>,
    /// Bytes of the expression.
    pub span: Range<usize>,
    /// The number, as a part of one where it is a percentage.
    pub number: Decimal,
    /// Whether it has a percent sign.
    pub percent: bool,
}

/// A number as it is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Literal {
    /// Without a unit, and not zero.
    Bare(Decimal),
    /// With a percent sign.
    Percent(Decimal),
}

impl Resolver<'_> {
    /// What numbers beside a figure may not mean.
    pub(super) fn kept(&self, node: &Node, gives: &Type) -> Option<Kept> {
        match gives {
            Type::Number(Some(dimensions)) if dimensions.is_none() => self.fraction(node),
            Type::Number(Some(dimensions)) if *dimensions != self.scope.money.dimensions => None,
            Type::Number(_) => self.amount(node),
            _ => None,
        }
    }

    fn amount(&self, node: &Node) -> Option<Kept> {
        match node.plain() {
            Node::Leaf(Leaf::Ask(ask, factor), _) if *factor != Decimal::ONE => {
                self.scope.names.get(&ask.query.name).map(|metric| Kept::Money(metric.unit.clone()))
            }
            Node::Leaf(Leaf::Item(Part::Value | Part::Target, id), _) => self.scope.kept.get(&**id).cloned(),
            Node::Leaf(Leaf::X | Leaf::Target, _) => self.scope.x_kept.cloned(),
            Node::Negative(inner) => self.amount(inner),
            Node::Binary(Op::Add | Op::Subtract, left, right) => {
                self.amount(left).or_else(|| self.amount(right))
            }
            // Most of a figure, or some of it, is of its kind: a percentage times a hundred is none any more, and what a rate
            // makes of money is an amount in the policy's.
            Node::Binary(op @ (Op::Multiply | Op::Divide), left, right) => {
                let scales = |node: &Node| fold(node).is_some_and(|by| by.abs() >= Decimal::new(5, 1));
                let of = match op {
                    Op::Multiply if scales(left) => right,
                    _ if scales(right) => left,
                    _ => return None,
                };
                self.amount(of).filter(Kept::is_money)
            }
            Node::Call(_, arguments) => arguments.iter().find_map(|argument| self.amount(argument)),
            _ => None,
        }
    }

    /// What a pure number is a part of, or counts in.
    fn fraction(&self, node: &Node) -> Option<Kept> {
        match node.plain() {
            Node::Leaf(Leaf::Ask(ask, _), _) => {
                Kept::of(&ask.query.name, self.scope.names.get(&ask.query.name)?)
            }
            Node::Leaf(Leaf::Record(Attribute::Rate, _) | Leaf::ActiveDays, _) => Some(Kept::Percent),
            Node::Leaf(Leaf::X | Leaf::Target, _) => {
                self.scope.x_kept.filter(|kept| !kept.is_money()).cloned()
            }
            Node::Leaf(leaf, _) if leaf.is_of_points() && self.scope.points => Some(Kept::Points),
            Node::Negative(inner) => self.fraction(inner),
            Node::Binary(Op::Add | Op::Subtract, left, right) => {
                self.fraction(left).or_else(|| self.fraction(right))
            }
            Node::Binary(Op::Divide, above, below) => {
                let alike = self.figures(above).zip(self.figures(below));
                alike.filter(|(above, below)| above == below && !above.is_none()).map(|_| Kept::Quotient)
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
        }
    }

    /// The dimensions of figures of the book, added up or taken from each other; none of anything else.
    fn figures(&self, node: &Node) -> Option<Dimensions> {
        match node.plain() {
            Node::Leaf(Leaf::Ask(ask, _), _) => {
                let metric = self.scope.names.get(&ask.query.name)?;
                Some(Unit::parse(&metric.unit).dimensions)
            }
            Node::Binary(Op::Add | Op::Subtract, left, right) => {
                let (left, right) = (self.figures(left)?, self.figures(right)?);
                Some(left).filter(|left| *left == right)
            }
            _ => None,
        }
    }

    /// Doubts each number that stands against a figure it does not fit; inside a constant nothing says what it stands against.
    pub(super) fn doubt(&mut self, sides: &[(&Ast, &Node, &Type)], compares: bool, span: &Range<usize>) {
        let is_money = |gives: &Type| matches!(gives, Type::Number(Some(dimensions)) if *dimensions == self.scope.money.dimensions);
        self.bare_money |= sides.iter().any(|(.., gives)| is_money(gives))
            && sides.iter().any(|(tree, ..)| self.is_bare(tree));
        let kept = sides.iter().find_map(|(_, node, gives)| self.kept(node, gives));
        let Some(kept) = kept.filter(|_| self.constants.is_empty()) else { return };
        let literals = sides.iter().filter_map(|(tree, ..)| Some((*tree, self.literal(tree)?)));
        let literals: Vec<(&Ast, Literal)> = literals.collect();
        let of_total = |node: &Node| matches!(node.plain(), Node::Leaf(leaf, _) if leaf.is_total());
        let ranks = compares && sides.iter().any(|(_, node, _)| of_total(node));
        for (tree, literal) in literals {
            let place = || tree.span.clone();
            match (&kept, literal) {
                (Kept::Money(unit), Literal::Bare(_)) => {
                    let message = msg!(policy::OTHER_MULTIPLE, money = self.scope.written_money, unit = unit);
                    let fault = Fault::new(&rule::OTHER_MULTIPLE, span.clone(), message);
                    self.doubts.push(fault.help(policy::STATE_THE_UNIT.into()));
                    break;
                }
                (Kept::Ratio(measure), Literal::Bare(number) | Literal::Percent(number)) => {
                    let percent = matches!(literal, Literal::Percent(_));
                    self.beside.push(Beside { measure: measure.clone(), span: place(), number, percent });
                }
                (Kept::Points, Literal::Percent(part) | Literal::Bare(part))
                    if matches!(literal, Literal::Percent(_)) || ranks && part.abs() < Decimal::ONE =>
                {
                    let message = of_points(self.said(tree), part);
                    self.doubts.push(Fault::new(&rule::PERCENT_OF_POINTS, place(), message));
                }
                (kept, Literal::Bare(number)) if kept.lacks_percent(number) => {
                    self.doubts.push(Fault::new(&rule::PERCENT_SIGN, place(), as_percent(number)));
                }
                _ => {}
            }
        }
    }

    /// How a part of the expression is written.
    fn said(&self, tree: &Ast) -> &str {
        self.text.get(tree.span.clone()).unwrap_or_default()
    }

    /// Whether a part of an expression is a number without a unit, or a constant that is one.
    pub(super) fn is_bare(&self, tree: &Ast) -> bool {
        matches!(self.literal(tree), Some(Literal::Bare(_)))
    }

    /// The number that a part of an expression is, itself or as a constant, where it has no unit or a percent sign.
    pub(super) fn literal(&self, tree: &Ast) -> Option<Literal> {
        match &tree.kind {
            AstKind::Name(name) => match self.scope.constants.get(name)? {
                Constant::One(formula) => {
                    let tree = parse(&formula.0).ok()?;
                    number(&tree, &formula.0)
                }
                Constant::By(_) => None,
            },
            _ => number(tree, self.text),
        }
    }
}

/// The number that a part of `text` is, where it has no unit or a percent sign.
fn number(tree: &Ast, text: &str) -> Option<Literal> {
    match &tree.kind {
        AstKind::Number { value, .. } if value.is_zero() => None,
        AstKind::Number { value, stated: false, .. } => Some(Literal::Bare(*value)),
        AstKind::Number { value, .. } => {
            let percent = text.get(tree.span.clone()).is_some_and(|said| said.ends_with(['%', '％', '‰']));
            percent.then_some(Literal::Percent(*value))
        }
        AstKind::Negative(inner) => Some(match number(inner, text)? {
            Literal::Bare(number) => Literal::Bare(-number),
            Literal::Percent(number) => Literal::Percent(-number),
        }),
        _ => None,
    }
}

/// What a bare number beside a percentage reads as.
pub(in crate::policy) fn as_percent(number: Decimal) -> Message {
    let percent = (number * Decimal::ONE_HUNDRED).normalize();
    msg!(policy::READS_AS_PERCENT, number = number.normalize(), percent = percent)
}

/// What a part of one beside points is.
pub(in crate::policy) fn of_points(said: &str, part: Decimal) -> Message {
    let meant = (part * Decimal::ONE_HUNDRED).normalize();
    msg!(policy::PERCENT_OF_POINTS, number = said, points = part.normalize(), meant = meant)
}
