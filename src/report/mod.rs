//! What a book says, as tables: its records row by row, the whole picture of one, and what is owed.
//!
//! A report is a pure function of the book and its arguments that gives [`Table`](crate::table::Table)s; it says what a value
//! is and leaves how it looks to [`crate::render`]. To add a report: one file here; what two reports share goes through this
//! module.

pub mod chain;
mod changes;
mod columns;
mod due;
pub mod explain;
mod list;
pub mod policy;
pub mod practice;
pub mod scorecard;
mod settle;
mod show;

pub use changes::changes;
use columns::holds_answers;
pub use columns::{Personal, Sheet, Spec, Unknown, sheet, sheets, tables};
pub use due::{Duty, DutyKind, duties, duty_table, owed_by_leaver};
pub use list::{ListRequest, list};
pub use show::{Page, show};

use columns::{entries, said};
use practice::{Input, Only, named};
use settle::{Settle, entry, quoted, reference, settle_step};

use crate::msg;
use crate::score::Standing;
use crate::table::Cell;
use crate::text::scorecard as say;

/// How an item came to its score, in a word; the reason where there is one.
fn standing(standing: &Standing) -> Cell {
    match standing {
        Standing::Scored => Cell::Said { key: "scored", text: say::SCORED },
        Standing::NotApplicable => Cell::Said { key: "not-applicable", text: say::NOT_APPLICABLE },
        Standing::Substituted(reason) => msg!(say::SUBSTITUTED, reason = reason.clone()).into(),
        Standing::Skipped(reason) => msg!(say::SKIPPED, reason = reason.clone()).into(),
        Standing::Failed(reason) => msg!(say::FAILED, reason = reason.clone()).into(),
    }
}
