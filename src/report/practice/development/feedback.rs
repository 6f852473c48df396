//! Whether scores move after feedback, and where improvement plans and appeals stand.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::super::{Col, Input, Sheet, choice, number, part, share};
use super::{Closing, closed};
use crate::book::Book;
use crate::record::kind::RecordKind;
use crate::record::manager::Manager;
use crate::record::review::{PlanResult, Review};
use crate::table::{Cell, Table};
use crate::text::Text;

const MOVEMENT: Sheet = Sheet {
    name: "score_movement",
    title: Text::new("Scores after feedback", "反馈后得分变动"),
    columns: &[
        Col::text("manager", "Manager", "客户经理"),
        Col::text("scheme", "Scheme", "考核方案"),
        Col::text("period", "Period", "考核期"),
        Col::date("talk", "Talked over", "面谈日"),
        Col::number("before", "Total", "总分"),
        Col::number("after", "Next total", "下期总分"),
        Col::number("change", "Change", "变动"),
        Col::text("weakest", "Weakest indicator", "最弱指标"),
        Col::number("weakest_before", "Its score", "该指标得分"),
        Col::number("weakest_after", "Its next score", "该指标下期得分"),
    ],
};

const EFFECT: Sheet = Sheet {
    name: "feedback_effect",
    title: Text::new("Movement with and without a talk", "有无面谈的得分变动对比"),
    columns: &[
        Col::text("group", "Group", "分组"),
        Col::count("cases", "Cases", "例数"),
        Col::number("mean_change", "Mean change", "平均变动"),
        Col::ratio("improved", "Improved", "提升占比").bar(),
    ],
};

const PLANS: Sheet = Sheet {
    name: "improvement_plans",
    title: Text::new("Improvement plans", "绩效改进计划"),
    columns: &[
        Col::text("manager", "Manager", "客户经理"),
        Col::text("period", "Period", "考核期"),
        Col::date("start", "Start", "起始日"),
        Col::date("until", "Until", "截止日"),
        Col::count("due", "Checkpoints due", "到期检查点"),
        Col::count("met", "Met", "达成"),
        Col::count("unchecked", "Not checked", "未检查"),
        Col::text("result", "Result", "结果"),
    ],
};

const APPEALS: Sheet = Sheet {
    name: "appeals",
    title: Text::new("Appeals", "考核申诉"),
    columns: &[
        Col::text("manager", "Manager", "客户经理"),
        Col::text("period", "Period", "考核期"),
        Col::date("date", "Appealed", "申诉日"),
        Col::date("due", "Limit", "裁定时限"),
        Col::date("decided", "Decided", "裁定日"),
        Col::flag("in_limit", "In limit", "时限内"),
        Col::flag("upheld", "Upheld", "成立"),
    ],
};

const RATES: Sheet = Sheet {
    name: "follow_through",
    title: Text::new("Talks, plans and appeals of the period", "本期沟通、改进计划与申诉"),
    columns: &[
        Col::text("what", "What", "事项"),
        Col::count("all", "Of", "总数"),
        Col::count("of_them", "Of them", "其中"),
        Col::ratio("part", "Part", "占比").bar(),
    ],
};

pub(super) fn tables(input: &Input<'_>) -> Vec<Table> {
    let steps: Vec<Move<'_>> = input.managers().flat_map(|(id, _)| moves(input, id)).collect();
    vec![movement(input, &steps), effect(input, &steps), rates(input), plans(input), appeals(input)]
}

/// Two closed scorecards of one manager, one after the other.
struct Move<'b> {
    manager: &'b str,
    first: Closing<'b>,
    second: Closing<'b>,
    talk: Option<NaiveDate>,
}

