//! A policy as written into one that can be applied.
//!
//! Compiling never stops at a fault: what cannot be compiled stands for zero and leaves a finding, and a policy with
//! a finding that denies is not given out.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::expr::{Expr, Fault, Scope, Stage, Type, compile};
use super::rule;
use crate::diag::{Finding, Rule};
use crate::metric::{Dimensions, Metric, Names, Nature, Unit};
use crate::msg;
use crate::record::policy as written;
use crate::record::policy::formula::Formula;
use crate::source::{FileId, KeyPath, Place};
use crate::text::{Message, policy};

pub(super) mod item;
pub(super) mod origin;
pub(super) mod outcome;
pub(super) mod overlay;
pub(super) mod pay;

/// The names a policy may use: those of the book and its own measures.
pub(super) fn names(book: &Names, record: &written::Policy) -> Names {
    let mut names = book.clone();
    for (name, measure) in &record.measures {
        let mut metric = Metric::new(&measure.unit, measure.kind);
        metric.filters = None;
        metric.aggregates = crate::metric::Aggregate::WORDS.iter().map(|(_, aggregate)| *aggregate).collect();
        let usual = Metric::new(&measure.unit, measure.kind).aggregates.first().copied();
        metric.aggregates.sort_by_key(|aggregate| Some(*aggregate) != usual);
        metric.nature = match measure.nature {
            None => Nature::Plain,
            Some(written::Nature::Deposit) => Nature::Deposit,
            Some(written::Nature::Rank) => Nature::Rank,
            Some(written::Nature::MarketShare) => Nature::MarketShare,
        };
        names.insert(name, metric);
    }
    names
}

/// One run over a policy.
pub(super) struct Compiler<'a> {
    pub(super) file: FileId,
    pub(super) record: &'a written::Policy,
    pub(super) names: &'a Names,
    pub(super) money: Unit,
    pub(super) items: BTreeSet<String>,
    pub(super) dimensions: BTreeSet<String>,
    pub(super) lines: BTreeSet<String>,
    pub(super) findings: Vec<Finding>,
}

impl<'a> Compiler<'a> {
    pub(super) fn new(file: FileId, record: &'a written::Policy, names: &'a Names) -> Self {
        let items = [&record.indicators, &record.additions, &record.deductions];
        Self {
            file,
            record,
            names,
            money: Unit::parse(&record.money),
            items: items.into_iter().flatten().map(|item| item.id.clone()).collect(),
            dimensions: record.dimensions.iter().map(|dimension| dimension.id.clone()).collect(),
            lines: BTreeSet::new(),
            findings: Vec::new(),
        }
    }

    /// Notes what is wrong with the value at `path`.
    pub(super) fn fault(&mut self, rule: &'static Rule, path: &KeyPath, message: impl Into<Message>) {
        self.findings.push(Finding::new(rule, Place::value(self.file, path.clone()), message.into()));
    }

    fn expression(&mut self, text: &str, path: &KeyPath, stage: Stage, x: Option<&Type>) -> Option<Expr> {
        let scope = Scope {
            names: self.names,
            money: &self.money,
            constants: &self.record.constants,
            items: &self.items,
            dimensions: &self.dimensions,
            lines: &self.lines,
            stage,
            x,
        };
        match compile(text, &scope) {
            Ok(expression) => Some(expression),
            Err(faults) => {
                faults.into_iter().for_each(|fault| self.refuse(text, path, fault));
                None
            }
        }
    }

    /// A fault inside an expression, with the part of it that is meant.
    fn refuse(&mut self, text: &str, path: &KeyPath, fault: Fault) {
        let place = if fault.span.is_empty() || fault.span == (0..text.len()) {
            Place::value(self.file, path.clone())
        } else {
            Place::part(self.file, path.clone(), fault.span)
        };
        let finding = Finding::new(fault.rule, place, fault.message);
        self.findings.push(finding.help(fault.help.map(|help| *help)));
    }

