//! A policy ready to be applied: everything resolved, checked and in order.

use std::collections::HashMap;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::ask::Ask;
use super::curve::table::{Bands, Edge};
use super::curve::{Chain, Judge};
use super::expr::Expr;
use crate::record::policy::curve::{Better, Group, Unusable};
use crate::record::policy::item::{Carry, Class, Each, Missing};
use crate::record::policy::outcome::{GateOn, Move as WrittenMove};
use crate::record::policy::pay::{After, DayCount, Excess, Negative};
use crate::record::policy::{Mode, Partial, RatingOn, Rounding, Scale};
use crate::source::KeyPath;

/// Which list an item stands in; it decides the sign of its points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Weighted into the sum.
    Indicator,
    /// Added.
    Addition,
    /// Taken away.
    Deduction,
}

/// What of a target shrinks with the time in post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shrinks {
    /// Nothing: the value does not grow with the time, or the target goes by it already.
    Nothing,
    /// All of it.
    Whole,
    /// What is stated by period in it; the rest goes by the time already.
    Stated,
}

/// An indicator, an addition or a deduction.
#[derive(Debug)]
pub struct Item {
    /// Its id.
    pub id: Arc<str>,
    /// What people call it; its id where it has no title.
    pub title: Arc<str>,
    /// The list it stands in.
    pub role: Role,
    /// The dimension it belongs to.
    pub dimension: Option<Arc<str>>,
    /// The value.
    pub value: Option<Expr>,
    /// The points themselves, in place of value and curve.
    pub points: Option<Expr>,
    /// Weight of the whole; `None` is outside the sum.
    pub weight: Option<Decimal>,
    /// Full marks of its curve.
    pub full: Decimal,
    /// The target.
    pub target: Option<Expr>,
    /// What of the target shrinks with the time in post, where targets do.
    pub shrinks: Shrinks,
    /// The targets stated by period in it that do, each with the factor into the policy's money.
    pub stated: Vec<(Arc<Ask>, Decimal)>,
    /// The curves, one after another.
    pub chain: Chain,
    /// The name under `curves` that they go by, where they do.
    pub curve: Option<Arc<str>>,
    /// Which way is good, where it is stated.
    pub better: Option<Better>,
    /// What a missing figure counts as.
    pub missing: Missing,
    /// What a target of zero counts as.
    pub zero_target: Option<Unusable>,
    /// Condition.
    pub when: Option<Expr>,
    /// Whether the condition is judged for each record.
    pub each_when: bool,
    /// Evaluated record by record.
    pub each: Option<Each>,
    /// Least score.
    pub min: Option<Expr>,
    /// Greatest score.
    pub max: Option<Expr>,
    /// Group that a cap bounds.
    pub group: Option<Arc<str>>,
    /// Rounding at each stage.
    pub rounding: Rounding,
    /// What earlier periods leave over.
    pub carry: Option<Carry>,
    /// The most that is carried.
    pub carry_limit: Option<Expr>,
    /// Items it needs before itself.
    pub needs: Vec<Arc<str>>,
    /// Whether it looks at points that are known once everything with a weight is scored.
    pub after_weights: bool,
    /// Where it is written.
    pub path: KeyPath,
}

impl Item {
    /// Calls `seen` with every expression in it.
    pub(crate) fn expressions<'a>(&'a self, seen: &mut dyn FnMut(&'a Expr)) {
        let stated =
            [&self.value, &self.points, &self.target, &self.when, &self.min, &self.max, &self.carry_limit];
        stated.into_iter().flatten().for_each(&mut *seen);
        self.chain.iter().for_each(|curve| curve.parameters(&mut *seen));
    }

    /// Whether it is one of the indicators whose weights make the whole.
    pub(crate) fn has_weight(&self) -> bool {
        self.role == Role::Indicator && self.weight.is_some()
    }

    /// Whether a value makes anything of it; marks, raters and events do without.
    pub fn takes_value(&self) -> bool {
        let judged = || self.chain.first().is_none_or(|curve| curve.takes_value());
        self.points.is_none() && (self.value.is_some() || judged())
    }

    /// Whether it takes what `judge` says.
    pub fn judged_by(&self, judge: Judge) -> bool {
        self.chain.iter().any(|curve| curve.judged_by(judge))
    }
}

