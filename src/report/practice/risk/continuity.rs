//! Contingency plans and their drills, and what would stand alone if a manager resigned today.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::super::{Col, Input, Sheet, choice, days, number, part};
use crate::period::whole_months;
use crate::record::client::{Client, VisitKind};
use crate::record::kind::RecordKind;
use crate::record::manager::Status;
use crate::record::team::{Contingency, Drill, Team};
use crate::table::{Cell, Table};
use crate::text::{Message, Text};

const PLANS: Sheet = Sheet {
    name: "contingency_plans",
    title: Text::new("Contingency plans and drills", "应急预案与演练"),
    columns: &[
        Col::text("team", "Team", "团队"),
        Col::text("id", "Plan", "预案编号"),
        Col::text("scenario", "Scenario", "适用情形"),
        Col::text("owner", "Owner", "责任人"),
        Col::date("updated", "Updated", "最近修订"),
        Col::count("months", "Months old", "距今月数"),
        Col::date("drilled", "Last drill", "最近演练"),
        Col::flag("passed", "Passed", "达到预期"),
        Col::count("steps", "Steps", "步骤数"),
        Col::text("gap", "What is missing", "缺口"),
    ],
};

const RESIGNED: Sheet = Sheet {
    name: "if_resigned",
    title: Text::new("If this manager resigned today", "客户经理今日离职的影响"),
    columns: &[
        Col::text("manager", "Manager", "客户经理"),
        Col::count("clients", "Clients", "主办客户"),
        Col::count("alone", "Without cover", "无人接管客户"),
        Col::size("size_alone", "Size without cover", "无人接管规模"),
        Col::money("drawn_alone", "Principal without cover", "无人接管用信"),
        Col::ratio("covered", "Covered", "覆盖率").bar(),
        Col::text("largest", "Largest without cover", "最大无人接管客户"),
    ],
};

const TOP: Sheet = Sheet {
    name: "top_client_cover",
    title: Text::new("Cover of the largest clients by a second manager", "大户协办客户经理覆盖"),
    columns: &[
        Col::text("client", "Client", "客户"),
        Col::text("name", "Name", "客户名称"),
        Col::size("size", "Size", "规模"),
        Col::text("lead", "Lead", "主办客户经理"),
        Col::text("backup", "Second", "协办客户经理"),
        Col::date("seen", "Second's last visit", "协办最近拜访"),
        Col::count("seen_days", "Days since", "距今天数"),
        Col::flag("covered", "Covered", "已覆盖"),
    ],
};

/// Days within which the second manager must have been with a client to stand in.
const COVER_DAYS: i64 = 90;

pub(super) fn tables(input: &Input<'_>) -> Vec<Table> {
    vec![resigned(input), top(input), plans(input)]
}

fn has_left(input: &Input<'_>, manager: &str) -> bool {
    input.book.managers.get(manager).is_none_or(|record| {
        let left = record.data.left;
        left.map_or(record.data.status == Status::Left, |left| left.0 <= input.as_of)
    })
}

