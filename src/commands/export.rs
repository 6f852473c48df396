//! `rmbook export`: every table of the book as CSV, with a description of them all.

use std::path::PathBuf;

use anyhow::bail;
use clap::Args;

use super::{Context, ExitStatus};
use crate::failure::failure;
use crate::render::{self, ForeignKey, Resource};
use crate::report::{self, Personal};
use crate::store;
use crate::table::Table;
use crate::text::run;

/// Export every table of the book as CSV files that describe themselves
/// 将台账全部表格导出为自带说明的 CSV 文件
///
/// DIR gets one CSV file a table and a `datapackage.json` (Data Package 2.0) that says what each column holds. The tables
/// and their columns depend on the version of rmbook alone, never on what the book holds.
/// 文件夹中每表一个 CSV 文件，并附 `datapackage.json`（Data Package 2.0）说明各列含义。
/// 表格及其列只随 rmbook 版本而定，与台账内容无关。
#[derive(Debug, Args)]
pub(super) struct ExportArgs {
    /// Folder to write to; it is made if it does not exist
    /// 写入的文件夹，不存在时自动新建
    dir: PathBuf,
    /// Export personal data too: names, telephone numbers, what clients said
    /// 一并导出个人信息：姓名、电话、客户原话
    #[arg(long)]
    with_personal: bool,
}

pub(super) fn run(args: &ExportArgs, context: &mut Context<'_>) -> anyhow::Result<ExitStatus> {
    if context.output.is_some() || context.format.as_deref().is_some_and(|format| format != "csv") {
        bail!(failure(run::FOLDER_ONLY));
    }
    let (loaded, left_out) = context.load_whole()?;
    let personal = if args.with_personal { Personal::With } else { Personal::Without };
    let sheets: Vec<_> = report::sheets().iter().collect();
    let tables = report::tables(&loaded.book, &loaded.snapshot.sources, &sheets, personal);
    let resources: Vec<Resource> = tables.into_iter().map(resource).collect();
    store::write_folder(&args.dir, &render::export("rmbook", &resources, context.style.excel)?)?;
    left_out.iter().try_for_each(|message| context.say(message))?;
    Ok(ExitStatus::Clean)
}

/// A table with what its sheet says of its keys. A list in a cell is left out: it is a table of its own here.
fn resource(mut table: Table) -> Resource {
    let Some(sheet) = report::sheet(&table.name) else {
        return Resource { table, primary_key: Vec::new(), foreign_keys: Vec::new() };
    };
    table.keep_columns(|column| !sheet.joins(&column.key));
    let owned = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect();
    let foreign_keys = sheet.references().into_iter().map(|(fields, table, references)| ForeignKey {
        fields: owned(&fields),
        table: table.to_owned(),
        references: owned(references),
    });
    Resource { primary_key: sheet.primary_key().to_vec(), foreign_keys: foreign_keys.collect(), table }
}