/// A dimension.
#[derive(Debug)]
pub struct Dimension {
    /// Its id.
    pub id: Arc<str>,
    /// What people call it.
    pub title: Arc<str>,
    /// The dimension it is part of.
    pub parent: Option<Arc<str>>,
    /// What regulators ask about it.
    pub class: Option<Class>,
    /// Its weight: the sum of those below it, or the one written where conditions choose among them.
    pub weight: Decimal,
    /// Whether the weight stands whatever below it applies.
    pub kept: bool,
    /// Least points.
    pub min: Option<Expr>,
    /// Greatest points.
    pub max: Option<Expr>,
    /// Decimal places.
    pub round: Option<i32>,
}

/// A veto.
#[derive(Debug)]
pub struct Veto {
    /// Its id.
    pub id: Arc<str>,
    /// What people call it.
    pub title: Arc<str>,
    /// When it applies.
    pub when: Expr,
    /// What a missing figure counts as.
    pub missing: Missing,
    /// The total becomes zero.
    pub zero: bool,
    /// The total is at most this.
    pub cap: Option<Expr>,
    /// The rating is at best this.
    pub rating: Option<Arc<str>>,
    /// Factor on the pay.
    pub pay: Option<Expr>,
}

/// A gate.
#[derive(Debug)]
pub struct Gate {
    /// Its id.
    pub id: Arc<str>,
    /// What people call it.
    pub title: Arc<str>,
    /// The value its curve looks at.
    pub value: Option<Expr>,
    /// The target.
    pub target: Option<Expr>,
    /// The curves that make the factor.
    pub chain: Chain,
    /// The name under `curves` that they go by, where they do.
    pub curve: Option<Arc<str>>,
    /// The factor itself.
    pub factor: Option<Expr>,
    /// Condition.
    pub when: Option<Expr>,
    /// What it acts on.
    pub on: GateOn,
    /// What a missing figure counts as.
    pub missing: Missing,
}

/// A rating.
#[derive(Debug)]
pub struct Rating {
    /// The rating.
    pub id: Arc<str>,
    /// Lower edge of the total.
    pub(crate) lower: Option<Edge>,
    /// Upper edge of the total.
    pub(crate) upper: Option<Edge>,
    /// Conditions that must all hold.
    pub all: Vec<Expr>,
    /// Whom it is for.
    pub when: Option<Expr>,
}

/// A move between grades, or a warning.
#[derive(Debug)]
pub struct Move {
    /// As it is written.
    pub written: WrittenMove,
    /// Conditions that must all hold.
    pub all: Vec<Expr>,
}

/// How a pay line comes to its amount.
#[derive(Debug)]
pub(crate) enum Form {
    /// The amount.
    Amount(Expr),
    /// A rate on a figure; for a year where days say how they count.
    Commission { of: Expr, rate: Expr, days: Option<DayCount> },
    /// Each bracket's rate on the part inside it.
    Progressive { of: Expr, table: Bands },
    /// The bracket's rate on everything.
    Whole { of: Expr, base: Option<Expr>, table: Bands },
    /// The band's amount.
    Bands { of: Expr, table: Bands },
    /// A share of an amount, with what becomes of what its bound, and of what gates take off it.
    Pool { of: Expr, by: Expr, among: Group, places: u32, excess: Excess, gated: Excess },
}

/// One line of pay.
#[derive(Debug)]
pub struct Line {
    /// Its id.
    pub id: Arc<str>,
    /// What people call it.
    pub title: Arc<str>,
    /// How it comes to its amount.
    pub(crate) form: Form,
    /// Least amount.
    pub min: Option<Expr>,
    /// Greatest amount.
    pub max: Option<Expr>,
    /// Condition.
    pub when: Option<Expr>,
    /// What becomes of a negative amount.
    pub negative: Negative,
    /// What a missing figure counts as.
    pub missing: Missing,
    /// Whether gates, vetoes and time in post act on it.
    pub gated: bool,
    /// Whether it is part of what is paid.
    pub paid: bool,
    /// Decimal places.
    pub round: Option<i32>,
    /// Mode of rounding.
    pub mode: Mode,
}

