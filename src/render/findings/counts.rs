//! How many findings there are: one line for people, one table by rule.

use std::collections::{BTreeMap, BTreeSet};

use super::{Finding, Level};
use crate::msg;
use crate::table::{Cell, Column, Kind, Table};
use crate::text::{Message, render};

/// Findings by weight, and the files they are in; those of level `Allow` don't count.
#[derive(serde::Serialize)]
pub(super) struct Counts {
    errors: usize,
    warnings: usize,
    files: usize,
}

impl Counts {
    pub(super) fn of<'a>(findings: impl Iterator<Item = &'a Finding>) -> Self {
        let mut counts = Self { errors: 0, warnings: 0, files: 0 };
        let mut files = BTreeSet::new();
        for finding in findings {
            match finding.level {
                Level::Allow => continue,
                Level::Warn => counts.warnings += 1,
                Level::Deny => counts.errors += 1,
            }
            files.insert(finding.at.file);
        }
        Self { files: files.len(), ..counts }
    }
}

/// `2 errors, 1 warning in 3 files`; nothing where there is nothing to report.
pub fn summary(findings: &[Finding]) -> Option<Message> {
    let Counts { errors, warnings, files } = Counts::of(findings.iter());
    let files = msg!(render::FILES, count = files);
    let errors = (errors > 0).then(|| msg!(render::ERRORS, count = errors));
    let warnings = (warnings > 0).then(|| msg!(render::WARNINGS, count = warnings));
    let counts = match (errors, warnings) {
        (Some(errors), Some(warnings)) => msg!(render::BOTH, first = errors, second = warnings),
        (errors, warnings) => errors.or(warnings)?,
    };
    Some(msg!(render::IN_FILES, counts = counts, files = files))
}

/// How often each rule fired, the most frequent first.
pub fn statistics(findings: &[Finding]) -> Table {
    let columns = vec![
        Column::new("findings", render::FINDINGS, Kind::Count),
        Column::new("code", render::CODE, Kind::Text),
        Column::new("rule", render::RULE, Kind::Text),
        Column::new("level", render::LEVEL, Kind::Text),
    ];
    let mut counts = BTreeMap::new();
    for finding in findings.iter().filter(|finding| finding.level != Level::Allow) {
        let (_, count) = counts.entry((finding.rule.code, finding.level)).or_insert((finding.rule, 0_usize));
        *count += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, (_, count))| std::cmp::Reverse(*count));
    let mut table = Table::new("statistics", render::STATISTICS, columns);
    for ((code, level), (rule, count)) in counts {
        table.push(vec![
            count.into(),
            code.into(),
            Cell::Said { key: rule.name, text: rule.title },
            weight(level),
        ]);
    }
    table
}

fn weight(level: Level) -> Cell {
    match level {
        Level::Deny => Cell::Said { key: "error", text: render::ERROR },
        Level::Warn | Level::Allow => Cell::Said { key: "warning", text: render::WARNING },
    }
}
