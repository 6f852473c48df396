//! The shape of a record: its schema, compiled once, for every walk along it.
//!
//! The fault walk, references, completeness, the flags and help of `add`, the columns of the export and the order of `fmt`
//! are all walks along a shape. Marks that a schema cannot express are `x-` keys of the definition: `x-ref`, `x-expected`,
//! `x-expected-of`, `x-entry`, `x-key`, `x-order`, `x-after`, `x-past`, `x-default`, `x-assumed`, `x-unit`,
//! `x-personal`, `x-listed`, `x-keeps`, `x-since`, `x-begins`, `x-ends`, `x-latest`,
//! `x-person`, `x-uncounted`, `x-implied`, `x-each`, `x-there`.

use rust_decimal::Decimal;
use serde_json::Value;

use super::value::MEASURE_PATTERN;
use crate::text::Text;

/// A table with known keys.
#[derive(Debug)]
pub struct Shape {
    /// What the table is.
    pub doc: Doc,
    /// Its keys in the order of the definition.
    pub fields: Vec<Field>,
}

/// One key of a table.
#[derive(Debug)]
pub struct Field {
    /// The key.
    pub name: String,
    /// What it holds.
    pub doc: Doc,
    /// The values it takes.
    pub kind: Kind,
    /// Whether a record without it does not load.
    pub required: bool,
    /// Weight in completeness, where it is expected.
    pub expected: Option<u8>,
    /// The tiers of client it is expected of; of all where none is named.
    pub expected_of: Vec<String>,
    /// For a list of entries, the word by which `add` knows one.
    pub entry: Option<String>,
    /// For a list of entries, the keys that together name one.
    pub key: Vec<String>,
    /// For a list of entries, the day it is sorted by.
    pub order: Option<String>,
    /// For a day, the keys of the same table that must not be later.
    pub after: Vec<String>,
    /// Whether a day is of something that has happened, and so cannot lie in the future.
    pub past: bool,
    /// What `add` fills in: a value, or `today`, `lead`, `plan`.
    pub default: Option<String>,
    /// What counts where a record leaves it out, from the definition itself.
    pub assumed: Option<String>,
    /// What an amount is in: `money`.
    pub unit: Option<String>,
    /// Least amount that can be meant.
    pub least: Option<Decimal>,
    /// Greatest amount that can be meant.
    pub most: Option<Decimal>,
    /// Whether it is somebody's personal data.
    pub personal: bool,
    /// Whether words name a person, who may be a manager of the book: written like an id they are one.
    pub person: bool,
    /// Whether a list shows it though rows may lack it.
    pub listed: bool,
    /// Whether no figure rests on it, so that a change of it bears on nothing that was closed.
    pub uncounted: bool,
    /// For a list that keeps how its neighbours stood before: the field of an entry with the last day they stood so, or
    /// the neighbour whose earlier days it keeps.
    pub keeps: Option<String>,
    /// For a day, the neighbour that holds from it on.
    pub since: Option<String>,
    /// For a list of entries, the neighbours that its last entry says, under the same keys.
    pub latest: Vec<String>,
    /// Whether the day is the one from which the entry is there at all.
    pub begins: bool,
    /// Whether leaving it out means somebody, so that naming another one replaces that.
    pub implied: bool,
    /// Whether the day is the one from which the entry is no longer there.
    pub ends: bool,
    /// For a day, who was with the bank on it.
    pub there: Vec<There>,
}

/// Somebody who was with the bank on a day of a record: `x-there = ["self", "by", "about:came", "owner:stays"]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct There {
    /// The neighbour that names the manager or several; nothing for the manager whose record it is.
    pub named: Option<String>,
    /// Whether the manager had come by that day; one marked `:stays` may have come since, such as who took something over.
    pub came: bool,
    /// Whether the manager had not left before it; one marked `:came` may have, such as whom an audit finds something of.
    pub stays: bool,
}

impl There {
    fn of(word: &str) -> Self {
        let (name, side) = word.split_once(':').unwrap_or((word, ""));
        let named = (name != "self").then(|| name.to_owned());
        Self { named, came: side != "stays", stays: side != "came" }
    }
}

/// A doc comment's two lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Doc {
    /// English.
    pub en: String,
    /// Chinese.
    pub zh: String,
}

impl Doc {
    /// The doc of a shape that lives for ever.
    pub fn text(&'static self) -> Text {
        Text::new(&self.en, &self.zh)
    }

    /// Its first sentence.
    pub fn first(&'static self) -> Text {
        Text::new(
            self.en.split(". ").next().unwrap_or(&self.en),
            self.zh.split('。').next().unwrap_or(&self.zh),
        )
    }

    /// What stands above a table or in a cell.
    pub fn label(&'static self) -> Text {
        Text::new(self.en.split([',', ';', ':']).next().unwrap_or(&self.en), self.short())
    }

