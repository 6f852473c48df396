//! New TOML text: one way to write each value.
//!
//! Text is written `"…"` on one line, with escapes; text of several lines as `"""` where it stands alone after its key
//! in a file with LF line ends. A key is bare where TOML 1.0 lets it, quoted otherwise, which Chinese keys always are.

use std::fmt::Write;

use chrono::NaiveDate;
use rust_decimal::Decimal;

/// A value to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A string.
    Text(String),
    /// One TOML value as it is to stand: a number, a day, `true`, or what a user typed.
    Raw(String),
    /// A list.
    List(Vec<Value>),
    /// A table.
    Table(Table),
}

/// Keys and values in the order they are written.
pub type Table = Vec<(String, Value)>;

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<NaiveDate> for Value {
    fn from(day: NaiveDate) -> Self {
        Self::Raw(day.format("%Y-%m-%d").to_string())
    }
}

macro_rules! raw {
    ($($kind:ty),*) => {$(
        impl From<$kind> for Value {
            fn from(value: $kind) -> Self {
                Self::Raw(value.to_string())
            }
        }
    )*};
}
raw!(bool, i64, u32, usize, Decimal);

impl Value {
    /// Whether it is a list of tables, which stands as `[[sections]]` where there is room for them.
    pub(super) fn as_entries(&self) -> Option<Vec<&Table>> {
        match self {
            Self::List(values) if !values.is_empty() => values.iter().map(Self::as_table).collect(),
            _ => None,
        }
    }

    /// The table, if it is one.
    pub(super) fn as_table(&self) -> Option<&Table> {
        match self {
            Self::Table(table) => Some(table),
            _ => None,
        }
    }
}

/// A key, quoted where it must be.
pub fn key(name: &str) -> String {
    let bare = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if !name.is_empty() && name.bytes().all(bare) { name.to_owned() } else { text(name) }
}

/// Keys joined with dots.
pub(super) fn dotted<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(key).collect::<Vec<_>>().join(".")
}

/// A value on one line.
pub fn inline(value: &Value) -> String {
    match value {
        Value::Text(words) => text(words),
        Value::Raw(raw) => raw.clone(),
        Value::List(values) => {
            let values: Vec<_> = values.iter().map(inline).collect();
            format!("[{}]", values.join(", "))
        }
        Value::Table(table) if table.is_empty() => "{}".to_owned(),
        Value::Table(table) => {
            let pairs: Vec<_> =
                table.iter().map(|(name, value)| format!("{} = {}", key(name), inline(value))).collect();
            format!("{{ {} }}", pairs.join(", "))
        }
    }
}

/// A value that stands alone after its key in a file with these line ends.
pub(super) fn alone(value: &Value, newline: &str) -> String {
    match value {
        Value::Text(words) if newline == "\n" && reads_better_in_lines(words) => lines(words),
        _ => inline(value),
    }
}

/// A string on one line.
pub fn text(words: &str) -> String {
    let mut out = String::with_capacity(words.len() + 2);
    out.push('"');
    for letter in words.chars() {
        match letter {
            '\n' => out.push_str("\\n"),
            _ => escape(&mut out, letter),
        }
    }
    out.push('"');
    out
}

/// Not where an editor that strips spaces at line ends would change the text.
fn reads_better_in_lines(words: &str) -> bool {
    let stripped = |line: &str| line.ends_with([' ', '\t']);
    words.contains('\n') && !words.contains('\r') && !words.split('\n').any(stripped)
}

fn lines(words: &str) -> String {
    let mut out = String::from("\"\"\"\n");
    for letter in words.chars() {
        match letter {
            '\n' => out.push('\n'),
            _ => escape(&mut out, letter),
        }
    }
    out.push_str("\"\"\"");
    out
}

fn escape(out: &mut String, letter: char) {
    match letter {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\t' => out.push_str("\\t"),
        '\r' => out.push_str("\\r"),
        letter if letter.is_control() => {
            let _ = write!(out, "\\u{:04X}", u32::from(letter));
        }
        letter => out.push(letter),
    }
}

/// The lines of a table: its plain pairs, then its lists of tables as `[[sections]]` under `header`.
pub(super) fn body(header: &[&str], table: &Table, newline: &str) -> String {
    let mut out = String::new();
    for (name, value) in table.iter().filter(|(_, value)| value.as_entries().is_none()) {
        let _ = write!(out, "{} = {}{newline}", key(name), alone(value, newline));
    }
    for (name, value) in table {
        let mut below = header.to_vec();
        below.push(name);
        for entry in value.as_entries().into_iter().flatten() {
            out.push_str(&list_section(&below, entry, newline));
        }
    }
    out
}

