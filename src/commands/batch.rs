//! Many proposals at once, by the record they go to: all or none, or with `--skip-bad` those that can be.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::time::{Duration, Instant};

use anyhow::bail;
use chrono::NaiveDate;

use super::{Context, Done, ExitStatus, Writing, refused, say_refusal};
use crate::draft::clash::clashes;
use crate::draft::given::{Given, Pairs};
use crate::draft::home::{Home, SAID_BY_ID};
use crate::draft::plan::{Outcome, Proposal, Target, Twice, Way, id_fault, propose};
use crate::draft::references::Known;
use crate::draft::spot::{Part, find, split};
use crate::draft::value::{Defaults, table};
use crate::draft::{Fault, present};
use crate::edit::render::{Table, Value};
use crate::failure::failure;
use crate::msg;
use crate::record::kind::RecordKind;
use crate::record::shape::Field;
use crate::source::KeyPath;
use crate::text::{entry, run};

/// Proposals on their way to the book.
pub(super) struct Batch {
    home: Home,
    known: Known<'static>,
    groups: BTreeMap<String, Group>,
    bad: Vec<(usize, Fault)>,
}

/// One record and what it is to take in.
pub(super) struct Group {
    target: Target,
    /// What it holds, with the values proposed so far.
    pub(super) record: Table,
    rows: Vec<(Option<usize>, Proposal)>,
}

/// One thing to put to the book: where it came from, where it goes, and what it says.
pub(super) struct Row {
    /// Its number in the file, where it came from one.
    pub(super) number: Option<usize>,
    /// The record it goes to, or is.
    pub(super) record: String,
    /// The entry it goes below, as `set` names one in brackets.
    pub(super) above: Option<String>,
    pub(super) pairs: Pairs,
}

/// How a batch treats what is there and what cannot be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Manner {
    /// What becomes of an entry that is there already.
    pub(super) twice: Twice,
    /// The day from which changed values hold; nothing where mistakes are mended.
    pub(super) since: Option<NaiveDate>,
    /// Whether rows that cannot be are left out, instead of stopping the others.
    pub(super) skip_bad: bool,
}

impl Batch {
    pub(super) fn new(home: Home, writing: &Writing) -> Self {
        Self { home, known: writing.known(), groups: BTreeMap::new(), bad: Vec::new() }
    }

    /// The group of a record by its id: that of an entry must exist, another may be made.
    pub(super) fn group(
        &mut self,
        id: &str,
        make: bool,
        writing: &mut Writing,
    ) -> anyhow::Result<&mut Group> {
        let path = self.path(id, make, writing)?;
        if !self.groups.contains_key(&path) {
            let target = writing.target(self.home.kind, &path)?;
            if target.text.is_none() && !make && self.home.kind.is_many() {
                bail!(failure(msg!(run::NO_PATH_HERE, path = path)));
            }
            let shape = self.home.kind.shape();
            let record = target.text.as_deref().map(|text| present::read(text, shape)).unwrap_or_default();
            self.groups.insert(path.clone(), Group { target, record, rows: Vec::new() });
        }
        match self.groups.get_mut(&path) {
            Some(group) => Ok(group),
            None => bail!(failure(msg!(run::NO_PATH_HERE, path = path))),
        }
    }

    fn path(&mut self, id: &str, make: bool, writing: &mut Writing) -> anyhow::Result<String> {
        if !make {
            return Ok(writing.resolve(id, &[self.home.kind])?.1);
        }
        if let Some(path) = writing.find(self.home.kind, id)? {
            return Ok(path);
        }
        match id_fault(self.home.kind, id, None, &mut self.known) {
            Some(fault) => bail!(failure(fault)),
            None => Ok(self.home.kind.path(id)),
        }
    }

    /// Notes a row that cannot be.
    pub(super) fn refuse(&mut self, number: usize, fault: Fault) {
        self.bad.push((number, fault));
    }

    /// Types what was given along the shape and puts it to its record.
    pub(super) fn place(
        &mut self,
        Row { number, record: id, above, pairs }: Row,
        writing: &mut Writing,
        defaults: &Defaults,
    ) -> anyhow::Result<Result<(), Vec<Fault>>> {
        let home = self.home;
        let group = self.group(&id, home.list.is_none(), writing)?;
        let lead = present::words(&group.record, "manager").map(str::to_owned);
        let pairs = with_own_words(home, &id, pairs);
        let list = match list_of(home, above.as_deref(), &group.record, defaults) {
            Ok(list) => list,
            Err(fault) if number.is_some() => return Ok(Err(vec![fault])),
            Err(fault) => {
                bail!(failure(fault.whole()));
            }
        };
        let typed = table(home.shape, &pairs, &KeyPath::ROOT, &Defaults { lead, ..defaults.clone() });
        Ok(typed.map(|entry| {
            let is_filled = |(key, _): &&(String, Value)| pairs.iter().all(|(given, _)| given != key);
            let filled = entry.iter().filter(is_filled).map(|(key, _)| key.clone()).collect();
            let proposal = match list {
                Some((list, field)) => Proposal::Entry { list, field, entry, filled },
                None => Proposal::Record { record: entry, filled },
            };
            group.push(number, proposal);
        }))
    }

