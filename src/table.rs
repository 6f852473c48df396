//! A table of typed cells: what every report makes and every format prints.
//!
//! A report says what a value is; a format alone decides how it looks. Column keys are English and stable for ever: they are the
//! headers of CSV and the keys of JSON.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::text::{Lang, Message, Text};

/// What a column holds, which decides its alignment and its type in machine formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Words, ids, periods.
    Text,
    /// A whole number.
    Count,
    /// A decimal number: an amount, a score.
    Number,
    /// A fraction that people read as a percentage: 0.97 prints as 97%.
    Ratio,
    /// A difference of two such fractions, which people read in percentage points: 0.031 prints as 3.1.
    Points,
    /// A calendar day.
    Date,
    /// Yes or no.
    Flag,
    /// Figures over time, drawn as a small chart where people read.
    Trend,
}

/// Which numbers of a column belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Together {
    /// All of them: they are of one kind.
    All,
    /// Those of rows with the same cell in the column `unit`, as they are of what each row is about; none where there is no
    /// such column.
    Unit,
    /// None: each has the digits it has.
    None,
}

/// One column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Stable English key, `snake_case`.
    pub key: String,
    /// What people read above it.
    pub title: Message,
    /// What it holds.
    pub kind: Kind,
    /// What the numbers are in, where they all are in one unit: `万元`, `days`.
    pub unit: Option<String>,
    /// Which of its numbers people compare, so that they are printed with the same decimals.
    pub together: Together,
    /// Whether a terminal draws a bar beside each number: ratios against 1, other numbers against the column's largest.
    pub bar: bool,
}

impl Column {
    /// A column without a unit and bars.
    pub fn new(key: impl Into<String>, title: impl Into<Message>, kind: Kind) -> Self {
        Self { key: key.into(), title: title.into(), kind, unit: None, together: Together::All, bar: false }
    }

    /// The same column with bars.
    #[must_use]
    pub fn bar(mut self) -> Self {
        self.bar = true;
        self
    }

    /// The same column with numbers that belong together so.
    #[must_use]
    pub fn together(mut self, together: Together) -> Self {
        self.together = together;
        self
    }

    /// The same column with its unit.
    #[must_use]
    pub fn unit(mut self, unit: impl Into<String>) -> Self {
        self.unit = Some(unit.into());
        self
    }
}

/// One value.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing is known: empty in CSV, null in JSON, a dash on screen.
    Missing,
    /// Words that are the same in every language.
    Text(String),
    /// Words of ours, translated on screen; in CSV and JSON the stable English `key`.
    Said {
        /// Stable English key.
        key: &'static str,
        /// What people read.
        text: Text,
    },
    /// Something of the book by its id, a measure, an indicator: people read its title, in CSV and JSON stands the id.
    Titled {
        /// The id.
        key: String,
        /// What people call it.
        title: Message,
    },
    /// A name in a tree, as many steps below its top: indented where people read, only the name elsewhere.
    Nested {
        /// Steps below the top.
        depth: usize,
        /// The name.
        text: String,
    },
    /// A sentence of ours with its numbers: translated on screen, in machine formats in the language asked for by name.
    Sentence(Message),
    /// A whole number.
    Count(i64),
    /// A decimal, printed with the digits it has.
    Number(Decimal),
    /// A fraction; 0.97 is 97 %.
    Ratio(Decimal),
    /// A day.
    Date(NaiveDate),
    /// Yes or no.
    Flag(bool),
    /// Figures over time, oldest first, gaps included.
    Trend(Vec<Option<Decimal>>),
}

impl Cell {
    /// Names one after the other; nothing where there are none.
    pub fn list(names: &[impl AsRef<str>]) -> Self {
        let title = Message::list(names);
        let key = title.get(Lang::En);
        if names.is_empty() { Self::Missing } else { Self::Titled { key, title } }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Text> for Cell {
    fn from(text: Text) -> Self {
        Self::Sentence(text.into())
    }
}

impl From<Message> for Cell {
    fn from(sentence: Message) -> Self {
        Self::Sentence(sentence)
    }
}

impl From<usize> for Cell {
    fn from(count: usize) -> Self {
        i64::try_from(count).map_or(Self::Missing, Self::Count)
    }
}

impl From<Decimal> for Cell {
    fn from(number: Decimal) -> Self {
        Self::Number(number)
    }
}

impl From<NaiveDate> for Cell {
    fn from(date: NaiveDate) -> Self {
        Self::Date(date)
    }
}

impl<T: Into<Self>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Missing, Into::into)
    }
}

