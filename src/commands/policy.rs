//! `rmbook policy`: tests in a policy file, faults in one, and what a change of policy does to people.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::{Context, ExitStatus, Loaded, beside_faults, compiled, draft, period, ready_policies, scored};
use crate::diag::{Finding, Level};
use crate::failure::OrFail;
use crate::metric::{Names, Portfolios};
use crate::msg;
use crate::policy::Policy;
use crate::record::kind::RecordKind;
use crate::render::{self, FindingFormat};
use crate::report::policy as tables;
use crate::score::apply::{Policies, Request};
use crate::score::tie::ambiguous;
use crate::score::{Asked, cases};
use crate::source::Snapshot;
use crate::store;
use crate::text::run;

/// Test, check and compare scoring policies
#[derive(Debug, Args)]
pub(super) struct PolicyArgs {
    #[command(subcommand)]
    command: PolicyCommand,
}

#[derive(Debug, Subcommand)]
enum PolicyCommand {
    /// Run the tests that policies carry
    ///
    /// Without files, those of the book's policies. A file needs no book; inside one, it may use the book's measures.
    Test {
        /// Policy files
        files: Vec<PathBuf>,
    },
    /// Find everything that is wrong in policies
    Check {
        /// Policy files; without any, the book's
        files: Vec<PathBuf>,
    },
    /// Score the book under two policies, and show who gains and who loses
    Diff {
        /// A policy of the book by its id, or a file
        old: PathBuf,
        /// Another
        new: PathBuf,
        /// Period; by default the last one the book has figures for
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
    /// What the book around files can be asked, where there is one.
    book: Option<Names>,
}

/// Reads policies from files, or the book's where none is given.
fn read(files: &[PathBuf], context: &Context<'_>) -> anyhow::Result<Read> {
    let book = context.load();
    if files.is_empty() {
        return Ok(of_book(book?, context.today));
    }
    let book = book.ok().map(|loaded| Names::of_settings(&loaded.book.settings));
    let names = book.clone().unwrap_or_else(Names::default_book);
    let mut texts = Vec::new();
    for file in files {
        let text = String::from_utf8(store::read_import(file)?)
            .or_fail(|| msg!(run::NOT_UTF8, path = file.display().to_string()))?;
        texts.push((file.display().to_string(), Ok(text)));
    }
    let snapshot = Snapshot::new(texts);
    let mut read = Read { policies: Vec::new(), findings: Vec::new(), snapshot, book };
    for (file, source) in read.snapshot.sources.iter() {
        let (policy, findings) = compiled(file, &source.text, &names);
        read.findings.extend(findings);
        read.policies.extend(policy.map(|policy| (source.path.clone(), policy)));
    }
    Ok(read)
}

fn of_book(loaded: Loaded, today: chrono::NaiveDate) -> Read {
    let mut findings = loaded.findings.clone();
    findings.retain(|finding| {
        let path = &loaded.snapshot.sources.get(finding.at.file).path;
        matches!(RecordKind::of_path(path), Some((RecordKind::Policy, _)))
    });
    findings.extend(beside_faults(&loaded));
    let policies = Policies::of(&loaded.book);
    findings.extend(policies.findings.iter().cloned());
    findings.extend(ambiguous(&loaded.book, &policies, today));
    let policies = policies.ready.into_iter().map(|(id, policy)| (id.into(), policy)).collect();
    Read { snapshot: loaded.snapshot, policies, findings, book: None }
}

fn check(files: &[PathBuf], context: &mut Context<'_>) -> anyhow::Result<ExitStatus> {
    let mut read = read(files, context)?;
    if let Some(book) = &read.book {
        read.findings.extend(read.policies.iter().flat_map(|(_, policy)| policy.in_book(book)));
    }
    render::findings(
        &read.findings,
        &read.snapshot.sources,
        FindingFormat::Text,
        &context.style,
        context.out,
    )?;
    if let Some(summary) = render::summary(&read.findings) {
        context.say(&summary)?;
    }
    Ok(status(&read.findings))
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
    if !table.rows.is_empty() {
        context.write_tables(&[table])?;
    }
    context.say(&tables::tally(&ran))?;
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
    let portfolios = Portfolios::new(&loaded.book);
    let mut score = |side: &Path| -> anyhow::Result<(String, tables::Side)> {
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
        Ok((name.to_owned(), tables::Side::new(scored)))
    };
    let ((old, was), (new, is)) = (score(old)?, score(new)?);
    let title = tables::title(&old, &new, [&is, &was]);
    let mut table = tables::comparison(&loaded.book, "policy_diff", title, &was, &is);
    table.notes.extend(left_out);
    context.write_tables(&[table])?;
    Ok(ExitStatus::Clean)
}
