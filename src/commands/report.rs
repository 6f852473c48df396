//! `rmbook report`: the reports of the whole practice.

use anyhow::bail;
use clap::Args;
use rayon::prelude::{IntoParallelRefIterator, ParallelIterator};

use super::{Context, ExitStatus, identified};
use crate::book::Book;
use crate::book::figured::Figured;
use crate::diag::nearest;
use crate::failure::{OrFail, failure};
use crate::msg;
use crate::period::{Month, Months};
use crate::record::kind::RecordKind;
use crate::report::practice::{Input, Only, REPORTS, Report, Scores, Usual, named};
use crate::score::apply::Policies;
use crate::table::{Cell, Column, Kind, Table};
use crate::text::{practice, run};
use crate::when;

/// Show a report of the practice
/// 显示管理报表
///
/// Without a name it lists the reports and the question each answers; `all` is every one of them. A report shows the book as
/// it stood on the last day of its period.
/// 不写名称时列出全部报表及各自回答的问题；`all` 为全部报表。报表反映期间最后一日的台账情况。
#[derive(Debug, Args)]
pub(super) struct ReportArgs {
    /// Name of the report, or `all`
    /// 报表名称，或 `all`
    name: Option<String>,
    /// Month, quarter, half-year, year, or a run of them such as 2026-07..2026-09; by default the last full month with figures
    /// 月、季、半年、年，或其区间如 2026-07..2026-09；默认为数据齐全的最近一个月
    period: Option<String>,
    /// Only what concerns this manager
    /// 仅涉及该客户经理的内容
    #[arg(long, value_name = "ID")]
    manager: Option<String>,
    /// Only what concerns the members of this team
    /// 仅涉及该团队成员的内容
    #[arg(long, value_name = "ID")]
    team: Option<String>,
    /// Only this table of the report
    /// 仅显示报表中的该表
    #[arg(long, value_name = "NAME")]
    table: Option<String>,
    /// With `incentive`: what is missing to the next grade, rating, gate and bracket, and what the next grade would pay
    /// 用于 `incentive`：距下一职级、评级、门槛和档位的差额，以及下一职级的薪酬
    #[arg(long)]
    next: bool,
    /// Say how the report's figures are defined, instead of showing them
    /// 说明报表数据的口径，不显示数据
    #[arg(long)]
    about: bool,
}

pub(super) fn run(args: &ReportArgs, context: &mut Context<'_>) -> anyhow::Result<ExitStatus> {
    let Some(name) = &args.name else {
        context.write_tables(&[listed()])?;
        return Ok(ExitStatus::Clean);
    };
    let wanted = wanted(name)?;
    if args.next && name != "incentive" {
        bail!(failure(run::NEXT_WITH));
    }
    if args.about {
        let manuals: Vec<Table> = wanted.iter().map(|report| report.manual()).collect();
        context.write_tables(&manuals)?;
        return Ok(ExitStatus::Clean);
    }
    let (loaded, left_out) = context.load_whole()?;
    let [manager, team] = only(args, &loaded.book)?;
    let only = Only { manager: manager.as_deref(), team: team.as_deref() };
    let figured = months(args, &wanted, &loaded.book, context)?;
    let input = |months| {
        let mut input = Input::new(&loaded.book, &loaded.snapshot.sources, months, context.today, only);
        input.ahead = args.next;
        input
    };
    // Reports for the same months share what is found once for all of them.
    let (usual, ahead) = (input(figured), input(one(Month::of(context.today).plus(1))));
    let is_ahead = |report: &Report| report.usual == Usual::NextMonth && args.period.is_none();
    let policies = Policies::of(&loaded.book);
    let scores = wanted.iter().any(|report| report.reads_scores()).then(|| Scores::new(&policies, &usual));
    let run = |report: &&Report| match is_ahead(report) {
        true => report.run(&ahead, None),
        false => report.run(&usual, scores.as_ref()),
    };
    let mut tables: Vec<Table> = wanted.par_iter().flat_map_iter(run).collect();
    for table in &mut tables {
        table.notes.extend(left_out.iter().cloned());
    }
    context.write_chosen(tables, args.table.as_deref())?;
    Ok(ExitStatus::Clean)
}

/// The reports `name` means.
fn wanted(name: &str) -> anyhow::Result<Vec<&'static Report>> {
    if name == "all" {
        return Ok(REPORTS.to_vec());
    }
    let found = named(name).or_fail(|| {
        let near = nearest(name, REPORTS.iter().map(|report| report.name));
        let help = near.map_or(run::REPORTS_LISTED.into(), |near| msg!(run::SIMILAR_NAME, near = near));
        msg!(run::NO_REPORT, name = name, help = help)
    })?;
    Ok(vec![found])
}

/// Whom the arguments name; a name the book does not know stops the run.
fn only(args: &ReportArgs, book: &Book) -> anyhow::Result<[Option<String>; 2]> {
    let id =
        |kind, word: &Option<String>| word.as_deref().map(|word| identified(book, kind, word)).transpose();
    Ok([id(RecordKind::Manager, &args.manager)?, id(RecordKind::Team, &args.team)?])
}

/// The months asked for, or the last full month with figures; says so where a reader would expect another.
fn months(
    args: &ReportArgs,
    wanted: &[&Report],
    book: &Book,
    context: &mut Context<'_>,
) -> anyhow::Result<Months> {
    if let Some(text) = &args.period {
        return when::months(text, context.today).or_fail(|| msg!(run::NO_PERIODS, words = text));
    }
    let this = Month::of(context.today);
    let expected = this.plus(-1);
    let last = Figured::of(book).last_before(this).unwrap_or(expected);
    if last < expected && wanted.iter().any(|report| report.usual == Usual::LastFigures) {
        let (month, expected) = (last.to_string(), expected.to_string());
        context.say(&msg!(practice::LAST_WITH_FIGURES, month = month, expected = expected))?;
    }
    Ok(one(last))
}

fn one(month: Month) -> Months {
    Months { first: month, last: month }
}

fn listed() -> Table {
    let columns = vec![
        Column::new("name", practice::REPORT_NAME, Kind::Text),
        Column::new("title", practice::REPORT_TITLE, Kind::Text),
        Column::new("question", practice::REPORT_QUESTION, Kind::Text),
    ];
    let mut table = Table::new("reports", practice::REPORT_LIST, columns);
    for report in REPORTS {
        let said = |text| Cell::Said { key: report.name, text };
        table.push(vec![report.name.into(), said(report.title), said(report.question)]);
    }
    table
}
