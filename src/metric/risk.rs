//! Loan quality: the managed book follows credit shares, the originated book its originator.
//!
//! A facility counts as it stood on the day by which the window is judged, and in a mean as on each of its days: by its history where it has
//! one for that day, else as it is now. Before it was drawn and once it is settled it counts nowhere.

use std::borrow::Cow;

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;

use super::builtin::Question;
use super::known::Measured;
use super::scope::{Adder, Scope};
use crate::book::Record;
use crate::book::credit::{credit_changes, lead_on, percent_on};
use crate::book::deadline::{Deadlines, DueOf};
use crate::path;
use crate::period::Months;
use crate::record::client::Client;
use crate::record::risk::{CheckKind, Facility};
use crate::record::value::Day;
use crate::source::KeyPath;
use crate::text::metric as say;

/// Which facilities a ratio is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Portfolio {
    /// Those of the clients a manager earns `loans` from, by share.
    Managed,
    /// Those the manager originated, whoever manages them now.
    Originated,
}

/// Part of the principal drawn for which `bad` holds.
pub fn ratio(
    scope: &Scope<'_>,
    window: Months,
    portfolio: Portfolio,
    bad: impl Fn(&Facility) -> bool,
) -> Measured {
    let mut all = Decimal::ZERO;
    let mut part = Adder::new(scope);
    for client in scope.visited {
        for held in held(client, scope.as_of(window)) {
            let percent = credited(scope, client, &held.then, held.day, portfolio);
            let drawn = held.then.drawn.0 * percent / Decimal::ONE_HUNDRED;
            all += drawn;
            if bad(&held.then) && !drawn.is_zero() {
                part.add_part(client.file, drawn, (percent, Decimal::ONE_HUNDRED), || held.drawn_at());
            }
        }
    }
    if all.is_zero() {
        return Err(say::NO_LOANS.into());
    }
    Ok(part.divided_by(all).done())
}

/// Principal drawn for which `counts` holds: that of the last day, or the mean over the days.
pub fn drawn(
    scope: &Scope<'_>,
    question: &Question<'_>,
    portfolio: Portfolio,
    counts: impl Fn(&Facility) -> bool,
) -> Measured {
    let (window, days) = (question.window, (question.window.first_day(), question.as_of));
    let mut sum = Adder::new(scope);
    for client in scope.visited {
        if question.by_days {
            for (index, facility) in client.data.facilities.iter().enumerate() {
                let credited = |then: &Facility, day| match counts(then) {
                    true => {
                        then.drawn.0 * credited(scope, client, then, day, portfolio) / Decimal::ONE_HUNDRED
                    }
                    false => Decimal::ZERO,
                };
                let drawn = mean_by_days(&client.data, facility, days, credited);
                if !drawn.is_zero() {
                    sum.add(client.file, drawn, || path!["facilities", index, "drawn"]);
                }
            }
            continue;
        }
        for held in held(client, scope.as_of(window)).filter(|held| counts(&held.then)) {
            let percent = credited(scope, client, &held.then, held.day, portfolio);
            let drawn = held.then.drawn.0 * percent / Decimal::ONE_HUNDRED;
            if !drawn.is_zero() {
                sum.add_part(client.file, drawn, (percent, Decimal::ONE_HUNDRED), || held.drawn_at());
            }
        }
    }
    Ok(sum.done())
}

/// The mean over the days from `first` to `last` of what an amount of a facility was on each of them, nothing before it was drawn
/// and once it is settled.
pub fn mean_by_days(
    client: &Client,
    facility: &Facility,
    (first, last): (NaiveDate, NaiveDate),
    amount: impl Fn(&Facility, NaiveDate) -> Decimal,
) -> Decimal {
    if last < first {
        return Decimal::ZERO;
    }
    let until = facility.history.iter().filter_map(|position| position.until.0.succ_opt());
    let own = [facility.drawn_on, facility.settled, facility.overdue_since, facility.class_since];
    let classed = facility.history.iter().filter_map(|position| position.class_since);
    let days = own.into_iter().flatten().chain(classed).map(|day| day.0).chain(until);
    let end = last + Days::new(1);
    let inside = |day: &NaiveDate| first < *day && *day < end;
    // Between these days nothing changes.
    let mut changes: Vec<NaiveDate> = days.chain(credit_changes(client)).filter(inside).collect();
    changes.extend([first, end]);
    changes.sort_unstable();
    changes.dedup();
    let stretches = changes.windows(2).map(|stretch| {
        let then = facility.as_of(stretch[0]);
        let days = Decimal::from((stretch[1] - stretch[0]).num_days());
        then.map_or(Decimal::ZERO, |then| amount(&then, stretch[0]) * days)
    });
    stretches.sum::<Decimal>() / Decimal::from((end - first).num_days())
}

