//! Satisfaction of clients, whose answers have names, and of staff, whose answers are counts and never told apart.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::{Col, Input, Report, Run, Sheet, Usual, number, part, ratio, share, shown};
use crate::book::credit::lead_on;
use crate::metric::service;
use crate::period::first_of_months_to;
use crate::record::client::{Feedback, SampledBy};
use crate::record::survey::{Enps, Survey};
use crate::record::team::Team;
use crate::table::{Cell, Table};
use crate::text::{Text, practice};

pub(super) const REPORT: Report = Report {
    name: "satisfaction",
    title: Text::new("Satisfaction", "满意度"),
    question: Text::new(
        "Are clients and staff satisfied, what changed since the last round, and what else changed with it?",
        "客户与员工是否满意，较上一轮有何变化，同期人员与工作量有何变动？",
    ),
    about: Text::new(
        "client answers: asked in the period; one without a score is no answer; an answer that names nobody is about the client's lead of its day\n\
         mean: of score / best score × 10, of the answers that the manager did not choose; those the manager chose are counted apart and left out\n\
         NPS: part of scores of 9 or 10 of 10, less the part of 6 or less\n\
         staff answers: the team's latest survey by the report's day; counts alone are stored\n\
         five-answer rule: nothing is shown for fewer answers than the settings allow (`privacy.survey`, at least 5); of the teams, one more is withheld where a total less the others would tell the one withheld; of several records of one round (one period, one month, or within two weeks) only the last is shown, since their difference would tell single answers\n\
         eNPS: promoters less detractors, of all three\n\
         change: mean of an item less that of the round before, where both may be shown and both are on one scale\n\
         beside: managers of the team who left in the year to the survey, and clients a manager of the team on the report's day",
        "客户反馈：本期征集；未评分的视为未答复；未指明评价对象的归反馈当日主办客户经理\n\
         均分：得分÷满分×10 的平均，仅计非客户经理自选样本；自选样本单独计数，不计入\n\
         净推荐值：10分制9–10分占比减6分及以下占比\n\
         员工反馈：截至报告日团队最近一次调查；仅存计数\n\
         五份规则：答卷数少于设置（privacy.survey，不少于5）的一律不显示；同一轮次中，若以合计减其余团队可推算未显示团队，则再隐去一个团队；同一轮次（同一调查期间、同一月或相隔两周以内）的多条记录仅显示最后一条，以免由差额推算个别答卷\n\
         员工净推荐值：推荐者占比减贬损者占比\n\
         变化：该题均分减上一轮均分，仅在两轮均可显示且满分一致时计算\n\
         对照：截至调查日一年内离职的团队成员数，以及报告日团队人均客户数",
    ),
    usual: Usual::LastFigures,
    figures: false,
    run: Run::Book(|input| vec![clients(input), surveys(input), items(input)]),
};

const CLIENTS: Sheet = Sheet {
    name: "client_feedback",
    title: Text::new("What clients say", "客户满意度"),
    columns: &[
        Col::text("manager", "Manager", "客户经理"),
        Col::count("asked", "Asked", "征集"),
        Col::count("answers", "Answers", "答复"),
        Col::ratio("response", "Response", "答复率"),
        Col::number("mean", "Mean of 10", "均分（10分制）").bar(),
        Col::ratio("nps", "NPS", "净推荐值"),
        Col::count("self_chosen", "Chosen by the manager", "自选样本"),
    ],
};

const SURVEYS: Sheet = Sheet {
    name: "staff_surveys",
    title: Text::new("What staff say", "员工满意度"),
    columns: &[
        Col::text("team", "Team", "团队"),
        Col::date("date", "Survey", "调查日"),
        Col::count("asked", "Asked", "发放"),
        Col::count("answers", "Answers", "回收"),
        Col::ratio("response", "Response", "回收率"),
        Col::ratio("enps", "eNPS", "员工净推荐值"),
        Col::ratio("enps_before", "Round before", "上一轮"),
        Col::count("left", "Left in the year", "一年内离职"),
        Col::number("load", "Clients a manager", "人均客户数"),
    ],
};

const ITEMS: Sheet = Sheet {
    name: "staff_survey_items",
    title: Text::new("Each item against the round before", "各题与上一轮对比"),
    columns: &[
        Col::text("team", "Team", "团队"),
        Col::text("item", "Item", "题目"),
        Col::number("mean", "Mean", "均分"),
        Col::number("before", "Round before", "上一轮"),
        Col::number("change", "Change", "变化"),
        Col::number("scale", "Best", "满分"),
    ],
};

