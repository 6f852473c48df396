//! The records of a book: one definition per kind, from which everything else is derived.

pub mod value;
