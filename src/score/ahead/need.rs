//! The figure of a manager's business that a score or a factor asks for.
//!
//! It is searched for, not solved: curves, chains and expressions are applied as they are in scoring, to one supposed figure
//! after another. A step of the search is one unit of a count, a hundredth of a percentage point of a ratio, a hundredth of anything else.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::super::around::Around;
use super::super::card::{Figure, ItemScore};
use super::super::item;
use super::{Need, Seen};
use crate::metric::{Metric, Unit};
use crate::policy::Policy;
use crate::policy::ask::{Ask, Source};
use crate::policy::expr::{Environment, Expr, Leaf, Trouble, Value};
use crate::policy::plan::Item;
use crate::policy::round::round;
use crate::record::settings::MeasureKind;

/// Doublings of the first stride after which a search gives up; they reach a billion times the figure.
const DOUBLINGS: u32 = 37;

/// The figure of the manager's own that an expression rests on: the first that is no point of comparison.
pub(super) struct Driver<'p> {
    ask: &'p Ask,
    metric: &'p Metric,
    unit: String,
}

impl<'p> Driver<'p> {
    pub(super) fn of(policy: &'p Policy, expression: &'p Expr) -> Option<Self> {
        let mut found: Option<&'p Ask> = None;
        expression.leaves(&mut |leaf| {
            if let Leaf::Ask(ask, _) = leaf
                && matches!(ask.source, Source::Manager | Source::Actuals)
                && ask.query.point.is_none()
            {
                found = found.or(Some(ask));
            }
        });
        let ask = found?;
        let metric = policy.names.get(&ask.query.name)?;
        Some(Self { ask, metric, unit: unit(policy, metric) })
    }

    /// The figure as it is, in the policy's money.
    fn now(&self, around: &Around<'_>, expression: &Expr) -> Option<Decimal> {
        let mut now = None;
        expression.leaves(&mut |leaf| {
            if let Leaf::Ask(ask, _) = leaf
                && **ask == *self.ask
                && now.is_none()
            {
                now = around.leaf(leaf, &expression.text).ok();
            }
        });
        match now? {
            Value::Number(now) => Some(now),
            Value::Text(_) | Value::Date(_) | Value::Flag(_) => None,
        }
    }

    /// The least change of the figure with which `reaches` holds.
    pub(super) fn need(
        &self,
        around: &Around<'_>,
        expression: &Expr,
        reaches: impl Fn(Decimal) -> bool,
    ) -> Option<Need> {
        let now = self.now(around, expression)?;
        let needed = search(now, self.metric.kind, reaches)?;
        Some(Need { query: self.ask.query.clone(), now, needed, unit: self.unit.clone() })
    }

    /// What an expression gives with this figure supposed.
    pub(super) fn supposed(
        &self,
        around: &Around<'_>,
        known: &[Figure],
        expression: &Expr,
        amount: Decimal,
    ) -> Option<Decimal> {
        expression.node.number(&Supposed { around, known, ask: self.ask, amount }).ok()
    }
}

/// What a figure is in under a policy.
pub(super) fn unit(policy: &Policy, metric: &Metric) -> String {
    let money = Unit::parse(&metric.unit).is_money();
    if money { policy.record.money().to_owned() } else { metric.unit.clone() }
}

/// Everything as it is, but for one figure.
struct Supposed<'a> {
    around: &'a Around<'a>,
    /// Figures taken before, which need not be asked for again.
    known: &'a [Figure],
    ask: &'a Ask,
    amount: Decimal,
}

impl Environment for Supposed<'_> {
    fn leaf(&self, leaf: &Leaf, name: &Arc<str>) -> Result<Value, Trouble> {
        let Leaf::Ask(ask, _) = leaf else { return self.around.leaf(leaf, name) };
        if **ask == *self.ask {
            return Ok(Value::Number(self.amount));
        }
        match self.known.iter().find(|figure| figure.name == *name).map(|figure| &figure.value) {
            Some(Ok(value)) => Ok(value.clone()),
            Some(Err(_)) | None => self.around.leaf(leaf, name),
        }
    }
}

/// The figure with which an item reaches a score; nothing where it has reached it, where none does, or where the score
/// rests on peers, marks, raters or single records.
pub(super) fn for_score(seen: Seen<'_>, id: &str, wanted: Decimal) -> Option<Need> {
    for_enough(seen, id, |score| score >= wanted)
}

/// The same for any score that is `enough`.
pub(super) fn for_enough(seen: Seen<'_>, id: &str, enough: impl Fn(Decimal) -> bool) -> Option<Need> {
    let manager = seen.manager();
    let item = &manager.plan.items[manager.plan.item(id)?];
    let found = manager.items.get(id)?;
    let alone = item.each.is_none()
        && item.points.is_none()
        && item.chain.iter().all(|curve| curve.takes_value() && curve.group().is_none());
    let value = item.value.as_ref().filter(|_| alone && found.score.is_some_and(|score| !enough(score)))?;
    let driver = Driver::of(seen.policy, value)?;
    let around = seen.around();
    let probe = ItemScore { figures: Vec::new(), parts: Vec::new(), steps: Vec::new(), ..found.clone() };
    let reaches = |amount: Decimal| {
        let value = driver.supposed(&around, &found.figures, value, amount);
        value.and_then(|value| score(seen, item, &probe, value)).is_some_and(&enough)
    };
    driver.need(&around, value, reaches)
}

