//! Ratings, and moves between grades.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::ahead::MoveKind;
use super::around::Around;
use super::board::{Board, Manager};
use super::card::{Figure, NO_RATING, Proposal, ScoreError, Unjudged};
use super::earlier::{Earlier, before, decided};
use super::run::{Several, Who};
use super::total::failed;
use crate::msg;
use crate::policy::curve::Halt;
use crate::policy::curve::table::Edge;
use crate::policy::expr::{Expr, Leaf, Trouble};
use crate::policy::plan::{Move, Rating};
use crate::policy::round::{round, settled};
use crate::record::policy::RatingOn;
use crate::text::{Message, score};

/// What the ratings of a policy say of a manager.
pub(super) enum Rated {
    /// The rating; nothing where there is none to give.
    As(Option<Arc<str>>),
    /// A figure is missing that decides between ratings.
    Open(ScoreError),
    /// None fits.
    Nowhere(ScoreError),
}

/// The rating of a manager: the first that holds, unless it is not known whether a better one does. What a veto leaves at best
/// decides whatever is open above it. With it the figures that were looked at until one was found.
pub(super) fn rating(board: &Board<'_>, me: usize) -> (Rated, Vec<Figure>) {
    let manager = &board.managers[me];
    let ratings = &manager.plan.ratings;
    let total = rating_total(board, me);
    let mut figures: Vec<Figure> = Vec::new();
    if ratings.is_empty() || total.is_none() && !totalless(manager) {
        return (Rated::As(None), figures);
    }
    let (mut open, mut found) = (None, None);
    for (at, rating) in ratings.iter().enumerate() {
        let around = Around::new(board, me);
        let fits = fits(&around, rating, total);
        for figure in around.figures() {
            if figures.iter().all(|known| known.name != figure.name) {
                figures.push(figure);
            }
        }
        match fits {
            Ok(true) => {
                found = Some(at);
                break;
            }
            Ok(false) => {}
            Err(trouble) => open = open.or(Some((&rating.id, trouble))),
        }
    }
    let caps = manager.card.vetoes.iter().filter_map(|veto| veto.rating.as_ref());
    let cap = caps.filter_map(|best| ratings.iter().position(|rating| rating.id == *best)).max();
    let rated = match (found, open) {
        (Some(found), _) if cap.is_some_and(|cap| cap >= found) => {
            Rated::As(cap.map(|cap| ratings[cap].id.clone()))
        }
        (_, Some((id, trouble))) => {
            let error = failed(id, Halt::Trouble(trouble));
            let reason = msg!(score::RATING_OPEN, rating = &**id, reason = error.reason);
            Rated::Open(ScoreError { reason, ..error })
        }
        (Some(found), None) => Rated::As(Some(ratings[found].id.clone())),
        (None, None) => Rated::Nowhere(ScoreError {
            word: NO_RATING,
            item: None,
            reason: total
                .map_or_else(|| score::NO_RATING_HOLDS.into(), |total| msg!(score::NO_RATING, total = total)),
        }),
    };
    (rated, figures)
}

/// What each manager's place goes by.
pub(super) fn standings(board: &mut Board<'_>, some: &Several) {
    for me in some.clone() {
        let found = standing(board, me);
        let waits = waits(&board.managers[me]);
        let card = &mut board.managers[me].card;
        card.standing = None;
        card.unplaced = waits;
        match found {
            Ok(standing) if card.unplaced.is_none() => card.standing = standing,
            Ok(_) => {}
            Err(error) => {
                card.errors.push(error);
                card.unplaced = card.stands_open();
            }
        }
    }
}

/// Why the place of a manager who stands open is not known; nothing for whoever takes none whatever comes of it.
fn waits(manager: &Manager<'_>) -> Option<Message> {
    let open = manager.card.stands_open()?;
    let profile = manager.facts.profile();
    let months = manager.facts.months().unwrap_or_else(|| manager.card.period.months());
    let eligible = manager.plan.eligible.as_ref();
    let takes_none = eligible.is_some_and(|it| it.node.flag(&Who { profile, months }) == Ok(false));
    (!takes_none).then_some(open)
}

/// What a manager's place goes by, where the manager takes one.
fn standing(board: &Board<'_>, me: usize) -> Result<Option<Decimal>, ScoreError> {
    let manager = &board.managers[me];
    let Manager { card, plan, .. } = manager;
    if card.total.is_none() && !totalless(manager) {
        return Ok(None);
    }
    let around = Around::new(board, me);
    let eligible = plan.eligible.as_ref().map_or(Ok(true), |eligible| around.flag(eligible));
    let standing = eligible.and_then(|eligible| match &plan.rank_by {
        _ if !eligible => Ok(None),
        Some(by) => around.number(by).map(Some),
        None => Ok(card.total),
    });
    standing.map_err(|trouble| failed(&Arc::from("ranking"), trouble.into()))
}

