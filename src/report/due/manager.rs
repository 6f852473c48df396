//! What is owed in managers' own records: answers, actions, certificates, trainings, findings, access and equipment.

use super::{DutyKind, List, Of, Settle, by_id};
use crate::record::manager::Manager;

pub(super) fn collect(list: &mut List<'_>, of: Of<'_>, manager: &Manager) {
    talks(list, of, manager);
    growth(list, of, manager);
    for (index, finding) in manager.audit_findings.iter().enumerate() {
        let due = list.deadlines.audit_finding(finding);
        let settle = Settle::set(format!("audit_findings[{index}].rectified=today"));
        list.owe(of, DutyKind::AuditFinding, due, Some(of.id), Some(&finding.what), settle);
    }
    for (index, request) in manager.requests.iter().enumerate() {
        let due = list.deadlines.request(request);
        let owner = request.by.as_deref().unwrap_or(of.id);
        let settle = Settle::set(format!("requests[{index}].done=today"));
        list.owe(of, DutyKind::Request, due, Some(owner), Some(&request.what), settle);
    }
    workplace(list, of, manager);
}

fn talks(list: &mut List<'_>, of: Of<'_>, manager: &Manager) {
    let supervisor = manager.reports_to.as_deref();
    for (talk, data) in manager.one_on_ones.iter().enumerate() {
        for (index, action) in data.actions.iter().enumerate() {
            let due = list.deadlines.action(action);
            let owner = action.owner.as_deref().unwrap_or(of.id);
            let settle = Settle::set(format!("one_on_ones[{talk}].actions[{index}].done=today"));
            list.owe(of, DutyKind::Action, due, Some(owner), Some(&action.what), settle);
        }
    }
    for (index, report) in manager.reports.iter().enumerate() {
        let due = list.deadlines.answer(report);
        let owner = report.owner.as_deref().or(supervisor);
        let at = format!("reports[{index}]");
        let settle = Settle::Set(vec![format!("{at}.answer=ANSWER"), format!("{at}.answered=today")]);
        list.owe(of, DutyKind::Answer, due, owner, Some(&report.what), settle);
    }
}

/// What somebody who left no longer owes: certificates, trainings and ideas.
fn growth(list: &mut List<'_>, of: Of<'_>, manager: &Manager) {
    if manager.left.is_some_and(|left| left.0 <= list.today) {
        return;
    }
    let owner = Some(of.id);
    for certificate in &manager.certificates {
        let due = list.deadlines.certificate(manager, certificate);
        let name = super::quoted(&certificate.name);
        let flags = format!(" --name {name} --issued DATE --expires DATE");
        let settle = Settle::Add("certificate", flags);
        list.owe(of, DutyKind::Certificate, due, owner, Some(&certificate.name), settle);
    }
    for (index, training) in manager.trainings.iter().enumerate() {
        let due = list.deadlines.training(training);
        let settle = Settle::set(format!("trainings[{index}].done=today"));
        list.owe(of, DutyKind::Training, due, owner, Some(&training.course), settle);
    }
    for (index, idea) in manager.ideas.iter().enumerate() {
        let due = list.deadlines.idea(idea);
        let owner = idea.owner.as_deref().or(owner);
        let at = by_id("ideas", &idea.id, index);
        let settle = Settle::Set(vec![format!("{at}.decision=DECISION"), format!("{at}.decided=today")]);
        list.owe(of, DutyKind::Idea, due, owner, Some(&idea.what), settle);
    }
}

/// Access and equipment are looked after by whoever leads the manager.
fn workplace(list: &mut List<'_>, of: Of<'_>, manager: &Manager) {
    let supervisor = manager.reports_to.as_deref();
    for (index, access) in manager.access.iter().enumerate() {
        let due = list.deadlines.access(manager, access);
        let (kind, field) = match manager.left {
            Some(_) => (DutyKind::AccessRevocation, "revoked"),
            None => (DutyKind::AccessReview, "reviewed"),
        };
        let settle = Settle::set(format!("access[{index}].{field}=today"));
        list.owe(of, kind, due, supervisor, Some(&access.system), settle);
    }
    for (index, asset) in manager.assets.iter().enumerate() {
        let due = list.deadlines.asset(manager, asset);
        let settle = Settle::set(format!("assets[{index}].returned=today"));
        list.owe(of, DutyKind::AssetReturn, due, supervisor, Some(&asset.kind), settle);
    }
}
