//! What one field makes of one row.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::mapping::{Lookup, Mapping, Spec, Steps, holes};
use crate::diag::nearest;
use crate::draft::rows::Sheet;
use crate::msg;
use crate::record::shape::Kind;
use crate::record::value::Amount;
use crate::render::unguarded;
use crate::text::{Message, entry, finding};

/// What the fields of a row are read with.
pub struct Reader<'m> {
    mapping: &'m Mapping,
    columns: HashMap<&'m str, usize>,
    lookups: BTreeMap<&'m Lookup, HashMap<String, String>>,
    /// Ids by source id, by kind of record.
    sources: BTreeMap<String, HashMap<String, String>>,
}

/// A value that refuses its row: what is wrong, and what to write instead.
pub type Refused = Box<(Message, Option<Message>)>;

impl<'m> Reader<'m> {
    /// A reader for a sheet; `files` holds those that are looked up in. The error names a column that is not there.
    pub fn new(
        mapping: &'m Mapping,
        sheet: &'m Sheet,
        files: &BTreeMap<String, Sheet>,
        sources: BTreeMap<String, HashMap<String, String>>,
    ) -> Result<Self, Message> {
        for column in mapping.columns() {
            find(sheet, column, None)?;
        }
        let columns =
            sheet.headers.iter().enumerate().map(|(index, header)| (header.as_str(), index)).collect();
        let mut lookups = BTreeMap::new();
        for lookup in mapping.lookups() {
            if let Some(sheet) = files.get(&lookup.file) {
                lookups.insert(lookup, index(sheet, lookup)?);
            }
        }
        Ok(Self { mapping, columns, lookups, sources })
    }

    /// Whether the mapping means this row.
    pub fn means(&self, cells: &[String]) -> bool {
        let only = self.mapping.only.iter().all(|(column, values)| values.contains(self.cell(column, cells)));
        only && !self.mapping.skip.iter().any(|(column, values)| values.contains(self.cell(column, cells)))
    }

    fn cell<'c>(&self, column: &str, cells: &'c [String]) -> &'c str {
        let cell = self.columns.get(column).and_then(|index| cells.get(*index));
        cell.map(|cell| unguarded(cell).trim()).unwrap_or_default()
    }

    /// Words with the columns in braces filled in.
    pub fn fill(&self, words: &str, cells: &[String]) -> String {
        holes(words).fold(words.to_owned(), |filled, column| {
            filled.replace(&format!("{{{column}}}"), self.cell(column, cells))
        })
    }

    /// The id a record goes by: that of the one whose source id the row names, or else a new one.
    pub fn record(&self, kind: &str, cells: &[String]) -> Result<String, Refused> {
        let Spec(steps) = &self.mapping.record;
        let named = Spec(Steps { names: Some(kind.to_owned()), ..steps.clone() });
        self.value(&named, None, cells)
    }

    /// The words of a field that takes values of `kind`; none where the row has nothing for it.
    pub fn value(
        &self,
        Spec(steps): &Spec,
        kind: Option<&Kind>,
        cells: &[String],
    ) -> Result<String, Refused> {
        let otherwise = || steps.otherwise.as_deref().map(|spec| self.value(spec, kind, cells));
        let given = match (&steps.column, &steps.template, &steps.constant) {
            (Some(column), _, _) => self.cell(column, cells).to_owned(),
            (None, Some(template), _) => self.fill(template, cells),
            (None, None, constant) => constant.clone().unwrap_or_default(),
        };
        if given.is_empty() {
            return otherwise().unwrap_or(Ok(given));
        }
        let right = self.right(steps, given)?;
        let found = match &steps.lookup {
            Some(lookup) => match self.lookups.get(lookup).and_then(|index| index.get(&right)) {
                Some(found) => found.clone(),
                None => {
                    let missing = msg!(entry::NOT_IN_FILE, value = &right, file = &lookup.file);
                    return otherwise().unwrap_or(Err(Box::new((missing, None))));
                }
            },
            None => right,
        };
        let known = steps.names.as_ref().and_then(|kind| self.sources.get(kind)?.get(&found));
        if let Some(id) = known {
            return Ok(id.clone());
        }
        let word = if steps.slug { slug(&found) } else { found };
        self.typed(format!("{}{word}", steps.prefix), kind, steps)
    }

    fn right(&self, steps: &Steps, given: String) -> Result<String, Refused> {
        match steps.values.get(&given) {
            Some(right) => Ok(right.clone()),
            None if steps.strict => {
                let near = nearest(&given, steps.values.keys().map(String::as_str));
                let help = near.map(|near| msg!(finding::NEAREST, name = near));
                Err(Box::new((msg!(entry::NOT_IN_TABLE, value = &given), help)))
            }
            None => Ok(given),
        }
    }

    /// Dates and numbers as records write them.
    fn typed(&self, words: String, kind: Option<&Kind>, steps: &Steps) -> Result<String, Refused> {
        match kind {
            Some(Kind::Day) => Ok(self.date(&words).unwrap_or(words)),
            Some(Kind::AnyOf(kinds)) => self.typed(words, kinds.first(), steps),
            Some(Kind::Amount | Kind::Rate | Kind::Quantity | Kind::Integer { .. }) => {
                let wrong = || Box::new((msg!(entry::NOT_A_NUMBER, value = &words), None));
                let number = plain_number(&words, self.mapping.decimal, self.mapping.thousands);
                // A word for a multiple goes by the unit of the field, which whoever types it to the field knows.
                if number.is_none() && steps.times.is_none() && words.contains(['万', '亿', '千']) {
                    return Ok(words);
                }
                let number = number.ok_or_else(wrong)?;
                match &steps.times {
                    None => Ok(number),
                    Some(times) => product(&number, times).ok_or_else(wrong),
                }
            }
            _ => Ok(words),
        }
    }

    fn date(&self, words: &str) -> Option<String> {
        let date = |format: &String| {
            // A format with a time of day reads the day of it.
            let with_time = || Some(chrono::NaiveDateTime::parse_from_str(words, format).ok()?.date());
            NaiveDate::parse_from_str(words, format).ok().or_else(with_time)
        };
        self.mapping.dates.iter().find_map(date).map(|day| day.to_string())
    }
}