/// How much of the pay is deferred.
#[derive(Debug)]
pub enum Deferred {
    /// A part of the whole.
    Share(Expr),
    /// An amount.
    Amount(Expr),
}

impl Deferred {
    /// The expression of either.
    pub fn expression(&self) -> &Expr {
        let (Self::Share(expression) | Self::Amount(expression)) = self;
        expression
    }
}

/// Deferred pay.
#[derive(Debug)]
pub struct Deferral {
    /// How much is deferred.
    pub what: Deferred,
    /// Shares of it year by year.
    pub years: Vec<Decimal>,
    /// Whom it is for.
    pub when: Option<Expr>,
    /// What a later result releases of an instalment; all of it where absent.
    pub release: Option<Expr>,
    /// Decimal places.
    pub round: i32,
}

/// Results of pay that stand beside its lines, and whose names no line can have.
pub(crate) const PAID: [&str; 6] = ["total", "now", "deferred", "returned", "released", "forfeited"];

/// Pay.
#[derive(Debug)]
pub struct Pay {
    /// The lines in order.
    pub lines: Vec<Line>,
    /// Least sum of the lines.
    pub min: Option<Expr>,
    /// Greatest sum of the lines.
    pub max: Option<Expr>,
    /// What floor and ceiling bound.
    pub after: After,
    /// What was paid in advance.
    pub advance: Option<Expr>,
    /// What is paid later.
    pub deferral: Option<Deferral>,
    /// Part of a ledger entry that its settlement gives back, and its decimal places.
    pub returns: Option<(Expr, i32)>,
    /// Whether pay looks at the rounded or the exact total.
    pub total_on: RatingOn,
    /// What a figure missing from advances and from the condition of the deferral counts as.
    pub missing: Missing,
}

/// A least and a greatest value.
#[derive(Debug, Default)]
pub struct Bounds {
    /// Least.
    pub min: Option<Expr>,
    /// Greatest.
    pub max: Option<Expr>,
}

/// Everything one manager is scored by.
#[derive(Debug)]
pub struct Plan {
    /// How weights and scores make points.
    pub scale: Scale,
    /// Full marks: of an indicator where weighted, of the whole where in points.
    pub full: Decimal,
    /// Sum that weights make.
    pub whole: Decimal,
    /// Rounding of the policy.
    pub rounding: Rounding,
    /// Dimensions, parents before children.
    pub dimensions: Vec<Dimension>,
    /// Items as they are written: indicators, additions, deductions.
    pub items: Vec<Item>,
    /// Bounds of groups of additions and deductions.
    pub caps: Vec<(Arc<str>, Bounds)>,
    /// Vetoes.
    pub vetoes: Vec<Veto>,
    /// Gates.
    pub gates: Vec<Gate>,
    /// Bounds of the total.
    pub total: Bounds,
    /// Ratings, the best first.
    pub ratings: Vec<Rating>,
    /// Condition of taking a place in `rank`.
    pub eligible: Option<Expr>,
    /// What places go by.
    pub rank_by: Option<Expr>,
    /// Which total ratings look at.
    pub rating_on: RatingOn,
    /// What a target of zero counts as, unless an item says otherwise.
    pub zero_target: Option<Unusable>,
    /// Joiners, leavers and too short a time.
    pub partial: Partial,
    /// Rules of promotion.
    pub promotion: Vec<Move>,
    /// Rules of demotion.
    pub demotion: Vec<Move>,
    /// Rules of warning.
    pub warnings: Vec<Move>,
    /// Pay.
    pub pay: Option<Pay>,
    /// Numbers of the items by their ids.
    pub(crate) numbers: HashMap<Arc<str>, usize>,
}

impl Plan {
    /// Number of the item `id`.
    pub fn item(&self, id: &str) -> Option<usize> {
        self.numbers.get(id).copied()
    }

    /// Takes out every rounding after the curves, so that results may be weighed with others first. The total is still rounded
    /// beside the exact one, for what looks at its edges; pay goes by the exact one.
    pub(super) fn unround(&mut self) {
        for item in &mut self.items {
            (item.rounding.score, item.rounding.item) = (None, None);
        }
        self.dimensions.iter_mut().for_each(|dimension| dimension.round = None);
        (self.rounding.pay, self.rounding.pay_line) = (None, None);
        let Some(pay) = &mut self.pay else { return };
        pay.total_on = RatingOn::Exact;
        pay.lines.iter_mut().for_each(|line| line.round = None);
        // Far below any unit that is paid, and within the digits there are.
        pay.deferral.iter_mut().for_each(|deferral| deferral.round = 10);
    }

