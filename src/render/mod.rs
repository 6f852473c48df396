//! How tables look in each format; the numbers come as they are.
//!
//! Every format prints the same cells: people's formats (text, Markdown, HTML, workbook) translate and draw, machine
//! formats (CSV, JSON, JSON Lines) keep stable English keys and all digits. Text from records is data: each
//! format takes away what its reader would obey (escape sequences, formulas, markup).
//!
//! To add a format: a file with a `write` function, a variant of [`Format`], its line in [`Format::ALL`] and in [`tables`].

use std::io::{self, Write};

use crate::table::Table;
use crate::text::Lang;

mod cell;
mod csv;
mod findings;
mod json;
mod safe;
mod spark;
mod text;

pub use csv::{guarded, unguarded};
pub use findings::{FindingFormat, findings, statistics, summary};
pub use spark::{bar, spark};

use cell::{heading, is_numeric, machine, shown};
use json::put as put_json;
use safe::{for_log, is_unsafe, lines, one_line, pictured};

/// How the reader wants it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// The language of titles, remarks and of cells that are ours.
    pub lang: Lang,
    /// Columns of the terminal; without it nothing is wrapped.
    pub width: Option<u16>,
    /// Whether terminal colours and bold may be used.
    pub color: bool,
    /// Whether CSV is for a double click in Excel: a byte order mark and CRLF.
    pub excel: bool,
    /// What leads from where the reader stands to the book, `branch/book/`: findings put it before their files' paths.
    pub path_prefix: String,
}

/// A format of tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Aligned columns for a terminal.
    Text,
    /// One table as RFC 4180, one fact a cell.
    Csv,
    /// One object with every table.
    Json,
    /// One line a row.
    Jsonl,
}

impl Format {
    /// Every format with its name, which is its file extension too.
    pub const ALL: &[(&str, Self)] =
        &[("text", Self::Text), ("csv", Self::Csv), ("json", Self::Json), ("jsonl", Self::Jsonl)];

    /// The format called `name`.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, format)| *format)
    }

    /// The format a file with this extension is written in.
    pub fn of_extension(extension: &str) -> Option<Self> {
        match extension.to_ascii_lowercase().as_str() {
            "txt" => Some(Self::Text),
            "markdown" => Self::named("md"),
            "htm" => Self::named("html"),
            "ndjson" => Some(Self::Jsonl),
            name => Self::named(name),
        }
    }
}

/// Writes `tables` in `format`.
pub fn tables(tables: &[Table], format: Format, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Text => text::write(tables, style, out),
        Format::Csv => csv::write(tables, style.excel, out),
        Format::Json => json::write(tables, style.lang, out),
        Format::Jsonl => json::write_lines(tables, out),
    }
}

#[cfg(test)]
mod tests;