    /// Adds everything, or nothing where one thing cannot be.
    pub(super) fn finish(
        mut self,
        manner: Manner,
        mut writing: Writing,
        context: &mut Context<'_>,
    ) -> anyhow::Result<ExitStatus> {
        for (number, fault) in &self.bad {
            say_row(*number, fault, context)?;
        }
        if self.home.list.is_none() {
            // Records of one run may name each other.
            let made = self.groups.keys().filter_map(|path| Some(RecordKind::of_path(path)?.1.to_owned()));
            self.known.ids(self.home.kind.name()).extend(made);
        }
        let mut bad = self.bad.len();
        let mut taken: BTreeMap<String, Outcome> = BTreeMap::new();
        let way = Way { twice: manner.twice, since: manner.since, today: context.today };
        let mut progress = Progress::new(self.groups.len());
        for (path, group) in &mut self.groups {
            bad += group.leave_clashing(manner.twice, context)?;
            let outcome = group.propose(way, &mut self.known);
            progress.step(context)?;
            group.say_refusals(self.home, &outcome, context)?;
            if writing.take(&group.target, &outcome, context)? {
                taken.insert(path.clone(), outcome);
            } else if manner.skip_bad {
                let known = &mut self.known;
                bad += group.keep(|group| group.propose(way, known).is_clean());
                let outcome = group.propose(way, known);
                writing.take(&group.target, &outcome, context)?;
                taken.insert(path.clone(), outcome);
            } else {
                bad += group.rows.len();
            }
        }
        progress.end(context)?;
        let mut judged = writing.judge(context.today);
        judged.say_refused(context)?;
        let refused_in: Vec<String> = judged.refused_in().into_iter().map(str::to_owned).collect();
        for path in &refused_in {
            writing.leave(path);
            taken.remove(path);
            let Some(group) = self.groups.get_mut(path) else { continue };
            if manner.skip_bad {
                let (outcome, left) = group.keep_what_is_so(way, &mut self.known, &mut writing)?;
                bad += left;
                taken.insert(path.clone(), outcome);
            } else {
                bad += group.rows.len();
            }
        }
        if manner.skip_bad && !refused_in.is_empty() {
            judged = writing.judge(context.today);
        }
        let mut done = Done::default();
        for outcome in taken.values() {
            done.added += outcome.added;
            done.changed += outcome.changed;
            done.there += outcome.there;
        }
        let is_any = done.added + done.changed + done.there > 0;
        if bad > 0 && !(manner.skip_bad && is_any) {
            return refused(context);
        }
        if bad > 0 {
            context.say(&msg!(entry::SKIPPED, count = bad))?;
        }
        done.dry_run = writing.is_dry();
        let closed = writing.closed_figures()?;
        done.files = writing.finish(context)?;
        done.say(context)?;
        closed.iter().try_for_each(|message| context.say(message))?;
        judged.say_remarks(context)?;
        Ok(ExitStatus::Clean)
    }
}

impl Group {
    /// What a record that is made here opens with.
    pub(super) fn remark(&mut self, remarks: Vec<String>) {
        self.target.remarks = remarks;
    }

    /// Takes a proposal in.
    pub(super) fn push(&mut self, number: Option<usize>, proposal: Proposal) {
        self.rows.push((number, proposal));
    }

    /// What becomes of its rows.
    fn propose(&self, way: Way, known: &mut Known<'_>) -> Outcome {
        let proposals: Vec<Proposal> = self.rows.iter().map(|(_, proposal)| proposal.clone()).collect();
        propose(&self.target, &proposals, way, known)
    }

    /// Takes out the rows that contradict each other, and says so; how many they were.
    fn leave_clashing(&mut self, twice: Twice, context: &mut Context<'_>) -> anyhow::Result<usize> {
        let numbered = || self.rows.iter().all(|(number, _)| number.is_some());
        let rows = self.rows.iter().map(|(number, proposal)| (number.unwrap_or_default(), proposal));
        let clashing = if numbered() { clashes(rows, twice) } else { BTreeMap::new() };
        for (number, fault) in clashing.values() {
            say_row(*number, fault, context)?;
        }
        let mut index = 0..;
        self.rows.retain(|_| index.next().is_none_or(|index| !clashing.contains_key(&index)));
        Ok(clashing.len())
    }

    /// Keeps the rows that fit together, the earlier before the later; how many do not.
    fn keep(&mut self, mut fits: impl FnMut(&Self) -> bool) -> usize {
        let rows = std::mem::take(&mut self.rows);
        self.keep_of(&rows, &mut fits);
        rows.len() - self.rows.len()
    }

