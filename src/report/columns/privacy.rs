//! What stays hidden because too few people answered: a table never shows what one of them said.
//!
//! The fewest answers are the settings'. A survey or pulse with fewer is no row at all; a question with fewer is none of its
//! survey's rows, and the recommendation question with fewer leaves its cells empty.

use super::{Hop, Sheet, Spec};
use crate::record::kind::RecordKind;
use crate::record::settings::Settings;
use crate::record::tree::Node;

/// Whose answers a sheet holds, with the fewest that may be shown.
enum Answers {
    Survey(u32),
    Pulse(u32),
}

fn answers(sheet: &Sheet, settings: &Settings) -> Option<Answers> {
    match sheet.hops.first() {
        Some(Hop::Key("surveys")) if sheet.record == RecordKind::Team => {
            Some(Answers::Survey(settings.privacy.survey))
        }
        Some(Hop::Key("pulses")) if sheet.record == RecordKind::Team => {
            Some(Answers::Pulse(settings.privacy.wellbeing))
        }
        _ => None,
    }
}

/// The sum of these counts; one that is missing is nothing.
fn sum(node: Node<'_, '_>, text: &str, keys: &[&str]) -> u32 {
    let count = |key: &&str| node.get(key)?.words(text)?.parse::<u32>().ok();
    keys.iter().filter_map(count).fold(0, u32::saturating_add)
}

/// Whether an entry of a list has too few answers to be shown.
pub(super) fn hides_entry(sheet: &Sheet, entry: Node<'_, '_>, text: &str, settings: &Settings) -> bool {
    match answers(sheet, settings) {
        Some(Answers::Survey(fewest)) => sum(entry, text, &["answers"]) < fewest,
        Some(Answers::Pulse(fewest)) => sum(entry, text, &["well", "fair", "strained"]) < fewest,
        None => false,
    }
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
