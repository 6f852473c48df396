//! The type of a field put on a value as it was given.

use chrono::NaiveDate;
use toml::de::DeValue;

use super::Fault;
use super::around::{Around, amount};
use super::expected::{expectation, wanted};
use super::given::{Given, Pairs};
use super::parts::{gathered, parted, worded};
use crate::diag::nearest;
use crate::edit::render::{Table, Value};
use crate::msg;
use crate::period::Grain;
use crate::record::fault::out_of_range;
use crate::record::shape::{Choice, Field, Keys, Kind, Shape, Time};
use crate::record::value::{Amount, Rate, Year};
use crate::source::KeyPath;
use crate::text::{BLANK, Message, Text, entry, finding};
use crate::typed::narrow;
use crate::when::{self, Side};

/// What fills the fields nobody gave, and what relative days mean.
#[derive(Clone, Debug)]
pub struct Defaults {
    /// The day `today` and `yesterday` are told from.
    pub today: NaiveDate,
    /// The lead of the client at hand.
    pub lead: Option<String>,
    /// Whether an entry is made as things happen, so that a day nobody gave is today's; not so when history is imported.
    pub live: bool,
    /// The book around, where names mean ids and units are known.
    pub around: Option<Around>,
    /// The field at hand.
    pub field: Option<&'static Field>,
}

impl Defaults {
    /// Those of a day, without a lead and a book around.
    pub fn on(today: NaiveDate, live: bool) -> Self {
        Self { today, lead: None, live, around: None, field: None }
    }

    /// On which side of today a weekday lies: what has happened lies back, what is due or planned ahead.
    fn side(&self) -> Side {
        let is_back = |field: &Field| {
            let is_today = field.default.as_deref() == Some("today");
            field.past || field.begins || field.since.is_some() || is_today
        };
        if self.field.is_none_or(is_back) { Side::Back } else { Side::Ahead }
    }
}

/// A table along its shape: every field typed, defaults filled in, in the order of the definition. All faults at once.
pub fn table(
    shape: &'static Shape,
    pairs: &Pairs,
    at: &KeyPath,
    defaults: &Defaults,
) -> Result<Table, Vec<Fault>> {
    let mut faults = unknown(shape, pairs, at);
    let mut table = Table::new();
    for field in &shape.fields {
        let at = at.join(field.name.as_str());
        let mut given = pairs.iter().filter(|(key, _)| *key == field.name);
        let first = given.next().map(|(_, value)| value).filter(|given| given.words() != Some(""));
        if given.next().is_some() {
            faults.push(Fault::new(&at, msg!(entry::TWICE, field = &field.name)));
        }
        let value = match first {
            Some(given) => {
                let defaults = Defaults { field: Some(field), ..defaults.clone() };
                value(&field.kind, given, &at, &defaults).map(Some)
            }
            None => default(field, &at, defaults).map_err(|fault| vec![fault]),
        };
        match value {
            Ok(value) => table.extend(value.map(|value| (field.name.clone(), value))),
            Err(found) => faults.extend(found),
        }
    }
    if faults.is_empty() { Ok(table) } else { Err(faults) }
}

fn unknown(shape: &Shape, pairs: &Pairs, at: &KeyPath) -> Vec<Fault> {
    let strange = pairs.iter().filter(|(key, _)| shape.field(key).is_none());
    strange.map(|(key, _)| unknown_field(shape, key, &at.join(key.as_str()))).collect()
}

/// The fault of naming a field that a shape does not have.
pub fn unknown_field(shape: &Shape, name: &str, at: &KeyPath) -> Fault {
    let names = || shape.fields.iter().map(|field| field.name.as_str());
    let help = match nearest(name, names()) {
        Some(near) => msg!(finding::NEAREST, name = near),
        None => msg!(entry::KNOWN_FIELDS, names = Message::list(&names().collect::<Vec<_>>())),
    };
    Fault::new(at, msg!(entry::UNKNOWN_FIELD, name = name)).with_help(help)
}

