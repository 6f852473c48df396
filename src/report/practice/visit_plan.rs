//! The visit plan: the visits due in a month, spread over each manager's working days.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;

use super::{Col, Input, Report, Sheet, Usual, choice, number};
use crate::metric::visits::last_visit;
use crate::record::client::{Client, Tier};
use crate::record::kind::RecordKind;
use crate::table::{Cell, Table};
use crate::text::Text;

pub(super) const REPORT: Report = Report {
    name: "visit-plan",
    title: Text::new("Visit plan", "拜访计划"),
    question: Text::new(
        "Whom must each manager see this month, and on which day, so that no day carries more than its part?",
        "本月各客户经理应走访哪些客户，如何均匀安排到各工作日？",
    ),
    about: Text::new(
        "due: the day of the last contact known when the plan is made, else the first account, and the client's cadence; what is overdue is due on the plan's first day; a short cadence comes again within the month\n\
         planned: a visit somebody planned for a day of the month keeps that day and stands for the first one due\n\
         spread: a manager's visits in order of their due day, the larger client first, evenly over the working days of the month, but never after a due day inside the month\n\
         first day: of the month, or the report's day where the month has begun and is not over",
        "应访日：编制时已知的最近联系日（无联系的取首次开户日）加拜访间隔；已逾期的视为首日应访；间隔较短的月内重复安排\n\
         已有计划：月内已登记的拜访计划保留原定日期，抵作首次应访\n\
         分摊：各客户经理的拜访按应访日先后、规模大者在前，均匀分摊至当月工作日，且不晚于月内应访日\n\
         首日：当月首日；当月已开始且未结束的为报告日",
    ),
    usual: Usual::NextMonth,
    run,
};

const PLAN: Sheet = Sheet {
    name: "visit_plan",
    title: Text::new("Visits to make", "拜访安排"),
    columns: &[
        Col::text("manager", "Manager", "客户经理"),
        Col::date("date", "Day", "日期"),
        Col::text("client", "Client", "客户"),
        Col::text("name", "Name", "客户名称"),
        Col::text("tier", "Tier", "客户分层"),
        Col::date("due", "Due", "应访日"),
        Col::date("last", "Last contact", "最近联系"),
        Col::number("size", "Size", "存款规模"),
        Col::text("settle", "Command", "办理命令"),
    ],
};

const LOAD: Sheet = Sheet {
    name: "visit_load",
    title: Text::new("Visits by manager", "各客户经理拜访任务"),
    columns: &[
        Col::text("manager", "Manager", "客户经理"),
        Col::count("visits", "Visits", "拜访次数").bar(),
        Col::count("overdue", "Of them overdue", "其中已逾期"),
        Col::count("planned", "Already planned", "其中已有计划"),
        Col::count("working_days", "Working days", "工作日"),
        Col::number("per_day", "Visits a day", "日均拜访"),
    ],
};

/// One visit that is due.
struct Due<'b> {
    id: &'b str,
    client: &'b Client,
    last: Option<NaiveDate>,
    due: NaiveDate,
    size: Decimal,
    planned: Option<NaiveDate>,
    day: NaiveDate,
}

fn run(input: &Input<'_>) -> Vec<Table> {
    let is_over = input.as_of == input.months.last_day();
    let first = if is_over { input.months.first_day() } else { input.months.first_day().max(input.as_of) };
    let days: Vec<NaiveDate> = first
        .iter_days()
        .take_while(|day| *day <= input.months.last_day())
        .filter(|day| input.days.is_working(*day))
        .collect();
    let mut by_manager: BTreeMap<&str, Vec<Due<'_>>> = BTreeMap::new();
    for (id, client) in input.clients() {
        by_manager.entry(input.lead(client)).or_default().extend(due(input, id, client, first));
    }
    for visits in by_manager.values_mut() {
        spread(visits, &days);
    }
    by_manager.retain(|_, visits| !visits.is_empty());
    vec![plan(input, &by_manager), load(input, &by_manager, first, days.len())]
}

/// The visits a client is due from `first` to the end of the month.
fn due<'b>(input: &Input<'b>, id: &'b str, client: &'b Client, first: NaiveDate) -> Vec<Due<'b>> {
    let end = input.months.last_day();
    let known = input.as_of.min(first);
    let Some(owed) = input.deadlines.visit(client, known) else {
        return Vec::new();
    };
    let cadence = Days::new(input.deadlines.cadence(client, known).max(1).into());
    let planned = client.planned.iter().filter(|plan| plan.cancelled.is_none());
    let planned = planned.map(|plan| plan.date.0).filter(|day| (first..=end).contains(day)).min();
    let visit = |due, planned| Due {
        id,
        client,
        last: last_visit(client, known),
        due,
        size: input.size(client).unwrap_or_default(),
        planned,
        day: first,
    };
    let start = planned.unwrap_or(owed.max(first));
    let rest = std::iter::successors(Some(start), |day| day.checked_add_days(cadence));
    let rest = rest.take_while(|day| *day <= end);
    rest.enumerate()
        .map(|(index, day)| if index == 0 { visit(owed, planned) } else { visit(day, None) })
        .collect()
}

