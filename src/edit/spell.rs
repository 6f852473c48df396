//! The canonical spelling of keys and values, for the formatter.
//!
//! Spaces, quotes and line breaks change; digits, dates and escapes stay as typed. A list on several lines stays on
//! several, one element a line; an inline table stands on one, as TOML 1.0 wants it, unless there are comments in it.

use std::ops::Range;

use super::inline::{Container, read};
use super::layout::Token;
use super::order::Order;
use super::place::period_rank;
use super::render::dotted;

/// Keys joined with dots, bare where they can be.
pub(super) fn keys(tokens: &[Token]) -> String {
    dotted(tokens.iter().map(|token| token.name.as_str()))
}

/// The value at `range`, its further lines indented by `indent` and ended with `newline`.
pub(super) fn value(
    text: &str,
    range: &Range<usize>,
    indent: &str,
    newline: &str,
    order: Option<&Order>,
) -> String {
    let Some(container) = read(text, range) else { return scalar(&text[range.clone()]) };
    let inner = format!("{indent}  ");
    let spread = container.list && container.spread;
    let indent_of = if spread { &inner } else { indent };
    let spelled: Vec<String> = container
        .elements
        .iter()
        .map(|element| {
            let names = element.keys.iter().map(|(name, _)| name.as_str());
            let below = order.and_then(|order| order.at(names.clone()));
            let value = value(text, &element.value, indent_of, newline, below);
            if element.keys.is_empty() { value } else { format!("{} = {value}", dotted(names)) }
        })
        .collect();
    match (container.list, spread) {
        (true, true) => lines(text, &container, &spelled, indent, newline),
        (true, false) => format!("[{}]", spelled.join(", ")),
        (false, _) if !container.remarks.is_empty() => text[range.clone()].to_owned(),
        (false, _) if spelled.is_empty() => "{}".to_owned(),
        (false, _) => format!("{{ {} }}", sorted(&container, spelled, order).join(", ")),
    }
}

/// A list on several lines, with its comments.
fn lines(text: &str, list: &Container, spelled: &[String], indent: &str, newline: &str) -> String {
    let mut out = String::from("[");
    for index in 0..=spelled.len() {
        for remark in list.remarks.iter().filter(|remark| remark.after == index) {
            let words = text[remark.range.clone()].trim_end();
            if remark.own_line {
                out.push_str(&format!("{newline}{indent}  {words}"));
            } else {
                out.push_str(&format!("  {words}"));
            }
        }
        if let Some(element) = spelled.get(index) {
            out.push_str(&format!("{newline}{indent}  {element},"));
        }
    }
    out + newline + indent + "]"
}

/// The pairs of an inline table in their order.
fn sorted(table: &Container, spelled: Vec<String>, order: Option<&Order>) -> Vec<String> {
    let names: Vec<&str> = table.elements.iter().map(|element| element.keys[0].0.as_str()).collect();
    let ranks = ranks(&names, order);
    let mut pairs: Vec<_> = ranks.into_iter().zip(spelled).collect();
    pairs.sort_by_key(|(rank, _)| *rank);
    pairs.into_iter().map(|(_, pair)| pair).collect()
}

/// What orders keys that stand together: time, where all are periods; else the order of keys, the unknown last.
pub(super) fn ranks(names: &[&str], order: Option<&Order>) -> Vec<i64> {
    let periods: Option<Vec<_>> = names.iter().map(|name| period_rank(name)).collect();
    if let Some(periods) = periods {
        let mut in_time = periods.clone();
        in_time.sort_unstable();
        return periods.iter().map(|period| in_time.partition_point(|other| other < period) as i64).collect();
    }
    let rank = |name: &&str| order.and_then(|order| order.rank(name)).map_or(i64::MAX, |rank| rank as i64);
    names.iter().map(rank).collect()
}

/// A literal string becomes a basic one where both look alike inside.
fn scalar(written: &str) -> String {
    let literal = written.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    match literal {
        Some(words) if !words.starts_with('\'') && !words.contains(['"', '\\', '\n', '\t']) => {
            format!("\"{words}\"")
        }
        _ => written.to_owned(),
    }
}
