//! Proposals for another grade: decided by a day, and carried out.

use super::check;
use crate::book::Record;
use crate::check::{Check, Context, Found, fires};
use crate::msg;
use crate::path;
use crate::record::development::{Proposal, ProposalResult};
use crate::record::manager::Manager;
use crate::source::Place;
use crate::text::{Message, Text};

pub(super) static RULES: &[&Check] = &[&PROPOSAL_OUT_OF_ORDER, &PROPOSAL_WAITING];

/// The record of a junior with a proposal for the examples.
macro_rules! proposed {
    ($rest:literal) => {
        concat!(
            "# file: managers/wang-fang.toml\nname = \"Wang Fang\"\nreports_to = \"zhao-lei\"\ngrade = \"junior\"\n[[proposals]]\n",
            $rest
        )
    };
}

check! {
    PROPOSAL_OUT_OF_ORDER = "RM658" "proposal-out-of-order" Warn Manager(proposal_out_of_order);
    title: "a proposal for another grade is out of order", "职级提议填写不符";
    why: "A decision without its day, or a day without a decision, counts as none; a proposal for the grade somebody holds proposes nothing.",
        "仅有审定结果或仅有审定日的，视同未审定；拟任职级与现职级相同的，不构成提议。";
    mend: "Enter `decided` and `result` together, and the grade that is proposed.", "请同时填写 `decided` 与 `result`，并填写拟任职级。";
    says: "{why}", "{why}";
    example: proposed!("date = 2026-10-12\nto = \"senior\"\nresult = \"declined\"\n");
    mended: "result =" => "decided = 2026-10-20\nresult =";
}

const NO_DAY: Text = Text::new(
    "the proposal for `{grade}` has a result, and no day of it",
    "拟任“{grade}”的提议已有审定结果，未填审定日",
);
const NO_RESULT: Text = Text::new(
    "the proposal for `{grade}` was decided on {day}, and nobody says how",
    "拟任“{grade}”的提议已于 {day} 审定，未填审定结果",
);
const SAME_GRADE: Text =
    Text::new("`{grade}` was proposed for somebody who held it", "拟任职级“{grade}”即提议时的职级");

fn proposal_out_of_order(_: &Context<'_>, manager: &Record<Manager>, found: &mut Found) {
    for (index, proposal) in manager.data.proposals.iter().enumerate() {
        let Proposal { to, decided, result, date, .. } = proposal;
        let held = manager.data.grade_on(date.0.pred_opt().unwrap_or(date.0));
        let why: Option<(&str, Message)> = match (decided, result) {
            (None, Some(_)) => Some(("result", msg!(NO_DAY, grade = to))),
            (Some(day), None) => Some(("decided", msg!(NO_RESULT, grade = to, day = day.0))),
            _ if held == Some(to) => Some(("to", msg!(SAME_GRADE, grade = to))),
            _ => None,
        };
        if let Some((key, why)) = why {
            let place = Place::value(manager.file, path!["proposals", index, key]);
            found.push(fires!(PROPOSAL_OUT_OF_ORDER, place, why = why));
        }
    }
}

check! {
    PROPOSAL_WAITING = "RM659" "proposal-waiting" Warn Manager(proposal_waiting);
    title: "a proposal for another grade was not decided or not carried out in time", "职级提议逾期未审定或未办理";
    why: "Who was proposed waits to hear it, and who was promoted is paid by the old grade.", "被提议人在等待结果，已同意晋升的仍按原职级计薪。";
    mend: "Decide it (`decided`, `decided_by`, `result`), or enter the grade: `rmbook add grade`. The limit is `proposal` under `[management]`.",
        "请审定（`decided`、`decided_by`、`result`），或登记职级：`rmbook add grade`；时限见 `[management]` 的 `proposal`。";
    says: "{why}", "{why}";
    example: proposed!("date = 2026-06-01\nto = \"senior\"\n");
    mended: "to = \"senior\"" => "to = \"senior\"\ndecided = 2026-06-15\nresult = \"declined\"";
}

const UNDECIDED: Text = Text::new(
    "the proposal of {date} for `{grade}` was to be decided by {deadline}",
    "{date} 拟任“{grade}”的提议应于 {deadline} 前审定",
);
const NOT_CARRIED_OUT: Text = Text::new(
    "the grade `{grade}`, approved for the proposal of {date}, was to be entered by {deadline}",
    "{date} 的提议已同意，“{grade}”职级应于 {deadline} 前登记",
);

fn proposal_waiting(context: &Context<'_>, manager: &Record<Manager>, found: &mut Found) {
    for (index, proposal) in manager.data.proposals.iter().enumerate() {
        let due = context.deadlines.proposal(&manager.data, proposal, context.today);
        let Some((deadline, _)) = context.overdue(due) else { continue };
        let is_approved = proposal.result == Some(ProposalResult::Approved);
        let words = if is_approved { NOT_CARRIED_OUT } else { UNDECIDED };
        let why = msg!(words, date = proposal.date.0, grade = &proposal.to, deadline = deadline);
        let place = Place::value(manager.file, path!["proposals", index, "to"]);
        found.push(fires!(PROPOSAL_WAITING, place, why = why));
    }
}
