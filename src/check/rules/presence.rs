//! Who was there: nobody on both lists, nobody twice on one, nobody before joining.

use std::collections::BTreeSet;

use super::{check, team};
use crate::book::Record;
use crate::check::{Check, Context, Found, fires};
use crate::path;
use crate::record::manager::Manager;
use crate::record::team::Team;
use crate::record::value::{Day, ManagerId};
use crate::source::Place;

pub(super) static RULES: &[&Check] = &[&PRESENT_AND_ABSENT, &NAMED_TWICE, &BEFORE_JOINING];

check! {
    PRESENT_AND_ABSENT = "RM653" "present-and-absent" Deny Team(present_and_absent);
    title: "somebody both attended a meeting and was absent from it", "同一人员既列为参会又列为缺席";
    why: "Attendance counts one of the two, and nobody can see which.", "出勤率只能取其一，且无从判断以何者为准。";
    mend: "Take the name out of `attendees` or of `absent`.", "请从 `attendees` 或 `absent` 中删除该人员。";
    says: "`{manager}` stands among those who attended and among those absent on {date}", "“{manager}”在 {date} 的会议中同时列为参会和缺席";
    example: team!("attendees = [\"zhao-lei\", \"li-na\"]\nabsent = { li-na = \"on leave\" }\n");
    mended: ", \"li-na\"]" => "]";
    entry: Refuse;
}

fn present_and_absent(_: &Context<'_>, team: &Record<Team>, found: &mut Found) {
    for (index, meeting) in team.data.meetings.iter().enumerate() {
        for manager in meeting.absent.keys().filter(|manager| meeting.names(manager)) {
            let place = Place::value(team.file, path!["meetings", index, "absent", &**manager]);
            found.push(fires!(PRESENT_AND_ABSENT, place, manager = &**manager, date = meeting.date.0));
        }
    }
}

check! {
    NAMED_TWICE = "RM654" "named-twice" Deny Team(named_twice);
    title: "somebody stands twice in one list of people", "同一人员在名单中重复出现";
    why: "Each counts once; the second stands in for somebody else, or for nobody.", "同一人仅计一次，重复项或系他人之误。";
    mend: "Take one out, or put in the one who was meant.", "请删去一处，或改为实际人员。";
    says: "`{manager}` stands twice in `{list}` of {date}", "“{manager}”在 {date} 的 `{list}` 中重复出现";
    example: team!("attendees = [\"zhao-lei\", \"li-na\", \"li-na\"]\n");
    mended: ", \"li-na\", \"li-na\"]" => ", \"li-na\"]";
    entry: Refuse;
}

fn named_twice(_: &Context<'_>, team: &Record<Team>, found: &mut Found) {
    let mut judge =
        |(list, index, key): (&'static str, usize, &'static str), date: Day, who: &[ManagerId]| {
            let mut seen = BTreeSet::new();
            for (at, manager) in who.iter().enumerate().filter(|(_, manager)| !seen.insert(&***manager)) {
                let place = Place::value(team.file, path![list, index, key, at]);
                found.push(fires!(NAMED_TWICE, place, manager = &**manager, list = key, date = date.0));
            }
        };
    for (index, meeting) in team.data.meetings.iter().enumerate() {
        judge(("meetings", index, "attendees"), meeting.date, &meeting.attendees);
    }
    for (index, event) in team.data.events.iter().enumerate() {
        judge(("events", index, "participants"), event.date, &event.participants);
    }
    for (index, drill) in team.data.drills.iter().enumerate() {
        judge(("drills", index, "participants"), drill.date, &drill.participants);
    }
}

check! {
    BEFORE_JOINING = "RM655" "before-joining" Deny Manager(before_joining);
    title: "something a manager did or got is dated before joining", "客户经理事项日期早于入职日";
    why: "Nobody works, rests or is praised here before the first day.", "入职前不可能有本单位的工作、休假或表扬记录。";
    mend: "Correct the date, or `joined`.", "请更正日期或 `joined`。";
    says: "{date} is before {joined}, the day of joining", "{date} 早于入职日 {joined}";
    example: "# file: managers/wang-fang.toml\nname = \"Wang Fang\"\nreports_to = \"zhao-lei\"\njoined = 2026-10-12\n\
        [[recognitions]]\ndate = 2026-10-09\nkind = \"praise\"\nwhat = \"a client saved\"\n";
    mended: "date = 2026-10-09" => "date = 2026-10-19";
    entry: Refuse;
}

fn before_joining(_: &Context<'_>, manager: &Record<Manager>, found: &mut Found) {
    let own = &manager.data;
    let Some(joined) = own.joined else { return };
    let mut judge = |list: &'static str, key: &'static str, dates: &mut dyn Iterator<Item = Day>| {
        for (index, date) in dates.enumerate().filter(|(_, date)| *date < joined) {
            let place = Place::value(manager.file, path![list, index, key]);
            found.push(fires!(BEFORE_JOINING, place, date = date.0, joined = joined.0));
        }
    };
    judge("leaves", "from", &mut own.leaves.iter().map(|leave| leave.from));
    judge("recognitions", "date", &mut own.recognitions.iter().map(|it| it.date));
    judge("sharings", "date", &mut own.sharings.iter().map(|it| it.date));
    judge("one_on_ones", "date", &mut own.one_on_ones.iter().map(|talk| talk.date));
    judge("calls", "date", &mut own.calls.iter().map(|call| call.date));
    judge("ideas", "raised", &mut own.ideas.iter().map(|idea| idea.raised));
    judge("reports", "raised", &mut own.reports.iter().map(|report| report.raised));
    judge("requests", "raised", &mut own.requests.iter().map(|request| request.raised));
}
