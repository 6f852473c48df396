//! Findings as a GitLab Code Quality report.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::{Level, Located, Sources, fingerprints, put_json};

pub(super) fn write(findings: &[&Located<'_>], sources: &Sources, out: &mut dyn Write) -> io::Result<()> {
    let issues: Vec<Value> = findings
        .iter()
        .zip(fingerprints(findings, sources))
        .map(|(Located { finding, at, .. }, fingerprint)| {
            json!({
                "description": finding.message.to_string(),
                "check_name": format!("{} {}", finding.rule.code, finding.rule.name),
                "fingerprint": fingerprint,
                "severity": if finding.level == Level::Deny { "major" } else { "minor" },
                "location": { "path": at.path, "lines": { "begin": at.start.line, "end": at.end.line } },
            })
        })
        .collect();
    put_json(&serde_json::to_string_pretty(&issues)?, out)
}
