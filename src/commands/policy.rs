//! `rmbook policy`: tests in a policy file, faults in one, and what a change of policy does to people.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::{Args, Subcommand};

use super::{
    Context, ExitStatus, Loaded, beside_faults, compiled, draft, not_before_it_begins, options_of_all,
    period, ready_policies, scored,
};
use crate::book;
use crate::check;
use crate::diag::{Finding, Level};
use crate::failure::{OrFail, failure};
use crate::metric::{Names, Portfolios, Unit};
use crate::msg;
use crate::policy::Policy;
use crate::record::kind::RecordKind;
use crate::record::settings::Settings;
use crate::render::{self, FindingFormat, Format};
use crate::report::policy as tables;
use crate::score::apply::{Policies, Request};
use crate::score::tie::ambiguous;
use crate::score::{Asked, cases};
use crate::source::{FileId, Snapshot};
use crate::store;
use crate::text::run;

/// Test, check and compare scoring policies
/// 测试、检查和比较考核办法
#[derive(Debug, Args)]
pub(super) struct PolicyArgs {
    #[command(subcommand)]
    command: PolicyCommand,
}

#[derive(Debug, Subcommand)]
enum PolicyCommand {
    /// Run the tests that policies carry
    /// 运行考核办法自带的测试用例
    ///
    /// Without files, those of the book's policies; of a folder, those of every TOML file in it. A file needs no book; inside one, it
    /// may use the book's measures.
    /// 不写文件时，运行台账中考核办法的测试用例；给出文件夹时，运行其中各 TOML 文件的测试用例。单独的文件无需台账；在台账中的文件可使用台账的指标。
    Test {
        /// Policy files, or folders of them
        /// 考核办法文件或其所在文件夹
        files: Vec<PathBuf>,
    },
    /// Find everything that is wrong in policies
    /// 查出考核办法中的全部问题
    Check {
        /// Policy files, or folders of them; without any, the book's
        /// 考核办法文件或其所在文件夹；默认为台账中的考核办法
        files: Vec<PathBuf>,
    },
    /// Score the book under two policies, and show who gains and who loses
    /// 按两份考核办法分别计分，显示得分升降的人员
    Diff {
        /// A policy of the book by its id, or a file
        /// 台账中考核办法的编号，或文件
        old: PathBuf,
        /// Another
        /// 另一份考核办法
        new: PathBuf,
        /// Period; by default the last one the book has figures for
        /// 期间；默认为台账有数据的最近一期
        period: Option<String>,
    },
}

pub(super) fn run(args: &PolicyArgs, context: &mut Context<'_>) -> anyhow::Result<ExitStatus> {
    match &args.command {
        PolicyCommand::Test { files } => test(files, context),
        PolicyCommand::Check { files } => check(files, context),
        PolicyCommand::Diff { old, new, period } => diff(old, new, period.as_deref(), context),
    }
}

/// Policies with the texts they came from.
struct Read {
    snapshot: Snapshot,
    policies: Vec<(String, Policy)>,
    findings: Vec<Finding>,
    /// The book the policies are of, or stand in; without one, nobody has set the level of a rule.
    settings: Settings,
    /// What the book around files can be asked, where there is one.
    names: Option<Names>,
    /// The files that are policies; all, where files were named.
    only: Option<BTreeSet<FileId>>,
}

/// Reads policies from files, or the book's where none is given.
fn read(files: &[PathBuf], context: &Context<'_>) -> anyhow::Result<Read> {
    let book = context.load();
    if files.is_empty() {
        return Ok(of_book(book?, context.today));
    }
    let loaded = book.ok();
    let known = loaded.as_ref().map(|loaded| Names::of_book(&loaded.book));
    let settings = loaded.map(|loaded| loaded.book.settings.clone());
    let names = known.clone().unwrap_or_else(Names::default_book);
    let mut texts = Vec::new();
    for file in &in_folders(files)? {
        let text = String::from_utf8(store::read_import(file)?)
            .or_fail(|| msg!(run::NOT_UTF8, path = file.display().to_string()))?;
        texts.push((file.display().to_string(), Ok(text)));
    }
    let snapshot = Snapshot::new(texts);
    let (mut policies, mut findings) = (Vec::new(), Vec::new());
    for (file, source) in snapshot.sources.iter() {
        let (policy, found) = compiled(file, &source.text, &names);
        findings.extend(found);
        policies.extend(policy.map(|policy| (source.path.clone(), policy)));
    }
    Ok(Read {
        snapshot,
        policies,
        findings,
        settings: settings.unwrap_or_else(book::default_settings),
        names: known,
        only: None,
    })
}

/// Files, and in place of a folder the policies in it.
fn in_folders(files: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for file in files {
        match store::toml_files(file)? {
            None => found.push(file.clone()),
            Some(within) if within.is_empty() || file.join("rmbook.toml").exists() => {
                bail!(failure(msg!(run::NO_POLICIES_IN, path = file.display().to_string())))
            }
            Some(within) => found.extend(within),
        }
    }
    Ok(found)
}

