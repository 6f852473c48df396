//! What makes a finding the same one after the record around it has changed.

use std::collections::BTreeMap;
use std::fmt::Write;

use sha2::{Digest, Sha256};

use super::{Located, Sources};
use crate::check::keys;

/// A fingerprint each: SHA-256 in hexadecimal of rule, record and field, where entries are named by their natural keys, so
/// that neither lines nor entries before it change it. Findings alike in all three are told apart by their order.
pub(super) fn fingerprints(findings: &[&Located<'_>], sources: &Sources) -> Vec<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    keys(findings.iter().map(|located| located.finding), sources)
        .into_iter()
        .map(|key| {
            let what = format!("{}\n{}\n{}", key.rule, key.record, key.field);
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