/// Answers about one manager.
#[derive(Default)]
struct Answers {
    asked: usize,
    answers: usize,
    counted: usize,
    sum: Decimal,
    votes: i32,
    self_chosen: usize,
}

impl Answers {
    fn add(&mut self, feedback: &Feedback) {
        self.asked += 1;
        if feedback.score.is_none() {
            return;
        }
        self.answers += 1;
        self.self_chosen += usize::from(feedback.sampled_by == Some(SampledBy::Manager));
        let Some(part) = service::part(feedback) else { return };
        self.counted += 1;
        self.sum += part;
        self.votes += service::vote(part);
    }

    fn row(&self, manager: Cell) -> Vec<Cell> {
        vec![
            manager,
            self.asked.into(),
            self.answers.into(),
            part(self.answers, self.asked),
            number(share(self.sum * Decimal::TEN, self.counted)),
            ratio(share(self.votes, self.counted)),
            self.self_chosen.into(),
        ]
    }
}

fn clients(input: &Input<'_>) -> Table {
    let mut all = Answers::default();
    let mut by_manager: BTreeMap<&str, Answers> = BTreeMap::new();
    for record in &input.book.clients {
        for feedback in record.data.feedback.iter().filter(|feedback| input.is_in(feedback.date)) {
            let about = feedback.about.as_deref().unwrap_or_else(|| lead_on(&record.data, feedback.date.0));
            if input.covers(about) {
                all.add(feedback);
                by_manager.entry(about).or_default().add(feedback);
            }
        }
    }
    let total = Cell::Said { key: "all", text: Text::new("all", "合计") };
    let rows = by_manager.into_iter().map(|(manager, answers)| answers.row(manager.into()));
    CLIENTS.filled(input, [all.row(total)].into_iter().chain(rows))
}

/// A team's latest survey and the one before; each is there only where it may be shown.
struct Round<'b> {
    team: &'b str,
    now: &'b Survey,
    now_shown: bool,
    before: Option<&'b Survey>,
}

/// The surveys of a team by the report's day, the latest first, one a round.
fn surveys_of<'b>(input: &Input<'b>, team: &'b Team) -> Vec<&'b Survey> {
    let known = |survey: &&Survey| survey.date.0 <= input.as_of && !team.has_later_record_of(survey);
    let mut surveys: Vec<&Survey> = team.surveys.iter().filter(known).collect();
    surveys.sort_by_key(|survey| std::cmp::Reverse(survey.date));
    surveys
}

/// The rounds of every team of the book, whoever the report is about: what is withheld must not depend on the question.
fn rounds<'b>(input: &Input<'b>) -> Vec<Round<'b>> {
    let least = input.book.settings.privacy.of_survey();
    let mut rounds: Vec<Round<'_>> = Vec::new();
    for team in &input.book.teams {
        let surveys = surveys_of(input, &team.data);
        if let Some(now) = surveys.first() {
            rounds.push(Round { team: &team.id, now, now_shown: false, before: surveys.get(1).copied() });
        }
    }
    let now: Vec<u32> = rounds.iter().map(|round| round.now.answers).collect();
    let before: Vec<u32> =
        rounds.iter().map(|round| round.before.map_or(0, |survey| survey.answers)).collect();
    let visible = shown(&now, least).into_iter().zip(shown(&before, least));
    for (round, (now, before)) in rounds.iter_mut().zip(visible) {
        round.now_shown = now;
        round.before = round.before.filter(|_| before);
    }
    rounds
}

/// The rounds of the teams the report is about.
fn wanted<'b>(input: &Input<'b>) -> Vec<Round<'b>> {
    let teams: Vec<&str> = input.teams().map(|(id, _)| id).collect();
    rounds(input).into_iter().filter(|round| teams.contains(&round.team)).collect()
}

fn enps(enps: &Enps, least: u32) -> Option<Decimal> {
    share(enps.net(), enps.answers()).filter(|_| enps.answers() >= least)
}

