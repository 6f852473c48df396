//! `rmbook init`: a new book.
//!
//! What a new book holds stands as files beside this one; one more is a line in [`FILES`].

use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::Args;

use super::{Context, ExitStatus, schema_files};
use crate::draft::plan::Known;
use crate::msg;
use crate::record::kind::RecordKind;
use crate::record::settings::Settings;
use crate::record::tree;
use crate::store::{self, FileChange, Writer};
use crate::text::entry;

/// Make a new book
///
/// Writes settings, a policy to begin with, schemas for editors, git attributes and samples for CI. What exists is never overwritten.
#[derive(Clone, Debug, Args)]
pub(super) struct InitArgs {
    /// Folder of the new book; it is made if it does not exist
    #[arg(default_value = ".")]
    dir: PathBuf,
}

const FILES: [(&str, &str); 6] = [
    (store::SETTINGS, include_str!("rmbook.toml")),
    ("policies/scorecard.toml", include_str!("policy.toml")),
    (".gitattributes", include_str!("gitattributes")),
    (".gitignore", include_str!("gitignore")),
    (".github/workflows/rmbook.yml", include_str!("github.yml")),
    (".gitlab-ci.yml", include_str!("gitlab.yml")),
];

pub(super) fn run(args: &InitArgs, context: &mut Context<'_>) -> anyhow::Result<ExitStatus> {
    let root: PathBuf = context.start.join(&args.dir).components().collect();
    let mut files: Vec<(String, String)> =
        FILES.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    files.extend(schema_files(&mut new_ids()));
    let taken = files.iter().find(|(path, _)| is_taken(&root, path));
    if let Some((path, _)) = taken {
        bail!("`{}` exists already, and `init` overwrites nothing", root.join(path).display());
    }
    let mut writer = Writer::open(&root, Some(store::WAIT))?;
    let changes = files.into_iter().map(|(path, text)| FileChange { path, text: Some(text) });
    writer.commit(&changes.collect::<Vec<_>>())?;
    context.say(&msg!(entry::NEW_BOOK, path = args.dir.display().to_string()))?;
    Ok(ExitStatus::Clean)
}

fn is_taken(root: &Path, path: &str) -> bool {
    root.join(path).symlink_metadata().is_ok()
}

/// The ids of a new book: no records yet, and the measures of its settings.
fn new_ids() -> Known<'static> {
    Known::new(|kind| match RecordKind::named(kind) {
        Some(_) => Vec::new(),
        None => {
            let settings = tree::read::<Settings>(include_str!("rmbook.toml"));
            settings
                .into_iter()
                .flat_map(|settings| settings.measures)
                .map(|(name, _)| name.to_string())
                .collect()
        }
    })
}
