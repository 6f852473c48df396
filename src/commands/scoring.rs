//! What commands that score share: periods as typed, policies ready to be applied, a draft from a file.

use std::path::Path;

use anyhow::{Context as _, bail};

use super::{Context, Loaded};
use crate::book;
use crate::diag::{Finding, Level, Rule};
use crate::draft::plan::order;
use crate::edit::{self, Change};
use crate::metric::Names;
use crate::period::Period;
use crate::policy::{self, Policy, rule as faulty};
use crate::record::kind::RecordKind;
use crate::record::span::Spans;
use crate::record::{rule, tree};
use crate::render::{self, FindingFormat};
use crate::score::apply::Policies;
use crate::source::{FileId, KeyPath, Snapshot, Step, Target};
use crate::store;
use crate::when;

/// The period an argument means.
pub(super) fn period(text: &str, context: &Context<'_>) -> anyhow::Result<Period> {
    when::period(text, context.today).with_context(|| {
        format!("`{text}` is not a period\nhelp: write 2026-10, 2026-Q3, 2026-H1, 2026 or last-month")
    })
}

/// What else is wrong in the policies of a book that do not load.
pub(super) fn beside_faults(loaded: &Loaded) -> Vec<Finding> {
    let names = Names::of_settings(&loaded.book.settings);
    let judged = |kind| kind == RecordKind::Policy && !loaded.book.lacks_settings();
    let broken = loaded.book.broken.iter().filter(|((kind, _), _)| judged(*kind));
    let found = broken.flat_map(|(_, file)| {
        let faults: Vec<&Finding> = loaded.findings.iter().filter(|fault| fault.at.file == *file).collect();
        formulas_beside(*file, &loaded.snapshot.sources.get(*file).text, &faults, &names)
    });
    found.collect()
}

/// The faulty formulas of a policy that does not load, so that all its faults are mended in one go.
///
/// They are read from the policy without its unknown and mistyped keys. Whatever may only lack what was left out is not judged.
pub(super) fn formulas_beside(file: FileId, text: &str, faults: &[&Finding], names: &Names) -> Vec<Finding> {
    let spans = Spans::new(text);
    let left_out = faults.iter().map(|fault| match fault.at.target {
        Target::Bytes { start, .. } if [&rule::UNKNOWN_KEY, &rule::WRONG_TYPE].contains(&fault.rule) => {
            spans.path_at(start).filter(|path| !declares(path)).map(|path| Change::Unset { path })
        }
        _ => None,
    });
    let Some(left_out) = left_out.collect::<Option<Vec<Change>>>() else { return Vec::new() };
    let rest = edit::apply(text, &left_out, order(RecordKind::Policy)).ok();
    let Some(record) = rest.and_then(|rest| tree::read(&rest).ok()) else { return Vec::new() };
    let (_, mut found) = policy::compile(file, &record, names);
    found.retain(|finding| FORMULAS.contains(&finding.rule));
    found
}

/// Rules on single formulas.
const FORMULAS: [&Rule; 3] = [&faulty::BAD_EXPRESSION, &faulty::UNKNOWN_NAME, &faulty::UNITS_DO_NOT_FIT];

/// Whether formulas use what stands at `path` by its name.
fn declares(path: &KeyPath) -> bool {
    path.0.first().and_then(Step::key).is_some_and(|key| ["constants", "measures", "tables"].contains(&key))
}

/// The policies of the book; a faulty one stops the run with everything that is wrong in it.
pub(super) fn ready_policies(loaded: &Loaded, context: &mut Context<'_>) -> anyhow::Result<Policies> {
    let policies = Policies::of(&loaded.book);
    let denied: Vec<_> =
        policies.findings.iter().filter(|finding| finding.level == Level::Deny).cloned().collect();
    if !denied.is_empty() {
        render::findings(
            &denied,
            &loaded.snapshot.sources,
            FindingFormat::Text,
            &context.style,
            context.err,
        )?;
        bail!(
            "a policy of the book cannot be applied\nhelp: `rmbook policy check` shows everything found in policies"
        );
    }
    Ok(policies)
}

/// A policy from a file outside the book, compiled against the book's measures.
pub(super) fn draft(
    file: &Path,
    loaded: &Loaded,
    context: &mut Context<'_>,
) -> anyhow::Result<(String, Policy)> {
    let name = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or("draft").to_owned();
    let text = String::from_utf8(store::read_import(file)?)
        .with_context(|| format!("`{}` is not UTF-8", file.display()))?;
    let snapshot = Snapshot::new([(file.display().to_string(), Ok(text))]);
    let (source, text) =
        snapshot.sources.iter().next().map(|(id, source)| (id, &source.text)).context("no policy")?;
    let mut findings = Vec::new();
    let ready = match tree::read(text) {
        Ok(record) => {
            let (ready, found) = policy::compile(source, &record, &Names::of_settings(&loaded.book.settings));
            findings.extend(found);
            ready
        }
        Err(reason) => {
            findings.extend(book::explain(RecordKind::Policy, source, text, &reason));
            None
        }
    };
    if let Some(ready) = ready {
        return Ok((name, ready));
    }
    findings.retain(|finding| finding.level == Level::Deny);
    render::findings(&findings, &snapshot.sources, FindingFormat::Text, &context.style, context.err)?;
    bail!("the policy `{}` cannot be applied", file.display())
}
