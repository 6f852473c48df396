//! Privacy: no figure that tells who answered, no health data about a person, no identity numbers.

use super::{check, client, review, team};
use crate::book::Record;
use crate::check::{At, Check, Context, Found, fires};
use crate::msg;
use crate::path;
use crate::record::facts::Fact;
use crate::record::personal::{identity_numbers, names_health};
use crate::record::review::Review;
use crate::record::shape::Keys;
use crate::record::team::Team;
use crate::record::value::Day;
use crate::source::{FileId, KeyPath, Place, Step};
use crate::text::Text;

pub(super) static RULES: &[&Check] = &[
    &SURVEY_TOO_SMALL,
    &PULSE_TOO_SMALL,
    &IMPOSSIBLE_COUNT,
    &HEALTH_DATA,
    &IDENTITY_NUMBER,
    &TOLD_BY_DIFFERENCE,
    &ANONYMOUS_TOO_FEW,
    &LIMIT_NOT_KEPT,
];

check! {
    SURVEY_TOO_SMALL = "RM801" "survey-too-small" Deny Team(survey_too_small);
    title: "a survey has too few answers to be stored", "满意度调查答卷过少";
    why: "From few answers it can be guessed who gave which.", "答卷过少即可推断出答题人。";
    mend: "Delete the figures, or pool them with another team's. The least number is `survey` under `[privacy]`, at least 5.",
        "请删除该数据或与其他团队合并统计；最低份数见 `[privacy]` 的 `survey`，不得低于5。";
    says: "{count} answers to {what}, at least {least} are needed", "{what}仅有 {count} 份答卷，至少需 {least} 份";
    example: team!("[[surveys]]\ndate = 2026-10-20\nasked = 8\nanswers = 4\n");
    mended: "answers = 4" => "answers = 6";
    entry: Refuse;
}

const THE_SURVEY: Text = Text::new("the survey", "本次调查");
const THE_ITEM: Text = Text::new("`{item}`", "“{item}”");

fn survey_too_small(context: &Context<'_>, team: &Record<Team>, found: &mut Found) {
    let least = context.book.settings.privacy.of_survey();
    for (index, survey) in team.data.surveys.iter().enumerate() {
        if survey.answers < least {
            let place = Place::value(team.file, path!["surveys", index, "answers"]);
            let count = survey.answers;
            found.push(fires!(SURVEY_TOO_SMALL, place, what = THE_SURVEY, count = count, least = least));
            continue;
        }
        for (item, tally) in survey.items.iter().filter(|(_, tally)| tally.n < least) {
            let place = Place::value(team.file, path!["surveys", index, "items", item.clone()]);
            let what = msg!(THE_ITEM, item = item);
            found.push(fires!(SURVEY_TOO_SMALL, place, what = what, count = tally.n, least = least));
        }
    }
}

check! {
    PULSE_TOO_SMALL = "RM802" "pulse-too-small" Deny Team(pulse_too_small);
    title: "a wellbeing pulse has too few answers to be stored", "身心关怀问卷答卷过少";
    why: "How somebody feels is nobody's business but theirs.", "个人身心状况不得被推断。";
    mend: "Delete the figures, or pool them with another team's. The least number is `wellbeing` under `[privacy]`, at least 10.",
        "请删除该数据或与其他团队合并统计；最低份数见 `[privacy]` 的 `wellbeing`，不得低于10。";
    says: "{count} answers, at least {least} are needed", "仅有 {count} 份答卷，至少需 {least} 份";
    example: team!("[[pulses]]\ndate = 2026-10-20\nasked = 12\nwell = 5\nfair = 2\nstrained = 1\n");
    mended: "well = 5" => "well = 8";
    entry: Refuse;
}

fn pulse_too_small(context: &Context<'_>, team: &Record<Team>, found: &mut Found) {
    let least = context.book.settings.privacy.of_pulse();
    for (index, pulse) in team.data.pulses.iter().enumerate().filter(|(_, pulse)| pulse.answers() < least) {
        let place = Place::value(team.file, path!["pulses", index]);
        found.push(fires!(PULSE_TOO_SMALL, place, count = pulse.answers(), least = least));
    }
}

