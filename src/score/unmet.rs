//! Why what a test expects did not come out.

use super::ahead::MoveKind;
use super::card::{ItemScore, ScoreError, Scorecard, Standing};
use super::payslip::PayResult;
use crate::msg;
use crate::policy::plan::PAID;
use crate::text::{Message, score, scorecard as say};

/// Why an expectation of a list of `expect` is not met: what is missing, or the condition that does not hold; `what` is the item,
/// the pay line, or what is expected. Nothing where the scorecard is whole and a figure alone differs.
pub(super) fn why(card: &Scorecard, list: &str, what: &str) -> Vec<Message> {
    let own = match list {
        "values" | "targets" | "scores" | "items" => card.item(what).and_then(of_item).into_iter().collect(),
        "rating" => card.unrated.iter().map(|error| error.reason.clone()).collect(),
        "promotion" => of_moves(card, MoveKind::Promotion),
        "demotion" => of_moves(card, MoveKind::Demotion),
        "warnings" => of_moves(card, MoveKind::Warning),
        "pay" => of_pay(card, what),
        "deferral" => of_pay(card, "deferred"),
        _ => Vec::new(),
    };
    if !own.is_empty() {
        return own;
    }
    let errors: Vec<Message> = card.errors.iter().map(named).collect();
    if errors.is_empty() { card.not_assessed.clone().into_iter().collect() } else { errors }
}

/// A reason with what it is about.
fn named(error: &ScoreError) -> Message {
    match &error.item {
        Some(item) => msg!(score::ABOUT, what = &**item, reason = error.reason.clone()),
        None => error.reason.clone(),
    }
}

fn of_item(item: &ItemScore) -> Option<Message> {
    match &item.standing {
        Standing::Scored => None,
        Standing::NotApplicable => Some(say::NOT_APPLICABLE.into()),
        Standing::Substituted(reason) | Standing::Skipped(reason) | Standing::Failed(reason) => {
            Some(reason.clone())
        }
    }
}

fn of_moves(card: &Scorecard, kind: MoveKind) -> Vec<Message> {
    let rules = card.unjudged.iter().chain(&card.early).filter(|open| open.kind == kind);
    rules.map(|open| named(&open.error)).collect()
}

/// What keeps the pay from being told: for the whole all of it, for a line its own; of one that nothing keeps, what it waits for.
fn withheld(card: &Scorecard, line: &str) -> Vec<Message> {
    let own = |error: &&ScoreError| PAID.contains(&line) || error.item.as_deref() == Some(line);
    let own: Vec<Message> = card.unpaid.iter().filter(own).map(named).collect();
    match card.unpaid.first() {
        Some(first) if own.is_empty() => vec![msg!(score::NO_LINE_ALONE, reason = named(first))],
        _ => own,
    }
}

/// Why a line is not paid; of pay as a whole, why any is not.
fn of_pay(card: &Scorecard, line: &str) -> Vec<Message> {
    let skipped = card.skipped.iter().filter(|skipped| *skipped.id == *line);
    let skipped = skipped.map(|skipped| skipped.reason.clone());
    let lines = || card.pay.iter().flat_map(|pay| &pay.lines);
    let about = |id: &str, reason: &Message| msg!(score::ABOUT, what = id, reason = reason.clone());
    // A line says what is missing for itself, the whole for all.
    let zeros = lines().filter(|paid| PAID.contains(&line) || *paid.id == *line);
    let zeros = zeros.filter_map(|paid| Some(about(&paid.id, paid.missing.as_ref()?)));
    let mut why: Vec<Message> = withheld(card, line).into_iter().chain(skipped).chain(zeros).collect();
    let applies = |pay: &PayResult| pay.lines.iter().any(|paid| *paid.id == *line);
    if why.is_empty() && !PAID.contains(&line) && card.pay.as_ref().is_some_and(|pay| !applies(pay)) {
        why.push(say::NOT_APPLICABLE.into());
    }
    why
}
