//! One item of one manager: value, target, rounding, and what stands for it where it cannot be computed.

use std::collections::BTreeSet;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::around::Around;
use super::board::Board;
use super::card::{Figure, ItemScore, PartValue, ScoreError, Standing, Step, TargetValue};
use super::facts::{Ask, Part};
use super::partial::{self, carried, carried_from};
use crate::msg;
use crate::policy::curve::{Halt, Input};
use crate::policy::expr::{Leaf, Trouble};
use crate::policy::plan::Item;
use crate::policy::round::{clamp, round, settled};
use crate::record::policy::curve::Unusable;
use crate::record::policy::item::{Each, Missing};
use crate::text::{Message, score};

/// What an item that cannot be computed counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fallback {
    Zero,
    Full,
    Skip,
    Error,
}

impl From<Missing> for Fallback {
    fn from(missing: Missing) -> Self {
        match missing {
            Missing::Zero => Self::Zero,
            Missing::Full => Self::Full,
            Missing::Skip => Self::Skip,
            Missing::Error => Self::Error,
        }
    }
}

impl From<Option<Unusable>> for Fallback {
    fn from(unusable: Option<Unusable>) -> Self {
        match unusable {
            Some(Unusable::Zero) => Self::Zero,
            Some(Unusable::Full) => Self::Full,
            Some(Unusable::Skip) => Self::Skip,
            Some(Unusable::Error) | None => Self::Error,
        }
    }
}

/// Why something could not be computed: a stable word, what it counts as, and what happened.
pub(super) struct Setback {
    pub(super) word: &'static str,
    pub(super) counts_as: Fallback,
    pub(super) reason: Message,
}

/// What a halt means under an item's rules for missing figures and for targets of zero.
pub(super) fn setback(halt: Halt, missing: Missing, zero_target: Option<Unusable>) -> Setback {
    let lacking = |reason| Setback { word: "missing", counts_as: missing.into(), reason };
    match halt {
        Halt::Trouble(Trouble::Missing(reason)) => lacking(reason),
        Halt::SmallGroup { found, least } => lacking(msg!(score::FEW_PEERS, found = found, least = least)),
        Halt::FewRaters(group) => lacking(msg!(score::FEW_RATERS, group = group)),
        Halt::NoMark => lacking(score::NO_MARK.into()),
        Halt::ZeroTarget(own) => Setback {
            word: "zero-target",
            counts_as: own.or(zero_target).into(),
            reason: score::ZERO_TARGET.into(),
        },
        Halt::Trouble(Trouble::ZeroDivision) => {
            Setback { word: "zero-target", counts_as: zero_target.into(), reason: score::ZERO_TARGET.into() }
        }
        Halt::Trouble(Trouble::Open(reason)) => {
            Setback { word: "missing", counts_as: Fallback::Error, reason }
        }
        Halt::Trouble(Trouble::Overflow) => {
            Setback { word: "overflow", counts_as: Fallback::Error, reason: score::TOO_LARGE.into() }
        }
        Halt::Trouble(Trouble::Circle(reason)) => {
            Setback { word: "circle", counts_as: Fallback::Error, reason }
        }
    }
}

fn blank(item: &Item) -> ItemScore {
    ItemScore {
        id: item.id.clone(),
        title: item.title.clone(),
        role: item.role,
        dimension: item.dimension.clone(),
        standing: Standing::Scored,
        figures: Vec::new(),
        parts: Vec::new(),
        exact: None,
        carried: Decimal::ZERO,
        left_over: None,
        left_open: None,
        value: None,
        target: None,
        full: item.full,
        steps: Vec::new(),
        raw: None,
        score: None,
        weight: item.weight,
        effective_weight: None,
        spread: Vec::new(),
        exact_points: None,
        points: None,
    }
}

/// The item with everything up to its curve.
pub(super) fn value(board: &Board<'_>, me: usize, item: &Item) -> (ItemScore, Option<ScoreError>) {
    let mut found = blank(item);
    let mut around = Around::new(board, me);
    around.item = Some(&item.id);
    around.full = item.full;
    let outcome = measure(&mut around, item, &mut found);
    found.figures = around.figures();
    let error = match outcome {
        Ok(true) => None,
        Ok(false) => {
            found.standing = Standing::NotApplicable;
            None
        }
        Err(halt) => fall_back(&mut found, item, halt),
    };
    (found, error)
}

