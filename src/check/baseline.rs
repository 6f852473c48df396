//! The baseline of a book that starts dirty: findings somebody has taken on, each with who, why and until when.
//!
//! An entry names rule, record and field, never a line. A baseline only shrinks: what is mended leaves it, nothing is
//! added, and an entry that has run out or matches nothing is a finding itself.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Deserialize;

use super::{FindingKey, STALE_BASELINE, fires, keys};
use crate::book::Book;
use crate::diag::{Finding, Label, Level};
use crate::msg;
use crate::record::kind::RecordKind;
use crate::record::value::Day;
use crate::source::{FileId, Place, Sources};
use crate::text::{Text, check as say};

/// A baseline as it stands in its file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// The findings taken on.
    #[serde(default)]
    accepted: Vec<Accepted>,
}

/// One finding taken on.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Accepted {
    rule: String,
    record: String,
    #[serde(default)]
    field: String,
    owner: Option<String>,
    reason: Option<String>,
    until: Option<Day>,
}

impl Accepted {
    fn key(&self) -> (&str, &str, &str) {
        (&self.rule, &self.record, &self.field)
    }
}

/// What is left after a baseline was held against the findings.
#[derive(Debug)]
pub struct Applied {
    /// All findings; those taken on at level `Allow`, and one for each entry that is out of date.
    pub found: Vec<Finding>,
    /// The entries that still match, for the shrunk file.
    pub left: Baseline,
}

const RAN_OUT: Text = Text::new("it ran out on {until}", "已于 {until} 到期");
const MATCHES_NOTHING: Text = Text::new("it is mended", "问题已解决");

impl Baseline {
    /// Reads a baseline; the error says what is wrong with the text.
    pub fn read(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| error.to_string())
    }

    /// A first baseline: everything that is reported.
    pub fn of(found: &[Finding], sources: &Sources) -> Self {
        let reported = found.iter().filter(|finding| finding.level != Level::Allow);
        let accepted = keys(reported, sources).into_iter().map(|FindingKey { rule, record, field }| {
            Accepted { rule: rule.to_owned(), record, field, owner: None, reason: None, until: None }
        });
        Self { accepted: accepted.collect() }
    }

    /// How many findings are taken on.
    pub fn len(&self) -> usize {
        self.accepted.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.accepted.is_empty()
    }

    /// Takes back the findings that are taken on, one for each entry.
    pub fn apply(
        &self,
        mut found: Vec<Finding>,
        book: &Book,
        sources: &Sources,
        today: NaiveDate,
    ) -> Applied {
        let keys = keys(&found, sources);
        let mut open: BTreeMap<(&str, &str, &str), Vec<usize>> = BTreeMap::new();
        for (index, key) in keys.iter().enumerate().filter(|(index, _)| found[*index].level != Level::Allow) {
            open.entry((key.rule, &key.record, &key.field)).or_default().push(index);
        }
        let (mut left, mut stale, mut accepted) = (Vec::new(), Vec::new(), Vec::new());
        for entry in &self.accepted {
            let matched = open.get_mut(&entry.key()).and_then(Vec::pop);
            let ran_out = entry.until.filter(|until| until.0 < today);
            match (matched, ran_out) {
                (Some(_), Some(until)) => stale.push((entry, msg!(RAN_OUT, until = until.0))),
                (None, _) => stale.push((entry, MATCHES_NOTHING.into())),
                (Some(index), None) => {
                    accepted.push((index, entry.reason.clone().unwrap_or_default()));
                    left.push(entry.clone());
                }
            }
        }
        for (index, reason) in accepted {
            let finding = &mut found[index];
            finding.level = Level::Allow;
            let message = msg!(say::IN_BASELINE, reason = reason);
            finding.labels.push(Label { at: finding.at.clone(), message });
        }
        found.extend(stale.into_iter().filter_map(|(entry, why)| {
            let place = Place::file(home(book, sources, &entry.record)?);
            let (rule, field) = (&entry.rule, &entry.field);
            Some(fires!(STALE_BASELINE, place, rule = rule, field = field, why = why))
        }));
        Applied { found, left: Self { accepted: left } }
    }

    /// The text of the baseline's file.
    pub fn text(&self) -> String {
        let mut out = String::from(
            "# Findings taken on when the book was first checked. Give each an owner, a reason and a day it ends;\n\
             # remove what is mended. `rmbook check --baseline FILE --write-baseline` does so and adds nothing.\n",
        );
        for entry in &self.accepted {
            out.push_str("\n[[accepted]]\n");
            let mut line = |key: &str, value: &str| {
                out.push_str(&format!("{key} = {}\n", toml::Value::String(value.to_owned())));
            };
            line("rule", &entry.rule);
            line("record", &entry.record);
            line("field", &entry.field);
            line("owner", entry.owner.as_deref().unwrap_or_default());
            line("reason", entry.reason.as_deref().unwrap_or_default());
            if let Some(until) = entry.until {
                out.push_str(&format!("until = {until}\n"));
            }
        }
        out
    }
}

/// Where to report an entry that is out of date: at its record, or at the settings if that is gone.
fn home(book: &Book, sources: &Sources, record: &str) -> Option<FileId> {
    let of_record = || {
        let (kind, id) = record.split_once(' ')?;
        book.file(RecordKind::named(kind)?, id)
    };
    of_record().or_else(|| sources.find(record)).or(book.settings_file)
}
