//! Tables as an Excel workbook, a sheet each, with typed cells.
//!
//! Text is only ever written as text, so that nothing in a record becomes a formula. The creation time is fixed: the same
//! tables give the same bytes.

use std::collections::BTreeSet;
use std::io::{self, Write};

use chrono::Datelike;
use rust_decimal::Decimal;
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format as Look, FormatAlign, Workbook, Worksheet, XlsxError,
};
use unicode_width::UnicodeWidthStr;

use super::{Style, heading, is_numeric, lines, shown_rows};
use crate::table::{Cell, Table};
use crate::text::Lang;

/// The widest a column gets by itself, in characters.
const WIDEST: usize = 60;
/// The longest name Excel gives a sheet.
const LONGEST_NAME: usize = 31;

pub(super) fn write(tables: &[Table], style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let bytes = workbook(tables, style.lang).map_err(io::Error::other)?;
    out.write_all(&bytes)
}

fn workbook(tables: &[Table], lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
    let mut taken = BTreeSet::new();
    for table in tables {
        let sheet = workbook.add_worksheet();
        sheet.set_name(sheet_name(&table.title.get(lang), &mut taken))?;
        fill(sheet, table, lang)?;
    }
    workbook.save_to_buffer()
}

/// A name Excel accepts and no sheet has yet.
fn sheet_name(title: &str, taken: &mut BTreeSet<String>) -> String {
    let cleaned: String =
        lines(title).chars().map(|c| if "[]:*?/\\'\n\r\t".contains(c) { ' ' } else { c }).collect();
    let cleaned = if cleaned.trim().is_empty() { "Sheet" } else { cleaned.trim() };
    (1_usize..)
        .map(|number| {
            let suffix = if number == 1 { String::new() } else { format!(" {number}") };
            let mut name = String::new();
            for c in cleaned.chars() {
                if name.encode_utf16().count() + c.len_utf16() + suffix.len() > LONGEST_NAME {
                    break;
                }
                name.push(c);
            }
            name + &suffix
        })
        .find(|name| taken.insert(name.to_lowercase()))
        .unwrap_or_default()
}

fn fill(sheet: &mut Worksheet, table: &Table, lang: Lang) -> Result<(), XlsxError> {
    sheet.set_freeze_panes(1, 0)?;
    let shown = shown_rows(table, lang);
    for (index, column) in (0_u16..).zip(&table.columns) {
        let title = heading(column, lang);
        let align = if is_numeric(column.kind) { FormatAlign::Right } else { FormatAlign::Left };
        sheet.write_string_with_format(0, index, lines(&title), &Look::new().set_bold().set_align(align))?;
        sheet.set_column_width(index, width(&title, &shown, usize::from(index)))?;
    }
    for ((row, cells), shown) in (1_u32..).zip(&table.rows).zip(&shown) {
        for ((column, cell), shown) in (0_u16..).zip(cells).zip(shown) {
            put(sheet, (row, column), cell, shown)?;
        }
    }
    let below = u32::try_from(table.rows.len()).map_err(|_| XlsxError::RowColumnLimitError)? + 2;
    for (row, note) in (below..).zip(table.below()) {
        sheet.write_string(row, 0, lines(&note.get(lang)))?;
    }
    Ok(())
}

fn width(title: &str, shown: &[Vec<String>], index: usize) -> u32 {
    let widths = shown.iter().map(|row| row[index].width());
    let widest = widths.chain([title.width()]).max().unwrap_or_default();
    u32::try_from(widest.min(WIDEST) + 2).unwrap_or_default()
}

fn put(sheet: &mut Worksheet, (row, column): (u32, u16), cell: &Cell, shown: &str) -> Result<(), XlsxError> {
    match cell {
        Cell::Missing => return Ok(()),
        Cell::Text(_)
        | Cell::Nested { .. }
        | Cell::Said { .. }
        | Cell::Titled { .. }
        | Cell::Sentence(_)
        | Cell::Trend(_) => sheet.write_string(row, column, lines(shown))?,
        Cell::Count(count) => sheet.write_number(row, column, float(Decimal::from(*count)))?,
        Cell::Number(number) => {
            sheet.write_number_with_format(row, column, float(*number), &places(shown))?
        }
        // In percentage points, which no number format makes of a fraction.
        Cell::Ratio(ratio) if !shown.ends_with('%') => {
            let points = ratio.checked_mul(Decimal::ONE_HUNDRED).unwrap_or(*ratio);
            sheet.write_number_with_format(row, column, float(points), &places(shown))?
        }
        Cell::Ratio(ratio) => sheet.write_number_with_format(
            row,
            column,
            float(*ratio),
            &Look::new().set_num_format("0.00%"),
        )?,
        Cell::Date(day) => match excel_day(*day) {
            Some(date) => sheet.write_datetime_with_format(
                row,
                column,
                &date,
                &Look::new().set_num_format("yyyy-mm-dd"),
            )?,
            None => sheet.write_string(row, column, day.to_string())?,
        },
        Cell::Flag(flag) => sheet.write_boolean(row, column, *flag)?,
    };
    Ok(())
}

/// The look of a number with as many places as it is shown with.
fn places(shown: &str) -> Look {
    let places = shown.split_once('.').map_or(0, |(_, places)| places.len());
    Look::new().set_num_format(if places > 0 { format!("0.{}", "0".repeat(places)) } else { "0".to_owned() })
}

fn excel_day(day: chrono::NaiveDate) -> Option<ExcelDateTime> {
    let (year, month, date) =
        (day.year().try_into().ok()?, day.month().try_into().ok()?, day.day().try_into().ok()?);
    ExcelDateTime::from_ymd(year, month, date).ok()
}

/// The nearest number a workbook can hold: it knows floats only, which keep 15 digits.
fn float(number: Decimal) -> f64 {
    number.to_string().parse().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_name_is_short_clean_and_new() {
        let mut taken = BTreeSet::new();
        assert_eq!(sheet_name("客户/覆盖: [2026]", &mut taken), "客户 覆盖   2026");
        assert_eq!(sheet_name("客户 覆盖   2026", &mut taken), "客户 覆盖   2026 2");
        assert_eq!(sheet_name("''", &mut taken), "Sheet");
        assert_eq!(sheet_name(&"x".repeat(40), &mut taken).len(), 31);
        assert_eq!(sheet_name(&"X".repeat(40), &mut taken), format!("{} 2", "X".repeat(29)));
    }
}
