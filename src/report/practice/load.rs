//! Load: who carries too much, which clients could move, and who has not rested.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::super::reference;
use super::{Col, Input, Report, Run, Sheet, Usual, number, ratio, share};
use crate::book::rest::Rests;
use crate::book::workload::{Carried, Workload, workloads};
use crate::msg;
use crate::period::whole_months;
use crate::record::client::Tier;
use crate::record::kind::RecordKind;
use crate::record::manager::Manager;
use crate::record::value::Year;
use crate::record::workplace::{Leave, LeaveKind};
use crate::table::{Cell, Table};
use crate::text::{Message, Text};
use chrono::{Datelike, NaiveDate};

pub(super) const REPORT: Report = Report {
    name: "load",
    title: Text::new("Load", "工作量"),
    question: Text::new(
        "Who carries too much, which base clients could move to whom, and who has taken no leave?",
        "谁的工作量过重，哪些基础客户可以调整给谁，谁长期未休假？",
    ),
    about: Text::new(
        "load: clients led on the report's day, each weighed by its tier's equivalent (settings `equivalents`; published schemes use 3 / 2 / 1 / 0.6); prospects and small clients are work too, so that it is no less than the metric `client_equivalents`, which counts effective clients alone\n\
         principal led: all that the clients led have drawn under unsettled facilities on the report's day, whoever shares the credit; `risk` divides it by credit share\n\
         visits a week: visits made in the period for each five working days of it up to the report's day; companions made none\n\
         at work: neither left nor away for long on the report's day (a leave other than annual of over a month, or as long as the status is `away` since the last such leave began)\n\
         median: of the members of the manager's team at work, without a head who leads no client and receives none; managers without a team are one group, whom RM631 leaves alone\n\
         heavy: load above the settings' multiple of that median (`management.load`, 1.5)\n\
         could move: base clients of a heavy manager, the smallest first, as many as it takes to be no longer heavy, each to the team's lightest at that moment, never making that one heavy too or the heavier of the two; the load of both after each move is shown, and below the table why somebody stays heavy\n\
         leave: annual leave due in the year and taken by the report's day; a leave counts in each year its working days of it, one that states its days as large a part of them; months without leave: whole months since the last day of the last annual leave, without one since joining or since the first visit or leave in the book (as RM630); missing where the book keeps no leave\n\
         overtime: days stated for the period's months",
        "工作量：报告日主办客户按层级折算系数合计（设置 equivalents；公开方案采用3/2/1/0.6）；潜在及小额客户同样占用精力，故不低于仅计有效户的指标 client_equivalents\n\
         主办用信余额：主办客户报告日未结清授信的用信余额合计，不按分成；risk 报表按分成计算\n\
         周均拜访：本期拜访次数÷截至报告日工作日数×5；陪同不计\n\
         在岗：报告日未离职且未长期离岗（超过一个月的其他休假，或状态为 away 的自最近一次其他休假起）\n\
         中位数：本团队在岗成员的中位数（未主办客户的负责人不计入，也不作为移入方）；未设团队的归为一组（RM631 不提示）\n\
         过重：超过中位数的设置倍数（management.load，1.5倍）\n\
         可调整：过重人员的基础客户，由小到大，直至不再过重，依次调整给当时团队中最轻者，调整后不得成为过重，也不得超过移出方；列示每次调整后双方工作量，仍过重的在表下说明原因\n\
         休假：当年应休年假及截至报告日已休天数；按落在当年的工作日计算，填有天数的按工作日占比折算；未休假月数：自最近一次年休假结束日起的整月数，无年休假记录的自入职日或台账首次拜访、休假登记日起算（同 RM630）；台账未登记休假的不计算\n\
         加班：本期各月登记的加班天数",
    ),
    usual: Usual::LastFigures,
    figures: false,
    run: Run::Book(run),
};

const LOAD: Sheet = Sheet {
    name: "load",
    title: Text::new("Load and leave by manager", "工作量与休假"),
    columns: &[
        Col::text("manager", "Manager", "客户经理"),
        Col::text("team", "Team", "团队"),
        Col::count("clients", "Clients", "主办客户"),
        Col::number("load", "Load", "折算工作量").bar(),
        Col::ratio("of_median", "Of the median", "相对中位数"),
        Col::flag("heavy", "Heavy", "过重"),
        Col::money("drawn", "Principal led", "主办用信余额"),
        Col::number("visits_week", "Visits a week", "周均拜访"),
        Col::number("leave_due", "Leave due", "应休年假"),
        Col::number("leave_left", "Leave left", "未休年假"),
        Col::count("no_leave_months", "Months without leave", "未休假月数"),
        Col::number("overtime", "Overtime days", "加班天数"),
    ],
};

