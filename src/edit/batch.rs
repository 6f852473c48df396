//! Changes that go together: planned from one reading of the text and made at once, so that a thousand entries cost
//! little more than one.
//!
//! The result is the text that the same changes give one after another. What depends on the text another change leaves
//! waits for the next batch: a value beside one that is only being written, an entry of another list.

use std::collections::{BTreeMap, HashMap};

use super::layout::Layout;
use super::order::Order;
use super::place::key_place;
use super::render::{Table, Value};
use super::tree::{self, Node};
use super::{Change, EditError, Splice, insert, nested, rename, set, splice, unset};
use crate::source::{KeyPath, Step};

/// Makes the first of `changes` and those after it that can go with it, in `tree` as in the text; gives the text and the
/// changes that are left.
pub(super) fn make<'c>(
    text: String,
    tree: &mut Node,
    changes: &'c [Change],
    order: &Order,
) -> Result<(String, &'c [Change]), EditError> {
    let Some((first, rest)) = changes.split_first() else { return Ok((text, changes)) };
    match first {
        Change::Insert { list, sort, .. } => insert_all(&text, tree, changes, (list, *sort), order),
        Change::Set { .. } => {
            let (sets, rest) = gather(tree, changes, order)?;
            Ok((set_all(text, &sets, order)?, rest))
        }
        Change::Unset { path } if tree.unset(path) => {
            let splices = unset(&Layout::new(&text), path)?;
            Ok((splice(&text, splices), rest))
        }
        Change::RenameKey { path, to } if tree.rename(path, to)? => {
            let splices = rename(&Layout::new(&text), path, to);
            Ok((splice(&text, splices), rest))
        }
        Change::Unset { .. } | Change::RenameKey { .. } => Ok((text, rest)),
    }
}

/// New entries that stand between two entries there are; the number of those before them.
pub(super) type Group<'c> = (usize, Vec<&'c Table>);

/// Adds the entries that `changes` begin with and that go to one list.
fn insert_all<'c>(
    text: &str,
    tree: &mut Node,
    changes: &'c [Change],
    (list, sort): (&KeyPath, Option<&'static str>),
    order: &Order,
) -> Result<(String, &'c [Change]), EditError> {
    let old = tree.sort_keys(list, sort.unwrap_or_default());
    let mut standing: Vec<(Option<String>, Option<&Table>)> =
        old.into_iter().map(|key| (key, None)).collect();
    let mut count = 0;
    for change in changes {
        let Change::Insert { list: other, entry, sort: by } = change else { break };
        if other != list || *by != sort {
            break;
        }
        let value = sort.and_then(|sort| entry.iter().find(|(key, _)| key == sort));
        let key = value.and_then(|(_, value)| tree::sort_key(value));
        let index = place_of(&standing, key.as_deref());
        tree.insert(list, index, entry)?;
        standing.insert(index, (key, Some(entry)));
        count += 1;
    }
    let splices = insert(&Layout::new(text), list, &groups(&standing), order)?;
    Ok((splice(text, splices), &changes[count..]))
}

/// Where an entry goes: after the last that is not later, else before the first that is; without a key, last.
fn place_of(standing: &[(Option<String>, Option<&Table>)], new: Option<&str>) -> usize {
    let Some(new) = new else { return standing.len() };
    let not_later = standing.iter().rposition(|(key, _)| key.as_deref().is_some_and(|key| key <= new));
    let later = || standing.iter().position(|(key, _)| key.as_deref().is_some_and(|key| key > new));
    not_later.map_or_else(|| later().unwrap_or(standing.len()), |before| before + 1)
}

/// The new entries among those that stand, by how many old ones are before them.
fn groups<'c>(standing: &[(Option<String>, Option<&'c Table>)]) -> Vec<Group<'c>> {
    let mut groups: Vec<Group<'c>> = Vec::new();
    let mut before = 0;
    for (_, new) in standing {
        match (new, groups.last_mut()) {
            (None, _) => before += 1,
            (Some(entry), Some((place, entries))) if *place == before => entries.push(entry),
            (Some(entry), _) => groups.push((before, vec![entry])),
        }
    }
    groups
}