/// Value and target; false where the item's condition does not hold.
fn measure(around: &mut Around<'_>, item: &Item, found: &mut ItemScore) -> Result<bool, Halt> {
    if let Some(when) = item.when.as_ref().filter(|_| !item.each_when)
        && !around.flag(when)?
    {
        return Ok(false);
    }
    let (board, me) = (around.board, around.me);
    let facts = &board.managers[me].facts;
    let limit = around.optional(item.carry_limit.as_ref())?;
    let over = item.carry.as_ref().map(|carry| carried(carry, limit, &item.id, facts.history(), board.own));
    let over = over.unwrap_or_default();
    found.left_over = over.from;
    found.left_open = item
        .carry
        .as_ref()
        .filter(|_| over.from.is_none())
        .and_then(|carry| carried_from(carry, board.own).filter(|before| facts.is_open(*before)));
    let lacking = match &item.target {
        Some(target) => match around.number(target) {
            Ok(stated) => {
                let (prorated, served) = partial::target(around, item, target, stated)?;
                let carried = over.target;
                let value = rounded(prorated + carried, item.rounding.target, item);
                found.target = Some(TargetValue { stated, prorated, served, carried, value });
                around.target = Some(value);
                None
            }
            Err(trouble) => Some(trouble),
        },
        None => None,
    };
    if let Some(points) = item.points.as_ref().filter(|_| lacking.is_none()) {
        found.raw = Some(around.number(points)?);
        return Ok(true);
    }
    // A value is shown though there is no target to hold it against.
    let exact = exact(around, item, found);
    let exact = match lacking {
        Some(trouble) => {
            shown(found, item, exact.ok().flatten(), over.value);
            return Err(trouble.into());
        }
        None => exact?,
    };
    shown(found, item, exact, over.value);
    Ok(true)
}

/// The item's value before rounding, where it has one.
fn exact(around: &Around<'_>, item: &Item, found: &mut ItemScore) -> Result<Option<Decimal>, Halt> {
    let facts = &around.board.managers[around.me].facts;
    Ok(match (facts.given(&item.id), &item.value, item.each) {
        (Some(given), ..) => Some(given.amount),
        (None, Some(_), Some(each)) => Some(one_by_one(around, item, each, found)?),
        (None, Some(value), None) => Some(around.number(value)?),
        (None, None, _) => None,
    })
}

/// The value as the item shows it: with what was carried into it, rounded.
fn shown(found: &mut ItemScore, item: &Item, exact: Option<Decimal>, carried: Decimal) {
    found.exact = exact;
    found.carried = carried;
    found.value = exact.map(|exact| rounded(exact + carried, item.rounding.input, item));
}

fn rounded(value: Decimal, places: Option<i32>, item: &Item) -> Decimal {
    places.map_or(value, |places| round(value, places, item.rounding.mode.unwrap_or_default()))
}

/// Each client's or facility's value, rounded, times the manager's share, rounded, summed. Where figures of the value are shared
/// differently, they are the manager's part and the share is one.
///
/// A record without a figure contributes nothing where the item says `zero` or `skip`; otherwise, and where no record has its
/// figures, the item as a whole counts as it says.
fn one_by_one(around: &Around<'_>, item: &Item, each: Each, found: &mut ItemScore) -> Result<Decimal, Halt> {
    let Some(value) = &item.value else {
        return Ok(Decimal::ZERO);
    };
    let facts = &around.board.managers[around.me].facts;
    let mut sum = Decimal::ZERO;
    let mut lacking: Vec<Box<str>> = Vec::new();
    let mut lacks: BTreeSet<Arc<str>> = BTreeSet::new();
    let mut asks: Vec<&Ask> = Vec::new();
    value.leaves(&mut |leaf| {
        if let Leaf::Ask(ask, _) = leaf {
            asks.push(ask);
        }
    });
    for part in facts.parts(each, &asks) {
        // The condition is about the record, whatever part of it the manager has.
        let all = Part { whole: true, ..part.clone() };
        let mut inner = Around::new(around.board, around.me);
        inner.target = around.target;
        inner.full = around.full;
        inner.part = Some((each, &all));
        let holds = match item.when.as_ref().filter(|_| item.each_when) {
            Some(when) => inner.flag(when),
            None => Ok(true),
        };
        inner.part = Some((each, &part));
        let made = holds.and_then(|holds| holds.then(|| inner.number(value)).transpose());
        let (value, missing) = match made {
            Ok(None) => continue,
            Ok(Some(exact)) => (rounded(exact, item.rounding.each, item), None),
            Err(Trouble::Missing(reason)) => (Decimal::ZERO, Some(reason)),
            Err(trouble) => return Err(trouble.into()),
        };
        let amount = rounded(value * part.share, item.rounding.share, item);
        sum += amount;
        let figures = inner.figures();
        if missing.is_some() {
            lacking.push(part.id.clone());
            let absent = figures.iter().filter(|figure| figure.value.is_err());
            lacks.extend(absent.map(|figure| figure.name.clone()));
        }
        found.parts.push(PartValue {
            id: part.id.clone(),
            value,
            share: part.share,
            amount,
            missing,
            figures,
        });
    }
    let alone = matches!(item.missing, Missing::Zero | Missing::Skip) && lacking.len() < found.parts.len();
    if lacking.is_empty() || alone {
        return Ok(settled(sum));
    }
    let names: Vec<&str> = lacks.iter().map(AsRef::as_ref).collect();
    Err(Halt::Trouble(Trouble::Missing(msg!(
        score::RECORDS_LACK,
        count = lacking.len(),
        all = found.parts.len(),
        names = Message::list(&names),
        records = Message::list(&lacking)
    ))))
}

