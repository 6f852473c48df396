//! What the last entry of a list says of its record: a manager's `grade` is that of the last change of grade that has begun.
//!
//! A list marked `x-latest` names the neighbours that its last entry says under the same keys; a neighbour marked `x-since`
//! then takes the entry's day. Of an entry that begins on a day to come the neighbours say it too, and the history what holds
//! until then. What the neighbours said before such a list begins is its first entry, from the day since which
//! they have, or the record has begun: earlier months would not know it otherwise.

use chrono::NaiveDate;

use super::plan::{Target, order};
use super::present::{at, covers, entries, get, read};
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
    let before = before.unwrap_or_default();
    let told = told(shape, &before, &read(&text, shape), today);
    let mut text = apply(&text, &told, order(target.kind))?;
    for (list, key, from) in to_come(shape, &before, &read(&text, shape), today) {
        text = apply(&text, &announced(shape, (list, key, from), &read(&text, shape)), order(target.kind))?;
    }
    Ok(text)
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
            // Where something else is to hold from a day to come, what holds until then stands in the history.
            if let Some((_, index, held)) = held(shape, after, key, today) {
                let path = KeyPath(vec![held.name.as_str().into(), index.into(), key.as_str().into()]);
                changes.push(Change::Set { path, value: value.clone() });
                continue;
            }
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

/// The entries of lists that begin on a day to come and were not there before, the nearest first.
fn to_come(
    shape: &'static Shape,
    before: &Table,
    after: &Table,
    today: NaiveDate,
) -> Vec<(&'static Field, &'static str, NaiveDate)> {
    let mut found = Vec::new();
    for list in shape.fields.iter().filter(|field| !field.latest.is_empty()) {
        for key in &list.latest {
            let known = said(list, before, key);
            let is_new = |(day, value): &(NaiveDate, &Value)| {
                *day > today && !known.iter().any(|(then, old)| then == day && covers(old, value, true))
            };
            let new = said(list, after, key).into_iter().filter(is_new);
            found.extend(new.map(|(day, _)| (list, key.as_str(), day)));
        }
    }
    found.sort_by_key(|(.., day)| *day);
    found
}

/// The changes by which a record says what is to hold from a day to come: the neighbour says it, and the history what holds until
/// then; where the neighbour says what holds from a later day still, the history says both.
fn announced(
    shape: &'static Shape,
    (list, key, from): (&'static Field, &str, NaiveDate),
    record: &Table,
) -> Vec<Change> {
    let entries_said = said(list, record, key);
    let new = entries_said.iter().rfind(|(day, _)| *day == from).map(|(_, value)| (*value).clone());
    let (Some(new), Some(keeper), Some(until)) = (new, keeper(shape), from.pred_opt()) else {
        return Vec::new();
    };
    let later = held(shape, record, key, from);
    let end = later.map_or(NaiveDate::MAX, |(end, ..)| end);
    // Another change that comes before that end tells of it.
    if entries_said.iter().any(|(day, _)| *day > from && *day <= end) {
        return Vec::new();
    }
    let list_path = || KeyPath(vec![keeper.name.as_str().into()]);
    let (path, old) = match later {
        Some((_, index, _)) => {
            let path = list_path().join(index).join(key);
            let old = at(record, &path).cloned();
            (path, old)
        }
        None => (KeyPath(vec![key.into()]), get(record, key).cloned()),
    };
    if old.as_ref().is_some_and(|old| covers(old, &new, true)) {
        return Vec::new();
    }
    let is_present = later.is_none();
    let mut changes = vec![Change::Set { path, value: new }];
    let since = shape.fields.iter().find(|field| field.since.as_deref() == Some(key));
    if let Some(since) = since.filter(|since| is_present && get(record, &since.name).is_some()) {
        changes.push(Change::Set { path: KeyPath(vec![since.name.as_str().into()]), value: from.into() });
    }
    let key_of_day = keeper.keeps.as_deref().unwrap_or_default();
    let ends = |entry: &Table| get(entry, key_of_day).and_then(day) == Some(until);
    let there = entries(record, &keeper.name).enumerate().find(|(_, entry)| ends(entry));
    match (old, there) {
        (None, _) => {}
        (Some(_), Some((_, entry))) if get(entry, key).is_some() => {}
        (Some(old), Some((index, _))) => {
            changes.push(Change::Set { path: list_path().join(index).join(key), value: old });
        }
        (Some(old), None) => {
            let entry = vec![(key_of_day.to_owned(), until.into()), (key.to_owned(), old)];
            changes.push(Change::Insert { list: list_path(), entry, sort: keeper.order.as_deref() });
        }
    }
    changes
}

/// The list that says what the neighbours were before.
fn keeper(shape: &'static Shape) -> Option<&'static Field> {
    shape.fields.iter().find(|field| field.keeps.is_some() && field.entries().is_some())
}

/// The earliest entry of the history that says `key` of a day or of those after it: its last day, its index, and the history.
fn held(
    shape: &'static Shape,
    record: &Table,
    key: &str,
    on: NaiveDate,
) -> Option<(NaiveDate, usize, &'static Field)> {
    let keeper = keeper(shape)?;
    let of_day = keeper.keeps.as_deref()?;
    let said = entries(record, &keeper.name).enumerate().filter(|(_, entry)| get(entry, key).is_some());
    let days = said.filter_map(|(index, entry)| Some((get(entry, of_day).and_then(day)?, index, keeper)));
    days.filter(|(until, ..)| *until >= on).min_by_key(|(until, index, _)| (*until, *index))
}

/// What the entries of a list say under `key`, each from its day.
fn said<'t>(list: &Field, record: &'t Table, key: &str) -> Vec<(NaiveDate, &'t Value)> {
    let Some(order) = list.order.as_deref() else { return Vec::new() };
    entries(record, &list.name)
        .filter_map(|entry| Some((get(entry, order).and_then(day)?, get(entry, key)?)))
        .collect()
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
            let keeper = keeper(shape)?;
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

/// The day a value is.
pub(super) fn day(value: &Value) -> Option<NaiveDate> {
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
    said(list, record, key).into_iter().filter(|(day, _)| *day <= today).max_by_key(|(day, _)| *day)
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