/// Days overdue of the facility longest overdue at clients led at the window's end.
pub fn longest_overdue(scope: &Scope<'_>, window: Months) -> Measured {
    let day = scope.as_of(window);
    let facilities = scope
        .led(window)
        .flat_map(|client| held(client, scope.as_of(window)).map(move |held| (client, held)));
    let longest = facilities.max_by_key(|(_, held)| held.then.days_overdue(day));
    let mut sum = Adder::new(scope);
    if let Some((client, held)) = longest {
        sum.add(client.file, held.then.days_overdue(day).into(), || {
            path!["facilities", held.index, "overdue_since"]
        });
    }
    Ok(sum.done())
}

/// A facility as it stood on a day.
struct Held<'b> {
    index: usize,
    facility: &'b Facility,
    then: Cow<'b, Facility>,
    day: NaiveDate,
}

impl Held<'_> {
    /// Where its principal is written.
    fn drawn_at(&self) -> KeyPath {
        match self.facility.drawn_at(self.day) {
            Some(position) => path!["facilities", self.index, "history", position, "drawn"],
            None => path!["facilities", self.index, "drawn"],
        }
    }
}

/// The facilities a client had on a day.
fn held<'b>(client: &'b Record<Client>, day: NaiveDate) -> impl Iterator<Item = Held<'b>> {
    client
        .data
        .facilities
        .iter()
        .enumerate()
        .filter_map(move |(index, facility)| Some(Held { index, facility, then: facility.as_of(day)?, day }))
}

/// Principal of a facility that the managers asked about answer for on a day.
fn credited(
    scope: &Scope<'_>,
    client: &Record<Client>,
    facility: &Facility,
    day: NaiveDate,
    portfolio: Portfolio,
) -> Decimal {
    match portfolio {
        Portfolio::Managed => percent_on(&client.data, "loans", scope.managers, day),
        Portfolio::Originated if facility.originated_by.as_deref().is_some_and(|by| scope.is(by)) => {
            Decimal::ONE_HUNDRED
        }
        Portfolio::Originated => Decimal::ZERO,
    }
}

/// Post-loan checks due in the window at clients the manager leads, done on or before their day: that for which they were scheduled, or the
/// one by which their facility asked for them where that is earlier, scheduled or not.
pub fn checks_in_time(scope: &Scope<'_>, window: Months) -> Measured {
    let deadlines = Deadlines::new(&scope.book.settings);
    let mut in_time = Adder::new(scope);
    for client in scope.led(window) {
        let due = deadlines.checks_due(&client.data, scope.as_of(window));
        for it in due.iter().filter(|it| scope.within(window, Day(it.due))) {
            in_time.judge(it.is_in_time(), client.file, || match it.of {
                DueOf::Check(index) => path!["checks", index, "done"],
                DueOf::Facility(index, CheckKind::First) => path!["facilities", index, "drawn_on"],
                DueOf::Facility(index, _) => path!["facilities", index, "class"],
            });
        }
    }
    in_time.part(say::NO_CHECKS)
}

/// Warnings open on the window's last day, at clients led on it, that are past the day by which to deal with them.
pub fn warnings_overdue(scope: &Scope<'_>, window: Months) -> Measured {
    let day = scope.as_of(window);
    let deadlines = Deadlines::new(&scope.book.settings);
    let mut sum = Adder::new(scope);
    for client in scope.led(window) {
        for (index, warning) in client.data.warnings.iter().enumerate() {
            let open = warning.opened.0 <= day && warning.closed.is_none_or(|closed| closed.0 > day);
            if open && deadlines.warning_limit(warning) < day {
                sum.count(client.file, || path!["warnings", index]);
            }
        }
    }
    Ok(sum.done())
}

