//! The whole picture of one record: what a manager opens before a visit, and a head before a one-to-one.
//!
//! A picture is a list of tables: what the record says of itself, what is computed for it, and its entries. A table without
//! rows is left out. To show more of a kind of record: a line in its file.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;

use super::{
    Duty, Input, Only, Personal, cut, duties, duty_table, entries, keep_listed, named, sheet, shown_value,
    titled,
};
use crate::book::Book;
use crate::book::deadline::Deadlines;
use crate::msg;
use crate::period::{Month, Months};
use crate::record::kind::RecordKind;
use crate::source::Sources;
use crate::table::{Cell, Column, Kind, Table};
use crate::text::{Message, Text, render, report};

mod client;
mod manager;
mod other;
mod team;

/// Days ahead that what is owed is shown for.
const HORIZON: u64 = 30;

/// What a picture is made from.
#[derive(Clone, Copy)]
pub struct Page<'b> {
    /// The book.
    pub book: &'b Book,
    /// Its texts.
    pub sources: &'b Sources,
    /// The day it is looked at.
    pub today: NaiveDate,
    /// Whether telephone numbers and the like are asked for.
    pub personal: Personal,
}

/// The picture of the record `id`; nothing where the book has no such record that loads.
pub fn show(page: &Page<'_>, kind: RecordKind, id: &str) -> Vec<Table> {
    let tables = match kind {
        RecordKind::Client => client::tables(page, id),
        RecordKind::Manager => manager::tables(page, id),
        RecordKind::Team => team::tables(page, id),
        RecordKind::Settings | RecordKind::Market | RecordKind::Policy | RecordKind::Review => {
            other::tables(page, kind, id)
        }
    };
    let mut tables: Vec<Table> = tables.into_iter().filter(|table| !table.rows.is_empty()).collect();
    tables.iter_mut().for_each(|table| titled(page.book, table));
    tables.iter_mut().flat_map(|table| &mut table.rows).flatten().for_each(round);
    tables
}

/// Rounds what is divided out as reports do; what somebody wrote keeps its digits.
fn round(cell: &mut Cell) {
    let round = |number: &mut Decimal| {
        if number.scale() > 4 {
            *number = shown_value(*number);
        }
    };
    match cell {
        Cell::Number(number) => round(number),
        Cell::Trend(course) => course.iter_mut().flatten().for_each(round),
        _ => {}
    }
}

