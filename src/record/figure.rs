//! Monthly figures: what a client, a manager, a team or the unit did in a month, by measure.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

use super::value::{Amount, MeasureId, Rate};
use crate::period::{Month, Period};

/// Figures by month: `2026-09 = { deposits = 5100, fee_income = 10.0 }`.
pub type Results = BTreeMap<Month, Figures>;

/// Targets by period and measure: `2026-10 = { deposits = 48000, new_clients = 2 }`.
pub type Targets = BTreeMap<Period, BTreeMap<MeasureId, Amount>>;

/// Whether what stands under a key of a record is about targets (`targets`, `target_changes`): there, metrics that are
/// computed from records may be named like measures.
pub fn is_of_targets(key: &str) -> bool {
    key.starts_with("target")
}

/// The figures of one month by measure, in the order of the measures.
///
/// A month has few measures and a book has many months: packed, they take a quarter of the memory of a map.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures(Box<[(MeasureId, Figure)]>);

impl Figures {
    /// The figure of a measure.
    pub fn get(&self, measure: &str) -> Option<&Figure> {
        self.iter().find(|(id, _)| ***id == *measure).map(|(_, figure)| figure)
    }

    /// The measures that have a figure.
    pub fn measures(&self) -> impl Iterator<Item = &MeasureId> {
        self.0.iter().map(|(measure, _)| measure)
    }

    /// Takes in the figure of a measure that has none.
    pub fn insert(&mut self, measure: MeasureId, figure: Figure) {
        let mut figures = std::mem::take(&mut self.0).into_vec();
        let at = figures.partition_point(|(known, _)| *known < measure);
        figures.insert(at, (measure, figure));
        self.0 = figures.into();
    }

    /// Every measure with its figure.
    pub fn iter(&self) -> impl Iterator<Item = (&MeasureId, &Figure)> {
        self.0.iter().map(|(measure, figure)| (measure, figure))
    }
}

struct FiguresVisitor;

impl<'de> Visitor<'de> for FiguresVisitor {
    type Value = Figures;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table of figures by measure")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Figures, A::Error> {
        let mut figures = Vec::with_capacity(map.size_hint().unwrap_or_default());
        while let Some(entry) = map.next_entry()? {
            figures.push(entry);
        }
        figures.sort_by(|(a, _): &(MeasureId, Figure), (b, _)| a.cmp(b));
        Ok(Figures(figures.into()))
    }
}

impl<'de> Deserialize<'de> for Figures {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(FiguresVisitor)
    }
}

impl JsonSchema for Figures {
    fn schema_name() -> Cow<'static, str> {
        "Figures".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        BTreeMap::<MeasureId, Figure>::json_schema(generator)
    }
}

/// A measure's figure of one month.
///
/// A plain amount is the month's average daily balance for a balance and the month's sum for a flow or a count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figure {
    /// Average daily balance, or the month's sum.
    pub avg: Option<Amount>,
    /// Balance at the end of the month's last day.
    pub end: Option<Amount>,
    /// Its rates, apart because few figures have any and a book has many figures.
    rates: Option<Box<Rates>>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Rates {
    rate: Option<Rate>,
    ftp: Option<Rate>,
}

impl Figure {
    const KEYS: [&'static str; 4] = ["avg", "end", "rate", "ftp"];

    /// A figure that is a sum or an average, and nothing more.
    pub fn of(amount: Amount) -> Self {
        Self { avg: Some(amount), ..Self::default() }
    }

    /// What stands for a figure that is computed from others, some of which lack something.
    pub fn incomplete() -> Self {
        Self::default()
    }

    /// Whether it says nothing at all.
    pub fn is_incomplete(&self) -> bool {
        *self == Self::default()
    }

    /// Annual rate paid or earned.
    pub fn rate(&self) -> Option<Rate> {
        self.rates.as_ref()?.rate
    }

    /// Annual internal funds-transfer price.
    pub fn ftp(&self) -> Option<Rate> {
        self.rates.as_ref()?.ftp
    }
}

struct FigureVisitor;

impl<'de> Visitor<'de> for FigureVisitor {
    type Value = Figure;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an amount, or { avg = …, end = … }")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Figure, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Figure, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Figure, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Figure, E> {
        let amount = text.parse().map_err(|()| E::invalid_value(serde::de::Unexpected::Str(text), &self))?;
        Ok(Figure::of(amount))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Figure, A::Error> {
        let mut figure = Figure::default();
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            match key.as_ref() {
                "avg" => figure.avg = Some(map.next_value()?),
                "end" => figure.end = Some(map.next_value()?),
                "rate" => figure.rates.get_or_insert_default().rate = Some(map.next_value()?),
                "ftp" => figure.rates.get_or_insert_default().ftp = Some(map.next_value()?),
                _ => return Err(Error::unknown_field(&key, &Figure::KEYS)),
            }
        }
        Ok(figure)
    }
}

impl<'de> Deserialize<'de> for Figure {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(super::value::AS_TYPED, FigureVisitor)
    }
}

impl JsonSchema for Figure {
    fn schema_name() -> Cow<'static, str> {
        "Figure".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let amount = generator.subschema_for::<Amount>();
        let rate = generator.subschema_for::<Rate>();
        let described = |schema: &Schema, en: &str, zh: &str| {
            let mut schema = schema.clone();
            schema.insert("description".into(), en.into());
            schema.insert("x-zh".into(), zh.into());
            schema
        };
        json_schema!({
            "anyOf": [amount, {
                "type": "object",
                "additionalProperties": false,
                "properties": {
                    "avg": described(&amount, "Average daily balance of the month", "月日均余额"),
                    "end": described(&amount, "Balance at the end of the month's last day", "月末时点余额"),
                    "rate": described(&rate, "Annual rate paid or earned", "年化执行利率"),
                    "ftp": described(&rate, "Annual internal funds-transfer price", "年化内部资金转移价格"),
                }
            }]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_holds_plain_amounts_and_averages_with_month_ends() {
        let text =
            "2026-10 = { deposits = { avg = 5200, end = 5350.5 }, loans = 3000, fee_income = '12.50' }";
        let results: Results = toml::from_str(text).unwrap();
        let month = &results[&"2026-10".parse().unwrap()];
        let figure = |measure: &str| month.get(measure).unwrap();
        assert_eq!(figure("deposits").end.unwrap().0.to_string(), "5350.5");
        assert_eq!(figure("loans").avg.unwrap().0.to_string(), "3000");
        assert_eq!(figure("fee_income").avg.unwrap().0.to_string(), "12.50");
        assert!(toml::from_str::<Results>("2026-10 = { deposits = { mean = 1 } }").is_err());
        assert!(toml::from_str::<Results>("2026-13 = { deposits = 1 }").is_err());
    }
}