/// Whether a manager is judged by a policy that makes no total: conditions alone rate, and places go by what `ranking` says.
fn totalless(manager: &Manager<'_>) -> bool {
    let card = &manager.card;
    !manager.plan.makes_total() && card.errors.is_empty() && card.not_assessed.is_none()
}

/// The total that ratings would look at with so many points more, everything else as it is.
pub(super) fn total_with(board: &Board<'_>, me: usize, more: Decimal) -> Option<Decimal> {
    let Manager { card, plan, .. } = &board.managers[me];
    let gates = card.gates.iter().filter(|gate| gate.on == "total");
    let more = gates.fold(more, |more, gate| more * gate.factor);
    let exact = card.exact_total? + more;
    let places = plan.rounding.total.filter(|_| plan.rating_on == RatingOn::Rounded);
    let total = places.map_or(exact, |places| round(exact, places, plan.rounding.mode.unwrap_or_default()));
    gated(board, me, Some(total))
}

/// The total that ratings look at, with the gates on it applied.
pub(super) fn rating_total(board: &Board<'_>, me: usize) -> Option<Decimal> {
    let manager = &board.managers[me];
    let total = match manager.plan.rating_on {
        RatingOn::Rounded => manager.card.total,
        RatingOn::Exact => manager.card.exact_total,
    };
    gated(board, me, total)
}

fn gated(board: &Board<'_>, me: usize, total: Option<Decimal>) -> Option<Decimal> {
    let manager = &board.managers[me];
    let factors = manager.card.gates.iter().filter(|gate| gate.on == "rating");
    Some(factors.fold(total?, |total, gate| total * gate.factor))
}

/// Whether a rating is a manager's; where there is no total, none with an edge is.
fn fits(around: &Around<'_>, rating: &Rating, total: Option<Decimal>) -> Result<bool, Trouble> {
    let total = total.map(settled);
    let edge = |edge: &Option<Edge>, beyond: fn(Decimal, Decimal) -> bool| {
        let Some(edge) = edge else { return Ok(true) };
        let Some(total) = total else { return Ok(false) };
        around.number(&edge.at).map(|at| beyond(total, at) || edge.included && total == at)
    };
    let edges = [edge(&rating.lower, |total, at| total > at), edge(&rating.upper, |total, at| total < at)];
    let conditions = rating.when.iter().chain(&rating.all).map(|condition| judged(around, condition));
    all_hold(edges.into_iter().chain(conditions))
}

/// Whether a condition holds. Who takes no place has none of the first ones, and no figure is missing for it; where no place is
/// known of anybody, one is.
fn judged(around: &Around<'_>, condition: &Expr) -> Result<bool, Trouble> {
    let placed = around.board.alone || around.board.managers[around.me].card.standing.is_some();
    match around.flag(condition) {
        Err(Trouble::Missing(_)) if !placed && looks_at_place(condition) => Ok(false),
        judged => judged,
    }
}

fn looks_at_place(condition: &Expr) -> bool {
    let mut looks = false;
    condition.leaves(&mut |leaf| looks |= matches!(leaf, Leaf::Rank(_)));
    looks
}

/// Whether several conditions hold: one that fails decides, whatever is missing for another.
fn all_hold(flags: impl Iterator<Item = Result<bool, Trouble>>) -> Result<bool, Trouble> {
    let mut open = Ok(true);
    for flag in flags {
        match flag {
            Ok(true) => {}
            Ok(false) => return Ok(false),
            Err(trouble) => open = open.and(Err(trouble)),
        }
    }
    open
}

/// What the rules of one list come to, each in its order.
#[derive(Default)]
pub(super) struct Moves {
    /// Those that hold.
    pub(super) due: Vec<Proposal>,
    /// Those that nobody can judge.
    pub(super) open: Vec<Unjudged>,
    /// Those that hold now, and look back to before the first period there is.
    pub(super) early: Vec<Unjudged>,
}

/// What the rules of one list come to.
pub(super) fn moves(
    board: &Board<'_>,
    me: usize,
    earlier: &Earlier<'_>,
    (kind, moves): (MoveKind, &[Move]),
) -> Moves {
    let mut found = Moves::default();
    for step in moves {
        let to: Arc<str> = called(step).into();
        let (now, figures) = earlier.look(board, (me, board.period), step, |around| {
            let now = all_hold(step.all.iter().map(|condition| judged(&around, condition)));
            (now, around.figures())
        });
        let title = step.written.title.clone();
        match holds(board, me, earlier, step, now) {
            Ok(Ran::Short) => {}
            Ok(Ran::Enough) => {
                found.due.push(Proposal { to, title, periods: step.written.periods(), figures });
            }
            Ok(Ran::Early(reason)) => {
                let error = ScoreError { word: "too-early", item: Some(to), reason };
                found.early.push(Unjudged { kind, title, error, figures });
            }
            Err(trouble) => {
                let error = failed(&to, Halt::Trouble(trouble));
                found.open.push(Unjudged { kind, title, error, figures });
            }
        }
    }
    found
}

