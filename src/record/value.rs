//! The value types records are made of: days, months, periods, amounts and ids.
//!
//! Each says in its schema what it is (`x-type`, `x-ref`), so that the fault walk, the flags of `add` and editors judge a
//! value by the same words as the reader does.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::{Serialize, Serializer};
use smol_str::SmolStr;

use crate::period::{Month, Period};

/// A calendar day between 1900 and 9999, written as a native TOML date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub NaiveDate);

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m-%d"))
    }
}

/// The day a TOML datetime names, where it names a day, no time, and a year people live in.
pub fn day_of(datetime: &toml::value::Datetime) -> Option<NaiveDate> {
    let date = datetime.date.filter(|_| datetime.time.is_none() && datetime.offset.is_none())?;
    NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into())
        .filter(|day| day.year() >= 1900)
}

/// The day written `2026-10-09`, exactly so.
fn calendar_day(text: &[u8]) -> Option<NaiveDate> {
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text else { return None };
    let number = |digits: &[u8]| {
        digits
            .iter()
            .try_fold(0, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + u32::from(digit - b'0')))
    };
    let year = i32::try_from(number(&[y1, y2, y3, y4])?).ok()?;
    NaiveDate::from_ymd_opt(year, number(&[m1, m2])?, number(&[d1, d2])?)
}

/// The newtype name by which a day asks the reader for a date's text as it stands in the source.
pub const AS_DAY: &str = "rmbook::day";

struct DayVisitor;

impl<'de> Visitor<'de> for DayVisitor {
    type Value = Day;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a date such as 2026-10-09")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Day, D::Error> {
        let datetime = toml::value::Datetime::deserialize(deserializer)?;
        day_of(&datetime).map(Day).ok_or_else(|| Error::custom("expected a date such as 2026-10-09"))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Day, E> {
        let day = calendar_day(text.as_bytes()).filter(|day| day.year() >= 1900);
        day.map(Day).ok_or_else(|| E::invalid_value(serde::de::Unexpected::Str(text), &self))
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(AS_DAY, DayVisitor)
    }
}

impl JsonSchema for Day {
    fn schema_name() -> Cow<'static, str> {
        "Day".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date", "x-type": "day" })
    }
}

/// A decimal number exactly as typed: a TOML integer, float or text of at most 15 significant digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(pub Decimal);

/// The most significant digits an amount may have; a float of that many survives every reader.
pub const AMOUNT_DIGITS: u32 = 15;

impl FromStr for Amount {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let digits: Cow<'_, str> =
            if text.contains('_') { text.replace('_', "").into() } else { text.into() };
        let digits = digits.strip_prefix('+').unwrap_or(&digits);
        let number = match digits.find(['e', 'E']) {
            None => {
                let number = Decimal::from_str_exact(digits).map_err(|_| ())?;
                // So short a text cannot hold too many digits; nearly every amount ends here.
                if digits.len() <= AMOUNT_DIGITS as usize {
                    return Ok(Self(number));
                }
                number
            }
            Some(_) => Decimal::from_scientific(digits).map_err(|_| ())?,
        };
        let limit = 10_i128.pow(AMOUNT_DIGITS);
        let magnitude = number.normalize();
        let fits = magnitude.mantissa().abs() < limit && magnitude.trunc().mantissa().abs() < limit;
        if fits { Ok(Self(number)) } else { Err(()) }
    }
}

/// The newtype name by which a value asks the reader for a number's digits as they stand in the source.
pub const AS_TYPED: &str = "rmbook::as_typed";

struct AmountVisitor;

impl<'de> Visitor<'de> for AmountVisitor {
    type Value = Amount;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a decimal number of at most {AMOUNT_DIGITS} significant digits")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Amount, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Amount, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Amount, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Amount, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Amount, E> {
        text.parse().map_err(|()| E::invalid_value(serde::de::Unexpected::Str(text), &self))
    }
}

impl<'de> Deserialize<'de> for Amount {
    /// The reader hands an `Amount` the digits of the source; another deserializer may hand it a number.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(AS_TYPED, AmountVisitor)
    }
}

/// As a schema states what is assumed.
impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (self.0.fract().is_zero(), self.0.to_i64(), self.0.to_f64()) {
            (true, Some(whole), _) => serializer.serialize_i64(whole),
            (_, _, Some(number)) => serializer.serialize_f64(number),
            _ => serializer.collect_str(&self.0),
        }
    }
}

impl JsonSchema for Amount {
    fn schema_name() -> Cow<'static, str> {
        "Amount".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["number", "string"], "x-type": "amount" })
    }
}

/// A fraction: `"97%"` in text, or the plain number 0.97.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rate(pub Decimal);

impl FromStr for Rate {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text.strip_suffix('%') {
            Some(percent) => Ok(Self(percent.trim_end().parse::<Amount>()?.0 / Decimal::ONE_HUNDRED)),
            None => Ok(Self(text.parse::<Amount>()?.0)),
        }
    }
}