check! {
    IMPOSSIBLE_COUNT = "RM803" "impossible-count" Deny Team(impossible_count);
    title: "more people answered than were asked", "答卷数超过发放数";
    why: "One of the counts is wrong, and every rate built on it.", "计数有误，相关比率亦失实。";
    mend: "Correct the counts.", "请更正计数。";
    says: "{answers} answers, {asked} asked", "答卷 {answers} 份，发放 {asked} 份";
    example: team!("[[surveys]]\ndate = 2026-10-20\nasked = 5\nanswers = 6\n");
    mended: "asked = 5" => "asked = 7";
    entry: Refuse;
}

fn impossible_count(_: &Context<'_>, team: &Record<Team>, found: &mut Found) {
    let mut judge = |answers: u32, asked: u32, path: KeyPath| {
        if answers > asked {
            found.push(fires!(
                IMPOSSIBLE_COUNT,
                Place::value(team.file, path),
                answers = answers,
                asked = asked
            ));
        }
    };
    for (index, survey) in team.data.surveys.iter().enumerate() {
        judge(survey.answers, survey.asked, path!["surveys", index, "answers"]);
        for (item, tally) in &survey.items {
            judge(tally.n, survey.answers, path!["surveys", index, "items", item.clone()]);
        }
    }
    for (index, pulse) in team.data.pulses.iter().enumerate() {
        judge(pulse.answers(), pulse.asked, path!["pulses", index]);
    }
}

check! {
    HEALTH_DATA = "RM804" "health-data" Deny Fact(health_data);
    title: "a field is named like a diagnosis", "字段名涉及健康诊断信息";
    why: "No health data about a person belongs in a book.", "台账不得记录个人健康信息。";
    mend: "Remove the field; load and leave say all that a manager of managers needs.", "请删除该字段；管理所需信息以工作量和休假情况为限。";
    says: "`{key}` names a matter of somebody's health", "“{key}”涉及个人健康状况";
    example: "# file: managers/wang-fang.toml\nname = \"Wang Fang\"\n[skills]\nfinance = 4\ndepression = 2\n";
    mended: "depression = 2" => "negotiation = 2";
    entry: Refuse;
}

fn health_data(_: &Context<'_>, at: At<'_>, fact: Fact<'_, '_>, found: &mut Found) {
    let mut judge = |key: &str, path: KeyPath| {
        if names_health(key) {
            found.push(fires!(HEALTH_DATA, Place::key(at.file, path), key = key));
        }
    };
    match fact {
        Fact::Free { keys: Keys::Text { .. }, table } => {
            table.entries().for_each(|(key, _)| judge(key, at.trail.path().join(key)));
        }
        // Where a measure is declared, and not where it has figures.
        Fact::Ref { kind: "measure", id, by_key: true } => {
            let path = at.trail.path();
            if matches!(path.0.as_slice(), [Step::Key(list), _] if *list == "measures") {
                judge(id, path);
            }
        }
        _ => {}
    }
}

check! {
    IDENTITY_NUMBER = "RM805" "identity-number" Warn Text(identity_number);
    title: "a text holds a citizen's identity number", "文本中含有居民身份证号码";
    why: "A book is copied to many machines; an identity number needs a better home.", "台账会被复制到多台设备，身份证号码不宜存放于此。";
    mend: "Remove the number.", "请删除该号码。";
    says: "this is an identity number", "此处为居民身份证号码";
    example: client!("note = \"legal representative 11010519491231002X\"\n");
    mended: "11010519491231002X" => "signs alone";
}

fn identity_number(file: FileId, text: &str, found: &mut Found) {
    found.extend(identity_numbers(text).map(|at| fires!(IDENTITY_NUMBER, Place::bytes(file, at))));
}

check! {
    TOLD_BY_DIFFERENCE = "RM806" "told-by-difference" Deny Team(told_by_difference);
    title: "two questionnaires of one round differ by a few answers", "同一轮次的两次问卷份数相差过少";
    why: "What one has more than the other tells the answers of those few.", "两次相减即可推算个别人员的答卷。";
    mend: "Keep the later one, with all answers, and delete the other. One round is one period, one month, or two weeks; the least \
           numbers are `survey` and `wellbeing` under `[privacy]`.",
        "请仅保留汇总全部答卷的后一次，删除另一次。同一调查期间、同一月或相隔两周以内为同一轮次；最低份数见 `[privacy]` 的 `survey`、`wellbeing`。";
    says: "{count} answers, and {other} on {day} in the same round: the difference is below {least}",
        "答卷 {count} 份，同一轮次 {day} 为 {other} 份，相差不足 {least} 份";
    example: team!("[[surveys]]\ndate = 2026-10-19\nasked = 12\nanswers = 8\n[[surveys]]\ndate = 2026-10-20\nasked = 12\nanswers = 9\n");
    mended: "date = 2026-10-19" => "date = 2026-04-19";
    entry: Refuse;
}

