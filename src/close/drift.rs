//! How far a scorecard, made again, is from what was frozen of it.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::freeze::{deferral, kept};
use super::inputs::{Changed, View, figures};
use crate::period::Period;
use crate::policy::plan::{Plan, Role};
use crate::record::scorecard::{Closed, ClosedIndicator, Instalment};
use crate::record::value::Amount;
use crate::score::card::{ItemScore, LineAmount, PayResult, Scorecard};

/// A number of an item that was closed and what comes out now.
pub(super) struct Moved {
    /// `value`, `target`, `score` or `points`.
    pub(super) key: &'static str,
    pub(super) then: Option<Decimal>,
    pub(super) now: Option<Decimal>,
}

/// What became of one item.
pub(super) struct ItemDrift {
    pub(super) id: String,
    /// The numbers that differ.
    pub(super) moved: Vec<Moved>,
    /// The records that contribute otherwise.
    pub(super) inputs: Vec<Changed>,
    /// The number by which the item is known: its value, or its score where it has none.
    pub(super) main: &'static str,
    /// That number as it was closed.
    pub(super) main_then: Option<Decimal>,
    /// What it adds to the total, more than it did.
    gain: Decimal,
}

/// What became of one scorecard.
pub(super) struct Drift {
    /// The items that differ.
    pub(super) items: Vec<ItemDrift>,
    /// Further fields that differ, as amendments name them.
    pub(super) fields: Vec<Field>,
    /// The records that contribute otherwise to the pay.
    pub(super) pay_inputs: Vec<Changed>,
}

/// A field of a scorecard that was closed and what comes out now.
pub(super) struct Field {
    pub(super) name: String,
    pub(super) then: Option<String>,
    pub(super) now: Option<String>,
}

impl Drift {
    /// Holds a scorecard against what was frozen of it. The total counts where the points of items do not explain it, the pay
    /// where its lines don't.
    pub(super) fn of(view: &View<'_>, plan: &Plan, frozen: &Closed, now: &Scorecard) -> Self {
        let of = (&*now.profile.id, now.period);
        let known: BTreeMap<&str, &ItemScore> = now.items.iter().map(|item| (&*item.id, item)).collect();
        let ids: BTreeSet<&str> =
            frozen.indicators.keys().map(String::as_str).chain(known.keys().copied()).collect();
        let drifts = ids
            .into_iter()
            .map(|id| ItemDrift::of(view, of, id, frozen.indicators.get(id), known.get(id).copied()));
        let items: Vec<ItemDrift> = drifts.flatten().collect();
        let lines = now.pay.iter().flat_map(|pay| &pay.lines).flat_map(|line| &line.figures);
        let mut drift = Self { items, fields: Vec::new(), pay_inputs: Vec::new() };
        // Only from a version on that froze the grade are the inputs of the pay frozen too.
        if frozen.risk_taker.is_some() {
            drift.pay_inputs = view.changed(&frozen.pay_inputs, of, &lines);
        }
        drift.result(plan, frozen, now);
        drift.pay(plan, frozen, now);
        drift
    }

    /// Whether anything in it may move the pool shares of others.
    pub(super) fn has_moved(&self) -> bool {
        !self.items.is_empty()
            || self.fields.iter().any(|field| !field.name.starts_with("pay") && field.name != "deferral")
    }

    fn put(&mut self, name: impl Into<String>, then: Option<String>, now: Option<String>) {
        if then != now {
            self.fields.push(Field { name: name.into(), then, now });
        }
    }

    fn result(&mut self, plan: &Plan, frozen: &Closed, now: &Scorecard) {
        if frozen.grade.is_some() {
            self.put("grade", frozen.grade.clone(), now.profile.grade.as_deref().map(Into::into));
        }
        let places = [plan.rounding.item, plan.rounding.dimension, plan.rounding.total];
        let gain: Decimal = self.items.iter().map(|item| item.gain).sum();
        let (then, total) = (plain(frozen.total), plain(now.total.map(kept)));
        let explained = then.zip(total).is_some_and(|(then, now)| {
            // Bounds may cut what the points give.
            let (low, high) = (gain.min(Decimal::ZERO), gain.max(Decimal::ZERO));
            let unit = unit(places);
            (low - unit..=high + unit).contains(&(now - then))
        });
        if !explained || gain.is_zero() {
            self.put("total", words(then), words(total));
        }
        self.put("rating", frozen.rating.clone(), now.rating.as_deref().map(Into::into));
    }

