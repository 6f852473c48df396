//! Closed scorecards: what was frozen stands, with what its amendments state, whatever the records give now.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::card::{DimensionScore, ItemScore, Scorecard, Standing, VetoHit};
use super::facts::Past;
use super::payslip::{LineAmount, PayResult};
use super::places::Places;
use crate::policy::Policy;
use crate::policy::plan::{Dimension, Plan, Role};
use crate::policy::round::round;
use crate::record::review::Review;
use crate::record::scorecard::{self, Closed, ClosedIndicator, ClosedPlaces};
use crate::record::value::Amount;

/// What a period came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The total.
    pub total: Option<Decimal>,
    /// The rating.
    pub rating: Option<Arc<str>>,
    /// The pay before deferral.
    pub pay: Option<Decimal>,
}

/// What `close` froze of a scorecard, beside what the records give now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// Closed on.
    pub on: NaiveDate,
    /// Day of the last amendment that changed something.
    pub amended: Option<NaiveDate>,
    /// As it was closed.
    pub closed: Outcome,
    /// What stands: as closed, with what amendments changed.
    pub stands: Outcome,
    /// What the records give now.
    pub now: Outcome,
    /// The places that were closed, where they stand.
    pub places: Option<Places>,
    /// The places that the totals as amended would give among those that were closed, where these are others.
    pub amended_places: Option<Places>,
}

impl Sealed {
    /// Whether the records now give another result than the one that stands.
    pub fn differs(&self) -> bool {
        self.stands != self.now
    }
}

/// Notes on a scorecard what was closed of it, with what was amended until a day; where it `stands`, that takes the place of what
/// the records give now.
pub(super) fn seal(
    policy: &Policy,
    review: &Review,
    card: &mut Scorecard,
    (stands, until): (bool, NaiveDate),
) {
    let scheme = &policy.record.scheme;
    let frozen = review.closed.get(scheme);
    let (Some(frozen), Some(standing)) = (frozen, review.standing_on(scheme, until)) else { return };
    let sealed = Sealed {
        on: frozen.closed_on.0,
        amended: standing.amended,
        closed: of(frozen),
        stands: of(&standing.closed),
        now: outcome(card.total, card.rating.clone(), card.pay.as_ref().map(|pay| pay.total)),
        amended_places: None,
        places: frozen.ledger.as_ref().filter(|_| stands).map(|_| places(frozen.rank.unwrap_or_default())),
    };
    if stands {
        let plan = policy.plan(&card.variants).ok();
        put(plan.as_deref().unwrap_or(&policy.base), &standing.closed, &sealed, card);
    }
    card.sealed = Some(Box::new(sealed));
}

fn places(closed: ClosedPlaces) -> Places {
    let place = |place: Option<u32>| place.and_then(|place| usize::try_from(place).ok());
    let [all, branch, team, grade] = [closed.all, closed.branch, closed.team, closed.grade].map(place);
    Places { all, branch, team, grade }
}

fn of(closed: &Closed) -> Outcome {
    let number = |amount: Option<Amount>| amount.map(|amount| amount.0);
    outcome(number(closed.total), closed.rating.as_deref().map(Into::into), number(closed.pay_total))
}

fn outcome(total: Option<Decimal>, rating: Option<Arc<str>>, pay: Option<Decimal>) -> Outcome {
    Outcome { total: total.map(kept), rating, pay: pay.map(kept) }
}

/// A number to the fifteen digits that a file keeps.
fn kept(number: Decimal) -> Decimal {
    scorecard::kept(number).0
}

/// Whether an item gives what was closed of it, to the fifteen digits that a file keeps.
fn same(closed: &ClosedIndicator, item: &ItemScore) -> bool {
    let kept = |number: Option<Decimal>| number.map(kept);
    let frozen = |number: Option<Amount>| number.map(|number| number.0.normalize());
    let target = item.target.as_ref().map(|target| target.value);
    kept(item.value) == frozen(closed.value)
        && kept(target) == frozen(closed.target)
        && kept(item.score) == frozen(closed.score)
        && kept(item.points) == frozen(closed.points)
}

