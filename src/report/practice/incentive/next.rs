//! What each grade earns, and what is missing to the next grade, rating, gate and bracket.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::super::{
    Col, Input, Scores, Sheet, amount, in_business_cell, missing, number, share, status, unit_cell,
};
use crate::period::{Grain, Period};
use crate::score::ahead::{Ahead, Lever, MoveKind, Need, Prospect, StepAhead, StepKind};
use crate::score::apply::Scored;
use crate::score::card::Scorecard;
use crate::score::raise::pay_in;
use crate::table::{Cell, Table};
use crate::text::{Text, practice};

const GRADES: Sheet = Sheet {
    name: "grade_pay",
    title: Text::new("What each grade earns", "各职级薪酬"),
    columns: &[
        Col::text("period", "Period", "期间"),
        Col::text("policy", "Policy", "考核办法"),
        Col::text("grade", "Grade", "职级"),
        Col::count("managers", "Managers", "人数"),
        Col::number("total", "Mean total", "平均总分"),
        Col::figure("pay", "Mean pay", "平均薪酬"),
        Col::figure("lowest", "Lowest", "最低"),
        Col::figure("highest", "Highest", "最高"),
        Col::text("unit", "Unit", "单位"),
    ],
};

const NEXT: Sheet = Sheet {
    name: "next_grade",
    title: Text::new("The way to the next grade", "距晋升的差距"),
    columns: &[
        Col::text("period", "Period", "期间"),
        Col::text("policy", "Policy", "考核办法"),
        Col::text("manager", "Manager", "客户经理"),
        Col::text("name", "Name", "姓名"),
        Col::text("grade", "Grade", "现职级"),
        Col::text("next", "Next", "拟晋职级"),
        Col::count("conditions_met", "Conditions met", "已满足条件"),
        Col::count("conditions", "Of", "条件总数"),
        Col::count("periods_met", "Periods running", "已连续期数"),
        Col::count("periods", "Periods asked", "须连续期数"),
        Col::count("months_missing", "Months missing", "任职尚差月数"),
        Col::text("status", "Status", "状态"),
        Col::figure("pay", "Pay", "本期薪酬"),
        Col::figure("pay_next", "In the next grade", "晋级后薪酬"),
        Col::figure("more", "More", "增加"),
        Col::text("unit", "Unit", "单位"),
    ],
};

const CONDITIONS: Sheet = Sheet {
    name: "next_conditions",
    title: Text::new("Conditions that are still open", "尚未满足的晋升条件"),
    columns: &[
        Col::text("manager", "Manager", "客户经理"),
        Col::text("next", "Next", "拟晋职级"),
        Col::text("condition", "Condition", "条件"),
        Col::text("figure", "Figure", "取值"),
        Col::figure("now", "Now", "现值"),
        Col::figure("needed", "Needed", "要求"),
        Col::figure("missing", "Missing", "差距"),
        Col::text("unit", "Unit", "单位"),
        Col::text("in_business", "In terms of business", "业务含义"),
    ],
};

const STEPS: Sheet = Sheet {
    name: "next_steps",
    title: Text::new("The next rating, gate and bracket", "下一评级、门槛与档次"),
    columns: &[
        Col::text("manager", "Manager", "客户经理"),
        Col::text("policy", "Policy", "考核办法"),
        Col::text("kind", "Kind", "类别"),
        Col::text("item", "Item", "项目"),
        Col::text("standing", "Now at", "现处"),
        Col::text("next", "Next", "下一档"),
        Col::figure("now", "Figure now", "现值"),
        Col::text("reach", "To be", "须"),
        Col::figure("needed", "Needed", "要求"),
        Col::figure("missing", "Missing", "差距"),
        Col::text("unit", "Unit", "单位"),
        Col::text("in_business", "In terms of business", "业务含义"),
    ],
};

