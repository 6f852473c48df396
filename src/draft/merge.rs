//! Two records of one client made one: what the one holds goes to the other.
//!
//! What the fields of a client are, its shape knows: entries go to their lists, months and other tables of free keys to theirs,
//! single values where the other has none. What both state otherwise nobody can decide but its author, and stops the merge,
//! save single values, of which those of the record that stays stand and the others are said.

use super::Fault;
use super::plan::order;
use super::present::{self, Entries, covers, covers_table, get, spelt};
use crate::edit::render::{Table, Value};
use crate::edit::{Change, EditError, apply, comments};
use crate::msg;
use crate::record::kind::RecordKind;
use crate::record::shape::{Field, Kind};
use crate::source::KeyPath;
use crate::text::{Message, merge as say};

/// The record that stays, with what the other held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    /// Its text.
    pub text: String,
    /// Single values of the other that it has otherwise: the field, what went, what stands.
    pub left_out: Vec<(String, String, String)>,
}

/// Why two records cannot be made one.
#[derive(Debug)]
pub enum MergeError {
    /// What both state otherwise.
    Both(Vec<Fault>),
    /// A text cannot be edited.
    Edit(EditError),
}

/// The text `stays` of a client with what `goes`, the text of another one, holds besides.
pub fn merged(goes: &str, stays: &str) -> Result<Merged, MergeError> {
    let shape = RecordKind::Client.shape();
    let mut merging = Merging {
        goes: present::read(goes, shape),
        stays: present::read(stays, shape),
        changes: Vec::new(),
        faults: Vec::new(),
        left_out: Vec::new(),
    };
    for field in &shape.fields {
        merging.field(field);
    }
    merging.names();
    if !merging.faults.is_empty() {
        return Err(MergeError::Both(merging.faults));
    }
    let text = apply(stays, &merging.changes, order(RecordKind::Client)).map_err(MergeError::Edit)?;
    Ok(Merged { text: with_comments(text, goes), left_out: merging.left_out })
}

/// A text with the comments of another below it, those that it has left out; one beside a value with its value.
fn with_comments(mut text: String, goes: &str) -> String {
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let said = comments(goes).into_iter().filter(|(_, comment)| !comment.starts_with("#:schema"));
    let new: Vec<(&str, &str)> = said.filter(|(_, comment)| !text.contains(comment)).collect();
    for (at, (beside, comment)) in new.into_iter().enumerate() {
        if at == 0 {
            text.truncate(text.trim_end().len());
            text.push_str(newline);
            text.push_str(newline);
        }
        if !beside.is_empty() {
            text.push_str(&format!("# {beside}  "));
        }
        text.push_str(comment);
        text.push_str(newline);
    }
    text
}

/// Lists that say who earns or earned the figures of a record, which only their author can put together.
const WHO_EARNS: [&str; 2] = ["credit", "handovers"];

/// Single values of which the earlier is that of both.
const EARLIER: [&str; 2] = ["since", "entered"];

struct Merging {
    goes: Table,
    stays: Table,
    changes: Vec<Change>,
    faults: Vec<Fault>,
    left_out: Vec<(String, String, String)>,
}

impl Merging {
    fn field(&mut self, field: &'static Field) {
        let name = field.name.as_str();
        let Some(goes) = get(&self.goes, name).cloned() else { return };
        let at = KeyPath(vec![name.into()]);
        match (&field.kind, field.entries(), &goes) {
            (_, Some(_), _) => self.entries(field, &at),
            (Kind::Map { .. }, _, Value::Table(goes)) => self.below(&at, goes),
            (Kind::List(_), _, Value::List(goes)) => self.words(&at, goes.clone()),
            _ => self.single(name, &at, goes),
        }
    }

