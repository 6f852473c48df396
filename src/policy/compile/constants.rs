//! Constants, judged where they are declared, used or not.

use rust_decimal::Decimal;

use super::Compiler;
use crate::diag::{Finding, Level};
use crate::metric::unit::miscalled;
use crate::msg;
use crate::policy::expr::{Expr, Stage, fixed, leading};
use crate::policy::rule;
use crate::record::policy::Constant;
use crate::record::policy::formula::Formula;
use crate::source::{KeyPath, Place};
use crate::text::policy;

impl Compiler<'_> {
    /// Judges every constant; what names a faulty one is not told again.
    pub(in crate::policy) fn constants(&mut self) {
        let record = self.record;
        // Each by itself first: whatever it takes from others counts as unread.
        self.faulty = record.constants.keys().cloned().collect();
        let mut faulty = std::collections::BTreeSet::new();
        for (name, constant) in &record.constants {
            let before = self.denied();
            self.rows(constant, &KeyPath(vec!["constants".into(), name.as_str().into()]));
            if self.denied() > before {
                faulty.insert(name.clone());
            }
        }
        self.faulty = faulty;
        // Then together: circles, and rows whose units differ.
        // Nothing but this uses them by it.
        let used = self.used.clone();
        let is_word = |name: &&String| name.chars().all(|c| c.is_alphanumeric() || c == '_');
        for name in record.constants.keys().filter(is_word) {
            let before = self.denied();
            let path = KeyPath(vec!["constants".into(), name.as_str().into()]);
            self.number(&Formula(format!("constants.{name}")), &path, Stage::Pay, None);
            if self.denied() > before {
                self.faulty.insert(name.clone());
            }
        }
        self.used = used;
        // A measure that expressions read as something else: what names it is not told again.
        let measures = record.measures.keys().filter(|name| leading(name).is_some());
        self.faulty.extend(measures.cloned());
    }

    /// Names that expressions would read otherwise than the policy means them.
    pub(in crate::policy) fn declared(&mut self) {
        let record = self.record;
        let constants = record.constants.keys().map(|name| ("constants", name, fixed(name)));
        let measures = record.measures.keys().map(|name| ("measures", name, leading(name)));
        for (list, name, doc) in constants.chain(measures) {
            if let Some(doc) = doc {
                let at = Place::key(self.file, KeyPath(vec![list.into(), name.as_str().into()]));
                let message = msg!(policy::NAME_TAKEN, name = name, doc = doc);
                self.findings.push(Finding::new(&rule::DUPLICATE, at, message));
            }
        }
        for name in record.constants.keys().filter(|name| record.measures.contains_key(*name)) {
            let path = KeyPath(vec!["constants".into(), name.as_str().into()]);
            self.fault(&rule::DUPLICATE, &path, msg!(policy::MEASURE_TOO, name = name));
        }
    }

    /// Measures in what looks like money and is a unit of its own, which no amount fits.
    pub(in crate::policy) fn measured_in_money(&mut self) {
        for (name, measure) in &self.record.measures {
            if let Some(known) = miscalled(&measure.unit) {
                let path = KeyPath(vec!["measures".into(), name.as_str().into(), "unit".into()]);
                let message = msg!(policy::MISCALLED, unit = &measure.unit, known = known);
                let at = Place::value(self.file, path);
                let finding = Finding::new(&rule::UNITS_DO_NOT_FIT, at, message);
                self.findings.push(finding.help(Some(policy::CURRENCIES.into())));
            }
        }
    }

    /// How many findings refuse the policy.
    fn denied(&self) -> usize {
        self.findings.iter().filter(|finding| finding.level == Level::Deny).count()
    }

    fn rows(&mut self, constant: &Constant, path: &KeyPath) {
        self.known_rows(constant, path);
        match constant {
            Constant::One(formula) => {
                self.number(formula, path, Stage::Pay, None);
            }
            Constant::By(rows) => {
                let rows_but_by = rows.iter().filter(|(key, _)| *key != "by");
                let read = rows_but_by.map(|(key, formula)| {
                    let path = path.join(key.as_str());
                    (self.number(formula, &path, Stage::Pay, None), path)
                });
                let read: Vec<(Expr, KeyPath)> = read.collect();
                // Beside rows in percent, a row of 80 is one that lacks the sign.
                if read.iter().any(|(row, _)| row.percent) {
                    read.iter()
                        .for_each(|(row, path)| self.bare_percent(row, path, |row| *row > Decimal::TWO));
                }
                let by = rows.get("by").map_or("", |by| by.0.as_str());
                if !crate::policy::expr::decides(by) && !self.stands_in(by) {
                    self.fault(&rule::BAD_EXPRESSION, path, msg!(policy::BY_WHAT, by = by));
                }
            }
        }
    }
}
