//! `rmbook completion`: completion scripts for shells.

use clap::Args;
use clap_complete::Shell;

use super::{Context, ExitStatus};

/// Print a completion script for a shell
/// 输出命令补全脚本
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  rmbook completion bash > ~/.local/share/bash-completion/completions/rmbook
  rmbook completion zsh > \"${fpath[1]}/_rmbook\"
  rmbook completion fish > ~/.config/fish/completions/rmbook.fish")]
pub(super) struct CompletionArgs {
    /// Shell the script is for
    /// 脚本适用的 shell
    shell: Shell,
}

pub(super) fn run(args: &CompletionArgs, context: &mut Context<'_>) -> anyhow::Result<ExitStatus> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut super::command_line(context.style.lang), "rmbook", &mut script);
    context.write_bytes(&script)?;
    Ok(ExitStatus::Clean)
}
