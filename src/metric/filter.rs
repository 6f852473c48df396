//! The words a filter may ask for, by the declaration of the field it looks at.

use super::Names;
use super::builtin::builtin;
use crate::record::kind::RecordKind;
use crate::record::settings::MeasureKind;
use crate::record::shape::{Field, Kind};

/// The field of a record that a filter of a metric looks at; none where any words may stand in it.
fn looked_at(metric: &str, key: &str) -> Option<(RecordKind, &'static [&'static str])> {
    match (metric, key) {
        (_, "tier") => Some((RecordKind::Client, &["tier"])),
        ("visits", "kind") => Some((RecordKind::Client, &["visits", "kind"])),
        ("visits", "purpose") => Some((RecordKind::Client, &["visits", "purpose"])),
        ("recognitions", "kind") => Some((RecordKind::Manager, &["recognitions", "kind"])),
        _ => None,
    }
}

impl Names {
    /// The words that `key` of a name's filter may ask for; none where they are not told beforehand.
    pub fn words(&self, name: &str, key: &str) -> Vec<&str> {
        if key == "measure" {
            let measures = self.metrics.iter().filter(|(measure, _)| builtin(measure).is_none());
            let balances = name == "countable_average";
            let asked = measures.filter(|(_, measure)| !balances || measure.kind == MeasureKind::Balance);
            return asked.map(|(measure, _)| measure.as_ref()).collect();
        }
        let Some((kind, path)) = looked_at(name, key) else { return Vec::new() };
        let mut shape = Some(kind.shape());
        let mut field = None;
        for key in path {
            field = shape.and_then(|shape| shape.field(key));
            shape = field.and_then(Field::entries);
        }
        match field.map(|field| &field.kind) {
            Some(Kind::Choice(choices)) => choices.iter().map(|choice| choice.name.as_str()).collect(),
            _ => Vec::new(),
        }
    }
}
