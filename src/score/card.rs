//! A scorecard: every step from a record to the pay, as plain data.
//!
//! Texts, tables and explanations are made from it elsewhere. Each number stands beside the one it came from, so that whoever
//! reads the printed chain can compute it again by hand.

use std::collections::HashMap;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::ahead::{Ahead, MoveKind};
use super::blend::Blend;
use super::facts::{Ask, Evidence, Profile, Served};
use super::payslip::{PayResult, SkippedLine};
use super::places::Places;
use super::sealed::Sealed;
use crate::msg;
use crate::period::{Months, Period};
use crate::policy::curve::Filled;
use crate::policy::expr::{Expr, Leaf, Value};
use crate::policy::plan::Role;
use crate::text::{Message, score};

/// Why a scorecard cannot be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScoreError {
    /// Stable word: `missing`, `zero-target`, `overflow`, `variant-conflict`, `pool-differs`, `not-for-them`.
    pub word: &'static str,
    /// The item, gate, veto or line.
    pub item: Option<Arc<str>>,
    /// What happened.
    pub reason: Message,
}

/// The word of the error that no rating fits a total.
pub(super) const NO_RATING: &str = "no-rating";
/// The word of the error that indicators weigh more together than there is to give.
pub(super) const WEIGHTS_EXCEED: &str = "weights-exceed";

impl ScoreError {
    /// What it says to those who look at the manager's result: who stands open and why, which may be somebody else again.
    pub(super) fn of(&self, manager: &str) -> Message {
        if self.reason.is(score::STANDS_OPEN) {
            return self.reason.clone();
        }
        let reason = self.reason.clone();
        let reason = match &self.item {
            Some(item) => msg!(score::ABOUT, what = &**item, reason = reason),
            None => reason,
        };
        msg!(score::STANDS_OPEN, manager = manager, reason = reason)
    }
}

/// The stable form that tests compare: `missing: deposits`.
impl std::fmt::Display for ScoreError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.item {
            Some(item) => write!(f, "{}: {item}", self.word),
            None => f.write_str(self.word),
        }
    }
}

/// How the name of the number of raters of a group begins.
pub const RATERS: &str = "raters: ";

/// How the name of a mark begins, its reason behind it.
pub const MARK: &str = "mark: ";

/// A figure an expression took, with the records behind it.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// The name as it is written.
    pub name: Arc<str>,
    /// Its value, or why there is none.
    pub value: Result<Value, Message>,
    /// The records, in the policy's unit of money.
    pub evidence: Vec<Evidence>,
}

/// One client or facility of an item evaluated one by one.
#[derive(Clone, Debug, PartialEq)]
pub struct PartValue {
    /// Its id.
    pub id: Box<str>,
    /// Its value, rounded as the policy says; 0 where a figure of it is missing.
    pub value: Decimal,
    /// The manager's share of it.
    pub share: Decimal,
    /// What it contributes: the value times the share, rounded as the policy says.
    pub amount: Decimal,
    /// Why it contributes nothing, where a figure of it is missing.
    pub missing: Option<Message>,
    /// The figures it came from.
    pub figures: Vec<Figure>,
}

/// How an item came to its score.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// By its curve.
    Scored,
    /// Its condition does not hold.
    NotApplicable,
    /// Counted as nothing or as full marks, for a reason.
    Substituted(Message),
    /// Not scored; its weight goes to the others.
    Skipped(Message),
    /// It stops the scorecard.
    Failed(Message),
}

impl Standing {
    /// Whether it has a score.
    pub fn counts(&self) -> bool {
        matches!(self, Self::Scored | Self::Substituted(_))
    }
}

/// A target and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetValue {
    /// As the policy states it.
    pub stated: Decimal,
    /// For the time in post.
    pub prorated: Decimal,
    /// What it is made of where it shrinks with that time: by the name of what is stated by period, without one where all of it
    /// does alike, amounts, each with the part of its own time in post.
    pub served: Vec<(Option<Arc<Ask>>, Vec<Served>)>,
    /// Carried over from earlier periods, negative where it lowers the target.
    pub carried: Decimal,
    /// What the curve sees.
    pub value: Decimal,
}

