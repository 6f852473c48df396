//! A scorecard made of others: of a period's shorter periods, or of the stints in which somebody held one grade, role and team.
//!
//! Points, dimensions and the total of shorter periods are means of the printed ones, each by itself; of stints, points and pay
//! lines are means of the exact ones by the time of each, rounded once, in the mean, and dimensions, total and pay are made of
//! these. Where a part did not judge an item or a dimension, others had its
//! weight there: it adds no points of that part, so that points add up to the total, while its score is the mean of the parts
//! it was scored in. Vetoes and gates have acted in the parts. The rating, and the moves between grades, are those of the mean, and
//! what limited the rating of a part limits that of a longer period: the strictest cap holds, and a gate takes the part that it
//! took of the totals together. The last period's result is taken over as it is.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::card::{DimensionScore, GateFactor, ItemScore, Scorecard, Standing, VetoHit};
use super::earlier::Earlier;
use super::facts::Facts;
use super::outcome::standings;
use super::run::{board, moves, rate};
use super::sums;
use super::together::pay;
use crate::period::Period;
use crate::policy::Policy;
use crate::policy::plan::Plan;
use crate::policy::round::round;
use crate::text::score;

/// How a scorecard is made of others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// The mean of shorter periods.
    Mean,
    /// The last of shorter periods.
    Last,
    /// The mean of stints within the period, by their time.
    Stints,
}

/// One of the scorecards that another is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct CardPart {
    /// The scorecard.
    pub card: Scorecard,
    /// What it weighs: 1 for a period, the days or months of a stint.
    pub weight: Decimal,
    /// First and last day of a stint.
    pub days: Option<(NaiveDate, NaiveDate)>,
}

impl CardPart {
    /// Whether it has a result.
    pub fn is_judged(&self) -> bool {
        self.card.errors.is_empty() && self.card.not_assessed.is_none()
    }
}

/// What a scorecard is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Blend {
    /// How.
    pub how: How,
    /// The parts in the order of time.
    pub parts: Vec<CardPart>,
}

/// The scorecards of everybody: those named in `blends` made of their parts, the others as they are in `cards`.
pub(super) fn blend(
    policy: &Policy,
    period: Period,
    subjects: &[&dyn Facts],
    cards: Vec<Scorecard>,
    mut blends: BTreeMap<Box<str>, Blend>,
) -> Vec<Scorecard> {
    let mut board = board(policy, period, subjects);
    let mut cards: BTreeMap<Box<str>, Scorecard> =
        cards.into_iter().map(|card| (card.profile.id.clone(), card)).collect();
    let (mut made, mut to_rate) = (Vec::new(), Vec::new());
    for (me, manager) in board.managers.iter_mut().enumerate() {
        let id = manager.facts.profile().id.clone();
        if let Some(card) = cards.remove(&id) {
            manager.card = card;
        }
        let Some(blend) = blends.remove(&id) else { continue };
        made.push(me);
        if blend.how != How::Last {
            to_rate.push(me);
        }
        blended(&manager.plan, &mut manager.card, blend);
        manager.items = manager.card.items.iter().map(|item| (item.id.clone(), item.clone())).collect();
    }
    for me in made {
        standings(&mut board, &(me..me + 1));
    }
    for me in &to_rate {
        rate(&mut board, *me);
    }
    let earlier = Earlier::of(&board, to_rate.iter().copied());
    for me in to_rate {
        moves(&mut board, me, &earlier);
    }
    board.managers.into_iter().map(|manager| manager.card).collect()
}

