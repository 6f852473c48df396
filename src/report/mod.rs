//! What a book says, as tables: its records row by row, the whole picture of one, and what is owed.
//!
//! A report is a pure function of the book and its arguments that gives [`Table`](crate::table::Table)s; it says what a value
//! is and leaves how it looks to [`crate::render`]. To add a report: one file here; what two reports share goes through this
//! module.

pub mod chain;
mod columns;
mod due;
pub mod explain;
mod list;
pub mod policy;
pub mod practice;
pub mod scorecard;
mod settle;
mod show;

pub use columns::{Personal, Sheet, Spec, Unknown, sheet, sheets, tables};
pub use due::{Duty, DutyKind, duties, duty_table};
pub use list::{ListRequest, list};
pub use show::{Page, show};

use columns::{entries, said};
use practice::{Input, Only, named};
use settle::{Settle, by_id, quoted, reference};
