//! Evaluating an expression over whatever answers its names.

use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use super::exact::Exact;
use super::{Function, Leaf, Node, Op, Row, Rows, nearest};
use crate::msg;
use crate::period::whole_months;
use crate::policy::lines::{Height, Lines};
use crate::policy::round::{round, settled};
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
    /// A day.
    Date(NaiveDate),
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
    /// It looks at somebody who stands open. That is no missing figure, and nothing counts in its place.
    Open(Message),
    /// It waits for itself, by the results of others.
    Circle(Message),
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

/// Whether `left` compares with `right` as stated; what only the end of a division that does not end keeps apart is equal.
pub fn compare(left: Decimal, op: Comparison, right: Decimal) -> bool {
    let (left, right) = (settled(left), settled(right));
    match op {
        Comparison::AtLeast => left >= right,
        Comparison::Above => left > right,
        Comparison::AtMost => left <= right,
        Comparison::Below => left < right,
    }
}

/// What a part of an expression gives, nothing of a number being lost yet.
enum Made {
    Number(Exact),
    Text(Box<str>),
    Date(NaiveDate),
    Flag(bool),
}

impl Made {
    /// The number, as far as anybody can tell it apart from another.
    fn settled(self) -> Result<Value, Trouble> {
        Ok(match self {
            Self::Number(number) => Value::Number(settled(number.decimal().ok_or(Trouble::Overflow)?)),
            Self::Text(text) => Value::Text(text),
            Self::Date(day) => Value::Date(day),
            Self::Flag(flag) => Value::Flag(flag),
        })
    }
}

impl From<Value> for Made {
    fn from(value: Value) -> Self {
        match value {
            Value::Number(number) => Self::Number(number.into()),
            Value::Text(text) => Self::Text(text),
            Value::Date(day) => Self::Date(day),
            Value::Flag(flag) => Self::Flag(flag),
        }
    }
}

impl Node {
    /// The value in an environment.
    pub fn value(&self, environment: &dyn Environment) -> Result<Value, Trouble> {
        self.made(environment)?.settled()
    }

    /// The number it gives.
    pub fn number(&self, environment: &dyn Environment) -> Result<Decimal, Trouble> {
        Ok(settled(self.exact(environment)?.decimal().ok_or(Trouble::Overflow)?))
    }

    /// The truth it gives.
    pub fn flag(&self, environment: &dyn Environment) -> Result<bool, Trouble> {
        match self.made(environment)? {
            Made::Flag(flag) => Ok(flag),
            Made::Text(_) | Made::Date(_) | Made::Number(_) => {
                Err(Trouble::Missing(policy::A_CONDITION.into()))
            }
        }
    }

    fn exact(&self, environment: &dyn Environment) -> Result<Exact, Trouble> {
        match self.made(environment)? {
            Made::Number(number) => Ok(number),
            Made::Text(_) | Made::Date(_) | Made::Flag(_) => Err(Trouble::Missing(policy::A_NUMBER.into())),
        }
    }

    fn day(&self, environment: &dyn Environment) -> Result<NaiveDate, Trouble> {
        match self.made(environment)? {
            Made::Date(day) => Ok(day),
            Made::Text(_) | Made::Number(_) | Made::Flag(_) => Err(Trouble::Missing(policy::A_DAY.into())),
        }
    }

    fn made(&self, environment: &dyn Environment) -> Result<Made, Trouble> {
        Ok(match self {
            Self::Number(number) => Made::Number((*number).into()),
            Self::Text(text) => Made::Text(text.clone()),
            Self::Date(day) => Made::Date(*day),
            Self::Flag(flag) => Made::Flag(*flag),
            Self::Leaf(leaf, text) => environment.leaf(leaf, text)?.into(),
            Self::Written(_, node) => return node.made(environment),
            Self::Choose { name, .. } => {
                let row = self.row(environment)?;
                environment.chosen(name, &row.value(environment)?);
                return row.made(environment);
            }
            Self::Not(inner) => Made::Flag(!inner.flag(environment)?),
            Self::Negative(inner) => Made::Number(inner.exact(environment)?.negated()),
            Self::Binary(op, left, right) => binary(*op, left, right, environment)?,
            Self::In(left, items) => {
                let wanted = left.value(environment)?;
                let mut found = false;
                for item in items {
                    found |= item.value(environment)? == wanted;
                }
                Made::Flag(found)
            }
            Self::Call(function, arguments) => call(*function, arguments, environment)?,
            Self::Lookup(name, x, Rows::Bands(rows)) => {
                return looked_up(name, x, rows, environment)?.result.made(environment);
            }
            Self::Lookup(_, x, Rows::Lines(lines)) => Made::Number(height(x, lines, environment)?.y.into()),
        })
    }