fn default(field: &'static Field, at: &KeyPath, defaults: &Defaults) -> Result<Option<Value>, Fault> {
    let missing = || Fault::new(at, msg!(entry::MISSING_FIELD, field = &field.name, doc = field.doc.text()));
    match field.default.as_deref() {
        Some("today") if defaults.live => Ok(Some(defaults.today.into())),
        Some("lead") if defaults.live || field.required => match &defaults.lead {
            Some(lead) => Ok(Some(lead.as_str().into())),
            None if field.required => Err(missing().with_help(Message::from(entry::NO_LEAD))),
            None => Ok(None),
        },
        // What is not required the reader fills in by itself.
        Some(constant) if field.required && constant != "today" => Ok(Some(constant.into())),
        _ if field.required => Err(missing()),
        _ => Ok(None),
    }
}

/// A value of `kind`, from whatever spelling of it was given.
pub fn value(
    kind: &'static Kind,
    given: &Given,
    at: &KeyPath,
    defaults: &Defaults,
) -> Result<Value, Vec<Fault>> {
    let is_words = matches!(kind, Kind::Text | Kind::Ref(_));
    if let Some(spelt) = Some(given).filter(|_| !is_words).and_then(Given::spelt) {
        return value(kind, &spelt, at, defaults);
    }
    match (kind, given) {
        (Kind::Table(shape), Given::Table(pairs)) => table(shape, pairs, at, defaults).map(Value::Table),
        (Kind::Map { keys, values }, Given::Table(pairs)) => map(keys, values, pairs, at, defaults),
        (Kind::Map { .. }, Given::Text(_)) => value(kind, &Given::List(vec![given.clone()]), at, defaults),
        (Kind::Map { values, .. }, Given::List(pairs)) => {
            let deep = matches!(**values, Kind::Table(_) | Kind::Map { .. } | Kind::Tagged { .. });
            value(kind, &gathered(pairs, deep, at)?, at, defaults)
        }
        (Kind::List(items), Given::List(given)) => list(items, given, at, defaults),
        (Kind::List(items), Given::Table(_)) if matches!(**items, Kind::Table(_)) => {
            list(items, std::slice::from_ref(given), at, defaults)
        }
        (Kind::List(items), Given::Text(_)) if matches!(**items, Kind::Ref(_)) => {
            list(items, std::slice::from_ref(given), at, defaults)
        }
        (Kind::List(items), Given::Text(words)) if !matches!(**items, Kind::Table(_)) => {
            list(items, &worded(words, defaults.field), at, defaults)
        }
        (Kind::AnyOf(kinds), _) => any_of(kinds, given, at, defaults),
        (Kind::Tagged { tag, variants }, Given::Table(pairs)) => {
            let named = pairs.iter().find(|(key, _)| key == tag).and_then(|(_, value)| value.words());
            let names = || variants.iter().map(|(name, _)| name.as_str());
            match variants.iter().find(|(name, _)| Some(name.as_str()) == named) {
                Some((_, shape)) => table(shape, pairs, at, defaults).map(Value::Table),
                None => Err(vec![no_choice(named.unwrap_or_default(), names(), &at.join(tag.as_str()))]),
            }
        }
        (Kind::Any | Kind::Formula, _) => Ok(anything(given)),
        (_, Given::Text(words)) if words == BLANK && wanted(kind).is_some() => {
            let what = wanted(kind).unwrap_or_else(|| expectation(kind));
            Err(vec![Fault::new(at, msg!(entry::UNFILLED, what = what, blank = BLANK))])
        }
        _ => single(kind, given, at, defaults).map_err(|fault| vec![fault]),
    }
}

fn list(
    items: &'static Kind,
    given: &[Given],
    at: &KeyPath,
    defaults: &Defaults,
) -> Result<Value, Vec<Fault>> {
    let mut values = Vec::new();
    let mut faults = Vec::new();
    for (index, item) in given.iter().flat_map(|given| parted(items, given)).enumerate() {
        match value(items, &item, &at.join(index), defaults) {
            Ok(value) => values.push(value),
            Err(found) => faults.extend(found),
        }
    }
    if faults.is_empty() { Ok(Value::List(values)) } else { Err(faults) }
}

