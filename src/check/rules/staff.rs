//! Managers: reports answered, certificates valid, grades explained, leavers without keys.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use super::{check, manager};
use crate::book::Record;
use crate::check::{Check, Context, Found, fires};
use crate::msg;
use crate::path;
use crate::record::development::Certificate;
use crate::record::manager::{Manager, Status};
use crate::source::{KeyPath, Place};
use crate::text::{Message, Text};

pub(super) static RULES: &[&Check] = &[
    &GRADE_BEFORE_UNKNOWN,
    &REPORT_UNANSWERED,
    &CERTIFICATE_EXPIRED,
    &CERTIFICATE_EXPIRING,
    &TRAINING_BEHIND,
    &TRAINING_MISSED,
    &GRADE_WITHOUT_REASON,
    &GRADE_DISAGREES,
    &LEAVER_HOLDS,
    &ACCESS_NOT_REVIEWED,
];

check! {
    GRADE_BEFORE_UNKNOWN = "RM620" "grade-before-unknown" Warn Manager(grade_before_unknown);
    title: "nobody knows the grade before the first change of the history", "首次职级变动前的职级未登记";
    why: "The months before it would be scored by the grade that came after; they are scored without one instead.",
        "变动前各月不应按变动后职级考核；未登记的，按无职级处理。";
    mend: "What was the grade before? Enter it as the first of `grade_history`, from the day it began.",
        "请将此前职级补登为 `grade_history` 首条，并填写其起始日。";
    says: "the history begins with grade {grade} on {from}; what was the grade before?", "变动记录始于 {from}（{grade}），此前职级未登记";
    example: manager!("grade = \"M2\"\n[[grade_history]]\nfrom = 2026-09-16\ngrade = \"M2\"\n\
        # file: clients/acme.toml\nname = \"Acme Precision\"\ntier = \"base\"\nmanager = \"wang-fang\"\nstatus = \"active\"\n\
        [results]\n2026-09 = { deposits = 5000 }\n");
    mended: "from = 2026-09-16" => "from = 2020-01-01";
    entry: Whole;
}

fn grade_before_unknown(context: &Context<'_>, manager: &Record<Manager>, found: &mut Found) {
    let Some(figured) = context.first_figured else { return };
    let record = &manager.data;
    let begins = record.joined.map_or(figured.first_day(), |joined| joined.0.max(figured.first_day()));
    let history = record.grade_history.iter().enumerate();
    let Some((index, first)) = history.min_by_key(|(_, change)| change.from) else { return };
    if first.from.0 > begins && record.grade_on(begins).is_none() {
        let place = Place::value(manager.file, path!["grade_history", index]);
        found.push(fires!(GRADE_BEFORE_UNKNOWN, place, grade = &first.grade, from = first.from.0));
    }
}

check! {
    REPORT_UNANSWERED = "RM621" "report-unanswered" Warn Manager(report_unanswered);
    title: "a problem reported upward was not answered in time", "上报事项未按时答复";
    why: "Whoever gets no answer stops reporting.", "上报得不到答复，便不再上报。";
    mend: "Answer it and enter `answered`. The limit is `answer` under `[management]`.", "请答复并填写 `answered`；时限见 `[management]` 的 `answer`。";
    says: "an answer to `{what}` was due on {deadline}", "“{what}”应于 {deadline} 前答复";
    example: manager!("[[reports]]\nraised = 2026-10-12\nkind = \"problem\"\nwhat = \"credit approval takes six weeks\"\n");
    mended: "raised = 2026-10-12" => "raised = 2026-10-12\nanswered = 2026-10-16";
}

fn report_unanswered(context: &Context<'_>, manager: &Record<Manager>, found: &mut Found) {
    for (index, report) in manager.data.reports.iter().enumerate() {
        if let Some((deadline, _)) = context.overdue(context.deadlines.answer(report)) {
            let place = Place::value(manager.file, path!["reports", index]);
            found.push(fires!(REPORT_UNANSWERED, place, what = &report.what, deadline = deadline));
        }
    }
}