    fn pay(&mut self, plan: &Plan, frozen: &Closed, now: &Scorecard) {
        let lines: &[LineAmount] = now.pay.as_ref().map_or(&[], |pay| &pay.lines);
        let known: BTreeMap<&str, &LineAmount> = lines.iter().map(|line| (&*line.id, line)).collect();
        let left = now.pay.as_ref().map_or(Decimal::ONE, PayResult::left_by_gates);
        let names: BTreeSet<&str> =
            frozen.pay.keys().map(String::as_str).chain(known.keys().copied()).collect();
        let (mut gain, mut differ) = (Decimal::ZERO, false);
        for name in names {
            let line = known.get(name).copied();
            let (then, now) = (plain(frozen.pay.get(name).copied()), line.map(|line| kept(line.amount).0));
            differ |= then != now;
            // What a line has more reaches the pay as far as gates let it.
            let more = now.unwrap_or_default() - then.unwrap_or_default();
            gain += if line.is_some_and(|line| line.gated && !line.pool) { more * left } else { more };
            self.put(format!("pay.{name}"), words(then), words(now));
        }
        let (then, total) = (plain(frozen.pay_total), now.pay.as_ref().map(|pay| kept(pay.total).0));
        let by = total.unwrap_or_default() - then.unwrap_or_default();
        if !differ || (by - gain).abs() > unit([plan.rounding.pay, plan.rounding.pay_line, None]) {
            self.put("pay_total", words(then), words(total));
        }
        let later =
            now.pay.as_ref().map(|pay| deferral(pay, now.period.last().year() + 1)).unwrap_or_default();
        if !are_parts_of((&frozen.deferral, then), (&later, total)) {
            self.put("deferral", schedule(&frozen.deferral), schedule(&later));
        }
    }
}

impl ItemDrift {
    fn of(
        view: &View<'_>,
        of: (&str, Period),
        id: &str,
        frozen: Option<&ClosedIndicator>,
        now: Option<&ItemScore>,
    ) -> Option<Self> {
        let absent = ClosedIndicator::default();
        let frozen = frozen.unwrap_or(&absent);
        let target = now.and_then(|item| item.target.as_ref()).map(|target| target.value);
        let numbers = [
            ("value", frozen.value, now.and_then(|item| item.value)),
            ("target", frozen.target, target),
            ("score", frozen.score, now.and_then(|item| item.score)),
            ("points", frozen.points, now.and_then(|item| item.points)),
        ];
        let numbers = numbers.map(|(key, then, now)| (key, plain(then), plain(now.map(kept))));
        let inputs = view.changed(&frozen.inputs, of, &now.into_iter().flat_map(figures));
        let moved: Vec<Moved> = numbers
            .iter()
            .filter(|(_, then, now)| then != now)
            .map(|&(key, then, now)| Moved { key, then, now })
            .collect();
        if moved.is_empty() && inputs.is_empty() {
            return None;
        }
        let main = numbers.iter().filter(|(key, ..)| *key != "target");
        let main = main.clone().find(|(_, then, now)| then.is_some() || now.is_some())?;
        let [.., (_, then, points)] = numbers;
        let gain = points.unwrap_or_default() - then.unwrap_or_default();
        let taken = now.is_some_and(|item| item.role == Role::Deduction);
        Some(Self {
            id: id.to_owned(),
            moved,
            inputs,
            main: main.0,
            main_then: main.1,
            gain: if taken { -gain } else { gain },
        })
    }
}

/// Whether two pays are deferred by the same parts; of another pay another amount is.
fn are_parts_of(then: (&[Instalment], Option<Decimal>), now: (&[Instalment], Option<Decimal>)) -> bool {
    let years = |list: &[Instalment]| list.iter().map(|it| it.due.0).collect::<Vec<_>>();
    if years(then.0) != years(now.0) {
        return false;
    }
    let ratio = match (then.1, now.1) {
        (Some(then), Some(now)) if then != now && !then.is_zero() => now / then,
        _ => Decimal::ONE,
    };
    let places = then.0.iter().chain(now.0).map(|it| it.amount.0.normalize().scale()).max().unwrap_or(0);
    // Each part was rounded by itself, and the last one takes what is left.
    let slack = if ratio == Decimal::ONE { Decimal::ZERO } else { Decimal::new(3, places) };
    let pairs = then.0.iter().zip(now.0);
    pairs.into_iter().all(|(then, now)| (then.amount.0 * ratio - now.amount.0).abs() <= slack)
}

/// One unit of the coarsest of these roundings.
fn unit(places: [Option<i32>; 3]) -> Decimal {
    let places = places.into_iter().flatten().min().unwrap_or(9);
    let shift = u32::try_from(places).unwrap_or(0);
    Decimal::new(1, shift.min(9))
}

fn plain(amount: Option<Amount>) -> Option<Decimal> {
    amount.map(|amount| amount.0.normalize())
}

/// A number as an amendment states it.
pub(super) fn words(number: Option<Decimal>) -> Option<String> {
    number.map(|number| number.to_string())
}

fn schedule(list: &[Instalment]) -> Option<String> {
    let part = |it: &Instalment| format!("{} {}", it.due.0, it.amount.0.normalize());
    let parts: Vec<String> = list.iter().map(part).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}
