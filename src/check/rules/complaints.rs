//! Complaints: listen, confirm, propose, follow up; in order, in time, by somebody without a part in them.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{check, client};
use crate::book::Record;
use crate::book::credit::lead_on;
use crate::book::deadline::{Flaw, Step};
use crate::check::{Check, Context, Found, fires};
use crate::msg;
use crate::path;
use crate::record::client::{Client, SampledBy};
use crate::record::complaint::Complaint;
use crate::record::value::Day;
use crate::source::{KeyPath, Place};
use crate::text::{Text, check as say};

pub(super) static RULES: &[&Check] = &[
    &COMPLAINT_STAGE_SKIPPED,
    &COMPLAINT_HANDLED_BY_SUBJECT,
    &COMPLAINT_PAST_LIMIT,
    &COMPLAINT_CLOSED_WITHOUT_FEEDBACK,
    &COMPLAINT_REPEATED,
    &COMPLAINT_NOT_ACKNOWLEDGED,
    &COMPLAINT_EXTENSION_INVALID,
    &COMPLAINT_NOT_FOLLOWED_UP,
    &FEEDBACK_SAMPLE_CHOSEN,
    &REOPENED_UNDECIDED,
];

/// Every run of a complaint of the client with the path of its steps; the first before the later ones.
fn runs(client: &Record<Client>) -> impl Iterator<Item = (KeyPath, Complaint)> {
    client.data.complaints.iter().enumerate().flat_map(|(index, complaint)| {
        let path = move |end: Option<(usize, Day)>| match end {
            Some((at, _)) => path!["complaints", index, "earlier", at],
            None => path!["complaints", index],
        };
        complaint.runs().into_iter().map(move |(end, run)| (path(end), run))
    })
}

fn place(client: &Record<Client>, index: usize, key: &str) -> Place {
    Place::value(client.file, path!["complaints", index, key])
}

check! {
    COMPLAINT_STAGE_SKIPPED = "RM401" "complaint-stage-skipped" Deny Client(stage_skipped);
    title: "stages of a complaint are out of order or skipped", "投诉办理环节缺失或先后颠倒";
    why: "An offer made before the issue was confirmed answers something the client may not have said.",
        "未经确认即提出方案，所答未必是客户所诉。";
    mend: "Enter the missing date, or correct the one out of order: received, confirmed, proposed, decided, followed up, closed.",
        "请补录缺失日期或更正先后：受理、确认、方案、告知处理决定、回访、办结。";
    says: "`{later}` on {day}, but {why}", "`{later}` 为 {day}，但{why}";
    example: client!("[[complaints]]\nid = \"late\"\nreceived = 2026-10-26\nproposed = 2026-10-28\n");
    mended: "proposed =" => "confirmed = 2026-10-27\nproposed =";
    entry: Refuse;
}

const STAGE_MISSING: Text = Text::new("`{earlier}` is missing", "缺少 `{earlier}`");
const STAGE_LATER: Text = Text::new("`{earlier}` only on {from}", "`{earlier}` 却为 {from}");

fn stage_skipped(_: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    for (path, complaint) in runs(client) {
        // Where the run before was overwritten, its days stand beside those of the last.
        let is_whole = |day: &Day| complaint.earlier.iter().any(|run| run.reopened == *day);
        let is_whole = complaint.reopened.iter().all(is_whole);
        let begin = match complaint.earlier.is_empty() || !is_whole {
            true => ("received", Some(complaint.received)),
            false => ("reopened", Some(complaint.opened_last())),
        };
        let stages = [
            begin,
            ("confirmed", complaint.confirmed),
            ("proposed", complaint.proposed),
            ("decided", complaint.decided),
            ("followed_up", complaint.followed_up),
            ("closed", complaint.closed),
        ];
        // That the client was asked before the closing is a rule of its own.
        let stages: Vec<_> =
            stages.into_iter().filter(|(stage, day)| *stage != "followed_up" || day.is_some()).collect();
        for pair in stages.windows(2) {
            let [(earlier, from), (later, Some(day))] = pair else { continue };
            let why = match from {
                // A complaint that was withdrawn may end at any stage.
                None if complaint.withdrawn.is_some() => continue,
                None => msg!(STAGE_MISSING, earlier = *earlier),
                Some(from) if from > day && is_whole => {
                    msg!(STAGE_LATER, earlier = *earlier, from = from.0)
                }
                Some(_) => continue,
            };
            let at = Place::value(client.file, path.join(*later));
            found.push(fires!(COMPLAINT_STAGE_SKIPPED, at, later = *later, day = day.0, why = why));
            break;
        }
    }
}

