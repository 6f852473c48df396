//! Texts into a book, with a finding for everything that does not fit.

use std::collections::BTreeMap;

use rayon::prelude::{IntoParallelIterator, ParallelIterator};
use serde::de::DeserializeOwned;
use unicode_normalization::UnicodeNormalization;

use super::{Book, Record, Records, pricing};
use crate::diag::Finding;
use crate::msg;
use crate::record::fault::faults;
use crate::record::kind::RecordKind;
use crate::record::tree::Refusal;
use crate::record::{rule, tree};
use crate::source::{FileId, KeyPath, Place, Reason, Snapshot};
use crate::text::{Message, finding};

/// Reads every record; the findings stand in the order of the files.
pub fn load(snapshot: &Snapshot) -> (Book, Vec<Finding>) {
    let mut load = Load { snapshot, files: BTreeMap::new(), findings: Vec::new(), broken: BTreeMap::new() };
    load.sort_files();
    let settings = load.one(RecordKind::Settings);
    let mut book = Book {
        settings_file: settings.as_ref().map(|record| record.file),
        settings: settings.map_or_else(default_settings, |record| record.data),
        market: load.one(RecordKind::Market),
        managers: load.many(RecordKind::Manager),
        teams: load.many(RecordKind::Team),
        clients: load.many(RecordKind::Client),
        policies: load.many(RecordKind::Policy),
        reviews: load.many(RecordKind::Review),
        broken: load.broken,
    };
    let approvals = approved_by_name(&book);
    for (client, complaint, id) in approvals {
        let extension = &mut book.clients.0[client].data.complaints[complaint].extension;
        extension.iter_mut().for_each(|extension| extension.approved_by.clone_from(&id));
    }
    for client in &mut book.clients.0 {
        pricing::fill(&mut client.data, &book.settings);
    }
    let mut findings = load.findings;
    findings.extend(misplaced_reviews(&book, snapshot));
    findings.sort_by(|a, b| a.at.cmp(&b.at));
    (book, findings)
}

/// The extensions of complaints that a manager approved who is called by name: the places of the client and the complaint, and the
/// manager's id, which deadlines hold against those of the complaint.
fn approved_by_name(book: &Book) -> Vec<(usize, usize, String)> {
    let mut named = Vec::new();
    for (place, client) in book.clients.iter().enumerate() {
        for (index, complaint) in client.data.complaints.iter().enumerate() {
            let Some(extension) = &complaint.extension else { continue };
            if let [id] = book.called(RecordKind::Manager, extension.approved_by.trim())[..] {
                named.push((place, index, id.to_owned()));
            }
        }
    }
    named
}

/// What an absent or broken `rmbook.toml` stands for, so that the rest of the book can still be judged.
pub fn default_settings() -> crate::record::settings::Settings {
    toml::from_str("name = \"\"").expect("a name alone is a full settings file")
}

struct Load<'a> {
    snapshot: &'a Snapshot,
    files: BTreeMap<RecordKind, Vec<(FileId, &'a str)>>,
    findings: Vec<Finding>,
    broken: BTreeMap<(RecordKind, String), FileId>,
}

impl<'a> Load<'a> {
    /// Gives each file its kind and id; unreadable, stray and doubled ones become findings.
    fn sort_files(&mut self) {
        let mut seen: BTreeMap<(RecordKind, String), FileId> = BTreeMap::new();
        for (file, source) in self.snapshot.sources.iter() {
            let Some((kind, id)) = RecordKind::of_path(&source.path) else {
                self.no_record(file, &source.path);
                continue;
            };
            if let Some(reason) = self.snapshot.reason(file) {
                self.findings.push(unreadable(file, reason));
                self.broken.insert((kind, id.to_owned()), file);
                continue;
            }
            if kind.is_many() && !id.split('/').all(is_id) {
                self.findings.push(Finding::new(
                    &rule::BAD_ID,
                    Place::file(file),
                    msg!(finding::EMPTY_ID, id = id),
                ));
            }
            if let Some(first) = seen.get(&(kind, folded(id))) {
                self.findings.push(doubled(kind, id, file, *first));
                continue;
            }
            seen.insert((kind, folded(id)), file);
            self.files.entry(kind).or_default().push((file, id));
        }
    }

    /// A path that is no record's: a file out of place, or a folder that cannot be read, with whatever records it has.
    fn no_record(&mut self, file: FileId, path: &str) {
        let Some(reason) = self.snapshot.reason(file) else {
            let message = finding::STRAY_FILE.into();
            return self.findings.push(Finding::new(&rule::MISPLACED_RECORD, Place::file(file), message));
        };
        self.findings.push(unreadable(file, reason));
        let place = path.split('/').next();
        if let Some(kind) = RecordKind::ALL.iter().find(|kind| Some(kind.place()) == place) {
            let id = match (reason, path.rsplit('/').next()) {
                (Reason::OtherCase, Some(name)) => name.to_owned(),
                _ => format!("{path}/"),
            };
            self.broken.insert((*kind, id), file);
        }
    }

    fn one<T: DeserializeOwned + Send>(&mut self, kind: RecordKind) -> Option<Record<T>> {
        self.read(kind).into_iter().next()
    }

    fn many<T: DeserializeOwned + Send>(&mut self, kind: RecordKind) -> Records<T> {
        Records::new(self.read(kind))
    }

