//! Whether conditions can hold: for nobody at all, or together, so that the indicators they choose weigh more than the whole.
//!
//! Conditions on who a manager is and when it is are tried out on every kind of manager they tell apart. What asks for figures
//! is left to scoring, which refuses a scorecard whose weights exceed the whole.

use std::collections::BTreeSet;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::compile::Compiler;
use super::expr::{Environment, Expr, Leaf, Trouble, Value};
use super::plan::{Item, Plan, Role};
use super::round::settled;
use super::rule;
use crate::msg;
use crate::period::Grain;
use crate::record::policy::RollUp;
use crate::source::{KeyPath, Place};
use crate::text::{Message, policy};

/// Kinds of managers beyond which nothing is tried out.
const MOST: usize = 50_000;

impl Compiler<'_> {
    /// Conditions that no manager meets in any period, and those that hold together and make more than the whole; `only` narrows
    /// the plan to some managers, and those of `but` are scored by another one.
    pub(super) fn conditions(&mut self, plan: &Plan, only: &[&Expr], but: &[&Expr]) {
        if self.mended {
            return;
        }
        let grain = self.record.period.grain();
        if let Some((items, sum)) = together(plan, grain, only, but) {
            let items = Message::list(&items);
            let message = msg!(policy::HOLD_TOGETHER, items = items, sum = sum, whole = plan.whole);
            self.fault(&rule::OVERLAPPING_CONDITIONS, &KeyPath(vec!["indicators".into()]), message);
        }
        let lengths = self.lengths();
        let items = plan.items.iter().map(|item| (&item.when, item.path.clone()));
        let lines = plan.pay.iter().flat_map(|pay| pay.lines.iter().enumerate());
        let lines =
            lines.map(|(at, line)| (&line.when, KeyPath(vec!["pay".into(), "lines".into(), at.into()])));
        // What contradicts itself has been told.
        let told = |path: &KeyPath| {
            let at = Place::value(self.file, path.clone());
            self.findings.iter().any(|known| known.rule == &rule::NEVER_HOLDS && known.at == at)
        };
        let never: Vec<KeyPath> = items
            .chain(lines)
            .filter(|(when, _)| when.as_ref().is_some_and(|when| never_holds(when, &lengths)))
            .map(|(_, path)| path.join("when"))
            .filter(|path| !told(path))
            .collect();
        for path in never {
            self.fault(&rule::NEVER_HOLDS, &path, policy::HOLDS_IN_NO_PERIOD);
        }
    }

    /// How many months the periods have that the plan is applied to: its own, shorter ones to date, and longer ones that are
    /// scored from their own figures.
    fn lengths(&self) -> Vec<u32> {
        let own = self.record.period.grain();
        let longer = self.record.roll_up == Some(RollUp::Recompute);
        let grains = [Grain::Month, Grain::Quarter, Grain::Half, Grain::Year];
        let applied = grains.into_iter().filter(|grain| *grain <= own || longer);
        applied.map(|grain| grain.months().unsigned_abs()).collect()
    }

    /// A bare number that is an amount only by the unit that is taken where none is stated.
    pub(super) fn amounts(&mut self) {
        if let Some(path) = self.bare_money.take().filter(|_| self.record.money.is_none() && !self.mended) {
            let message = msg!(policy::MONEY_UNSTATED, money = self.record.money());
            self.fault(&rule::MONEY_UNSTATED, &path, message);
        }
    }
}

/// Whether no manager meets a condition in any period of these lengths; not where it asks for figures.
fn never_holds(condition: &Expr, lengths: &[u32]) -> bool {
    if condition.constant.is_some() || !is_of_who(condition) {
        return false;
    }
    let axes = axes(&[condition], lengths);
    let count = axes.iter().try_fold(1_usize, |count, axis| count.checked_mul(axis.values.len()));
    let Some(count) = count.filter(|count| (1..=MOST).contains(count)) else { return false };
    let mut kinds = (0..count).map(|number| Kind::numbered(&axes, number)).filter(Kind::is_possible);
    kinds.all(|kind| condition.node.flag(&kind) == Ok(false))
}

