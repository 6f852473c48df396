//! The visit plan: the visits due in a month, spread over each manager's working days.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;

use super::super::Settle;
use super::{Col, Input, Report, Run, Sheet, Usual, choice, number};
use crate::book::credit::lead_on;
use crate::book::deadline::{AskedOfHead, last_visit};
use crate::record::client::Client;
use crate::record::kind::RecordKind;
use crate::record::value::Day;
use crate::table::{Cell, Table};
use crate::text::Text;

pub(super) const REPORT: Report = Report {
    name: "visit-plan",
    title: Text::new("Visit plan", "拜访计划"),
    question: Text::new(
        "Whom must each manager see this month, and on which day, so that no day carries more than its part?",
        "本月各客户经理应拜访哪些客户，如何均匀安排到各工作日？",
    ),
    about: Text::new(
        "due: the day of the last contact known when the plan is made, else the first account or the later entry in the book, and the client's cadence; what is overdue is due on the plan's first day; a short cadence comes again within the month\n\
         heads: a client whose tier asks for visits of a head (settings `cadence.head`) is planned for the nearest head too, from its last visit of a head, unless the lead is a head, on the day of the lead's first visit of the month where that is in time: both go together, by the sooner of their due days; where a head planned one for a day of the month it stands there and the lead goes along where that is not too late, and one planned before the month counts as made\n\
         planned: a visit somebody planned for a day of the month keeps that day and stands for the first one due; one planned before the month counts as made\n\
         spread: no working day of the manager, who is there and not on leave, carries more than an even part of the manager's visits; what is overdue comes first, in order of its due day and the larger client first, the rest on its due day or the last free working day before it\n\
         first day: of the month, or the report's day where the month has begun and is not over",
        "应访日：编制时已知的最近联系日（无联系的取首次开户日与建档日中较晚者）加拜访间隔；已逾期的视为首日应访；间隔较短的月内重复安排\n\
         主管：层级要求主管拜访的客户（设置 cadence.head），自最近一次主管拜访起另排入最近一级主管的计划，主办本人即主管的除外；主办客户经理月内亦应访的，按两者较早的应访日安排同日同访；主管月内已有计划的保留，不晚于应访日的由主办同访，月前已计划的视为届时已访\n\
         已有计划：月内已登记的拜访计划保留原定日期，抵作首次应访；月前已计划的视为届时已访\n\
         分摊：各工作日（在职且未休假）不超过该客户经理拜访的平均数；已逾期的按应访日先后、规模大者在前优先安排，其余安排在应访日或其前最近的空闲工作日\n\
         首日：当月首日；当月已开始且未结束的为报告日",
    ),
    usual: Usual::NextMonth,
    figures: false,
    run: Run::Book(run),
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
        Col::size("size", "Size", "存款规模"),
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
    /// The day by which it is to be, which of a joint visit is that of who must be there sooner.
    by: NaiveDate,
    /// The day it is to be on, as one is planned or the other of a joint visit is.
    fixed: Option<NaiveDate>,
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
    let by_manager = spread_over(input, first, &days);
    vec![plan(input, &by_manager), load(input, &by_manager, first, &days)]
}

/// Those of some working days on which a manager works: employed, and not on leave for all of it.
fn worked(input: &Input<'_>, manager: &str, days: &[NaiveDate]) -> Vec<NaiveDate> {
    let Some(record) = input.book.managers.get(manager) else { return days.to_vec() };
    let works = |day: &NaiveDate| record.data.employed_on(Day(*day)) && !record.data.is_off(Day(*day));
    days.iter().copied().filter(works).collect()
}

