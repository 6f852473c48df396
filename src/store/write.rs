//! Writing to a book: whole files, one writer at a time, never half a file.
//!
//! New text goes to a temporary file `.tmp-*~` in the same folder, is flushed to the disk and then renamed over the old
//! file; the folder is flushed last. A process that dies leaves the old file or the new one, and at worst a temporary
//! file, which readers pass over and the next writer in that folder removes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Component, Path, PathBuf};
use std::time::Duration;

use anyhow::{anyhow, bail};
use tempfile::NamedTempFile;

use super::read::read_text;
use super::{RECORD_LIMIT, lock};
use crate::failure::{OrFail, failure};
use crate::msg;
use crate::source::Reason;
use crate::text::{Message, finding, run};

const TEMPORARY: (&str, &str) = (".tmp-", "~");

/// A book held for writing. What it reads is under the lock, and what it writes replaces only what it has read.
pub struct Writer {
    root: PathBuf,
    #[expect(dead_code, reason = "the lock is held while the file is open")]
    lock: Option<File>,
    /// What each file held when it was read; `None` for one that did not exist.
    seen: BTreeMap<String, Option<String>>,
}

/// A file to write (or, without text, to remove), by its path inside the book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileChange {
    /// Path inside the book, with `/`.
    pub path: String,
    /// Its new text.
    pub text: Option<String>,
}

impl Writer {
    /// Takes the lock of the book at `root`, which is made if it does not exist. Waits up to `wait` for another writer;
    /// `None` does without a lock, for drives that have none.
    pub fn open(root: &Path, wait: Option<Duration>) -> anyhow::Result<Self> {
        fs::create_dir_all(root).or_fail(|| cannot_make(root))?;
        let lock = wait.map(|wait| {
            let path = inside(root, lock::LOCK_FILE)?;
            make_folder(folder_of(&path))?;
            lock::take(&path, wait)
        });
        Ok(Self { root: root.to_path_buf(), lock: lock.transpose()?, seen: BTreeMap::new() })
    }

    /// The text of a file as it is now; `None` where there is none. What is wrong with it is an error here.
    pub fn read(&mut self, path: &str) -> anyhow::Result<Option<String>> {
        let text = self.current(path)?;
        self.seen.insert(path.to_owned(), text.clone());
        Ok(text)
    }

    /// Whether anything stands at `path`, be it a file, a folder or a link.
    pub fn exists(&self, path: &str) -> anyhow::Result<bool> {
        Ok(inside(&self.root, path)?.symlink_metadata().is_ok())
    }

    /// Makes all changes or, where one cannot be prepared, none. A file that was not read must not exist yet; one that
    /// was read must not have changed since. New text is in place before any file is removed.
    pub fn commit(&mut self, changes: &[FileChange]) -> anyhow::Result<()> {
        let targets = self.targets(changes)?;
        let mut prepared = Vec::new();
        for (change, target) in changes.iter().zip(targets) {
            let text = change.text.as_ref();
            let temporary = text.map(|text| prepare(&target, text.as_bytes(), TEMPORARY)).transpose();
            let temporary = temporary.or_fail(|| cannot_write(&self.root, &change.path))?;
            prepared.push((change, target, temporary));
        }
        for change in changes {
            self.check_unchanged(&change.path)?;
        }
        prepared.sort_by_key(|(_, _, temporary)| temporary.is_none());
        let mut done = Vec::new();
        let mut folders = BTreeSet::new();
        for (change, target, temporary) in prepared {
            let is_new = self.seen.get(&change.path).is_none_or(Option::is_none);
            place(&target, temporary, is_new)
                .or_fail(|| so_far(cannot_write(&self.root, &change.path), &done))?;
            folders.extend(target.parent().map(Path::to_path_buf));
            done.push(change.path.as_str());
            self.seen.insert(change.path.clone(), change.text.clone());
        }
        folders.iter().try_for_each(|folder| flush_folder(folder))
    }

    /// Where the changed files are, in folders that exist and hold nothing stale.
    fn targets(&self, changes: &[FileChange]) -> anyhow::Result<Vec<PathBuf>> {
        let mut targets = Vec::new();
        for change in changes {
            self.check_unchanged(&change.path)?;
            // What is written must be readable again.
            if change.text.as_ref().is_some_and(|text| text.len() as u64 > RECORD_LIMIT) {
                bail!(failure(msg!(run::TOO_LONG, path = &change.path, size = RECORD_LIMIT >> 20)));
            }
            targets.push(inside(&self.root, &change.path)?);
        }
        let folders: BTreeSet<&Path> = targets.iter().map(|target| folder_of(target)).collect();
        for folder in folders {
            make_folder(folder).or_fail(|| cannot_make(folder))?;
            sweep(folder);
        }
        Ok(targets)
    }

    fn check_unchanged(&self, path: &str) -> anyhow::Result<()> {
        match (self.seen.get(path), self.current(path)?) {
            (None, None) => Ok(()),
            (None, Some(_)) => bail!(failure(msg!(run::EXISTS, path = path))),
            (Some(seen), now) if *seen == now => Ok(()),
            _ => bail!(failure(msg!(run::CHANGED_MEANWHILE, path = path))),
        }
    }

