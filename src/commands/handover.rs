//! `rmbook handover`: clients pass from one lead to another.

use anyhow::{Context as _, bail};
use clap::Args;

use super::{Context, ExitStatus, WriteArgs, Writing, refused, say_done, say_refusal};
use crate::draft::handover::Handover;
use crate::draft::plan::propose;
use crate::record::client::Client;
use crate::record::kind::RecordKind;
use crate::record::tree;
use crate::when;

/// Hand clients over to another manager from a day on
///
/// The lead, its shares of the figures and its open work pass to the new manager; what was earned before the day stays
/// where it was earned. The record of the client keeps the handover with the position and the open work of the day.
#[derive(Clone, Debug, Args)]
pub(super) struct HandoverArgs {
    /// Clients, by id
    #[arg(value_name = "CLIENT", required = true)]
    clients: Vec<String>,
    /// Manager who leads from then on
    #[arg(long, value_name = "MANAGER")]
    to: String,
    /// First day of the new lead [default: today]
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    #[command(flatten)]
    write: WriteArgs,
}

pub(super) fn run(args: &HandoverArgs, context: &mut Context<'_>) -> anyhow::Result<ExitStatus> {
    let on = args.on.as_deref().unwrap_or("today");
    let date = when::day(on, context.today)
        .with_context(|| format!("--on: `{on}` is not a date\nhelp: write 2026-10-09"))?;
    let handover = Handover { to: &args.to, date, reason: args.reason.as_deref() };
    let mut writing = Writing::open(context, &args.write)?;
    writing.resolve(&args.to, &[RecordKind::Manager])?;
    let mut known = writing.known();
    let (mut moved, mut there, mut fine) = (0, 0, true);
    for id in &args.clients {
        let (kind, path) = writing.resolve(id, &[RecordKind::Client])?;
        let target = writing.target(kind, &path)?;
        let client: Client = tree::read(target.text.as_deref().unwrap_or_default()).map_err(|reason| {
            anyhow::anyhow!("`{path}` does not load: {reason}\nhelp: `rmbook check {path}`")
        })?;
        if handover.is_done(&client) {
            there += 1;
            continue;
        }
        if *client.manager == *args.to {
            bail!("`{}` leads `{id}` already", args.to);
        }
        let outcome = propose(&target, &handover.proposals(&client), true, &mut known);
        for (_, refusal) in &outcome.refused {
            say_refusal(None, refusal, &path, context)?;
        }
        fine &= writing.take(&target, &outcome, context)?;
        moved += 1;
    }
    if !fine {
        return refused(context);
    }
    let files = writing.finish(context)?;
    say_done(moved, there, files, context)?;
    Ok(ExitStatus::Clean)
}
