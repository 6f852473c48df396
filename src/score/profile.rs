//! Who a manager is in a period: grade, role and team of its last day, months in post, and how much of it was served.

use chrono::NaiveDate;

use super::facts::{Active, Profile};
use crate::book::{Book, Record};
use crate::period::{Month, Months, Period, whole_months};
use crate::policy::expr::Among;
use crate::record::manager::Manager;

/// The managers a period can be scored for: in post on at least one of its days, in id order.
pub fn in_post(book: &Book, period: Period) -> impl Iterator<Item = &Record<Manager>> {
    let (first, last) = (period.first_day(), period.last_day());
    book.managers.iter().filter(move |manager| manager.data.employed_within(first, last))
}

/// Who a manager is at the end of a period.
pub(super) fn profile(book: &Book, manager: &Record<Manager>, period: Period) -> Profile {
    profile_on(book, manager, period.months(), period.last_day())
}

/// Who a manager is over some months, with the grade, role and team of `day`.
pub(super) fn profile_on(book: &Book, manager: &Record<Manager>, months: Months, day: NaiveDate) -> Profile {
    let record = &manager.data;
    let end = record.left.map_or(day, |left| left.0.min(day));
    let grade = record.grade_on(end).map(String::as_str);
    let role = record.role_on(end).map(String::as_str);
    let team = record.team_on(end).map(|team| &**team);
    let of_team = || book.teams.get(team?)?.data.branch.as_deref();
    let branch = record.branch_on(end).map(String::as_str).or_else(of_team);
    Profile {
        id: manager.id.clone(),
        grade: grade.map(Into::into),
        role: role.map(Into::into),
        team: team.map(Into::into),
        branch: branch.map(Into::into),
        months: record.joined.map(|joined| whole_months(joined.0, end)),
        grade_months: record.grade_since_on(end).map(|since| whole_months(since, end)),
        risk_taker: record.risk_taker_on(end),
        active: active(record, months),
        members: members(book, &manager.id, end),
        day: Some(end),
    }
}

/// The managers who were on `day` in the teams that somebody led then.
fn members(book: &Book, lead: &str, day: NaiveDate) -> Vec<Box<str>> {
    let led = book.teams.iter().filter(|team| team.data.lead_on(day).is_some_and(|then| **then == *lead));
    let led: Vec<&str> = led.map(|team| team.id.as_ref()).collect();
    if led.is_empty() {
        return Vec::new();
    }
    let members = book.managers.iter().filter(|member| {
        *member.id != *lead && member.data.counted_to(day).is_some_and(|team| led.contains(&&**team))
    });
    members.map(|member| member.id.clone()).collect()
}

/// Those below a manager, or the one above, on the day that the profile is of.
pub(super) fn others(
    book: &Book,
    manager: &Record<Manager>,
    profile: &Profile,
    among: Among,
) -> Vec<Box<str>> {
    let day = profile.day.unwrap_or(NaiveDate::MAX);
    match among {
        Among::Led => profile.members.clone(),
        Among::Reports => reports(book, &manager.id, day),
        Among::Head => {
            let head = manager.data.supervisor_on(day);
            head.map(|head| Box::from(&**head)).into_iter().collect()
        }
        Among::Group(_) => Vec::new(),
    }
}

/// The managers who reported to somebody on `day`, or did when they left before it.
fn reports(book: &Book, head: &str, day: NaiveDate) -> Vec<Box<str>> {
    let reported = |manager: &&Record<Manager>| {
        let end = manager.data.left.map_or(day, |left| left.0.min(day));
        *manager.id != *head && manager.data.supervisor_on(end).is_some_and(|above| **above == *head)
    };
    book.managers.iter().filter(reported).map(|manager| manager.id.clone()).collect()
}

/// How much of some months a joiner or leaver was in post.
pub(super) fn active(manager: &Manager, over: Months) -> Option<Active> {
    let first = manager.joined.map_or(over.first_day(), |joined| joined.0.max(over.first_day()));
    let last = manager.left.map_or(over.last_day(), |left| left.0.min(over.last_day()));
    if (first, last) == (over.first_day(), over.last_day()) {
        return None;
    }
    let days = ((last - first).num_days() + 1).max(0);
    let whole = |month: &Month| month.first_day() >= first && month.last_day() <= last;
    Some(Active {
        days: u32::try_from(days).unwrap_or(0),
        of_days: over.days(),
        months: over.iter().filter(whole).count() as u32,
        of_months: over.iter().count() as u32,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leaver_was_in_post_for_part_of_the_quarter() {
        let manager: Manager =
            crate::record::tree::read("name = '甲'\njoined = 2020-01-01\nleft = 2026-08-10").unwrap();
        let active = active(&manager, "2026-Q3".parse::<Period>().unwrap().months()).unwrap();
        // July and ten days of August, of 92 days.
        assert_eq!(active, Active { days: 41, of_days: 92, months: 1, of_months: 3 });
        assert_eq!(super::active(&manager, "2026-Q2".parse::<Period>().unwrap().months()), None);
    }
}
