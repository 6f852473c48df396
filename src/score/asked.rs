//! What a book is asked beside what its records say.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

/// How a book is asked: beyond its records.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Whether figures name the records behind them.
    pub evidence: bool,
    /// Figures given instead of the book's, by their written form: `targets.deposits`.
    pub instead: BTreeMap<String, Decimal>,
    /// The manager they are given for; without one, everybody.
    pub instead_for: Option<String>,
    /// A manager and the grade supposed in place of the manager's own.
    pub grade: Option<(String, String)>,
}

impl Asked {
    /// Whether nothing is supposed that the book does not say.
    pub fn is_plain(&self) -> bool {
        self.instead.is_empty() && self.grade.is_none()
    }
}
