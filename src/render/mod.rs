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
mod chart;
mod csv;
mod diff;
mod export;
mod findings;
mod html;
mod json;
mod markdown;
mod safe;
mod text;
#[cfg(feature = "xlsx")]
mod xlsx;

pub use chart::{bar, spark};
pub use csv::{guarded, unguarded};
pub use diff::diff;
pub use export::{ForeignKey, Resource, export};
pub use findings::{FindingFormat, finding_formats, findings, statistics, summary};
pub use safe::one_line;
pub use text::wrapped;

use cell::{MISSING, heading, is_numeric, machine, shown_rows};
use csv::{headers, write_one as write_csv};
use json::put as put_json;
use safe::{escaped, for_log, is_unsafe, lines, pictured};

/// How the reader wants it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// The language of titles, remarks and of cells that are ours.
    pub lang: Lang,
    /// The language of sentences in CSV and JSON: the one that was asked for by name, never that of the locale.
    pub sentences: Lang,
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
    /// For a pull request or a wiki.
    Markdown,
    /// One page that loads nothing.
    Html,
    /// An Excel workbook, in builds with the feature `xlsx`.
    Xlsx,
}

impl Format {
    /// Every format with its name, which is its file extension too, but for text.
    pub const ALL: &[(&str, Self)] = &[
        ("text", Self::Text),
        ("csv", Self::Csv),
        ("json", Self::Json),
        ("jsonl", Self::Jsonl),
        ("md", Self::Markdown),
        ("html", Self::Html),
        ("xlsx", Self::Xlsx),
    ];

    /// The format called `name`.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, format)| *format)
    }

    /// The format a file with this extension is written in.
    pub fn of_extension(extension: &str) -> Option<Self> {
        match extension.to_ascii_lowercase().as_str() {
            "txt" => Some(Self::Text),
            "markdown" => Some(Self::Markdown),
            "htm" => Some(Self::Html),
            "ndjson" => Some(Self::Jsonl),
            name => Self::named(name),
        }
    }
}

/// Writes `tables` in `format`.
pub fn tables(tables: &[Table], format: Format, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Text => text::write(tables, style, out),
        Format::Csv => csv::write(tables, style, out),
        Format::Json => json::write(tables, style, out),
        Format::Jsonl => json::write_lines(tables, style, out),
        Format::Markdown => markdown::write(tables, style, out),
        Format::Html => html::write(tables, style, out),
        #[cfg(feature = "xlsx")]
        Format::Xlsx => xlsx::write(tables, style, out),
        #[cfg(not(feature = "xlsx"))]
        Format::Xlsx => Err(io::Error::new(
            io::ErrorKind::Unsupported,
            "this build writes no workbooks; build it from its sources with `cargo install --path . --features xlsx`",
        )),
    }
}

#[cfg(test)]
mod tests;
