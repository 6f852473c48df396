//! A client from all sides: people, credit, results with their course, contribution, wallet and tier, open work, and everything
//! that happened.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{Excerpt, Page, excerpt};
use crate::book::base::Base;
use crate::book::credit::lead_on;
use crate::book::deadline::last_visit;
use crate::metric::figures::figure;
use crate::metric::income::incomes;
use crate::period::{Month, Months};
use crate::record::client::Client;
use crate::record::kind::RecordKind;
use crate::record::settings::MeasureKind;
use crate::record::value::Day;
use crate::report::{Only, shown_value};
use crate::table::{Cell, Column, Kind, Table, Together};
use crate::text::{report, scorecard};

/// Entries that are shown in full, in this order, after the latest visits.
const SECTIONS: [&str; 16] = [
    "client_planned",
    "client_needs",
    "client_opportunities",
    "client_opportunities_history",
    "client_products",
    "client_complaints",
    "client_feedback",
    "client_facilities",
    "client_facilities_history",
    "client_checks",
    "client_warnings",
    "client_covenants",
    "client_risks",
    "client_referrals",
    "client_requests",
    "client_handovers",
];
/// The latest visits that are shown.
const VISITS: usize = 10;
/// Months of a course.
const COURSE: i32 = 12;

pub(super) fn tables(page: &Page<'_>, id: &str) -> Vec<Table> {
    let Some(record) = page.book.clients.get(id) else {
        return Vec::new();
    };
    let client = &record.data;
    let last = last_visit(client, page.today).map(|visit| visit.date.0);
    let deadlines = page.deadlines();
    let next = deadlines.visit(client, page.today);
    let of_head = deadlines.head_visit(page.book, client, page.today);
    let last_of_head = of_head.as_ref().and_then(|asked| asked.last);
    let computed = vec![
        ("last_visit", report::LAST_VISIT, last.into()),
        ("next_visit", report::NEXT_VISIT, next.into()),
        ("last_head_visit", report::LAST_HEAD_VISIT, last_of_head.into()),
        ("next_head_visit", report::NEXT_HEAD_VISIT, of_head.map(|asked| asked.due).into()),
        ("products_in_use", report::PRODUCTS_IN_USE, client.products_on(page.today).len().into()),
    ];
    let is_own = |duty: &super::Duty| duty.record.0 == RecordKind::Client && duty.record.1 == id;
    let mut tables = vec![
        page.facts(RecordKind::Client, id, computed),
        people(page, client),
        credit(page, client),
        results(page, client),
        contribution(page, client),
    ];
    let of = |table| {
        let (only, hidden) = (Only::default(), &["client", "name", "lead", "tier"]);
        excerpt(page, &Excerpt { from: ("wallet", table), only, whose: ("client", id), hidden })
    };
    tables.extend(of("wallet"));
    tables.extend(of("next_tier"));
    tables.push(page.owed(is_own));
    tables.extend(page.sections(&["client_contacts"], id));
    tables.extend(page.latest("client_visits", id, VISITS));
    tables.extend(page.sections(&SECTIONS, id));
    tables
}

/// Who looks after the client, and since when.
fn people(page: &Page<'_>, client: &Client) -> Table {
    let columns = vec![
        Column::new("role", report::ROLE, Kind::Text),
        Column::new("manager", report::MANAGER, Kind::Text),
        Column::new("name", scorecard::NAME, Kind::Text),
        Column::new("since", report::SINCE, Kind::Date),
    ];
    let mut table = Table::new("people", report::PEOPLE, columns);
    let lead = lead_on(client, page.today);
    let handed = client.handovers.iter().filter(|handover| *handover.to == *lead);
    let handed = handed.map(|handover| handover.date).filter(|date| date.0 <= page.today);
    let since = handed.max().or(client.since);
    table.push(vec![
        Cell::Said { key: "lead", text: report::LEAD },
        lead.into(),
        page.manager_name(lead),
        since.map(|day| day.0).into(),
    ]);
    if let Some(backup) = client.backup_on(page.today) {
        table.push(vec![
            Cell::Said { key: "backup", text: report::BACKUP },
            (&**backup).into(),
            page.manager_name(backup),
            client.backup_began(page.today).map(|day| day.0).into(),
        ]);
    }
    table
}

/// Who earns the figures, from when; without shares the lead of the day earns all.
fn credit(page: &Page<'_>, client: &Client) -> Table {
    let columns = vec![
        Column::new("from", report::FROM, Kind::Date),
        Column::new("manager", report::MANAGER, Kind::Text),
        Column::new("name", scorecard::NAME, Kind::Text),
        Column::new("share", report::SHARE, Kind::Ratio),
        Column::new("measures", report::MEASURES, Kind::Text),
    ];
    let mut table = Table::new("credit", report::CREDIT, columns);
    for credit in &client.credit {
        let measures: Vec<&str> = credit.measures.iter().map(|measure| &**measure).collect();
        for (manager, share) in &credit.shares {
            table.push(vec![
                credit.from.0.into(),
                (&**manager).into(),
                page.manager_name(manager),
                Cell::Ratio(share.0 / Decimal::ONE_HUNDRED),
                (!measures.is_empty()).then(|| measures.join(" ")).into(),
            ]);
        }
    }
    if client.credit.is_empty() {
        for (from, lead) in leads(client, page.today) {
            let whole = Cell::Ratio(Decimal::ONE);
            let from = from.map(|day| day.0).into();
            table.push(vec![from, lead.into(), page.manager_name(lead), whole, Cell::Missing]);
        }
    }
    table
}