const LEVERS: Sheet = Sheet {
    name: "next_levers",
    title: Text::new("What each indicator could still give", "各指标提升空间"),
    columns: &[
        Col::text("manager", "Manager", "客户经理"),
        Col::text("indicator", "Indicator", "指标"),
        Col::number("score", "Score", "得分"),
        Col::number("gain", "Points to full marks", "距满分可加分"),
        Col::text("figure", "Figure", "业务数据"),
        Col::figure("now", "Now", "现值"),
        Col::figure("full_marks", "For full marks", "满分要求"),
        Col::figure("missing", "Missing", "差距"),
        Col::figure("alone", "Alone for the next rating", "单项达下一评级要求"),
        Col::text("unit", "Unit", "单位"),
    ],
};

/// The tables of what comes next.
pub(super) fn tables(input: &Input<'_>, scores: &Scores<'_>) -> Vec<Table> {
    let mut sheets = Sheets {
        next: NEXT.table(input),
        conditions: CONDITIONS.table(input),
        steps: STEPS.table(input),
        levers: LEVERS.table(input),
    };
    let mut grades = GRADES.table(input);
    let period = Period::containing(input.months.last, Grain::Month);
    // What comes next comes by a policy in force, for who is still there.
    let is_there =
        |id: &str| input.book.managers.get(id).is_some_and(|record| record.data.employed_after(input.as_of));
    for scored in scores.last.iter().filter(|scored| scored.policy.in_force(period)) {
        let cards = scored.cards.iter();
        let cards = cards.filter(|card| input.covers(&card.profile.id) && is_there(&card.profile.id));
        let raises =
            cards.filter_map(|card| Some(Raise { input, scored, card, ahead: card.ahead.as_ref()? }));
        let raises: Vec<Raise<'_, '_>> = raises.collect();
        let steps = paid(input, scores, scored, &raises);
        self::grades(&mut grades, input, scored, steps.iter().map(|(_, (grade, _), _)| *grade));
        for (raise, step, pay) in steps {
            sheets.next(raise, step, pay);
            if let (_, Some(step)) = step {
                sheets.open_conditions(raise, step);
            }
        }
        for Raise { card, ahead, .. } in &raises {
            sheets.steps(input, scored, card, ahead);
            sheets.levers(card, ahead);
        }
    }
    vec![grades, sheets.next, sheets.conditions, sheets.steps, sheets.levers]
}

/// Pay by grade, in the order of the settings' grades: what everybody in the grades of those asked about is paid, and in the
/// grades that may come next for them.
fn grades<'g>(
    table: &mut Table,
    input: &Input<'_>,
    scored: &'g Scored<'_>,
    next: impl Iterator<Item = &'g str>,
) {
    let paid = || scored.cards.iter().filter_map(|card| Some((card, card.pay.as_ref()?)));
    let own = paid().filter(|(card, _)| input.covers(&card.profile.id));
    let own = own.map(|(card, _)| card.profile.grade.as_deref());
    let shown: BTreeSet<Option<&str>> = own.chain(next.map(Some)).collect();
    let place = |grade: &Option<&str>| {
        input.book.settings.grades.iter().position(|known| Some(known.as_str()) == *grade)
    };
    let mut shown: Vec<Option<&str>> = shown.into_iter().collect();
    shown.sort_by_key(|grade| place(grade).unwrap_or(usize::MAX));
    for grade in shown {
        let of_grade = || paid().filter(|(card, _)| card.profile.grade.as_deref() == grade);
        let amounts = || of_grade().map(|(_, pay)| pay.total);
        let totals: Vec<Decimal> = of_grade().filter_map(|(card, _)| card.total).collect();
        table.push(vec![
            scored.period.to_string().into(),
            scored.id.into(),
            grade.into(),
            of_grade().count().into(),
            number(share(totals.iter().sum::<Decimal>(), totals.len())),
            exact(share(amounts().sum::<Decimal>(), of_grade().count()).map(|mean| mean.round_dp(4))),
            exact(amounts().min()),
            exact(amounts().max()),
            scored.policy.record.money().into(),
        ]);
    }
}

/// A manager's result and the grades that may come next.
struct Raise<'r, 'b> {
    input: &'r Input<'b>,
    scored: &'r Scored<'r>,
    card: &'r Scorecard,
    ahead: &'r Ahead,
}