    fn read<T: DeserializeOwned + Send>(&mut self, kind: RecordKind) -> Vec<Record<T>> {
        let files = self.files.remove(&kind).unwrap_or_default();
        let sources = &self.snapshot.sources;
        let read = files.into_par_iter().map(|(file, id)| {
            let text = &sources.get(file).text;
            let data = tree::read(text).map_err(|refusal| explain(kind, file, text, &refusal));
            (file, id, data)
        });
        let mut records = Vec::new();
        for (file, id, data) in read.collect::<Vec<_>>() {
            match data {
                Ok(data) => records.push(Record { id: id.into(), file, data }),
                Err(findings) => {
                    self.findings.extend(findings);
                    self.broken.insert((kind, id.to_owned()), file);
                }
            }
        }
        records
    }
}

/// Why a text does not fit its record: every fault of it, or at least the reader's own words.
pub fn explain(kind: RecordKind, file: FileId, text: &str, refusal: &Refusal) -> Vec<Finding> {
    let found = faults(file, text, kind.shape());
    if found.is_empty() {
        return vec![Finding::new(
            &rule::REFUSED_RECORD,
            refusal.at.clone().map_or_else(|| Place::file(file), |at| Place::bytes(file, at)),
            msg!(finding::REFUSED, reason = &*refusal.why),
        )];
    }
    found
}

fn unreadable(file: FileId, reason: &Reason) -> Finding {
    let message: Message = match reason {
        Reason::Utf16 => finding::UTF16.into(),
        Reason::NotUtf8 { offset } => msg!(finding::NOT_UTF8, offset = *offset),
        Reason::TooLarge { size, limit } => msg!(finding::TOO_LARGE, size = *size, limit = *limit),
        Reason::Link | Reason::BrokenLink => finding::A_LINK.into(),
        Reason::NotAFile => finding::NOT_A_FILE.into(),
        Reason::OddName => finding::ODD_NAME.into(),
        Reason::OtherCase => finding::OTHER_CASE.into(),
        Reason::Refused(words) => msg!(finding::UNREADABLE, reason = words),
    };
    let help = match reason {
        Reason::Utf16 => Some(finding::CONVERT_UTF16.into()),
        Reason::NotUtf8 { .. } => Some(finding::CONVERT_UTF8.into()),
        _ => None,
    };
    Finding::new(&rule::UNREADABLE_FILE, Place::file(file), message).help(help)
}

fn doubled(kind: RecordKind, id: &str, file: FileId, first: FileId) -> Finding {
    let message = msg!(finding::DUPLICATE_ID, kind = kind.title(), id = id);
    Finding::new(&rule::DUPLICATE_ID, Place::file(file), message)
        .label(Place::file(first), finding::DECLARED_HERE.into())
        .help(Some(finding::RENAME_FILE.into()))
}

/// A review's path and its own words must agree.
fn misplaced_reviews(book: &Book, snapshot: &Snapshot) -> Vec<Finding> {
    let misplaced = book.reviews.iter().filter_map(|review| {
        let id = format!("{}/{}", review.data.period, review.data.manager);
        if id == *review.id {
            return None;
        }
        let key = KeyPath(vec![if snapshot
            .sources
            .get(review.file)
            .path
            .contains(&format!("/{}/", review.data.period))
        {
            "manager".into()
        } else {
            "period".into()
        }]);
        let message = msg!(
            finding::REVIEW_ELSEWHERE,
            manager = review.data.manager.to_string(),
            period = review.data.period.to_string(),
            path = RecordKind::Review.path(&id)
        );
        Some(Finding::new(&rule::MISPLACED_RECORD, Place::value(review.file, key), message))
    });
    misplaced.collect()
}

/// The form under which ids are compared: compatibility-composed and without case.
pub fn folded(id: &str) -> String {
    if id.is_ascii() {
        return id.to_ascii_lowercase();
    }
    id.nfkc().flat_map(char::to_lowercase).nfkc().collect()
}

/// Whether a word can be an id on every system.
pub fn is_id(word: &str) -> bool {
    const RESERVED: [&str; 22] = [
        "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9",
        "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
    ];
    let folded = folded(word);
    let stem = folded.split('.').next().unwrap_or_default();
    let plain = word.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'));
    let inner_dots = !word.starts_with(['.', '-']) && !word.ends_with('.') && !word.contains("..");
    (1..=100).contains(&word.len()) && plain && inner_dots && !RESERVED.contains(&stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_cannot_be_read_breaks_what_is_in_it() {
        let refused = Reason::Refused("Permission denied".into());
        let settings = ("rmbook.toml".to_owned(), Ok("name = 'B'".to_owned()));
        let (book, found) = load(&Snapshot::new([("clients/east".to_owned(), Err(refused)), settings]));
        assert_eq!(found.iter().map(|finding| finding.rule.name).collect::<Vec<_>>(), ["unreadable-file"]);
        assert!(book.lacks_folder(RecordKind::Client) && !book.lacks_folder(RecordKind::Manager));
    }

    #[test]
    fn ids_hold_any_script_but_nothing_a_system_reserves() {
        for id in ["wang-fang", "华东精密", "a.b", "x_1"] {
            assert!(is_id(id), "{id}");
        }
        for id in
            ["", "aux", "Con.x", "com¹", "-x", ".x", "x.", "a..b", "a/b", "a b", "a:b", &"长".repeat(34)]
        {
            assert!(!is_id(id), "{id}");
        }
        assert_eq!(folded("ＡＣＭＥ"), folded("acme"));
        assert_eq!(folded("e\u{301}"), folded("é"));
    }
}
