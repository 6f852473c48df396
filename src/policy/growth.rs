//! Whether a figure grows with the days on which somebody earns it, so that who was in post for a part of a period has only a
//! part of it: what its target shrinks by is told by that and stated nowhere.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::ask::{Ask, Source};
use super::compile::Compiler;
use super::expr::{Expr, Function, Leaf, Node, Op, Part};
use super::plan::{Item, Shrinks};
use super::rule;
use crate::metric::Names;
use crate::msg;
use crate::record::policy::Prorate;
use crate::record::settings::MeasureKind;
use crate::text::policy;

impl Compiler<'_> {
    /// What of each target shrinks with the time in post.
    pub(super) fn shrinking(&mut self, items: &mut [Item]) {
        let record = self.record;
        let lists = [&record.indicators, &record.additions, &record.deductions];
        let told: Vec<Option<bool>> = lists.into_iter().flatten().map(|item| item.prorate).collect();
        let prorated = record.partial.shrinks(Prorate::Target).is_some();
        let found: Vec<Option<Shrinks>> = items
            .iter()
            .zip(&told)
            .map(|(item, told)| match told {
                Some(true) => Some(shrinks_as_told(item, items, self.names)),
                Some(false) => Some(Shrinks::Nothing),
                None => shrinks(item, items, self.names),
            })
            .collect();
        for ((item, found), told) in items.iter_mut().zip(found).zip(told) {
            if told.is_some() && item.target.is_none() {
                let message = msg!(policy::NO_TARGET, key = "target");
                self.fault(&rule::INCOMPLETE, &item.path.join("prorate"), message);
            }
            if found.is_none() && prorated {
                self.fault(&rule::UNSTATED, &item.path, policy::STATE_PRORATE);
            }
            item.shrinks = found.unwrap_or(Shrinks::Nothing);
        }
    }
}

/// How an expression grows with the time in post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Growth {
    /// A number that stands beside anything.
    Free,
    /// As this power of the time: 1 in step with it, 0 not at all.
    Power(i32),
    /// Some of it grows and some does not.
    Mixed,
}

impl Growth {
    /// What is made of two that stand side by side.
    fn beside(self, other: Self) -> Self {
        match (self, other) {
            (Self::Free, other) | (other, Self::Free) => other,
            (a, b) if a == b => a,
            _ => Self::Mixed,
        }
    }

    /// That of a product, or with a sign of −1 of a quotient.
    fn times(self, other: Self, sign: i32) -> Self {
        match (self, other) {
            (Self::Mixed, _) | (_, Self::Mixed) => Self::Mixed,
            (Self::Free, Self::Free) => Self::Free,
            (a, b) => Self::Power(a.power() + sign * b.power()),
        }
    }

    fn power(self) -> i32 {
        if let Self::Power(power) = self { power } else { 0 }
    }
}

/// What is known of figures and items.
struct Growing<'a> {
    names: &'a Names,
    items: &'a [Item],
    /// Items on the way here, against circles.
    inside: Vec<&'a str>,
}

/// What shrinks of an item's target with the time in post; nothing where its value mixes what grows with what does not.
fn shrinks(item: &Item, items: &[Item], names: &Names) -> Option<Shrinks> {
    let Some(target) = &item.target else { return Some(Shrinks::Nothing) };
    let mut growing = Growing { names, items, inside: vec![&item.id] };
    let of_value = item.value.as_ref().map_or(Growth::Free, |value| growing.of(&value.node));
    match of_value {
        Growth::Mixed => None,
        Growth::Power(power) if power < 1 => Some(Shrinks::Nothing),
        Growth::Free | Growth::Power(_) => Some(growing.target(target)),
    }
}

/// The same where the policy says that it shrinks, whatever its value.
fn shrinks_as_told(item: &Item, items: &[Item], names: &Names) -> Shrinks {
    let mut growing = Growing { names, items, inside: vec![&item.id] };
    let mixed = item.target.as_ref().is_some_and(|target| growing.of(&target.node) == Growth::Mixed);
    if mixed { Shrinks::Stated } else { Shrinks::Whole }
}