fn map(
    keys: &Keys,
    values: &'static Kind,
    pairs: &Pairs,
    at: &KeyPath,
    defaults: &Defaults,
) -> Result<Value, Vec<Fault>> {
    let mut table = Table::new();
    let mut faults = Vec::new();
    for (key, given) in pairs {
        let at = at.join(key.as_str());
        let key = match keys {
            Keys::Time(time) => period(*time, key, &at, defaults),
            Keys::Ref { kind, also } if !also.contains(key) => reference(kind, key, &at, defaults),
            Keys::Text { .. } | Keys::Ref { .. } => Ok(key.clone()),
        };
        match (key, value(values, given, &at, defaults)) {
            (Ok(key), Ok(_)) if table.iter().any(|(known, _)| *known == key) => {
                faults.push(Fault::new(&at, msg!(entry::TWICE, field = key)));
            }
            (Ok(key), Ok(value)) => table.push((key, value)),
            (key, value) => {
                faults.extend(key.err());
                faults.extend(value.err().into_iter().flatten());
            }
        }
    }
    if faults.is_empty() { Ok(Value::Table(table)) } else { Err(faults) }
}

/// The first kind that takes the value; else the faults of the one that comes nearest to it.
fn any_of(
    kinds: &'static [Kind],
    given: &Given,
    at: &KeyPath,
    defaults: &Defaults,
) -> Result<Value, Vec<Fault>> {
    let mut nearest: Option<Vec<Fault>> = None;
    for kind in kinds {
        match value(kind, given, at, defaults) {
            Ok(value) => return Ok(value),
            Err(faults) => {
                let is_deeper = |faults: &Vec<Fault>| faults.iter().any(|fault| fault.at != *at);
                if nearest.as_ref().is_none_or(|_| is_deeper(&faults)) {
                    nearest = Some(faults);
                }
            }
        }
    }
    Err(nearest.unwrap_or_default())
}

fn anything(given: &Given) -> Value {
    match given {
        Given::Text(words) => words.as_str().into(),
        Given::Number(digits) => Value::Raw(digits.clone()),
        Given::Flag(flag) => (*flag).into(),
        Given::List(items) => Value::List(items.iter().map(anything).collect()),
        Given::Table(pairs) => {
            Value::Table(pairs.iter().map(|(key, value)| (key.clone(), anything(value))).collect())
        }
    }
}

/// A value that is neither a list nor a table.
fn single(kind: &Kind, given: &Given, at: &KeyPath, defaults: &Defaults) -> Result<Value, Fault> {
    let wrong = |what: Message| match given {
        Given::List(_) => msg!(finding::EXPECTED, expected = what, found = finding::A_LIST),
        Given::Table(_) => msg!(finding::EXPECTED, expected = what, found = finding::A_TABLE),
        _ => msg!(
            finding::EXPECTED,
            expected = what,
            found = Message::quoted(given.words().unwrap_or_default())
        ),
    };
    let refused = |what: Message| Fault::new(at, wrong(what));
    let Some(words) = given.words() else { return Err(refused(expectation(kind))) };
    let trimmed = words.trim();
    match kind {
        Kind::Ref(kind) if matches!(given, Given::Text(_)) => {
            reference(kind, trimmed, at, defaults).map(Value::from)
        }
        Kind::Text if matches!(given, Given::Text(_)) => Ok(trimmed.into()),
        Kind::Day => {
            let day = when::day_on(trimmed, defaults.today, defaults.side());
            day.map(Value::from).ok_or_else(|| refused(entry::A_DAY.into()))
        }
        Kind::Quantity if narrow(trimmed).ends_with('%') => {
            rate(&narrow(trimmed)).ok_or_else(|| refused(finding::A_QUANTITY.into()))
        }
        Kind::Amount | Kind::Quantity => {
            let digits = amount(trimmed, defaults.around.as_ref(), at, defaults.field);
            let number = digits.and_then(|digits| number(&digits));
            number.ok_or_else(|| Fault::new(at, msg!(finding::TOO_PRECISE, value = trimmed)))
        }
        Kind::Rate => rate(&narrow(trimmed)).ok_or_else(|| refused(finding::A_RATE.into())),
        Kind::Time(time) => period(*time, trimmed, at, defaults).map(Value::from),
        Kind::Integer { min, max } => integer(&narrow(trimmed), *min, *max, at),
        Kind::Flag => flag(trimmed).map(Value::from).ok_or_else(|| refused(finding::A_FLAG.into())),
        Kind::Choice(choices) => choice(choices, trimmed, at),
        Kind::Table(shape) => {
            let path = at.0.last().and_then(|step| step.key()).unwrap_or_default();
            let field = shape.fields.first().map(|field| field.name.as_str()).unwrap_or_default();
            let all = shape.fields.iter().map(|field| format!("{} = …", field.name)).collect::<Vec<_>>();
            let all = format!("{{ {} }}", all.join(", "));
            let help = msg!(entry::IN_PARTS, path = path, field = field, all = all);
            Err(refused(expectation(kind)).with_help(help))
        }
        _ => Err(refused(expectation(kind))),
    }
}

