//! The manual: what a rule finds, what a field holds, what a metric counts, from their one definition.
//!
//! A further thing with a manual is an arm of [`explain`] and a function that lays it out; the policy language has a file.

mod language;
mod metrics;

pub use metrics::metrics;

use crate::check::{self, Check};
use crate::diag::{Level, Rule, nearest};
use crate::metric::Names;
use crate::msg;
use crate::record::fault::{name_of, title_of};
use crate::record::kind::RecordKind;
use crate::record::settings::Settings;
use crate::record::shape::{Field, Kind, Shape};
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
    pub below: Option<Table>,
}

/// A word nothing goes by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// The name it most likely means.
    pub nearest: Option<String>,
}

/// The page about one of the `rules` (by code or name), a metric or a question to one (`deposits.average`), a kind of record
/// or a field (`client.visits.by`).
pub fn explain(word: &str, rules: &[&'static Rule], settings: &Settings) -> Result<Page, Unknown> {
    if let Some(rule) = rules.iter().find(|rule| rule.name == word || rule.code.eq_ignore_ascii_case(word)) {
        return Ok(of_rule(rule, check::check_of(rule)));
    }
    if let Some(page) = language::page(word) {
        return page;
    }
    if let Some(page) = metrics::page(word, settings) {
        return Ok(page);
    }
    let mut steps = word.split('.');
    let kind = steps.next().and_then(RecordKind::named);
    kind.and_then(|kind| of_path(kind, steps)).ok_or_else(|| Unknown { nearest: near(word, rules, settings) })
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
    if !rule.example.is_empty() {
        parts.push((say::EXAMPLE, Message::verbatim(rule.example.trim_end())));
    }
    if let Some(Check { mended: (wrong, right), .. }) = check.filter(|check| !check.mended.1.is_empty()) {
        parts.push((say::MENDED, msg!(say::INSTEAD_OF, right = right.trim_end(), wrong = wrong.trim_end())));
    }
    parts.push((say::SILENCE, msg!(say::HOW_TO_ALLOW, name = rule.name)));
    Page { title: Message::verbatim(format!("{} {}", rule.code, rule.name)), parts, below: None }
}

fn of_path<'w>(kind: RecordKind, steps: impl Iterator<Item = &'w str>) -> Option<Page> {
    let mut path = kind.name().to_owned();
    let mut shape = Some(kind.shape());
    let mut found: Option<&'static Field> = None;
    for step in steps {
        let field = shape?.field(step)?;
        path = format!("{path}.{step}");
        shape = table_below(&field.kind);
        found = Some(field);
    }
    let Some(field) = found else {
        let parts = vec![
            (say::WHAT, kind.shape().doc.text().into()),
            (say::STANDS, Message::verbatim(kind.path("ID"))),
        ];
        return Some(Page { title: kind.title().into(), parts, below: Some(fields(kind.shape())) });
    };
    let mut parts = vec![(say::WHAT, field.doc.text().into()), (say::HOLDS, name_of(&field.kind))];
    if field.required {
        parts.push((say::REQUIRED, render::YES.into()));
    }
    if let Some(weight) = field.expected {
        parts.push((say::EXPECTED, Message::verbatim(weight.to_string())));
    }
    if let Some(default) = &field.default {
        parts.push((say::DEFAULT, Message::verbatim(default.as_str())));
    }
    if !field.key.is_empty() {
        parts.push((say::ENTRY_KEY, Message::verbatim(field.key.join(", "))));
    }
    let below = shape.map(fields).or_else(|| choices(&field.kind));
    Some(Page { title: Message::verbatim(path), parts, below })
}

/// The table a value of this kind is or holds.
fn table_below(kind: &'static Kind) -> Option<&'static Shape> {
    match kind {
        Kind::Table(shape) => Some(shape),
        Kind::List(items) => table_below(items),
        Kind::Map { values, .. } => table_below(values),
        Kind::AnyOf(kinds) => kinds.iter().find_map(table_below),
        _ => None,
    }
}

fn fields(shape: &'static Shape) -> Table {
    let columns = vec![
        Column::new("key", say::KEY, ColumnKind::Text),
        Column::new("required", say::REQUIRED, ColumnKind::Flag),
        Column::new("holds", say::HOLDS, ColumnKind::Text),
        Column::new("what", say::WHAT, ColumnKind::Text),
    ];
    let mut table = Table::new("fields", say::FIELDS, columns);
    for field in &shape.fields {
        let (holds, what) = (said(title_of(&field.kind)), said(field.doc.text()));
        table.push(vec![field.name.as_str().into(), Cell::Flag(field.required), holds, what]);
    }
    table
}

fn choices(kind: &'static Kind) -> Option<Table> {
    let Kind::Choice(choices) = kind else { return None };
    let columns = vec![
        Column::new("value", say::VALUE, ColumnKind::Text),
        Column::new("what", say::WHAT, ColumnKind::Text),
    ];
    let mut table = Table::new("choices", say::CHOICES, columns);
    for choice in choices {
        table.push(vec![choice.name.as_str().into(), said(choice.doc.text())]);
    }
    Some(table)
}

/// The rule, metric, kind or field that `word` most likely means.
fn near(word: &str, rules: &[&'static Rule], settings: &Settings) -> Option<String> {
    let names = Names::of_settings(settings);
    let (above, last) = word.rsplit_once('.').unwrap_or(("", word));
    if let Some(metric) = word.split('.').next().filter(|name| names.get(name).is_some()) {
        return Some(metric.to_owned());
    }
    if !above.is_empty() {
        let mut steps = above.split('.');
        let mut shape = RecordKind::named(steps.next()?)?.shape();
        for step in steps {
            shape = table_below(&shape.field(step)?.kind)?;
        }
        let field = nearest(last, shape.fields.iter().map(|field| field.name.as_str()))?;
        return Some(format!("{above}.{field}"));
    }
    let rules = rules.iter().flat_map(|rule| [rule.name, rule.code]);
    let kinds = RecordKind::ALL.iter().map(|kind| kind.name());
    let metrics = names.iter().map(|(name, _)| name);
    nearest(word, rules.chain(kinds).chain(metrics).chain(language::WORDS)).map(str::to_owned)
}
