//! How something stood before: entries that each say what held up to a day, the present above them.

use chrono::NaiveDate;

use super::value::Day;

/// What the earliest entry that held on a day, or after it, says; with its place in the history.
pub(super) fn then<'h, E, T>(
    history: &'h [E],
    day: NaiveDate,
    until: impl Fn(&E) -> Day,
    said: impl Fn(&'h E) -> Option<T>,
) -> Option<(usize, T)> {
    let held = history.iter().enumerate().filter(|(_, entry)| until(entry).0 >= day);
    let said = held.filter_map(|(index, entry)| Some((until(entry), index, said(entry)?)));
    said.min_by_key(|(until, index, _)| (*until, *index)).map(|(_, index, value)| (index, value))
}
