//! The records of a book: one definition per kind, from which everything else is derived.

pub mod client;
pub mod figure;
pub mod recover;
pub mod risk;
pub mod span;
pub mod value;