/// What the period before left over, for what is carried on from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeftOver {
    /// The period.
    pub period: Period,
    /// Its target, with what had been carried into it.
    pub target: Decimal,
    /// Its value, with what had been carried into it.
    pub value: Decimal,
    /// The most that is carried.
    pub limit: Option<Decimal>,
    /// The first period after it that is not closed, where what is carried leaps over one.
    pub leapt: Option<Period>,
}

/// How a weight grew by what was skipped beside it: `own × weight / scored`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spread {
    /// The weight as stated, of the item or of a dimension around it.
    pub own: Decimal,
    /// What is to be shared out where it stands.
    pub weight: Decimal,
    /// The weights there of what was scored.
    pub scored: Decimal,
}

/// One curve of a chain at work.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What went in.
    pub input: Decimal,
    /// What came out.
    pub score: Decimal,
    /// The formulas with their numbers.
    pub how: Vec<Filled>,
}

/// What a manager's items came to, by their ids.
pub(super) type Items = HashMap<Arc<str>, ItemScore>;

/// An item's whole way from value to points.
#[derive(Clone, Debug, PartialEq)]
pub struct ItemScore {
    /// Its id.
    pub id: Arc<str>,
    /// What people call it.
    pub title: Arc<str>,
    /// The list it stands in.
    pub role: Role,
    /// Its dimension.
    pub dimension: Option<Arc<str>>,
    /// How it came to its score.
    pub standing: Standing,
    /// The figures of value, target, condition and curve.
    pub figures: Vec<Figure>,
    /// Clients or facilities, where evaluated one by one.
    pub parts: Vec<PartValue>,
    /// The value before carry-over and rounding.
    pub exact: Option<Decimal>,
    /// Carried over into the value.
    pub carried: Decimal,
    /// What is carried comes from.
    pub left_over: Option<LeftOver>,
    /// The period before, where nothing is carried over because it is not closed.
    pub left_open: Option<Period>,
    /// The value the curve sees.
    pub value: Option<Decimal>,
    /// The target.
    pub target: Option<TargetValue>,
    /// Full marks.
    pub full: Decimal,
    /// The curves.
    pub steps: Vec<Step>,
    /// What the last curve gave.
    pub raw: Option<Decimal>,
    /// The score, within its bounds and rounded.
    pub score: Option<Decimal>,
    /// Weight as stated.
    pub weight: Option<Decimal>,
    /// Weight after what was skipped was spread.
    pub effective_weight: Option<Decimal>,
    /// How it grew, from the outermost dimension to the item.
    pub spread: Vec<Spread>,
    /// Points before rounding.
    pub exact_points: Option<Decimal>,
    /// Points as printed; positive for deductions too.
    pub points: Option<Decimal>,
}

impl ItemScore {
    /// Whether it is one of the indicators whose weights make the whole.
    pub(super) fn has_weight(&self) -> bool {
        self.role == Role::Indicator && self.weight.is_some()
    }

    /// Notes figures that were looked at, each once.
    pub(super) fn know(&mut self, figures: Vec<Figure>) {
        for figure in figures {
            if !self.figures.iter().any(|known| known.name == figure.name) {
                self.figures.push(figure);
            }
        }
    }
}

/// A dimension's points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DimensionScore {
    /// Its id.
    pub id: Arc<str>,
    /// What people call it.
    pub title: Arc<str>,
    /// The dimension it is part of.
    pub parent: Option<Arc<str>>,
    /// Weight below it.
    pub weight: Decimal,
    /// Sum of what is in it.
    pub sum: Decimal,
    /// The least and the most it may come to.
    pub bounds: (Option<Decimal>, Option<Decimal>),
    /// Points within its bounds and rounded; `None` where nothing in it was scored.
    pub points: Option<Decimal>,
}

