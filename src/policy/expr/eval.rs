//! Evaluating an expression over whatever answers its names.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::{Function, Leaf, Node, Op};
use crate::policy::round::round;
use crate::record::policy::Mode;
use crate::record::policy::curve::Comparison;
use crate::text::{Message, policy};

/// What an expression gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A number.
    Number(Decimal),
    /// Words.
    Text(Box<str>),
    /// Truth.
    Flag(bool),
}

/// Why an expression gives nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// A figure is missing.
    Missing(Message),
    /// It divides by zero.
    ZeroDivision,
    /// A number outgrows 28 digits.
    Overflow,
}

/// What answers the names of an expression.
pub trait Environment {
    /// The value of a name, written as `text`.
    fn leaf(&self, leaf: &Leaf, text: &Arc<str>) -> Result<Value, Trouble>;

    /// Told which value a constant that depends on who and when took.
    fn chosen(&self, _name: &Arc<str>, _value: &Value) {}
}

/// An environment that knows nothing: what evaluates in it is constant.
struct Nothing;

impl Environment for Nothing {
    fn leaf(&self, _: &Leaf, _: &Arc<str>) -> Result<Value, Trouble> {
        Err(Trouble::Overflow)
    }
}

/// The number a tree gives whatever the facts are.
pub(super) fn fold(node: &Node) -> Option<Decimal> {
    let mut constant = true;
    node.leaves(&mut |_| constant = false);
    match constant.then(|| node.value(&Nothing))? {
        Ok(Value::Number(number)) => Some(number),
        _ => None,
    }
}

/// Whether `left` compares with `right` as stated.
pub fn compare(left: Decimal, op: Comparison, right: Decimal) -> bool {
    match op {
        Comparison::AtLeast => left >= right,
        Comparison::Above => left > right,
        Comparison::AtMost => left <= right,
        Comparison::Below => left < right,
    }
}

impl Node {
    /// The value in an environment.
    pub fn value(&self, environment: &dyn Environment) -> Result<Value, Trouble> {
        Ok(match self {
            Self::Number(number) => Value::Number(*number),
            Self::Text(text) => Value::Text(text.clone()),
            Self::Flag(flag) => Value::Flag(*flag),
            Self::Leaf(leaf, text) => environment.leaf(leaf, text)?,
            Self::Choose { .. } => self.choose(environment)?,
            Self::Not(inner) => Value::Flag(!inner.flag(environment)?),
            Self::Negative(inner) => Value::Number(-inner.number(environment)?),
            Self::Binary(op, left, right) => binary(*op, left, right, environment)?,
            Self::In(left, items) => {
                let wanted = left.value(environment)?;
                let mut found = false;
                for item in items {
                    found |= item.value(environment)? == wanted;
                }
                Value::Flag(found)
            }
            Self::Call(function, arguments) => call(*function, arguments, environment)?,
        })
    }

    /// The number it gives.
    pub fn number(&self, environment: &dyn Environment) -> Result<Decimal, Trouble> {
        match self.value(environment)? {
            Value::Number(number) => Ok(number),
            Value::Text(_) | Value::Flag(_) => Err(Trouble::Missing(policy::A_NUMBER.into())),
        }
    }

    /// The truth it gives.
    pub fn flag(&self, environment: &dyn Environment) -> Result<bool, Trouble> {
        match self.value(environment)? {
            Value::Flag(flag) => Ok(flag),
            Value::Text(_) | Value::Number(_) => Err(Trouble::Missing(policy::A_CONDITION.into())),
        }
    }

    fn choose(&self, environment: &dyn Environment) -> Result<Value, Trouble> {
        let Self::Choose { name, by, rows, otherwise } = self else {
            return self.value(environment);
        };
        let key = match environment.leaf(by, name) {
            Ok(Value::Text(text)) => text,
            Ok(Value::Number(number)) => number.to_string().into(),
            Ok(Value::Flag(flag)) => flag.to_string().into(),
            Err(Trouble::Missing(_)) if otherwise.is_some() => "".into(),
            Err(trouble) => return Err(trouble),
        };
        let row = rows.iter().find(|(row, _)| *row == key).map(|(_, node)| node);
        let Some(node) = row.or(otherwise.as_deref()) else {
            return Err(Trouble::Missing(crate::msg!(policy::NO_ROW, name = &**name, key = &*key)));
        };
        let value = node.value(environment)?;
        environment.chosen(name, &value);
        Ok(value)
    }
}

fn binary(op: Op, left: &Node, right: &Node, environment: &dyn Environment) -> Result<Value, Trouble> {
    match op {
        Op::And => return Ok(Value::Flag(left.flag(environment)? && right.flag(environment)?)),
        Op::Or => return Ok(Value::Flag(left.flag(environment)? || right.flag(environment)?)),
        Op::Equal => return Ok(Value::Flag(left.value(environment)? == right.value(environment)?)),
        Op::Unequal => return Ok(Value::Flag(left.value(environment)? != right.value(environment)?)),
        _ => {}
    }
    let (a, b) = (left.number(environment)?, right.number(environment)?);
    let number = match op {
        Op::Add => a.checked_add(b),
        Op::Subtract => a.checked_sub(b),
        Op::Multiply => a.checked_mul(b),
        Op::Divide if b.is_zero() => return Err(Trouble::ZeroDivision),
        Op::Divide => a.checked_div(b),
        Op::AtLeast => return Ok(Value::Flag(a >= b)),
        Op::Above => return Ok(Value::Flag(a > b)),
        Op::AtMost => return Ok(Value::Flag(a <= b)),
        Op::Below => return Ok(Value::Flag(a < b)),
        Op::And | Op::Or | Op::Equal | Op::Unequal => None,
    };
    number.map(Value::Number).ok_or(Trouble::Overflow)
}

fn call(function: Function, arguments: &[Node], environment: &dyn Environment) -> Result<Value, Trouble> {
    let number = |index: usize| arguments[index].number(environment);
    let numbers = || arguments.iter().map(|argument| argument.number(environment));
    let value = match function {
        Function::Min => numbers().reduce(|a, b| Ok(a?.min(b?))).unwrap_or(Err(Trouble::Overflow))?,
        Function::Max => numbers().reduce(|a, b| Ok(a?.max(b?))).unwrap_or(Err(Trouble::Overflow))?,
        Function::Abs => number(0)?.abs(),
        Function::Floor | Function::Ceil => {
            let step = if arguments.len() > 1 { number(1)? } else { Decimal::ONE };
            if step.is_zero() {
                return Err(Trouble::ZeroDivision);
            }
            let steps = number(0)? / step;
            (if function == Function::Floor { steps.floor() } else { steps.ceil() }) * step
        }
        Function::Round => {
            let places = if arguments.len() > 1 { number(1)? } else { Decimal::ZERO };
            round(number(0)?, i32::try_from(places).map_err(|_| Trouble::Overflow)?, Mode::HalfUp)
        }
        Function::If => {
            let chosen = if arguments[0].flag(environment)? { 1 } else { 2 };
            return arguments[chosen].value(environment);
        }
        Function::Default => {
            return match arguments[0].value(environment) {
                Err(Trouble::Missing(_)) => arguments[1].value(environment),
                known => known,
            };
        }
        Function::Known => {
            return match arguments[0].value(environment) {
                Err(Trouble::Missing(_)) => Ok(Value::Flag(false)),
                known => known.map(|_| Value::Flag(true)),
            };
        }
    };
    Ok(Value::Number(value))
}
