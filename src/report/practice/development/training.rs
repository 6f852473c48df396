//! Training hours against pace, certificates by expiry, and what courses lifted.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate};
use rust_decimal::Decimal;

use super::super::{Col, Input, Scores, Sheet, days, number, part, per_head, share};
use super::{Closing, closed};
use crate::period::Period;
use crate::record::development::{Certificate, Training};
use crate::record::manager::Manager;
use crate::table::{Cell, Table};
use crate::text::Text;

const TRAINING: Sheet = Sheet {
    name: "training",
    title: Text::new("Training against pace", "培训进度"),
    columns: &[
        Col::text("manager", "Manager", "客户经理"),
        Col::text("name", "Name", "姓名"),
        Col::number("hours", "Hours", "已完成学时"),
        Col::number("pace", "Pace", "应达学时"),
        Col::number("ahead", "Ahead", "超前（负为落后）"),
        Col::count("missed", "Mandatory missed", "必修缺训"),
        Col::text("missed_courses", "Courses missed", "缺训课程"),
        Col::ratio("pass_rate", "Pass rate", "合格率"),
        Col::money("cost", "Cost", "培训费用"),
    ],
};

const COSTS: Sheet = Sheet {
    name: "training_costs",
    title: Text::new("What training costs a head", "人均培训费用"),
    columns: &[
        Col::text("team", "Team", "团队"),
        Col::count("managers", "Managers", "人数"),
        Col::number("hours_a_head", "Hours a head", "人均学时"),
        Col::money("cost", "Cost", "培训费用"),
        Col::money("cost_a_head", "Cost a head", "人均费用").bar(),
        Col::money("cost_an_hour", "Cost an hour", "每学时费用"),
    ],
};

const CERTIFICATES: Sheet = Sheet {
    name: "certificates",
    title: Text::new("Certificates that expire, and the duties that stop", "证书到期及须停止的业务"),
    columns: &[
        Col::date("expires", "Expires", "有效期至"),
        Col::count("left_days", "Days left", "剩余天数"),
        Col::text("manager", "Manager", "客户经理"),
        Col::text("certificate", "Certificate", "证书"),
        Col::date("stop_on", "Stop from", "停止日"),
        Col::text("duties", "Duties that stop", "须停止的业务"),
    ],
};

const COURSES: Sheet = Sheet {
    name: "courses_and_scores",
    title: Text::new("What courses lifted", "培训成效"),
    columns: &[
        Col::text("manager", "Manager", "客户经理"),
        Col::text("course", "Course", "课程"),
        Col::date("done", "Completed", "完成日"),
        Col::text("indicator", "Indicator", "拟提升指标"),
        Col::text("before_period", "Before", "培训前考核期"),
        Col::number("before", "Score before", "培训前得分"),
        Col::text("after_period", "After", "培训后考核期"),
        Col::number("after", "Score after", "培训后得分"),
        Col::number("change", "Change", "变动"),
    ],
};

pub(super) fn tables(input: &Input<'_>, scores: &Scores<'_>) -> Vec<Table> {
    vec![training(input), costs(input), certificates(input), courses(input, scores)]
}

fn in_year(input: &Input<'_>, training: &Training) -> bool {
    input.past(training.done).is_some_and(|done| done.year() == input.as_of.year())
}

fn training(input: &Input<'_>) -> Table {
    let rows = input.managers().map(|(id, manager)| {
        let done: Vec<_> = manager.trainings.iter().filter(|training| in_year(input, training)).collect();
        let (hours, cost) = spent(input, manager);
        let missed: Vec<&str> = manager
            .trainings
            .iter()
            .filter(|training| training.mandatory && training.date.0 <= input.as_of)
            .filter(|training| input.past(training.done).is_none())
            .map(|training| training.course.as_str())
            .collect();
        let judged: Vec<bool> = done.iter().filter_map(|training| training.passed).collect();
        let pace = input.deadlines.training_hours(manager, input.as_of);
        vec![
            id.into(),
            manager.name.as_str().into(),
            number(hours),
            number(pace),
            number(hours - pace),
            missed.len().into(),
            Cell::list(&missed),
            part(judged.iter().filter(|passed| **passed).count(), judged.len()),
            number(cost),
        ]
    });
    TRAINING.filled(input, rows)
}