    fn keep_of(&mut self, rows: &[(Option<usize>, Proposal)], fits: &mut dyn FnMut(&Self) -> bool) {
        let before = self.rows.len();
        self.rows.extend_from_slice(rows);
        if rows.is_empty() || fits(self) {
            return;
        }
        self.rows.truncate(before);
        if let [_, _, ..] = rows {
            let (first, second) = rows.split_at(rows.len() / 2);
            self.keep_of(first, fits);
            self.keep_of(second, fits);
        }
    }

    /// Keeps the rows that the rules let stand, puts what becomes of them to the file, and says how many it leaves out.
    fn keep_what_is_so(
        &mut self,
        way: Way,
        known: &mut Known<'_>,
        writing: &mut Writing,
    ) -> anyhow::Result<(Outcome, usize)> {
        let path = self.target.path.clone();
        let left = self.keep(|group| {
            let outcome = group.propose(way, known);
            writing.leave(&path);
            let is_put = outcome.is_clean()
                && writing.put(&path, outcome.text.clone().or(group.target.text.clone())).is_ok();
            is_put && writing.judge_of(|changed| changed == path, way.today).refused.is_empty()
        });
        writing.leave(&path);
        let outcome = self.propose(way, known);
        if let Some(text) = &outcome.text {
            writing.put(&path, Some(text.clone()))?;
        }
        Ok((outcome, left))
    }

    /// Says what was refused; what a flag names and does not exist is an error of the run.
    fn say_refusals(&self, home: Home, outcome: &Outcome, context: &mut Context<'_>) -> anyhow::Result<()> {
        for (index, refusal) in &outcome.refused {
            let number = self.rows.get(*index).and_then(|(number, _)| *number);
            if number.is_none() && refusal.differs.is_none() {
                return Err(super::flag_error(home, &refusal.fault));
            }
            match (number, &refusal.differs) {
                (Some(number), None) => say_row(number, &refusal.fault, context)?,
                _ => say_refusal(number, refusal, &self.target.path, context)?,
            }
        }
        Ok(())
    }
}

/// Where the list stands that an entry goes to: in the record, or in the entry called `above`.
fn list_of(
    home: Home,
    above: Option<&str>,
    record: &Table,
    defaults: &Defaults,
) -> Result<Option<(KeyPath, &'static Field)>, Fault> {
    let Some(field) = home.list else { return Ok(None) };
    let own = KeyPath(vec![field.name.as_str().into()]);
    let Some(parent) = home.above else { return Ok(Some((own, field))) };
    let name = above.unwrap_or_default();
    let named = |parts: Vec<Part>| find(&parts, home.kind.shape(), record, defaults);
    let whole = [Part::Key(parent.name.clone()), Part::Entry(vec![name.to_owned()])];
    let apart = split(&format!("{}[{name}]=", parent.name)).map(|(parts, _)| parts);
    let spot = match apart {
        Some(parts) => named(whole.to_vec()).or_else(|_| named(parts))?,
        None => named(whole.to_vec())?,
    };
    Ok(Some((spot.path.join(field.name.as_str()), field)))
}

/// Says why a row cannot be, with the field at fault.
fn say_row(number: usize, fault: &Fault, context: &mut Context<'_>) -> anyhow::Result<()> {
    context.say(&msg!(entry::ROW, number = number, words = fault.placed(context.style.lang)))
}

/// What a record's id says of it stands in it too: a review's period and manager.
fn with_own_words(home: Home, id: &str, mut pairs: Pairs) -> Pairs {
    let is_review = home.list.is_none() && home.kind == RecordKind::Review;
    if let Some((period, manager)) = id.split_once('/').filter(|_| is_review) {
        for (key, words) in SAID_BY_ID.into_iter().zip([period, manager]) {
            if pairs.iter().all(|(known, _)| known != key) {
                pairs.push((key.to_owned(), Given::Text(words.to_owned())));
            }
        }
    }
    pairs
}

/// How far a long run has come, said on a terminal once it has lasted a second.
struct Progress {
    total: usize,
    done: usize,
    next: Instant,
    shown: bool,
}

impl Progress {
    fn new(total: usize) -> Self {
        Self { total, done: 0, next: Instant::now() + Duration::from_secs(1), shown: false }
    }

    fn step(&mut self, context: &mut Context<'_>) -> anyhow::Result<()> {
        self.done += 1;
        if Instant::now() >= self.next && std::io::stderr().is_terminal() {
            let said = msg!(entry::PROGRESS, done = self.done, total = self.total);
            write!(context.err, "\r{}", said.get(context.style.lang))?;
            context.err.flush()?;
            self.next = Instant::now() + Duration::from_millis(100);
            self.shown = true;
        }
        Ok(())
    }

    fn end(&self, context: &mut Context<'_>) -> anyhow::Result<()> {
        if self.shown {
            writeln!(context.err)?;
        }
        Ok(())
    }
}
