//! What a manager carries and owes: leave taken and entered once, load in bounds, findings put right, ideas decided.

use std::collections::BTreeMap;

use chrono::{Months, NaiveDate};
use rust_decimal::Decimal;

use super::{check, manager};
use crate::book::Record;
use crate::book::rest::{Rest, Rests};
use crate::book::workload::workloads;
use crate::check::{Check, Context, Found, fires};
use crate::msg;
use crate::path;
use crate::period::Month;
use crate::record::development::{Idea, TrainingKind};
use crate::record::manager::{Manager, Status};
use crate::source::{FileId, Place};
use crate::text::{Text, check as say};

pub(super) static RULES: &[&Check] = &[
    &NO_LEAVE,
    &LOAD_HEAVY,
    &AUDIT_FINDING_OVERDUE,
    &IDEA_UNDECIDED,
    &POINTS_BELOW_ZERO,
    &ASSET_HELD_TWICE,
    &DECLARATION_NOT_REVIEWED,
    &TRAINING_DONE_EARLY,
    &IMPOSSIBLE_DAYS,
    &LEAVES_OVERLAP,
    &IDEA_UNDATED,
];

check! {
    NO_LEAVE = "RM630" "no-leave" Warn Book(no_leave);
    title: "a manager has taken no annual leave for months", "客户经理长期未休年假";
    why: "Rest is due, and a leave is when irregularities come to light.", "应保障休假；休假也是暴露异常的时机。";
    mend: "Plan the leave and a stand-in. The months are `leave_months` under `[management]`.",
        "请安排休假及代岗人；月数见 `[management]` 的 `leave_months`。";
    says: "{why}", "{why}";
    example: manager!("[[leaves]]\nfrom = 2026-02-16\nto = 2026-02-20\nkind = \"annual\"\n");
    mended: "from = 2026-02-16\nto = 2026-02-20" => "from = 2026-07-16\nto = 2026-07-20";
}

fn no_leave(context: &Context<'_>, found: &mut Found) {
    let rests = Rests::of(context.book);
    let months = Months::new(context.book.settings.management.leave_months);
    let limit = context.today.checked_sub_months(months).unwrap_or(NaiveDate::MIN);
    for manager in context.wanted(&context.book.managers) {
        let last = rests.last(&manager.data, context.today).filter(|last| last.day() < limit);
        let Some(last) = last.filter(|_| manager.data.status == Status::Active) else { continue };
        let why = match last {
            Rest::Taken(last) => msg!(LAST_LEAVE, last = last),
            Rest::NoneSince(since) => msg!(NO_LEAVE_YET, since = since),
        };
        found.push(fires!(NO_LEAVE, Place::value(manager.file, path!["leaves"]), why = why));
    }
}

const LAST_LEAVE: Text = Text::new("the last annual leave ended on {last}", "最近一次年休假结束于 {last}");
const NO_LEAVE_YET: Text =
    Text::new("no annual leave is recorded since {since}", "自 {since} 以来无年休假记录");

check! {
    LOAD_HEAVY = "RM631" "load-heavy" Warn Book(load_heavy);
    title: "a manager carries far more than the team's median", "工作量明显超过团队中位数";
    why: "Overload shows first in visits not made, then in people who leave.", "负荷过重先表现为漏访，继而导致离职。";
    mend: "Move base clients to colleagues. The multiple is `load` under `[management]`, the weights are `[equivalents]`.",
        "请向同事分流基础客户；倍数见 `[management]` 的 `load`，折算系数见 `[equivalents]`。";
    says: "{load} client equivalents, the team's median is {median}", "折算客户 {load} 户，团队中位数 {median} 户";
    example: "# file: managers/wang-fang.toml\nname = \"Wang Fang\"\nteam = \"corporate-1\"\n\
        # file: managers/li-na.toml\nname = \"Li Na\"\nteam = \"corporate-1\"\n\
        # file: managers/sun-yi.toml\nname = \"Sun Yi\"\nteam = \"corporate-1\"\n\
        # file: clients/a.toml\nname = \"A\"\ntier = \"strategic\"\nmanager = \"wang-fang\"\nbackup = \"li-na\"\nstatus = \"active\"\n\
        # file: clients/b.toml\nname = \"B\"\ntier = \"base\"\nmanager = \"li-na\"\nstatus = \"active\"\n\
        # file: clients/c.toml\nname = \"C\"\ntier = \"base\"\nmanager = \"sun-yi\"\nstatus = \"active\"\n";
    mended: "strategic" => "base";
}