check! {
    COMPLAINT_HANDLED_BY_SUBJECT = "RM402" "complaint-handled-by-subject" Deny Client(handled_by_subject);
    title: "a complaint is handled by the one it is about", "投诉由被投诉人自行处理";
    why: "Whoever a complaint is about has a stake in its outcome and must stand back.", "被投诉人与处理结果有利害关系，应当回避。";
    mend: "Name another `handler`; without one the client's lead handles it.", "请另行指定 `handler`；未指定的由主办客户经理处理。";
    says: "`{manager}` is whom the complaint is about", "“{manager}”即被投诉人";
    example: client!("[[complaints]]\nid = \"late\"\nreceived = 2026-10-30\nabout = \"wang-fang\"\nhandler = \"wang-fang\"\n");
    mended: "handler = \"wang-fang\"" => "handler = \"li-na\"";
    entry: Refuse;
}

fn handled_by_subject(context: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    for (index, complaint) in client.data.complaints.iter().enumerate() {
        let lead = || {
            let is_open = context.deadlines.complaint(complaint).is_some();
            is_open.then(|| lead_on(&client.data, context.today))
        };
        let handler = complaint.handler.as_deref().or_else(lead);
        if let Some(handler) = handler.filter(|handler| complaint.about.as_deref() == Some(*handler)) {
            let finding =
                fires!(COMPLAINT_HANDLED_BY_SUBJECT, place(client, index, "handler"), manager = handler);
            found.push(finding.label(place(client, index, "about"), say::NAMED_HERE.into()));
        }
    }
}

check! {
    COMPLAINT_PAST_LIMIT = "RM403" "complaint-past-limit" Deny Client(past_limit);
    title: "a complaint is not decided within its limit", "投诉超过办理时限未作决定";
    why: "The limit is owed to the client; going past it takes an approved extension.", "办理时限系对客户的承诺，延长须经批准。";
    mend: "Decide it, or have the extension approved and tell the client. Limits stand under `[complaints]` in `rmbook.toml`.",
        "请作出处理决定，或办理延期审批并告知客户；时限见 `rmbook.toml` 的 `[complaints]`。";
    says: "{why}", "{why}";
    example: client!("[[complaints]]\nid = \"late\"\nreceived = 2026-10-12\nconfirmed = 2026-10-13\n");
    mended: "confirmed =" => "complexity = \"complex\"\nconfirmed =";
}

const NOT_DECIDED: Text = Text::new(
    "the decision was due on {deadline}, {days:day|days} ago",
    "处理决定应于 {deadline} 前作出，已超期 {days} 天",
);
const DECIDED_LATE: Text = Text::new(
    "the decision was due on {deadline} and came on {decided}, {days:day|days} late",
    "处理决定应于 {deadline} 前作出，实际于 {decided} 作出，超期 {days} 天",
);

fn past_limit(context: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    for (index, complaint) in client.data.complaints.iter().enumerate() {
        let deadline = context.deadlines.complaint_decision(complaint);
        let decided = match context.deadlines.complaint(complaint) {
            Some((Step::Confirm | Step::Propose | Step::Decide, _)) => None,
            Some((Step::FollowUp | Step::Close, _)) => complaint.decided.map(|day| day.0),
            // What is over is history: the reports count it.
            None => continue,
        };
        let days = (decided.unwrap_or(context.today) - deadline).num_days();
        if days > 0 {
            let why = match decided {
                Some(decided) => msg!(DECIDED_LATE, deadline = deadline, decided = decided, days = days),
                None => msg!(NOT_DECIDED, deadline = deadline, days = days),
            };
            found.push(fires!(COMPLAINT_PAST_LIMIT, place(client, index, "received"), why = why));
        }
    }
}

