//! What the credit side of a client asks for: post-loan checks, plans before maturity, signals, covenants, risks.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{Deadlines, after, before};
use crate::period::Period;
use crate::record::client::{Client, VisitKind};
use crate::record::risk::{Check, CheckKind, Covenant, Facility, Risk, RiskClass, Warning, WarningLevel};
use crate::record::settings::Limit;
use crate::record::value::Day;

/// What asks for a special post-loan check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alarm {
    /// The facility at this place, below normal.
    Downgrade(usize),
    /// The red signal at this place, at a client with credit.
    Red(usize),
}

/// What asks for a special check of a client, with its day where anybody wrote it, that none followed or is scheduled after, seen from
/// the day `on`. Closing a signal is no check.
pub fn unchecked_alarms(client: &Client, on: NaiveDate) -> impl Iterator<Item = (Alarm, Option<NaiveDate>)> {
    let special = |since: Option<Day>, facility: Option<&Facility>| {
        client.checks.iter().any(|check| {
            check.kind == CheckKind::Special
                && facility.is_none_or(|facility| looks_at(check, facility))
                && since.is_none_or(|since| check.done.unwrap_or(check.due) >= since)
        })
    };
    let downgraded = client.facilities.iter().enumerate().filter_map(move |(index, facility)| {
        let since = facility.class_began();
        let is_below = facility.settled.is_none() && facility.class > RiskClass::Normal;
        let asks = is_below && since.is_none_or(|since| since.0 <= on);
        (asks && !special(since, Some(facility))).then(|| (Alarm::Downgrade(index), since.map(|day| day.0)))
    });
    let red = client.warnings.iter().enumerate().filter_map(move |(index, warning)| {
        let is_red = warning.level == WarningLevel::Red && warning.opened.0 <= on;
        let asks = is_red && has_credit_by(client, warning.closed);
        (asks && !special(Some(warning.opened), None)).then_some((Alarm::Red(index), Some(warning.opened.0)))
    });
    downgraded.chain(red)
}

/// Whether a client has credit that is not settled, drawn by a day if one is named.
fn has_credit_by(client: &Client, day: Option<Day>) -> bool {
    client.facilities.iter().any(|facility| {
        let later = facility.drawn_on.zip(day).is_some_and(|(drawn, day)| drawn > day);
        facility.settled.is_none() && !later
    })
}

/// What a client has drawn that was drawn through all of a quarter, where nobody saw it on site in the quarter.
pub fn drawn_unseen(client: &Client, quarter: Period) -> Option<Decimal> {
    let open = client.facilities.iter().filter(|facility| {
        let settled = facility.settled.is_some_and(|day| day.0 <= quarter.last_day());
        let drawn_later = facility.drawn_on.is_some_and(|day| day.0 > quarter.first_day());
        facility.drawn.0 > Decimal::ZERO && !settled && !drawn_later
    });
    let drawn: Decimal = open.map(|facility| facility.drawn.0).sum();
    let visits = client.visits.iter().filter(|visit| visit.kind == VisitKind::OnSite);
    let checks = client.checks.iter().filter(|check| check.on_site == Some(true));
    let mut on_site = visits.map(|visit| visit.date.0).chain(checks.filter_map(|check| Some(check.done?.0)));
    let is_seen = on_site.any(|day| quarter.contains(day));
    (!drawn.is_zero() && !is_seen).then_some(drawn)
}

