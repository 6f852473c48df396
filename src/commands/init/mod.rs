//! `rmbook init`: a new book.
//!
//! What a new book holds stands as files beside this one; one more is a line in [`FILES`].

use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::Args;

use super::{Context, ExitStatus, schema_files};
use crate::draft::references::Known;
use crate::failure::failure;
use crate::msg;
use crate::record::kind::RecordKind;
use crate::record::settings::Settings;
use crate::record::tree;
use crate::store::{self, FileChange, Writer};
use crate::text::{Text, entry, run};

/// Make a new book
/// 新建台账
///
/// Writes settings, a policy to begin with, schemas for editors, git attributes and samples for CI, with comments and names in
/// the language of `--lang`. What exists is never overwritten.
/// 写入设置、一份起步用的考核办法、编辑器模式文件、git 属性和 CI 样例，注释和名称随 `--lang` 的语言。
/// 已有文件一律不覆盖。
#[derive(Clone, Debug, Args)]
pub(super) struct InitArgs {
    /// Folder of the new book; it is made if it does not exist
    /// 新台账的文件夹，不存在时自动新建
    #[arg(default_value = ".")]
    dir: PathBuf,
    /// Git repository that CI installs rmbook from, such as the one you cloned
    /// 供 CI 安装 rmbook 的 git 仓库，如所克隆的仓库
    #[arg(long, value_name = "URL")]
    source: Option<String>,
}

/// What stands in the samples for CI where nobody said where rmbook comes from.
const SOURCE: &str = "https://HOST/OWNER/rmbook";

const FILES: [(&str, Text); 6] = [
    (store::SETTINGS, Text::new(include_str!("rmbook.toml"), include_str!("rmbook.zh.toml"))),
    ("policies/scorecard.toml", Text::new(include_str!("policy.toml"), include_str!("policy.zh.toml"))),
    (".gitattributes", Text::new(include_str!("gitattributes"), include_str!("gitattributes.zh"))),
    (".gitignore", Text::new(include_str!("gitignore"), include_str!("gitignore"))),
    (".github/workflows/rmbook.yml", Text::new(include_str!("github.yml"), include_str!("github.zh.yml"))),
    (".gitlab-ci.yml", Text::new(include_str!("gitlab.yml"), include_str!("gitlab.zh.yml"))),
];

pub(super) fn run(args: &InitArgs, context: &mut Context<'_>) -> anyhow::Result<ExitStatus> {
    let lang = context.style.lang;
    let root: PathBuf = context.start.join(&args.dir).components().collect();
    let source = args.source.as_deref().unwrap_or(SOURCE);
    if !is_address(source) {
        bail!(failure(msg!(run::NO_ADDRESS, words = source)));
    }
    let told = |text: &Text| text.get(lang).replace(SOURCE, source);
    let mut files: Vec<(String, String)> =
        FILES.iter().map(|(path, text)| ((*path).to_owned(), told(text))).collect();
    files.extend(schema_files(&mut new_ids()));
    let taken = files.iter().find(|(path, _)| is_taken(&root, path));
    if let Some((path, _)) = taken {
        bail!(failure(msg!(run::NOT_OVER_IT, path = root.join(path).display().to_string())));
    }
    let mut writer = Writer::open(&root, Some(store::WAIT))?;
    let changes = files.into_iter().map(|(path, text)| FileChange { path, text: Some(text) });
    writer.commit(&changes.collect::<Vec<_>>())?;
    context.say(&msg!(entry::NEW_BOOK, path = args.dir.display().to_string()))?;
    if args.source.is_none() {
        context.say(&msg!(entry::NO_SOURCE, placeholder = SOURCE))?;
    }
    Ok(ExitStatus::Clean)
}

/// Whether words are the address of a repository that a line of a script takes as it stands.
fn is_address(words: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || ":/@._~+-".contains(c);
    ["https://", "ssh://", "file://", "http://"].iter().any(|scheme| words.starts_with(scheme))
        && words.chars().all(is_plain)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Lang;

    #[test]
    fn both_languages_say_the_same() {
        let named = ["name", "title"];
        for (path, text) in FILES.iter().filter(|(path, _)| path.ends_with(".toml")) {
            let read = |lang: Lang| -> Vec<String> {
                let lines =
                    text.get(lang).lines().map(|line| line.split_once('#').map_or(line, |(code, _)| code));
                let is_named =
                    |line: &&str| line.split_once('=').is_some_and(|(key, _)| named.contains(&key.trim()));
                lines
                    .filter(|line| !is_named(line) && !line.trim().is_empty())
                    .map(|line| line.trim().to_owned())
                    .collect()
            };
            assert_eq!(read(Lang::Zh), read(Lang::En), "{path}");
            let comments =
                text.zh.lines().filter_map(|line| line.split_once("# ")).map(|(_, comment)| comment);
            let is_chinese = |comment: &str| comment.chars().any(|it| ('一'..='鿿').contains(&it));
            let is_code = |comment: &str| comment.contains('=') || comment.starts_with('[');
            let english: Vec<&str> = comments.filter(|it| !is_chinese(it) && !is_code(it)).collect();
            assert!(english.is_empty(), "{path}: {english:?}");
        }
    }
}
