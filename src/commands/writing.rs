//! What every writing command shares: the book held for writing, its records found by id, the end of the run.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::bail;
use chrono::NaiveDate;
use clap::Args;

use super::{Context, ExitStatus, called, former, held_by, holding, ids, measures, paths_of, unit};
use crate::book::{folded, is_id};
use crate::diag::nearest;
use crate::draft::around::{Around, several_called};
use crate::draft::plan::{Outcome, Refusal, Target};
use crate::draft::references::Known;
use crate::failure::failure;
use crate::msg;
use crate::record::fault::conflict_marker;
use crate::record::kind::RecordKind;
use crate::render::{self, FindingFormat};
use crate::source::{Source, Sources};
use crate::store::{self, FileChange, Writer};
use crate::text::{Lang, Message, Text, command, entry, finding, run, scorecard};
use crate::when;

/// Arguments of every command that writes to a book.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct WriteArgs {
    /// Show what would change, and write nothing
    /// 仅显示将作的改动，不写入
    #[arg(long)]
    pub(super) dry_run: bool,
}

/// Arguments of commands that give new values to what stands.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct KeepArgs {
    /// Day from which the new values hold; an entry that says how it stood before keeps what held up to then
    /// [default: today]
    /// 新值的生效日；有历史记录的条目留存此前的值 [默认：today]
    #[arg(long, value_name = "DATE")]
    pub(super) on: Option<String>,
    /// Mend a mistake: what stood before was never so, and is kept nowhere
    /// 更正录入错误：原值从未成立，不予留存
    #[arg(long, conflicts_with = "on")]
    pub(super) correct: bool,
}

impl KeepArgs {
    /// The day from which new values hold; nothing where a mistake is mended.
    pub(super) fn since(&self, today: NaiveDate) -> anyhow::Result<Option<NaiveDate>> {
        if self.correct {
            return Ok(None);
        }
        let Some(words) = &self.on else { return Ok(Some(today)) };
        match when::day(words, today) {
            Some(day) => Ok(Some(day)),
            None => bail!(failure(msg!(
                run::AT_ON,
                words = msg!(finding::EXPECTED, expected = entry::A_DAY, found = format!("`{words}`"))
            ))),
        }
    }
}

/// A book held for writing.
pub(super) struct Writing {
    pub(super) root: PathBuf,
    writer: Writer,
    dry_run: bool,
    /// The paths of the records of a kind by folded id, once one was not where its kind stands.
    paths: BTreeMap<RecordKind, BTreeMap<String, Vec<String>>>,
    /// What each changed file held, and what it is to hold; nothing stands for no file.
    pub(super) changes: BTreeMap<String, (Option<String>, Option<String>)>,
    /// Where a file that gets another path stood, by its new one.
    moved: BTreeMap<String, String>,
}

impl Writing {
    /// Whether nothing will be written.
    pub(super) fn is_dry(&self) -> bool {
        self.dry_run
    }

    /// Takes the book's lock, unless nothing will be written.
    pub(super) fn open(context: &Context<'_>, args: &WriteArgs) -> anyhow::Result<Self> {
        if context.at.is_some() {
            bail!(failure(command::IN_THE_PAST));
        }
        let root = context.root()?;
        let writer = Writer::open(&root, (!args.dry_run).then_some(store::WAIT))?;
        let (paths, changes, moved) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Ok(Self { root, writer, dry_run: args.dry_run, paths, changes, moved })
    }