struct RateVisitor;

impl<'de> Visitor<'de> for RateVisitor {
    type Value = Rate;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a fraction such as \"97%\" or 0.97")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Rate, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Rate, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Rate, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Rate, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Rate, E> {
        text.parse().map_err(|()| E::invalid_value(serde::de::Unexpected::Str(text), &self))
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(AS_TYPED, RateVisitor)
    }
}

impl JsonSchema for Rate {
    fn schema_name() -> Cow<'static, str> {
        "Rate".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["number", "string"], "x-type": "rate" })
    }
}

/// A figure of whatever measure or metric: a number in its unit, of one in percent also `"97%"` for 0.97.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quantity(pub Decimal);

impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Rate::deserialize(deserializer).map(|Rate(number)| Self(number))
    }
}

impl JsonSchema for Quantity {
    fn schema_name() -> Cow<'static, str> {
        "Quantity".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["number", "string"], "x-type": "quantity" })
    }
}

/// A calendar year as a key: `2026`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Year(pub i32);

impl FromStr for Year {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let year = (text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok());
        year.flatten().map(Self).ok_or(())
    }
}

macro_rules! textual {
    ($type:ty, $name:literal, $expected:literal, $pattern:expr) => {
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(|()| Error::custom($expected))
            }
        }

        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                $name.into()
            }

            fn inline_schema() -> bool {
                true
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "pattern": $pattern, "x-type": $name })
            }
        }
    };
}

/// What a month's text looks like, as a key too.
pub const MONTH_PATTERN: &str = r"^\d{4}-(0[1-9]|1[0-2])$";
textual!(Month, "month", "expected a month such as 2026-10", MONTH_PATTERN);
/// What a period's text looks like, as a key too.
pub const PERIOD_PATTERN: &str = r"^\d{4}(-(0[1-9]|1[0-2])|-?[QqHh][1-4])?$";
textual!(Period, "period", "expected a period such as 2026-10, 2026-Q3, 2026-H1 or 2026", PERIOD_PATTERN);

/// What a year's text looks like, as a key too.
pub const YEAR_PATTERN: &str = r"^\d{4}$";
textual!(Year, "year", "expected a year such as 2026", YEAR_PATTERN);

macro_rules! record_id {
    ($(#[$doc:meta])* $name:ident, $kind:literal $(, $key:literal : $value:expr)?) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub SmolStr);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::ops::Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self(id.into())
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn inline_schema() -> bool {
                true
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "x-ref": $kind $(, $key: $value)? })
            }
        }
    };
}

record_id!(
    /// The id of a manager: the stem of a file under `managers/`.
    ManagerId, "manager"
);
record_id!(
    /// The id of a client: the stem of a file under `clients/`.
    ClientId, "client"
);
record_id!(
    /// The id of a team: the stem of a file under `teams/`.
    TeamId, "team"
);
record_id!(
    /// The id of a policy: the stem of a file under `policies/`.
    PolicyId, "policy"
);
record_id!(
    /// The name of a measure declared in `rmbook.toml`.
    MeasureId, "measure", "pattern": MEASURE_PATTERN
);

/// What a measure's name looks like: a word that expressions can hold.
pub const MEASURE_PATTERN: &str = "^[a-z][a-z0-9_]*$";

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize)]
    struct Line {
        value: Amount,
    }

    fn amount(toml: &str) -> Option<String> {
        toml::from_str::<Line>(&format!("value = {toml}")).ok().map(|line| line.value.0.to_string())
    }

    #[test]
    fn amounts_keep_their_value_up_to_15_digits() {
        assert_eq!(amount("5200").as_deref(), Some("5200"));
        assert_eq!(amount("-0.1").as_deref(), Some("-0.1"));
        assert_eq!(amount("'12.50'").as_deref(), Some("12.50"));
        assert_eq!(amount("1_000.5").as_deref(), Some("1000.5"));
        assert_eq!(amount("123456789012.345").as_deref(), Some("123456789012.345"));
        for refused in ["nan", "inf", "1e40", "'1234567890123456'", "'12,5'", "''", "true", "2026-10-09"] {
            assert_eq!(amount(refused), None, "{refused}");
        }
    }

    #[test]
    fn a_day_is_a_date_alone() {
        #[derive(serde::Deserialize)]
        struct Line {
            day: Day,
        }
        let day = |toml: &str| {
            toml::from_str::<Line>(&format!("day = {toml}")).ok().map(|line| line.day.to_string())
        };
        assert_eq!(day("2026-10-09").as_deref(), Some("2026-10-09"));
        for refused in ["2026-10-09T08:00:00", "08:00:00", "'2026-10-09'", "0000-01-01", "1"] {
            assert_eq!(day(refused), None, "{refused}");
        }
    }
}
