//! Reading a book from its folder.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use anyhow::bail;
use rayon::prelude::*;
use walkdir::{DirEntry, WalkDir};

use super::{IMPORT_LIMIT, RECORD_LIMIT, is_ours, is_ours_in_other_case};
use crate::failure::{OrFail, failure};
use crate::msg;
use crate::record::kind::RecordKind;
use crate::source::{Reason, Snapshot};
use crate::text::run;

/// How deep below a book files are looked for that are no records.
const OTHERS_DEPTH: usize = 3;

/// Every file of the book at `root`.
pub fn read_book(root: &Path) -> anyhow::Result<Snapshot> {
    let places: Vec<&str> = RecordKind::ALL.iter().map(|kind| kind.place()).collect();
    read_some(root, &places)
}

/// Only some files of the book at `root`: each of `paths` is a file (`rmbook.toml`, `clients/acme.toml`) or a folder
/// (`managers`) inside it, written with `/`. What does not exist is left out.
pub fn read_some(root: &Path, paths: &[&str]) -> anyhow::Result<Snapshot> {
    fs::metadata(root).or_fail(|| msg!(run::CANNOT_READ_BOOK, path = root.display().to_string()))?;
    let found: Vec<Found> = paths.iter().flat_map(|path| walk(root, path)).collect();
    let read: Vec<_> = found
        .into_par_iter()
        .map_init(Vec::new, |buffer, found| {
            let text =
                found.reason.map_or_else(|| read_text(&root.join(&found.path), RECORD_LIMIT, buffer), Err);
            (found.path, text)
        })
        .collect();
    Ok(Snapshot::new(read))
}

/// The id and path of every record of a kind, by id, without opening any.
pub fn list_records(root: &Path, kind: RecordKind) -> Vec<(String, String)> {
    let mut records: Vec<(String, String)> = walk(root, kind.place())
        .filter_map(|found| Some((RecordKind::of_path(&found.path)?.1.to_owned(), found.path)))
        .collect();
    records.sort();
    records
}

/// Path and text of the TOML files at `root` that are no records, such as mappings of imports.
pub fn read_others(root: &Path) -> Vec<(String, String)> {
    let visible =
        |entry: &DirEntry| entry.depth() == 0 || !entry.file_name().as_encoded_bytes().starts_with(b".");
    let files = WalkDir::new(root).max_depth(OTHERS_DEPTH).sort_by_file_name();
    let files = files.into_iter().filter_entry(visible).filter_map(Result::ok);
    let mut buffer = Vec::new();
    let others = files.filter(|entry| entry.file_type().is_file()).filter_map(|entry| {
        let path = inside(root, entry.path()).filter(|path| path.ends_with(".toml") && !is_ours(path))?;
        let text = read_text(entry.path(), RECORD_LIMIT, &mut buffer).ok()?;
        Some((path, text))
    });
    others.collect()
}

/// A file that is to be read, or why it cannot be.
struct Found {
    path: String,
    reason: Option<Reason>,
}

fn walk(root: &Path, path: &str) -> impl Iterator<Item = Found> {
    let visible = |entry: &DirEntry| !entry.file_name().as_encoded_bytes().starts_with(b".");
    WalkDir::new(root.join(path))
        .follow_root_links(false)
        .into_iter()
        .filter_entry(visible)
        .filter_map(move |entry| find(root, entry))
}

fn find(root: &Path, entry: walkdir::Result<DirEntry>) -> Option<Found> {
    let entry = match entry {
        Ok(entry) => entry,
        Err(error) => return refused(root, &error),
    };
    let kind = entry.file_type();
    let Some(path) = inside(root, entry.path()) else {
        let path = entry.path().strip_prefix(root).unwrap_or(entry.path()).to_string_lossy().into_owned();
        return Some(Found { path, reason: Some(Reason::OddName) });
    };
    if kind.is_symlink() {
        let reason = link_reason(&entry, &path)?;
        return Some(Found { path, reason: Some(reason) });
    }
    if kind.is_file() && is_ours_in_other_case(&path) {
        return Some(Found { path, reason: Some(Reason::OtherCase) });
    }
    let reason = (!kind.is_file()).then_some(Reason::NotAFile);
    is_ours(&path).then_some(Found { path, reason })
}

