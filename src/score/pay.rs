//! Pay: lines, floor, gates, pools, advances, deferral, clawback, in this order.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::around::Around;
use super::board::Board;
use super::card::{LineAmount, PayResult, Returned, ScoreError};
use super::item::{Fallback, setback};
use super::partial;
use super::split::split;
use crate::msg;
use crate::period::{Grain, Period};
use crate::policy::curve::table::{Bands, Found};
use crate::policy::curve::{Filled, Halt};
use crate::policy::expr::{Expr, Trouble};
use crate::policy::plan::{Form, Line, Pay};
use crate::policy::round::round;
use crate::record::policy::Prorate;
use crate::record::policy::item::Missing;
use crate::record::policy::pay::{After, DayCount, Negative};
use crate::text::{Message, score};

/// An amount and how it came about; `None` where the line does not apply.
type Made = Result<Option<(Decimal, Vec<Filled>)>, Halt>;

/// A line that is no pool.
pub(super) fn line(board: &Board<'_>, me: usize, line: &Line) -> Result<Option<LineAmount>, ScoreError> {
    let around = Around::new(board, me);
    let made = applies(&around, line).and_then(|holds| {
        let made = if holds { Some(amount(&around, board.period, &line.form)?) } else { None };
        Ok(made)
    });
    settled(&around, line, made).map(|found| {
        found.map(|(exact, amount, steps)| LineAmount {
            id: line.id.clone(),
            title: line.title.clone(),
            figures: around.figures(),
            steps,
            exact,
            amount,
            pool: false,
            gated: line.gated,
        })
    })
}

fn applies(around: &Around<'_>, line: &Line) -> Result<bool, Halt> {
    match &line.when {
        Some(when) => Ok(around.flag(when)?),
        None => Ok(true),
    }
}

/// Bounds, negative rule and rounding; a missing figure counts as the line says.
fn settled(
    around: &Around<'_>,
    line: &Line,
    made: Made,
) -> Result<Option<(Decimal, Decimal, Vec<Filled>)>, ScoreError> {
    let bounds = || Ok((around.optional(line.min.as_ref())?, around.optional(line.max.as_ref())?));
    let made = made.and_then(|made| match made {
        Some((exact, steps)) => bounds()
            .map(|bounds| Some((exact, steps, bounds)))
            .map_err(|trouble: Trouble| Halt::from(trouble)),
        None => Ok(None),
    });
    match made {
        Ok(None) => Ok(None),
        Ok(Some((exact, steps, (min, max)))) => {
            let cut = max.map_or(exact, |max| exact.min(max));
            let cut = min.map_or(cut, |min| cut.max(min));
            let cut = if line.negative == Negative::Zero { cut.max(Decimal::ZERO) } else { cut };
            Ok(Some((exact, line.round.map_or(cut, |places| round(cut, places, line.mode)), steps)))
        }
        Err(halt) => {
            let setback = setback(halt, line.missing, around.plan().zero_target);
            match setback.counts_as {
                Fallback::Zero => Ok(Some((Decimal::ZERO, Decimal::ZERO, Vec::new()))),
                Fallback::Skip => Ok(None),
                Fallback::Full | Fallback::Error => Err(ScoreError {
                    word: setback.word,
                    item: Some(line.id.clone()),
                    reason: setback.reason,
                }),
            }
        }
    }
}

fn amount(around: &Around<'_>, period: Period, form: &Form) -> Result<(Decimal, Vec<Filled>), Halt> {
    match form {
        Form::Amount(amount) => Ok((around.number(amount)?, Vec::new())),
        Form::Commission { of, rate, days } => commission(around, period, of, rate, *days),
        Form::Progressive { of, table } => progressive(around, around.number(of)?, table),
        Form::Whole { of, base, table } => {
            let of = around.number(of)?;
            let base = around.optional(base.as_ref())?.unwrap_or(of);
            let found = band(around, of, table)?;
            let rate = around.number(found.result)?;
            let amount = multiplied(base, rate)?;
            let numbers = vec![("of", base), ("rate", rate), ("amount", amount)];
            Ok((amount, vec![found.filled(of, rate), Filled { text: score::A_RATE, numbers }]))
        }
        Form::Bands { of, table } => {
            let of = around.number(of)?;
            let found = band(around, of, table)?;
            let amount = around.number(found.result)?;
            Ok((amount, vec![found.filled(of, amount)]))
        }
        Form::Pool { .. } => Ok((Decimal::ZERO, Vec::new())),
    }
}

