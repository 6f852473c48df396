//! Pay: lines, floor, gates, pools, advances, deferral, clawback, in this order.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::around::Around;
use super::board::Board;
use super::card::{ScoreError, Scorecard};
use super::item::{Fallback, setback};
use super::partial;
use super::payslip::{LineAmount, PayResult, Released, Returned, SkippedLine};
use super::released;
use super::split::split;
use super::terms::Terms;
use crate::period::{Grain, Months, Period};
use crate::policy::curve::table::{Bands, Found};
use crate::policy::curve::{Filled, Halt};
use crate::policy::expr::{Expr, Trouble};
use crate::policy::plan::{Deferred, Form, Line, Pay};
use crate::policy::round::round;
use crate::record::policy::Prorate;
use crate::record::policy::item::Missing;
use crate::record::policy::pay::{DayCount, Negative};
use crate::text::{Message, score};

/// An amount and how it came about; `None` where the line does not apply.
type Made = Result<Option<(Decimal, Vec<Filled>)>, Halt>;

/// What a line comes to.
pub(super) enum Paying {
    Pays(LineAmount),
    /// It does not apply.
    Nothing,
    Skips(SkippedLine),
}

/// A line that is no pool.
pub(super) fn line(board: &Board<'_>, me: usize, line: &Line) -> Result<Paying, ScoreError> {
    board.managers[me].card.withheld(&line.id, |seen| line.expressions(seen))?;
    let around = Around::new(board, me);
    let made = applies(&around, line).and_then(|holds| {
        let made = if holds { Some(amount(&around, &line.form)?) } else { None };
        Ok(made)
    });
    let found = settled(&around, line, made)?;
    let (id, title, figures) = (line.id.clone(), line.title.clone(), around.figures());
    Ok(match found {
        Settled::At { exact, amount, steps, missing } => Paying::Pays(LineAmount {
            id,
            title,
            figures,
            steps,
            missing,
            exact,
            amount,
            pool: false,
            claims: Arc::default(),
            gated: line.gated,
            paid: line.paid,
        }),
        Settled::Nowhere => Paying::Nothing,
        Settled::Skipped(reason) => Paying::Skips(SkippedLine { id, title, figures, reason }),
    })
}

pub(super) fn applies(around: &Around<'_>, line: &Line) -> Result<bool, Halt> {
    match &line.when {
        Some(when) => Ok(around.flag(when)?),
        None => Ok(true),
    }
}

/// A line after its bounds.
enum Settled {
    /// The amount before and after them, and how it came about; what is missing where it counts as zero.
    At { exact: Decimal, amount: Decimal, steps: Vec<Filled>, missing: Option<Message> },
    /// It does not apply.
    Nowhere,
    /// A figure is missing.
    Skipped(Message),
}

/// Bounds, negative rule and rounding; a missing figure counts as the line says.
fn settled(around: &Around<'_>, line: &Line, made: Made) -> Result<Settled, ScoreError> {
    let bounds = || Ok((around.optional(line.min.as_ref())?, around.optional(line.max.as_ref())?));
    let made = made.and_then(|made| match made {
        Some((exact, steps)) => bounds()
            .map(|bounds| Some((exact, steps, bounds)))
            .map_err(|trouble: Trouble| Halt::from(trouble)),
        None => Ok(None),
    });
    match made {
        Ok(None) => Ok(Settled::Nowhere),
        Ok(Some((exact, steps, (min, max)))) => {
            Ok(Settled::At { exact, amount: within(line, exact, min, max), steps, missing: None })
        }
        Err(halt) => {
            let setback = setback(halt, line.missing, around.plan().zero_target);
            match setback.counts_as {
                Fallback::Zero => {
                    // Zero is held to the bounds like any amount; under a condition that nobody can tell no least is owed.
                    let (min, max) = match applies(around, line) {
                        Ok(true) => bounds().unwrap_or_default(),
                        _ => (None, None),
                    };
                    let amount = within(line, Decimal::ZERO, min, max);
                    let (exact, missing) = (Decimal::ZERO, Some(setback.reason));
                    Ok(Settled::At { exact, amount, steps: Vec::new(), missing })
                }
                Fallback::Skip => Ok(Settled::Skipped(setback.reason)),
                Fallback::Full | Fallback::Error => Err(ScoreError {
                    word: setback.word,
                    item: Some(line.id.clone()),
                    reason: setback.reason,
                }),
            }
        }
    }
}