impl Move<'_> {
    fn totals(&self) -> Option<(Decimal, Decimal)> {
        Some((self.first.card.total?.0, self.second.card.total?.0))
    }

    fn change(&self) -> Option<Decimal> {
        self.totals().map(|(first, second)| second - first)
    }

    /// The indicator with the lowest score of the first scorecard, its score, and its score in the second. A deduction is no
    /// indicator: its 0 is the best there is.
    fn weakest(&self, book: &Book) -> Option<(&str, Decimal, Option<Decimal>)> {
        let policy = book.policies.get(&self.first.card.policy);
        let is_indicator = |name: &str| {
            policy.is_none_or(|policy| policy.data.indicators.iter().any(|item| *item.id == *name))
        };
        let scored = self.first.card.indicators.iter().filter(|(name, _)| is_indicator(name));
        let scored = scored.filter_map(|(name, indicator)| Some((name.as_str(), indicator.score?.0)));
        let (name, score) = scored.min_by_key(|(name, score)| (*score, *name))?;
        let next = self.second.card.indicators.get(name).and_then(|indicator| indicator.score);
        Some((name, score, next.map(|score| score.0)))
    }
}

fn moves<'b>(input: &Input<'b>, manager: &'b str) -> Vec<Move<'b>> {
    let closings = closed(input, manager);
    let year_ago = input.months.last.plus(-12);
    let follows = |first: &Closing<'_>, second: &Closing<'_>| {
        first.scheme == second.scheme && first.review.period.plus(1) == second.review.period
    };
    let mut moves = Vec::new();
    for first in &closings {
        let recent = |second: &&Closing<'_>| follows(first, second) && second.review.period.last() > year_ago;
        for second in closings.iter().filter(recent) {
            let talks = first.review.talks.iter().map(|talk| talk.date.0);
            let talk = talks.filter(|day| *day <= second.review.period.last_day()).min();
            moves.push(Move { manager, first: first.clone(), second: second.clone(), talk });
        }
    }
    moves
}

fn movement(input: &Input<'_>, moves: &[Move<'_>]) -> Table {
    let talked = moves.iter().filter(|step| step.talk.is_some());
    let rows = talked.map(|step| {
        let weakest = step.weakest(input.book);
        vec![
            step.manager.into(),
            step.first.scheme.into(),
            step.first.review.period.to_string().into(),
            step.talk.into(),
            number(step.totals().map(|(first, _)| first)),
            number(step.totals().map(|(_, second)| second)),
            number(step.change()),
            weakest.map(|(name, ..)| name).into(),
            number(weakest.map(|(_, score, _)| score)),
            number(weakest.and_then(|(.., next)| next)),
        ]
    });
    MOVEMENT.filled(input, rows)
}

fn effect(input: &Input<'_>, moves: &[Move<'_>]) -> Table {
    let groups = [
        ("with-talk", Text::new("with a talk", "有面谈"), true),
        ("without-talk", Text::new("without a talk", "无面谈"), false),
    ];
    let rows = groups.into_iter().map(|(key, text, talked)| {
        let changes: Vec<Decimal> =
            moves.iter().filter(|step| step.talk.is_some() == talked).filter_map(Move::change).collect();
        let improved = changes.iter().filter(|change| **change > Decimal::ZERO).count();
        vec![
            Cell::Said { key, text },
            changes.len().into(),
            number(share(changes.iter().sum::<Decimal>(), changes.len())),
            part(improved, changes.len()),
        ]
    });
    EFFECT.filled(input, rows)
}

/// The reviews of managers in scope.
fn reviews<'b>(input: &Input<'b>) -> impl Iterator<Item = &'b Review> {
    let reviews = input.book.reviews.iter().map(|record| &record.data);
    reviews.filter(|review| input.covers(&review.manager))
}