/// Where a column stands; the error names the nearest.
fn find(sheet: &Sheet, column: &str, file: Option<&str>) -> Result<usize, Message> {
    let found = sheet.headers.iter().position(|header| header == column);
    found.ok_or_else(|| {
        let columns = Message::list(&sheet.headers);
        match file {
            Some(file) => msg!(entry::NO_COLUMN_IN, column = column, file = file, columns = columns),
            None => msg!(entry::NO_COLUMN, column = column, columns = columns),
        }
    })
}

fn index(sheet: &Sheet, lookup: &Lookup) -> Result<HashMap<String, String>, Message> {
    let [key, value] = [&lookup.key, &lookup.value].map(|column| find(sheet, column, Some(&lookup.file)));
    let (key, value) = (key?, value?);
    let mut index = HashMap::new();
    for (_, cells) in &sheet.rows {
        let cell =
            |at: usize| cells.get(at).map(|cell| unguarded(cell).trim()).filter(|cell| !cell.is_empty());
        if let (Some(key), Some(value)) = (cell(key), cell(value)) {
            index.entry(key.to_owned()).or_insert_with(|| value.to_owned());
        }
    }
    Ok(index)
}

/// A word that can be an id: letters small, everything else but digits a hyphen.
pub fn slug(words: &str) -> String {
    let letters = words.to_lowercase();
    let parts = letters.split(|letter: char| !letter.is_alphanumeric()).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("-")
}

/// A number without currency, blanks and separators; in brackets, it is negative. Separators that do not part threes are
/// no separators: `1,5` is not 15.
fn plain_number(words: &str, decimal: char, thousands: char) -> Option<String> {
    const CURRENCY: [&str; 9] = ["¥", "￥", "$", "€", "£", "CNY", "RMB", "USD", "元"];
    let mut rest = words.trim();
    let bracketed = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    rest = bracketed.unwrap_or(rest).trim();
    let (sign, unsigned) = rest.strip_prefix('-').map_or(("", rest), |rest| ("-", rest));
    rest = unsigned.trim();
    for mark in CURRENCY {
        rest = rest.strip_prefix(mark).or_else(|| rest.strip_suffix(mark)).unwrap_or(rest).trim();
    }
    let (rest, percent) = rest.strip_suffix('%').map_or((rest, ""), |rest| (rest.trim_end(), "%"));
    let (whole, fraction) =
        rest.split_once(decimal).map_or((rest, None), |(whole, rest)| (whole, Some(rest)));
    let blank = |letter: &char| *letter == thousands || *letter == '\u{a0}' || *letter == '\u{202f}';
    let groups: Vec<&str> = whole.split(|letter| blank(&letter)).collect();
    if groups.iter().skip(1).any(|group| group.len() != 3) || groups.len() > 1 && groups[0].len() > 3 {
        return None;
    }
    let sign = if bracketed.is_some() { "-" } else { sign };
    let number = format!(
        "{sign}{}{}{}",
        groups.concat(),
        if fraction.is_some() { "." } else { "" },
        fraction.unwrap_or_default()
    );
    number.parse::<Amount>().ok()?;
    Some(number + percent)
}

fn product(number: &str, times: &str) -> Option<String> {
    let [number, times]: [Amount; 2] = [number.parse().ok()?, times.parse().ok()?];
    let product: Decimal = number.0.checked_mul(times.0)?;
    Some(product.normalize().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_however_they_are_dressed() {
        for (words, expected) in [
            ("1,234,567.80", Some("1234567.80")),
            ("￥ 5,200", Some("5200")),
            ("5200元", Some("5200")),
            ("(1,000.5)", Some("-1000.5")),
            ("-$3", Some("-3")),
            ("97 %", Some("97%")),
            ("1,5", None),
            ("1,23,456", None),
            ("1234,567", None),
            ("abc", None),
            ("", None),
        ] {
            assert_eq!(plain_number(words, '.', ',').as_deref(), expected, "{words}");
        }
        assert_eq!(plain_number("1.234,5", ',', '.').as_deref(), Some("1234.5"));
        assert_eq!(product("52000000", "0.0001").as_deref(), Some("5200"));
    }

    #[test]
    fn a_slug_is_an_id() {
        assert_eq!(slug("Gekko & Co"), "gekko-co");
        assert_eq!(slug(" 华东精密（上海）"), "华东精密-上海");
    }
}