    /// The ids of the book, looked up when asked for.
    pub(super) fn known(&self) -> Known<'static> {
        let (root, before) = (self.root.clone(), self.root.clone());
        let known = Known::new(move |kind| match RecordKind::named(kind) {
            Some(kind) => ids(&root, kind),
            None => measures(&root),
        });
        known.with_former(move |kind| {
            RecordKind::named(kind).map(|kind| former(&before, kind)).unwrap_or_default()
        })
    }

    /// The book as typed words are read by it.
    pub(super) fn around(&self) -> Around {
        let (root, of_units) = (self.root.clone(), self.root.clone());
        let ids = move |kind: &str, word: &str| match RecordKind::named(kind) {
            Some(kind) if ids(&root, kind).iter().all(|id| id != word) => called(&root, kind, word),
            _ => Vec::new(),
        };
        Around::new(ids, move |counted| unit(&of_units, counted))
    }

    /// The path of a record, wherever below its kind's folder it stands.
    pub(super) fn find(&mut self, kind: RecordKind, id: &str) -> anyhow::Result<Option<String>> {
        let plain = kind.path(id);
        if id.split('/').all(is_id) && self.writer.exists(&plain)? {
            return Ok(Some(plain));
        }
        let root = &self.root;
        let paths = self.paths.entry(kind).or_insert_with(|| paths_of(root, kind));
        match paths.get(&folded(id)).map(Vec::as_slice) {
            None | Some([]) => Ok(None),
            Some([path]) => Ok(Some(path.clone())),
            Some(several) => {
                bail!(failure(msg!(command::SEVERAL_FILES, id = id, paths = Message::list(several))))
            }
        }
    }

    /// The one record `id` of some kinds; `KIND/ID` says which.
    pub(super) fn resolve(&mut self, id: &str, kinds: &[RecordKind]) -> anyhow::Result<(RecordKind, String)> {
        // A path is what a shell completes and a finding prints; anything but the records asked for is no record here.
        let of_path = RecordKind::of_path(id.strip_prefix("./").unwrap_or(id)).filter(|_| id.contains('/'));
        let of_folder = id.split_once('/').and_then(|(place, id)| Some((RecordKind::of_word(place)?, id)));
        if let Some((kind, id)) = of_path.or(of_folder).filter(|(kind, _)| kinds.contains(kind))
            && let Some(path) = self.find(kind, id)?
        {
            return Ok((kind, path));
        }
        let mut found = Vec::new();
        for kind in kinds {
            if !kind.is_many() && id == kind.name() {
                found.push((*kind, kind.place().to_owned()));
            } else if kind.is_many() {
                found.extend(self.find(*kind, id)?.map(|path| (*kind, path)));
            }
        }
        if found.is_empty() {
            let (mut several, mut first) = (Vec::new(), None);
            for kind in kinds.iter().filter(|kind| kind.is_many()) {
                for named in called(&self.root, *kind, id) {
                    found.extend(self.find(*kind, &named)?.map(|path| (*kind, path)));
                    first.get_or_insert(*kind);
                    several.push(if first == Some(*kind) {
                        named
                    } else {
                        format!("{}/{named}", kind.name())
                    });
                }
            }
            if found.len() > 1 {
                bail!(failure(several_called(id, &several)));
            }
        }
        match found.len() {
            1 => Ok(found.remove(0)),
            0 => bail!(failure(self.no_record(id, kinds))),
            _ => {
                let names: Vec<String> =
                    found.iter().map(|(kind, _)| format!("`{}/{id}`", kind.name())).collect();
                let names = Message::both(names.join(" and "), names.join("、"));
                bail!(failure(msg!(command::AMBIGUOUS, id = id, names = names)))
            }
        }
    }

    fn no_record(&self, id: &str, kinds: &[RecordKind]) -> Message {
        let ids: Vec<String> =
            kinds.iter().filter(|kind| kind.is_many()).flat_map(|kind| ids(&self.root, *kind)).collect();
        let what = |lang: Lang, or: &str| {
            kinds.iter().map(|kind| kind.title().get(lang)).collect::<Vec<_>>().join(or)
        };
        let what = if kinds.len() > 3 {
            scorecard::RECORD.into()
        } else {
            Message::both(what(Lang::En, " or "), what(Lang::Zh, "或"))
        };
        let fault = msg!(entry::UNKNOWN_ID, kind = what, id = id);
        let many = || kinds.iter().copied().filter(|kind| kind.is_many());
        let help = if let Some(now) = many().find_map(|kind| former(&self.root, kind).remove(id)) {
            msg!(finding::FORMERLY, old = id, id = now)
        } else if let Some(near) = nearest(id, ids.iter().map(String::as_str)) {
            msg!(run::SIMILAR_ID, near = near)
        } else {
            let holding: Vec<(RecordKind, String)> = many()
                .flat_map(|kind| holding(&self.root, kind, id).into_iter().map(move |id| (kind, id)))
                .collect();
            let holding: Vec<(RecordKind, &str)> =
                holding.iter().map(|(kind, id)| (*kind, id.as_str())).collect();
            match held_by(&holding) {
                Some(held) => held,
                None => return fault,
            }
        };
        const WITH_HELP: Text = Text::new("{fault}\nhelp: {help}", "{fault}\nhelp: {help}");
        msg!(WITH_HELP, fault = fault, help = help)
    }

    /// A file as it is, with the changes so far.
    pub(super) fn read(&mut self, path: &str) -> anyhow::Result<Option<String>> {
        match self.changes.get(path) {
            Some((_, after)) => Ok(after.clone()),
            None => self.writer.read(path),
        }
    }

    /// A record to be changed, or made at the place of its kind; one with a merge conflict in it is neither side's.
    pub(super) fn target(&mut self, kind: RecordKind, path: &str) -> anyhow::Result<Target> {
        let text = self.read(path)?;
        let marker = text.as_deref().and_then(|text| Some((text, conflict_marker(text)?)));
        if let Some((text, marker)) = marker {
            let line = text[..marker.start].matches('\n').count() + 1;
            bail!(failure(msg!(entry::CONFLICT, path = path, line = line)));
        }
        Ok(Target { kind, path: path.to_owned(), text, remarks: Vec::new() })
    }

    /// Notes what a file is to hold; nothing is written before the end.
    pub(super) fn put(&mut self, path: &str, text: Option<String>) -> anyhow::Result<()> {
        match self.changes.get_mut(path) {
            Some((_, after)) => *after = text,
            None => {
                let before = self.writer.read(path)?;
                self.changes.insert(path.to_owned(), (before, text));
            }
        }
        Ok(())
    }

    /// Notes that a file is to stand at another path, where none may be yet.
    pub(super) fn rename(&mut self, old: &str, new: &str, text: String) -> anyhow::Result<()> {
        if self.read(new)?.is_some() {
            bail!(failure(msg!(command::PATH_TAKEN, path = new)));
        }
        self.put(old, None)?;
        self.put(new, Some(text))?;
        self.moved.insert(new.to_owned(), old.to_owned());
        Ok(())
    }

    /// Leaves a file as it was.
    pub(super) fn leave(&mut self, path: &str) {
        self.changes.remove(path);
    }

    /// Takes over what became of a record; whether nothing stood against it.
    pub(super) fn take(
        &mut self,
        target: &Target,
        outcome: &Outcome,
        context: &mut Context<'_>,
    ) -> anyhow::Result<bool> {
        if !outcome.findings.is_empty() {
            let text = outcome.text.clone().unwrap_or_default();
            let sources = Sources::new(vec![Source { path: target.path.clone(), text }]);
            let format = FindingFormat::Text;
            render::findings(&outcome.findings, &sources, format, &context.style, context.err)?;
        }
        if outcome.is_clean() {
            if let Some(text) = &outcome.text {
                self.put(&target.path, Some(text.clone()))?;
            }
            return Ok(true);
        }
        Ok(false)
    }

    /// Writes everything, or shows it; says how many files changed.
    pub(super) fn finish(mut self, context: &mut Context<'_>) -> anyhow::Result<usize> {
        self.changes.retain(|_, (before, after)| before != after);
        if self.dry_run {
            context.write_bytes(self.shown(context.style.color).as_bytes())?;
            return Ok(self.changes.len());
        }
        let changes = self.changes.into_iter().map(|(path, (_, text))| FileChange { path, text });
        let changes: Vec<FileChange> = changes.collect();
        self.writer.commit(&changes)?;
        Ok(changes.len())
    }
}

