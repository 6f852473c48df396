//! When each post-loan check of a client was due: on the day it was scheduled for, or by what its facility asks for where that is earlier.
//!
//! A facility asks for a first check within a limit after the drawdown, and for a routine one once in the interval of its class, from the
//! drawdown, the last check of any kind or the change of the class on. A first check that is scheduled later does not move the limit: it is due
//! when that ends, and so is a routine one that was never made. Where nobody scheduled any, the end itself is a check that was missed, and so
//! is each further interval without one.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::credit::{counted_from, looks_at};
use super::{Deadlines, after};
use crate::record::client::Client;
use crate::record::risk::{Check, CheckKind, Facility};

/// A check that was due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DueCheck {
    /// The day by which it was due.
    pub due: NaiveDate,
    /// The day it was made.
    pub done: Option<NaiveDate>,
    /// What is due.
    pub of: DueOf,
}

/// What a check that was due is known by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DueOf {
    /// A check that is written down, by its place.
    Check(usize),
    /// A check of a kind that nobody wrote down, by the place of the facility that asked for it.
    Facility(usize, CheckKind),
}

impl DueCheck {
    /// Whether it was made by its day.
    pub fn is_in_time(&self) -> bool {
        self.done.is_some_and(|done| done <= self.due)
    }
}

/// What a facility asks for by a day, and the check that stands for it.
struct Claim {
    facility: usize,
    kind: CheckKind,
    day: NaiveDate,
    check: Option<usize>,
}

/// The checks of a kind that look at a facility, by their days.
fn of_kind<'c>(client: &'c Client, facility: &'c Facility, kind: CheckKind) -> Vec<(usize, &'c Check)> {
    let all = client.checks.iter().enumerate();
    let own = all.filter(|(_, check)| check.kind == kind && looks_at(check, facility));
    let mut own: Vec<(usize, &Check)> = own.collect();
    own.sort_by_key(|(_, check)| check.due);
    own
}

