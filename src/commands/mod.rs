//! The command line: arguments to library calls, and nothing else.
//!
//! The only layer that reads the clock and the environment. A command is one file: a struct of arguments whose doc comments are
//! its manual, and a `run` that translates them. To add one: its file, a variant of `Command`, and an arm in `dispatch`.

#![allow(
    clippy::disallowed_methods,
    reason = "this layer reads the clock and the environment for the others"
)]

use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use crate::book::Book;
use crate::diag::{Rule, nearest};
use crate::draft::around::several_called;
use crate::failure::{self, OrFail, failure};
use crate::msg;
use crate::record::kind::RecordKind;
use crate::render::Style;
use crate::text::{Lang, Message, finding, run as say};
use crate::when;

mod add;
mod batch;
mod check;
mod close;
mod closed;
mod completion;
mod context;
mod diff;
mod due;
mod edit;
mod explain;
mod export;
mod fmt;
mod handover;
mod import;
mod init;
mod judging;
mod language;
mod list;
mod lookup;
mod man;
mod paths;
mod policy;
mod rename;
mod report;
mod schema;
mod scorecard;
mod scoring;
mod set;
mod show;
mod usage;
mod writing;

pub use context::{Context, Loaded};

use add::{commit_of_revision, flag_error};
use batch::{Batch, Manner, Row};
use check::options_of_all;
use language::{broken, named, translated};
use lookup::{called, former, holding, ids, measures, paths_of, unit};
use paths::only;
use schema::files as schema_files;
use scoring::{beside_faults, compiled, draft, not_before_it_begins, period, ready_policies, scored};
use set::assign;
use writing::{Done, KeepArgs, WriteArgs, Writing, refused, say_refusal};

/// How a run ended that could run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitStatus {
    /// Nothing to complain about.
    Clean,
    /// Something is wrong with the data, or `--check` or `--diff` found something to change.
    Findings,
}

