//! Talks with managers, and what they report: with whom, and to whom.

use super::{check, manager};
use crate::book::Record;
use crate::check::{Check, Context, Found, fires};
use crate::path;
use crate::record::manager::Manager;
use crate::source::Place;
use crate::text::Text;

pub(super) static RULES: &[&Check] = &[&TALK_WITH_ONESELF, &TALK_WITH_OUTSIDER];

check! {
    TALK_WITH_ONESELF = "RM656" "talk-with-oneself" Deny Manager(talk_with_oneself);
    title: "somebody talked with themselves, reported to themselves, or proposed themselves for a grade", "沟通人、上报答复责任人或职级提议人为本人";
    why: "A talk with oneself is none, nobody answers what they report themselves, and nobody proposes their own promotion.", "与本人沟通不成其为沟通，本人上报的事项不得由本人答复，亦不得提议自己的职级。";
    mend: "Name who talked with the manager, who must answer, or who proposed.", "请填写实际沟通人、答复责任人或提议人。";
    says: "`{manager}` is named as the other side of its own {what}", "“{manager}”被填为本人{what}的对方";
    example: manager!("[[one_on_ones]]\ndate = 2026-10-12\nwith = \"wang-fang\"\n");
    mended: "with = \"wang-fang\"" => "with = \"zhao-lei\"";
    entry: Refuse;
}

const ONE_ON_ONE: Text = Text::new("one-to-one", "一对一沟通");
const CAREER_TALK: Text = Text::new("career talk", "职业发展面谈");
const REPORT: Text = Text::new("report upward", "上报事项");
const PROPOSAL: Text = Text::new("proposal", "职级提议");

fn talk_with_oneself(_: &Context<'_>, manager: &Record<Manager>, found: &mut Found) {
    let Manager { one_on_ones, career_talks, proposals, reports, .. } = &manager.data;
    let talks = one_on_ones.iter().enumerate();
    let talks = talks.map(|(index, talk)| (&talk.with, path!["one_on_ones", index, "with"], ONE_ON_ONE));
    let careers = career_talks.iter().enumerate();
    let careers =
        careers.map(|(index, talk)| (&talk.with, path!["career_talks", index, "with"], CAREER_TALK));
    let proposed = proposals.iter().enumerate();
    let proposed = proposed.map(|(index, it)| (&it.by, path!["proposals", index, "by"], PROPOSAL));
    let reported = reports.iter().enumerate();
    let reported = reported.map(|(index, it)| (&it.owner, path!["reports", index, "owner"], REPORT));
    for (with, path, what) in talks.chain(careers).chain(proposed).chain(reported) {
        if with.as_deref() == Some(&*manager.id) {
            let place = Place::value(manager.file, path);
            found.push(fires!(TALK_WITH_ONESELF, place, manager = &*manager.id, what = what));
        }
    }
}

check! {
    TALK_WITH_OUTSIDER = "RM657" "talk-with-outsider" Warn Manager(talk_with_outsider);
    title: "a one-to-one was with somebody the manager does not report to", "一对一沟通人不是其上级";
    why: "The supervisor owes the talk; one with a colleague does not stand for it and is not counted.", "一对一沟通由上级负责，与同事的沟通不能代替，也不计入完成率。";
    mend: "Correct `with`, or `reports_to` and its `history`.", "请更正 `with`，或 `reports_to` 及其 `history`。";
    says: "`{manager}` does not report to `{with}`; the talk of {date} does not count", "“{with}”不是“{manager}”的上级，{date} 的沟通不计入";
    example: manager!("[[one_on_ones]]\ndate = 2026-10-12\nwith = \"li-na\"\n");
    mended: "with = \"li-na\"" => "with = \"zhao-lei\"";
}

fn talk_with_outsider(_: &Context<'_>, manager: &Record<Manager>, found: &mut Found) {
    // Who reports to nobody is owed no talk.
    if manager.data.supervisors().next().is_none() {
        return;
    }
    let talks = manager.data.one_on_ones.iter().enumerate();
    for (index, talk) in talks.filter(|(_, talk)| !manager.data.is_led(talk)) {
        let Some(with) = talk.with.as_ref().filter(|with| ***with != *manager.id) else { continue };
        let place = Place::value(manager.file, path!["one_on_ones", index, "with"]);
        let (manager, date) = (&*manager.id, talk.date.0);
        found.push(fires!(TALK_WITH_OUTSIDER, place, manager = manager, with = &**with, date = date));
    }
}