/// A value to be set, perhaps with others below a table that is missing.
struct Pending {
    path: KeyPath,
    value: Value,
    /// How many steps of the path lead to what is there, and one more where it is longer.
    top: usize,
}

impl Pending {
    /// Takes a value below the topmost key that is written anew; whether it could.
    fn take(&mut self, path: &KeyPath, value: &Value, order: &Order) -> bool {
        if self.path.0.len() > self.top {
            let Some(names) = names_of(&self.path.0[self.top..]) else { return false };
            self.value = nested(&names, &self.value);
            self.path.0.truncate(self.top);
        }
        let order = order.at(self.path.0.iter().filter_map(Step::key));
        put(&mut self.value, &path.0[self.top..], value, order)
    }
}

/// Puts a value below another that is to be written; whether it could.
fn put(at: &mut Value, rest: &[Step], new: &Value, order: Option<&Order>) -> bool {
    let Some((first, below)) = rest.split_first() else {
        *at = new.clone();
        return true;
    };
    let (Value::Table(table), Step::Key(key)) = (at, first) else { return false };
    if let Some((_, value)) = table.iter_mut().find(|(known, _)| known == key) {
        return put(value, below, new, order.and_then(|order| order.below(key)));
    }
    let Some(names) = names_of(below) else { return false };
    let present: Vec<&str> = table.iter().map(|(known, _)| known.as_str()).collect();
    let index = key_place(&present, key, order);
    table.insert(index, (key.clone(), nested(&names, new)));
    true
}

fn names_of(steps: &[Step]) -> Option<Vec<&str>> {
    steps.iter().map(Step::key).collect()
}

/// The values that `changes` begin by setting, where they are not what is there already; and the changes left.
fn gather<'c>(
    tree: &mut Node,
    changes: &'c [Change],
    order: &Order,
) -> Result<(Vec<Pending>, &'c [Change]), EditError> {
    let mut sets: Vec<Pending> = Vec::new();
    let mut tops: HashMap<Vec<Step>, usize> = HashMap::new();
    for (at, change) in changes.iter().enumerate() {
        let Change::Set { path, value } = change else { return Ok((sets, &changes[at..])) };
        let node = tree::value_node(value)?;
        if tree.get(&path.0) == Some(&node) {
            continue;
        }
        let held = (1..=path.0.len()).find_map(|depth| tops.get(&path.0[..depth]));
        match held {
            Some(held) if !sets[*held].take(path, value, order) => return Ok((sets, &changes[at..])),
            Some(_) => {}
            None => {
                let is_there = |depth: &usize| tree.get(&path.0[..*depth]).is_some();
                let top = (1..path.0.len()).find(|depth| !is_there(depth)).unwrap_or(path.0.len());
                tops.insert(path.0[..top].to_vec(), sets.len());
                sets.push(Pending { path: path.clone(), value: value.clone(), top });
            }
        }
        tree.set(path, node)?;
    }
    Ok((sets, &[]))
}

/// Sets values, as many from one reading as do not touch each other.
fn set_all(mut text: String, sets: &[Pending], order: &Order) -> Result<String, EditError> {
    let mut done = 0;
    while done < sets.len() {
        let layout = Layout::new(&text);
        let mut apart = Apart::default();
        while let Some(next) = sets.get(done) {
            if !apart.take(set(&layout, &next.path, &next.value, order)?) {
                break;
            }
            done += 1;
        }
        text = splice(&text, apart.splices);
    }
    Ok(text)
}

/// Splices that do not touch each other, so that none depends on another.
#[derive(Default)]
struct Apart {
    splices: Vec<Splice>,
    /// Where each begins and ends.
    taken: BTreeMap<usize, usize>,
}

impl Apart {
    /// Takes the splices of one more change, unless they touch those of an earlier one.
    fn take(&mut self, splices: Vec<Splice>) -> bool {
        let touches = |splice: &Splice| {
            let nearest = self.taken.range(..=splice.range.end).next_back();
            nearest.is_some_and(|(_, end)| *end >= splice.range.start)
        };
        if splices.iter().any(touches) {
            return false;
        }
        self.taken.extend(splices.iter().map(|splice| (splice.range.start, splice.range.end)));
        self.splices.extend(splices);
        true
    }
}