const MOVES: Sheet = Sheet {
    name: "possible_moves",
    title: Text::new("Base clients that could move", "可调整的基础客户"),
    columns: &[
        Col::text("from", "From", "移出"),
        Col::text("client", "Client", "客户"),
        Col::text("name", "Name", "客户名称"),
        Col::size("size", "Size", "规模"),
        Col::text("to", "To", "移入"),
        Col::number("from_before", "From before", "移出方原工作量"),
        Col::number("from_after", "From after", "移出方调整后"),
        Col::number("to_before", "To before", "移入方原工作量"),
        Col::number("to_after", "To after", "移入方调整后"),
        Col::text("settle", "Command", "办理命令"),
    ],
};

fn run(input: &Input<'_>) -> Vec<Table> {
    // Every team of the book, so that a median does not depend on whom the report is about.
    let teams = workloads(input.book, input.as_of);
    vec![loads(input, &teams), moves(input, &teams)]
}

fn loads(input: &Input<'_>, teams: &[Workload<'_>]) -> Table {
    let mut visits: BTreeMap<&str, u32> = BTreeMap::new();
    for visit in input.book.clients.iter().flat_map(|record| &record.data.visits) {
        if input.is_in(visit.date) {
            *visits.entry(&visit.by).or_default() += 1;
        }
    }
    let days = input.months.first_day().iter_days().take_while(|day| *day <= input.as_of);
    let working = days.filter(|day| input.days.is_working(*day)).count();
    let rests = Rests::of(input.book);
    let mut table = LOAD.table(input);
    for team in teams {
        for (manager, own) in team.members.iter().filter(|(manager, _)| input.covers(manager)) {
            let Some(record) = input.book.managers.get(manager) else { continue };
            let a_week = share(visits.get(manager).copied().unwrap_or_default() * 5, working);
            let mut row = vec![
                (*manager).into(),
                team.team.into(),
                own.clients.len().into(),
                number(own.load),
                ratio(share(own.load, team.median)),
                Cell::Flag(team.is_heavy(own.load)),
                number(own.clients.iter().map(|client| input.drawn(&client.data)).sum::<Decimal>()),
                number(a_week),
            ];
            row.extend(leave(input, &record.data, rests));
            table.push(row);
        }
    }
    table
}

/// Leave due and left, months without leave, overtime.
fn leave(input: &Input<'_>, manager: &Manager, rests: Rests) -> [Cell; 4] {
    let year = input.as_of.year();
    let annual = manager.leaves.iter().filter(|leave| leave.kind == LeaveKind::Annual);
    // A day on which two leaves lie is taken once.
    let mut away = BTreeMap::new();
    let taken: Decimal = annual.map(|leave| taken(input, leave, year, &mut away)).sum();
    let due = manager.leave_due.get(&Year(year)).map(|due| due.0);
    let months = rests.last(manager, input.as_of).map(|last| whole_months(last.day(), input.as_of));
    let overtime = manager.overtime.iter().filter(|(month, _)| input.months.contains(**month));
    let overtime: Decimal = overtime.map(|(_, days)| days.0).sum();
    [
        number(due),
        number(due.map(|due| due - taken)),
        months.map_or(Cell::Missing, |months| Cell::Count(months.into())),
        number(overtime),
    ]
}

