//! `rmbook set`: fields of a record, changed in place.

use anyhow::bail;
use chrono::NaiveDate;
use clap::Args;

use super::{Context, ExitStatus, KeepArgs, WriteArgs, Writing, commit_of_revision, refused, say_refusal};
use crate::draft::plan::{Proposal, Twice, Way, order, propose};
use crate::draft::spot::{find, split};
use crate::draft::value::Defaults;
use crate::draft::{Fault, present};
use crate::edit::render::inline;
use crate::edit::{self, Change};
use crate::failure::{OrFail, all, failure};
use crate::msg;
use crate::record::kind::RecordKind;
use crate::text::{entry, run};

/// Change fields of a record, keeping its comments
/// 修改记录字段，保留注释
///
/// A path leads through tables and lists: `tier`, `results.2026-10.deposits.avg`, `visits[2026-10-09].summary`. An entry of
/// a list is named by its key (its date, its id, its name), by several values of it, or of other fields, with commas between
/// where one fits several entries, or by its index from 0: `visits[2026-10-09,wang-fang].next[send proposal].done=today`. A value is typed as its field
/// is: `yesterday` becomes a date, `friday` the last one or, of what is due, the coming one, and a list is written `a; b` or `["a", "b"]`. `KEY=` removes the field.
/// 路径逐级指向表和列表：`tier`、`results.2026-10.deposits.avg`、
/// `visits[2026-10-09].summary`。列表条目以其键（日期、编号、名称）指明；同键有多条的，
/// 以逗号分隔多个取值，或用自 0 起的序号：
/// `visits[2026-10-09,wang-fang].next[发送方案].done=today`。取值按字段类型读取：
/// `yesterday`、`昨天` 读作日期，`friday`、`周五` 读作最近一个周五，到期日则读作下一个周五；
/// 列表写作 `a; b` 或 `["a", "b"]`。`键=` 为删除该字段。
///
/// What a deal, a facility, a client's tier or second manager or a manager's post was before stays in its `history`, a promise put off keeps its earlier day in `slipped`, and what was done on a
/// complaint before `reopened` gets another day moves into its `earlier`, so
/// that past months stay as they were. What cannot be so is refused, as by `add`.
/// 商机、授信、客户层级、协办客户经理和任职的原状态留存于各自的 `history`，延期的承诺事项在 `slipped` 中留存原到期日，
/// 投诉在 `reopened` 中增填重新受理日时，此前各环节移入 `earlier`，
/// 以往月份因此不变。不可能成立的内容不予写入，与 `add` 相同。
#[derive(Clone, Debug, Args)]
pub(super) struct SetArgs {
    /// Id of the record; where several kinds have it, `KIND/ID`
    /// 记录编号；多类记录有同一编号的，写作 `类别/编号`
    id: String,
    /// Field and value
    /// 字段及其取值
    #[arg(value_name = "KEY=VALUE", required = true)]
    pairs: Vec<String>,
    #[command(flatten)]
    keep: KeepArgs,
    #[command(flatten)]
    write: WriteArgs,
}

pub(super) fn run(args: &SetArgs, context: &mut Context<'_>) -> anyhow::Result<ExitStatus> {
    let since = args.keep.since(context.today)?;
    assign(&args.id, &args.pairs, (false, since), &args.write, context)
}

/// Gives the fields of a record values that hold from the day `since`; with `fresh`, none that has another value already.
pub(super) fn assign(
    id: &str,
    pairs: &[String],
    (fresh, since): (bool, Option<NaiveDate>),
    write: &WriteArgs,
    context: &mut Context<'_>,
) -> anyhow::Result<ExitStatus> {
    let mut writing = Writing::open(context, write)?;
    let (kind, path) = writing.resolve(id, RecordKind::ALL)?;
    let target = writing.target(kind, &path)?;
    let defaults = Defaults { around: Some(writing.around()), ..Defaults::on(context.today, false) };
    // A path means the record as the pairs before it left it.
    let mut text = target.text.clone().unwrap_or_default();
    let (mut values, mut unknown) = (Vec::new(), Vec::new());
    for pair in pairs {
        let (parts, words) = split(pair).or_fail(|| msg!(run::NO_PAIR, pair = pair))?;
        let record = present::read(&text, kind.shape());
        let spot = find(&parts, kind.shape(), &record, &defaults).map_err(|fault| error(&fault))?;
        let typed = match (kind, &spot.path.0[..]) {
            (RecordKind::Team, [list, _, key]) => {
                let (list, key) = (list.key().unwrap_or_default(), key.key().unwrap_or_default());
                commit_of_revision(list, key, words.trim(), &writing.root)?
            }
            _ => None,
        };
        let commit = match typed {
            Some(Err(message)) => {
                unknown.push(message);
                None
            }
            Some(Ok(commit)) => Some(commit),
            None => None,
        };
        let words = commit.as_deref().unwrap_or(words);
        let (at, value) = spot.set(words, &defaults).map_err(|faults| errors(&faults))?;
        let old = present::at(&record, &spot.path).filter(|_| fresh);
        if let Some(old) =
            old.filter(|old| value.as_ref().is_some_and(|new| !present::covers(old, new, false)))
        {
            let (path, old) = (spot.path.to_string(), inline(old));
            bail!(failure(msg!(run::IS_ALREADY, path = path, old = old, id = id, pair = pair)));
        }
        let change = match value.clone() {
            Some(value) => Change::Set { path: at.clone(), value },
            None => Change::Unset { path: at.clone() },
        };
        text = edit::apply(&text, &[change], order(kind))?;
        values.push((at, value));
    }
    let way = Way { twice: Twice::Same, since, today: context.today };
    let outcome = propose(&target, &[Proposal::Values(values)], way, &mut writing.known());
    for (_, refusal) in &outcome.refused {
        if refusal.differs.is_none() {
            return Err(error(&refusal.fault));
        }
        say_refusal(None, refusal, &target.path, context)?;
    }
    if !writing.take(&target, &outcome, context)? {
        return refused(context);
    }
    let judged = writing.judge(context.today);
    if !judged.refused.is_empty() {
        judged.say_refused(context)?;
        return refused(context);
    }
    let closed = writing.closed_figures()?;
    let path = &target.path;
    let said = match (writing.finish(context)? > 0, since.filter(|since| *since > context.today)) {
        (true, _) if write.dry_run => msg!(entry::WOULD_CHANGE, path = path),
        (true, Some(day)) => msg!(entry::CHANGED_AHEAD, path = path, day = day),
        (true, None) => msg!(entry::CHANGED, path = path),
        (false, _) => msg!(entry::UNCHANGED, path = path),
    };
    context.say(&said)?;
    closed.iter().chain(&unknown).try_for_each(|message| context.say(message))?;
    judged.say_remarks(context)?;
    Ok(ExitStatus::Clean)
}

fn error(fault: &Fault) -> anyhow::Error {
    errors(std::slice::from_ref(fault))
}

fn errors(faults: &[Fault]) -> anyhow::Error {
    let line = |fault: &Fault| msg!(run::AT, place = format!("`{}`", fault.at), words = fault.whole());
    failure(all(faults.iter().map(line)))
}
