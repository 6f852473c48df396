//! Scoring: a policy and the facts of every manager it applies to, into scorecards.

pub mod facts;

pub use facts::{
    Active, Ask, Each, Evidence, Facts, Known, LedgerEntry, Mark, Measured, Part, Past, Profile, RaterScore,
    Source,
};
