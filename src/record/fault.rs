//! The slow path: every fault of a text that does not fit its record, each once, at its bytes.
//!
//! A recovering parse gives a partial tree and all syntax errors; a walk along the record's shape finds the rest. What stands in
//! an inline table or list with a syntax error inside is not judged, and after a syntax error no key is called missing:
//! both would be noise.

use std::collections::BTreeSet;
use std::ops::Range;

use rust_decimal::Decimal;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::kind::RecordKind;
use super::known::{self, OfKinds, list};
use super::personal::names_health;
use super::recover::{Lost, lost, recoverable};
use super::rule;
use super::shape::{Choice, Field, Keys, Kind, Shape, Time};
use super::slip::{self, errors, stands_under};
use super::value::{AMOUNT_DIGITS, Amount, Rate, Year, day_of};
use crate::diag::{Finding, Rule, nearest};
use crate::msg;
use crate::period::{Month, Period};
use crate::source::{FileId, Place};
use crate::text::{Message, Text, finding};

/// The most faults of one file that are shown; a hostile file has millions.
pub(super) const SHOWN: usize = 50;

/// The faults of `text` against `shape`, in the order of the text; of many, the first.
pub fn faults(file: FileId, text: &str, shape: &'static Shape) -> Vec<Finding> {
    cap(file, all_faults(file, text, shape))
}

/// All faults of `text` against `shape`, in the order of the text.
pub fn all_faults(file: FileId, text: &str, shape: &'static Shape) -> Vec<Finding> {
    if let Some(marker) = conflict_marker(text) {
        return vec![Finding::new(
            &rule::CONFLICT_MARKER,
            Place::bytes(file, marker),
            finding::CONFLICT_MARKER.into(),
        )];
    }
    let errors = errors(text);
    let recoverable = recoverable(text);
    let (document, _) = DeTable::parse_recoverable(&recoverable);
    let syntax: Vec<Range<usize>> = errors.iter().map(|(_, span)| span.clone()).collect();
    let broken = joined(&syntax);
    let kind = RecordKind::ALL.iter().find(|kind| std::ptr::eq(kind.shape(), shape));
    let path = kind.map(|kind| kind.name().to_owned()).into_iter().collect();
    let mut walk = Walk { file, text, broken: &broken, path, found: Vec::new() };
    let mut reported = BTreeSet::new();
    let mut containers = Vec::new();
    inline_containers(document.get_ref(), text, &mut containers);
    containers.sort_by_key(|container| container.start);
    let mut twice = BTreeSet::new();
    for (reason, span) in &errors {
        if reason == "duplicate key" && stands_under(text, span.start, &mut twice) {
            continue;
        }
        let around = touching(&containers, span);
        let place = around.map_or_else(|| line_start(text, span.start), |container| container.start);
        if reported.insert(place) {
            let (message, help) = slip::said(text, reason, span);
            walk.report(&rule::SYNTAX_ERROR, span.clone(), message, help);
        }
    }
    walk.table(document.get_ref(), 0..0, shape, None);
    let mut found = walk.found;
    found.sort_by(|a, b| a.at.cmp(&b.at));
    found.dedup_by(|a, b| a.at == b.at);
    found
}

/// What syntax errors mark and the values that are lost by them, in order and apart from one another; nothing for a text with
/// a conflict left in it.
pub(super) fn broken(text: &str) -> Option<Vec<Range<usize>>> {
    let marked = || {
        // The end that a value lacks may be missed lines below the key whose value it is.
        let values = lost(text).into_iter().filter(|(what, _)| *what == Lost::Value).map(|(_, range)| range);
        let mut marked: Vec<_> = errors(text).into_iter().map(|(_, span)| span).chain(values).collect();
        marked.sort_by_key(|span| span.start);
        joined(&marked)
    };
    conflict_marker(text).is_none().then(marked)
}

/// Whether a single value is one of a kind.
pub(super) fn fits(text: &str, value: &Spanned<DeValue<'_>>, kind: &'static Kind) -> bool {
    let mut walk = Walk { file: FileId::default(), text, broken: &[], path: Vec::new(), found: Vec::new() };
    walk.value(value, kind);
    walk.found.is_empty()
}

