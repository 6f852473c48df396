//! Words that spell several values taken apart: lists, ids, pairs of keys and values.

use std::borrow::Cow;

use super::Fault;
use super::given::{Given, Pairs};
use crate::msg;
use crate::record::shape::{Field, Kind};
use crate::source::KeyPath;
use crate::text::{entry, finding};

fn split<'w>(words: &'w str, at: &'w [char]) -> impl Iterator<Item = &'w str> {
    words.split(at).map(str::trim).filter(|part| !part.is_empty())
}

/// The texts in some words: semicolons and the mark of enumeration part two; between names of people so does a comma.
pub fn worded(words: &str, field: Option<&Field>) -> Vec<Given> {
    let is_named = field.is_some_and(|field| field.personal);
    let marks: &[char] =
        if is_named { &[';', '；', '、', '，', '\n'] } else { &[';', '；', '、', '\n'] };
    split(words, marks).map(|item| Given::Text(item.to_owned())).collect()
}

/// The items that one given value spells: no id holds a comma, so that of ids a comma parts two.
pub(super) fn parted<'g>(items: &Kind, given: &'g Given) -> Vec<Cow<'g, Given>> {
    if let Some(Given::List(spelt)) = given.spelt() {
        return spelt.into_iter().map(Cow::Owned).collect();
    }
    match given {
        Given::Text(words) if matches!(items, Kind::Ref(_)) => {
            let ids = split(words, &[',', ';', '，', '；', '、', '\n']);
            ids.map(|id| Cow::Owned(Given::Text(id.to_owned()))).collect()
        }
        _ => vec![Cow::Borrowed(given)],
    }
}

/// The table that pairs spell: `a.b=value` is a table in a table, or one key where values are no tables.
pub(super) fn gathered(pairs: &[Given], deep: bool, at: &KeyPath) -> Result<Given, Vec<Fault>> {
    let mut table = Pairs::new();
    for given in pairs {
        if let Some(Given::Table(spelt)) = given.spelt() {
            table.extend(spelt);
            continue;
        }
        for pair in apart(given.words().unwrap_or_default()) {
            let Some((key, value)) = pair.split_once('=') else {
                return Err(vec![expected_pair(pair, at)]);
            };
            let keys: Vec<&str> =
                if deep { key.split('.').map(str::trim).collect() } else { vec![key.trim()] };
            let given = Given::Text(value.trim().to_owned());
            super::leaf::put(&mut table, &keys, given.spelt().unwrap_or(given));
        }
    }
    Ok(Given::Table(table))
}

fn expected_pair(words: &str, at: &KeyPath) -> Fault {
    Fault::new(at, msg!(finding::EXPECTED, expected = entry::A_PAIR, found = format!("`{words}`")))
}

/// The pairs in some words: a comma or semicolon outside brackets and quotes parts two where another pair follows.
fn apart(words: &str) -> Vec<&str> {
    let (mut pairs, mut start, mut depth, mut quoted) = (Vec::new(), 0, 0_usize, false);
    for (at, letter) in words.char_indices() {
        match letter {
            '"' => quoted = !quoted,
            '{' | '[' if !quoted => depth += 1,
            '}' | ']' if !quoted => depth = depth.saturating_sub(1),
            ',' | ';' | '，' | '；' if !quoted && depth == 0 => {
                let rest = &words[at + letter.len_utf8()..];
                let next = rest.split([',', ';', '，', '；']).next().unwrap_or_default();
                if next.contains('=') || next.trim().is_empty() {
                    pairs.push(&words[start..at]);
                    start = at + letter.len_utf8();
                }
            }
            _ => {}
        }
    }
    pairs.push(&words[start..]);
    pairs.into_iter().map(str::trim).filter(|pair| !pair.is_empty()).collect()
}