    /// What a constant that depends on who and when is in an environment; any other tree is itself.
    pub(super) fn row(&self, environment: &dyn Environment) -> Result<&Self, Trouble> {
        let Self::Choose { name, by, rows, otherwise } = self else {
            return Ok(self);
        };
        let key = match by.value(environment) {
            Ok(Value::Text(text)) => text,
            Ok(Value::Number(number)) => number.normalize().to_string().into(),
            Ok(Value::Date(day)) => day.to_string().into(),
            Ok(Value::Flag(flag)) => flag.to_string().into(),
            Err(Trouble::Missing(_)) if otherwise.is_some() => "".into(),
            Err(trouble) => return Err(trouble),
        };
        let row = rows.iter().find(|(row, _)| *row == key).map(|(_, node)| node);
        row.or(otherwise.as_deref()).ok_or_else(|| {
            let near = nearest(&key, rows.iter().map(|(row, _)| &**row));
            Trouble::Missing(match near {
                Some(near) => msg!(policy::NO_ROW_NEAR, name = &**name, key = &*key, near = near),
                None => msg!(policy::NO_ROW, name = &**name, key = &*key),
            })
        })
    }
}

fn binary(op: Op, left: &Node, right: &Node, environment: &dyn Environment) -> Result<Made, Trouble> {
    let comparison = match op {
        Op::And => return decided(left, right, false, environment),
        Op::Or => return decided(left, right, true, environment),
        Op::Equal => return Ok(Made::Flag(left.value(environment)? == right.value(environment)?)),
        Op::Unequal => return Ok(Made::Flag(left.value(environment)? != right.value(environment)?)),
        Op::AtLeast => Comparison::AtLeast,
        Op::Above => Comparison::Above,
        Op::AtMost => Comparison::AtMost,
        Op::Below => Comparison::Below,
        Op::Add | Op::Subtract | Op::Multiply | Op::Divide => {
            let (a, b) = (left.exact(environment)?, right.exact(environment)?);
            if op == Op::Divide && b.is_zero() {
                return Err(Trouble::ZeroDivision);
            }
            return Ok(Made::Number(Exact::combined(op, &a, &b)));
        }
    };
    let (a, b) = match (left.value(environment)?, right.value(environment)?) {
        (Value::Number(a), Value::Number(b)) => (a, b),
        // Days stand in order by their number.
        (Value::Date(a), Value::Date(b)) => (a.num_days_from_ce().into(), b.num_days_from_ce().into()),
        _ => return Err(Trouble::Missing(policy::A_NUMBER.into())),
    };
    Ok(Made::Flag(compare(a, comparison, b)))
}

/// Two conditions, of which one that is `decisive` decides whatever is missing from the other.
fn decided(
    left: &Node,
    right: &Node,
    decisive: bool,
    environment: &dyn Environment,
) -> Result<Made, Trouble> {
    let left = left.flag(environment);
    if left == Ok(decisive) {
        return Ok(Made::Flag(decisive));
    }
    let right = right.flag(environment);
    let decides = right == Ok(decisive);
    if decides { Ok(Made::Flag(decisive)) } else { left.and(right).map(Made::Flag) }
}

/// The band that `x` lies in.
pub(super) fn looked_up<'n>(
    name: &Arc<str>,
    x: &Node,
    rows: &'n [Row],
    environment: &dyn Environment,
) -> Result<&'n Row, Trouble> {
    let x = x.number(environment)?;
    for row in rows {
        let within = |edge: &Option<(Node, bool)>, open, closed| match edge {
            Some((at, inside)) => {
                Ok(compare(x, if *inside { closed } else { open }, at.number(environment)?))
            }
            None => Ok(true),
        };
        if within(&row.lower, Comparison::Above, Comparison::AtLeast)?
            && within(&row.upper, Comparison::Below, Comparison::AtMost)?
        {
            return Ok(row);
        }
    }
    // Only edges that depend on facts can come to cross.
    Err(Trouble::Missing(msg!(policy::NO_ROW, name = &**name, key = x)))
}

