//! The folder and its git history: the only place that touches the file system or runs git.
//!
//! `read` takes a folder in, `git` a past revision of it, both as the same [`Snapshot`](crate::source::Snapshot); [`Writer`]
//! changes files under a lock. What a book contains is never trusted: no link is followed, nothing but regular files is opened, every size is capped, and
//! one bad file never hides the others. Errors here are about the run (`anyhow`); what is wrong with a single file is a
//! [`Reason`](crate::source::Reason), which the loader turns into a finding.
//!
//! Which files are a book's, [`RecordKind`] says; a new kind of record needs nothing here.

#![allow(clippy::disallowed_methods, reason = "this module is the file system and git access of the others")]

use std::path::{Path, PathBuf};

use anyhow::bail;

use crate::failure::{OrFail, failure};
use crate::msg;
use crate::record::kind::RecordKind;
use crate::text::run;

mod git;
mod lock;
mod read;
mod write;

pub use git::{commit_of, read_revision};
pub use lock::{LOCK_FILE, WAIT};
pub use read::{list_records, read_book, read_import, read_others, read_some, toml_files};
pub use write::{FileChange, Writer, write_folder, write_output};

/// The file that makes a folder a book.
pub const SETTINGS: &str = "rmbook.toml";

/// The most bytes a record may have: a client with a century of visits fits, an image or a dump does not.
pub const RECORD_LIMIT: u64 = 4 << 20;

/// The most bytes a file to be imported may have.
pub const IMPORT_LIMIT: u64 = 64 << 20;

/// The book that `start` lies in: the nearest folder upwards with an `rmbook.toml`.
pub fn find_book(start: &Path) -> anyhow::Result<PathBuf> {
    let shown = start.display().to_string();
    let no_folder = || msg!(run::NO_FOLDER, path = &shown);
    let absolute = std::path::absolute(start).or_fail(no_folder)?;
    if !absolute.is_dir() {
        bail!(failure(no_folder()));
    }
    match absolute.ancestors().find(|folder| folder.join(SETTINGS).is_file()) {
        Some(root) => Ok(root.to_path_buf()),
        None => {
            let path = absolute.display().to_string();
            bail!(failure(msg!(run::NO_BOOK, path = path, settings = SETTINGS)))
        }
    }
}

/// Whether a path inside a book names a record or another file rmbook reads.
fn is_ours(path: &str) -> bool {
    let hidden = path.split('/').any(|part| part.starts_with('.'));
    let folder = path.split_once('/').map_or("", |(folder, _)| folder);
    let mut kinds = RecordKind::ALL.iter();
    !hidden && path.ends_with(".toml") && kinds.any(|kind| kind.place() == path || kind.place() == folder)
}

/// Whether a path would be a record's but for the case of its ending: `clients/acme.TOML`.
fn is_ours_in_other_case(path: &str) -> bool {
    let (stem, end) = path.split_at(path.rfind('.').unwrap_or(path.len()));
    end != ".toml" && end.eq_ignore_ascii_case(".toml") && is_ours(&format!("{stem}.toml"))
}
