//! Career: each rule between grades against each manager it starts from, and what calls for a decision.

use super::{
    Col, Input, Report, Run, Scores, Sheet, Usual, amount, closings, in_business_cell, missing, status,
    unit_cell,
};
use crate::score::ahead::{Condition, MoveKind, Prospect};
use crate::score::apply::{Policies, Scored};
use crate::score::card::Scorecard;
use crate::score::grades::questions;
use crate::table::{Cell, Table};
use crate::text::Text;

pub(super) const REPORT: Report = Report {
    name: "career",
    title: Text::new("Career", "职级晋降"),
    question: Text::new(
        "Who meets which promotion or demotion rule, what is missing to it, and which grades call for a decision?",
        "谁符合哪项晋升或降级规定，尚差什么，哪些职级事项须作决定？",
    ),
    about: Text::new(
        "rules: promotions, demotions and warnings of the policy that applies, which start from the grade of a manager who is there on the report's day; of the last period of the policy's length that has ended; conditions on what was decided go by what was closed, figures by the book\n\
         periods running: up to this one in which all conditions held; what was decided then is taken from closed periods, figures from the book; open at the end where the period before is not known\n\
         months in grade: whole months at the period's end\n\
         condition: the figure it asks for, against what it asks; in terms of business: the least change of the one figure behind it with which it holds, other things equal\n\
         proposed: the last proposal for that grade by the report's day\n\
         questions: a promotion that a closed period gives and nobody proposed since the run of periods began; a change of grade that the last closed period before it did not give and no override reason explains; low ratings (settings `low_ratings`) in the two newest closed periods without an improvement plan or a proposal; `check` asks them too",
        "规定：适用考核办法中自现职级起的晋升、降级及预警条款（报告日已离职的不列），取该办法最近一个已结束的考核期；考核结果类条件取封存结果，业务数据取台账\n\
         连续期数：截至本期全部条件连续成立的期数，考核结果取自封存记录，业务数据取自台账；前一期数据不足的无法续计\n\
         任职月数：期末现职级整月数\n\
         条件：所取数据与要求之比；业务含义：其他条件不变时使条件满足所需的该项业务数据最小变动\n\
         提议：截至报告日对该职级的最近一次提议\n\
         待决事项：封存期间已符合晋升条件而自连续期起无人提议；职级变动与此前最近封存期结果不符且未说明突破理由；最近两个封存期连续低评级（设置 low_ratings）而无改进计划或职级晋降提议；check 亦会提示",
    ),
    usual: Usual::LastFigures,
    figures: true,
    run: Run::Scores(tables),
};

const ELIGIBILITY: Sheet = Sheet {
    name: "eligibility",
    title: Text::new("Rules between grades", "职级晋降条件"),
    columns: &[
        Col::text("period", "Period", "期间"),
        Col::text("policy", "Policy", "考核办法"),
        Col::text("manager", "Manager", "客户经理"),
        Col::text("name", "Name", "姓名"),
        Col::text("from", "From", "现职级"),
        Col::text("kind", "Kind", "类别"),
        Col::text("to", "To", "拟任职级"),
        Col::count("conditions_met", "Conditions met", "已满足条件"),
        Col::count("conditions", "Of", "条件总数"),
        Col::count("periods_met", "Periods running", "已连续期数"),
        Col::count("periods", "Periods asked", "须连续期数"),
        Col::count("months", "Months in grade", "任职月数"),
        Col::count("months_missing", "Months missing", "任职尚差月数"),
        Col::text("status", "Status", "状态"),
        Col::date("proposed", "Proposed", "提议日"),
    ],
};

const CONDITIONS: Sheet = Sheet {
    name: "eligibility_conditions",
    title: Text::new("Conditions one by one", "逐项条件"),
    columns: &[
        Col::text("manager", "Manager", "客户经理"),
        Col::text("kind", "Kind", "类别"),
        Col::text("to", "To", "拟任职级"),
        Col::text("condition", "Condition", "条件"),
        Col::flag("met", "Met", "是否满足"),
        Col::text("figure", "Figure", "取值"),
        Col::figure("now", "Now", "现值"),
        Col::figure("needed", "Asked", "要求"),
        Col::figure("missing", "Missing", "差距"),
        Col::text("unit", "Unit", "单位"),
        Col::text("in_business", "In terms of business", "业务含义"),
    ],
};

const QUESTIONS: Sheet = Sheet {
    name: "grade_questions",
    title: Text::new("Grades that call for a decision", "职级待决事项"),
    columns: &[
        Col::text("manager", "Manager", "客户经理"),
        Col::text("grade", "Grade", "现职级"),
        Col::text("period", "Period", "考核期"),
        Col::text("question", "Question", "事项"),
        Col::text("rule", "Rule of check", "检查规则"),
    ],
};