/// The certificates a manager at work must renew by now, with the last day of each.
fn to_renew<'a>(
    context: &'a Context<'_>,
    manager: &'a Manager,
) -> impl Iterator<Item = (usize, &'a Certificate, NaiveDate)> {
    let at_work = manager.status != Status::Left;
    manager.certificates.iter().enumerate().filter(move |_| at_work).filter_map(|(index, certificate)| {
        let due = context.deadlines.certificate(manager, certificate)?;
        (due <= context.today).then_some((index, certificate, certificate.expires?.0))
    })
}

check! {
    CERTIFICATE_EXPIRED = "RM622" "certificate-expired" Deny Manager(certificate_expired);
    title: "a certificate has expired", "资格证书已过期";
    why: "The duties it permits may not be done without it.", "证书失效期间不得从事其准许的业务。";
    mend: "Renew it and enter the new one; until then somebody else does those duties.", "请换证并登记；其间相关业务改由他人办理。";
    says: "`{name}` expired on {expires}{stops}", "“{name}”已于 {expires} 过期{stops}";
    example: manager!("[[certificates]]\nname = \"Credit officer\"\nissued = 2023-10-01\nexpires = 2026-09-30\npermits = [\"credit reports\"]\n");
    mended: "expires = 2026-09-30" => "expires = 2027-09-30";
}

const STOPS: Text = Text::new("; to be stopped: {duties}", "；应停办：{duties}");

fn certificate_expired(context: &Context<'_>, manager: &Record<Manager>, found: &mut Found) {
    for (index, certificate, expires) in to_renew(context, &manager.data) {
        if expires >= context.today {
            continue;
        }
        let valid = manager.data.certificates.iter().filter(|other| other.is_valid_on(context.today));
        let permitted: BTreeSet<&String> = valid.flat_map(|other| &other.permits).collect();
        let stopped: Vec<&String> =
            certificate.permits.iter().filter(|duty| !permitted.contains(duty)).collect();
        let stops = match stopped.as_slice() {
            [] => Message::verbatim(""),
            duties => msg!(STOPS, duties = Message::list(duties)),
        };
        let place = Place::value(manager.file, path!["certificates", index, "expires"]);
        found.push(fires!(
            CERTIFICATE_EXPIRED,
            place,
            name = &certificate.name,
            expires = expires,
            stops = stops
        ));
    }
}

check! {
    CERTIFICATE_EXPIRING = "RM623" "certificate-expiring" Warn Manager(certificate_expiring);
    title: "a certificate expires soon", "资格证书即将到期";
    why: "An examination takes weeks to book.", "报考换证需预留时间。";
    mend: "Renew it. The days are `certificate` under `[management]`.", "请办理换证；提醒天数见 `[management]` 的 `certificate`。";
    says: "`{name}` expires on {expires}, in {days:day|days}", "“{name}”将于 {expires} 到期，尚余 {days} 天";
    example: manager!("[[certificates]]\nname = \"Credit officer\"\nissued = 2023-10-01\nexpires = 2026-12-01\n");
    mended: "expires = 2026-12-01" => "expires = 2027-09-30";
}

fn certificate_expiring(context: &Context<'_>, manager: &Record<Manager>, found: &mut Found) {
    for (index, certificate, expires) in to_renew(context, &manager.data) {
        if expires >= context.today {
            let place = Place::value(manager.file, path!["certificates", index, "expires"]);
            let days = (expires - context.today).num_days();
            found.push(fires!(
                CERTIFICATE_EXPIRING,
                place,
                name = &certificate.name,
                expires = expires,
                days = days
            ));
        }
    }
}

