//! What a book is asked beside what its records say.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

/// What leads the item of a mark that is supposed.
pub const MARKS: &str = "marks.";

/// How a book is asked: beyond its records.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Whether figures name the records behind them.
    pub evidence: bool,
    /// Figures given instead of the book's, by their written form: `targets.deposits`; marks by [`MARKS`] and their item.
    pub instead: BTreeMap<String, Decimal>,
    /// The manager they are given for; without one, everybody.
    pub instead_for: Option<String>,
    /// A manager and the grade supposed in place of the manager's own.
    pub grade: Option<(String, String)>,
}

impl Asked {
    /// What is supposed of a manager under a name.
    pub(super) fn supposed(&self, manager: &str, name: impl FnOnce() -> String) -> Option<Decimal> {
        let concerned = self.instead_for.as_deref().is_none_or(|only| only == manager);
        let given = concerned && !self.instead.is_empty();
        given.then(|| self.instead.get(&name()).copied()).flatten()
    }

    /// Whether nothing is supposed that the book does not say.
    pub fn is_plain(&self) -> bool {
        self.instead.is_empty() && self.grade.is_none()
    }
}
