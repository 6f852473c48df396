//! What a record refers to, and what it leaves open: one walk along the shape of a text that loads.

use super::shape::{Field, Keys, Kind, Shape, There};
use super::tree::Node;
use crate::source::{KeyPath, Step};

/// One thing a walk comes across.
#[derive(Clone, Copy)]
pub enum Fact<'a, 't> {
    /// A value, or the key of a table, names a record or a measure.
    Ref {
        /// The kind of record, or `measure`.
        kind: &'static str,
        /// Its id.
        id: &'a str,
        /// Whether a key names it.
        by_key: bool,
    },
    /// A field that is expected, and whether it is there.
    Expected {
        /// The field.
        field: &'static Field,
        /// Whether the record has it, and not empty.
        present: bool,
    },
    /// A day that must not be after today.
    Past {
        /// The field that holds it.
        field: &'static Field,
        /// The day.
        day: Node<'a, 't>,
    },
    /// A day that must not be before another of the same table.
    Later {
        /// The field that holds it.
        field: &'static Field,
        /// The day.
        day: Node<'a, 't>,
        /// The key of the day that must not be later.
        key: &'static str,
        /// That day.
        earlier: Node<'a, 't>,
    },
    /// A day on which somebody was with the bank.
    There {
        /// Who, and on which side of the day.
        there: &'static There,
        /// The manager; nothing for the one whose record it is.
        manager: Option<&'a str>,
        /// The day.
        day: Node<'a, 't>,
    },
    /// An amount with bounds.
    Bounded {
        /// The field that holds it.
        field: &'static Field,
        /// The amount.
        amount: Node<'a, 't>,
    },
    /// A list of entries, before what stands in them.
    Entries {
        /// The field that holds them.
        field: &'static Field,
        /// The list itself.
        list: Node<'a, 't>,
    },
    /// A number or an expression that is written as text.
    Formula {
        /// The text.
        text: &'a str,
    },
    /// A table that leaves its keys free, where they name no record.
    Free {
        /// What its keys are.
        keys: &'static Keys,
        /// The table itself.
        table: Node<'a, 't>,
    },
}

/// Who is told of each fact, with the way to it.
pub type Told<'f> = dyn FnMut(&Trail<'_>, Fact<'_, '_>) + 'f;

/// The way to the fact at hand, cheap to extend; most facts never need it spelt out.
#[derive(Clone, Copy, Debug)]
pub struct Trail<'p> {
    parent: Option<&'p Self>,
    step: Hop<'p>,
}

#[derive(Clone, Copy, Debug)]
enum Hop<'p> {
    Root,
    Key(&'p str),
    Index(usize),
}

impl<'p> Trail<'p> {
    const ROOT: Self = Trail { parent: None, step: Hop::Root };

    fn key(&'p self, key: &'p str) -> Self {
        Self { parent: Some(self), step: Hop::Key(key) }
    }

    fn index(&'p self, index: usize) -> Self {
        Self { parent: Some(self), step: Hop::Index(index) }
    }

    /// The trail as a key path.
    pub fn path(&self) -> KeyPath {
        let mut steps: Vec<Step> = Vec::new();
        let mut at = Some(self);
        while let Some(trail) = at {
            match trail.step {
                Hop::Root => {}
                Hop::Key(key) => steps.push(key.into()),
                Hop::Index(index) => steps.push(index.into()),
            }
            at = trail.parent;
        }
        steps.reverse();
        KeyPath(steps)
    }
}

/// Walks `record` along `shape` and hands every fact to `found`.
pub fn visit(record: Node<'_, '_>, shape: &'static Shape, found: &mut Told<'_>) {
    table(record, shape, &Trail::ROOT, found);
}

fn table(node: Node<'_, '_>, shape: &'static Shape, trail: &Trail<'_>, found: &mut Told<'_>) {
    for field in &shape.fields {
        let value_at = node.get(&field.name);
        let trail = trail.key(&field.name);
        if field.expected.is_some() {
            let present = value_at.is_some_and(|node| !is_empty(node, &field.kind));
            found(&trail, Fact::Expected { field, present });
        }
        if let Some(value_at) = value_at {
            if field.past {
                found(&trail, Fact::Past { field, day: value_at });
            }
            for key in &field.after {
                if let Some(earlier) = node.get(key) {
                    found(&trail, Fact::Later { field, day: value_at, key, earlier });
                }
            }
            for there in &field.there {
                let mut tell = |manager| found(&trail, Fact::There { there, manager, day: value_at });
                match there.named.as_deref().map(|name| node.get(name)) {
                    None => tell(None),
                    Some(named) => named.into_iter().flat_map(names).for_each(|name| tell(Some(name))),
                }
            }
            if (field.least.is_some() || field.most.is_some())
                && matches!(field.kind, Kind::Amount | Kind::Rate)
            {
                found(&trail, Fact::Bounded { field, amount: value_at });
            }
            if !field.key.is_empty() || field.order.is_some() {
                found(&trail, Fact::Entries { field, list: value_at });
            }
            if let Some(id) = value_at.text().filter(|words| field.person && is_like_id(words)) {
                found(&trail, Fact::Ref { kind: "manager", id, by_key: false });
            }
            value(value_at, &field.kind, &trail, found);
        }
    }
}

