//! Paths on the command line as files of the book.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use crate::source::{FileId, Sources};

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
        let absolute = std::path::absolute(path).with_context(|| format!("no path `{}`", path.display()))?;
        let inside = [absolute, root.join(path)].iter().find_map(|path| {
            let inside = path.strip_prefix(root).ok()?.to_str()?.replace('\\', "/");
            path.exists().then_some(inside)
        });
        let Some(inside) = inside else {
            bail!("no path `{}` in the book", path.display());
        };
        let folder = format!("{}/", inside.trim_end_matches('/'));
        let files = sources.iter().filter(|(_, source)| {
            inside.is_empty() || source.path == inside || source.path.starts_with(&folder)
        });
        only.extend(files.map(|(file, _)| file));
    }
    Ok(Some(only))
}