impl<'r> Raise<'r, '_> {
    /// Each promotion rule that starts from the manager's grade; without one, the next grade of the settings.
    fn steps(&self) -> Vec<Step<'r>> {
        let promotions = self.ahead.moves.iter().filter(|step| step.kind == MoveKind::Promotion);
        let ruled: Vec<_> = promotions.map(|step| (&*step.to, Some(step))).collect();
        let usual = self.usual().filter(|_| ruled.is_empty() && self.card.pay.is_some());
        ruled.into_iter().chain(usual.map(|grade| (grade, None))).collect()
    }

    /// The grade after the manager's in the order of the settings.
    fn usual(&self) -> Option<&'r str> {
        let grades = &self.input.book.settings.grades;
        let at =
            grades.iter().position(|grade| Some(grade.as_str()) == self.card.profile.grade.as_deref())?;
        grades.get(at + 1).map(String::as_str)
    }
}

/// A step to another grade.
type Step<'r> = (&'r str, Option<&'r Prospect>);

/// Every step of everybody, with what it would pay.
fn paid<'r, 'b>(
    input: &Input<'b>,
    scores: &Scores<'_>,
    scored: &Scored<'_>,
    raises: &'r [Raise<'r, 'b>],
) -> Vec<(&'r Raise<'r, 'b>, Step<'r>, Option<Decimal>)> {
    let steps: Vec<_> =
        raises.iter().flat_map(|raise| raise.steps().into_iter().map(move |step| (raise, step))).collect();
    // Who is paid nothing now is not scored again.
    let is_paid = |raise: &Raise<'_, '_>| raise.card.pay.is_some();
    let wanted = steps.iter().filter(|(raise, _)| is_paid(raise));
    let wanted: Vec<_> = wanted.map(|(raise, (grade, _))| (&*raise.card.profile.id, *grade)).collect();
    let known = Some(input.as_of);
    let mut pay = pay_in(input.portfolios(), scores.policies, scored, &wanted, known).into_iter();
    let each = |(raise, step)| (raise, step, if is_paid(raise) { pay.next().flatten() } else { None });
    steps.into_iter().map(each).collect()
}

struct Sheets {
    next: Table,
    conditions: Table,
    steps: Table,
    levers: Table,
}

impl Sheets {
    /// A row for the grade that a step leads to, with what the same results would pay there.
    fn next(&mut self, raise: &Raise<'_, '_>, (grade, step): Step<'_>, next: Option<Decimal>) {
        let (card, input) = (raise.card, raise.input);
        let pay = card.pay.as_ref().map(|pay| pay.total);
        let count = |of: fn(&Prospect) -> usize| Cell::from(step.map(of));
        let missing = step.and_then(Prospect::months_missing);
        self.next.push(vec![
            card.period.to_string().into(),
            raise.scored.id.into(),
            (&*card.profile.id).into(),
            input.name(&card.profile.id).into(),
            card.profile.grade.as_deref().into(),
            grade.into(),
            count(|step| step.conditions.iter().filter(|condition| condition.holds == Some(true)).count()),
            count(|step| step.conditions.len()),
            count(|step| step.held as usize),
            count(|step| step.consecutive as usize),
            missing.map_or(Cell::Missing, |missing| Cell::Count(missing.into())),
            step.map_or(Cell::Said { key: "no-rule", text: practice::NO_RULE }, status),
            exact(pay),
            exact(next),
            exact(next.zip(pay).map(|(next, pay)| next - pay)),
            pay.map(|_| raise.scored.policy.record.money()).into(),
        ]);
    }