/// Gives each visit its working day: evenly in order of the due days, but not after one inside the month.
fn spread(visits: &mut [Due<'_>], days: &[NaiveDate]) {
    visits.sort_by(|a, b| (a.due, b.size, a.id).cmp(&(b.due, a.size, b.id)));
    let count = visits.iter().filter(|visit| visit.planned.is_none()).count();
    let open = visits.iter_mut().filter(|visit| visit.planned.is_none());
    for (index, visit) in open.enumerate() {
        let even = index * days.len() / count;
        let latest = days.partition_point(|day| *day <= visit.due).saturating_sub(1);
        let is_overdue = days.first().is_none_or(|first| visit.due < *first);
        let at = if is_overdue { even } else { even.min(latest) };
        visit.day = days.get(at).copied().unwrap_or(visit.day);
    }
    for visit in visits.iter_mut() {
        visit.day = visit.planned.unwrap_or(visit.day);
    }
    visits.sort_by(|a, b| (a.day, a.due, b.size, a.id).cmp(&(b.day, b.due, a.size, b.id)));
}

fn plan(input: &Input<'_>, by_manager: &BTreeMap<&str, Vec<Due<'_>>>) -> Table {
    let mut table = PLAN.table(input);
    for (manager, visits) in by_manager {
        for visit in visits {
            let command = format!("rmbook add plan {} --date {} --by {manager}", visit.id, visit.day);
            let tier: Tier = visit.client.tier;
            table.push(vec![
                (*manager).into(),
                visit.day.into(),
                visit.id.into(),
                visit.client.name.as_str().into(),
                choice(RecordKind::Client, &["tier"], tier),
                visit.due.into(),
                visit.last.into(),
                number(input.size(visit.client)),
                if visit.planned.is_some() { Cell::Missing } else { command.into() },
            ]);
        }
    }
    table
}

fn load(
    input: &Input<'_>,
    by_manager: &BTreeMap<&str, Vec<Due<'_>>>,
    first: NaiveDate,
    days: usize,
) -> Table {
    let rows = by_manager.iter().map(|(manager, visits)| {
        vec![
            (*manager).into(),
            visits.len().into(),
            visits.iter().filter(|visit| visit.due < first).count().into(),
            visits.iter().filter(|visit| visit.planned.is_some()).count().into(),
            days.into(),
            number(super::share(visits.len(), days)),
        ]
    });
    LOAD.filled(input, rows)
}

#[cfg(test)]
mod tests {
    use super::super::{lines, lines_on};

    /// A key client of wang-fang, last seen on `last`.
    fn client(id: &str, last: &str, extra: &str) -> String {
        format!(
            "# file: clients/{id}.toml\nname = '{id}'\ntier = 'key'\nmanager = 'wang-fang'\nstatus = 'active'\n{extra}\
             [[visits]]\ndate = {last}\nby = 'wang-fang'\nkind = 'call'\n"
        )
    }

    fn book(clients: &[String]) -> String {
        let head = "# file: rmbook.toml\nname = '测试支行'\n# file: managers/wang-fang.toml\nname = '王芳'\n";
        format!("{head}{}", clients.concat())
    }

    /// Day and client of each visit.
    fn plan(book: &str, today: &str) -> Vec<String> {
        let lines = lines_on(book, "visit-plan", "visit_plan", "2026-11", today);
        lines.iter().map(|line| line.split(" | ").skip(1).take(2).collect::<Vec<_>>().join(" ")).collect()
    }

    #[test]
    fn visits_are_spread_over_working_days_and_not_after_they_are_due() {
        // November 2026 begins on a Sunday and has 21 working days. Of four visits the third belongs to working day 10,
        // the 16th, but is due on the 4th; d is not due before December.
        let book = book(&[
            client("a", "2026-07-01", ""),
            client("b", "2026-08-01", ""),
            client("c", "2026-09-05", ""),
            client("e", "2026-10-20", "[[planned]]\ndate = 2026-11-20\nby = 'wang-fang'\n"),
            client("f", "2026-09-28", ""),
            client("d", "2026-10-30", ""),
        ]);
        assert_eq!(
            plan(&book, "2026-10-31"),
            ["2026-11-02 a", "2026-11-04 c", "2026-11-09 b", "2026-11-20 e", "2026-11-23 f"]
        );
    }

    #[test]
    fn a_red_warning_brings_a_visit_every_week() {
        let red = "[[warnings]]\nopened = 2026-10-20\nsignal = '欠息'\nlevel = 'red'\n";
        let book = book(&[client("a", "2026-10-30", red)]);
        // Due on the 6th, 13th, 20th and 27th: Fridays; evenly over 21 days is earlier each time.
        assert_eq!(
            plan(&book, "2026-10-31"),
            ["2026-11-02 a", "2026-11-09 a", "2026-11-16 a", "2026-11-23 a"]
        );
    }

    #[test]
    fn within_the_month_the_plan_begins_today() {
        let book = book(&[client("a", "2026-07-01", "")]);
        assert_eq!(plan(&book, "2026-11-17"), ["2026-11-17 a"]);
        assert_eq!(
            lines_on(&book, "visit-plan", "visit_load", "2026-11", "2026-11-17"),
            ["wang-fang | 1 | 1 | 0 | 10 | 0.1"]
        );
        assert!(lines(&self::book(&[]), "visit-plan", "visit_plan", "2026-11").is_empty());
    }
}