check! {
    COMPLAINT_CLOSED_WITHOUT_FEEDBACK = "RM404" "complaint-closed-without-feedback" Deny Client(closed_without_feedback);
    title: "a complaint was closed without asking the client", "投诉办结前未回访客户";
    why: "Only the client can say whether the matter is settled.", "问题是否解决应以客户意见为准。";
    mend: "Follow up and enter `followed_up` and `satisfied`.", "请回访并填写 `followed_up` 与 `satisfied`。";
    says: "closed on {closed} without `{missing}`", "{closed} 办结，但缺少 `{missing}`";
    example: client!("[[complaints]]\nid = \"late\"\nreceived = 2026-10-12\nconfirmed = 2026-10-13\nproposed = 2026-10-14\n\
        decided = 2026-10-15\nfollowed_up = 2026-10-20\nclosed = 2026-10-21\n");
    mended: "closed =" => "satisfied = true\nclosed =";
}

fn closed_without_feedback(_: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    for (path, complaint) in runs(client) {
        let Some(closed) = complaint.closed.filter(|_| complaint.withdrawn.is_none()) else { continue };
        let missing = match (complaint.followed_up, complaint.satisfied) {
            (None, _) => "followed_up",
            (_, None) => "satisfied",
            _ => continue,
        };
        let at = Place::value(client.file, path.join("closed"));
        found.push(fires!(COMPLAINT_CLOSED_WITHOUT_FEEDBACK, at, closed = closed.0, missing = missing));
    }
}

check! {
    COMPLAINT_REPEATED = "RM405" "complaint-repeated" Warn Book(repeated);
    title: "the same cause keeps bringing complaints", "同一原因的投诉重复发生";
    why: "What three clients complain about in a quarter is no accident.", "90天内多次出现的同因投诉并非偶发。";
    mend: "Remove the cause. The number is `repeated` under `[complaints]` in `rmbook.toml`.",
        "请从根源整改；次数标准见 `rmbook.toml` 中 `[complaints]` 的 `repeated`。";
    says: "`{cause}` caused {count} complaints from {from} to {to}", "“{cause}”自 {from} 至 {to} 引发投诉 {count} 件";
    example: client!("[[complaints]]\nid = \"a\"\nreceived = 2026-09-01\nwithdrawn = 2026-09-02\ncause = \"Late transfer\"\n\
        [[complaints]]\nid = \"b\"\nreceived = 2026-09-21\nwithdrawn = 2026-09-22\ncause = \"late transfer\"\n\
        [[complaints]]\nid = \"c\"\nreceived = 2026-10-28\nwithdrawn = 2026-10-29\ncause = \"Late transfer \"\n");
    mended: "2026-09-01\nwithdrawn = 2026-09-02" => "2026-06-01\nwithdrawn = 2026-06-02";
}

/// When a complaint came in, and where it stands.
type Received<'a> = (NaiveDate, &'a Record<Client>, usize);

/// Days in which complaints of one cause make a pattern.
const PATTERN: i64 = 90;

fn repeated(context: &Context<'_>, found: &mut Found) {
    let mut causes: BTreeMap<String, Vec<Received<'_>>> = BTreeMap::new();
    for client in &context.book.clients {
        for (index, complaint) in client.data.complaints.iter().enumerate() {
            let cause = complaint.cause.as_deref().unwrap_or_default().trim().to_lowercase();
            if !cause.is_empty() {
                causes.entry(cause).or_default().push((complaint.received.0, client, index));
            }
        }
    }
    let least = (context.book.settings.complaints.repeated as usize).max(2);
    for mut complaints in causes.into_values() {
        complaints.sort_by_key(|(day, client, index)| (*day, client.file, *index));
        // The latest run that is long enough; earlier ones were reported in their time.
        let run = complaints.windows(least).rfind(|run| (run[least - 1].0 - run[0].0).num_days() <= PATTERN);
        let Some([(from, first, first_index), .., (to, last, index)]) = run else { continue };
        let cause = last.data.complaints[*index].cause.as_deref().unwrap_or_default().trim();
        let at = place(last, *index, "cause");
        let finding = fires!(COMPLAINT_REPEATED, at, cause = cause, count = least, from = *from, to = *to);
        found.push(finding.label(place(first, *first_index, "cause"), say::ALSO_HERE.into()));
    }
}

