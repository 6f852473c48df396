//! Ratings, and moves between grades.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::around::Around;
use super::board::{Board, Manager};
use super::card::{Proposal, ScoreError};
use super::facts::Past;
use super::run::Several;
use super::total::failed;
use crate::msg;
use crate::policy::curve::table::Edge;
use crate::policy::plan::{Move, Rating};
use crate::policy::round::settled;
use crate::record::policy::RatingOn;
use crate::text::score;

/// The rating of a manager, and what went wrong.
pub(super) fn rating(board: &Board<'_>, me: usize) -> Result<Option<Arc<str>>, ScoreError> {
    let manager = &board.managers[me];
    let plan = &manager.plan;
    let total = rating_total(board, me);
    if plan.ratings.is_empty() || total.is_none() && !totalless(manager) {
        return Ok(None);
    }
    let found = plan.ratings.iter().position(|rating| fits(board, me, rating, total));
    let Some(found) = found else {
        return Err(ScoreError {
            word: "no-rating",
            item: None,
            reason: total
                .map_or_else(|| score::NO_RATING_HOLDS.into(), |total| msg!(score::NO_RATING, total = total)),
        });
    };
    let caps = manager.card.vetoes.iter().filter_map(|veto| veto.rating.as_ref());
    let caps = caps.filter_map(|best| plan.ratings.iter().position(|rating| rating.id == *best));
    let at = caps.chain([found]).max().unwrap_or(found);
    Ok(Some(plan.ratings[at].id.clone()))
}

/// What each manager's place goes by.
pub(super) fn standings(board: &mut Board<'_>, some: &Several) {
    for me in some.clone() {
        let found = standing(board, me);
        let manager = &mut board.managers[me];
        match found {
            Ok(standing) => manager.standing = standing,
            Err(error) => manager.card.errors.push(error),
        }
    }
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

/// The total that ratings look at, with the gates on it applied.
pub(super) fn rating_total(board: &Board<'_>, me: usize) -> Option<Decimal> {
    let manager = &board.managers[me];
    let total = match manager.plan.rating_on {
        RatingOn::Rounded => manager.card.total,
        RatingOn::Exact => manager.card.exact_total,
    };
    let factors = manager.card.gates.iter().filter(|gate| gate.on == "rating");
    Some(factors.fold(total?, |total, gate| total * gate.factor))
}

/// Whether a rating is a manager's; where there is no total, none with an edge is.
fn fits(board: &Board<'_>, me: usize, rating: &Rating, total: Option<Decimal>) -> bool {
    let around = Around::new(board, me);
    let total = total.map(settled);
    let edge = |edge: &Option<Edge>, beyond: fn(Decimal, Decimal) -> bool| {
        edge.as_ref().is_none_or(|edge| {
            let at = around.number(&edge.at);
            total.is_some_and(|total| at.is_ok_and(|at| beyond(total, at) || edge.included && total == at))
        })
    };
    let holds = |condition| around.flag(condition).unwrap_or(false);
    edge(&rating.lower, |total, at| total > at)
        && edge(&rating.upper, |total, at| total < at)
        && rating.when.as_ref().is_none_or(holds)
        && rating.all.iter().all(holds)
}

/// The first move whose rule holds.
pub(super) fn proposal(board: &Board<'_>, me: usize, moves: &[Move]) -> Option<Proposal> {
    moves.iter().find_map(|step| holds(board, me, step))
}

/// Every warning whose rule holds.
pub(super) fn warnings(board: &Board<'_>, me: usize, moves: &[Move]) -> Vec<Proposal> {
    moves.iter().filter_map(|step| holds(board, me, step)).collect()
}

fn holds(board: &Board<'_>, me: usize, step: &Move) -> Option<Proposal> {
    let profile = board.managers[me].facts.profile();
    let rule = &step.written;
    if rule.from.as_ref().is_some_and(|from| profile.grade.as_deref() != Some(from)) {
        return None;
    }
    if rule
        .min_months
        .is_some_and(|least| profile.grade_months.or(profile.months).is_none_or(|months| months < least))
    {
        return None;
    }
    let mut around = Around::new(board, me);
    around.past = board.managers[me].facts.closed();
    let now = step.all.iter().all(|condition| around.flag(condition).unwrap_or(false));
    if !now || !ran(board, me, step) {
        return None;
    }
    let to = rule.to.as_deref().or(rule.title.as_deref()).unwrap_or_default().into();
    Some(Proposal { to, title: rule.title.clone(), periods: rule.periods(), figures: around.figures() })
}

/// Whether the conditions held in as many of the periods up to this one as the rule asks for; in this one they do.
fn ran(board: &Board<'_>, me: usize, step: &Move) -> bool {
    let (periods, times) = (step.written.periods(), step.written.times());
    let mut held_in = 1;
    for back in 1..periods {
        // Too few are left to come to the number.
        if held_in + (periods - back) < times {
            return false;
        }
        held_in += u32::from(held(board, me, step, back) == Some(true));
    }
    held_in >= times
}

/// Whether the conditions held `back` periods ago; nothing where something they ask for is not known of that period.
///
/// What was decided then comes from what was closed, figures of the book from the book. A period in which the manager was
/// not yet in post for all of it is not known.
pub(super) fn held(board: &Board<'_>, me: usize, step: &Move, back: u32) -> Option<bool> {
    let facts = board.managers[me].facts;
    let period = board.period.plus(-i32::try_from(back).unwrap_or(i32::MAX));
    let months = back.saturating_add(1).saturating_mul(period.grain().months().unsigned_abs());
    let decided = facts.history().iter().find(|past| past.period == period).cloned();
    if decided.is_none() && facts.profile().months.is_some_and(|in_post| in_post < months) {
        return None;
    }
    let past = decided.unwrap_or_else(|| Past::undecided(period));
    let mut around = Around::new(board, me);
    around.past = Some(&past);
    let mut known = true;
    for condition in &step.all {
        match around.flag(condition) {
            Ok(true) => {}
            Ok(false) => return Some(false),
            Err(_) => known = false,
        }
    }
    known.then_some(true)
}
