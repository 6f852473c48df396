//! The order keys stand in, taken from a record's schema.

use crate::record::shape::{Kind, Shape};

/// The keys of a table in their order, and of the tables below them.
#[derive(Clone, Debug, Default)]
pub struct Order {
    keys: Vec<(String, Order)>,
    /// Of every key not named: a map such as month → figures.
    others: Option<Box<Order>>,
}

impl From<&Shape> for Order {
    /// The order of the fields of a record and of all its entries.
    fn from(shape: &Shape) -> Self {
        let mut order = Self::default();
        order.add(shape);
        order
    }
}

impl Order {
    /// The order of a JSON Schema's properties, which is that of the record's fields.
    pub fn from_schema(schema: &serde_json::Value) -> Self {
        Self::from(&Shape::compile(schema))
    }

    fn add(&mut self, shape: &Shape) {
        for field in &shape.fields {
            if self.rank(&field.name).is_none() {
                let mut below = Self::default();
                below.add_kind(&field.kind);
                self.keys.push((field.name.clone(), below));
            }
        }
    }

    fn add_kind(&mut self, kind: &Kind) {
        match kind {
            Kind::Table(shape) => self.add(shape),
            Kind::List(items) => self.add_kind(items),
            Kind::AnyOf(kinds) => kinds.iter().for_each(|kind| self.add_kind(kind)),
            Kind::Tagged { variants, .. } => variants.iter().for_each(|(_, shape)| self.add(shape)),
            Kind::Map { values, .. } => {
                let mut others = Self::default();
                others.add_kind(values);
                self.others = Some(Box::new(others));
            }
            _ => {}
        }
    }

    /// Where a key stands, if the order knows it.
    pub(super) fn rank(&self, key: &str) -> Option<usize> {
        self.keys.iter().position(|(known, _)| known == key)
    }

    /// The order below a key.
    pub(super) fn below(&self, key: &str) -> Option<&Self> {
        let known = self.keys.iter().find(|(known, _)| known == key).map(|(_, below)| below);
        known.or(self.others.as_deref())
    }

    /// The order of the table a path of keys leads to.
    pub(super) fn at<'k>(&self, keys: impl IntoIterator<Item = &'k str>) -> Option<&Self> {
        keys.into_iter().try_fold(self, |order, key| order.below(key))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_schema_orders_keys_through_lists_and_maps() {
        let balance = json!({ "type": "object", "properties": { "avg": {}, "end": {} } });
        let visit = json!({ "type": "object", "properties": { "date": {}, "by": {} } });
        let schema = json!({ "properties": {
            "name": {},
            "visits": { "type": "array", "items": visit },
            "results": { "type": "object", "additionalProperties": { "anyOf": [{}, balance] } },
        }});
        let order = Order::from_schema(&schema);
        assert_eq!(order.rank("visits"), Some(1));
        assert_eq!(order.rank("other"), None);
        assert_eq!(order.at(["visits"]).unwrap().rank("by"), Some(1));
        assert_eq!(order.at(["results", "2026-10"]).unwrap().rank("end"), Some(1));
        assert!(order.at(["name", "x"]).is_none());
    }
}