/// Rows under columns, with a title and remarks.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Stable English name: the CSV file's stem, the JSON key.
    pub name: String,
    /// What people read above it.
    pub title: Message,
    /// The columns; every row has as many cells.
    pub columns: Vec<Column>,
    /// The rows, in an order that depends on the data alone.
    pub rows: Vec<Vec<Cell>>,
    /// What it is of, below the table before the remarks: the days meant, and the day it is seen on.
    pub basis: Option<Message>,
    /// Remarks below the table: what a reader of the rows alone would be misled without, such as records left out.
    pub notes: Vec<Message>,
}

impl Table {
    /// An empty table.
    pub fn new(name: impl Into<String>, title: impl Into<Message>, columns: Vec<Column>) -> Self {
        let (name, title) = (name.into(), title.into());
        Self { name, title, columns, rows: Vec::new(), basis: None, notes: Vec::new() }
    }

    /// Everything that stands below the rows.
    pub fn below(&self) -> impl Iterator<Item = &Message> {
        self.basis.iter().chain(&self.notes)
    }

    /// Adds a row, one cell a column.
    pub fn push(&mut self, row: Vec<Cell>) {
        debug_assert_eq!(
            row.len(),
            self.columns.len(),
            "a row of {} has as many cells as columns",
            self.name
        );
        self.rows.push(row);
    }

    /// Tables of one kind as one: under every column of those with rows, by key, each after the one it follows. What a table has no
    /// column for is missing there. Nothing of none.
    pub fn joined(mut tables: Vec<Self>) -> Option<Self> {
        if tables.iter().any(|table| !table.rows.is_empty()) {
            tables.retain(|table| !table.rows.is_empty());
        }
        let mut tables = tables.into_iter();
        let mut all = tables.next()?;
        for table in tables {
            let mut places = Vec::new();
            for column in table.columns {
                let known = all.columns.iter().position(|known| known.key == column.key);
                let at = known.unwrap_or_else(|| {
                    let at = places.last().map_or(0, |before: &usize| before + 1);
                    all.columns.insert(at, column);
                    all.rows.iter_mut().for_each(|row| row.insert(at, Cell::Missing));
                    at
                });
                places.push(at);
            }
            for cells in table.rows {
                let mut row = vec![Cell::Missing; all.columns.len()];
                places.iter().zip(cells).for_each(|(place, cell)| row[*place] = cell);
                all.rows.push(row);
            }
            let fresh = table.notes.into_iter().filter(|note| !all.notes.contains(note));
            all.notes.extend(fresh.collect::<Vec<_>>());
        }
        Some(all)
    }

    /// Takes away the columns that `keep` refuses, with their cells.
    pub fn keep_columns(&mut self, keep: impl Fn(&Column) -> bool) {
        let keeps: Vec<bool> = self.columns.iter().map(keep).collect();
        let mut kept = keeps.iter();
        self.columns.retain(|_| kept.next() == Some(&true));
        for row in &mut self.rows {
            let mut kept = keeps.iter();
            row.retain(|_| kept.next() == Some(&true));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_of_one_kind_stand_under_the_columns_of_both() {
        let table = |keys: &[&str], rows: &[&[&str]]| {
            let column = |key: &&str| Column::new(*key, Text::new("x", "x"), Kind::Text);
            let mut table = Table::new("t", Text::new("t", "t"), keys.iter().map(column).collect());
            rows.iter().for_each(|row| table.push(row.iter().map(|word| Cell::from(*word)).collect()));
            table
        };
        let one = table(&["id", "results", "total"], &[&["a", "60", "90"]]);
        let other =
            table(&["id", "people", "deeds", "total"], &[&["b", "40", "50", "95"], &["c", "41", "51", "96"]]);
        let none = table(&["id", "nothing"], &[]);
        let joined = Table::joined(vec![none.clone(), one, other]).unwrap();
        let keys: Vec<&str> = joined.columns.iter().map(|column| column.key.as_str()).collect();
        assert_eq!(keys, ["id", "people", "deeds", "results", "total"]);
        let row =
            |cells: [&str; 5]| cells.map(|it| if it == "-" { Cell::Missing } else { it.into() }).to_vec();
        let rows = [["a", "-", "-", "60", "90"], ["b", "40", "50", "-", "95"], ["c", "41", "51", "-", "96"]];
        assert_eq!(joined.rows, rows.map(row));
        assert_eq!(Table::joined(vec![none.clone()]), Some(none));
        assert_eq!(Table::joined(Vec::new()), None);
    }
}
