//! A team: its members with what they have on their hands, its pace, what it owes, its meetings, activities and plans.

use std::collections::BTreeMap;

use super::{Page, pace};
use crate::book::credit::lead_on;
use crate::record::client::Status;
use crate::record::kind::RecordKind;
use crate::report::{Only, duties};
use crate::table::{Cell, Column, Kind, Table};
use crate::text::{report, scorecard};

/// Entries of which the latest are shown.
const LATEST: [&str; 3] = ["team_meetings", "team_events", "team_drills"];
/// Entries that are shown in full.
const SECTIONS: [&str; 5] =
    ["team_contingencies", "team_decisions", "team_risks", "team_pilots", "team_surveys"];
/// How many of the latest are shown.
const FEW: usize = 6;

pub(super) fn tables(page: &Page<'_>, id: &str) -> Vec<Table> {
    let is_own = |duty: &super::Duty| duty.record.0 == RecordKind::Team && duty.record.1 == id;
    let mut tables = vec![page.facts(RecordKind::Team, id, Vec::new()), members(page, id)];
    tables.extend(pace(page, Only { manager: None, team: Some(id) }, id));
    tables.push(page.owed(is_own));
    tables.extend(LATEST.iter().filter_map(|name| page.latest(name, id, FEW)));
    tables.extend(page.sections(&SECTIONS, id));
    tables
}

/// Who is in the team, with the clients they lead and what they owe up to today.
fn members(page: &Page<'_>, id: &str) -> Table {
    let columns = vec![
        Column::new("manager", report::MANAGER, Kind::Text),
        Column::new("name", scorecard::NAME, Kind::Text),
        Column::new("grade", report::GRADE, Kind::Text),
        Column::new("joined", report::JOINED, Kind::Date),
        Column::new("clients", report::CLIENTS_LED, Kind::Count),
        Column::new("overdue", report::OVERDUE, Kind::Count),
    ];
    let mut table = Table::new("members", report::MEMBERS, columns);
    let mut overdue: BTreeMap<String, i64> = BTreeMap::new();
    for duty in duties(page.book, page.today, page.today) {
        if let (Some(owner), true) = (duty.owner, duty.due < page.today) {
            *overdue.entry(owner).or_default() += 1;
        }
    }
    for record in &page.book.managers {
        let manager = &record.data;
        let is_here = manager.left.is_none_or(|left| left.0 > page.today);
        if manager.team_on(page.today).is_none_or(|team| **team != *id) || !is_here {
            continue;
        }
        let led = page
            .book
            .clients
            .iter()
            .filter(|client| lead_on(&client.data, page.today) == &*record.id)
            .filter(|client| client.data.status != Status::Closed);
        table.push(vec![
            record.id.as_ref().into(),
            manager.name.as_str().into(),
            manager.grade_on(page.today).map(String::as_str).into(),
            manager.joined.map(|joined| joined.0).into(),
            led.count().into(),
            Cell::Count(overdue.get(&*record.id).copied().unwrap_or(0)),
        ]);
    }
    table
}
