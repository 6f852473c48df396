//! Closed scorecards: what was frozen stands, whatever the records give now.
//!
//! An amendment lets what it covers take effect: an item it names counts as the records now give it, and where amendments cover
//! every item that differs, so do the total and the rating. Pay stands line by line, but for the lines an amendment names
//! (`pay.LINE`). An amendment of `total`, `rating` or `pay_total` itself puts its `to` in their place.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::card::{DimensionScore, ItemScore, LineAmount, PayResult, Scorecard, Standing};
use super::facts::Past;
use crate::policy::Policy;
use crate::policy::plan::{Plan, Role};
use crate::policy::round::round;
use crate::record::amendment::Cover;
use crate::record::review::Review;
use crate::record::scorecard::{Closed, ClosedIndicator};
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
}

impl Sealed {
    /// Whether the records now give another result than the one that stands.
    pub fn differs(&self) -> bool {
        self.stands != self.now
    }
}

/// Notes on a scorecard what was closed of it; where it `stands`, that takes the place of what the records give now.
pub(super) fn seal(policy: &Policy, review: &Review, card: &mut Scorecard, stands: bool) {
    let Some(frozen) = review.closed.get(&policy.record.scheme) else { return };
    let now = outcome(card.total, card.rating.clone(), card.pay.as_ref().map(|pay| pay.total));
    let closed = outcome(
        frozen.total.map(|total| total.0),
        frozen.rating.as_deref().map(Into::into),
        frozen.pay_total.map(|total| total.0),
    );
    let changed = Changed::of(review, (&policy.record.scheme, frozen), card);
    let lines = Lines::of(review, (&policy.record.scheme, frozen), card.pay.as_ref());
    let plan = policy.plan(&card.variants).ok();
    let plan = plan.as_deref().unwrap_or(&policy.base);
    let mut sealed =
        Sealed { on: frozen.closed_on.0, amended: None, closed: closed.clone(), stands: closed, now };
    if changed.open.is_empty()
        && let Some(day) = changed.amended
    {
        let pay = lines.total(plan, frozen, sealed.now.pay);
        sealed.stands = Outcome { pay, ..sealed.now.clone() };
        sealed.amended = Some(day);
    }
    decided(review, &mut sealed);
    if stands {
        put(plan, (frozen, &lines), &changed, &sealed, card);
    }
    card.sealed = Some(Box::new(sealed));
}

fn outcome(total: Option<Decimal>, rating: Option<Arc<str>>, pay: Option<Decimal>) -> Outcome {
    Outcome { total: total.map(kept), rating, pay: pay.map(kept) }
}

/// A number to the fifteen digits that a file keeps.
fn kept(number: Decimal) -> Decimal {
    number.round_sf(15).unwrap_or(number).normalize()
}

/// The pay lines that stand of a closed scorecard.
struct Lines {
    /// Their amounts: as frozen, or as they come out now where an amendment names the line.
    stand: BTreeMap<String, Decimal>,
    /// What the amended ones add to the pay, after gates and time in post.
    added: Decimal,
    /// Whether none that comes out otherwise is left as frozen.
    as_now: bool,
}

impl Lines {
    fn of(review: &Review, (scheme, frozen): (&str, &Closed), pay: Option<&PayResult>) -> Self {
        let stand = frozen.pay.iter().map(|(id, amount)| (id.clone(), amount.0)).collect();
        let mut found = Self { stand, added: Decimal::ZERO, as_now: true };
        let now: BTreeMap<&str, &LineAmount> =
            pay.iter().flat_map(|pay| &pay.lines).map(|line| (&*line.id, line)).collect();
        let left = pay.map_or(Decimal::ONE, PayResult::left_by_gates);
        let ids: BTreeSet<&str> = frozen.pay.keys().map(String::as_str).chain(now.keys().copied()).collect();
        for id in ids {
            let then = frozen.pay.get(id).map(|amount| amount.0.normalize());
            let line = now.get(id).copied();
            let amount = line.map(|line| kept(line.amount));
            let more = amount.unwrap_or_default() - then.unwrap_or_default();
            if more.is_zero() {
                continue;
            }
            let words = |number: Option<Decimal>| number.map(|number| number.to_string());
            let (then, now) = (words(then), words(amount));
            let named = [format!("pay.{id}")];
            let cover = review.cover((scheme, frozen.closed_on.0), &named, then.as_deref(), now.as_deref());
            if !matches!(cover, Cover::Whole(_)) {
                found.as_now = false;
                continue;
            }
            match amount {
                Some(amount) => found.stand.insert(id.to_owned(), amount),
                None => found.stand.remove(id),
            };
            let is_gated = line.is_some_and(|line| line.gated && !line.pool);
            found.added += if is_gated { more * left } else { more };
        }
        found
    }

