//! Whether the numbers of a policy's tests are in units that fit what they are stated for.

use rust_decimal::Decimal;

use super::Policy;
use super::compile::percentage;
use super::expr::{Beside, Kept, Repeated, Scope, Stage, Type, as_percent, compile};
use super::ratio::without_percent_sign;
use super::rule;
use crate::diag::Finding;
use crate::metric::{Dimensions, MetricQuery, Unit};
use crate::msg;
use crate::record::policy::case::{Case, Figures};
use crate::record::policy::formula::Formula;
use crate::source::{KeyPath, Place};
use crate::text::policy as say;

/// The faults of every test.
pub(super) fn units(policy: &Policy) -> Vec<Finding> {
    let mut units = Units { policy, findings: Vec::new(), beside: Vec::new() };
    for (index, case) in policy.record.tests.iter().enumerate() {
        units.case(case, &KeyPath(vec!["tests".into(), index.into()]));
    }
    units.findings.extend(without_percent_sign(policy, &units.beside));
    units.findings
}

/// What numbers of a list are.
#[derive(Clone, Copy)]
enum Are {
    /// Figures of metrics, by their query.
    Figures,
    /// Values or targets of items, by the item's id.
    OfItems,
    /// Scores, points, factors.
    Pure,
    /// Amounts.
    Money,
}

struct Units<'a> {
    policy: &'a Policy,
    findings: Vec<Finding>,
    /// Figures of ratios whose unit is not stated.
    beside: Vec<(Place, Beside)>,
}

