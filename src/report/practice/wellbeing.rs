//! Wellbeing: what anonymous pulses say of a team, and nothing about anybody.

use super::{Col, Input, Report, Run, Sheet, Usual, ratio, share, shown};
use crate::record::survey::Pulse;
use crate::record::team::Team;
use crate::table::{Cell, Table};
use crate::text::{Text, practice};

pub(super) const REPORT: Report = Report {
    name: "wellbeing",
    title: Text::new("Wellbeing", "员工关怀"),
    question: Text::new(
        "How do the teams feel, and is it getting better or worse?",
        "团队整体状态如何，趋势向好还是向差？",
    ),
    about: Text::new(
        "pulse: the team's latest anonymous pulse by the report's day, stored as counts alone; it never enters a score\n\
         ten-answer rule: nothing is shown for fewer answers than the settings allow (`privacy.wellbeing`, at least 10), nor for a further team where a total less the others would tell the one withheld\n\
         feel well, strained: parts of all answers; those in between make up the rest\n\
         change: strained less that of the pulse before, in percentage points, where both may be shown\n\
         two pulses in one month or within two weeks are one round: only the last is shown, since their difference would tell single answers",
        "问卷：截至报告日团队最近一次匿名身心关怀问卷，仅存计数，绝不计入考核\n\
         十份规则：答卷数少于设置（privacy.wellbeing，不少于10）的一律不显示；若以合计减其余团队可推算未显示团队，则再隐去一个团队\n\
         状态良好、压力较大：占全部答卷的比例，其余为状态一般\n\
         变化：压力较大占比减上一次，以百分点计，仅在两次均可显示时计算\n\
         同一月内或相隔两周以内的多次问卷视为一轮：仅显示最后一次，以免由差额推算个别答卷",
    ),
    usual: Usual::LastFigures,
    figures: false,
    run: Run::Book(|input| vec![pulses(input)]),
};

const PULSES: Sheet = Sheet {
    name: "wellbeing",
    title: Text::new("What pulses say, by team", "团队身心关怀问卷"),
    columns: &[
        Col::text("team", "Team", "团队"),
        Col::date("date", "Pulse", "问卷日"),
        Col::count("asked", "Asked", "发放"),
        Col::count("answers", "Answers", "回收"),
        Col::ratio("well", "Feel well", "状态良好").bar(),
        Col::ratio("strained", "Strained", "压力较大"),
        Col::points("change", "Strained: change, % points", "压力较大变化（百分点）"),
    ],
};

/// The pulses of a team by the report's day, the latest first, one a round.
fn pulses_of<'b>(input: &Input<'b>, team: &'b Team) -> Vec<&'b Pulse> {
    let superseded =
        |pulse: &Pulse| team.pulses.iter().any(|other| other.date > pulse.date && other.is_of_round(pulse));
    let known = |pulse: &&Pulse| pulse.date.0 <= input.as_of && !superseded(pulse);
    let mut pulses: Vec<&Pulse> = team.pulses.iter().filter(known).collect();
    pulses.sort_by_key(|pulse| std::cmp::Reverse(pulse.date));
    pulses
}

fn pulses(input: &Input<'_>) -> Table {
    let least = input.book.settings.privacy.of_pulse();
    // Every team decides what is withheld, whoever the report is about.
    let all: Vec<(&str, Vec<&Pulse>)> =
        input.book.teams.iter().map(|team| (team.id.as_ref(), pulses_of(input, &team.data))).collect();
    let answers = |index: usize| -> Vec<u32> {
        all.iter().map(|(_, pulses)| pulses.get(index).map_or(0, |pulse| pulse.answers())).collect()
    };
    let visible = shown(&answers(0), least).into_iter().zip(shown(&answers(1), least));
    let wanted: Vec<&str> = input.teams().map(|(id, _)| id).collect();
    let mut table = PULSES.table(input);
    for ((team, pulses), (now_shown, before_shown)) in all.iter().zip(visible) {
        let Some(now) = pulses.first().filter(|_| wanted.contains(team)) else { continue };
        let strained = |pulse: &Pulse| share(pulse.strained, pulse.answers());
        let before = pulses.get(1).filter(|_| before_shown && now_shown).and_then(|pulse| strained(pulse));
        let cell = |cell: Cell| if now_shown { cell } else { Cell::Missing };
        table.push(vec![
            (*team).into(),
            now.date.0.into(),
            Cell::Count(now.asked.into()),
            cell(Cell::Count(now.answers().into())),
            cell(ratio(share(now.well, now.answers()))),
            cell(ratio(strained(now))),
            ratio(strained(now).zip(before).map(|(now, before)| now - before)),
        ]);
        if !now_shown && table.notes.is_empty() {
            table.notes.push(practice::WITHHELD.into());
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::super::{lines, lines_on};

    fn team(id: &str, pulses: &[(&str, [u32; 3])]) -> String {
        let pulse = |(date, [well, fair, strained]): &(&str, [u32; 3])| {
            format!(
                "[[pulses]]\ndate = {date}\nasked = 20\nwell = {well}\nfair = {fair}\nstrained = {strained}\n"
            )
        };
        format!("# file: teams/{id}.toml\nname = '{id}'\n{}", pulses.iter().map(pulse).collect::<String>())
    }

    fn book(teams: &[String]) -> String {
        format!("# file: rmbook.toml\nname = '测试支行'\n{}", teams.concat())
    }

    #[test]
    fn nothing_is_shown_below_ten_answers() {
        let teams = [
            team("a", &[("2026-06-30", [6, 4, 0]), ("2026-09-30", [8, 2, 2])]),
            team("b", &[("2026-09-30", [7, 1, 1])]),
            team("c", &[("2026-09-30", [9, 5, 2])]),
        ];
        // b has 9 answers; a is the smallest of the others and covers for it.
        assert_eq!(
            lines(&book(&teams), "wellbeing", "wellbeing", "2026-10"),
            [
                "a | 2026-09-30 | 20 | - | - | - | -",
                "b | 2026-09-30 | 20 | - | - | - | -",
                "c | 2026-09-30 | 20 | 16 | 56.25% | 12.5% | -"
            ]
        );
        let alone = [teams[0].clone()];
        assert_eq!(
            lines(&book(&alone), "wellbeing", "wellbeing", "2026-10"),
            ["a | 2026-09-30 | 20 | 12 | 66.67% | 16.67% | 16.67%"]
        );
    }

    #[test]
    fn a_pulse_taken_again_in_the_month_hides_the_first() {
        let teams = [team("a", &[("2026-09-10", [8, 2, 0]), ("2026-09-30", [8, 2, 1])])];
        assert!(lines_on(&book(&teams), "wellbeing", "wellbeing", "2026-09", "2026-09-15").is_empty());
        assert_eq!(
            lines(&book(&teams), "wellbeing", "wellbeing", "2026-09"),
            ["a | 2026-09-30 | 20 | 11 | 72.73% | 9.09% | -"]
        );
    }
}
