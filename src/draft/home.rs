//! What a word of `add` and `import` stands for: a record, or an entry of one of its lists.

use super::leaf::{Leaf, leaves};
use crate::record::kind::RecordKind;
use crate::record::shape::{Field, Shape};

/// The kinds of record that are made and extended by commands.
pub const KINDS: [RecordKind; 4] =
    [RecordKind::Client, RecordKind::Manager, RecordKind::Team, RecordKind::Review];

/// The fields that a review's id spells: `PERIOD/MANAGER`.
pub const SAID_BY_ID: [&str; 2] = ["period", "manager"];

/// What a word stands for in one kind of record.
#[derive(Clone, Copy, Debug)]
pub struct Home {
    /// The kind of record.
    pub kind: RecordKind,
    /// The list the entry goes to; nothing for the record itself.
    pub list: Option<&'static Field>,
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
}

/// Everything a word stands for: a record of one kind, or an entry in one or several.
pub fn homes(word: &str) -> Vec<Home> {
    if let Some(kind) = KINDS.into_iter().find(|kind| kind.name() == word) {
        return vec![Home { kind, list: None, shape: kind.shape() }];
    }
    let home = |kind: RecordKind| {
        let (field, shape) = kind.shape().entry(word)?;
        Some(Home { kind, list: Some(field), shape })
    };
    KINDS.into_iter().filter_map(home).collect()
}

/// Every word, sorted, with what it stands for.
pub fn words() -> Vec<&'static str> {
    let entries =
        KINDS.iter().flat_map(|kind| &kind.shape().fields).filter_map(|field| field.entry.as_deref());
    let mut words: Vec<&str> = KINDS.iter().map(|kind| kind.name()).chain(entries).collect();
    words.sort_unstable();
    words.dedup();
    words
}
