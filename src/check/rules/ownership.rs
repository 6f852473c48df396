//! Work that belongs to somebody who has left, and handovers signed while they could still get in.

use super::{check, client};
use crate::book::Record;
use crate::check::{Check, Context, Found, fires};
use crate::path;
use crate::record::client::Client;
use crate::record::manager::{Manager, Status};
use crate::record::promise::Action;
use crate::record::value::Day;
use crate::source::{FileId, KeyPath, Place};

pub(super) static RULES: &[&Check] = &[&OWNED_BY_LEAVER, &SIGNED_BEFORE_ACCESS_ENDED];

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

check! {
    SIGNED_BEFORE_ACCESS_ENDED = "RM109" "signed-before-access-ended" Deny Client(signed_before_access_ended);
    title: "a leaver's handover was signed off while access or equipment was still out", "离职人员权限或设备未收回即签署移交";
    why: "The supervisor's signature says that the leaver is gone for good; until access ends it is not so.",
        "主管签字即确认离职交接完毕，权限未收回则交接尚未完成。";
    mend: "Revoke the access and take the equipment back, then sign: `rmbook report support` lists what leavers hold.",
        "请先收回权限与设备再签字；可用 `rmbook report support` 查看离职人员未收回事项。";
    says: "signed on {signed}, and `{what}` of `{manager}` was still out", "{signed} 签字时，“{manager}”的“{what}”尚未收回";
    example: client!("[[handovers]]\ndate = 2026-10-01\nfrom = \"old-chen\"\nto = \"wang-fang\"\nsigned_supervisor = 2026-10-01\n\
        # file: managers/old-chen.toml\nname = \"Chen\"\nleft = 2026-09-30\nstatus = \"left\"\n\
        [[access]]\nsystem = \"Credit system\"\ngranted = 2026-01-05\nrevoked = 2026-10-09\n");
    mended: "revoked = 2026-10-09" => "revoked = 2026-09-30";
}

fn signed_before_access_ended(context: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    for (index, handover) in client.data.handovers.iter().enumerate() {
        let from = context.book.managers.get(&handover.from).filter(|from| from.data.left.is_some());
        let Some((from, signed)) = from.zip(handover.signed_supervisor) else { continue };
        if let Some(what) = still_out(&from.data, signed) {
            let place = Place::value(client.file, path!["handovers", index, "signed_supervisor"]);
            let manager = &*handover.from;
            found.push(fires!(
                SIGNED_BEFORE_ACCESS_ENDED,
                place,
                signed = signed.0,
                what = what,
                manager = manager
            ));
        }
    }
}

/// An access or a piece of equipment that a manager still had after a day.
fn still_out(manager: &Manager, day: Day) -> Option<&str> {
    let is_out = |ended: Option<Day>| ended.is_none_or(|ended| ended > day);
    let access = manager.access.iter().find(|access| is_out(access.revoked));
    let asset = || manager.assets.iter().find(|asset| is_out(asset.returned));
    access.map(|access| access.system.as_str()).or_else(|| asset().map(|asset| asset.kind.as_str()))
}
