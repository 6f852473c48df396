//! Pay explained: every line from its formula to its amount, and what becomes of their sum.

use rust_decimal::Decimal;

use super::{Known, Rows, bounds, is_number, plain, rounding, sum_of, terms, time_in_post, unit_cell};
use crate::msg;
use crate::policy::expr::Expr;
use crate::policy::plan::{Deferred, Form, Line, Pay, Plan};
use crate::record::policy::Prorate;
use crate::record::policy::outcome::GateOn;
use crate::record::policy::pay::{After, Negative};
use crate::record::scorecard::LedgerKind;
use crate::score::card::Scorecard;
use crate::score::payslip::{LineAmount, PayResult};
use crate::table::Cell;
use crate::text::{Message, Text, scorecard as say};

/// What the rows about pay as a whole are called.
const PAY: &str = "pay";

impl<'a> Rows<'a> {
    pub(super) fn of_pay(&mut self, plan: &Plan, card: &'a Scorecard, pay: &'a PayResult) {
        let Some(written) = &plan.pay else { return };
        self.gates(plan, card, GateOn::Pay);
        for line in &pay.lines {
            if let Some(written) = written.lines.iter().find(|one| one.id == line.id) {
                self.line(plan, card, written, line);
            }
        }
        for line in &card.skipped {
            self.about(&line.id, &line.title);
            self.figures(&line.figures);
            self.say(say::STANDING, msg!(say::SKIPPED, reason = line.reason.clone()));
        }
        self.about_pay();
        self.together(plan, card, written, pay);
        self.afterwards(Some((plan, written)), card, pay);
    }

    pub(super) fn about_pay(&mut self) {
        self.about_word(PAY, say::PAY);
    }

    /// A row of money.
    pub(super) fn money(&mut self, step: Text, how: impl Into<Cell>, amount: Decimal) {
        let unit = unit_cell(self.policy.record.money());
        self.push(step, how, Some(amount), unit);
    }

    fn line(&mut self, plan: &Plan, card: &'a Scorecard, written: &Line, line: &'a LineAmount) {
        self.about(&line.id, &line.title);
        self.figures(&line.figures);
        if let Some(reason) = &line.missing {
            self.say(say::STANDING, msg!(say::SUBSTITUTED, reason = reason.clone()));
        }
        let mut known = Known::new(self.policy, plan, card, &line.figures);
        if plan.pay.as_ref().is_some_and(|pay| pay.total_on == crate::record::policy::RatingOn::Exact) {
            known.total = card.exact_total;
        }
        known.result = self.policy.record.money().to_owned();
        if let Some(when) = &written.when {
            self.condition(&known, when);
        }
        let (of, rest): (&Expr, Vec<&Expr>) = match &written.form {
            Form::Amount(amount) => {
                self.money(say::AMOUNT, known.shown(amount), line.exact);
                return self.settled(&known, written, line);
            }
            Form::Commission { of, rate, .. } => (of, vec![rate]),
            Form::Progressive { of, .. } | Form::Bands { of, .. } => (of, Vec::new()),
            Form::Whole { of, base, .. } => (of, base.iter().collect()),
            Form::Pool { of, by, .. } => (of, vec![by]),
        };
        for formula in std::iter::once(of).chain(rest).filter(|formula| !is_number(formula)) {
            self.parameter(&known, formula);
        }
        for (id, claim) in line.claims.iter() {
            self.push(say::CLAIM, &**id, Some(*claim), Cell::Missing);
        }
        if !line.claims.is_empty() {
            let all: Decimal = line.claims.iter().map(|(_, claim)| *claim).sum();
            self.push(say::CLAIM, say::CLAIMS_SUM, Some(all), Cell::Missing);
        }
        known.unit = self.policy.unit_of(plan, of);
        let money = unit_cell(self.policy.record.money());
        self.filled(&known, &line.steps, Some(line.exact), &money);
        if line.steps.len() > 1 && matches!(written.form, Form::Progressive { .. }) {
            self.money(say::AMOUNT, say::BRACKETS_SUM, line.exact);
        }
        self.settled(&known, written, line);
    }

