//! Teams: meetings held, plans kept alive, decisions looked at again, budgets kept.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use super::{check, team};
use crate::book::{Record, rhythm};
use crate::check::{Check, Context, Found, fires};
use crate::diag::nearest;
use crate::msg;
use crate::path;
use crate::period::{Grain, Month, Period};
use crate::record::team::{MeetingKind, Team};
use crate::record::value::Day;
use crate::source::{KeyPath, Place};
use crate::text::{Arg, Text, finding};

pub(super) static RULES: &[&Check] = &[
    &MEETING_MISSING,
    &PLAN_STALE,
    &PLAN_WITHOUT_DRILL,
    &PLAN_OWNER_LEFT,
    &DRILL_OF_UNKNOWN_PLAN,
    &DECISION_NOT_REVIEWED,
    &NO_ACTIVITY,
    &BUDGET_EXCEEDED,
    &DECISION_METRIC_UNKNOWN,
    &QUARTERLY_MISSING,
    &PRESENT_WHEN_AWAY,
    &PLAN_UNDATED,
];

check! {
    MEETING_MISSING = "RM641" "meeting-missing" Warn Team(meeting_missing);
    title: "a team held no regular meeting in the last full month", "团队上月未召开例会";
    why: "Problems wait for the next meeting; without one they wait for ever.", "问题有待会议解决，不开会则久拖不决。";
    mend: "Hold the weekly or monthly meeting and write it down: `rmbook add meeting`; a longer meeting stands for a shorter one. \
           Which meetings teams hold is `meetings` under `[management]`, or the team's own `meets`.",
        "请召开周例会或月度例会并登记：`rmbook add meeting`；召开更长周期的会议视同已开。应开会议见 `[management]` 的 `meetings` 或团队的 `meets`。";
    says: "no {kinds} meeting in {month}", "{month} 未召开{kinds}";
    example: "# file: teams/corporate-1.toml\nname = \"Corporate 1\"\nlead = \"zhao-lei\"\nmeets = [\"weekly\", \"monthly\"]\n[[meetings]]\ndate = 2026-09-08\nkind = \"monthly\"\n";
    mended: "2026-09-08" => "2026-10-08";
    entry: Whole;
}

const WEEKLY_OR_MONTHLY: Text = Text::new("weekly or monthly", "周例会或月度例会");
const WEEKLY: Text = Text::new("weekly", "周例会");
const MONTHLY: Text = Text::new("monthly", "月度例会");

fn meeting_missing(context: &Context<'_>, team: &Record<Team>, found: &mut Found) {
    let month = Month::of(context.today).plus(-1);
    let rhythm = context.deadlines.rhythm(&team.data);
    let regular = |kind| rhythm.contains(&kind);
    let kinds = match (regular(MeetingKind::Weekly), regular(MeetingKind::Monthly)) {
        (true, true) => WEEKLY_OR_MONTHLY,
        (true, false) => WEEKLY,
        (false, true) => MONTHLY,
        (false, false) => return,
    };
    // Of a team that nobody was ever in, nor ever met, nobody can say since when it should have.
    let is_empty =
        team.data.since.is_none() && team.data.meetings.is_empty() && !context.book.is_manned(team);
    let (since, until) = rhythm::worked(context.book, team);
    if is_empty
        || since.is_some_and(|since| since > month.first_day())
        || until.is_some_and(|until| until < month.last_day())
    {
        return;
    }
    let counts = |held: MeetingKind| {
        let planned = [MeetingKind::Weekly, MeetingKind::Monthly].into_iter().filter(|kind| regular(*kind));
        planned.into_iter().any(|kind| held.stands_for(kind))
    };
    let met =
        team.data.meetings.iter().any(|meeting| counts(meeting.kind) && Month::of(meeting.date.0) == month);
    // A book begun afterwards says nothing of that month.
    let of_team = team.data.meetings.iter().map(|meeting| meeting.date.0);
    let was_kept = of_team.chain(context.kept_since).any(|day| day <= month.last_day());
    if !met && was_kept {
        let place = Place::value(team.file, path!["meetings"]);
        let month = Arg::from(month.to_string());
        found.push(fires!(MEETING_MISSING, place, kinds = kinds, month = month));
    }
}

