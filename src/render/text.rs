//! Tables for a terminal: aligned columns, right under Chinese text, wrapped to the terminal's width.

use std::io::{self, Write};

use comfy_table::{CellAlignment, ContentArrangement, LineStyle, TableStyle};
use rust_decimal::Decimal;

use super::{Style, bar, for_log, heading, is_numeric, one_line, shown};
use crate::table::{Cell, Column, Kind, Table};
use crate::text::render;

/// One line below the headings, else only space.
const LOOK: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));
/// Cells of a full bar.
const BAR_CELLS: usize = 10;

pub(super) fn write(tables: &[Table], style: &Style, out: &mut dyn Write) -> io::Result<()> {
    for (index, table) in tables.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        write_one(table, style, out)?;
    }
    Ok(())
}

fn write_one(table: &Table, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", for_log(&one_line(&table.title.get(style.lang))))?;
    let bold = anstyle::Style::new().bold();
    let mut in_heading = style.color;
    for line in grid(table, style).lines() {
        let line = line.trim_end();
        in_heading &= !line.chars().all(|c| c == '─');
        if in_heading {
            writeln!(out, "{bold}{}{bold:#}", for_log(line))?;
        } else {
            writeln!(out, "{}", for_log(line))?;
        }
    }
    if table.rows.is_empty() {
        writeln!(out, " {}", render::NO_ROWS.get(style.lang))?;
    }
    for note in &table.notes {
        writeln!(out, "{}", for_log(&one_line(&note.get(style.lang))))?;
    }
    Ok(())
}

fn grid(table: &Table, style: &Style) -> comfy_table::Table {
    let mut grid = comfy_table::Table::new();
    grid.load_style(LOOK).set_content_arrangement(ContentArrangement::Dynamic);
    if let Some(width) = style.width {
        grid.set_width(width);
    }
    grid.set_header(table.columns.iter().map(|column| one_line(&heading(column, style.lang))));
    let fulls: Vec<Option<Decimal>> =
        (0..table.columns.len()).map(|index| full(&table.columns[index], &table.rows, index)).collect();
    for row in &table.rows {
        grid.add_row(row.iter().zip(&fulls).map(|(cell, full)| look(cell, *full, style)));
    }
    for (column, shape) in grid.column_iter_mut().zip(&table.columns) {
        if is_numeric(shape.kind) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    grid
}

/// What a full bar of this column stands for, where it has bars.
fn full(column: &Column, rows: &[Vec<Cell>], index: usize) -> Option<Decimal> {
    match column.kind {
        _ if !column.bar => None,
        Kind::Ratio => Some(Decimal::ONE),
        _ => rows.iter().filter_map(|row| number(&row[index])).max(),
    }
}

fn number(cell: &Cell) -> Option<Decimal> {
    match cell {
        Cell::Count(count) => Some(Decimal::from(*count)),
        Cell::Number(number) | Cell::Ratio(number) => Some(*number),
        _ => None,
    }
}

/// The cell's text and, where its column has bars, a bar after it.
fn look(cell: &Cell, full: Option<Decimal>, style: &Style) -> String {
    let words = one_line(&shown(cell, style.lang));
    match full {
        Some(full) => {
            let drawn = number(cell).map_or_else(String::new, |value| bar(value, full, BAR_CELLS));
            format!("{words} {drawn:<BAR_CELLS$}")
        }
        None => words,
    }
}