    /// Bounds and rounding of a line.
    fn settled(&mut self, known: &Known<'_>, written: &Line, line: &LineAmount) {
        let title: Message = Message::verbatim(&*line.title);
        if line.pool {
            // Its bounds and its last digit are part of how it was shared out.
            return self.money(say::PAY, msg!(say::LINE, title = title), line.amount);
        }
        let (min, max) = self.bound(known, written.min.as_ref(), written.max.as_ref());
        let min = if written.negative == Negative::Zero {
            Some(min.unwrap_or_default().max(Decimal::ZERO))
        } else {
            min
        };
        let cut = max.map_or(line.exact, |max| line.exact.min(max));
        let cut = min.map_or(cut, |min| cut.max(min));
        if cut != line.exact {
            self.money(say::AMOUNT, bounds(min, max), cut);
        }
        let places = written.round.filter(|_| cut != line.amount);
        let how = match places {
            Some(places) => msg!(say::LINE_ROUNDED, title = title, rounding = rounding(places, written.mode)),
            None => msg!(say::LINE, title = title),
        };
        self.money(if line.paid { say::PAY } else { say::NOT_PAID }, how, line.amount);
    }

    /// The lines together: floor and ceiling, gates, pools, advances.
    fn together(&mut self, plan: &Plan, card: &'a Scorecard, written: &Pay, pay: &'a PayResult) {
        let of = |pool: bool| pay.paid(pool).map(|line| (&*line.id, &*line.title, line.amount));
        if of(false).next().is_some() {
            self.money(say::LINES_SUM, terms(of(false)), pay.sum);
        }
        let known = Known::new(self.policy, plan, card, &pay.figures);
        self.figures(&pay.figures);
        let (min, max) = self.bound(&known, written.min.as_ref(), written.max.as_ref());
        if pay.bounded != pay.sum {
            self.money(say::FLOOR_AND_CEILING, held(min, max, pay, pay.bounded), pay.bounded);
        }
        if pay.gated != pay.bounded {
            let how = gated(plan, card, pay);
            self.money(say::GATES, how, pay.gated);
        }
        if pay.floored != pay.gated && written.after == After::Gates {
            self.money(say::FLOOR_AND_CEILING, held(min, max, pay, pay.floored), pay.floored);
        }
        if !pay.pools.is_zero() {
            self.money(say::POOLS, terms(of(true)), pay.pools);
        }
        if let (Some(advance), false) = (&written.advance, pay.advance.is_zero()) {
            self.money(say::ADVANCE, known.shown(advance), pay.advance);
        }
        self.pay_in_all(plan, pay);
    }

    /// The last sum, rounded.
    pub(super) fn pay_in_all(&mut self, plan: &Plan, pay: &PayResult) {
        let sum = sum_of([pay.floored, pay.pools, -pay.advance].into_iter());
        let exact = pay.floored + pay.pools - pay.advance;
        let how = match plan.rounding.pay.filter(|_| exact != pay.total) {
            Some(places) => {
                let rounding = rounding(places, plan.rounding.mode.unwrap_or_default());
                msg!(say::SUM_ROUNDED, sum = sum, rounding = rounding)
            }
            None => Message::verbatim(sum),
        };
        self.money(say::PAY_TOTAL, how, pay.total);
    }

