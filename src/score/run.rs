//! The one pass over everybody a policy scores.
//!
//! The order of operations is fixed: value → input rounding → curve → item bounds → score rounding → weight → item rounding →
//! dimension bounds and rounding → additions and deductions, item bounds, then group caps → vetoes → gates → time in post →
//! total bounds → caps of vetoes once more → total rounding → rating → promotion and demotion → gates on pay → pay lines →
//! pay. Items go first for everybody, one item
//! after another and one curve after another, because peers look at each other's inputs; an item that names another comes after it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::{IntoParallelIterator, ParallelIterator};

use super::ahead::{self, Ahead, MoveKind, Seen};
use super::around::Around;
use super::board::{Board, Held, Manager};
use super::card::{ScoreError, Scorecard, Standing};
use super::earlier::Earlier;
use super::facts::{Facts, Profile};
use super::order::order;
use super::outcome::Rated;
use super::total::Making;
use super::variant::{Chosen, variants};
use super::{gate, item, outcome, partial, paying, total, weight};
use crate::msg;
use crate::period::{Months, Period};
use crate::policy::Policy;
use crate::policy::expr::{Environment, Leaf, Trouble, Value};
use crate::policy::plan::Plan;
use crate::record::policy::TimeIn;
use crate::text::score;

/// Scores everybody, in id order whatever order they come in.
///
/// Whom the policy applies to is the caller's to decide ([`crate::policy::overlap::choose`]); everybody given is scored.
pub fn score(policy: &Policy, period: Period, subjects: &[&dyn Facts]) -> Vec<Scorecard> {
    scored(policy, period, subjects).managers.into_iter().map(finished).collect()
}

/// The same, each scorecard with what lies ahead of the manager.
pub(super) fn foresee(policy: &Policy, period: Period, subjects: &[&dyn Facts]) -> Vec<Scorecard> {
    let board = scored(policy, period, subjects);
    let earlier = Earlier::of(&board, 0..board.managers.len());
    let seen = |me| Seen { policy, board: &board, me, earlier: &earlier };
    let ahead: Vec<Ahead> = (0..board.managers.len()).map(|me| ahead::of(seen(me))).collect();
    let managers = board.managers.into_iter().zip(ahead);
    managers.map(|(manager, ahead)| Scorecard { ahead: Some(ahead), ..finished(manager) }).collect()
}

/// The board after everybody is scored.
pub(super) fn scored<'a>(policy: &Policy, period: Period, subjects: &[&'a dyn Facts]) -> Board<'a> {
    let mut board = board(policy, period, subjects);
    let everybody = 0..board.managers.len();
    score_among(&mut board, &everybody);
    board
}

/// Scores some of a board, those beside them as they are.
pub(super) fn score_among(board: &mut Board<'_>, some: &Several) {
    board.paying = false;
    for id in order(&board.managers[some.clone()]) {
        weights_before(board, some, &id);
        score_item(board, some, &id);
    }
    totals(board, some);
    ratings(board, some);
    gate::on_pay(board, some);
    paying::all(board, some);
}

/// The scorecards of some, each as a part that is weighed with others: exact, but for shares of pools, which are paid out as they
/// are. Everybody is scored as ever.
pub(super) fn score_parts(
    policy: &Policy,
    period: Period,
    subjects: &[&dyn Facts],
    parts: &BTreeSet<Box<str>>,
) -> Vec<Scorecard> {
    let mut whole = scored(policy, period, subjects);
    let mut cards = Vec::new();
    for id in parts {
        let Some(&me) = whole.by_id.get(id) else { continue };
        let Some(facts) = whole.managers[me].facts.lent() else { continue };
        let fresh = board(policy, period, &[facts]).managers.pop();
        let Some(mut fresh) = fresh else { continue };
        if let Ok(plan) = policy.unrounded(&fresh.card.variants) {
            fresh.plan = plan;
        }
        let before = whole.replace(me, fresh);
        score_among(&mut whole, &(me..me + 1));
        let part = whole.replace(me, before);
        let mut card = finished(part);
        if let (Some(pay), Some(paid)) = (&mut card.pay, &whole.managers[me].card.pay) {
            for line in pay.lines.iter_mut().filter(|line| line.pool) {
                let own = paid.lines.iter().find(|own| own.id == line.id);
                own.into_iter().for_each(|own| line.clone_from(own));
            }
        }
        cards.push(card);
    }
    cards
}