fn cap(file: FileId, mut found: Vec<Finding>) -> Vec<Finding> {
    if found.len() > SHOWN {
        let more = found.len() - SHOWN;
        found.truncate(SHOWN);
        found.push(Finding::new(
            &rule::SYNTAX_ERROR,
            Place::file(file),
            msg!(finding::MORE_FAULTS, count = more),
        ));
    }
    found
}

/// The first line that version control wrote into the text.
pub fn conflict_marker(text: &str) -> Option<Range<usize>> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if line.starts_with("<<<<<<< ") || line.starts_with(">>>>>>> ") {
            return Some(start..start + line.trim_end().len());
        }
        start += line.len();
    }
    None
}

pub(super) fn line_start(text: &str, offset: usize) -> usize {
    text.as_bytes()[..offset.min(text.len())]
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |newline| newline + 1)
}

/// Ranges in order of their start, those that touch one another made one.
fn joined(sorted: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut joined: Vec<Range<usize>> = Vec::new();
    for range in sorted {
        match joined.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => joined.push(range.clone()),
        }
    }
    joined
}

/// The first of some ranges, in order and apart from one another, that touches `span`.
pub(super) fn touching<'r>(ranges: &'r [Range<usize>], span: &Range<usize>) -> Option<&'r Range<usize>> {
    let first = ranges.partition_point(|range| range.end < span.start);
    ranges.get(first).filter(|range| range.start <= span.end)
}

/// The outermost inline tables and lists of a tree: those whose span begins with a bracket of a value.
fn inline_containers(table: &DeTable<'_>, text: &str, into: &mut Vec<Range<usize>>) {
    for (_, value) in table {
        containers_of(value, text, into);
    }
}

fn containers_of(value: &Spanned<DeValue<'_>>, text: &str, into: &mut Vec<Range<usize>>) {
    match value.get_ref() {
        DeValue::Table(table) if text[value.span()].starts_with('{') => {
            let _ = table;
            into.push(value.span());
        }
        DeValue::Table(table) => inline_containers(table, text, into),
        DeValue::Array(array) if is_inline_list(text, &value.span()) => {
            let _ = array;
            into.push(value.span());
        }
        DeValue::Array(array) => array.iter().for_each(|item| containers_of(item, text, into)),
        _ => {}
    }
}

/// Whether the value at `span` is an inline table or list.
pub(super) fn is_inline(text: &str, span: &Range<usize>) -> bool {
    text[span.clone()].starts_with('{') || is_inline_list(text, span)
}

/// Tells `[ … ]` from the header of an array of tables, which begins a line.
fn is_inline_list(text: &str, span: &Range<usize>) -> bool {
    text[span.clone()].starts_with('[') && !text[line_start(text, span.start)..span.start].trim().is_empty()
}

struct Walk<'a> {
    file: FileId,
    text: &'a str,
    /// What syntax errors mark, in order and apart from one another.
    broken: &'a [Range<usize>],
    /// Keys to the table at hand, without what is named freely.
    path: Vec<String>,
    found: Vec<Finding>,
}

