//! `rmbook man`: the manual pages.

use std::path::PathBuf;

use clap::Args;
use clap_mangen::Man;

use super::{Context, ExitStatus};
use crate::store;

/// Print the manual page, or write one for every command
#[derive(Debug, Args)]
pub(super) struct ManArgs {
    /// Folder to write a page a command to: rmbook.1, rmbook-add.1 …
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

pub(super) fn run(args: &ManArgs, context: &mut Context<'_>) -> anyhow::Result<ExitStatus> {
    let mut command = super::command_line();
    command.build();
    let Some(dir) = &args.dir else {
        let mut page = Vec::new();
        Man::new(command).render(&mut page)?;
        context.write_bytes(&page)?;
        return Ok(ExitStatus::Clean);
    };
    let mut pages = Vec::new();
    collect(&command, "rmbook", &mut pages)?;
    store::write_folder(dir, &pages)?;
    Ok(ExitStatus::Clean)
}

/// The pages of a command called `name` and of all below it.
fn collect(command: &clap::Command, name: &str, pages: &mut Vec<(String, Vec<u8>)>) -> anyhow::Result<()> {
    let mut page = Vec::new();
    Man::new(command.clone()).title(name).render(&mut page)?;
    pages.push((format!("{name}.1"), page));
    let below = command.get_subcommands().filter(|command| command.get_name() != "help");
    below.into_iter().try_for_each(|below| collect(below, &format!("{name}-{}", below.get_name()), pages))
}
