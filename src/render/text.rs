//! Tables for a terminal: aligned columns, right under Chinese text. Where the terminal is too narrow, headings are broken and
//! the widest texts stand below their row; no cell is broken, so that a command can be copied.

use std::io::{self, Write};

use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, TableStyle, Width};
use rust_decimal::Decimal;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::{MISSING, Style, bar, for_log, heading, is_numeric, one_line, shown_rows};
use crate::msg;
use crate::table::{Cell, Column, Kind, Table};
use crate::text::{render, report};

/// One line below the headings, else only space.
const LOOK: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));
/// Cells of a full bar.
const BAR_CELLS: usize = 10;
/// What stands before a line below a row.
const INDENT: &str = "    ";
/// How a command begins, which stays on one line so that it can be copied.
const COMMAND: &str = "rmbook ";
/// Chinese marks that close what stands before them.
const CLOSING: [char; 10] = ['，', '。', '；', '：', '、', '）', '”', '』', '！', '？'];
/// Cells that a Chinese heading keeps on a line when it is broken.
const CJK_WORD: usize = 8;

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
    let words = Words::of(table, style);
    let kept = style.width.map_or_else(|| words.all(), |width| words.kept(table, width.into()));
    let bold = anstyle::Style::new().bold();
    let mut rows = None;
    for line in grid(table, &words, &kept, style).lines() {
        let line = for_log(line.trim_end());
        let Some(row) = &mut rows else {
            let is_rule = line.chars().all(|c| c == '─');
            if is_rule || !style.color {
                writeln!(out, "{line}")?;
            } else {
                writeln!(out, "{bold}{line}{bold:#}")?;
            }
            rows = is_rule.then(|| words.rows.iter());
            continue;
        };
        writeln!(out, "{line}")?;
        for below in words.below(row.next(), &kept, style) {
            writeln!(out, "{INDENT}{}", for_log(&below))?;
        }
    }
    if table.rows.is_empty() {
        writeln!(out, " {}", render::NO_ROWS.get(style.lang))?;
    }
    for note in table.below() {
        writeln!(out, "{}", for_log(&one_line(&note.get(style.lang))))?;
    }
    Ok(())
}

/// What the headings and the cells of a table say.
struct Words {
    headings: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Words {
    fn of(table: &Table, style: &Style) -> Self {
        let headings = table.columns.iter().map(|column| one_line(&heading(column, style.lang))).collect();
        let fulls: Vec<Option<Decimal>> =
            (0..table.columns.len()).map(|index| full(&table.columns[index], &table.rows, index)).collect();
        let words = |(row, shown): (&Vec<Cell>, Vec<String>)| {
            let cells = row.iter().zip(&shown).zip(&fulls);
            cells.map(|((cell, shown), full)| look(cell, shown, *full)).collect::<Vec<_>>()
        };
        let rows = table.rows.iter().zip(shown_rows(table, style.lang));
        Self { headings, rows: rows.map(words).collect() }
    }

    /// Every column, as wide as what it says.
    fn all(&self) -> Vec<Option<usize>> {
        (0..self.headings.len())
            .map(|column| Some(self.width(column).max(self.headings[column].width())))
            .collect()
    }

    /// Whether there are rows, and none says anything in a column.
    fn is_empty(&self, column: usize) -> bool {
        !self.rows.is_empty() && self.rows.iter().all(|row| !is_said(&row[column]))
    }

    /// How wide the cells of a column are.
    fn width(&self, column: usize) -> usize {
        self.rows.iter().map(|row| row[column].width()).max().unwrap_or_default()
    }

    /// The columns that stand side by side in `width`, each with its own; cells are never broken. First headings are, then
    /// columns that say nothing in any row go, the widest texts stand below their row, then whatever stands furthest to the right;
    /// the first column stays.
    fn kept(&self, table: &Table, width: usize) -> Vec<Option<usize>> {
        let all = self.all();
        if total(&all) <= width {
            return all;
        }
        let narrow = |column: usize| Some(self.width(column).max(longest_word(&self.headings[column])));
        let mut kept: Vec<Option<usize>> = (0..self.headings.len()).map(narrow).collect();
        while total(&kept) > width {
            let mut standing = (1..kept.len()).filter(|column| kept[*column].is_some());
            let texts = standing.clone().filter(|column| table.columns[*column].kind == Kind::Text);
            let empty = standing.clone().rfind(|column| self.is_empty(*column));
            let widest = || texts.max_by_key(|column| kept[*column]);
            let Some(folded) = empty.or_else(widest).or(standing.next_back()) else { break };
            kept[folded] = None;
        }
        kept
    }

    /// The lines below a row: the headings and cells of the columns that are not kept, as many on a line as fit.
    fn below(&self, row: Option<&Vec<String>>, kept: &[Option<usize>], style: &Style) -> Vec<String> {
        let width = usize::from(style.width.unwrap_or(u16::MAX)).saturating_sub(INDENT.len());
        let cells = row.into_iter().flatten().zip(&self.headings).zip(kept);
        let folded = cells.filter(|((cell, _), kept)| kept.is_none() && is_said(cell));
        let mut lines: Vec<String> = Vec::new();
        for ((cell, heading), _) in folded {
            let said = msg!(report::OF, whole = heading, part = cell.trim_end()).get(style.lang);
            match lines.last_mut().filter(|line| line.width() + said.width() + 3 <= width) {
                Some(line) => *line = format!("{line}   {said}"),
                None if cell.starts_with(COMMAND) => lines.push(said),
                None => lines.extend(wrapped(&said, width)),
            }
        }
        lines
    }
}

fn is_said(cell: &str) -> bool {
    ![MISSING, ""].contains(&cell.trim_end())
}

/// A text on lines of at most `width`, broken where words end, or after any Chinese character; no line begins with a mark that
/// closes what stands before it.
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_word = |c: char| !c.is_whitespace() && c.width() == Some(1);
        let end =
            if is_word(first) { rest.find(|c| !is_word(c)).unwrap_or(rest.len()) } else { first.len_utf8() };
        let (word, after) = rest.split_at(end);
        let fits = |line: &String| line.is_empty() || line.width() + word.width() <= width;
        let line = lines.last_mut().filter(|line| fits(line) || CLOSING.contains(&first));
        match line {
            Some(line) => line.push_str(word),
            None => lines.push(word.trim_start().to_owned()),
        }
        rest = after;
    }
    lines
}