impl Walk<'_> {
    fn report(&mut self, rule: &'static Rule, span: Range<usize>, message: Message, help: Option<Message>) {
        self.found.push(Finding::new(rule, Place::bytes(self.file, span), message).help(help));
    }

    fn table(
        &mut self,
        table: &DeTable<'_>,
        header: Range<usize>,
        shape: &'static Shape,
        of: Option<OfKinds>,
    ) {
        for (key, value) in table {
            match shape.field(key.get_ref()) {
                Some(field) => self.below(&field.name, |walk| walk.value(value, &field.kind)),
                None => self.unknown(key.get_ref(), key.span(), shape, of),
            }
        }
        if self.broken.is_empty() {
            // A key that is only mistyped is told as that.
            let unknown: Vec<&str> = table
                .keys()
                .map(|key| key.get_ref().as_ref())
                .filter(|key| shape.field(key).is_none())
                .collect();
            let mistyped = |field: &Field| {
                unknown.iter().any(|key| nearest(key, [field.name.as_str()].into_iter()).is_some())
            };
            let absent = |field: &&Field| field.required && !table.contains_key(field.name.as_str());
            for field in shape.fields.iter().filter(absent).filter(|field| !mistyped(field)) {
                let message = msg!(finding::MISSING_KEY, key = &field.name, doc = field.doc.first());
                self.report(&rule::MISSING_KEY, header.clone(), message, Some(known::addition(field)));
            }
        }
    }

    /// The word that was most likely meant; nobody reads on to the thousands of a hostile file.
    fn meant<'k>(&self, word: &str, known: impl Iterator<Item = &'k str>) -> Option<Message> {
        // Of one letter or two, any other is near.
        let near =
            nearest(word, known.filter(|_| self.found.len() < 20 * SHOWN && word.chars().count() > 2))?;
        Some(msg!(finding::NEAREST, name = near))
    }

    /// Goes on below a key.
    fn below(&mut self, key: &str, go_on: impl FnOnce(&mut Self)) {
        self.path.push(key.to_owned());
        go_on(self);
        self.path.pop();
    }

    fn unknown(&mut self, key: &str, span: Range<usize>, shape: &'static Shape, of: Option<OfKinds>) {
        let place = known::Place { path: &self.path, kind: of };
        let known = shape.fields.iter().map(|field| field.name.as_str());
        let help = match names_health(key) {
            true => Some(finding::NO_HEALTH.into()),
            false => place
                .elsewhere(key, shape)
                .or_else(|| self.meant(key, known))
                .or_else(|| place.taken(shape).filter(|_| self.found.len() < SHOWN)),
        };
        self.report(&rule::UNKNOWN_KEY, span, msg!(finding::UNKNOWN_KEY, key = key), help);
    }

    fn value(&mut self, value: &Spanned<DeValue<'_>>, kind: &'static Kind) {
        let span = value.span();
        let has_header =
            matches!(value.get_ref(), DeValue::Table(_) | DeValue::Array(_)) && !is_inline(self.text, &span);
        if !has_header && touching(self.broken, &span).is_some() {
            return;
        }
        match (kind, value.get_ref()) {
            (Kind::Any, _) | (Kind::Formula, DeValue::String(_)) => {}
            // A number in a formula's place is held to the digits of any amount.
            (Kind::Formula, DeValue::Integer(_) | DeValue::Float(_)) => self.number(value, kind),
            (Kind::Table(shape), DeValue::Table(table)) => self.table(table, span, shape, None),
            (Kind::Map { keys, values }, DeValue::Table(table)) => self.map(table, keys, values),
            (Kind::Tagged { tag, variants }, DeValue::Table(table)) => {
                self.tagged(table, span, tag, variants);
            }
            (Kind::List(items), DeValue::Array(array)) => {
                array.iter().for_each(|item| self.value(item, items));
            }
            (Kind::AnyOf(kinds), _) => self.any_of(value, kinds),
            (Kind::List(_), DeValue::Table(_)) if has_header => self.single(value, kind),
            _ => self.scalar(value, kind),
        }
    }

    fn map(&mut self, table: &DeTable<'_>, keys: &Keys, values: &'static Kind) {
        for (key, value) in table {
            if let Keys::Time(time) = keys
                && !is_time(key.get_ref(), *time)
            {
                let message = msg!(
                    finding::EXPECTED,
                    expected = name_of_time(*time),
                    found = Message::quoted(key.get_ref())
                );
                self.report(&rule::BAD_VALUE, key.span(), message, None);
                continue;
            }
            self.value(value, values);
        }
    }

    fn tagged(
        &mut self,
        table: &DeTable<'_>,
        span: Range<usize>,
        tag: &'static str,
        variants: &'static [(String, Shape)],
    ) {
        let Some(value) = table.get(tag) else {
            let message =
                msg!(finding::MISSING_KEY, key = tag, doc = list(variants.iter().map(|(name, _)| name)));
            return self.report(&rule::MISSING_KEY, span, message, Some(msg!(finding::ADD_KEY, key = tag)));
        };
        let name = value.get_ref().as_str().unwrap_or_default();
        match variants.iter().find(|(variant, _)| variant == name) {
            Some((name, shape)) => {
                self.below(name, |walk| {
                    walk.table(table, span, shape, Some(OfKinds { tag, own: name, variants }));
                });
            }
            None => self.no_choice(name, value.span(), variants.iter().map(|(variant, _)| variant.as_str())),
        }
    }

    fn no_choice<'k>(
        &mut self,
        value: &str,
        span: Range<usize>,
        choices: impl Iterator<Item = &'k str> + Clone,
    ) {
        let help = self.meant(value, choices.clone());
        self.report(
            &rule::BAD_VALUE,
            span,
            msg!(finding::NOT_A_CHOICE, value = value, choices = list(choices)),
            help,
        );
    }

    /// Judges by the alternative with the fewest faults; where only the type is wrong, names them all.
    fn any_of(&mut self, value: &Spanned<DeValue<'_>>, kinds: &'static [Kind]) {
        let attempts = kinds.iter().map(|kind| {
            let mut attempt = Walk { found: Vec::new(), path: self.path.clone(), ..*self };
            attempt.value(value, kind);
            attempt.found
        });
        let attempts: Vec<Vec<Finding>> = attempts.collect();
        if attempts.iter().any(Vec::is_empty) {
            return;
        }
        let type_fits = |found: &&Vec<Finding>| {
            found.iter().all(|finding| {
                finding.rule != &rule::WRONG_TYPE || finding.at != Place::bytes(self.file, value.span())
            })
        };
        match attempts.iter().filter(type_fits).min_by_key(|found| found.len()) {
            Some(best) => self.found.extend(best.iter().cloned()),
            None => self.mismatch(value, one_of(kinds), None),
        }
    }

    fn mismatch(
        &mut self,
        value: &Spanned<DeValue<'_>>,
        expected: impl Into<Message>,
        help: Option<Message>,
    ) {
        let message = msg!(finding::EXPECTED, expected = expected.into(), found = found(value.get_ref()));
        self.report(&rule::WRONG_TYPE, value.span(), message, help);
    }

    /// A list of tables whose entry begins with the header of a single one: `[pay.lines]`.
    fn single(&mut self, value: &Spanned<DeValue<'_>>, kind: &Kind) {
        let header = self.text[value.span()].trim_matches(['[', ']']);
        let help = msg!(finding::WRITE, meant = format!("[[{header}]]"));
        self.mismatch(value, title_of(kind), Some(help));
    }

    fn scalar(&mut self, value: &Spanned<DeValue<'_>>, kind: &Kind) {
        match (kind, value.get_ref()) {
            (Kind::Text | Kind::Ref(_), DeValue::String(_)) | (Kind::Flag, DeValue::Boolean(_)) => {}
            (Kind::Choice(choices), DeValue::String(text)) => self.choice(text, value.span(), choices),
            (Kind::Time(time), DeValue::String(text)) if !is_time(text, *time) => {
                let message =
                    msg!(finding::EXPECTED, expected = name_of_time(*time), found = Message::quoted(text));
                self.report(&rule::BAD_VALUE, value.span(), message, None);
            }
            (Kind::Time(_), DeValue::String(_)) => {}
            (Kind::Day, DeValue::Datetime(datetime)) => {
                // An impossible date is a syntax error already and comes without any part.
                let impossible = datetime.date.is_none() && datetime.time.is_none();
                if day_of(datetime).is_none() && !impossible {
                    self.mismatch(value, finding::A_DAY, None);
                }
            }
            (Kind::Amount | Kind::Rate | Kind::Quantity, _) => self.number(value, kind),
            (Kind::Integer { min, max }, DeValue::Integer(_)) => self.integer(value.span(), *min, *max),
            (Kind::Day, _) => {
                let day = slip::day_of(self.text[value.span()].trim_matches(['"', '\'']));
                let help = day.map(|day| msg!(finding::WRITE, meant = day.to_string()));
                self.mismatch(value, name_of(kind), help);
            }
            _ => self.mismatch(value, name_of(kind), None),
        }
    }

    fn choice(&mut self, text: &str, span: Range<usize>, choices: &[Choice]) {
        if choices.iter().all(|choice| choice.name != text) {
            self.no_choice(text, span, choices.iter().map(|choice| choice.name.as_str()));
        }
    }

    fn number(&mut self, value: &Spanned<DeValue<'_>>, kind: &Kind) {
        let as_typed = &self.text[value.span()];
        let digits = match value.get_ref() {
            DeValue::Integer(_) | DeValue::Float(_) => as_typed,
            DeValue::String(text) => text.as_ref(),
            _ => return self.mismatch(value, name_of(kind), None),
        };
        let fits = match kind {
            Kind::Rate | Kind::Quantity => digits.parse::<Rate>().is_ok(),
            _ => digits.parse::<Amount>().is_ok(),
        };
        if !fits {
            debug_assert_eq!(AMOUNT_DIGITS, 15, "the message names the number of digits");
            let percent =
                digits.strip_suffix(['%', '％']).and_then(|percent| percent.parse::<Decimal>().ok());
            let part = percent.map(|percent| (percent / Decimal::ONE_HUNDRED).normalize());
            let help = part.map(|part| msg!(finding::WRITE, meant = part));
            self.report(&rule::BAD_VALUE, value.span(), msg!(finding::TOO_PRECISE, value = digits), help);
        }
    }

    fn integer(&mut self, span: Range<usize>, min: Option<i64>, max: Option<i64>) {
        let typed = self.text[span.clone()].replace('_', "");
        if let Some(message) = out_of_range(&typed, min, max) {
            self.report(&rule::BAD_VALUE, span, message, None);
        }
    }
}

