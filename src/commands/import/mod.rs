//! `rmbook import`: rows of other programs into the book.

use clap::{Args, Subcommand};

use super::{Batch, Context, ExitStatus, KeepArgs, Manner, Row, WriteArgs, Writing};

mod table;

/// Bring records and entries of other programs in
/// 从其他系统导入记录和条目
#[derive(Clone, Debug, Args)]
pub(super) struct ImportArgs {
    #[command(subcommand)]
    from: From,
}

#[derive(Clone, Debug, Subcommand)]
enum From {
    Table(table::TableArgs),
}

pub(super) fn run(args: &ImportArgs, context: &mut Context<'_>) -> anyhow::Result<ExitStatus> {
    match &args.from {
        From::Table(args) => table::run(args, context),
    }
}
