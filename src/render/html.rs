//! Tables as one HTML page that loads nothing, runs nothing and prints well.

use std::borrow::Cow;
use std::io::{self, Write};

use super::{Style, heading, is_numeric, lines, shown_rows};
use crate::table::Table;
use crate::text::{Lang, render};

/// The page may style itself and nothing else.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";
const SHEET: &str = "\
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 80rem; padding: 0 1rem }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem }
table { border-collapse: collapse; font-variant-numeric: tabular-nums }
th, td { border-bottom: 1px solid #ddd; padding: .3rem .8rem; text-align: left; vertical-align: top; white-space: pre-line }
th { border-bottom: 2px solid #888 }
.n { text-align: right }
p { color: #555; margin: .5rem 0 }
@media print { body { margin: 0; max-width: none } tr { break-inside: avoid } }
";

pub(super) fn write(tables: &[Table], style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let (lang, tag) = match style.lang {
        Lang::En => (Lang::En, "en"),
        Lang::Zh => (Lang::Zh, "zh-CN"),
    };
    let title = tables.first().map(|table| table.title.get(lang)).unwrap_or_default();
    writeln!(out, "<!doctype html>\n<html lang=\"{tag}\">\n<head>\n<meta charset=\"utf-8\">")?;
    writeln!(out, "<meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">")?;
    writeln!(out, "<meta name=\"viewport\" content=\"width=device-width\">")?;
    writeln!(out, "<title>{}</title>\n<style>\n{SHEET}</style>\n</head>\n<body>", escaped(&title))?;
    for table in tables {
        write_one(table, lang, out)?;
    }
    writeln!(out, "</body>\n</html>")
}

fn write_one(table: &Table, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<h2>{}</h2>\n<table>\n<thead>\n<tr>", escaped(&table.title.get(lang)))?;
    let classes: Vec<&str> = table
        .columns
        .iter()
        .map(|column| if is_numeric(column.kind) { " class=\"n\"" } else { "" })
        .collect();
    for (column, class) in table.columns.iter().zip(&classes) {
        writeln!(out, "<th scope=\"col\"{class}>{}</th>", escaped(&heading(column, lang)))?;
    }
    writeln!(out, "</tr>\n</thead>\n<tbody>")?;
    for row in shown_rows(table, lang) {
        write!(out, "<tr>")?;
        for (cell, class) in row.iter().zip(&classes) {
            write!(out, "<td{class}>{}</td>", escaped(cell))?;
        }
        writeln!(out, "</tr>")?;
    }
    writeln!(out, "</tbody>\n</table>")?;
    if table.rows.is_empty() {
        writeln!(out, "<p>{}</p>", render::NO_ROWS.get(lang))?;
    }
    for note in table.below() {
        writeln!(out, "<p>{}</p>", escaped(&note.get(lang)))?;
    }
    Ok(())
}

/// Text that is neither markup nor the end of an attribute, on one line of the page whatever breaks it has.
fn escaped(text: &str) -> Cow<'_, str> {
    let text = lines(text);
    if !text.contains(['&', '<', '>', '"', '\'', '\n', '\r']) {
        return text;
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' => out.push_str("&#10;"),
            '\r' => {}
            _ => out.push(c),
        }
    }
    out.into()
}