/// One curve at work, and the figures it took.
pub(super) struct Applied {
    pub(super) step: Result<Step, Halt>,
    pub(super) figures: Vec<Figure>,
}

/// Applies one curve of the chain to `x`.
pub(super) fn apply(
    board: &Board<'_>,
    me: usize,
    item: &Item,
    at: usize,
    x: Decimal,
    target: Option<Decimal>,
) -> Applied {
    let last = at + 1 == item.chain.len();
    let mut around = Around::new(board, me);
    around.item = Some(&item.id);
    around.x = Some(x);
    around.target = target;
    around.full = if last { item.full } else { Decimal::ONE };
    let input =
        Input { x, target, full: around.full, mode: item.rounding.mode.unwrap_or_default(), around: &around };
    let step = item.chain[at].apply(&input);
    let step = step.map(|scored| Step { input: x, score: scored.score, how: scored.how });
    Applied { step, figures: around.figures() }
}

/// What the bounds of an item's score come to.
pub(super) struct Within {
    bounds: Result<(Option<Decimal>, Option<Decimal>), Trouble>,
    figures: Vec<Figure>,
}

/// Works out the bounds of an item's score.
pub(super) fn bounds(board: &Board<'_>, me: usize, item: &Item, found: &ItemScore) -> Within {
    let mut around = Around::new(board, me);
    around.target = found.target.as_ref().map(|target| target.value);
    around.full = item.full;
    let bounds =
        around.optional(item.min.as_ref()).and_then(|min| Ok((min, around.optional(item.max.as_ref())?)));
    Within { bounds, figures: around.figures() }
}

/// The score within its bounds and rounded, from what the last curve gave.
pub(super) fn settle(item: &Item, found: &mut ItemScore, within: Within) -> Option<ScoreError> {
    let raw = found.raw?;
    found.know(within.figures);
    match within.bounds {
        Ok((min, max)) => {
            found.score = Some(rounded(clamp(raw, min, max), item.rounding.score, item));
            None
        }
        Err(trouble) => fall_back(found, item, Halt::Trouble(trouble)),
    }
}

/// What stands for an item that cannot be computed.
pub(super) fn fall_back(found: &mut ItemScore, item: &Item, halt: Halt) -> Option<ScoreError> {
    let setback = setback(halt, item.missing, item.zero_target);
    let score = match setback.counts_as {
        Fallback::Zero => Some(Decimal::ZERO),
        Fallback::Full => Some(item.full),
        Fallback::Skip | Fallback::Error => None,
    };
    found.raw = score;
    found.score = score;
    found.standing = match setback.counts_as {
        Fallback::Zero | Fallback::Full => Standing::Substituted(setback.reason.clone()),
        Fallback::Skip => Standing::Skipped(setback.reason.clone()),
        Fallback::Error => Standing::Failed(setback.reason.clone()),
    };
    let error = ScoreError { word: setback.word, item: Some(Arc::clone(&item.id)), reason: setback.reason };
    (setback.counts_as == Fallback::Error).then_some(error)
}