/// How many had a one-to-one, how many plans that ended were passed, how many appeals decided were upheld.
fn rates(input: &Input<'_>) -> Table {
    let count = |judged: Vec<bool>| (judged.len(), judged.iter().filter(|yes| **yes).count());
    let talked = |manager: &Manager| manager.led_talks().any(|talk| input.is_in(talk.date));
    let reporting = input.managers().filter(|(_, manager)| manager.supervisor_on(input.as_of).is_some());
    let talks = count(reporting.map(|(_, manager)| talked(manager)).collect());
    let ended = reviews(input).filter_map(|review| review.improvement_plan.as_ref());
    let ended = ended.filter(|plan| plan.ended.is_some_and(|day| input.is_in(day)));
    let plans = count(ended.map(|plan| plan.result == Some(PlanResult::Passed)).collect());
    let decided = reviews(input).filter_map(|review| review.appeal.as_ref());
    let decided = decided.filter(|appeal| appeal.decided.is_some_and(|day| input.is_in(day)));
    let appeals = count(decided.map(|appeal| appeal.upheld == Some(true)).collect());
    let rows = [
        (
            "one-to-ones",
            Text::new("managers with a supervisor who had a one-to-one", "有上级且已一对一沟通的客户经理"),
            talks,
        ),
        ("plans-passed", Text::new("plans ended that were passed", "已结束改进计划中达标"), plans),
        ("appeals-upheld", Text::new("appeals decided that were upheld", "已裁定申诉中成立"), appeals),
    ];
    let row = |(key, text, (all, of_them)): (&'static str, Text, (usize, usize))| {
        vec![Cell::Said { key, text }, all.into(), of_them.into(), part(of_them, all)]
    };
    RATES.filled(input, rows.into_iter().map(row))
}

/// Plans that were open on some day of the period.
fn plans(input: &Input<'_>) -> Table {
    let mut table = PLANS.table(input);
    for review in reviews(input) {
        let Some(plan) = &review.improvement_plan else { continue };
        let ended = plan.ended.is_some_and(|ended| ended.0 < input.months.first_day());
        if plan.start.0 > input.as_of || ended {
            continue;
        }
        let due = || review.checkpoints.iter().filter(|checkpoint| checkpoint.due.0 <= input.as_of);
        let checked = || due().filter(|checkpoint| input.past(checkpoint.checked).is_some());
        let result = plan.result.filter(|_| input.past(plan.ended).is_some());
        table.push(vec![
            (&*review.manager).into(),
            review.period.to_string().into(),
            plan.start.0.into(),
            plan.until.map(|day| day.0).into(),
            due().count().into(),
            checked().filter(|checkpoint| checkpoint.met == Some(true)).count().into(),
            (due().count() - checked().count()).into(),
            result.map_or(Cell::Missing, |result| {
                choice(RecordKind::Review, &["improvement_plan", "result"], result)
            }),
        ]);
    }
    table
}

