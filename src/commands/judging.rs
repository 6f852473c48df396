//! What the rules say of records that are about to be written, so that nothing is written that cannot be so.
//!
//! They are told in a small book: the records that change, those they name, and the line of managers and teams above these.
//! So a book of any size opens as few files, but for a new client, which is held against the names of all, and for targets and
//! equipment, which are held against those of all managers. Only what the change brings in counts; a fault that stood there stops nobody.
//! What holds records together, such as a line of superiors that comes back to where it began, may be found in another record than the
//! one that changes, which it then names.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::{Context, Writing, options_of_all};
use crate::book::{self, Book};
use crate::check::{self, Entry, KnownAs, Run, check_of};
use crate::diag::{Finding, Level};
use crate::draft::near::{Wanted, near, originates};
use crate::metric::Portfolios;
use crate::msg;
use crate::record::kind::RecordKind;
use crate::record::review::Review;
use crate::record::tree;
use crate::render::{self, FindingFormat};
use crate::score::apply::Policies;
use crate::score::{lacking, released, returns};
use crate::source::{FileId, Snapshot, Sources};
use crate::store;
use crate::text::entry;

/// A file with what it holds, and what it is to hold.
type Changed = (String, (Option<String>, Option<String>));

/// How many remarks are shown; `check` shows all.
const SHOWN: usize = 10;

/// What the rules find in records that change, and did not find before.
pub(super) struct Judged {
    /// What cannot be so.
    pub(super) refused: Vec<Finding>,
    /// What is worth knowing.
    remarks: Vec<Finding>,
    /// The files that change.
    own: BTreeSet<FileId>,
    sources: Sources,
}

/// The files a finding is about, its own first.
fn places(finding: &Finding) -> impl Iterator<Item = FileId> {
    std::iter::once(finding.at.file).chain(finding.labels.iter().map(|label| label.at.file))
}

impl Judged {
    /// The files in which something cannot be so.
    pub(super) fn refused_in(&self) -> BTreeSet<&str> {
        self.refused.iter().map(|finding| self.path(finding)).collect()
    }

    /// The file that changes of those a finding is about.
    fn path(&self, finding: &Finding) -> &str {
        let own = places(finding).find(|file| self.own.contains(file));
        &self.sources.get(own.unwrap_or(finding.at.file)).path
    }

    /// Shows what cannot be so.
    pub(super) fn say_refused(&self, context: &mut Context<'_>) -> anyhow::Result<()> {
        let format = FindingFormat::Text;
        Ok(render::findings(&self.refused, &self.sources, format, &context.style, context.err)?)
    }

    /// Shows the first remarks on files that were written.
    pub(super) fn say_remarks(&self, context: &mut Context<'_>) -> anyhow::Result<()> {
        let left_out = self.refused_in();
        let remarks = self.remarks.iter().filter(|finding| !left_out.contains(self.path(finding)));
        let remarks: Vec<Finding> = remarks.cloned().collect();
        let shown = &remarks[..remarks.len().min(SHOWN)];
        render::findings(shown, &self.sources, FindingFormat::Text, &context.style, context.err)?;
        match remarks.len().saturating_sub(SHOWN) {
            0 => Ok(()),
            more => context.say(&msg!(entry::MORE_REMARKS, count = more)),
        }
    }
}

impl Writing {
    /// What the rules say of the records as they are to stand, and did not say of them as they stand.
    pub(super) fn judge(&mut self, today: NaiveDate) -> Judged {
        self.judge_of(|_| true, today)
    }

    /// The same of those changes alone whose paths are `wanted`.
    pub(super) fn judge_of(&mut self, wanted: impl Fn(&str) -> bool, today: NaiveDate) -> Judged {
        let wanted = self.changes.iter().filter(|(path, _)| wanted(path));
        let changes: Vec<Changed> = wanted.map(|(path, texts)| (path.clone(), texts.clone())).collect();
        let near = self.near(&changes);
        let texts = |after: bool| {
            let changed = changes.iter().filter_map(|(path, (old, new))| {
                Some((path.clone(), if after { new.clone() } else { old.clone() }?))
            });
            let near = near.iter().map(|(path, text)| (path.clone(), text.clone()));
            Snapshot::new(changed.chain(near).map(|(path, text)| (path, Ok(text))))
        };
        let paths = |wanted: &dyn Fn(&str, bool) -> bool| -> BTreeSet<&str> {
            let paths = changes.iter().filter(|(path, (old, _))| wanted(path, old.is_some()));
            paths.map(|(path, _)| path.as_str()).collect()
        };
        let before = Told::of(texts(false), &paths(&|_, _| true), today);
        // What is found in a record that did not load before may have stood there all along.
        let judged = paths(&|path, stood| !stood || before.loads(path));
        let after = Told::of(texts(true), &judged, today);
        let sources = after.snapshot.sources;
        let new = check::since((&before.found, &before.snapshot.sources), (after.found, &sources)).new;
        let own: BTreeSet<FileId> = changes.iter().filter_map(|(path, _)| sources.find(path)).collect();
        let is_of = |finding: &Finding| places(finding).any(|file| own.contains(&file));
        let (mut refused, remarks): (Vec<Finding>, Vec<Finding>) = new.into_iter().partition(|finding| {
            is_of(finding) && finding.level == Level::Deny && entry_of(finding) == Entry::Refuse
        });
        refused.extend(unsaid(&changes, &sources));
        Judged { refused, remarks, own, sources }
    }

