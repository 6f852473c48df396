//! A manager before a one-to-one: clients, pace, what is owed, growth, talks and appraisals.

use chrono::Datelike;
use rust_decimal::Decimal;

use super::{Page, pace};
use crate::book::deadline::last_visit;
use crate::period::Month;
use crate::record::client::{Client, Status};
use crate::record::kind::RecordKind;
use crate::record::shape::Kind as Values;
use crate::report::{Only, said};
use crate::table::{Cell, Column, Kind, Table};
use crate::text::report;

/// Entries of which the latest are shown.
const LATEST: [&str; 5] = [
    "manager_one_on_ones",
    "manager_reports",
    "manager_trainings",
    "manager_recognitions",
    "manager_audit_findings",
];
/// Entries that are shown in full.
const SECTIONS: [&str; 6] = [
    "manager_certificates",
    "manager_skills",
    "manager_ideas",
    "manager_assets",
    "manager_access",
    "manager_grade_history",
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
    ];
    let mut tables = vec![
        page.facts(RecordKind::Manager, id, computed),
        clients(page, id),
        pace(page, Only { manager: Some(id), team: None }, id),
        page.owed(|duty| duty.owner.as_deref() == Some(id)),
        reviews(page, id),
    ];
    tables.extend(LATEST.iter().filter_map(|name| page.latest(name, id, FEW)));
    tables.extend(page.sections(&SECTIONS, id));
    tables
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
            () if *client.manager == *id => ("lead", report::LEAD),
            () if client.backup.as_deref() == Some(id) => ("backup", report::BACKUP),
            () => continue,
        };
        let latest = latest(client, measure, Month::of(page.today));
        table.push(vec![
            record.id.as_ref().into(),
            client.name.as_str().into(),
            Cell::Said { key: role.0, text: role.1 },
            tier(client),
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

fn tier(client: &Client) -> Cell {
    // The choices stand in the order of the enum.
    match RecordKind::Client.shape().field("tier").map(|field| &field.kind) {
        Some(Values::Choice(choices)) => choices.get(client.tier as usize).map(said).into(),
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
    own.sort_by_key(|review| std::cmp::Reverse(review.period.last()));
    for review in own.into_iter().take(FEW) {
        let days = [review.published, review.acknowledged.or(review.lapsed)].map(|day| day.map(|day| day.0));
        let row = |scheme: Cell, total: Option<Decimal>, rating: Option<&str>| {
            let period = review.period.to_string();
            vec![period.into(), scheme, total.into(), rating.into(), days[0].into(), days[1].into()]
        };
        if review.closed.is_empty() {
            table.push(row(Cell::Missing, None, None));
        }
        for (scheme, closed) in &review.closed {
            let total = closed.total.map(|total| total.0);
            table.push(row(scheme.as_str().into(), total, closed.rating.as_deref()));
        }
    }
    table
}
