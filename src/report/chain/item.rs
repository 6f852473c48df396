//! One item explained: its figures, value, target and curve, and the points they make.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::{Known, Rows, is_number, plain, points, rounding, standing, unit_cell, with_unit};
use crate::msg;
use crate::period::Period;
use crate::policy::expr::Expr;
use crate::policy::plan::{Item, Plan};
use crate::record::policy::{Mode, Scale, TimeIn};
use crate::score::card::{ItemScore, LeftOver, PartValue, Scorecard, Standing, TargetValue};
use crate::score::{Ask, Profile, Served};
use crate::table::Cell;
use crate::text::{Message, scorecard as say};

impl<'a> Rows<'a> {
    pub(super) fn of_item(&mut self, plan: &Plan, card: &'a Scorecard, item: &'a ItemScore) {
        let Some(written) = plan.item(&item.id).map(|at| &plan.items[at]) else { return };
        self.about(&item.id, &item.title);
        self.figures(&item.figures);
        let mut known = Known::new(self.policy, plan, card, &item.figures);
        known.full = item.full;
        known.unit = written.value.as_ref().map(|value| self.policy.unit_of(plan, value)).unwrap_or_default();
        known.target = item.target.as_ref().map(|target| target.value);
        if let Some(when) = written.when.as_ref().filter(|_| !written.each_when) {
            self.condition(&known, when);
        }
        for part in &item.parts {
            self.part(&known, written, part);
        }
        if !matches!(item.standing, Standing::Scored) {
            self.say(say::STANDING, standing(&item.standing));
        }
        self.target(&known, written, item);
        self.value(&known, written, item);
        self.not_carried(item, &known.unit);
        self.steps(&mut known, &written.chain, written.curve.as_deref(), &item.steps);
        self.score(&known, written, item);
        self.points(plan, written, item);
    }

    /// One client or facility of an item evaluated one by one.
    fn part(&mut self, known: &Known<'_>, written: &Item, part: &'a PartValue) {
        self.figures(&part.figures);
        let inner = Known { figures: &part.figures, ..known.clone() };
        if let Some(when) = written.when.as_ref().filter(|_| written.each_when) {
            self.condition(&inner, when);
        }
        let unit = unit_cell(&known.unit);
        let value = written.value.as_ref().map(|value| Message::verbatim(inner.shown(value)));
        let how = match (&part.missing, value) {
            (Some(reason), _) => reason.clone(),
            (None, value) => {
                let value = value.unwrap_or_else(|| Message::verbatim(""));
                let share = plain(part.share);
                msg!(
                    say::BY_SHARE,
                    formula = value,
                    value = with_unit(part.value, &known.unit),
                    share = share
                )
            }
        };
        self.push(say::PART, how, Some(part.amount), unit);
        if let Some(place) = self.table.rows.last_mut().and_then(|row| row.last_mut()) {
            *place = (&*part.id).into();
        }
    }

    fn value(&mut self, known: &Known<'_>, written: &Item, item: &ItemScore) {
        let Some(value) = item.value else { return };
        let unit = unit_cell(&known.unit);
        let formula: Cell = match (&written.value, item.parts.is_empty()) {
            (_, false) => say::SUM_OF_PARTS.into(),
            (Some(value), true) => known.shown(value).into(),
            (None, true) => Cell::Missing,
        };
        if item.exact == item.value {
            return self.push(say::VALUE, formula, item.value, unit);
        }
        self.push(say::EXACT, formula, item.exact, unit.clone());
        let mut exact = item.exact.unwrap_or_default();
        if !item.carried.is_zero() {
            exact += item.carried;
            self.carried(item.left_over, item.carried, &known.unit);
        }
        match written.rounding.input.filter(|_| exact != value) {
            Some(places) => {
                self.push(say::VALUE, rounding(places, mode(written)), item.value, unit);
            }
            None => self.push(say::VALUE, say::WITH_CARRIED, item.value, unit),
        }
    }

    fn target(&mut self, known: &Known<'_>, written: &Item, item: &ItemScore) {
        let (Some(target), Some(formula)) = (&item.target, &written.target) else { return };
        let unit = unit_cell(&known.unit);
        let shown = known.shown(formula);
        let TargetValue { stated, prorated, carried, value, .. } = *target;
        if stated == value && carried.is_zero() {
            return self.push(say::TARGET, shown, Some(value), unit);
        }
        self.push(say::EXACT, shown, Some(stated), unit.clone());
        if stated != prorated {
            let how = by_time(&target.served, &known.unit);
            self.push(say::PRORATED, how, Some(prorated), unit.clone());
        }
        if !carried.is_zero() {
            self.carried(item.left_over, carried, &known.unit);
        }
        match written.rounding.target.filter(|_| prorated + carried != value) {
            Some(places) => self.push(say::TARGET, rounding(places, mode(written)), Some(value), unit),
            None if carried.is_zero() => self.push(say::TARGET, Cell::Missing, Some(value), unit),
            None => self.push(say::TARGET, say::WITH_CARRIED, Some(value), unit),
        }
    }

    /// Why nothing is carried over.
    fn not_carried(&mut self, item: &ItemScore, unit: &str) {
        if let Some(open) = item.left_open {
            let how = msg!(say::NOT_CARRIED, open = open.to_string());
            self.push(say::CARRIED, how, Some(Decimal::ZERO), unit_cell(unit));
        }
    }