check! {
    PLAN_STALE = "RM642" "plan-stale" Warn Team(plan_stale);
    title: "a contingency plan is old", "应急预案超期未修订";
    why: "Its telephone numbers and its people are no longer the right ones.", "预案中的人员与联系方式可能已失效。";
    mend: "Go through it and enter `updated`. The months are `plan_months` under `[management]`.",
        "请复核并填写 `updated`；间隔月数见 `[management]` 的 `plan_months`。";
    says: "`{plan}` was updated last on {last}", "“{plan}”最近修订于 {last}";
    example: team!("[[contingencies]]\nid = \"outage\"\nsteps = [\"call\"]\ncontacts = [{ name = \"Zhao Lei\" }]\nscenario = \"system-outage\"\nowner = \"zhao-lei\"\napproved = 2025-06-01\n\
        [[drills]]\ndate = 2026-06-01\nplan = \"outage\"\n");
    mended: "approved = 2025-06-01" => "approved = 2025-06-01\nupdated = 2026-06-01";
}

fn plan_stale(context: &Context<'_>, team: &Record<Team>, found: &mut Found) {
    for (index, plan) in team.data.contingencies.iter().enumerate() {
        let Some(last) = plan.dated(NaiveDate::MAX) else { continue };
        if context.overdue(context.deadlines.plan_review(plan, NaiveDate::MAX)).is_some() {
            let place = Place::value(team.file, path!["contingencies", index]);
            found.push(fires!(PLAN_STALE, place, plan = &plan.id, last = last.0));
        }
    }
}

check! {
    PLAN_WITHOUT_DRILL = "RM643" "plan-without-drill" Warn Team(plan_without_drill);
    title: "a contingency plan was not drilled, or failed and was not drilled again", "应急预案未演练，或未达预期后未重新演练";
    why: "A plan nobody has tried is a wish.", "未经演练的预案形同虚设。";
    mend: "Drill it and enter the drill. The months are `plan_months` under `[management]`.",
        "请演练并登记；间隔月数见 `[management]` 的 `plan_months`。";
    says: "{why}", "{why}";
    example: team!("[[contingencies]]\nid = \"outage\"\nsteps = [\"call\"]\ncontacts = [{ name = \"Zhao Lei\" }]\nscenario = \"system-outage\"\nowner = \"zhao-lei\"\nupdated = 2026-01-01\n\
        [[drills]]\ndate = 2025-06-01\nplan = \"outage\"\n");
    mended: "date = 2025-06-01" => "date = 2026-06-01";
}

const NO_DRILL: Text =
    Text::new("no drill of `{plan}` in the last {months:month|months}", "“{plan}”近 {months} 个月未演练");
const DRILL_FAILED: Text = Text::new(
    "`{plan}` failed in the drill of {day}, which was not repeated",
    "“{plan}”于 {day} 演练未达预期，尚未重新演练",
);

fn plan_without_drill(context: &Context<'_>, team: &Record<Team>, found: &mut Found) {
    for (index, plan) in team.data.contingencies.iter().enumerate() {
        let due = context.deadlines.drill(&team.data, plan, NaiveDate::MAX);
        if due.is_some() && context.overdue(due).is_none() {
            continue;
        }
        let last = team.data.drills.iter().filter(|drill| drill.plan == plan.id).max_by_key(|it| it.date);
        let why = match last.filter(|drill| !drill.counts()) {
            Some(failed) => msg!(DRILL_FAILED, plan = &plan.id, day = failed.date.0),
            None => {
                let months = context.book.settings.management.plan_months;
                msg!(NO_DRILL, plan = &plan.id, months = months)
            }
        };
        let place = Place::value(team.file, path!["contingencies", index]);
        found.push(fires!(PLAN_WITHOUT_DRILL, place, why = why));
    }
}

