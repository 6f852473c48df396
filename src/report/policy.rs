//! Policies as tables: tests that failed, and scorecards compared: of two policies, of two revisions, of two periods.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::{SEMICOLON, listed, withheld};
use crate::book::Book;
use crate::msg;
use crate::period::Period;
use crate::record::span::lines;
use crate::score::apply::Scored;
use crate::score::cases::Outcome;
use crate::source::Sources;
use crate::table::{Cell, Column, Kind, Table};
use crate::text::report;
use crate::text::{Message, Text, scorecard as say};

/// Every expectation that did not come out, with its place.
pub fn failures(ran: &[(&str, Vec<Outcome>)], sources: &Sources) -> Table {
    let columns = vec![
        Column::new("policy", say::POLICY, Kind::Text),
        Column::new("test", say::TEST, Kind::Text),
        Column::new("what", say::WHAT, Kind::Text),
        Column::new("expected", say::EXPECTED, Kind::Text),
        Column::new("got", say::GOT, Kind::Text),
        Column::new("reason", say::REASON, Kind::Text),
        Column::new("place", say::WHERE, Kind::Text),
    ];
    let mut table = Table::new("failed_tests", say::FAILED_TESTS, columns);
    let places = ran.iter().flat_map(|(_, outcomes)| outcomes).flat_map(|outcome| &outcome.differences);
    let lines = lines(places.map(|difference| &difference.at), sources);
    for (policy, outcomes) in ran {
        for outcome in outcomes {
            for difference in &outcome.differences {
                table.push(vec![
                    (*policy).into(),
                    outcome.name.as_str().into(),
                    difference.what.as_str().into(),
                    difference.expected.as_str().into(),
                    difference.got.as_str().into(),
                    reason(&difference.why),
                    lines[&difference.at].as_str().into(),
                ]);
            }
        }
    }
    table
}

fn reason(why: &[Message]) -> Cell {
    if why.is_empty() { Cell::Missing } else { listed(why.to_vec(), SEMICOLON).into() }
}

/// How many tests passed and failed.
pub fn tally(ran: &[(&str, Vec<Outcome>)]) -> Message {
    let (passed, failed): (Vec<&Outcome>, Vec<&Outcome>) =
        ran.iter().flat_map(|(_, outcomes)| outcomes).partition(|outcome| outcome.passes());
    msg!(say::TALLY, passed = passed.len(), failed = failed.len())
}

/// What one side of a comparison gave, by manager.
pub struct Side {
    /// The period it was scored for; nothing where nobody was.
    pub period: Option<Period>,
    results: BTreeMap<Box<str>, Result>,
    /// What people call the items.
    titles: BTreeMap<String, String>,
}

/// A number of a result.
type Pick = fn(&Result) -> Option<Decimal>;

#[derive(PartialEq)]
struct Result {
    total: Option<Decimal>,
    rating: Option<String>,
    pay: Option<Decimal>,
    /// Why a total, a rating or pay is not stated.
    withheld: Vec<Message>,
    points: BTreeMap<String, Decimal>,
}

impl Side {
    /// From the scorecards of one scheme.
    pub fn new(scored: Vec<Scored<'_>>) -> Self {
        let period = scored.first().map(|scored| scored.period);
        let cards: Vec<_> = scored.into_iter().flat_map(|scored| scored.cards).collect();
        let items = cards.iter().flat_map(|card| &card.items);
        let titles = items.map(|item| (item.id.to_string(), item.title.to_string())).collect();
        let cards = cards.into_iter();
        let results = cards.map(|card| {
            let points = card.items.iter().filter_map(|item| Some((item.id.to_string(), item.points?)));
            let result = Result {
                total: card.total,
                rating: card.rating.as_deref().map(str::to_owned),
                pay: card.pay.as_ref().map(|pay| pay.total),
                withheld: withheld(&card),
                points: points.collect(),
            };
            (card.profile.id.clone(), result)
        });
        Self { period, results: results.collect(), titles }
    }

    /// Leaves out everybody but one manager.
    pub fn keep(&mut self, manager: &str) {
        self.results.retain(|known, _| **known == *manager);
    }

    /// Leaves out of both sides whom nothing changes for.
    pub fn keep_differing(&mut self, other: &mut Self) {
        self.results.retain(|manager, result| {
            let same = other.results.get(manager) == Some(result);
            if same {
                other.results.remove(manager);
            }
            !same
        });
    }
}