impl Units<'_> {
    fn case(&mut self, case: &Case, path: &KeyPath) {
        let asked = [&case.inputs, &case.targets, &case.actuals, &case.team, &case.unit];
        let names = ["inputs", "targets", "actuals", "team", "unit"];
        for (list, figures) in names.into_iter().zip(asked) {
            self.list(Are::Figures, figures, &path.join(list));
        }
        self.list(Are::OfItems, &case.values, &path.join("values"));
        self.list(Are::Pure, &case.marks, &path.join("marks"));
        for (at, part) in case.parts.iter().enumerate() {
            self.list(Are::Figures, &part.inputs, &path.join("parts").join(at).join("inputs"));
        }
        for (at, peer) in case.peers.iter().enumerate() {
            let path = path.join("peers").join(at);
            self.list(Are::Figures, &peer.inputs, &path.join("inputs"));
            self.list(Are::Figures, &peer.targets, &path.join("targets"));
            self.list(Are::OfItems, &peer.values, &path.join("values"));
        }
        for (at, past) in case.history.iter().enumerate() {
            let path = path.join("history").join(at);
            self.list(Are::OfItems, &past.values, &path.join("values"));
            self.list(Are::OfItems, &past.targets, &path.join("targets"));
            self.list(Are::Pure, &past.scores, &path.join("scores"));
            self.list(Are::Pure, &past.points, &path.join("points"));
            self.list(Are::Figures, &past.inputs, &path.join("inputs"));
            for (at, peer) in past.peers.iter().flatten().enumerate() {
                let path = path.join("peers").join(at);
                self.list(Are::OfItems, &peer.values, &path.join("values"));
                self.list(Are::Pure, &peer.scores, &path.join("scores"));
                self.list(Are::Pure, &peer.points, &path.join("points"));
            }
            self.list(Are::Money, &past.pay, &path.join("pay"));
        }
        for (at, entry) in case.ledger.iter().enumerate() {
            let path = path.join("ledger").join(at);
            self.number(Are::Money, "", &entry.amount, &path.join("amount"));
            entry
                .returned
                .iter()
                .for_each(|amount| self.number(Are::Money, "", amount, &path.join("returned")));
        }
        self.expected(case, &path.join("expect"));
    }

    fn expected(&mut self, case: &Case, path: &KeyPath) {
        let expect = &case.expect;
        self.list(Are::OfItems, &expect.values, &path.join("values"));
        self.list(Are::OfItems, &expect.targets, &path.join("targets"));
        self.list(Are::Pure, &expect.scores, &path.join("scores"));
        self.list(Are::Pure, &expect.items, &path.join("items"));
        self.list(Are::Pure, &expect.dimensions, &path.join("dimensions"));
        self.list(Are::Money, &expect.pay, &path.join("pay"));
        expect.total.iter().for_each(|total| self.number(Are::Pure, "", total, &path.join("total")));
        for (at, year) in expect.deferral.iter().enumerate() {
            self.number(Are::Money, "", year, &path.join("deferral").join(at));
        }
    }

    fn list(&mut self, are: Are, figures: &Figures, path: &KeyPath) {
        for (key, number) in figures {
            self.number(are, key, number, &path.join(key.as_str()));
        }
    }

    fn number(&mut self, are: Are, key: &str, number: &Formula, path: &KeyPath) {
        self.of_ratio(are, key, number, path);
        let (Some(Type::Number(Some(has))), Some(wanted)) = (self.unit_of(number), self.wanted(are, key))
        else {
            return;
        };
        if has != wanted {
            let message = msg!(say::UNITS_DIFFER, left = has.to_string(), right = wanted.to_string());
            let at = Place::value(self.policy.file, path.clone());
            let finding = Finding::new(&rule::UNITS_DO_NOT_FIT, at, message);
            self.findings.push(finding.help(Some(say::ONE_UNIT.into())));
        }
    }

    /// A percentage that may lack its sign.
    fn of_ratio(&mut self, are: Are, key: &str, number: &Formula, path: &KeyPath) {
        let bare = number.0.parse::<Decimal>().ok();
        let percent = percentage(&number.0).map(|percent| percent / Decimal::ONE_HUNDRED);
        let stated = bare.or(percent).filter(|stated| !stated.is_zero());
        let (Some(kept), Some(number)) = (self.kept(are, key), stated) else { return };
        let at = Place::value(self.policy.file, path.clone());
        match kept {
            Kept::Ratio(measure) => {
                let beside = Beside { measure, span: 0..0, number, percent: percent.is_some() };
                self.beside.push((at, beside));
            }
            kept if percent.is_none() && kept.lacks_percent(number) => {
                self.findings.push(Finding::new(&rule::PERCENT_SIGN, at, as_percent(number)));
            }
            _ => {}
        }
    }

    /// What a figure is a part of, by its query or by the item it is the value of.
    fn kept(&self, are: Are, key: &str) -> Option<Kept> {
        match are {
            Are::Figures => {
                let query = key.parse::<MetricQuery>().ok()?;
                Kept::of(&query.name, self.policy.names.get(&query.name)?)
            }
            Are::OfItems => {
                let item = &self.policy.base.items[self.policy.base.item(key)?];
                item.value.as_ref()?.kept.clone()
            }
            Are::Pure | Are::Money => None,
        }
    }

    fn unit_of(&self, number: &Formula) -> Option<Type> {
        let none = std::collections::BTreeSet::new();
        let scope = Scope {
            names: &self.policy.names,
            money: &self.policy.money,
            written_money: self.policy.record.money(),
            kept: &std::collections::BTreeMap::new(),
            measured: &std::collections::BTreeMap::new(),
            x_kept: None,
            points: false,
            constants: &self.policy.record.constants,
            items: &none,
            dimensions: &none,
            lines: &none,
            faulty: &none,
            repeated: Repeated::default(),
            mended: false,
            all_lines: &none,
            line: None,
            tables: &self.policy.record.tables,
            each: None,
            stage: Stage::Who,
            x: None,
        };
        compile(&number.0, &scope).ok().map(|expression| expression.gives)
    }

    fn wanted(&self, are: Are, key: &str) -> Option<Dimensions> {
        match are {
            Are::Pure => Some(Dimensions::NONE),
            Are::Money => Some(self.policy.money.dimensions.clone()),
            Are::Figures => {
                let query: MetricQuery = key.parse().ok()?;
                let metric = self.policy.names.get(&query.name)?;
                Some(Unit::parse(&metric.unit).dimensions)
            }
            Are::OfItems => {
                let item = &self.policy.base.items[self.policy.base.item(key)?];
                let gives = [&item.value, &item.target].into_iter().flatten().map(|stated| &stated.gives);
                gives.into_iter().find_map(|gives| match gives {
                    Type::Number(known) => known.clone(),
                    _ => None,
                })
            }
        }
    }
}
