//! Whether conditions that choose among indicators can hold together, so that these weigh more than the whole.
//!
//! Conditions on who a manager is and when it is are tried out on every kind of manager they tell apart. What asks for figures
//! is left to scoring, which refuses a scorecard whose weights exceed the whole.

use std::collections::BTreeSet;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::expr::{Environment, Expr, Leaf, Trouble, Value};
use super::plan::{Item, Plan, Role};
use super::round::settled;
use crate::period::Grain;

/// Kinds of managers beyond which nothing is tried out.
const MOST: usize = 50_000;

/// Indicators whose conditions hold together for some kind of manager, and what all that applies then weighs; `only` narrows the
/// policy to some managers, and those of `but` are scored by another plan.
pub(super) fn together<'a>(
    plan: &'a Plan,
    grain: Grain,
    only: Option<&Expr>,
    but: &[Expr],
) -> Option<(Vec<&'a str>, Decimal)> {
    let weighted = plan.items.iter().filter(|item| item.role == Role::Indicator && item.weight.is_some());
    let (chosen, always): (Vec<&Item>, Vec<&Item>) = weighted.partition(|item| item.when.is_some());
    let weight = |items: &[&Item]| -> Decimal { items.iter().filter_map(|item| item.weight).sum() };
    let least = weight(&always);
    let judged = |item: &&Item| item.when.as_ref().is_some_and(is_of_who);
    let chosen: Vec<&Item> = chosen.into_iter().filter(judged).collect();
    if settled(least + weight(&chosen)) <= plan.whole {
        return None;
    }
    let others = only.into_iter().chain(but).filter(|condition| is_of_who(condition));
    let conditions: Vec<&Expr> = chosen.iter().filter_map(|item| item.when.as_ref()).chain(others).collect();
    let axes = axes(&conditions, grain);
    let count = axes.iter().try_fold(1_usize, |count, axis| count.checked_mul(axis.values.len()))?;
    (0..count.min(MOST)).find_map(|number| {
        let kind = Kind::numbered(&axes, number);
        let holds = |condition: &Expr| condition.node.flag(&kind);
        if only.is_some_and(|only| holds(only) == Ok(false)) || but.iter().any(|but| holds(but) != Ok(false))
        {
            return None;
        }
        let when = |item: &&&Item| item.when.as_ref().is_some_and(|when| holds(when) == Ok(true));
        let held: Vec<&Item> = chosen.iter().filter(when).copied().collect();
        let sum = settled(least + weight(&held));
        (sum > plan.whole && kind.is_possible()).then(|| (held.iter().map(|item| &*item.id).collect(), sum))
    })
}

/// Whether a condition asks for nothing but who and when.
fn is_of_who(condition: &Expr) -> bool {
    let mut known = true;
    condition.leaves(&mut |leaf| known &= is_word(leaf) || !numbers(leaf, Grain::Month).is_empty());
    known
}

fn is_word(leaf: &Leaf) -> bool {
    matches!(leaf, Leaf::ManagerId | Leaf::Grade | Leaf::Role | Leaf::Team | Leaf::Branch)
}

/// What a name that is no word can be.
fn numbers(leaf: &Leaf, grain: Grain) -> Vec<Value> {
    let count = |range: std::ops::RangeInclusive<u32>| range.map(|it| Value::Number(it.into()));
    let months = grain.months().unsigned_abs();
    match leaf {
        Leaf::MonthsIn | Leaf::GradeMonths => count(0..=120).collect(),
        Leaf::Month => (1..=12 / months).map(|at| Value::Number((at * months).into())).collect(),
        Leaf::Quarter => count(1..=4).collect(),
        Leaf::RiskTaker => vec![Value::Flag(true), Value::Flag(false)],
        _ => Vec::new(),
    }
}

/// A name and what it can be.
struct Axis {
    leaf: Leaf,
    values: Vec<Value>,
}

/// Every name in the conditions, with each word they compare it with and one that none does.
fn axes(conditions: &[&Expr], grain: Grain) -> Vec<Axis> {
    let mut axes: Vec<Axis> = Vec::new();
    let mut leaves = Vec::new();
    conditions.iter().for_each(|condition| condition.leaves(&mut |leaf| leaves.push(leaf)));
    for leaf in leaves {
        if axes.iter().any(|axis| axis.leaf == *leaf) {
            continue;
        }
        let mut words = BTreeSet::from([""]);
        let mut word = |other: &Leaf, word| {
            if other == leaf {
                words.insert(word);
            }
        };
        conditions.iter().for_each(|condition| condition.node.compared(&mut word));
        let values = if is_word(leaf) {
            words.into_iter().map(|word| Value::Text(word.into())).collect()
        } else {
            numbers(leaf, grain)
        };
        axes.push(Axis { leaf: leaf.clone(), values });
    }
    axes
}

/// One kind of manager in one kind of period.
struct Kind(Vec<(Leaf, Value)>);

impl Kind {
    /// The kind of that number, counted through all axes.
    fn numbered(axes: &[Axis], mut number: usize) -> Self {
        let one = |axis: &Axis| {
            let value = axis.values[number % axis.values.len()].clone();
            number /= axis.values.len();
            (axis.leaf.clone(), value)
        };
        Self(axes.iter().map(one).collect())
    }

    fn number(&self, leaf: &Leaf) -> Option<Decimal> {
        self.0.iter().find_map(|(known, value)| match value {
            Value::Number(number) if known == leaf => Some(*number),
            _ => None,
        })
    }

    /// Nobody is longer in a grade than in post, and a month lies in its quarter.
    fn is_possible(&self) -> bool {
        let both = |a: &Leaf, b: &Leaf| self.number(a).zip(self.number(b));
        both(&Leaf::GradeMonths, &Leaf::MonthsIn).is_none_or(|(grade, post)| grade <= post)
            && both(&Leaf::Month, &Leaf::Quarter)
                .is_none_or(|(month, quarter)| (month / Decimal::from(3)).ceil() == quarter)
    }
}

impl Environment for Kind {
    fn leaf(&self, leaf: &Leaf, _: &Arc<str>) -> Result<Value, Trouble> {
        let known = self.0.iter().find(|(known, _)| known == leaf);
        known.map(|(_, value)| value.clone()).ok_or(Trouble::Overflow)
    }
}
