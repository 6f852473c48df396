//! Who was there: nobody on both lists, nobody twice on one, nobody before the first day or after the last.

use std::collections::BTreeSet;

use super::{check, team};
use crate::book::Record;
use crate::check::{At, Check, Context, Found, fires};
use crate::path;
use crate::record::facts::Fact;
use crate::record::kind::RecordKind;
use crate::record::manager::Manager;
use crate::record::shape::There;
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
    BEFORE_JOINING = "RM655" "before-joining" Deny Fact(before_joining);
    title: "something somebody did or got is dated before joining", "人员事项日期早于入职日";
    why: "Nobody works, rests, rates or is praised here before the first day.", "入职前不可能有本单位的工作、休假、评价或表扬记录。";
    mend: "Correct the date, the name, or `joined`.", "请更正日期、人员或 `joined`。";
    says: "{date} is before `{manager}` joined on {joined}", "{date} 早于“{manager}”的入职日 {joined}";
    example: "# file: managers/wang-fang.toml\nname = \"Wang Fang\"\nreports_to = \"zhao-lei\"\njoined = 2026-10-12\n\
        [[recognitions]]\ndate = 2026-10-09\nkind = \"praise\"\nwhat = \"a client saved\"\n";
    mended: "date = 2026-10-09" => "date = 2026-10-19";
    entry: Refuse;
}

fn before_joining(context: &Context<'_>, at: At<'_>, fact: Fact<'_, '_>, found: &mut Found) {
    let Some((manager, date)) = there(context, at, fact, |there| there.came) else { return };
    let joined = manager.data.joined.map(|joined| joined.to_string());
    // ISO days compare as text.
    if let Some(joined) = joined.filter(|joined| date < joined.as_str()) {
        let place = Place::value(at.file, at.trail.path());
        found.push(fires!(BEFORE_JOINING, place, date = date, manager = &*manager.id, joined = joined));
    }
}

/// The manager who was with the bank on a day, where a fact says so of the side of it that is asked for, and that day.
pub(super) fn there<'c, 'f>(
    context: &Context<'c>,
    at: At<'f>,
    fact: Fact<'f, '_>,
    is_asked: impl Fn(&There) -> bool,
) -> Option<(&'c Record<Manager>, &'f str)> {
    let Fact::There { there, manager, day } = fact else { return None };
    if !is_asked(there) {
        return None;
    }
    let own = || match RecordKind::of_path(&context.sources.get(at.file).path)? {
        (RecordKind::Manager, id) => Some(id),
        (RecordKind::Review, id) => id.rsplit_once('/').map(|(_, manager)| manager),
        _ => None,
    };
    Some((context.book.managers.get(manager.or_else(own)?)?, day.words(at.text)?))
}
