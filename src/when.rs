//! Days and periods as people type them: `yesterday`, `last friday`, `3 days ago`, `last-month`, `2026-07..2026-09`.
//!
//! Only arguments are read this way; what is written to a file is always ISO. Today is given, never asked for.

use chrono::{Datelike, Days, NaiveDate, Weekday};

use crate::period::{Grain, Month, Months, Period};

/// The day `text` means on the day `today`.
pub fn day(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    let text = text.trim().to_lowercase();
    let back = |days: u64| today.checked_sub_days(Days::new(days));
    match text.as_str() {
        "today" | "今天" => return Some(today),
        "yesterday" | "昨天" => return back(1),
        "tomorrow" | "明天" => return today.succ_opt(),
        _ => {}
    }
    if let Some(weekday) = weekday(text.strip_prefix("last ").unwrap_or(&text)) {
        let distance = u64::from(today.weekday().days_since(weekday));
        let whole_week = text.starts_with("last ") && distance == 0;
        return back(if whole_week { 7 } else { distance });
    }
    if let Some(number) = text.strip_suffix(" days ago").or_else(|| text.strip_suffix(" day ago")) {
        return back(number.parse().ok()?);
    }
    if let Some(number) = text.strip_prefix("in ").and_then(|rest| rest.strip_suffix(" days")) {
        return today.checked_add_days(Days::new(number.parse().ok()?));
    }
    if let Some(number) = text.strip_suffix(" weeks ago").or_else(|| text.strip_suffix(" week ago")) {
        return back(number.parse::<u64>().ok()?.checked_mul(7)?);
    }
    let chinese = text.replace(['年', '月'], "-").replace('日', "");
    let slashes = chinese.replace('/', "-");
    NaiveDate::parse_from_str(&slashes, "%Y-%m-%d").ok().filter(|day| (1900..=9999).contains(&day.year()))
}

fn weekday(text: &str) -> Option<Weekday> {
    let known = text.len() >= 3 && text.chars().all(|c| c.is_ascii_alphabetic());
    known.then(|| text.parse().ok()).flatten()
}

/// The periods `text` means on the day `today`: one, or a run of one grain from `A..B`, both included.
pub fn periods(text: &str, today: NaiveDate) -> Option<Vec<Period>> {
    let Some((first, last)) = text.split_once("..") else {
        return Some(vec![period(text, today)?]);
    };
    let (first, last) = (period(first, today)?, period(last, today)?);
    if first.grain() != last.grain() || last < first {
        return None;
    }
    Some(std::iter::successors(Some(first), |period| (*period < last).then(|| period.plus(1))).collect())
}

/// The months `text` means on the day `today`: those of a period, or of a run of periods.
pub fn months(text: &str, today: NaiveDate) -> Option<Months> {
    let periods = periods(text, today)?;
    Some(Months { first: periods.first()?.first(), last: periods.last()?.last() })
}

/// The one period `text` means on the day `today`.
pub fn period(text: &str, today: NaiveDate) -> Option<Period> {
    let this = |grain| Period::containing(Month::of(today), grain);
    Some(match text.trim().to_lowercase().as_str() {
        "last-month" | "上月" => this(Grain::Month).plus(-1),
        "this-month" | "本月" => this(Grain::Month),
        "last-quarter" | "上季度" => this(Grain::Quarter).plus(-1),
        "this-quarter" | "本季度" => this(Grain::Quarter),
        "last-half" | "上半年度" => this(Grain::Half).plus(-1),
        "last-year" | "上年" => this(Grain::Year).plus(-1),
        "this-year" | "本年" => this(Grain::Year),
        other => other.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A Tuesday.
    const TODAY: &str = "2026-11-24";

    fn on(text: &str) -> Option<String> {
        day(text, TODAY.parse().unwrap()).map(|day| day.to_string())
    }

    #[test]
    fn days_are_read_as_people_say_them() {
        for (text, expected) in [
            ("2026-03-01", "2026-03-01"),
            ("2026/3/1", "2026-03-01"),
            ("2026年3月1日", "2026-03-01"),
            ("today", "2026-11-24"),
            ("Yesterday", "2026-11-23"),
            ("tomorrow", "2026-11-25"),
            ("friday", "2026-11-20"),
            ("tuesday", "2026-11-24"),
            ("last tuesday", "2026-11-17"),
            ("3 days ago", "2026-11-21"),
            ("1 week ago", "2026-11-17"),
            ("in 10 days", "2026-12-04"),
        ] {
            assert_eq!(on(text).as_deref(), Some(expected), "{text}");
        }
        for text in ["", "soon", "2026-02-30", "2026-13-01", "99999999999999999999 days ago", "tu"] {
            assert_eq!(on(text), None, "{text}");
        }
    }

    #[test]
    fn periods_are_read_one_by_one_and_in_runs() {
        let read = |text: &str| {
            periods(text, TODAY.parse().unwrap())
                .map(|all| all.iter().map(Period::to_string).collect::<Vec<_>>().join(" "))
        };
        assert_eq!(read("last-month").as_deref(), Some("2026-10"));
        assert_eq!(read("2026-11..2027-01").as_deref(), Some("2026-11 2026-12 2027-01"));
        assert_eq!(read("2026Q3..2026-Q4").as_deref(), Some("2026-Q3 2026-Q4"));
        for text in ["2026-Q3..2026-11", "2026-09..2026-07", "..", "soon"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
