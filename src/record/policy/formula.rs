//! A number or an expression, as it is written.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error, Visitor};

use crate::record::value::Amount;

/// What stands for words or a formula at a place of a file that cannot be read; no formula and no id is written so.
pub const UNREAD: &str = "\u{0}";

/// A number, or an expression in quotes: `20`, `"97%"`, `"targets.deposits * 0.9"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Formula(pub String);

struct FormulaVisitor;

impl<'de> Visitor<'de> for FormulaVisitor {
    type Value = Formula;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number or an expression in quotes")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Formula, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Formula, E> {
        Ok(Formula(number.to_string()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Formula, E> {
        Ok(Formula(number.to_string()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Formula, E> {
        let digits = number.to_string();
        let amount: Amount = digits
            .parse()
            .map_err(|()| E::custom(format!("`{digits}` is not a decimal number of at most 15 digits")))?;
        Ok(Formula(amount.0.to_string()))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Formula, E> {
        Ok(Formula(text.to_owned()))
    }
}

impl<'de> Deserialize<'de> for Formula {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FormulaVisitor)
    }
}

impl JsonSchema for Formula {
    fn schema_name() -> Cow<'static, str> {
        "Formula".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["number", "string"], "x-type": "formula" })
    }
}
