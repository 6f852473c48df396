//! What commands that score share: periods as typed, policies ready to be applied, a draft from a file.

use std::path::Path;

use anyhow::bail;

use super::{Context, Loaded};
use crate::book::{self, Book};
use crate::diag::{Finding, Level};
use crate::failure::{OrFail, failure};
use crate::metric::{Names, Portfolios};
use crate::msg;
use crate::period::Period;
use crate::policy::{self, Policy, money};
use crate::record::kind::RecordKind;
use crate::record::tree;
use crate::render::{self, FindingFormat};
use crate::score::Asked;
use crate::score::apply::{Policies, Request, Scored, run as score_book};
use crate::source::{FileId, Snapshot};
use crate::store;
use crate::text::run;
use crate::when;

/// The period an argument means.
pub(super) fn period(text: &str, context: &Context<'_>) -> anyhow::Result<Period> {
    when::period(text, context.today).or_fail(|| msg!(run::NOT_A_PERIOD, words = text))
}

/// A period that has not begun has nothing to score.
pub(super) fn not_before_it_begins(period: Option<Period>, context: &Context<'_>) -> anyhow::Result<()> {
    match period {
        Some(period) if period.first_day() > context.today => {
            let (first, today) = (period.first_day(), context.today);
            bail!(failure(msg!(run::NOT_BEGUN, period = period.to_string(), first = first, today = today)))
        }
        _ => Ok(()),
    }
}

/// What else is wrong in the policies of a book that do not load.
pub(super) fn beside_faults(loaded: &Loaded) -> Vec<Finding> {
    let names = Names::of_book(&loaded.book);
    let broken = loaded.book.broken.iter().filter(|((kind, _), _)| *kind == RecordKind::Policy);
    let beside = |file: FileId| policy::beside(file, &loaded.snapshot.sources.get(file).text, &names);
    let mut found: Vec<Finding> = broken.flat_map(|(_, file)| beside(*file)).collect();
    if loaded.book.lacks_settings() {
        found.retain(policy::is_of_the_policy_alone);
    }
    found
}

/// A policy's text compiled, with everything that is wrong in it.
pub(super) fn compiled(file: FileId, text: &str, names: &Names) -> (Option<Policy>, Vec<Finding>) {
    match tree::read(text) {
        Ok(record) => policy::compile(file, &record, names),
        Err(reason) => {
            let mut findings = book::explain(RecordKind::Policy, file, text, &reason);
            findings.extend(policy::beside(file, text, names));
            (None, findings)
        }
    }
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
        bail!(failure(run::POLICY_BROKEN));
    }
    Ok(policies)
}

/// The scorecards of a book; what stops the scoring is an error of the run.
pub(super) fn scored<'p>(
    portfolios: &Portfolios<'_>,
    policies: &'p Policies,
    request: Request<'p>,
    asked: &Asked,
) -> anyhow::Result<Vec<Scored<'p>>> {
    score_book(portfolios, policies, request, asked).map_err(failure)
}

/// A finding where a draft's amounts are in another unit than those of the policies in the book that it continues.
fn in_other_money(book: &Book, draft: &Policy) -> Option<Finding> {
    let of_scheme = book.policies.iter().map(|known| &known.data);
    let mut of_scheme = of_scheme.filter(|known| known.scheme == draft.record.scheme);
    of_scheme.find_map(|known| money::other_than(known, draft.file, &draft.record))
}

/// A policy from a file outside the book, compiled against the book's measures.
pub(super) fn draft(
    file: &Path,
    loaded: &Loaded,
    context: &mut Context<'_>,
) -> anyhow::Result<(String, Policy)> {
    let name = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or("draft").to_owned();
    let text = String::from_utf8(store::read_import(file)?)
        .or_fail(|| msg!(run::NOT_UTF8, path = file.display().to_string()))?;
    let snapshot = Snapshot::new([(file.display().to_string(), Ok(text))]);
    let (source, text) = snapshot
        .sources
        .iter()
        .next()
        .map(|(id, source)| (id, &source.text))
        .or_fail(|| msg!(run::NO_POLICY_IN, path = file.display().to_string()))?;
    let book = Names::of_book(&loaded.book);
    let (ready, mut findings) = compiled(source, text, &book);
    findings.extend(ready.iter().flat_map(|ready| ready.in_book(&book)));
    findings.extend(ready.iter().filter_map(|ready| in_other_money(&loaded.book, ready)));
    findings.retain(|finding| finding.level == Level::Deny);
    if let Some(ready) = ready.filter(|_| findings.is_empty()) {
        return Ok((name, ready));
    }
    render::findings(&findings, &snapshot.sources, FindingFormat::Text, &context.style, context.err)?;
    bail!(failure(msg!(run::DRAFT_BROKEN, path = file.display().to_string())))
}
