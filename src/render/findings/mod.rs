//! Findings as people and build servers read them.
//!
//! All formats list the same findings in the same order: by file, by place, by code. Places become bytes, lines and columns
//! here and nowhere earlier. Terminal formats speak the reader's language; machine formats speak English.
//!
//! To add a format: a file with a `write` function, a variant of [`FindingFormat`], its line in [`FindingFormat::ALL`],
//! its manual in `FindingFormat::holds`, and its line in [`findings`].

use std::io::{self, Write};
use std::ops::Range;

use super::{Style, for_log, is_unsafe, one_line, pictured, put_json};
use crate::diag::{Finding, Level};
use crate::record::span::{Stand, stands};
use crate::source::{KeyPath, LineColumn, Place, Source, Sources, Target};
use crate::table::{Column, Kind, Table};
use crate::text::{Text, render as say};

mod concise;
mod counts;
mod fingerprint;
mod github;
mod gitlab;
mod json;
mod junit;
mod sarif;
mod text;

pub use counts::{statistics, summary};

use counts::Counts;
use fingerprint::fingerprints;

/// A format of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FindingFormat {
    /// An excerpt of the record with carets.
    Text,
    /// `file:line:col: CODE message`.
    Concise,
    /// One documented object.
    Json,
    /// GitHub's workflow commands.
    Github,
    /// GitLab's Code Quality report.
    Gitlab,
    /// SARIF 2.1.0.
    Sarif,
    /// JUnit XML.
    Junit,
}

impl FindingFormat {
    /// Every format with its name.
    pub const ALL: &[(&str, Self)] = &[
        ("text", Self::Text),
        ("concise", Self::Concise),
        ("json", Self::Json),
        ("github", Self::Github),
        ("gitlab", Self::Gitlab),
        ("sarif", Self::Sarif),
        ("junit", Self::Junit),
    ];

    /// The format called `name`.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, format)| *format)
    }

    /// What its output holds.
    fn holds(self) -> Text {
        match self {
            Self::Text => say::FORMAT_TEXT,
            Self::Concise => say::FORMAT_CONCISE,
            Self::Json => say::FORMAT_JSON,
            Self::Github => say::FORMAT_GITHUB,
            Self::Gitlab => say::FORMAT_GITLAB,
            Self::Sarif => say::FORMAT_SARIF,
            Self::Junit => say::FORMAT_JUNIT,
        }
    }
}

/// The manual of the formats.
pub fn finding_formats() -> Table {
    let columns = vec![
        Column::new("format", say::FORMAT, Kind::Text),
        Column::new("holds", say::FORMAT_HOLDS, Kind::Text),
    ];
    let mut table = Table::new("formats", say::FORMATS, columns);
    for (name, format) in FindingFormat::ALL {
        table.push(vec![(*name).into(), format.holds().into()]);
    }
    table
}

/// Writes `findings` in `format`, whatever order they come in. Those of level `Allow` are not listed, except in SARIF,
/// which marks them as suppressed.
pub fn findings(
    findings: &[Finding],
    sources: &Sources,
    format: FindingFormat,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let all = locate(findings, sources, &style.path_prefix);
    let shown: Vec<&Located> = all.iter().filter(|located| located.finding.level != Level::Allow).collect();
    match format {
        FindingFormat::Text => text::write(&shown, style, out),
        FindingFormat::Concise => concise::write(&shown, style, out),
        FindingFormat::Json => json::write(&shown, out),
        FindingFormat::Github => github::write(&shown, out),
        FindingFormat::Gitlab => gitlab::write(&shown, sources, out),
        FindingFormat::Sarif => sarif::write(&all.iter().collect::<Vec<_>>(), sources, out),
        FindingFormat::Junit => junit::write(&shown, out),
    }
}

/// A place with its bytes, lines and columns.
struct Spot<'a> {
    place: &'a Place,
    source: &'a Source,
    /// Path from where the reader stands.
    path: String,
    range: Range<usize>,
    start: LineColumn,
    end: LineColumn,
}

impl Spot<'_> {
    /// The way to the value meant, where one is.
    fn key(&self) -> Option<&KeyPath> {
        match &self.place.target {
            Target::Value(path) | Target::Key(path) | Target::Part { path, .. } => Some(path),
            Target::File | Target::Bytes { .. } => None,
        }
    }
}

/// A finding with its places looked up.
struct Located<'a> {
    finding: &'a Finding,
    at: Spot<'a>,
    labels: Vec<Spot<'a>>,
}

/// All findings with their places, sorted by file, place and code.
fn locate<'a>(findings: &'a [Finding], sources: &'a Sources, prefix: &str) -> Vec<Located<'a>> {
    let places = |finding: &'a Finding| {
        std::iter::once(&finding.at).chain(finding.labels.iter().map(|label| &label.at))
    };
    let stands = stands(findings.iter().flat_map(places), sources);
    let spot = |place: &'a Place| {
        let source = sources.get(place.file);
        let Stand { range, start, end } = stands[place].clone();
        Spot { place, source, path: format!("{prefix}{}", source.path), range, start, end }
    };
    let mut located: Vec<Located<'_>> = findings
        .iter()
        .map(|finding| Located {
            finding,
            at: spot(&finding.at),
            labels: finding.labels.iter().map(|label| spot(&label.at)).collect(),
        })
        .collect();
    located.sort_by(|a, b| {
        let key = |located: &Located<'_>| {
            (located.finding.at.file, located.at.range.start, located.finding.rule.code)
        };
        key(a).cmp(&key(b)).then_with(|| a.finding.at.cmp(&b.finding.at))
    });
    located
}

#[cfg(test)]
mod tests;
