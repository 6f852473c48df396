//! The example policies: each loads without a finding, and what their sources publish comes out to the cent.

use std::fs;
use std::path::Path;

use rmbook::diag::Finding;
use rmbook::metric::Names;
use rmbook::policy::{Policy, compile};
use rmbook::record::policy::Policy as Written;
use rmbook::record::settings::Settings;
use rmbook::record::tree;
use rmbook::score::cases;
use rmbook::source::{FileId, Source, Sources};

/// The names of a book that declares nothing.
pub(crate) fn names() -> Names {
    let settings: Settings = toml::from_str("name = \"\"").unwrap();
    Names::of_settings(&settings)
}

/// A policy's text compiled, with what was found.
pub(crate) fn judged(path: &str, text: &str) -> (Option<Policy>, Vec<Finding>) {
    let record: Written = tree::read(text).unwrap_or_else(|reason| panic!("{path}: {reason}"));
    compile(file(path, text), &record, &names())
}

/// Compiles a policy's text; panics with every finding where there is one.
pub(crate) fn policy(path: &str, text: &str) -> Policy {
    let (policy, findings) = judged(path, text);
    let findings: Vec<String> = findings
        .iter()
        .map(|finding| format!("{} {:?}: {}", finding.rule.name, finding.at.target, finding.message))
        .collect();
    assert!(findings.is_empty(), "{path}:\n{}", findings.join("\n"));
    policy.unwrap()
}

fn file(path: &str, text: &str) -> FileId {
    let sources = Sources::new(vec![Source { path: path.into(), text: text.into() }]);
    sources.find(path).unwrap()
}

#[test]
fn every_example_policy_loads_and_its_published_figures_come_out() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/policies");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() >= 12, "{} example policies", paths.len());
    let mut failures = Vec::new();
    for path in paths {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let policy = policy(&name, &fs::read_to_string(&path).unwrap());
        let outcomes = cases::run(&policy);
        assert!(!outcomes.is_empty(), "{name} has no tests");
        for outcome in outcomes {
            for differs in outcome.differences {
                failures.push(format!(
                    "{name}: {}: {} expected {}, got {}",
                    outcome.name, differs.what, differs.expected, differs.got
                ));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