/// Indicators whose conditions hold together for some kind of manager, and what all that applies then weighs.
fn together<'a>(
    plan: &'a Plan,
    grain: Grain,
    only: &[&Expr],
    but: &[&Expr],
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
    let others = only.iter().chain(but).copied().filter(|condition| is_of_who(condition));
    let conditions: Vec<&Expr> = chosen.iter().filter_map(|item| item.when.as_ref()).chain(others).collect();
    let axes = axes(&conditions, &[grain.months().unsigned_abs()]);
    let count = axes.iter().try_fold(1_usize, |count, axis| count.checked_mul(axis.values.len()))?;
    (0..count.min(MOST)).find_map(|number| {
        let kind = Kind::numbered(&axes, number);
        let holds = |condition: &Expr| condition.node.flag(&kind);
        if only.iter().any(|only| holds(only) == Ok(false)) || but.iter().any(|but| holds(but) != Ok(false)) {
            return None;
        }
        let when = |item: &&&Item| item.when.as_ref().is_some_and(|when| holds(when) == Ok(true));
        let held: Vec<&Item> = chosen.iter().filter(when).copied().collect();
        let sum = settled(least + weight(&held));
        // What applies to everybody and weighs too much by itself is no matter of conditions.
        let is_over = sum > plan.whole && !held.is_empty();
        (is_over && kind.is_possible()).then(|| (held.iter().map(|item| &*item.id).collect(), sum))
    })
}

/// Whether a condition asks for nothing but who and when.
fn is_of_who(condition: &Expr) -> bool {
    let mut known = true;
    condition.leaves(&mut |leaf| known &= is_word(leaf) || !numbers(leaf, &[1]).is_empty());
    known
}

fn is_word(leaf: &Leaf) -> bool {
    matches!(leaf, Leaf::ManagerId | Leaf::Grade | Leaf::Role | Leaf::Team | Leaf::Branch)
}

/// What a name that is no word can be, in periods of these lengths in months.
fn numbers(leaf: &Leaf, lengths: &[u32]) -> Vec<Value> {
    let count = |range: std::ops::RangeInclusive<u32>| range.map(|it| Value::Number(it.into()));
    match leaf {
        Leaf::MonthsIn | Leaf::GradeMonths => count(0..=600).collect(),
        Leaf::Month => {
            let ends = (1..=12_u32).filter(|month| lengths.iter().any(|length| month % length == 0));
            ends.map(|month| Value::Number(month.into())).collect()
        }
        Leaf::Months => lengths.iter().map(|length| Value::Number((*length).into())).collect(),
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
fn axes(conditions: &[&Expr], lengths: &[u32]) -> Vec<Axis> {
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
            numbers(leaf, lengths)
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

    /// Nobody is longer in a grade than in post, a month lies in its quarter, and a period of some months ends with one of them.
    fn is_possible(&self) -> bool {
        let both = |a: &Leaf, b: &Leaf| self.number(a).zip(self.number(b));
        both(&Leaf::GradeMonths, &Leaf::MonthsIn).is_none_or(|(grade, post)| grade <= post)
            && both(&Leaf::Month, &Leaf::Quarter)
                .is_none_or(|(month, quarter)| (month / Decimal::from(3)).ceil() == quarter)
            && both(&Leaf::Month, &Leaf::Months).is_none_or(|(month, months)| (month % months).is_zero())
    }
}

impl Environment for Kind {
    fn leaf(&self, leaf: &Leaf, _: &Arc<str>) -> Result<Value, Trouble> {
        let known = self.0.iter().find(|(known, _)| known == leaf);
        known.map(|(_, value)| value.clone()).ok_or(Trouble::Overflow)
    }
}