    /// Entries that are not there yet; one that is there otherwise gets a number of its own where such have one.
    fn entries(&mut self, field: &'static Field, list: &KeyPath) {
        let mut known = Entries::of(&self.stays, field);
        let entries: Vec<Table> = present::entries(&self.goes, &field.name).cloned().collect();
        for mut entry in entries {
            let same = |known: &Table| covers_table(known, &entry, true);
            match known.find(&entry) {
                Some((_, old)) if same(old) => continue,
                None if !WHO_EARNS.contains(&field.name.as_str()) => {}
                None => {
                    let fault = Fault::new(list, say::WHO_EARNS);
                    return self.faults.push(fault.with_help(Message::from(say::WHO_EARNS_HELP)));
                }
                Some(_) if field.key.iter().any(|key| key == "n") => number(&mut entry, &known),
                Some(_) => {
                    let names = field.key.iter().filter_map(|key| get(&entry, key)).map(spelt);
                    let name = names.collect::<Vec<_>>().join(", ");
                    let fault = Fault::new(list, msg!(say::ENTRY_TWICE, list = &field.name, name = name));
                    self.faults.push(fault.with_help(Message::from(say::ENTRY_TWICE_HELP)));
                    continue;
                }
            }
            known.add(entry.clone());
            self.changes.push(Change::Insert { list: list.clone(), entry, sort: field.order.as_deref() });
        }
    }

    /// Values of a table of free keys that are not there yet.
    fn below(&mut self, at: &KeyPath, goes: &Table) {
        for (key, value) in goes {
            let path = at.join(key.as_str());
            match (present::at(&self.stays, &path).cloned(), value) {
                (None, value) => self.changes.push(Change::Set { path, value: value.clone() }),
                (Some(Value::Table(_)), Value::Table(below)) if path.0.len() == 2 => self.below(&path, below),
                // A figure in both may be one entered twice or two parts of a sum.
                (Some(_), _) => {
                    let fault = Fault::new(&path, msg!(say::VALUE_TWICE, path = path.to_string()));
                    self.faults.push(fault.with_help(Message::from(say::VALUE_TWICE_HELP)));
                }
            }
        }
    }

    /// Words of a plain list that are not there yet.
    fn words(&mut self, path: &KeyPath, goes: Vec<Value>) {
        let mut all = match present::at(&self.stays, path) {
            Some(Value::List(stays)) => stays.clone(),
            _ => Vec::new(),
        };
        let before = all.len();
        all.extend(goes);
        let mut seen = Vec::new();
        all.retain(|value| {
            !seen.contains(value) && {
                seen.push(value.clone());
                true
            }
        });
        if all.len() > before {
            self.changes.push(Change::Set { path: path.clone(), value: Value::List(all) });
        }
    }

    fn single(&mut self, name: &str, path: &KeyPath, goes: Value) {
        let Some(stays) = get(&self.stays, name) else {
            return self.changes.push(Change::Set { path: path.clone(), value: goes });
        };
        if name == "name" || covers(stays, &goes, true) {
            return;
        }
        let (gone, stands) = (spelt(&goes), spelt(stays));
        match name {
            "credit_code" => {
                let fault = Fault::new(path, msg!(say::OTHER_COMPANY, goes = gone, stays = stands));
                self.faults.push(fault);
            }
            // ISO days compare as text.
            _ if EARLIER.contains(&name) && gone < stands => {
                self.changes.push(Change::Set { path: path.clone(), value: goes });
            }
            _ if EARLIER.contains(&name) => {}
            "note" => {
                let both = Value::from(format!("{stands}\n{gone}"));
                self.changes.push(Change::Set { path: path.clone(), value: both });
            }
            _ => self.left_out.push((name.to_owned(), gone, stands)),
        }
    }

    /// The name of the one that goes is another name of the one that stays.
    fn names(&mut self) {
        let name = |record: &Table| present::words(record, "name").map(str::to_owned);
        let (Some(gone), stays) = (name(&self.goes), name(&self.stays)) else { return };
        let path = KeyPath(vec!["aliases".into()]);
        let of = |record: &Table| match get(record, "aliases") {
            Some(Value::List(aliases)) => aliases.clone(),
            _ => Vec::new(),
        };
        if stays.as_ref() == Some(&gone) || of(&self.stays).contains(&Value::from(gone.as_str())) {
            return;
        }
        let set = self.changes.iter_mut().find_map(|change| match change {
            Change::Set { path: at, value: Value::List(aliases) } if *at == path => Some(aliases),
            _ => None,
        });
        match set {
            Some(aliases) => aliases.push(gone.into()),
            None => {
                let aliases = of(&self.stays).into_iter().chain([gone.into()]).collect();
                self.changes.push(Change::Set { path, value: Value::List(aliases) });
            }
        }
    }
}

