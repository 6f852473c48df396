//! What makes a finding the same one after the record around it has changed.

use std::collections::BTreeMap;
use std::fmt::Write;

use sha2::{Digest, Sha256};

use super::Located;

/// A fingerprint each: SHA-256 in hexadecimal of rule, record and key path, never of a line. Findings alike in all three
/// are told apart by their order.
pub(super) fn fingerprints(findings: &[&Located<'_>]) -> Vec<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    findings
        .iter()
        .map(|Located { finding, at, .. }| {
            let key = at.key().map(ToString::to_string).unwrap_or_default();
            let what = format!("{}\n{}\n{key}", finding.rule.code, at.source.path);
            let nth = seen.entry(what.clone()).or_default();
            *nth += 1;
            digest(&format!("{what}\n{nth}"))
        })
        .collect()
}

fn digest(what: &str) -> String {
    Sha256::digest(what.as_bytes()).iter().fold(String::new(), |mut hex, byte| {
        let written = write!(hex, "{byte:02x}");
        debug_assert!(written.is_ok(), "a string takes every write");
        hex
    })
}
