//! What time does to targets and values: time in post, and what earlier periods leave over.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::around::Around;
use super::card::LeftOver;
use super::facts::{Ask, Past, Profile, Served};
use crate::period::{Grain, Month, Period};
use crate::policy::expr::{Expr, Part, Trouble};
use crate::policy::plan::{Item, Plan, Shrinks};
use crate::record::policy::item::{Carry, Excess, Reset, Shortfall};
use crate::record::policy::{Partial, Prorate, TimeIn};

/// The part of the period somebody was in post, 1 for all of it.
pub(super) fn active(profile: &Profile, by: TimeIn) -> Decimal {
    match profile.active.map(|active| active.of(by)) {
        Some((part, whole)) if whole != 0 => (Decimal::from(part) / Decimal::from(whole)).min(Decimal::ONE),
        _ => Decimal::ONE,
    }
}

/// The factor that `what` takes for the time in post.
pub(super) fn factor(partial: &Partial, profile: &Profile, what: Prorate) -> Decimal {
    partial.shrinks(what).map_or(Decimal::ONE, |by| active(profile, by))
}

/// Multiplies by the time in post without losing a digit where the part does not end as a decimal.
pub(super) fn prorated(amount: Decimal, partial: &Partial, profile: &Profile, what: Prorate) -> Decimal {
    match served(partial, profile, what) {
        Some((part, whole)) => amount * Decimal::from(part) / Decimal::from(whole),
        None => amount,
    }
}

/// The part of a period that was served, so many of so many, where that scales what is asked for.
pub(super) fn served(partial: &Partial, profile: &Profile, what: Prorate) -> Option<(u32, u32)> {
    let (part, whole) = profile.active?.of(partial.shrinks(what)?);
    (whole != 0 && part < whole).then_some((part, whole))
}

/// A target for the time in post, and what it is made of where it shrinks: one part of all of it where all that is stated in it is
/// served alike, else what is stated in it by the time of each entry.
pub(super) fn target(
    around: &Around<'_>,
    item: &Item,
    formula: &Expr,
    stated: Decimal,
) -> Result<(Decimal, Vec<ServedOf>), Trouble> {
    let facts = &around.board.managers[around.me].facts;
    let by = around.plan().partial.shrinks(Prorate::Target);
    let Some(by) = by.filter(|_| item.shrinks != Shrinks::Nothing) else {
        return Ok((stated, Vec::new()));
    };
    let mut parts: Vec<ServedOf> = Vec::new();
    for (ask, factor) in &item.stated {
        // One that is missing where the formula does without it is missed by nobody.
        let Ok(mut served) = facts.served(ask, by) else { continue };
        served.iter_mut().for_each(|served| served.amount *= factor);
        parts.push((Some(ask.clone()), served));
    }
    if item.stated.is_empty() && item.shrinks == Shrinks::Whole {
        parts.push((None, vec![Served::new(stated, facts.profile().active, by)]));
    }
    let all: Vec<Served> = parts.iter().flat_map(|(_, served)| served.clone()).collect();
    let alike = all.windows(2).all(|two| two[0].is_served_as(&two[1]));
    match all.first() {
        Some(first) if alike && first.part < first.whole && item.shrinks == Shrinks::Whole => {
            let one = Served { amount: stated, ..*first };
            Ok((one.share(), vec![(None, vec![one])]))
        }
        Some(first) if !alike || first.part < first.whole => {
            let mut inner = Around::new(around.board, around.me);
            inner.item = around.item;
            inner.full = around.full;
            let sum = |served: &[Served]| served.iter().map(Served::share).sum();
            let of = |(ask, served): &ServedOf| Some((ask.clone()?, sum(served)));
            inner.served = parts.iter().filter_map(of).collect();
            Ok((inner.number(formula)?, parts))
        }
        _ => Ok((stated, Vec::new())),
    }
}

/// What is stated by period, and what of it was served; without a name all of a target.
type ServedOf = (Option<Arc<Ask>>, Vec<Served>);

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

