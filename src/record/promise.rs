//! Something promised: what, by whom, by when, and how often it was put off.

use std::borrow::Cow;
use std::fmt;

use chrono::NaiveDate;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, MapAccess, Visitor};

use super::history::then;
use super::value::{AS_DAY, Day, ManagerId};

/// Something promised, with its day
/// 承诺事项
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// What is to be done
    /// 事项
    pub what: String,
    /// Day it is due
    /// 到期日
    pub due: Option<Day>,
    /// Manager who owes it; by default whoever's entry it stands in
    /// 责任人
    #[schemars(extend("x-implied" = true))]
    pub owner: Option<ManagerId>,
    /// Day it was done
    /// 完成日
    #[schemars(extend("x-past" = true))]
    pub done: Option<Day>,
    /// Earlier due days it slipped from; `{ due, on }` says on which day it was put off
    /// 原到期日（`{ due, on }` 另记延期日）
    #[serde(default)]
    #[schemars(extend("x-keeps" = "due"))]
    pub slipped: Vec<Slip>,
    /// Who owed it before; what stands above is who does after the last of them
    /// 历任责任人（以上为末条之后的现任）
    #[serde(default)]
    #[schemars(extend("x-key" = ["until"], "x-order" = "until", "x-keeps" = "until"))]
    pub history: Vec<FormerOwner>,
}

impl Action {
    /// Who owed it on a day, where it says so.
    pub fn owner_on(&self, day: NaiveDate) -> Option<&ManagerId> {
        owner_on(&self.history, self.owner.as_ref(), day)
    }

    /// How often its due day had been put off by the end of a day.
    pub fn slips(&self, by: NaiveDate) -> usize {
        self.slipped.iter().filter(|slip| slip.known() <= by).count()
    }

    /// Whether it was missed before a day: its due day lay before it, or an earlier one that was put off only once it was over.
    pub fn missed_before(&self, day: NaiveDate) -> bool {
        let missed = |slip: &Slip| slip.due.0 < day && slip.known() > slip.due.0;
        self.due.is_some_and(|due| due.0 < day) || self.slipped.iter().any(missed)
    }

    /// The day it was due, as agreed at the end of a day.
    pub fn due_on(&self, day: NaiveDate) -> Option<Day> {
        let later = self.slipped.iter().filter(|slip| slip.known() > day);
        later.min_by_key(|slip| (slip.known(), slip.due)).map(|slip| slip.due).or(self.due)
    }
}

/// Who was in charge up to a day
/// 原责任人
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FormerOwner {
    /// Last day in charge
    /// 截至日
    #[schemars(extend("x-past" = true))]
    pub until: Day,
    /// Manager who was in charge; without one, whoever is where nobody is named
    /// 原责任人（不填为未指明时的默认责任人）
    pub owner: Option<ManagerId>,
}

/// Who was in charge on a day, given who was before and is now.
pub(super) fn owner_on<'h>(
    history: &'h [FormerOwner],
    owner: Option<&'h ManagerId>,
    day: NaiveDate,
) -> Option<&'h ManagerId> {
    let then = then(history, day, |former| former.until, |former| Some(former.owner.as_ref()));
    then.map_or(owner, |(_, then)| then)
}

/// An earlier due day, and the day it was put off where that was written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slip {
    /// The day it had been due.
    pub due: Day,
    /// The day on which another was agreed.
    pub on: Option<Day>,
}

impl Slip {
    /// The day it was put off; without one, the day it had been due, by which it was not done.
    fn known(self) -> NaiveDate {
        self.on.unwrap_or(self.due).0
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PutOff {
    due: Day,
    on: Day,
}

struct SlipVisitor;

impl<'de> Visitor<'de> for SlipVisitor {
    type Value = Slip;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a date, or { due = …, on = … }")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Slip, D::Error> {
        match toml::Value::deserialize(deserializer)? {
            toml::Value::Table(table) => table.try_into::<PutOff>().map(Slip::from).map_err(Error::custom),
            date => date.try_into().map(|due| Slip { due, on: None }).map_err(Error::custom),
        }
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Slip, E> {
        let due = Day::deserialize(serde::de::value::StrDeserializer::new(text))?;
        Ok(Slip { due, on: None })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Slip, A::Error> {
        PutOff::deserialize(MapAccessDeserializer::new(map)).map(Slip::from)
    }
}

impl From<PutOff> for Slip {
    fn from(put_off: PutOff) -> Self {
        Self { due: put_off.due, on: Some(put_off.on) }
    }
}

impl<'de> Deserialize<'de> for Slip {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(AS_DAY, SlipVisitor)
    }
}

impl JsonSchema for Slip {
    fn schema_name() -> Cow<'static, str> {
        "Slip".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let day = generator.subschema_for::<Day>();
        let described = |en: &str, zh: &str| {
            let mut schema = day.clone();
            schema.insert("description".into(), en.into());
            schema.insert("x-zh".into(), zh.into());
            schema
        };
        json_schema!({
            "anyOf": [day, {
                "type": "object",
                "additionalProperties": false,
                "required": ["due", "on"],
                "properties": {
                    "due": described("Day it had been due", "原到期日"),
                    "on": described("Day on which another was agreed", "延期约定日"),
                }
            }]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::tree;

    const TEXT: &str =
        "what = '送方案'\ndue = 2026-11-20\nslipped = [2026-10-10, { due = 2026-10-31, on = 2026-10-20 }]";

    #[test]
    fn what_was_due_and_put_off_is_told_for_any_day() {
        for action in [toml::from_str::<Action>(TEXT).unwrap(), tree::read(TEXT).unwrap()] {
            let seen = |day: &str| {
                let day = day.parse().unwrap();
                format!("{} {}", action.slips(day), action.due_on(day).unwrap())
            };
            // First put off from the 10th, on a day nobody wrote down; then on the 20th, eleven days before the next day.
            assert_eq!(seen("2026-10-09"), "0 2026-10-10");
            assert_eq!(seen("2026-10-10"), "1 2026-10-31");
            assert_eq!(seen("2026-10-19"), "1 2026-10-31");
            assert_eq!(seen("2026-10-20"), "2 2026-11-20");
        }
    }

    #[test]
    fn what_was_put_off_in_time_was_not_missed() {
        let missed = |rest: &str, day: &str| {
            let action: Action = tree::read(&format!("what = 'x'\n{rest}")).unwrap();
            action.missed_before(day.parse().unwrap())
        };
        assert!(missed("due = 2026-10-20", "2026-10-21") && !missed("due = 2026-10-20", "2026-10-20"));
        assert!(!missed("", "2026-10-20"));
        let put_off = |on: &str| format!("due = 2026-11-20\nslipped = [{{ due = 2026-10-20, on = {on} }}]");
        assert!(!missed(&put_off("2026-10-20"), "2026-11-10"));
        assert!(
            missed(&put_off("2026-10-21"), "2026-11-10") && !missed(&put_off("2026-10-21"), "2026-10-20")
        );
    }

    #[test]
    fn only_a_day_or_both_days_are_read() {
        for slip in
            ["{ due = 2026-10-31 }", "{ due = 2026-10-31, at = 2026-10-20 }", "'soon'", "{ due = 1, on = 2 }"]
        {
            let text = format!("what = 'x'\nslipped = [{slip}]");
            assert!(toml::from_str::<Action>(&text).is_err(), "{slip}");
            assert!(tree::read::<Action>(&text).is_err(), "{slip}");
        }
    }
}
