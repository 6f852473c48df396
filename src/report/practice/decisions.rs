//! Decisions: the figure then, what was expected, the figure now, recomputed.

use rust_decimal::Decimal;

use super::{Col, Input, Report, Run, Sheet, Usual, as_stated, days, number, ratio, share};
use crate::metric::{Aggregate, MetricQuery, Window, ask, falling};
use crate::period::{Month, Months};
use crate::record::team::Decision;
use crate::table::{Cell, Table};
use crate::text::{Text, render};

pub(super) const REPORT: Report = Report {
    name: "decisions",
    title: Text::new("Decisions", "决策跟踪"),
    question: Text::new(
        "Did our decisions do what we expected of them, and which are due to be looked at again?",
        "决策是否达到预期，哪些已到复盘时间？",
    ),
    about: Text::new(
        "then: the figure of the decision's metric as it was written down when it was taken\n\
         now: the same metric asked of the book today for the team: of the decision's period, of one still running up to its last month with figures; where the decision names none, of the last month with figures\n\
         met: now has reached what was expected, upwards or downwards as the expectation lies from then; not yet, or so far, while the decision's period runs, or before the review where it names none\n\
         done: the part of the expected change that has happened; missing while the period runs where its months add up, as a part of them does not compare with the whole\n\
         over: days past the review day without a review, by the report's day",
        "当时：决策时登记的该指标数额\n\
         目前：按台账对该团队重新计算的同一指标：取决策期间，未结束的计至最后有数据月份；未填期间的取最后有数据月份\n\
         达成：目前数额达到预期，方向以预期相对当时为准；决策期间未结束（未填期间的，复盘之前）显示为尚未达成或暂已达成\n\
         完成度：预期变动中已实现的部分；期间未结束且各月数额累加的不计算，因部分期间不可与全期比较\n\
         超期：截至报告日超过复盘日仍未复盘的天数",
    ),
    usual: Usual::LastFigures,
    figures: false,
    run: Run::Book(|input| vec![decisions(input)]),
};

const DECISIONS: Sheet = Sheet {
    name: "decisions",
    title: Text::new("Decisions and what came of them", "决策及成效"),
    columns: &[
        Col::text("team", "Team", "团队"),
        Col::text("id", "Decision", "决策编号"),
        Col::text("question", "Question", "决策事项"),
        Col::text("choice", "Choice", "决策结论"),
        Col::date("decided", "Decided", "决策日"),
        Col::text("metric", "Metric", "检验指标"),
        Col::figure("then", "Then", "当时"),
        Col::figure("expected", "Expected", "预期"),
        Col::figure("now", "Now", "目前"),
        Col::text("period", "Of", "目前所属期间"),
        Col::ratio("done", "Done", "完成度").bar(),
        Col::text("met", "Met", "达成"),
        Col::date("review", "Review", "复盘日"),
        Col::count("over_days", "Days over", "超期天数"),
        Col::text("outcome", "Outcome", "复盘结论"),
    ],
};

fn decisions(input: &Input<'_>) -> Table {
    let mut table = DECISIONS.table(input);
    for (id, team) in input.teams() {
        let members = input.book.managers.iter().filter(|record| input.team_of(&record.data) == Some(id));
        let portfolio = input.portfolios().of(members.map(|record| record.id.as_ref()));
        for decision in team.decisions.iter().filter(|decision| decision.decided.0 <= input.as_of) {
            let months = until_now(input, decision);
            let now = query(decision).zip(months);
            let scope = input.scope(&portfolio);
            let now = now.and_then(|(query, months)| ask(&scope, &query, months).ok());
            table.push(row(input, id, decision, months, now.map(|known| known.amount)));
        }
    }
    table
}

/// What the decision's metric asks of the book.
fn query(decision: &Decision) -> Option<MetricQuery> {
    decision.metric.as_deref()?.parse().ok()
}

/// The months whose figure stands for now; none of a period that has not begun.
fn until_now(input: &Input<'_>, decision: &Decision) -> Option<Months> {
    let (this, figured) = (Month::of(input.as_of), &input.portfolios().figured);
    let Some(period) = decision.period else {
        let month = figured.last_before(this.plus(1)).unwrap_or(this);
        return Some(Months { first: month, last: month });
    };
    let whole = period.months();
    // What a period that is over lacks is missing.
    if period.last_day() <= input.as_of {
        return Some(whole);
    }
    let begun = Months { last: this, ..whole };
    (begun.first <= begun.last).then(|| Months { last: figured.last_in(begun).unwrap_or(this), ..begun })
}

