//! Org: who reports to whom, and what waits for whose answer.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::{Col, Input, Report, Run, Sheet, Usual, days};
use crate::record::conduct::{ReportKind, UpwardReport};
use crate::record::manager::Manager;
use crate::table::{Cell, Table};
use crate::text::Text;

pub(super) const REPORT: Report = Report {
    name: "org",
    title: Text::new("Reporting line", "汇报关系"),
    question: Text::new(
        "Who reports to whom, for how many people and clients does each answer, and what waits for whose answer?",
        "谁向谁汇报，各级负责多少人员和客户，哪些上报事项在等谁答复？",
    ),
    about: Text::new(
        "line: managers in post on the report's day, each under the one reported to on that day, as the `history` of the post tells; whoever names nobody, or somebody no longer in post, stands at the top, and so do those who report to each other in a circle\n\
         below: everybody further down the line; clients: led on the report's day by the manager, and by everybody below\n\
         raised: problems and requests the manager raised that nobody answered or settled by the report's day; progress counts where an answer is due\n\
         to answer: those that wait for the manager, by the report's `owner` or as the supervisor; over the limit: past the day stated, else past the settings' `management.answer`",
        "汇报关系：报告日在岗人员，按当日直接上级（依岗位 `history`）逐级列示；未填或其上级已不在岗的列于顶层，循环汇报的亦列于顶层\n\
         下级：所属各级下级人数；客户：报告日本人主办户数，以及含全部下级的户数\n\
         已上报：截至报告日本人上报而未获答复或办结的问题与请求；工作进展仅在注明答复期限时计入\n\
         待答复：应由本人答复的事项，按上报所列责任人，未列的为直接上级；超限：超过所列期限，未列的按设置 management.answer",
    ),
    usual: Usual::LastFigures,
    figures: false,
    run: Run::Book(|input| vec![org(input)]),
};

const ORG: Sheet = Sheet {
    name: "org",
    title: Text::new("Reporting line", "汇报关系"),
    columns: &[
        Col::text("line", "Line", "姓名"),
        Col::text("manager", "Manager", "客户经理"),
        Col::text("reports_to", "Reports to", "直接上级"),
        Col::count("level", "Level", "级次"),
        Col::text("grade", "Grade", "职级"),
        Col::text("team", "Team", "团队"),
        Col::count("direct", "Report directly", "直接下级"),
        Col::count("below", "Below", "全部下级"),
        Col::count("clients", "Clients", "主办客户"),
        Col::count("clients_below", "With those below", "含下级客户"),
        Col::count("raised", "Raised and open", "已上报未答复"),
        Col::count("to_answer", "To answer", "待答复"),
        Col::count("over_limit", "Over the limit", "超限"),
        Col::count("oldest_days", "Oldest, days", "最久天数"),
    ],
};

/// The line as it stands on the report's day, whole whoever the report is about: the scope only chooses the rows.
struct Line<'b> {
    people: BTreeMap<&'b str, &'b Manager>,
    /// Who reports directly to whom.
    direct: BTreeMap<&'b str, Vec<&'b str>>,
    clients: BTreeMap<&'b str, usize>,
    open: Vec<Open<'b>>,
}

/// A report upward that nobody answered yet.
struct Open<'b> {
    by: &'b str,
    owner: Option<&'b str>,
    raised: NaiveDate,
    limit: NaiveDate,
}

fn org(input: &Input<'_>) -> Table {
    let line = Line::of(input);
    let mut table = ORG.table(input);
    let mut shown = BTreeSet::new();
    for top in line.tops(input) {
        line.show(input, (top, 0), &mut shown, &mut table);
    }
    // Who reports in a circle hangs below nobody.
    for id in line.people.keys() {
        if !shown.contains(id) {
            line.show(input, (id, 0), &mut shown, &mut table);
        }
    }
    table
}