fn tables(input: &Input<'_>, scores: &Scores<'_>) -> Vec<Table> {
    let (mut rules, mut conditions) = (ELIGIBILITY.table(input), CONDITIONS.table(input));
    rules.notes.extend(closings(input, &scores.last));
    for scored in &scores.last {
        for card in scored
            .cards
            .iter()
            .filter(|card| input.covers(&card.profile.id) && is_there(input, &card.profile.id))
        {
            for step in card.ahead.iter().flat_map(|ahead| &ahead.moves) {
                rules.push(rule(input, scored, card, step));
                for condition in &step.conditions {
                    self::conditions(input, card, step, condition).for_each(|row| conditions.push(row));
                }
            }
        }
    }
    vec![rules, conditions, asked(input, scores.policies)]
}

/// Whether a manager is still with the bank when the report's day is over; whoever has left moves to no other grade.
fn is_there(input: &Input<'_>, id: &str) -> bool {
    input.book.managers.get(id).is_none_or(|manager| manager.data.employed_after(input.as_of))
}

fn kind(kind: MoveKind) -> Cell {
    let (key, text) = match kind {
        MoveKind::Promotion => ("promotion", Text::new("promotion", "晋升")),
        MoveKind::Demotion => ("demotion", Text::new("demotion", "降级")),
        MoveKind::Warning => ("warning", Text::new("warning", "预警")),
    };
    Cell::Said { key, text }
}

fn rule(input: &Input<'_>, scored: &Scored<'_>, card: &Scorecard, step: &Prospect) -> Vec<Cell> {
    let manager = input.book.managers.get(&card.profile.id);
    let proposals = manager.into_iter().flat_map(|manager| &manager.data.proposals);
    let proposed = proposals.filter(|proposal| *proposal.to == *step.to);
    let proposed = proposed.filter_map(|proposal| input.past(Some(proposal.date))).max();
    let met = step.conditions.iter().filter(|condition| condition.holds == Some(true)).count();
    let count = |count: Option<u32>| count.map_or(Cell::Missing, |count| Cell::Count(count.into()));
    vec![
        card.period.to_string().into(),
        scored.id.into(),
        (&*card.profile.id).into(),
        input.name(&card.profile.id).into(),
        card.profile.grade.as_deref().into(),
        kind(step.kind),
        (&*step.to).into(),
        met.into(),
        step.conditions.len().into(),
        count(Some(step.held)),
        count(Some(step.consecutive)),
        count(step.months),
        count(step.months_missing()),
        status(step),
        proposed.into(),
    ]
}

/// A row for each comparison of a condition; one row where nothing in it compares.
fn conditions<'c>(
    input: &'c Input<'_>,
    card: &'c Scorecard,
    step: &'c Prospect,
    condition: &'c Condition,
) -> impl Iterator<Item = Vec<Cell>> {
    let head = move |met: Option<bool>| -> Vec<Cell> {
        let met = met.map_or(Cell::Missing, Cell::Flag);
        vec![(&*card.profile.id).into(), kind(step.kind), (&*step.to).into(), (&*condition.text).into(), met]
    };
    let gaps = condition.gaps.iter().map(move |gap| {
        let mut row = head(Some(gap.holds));
        row.extend([
            (&*gap.figure).into(),
            amount(gap.now, &gap.unit),
            amount(gap.needed, &gap.unit),
            // To be moved down is nothing that anybody lacks.
            if step.kind == MoveKind::Promotion { missing(gap) } else { Cell::Missing },
            unit_cell(&gap.unit),
            gap.need.as_ref().map(|need| in_business_cell(&input.book.settings, need)).into(),
        ]);
        row
    });
    let plain = condition.gaps.is_empty().then(|| {
        let mut row = head(condition.holds);
        row.extend([const { Cell::Missing }; 6]);
        row
    });
    gaps.chain(plain)
}

fn asked(input: &Input<'_>, policies: &Policies) -> Table {
    let asked = questions(input.portfolios(), policies, input.as_of);
    let covers = |id: &str| input.covers(id) && is_there(input, id);
    let rows = asked.iter().filter(|asked| covers(&asked.manager.id)).map(|asked| {
        vec![
            (&*asked.manager.id).into(),
            asked.manager.data.grade_on(input.as_of).map(String::as_str).into(),
            asked.period.to_string().into(),
            asked.message().into(),
            asked.rule.code.into(),
        ]
    });
    QUESTIONS.filled(input, rows)
}

