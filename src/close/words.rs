//! What is said of closed figures that come out otherwise.

use rust_decimal::Decimal;

use super::drift::Field;
use super::inputs::{Changed, Contribution};
use crate::msg;
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

/// The same of numbers, to four places where those tell them apart.
pub(super) fn numbers(field: impl Into<Message>, then: Option<Decimal>, now: Option<Decimal>) -> Message {
    let short = |number: Decimal| number.round_dp(4);
    let told_apart = then.map(short) != now.map(short);
    let shown = |number: Option<Decimal>| {
        number.map(|number| if told_apart { short(number) } else { number }.normalize().to_string())
    };
    then_now(field, shown(then).as_deref(), shown(now).as_deref())
}

/// The word for a number of an item.
pub(super) fn number_word(key: &str) -> Text {
    match key {
        "value" => say::VALUE,
        "target" => say::TARGET,
        "score" => say::SCORE,
        _ => say::POINTS,
    }
}

/// A field of a scorecard with what became of it.
pub(super) fn field(field: &Field) -> Message {
    let (then, now) = (field.then.as_deref(), field.now.as_deref());
    let word = match field.name.as_str() {
        "grade" => say::GRADE,
        "total" => say::TOTAL,
        "rating" => scorecard::RATED,
        "pay_total" => say::PAY_TOTAL,
        "deferral" => say::DEFERRAL,
        name => return then_now(Message::verbatim(name), then, now),
    };
    then_now(word, then, now)
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
    let word = |name: &String| if name == MARK { say::MARK.into() } else { Message::verbatim(name) };
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

/// The command that records that a field of a closed scorecard was changed.
pub(super) fn amend(review: &str, field: &str, then: Option<&str>, now: Option<&str>) -> String {
    let from = then.map(|then| format!(" --from={}", quoted(then))).unwrap_or_default();
    let to = quoted(now.unwrap_or("-"));
    format!(
        "rmbook add amendment {review} --field {}{from} --to={to} --why {BLANK} --who {BLANK} --approved-by {BLANK}",
        quoted(field)
    )
}
