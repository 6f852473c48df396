//! Skills against what a grade asks for, career goals and talks, proposals for another grade.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::super::{Col, Input, Sheet, choice, days, number, part, share};
use crate::period::{Month, whole_months};
use crate::record::kind::RecordKind;
use crate::record::manager::Manager;
use crate::table::{Cell, Table};
use crate::text::Text;

const SKILLS: Sheet = Sheet {
    name: "skills",
    title: Text::new("Skills against what grades ask for", "技能达标情况"),
    columns: &[
        Col::text("skill", "Skill", "技能"),
        Col::count("asked", "Asked of", "要求人数"),
        Col::count("reached", "Reached by", "达标人数"),
        Col::ratio("part", "Part", "达标率").bar(),
        Col::number("mean", "Mean level", "平均评级"),
        Col::number("mean_asked", "Mean level asked", "平均要求"),
    ],
};

const GAPS: Sheet = Sheet {
    name: "skill_gaps",
    title: Text::new("Skill gaps by manager", "技能差距"),
    columns: &[
        Col::text("manager", "Manager", "客户经理"),
        Col::text("grade", "Grade", "职级"),
        Col::text("skill", "Skill", "技能"),
        Col::count("asked", "Asked", "要求"),
        Col::count("has", "Has", "现有"),
        Col::count("gap", "Gap", "差距"),
    ],
};

const CAREERS: Sheet = Sheet {
    name: "careers",
    title: Text::new("Career goals and talks", "职业发展目标与面谈"),
    columns: &[
        Col::text("manager", "Manager", "客户经理"),
        Col::text("grade", "Grade", "现职级"),
        Col::count("months_in_grade", "Months in grade", "任职月数"),
        Col::text("goal", "Goal", "目标"),
        Col::date("by", "By", "预期达成日"),
        Col::text("readiness", "Readiness", "准备度"),
        Col::text("gaps", "What is missing", "差距"),
        Col::date("last_talk", "Last talk", "最近面谈"),
        Col::count("talk_months", "Months since", "距今月数"),
    ],
};

const PROPOSALS: Sheet = Sheet {
    name: "grade_proposals",
    title: Text::new("Proposals for another grade", "职级晋降提议"),
    columns: &[
        Col::text("manager", "Manager", "客户经理"),
        Col::text("grade", "Grade", "现职级"),
        Col::text("to", "To", "拟任职级"),
        Col::date("date", "Proposed", "提议日"),
        Col::text("by", "Proposed by", "提议人"),
        Col::text("reason", "Reason", "理由"),
        Col::date("decided", "Decided", "决定日"),
        Col::text("result", "Result", "结果"),
        Col::count("waiting_days", "Days waiting", "等待天数"),
    ],
};

pub(super) fn tables(input: &Input<'_>) -> Vec<Table> {
    let levels = levels(input);
    vec![skills(input, &levels), gaps(input, &levels), careers(input), proposals(input)]
}

/// A skill a manager's grade asks for, and the manager's level.
struct Level<'b> {
    manager: &'b str,
    grade: &'b str,
    skill: &'b str,
    asked: u32,
    has: u32,
}

fn levels<'b>(input: &Input<'b>) -> Vec<Level<'b>> {
    let mut levels = Vec::new();
    for (id, manager) in input.managers() {
        let asked =
            manager.grade_on(input.as_of).and_then(|grade| input.book.settings.skills.get_key_value(grade));
        let Some((grade, skills)) = asked else { continue };
        levels.extend(skills.iter().map(|(skill, asked)| Level {
            manager: id,
            grade,
            skill,
            asked: *asked,
            has: manager.skills.get(skill).map_or(0, |level| level.0.into()),
        }));
    }
    levels
}

fn skills(input: &Input<'_>, levels: &[Level<'_>]) -> Table {
    let mut by_skill: BTreeMap<&str, Vec<&Level<'_>>> = BTreeMap::new();
    for level in levels {
        by_skill.entry(level.skill).or_default().push(level);
    }
    let rows = by_skill.into_iter().map(|(skill, levels)| {
        let reached = levels.iter().filter(|level| level.has >= level.asked).count();
        let sum =
            |of: fn(&Level<'_>) -> u32| levels.iter().map(|level| Decimal::from(of(level))).sum::<Decimal>();
        vec![
            skill.into(),
            levels.len().into(),
            reached.into(),
            part(reached, levels.len()),
            number(share(sum(|level| level.has), levels.len())),
            number(share(sum(|level| level.asked), levels.len())),
        ]
    });
    SKILLS.filled(input, rows)
}

fn gaps(input: &Input<'_>, levels: &[Level<'_>]) -> Table {
    let mut below: Vec<&Level<'_>> = levels.iter().filter(|level| level.has < level.asked).collect();
    below.sort_by_key(|level| (level.manager, std::cmp::Reverse(level.asked - level.has), level.skill));
    let rows = below.into_iter().map(|level| {
        vec![
            level.manager.into(),
            level.grade.into(),
            level.skill.into(),
            Cell::Count(level.asked.into()),
            Cell::Count(level.has.into()),
            Cell::Count((level.asked - level.has).into()),
        ]
    });
    GAPS.filled(input, rows)
}