fn load_heavy(context: &Context<'_>, found: &mut Found) {
    let teams = workloads(context.book, context.today).into_iter().filter(|team| team.team.is_some());
    for team in teams {
        for (id, own) in team.members.iter().filter(|(_, own)| team.is_heavy(own.load)) {
            let Some(manager) = context.book.managers.get(id) else { continue };
            let (load, median) = (own.load.normalize(), team.median.normalize());
            found.push(fires!(LOAD_HEAVY, Place::file(manager.file), load = load, median = median));
        }
    }
}

check! {
    AUDIT_FINDING_OVERDUE = "RM632" "audit-finding-overdue" Warn Manager(audit_finding_overdue);
    title: "an audit finding was not put right in time", "审计检查问题超期未整改";
    why: "A finding left open is found again, and counts double.", "问题未整改将再次被查出，并从重处理。";
    mend: "Put it right and enter `rectified`.", "请整改并填写 `rectified`。";
    says: "`{what}` was to be put right by {deadline}", "“{what}”应于 {deadline} 前整改";
    example: manager!("[[audit_findings]]\ndate = 2026-08-01\nwhat = \"file incomplete\"\nseverity = \"minor\"\ndue = 2026-09-30\n");
    mended: "due = 2026-09-30" => "due = 2026-09-30\nrectified = 2026-09-20";
}

fn audit_finding_overdue(context: &Context<'_>, manager: &Record<Manager>, found: &mut Found) {
    for (index, finding) in manager.data.audit_findings.iter().enumerate() {
        if let Some((deadline, _)) = context.overdue(context.deadlines.audit_finding(finding)) {
            let place = Place::value(manager.file, path!["audit_findings", index, "due"]);
            found.push(fires!(AUDIT_FINDING_OVERDUE, place, what = &finding.what, deadline = deadline));
        }
    }
}

check! {
    IDEA_UNDECIDED = "RM633" "idea-undecided" Warn Book(idea_undecided);
    title: "an idea was neither kept nor stopped on its day", "创新建议到期未作决定";
    why: "A trial without an end is neither learning nor saving.", "试点无终点，既无结论也无成效。";
    mend: "Measure, decide, and enter `decided` and `decision`.", "请实测、决定并填写 `decided` 与 `decision`。";
    says: "`{id}` was to be decided by {deadline}", "“{id}”应于 {deadline} 前决定";
    example: manager!("[[ideas]]\nid = \"templates\"\nraised = 2026-03-01\nwhat = \"proposal templates\"\ndecide_by = 2026-09-30\n");
    mended: "decide_by = 2026-09-30" => "decide_by = 2026-09-30\ndecided = 2026-09-28\ndecision = \"keep\"";
    entry: Remark;
}

fn idea_undecided(context: &Context<'_>, found: &mut Found) {
    for (file, list, index, idea) in ideas(context) {
        if let Some((deadline, _)) = context.overdue(context.deadlines.idea(idea)) {
            let place = Place::value(file, path![list, index, "decide_by"]);
            found.push(fires!(IDEA_UNDECIDED, place, id = &idea.id, deadline = deadline));
        }
    }
}