/// Gives an entry the first number that none of its name has.
fn number(entry: &mut Table, known: &Entries<'_>) {
    let mut n = 2_u32;
    loop {
        entry.retain(|(key, _)| key != "n");
        entry.push(("n".to_owned(), n.into()));
        if known.find(entry).is_none() {
            return;
        }
        n += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::render::inline;
    use crate::text::Lang;

    const STAYS: &str = "\
name = \"Acme\"  # by hand
tier = \"key\"
manager = \"wang\"
status = \"active\"
since = 2021-03-15

[results]
2026-09 = { deposits = 100 }

[[contacts]]
name = \"Li\"

[[visits]]
date = 2026-10-09
by = \"wang\"
kind = \"call\"
summary = \"First\"

[[opportunities]]
id = \"scf\"
stage = \"proposal\"
";

    const GOES: &str = "\
name = \"Acme Ltd\"
tier = \"base\"
manager = \"li\"
status = \"active\"
since = 2020-01-01
industry = \"steel\"
former_ids = [\"acme-old\"]

[results]
2026-08 = { deposits = 5 }
2026-09 = { loans = 7 }

[[contacts]]
name = \"Li\"

[[visits]]
date = 2026-09-01
by = \"li\"
kind = \"on-site\"

[[visits]]
date = 2026-10-09
by = \"wang\"
kind = \"call\"
summary = \"Second\"
";

    fn faults(goes: &str) -> Vec<String> {
        match merged(goes, STAYS) {
            Err(MergeError::Both(faults)) => {
                faults.iter().map(|it| format!("{}: {}", it.at, it.message().get(Lang::En))).collect()
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_one_holds_goes_to_the_other_in_the_order_of_its_days() {
        let merged = merged(GOES, STAYS).unwrap();
        let record = present::read(&merged.text, RecordKind::Client.shape());
        for line in [
            "name = \"Acme\"  # by hand\n",
            "aliases = [\"Acme Ltd\"]\n",
            "since = 2020-01-01\n",
            "industry = \"steel\"\n",
            "former_ids = [\"acme-old\"]\n",
            "2026-09 = { deposits = 100, loans = 7 }\n",
            "2026-08 = { deposits = 5 }\n",
        ] {
            assert!(merged.text.contains(line), "{line}{}", merged.text);
        }
        let visits: Vec<String> = present::entries(&record, "visits")
            .map(|visit| ["date", "n"].map(|key| get(visit, key).map(inline).unwrap_or_default()).join(" "))
            .collect();
        assert_eq!(visits, ["2026-09-01 ", "2026-10-09 ", "2026-10-09 2"]);
        assert_eq!(present::entries(&record, "contacts").count(), 1);
        let left: Vec<&str> = merged.left_out.iter().map(|(field, ..)| field.as_str()).collect();
        assert_eq!(left, ["tier", "manager"]);
    }

    #[test]
    fn the_comments_of_the_one_that_goes_stay() {
        let goes = "#:schema x\n# Two brothers.\nname = \"Acme\"  # by hand\ntier = \"base\" # 待定\nmanager = \"wang\"\nstatus = \"active\"\n";
        let merged = merged(goes, STAYS).unwrap().text;
        // What both say is there already.
        assert!(merged.ends_with("\"\n\n# Two brothers.\n# tier = \"base\"  # 待定\n"), "{merged}");
        assert_eq!(merged.matches("# by hand").count(), 1, "{merged}");
    }

    #[test]
    fn what_both_state_otherwise_is_said_and_stops_it() {
        let head = "name = 'A'\ntier = 'key'\nmanager = 'wang'\nstatus = 'active'\n";
        for (more, expected) in [
            (
                "[results]\n2026-09 = { deposits = 1 }\n",
                "results.2026-09.deposits: both state `results.2026-09.deposits`",
            ),
            (
                "[[opportunities]]\nid = 'scf'\nstage = 'won'\n",
                "opportunities: both have `scf` under `opportunities`, with other values",
            ),
            (
                "[[credit]]\nfrom = 2026-01-01\nshares = { li = 100 }\n",
                "credit: the figures of the record that goes belong to whom it names here, and the one that stays names others",
            ),
        ] {
            assert_eq!(faults(&format!("{head}{more}")), [expected]);
        }
    }
}