/// Part of the clients led at the window's end that have a second manager, employed on its last day.
pub fn backup_coverage(
    scope: &Scope<'_>,
    window: Months,
    counts: impl Fn(&Record<Client>) -> bool,
) -> Measured {
    let day = Day(scope.as_of(window));
    let mut covered = Adder::new(scope);
    for client in scope.led(window).filter(|client| counts(client)) {
        let backup = client.data.backup_on(day.0).filter(|backup| ***backup != *lead_on(&client.data, day.0));
        let backup = backup.and_then(|backup| scope.book.managers.get(backup));
        let counts = backup.is_some_and(|manager| manager.data.employed_on(day));
        covered.judge(counts, client.file, || path!["backup"]);
    }
    covered.part(say::NO_CLIENTS)
}

#[cfg(test)]
mod tests {
    use super::super::tests::told_on;

    #[test]
    fn a_routine_check_that_nobody_scheduled_is_missed_once_its_interval_is_past() {
        let of = |today: Option<&str>, rest: &str| {
            let client = format!(
                "name = '甲'\ntier = 'key'\nstatus = 'active'\nmanager = 'li'\n{rest}\n[[facilities]]\nid = 'f'\nproduct = '流贷'\n\
                 limit = 100\ndrawn = 100\nclass = 'normal'\ndrawn_on = 2025-10-05\n"
            );
            let files = [("managers/li.toml", "name = '李'"), ("clients/a.toml", &*client)];
            told_on(today, &files, "li", "checks_in_time", "2026-10")
        };
        // Drawn a year ago and never looked at: 360 days after 5 October 2025 are 30 September, the next 90 end on 29 December.
        assert_eq!(of(None, ""), "no post-loan checks due");
        let done = |day: &str| format!("checks = [{{ kind = 'special', due = {day}, done = {day} }}]");
        // 90 days after 23 July are 21 October.
        assert_eq!(of(None, &done("2026-07-23")), "0");
        assert_eq!(of(Some("2026-10-20"), &done("2026-07-23")), "no post-loan checks due");
        assert_eq!(of(Some("2026-10-21"), &done("2026-07-23")), "0");
        assert_eq!(
            of(
                None,
                &done("2026-07-22")
                    .replace("}]", "}, { kind = 'routine', due = 2026-10-20, done = 2026-10-20 }]")
            ),
            "1"
        );
    }

    #[test]
    fn a_first_check_that_nobody_scheduled_is_missed_once_its_limit_is_past() {
        let of = |today: Option<&str>, rest: &str| {
            let client = format!(
                "name = '甲'\ntier = 'key'\nstatus = 'active'\nmanager = 'li'\n{rest}\n[[facilities]]\nid = 'f'\nproduct = '流贷'\n\
                 limit = 100\ndrawn = 100\nclass = 'normal'\ndrawn_on = 2026-10-05\n"
            );
            let files = [("managers/li.toml", "name = '李'"), ("clients/a.toml", &*client)];
            told_on(today, &files, "li", "checks_in_time", "2026-10")
        };
        let check = |due: &str, done: &str| {
            format!("checks = [{{ kind = 'first', facility = 'f', due = 2026-10-{due}{done} }}]")
        };
        // The limit is 20 October, 15 days after the 5th.
        assert_eq!(of(None, ""), "0");
        assert_eq!(
            [of(Some("2026-10-19"), ""), of(Some("2026-10-20"), "")],
            ["no post-loan checks due", "0"]
        );
        assert_eq!(of(None, &check("20", ", done = 2026-10-18")), "1");
        // One scheduled in time is missed once, however late it is made.
        assert_eq!(of(None, &check("20", ", done = 2026-10-29")), "0");
        // One scheduled late moves no limit, and is missed once; made within it, it met it.
        assert_eq!(of(None, &check("30", ", done = 2026-10-29")), "0");
        assert_eq!(of(None, &check("30", ", done = 2026-10-18")), "1");
        assert_eq!(of(None, &check("20", "").replace("facility = 'f'", "facility = 'g'")), "0");
    }
}
