//! What commands that score share: periods as typed, policies ready to be applied, a draft from a file.

use std::path::Path;

use anyhow::{Context as _, bail};

use super::{Context, Loaded};
use crate::book;
use crate::diag::Level;
use crate::metric::Names;
use crate::period::Period;
use crate::policy::{self, Policy};
use crate::record::kind::RecordKind;
use crate::record::tree;
use crate::render::{self, FindingFormat};
use crate::score::apply::Policies;
use crate::source::Snapshot;
use crate::store;
use crate::when;

/// The period an argument means.
pub(super) fn period(text: &str, context: &Context<'_>) -> anyhow::Result<Period> {
    when::period(text, context.today).with_context(|| {
        format!("`{text}` is not a period\nhelp: write 2026-10, 2026-Q3, 2026-H1, 2026 or last-month")
    })
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
