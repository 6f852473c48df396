//! Policies that can be applied: compiled from what is written, or refused with every fault found.
//!
//! [`compile`] turns a record into a [`Policy`]. It judges the policy as it stands and under each of its variants, and gives
//! the policy out only where no finding denies. What a policy means in numbers is decided in `score`.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::diag::{Finding, Level, Rule};
use crate::metric::{Names, Unit};
use crate::period::Period;
use crate::record::policy as written;
use crate::source::{FileId, KeyPath, Place};
use crate::text::policy as say;

pub mod ask;
mod broken;
mod check;
mod checked;
mod choice;
mod compile;
pub mod curve;
mod declared;
pub mod expr;
mod growth;
mod inputs;
mod judged;
pub mod lessened;
pub mod lines;
pub mod money;
pub mod overlap;
pub mod plan;
mod ratio;
pub mod round;
pub mod rule;
pub mod schemes;
mod stated;
pub mod succession;
pub mod unit;
mod varied;

pub use broken::beside;

use ask::Ask;
use compile::Compiler;
use compile::overlay::{left_out, overlay, partial};
use curve::Judge;
use expr::{Beside, Environment, Expr, Leaf, Reach, Scored, Span, Stage};
use plan::Plan;
use varied::{Judged, clashes, under_variant};

/// A policy that can be applied.
#[derive(Debug)]
pub struct Policy {
    /// Its file.
    pub file: FileId,
    /// As it is written.
    pub record: written::Policy,
    /// The names it may use.
    pub names: Names,
    /// Unit of money of every amount in it.
    pub money: Unit,
    /// Whom it applies to; everybody where absent.
    pub applies: Option<Expr>,
    /// The plan without any variant.
    pub base: Arc<Plan>,
    /// Conditions of the variants, in the order of the file.
    pub variants: Vec<Expr>,
    /// The numbers that ratios of an unstated unit are held against, and where they stand.
    beside: Vec<(Place, Beside)>,
}

/// Two variants that both apply to one manager and set the same key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariantConflict {
    /// The key as a path, entries by their id: `indicators.deposits.weight`.
    pub key: String,
}

impl Policy {
    /// Whether it can be told whom it applies to, and who falls under which variant.
    pub fn says_for_whom(&self) -> bool {
        let read = |condition: &Expr| condition.is_read();
        self.applies.as_ref().is_none_or(read) && self.variants.iter().all(read)
    }

    /// The period of its own length that a period is scored as: of one that is shorter the one it is a part of, else itself.
    pub fn own_period(&self, period: Period) -> Period {
        let own = self.record.period.grain();
        if period.grain() < own { Period::containing(period.first(), own) } else { period }
    }

    /// Whether it is in force on the last day of a period.
    pub fn in_force(&self, period: Period) -> bool {
        let day = period.last_day();
        self.record.effective.0 <= day && self.record.until.is_none_or(|until| day <= until.0)
    }

    /// Whether it is for whom `who` describes; a condition that cannot be judged does not hold.
    pub fn applies_to(&self, who: &dyn Environment) -> bool {
        self.applies.as_ref().is_none_or(|applies| applies.node.flag(who).unwrap_or(false))
    }

    /// The plan under the variants of these numbers.
    pub fn plan(&self, variants: &[usize]) -> Result<Arc<Plan>, VariantConflict> {
        if variants.is_empty() {
            return Ok(self.base.clone());
        }
        self.compiled(variants).map(Arc::new)
    }

    /// The same for a part that is weighed with others: nothing in it is rounded that is rounded where they are put together.
    pub fn unrounded(&self, variants: &[usize]) -> Result<Arc<Plan>, VariantConflict> {
        let mut plan = self.compiled(variants)?;
        plan.unround();
        Ok(Arc::new(plan))
    }

    fn compiled(&self, variants: &[usize]) -> Result<Plan, VariantConflict> {
        let (record, conflicts) = overlay(&self.record, variants);
        if let Some(key) = conflicts.into_iter().next() {
            return Err(VariantConflict { key });
        }
        let mut compiler = Compiler::new(self.file, &record, &self.names, false);
        Ok(compiler.plan())
    }

    /// What it says about joiners, leavers and movers under the variants of these numbers.
    pub fn partial(&self, variants: &[usize]) -> written::Partial {
        partial(&self.record, variants)
    }

    /// Every question it may put to the facts, under any of its variants.
    pub fn asks(&self) -> BTreeSet<Ask> {
        let mut asks = BTreeSet::new();
        self.leaves(&mut |leaf| {
            if let Leaf::Ask(ask, _) = leaf {
                asks.insert(Ask::clone(ask));
            }
        });
        asks
    }

    /// What it gives without any variant and under each.
    pub(super) fn plans(&self) -> impl Iterator<Item = Arc<Plan>> {
        let alone = (0..self.variants.len()).filter_map(|variant| self.plan(&[variant]).ok());
        std::iter::once(self.base.clone()).chain(alone)
    }