fn row(
    input: &Input<'_>,
    team: &str,
    decision: &Decision,
    months: Option<Months>,
    now: Option<Decimal>,
) -> Vec<Cell> {
    let then =
        decision.metric.as_ref().and_then(|metric| decision.figures.get(metric)).map(|amount| amount.0);
    let expected = decision.expected.map(|amount| amount.0);
    let stated: Vec<Decimal> = then.into_iter().chain(expected).collect();
    let now = now.map(|now| as_stated(now, is_ratio(input, decision), &stated));
    let wanted = expected.zip(then).map(|(expected, then)| expected - then);
    let happened = now.zip(then).map(|(now, then)| now - then);
    let reviewed = input.past(decision.reviewed).is_some();
    let is_running = decision.period.map_or(!reviewed, |period| period.last_day() > input.as_of);
    // A month stands for itself where the decision names no period.
    let is_part = is_running && decision.period.is_some();
    let comparable = happened.filter(|_| !is_part || !adds_up(input, decision));
    let done = comparable.zip(wanted).and_then(|(happened, wanted)| share(happened, wanted));
    let met = now.zip(expected).map(|(now, expected)| match wanted {
        Some(wanted) if wanted.is_sign_negative() => now <= expected,
        _ => now >= expected,
    });
    let shown = |value: Option<Decimal>| if is_ratio(input, decision) { ratio(value) } else { number(value) };
    let over = decision.review.filter(|_| !reviewed).map(|review| input.since(review.0).max(0));
    vec![
        team.into(),
        decision.id.as_str().into(),
        decision.question.as_str().into(),
        decision.choice.as_str().into(),
        decision.decided.0.into(),
        decision.metric.as_deref().into(),
        shown(then),
        shown(expected),
        shown(now),
        months.map(|months| months.to_string()).into(),
        ratio(done),
        met.map_or(Cell::Missing, |met| verdict(met, is_running)),
        decision.review.map(|review| review.0).into(),
        days(over),
        decision.outcome.as_deref().filter(|_| reviewed).into(),
    ]
}

/// Whether what was expected came about, or may still.
fn verdict(met: bool, is_running: bool) -> Cell {
    let (key, text) = match (met, is_running) {
        (true, false) => ("yes", render::YES),
        (false, false) => ("no", render::NO),
        (true, true) => ("so-far", Text::new("so far", "暂已达成")),
        (false, true) => ("not-yet", Text::new("not yet", "尚未达成")),
    };
    Cell::Said { key, text }
}

/// Whether the decision's metric is a fraction, which people read in percent.
fn is_ratio(input: &Input<'_>, decision: &Decision) -> bool {
    query(decision).is_some_and(|query| !falling(&input.book.settings, &query.name).adds_up())
}

/// Whether the metric's figure grows month by month until the decision's period is over.
fn adds_up(input: &Input<'_>, decision: &Decision) -> bool {
    query(decision).is_some_and(|query| {
        let is_total = matches!(query.aggregate, None | Some(Aggregate::Sum | Aggregate::Count))
            && !matches!(query.window, Window::LastMonths(_));
        is_total && falling(&input.book.settings, &query.name).accumulates()
    })
}

#[cfg(test)]
mod tests {
    use super::super::{lines, lines_on};

    const BOOK: &str = r#"
# file: rmbook.toml
name = "测试支行"
# file: managers/li-na.toml
name = "李娜"
team = "one"
# file: clients/acme.toml
name = "华东精密"
tier = "key"
manager = "li-na"
status = "active"
results = { 2026-09 = { deposits = 400 }, 2026-10 = { deposits = 460 } }
# file: teams/one.toml
name = "一部"
[[decisions]]
id = "cash"
question = "是否集中推广"
decided = 2026-09-29
choice = "集中推广"
figures = { "deposits.average" = 400 }
metric = "deposits.average"
period = "2026-Q4"
expected = 500
review = 2026-10-15
[[decisions]]
id = "cut"
question = "是否压降"
decided = 2026-08-01
choice = "压降"
figures = { "deposits.average" = 500 }
metric = "deposits.average"
period = "2026-09"
expected = 450
review = 2026-10-01
reviewed = 2026-10-05
outcome = "达成"
"#;