/// Appeals of the period, and those still open on the report's day.
fn appeals(input: &Input<'_>) -> Table {
    let mut table = APPEALS.table(input);
    for review in reviews(input) {
        let Some(appeal) = review.appeal.as_ref().filter(|appeal| appeal.date.0 <= input.as_of) else {
            continue;
        };
        let decided = input.past(appeal.decided);
        if decided.is_some_and(|day| day < input.months.first_day()) {
            continue;
        }
        let due = input.deadline(appeal.date, input.book.settings.management.appeal);
        table.push(vec![
            (&*review.manager).into(),
            review.period.to_string().into(),
            appeal.date.0.into(),
            due.into(),
            decided.into(),
            Cell::Flag(decided.unwrap_or(input.as_of) <= due),
            appeal.upheld.filter(|_| decided.is_some()).map_or(Cell::Missing, Cell::Flag),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::super::super::lines;

    fn review(period: &str, manager: &str, total: u32, weakest: u32, rest: &str) -> String {
        format!(
            "# file: reviews/{period}/{manager}.toml\nmanager = '{manager}'\nperiod = '{period}'\n{rest}\
             [closed.scorecard]\npolicy = 'p'\npolicy_digest = 'sha256:00'\nclosed_on = 2026-11-09\n\
             digest = 'sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae'\ntotal = {total}\n\
             indicators = {{ deposits = {{ score = 95 }}, visits = {{ score = {weakest} }} }}\n"
        )
    }

    fn book() -> String {
        let head = "# file: rmbook.toml\nname = '测试支行'\n# file: managers/li-na.toml\nname = '李娜'\n\
                    # file: managers/wang-fang.toml\nname = '王芳'\n";
        let talked = "talks = [{ date = 2026-10-12, summary = '补走访' }]\n\
                      checkpoints = [{ due = 2026-10-20, what = '走访', checked = 2026-10-21, met = true }, { due = 2026-10-30, what = '方案' }]\n\
                      improvement_plan = { start = 2026-10-15, until = 2026-12-31 }\n\
                      appeal = { date = 2026-10-12, reason = '漏计', decided = 2026-11-20, upheld = false }\n";
        [
            head.to_owned(),
            review("2026-09", "li-na", 80, 60, talked),
            review("2026-10", "li-na", 86, 75, ""),
            review("2026-09", "wang-fang", 90, 85, "talks = [{ date = 2026-11-05 }]\n"),
            review("2026-10", "wang-fang", 88, 80, ""),
            review("2026-08", "wang-fang", 91, 85, ""),
        ]
        .concat()
    }

    #[test]
    fn only_a_talk_before_the_next_period_ended_counts() {
        assert_eq!(
            lines(&book(), "development", "score_movement", "2026-10"),
            ["li-na | scorecard | 2026-09 | 2026-10-12 | 80 | 86 | 6 | visits | 60 | 75"]
        );
        // Without a talk: 91 to 90 and 90 to 88.
        assert_eq!(
            lines(&book(), "development", "feedback_effect", "2026-10"),
            ["with-talk | 1 | 6 | 100%", "without-talk | 2 | -1.5 | 0%"]
        );
    }

    #[test]
    fn a_deduction_that_was_not_made_is_no_weakness() {
        let policy = "# file: policies/p.toml\ntitle = 'p'\nscheme = 'scorecard'\neffective = 2026-01-01\nperiod = 'month'\n\
                      indicators = [{ id = 'deposits', title = 'd', value = 'deposits.average' }]\n\
                      deductions = [{ id = 'visits', title = 'v', value = 'visits' }]\n";
        let rows = lines(&(book() + policy), "development", "score_movement", "2026-10");
        assert!(rows[0].ends_with("| deposits | 95 | 95"), "{rows:?}");
    }

    #[test]
    fn what_was_followed_through_is_counted_in_its_period() {
        let book = book()
            .replace(
                "name = '李娜'\n",
                "name = '李娜'\nreports_to = 'zhao-lei'\n[[one_on_ones]]\ndate = 2026-11-03\n",
            )
            .replace(
                "name = '王芳'\n",
                "name = '王芳'\nreports_to = 'zhao-lei'\n# file: managers/zhao-lei.toml\nname = '赵磊'\n",
            )
            .replace("until = 2026-12-31 }", "until = 2026-12-31, ended = 2026-11-28, result = 'passed' }");
        // One of the two who report to somebody; the one plan; the appeal decided on 20 November was not upheld.
        assert_eq!(
            lines(&book, "development", "follow_through", "2026-11"),
            ["one-to-ones | 2 | 1 | 50%", "plans-passed | 1 | 1 | 100%", "appeals-upheld | 1 | 0 | 0%"]
        );
        assert_eq!(lines(&book, "development", "follow_through", "2026-10")[1], "plans-passed | 0 | 0 | -");
    }

    #[test]
    fn plans_and_appeals_stand_as_of_the_last_day() {
        assert_eq!(
            lines(&book(), "development", "improvement_plans", "2026-10"),
            ["li-na | 2026-09 | 2026-10-15 | 2026-12-31 | 2 | 1 | 1 | -"]
        );
        // Ten working days from 12 October are up on the 26th.
        assert_eq!(
            lines(&book(), "development", "appeals", "2026-10"),
            ["li-na | 2026-09 | 2026-10-12 | 2026-10-26 | - | false | -"]
        );
    }
}
