//! `rmbook handover`: clients from one lead to another.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, bail};
use chrono::NaiveDate;
use clap::Args;

use super::{Context, Done, ExitStatus, Loaded, WriteArgs, Writing, refused};
use crate::draft::around::several_called;
use crate::draft::handover::{Passing, to_return};
use crate::draft::plan::{Outcome, new_faults, order};
use crate::edit;
use crate::failure::{OrFail, failure};
use crate::msg;
use crate::record::kind::RecordKind;
use crate::record::manager::Status;
use crate::report::{Duty, owed_by_leaver, owed_for_client};
use crate::source::KeyPath;
use crate::text::{Message, handover as say, run};
use crate::when;

/// Hand clients over to another lead from a day on
/// 自某日起将客户移交给另一位主办客户经理
///
/// The lead and the credit change from that day; what was earned before stays where it was earned. Open work of the old
/// lead gets the new one as its owner, and `[[handovers]]` takes the position, the facilities and the open work, to be
/// signed. Where the old lead leaves, it also takes the equipment and access to be given back before the supervisor signs,
/// and the commands that settle them are listed. A day to come is announced: until then the present lead and backup stay
/// and owe what is due; the same command on that day carries it out. All clients are handed over, or none.
/// 主办客户经理和业绩归属自该日起变更，此前的业绩归属不变。原主办客户经理的未结事项改由新主办客户经理负责；移交时的客户情况、
/// 授信和未结事项写入 `[[handovers]]`，待签字。原主办客户经理离职的，还写入监交人签字前须收回的设备和权限，
/// 并列出办结命令。日期在将来的为预告：届时之前仍由原主办、协办客户经理负责到期事项，届时再次运行同一命令即办理移交。
/// 所列客户要么全部移交，要么均不移交。
#[derive(Clone, Debug, Args)]
pub(super) struct HandoverArgs {
    /// Ids of the clients
    /// 客户编号
    #[arg(required = true, value_name = "CLIENT")]
    clients: Vec<String>,
    /// Manager who receives them
    /// 接收的客户经理
    #[arg(long, value_name = "MANAGER")]
    to: String,
    /// First day of the new lead
    /// 新主办客户经理任职首日
    #[arg(long, value_name = "DATE", default_value = "today")]
    on: String,
    /// Why
    /// 原因
    #[arg(long)]
    reason: Option<String>,
    #[command(flatten)]
    write: WriteArgs,
}

pub(super) fn run(args: &HandoverArgs, context: &mut Context<'_>) -> anyhow::Result<ExitStatus> {
    let on = when::day(&args.on, context.today).or_fail(|| msg!(run::NOT_A_DATE, words = &args.on))?;
    let mut writing = Writing::open(context, &args.write)?;
    let loaded = context.load()?;
    let receivers = loaded.book.called(RecordKind::Manager, &args.to);
    let to = match receivers.as_slice() {
        [id] => *id,
        [] => args.to.as_str(),
        several => bail!(failure(msg!(run::AT_TO, words = several_called(&args.to, several)))),
    };
    refuse_receiver(to, on, &loaded, &writing)?;
    let today = context.today;
    let passing = Passing { to, on, today, reason: args.reason.as_deref(), lang: context.style.lang };
    let (mut there, mut fine) = (0, true);
    let mut leavers: BTreeMap<String, Vec<Duty>> = BTreeMap::new();
    let mut lacking: Vec<Message> = Vec::new();
    for id in args.clients.iter().collect::<BTreeSet<_>>() {
        match hand_over(id, &passing, &loaded, &mut writing, context)? {
            Handed::Over(from, returns, missing) => {
                leavers.insert(from, returns);
                lacking.extend(missing);
            }
            Handed::Before => there += 1,
            Handed::Refused => fine = false,
        }
    }
    if !fine {
        return refused(context);
    }
    let closed = writing.closed_figures()?;
    let files = writing.finish(context)?;
    if files > 0 && !args.write.dry_run {
        let said = if passing.is_ahead() { say::DONE_AHEAD } else { say::DONE };
        context.say(&msg!(said, to = to, on = on, count = files))?;
    }
    for (from, returns) in leavers.iter().filter(|(_, returns)| !returns.is_empty()) {
        context.say(&msg!(say::RETURNS, manager = from, count = returns.len()))?;
        for duty in returns {
            let words = to_return(duty).get(context.style.lang);
            context.say(&msg!(say::RETURN_BY, words = words, command = &duty.settle))?;
        }
    }
    lacking.iter().try_for_each(|message| context.say(message))?;
    Done { there, ..Done::default() }.say(context)?;
    closed.iter().try_for_each(|message| context.say(message))?;
    Ok(ExitStatus::Clean)
}

/// What became of a client.
enum Handed {
    /// From whom, what that one still has to give back, who leaves, and what is missing afterwards.
    Over(String, Vec<Duty>, Vec<Message>),
    /// The record says so already.
    Before,
    Refused,
}

/// Whoever receives clients must be there on the day.
fn refuse_receiver(to: &str, on: NaiveDate, loaded: &Loaded, writing: &Writing) -> anyhow::Result<()> {
    let Some(manager) = loaded.book.managers.get(to) else {
        let kind = RecordKind::Manager;
        if let Some(fault) = writing.known().fault(kind.name(), to, &KeyPath::ROOT) {
            bail!(failure(msg!(run::AT_TO, words = fault.whole())));
        }
        bail!(failure(msg!(run::AT_TO, words = does_not_load(kind, to))));
    };
    let has_left = manager.data.left.map_or(manager.data.status == Status::Left, |left| left.0 < on);
    if has_left {
        bail!(failure(msg!(run::AT_TO, words = msg!(say::HAS_LEFT, manager = to))));
    }
    if let Some(joined) = manager.data.joined.filter(|joined| joined.0 > on) {
        bail!(failure(msg!(run::AT_TO, words = msg!(say::NOT_JOINED, manager = to, joined = joined.0))));
    }
    Ok(())
}

/// Notes what a client's file is to hold.
fn hand_over(
    id: &str,
    passing: &Passing<'_>,
    loaded: &Loaded,
    writing: &mut Writing,
    context: &mut Context<'_>,
) -> anyhow::Result<Handed> {
    let (kind, path) = writing.resolve(id, &[RecordKind::Client])?;
    let record =
        loaded.book.clients.iter().find(|record| loaded.snapshot.sources.get(record.file).path == path);
    let record = record.or_fail(|| does_not_load(kind, id))?;
    let client = &record.data;
    if passing.is_done(client) {
        return Ok(Handed::Before);
    }
    if let Some(words) = passing.refusal(client) {
        context.say(&msg!(say::CANNOT, client = id, words = words))?;
        return Ok(Handed::Refused);
    }
    let target = writing.target(kind, &path)?;
    let returns = owed_by_leaver(&loaded.book, &client.manager);
    let owed = owed_for_client(&loaded.book, record, passing.on);
    let changes = passing.changes(client, &loaded.book.settings, &returns, &owed);
    let after = edit::apply(target.text.as_deref().unwrap_or_default(), &changes, order(kind));
    let after = after.with_context(|| format!("`{path}`"))?;
    let findings = new_faults(&target, &after);
    let outcome = Outcome { text: Some(after), findings, ..Outcome::default() };
    let taken = writing.take(&target, &outcome, context)?;
    let missing = passing.missing_after(id, client);
    Ok(if taken { Handed::Over(client.manager.to_string(), returns, missing) } else { Handed::Refused })
}

fn does_not_load(kind: RecordKind, id: &str) -> Message {
    msg!(say::DOES_NOT_LOAD, kind = kind.title(), id = id)
}
