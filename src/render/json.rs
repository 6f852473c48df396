//! Tables as JSON and JSON Lines.
//!
//! The shape is `{"format": 1, "tables": [{"name", "title", "columns": [{"key", "title", "kind", "unit"}], "rows": [{key:
//! value}], "notes"}]}`; JSON Lines has one `{"table", "row": {key: value}, "units": {key: unit}}` a
//! line, without `units` where no column has one. Numbers carry their digits exactly,
//! ratios are fractions, days ISO text, trends lists, nothing known is null. `format` rises when a field changes its
//! meaning or goes; a new field may come at any time.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use rust_decimal::Decimal;
use serde::ser::{Error, Serialize, SerializeMap, Serializer};
use serde_json::value::RawValue;

use super::{Style, is_unsafe};
use crate::table::{Cell, Column, Kind, Table};
use crate::text::Lang;

/// The version of both shapes.
const FORMAT: u32 = 1;

#[derive(serde::Serialize)]
struct Document<'a> {
    format: u32,
    tables: Vec<Shape<'a>>,
}

#[derive(serde::Serialize)]
struct Shape<'a> {
    name: &'a str,
    title: String,
    columns: Vec<Head<'a>>,
    rows: Vec<Row<'a>>,
    notes: Vec<String>,
}

#[derive(serde::Serialize)]
struct Head<'a> {
    key: &'a str,
    title: String,
    kind: &'static str,
    unit: Option<&'a str>,
}

#[derive(serde::Serialize)]
struct Line<'a> {
    table: &'a str,
    row: Row<'a>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    units: BTreeMap<&'a str, &'a str>,
}

struct Row<'a> {
    columns: &'a [Column],
    cells: &'a [Cell],
    sentences: Lang,
}

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.cells.len()))?;
        for (column, cell) in self.columns.iter().zip(self.cells) {
            map.serialize_entry(&column.key, &Value(cell, self.sentences))?;
        }
        map.end()
    }
}

/// A cell and the language of sentences.
struct Value<'a>(&'a Cell, Lang);

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Cell::Missing => serializer.serialize_none(),
            Cell::Text(text) | Cell::Nested { text, .. } => serializer.serialize_str(text),
            Cell::Said { key, .. } => serializer.serialize_str(key),
            Cell::Titled { key, .. } => serializer.serialize_str(key),
            Cell::Sentence(sentence) => serializer.serialize_str(&sentence.get(self.1)),
            Cell::Count(count) => serializer.serialize_i64(*count),
            Cell::Number(number) | Cell::Ratio(number) => Digits(*number).serialize(serializer),
            Cell::Date(day) => serializer.collect_str(day),
            Cell::Flag(flag) => serializer.serialize_bool(*flag),
            Cell::Trend(figures) => serializer.collect_seq(figures.iter().map(|figure| figure.map(Digits))),
        }
    }
}

/// A decimal as a JSON number with the digits it has; a float would change them.
struct Digits(Decimal);

impl Serialize for Digits {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(self.0.to_string()).map_err(S::Error::custom)?.serialize(serializer)
    }
}

pub(super) fn write(tables: &[Table], style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let document =
        Document { format: FORMAT, tables: tables.iter().map(|table| shape(table, style)).collect() };
    put(&serde_json::to_string_pretty(&document)?, out)
}

pub(super) fn write_lines(tables: &[Table], style: &Style, out: &mut dyn Write) -> io::Result<()> {
    for table in tables {
        let columns = table.columns.iter();
        let units = columns.filter_map(|column| Some((column.key.as_str(), column.unit.as_deref()?)));
        let units: BTreeMap<&str, &str> = units.collect();
        for row in rows(table, style) {
            put(&serde_json::to_string(&Line { table: &table.name, row, units: units.clone() })?, out)?;
        }
    }
    Ok(())
}

fn shape<'t>(table: &'t Table, style: &Style) -> Shape<'t> {
    let lang = style.lang;
    let columns = table.columns.iter().map(|column| Head {
        key: &column.key,
        title: column.title.get(lang),
        kind: kind_name(column.kind),
        unit: column.unit.as_deref(),
    });
    Shape {
        name: &table.name,
        title: table.title.get(lang),
        columns: columns.collect(),
        rows: rows(table, style).collect(),
        notes: table.below().map(|note| note.get(lang)).collect(),
    }
}

fn rows<'t>(table: &'t Table, style: &Style) -> impl Iterator<Item = Row<'t>> + use<'t> {
    let sentences = style.sentences;
    table.rows.iter().map(move |cells| Row { columns: &table.columns, cells, sentences })
}

fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::Count => "count",
        Kind::Number => "number",
        Kind::Ratio | Kind::Points => "ratio",
        Kind::Date => "date",
        Kind::Flag => "flag",
        Kind::Trend => "trend",
    }
}

/// Writes a JSON text and a line feed. What JSON leaves bare but a terminal obeys is escaped; it can only stand in a string.
pub(super) fn put(json: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut safe = String::with_capacity(json.len() + 1);
    for c in json.chars() {
        if c != '\n' && is_unsafe(c) {
            write!(safe, "\\u{:04x}", u32::from(c)).map_err(io::Error::other)?;
        } else {
            safe.push(c);
        }
    }
    writeln!(out, "{safe}")
}
