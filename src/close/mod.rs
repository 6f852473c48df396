//! Closing: the scorecards of a period frozen in the reviews, and whether they still stand.
//!
//! What is frozen of a figure is its value, target, score and points, and for every record behind it what that record
//! contributed, field by field, so that comments, order and formatting never matter. Frozen too are team
//! and places as they were published, and the entries of the ledger booked by then, each by one closing alone. `rmbook.toml` keeps for every closed
//! period how many scorecards there were, so that one that goes missing is noticed. From then on [`compare`] scores the closed
//! periods again and reports whatever would come out otherwise, naming record, field and manager. This shows tampering, it
//! does not prevent it: whoever may commit may close again.

use sha2::{Digest, Sha256};

use crate::book::Book;
use crate::edit::render::{self, Table, Value};
use crate::source::Sources;

mod card;
mod closing;
mod compare;
mod drift;
mod freeze;
mod gap;
mod inputs;
mod ledger;
mod pool;
pub mod rule;
mod words;

pub use closing::{closing, with_closing};
pub use compare::{Amending, compare, to_amend};
pub use freeze::{frozen, with_section};
pub use gap::unclosed_before;

/// The digest of what in a policy bears on a figure, whatever its comments, titles, order and formatting.
fn policy_digest(book: &Book, sources: &Sources, id: &str) -> String {
    let mut values = policy_values(book, sources, id);
    for key in ["tests", "until", "source"] {
        values.remove(key);
    }
    let mut values = toml::Value::Table(values);
    without_titles(&mut values);
    short(&values.to_string())
}

/// Whether a policy bears on figures as it did when a digest of it was frozen; earlier versions froze one of all its values.
fn is_same_policy(book: &Book, sources: &Sources, id: &str, frozen: &str) -> bool {
    frozen == policy_digest(book, sources, id)
        || frozen == short(&policy_values(book, sources, id).to_string())
}

/// A text with further lines at its end.
fn with_lines(text: &str, lines: impl IntoIterator<Item = String>) -> String {
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut written = text.trim_end().to_owned();
    for line in lines {
        written.push_str(newline);
        written.push_str(&line);
    }
    written.push_str(newline);
    written
}

fn policy_values(book: &Book, sources: &Sources, id: &str) -> toml::Table {
    let text = book.policies.get(id).map_or("", |policy| sources.get(policy.file).text.as_str());
    text.trim_start_matches('\u{feff}').parse().unwrap_or_default()
}

fn without_titles(value: &mut toml::Value) {
    match value {
        toml::Value::Table(table) => {
            table.remove("title");
            table.iter_mut().for_each(|(_, value)| without_titles(value));
        }
        toml::Value::Array(values) => values.iter_mut().for_each(without_titles),
        _ => {}
    }
}

/// The canonical text of a table, from which its digest is made.
fn canonical(table: &Table) -> String {
    render::inline(&Value::Table(table.clone()))
}

/// The first 16 hexadecimal digits of the SHA-256 of a text.
fn short(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