fn told_by_difference(context: &Context<'_>, team: &Record<Team>, found: &mut Found) {
    let privacy = &context.book.settings.privacy;
    let mut judge = |list: &'static str,
                     (earlier, other): (Day, u32),
                     (later, count, index): (Day, u32, usize),
                     least: u32| {
        if earlier < later && count.abs_diff(other) < least {
            let place = Place::value(team.file, path![list, index]);
            found.push(fires!(
                TOLD_BY_DIFFERENCE,
                place,
                count = count,
                other = other,
                day = earlier.0,
                least = least
            ));
        }
    };
    for (index, later) in team.data.surveys.iter().enumerate() {
        for earlier in team.data.surveys.iter().filter(|earlier| earlier.is_of_round(later)) {
            let least = privacy.of_survey();
            judge("surveys", (earlier.date, earlier.answers), (later.date, later.answers, index), least);
        }
    }
    for (index, later) in team.data.pulses.iter().enumerate() {
        for earlier in team.data.pulses.iter().filter(|earlier| earlier.is_of_round(later)) {
            let least = privacy.of_pulse();
            judge("pulses", (earlier.date, earlier.answers()), (later.date, later.answers(), index), least);
        }
    }
}

check! {
    ANONYMOUS_TOO_FEW = "RM807" "anonymous-ratings-too-few" Deny Review(anonymous_too_few);
    title: "too few anonymous ratings to be stored", "匿名评价份数过少";
    why: "The sum of one rating is that rating, and of two each rater knows the other's; so few count for nothing and are shown nowhere.",
        "一份评价的合计即为该份评分，两份的评价人可互相推知；份数过少的不计分、不显示。";
    mend: "Delete it, or wait until more have rated. The least number is `ratings` under `[privacy]`, at least 3.",
        "请删除，或待更多人评价后再登记；最低份数见 `[privacy]` 的 `ratings`，不得低于3。";
    says: "ratings counted: {count}, at least {least} are needed", "仅有 {count} 份评价，至少需 {least} 份";
    example: review!("[[anonymous]]\ngroup = \"subordinate\"\nn = 2\nsum = 180\n");
    mended: "n = 2" => "n = 3";
    entry: Refuse;
}

fn anonymous_too_few(context: &Context<'_>, review: &Record<Review>, found: &mut Found) {
    let least = context.book.settings.privacy.of_ratings();
    for (index, counts) in review.data.anonymous.iter().enumerate().filter(|(_, counts)| counts.n < least) {
        let place = Place::value(review.file, path!["anonymous", index, "n"]);
        found.push(fires!(ANONYMOUS_TOO_FEW, place, count = counts.n, least = least));
    }
}

check! {
    LIMIT_NOT_KEPT = "RM808" "privacy-limit-not-kept" Warn Book(limit_not_kept);
    title: "fewer answers are to be enough than may show anything", "设置的最低答卷数低于下限";
    why: "From few answers it can be guessed who gave which, so the number set does not hold: the least one counts instead.",
        "答卷过少即可推断出答题人，所设份数不予采用，按下限执行。";
    mend: "Set the least number or more, or leave the key out.", "请设为不低于下限的数值，或删除该项。";
    says: "`{key} = {count}` counts as {least}, the least there can be", "`{key} = {count}` 按下限 {least} 执行";
    example: "# file: rmbook.toml\nname = \"Branch\"\n[privacy]\nsurvey = 4\n[calendar]\n2025 = {}\n2026 = {}\n";
    mended: "survey = 4" => "survey = 6";
}

fn limit_not_kept(context: &Context<'_>, found: &mut Found) {
    let Some(file) = context.book.settings_file else { return };
    let privacy = &context.book.settings.privacy;
    let limits = [
        ("survey", privacy.survey, privacy.of_survey()),
        ("wellbeing", privacy.wellbeing, privacy.of_pulse()),
        ("ratings", privacy.ratings, privacy.of_ratings()),
    ];
    for (key, count, least) in limits.into_iter().filter(|(_, count, least)| count < least) {
        let place = Place::value(file, path!["privacy", key]);
        found.push(fires!(LIMIT_NOT_KEPT, place, key = key, count = count, least = least));
    }
}