/// Ideas of managers and pilots of teams, each with the file, the list and its place there.
fn ideas<'c>(context: &'c Context<'_>) -> impl Iterator<Item = (FileId, &'static str, usize, &'c Idea)> {
    let of_managers =
        context.wanted(&context.book.managers).map(|manager| (manager.file, "ideas", &manager.data.ideas));
    let of_teams = context.wanted(&context.book.teams).map(|team| (team.file, "pilots", &team.data.pilots));
    of_managers.chain(of_teams).flat_map(|(file, list, ideas)| {
        ideas.iter().enumerate().map(move |(at, idea)| (file, list, at, idea))
    })
}

check! {
    POINTS_BELOW_ZERO = "RM634" "points-below-zero" Deny Manager(points_below_zero);
    title: "points of a finding, of praise or of a violation are below zero", "扣分或表扬、违规分值为负";
    why: "A deduction below zero is a reward: the kind of the entry gives the sign.", "负的扣分等于加分；正负由条目类别决定。";
    mend: "Enter the points as a positive number.", "请填写正数。";
    says: "`points` is {points}", "`points` 为 {points}";
    example: manager!("[[audit_findings]]\ndate = 2026-10-01\nwhat = \"file incomplete\"\nseverity = \"minor\"\npoints = -1\n");
    mended: "points = -1" => "points = 1";
    entry: Refuse;
}

fn points_below_zero(_: &Context<'_>, manager: &Record<Manager>, found: &mut Found) {
    let findings = manager.data.audit_findings.iter().map(|finding| finding.points).enumerate();
    let praise = manager.data.recognitions.iter().map(|recognition| recognition.points).enumerate();
    let findings = findings.map(|(index, points)| ("audit_findings", index, points));
    let praise = praise.map(|(index, points)| ("recognitions", index, points));
    for (list, index, points) in findings.chain(praise) {
        if let Some(points) = points.filter(|points| points.0 < Decimal::ZERO) {
            let place = Place::value(manager.file, path![list, index, "points"]);
            found.push(fires!(POINTS_BELOW_ZERO, place, points = points.0));
        }
    }
}

check! {
    ASSET_HELD_TWICE = "RM635" "asset-held-twice" Deny Book(asset_held_twice);
    title: "two managers hold the same piece of equipment", "同一设备由两人持有";
    why: "One of them cannot give it back.", "其中一人届时无法归还。";
    mend: "Enter `returned` where it was given back, or correct the serial number.", "已归还的请填写 `returned`，或更正设备编号。";
    says: "`{serial}` is also in the hands of `{other}`", "“{serial}”同时由“{other}”持有";
    example: manager!("[[assets]]\nkind = \"laptop\"\nserial = \"SN-1\"\n# file: managers/li-na.toml\nname = \"Li Na\"\nreports_to = \"zhao-lei\"\n\
        [[assets]]\nkind = \"laptop\"\nserial = \"sn-1\"\n");
    mended: "serial = \"SN-1\"" => "serial = \"SN-1\"\nreturned = 2026-10-01";
    entry: Remark;
}

fn asset_held_twice(context: &Context<'_>, found: &mut Found) {
    let mut held: BTreeMap<String, (&Record<Manager>, usize)> = BTreeMap::new();
    for manager in &context.book.managers {
        for (index, asset) in manager.data.assets.iter().enumerate() {
            let serial = asset.serial.as_deref().map(str::trim).filter(|serial| !serial.is_empty());
            let Some(serial) = serial.filter(|_| asset.returned.is_none()) else { continue };
            let place = |(of, index): (&Record<Manager>, usize)| {
                Place::value(of.file, path!["assets", index, "serial"])
            };
            match held.insert(serial.to_lowercase(), (manager, index)) {
                Some(first) if first.0.file != manager.file => {
                    let (at, other) = (place((manager, index)), &*first.0.id);
                    let finding = fires!(ASSET_HELD_TWICE, at, serial = serial, other = other);
                    found.push(finding.label(place(first), say::ALSO_HERE.into()));
                }
                _ => {}
            }
        }
    }
}

