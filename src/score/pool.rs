//! Pools: an amount shared out among those who take part in it, to the cent, each share inside its own bounds.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::around::Around;
use super::board::{Board, Manager};
use super::card::{LineAmount, ScoreError, SkippedLine};
use super::item::{Fallback, setback};
use super::partial;
use super::pay::{Paying, applies, gated, vetoed};
use super::split::{Held, Limits, Portion, apportion};
use crate::msg;
use crate::policy::curve::{Filled, Halt};
use crate::policy::expr::Expr;
use crate::policy::plan::{Form, Line};
use crate::policy::round::round;
use crate::record::policy::curve::Group;
use crate::record::policy::outcome::GateOn;
use crate::record::policy::pay::Excess;
use crate::record::policy::{Mode, Prorate};
use crate::text::{Message, Text, score};

/// A line that is a pool, with what it says of it.
struct Pool<'b> {
    line: &'b Line,
    of: &'b Expr,
    by: &'b Expr,
    among: Group,
    places: u32,
    excess: Excess,
}

/// One manager's claim on a pool.
struct Claim<'b> {
    me: usize,
    around: Around<'b>,
    /// The amount as it is stated, and cut to the places that are paid out.
    stated: Decimal,
    of: Decimal,
    by: Decimal,
    /// What it lacks, where that counts as zero.
    missing: Option<Message>,
    /// How vetoes, gates and time in post came to `by`, where any acts.
    cut: Vec<Filled>,
    limits: Limits,
}

/// What a manager's claim on a pool comes to.
enum Claimed<'b> {
    Claims(Box<Claim<'b>>),
    /// The pool is not for them, or what they put in counts as nothing.
    Nothing,
    Skips(SkippedLine),
}

type Shares = Vec<(usize, Result<Paying, ScoreError>)>;

/// The shares of a pool of everybody who has it, by manager.
pub(super) fn shares(board: &Board<'_>, id: &str) -> Shares {
    let mut out = Vec::new();
    let mut waiting: Vec<bool> =
        (0..board.managers.len()).map(|me| judged(board, me, id).is_some()).collect();
    for first in 0..waiting.len() {
        let Some(pool) = judged(board, first, id).filter(|_| waiting[first]) else { continue };
        let group = board.group(first, pool.among).iter().copied();
        let group: Vec<usize> = group.filter(|me| std::mem::take(&mut waiting[*me])).collect();
        out.extend(shared(board, id, &group));
    }
    out
}

/// The pool of that id, where the manager has it and a result to take part with.
fn judged<'b>(board: &'b Board<'_>, me: usize, id: &str) -> Option<Pool<'b>> {
    let card = &board.managers[me].card;
    let judged = card.errors.is_empty() && card.not_assessed.is_none();
    stated(board, me, id).filter(|_| judged)
}

fn stated<'b>(board: &'b Board<'_>, me: usize, id: &str) -> Option<Pool<'b>> {
    let pay = board.managers[me].plan.pay.as_ref()?;
    let line = pay.lines.iter().find(|line| *line.id == *id)?;
    match &line.form {
        Form::Pool { of, by, among, places, excess } => {
            Some(Pool { line, of, by, among: *among, places: *places, excess: *excess })
        }
        _ => None,
    }
}

/// What those of one group take out of their pool; nobody takes anything while somebody's claim stands open.
fn shared(board: &Board<'_>, id: &str, group: &[usize]) -> Shares {
    let (mut claims, mut out) = (Vec::new(), Vec::new());
    let mut open = unknown(board, id, group).map(|reason| ("missing", reason));
    for &me in group {
        let Some(pool) = judged(board, me, id) else { continue };
        match claim(board, me, &pool) {
            Ok(Claimed::Claims(claim)) => claims.push(*claim),
            Ok(Claimed::Nothing) => {}
            Ok(Claimed::Skips(line)) => out.push((me, Ok(Paying::Skips(line)))),
            Err(error) => {
                open.get_or_insert_with(|| ("missing", open_by(board, me, &error)));
                out.push((me, Err(error)));
            }
        }
    }
    let Some(pool) = claims.first().and_then(|claim| judged(board, claim.me, id)) else { return out };
    let portions = match open {
        Some(open) => Err(open),
        None => portions(&pool, &claims),
    };
    match portions {
        Ok(portions) => {
            let counted = claims.iter().map(|claim| {
                let id = board.managers[claim.me].card.profile.id.clone();
                (id, claim.by.max(Decimal::ZERO))
            });
            let counted: Counted = counted.collect();
            let each = claims.into_iter().zip(portions);
            out.extend(each.map(|(claim, portion)| {
                (claim.me, Ok(Paying::Pays(line(&pool, claim, &portion, counted.clone()))))
            }));
        }
        Err((word, reason)) => {
            let error = || ScoreError { word, item: Some(Arc::from(id)), reason: reason.clone() };
            out.extend(claims.iter().map(|claim| (claim.me, Err(error()))));
        }
    }
    out
}