fn multiplied(a: Decimal, b: Decimal) -> Result<Decimal, Halt> {
    a.checked_mul(b).ok_or(Halt::Trouble(Trouble::Overflow))
}

fn band<'t>(around: &Around<'_>, of: Decimal, table: &'t Bands) -> Result<Found<'t>, Halt> {
    table.find(of, &|edge| around.number(edge))?.ok_or(Halt::ZeroTarget(None))
}

fn commission(
    around: &Around<'_>,
    period: Period,
    of: &Expr,
    rate: &Expr,
    days: Option<DayCount>,
) -> Result<(Decimal, Vec<Filled>), Halt> {
    let (of, rate) = (around.number(of)?, around.number(rate)?);
    let whole = multiplied(of, rate)?;
    let Some(days) = days else {
        let numbers = vec![("of", of), ("rate", rate), ("amount", whole)];
        return Ok((whole, vec![Filled { text: score::A_RATE, numbers }]));
    };
    let (part, year) = part_of_year(period, days);
    let amount = multiplied(whole, part)? / year;
    let numbers = vec![("of", of), ("rate", rate), ("days", part), ("year", year), ("amount", amount)];
    Ok((amount, vec![Filled { text: score::A_YEARLY_RATE, numbers }]))
}

/// The period as a part of its year, over what a year counts as.
fn part_of_year(period: Period, days: DayCount) -> (Decimal, Decimal) {
    let actual = Decimal::from(period.months().days());
    let year = Period::containing(period.last(), Grain::Year);
    match days {
        DayCount::Actual => (actual, year.months().days().into()),
        DayCount::D365 => (actual, 365.into()),
        DayCount::D360 => (actual, 360.into()),
        DayCount::Twelfth => (period.grain().months().into(), 12.into()),
        DayCount::Quarter => (Decimal::ONE, 4.into()),
    }
}

/// Each bracket's rate on the part inside it. Below an open first bracket counting starts at zero.
fn progressive(around: &Around<'_>, of: Decimal, table: &Bands) -> Result<(Decimal, Vec<Filled>), Halt> {
    let (mut sum, mut steps) = (Decimal::ZERO, Vec::new());
    for band in &table.0 {
        let edge = |edge: &Option<crate::policy::curve::table::Edge>| match edge {
            Some(edge) => around.number(&edge.at).map(Some),
            None => Ok(None),
        };
        let from = edge(&band.lower)?.unwrap_or(Decimal::ZERO.min(of));
        let to = edge(&band.upper)?.map_or(of, |to| to.min(of));
        if to <= from {
            continue;
        }
        let rate = around.number(&band.result)?;
        let amount = multiplied(to - from, rate)?;
        sum += amount;
        let numbers = vec![("part", to - from), ("rate", rate), ("amount", amount)];
        steps.push(Filled { text: score::A_BRACKET, numbers });
    }
    Ok((sum, steps))
}

/// One manager's claim on a pool.
struct Claim<'a> {
    me: usize,
    around: Around<'a>,
    of: Decimal,
    by: Decimal,
}

/// The shares of a pool of everybody who has it, by manager.
pub(super) fn pool(board: &Board<'_>, id: &str) -> Vec<(usize, Result<LineAmount, ScoreError>)> {
    let mut out = Vec::new();
    let mut waiting: Vec<bool> =
        (0..board.managers.len()).map(|me| pool_line(board, me, id).is_some()).collect();
    for first in 0..waiting.len() {
        let form = pool_line(board, first, id).filter(|_| waiting[first]).map(|line| &line.form);
        let Some(Form::Pool { among, places, .. }) = form else { continue };
        let group = board.group(first, *among).iter().copied();
        let group: Vec<usize> = group.filter(|me| std::mem::take(&mut waiting[*me])).collect();
        out.extend(shares(board, id, &group, *places));
    }
    out
}

fn pool_line<'b>(board: &'b Board<'_>, me: usize, id: &str) -> Option<&'b Line> {
    let manager = &board.managers[me];
    let judged = manager.card.errors.is_empty() && manager.card.not_assessed.is_none();
    let lines = manager.plan.pay.as_ref().filter(|_| judged).map(|pay| &pay.lines)?;
    lines.iter().find(|line| *line.id == *id && matches!(line.form, Form::Pool { .. }))
}