/// Numbers of managers on a board.
pub(super) type Several = Range<usize>;

/// Who a manager is, for conditions that look at nothing else.
#[derive(Clone, Copy, Debug)]
pub struct Who<'a> {
    /// The manager.
    pub profile: &'a Profile,
    /// The months of the period; of one that is scored to date those so far.
    pub months: Months,
}

impl Who<'_> {
    /// What a name comes to that looks at nothing but who it is and when.
    pub(super) fn known(&self, leaf: &Leaf) -> Option<Value> {
        let Self { profile, months } = *self;
        let text = |text: &Option<Box<str>>| text.clone().map(Value::Text);
        let count = |count: Option<u32>| count.map(|count| Value::Number(count.into()));
        let all = || u32::try_from(months.iter().count()).ok();
        match leaf {
            Leaf::ManagerId => Some(Value::Text(profile.id.clone())),
            Leaf::Grade => text(&profile.grade),
            Leaf::Role => text(&profile.role),
            Leaf::Team => text(&profile.team),
            Leaf::Branch => text(&profile.branch),
            Leaf::MonthsIn => count(profile.months),
            Leaf::GradeMonths => count(profile.grade_months),
            Leaf::RiskTaker => Some(Value::Flag(profile.risk_taker)),
            Leaf::ActiveDays => Some(Value::Number(partial::active(profile, TimeIn::Days))),
            Leaf::ActiveMonths => count(profile.active.map(|active| active.months).or_else(all)),
            Leaf::Month => count(Some(months.last.number())),
            Leaf::Quarter => count(Some(months.last.number().div_ceil(3))),
            Leaf::Half => count(Some(months.last.number().div_ceil(6))),
            Leaf::Year => count(u32::try_from(months.last.year()).ok()),
            Leaf::Days => count(Some(months.days())),
            Leaf::Months => count(all()),
            Leaf::FirstDay => Some(Value::Date(months.first_day())),
            Leaf::LastDay => Some(Value::Date(months.last_day())),
            _ => None,
        }
    }
}

impl Environment for Who<'_> {
    fn leaf(&self, leaf: &Leaf, name: &Arc<str>) -> Result<Value, Trouble> {
        self.known(leaf).ok_or_else(|| Trouble::Missing(msg!(score::NO_FIGURE, name = &**name)))
    }
}

/// Everybody with the plan that is for them and an empty scorecard.
pub(super) fn board<'a>(policy: &Policy, period: Period, subjects: &[&'a dyn Facts]) -> Board<'a> {
    let mut plans: BTreeMap<Vec<usize>, Result<Arc<Plan>, String>> = BTreeMap::new();
    let mut ordered: Vec<&'a dyn Facts> = subjects.to_vec();
    ordered.sort_by(|a, b| a.profile().id.cmp(&b.profile().id));
    let mut managers = Vec::with_capacity(ordered.len());
    for facts in ordered {
        let profile = facts.profile();
        let who = Who { profile, months: facts.months().unwrap_or_else(|| period.months()) };
        let Chosen { variants, open, left_out } = variants(policy, &who);
        let plan = plans
            .entry(variants.clone())
            .or_insert_with(|| policy.plan(&variants).map_err(|conflict| conflict.key));
        let mut card = Scorecard::new(profile.clone(), period);
        card.to_date = period.grain() < policy.record.period.grain();
        card.variants = variants;
        card.left_out = left_out;
        let plan = match plan {
            Ok(plan) => plan.clone(),
            Err(key) => {
                let reason = msg!(score::TWO_VARIANTS, key = &*key);
                card.errors.push(ScoreError { word: "variant-conflict", item: None, reason });
                policy.base.clone()
            }
        };
        card.errors.extend(open);
        card.not_assessed = too_short(&plan, profile, period);
        let unsettled = !card.errors.is_empty();
        managers.push(Manager { unsettled, ..Manager::new(Held::Lent(facts), plan, card) });
    }
    let mut board = Board::new(period, managers);
    board.own = policy.own_period(period);
    board
}

/// Why somebody was not in post long enough to be judged.
fn too_short(plan: &Plan, profile: &Profile, period: Period) -> Option<crate::text::Message> {
    let least = plan.partial.min_months?;
    let (months, period) = (profile.active.map_or(u32::MAX, |active| active.months), period.to_string());
    (months < least).then(|| msg!(score::TOO_FEW_MONTHS, months = months, period = period, least = least))
}