/// What is wrong with a whole number that is not within its bounds, or has more digits than any.
pub fn out_of_range(typed: &str, min: Option<i64>, max: Option<i64>) -> Option<Message> {
    let (least, most) = (min.unwrap_or(i64::MIN), max.unwrap_or(i64::MAX));
    let number = typed.parse::<i64>();
    if number.as_ref().is_ok_and(|number| (least..=most).contains(number)) {
        return None;
    }
    Some(match (number, min, max) {
        (Ok(_), Some(min), None) => msg!(finding::TOO_LOW, value = typed, min = min),
        (Ok(_), None, Some(max)) => msg!(finding::TOO_HIGH, value = typed, max = max),
        _ => msg!(finding::OUT_OF_RANGE, value = typed, min = least, max = most),
    })
}

const OR: Text = Text::new("{a} or {b}", "{a}或{b}");

/// Whether `text` is a stretch of time of that form.
pub fn is_time(text: &str, time: Time) -> bool {
    match time {
        Time::Month => text.parse::<Month>().is_ok(),
        Time::Period => text.parse::<Period>().is_ok(),
        Time::Year => text.parse::<Year>().is_ok(),
    }
}

fn name_of_time(time: Time) -> Text {
    match time {
        Time::Month => finding::A_MONTH,
        Time::Period => finding::A_PERIOD,
        Time::Year => finding::A_YEAR,
    }
}

