//! A manager before a one-to-one: results and agenda ([`talk`]), load and leave, clients, pace, calls, complaints, what is owed, appraisals, talks and growth.

use std::cmp::Reverse;

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use super::{Excerpt, Page, excerpt, latest_of, pace};
use crate::book::credit::lead_on;
use crate::book::deadline::last_visit;
use crate::period::{Month, first_of_months_to};
use crate::record::client::{Client, Status};
use crate::record::kind::RecordKind;
use crate::record::shape::Kind as Values;
use crate::report::{Only, said};
use crate::table::{Cell, Column, Kind, Table};
use crate::text::report;

mod talk;

/// Entries of which the latest are shown.
const LATEST: [&str; 9] = [
    "manager_one_on_ones",
    "manager_career_talks",
    "manager_reports",
    "manager_trainings",
    "manager_sharings",
    "manager_recognitions",
    "manager_audit_findings",
    "manager_declarations",
    "manager_leaves",
];
/// Entries that are shown in full.
const SECTIONS: [&str; 7] = [
    "manager_certificates",
    "manager_skills",
    "manager_ideas",
    "manager_assets",
    "manager_access",
    "manager_grade_history",
    "manager_history",
];
/// How many of the latest are shown.
const FEW: usize = 6;

pub(super) fn tables(page: &Page<'_>, id: &str) -> Vec<Table> {
    let Some(record) = page.book.managers.get(id) else {
        return Vec::new();
    };
    let hours = record.data.hours_trained(page.today.year());
    let asked = page.deadlines().training_hours(&record.data, page.today).round_dp(1).normalize();
    let computed = vec![
        ("training_hours", report::TRAINING_HOURS, hours.into()),
        ("training_hours_asked", report::TRAINING_HOURS_ASKED, asked.into()),
        ("last_one_on_one", report::LAST_TALK, talk::last(page, &record.data).into()),
        ("next_one_on_one", report::NEXT_TALK, talk::next(page, &record.data).into()),
    ];
    let mut tables = vec![page.facts(RecordKind::Manager, id, computed)];
    tables.extend(talk::standings(page, id));
    tables.push(talk::agenda(page, id, &record.data));
    let only = Only { manager: Some(id), team: None };
    let of = |from, hidden| excerpt(page, &Excerpt { from, only, whose: ("manager", id), hidden });
    tables.extend(of(("load", "load"), &["manager", "team"]));
    tables.push(clients(page, id));
    tables.extend(pace(page, only, id));
    tables.extend(of(("calls", "call_points"), &["manager", "name"]).filter(has_calls));
    tables.push(complaints(page, id));
    tables.push(page.owed(|duty| duty.owner.as_deref() == Some(id)));
    tables.push(reviews(page, id));
    tables.extend(LATEST.iter().filter_map(|name| page.latest(name, id, FEW)));
    tables.extend(page.sections(&SECTIONS, id));
    tables
}

/// Whether any call earned points; who makes none of them has no such section.
fn has_calls(table: &Table) -> bool {
    let points = table.columns.iter().position(|column| column.key == "points");
    let of = |row: &Vec<Cell>| points.and_then(|points| row.get(points).cloned());
    table.rows.iter().any(|row| matches!(of(row), Some(Cell::Number(points)) if !points.is_zero()))
}

/// Complaints about a manager that are open or were received in the last twelve months, the latest first.
fn complaints(page: &Page<'_>, id: &str) -> Table {
    let columns = vec![
        Column::new("received", report::RECEIVED, Kind::Date),
        Column::new("client", report::CLIENT, Kind::Text),
        Column::new("id", report::ID, Kind::Text),
        Column::new("cause", report::CAUSE, Kind::Text),
        Column::new("next_due", report::NEXT_STEP_DUE, Kind::Date),
        Column::new("closed", report::CLOSED_ON, Kind::Date),
        Column::new("justified", report::JUSTIFIED, Kind::Flag),
    ];
    let mut table = Table::new("complaints", report::COMPLAINTS, columns);
    let first = first_of_months_to(page.today, 12);
    let deadlines = page.deadlines();
    let mut found = Vec::new();
    for client in &page.book.clients {
        for complaint in client.data.complaints.iter().filter(|it| it.received.0 <= page.today) {
            let about = complaint.about.as_deref();
            let about = about.unwrap_or_else(|| lead_on(&client.data, complaint.received.0));
            let due = deadlines.complaint(complaint).map(|(_, due)| due);
            if about == id && (due.is_some() || complaint.received.0 >= first) {
                found.push((&client.id, complaint, due));
            }
        }
    }
    found.sort_by_key(|(client, complaint, _)| (Reverse(complaint.received), *client));
    for (client, complaint, due) in found {
        table.push(vec![
            complaint.received.0.into(),
            client.as_ref().into(),
            complaint.id.as_str().into(),
            complaint.cause.as_deref().into(),
            due.into(),
            complaint.closed.or(complaint.withdrawn).map(|day| day.0).into(),
            complaint.justified.map_or(Cell::Missing, Cell::Flag),
        ]);
    }
    table
}