    fn current(&self, path: &str) -> anyhow::Result<Option<String>> {
        let target = inside(&self.root, path)?;
        let Ok(found) = target.symlink_metadata() else { return Ok(None) };
        if !found.is_file() {
            bail!(failure(msg!(run::NO_FILE, path = path)));
        }
        match read_text(&target, RECORD_LIMIT, &mut Vec::new()) {
            Ok(text) => Ok(Some(text)),
            Err(Reason::Utf16) => {
                bail!(failure(msg!(run::NOT_UTF8_AT, path = path, offset = 0, help = finding::CONVERT_UTF16)))
            }
            Err(Reason::NotUtf8 { offset }) => {
                bail!(failure(msg!(
                    run::NOT_UTF8_AT,
                    path = path,
                    offset = offset,
                    help = finding::CONVERT_UTF8
                )))
            }
            Err(Reason::TooLarge { size, limit }) => {
                bail!(failure(msg!(run::BYTES, path = path, size = size, limit = limit)))
            }
            Err(Reason::Refused(error)) => {
                Err(anyhow!("{error}")).or_fail(|| msg!(run::CANNOT_READ, path = path))
            }
            Err(_) => bail!(failure(msg!(run::CANNOT_READ, path = path))),
        }
    }
}

/// Where a path of the book is on the disk: inside the root, and through no link.
fn inside(root: &Path, path: &str) -> anyhow::Result<PathBuf> {
    let parts: Vec<Component<'_>> = Path::new(path).components().collect();
    let plain = parts.iter().all(|part| matches!(part, Component::Normal(_)));
    if parts.is_empty() || !plain || path.contains(['\\', '\0']) {
        bail!(failure(msg!(run::OUTSIDE, path = path.escape_debug().to_string())));
    }
    let mut target = root.to_path_buf();
    for part in parts {
        if is_link(&target) && target != root {
            bail!(failure(msg!(run::THROUGH_LINK, path = path)));
        }
        target.push(part);
    }
    Ok(target)
}

/// Writes a whole file outside the book's own records, such as a report: at once, or not at all. A device or pipe is
/// written to as it is.
pub fn write_output(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let cannot = || msg!(run::CANNOT_WRITE, path = path.display().to_string());
    let target = match fs::metadata(path) {
        Ok(found) if !found.is_file() => return fs::write(path, bytes).or_fail(cannot),
        // A link the user names is theirs to follow; what it leads to is replaced, not the link.
        Ok(_) => path.canonicalize().or_fail(cannot)?,
        Err(_) => path.to_path_buf(),
    };
    let temporary = prepare(&target, bytes, (".out-", "~")).or_fail(cannot)?;
    place(&target, Some(temporary), false).or_fail(cannot)?;
    flush_folder(folder_of(&target))
}

/// Writes files by name into a folder outside the book's own records, which is made if it does not exist; each file at
/// once or not at all.
pub fn write_folder(folder: &Path, files: &[(String, Vec<u8>)]) -> anyhow::Result<()> {
    fs::create_dir_all(folder).or_fail(|| cannot_make(folder))?;
    files.iter().try_for_each(|(name, bytes)| write_output(&folder.join(name), bytes))
}

/// Writes and flushes a temporary file beside `target`, with the permissions of the file it is to replace.
fn prepare(target: &Path, bytes: &[u8], (prefix, suffix): (&str, &str)) -> anyhow::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(prefix).suffix(suffix).rand_bytes(8);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut temporary = builder.tempfile_in(folder_of(target))?;
    if let Ok(found) = fs::metadata(target) {
        temporary.as_file().set_permissions(found.permissions())?;
    }
    temporary.write_all(bytes)?;
    temporary.as_file().sync_all()?;
    Ok(temporary)
}

/// Renames a prepared file to where it belongs; without one, removes what is there.
fn place(target: &Path, temporary: Option<NamedTempFile>, is_new: bool) -> anyhow::Result<()> {
    match temporary {
        None => fs::remove_file(target)?,
        Some(temporary) if is_new => drop(temporary.persist_noclobber(target)?),
        Some(temporary) => drop(temporary.persist(target)?),
    }
    Ok(())
}

/// Removes what a killed writer left in a folder. Only the holder of the lock does, so none of it is in use.
fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.as_encoded_bytes();
        if name.starts_with(TEMPORARY.0.as_bytes()) && name.ends_with(TEMPORARY.1.as_bytes()) {
            // One that stays is passed over by readers and tried again by the next writer.
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn make_folder(folder: &Path) -> anyhow::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(folder).or_fail(|| cannot_make(folder))?;
    folder.parent().map_or(Ok(()), flush_folder)
}

/// The folder a file is in; the working directory for a bare name.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Makes renames in a folder survive a power cut. Windows flushes them with the file.
fn flush_folder(folder: &Path) -> anyhow::Result<()> {
    if cfg!(windows) {
        return Ok(());
    }
    match File::open(folder).and_then(|folder| folder.sync_all()) {
        // Some network drives cannot flush a folder; the files themselves are safe.
        Err(error) if !matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) => {
            Err(error).or_fail(|| msg!(run::CANNOT_FLUSH, path = folder.display().to_string()))
        }
        _ => Ok(()),
    }
}

fn is_link(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|found| found.is_symlink())
}

fn cannot_write(root: &Path, path: &str) -> Message {
    msg!(run::CANNOT_WRITE, path = root.join(path).display().to_string())
}

fn cannot_make(folder: &Path) -> Message {
    msg!(run::CANNOT_MAKE, path = folder.display().to_string())
}

/// What was already changed when a later file failed, which happens only when the disk fails between two renames.
fn so_far(words: Message, done: &[&str]) -> Message {
    match done {
        [] => msg!(run::NOTHING_CHANGED, words = words),
        done => msg!(run::ALREADY_CHANGED, words = words, paths = format!("`{}`", done.join("`, `"))),
    }
}