/// What a kind of value is called in a message.
pub fn name_of(kind: &Kind) -> Message {
    match kind {
        Kind::Choice(choices) => list(choices.iter().map(|choice| &choice.name)),
        Kind::AnyOf(kinds) => one_of(kinds),
        _ => title_of(kind).into(),
    }
}

fn one_of(kinds: &[Kind]) -> Message {
    let names = kinds.iter().map(name_of).reduce(|a, b| msg!(OR, a = a, b = b));
    names.unwrap_or(finding::ANOTHER.into())
}

/// What a kind of value is called where its choices are listed elsewhere.
pub fn title_of(kind: &Kind) -> Text {
    match kind {
        Kind::Text => finding::A_TEXT,
        Kind::Day => finding::A_DAY,
        Kind::Amount => finding::AN_AMOUNT,
        Kind::Rate => finding::A_RATE,
        Kind::Quantity => finding::A_QUANTITY,
        Kind::Formula => finding::A_FORMULA,
        Kind::Time(time) => name_of_time(*time),
        Kind::Integer { .. } => finding::AN_INTEGER,
        Kind::Flag => finding::A_FLAG,
        Kind::Ref(_) => finding::AN_ID,
        Kind::Table(_) | Kind::Map { .. } | Kind::Tagged { .. } => finding::A_TABLE,
        Kind::List(_) => finding::A_LIST,
        Kind::Choice(_) => finding::A_CHOICE,
        Kind::AnyOf(_) | Kind::Any => finding::ANOTHER,
    }
}

