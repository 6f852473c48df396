//! A policy as written into one that can be applied.
//!
//! Compiling never stops at a fault: what cannot be compiled stands for zero and leaves a finding, and a policy with
//! a finding that denies is not given out.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use rust_decimal::Decimal;

use super::expr::{
    Beside, Beyond, Expr, Fault, Kept, Node, Repeated, Scope, Stage, Type, compile, out_of_reach,
};
use super::rule;
use super::unit::said;
use crate::diag::{Finding, Rule};
use crate::metric::{Dimensions, Metric, Names, Nature, Unit};
use crate::msg;
use crate::period::Grain;
use crate::record::policy as written;
use crate::record::policy::formula::{Formula, UNREAD};
use crate::record::policy::item::Each;
use crate::source::{FileId, KeyPath, Place};
use crate::text::{Message, policy};

mod constants;
mod dimension;
mod doubt;
mod figures;
pub(super) mod item;
pub(super) mod origin;
pub(super) mod outcome;
pub(super) mod overlay;
pub(super) mod pay;
mod people;
mod ratings;
mod weighed;
mod weight;
pub(super) mod words;

pub(super) use doubt::percentage;

/// The names a policy may use: those of the book and its own measures.
pub(super) fn names(book: &Names, record: &written::Policy) -> Names {
    let mut names = book.clone();
    for (name, measure) in &record.measures {
        let mut metric = Metric::new(&measure.unit, measure.kind);
        metric.filters = None;
        metric.is_part = book.get(name).is_some_and(|metric| metric.is_part);
        // A metric of that name computed from records is what the book will be asked.
        if let Some(known) = book.get(name).filter(|known| known.kind == measure.kind) {
            metric.timing = known.timing;
            metric.aggregates.clone_from(&known.aggregates);
        }
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
    pub(super) all_lines: BTreeSet<String>,
    /// The pay line at hand.
    pub(super) line: Option<String>,
    /// The records that the expression at hand is evaluated for.
    pub(super) each: Option<Each>,
    pub(super) findings: Vec<Finding>,
    /// Constants and measures that are faulty where they are declared.
    pub(super) faulty: BTreeSet<String>,
    pub(super) repeated: Repeated,
    pub(super) used: words::Used,
    /// Whether the item at hand has a weight that makes its points.
    pub(super) weighing: bool,
    /// What numbers beside the figure at hand may not mean.
    pub(super) at_hand: Option<Kept>,
    /// The same of every item so far.
    pub(super) kept: BTreeMap<String, Kept>,
    /// The numbers that ratios of an unstated unit are held against, and where they stand.
    pub(super) beside: Vec<(Place, Beside)>,
    /// Dimensions of the value of every item so far.
    pub(super) measured: BTreeMap<String, Dimensions>,
    /// Whether the record stands for a file that does not load, with [`UNREAD`] where nothing can be read.
    pub(super) mended: bool,
    /// What cannot be told of weights.
    pub(super) unsure: Unsure,
    /// Where a bare number first stands as an amount of money.
    pub(super) bare_money: Option<KeyPath>,
}

/// What sums of weights and the reach of curves rest on and cannot be read.
#[derive(Debug, Default)]
pub(super) struct Unsure {
    /// That of all indicators.
    pub(super) whole: bool,
    /// Full marks.
    pub(super) full: bool,
    /// To which dimension something belongs.
    pub(super) dimensions: bool,
    /// Weight of the indicators that belong to dimensions that are not there.
    pub(super) astray: Decimal,
    /// Those of these dimensions.
    pub(super) of: BTreeSet<String>,
}

fn all_differ<'i>(mut ids: impl Iterator<Item = &'i str>) -> bool {
    let mut seen = BTreeSet::new();
    ids.all(|id| seen.insert(id))
}

impl<'a> Compiler<'a> {
    pub(super) fn new(file: FileId, record: &'a written::Policy, names: &'a Names, mended: bool) -> Self {
        let items = [&record.indicators, &record.additions, &record.deductions];
        let lines = || record.pay.iter().flat_map(|pay| &pay.lines).map(|line| line.id.as_str());
        let items = || items.into_iter().flatten().map(|item| item.id.as_str());
        let dimensions = || record.dimensions.iter().map(|dimension| dimension.id.as_str());
        let repeated = Repeated {
            items: !all_differ(items()),
            dimensions: !all_differ(dimensions()),
            lines: !all_differ(lines()),
        };
        Self {
            file,
            record,
            names,
            money: Unit::parse(record.money()),
            items: items().map(str::to_owned).collect(),
            dimensions: dimensions().map(str::to_owned).collect(),
            lines: BTreeSet::new(),
            all_lines: lines().map(str::to_owned).collect(),
            line: None,
            each: None,
            findings: Vec::new(),
            faulty: BTreeSet::new(),
            repeated,
            used: words::Used::default(),
            weighing: false,
            at_hand: None,
            kept: BTreeMap::new(),
            beside: Vec::new(),
            measured: BTreeMap::new(),
            mended,
            unsure: Unsure::default(),
            bare_money: None,
        }
    }