check! {
    COMPLAINT_NOT_ACKNOWLEDGED = "RM406" "complaint-not-acknowledged" Warn Client(not_acknowledged);
    title: "a complaint has not been answered yet", "投诉未按时首次响应";
    why: "A client who hears nothing complains again, elsewhere.", "客户得不到回应，便会向他处投诉。";
    mend: "Call the client, restate the issue and enter `confirmed`.", "请联系客户确认问题，并填写 `confirmed`。";
    says: "a first answer was due on {deadline}", "应于 {deadline} 前首次响应";
    example: client!("[[complaints]]\nid = \"late\"\nreceived = 2026-10-28\n");
    mended: "received = 2026-10-28" => "received = 2026-10-30";
}

fn not_acknowledged(context: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    for (index, complaint) in client.data.complaints.iter().enumerate() {
        let Some((Step::Confirm, answer_by)) = context.deadlines.complaint(complaint) else { continue };
        // Past the limit of the decision, that is the graver finding.
        let decide_by = context.deadlines.complaint_decision(complaint);
        if context.today > answer_by && context.today <= decide_by {
            let at = place(client, index, "received");
            found.push(fires!(COMPLAINT_NOT_ACKNOWLEDGED, at, deadline = answer_by));
        }
    }
}

check! {
    COMPLAINT_EXTENSION_INVALID = "RM407" "complaint-extension-invalid" Deny Client(extension_invalid);
    title: "an extension of a complaint's limit does not hold", "投诉延期无效";
    why: "An extension counts only with somebody's approval, within its bounds, and if the client knows of it.",
        "延期须经批准、不得超限并应告知客户。";
    mend: "Enter who approved it, neither whom it is about nor whoever handles it, and when the client was told; or shorten it.", "请填写批准人（不得为被投诉人或处理人）和告知客户日，或缩短延期。";
    says: "the extension does not hold: {why}", "延期无效：{why}";
    example: client!("[[complaints]]\nid = \"late\"\nreceived = 2026-10-19\nconfirmed = 2026-10-20\nextension = { days = 30, approved_by = \"Zhao Lei\" }\n");
    mended: "\"Zhao Lei\"" => "\"Zhao Lei\", told = 2026-10-20";
}

const TOO_LONG: Text =
    Text::new("of its {days:day|days}, {limit} count", "所填 {days} 天中仅 {limit} 天有效");
const NOT_APPROVED: Text = Text::new("nobody approved it", "未经批准");
const TOLD_LATE: Text = Text::new(
    "the client was told on {told}, after the limit of {limit}",
    "{told} 才告知客户，已过原时限 {limit}",
);
const OWN_APPROVAL: Text = Text::new("whom the complaint is about approved it", "批准人即被投诉人");
const HANDLER_APPROVAL: Text = Text::new("whoever handles the complaint approved it", "批准人即投诉处理人");
const NOT_TOLD: Text = Text::new("the client was not told", "未告知客户");

fn extension_invalid(context: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    let limit = context.book.settings.complaints.extension.days;
    for (index, complaint) in client.data.complaints.iter().enumerate() {
        let Some(extension) = &complaint.extension else { continue };
        let why = match context.deadlines.flaw(complaint, extension) {
            Some(Flaw::NotApproved) => NOT_APPROVED.into(),
            Some(Flaw::OwnApproval) => OWN_APPROVAL.into(),
            Some(Flaw::ByHandler) => HANDLER_APPROVAL.into(),
            Some(Flaw::NotTold) => NOT_TOLD.into(),
            Some(Flaw::ToldLate(told, limit)) => msg!(TOLD_LATE, told = told, limit = limit),
            None if extension.days > limit => msg!(TOO_LONG, days = extension.days, limit = limit),
            None => continue,
        };
        found.push(fires!(COMPLAINT_EXTENSION_INVALID, place(client, index, "extension"), why = why));
    }
}