check! {
    PLAN_OWNER_LEFT = "RM644" "plan-owner-left" Deny Team(plan_owner_left);
    title: "the one in charge of a contingency plan has left", "应急预案责任人已离职";
    why: "In the emergency nobody begins.", "突发情况下无人启动预案。";
    mend: "Name another `owner` from a day on: `rmbook set TEAM 'contingencies[ID].owner=NAME' --on DATE`, which keeps the former one in \
           `history`, so that what was judged before stays with whoever was in charge.",
        "请以 `rmbook set 团队 'contingencies[编号].owner=姓名编号' --on 日期` 自某日起另行指定责任人；原责任人留存于 `history`，此前的考核归属不变。";
    says: "`{manager}` left on {left}", "“{manager}”已于 {left} 离职";
    example: team!("[[contingencies]]\nid = \"outage\"\nsteps = [\"call\"]\ncontacts = [{ name = \"Zhao Lei\" }]\nscenario = \"system-outage\"\nowner = \"old-chen\"\napproved = 2026-06-01\n\
        # file: managers/old-chen.toml\nname = \"Chen\"\nleft = 2026-09-30\nstatus = \"left\"\n");
    mended: "owner = \"old-chen\"" => "owner = \"zhao-lei\"";
}

fn plan_owner_left(context: &Context<'_>, team: &Record<Team>, found: &mut Found) {
    for (index, plan) in team.data.contingencies.iter().enumerate() {
        if let Some(left) = context.left(&plan.owner) {
            let place = Place::value(team.file, path!["contingencies", index, "owner"]);
            found.push(fires!(PLAN_OWNER_LEFT, place, manager = &*plan.owner, left = left));
        }
    }
}

check! {
    DRILL_OF_UNKNOWN_PLAN = "RM645" "drill-of-unknown-plan" Deny Team(drill_of_unknown_plan);
    title: "a drill names no plan of the team", "演练引用的预案不存在";
    why: "The plan that was drilled counts as not drilled.", "实际演练的预案被视为未演练。";
    mend: "Take the `id` of one of the team's `contingencies`.", "请填写本团队 `contingencies` 中的 `id`。";
    says: "this team has no plan `{plan}`", "本团队没有编号为“{plan}”的预案";
    example: team!("[[contingencies]]\nid = \"outage\"\nsteps = [\"call\"]\ncontacts = [{ name = \"Zhao Lei\" }]\nscenario = \"system-outage\"\nowner = \"zhao-lei\"\napproved = 2026-06-01\n\
        [[drills]]\ndate = 2026-09-01\nplan = \"outrage\"\n");
    mended: "outrage" => "outage";
    entry: Refuse;
}

fn drill_of_unknown_plan(_: &Context<'_>, team: &Record<Team>, found: &mut Found) {
    let known = || team.data.contingencies.iter().map(|plan| plan.id.as_str());
    for (index, drill) in team.data.drills.iter().enumerate() {
        if !known().any(|plan| plan == drill.plan) {
            let help = nearest(&drill.plan, known()).map(|near| msg!(finding::NEAREST, name = near));
            let place = Place::value(team.file, path!["drills", index, "plan"]);
            found.push(fires!(DRILL_OF_UNKNOWN_PLAN, place, plan = &drill.plan).help(help));
        }
    }
}

check! {
    DECISION_NOT_REVIEWED = "RM646" "decision-not-reviewed" Warn Team(decision_not_reviewed);
    title: "a decision was not looked at again on its day", "决策到期未复盘";
    why: "Whoever never compares learns nothing from being wrong.", "不复盘便无从检验决策得失。";
    mend: "Compare the figure now with the one expected, and enter `reviewed` and `outcome`.",
        "请对照预期与现值，填写 `reviewed` 与 `outcome`。";
    says: "`{id}` was to be looked at again on {deadline}", "“{id}”应于 {deadline} 复盘";
    example: team!("[[decisions]]\nid = \"cash-team\"\nquestion = \"who calls on traders?\"\ndecided = 2026-03-01\nchoice = \"a team of two\"\nreview = 2026-09-30\n");
    mended: "review = 2026-09-30" => "review = 2026-09-30\nreviewed = 2026-09-30\noutcome = \"as expected\"";
}

