//! Facts that keep what they answered, for a period that is scored many times over with small differences in who is who.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::facts::{
    Ask, Each, Facts, Known, LedgerEntry, Mark, Measured, Part, Past, Profile, RaterScore, Served,
};
use super::past::Frozen;
use crate::period::{Months, Period};
use crate::policy::expr::{Among, Attribute, Scored, Trouble, Value};
use crate::record::policy::TimeIn;
use crate::text::Message;

/// Answers by what was asked.
type Answers<K, V = Measured> = Mutex<HashMap<K, V>>;
/// A figure of a part, by its id and whether it is of the whole record.
type OfPart = (Each, Box<str>, bool, Ask);

/// What was answered so far.
#[derive(Default)]
struct Memory {
    asked: Answers<Ask>,
    parts: Answers<(Each, Vec<Ask>), Vec<Part>>,
    of_parts: Answers<OfPart>,
}

/// The answer under a key, found once. Two who look at once may both find it.
fn once<K: Eq + Hash, V: Clone>(known: &Answers<K, V>, key: K, find: impl FnOnce() -> V) -> V {
    let lock = || known.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(answer) = lock().get(&key) {
        return answer.clone();
    }
    let answer = find();
    lock().insert(key, answer.clone());
    answer
}

/// The facts of one manager with a memory, and a profile that may be another.
pub(super) struct Remembered<'f> {
    facts: &'f dyn Facts,
    profile: Profile,
    memory: Arc<Memory>,
}

impl<'f> Remembered<'f> {
    /// Facts that remember.
    pub(super) fn new(facts: &'f dyn Facts) -> Self {
        Self { facts, profile: facts.profile().clone(), memory: Arc::default() }
    }

    /// The same manager in another grade, on which no figure depends.
    pub(super) fn in_grade(&self, grade: &str) -> Self {
        let profile = Profile { grade: Some(grade.into()), ..self.profile.clone() };
        Self { facts: self.facts, profile, memory: self.memory.clone() }
    }
}

impl Facts for Remembered<'_> {
    fn profile(&self) -> &Profile {
        &self.profile
    }

    fn months(&self) -> Option<Months> {
        self.facts.months()
    }

    fn ask(&self, ask: &Ask) -> Measured {
        once(&self.memory.asked, ask.clone(), || self.facts.ask(ask))
    }

    fn served(&self, ask: &Ask, by: TimeIn) -> Result<Vec<Served>, Message> {
        self.facts.served(ask, by)
    }

    fn parts(&self, each: Each, asks: &[&Ask]) -> Vec<Part> {
        let key = (each, asks.iter().copied().cloned().collect());
        once(&self.memory.parts, key, || self.facts.parts(each, asks))
    }

    fn ask_part(&self, each: Each, part: &Part, ask: &Ask) -> Measured {
        let key = (each, part.id.clone(), part.whole, ask.clone());
        once(&self.memory.of_parts, key, || self.facts.ask_part(each, part, ask))
    }

    fn attribute(&self, part: &Part, attribute: Attribute) -> Option<Value> {
        self.facts.attribute(part, attribute)
    }

    fn mark(&self, item: &str) -> Option<Mark> {
        self.facts.mark(item)
    }

    fn raters(&self, item: &str) -> Vec<RaterScore> {
        self.facts.raters(item)
    }

    fn given(&self, item: &str) -> Option<Known> {
        self.facts.given(item)
    }

    fn history(&self) -> &[Past] {
        self.facts.history()
    }

    fn closed(&self) -> Option<&Past> {
        self.facts.closed()
    }

    fn frozen(&self) -> Option<&Frozen> {
        self.facts.frozen()
    }

    fn then(&self, period: Period) -> Box<dyn Facts + '_> {
        self.facts.then(period)
    }

    fn beside(&self, period: Period) -> Option<Vec<Box<dyn Facts + '_>>> {
        self.facts.beside(period)
    }

    fn falling_due(&self) -> &[(Period, Decimal)] {
        self.facts.falling_due()
    }

    fn others(&self, among: Among) -> Vec<Box<str>> {
        self.facts.others(among)
    }

    fn total_of(&self, other: &str) -> Result<Option<Decimal>, Trouble> {
        self.facts.total_of(other)
    }

    fn results(&self, scheme: &str, what: &Scored) -> Result<Vec<(Period, Decimal)>, Message> {
        self.facts.results(scheme, what)
    }

    fn begins(&self) -> Option<NaiveDate> {
        self.facts.begins()
    }

    fn is_outside(&self, period: Period) -> bool {
        self.facts.is_outside(period)
    }

    fn is_open(&self, period: Period) -> bool {
        self.facts.is_open(period)
    }

    fn ledger(&self) -> &[LedgerEntry] {
        self.facts.ledger()
    }
}