    /// Whether words stand for what cannot be read.
    pub(super) fn stands_in(&self, words: &str) -> bool {
        self.mended && words == UNREAD
    }

    /// Notes what is wrong with the value at `path`.
    pub(super) fn fault(&mut self, rule: &'static Rule, path: &KeyPath, message: impl Into<Message>) {
        self.findings.push(Finding::new(rule, Place::value(self.file, path.clone()), message.into()));
    }

    /// Notes that two units do not fit, with the ways to make them.
    pub(super) fn units_differ(&mut self, path: &KeyPath, message: Message) {
        let finding = Finding::new(&rule::UNITS_DO_NOT_FIT, Place::value(self.file, path.clone()), message);
        self.findings.push(finding.help(Some(policy::ONE_UNIT.into())));
    }

    fn expression(&mut self, text: &str, path: &KeyPath, stage: Stage, x: Option<&Type>) -> Option<Expr> {
        self.used.by(text);
        let scope = Scope {
            names: self.names,
            money: &self.money,
            written_money: self.record.money(),
            kept: &self.kept,
            measured: &self.measured,
            x_kept: self.at_hand.as_ref(),
            points: self.in_points(),
            constants: &self.record.constants,
            items: &self.items,
            dimensions: &self.dimensions,
            lines: &self.lines,
            faulty: &self.faulty,
            repeated: self.repeated,
            mended: self.mended,
            all_lines: &self.all_lines,
            line: self.line.as_deref(),
            tables: &self.record.tables,
            each: self.each,
            yearly: self.record.period.grain() == Grain::Year,
            stage,
            x,
        };
        match compile(text, &scope) {
            Ok(expression) => {
                if expression.bare_money {
                    self.takes_money(path);
                }
                for doubt in &expression.doubts {
                    self.refuse(text, path, doubt.clone());
                }
                for beside in &expression.beside {
                    self.beside.push((self.place_of(text, path, &beside.span), beside.clone()));
                }
                self.known_words(&expression, path);
                self.looked_up(&expression, stage);
                self.has_score(&expression, path);
                self.stretches(&expression, path);
                self.waits(&expression, text, path);
                Some(expression)
            }
            Err(faults) => {
                self.used.perhaps_by(text);
                faults.into_iter().for_each(|fault| self.refuse(text, path, fault));
                None
            }
        }
    }

    /// A fault inside an expression, with the part of it that is meant.
    fn refuse(&mut self, text: &str, path: &KeyPath, fault: Fault) {
        let place = self.place_of(text, path, &fault.span);
        let finding = Finding::new(fault.rule, place, fault.message);
        self.findings.push(finding.help(fault.help.map(|help| *help)));
    }

    /// The bytes of an expression, or all of it.
    pub(super) fn place_of(&self, text: &str, path: &KeyPath, span: &Range<usize>) -> Place {
        if span.is_empty() || *span == (0..text.len()) {
            return Place::value(self.file, path.clone());
        }
        Place::part(self.file, path.clone(), span.clone())
    }

