//! Days and periods as people type them: `yesterday`, `last friday`, `3 days ago`, `last-month`, `2026-07..2026-09`.
//!
//! Only arguments are read this way; what is written to a file is always ISO. Today is given, never asked for.

use chrono::{Datelike, NaiveDate, TimeDelta, Weekday};

use crate::period::{Grain, Month, Months, Period};
use crate::typed::narrow;

/// On which side of today a weekday named alone is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The last one: of what has happened.
    Back,
    /// The coming one: of what is due or planned.
    Ahead,
}

impl Side {
    /// Days to the nearest day on this side that is `days` away, weeks apart; none to today itself.
    fn days(self, days: i64) -> i64 {
        match self {
            Self::Back => -(-days).rem_euclid(7),
            Self::Ahead => days.rem_euclid(7),
        }
    }

    fn week(self) -> i64 {
        match self {
            Self::Back => -7,
            Self::Ahead => 7,
        }
    }
}

/// The day `text` means on the day `today`; a weekday is the last one.
pub fn day(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    day_on(text, today, Side::Back)
}

/// The day `text` means on the day `today`, a weekday on one side of it; today's is today.
pub fn day_on(text: &str, today: NaiveDate, side: Side) -> Option<NaiveDate> {
    let text = narrow(text).trim().to_lowercase();
    let named = match text.as_str() {
        "today" | "今天" | "今日" => Some(0),
        "yesterday" | "昨天" | "昨日" => Some(-1),
        "tomorrow" | "明天" | "明日" => Some(1),
        "前天" => Some(-2),
        "后天" => Some(2),
        "大前天" => Some(-3),
        "大后天" => Some(3),
        _ => weekday(&text, today, side).or_else(|| distance(&text)),
    };
    match named {
        Some(days) => today.checked_add_signed(TimeDelta::try_days(days)?),
        None => dated(&text, today),
    }
}

/// Days from `today` to a weekday: `friday` and 周五 are the last one up to today or the first one from today on, `last friday` the
/// one before today, `next friday` the one after it; 上周五, 本周五 and 下周五 count by weeks that begin on Monday, as they do in
/// Chinese.
fn weekday(text: &str, today: NaiveDate, side: Side) -> Option<i64> {
    let now = i64::from(today.weekday().num_days_from_monday());
    let (named, english_side) = match (text.strip_prefix("last "), text.strip_prefix("next ")) {
        (Some(rest), _) => (rest, Side::Back),
        (_, Some(rest)) => (rest, Side::Ahead),
        (None, None) => (text, side),
    };
    if let Some(weekday) = english(named) {
        let days = english_side.days(i64::from(weekday.num_days_from_monday()) - now);
        let whole_week = named != text && days == 0;
        return Some(if whole_week { english_side.week() } else { days });
    }
    let weeks = [("上上", -2), ("下下", 2), ("上", -1), ("下", 1), ("本", 0), ("这", 0)];
    let (weeks, rest) = weeks
        .into_iter()
        .find_map(|(word, weeks)| Some((Some(weeks), text.strip_prefix(word)?)))
        .unwrap_or((None, text));
    let rest = rest.strip_prefix('个').filter(|_| weeks.is_some()).unwrap_or(rest);
    let name = ["周", "星期", "礼拜"].into_iter().find_map(|word| rest.strip_prefix(word))?;
    let mut letters = name.chars();
    let (letter, None) = (letters.next()?, letters.next()) else { return None };
    let days = ["一1", "二2", "三3", "四4", "五5", "六6", "日天7"];
    let number = i64::try_from(days.iter().position(|names| names.contains(letter))?).ok()?;
    Some(match weeks {
        Some(weeks) => weeks * 7 + number - now,
        None => side.days(number - now),
    })
}

fn english(text: &str) -> Option<Weekday> {
    let known = text.len() >= 3 && text.chars().all(|c| c.is_ascii_alphabetic());
    known.then(|| text.parse().ok()).flatten()
}

