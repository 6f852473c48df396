//! What a word of `add` and `import` stands for: a record, or an entry of one of its lists.

use std::collections::BTreeMap;

use super::leaf::{Leaf, leaves};
use crate::record::kind::RecordKind;
use crate::record::shape::{Field, Shape};

/// The kinds of record that are made and extended by commands.
pub const KINDS: [RecordKind; 4] =
    [RecordKind::Client, RecordKind::Manager, RecordKind::Team, RecordKind::Review];

/// The fields that a review's id spells: `PERIOD/MANAGER`.
pub const SAID_BY_ID: [&str; 2] = ["period", "manager"];

/// The kinds of record whose entries `add` knows: those, and the one file of market figures.
const WITH_ENTRIES: [RecordKind; 5] =
    [RecordKind::Client, RecordKind::Manager, RecordKind::Team, RecordKind::Review, RecordKind::Market];

/// What a word stands for in one kind of record.
#[derive(Clone, Copy, Debug)]
pub struct Home {
    /// The kind of record.
    pub kind: RecordKind,
    /// The list the entry goes to; nothing for the record itself.
    pub list: Option<&'static Field>,
    /// The list of the entry that it stands below, where it stands below one: a facility's history.
    pub above: Option<&'static Field>,
    /// The shape of the entry or record.
    pub shape: &'static Shape,
}

impl Home {
    /// The leaves its flags and columns are made of.
    pub fn leaves(self) -> Vec<Leaf> {
        let mut leaves = leaves(self.shape, self.list.is_some());
        let is_review = self.kind == RecordKind::Review && self.list.is_none();
        let in_id = |leaf: &&mut Leaf| is_review && SAID_BY_ID.contains(&leaf.keys[0]);
        leaves.iter_mut().filter(in_id).for_each(|leaf| leaf.required = false);
        leaves
    }

    /// The word for the entry that it stands below, which is also the column that names one.
    pub fn parent(self) -> Option<&'static str> {
        self.above.and_then(|above| above.entry.as_deref())
    }
}

/// The lists of a kind whose entries have a word, those below an entry with the list of that entry.
pub fn lists(kind: RecordKind) -> impl Iterator<Item = Home> {
    let home = move |above: Option<&'static Field>, field: &'static Field| {
        let shape = field.entries().filter(|_| field.entry.is_some())?;
        Some(Home { kind, list: Some(field), above, shape })
    };
    kind.shape().fields.iter().flat_map(move |field| {
        let below = field.entries().into_iter().flat_map(|shape| &shape.fields);
        let below = below.filter_map(move |nested| home(Some(field), nested));
        home(None, field).into_iter().chain(below)
    })
}

/// Everything a word stands for: a record of one kind, or an entry in one or several.
pub fn homes(word: &str) -> Vec<Home> {
    if let Some(kind) = KINDS.into_iter().find(|kind| kind.name() == word) {
        return vec![Home { kind, list: None, above: None, shape: kind.shape() }];
    }
    let is_meant = |home: &Home| home.list.is_some_and(|list| list.entry.as_deref() == Some(word));
    WITH_ENTRIES.into_iter().flat_map(lists).filter(is_meant).collect()
}

/// The words of entries, sorted, each with its homes.
pub fn entry_words() -> BTreeMap<&'static str, Vec<Home>> {
    let mut words: BTreeMap<&str, Vec<Home>> = BTreeMap::new();
    for home in WITH_ENTRIES.into_iter().flat_map(lists) {
        if let Some(word) = home.list.and_then(|list| list.entry.as_deref()) {
            words.entry(word).or_default().push(home);
        }
    }
    words
}

/// Every word, sorted.
pub fn words() -> Vec<&'static str> {
    let mut words: Vec<&str> =
        KINDS.iter().map(|kind| kind.name()).chain(entry_words().into_keys()).collect();
    words.sort_unstable();
    words
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::record::shape::Kind;

    /// Lists of entries that nobody adds to by hand.
    const WITHOUT: [&str; 4] = [
        // `close` writes the frozen scorecard whole, and from then on an amendment alone changes it.
        "review.scorecard.deferral",
        // `set` writes who owed an action before; no word reaches two lists down.
        "client.visits.next.history",
        "manager.one_on_ones.actions.history",
        "team.meetings.actions.history",
    ];

    fn gather(path: &str, shape: &'static Shape, found: &mut Vec<(String, &'static Field)>) {
        for field in &shape.fields {
            let path = format!("{path}.{}", field.name);
            if let Kind::Table(below) = &field.kind {
                gather(&path, below, found);
            }
            if let Some(below) = field.entries() {
                found.push((path.clone(), field));
                gather(&path, below, found);
            }
        }
    }

    #[test]
    fn every_list_of_entries_has_a_word_of_its_own() {
        // Settings and policies are written by hand, as a whole.
        let words = entry_words();
        for kind in WITH_ENTRIES {
            let mut found = Vec::new();
            gather(kind.name(), kind.shape(), &mut found);
            assert!(!found.is_empty());
            for (path, field) in found.iter().filter(|(path, _)| !WITHOUT.contains(&path.as_str())) {
                let word = field.entry.as_deref().unwrap_or_else(|| panic!("{path} has no word: `x-entry`"));
                let homes = words.get(word).map(Vec::as_slice).unwrap_or_default();
                let known = homes.iter().any(|home| home.list.is_some_and(|list| std::ptr::eq(list, *field)));
                assert!(known, "`add {word}` does not lead to {path}");
                assert!(!field.key.is_empty(), "{path}: nothing names an entry");
            }
        }
        let settings_and_policies = [RecordKind::Settings, RecordKind::Policy];
        assert!(
            RecordKind::ALL
                .iter()
                .all(|kind| WITH_ENTRIES.contains(kind) || settings_and_policies.contains(kind))
        );
    }

    #[test]
    fn a_word_stands_once_in_each_kind_of_record() {
        for (word, homes) in entry_words() {
            let kinds: BTreeSet<RecordKind> = homes.iter().map(|home| home.kind).collect();
            assert_eq!(kinds.len(), homes.len(), "{word}");
            assert!(KINDS.iter().all(|kind| kind.name() != word), "{word}");
        }
    }
}