/// Hours and cost of the trainings a manager completed in the year.
fn spent(input: &Input<'_>, manager: &Manager) -> (Decimal, Decimal) {
    let done = || manager.trainings.iter().filter(|training| in_year(input, training));
    let hours = done().filter_map(|training| training.hours).map(|hours| hours.0).sum();
    (hours, done().filter_map(|training| training.cost).map(|cost| cost.0).sum())
}

/// What training costs each team and all together, by head.
fn costs(input: &Input<'_>) -> Table {
    let mut teams: BTreeMap<Option<&str>, (usize, Decimal, Decimal)> = BTreeMap::new();
    for (_, manager) in input.managers() {
        let (hours, cost) = spent(input, manager);
        let team = teams.entry(input.team_of(manager)).or_default();
        *team = (team.0 + 1, team.1 + hours, team.2 + cost);
    }
    let all = teams.values().fold((0, Decimal::ZERO, Decimal::ZERO), |all, team| {
        (all.0 + team.0, all.1 + team.1, all.2 + team.2)
    });
    let row = |team: Cell, (heads, hours, cost): (usize, Decimal, Decimal)| {
        vec![
            team,
            heads.into(),
            number(share(hours, heads)),
            number(cost),
            per_head(share(cost, heads)),
            per_head(share(cost, hours)),
        ]
    };
    let rows = teams.into_iter().map(|(team, sums)| row(team.into(), sums)).collect::<Vec<_>>();
    let all = row(Cell::Said { key: "all", text: Text::new("all", "合计") }, all);
    COSTS.filled(input, rows.into_iter().chain([all]))
}

fn certificates(input: &Input<'_>) -> Table {
    let window = Days::new(input.book.settings.management.certificate.into());
    let until = input.as_of.checked_add_days(window).unwrap_or(input.as_of);
    let mut rows: Vec<(NaiveDate, Vec<Cell>)> = Vec::new();
    for (id, manager) in input.managers() {
        // A renewal that came later was not yet known on the report's day.
        let known =
            |certificate: &&Certificate| certificate.issued.is_none_or(|issued| issued.0 <= input.as_of);
        for certificate in manager.certificates.iter().filter(known) {
            let Some(expires) = certificate.expires.map(|day| day.0).filter(|day| *day <= until) else {
                continue;
            };
            let stop = expires.succ_opt().unwrap_or(expires);
            let others = || {
                let others = manager.certificates.iter().filter(known);
                let others = others.filter(|other| !std::ptr::eq(*other, certificate));
                others.filter(|other| other.is_valid_on(stop.max(input.as_of)))
            };
            if others().any(|other| other.name == certificate.name) {
                continue;
            }
            let permitted =
                |duty: &str| others().any(|other| other.permits.iter().any(|known| known == duty));
            let stopped: Vec<&str> =
                certificate.permits.iter().map(String::as_str).filter(|duty| !permitted(duty)).collect();
            let row = vec![
                expires.into(),
                days(-input.since(expires)),
                id.into(),
                certificate.name.as_str().into(),
                if stopped.is_empty() { Cell::Missing } else { stop.into() },
                Cell::list(&stopped),
            ];
            rows.push((expires, row));
        }
    }
    rows.sort_by_key(|(expires, _)| *expires);
    CERTIFICATES.filled(input, rows.into_iter().map(|(_, row)| row))
}

/// Scores by manager and indicator.
type ByIndicator = BTreeMap<(String, String), Decimal>;

/// The scores of the period's last month, where it is over and nobody closed it yet.
fn not_closed(input: &Input<'_>, made: &Scores<'_>) -> (Period, ByIndicator) {
    let period = Period::from(input.months.last);
    let mut scores = BTreeMap::new();
    if period.last_day() > input.as_of {
        return (period, scores);
    }
    for scored in made.of_last_month(input) {
        for card in &scored.cards {
            let items = card.items.iter().filter_map(|item| Some((item.id.to_string(), item.score?)));
            scores.extend(items.map(|(item, score)| ((card.profile.id.to_string(), item), score)));
        }
    }
    (period, scores)
}

