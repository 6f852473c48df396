//! What lies ahead of a manager: how far another grade, a better rating, the next bracket of pay and an open gate are.
//!
//! All of it says what would be, other things equal: each figure is moved alone, with everything else as it was scored. `moves`
//! holds promotion, demotion and warning rules, `steps` ratings, gates and brackets, `need` the search for the figure
//! that a score asks for, `levers` what each indicator could still give.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::around::Around;
use super::board::{Board, Manager};
use super::earlier::Earlier;
use crate::metric::MetricQuery;
use crate::policy::Policy;

mod levers;
mod moves;
mod need;
mod steps;

/// Everything ahead of one manager.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ahead {
    /// Rules that start from the manager's grade: promotions, demotions, warnings.
    pub moves: Vec<Prospect>,
    /// The next rating, gates that are not open, the next bracket of each pay line.
    pub steps: Vec<StepAhead>,
    /// What each indicator could still give.
    pub levers: Vec<Lever>,
}

/// Which list a rule stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MoveKind {
    /// To a higher grade.
    Promotion,
    /// To a lower grade.
    Demotion,
    /// A warning.
    Warning,
}

/// How a manager stands towards a rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Prospect {
    /// The list it stands in.
    pub kind: MoveKind,
    /// Proposed grade, or the title of a warning.
    pub to: Arc<str>,
    /// What it is called.
    pub title: Option<String>,
    /// Its conditions in this period.
    pub conditions: Vec<Condition>,
    /// Periods running, up to this one, in which all conditions held.
    pub held: u32,
    /// Whether the run ends at a period of which too little is known rather than at one in which a condition failed.
    pub unknown_before: bool,
    /// Periods running that the rule asks for.
    pub consecutive: u32,
    /// Whole months in the present grade.
    pub months: Option<u32>,
    /// Fewest months that the rule asks for.
    pub min_months: Option<u32>,
}

impl Prospect {
    /// Whether the rule proposes the move now.
    pub fn is_due(&self) -> bool {
        self.held >= self.consecutive && self.months_missing() == Some(0)
    }

    /// Months in the grade that are still missing; nothing where it is not known since when the manager holds it.
    pub fn months_missing(&self) -> Option<u32> {
        let Some(least) = self.min_months else { return Some(0) };
        self.months.map(|months| least.saturating_sub(months))
    }
}

/// One condition of a rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// As it is written.
    pub text: Arc<str>,
    /// Whether it holds; nothing where a figure is missing.
    pub holds: Option<bool>,
    /// The comparisons it is made of.
    pub gaps: Vec<Gap>,
}

/// A figure against what a condition asks of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Gap {
    /// The figure as it is written.
    pub figure: Arc<str>,
    /// What it is.
    pub now: Decimal,
    /// What it is compared with.
    pub needed: Decimal,
    /// The nearest figure with which the comparison holds: beyond the edge where that is not included, and whole where counted.
    pub nearest: Decimal,
    /// What they are in: `万元`, `%`, `points`.
    pub unit: String,
    /// Whether the comparison holds.
    pub holds: bool,
    /// The figure of the manager's business that would close it.
    pub need: Option<Need>,
}

/// A figure of the manager's business and what it would have to be.
#[derive(Clone, Debug, PartialEq)]
pub struct Need {
    /// The figure.
    pub query: MetricQuery,
    /// What it is, in the policy's unit of money.
    pub now: Decimal,
    /// What it would have to be.
    pub needed: Decimal,
    /// What both are in.
    pub unit: String,
}

/// What a step ahead is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StepKind {
    /// The next better rating.
    Rating,
    /// A gate that is not open.
    Gate,
    /// The next bracket of a pay line.
    Bracket,
}

/// A step ahead and how far it is.
#[derive(Clone, Debug, PartialEq)]
pub struct StepAhead {
    /// What it is of.
    pub kind: StepKind,
    /// Id of the gate or the line; `rating` of a rating.
    pub id: Arc<str>,
    /// What people call it.
    pub title: Arc<str>,
    /// Where the manager stands: the rating, the factor, the rate.
    pub standing: String,
    /// What comes next.
    pub next: String,
    /// The figure it goes by.
    pub now: Decimal,
    /// What the figure would have to be.
    pub needed: Decimal,
    /// Whether it has to be more than that.
    pub beyond: bool,
    /// What both are in.
    pub unit: String,
    /// The figure of the manager's business that would get there; of a rating, the one that gives most.
    pub need: Option<Need>,
}

/// What an indicator could still give.
#[derive(Clone, Debug, PartialEq)]
pub struct Lever {
    /// The indicator.
    pub id: Arc<str>,
    /// What people call it.
    pub title: Arc<str>,
    /// Its score before the weight.
    pub score: Decimal,
    /// Points that full marks would add.
    pub gain: Decimal,
    /// The figure that full marks ask for; nothing where marks or raters decide.
    pub full: Option<Need>,
    /// The figure with which this indicator alone would reach the next rating; nothing where it cannot.
    pub alone: Option<Need>,
}

/// One manager on a board that is scored, and the policy it was scored by.
#[derive(Clone, Copy)]
pub(super) struct Seen<'a> {
    pub(super) policy: &'a Policy,
    pub(super) board: &'a Board<'a>,
    /// Number of the manager on the board.
    pub(super) me: usize,
    /// Periods that rules look back to.
    pub(super) earlier: &'a Earlier<'a>,
}

impl<'a> Seen<'a> {
    fn manager(self) -> &'a Manager<'a> {
        &self.board.managers[self.me]
    }

    fn around(self) -> Around<'a> {
        Around::new(self.board, self.me)
    }
}

impl StepAhead {
    /// Whether a figure gets there.
    fn is_reached_by(&self, figure: Decimal) -> bool {
        figure > self.needed || figure == self.needed && !self.beyond
    }
}

/// What lies ahead of a manager.
pub(super) fn of(seen: Seen<'_>) -> Ahead {
    let card = &seen.manager().card;
    if !card.errors.is_empty() || card.not_assessed.is_some() {
        return Ahead::default();
    }
    let mut steps = steps::steps(seen);
    let mut rating = steps.iter_mut().find(|step| step.kind == StepKind::Rating);
    let levers = levers::levers(seen, rating.as_deref());
    if let Some(step) = &mut rating {
        step.need = levers.iter().find_map(|lever| lever.alone.clone());
    }
    Ahead { moves: moves::prospects(seen), steps, levers }
}
