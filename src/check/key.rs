//! What makes a finding the same one in another state of the book: its rule, its record and its field, never its line.
//!
//! A list's entry is named by its natural key, so that entries added before it change nothing.

use std::collections::BTreeMap;

use crate::diag::Finding;
use crate::record::kind::RecordKind;
use crate::record::shape::{Field, Kind, Shape};
use crate::record::tree::{Node, walk};
use crate::source::{FileId, KeyPath, Source, Sources, Step, Target};

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
                (Some(root), Some(shape)) => natural(path, root, shape, &source.text),
                _ => path.to_string(),
            },
        };
        (*index, FindingKey { rule: finding.rule.name, record: record.clone(), field })
    };
    indices.iter().map(key).collect()
}

/// A path in which entries are named by their keys.
fn natural(path: &KeyPath, root: Node<'_, '_>, shape: &'static Shape, text: &str) -> String {
    let mut out = String::new();
    let mut node = Some(root);
    let mut at = Below::Table(shape);
    for step in &path.0 {
        match step {
            Step::Key(key) => {
                if !out.is_empty() {
                    out.push('.');
                }
                out.push_str(key);
                node = node.and_then(|node| node.get(key));
                at = at.key(key);
            }
            Step::Index(index) => {
                node = node.and_then(|node| node.items().nth(*index));
                let name = node.and_then(|entry| name(entry, at.entry_key(), text));
                out.push_str(&format!("[{}]", name.unwrap_or_else(|| index.to_string())));
                at = at.item();
            }
        }
    }
    out
}

/// What names an entry: the keys its definition says, else its id or name; a plain value names itself.
fn name(entry: Node<'_, '_>, keys: &[String], text: &str) -> Option<String> {
    let word = |key: &str| entry.get(key).and_then(|word| word.words(text)).unwrap_or_default();
    let by_definition = keys.iter().map(|key| word(key)).collect::<Vec<_>>().join(" ");
    let names = [by_definition.trim(), word("id"), word("name"), entry.words(text).unwrap_or_default()];
    names.into_iter().find(|name| !name.is_empty()).map(str::to_owned)
}

/// What the definition says of the place a path has come to.
#[derive(Clone, Copy)]
enum Below {
    Table(&'static Shape),
    Field(&'static Field),
    Kind(&'static Kind),
    Nothing,
}

impl Below {
    fn kind(self) -> Option<&'static Kind> {
        match self {
            Self::Field(field) => Some(&field.kind),
            Self::Kind(kind) => Some(kind),
            Self::Table(_) | Self::Nothing => None,
        }
    }

    fn key(self, key: &str) -> Self {
        let shape = match (self, self.kind()) {
            (Self::Table(shape), _) | (_, Some(Kind::Table(shape))) => shape,
            (_, Some(Kind::Map { values, .. })) => return Self::Kind(values),
            _ => return Self::Nothing,
        };
        shape.field(key).map_or(Self::Nothing, Self::Field)
    }

    fn item(self) -> Self {
        match self.kind() {
            Some(Kind::List(items)) => Self::Kind(items),
            _ => Self::Nothing,
        }
    }

    fn entry_key(self) -> &'static [String] {
        match self {
            Self::Field(field) => &field.key,
            _ => &[],
        }
    }
}
