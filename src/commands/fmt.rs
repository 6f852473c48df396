//! `rmbook fmt`: records in canonical style.

use std::path::PathBuf;

use clap::Args;

use super::{Context, ExitStatus, WriteArgs, Writing, only};
use crate::draft::plan::order;
use crate::edit;
use crate::msg;
use crate::record::kind::RecordKind;
use crate::render;
use crate::store;
use crate::text::command;

/// Put records in canonical style: order of keys, spaces, quotes, blank lines
/// 按规范格式整理记录：键的次序、空格、引号、空行
///
/// No value and no comment changes, and entries of a list stay where they are. A file with a syntax fault is left alone.
/// 数值和注释不变，列表条目的次序不变。有语法错误的文件不作处理。
#[derive(Clone, Debug, Args)]
pub(super) struct FmtArgs {
    /// Files or folders to format; by default the whole book
    /// 需整理的文件或文件夹；默认为整个台账
    paths: Vec<PathBuf>,
    /// List the files that would change, and write nothing; exit code 1 if there are any
    /// 列出将改动的文件，不写入；有改动时退出码为 1
    #[arg(long)]
    check: bool,
    /// Show what would change, and write nothing; exit code 1 if anything would
    /// 显示将作的改动，不写入；有改动时退出码为 1
    #[arg(long, conflicts_with = "check")]
    diff: bool,
}

pub(super) fn run(args: &FmtArgs, context: &mut Context<'_>) -> anyhow::Result<ExitStatus> {
    let shown = args.check || args.diff;
    let mut writing = Writing::open(context, &WriteArgs { dry_run: shown })?;
    let snapshot = store::read_book(&writing.root)?;
    let only = only(&args.paths, &writing.root, &snapshot.sources)?;
    let mut changed = Vec::new();
    let mut left_alone = false;
    for (file, source) in snapshot.sources.iter() {
        let Some((kind, _)) = RecordKind::of_path(&source.path) else { continue };
        if only.as_ref().is_some_and(|only| !only.contains(&file)) {
            continue;
        }
        let text = if snapshot.reason(file).is_none() { writing.read(&source.path)? } else { None };
        match text.as_ref().map(|text| edit::format(text, order(kind))) {
            Some(Ok(formatted)) if text.as_ref() == Some(&formatted) => {}
            Some(Ok(formatted)) => {
                changed.push(source.path.as_str());
                writing.put(&source.path, Some(formatted))?;
            }
            Some(Err(_)) | None => {
                left_alone = true;
                context.say(&msg!(command::LEFT_ALONE, path = render::one_line(&source.path)))?;
            }
        }
    }
    if args.check {
        let paths: String = changed.iter().map(|path| format!("{}\n", render::one_line(path))).collect();
        context.write_bytes(paths.as_bytes())?;
    } else {
        let files = writing.finish(context)?;
        if files > 0 && !args.diff {
            context.say(&msg!(command::FORMATTED, count = files))?;
        }
    }
    let findings = left_alone || shown && !changed.is_empty();
    Ok(if findings { ExitStatus::Findings } else { ExitStatus::Clean })
}