/// One item of each of them.
fn score_item(board: &mut Board<'_>, some: &Several, id: &str) {
    // Values are the costly part, and each looks only at what is settled.
    let values: Vec<_> = some
        .clone()
        .into_par_iter()
        .map(|me| {
            let manager = &board.managers[me];
            let plan = &manager.plan;
            let item = &plan.items[plan.item(id).filter(|_| !manager.is_given())?];
            Some((item.id.clone(), item::value(board, me, item)))
        })
        .collect();
    for (manager, value) in board.managers[some.clone()].iter_mut().zip(values) {
        let Some((id, (found, error))) = value else {
            manager.input = None;
            continue;
        };
        manager.card.errors.extend(error);
        manager.input = found.value.filter(|_| found.standing == Standing::Scored);
        manager.items.insert(id, found);
    }
    let longest = board.managers[some.clone()].iter().filter_map(|manager| {
        let at = manager.plan.item(id)?;
        Some(manager.plan.items[at].chain.len())
    });
    for at in 0..longest.max().unwrap_or_default() {
        apply_curve(board, some, id, at);
    }
    settle(board, some, id);
}

/// Curve number `at` of one item, for each of them whose chain is that long.
fn apply_curve(board: &mut Board<'_>, some: &Several, id: &str, at: usize) {
    board.next_curve();
    board.take((id.into(), at), some);
    let one = |me: usize| {
        let manager = &board.managers[me];
        let item = &manager.plan.items[manager.plan.item(id)?];
        let curve = item.chain.get(at)?;
        let found = manager.items.get(id).filter(|found| found.standing == Standing::Scored)?;
        let needless = !curve.takes_value();
        let x = manager.input.or(needless.then_some(rust_decimal::Decimal::ZERO))?;
        let target = found.target.as_ref().map(|target| target.value);
        Some((me, item::apply(board, me, item, at, x, target)))
    };
    let applied: Vec<_> = some.clone().into_par_iter().filter_map(one).collect();
    for (me, result) in applied {
        let manager = &mut board.managers[me];
        let plan = manager.plan.clone();
        let (Some(item), Some(found)) = (plan.item(id), manager.items.get_mut(id)) else {
            continue;
        };
        found.know(result.figures);
        match result.step {
            Ok(step) => {
                manager.input = Some(step.score);
                found.raw = Some(step.score);
                found.steps.push(step);
            }
            Err(halt) => {
                manager.card.errors.extend(item::fall_back(found, &plan.items[item], halt));
                manager.input = None;
            }
        }
    }
}

/// The score of one item of each of them, from what its last curve gave.
fn settle(board: &mut Board<'_>, some: &Several, id: &str) {
    let bounds = |me: usize| {
        let manager = &board.managers[me];
        let item = &manager.plan.items[manager.plan.item(id)?];
        let found = manager.items.get(id)?;
        (found.standing == Standing::Scored).then(|| item::bounds(board, me, item, found))
    };
    let bounds: Vec<_> = some.clone().into_par_iter().map(bounds).collect();
    for (manager, bounds) in board.managers[some.clone()].iter_mut().zip(bounds) {
        let Manager { plan, items, card, .. } = manager;
        let plan: &Plan = plan;
        let (Some(at), Some(found)) = (plan.item(id), items.get_mut(id)) else { continue };
        let item = &plan.items[at];
        card.errors.extend(bounds.and_then(|bounds| item::settle(item, found, bounds)));
        weight::unweighed(plan, item, found);
    }
}

/// Points of what was scored so far, where the item that comes next looks at them and everything with a weight is scored.
fn weights_before(board: &mut Board<'_>, some: &Several, id: &str) {
    let waits =
        |manager: &Manager<'_>| manager.plan.item(id).is_some_and(|at| manager.plan.items[at].after_weights);
    if !board.managers[some.clone()].iter().any(waits) {
        return;
    }
    for manager in &mut board.managers[some.clone()] {
        let mut weighed = manager.plan.items.iter().filter(|item| item.has_weight());
        if !manager.is_given() && weighed.all(|item| manager.items.contains_key(&item.id)) {
            points(manager);
        }
    }
    board.forget_sums();
}

