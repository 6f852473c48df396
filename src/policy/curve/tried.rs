//! Which way a formula or cases run: tried at the numbers they name, between them and beyond, where the input and full marks alone
//! decide. What runs against a direction at two of these does so whatever it does elsewhere.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::{Input, Peers, Run, Surroundings};
use crate::policy::expr::{Environment, Expr, Leaf, Node, Trouble, Value};
use crate::record::policy::Mode;
use crate::record::policy::curve::Group;

/// Nothing but an input is known.
pub(super) struct At(Decimal);

impl At {
    /// As the input of a curve.
    pub(super) fn input(&self) -> Input<'_> {
        Input { x: self.0, target: None, full: Decimal::ONE_HUNDRED, mode: Mode::default(), around: self }
    }
}

impl Surroundings for At {
    fn number(&self, parameter: &Expr) -> Result<Decimal, Trouble> {
        parameter.node.number(self)
    }

    fn flag(&self, condition: &Expr) -> Result<bool, Trouble> {
        condition.node.flag(self)
    }

    fn peers(&self, _: Group) -> Result<Arc<Peers>, Trouble> {
        Err(Trouble::Overflow)
    }

    fn mark(&self) -> Option<Decimal> {
        None
    }

    fn raters(&self, _: &str) -> Vec<Decimal> {
        Vec::new()
    }
}

impl Environment for At {
    fn leaf(&self, leaf: &Leaf, _: &Arc<str>) -> Result<Value, Trouble> {
        match leaf {
            Leaf::X => Ok(Value::Number(self.0)),
            Leaf::Full => Ok(Value::Number(Decimal::ONE_HUNDRED)),
            _ => Err(Trouble::Overflow),
        }
    }
}

/// How `score`, which is made of `nodes`, runs from an input of zero on.
pub(super) fn run<'n>(
    nodes: impl IntoIterator<Item = &'n Node>,
    score: impl Fn(&At) -> Option<Decimal>,
) -> Run {
    let mut inputs = vec![Decimal::ZERO];
    if !nodes.into_iter().all(|node| numbers(node, &mut inputs)) {
        return Run::Unknown;
    }
    inputs.sort_unstable();
    inputs.dedup();
    let between: Vec<Decimal> = inputs.windows(2).map(|pair| (pair[0] + pair[1]) / Decimal::TWO).collect();
    let beyond =
        inputs.last().and_then(|last| last.checked_mul(Decimal::TWO)).map(|last| last + Decimal::ONE);
    inputs.extend(between.into_iter().chain(beyond));
    inputs.sort_unstable();
    Run::of(&inputs.into_iter().map(|x| score(&At(x))).collect::<Vec<_>>())
}

/// Takes in the numbers a tree names; whether the input and full marks are all else it goes by.
fn numbers(node: &Node, found: &mut Vec<Decimal>) -> bool {
    match node.plain() {
        Node::Number(number) => found.push(number.abs()),
        Node::Leaf(leaf, _) => return matches!(leaf, Leaf::X | Leaf::Full),
        Node::Not(inner) | Node::Negative(inner) => return numbers(inner, found),
        Node::Binary(_, left, right) => return numbers(left, found) && numbers(right, found),
        Node::Call(_, arguments) => return arguments.iter().all(|argument| numbers(argument, found)),
        Node::Flag(_) => {}
        _ => return false,
    }
    true
}