/// Puts what stands into the scorecard.
fn put(plan: &Plan, standing: &Closed, sealed: &Sealed, card: &mut Scorecard) {
    let mut differs = false;
    for item in &mut card.items {
        let Some(closed) = standing.indicators.get(&*item.id).filter(|closed| !same(closed, item)) else {
            continue;
        };
        differs = true;
        let exactly = |key: &str, amount: Option<Amount>| {
            Some(standing.exactly(&format!("indicators.{}.{key}", item.id), amount?))
        };
        item.value = exactly("value", closed.value);
        item.score = exactly("score", closed.score);
        item.points = exactly("points", closed.points);
        match (&mut item.target, exactly("target", closed.target)) {
            (Some(target), Some(closed)) => target.value = closed,
            (target, _) => *target = None,
        }
        if item.points.is_some() {
            item.standing = Standing::Scored;
        }
    }
    if differs {
        dimensions(plan, card);
    }
    card.errors.clear();
    card.unpaid.clear();
    card.unplaced = None;
    card.unrated = None;
    card.not_assessed = card.not_assessed.take().filter(|_| sealed.stands.total.is_none());
    card.total = standing.total.map(|total| standing.exactly("total", total));
    card.exact_total = card.exact_total.filter(|_| sealed.stands.total == sealed.now.total).or(card.total);
    card.rating.clone_from(&sealed.stands.rating);
    card.standing = match plan.rank_by {
        None if plan.eligible.is_none() || card.standing.is_some() => card.total,
        _ => card.standing,
    };
    vetoes(plan, standing, card);
    if !card.pay.as_ref().is_some_and(|pay| is_paid(standing, pay)) {
        card.pay = standing.pay_total.map(|total| pay(plan, standing, total.0, card.pay.as_ref()));
    }
}

/// The vetoes that held when the period was closed; closings of earlier versions do not tell.
fn vetoes(plan: &Plan, frozen: &Closed, card: &mut Scorecard) {
    let Some(held) = &frozen.vetoes else { return };
    card.vetoes.retain(|veto| held.iter().any(|id| **id == *veto.id));
    for veto in plan.vetoes.iter().filter(|veto| held.iter().any(|id| **id == *veto.id)) {
        if card.vetoes.iter().all(|known| known.id != veto.id) {
            card.vetoes.push(VetoHit {
                id: veto.id.clone(),
                title: veto.title.clone(),
                figures: Vec::new(),
                cap: None,
                rating: veto.rating.clone(),
                pay: None,
            });
        }
    }
}

/// Puts the sums of the closed points into the dimensions of a scorecard.
fn dimensions(plan: &Plan, card: &mut Scorecard) {
    let counted = card.items.iter().filter(|item| item.standing.counts());
    let known = counted.filter_map(|item| Some((&*item.id, item.points?)));
    for (id, points) in dimension_points(plan, known) {
        let shown = card.dimensions.iter_mut().find(|dimension| dimension.id == id);
        if let Some(DimensionScore { sum, points: shown, .. }) = shown {
            *sum = points.unwrap_or_default();
            *shown = points;
        }
    }
}

/// The dimensions of a period as its closed points make them; none that nothing closed is in.
pub(super) fn closed_dimensions(plan: &Plan, past: &Past) -> Vec<DimensionScore> {
    let points = dimension_points(plan, past.points.iter().map(|(id, points)| (&**id, *points)));
    let of = |own: &Dimension| {
        let points = points.iter().find(|(id, _)| *id == own.id).and_then(|(_, points)| *points)?;
        Some(DimensionScore {
            id: own.id.clone(),
            title: own.title.clone(),
            parent: own.parent.clone(),
            weight: own.weight,
            sum: points,
            bounds: (None, None),
            points: Some(points),
        })
    };
    plan.dimensions.iter().filter_map(of).collect()
}

/// Sums of the points of items by dimension; none where its bounds are not plain numbers.
fn dimension_points<'i>(
    plan: &Plan,
    items: impl Iterator<Item = (&'i str, Decimal)>,
) -> Vec<(Arc<str>, Option<Decimal>)> {
    let mut sums: BTreeMap<Arc<str>, Decimal> = BTreeMap::new();
    for (id, points) in items {
        let Some(item) = plan.item(id).map(|at| &plan.items[at]) else { continue };
        let Some(dimension) = &item.dimension else { continue };
        let signed = if item.role == Role::Deduction { -points } else { points };
        *sums.entry(dimension.clone()).or_default() += signed;
    }
    let mut found = Vec::new();
    for own in plan.dimensions.iter().rev() {
        let points = sums.get(&own.id).copied().and_then(|sum| {
            let bound = |bound: &Option<crate::policy::expr::Expr>| match bound {
                Some(bound) => bound.constant.map(Some),
                None => Some(None),
            };
            let (min, max) = (bound(&own.min)?, bound(&own.max)?);
            let sum = max.map_or(sum, |max| sum.min(max));
            let sum = min.map_or(sum, |min| sum.max(min));
            Some(own.round.map_or(sum, |places| round(sum, places, plan.rounding.mode.unwrap_or_default())))
        });
        if let (Some(parent), Some(points)) = (&own.parent, points) {
            *sums.entry(parent.clone()).or_default() += points;
        }
        found.push((own.id.clone(), points));
    }
    found
}

