//! Scoring: a policy and the facts of every manager it applies to, into scorecards.
//!
//! [`score`] makes the scorecards of one policy and period in one pass; [`facts::Facts`] is what it asks of the world;
//! [`card`] is what comes out, with its [`payslip`]. [`cases`] runs the `[[tests]]` a policy carries.

pub mod ahead;
mod answer;
pub mod apply;
mod around;
mod asked;
mod attribute;
mod awaited;
mod behind;
mod beyond;
pub mod blend;
mod board;
mod book;
pub mod card;
pub mod cases;
mod earlier;
pub mod elsewhere;
mod facts;
mod gate;
pub mod grades;
mod group;
pub mod held;
mod item;
pub mod lacking;
mod ledger;
pub mod low;
mod once;
mod order;
mod outcome;
mod outside;
mod partial;
mod parts;
mod past;
mod pay;
mod paying;
pub mod payslip;
pub mod places;
mod pool;
mod profile;
pub mod raise;
mod recorded;
pub mod released;
mod remembered;
pub mod returns;
mod round;
mod run;
pub mod sealed;
mod solitary;
mod split;
mod stated;
mod stint;
mod sums;
mod teams;
mod terms;
pub mod tie;
mod together;
pub mod total;
pub mod uncarried;
pub mod unjudged;
mod unmet;
mod variant;
mod weight;

use chrono::NaiveDate;

use crate::diag::{Finding, Rule};
use crate::metric::Portfolios;

pub use asked::{Asked, MARKS};
pub use book::{BookFacts, BookIndex};
pub use card::{ItemScore, ScoreError, Scorecard, Standing};
pub use facts::{
    Active, Ask, Each, Evidence, Facts, Known, LedgerEntry, Mark, Measured, Part, Past, Profile, RaterScore,
    Served, Source,
};
pub use profile::in_post;
pub use run::{Who, score};
pub use split::split;

/// Every rule about scorecards, pay and grades that `check` applies beside its own.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    let rules =
        [grades::RULES, lacking::RULES, uncarried::RULES, unjudged::RULES, returns::RULES, released::RULES];
    rules.into_iter().flatten().copied()
}

/// What is found of scorecards, pay and grades of a book.
pub fn findings(portfolios: &Portfolios<'_>, policies: &apply::Policies, today: NaiveDate) -> Vec<Finding> {
    let mut found = lacking::findings(portfolios, policies, today);
    found.extend(returns::findings(portfolios.book(), policies));
    found.extend(released::findings(portfolios.book(), policies));
    found.extend(low::findings(portfolios, policies, today));
    found.extend(held::findings(portfolios, policies, today));
    found.extend(grades::findings(portfolios, policies, today));
    found
}
