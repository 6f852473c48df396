//! What the credit side of clients asks for: checks, plans before maturity, signals, covenants, risks.

use super::{DutyKind, List, Of, Settle, entry, or_lead, quoted};
use crate::book::credit::lead_on;
use crate::book::deadline::{Alarm, drawn_unseen, open_plans, unchecked_alarms};
use crate::period::{Grain, Month, Period};
use crate::record::client::Client;
use crate::record::risk::CheckKind;

pub(super) fn collect(list: &mut List<'_>, of: Of<'_>, client: &Client) {
    let late = facilities(list, of, client);
    let lead = Some(lead_on(client, list.today));
    for (index, check) in client.checks.iter().enumerate().filter(|(index, _)| !late.contains(index)) {
        let due = list.deadlines.scheduled_check(check);
        let settle = || settle_scheduled(client, index);
        let what = check.facility.as_deref().or(check.reason.as_deref());
        list.owe(of, kind_of(check.kind), due, or_lead(list, check.by.as_ref(), client), what, settle);
    }
    special_checks(list, of, client);
    on_site(list, of, client);
    for (index, warning) in client.warnings.iter().enumerate() {
        let due = list.deadlines.warning(warning);
        let pairs: &[&str] = match warning.action {
            Some(_) => &["closed=today"],
            None => &["action=…", "closed=today"],
        };
        let at = || entry("warnings", &client.warnings, index);
        let owner = or_lead(list, warning.owner.as_ref(), client);
        let settle = || Settle::set_at(&at(), pairs.iter().copied());
        list.owe(of, DutyKind::Warning, due, owner, Some(&warning.signal), settle);
    }
    for (index, covenant) in client.covenants.iter().enumerate() {
        let due = list.deadlines.covenant(covenant);
        let at = || entry("covenants", &client.covenants, index);
        let settle = || Settle::set_at(&at(), ["tested=today", "kept=true|false"]);
        list.owe(of, DutyKind::Covenant, due, lead, Some(&covenant.what), settle);
    }
    super::risks(list, of, &client.risks, lead);
}

/// Special checks that nobody scheduled.
fn special_checks(list: &mut List<'_>, of: Of<'_>, client: &Client) {
    let lead = Some(lead_on(client, list.today));
    for (alarm, since) in unchecked_alarms(client, list.today) {
        let (what, of_facility) = match alarm {
            Alarm::Downgrade(index) => {
                let id = &client.facilities[index].id;
                (id, format!(" --facility {}", quoted(id)))
            }
            Alarm::Red(index) => (&client.warnings[index].signal, String::new()),
        };
        let flags = format!("--kind special{of_facility} --due today --done today --findings …");
        let settle = || Settle::add("loan-check", flags);
        // What began on a day nobody wrote is owed at once.
        let due = since.unwrap_or(list.today);
        list.owe(of, DutyKind::SpecialCheck, Some(due), lead, Some(what), settle);
    }
}

/// Whoever lends sees the business in each quarter; a visit that was missed is owed until somebody went. A visit planned by then,
/// or a check scheduled, may be the one, and is owed on its own day instead.
fn on_site(list: &mut List<'_>, of: Of<'_>, client: &Client) {
    let now = Period::containing(Month::of(list.today), Grain::Quarter);
    let missed = drawn_unseen(client, now.plus(-1)).map(|_| now.plus(-1));
    let due = missed.unwrap_or(now).last_day();
    let planned = open_plans(client).map(|(_, plan)| plan.date.0);
    let scheduled = client.checks.iter().filter_map(|check| list.deadlines.scheduled_check(check));
    let is_ahead = planned.chain(scheduled).any(|day| day <= due);
    if client.counts_on(list.today) && drawn_unseen(client, now).is_some() && !is_ahead {
        let settle = || Settle::add("visit", "--kind on-site --summary …");
        list.owe(of, DutyKind::OnSiteVisit, Some(due), Some(lead_on(client, list.today)), None, settle);
    }
}

fn settle_scheduled(client: &Client, index: usize) -> Settle<'static> {
    Settle::set_at(&entry("checks", &client.checks, index), ["done=today", "findings=…"])
}

/// What facilities ask for; gives the scheduled checks that are owed sooner than they are scheduled, and stand there so.
fn facilities(list: &mut List<'_>, of: Of<'_>, client: &Client) -> Vec<usize> {
    let mut overtaken = Vec::new();
    let lead = Some(lead_on(client, list.today));
    for (index, facility) in client.facilities.iter().enumerate() {
        let what = Some(facility.id.as_str());
        for (kind, word) in [(CheckKind::First, "first"), (CheckKind::Routine, "routine")] {
            // A check of the kind that somebody has scheduled in time is owed on its own day instead.
            let Some((due, late)) = list.deadlines.unscheduled_check(client, facility, kind) else {
                continue;
            };
            overtaken.extend(late);
            let settle = || match late {
                Some(scheduled) => settle_scheduled(client, scheduled),
                None => {
                    let id = quoted(&facility.id);
                    let flags =
                        format!("--kind {word} --facility {id} --due {due} --done today --findings …");
                    Settle::add("loan-check", flags)
                }
            };
            list.owe(of, kind_of(kind), Some(due), lead, what, settle);
        }
        let at = || entry("facilities", &client.facilities, index);
        let due = list.deadlines.renewal_plan(facility);
        list.owe(of, DutyKind::RenewalPlan, due, lead, what, || Settle::set_at(&at(), ["renewal=…"]));
        let due = list.deadlines.maturity(facility);
        list.owe(of, DutyKind::Maturity, due, lead, what, || {
            let later = Settle::set_at(&at(), ["matures=…"]);
            Settle::either(later, Settle::set_at(&at(), ["drawn=0", "settled=today"]))
        });
    }
    overtaken
}

fn kind_of(check: CheckKind) -> DutyKind {
    match check {
        CheckKind::First => DutyKind::FirstCheck,
        CheckKind::Routine => DutyKind::RoutineCheck,
        CheckKind::Special => DutyKind::SpecialCheck,
    }
}
