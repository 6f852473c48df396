//! Closing: the scorecards of a period frozen in the reviews, and whether they still stand.
//!
//! What is frozen of a figure is its value, score and points, and for every record behind it a digest of what that record
//! contributed: key paths and amounts, so that comments, order and formatting never matter. From then on [`compare`] scores
//! the closed periods again and reports whatever would come out otherwise, naming record, field and manager. This shows
//! tampering, it does not prevent it: whoever may commit may close again.
//!
//! A facility without a history holds its position as it is now and not month by month; items that rest on one are frozen but
//! not scored again.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::book::Book;
use crate::edit::render::{self, Table, Value};
use crate::record::kind::RecordKind;
use crate::record::scorecard::Closed;
use crate::score::apply::Scored;
use crate::score::card::{Figure, ItemScore, Scorecard};
use crate::source::{KeyPath, Sources, Step, Target};

mod compare;
mod pool;
pub mod rule;

pub use compare::compare;

/// The frozen form of a scorecard, as it is written to `closed.SCHEME` of a review.
pub fn frozen(
    book: &Book,
    sources: &Sources,
    scored: &Scored<'_>,
    card: &Scorecard,
    on: chrono::NaiveDate,
) -> Table {
    let mut table: Table = vec![
        ("policy".into(), scored.id.into()),
        ("policy_digest".into(), policy_digest(book, sources, scored.id).into()),
    ];
    let body = body(sources, card);
    table.push(("digest".into(), digest(&body, on).into()));
    table.push(("closed_on".into(), on.into()));
    table.extend(body);
    table
}

/// Whether a scorecard comes to what was frozen of it.
pub fn is_frozen(before: &Closed, sources: &Sources, card: &Scorecard) -> bool {
    is_digest(before, &body(sources, card))
}

/// A review's text with a frozen scorecard as its last section, one line an indicator.
pub fn with_section(text: &str, scheme: &str, frozen: &Table) -> String {
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let header = ["closed", scheme].map(render::key).join(".");
    let mut lines = vec![String::new(), format!("[{header}]")];
    let (indicators, plain): (Vec<_>, Vec<_>) = frozen.iter().partition(|(key, _)| key == "indicators");
    lines
        .extend(plain.iter().map(|(key, value)| format!("{} = {}", render::key(key), render::inline(value))));
    for (key, value) in indicators {
        if let Value::Table(items) = value {
            lines.extend([String::new(), format!("[{header}.{}]", render::key(key))]);
            lines.extend(
                items
                    .iter()
                    .map(|(item, value)| format!("{} = {}", render::key(item), render::inline(value))),
            );
        }
    }
    let mut written = text.trim_end().to_owned();
    for line in lines {
        written.push_str(newline);
        written.push_str(&line);
    }
    written.push_str(newline);
    written
}

/// Everything of a frozen scorecard but its digests and its day.
fn body(sources: &Sources, card: &Scorecard) -> Table {
    let mut body: Table = Vec::new();
    if let Some(total) = card.total {
        body.push(("total".into(), total.into()));
    }
    if let Some(rating) = &card.rating {
        body.push(("rating".into(), (&**rating).into()));
    }
    // In id order, as a reader of the file gives them back.
    let indicators: BTreeMap<String, Value> =
        card.items.iter().map(|item| (item.id.to_string(), Value::Table(indicator(sources, item)))).collect();
    body.push(("indicators".into(), Value::Table(indicators.into_iter().collect())));
    if let Some(pay) = &card.pay {
        let lines: BTreeMap<String, Value> =
            pay.lines.iter().map(|line| (line.id.to_string(), line.amount.into())).collect();
        body.push(("pay".into(), Value::Table(lines.into_iter().collect())));
        body.push(("pay_total".into(), pay.total.into()));
        let first = card.period.last().year() + 1;
        let instalments = pay.schedule.iter().zip(first..).map(|(amount, year)| {
            Value::Table(vec![("due".into(), year.to_string().into()), ("amount".into(), (*amount).into())])
        });
        let instalments: Vec<Value> = instalments.collect();
        if !instalments.is_empty() {
            body.push(("deferral".into(), Value::List(instalments)));
        }
    }
    body
}

