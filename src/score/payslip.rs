//! What is paid for a period, line by line: from the lines of a policy to what is paid now.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::card::Figure;
use super::facts::Evidence;
use super::terms::Terms;
use crate::period::Period;
use crate::policy::curve::Filled;
use crate::record::scorecard::LedgerKind;
use crate::text::Message;

/// A pay line that is left out because a figure is missing.
#[derive(Clone, Debug, PartialEq)]
pub struct SkippedLine {
    /// Its id.
    pub id: Arc<str>,
    /// What people call it.
    pub title: Arc<str>,
    /// The figures it took.
    pub figures: Vec<Figure>,
    /// What is missing.
    pub reason: Message,
}

/// One line of pay.
#[derive(Clone, Debug, PartialEq)]
pub struct LineAmount {
    /// Its id.
    pub id: Arc<str>,
    /// What people call it.
    pub title: Arc<str>,
    /// The figures it took.
    pub figures: Vec<Figure>,
    /// What it did with them.
    pub steps: Vec<Filled>,
    /// Why it counts as zero, where a figure is missing.
    pub missing: Option<Message>,
    /// Before bounds and rounding.
    pub exact: Decimal,
    /// As paid.
    pub amount: Decimal,
    /// Whether it is a share of a pool, added after the gates.
    pub pool: bool,
    /// What everybody who shares the pool puts in for it, in id order.
    pub claims: Arc<[(Box<str>, Decimal)]>,
    /// Whether gates act on it.
    pub gated: bool,
    /// Whether it is part of what is paid; otherwise others read it.
    pub paid: bool,
}

/// What is given back of an amount taken earlier.
#[derive(Clone, Debug, PartialEq)]
pub struct Returned {
    /// The case.
    pub case: Box<str>,
    /// What was taken then.
    pub taken: Decimal,
    /// The part of the case that is settled now.
    pub settled: Decimal,
    /// The part of what was taken that a settled case gives back.
    pub share: Decimal,
    /// What is given back now.
    pub amount: Decimal,
    /// The record of the entry.
    pub evidence: Vec<Evidence>,
}

/// What becomes of an instalment of deferred pay that falls due.
#[derive(Clone, Debug, PartialEq)]
pub struct Released {
    /// The period it was earned in.
    pub period: Period,
    /// What was deferred.
    pub deferred: Decimal,
    /// The part of it that the result releases.
    pub part: Decimal,
    /// What is paid out; the rest is forfeited.
    pub amount: Decimal,
}

/// What an entry of the ledger does to what is paid now.
#[derive(Clone, Debug, PartialEq)]
pub struct Booked {
    /// What kind of entry.
    pub kind: LedgerKind,
    /// Its case.
    pub case: Option<Box<str>>,
    /// What it adds to the pay; negative where it takes.
    pub amount: Decimal,
    /// The record of the entry.
    pub evidence: Vec<Evidence>,
}

/// Pay from its lines to what is paid now.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PayResult {
    /// The lines.
    pub lines: Vec<LineAmount>,
    /// The figures of what bounds, advances and defers their sum.
    pub figures: Vec<Figure>,
    /// Sum of the lines without pools.
    pub sum: Decimal,
    /// Within floor and ceiling.
    pub bounded: Decimal,
    /// Product of gates, vetoes and time in post.
    pub factor: Decimal,
    /// After the factor, on the lines it acts on.
    pub gated: Decimal,
    /// Within floor and ceiling where those come after the gates.
    pub floored: Decimal,
    /// Shares of pools.
    pub pools: Decimal,
    /// Paid in advance.
    pub advance: Decimal,
    /// Pay, rounded.
    pub total: Decimal,
    /// Deferred part.
    pub deferred: Decimal,
    /// When it is paid, year by year.
    pub schedule: Vec<Decimal>,
    /// Given back of what was taken earlier.
    pub returned: Vec<Returned>,
    /// Instalments of earlier pay that fall due, which are no part of what this period pays.
    pub released: Vec<Released>,
    /// Held back, advanced, clawed back and given back by entries of the ledger.
    pub booked: Vec<Booked>,
    /// Paid now: the total less what is deferred, held back, advanced and clawed back, with what is given back.
    pub now: Decimal,
    /// What makes the total of the lines; nothing where it was put together from several.
    pub terms: Option<Terms>,
}

impl PayResult {
    /// The lines that are paid: those of pools, or the others.
    pub fn paid(&self, pool: bool) -> impl Iterator<Item = &LineAmount> {
        self.lines.iter().filter(move |line| line.paid && line.pool == pool)
    }

    /// The pay, rounded, were the shares of pools these.
    pub fn with_pools(&self, pools: Decimal) -> Decimal {
        match &self.terms {
            Some(terms) => terms.paid(self.sum, pools).total,
            None => (self.total - self.pools + pools).normalize(),
        }
    }

    /// Whether a line of this name is part of what is paid.
    pub fn pays_line(&self, id: &str) -> bool {
        self.lines.iter().any(|line| line.paid && *line.id == *id)
    }
}