/// Fills a scorecard from its parts.
fn blended(plan: &Plan, card: &mut Scorecard, blend: Blend) {
    let judged: Vec<&CardPart> = blend.parts.iter().filter(|part| part.is_judged()).collect();
    card.errors = blend.parts.iter().flat_map(|part| part.card.errors.iter().cloned()).collect();
    card.not_assessed = None;
    if let Some(last) = judged.last().filter(|_| card.errors.is_empty()) {
        let taken = if blend.how == How::Last { &judged[judged.len() - 1..] } else { &judged[..] };
        card.items = items(plan, blend.how, taken);
        card.dimensions = dimensions(plan, taken);
        // Stints come exact; shorter periods as they were printed.
        let total_of = |part: &CardPart| match blend.how {
            How::Stints => part.card.exact_total,
            How::Mean | How::Last => part.card.total,
        };
        card.exact_total = mean(taken.iter().map(|part| (part.weight, total_of(part))));
        if blend.how == How::Stints {
            sums::of_items(plan, card, taken);
        }
        card.total = card.exact_total.map(|total| rounded(total, plan.rounding.total, plan).normalize());
        card.unpaid = judged.iter().flat_map(|part| part.card.unpaid.iter().cloned()).collect();
        card.skipped = judged.last().map(|part| part.card.skipped.clone()).unwrap_or_default();
        card.pay = pay(plan, blend.how, &judged).filter(|_| card.unpaid.is_empty());
        match blend.how {
            How::Mean => limits(card, taken),
            How::Last => outcome_of(card, &last.card),
            How::Stints => {
                card.vetoes.clone_from(&last.card.vetoes);
                card.gates.clone_from(&last.card.gates);
            }
        }
    } else if card.errors.is_empty() {
        let why = blend.parts.last().and_then(|part| part.card.not_assessed.clone());
        card.not_assessed = Some(why.unwrap_or_else(|| score::NOTHING_TO_JUDGE.into()));
    }
    card.blend = Some(Box::new(blend));
}

/// Takes over what the last period came to.
fn outcome_of(card: &mut Scorecard, last: &Scorecard) {
    card.rating.clone_from(&last.rating);
    card.promotion.clone_from(&last.promotion);
    card.demotion.clone_from(&last.demotion);
    card.warnings.clone_from(&last.warnings);
    card.unjudged.clone_from(&last.unjudged);
    card.early.clone_from(&last.early);
    card.unrated.clone_from(&last.unrated);
    card.rated_by.clone_from(&last.rated_by);
    card.vetoes.clone_from(&last.vetoes);
    card.gates.clone_from(&last.gates);
}

/// Takes over what limited the rating of any part: every cap of a veto, and of each gate what it left of the totals.
fn limits(card: &mut Scorecard, parts: &[&CardPart]) {
    for veto in parts.iter().flat_map(|part| &part.card.vetoes).filter(|veto| veto.rating.is_some()) {
        if !card.vetoes.iter().any(|known| known.id == veto.id && known.rating == veto.rating) {
            card.vetoes.push(VetoHit { cap: None, pay: None, ..veto.clone() });
        }
    }
    let on_rating = |part: &CardPart| {
        let gates = part.card.gates.iter().filter(|gate| gate.on == "rating");
        gates.cloned().collect::<Vec<GateFactor>>()
    };
    // What the parts were rated on, where only gates so far had acted.
    let rated = |acting: &[Arc<str>]| -> Decimal {
        let rated = parts.iter().filter_map(|part| {
            let factors = on_rating(part).into_iter().filter(|gate| acting.contains(&gate.id));
            let factor: Decimal = factors.map(|gate| gate.factor).product();
            Some(part.card.total? * factor * part.weight)
        });
        rated.sum()
    };
    let mut acting: Vec<Arc<str>> = Vec::new();
    for gate in parts.iter().flat_map(|part| on_rating(part)) {
        if acting.contains(&gate.id) {
            continue;
        }
        let before = rated(&acting);
        acting.push(gate.id.clone());
        let factor = rated(&acting).checked_div(before).unwrap_or(Decimal::ONE);
        card.gates.push(GateFactor { steps: Vec::new(), factor, ..gate });
    }
}

pub(super) fn rounded(value: Decimal, places: Option<i32>, plan: &Plan) -> Decimal {
    let mode = plan.rounding.mode.unwrap_or_default();
    places.map_or(value, |places| round(value, places, mode))
}

/// The mean by weight of what is there.
pub(super) fn mean(weighed: impl Iterator<Item = (Decimal, Option<Decimal>)>) -> Option<Decimal> {
    let known = weighed.filter_map(|(weight, value)| Some((weight, weight * value?)));
    let (weights, sum) =
        known.fold((Decimal::ZERO, Decimal::ZERO), |sums, one| (sums.0 + one.0, sums.1 + one.1));
    (!weights.is_zero()).then(|| sum / weights)
}