check! {
    TRAINING_BEHIND = "RM624" "training-behind" Warn Manager(training_behind);
    title: "training hours are behind pace by more than a quarter of the year's", "培训学时进度落后";
    why: "Hours caught up in December teach nobody anything.", "年末突击补学难有实效。";
    mend: "Book trainings. The hours of a year are `training_hours` under `[management]`.", "请安排培训；年度学时见 `[management]` 的 `training_hours`。";
    says: "{hours:hour|hours} of {expected} expected by today", "至今应完成 {expected} 学时，实际 {hours} 学时";
    example: manager!("[[trainings]]\ndate = 2026-03-02\ncourse = \"Compliance\"\nkind = \"internal\"\nhours = 8\ndone = 2026-03-02\n");
    mended: "hours = 8" => "hours = 32";
    entry: Whole;
}

fn training_behind(context: &Context<'_>, manager: &Record<Manager>, found: &mut Found) {
    let Manager { trainings, status, joined, .. } = &manager.data;
    // Where few have a training, who has none is not behind: trainings are kept elsewhere.
    let judged = || joined.is_some() && context.keeps_trainings;
    if *status != Status::Active || (trainings.is_empty() && !judged()) {
        return;
    }
    let of_year = Decimal::from(context.book.settings.management.training_hours);
    let expected = context.deadlines.training_hours(&manager.data, context.today).round_dp(0);
    let hours = manager.data.hours_trained(context.today.year());
    if hours + of_year / Decimal::from(4) < expected {
        let hours = hours.normalize();
        let place = match trainings.len().checked_sub(1) {
            Some(last) => Place::value(manager.file, path!["trainings", last]),
            None => Place::file(manager.file),
        };
        found.push(fires!(TRAINING_BEHIND, place, hours = hours, expected = expected));
    }
}

check! {
    TRAINING_MISSED = "RM625" "training-missed" Warn Manager(training_missed);
    title: "a mandatory training was missed", "必修培训未完成";
    why: "What must be known to do the work is not known.", "履职必备的知识尚未掌握。";
    mend: "Take the next date and enter `done`.", "请参加补训并填写 `done`。";
    says: "`{course}` on {deadline} was mandatory", "{deadline} 的“{course}”为必修";
    example: manager!("[[trainings]]\ndate = 2026-10-12\ncourse = \"Anti-money laundering\"\nkind = \"online\"\nmandatory = true\n\
        [[trainings]]\ndate = 2026-10-20\ncourse = \"Sales\"\nkind = \"internal\"\nhours = 40\ndone = 2026-10-20\n");
    mended: "mandatory = true" => "mandatory = true\ndone = 2026-10-12";
}

fn training_missed(context: &Context<'_>, manager: &Record<Manager>, found: &mut Found) {
    let at_work = manager.data.status == Status::Active;
    for (index, training) in manager.data.trainings.iter().enumerate() {
        let due = context.deadlines.training(training).filter(|_| at_work && training.mandatory);
        if let Some((deadline, _)) = context.overdue(due) {
            let place = Place::value(manager.file, path!["trainings", index, "date"]);
            found.push(fires!(TRAINING_MISSED, place, course = &training.course, deadline = deadline));
        }
    }
}

check! {
    GRADE_WITHOUT_REASON = "RM626" "grade-without-reason" Deny Manager(grade_without_reason);
    title: "a change of grade has no reason", "职级变动未注明依据";
    why: "A promotion nobody can explain devalues the rules for all.", "无依据的晋降会损害规则公信力。";
    mend: "Enter `reason`, or `override_reason` where it departs from the promotion rules.",
        "请填写 `reason`；突破晋降规则的填写 `override_reason`。";
    says: "grade {grade} from {from} on, without a reason", "自 {from} 起为 {grade}，未注明依据";
    example: manager!("grade = \"M2\"\n[[grade_history]]\nfrom = 2023-01-01\ngrade = \"M1\"\n[[grade_history]]\nfrom = 2026-01-01\ngrade = \"M2\"\n");
    mended: "from = 2026-01-01" => "from = 2026-01-01\nreason = \"four quarters above the line\"";
}