check! {
    DECLARATION_NOT_REVIEWED = "RM636" "declaration-not-reviewed" Warn Manager(declaration_not_reviewed);
    title: "a declared gift or conflict of interest was not looked at in time", "礼品或利益冲突申报超期未审核";
    why: "A declaration nobody reads protects neither the bank nor the manager.", "无人审核的申报起不到约束和保护作用。";
    mend: "Look at it and enter `reviewed` and `outcome`. The limit is `declaration` under `[management]`.",
        "请审核并填写 `reviewed` 与 `outcome`；时限见 `[management]` 的 `declaration`。";
    says: "`{what}` should have been looked at by {deadline}", "“{what}”应于 {deadline} 前审核";
    example: manager!("[[declarations]]\ndate = 2026-10-12\nkind = \"gift\"\nwhat = \"tea\"\n");
    mended: "what = \"tea\"" => "what = \"tea\"\nreviewed = 2026-10-14";
}

fn declaration_not_reviewed(context: &Context<'_>, manager: &Record<Manager>, found: &mut Found) {
    for (index, declaration) in manager.data.declarations.iter().enumerate() {
        if let Some((deadline, _)) = context.overdue(context.deadlines.declaration(declaration)) {
            let place = Place::value(manager.file, path!["declarations", index]);
            found.push(fires!(
                DECLARATION_NOT_REVIEWED,
                place,
                what = &declaration.what,
                deadline = deadline
            ));
        }
    }
}

check! {
    TRAINING_DONE_EARLY = "RM637" "training-done-early" Deny Manager(training_done_early);
    title: "a training was completed before it took place", "培训完成日早于培训日";
    why: "Its hours count in the wrong month, or were never attended. A course online may be finished ahead.",
        "学时计入错误月份，或并未实际参训。线上课程可提前完成。";
    mend: "Correct `date` or `done`.", "请更正 `date` 或 `done`。";
    says: "`{course}` takes place on {date} and is completed on {done}", "“{course}”于 {date} 举办，完成日却为 {done}";
    example: manager!("[[trainings]]\ndate = 2026-10-20\ncourse = \"Sales\"\nkind = \"internal\"\nhours = 40\ndone = 2026-10-12\n");
    mended: "done = 2026-10-12" => "done = 2026-10-20";
    entry: Refuse;
}

fn training_done_early(_: &Context<'_>, manager: &Record<Manager>, found: &mut Found) {
    for (index, training) in manager.data.trainings.iter().enumerate() {
        let in_a_room = training.kind != TrainingKind::Online;
        if let Some(done) = training.done.filter(|done| in_a_room && *done < training.date) {
            let place = Place::value(manager.file, path!["trainings", index, "done"]);
            let (course, date) = (&training.course, training.date.0);
            found.push(fires!(TRAINING_DONE_EARLY, place, course = course, date = date, done = done.0));
        }
    }
}

check! {
    IMPOSSIBLE_DAYS = "RM638" "impossible-days" Deny Manager(impossible_days);
    title: "days of overtime or of leave due that cannot be", "加班天数或应休天数不合理";
    why: "They go into what the report on load says of a manager.", "该数据直接计入工作量报表。";
    mend: "Correct the days or the month: overtime is worked in a month that has begun, on days it has; leave due lies between none and a year.",
        "请更正天数或月份：加班须在已开始的月份，且不超过当月天数；应休天数应在零至全年之间。";
    says: "`{field}` of {period} is {days}; {why}", "{period} 的 `{field}` 为 {days}，{why}";
    example: manager!("[overtime]\n2026-10 = 45\n");
    mended: "45" => "4.5";
    entry: Refuse;
}

const BELOW_ZERO: Text = Text::new("it cannot be below zero", "不应为负数");
const TOO_MANY: Text = Text::new("it can be at most {most}", "不应超过 {most} 天");
const TO_COME: Text = Text::new("the month has not begun", "该月尚未开始");

/// Days of the longest year.
const YEAR: u32 = 366;