fn decision_not_reviewed(context: &Context<'_>, team: &Record<Team>, found: &mut Found) {
    for (index, decision) in team.data.decisions.iter().enumerate() {
        if let Some((deadline, _)) = context.overdue(context.deadlines.decision(decision)) {
            let place = Place::value(team.file, path!["decisions", index, "review"]);
            found.push(fires!(DECISION_NOT_REVIEWED, place, id = &decision.id, deadline = deadline));
        }
    }
}

check! {
    NO_ACTIVITY = "RM647" "no-activity" Warn Team(no_activity);
    title: "a team did nothing together in the last half-year", "上一半年度团队未开展活动";
    why: "People who work alone meet each other nowhere else.", "客户经理平时各自作业，团队活动是凝聚团队的场合。";
    mend: "Plan an activity and enter it under `events`.", "请安排活动并登记于 `events`。";
    says: "no activity in {half}", "{half} 未开展团队活动";
    example: team!("[event_budget]\n2026 = 2\n");
    mended: "[event_budget]\n2026 = 2\n" => "[event_budget]\n2026 = 2\n[[events]]\ndate = 2026-05-01\nname = \"Hike\"\nkind = \"sports\"\n";
    entry: Whole;
}

fn no_activity(context: &Context<'_>, team: &Record<Team>, found: &mut Found) {
    let half = Period::containing(Month::of(context.today), Grain::Half).plus(-1);
    let year = half.first().year();
    let has_budget = team.data.event_budget.keys().any(|budgeted| budgeted.0 == year);
    // Without a budget it says something only of a team and a book that were there for the whole half-year.
    let whole = |since: NaiveDate| since <= half.first_day();
    let is_empty = team.data.since.is_none() && team.data.events.is_empty() && !context.book.is_manned(team);
    let begun = context.book.team_since(team).is_none_or(whole) && context.kept_since.is_some_and(whole);
    let ended = context.book.team_until(team).is_some_and(|until| until < half.last_day());
    let begun = begun && !is_empty;
    if (has_budget || begun) && !ended && !team.data.events.iter().any(|event| half.contains(event.date.0)) {
        let at = if has_budget { path!["event_budget", year.to_string()] } else { path!["events"] };
        let place = Place::value(team.file, at);
        found.push(fires!(NO_ACTIVITY, place, half = half.to_string()));
    }
}

check! {
    BUDGET_EXCEEDED = "RM648" "budget-exceeded" Warn Team(budget_exceeded);
    title: "activities cost more than their budget", "团队活动费用超预算";
    why: "What is over budget needs an approval nobody has given.", "超预算支出须另行审批。";
    mend: "Have it approved and raise the budget, or correct the cost.", "请报批并调整预算，或更正费用。";
    says: "{what} cost {cost}, {budget} were budgeted", "{what}费用 {cost}，预算 {budget}";
    example: team!("[[events]]\ndate = 2026-05-01\nname = \"Hike\"\nkind = \"sports\"\nbudget = 1\ncost = 1.5\n");
    mended: "budget = 1" => "budget = 1.5";
}

const ONE_EVENT: Text = Text::new("`{name}`", "“{name}”");
const ALL_OF_YEAR: Text = Text::new("all activities of {year}", "{year} 年全部活动");