/// Days that are counted: `3 days ago`, `in 10 days`, 3天前, 两周后.
fn distance(text: &str) -> Option<i64> {
    let (sign, rest) = match (text.strip_prefix("in "), text.strip_suffix(" ago")) {
        (Some(rest), _) => (1, rest),
        (_, Some(rest)) => (-1, rest),
        _ => match text.strip_suffix(['前', '后']) {
            Some(rest) => (
                if text.ends_with('前') { -1 } else { 1 },
                rest.trim_end_matches('以').trim_end_matches('之'),
            ),
            None => return None,
        },
    };
    let units = [
        ("days", 1),
        ("day", 1),
        ("weeks", 7),
        ("week", 7),
        ("天", 1),
        ("日", 1),
        ("个星期", 7),
        ("星期", 7),
        ("周", 7),
    ];
    let (count, days) =
        units.into_iter().find_map(|(unit, days)| Some((rest.strip_suffix(unit)?.trim(), days)))?;
    let chinese = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];
    let count = match count {
        "两" => 2,
        word => match chinese.iter().position(|known| *known == word) {
            Some(count) => i64::try_from(count).ok()?,
            None => word.parse::<u32>().ok()?.into(),
        },
    };
    count.checked_mul(days * sign)
}

/// A day by its date: `2026-11-20`, `2026/11/20`, `20261120`, 2026年11月20日; without a year, `11-20` is this year's.
fn dated(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    let plain = text.replace(['年', '月', '/', '.'], "-").replace(['日', '号', ' '], "");
    let parts: Vec<&str> = plain.split('-').collect();
    let is_digits = |part: &&str| !part.is_empty() && part.bytes().all(|it| it.is_ascii_digit());
    if !parts.iter().all(is_digits) {
        return None;
    }
    let (year, month, day) = match parts[..] {
        [whole] if whole.len() == 8 => (whole[..4].parse().ok()?, &whole[4..6], &whole[6..]),
        [month, day] if month.len() <= 2 => (today.year(), month, day),
        [year, month, day] if year.len() == 4 => (year.parse().ok()?, month, day),
        _ => return None,
    };
    let year = Some(year).filter(|year| (1900..=9999).contains(year))?;
    NaiveDate::from_ymd_opt(year, month.parse().ok()?, day.parse().ok()?)
}