check! {
    COMPLAINT_NOT_FOLLOWED_UP = "RM408" "complaint-not-followed-up" Warn Client(not_followed_up);
    title: "a decided complaint has not been followed up", "投诉处理后未按时回访";
    why: "The fourth step tells whether the other three were any good.", "回访方能检验前三步的成效。";
    mend: "Ask the client and enter `followed_up` and `satisfied`.", "请回访并填写 `followed_up` 与 `satisfied`。";
    says: "decided on {decided}; the follow-up was due on {deadline}", "{decided} 告知处理决定，应于 {deadline} 前回访";
    example: client!("[[complaints]]\nid = \"late\"\nreceived = 2026-10-01\nconfirmed = 2026-10-02\nproposed = 2026-10-03\ndecided = 2026-10-04\n");
    mended: "decided =" => "followed_up = 2026-10-10\nsatisfied = true\ndecided =";
}

fn not_followed_up(context: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    for (index, complaint) in client.data.complaints.iter().enumerate() {
        let Some((Step::FollowUp, deadline)) = context.deadlines.complaint(complaint) else { continue };
        let Some(decided) = complaint.decided.filter(|_| context.today > deadline) else { continue };
        let at = place(client, index, "decided");
        found.push(fires!(COMPLAINT_NOT_FOLLOWED_UP, at, decided = decided.0, deadline = deadline));
    }
}

check! {
    FEEDBACK_SAMPLE_CHOSEN = "RM409" "feedback-sample-chosen" Warn Client(feedback_sample_chosen);
    title: "a manager chose which client was asked about satisfaction", "满意度样本由客户经理自选";
    why: "Whoever is judged picks the friendly ones.", "被评价者倾向于挑选关系良好的客户。";
    mend: "Have the bank draw the sample; `satisfaction`, `net_promoter_score` and the report leave answers of this kind out.", "样本应由行内抽取；此类反馈不计入 `satisfaction`、`net_promoter_score` 及满意度报告。";
    says: "the answer of {date} was asked for by the manager", "{date} 的反馈由客户经理自选样本取得";
    example: client!("[[feedback]]\ndate = 2026-10-20\nscore = 9\nsampled_by = \"manager\"\n");
    mended: "sampled_by = \"manager\"" => "sampled_by = \"bank\"";
}

fn feedback_sample_chosen(_: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    for (index, answer) in client.data.feedback.iter().enumerate() {
        if answer.sampled_by == Some(SampledBy::Manager) {
            let at = Place::value(client.file, path!["feedback", index, "sampled_by"]);
            found.push(fires!(FEEDBACK_SAMPLE_CHOSEN, at, date = answer.date.0));
        }
    }
}

check! {
    REOPENED_UNDECIDED = "RM410" "complaint-reopened-undecided" Deny Client(reopened_undecided);
    title: "a complaint was opened again before it was decided", "投诉未作决定即重新受理";
    why: "Opening it again starts every limit anew; an undecided complaint would never be late.",
        "重新受理将重新起算时限，未决投诉由此永不超期。";
    mend: "Enter the decision that came before, or take the day out of `reopened`.", "请补录此前的处理决定，或删去 `reopened` 中的该日。";
    says: "opened again on {day}, and no decision is recorded", "{day} 重新受理，但无处理决定记录";
    example: client!("[[complaints]]\nid = \"late\"\nreceived = 2026-10-27\nconfirmed = 2026-10-28\nproposed = 2026-10-29\n\
        reopened = [2026-10-30]\n");
    mended: "reopened =" => "decided = 2026-10-29\nreopened =";
    entry: Refuse;
}

fn reopened_undecided(_: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    for (index, complaint) in client.data.complaints.iter().enumerate() {
        for (run, of_run) in complaint.earlier.iter().enumerate() {
            let is_over = of_run.decided.is_some() || of_run.withdrawn.is_some();
            if !is_over || of_run.reopened < complaint.received {
                let at = Place::value(client.file, path!["complaints", index, "earlier", run, "reopened"]);
                found.push(fires!(REOPENED_UNDECIDED, at, day = of_run.reopened.0));
            }
        }
        let is_over = complaint.decided.is_some() || complaint.withdrawn.is_some();
        let is_told = |day: &&Day| complaint.earlier.iter().any(|run| run.reopened == **day);
        let untold = complaint.reopened.iter().filter(|day| !is_told(day));
        if let Some(day) = untold.min().filter(|day| !is_over || **day < complaint.received) {
            let at = place(client, index, "reopened");
            found.push(fires!(REOPENED_UNDECIDED, at, day = day.0));
        }
    }
}