fn shares(
    board: &Board<'_>,
    id: &str,
    group: &[usize],
    places: u32,
) -> Vec<(usize, Result<LineAmount, ScoreError>)> {
    let (mut claims, mut out) = (Vec::new(), Vec::new());
    let mut open = unknown(board, id, group);
    for &me in group {
        let Some(line) = pool_line(board, me, id) else { continue };
        match claim(board, me, line) {
            Ok(Some(claim)) => claims.push(claim),
            Ok(None) => {}
            Err(error) => {
                open.get_or_insert_with(|| open_by(board, me, &error));
                out.push((me, Err(error)));
            }
        }
    }
    if let Some(reason) = open {
        let error =
            |item: &str| ScoreError { word: "missing", item: Some(item.into()), reason: reason.clone() };
        out.extend(claims.iter().map(|claim| (claim.me, Err(error(id)))));
        return out;
    }
    let Some(of) = claims.first().map(|claim| claim.of) else {
        return out;
    };
    let same = claims.iter().all(|claim| claim.of == of);
    let weights: Vec<Decimal> = claims.iter().map(|claim| claim.by).collect();
    let all: Decimal = weights.iter().map(|weight| (*weight).max(Decimal::ZERO)).sum();
    let parts = split(of, &weights, places);
    for (claim, amount) in claims.into_iter().zip(parts) {
        let Some(line) = pool_line(board, claim.me, id) else { continue };
        if !same {
            let item = Some(line.id.clone());
            out.push((
                claim.me,
                Err(ScoreError { word: "pool-differs", item, reason: score::POOL_DIFFERS.into() }),
            ));
            continue;
        }
        let numbers = vec![("of", of), ("by", claim.by), ("all", all), ("amount", amount)];
        let share = LineAmount {
            id: line.id.clone(),
            title: line.title.clone(),
            figures: claim.around.figures(),
            steps: vec![Filled { text: score::A_SHARE, numbers }],
            exact: amount,
            amount,
            pool: true,
            gated: false,
        };
        out.push((claim.me, Ok(share)));
    }
    out
}

/// Whose share of a pool cannot be told, so that nobody's can.
fn open_by(board: &Board<'_>, me: usize, error: &ScoreError) -> Message {
    let manager = &*board.managers[me].card.profile.id;
    msg!(score::POOL_OPEN, manager = manager, reason = error.reason.clone())
}

/// The first of those beside a group's claims who has a share of its pool and no scorecard.
fn unknown(board: &Board<'_>, id: &str, group: &[usize]) -> Option<Message> {
    let line = pool_line(board, *group.first()?, id)?;
    let Form::Pool { among, .. } = line.form else { return None };
    board.group(*group.first()?, among).iter().find_map(|&me| {
        let manager = &board.managers[me];
        let pay = manager.plan.pay.as_ref()?;
        let shares = pay.lines.iter().any(|line| *line.id == *id && line.form.is_pool());
        manager.card.errors.first().filter(|_| shares).map(|error| open_by(board, me, error))
    })
}

fn claim<'b>(board: &'b Board<'_>, me: usize, line: &Line) -> Result<Option<Claim<'b>>, ScoreError> {
    let Form::Pool { of, by, .. } = &line.form else {
        return Ok(None);
    };
    let around = Around::new(board, me);
    let found = applies(&around, line)
        .and_then(|holds| Ok(if holds { Some((around.number(of)?, around.number(by)?)) } else { None }));
    match found {
        Ok(found) => Ok(found.map(|(of, by)| Claim { me, around, of, by })),
        Err(halt) => {
            let setback = setback(halt, line.missing, None);
            match setback.counts_as {
                Fallback::Skip | Fallback::Zero => Ok(None),
                Fallback::Full | Fallback::Error => Err(ScoreError {
                    word: setback.word,
                    item: Some(line.id.clone()),
                    reason: setback.reason,
                }),
            }
        }
    }
}