/// The visits of each manager on their days; where a client is due one of its lead and one of a head, both go on one day.
fn spread_over<'b>(
    input: &Input<'b>,
    first: NaiveDate,
    days: &[NaiveDate],
) -> BTreeMap<&'b str, Vec<Due<'b>>> {
    let mut of_leads: BTreeMap<&str, Vec<Due<'_>>> = BTreeMap::new();
    let mut of_heads: BTreeMap<&str, Vec<Due<'_>>> = BTreeMap::new();
    for record in input.book.clients.iter().filter(|record| input.is_open(&record.data)) {
        let mut own = due(input, &record.id, &record.data, first);
        let of_head = due_of_head(input, &record.id, &record.data, first);
        if let Some((visit, (_, head))) = own.first_mut().zip(of_head.as_ref()) {
            // The lead goes along where a head has planned a day that is not too late.
            let day = head.planned.filter(|day| *day <= visit.due || visit.due < first);
            visit.fixed = visit.fixed.or(day);
            visit.by = if head.planned.is_none() { visit.by.min(head.due) } else { visit.by };
        }
        of_leads.entry(input.lead(&record.data)).or_default().extend(own);
        if let Some((head, visit)) = of_head {
            of_heads.entry(head).or_default().push(visit);
        }
    }
    of_leads.iter_mut().for_each(|(lead, visits)| spread(visits, &worked(input, lead, days)));
    let mut led: BTreeMap<&str, NaiveDate> = BTreeMap::new();
    for visit in of_leads.values().flatten() {
        led.entry(visit.id).or_insert(visit.day);
    }
    for (head, mut visits) in of_heads {
        for visit in &mut visits {
            let in_time = |day: &NaiveDate| *day <= visit.due || visit.due < first;
            visit.fixed = visit.fixed.or(led.get(visit.id).copied().filter(in_time));
        }
        let own = of_leads.entry(head).or_default();
        own.iter_mut().for_each(|visit| visit.fixed = Some(visit.day));
        own.extend(visits);
        spread(own, &worked(input, head, days));
    }
    of_leads.retain(|manager, visits| input.covers(manager) && !visits.is_empty());
    of_leads
}

/// The visits a client is due from `first` to the end of the month.
fn due<'b>(input: &Input<'b>, id: &'b str, client: &'b Client, first: NaiveDate) -> Vec<Due<'b>> {
    let end = input.months.last_day();
    let known = input.as_of.min(first);
    let Some(owed) = input.deadlines.visit(client, known) else {
        return Vec::new();
    };
    let cadence = Days::new(input.deadlines.cadence(client, known).max(1).into());
    let open = || client.planned.iter().filter(|plan| plan.cancelled.is_none()).map(|plan| plan.date.0);
    let planned = open().filter(|day| (first..=end).contains(day)).min();
    // A visit planned before the month begins counts as made on its day.
    let before = open().filter(|day| (known..first).contains(day)).max();
    let owed = before.and_then(|day| day.checked_add_days(cadence)).map_or(owed, |next| owed.max(next));
    let visit = |due, planned| Due {
        id,
        client,
        last: last_visit(client, known).map(|visit| visit.date.0),
        due,
        size: input.size(client).unwrap_or_default(),
        planned,
        by: due,
        fixed: planned,
        day: first,
    };
    let start = planned.unwrap_or(owed.max(first));
    let rest = std::iter::successors(Some(start), |day| day.checked_add_days(cadence));
    let rest = rest.take_while(|day| *day <= end);
    rest.enumerate()
        .map(|(index, day)| if index == 0 { visit(owed, planned) } else { visit(day, None) })
        .collect()
}

/// The visit a head of the client's lead, other than the lead, is due from `first` to the end of the month.
fn due_of_head<'b>(
    input: &Input<'b>,
    id: &'b str,
    client: &'b Client,
    first: NaiveDate,
) -> Option<(&'b str, Due<'b>)> {
    let end = input.months.last_day();
    let known = input.as_of.min(first);
    let asked = input.deadlines.head_visit(input.book, client, known);
    let AskedOfHead { heads, by, last, due, .. } =
        asked.filter(|asked| asked.by != lead_on(client, known))?;
    let open = client.planned.iter().filter(|plan| plan.cancelled.is_none() && heads.contains(&&*plan.by));
    let plan = open.filter(|plan| plan.date.0 >= known && plan.date.0 <= end).min_by_key(|plan| plan.date);
    if plan.map_or(due > end, |plan| plan.date.0 < first) {
        return None;
    }
    let size = input.size(client).unwrap_or_default();
    let planned = plan.map(|plan| plan.date.0);
    let visit = Due { id, client, last, due, size, planned, by: due, fixed: planned, day: first };
    Some((plan.map_or(by, |plan| &plan.by), visit))
}