/// Whether a pay is the one that stands, line by line and deferred alike.
fn is_paid(standing: &Closed, pay: &PayResult) -> bool {
    let lines = pay.lines.iter().map(|line| (&*line.id, kept(line.amount)));
    let schedule = pay.schedule.iter().map(|amount| kept(*amount));
    lines.collect::<BTreeMap<_, _>>()
        == standing.pay.iter().map(|(id, amount)| (id.as_str(), amount.0.normalize())).collect()
        && standing.pay_total.is_some_and(|total| total.0.normalize() == kept(pay.total))
        && schedule.eq(standing.deferral.iter().map(|part| part.amount.0.normalize()))
}

/// The pay that stands. A line that the records still give so keeps what explains it.
fn pay(plan: &Plan, standing: &Closed, total: Decimal, now: Option<&PayResult>) -> PayResult {
    let line = |(name, amount): (&String, &Amount)| {
        let known = now.and_then(|now| now.lines.iter().find(|line| *line.id == **name));
        if let Some(same) = known.filter(|line| kept(line.amount) == amount.0.normalize()) {
            return same.clone();
        }
        let id: Arc<str> = name.as_str().into();
        let exact = standing.exactly(&format!("pay.{name}"), *amount);
        let written = plan.pay.iter().flat_map(|pay| &pay.lines).find(|line| *line.id == **name);
        LineAmount {
            title: known.map_or_else(|| id.clone(), |line| line.title.clone()),
            id,
            figures: Vec::new(),
            steps: Vec::new(),
            missing: None,
            exact,
            amount: exact,
            pool: known.map_or_else(|| written.is_some_and(|line| line.form.is_pool()), |line| line.pool),
            claims: Arc::default(),
            gated: known.is_some_and(|line| line.gated),
            paid: written.is_none_or(|line| line.paid),
        }
    };
    let schedule: Vec<Decimal> = standing.deferral.iter().map(|instalment| instalment.amount.0).collect();
    let deferred = schedule.iter().sum::<Decimal>().normalize();
    let mut made = PayResult { lines: standing.pay.iter().map(line).collect(), ..PayResult::default() };
    made.sum = made.paid(false).map(|line| line.amount).sum();
    made.pools = made.paid(true).map(|line| line.amount).sum();
    // What bounds, gates and advances made of the lines was not frozen by itself: it is what shares of pools leave of the pay.
    let rest = total - made.pools;
    PayResult {
        bounded: rest,
        factor: Decimal::ONE,
        gated: rest,
        floored: rest,
        total,
        deferred,
        schedule,
        now: (total - deferred).normalize(),
        ..made
    }
}

/// What was decided in a closed period, with what was amended until a day.
pub(super) fn past(review: &Review, scheme: &str, until: NaiveDate) -> Option<Past> {
    let closed = review.standing_on(scheme, until)?.closed;
    let of = |key: &str, pick: fn(&ClosedIndicator) -> Option<Amount>| {
        let known = closed.indicators.iter();
        let exactly = |id: &str, amount| closed.exactly(&format!("indicators.{id}.{key}"), amount);
        known.filter_map(|(id, item)| Some((id.as_str().into(), exactly(id, pick(item)?)))).collect()
    };
    let of_line = |line: &str, paid: Amount| closed.exactly(&format!("pay.{line}"), paid);
    Some(Past {
        period: review.period,
        policy: closed.policy.to_string().into(),
        total: closed.total.map(|total| closed.exactly("total", total)),
        rating: closed.rating.as_deref().map(Into::into),
        with_carried: true,
        values: of("value", |item| item.value),
        targets: of("target", |item| item.target),
        scores: of("score", |item| item.score),
        points: of("points", |item| item.points),
        pay_total: closed.pay_total.map(|total| closed.exactly("pay_total", total)),
        pay: closed.pay.iter().map(|(line, paid)| (line.as_str().into(), of_line(line, *paid))).collect(),
    })
}
