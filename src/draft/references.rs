//! What a record's text names, against the ids that the book has.

use std::collections::{BTreeMap, BTreeSet};

use super::Fault;
use crate::diag::nearest;
use crate::metric::BUILTINS;
use crate::msg;
use crate::record::facts::{Fact, visit};
use crate::record::figure::is_of_targets;
use crate::record::kind::RecordKind;
use crate::record::tree;
use crate::source::KeyPath;
use crate::text::{entry, finding};

/// Gives the ids of a kind.
type Load<'b> = Box<dyn FnMut(&str) -> Vec<String> + 'b>;

/// The ids that records had before, with those they have now.
type Former = BTreeMap<String, String>;

/// Gives them for a kind.
type LoadFormer<'b> = Box<dyn FnMut(&str) -> Former + 'b>;

/// The ids a book has, looked up kind by kind when first asked for.
pub struct Known<'b> {
    load: Load<'b>,
    load_former: Option<LoadFormer<'b>>,
    former: BTreeMap<String, Former>,
    ids: BTreeMap<String, BTreeSet<String>>,
}

impl<'b> Known<'b> {
    /// Ids that `load` gives for a kind of record, or for `measure`.
    pub fn new(load: impl FnMut(&str) -> Vec<String> + 'b) -> Self {
        Self { load: Box::new(load), load_former: None, former: BTreeMap::new(), ids: BTreeMap::new() }
    }

    /// The same with the ids that records of a kind had before, and have now.
    pub fn with_former(mut self, former: impl FnMut(&str) -> BTreeMap<String, String> + 'b) -> Self {
        self.load_former = Some(Box::new(former));
        self
    }

    /// The id that a record of a kind, called otherwise before, has now.
    pub fn formerly(&mut self, kind: &str, id: &str) -> Option<&str> {
        let load = self.load_former.as_mut()?;
        self.former.entry(kind.to_owned()).or_insert_with(|| load(kind)).get(id).map(String::as_str)
    }

    /// The ids of a kind.
    pub fn ids(&mut self, kind: &str) -> &mut BTreeSet<String> {
        let load = &mut self.load;
        self.ids.entry(kind.to_owned()).or_insert_with(|| load(kind).into_iter().collect())
    }

    /// The fault of naming what the book does not have.
    pub fn fault(&mut self, kind: &str, id: &str, at: &KeyPath) -> Option<Fault> {
        if RecordKind::named(kind).is_none() && kind != "measure" {
            return None;
        }
        let of_target = at.0.first().and_then(|step| step.key()).is_some_and(is_of_targets);
        let is_metric = kind == "measure" && of_target && BUILTINS.iter().any(|metric| metric.name == id);
        let ids = self.ids(kind);
        if is_metric || ids.contains(id) {
            return None;
        }
        let near = nearest(id, ids.iter().map(String::as_str)).map(str::to_owned);
        let now = self.formerly(kind, id);
        let near = match now {
            Some(now) => Some(msg!(finding::FORMERLY, old = id, id = now)),
            None => near.map(|near| msg!(finding::NEAREST, name = near)),
        };
        Some(match RecordKind::named(kind) {
            Some(record) => {
                let help = near.or_else(|| (at.0.len() == 1).then(|| entry::ADD_FIRST.into()));
                Fault::new(at, msg!(entry::UNKNOWN_ID, kind = record.title(), id = id)).with_help(help)
            }
            None => {
                let help = near.unwrap_or(entry::DECLARE_MEASURE.into());
                Fault::new(at, msg!(entry::UNKNOWN_MEASURE, id = id)).with_help(help)
            }
        })
    }
}

/// What a text names and the book does not have; nothing where the text cannot be parsed.
pub fn unknown(kind: RecordKind, text: &str, known: &mut Known<'_>) -> Vec<Fault> {
    let mut refs = Vec::new();
    tree::walk(text, |root| {
        visit(root, kind.shape(), &mut |trail, fact| {
            if let Fact::Ref { kind, id, .. } = fact {
                refs.push((kind, id.to_owned(), trail.path()));
            }
        });
    });
    refs.into_iter().filter_map(|(kind, id, at)| known.fault(kind, &id, &at)).collect()
}
