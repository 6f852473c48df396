//! Tables as Markdown, as GitHub and GitLab show it.

use std::io::{self, Write};

use super::{Style, for_log, heading, is_numeric, one_line, shown_rows};
use crate::table::Table;
use crate::text::{Lang, render};

pub(super) fn write(tables: &[Table], style: &Style, out: &mut dyn Write) -> io::Result<()> {
    for (index, table) in tables.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        write_one(table, style.lang, out)?;
    }
    Ok(())
}

fn write_one(table: &Table, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "## {}\n", literal(&table.title.get(lang)))?;
    write_row(table.columns.iter().map(|column| literal(&heading(column, lang))), out)?;
    let rules = table.columns.iter().map(|column| if is_numeric(column.kind) { "---:" } else { "---" });
    write_row(rules.map(str::to_owned), out)?;
    for row in shown_rows(table, lang) {
        write_row(row.iter().map(|cell| literal(cell)), out)?;
    }
    if table.rows.is_empty() {
        writeln!(out, "\n{}", render::NO_ROWS.get(lang))?;
    }
    for note in table.below() {
        writeln!(out, "\n{}", for_log(&literal(&note.get(lang))))?;
    }
    Ok(())
}

fn write_row(cells: impl Iterator<Item = String>, out: &mut dyn Write) -> io::Result<()> {
    for cell in cells {
        write!(out, "| {cell} ")?;
    }
    writeln!(out, "|")
}

/// Text that reads as it stands.
fn literal(text: &str) -> String {
    let mut literal = String::with_capacity(text.len());
    for c in one_line(text).chars() {
        match c {
            '<' => literal.push_str("&lt;"),
            '>' => literal.push_str("&gt;"),
            '&' => literal.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '|' | '~' | '!' | '$' => literal.extend(['\\', c]),
            _ => literal.push(c),
        }
    }
    literal
}
