//! Work, figures and entries that belong to somebody who has left or had not come, and handovers signed while they could still get in.

use super::there;
use super::{check, client, manager};
use crate::book::Record;
use crate::book::credit::{announced, earners, earns_on, entry_on};
use crate::check::{At, Check, Context, Found, fires};
use crate::msg;
use crate::path;
use crate::record::client::{Client, Status as ClientStatus};
use crate::record::development::Idea;
use crate::record::facts::Fact;
use crate::record::manager::{Manager, Status};
use crate::record::promise::Action;
use crate::record::value::Day;
use crate::source::{FileId, KeyPath, Place};
use crate::text::{Message, Text, check as say};

pub(super) static RULES: &[&Check] = &[
    &OWNED_BY_LEAVER,
    &SIGNED_BEFORE_ACCESS_ENDED,
    &HANDOVER_NOT_CARRIED_OUT,
    &CREDIT_TO_LEAVER,
    &CREDITED_BEFORE_JOINING,
    &AFTER_LEAVING,
    &COVER_AWAY,
];

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
    entry: Remark;
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
            // What was missed before the owner left counts for whoever missed it; `due` says who sees to it now.
            let left = action.owner.as_deref().and_then(|owner| self.context.left(owner));
            if left.is_none_or(|left| !action.missed_before(left)) {
                self.judge(file, action.owner.as_deref(), || list().join(index).join("owner"));
            }
        }
    }

    fn ideas(&mut self, file: FileId, ideas: &[Idea], list: &'static str) {
        let is_open = |idea: &Idea| idea.decided.is_none() && idea.decision.is_none();
        for (index, idea) in ideas.iter().enumerate().filter(|(_, idea)| is_open(idea)) {
            self.judge(file, idea.owner.as_deref(), || path![list, index, "owner"]);
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
        owners.ideas(team.file, &team.data.pilots, "pilots");
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
        for (index, plan) in data
            .planned
            .iter()
            .enumerate()
            .filter(|(_, plan)| plan.date.0 >= context.today && plan.cancelled.is_none())
        {
            owners.judge(file, Some(&plan.by), || path!["planned", index, "by"]);
        }
        for (index, referral) in data.referrals.iter().enumerate() {
            if context.deadlines.referral(referral).is_some() {
                owners.judge(file, Some(&referral.to), || path!["referrals", index, "to"]);
            }
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
        owners.ideas(file, &data.ideas, "ideas");
        for (index, talk) in data.one_on_ones.iter().enumerate() {
            owners.actions(file, &talk.actions, || path!["one_on_ones", index, "actions"]);
        }
    }
}

check! {
    SIGNED_BEFORE_ACCESS_ENDED = "RM109" "signed-before-access-ended" Deny Client(signed_before_access_ended);
    title: "a leaver's handover was signed off while access or equipment was still out", "离职人员权限或设备未收回即签署移交";
    why: "The supervisor's signature says that the leaver is gone for good; until access ends it is not so.",
        "监交人签字即确认离职移交完毕，权限未收回则移交尚未完成。";
    mend: "Revoke the access and take the equipment back, then sign: `rmbook report support` lists what leavers hold.",
        "请先收回权限与设备再签字；可用 `rmbook report support` 查看离职人员未收回事项。";
    says: "signed on {signed}, and `{what}` of `{manager}` was still out", "{signed} 签字时，“{manager}”的“{what}”尚未收回";
    example: client!("[[handovers]]\ndate = 2026-10-01\nfrom = \"old-chen\"\nto = \"wang-fang\"\nsigned_supervisor = 2026-10-01\n\
        # file: managers/old-chen.toml\nname = \"Chen\"\nleft = 2026-09-30\nstatus = \"left\"\n\
        [[access]]\nsystem = \"Credit system\"\ngranted = 2026-01-05\nrevoked = 2026-10-09\n");
    mended: "revoked = 2026-10-09" => "revoked = 2026-09-30";
    entry: Refuse;
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

check! {
    HANDOVER_NOT_CARRIED_OUT = "RM110" "handover-not-carried-out" Deny Client(handover_not_carried_out);
    title: "the day of a handover has come, and it was not carried out", "移交生效日已到而未办理";
    why: "The figures count for the new lead, and the open work still belongs to the old one.", "业绩已归接收人，未结事项却仍由移交人负责。";
    mend: "Carry it out: `rmbook handover CLIENT --to MANAGER --on DATE`. If it was called off, take the entry out.",
        "请办理：`rmbook handover 客户 --to 客户经理 --on 日期`；已取消的请删去该条目。";
    says: "handed over to `{to}` on {date}, and `{from}` is still named as the lead", "应于 {date} 移交“{to}”，主办仍为“{from}”";
    example: client!("[[handovers]]\ndate = 2026-11-01\nfrom = \"wang-fang\"\nto = \"li-na\"\n");
    mended: "2026-11-01" => "2026-12-01";
}

fn handover_not_carried_out(context: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    if let Some(handover) = announced(&client.data).filter(|handover| handover.date.0 <= context.today) {
        let place = Place::value(client.file, path!["manager"]);
        let (from, to) = (&*handover.from, &*handover.to);
        found.push(fires!(HANDOVER_NOT_CARRIED_OUT, place, to = to, date = handover.date.0, from = from));
    }
}

check! {
    CREDIT_TO_LEAVER = "RM111" "credit-to-leaver" Deny Client(credit_to_leaver);
    title: "a share of a client's figures goes to somebody who has left", "业绩分成仍归离职人员";
    why: "What the client earns goes to nobody who is still there, and is missing from the team.", "该部分业绩不再归属任何在职人员，团队口径随之缺失。";
    mend: "Agree on new shares: `rmbook handover` moves those of a lead, `rmbook add credit` those of anybody else.",
        "请重新约定分成：主办的份额可用 `rmbook handover` 移交，其他人的用 `rmbook add credit`。";
    says: "`{manager}` left on {left} and still has {share} %", "“{manager}”已于 {left} 离职，仍占 {share}%";
    example: client!("[[credit]]\nfrom = 2026-07-01\nshares = { wang-fang = 30, old-chen = 70 }\n\
        # file: managers/old-chen.toml\nname = \"Chen\"\nleft = 2026-09-30\nstatus = \"left\"\n");
    mended: "old-chen = 70" => "li-na = 70";
}

fn credit_to_leaver(context: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    let credit = &client.data.credit;
    if client.data.status == ClientStatus::Closed {
        return;
    }
    for (index, entry) in credit.iter().enumerate() {
        let all = entry.measures.is_empty().then_some("");
        let mut measures = all.into_iter().chain(entry.measures.iter().map(|measure| &**measure));
        let holds = |measure| {
            entry_on(&client.data, measure, context.today).is_some_and(|now| std::ptr::eq(now, entry))
        };
        if !measures.any(holds) {
            continue;
        }
        for (manager, share) in &entry.shares {
            if let Some(left) = context.left(manager).filter(|_| !share.0.is_zero()) {
                let place = Place::value(client.file, path!["credit", index, "shares", manager.to_string()]);
                let share = share.0.normalize();
                found.push(fires!(CREDIT_TO_LEAVER, place, manager = &**manager, left = left, share = share));
            }
        }
    }
}

check! {
    CREDITED_BEFORE_JOINING = "RM112" "credited-before-joining" Warn Client(credited_before_joining);
    title: "a client's figures fall to somebody who had not joined yet", "客户业绩归属尚未入职的人员";
    why: "They score whoever had no part in them, and are missing from whoever had.", "业绩计入未参与者名下，实际经办人反而缺失。";
    mend: "Enter who led before, `handovers` with its day, or let the share begin later; correct `joined` where it is wrong.",
        "请补登此前主办人与移交日（`handovers`），或推迟分成起始日；入职日有误的请更正 `joined`。";
    says: "figures of {month} fall to `{manager}`, who joined on {joined}", "{month} 业绩归“{manager}”，其 {joined} 方入职";
    example: client!("[results]\n2026-09 = { deposits = 100 }\n\
        # file: managers/wang-fang.toml\nname = \"Wang Fang\"\nreports_to = \"zhao-lei\"\njoined = 2026-10-08\n");
    mended: "joined = 2026-10-08" => "joined = 2026-09-08";
}

fn credited_before_joining(context: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    for manager in earners(&client.data) {
        let Some(record) = context.book.managers.get(manager) else { continue };
        let Some(joined) = record.data.joined else { continue };
        let before = client.data.results.keys().filter(|month| month.last_day() < joined.0);
        let first = before.copied().find(|month| earns_on(&client.data, &[manager], month.last_day()));
        if let Some(month) = first {
            let place = Place::value(client.file, path!["manager"]);
            let month = month.to_string();
            let joined = joined.0;
            found.push(fires!(
                CREDITED_BEFORE_JOINING,
                place,
                month = month,
                manager = manager,
                joined = joined
            ));
        }
    }
}

check! {
    AFTER_LEAVING = "RM113" "after-leaving" Deny Fact(after_leaving);
    title: "something somebody did or got is dated after the last day", "人员事项日期晚于离职日";
    why: "Nobody works, rests, rates or is praised here after the last day; the figures count somebody who was not there.",
        "离职后不可能再有本单位的工作、休假、评价或表扬记录，相关统计计入了不在职的人员。";
    mend: "Name who did it, or correct the date or `left`; a leave ends with the last day. What belongs to the time after is not found: equipment \
           returned, access revoked, talks about the career or the result, findings and complaints about former work, appeals and deferred pay.",
        "请填写实际人员，或更正日期、`left`；休假截至离职日为止。归还设备、收回权限、职业发展面谈与绩效反馈面谈、对既往工作的审计发现与投诉、申诉、延期支付等离职后事项不在此列。";
    says: "{date} is after the last day of `{manager}`, {left}", "{date} 晚于“{manager}”的离职日 {left}";
    example: "# file: managers/wang-fang.toml\nname = \"Wang Fang\"\nleft = 2026-09-30\nstatus = \"left\"\n\
        [[trainings]]\ndate = 2026-09-20\ncourse = \"Supply-chain finance\"\nkind = \"online\"\ndone = 2026-10-09\n";
    mended: "done = 2026-10-09" => "done = 2026-09-29";
    entry: Refuse;
}

fn after_leaving(context: &Context<'_>, at: At<'_>, fact: Fact<'_, '_>, found: &mut Found) {
    let Some((manager, date)) = there(context, at, fact, |there| there.stays) else { return };
    let left = manager.data.left.map(|left| left.to_string());
    if let Some(left) = left.filter(|left| date > left.as_str()) {
        let place = Place::value(at.file, at.trail.path());
        let finding = fires!(AFTER_LEAVING, place, date = date, manager = &*manager.id, left = left);
        found.push(finding.label(Place::value(manager.file, path!["left"]), say::LEFT_HERE.into()));
    }
}

check! {
    COVER_AWAY = "RM114" "cover-away" Warn Manager(cover_away);
    title: "whoever is to stand in during a leave is away too", "休假代岗人届时不在岗";
    why: "What falls due meanwhile is listed for the one who stands in, and nobody does it.", "休假期间到期的事项列于代岗人名下，却无人办理。";
    mend: "Name somebody else as `cover`.", "请在 `cover` 另行指定代岗人。";
    says: "`{cover}` is to stand in from {from} to {to}, and {why}", "“{cover}”应于 {from} 至 {to} 代岗，但{why}";
    example: manager!("[[leaves]]\nfrom = 2026-11-09\nto = 2026-11-13\nkind = \"annual\"\ncover = \"li-na\"\n\
        # file: managers/li-na.toml\nname = \"Li Na\"\nreports_to = \"zhao-lei\"\n[[leaves]]\nfrom = 2026-11-13\nto = 2026-11-16\nkind = \"annual\"\n");
    mended: "to = 2026-11-13" => "to = 2026-11-12";
    entry: Remark;
}

const LEAVES_MEANWHILE: Text = Text::new("leaves on {left}", "{left} 离职");
const ON_LEAVE: Text = Text::new("is on leave from {from} to {to}", "{from} 至 {to} 休假");
const ONESELF: Text = Text::new("is the one on leave", "其即为休假人");

fn cover_away(context: &Context<'_>, manager: &Record<Manager>, found: &mut Found) {
    for (index, leave) in manager.data.leaves.iter().enumerate().filter(|(_, it)| it.to.0 >= context.today) {
        let Some(cover) = leave.cover.as_ref() else { continue };
        let Some(stand_in) = context.book.managers.get(cover).map(|record| &record.data) else { continue };
        // One who had left before is found by the first day.
        let left = stand_in.left.filter(|left| leave.from <= *left && *left < leave.to);
        let away = stand_in.leaves.iter().find(|own| own.overlaps(leave));
        let why: Message = match (left, away) {
            _ if **cover == *manager.id => ONESELF.into(),
            (Some(left), _) => msg!(LEAVES_MEANWHILE, left = left.0),
            (None, Some(own)) => msg!(ON_LEAVE, from = own.from.0, to = own.to.0),
            (None, None) => continue,
        };
        let place = Place::value(manager.file, path!["leaves", index, "cover"]);
        let (from, to) = (leave.from.0, leave.to.0);
        found.push(fires!(COVER_AWAY, place, cover = &**cover, from = from, to = to, why = why));
    }
}
