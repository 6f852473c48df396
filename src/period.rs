//! Months and the periods built from them.
//!
//! A period is a whole month, quarter, half-year or year; it is written `2026-10`, `2026-Q3`, `2026-H1`, `2026`, and read
//! without the hyphen too. Days are only ever taken from the calendar, never from a clock.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};

/// A calendar month between 1900 and 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(i32);

impl Month {
    /// The month `month` (1 to 12) of `year`.
    pub fn new(year: i32, month: u32) -> Option<Self> {
        let valid = (1900..=9999).contains(&year) && (1..=12).contains(&month);
        valid.then(|| Self(year * 12 + month as i32 - 1))
    }

    /// The month a day lies in.
    pub fn of(day: NaiveDate) -> Self {
        Self(day.year() * 12 + day.month0() as i32)
    }

    /// Its year.
    pub fn year(self) -> i32 {
        self.0.div_euclid(12)
    }

    /// Its number in the year, 1 to 12.
    pub fn number(self) -> u32 {
        self.0.rem_euclid(12) as u32 + 1
    }

    /// The month `months` later, or earlier when negative.
    #[must_use]
    pub fn plus(self, months: i32) -> Self {
        Self(self.0 + months)
    }

    /// How many months later than `earlier` it is.
    pub fn since(self, earlier: Self) -> i32 {
        self.0 - earlier.0
    }

    /// The first day.
    pub fn first_day(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year(), self.number(), 1).expect("a month in range has a first day")
    }

    /// The last day.
    pub fn last_day(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year(), self.number(), self.days())
            .expect("a month in range has a last day")
    }

    /// How many days it has.
    pub fn days(self) -> u32 {
        let year = self.year();
        match self.number() {
            2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.number())
    }
}

impl FromStr for Month {
    type Err = ();

    /// Reads `2026-10`, exactly so.
    fn from_str(text: &str) -> Result<Self, ()> {
        let (year, month) = text.split_once('-').ok_or(())?;
        let digits = |part: &str, count| part.len() == count && part.bytes().all(|b| b.is_ascii_digit());
        if !digits(year, 4) || !digits(month, 2) {
            return Err(());
        }
        Self::new(year.parse().map_err(|_| ())?, month.parse().map_err(|_| ())?).ok_or(())
    }
}

/// How long a period is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grain {
    /// One month.
    Month,
    /// Three.
    Quarter,
    /// Six.
    Half,
    /// Twelve.
    Year,
}

impl Grain {
    /// Months in a period of this grain.
    pub fn months(self) -> i32 {
        match self {
            Self::Month => 1,
            Self::Quarter => 3,
            Self::Half => 6,
            Self::Year => 12,
        }
    }
}

/// A whole month, quarter, half-year or year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    first: Month,
    grain: Grain,
}

impl Period {
    /// The period of `grain` that `month` lies in.
    pub fn containing(month: Month, grain: Grain) -> Self {
        let offset = (month.number() as i32 - 1) % grain.months();
        Self { first: month.plus(-offset), grain }
    }

    /// How long it is.
    pub fn grain(self) -> Grain {
        self.grain
    }

    /// Its first month.
    pub fn first(self) -> Month {
        self.first
    }

    /// Its last month.
    pub fn last(self) -> Month {
        self.first.plus(self.grain.months() - 1)
    }

    /// Its months in order.
    pub fn months(self) -> Months {
        Months { first: self.first, last: self.last() }
    }

    /// Its first day.
    pub fn first_day(self) -> NaiveDate {
        self.first.first_day()
    }

    /// Its last day.
    pub fn last_day(self) -> NaiveDate {
        self.last().last_day()
    }

    /// Whether `day` lies in it.
    pub fn contains(self, day: NaiveDate) -> bool {
        (self.first_day()..=self.last_day()).contains(&day)
    }

    /// The period of the same grain `periods` later, or earlier when negative.
    #[must_use]
    pub fn plus(self, periods: i32) -> Self {
        Self { first: self.first.plus(periods * self.grain.months()), grain: self.grain }
    }

    /// The period of exactly these months, where they make one.
    pub fn over(months: Months) -> Option<Self> {
        let grains = [Grain::Month, Grain::Quarter, Grain::Half, Grain::Year].into_iter();
        grains.map(|grain| Self::containing(months.first, grain)).find(|period| period.months() == months)
    }

    /// Its number in the year, from 1.
    pub fn number(self) -> u32 {
        (self.first.number() - 1) / self.grain.months() as u32 + 1
    }
}

impl From<Month> for Period {
    fn from(month: Month) -> Self {
        Self { first: month, grain: Grain::Month }
    }
}

impl From<Period> for Months {
    fn from(period: Period) -> Self {
        period.months()
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let year = self.first.year();
        match self.grain {
            Grain::Month => write!(f, "{}", self.first),
            Grain::Quarter => write!(f, "{year:04}-Q{}", self.number()),
            Grain::Half => write!(f, "{year:04}-H{}", self.number()),
            Grain::Year => write!(f, "{year:04}"),
        }
    }
}

impl FromStr for Period {
    type Err = ();

    /// Reads `2026-10`, `2026Q3`, `2026-Q3`, `2026H1`, `2026-H1` and `2026`.
    fn from_str(text: &str) -> Result<Self, ()> {
        if let Ok(month) = text.parse::<Month>() {
            return Ok(month.into());
        }
        let year = text.get(..4).filter(|year| year.bytes().all(|b| b.is_ascii_digit())).ok_or(())?;
        let year: i32 = year.parse().map_err(|_| ())?;
        let rest = &text[4..];
        let rest = rest.strip_prefix('-').filter(|rest| !rest.is_empty()).unwrap_or(rest);
        let (grain, first) = match rest.to_ascii_uppercase().as_str() {
            "" => (Grain::Year, 1),
            "Q1" => (Grain::Quarter, 1),
            "Q2" => (Grain::Quarter, 4),
            "Q3" => (Grain::Quarter, 7),
            "Q4" => (Grain::Quarter, 10),
            "H1" => (Grain::Half, 1),
            "H2" => (Grain::Half, 7),
            _ => return Err(()),
        };
        Ok(Self { first: Month::new(year, first).ok_or(())?, grain })
    }
}

