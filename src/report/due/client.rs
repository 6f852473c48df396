//! What is owed to clients: visits, actions, solutions, complaints, deals, answers among colleagues, signatures.

use super::{
    DutyKind, List, Of, Settle, actions, entry, named, or_lead, or_next_lead, quoted, requests,
    settle_head_visit, settle_step,
};
use crate::book::credit::{announced, lead_on};
use crate::book::deadline::{Step, open_plans};
use crate::record::client::{Client, PlannedVisit, Status};

pub(super) fn collect(list: &mut List<'_>, of: Of<'_>, client: &Client) {
    visits(list, of, client);
    complaints(list, of, client);
    deals(list, of, client);
    referrals(list, of, client);
    requests(list, of, &client.requests, |list, request| {
        or_next_lead(list, request.by.as_ref(), request.raised, client)
    });
    handovers(list, of, client);
}

fn visits(list: &mut List<'_>, of: Of<'_>, client: &Client) {
    // A visit somebody has planned in time is owed on its own day instead.
    let open: Vec<&PlannedVisit> = open_plans(client).map(|(_, plan)| plan).collect();
    let planned = open.iter().map(|plan| plan.date.0).min();
    let due = list.deadlines.visit(client, list.today).filter(|due| planned.is_none_or(|day| day > *due));
    let settle = || Settle::add("visit", "--summary …");
    list.owe(of, DutyKind::Visit, due, Some(lead_on(client, list.today)), None, settle);
    head_visit(list, of, client);
    for plan in open {
        let settle = || match plan.by == client.manager {
            true => Settle::add("visit", "--summary …"),
            false => Settle::add("visit", format!("--by {} --summary …", plan.by)),
        };
        list.owe(of, DutyKind::PlannedVisit, Some(plan.date.0), Some(&plan.by), plan.goal.as_deref(), settle);
    }
    for (index, visit) in client.visits.iter().enumerate() {
        let at = || format!("{}.next", entry("visits", &client.visits, index));
        // What a lead promised is the next lead's to see to, who may be another than the one it counts for.
        let by = |list: &List<'_>, action| {
            or_next_lead(list, Some(named(list, action).unwrap_or(&visit.by)), visit.date, client)
        };
        actions(list, of, &visit.next, by, at);
    }
}

/// A visit of a head is owed by the nearest; one that any of them has planned in time is owed on its own day instead.
fn head_visit(list: &mut List<'_>, of: Of<'_>, client: &Client) {
    let Some(asked) = list.deadlines.head_visit(list.book, client, list.today) else { return };
    let planned = open_plans(client).filter(|(_, plan)| asked.heads.contains(&&*plan.by));
    let planned = planned.map(|(_, plan)| plan.date.0).min();
    let due = Some(asked.due).filter(|due| planned.is_none_or(|day| day > *due));
    let lead = lead_on(client, list.today);
    let settle = || settle_head_visit(asked.by, lead);
    list.owe(of, DutyKind::HeadVisit, due, Some(asked.by), None, settle);
}

fn complaints(list: &mut List<'_>, of: Of<'_>, client: &Client) {
    for (index, complaint) in client.complaints.iter().enumerate() {
        let Some((step, due)) = list.deadlines.complaint(complaint) else {
            continue;
        };
        let kind = match step {
            Step::Confirm => DutyKind::ConfirmComplaint,
            Step::Propose => DutyKind::ProposeComplaint,
            Step::Decide => DutyKind::DecideComplaint,
            Step::FollowUp => DutyKind::FollowUpComplaint,
            Step::Close => DutyKind::CloseComplaint,
        };
        let at = || entry("complaints", &client.complaints, index);
        // Nobody handles a complaint about themselves: until a handler is named, the supervisor owes it.
        let owner = or_lead(list, complaint.handler.as_ref(), client);
        let recused = complaint.about.as_deref().filter(|about| Some(*about) == owner);
        let supervisor = recused.and_then(|about| list.supervisor(about)).map(str::to_owned);
        let owner = if recused.is_some() { supervisor.as_deref() } else { owner };
        let settle = || settle_step(step, &at(), recused.is_some());
        list.owe(of, kind, Some(due), owner, Some(&complaint.id), settle);
    }
}

fn deals(list: &mut List<'_>, of: Of<'_>, client: &Client) {
    for (index, need) in client.needs.iter().enumerate() {
        let owner = or_next_lead(list, need.by.as_ref(), need.date, client);
        let due = list.deadlines.need(need);
        let settle = || Settle::set_at(&entry("needs", &client.needs, index), ["proposed=today"]);
        list.owe(of, DutyKind::Solution, due, owner, Some(&need.what), settle);
    }
    for (index, deal) in client.opportunities.iter().enumerate() {
        let (owner, what) = (or_lead(list, deal.by.as_ref(), client), Some(deal.id.as_str()));
        let at = || entry("opportunities", &client.opportunities, index);
        let due = list.deadlines.opportunity(deal);
        let settle = || Settle::set_at(&at(), ["stage=won|lost", "closed=today"]);
        list.owe(of, DutyKind::Opportunity, due, owner, what, settle);
        let due = list.deadlines.stale(deal);
        let settle = || Settle::set_at(&at(), ["updated=today", "next=…"]);
        list.owe(of, DutyKind::StaleOpportunity, due, owner, what, settle);
    }
}

fn referrals(list: &mut List<'_>, of: Of<'_>, client: &Client) {
    for (index, referral) in client.referrals.iter().enumerate() {
        let due = list.deadlines.referral(referral);
        let at = || entry("referrals", &client.referrals, index);
        let settle = || Settle::set_at(&at(), ["answered=today", "result=won|lost|declined"]);
        list.owe(of, DutyKind::Referral, due, Some(&referral.to), referral.what.as_deref(), settle);
    }
}

/// An announced handover is carried out on its day by the one who hands over. A handover needs three signatures, owed on the day
/// it takes effect.
fn handovers(list: &mut List<'_>, of: Of<'_>, client: &Client) {
    let handed = |to: String| Settle::Whole(format!("rmbook handover {} --to {to}", quoted(of.id)));
    if let Some(handover) = announced(client) {
        let settle = || handed(format!("{} --on {}", quoted(&handover.to), handover.date));
        let (due, owner) = (Some(handover.date.0), Some(&*handover.from));
        list.owe(of, DutyKind::CarryOut, due, owner, Some(&*handover.to), settle);
    } else if client.status != Status::Closed {
        // Whoever leaves hands over by the last day.
        let left = list.book.managers.get(&client.manager).and_then(|lead| lead.data.left);
        let supervisor = list.supervisor(&client.manager).map(str::to_owned);
        let settle = || handed("…".to_owned());
        let (due, owner) = (left.map(|day| day.0), supervisor.as_deref());
        list.owe(of, DutyKind::NewLead, due, owner, Some(&*client.manager), settle);
    }
    for (index, handover) in client.handovers.iter().enumerate() {
        let supervisor = list.supervisor(&handover.to).map(str::to_owned);
        let signatures = [
            (handover.signed_from, "signed_from=today", Some(&*handover.from)),
            (handover.signed_to, "signed_to=today", Some(&*handover.to)),
            (handover.signed_supervisor, "signed_supervisor=today", supervisor.as_deref()),
        ];
        for (signed, pair, owner) in signatures {
            let due = signed.is_none().then_some(handover.date.0);
            let settle = || Settle::set_at(&entry("handovers", &client.handovers, index), [pair]);
            list.owe(of, DutyKind::Handover, due, owner, None, settle);
        }
    }
}
