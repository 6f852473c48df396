//! `rmbook man`: the manual pages.

use std::path::PathBuf;

use clap::Args;
use clap_mangen::Man;

use super::{Context, ExitStatus, translated};
use crate::store;
use crate::text::Lang;

/// Print the manual page, or write one for every command
/// 输出手册页，或为每条命令各写一页
#[derive(Debug, Args)]
pub(super) struct ManArgs {
    /// Folder to write a page a command to: rmbook.1, rmbook-add.1 …
    /// 写入手册页的文件夹：rmbook.1、rmbook-add.1 等
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

pub(super) fn run(args: &ManArgs, context: &mut Context<'_>) -> anyhow::Result<ExitStatus> {
    let lang = context.style.lang;
    let mut command = super::command_line(lang);
    command.build();
    let Some(dir) = &args.dir else {
        context.write_bytes(&page(&Man::new(command), lang)?)?;
        return Ok(ExitStatus::Clean);
    };
    let mut pages = Vec::new();
    collect(&command, "rmbook", lang, &mut pages)?;
    store::write_folder(dir, &pages)?;
    Ok(ExitStatus::Clean)
}

/// The pages of a command called `name` and of all below it.
fn collect(
    command: &clap::Command,
    name: &str,
    lang: Lang,
    pages: &mut Vec<(String, Vec<u8>)>,
) -> anyhow::Result<()> {
    pages.push((format!("{name}.1"), page(&Man::new(command.clone()).title(name), lang)?));
    let below = command.get_subcommands().filter(|command| command.get_name() != "help");
    below
        .into_iter()
        .try_for_each(|below| collect(below, &format!("{name}-{}", below.get_name()), lang, pages))
}

fn page(man: &Man, lang: Lang) -> anyhow::Result<Vec<u8>> {
    let mut page = Vec::new();
    man.render(&mut page)?;
    Ok(translated(&String::from_utf8(page)?, lang).into_bytes())
}
