//! What a record's text names, against the ids that the book has.

use super::Fault;
use super::plan::Known;
use crate::record::facts::{Fact, visit};
use crate::record::kind::RecordKind;
use crate::record::tree;

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
