//! Where a policy names a manager or a team outside of the fields that refer to one: in expressions, among the keys of
//! constants, in its tests.

use crate::edit::Change;
use crate::edit::render::Value;
use crate::policy::expr::{Renamed, renamed};
use crate::record::facts::{Fact, visit};
use crate::record::kind::RecordKind;
use crate::record::tree::{self, Node};
use crate::source::KeyPath;

/// What a policy's text says of a record, besides its references.
#[derive(Default)]
pub(super) struct Named {
    /// What makes it say the new id.
    pub(super) changes: Vec<Change>,
    /// Where it has the old one and only its author knows what is meant.
    pub(super) unclear: Vec<KeyPath>,
}

/// What makes a policy say the new id of a record; nothing for kinds that expressions do not compare.
pub(super) fn named(kind: RecordKind, text: &str, (old, new): (&str, &str)) -> Named {
    let (name, fields) = match kind {
        RecordKind::Manager => ("manager.id", ["id", "members", "reports", "head"].as_slice()),
        RecordKind::Team => ("manager.team", ["team"].as_slice()),
        _ => return Named::default(),
    };
    let mut named = Named::default();
    tree::walk(text, |root| {
        visit(root, RecordKind::Policy.shape(), &mut |trail, fact| {
            if let Fact::Formula { text } = fact {
                match renamed(text, name, old, new) {
                    Renamed::Unnamed => {}
                    Renamed::Changed(text) => {
                        named.changes.push(Change::Set { path: trail.path(), value: quoted(&text) });
                    }
                    Renamed::Unclear => named.unclear.push(trail.path()),
                }
            }
        });
        let mut walk = Walk { kind, fields, old, new, changes: &mut named.changes };
        walk.constants(root, &KeyPath(Vec::new()));
        for (index, variant) in root.get("variants").into_iter().flat_map(Node::items).enumerate() {
            walk.constants(variant, &KeyPath(vec!["variants".into(), index.into()]));
        }
        for (index, case) in root.get("tests").into_iter().flat_map(Node::items).enumerate() {
            walk.case(case, &KeyPath(vec!["tests".into(), index.into()]));
        }
    });
    named
}

/// An expression as a TOML string, in single quotes where it has double ones of its own.
fn quoted(text: &str) -> Value {
    let literal = text.contains('"') && !text.contains(['\'', '\n', '\r']);
    if literal { Value::Raw(format!("'{text}'")) } else { text.into() }
}

struct Walk<'a> {
    kind: RecordKind,
    /// The fields of the people of a test that name such a record.
    fields: &'a [&'static str],
    old: &'a str,
    new: &'a str,
    changes: &'a mut Vec<Change>,
}

impl Walk<'_> {
    /// The rows of constants by manager or by team.
    fn constants(&mut self, of: Node<'_, '_>, path: &KeyPath) {
        for (name, rows) in of.get("constants").into_iter().flat_map(Node::entries) {
            if rows.get("by").and_then(Node::text) == Some(self.kind.name()) && rows.get(self.old).is_some() {
                let path = path.join("constants").join(name).join(self.old);
                self.changes.push(Change::RenameKey { path, to: self.new.to_owned() });
            }
        }
    }

    /// The people of a test: the manager, with what was earlier, and the others.
    fn case(&mut self, case: Node<'_, '_>, path: &KeyPath) {
        if let Some(manager) = case.get("manager") {
            let path = path.join("manager");
            self.person(manager, &path);
            for (index, earlier) in manager.get("earlier").into_iter().flat_map(Node::items).enumerate() {
                self.person(earlier, &path.join("earlier").join(index));
            }
        }
        for (index, peer) in case.get("peers").into_iter().flat_map(Node::items).enumerate() {
            self.person(peer, &path.join("peers").join(index));
        }
    }

    fn person(&mut self, person: Node<'_, '_>, path: &KeyPath) {
        for field in self.fields {
            let Some(value) = person.get(field) else { continue };
            let path = path.join(*field);
            let listed = value.items().enumerate().map(|(index, item)| (item, path.join(index)));
            for (value, path) in listed.chain([(value, path.clone())]).collect::<Vec<_>>() {
                if value.text() == Some(self.old) {
                    self.changes.push(Change::Set { path, value: self.new.into() });
                }
            }
        }
    }
}