    fn open_conditions(&mut self, raise: &Raise<'_, '_>, step: &Prospect) {
        let settings = &raise.input.book.settings;
        for condition in step.conditions.iter().filter(|condition| condition.holds != Some(true)) {
            let head = || -> Vec<Cell> {
                vec![(&*raise.card.profile.id).into(), (&*step.to).into(), (&*condition.text).into()]
            };
            for gap in condition.gaps.iter().filter(|gap| !gap.holds) {
                let mut row = head();
                row.extend([
                    (&*gap.figure).into(),
                    amount(gap.now, &gap.unit),
                    amount(gap.needed, &gap.unit),
                    missing(gap),
                    unit_cell(&gap.unit),
                    gap.need.as_ref().map(|need| in_business_cell(settings, need)).into(),
                ]);
                self.conditions.push(row);
            }
            if condition.gaps.iter().all(|gap| gap.holds) {
                let mut row = head();
                row.extend([const { Cell::Missing }; 6]);
                self.conditions.push(row);
            }
        }
    }

    fn steps(&mut self, input: &Input<'_>, scored: &Scored<'_>, card: &Scorecard, ahead: &Ahead) {
        for step in &ahead.steps {
            let StepAhead { now, needed, unit, .. } = step;
            self.steps.push(vec![
                (&*card.profile.id).into(),
                scored.id.into(),
                kind(step.kind),
                if step.kind == StepKind::Rating { Cell::Missing } else { (&*step.title).into() },
                step.standing.as_str().into(),
                step.next.as_str().into(),
                amount(*now, unit),
                reach(step.beyond),
                amount(*needed, unit),
                amount(*needed - *now, unit),
                unit_cell(unit),
                step.need.as_ref().map(|need| in_business_cell(&input.book.settings, need)).into(),
            ]);
        }
    }

    fn levers(&mut self, card: &Scorecard, ahead: &Ahead) {
        for lever in &ahead.levers {
            let Lever { full, alone, .. } = lever;
            let known = full.as_ref().or(alone.as_ref());
            let unit = known.map_or("", |need| &need.unit);
            let of = |need: &Option<Need>, pick: fn(&Need) -> Decimal| -> Cell {
                need.as_ref().map_or(Cell::Missing, |need| amount(pick(need), unit))
            };
            self.levers.push(vec![
                (&*card.profile.id).into(),
                (&*lever.title).into(),
                number(lever.score),
                number(lever.gain),
                known.map(|need| need.query.to_string()).into(),
                known.map_or(Cell::Missing, |need| amount(need.now, unit)),
                of(full, |need| need.needed),
                of(full, |need| need.needed - need.now),
                of(alone, |need| need.needed),
                unit_cell(unit),
            ]);
        }
    }
}

/// How a figure has to stand to what is needed.
fn reach(beyond: bool) -> Cell {
    let (key, text) = match beyond {
        true => ("more-than", Text::new("more than", "高于")),
        false => ("at-least", Text::new("at least", "不低于")),
    };
    Cell::Said { key, text }
}

/// Pay with every digit it is paid with.
fn exact(pay: Option<Decimal>) -> Cell {
    pay.map(|pay| pay.normalize()).into()
}

fn kind(kind: StepKind) -> Cell {
    let (key, text) = match kind {
        StepKind::Rating => ("rating", Text::new("rating", "评级")),
        StepKind::Gate => ("gate", Text::new("gate", "门槛")),
        StepKind::Bracket => ("bracket", Text::new("pay bracket", "计价档次")),
    };
    Cell::Said { key, text }
}

#[cfg(test)]
mod tests {
    use crate::report::practice::lines_ahead;