/// One `[[header]]` and its lines.
pub(super) fn list_section(header: &[&str], entry: &Table, newline: &str) -> String {
    format!("[[{}]]{newline}{}", dotted(header.iter().copied()), body(header, entry, newline))
}

/// One `[header]` and its lines.
pub(super) fn table_section(header: &[&str], table: &Table, newline: &str) -> String {
    format!("[{}]{newline}{}", dotted(header.iter().copied()), body(header, table, newline))
}

/// A whole new file: comment lines (each with its `#`), the plain pairs, tables as `[sections]`, then lists of tables.
pub fn document(comments: &[&str], record: &Table) -> String {
    let is_section = |value: &Value| value.as_entries().is_some() || value.as_table().is_some();
    let plain: Table = record.iter().filter(|(_, value)| !is_section(value)).cloned().collect();
    let head: String = comments.iter().map(|line| format!("{line}\n")).collect();
    let mut blocks = vec![head + &body(&[], &plain, "\n")];
    for (name, value) in record {
        blocks.extend(value.as_table().map(|table| table_section(&[name], table, "\n")));
    }
    for (name, value) in record {
        let entries = value.as_entries().into_iter().flatten();
        blocks.extend(entries.map(|entry| list_section(&[name], entry, "\n")));
    }
    blocks.retain(|block| !block.is_empty());
    blocks.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(pairs: &[(&str, Value)]) -> Table {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
    }

    #[test]
    fn each_value_has_one_spelling() {
        let day = NaiveDate::from_ymd_opt(2026, 10, 9).unwrap();
        for (value, expected) in [
            (Value::from("李明 said \"no\"\\\n\u{1b}"), r#""李明 said \"no\"\\\n\u001B""#),
            (day.into(), "2026-10-09"),
            (Decimal::new(1250, 2).into(), "12.50"),
            (true.into(), "true"),
            (Value::List(vec!["a".into(), 2_i64.into()]), "[\"a\", 2]"),
            (
                Value::Table(table(&[("avg", 5_i64.into()), ("王芳", 1_i64.into())])),
                "{ avg = 5, \"王芳\" = 1 }",
            ),
            (Value::Table(Table::new()), "{}"),
        ] {
            assert_eq!(inline(&value), expected);
        }
    }

    #[test]
    fn only_text_of_several_lines_stands_in_several_lines() {
        assert_eq!(alone(&"one\n\"two\"".into(), "\n"), "\"\"\"\none\n\\\"two\\\"\"\"\"");
        assert_eq!(alone(&"one\ntwo".into(), "\r\n"), r#""one\ntwo""#);
        assert_eq!(alone(&"one \ntwo".into(), "\n"), r#""one \ntwo""#);
    }

    #[test]
    fn a_new_document_reads_like_a_record() {
        let next = table(&[("what", "send proposal".into())]);
        let month = table(&[("loans", 3_i64.into())]);
        let visit = table(&[
            ("date", Value::Raw("2026-10-09".into())),
            ("next", Value::List(vec![Value::Table(next)])),
            ("by", "wang-fang".into()),
        ]);
        let record = table(&[
            ("name", "Acme".into()),
            ("visits", Value::List(vec![Value::Table(visit)])),
            ("results", Value::Table(table(&[("2026-10", Value::Table(month))]))),
        ]);
        let written = document(&["#:schema ../x.json"], &record);
        let formatted = super::super::format(&written, &super::super::Order::default());
        assert_eq!(formatted.as_ref(), Ok(&written));
        assert_eq!(
            written,
            "#:schema ../x.json\nname = \"Acme\"\n\n[results]\n2026-10 = { loans = 3 }\n\n[[visits]]\n\
             date = 2026-10-09\nby = \"wang-fang\"\n[[visits.next]]\nwhat = \"send proposal\"\n"
        );
    }

    proptest::proptest! {
        #![proptest_config(crate::property::config())]

        #[test]
        fn any_text_reads_back(words in "(?s).{0,40}") {
            for written in [text(&words), alone(&Value::from(words.as_str()), "\n")] {
                let read = toml::de::DeValue::parse(&written).unwrap().into_inner();
                proptest::prop_assert_eq!(read.as_str(), Some(words.as_str()));
            }
        }
    }
}
