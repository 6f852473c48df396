//! Findings as SARIF 2.1.0, for code scanning.
//!
//! Suppressed findings are listed too, marked as such. Columns count characters; paths are relative to the root of the
//! checkout and percent-encoded.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::{Value, json};

use super::{Level, Located, Sources, Spot, fingerprints, put_json};
use crate::diag::Rule;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// Writes all findings, those of level `Allow` as suppressed.
pub(super) fn write(findings: &[&Located<'_>], sources: &Sources, out: &mut dyn Write) -> io::Result<()> {
    let rules: BTreeMap<&str, &Rule> =
        findings.iter().map(|located| (located.finding.rule.code, located.finding.rule)).collect();
    let results: Vec<Value> = findings
        .iter()
        .zip(fingerprints(findings, sources))
        .map(|(located, fingerprint)| {
            let index = rules.keys().position(|code| *code == located.finding.rule.code);
            result(located, index, &fingerprint)
        })
        .collect();
    let document = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "rmbook",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.values().map(|rule| describe(rule)).collect::<Vec<Value>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    put_json(&serde_json::to_string_pretty(&document)?, out)
}

fn describe(rule: &Rule) -> Value {
    json!({
        "id": rule.code,
        "name": rule.name,
        "shortDescription": { "text": rule.title.en },
        "fullDescription": { "text": rule.why.en },
        "help": { "text": rule.mend.en },
        "defaultConfiguration": { "enabled": rule.level != Level::Allow, "level": level(rule.level) },
    })
}

fn result(
    Located { finding, at, labels }: &Located<'_>,
    rule_index: Option<usize>,
    fingerprint: &str,
) -> Value {
    let message = match &finding.help {
        Some(help) => format!("{}\nhelp: {help}", finding.message),
        None => finding.message.to_string(),
    };
    let shown = if finding.level == Level::Allow { finding.rule.level } else { finding.level };
    let mut result = json!({
        "ruleId": finding.rule.code,
        "ruleIndex": rule_index,
        "level": level(shown),
        "message": { "text": message },
        "locations": [location(at)],
        "partialFingerprints": { "ruleRecordKey/v1": fingerprint },
    });
    if !labels.is_empty() {
        let related = labels.iter().zip(&finding.labels).map(|(spot, label)| {
            let mut related = location(spot);
            related["message"] = json!({ "text": label.message.to_string() });
            related
        });
        result["relatedLocations"] = related.collect();
    }
    if finding.level == Level::Allow {
        result["suppressions"] = json!([{ "kind": "external" }]);
    }
    result
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Allow => "none",
        Level::Warn => "warning",
        Level::Deny => "error",
    }
}

fn location(spot: &Spot<'_>) -> Value {
    let mut location = json!({
        "physicalLocation": {
            "artifactLocation": { "uri": encoded(&spot.path), "uriBaseId": "%SRCROOT%" },
            "region": {
                "startLine": spot.start.line,
                "startColumn": spot.start.column,
                "endLine": spot.end.line,
                "endColumn": spot.end.column,
            },
        },
    });
    if let Some(key) = spot.key().filter(|key| !key.0.is_empty()) {
        location["logicalLocations"] = json!([{ "fullyQualifiedName": key.to_string() }]);
    }
    location
}

/// A path as a relative URI: every byte but those a path segment may hold, percent-encoded.
fn encoded(path: &str) -> String {
    path.bytes().fold(String::new(), |mut uri, byte| {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(byte.into());
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
        uri
    })
}