/// Who led the client up to today, one after the other, each from the day of its handover; the first from the beginning.
fn leads(client: &Client, today: NaiveDate) -> Vec<(Option<Day>, &str)> {
    let mut handed: Vec<_> = client.handovers.iter().filter(|handover| handover.date.0 <= today).collect();
    handed.sort_by_key(|handover| handover.date);
    let first = handed.first().map_or_else(|| lead_on(client, today), |handover| &*handover.from);
    let next = handed.iter().map(|handover| (Some(handover.date), &*handover.to));
    std::iter::once((None, first)).chain(next).collect()
}

/// The latest figure of every measure beside the month before and the year's base, with its course.
fn results(page: &Page<'_>, client: &Client) -> Table {
    let columns = vec![
        Column::new("measure", report::MEASURE, Kind::Text),
        Column::new("month", report::MONTH, Kind::Text),
        Column::new("amount", report::AMOUNT, Kind::Number).together(Together::Unit),
        Column::new("end", report::MONTH_END, Kind::Number).together(Together::Unit),
        Column::new("change", report::CHANGE, Kind::Number).together(Together::Unit),
        Column::new("base", report::BASE, Kind::Number).together(Together::Unit),
        Column::new("unit", report::UNIT, Kind::Text),
        Column::new("course", report::COURSE, Kind::Trend),
    ];
    let mut table = Table::new("results", report::RESULTS, columns);
    let until = Month::of(page.today);
    let mut latest: BTreeMap<&str, Month> = BTreeMap::new();
    for (month, figures) in client.results.range(..=until) {
        latest.extend(figures.measures().map(|measure| (&**measure, *month)));
    }
    for (measure, month) in latest {
        let at = |month: Month| figure(client, measure, month);
        let amount = |month: Month| at(month)?.avg.map(|amount| amount.0);
        let change = amount(month).and_then(|now| Some(now - amount(month.plus(-1))?));
        let course = Months { first: month.plus(1 - COURSE), last: month };
        table.push(vec![
            measure.into(),
            month.to_string().into(),
            amount(month).into(),
            at(month).and_then(|figure| figure.end).map(|end| end.0).into(),
            change.into(),
            base(page, client, measure, month).into(),
            page.book.settings.measures.get(measure).map(|measure| measure.unit.as_str()).into(),
            Cell::Trend(course.iter().map(amount).collect()),
        ]);
    }
    table
}

/// What a measure's increments in the year of a month are measured from: as stated, else, of a balance, the month the year
/// follows on.
fn base(page: &Page<'_>, client: &Client, measure: &str, month: Month) -> Option<Decimal> {
    let is_balance =
        || page.book.settings.measures.get(measure).is_some_and(|it| it.kind == MeasureKind::Balance);
    match Base::of(client, measure, false, Months { first: month, last: month }, false) {
        Base::Stated(base) => Some(base),
        Base::Recorded(base) if is_balance() => Some(base),
        _ => None,
    }
}

/// What the client brought in the twelve months up to its last one with income, by the measures the settings count as income.
fn contribution(page: &Page<'_>, client: &Client) -> Table {
    let settings = &page.book.settings;
    let until = Month::of(page.today);
    let brings =
        |month: Month| incomes(settings, client, Months { first: month, last: month }).next().is_some();
    let last = client.results.range(..=until).rev().map(|(month, _)| *month).find(|month| brings(*month));
    let columns = vec![
        Column::new("measure", report::MEASURE, Kind::Text),
        Column::new("from", report::FIRST_MONTH, Kind::Text),
        Column::new("to", report::LAST_MONTH, Kind::Text),
        Column::new("amount", report::AMOUNT, Kind::Number).unit(settings.money.as_str()),
    ];
    let mut table = Table::new("contribution", report::CONTRIBUTION, columns);
    let Some(last) = last else { return table };
    let months = Months { first: last.plus(1 - COURSE), last };
    let mut sums: BTreeMap<&str, Decimal> = BTreeMap::new();
    for income in incomes(settings, client, months) {
        *sums.entry(income.measure).or_default() += income.amount;
    }
    let row = |measure: Cell, sum: Decimal| {
        vec![
            measure,
            months.first.to_string().into(),
            months.last.to_string().into(),
            shown_value(sum).into(),
        ]
    };
    for (measure, sum) in &sums {
        table.push(row((*measure).into(), *sum));
    }
    if sums.len() > 1 {
        table.push(row(Cell::Said { key: "all", text: report::ALL_TOGETHER }, sums.values().sum()));
    }
    table
}