fn months_since(input: &Input<'_>, day: chrono::NaiveDate) -> i64 {
    Month::of(input.as_of).since(Month::of(day)).into()
}

fn careers(input: &Input<'_>) -> Table {
    let rows = input.managers().map(|(id, manager)| {
        let plan = manager.career.as_ref();
        let goal = plan.map(|plan| {
            let parts = [plan.goal_grade.as_deref(), plan.goal_role.as_deref()];
            Cell::list(&parts.into_iter().flatten().collect::<Vec<_>>())
        });
        let gaps = plan.map(|plan| Cell::list(&plan.gaps));
        let talk = manager.career_talks.iter().filter_map(|talk| input.past(Some(talk.date))).max();
        let readiness = plan.and_then(|plan| plan.readiness);
        vec![
            id.into(),
            manager.grade_on(input.as_of).map(String::as_str).into(),
            days(manager.grade_since_on(input.as_of).map(|since| whole_months(since, input.as_of).into())),
            goal.unwrap_or(Cell::Missing),
            plan.and_then(|plan| plan.by).map(|day| day.0).into(),
            readiness.map_or(Cell::Missing, |readiness| {
                choice(RecordKind::Manager, &["career", "readiness"], readiness)
            }),
            gaps.unwrap_or(Cell::Missing),
            talk.into(),
            days(talk.map(|talk| months_since(input, talk))),
        ]
    });
    CAREERS.filled(input, rows)
}

fn proposals(input: &Input<'_>) -> Table {
    let mut table = PROPOSALS.table(input);
    let of = |(id, manager): (&'_ str, &'_ Manager)| -> Vec<Vec<Cell>> {
        let known = manager.proposals.iter().filter(|proposal| proposal.date.0 <= input.as_of);
        let wanted = known.filter(|proposal| {
            input.past(proposal.decided).is_none() || proposal.decided.is_some_and(|day| input.is_in(day))
        });
        let row = |proposal: &crate::record::development::Proposal| {
            let decided = input.past(proposal.decided);
            let result = proposal.result.filter(|_| decided.is_some());
            vec![
                id.into(),
                manager.grade_on(input.as_of).map(String::as_str).into(),
                proposal.to.as_str().into(),
                proposal.date.0.into(),
                proposal.by.as_deref().into(),
                proposal.reason.as_deref().into(),
                decided.into(),
                result.map_or(Cell::Missing, |result| {
                    choice(RecordKind::Manager, &["proposals", "result"], result)
                }),
                days(decided.is_none().then(|| input.since(proposal.date.0))),
            ]
        };
        wanted.map(row).collect()
    };
    input.managers().flat_map(of).for_each(|row| table.push(row));
    table
}

#[cfg(test)]
mod tests {
    use super::super::super::lines;

    const BOOK: &str = r#"
# file: rmbook.toml
name = "测试支行"
[skills]
senior = { "供应链金融" = 4, "贸易融资" = 3 }
# file: managers/li-na.toml
name = "李娜"
grade = "senior"
grade_since = 2025-01-01
skills = { "供应链金融" = 4 }
career_talks = [{ date = 2026-01-15 }, { date = 2026-11-15 }]
proposals = [{ date = 2026-10-10, to = "expert", reason = "连续良好", decided = 2026-11-02, result = "approved" }]
[career]
goal_grade = "expert"
readiness = "within-a-year"
gaps = ["团队管理"]
# file: managers/wang-fang.toml
name = "王芳"
grade = "senior"
skills = { "供应链金融" = 2, "贸易融资" = 5 }
"#;

    #[test]
    fn a_skill_without_a_level_is_a_gap() {
        assert_eq!(
            lines(BOOK, "development", "skills", "2026-10"),
            ["供应链金融 | 2 | 1 | 50% | 3 | 4", "贸易融资 | 2 | 1 | 50% | 2.5 | 3"]
        );
        assert_eq!(
            lines(BOOK, "development", "skill_gaps", "2026-10"),
            ["li-na | senior | 贸易融资 | 3 | 0 | 3", "wang-fang | senior | 供应链金融 | 4 | 2 | 2"]
        );
    }

    #[test]
    fn a_proposal_decided_later_still_waits() {
        assert_eq!(
            lines(BOOK, "development", "careers", "2026-10")[0],
            "li-na | senior | 22 | expert | - | within-a-year | 团队管理 | 2026-01-15 | 9"
        );
        assert_eq!(
            lines(BOOK, "development", "grade_proposals", "2026-10"),
            ["li-na | senior | expert | 2026-10-10 | - | 连续良好 | - | - | 21"]
        );
    }
}
