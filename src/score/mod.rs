//! Scoring: a policy and the facts of every manager it applies to, into scorecards.

mod book;
pub mod facts;

pub use book::{Asked, BookFacts, in_post};
pub use facts::{
    Active, Ask, Each, Evidence, Facts, Known, LedgerEntry, Mark, Measured, Part, Past, Profile, RaterScore,
    Source,
};
