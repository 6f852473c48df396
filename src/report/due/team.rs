//! What teams owe: actions of meetings, contingency plans and drills, decisions, risks and pilots.

use super::{DutyKind, List, Of, Settle, by_id};
use crate::record::team::Team;

pub(super) fn collect(list: &mut List<'_>, of: Of<'_>, team: &Team) {
    let lead = team.lead.as_deref();
    for (meeting, data) in team.meetings.iter().enumerate() {
        for (index, action) in data.actions.iter().enumerate() {
            let due = list.deadlines.action(action);
            let owner = action.owner.as_deref().or(data.chair.as_deref()).or(lead);
            let settle = Settle::set(format!("meetings[{meeting}].actions[{index}].done=today"));
            list.owe(of, DutyKind::Action, due, owner, Some(&action.what), settle);
        }
    }
    for (index, plan) in team.contingencies.iter().enumerate() {
        let (owner, what) = (Some(&*plan.owner), Some(plan.id.as_str()));
        let due = list.deadlines.plan_review(plan);
        let settle = Settle::set(format!("{}.updated=today", by_id("contingencies", &plan.id, index)));
        list.owe(of, DutyKind::PlanReview, due, owner, what, settle);
        let due = list.deadlines.drill(team, plan);
        let settle = Settle::Add("drill", format!(" --plan {}", super::quoted(&plan.id)));
        list.owe(of, DutyKind::Drill, due, owner, what, settle);
    }
    for (index, decision) in team.decisions.iter().enumerate() {
        let due = list.deadlines.decision(decision);
        let at = by_id("decisions", &decision.id, index);
        let settle = Settle::Set(vec![format!("{at}.reviewed=today"), format!("{at}.outcome=OUTCOME")]);
        let owner = decision.by.as_deref().or(lead);
        list.owe(of, DutyKind::DecisionReview, due, owner, Some(&decision.question), settle);
    }
    for (index, risk) in team.risks.iter().enumerate() {
        let due = list.deadlines.risk_review(risk);
        let settle = Settle::set(format!("{}.review=DATE", by_id("risks", &risk.id, index)));
        list.owe(of, DutyKind::RiskReview, due, risk.owner.as_deref().or(lead), Some(&risk.what), settle);
    }
    for (index, pilot) in team.pilots.iter().enumerate() {
        let due = list.deadlines.idea(pilot);
        let at = by_id("pilots", &pilot.id, index);
        let settle = Settle::Set(vec![format!("{at}.decision=DECISION"), format!("{at}.decided=today")]);
        list.owe(of, DutyKind::Idea, due, pilot.owner.as_deref().or(lead), Some(&pilot.what), settle);
    }
}