/// The id a word means.
fn reference(kind: &str, word: &str, at: &KeyPath, defaults: &Defaults) -> Result<String, Fault> {
    match &defaults.around {
        Some(around) => around.id(kind, word, at),
        None => Ok(word.to_owned()),
    }
}

/// A fraction as typed: `97%` stays so.
fn rate(words: &str) -> Option<Value> {
    let is_percent = words.ends_with('%') && words.parse::<Rate>().is_ok();
    if is_percent { Some(words.into()) } else { number(words) }
}

/// A number as typed, where TOML can write it so; else its plain digits.
fn number(words: &str) -> Option<Value> {
    let amount: Amount = words.parse().ok()?;
    let as_typed = DeValue::parse(words)
        .is_ok_and(|value| matches!(value.get_ref(), DeValue::Integer(_) | DeValue::Float(_)));
    Some(if as_typed { Value::Raw(words.to_owned()) } else { amount.0.into() })
}

/// A month, period or year as it is written, from however it was typed: `last-month`, `2026Q3`.
pub fn period(time: Time, words: &str, at: &KeyPath, defaults: &Defaults) -> Result<String, Fault> {
    let (read, what) = match time {
        Time::Year => (
            narrow(words).trim_end_matches('年').parse::<Year>().ok().map(|year| format!("{:04}", year.0)),
            finding::A_YEAR,
        ),
        Time::Month => {
            let period = when::period(words, defaults.today);
            let month = period.filter(|period| period.grain() == Grain::Month);
            (month.map(|month| month.to_string()), finding::A_MONTH)
        }
        Time::Period => {
            (when::period(words, defaults.today).map(|period| period.to_string()), finding::A_PERIOD)
        }
    };
    read.ok_or_else(|| expected(what, words, at))
}

fn integer(words: &str, min: Option<i64>, max: Option<i64>, at: &KeyPath) -> Result<Value, Fault> {
    let number: i64 = words.parse().map_err(|_| expected(finding::AN_INTEGER, words, at))?;
    match out_of_range(words, min, max) {
        Some(message) => Err(Fault::new(at, message)),
        None => Ok(number.into()),
    }
}

fn flag(words: &str) -> Option<bool> {
    match words.to_lowercase().as_str() {
        "true" | "yes" | "y" | "1" | "是" => Some(true),
        "false" | "no" | "n" | "0" | "否" => Some(false),
        _ => None,
    }
}

/// A choice by its name, whatever its case, or by its Chinese title.
fn choice(choices: &[Choice], words: &str, at: &KeyPath) -> Result<Value, Fault> {
    let named = |choice: &&Choice| {
        choice.name.eq_ignore_ascii_case(words) || [&*choice.doc.zh, choice.doc.short()].contains(&words)
    };
    match choices.iter().find(named) {
        Some(choice) => Ok(choice.name.as_str().into()),
        None => Err(no_choice(words, choices.iter().map(|choice| choice.name.as_str()), at)),
    }
}