    /// Deposits of 800 against 1,000 score 80 and give 48 points, no new client gives none: total 48, rating C. The gate halves
    /// the pay of 0.3 for the grade and 1 % of 25.
    const BOOK: &str = r#"
# file: rmbook.toml
name = "测试支行"
grades = ["junior", "senior"]
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
grade_since = 2026-01-01
targets = { 2026-04 = { deposits = 1000 } }
# file: clients/a.toml
name = "甲"
tier = "key"
status = "active"
manager = "li"
[results]
2026-04 = { deposits = 800, fee_income = 25 }
# file: policies/p.toml
title = "办法"
scheme = "s"
effective = 2026-01-01
period = "month"
money = "万元"
rounding = { mode = "half-up", score = 2, item = 2, total = 2, pay = 4 }
missing = "zero"
[constants.base]
by = "grade"
junior = "0.3 万元"
senior = "0.5 万元"
[[indicators]]
id = "deposits"
title = "存款"
value = "deposits.average"
weight = 60
target = "targets.deposits"
curve = { kind = "ratio", max = 1.2, zero_target = "skip" }
[[indicators]]
id = "new"
title = "新增"
value = "new_clients"
weight = 40
curve = { kind = "per-unit", points = 50, unit = 1, min = 0, max = 100 }
[[gates]]
id = "size"
title = "规模门槛"
on = "pay"
value = "deposits.average"
curve = { kind = "threshold", op = ">=", at = "900 万元", else = 0.5 }
[[ratings]]
id = "A"
at_least = 90
[[ratings]]
id = "B"
at_least = 75
[[ratings]]
id = "C"
below = 75
[[promotion]]
from = "junior"
to = "senior"
all = ['rating in ["A", "B"]', "score.deposits >= 100", "deposits.average >= 500 万元"]
consecutive = 2
min_months = 12
[[pay.lines]]
id = "base"
amount = "base"
[[pay.lines]]
id = "fees"
title = "中收计价"
progressive = { of = "fee_income.sum", edges = ["30 万元"], results = ["1%", "2%"], included = "lower" }
"#;

    #[test]
    fn the_next_grade_says_what_is_open_and_what_it_would_pay() {
        assert_eq!(
            lines_ahead(BOOK, "incentive", "next_grade", "2026-04"),
            [
                "2026-04 | p | li | 李娜 | junior | senior | 1 | 3 | 0 | 2 | 8 | conditions-open | 0.275 | 0.375 | 0.1 | 万元"
            ]
        );
        // 999.95 of 1,000 score 99.995, which rounds to 100.
        assert_eq!(
            lines_ahead(BOOK, "incentive", "next_conditions", "2026-04"),
            [
                r#"li | senior | rating in ["A", "B"] | total | 48 | 75 | 27 | points | -"#,
                "li | senior | score.deposits >= 100 | score.deposits | 80 | 100 | 20 | points | deposits.average +199.95 万元",
            ]
        );
    }

    #[test]
    fn the_grades_are_those_of_who_is_asked_about_and_the_next_with_what_everybody_earns_there() {
        // Half of 0.3 and 0.25, and of 0.5 for Wang, who has no figures.
        let wang = "# file: managers/wang.toml\nname = \"王芳\"\ngrade = \"senior\"\n";
        assert_eq!(
            lines_ahead(&format!("{BOOK}{wang}"), "incentive", "grade_pay", "2026-04"),
            [
                "2026-04 | p | junior | 1 | 48 | 0.275 | 0.275 | 0.275 | 万元",
                "2026-04 | p | senior | 1 | 0 | 0.25 | 0.25 | 0.25 | 万元",
            ]
        );
        assert_eq!(
            lines_ahead(BOOK, "incentive", "grade_pay", "2026-04")[1],
            "2026-04 | p | senior | 0 | - | - | - | - | 万元"
        );
    }

    #[test]
    fn steps_and_levers_name_the_figure_that_gets_there() {
        assert_eq!(
            lines_ahead(BOOK, "incentive", "next_steps", "2026-04"),
            [
                "li | p | rating | - | C | B | 48 | at-least | 75 | 27 | points | new_clients.count +2 户",
                "li | p | gate | 规模门槛 | 0.5 | 1 | 800 | at-least | 900 | 100 | 万元 | deposits.average +100 万元",
                "li | p | bracket | 中收计价 | 1% | 2% | 25 | at-least | 30 | 5 | 万元 | fee_income.sum +5 万元",
            ]
        );
        // 27 points are 67.5 of the 100 marks that weigh 40, so two clients; of the deposits they would be 45 marks beyond 120.
        assert_eq!(
            lines_ahead(BOOK, "incentive", "next_levers", "2026-04"),
            [
                "li | 新增 | 0 | 40 | new_clients.count | 0 | 2 | 2 | 2 | 户",
                "li | 存款 | 80 | 12 | deposits.average | 800 | 999.95 | 199.95 | - | 万元",
            ]
        );
    }
}