fn surveys(input: &Input<'_>) -> Table {
    let least = input.book.settings.privacy.of_survey();
    let mut table = SURVEYS.table(input);
    let mut withheld = false;
    for round in wanted(input) {
        let Survey { date, asked, answers, .. } = round.now;
        let net = |survey: &Survey| survey.enps.as_ref().and_then(|counts| enps(counts, least));
        withheld |= !round.now_shown;
        let visible = |cell: Cell| if round.now_shown { cell } else { Cell::Missing };
        table.push(vec![
            round.team.into(),
            date.0.into(),
            Cell::Count((*asked).into()),
            visible(Cell::Count((*answers).into())),
            visible(ratio(share(*answers, *asked))),
            visible(ratio(net(round.now))),
            ratio(round.before.and_then(net)),
            left(input, &round).into(),
            number(load(input, round.team)),
        ]);
    }
    if withheld {
        table.notes.push(practice::WITHHELD.into());
    }
    table
}

/// Managers of the team who left in the year to the survey.
fn left(input: &Input<'_>, round: &Round<'_>) -> usize {
    let day = round.now.date.0;
    let first = first_of_months_to(day, 12);
    let members = input.book.managers.iter().filter(|record| input.team_of(&record.data) == Some(round.team));
    members.filter_map(|record| record.data.left).filter(|left| left.0 >= first && left.0 <= day).count()
}

/// Clients a manager of the team on the report's day.
fn load(input: &Input<'_>, team: &str) -> Option<Decimal> {
    let managers = input.book.managers.iter().filter(|record| record.data.employed_after(input.as_of));
    let members = managers.filter(|record| input.team_of(&record.data) == Some(team));
    let members: Vec<&str> = members.map(|record| record.id.as_ref()).collect();
    let clients = input.everybodys_clients().filter(|client| members.contains(&input.lead(client))).count();
    share(clients, members.len())
}

