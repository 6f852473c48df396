//! What the last entry of a list says of its record: a manager's `grade` is that of the last change of grade that has begun.
//!
//! A list marked `x-latest` names the neighbours that its last entry says under the same keys; a neighbour marked `x-since`
//! then takes the entry's day.

use chrono::NaiveDate;

use super::present::{covers, entries, get};
use crate::edit::Change;
use crate::edit::render::{Table, Value};
use crate::record::shape::{Field, Shape};
use crate::source::KeyPath;

/// The changes by which the neighbours of lists say what the lists came to say between `before` and `after`.
pub(super) fn told(shape: &'static Shape, before: &Table, after: &Table, today: NaiveDate) -> Vec<Change> {
    let mut changes = Vec::new();
    for list in shape.fields.iter().filter(|field| !field.latest.is_empty()) {
        for key in &list.latest {
            let Some((day, value)) = latest(list, after, key, today) else { continue };
            let same = |(then, old): (NaiveDate, &Value)| then == day && covers(old, value, true);
            if latest(list, before, key, today).is_some_and(same) {
                continue;
            }
            let set = |name: &str, value: Value| Change::Set { path: KeyPath(vec![name.into()]), value };
            if get(after, key).is_none_or(|old| !covers(old, value, true)) {
                changes.push(set(key, value.clone()));
            }
            let since = shape.fields.iter().find(|field| field.since.as_deref() == Some(key));
            let since = since.filter(|since| get(after, &since.name).is_some());
            changes.extend(since.map(|since| set(&since.name, day.into())));
        }
    }
    changes
}

/// What the last entry that has begun and says `key` says, and from which day.
fn latest<'t>(
    list: &Field,
    record: &'t Table,
    key: &str,
    today: NaiveDate,
) -> Option<(NaiveDate, &'t Value)> {
    let order = list.order.as_deref()?;
    let begun = entries(record, &list.name).filter_map(|entry| {
        let Some(Value::Raw(raw)) = get(entry, order) else { return None };
        let day = raw.parse().ok().filter(|day| *day <= today)?;
        Some((day, get(entry, key)?))
    });
    begun.max_by_key(|(day, _)| *day)
}

#[cfg(test)]
mod tests {
    use super::super::present::read;
    use super::*;
    use crate::draft::plan::order;
    use crate::edit::apply;
    use crate::record::kind::RecordKind;

    const KIND: RecordKind = RecordKind::Manager;
    const HISTORY: &str = "[[grade_history]]\nfrom = 2024-01-01\ngrade = 'M1'\n[[grade_history]]\nfrom = 2026-03-01\ngrade = 'M2'\n";

    fn after(before: &str, after: &str) -> String {
        let [then, now] = [before, after].map(|text| read(text, KIND.shape()));
        let changes = told(KIND.shape(), &then, &now, "2026-11-24".parse().unwrap());
        apply(after, &changes, order(KIND)).unwrap()
    }

    #[test]
    fn the_last_change_that_has_begun_is_what_the_record_says() {
        let first = "name = 'A'\ngrade = 'M1'\ngrade_since = 2024-01-01\nteam = 'one'\n";
        let one = format!("{first}{}", &HISTORY[..HISTORY.find("[[grade_history]]\nfrom = 2026").unwrap()]);
        let text = after(&one, &format!("{first}{HISTORY}"));
        assert!(
            text.starts_with("name = 'A'\ngrade = \"M2\"\ngrade_since = 2026-03-01\nteam = 'one'\n"),
            "{text}"
        );
        // What is still to come changes nothing today, nor does an entry added between.
        let to_come = format!("{first}{}", HISTORY.replace("2026-03-01", "2026-12-01"));
        assert_eq!(after(&one, &to_come), to_come);
        let (now, between) = (format!("name = 'A'\ngrade = 'M2'\n{HISTORY}"), "2025-01-01\ngrade = 'M0'");
        let filled = now.replace("2026-03-01", &format!("{between}\n[[grade_history]]\nfrom = 2026-03-01"));
        assert_eq!(after(&now, &filled), filled);
        // Role and team go with the change that names them.
        let moved = HISTORY.replace("'M2'", "'M2'\nteam = 'two'");
        let text = after(&one, &format!("{first}{moved}"));
        assert!(text.contains("team = \"two\"\n[[grade_history]]"), "{text}");
    }
}
