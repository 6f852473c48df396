//! A mapping file: which column is which field, and what is to be made of the values.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, MapAccess, Visitor};

use super::unread::{A_COLUMN, ONE_SOURCE, Unread};

/// How the rows of a file become records or entries.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Whether rows change fields of records that exist, instead of adding.
    #[serde(default)]
    pub update: bool,
    /// Encoding of the file; without one, UTF-8 or else GB18030.
    pub encoding: Option<String>,
    /// The delimiter; without one, the comma, semicolon or tab that the first line has most of.
    pub delimiter: Option<char>,
    /// How dates are written, in the letters of `strftime`; ISO dates are always read.
    #[serde(default)]
    pub dates: Vec<String>,
    /// What stands before the decimals.
    #[serde(default = "point")]
    pub decimal: char,
    /// What stands between groups of three digits.
    #[serde(default = "comma")]
    pub thousands: char,
    /// The id of the record a row makes, or of the one its entry goes to.
    pub record: Spec,
    /// The fields, by path: `name`, `next.what`, `results.{month}.deposits`, where `{month}` is a column.
    pub fields: BTreeMap<String, Spec>,
    /// Only rows with one of these values, by column.
    #[serde(default)]
    pub only: BTreeMap<String, BTreeSet<String>>,
    /// No rows with one of these values, by column.
    #[serde(default)]
    pub skip: BTreeMap<String, BTreeSet<String>>,
}

fn point() -> char {
    '.'
}

fn comma() -> char {
    ','
}

/// What one field takes from a row: a column's name alone, or a table.
#[derive(Clone, Debug, Default)]
pub struct Spec(pub Steps);

/// Where a value comes from, and what is done to it, in this order.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Steps {
    /// The column it stands in.
    pub column: Option<String>,
    /// The same for every row.
    pub constant: Option<String>,
    /// Words with columns in braces: `Prospects of {office}`.
    pub template: Option<String>,
    /// Values to be replaced: misspelt by right, theirs by ours.
    #[serde(default)]
    pub values: BTreeMap<String, String>,
    /// Whether a value that is not in the table refuses the row.
    #[serde(default)]
    pub strict: bool,
    /// Another file to look the value up in.
    pub lookup: Option<Lookup>,
    /// The kind of record it names: one whose `source` is the value is meant, whatever its id.
    pub names: Option<String>,
    /// Whether it becomes an id: small letters and digits, hyphens between.
    #[serde(default)]
    pub slug: bool,
    /// Words before it.
    #[serde(default)]
    pub prefix: String,
    /// A number to multiply an amount with: `0.0001` makes 万元 of 元.
    pub times: Option<String>,
    /// What to take where there is no value.
    pub otherwise: Option<Box<Spec>>,
}

/// Another file's column by the value of one of its columns; where several rows have it, the first counts.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(deny_unknown_fields)]
pub struct Lookup {
    /// The file, beside the one that is imported.
    pub file: String,
    /// The column to find the value in.
    pub key: String,
    /// The column to take.
    pub value: String,
}

impl<'de> Deserialize<'de> for Spec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct SpecVisitor;
        impl<'de> Visitor<'de> for SpecVisitor {
            type Value = Spec;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(A_COLUMN.en)
            }

            fn visit_str<E: Error>(self, column: &str) -> Result<Spec, E> {
                Ok(Spec(Steps { column: Some(column.to_owned()), ..Steps::default() }))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Spec, A::Error> {
                let steps = Steps::deserialize(MapAccessDeserializer::new(map))?;
                let from = [&steps.column, &steps.constant, &steps.template];
                match from.iter().filter(|from| from.is_some()).count() {
                    1 => Ok(Spec(steps)),
                    _ => Err(Error::custom(ONE_SOURCE.en)),
                }
            }
        }
        deserializer.deserialize_any(SpecVisitor)
    }
}

impl Mapping {
    /// Reads a mapping file; the error tells the place.
    pub fn read(text: &str) -> Result<Self, Unread> {
        toml::from_str(text).map_err(|error| Unread::of(text, &error))
    }

    /// Every spec, those for missing values included.
    fn specs(&self) -> Vec<&Steps> {
        let mut found = Vec::new();
        let mut rest: Vec<&Spec> = self.fields.values().chain([&self.record]).collect();
        while let Some(Spec(steps)) = rest.pop() {
            found.push(steps);
            rest.extend(steps.otherwise.as_deref());
        }
        found
    }

    /// The columns it speaks of.
    pub fn columns(&self) -> BTreeSet<&str> {
        let of_specs = self.specs().into_iter().flat_map(|steps| {
            steps.column.as_deref().into_iter().chain(steps.template.iter().flat_map(|words| holes(words)))
        });
        let of_paths = self.fields.keys().flat_map(|path| holes(path));
        let of_rows = self.only.keys().chain(self.skip.keys()).map(String::as_str);
        of_specs.chain(of_paths).chain(of_rows).collect()
    }

    /// The lookups it makes.
    pub fn lookups(&self) -> BTreeSet<&Lookup> {
        self.specs().into_iter().filter_map(|steps| steps.lookup.as_ref()).collect()
    }

    /// The kinds of record whose source ids it asks for, beside those of the records themselves.
    pub fn named_kinds(&self) -> BTreeSet<&str> {
        self.specs().into_iter().filter_map(|steps| steps.names.as_deref()).collect()
    }
}

/// The names in braces.
pub fn holes(words: &str) -> impl Iterator<Item = &str> {
    words.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Lang, explain as say};

    #[test]
    fn a_field_is_a_column_or_a_table() {
        let mapping = Mapping::read(
            "record = { column = 'account', slug = true, otherwise = { template = 'p-{office}' } }\n[fields]\nname = 'account'\n\
             'results.{month}.loans' = 'loans'\nkind = { constant = 'call' }\n[only]\nstage = ['Won']\n",
        )
        .unwrap();
        let columns: Vec<&str> = mapping.columns().into_iter().collect();
        assert_eq!(columns, ["account", "loans", "month", "office", "stage"]);
    }

    #[test]
    fn the_manual_names_every_key() {
        let known = |text: &str| {
            let error = Mapping::read(text).unwrap_err().words.get(Lang::En);
            let (_, known) = error.split_once("there are: ").unwrap();
            known.split(", ").map(str::to_owned).collect::<Vec<_>>()
        };
        for (manual, keys) in [
            (say::IMPORT_KEYS, known("unheard = 1\n")),
            (say::IMPORT_STEPS, known("record = { unheard = 1 }\n")),
            (say::IMPORT_STEPS, known("record = { column = 'a', lookup = { unheard = 1 } }\n")),
        ] {
            assert!(keys.len() >= 3, "{keys:?}");
            for (key, lang) in keys.iter().flat_map(|key| [(key, Lang::En), (key, Lang::Zh)]) {
                assert!(manual.get(lang).contains(key.as_str()), "{key} in {lang:?}");
            }
        }
    }
}