fn of_book(loaded: Loaded, today: chrono::NaiveDate) -> Read {
    let sources = &loaded.snapshot.sources;
    let is_policy = |path: &str| matches!(RecordKind::of_path(path), Some((RecordKind::Policy, _)));
    let files = sources.iter().filter(|(_, source)| is_policy(&source.path)).map(|(file, _)| file);
    let only: BTreeSet<FileId> = files.collect();
    let mut findings = loaded.findings.clone();
    findings.retain(|finding| only.contains(&finding.at.file));
    findings.extend(beside_faults(&loaded));
    let policies = Policies::of(&loaded.book);
    findings.extend(policies.findings.iter().cloned());
    findings.extend(ambiguous(&loaded.book, &policies, today));
    let policies = policies.ready.into_iter().map(|(id, policy)| (id.into(), policy)).collect();
    let settings = loaded.book.settings.clone();
    Read { snapshot: loaded.snapshot, policies, findings, settings, names: None, only: Some(only) }
}

/// What is wrong in the policies, as `rmbook check` reports it: at the levels of the book, without what a remark allows.
fn check(files: &[PathBuf], context: &mut Context<'_>) -> anyhow::Result<ExitStatus> {
    let mut read = read(files, context)?;
    if let Some(names) = &read.names {
        read.findings.extend(read.policies.iter().flat_map(|(_, policy)| policy.in_book(names)));
    }
    let mut options = options_of_all();
    options.only = read.only;
    let found = check::settle(read.findings, &read.settings, &read.snapshot.sources, &options);
    context.write_findings(&found, &read.snapshot.sources)?;
    Ok(status(&found))
}

fn status(findings: &[Finding]) -> ExitStatus {
    let denied = findings.iter().any(|finding| finding.level == Level::Deny);
    if denied { ExitStatus::Findings } else { ExitStatus::Clean }
}

fn test(files: &[PathBuf], context: &mut Context<'_>) -> anyhow::Result<ExitStatus> {
    let read = read(files, context)?;
    let denied: Vec<Finding> =
        read.findings.iter().filter(|finding| finding.level == Level::Deny).cloned().collect();
    render::findings(&denied, &read.snapshot.sources, FindingFormat::Text, &context.style, context.err)?;
    let ran: Vec<_> =
        read.policies.iter().map(|(name, policy)| (name.as_str(), cases::run(policy))).collect();
    let table = tables::failures(&ran, &read.snapshot.sources);
    let failed = !table.rows.is_empty() || !denied.is_empty();
    // A program that reads the output is given a table also where every test passes.
    if !table.rows.is_empty() || context.table_format()? != Format::Text {
        context.write_tables(&[table])?;
    }
    let files = read.only.as_ref().map_or_else(|| read.snapshot.sources.iter().count(), BTreeSet::len);
    let unread = files.saturating_sub(ran.len());
    if !ran.is_empty() || unread == 0 {
        context.say(&tables::tally(&ran))?;
    }
    if unread > 0 {
        context.say(&msg!(run::NOT_RUN, count = unread))?;
    }
    Ok(if failed { ExitStatus::Findings } else { ExitStatus::Clean })
}

fn diff(
    old: &Path,
    new: &Path,
    given: Option<&str>,
    context: &mut Context<'_>,
) -> anyhow::Result<ExitStatus> {
    let (loaded, left_out) = context.load_whole()?;
    let policies = ready_policies(&loaded, context)?;
    let period = given.map(|text| period(text, context)).transpose()?;
    not_before_it_begins(period, context)?;
    let portfolios = Portfolios::new(&loaded.book);
    let (mut to_date, mut schemes) = (None, Vec::new());
    let mut score = |side: &Path| -> anyhow::Result<(String, String, tables::Side)> {
        let known = side.to_str().and_then(|id| policies.ready.get_key_value(id));
        let read;
        let (name, policy) = match known {
            Some((id, policy)) => (id.as_ref(), policy),
            None => {
                read = draft(side, &loaded, context)?;
                (read.0.as_str(), &read.1)
            }
        };
        let today = Some(context.today);
        let request = Request { period, instead: Some((name, policy)), today, ..Request::default() };
        let scored = scored(&portfolios, &policies, request, &Asked::default())?;
        to_date = tables::to_date(&scored).or(to_date.take());
        schemes.push(policy.record.scheme.clone());
        Ok((name.to_owned(), policy.record.money().to_owned(), tables::Side::new(scored)))
    };
    let ((old, old_money, was), (new, new_money, is)) = (score(old)?, score(new)?);
    if Unit::parse(&old_money) != Unit::parse(&new_money) {
        bail!(failure(msg!(run::OTHER_MONEY, old = old, was = old_money, new = new, is = new_money)));
    }
    let title = tables::title(&old, &new, [&is, &was]);
    let mut table = tables::comparison(&loaded.book, "policy_diff", title, &was, &is);
    table.notes.extend(to_date);
    if let [was, is] = &schemes[..]
        && was != is
    {
        let text = msg!(run::TWO_SCHEMES, old = &*old, was = &**was, new = &*new, is = &**is);
        table.notes.push(text);
    }
    table.notes.extend(left_out);
    context.write_tables(&[table])?;
    Ok(ExitStatus::Clean)
}