fn budget_exceeded(_: &Context<'_>, team: &Record<Team>, found: &mut Found) {
    let mut of_years: BTreeMap<i32, Decimal> = BTreeMap::new();
    for (index, event) in team.data.events.iter().enumerate() {
        let Some(cost) = event.cost else { continue };
        *of_years.entry(event.date.0.year()).or_default() += cost.0;
        if let Some(budget) = event.budget.filter(|budget| cost > *budget) {
            let what = msg!(ONE_EVENT, name = &event.name);
            let place = Place::value(team.file, path!["events", index, "cost"]);
            let (cost, budget) = (cost.0.normalize(), budget.0.normalize());
            found.push(fires!(BUDGET_EXCEEDED, place, what = what, cost = cost, budget = budget));
        }
    }
    for (year, budget) in &team.data.event_budget {
        let cost = of_years.get(&year.0).copied().unwrap_or_default();
        if cost > budget.0 {
            let what = msg!(ALL_OF_YEAR, year = year.0);
            let place = Place::value(team.file, path!["event_budget", year.0.to_string()]);
            let (cost, budget) = (cost.normalize(), budget.0.normalize());
            found.push(fires!(BUDGET_EXCEEDED, place, what = what, cost = cost, budget = budget));
        }
    }
}

check! {
    DECISION_METRIC_UNKNOWN = "RM649" "decision-metric-unknown" Deny Team(decision_metric_unknown);
    title: "a decision is to be judged by a metric that does not exist", "决策的检验指标不存在";
    why: "The figure now cannot be recomputed, so nobody learns whether the decision was right.", "无法重新计算现值，决策成效无从检验。";
    mend: "Take a declared measure or a computed metric, such as `deposits.average` or `retention`: `rmbook explain retention`.",
        "请填写已定义的业绩指标或计算指标，如 `deposits.average`、`retention`，可用 `rmbook explain retention` 查看。";
    says: "`{name}` is no metric of this book", "“{name}”不是本台账的指标";
    example: team!("[[decisions]]\nid = \"cash-team\"\nquestion = \"who calls on traders?\"\ndecided = 2026-10-01\nchoice = \"a team of two\"\n\
        metric = \"deposit.average\"\n");
    mended: "deposit.average" => "deposits.average";
    entry: Refuse;
}

fn decision_metric_unknown(context: &Context<'_>, team: &Record<Team>, found: &mut Found) {
    let measures = context.book.settings.measures.keys().map(|id| &**id);
    let known: Vec<&str> = measures.chain(context.options.metrics.keys().copied()).collect();
    for (index, decision) in team.data.decisions.iter().enumerate() {
        let metric = decision.metric.as_deref().unwrap_or_default();
        let name = metric.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
        if !name.is_empty() && !known.contains(&name) {
            let help = nearest(name, known.iter().copied()).map(|near| msg!(finding::NEAREST, name = near));
            let place = Place::value(team.file, path!["decisions", index, "metric"]);
            found.push(fires!(DECISION_METRIC_UNKNOWN, place, name = name).help(help));
        }
    }
}

check! {
    QUARTERLY_MISSING = "RM650" "quarterly-missing" Warn Team(quarterly_missing);
    title: "a team held no quarterly meeting in the last quarter", "团队上季度未召开季度经营分析会";
    why: "The quarterly meeting is where targets, risks and people are looked at together.", "季度经营分析会是统筹审视目标、风险与人员的场合。";
    mend: "Hold it and write it down: `rmbook add meeting --kind quarterly`.", "请召开并登记：`rmbook add meeting --kind quarterly`。";
    says: "no quarterly meeting in {quarter}", "{quarter} 未召开季度经营分析会";
    example: "# file: teams/corporate-1.toml\nname = \"Corporate 1\"\nlead = \"zhao-lei\"\n[[meetings]]\ndate = 2026-04-10\nkind = \"quarterly\"\n\
        [[meetings]]\ndate = 2026-10-08\nkind = \"monthly\"\n";
    mended: "2026-04-10" => "2026-07-10";
    entry: Whole;
}

