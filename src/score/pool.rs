//! Pools: an amount shared out among those who take part in it, to the cent, each share inside its own bounds.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::around::Around;
use super::board::{Board, Manager};
use super::card::ScoreError;
use super::item::{Fallback, setback};
use super::partial;
use super::pay::{Paying, applies, gated, vetoed};
use super::payslip::{LineAmount, SkippedLine};
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
use crate::text::{Message, score};

/// A line that is a pool, with what it says of it.
struct Pool<'b> {
    line: &'b Line,
    of: &'b Expr,
    by: &'b Expr,
    among: Group,
    places: u32,
    excess: Excess,
    /// What becomes of what vetoes, gates and time in post take.
    gated: Excess,
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
    /// How vetoes, gates and time in post came to `by`, where any acts on it.
    cut: Vec<Filled>,
    /// How they act on the share, where what they take stays.
    acting: Vec<Acting>,
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
    let manager = &board.managers[me];
    let card = &manager.card;
    let judged = card.errors.is_empty() && card.not_assessed.is_none() && !manager.is_given();
    stated(board, me, id).filter(|_| judged)
}

fn stated<'b>(board: &'b Board<'_>, me: usize, id: &str) -> Option<Pool<'b>> {
    let pay = board.managers[me].plan.pay.as_ref()?;
    let line = pay.lines.iter().find(|line| *line.id == *id)?;
    match &line.form {
        Form::Pool { of, by, among, places, excess, gated } => {
            Some(Pool { line, of, by, among: *among, places: *places, excess: *excess, gated: *gated })
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
                let mode = board.managers[claim.me].plan.rounding.mode.unwrap_or_default();
                (claim.me, Ok(Paying::Pays(line(&pool, claim, &portion, mode, counted.clone()))))
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
fn line(pool: &Pool<'_>, claim: Claim<'_>, portion: &Portion, mode: Mode, claims: Counted) -> LineAmount {
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
    let left = claim.acting.iter().fold(portion.amount, |share, acting| acting.on_share(share, &mut steps));
    let places = i32::try_from(pool.places).unwrap_or(i32::MAX);
    let amount = if claim.acting.is_empty() { left } else { round(left, places, mode).normalize() };
    if amount != left {
        let numbers = vec![("places", pool.places.into()), ("amount", amount)];
        steps.push(Filled::new(score::A_ROUNDED_SHARE, numbers));
    }
    LineAmount {
        id: line.id.clone(),
        title: line.title.clone(),
        figures: claim.around.figures(),
        steps,
        missing: claim.missing,
        exact: amount,
        amount,
        pool: true,
        claims,
        gated: false,
        paid: line.paid,
    }
}

/// Whose share of a pool cannot be told, so that nobody's can.
fn open_by(board: &Board<'_>, me: usize, error: &ScoreError) -> Message {
    msg!(score::POOL_OPEN, reason = error.of(&board.managers[me].card.profile.id))
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
    let acting = acting(board, me, pool.line);
    let mut cut = Vec::new();
    // Whom vetoes or gates leave nothing has no least share either.
    let nothing = acting.iter().any(Acting::leaves_nothing);
    let (by, acting) = match pool.gated {
        Excess::Spread => (acting.iter().fold(by, |by, acting| acting.on_part(by, &mut cut)), Vec::new()),
        Excess::Stay => (by, acting),
    };
    let limits = if nothing { Limits { least: None, ..limits } } else { limits };
    let whole = round(of, i32::try_from(pool.places).unwrap_or(i32::MAX), Mode::Down);
    let claim = Claim { me, around, stated: of, of: whole, by, missing, cut, acting, limits };
    Ok(Claimed::Claims(Box::new(claim)))
}

/// What acts on a part or a share.
enum Acting {
    /// Vetoes on pay, by their factor.
    Struck(Decimal),
    /// Gates on pay, by their factor.
    Gated(Decimal),
    /// Time in post: so many of so many.
    Served(Decimal, Decimal),
}

impl Acting {
    fn leaves_nothing(&self) -> bool {
        matches!(self, Self::Struck(factor) | Self::Gated(factor) if factor.is_zero())
    }

    fn left(&self, of: Decimal) -> Decimal {
        match self {
            Self::Struck(factor) | Self::Gated(factor) => of * factor,
            Self::Served(part, whole) => of * part / whole,
        }
    }

    fn numbers(&self, name: &'static str, of: Decimal) -> Vec<(&'static str, Decimal)> {
        let by = match *self {
            Self::Struck(factor) | Self::Gated(factor) => vec![("factor", factor)],
            Self::Served(part, whole) => vec![("part", part), ("whole", whole)],
        };
        [vec![(name, of)], by, vec![("left", self.left(of))]].concat()
    }

    /// What it leaves of a part in the pool.
    fn on_part(&self, by: Decimal, steps: &mut Vec<Filled>) -> Decimal {
        let text = match self {
            Self::Struck(_) => score::A_STRUCK_CLAIM,
            Self::Gated(_) => score::A_GATED_CLAIM,
            Self::Served(..) => score::A_SERVED_CLAIM,
        };
        steps.push(Filled::new(text, self.numbers("by", by)));
        self.left(by)
    }

    /// What it leaves of a share.
    fn on_share(&self, share: Decimal, steps: &mut Vec<Filled>) -> Decimal {
        let text = match self {
            Self::Struck(_) => score::A_STRUCK_SHARE,
            Self::Gated(_) => score::A_GATED_SHARE,
            Self::Served(..) => score::A_SERVED_SHARE,
        };
        steps.push(Filled::new(text, self.numbers("share", share)));
        self.left(share)
    }
}

/// Vetoes on pay and, where the pool says so, gates and time in post, as far as they take anything.
fn acting(board: &Board<'_>, me: usize, line: &Line) -> Vec<Acting> {
    let Manager { card, plan, facts, .. } = &board.managers[me];
    let factors = [Some(Acting::Struck(vetoed(card))), line.gated.then(|| Acting::Gated(gated(card)))];
    let factors = factors.into_iter().flatten();
    let mut found: Vec<Acting> = factors
        .filter(|acting| !matches!(acting, Acting::Struck(factor) | Acting::Gated(factor) if *factor == Decimal::ONE))
        .collect();
    let served = partial::served(&plan.partial, facts.profile(), Prorate::Pay);
    found
        .extend(served.filter(|_| line.gated).map(|(part, whole)| Acting::Served(part.into(), whole.into())));
    found
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