    /// Chinese without what it adds in brackets or behind a mark that ends a clause.
    pub fn short(&self) -> &str {
        self.zh.split(['（', '：', '；', '。']).next().unwrap_or(&self.zh)
    }
}

/// One value of an enum.
#[derive(Debug)]
pub struct Choice {
    /// As it is written.
    pub name: String,
    /// What it means.
    pub doc: Doc,
}

/// The values a key takes.
#[derive(Debug)]
pub enum Kind {
    /// Words.
    Text,
    /// A calendar day.
    Day,
    /// A decimal amount.
    Amount,
    /// A fraction.
    Rate,
    /// A figure in any unit, of percent also as a fraction.
    Quantity,
    /// A number, or an expression of the policy language.
    Formula,
    /// A month, a period or a year, as text.
    Time(Time),
    /// A whole number in a range.
    Integer {
        /// Least value.
        min: Option<i64>,
        /// Greatest value.
        max: Option<i64>,
    },
    /// Yes or no.
    Flag,
    /// One of a list.
    Choice(Vec<Choice>),
    /// The id of a record or the name of a measure.
    Ref(String),
    /// A table with known keys.
    Table(Shape),
    /// A table with free keys.
    Map {
        /// What the keys are.
        keys: Keys,
        /// What the values are.
        values: Box<Self>,
    },
    /// A list.
    List(Box<Self>),
    /// One of several kinds of value.
    AnyOf(Vec<Self>),
    /// A table whose `tag` says which shape it has.
    Tagged {
        /// The key that decides.
        tag: String,
        /// The shapes by its value.
        variants: Vec<(String, Shape)>,
    },
    /// Anything.
    Any,
}

/// A stretch of time written as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Time {
    /// `2026-10`
    Month,
    /// `2026-10`, `2026-Q3`, `2026-H1`, `2026`
    Period,
    /// `2026`
    Year,
}

/// What the free keys of a table are.
#[derive(Debug)]
pub enum Keys {
    /// Any words, with what one of them names.
    Text {
        /// `Scheme`; nothing where it is a name like any other.
        each: Option<Doc>,
    },
    /// Months, periods or years.
    Time(Time),
    /// Ids of records, or one of a few words besides.
    Ref {
        /// The kind of record, or `measure`.
        kind: String,
        /// Words allowed besides.
        also: Vec<String>,
    },
}

impl Shape {
    /// Compiles the schema of a table.
    pub fn compile(schema: &Value) -> Self {
        let required: Vec<&str> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let properties = schema["properties"].as_object().into_iter().flatten();
        let fields = properties.map(|(name, schema)| field(name, schema, required.contains(&name.as_str())));
        Self { doc: doc(schema), fields: fields.collect() }
    }

    /// The field `name`.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The list whose entries `add` knows by `word`.
    pub fn entry(&self, word: &str) -> Option<(&Field, &Self)> {
        self.fields
            .iter()
            .find(|field| field.entry.as_deref() == Some(word))
            .and_then(|field| Some((field, field.entries()?)))
    }
}

impl Field {
    /// The shape of its entries, where it is a list of tables.
    pub fn entries(&self) -> Option<&Shape> {
        match &self.kind {
            Kind::List(items) => match items.as_ref() {
                Kind::Table(shape) => Some(shape),
                _ => None,
            },
            _ => None,
        }
    }
}

fn field(name: &str, schema: &Value, required: bool) -> Field {
    let word = |key: &str| schema[key].as_str().map(str::to_owned);
    Field {
        name: name.to_owned(),
        doc: doc(schema),
        kind: kind(schema),
        required,
        expected: schema["x-expected"].as_u64().and_then(|weight| weight.try_into().ok()),
        expected_of: words(&schema["x-expected-of"]),
        entry: word("x-entry"),
        key: words(&schema["x-key"]),
        order: word("x-order"),
        after: word("x-after").map_or_else(|| words(&schema["x-after"]), |one| vec![one]),
        past: schema["x-past"].as_bool().unwrap_or(false),
        default: word("x-default"),
        assumed: word("x-assumed").or_else(|| match &schema["x-assumed"] {
            Value::Null => None,
            other => Some(other.to_string()),
        }),
        unit: word("x-unit"),
        least: bound(&schema["minimum"]),
        most: bound(&schema["maximum"]),
        personal: schema["x-personal"].as_bool().unwrap_or(false),
        person: schema["x-person"].as_bool().unwrap_or(false),
        listed: schema["x-listed"].as_bool().unwrap_or(false),
        uncounted: schema["x-uncounted"].as_bool().unwrap_or(false),
        keeps: word("x-keeps"),
        since: word("x-since"),
        latest: words(&schema["x-latest"]),
        begins: schema["x-begins"].as_bool().unwrap_or(false),
        implied: schema["x-implied"].as_bool().unwrap_or(false),
        ends: schema["x-ends"].as_bool().unwrap_or(false),
        there: words(&schema["x-there"]).iter().map(|word| There::of(word)).collect(),
    }
}