/// What was carried into an earlier period, by the same rule; nothing is known of it where the most that is carried is no fixed
/// number.
fn carried_into(item: &Item, history: &[Past], period: Period) -> Option<Carried> {
    let Some(carry) = &item.carry else { return Some(Carried::default()) };
    let within = |limit| carried(carry, limit, &item.id, history, period);
    let whole = within(None);
    match &item.carry_limit {
        Some(limit) if !whole.target.is_zero() || !whole.value.is_zero() => {
            limit.constant.map(|limit| within(Some(limit)))
        }
        _ => Some(whole),
    }
}

/// A figure of an item in an earlier period: its value and target with what was carried into them, as that period was scored, or
/// without it, as sums over several periods count them.
pub(super) fn figure(
    (plan, history): (&Plan, &[Past]),
    past: &Past,
    (part, id): (Part, &str),
    with_carried: bool,
) -> Option<Decimal> {
    let kept = past.figure(part, id)?;
    let item = plan.item(id).map(|at| &plan.items[at]);
    let Some(item) = item.filter(|_| past.with_carried != with_carried) else { return Some(kept) };
    let over = match part {
        Part::Value => carried_into(item, history, past.period)?.value,
        Part::Target => carried_into(item, history, past.period)?.target,
        Part::Score | Part::Points => Decimal::ZERO,
    };
    Some(if with_carried { kept + over } else { kept - over })
}