    /// Calls `seen` with every name in it, under any of its variants.
    pub(crate) fn leaves(&self, seen: &mut dyn FnMut(&Leaf)) {
        for plan in self.plans() {
            plan.expressions(&mut |expression| expression.leaves(&mut *seen));
        }
    }

    /// Whether any name in it, under any of its variants, is such a one.
    pub(crate) fn names_any(&self, is_it: impl Fn(&Leaf) -> bool) -> bool {
        let mut any = false;
        self.leaves(&mut |leaf| any |= is_it(leaf));
        any
    }

    /// Whether it looks at the totals of those below somebody or of the one above.
    pub fn looks_at_others_totals(&self) -> bool {
        self.names_any(Leaf::is_of_others_totals)
    }

    /// Whether it looks at figures of others in the period that is scored.
    pub fn looks_at_figures_of_others(&self) -> bool {
        self.names_any(|leaf| matches!(leaf, Leaf::Members(..)))
    }

    /// How many periods before the one that is scored it looks at, one by one.
    pub fn looks_back(&self) -> u32 {
        let mut back = 0;
        self.leaves(&mut |leaf| {
            back = back.max(match leaf {
                Leaf::Earlier(_, Span::YearToDate) | Leaf::Totals(_, Reach::Year) => 11,
                Leaf::Earlier(..) | Leaf::EarlierRating(_) => 1,
                Leaf::Totals(_, Reach::Last { periods, .. }) => periods - 1,
                _ => 0,
            });
        });
        back
    }

    /// Whether it looks at places.
    pub fn looks_at_places(&self) -> bool {
        self.names_any(|leaf| matches!(leaf, Leaf::Rank(_) | Leaf::Size(_)))
    }

    /// The other schemes whose results it looks at.
    pub fn schemes(&self) -> BTreeSet<Arc<str>> {
        self.of_schemes().into_iter().map(|(scheme, _)| scheme).collect()
    }

    /// The other schemes and what of their results it looks at.
    pub(super) fn of_schemes(&self) -> BTreeSet<(Arc<str>, Scored)> {
        let mut named = BTreeSet::new();
        self.leaves(&mut |leaf| {
            if let Leaf::Scheme(_, scheme, what) = leaf {
                named.insert((scheme.clone(), what.clone()));
            }
        });
        named
    }

    /// The items that people judge, under any of its variants.
    pub fn judged_by(&self, judge: Judge) -> BTreeSet<Arc<str>> {
        let plans: Vec<Arc<Plan>> = self.plans().collect();
        let items = plans.iter().flat_map(|plan| &plan.items).filter(|item| item.judged_by(judge));
        items.map(|item| item.id.clone()).collect()
    }

    /// The items that put a question to records one by one, and whether anything puts it to the manager.
    pub fn asked_by_record(&self, question: &Ask) -> (BTreeSet<Arc<str>>, bool) {
        let times = |expression: &Expr| {
            let mut times = 0_usize;
            expression.leaves(&mut |leaf| {
                times += usize::from(matches!(leaf, Leaf::Ask(ask, _) if **ask == *question));
            });
            times
        };
        let (mut items, mut at_once) = (BTreeSet::new(), false);
        for plan in self.plans() {
            let mut others = 0;
            plan.expressions(&mut |expression| others += times(expression));
            for item in plan.items.iter().filter(|item| item.each.is_some()) {
                let when = item.when.iter().filter(|_| item.each_when);
                let own: usize = item.value.iter().chain(&item.points).chain(when).map(times).sum();
                others -= own;
                items.extend((own > 0).then(|| item.id.clone()));
            }
            at_once |= others > 0;
        }
        (items, at_once)
    }
}

/// Compiles a policy: what is wrong with it, and the policy itself where nothing denies.
pub fn compile(file: FileId, record: &written::Policy, book: &Names) -> (Option<Policy>, Vec<Finding>) {
    let (policy, findings) = judge(file, record, book);
    let refused = findings.iter().any(|finding| finding.level == Level::Deny);
    (Some(policy).filter(|_| !refused), findings)
}

/// The policy and what is wrong with it. Where a finding denies, nobody is to be scored by it; whom it is for may be told.
pub fn judge(file: FileId, record: &written::Policy, book: &Names) -> (Policy, Vec<Finding>) {
    let (policy, mut findings) = examine(file, record, book, false);
    findings.extend(ratio::rounded_away(&policy));
    findings.extend(inputs::of_tests(&policy, &findings, false));
    (policy, findings)
}

/// Rules that rest on what the book declares.
const OF_THE_BOOK: [&Rule; 11] = [
    &rule::UNKNOWN_NAME,
    &rule::UNITS_DO_NOT_FIT,
    &rule::BARE_RATE,
    &rule::FORBIDDEN_TARGET,
    &rule::UNUSED_INPUT,
    &rule::UNUSED_DEFINITION,
    &rule::OTHER_MULTIPLE,
    &rule::PERCENT_SIGN,
    &rule::MEASURE_NOT_IN_BOOK,
    &rule::MEASURE_DIFFERS,
    &rule::WORD_NOT_IN_BOOK,
];

