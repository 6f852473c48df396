//! `rmbook check`: the linter.

use std::collections::BTreeSet;
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::{Args, ValueEnum};

use super::{Context, ExitStatus, Loaded, WriteArgs, Writing, beside_faults, only, other_rules};
use crate::book;
use crate::check::{self, Applied, Baseline, Options};
use crate::close;
use crate::diag::{Finding, Level};
use crate::failure::{OrFail, failure};
use crate::fix::fixed;
use crate::metric::Portfolios;
use crate::metric::builtin::BUILTINS;
use crate::msg;
use crate::record::kind::RecordKind;
use crate::render;
use crate::score::apply::Policies;
use crate::score::tie::ambiguous;
use crate::store;
use crate::text::{check as say, run};

/// Check the records of a book
/// 检查台账
///
/// Finds what is wrong in records and between them. Exit code 0: no error; 1: at least one; 2: could not run. A remark
/// `# rmbook: allow(RULE) reason` at the end of a line, above it, or at the top of a file allows a finding; `[rules]` in
/// rmbook.toml gives a rule its level for the whole book. `rmbook explain RULE` says why a rule is there and how to
/// mend what it finds.
/// 检查各条记录及记录之间的问题。退出码 0：无错误；1：有错误；2：无法运行。在行尾、
/// 行前或文件开头写 `# rmbook: allow(规则) 理由`，可豁免该处问题；
/// 在 rmbook.toml 的 `[rules]` 中可为整个台账设定规则级别。
/// 规则的由来及更正方法见 `rmbook explain 规则`。
#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// Files or folders whose findings are wanted; by default the whole book
    /// 需检查的文件或文件夹；默认为整个台账
    paths: Vec<PathBuf>,
    /// Report this rule as an error
    /// 将该规则按错误报告
    #[arg(short = 'D', long, value_name = "RULE", value_delimiter = ',')]
    deny: Vec<String>,
    /// Report this rule as a warning
    /// 将该规则按警告报告
    #[arg(short = 'W', long, value_name = "RULE", value_delimiter = ',')]
    warn: Vec<String>,
    /// Do not report this rule
    /// 不报告该规则
    #[arg(short = 'A', long, value_name = "RULE", value_delimiter = ',')]
    allow: Vec<String>,
    /// Least level that makes the exit code 1
    /// 退出码为 1 的最低级别
    #[arg(long, value_enum, value_name = "LEVEL", default_value = "error")]
    error_on: ErrorOn,
    /// Count the findings by rule instead of showing them
    /// 按规则统计问题数量，不逐条列出
    #[arg(long)]
    statistics: bool,
    /// Report only what was not there at this git revision, and what was cured since
    /// 仅报告该 git 版本之后新出现的问题，以及此后已解决的问题
    #[arg(long, value_name = "REV")]
    since: Option<String>,
    /// Leave out findings that this file takes on
    /// 略过该基线文件已登记的问题
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write the baseline: all findings to a new file; without those that are mended to one that exists
    /// 写入基线：新文件登记全部问题；已有文件则去除已解决的问题
    #[arg(long, requires = "baseline")]
    write_baseline: bool,
    /// Mend what is safe to mend, then check
    /// 先自动修复可安全修复的问题，再检查
    #[arg(long, conflicts_with_all = ["since", "baseline"])]
    fix: bool,
    /// Show what `--fix` would change, and change nothing
    /// 显示 `--fix` 将作的改动，不作修改
    #[arg(long, conflicts_with_all = ["since", "baseline", "statistics"])]
    diff: bool,
}

/// The least level that makes the exit code 1.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum ErrorOn {
    Error,
    Warning,
}

impl ErrorOn {
    fn level(self) -> Level {
        match self {
            Self::Error => Level::Deny,
            Self::Warning => Level::Warn,
        }
    }
}

