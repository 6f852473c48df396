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
/// 按日列出待办事项及办结命令
///
/// Visits by the cadence of the client's tier, those of heads too, promised actions, complaints at their stage, post-loan
/// checks, plans before maturity, signals, covenants, needs and deals, answers owed to colleagues, certificates, trainings,
/// access, declarations, one-to-ones, meetings, surveys, contingency plans and drills, decisions, acknowledgements, appeals
/// and talks. In a command, put what its field takes for `…` (words, an id, a day, an amount) and take one of `won|lost`;
/// nothing is written before. What stands behind ` # ` settles it instead, where that is so.
/// 包括按客户层级应作的拜访及主管拜访、承诺事项、各环节投诉、贷后检查、到期安排、预警信号、约束条件、需求与商机、应答复同事的事项、证书、
/// 培训、权限、申报、一对一沟通、会议、问卷、应急预案与演练、决策、考核结果确认、申诉和绩效面谈。
/// 命令中的 `…` 请替换为该字段的取值（文字、编号、日期、数额），`won|lost` 择一填写；未替换的命令不会写入。
/// ` # ` 之后的命令为适用时的另一种办结方式。
#[derive(Debug, Args)]
pub(super) struct DueArgs {
    /// Only what this manager owes, by id or name, and what those owe who are on leave and for whom this one stands in
    /// 仅该客户经理的待办，可写编号或姓名；含其代岗的休假人员的待办
    #[arg(long, value_name = "ID")]
    manager: Option<String>,
    /// Only what the members of this team owe
    /// 仅该团队成员的待办
    #[arg(long, value_name = "ID")]
    team: Option<String>,
    /// One manager after the other, instead of day by day
    /// 按客户经理逐人排列，不按日期
    #[arg(long)]
    by_manager: bool,
    /// Days to look ahead
    /// 向后查看的天数
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
        let owes = |manager: &str| [owner, duty.cover.as_deref()].contains(&Some(manager));
        manager.as_deref().is_none_or(owes) && team.as_ref().is_none_or(is_member)
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
