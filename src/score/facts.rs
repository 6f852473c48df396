//! What scoring asks of the world: figures, targets, marks and history of one manager in one period.
//!
//! Two answer: a book, and the `[[tests]]` of a policy. Scoring itself never sees a record. A fact carries the records it
//! came from, and a missing one its reason; nothing missing ever becomes zero here.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::past::Frozen;
pub use crate::metric::{Evidence, Known, Measured};
use crate::msg;
use crate::period::{Months, Period};
pub use crate::policy::ask::{Ask, Source};
use crate::policy::expr::{self, Among, Attribute, Scored, Trouble, Value};
use crate::record::policy::TimeIn;
pub use crate::record::policy::item::Each;
use crate::text::{Message, score};

/// One record an indicator is evaluated for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its id, unique in the manager's parts.
    pub id: Box<str>,
    /// The manager's share of its credit, 1 for all of it.
    pub share: Decimal,
    /// Whether its figures are all of the record's; otherwise they are the manager's part already.
    pub whole: bool,
}

/// Who a manager is in the period; the role, grade and team are those of its last day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// Manager id.
    pub id: Box<str>,
    /// Rank, 职级.
    pub grade: Option<Box<str>>,
    /// Role.
    pub role: Option<Box<str>>,
    /// Team.
    pub team: Option<Box<str>>,
    /// Branch.
    pub branch: Option<Box<str>>,
    /// Whole months since joining, at the period's end.
    pub months: Option<u32>,
    /// Whole months in the present grade, at the period's end.
    pub grade_months: Option<u32>,
    /// Whether deferral rules for risk-takers apply.
    pub risk_taker: bool,
    /// How much of the period the manager was in post; `None` is all of it.
    pub active: Option<Active>,
    /// Managers whose scores `members.mean` averages: the members of the team this manager leads.
    pub members: Vec<Box<str>>,
    /// The day all of it is said of; nothing in a test.
    pub day: Option<NaiveDate>,
}

/// How much of a period somebody was in post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Active {
    /// Calendar days in post.
    pub days: u32,
    /// Calendar days of the period.
    pub of_days: u32,
    /// Whole months in post.
    pub months: u32,
    /// Months of the period.
    pub of_months: u32,
}

impl Active {
    /// So many of so many days or months.
    pub fn of(self, by: TimeIn) -> (u32, u32) {
        match by {
            TimeIn::Days => (self.days, self.of_days),
            TimeIn::Months => (self.months, self.of_months),
        }
    }
}

/// A part of what was asked for, and so many of so many days or months it is stated for in post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Served {
    /// The amount.
    pub amount: Decimal,
    /// Days or months of them in post.
    pub part: u32,
    /// All of them.
    pub whole: u32,
}

impl Served {
    /// An amount with the time in post, all of it for whoever was there throughout.
    pub fn new(amount: Decimal, active: Option<Active>, by: TimeIn) -> Self {
        let (part, whole) = active.map_or((1, 1), |active| active.of(by));
        Self { amount, part, whole }
    }

    /// Whether another was served for the same part.
    pub fn is_served_as(&self, other: &Self) -> bool {
        u64::from(self.part) * u64::from(other.whole) == u64::from(other.part) * u64::from(self.whole)
    }

    /// What is asked of who was in post for that time.
    pub fn share(&self) -> Decimal {
        match self.part < self.whole {
            true => self.amount * Decimal::from(self.part) / Decimal::from(self.whole),
            false => self.amount,
        }
    }
}

/// A mark given by hand in the review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The mark.
    pub value: Known,
    /// Why.
    pub reason: Option<String>,
}

/// One rater's score of the manager.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RaterScore {
    /// Rater group: `superior`, `peer`, `self`, `client`, `subordinate`.
    pub group: Box<str>,
    /// The score.
    pub score: Known,
}

/// What was decided about an earlier period; a closed one is read from the review it is frozen in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Past {
    /// The period.
    pub period: Period,
    /// The policy it was decided by.
    pub policy: Box<str>,
    /// Its total.
    pub total: Option<Decimal>,
    /// Its rating.
    pub rating: Option<Box<str>>,
    /// Whether values and targets hold what was carried into them, as frozen ones do.
    pub with_carried: bool,
    /// Its values by indicator.
    pub values: BTreeMap<Box<str>, Decimal>,
    /// Its targets by indicator.
    pub targets: BTreeMap<Box<str>, Decimal>,
    /// Its scores by indicator, before the weight.
    pub scores: BTreeMap<Box<str>, Decimal>,
    /// Its points by indicator.
    pub points: BTreeMap<Box<str>, Decimal>,
    /// Its pay before deferral.
    pub pay_total: Option<Decimal>,
    /// Its pay by line.
    pub pay: BTreeMap<Box<str>, Decimal>,
}

impl Past {
    /// A period of which nothing was decided.
    pub fn undecided(period: Period) -> Self {
        Self {
            period,
            policy: Box::default(),
            total: None,
            rating: None,
            with_carried: false,
            values: BTreeMap::new(),
            targets: BTreeMap::new(),
            scores: BTreeMap::new(),
            points: BTreeMap::new(),
            pay_total: None,
            pay: BTreeMap::new(),
        }
    }

