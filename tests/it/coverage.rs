//! The example policies show the whole language: every key and every choice of a policy stands in one of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use rmbook::record::policy::Policy;
use rmbook::record::schema::schema;
use serde_json::{Map, Value};

/// What the schema offers, and whether anything shows it. A definition used in several places is told by its description.
#[derive(Default)]
struct Shown(BTreeMap<String, bool>);

impl Shown {
    fn mark(&mut self, name: String, shown: bool) {
        *self.0.entry(name).or_default() |= shown;
    }

    fn walk(&mut self, schema: &Value, values: &[&Value]) {
        for branches in ["oneOf", "anyOf"].into_iter().filter_map(|key| schema[key].as_array()) {
            for branch in branches {
                let kind = branch["properties"]["kind"]["const"].as_str();
                let of = |value: &&Value| kind.is_none_or(|kind| value["kind"] == kind);
                let values: Vec<&Value> = values.iter().copied().filter(of).collect();
                if let Some(kind) = kind {
                    self.mark(format!("kind = {kind}"), !values.is_empty());
                }
                self.walk(branch, &values);
            }
        }
        for (key, field) in schema["properties"].as_object().unwrap_or(&Map::new()) {
            let values: Vec<&Value> = values.iter().filter_map(|value| value.get(key)).collect();
            let description = field["description"].as_str().unwrap_or_default();
            self.mark(format!("{key}: {description}"), !values.is_empty());
            let choices = field["enum"].as_array().into_iter().flatten();
            for choice in choices.filter_map(Value::as_str) {
                let others = &field["enum"];
                self.mark(
                    format!("{key} = {choice} of {others}"),
                    values.iter().any(|value| *value == choice),
                );
            }
            self.walk(field, &values);
        }
        let items = values.iter().filter_map(|value| value.as_array()).flatten();
        self.walk_each(&schema["items"], &items.collect::<Vec<_>>());
        let rows = values.iter().filter_map(|value| value.as_object()).flat_map(Map::values);
        self.walk_each(&schema["additionalProperties"], &rows.collect::<Vec<_>>());
    }

    fn walk_each(&mut self, schema: &Value, values: &[&Value]) {
        if schema.is_object() {
            self.walk(schema, values);
        }
    }
}

#[test]
fn the_example_policies_show_every_key_and_choice() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let policies: Vec<Value> = ["policies", "riverside/policies"]
        .iter()
        .flat_map(|folder| fs::read_dir(root.join(folder)).unwrap())
        .map(|entry| toml::from_str(&fs::read_to_string(entry.unwrap().path()).unwrap()).unwrap())
        .collect();
    let mut shown = Shown::default();
    shown.walk(&schema::<Policy>(), &policies.iter().collect::<Vec<_>>());
    assert!(shown.0.len() > 200, "{} keys and choices", shown.0.len());
    let unshown: Vec<&str> = shown.0.iter().filter(|(_, shown)| !**shown).map(|(name, _)| &**name).collect();
    assert!(unshown.is_empty(), "in no example policy: {unshown:#?}");
}