/// The mean by weight over all parts, nothing in those that have none; nothing where no part has any.
pub(super) fn mean_of_all(
    parts: &[&CardPart],
    of: impl Fn(&Scorecard) -> Option<Decimal>,
) -> Option<Decimal> {
    let values: Vec<(Decimal, Option<Decimal>)> =
        parts.iter().map(|part| (part.weight, of(&part.card))).collect();
    let any = values.iter().any(|(_, value)| value.is_some());
    mean(values.into_iter().map(|(weight, value)| (weight, Some(value.unwrap_or_default())))).filter(|_| any)
}

/// Ids in the order of the last part, those that only earlier ones have after them.
fn ids<'c>(parts: &[&'c CardPart], of: impl Fn(&'c Scorecard) -> Vec<&'c Arc<str>>) -> Vec<&'c Arc<str>> {
    let mut ids: Vec<&Arc<str>> = Vec::new();
    for id in parts.iter().rev().flat_map(|part| of(&part.card)) {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids
}

fn items(plan: &Plan, how: How, parts: &[&CardPart]) -> Vec<ItemScore> {
    let ids = ids(parts, |card| card.items.iter().map(|item| &item.id).collect());
    ids.into_iter().filter_map(|id| item(plan, how, parts, id)).collect()
}

fn item(plan: &Plan, how: How, parts: &[&CardPart], id: &str) -> Option<ItemScore> {
    let found = || parts.iter().filter_map(|part| Some((part.weight, part.card.item(id)?)));
    let scored = || found().filter(|(_, item)| item.standing.counts());
    let (_, last) = scored().next_back().or_else(|| found().next_back())?;
    let all_alike = found().all(|(_, item)| item.value == last.value && item.target == last.target);
    let points = mean_of_all(parts, |card| card.item(id).filter(|item| item.standing.counts())?.points);
    let own = plan.item(id).map(|at| &plan.items[at].rounding);
    let rounding = own.and_then(|own| own.item);
    let score = mean(scored().map(|(weight, item)| (weight, item.score)));
    let places = own.and_then(|own| own.score).filter(|_| how == How::Stints);
    Some(ItemScore {
        figures: found().flat_map(|(_, item)| item.figures.iter().cloned()).collect(),
        parts: Vec::new(),
        exact: None,
        carried: Decimal::ZERO,
        value: last.value.filter(|_| all_alike),
        target: last.target.clone().filter(|_| all_alike),
        steps: Vec::new(),
        raw: None,
        score: score.map(|score| rounded(score, places, plan)),
        effective_weight: None,
        exact_points: points,
        points: points.map(|points| rounded(points, rounding, plan)),
        standing: if last.standing.counts() { Standing::Scored } else { last.standing.clone() },
        ..last.clone()
    })
}

fn dimensions(plan: &Plan, parts: &[&CardPart]) -> Vec<DimensionScore> {
    let ids = ids(parts, |card| card.dimensions.iter().map(|dimension| &dimension.id).collect());
    let of = |id: &Arc<str>| -> Option<DimensionScore> {
        let of = |card: &'_ Scorecard| card.dimensions.iter().position(|dimension| dimension.id == *id);
        let last = parts.iter().rev().find_map(|part| Some(&part.card.dimensions[of(&part.card)?]))?;
        let points = mean_of_all(parts, |card| card.dimensions[of(card)?].points);
        Some(DimensionScore {
            sum: points.unwrap_or_default(),
            points: points.map(|points| dimension_rounded(plan, id, points)),
            ..last.clone()
        })
    };
    ids.into_iter().filter_map(of).collect()
}

/// A mean of a dimension, to its own places or those of items.
pub(super) fn dimension_rounded(plan: &Plan, id: &str, points: Decimal) -> Decimal {
    let own = plan.dimensions.iter().find(|dimension| *dimension.id == *id);
    rounded(points, own.and_then(|dimension| dimension.round).or(plan.rounding.item), plan)
}