/// Gives each visit its working day: what is overdue comes first, the rest as late as it is due, and no day carries more
/// than its even part unless a due day asks for it.
fn spread(visits: &mut [Due<'_>], days: &[NaiveDate]) {
    visits.sort_by(|a, b| (a.due, b.size, a.id).cmp(&(b.due, a.size, b.id)));
    let part = visits.len().div_ceil(days.len().max(1));
    let mut load: BTreeMap<NaiveDate, usize> = days.iter().map(|day| (*day, 0)).collect();
    for day in visits.iter().filter_map(|visit| visit.fixed) {
        *load.entry(day).or_default() += 1;
    }
    for visit in visits.iter_mut() {
        visit.day = visit.fixed.unwrap_or_else(|| pick(visit.by, days, part, &mut load).unwrap_or(visit.day));
    }
    visits.sort_by(|a, b| (a.day, a.due, b.size, a.id).cmp(&(b.day, b.due, a.size, b.id)));
}

/// The working day for a visit due on `due`, whose load grows by it.
fn pick(
    due: NaiveDate,
    days: &[NaiveDate],
    part: usize,
    load: &mut BTreeMap<NaiveDate, usize>,
) -> Option<NaiveDate> {
    let carried = |day: &NaiveDate| load.get(day).copied().unwrap_or_default();
    let in_time = &days[..days.partition_point(|day| *day <= due)];
    let free = |day: &&NaiveDate| carried(day) < part;
    let day = if in_time.is_empty() {
        days.iter().find(free).or(days.first())
    } else {
        in_time.iter().rev().find(free).or_else(|| in_time.iter().min_by_key(|day| carried(day)))
    };
    let day = *day?;
    *load.entry(day).or_default() += 1;
    Some(day)
}

fn plan(input: &Input<'_>, by_manager: &BTreeMap<&str, Vec<Due<'_>>>) -> Table {
    let mut table = PLAN.table(input);
    for (manager, visits) in by_manager {
        for visit in visits {
            let plan = || Settle::add("plan", format!("--date {} --by {manager}", visit.day));
            table.push(vec![
                (*manager).into(),
                visit.day.into(),
                visit.id.into(),
                visit.client.name.as_str().into(),
                choice(RecordKind::Client, &["tier"], input.tier(visit.client)),
                visit.due.into(),
                visit.last.into(),
                number(input.size(visit.client)),
                if visit.planned.is_some() { Cell::Missing } else { input.settle(visit.id, plan()) },
            ]);
        }
    }
    table
}

fn load(
    input: &Input<'_>,
    by_manager: &BTreeMap<&str, Vec<Due<'_>>>,
    first: NaiveDate,
    days: &[NaiveDate],
) -> Table {
    let rows = by_manager.iter().map(|(manager, visits)| {
        let days = worked(input, manager, days).len();
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

    #[test]
    fn nobody_visits_on_leave_or_after_the_last_day() {
        // Of the 21 working days of November the first is a Monday, the 2nd: on leave to the 20th and gone after the 25th, three
        // are left, the 23rd to the 25th, one for each of three clients.
        let clients = ["a", "b", "c"].map(|id| client(id, "2026-07-01", ""));
        let away = "status = 'active'\nleft = 2026-11-25\nleaves = [{ from = 2026-11-02, to = 2026-11-20, kind = 'annual' }]\n";
        let book = book(&clients).replace("name = '王芳'\n", &format!("name = '王芳'\n{away}"));
        assert_eq!(plan(&book, "2026-10-31"), ["2026-11-23 a", "2026-11-24 b", "2026-11-25 c"]);
        let load = lines_on(&book, "visit-plan", "visit_load", "2026-11", "2026-10-31");
        assert_eq!(load, ["wang-fang | 3 | 3 | 0 | 3 | 1"]);
    }

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
        // November 2026 begins on a Sunday and has 21 working days, so that no day carries two of five visits. a and b are
        // overdue, c is due on the 4th, f on the 27th; e keeps its plan and d is not due before December.
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
            ["2026-11-02 a", "2026-11-03 b", "2026-11-04 c", "2026-11-20 e", "2026-11-27 f"]
        );
    }

    #[test]
    fn a_red_warning_brings_a_visit_every_week() {
        let red = "[[warnings]]\nopened = 2026-10-20\nsignal = '欠息'\nlevel = 'red'\n";
        let book = book(&[client("a", "2026-10-30", red)]);
        // The last contact was on 30 October.
        assert_eq!(
            plan(&book, "2026-10-31"),
            ["2026-11-06 a", "2026-11-13 a", "2026-11-20 a", "2026-11-27 a"]
        );
        // Last seen on the 17th and planned for the 30th: the next week's falls on 6 November again.
        let planned = "[[planned]]\ndate = 2026-10-30\nby = 'wang-fang'\n";
        let book = self::book(&[client("a", "2026-10-17", &format!("{red}{planned}"))]);
        assert_eq!(plan(&book, "2026-10-25")[0], "2026-11-06 a");
    }

    #[test]
    fn no_day_carries_more_than_its_part() {
        // 22 visits due on the 27th: two on each of the last eleven days up to it.
        let clients: Vec<String> = (10..32).map(|n| client(&format!("c{n}"), "2026-09-28", "")).collect();
        let plan = plan(&book(&clients), "2026-10-31");
        let on = |day: &str| plan.iter().filter(|visit| visit.starts_with(day)).count();
        assert_eq!((plan.len(), on("2026-11-13"), on("2026-11-27"), on("2026-11-12")), (22, 2, 2, 0));
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
    #[test]
    fn a_visit_of_a_head_is_planned_for_the_head() {
        // 30 days after the call of 30 October is a Sunday; 90 after zhao's visit of 20 August the 18th.
        let strategic = |planned: &str| {
            format!(
                "{}# file: managers/zhao.toml\nname = '赵'\n# file: managers/wang-fang.toml\nname = '王芳'\n\
                 reports_to = 'zhao'\n# file: clients/s.toml\nname = 's'\ntier = 'strategic'\nmanager = 'wang-fang'\n\
                 status = 'active'\nvisits = [{{ date = 2026-08-20, by = 'zhao', kind = 'on-site' }}, \
                 {{ date = 2026-10-30, by = 'wang-fang', kind = 'call' }}]\n{planned}",
                "# file: rmbook.toml\nname = '测试支行'\n"
            )
        };
        let rows = |planned: &str| {
            lines_on(&strategic(planned), "visit-plan", "visit_plan", "2026-11", "2026-10-31")
        };
        assert_eq!(
            rows(""),
            [
                "wang-fang | 2026-11-18 | s | s | strategic | 2026-11-29 | 2026-10-30 | - | rmbook add plan s --date 2026-11-18 --by wang-fang",
                "zhao | 2026-11-18 | s | s | strategic | 2026-11-18 | 2026-08-20 | - | rmbook add plan s --date 2026-11-18 --by zhao",
            ]
        );
        // What a head has planned is the next visit of both.
        let plan_of = |book: &str| plan(book, "2026-10-31");
        let plan = |day: &str| {
            plan(&strategic(&format!("planned = [{{ date = {day}, by = 'zhao' }}]\n")), "2026-10-31")
        };
        assert_eq!(plan("2026-11-10"), ["2026-11-10 s", "2026-11-10 s"]);
        assert_eq!(plan("2026-12-10"), ["2026-11-18 s", "2026-11-18 s"]);
        // What the lead has planned stays, and a head who must be there sooner goes alone.
        let own =
            |day: &str| plan_of(&strategic(&format!("planned = [{{ date = {day}, by = 'wang-fang' }}]\n")));
        assert_eq!(own("2026-11-20"), ["2026-11-20 s", "2026-11-18 s"]);
        assert_eq!(own("2026-11-10"), ["2026-11-10 s", "2026-11-10 s"]);
    }
}