fn indicator(sources: &Sources, item: &ItemScore) -> Table {
    let mut table: Table = Vec::new();
    let mut put = |key: &str, number: Option<rust_decimal::Decimal>| {
        if let Some(number) = number {
            // Fifteen digits is what every reader of the file keeps.
            table.push((key.into(), number.round_sf(15).unwrap_or(number).normalize().into()));
        }
    };
    put("value", item.value);
    put("target", item.target.as_ref().map(|target| target.value));
    put("score", item.score);
    put("points", item.points);
    let inputs: Table =
        inputs(sources, item).into_iter().map(|(record, digest)| (record, digest.into())).collect();
    if !inputs.is_empty() {
        table.push(("inputs".into(), Value::Table(inputs)));
    }
    table
}

/// The figures of an item, those of its parts included.
fn figures(item: &ItemScore) -> impl Iterator<Item = &Figure> {
    item.figures.iter().chain(item.parts.iter().flat_map(|part| &part.figures))
}

/// What each record contributed to an item: its kind and id, and the fields with their amounts in canonical order.
fn contributions(sources: &Sources, item: &ItemScore) -> BTreeMap<String, Vec<String>> {
    let mut records: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for evidence in figures(item).flat_map(|figure| &figure.evidence) {
        let path = &sources.get(evidence.at.file).path;
        let record = match RecordKind::of_path(path) {
            Some((kind, id)) => format!("{}/{id}", kind.name()),
            None => path.clone(),
        };
        let field = match &evidence.at.target {
            Target::Value(at) | Target::Key(at) | Target::Part { path: at, .. } => named(at),
            Target::File | Target::Bytes { .. } => String::new(),
        };
        records
            .entry(record)
            .or_default()
            .push(format!("{field}={}", evidence.amount.round_dp(10).normalize()));
    }
    records.values_mut().for_each(|fields| fields.sort());
    records
}

/// A key path without the places of list entries, which move when an earlier entry is added, and without the `history` that
/// a value moves to when another takes its place.
fn named(path: &KeyPath) -> String {
    let keys = path.0.iter().filter_map(|step| match step {
        Step::Key(key) if key == "history" => None,
        Step::Key(key) => Some(key.as_str()),
        Step::Index(_) => None,
    });
    keys.collect::<Vec<_>>().join(".")
}

fn inputs(sources: &Sources, item: &ItemScore) -> BTreeMap<String, String> {
    let records = contributions(sources, item);
    records.into_iter().map(|(record, fields)| (record, short(&fields.join("\n")))).collect()
}

/// The digest of a policy as TOML values, whatever its comments, order and formatting.
fn policy_digest(book: &Book, sources: &Sources, id: &str) -> String {
    let text = book.policies.get(id).map_or("", |policy| sources.get(policy.file).text.as_str());
    let values: toml::Table = text.trim_start_matches('\u{feff}').parse().unwrap_or_default();
    short(&values.to_string())
}

/// The digest of a frozen body and the day it was closed on: limits for talks and appeals run from that day, so it must not
/// be moved either.
fn digest(body: &Table, on: chrono::NaiveDate) -> String {
    short(&format!("{}\nclosed_on = {on}", body_text(body)))
}

/// Whether the digest of a frozen scorecard is that of a body. One that was closed before digests covered the day has that
/// of the body alone.
fn is_digest(closed: &Closed, body: &Table) -> bool {
    closed.digest == digest(body, closed.closed_on.0) || closed.digest == short(&body_text(body))
}

/// The canonical text of a frozen body, from which its digest is made.
fn body_text(body: &Table) -> String {
    render::inline(&Value::Table(body.clone()))
}

/// The first 16 hexadecimal digits of the SHA-256 of a text.
fn short(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