/// A link is a fault where a record or a folder of records is expected; any other says nothing.
fn link_reason(entry: &DirEntry, path: &str) -> Option<Reason> {
    match fs::metadata(entry.path()) {
        Ok(target) if target.is_dir() || is_ours(path) => Some(Reason::Link),
        Err(_) if is_ours(path) || RecordKind::ALL.iter().any(|kind| kind.place() == path) => {
            Some(Reason::BrokenLink)
        }
        _ => None,
    }
}

fn refused(root: &Path, error: &walkdir::Error) -> Option<Found> {
    let io = error.io_error()?;
    if io.kind() == ErrorKind::NotFound {
        return None;
    }
    let path = inside(root, error.path()?)?;
    Some(Found { path, reason: Some(Reason::Refused(io.to_string())) })
}

/// A path below `root` with `/` on every system, if it is Unicode.
fn inside(root: &Path, path: &Path) -> Option<String> {
    let parts: Option<Vec<&str>> = path.strip_prefix(root).ok()?.iter().map(|part| part.to_str()).collect();
    Some(parts?.join("/"))
}

/// The text of a regular file of at most `limit` bytes; `buffer` spares an allocation per file.
pub(super) fn read_text(path: &Path, limit: u64, buffer: &mut Vec<u8>) -> Result<String, Reason> {
    let refused = |error: std::io::Error| Reason::Refused(error.to_string());
    let file = open_regular(path).map_err(refused)?;
    buffer.clear();
    buffer.reserve(16 << 10);
    (&file).take(limit + 1).read_to_end(buffer).map_err(refused)?;
    if buffer.len() as u64 > limit {
        let size = file.metadata().map_err(refused)?.len();
        return Err(Reason::TooLarge { size, limit });
    }
    match simdutf8::compat::from_utf8(buffer) {
        Ok(text) => Ok(text.to_owned()),
        Err(_) if is_utf16(buffer) => Err(Reason::Utf16),
        Err(error) => Err(Reason::NotUtf8 { offset: error.valid_up_to() }),
    }
}

/// Whether bytes begin with the mark of UTF-16.
pub(super) fn is_utf16(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff])
}

/// The TOML files straight in a folder a user names, by name; nothing where it is no folder.
pub fn toml_files(folder: &Path) -> anyhow::Result<Option<Vec<PathBuf>>> {
    if !folder.is_dir() {
        return Ok(None);
    }
    let cannot = || msg!(run::CANNOT_READ, path = folder.display().to_string());
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).or_fail(cannot)? {
        let path = entry.or_fail(cannot)?.path();
        let is_hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        if path.extension().is_some_and(|extension| extension == "toml") && !is_hidden && path.is_file() {
            found.push(path);
        }
    }
    found.sort();
    Ok(Some(found))
}

/// The bytes of a file a user names for an import, `-` for the standard input.
pub fn read_import(path: &Path) -> anyhow::Result<Vec<u8>> {
    let cannot = || msg!(run::CANNOT_READ, path = path.display().to_string());
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        std::io::stdin().take(IMPORT_LIMIT + 1).read_to_end(&mut bytes)
    } else {
        File::open(path).or_fail(cannot)?.take(IMPORT_LIMIT + 1).read_to_end(&mut bytes)
    };
    read.or_fail(cannot)?;
    if bytes.len() as u64 > IMPORT_LIMIT {
        let path = path.display().to_string();
        bail!(failure(msg!(run::TOO_LARGE, path = path, size = IMPORT_LIMIT >> 20)));
    }
    Ok(bytes)
}

/// Opens without following a link and without waiting for the other end of a pipe, should the file have changed into
/// one since it was looked at.
fn open_regular(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NOFOLLOW | libc::O_NONBLOCK);
    options.open(path)
}