/// Who gains and who loses on the second side, the greatest gain first, and by which items.
pub fn comparison(book: &Book, name: &str, title: Message, old: &Side, new: &Side) -> Table {
    let columns = vec![
        Column::new("manager", report::MANAGER, Kind::Text),
        Column::new("name", say::NAME, Kind::Text),
        Column::new("total_old", say::TOTAL_OLD, Kind::Number),
        Column::new("total_new", say::TOTAL_NEW, Kind::Number),
        Column::new("change", say::CHANGE, Kind::Number),
        Column::new("rating_old", say::RATING_OLD, Kind::Text),
        Column::new("rating_new", say::RATING_NEW, Kind::Text),
        Column::new("pay_old", say::PAY_OLD, Kind::Number),
        Column::new("pay_new", say::PAY_NEW, Kind::Number),
        Column::new("pay_change", say::PAY_CHANGE, Kind::Number),
        Column::new("because", say::BECAUSE, Kind::Text),
        Column::new("remark", say::REMARK, Kind::Text),
    ];
    let mut table = Table::new(name, title, columns);
    let mut managers: Vec<&str> = old.results.keys().chain(new.results.keys()).map(AsRef::as_ref).collect();
    managers.sort_unstable();
    managers.dedup();
    let change = |manager: &str, pick: Pick| {
        let of = |side: &Side| side.results.get(manager).and_then(pick);
        Some(of(new)? - of(old)?)
    };
    let total: Pick = |result| result.total;
    let pay: Pick = |result| result.pay;
    managers.sort_by(|a, b| change(b, total).cmp(&change(a, total)).then_with(|| a.cmp(b)));
    for manager in managers {
        let (before, after) = (old.results.get(manager), new.results.get(manager));
        let number = |pick: Pick| [before.and_then(pick), after.and_then(pick)].map(Cell::from);
        let [total_old, total_new] = number(total);
        let [pay_old, pay_new] = number(pay);
        let rating = |result: Option<&Result>| Cell::from(result.and_then(|result| result.rating.clone()));
        table.push(vec![
            manager.into(),
            book.managers.get(manager).map(|record| record.data.name.as_str()).into(),
            total_old,
            total_new,
            change(manager, total).into(),
            rating(before),
            rating(after),
            pay_old,
            pay_new,
            change(manager, pay).into(),
            because(before, after, [old, new]),
            lacking([(say::UNDER_OLD, before), (say::UNDER_NEW, after)]),
        ]);
    }
    align(&mut table);
    table
}

/// Why either side states no total, rating or pay.
fn lacking(sides: [(Text, Option<&Result>); 2]) -> Cell {
    let said = sides.into_iter().flat_map(|(text, result)| {
        let reasons = result.into_iter().flat_map(|result| &result.withheld);
        reasons.map(move |reason| msg!(text, reason = reason.clone()))
    });
    let said: Vec<Message> = said.collect();
    if said.is_empty() { Cell::Missing } else { listed(said, SEMICOLON).into() }
}

/// Gives the numbers of a column as many places as the one with the most.
fn align(table: &mut Table) {
    for at in 0..table.columns.len() {
        let places = table.rows.iter().filter_map(|row| match &row[at] {
            Cell::Number(number) => Some(number.scale()),
            _ => None,
        });
        let places = places.max().unwrap_or_default();
        for row in &mut table.rows {
            if let Cell::Number(number) = &mut row[at] {
                number.rescale(places);
            }
        }
    }
}

/// What stands above a comparison of one period under two names: of policies, of revisions.
pub fn title(old: &str, new: &str, sides: [&Side; 2]) -> Message {
    let period = sides.iter().find_map(|side| side.period).map(|period| period.to_string());
    msg!(say::COMPARED, old = old, new = new, period = period.unwrap_or_default())
}

/// That what is compared is of a period that is not over, where it is.
pub fn to_date(scored: &[Scored<'_>]) -> Option<Message> {
    let mut cards = scored.iter().flat_map(|scored| &scored.cards).filter(|card| card.to_date);
    let card = cards.next()?;
    super::to_date(card).or_else(|| Some(say::TO_DATE.into()))
}

/// The same where each scheme has a table of its own.
pub fn title_of(scheme: &str, old: &str, new: &str, sides: [&Side; 2]) -> Message {
    msg!(say::COMPARED_OF, scheme = scheme, compared = title(old, new, sides))
}

/// What stands above a comparison of two periods under one policy.
pub fn title_of_periods(policy: &str, old: Period, new: Period) -> Message {
    msg!(say::COMPARED_PERIODS, policy = policy, old = old.to_string(), new = new.to_string())
}

/// The items whose points moved, the greatest movement first.
fn because(before: Option<&Result>, after: Option<&Result>, sides: [&Side; 2]) -> Cell {
    let (Some(before), Some(after)) = (before, after) else { return Cell::Missing };
    let mut items: Vec<&String> = before.points.keys().chain(after.points.keys()).collect();
    items.sort_unstable();
    items.dedup();
    let of = |result: &Result, item: &String| result.points.get(item).copied().unwrap_or_default();
    let mut moved: Vec<(Decimal, &String)> =
        items.into_iter().map(|item| (of(after, item) - of(before, item), item)).collect();
    moved.retain(|(change, _)| !change.is_zero());
    moved.sort_by(|(a, one), (b, other)| b.abs().cmp(&a.abs()).then_with(|| one.cmp(other)));
    moved.truncate(3);
    if moved.is_empty() {
        return Cell::Missing;
    }
    let said = |name: &dyn Fn(&str) -> String, joint: &str| {
        let each = moved.iter().map(|(change, item)| {
            format!("{} {}{change}", name(item), if change.is_sign_positive() { "+" } else { "" })
        });
        each.collect::<Vec<_>>().join(joint)
    };
    let title = |item: &str| {
        let known = sides.iter().rev().find_map(|side| side.titles.get(item));
        known.map_or_else(|| item.to_owned(), String::clone)
    };
    let key = said(&str::to_owned, ", ");
    Cell::Titled { title: Message::both(key.clone(), said(&title, "、")), key }
}