/// An earlier period with what was carried into the values and targets of its items.
pub(super) fn with_carried(plan: &Plan, history: &[Past], past: &Past) -> Past {
    let carrying = || plan.items.iter().filter(|item| item.carry.is_some());
    let mut filled = Past { with_carried: true, ..past.clone() };
    for (part, kept) in [(Part::Value, &mut filled.values), (Part::Target, &mut filled.targets)] {
        let of = |item: &Item| figure((plan, history), past, (part, &item.id), true);
        kept.extend(carrying().filter_map(|item| Some((Box::from(&*item.id), of(item)?))));
    }
    filled
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
    use crate::book::load;
    use crate::metric::Portfolios;
    use crate::score::Asked;
    use crate::score::apply::{Policies, Request, run};
    use crate::source::Snapshot;

    fn past(period: &str, value: i64) -> Past {
        let one = |number: i64| BTreeMap::from([("loans".into(), number.into())]);
        Past { values: one(value), targets: one(100), ..Past::undecided(period.parse().unwrap()) }
    }

    fn carry(shortfall: Shortfall, excess: Excess) -> Carry {
        Carry { shortfall, excess, limit: None, reset: Reset::Year }
    }

    /// The target of A, whose record holds `manager`, for figures of `value` by a policy of `cycle`s in a period.
    fn target_of(manager: &str, value: &str, cycle: &str, by: &str, period: &str) -> (String, usize) {
        let name = value.split('.').next().unwrap();
        let asked = if value.ends_with("year_to_date") { value } else { name };
        let policy = format!(
            "title = 'P'\nscheme = 's'\neffective = 2026-01-01\nperiod = '{cycle}'\nroll_up = 'recompute'\nmoney = '万元'\n\
             missing = 'zero'\nzero_target = 'zero'\npartial = {{ prorate = 'target', by = '{by}' }}\n\
             [[indicators]]\nid = 'i'\nweight = 100\nvalue = '{value}'\ntarget = 'targets.{asked}'\ncurve = {{ kind = 'ratio' }}\n"
        );
        let months = (1..=9).map(|month| format!("2026-{month:02} = {{ fee_income = 1, deposits = 1 }}\n"));
        let client = format!(
            "name = '甲'\ntier = 'key'\nstatus = 'active'\nmanager = 'a'\n[results]\n{}",
            months.collect::<String>()
        );
        let texts = [
            ("rmbook.toml", "name = 'B'\n".to_owned()),
            ("policies/p.toml", policy),
            ("clients/c.toml", client),
            ("managers/a.toml", format!("name = 'A'\n{manager}")),
        ];
        let (book, faults) = load(&Snapshot::new(texts.map(|(path, text)| (path.to_owned(), Ok(text)))));
        assert!(faults.is_empty(), "{faults:?}");
        let policies = Policies::of(&book);
        assert_eq!(policies.ready.len(), 1, "{:?}", policies.findings);
        let today = Some("2026-10-20".parse().unwrap());
        let request = Request { period: Some(period.parse().unwrap()), today, ..Request::default() };
        let mut scored = run(&Portfolios::new(&book), &policies, request, &Asked::default()).unwrap();
        let target = scored.remove(0).cards.remove(0).items.remove(0).target.unwrap();
        let parts = target.served.iter().map(|(_, served)| served.len()).sum();
        (target.value.round_dp(4).normalize().to_string(), parts)
    }

    #[test]
    fn a_target_shrinks_by_the_time_its_entries_are_stated_for() {
        let of = |targets: &str, value: &str, by: &str| {
            let manager = format!("joined = 2026-08-10\n[targets]\n{targets}");
            target_of(&manager, value, "quarter", by, "2026-Q3").0
        };
        // 52 of the quarter's 92 days; of three months one is whole.
        assert_eq!(of("2026-Q3 = { fee_income = 92 }", "fee_income.sum", "days"), "52");
        assert_eq!(of("2026-Q3 = { fee_income = 93 }", "fee_income.sum", "months"), "31");
        // Of a year's 368 the quarter has 92.
        assert_eq!(of("2026 = { fee_income = 368 }", "fee_income.sum", "days"), "52");
        // 22 of the 31 days of August, and all of September: what July lacks is not cut once more.
        let months =
            "2026-08 = { fee_income = 31, deposits = 310 }\n2026-09 = { fee_income = 30, deposits = 300 }";
        assert_eq!(of(months, "fee_income.sum", "days"), "52");
        assert_eq!(of(months, "fee_income.sum", "months"), "30");
        // (310 × 22 + 300 × 30) / 92, as the average of the quarter that it is held against.
        assert_eq!(of(months, "deposits.average", "days"), "171.9565");
        let july = format!("2026-07 = {{ fee_income = 31 }}\n{months}");
        assert_eq!(of(&july, "fee_income.sum", "days"), "52");
        let whole =
            "joined = 2026-08-01\n[targets]\n2026-08 = { fee_income = 40 }\n2026-09 = { fee_income = 40 }\n";
        assert_eq!(target_of(whole, "fee_income.sum", "quarter", "days", "2026-Q3"), ("80".to_owned(), 0));
        // What stands on a day is asked of everybody.
        assert_eq!(of("2026-Q3 = { deposits = 92 }", "deposits.end", "days"), "92");
    }

    #[test]
    fn the_target_of_a_year_so_far_is_that_of_its_quarters() {
        let manager =
            "joined = 2026-05-16\n[targets]\n2026-Q2 = { fee_income = 12 }\n2026-Q3 = { fee_income = 12 }\n";
        let of = |period: &str| target_of(manager, "fee_income.sum", "quarter", "days", period).0;
        // 46 of 91 days of the second quarter: 6.0659 and 12.
        assert_eq!((of("2026-Q2").as_str(), of("2026-Q3").as_str()), ("6.0659", "12"));
        assert_eq!(of("2026"), "18.0659");
    }

    #[test]
    fn a_target_of_the_year_to_date_goes_by_the_year_to_date() {
        let manager = "joined = 2026-05-16\n[targets]\n2026 = { fee_income = 120 }\n";
        // 60 to the end of June, of whose 181 days 46 are served, though June is served whole: 60 × 46 / 181.
        let of = |value: &str| target_of(manager, value, "month", "days", "2026-06").0;
        assert_eq!(of("fee_income.sum"), "10");
        assert_eq!(of("fee_income.year_to_date"), "15.2486");
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