impl Deadlines<'_> {
    /// The checks of a client that were due by `last`, each once, and those that are scheduled for later.
    pub fn checks_due(&self, client: &Client, last: NaiveDate) -> Vec<DueCheck> {
        let mut claims: Vec<Claim> = Vec::new();
        for (index, facility) in client.facilities.iter().enumerate() {
            claims.extend(self.first_claim(client, (index, facility), last));
            self.routine_claims(client, (index, facility), last, &mut claims);
        }
        let own = |at: usize| client.checks[at].due.0;
        // One that is in time for a facility is due on its own day, whatever another asks for.
        let is_kept = |at: usize| claims.iter().any(|it| it.check == Some(at) && own(at) <= it.day);
        let written = client.checks.iter().enumerate().map(|(at, check)| {
            let asked = claims.iter().filter(|it| it.check == Some(at) && !is_kept(at));
            let due = asked.map(|it| it.day).chain([own(at)]).min().unwrap_or(own(at));
            DueCheck { due, done: check.done.map(|done| done.0), of: DueOf::Check(at) }
        });
        let is_made = |at: usize, day| client.checks[at].done.is_some_and(|done| done.0 <= day);
        let is_alone =
            |it: &&Claim| it.check.is_none_or(|at| is_kept(at) && own(at) > it.day && !is_made(at, it.day));
        let alone = claims.iter().filter(is_alone);
        let missed =
            alone.map(|it| DueCheck { due: it.day, done: None, of: DueOf::Facility(it.facility, it.kind) });
        written.chain(missed).collect()
    }

    /// The first check that a facility asks for by `last`. Nothing is owed for what was settled or repaid by then.
    fn first_claim(
        &self,
        client: &Client,
        (index, facility): (usize, &Facility),
        last: NaiveDate,
    ) -> Option<Claim> {
        let drawn = facility.drawn_on?;
        let limit = self.days.deadline(drawn.0, self.settings.risk.first_check);
        facility.as_of(limit).filter(|then| limit <= last && then.drawn.0 > Decimal::ZERO)?;
        let first = of_kind(client, facility, CheckKind::First);
        let scheduled = |check: &Check| check.due >= drawn && check.due.0 <= limit;
        let made = |check: &Check| check.done.is_some_and(|done| done >= drawn && done.0 <= limit);
        let at = |stands: &dyn Fn(&Check) -> bool| {
            first.iter().find(|(_, check)| stands(check)).map(|(at, _)| *at)
        };
        let check = at(&scheduled).or_else(|| at(&made)).or_else(|| at(&|check| check.due.0 > limit));
        Some(Claim { facility: index, kind: CheckKind::First, day: limit, check })
    }

    /// The routine checks that a facility asks for by `last`: the interval of the class after each day from which one counts, and again
    /// after each such day without one. Nothing is owed while nothing is drawn.
    fn routine_claims(
        &self,
        client: &Client,
        (index, facility): (usize, &Facility),
        last: NaiveDate,
        claims: &mut Vec<Claim>,
    ) {
        let mut scheduled = of_kind(client, facility, CheckKind::Routine);
        let is_drawn = |day| facility.as_of(day).is_some_and(|then| then.drawn.0 > Decimal::ZERO);
        let from: Vec<NaiveDate> = counted_from(client, facility).into_iter().collect();
        for (place, begun) in from.iter().enumerate() {
            let Some(then) = facility.as_of(*begun) else { continue };
            let interval = self.settings.risk.routine.of(then.class).max(1);
            let until = from.get(place + 1).copied().unwrap_or(NaiveDate::MAX);
            scheduled.retain(|(_, check)| check.done.is_none_or(|done| done.0 > *begun));
            let (mut before, mut due) = (*begun, after(*begun, interval));
            while due < until && due <= last {
                let next = after(due, interval);
                // One made for a day before the next end stands for this one and tells itself whether it was in time.
                let stands = |check: &Check| {
                    check.due.0 > before && (check.due.0 <= due || check.done.is_some() && check.due.0 < next)
                };
                let late = |check: &Check| check.done.is_none() && check.due.0 > due && check.due.0 < until;
                let first = |is: &dyn Fn(&Check) -> bool| scheduled.iter().position(|(_, check)| is(check));
                let own = first(&stands);
                let place = own.or_else(|| first(&late).filter(|_| is_drawn(due)));
                let check = place.map(|place| scheduled.remove(place).0);
                let in_time = own.is_some() && check.is_some_and(|at| client.checks[at].due.0 <= due);
                if in_time || own.is_none() && is_drawn(due) {
                    claims.push(Claim { facility: index, kind: CheckKind::Routine, day: due, check });
                }
                (before, due) = (due, next);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{client, day, settings};
    use super::*;

    const FACILITY: &str = "[[facilities]]\nid = 'wc'\nproduct = '流动资金贷款'\nlimit = 3000\ndrawn = 3000\n\
                            drawn_on = 2026-03-01\nmatures = 2027-03-01\n";

    #[test]
    fn each_interval_without_a_routine_check_is_missed_once() {
        let settings = settings();
        let deadlines = Deadlines::new(&settings);
        let missed = |facility: &str, checks: &str| {
            let client = client(&format!("{FACILITY}{facility}\n{checks}"));
            let due = deadlines.checks_due(&client, day("2026-12-31"));
            let missed = due.iter().filter(|it| it.of == DueOf::Facility(0, CheckKind::Routine));
            missed.map(|it| it.due.format("%m-%d").to_string()).collect::<Vec<_>>().join(" ")
        };
        let check =
            |kind: &str, days: &str| format!("[[checks]]\nkind = '{kind}'\nfacility = 'wc'\n{days}\n");
        // Every 90 days after 1 March.
        assert_eq!(missed("class = 'normal'", ""), "05-30 08-28 11-26");
        // Any check begins anew, on the day itself too; 90 days after 28 August is the same day.
        let on_the_day = check("special", "due = 2026-08-28\ndone = 2026-08-28");
        assert_eq!(missed("class = 'normal'", &on_the_day), "05-30 11-26");
        // One scheduled in time tells itself whether it was made; one made late and entered for its day too.
        assert_eq!(missed("class = 'normal'", &check("routine", "due = 2026-05-30")), "08-28 11-26");
        let late = check("routine", "due = 2026-05-30\ndone = 2026-07-01");
        // 90 days after 1 July, and again.
        assert_eq!(missed("class = 'normal'", &late), "09-29 12-28");
        // A quarter has 92 days: one scheduled for its end, made three days before, stands for the 90 of the interval and for no more:
        // 90 days after 27 June is 25 September.
        let quarterly = check("routine", "due = 2026-06-30\ndone = 2026-06-27");
        assert_eq!(missed("class = 'normal'", &quarterly), "09-25 12-24");
        assert_eq!(missed("class = 'normal'", &check("routine", "due = 2026-08-20")), "08-28 11-26");
        assert_eq!(missed("class = 'normal'", &check("first", "due = 2026-05-30")), "05-30 08-28 11-26");
        // Monthly from the day of the class on, by the class of the day; nothing of what is paid back or settled.
        let worse = "class = 'special-mention'\nclass_since = 2026-10-20";
        assert_eq!(missed(worse, ""), "05-30 08-28 11-19 12-19");
        let better = "class = 'normal'\nhistory = [{ until = 2026-06-30, class = 'special-mention' }]";
        // 30 days after 1 March four times, then 90 after 1 July, and again.
        assert_eq!(missed(better, ""), "03-31 04-30 05-30 06-29 09-29 12-28");
        assert_eq!(missed("class = 'normal'\nsettled = 2026-08-28", ""), "05-30");
        let repaid = "class = 'normal'\nhistory = [{ until = 2026-07-31, drawn = 0 }]";
        assert_eq!(missed(repaid, ""), "08-28 11-26");
    }

    #[test]
    fn a_check_scheduled_late_is_due_when_its_limit_ends() {
        let settings = settings();
        let deadlines = Deadlines::new(&settings);
        let all = |facilities: &str, checks: &str| {
            let client = client(&format!("{facilities}\n{checks}"));
            let due = deadlines.checks_due(&client, day("2024-11-30"));
            let shown = |it: &DueCheck| format!("{} {}", it.due.format("%m-%d"), it.is_in_time());
            let mut shown: Vec<String> =
                due.iter().filter(|it| it.due <= day("2024-11-30")).map(shown).collect();
            shown.sort();
            shown.retain(|due| due.starts_with("11"));
            shown.join(", ")
        };
        let facility = |id: &str, drawn_on: &str, class: &str| {
            format!(
                "[[facilities]]\nid = '{id}'\nproduct = 'p'\nlimit = 10\ndrawn = 10\ndrawn_on = {drawn_on}\n{class}\n"
            )
        };
        let check = |kind: &str, due: &str, done: Option<&str>| {
            let done = done.map(|day| format!("done = {day}\n")).unwrap_or_default();
            format!("[[checks]]\nkind = '{kind}'\nfacility = 'f'\ndue = {due}\n{done}")
        };
        let first = check("first", "2024-08-15", Some("2024-08-15"));
        // 90 days after 15 August are 13 November, whenever somebody writes that the check is to be.
        let normal = |due: &str, done: Option<&str>| {
            all(
                &facility("f", "2024-08-01", "class = 'normal'"),
                &format!("{first}{}", check("routine", due, done)),
            )
        };
        assert_eq!(all(&facility("f", "2024-08-01", "class = 'normal'"), &first), "11-13 false");
        for due in ["2024-11-30", "2024-12-31", "2025-02-10", "2025-02-11", "2030-01-01"] {
            assert_eq!(normal(due, None), "11-13 false", "{due}");
        }
        assert_eq!(normal("2024-11-10", Some("2024-11-12")), "11-10 false");
        // One that was made is judged by its own day.
        assert_eq!(normal("2024-11-30", Some("2024-11-29")), "11-30 true");
        // Weekly from 1 November on: asked for on the 8th, and scheduled for the 14th; then on the 15th, the 22nd and the 29th.
        let npl =
            "class = 'loss'\nclass_since = 2024-11-01\nhistory = [{ until = 2024-10-31, class = 'normal' }]";
        let checks = format!("{first}{}", check("routine", "2024-11-14", None));
        assert_eq!(
            all(&facility("f", "2024-08-01", npl), &checks),
            "11-08 false, 11-15 false, 11-22 false, 11-29 false"
        );
        // A first check by 16 November, 15 days after the 1st.
        let drawn = |due: &str, done: &str| {
            all(&facility("f", "2024-11-01", "class = 'normal'"), &check("first", due, Some(done)))
        };
        assert_eq!(drawn("2024-11-30", "2024-11-30"), "11-16 false");
        assert_eq!(drawn("2024-12-15", "2024-12-15"), "11-16 false");
        assert_eq!(drawn("2024-12-15", "2024-11-16"), "11-16 true");
        assert_eq!(drawn("2024-11-16", "2024-11-20"), "11-16 false");
        // One check of the whole client that is in time for a facility stands, and another asked for one before.
        let two = facility("f", "2024-08-01", "class = 'normal'")
            + &facility("g", "2024-08-01", "class = 'normal'");
        let of = |kind: &str, facility: &str, day: &str, done: bool| {
            let done = if done { format!("done = {day}\n") } else { String::new() };
            format!("[[checks]]\nkind = '{kind}'\n{facility}due = {day}\n{done}")
        };
        let firsts = of("first", "facility = 'f'\n", "2024-08-15", true)
            + &of("first", "facility = 'g'\n", "2024-08-14", true);
        let whole = |day: &str| all(&two, &(firsts.clone() + &of("routine", "", day, false)));
        assert_eq!(whole("2024-11-13"), "11-12 false, 11-13 false");
        assert_eq!(whole("2024-11-14"), "11-12 false");
    }
}
