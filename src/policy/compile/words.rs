//! Words of a policy that lead nowhere: ratings nobody can have, rows nothing chooses, definitions nothing uses.

use std::collections::{BTreeMap, BTreeSet};

use super::Compiler;
use super::people::people_of;
use crate::diag::Finding;
use crate::msg;
use crate::period::{Month, Period};
use crate::policy::curve::{TableKeys, points_of, table_of};
use crate::policy::expr::{Attribute, Expr, Leaf, Part, Scored, Stage, Type, named, nearest, words};
use crate::policy::lines::Beyond;
use crate::policy::rule;
use crate::record::client::{Status, Tier};
use crate::record::policy::curve::{Cell, Table};
use crate::record::policy::formula::{Formula, UNREAD};
use crate::record::policy::item::{Item, Missing};
use crate::record::policy::{Constant, Policy};
use crate::record::risk::RiskClass;
use crate::source::{FileId, KeyPath, Place};
use crate::text::{Message, finding, policy};

/// The definitions of a policy that something in it uses.
#[derive(Clone, Debug, Default)]
pub(in crate::policy) struct Used {
    /// Parts of the names in expressions: constants and measures are among them.
    names: BTreeSet<String>,
    /// Words of formulas that cannot be read, any of which may be a name.
    words: BTreeSet<String>,
    /// Tables.
    pub(in crate::policy) tables: BTreeSet<String>,
    /// Curves.
    pub(in crate::policy) curves: BTreeSet<String>,
}

impl Used {
    pub(super) fn by(&mut self, text: &str) {
        self.names.extend(named(text));
    }

    pub(super) fn perhaps_by(&mut self, text: &str) {
        self.words.extend(words(text).map(str::to_owned));
    }

    pub(in crate::policy) fn add(&mut self, other: Self) {
        self.names.extend(other.names);
        self.words.extend(other.words);
        self.tables.extend(other.tables);
        self.curves.extend(other.curves);
    }

    /// Whether a word of a formula that cannot be read is this name, or is like it and no other.
    fn may_mean(&self, record: &Policy, name: &str) -> bool {
        let is_declared =
            |word: &str| record.constants.contains_key(word) || record.measures.contains_key(word);
        let is_like = |word: &&String| !is_declared(word) && nearest(word, [name].into_iter()).is_some();
        self.words.contains(name) || self.words.iter().any(|word| is_like(&word))
    }

    /// A finding for each definition that nothing uses.
    pub(in crate::policy) fn unused(&self, file: FileId, record: &Policy) -> Vec<Finding> {
        let lists = [
            ("constants", record.constants.keys().collect::<Vec<_>>(), &self.names),
            ("measures", record.measures.keys().collect(), &self.names),
            ("tables", record.tables.keys().collect(), &self.tables),
            ("curves", record.curves.keys().collect(), &self.curves),
        ];
        let mut findings = Vec::new();
        for (list, names, used) in lists {
            let is_unused = |name: &&String| !used.contains(*name) && !self.may_mean(record, name);
            for name in names.into_iter().filter(is_unused) {
                let at = Place::key(file, KeyPath(vec![list.into(), name.as_str().into()]));
                findings.push(Finding::new(
                    &rule::UNUSED_DEFINITION,
                    at,
                    msg!(policy::NOTHING_USES, name = name),
                ));
            }
        }
        findings
    }
}

/// So many words are worth listing where none of them is like the one that stands there.
const FEW: usize = 12;

/// The words an attribute of a record can be; none where it is any words.
fn choices(attribute: Attribute) -> Vec<&'static str> {
    match attribute {
        Attribute::Tier => [Tier::Strategic, Tier::Key, Tier::Base, Tier::Prospect].map(Tier::word).into(),
        Attribute::Status => [Status::Prospect, Status::Active, Status::Closed].map(Status::word).into(),
        Attribute::Class => [
            RiskClass::Normal,
            RiskClass::SpecialMention,
            RiskClass::Substandard,
            RiskClass::Doubtful,
            RiskClass::Loss,
        ]
        .map(RiskClass::word)
        .into(),
        _ => Vec::new(),
    }
}