/// Manage a bank's corporate relationship managers from a git-friendly folder of TOML files
/// 管理银行对公客户经理：以 git 管理的 TOML 文件夹为台账
#[derive(Debug, Parser)]
#[command(
    name = "rmbook",
    version,
    propagate_version = true,
    arg_required_else_help = true,
    max_term_width = 100
)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// Arguments every command takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options 通用选项")]
struct Global {
    /// Folder of the book, or one inside it [env: RMBOOK_DIR] [default: .]
    /// 台账所在文件夹或其下级文件夹 [环境变量：RMBOOK_DIR] [默认：.]
    // What the environment gives is no argument, and stands in no line of usage.
    #[arg(short = 'C', long = "book", value_name = "DIR", global = true)]
    book: Option<PathBuf>,
    /// Language of tables, findings and remarks
    /// 表格、问题与提示的语言
    #[arg(long, value_enum, global = true)]
    lang: Option<LangArg>,
    /// When to use colour; `auto` is on a terminal, unless NO_COLOR is set
    /// 何时使用颜色；`auto` 为终端且未设 NO_COLOR 时
    #[arg(long, value_enum, global = true, default_value = "auto", value_name = "WHEN")]
    color: ColorArg,
    /// Day that counts as today [env: RMBOOK_TODAY]
    /// 视同今日的日期 [环境变量：RMBOOK_TODAY]
    #[arg(long, value_name = "DATE", global = true)]
    today: Option<String>,
    /// Format of the output: text, csv, json, jsonl, md, html or xlsx; of findings: text, concise, json, github, gitlab,
    /// sarif or junit
    /// 输出格式：text、csv、json、jsonl、md、html、xlsx；检查结果另有 text、concise、json、
    /// github、gitlab、sarif、junit
    #[arg(short = 'O', long, global = true)]
    format: Option<String>,
    /// Write to a file; its extension gives the format; `-` is standard output
    /// 写入文件，格式随扩展名；`-` 为标准输出
    #[arg(short, long, value_name = "FILE", global = true)]
    output: Option<PathBuf>,
    /// CSV for spreadsheets: with byte order mark and CRLF
    /// 电子表格用 CSV：带字节顺序标记和 CRLF 换行
    #[arg(long, global = true)]
    excel: bool,
    /// Read the book as it was at a git revision
    /// 读取台账在某一 git 版本时的内容
    #[arg(long, value_name = "REV", global = true)]
    at: Option<String>,
    /// Report without the records that do not load, and say which
    /// 略过无法载入的记录出具报表，并列明所略过的记录
    #[arg(long, global = true)]
    partial: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum LangArg {
    En,
    Zh,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ColorArg {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Add a record, or an entry to one
    /// 新增记录，或在记录中新增条目
    ///
    /// What cannot be so is refused with the words of `check`, and nothing is written: a visit to come, a wrong credit code, shares
    /// that miss 100. What else `check` newly finds in the record is said once it is written.
    /// 凡不可能成立的内容不予写入，并按 `check` 的说法指明原因，如日期在将来的拜访、错误的统一社会信用代码、
    /// 合计不等于 100 的分成比例。`check` 在该记录中新发现的其他问题，写入后一并提示。
    Add(add::AddArgs),
    Check(check::CheckArgs),
    Diff(diff::DiffArgs),
    Edit(edit::EditArgs),
    Explain(explain::ExplainArgs),
    Handover(handover::HandoverArgs),
    Import(import::ImportArgs),
    Fmt(fmt::FmtArgs),
    Init(init::InitArgs),
    Schema(schema::SchemaArgs),
    Set(set::SetArgs),
    Rename(rename::RenameArgs),
    Report(report::ReportArgs),
    Scorecard(scorecard::ScorecardArgs),
    Close(close::CloseArgs),
    Policy(policy::PolicyArgs),
    List(list::ListArgs),
    Show(show::ShowArgs),
    Due(due::DueArgs),
    Export(export::ExportArgs),
    Completion(completion::CompletionArgs),
    Man(man::ManArgs),
}

fn dispatch(command: Command, context: &mut Context<'_>) -> anyhow::Result<ExitStatus> {
    match command {
        Command::Add(args) => add::run(&args, context),
        Command::Check(args) => check::run(&args, context),
        Command::Fmt(args) => fmt::run(&args, context),
        Command::Diff(args) => diff::run(&args, context),
        Command::Edit(args) => edit::run(&args, context),
        Command::Explain(args) => explain::run(&args, context),
        Command::Handover(args) => handover::run(&args, context),
        Command::Import(args) => import::run(&args, context),
        Command::Init(args) => init::run(&args, context),
        Command::Schema(args) => schema::run(&args, context),
        Command::Set(args) => set::run(&args, context),
        Command::Rename(args) => rename::run(&args, context),
        Command::Report(args) => report::run(&args, context),
        Command::Scorecard(args) => scorecard::run(&args, context),
        Command::Policy(args) => policy::run(&args, context),
        Command::Close(args) => close::run(&args, context),
        Command::List(args) => list::run(&args, context),
        Command::Show(args) => show::run(&args, context),
        Command::Due(args) => due::run(&args, context),
        Command::Export(args) => export::run(&args, context),
        Command::Completion(args) => completion::run(&args, context),
        Command::Man(args) => man::run(&args, context),
    }
}

/// The rules `check` applies beside its own: those of policies and of closed periods.
fn other_rules() -> impl Iterator<Item = &'static Rule> {
    let rules = crate::policy::rule::RULES.iter().chain(crate::close::rule::RULES);
    rules.copied().chain(crate::score::rules())
}

/// Runs the program: 0 clean, 1 findings, 2 could not run.
pub fn main() -> ExitCode {
    let (mut out, mut err) = (io::stdout().lock(), io::stderr().lock());
    let args: Vec<OsString> = std::env::args_os().collect();
    let lang = usage::lang(&args);
    let ended = run(args, lang, &mut out, &mut err).and_then(|status| {
        out.flush()?;
        Ok(status)
    });
    match ended {
        Ok(ExitStatus::Clean) => ExitCode::SUCCESS,
        Ok(ExitStatus::Findings) => ExitCode::from(1),
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            // Where even the error cannot be written, the exit code still says it.
            let _ = writeln!(err, "{}", failure::words(&error, lang));
            ExitCode::from(2)
        }
    }
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    })
}

fn run(
    args: Vec<OsString>,
    lang: Lang,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> anyhow::Result<ExitStatus> {
    let matches = match command_line(lang).try_get_matches_from(args) {
        Ok(matches) => matches,
        Err(error) => return usage::end(error, lang, (out, err)),
    };
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => return usage::end(error, lang, (out, err)),
    };
    let mut context = context(cli.global, lang, out, err)?;
    dispatch(cli.command, &mut context)
}

