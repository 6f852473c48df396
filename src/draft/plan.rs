//! What new records, entries and values do to the text of a record: what is added, what is there already, what cannot be.
//!
//! A record with a fault of its own can be extended all the same; only a fault the change brings in refuses it.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use chrono::NaiveDate;

use super::Fault;
use super::keep::{kept, unplanned};
use super::latest::with_latest;
use super::planned::Plans;
use super::present::{self, Entries};
use super::references::{Known, unknown};
use super::retarget::with_changes;
use crate::book::{folded, is_id};
use crate::diag::Finding;
use crate::edit::render::{Table, Value, document};
use crate::edit::{self, Change, Order};
use crate::msg;
use crate::record::fault::faults;
use crate::record::kind::RecordKind;
use crate::record::rule;
use crate::record::shape::Field;
use crate::source::{KeyPath, Place, Source, Sources};
use crate::text::{Message, entry, finding};

/// A record that is to be made or changed.
#[derive(Clone, Debug)]
pub struct Target {
    /// Its kind.
    pub kind: RecordKind,
    /// Its path inside the book.
    pub path: String,
    /// Its text; nothing where it is to be made.
    pub text: Option<String>,
    /// Comment lines that a new record opens with, each with its `#`.
    pub remarks: Vec<String>,
}

/// What somebody wants a record to hold.
#[derive(Clone, Debug)]
pub enum Proposal {
    /// The record itself.
    Record {
        /// Its fields.
        record: Table,
        /// Those that nobody gave: they fill a new record and change none.
        filled: Vec<String>,
    },
    /// An entry of one of its lists, or of a list in an entry.
    Entry {
        /// Where the list stands.
        list: KeyPath,
        /// The list.
        field: &'static Field,
        /// The entry.
        entry: Table,
        /// Its fields that nobody gave: they fill a new entry and change none.
        filled: Vec<String>,
    },
    /// Values at paths; without a value, what stands there goes.
    Values(Vec<(KeyPath, Option<Value>)>),
}

/// What became of the proposals for one record.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The record's new text, where it changes.
    pub text: Option<String>,
    /// How many were taken in.
    pub added: usize,
    /// How many were there with other values, and took the new ones.
    pub changed: usize,
    /// How many were there already.
    pub there: usize,
    /// Those that cannot be, by their number among the proposals.
    pub refused: Vec<(usize, Refusal)>,
    /// Faults that the changes together would bring into the record.
    pub findings: Vec<Finding>,
}

impl Outcome {
    /// Whether everything could be taken in.
    pub fn is_clean(&self) -> bool {
        self.refused.is_empty() && self.findings.is_empty()
    }
}

/// Why a proposal cannot be.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// What is wrong.
    pub fault: Fault,
    /// What stands there, and what was proposed, where they differ.
    pub differs: Option<(String, String)>,
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Self { fault, differs: None }
    }
}

/// The order of a kind's keys.
pub fn order(kind: RecordKind) -> &'static Order {
    static ORDERS: [OnceLock<Order>; RecordKind::ALL.len()] =
        [const { OnceLock::new() }; RecordKind::ALL.len()];
    ORDERS[kind as usize].get_or_init(|| Order::from_schema(&kind.schema()))
}

/// The line by which editors find the schema of the record at `path`.
pub fn schema_line(path: &str, kind: RecordKind) -> String {
    let ups = "../".repeat(path.matches('/').count());
    format!("#:schema {ups}.rmbook/schema/{}.json", kind.name())
}

/// The text of a new record, with the line by which editors find its schema.
pub fn new_record(target: &Target, record: &Table) -> String {
    let schema = schema_line(&target.path, target.kind);
    let remarks = target.remarks.iter().map(String::as_str);
    document(&std::iter::once(schema.as_str()).chain(remarks).collect::<Vec<_>>(), record)
}

/// What becomes of a record or an entry that is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Twice {
    /// It is refused unless it says the same and nothing more.
    Same,
    /// It is refused unless it says what the new one says.
    Covered,
    /// It takes the values of the new one, and keeps what that leaves out.
    Updated,
}