impl Deadlines<'_> {
    /// The day by which a scheduled post-loan check is due.
    pub fn scheduled_check(&self, check: &Check) -> Option<NaiveDate> {
        check.done.is_none().then_some(check.due.0)
    }

    /// The day by which the first check, of the use of funds, is due: the limit after the first drawdown.
    pub fn first_check(&self, client: &Client, facility: &Facility) -> Option<NaiveDate> {
        let drawn = facility.drawn_on.filter(|_| is_live(facility))?;
        let is_done = checks(client, facility)
            .any(|check| check.kind == CheckKind::First && check.done.is_some_and(|done| done >= drawn));
        (!is_done).then(|| self.days.deadline(drawn.0, self.settings.risk.first_check))
    }

    /// The day by which the next routine check is due: the interval of the facility's class after the last of the days from which one
    /// counts. Where nothing was checked yet and the first check is due before, that one alone is.
    pub fn routine_check(&self, client: &Client, facility: &Facility) -> Option<NaiveDate> {
        let due = self.interval_ends(client, facility).filter(|_| is_live(facility))?;
        let is_checked = checks(client, facility).any(|check| check.done.is_some());
        let first = self.first_check(client, facility).filter(|first| !is_checked && *first <= due);
        first.is_none().then_some(due)
    }

    /// When the interval ends within which a facility is to be looked at. A change of its class begins a new one, but for a check that
    /// was due before and is owed still.
    fn interval_ends(&self, client: &Client, facility: &Facility) -> Option<NaiveDate> {
        let begun = counted_from(client, facility);
        let seen = checks(client, facility).filter_map(|check| check.done).chain(facility.drawn_on).max();
        let from = seen.map_or(NaiveDate::MIN, |seen| seen.0);
        let mut ends: Option<NaiveDate> = None;
        for day in begun.range(from..) {
            if ends.is_some_and(|ends| ends < *day) {
                break;
            }
            let then = facility.as_of(*day).filter(|_| begun.last() != Some(day));
            let class = then.map_or(facility.class, |then| then.class);
            ends = Some(after(*day, self.settings.risk.routine.of(class)));
        }
        ends
    }

    /// A check of a kind that a facility's limits ask for and that nobody has scheduled in time: its day, and the place of one
    /// scheduled later, which moves no limit and will settle it.
    pub fn unscheduled_check(
        &self,
        client: &Client,
        facility: &Facility,
        kind: CheckKind,
    ) -> Option<(NaiveDate, Option<usize>)> {
        let day = match kind {
            CheckKind::First => self.first_check(client, facility)?,
            CheckKind::Routine => self.routine_check(client, facility)?,
            CheckKind::Special => return None,
        };
        let scheduled = client
            .checks
            .iter()
            .enumerate()
            .filter(|(_, check)| check.kind == kind && check.done.is_none() && looks_at(check, facility));
        let next = scheduled.min_by_key(|(_, check)| check.due);
        let in_time = next.is_some_and(|(_, check)| check.due.0 <= day);
        (!in_time).then(|| (day, next.map(|(index, _)| index)))
    }

    /// The day by which a facility needs a plan for the time after its maturity, where it has none. One that is overdue is
    /// past planning: checks by its class and its signals take over.
    pub fn renewal_plan(&self, facility: &Facility) -> Option<NaiveDate> {
        let matures = maturity_ahead(facility).filter(|_| facility.renewal.is_none())?;
        Some(before(matures, self.settings.risk.renewal))
    }

    /// The day an unsettled facility with a plan matures.
    pub fn maturity(&self, facility: &Facility) -> Option<NaiveDate> {
        maturity_ahead(facility).filter(|_| facility.renewal.is_some())
    }

    /// The day a facility matures, once that day is as near as the settings say, seen from the day `on`.
    pub fn matures_soon(&self, facility: &Facility, on: NaiveDate) -> Option<NaiveDate> {
        maturity_ahead(facility).filter(|day| before(*day, self.settings.risk.renewal) <= on)
    }

    /// The day by which an open signal must be dealt with: its own, or the limit of the signal, or of its level.
    pub fn warning(&self, warning: &Warning) -> Option<NaiveDate> {
        warning.closed.is_none().then(|| self.warning_limit(warning))
    }

    /// The day by which a warning is to be dealt with, open or not: its own, or its level's.
    pub fn warning_limit(&self, warning: &Warning) -> NaiveDate {
        let limit = || self.signal_limit(&warning.signal, warning.level);
        warning.due.map_or_else(|| self.days.deadline(warning.opened.0, limit()), |due| due.0)
    }

    /// The time to deal with a signal: its own where the settings list it with one, else that of the level.
    pub fn signal_limit(&self, signal: &str, level: WarningLevel) -> Limit {
        let limits = &self.settings.risk;
        let listed = self.settings.signal(signal).and_then(|(_, listed)| listed.limit);
        listed.unwrap_or(match level {
            WarningLevel::Red => limits.red,
            WarningLevel::Orange => limits.orange,
            WarningLevel::Yellow => limits.yellow,
        })
    }

    /// The day a covenant must be tested.
    pub fn covenant(&self, covenant: &Covenant) -> Option<NaiveDate> {
        let due = covenant.due?.0;
        (!self.is_tested(due, covenant.tested.map(|tested| tested.0))).then_some(due)
    }

    /// Whether a test counts for the day one is due: made then, later, or as long before as the settings let it.
    pub fn is_tested(&self, due: NaiveDate, tested: Option<NaiveDate>) -> bool {
        tested.is_some_and(|tested| tested >= before(due, self.settings.risk.covenant_test))
    }

    /// The day an open risk must be looked at again.
    pub fn risk_review(&self, risk: &Risk) -> Option<NaiveDate> {
        risk.review.filter(|_| risk.closed.is_none()).map(|review| review.0)
    }
}