    /// The pay in all: as it comes out now where every line does, else as it was frozen, with what amended lines add.
    fn total(&self, plan: &Plan, frozen: &Closed, now: Option<Decimal>) -> Option<Decimal> {
        let Some(total) = frozen.pay_total.filter(|_| !self.as_now) else { return now };
        let total = total.0 + self.added;
        let mode = plan.rounding.mode.unwrap_or_default();
        Some(kept(plan.rounding.pay.map_or(total, |places| round(total, places, mode))))
    }
}

/// The items that differ from what was closed.
struct Changed {
    /// Those no amendment covers.
    open: Vec<Arc<str>>,
    /// Day of the last amendment that covers one.
    amended: Option<NaiveDate>,
}

impl Changed {
    fn of(review: &Review, (scheme, frozen): (&str, &Closed), card: &Scorecard) -> Self {
        let mut changed = Self { open: Vec::new(), amended: None };
        for item in &card.items {
            let Some(closed) = frozen.indicators.get(&*item.id) else { continue };
            if same(closed, item) {
                continue;
            }
            match amended(review, (scheme, frozen.closed_on.0), closed, item) {
                Some(day) => changed.amended = changed.amended.max(Some(day)),
                None => changed.open.push(item.id.clone()),
            }
        }
        changed
    }
}

/// Day of the last amendment that covers what became of an item: of its value and its target where they differ, else of the
/// score or the points it has instead.
fn amended(
    review: &Review,
    closing: (&str, NaiveDate),
    closed: &ClosedIndicator,
    item: &ItemScore,
) -> Option<NaiveDate> {
    let words = |number: Option<Decimal>| number.map(|number| kept(number).to_string());
    let now = |key: &str, closed: Option<Amount>, now: Option<Decimal>| {
        (key.to_owned(), words(closed.map(|closed| closed.0)), words(now))
    };
    let target = now("target", closed.target, item.target.as_ref().map(|target| target.value));
    let numbers = [
        now("value", closed.value, item.value),
        now("score", closed.score, item.score),
        now("points", closed.points, item.points),
    ];
    let main = numbers.into_iter().find(|(_, then, now)| then.is_some() || now.is_some())?;
    let mut day = None;
    for (is_main, (key, then, now)) in [(true, main), (false, target)] {
        if then == now {
            continue;
        }
        let mut named = vec![format!("{}.{key}", item.id)];
        named.extend(is_main.then(|| item.id.to_string()));
        let Cover::Whole(index) = review.cover(closing, &named, then.as_deref(), now.as_deref()) else {
            return None;
        };
        day = day.max(Some(review.amendments[index].date.0));
    }
    day
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

/// Results that an amendment states itself.
fn decided(review: &Review, sealed: &mut Sealed) {
    for amendment in &review.amendments {
        let Some(to) = &amendment.to else { continue };
        let number = || to.parse::<Amount>().ok().map(|amount| amount.0.normalize());
        match amendment.field.rsplit('.').next() {
            Some("total") if number().is_some() => sealed.stands.total = number(),
            Some("pay_total") if number().is_some() => sealed.stands.pay = number(),
            Some("rating") => sealed.stands.rating = Some(to.as_str().into()),
            _ => continue,
        }
        sealed.amended = sealed.amended.max(Some(amendment.date.0));
    }
}

/// Puts what stands into the scorecard.
fn put(
    plan: &Plan,
    (frozen, lines): (&Closed, &Lines),
    changed: &Changed,
    sealed: &Sealed,
    card: &mut Scorecard,
) {
    for item in card.items.iter_mut().filter(|item| changed.open.contains(&item.id)) {
        let closed = &frozen.indicators[&*item.id];
        item.value = closed.value.map(|value| value.0);
        item.score = closed.score.map(|score| score.0);
        item.points = closed.points.map(|points| points.0);
        match (&mut item.target, closed.target) {
            (Some(target), Some(closed)) => target.value = closed.0,
            (target, _) => *target = None,
        }
        if item.points.is_some() {
            item.standing = Standing::Scored;
        }
    }
    if !changed.open.is_empty() {
        dimensions(plan, card);
    }
    card.errors.clear();
    card.unpaid.clear();
    card.not_assessed = card.not_assessed.take().filter(|_| sealed.stands.total.is_none());
    card.total = sealed.stands.total;
    card.exact_total = card.exact_total.filter(|_| sealed.stands.total == sealed.now.total).or(card.total);
    card.rating.clone_from(&sealed.stands.rating);
    if sealed.stands.pay != sealed.now.pay {
        card.pay = sealed.stands.pay.map(|total| pay((frozen, lines), total, card.pay.as_ref()));
    } else if let Some(pay) = &mut card.pay {
        // The ledger holds what was deferred then, whatever an amendment adds to the pay.
        let more = pay.deferred;
        (pay.deferred, pay.schedule) = deferred(frozen);
        pay.now = (pay.now + more - pay.deferred).normalize();
    }
}

/// Sums of the closed points by dimension; none where its bounds are not plain numbers.
fn dimensions(plan: &Plan, card: &mut Scorecard) {
    let mut sums: BTreeMap<Arc<str>, Decimal> = BTreeMap::new();
    for item in card.items.iter().filter(|item| item.standing.counts()) {
        let (Some(dimension), Some(points)) = (&item.dimension, item.points) else { continue };
        let signed = if item.role == Role::Deduction { -points } else { points };
        *sums.entry(dimension.clone()).or_default() += signed;
    }
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
        let shown = card.dimensions.iter_mut().find(|dimension| dimension.id == own.id);
        if let Some(DimensionScore { sum, points: shown, .. }) = shown {
            *sum = points.unwrap_or_default();
            *shown = points;
        }
    }
}

