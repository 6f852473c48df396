//! What `rmbook.toml` keeps of closed periods, and whether their scorecards are all there.

use std::collections::BTreeMap;

use super::{short, with_lines};
use crate::book::Book;
use crate::edit::render::{self, Table, Value};
use crate::period::Period;
use crate::source::Sources;

/// The sections of the settings that bear on figures; those of people and of `check` do not.
const SECTIONS: [&str; 11] = [
    "money",
    "measures",
    "clients",
    "cadence",
    "call_points",
    "complaints",
    "risk",
    "management",
    "equivalents",
    "skills",
    "transfer_pricing",
];

/// What stands under `closed.SCHEME` of `rmbook.toml` for a period that is closed with scorecards of these digests.
pub fn closing(book: &Book, sources: &Sources, period: Period, digests: &[String]) -> Table {
    let settings = settings(book, sources, period).into_iter();
    let settings: Table = settings.map(|(section, digest)| (section, digest.into())).collect();
    vec![
        ("cards".into(), digests.len().into()),
        ("digest".into(), of_all(digests).into()),
        ("settings".into(), Value::Table(settings)),
    ]
}

/// The text of the settings with the first closed period of a scheme.
pub fn with_closing(text: &str, scheme: &str, period: Period, closing: &Table) -> String {
    let header = format!("[closed.{}]", render::key(scheme));
    let line = format!("{period} = {}", render::inline(&Value::Table(closing.clone())));
    with_lines(text, [String::new(), header, line])
}

/// One digest over those of a period's scorecards, whatever the ids of their managers.
pub(super) fn of_all(digests: &[String]) -> String {
    let mut digests = digests.to_vec();
    digests.sort();
    short(&digests.join("\n"))
}

/// A digest of each section of the settings that bears on the figures of a period.
pub(super) fn settings(book: &Book, sources: &Sources, period: Period) -> BTreeMap<String, String> {
    let text = book.settings_file.map_or("", |file| sources.get(file).text.as_str());
    let values: toml::Table = text.trim_start_matches('\u{feff}').parse().unwrap_or_default();
    // They only explain a change that is found: half the digits tell sections apart.
    let digest = |value: &toml::Value| short(&value.to_string())[..8].to_owned();
    let sections =
        SECTIONS.iter().filter_map(|section| Some((section.to_string(), digest(values.get(*section)?))));
    let mut found: BTreeMap<String, String> = sections.collect();
    // A new year's holidays leave the figures of earlier ones alone.
    let year = period.last().year().to_string();
    if let Some(days) = values.get("calendar").and_then(|calendar| calendar.get(&year)) {
        found.insert(format!("calendar.{year}"), digest(days));
    }
    found
}

/// The sections of the settings that are not as they were when a period was closed.
pub(super) fn changed_settings(book: &Book, sources: &Sources, period: Period, scheme: &str) -> Vec<String> {
    let Some(closed) = book.settings.closed.get(scheme).and_then(|periods| periods.get(&period)) else {
        return Vec::new();
    };
    let now = settings(book, sources, period);
    let names: std::collections::BTreeSet<&String> = closed.settings.keys().chain(now.keys()).collect();
    names.into_iter().filter(|name| closed.settings.get(*name) != now.get(*name)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_scorecards_does_not_matter_and_each_one_does() {
        let all =
            |digests: &[&str]| of_all(&digests.iter().map(|digest| (*digest).to_owned()).collect::<Vec<_>>());
        assert_eq!(all(&["a", "b"]), all(&["b", "a"]));
        assert_ne!(all(&["a", "b"]), all(&["a"]));
        assert_ne!(all(&["a", "b"]), all(&["a", "b", "b"]));
    }
}