impl Writing {
    /// What would change, as a diff; a file that moves stands there once.
    fn shown(&self, color: bool) -> String {
        let mut shown = String::new();
        for (path, (before, after)) in &self.changes {
            if self.moved.values().any(|old| old == path) {
                continue;
            }
            let mut before = before;
            if let Some(old) = self.moved.get(path) {
                let [from, to] = [old, path].map(|path| render::one_line(path));
                shown.push_str(&format!("rename from {from}\nrename to {to}\n"));
                before = self.changes.get(old).map_or(before, |(before, _)| before);
            }
            let [old, new] = [before, after].map(|text| text.as_deref().unwrap_or_default());
            shown.push_str(&render::diff(old, new, path, color));
        }
        shown
    }
}

/// Says why something is refused, with the row it stood in and the difference where there is one.
pub(super) fn say_refusal(
    row: Option<usize>,
    refusal: &Refusal,
    path: &str,
    context: &mut Context<'_>,
) -> anyhow::Result<()> {
    let words = refusal.fault.words(context.style.lang);
    match row {
        Some(number) => context.say(&msg!(entry::ROW, number = number, words = words))?,
        None => context.say(&Message::verbatim(words))?,
    }
    if let Some((old, new)) = &refusal.differs {
        let shown = render::diff(old, new, path, context.style.color);
        context.err.write_all(shown.as_bytes())?;
    }
    Ok(())
}

/// What a run did.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Done {
    /// Records and entries added.
    pub(super) added: usize,
    /// Records and entries that took other values.
    pub(super) changed: usize,
    /// Records and entries that were there already.
    pub(super) there: usize,
    /// Files changed.
    pub(super) files: usize,
    /// Whether nothing was written.
    pub(super) dry_run: bool,
}

impl Done {
    /// Says it.
    pub(super) fn say(self, context: &mut Context<'_>) -> anyhow::Result<()> {
        let (added, changed) = match self.dry_run {
            true => (entry::WOULD_ADD, entry::WOULD_UPDATE),
            false => (entry::ADDED, entry::UPDATED),
        };
        if self.added > 0 {
            context.say(&msg!(added, count = self.added, files = self.files))?;
        }
        if self.changed > 0 {
            context.say(&msg!(changed, count = self.changed, files = self.files))?;
        }
        if self.there > 0 {
            context.say(&msg!(entry::THERE, count = self.there))?;
        }
        Ok(())
    }
}

/// The status of a run that was refused something.
pub(super) fn refused(context: &mut Context<'_>) -> anyhow::Result<ExitStatus> {
    context.say(&Message::from(entry::NOTHING_WRITTEN))?;
    Ok(ExitStatus::Findings)
}
