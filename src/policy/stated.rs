//! Whether the numbers of a policy's tests are in units that fit what they are stated for.

use rust_decimal::Decimal;

use super::Policy;
use super::ask::Source;
use super::compile::percentage;
use super::expr::{Beside, Expr, Fault, Kept, Repeated, Scope, Stage, Type, as_percent, compile};
use super::ratio::without_percent_sign;
use super::rule;
use super::unit::said;
use crate::diag::Finding;
use crate::metric::{Dimensions, MetricQuery, Unit};
use crate::msg;
use crate::record::policy::case::{Case, Decided, Figures};
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
    /// Figures of the team or the unit and, behind `targets.`, their targets.
    OfGroup,
    /// Values or targets of items, by the item's id.
    OfItems,
    /// Scores, points, factors.
    Pure,
    /// Amounts.
    Money,
}

impl Are {
    /// The figure that a key asks for.
    fn query(self, key: &str) -> Option<MetricQuery> {
        let key = if matches!(self, Self::OfGroup) { Source::Team.stated(key).1 } else { key };
        key.parse().ok()
    }
}

struct Units<'a> {
    policy: &'a Policy,
    findings: Vec<Finding>,
    /// Figures of ratios whose unit is not stated.
    beside: Vec<(Place, Beside)>,
}

impl Units<'_> {
    fn case(&mut self, case: &Case, path: &KeyPath) {
        for (list, figures) in [("team", &case.team), ("unit", &case.unit)] {
            self.list(Are::OfGroup, figures, &path.join(list));
        }
        for (path, given) in case.everybody(path) {
            let asked = [("inputs", given.inputs), ("targets", given.targets), ("actuals", given.actuals)];
            asked.into_iter().for_each(|(list, figures)| self.list(Are::Figures, figures, &path.join(list)));
            self.list(Are::OfItems, given.values, &path.join("values"));
            self.list(Are::Pure, given.marks, &path.join("marks"));
            for (at, part) in given.parts.iter().enumerate() {
                let path = path.join("parts").join(at);
                self.list(Are::Figures, &part.inputs, &path.join("inputs"));
                self.one(Are::Pure, part.share.as_ref(), &path.join("share"));
            }
            for (at, rater) in given.ratings.iter().enumerate() {
                self.number(Are::Pure, "", &rater.score, &path.join("ratings").join(at).join("score"));
            }
        }
        for (at, peer) in case.peers.iter().enumerate() {
            let path = path.join("peers").join(at).join("total");
            peer.total.iter().for_each(|total| self.number(Are::Pure, "", total, &path));
        }
        for (at, past) in case.history.iter().enumerate() {
            let path = path.join("history").join(at);
            for (path, decided) in past.everybody(&path) {
                self.decided(decided, &path);
            }
            self.one(Are::Money, past.deferred.as_ref(), &path.join("deferred"));
            self.list(Are::Figures, &past.inputs, &path.join("inputs"));
        }
        for (at, entry) in case.ledger.iter().enumerate() {
            let path = path.join("ledger").join(at);
            self.number(Are::Money, "", &entry.amount, &path.join("amount"));
            self.one(Are::Money, entry.returned.as_ref(), &path.join("returned"));
            self.one(Are::Pure, entry.settled.as_ref(), &path.join("settled"));
            self.part(entry.settled.as_ref(), &path.join("settled"));
        }
        self.expected(case, &path.join("expect"));
    }

    fn decided(&mut self, decided: Decided<'_>, path: &KeyPath) {
        self.one(Are::Pure, decided.total, &path.join("total"));
        self.list(Are::OfItems, decided.values, &path.join("values"));
        self.list(Are::OfItems, decided.targets, &path.join("targets"));
        self.list(Are::Pure, decided.scores, &path.join("scores"));
        self.list(Are::Pure, decided.points, &path.join("points"));
        self.list(Are::Money, decided.pay, &path.join("pay"));
    }

    fn expected(&mut self, case: &Case, path: &KeyPath) {
        let expect = &case.expect;
        self.list(Are::OfItems, &expect.values, &path.join("values"));
        self.list(Are::OfItems, &expect.targets, &path.join("targets"));
        self.list(Are::Pure, &expect.scores, &path.join("scores"));
        self.list(Are::Pure, &expect.items, &path.join("items"));
        self.list(Are::Pure, &expect.dimensions, &path.join("dimensions"));
        self.list(Are::Money, &expect.pay, &path.join("pay"));
        self.one(Are::Pure, expect.total.as_ref(), &path.join("total"));
        for (at, year) in expect.deferral.iter().enumerate() {
            self.number(Are::Money, "", year, &path.join("deferral").join(at));
        }
    }

    /// A part of a whole: an amount in its place would give back more than was taken.
    fn part(&mut self, number: Option<&Formula>, path: &KeyPath) {
        let stated = number.and_then(|number| self.read(number).ok()?.constant);
        if let Some(part) = stated.filter(|part| !(Decimal::ZERO..=Decimal::ONE).contains(part)) {
            let message = msg!(say::NO_PART, percent = (part * Decimal::ONE_HUNDRED).normalize());
            self.findings.push(Finding::new(
                &rule::INCOMPLETE,
                Place::value(self.policy.file, path.clone()),
                message,
            ));
        }
    }

    fn one(&mut self, are: Are, number: Option<&Formula>, path: &KeyPath) {
        number.iter().for_each(|number| self.number(are, "", number, path));
    }

    fn list(&mut self, are: Are, figures: &Figures, path: &KeyPath) {
        for (key, number) in figures {
            self.number(are, key, number, &path.join(key.as_str()));
        }
    }

    fn number(&mut self, are: Are, key: &str, number: &Formula, path: &KeyPath) {
        self.of_ratio(are, key, number, path);
        let at = Place::value(self.policy.file, path.clone());
        let gives = match self.read(number) {
            Ok(expression) if expression.constant.is_some() => expression.gives,
            Ok(_) => {
                let message = msg!(say::WRONG_TYPE, expected = say::A_NUMBER);
                return self.findings.push(Finding::new(&rule::BAD_EXPRESSION, at, message));
            }
            Err(faults) => {
                let finding = |fault: Fault| {
                    Finding::new(fault.rule, at.clone(), fault.message).help(fault.help.map(|help| *help))
                };
                return self.findings.extend(faults.into_iter().map(finding));
            }
        };
        let (Type::Number(Some(has)), Some(wanted)) = (gives, self.wanted(are, key)) else { return };
        if has != wanted {
            let message = msg!(say::UNITS_DIFFER, left = said(&has), right = said(&wanted));
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
            Are::Figures | Are::OfGroup => {
                let query = are.query(key)?;
                Kept::of(&query.name, self.policy.names.get(&query.name)?)
            }
            Are::OfItems => {
                let item = &self.policy.base.items[self.policy.base.item(key)?];
                item.value.as_ref()?.kept.clone()
            }
            Are::Pure | Are::Money => None,
        }
    }

    /// A number as the test reads it: constants may enter it, and no figure.
    fn read(&self, number: &Formula) -> Result<Expr, Vec<Fault>> {
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
            yearly: false,
            stage: Stage::Who,
            x: None,
        };
        compile(&number.0, &scope)
    }

    fn wanted(&self, are: Are, key: &str) -> Option<Dimensions> {
        match are {
            Are::Pure => Some(Dimensions::NONE),
            Are::Money => Some(self.policy.money.dimensions.clone()),
            Are::Figures | Are::OfGroup => {
                let query = are.query(key)?;
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