/// The days from which a facility's next routine check counts: it was drawn, put into a class, looked at in a check of any kind.
pub(super) fn counted_from(client: &Client, facility: &Facility) -> BTreeSet<NaiveDate> {
    let class = |day| facility.as_of(day).map(|then| then.class);
    let ended = facility.history.iter().map(|position| position.until.0);
    let changed = ended.filter_map(|until| until.succ_opt().filter(|next| class(*next) != class(until)));
    let since = facility.history.iter().filter_map(|position| position.class_since);
    let done = checks(client, facility).filter_map(|check| check.done);
    let stated = done.chain(since).chain(facility.drawn_on).chain(facility.class_since);
    stated.map(|day| day.0).chain(changed).collect()
}

/// The checks that look at a facility: its own, and those of the whole client.
fn checks<'c>(client: &'c Client, facility: &'c Facility) -> impl Iterator<Item = &'c Check> {
    client.checks.iter().filter(|check| looks_at(check, facility))
}

/// Whether a check looks at a facility: at it alone, or at the whole client.
pub fn looks_at(check: &Check, facility: &Facility) -> bool {
    check.facility.as_ref().is_none_or(|id| *id == facility.id)
}

/// The day a facility matures that is neither settled nor overdue.
fn maturity_ahead(facility: &Facility) -> Option<NaiveDate> {
    let is_ahead = facility.settled.is_none() && facility.overdue_since.is_none();
    facility.matures.filter(|_| is_ahead).map(|day| day.0)
}

/// Whether money is out under a facility.
fn is_live(facility: &Facility) -> bool {
    facility.settled.is_none() && facility.drawn.0 > Decimal::ZERO
}

#[cfg(test)]
mod tests {
    use super::super::tests::{client, day, settings};
    use super::*;

    const FACILITY: &str = "[[facilities]]\nid = 'wc'\nproduct = '流动资金贷款'\nlimit = 3000\ndrawn = 3000\n\
                            drawn_on = 2026-03-01\nmatures = 2027-03-01\n";

