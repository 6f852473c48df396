//! What teams do in rounds: who took part on a day of leave, who was away for no reason, and staff surveys that were left out.

use super::{check, team};
use crate::book::Record;
use crate::check::{Check, Context, Found, fires};
use crate::path;
use crate::record::team::Team;
use crate::record::value::{Day, ManagerId};
use crate::source::{KeyPath, Place};

pub(super) static RULES: &[&Check] = &[&PRESENT_ON_LEAVE, &SURVEY_OVERDUE, &ABSENT_WITHOUT_REASON];

check! {
    PRESENT_ON_LEAVE = "RM675" "present-on-leave" Warn Team(present_on_leave);
    title: "somebody took part in a meeting, an activity or a drill on a day of leave", "休假当日登记参会、参加活动或演练";
    why: "Attendance counts for somebody who, as the leaves have it, was away.", "出勤率计入了休假记录显示不在岗的人员。";
    mend: "Name them under `absent`, or correct the date or the leave.", "请记入 `absent`，或更正日期或休假记录。";
    says: "`{manager}` was on leave on {date}", "“{manager}”于 {date} 休假";
    example: "# file: teams/corporate-1.toml\nname = \"Corporate 1\"\nlead = \"zhao-lei\"\n[[meetings]]\ndate = 2026-10-08\nkind = \"monthly\"\n\
        attendees = [\"wang-fang\"]\n# file: managers/wang-fang.toml\nname = \"Wang Fang\"\nreports_to = \"zhao-lei\"\n\
        leaves = [{ from = 2026-10-08, to = 2026-10-09, kind = \"annual\" }]\n";
    mended: "attendees = [\"wang-fang\"]" => "absent = { wang-fang = \"leave\" }";
}

fn present_on_leave(context: &Context<'_>, team: &Record<Team>, found: &mut Found) {
    let mut judge = |manager: &ManagerId, date: Day, at: KeyPath| {
        let record = context.book.managers.get(manager);
        if record.is_some_and(|record| record.data.is_off(date)) {
            let place = Place::value(team.file, at);
            found.push(fires!(PRESENT_ON_LEAVE, place, manager = &**manager, date = date.0));
        }
    };
    for (index, meeting) in team.data.meetings.iter().enumerate() {
        for (place, attendee) in meeting.attendees.iter().enumerate() {
            judge(attendee, meeting.date, path!["meetings", index, "attendees", place]);
        }
        let chair = meeting.chair.as_ref().filter(|chair| !meeting.attendees.contains(chair));
        chair.into_iter().for_each(|chair| judge(chair, meeting.date, path!["meetings", index, "chair"]));
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
    SURVEY_OVERDUE = "RM676" "survey-overdue" Warn Team(survey_overdue);
    title: "a team's staff survey was left out", "员工满意度调查逾期未开展";
    why: "Between two rounds too far apart nobody sees when something turned.", "间隔过长，无从判断变化发生于何时。";
    mend: "Hold it and enter its counts: `rmbook add survey`. The months stand under `survey_months` in `[management]`.",
        "请开展调查并登记汇总数：`rmbook add survey`；间隔见 `[management]` 的 `survey_months`。";
    says: "the next survey was due by {deadline}", "下一次调查应于 {deadline} 前完成";
    example: "# file: teams/corporate-1.toml\nname = \"Corporate 1\"\nlead = \"zhao-lei\"\n[[meetings]]\ndate = 2026-10-08\nkind = \"monthly\"\n\
        [[surveys]]\ndate = 2026-03-20\nasked = 12\nanswers = 9\n";
    mended: "2026-03-20" => "2026-06-20";
}

fn survey_overdue(context: &Context<'_>, team: &Record<Team>, found: &mut Found) {
    if let Some((deadline, _)) = context.overdue(context.deadlines.survey(&team.data)) {
        let place = Place::value(team.file, path!["surveys"]);
        found.push(fires!(SURVEY_OVERDUE, place, deadline = deadline));
    }
}

check! {
    ABSENT_WITHOUT_REASON = "RM677" "absent-without-reason" Deny Team(absent_without_reason);
    title: "an absence from a meeting states no reason", "缺席未注明事由";
    why: "An absence with a reason is excused; one without counts as missed, and is written by leaving the name out.", "注明事由的缺席不计入出勤率；无事由的缺席按缺勤计，不必列入。";
    mend: "State the reason, or take the name out of `absent`.", "请填写事由，或将该人员从 `absent` 中删去。";
    says: "`{manager}` was absent on {date}, for no reason stated", "“{manager}”缺席 {date} 会议，未注明事由";
    example: team!("absent = { li-na = \"\" }\n");
    mended: "\"\"" => "\"on leave\"";
    entry: Refuse;
}

fn absent_without_reason(_: &Context<'_>, team: &Record<Team>, found: &mut Found) {
    for (index, meeting) in team.data.meetings.iter().enumerate() {
        for (manager, _) in meeting.absent.iter().filter(|(_, reason)| reason.trim().is_empty()) {
            let place = Place::value(team.file, path!["meetings", index, "absent", &**manager]);
            found.push(fires!(ABSENT_WITHOUT_REASON, place, manager = &**manager, date = meeting.date.0));
        }
    }
}
