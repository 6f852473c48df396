//! Rows of values from CSV, JSON and JSON Lines, in UTF-8, UTF-16 or GB18030, told apart by their bytes.

use std::borrow::Cow;

use anyhow::bail;

use super::given::{Given, Pairs};
use crate::failure::{OrFail, failure};
use crate::msg;
use crate::text::run;

/// The delimiters that are told apart.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

/// A CSV file taken apart.
#[derive(Debug)]
pub struct Sheet {
    /// The names in the first row.
    pub headers: Vec<String>,
    /// The other rows, each with its number as a spreadsheet shows it.
    pub rows: Vec<(usize, Vec<String>)>,
}

/// The text of bytes in UTF-8 or, where they are not, in UTF-16 that says so, else in GB18030; without a byte order mark.
pub fn decode<'b>(bytes: &'b [u8], encoding: Option<&str>) -> anyhow::Result<Cow<'b, str>> {
    let (text, encoding, bad) = match encoding {
        Some(name) => {
            let encoding = encoding_rs::Encoding::for_label(name.as_bytes())
                .or_fail(|| msg!(run::NO_ENCODING, name = name))?;
            encoding.decode(bytes)
        }
        None if std::str::from_utf8(bytes).is_ok() => encoding_rs::UTF_8.decode(bytes),
        None => match encoding_rs::Encoding::for_bom(bytes) {
            Some((utf16, _)) => utf16.decode(bytes),
            None => encoding_rs::GB18030.decode(bytes),
        },
    };
    if bad {
        bail!(failure(msg!(run::NOT_TEXT, encoding = encoding.name())));
    }
    Ok(text)
}

/// The delimiter that stands most often in the first line, outside quotes.
fn delimiter(text: &str) -> u8 {
    let mut quoted = false;
    let mut counts = [0_usize; DELIMITERS.len()];
    for byte in text.bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            _ if quoted => {}
            _ => {
                if let Some(at) = DELIMITERS.iter().position(|known| *known == byte) {
                    counts[at] += 1;
                }
            }
        }
    }
    let most = (0..DELIMITERS.len()).rev().max_by_key(|at| counts[*at]);
    most.map_or(b',', |at| DELIMITERS[at])
}

/// Reads a sheet; `given` is the delimiter where it is not to be guessed.
pub fn sheet(text: &str, given: Option<u8>) -> anyhow::Result<Sheet> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(given.unwrap_or_else(|| delimiter(text)))
        .flexible(true)
        .from_reader(text.as_bytes());
    let headers: Vec<String> = reader.headers()?.iter().map(|header| header.trim().to_owned()).collect();
    if let Some(twice) = (1..headers.len()).find(|at| headers[..*at].contains(&headers[*at])) {
        bail!(failure(msg!(run::COLUMN_TWICE, column = &headers[twice])));
    }
    let mut rows = Vec::new();
    for (index, record) in reader.records().enumerate() {
        let (number, record) = (index + 2, record?);
        if record.iter().all(str::is_empty) {
            continue;
        }
        if record.len() > headers.len() {
            let (cells, headers) = (record.len(), headers.len());
            bail!(failure(msg!(run::MORE_CELLS, number = number, cells = cells, headers = headers)));
        }
        rows.push((number, record.iter().map(str::to_owned).collect()));
    }
    Ok(Sheet { headers, rows })
}

/// The objects of a JSON array, of one object, or of JSON Lines, each with its number.
pub fn objects(text: &str) -> anyhow::Result<Vec<(usize, Pairs)>> {
    let whole = text.trim_start();
    let values: Vec<&serde_json::value::RawValue> = if whole.starts_with('[') {
        serde_json::from_str(whole).or_fail(|| run::NOT_JSON)?
    } else {
        let stream = serde_json::Deserializer::from_str(whole).into_iter();
        stream.collect::<Result<_, _>>().or_fail(|| run::NOT_JSON_LINES)?
    };
    let object = |(index, value): (usize, &serde_json::value::RawValue)| match Given::json(value.get())
        .or_fail(|| msg!(run::ROW_NUMBER, number = index + 1))?
    {
        Some(Given::Table(pairs)) => Ok((index + 1, pairs)),
        _ => bail!(failure(msg!(run::NO_OBJECT_ROW, number = index + 1))),
    };
    values.into_iter().enumerate().map(object).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters_and_encodings_are_told_apart() {
        assert_eq!(delimiter("\"a;b;c\",d\n1;2;3"), b',');
        assert_eq!(delimiter("a;b\n"), b';');
        assert_eq!(delimiter("a\tb,c\td\n"), b'\t');
        assert_eq!(delimiter("a"), b',');
        assert_eq!(decode("\u{feff}客户".as_bytes(), None).unwrap(), "客户");
        assert_eq!(decode(&[0xbf, 0xcd, 0xbb, 0xa7], None).unwrap(), "客户");
        assert_eq!(decode(&[0xff, 0xfe, 0xa2, 0x5b, 0x37, 0x62], None).unwrap(), "客户");
        assert!(decode(&[0xff, 0xff, 0xff], None).is_err());
        assert!(decode(b"a", Some("klingon")).is_err());
    }

    #[test]
    fn a_sheet_keeps_the_numbers_of_its_rows() {
        let sheet = sheet("a,b\n1\n\n,\n\"x\ny\",2\n", None).unwrap();
        assert_eq!(sheet.headers, ["a", "b"]);
        assert_eq!(sheet.rows, [(2, vec!["1".to_owned()]), (4, vec!["x\ny".to_owned(), "2".to_owned()])]);
        assert!(self::sheet("a\n1,2\n", None).is_err());
        assert!(self::sheet("a,a\n", None).is_err());
    }

    #[test]
    fn json_comes_as_an_array_or_in_lines() {
        for text in ["[{\"a\": 1}, {\"a\": 2}]", "{\"a\": 1}\n{\"a\": 2}\n"] {
            let numbers: Vec<usize> = objects(text).unwrap().iter().map(|(number, _)| *number).collect();
            assert_eq!(numbers, [1, 2], "{text}");
        }
        assert!(objects("[1]").is_err() && objects("{").is_err());
    }
}
