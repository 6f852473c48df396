//! Paths on the command line as files of the book.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::bail;

use crate::failure::{OrFail, failure};
use crate::msg;
use crate::source::{FileId, Sources};
use crate::text::run;

/// The files that paths name, seen from the working folder or else from the book's; nothing where no path is given.
pub(super) fn only(
    paths: &[PathBuf],
    root: &Path,
    sources: &Sources,
) -> anyhow::Result<Option<BTreeSet<FileId>>> {
    if paths.is_empty() {
        return Ok(None);
    }
    let mut only = BTreeSet::new();
    for path in paths {
        let absolute =
            std::path::absolute(path).or_fail(|| msg!(run::NO_PATH, path = path.display().to_string()))?;
        let inside = [absolute, root.join(path)].iter().find_map(|path| {
            let inside = path.strip_prefix(root).ok()?.to_str()?.replace('\\', "/");
            path.exists().then_some(inside)
        });
        let Some(inside) = inside else {
            bail!(failure(msg!(run::NO_PATH_INSIDE, path = path.display().to_string())));
        };
        let folder = format!("{}/", inside.trim_end_matches('/'));
        let files = sources.iter().filter(|(_, source)| {
            inside.is_empty() || source.path == inside || source.path.starts_with(&folder)
        });
        only.extend(files.map(|(file, _)| file));
    }
    Ok(Some(only))
}
