//! What is known where a step of a scorecard was made, so that its formula can be printed with its numbers.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::plain;
use crate::policy::Policy;
use crate::policy::curve::Spell;
use crate::policy::expr::{Environment, Expr, Filling, Leaf, Node, Part, Trouble, Type, Value};
use crate::policy::plan::Plan;
use crate::score::Who;
use crate::score::card::{Figure, Scorecard};
use crate::text::Message;

/// The figures of one step, and who it is about.
#[derive(Clone)]
pub(super) struct Known<'a> {
    pub(super) policy: &'a Policy,
    pub(super) plan: &'a Plan,
    pub(super) card: &'a Scorecard,
    pub(super) figures: &'a [Figure],
    pub(super) x: Option<Decimal>,
    /// What the input of the curve and the target are in.
    pub(super) unit: String,
    /// What the result of a pay line is in; empty for points.
    pub(super) result: String,
    pub(super) target: Option<Decimal>,
    pub(super) full: Decimal,
    /// The total where it is not yet, or no longer, the one printed.
    pub(super) total: Option<Decimal>,
}

impl<'a> Known<'a> {
    pub(super) fn new(
        policy: &'a Policy,
        plan: &'a Plan,
        card: &'a Scorecard,
        figures: &'a [Figure],
    ) -> Self {
        Self {
            policy,
            plan,
            card,
            figures,
            x: None,
            unit: String::new(),
            result: String::new(),
            target: None,
            full: plan.full,
            total: None,
        }
    }

    /// The number of an expression, where everything it took is known.
    pub(super) fn number(&self, expression: &Expr) -> Option<Decimal> {
        expression.constant.or_else(|| expression.node.number(self).ok())
    }

    /// Whether a condition holds, where everything it took is known.
    pub(super) fn holds(&self, condition: &Expr) -> Option<bool> {
        condition.node.flag(self).ok()
    }

    /// The expression as it is written, and with its numbers where those tell more.
    pub(super) fn shown(&self, expression: &Expr) -> String {
        let written = expression.line();
        if matches!(expression.node, Node::Leaf(..)) {
            return written;
        }
        let known = |leaf: &Leaf, name: &Arc<str>| self.words(leaf, name);
        let filled = expression.filled(&Filling { known: &known, environment: self });
        match filled == written {
            true => written,
            false if expression.gives == Type::Flag => format!("{written} → {filled}"),
            false => format!("{written} = {filled}"),
        }
    }

    /// The words that stand in the place of a name.
    fn words(&self, leaf: &Leaf, name: &Arc<str>) -> Option<String> {
        match self.leaf(leaf, name) {
            Ok(Value::Number(number)) => {
                let unit = match leaf {
                    Leaf::X | Leaf::Target => self.unit.clone(),
                    leaf => self.policy.unit_of_leaf(self.plan, leaf),
                };
                Some(with_unit(number, &unit))
            }
            Ok(Value::Text(words)) => Some(format!("'{words}'")),
            Ok(Value::Date(day)) => Some(day.to_string()),
            Ok(Value::Flag(flag)) => Some(flag.to_string()),
            Err(_) => self.figure(name).map(|_| "–".to_owned()),
        }
    }

    fn figure(&self, name: &str) -> Option<&Figure> {
        self.figures.iter().find(|figure| *figure.name == *name)
    }

    /// What the scorecard itself holds of a name.
    fn of_card(&self, leaf: &Leaf) -> Option<Value> {
        let number = match leaf {
            Leaf::X => self.x?,
            Leaf::Target => self.target?,
            Leaf::Full => self.full,
            Leaf::Total => self.total?,
            Leaf::Rating => return Some(Value::Text(self.card.rating.as_deref()?.into())),
            _ => return None,
        };
        Some(Value::Number(number))
    }

    /// The same of what was made before the step and is in no figure of it.
    fn made_before(&self, leaf: &Leaf) -> Option<Decimal> {
        match leaf {
            Leaf::Item(part, id) => {
                let item = self.card.item(id)?;
                match part {
                    Part::Score => item.score,
                    Part::Points => item.points.or(item.score),
                    Part::Value => item.value,
                    Part::Target => item.target.as_ref().map(|target| target.value),
                }
            }
            Leaf::Dimension(id) => self.card.dimensions.iter().find(|one| one.id == *id)?.points,
            Leaf::Total => self.card.total,
            Leaf::PayTotal => self.card.pay.as_ref().map(|pay| pay.total),
            Leaf::Line(id) => {
                let lines = &self.card.pay.as_ref()?.lines;
                // A line that does not apply pays nothing.
                Some(lines.iter().find(|line| line.id == *id).map_or(Decimal::ZERO, |line| line.amount))
            }
            _ => None,
        }
    }
}

impl Environment for Known<'_> {
    fn leaf(&self, leaf: &Leaf, name: &Arc<str>) -> Result<Value, Trouble> {
        if let Some(value) = self.of_card(leaf) {
            return Ok(value);
        }
        let months = self.card.over.unwrap_or_else(|| self.card.period.months());
        let who = Who { profile: &self.card.profile, months };
        if let Ok(value) = who.leaf(leaf, name) {
            return Ok(value);
        }
        match self.figure(name).map(|figure| &figure.value) {
            Some(Ok(value)) => Ok(value.clone()),
            Some(Err(reason)) => Err(Trouble::Missing(reason.clone())),
            None => {
                let made = self.made_before(leaf).map(Value::Number);
                made.ok_or_else(|| Trouble::Missing(Message::verbatim(&**name)))
            }
        }
    }
}

/// Numbers of a step that are in the unit of its input, and in that of its result.
const OF_INPUT: &[&str] = &[
    "x", "target", "at", "anchor", "step", "unit", "from", "half", "band", "lower", "upper", "edge", "x0",
    "x1", "mean", "sum", "of", "fixed", "rest",
];
const OF_FORMULA: &[&str] = &["count", "value", "start", "per"];
const OF_RESULT: &[&str] = &["score", "amount"];

impl Spell for Known<'_> {
    fn unit(&self, name: &'static str, of: Option<&Expr>) -> String {
        let unit = match of {
            Some(of) if OF_FORMULA.contains(&name) => self.policy.unit_of(self.plan, of),
            _ if OF_INPUT.contains(&name) => self.unit.clone(),
            _ if OF_RESULT.contains(&name) => self.result.clone(),
            _ => String::new(),
        };
        if unit.is_empty() { unit } else { format!(" {unit}") }
    }

    fn formula(&self, formula: &Expr) -> String {
        self.shown(formula)
    }
}

/// `412.5 万元`
pub(super) fn with_unit(number: Decimal, unit: &str) -> String {
    if unit.is_empty() { plain(number).to_string() } else { format!("{} {unit}", plain(number)) }
}