fn grade_without_reason(_: &Context<'_>, manager: &Record<Manager>, found: &mut Found) {
    // The first grade is the one the manager came with.
    for (index, change) in manager.data.grade_history.iter().enumerate().skip(1) {
        let reasons = [&change.reason, &change.override_reason];
        if !reasons.iter().any(|reason| reason.as_ref().is_some_and(|reason| !reason.trim().is_empty())) {
            let place = Place::value(manager.file, path!["grade_history", index]);
            found.push(fires!(GRADE_WITHOUT_REASON, place, grade = &change.grade, from = change.from.0));
        }
    }
}

check! {
    GRADE_DISAGREES = "RM627" "grade-disagrees" Deny Manager(grade_disagrees);
    title: "a manager's grade is not the latest of the history", "现职级与职级变动记录不符";
    why: "Pay follows one of the two, promotion rules the other.", "薪酬与晋降分别取用二者，结果将不一致。";
    mend: "Bring `grade` and `grade_history` together; `rmbook add grade` changes both.", "请统一 `grade` 与 `grade_history`；`rmbook add grade` 同时更新二者。";
    says: "{why}", "{why}";
    example: manager!("grade = \"M1\"\n[[grade_history]]\nfrom = 2026-01-01\ngrade = \"M2\"\n");
    mended: "grade = \"M1\"" => "grade = \"M2\"";
    entry: Refuse;
}

const GRADE_HELP: Text = Text::new(
    "of a change to {grade}: `rmbook add grade {manager} --from … --grade {grade} --reason …`; to follow the history: \
     `rmbook set {manager} grade={latest} --correct`",
    "登记调整为 {grade}：`rmbook add grade {manager} --from … --grade {grade} --reason …`；以变动记录为准：`rmbook set {manager} grade={latest} --correct`",
);

const OTHER_GRADE: Text = Text::new(
    "grade {grade}, but {latest} since {from} in the history",
    "现职级为 {grade}，但变动记录自 {from} 起为 {latest}",
);
const OTHER_DAY: Text = Text::new(
    "in this grade since {since}, but since {from} in the history, by which months in the grade count",
    "现职级起始日为 {since}，但变动记录自 {from} 起，任职月数以变动记录为准",
);

/// The grades that a record states of today and of days to come, each with a day it holds on and where it stands: what stands
/// above holds from the day after the last of the history on.
fn grades_stated(manager: &Manager, today: NaiveDate) -> Vec<(NaiveDate, &String, KeyPath)> {
    let said = manager.history.iter().enumerate().filter_map(|(index, post)| {
        Some((post.until.0, post.grade.as_ref()?, path!["history", index, "grade"]))
    });
    let mut stated: Vec<_> = said.filter(|(until, ..)| *until >= today).collect();
    stated.sort_by_key(|(until, ..)| *until);
    let from = stated.last().and_then(|(until, ..)| until.succ_opt()).unwrap_or(today);
    stated.extend(manager.grade.as_ref().map(|grade| (from, grade, path!["grade"])));
    stated
}

fn grade_disagrees(context: &Context<'_>, manager: &Record<Manager>, found: &mut Found) {
    let latest_by = |day| {
        let begun = manager.data.grade_history.iter().filter(|change| change.from.0 <= day);
        begun.max_by_key(|change| change.from)
    };
    for (from, grade, path) in grades_stated(&manager.data, context.today) {
        if let Some(latest) = latest_by(from).filter(|latest| *grade != latest.grade) {
            let place = Place::value(manager.file, path);
            let help = msg!(GRADE_HELP, manager = &*manager.id, grade = grade, latest = &latest.grade);
            let why = msg!(OTHER_GRADE, grade = grade, latest = &latest.grade, from = latest.from.0);
            found.push(fires!(GRADE_DISAGREES, place, why = why).help(help));
            return;
        }
    }
    let Some((grade, latest)) = manager.data.grade.as_ref().zip(latest_by(context.today)) else { return };
    // Where the team or the role changed within a grade, any of those days may be meant. A history that begins after the grade
    // tells nothing of the day before it.
    let since = manager.data.grade_since.filter(|since| {
        since.0 <= context.today
            && manager.data.grade_since_on(context.today) != Some(since.0)
            && !manager
                .data
                .grade_history
                .iter()
                .any(|change| change.from == *since && change.grade == *grade)
    });
    if let Some(since) = since {
        let place = Place::value(manager.file, path!["grade_since"]);
        let why = msg!(OTHER_DAY, since = since.0, from = latest.from.0);
        found.push(fires!(GRADE_DISAGREES, place, why = why));
    }
}

