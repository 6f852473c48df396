//! What time does to targets and values: time in post, and what earlier periods leave over.

use rust_decimal::Decimal;

use super::card::LeftOver;
use super::facts::{Past, Profile};
use crate::period::{Grain, Month, Period};
use crate::record::policy::item::{Carry, Excess, Reset, Shortfall};
use crate::record::policy::{Partial, Prorate, TimeIn};

/// The part of the period somebody was in post, 1 for all of it.
pub(super) fn active(profile: &Profile, by: TimeIn) -> Decimal {
    let Some(active) = profile.active else {
        return Decimal::ONE;
    };
    let (part, whole) = match by {
        TimeIn::Days => (active.days, active.of_days),
        TimeIn::Months => (active.months, active.of_months),
    };
    if whole == 0 { Decimal::ONE } else { (Decimal::from(part) / Decimal::from(whole)).min(Decimal::ONE) }
}

/// The factor that `what` takes for the time in post.
pub(super) fn factor(partial: Option<&Partial>, profile: &Profile, what: Prorate) -> Decimal {
    match partial {
        Some(partial) if partial.prorate == what => active(profile, partial.by),
        _ => Decimal::ONE,
    }
}

/// Multiplies by the time in post without losing a digit where the part does not end as a decimal.
pub(super) fn prorated(
    amount: Decimal,
    partial: Option<&Partial>,
    profile: &Profile,
    what: Prorate,
) -> Decimal {
    match served(partial, profile, what) {
        Some((part, whole)) => amount * Decimal::from(part) / Decimal::from(whole),
        None => amount,
    }
}

/// The part of a period that was served, so many of so many, where that scales what is asked for.
pub(super) fn served(partial: Option<&Partial>, profile: &Profile, what: Prorate) -> Option<(u32, u32)> {
    let (partial, active) = (partial.filter(|partial| partial.prorate == what)?, profile.active?);
    let (part, whole) = match partial.by {
        TimeIn::Days => (active.days, active.of_days),
        TimeIn::Months => (active.months, active.of_months),
    };
    (whole != 0 && part < whole).then_some((part, whole))
}

/// What earlier periods leave over: added to the target, and added to the value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Carried {
    pub(super) target: Decimal,
    pub(super) value: Decimal,
    /// The period it comes from.
    pub(super) from: Option<LeftOver>,
}

/// Follows shortfall and excess through the earlier periods since counting last started afresh.
pub(super) fn carried(
    carry: &Carry,
    limit: Option<Decimal>,
    id: &str,
    history: &[Past],
    period: Period,
) -> Carried {
    let since = start(carry.reset, period);
    let mut carried = Carried::default();
    for past in history {
        let counted =
            since.is_none_or(|since| past.period.first() >= since) && past.period.last() < period.first();
        let (Some(value), Some(target), true) = (past.values.get(id), past.targets.get(id), counted) else {
            continue;
        };
        // A frozen period shows what its curve saw, so what came before it is in its figures already.
        let before = if past.with_carried { Carried::default() } else { carried };
        let (value, target) = (*value + before.value, *target + before.target);
        carried = leave(carry, limit, target - value);
        carried.from = Some(LeftOver { period: past.period, target, value, limit, leapt: None });
    }
    if let Some(from) = &mut carried.from {
        let between = std::iter::successors(Some(from.period.plus(1)), |earlier| Some(earlier.plus(1)));
        let mut between = between.take_while(|earlier| earlier.last() < period.first());
        from.leapt = between.find(|earlier| history.iter().all(|past| past.period != *earlier));
    }
    carried
}

/// The period before, from which something may be carried over.
pub(super) fn carried_from(carry: &Carry, period: Period) -> Option<Period> {
    let before = period.plus(-1);
    let since = start(carry.reset, period);
    since.is_none_or(|since| before.first() >= since).then_some(before)
}