/// What a step did to the total.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Sum of dimensions and items outside them.
    Sum,
    /// Skipped items taken out: total × full / (full − skipped).
    Rescaled {
        /// Weight that was skipped.
        skipped: Decimal,
    },
    /// An addition, deduction or a group of them, with the points it made.
    Points(Arc<str>, Decimal),
    /// A veto.
    Veto(Arc<str>),
    /// A gate's factor.
    Gate(Arc<str>, Decimal),
    /// The part of the period in post.
    Active(Decimal),
    /// The bounds of the total.
    Bounds,
    /// Rounding of the total.
    Rounding,
}

/// One step of the total.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TotalStep {
    /// What it did.
    pub change: Change,
    /// The total after it.
    pub total: Decimal,
}

/// A veto that applies.
#[derive(Clone, Debug, PartialEq)]
pub struct VetoHit {
    /// Its id.
    pub id: Arc<str>,
    /// What people call it.
    pub title: Arc<str>,
    /// The figures that made it apply.
    pub figures: Vec<Figure>,
    /// The greatest total it leaves.
    pub cap: Option<Decimal>,
    /// The best rating it leaves.
    pub rating: Option<Arc<str>>,
    /// Its factor on the pay.
    pub pay: Option<Decimal>,
}

/// A veto or a gate whose condition does not hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Idle {
    /// Its id.
    pub id: Arc<str>,
    /// The figures its condition looked at.
    pub figures: Vec<Figure>,
}

/// A gate and its factor.
#[derive(Clone, Debug, PartialEq)]
pub struct GateFactor {
    /// Its id.
    pub id: Arc<str>,
    /// What people call it.
    pub title: Arc<str>,
    /// What it acts on: `total`, `rating`, `pay`.
    pub on: &'static str,
    /// The figures it looked at.
    pub figures: Vec<Figure>,
    /// The curves.
    pub steps: Vec<Step>,
    /// The factor.
    pub factor: Decimal,
}

/// A proposed move.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// Proposed grade, or the title of a warning.
    pub to: Arc<str>,
    /// What it is called.
    pub title: Option<String>,
    /// Periods running in which the conditions held.
    pub periods: u32,
    /// The figures of this period's conditions.
    pub figures: Vec<Figure>,
}

/// A rule of moving between grades or of warning that nobody can judge: a figure of its conditions is missing, or a period.
#[derive(Clone, Debug, PartialEq)]
pub struct Unjudged {
    /// The list it stands in.
    pub kind: MoveKind,
    /// What it is called.
    pub title: Option<String>,
    /// What is missing; its item is the proposed grade, or the title of a warning.
    pub error: ScoreError,
    /// The figures of this period's conditions.
    pub figures: Vec<Figure>,
}