/// The id of the record of a kind that a word names, by its id or, where one alone has it, by its name.
fn identified(book: &Book, kind: RecordKind, word: &str) -> anyhow::Result<String> {
    match book.called(kind, word).as_slice() {
        [] => Err(no_record(book, kind, word)),
        [id] => Ok((*id).to_owned()),
        several => Err(failure(several_called(word, several))),
    }
}

/// Records that are named where a word may mean several.
const SIMILAR: usize = 5;

/// The records that have a word in their id or name, in words; nothing where there are none.
fn held_by(holding: &[(RecordKind, &str)]) -> Option<Message> {
    let ids = holding.iter().take(SIMILAR).map(|(kind, id)| format!("`{}/{id}`", kind.name()));
    let ids: Vec<String> = ids.collect();
    let all = || msg!(say::HOLDING, ids = Message::list(&ids));
    (!ids.is_empty()).then(all)
}

/// The error of naming a record that the book does not have, with the nearest that it has.
fn no_record(book: &Book, kind: RecordKind, id: &str) -> anyhow::Error {
    let near = || nearest(id, book.ids(kind).into_iter()).map(|near| msg!(say::SIMILAR_ID, near = near));
    let holding = || {
        let holding = book.holding(id).into_iter().filter(|(of, _)| *of == kind);
        held_by(&holding.collect::<Vec<_>>())
    };
    let now = book.formerly(kind, id).map(|now| msg!(finding::FORMERLY, old = id, id = now));
    let help = now.or_else(near).or_else(holding);
    let help = help.unwrap_or_else(|| msg!(say::LISTED, kind = kind.place()));
    failure(msg!(say::NO_RECORD, kind = kind.title(), id = id, help = help))
}

/// The whole command line, from which help, completion and the manual page come too.
fn command_line(lang: Lang) -> clap::Command {
    let command = Cli::command().mut_subcommands(|command| match command.get_name() {
        "add" => add::with_words(command, lang),
        _ => command,
    });
    language::spoken(command, lang)
}

fn context<'io>(
    global: Global,
    lang: Lang,
    out: &'io mut dyn Write,
    err: &'io mut dyn Write,
) -> anyhow::Result<Context<'io>> {
    let now = chrono::Local::now().date_naive();
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    let said = || Some(set("RMBOOK_TODAY")?.to_string_lossy().into_owned());
    let today = match global.today.or_else(said) {
        None => now,
        Some(text) => when::day(&text, now).or_fail(|| msg!(say::NOT_A_DATE, words = &text))?,
    };
    Ok(Context {
        start: global.book.or_else(|| set("RMBOOK_DIR").map(PathBuf::from)).unwrap_or_else(|| ".".into()),
        today,
        style: Style {
            lang,
            sentences: if global.lang.is_some() { lang } else { Lang::En },
            width: width(),
            color: colour(global.color),
            excel: global.excel,
            path_prefix: String::new(),
        },
        format: global.format,
        output: global.output.filter(|path| path.as_os_str() != "-"),
        at: global.at,
        partial: global.partial,
        interactive: io::stdin().is_terminal(),
        out,
        err,
    })
}

fn colour(given: ColorArg) -> bool {
    match given {
        ColorArg::Always => true,
        ColorArg::Never => false,
        ColorArg::Auto => {
            let unset = |name| std::env::var_os(name).is_none_or(|value| value.is_empty());
            let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
            unset("NO_COLOR") && !dumb && io::stdout().is_terminal()
        }
    }
}

/// The terminal's width, where output goes to one: what `COLUMNS` says, else what the terminal does.
fn width() -> Option<u16> {
    let said = || std::env::var("COLUMNS").ok()?.parse().ok();
    let asked = || terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| width.0);
    io::stdout().is_terminal().then(|| said().or_else(asked)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A level or a remark that names a code would else mean two rules.
    #[test]
    fn codes_and_names_of_all_rules_are_unique() {
        let rules: Vec<&Rule> = crate::check::rules().chain(other_rules()).collect();
        for (index, rule) in rules.iter().enumerate() {
            let same = |other: &&Rule| other.code == rule.code || other.name == rule.name;
            assert_eq!(
                rules[index + 1..].iter().find(|other| same(other)).map(|rule| rule.name),
                None,
                "{}",
                rule.code
            );
        }
    }

    #[test]
    fn the_command_line_is_consistent() {
        command_line(Lang::En).debug_assert();
        command_line(Lang::Zh).debug_assert();
    }
}
