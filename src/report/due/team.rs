//! What teams owe: meetings and their actions, surveys, contingency plans and drills, decisions, risks and pilots.

use chrono::NaiveDate;

use super::{DutyKind, List, Of, Settle, actions, entry, ideas, named, quoted, risks};
use crate::record::team::{MeetingKind, Team};

/// The meetings that come round again, as they are written.
const MEETINGS: [(MeetingKind, DutyKind, &str); 3] = [
    (MeetingKind::Weekly, DutyKind::WeeklyMeeting, "weekly"),
    (MeetingKind::Monthly, DutyKind::MonthlyMeeting, "monthly"),
    (MeetingKind::Quarterly, DutyKind::QuarterlyMeeting, "quarterly"),
];

pub(super) fn collect(list: &mut List<'_>, of: Of<'_>, team: &Team) {
    let lead = team.lead_on(list.today).map(|lead| &**lead);
    for (index, meeting) in team.meetings.iter().enumerate() {
        let at = || format!("{}.actions", entry("meetings", &team.meetings, index));
        let owner = team.answers_for(meeting).map(|who| &**who).filter(|who| list.is_there(who));
        let by = |list: &List<'_>, action| named(list, action).map(|who| &**who).or(owner).or(lead);
        actions(list, of, &meeting.actions, by, at);
    }
    // Where nobody is any more nobody meets.
    let is_empty = list
        .book
        .teams
        .get(of.id)
        .and_then(|it| list.book.team_until(it))
        .is_some_and(|until| until < list.today);
    for (kind, duty, word) in MEETINGS.into_iter().filter(|_| !is_empty) {
        let due = list.deadlines.meeting(team, kind);
        let settle = || Settle::add("meeting", format!("--kind {word} --attendees … --minutes …"));
        list.owe(of, duty, due, lead, None, settle);
    }
    let due = list.deadlines.survey(team);
    let settle = || Settle::add("survey", "--asked … --answers …");
    list.owe(of, DutyKind::Survey, due, lead, None, settle);
    for (index, plan) in team.contingencies.iter().enumerate() {
        let (owner, what) = (Some(&*plan.owner), Some(plan.id.as_str()));
        // A plan nobody dated is looked at and drilled now.
        let due = list.deadlines.plan_review(plan, NaiveDate::MAX).or(Some(list.today));
        let at = || entry("contingencies", &team.contingencies, index);
        list.owe(of, DutyKind::PlanReview, due, owner, what, || Settle::set_at(&at(), ["updated=today"]));
        let due = list.deadlines.drill(team, plan, NaiveDate::MAX).or(Some(list.today));
        let settle = || Settle::add("drill", format!("--plan {}", quoted(&plan.id)));
        list.owe(of, DutyKind::Drill, due, owner, what, settle);
    }
    for (index, decision) in team.decisions.iter().enumerate() {
        let due = list.deadlines.decision(decision);
        let at = || entry("decisions", &team.decisions, index);
        let settle = || Settle::set_at(&at(), ["reviewed=today", "outcome=…"]);
        let owner = decision.by.as_deref().filter(|by| list.is_there(by)).or(lead);
        list.owe(of, DutyKind::DecisionReview, due, owner, Some(&decision.question), settle);
    }
    risks(list, of, &team.risks, lead);
    ideas(list, of, "pilots", &team.pilots, lead);
}