    #[test]
    fn checks_follow_the_first_drawdown_and_then_the_class() {
        let settings = settings();
        let deadlines = Deadlines::new(&settings);
        let due = |facility: &str, checks: &str| {
            let client = client(&format!("{FACILITY}{facility}\n{checks}"));
            let facility = &client.facilities[0];
            (deadlines.first_check(&client, facility), deadlines.routine_check(&client, facility))
        };
        // 15 days after 1 March; routine checks begin after some check.
        assert_eq!(due("class = 'normal'", ""), (Some(day("2026-03-16")), None));
        let first = "[[checks]]\nkind = 'first'\nfacility = 'wc'\ndue = 2026-03-16\ndone = 2026-03-10\n";
        // Where nobody says since when it is drawn, the class alone tells.
        let undrawn = FACILITY.replace("drawn_on = 2026-03-01\n", "");
        let undrawn = client(&format!("{undrawn}class = 'special-mention'\nclass_since = 2026-05-01"));
        assert_eq!(deadlines.routine_check(&undrawn, &undrawn.facilities[0]), Some(day("2026-05-31")));
        // What is bad from the first is looked at before the use of its funds.
        assert_eq!(due("class = 'loss'", ""), (Some(day("2026-03-16")), Some(day("2026-03-08"))));
        // 90 days after 10 March.
        assert_eq!(due("class = 'normal'", first), (None, Some(day("2026-06-08"))));
        // Weekly from the day it was classed substandard.
        let npl = "class = 'substandard'\nclass_since = 2026-05-01";
        assert_eq!(due(npl, first), (None, Some(day("2026-05-08"))));
        // A change of the class begins anew, unless a check was due by then: that of 8 June is owed still on 11 July.
        let after =
            |until| format!("class = 'special-mention'\nhistory = [{{ until = {until}, class = 'normal' }}]");
        assert_eq!(due(&after("2026-04-30"), first), (None, Some(day("2026-05-31"))));
        assert_eq!(due(&after("2026-07-10"), first), (None, Some(day("2026-06-08"))));
        let settled = "class = 'normal'\nsettled = 2026-05-01";
        assert_eq!(due(settled, first), (None, None));
        let other = first.replace("'wc'", "'bills'");
        assert_eq!(due("class = 'normal'", &other), (Some(day("2026-03-16")), None));
    }

    #[test]
    fn a_check_scheduled_late_moves_no_limit() {
        let settings = settings();
        let deadlines = Deadlines::new(&settings);
        let first = "[[checks]]\nkind = 'first'\nfacility = 'wc'\ndue = 2026-03-16\ndone = 2026-03-10\n";
        // Due on 8 June, 90 days after 10 March.
        let due = |scheduled: &str| {
            let client = client(&format!("{FACILITY}class = 'normal'\n{first}{scheduled}"));
            deadlines.unscheduled_check(&client, &client.facilities[0], CheckKind::Routine)
        };
        let on = |day: &str| format!("[[checks]]\nkind = 'routine'\nfacility = 'wc'\ndue = {day}\n");
        assert_eq!(due(""), Some((day("2026-06-08"), None)));
        assert_eq!(due(&on("2026-06-08")), None);
        assert_eq!(due(&on("2026-06-30")), Some((day("2026-06-08"), Some(1))));
        assert_eq!(due(&on("2026-06-30").replace("'wc'", "'bills'")), Some((day("2026-06-08"), None)));
        assert_eq!(due(&on("2026-06-01").replace("'routine'", "'special'")), Some((day("2026-06-08"), None)));
    }

    #[test]
    fn an_alarm_stands_until_a_special_check_whatever_was_dated_or_closed() {
        let of = |facility: &str, more: &str| {
            let client = client(&format!("{FACILITY}{facility}\n{more}"));
            let alarms = unchecked_alarms(&client, day("2026-11-24"));
            alarms.map(|(alarm, since)| (alarm, since.map(|day| day.to_string()))).collect::<Vec<_>>()
        };
        let check = |day: &str| format!("[[checks]]\nkind = 'special'\ndue = {day}\ndone = {day}\n");
        // Nobody wrote since when: from the day after the class before, else from the drawdown on.
        let bad = "class = 'substandard'";
        assert_eq!(of(bad, ""), [(Alarm::Downgrade(0), Some("2026-03-01".to_owned()))]);
        assert_eq!(of(bad, &check("2026-02-28")).len(), 1);
        assert_eq!(of(bad, &check("2026-03-01")), []);
        let told = "class = 'substandard'\nhistory = [{ until = 2026-10-10, class = 'normal' }]";
        assert_eq!(of(told, &check("2026-10-10")), [(Alarm::Downgrade(0), Some("2026-10-11".to_owned()))]);
        let undated =
            client("[[facilities]]\nid = 'b'\nproduct = 'x'\nlimit = 1\ndrawn = 1\nclass = 'loss'\n");
        let of_undated: Vec<_> = unchecked_alarms(&undated, day("2026-11-24")).collect();
        assert_eq!(of_undated, [(Alarm::Downgrade(0), None)]);
        // A red signal that was closed was still to be followed; one from before there was any credit was not.
        let red = |closed: &str| {
            format!("[[warnings]]\nopened = 2026-02-20\nsignal = 'x'\nlevel = 'red'\n{closed}\n")
        };
        let asked = [(Alarm::Red(0), Some("2026-02-20".to_owned()))];
        assert_eq!(of("class = 'normal'", &red("")), asked);
        assert_eq!(of("class = 'normal'", &red("closed = 2026-03-01")), asked);
        assert_eq!(of("class = 'normal'", &red("closed = 2026-02-28")), []);
        assert_eq!(of("class = 'normal'", &(red("closed = 2026-03-01") + &check("2026-03-05"))), []);
    }