fn portions(pool: &Pool<'_>, claims: &[Claim<'_>]) -> Result<Vec<Portion>, (&'static str, Message)> {
    let of = claims.first().map(|claim| claim.of).unwrap_or_default();
    if claims.iter().any(|claim| claim.of != of) {
        return Err(("pool-differs", score::POOL_DIFFERS.into()));
    }
    let weights: Vec<Decimal> = claims.iter().map(|claim| claim.by).collect();
    let limits: Vec<Limits> = claims.iter().map(|claim| claim.limits).collect();
    apportion(of, &weights, &limits, pool.places, pool.excess).map_err(|least| {
        ("pool-short", msg!(score::POOL_SHORT, least = least.normalize(), of = of.normalize()))
    })
}

/// What everybody puts in for a pool.
type Counted = Arc<[(Box<str>, Decimal)]>;

/// A share, with what is needed to work it out again.
fn line(pool: &Pool<'_>, claim: Claim<'_>, portion: &Portion, claims: Counted) -> LineAmount {
    let line = pool.line;
    let by = claim.by.max(Decimal::ZERO);
    let exact = if portion.all.is_zero() { Decimal::ZERO } else { portion.of * by / portion.all };
    let share = |amount: Decimal| {
        let numbers =
            vec![("of", portion.of), ("by", by), ("all", portion.all), ("amount", amount.normalize())];
        Filled::new(score::A_SHARE, numbers)
    };
    let mut steps = claim.cut;
    if claim.stated != claim.of {
        let numbers = vec![("of", claim.stated), ("places", pool.places.into()), ("amount", claim.of)];
        steps.push(Filled::new(score::A_CUT_POOL, numbers));
    }
    if portion.of != claim.of {
        let numbers = vec![("of", claim.of), ("fixed", claim.of - portion.of), ("rest", portion.of)];
        steps.push(Filled::new(score::A_REST, numbers));
    }
    match portion.held {
        Some(held) => {
            steps.push(share(exact));
            let text = match held {
                Held::Least => score::A_LEAST_SHARE,
                Held::Most => score::A_MOST_SHARE,
            };
            steps.push(Filled::new(text, vec![("amount", portion.amount)]));
        }
        None => {
            steps.push(share(exact));
            let numbers = vec![("places", pool.places.into()), ("amount", portion.amount)];
            steps.push(Filled::new(score::TO_THE_CENT, numbers));
        }
    }
    LineAmount {
        id: line.id.clone(),
        title: line.title.clone(),
        figures: claim.around.figures(),
        steps,
        missing: claim.missing,
        exact: portion.amount,
        amount: portion.amount,
        pool: true,
        claims,
        gated: false,
        paid: line.paid,
    }
}

/// Whose share of a pool cannot be told, so that nobody's can.
fn open_by(board: &Board<'_>, me: usize, error: &ScoreError) -> Message {
    let manager = &*board.managers[me].card.profile.id;
    msg!(score::POOL_OPEN, manager = manager, reason = error.reason.clone())
}

/// The first of those beside a group's claims who has a share of its pool and no scorecard.
fn unknown(board: &Board<'_>, id: &str, group: &[usize]) -> Option<Message> {
    let first = *group.first()?;
    let pool = judged(board, first, id)?;
    board.group(first, pool.among).iter().find_map(|&me| {
        let error = board.managers[me].card.errors.first();
        error.filter(|_| stated(board, me, id).is_some()).map(|error| open_by(board, me, error))
    })
}

fn claim<'b>(board: &'b Board<'_>, me: usize, pool: &Pool<'b>) -> Result<Claimed<'b>, ScoreError> {
    board.managers[me].card.withheld(&pool.line.id, |seen| pool.line.expressions(seen))?;
    if let Some(error) = open_gate(board, me, pool.line) {
        return Err(error);
    }
    let around = Around::new(board, me);
    // What everybody shares in, and the bounds of this share.
    let shared = || -> Result<Option<(Decimal, Limits)>, Halt> {
        if !applies(&around, pool.line)? {
            return Ok(None);
        }
        let least = around.optional(pool.line.min.as_ref())?;
        let most = around.optional(pool.line.max.as_ref())?;
        Ok(Some((around.number(pool.of)?, Limits { least, most })))
    };
    let claimed = || -> Result<Option<(Decimal, Limits, Decimal)>, Halt> {
        let Some((of, limits)) = shared()? else { return Ok(None) };
        Ok(Some((of, limits, around.number(pool.by)?)))
    };
    let (found, missing) = match claimed() {
        Ok(found) => (found, None),
        Err(halt) => {
            let setback = setback(halt, pool.line.missing, None);
            match setback.counts_as {
                Fallback::Skip => {
                    return Ok(Claimed::Skips(SkippedLine {
                        id: pool.line.id.clone(),
                        title: pool.line.title.clone(),
                        figures: around.figures(),
                        reason: setback.reason,
                    }));
                }
                // Who puts in nothing still has the least share.
                Fallback::Zero => {
                    let shared = shared().ok().flatten();
                    let found = shared.filter(|(_, limits)| limits.least.is_some());
                    (found.map(|(of, limits)| (of, limits, Decimal::ZERO)), Some(setback.reason))
                }
                Fallback::Full | Fallback::Error => {
                    return Err(ScoreError {
                        word: setback.word,
                        item: Some(pool.line.id.clone()),
                        reason: setback.reason,
                    });
                }
            }
        }
    };
    let Some((of, limits, by)) = found else { return Ok(Claimed::Nothing) };
    let (by, cut) = cut(board, me, pool.line, by);
    // Whom vetoes or gates leave nothing has no least share either.
    let card = &board.managers[me].card;
    let nothing = vetoed(card).is_zero() || pool.line.gated && gated(card).is_zero();
    let limits = if nothing { Limits { least: None, ..limits } } else { limits };
    let whole = round(of, i32::try_from(pool.places).unwrap_or(i32::MAX), Mode::Down);
    let claim = Claim { me, around, stated: of, of: whole, by, missing, cut, limits };
    Ok(Claimed::Claims(Box::new(claim)))
}