    /// Notes that a bare number is an amount in the policy's money.
    pub(super) fn takes_money(&mut self, path: &KeyPath) {
        self.bare_money.get_or_insert_with(|| path.clone());
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
            Some(expression) if matches!(expression.gives, Type::Number(_) | Type::Unread) => expression,
            Some(_) => {
                self.fault(
                    &rule::BAD_EXPRESSION,
                    path,
                    msg!(policy::WRONG_TYPE, expected = policy::A_NUMBER),
                );
                Expr::unread()
            }
            None => Expr::unread(),
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
            let message = msg!(policy::UNITS_DIFFER, left = said(has), right = said(wanted));
            self.units_differ(path, message);
        }
        expression
    }

    /// A number that the figure at hand is held against.
    pub(super) fn beside(
        &mut self,
        formula: &Formula,
        path: &KeyPath,
        stage: Stage,
        like: &Type,
        x: Option<&Type>,
    ) -> Expr {
        let expression = self.fitting(formula, path, stage, like, x);
        self.doubt(&expression, path);
        expression
    }

    /// A pure number: a score, a weight, a factor.
    pub(super) fn pure(&mut self, formula: &Formula, path: &KeyPath, stage: Stage) -> Expr {
        self.fitting(formula, path, stage, &Type::Number(Some(Dimensions::NONE)), None)
    }

    /// An amount in the policy's money.
    pub(super) fn money(&mut self, formula: &Formula, path: &KeyPath, stage: Stage) -> Expr {
        let expression = self.number(formula, path, stage, None);
        if expression.bare && expression.constant.is_some_and(|amount| !amount.is_zero()) {
            self.takes_money(path);
        }
        if let Type::Number(Some(has)) = &expression.gives
            && *has != self.money.dimensions
        {
            // Where nobody knows the currency, every amount has another one: that is told once, where it is stated.
            if self.record.money.is_some() && !self.money.is_money() {
                let message = msg!(policy::NO_CURRENCY, money = self.record.money(), unit = has.to_string());
                let at = Place::value(self.file, KeyPath(vec!["money".into()]));
                let finding = Finding::new(&rule::UNITS_DO_NOT_FIT, at, message);
                self.findings.push(finding.help(Some(policy::CURRENCIES.into())));
                return expression;
            }
            let money = self.record.money();
            let message = match has.is_none() {
                true => msg!(policy::PURE_NOT_MONEY, money = money),
                false => msg!(policy::NOT_MONEY, unit = has.to_string(), money = money),
            };
            let finding =
                Finding::new(&rule::UNITS_DO_NOT_FIT, Place::value(self.file, path.clone()), message);
            // Where a unit is stated, another one is no mend.
            let help = if has.is_none() { policy::STATE_THE_UNIT } else { policy::ONE_UNIT };
            self.findings.push(finding.help(Some(help.into())));
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
    ) -> Expr {
        let Some(expression) = self.expression(&formula.0, path, stage, x) else {
            return Expr::unread();
        };
        if !matches!(expression.gives, Type::Flag | Type::Unread) {
            self.fault(&rule::BAD_EXPRESSION, path, msg!(policy::WRONG_TYPE, expected = policy::A_CONDITION));
            return Expr::unread();
        }
        expression
    }

    /// The condition under which something counts, where one is stated.
    pub(super) fn when(&mut self, when: Option<&Formula>, path: &KeyPath, stage: Stage) -> Option<Expr> {
        let when = self.condition(when?, &path.join("when"), stage, None);
        self.tells_apart(&when, &path.join("when"));
        Some(when)
    }

    /// A condition whose own words let it hold for nobody, or for everybody.
    pub(super) fn tells_apart(&mut self, condition: &Expr, path: &KeyPath) {
        let mut asks = false;
        condition.leaves(&mut |_| asks = true);
        if !asks || self.mended {
            return;
        }
        let turned = Node::Not(Box::new(condition.node.clone()));
        if never(&condition.node) {
            self.fault(&rule::NEVER_HOLDS, path, policy::NOTHING_MEETS);
        } else if never(&turned) {
            self.fault(&rule::ALWAYS_HOLDS, path, policy::ALL_MEET);
        }
    }

    /// A number that no fact enters: a weight, a bound that checks rely on. Nothing where it cannot be told; `help` names the way
    /// to one that differs.
    pub(super) fn fixed(
        &mut self,
        formula: &Formula,
        path: &KeyPath,
        help: Option<Message>,
    ) -> Option<Decimal> {
        let before = self.findings.len();
        let expression = self.pure(formula, path, Stage::Who);
        // A figure that is not known yet never will be.
        let asks = self.findings[before..].iter().any(|finding| finding.rule == &rule::TOO_EARLY);
        if asks {
            self.findings.truncate(before);
        }
        if asks || expression.constant.is_none() && expression.is_read() {
            let place = Place::value(self.file, path.clone());
            let finding = Finding::new(&rule::BAD_EXPRESSION, place, policy::NOT_FIXED.into());
            self.findings.push(finding.help(help));
        }
        expression.constant
    }

    /// Ids are words that expressions can hold, each once.
    pub(super) fn ids<'b>(
        &mut self,
        list: &str,
        ids: impl Iterator<Item = &'b str>,
        seen: &mut BTreeMap<String, KeyPath>,
    ) {
        for (index, id) in ids.enumerate() {
            if self.stands_in(id) {
                continue;
            }
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

/// What some numbers add up to, where that is not what it should be; as percentages where they are written so.
pub(super) fn added(addends: &[Decimal], percent: bool, wanted: &str) -> Message {
    let shown = |number: Decimal| match percent {
        true => format!("{}%", (number * Decimal::ONE_HUNDRED).normalize()),
        false => number.normalize().to_string(),
    };
    let sum = shown(addends.iter().sum());
    let terms: Vec<String> = addends.iter().copied().map(shown).collect();
    match terms.len() {
        0 | 1 => msg!(policy::SUM_IS, sum = sum, wanted = wanted),
        _ => msg!(policy::SUM_OF, addends = terms.join(" + "), sum = sum, wanted = wanted),
    }
}

/// Whether a condition holds for nothing, whatever the facts.
fn never(condition: &Node) -> bool {
    out_of_reach(&[vec![condition]]).iter().any(|(_, beyond)| *beyond == Beyond::Never)
}