/// One manager's result of one period under one policy.
#[derive(Clone, Debug, PartialEq)]
pub struct Scorecard {
    /// The manager.
    pub profile: Profile,
    /// The period.
    pub period: Period,
    /// Whether it scores to date: the period is not over, or shorter than the policy's.
    pub to_date: bool,
    /// The months it is scored for, where they are not those of the period.
    pub over: Option<Months>,
    /// Numbers of the variants that applied.
    pub variants: Vec<usize>,
    /// Which variants were left out because what they ask of the manager is not stated.
    pub left_out: Option<Message>,
    /// Items in the order of the policy.
    pub items: Vec<ItemScore>,
    /// Dimensions, parents before children.
    pub dimensions: Vec<DimensionScore>,
    /// The total, step by step.
    pub steps: Vec<TotalStep>,
    /// The total before rounding.
    pub exact_total: Option<Decimal>,
    /// The least and the most it may come to, caps of vetoes counted in.
    pub bounds: (Option<Decimal>, Option<Decimal>),
    /// The total; `None` where it cannot be made, where nothing could be assessed, or where the policy is about pay alone.
    pub total: Option<Decimal>,
    /// What the place among others goes by: the total, or what `ranking` says; nothing for whoever takes none.
    pub standing: Option<Decimal>,
    /// Why no place is known: who stands open, the manager or somebody the place goes by.
    pub unplaced: Option<Message>,
    /// The places, once everybody is scored.
    pub places: Places,
    /// Vetoes that apply.
    pub vetoes: Vec<VetoHit>,
    /// Gates.
    pub gates: Vec<GateFactor>,
    /// Vetoes and gates that do not act.
    pub idle: Vec<Idle>,
    /// The rating.
    pub rating: Option<Arc<str>>,
    /// The proposed promotion.
    pub promotion: Option<Proposal>,
    /// The proposed demotion.
    pub demotion: Option<Proposal>,
    /// Warnings.
    pub warnings: Vec<Proposal>,
    /// Moves and warnings that cannot be judged.
    pub unjudged: Vec<Unjudged>,
    /// Rules that hold now and look back to before the first period that is known, which is no remark on anybody.
    pub early: Vec<Unjudged>,
    /// Pay.
    pub pay: Option<PayResult>,
    /// What lies ahead, where it was asked for.
    pub ahead: Option<Ahead>,
    /// What was closed of it.
    pub sealed: Option<Box<Sealed>>,
    /// What it is made of, where it is made of other scorecards.
    pub blend: Option<Box<Blend>>,
    /// Why there is no judgement, where too little time or nothing to judge by is the reason.
    pub not_assessed: Option<Message>,
    /// Why the scorecard cannot be made.
    pub errors: Vec<ScoreError>,
    /// Why no rating is stated beside the total: a figure of its conditions is missing, and what is not known does not fail.
    pub unrated: Option<ScoreError>,
    /// The figures that conditions of ratings looked at, up to the rating that is given.
    pub rated_by: Vec<Figure>,
    /// Why no pay is stated beside the total: a figure of it is missing, and a missing figure is never zero.
    pub unpaid: Vec<ScoreError>,
    /// Pay lines that are left out because a figure is missing.
    pub skipped: Vec<SkippedLine>,
}

impl Scorecard {
    /// An empty scorecard.
    pub(super) fn new(profile: Profile, period: Period) -> Self {
        Self {
            profile,
            period,
            to_date: false,
            over: None,
            variants: Vec::new(),
            left_out: None,
            items: Vec::new(),
            dimensions: Vec::new(),
            steps: Vec::new(),
            exact_total: None,
            bounds: (None, None),
            total: None,
            standing: None,
            unplaced: None,
            places: Places::default(),
            vetoes: Vec::new(),
            gates: Vec::new(),
            idle: Vec::new(),
            rating: None,
            promotion: None,
            demotion: None,
            warnings: Vec::new(),
            unjudged: Vec::new(),
            early: Vec::new(),
            pay: None,
            ahead: None,
            sealed: None,
            blend: None,
            not_assessed: None,
            errors: Vec::new(),
            unrated: None,
            rated_by: Vec::new(),
            unpaid: Vec::new(),
            skipped: Vec::new(),
        }
    }

    /// Why the total is not known, for those who look at it; nothing where it is, or where it is known that there is none.
    pub(super) fn stands_open(&self) -> Option<Message> {
        let error = self.errors.iter().find(|error| error.word != NO_RATING);
        error.filter(|_| self.not_assessed.is_none()).map(|error| error.of(&self.profile.id))
    }

    /// Everything that keeps its total, its rating or its pay from being stated.
    pub fn faults(&self) -> impl Iterator<Item = &ScoreError> {
        self.errors.iter().chain(&self.unrated).chain(&self.unpaid)
    }

    /// The error of what looks at a rating that is withheld; `expressions` calls with every expression of it.
    pub(super) fn withheld<'e>(
        &self,
        what: &Arc<str>,
        expressions: impl FnOnce(&mut dyn FnMut(&'e Expr)),
    ) -> Result<(), ScoreError> {
        let Some(error) = &self.unrated else { return Ok(()) };
        let mut looks = false;
        expressions(&mut |expression: &Expr| {
            expression.leaves(&mut |leaf| looks |= *leaf == Leaf::Rating);
        });
        if looks { Err(ScoreError { item: Some(what.clone()), ..error.clone() }) } else { Ok(()) }
    }

    /// The item `id`.
    pub fn item(&self, id: &str) -> Option<&ItemScore> {
        self.items.iter().find(|item| &*item.id == id)
    }
}