    /// What is paid later and back, and what is left for now.
    pub(super) fn afterwards(&mut self, by: Option<(&Plan, &Pay)>, card: &'a Scorecard, pay: &'a PayResult) {
        if !pay.deferred.is_zero() {
            let mut how = Cell::Missing;
            let (mut years, mut places) = (Vec::new(), 0);
            if let Some((plan, deferral)) = by.and_then(|(plan, pay)| Some((plan, pay.deferral.as_ref()?))) {
                let known = Known::new(self.policy, plan, card, &pay.figures);
                if let Some(when) = &deferral.when {
                    self.condition(&known, when);
                }
                let mode = plan.rounding.mode.unwrap_or_default();
                let rounding = rounding(deferral.round, mode);
                let shown = known.shown(deferral.what.expression());
                how = match &deferral.what {
                    Deferred::Share(_) => {
                        msg!(say::TIMES, amount = plain(pay.total), share = shown, rounding = rounding)
                    }
                    Deferred::Amount(_) => {
                        msg!(say::AT_MOST_PAID, amount = shown, total = plain(pay.total), rounding = rounding)
                    }
                }
                .into();
                years.clone_from(&deferral.years);
                places = deferral.round;
            }
            self.money(say::DEFERRED, how, pay.deferred);
            for (index, instalment) in pay.schedule.iter().enumerate() {
                let year = msg!(say::DEFERRED_YEAR, year = index + 1);
                let how = match years.get(index) {
                    Some(share) => {
                        let (amount, share) = (plain(pay.deferred), plain(*share));
                        msg!(say::YEARS_SHARE, year = year, amount = amount, share = share, places = places)
                    }
                    None => year,
                };
                self.money(say::DEFERRED, how, *instalment);
            }
        }
        for returned in &pay.returned {
            let how = msg!(
                say::GIVEN_BACK_OF,
                case = &*returned.case,
                taken = plain(returned.taken),
                settled = plain(returned.settled),
                share = plain(returned.share)
            );
            self.money(say::RETURNED, how, returned.amount);
        }
        for released in &pay.released {
            let (period, deferred) = (released.period.to_string(), plain(released.deferred));
            let (part, amount) = (plain(released.part), plain(released.amount));
            let how = msg!(say::OF_INSTALMENT, period = &*period, deferred = deferred, part = part);
            self.money(say::DEFERRED_RELEASED, how, released.amount);
            let how = msg!(say::REST_OF_INSTALMENT, period = period, deferred = deferred, amount = amount);
            self.money(say::DEFERRED_FORFEITED, how, released.deferred - released.amount);
        }
        for booked in &pay.booked {
            let case = booked.case.as_deref().unwrap_or("–");
            let how = match booked.kind {
                LedgerKind::Holdback => msg!(say::HELD_FOR, case = case),
                LedgerKind::Clawback => msg!(say::CLAWED_FOR, case = case),
                LedgerKind::Advance => say::LEDGER_ADVANCE.into(),
                _ => msg!(say::GIVEN_BACK, case = case),
            };
            self.money(say::BOOKED, how, booked.amount);
        }
        let back = pay.returned.iter().map(|returned| returned.amount);
        let booked = pay.booked.iter().map(|booked| booked.amount);
        let parts = [pay.total, -pay.deferred].into_iter().chain(back).chain(booked);
        self.money(say::PAID_NOW, sum_of(parts), pay.now);
    }
}

/// What floor and ceiling make of the sum; above the ceiling only where what is never cut exceeds it alone.
fn held(min: Option<Decimal>, max: Option<Decimal>, pay: &PayResult, made: Decimal) -> Cell {
    let uncut = free(pay) + pay.pools;
    match max.filter(|max| made + pay.pools > *max) {
        Some(max) => msg!(say::UNCUT_ABOVE, max = plain(max), uncut = plain(uncut)).into(),
        None => bounds(min, max),
    }
}

/// The sum of the lines that nothing scales.
fn free(pay: &PayResult) -> Decimal {
    pay.paid(false).filter(|line| !line.gated).map(|line| line.amount).sum()
}

/// `(5 − 1) × 0.5 × 41 / 92 + 1`, with what no gate acts on beside it.
fn gated(plan: &Plan, card: &Scorecard, pay: &PayResult) -> String {
    let free = free(pay);
    let own = plain(pay.bounded - free);
    let gates = card.gates.iter().filter(|gate| gate.on == PAY).map(|gate| gate.factor);
    let factors = gates.chain(card.vetoes.iter().filter_map(|veto| veto.pay));
    let factors: String = factors.map(|factor| format!(" × {}", plain(factor))).collect();
    let by = plan.partial.shrinks(Prorate::Pay);
    let time = by.and_then(|by| time_in_post(&card.profile, by));
    let time = time.map(|(part, whole)| format!(" × {part} / {whole}")).unwrap_or_default();
    let free = if free.is_zero() { String::new() } else { format!(" + {}", plain(free)) };
    format!("{own}{factors}{time}{free}")
}