/// The clients a manager leads or backs up, with their visits and the figure by which a client counts as lost.
fn clients(page: &Page<'_>, id: &str) -> Table {
    let settings = &page.book.settings;
    let measure = &settings.clients.lost_by;
    let known = settings.measures.get(measure);
    let amount = Column::new("amount", report::AMOUNT, Kind::Number);
    let columns = vec![
        Column::new("client", report::CLIENT, Kind::Text),
        Column::new("name", report::NAME, Kind::Text),
        Column::new("role", report::ROLE, Kind::Text),
        Column::new("tier", report::TIER, Kind::Text),
        Column::new("last_visit", report::LAST_VISIT, Kind::Date),
        Column::new("next_visit", report::NEXT_VISIT, Kind::Date),
        Column::new("measure", report::MEASURE, Kind::Text),
        Column::new("month", report::MONTH, Kind::Text),
        known.map_or(amount.clone(), |measure| amount.unit(measure.unit.clone())),
    ];
    let mut table = Table::new("clients", report::CLIENTS, columns);
    let deadlines = page.deadlines();
    for record in &page.book.clients {
        let client = &record.data;
        let role = match () {
            () if client.status == Status::Closed => continue,
            () if lead_on(client, page.today) == id => ("lead", report::LEAD),
            () if client.backup_on(page.today).is_some_and(|backup| **backup == *id) => {
                ("backup", report::BACKUP)
            }
            () => continue,
        };
        let latest = latest(client, measure, Month::of(page.today));
        table.push(vec![
            record.id.as_ref().into(),
            client.name.as_str().into(),
            Cell::Said { key: role.0, text: role.1 },
            tier(client, page.today),
            last_visit(client, page.today).map(|visit| visit.date.0).into(),
            deadlines.visit(client, page.today).into(),
            (&**measure).into(),
            latest.map(|(month, _)| month.to_string()).into(),
            latest.map(|(_, amount)| amount).into(),
        ]);
    }
    table
}

/// The latest month up to `until` with a figure of a measure, and that figure.
fn latest(client: &Client, measure: &str, until: Month) -> Option<(Month, Decimal)> {
    let mut months = client.results.range(..=until).rev();
    months.find_map(|(month, figures)| Some((*month, figures.get(measure)?.avg?.0)))
}

fn tier(client: &Client, today: NaiveDate) -> Cell {
    // The choices stand in the order of the enum.
    match RecordKind::Client.shape().field("tier").map(|field| &field.kind) {
        Some(Values::Choice(choices)) => choices.get(client.tier_on(today) as usize).map(said).into(),
        _ => Cell::Missing,
    }
}

/// The manager's appraisals, the latest first.
fn reviews(page: &Page<'_>, id: &str) -> Table {
    let columns = vec![
        Column::new("period", report::PERIOD, Kind::Text),
        Column::new("scheme", report::SCHEME, Kind::Text),
        Column::new("total", report::TOTAL, Kind::Number),
        Column::new("rating", report::RATING, Kind::Text),
        Column::new("published", report::PUBLISHED, Kind::Date),
        Column::new("acknowledged", report::ACKNOWLEDGED, Kind::Date),
    ];
    let mut table = Table::new("reviews", report::REVIEWS, columns);
    let own = page.book.reviews.iter().filter(|review| *review.data.manager == *id);
    let mut own: Vec<_> = own.map(|review| &review.data).collect();
    own.sort_by_key(|review| Reverse(review.period.last()));
    table.notes.extend(latest_of(FEW, own.len()));
    for review in own.into_iter().take(FEW) {
        let days = [review.published, review.acknowledged.or(review.lapsed)].map(|day| day.map(|day| day.0));
        let row = |scheme: Cell, total: Option<Decimal>, rating: Option<&str>| {
            let period = review.period.to_string();
            vec![period.into(), scheme, total.into(), rating.into(), days[0].into(), days[1].into()]
        };
        if review.closed.is_empty() {
            table.push(row(Cell::Missing, None, None));
        }
        for (scheme, closed) in review.standings() {
            let total = closed.total.map(|total| total.0);
            table.push(row(scheme.into(), total, closed.rating.as_deref()));
        }
    }
    table
}