    /// Path and text of what is near the changes. What cannot be read says nothing, and is `check`'s to tell.
    fn near(&mut self, changes: &[Changed]) -> BTreeMap<String, String> {
        let changes =
            changes.iter().map(|(path, (old, new))| (path.as_str(), [old.as_deref(), new.as_deref()]));
        near(&changes.collect::<Vec<_>>(), &mut |wanted| {
            let listed = |kind| store::list_records(&self.root, kind).into_iter();
            let clients = || -> Vec<String> { listed(RecordKind::Client).map(|(_, path)| path).collect() };
            let paths: Vec<String> = match wanted {
                Wanted::OriginatedBy(manager) => {
                    return self.texts_of(clients(), |text| originates(text, manager));
                }
                Wanted::LikeClients(texts) => {
                    let known = KnownAs::of(texts.iter().map(String::as_str));
                    return self.texts_of(clients(), |text| known.names(text));
                }
                Wanted::Record(kind, id) if kind.is_many() => {
                    self.find(*kind, id).ok().flatten().into_iter().collect()
                }
                Wanted::Record(kind, _) => vec![kind.place().to_owned()],
                Wanted::All(kind) => listed(*kind).map(|(_, path)| path).collect(),
                Wanted::ReviewsOf(manager) => {
                    let is_own =
                        |(id, _): &(String, String)| id.rsplit_once('/').is_some_and(|(_, of)| of == manager);
                    listed(RecordKind::Review).filter(is_own).map(|(_, path)| path).collect()
                }
            };
            self.texts_of(paths, |_| true)
        })
    }

    /// Path and text of those files whose text is `wanted`.
    fn texts_of(&mut self, paths: Vec<String>, wanted: impl Fn(&str) -> bool) -> Vec<(String, String)> {
        let read = |path: String| Some((self.read(&path).ok().flatten()?, path));
        let texts = paths.into_iter().filter_map(read);
        texts.filter(|(text, _)| wanted(text)).map(|(text, path)| (path, text)).collect()
    }
}

/// What the rules say of some files of a small book.
struct Told {
    snapshot: Snapshot,
    /// Those that load.
    loaded: BTreeSet<FileId>,
    found: Vec<Finding>,
}

impl Told {
    fn of(snapshot: Snapshot, paths: &BTreeSet<&str>, today: NaiveDate) -> Self {
        let (book, _) = book::load(&snapshot);
        let sources = &snapshot.sources;
        let only: BTreeSet<FileId> = paths.iter().filter_map(|path| sources.find(path)).collect();
        let broken: BTreeSet<FileId> = book.broken.values().copied().collect();
        let loaded = only.difference(&broken).copied().collect();
        let mut options = options_of_all();
        (options.only, options.near) = (Some(only.clone()), true);
        // A rule over all records may find in another one what the change did.
        let mut found = check::run(&book, sources, today, &options);
        found.retain(|finding| only.contains(&finding.at.file) || is_of_book(finding));
        found.extend(of_ledgers(&book, &only, today));
        let mut found = check::settle(found, &book.settings, sources, &options);
        found.retain(|finding| finding.level != Level::Allow && entry_of(finding) != Entry::Whole);
        Self { snapshot, loaded, found }
    }

    fn loads(&self, path: &str) -> bool {
        self.snapshot.sources.find(path).is_some_and(|file| self.loaded.contains(&file))
    }
}

/// What reviews say no more of what their managers were told of a closed result.
fn unsaid(changes: &[Changed], sources: &Sources) -> Vec<Finding> {
    let of = |(path, (old, new)): &Changed| {
        RecordKind::of_path(path).filter(|(kind, _)| *kind == RecordKind::Review)?;
        let read = |text: &Option<String>| tree::read::<Review>(text.as_deref()?).ok();
        Some(check::unsaid(sources.find(path)?, &read(old)?, &read(new)?))
    };
    changes.iter().filter_map(of).flatten().collect()
}

fn entry_of(finding: &Finding) -> Entry {
    match check_of(finding.rule) {
        Some(check) => check.entry(),
        // Of what only scoring tells, this needs no more than the policies and the reviews of one manager.
        None if returns::RULES.contains(&finding.rule) || released::RULES.contains(&finding.rule) => {
            Entry::Refuse
        }
        None => Entry::Whole,
    }
}

/// Whether a finding is of a rule that holds records against each other.
fn is_of_book(finding: &Finding) -> bool {
    check_of(finding.rule).is_some_and(|check| matches!(check.run, Run::Book(_)))
}

/// What was returned above the terms of a policy, released above what a result decides, or booked without saying which of the schemes
/// pays, in files that are wanted.
fn of_ledgers(book: &Book, wanted: &BTreeSet<FileId>, today: NaiveDate) -> Vec<Finding> {
    if !book.reviews.iter().any(|review| wanted.contains(&review.file) && !review.data.ledger.is_empty()) {
        return Vec::new();
    }
    let policies = Policies::of(book);
    let mut found = returns::findings(book, &policies);
    found.extend(released::findings(book, &policies));
    found.extend(lacking::paid_twice(&Portfolios::new(book), &policies, today));
    found.retain(|finding| wanted.contains(&finding.at.file));
    found
}