    /// Whether it makes a total at all.
    pub fn makes_total(&self) -> bool {
        self.items.iter().any(|item| item.role != Role::Indicator || item.weight.is_some())
    }

    /// Rules of promotion, demotion and warning.
    pub(crate) fn moves(&self) -> impl Iterator<Item = &Move> {
        self.promotion.iter().chain(&self.demotion).chain(&self.warnings)
    }

    /// Calls `seen` with every expression.
    pub fn expressions<'a>(&'a self, seen: &mut dyn FnMut(&'a Expr)) {
        self.items.iter().for_each(|item| item.expressions(&mut *seen));
        for dimension in &self.dimensions {
            dimension.min.iter().chain(&dimension.max).for_each(&mut *seen);
        }
        for veto in &self.vetoes {
            [&veto.when].into_iter().chain(&veto.cap).chain(&veto.pay).for_each(&mut *seen);
        }
        self.gates.iter().for_each(|gate| gate.expressions(&mut *seen));
        let bounds = self.caps.iter().map(|(_, bounds)| bounds).chain([&self.total]);
        bounds.for_each(|bounds| bounds.min.iter().chain(&bounds.max).for_each(&mut *seen));
        self.eligible.iter().chain(&self.rank_by).for_each(&mut *seen);
        for rating in &self.ratings {
            rating.lower.iter().chain(&rating.upper).for_each(|edge| seen(&edge.at));
            rating.all.iter().chain(&rating.when).for_each(&mut *seen);
        }
        self.moves().for_each(|step| step.all.iter().for_each(&mut *seen));
        self.pay.iter().for_each(|pay| pay.expressions(&mut *seen));
    }
}

impl Pay {
    /// Calls `seen` with every expression in it.
    pub fn expressions<'a>(&'a self, seen: &mut dyn FnMut(&'a Expr)) {
        self.lines.iter().for_each(|line| line.expressions(&mut *seen));
        self.deferral.iter().filter_map(|deferral| deferral.release.as_ref()).for_each(&mut *seen);
        self.terms(seen);
    }

    /// Calls `seen` with every expression about what the lines come to together.
    pub(crate) fn terms<'a>(&'a self, seen: &mut dyn FnMut(&'a Expr)) {
        self.min.iter().chain(&self.max).chain(&self.advance).for_each(&mut *seen);
        if let Some(deferral) = &self.deferral {
            [deferral.what.expression()].into_iter().chain(&deferral.when).for_each(&mut *seen);
        }
        self.returns.iter().for_each(|(share, _)| seen(share));
    }
}

impl Line {
    /// Calls `seen` with every expression in it.
    pub(crate) fn expressions<'a>(&'a self, seen: &mut dyn FnMut(&'a Expr)) {
        [&self.min, &self.max, &self.when].into_iter().flatten().for_each(&mut *seen);
        match &self.form {
            Form::Amount(amount) => seen(amount),
            Form::Commission { of, rate, .. } => [of, rate].into_iter().for_each(&mut *seen),
            Form::Progressive { of, table } | Form::Bands { of, table } => {
                seen(of);
                table.parameters(&mut *seen);
            }
            Form::Whole { of, base, table } => {
                [of].into_iter().chain(base).for_each(&mut *seen);
                table.parameters(&mut *seen);
            }
            Form::Pool { of, by, .. } => [of, by].into_iter().for_each(&mut *seen),
        }
    }
}

impl Gate {
    /// Calls `seen` with every expression in it.
    pub(crate) fn expressions<'a>(&'a self, seen: &mut dyn FnMut(&'a Expr)) {
        [&self.value, &self.target, &self.factor, &self.when].into_iter().flatten().for_each(&mut *seen);
        self.chain.iter().for_each(|curve| curve.parameters(&mut *seen));
    }
}

impl Form {
    /// Whether it is a share of an amount.
    pub(crate) fn is_pool(&self) -> bool {
        matches!(self, Self::Pool { .. })
    }
}
