//! The next rating, gates that are not open, and the next bracket of each pay line.

use rust_decimal::Decimal;

use super::super::around::Around;
use super::super::gate::factor_of;
use super::super::outcome::rating_total;
use super::moves::{POINTS, unit_of};
use super::need::Driver;
use super::{Seen, StepAhead, StepKind};
use crate::policy::curve::table::{Band, Bands};
use crate::policy::expr::Expr;
use crate::policy::plan::{Form, Gate, Line};

/// Every step ahead of a manager: the rating, then gates, then pay lines, each in the order of the policy.
pub(super) fn steps(seen: Seen<'_>) -> Vec<StepAhead> {
    let plan = &seen.manager().plan;
    let gates = plan.gates.iter().filter_map(|gate| opening(seen, gate));
    let lines = plan.pay.iter().flat_map(|pay| &pay.lines).filter_map(|line| bracket(seen, line));
    rating(seen).into_iter().chain(gates).chain(lines).collect()
}

/// The next better rating that the manager can be given.
fn rating(seen: Seen<'_>) -> Option<StepAhead> {
    let manager = seen.manager();
    let around = seen.around();
    let standing = manager.card.rating.clone()?;
    let at = manager.plan.ratings.iter().position(|rating| rating.id == standing)?;
    let open = |when: &Option<Expr>| when.as_ref().is_none_or(|when| around.flag(when).unwrap_or(false));
    let next = manager.plan.ratings[..at].iter().rev().find(|rating| open(&rating.when))?;
    let edge = next.lower.as_ref()?;
    let needed = around.number(&edge.at).ok()?;
    Some(StepAhead {
        kind: StepKind::Rating,
        id: "rating".into(),
        title: "rating".into(),
        standing: standing.to_string(),
        next: next.id.to_string(),
        now: rating_total(seen.board, seen.me)?.normalize(),
        needed: needed.normalize(),
        beyond: !edge.included,
        unit: POINTS.into(),
        need: None,
    })
}

/// A gate that takes something away, and the figure that would open it.
fn opening(seen: Seen<'_>, gate: &Gate) -> Option<StepAhead> {
    let found = seen.manager().card.gates.iter().find(|found| found.id == gate.id)?;
    if found.factor >= Decimal::ONE || gate.chain.iter().any(|curve| curve.group().is_some()) {
        return None;
    }
    let value = gate.value.as_ref()?;
    let driver = Driver::of(seen.policy, value)?;
    let around = seen.around();
    let at = |amount: Decimal| driver.supposed(&around, &found.figures, value, amount);
    let opens = |amount: Decimal| {
        let mut tried = seen.around();
        let factor = at(amount).map(|x| factor_of(&mut tried, gate, Some(x), &mut Vec::new()));
        matches!(factor, Some(Ok(Some(factor))) if factor >= Decimal::ONE)
    };
    let need = driver.need(&around, value, opens)?;
    let (now, needed) = (around.number(value).ok()?, at(need.needed)?);
    Some(StepAhead {
        kind: StepKind::Gate,
        id: gate.id.clone(),
        title: gate.title.clone(),
        standing: found.factor.normalize().to_string(),
        next: "1".into(),
        now: now.normalize(),
        needed: needed.normalize(),
        beyond: false,
        unit: unit_of(seen, &value.node),
        need: Some(need),
    })
}

/// The bracket above the one that a pay line's figure lies in.
fn bracket(seen: Seen<'_>, line: &Line) -> Option<StepAhead> {
    let (of, table) = match &line.form {
        Form::Progressive { of, table } | Form::Whole { of, table, .. } | Form::Bands { of, table } => {
            (of, table)
        }
        Form::Amount(_) | Form::Commission { .. } | Form::Pool { .. } => return None,
    };
    let around = seen.around();
    if !line.when.as_ref().is_none_or(|when| around.flag(when).unwrap_or(false)) {
        return None;
    }
    let now = around.number(of).ok()?;
    let (standing, next, needed) = above(&around, table, now)?;
    let step = StepAhead {
        kind: StepKind::Bracket,
        id: line.id.clone(),
        title: line.title.clone(),
        standing: standing.result.text.to_string(),
        next: next.result.text.to_string(),
        now: now.normalize(),
        needed: needed.normalize(),
        beyond: next.lower.as_ref().is_some_and(|edge| !edge.included),
        unit: unit_of(seen, &of.node),
        need: None,
    };
    let need = Driver::of(seen.policy, of).and_then(|driver| {
        driver.need(&around, of, |amount| {
            driver.supposed(&around, &[], of, amount).is_some_and(|reached| step.is_reached_by(reached))
        })
    });
    Some(StepAhead { need, ..step })
}

/// The band a figure lies in, the next one above it, and where that begins.
fn above<'t>(around: &Around<'_>, table: &'t Bands, now: Decimal) -> Option<(&'t Band, &'t Band, Decimal)> {
    let mut rising: Vec<(Decimal, &Band)> = Vec::new();
    for band in &table.0 {
        let from = band.lower.as_ref().map_or(Some(Decimal::MIN), |edge| around.number(&edge.at).ok());
        rising.push((from?, band));
    }
    rising.sort_by_key(|(from, _)| *from);
    // A figure on an edge that the band above does not include lies below it.
    let passed = |(from, band): &&(Decimal, &Band)| {
        now > *from || now == *from && band.lower.as_ref().is_none_or(|edge| edge.included)
    };
    let count = rising.iter().take_while(passed).count();
    let (from, next) = rising.get(count)?;
    Some((rising.get(count.checked_sub(1)?)?.1, next, *from))
}