/// How proposals are taken in.
#[derive(Clone, Copy, Debug)]
pub struct Way {
    /// What becomes of what is there already.
    pub twice: Twice,
    /// The day from which new values hold, so that entries that say how they stood before keep the old ones; without one a
    /// mistake is mended and nothing is kept.
    pub since: Option<NaiveDate>,
    /// The day up to which entries have begun.
    pub today: NaiveDate,
}

/// Puts proposals to a record.
pub fn propose(target: &Target, proposals: &[Proposal], way: Way, known: &mut Known<'_>) -> Outcome {
    let mut plan = Plan::new(target, way);
    for (number, proposal) in proposals.iter().enumerate() {
        let step = check_references(target.kind, proposal, known).and_then(|()| plan.take(proposal));
        match step {
            Ok(Step::Added) => plan.outcome.added += 1,
            Ok(Step::Changed) => plan.outcome.changed += 1,
            Ok(Step::There) => plan.outcome.there += 1,
            Err(refusal) => plan.outcome.refused.push((number, refusal)),
        }
    }
    plan.finish()
}

enum Step {
    Added,
    Changed,
    There,
}

struct Plan<'t> {
    target: &'t Target,
    way: Way,
    /// The text before the changes; that of a record made here stands without them.
    text: Option<String>,
    record: Table,
    lists: BTreeMap<KeyPath, Entries<'static>>,
    changes: Vec<Change>,
    /// Changes of entries by their places, which new entries would move: these are made first.
    updates: Vec<Change>,
    plans: Plans,
    outcome: Outcome,
}

impl<'t> Plan<'t> {
    fn new(target: &'t Target, way: Way) -> Self {
        // A record that there is one of comes to be with the first that is said of it.
        let first = || (!target.kind.is_many()).then(|| new_record(target, &Table::new()));
        let text = target.text.clone().or_else(first);
        let record = text.as_deref().map(|text| present::read(text, target.kind.shape())).unwrap_or_default();
        let (lists, changes, updates) = (BTreeMap::new(), Vec::new(), Vec::new());
        let (plans, outcome) = (Plans::default(), Outcome::default());
        Self { target, way, text, record, lists, changes, updates, plans, outcome }
    }

    fn take(&mut self, proposal: &Proposal) -> Result<Step, Refusal> {
        match proposal {
            Proposal::Record { record, filled } => self.record(record, filled),
            Proposal::Entry { list, field, entry, filled } => self.entry(list, field, (entry, filled)),
            Proposal::Values(values) => Ok(self.values(values)),
        }
    }

    fn record(&mut self, record: &Table, filled: &[String]) -> Result<Step, Refusal> {
        if self.text.is_none() {
            self.text = Some(new_record(self.target, record));
            self.record.clone_from(record);
            return Ok(Step::Added);
        }
        let stated = stated(record, filled, self.way.twice);
        if present::covers_table(&self.record, &stated, false) {
            return Ok(Step::There);
        }
        if self.way.twice == Twice::Updated && self.target.text.is_some() {
            update(&self.record, &stated, &KeyPath::ROOT, &mut self.updates);
            return Ok(Step::Changed);
        }
        let plain: Table = record
            .iter()
            .map(|(key, _)| key.clone())
            .filter_map(|key| present::get(&self.record, &key).map(|value| (key.clone(), value.clone())))
            .collect();
        Err(self.differs(&plain, record))
    }

