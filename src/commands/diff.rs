//! `rmbook diff`: what changed between two revisions, in records and in points.

use std::collections::BTreeMap;

use anyhow::bail;
use clap::Args;

use super::{Context, ExitStatus, Loaded, period, ready_policies, scored};
use crate::failure::failure;
use crate::metric::Portfolios;
use crate::period::Period;
use crate::report::{changes, policy as tables};
use crate::score::Asked;
use crate::score::apply::{Policies, Request, Scored};
use crate::table::Table;
use crate::text::{Message, report, run as say};

/// Show what changed between two revisions of the book, in records and in points
/// 显示台账两个版本之间记录与得分的变化
///
/// First every record and field that differs, whatever the order or spelling; then whose scorecard the changes move. Personal
/// data and anonymous answers are said to have changed, never how.
/// 先列出有差异的每条记录和字段（不论次序和写法），再列出考核得分因此变动的人员。个人信息和匿名答复仅提示有变动，不显示内容。
#[derive(Debug, Args)]
pub(super) struct DiffArgs {
    /// The earlier revision: a commit, a tag, a branch, HEAD~3
    /// 较早的版本：提交、标签、分支或 HEAD~3
    old: String,
    /// The later one; without it, the book as its folder has it
    /// 较晚的版本；默认为文件夹中现有的台账
    new: Option<String>,
    /// Period whose scorecards are compared; by default the last full one of each policy that the later book has figures for
    /// 对比考核结果的期间；默认为各考核办法在较晚版本中数据齐全的最近一期
    #[arg(long)]
    period: Option<String>,
    /// Only this table: `changes`, or `points_` and a scheme
    /// 仅显示该表：`changes`，或 `points_` 加考核方案名
    #[arg(long, value_name = "NAME")]
    table: Option<String>,
}

/// A book at a revision, ready to be scored.
struct Side {
    name: String,
    loaded: Loaded,
    policies: Policies,
}

pub(super) fn run(args: &DiffArgs, context: &mut Context<'_>) -> anyhow::Result<ExitStatus> {
    if context.at.is_some() {
        bail!(failure(say::TWO_REVISIONS));
    }
    let period = args.period.as_deref().map(|text| period(text, context)).transpose()?;
    let mut left_out = Vec::new();
    let old = side(Some(&args.old), context, &mut left_out)?;
    let new = side(args.new.as_deref(), context, &mut left_out)?;
    let mut records = changes(&old.loaded.snapshot.sources, &new.loaded.snapshot.sources);
    records.notes.extend(left_out);
    let mut shown = vec![records];
    shown.extend(points(&old, &new, period, context)?);
    context.write_chosen(shown, args.table.as_deref())?;
    Ok(ExitStatus::Clean)
}

fn side(
    revision: Option<&str>,
    context: &mut Context<'_>,
    left_out: &mut Vec<Message>,
) -> anyhow::Result<Side> {
    context.at = revision.map(str::to_owned);
    let (loaded, missing) = context.load_whole()?;
    left_out.extend(missing);
    let policies = ready_policies(&loaded, context)?;
    let now = || report::NOW.get(context.style.lang).to_owned();
    Ok(Side { name: revision.map_or_else(now, str::to_owned), loaded, policies })
}

/// A table a scheme of those whose points, total, rating or pay differ; empty where nobody's do.
fn points(
    old: &Side,
    new: &Side,
    period: Option<Period>,
    context: &Context<'_>,
) -> anyhow::Result<Vec<Table>> {
    let today = Some(context.today);
    let [before, after] = [old, new].map(|side| Portfolios::new(&side.loaded.book));
    let mut by_scheme: BTreeMap<&str, Vec<Scored<'_>>> = BTreeMap::new();
    let request = Request { period, today, as_closed: true, ..Request::default() };
    for given in scored(&after, &new.policies, request, &Asked::default())? {
        by_scheme.entry(&given.policy.record.scheme).or_default().push(given);
    }
    let mut shown = Vec::new();
    for (scheme, given) in by_scheme {
        let period = given.first().map(|given| given.period);
        let request = Request { period, scheme: Some(scheme), ..request };
        let mut was = tables::Side::new(scored(&before, &old.policies, request, &Asked::default())?);
        let mut is = tables::Side::new(given);
        was.keep_differing(&mut is);
        let title = tables::title_of(scheme, &old.name, &new.name, [&is, &was]);
        let name = format!("points_{scheme}");
        let table = tables::comparison(&new.loaded.book, &name, title, &was, &is);
        shown.push(table);
    }
    Ok(shown)
}
