//! What is said of closed figures that come out otherwise.

use rust_decimal::Decimal;

use super::drift::Field;
use super::inputs::{Changed, Contribution};
use crate::msg;
use crate::period::Period;
use crate::record::amendment::{ClosedField, ItemNumber};
use crate::record::scorecard::Closed;
use crate::report::quoted;
use crate::text::{BLANK, Message, Text, close as say, scorecard};

/// The field of a mark that a superior gave.
const MARK: &str = "marks.points";

/// How many records a message names.
const NAMED: usize = 3;

/// A field as it was closed and as it comes out.
pub(super) fn then_now(field: impl Into<Message>, then: Option<&str>, now: Option<&str>) -> Message {
    let shown = |value: Option<&str>| value.unwrap_or("–").to_owned();
    msg!(say::THEN_NOW, field = field.into(), then = shown(then), now = shown(now))
}

/// The same of names, in an order.
pub(super) fn lists(field: impl Into<Message>, then: &[&str], now: &[&str]) -> Message {
    let shown =
        |names: &[&str]| if names.is_empty() { Message::verbatim("–") } else { Message::list(names) };
    msg!(say::THEN_NOW, field = field.into(), then = shown(then), now = shown(now))
}

/// The same of numbers, to four places where those tell them apart.
pub(super) fn numbers(field: impl Into<Message>, then: Option<Decimal>, now: Option<Decimal>) -> Message {
    let short = |number: Decimal| number.round_dp(4);
    let told_apart = then.map(short) != now.map(short);
    let shown = |number: Option<Decimal>| {
        number.map(|number| if told_apart { short(number) } else { number }.normalize().to_string())
    };
    then_now(field, shown(then).as_deref(), shown(now).as_deref())
}

/// A key of a record, which Chinese words beside it do not set off.
fn key(name: &str) -> Message {
    Message::both(name, format!("“{name}”"))
}

/// The word for a number of an item.
pub(super) fn number_word(number: ItemNumber) -> Text {
    match number {
        ItemNumber::Value => say::VALUE,
        ItemNumber::Target => say::TARGET,
        ItemNumber::Score => say::SCORE,
        ItemNumber::Points => say::POINTS,
    }
}

/// A field of a scorecard with what became of it.
pub(super) fn field(field: &Field, frozen: &Closed) -> Message {
    let word = match &field.field {
        ClosedField::Grade => say::GRADE,
        ClosedField::Team => say::TEAM,
        ClosedField::Total => say::TOTAL,
        ClosedField::Rating => scorecard::RATED,
        ClosedField::PayTotal => say::PAY_TOTAL,
        ClosedField::Deferral => say::DEFERRAL,
        ClosedField::Entry(period, name) => {
            let name = msg!(say::OF_ENTRY, entry = name, period = period.to_string());
            return then_now(name, field.then.as_deref(), field.now.as_deref());
        }
        ClosedField::Item(..) | ClosedField::Line(_) => {
            let name = key(&field.field.name(frozen));
            return then_now(name, field.then.as_deref(), field.now.as_deref());
        }
    };
    then_now(word, field.then.as_deref(), field.now.as_deref())
}

/// The records that contribute otherwise, those that moved most by name.
pub(super) fn records(changed: &[Changed]) -> Vec<Message> {
    let mut said: Vec<Message> = changed.iter().take(NAMED).map(record).collect();
    if changed.len() > NAMED {
        said.push(msg!(say::MORE_RECORDS, count = changed.len() - NAMED));
    }
    said
}

fn record(changed: &Changed) -> Message {
    // Of a review an item takes one mark, which its own name tells apart.
    let word = |name: &String| if name == MARK { say::MARK.into() } else { key(name) };
    let fields = changed.fields.iter().map(|field| match field {
        Contribution::Other(name, then, now) => numbers(word(name), *then, *now),
        Contribution::Now(name, now) => msg!(say::NOW_GIVES, field = word(name), amount = now.normalize()),
        Contribution::Nothing => say::NOW_NOTHING.into(),
    });
    let fields: Vec<Message> = fields.collect();
    msg!(say::OF_RECORD, record = &changed.record, changes = joined(fields))
}

/// Messages one after another.
pub(super) fn joined(messages: Vec<Message>) -> Message {
    let mut all = messages.into_iter();
    let first = all.next().unwrap_or_else(|| Message::verbatim("–"));
    all.fold(first, |before, after| msg!(say::AND, before = before, after = after))
}

/// The command that amends what was closed of a manager to what comes out now.
pub(super) fn amend(period: Period, manager: &str) -> String {
    let manager = quoted(manager);
    format!("rmbook close {period} --amend {manager} --why {BLANK} --who {BLANK} --approved-by {BLANK}")
}
