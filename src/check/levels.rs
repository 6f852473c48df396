//! The level of each rule in a run: its own, unless the settings or, above them, the command line say otherwise.

use std::collections::BTreeMap;

use super::{Found, Options};
use crate::diag::{Finding, Level, Rule, nearest};
use crate::record::settings::{RuleLevel, Settings};

/// Levels given on the command line, by code.
#[derive(Clone, Debug, Default)]
pub(super) struct Overrides(BTreeMap<&'static str, Level>);

/// A name that no rule has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownRule {
    /// The name.
    pub name: String,
    /// The rule it most likely means.
    pub nearest: Option<&'static str>,
}

impl Overrides {
    pub(super) fn insert(&mut self, rule: &'static Rule, level: Level) {
        self.0.insert(rule.code, level);
    }
}

/// The rule with that name or code.
pub(super) fn named(
    name: &str,
    known: impl Iterator<Item = &'static Rule> + Clone,
) -> Result<&'static Rule, UnknownRule> {
    let found = known.clone().find(|rule| rule.name == name || rule.code.eq_ignore_ascii_case(name));
    found.ok_or_else(|| UnknownRule {
        name: name.to_owned(),
        nearest: nearest(name, known.flat_map(|rule| [rule.name, rule.code])),
    })
}

/// Gives each finding its level; those a remark allows stay allowed.
pub(super) fn apply(mut found: Vec<Finding>, settings: &Settings, options: &Options) -> Found {
    let mut levels: BTreeMap<&str, Level> = BTreeMap::new();
    for (name, level) in &settings.rules {
        if let Ok(rule) = named(name, options.known()) {
            levels.insert(rule.code, level_of(*level));
        }
    }
    levels.extend(&options.overrides.0);
    for finding in found.iter_mut().filter(|finding| finding.level != Level::Allow) {
        if let Some(level) = levels.get(finding.rule.code) {
            finding.level = *level;
        }
    }
    found
}

fn level_of(level: RuleLevel) -> Level {
    match level {
        RuleLevel::Deny => Level::Deny,
        RuleLevel::Warn => Level::Warn,
        RuleLevel::Allow => Level::Allow,
    }
}
