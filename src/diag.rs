//! Findings: what is wrong with the data, where, and how to mend it.
//!
//! A finding is a value. It names a rule and a place; nothing here prints, counts or decides an exit code.

use crate::source::Place;
use crate::text::{Message, Text};

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Not reported.
    Allow,
    /// Reported; the run still succeeds.
    Warn,
    /// Reported as an error; the run ends with exit code 1.
    Deny,
}

/// The one definition of a rule: its names, its weight and its manual.
#[derive(Debug)]
pub struct Rule {
    /// Stable code, `RM` and three digits; the first digit is the family.
    pub code: &'static str,
    /// Stable name, which reads as what is wrong: "allow visit-overdue".
    pub name: &'static str,
    /// Level unless the settings or the command line say otherwise.
    pub level: Level,
    /// What it finds, in one line.
    pub title: Text,
    /// Why that matters.
    pub why: Text,
    /// How to mend it.
    pub mend: Text,
    /// A minimal set of files that fires it: each begins with a line `# file: PATH`. The gallery and the tests read it.
    pub example: &'static str,
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

impl Eq for Rule {}

/// A further place that explains a finding: "declared here".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub at: Place,
    /// What stands there.
    pub message: Message,
}

/// One fault in the data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule that found it.
    pub rule: &'static Rule,
    /// Its level in this run.
    pub level: Level,
    /// Where it is.
    pub at: Place,
    /// What is wrong, with the names and numbers at hand.
    pub message: Message,
    /// Further places.
    pub labels: Vec<Label>,
    /// What to type to mend it, where that is certain enough to say.
    pub help: Option<Message>,
}

impl Finding {
    /// A finding at the rule's own level, without labels or help.
    pub fn new(rule: &'static Rule, at: Place, message: Message) -> Self {
        Self { rule, level: rule.level, at, message, labels: Vec::new(), help: None }
    }

    /// Adds a further place.
    #[must_use]
    pub fn label(mut self, at: Place, message: Message) -> Self {
        self.labels.push(Label { at, message });
        self
    }

    /// Adds what to type.
    #[must_use]
    pub fn help(mut self, help: impl Into<Option<Message>>) -> Self {
        self.help = help.into();
        self
    }
}

/// The candidate that a mistyped `word` most likely means: at most one edit in three characters away.
pub fn nearest<'c>(word: &str, candidates: impl Iterator<Item = &'c str>) -> Option<&'c str> {
    let length = word.chars().count();
    let reach = (length / 3).max(1);
    // Every letter more or less is an edit: most candidates need no second look.
    let candidates = candidates.filter(|candidate| candidate.chars().count().abs_diff(length) <= reach);
    let distance = |candidate: &'c str| (strsim::damerau_levenshtein(word, candidate), candidate);
    candidates.map(distance).filter(|(distance, _)| *distance <= reach).min().map(|(_, candidate)| candidate)
}
