//! The JSON Schema of a record kind, as editors read it and as [`super::shape`] is compiled from it.
//!
//! Draft-07, inlined, without `null` (TOML has none), documented enums as a plain `enum`, and each doc comment's Chinese
//! line moved to `x-zh`, so that Taplo and Tombi answer with the list of values and both languages stand in one place.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use crate::text::is_chinese;

/// The schema of `T`, cleaned for TOML.
pub fn schema<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::draft07().with(|settings| {
        settings.inline_subschemas = true;
        settings.meta_schema = None;
    });
    let mut schema = Value::from(settings.into_generator().into_root_schema_for::<T>());
    clean(&mut schema);
    schema
}

fn clean(schema: &mut Value) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(clean),
        Value::Object(object) => {
            drop_null(object);
            if let Some(assumed) = object.remove("default").and_then(assumed) {
                object.entry("x-assumed").or_insert(assumed);
            }
            split_languages(object);
            object.values_mut().for_each(clean);
            enumerate(object);
        }
        _ => {}
    }
}

/// What `serde` takes where a key is absent: a plain value, or a list or table of plain ones as TOML writes it. Lists, tables and
/// words are often empty then, and say nothing.
fn assumed(default: Value) -> Option<Value> {
    let is_plain = |value: &Value| value.is_string() || value.is_number() || value.is_boolean();
    match default {
        Value::String(words) if words.is_empty() => None,
        Value::Array(items) if !items.is_empty() && items.iter().all(is_plain) => {
            let items: Vec<String> = items.iter().map(Value::to_string).collect();
            Some(format!("[{}]", items.join(", ")).into())
        }
        Value::Object(pairs) if !pairs.is_empty() && pairs.values().all(is_plain) => {
            let pairs: Vec<String> = pairs.iter().map(|(key, value)| format!("{key} = {value}")).collect();
            Some(format!("{{ {} }}", pairs.join(", ")).into())
        }
        plain => is_plain(&plain).then_some(plain),
    }
}

/// Takes `null` out of the types, alternatives and values that `Option` adds it to.
fn drop_null(object: &mut Map<String, Value>) {
    if let Some(Value::Array(types)) = object.get_mut("type") {
        types.retain(|kind| kind != "null");
        if types.len() == 1 {
            let only = types.remove(0);
            object.insert("type".into(), only);
        }
    }
    if let Some(Value::Array(values)) = object.get_mut("enum") {
        values.retain(|value| !value.is_null());
    }
    if let Some(Value::Array(alternatives)) = object.get_mut("anyOf") {
        alternatives.retain(|alternative| alternative.get("type") != Some(&json!("null")));
        if alternatives.len() == 1 {
            let only = alternatives.remove(0);
            object.remove("anyOf");
            if let Value::Object(only) = only {
                for (key, value) in only {
                    object.entry(key).or_insert(value);
                }
            }
        }
    }
}

/// Moves the Chinese lines of a description to `x-zh`.
fn split_languages(object: &mut Map<String, Value>) {
    let Some(Value::String(description)) = object.get("description") else {
        return;
    };
    let (zh, en): (Vec<&str>, Vec<&str>) = description.lines().partition(|line| line.chars().any(is_chinese));
    let (en, zh) = (en.join(" "), zh.join(""));
    object.insert("description".into(), en.into());
    if !zh.is_empty() {
        object.entry("x-zh").or_insert(zh.into());
    }
}

/// Turns a documented enum (`oneOf` of constants) into `enum`, its docs beside it in `x-values`.
fn enumerate(object: &mut Map<String, Value>) {
    let Some(Value::Array(variants)) = object.get("oneOf") else {
        return;
    };
    let name = |variant: &Value| match (variant.get("const"), variant.get("enum").and_then(Value::as_array)) {
        (Some(name), _) => Some(vec![name.clone()]),
        (None, Some(names)) => Some(names.clone()),
        (None, None) => None,
    };
    let Some(names) = variants.iter().map(name).collect::<Option<Vec<_>>>() else {
        return;
    };
    let docs = names.iter().zip(variants).flat_map(|(names, variant)| {
        names.iter().map(move |name| {
            let doc = |key: &str| variant.get(key).cloned().unwrap_or_default();
            json!({ "name": name, "description": doc("description"), "x-zh": doc("x-zh") })
        })
    });
    let docs: Vec<Value> = docs.collect();
    object.insert("type".into(), "string".into());
    object.insert("enum".into(), Value::Array(names.into_iter().flatten().collect()));
    object.insert("x-values".into(), Value::Array(docs));
    object.remove("oneOf");
}
