//! Tables as reports declare them: a name, a title and columns, once, in both languages.

use super::Input;
use crate::record::settings::Settings;
use crate::table::{Cell, Column, Kind, Table, Together};
use crate::text::Text;

/// One column of a [`Sheet`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Col {
    key: &'static str,
    title: Text,
    kind: Kind,
    unit: Unit,
    together: Together,
    bar: bool,
}

/// What the numbers of a column are in.
#[derive(Clone, Copy, Debug)]
enum Unit {
    /// Nothing, or what its title says.
    None,
    /// The book's money unit.
    Money,
    /// The unit of the measure by which clients are judged lost.
    Size,
}

impl Col {
    const fn new(key: &'static str, en: &'static str, zh: &'static str, kind: Kind) -> Self {
        Self { key, title: Text::new(en, zh), kind, unit: Unit::None, together: Together::All, bar: false }
    }

    /// Words, ids, periods.
    pub(super) const fn text(key: &'static str, en: &'static str, zh: &'static str) -> Self {
        Self::new(key, en, zh, Kind::Text)
    }

    /// A whole number.
    pub(super) const fn count(key: &'static str, en: &'static str, zh: &'static str) -> Self {
        Self::new(key, en, zh, Kind::Count)
    }

    /// A decimal number without a unit of its own.
    pub(super) const fn number(key: &'static str, en: &'static str, zh: &'static str) -> Self {
        Self::new(key, en, zh, Kind::Number)
    }

    /// A decimal number of what the row is about, in a unit that rows differ in.
    pub(super) const fn figure(key: &'static str, en: &'static str, zh: &'static str) -> Self {
        Self { together: Together::Unit, ..Self::number(key, en, zh) }
    }

    /// An amount in the book's money unit.
    pub(super) const fn money(key: &'static str, en: &'static str, zh: &'static str) -> Self {
        Self { unit: Unit::Money, ..Self::new(key, en, zh, Kind::Number) }
    }

    /// An amount of the measure by which clients are judged lost.
    pub(super) const fn size(key: &'static str, en: &'static str, zh: &'static str) -> Self {
        Self { unit: Unit::Size, ..Self::new(key, en, zh, Kind::Number) }
    }

    /// A fraction.
    pub(super) const fn ratio(key: &'static str, en: &'static str, zh: &'static str) -> Self {
        Self::new(key, en, zh, Kind::Ratio)
    }

    /// A difference of two fractions.
    pub(super) const fn points(key: &'static str, en: &'static str, zh: &'static str) -> Self {
        Self::new(key, en, zh, Kind::Points)
    }

    /// A day.
    pub(super) const fn date(key: &'static str, en: &'static str, zh: &'static str) -> Self {
        Self::new(key, en, zh, Kind::Date)
    }

    /// Figures over time.
    pub(super) const fn trend(key: &'static str, en: &'static str, zh: &'static str) -> Self {
        Self::new(key, en, zh, Kind::Trend)
    }

    /// Yes or no.
    pub(super) const fn flag(key: &'static str, en: &'static str, zh: &'static str) -> Self {
        Self::new(key, en, zh, Kind::Flag)
    }

    /// The same column with a bar beside each number.
    pub(super) const fn bar(self) -> Self {
        Self { bar: true, ..self }
    }

    fn column(self, settings: &Settings) -> Column {
        let column = Column::new(self.key, self.title, self.kind);
        let size = settings.measures.get(&settings.clients.lost_by).map(|measure| &measure.unit);
        let column = match self.unit {
            Unit::None => column,
            Unit::Money => column.unit(&settings.money),
            Unit::Size => size.map_or(column.clone(), |unit| column.unit(unit)),
        };
        let column = column.together(self.together);
        if self.bar { column.bar() } else { column }
    }
}

/// The one definition of a report's table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sheet {
    /// Stable English name, unique among all reports.
    pub(super) name: &'static str,
    /// What people read above it.
    pub(super) title: Text,
    /// The columns.
    pub(super) columns: &'static [Col],
}

impl Sheet {
    /// The table without rows.
    pub(super) fn table(&self, input: &Input<'_>) -> Table {
        let settings = &input.book.settings;
        let columns = self.columns.iter().map(|column| column.column(settings)).collect();
        Table::new(self.name, self.title, columns)
    }

    /// The table with these rows.
    pub(super) fn filled(&self, input: &Input<'_>, rows: impl IntoIterator<Item = Vec<Cell>>) -> Table {
        let mut table = self.table(input);
        rows.into_iter().for_each(|row| table.push(row));
        table
    }
}
