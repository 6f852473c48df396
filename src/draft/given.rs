//! Values as somebody gave them, before it is known what they should be: a flag, a cell, JSON, a TOML value.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;
use toml::Spanned;
use toml::de::DeValue;

/// A value as it was given; numbers keep their digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// Words: a flag's value, a cell, a string.
    Text(String),
    /// A number as typed.
    Number(String),
    /// A truth value.
    Flag(bool),
    /// A list.
    List(Vec<Given>),
    /// A table, in the order it was given.
    Table(Pairs),
}

/// The pairs of a table in the order they were given.
pub type Pairs = Vec<(String, Given)>;

/// Nesting beyond which JSON is refused; no record comes near it.
const DEPTH: usize = 16;

impl Given {
    /// The words it would be written as, where it is a single value.
    pub fn words(&self) -> Option<&str> {
        match self {
            Self::Text(words) | Self::Number(words) => Some(words),
            Self::Flag(true) => Some("true"),
            Self::Flag(false) => Some("false"),
            Self::List(_) | Self::Table(_) => None,
        }
    }

    /// The list or table that words spell in TOML: `["a", "b"]`, `{ avg = 1 }`.
    pub fn spelt(&self) -> Option<Self> {
        match self {
            Self::Text(words) if words.trim_start().starts_with(['[', '{']) => Self::toml(words.trim()),
            _ => None,
        }
    }

    /// A JSON value; `null` is no value at all.
    pub fn json(text: &str) -> Result<Option<Self>, serde_json::Error> {
        json(serde_json::from_str(text)?, DEPTH)
    }

    /// A TOML value such as `["a", "b"]` or `{ avg = 1 }`; nothing where the text is none.
    pub fn toml(text: &str) -> Option<Self> {
        let value = DeValue::parse(text).ok()?;
        Some(toml(&value, text))
    }
}

fn json(raw: &RawValue, depth: usize) -> Result<Option<Given>, serde_json::Error> {
    let below = || depth.checked_sub(1).ok_or_else(|| serde_json::Error::custom("nested too deeply"));
    let text = raw.get();
    Ok(Some(match text.as_bytes().first() {
        Some(b'{') => {
            let Members(members) = serde_json::from_str(text)?;
            let mut pairs = Pairs::new();
            for (key, value) in members {
                pairs.extend(json(value, below()?)?.map(|value| (key, value)));
            }
            Given::Table(pairs)
        }
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(text)?;
            let depth = below()?;
            let items = items.into_iter().filter_map(|item| json(item, depth).transpose());
            Given::List(items.collect::<Result<_, _>>()?)
        }
        Some(b'"') => Given::Text(serde_json::from_str(text)?),
        Some(b't' | b'f') => Given::Flag(text == "true"),
        Some(b'n') | None => return Ok(None),
        Some(_) => Given::Number(text.to_owned()),
    }))
}

/// The members of a JSON object in their order, each as its text.
struct Members<'j>(Vec<(String, &'j RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MembersVisitor;
        impl<'de> Visitor<'de> for MembersVisitor {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(MembersVisitor)
    }
}

fn toml(value: &Spanned<DeValue<'_>>, text: &str) -> Given {
    match value.get_ref() {
        DeValue::String(words) => Given::Text(words.to_string()),
        DeValue::Integer(_) | DeValue::Float(_) => Given::Number(text[value.span()].to_owned()),
        DeValue::Boolean(flag) => Given::Flag(*flag),
        DeValue::Datetime(datetime) => Given::Text(datetime.to_string()),
        DeValue::Array(items) => Given::List(items.iter().map(|item| toml(item, text)).collect()),
        DeValue::Table(table) => {
            let mut pairs: Vec<_> = table.iter().collect();
            pairs.sort_by_key(|(key, _)| key.span().start);
            let pair = |(key, value): (&Spanned<_>, _)| {
                (AsRef::<str>::as_ref(key.get_ref()).to_owned(), toml(value, text))
            };
            Given::Table(pairs.into_iter().map(pair).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_keeps_its_order_and_the_digits_of_its_numbers() {
        let given = Given::json(r#"{"b": 5200.10, "a": [null, "x", true], "none": null}"#).unwrap();
        let expected = Given::Table(vec![
            ("b".into(), Given::Number("5200.10".into())),
            ("a".into(), Given::List(vec![Given::Text("x".into()), Given::Flag(true)])),
        ]);
        assert_eq!(given, Some(expected));
        assert!(Given::json(&"[".repeat(40)).is_err());
        assert!(Given::json(&format!("{}{}", "[".repeat(40), "]".repeat(40))).is_err());
    }

    #[test]
    fn a_toml_value_keeps_its_order_and_digits() {
        let given = Given::toml("{ end = 5350.50, avg = [2026-10-09] }");
        let expected = Given::Table(vec![
            ("end".into(), Given::Number("5350.50".into())),
            ("avg".into(), Given::List(vec![Given::Text("2026-10-09".into())])),
        ]);
        assert_eq!(given, Some(expected));
        assert_eq!(Given::toml("{ x"), None);
    }
}
