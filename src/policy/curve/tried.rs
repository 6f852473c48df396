//! Which way a formula or cases run: tried at the numbers they name, between them and beyond, where the input and full marks alone
//! decide. What runs against a direction at two of these does so whatever it does elsewhere.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::Run;
use crate::policy::expr::{Environment, Leaf, Node, Trouble, Value};

/// Nothing but an input is known.
struct At(Decimal);

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
    score: impl Fn(&dyn Environment) -> Result<Decimal, Trouble>,
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
    Run::of(&inputs.into_iter().map(|x| score(&At(x)).ok()).collect::<Vec<_>>())
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