    /// A number of any unit.
    pub(super) fn number(
        &mut self,
        formula: &Formula,
        path: &KeyPath,
        stage: Stage,
        x: Option<&Type>,
    ) -> Expr {
        match self.expression(&formula.0, path, stage, x) {
            Some(expression) if matches!(expression.gives, Type::Number(_)) => expression,
            Some(_) => {
                self.fault(
                    &rule::BAD_EXPRESSION,
                    path,
                    msg!(policy::WRONG_TYPE, expected = policy::A_NUMBER),
                );
                Expr::number(Decimal::ZERO)
            }
            None => Expr::number(Decimal::ZERO),
        }
    }

    /// A number that fits `like`, or literals alone.
    pub(super) fn fitting(
        &mut self,
        formula: &Formula,
        path: &KeyPath,
        stage: Stage,
        like: &Type,
        x: Option<&Type>,
    ) -> Expr {
        let expression = self.number(formula, path, stage, x);
        if let (Type::Number(Some(has)), Type::Number(Some(wanted))) = (&expression.gives, like)
            && has != wanted
        {
            let message = msg!(policy::UNITS_DIFFER, left = has.to_string(), right = wanted.to_string());
            self.fault(&rule::UNITS_DO_NOT_FIT, path, message);
        }
        expression
    }

    /// A pure number: a score, a weight, a factor.
    pub(super) fn pure(&mut self, formula: &Formula, path: &KeyPath, stage: Stage) -> Expr {
        self.fitting(formula, path, stage, &Type::Number(Some(Dimensions::NONE)), None)
    }

    /// An amount in the policy's money.
    pub(super) fn money(&mut self, formula: &Formula, path: &KeyPath, stage: Stage) -> Expr {
        let expression = self.number(formula, path, stage, None);
        if let Type::Number(Some(has)) = &expression.gives
            && *has != self.money.dimensions
        {
            let message = msg!(policy::NOT_MONEY, unit = has.to_string(), money = &self.record.money);
            let finding =
                Finding::new(&rule::UNITS_DO_NOT_FIT, Place::value(self.file, path.clone()), message);
            self.findings.push(finding.help(Some(policy::STATE_THE_UNIT.into())));
        }
        expression
    }

    /// A condition.
    pub(super) fn condition(
        &mut self,
        formula: &Formula,
        path: &KeyPath,
        stage: Stage,
        x: Option<&Type>,
    ) -> Option<Expr> {
        let expression = self.expression(&formula.0, path, stage, x)?;
        if expression.gives != Type::Flag {
            self.fault(&rule::BAD_EXPRESSION, path, msg!(policy::WRONG_TYPE, expected = policy::A_CONDITION));
        }
        Some(expression)
    }

    /// A number that no fact enters: a weight, a bound that checks rely on.
    pub(super) fn fixed(&mut self, formula: &Formula, path: &KeyPath) -> Decimal {
        let expression = self.pure(formula, path, Stage::Who);
        expression.constant.unwrap_or_else(|| {
            self.fault(&rule::BAD_EXPRESSION, path, policy::NOT_FIXED);
            Decimal::ZERO
        })
    }

    /// Ids are words that expressions can hold, each once.
    pub(super) fn ids<'b>(
        &mut self,
        list: &str,
        ids: impl Iterator<Item = &'b str>,
        seen: &mut BTreeMap<String, KeyPath>,
    ) {
        for (index, id) in ids.enumerate() {
            let path = KeyPath(vec![list.into(), index.into(), "id".into()]);
            let word = id.chars().all(|c| c.is_alphanumeric() || c == '_');
            let begins = id.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_');
            if !word || !begins {
                self.fault(&rule::INCOMPLETE, &path, msg!(policy::BAD_ID, id = id));
            }
            if seen.insert(id.to_owned(), path.clone()).is_some() {
                self.fault(&rule::DUPLICATE, &path, msg!(policy::DUPLICATE_ID, id = id));
            }
        }
    }
}
