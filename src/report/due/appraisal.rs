//! What appraisals ask for: acknowledgement, decisions of appeals, talks, checkpoints.

use super::{DutyKind, List, Of, Settle, entry};
use crate::record::review::Review;

pub(super) fn collect(list: &mut List<'_>, of: Of<'_>, review: &Review) {
    let manager = Some(&*review.manager);
    let supervisor = list.supervisor(&review.manager).map(str::to_owned);
    let reviewer = review.reviewer.as_deref().or(supervisor.as_deref());
    let due = list.deadlines.acknowledgement(review);
    list.owe(of, DutyKind::Acknowledgement, due, manager, None, || Settle::set(["acknowledged=today"]));
    // The reviewer may not decide; who does is whoever the appeal names, or the reviewer's supervisor.
    let above = reviewer.and_then(|reviewer| list.supervisor(reviewer)).map(str::to_owned);
    if let Some(appeal) = &review.appeal {
        let due = list.deadlines.appeal(review);
        let settle = || Settle::set_at("appeal", ["decided=today", "upheld=true|false", "decision=…"]);
        let owner = appeal.by.as_deref().or(above.as_deref());
        list.owe(of, DutyKind::Appeal, due, owner, Some(&appeal.reason), settle);
    }
    let due = list.deadlines.talk(review);
    list.owe(of, DutyKind::Talk, due, reviewer, None, || Settle::add("feedback-talk", "--summary …"));
    for (index, checkpoint) in review.checkpoints.iter().enumerate() {
        let due = list.deadlines.checkpoint(checkpoint);
        let at = || entry("checkpoints", &review.checkpoints, index);
        let settle = || Settle::set_at(&at(), ["checked=today", "met=true|false"]);
        list.owe(of, DutyKind::Checkpoint, due, reviewer, Some(&checkpoint.what), settle);
    }
    if let Some(plan) = &review.improvement_plan {
        let due = list.deadlines.improvement_plan(plan);
        let settle = || Settle::set_at("improvement_plan", ["ended=today", "result=passed|extended|failed"]);
        list.owe(of, DutyKind::ImprovementPlan, due, reviewer, None, settle);
    }
}