    /// Whether anything was decided of the manager, who may have been in post too briefly.
    pub(super) fn is_judged(&self) -> bool {
        let decided = [&self.values, &self.scores, &self.points, &self.pay];
        self.total.is_some() || self.pay_total.is_some() || decided.iter().any(|known| !known.is_empty())
    }

    /// What is kept of an item.
    pub(super) fn figure(&self, part: expr::Part, id: &str) -> Option<Decimal> {
        let kept = match part {
            expr::Part::Value => &self.values,
            expr::Part::Target => &self.targets,
            expr::Part::Score => &self.scores,
            expr::Part::Points => &self.points,
        };
        kept.get(id).copied()
    }
}

/// An amount held back or taken back earlier, and what becomes of it now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerEntry {
    /// What it was about; entries are named by it.
    pub case: Box<str>,
    /// The period it was taken in.
    pub period: Period,
    /// What was taken.
    pub amount: Decimal,
    /// What was given back before this period.
    pub returned: Decimal,
    /// The part of the case settled in this period, 1 for all of it; `None` leaves the entry alone.
    pub settled: Option<Decimal>,
    /// The record it stands in.
    pub evidence: Vec<Evidence>,
}

/// Everything known about one manager in one period.
pub trait Facts: Sync {
    /// Who the manager is.
    fn profile(&self) -> &Profile;

    /// The months that figures are of, where they are not those of the period.
    fn months(&self) -> Option<Months> {
        None
    }

    /// The answer to a question, in the unit its metric has in the catalogue.
    fn ask(&self, ask: &Ask) -> Measured;

    /// The parts of a target, each with how much of the time it is stated for was served.
    fn served(&self, ask: &Ask, by: TimeIn) -> Result<Vec<Served>, Message> {
        Ok(vec![Served::new(self.ask(ask)?.amount, self.profile().active, by)])
    }

    /// The records an `each` goes over, in id order, for a value that puts these questions to them.
    fn parts(&self, each: Each, asks: &[&Ask]) -> Vec<Part>;

    /// A part's own figure, of as much of it as the part says.
    fn ask_part(&self, each: Each, part: &Part, ask: &Ask) -> Measured;

    /// What a part is.
    fn attribute(&self, _part: &Part, _attribute: Attribute) -> Option<Value> {
        None
    }

    /// The mark for an item, by the item's id.
    fn mark(&self, item: &str) -> Option<Mark>;

    /// What raters said for an item, by the item's id, in a stable order.
    fn raters(&self, item: &str) -> Vec<RaterScore>;

    /// An item's value where it is given instead of computed; only tests give one.
    fn given(&self, item: &str) -> Option<Known>;

    /// The total where it is given instead of computed; only tests give one, of others.
    fn given_total(&self) -> Option<Decimal> {
        None
    }

    /// Earlier periods, the oldest first.
    fn history(&self) -> &[Past];

    /// What was decided about this very period, where it is closed and stands as it was closed.
    fn closed(&self) -> Option<&Past> {
        None
    }

    /// What this very period was closed with, which others who are not closed see while it is scored again.
    fn frozen(&self) -> Option<&Frozen> {
        None
    }

    /// The manager's facts in an earlier period, or in this one as it was closed: whoever the manager was on its last day, and
    /// what was decided about it as what is [`closed`](Self::closed).
    fn then(&self, period: Period) -> Box<dyn Facts + '_>;

    /// The same of everybody else about whom such a period was decided by the same policy; nothing where that is not known.
    fn beside(&self, _period: Period) -> Option<Vec<Box<dyn Facts + '_>>> {
        None
    }

    /// Those below the manager, or the one above, whose figures a name goes over; nobody of a group, which the board knows.
    fn others(&self, among: Among) -> Vec<Box<str>> {
        if among == Among::Led { self.profile().members.clone() } else { Vec::new() }
    }

    /// The total of one of them; nothing of who is not assessed or not scored.
    fn total_of(&self, _other: &str) -> Result<Option<Decimal>, Trouble> {
        Ok(None)
    }

    /// What the manager came to under another scheme in the periods that this one is made of, in the order of time; nothing of one in
    /// which the manager was not assessed, or nothing was to be paid.
    fn results(&self, scheme: &str, _what: &Scored) -> Result<Vec<(Period, Decimal)>, Message> {
        Err(msg!(score::NO_RESULTS, scheme = scheme))
    }

    /// The first day the scheme is in force, as far as is known.
    fn begins(&self) -> Option<NaiveDate> {
        None
    }

    /// Whether no policy of the scheme was for the manager in an earlier period.
    fn is_outside(&self, _period: Period) -> bool {
        false
    }

    /// Whether an earlier period has figures and was left open.
    fn is_open(&self, _period: Period) -> bool {
        false
    }

    /// Deferred pay of earlier periods that falls due in this one; only tests state it, a book's ledger has what is released.
    fn falling_due(&self) -> &[(Period, Decimal)] {
        &[]
    }

    /// Amounts taken earlier, in case order, with what is settled of them; only tests state what is settled, a book's ledger states
    /// the amounts that are given back.
    fn ledger(&self) -> &[LedgerEntry] {
        &[]
    }
}