    fn entry(
        &mut self,
        list: &KeyPath,
        field: &'static Field,
        (entry, filled): (&Table, &[String]),
    ) -> Result<Step, Refusal> {
        let (entry, filled) = self.plans.kept((self.text.as_deref(), &self.record), field, (entry, filled));
        let nothing = Table::new();
        let above = match list.0.split_last() {
            Some((_, above)) if !above.is_empty() => {
                match present::at(&self.record, &KeyPath(above.to_vec())) {
                    Some(Value::Table(above)) => above,
                    _ => &nothing,
                }
            }
            _ => &self.record,
        };
        let entries = self.lists.entry(list.clone()).or_insert_with(|| Entries::of(above, field));
        if let Some((index, old)) = entries.find(&entry) {
            let stated = stated(&entry, &filled, self.way.twice);
            if present::covers_table(old, &stated, self.way.twice == Twice::Same) {
                return Ok(Step::There);
            }
            let is_written = index < present::entries(above, &field.name).count();
            if self.way.twice == Twice::Updated && is_written {
                update(old, &stated, &list.join(index), &mut self.updates);
                return Ok(Step::Changed);
            }
            let alone =
                |entry: &Table| vec![(field.name.clone(), Value::List(vec![Value::Table(entry.clone())]))];
            let (old, new) = (alone(old), alone(&entry));
            let refusal = self.differs(&old, &new);
            if !field.key.iter().any(|key| key == "n") {
                return Err(refusal);
            }
            let fault = refusal.fault.with_help(Message::from(entry::ANOTHER));
            return Err(Refusal { fault, ..refusal });
        }
        entries.add(entry.clone());
        self.changes.push(Change::Insert { list: list.clone(), entry, sort: field.order.as_deref() });
        Ok(Step::Added)
    }

    fn values(&mut self, values: &[(KeyPath, Option<Value>)]) -> Step {
        let stands =
            |(path, value): &(KeyPath, Option<Value>)| present::at(&self.record, path) == value.as_ref();
        if values.iter().all(stands) {
            return Step::There;
        }
        let changes = values.iter().map(|(path, value)| match value {
            Some(value) => Change::Set { path: path.clone(), value: value.clone() },
            None => Change::Unset { path: path.clone() },
        });
        self.changes.extend(changes);
        let is_over = values.iter().any(|(path, value)| {
            present::at(&self.record, path).is_some_and(|old| Some(old) != value.as_ref())
        });
        if is_over { Step::Changed } else { Step::Added }
    }

    fn differs(&self, old: &Table, new: &Table) -> Refusal {
        let message = msg!(entry::DIFFERS, path = &self.target.path);
        let fault = Fault::new(&KeyPath::ROOT, message);
        Refusal { fault, differs: Some((document(&[], old), document(&[], new))) }
    }

    fn finish(self) -> Outcome {
        let mut outcome = self.outcome;
        let Some(text) = &self.text else { return outcome };
        let changes = [self.updates, self.changes].concat();
        let (shape, record) = (self.target.kind.shape(), &self.record);
        let kept = self.way.since.map_or(Ok(Vec::new()), |since| {
            let fault = (since > self.way.today).then(|| unplanned(shape, record, &changes)).flatten();
            fault.map_or_else(|| kept(shape, record, &changes, since), Err)
        });
        let changes = match kept {
            Ok(kept) => [kept, changes].concat(),
            Err(fault) => {
                outcome.refused.push((0, fault.into()));
                return outcome;
            }
        };
        let applied = edit::apply(text, &changes, order(self.target.kind));
        let after = applied.and_then(|after| with_latest(self.target, after, self.way.today));
        let logged = |after| {
            self.way.since.map_or(Ok(String::clone(&after)), |on| with_changes(self.target, after, on))
        };
        let after = match after.and_then(logged) {
            Ok(after) => after,
            Err(error) => {
                let fault = Fault::new(&KeyPath::ROOT, Message::verbatim(error.to_string()));
                outcome.refused.push((0, fault.into()));
                return outcome;
            }
        };
        if self.target.text.as_deref() != Some(after.as_str()) {
            outcome.findings = new_faults(self.target, &after);
            outcome.text = Some(after);
        }
        outcome
    }
}

/// What is held against a table that is there already: where that takes new values, only what somebody gave.
fn stated(new: &Table, filled: &[String], twice: Twice) -> Table {
    let is_kept = |(key, _): &&(String, Value)| twice != Twice::Updated || !filled.contains(key);
    new.iter().filter(is_kept).cloned().collect()
}

/// The changes that make `old`, which stands at `at`, say what `new` says; tables keep what `new` leaves out.
fn update(old: &Table, new: &Table, at: &KeyPath, changes: &mut Vec<Change>) {
    for (key, value) in new {
        let path = at.join(key.as_str());
        match (present::get(old, key), value) {
            (Some(old), new) if present::covers(old, new, false) => {}
            (Some(Value::Table(old)), Value::Table(new)) => update(old, new, &path, changes),
            _ => changes.push(Change::Set { path, value: value.clone() }),
        }
    }
}

