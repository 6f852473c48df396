//! Ranges: amounts within the bounds of their field, scores within their scale, counts within what was asked.

use rust_decimal::Decimal;

use super::{check, client};
use crate::book::Record;
use crate::check::{At, Check, Context, Found, fires};
use crate::msg;
use crate::path;
use crate::record::client::Client;
use crate::record::facts::Fact;
use crate::record::survey::Survey;
use crate::record::team::Team;
use crate::record::value::Rate;
use crate::source::{KeyPath, Place};
use crate::text::{Message, Text};

pub(super) static RULES: &[&Check] = &[&OUT_OF_RANGE, &FEEDBACK_BEYOND_SCALE, &SURVEY_DOES_NOT_ADD_UP];

const AT_LEAST: Text = Text::new("at least {least}", "不小于 {least}");
const AT_MOST: Text = Text::new("at most {most}", "不大于 {most}");

check! {
    OUT_OF_RANGE = "RM221" "out-of-range" Deny Fact(out_of_range);
    title: "an amount lies outside what its field can hold", "数值超出字段允许范围";
    why: "A negative cost or a rating below zero is a slip, and every mean takes it in.", "负的费用或低于零的评分必为笔误，却会计入各项平均。";
    mend: "Correct the amount; the field's reference says its bounds.", "请更正数值；允许范围见字段说明。";
    says: "`{field}` is {amount}; it can be {bound}", "`{field}` 为 {amount}，应{bound}";
    example: "# file: managers/wang-fang.toml\nname = \"Wang Fang\"\nreports_to = \"zhao-lei\"\n\
        [[trainings]]\ndate = 2026-10-12\ncourse = \"Compliance\"\nkind = \"internal\"\nhours = -32\ndone = 2026-10-12\n\
        [[trainings]]\ndate = 2026-10-13\ncourse = \"Credit\"\nkind = \"internal\"\nhours = 80\ndone = 2026-10-13\n";
    mended: "hours = -32" => "hours = 32";
    entry: Refuse;
}

fn out_of_range(_: &Context<'_>, at: At<'_>, fact: Fact<'_, '_>, found: &mut Found) {
    let Fact::Bounded { field, amount } = fact else { return };
    let words = amount.words(at.text).unwrap_or_default();
    let Ok(Rate(amount)) = words.parse() else { return };
    let bound: Message = match (field.least, field.most) {
        (Some(least), _) if amount < least => msg!(AT_LEAST, least = least),
        (_, Some(most)) if amount > most => msg!(AT_MOST, most = most),
        _ => return,
    };
    let place = Place::value(at.file, at.trail.path());
    found.push(fires!(OUT_OF_RANGE, place, field = &field.name, amount = amount.normalize(), bound = bound));
}

check! {
    FEEDBACK_BEYOND_SCALE = "RM222" "feedback-beyond-scale" Deny Client(feedback_beyond_scale);
    title: "a client's score is above the best of its scale", "客户评分超过满分";
    why: "A satisfaction above 100 % lifts every mean it enters.", "超过满分的评分会抬高各项满意度。";
    mend: "Correct the score, or enter the best one under `scale`.", "请更正评分，或在 `scale` 填写满分。";
    says: "a score of {score} on a scale to {scale}", "评分 {score}，满分 {scale}";
    example: client!("[[feedback]]\ndate = 2026-10-12\nscore = 11\n");
    mended: "score = 11" => "score = 11\nscale = 20";
    entry: Refuse;
}

/// The best score where the client's answer names none.
const FEEDBACK_SCALE: Decimal = Decimal::TEN;

fn feedback_beyond_scale(_: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    for (index, answer) in client.data.feedback.iter().enumerate() {
        let scale = answer.scale.map_or(FEEDBACK_SCALE, |scale| scale.0);
        if let Some(score) = answer.score.filter(|score| score.0 > scale) {
            let place = Place::value(client.file, path!["feedback", index, "score"]);
            let (score, scale) = (score.0.normalize(), scale.normalize());
            found.push(fires!(FEEDBACK_BEYOND_SCALE, place, score = score, scale = scale));
        }
    }
}

check! {
    SURVEY_DOES_NOT_ADD_UP = "RM223" "survey-does-not-add-up" Deny Team(survey_does_not_add_up);
    title: "the counts of a survey do not fit each other", "调查统计数据相互不符";
    why: "Marks above the scale, or answers that do not add up, make every figure of the round wrong.", "超过满分或份数不符，整轮调查数据均失实。";
    mend: "Correct the counts from the survey's own sheet.", "请按调查原始统计更正。";
    says: "{what}: {count}, where {most} is right", "{what}为 {count}，应为 {most}";
    example: "# file: teams/corporate-1.toml\nname = \"Corporate 1\"\nlead = \"zhao-lei\"\n[[meetings]]\ndate = 2026-10-08\nkind = \"monthly\"\n\
        [[surveys]]\ndate = 2026-10-20\nasked = 12\nanswers = 9\nitems.workload = { n = 9, sum = 280 }\n";
    mended: "sum = 280" => "sum = 28";
    entry: Refuse;
}

const SUM: Text = Text::new("sum of an item's marks", "单项评分合计");
const ENPS: Text = Text::new("answers to the recommendation", "净推荐值作答份数");
const UP_TO: Text = Text::new("up to {most}", "不超过 {most}");

fn survey_does_not_add_up(_: &Context<'_>, team: &Record<Team>, found: &mut Found) {
    for (index, survey) in team.data.surveys.iter().enumerate() {
        for (key, what, count, most) in odd_counts(survey) {
            let mut path = path!["surveys", index].0;
            path.extend(key.0);
            let place = Place::value(team.file, KeyPath(path));
            found.push(fires!(SURVEY_DOES_NOT_ADD_UP, place, what = what, count = count, most = most));
        }
    }
}

/// What does not fit in a survey: where, what it counts, how many, and what would be right.
fn odd_counts(survey: &Survey) -> Vec<(KeyPath, Text, Decimal, Message)> {
    let up_to = |most: Decimal| msg!(UP_TO, most = most.normalize());
    let answers = Decimal::from(survey.answers);
    let mut odd = Vec::new();
    for (item, tally) in &survey.items {
        let most = survey.best() * Decimal::from(tally.n);
        if tally.sum.0 > most {
            let sum = tally.sum.0.normalize();
            odd.push((path!["items", item.as_str(), "sum"], SUM, sum, up_to(most)));
        }
    }
    if let Some(enps) = &survey.enps {
        let all = [enps.promoters, enps.passives, enps.detractors].map(Decimal::from);
        let all: Decimal = all.iter().sum();
        if all != answers {
            odd.push((path!["enps"], ENPS, all, Message::verbatim(answers.to_string())));
        }
    }
    odd
}