/// All that a plan lacks on the report's day, as RM642 to RM644, RM652 and RM688 see it.
fn gaps(input: &Input<'_>, team: &Team, plan: &Contingency, drill: Option<&Drill>) -> Cell {
    let is_over = |due: Option<NaiveDate>| due.is_some_and(|due| due < input.as_of);
    let is_undrilled = input.deadlines.drill(team, plan, input.as_of).is_none_or(|due| due < input.as_of);
    let has_failed = drill.is_some_and(|drill| !drill.counts());
    let gaps = [
        (has_left(input, &plan.owner), "owner-left", Text::new("its owner has left", "责任人已离职")),
        (plan.dated(input.as_of).is_none(), "not-approved", Text::new("never approved", "未批准")),
        (is_over(input.deadlines.plan_review(plan, input.as_of)), "old", Text::new("out of date", "已过期")),
        (
            is_undrilled && has_failed,
            "drill-failed",
            Text::new("failed in its last drill", "最近演练未达预期"),
        ),
        (is_undrilled && !has_failed, "no-drill", Text::new("not drilled in time", "逾期未演练")),
        (plan.steps.is_empty(), "no-steps", Text::new("no steps", "无处置步骤")),
        (plan.contacts.is_empty(), "no-contacts", Text::new("no contact sheet", "无应急联系人")),
    ];
    let found: Vec<_> = gaps.into_iter().filter(|(is_there, ..)| *is_there).collect();
    if found.is_empty() {
        return Cell::Missing;
    }
    let joined = |of: fn(&(bool, &'static str, Text)) -> &'static str, between: &str| {
        found.iter().map(of).collect::<Vec<_>>().join(between)
    };
    let title = Message::both(joined(|(.., text)| text.en, ", "), joined(|(.., text)| text.zh, "、"));
    Cell::Titled { key: joined(|(_, key, _)| key, ", "), title }
}

fn plans(input: &Input<'_>) -> Table {
    let mut table = PLANS.table(input);
    let known = |plan: &&Contingency| plan.approved.is_none_or(|day| day.0 <= input.as_of);
    for (id, team) in input.teams() {
        for plan in team.contingencies.iter().filter(known) {
            table.push(plan_row(input, id, team, plan));
        }
    }
    table
}

fn plan_row(input: &Input<'_>, id: &str, team: &Team, plan: &Contingency) -> Vec<Cell> {
    let updated = plan.dated(input.as_of).map(|day| day.0);
    let months = updated.map(|day| whole_months(day, input.as_of));
    let drills = team.drills.iter().filter(|drill| drill.plan == plan.id && drill.date.0 <= input.as_of);
    let drill = drills.max_by_key(|drill| drill.date);
    vec![
        id.into(),
        plan.id.as_str().into(),
        choice(RecordKind::Team, &["contingencies", "scenario"], plan.scenario),
        (&*plan.owner).into(),
        updated.into(),
        days(months.map(i64::from)),
        drill.map(|drill| drill.date.0).into(),
        drill.and_then(|drill| drill.passed).map_or(Cell::Missing, Cell::Flag),
        plan.steps.len().into(),
        gaps(input, team, plan, drill),
    ]
}

/// The last day the client's second manager was with it.
fn second_seen(input: &Input<'_>, client: &Client) -> Option<NaiveDate> {
    let backup = client.backup_on(input.as_of).filter(|backup| !has_left(input, backup))?;
    // Whoever has only telephoned has not been there.
    let there = client.visits.iter().filter(|visit| visit.kind != VisitKind::Call);
    let there = there.filter(|visit| visit.by == *backup || visit.with.contains(backup));
    there.filter_map(|visit| input.past(Some(visit.date))).max()
}

fn is_covered(input: &Input<'_>, client: &Client) -> bool {
    second_seen(input, client).is_some_and(|day| input.since(day) <= COVER_DAYS)
}

/// What would stand alone of one manager's clients.
#[derive(Default)]
struct Alone<'b> {
    clients: usize,
    alone: usize,
    size: Decimal,
    drawn: Decimal,
    largest: Option<(Decimal, &'b str)>,
}

fn resigned(input: &Input<'_>) -> Table {
    let mut by_lead: BTreeMap<&str, Alone<'_>> = BTreeMap::new();
    for (id, client) in input.clients() {
        let own = by_lead.entry(input.lead(client)).or_default();
        own.clients += 1;
        if is_covered(input, client) {
            continue;
        }
        let size = input.size(client).unwrap_or_default();
        own.alone += 1;
        own.size += size;
        own.drawn += input.drawn(client);
        if own.largest.is_none_or(|(largest, _)| size > largest) {
            own.largest = Some((size, id));
        }
    }
    let mut rows: Vec<_> = by_lead.into_iter().collect();
    rows.sort_by(|a, b| (b.1.size + b.1.drawn).cmp(&(a.1.size + a.1.drawn)).then_with(|| a.0.cmp(b.0)));
    let rows = rows.into_iter().map(|(manager, own)| {
        vec![
            manager.into(),
            own.clients.into(),
            own.alone.into(),
            number(own.size),
            number(own.drawn),
            part(own.clients - own.alone, own.clients),
            own.largest.map(|(_, id)| id).into(),
        ]
    });
    RESIGNED.filled(input, rows)
}

fn top(input: &Input<'_>) -> Table {
    let mut largest: Vec<(Decimal, &str, &Client)> =
        input.clients().filter_map(|(id, client)| Some((input.size(client)?, id, client))).collect();
    largest.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    largest.truncate(input.book.settings.management.covered_clients as usize);
    let rows = largest.into_iter().map(|(size, id, client)| {
        let seen = second_seen(input, client);
        vec![
            id.into(),
            client.name.as_str().into(),
            number(size),
            input.lead(client).into(),
            client.backup_on(input.as_of).map(|backup| &**backup).into(),
            seen.into(),
            days(seen.map(|day| input.since(day))),
            Cell::Flag(is_covered(input, client)),
        ]
    });
    TOP.filled(input, rows)
}

#[cfg(test)]
mod tests {
    use super::super::super::{lines, lines_on};

    const BOOK: &str = r#"
# file: rmbook.toml
name = "测试支行"
[management]
covered_clients = 2
# file: managers/li-na.toml
name = "李娜"
# file: managers/wang-fang.toml
name = "王芳"
# file: managers/gone.toml
name = "已离职"
left = 2026-10-15
# file: clients/a.toml
name = "甲"
tier = "key"
manager = "li-na"
backup = "wang-fang"
status = "active"
visits = [
  { date = 2026-08-02, by = "li-na", with = ["wang-fang"], kind = "on-site" },
  { date = 2026-10-20, by = "wang-fang", kind = "call" },
]
results = { 2026-10 = { deposits = 500 } }
# file: clients/b.toml
name = "乙"
tier = "key"
manager = "li-na"
backup = "gone"
status = "active"
visits = [{ date = 2026-10-02, by = "gone", kind = "on-site" }]
results = { 2026-10 = { deposits = 700 } }
facilities = [{ id = "a", product = "x", limit = 90, drawn = 80, class = "normal" }]
# file: clients/c.toml
name = "丙"
tier = "key"
manager = "wang-fang"
status = "active"
results = { 2026-10 = { deposits = 10 } }
# file: teams/one.toml
name = "一部"
drills = [{ date = 2026-06-01, plan = "leave", passed = true }, { date = 2026-11-01, plan = "default" }]
[[contingencies]]
id = "leave"
scenario = "manager-leaves"
owner = "li-na"
approved = 2025-09-30
steps = ["a", "b"]
contacts = [{ name = "李" }]
[[contingencies]]
id = "default"
scenario = "client-default"
owner = "gone"
approved = 2026-05-01
[[contingencies]]
id = "outage"
scenario = "system-outage"
owner = "li-na"
approved = 2025-10-31
"#;

    #[test]
    fn a_second_manager_covers_who_was_there_within_90_days() {
        // 2 August is 90 days before 31 October, and the call of the 20th is no visit; the second manager of b has left.
        assert_eq!(
            lines(BOOK, "risk", "if_resigned", "2026-10"),
            ["li-na | 2 | 1 | 700 | 80 | 50% | b", "wang-fang | 1 | 1 | 10 | 0 | 0% | c"]
        );
        assert_eq!(
            lines(BOOK, "risk", "top_client_cover", "2026-10"),
            [
                "b | 乙 | 700 | li-na | gone | - | - | false",
                "a | 甲 | 500 | li-na | wang-fang | 2026-08-02 | 90 | true"
            ]
        );
    }

    #[test]
    fn plans_grow_old_and_drills_of_later_days_are_not_known() {
        assert_eq!(
            lines(BOOK, "risk", "contingency_plans", "2026-10"),
            [
                "one | leave | manager-leaves | li-na | 2025-09-30 | 13 | 2026-06-01 | true | 2 | old",
                "one | default | client-default | gone | 2026-05-01 | 6 | - | - | 0 | owner-left, no-steps, no-contacts",
                "one | outage | system-outage | li-na | 2025-10-31 | 12 | - | - | 0 | no-steps, no-contacts",
            ]
        );
    }

    #[test]
    fn a_drill_is_missing_from_the_day_on_which_it_is_found_overdue() {
        // Twelve months after its approval on 30 October 2025 the plan was to be drilled by 30 October 2026.
        let last = |book: &str| lines(book, "risk", "contingency_plans", "2026-10").pop().unwrap();
        let earlier = BOOK.replace("approved = 2025-10-31", "approved = 2025-10-30\nupdated = 2026-05-01");
        assert!(
            last(&earlier).ends_with("| - | - | 0 | no-drill, no-steps, no-contacts"),
            "{}",
            last(&earlier)
        );
        let with =
            |book: &str, drill: &str| book.replace("drills = [", &format!("drills = [{{ {drill} }}, "));
        let failed = with(BOOK, "date = 2026-10-20, plan = 'outage', passed = false");
        assert!(
            last(&failed).ends_with("| 2026-10-20 | false | 0 | drill-failed, no-steps, no-contacts"),
            "{}",
            last(&failed)
        );
        let drilled = with(&earlier, "date = 2026-02-10, plan = 'outage'");
        assert!(
            last(&drilled).ends_with("| 2026-02-10 | - | 0 | no-steps, no-contacts"),
            "{}",
            last(&drilled)
        );
    }

    #[test]
    fn all_that_a_plan_lacks_is_told_by_the_day() {
        let (head, _) = BOOK.split_once("# file: teams").unwrap();
        let book = format!(
            "{head}# file: teams/one.toml\nname = '一部'\n\
             drills = [{{ date = 2025-03-01, plan = 'drill' }}, {{ date = 2026-10-01, plan = 'old' }}, {{ date = 2026-10-02, plan = 'failed', passed = false }}]\n\
             [[contingencies]]\nid = 'drill'\nscenario = 'other'\nowner = 'li-na'\napproved = 2024-03-01\nupdated = 2026-10-01\n\
             [[contingencies]]\nid = 'old'\nscenario = 'other'\nowner = 'li-na'\nupdated = 2025-11-02\n\
             [[contingencies]]\nid = 'failed'\nscenario = 'other'\nowner = 'li-na'\napproved = 2026-10-01\n\
             [[contingencies]]\nid = 'both'\nscenario = 'other'\nowner = 'li-na'\napproved = 2025-06-30\n\
             [[contingencies]]\nid = 'never'\nscenario = 'other'\nowner = 'li-na'\n"
        );
        let book = book
            .replace("owner = 'li-na'\n", "owner = 'li-na'\nsteps = ['a']\ncontacts = [{ name = '李' }]\n");
        let gaps = |today: &str| {
            let lines = lines_on(&book, "risk", "contingency_plans", "2026-11", today);
            lines.iter().map(|line| line.rsplit_once(" | ").unwrap().1.to_owned()).collect::<Vec<_>>()
        };
        let never = "not-approved, no-drill";
        // Twelve months after 2 November 2025 end on the 2nd.
        assert_eq!(gaps("2026-11-02"), ["no-drill", "-", "drill-failed", "old, no-drill", never]);
        assert_eq!(gaps("2026-11-03"), ["no-drill", "old", "drill-failed", "old, no-drill", never]);
    }
}