/// The faults of a text that the record did not have before.
pub fn new_faults(target: &Target, after: &str) -> Vec<Finding> {
    let Some(reason) = target.kind.refusal(after) else { return Vec::new() };
    let before = target.text.as_deref().unwrap_or_default();
    let find = |text: &str| {
        let sources = Sources::new(vec![Source { path: target.path.clone(), text: String::new() }]);
        sources.find(&target.path).map(|file| (file, faults(file, text, target.kind.shape())))
    };
    let (Some((file, now)), Some((_, earlier))) = (find(after), find(before)) else { return Vec::new() };
    if now.is_empty() && (target.text.is_none() || target.kind.refusal(before).is_none()) {
        let message = msg!(finding::REFUSED, reason = reason);
        return vec![Finding::new(&rule::REFUSED_RECORD, Place::file(file), message)];
    }
    if target.text.is_none() {
        return now;
    }
    let mut earlier: Vec<_> = earlier.into_iter().map(|finding| (finding.rule, finding.message)).collect();
    let is_new = |finding: &Finding| -> bool {
        let same = |(rule, message): &(_, _)| *rule == finding.rule && *message == finding.message;
        earlier.iter().position(same).map(|at| earlier.swap_remove(at)).is_none()
    };
    now.into_iter().filter(is_new).collect()
}

/// Refuses a proposal that names what the book does not have.
fn check_references(kind: RecordKind, proposal: &Proposal, known: &mut Known<'_>) -> Result<(), Refusal> {
    let alone: Table = match proposal {
        Proposal::Record { record, .. } => record.clone(),
        Proposal::Entry { list, entry, .. } => {
            let only = Value::List(vec![Value::Table(entry.clone())]);
            nested(list, &only).into_iter().collect()
        }
        Proposal::Values(values) => {
            values.iter().filter_map(|(path, value)| nested(path, value.as_ref()?)).collect()
        }
    };
    // An entry is read as the only one of its list, which whoever gave it does not know.
    let above = match proposal {
        Proposal::Entry { list, .. } => list.0.len() + 1,
        Proposal::Record { .. } | Proposal::Values(_) => 0,
    };
    match unknown(kind, &document(&[], &alone), known).into_iter().next() {
        Some(fault) => Err(Fault { at: KeyPath(fault.at.0[above..].to_vec()), ..fault }.into()),
        None => Ok(()),
    }
}

/// A value below the keys of its path, entries of lists as the only one.
fn nested(path: &KeyPath, value: &Value) -> Option<(String, Value)> {
    let (first, rest) = path.0.split_first()?;
    let below = rest.iter().rev().fold(value.clone(), |value, step| match step.key() {
        Some(key) => Value::Table(vec![(key.to_owned(), value)]),
        None => Value::List(vec![value]),
    });
    Some((first.key()?.to_owned(), below))
}

/// Why a word cannot be the id of a new record, or the new id of the record `of`, in the book as it is known.
pub fn id_fault(kind: RecordKind, id: &str, of: Option<&str>, known: &mut Known<'_>) -> Option<Message> {
    if !id.split('/').all(is_id) {
        return Some(msg!(finding::EMPTY_ID, id = id));
    }
    if RecordKind::of_path(&kind.path(id)) != Some((kind, id)) {
        return Some(msg!(finding::REVIEW_ID, id = id));
    }
    let others = known.ids(kind.name()).iter().filter(|other| Some(other.as_str()) != of);
    let mut taken = others.filter(|other| *other != id && folded(other) == folded(id));
    if let Some(other) = taken.next() {
        return Some(msg!(finding::DUPLICATE_ID, kind = kind.title(), id = other));
    }
    let now = known.formerly(kind.name(), id).filter(|now| Some(*now) != of && *now != id)?;
    Some(msg!(finding::USED_BEFORE, kind = kind.title(), id = id, other = now))
}
