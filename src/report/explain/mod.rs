//! The manual: what a rule finds, what a field holds, what a metric counts, from their one definition.
//!
//! A further thing with a manual is an arm of [`explain`] and a function that lays it out; the policy language, figures and
//! the keys of records have a file each.

mod language;
mod metrics;
mod path;

pub use metrics::metrics;
use path::{near as near_path, page as of_path};

use super::{REPORTS, named};
use crate::check::{self, Check, Entry};
use crate::diag::{Level, Rule, nearest};
use crate::metric::Names;
use crate::msg;
use crate::record::kind::RecordKind;
use crate::record::settings::Settings;
use crate::table::{Cell, Column, Kind as ColumnKind, Table};
use crate::text::{Message, Text, explain as say, render, report};

/// A page of the manual: its parts in order, each with its heading.
#[derive(Clone, Debug)]
pub struct Page {
    /// What is explained.
    pub title: Message,
    /// Headings and what stands below them.
    pub parts: Vec<(Text, Message)>,
    /// What lies below it: the fields of a kind, the choices of a field.
    pub below: Vec<Table>,
}

/// A word nothing goes by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// The name it most likely means.
    pub nearest: Option<String>,
}

/// The page about one of the `rules` (by code or name), a metric or a question to one (`deposits.average`), a kind of record
/// or a field at any depth (`client.visits.by`, `policy.curves.anchor.part`), a name of the policy language (`mean.team`,
/// `previous.pay`), or a report. What a report shares its name with
/// has the definitions of the report below it.
pub fn explain(word: &str, rules: &[&'static Rule], settings: &Settings) -> Result<Page, Unknown> {
    let report = named(word);
    match (of_word(word, rules, settings), report) {
        (Ok(mut page), Some(report)) => {
            page.below.push(report.manual());
            Ok(page)
        }
        (Err(_), Some(report)) => Ok(Page {
            title: report.title.into(),
            parts: vec![(say::ANSWERS, report.question.into())],
            below: vec![report.manual()],
        }),
        (page, None) => page,
    }
}

fn of_word(word: &str, rules: &[&'static Rule], settings: &Settings) -> Result<Page, Unknown> {
    if let Some(rule) = rules.iter().find(|rule| rule.name == word || rule.code.eq_ignore_ascii_case(word)) {
        return Ok(of_rule(rule, check::check_of(rule)));
    }
    if let Some(page) = language::page(word) {
        return page;
    }
    if let Some(page) = metrics::page(word, settings) {
        return Ok(page);
    }
    of_path(word)
        .or_else(|| language::name(word))
        .ok_or_else(|| Unknown { nearest: near(word, rules, settings) })
}

/// The rules, in their order.
pub fn listed(rules: &[&'static Rule]) -> Table {
    let columns = vec![
        Column::new("code", render::CODE, ColumnKind::Text),
        Column::new("name", report::NAME, ColumnKind::Text),
        Column::new("level", render::LEVEL, ColumnKind::Text),
        Column::new("finds", say::FINDS, ColumnKind::Text),
    ];
    let mut table = Table::new("rules", say::RULES, columns);
    for rule in rules {
        table.push(vec![rule.code.into(), rule.name.into(), said(level(rule.level)), said(rule.title)]);
    }
    table
}

fn said(text: Text) -> Cell {
    Cell::Said { key: text.en, text }
}

fn level(level: Level) -> Text {
    match level {
        Level::Deny => render::ERROR,
        Level::Warn => render::WARNING,
        Level::Allow => say::NOT_REPORTED,
    }
}

fn of_rule(rule: &'static Rule, check: Option<&Check>) -> Page {
    let mut parts = vec![
        (say::FINDS, rule.title.into()),
        (render::LEVEL, level(rule.level).into()),
        (say::WHY, rule.why.into()),
        (say::MEND, rule.mend.into()),
    ];
    if check.is_some_and(|check| check.entry() == Entry::Refuse) {
        parts.push((say::ENTRY, say::REFUSED_AT_ENTRY.into()));
    }
    if !rule.example.is_empty() {
        parts.push((say::EXAMPLE, example(rule.example)));
    }
    if let Some(Check { mended: (wrong, right), .. }) = check.filter(|check| !check.mended.1.is_empty()) {
        parts.push((say::MENDED, msg!(say::INSTEAD_OF, right = example(right), wrong = example(wrong))));
    }
    parts.push((say::SILENCE, msg!(say::HOW_TO_ALLOW, name = rule.name)));
    Page { title: Message::verbatim(format!("{} {}", rule.code, rule.name)), parts, below: Vec::new() }
}

/// An example of records, with names of its reader's language in it.
fn example(text: &str) -> Message {
    let en = text.trim_end();
    let zh = en.replace(say::EXAMPLE_FILE.en, say::EXAMPLE_FILE.zh);
    let quoted = |words: &str| format!("\"{words}\"");
    let zh = say::OF_EXAMPLES.iter().fold(zh, |zh, words| zh.replace(&quoted(words.en), &quoted(words.zh)));
    Message::both(en, zh)
}

/// The rule, metric, kind, field or report that `word` most likely means.
fn near(word: &str, rules: &[&'static Rule], settings: &Settings) -> Option<String> {
    let names = Names::of_settings(settings);
    if let Some(metric) = word.split('.').next().filter(|name| names.get(name).is_some()) {
        return Some(metric.to_owned());
    }
    let path = near_path(word);
    if path.is_some() || word.contains('.') {
        return path;
    }
    let rules = rules.iter().flat_map(|rule| [rule.name, rule.code]);
    let kinds = RecordKind::ALL.iter().map(|kind| kind.name());
    let metrics = names.iter().map(|(name, _)| name);
    let reports = REPORTS.iter().map(|report| report.name);
    let all = rules.chain(kinds).chain(metrics).chain(language::WORDS).chain(reports);
    nearest(word, all).map(str::to_owned)
}