    /// What an earlier period left over.
    fn carried(&mut self, from: Option<LeftOver>, amount: Decimal, unit: &str) {
        let how: Cell = match from {
            Some(LeftOver { period, target, value, limit, .. }) => {
                left_over(period, target, value, limit, unit).into()
            }
            None => Cell::Missing,
        };
        self.push(say::CARRIED, how, Some(amount), unit_cell(unit));
    }

    fn score(&mut self, known: &Known<'_>, written: &Item, item: &ItemScore) {
        if let (Some(points), Some(raw), true) =
            (&written.points, item.raw, item.standing == Standing::Scored)
        {
            self.push(say::SCORE, known.shown(points), Some(raw), Cell::Missing);
        }
        let (Some(raw), Some(score)) = (item.raw, item.score) else { return };
        if score == raw {
            return;
        }
        let bound = |bound: &Option<Expr>| bound.as_ref().and_then(|bound| known.number(bound));
        let (min, max) = (bound(&written.min), bound(&written.max));
        let cut = max.map_or(raw, |max| raw.min(max));
        let cut = min.map_or(cut, |min| cut.max(min));
        if cut != raw {
            for formula in written.min.iter().chain(&written.max).filter(|bound| !is_number(bound)) {
                self.parameter(known, formula);
            }
            self.push(say::SCORE, bounds(min, max), Some(cut), Cell::Missing);
        }
        if cut != score {
            self.rounded(say::SCORE, written.rounding.score, mode(written), Some(score), Cell::Missing);
        }
    }

    fn points(&mut self, plan: &Plan, written: &Item, item: &ItemScore) {
        let (Some(score), Some(points_of)) = (item.score, item.points) else { return };
        for spread in &item.spread {
            let numbers = [spread.own, spread.weight, spread.scored].map(plain);
            let how = msg!(say::SPREAD, own = numbers[0], weight = numbers[1], scored = numbers[2]);
            self.push(say::WEIGHT, how, Some(spread.own * spread.weight / spread.scored), Cell::Missing);
        }
        let weighted = plan.scale == Scale::Weighted;
        match item.effective_weight.or(item.weight).filter(|_| weighted) {
            Some(weight) => {
                let how = msg!(
                    say::CONTRIBUTION,
                    score = plain(score),
                    weight = plain(weight),
                    full = plain(plan.whole)
                );
                self.push(say::POINTS, how, item.exact_points, points());
            }
            None => self.push(say::POINTS, plain(score).to_string(), item.exact_points, points()),
        }
        if item.exact_points != Some(points_of) {
            let places = written.rounding.item;
            self.rounded(say::ROUNDED, places, mode(written), Some(points_of), points());
        }
    }
}

fn mode(item: &Item) -> Mode {
    item.rounding.mode.unwrap_or_default()
}

/// `2026-02: 120 − 110 = 10`
fn left_over(period: Period, target: Decimal, value: Decimal, limit: Option<Decimal>, unit: &str) -> Message {
    let (target_said, value_said) = (with_unit(target, unit), with_unit(value, unit));
    let short = with_unit(target - value, unit);
    let period = period.to_string();
    let left = msg!(say::LEFT_OVER, period = period, target = target_said, value = value_said, short = short);
    match limit {
        Some(limit) => msg!(say::LEFT_OVER_WITHIN, left = left, limit = with_unit(limit, unit)),
        None => left,
    }
}

/// The bounds a number is kept within.
pub(super) fn bounds(min: Option<Decimal>, max: Option<Decimal>) -> Cell {
    match (min.map(plain), max.map(plain)) {
        (None, None) => Cell::Missing,
        (Some(min), None) => msg!(say::AT_LEAST, min = min).into(),
        (None, Some(max)) => msg!(say::AT_MOST, max = max).into(),
        (Some(min), Some(max)) => msg!(say::BETWEEN, min = min, max = max).into(),
    }
}

/// The part of the period in post and the whole, in days or months.
pub(super) fn time_in_post(profile: &Profile, by: TimeIn) -> Option<(u32, u32)> {
    Some(profile.active?.of(by))
}

/// `100 × 41 / 92`, for who was in post for a part of the period.
pub(super) fn in_post(profile: &Profile, by: Option<TimeIn>, amount: Decimal, unit: &str) -> Cell {
    let time = by.and_then(|by| time_in_post(profile, by));
    time.map(|(part, whole)| served_as(&Served { amount, part, whole }, unit)).into()
}

/// `100 × 41 / 92 + 100`, with the names of what is stated by period where there are several.
fn by_time(served: &[(Option<Arc<Ask>>, Vec<Served>)], unit: &str) -> String {
    let named = served.len() > 1;
    let of = |(ask, served): &(Option<Arc<Ask>>, Vec<Served>)| {
        let unit = if named { "" } else { unit };
        let sum = served.iter().map(|served| served_as(served, unit)).collect::<Vec<_>>().join(" + ");
        match ask.as_ref().filter(|_| named) {
            Some(ask) => format!("{ask} = {sum}"),
            None => sum,
        }
    };
    served.iter().map(of).collect::<Vec<_>>().join("; ")
}

fn served_as(served: &Served, unit: &str) -> String {
    let amount = with_unit(served.amount, unit);
    if served.part < served.whole {
        format!("{amount} × {} / {}", served.part, served.whole)
    } else {
        amount
    }
}