/// The height of the lines at `x`.
pub(super) fn height(
    x: &Node,
    lines: &Lines<Node>,
    environment: &dyn Environment,
) -> Result<Height, Trouble> {
    let found = lines.at(x.number(environment)?, &|part: &Node| part.number(environment))?;
    // A table without points does not load.
    found.ok_or_else(|| Trouble::Missing(policy::POINTS_RISE.into()))
}

/// The least or the greatest of the arguments.
fn extreme(arguments: &[Node], environment: &dyn Environment, keeps: Comparison) -> Result<Exact, Trouble> {
    let mut found: Option<(Decimal, Exact)> = None;
    for argument in arguments {
        let exact = argument.exact(environment)?;
        let number = exact.decimal().ok_or(Trouble::Overflow)?;
        if found.as_ref().is_none_or(|(known, _)| !compare(*known, keeps, number)) {
            found = Some((number, exact));
        }
    }
    found.map(|(_, exact)| exact).ok_or(Trouble::Overflow)
}

/// Down or up to a multiple of a step.
fn stepped(function: Function, arguments: &[Node], environment: &dyn Environment) -> Result<Exact, Trouble> {
    let step = match arguments.get(1) {
        Some(step) => step.exact(environment)?,
        None => Decimal::ONE.into(),
    };
    if step.is_zero() {
        return Err(Trouble::ZeroDivision);
    }
    let steps = Exact::combined(Op::Divide, &arguments[0].exact(environment)?, &step);
    let steps = settled(steps.decimal().ok_or(Trouble::Overflow)?);
    let steps = if function == Function::Floor { steps.floor() } else { steps.ceil() };
    Ok(Exact::combined(Op::Multiply, &steps.into(), &step))
}

fn call(function: Function, arguments: &[Node], environment: &dyn Environment) -> Result<Made, Trouble> {
    let value = match function {
        Function::Min => extreme(arguments, environment, Comparison::AtMost)?,
        Function::Max => extreme(arguments, environment, Comparison::AtLeast)?,
        Function::Abs => arguments[0].exact(environment)?.abs(),
        Function::Floor | Function::Ceil => stepped(function, arguments, environment)?,
        Function::Round => {
            let places = if arguments.len() > 1 { arguments[1].number(environment)? } else { Decimal::ZERO };
            let places = i32::try_from(places).map_err(|_| Trouble::Overflow)?;
            round(arguments[0].number(environment)?, places, Mode::HalfUp).into()
        }
        Function::Pow => arguments[0].exact(environment)?.to_the(&arguments[1].exact(environment)?)?,
        Function::Sqrt => {
            let half = Exact::combined(Op::Divide, &Decimal::ONE.into(), &Decimal::TWO.into());
            arguments[0].exact(environment)?.to_the(&half)?
        }
        Function::Days => {
            let (from, to) = (arguments[0].day(environment)?, arguments[1].day(environment)?);
            Decimal::from((to - from).num_days()).into()
        }
        Function::Months => {
            let (from, to) = (arguments[0].day(environment)?, arguments[1].day(environment)?);
            Decimal::from(whole_months(from, to)).into()
        }
        Function::Year => Decimal::from(arguments[0].day(environment)?.year()).into(),
        Function::Month => Decimal::from(arguments[0].day(environment)?.month()).into(),
        Function::If => {
            let chosen = if arguments[0].flag(environment)? { 1 } else { 2 };
            return arguments[chosen].made(environment);
        }
        Function::Default => {
            return match arguments[0].made(environment) {
                Err(Trouble::Missing(_)) => arguments[1].made(environment),
                known => known,
            };
        }
        Function::Known => {
            return match arguments[0].made(environment) {
                Err(Trouble::Missing(_)) => Ok(Made::Flag(false)),
                known => known.map(|_| Made::Flag(true)),
            };
        }
    };
    Ok(Made::Number(value))
}