/// Days of a leave that fall on a year and had come by the report's day: its working days, or as large a part of the days it
/// states as these are of all its working days. What other leaves took of a day stands in `away`, and what it takes joins that.
fn taken(input: &Input<'_>, leave: &Leave, year: i32, away: &mut BTreeMap<NaiveDate, Decimal>) -> Decimal {
    let days = leave.from.0.iter_days().take_while(|day| *day <= leave.to.0);
    let working: Vec<NaiveDate> = days.filter(|day| input.days.is_working(*day)).collect();
    let stated = match leave.days {
        Some(_) if working.is_empty() && (leave.from.0.year() != year || leave.from.0 > input.as_of) => {
            return Decimal::ZERO;
        }
        Some(stated) if working.is_empty() => return stated.0,
        stated => stated.map_or(working.len().into(), |stated| stated.0),
    };
    // Of days that no other leave lies on as large a part as it takes of all; of the others what is left of them.
    let (mut free, mut rest) = (Decimal::ZERO, Decimal::ZERO);
    for day in &working {
        let counts = day.year() == year && *day <= input.as_of;
        let each = stated / Decimal::from(working.len());
        let before = away.insert(*day, each);
        match before.map(|before| (Decimal::ONE - before).max(Decimal::ZERO).min(each)) {
            _ if !counts => {}
            None => free += Decimal::ONE,
            Some(left) => rest += left,
        }
        *away.entry(*day).or_default() += before.unwrap_or_default();
    }
    stated * free / Decimal::from(working.len().max(1)) + rest
}

fn moves(input: &Input<'_>, teams: &[Workload<'_>]) -> Table {
    let mut table = MOVES.table(input);
    for team in teams {
        let members = || team.members.iter().map(|(id, own)| (*id, own));
        let mut loads: BTreeMap<&str, Decimal> = members().map(|(id, own)| (id, own.load)).collect();
        let mut heavy: Vec<(&str, &Carried<'_>)> =
            members().filter(|(_, own)| team.is_heavy(own.load)).collect();
        heavy.sort_by(|a, b| b.1.load.cmp(&a.1.load).then_with(|| a.0.cmp(b.0)));
        for (from, own) in heavy.into_iter().filter(|(from, _)| input.covers(from)) {
            relieve(input, team, (from, own), &mut loads, &mut table);
        }
    }
    table
}

/// The moves that relieve one who is heavy, and why that one stays so, where they do not suffice.
fn relieve<'m>(
    input: &Input<'_>,
    team: &Workload<'_>,
    (from, own): (&'m str, &Carried<'_>),
    loads: &mut BTreeMap<&'m str, Decimal>,
    table: &mut Table,
) {
    let each = input.book.settings.equivalents.of(Tier::Base).0;
    let base = own.clients.iter().filter(|client| input.tier(&client.data) == Tier::Base);
    let mut base: Vec<_> =
        base.map(|client| (input.size(&client.data).unwrap_or_default(), *client)).collect();
    base.sort_by_key(|(size, client)| (*size, &client.id));
    let mut base = base.into_iter();
    let why = loop {
        let before = loads.get(from).copied().unwrap_or_default();
        if !team.is_heavy(before) {
            return;
        }
        let others = loads.iter().filter(|(to, _)| **to != from && team.shares(to));
        let Some((to, to_before)) = others.min_by_key(|(_, load)| **load).map(|(to, load)| (*to, *load))
        else {
            break NOBODY_ELSE.into();
        };
        let (after, to_after) = (before - each, to_before + each);
        if team.is_heavy(to_after) || to_after > after {
            break msg!(NO_ROOM, to = to, load = to_after.normalize());
        }
        let Some((size, client)) = base.next() else { break NO_BASE_CLIENT.into() };
        loads.insert(from, after);
        loads.insert(to, to_after);
        table.push(vec![
            from.into(),
            (&*client.id).into(),
            client.data.name.as_str().into(),
            number(size),
            to.into(),
            number(before),
            number(after),
            number(to_before),
            number(to_after),
            format!(
                "rmbook handover {} --to {to} --on DATE",
                reference(input.book, RecordKind::Client, &client.id)
            )
            .into(),
        ]);
    };
    let load = loads.get(from).copied().unwrap_or_default().normalize();
    let why: Message = why;
    table.notes.push(msg!(STAYS, manager = from, load = load, limit = team.limit.normalize(), why = why));
}

const STAYS: Text = Text::new(
    "`{manager}` stays at {load}, above the limit of {limit}: {why}",
    "“{manager}”仍为 {load}，高于上限 {limit}：{why}",
);
const NOBODY_ELSE: Text =
    Text::new("nobody else of the team is at work and leads clients", "本团队无其他在岗并主办客户的人员");
const NO_BASE_CLIENT: Text = Text::new("no base client is left that could move", "已无可调整的基础客户");
const NO_ROOM: Text = Text::new(
    "with one more `{to}`, the lightest of the team, would carry {load} and be heavy or the heavier of the two",
    "团队中工作量最轻的“{to}”再接一户即为 {load}，将成为过重或超过移出方",
);