/// The periods `text` means on the day `today`: one, or a run of one grain from `A..B`, both included.
pub fn periods(text: &str, today: NaiveDate) -> Option<Vec<Period>> {
    let Some((first, last)) = text.split_once("..").or_else(|| text.split_once('至')) else {
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
    let text = narrow(text).trim().to_lowercase();
    Some(match text.as_str() {
        "last-month" | "上月" | "上个月" => this(Grain::Month).plus(-1),
        "this-month" | "本月" | "这个月" => this(Grain::Month),
        "last-quarter" | "上季度" | "上季" => this(Grain::Quarter).plus(-1),
        "this-quarter" | "本季度" | "本季" => this(Grain::Quarter),
        "last-half" | "上半年度" => this(Grain::Half).plus(-1),
        "last-year" | "上年" | "去年" => this(Grain::Year).plus(-1),
        "this-year" | "本年" | "今年" => this(Grain::Year),
        other => match other.parse() {
            Ok(period) => period,
            Err(()) => chinese(other, today)?,
        },
    })
}

/// A period in Chinese: 2026年10月, 2026年三季度, 2026年上半年, 2026年; 10月 and 三季度 are this year's, 去年四季度 the last one's.
fn chinese(text: &str, today: NaiveDate) -> Option<Period> {
    let (year, rest) = match text
        .split_once('年')
        .filter(|(year, _)| !year.is_empty() && *year != "上半" && *year != "下半")
    {
        Some(("去" | "上", rest)) => (today.year() - 1, rest),
        Some(("今" | "本", rest)) => (today.year(), rest),
        Some((year, rest)) if year.len() == 4 => (year.parse().ok()?, rest),
        Some(_) => return None,
        None => (today.year(), text),
    };
    let of = |grain, month| Some(Period::containing(Month::new(year, month)?, grain));
    let rest = rest.trim().trim_start_matches('第').trim_end_matches('份');
    let number = |word: &str| match word {
        "一" => Some(1),
        "二" => Some(2),
        "三" => Some(3),
        "四" => Some(4),
        word => word.parse::<u32>().ok(),
    };
    match rest {
        "" | "度" | "全年" if text.contains('年') => return of(Grain::Year, 1),
        "上半年" => return of(Grain::Half, 1),
        "下半年" => return of(Grain::Half, 7),
        _ => {}
    }
    if let Some(quarter) = rest.strip_suffix("季度").or_else(|| rest.strip_suffix('季')) {
        let quarter = number(quarter).filter(|quarter| (1..=4).contains(quarter))?;
        return of(Grain::Quarter, quarter * 3 - 2);
    }
    let month = rest.strip_suffix('月')?;
    let words = ["十", "十一", "十二"].iter().position(|known| *known == month);
    let small =
        ["一", "二", "三", "四", "五", "六", "七", "八", "九"].iter().position(|known| *known == month);
    let month = match (small, words) {
        (Some(at), _) => u32::try_from(at + 1).ok()?,
        (_, Some(at)) => u32::try_from(at + 10).ok()?,
        _ => month.parse().ok()?,
    };
    of(Grain::Month, month)
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
            ("last friday", "2026-11-20"),
            ("next friday", "2026-11-27"),
            ("next tuesday", "2026-12-01"),
            ("3 days ago", "2026-11-21"),
            ("1 week ago", "2026-11-17"),
            ("in 10 days", "2026-12-04"),
            ("今日", "2026-11-24"),
            ("前天", "2026-11-22"),
            ("周五", "2026-11-20"),
            ("星期二", "2026-11-24"),
            ("上周五", "2026-11-20"),
            ("上周二", "2026-11-17"),
            ("上周日", "2026-11-22"),
            ("本周五", "2026-11-27"),
            ("下周三", "2026-12-02"),
            ("3天前", "2026-11-21"),
            ("两周后", "2026-12-08"),
            ("１１－２０", "2026-11-20"),
            ("11-20", "2026-11-20"),
            ("20261120", "2026-11-20"),
            ("11月20日", "2026-11-20"),
            ("2026.11.5", "2026-11-05"),
        ] {
            assert_eq!(on(text).as_deref(), Some(expected), "{text}");
        }
        for text in [
            "",
            "soon",
            "2026-02-30",
            "2026-13-01",
            "99999999999999999999 days ago",
            "tu",
            "11",
            "2026-11",
            "周八",
            "13月1日",
        ] {
            assert_eq!(on(text), None, "{text}");
        }
    }

    #[test]
    fn a_weekday_of_what_is_due_is_the_coming_one() {
        let on = |text: &str| day_on(text, TODAY.parse().unwrap(), Side::Ahead).map(|day| day.to_string());
        for (text, expected) in [
            ("friday", "2026-11-27"),
            ("tuesday", "2026-11-24"),
            ("last friday", "2026-11-20"),
            ("yesterday", "2026-11-23"),
        ] {
            assert_eq!(on(text).as_deref(), Some(expected), "{text}");
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
        assert_eq!(read("2026年10月").as_deref(), Some("2026-10"));
        assert_eq!(read("2026年三季度").as_deref(), Some("2026-Q3"));
        assert_eq!(read("2026年第3季度").as_deref(), Some("2026-Q3"));
        assert_eq!(read("2026年上半年").as_deref(), Some("2026-H1"));
        assert_eq!(read("去年四季度").as_deref(), Some("2025-Q4"));
        assert_eq!(read("下半年").as_deref(), Some("2026-H2"));
        assert_eq!(read("十一月").as_deref(), Some("2026-11"));
        assert_eq!(read("2026年").as_deref(), Some("2026"));
        assert_eq!(read("2026年10月至2026年11月").as_deref(), Some("2026-10 2026-11"));
        for text in [
            "2026-Q3..2026-11",
            "2026年五季度",
            "2026年13月",
            "26年3月",
            "年",
            "2026-09..2026-07",
            "..",
            "soon",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
