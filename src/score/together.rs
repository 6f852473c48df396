//! Pay put together from the parts of a scorecard.
//!
//! Stints share one period's pay by their time, pools excepted, which go by the last stint so that they are paid out exactly;
//! shorter periods add up what they paid, which is not rounded again.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::blend::{CardPart, How, rounded};
use super::payslip::{Booked, LineAmount, PayResult};
use super::split::split;
use super::sums::Sum;
use super::terms::Terms;
use crate::policy::plan::{Deferred, Pay, Plan};
use crate::policy::round::{round, settled};

/// The lines that are paid and no shares of pools.
fn paid_lines(lines: &[LineAmount]) -> impl Iterator<Item = &LineAmount> {
    lines.iter().filter(|line| line.paid && !line.pool)
}

/// Pay put together: amounts of stints by their time, amounts of shorter periods added up.
struct Together<'c> {
    /// What each part pays, and how often it counts.
    parts: Vec<(&'c PayResult, Decimal)>,
    /// What the sum is divided by.
    divisor: Decimal,
    last: &'c PayResult,
    how: How,
}

impl Together<'_> {
    fn amount(&self, of: impl Fn(&PayResult) -> Decimal) -> Decimal {
        self.parts.iter().map(|(pay, times)| of(pay) * times).sum::<Decimal>() / self.divisor
    }

    /// One line; the share of a pool is the last stint's.
    fn line(&self, plan: &Plan, id: &Arc<str>) -> Option<LineAmount> {
        let of = |pay: &PayResult| pay.lines.iter().find(|line| line.id == *id).cloned();
        let latest = self.parts.iter().rev().find_map(|(pay, _)| of(pay))?;
        if self.how == How::Stints && latest.pool {
            return of(self.last);
        }
        let known = plan.pay.as_ref().and_then(|pay| pay.lines.iter().find(|line| line.id == *id));
        let exact = self.amount(|pay| of(pay).map_or(Decimal::ZERO, |line| line.amount));
        let amount = match known.and_then(|line| Some((line.round?, line.mode))) {
            Some((places, mode)) if self.how == How::Stints => round(exact, places, mode),
            _ => exact,
        };
        Some(LineAmount { figures: Vec::new(), steps: Vec::new(), missing: None, exact, amount, ..latest })
    }

    /// What is paid beside shares of pools before advances are taken: of stints the sum of the lines as they are printed, where
    /// nothing but addition made it in them.
    fn free(&self, lines: &[LineAmount], pools: Decimal) -> Decimal {
        let mean = self.amount(|pay| pay.total - pay.pools + pay.advance);
        if self.how != How::Stints {
            return mean;
        }
        let mut sum = Sum::default();
        paid_lines(lines).for_each(|line| sum.add(line.amount, line.exact));
        // Floor and ceiling hold the shares of pools as well.
        let bound = |of: fn(&Terms) -> Option<Decimal>| {
            let all: Option<Decimal> =
                self.parts.iter().map(|(pay, times)| Some(of(pay.terms.as_ref()?)? * times)).sum();
            Some(all? / self.divisor - pools)
        };
        sum.or(mean, (bound(|terms| terms.bounds.0), bound(|terms| terms.bounds.1)))
    }

    /// An amount, rounded where it is a mean; what shorter periods paid is rounded already.
    fn rounded(&self, amount: Decimal, places: Option<i32>, plan: &Plan) -> Decimal {
        if self.how == How::Stints { rounded(amount, places, plan) } else { amount }
    }

    /// What is deferred of a total: a share takes of it what it takes of the totals of the stints together.
    fn deferred(&self, terms: &Pay, total: Decimal) -> Decimal {
        let deferred = self.amount(|pay| pay.deferred);
        let of_share =
            matches!(terms.deferral.as_ref().map(|deferral| &deferral.what), Some(Deferred::Share(_)));
        let all = self.amount(|pay| pay.total);
        if self.how != How::Stints || !of_share || all.is_zero() {
            return deferred;
        }
        (settled(deferred / all) * total).min(total)
    }

    fn result(&self, plan: &Plan, terms: &Pay) -> PayResult {
        let mut ids: Vec<&Arc<str>> = Vec::new();
        for line in self.parts.iter().rev().flat_map(|(pay, _)| &pay.lines) {
            if !ids.contains(&&line.id) {
                ids.push(&line.id);
            }
        }
        let lines: Vec<LineAmount> = ids.into_iter().filter_map(|id| self.line(plan, id)).collect();
        let pools = lines.iter().filter(|line| line.pool && line.paid).map(|line| line.amount).sum();
        let advance = self.amount(|pay| pay.advance);
        let free = self.free(&lines, pools);
        let sum = match self.how {
            How::Stints => paid_lines(&lines).map(|line| line.amount).sum(),
            How::Mean | How::Last => self.amount(|pay| pay.sum),
        };
        let total = self.rounded(free + pools - advance, plan.rounding.pay, plan).normalize();
        let places = terms.deferral.as_ref().map_or(2, |deferral| deferral.round);
        let deferred = self.rounded(self.deferred(terms, total), Some(places), plan);
        let years = self.parts.iter().map(|(pay, _)| pay.schedule.len()).max().unwrap_or_default();
        let year = |at: usize| self.amount(|pay| pay.schedule.get(at).copied().unwrap_or_default());
        let years: Vec<Decimal> = (0..years).map(year).collect();
        let schedule = match self.how {
            How::Stints => split(deferred, &years, u32::try_from(places).unwrap_or_default()),
            How::Mean | How::Last => years,
        };
        let returned = match self.how {
            How::Stints => self.last.returned.clone(),
            How::Mean | How::Last => self.parts.iter().flat_map(|(pay, _)| pay.returned.clone()).collect(),
        };
        let released = match self.how {
            How::Stints => self.last.released.clone(),
            How::Mean | How::Last => self.parts.iter().flat_map(|(pay, _)| pay.released.clone()).collect(),
        };
        let back: Decimal = returned.iter().map(|entry| entry.amount).sum();
        let booked: Vec<Booked> = self.parts.iter().flat_map(|(pay, _)| pay.booked.clone()).collect();
        let settled: Decimal = booked.iter().map(|entry| entry.amount).sum();
        PayResult {
            figures: Vec::new(),
            lines,
            sum,
            bounded: self.amount(|pay| pay.bounded),
            factor: Decimal::ONE,
            gated: self.amount(|pay| pay.gated),
            floored: free,
            pools,
            advance,
            total,
            deferred,
            schedule,
            returned,
            released,
            booked,
            now: (total - deferred + back + settled).normalize(),
            terms: None,
        }
    }
}

/// Pay of a scorecard made of parts.
pub(super) fn pay(plan: &Plan, how: How, judged: &[&CardPart]) -> Option<PayResult> {
    let terms = plan.pay.as_ref()?;
    let paid = judged.iter().filter_map(|part| Some((part.card.pay.as_ref()?, part.weight)));
    let mut parts: Vec<(&PayResult, Decimal)> = paid.collect();
    let mut divisor = Decimal::ONE;
    if how == How::Stints {
        divisor = parts.iter().map(|(_, weight)| *weight).sum();
    } else {
        parts.iter_mut().for_each(|(_, times)| *times = Decimal::ONE);
    }
    let last = parts.last()?.0;
    Some(Together { parts, divisor, last, how }.result(plan, terms))
}