#[cfg(test)]
mod tests {
    use super::super::{lines, notes};

    fn client(id: &str, tier: &str, manager: &str, deposits: u32) -> String {
        format!(
            "# file: clients/{id}.toml\nname = '{id}'\ntier = '{tier}'\nmanager = '{manager}'\nstatus = 'active'\n\
             results = {{ 2026-10 = {{ deposits = {deposits} }} }}\n"
        )
    }

    fn book(clients: &[String]) -> String {
        let head = "# file: rmbook.toml\nname = '测试支行'\n\
            # file: managers/a.toml\nname = '甲'\nteam = 'one'\nleave_due = { 2026 = 10 }\novertime = { 2026-09 = 9, 2026-10 = 3.5 }\n\
            leaves = [{ from = 2026-03-09, to = 2026-03-13, kind = 'annual' }, { from = 2026-11-02, to = 2026-11-03, kind = 'annual' }]\n\
            # file: managers/b.toml\nname = '乙'\nteam = 'one'\n\
            # file: managers/c.toml\nname = '丙'\nteam = 'one'\n\
            # file: managers/gone.toml\nname = '丁'\nteam = 'one'\nleft = 2026-10-30\n# file: teams/one.toml\nname = '一部'\n";
        format!("{head}{}", clients.concat())
    }

    #[test]
    fn base_clients_move_until_nobody_is_heavy() {
        // a: 3 + 2 + 1 + 1 = 7, b: 4, c: 2; the median of the three at work is 4 and the limit 6.
        let clients = [
            client("s", "strategic", "a", 900),
            client("k", "key", "a", 500),
            client("small", "base", "a", 10),
            client("large", "base", "a", 90),
            client("k2", "key", "b", 1),
            client("k3", "key", "b", 1),
            client("k4", "key", "c", 1),
            client("k5", "key", "gone", 1),
        ];
        assert_eq!(
            lines(&book(&clients), "load", "possible_moves", "2026-10"),
            ["a | small | small | 10 | c | 7 | 6 | 2 | 3 | rmbook handover small --to c --on DATE"]
        );
        // Five working days of leave in March, that of November still to come.
        assert_eq!(
            lines(&book(&clients), "load", "load", "2026-10")[..2],
            [
                "a | one | 4 | 7 | 175% | true | 0 | 0 | 10 | 5 | 7 | 3.5",
                "b | one | 2 | 4 | 100% | false | 0 | 0 | - | - | - | 0",
            ]
        );
    }

    #[test]
    fn the_light_ones_receive_until_they_would_be_heavy_and_the_rest_is_explained() {
        // a: 3 + 4 = 7, b and c: 2 each; the median is 2 and the limit 3.
        let base = ["w", "x", "y", "z"].map(|id| client(id, "base", "a", 10));
        let others =
            [client("s", "strategic", "a", 900), client("k", "key", "b", 1), client("l", "key", "c", 1)];
        let all: Vec<String> = base.iter().chain(&others).cloned().collect();
        let moves = |book: &str| lines(book, "load", "possible_moves", "2026-10");
        let text = book(&all);
        assert_eq!(
            moves(&text),
            [
                "a | w | w | 10 | b | 7 | 6 | 2 | 3 | rmbook handover w --to b --on DATE",
                "a | x | x | 10 | c | 6 | 5 | 2 | 3 | rmbook handover x --to c --on DATE",
            ]
        );
        let full = "`a` stays at 5, above the limit of 3: with one more `b`, the lightest of the team, would carry 4 and be heavy \
                    or the heavier of the two";
        assert_eq!(notes(&text, "load", "possible_moves", "2026-10"), [full]);
        // Without base clients nothing moves: 3 + 3, beside 2 and 2.
        let key = [
            client("s", "strategic", "a", 9),
            client("t", "strategic", "a", 9),
            others[1].clone(),
            others[2].clone(),
        ];
        let text = book(&key);
        assert!(moves(&text).is_empty());
        let none = "`a` stays at 6, above the limit of 3: no base client is left that could move";
        assert_eq!(notes(&text, "load", "possible_moves", "2026-10"), [none]);
    }

