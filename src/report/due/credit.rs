//! What the credit side of clients asks for: checks, plans before maturity, signals, covenants, risks.

use super::{DutyKind, List, Of, Settle, entry, or_lead, quoted};
use crate::record::client::Client;
use crate::record::risk::CheckKind;

pub(super) fn collect(list: &mut List<'_>, of: Of<'_>, client: &Client) {
    facilities(list, of, client);
    let lead = Some(&*client.manager);
    for (index, check) in client.checks.iter().enumerate() {
        let due = list.deadlines.scheduled_check(check);
        let settle = || Settle::set_at(&entry("checks", &client.checks, index), ["done=today", "findings=…"]);
        let what = check.facility.as_deref().or(check.reason.as_deref());
        list.owe(of, kind_of(check.kind), due, or_lead(check.by.as_ref(), client), what, settle);
    }
    for (index, warning) in client.warnings.iter().enumerate() {
        let due = list.deadlines.warning(warning);
        let pairs: &[&str] = match warning.action {
            Some(_) => &["closed=today"],
            None => &["action=…", "closed=today"],
        };
        let at = || entry("warnings", &client.warnings, index);
        let owner = or_lead(warning.owner.as_ref(), client);
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

fn facilities(list: &mut List<'_>, of: Of<'_>, client: &Client) {
    let lead = Some(&*client.manager);
    for (index, facility) in client.facilities.iter().enumerate() {
        let what = Some(facility.id.as_str());
        let computed = [
            (CheckKind::First, list.deadlines.first_check(client, facility)),
            (CheckKind::Routine, list.deadlines.routine_check(client, facility)),
        ];
        for (kind, due) in computed {
            // A check of the kind that somebody has scheduled is owed on its own day instead.
            let is_scheduled = client.checks.iter().any(|check| {
                check.kind == kind
                    && check.done.is_none()
                    && check.facility.as_ref().is_none_or(|id| *id == facility.id)
            });
            let word = if kind == CheckKind::First { "first" } else { "routine" };
            let settle = || {
                let day = due.map(|due| due.to_string()).unwrap_or_default();
                let id = quoted(&facility.id);
                let flags = format!("--kind {word} --facility {id} --due {day} --done today --findings …");
                Settle::add("loan-check", flags)
            };
            list.owe(of, kind_of(kind), due.filter(|_| !is_scheduled), lead, what, settle);
        }
        let at = || entry("facilities", &client.facilities, index);
        let due = list.deadlines.renewal_plan(facility);
        list.owe(of, DutyKind::RenewalPlan, due, lead, what, || Settle::set_at(&at(), ["renewal=…"]));
        let due = list.deadlines.maturity(facility);
        list.owe(of, DutyKind::Maturity, due, lead, what, || {
            Settle::set_at(&at(), ["drawn=0", "settled=today"])
        });
    }
}

fn kind_of(check: CheckKind) -> DutyKind {
    match check {
        CheckKind::First => DutyKind::FirstCheck,
        CheckKind::Routine => DutyKind::RoutineCheck,
        CheckKind::Special => DutyKind::SpecialCheck,
    }
}
