//! `rmbook check`: the linter.

use clap::Args;

use super::{Context, ExitStatus};
use crate::diag::Level;
use crate::render;
use crate::render::FindingFormat;

/// Check the records of a book
#[derive(Debug, Args)]
pub(super) struct CheckArgs {}

pub(super) fn run(_: &CheckArgs, context: &mut Context<'_>) -> anyhow::Result<ExitStatus> {
    let loaded = context.load()?;
    render::findings(
        &loaded.findings,
        &loaded.snapshot.sources,
        FindingFormat::Text,
        &context.style,
        context.out,
    )?;
    let denied = loaded.findings.iter().any(|finding| finding.level == Level::Deny);
    Ok(if denied { ExitStatus::Findings } else { ExitStatus::Clean })
}