/// A part once vetoes on pay and, where the pool says so, gates and time in post have taken from it, step by step.
fn cut(board: &Board<'_>, me: usize, line: &Line, by: Decimal) -> (Decimal, Vec<Filled>) {
    let Manager { card, plan, facts, .. } = &board.managers[me];
    let (mut left, mut steps) = (by, Vec::new());
    let mut multiply = |text: Text, factor: Decimal| {
        if factor != Decimal::ONE {
            let numbers = vec![("by", left), ("factor", factor), ("left", left * factor)];
            steps.push(Filled::new(text, numbers));
            left *= factor;
        }
    };
    multiply(score::A_STRUCK_CLAIM, vetoed(card));
    if line.gated {
        multiply(score::A_GATED_CLAIM, gated(card));
        if let Some((part, whole)) = partial::served(plan.partial.as_ref(), facts.profile(), Prorate::Pay) {
            let (part, whole) = (Decimal::from(part), Decimal::from(whole));
            let served = left * part / whole;
            let numbers = vec![("by", left), ("part", part), ("whole", whole), ("left", served)];
            steps.push(Filled::new(score::A_SERVED_CLAIM, numbers));
            left = served;
        }
    }
    (left, steps)
}

/// The gate on pay that nobody can compute, where it acts on the parts of a pool.
fn open_gate(board: &Board<'_>, me: usize, line: &Line) -> Option<ScoreError> {
    let Manager { card, plan, .. } = &board.managers[me];
    let gates = plan.gates.iter().filter(|gate| line.gated && gate.on == GateOn::Pay);
    let mut open =
        gates.filter_map(|gate| card.unpaid.iter().find(|error| error.item.as_ref() == Some(&gate.id)));
    open.next().map(|error| ScoreError { item: Some(line.id.clone()), ..error.clone() })
}

#[cfg(test)]
mod tests {
    use crate::metric::Names;
    use crate::policy;
    use crate::score::cases;
    use crate::source::Snapshot;

    #[test]
    fn a_pool_is_cut_to_what_can_be_paid_before_it_is_shared_out() {
        // 100.005 is 100.00, of which four take 25.00 each; 100.019 is 100.01, whose last cent goes to the first by id.
        for (of, first, others) in [("100.005", "25", "25"), ("100.019", "25.01", "25")] {
            let test = |id: &str, paid: &str| {
                let peers = ["a", "b", "c", "d"].into_iter().filter(|peer| *peer != id);
                let peers: Vec<String> = peers.map(|peer| format!("{{ id = '{peer}' }}")).collect();
                format!(
                    "[[tests]]\nname = '{id}'\nperiod = '2026-01'\nmanager = {{ id = '{id}' }}\npeers = [{}]\nexpect = {{ pay = {{ p = {paid} }} }}\n",
                    peers.join(", ")
                )
            };
            let text = format!(
                "title = 'P'\nscheme = 's'\neffective = 2026-01-01\nperiod = 'month'\nmoney = '元'\nmissing = 'error'\n\
                 [[pay.lines]]\nid = 'p'\npool = {{ of = '{of} 元', by = '1', among = 'all' }}\n{}{}",
                test("a", first),
                test("d", others)
            );
            let files = Snapshot::new([("policies/p.toml".to_owned(), Ok(text.clone()))]);
            let file = files.sources.iter().next().unwrap().0;
            let (policy, _) = policy::judge(file, &toml::from_str(&text).unwrap(), &Names::default_book());
            for outcome in cases::run(&policy) {
                assert!(outcome.passes(), "{of}: {:?}", outcome.differences);
            }
        }
    }
}