/// Whether a finding holds whatever the book declares, so that it is told while the book's settings cannot be read.
pub fn is_of_the_policy_alone(finding: &Finding) -> bool {
    !OF_THE_BOOK.contains(&finding.rule)
}

/// Rules on a formula alone, whatever else its entry says.
const OF_ONE_FORMULA: [&Rule; 4] =
    [&rule::BAD_EXPRESSION, &rule::UNKNOWN_NAME, &rule::TOO_EARLY, &rule::BARE_RATE];

/// The policy whatever is wrong with it, and what is; `mended` where the record stands for a file that does not load.
fn examine(file: FileId, record: &written::Policy, book: &Names, mended: bool) -> (Policy, Vec<Finding>) {
    let names = compile::names(book, record);
    let mut compiler = Compiler::new(file, record, &names, mended);
    compiler.constants();
    compiler.declared();
    compiler.measured_in_money();
    let applies = compiler.who(record.applies.as_ref(), &KeyPath(vec!["applies".into()]));
    let mut variants = Vec::new();
    for (index, variant) in record.variants.iter().enumerate() {
        let path = KeyPath(vec!["variants".into(), index.into(), "when".into()]);
        variants.extend(compiler.who(Some(&variant.when), &path));
    }
    let base = Arc::new(compiler.plan());
    curve::untaken(&mut compiler);
    if record.until.is_some_and(|until| until < record.effective) {
        compiler.fault(&rule::INCOMPLETE, &KeyPath(vec!["until".into()]), say::ENDS_BEFORE);
    }
    compiler.check(&base);
    compiler.tested_people();
    let others: Vec<&Expr> = variants.iter().collect();
    let only: Vec<&Expr> = applies.as_ref().into_iter().collect();
    compiler.conditions(&base, &only, &others);
    compiler.amounts();
    let money = compiler.money.clone();
    let (mut findings, mut used, mut beside) = (compiler.findings, compiler.used, compiler.beside);
    for variant in 0..record.variants.len() {
        let only: Vec<&Expr> = applies.as_ref().into_iter().chain(variants.get(variant)).collect();
        let others = variants.iter().enumerate().filter(|(at, _)| *at != variant);
        let others: Vec<&Expr> = others.map(|(_, when)| when).collect();
        let judged = Judged { file, record, names: &names, mended };
        let under = under_variant(&judged, variant, &only, &others, &mut findings);
        findings.extend(left_out(file, record, variant));
        used.add(under.used);
        beside.extend(under.beside);
    }
    findings.extend(clashes(file, record, applies.as_ref(), &variants).filter(|_| !mended));
    // What cannot be read may use anything.
    if !mended {
        findings.extend(used.unused(file, record));
    }
    findings.sort_by(|a, b| (&a.at, a.rule.code).cmp(&(&b.at, b.rule.code)));
    findings.dedup();
    beside.sort_by(|a, b| a.0.cmp(&b.0));
    beside.dedup();
    (Policy { file, record: record.clone(), names, money, applies, base, variants, beside }, findings)
}

impl Compiler<'_> {
    /// Everything a manager is scored by.
    fn plan(&mut self) -> Plan {
        let record = self.record;
        let mut items = self.items();
        let dimensions = self.dimensions(&mut items);
        let ranking = record.ranking.clone().unwrap_or_default();
        let path = KeyPath(vec!["ranking".into()]);
        let eligible = ranking
            .eligible
            .as_ref()
            .map(|eligible| self.condition(eligible, &path.join("eligible"), Stage::Total, None));
        let rank_by = ranking.by.as_ref().map(|by| self.number(by, &path.join("by"), Stage::Total, None));
        let full = record.full.as_ref().map(|full| self.fixed(full, &KeyPath(vec!["full".into()]), None));
        self.unsure.full = full == Some(None);
        let full = full.flatten().unwrap_or(rust_decimal::Decimal::ONE_HUNDRED);
        Plan {
            scale: record.scale,
            full,
            whole: match record.scale {
                written::Scale::Weighted => rust_decimal::Decimal::ONE_HUNDRED,
                written::Scale::Points => full,
            },
            rounding: written::Rounding { pay: Some(self.cents()), ..record.rounding.clone() },
            caps: self.caps(),
            vetoes: self.vetoes(),
            gates: self.gates(),
            total: self.total_bounds(),
            ratings: self.ratings(),
            eligible,
            rank_by,
            rating_on: record.rating_on.unwrap_or_default(),
            zero_target: record.zero_target,
            partial: record.partial.clone(),
            promotion: self.moves("promotion", &record.promotion),
            demotion: self.moves("demotion", &record.demotion),
            warnings: self.moves("warnings", &record.warnings),
            pay: self.pay(),
            numbers: items.iter().enumerate().map(|(at, item)| (item.id.clone(), at)).collect(),
            dimensions,
            items,
        }
    }

    /// A condition on who the manager is and when it is.
    fn who(&mut self, condition: Option<&written::formula::Formula>, path: &KeyPath) -> Option<Expr> {
        let condition = self.condition(condition?, path, Stage::Who, None);
        self.tells_apart(&condition, path);
        Some(condition)
    }
}