pub(super) fn run(args: &CheckArgs, context: &mut Context<'_>) -> anyhow::Result<ExitStatus> {
    let root = context.root()?;
    if args.fix || args.diff {
        let changed = fix(args, &root, context)?;
        if args.diff {
            return Ok(if changed == 0 { ExitStatus::Clean } else { ExitStatus::Findings });
        }
    }
    let loaded = context.load()?;
    let sources = &loaded.snapshot.sources;
    let mut options = options(args)?;
    options.only = only(&args.paths, &root, sources)?;
    let mut found = findings(&loaded, context, &options);
    if let Some(path) = &args.baseline {
        found = take_on(path, args.write_baseline, found, &loaded, context, &options)?;
    }
    let mut found = check::settle(found, &loaded.book.settings, sources, &options);
    if let Some(revision) = &args.since {
        found = since(revision, &root, found, &loaded, context, &options)?;
    }
    context.style.path_prefix = prefix(&root)?;
    if args.statistics {
        context.write_tables(&[render::statistics(&found)])?;
    } else {
        context.write_findings(&found, sources)?;
    }
    let least = args.error_on.level();
    Ok(if found.iter().any(|finding| finding.level >= least) {
        ExitStatus::Findings
    } else {
        ExitStatus::Clean
    })
}

/// Mends the files that are asked for, or shows how; says how many.
fn fix(args: &CheckArgs, root: &Path, context: &mut Context<'_>) -> anyhow::Result<usize> {
    let mut writing = Writing::open(context, &WriteArgs { dry_run: args.diff })?;
    let snapshot = store::read_book(root)?;
    let only = only(&args.paths, root, &snapshot.sources)?;
    for (file, source) in snapshot.sources.iter() {
        let wanted = only.as_ref().is_none_or(|only| only.contains(&file)) && snapshot.reason(file).is_none();
        if let Some(mended) =
            Some(source).filter(|_| wanted).and_then(|source| fixed(&source.path, &source.text))
        {
            writing.put(&source.path, Some(mended))?;
        }
    }
    let changed = writing.finish(context)?;
    let message = if args.diff { say::WOULD_MEND } else { say::MENDED };
    if changed > 0 {
        context.say(&msg!(message, count = changed))?;
    }
    Ok(changed)
}

/// Options that know every rule and metric.
pub(super) fn options_of_all() -> Options {
    let mut options = Options::default();
    options.others = other_rules().collect();
    options.metrics = BUILTINS
        .iter()
        .map(|metric| (metric.name, check::Computed { counting: metric.counting(), unit: metric.unit }))
        .collect();
    options
}

fn options(args: &CheckArgs) -> anyhow::Result<Options> {
    let mut options = options_of_all();
    // Where a rule is named twice, the stricter level holds.
    let named = [(&args.allow, Level::Allow), (&args.warn, Level::Warn), (&args.deny, Level::Deny)];
    for (names, level) in named {
        for name in names {
            options.set(name, level).map_err(|unknown| {
                let help = match unknown.nearest {
                    Some(near) => msg!(run::SIMILAR_NAME, near = near),
                    None => run::ALL_RULES.into(),
                };
                failure(msg!(run::NO_RULE, name = unknown.name, help = help))
            })?;
        }
    }
    Ok(options)
}

/// Every finding of a book, at the rules' own levels.
fn findings(loaded: &Loaded, context: &Context<'_>, options: &Options) -> Vec<Finding> {
    let sources = &loaded.snapshot.sources;
    let wanted = |finding: &&Finding| options.wants(finding.at.file);
    let mut found: Vec<Finding> = loaded.findings.iter().filter(wanted).cloned().collect();
    found.extend(check::run(&loaded.book, sources, context.today, options));
    let policies = Policies::of(&loaded.book);
    let mut scored = ambiguous(&loaded.book, &policies, context.today);
    let closed = loaded.book.reviews.iter().any(|review| !review.data.closed.is_empty());
    if closed || !policies.ready.is_empty() {
        // What was closed, and what is to be closed next, is held against one view of the book.
        let portfolios = Portfolios::new(&loaded.book);
        scored.extend(crate::score::findings(&portfolios, &policies, context.today));
        scored.extend(close::compare(&portfolios, sources, &policies, |file| options.wants(file)));
    }
    scored.extend(policies.findings);
    scored.extend(beside_faults(loaded));
    found.extend(scored.into_iter().filter(|finding| wanted(&finding)));
    found
}

