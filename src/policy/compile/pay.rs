//! Pay into what scoring goes by.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::{Compiler, added};
use crate::diag::Finding;
use crate::msg;
use crate::policy::curve::table::Bands;
use crate::policy::curve::{TableKeys, table_of};
use crate::policy::expr::{Expr, Stage, Type};
use crate::policy::plan::{Deferral, Deferred, Form, Line, PAID, Pay};
use crate::policy::round::settled;
use crate::policy::rule;
use crate::policy::unit::said;
use crate::record::policy::Cycle;
use crate::record::policy::formula::Formula;
use crate::record::policy::item::Missing;
use crate::record::policy::outcome::GateOn;
use crate::record::policy::pay as written;
use crate::source::{KeyPath, Place};
use crate::text::policy;

impl Compiler<'_> {
    pub(in crate::policy) fn pay(&mut self) -> Option<Pay> {
        let record = self.record;
        let pay = record.pay.as_ref()?;
        let path = KeyPath(vec!["pay".into()]);
        self.line_ids(pay);
        let mut lines = Vec::new();
        // A line whose id cannot be read may stand anywhere.
        let unread = pay.lines.iter().find(|line| self.stands_in(&line.id));
        self.lines.extend(unread.map(|line| line.id.clone()));
        for (index, line) in pay.lines.iter().enumerate() {
            self.line = Some(line.id.clone());
            lines.extend(self.line(line, &path.join("lines").join(index)));
            self.lines.insert(line.id.clone());
        }
        self.line = None;
        let amount = |compiler: &mut Self, key: &str, formula: &Option<Formula>| {
            formula.as_ref().map(|formula| compiler.money(formula, &path.join(key), Stage::Pay))
        };
        let (min, max) = (amount(self, "min", &pay.min), amount(self, "max", &pay.max));
        self.in_order([&min, &max], &path);
        let advance = amount(self, "advance", &pay.advance);
        let places = self.cents();
        let deferral =
            pay.deferral.as_ref().map(|deferral| self.deferral(deferral, places, &path.join("deferral")));
        let returns = pay.clawback.as_ref().map(|clawback| {
            let share = self.stated_part(clawback.returns.as_ref(), "returns", &path.join("clawback"));
            (share, clawback.round.unwrap_or(places))
        });
        Some(Pay {
            lines,
            min,
            max,
            after: pay.after.unwrap_or_default(),
            advance,
            deferral,
            returns,
            total_on: pay.total_on.unwrap_or_default(),
            missing: self.missing_in_pay(false),
        })
    }

    /// Places the pay is rounded to; a hundredth of the currency unit, in whatever multiple of it the policy counts.
    pub(in crate::policy) fn cents(&self) -> i32 {
        let mut multiple = self.money.factor;
        let mut places = 2;
        while multiple >= Decimal::TEN {
            multiple /= Decimal::TEN;
            places += 1;
        }
        self.record.rounding.pay.unwrap_or(places)
    }

    fn line_ids(&mut self, pay: &written::Pay) {
        let before = self.findings.len();
        self.ids("lines", pay.lines.iter().map(|line| line.id.as_str()), &mut BTreeMap::new());
        for finding in &mut self.findings[before..] {
            if let crate::source::Target::Value(path) = &mut finding.at.target {
                path.0.insert(0, "pay".into());
            }
        }
        for (index, line) in pay.lines.iter().enumerate() {
            if PAID.contains(&line.id.as_str()) {
                let path = KeyPath(vec!["pay".into(), "lines".into(), index.into(), "id".into()]);
                self.fault(&rule::INCOMPLETE, &path, msg!(policy::RESERVED_ID, id = &line.id));
            }
        }
    }

    fn line(&mut self, line: &written::Line, path: &KeyPath) -> Option<Line> {
        let mut forms = self.forms(line, path);
        if forms.len() != 1 {
            let keys = "amount, commission, progressive, whole, bands, pool";
            self.fault(&rule::INCOMPLETE, path, msg!(policy::EXACTLY_ONE, keys = keys));
        } else {
            self.exact_pool(line, path);
        }
        let amount = |compiler: &mut Self, key: &str, formula: &Option<Formula>| {
            formula.as_ref().map(|formula| compiler.money(formula, &path.join(key), Stage::Pay))
        };
        let (min, max) = (amount(self, "min", &line.min), amount(self, "max", &line.max));
        self.in_order([&min, &max], path);
        let when = self.when(line.when.as_ref(), path, Stage::Pay);
        if line.paid == Some(false) && line.gated.is_some() {
            self.fault(&rule::INCOMPLETE, &path.join("gated"), policy::NOTHING_TO_GATE);
        }
        if matches!(line.gated, Some(written::Gated::On(_))) && line.pool.is_none() {
            self.fault(&rule::INCOMPLETE, &path.join("gated"), policy::GATED_OF_A_POOL);
        }
        Some(Line {
            id: line.id.as_str().into(),
            title: line.title.as_deref().unwrap_or(&line.id).into(),
            form: forms.pop().filter(|_| forms.is_empty())?,
            min,
            max,
            when,
            negative: line.negative.unwrap_or(written::Negative::Pay),
            missing: line.missing.map_or_else(|| self.missing_in_pay(line.pool.is_some()), Missing::from),
            gated: line.gated.map_or(line.pool.is_none(), written::Gated::acts),
            paid: line.paid.unwrap_or(true),
            round: line.round.or(self.record.rounding.pay_line),
            mode: line.mode.or(self.record.rounding.mode).unwrap_or_default(),
        })
    }

    /// Pay is not stated where a figure is missing, unless the policy counts missing figures as zero; a pool's never are, and
    /// an indicator that is skipped says nothing about pay.
    fn missing_in_pay(&self, pool: bool) -> Missing {
        match self.record.missing {
            Some(Missing::Zero) if !pool => Missing::Zero,
            _ => Missing::Error,
        }
    }

    /// What would keep a pool from being paid out exactly.
    fn exact_pool(&mut self, line: &written::Line, path: &KeyPath) {
        let stated = [
            ("negative", line.negative.is_some()),
            ("paid", line.paid == Some(false)),
            ("round", line.round.is_some()),
            ("mode", line.mode.is_some()),
        ];
        for (key, _) in stated.into_iter().filter(|(_, stated)| *stated && line.pool.is_some()) {
            self.fault(&rule::INCOMPLETE, &path.join(key), msg!(policy::NOT_OF_A_POOL, key = key));
        }
        let ceiling = self.record.pay.as_ref().is_some_and(|pay| pay.max.is_some());
        if line.pool.is_some() && ceiling && line.max.is_none() {
            self.fault(&rule::UNSTATED, path, policy::CEILING_OVER_POOL);
        }
        let gate = self.record.gates.iter().find(|gate| gate.on == Some(GateOn::Pay));
        if let Some(gate) = gate.filter(|_| line.pool.is_some() && line.gated.is_none()) {
            let name = gate.title.as_ref().unwrap_or(&gate.id);
            self.fault(&rule::GATE_BESIDE_POOL, path, msg!(policy::POOL_BESIDE_GATE, gate = name));
        }
        if line.pool.as_ref().is_some_and(|pool| line.max.is_some() && pool.excess.is_none()) {
            self.fault(&rule::UNSTATED, &path.join("pool"), msg!(policy::STATE_KEY, key = "excess"));
        }
    }

    /// Every form that is stated; only one may be.
    fn forms(&mut self, line: &written::Line, path: &KeyPath) -> Vec<Form> {
        let mut forms = Vec::new();
        if let Some(amount) = &line.amount {
            forms.push(Form::Amount(self.money(amount, &path.join("amount"), Stage::Pay)));
        }
        if let Some(commission) = &line.commission {
            forms.push(self.commission(commission, &path.join("commission")));
        }
        if let Some(brackets) = &line.progressive {
            let path = path.join("progressive");
            let of = self.number(&brackets.of, &path.join("of"), Stage::Pay, None);
            let table = self.brackets(brackets, &path, &of, None);
            self.rates(&table, &of, &path);
            self.no_base(brackets, &path);
            forms.push(Form::Progressive { of, table });
        }
        if let Some(brackets) = &line.whole {
            let path = path.join("whole");
            let of = self.number(&brackets.of, &path.join("of"), Stage::Pay, None);
            let base =
                brackets.base.as_ref().map(|base| self.number(base, &path.join("base"), Stage::Pay, None));
            let table = self.brackets(brackets, &path, &of, None);
            self.rates(&table, base.as_ref().unwrap_or(&of), &path);
            forms.push(Form::Whole { of, base, table });
        }
        if let Some(brackets) = &line.bands {
            let path = path.join("bands");
            let of = self.number(&brackets.of, &path.join("of"), Stage::Pay, None);
            let money = Type::Number(Some(self.money.dimensions.clone()));
            let table = self.brackets(brackets, &path, &of, Some(&money));
            self.no_base(brackets, &path);
            forms.push(Form::Bands { of, table });
        }
        if let Some(pool) = &line.pool {
            let path = path.join("pool");
            forms.push(Form::Pool {
                of: self.money(&pool.of, &path.join("of"), Stage::Pay),
                by: self.number(&pool.by, &path.join("by"), Stage::Pay, None),
                among: pool.among,
                places: pool.places.unwrap_or_else(|| u32::try_from(self.cents()).unwrap_or_default()),
                excess: pool.excess.unwrap_or_default(),
                gated: match line.gated {
                    Some(written::Gated::On(rest)) => rest,
                    Some(written::Gated::Act(_)) | None => written::Excess::Spread,
                },
            });
        }
        forms
    }

    fn commission(&mut self, written: &written::Commission, path: &KeyPath) -> Form {
        let of = self.number(&written.of, &path.join("of"), Stage::Pay, None);
        let rate = self.number(&written.rate, &path.join("rate"), Stage::Pay, None);
        self.stated_rate(&rate, &path.join("rate"));
        self.makes_money(&of, &rate, &path.join("rate"));
        let yearly = written.per == Some(written::Per::Year);
        if !yearly && written.days.is_some() {
            self.fault(&rule::INCOMPLETE, &path.join("days"), policy::DAYS_OF_A_YEAR);
        }
        if yearly && written.days.is_none() {
            self.fault(&rule::UNSTATED, path, msg!(policy::STATE_KEY, key = "days"));
        }
        if written.days == Some(written::DayCount::Quarter) && self.record.period != Cycle::Quarter {
            self.fault(&rule::INCOMPLETE, &path.join("days"), policy::NOT_A_QUARTER);
        }
        Form::Commission { of, rate, days: written.days.filter(|_| yearly) }
    }

    /// Only the rate on everything may be applied to another figure than the one that is looked up.
    fn no_base(&mut self, written: &written::Brackets, path: &KeyPath) {
        if written.base.is_some() {
            self.fault(&rule::INCOMPLETE, &path.join("base"), policy::BASE_OF_WHOLE);
        }
    }

    fn brackets(
        &mut self,
        written: &written::Brackets,
        path: &KeyPath,
        of: &Expr,
        gives: Option<&Type>,
    ) -> Bands {
        let keys = TableKeys {
            bands: &written.bands,
            edges: &written.edges,
            results: &written.results,
            included: written.included,
            lookup: written.lookup.as_deref(),
        };
        let any = Type::Number(None);
        self.at_hand = of.kept.clone();
        let table = table_of(self, &keys, path, Stage::Pay, &of.gives, gives.unwrap_or(&any));
        self.at_hand = None;
        table
    }

    /// What brackets give is a rate on `base`, which makes money.
    fn rates(&mut self, table: &Bands, base: &Expr, path: &KeyPath) {
        for band in &table.0 {
            self.stated_rate(&band.result, path);
            self.makes_money(base, &band.result, path);
        }
    }

    /// A figure times its rate is money.
    fn makes_money(&mut self, of: &Expr, rate: &Expr, path: &KeyPath) {
        let gives = match (&of.gives, &rate.gives) {
            (Type::Number(Some(of)), Type::Number(Some(rate))) => Some(of.times(rate, 1)),
            _ => None,
        };
        if let Some(gives) = gives.filter(|gives| *gives != self.money.dimensions) {
            let message = msg!(
                policy::RATE_MAKES,
                rate = &*rate.text,
                unit = said(&gives),
                money = self.record.money()
            );
            self.units_differ(path, message);
        }
    }

    /// A rate says with a percent sign or a unit what it is per.
    fn stated_rate(&mut self, rate: &Expr, path: &KeyPath) {
        if rate.bare && rate.constant.is_some_and(|rate| !rate.is_zero()) {
            let at = Place::value(self.file, path.clone());
            let finding = Finding::new(&rule::BARE_RATE, at, policy::BARE_RATE.into());
            self.findings.push(finding.help(Some(policy::STATE_THE_UNIT.into())));
        }
    }

    /// A part of the pay, from nothing to all of it: `40` is a forgotten percent sign.
    pub(super) fn part(&mut self, written: &Formula, path: &KeyPath, stage: Stage) -> Expr {
        let part = self.pure(written, path, stage);
        let Some(number) = part.constant else { return part };
        let percent = (number * Decimal::ONE_HUNDRED).normalize();
        // Who writes 1.05 means no 1.05 %, but 105 % of the whole.
        if number >= Decimal::TWO && part.bare {
            let message = msg!(policy::MORE_THAN_ALL, percent = percent, number = number.normalize());
            self.fault(&rule::BARE_RATE, path, message);
        } else if number > Decimal::ONE || number < Decimal::ZERO {
            self.fault(&rule::INCOMPLETE, path, msg!(policy::NO_PART, percent = percent));
        }
        part
    }

    /// The same of an entry that cannot do without it.
    fn stated_part(&mut self, formula: Option<&Formula>, key: &str, path: &KeyPath) -> Expr {
        match formula {
            Some(formula) => self.part(formula, &path.join(key), Stage::Paid),
            None => {
                self.fault(&rule::INCOMPLETE, path, msg!(policy::NEEDS_KEY, key = key));
                Expr::unread()
            }
        }
    }

    fn deferral(&mut self, written: &written::Deferral, places: i32, path: &KeyPath) -> Deferral {
        let years = written.years.iter().enumerate();
        let years: Vec<Option<Decimal>> =
            years.map(|(at, year)| self.fixed(year, &path.join("years").join(at), None)).collect();
        for (at, year) in years.iter().enumerate() {
            if let Some(year) = year.filter(|year| *year < Decimal::ZERO) {
                let percent = (year * Decimal::ONE_HUNDRED).normalize();
                self.fault(
                    &rule::INCOMPLETE,
                    &path.join("years").join(at),
                    msg!(policy::NO_PART, percent = percent),
                );
            }
        }
        let sum: Option<Decimal> = years.iter().copied().sum();
        if let Some(sum) = sum.map(settled).filter(|sum| *sum != Decimal::ONE) {
            let forgotten = sum == Decimal::ONE_HUNDRED;
            let addends: Vec<Decimal> = years.iter().copied().flatten().collect();
            let message = added(&addends, !forgotten, "100%");
            let finding = Finding::new(&rule::WEIGHTS, Place::value(self.file, path.join("years")), message);
            let years: Vec<String> = years.iter().flatten().map(|year| format!("\"{year}%\"")).collect();
            let help = forgotten.then(|| msg!(policy::AS_PERCENTAGES, years = years.join(", ")));
            self.findings.push(finding.help(help));
        }
        let what = self.deferred(written, path);
        self.weak_deferral(&what, &years, path);
        let years: Vec<Decimal> = years.into_iter().map(Option::unwrap_or_default).collect();
        Deferral {
            what,
            years,
            when: self.when(written.when.as_ref(), path, Stage::Paid),
            release: written.release.as_ref().map(|release| self.release(release, &path.join("release"))),
            round: written.round.unwrap_or(places),
        }
    }

    fn deferred(&mut self, written: &written::Deferral, path: &KeyPath) -> Deferred {
        match (&written.share, &written.amount) {
            (Some(share), None) => Deferred::Share(self.part(share, &path.join("share"), Stage::Paid)),
            (None, Some(amount)) => Deferred::Amount(self.money(amount, &path.join("amount"), Stage::Paid)),
            _ => {
                self.fault(&rule::INCOMPLETE, path, msg!(policy::EXACTLY_ONE, keys = "share, amount"));
                Deferred::Share(Expr::unread())
            }
        }
    }

    /// What a later result releases of an instalment: a part, by nothing but what a closed result keeps.
    fn release(&mut self, written: &Formula, path: &KeyPath) -> Expr {
        let part = self.part(written, path, Stage::Rating);
        let mut kept = true;
        part.leaves(&mut |leaf| kept &= leaf.is_of_closed());
        if !kept {
            self.fault(&rule::TOO_EARLY, path, policy::RELEASE_BY_WHAT);
        }
        let beyond = part.constant.is_none().then(|| part.node.ends());
        let beyond = beyond.into_iter().flatten().find(|end| *end > Decimal::ONE || *end < Decimal::ZERO);
        if let Some(number) = beyond {
            let percent = (number * Decimal::ONE_HUNDRED).normalize();
            self.fault(&rule::INCOMPLETE, path, msg!(policy::NO_PART, percent = percent));
        }
        part
    }

    /// What regulators ask of deferral; years that nobody can read yet are not held against it.
    fn weak_deferral(&mut self, what: &Deferred, years: &[Option<Decimal>], path: &KeyPath) {
        let least = Decimal::new(4, 1);
        if let Deferred::Share(share) = what
            && share.constant.is_some_and(|share| share < least)
        {
            self.fault(&rule::DEFERRAL, &path.join("share"), policy::DEFERRED_TOO_LITTLE);
        }
        let unread = self.mended && (years.is_empty() || years.iter().any(Option::is_none));
        let equal = Decimal::ONE / Decimal::from(years.len().max(1));
        let first = years.first().copied().flatten();
        if !unread && (years.len() < 3 || first.is_some_and(|first| first > equal)) {
            self.fault(&rule::DEFERRAL, &path.join("years"), policy::DEFERRED_TOO_EARLY);
        }
    }
}