fn impossible_days(context: &Context<'_>, manager: &Record<Manager>, found: &mut Found) {
    let this = Month::of(context.today);
    let overtime = manager.data.overtime.iter().map(|(month, days)| {
        let ahead = *month > this;
        ("overtime", month.to_string(), days.0, month.days(), ahead)
    });
    let due = manager.data.leave_due.iter();
    let due = due.map(|(year, days)| ("leave_due", year.0.to_string(), days.0, YEAR, false));
    for (field, period, days, most, ahead) in overtime.chain(due) {
        let why = match days {
            _ if ahead => TO_COME.into(),
            days if days < Decimal::ZERO => BELOW_ZERO.into(),
            days if days > most.into() => msg!(TOO_MANY, most = most),
            _ => continue,
        };
        let place = Place::value(manager.file, path![field, period.as_str()]);
        let days = days.normalize();
        found.push(fires!(IMPOSSIBLE_DAYS, place, field = field, period = period, days = days, why = why));
    }
}

check! {
    LEAVES_OVERLAP = "RM639" "leaves-overlap" Deny Manager(leaves_overlap);
    title: "two leaves lie on the same day", "休假登记日期重叠";
    why: "One of them is wrong, or the same leave stands twice.", "其中一条有误，或同一休假重复登记。";
    mend: "Correct the days, or take one of them out; of two halves of one day each states `days = 0.5`.", "请更正日期，或删去其中一条；同日两个半天的，各填 `days = 0.5`。";
    says: "the leave from {from} begins before the one from {other} ends, on {to}", "{from} 起的休假与 {other} 起、{to} 止的休假重叠";
    example: manager!("[[leaves]]\nfrom = 2026-10-26\nto = 2026-10-27\nkind = \"annual\"\n\
        [[leaves]]\nfrom = 2026-10-27\nto = 2026-10-28\nkind = \"annual\"\n");
    mended: "from = 2026-10-27" => "from = 2026-10-28";
    entry: Refuse;
}

fn leaves_overlap(_: &Context<'_>, manager: &Record<Manager>, found: &mut Found) {
    let mut leaves: Vec<_> = manager.data.leaves.iter().enumerate().collect();
    leaves.sort_by_key(|(_, leave)| leave.from);
    let mut leaves = leaves.into_iter();
    let Some(mut longest) = leaves.next() else { return };
    for (index, leave) in leaves {
        // The one that ends last of those before.
        let (at, before) = longest;
        if leave.overlaps(before) {
            let place = |index| Place::value(manager.file, path!["leaves", index, "from"]);
            let (from, other, to) = (leave.from.0, before.from.0, before.to.0);
            let finding = fires!(LEAVES_OVERLAP, place(index), from = from, other = other, to = to);
            found.push(finding.label(place(at), say::ALSO_HERE.into()));
        }
        if leave.to > before.to {
            longest = (index, leave);
        }
    }
}

check! {
    IDEA_UNDATED = "RM640" "idea-undated" Deny Book(idea_undated);
    title: "an idea has a decision without its day, or a day without a decision", "创新建议的决定与决定日不齐";
    why: "It counts in no month, and nobody is reminded of it.", "该建议无法归属月份，也不再提醒。";
    mend: "Enter both `decision` and `decided`.", "请同时填写 `decision` 与 `decided`。";
    says: "`{id}` has `{given}` and no `{missing}`", "“{id}”填有 `{given}`，缺少 `{missing}`";
    example: manager!("[[ideas]]\nid = \"templates\"\nraised = 2026-10-01\nwhat = \"proposal templates\"\ndecision = \"keep\"\n");
    mended: "decision =" => "decided = 2026-10-20\ndecision =";
    entry: Refuse;
}

fn idea_undated(context: &Context<'_>, found: &mut Found) {
    for (file, list, index, idea) in ideas(context) {
        let (given, missing) = match (idea.decision, idea.decided) {
            (Some(_), None) => ("decision", "decided"),
            (None, Some(_)) => ("decided", "decision"),
            _ => continue,
        };
        let place = Place::value(file, path![list, index, given]);
        found.push(fires!(IDEA_UNDATED, place, id = &idea.id, given = given, missing = missing));
    }
}