fn leave(carry: &Carry, limit: Option<Decimal>, short: Decimal) -> Carried {
    let cut = |amount: Decimal| limit.map_or(amount, |limit| amount.min(limit));
    let mut carried = Carried::default();
    if short > Decimal::ZERO && carry.shortfall == Shortfall::AddToTarget {
        carried.target = cut(short);
    }
    if short < Decimal::ZERO {
        match carry.excess {
            Excess::AddToValue => carried.value = cut(-short),
            Excess::CutTarget => carried.target = -cut(-short),
            Excess::None => {}
        }
    }
    carried
}

/// The month counting last started afresh in.
fn start(reset: Reset, period: Period) -> Option<Month> {
    let grain = match reset {
        Reset::Quarter => Grain::Quarter,
        Reset::Year => Grain::Year,
        Reset::Never => return None,
    };
    Some(Period::containing(period.first(), grain).first())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn past(period: &str, value: i64) -> Past {
        let one = |number: i64| BTreeMap::from([("loans".into(), number.into())]);
        Past { values: one(value), targets: one(100), ..Past::undecided(period.parse().unwrap()) }
    }

    fn carry(shortfall: Shortfall, excess: Excess) -> Carry {
        Carry { shortfall, excess, limit: None, reset: Reset::Year }
    }

    #[test]
    fn a_shortfall_grows_until_it_is_made_up() {
        let carry = carry(Shortfall::AddToTarget, Excess::None);
        let history = [past("2025-12", 0), past("2026-01", 80), past("2026-02", 110)];
        let at = |period: &str, history: &[Past]| {
            carried(&carry, None, "loans", history, period.parse().unwrap()).target.to_string()
        };
        assert_eq!(at("2026-02", &history[..2]), "20");
        assert_eq!(at("2026-03", &history), "10");
        assert_eq!(at("2026-01", &history[..1]), "0");
    }

    #[test]
    fn what_leaps_over_a_period_that_is_not_closed_names_it() {
        let carry = carry(Shortfall::AddToTarget, Excess::None);
        let leapt = |period: &str, history: &[Past]| {
            let from = carried(&carry, None, "loans", history, period.parse().unwrap()).from.unwrap();
            from.leapt.map(|leapt| leapt.to_string())
        };
        let history = [past("2026-01", 80), past("2026-03", 80)];
        assert_eq!(leapt("2026-02", &history[..1]), None);
        assert_eq!(leapt("2026-03", &history[..1]).as_deref(), Some("2026-02"));
        assert_eq!(leapt("2026-04", &history), None);
        // A period that is closed without the item leaves nothing over, and nothing is leapt.
        let without = [past("2026-01", 80), Past::undecided("2026-02".parse().unwrap())];
        assert_eq!(leapt("2026-03", &without), None);
    }

    #[test]
    fn what_a_frozen_target_holds_already_is_not_carried_twice() {
        let frozen = |period: &str, value: i64, target: i64| Past {
            targets: BTreeMap::from([("loans".into(), target.into())]),
            with_carried: true,
            ..past(period, value)
        };
        let at = |carry: &Carry, history: &[Past]| {
            carried(carry, None, "loans", history, "2026-03".parse().unwrap())
        };
        // January 20 short of 100; February meets 90 of 100 + 20, so that 30 are left, and not 20 + 30.
        let short = carry(Shortfall::AddToTarget, Excess::None);
        assert_eq!(at(&short, &[frozen("2026-01", 80, 100), frozen("2026-02", 90, 120)]).target, 30.into());
        // January 10 above; February 95 with those 10 is 5 above.
        let over = carry(Shortfall::None, Excess::AddToValue);
        assert_eq!(at(&over, &[frozen("2026-01", 110, 100), frozen("2026-02", 105, 100)]).value, 5.into());
    }

    #[test]
    fn an_excess_goes_where_the_policy_says_and_no_further_than_its_limit() {
        let history = [past("2026-01", 150)];
        let period = "2026-02".parse().unwrap();
        let limit = Some(Decimal::from(30));
        let value = carried(&carry(Shortfall::None, Excess::AddToValue), limit, "loans", &history, period);
        assert_eq!((value.target.to_string(), value.value.to_string()), ("0".into(), "30".into()));
        let target = carried(&carry(Shortfall::None, Excess::CutTarget), None, "loans", &history, period);
        assert_eq!(target.target.to_string(), "-50");
    }
}
