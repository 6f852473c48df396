//! The order keys stand in, taken from a record's schema.

use serde_json::Value as Json;

/// The keys of a table in their order, and of the tables below them.
#[derive(Clone, Debug, Default)]
pub struct Order {
    keys: Vec<(String, Order)>,
    /// Of every key not named: a map such as month → figures.
    others: Option<Box<Order>>,
}

impl Order {
    /// The order of a JSON Schema's properties, which is that of the record's fields.
    pub fn from_schema(schema: &Json) -> Self {
        let mut order = Self::default();
        order.read(schema);
        order
    }

    fn read(&mut self, schema: &Json) {
        for (key, below) in schema["properties"].as_object().into_iter().flatten() {
            if self.rank(key).is_none() {
                self.keys.push((key.clone(), Self::from_schema(below)));
            }
        }
        let patterns = schema["patternProperties"].as_object().into_iter().flatten().map(|(_, below)| below);
        let others = patterns.chain(schema.get("additionalProperties")).find(|below| below.is_object());
        if let Some(others) = others {
            self.others = Some(Box::new(Self::from_schema(others)));
        }
        if let Some(items) = schema.get("items") {
            self.read(items);
        }
        for choice in ["anyOf", "oneOf", "allOf"] {
            schema[choice].as_array().into_iter().flatten().for_each(|schema| self.read(schema));
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
    use super::*;

    #[test]
    fn a_schema_orders_keys_through_lists_and_maps() {
        let schema = serde_json::json!({
            "properties": {
                "name": {},
                "visits": { "items": { "properties": { "date": {}, "by": {} } } },
                "results": { "additionalProperties": { "anyOf": [{}, { "properties": { "avg": {}, "end": {} } }] } },
            },
        });
        let order = Order::from_schema(&schema);
        assert_eq!(order.rank("visits"), Some(1));
        assert_eq!(order.rank("other"), None);
        assert_eq!(order.at(["visits"]).unwrap().rank("by"), Some(1));
        assert_eq!(order.at(["results", "2026-10"]).unwrap().rank("end"), Some(1));
        assert!(order.at(["name", "x"]).is_none());
    }
}
