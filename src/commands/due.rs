//! `rmbook due`: what must be done, by day.

use anyhow::bail;
use chrono::Days;
use clap::Args;

use super::{Context, ExitStatus, identified};
use crate::failure::failure;
use crate::msg;
use crate::record::kind::RecordKind;
use crate::report::{self, Duty};
use crate::text::run;

/// Show what must be done, by day, with the command that settles it
///
/// Visits by the cadence of the client's tier, promised actions, complaints at their stage, post-loan checks, plans before
/// maturity, signals, covenants, needs and deals, answers owed to colleagues, certificates, trainings, access, declarations,
/// one-to-ones, meetings, surveys, contingency plans and drills, decisions, acknowledgements, appeals and talks. In a
/// command, put what its field takes for `…` (words, an id, a day, an amount) and take one of `won|lost`; nothing is written
/// before. What stands behind ` # ` settles it instead, where that is so.
#[derive(Debug, Args)]
pub(super) struct DueArgs {
    /// Only what this manager owes, by id or name
    #[arg(long, value_name = "ID")]
    manager: Option<String>,
    /// Only what the members of this team owe
    #[arg(long, value_name = "ID")]
    team: Option<String>,
    /// One manager after the other, instead of day by day
    #[arg(long)]
    by_manager: bool,
    /// Days to look ahead
    #[arg(long, value_name = "N", default_value_t = 14)]
    days: u32,
}

pub(super) fn run(args: &DueArgs, context: &mut Context<'_>) -> anyhow::Result<ExitStatus> {
    let (loaded, left_out) = context.load_whole()?;
    let book = &loaded.book;
    let id =
        |kind, word: &Option<String>| word.as_deref().map(|word| identified(book, kind, word)).transpose();
    let (manager, team) = (id(RecordKind::Manager, &args.manager)?, id(RecordKind::Team, &args.team)?);
    let Some(until) = context.today.checked_add_days(Days::new(args.days.into())) else {
        bail!(failure(msg!(run::BEYOND, days = args.days)));
    };
    let is_asked = |duty: &Duty| {
        let owner = duty.owner.as_deref();
        let is_member = |team: &String| {
            let manager = owner.and_then(|owner| book.managers.get(owner));
            manager.and_then(|it| it.data.team_on(context.today)).is_some_and(|then| **then == **team)
        };
        manager.as_deref().is_none_or(|manager| owner == Some(manager)) && team.as_ref().is_none_or(is_member)
    };
    let mut duties = report::duties(book, context.today, until);
    duties.retain(is_asked);
    if args.by_manager {
        duties.sort_by(|a, b| a.owner.cmp(&b.owner));
    }
    let mut table = report::duty_table(&duties, context.today);
    table.notes.extend(left_out);
    context.write_tables(&[table])?;
    Ok(ExitStatus::Clean)
}