fn courses(input: &Input<'_>, made: &Scores<'_>) -> Table {
    let mut table = COURSES.table(input);
    let open: OnceCell<(Period, ByIndicator)> = OnceCell::new();
    for (id, manager) in input.managers() {
        let lifting = manager
            .trainings
            .iter()
            .filter_map(|training| Some((training, training.lifts.as_deref()?, input.past(training.done)?)));
        for (training, indicator, done) in lifting {
            let closings = closed(input, id);
            let score =
                |closing: &&Closing<'_>| closing.card.indicators.get(indicator)?.score.map(|score| score.0);
            let scored = || closings.iter().filter(|closing| score(closing).is_some());
            let before = scored().filter(|closing| closing.review.period.last_day() < done);
            let before = before.max_by_key(|closing| closing.review.period.last());
            let after = scored().filter(|closing| closing.review.period.first_day() > done);
            let after = after.min_by_key(|closing| closing.review.period.last());
            let (was, is) = (before.as_ref().and_then(score), after.as_ref().and_then(score));
            let period =
                |closing: Option<&Closing<'_>>| closing.map(|closing| closing.review.period.to_string());
            let (mut after, mut is) = (period(after), is);
            if after.is_none() {
                let (month, scores) = open.get_or_init(|| not_closed(input, made));
                is = scores
                    .get(&(id.to_owned(), indicator.to_owned()))
                    .copied()
                    .filter(|_| month.first_day() > done);
                after = is.map(|_| month.to_string());
            }
            table.push(vec![
                id.into(),
                training.course.as_str().into(),
                done.into(),
                indicator.into(),
                period(before).into(),
                number(was),
                after.into(),
                number(is),
                number(is.zip(was).map(|(is, was)| is - was)),
            ]);
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::super::super::lines;

    const BOOK: &str = r#"
# file: rmbook.toml
name = "测试支行"
# file: managers/li-na.toml
name = "李娜"
joined = 2026-10-12
[[trainings]]
date = 2026-10-13
course = "入职合规"
kind = "internal"
hours = 8
mandatory = true
[[certificates]]
name = "公司信贷"
issued = 2023-05-17
expires = 2026-12-30
permits = ["授信调查", "贷后检查"]
[[certificates]]
name = "风险管理"
issued = 2024-01-01
permits = ["贷后检查"]
[[certificates]]
name = "反洗钱"
issued = 2025-01-01
expires = 2026-11-30
[[certificates]]
name = "反洗钱"
issued = 2026-10-01
expires = 2028-09-30
[[certificates]]
name = "基金"
expires = 2026-12-31
# file: managers/wang-fang.toml
name = "王芳"
[[trainings]]
date = 2026-05-18
course = "供应链金融"
kind = "external"
hours = 30
done = 2026-05-19
passed = true
cost = 0.3
lifts = "fee_income"
[[trainings]]
date = 2026-06-18
course = "外汇"
kind = "online"
hours = 4
done = 2026-06-19
passed = false
# file: reviews/2026-Q1/wang-fang.toml
manager = "wang-fang"
period = "2026-Q1"
[closed.scorecard]
policy = "p"
policy_digest = "sha256:00"
digest = "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"
closed_on = 2026-04-10
indicators = { fee_income = { score = 70 } }
# file: reviews/2026-Q3/wang-fang.toml
manager = "wang-fang"
period = "2026-Q3"
[closed.scorecard]
policy = "p"
policy_digest = "sha256:00"
digest = "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"
closed_on = 2026-10-10
indicators = { fee_income = { score = 82.5 } }
"#;

    #[test]
    fn pace_begins_with_joining() {
        // 40 hours × 304 / 365 days; 40 × 20 / 365 from 12 October.
        assert_eq!(
            lines(BOOK, "development", "training", "2026-10"),
            [
                "li-na | 李娜 | 0 | 2.19 | -2.19 | 1 | 入职合规 | - | 0",
                "wang-fang | 王芳 | 34 | 33.32 | 0.68 | 0 | - | 50% | 0.3",
            ]
        );
    }

    #[test]
    fn training_costs_each_team_and_all_by_head() {
        let book = BOOK.replace("name = \"王芳\"", "name = \"王芳\"\nteam = \"one\"")
            + "# file: teams/one.toml\nname = \"一部\"\n";
        // 34 hours and 0.3 of one manager; of two managers 17 hours and 0.15 each.
        assert_eq!(
            lines(&book, "development", "training_costs", "2026-10"),
            [
                "- | 1 | 0 | 0 | 0 | -",
                "one | 1 | 34 | 0.3 | 0.3 | 0.0088",
                "all | 2 | 17 | 0.3 | 0.15 | 0.0088"
            ]
        );
    }

    #[test]
    fn a_month_nobody_closed_yet_is_scored_for_the_course() {
        let book = "# file: managers/li.toml\nname = '李娜'\ntargets = { 2026-10 = { deposits = 1000 } }\n\
            trainings = [{ date = 2026-09-10, course = '存款', kind = 'internal', done = 2026-09-10, lifts = 'd' }]\n\
            # file: clients/a.toml\nname = '甲'\ntier = 'key'\nstatus = 'active'\nmanager = 'li'\nresults = { 2026-10 = { deposits = 900 } }\n\
            # file: policies/p.toml\ntitle = 'P'\nscheme = 's'\neffective = 2026-10-01\nperiod = 'month'\nmissing = 'zero'\n\
            [[indicators]]\nid = 'd'\nvalue = 'deposits.average'\nweight = 100\ntarget = 'targets.deposits'\ncurve = { kind = 'ratio', zero_target = 'skip' }\n\
            # file: reviews/2026-08/li.toml\nmanager = 'li'\nperiod = '2026-08'\n[closed.s]\npolicy = 'p'\ndigest = 'x'\nclosed_on = 2026-09-09\n\
            indicators = { d = { score = 70 } }\n";
        assert_eq!(
            lines(book, "development", "courses_and_scores", "2026-10"),
            ["li | 存款 | 2026-09-10 | d | 2026-08 | 70 | 2026-10 | 90 | 20"]
        );
        let later = book.replace("done = 2026-09-10", "done = 2026-10-10");
        assert_eq!(
            lines(&later, "development", "courses_and_scores", "2026-10"),
            ["li | 存款 | 2026-10-10 | d | 2026-08 | 70 | - | - | -"]
        );
    }

    #[test]
    fn a_duty_stops_that_nothing_else_permits() {
        // 31 October + 60 days is 30 December: one expires that day, another the day after.
        assert_eq!(
            lines(BOOK, "development", "certificates", "2026-10"),
            ["2026-12-30 | 60 | li-na | 公司信贷 | 2026-12-31 | 授信调查"]
        );
    }

    #[test]
    fn a_renewal_counts_from_the_day_it_was_issued() {
        let book = "# file: managers/li.toml\nname = '李'\n[[certificates]]\nname = '外汇'\nissued = 2023-11-20\nexpires = 2026-11-19\n\
            permits = ['结算']\n[[certificates]]\nname = '外汇'\nissued = 2026-11-06\nexpires = 2029-11-05\npermits = ['结算']\n";
        assert_eq!(
            lines(book, "development", "certificates", "2026-10"),
            ["2026-11-19 | 19 | li | 外汇 | 2026-11-20 | 结算"]
        );
        assert_eq!(lines(book, "development", "certificates", "2026-11"), [] as [&str; 0]);
    }

    #[test]
    fn a_course_is_judged_by_the_scorecards_around_it() {
        assert_eq!(
            lines(BOOK, "development", "courses_and_scores", "2026-10"),
            ["wang-fang | 供应链金融 | 2026-05-19 | fee_income | 2026-Q1 | 70 | 2026-Q3 | 82.5 | 12.5"]
        );
    }
}