/// Columns a line of these takes: what they say, a space around each and one between them.
fn total(kept: &[Option<usize>]) -> usize {
    kept.iter().flatten().map(|width| width + 3).sum::<usize>().saturating_sub(1)
}

/// Cells that a heading needs at least: its longest word, of one without spaces a few characters.
fn longest_word(heading: &str) -> usize {
    let words = heading.split(' ').map(|word| match word.width() > word.chars().count() {
        true => word.width().min(CJK_WORD),
        false => word.width(),
    });
    words.max().unwrap_or_default()
}

fn grid(table: &Table, words: &Words, kept: &[Option<usize>], style: &Style) -> comfy_table::Table {
    fn standing<'w>(cells: &'w [String], kept: &'w [Option<usize>]) -> impl Iterator<Item = &'w String> {
        cells.iter().zip(kept).filter(|(_, kept)| kept.is_some()).map(|(cell, _)| cell)
    }
    let mut grid = comfy_table::Table::new();
    grid.load_style(LOOK).set_content_arrangement(ContentArrangement::Dynamic);
    if let Some(width) = style.width {
        grid.set_width(width);
    }
    grid.set_header(standing(&words.headings, kept));
    for row in &words.rows {
        grid.add_row(standing(row, kept));
    }
    let shapes = table.columns.iter().zip(kept).filter_map(|(shape, kept)| Some((shape, (*kept)?)));
    for (column, (shape, width)) in grid.column_iter_mut().zip(shapes) {
        if is_numeric(shape.kind) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        if style.width.is_some() {
            let width = u16::try_from(width + 2).unwrap_or(u16::MAX);
            column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(width)));
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

/// The cell as it is shown and, where its column has bars, a bar after it.
fn look(cell: &Cell, shown: &str, full: Option<Decimal>) -> String {
    let words = one_line(shown);
    match full {
        Some(full) => {
            let drawn = number(cell).map_or_else(String::new, |value| bar(value, full, BAR_CELLS));
            format!("{words} {drawn:<BAR_CELLS$}")
        }
        None => words,
    }
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn a_long_text_is_broken_between_words_and_characters() {
        assert_eq!(wrapped("用印 by 2026-10-20 done", 12), ["用印 by ", "2026-10-20 ", "done"]);
        assert_eq!(wrapped("四季度集中推广", 8), ["四季度集", "中推广"]);
        assert_eq!(wrapped("四季度集，中推广", 8), ["四季度集，", "中推广"]);
        assert_eq!(wrapped("a-word-that-is-too-long", 8), ["a-word-that-is-too-long"]);
    }
}