fn found(value: &DeValue<'_>) -> Text {
    match value {
        DeValue::String(_) => finding::FOUND_TEXT,
        DeValue::Integer(_) | DeValue::Float(_) => finding::FOUND_NUMBER,
        DeValue::Boolean(_) => finding::FOUND_FLAG,
        DeValue::Datetime(_) => finding::FOUND_DATE,
        DeValue::Array(_) => finding::A_LIST,
        DeValue::Table(_) => finding::A_TABLE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::kind::RecordKind;
    use crate::source::Snapshot;
    use crate::text::Lang;

    /// Faults of a client as `line:column name: message`.
    fn client(text: &str) -> Vec<String> {
        let snapshot = Snapshot::new([("clients/a.toml".to_owned(), Ok(text.to_owned()))]);
        let file = snapshot.sources.find("clients/a.toml").unwrap();
        let show = |finding: Finding| {
            let lines = crate::source::Lines::new(&snapshot.sources.get(file).text);
            let start = match finding.at.target {
                crate::source::Target::Bytes { start, .. } => lines.line_column(start),
                _ => lines.line_column(0),
            };
            format!(
                "{}:{} {}: {}",
                start.line,
                start.column,
                finding.rule.name,
                finding.message.get(Lang::En)
            )
        };
        faults(file, text, RecordKind::Client.shape()).into_iter().map(show).collect()
    }

    #[test]
    fn every_fault_of_a_file_is_found_once_at_its_place() {
        let text = r#"name = 7
tier = "golden"
manger = "wang-fang"
status = "active"
since = "2021-03-15"
rating = 2026-01-01
[results]
2026-13 = { deposits = 1 }
2026-10 = { deposits = { avg = true }, loans = 0x10 }
[[visits]]
date = 2026-02-31
by = "li-na"
kind = "on-sight"
[[opportunities]]
id = "a"
stage = "won"
amount = 1234567890123456
"#;
        assert_eq!(
            client(text),
            [
                "1:8 wrong-type: expected text in quotes, found a number",
                "2:8 bad-value: `golden` is not one of `strategic`, `key`, `base`, `prospect`",
                "3:1 unknown-key: unknown key `manger`",
                "5:9 wrong-type: expected a date without quotes, such as 2026-10-09, found text",
                "6:10 wrong-type: expected text in quotes, found a date or time",
                "8:1 bad-value: expected a month such as 2026-10, found `2026-13`",
                "9:32 wrong-type: expected a decimal number, found a truth value",
                "9:48 bad-value: `0x10` is not a decimal number of at most 15 digits",
                "11:8 syntax-error: not valid TOML: invalid date, expected day between 01 and 28",
                "13:8 bad-value: `on-sight` is not one of `on-site`, `at-bank`, `call`, `video`, `event`",
                "17:10 bad-value: `1234567890123456` is not a decimal number of at most 15 digits",
            ]
        );
    }

    #[test]
    fn missing_keys_are_named_only_where_the_syntax_is_whole() {
        let whole = client(
            "name = \"a\"\nstatus = \"active\"\ntier = \"key\"\n[[visits]]\ndate = 2026-10-09\nkind = \"call\"\n",
        );
        assert_eq!(
            whole,
            [
                "1:1 missing-key: missing key `manager`: Lead relationship manager (role A)",
                "4:1 missing-key: missing key `by`: Manager who visited; by default the client's lead",
            ]
        );
        let broken = client("name = \"a\nstatus = \"active\"\n");
        assert!(broken.iter().all(|fault| !fault.contains("missing-key")), "{broken:?}");
    }

    #[test]
    fn one_unclosed_quote_in_an_inline_table_is_one_fault() {
        let text = "name = \"a\"\nmanager = \"m\"\ntier = \"key\"\nstatus = \"active\"\n[results]\n2026-10 = { deposits = \"5, loans = 3 }\n2026-11 = { deposits = false }\n";
        let found = client(text);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("6:") && found[0].contains("syntax-error"), "{found:?}");
    }

    #[test]
    fn a_key_that_names_a_matter_of_health_is_told_why_it_is_none() {
        let text = "name = \"a\"\nmanager = \"m\"\ntier = \"key\"\nstatus = \"active\"\ndiagnosis = \"x\"\nnot = \"y\"\n";
        let found = all_faults(FileId::default(), text, RecordKind::Client.shape());
        let help = |index: usize| found[index].help.as_ref().map(|help| help.get(Lang::En));
        assert!(help(0).unwrap().starts_with("health data about a person have no place in a book"));
        assert_eq!(help(1).as_deref(), Some("a similar name exists: `note`"));
    }

    #[test]
    fn a_conflict_is_one_fault() {
        assert_eq!(
            client("<<<<<<< HEAD\nname = 1\n=======\n>>>>>>> b\n"),
            ["1:1 conflict-marker: merge-conflict marker left in the file"]
        );
    }

    #[test]
    fn a_hostile_file_shows_a_bounded_number_of_faults() {
        let text = (0..5000).map(|n| format!("k{n} = 1\n")).collect::<String>();
        assert_eq!(client(&text).len(), SHOWN + 1);
        client(&"[".repeat(100_000));
        client(&format!("a{} = 1", ".a".repeat(20_000)));
    }
}