/// What a move leads to: the grade, or the title of a warning.
fn called(step: &Move) -> &str {
    step.written.to.as_deref().or(step.written.title.as_deref()).unwrap_or_default()
}

/// Whether a rule holds whose conditions hold `now`.
fn holds(
    board: &Board<'_>,
    me: usize,
    earlier: &Earlier<'_>,
    step: &Move,
    now: Result<bool, Trouble>,
) -> Result<Ran, Trouble> {
    let profile = board.managers[me].facts.profile();
    let rule = &step.written;
    if rule.from.as_ref().is_some_and(|from| !from.has(profile.grade.as_deref())) {
        return Ok(Ran::Short);
    }
    let served = rule.min_months.map(|least| match (profile.grade_months, profile.months) {
        (Some(months), _) => Ok(months >= least),
        // Nobody is in a grade for longer than with the bank.
        (None, Some(months)) if months < least => Ok(false),
        (None, _) => Err(Trouble::Missing(msg!(score::NO_FIGURE, name = "manager.grade_months"))),
    });
    if all_hold(served.into_iter().chain([now]))? { ran(board, me, earlier, step) } else { Ok(Ran::Short) }
}

/// Whether a rule held in as many periods as it asks for.
enum Ran {
    Enough,
    Short,
    /// Too few are there that it could have held in; the reason says which is missing.
    Early(Message),
}

/// Whether the conditions held in as many of the periods up to this one as the rule asks for; in this one they do.
fn ran(board: &Board<'_>, me: usize, earlier: &Earlier<'_>, step: &Move) -> Result<Ran, Trouble> {
    let (periods, times) = (step.written.periods(), step.written.times());
    let (mut held_in, mut unknown, mut open) = (1, 0, None);
    let (mut absent, mut last_absent) = (0, None);
    for back in 1..periods {
        // Too few are left to come to the number.
        if held_in + unknown + absent + (periods - back) < times {
            return Ok(Ran::Short);
        }
        match held(board, me, earlier, (step, back)) {
            Ok(holds) => held_in += u32::from(holds),
            Err(Unknown::Before) => {
                absent += 1;
                last_absent = last_absent.or(Some(before(board.period, back)));
            }
            Err(Unknown::Lacking(trouble)) => {
                unknown += 1;
                open = open.or(Some(trouble));
            }
        }
    }
    match (open, last_absent) {
        _ if held_in >= times => Ok(Ran::Enough),
        (Some(trouble), _) if held_in + unknown >= times => Err(trouble),
        (_, Some(period)) if held_in + unknown + absent >= times => {
            let period = period.to_string();
            Ok(Ran::Early(msg!(score::HELD_TOO_FEW, held = held_in, times = times, period = period)))
        }
        _ => Ok(Ran::Short),
    }
}

/// Why nobody knows whether conditions held in an earlier period.
pub(super) enum Unknown {
    /// The manager was not yet in post for all of it, or nothing was closed so early.
    Before,
    /// Something they ask for is not known of it.
    Lacking(Trouble),
}

/// Whether the conditions of a rule held `back` periods ago, with everything as of then.
pub(super) fn held(
    board: &Board<'_>,
    me: usize,
    earlier: &Earlier<'_>,
    (step, back): (&Move, u32),
) -> Result<bool, Unknown> {
    let facts = &board.managers[me].facts;
    let period = before(board.own, back);
    // Months from the beginning of that period to the end of what is scored.
    let months = u32::try_from(board.period.last().since(period.first()) + 1).unwrap_or(0);
    let is_decided = decided(board, me, period).is_some();
    if !is_decided && facts.profile().months.is_some_and(|in_post| in_post < months) {
        return Err(Unknown::Before);
    }
    let then = earlier.look(board, (me, period), step, |around| {
        all_hold(step.all.iter().map(|condition| judged(&around, condition)))
    });
    then.map_err(|trouble| match trouble {
        // Closing began later, or nothing was there to be closed.
        _ if facts.history().first().map_or(!facts.is_open(period), |first| first.period > period) => {
            Unknown::Before
        }
        Trouble::Missing(reason) => {
            let reason = msg!(score::IN_PERIOD, period = period.to_string(), reason = reason);
            Unknown::Lacking(Trouble::Missing(reason))
        }
        other => Unknown::Lacking(other),
    })
}