/// What an item would score at another value.
fn score(seen: Seen<'_>, item: &Item, probe: &ItemScore, exact: Decimal) -> Option<Decimal> {
    let mode = item.rounding.mode.unwrap_or_default();
    let value = exact + probe.carried;
    let mut x = item.rounding.input.map_or(value, |places| round(value, places, mode));
    let target = probe.target.as_ref().map(|target| target.value);
    for at in 0..item.chain.len() {
        x = item::apply(seen.board, seen.me, item, at, x, target).step.ok()?.score;
    }
    let mut probe = ItemScore { raw: Some(x), score: None, ..probe.clone() };
    let bounds = item::bounds(seen.board, seen.me, item, &probe);
    item::settle(item, &mut probe, bounds);
    probe.score
}

/// The least step of a figure.
pub(super) fn grid(kind: MeasureKind) -> Decimal {
    match kind {
        MeasureKind::Count => Decimal::ONE,
        MeasureKind::Ratio => Decimal::new(1, 4),
        MeasureKind::Balance | MeasureKind::Flow => Decimal::new(1, 2),
    }
}

/// The value nearest to `now`, on the grid of its kind, at which `reaches` holds.
///
/// It strides out from `now` to both sides, twice as far each time, and halves the stride that arrived. Amounts do not go
/// below zero, nor ratios above one, unless they are there already.
fn search(now: Decimal, kind: MeasureKind, reaches: impl Fn(Decimal) -> bool) -> Option<Decimal> {
    let grid = grid(kind);
    let least = now.min(Decimal::ZERO);
    let most = (kind == MeasureKind::Ratio).then(|| now.max(Decimal::ONE));
    let within = |amount: Decimal| most.map_or(amount, |most| amount.min(most)).max(least);
    let mut stride = (now.abs() / Decimal::from(128)).max(grid);
    let (mut low, mut high) = (now, now);
    for _ in 0..DOUBLINGS {
        let (down, up) = (within(now - stride), within(now + stride));
        if reaches(up) {
            return Some(halved(high, up, grid, reaches));
        }
        if reaches(down) {
            return Some(halved(low, down, grid, reaches));
        }
        if (down, up) == (low, high) {
            return None;
        }
        (low, high) = (down, up);
        stride *= Decimal::TWO;
    }
    None
}

/// The first step of the grid from `short`, where `reaches` does not hold, to `there`, where it does.
fn halved(short: Decimal, there: Decimal, grid: Decimal, reaches: impl Fn(Decimal) -> bool) -> Decimal {
    let up = there > short;
    let (mut short, mut there) = (short / grid, there / grid);
    (short, there) = if up { (short.floor(), there.ceil()) } else { (short.ceil(), there.floor()) };
    while (there - short).abs() > Decimal::ONE {
        let middle = ((short + there) / Decimal::TWO).floor();
        if reaches(middle * grid) {
            there = middle;
        } else {
            short = middle;
        }
    }
    (there * grid).normalize()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(now: &str, kind: MeasureKind, reaches: impl Fn(Decimal) -> bool) -> Option<String> {
        search(now.parse().unwrap(), kind, reaches).map(|found| found.to_string())
    }

    fn d(number: &str) -> Decimal {
        number.parse().unwrap()
    }

    #[test]
    fn the_nearest_figure_that_reaches_is_found_on_its_grid() {
        assert_eq!(find("8327", MeasureKind::Balance, |x| x >= d("9310")).as_deref(), Some("9310"));
        assert_eq!(find("8327.5", MeasureKind::Balance, |x| x > d("9310")).as_deref(), Some("9310.01"));
        assert_eq!(find("1.3", MeasureKind::Count, |x| x >= d("2.2")).as_deref(), Some("3"));
        assert_eq!(find("0.7143", MeasureKind::Ratio, |x| x >= d("0.95")).as_deref(), Some("0.95"));
        assert_eq!(find("4", MeasureKind::Count, |x| x <= d("1.5")).as_deref(), Some("1"));
        assert_eq!(find("0", MeasureKind::Flow, |x| x >= d("1000000")).as_deref(), Some("1000000"));
    }

    #[test]
    fn what_cannot_be_reached_is_not_found() {
        assert_eq!(find("0.9", MeasureKind::Ratio, |x| x >= d("1.2")), None);
        assert_eq!(find("5", MeasureKind::Count, |x| x < Decimal::ZERO), None);
        assert_eq!(find("100", MeasureKind::Flow, |_| false), None);
    }
}