    #[test]
    fn a_day_on_which_two_leaves_lie_is_taken_once() {
        // Monday 9 to Friday 13 March, and Thursday 12 to Monday 16: six working days of ten.
        let twice = book(&[client("k", "key", "a", 1)]).replace(
            "{ from = 2026-03-09,",
            "{ from = 2026-03-12, to = 2026-03-16, kind = 'annual' }, { from = 2026-03-09,",
        );
        let line = lines(&twice, "load", "load", "2026-10").remove(0);
        assert_eq!(line.split(" | ").skip(8).take(2).collect::<Vec<_>>(), ["10", "4"]);
        // Half of Thursday 12 stands in the five days; half of Tuesday 17 and the whole of it are one day: six again.
        let halves = book(&[client("k", "key", "a", 1)]).replace(
            "{ from = 2026-03-09,",
            "{ from = 2026-03-12, to = 2026-03-12, days = 0.5, kind = 'annual' }, { from = 2026-03-17, to = 2026-03-17, days = 0.5, kind = 'annual' }, \
             { from = 2026-03-17, to = 2026-03-17, kind = 'annual' }, { from = 2026-03-09,",
        );
        let line = lines(&halves, "load", "load", "2026-10").remove(0);
        assert_eq!(line.split(" | ").skip(8).take(2).collect::<Vec<_>>(), ["10", "4"]);
    }

    #[test]
    fn leave_over_new_year_falls_on_both_years() {
        // Monday 29 December to Monday 5 January: three working days of each year, as the book has no calendar.
        let of = |days: &str, period: &str| {
            let book = book(&[]).replace(
                "{ from = 2026-03-09, to = 2026-03-13, kind = 'annual' }",
                &format!("{{ from = 2025-12-29, to = 2026-01-05, kind = 'annual'{days} }}"),
            );
            let book = book.replace("leave_due = { 2026 = 10 }", "leave_due = { 2025 = 5, 2026 = 10 }");
            let line = lines(&book, "load", "load", period).remove(0);
            line.split(" | ").skip(8).take(2).collect::<Vec<_>>().join(" of ")
        };
        assert_eq!(
            ["2025-12", "2026-01", "2026-10"].map(|period| of("", period)),
            ["5 of 2", "10 of 7", "10 of 7"]
        );
        // Five stated days of six working days: half of them in each year.
        assert_eq!(["2025-12", "2026-01"].map(|period| of(", days = 5", period)), ["5 of 2.5", "10 of 7.5"]);
    }

    #[test]
    fn who_left_since_was_at_work_before() {
        let left = book(&[]).replace("left = 2026-10-30", "left = 2026-10-30\nstatus = 'left'");
        let of = |period| lines(&left, "load", "load", period);
        assert!(of("2026-09")[3].starts_with("gone | one |"));
        assert_eq!(of("2026-10").len(), 3);
    }

    #[test]
    fn a_head_without_clients_is_not_among_those_who_share_them() {
        let clients = [client("k", "key", "a", 1), client("k2", "key", "b", 1), client("k3", "key", "b", 1)];
        let headed = book(&clients).replace("name = '一部'", "name = '一部'\nlead = 'c'");
        // 2 and 4 beside the head: the median is 3, and without a head 2.
        assert!(
            lines(&headed, "load", "load", "2026-10")[1].starts_with("b | one | 2 | 4 | 133.33% | false")
        );
        assert!(
            lines(&book(&clients), "load", "load", "2026-10")[1].starts_with("b | one | 2 | 4 | 200% | true")
        );
    }

    #[test]
    fn months_without_leave_are_never_below_zero() {
        // b joined long ago; the book knows of leave since a's of March, seven whole months before the end of October.
        let visited =
            client("k", "key", "a", 1) + "visits = [{ date = 2026-12-01, by = 'a', kind = 'call' }]\n";
        let joined = book(&[visited]).replace("name = '乙'", "name = '乙'\njoined = 2018-03-01");
        assert!(lines(&joined, "load", "load", "2026-10")[1].ends_with(" | - | - | 7 | 0"));
        assert!(lines(&joined, "load", "load", "2026-02")[1].ends_with(" | - | - | - | 0"));
    }

    #[test]
    fn without_clients_nobody_is_heavy() {
        let lines = lines(&book(&[]), "load", "load", "2026-10");
        assert_eq!(lines.len(), 3);
        assert!(lines[1].starts_with("b | one | 0 | 0 | - | false"), "{}", lines[1]);
    }
}
