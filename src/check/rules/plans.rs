//! What a contingency plan holds.

use super::{check, team};
use crate::book::Record;
use crate::check::{Check, Context, Found, fires};
use crate::path;
use crate::record::team::Team;
use crate::source::Place;
use crate::text::{Message, Text};

pub(super) static RULES: &[&Check] = &[&PLAN_INCOMPLETE];

check! {
    PLAN_INCOMPLETE = "RM688" "plan-incomplete" Warn Team(plan_incomplete);
    title: "a contingency plan says not what is done, or not who is told", "应急预案缺少处置步骤或应急联系人";
    why: "In the emergency nobody has time to find out whom to call and what to do first.", "突发情况下来不及再去了解先做什么、通知何人。";
    mend: "Enter the steps and the contact sheet: `rmbook set TEAM 'contingencies[ID].steps=…'` and `rmbook add emergency-contact`.",
        "请补录处置步骤和应急联系人：`rmbook set 团队 'contingencies[编号].steps=…'`、`rmbook add emergency-contact`。";
    says: "`{plan}` has {what}", "“{plan}”{what}";
    example: team!("[[contingencies]]\nid = \"outage\"\nscenario = \"system-outage\"\nowner = \"zhao-lei\"\napproved = 2026-06-01\n\
        contacts = [{ name = \"Zhao Lei\" }]\n");
    mended: "owner =" => "steps = [\"call the branch\"]\nowner =";
}

const NO_STEPS: Text = Text::new("no steps", "未填处置步骤");
const NO_CONTACTS: Text = Text::new("no contact sheet", "未填应急联系人");
const NEITHER: Text = Text::new("neither steps nor a contact sheet", "未填处置步骤和应急联系人");

fn plan_incomplete(_: &Context<'_>, team: &Record<Team>, found: &mut Found) {
    for (index, plan) in team.data.contingencies.iter().enumerate() {
        let what: Message = match (plan.steps.is_empty(), plan.contacts.is_empty()) {
            (true, true) => NEITHER.into(),
            (true, false) => NO_STEPS.into(),
            (false, true) => NO_CONTACTS.into(),
            (false, false) => continue,
        };
        let place = Place::value(team.file, path!["contingencies", index]);
        found.push(fires!(PLAN_INCOMPLETE, place, plan = &plan.id, what = what));
    }
}