/// Points of the items of one manager, and whether there is anything to judge the manager by.
fn weigh(manager: &mut Manager<'_>) {
    let Manager { plan, items, card, .. } = &mut *manager;
    if plan.makes_total() && !total::is_judged(plan, items) && card.not_assessed.is_none() {
        card.not_assessed = Some(score::NOTHING_TO_JUDGE.into());
    }
    points(manager);
}

fn points(manager: &mut Manager<'_>) {
    let Manager { plan, items, card, .. } = manager;
    let error = weight::weigh(plan, items).filter(|error| !card.errors.contains(error));
    card.errors.extend(error);
}

fn totals(board: &mut Board<'_>, some: &Several) {
    // Totals may look at the points of others, so that these come first.
    let (given, some): (Vec<usize>, Vec<usize>) = some.clone().partition(|me| board.managers[*me].is_given());
    for me in given {
        let Manager { facts, card, .. } = &mut board.managers[me];
        card.total = facts.given_total();
        card.exact_total = card.total;
    }
    for &me in &some {
        weigh(&mut board.managers[me]);
    }
    board.forget_sums();
    for me in some {
        let plan = board.managers[me].plan.clone();
        let mut making = Making::new(&plan);
        let counts = plan.makes_total();
        let around = Around::new(board, me);
        making.dimensions(&around);
        if counts {
            making.sum(around.items());
            making.adjust(&around);
        }
        drop(around);
        publish(board, me, &mut making);
        let vetoes = gate::vetoes(board, me, &mut making);
        publish(board, me, &mut making);
        let gates = gate::on_total(board, me, &mut making);
        let card = &mut board.managers[me].card;
        card.vetoes = vetoes;
        card.gates = gates;
        let made = total::finish(board, me, &mut making);
        publish(board, me, &mut making);
        let card = &mut board.managers[me].card;
        card.bounds = made.bounds;
        let made = Some(made).filter(|_| counts && card.errors.is_empty() && card.not_assessed.is_none());
        card.exact_total = made.as_ref().map(|made| made.exact.normalize());
        card.total = made.map(|made| made.rounded.normalize());
    }
}

/// Shows what was made so far to the conditions that follow.
fn publish(board: &mut Board<'_>, me: usize, making: &mut Making<'_>) {
    let card = &mut board.managers[me].card;
    card.dimensions.clone_from(&making.dimensions);
    card.steps.clone_from(&making.steps);
    card.errors.append(&mut making.errors);
    card.idle.append(&mut making.idle);
}

fn ratings(board: &mut Board<'_>, some: &Several) {
    outcome::standings(board, some);
    for me in some.clone() {
        rate(board, me);
    }
    // Nobody asks for the moves of who is scored again beside the others.
    if some.len() == board.managers.len() {
        let earlier = Earlier::of(board, some.clone());
        some.clone().for_each(|me| moves(board, me, &earlier));
    }
}

/// The rating of one manager.
pub(super) fn rate(board: &mut Board<'_>, me: usize) {
    let (found, figures) = outcome::rating(board, me);
    let card = &mut board.managers[me].card;
    card.rated_by = figures;
    match found {
        Rated::As(rating) => card.rating = rating,
        Rated::Open(error) => card.unrated = Some(error),
        Rated::Nowhere(error) => card.errors.push(error),
    }
}

/// The moves of one manager, once everybody is rated.
pub(super) fn moves(board: &mut Board<'_>, me: usize, earlier: &Earlier<'_>) {
    let Manager { plan, card, .. } = &board.managers[me];
    if card.not_assessed.is_some() || !card.errors.is_empty() {
        return;
    }
    let plan = plan.clone();
    let of = |kind, list| outcome::moves(board, me, earlier, (kind, list));
    let promotion = of(MoveKind::Promotion, &plan.promotion);
    let demotion = of(MoveKind::Demotion, &plan.demotion);
    let warnings = of(MoveKind::Warning, &plan.warnings);
    let card = &mut board.managers[me].card;
    card.promotion = promotion.due.into_iter().next();
    card.demotion = demotion.due.into_iter().next();
    card.warnings = warnings.due;
    card.unjudged = [promotion.open, demotion.open, warnings.open].concat();
    card.early = [promotion.early, demotion.early, warnings.early].concat();
}

/// The scorecard with its items in the order of the policy.
pub(super) fn finished(mut manager: Manager<'_>) -> Scorecard {
    let items = manager.plan.items.iter().filter_map(|item| manager.items.remove(&item.id));
    manager.card.items = items.collect();
    manager.card
}
