//! What stays hidden because too few people answered: a table never shows what one of them said.
//!
//! The fewest answers are the settings'. A survey or pulse with fewer is no row at all; a question with fewer is none of its
//! survey's rows, and the recommendation question with fewer leaves its cells empty. Of several surveys or pulses of one
//! round only the last is shown: two that differ by a few answers would tell these.

use super::{Hop, Sheet, Spec};
use crate::period::Period;
use crate::record::kind::RecordKind;
use crate::record::settings::Settings;
use crate::record::survey::is_one_round;
use crate::record::tree::Node;
use crate::record::value::Day;

/// Whose answers a sheet holds, with the fewest that may be shown.
enum Answers {
    Survey(u32),
    Pulse(u32),
    Ratings(u32),
}

fn answers(sheet: &Sheet, settings: &Settings) -> Option<Answers> {
    match sheet.hops.first() {
        Some(Hop::Key(SURVEYS)) if sheet.record == RecordKind::Team => {
            Some(Answers::Survey(settings.privacy.of_survey()))
        }
        Some(Hop::Key(PULSES)) if sheet.record == RecordKind::Team => {
            Some(Answers::Pulse(settings.privacy.of_pulse()))
        }
        Some(Hop::Key(RATINGS)) if sheet.record == RecordKind::Review => {
            Some(Answers::Ratings(settings.privacy.of_ratings()))
        }
        _ => None,
    }
}

const SURVEYS: &str = "surveys";
const PULSES: &str = "pulses";
const RATINGS: &str = "anonymous";

/// Whether the list at the top of a record holds anonymous answers.
pub(in crate::report) fn holds_answers(record: RecordKind, list: &str) -> bool {
    match record {
        RecordKind::Team => [SURVEYS, PULSES].contains(&list),
        RecordKind::Review => list == RATINGS,
        _ => false,
    }
}

/// The sum of these counts; one that is missing is nothing.
fn sum(node: Node<'_, '_>, text: &str, keys: &[&str]) -> u32 {
    let count = |key: &&str| node.get(key)?.words(text)?.parse::<u32>().ok();
    keys.iter().filter_map(count).fold(0, u32::saturating_add)
}

/// The period a survey asks about, where it names one, and the day of a survey or pulse.
fn round(entry: Node<'_, '_>, text: &str) -> Option<(Option<Period>, Day)> {
    let word = |key| entry.get(key).and_then(|node| node.words(text));
    Some((word("period").and_then(|period| period.parse().ok()), word("date")?.parse().ok().map(Day)?))
}

/// Which entries of a list are not to be shown: those with too few answers, and those that a later one of their round replaces.
pub(super) fn hidden_entries(
    sheet: &Sheet,
    list: Node<'_, '_>,
    text: &str,
    settings: &Settings,
) -> Vec<bool> {
    let Some(answers) = answers(sheet, settings) else { return Vec::new() };
    let rounds: Vec<_> = list.items().map(|entry| round(entry, text)).collect();
    let replaced = |own: &(Option<Period>, Day)| {
        rounds.iter().flatten().any(|other| other.1 > own.1 && is_one_round(*own, *other))
    };
    let is_hidden = |(entry, own): (Node<'_, '_>, &Option<(Option<Period>, Day)>)| {
        let few = match answers {
            Answers::Survey(fewest) => sum(entry, text, &["answers"]) < fewest,
            Answers::Ratings(fewest) => sum(entry, text, &["n"]) < fewest,
            Answers::Pulse(fewest) => sum(entry, text, &["well", "fair", "strained"]) < fewest,
        };
        few || own.as_ref().is_some_and(replaced)
    };
    list.items().zip(&rounds).map(is_hidden).collect()
}

/// Whether a question of a survey has too few answers to be shown.
pub(super) fn hides_value(sheet: &Sheet, value: Node<'_, '_>, text: &str, settings: &Settings) -> bool {
    match answers(sheet, settings) {
        Some(Answers::Survey(fewest)) => sum(value, text, &["n"]) < fewest,
        _ => false,
    }
}

/// Whether a cell counts answers to the recommendation question, and those are too few.
pub(super) fn hides_cell(
    sheet: &Sheet,
    spec: &Spec,
    row: Node<'_, '_>,
    text: &str,
    settings: &Settings,
) -> bool {
    match (answers(sheet, settings), row.get("enps")) {
        (Some(Answers::Survey(fewest)), Some(enps)) if spec.key.starts_with("enps_") => {
            sum(enps, text, &["promoters", "passives", "detractors"]) < fewest
        }
        _ => false,
    }
}