fn items(input: &Input<'_>) -> Table {
    let least = input.book.settings.privacy.of_survey();
    let mut table = ITEMS.table(input);
    for round in wanted(input).into_iter().filter(|round| round.now_shown) {
        for (item, tally) in round.now.items.iter().filter(|(_, tally)| tally.n >= least) {
            let same_scale = |before: &&Survey| before.best() == round.now.best();
            let before = round.before.filter(same_scale).and_then(|survey| survey.items.get(item));
            let before =
                before.filter(|tally| tally.n >= least).and_then(|tally| share(tally.sum.0, tally.n));
            let mean = share(tally.sum.0, tally.n);
            table.push(vec![
                round.team.into(),
                item.as_str().into(),
                number(mean),
                number(before),
                number(mean.zip(before).map(|(mean, before)| mean - before)),
                number(Some(round.now.best().normalize())),
            ]);
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::super::lines;

    fn team(id: &str, answers: u32, promoters: u32, sum: u32) -> String {
        format!(
            "# file: teams/{id}.toml\nname = '{id}'\n[[surveys]]\ndate = 2026-07-10\nasked = 12\nanswers = {answers}\n\
             scale = 5\nitems = {{ '沟通' = {{ n = {answers}, sum = {sum} }} }}\n\
             enps = {{ promoters = {promoters}, passives = {}, detractors = 1 }}\n",
            answers - promoters - 1
        )
    }

    fn book(teams: &[String]) -> String {
        let head = "# file: rmbook.toml\nname = '测试支行'\n# file: managers/gone.toml\nname = '已离职'\nteam = 'a'\n\
                    left = 2026-05-31\n# file: managers/li-na.toml\nname = '李娜'\nteam = 'a'\n";
        format!("{head}{}", teams.concat())
    }

    #[test]
    fn a_team_below_five_takes_the_smallest_other_with_it() {
        let teams = [team("a", 9, 4, 36), team("b", 4, 1, 8), team("c", 6, 3, 24)];
        assert_eq!(
            lines(&book(&teams), "satisfaction", "staff_surveys", "2026-10"),
            [
                "a | 2026-07-10 | 12 | 9 | 75% | 33.33% | - | 1 | 0",
                "b | 2026-07-10 | 12 | - | - | - | - | 0 | -",
                "c | 2026-07-10 | 12 | - | - | - | - | 0 | -",
            ]
        );
        assert_eq!(
            lines(&book(&teams), "satisfaction", "staff_survey_items", "2026-10"),
            ["a | 沟通 | 4 | - | - | 5"]
        );
    }

    #[test]
    fn clients_a_manager_are_those_of_the_whole_team_whoever_is_asked_about() {
        let client = |id: &str, manager: &str| {
            format!(
                "# file: clients/{id}.toml\nname = '{id}'\ntier = 'key'\nmanager = '{manager}'\nstatus = 'active'\n"
            )
        };
        let wu = "# file: managers/wu.toml\nname = '吴刚'\nteam = 'a'\n".to_owned();
        let clients = [client("c", "li-na"), client("d", "wu"), client("e", "wu")];
        let book = book(&[team("a", 9, 4, 36), wu, clients.concat()]);
        // Three clients of two managers.
        let li_na = super::super::Only { manager: Some("li-na"), team: None };
        assert_eq!(
            super::super::lines_of(&book, "satisfaction", "staff_surveys", "2026-10", li_na),
            ["a | 2026-07-10 | 12 | 9 | 75% | 33.33% | - | 1 | 1.5"]
        );
        // One who joined afterwards was none of them: li-na's one client for one manager.
        let joined = book.replace("name = '吴刚'", "name = '吴刚'\njoined = 2026-11-01");
        assert_eq!(
            lines(&joined, "satisfaction", "staff_surveys", "2026-10"),
            ["a | 2026-07-10 | 12 | 9 | 75% | 33.33% | - | 1 | 1"]
        );
    }

    #[test]
    fn items_are_compared_with_the_round_before() {
        let before = "[[surveys]]\ndate = 2026-01-10\nasked = 12\nanswers = 10\nscale = 5\n\
                      items = { '沟通' = { n = 10, sum = 35 } }\n";
        let teams = [team("a", 9, 4, 36) + before];
        assert_eq!(
            lines(&book(&teams), "satisfaction", "staff_survey_items", "2026-10"),
            ["a | 沟通 | 4 | 3.5 | 0.5 | 5"]
        );
        let few = before.replace("n = 10", "n = 4");
        let teams = [team("a", 9, 4, 36) + &few];
        assert_eq!(
            lines(&book(&teams), "satisfaction", "staff_survey_items", "2026-10"),
            ["a | 沟通 | 4 | - | - | 5"]
        );
    }

    #[test]
    fn two_records_of_one_round_do_not_tell_the_answer_between_them() {
        let round = |date: &str, answers: u32, sum: u32| {
            format!(
                "[[surveys]]\ndate = {date}\nperiod = '2026-H1'\nasked = 12\nanswers = {answers}\n\
                 items = {{ '沟通' = {{ n = {answers}, sum = {sum} }} }}\n"
            )
        };
        let team = format!(
            "# file: teams/a.toml\nname = 'a'\n{}{}",
            round("2026-07-10", 9, 36),
            round("2026-07-20", 10, 37)
        );
        let book = book(&[team]);
        assert!(lines(&book, "satisfaction", "staff_survey_items", "2026-06").is_empty());
        let until_middle =
            super::super::lines_on(&book, "satisfaction", "staff_survey_items", "2026-07", "2026-07-15");
        assert!(until_middle.is_empty(), "{until_middle:?}");
        assert_eq!(
            lines(&book, "satisfaction", "staff_survey_items", "2026-07"),
            ["a | 沟通 | 3.7 | - | - | 5"]
        );
    }

    #[test]
    fn answers_of_clients_the_manager_chose_are_left_out() {
        let book = "# file: rmbook.toml\nname = '测试支行'\n# file: managers/li-na.toml\nname = '李娜'\n\
            # file: clients/acme.toml\nname = '华东精密'\ntier = 'key'\nmanager = 'li-na'\nstatus = 'active'\n\
            feedback = [{ date = 2026-10-01, score = 9 }, { date = 2026-10-02, score = 3, scale = 5 }, \
            { date = 2026-10-03, score = 10, sampled_by = 'manager' }, { date = 2026-10-04 }]\n";
        // (9 + 6) / 2; one promoter, one detractor.
        let row = |who| format!("{who} | 4 | 3 | 75% | 7.5 | 0% | 1");
        assert_eq!(lines(book, "satisfaction", "client_feedback", "2026-10"), [row("all"), row("li-na")]);
        assert_eq!(
            lines(book, "satisfaction", "client_feedback", "2026-09"),
            ["all | 0 | 0 | - | - | - | 0"]
        );
    }

    #[test]
    fn who_left_in_the_year_to_a_survey_left_within_twelve_months() {
        let left = |day: &str| {
            let teams = [team("a", 9, 4, 36).replace("2026-07-10", "2024-12-31")];
            let lines =
                lines(&book(&teams).replace("2026-05-31", day), "satisfaction", "staff_surveys", "2024-12");
            lines[0].split(" | ").nth(7).unwrap().to_owned()
        };
        assert_eq!(["2023-12-31", "2024-01-01"].map(left), ["0", "1"]);
    }
}
