//! What the figures of a policy are in.

use super::Policy;
use super::expr::{Expr, Function, Gives, Leaf, Node, Op, Part, Scored, Type};
use super::plan::Plan;
use crate::metric::{Dimensions, Unit};
use crate::text::{Message, policy};

impl Policy {
    /// The unit of what has these dimensions, money in the policy's own; empty for a pure number.
    pub fn unit_of_dimensions(&self, dimensions: &Dimensions) -> String {
        dimensions.counted_in(&self.money, self.record.money())
    }

    /// The unit of what an expression gives; empty for a pure number, and where it cannot be told.
    pub fn unit_of(&self, plan: &Plan, expression: &Expr) -> String {
        match &expression.gives {
            Type::Number(Some(dimensions)) => self.unit_of_dimensions(dimensions),
            Type::Number(None) => unit_of_node(&expression.node, &|leaf| self.unit_of_leaf(plan, leaf)),
            Type::Text | Type::Date | Type::Flag | Type::Unread => String::new(),
        }
    }

    /// The unit of a name's figure.
    pub fn unit_of_leaf(&self, plan: &Plan, leaf: &Leaf) -> String {
        match leaf {
            Leaf::Ask(ask, _) => {
                let unit = self.names.get(&ask.query.name).map(|metric| Unit::parse(&metric.unit));
                unit.map(|unit| self.unit_of_dimensions(&unit.dimensions)).unwrap_or_default()
            }
            Leaf::Item(part, id)
            | Leaf::Earlier(Scored::Item(part, id), _)
            | Leaf::Members(_, _, Scored::Item(part, id)) => {
                let Some(item) = plan.item(id).map(|at| &plan.items[at]) else { return String::new() };
                let of = match part {
                    Part::Value => item.value.as_ref(),
                    Part::Target => item.target.as_ref().or(item.value.as_ref()),
                    Part::Score | Part::Points => None,
                };
                of.map(|of| self.unit_of(plan, of)).unwrap_or_default()
            }
            Leaf::Line(_)
            | Leaf::PayTotal
            | Leaf::Earlier(Scored::Pay | Scored::Line(_), _)
            | Leaf::Members(_, _, Scored::Pay | Scored::Line(_))
            | Leaf::Scheme(_, _, Scored::Pay | Scored::Line(_)) => self.record.money().to_owned(),
            Leaf::Record(attribute, _) if attribute.gives() == Gives::Money => self.record.money().to_owned(),
            _ => String::new(),
        }
    }
}

/// The unit of what a tree gives, names being in what `leaf` says; empty where it cannot be told from one of them.
pub fn unit_of_node(node: &Node, leaf: &dyn Fn(&Leaf) -> String) -> String {
    let known = |nodes: &[&Node]| {
        let units = nodes.iter().map(|node| unit_of_node(node, leaf));
        units.into_iter().find(|unit| !unit.is_empty()).unwrap_or_default()
    };
    match node.plain() {
        Node::Leaf(of, _) => leaf(of),
        Node::Negative(inner) => unit_of_node(inner, leaf),
        Node::Binary(Op::Add | Op::Subtract, left, right) => known(&[left, right]),
        // What is multiplied by another figure, or divided by one, is in neither's unit.
        Node::Binary(Op::Multiply | Op::Divide, left, right) if is_plain(right, leaf) => {
            unit_of_node(left, leaf)
        }
        Node::Binary(Op::Multiply, left, right) if is_plain(left, leaf) => unit_of_node(right, leaf),
        // What is asked decides about the numbers and is none of them.
        Node::Call(Function::If, arguments) => known(&arguments[1..].iter().collect::<Vec<_>>()),
        Node::Call(_, arguments) => known(&arguments.iter().collect::<Vec<_>>()),
        _ => String::new(),
    }
}

/// What has these dimensions, as messages call it.
pub(super) fn said(dimensions: &Dimensions) -> Message {
    match dimensions.is_none() {
        true => policy::A_PURE_NUMBER.into(),
        false => Message::verbatim(dimensions.to_string()),
    }
}

fn is_plain(node: &Node, leaf: &dyn Fn(&Leaf) -> String) -> bool {
    unit_of_node(node, leaf).is_empty()
}
