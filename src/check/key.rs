//! What makes a finding the same one in another state of the book: its rule, its record and its field, never its line.
//!
//! A list's entry is named by its natural key, so that entries added before it change nothing.

use std::collections::BTreeMap;

use crate::diag::Finding;
use crate::record::kind::RecordKind;
use crate::record::natural;
use crate::record::tree::{Node, walk};
use crate::source::{FileId, Source, Sources, Target};

/// A finding without its place in a text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FindingKey {
    /// The name of its rule.
    pub rule: &'static str,
    /// The kind and id of its record, or the path of another file: `client acme`.
    pub record: String,
    /// The field: `visits[2026-10-09 wang-fang call].by`; for a place without one, the words there.
    pub field: String,
}

/// The keys of findings, in their order. Each file is parsed at most once.
pub fn keys<'f>(findings: impl IntoIterator<Item = &'f Finding>, sources: &Sources) -> Vec<FindingKey> {
    let findings: Vec<&Finding> = findings.into_iter().collect();
    let mut by_file: BTreeMap<FileId, Vec<usize>> = BTreeMap::new();
    for (index, finding) in findings.iter().enumerate() {
        by_file.entry(finding.at.file).or_default().push(index);
    }
    let mut keys: Vec<(usize, FindingKey)> = Vec::with_capacity(findings.len());
    for (file, indices) in by_file {
        let source = sources.get(file);
        let of_file = walk(&source.text, |root| of_file(&findings, &indices, source, Some(root)));
        keys.extend(of_file.unwrap_or_else(|| self::of_file(&findings, &indices, source, None)));
    }
    keys.sort_by_key(|(index, _)| *index);
    keys.into_iter().map(|(_, key)| key).collect()
}

fn of_file(
    findings: &[&Finding],
    indices: &[usize],
    source: &Source,
    root: Option<Node<'_, '_>>,
) -> Vec<(usize, FindingKey)> {
    let kind = RecordKind::of_path(&source.path);
    let record = kind.map_or_else(|| source.path.clone(), |(kind, id)| format!("{} {id}", kind.name()));
    let shape = kind.map(|(kind, _)| kind.shape());
    let key = |index: &usize| {
        let finding = findings[*index];
        let field = match &finding.at.target {
            Target::File => String::new(),
            Target::Bytes { start, end } => {
                source.text.get(*start..*end).unwrap_or_default().trim().to_owned()
            }
            Target::Value(path) | Target::Key(path) | Target::Part { path, .. } => match (root, shape) {
                (Some(root), Some(shape)) => natural::path(path, root, shape, &source.text),
                _ => path.to_string(),
            },
        };
        (*index, FindingKey { rule: finding.rule.name, record: record.clone(), field })
    };
    indices.iter().map(key).collect()
}