fn no_choice<'c>(words: &str, names: impl Iterator<Item = &'c str> + Clone, at: &KeyPath) -> Fault {
    let help = nearest(words, names.clone()).map(|name| msg!(finding::NEAREST, name = name));
    let choices = Message::list(&names.collect::<Vec<_>>());
    Fault::new(at, msg!(finding::NOT_A_CHOICE, value = words, choices = choices)).with_help(help)
}

fn expected(what: Text, words: &str, at: &KeyPath) -> Fault {
    Fault::new(at, msg!(finding::EXPECTED, expected = what, found = Message::quoted(words)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::render::inline;
    use crate::record::kind::RecordKind;

    fn defaults() -> Defaults {
        let today = "2026-11-24".parse().unwrap();
        Defaults { today, lead: Some("wang-fang".into()), live: true, around: None, field: None }
    }

    fn entry(word: &str, pairs: &[(&str, Given)], defaults: &Defaults) -> Result<String, Vec<String>> {
        let (_, shape) = RecordKind::Client.shape().entry(word).unwrap();
        let pairs: Pairs = pairs.iter().map(|(key, given)| ((*key).to_owned(), given.clone())).collect();
        let said = |fault: &Fault| format!("{}: {}", fault.at, fault.words(crate::text::Lang::En));
        table(shape, &pairs, &KeyPath::ROOT, defaults)
            .map(|table| inline(&Value::Table(table)))
            .map_err(|faults| faults.iter().map(said).collect())
    }

    fn text(words: &str) -> Given {
        Given::Text(words.into())
    }

    #[test]
    fn each_value_takes_the_type_of_its_field() {
        let given = [
            ("amount", text("1200.50")),
            ("id", text("q4-loan")),
            ("stage", text("赢单")),
            ("probability", text("97%")),
            ("opened", text("yesterday")),
        ];
        assert_eq!(
            entry("opportunity", &given, &defaults()).unwrap(),
            "{ id = \"q4-loan\", amount = 1200.50, stage = \"won\", probability = \"97%\", opened = 2026-11-23 }"
        );
        let given = [
            ("from", text("2026-07-01")),
            ("shares", text("wang-fang=70, li-na=30")),
            ("for", text("loans;deposits")),
        ];
        // A flag given several times is a list, and each of its values may name several ids.
        let flags = [
            ("from", text("2026-07-01")),
            ("shares", text("li-na=100")),
            ("for", Given::List(vec![text("loans, deposits"), text("fees")])),
        ];
        let shared = entry("credit", &flags, &defaults()).unwrap();
        assert!(shared.contains("for = [\"loans\", \"deposits\", \"fees\"]"), "{shared}");

        assert_eq!(
            entry("credit", &given, &defaults()).unwrap(),
            "{ from = 2026-07-01, shares = { wang-fang = 70, li-na = 30 }, for = [\"loans\", \"deposits\"] }"
        );
    }

    #[test]
    fn a_table_of_free_keys_is_spelt_in_one_word_or_several_or_as_toml() {
        let shares =
            |given: Given| entry("credit", &[("from", text("2026-07-01")), ("shares", given)], &defaults());
        let expected = "{ from = 2026-07-01, shares = { a = 60, b = 40 } }";
        for given in [
            text("a=60,b=40"),
            text("a = 60； b = 40"),
            text("{ a = 60, b = 40 }"),
            Given::List(vec![text("a=60,b=40")]),
            Given::List(vec![text("a=60"), text("b=40")]),
            Given::List(vec![text("{ a = 60 }"), text("b=40")]),
        ] {
            assert_eq!(shares(given.clone()).as_deref(), Ok(expected), "{given:?}");
        }
        assert_eq!(shares(text("a=60,a=40")).unwrap_err(), ["shares.a: `a` is given twice"]);
        assert_eq!(shares(text("60")).unwrap_err(), ["shares: expected `KEY=VALUE`, found `60`"]);
    }

    #[test]
    fn a_table_in_a_table_is_spelt_by_its_parts_or_at_once() {
        let shape = RecordKind::Team.shape().entry("survey").unwrap().1;
        let survey = |items: &[&str]| {
            let items = Given::List(items.iter().map(|item| text(item)).collect());
            let asked = [("date", text("today")), ("asked", text("8")), ("answers", text("6"))];
            let pairs = asked.into_iter().chain([("items", items)]);
            let pairs: Pairs = pairs.map(|(key, given)| (key.to_owned(), given)).collect();
            table(shape, &pairs, &KeyPath::ROOT, &defaults())
                .map(|table| inline(&Value::Table(table)))
                .map_err(|faults| faults[0].words(crate::text::Lang::En))
        };
        let expected = "{ date = 2026-11-24, asked = 8, answers = 6, items = { pay = { n = 6, sum = 24 }, team = { n = 6, sum = 27 } } }";
        for items in [
            &["pay.n=6", "pay.sum=24", "team.n=6", "team.sum=27"][..],
            &["pay.n=6, pay.sum=24", "team={ n = 6, sum = 27 }"],
            &["pay={n=6,sum=24},team={n=6,sum=27}"],
            &["{ pay = { n = 6, sum = 24 }, team = { n = 6, sum = 27 } }"],
        ] {
            assert_eq!(survey(items).as_deref(), Ok(expected), "{items:?}");
        }
        let said = "expected a table, found `6` (write `pay.n=…`, or all at once: `pay={ n = …, sum = … }`)";
        assert_eq!(survey(&["pay=6"]).unwrap_err(), said);
    }

    #[test]
    fn defaults_fill_in_what_happens_now_but_no_history() {
        let expected = "{ date = 2026-11-24, by = \"wang-fang\", kind = \"on-site\" }";
        assert_eq!(entry("visit", &[], &defaults()).unwrap(), expected);
        let history = Defaults { live: false, ..defaults() };
        assert_eq!(entry("visit", &[], &history).unwrap_err(), ["date: `date` is missing: Day of the visit"]);
        let given = [("id", text("a")), ("stage", text("won"))];
        assert_eq!(entry("opportunity", &given, &history).unwrap(), "{ id = \"a\", stage = \"won\" }");
    }

    #[test]
    fn all_faults_are_found_at_once_with_their_places() {
        let next = Given::List(vec![Given::Table(
            vec![("what", text("x")), ("due", text("soon"))]
                .into_iter()
                .map(|(key, value)| (key.to_owned(), value))
                .collect(),
        )]);
        let given = [("kind", text("cal")), ("n", text("many")), ("sumary", text("x")), ("next", next)];
        assert_eq!(
            entry("visit", &given, &defaults()).unwrap_err(),
            [
                "sumary: no field is called `sumary` (a similar name exists: `summary`)",
                "kind: `cal` is not one of on-site, at-bank, call, video, event (a similar name exists: `call`)",
                "n: expected a whole number, found `many`",
                "next[0].due: expected a date such as 2026-10-09, `yesterday` or `3 days ago`, found `soon`",
            ]
        );
    }

    #[test]
    fn figures_are_amounts_or_tables_of_amounts() {
        let shape = RecordKind::Client.shape();
        let results = &shape.field("results").unwrap().kind;
        let read = |toml: &str| {
            value(results, &Given::toml(toml).unwrap(), &KeyPath::ROOT, &defaults())
                .map(|value| inline(&value))
        };
        let month = "{ 2026-10 = { deposits = { avg = 5200, end = 5350.50 }, loans = 3000 } }";
        assert_eq!(read(month).unwrap(), month);
        let faults = read("{ 2026-13 = { deposits = 1 }, 2026-10 = { loans = { mean = 1 } } }").unwrap_err();
        let places: Vec<String> = faults.iter().map(|fault| fault.at.to_string()).collect();
        assert_eq!(places, ["2026-13", "2026-10.loans.mean"]);
    }

    #[test]
    fn numbers_that_toml_cannot_write_so_are_written_plainly() {
        for (typed, written) in
            [("007", "7"), (".5", "0.5"), ("+5", "+5"), ("1_000", "1_000"), ("-0.10", "-0.10")]
        {
            assert_eq!(number(typed).map(|value| inline(&value)).as_deref(), Some(written), "{typed}");
        }
        assert_eq!(number("12,5"), None);
    }
}
