//! What the last entry of a list says of its record: a manager's `grade` is that of the last change of grade that has begun.
//!
//! A list marked `x-latest` names the neighbours that its last entry says under the same keys; a neighbour marked `x-since`
//! then takes the entry's day. What the neighbours said before such a list begins is its first entry, from the day since which
//! they have, or the record has begun: earlier months would not know it otherwise.

use chrono::NaiveDate;

use super::plan::{Target, order};
use super::present::{covers, entries, get, read};
use crate::edit::render::{Table, Value};
use crate::edit::{Change, EditError, apply};
use crate::record::shape::{Field, Shape};
use crate::source::KeyPath;

/// The new text of a record, in which the neighbours of a list say what its last entry came to say.
pub(super) fn with_latest(target: &Target, text: String, today: NaiveDate) -> Result<String, EditError> {
    let shape = target.kind.shape();
    if shape.fields.iter().all(|field| field.latest.is_empty()) {
        return Ok(text);
    }
    let before = target.text.as_deref().map(|text| read(text, shape));
    let opened = openings(shape, before.as_ref(), &read(&text, shape));
    let text = apply(&text, &opened, order(target.kind))?;
    let told = told(shape, &before.unwrap_or_default(), &read(&text, shape), today);
    apply(&text, &told, order(target.kind))
}

/// The changes by which the neighbours of lists say what the lists came to say between `before` and `after`.
fn told(shape: &'static Shape, before: &Table, after: &Table, today: NaiveDate) -> Vec<Change> {
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

/// The first entries of lists that nobody wrote: what the neighbours say of a record that is made, and what they said before
/// the first entry came.
fn openings(shape: &'static Shape, before: Option<&Table>, after: &Table) -> Vec<Change> {
    let lists = shape.fields.iter().filter(|field| !field.latest.is_empty());
    lists.filter_map(|list| opening(shape, list, before, after)).collect()
}

fn opening(
    shape: &'static Shape,
    list: &'static Field,
    before: Option<&Table>,
    after: &Table,
) -> Option<Change> {
    let (order, of) = (list.order.as_deref()?, list.entries()?);
    let written =
        |record: &Table| entries(record, &list.name).filter_map(|entry| day(get(entry, order)?)).min();
    let said = before.unwrap_or(after);
    let first = match before {
        Some(before) if entries(before, &list.name).next().is_some() => return None,
        Some(_) => Some(written(after)?),
        None if entries(after, &list.name).next().is_some() => return None,
        None => None,
    };
    let stated = |wanted: &dyn Fn(&Field) -> bool| {
        shape.fields.iter().filter(|field| wanted(field)).find_map(|field| day(get(said, &field.name)?))
    };
    let since = stated(&|field| field.since.as_ref().is_some_and(|key| list.latest.contains(key)));
    let from = since.or_else(|| stated(&|field| field.begins));
    let known = list.latest.iter().filter_map(|key| Some((key.clone(), get(said, key)?.clone())));
    let known: Table = known.collect();
    let lacks = |field: &Field| field.required && field.name != order && get(&known, &field.name).is_none();
    if of.fields.iter().any(lacks) || before.is_some() && !differs(list, said, after) {
        return None;
    }
    let (list, key, day, order) = match (from, first) {
        (Some(from), first) if first.is_none_or(|first| from < first) => (list, order, from, Some(order)),
        // Nobody knows since when, but until when.
        (None, Some(first)) => {
            let keeper =
                shape.fields.iter().find(|field| field.keeps.is_some() && field.entries().is_some())?;
            (keeper, keeper.keeps.as_deref()?, first.pred_opt()?, keeper.order.as_deref())
        }
        _ => return None,
    };
    let has = |key: &str| list.entries().is_some_and(|shape| shape.field(key).is_some());
    let known = known.into_iter().filter(|(key, _)| has(key));
    let entry: Table = [(key.to_owned(), day.into())].into_iter().chain(known).collect();
    Some(Change::Insert { list: KeyPath(vec![list.name.as_str().into()]), entry, sort: order })
}

/// Whether the entries of a list say anything else than its neighbours did.
fn differs(list: &Field, said: &Table, after: &Table) -> bool {
    list.latest.iter().any(|key| {
        let mut new = entries(after, &list.name).filter_map(|entry| get(entry, key));
        get(said, key).is_some_and(|old| new.any(|new| !covers(old, new, true)))
    })
}

fn day(value: &Value) -> Option<NaiveDate> {
    match value {
        Value::Raw(raw) => raw.parse().ok(),
        _ => None,
    }
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
        let day = get(entry, order).and_then(day).filter(|day| *day <= today)?;
        Some((day, get(entry, key)?))
    });
    begun.max_by_key(|(day, _)| *day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::kind::RecordKind;

    const KIND: RecordKind = RecordKind::Manager;
    const HISTORY: &str = "[[grade_history]]\nfrom = 2024-01-01\ngrade = 'M1'\n[[grade_history]]\nfrom = 2026-03-01\ngrade = 'M2'\n";

    fn after(before: &str, after: &str) -> String {
        let [then, now] = [before, after].map(|text| read(text, KIND.shape()));
        let changes = told(KIND.shape(), &then, &now, "2026-11-24".parse().unwrap());
        apply(after, &changes, order(KIND)).unwrap()
    }

    #[test]
    fn what_held_before_the_first_entry_is_the_first_entry() {
        let opened = |before: Option<&str>, after: &str| {
            let tables = [before, Some(after)].map(|text| text.map(|text| read(text, KIND.shape())));
            let changes = openings(KIND.shape(), tables[0].as_ref(), tables[1].as_ref().unwrap());
            apply(after, &changes, order(KIND)).unwrap()
        };
        let first = "[[grade_history]]\nfrom = 2020-01-01\ngrade = \"M1\"\nteam = \"one\"\n";
        let before = "name = 'A'\nteam = 'one'\ngrade = 'M1'\njoined = 2020-01-01\n";
        let made = opened(None, before);
        assert!(made.ends_with(first), "{made}");
        assert!(!opened(None, "name = 'A'\njoined = 2020-01-01\n").contains("grade_history"));
        let promoted = "[[grade_history]]\nfrom = 2026-03-01\ngrade = 'M2'\n";
        let after = opened(Some(before), &format!("{before}{promoted}"));
        assert!(after.contains(&format!("{first}\n{promoted}")), "{after}");
        // In the grade since another day; since nobody knows when; and in that grade already.
        let since = before.replace("joined", "grade_since = 2024-07-01\njoined");
        let after = opened(Some(&since), &format!("{since}{promoted}"));
        assert!(after.contains(&first.replace("2020-01-01", "2024-07-01")), "{after}");
        let unknown = "name = 'A'\nteam = 'one'\ngrade = 'M1'\n";
        let after = opened(Some(unknown), &format!("{unknown}{promoted}"));
        assert!(after.contains("[[history]]\nuntil = 2026-02-28\n"), "{after}");
        assert!(
            after.contains("grade = \"M1\"\n") && after.matches("[[grade_history]]").count() == 1,
            "{after}"
        );
        let there = before.replace("M1", "M2");
        assert_eq!(
            opened(Some(&there), &format!("{there}{promoted}")).matches("[[grade_history]]").count(),
            1
        );
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
