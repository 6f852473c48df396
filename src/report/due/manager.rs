//! What is owed in managers' own records: answers, actions, certificates, trainings, findings, access and equipment.

use super::{DutyKind, List, Of, Settle, actions, entry, ideas, named, quoted, requests};
use crate::record::development::ProposalResult;
use crate::record::manager::Manager;

pub(super) fn collect(list: &mut List<'_>, of: Of<'_>, manager: &Manager) {
    talks(list, of, manager);
    proposals(list, of, manager);
    growth(list, of, manager);
    for (index, finding) in manager.audit_findings.iter().enumerate() {
        let due = list.deadlines.audit_finding(finding);
        let at = || entry("audit_findings", &manager.audit_findings, index);
        let settle = || Settle::set_at(&at(), ["rectified=today"]);
        list.owe(of, DutyKind::AuditFinding, due, Some(of.id), Some(&finding.what), settle);
    }
    for (index, declaration) in manager.declarations.iter().enumerate() {
        let due = list.deadlines.declaration(declaration);
        let at = || entry("declarations", &manager.declarations, index);
        let settle = || Settle::set_at(&at(), ["reviewed=today", "reviewed_by=…", "outcome=…"]);
        let owner = manager.supervisor_on(list.today).map(|above| &**above);
        list.owe(of, DutyKind::Declaration, due, owner, Some(&declaration.what), settle);
    }
    requests(list, of, &manager.requests, |list, request| {
        request.by.as_deref().filter(|by| list.is_there(by)).or(Some(of.id))
    });
    workplace(list, of, manager);
}

fn talks(list: &mut List<'_>, of: Of<'_>, manager: &Manager) {
    let supervisor = manager.supervisor_on(list.today).map(|above| &**above);
    for (index, talk) in manager.one_on_ones.iter().enumerate() {
        let at = || format!("{}.actions", entry("one_on_ones", &manager.one_on_ones, index));
        // What a leaver promised in a talk is for whoever led the talk to see to.
        let own = Some(of.id).filter(|own| list.is_there(own)).or(supervisor);
        let by = |list: &List<'_>, action| named(list, action).map(|who| &**who).or(own);
        actions(list, of, &talk.actions, by, at);
    }
    let due = list.deadlines.one_on_one(manager, list.kept_since, list.today);
    let settle = || Settle::add("one-on-one", "--topics … --summary …");
    list.owe(of, DutyKind::OneOnOne, due, supervisor, None, settle);
    for (index, report) in manager.reports.iter().enumerate() {
        let due = list.deadlines.answer(report);
        let owner = report.owner.as_deref().or(supervisor);
        let at = || entry("reports", &manager.reports, index);
        let settle = || Settle::set_at(&at(), ["answered=today", "answer=…"]);
        list.owe(of, DutyKind::Answer, due, owner, Some(&report.what), settle);
    }
}

/// Proposals for another grade: to be decided by whoever is above the one who proposes, or, approved, to be carried out.
fn proposals(list: &mut List<'_>, of: Of<'_>, manager: &Manager) {
    let supervisor = manager.supervisor_on(list.today).map(|above| &**above);
    for (index, proposal) in manager.proposals.iter().enumerate() {
        let due = list.deadlines.proposal(manager, proposal, list.today);
        if proposal.result == Some(ProposalResult::Approved) {
            let settle =
                || Settle::add("grade", format!("--from … --grade {} --reason …", quoted(&proposal.to)));
            list.owe(of, DutyKind::GradeEntry, due, supervisor, Some(&proposal.to), settle);
        } else {
            let by = proposal.by.as_deref().or(supervisor);
            let above = by.and_then(|by| list.supervisor(by)).map(str::to_owned);
            let at = || entry("proposals", &manager.proposals, index);
            let settle = || {
                Settle::set_at(&at(), ["decided=today", "decided_by=…", "result=approved|deferred|declined"])
            };
            list.owe(
                of,
                DutyKind::Proposal,
                due,
                above.as_deref().or(supervisor),
                Some(&proposal.to),
                settle,
            );
        }
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
        let settle = || {
            let name = quoted(&certificate.name);
            let permits = certificate.permits.iter().map(|duty| format!(" --permits {}", quoted(duty)));
            let permits: String = permits.collect();
            Settle::add("certificate", format!("--name {name} --issued … --expires …{permits}"))
        };
        list.owe(of, DutyKind::Certificate, due, owner, Some(&certificate.name), settle);
    }
    for (index, training) in manager.trainings.iter().enumerate() {
        let due = list.deadlines.training(training);
        let at = || entry("trainings", &manager.trainings, index);
        let settle = || Settle::set_at(&at(), ["done=today"]);
        list.owe(of, DutyKind::Training, due, owner, Some(&training.course), settle);
    }
    ideas(list, of, "ideas", &manager.ideas, owner);
}

/// Access and equipment are looked after by whoever leads the manager.
pub(super) fn workplace(list: &mut List<'_>, of: Of<'_>, manager: &Manager) {
    let supervisor = manager.supervisor_on(list.today).map(|above| &**above);
    for (index, access) in manager.access.iter().enumerate() {
        let due = list.deadlines.access(manager, access);
        let (kind, pair) = match manager.left {
            Some(_) => (DutyKind::AccessRevocation, "revoked=today"),
            None => (DutyKind::AccessReview, "reviewed=today"),
        };
        let settle = || Settle::set_at(&entry("access", &manager.access, index), [pair]);
        list.owe(of, kind, due, supervisor, Some(&access.system), settle);
    }
    for (index, asset) in manager.assets.iter().enumerate() {
        let due = list.deadlines.asset(manager, asset);
        let settle = || Settle::set_at(&entry("assets", &manager.assets, index), ["returned=today"]);
        list.owe(of, DutyKind::AssetReturn, due, supervisor, Some(&asset.kind), settle);
    }
}
