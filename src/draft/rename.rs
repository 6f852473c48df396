//! Another id for a record, wherever a text names it.
//!
//! What names a record, the shapes of the records know; a new field that refers to one needs nothing here. Policies name
//! managers and teams in other ways too.

use super::{policy_names, present};
use crate::draft::plan::order;
use crate::edit::render::Value;
use crate::edit::{Change, EditError, apply};
use crate::path;
use crate::record::facts::{Fact, visit};
use crate::record::kind::RecordKind;
use crate::record::tree;
use crate::source::KeyPath;

/// The field of a record that keeps the ids it had.
const FORMER_IDS: &str = "former_ids";

/// A record under its old and its new id.
#[derive(Clone, Copy, Debug)]
pub struct Renaming<'a> {
    /// Its kind.
    pub kind: RecordKind,
    /// The id it has.
    pub old: &'a str,
    /// The id it is to have.
    pub new: &'a str,
}

/// The text of a record in which another one took a new id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rewritten {
    /// The text.
    pub text: String,
    /// Where it still says the old id, and only its author knows whether the record is meant.
    pub unclear: Vec<KeyPath>,
}

impl Renaming<'_> {
    /// The text of a record of kind `of` with the new id wherever it says the old one; the same text where it does not.
    ///
    /// A text with a syntax fault is refused: what it names cannot be told.
    pub fn in_text(&self, of: RecordKind, text: &str) -> Result<Rewritten, EditError> {
        let found = self.named(of, text, self.old)?;
        let mut policy = policy_names::Named::default();
        if of == RecordKind::Policy {
            policy = policy_names::named(self.kind, text, (self.old, self.new));
        }
        let unclear = policy.unclear;
        if found.is_empty() && policy.changes.is_empty() {
            return Ok(Rewritten { text: text.to_owned(), unclear });
        }
        let taken = self.named(of, text, self.new)?.len();
        // A key's own value comes after it in the walk and has to change before its path does.
        let changes: Vec<Change> =
            found.iter().rev().map(|found| self.change(found)).chain(policy.changes).collect();
        let after = apply(text, &changes, order(of))?;
        // A word that stands for no record in some place, such as `other` among shares, is not named there.
        if self.named(of, &after, self.new)?.len() != found.len() + taken {
            return Err(EditError::Twice(self.new.to_owned()));
        }
        Ok(Rewritten { text: after, unclear })
    }

    /// The text of the renamed record itself, which remembers the id it had: closed periods go on knowing it by that.
    pub fn remembered(&self, text: &str) -> Result<String, EditError> {
        let shape = self.kind.shape();
        if shape.fields.iter().all(|field| field.name != FORMER_IDS) {
            return Ok(text.to_owned());
        }
        let record = present::read(text, shape);
        let mut former = match present::get(&record, FORMER_IDS) {
            Some(Value::List(former)) => former.clone(),
            _ => Vec::new(),
        };
        let (old, new) = (Value::from(self.old), Value::from(self.new));
        former.retain(|id| *id != old && *id != new);
        former.push(old);
        let change = Change::Set { path: path![FORMER_IDS], value: Value::List(former) };
        apply(text, &[change], order(self.kind))
    }

    fn change(&self, (path, by_key): &(KeyPath, bool)) -> Change {
        if *by_key {
            return Change::RenameKey { path: path.clone(), to: self.new.to_owned() };
        }
        Change::Set { path: path.clone(), value: self.new.into() }
    }

    /// Where a text names the record `id`, and whether as a key.
    fn named(&self, of: RecordKind, text: &str, id: &str) -> Result<Vec<(KeyPath, bool)>, EditError> {
        let mut found = Vec::new();
        let walked = tree::walk(text, |root| {
            visit(root, of.shape(), &mut |trail, fact| {
                if let Fact::Ref { kind, id: named, by_key } = fact
                    && kind == self.kind.name()
                    && named == id
                {
                    found.push((trail.path(), by_key));
                }
            });
        });
        walked.map(|()| found).ok_or(EditError::Unsafe)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WANG: Renaming<'_> = Renaming { kind: RecordKind::Manager, old: "wang-fang", new: "王芳" };

    #[test]
    fn values_and_keys_that_name_the_record_change_and_no_other_word() {
        let text = "\
name = \"wang-fang\"
manager = 'wang-fang'  # the lead
backup = \"li-na\"

[[credit]]
from = 2026-07-01
shares = { wang-fang = 70, li-na = 30 }

[[visits]]
date = 2026-10-09
by = \"li-na\"
with = [\"zhao\", \"wang-fang\"]
summary = \"wang-fang was there\"
";
        let expected = text
            .replace("manager = 'wang-fang'", "manager = \"王芳\"")
            .replace("{ wang-fang = 70", "{ \"王芳\" = 70")
            .replace("[\"zhao\", \"wang-fang\"]", "[\"zhao\", \"王芳\"]");
        assert_eq!(rewritten(RecordKind::Client, text), expected);
        assert_eq!(rewritten(RecordKind::Team, "name = \"wang-fang\"\n"), "name = \"wang-fang\"\n");
    }

    #[test]
    fn a_policy_that_names_a_manager_goes_on_naming_the_same_one() {
        let text = "\
applies = 'manager.role == \"rm\" and manager.id != \"wang-fang\"'
[constants.factor]
by = \"manager\"
wang-fang = 2
else = 1
[constants.words]
by = \"grade\"
wang-fang = 2
[constants.head]
by = \"grade\"
senior = \"manager.id == 'wang-fang'\"  # 主管
[[ratings]]
id = \"A\"
all = ['rating != \"B\"', 'manager.id in [\"li-na\", \"wang-fang\"]']
[[variants]]
when = 'head == \"wang-fang\"'
constants = { factor = { by = \"manager\", wang-fang = 3 } }
[[tests]]
name = \"wang-fang\"
manager = { id = \"wang-fang\", team = \"wang-fang\", members = [\"zhao\", \"wang-fang\"] }
peers = [{ id = \"wang-fang\" }]
";
        let expected = text
            .replace("manager.id != \"wang-fang\"", "manager.id != \"王芳\"")
            .replacen("wang-fang = 2", "\"王芳\" = 2", 1)
            .replace("manager.id == 'wang-fang'", "manager.id == '王芳'")
            .replace("[\"li-na\", \"wang-fang\"]", "[\"li-na\", \"王芳\"]")
            .replace("wang-fang = 3", "\"王芳\" = 3")
            .replace("id = \"wang-fang\"", "id = \"王芳\"")
            .replace("\"zhao\", \"wang-fang\"", "\"zhao\", \"王芳\"");
        let found = WANG.in_text(RecordKind::Policy, text).unwrap();
        assert_eq!(found.text, expected);
        assert_eq!(found.unclear, [path!["variants", 0_usize, "when"]]);
        let team = Renaming { kind: RecordKind::Team, old: "wang-fang", new: "t" };
        let changed = text.replace("team = \"wang-fang\"", "team = \"t\"");
        assert_eq!(team.in_text(RecordKind::Policy, text).unwrap().text, changed);
    }

    fn rewritten(of: RecordKind, text: &str) -> String {
        WANG.in_text(of, text).unwrap().text
    }

    #[test]
    fn a_renamed_record_remembers_its_ids_in_order() {
        let renaming = |old, new| Renaming { kind: RecordKind::Client, old, new };
        let once = renaming("a", "b").remembered("name = \"甲\"  # 名称\n").unwrap();
        assert_eq!(once, "name = \"甲\"  # 名称\nformer_ids = [\"a\"]\n");
        let twice = renaming("b", "c").remembered(&once).unwrap();
        assert!(twice.ends_with("former_ids = [\"a\", \"b\"]\n"), "{twice}");
        let back = renaming("c", "a").remembered(&twice).unwrap();
        assert!(back.ends_with("former_ids = [\"b\", \"c\"]\n"), "{back}");
        let policy = Renaming { kind: RecordKind::Policy, old: "p", new: "q" };
        assert_eq!(policy.remembered("title = 'P'\n").as_deref(), Ok("title = 'P'\n"));
    }

    #[test]
    fn a_name_that_would_mean_something_else_is_refused() {
        let shares = "[[credit]]\nfrom = 2026-07-01\nshares = { wang-fang = 100 }\n";
        let other = Renaming { new: "other", ..WANG };
        assert_eq!(other.in_text(RecordKind::Client, shares), Err(EditError::Twice("other".to_owned())));
        assert_eq!(WANG.in_text(RecordKind::Client, "manager = \n"), Err(EditError::Unsafe));
    }
}
