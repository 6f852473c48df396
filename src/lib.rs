//! rmbook: a bank's relationship managers in a folder of TOML files.
//!
//! Data goes one way, and the source reads in this order:
//!
//! ```text
//! folder or git revision ─store→ texts ─record→ typed records ─book→ Book ─┬─ check ──→ findings ─┐
//!                                                                          └─ metric → score → report → Table ─┤
//!                                                                                             render → text csv json …
//! arguments ─edit→ new text ─store→ folder
//! ```
//!
//! What holds everywhere:
//!
//! - A module uses only what stands before it in the list below; `tests/it/tidy.rs` keeps it so.
//! - Loading gives a book *and* findings, never just an error. Findings are about the data; errors are about the run.
//! - Nothing below `commands` reads the clock or the environment; nothing outside `store` touches the disk; nothing but
//!   `main` prints.
//! - Numbers are decimals, rounded only where a policy says so. The same book and arguments give the same bytes.
//! - A value knows the records it came from.

#[cfg(test)]
pub(crate) mod property;

pub mod text;

pub mod failure;

pub mod source;

pub mod diag;

pub mod period;

pub mod typed;

pub mod when;

pub mod record;

pub mod table;

pub mod book;

pub mod check;

pub mod metric;

pub mod policy;

pub mod score;

pub mod report;

pub mod render;

pub mod edit;

pub mod close;

pub mod draft;

pub mod fix;

pub mod import;

pub mod store;

pub mod commands;