/// The pay that stands; its lines are those that were closed or amended, its deferral is the closed one.
fn pay((frozen, lines): (&Closed, &Lines), total: Decimal, now: Option<&PayResult>) -> PayResult {
    let line = |(id, amount): (&String, &Decimal)| {
        let known = now.and_then(|now| now.lines.iter().find(|line| *line.id == **id));
        let id: Arc<str> = id.as_str().into();
        let amount = *amount;
        LineAmount {
            title: known.map_or_else(|| id.clone(), |line| line.title.clone()),
            id,
            figures: Vec::new(),
            steps: Vec::new(),
            exact: amount,
            amount,
            pool: known.is_some_and(|line| line.pool),
            claims: Arc::default(),
            gated: known.is_some_and(|line| line.gated),
        }
    };
    let (deferred, schedule) = deferred(frozen);
    let returned = now.map(|now| now.returned.clone()).unwrap_or_default();
    let back: Decimal = returned.iter().map(|entry| entry.amount).sum();
    PayResult {
        lines: lines.stand.iter().map(line).collect(),
        factor: Decimal::ONE,
        total,
        deferred,
        schedule,
        returned,
        now: (total - deferred + back).normalize(),
        ..PayResult::default()
    }
}

/// What was deferred when a period was closed, in all and by its instalments.
fn deferred(frozen: &Closed) -> (Decimal, Vec<Decimal>) {
    let schedule: Vec<Decimal> = frozen.deferral.iter().map(|instalment| instalment.amount.0).collect();
    (schedule.iter().sum::<Decimal>().normalize(), schedule)
}

/// What was decided in a closed period.
pub(super) fn past(review: &Review, closed: &Closed) -> Past {
    let of = |pick: fn(&ClosedIndicator) -> Option<Amount>| {
        let known = closed.indicators.iter();
        known.filter_map(|(id, item)| Some((id.as_str().into(), pick(item)?.0))).collect()
    };
    Past {
        period: review.period,
        total: closed.total.map(|total| total.0),
        rating: closed.rating.as_deref().map(Into::into),
        with_carried: true,
        values: of(|item| item.value),
        targets: of(|item| item.target),
        scores: of(|item| item.score),
        points: of(|item| item.points),
        pay_total: closed.pay_total.map(|total| total.0),
        pay: closed.pay.iter().map(|(line, paid)| (line.as_str().into(), paid.0)).collect(),
    }
}