/// The findings that a revision had not; says which of its own are cured.
fn since(
    revision: &str,
    root: &Path,
    found: Vec<Finding>,
    loaded: &Loaded,
    context: &mut Context<'_>,
    options: &Options,
) -> anyhow::Result<Vec<Finding>> {
    let snapshot = store::read_revision(root, revision)?;
    let (book, findings) = book::load(&snapshot);
    let before = Loaded { snapshot, book: ManuallyDrop::new(book), findings };
    let mut options = options.clone();
    let wanted: Option<BTreeSet<&str>> = options
        .only
        .take()
        .map(|only| only.iter().map(|file| loaded.snapshot.sources.get(*file).path.as_str()).collect());
    let then = self::findings(&before, context, &options);
    let mut then = check::settle(then, &before.book.settings, &before.snapshot.sources, &options);
    then.retain(|finding| {
        let path = before.snapshot.sources.get(finding.at.file).path.as_str();
        wanted.as_ref().is_none_or(|wanted| wanted.contains(path))
    });
    let change = check::since((&then, &before.snapshot.sources), (found, &loaded.snapshot.sources));
    let mut new = change.new;
    let mut unsaid = unsaid(&before, loaded);
    unsaid.extend(check::retargeted(&before.book, &loaded.book));
    unsaid.retain(|finding| {
        let path = loaded.snapshot.sources.get(finding.at.file).path.as_str();
        wanted.as_ref().is_none_or(|wanted| wanted.contains(path))
    });
    new.extend(check::settle(unsaid, &loaded.book.settings, &loaded.snapshot.sources, &options));
    for cured in &change.cured {
        let message = msg!(say::CURED, rule = cured.rule, record = &cured.record, field = &cured.field);
        context.say(&message)?;
    }
    Ok(new)
}

/// What reviews say no more of what their managers were told of a closed result, whoever took it out.
fn unsaid(before: &Loaded, now: &Loaded) -> Vec<Finding> {
    let gone = before.book.reviews.iter().filter_map(|review| {
        let manager = &*review.data.manager;
        let manager = now.book.formerly(RecordKind::Manager, manager).unwrap_or(manager);
        let after = now.book.reviews.get(&format!("{}/{manager}", review.data.period))?;
        Some(check::unsaid(after.file, &review.data, &after.data))
    });
    gone.flatten().collect()
}

/// Holds a baseline against the findings; writes it where that is asked for.
fn take_on(
    path: &Path,
    write: bool,
    found: Vec<Finding>,
    loaded: &Loaded,
    context: &mut Context<'_>,
    options: &Options,
) -> anyhow::Result<Vec<Finding>> {
    let sources = &loaded.snapshot.sources;
    if write && options.only.is_some() {
        bail!(failure(run::WHOLE_BASELINE));
    }
    let baseline = match read_baseline(path)? {
        Some(baseline) => baseline,
        None if write => {
            Baseline::of(&check::settle(found.clone(), &loaded.book.settings, sources, options), sources)
        }
        None => bail!(failure(msg!(run::NO_BASELINE_FILE, path = path.display().to_string()))),
    };
    let Applied { mut found, left } = baseline.apply(found, &loaded.book, sources, context.today);
    if write {
        store::write_output(path, left.text().as_bytes())?;
        context.say(&msg!(say::BASELINE_WRITTEN, count = left.len()))?;
        found.retain(|finding| finding.rule.name != "stale-baseline");
    }
    Ok(found)
}

fn read_baseline(path: &Path) -> anyhow::Result<Option<Baseline>> {
    if !path.exists() {
        return Ok(None);
    }
    let bytes = store::read_import(path)?;
    let text = String::from_utf8(bytes).or_fail(|| msg!(run::NOT_UTF8, path = path.display().to_string()))?;
    let baseline = Baseline::read(&text).map_err(|why| {
        let path = path.display().to_string();
        failure(msg!(run::NO_BASELINE, path = path, why = why.to_string()))
    })?;
    Ok(Some(baseline))
}

/// What to put before a path of the book so that it leads there from the working folder.
fn prefix(root: &Path) -> anyhow::Result<String> {
    let here = std::env::current_dir().or_fail(|| run::NO_WORKING_FOLDER)?;
    if root == here {
        return Ok(String::new());
    }
    let shown = root.strip_prefix(&here).unwrap_or(root);
    Ok(format!("{}/", shown.display()))
}
