//! What is owed to clients: visits, actions, solutions, complaints, deals, answers among colleagues, signatures.

use super::{DutyKind, List, Of, Settle, by_id, or_lead};
use crate::book::deadline::Step;
use crate::record::client::{Client, Handover};

pub(super) fn collect(list: &mut List<'_>, of: Of<'_>, client: &Client) {
    visits(list, of, client);
    complaints(list, of, client);
    deals(list, of, client);
    colleagues(list, of, client);
    client.handovers.iter().enumerate().for_each(|(index, handover)| sign(list, of, index, handover));
}

fn visits(list: &mut List<'_>, of: Of<'_>, client: &Client) {
    let due = list.deadlines.visit(client, list.today);
    list.owe(of, DutyKind::Visit, due, Some(&client.manager), None, Settle::add("visit"));
    for plan in &client.planned {
        let due = list.deadlines.planned_visit(client, plan);
        let flags = if plan.by == client.manager { String::new() } else { format!(" --by {}", plan.by) };
        let settle = Settle::Add("visit", flags);
        list.owe(of, DutyKind::PlannedVisit, due, Some(&plan.by), plan.goal.as_deref(), settle);
    }
    for (visit, data) in client.visits.iter().enumerate() {
        for (index, action) in data.next.iter().enumerate() {
            let owner = action.owner.as_ref().unwrap_or(&data.by);
            let settle = Settle::set(format!("visits[{visit}].next[{index}].done=today"));
            let due = list.deadlines.action(action);
            list.owe(of, DutyKind::Action, due, Some(owner), Some(&action.what), settle);
        }
    }
}

fn complaints(list: &mut List<'_>, of: Of<'_>, client: &Client) {
    for (index, complaint) in client.complaints.iter().enumerate() {
        let Some((step, due)) = list.deadlines.complaint(complaint) else {
            continue;
        };
        let (kind, field) = match step {
            Step::Confirm => (DutyKind::ConfirmComplaint, "confirmed"),
            Step::Propose => (DutyKind::ProposeComplaint, "proposed"),
            Step::Decide => (DutyKind::DecideComplaint, "decided"),
            Step::FollowUp => (DutyKind::FollowUpComplaint, "followed_up"),
            Step::Close => (DutyKind::CloseComplaint, "closed"),
        };
        let settle = Settle::set(format!("{}.{field}=today", by_id("complaints", &complaint.id, index)));
        let owner = or_lead(complaint.handler.as_ref(), client);
        list.owe(of, kind, Some(due), owner, Some(&complaint.id), settle);
    }
}

fn deals(list: &mut List<'_>, of: Of<'_>, client: &Client) {
    for (index, need) in client.needs.iter().enumerate() {
        let settle = Settle::set(format!("needs[{index}].proposed=today"));
        let owner = or_lead(need.by.as_ref(), client);
        let due = list.deadlines.need(need);
        list.owe(of, DutyKind::Solution, due, owner, Some(&need.what), settle);
    }
    for (index, deal) in client.opportunities.iter().enumerate() {
        let (owner, what) = (or_lead(deal.by.as_ref(), client), Some(deal.id.as_str()));
        let at = by_id("opportunities", &deal.id, index);
        let due = list.deadlines.opportunity(deal);
        let settle = Settle::Set(vec![format!("{at}.stage=STAGE"), format!("{at}.closed=DATE")]);
        list.owe(of, DutyKind::Opportunity, due, owner, what, settle);
        let due = list.deadlines.stale(deal);
        let settle = Settle::Set(vec![format!("{at}.updated=today"), format!("{at}.next=STEP")]);
        list.owe(of, DutyKind::StaleOpportunity, due, owner, what, settle);
    }
}

fn colleagues(list: &mut List<'_>, of: Of<'_>, client: &Client) {
    for (index, referral) in client.referrals.iter().enumerate() {
        let at = format!("referrals[{index}]");
        let settle = Settle::Set(vec![format!("{at}.answered=today"), format!("{at}.result=RESULT")]);
        let due = list.deadlines.referral(referral);
        list.owe(of, DutyKind::Referral, due, Some(&referral.to), referral.what.as_deref(), settle);
    }
    for (index, request) in client.requests.iter().enumerate() {
        let settle = Settle::set(format!("requests[{index}].done=today"));
        let owner = or_lead(request.by.as_ref(), client);
        let due = list.deadlines.request(request);
        list.owe(of, DutyKind::Request, due, owner, Some(&request.what), settle);
    }
}

/// A handover needs three signatures, owed on the day it takes effect.
fn sign(list: &mut List<'_>, of: Of<'_>, index: usize, handover: &Handover) {
    let supervisor = list.supervisor(&handover.to).map(str::to_owned);
    let signatures = [
        (handover.signed_from, "signed_from", Some(&*handover.from)),
        (handover.signed_to, "signed_to", Some(&*handover.to)),
        (handover.signed_supervisor, "signed_supervisor", supervisor.as_deref()),
    ];
    for (signed, field, owner) in signatures {
        let due = signed.is_none().then_some(handover.date.0);
        let settle = Settle::set(format!("handovers[{index}].{field}=today"));
        list.owe(of, DutyKind::Handover, due, owner, None, settle);
    }
}