/// The words of a value, or of each item of a list.
fn names<'a>(node: Node<'a, '_>) -> impl Iterator<Item = &'a str> {
    node.text().into_iter().chain(node.items().filter_map(Node::text))
}

/// Whether words are written as ids are and names are not: small letters, digits and hyphens.
fn is_like_id(words: &str) -> bool {
    let plain = |letter: u8| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == b'-';
    !words.is_empty() && words.bytes().all(plain)
}

fn is_empty(node: Node<'_, '_>, kind: &Kind) -> bool {
    match kind {
        Kind::List(_) => node.items().next().is_none(),
        Kind::Map { .. } => node.entries().next().is_none(),
        _ => node.text().is_some_and(|text| text.trim().is_empty()),
    }
}

fn value(node: Node<'_, '_>, kind: &'static Kind, trail: &Trail<'_>, found: &mut Told<'_>) {
    match kind {
        Kind::Ref(kind) => {
            if let Some(id) = node.text() {
                found(trail, Fact::Ref { kind, id, by_key: false });
            }
        }
        Kind::Formula => {
            if let Some(text) = node.text() {
                found(trail, Fact::Formula { text });
            }
        }
        Kind::Table(shape) => table(node, shape, trail, found),
        Kind::List(items) if is_plain(items) => {}
        Kind::List(items) => {
            node.items().enumerate().for_each(|(index, item)| value(item, items, &trail.index(index), found));
        }
        Kind::Map { keys, values } => {
            if !matches!(keys, Keys::Ref { .. }) {
                found(trail, Fact::Free { keys, table: node });
            }
            for (key, node) in node.entries() {
                let trail = trail.key(key);
                if let Keys::Ref { kind, also } = keys
                    && !also.iter().any(|word| word == key)
                {
                    found(&trail, Fact::Ref { kind, id: key, by_key: true });
                }
                value(node, values, &trail, found);
            }
        }
        Kind::Tagged { tag, variants } => {
            let name = node.get(tag).and_then(Node::text).unwrap_or_default();
            if let Some((_, shape)) = variants.iter().find(|(variant, _)| variant == name) {
                table(node, shape, trail, found);
            }
        }
        Kind::AnyOf(kinds) => {
            let fits = |kind: &&Kind| match node {
                Node::Table(_) => !is_plain(kind) && !matches!(kind, Kind::List(_) | Kind::Formula),
                Node::Value(_) if node.items().next().is_some() => matches!(kind, Kind::List(_)),
                Node::Value(_) => matches!(kind, Kind::Formula),
            };
            if let Some(kind) = kinds.iter().find(fits) {
                value(node, kind, trail, found);
            }
        }
        _ => {}
    }
}

/// Whether no fact can come from a value of this kind.
fn is_plain(kind: &Kind) -> bool {
    !matches!(
        kind,
        Kind::Ref(_)
            | Kind::Table(_)
            | Kind::List(_)
            | Kind::Map { .. }
            | Kind::Tagged { .. }
            | Kind::AnyOf(_)
            | Kind::Formula
    )
}

#[cfg(test)]
mod tests {
    use super::super::kind::RecordKind;
    use super::super::tree::walk;
    use super::*;

    #[test]
    fn references_and_expected_fields_are_found_with_their_paths() {
        let text = r#"
name = "华东精密"
tier = "key"
manager = "wang-fang"
status = "active"
[results]
2026-10 = { deposits = { avg = 1 } }
[[credit]]
from = 2026-01-01
shares = { li-na = 70, other = 30 }
[[visits]]
date = 2026-10-09
by = "li-na"
kind = "call"
with = ["zhao-lei"]
"#;
        let mut refs = Vec::new();
        let mut missing = Vec::new();
        walk(text, |root| {
            visit(root, RecordKind::Client.shape(), &mut |trail, fact| match fact {
                Fact::Ref { kind, id, .. } => refs.push(format!("{kind} {id} at {}", trail.path())),
                Fact::Expected { present: false, .. } => missing.push(trail.path().to_string()),
                _ => {}
            });
        });
        assert_eq!(
            refs,
            [
                "manager wang-fang at manager",
                "measure deposits at results.2026-10.deposits",
                "manager li-na at credit[0].shares.li-na",
                "manager li-na at visits[0].by",
                "manager zhao-lei at visits[0].with[0]",
            ]
        );
        assert!(
            missing.contains(&"credit_code".to_owned()) && missing.contains(&"visits[0].summary".to_owned()),
            "{missing:?}"
        );
        assert!(!missing.contains(&"name".to_owned()));
    }
}
