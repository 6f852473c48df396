//! Working days and limits, from the calendar of the settings.

use std::collections::BTreeSet;

use chrono::{Datelike, Days, NaiveDate, Weekday};

use crate::record::settings::{DayCount, Limit, Settings};
use crate::record::value::Year;

/// The book's working days.
#[derive(Clone, Debug)]
pub struct WorkingDays {
    holidays: BTreeSet<NaiveDate>,
    workdays: BTreeSet<NaiveDate>,
    years: BTreeSet<i32>,
}

impl WorkingDays {
    /// From the calendar of the settings.
    pub fn new(settings: &Settings) -> Self {
        let calendars = || settings.calendar.values();
        Self {
            holidays: calendars().flat_map(|calendar| calendar.holidays.iter().map(|day| day.0)).collect(),
            workdays: calendars().flat_map(|calendar| calendar.workdays.iter().map(|day| day.0)).collect(),
            years: settings.calendar.keys().map(|Year(year)| *year).collect(),
        }
    }

    /// Whether the calendar lists the year of a day; without it only weekends are days off.
    pub fn knows(&self, day: NaiveDate) -> bool {
        self.years.contains(&day.year())
    }

    /// Whether a day is a working day.
    pub fn is_working(&self, day: NaiveDate) -> bool {
        let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        self.workdays.contains(&day) || !weekend && !self.holidays.contains(&day)
    }

    /// The last day of a limit that starts with `from` as day 0.
    pub fn deadline(&self, from: NaiveDate, limit: Limit) -> NaiveDate {
        match limit.count {
            DayCount::Natural => {
                from.checked_add_days(Days::new(limit.days.into())).unwrap_or(NaiveDate::MAX)
            }
            DayCount::Working => {
                let after = from.iter_days().skip(1).filter(|day| self.is_working(*day));
                after.take(limit.days as usize).last().unwrap_or(from)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn working_days_skip_holidays_and_take_make_up_days() {
        let settings =
            "name = 'x'\n[calendar]\n2026 = { holidays = [2026-10-01, 2026-10-02], workdays = [2026-09-27] }";
        let days = WorkingDays::new(&toml::from_str(settings).unwrap());
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let deadline = |from, days_, count| days.deadline(day(from), Limit { days: days_, count });
        // Friday 25 September: Sunday 27 is made up, Thursday and Friday are holidays, the weekend follows.
        assert_eq!(deadline("2026-09-25", 1, DayCount::Working), day("2026-09-27"));
        assert_eq!(deadline("2026-09-30", 1, DayCount::Working), day("2026-10-05"));
        assert_eq!(deadline("2026-09-30", 15, DayCount::Natural), day("2026-10-15"));
        assert_eq!(deadline("2026-09-30", 0, DayCount::Working), day("2026-09-30"));
        assert!(days.knows(day("2026-01-01")) && !days.knows(day("2027-01-01")));
    }
}