/// A run of months, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Months {
    /// The first month.
    pub first: Month,
    /// The last month; before `first`, the run is empty.
    pub last: Month,
}

/// As the period they make, `2026-Q3`, or as a run, `2026-07..2026-10`.
impl fmt::Display for Months {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match Period::over(*self) {
            Some(period) => period.fmt(f),
            None => write!(f, "{}..{}", self.first, self.last),
        }
    }
}

impl Months {
    /// The months in order.
    pub fn iter(self) -> impl DoubleEndedIterator<Item = Month> + Clone {
        (self.first.0..=self.last.0).map(Month)
    }

    /// Whether `month` is one of them.
    pub fn contains(self, month: Month) -> bool {
        (self.first..=self.last).contains(&month)
    }

    /// The first day of the first month.
    pub fn first_day(self) -> NaiveDate {
        self.first.first_day()
    }

    /// The last day of the last month.
    pub fn last_day(self) -> NaiveDate {
        self.last.last_day()
    }

    /// The day they are judged by: the last, or where they are not over the last one known; without one they are taken to be over.
    pub fn as_of(self, today: Option<NaiveDate>) -> NaiveDate {
        today.map_or(self.last_day(), |today| today.min(self.last_day()))
    }

    /// Calendar days in all of them.
    pub fn days(self) -> u32 {
        self.iter().map(Month::days).sum()
    }
}

/// Whole months from `from` to the end of `day`: 15 January to 14 March are two.
pub fn whole_months(from: NaiveDate, day: NaiveDate) -> u32 {
    let after = day.succ_opt().unwrap_or(day);
    let months = Month::of(after).since(Month::of(from)) - i32::from(after.day() < from.day());
    months.max(0).unsigned_abs()
}

/// The first day of the `months` that end with `day`: the twelve to 31 December begin on 1 January, whatever their number of days.
pub fn first_of_months_to(day: NaiveDate, months: u32) -> NaiveDate {
    let after = day.succ_opt().unwrap_or(day);
    let first = after.checked_sub_months(chrono::Months::new(months)).unwrap_or(NaiveDate::MIN);
    // Where that month has no such day, they begin with the next one.
    if first.day() < after.day() { first.succ_opt().unwrap_or(first) } else { first }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_are_read_and_one_is_written() {
        for (text, written) in [
            ("2026-10", "2026-10"),
            ("2026Q3", "2026-Q3"),
            ("2026-q3", "2026-Q3"),
            ("2026H1", "2026-H1"),
            ("2026", "2026"),
        ] {
            assert_eq!(
                text.parse::<Period>().map(|period| period.to_string()),
                Ok(written.to_owned()),
                "{text}"
            );
        }
        for text in [
            "",
            "2026-",
            "2026-13",
            "2026-00",
            "2026-1",
            "26-10",
            "2026Q5",
            "2026-10-01",
            "二〇二六",
            "2026-10 ",
        ] {
            assert_eq!(text.parse::<Period>(), Err(()), "{text}");
        }
    }

    #[test]
    fn february_has_29_days_in_a_leap_year_only() {
        assert_eq!(Month::new(2024, 2).unwrap().days(), 29);
        assert_eq!(Month::new(2100, 2).unwrap().days(), 28);
        assert_eq!("2024-Q1".parse::<Period>().unwrap().months().days(), 31 + 29 + 31);
    }

    #[test]
    fn a_period_knows_its_neighbours() {
        let quarter: Period = "2026-Q1".parse().unwrap();
        assert_eq!(quarter.plus(-1).to_string(), "2025-Q4");
        assert_eq!(quarter.last().to_string(), "2026-03");
        assert_eq!(Period::containing("2026-08".parse().unwrap(), Grain::Half).to_string(), "2026-H2");
        assert_eq!("2026-03".parse::<Month>().unwrap().since("2025-12".parse().unwrap()), 3);
    }

    #[test]
    fn months_to_a_day_are_calendar_months_with_and_without_a_29_february() {
        let first = |day: &str, months| first_of_months_to(day.parse().unwrap(), months).to_string();
        for (day, months, expected) in [
            ("2024-12-31", 12, "2024-01-01"),
            ("2025-12-31", 12, "2025-01-01"),
            ("2024-03-31", 12, "2023-04-01"),
            ("2024-11-24", 12, "2023-11-25"),
            ("2024-02-29", 12, "2023-03-01"),
            ("2024-02-28", 12, "2023-03-01"),
            ("2025-02-28", 12, "2024-03-01"),
            ("2024-09-30", 6, "2024-04-01"),
            ("2024-08-31", 6, "2024-03-01"),
            ("2024-08-30", 6, "2024-03-01"),
        ] {
            assert_eq!(first(day, months), expected, "{day}");
        }
    }

    #[test]
    fn months_in_post_are_whole_months() {
        let months = |from: &str, to: &str| whole_months(from.parse().unwrap(), to.parse().unwrap());
        assert_eq!(months("2026-01-01", "2026-01-31"), 1);
        assert_eq!(months("2026-01-15", "2026-03-14"), 2);
        assert_eq!(months("2026-01-15", "2026-03-13"), 1);
        assert_eq!(months("2026-05-01", "2026-01-31"), 0);
    }
}
