//! `rmbook edit`: a record in the user's editor, checked afterwards.

use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::process;

use anyhow::bail;
use clap::Args;

use super::{Context, ExitStatus, WriteArgs, Writing};
use crate::draft::plan::{Target, new_faults};
use crate::draft::references;
use crate::failure::{OrFail, failure};
use crate::msg;
use crate::record::kind::RecordKind;
use crate::render::{self, FindingFormat};
use crate::source::{Source, Sources};
use crate::text::{Message, entry, run as say};

/// Open a record in $VISUAL or $EDITOR, then check it
/// 用 $VISUAL 或 $EDITOR 打开记录编辑，保存后检查
#[derive(Clone, Debug, Args)]
pub(super) struct EditArgs {
    /// Id of the record; where several kinds have it, `KIND/ID`
    /// 记录编号；多类记录有同一编号的，写作 `类别/编号`
    id: String,
}

pub(super) fn run(args: &EditArgs, context: &mut Context<'_>) -> anyhow::Result<ExitStatus> {
    let editor =
        ["VISUAL", "EDITOR"].into_iter().filter_map(std::env::var_os).find(|editor| !editor.is_empty());
    let editor = editor.or_fail(|| say::NO_EDITOR)?;
    // The lock would be held for as long as the editor is open; the editor writes the file by itself.
    let mut writing = Writing::open(context, &WriteArgs { dry_run: true })?;
    let (kind, path) = writing.resolve(&args.id, RecordKind::ALL)?;
    let before = writing.read(&path)?;
    loop {
        open(&editor, &writing.root.join(&path))?;
        let Some(text) = writing.read(&path)? else { bail!(failure(msg!(say::GONE, path = path))) };
        let target = Target { kind, path: path.clone(), text: None, remarks: Vec::new() };
        let is_fine = is_fine(&target, &text, &writing, context)?;
        writing.changes.insert(path.clone(), (before.clone(), Some(text)));
        let judged = writing.judge(context.today);
        judged.say_refused(context)?;
        if is_fine && judged.refused.is_empty() {
            writing.closed_figures()?.iter().try_for_each(|message| context.say(message))?;
            judged.say_remarks(context)?;
            return Ok(ExitStatus::Clean);
        }
        if !context.interactive || !asked_again(context)? {
            return Ok(ExitStatus::Findings);
        }
    }
}

/// Runs the editor on a file; words after its name are its arguments.
fn open(editor: &OsString, path: &Path) -> anyhow::Result<()> {
    let words = editor.to_string_lossy();
    let mut words = words.split_whitespace();
    let (program, arguments) = match words.next() {
        Some(first) if !Path::new(editor).is_file() => (OsString::from(first), words.collect()),
        _ => (editor.clone(), Vec::new()),
    };
    let mut command = process::Command::new(&program);
    let status = command.args(arguments).arg(path).status();
    let status = status.or_fail(|| msg!(say::CANNOT_EDIT, program = program.display().to_string()))?;
    if !status.success() {
        let program = program.display().to_string();
        bail!(failure(match status.code() {
            Some(code) => msg!(say::EDITOR_ENDED, program = program, code = code.to_string()),
            None => msg!(say::EDITOR_KILLED, program = program),
        }));
    }
    Ok(())
}

/// Whether the record loads and names nothing that does not exist; says what is wrong.
fn is_fine(
    target: &Target,
    text: &str,
    writing: &Writing,
    context: &mut Context<'_>,
) -> anyhow::Result<bool> {
    let findings = new_faults(target, text);
    let sources = Sources::new(vec![Source { path: target.path.clone(), text: text.to_owned() }]);
    render::findings(&findings, &sources, FindingFormat::Text, &context.style, context.err)?;
    let unknown = references::unknown(target.kind, text, &mut writing.known());
    for fault in &unknown {
        context.say(&msg!(entry::IN_FILE, path = &target.path, words = fault.placed(context.style.lang)))?;
    }
    Ok(findings.is_empty() && unknown.is_empty())
}

fn asked_again(context: &mut Context<'_>) -> anyhow::Result<bool> {
    context.say(&Message::from(entry::EDIT_AGAIN))?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    Ok(!matches!(answer.trim().to_lowercase().as_str(), "n" | "no" | "否"))
}
