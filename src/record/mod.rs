//! The records of a book: one definition per kind, from which everything else is derived.

pub mod client;
pub mod conduct;
pub mod credit_code;
pub mod development;
pub mod facts;
pub mod fault;
pub mod figure;
pub mod kind;
pub mod manager;
pub mod market;
pub mod personal;
pub mod policy;
pub mod recover;
pub mod review;
pub mod risk;
pub mod rule;
pub mod schema;
pub mod scorecard;
pub mod settings;
pub mod shape;
pub mod span;
pub mod survey;
pub mod team;
pub mod tree;
pub mod value;
mod words;
pub mod workplace;