/// Everything after the lines.
pub(super) fn finish(
    board: &Board<'_>,
    me: usize,
    pay: &Pay,
    lines: Vec<LineAmount>,
) -> Result<PayResult, ScoreError> {
    let mut around = Around::new(board, me);
    let failed = |trouble: Trouble| {
        let setback = setback(Halt::from(trouble), Missing::Error, None);
        ScoreError { word: setback.word, item: Some(Arc::from("pay")), reason: setback.reason }
    };
    let plan = &board.managers[me].plan;
    let mode = plan.rounding.mode.unwrap_or_default();
    let mut found = PayResult { lines, ..PayResult::default() };
    let of = |pool: bool| found.lines.iter().filter(move |line| line.pool == pool);
    found.sum = of(false).map(|line| line.amount).sum();
    found.pools = of(true).map(|line| line.amount).sum();
    let free: Decimal = of(false).filter(|line| !line.gated).map(|line| line.amount).sum();
    let (min, max) = (
        around.optional(pay.min.as_ref()).map_err(failed)?,
        around.optional(pay.max.as_ref()).map_err(failed)?,
    );
    let bound = |amount: Decimal, when: After| {
        let cut = max.filter(|_| pay.after == when).map_or(amount, |max| amount.min(max));
        min.filter(|_| pay.after == when).map_or(cut, |min| cut.max(min))
    };
    found.bounded = bound(found.sum, After::Lines);
    found.factor = factor(board, me);
    let gated = partial::prorated(
        (found.bounded - free) * found.factor,
        plan.partial.as_ref(),
        board.managers[me].facts.profile(),
        Prorate::Pay,
    );
    found.gated = gated + free;
    found.floored = bound(found.gated, After::Gates);
    found.advance = match around.optional(pay.advance.as_ref()) {
        Err(Trouble::Missing(_)) if pay.missing != Missing::Error => Decimal::ZERO,
        advance => advance.map_err(failed)?.unwrap_or_default(),
    };
    let total = found.floored + found.pools - found.advance;
    found.total = plan.rounding.pay.map_or(total, |places| round(total, places, mode)).normalize();
    around.pay_total = Some(found.total);
    defer(&around, pay, &mut found, mode).map_err(failed)?;
    give_back(&around, pay, &mut found, mode).map_err(failed)?;
    let returned: Decimal = found.returned.iter().map(|entry| entry.amount).sum();
    found.now = (found.total - found.deferred + returned).normalize();
    Ok(found)
}

/// The product of gates and vetoes on pay; time in post is applied beside it, without losing a digit.
fn factor(board: &Board<'_>, me: usize) -> Decimal {
    let card = &board.managers[me].card;
    let gates = card.gates.iter().filter(|gate| gate.on == "pay").map(|gate| gate.factor);
    gates.chain(card.vetoes.iter().filter_map(|veto| veto.pay)).product()
}

fn defer(
    around: &Around<'_>,
    pay: &Pay,
    found: &mut PayResult,
    mode: crate::record::policy::Mode,
) -> Result<(), Trouble> {
    let Some(deferral) = &pay.deferral else {
        return Ok(());
    };
    let applies = match deferral.when.as_ref().map(|when| around.flag(when)) {
        None => true,
        Some(Err(Trouble::Missing(_))) if pay.missing != Missing::Error => false,
        Some(applies) => applies?,
    };
    if !applies || found.total <= Decimal::ZERO {
        return Ok(());
    }
    found.deferred = round(found.total * around.number(&deferral.share)?, deferral.round, mode);
    let places = u32::try_from(deferral.round).unwrap_or_default();
    found.schedule = split(found.deferred, &deferral.years, places);
    Ok(())
}

/// The settled part of each entry of the ledger gives back its share, never more than is still held.
fn give_back(
    around: &Around<'_>,
    pay: &Pay,
    found: &mut PayResult,
    mode: crate::record::policy::Mode,
) -> Result<(), Trouble> {
    let Some((share, places)) = &pay.returns else {
        return Ok(());
    };
    let share = around.number(share)?;
    for entry in around.board.managers[around.me].facts.ledger() {
        let Some(settled) = entry.settled else { continue };
        let held = (entry.amount - entry.returned).max(Decimal::ZERO);
        let amount = round(entry.amount * settled * share, *places, mode).min(held);
        let evidence = entry.evidence.clone();
        found.returned.push(Returned { case: entry.case.clone(), taken: entry.amount, amount, evidence });
    }
    Ok(())
}
