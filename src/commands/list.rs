//! `rmbook list`: records and entries, row by row.

use clap::Args;

use super::{Context, ExitStatus};
use crate::failure::failure;
use crate::msg;
use crate::report::{self, ListRequest, Personal, Sheet, Unknown};
use crate::text::{Message, run};

/// List records or their entries
/// 列出记录或其中的条目
///
/// KIND is a kind of record (`clients`, `managers`, `teams`, `reviews`, `policies`) or of entry (`visits`, `needs`,
/// `opportunities`, `complaints`, `trainings`, `results`, `targets` …), in the singular or the plural, or the full name of
/// a table of the export (`client_visits_next`). Entries that stand in records of several kinds (`targets`, `requests`,
/// `risks`, `actions`) are one table that tells the record which holds each; `--where client=ID` keeps one record's.
/// 类别为记录（`clients`、`managers`、`teams`、`reviews`、`policies`）
/// 或条目（`visits`、`needs`、`opportunities`、`complaints`、`trainings`、
/// `results`、`targets` 等），单复数均可，也可写导出表的全名（`client_visits_next`）。
/// 多类记录共有的条目（`targets`、`requests`、`risks`、`actions`）合为一表，并注明所属记录；
/// `--where client=编号` 仅列该记录的条目。
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  rmbook list clients --where tier=key --where backup=
  rmbook list visits --where 'date>=2026-10-01' --where 'summary~融资' --sort=-date
  rmbook list targets --where team=corporate-1 --where period=2026-Q4
  rmbook list opportunities --where stage!=won --columns client,id,amount,expected -O csv")]
pub(super) struct ListArgs {
    /// Kind of record or entry
    /// 记录或条目的类别
    kind: String,
    /// Only rows where COLUMN compares so with VALUE (=, !=, <, <=, >, >=, ~ for contains); all must hold
    /// 仅列“列”与“值”符合该比较的行（=、!=、<、<=、>、>=，~ 为包含）；多个条件须同时满足
    #[arg(short = 'w', long = "where", value_name = "COLUMN=VALUE")]
    filters: Vec<String>,
    /// Columns to show, by key, or `all`
    /// 显示的列（按键名），或 `all`
    #[arg(short, long, value_name = "A,B,…", value_delimiter = ',')]
    columns: Vec<String>,
    /// Column to sort by; `-COLUMN` sorts from the greatest down
    /// 排序的列；`-列` 为从大到小
    #[arg(short, long, value_name = "COLUMN", allow_hyphen_values = true)]
    sort: Option<String>,
    /// The most rows to show
    /// 最多显示的行数
    #[arg(short = 'n', long, value_name = "N")]
    limit: Option<usize>,
    /// Show personal data too: names, telephone numbers, what clients said
    /// 一并显示个人信息：姓名、电话、客户原话
    #[arg(long)]
    with_personal: bool,
}

pub(super) fn run(args: &ListArgs, context: &mut Context<'_>) -> anyhow::Result<ExitStatus> {
    let sheets = sheets_of(&args.kind)?;
    let name = args.kind.to_lowercase().replace('-', "_");
    let (loaded, left_out) = context.load_whole()?;
    let parted = |words: &String| -> Vec<String> {
        let words = words.split([';', '，', '；', '、']).map(str::trim).filter(|word| !word.is_empty());
        words.map(str::to_owned).collect()
    };
    let columns: Vec<String> = args.columns.iter().flat_map(parted).collect();
    let request = ListRequest {
        filters: &args.filters,
        columns: &columns,
        sort: args.sort.as_deref(),
        limit: args.limit,
        personal: if args.with_personal { Personal::With } else { Personal::Without },
        today: context.today,
    };
    let mut table = report::list(&loaded.book, &loaded.snapshot.sources, &name, &sheets, &request)?;
    table.notes.extend(left_out);
    context.write_tables(&[table])?;
    Ok(ExitStatus::Clean)
}

fn sheets_of(word: &str) -> anyhow::Result<Vec<&'static Sheet>> {
    report::sheets_of(word).map_err(|Unknown { nearest }| {
        let records = report::sheets().iter().filter(|sheet| !sheet.name.contains('_'));
        let names: Vec<&str> = records.map(|sheet| sheet.name.as_str()).collect();
        let help = match nearest {
            Some(near) => msg!(run::SIMILAR_NAME, near = near),
            None => msg!(run::NAME_ONE, names = Message::list(&names)),
        };
        failure(msg!(run::NOTHING_TO_LIST, word = word, help = help))
    })
}