#[cfg(test)]
mod tests {
    use crate::report::practice::lines;

    /// Two months at 600 and one at 400: the rule on deposits held in March and April, that on fees in April alone.
    const BOOK: &str = r#"
# file: rmbook.toml
name = "测试支行"
[measures.deposits]
title = "存款日均"
title_en = "Average deposits"
unit = "万元"
kind = "balance"
[measures.fee_income]
title = "中收"
unit = "万元"
kind = "flow"
# file: managers/li.toml
name = "李娜"
grade = "junior"
grade_since = 2025-01-01
joined = 2024-01-01
proposals = [{ date = 2026-04-20, to = "senior" }]
# file: clients/a.toml
name = "甲"
tier = "key"
status = "active"
manager = "li"
[results]
2026-02 = { deposits = 400, fee_income = 3 }
2026-03 = { deposits = 600, fee_income = 1 }
2026-04 = { deposits = 600, fee_income = 3 }
# file: policies/p.toml
title = "晋降办法"
scheme = "grades"
effective = 2026-01-01
period = "month"
money = "万元"
[[promotion]]
from = "junior"
to = "senior"
all = ["deposits.average >= 500 万元", "manager.months >= 12"]
consecutive = 3
min_months = 12
[[demotion]]
from = "junior"
to = "trainee"
all = ["fee_income.sum < 2 万元 or deposits.average < 100 万元"]
"#;

    #[test]
    fn a_rule_counts_the_periods_in_which_figures_of_the_book_met_it() {
        assert_eq!(
            lines(BOOK, "career", "eligibility", "2026-04"),
            [
                "2026-04 | p | li | 李娜 | junior | promotion | senior | 2 | 2 | 2 | 3 | 16 | 0 | periods-open | 2026-04-20",
                "2026-04 | p | li | 李娜 | junior | demotion | trainee | 0 | 1 | 0 | 1 | 16 | 0 | conditions-open | -",
            ]
        );
        assert_eq!(lines(BOOK, "career", "eligibility", "2026-03")[1].split(" | ").nth(13), Some("met"));
    }

    #[test]
    fn what_is_asked_is_the_edge_of_all_the_ratings_and_what_is_missing_makes_the_condition_hold() {
        // 600 of 1,000 are 60 points, a C; a D begins below 50 and a B at 75.
        let policy = "[[indicators]]\nid = \"d\"\nvalue = \"deposits.average\"\nweight = 100\ntarget = \"1000 万元\"\n\
            curve = { kind = \"ratio\", zero_target = \"skip\" }\n\
            [[ratings]]\nid = \"A\"\nat_least = 85\n[[ratings]]\nid = \"B\"\nat_least = 75\n\
            [[ratings]]\nid = \"C\"\nat_least = 50\n[[ratings]]\nid = \"D\"\nbelow = 50\n\
            [[promotion]]\nfrom = \"junior\"\nto = \"senior\"\n\
            all = [\"new_clients.year_to_date > 1\", \"justified_complaints.year_to_date == 0\", 'rating in [\"A\", \"B\"]']\n\
            [[demotion]]\nfrom = \"junior\"\nto = \"trainee\"\nall = ['rating in [\"C\", \"D\"]']\n";
        let book = format!("{}{policy}", BOOK.split("[[promotion]]").next().unwrap());
        assert_eq!(
            lines(&book, "career", "eligibility_conditions", "2026-04"),
            [
                "li | promotion | senior | new_clients.year_to_date > 1 | false | new_clients.year_to_date | 0 | 1 | 2 | 户 | new_clients.count.year_to_date +2 户",
                "li | promotion | senior | justified_complaints.year_to_date == 0 | true | justified_complaints.year_to_date | 0 | 0 | - | 件 | -",
                "li | promotion | senior | rating in [\"A\", \"B\"] | false | total | 60 | 75 | 15 | points | -",
                "li | demotion | trainee | rating in [\"C\", \"D\"] | true | total | 60 | 75 | - | points | -",
            ]
        );
    }

    #[test]
    fn conditions_stand_with_what_they_ask_and_what_is_missing() {
        assert_eq!(
            lines(BOOK, "career", "eligibility_conditions", "2026-02"),
            [
                "li | promotion | senior | deposits.average >= 500 万元 | false | deposits.average | 400 | 500 | 100 | 万元 | deposits.average +100 万元",
                "li | promotion | senior | manager.months >= 12 | true | manager.months | 26 | 12 | - | months | -",
                "li | demotion | trainee | fee_income.sum < 2 万元 or deposits.average < 100 万元 | false | - | - | - | - | - | -",
            ]
        );
    }
}
