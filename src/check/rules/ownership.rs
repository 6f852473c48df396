//! Work that belongs to somebody who has left.

use super::check;
use crate::check::{Check, Context, Found, fires};
use crate::path;
use crate::record::client::Action;
use crate::record::manager::Status;
use crate::source::{FileId, KeyPath, Place};

pub(super) static RULES: &[&Check] = &[&OWNED_BY_LEAVER];

check! {
    OWNED_BY_LEAVER = "RM108" "owned-by-leaver" Deny Book(owned_by_leaver);
    title: "open work belongs to somebody who has left", "未结事项由离职人员负责";
    why: "It will not be done, and nobody is told that it is due.", "事项无人办理，到期也无人知晓。";
    mend: "Name somebody who is at work; `rmbook handover` does so for a client's open work.", "请改由在岗人员负责；客户的未结事项可用 `rmbook handover` 一并移交。";
    says: "`{manager}` left on {left}", "“{manager}”已于 {left} 离职";
    example: "# file: clients/acme.toml\nname = \"Acme Precision\"\ntier = \"base\"\nmanager = \"wang-fang\"\nstatus = \"active\"\n\
        [[opportunities]]\nid = \"scf\"\nstage = \"proposal\"\nby = \"old-chen\"\n\
        # file: managers/old-chen.toml\nname = \"Chen\"\nleft = 2026-09-30\nstatus = \"left\"\n";
    mended: "by = \"old-chen\"" => "by = \"wang-fang\"";
}

/// Takes each owner of open work with its place.
struct Owners<'c, 'f> {
    context: &'c Context<'c>,
    found: &'f mut Found,
}

impl Owners<'_, '_> {
    fn judge(&mut self, file: FileId, owner: Option<&str>, path: impl FnOnce() -> KeyPath) {
        let left = owner.and_then(|owner| Some((owner, self.context.left(owner)?)));
        if let Some((manager, left)) = left {
            self.found.push(fires!(
                OWNED_BY_LEAVER,
                Place::value(file, path()),
                manager = manager,
                left = left
            ));
        }
    }

    fn actions(&mut self, file: FileId, actions: &[Action], list: impl Fn() -> KeyPath) {
        for (index, action) in actions.iter().enumerate().filter(|(_, action)| action.done.is_none()) {
            self.judge(file, action.owner.as_deref(), || list().join(index).join("owner"));
        }
    }
}

fn owned_by_leaver(context: &Context<'_>, found: &mut Found) {
    let mut owners = Owners { context, found };
    of_clients(&mut owners);
    of_managers(&mut owners);
    for team in context.wanted(&context.book.teams) {
        owners.judge(team.file, team.data.lead.as_deref(), || path!["lead"]);
        for (index, risk) in team.data.risks.iter().enumerate().filter(|(_, risk)| risk.closed.is_none()) {
            owners.judge(team.file, risk.owner.as_deref(), || path!["risks", index, "owner"]);
        }
        for (index, meeting) in team.data.meetings.iter().enumerate() {
            owners.actions(team.file, &meeting.actions, || path!["meetings", index, "actions"]);
        }
    }
}

fn of_clients(owners: &mut Owners<'_, '_>) {
    let context = owners.context;
    for client in context.wanted(&context.book.clients) {
        let (file, data) = (client.file, &client.data);
        for (index, warning) in
            data.warnings.iter().enumerate().filter(|(_, warning)| warning.closed.is_none())
        {
            owners.judge(file, warning.owner.as_deref(), || path!["warnings", index, "owner"]);
        }
        for (index, risk) in data.risks.iter().enumerate().filter(|(_, risk)| risk.closed.is_none()) {
            owners.judge(file, risk.owner.as_deref(), || path!["risks", index, "owner"]);
        }
        for (index, complaint) in data.complaints.iter().enumerate() {
            if context.deadlines.complaint(complaint).is_some() {
                owners.judge(file, complaint.handler.as_deref(), || path!["complaints", index, "handler"]);
            }
        }
        for (index, entry) in
            data.opportunities.iter().enumerate().filter(|(_, entry)| entry.closed.is_none())
        {
            owners.judge(file, entry.by.as_deref(), || path!["opportunities", index, "by"]);
        }
        for (index, plan) in data.planned.iter().enumerate().filter(|(_, plan)| plan.date.0 >= context.today)
        {
            owners.judge(file, Some(&plan.by), || path!["planned", index, "by"]);
        }
        for (index, visit) in data.visits.iter().enumerate() {
            owners.actions(file, &visit.next, || path!["visits", index, "next"]);
        }
    }
}

fn of_managers(owners: &mut Owners<'_, '_>) {
    for manager in owners.context.wanted(&owners.context.book.managers) {
        let (file, data) = (manager.file, &manager.data);
        if data.status != Status::Left {
            owners.judge(file, data.reports_to.as_deref(), || path!["reports_to"]);
        }
        for (index, report) in data.reports.iter().enumerate().filter(|(_, report)| report.closed.is_none()) {
            owners.judge(file, report.owner.as_deref(), || path!["reports", index, "owner"]);
        }
        for (index, talk) in data.one_on_ones.iter().enumerate() {
            owners.actions(file, &talk.actions, || path!["one_on_ones", index, "actions"]);
        }
    }
}