impl<'b> Line<'b> {
    fn of(input: &Input<'b>) -> Self {
        let in_post = |manager: &Manager| manager.left.is_none_or(|left| left.0 > input.as_of);
        let people: BTreeMap<&str, &Manager> =
            input.everybody().filter(|(_, manager)| in_post(manager)).collect();
        let mut direct: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (id, manager) in &people {
            if let Some(above) = input.supervisor_of(manager).filter(|above| people.contains_key(above)) {
                direct.entry(above).or_default().push(id);
            }
        }
        let mut clients: BTreeMap<&str, usize> = BTreeMap::new();
        for client in input.everybodys_clients() {
            *clients.entry(input.lead(client)).or_default() += 1;
        }
        let open = input.book.managers.iter().flat_map(|record| {
            let owner = input.supervisor_of(&record.data);
            record.data.reports.iter().filter_map(move |report| Open::of(input, &record.id, owner, report))
        });
        Self { people, direct, clients, open: open.collect() }
    }

    /// Those who report to nobody in the line.
    fn tops(&self, input: &Input<'_>) -> impl Iterator<Item = &'b str> {
        let is_top = |manager: &Manager| {
            input.supervisor_of(manager).is_none_or(|above| !self.people.contains_key(above))
        };
        self.people.iter().filter(move |(_, manager)| is_top(manager)).map(|(id, _)| *id)
    }

    fn show(
        &self,
        input: &Input<'_>,
        (id, depth): (&'b str, usize),
        shown: &mut BTreeSet<&'b str>,
        table: &mut Table,
    ) {
        let Some(manager) = self.people.get(id).filter(|_| shown.insert(id)) else { return };
        if input.covers(id) {
            table.push(self.row(input, (id, manager), depth));
        }
        for below in self.direct.get(id).into_iter().flatten() {
            self.show(input, (below, depth + 1), shown, table);
        }
    }

    fn row(&self, input: &Input<'_>, (id, manager): (&'b str, &Manager), depth: usize) -> Vec<Cell> {
        let below = self.below(id);
        let clients = |id: &str| self.clients.get(id).copied().unwrap_or_default();
        let waiting: Vec<&Open<'_>> = self.open.iter().filter(|open| open.owner == Some(id)).collect();
        vec![
            Cell::Nested { depth, text: manager.name.clone() },
            id.into(),
            input.supervisor_of(manager).into(),
            (depth + 1).into(),
            manager.grade_on(input.as_of).map(String::as_str).into(),
            input.team_of(manager).into(),
            self.direct.get(id).map_or(0, Vec::len).into(),
            below.len().into(),
            clients(id).into(),
            (clients(id) + below.iter().map(|id| clients(id)).sum::<usize>()).into(),
            self.open.iter().filter(|open| open.by == id).count().into(),
            waiting.len().into(),
            waiting.iter().filter(|open| open.limit < input.as_of).count().into(),
            days(waiting.iter().map(|open| input.since(open.raised)).max()),
        ]
    }

    /// Everybody further down the line; a circle ends where it began.
    fn below(&self, id: &'b str) -> BTreeSet<&'b str> {
        let mut found = BTreeSet::new();
        let mut next = vec![id];
        while let Some(above) = next.pop() {
            for below in self.direct.get(above).into_iter().flatten().filter(|below| **below != id) {
                if found.insert(*below) {
                    next.push(below);
                }
            }
        }
        found
    }
}

impl<'b> Open<'b> {
    fn of(
        input: &Input<'_>,
        by: &'b str,
        supervisor: Option<&'b str>,
        report: &'b UpwardReport,
    ) -> Option<Self> {
        let ended = [report.answered, report.closed].iter().any(|day| input.past(*day).is_some());
        let wants_answer = report.kind != ReportKind::Progress || report.due.is_some();
        if ended || !wants_answer || report.raised.0 > input.as_of {
            return None;
        }
        let by_rule = || input.deadline(report.raised, input.book.settings.management.answer);
        let limit = report.due.map_or_else(by_rule, |due| due.0);
        Some(Self { by, owner: report.owner.as_deref().or(supervisor), raised: report.raised.0, limit })
    }
}

#[cfg(test)]
mod tests {
    use crate::report::practice::{Only, lines, lines_of};

    #[test]
    fn the_line_stands_with_what_waits_for_whose_answer() {
        let book = "# file: managers/gu.toml\nname = '顾'\n# file: managers/zhao.toml\nname = '赵'\nreports_to = 'gu'\n\
            # file: managers/li.toml\nname = '李'\nreports_to = 'zhao'\n\
            reports = [{ raised = 2026-10-08, kind = 'problem', what = '额度' }, { raised = 2026-10-09, kind = 'progress', what = '进展' },\n\
            { raised = 2026-10-30, kind = 'request', what = '支持', owner = 'gu' }, { raised = 2026-10-01, kind = 'request', what = '旧', answered = 2026-10-02 }]\n\
            # file: managers/old.toml\nname = '旧'\nreports_to = 'gu'\nleft = 2026-10-15\nstatus = 'left'\n\
            # file: managers/wu.toml\nname = '吴'\nreports_to = 'old'\n\
            # file: clients/a.toml\nname = '甲'\ntier = 'key'\nstatus = 'active'\nmanager = 'li'\n";
        // The problem of the 8th was due after five working days; the request of the 30th still has time.
        assert_eq!(
            lines(book, "org", "org", "2026-10"),
            [
                "顾 | gu | - | 1 | - | - | 1 | 2 | 0 | 1 | 0 | 1 | 0 | 1",
                "赵 | zhao | gu | 2 | - | - | 1 | 1 | 0 | 1 | 0 | 1 | 1 | 23",
                "李 | li | zhao | 3 | - | - | 0 | 0 | 1 | 1 | 2 | 0 | 0 | -",
                "吴 | wu | old | 1 | - | - | 0 | 0 | 0 | 0 | 0 | 0 | 0 | -",
            ]
        );
    }

    #[test]
    fn whom_the_report_is_about_changes_no_count() {
        let book = "# file: managers/gu.toml\nname = '顾'\n# file: managers/zhao.toml\nname = '赵'\nreports_to = 'gu'\n\
            # file: managers/li.toml\nname = '李'\nreports_to = 'zhao'\n\
            # file: clients/a.toml\nname = '甲'\ntier = 'key'\nstatus = 'active'\nmanager = 'li'\n";
        let zhao = Only { manager: Some("zhao"), team: None };
        assert_eq!(
            lines_of(book, "org", "org", "2026-10", zhao),
            ["赵 | zhao | gu | 2 | - | - | 1 | 1 | 0 | 1 | 0 | 0 | 0 | -"]
        );
    }

    #[test]
    fn a_past_line_is_the_one_of_its_day() {
        // On 1 November li went from zhao, team `one` and `junior` to gu, team `two` and `senior`.
        let book = "# file: managers/gu.toml\nname = '顾'\n# file: managers/zhao.toml\nname = '赵'\nreports_to = 'gu'\n\
            # file: managers/li.toml\nname = '李'\nreports_to = 'gu'\nteam = 'two'\ngrade = 'senior'\n\
            history = [{ until = 2026-10-31, reports_to = 'zhao', team = 'one', grade = 'junior' }]\n\
            reports = [{ raised = 2026-10-08, kind = 'problem', what = '额度' }]\n\
            # file: teams/one.toml\nname = '一部'\n# file: teams/two.toml\nname = '二部'\n";
        assert_eq!(
            lines(book, "org", "org", "2026-10"),
            [
                "顾 | gu | - | 1 | - | - | 1 | 2 | 0 | 0 | 0 | 0 | 0 | -",
                "赵 | zhao | gu | 2 | - | - | 1 | 1 | 0 | 0 | 0 | 1 | 1 | 23",
                "李 | li | zhao | 3 | junior | one | 0 | 0 | 0 | 0 | 1 | 0 | 0 | -",
            ]
        );
        let now = lines(book, "org", "org", "2026-11");
        assert_eq!(now[0], "顾 | gu | - | 1 | - | - | 2 | 2 | 0 | 0 | 0 | 1 | 1 | 53");
        assert!(now.contains(&"李 | li | gu | 2 | senior | two | 0 | 0 | 0 | 0 | 1 | 0 | 0 | -".to_owned()));
    }

    #[test]
    fn a_circle_does_not_turn_for_ever() {
        let book = "# file: managers/a.toml\nname = '甲'\nreports_to = 'b'\n# file: managers/b.toml\nname = '乙'\nreports_to = 'a'\n";
        let shown: Vec<String> = lines(book, "org", "org", "2026-10");
        assert_eq!(
            shown.iter().map(|line| line.split(" | ").next().unwrap()).collect::<Vec<_>>(),
            ["甲", "乙"]
        );
    }
}