impl Compiler<'_> {
    /// Every rating a manager may be given, under any variant.
    fn rating_words(&self) -> BTreeSet<String> {
        let variants = self.record.variants.iter().flat_map(|variant| &variant.ratings);
        self.record.ratings.iter().chain(variants).map(|rating| rating.id.clone()).collect()
    }

    /// A condition on a rating that nobody can be given, or on a word no record can hold, never holds.
    pub(super) fn known_words(&mut self, expression: &Expr, path: &KeyPath) {
        let mut compared = Vec::new();
        expression.node.compared(&mut |leaf, word| compared.push((leaf, word)));
        for (leaf, word) in compared {
            match leaf {
                Leaf::Grade | Leaf::Role | Leaf::Team | Leaf::Branch | Leaf::ManagerId => {
                    self.known_people(leaf, word, expression, path);
                }
                Leaf::Rating => self.known_word(word, &self.rating_words(), "ratings", path),
                Leaf::Record(attribute, _) => {
                    let known: BTreeSet<String> = choices(*attribute).into_iter().map(Into::into).collect();
                    if !known.is_empty() {
                        self.known_word(word, &known, attribute.name(), path);
                    }
                }
                _ => {}
            }
        }
    }

    /// A table that an expression looks up is judged like one that a curve reads, once.
    pub(super) fn looked_up(&mut self, expression: &Expr, stage: Stage) {
        let (mut names, any) = (Vec::new(), Type::Number(None));
        expression.node.tables(&mut names);
        for name in names {
            if self.used.tables.insert(name.to_owned()) && !self.is_of_words(name) {
                let record = self.record;
                let Some(table) = record.tables.get(name) else { continue };
                self.numbers_of(table, &KeyPath(vec!["tables".into(), name.into()]), stage, &any);
            }
        }
    }

    /// A table of bands or of points that no curve reads.
    pub(in crate::policy) fn numbers_of(&mut self, table: &Table, path: &KeyPath, stage: Stage, any: &Type) {
        if table.points.is_empty() {
            table_of(self, &TableKeys::of(table), path, stage, any, any);
            return;
        }
        if !(table.bands.is_empty() && table.edges.is_empty()) {
            self.fault(&rule::BAD_TABLE, path, msg!(policy::EXACTLY_ONE, keys = "bands, edges, points"));
        }
        points_of(self, &table.points, path, stage, any, any);
        for (key, beyond) in [("below", &table.below), ("above", &table.above)] {
            if let Some(stated) = beyond.as_ref().filter(|beyond| Beyond::<()>::worded(&beyond.0).is_none()) {
                self.number(stated, &path.join(key), stage, Some(any));
            }
        }
    }

    /// Whether a table is one of words, which has neither bands nor edges.
    pub(in crate::policy) fn is_of_words(&mut self, name: &str) -> bool {
        let Some(table) = self.record.tables.get(name).filter(|table| !table.rows.is_empty()) else {
            return false;
        };
        if !(table.bands.is_empty() && table.edges.is_empty() && table.points.is_empty()) {
            let path = KeyPath(vec!["tables".into(), name.into()]);
            self.fault(
                &rule::BAD_TABLE,
                &path,
                msg!(policy::EXACTLY_ONE, keys = "rows, bands, edges, points"),
            );
        }
        true
    }

    /// What a table of words that nothing looks up gives, each cell by itself.
    pub(in crate::policy) fn cells(&mut self, table: &Table, path: &KeyPath) {
        for (word, cell) in &table.rows {
            let path = path.join("rows").join(word.as_str());
            match cell {
                Cell::One(formula) => drop(self.number(formula, &path, Stage::Pay, None)),
                Cell::By(cells) => cells.iter().for_each(|(word, formula)| {
                    self.number(formula, &path.join(word.as_str()), Stage::Pay, None);
                }),
            }
        }
    }

    /// An item without a curve has no score that could be named.
    pub(super) fn has_score(&mut self, expression: &Expr, path: &KeyPath) {
        self.has_parts(expression, path);
        let record = self.record;
        let items = [&record.indicators, &record.additions, &record.deductions];
        let scoreless = |id: &str| {
            let mut items = items.into_iter().flatten().filter(|item| item.id == id);
            items.any(|item| item.curve.is_none() && item.points.is_none())
        };
        let mut named = Vec::new();
        expression.leaves(&mut |leaf| match leaf {
            Leaf::Item(Part::Score | Part::Points, id)
            | Leaf::Members(_, _, Scored::Item(Part::Score | Part::Points, id)) => {
                named.push(id);
            }
            _ => {}
        });
        let mended = self.mended;
        for id in named.into_iter().filter(|id| !mended && scoreless(id)) {
            self.fault(&rule::INCOMPLETE, path, msg!(policy::NO_SCORE, name = &**id));
        }
    }

    /// An item has no value or target that could be named where nothing states one, whatever the variant.
    fn has_parts(&mut self, expression: &Expr, path: &KeyPath) {
        let mut named = BTreeSet::new();
        expression.leaves(&mut |leaf| match leaf {
            Leaf::Item(part @ (Part::Value | Part::Target), id)
            | Leaf::Members(_, _, Scored::Item(part @ (Part::Value | Part::Target), id))
            | Leaf::Earlier(Scored::Item(part @ (Part::Value | Part::Target), id), _) => {
                named.insert((*part, id.clone()));
            }
            _ => {}
        });
        let record = self.record;
        let items = [&record.indicators, &record.additions, &record.deductions];
        let of_variants = record.variants.iter();
        let of_variants =
            of_variants.flat_map(|variant| [&variant.indicators, &variant.additions, &variant.deductions]);
        let items: Vec<&Item> = items.into_iter().chain(of_variants).flatten().collect();
        if self.mended {
            return;
        }
        for (part, id) in named {
            let mut own = items.iter().filter(|item| *item.id == *id);
            let (has, message) = match part {
                Part::Target => {
                    (own.any(|item| item.target.is_some()), msg!(policy::ITEM_WITHOUT_TARGET, name = &*id))
                }
                _ if own.clone().any(|item| item.curve.is_some() || item.points.is_some()) => {
                    (own.any(|item| item.value.is_some()), msg!(policy::NO_VALUE, name = &*id))
                }
                // What is wrong with an entry that says nothing is told there.
                _ => continue,
            };
            if !has {
                self.fault(&rule::INCOMPLETE, path, message);
            }
        }
    }

    fn known_word(&mut self, word: &str, known: &BTreeSet<String>, list: &str, path: &KeyPath) {
        let unread = self.stands_in(word) || self.mended && known.contains(UNREAD);
        if unread || known.contains(word) {
            return;
        }
        let message = msg!(policy::NO_ENTRY, name = word, known = list);
        self.no_such(path, message, word, known.iter().map(String::as_str));
    }

    /// Notes that a word is none of those there are, with the one that was meant, which is given back, or with all of a few.
    pub(in crate::policy) fn no_such<'w>(
        &mut self,
        path: &KeyPath,
        message: Message,
        word: &str,
        known: impl Iterator<Item = &'w str> + Clone,
    ) -> Option<&'w str> {
        let near = nearest(word, known.clone());
        let few = || {
            let known: Vec<&str> = known.filter(|word| *word != UNREAD).collect();
            (1..=FEW).contains(&known.len()).then(|| msg!(finding::ONE_OF, choices = Message::list(&known)))
        };
        let finding = Finding::new(&rule::UNKNOWN_NAME, Place::value(self.file, path.clone()), message);
        let help = near.map(|near| msg!(finding::NEAREST, name = near));
        self.findings.push(finding.help(help.or_else(few)));
        near
    }

    /// The rows of a constant name what can be: a rating of the policy, a month, a quarter.
    pub(super) fn known_rows(&mut self, constant: &Constant, path: &KeyPath) {
        let Constant::By(rows) = constant else { return };
        let by = rows.get("by").map_or("", |by| by.0.as_str());
        if let Some(leaf) = people_of(by) {
            self.known_rows_of(&leaf, rows, path);
            return;
        }
        let numbers = |last: u32| (1..=last).map(|number| number.to_string()).collect();
        let (known, list): (BTreeSet<String>, _) = match by {
            "rating" => (self.rating_words(), "ratings"),
            "month" => (numbers(12), "1..12"),
            "quarter" => (numbers(4), "1..4"),
            _ => return,
        };
        for key in rows.keys().filter(|key| !matches!(key.as_str(), "by" | "else")) {
            self.known_word(key, &known, list, &path.join(key.as_str()));
        }
        if list != "ratings" {
            self.rows_by_period(rows, by == "quarter", path);
            return;
        }
        // Every rating may be given from the first day.
        let lacks: Vec<&str> =
            known.iter().map(String::as_str).filter(|word| !rows.contains_key(*word)).collect();
        let typed = rows.keys().all(|key| matches!(key.as_str(), "by" | "else") || known.contains(key));
        if typed && !rows.contains_key("else") && !lacks.is_empty() && !self.mended {
            self.fault(
                &rule::RATING_WITHOUT_ROW,
                path,
                msg!(policy::LACKS_ROWS, names = Message::list(&lacks)),
            );
        }
    }

    /// Months or quarters in which a constant has no value though the policy is in force. Rates may be added as they become known;
    /// what stands before a stated one is not, and where missing figures count as something, none is noticed.
    fn rows_by_period(&mut self, rows: &BTreeMap<String, Formula>, by_quarter: bool, path: &KeyPath) {
        let grain = self.record.period.grain();
        let first = Period::containing(Month::of(self.record.effective.0), grain);
        let year = 12 / grain.months();
        let periods = (0..=year).map(|at| first.plus(at)).filter(|period| {
            let day = period.last_day();
            self.record.effective.0 <= day && self.record.until.is_none_or(|until| day <= until.0)
        });
        let number = |period: Period| {
            let month = period.last().number();
            if by_quarter { month.div_ceil(3) } else { month }.to_string()
        };
        let mut asked: Vec<String> = Vec::new();
        for number in periods.map(number) {
            if !asked.contains(&number) {
                asked.push(number);
            }
        }
        let stated = |number: &String| rows.contains_key(number);
        let counts = |missing: &Missing| *missing != Missing::Error;
        let record = self.record;
        let mut items = [&record.indicators, &record.additions, &record.deductions].into_iter().flatten();
        let unnoticed = record.missing.as_ref().is_some_and(counts)
            || items.any(|item| item.missing.as_ref().is_some_and(counts));
        let upto = if unnoticed { Some(asked.len()) } else { asked.iter().rposition(stated) };
        let lacks: Vec<&str> = asked[..upto.unwrap_or_default()]
            .iter()
            .filter(|number| !stated(number))
            .map(String::as_str)
            .collect();
        if !rows.contains_key("else") && !lacks.is_empty() && asked.iter().any(stated) && !self.mended {
            let message = msg!(policy::LACKS_ROWS, names = Message::list(&lacks));
            self.fault(&rule::PERIOD_WITHOUT_ROW, path, message);
        }
    }
}
