//! What a target was before it was changed, kept where its record has a list for it: `target_changes`.

use chrono::NaiveDate;

use super::latest::day;
use super::plan::{Target, order};
use super::present::{at, covers, entries, get, read};
use crate::edit::render::{Table, Value};
use crate::edit::{Change, EditError, apply};
use crate::path;

const CHANGES: &str = "target_changes";

/// The new text of a record, in which a target that was changed or taken away is said to have been so on the day `on`; one that
/// somebody said so of already is not said twice.
pub(super) fn with_changes(target: &Target, text: String, on: NaiveDate) -> Result<String, EditError> {
    let shape = target.kind.shape();
    let list = shape.field(CHANGES);
    let Some((list, before)) = list.zip(target.text.as_deref()) else { return Ok(text) };
    let (before, after) = (read(before, shape), read(&text, shape));
    let mut changes = Vec::new();
    for (period, measure, old) in targets(&before) {
        let new = at(&after, &path!["targets", period, measure]);
        if new.is_some_and(|new| covers(old, new, true)) {
            continue;
        }
        let is_it = |entry: &&Table| {
            let word = |key| get(entry, key).and_then(text_of);
            word("period") == Some(period) && word("measure") == Some(measure)
        };
        let told_on = |entry: &Table| get(entry, "date").and_then(day);
        let told = entries(&after, CHANGES).filter(is_it).max_by_key(|entry| told_on(entry));
        let same = |to: Option<&Value>| match (to, new) {
            (Some(to), Some(new)) => covers(to, new, true),
            (to, new) => to.is_none() && new.is_none(),
        };
        if told.is_some_and(|told| same(get(told, "to"))) {
            continue;
        }
        // Changed twice on a day, it was changed once, to what it is now.
        let today = entries(&after, CHANGES).position(|entry| is_it(&entry) && told_on(entry) == Some(on));
        let to = |index: usize| path![CHANGES, index, "to"];
        changes.push(match (today, new) {
            (Some(index), Some(new)) => Change::Set { path: to(index), value: new.clone() },
            (Some(index), None) => Change::Unset { path: to(index) },
            (None, new) => {
                let known = [("date", on.into()), ("period", period.into()), ("measure", measure.into())];
                let amounts = [("from", Some(old.clone())), ("to", new.cloned())];
                let amounts = amounts.into_iter().filter_map(|(key, value)| Some((key, value?)));
                let entry = known.into_iter().chain(amounts).map(|(key, value)| (key.to_owned(), value));
                Change::Insert { list: path![CHANGES], entry: entry.collect(), sort: list.order.as_deref() }
            }
        });
    }
    apply(&text, &changes, order(target.kind))
}

/// The targets of a record: period, measure, amount.
fn targets(record: &Table) -> Vec<(&str, &str, &Value)> {
    let Some(Value::Table(periods)) = get(record, "targets") else { return Vec::new() };
    let lines = periods.iter().filter_map(|(period, line)| match line {
        Value::Table(line) => Some((period.as_str(), line)),
        _ => None,
    });
    lines
        .flat_map(|(period, line)| {
            line.iter().map(move |(measure, amount)| (period, measure.as_str(), amount))
        })
        .collect()
}

fn text_of(value: &Value) -> Option<&str> {
    match value {
        Value::Text(text) => Some(text),
        _ => None,
    }
}