/// An amount inside the bounds of its line, rounded.
fn within(line: &Line, exact: Decimal, min: Option<Decimal>, max: Option<Decimal>) -> Decimal {
    let cut = max.map_or(exact, |max| exact.min(max));
    let cut = min.map_or(cut, |min| cut.max(min));
    let cut = if line.negative == Negative::Zero { cut.max(Decimal::ZERO) } else { cut };
    line.round.map_or(cut, |places| round(cut, places, line.mode))
}

fn amount(around: &Around<'_>, form: &Form) -> Result<(Decimal, Vec<Filled>), Halt> {
    match form {
        Form::Amount(amount) => Ok((around.number(amount)?, Vec::new())),
        Form::Commission { of, rate, days } => commission(around, of, rate, *days),
        Form::Progressive { of, table } => progressive(around, around.number(of)?, table),
        Form::Whole { of, base, table } => {
            let of = around.number(of)?;
            let base = around.optional(base.as_ref())?.unwrap_or(of);
            let found = band(around, of, table)?;
            let rate = around.number(found.result)?;
            let amount = multiplied(base, rate)?;
            let numbers = vec![("of", base), ("rate", rate), ("amount", amount)];
            let mut steps = found.filled(of, rate);
            steps.push(Filled::new(score::A_RATE, numbers));
            Ok((amount, steps))
        }
        Form::Bands { of, table } => {
            let of = around.number(of)?;
            let found = band(around, of, table)?;
            let amount = around.number(found.result)?;
            Ok((amount, found.filled(of, amount)))
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
    of: &Expr,
    rate: &Expr,
    days: Option<DayCount>,
) -> Result<(Decimal, Vec<Filled>), Halt> {
    let (of, rate) = (around.number(of)?, around.number(rate)?);
    let whole = multiplied(of, rate)?;
    let Some(days) = days else {
        let numbers = vec![("of", of), ("rate", rate), ("amount", whole)];
        return Ok((whole, vec![Filled::new(score::A_RATE, numbers)]));
    };
    let (part, year) = part_of_year(around.months(), days);
    let amount = multiplied(whole, part)? / year;
    let numbers = vec![("of", of), ("rate", rate), ("days", part), ("year", year), ("amount", amount)];
    Ok((amount, vec![Filled::new(score::A_YEARLY_RATE, numbers)]))
}

/// Months as a part of their year, over what a year counts as.
fn part_of_year(over: Months, days: DayCount) -> (Decimal, Decimal) {
    let actual = Decimal::from(over.days());
    let year = Period::containing(over.last, Grain::Year);
    let months = over.iter().count();
    match days {
        DayCount::Actual => (actual, year.months().days().into()),
        DayCount::D365 => (actual, 365.into()),
        DayCount::D360 => (actual, 360.into()),
        DayCount::Twelfth => (months.into(), 12.into()),
        DayCount::Quarter if months.is_multiple_of(3) => ((months / 3).into(), 4.into()),
        // A quarter scored to date.
        DayCount::Quarter => (months.into(), 12.into()),
    }
}

/// Each bracket's rate on the part inside it. Counting starts at zero: upwards, or downwards for what is taken.
fn progressive(around: &Around<'_>, of: Decimal, table: &Bands) -> Result<(Decimal, Vec<Filled>), Halt> {
    let (mut sum, mut steps) = (Decimal::ZERO, Vec::new());
    let (low, high) = (of.min(Decimal::ZERO), of.max(Decimal::ZERO));
    let sign = if of.is_sign_negative() { -Decimal::ONE } else { Decimal::ONE };
    for band in &table.0 {
        let edge = |edge: &Option<crate::policy::curve::table::Edge>| match edge {
            Some(edge) => around.number(&edge.at).map(Some),
            None => Ok(None),
        };
        let from = edge(&band.lower)?.map_or(low, |from| from.max(low));
        let to = edge(&band.upper)?.map_or(high, |to| to.min(high));
        if to <= from {
            continue;
        }
        let (part, rate) = (sign * (to - from), around.number(&band.result)?);
        let amount = multiplied(part, rate)?;
        sum += amount;
        let (lower, upper) = if sign.is_sign_negative() { (to, from) } else { (from, to) };
        let numbers = vec![("lower", lower), ("upper", upper), ("rate", rate), ("amount", amount)];
        steps.push(Filled::new(score::A_BRACKET, numbers));
    }
    if sign.is_sign_negative() {
        steps.reverse();
    }
    Ok((sum, steps))
}

/// Everything after the lines.
pub(super) fn finish(
    board: &Board<'_>,
    me: usize,
    pay: &Pay,
    lines: Vec<LineAmount>,
) -> Result<PayResult, ScoreError> {
    board.managers[me].card.withheld(&Arc::from("pay"), |seen| pay.terms(seen))?;
    let mut around = Around::new(board, me);
    let failed = |trouble: Trouble| {
        let setback = setback(Halt::from(trouble), Missing::Error, None);
        ScoreError { word: setback.word, item: Some(Arc::from("pay")), reason: setback.reason }
    };
    let plan = &board.managers[me].plan;
    let mode = plan.rounding.mode.unwrap_or_default();
    let mut found = PayResult { lines, ..PayResult::default() };
    found.sum = found.paid(false).map(|line| line.amount).sum();
    found.pools = found.paid(true).map(|line| line.amount).sum();
    let free: Decimal = found.paid(false).filter(|line| !line.gated).map(|line| line.amount).sum();
    let bounds = (
        around.optional(pay.min.as_ref()).map_err(failed)?,
        around.optional(pay.max.as_ref()).map_err(failed)?,
    );
    found.advance = match around.optional(pay.advance.as_ref()) {
        Err(Trouble::Missing(_)) if pay.missing != Missing::Error => Decimal::ZERO,
        advance => advance.map_err(failed)?.unwrap_or_default(),
    };
    found.factor = factor(board, me);
    let terms = Terms {
        bounds,
        after: pay.after,
        free,
        factor: found.factor,
        served: partial::served(&plan.partial, board.managers[me].facts.profile(), Prorate::Pay),
        advance: found.advance,
        round: plan.rounding.pay.map(|places| (places, mode)),
    };
    let paid = terms.paid(found.sum, found.pools);
    (found.bounded, found.gated, found.floored) = (paid.bounded, paid.gated, paid.floored);
    (found.total, found.terms) = (paid.total, Some(terms));
    around.pay_total = Some(found.total);
    defer(&around, pay, &mut found, mode).map_err(failed)?;
    give_back(&around, pay, &mut found, mode).map_err(failed)?;
    fall_due(&around, pay, &mut found, mode).map_err(failed)?;
    found.figures = around.figures();
    let returned: Decimal = found.returned.iter().map(|entry| entry.amount).sum();
    found.now = (found.total - found.deferred + returned).normalize();
    Ok(found)
}

/// The product of gates and vetoes on pay; time in post is applied beside it, without losing a digit.
fn factor(board: &Board<'_>, me: usize) -> Decimal {
    let card = &board.managers[me].card;
    gated(card) * vetoed(card)
}

/// What gates leave of the pay, and of a claim on a pool that says so.
pub(super) fn gated(card: &Scorecard) -> Decimal {
    card.gates.iter().filter(|gate| gate.on == "pay").map(|gate| gate.factor).product()
}

/// What vetoes leave of the pay, and of a claim on a pool.
pub(super) fn vetoed(card: &Scorecard) -> Decimal {
    card.vetoes.iter().filter_map(|veto| veto.pay).product()
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
    let exact = match &deferral.what {
        Deferred::Share(share) => {
            let share = around.number(share)?;
            found.total * released::part_of_whole(share, score::DEFERS_NO_PART).map_err(Trouble::Missing)?
        }
        Deferred::Amount(amount) => around.number(amount)?.clamp(Decimal::ZERO, found.total),
    };
    found.deferred = round(exact, deferral.round, mode).min(found.total);
    let places = u32::try_from(deferral.round).unwrap_or_default();
    found.schedule = split(found.deferred, &deferral.years, places);
    Ok(())
}

/// What the result at hand releases of earlier pay that falls due.
fn fall_due(
    around: &Around<'_>,
    pay: &Pay,
    found: &mut PayResult,
    mode: crate::record::policy::Mode,
) -> Result<(), Trouble> {
    let Some(deferral) = &pay.deferral else { return Ok(()) };
    for &(period, deferred) in around.board.managers[around.me].facts.falling_due() {
        let part = match &deferral.release {
            Some(release) => released::part(release, around).map_err(Trouble::Missing)?,
            None => Decimal::ONE,
        };
        let amount = round(deferred * part, deferral.round, mode).min(deferred);
        found.released.push(Released { period, deferred, part, amount });
    }
    Ok(())
}

/// The settled part of each entry of the ledger gives back its share, never more than what all of it gives back and did not yet.
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
        let of = |part: Decimal| round(entry.amount * part * share, *places, mode).min(entry.amount);
        let held = (of(Decimal::ONE) - entry.returned).max(Decimal::ZERO);
        let amount = of(settled).min(held);
        let evidence = entry.evidence.clone();
        let (case, taken) = (entry.case.clone(), entry.amount);
        found.returned.push(Returned { case, taken, settled, share, amount, evidence });
    }
    Ok(())
}