check! {
    LEAVER_HOLDS = "RM628" "leaver-holds" Deny Manager(leaver_holds);
    title: "somebody who has left still holds equipment or access", "离职人员仍持有设备或权限";
    why: "Every open access of a leaver is an open door.", "离职人员未收回的权限即是漏洞。";
    mend: "Take it back and enter `returned` or `revoked`.", "请收回并填写 `returned` 或 `revoked`。";
    says: "left on {left}, and `{what}` is still out", "已于 {left} 离职，“{what}”尚未收回";
    example: manager!("left = 2026-09-30\nstatus = \"left\"\n[[access]]\nsystem = \"Credit system\"\ngranted = 2026-01-05\n");
    mended: "granted = 2026-01-05" => "granted = 2026-01-05\nrevoked = 2026-09-30";
}

fn leaver_holds(context: &Context<'_>, manager: &Record<Manager>, found: &mut Found) {
    let Some(left) = context.left(&manager.id) else { return };
    for (index, asset) in manager.data.assets.iter().enumerate().filter(|(_, asset)| asset.returned.is_none())
    {
        let place = Place::value(manager.file, path!["assets", index]);
        found.push(fires!(LEAVER_HOLDS, place, left = left, what = &asset.kind));
    }
    for (index, access) in
        manager.data.access.iter().enumerate().filter(|(_, access)| access.revoked.is_none())
    {
        let place = Place::value(manager.file, path!["access", index]);
        found.push(fires!(LEAVER_HOLDS, place, left = left, what = &access.system));
    }
}

check! {
    ACCESS_NOT_REVIEWED = "RM629" "access-not-reviewed" Warn Manager(access_not_reviewed);
    title: "access to a system was not looked at for too long", "系统权限超期未复核";
    why: "People move on; their access stays unless somebody asks.", "人员岗位会变动，权限如不清理将长期留存。";
    mend: "Look at it and enter `reviewed`. The months are `access_months` under `[management]`.",
        "请复核并填写 `reviewed`；间隔月数见 `[management]` 的 `access_months`。";
    says: "`{system}` {since}", "“{system}”{since}";
    example: manager!("[[access]]\nsystem = \"Credit system\"\ngranted = 2025-01-05\n");
    mended: "granted = 2025-01-05" => "granted = 2025-01-05\nreviewed = 2026-01-05";
}

const LOOKED_AT: Text = Text::new("was looked at last on {day}", "最近复核于 {day}");
const GRANTED: Text = Text::new("was granted on {day} and never looked at since", "{day} 授予后从未复核");

fn access_not_reviewed(context: &Context<'_>, manager: &Record<Manager>, found: &mut Found) {
    // What a leaver still holds is another rule's.
    if manager.data.left.is_some() {
        return;
    }
    for (index, access) in manager.data.access.iter().enumerate() {
        let since = match (access.reviewed, access.granted) {
            (Some(last), _) => msg!(LOOKED_AT, day = last.0),
            (None, Some(granted)) => msg!(GRANTED, day = granted.0),
            (None, None) => continue,
        };
        if context.overdue(context.deadlines.access(&manager.data, access)).is_some() {
            let place = Place::value(manager.file, path!["access", index]);
            found.push(fires!(ACCESS_NOT_REVIEWED, place, system = &access.system, since = since));
        }
    }
}
