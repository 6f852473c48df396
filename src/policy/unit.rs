//! What the figures of a policy are in.

use super::Policy;
use super::expr::{Earlier, Expr, Function, Leaf, Node, Op, Part, Type};
use super::plan::Plan;
use crate::metric::{Dimensions, Unit};

impl Policy {
    /// The unit of what has these dimensions, money in the policy's own; empty for a pure number.
    pub fn unit_of_dimensions(&self, dimensions: &Dimensions) -> String {
        dimensions.counted_in(&self.money, &self.record.money)
    }

    /// The unit of what an expression gives; empty for a pure number, and where it cannot be told.
    pub fn unit_of(&self, plan: &Plan, expression: &Expr) -> String {
        match &expression.gives {
            Type::Number(Some(dimensions)) => self.unit_of_dimensions(dimensions),
            Type::Number(None) => self.unit_of_node(plan, &expression.node),
            Type::Text | Type::Flag | Type::Unread => String::new(),
        }
    }

    fn unit_of_node(&self, plan: &Plan, node: &Node) -> String {
        match node.plain() {
            Node::Leaf(leaf, _) => self.unit_of_leaf(plan, leaf),
            Node::Binary(Op::Add | Op::Subtract, left, right) => Some(self.unit_of_node(plan, left))
                .filter(|unit| !unit.is_empty())
                .unwrap_or_else(|| self.unit_of_node(plan, right)),
            Node::Negative(inner) | Node::Binary(Op::Multiply | Op::Divide, inner, _) => {
                self.unit_of_node(plan, inner)
            }
            // What is asked decides about the numbers and is none of them.
            Node::Call(Function::If, arguments) => arguments[1..]
                .iter()
                .map(|it| self.unit_of_node(plan, it))
                .find(|unit| !unit.is_empty())
                .unwrap_or_default(),
            Node::Call(_, arguments) => {
                let units = arguments.iter().map(|argument| self.unit_of_node(plan, argument));
                units.into_iter().find(|unit| !unit.is_empty()).unwrap_or_default()
            }
            _ => String::new(),
        }
    }

    /// The unit of a name's figure.
    pub fn unit_of_leaf(&self, plan: &Plan, leaf: &Leaf) -> String {
        match leaf {
            Leaf::Ask(ask, _) => {
                let unit = self.names.get(&ask.query.name).map(|metric| Unit::parse(&metric.unit));
                unit.map(|unit| self.unit_of_dimensions(&unit.dimensions)).unwrap_or_default()
            }
            Leaf::Item(part, id) | Leaf::Earlier(Earlier::Item(part, id), _) => {
                let Some(item) = plan.item(id).map(|at| &plan.items[at]) else { return String::new() };
                let of = match part {
                    Part::Value => item.value.as_ref(),
                    Part::Target => item.target.as_ref().or(item.value.as_ref()),
                    Part::Score | Part::Points => None,
                };
                of.map(|of| self.unit_of(plan, of)).unwrap_or_default()
            }
            Leaf::Line(_) | Leaf::PayTotal | Leaf::Earlier(Earlier::Pay | Earlier::Line(_), _) => {
                self.record.money.clone()
            }
            _ => String::new(),
        }
    }
}