/// The targets stated by period that an expression names, ratios left out, each with the factor into the policy's money.
pub(super) fn stated(target: &Expr, names: &Names) -> Vec<(Arc<Ask>, Decimal)> {
    let mut found: Vec<(Arc<Ask>, Decimal)> = Vec::new();
    target.leaves(&mut |leaf| {
        if let Leaf::Ask(ask, factor) = leaf
            && ask.source == Source::Targets
            && names.get(&ask.query.name).is_some_and(|metric| metric.kind != MeasureKind::Ratio)
            && found.iter().all(|(known, _)| known != ask)
        {
            found.push((ask.clone(), *factor));
        }
    });
    found
}

impl<'a> Growing<'a> {
    fn target(&mut self, target: &'a Expr) -> Shrinks {
        match self.of(&target.node) {
            Growth::Power(power) if power > 0 => Shrinks::Nothing,
            Growth::Mixed => Shrinks::Stated,
            Growth::Free | Growth::Power(_) => Shrinks::Whole,
        }
    }

    fn of(&mut self, node: &'a Node) -> Growth {
        match node {
            Node::Number(_) => Growth::Free,
            Node::Leaf(leaf, _) => self.leaf(leaf),
            Node::Written(_, inner) | Node::Negative(inner) => self.of(inner),
            Node::Choose { rows, otherwise, .. } => {
                let rows = rows.iter().map(|(_, row)| row).chain(otherwise.as_deref());
                self.all(rows)
            }
            Node::Binary(Op::Add | Op::Subtract, left, right) => self.of(left).beside(self.of(right)),
            Node::Binary(Op::Multiply, left, right) => self.of(left).times(self.of(right), 1),
            Node::Binary(Op::Divide, left, right) => self.of(left).times(self.of(right), -1),
            Node::Call(function, arguments) => self.call(*function, arguments),
            Node::Text(_)
            | Node::Date(_)
            | Node::Flag(_)
            | Node::Not(_)
            | Node::Binary(..)
            | Node::In(..)
            | Node::Lookup(..) => Growth::Power(0),
        }
    }

    fn all(&mut self, nodes: impl IntoIterator<Item = &'a Node>) -> Growth {
        nodes.into_iter().fold(Growth::Free, |so_far, node| so_far.beside(self.of(node)))
    }

    fn call(&mut self, function: Function, arguments: &'a [Node]) -> Growth {
        match function {
            Function::Min | Function::Max | Function::Default => self.all(arguments),
            Function::If => self.all(&arguments[1..]),
            Function::Abs | Function::Floor | Function::Ceil | Function::Round => self.all(&arguments[..1]),
            Function::Pow | Function::Sqrt => match self.all(arguments) {
                Growth::Power(power) if power != 0 => Growth::Mixed,
                other => other,
            },
            Function::Known | Function::Days | Function::Months | Function::Year | Function::Month => {
                Growth::Power(0)
            }
        }
    }

    fn leaf(&mut self, leaf: &'a Leaf) -> Growth {
        match leaf {
            Leaf::Ask(ask, _) if matches!(ask.source, Source::Manager | Source::Actuals) => {
                let metric = self.names.get(&ask.query.name);
                Growth::Power(metric.is_some_and(|metric| metric.grows(ask.query.aggregate)).into())
            }
            Leaf::Item(Part::Value | Part::Target, id) if !self.inside.contains(&&**id) => {
                let item = self.items.iter().find(|item| item.id == *id);
                let Some(value) = item.and_then(|item| item.value.as_ref()) else { return Growth::Power(0) };
                self.inside.push(id);
                let growth = self.of(&value.node);
                self.inside.pop();
                growth
            }
            Leaf::ActiveDays | Leaf::ActiveMonths => Growth::Power(1),
            Leaf::Unread => Growth::Free,
            _ => Growth::Power(0),
        }
    }
}
