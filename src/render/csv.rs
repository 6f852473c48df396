//! A table as CSV: one fact a cell, plain numbers, English column keys, the unit in a column of its own.
//!
//! CSV holds one table; who has more takes another format or exports a folder.

use std::borrow::Cow;
use std::io::{self, ErrorKind, Write};

use csv::{QuoteStyle, Terminator, WriterBuilder};

use super::{Style, lines, machine};
use crate::table::{Cell, Column, Table};
use crate::text::Lang;

/// What a spreadsheet takes for the beginning of a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

pub(super) fn write(tables: &[Table], style: &Style, out: &mut dyn Write) -> io::Result<()> {
    match tables {
        [table] => write_one(table, style, out),
        _ => {
            let names: Vec<&str> = tables.iter().map(|table| table.name.as_str()).collect();
            let problem = format!(
                "a CSV file holds one table and this is {} ({}); use another format, or `rmbook export`",
                tables.len(),
                names.join(", ")
            );
            Err(io::Error::new(ErrorKind::Unsupported, problem))
        }
    }
}

/// Writes one table: LF without a byte order mark, or CRLF with one for a double click in Excel.
pub(super) fn write_one(table: &Table, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    if style.excel {
        out.write_all("\u{feff}".as_bytes())?;
    }
    let terminator = if style.excel { Terminator::CRLF } else { Terminator::Any(b'\n') };
    let mut csv =
        WriterBuilder::new().terminator(terminator).quote_style(QuoteStyle::Necessary).from_writer(out);
    csv.write_record(table.columns.iter().flat_map(headers))?;
    for row in &table.rows {
        let pairs = row.iter().zip(&table.columns);
        csv.write_record(pairs.flat_map(|(cell, column)| {
            [Some(field(cell, style.sentences)), column.unit.clone()].into_iter().flatten()
        }))?;
    }
    csv.flush()
}

/// The headers a column has: its key and, where it has a unit, that of the unit.
pub(super) fn headers(column: &Column) -> impl Iterator<Item = String> {
    let unit = column.unit.as_ref().map(|_| format!("{}_unit", column.key));
    [Some(column.key.clone()), unit].into_iter().flatten()
}

fn field(cell: &Cell, sentences: Lang) -> String {
    let field = machine(cell, sentences);
    match cell {
        Cell::Text(_)
        | Cell::Nested { .. }
        | Cell::Said { .. }
        | Cell::Titled { .. }
        | Cell::Sentence(_)
        | Cell::Trend(_) => guarded(&lines(&field)).into_owned(),
        _ => field,
    }
}

/// Text that no spreadsheet takes for a formula: where it begins with `= + - @`, a tab or CR, after any apostrophes,
/// one more apostrophe goes before it, so that [`unguarded`] gives the same text back.
pub fn guarded(text: &str) -> Cow<'_, str> {
    if text.trim_start_matches('\'').starts_with(FORMULA) { format!("'{text}").into() } else { text.into() }
}

/// What [`guarded`] was given.
pub fn unguarded(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if rest.trim_start_matches('\'').starts_with(FORMULA) => rest,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guard_comes_off_again() {
        for (text, written) in
            [("=1+1", "'=1+1"), ("'=1", "''=1"), ("-5", "'-5"), ("\tx", "'\tx"), ("a=b", "a=b"), ("'s", "'s")]
        {
            assert_eq!(guarded(text), written);
            assert_eq!(unguarded(written), text);
        }
    }
}
