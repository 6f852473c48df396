//! When something is owed: every deadline a record implies, defined once for `due`, `show` and the checks.
//!
//! Pure functions over records, settings and the calendar. Each answers `None` where nothing is owed: it is done, called off, or
//! the record lacks the day it would count from. To add a deadline: one method in the file of its record.

use chrono::{Days, Months, NaiveDate};

use super::calendar::WorkingDays;
use crate::record::settings::Settings;

mod checks;
mod client;
mod credit;
mod lead;
mod people;

pub use checks::{DueCheck, DueOf};
pub use client::{AskedOfHead, Flaw, Step, complaint_on, is_seen, last_visit, made, made_at, open_plans};
pub use credit::{Alarm, drawn_unseen, looks_at, unchecked_alarms};
pub use lead::may_talk;

/// The rules deadlines follow: the limits of the settings and the book's working days.
#[derive(Clone, Debug)]
pub struct Deadlines<'b> {
    settings: &'b Settings,
    days: WorkingDays,
}

impl<'b> Deadlines<'b> {
    /// The rules of a book.
    pub fn new(settings: &'b Settings) -> Self {
        Self { settings, days: WorkingDays::new(settings) }
    }
}

/// The day `days` natural days later.
fn after(day: NaiveDate, days: u32) -> NaiveDate {
    day.checked_add_days(Days::new(days.into())).unwrap_or(NaiveDate::MAX)
}

/// The day `days` natural days earlier.
fn before(day: NaiveDate, days: u32) -> NaiveDate {
    day.checked_sub_days(Days::new(days.into())).unwrap_or(NaiveDate::MIN)
}

/// The same day `months` later, or the last of that month where it has no such day.
pub fn months_after(day: NaiveDate, months: u32) -> NaiveDate {
    day.checked_add_months(Months::new(months)).unwrap_or(NaiveDate::MAX)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use crate::record::client::Client;
    use crate::record::settings::Settings;

    pub(super) fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// Settings with the defaults.
    pub(super) fn settings() -> Settings {
        toml::from_str("name = '测试支行'").unwrap()
    }

    /// A key client with whatever else `text` says of it.
    pub(super) fn client(text: &str) -> Client {
        let head = "name = '华东精密'\ntier = 'key'\nmanager = 'wang-fang'\nstatus = 'active'\n";
        toml::from_str(&format!("{head}{text}")).unwrap()
    }
}
