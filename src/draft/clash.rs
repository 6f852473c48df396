//! Rows of one file that say different things of the same field: none of them is believed.

use std::collections::BTreeMap;

use super::Fault;
use super::plan::{Proposal, Twice};
use super::present::{covers, get};
use crate::edit::render::{Table, Value, inline};
use crate::msg;
use crate::source::KeyPath;
use crate::text::{BLANK, Message, entry};

/// What a row says of one field, and where.
struct Said<'p> {
    /// What the field is of, in the same words for every row that means it.
    of: String,
    /// The field.
    at: KeyPath,
    value: Option<&'p Value>,
}

/// For each row of one record that contradicts another one, by its place among `rows`: the fault that names the other.
pub fn clashes<'p>(
    rows: impl Iterator<Item = (usize, &'p Proposal)>,
    twice: Twice,
) -> BTreeMap<usize, (usize, Fault)> {
    let mut first: BTreeMap<String, (usize, usize, Option<&Value>)> = BTreeMap::new();
    let mut found = BTreeMap::new();
    for (index, (number, proposal)) in rows.enumerate() {
        for Said { of, at, value } in said(proposal, twice) {
            let Some((other, row, known)) = first.get(&of).copied() else {
                first.insert(of, (index, number, value));
                continue;
            };
            if row == number || same(known, value) {
                continue;
            }
            let fault = |value: Option<&Value>, other: Option<&Value>, row: usize| {
                let [value, other] =
                    [value, other].map(|value| value.map_or_else(|| BLANK.to_owned(), inline));
                let message = msg!(entry::ROWS_DIFFER, value = value, row = row, other = other);
                Fault::new(&at, message).with_help(another(proposal))
            };
            found.entry(other).or_insert_with(|| (row, fault(known, value, number)));
            found.entry(index).or_insert_with(|| (number, fault(value, known, row)));
        }
    }
    found
}

/// Where an entry has a number, two of one day may be two.
fn another(proposal: &Proposal) -> Option<Message> {
    match proposal {
        Proposal::Entry { field, .. } if field.key.iter().any(|key| key == "n") => {
            Some(entry::ANOTHER.into())
        }
        _ => None,
    }
}

fn same(one: Option<&Value>, other: Option<&Value>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => covers(one, other, true),
        (one, other) => one == other,
    }
}

/// The fields that a proposal gives values. Entries that are there and differ are refused by themselves, unless they take
/// new values.
fn said(proposal: &Proposal, twice: Twice) -> Vec<Said<'_>> {
    let mut all = Vec::new();
    match proposal {
        Proposal::Values(values) => {
            for (path, value) in values {
                all.push(Said { of: path.to_string(), at: path.clone(), value: value.as_ref() });
            }
        }
        Proposal::Record { record, filled } => below(record, filled, "", &KeyPath::ROOT, &mut all),
        Proposal::Entry { list, field, entry, filled } if twice == Twice::Updated => {
            let key = field.key.iter().map(|key| get(entry, key).map(inline).unwrap_or_default());
            let of = format!("{list}[{}]", key.collect::<Vec<_>>().join(","));
            below(entry, filled, &of, &KeyPath::ROOT, &mut all);
        }
        Proposal::Entry { .. } => {}
    }
    all
}

fn below<'p>(table: &'p Table, filled: &[String], of: &str, at: &KeyPath, all: &mut Vec<Said<'p>>) {
    for (key, value) in table.iter().filter(|(key, _)| !filled.contains(key)) {
        let at = at.join(key.as_str());
        match value {
            Value::Table(deeper) => below(deeper, &[], of, &at, all),
            _ => all.push(Said { of: format!("{of}.{at}"), at, value: Some(value) }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path;
    use crate::text::Lang;

    fn figure(month: &str, amount: &str) -> Proposal {
        let at = path!["results", month, "deposits"];
        Proposal::Values(vec![
            (at, Some(Value::Raw(amount.into()))),
            (path!["since"], Some(Value::Raw("2021-03-15".into()))),
        ])
    }

    #[test]
    fn rows_that_contradict_each_other_name_each_other() {
        let rows = [
            (2, figure("2026-09", "5100")),
            (3, figure("2026-10", "5200")),
            (4, figure("2026-09", "5100.0")),
            (5, figure("2026-10", "5300")),
        ];
        let found = clashes(rows.iter().map(|(number, row)| (*number, row)), Twice::Covered);
        let said: Vec<String> = found
            .iter()
            .map(|(index, (row, fault))| format!("{index} {row} {} {}", fault.at, fault.words(Lang::En)))
            .collect();
        assert_eq!(
            said,
            [
                "1 3 results.2026-10.deposits 5200 here, 5300 in row 5",
                "3 5 results.2026-10.deposits 5300 here, 5200 in row 3"
            ]
        );
    }
}