    #[test]
    fn the_figure_now_is_recomputed() {
        assert_eq!(
            lines(BOOK, "decisions", "decisions", "2026-10"),
            [
                "one | cash | 是否集中推广 | 集中推广 | 2026-09-29 | deposits.average | 400 | 500 | 460 | 2026-10 | 60% | not-yet | 2026-10-15 | 16 | -",
                "one | cut | 是否压降 | 压降 | 2026-08-01 | deposits.average | 500 | 450 | 400 | 2026-09 | 200% | yes | 2026-10-01 | - | 达成",
            ]
        );
    }

    #[test]
    fn fractions_stand_in_percent_and_a_quarter_still_running_is_no_failure() {
        let team = "# file: teams/one.toml\nname = '一部'\nlead = 'li-na'\n[[decisions]]\nid = 'seen'\nquestion = 'q'\ndecided = 2026-10-01\n\
            choice = 'c'\nfigures = { visit_coverage = 0 }\nmetric = 'visit_coverage'\nperiod = '2026-10'\nexpected = 0.5\n";
        let book = format!("{}{team}", &BOOK[..BOOK.find("# file: teams").unwrap()]);
        let line = |book: &str| lines(book, "decisions", "decisions", "2026-10").join("");
        assert!(
            line(&book).contains("| visit_coverage | 0% | 50% | 0% | 2026-10 | 0% | no |"),
            "{}",
            line(&book)
        );
        let quarter = book
            .replace("period = '2026-10'", "period = '2026-Q4'")
            .replace("expected = 0.5", "expected = 0");
        assert!(line(&quarter).contains("| 0% | 0% | 0% | 2026-10 | - | so-far |"), "{}", line(&quarter));
    }
    #[test]
    fn a_period_still_running_is_told_to_its_last_month_with_figures() {
        let head = BOOK[..BOOK.find("results =").unwrap()].to_owned();
        let decision = |id: &str, metric: &str, then: u32, expected: u32| {
            format!(
                "[[decisions]]\nid = '{id}'\nquestion = 'q'\ndecided = 2026-07-01\nchoice = 'c'\nmetric = '{metric}'\n\
                 period = '2026-H2'\nfigures = {{ {metric} = {then} }}\nexpected = {expected}\n"
            )
        };
        let book = format!(
            "{head}[results]\n2026-07 = {{ fee_income = 10, deposits = 400 }}\n2026-08 = {{ fee_income = 10, deposits = 400 }}\n\
             2026-09 = {{ fee_income = 10, deposits = 400 }}\n2026-10 = {{ fee_income = 12, deposits = 523 }}\n\
             # file: teams/one.toml\nname = '一部'\n{}{}",
            decision("fees", "fee_income", 55, 66),
            decision("deposits", "deposits", 400, 500)
        );
        let cut = |line: &String| line.split(" | ").skip(6).take(6).collect::<Vec<_>>().join(" | ");
        let told: Vec<String> =
            lines_on(&book, "decisions", "decisions", "2026-11", "2026-11-24").iter().map(cut).collect();
        // 10 + 10 + 10 + 12 of four months do not compare with the 55 of six; (92 × 400 + 31 × 523) / 123 = 431 does with 400.
        assert_eq!(
            told,
            [
                "55 | 66 | 42 | 2026-07..2026-10 | - | not-yet",
                "400 | 500 | 431 | 2026-07..2026-10 | 31% | not-yet"
            ]
        );
        let early = lines_on(&book, "decisions", "decisions", "2026-07", "2026-11-24");
        assert_eq!(cut(&early[0]), "55 | 66 | 10 | 2026-07 | - | not-yet");
        // What a period that is over lacks is missing.
        let over = lines_on(&book, "decisions", "decisions", "2026-12", "2027-01-05");
        assert_eq!(cut(&over[0]), "55 | 66 | - | 2026-H2 | - | -");
        let open = book.replace("period = '2026-H2'\n", "");
        let month = lines_on(&open, "decisions", "decisions", "2026-11", "2026-11-24");
        assert_eq!(cut(&month[1]), "400 | 500 | 523 | 2026-10 | 123% | so-far");
    }
}