/// A bound of an amount; those of whole numbers stand in their kind.
fn bound(number: &Value) -> Option<Decimal> {
    number.as_i64().map(Decimal::from)
}

fn words(list: &Value) -> Vec<String> {
    list.as_array().into_iter().flatten().filter_map(|word| word.as_str().map(str::to_owned)).collect()
}

fn doc(schema: &Value) -> Doc {
    let line = |key: &str| schema[key].as_str().unwrap_or_default().to_owned();
    Doc { en: line("description"), zh: line("x-zh") }
}

fn kind(schema: &Value) -> Kind {
    if let Some(kind) = schema["x-ref"].as_str() {
        return Kind::Ref(kind.to_owned());
    }
    if let Some(kind) = schema["x-type"].as_str().and_then(named) {
        return kind;
    }
    if let Some(choices) = choices(schema) {
        return Kind::Choice(choices);
    }
    for several in ["oneOf", "anyOf"] {
        if let Some(alternatives) = schema[several].as_array() {
            return tagged(alternatives)
                .unwrap_or_else(|| Kind::AnyOf(alternatives.iter().map(kind).collect()));
        }
    }
    match schema["type"].as_str() {
        Some("string") => Kind::Text,
        Some("integer") => Kind::Integer { min: schema["minimum"].as_i64(), max: schema["maximum"].as_i64() },
        Some("number") => Kind::Amount,
        Some("boolean") => Kind::Flag,
        Some("array") => Kind::List(Box::new(kind(&schema["items"]))),
        Some("object") => table(schema),
        _ => Kind::Any,
    }
}

fn named(name: &str) -> Option<Kind> {
    Some(match name {
        "day" => Kind::Day,
        "amount" => Kind::Amount,
        "rate" => Kind::Rate,
        "quantity" => Kind::Quantity,
        "formula" => Kind::Formula,
        "month" => Kind::Time(Time::Month),
        "period" => Kind::Time(Time::Period),
        "year" => Kind::Time(Time::Year),
        _ => return None,
    })
}

fn choices(schema: &Value) -> Option<Vec<Choice>> {
    let names = schema["enum"].as_array()?;
    let docs = schema["x-values"].as_array();
    let choice = |(index, name): (usize, &Value)| {
        let doc = docs.and_then(|docs| docs.get(index)).map(doc).unwrap_or_default();
        Some(Choice { name: name.as_str()?.to_owned(), doc })
    };
    names.iter().enumerate().map(choice).collect()
}

/// Alternatives that are all tables with one key of a constant value.
fn tagged(alternatives: &[Value]) -> Option<Kind> {
    let constant = |schema: &Value, tag: &str| {
        let value = &schema["properties"][tag];
        value["const"].as_str().or_else(|| value["enum"].get(0)?.as_str()).map(str::to_owned)
    };
    let first = alternatives.first()?["properties"].as_object()?;
    let tag = first.keys().find(|key| alternatives.iter().all(|schema| constant(schema, key).is_some()))?;
    let variants = alternatives.iter().map(|schema| Some((constant(schema, tag)?, Shape::compile(schema))));
    Some(Kind::Tagged { tag: tag.clone(), variants: variants.collect::<Option<_>>()? })
}

fn table(schema: &Value) -> Kind {
    if schema["properties"].is_object() {
        return Kind::Table(Shape::compile(schema));
    }
    let by_pattern = schema["patternProperties"].as_object().and_then(|patterns| patterns.iter().next());
    let (pattern, values) = match by_pattern {
        Some((pattern, values)) => (pattern.as_str(), values),
        None => ("", &schema["additionalProperties"]),
    };
    let keys = match (schema["x-key-ref"].as_str(), pattern) {
        (Some(kind), _) => Keys::Ref { kind: kind.to_owned(), also: words(&schema["x-key-also"]) },
        (None, MEASURE_PATTERN) => Keys::Ref { kind: "measure".into(), also: Vec::new() },
        (None, pattern) => time_of(pattern).map_or_else(|| Keys::Text { each: each(schema) }, Keys::Time),
    };
    Kind::Map { keys, values: Box::new(kind(values)) }
}

/// What a key of a map names, in both languages.
fn each(schema: &Value) -> Option<Doc> {
    match words(&schema["x-each"]).as_slice() {
        [en, zh] => Some(Doc { en: en.clone(), zh: zh.clone() }),
        _ => None,
    }
}

fn time_of(pattern: &str) -> Option<Time> {
    use super::value::{MONTH_PATTERN, PERIOD_PATTERN, YEAR_PATTERN};
    match pattern {
        MONTH_PATTERN => Some(Time::Month),
        PERIOD_PATTERN => Some(Time::Period),
        YEAR_PATTERN => Some(Time::Year),
        _ => None,
    }
}