fn quarterly_missing(context: &Context<'_>, team: &Record<Team>, found: &mut Found) {
    let last = Period::containing(Month::of(context.today), Grain::Quarter).plus(-1);
    let kind = MeetingKind::Quarterly;
    let is_usual = context.deadlines.rhythm(&team.data).contains(&kind);
    // A team whose meetings are written down only since says nothing of that quarter.
    let was_kept = team.data.meetings.iter().any(|meeting| meeting.date.0 <= last.last_day());
    let worked = rhythm::worked(context.book, team);
    let planned = rhythm::planned(&context.calendar, kind, (last.first_day(), last.last_day()), worked);
    if is_usual && was_kept && !planned.is_subset(&rhythm::met(&team.data, kind, last.last_day())) {
        let place = Place::value(team.file, path!["meetings"]);
        found.push(fires!(QUARTERLY_MISSING, place, quarter = last.to_string()));
    }
}

check! {
    PRESENT_WHEN_AWAY = "RM651" "present-when-away" Deny Team(present_when_away);
    title: "somebody took part who was not at the bank on that day", "参加人当日不在职";
    why: "Attendance and participation count for somebody who cannot have been there.", "出勤和参与率计入了不可能到场的人员。";
    mend: "Correct the names or the date.", "请更正人员或日期。";
    says: "`{manager}` was not at the bank on {date}", "“{manager}”于 {date} 不在职";
    example: team!("[[events]]\ndate = 2026-10-20\nname = \"Hike\"\nkind = \"sports\"\nparticipants = [\"old-chen\"]\n\
        # file: managers/old-chen.toml\nname = \"Chen\"\nleft = 2026-09-30\nstatus = \"left\"\n");
    mended: "2026-10-20" => "2026-09-20";
    entry: Refuse;
}

fn present_when_away(context: &Context<'_>, team: &Record<Team>, found: &mut Found) {
    let mut judge = |manager: &str, date: Day, at: KeyPath| {
        let Some(known) = context.book.managers.get(manager) else { return };
        let (joined, left) = (known.data.joined, known.data.left);
        if joined.is_some_and(|joined| joined > date) || left.is_some_and(|left| left < date) {
            let place = Place::value(team.file, at);
            found.push(fires!(PRESENT_WHEN_AWAY, place, manager = manager, date = date.0));
        }
    };
    for (index, meeting) in team.data.meetings.iter().enumerate() {
        let at = |key: &str| path!["meetings", index, key];
        meeting.chair.iter().for_each(|chair| judge(chair, meeting.date, at("chair")));
        for (place, attendee) in meeting.attendees.iter().enumerate() {
            judge(attendee, meeting.date, at("attendees").join(place));
        }
    }
    for (index, event) in team.data.events.iter().enumerate() {
        for (place, participant) in event.participants.iter().enumerate() {
            judge(participant, event.date, path!["events", index, "participants", place]);
        }
    }
    for (index, drill) in team.data.drills.iter().enumerate() {
        for (place, participant) in drill.participants.iter().enumerate() {
            judge(participant, drill.date, path!["drills", index, "participants", place]);
        }
    }
}

check! {
    PLAN_UNDATED = "RM652" "plan-undated" Warn Team(plan_undated);
    title: "a contingency plan was neither approved nor updated", "应急预案既无批准日也无修订日";
    why: "Nobody can say whether it is in force, or when it is to be looked at again.", "无法判断预案是否生效、何时应复核。";
    mend: "Have it approved and enter `approved`.", "请履行审批并填写 `approved`。";
    says: "`{plan}` has neither `approved` nor `updated`", "“{plan}”既无 `approved` 也无 `updated`";
    example: team!("[[contingencies]]\nid = \"outage\"\nsteps = [\"call\"]\ncontacts = [{ name = \"Zhao Lei\" }]\nscenario = \"system-outage\"\nowner = \"zhao-lei\"\n\
        [[drills]]\ndate = 2026-06-01\nplan = \"outage\"\n");
    mended: "owner =" => "approved = 2026-06-01\nowner =";
}

fn plan_undated(_: &Context<'_>, team: &Record<Team>, found: &mut Found) {
    for (index, plan) in team.data.contingencies.iter().enumerate() {
        if plan.approved.is_none() && plan.updated.is_none() {
            let place = Place::value(team.file, path!["contingencies", index]);
            found.push(fires!(PLAN_UNDATED, place, plan = &plan.id));
        }
    }
}