impl Page<'_> {
    /// What a record says of itself, a line a field; what is computed comes after.
    fn facts(&self, kind: RecordKind, id: &str, computed: Vec<(&'static str, Text, Cell)>) -> Table {
        let columns = vec![
            Column::new("field", report::FIELD, Kind::Text),
            Column::new("value", report::VALUE, Kind::Text),
        ];
        let title = self.name(kind, id).map_or_else(|| Message::verbatim(id), Message::verbatim);
        let mut facts = Table::new(kind.name(), title, columns);
        facts.push(vec![Cell::Said { key: "id", text: report::ID }, id.into()]);
        let name = if kind.is_many() { kind.place() } else { kind.name() };
        if let Some(sheet) = sheet(name)
            && let Some(mut table) = entries(self.book, self.sources, sheet, id, self.personal)
        {
            let mut held = self.held(kind, id);
            for (column, mut cell) in table.columns.iter().zip(table.rows.pop().unwrap_or_default()) {
                let Some(spec) = sheet.specs.iter().find(|spec| spec.key == column.key) else { continue };
                if let Some((until, now)) = held.remove(&column.key) {
                    let day = until.succ_opt().unwrap_or(until);
                    let value = words(&std::mem::replace(&mut cell, now));
                    facts.notes.push(msg!(report::AHEAD, field = spec.title, value = value, day = day));
                }
                if cell != Cell::Missing {
                    facts.push(vec![Cell::Said { key: &spec.key, text: spec.title }, cell]);
                }
            }
        }
        let known = computed.into_iter().filter(|(_, _, cell)| *cell != Cell::Missing);
        facts.rows.extend(known.map(|(key, text, cell)| vec![Cell::Said { key, text }, cell]));
        facts
    }

    /// What holds up to a day to come, by the field: that day and the value. What the record itself says holds from the day after.
    fn held(&self, kind: RecordKind, id: &str) -> BTreeMap<String, (NaiveDate, Cell)> {
        let mut held = BTreeMap::new();
        let table = sheet(&format!("{}_history", kind.name()))
            .and_then(|sheet| entries(self.book, self.sources, sheet, id, self.personal));
        if let Some(client) = self.book.clients.get(id).filter(|_| kind == RecordKind::Client) {
            let ahead = client.data.handovers.iter().map(|it| (it.date.0, it)).filter(|it| it.0 > self.today);
            let next = ahead.min_by_key(|(date, _)| *date).filter(|(_, it)| it.from != client.data.manager);
            let next = next.and_then(|(date, it)| Some((date.pred_opt()?, Cell::from(&*it.from))));
            held.extend(next.map(|next| ("manager".to_owned(), next)));
        }
        let Some(table) = table else { return held };
        let day = table.columns.iter().position(|column| column.key == "until");
        for row in table.rows {
            let Some(Cell::Date(until)) = day.map(|day| row[day].clone()) else { continue };
            let said = table.columns.iter().zip(row).filter(|(_, cell)| *cell != Cell::Missing);
            for (column, cell) in said.filter(|_| until >= self.today) {
                let known = held.entry(column.key.clone()).or_insert((until, cell.clone()));
                if until < known.0 {
                    *known = (until, cell);
                }
            }
        }
        held
    }

    /// A record's entries in these sheets, each with the columns that say most.
    fn sections(&self, sheets: &[&str], id: &str) -> Vec<Table> {
        sheets.iter().filter_map(|name| self.latest(name, id, usize::MAX)).collect()
    }

    /// The last entries of a record in a sheet, which stand in the order of their days.
    fn latest(&self, name: &str, id: &str, count: usize) -> Option<Table> {
        let sheet = sheet(name)?;
        let mut table = entries(self.book, self.sources, sheet, id, self.personal)?;
        table.notes.extend(latest_of(count, table.rows.len()));
        let first = table.rows.len().saturating_sub(count);
        table.rows.drain(..first);
        keep_listed(&[sheet], &mut table);
        table.notes.extend(cut(&[sheet], self.personal));
        Some(table)
    }

    /// What is owed soon, as far as `of` asks for it.
    fn owed(&self, of: impl Fn(&Duty) -> bool) -> Table {
        let until = self.today.checked_add_days(Days::new(HORIZON)).unwrap_or(self.today);
        let mut owed = duties(self.book, self.today, until);
        owed.retain(of);
        duty_table(&owed, self.today)
    }

    fn deadlines(&self) -> Deadlines<'_> {
        Deadlines::new(&self.book.settings)
    }

    /// The name of a client, manager or team.
    fn name(&self, kind: RecordKind, id: &str) -> Option<&str> {
        match kind {
            RecordKind::Client => self.book.clients.get(id).map(|record| record.data.name.as_str()),
            RecordKind::Manager => self.book.managers.get(id).map(|record| record.data.name.as_str()),
            RecordKind::Team => self.book.teams.get(id).map(|record| record.data.name.as_str()),
            _ => None,
        }
    }

    /// The name of a manager the book knows.
    fn manager_name(&self, id: &str) -> Cell {
        self.name(RecordKind::Manager, id).into()
    }
}

/// What is said where only the latest of all entries are shown.
fn latest_of(count: usize, all: usize) -> Option<Message> {
    (count < all).then(|| msg!(report::LATEST_OF, count = count, all = all))
}

/// What a cell says, in a sentence.
fn words(cell: &Cell) -> Message {
    match cell {
        Cell::Text(words) => Message::verbatim(words),
        Cell::Said { text, .. } => Message::from(*text),
        Cell::Titled { title, .. } => title.clone(),
        Cell::Flag(true) => render::YES.into(),
        Cell::Flag(false) => render::NO.into(),
        _ => Message::verbatim("-"),
    }
}

/// A table of a report as one page needs it.
struct Excerpt<'a> {
    /// Names of the report and of its table.
    from: (&'static str, &'static str),
    /// Whom the report is about.
    only: Only<'a>,
    /// The column that says whose row it is, and whose is wanted.
    whose: (&'static str, &'a str),
    /// What the page says anyway.
    hidden: &'static [&'static str],
}

/// The rows of a report about one record, in the last month up to today that the book has figures for.
fn excerpt(page: &Page<'_>, wanted: &Excerpt<'_>) -> Option<Table> {
    let until = Month::of(page.today);
    let months =
        page.book.clients.iter().filter_map(|client| client.data.results.range(..=until).next_back());
    let month = months.map(|(month, _)| *month).max().unwrap_or(until);
    let months = Months { first: month, last: month };
    let input = Input::new(page.book, page.sources, months, page.today, wanted.only);
    let (report, name) = wanted.from;
    let mut table = named(report)?.run(&input, None).into_iter().find(|table| table.name == name)?;
    let whose = table.columns.iter().position(|column| column.key == wanted.whose.0)?;
    table.rows.retain(|row| row[whose] == Cell::from(wanted.whose.1));
    table.keep_columns(|column| !wanted.hidden.contains(&column.key.as_str()));
    Some(table)
}

/// Targets and pace of the manager or team `id`.
fn pace(page: &Page<'_>, only: Only<'_>, id: &str) -> Option<Table> {
    let from = ("pacing", "pacing");
    excerpt(page, &Excerpt { from, only, whose: ("id", id), hidden: &["level", "id", "name"] })
}

#[cfg(test)]
mod tests;