    #[test]
    fn a_plan_is_due_ninety_days_before_maturity() {
        let settings = settings();
        let deadlines = Deadlines::new(&settings);
        let bare = client(&format!("{FACILITY}class = 'normal'"));
        // 90 days before 1 March 2027 is 1 December 2026.
        assert_eq!(deadlines.renewal_plan(&bare.facilities[0]), Some(day("2026-12-01")));
        assert_eq!(deadlines.maturity(&bare.facilities[0]), None);
        let planned = client(&format!("{FACILITY}class = 'normal'\nrenewal = '到期续贷'"));
        assert_eq!(deadlines.renewal_plan(&planned.facilities[0]), None);
        assert_eq!(deadlines.maturity(&planned.facilities[0]), Some(day("2027-03-01")));
        let soon = |text: &str| deadlines.matures_soon(&planned.facilities[0], day(text));
        assert_eq!((soon("2026-11-30"), soon("2026-12-01")), (None, Some(day("2027-03-01"))));
        let overdue = client(&format!("{FACILITY}class = 'substandard'\noverdue_since = 2026-09-01"));
        assert_eq!(deadlines.renewal_plan(&overdue.facilities[0]), None);
    }

    #[test]
    fn a_signal_has_the_limit_of_its_level_unless_it_names_a_day() {
        let settings = settings();
        let deadlines = Deadlines::new(&settings);
        let due = |text: &str| {
            let warning = toml::from_str(&format!("opened = 2026-10-01\nsignal = '欠息'\n{text}")).unwrap();
            deadlines.warning(&warning)
        };
        assert_eq!(due("level = 'red'"), Some(day("2026-10-08")));
        assert_eq!(due("level = 'yellow'"), Some(day("2026-10-31")));
        assert_eq!(due("level = 'red'\ndue = 2026-10-03"), Some(day("2026-10-03")));
        assert_eq!(due("level = 'red'\nclosed = 2026-10-03"), None);
        let listed =
            "name = 'b'\n[signals.'欠息']\ntitle = '欠息超过60天'\nlevel = 'red'\nlimit = { days = 3 }";
        let settings = toml::from_str(listed).unwrap();
        let warning = toml::from_str("opened = 2026-10-01\nsignal = '欠息'\nlevel = 'red'").unwrap();
        assert_eq!(Deadlines::new(&settings).warning(&warning), Some(day("2026-10-04")));
    }

    #[test]
    fn a_covenant_is_due_until_it_was_tested() {
        let settings = settings();
        let deadlines = Deadlines::new(&settings);
        let due = |text: &str| deadlines.covenant(&toml::from_str(&format!("what = 'x'\n{text}")).unwrap());
        assert_eq!(due("due = 2026-12-31\ntested = 2026-06-30"), Some(day("2026-12-31")));
        assert_eq!(due("due = 2026-12-31\ntested = 2026-12-31"), None);
        // Thirty days before is the first day a test counts for it.
        assert_eq!(due("due = 2026-12-31\ntested = 2026-12-01"), None);
        assert_eq!(due("due = 2026-12-31\ntested = 2026-11-30"), Some(day("2026-12-31")));
        assert_eq!(due("tested = 2026-12-31"), None);
    }
}
