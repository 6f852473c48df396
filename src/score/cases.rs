//! The `[[tests]]` of a policy: what is put in, what comes out, and where the two differ.
//!
//! Comparison is exact, in decimals. What a test does not state is not compared.

use rust_decimal::Decimal;

use super::card::Scorecard;
use super::facts::Facts;
use super::run::score;
use super::stated::{Reader, Stated};
use crate::policy::Policy;
use crate::record::policy::case::{Case, Expect, Figures};
use crate::record::policy::formula::Formula;
use crate::source::{KeyPath, Place};
use crate::text::{Lang, Message};

/// One line of a test that did not come out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Where the expectation stands.
    pub at: Place,
    /// What is compared: `items.deposits`, `total`, `pay.base`.
    pub what: String,
    /// What the test expects.
    pub expected: String,
    /// What came out; a dash where nothing did.
    pub got: String,
}

/// A test and how it went.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// Name of the test.
    pub name: String,
    /// Where it stands.
    pub at: Place,
    /// What differs; empty where it passes.
    pub differences: Vec<Difference>,
    /// The scorecard it made, for an explanation.
    pub card: Scorecard,
}

impl Outcome {
    /// Whether everything came out as expected.
    pub fn passes(&self) -> bool {
        self.differences.is_empty()
    }
}

/// Runs every test of a policy, in the order of the file.
pub fn run(policy: &Policy) -> Vec<Outcome> {
    policy.record.tests.iter().enumerate().filter_map(|(at, case)| run_one(policy, at, case)).collect()
}

fn run_one(policy: &Policy, at: usize, case: &Case) -> Option<Outcome> {
    let mut reader = Reader { policy, unreadable: Vec::new() };
    let me = reader.manager(case);
    let peers: Vec<Stated> = case.peers.iter().map(|peer| reader.peer(case, peer)).collect();
    let subjects: Vec<&dyn Facts> =
        std::iter::once(&me).chain(&peers).map(|facts| facts as &dyn Facts).collect();
    let id = me.profile().id.clone();
    let card = score(policy, case.period, &subjects).into_iter().find(|card| card.profile.id == id)?;
    let path = KeyPath(vec!["tests".into(), at.into()]);
    let mut compare = Compare { reader, path: path.join("expect"), differences: Vec::new() };
    compare.card(&case.expect, &card);
    let unreadable = std::mem::take(&mut compare.reader.unreadable);
    for (text, message) in unreadable {
        let place = Place::value(policy.file, path.clone());
        compare.differences.push(Difference {
            at: place,
            what: text,
            expected: said(&message),
            got: "-".into(),
        });
    }
    let at = Place::value(policy.file, path);
    Some(Outcome { name: case.name.clone(), at, differences: compare.differences, card })
}

fn said(message: &Message) -> String {
    message.get(Lang::En)
}

struct Compare<'a> {
    reader: Reader<'a>,
    path: KeyPath,
    differences: Vec<Difference>,
}

impl Compare<'_> {
    fn differ(&mut self, path: &KeyPath, expected: String, got: Option<String>) {
        let what = path.0[3..].iter().map(step).collect::<Vec<_>>().join(".");
        let at = Place::value(self.reader.policy.file, path.clone());
        self.differences.push(Difference { at, what, expected, got: got.unwrap_or_else(|| "-".into()) });
    }

    fn number(&mut self, path: &KeyPath, expected: &Formula, got: Option<Decimal>) {
        let expected = self.reader.number(expected);
        if got != Some(expected) {
            self.differ(path, expected.normalize().to_string(), got.map(|got| got.normalize().to_string()));
        }
    }

    fn words(&mut self, key: &str, expected: Option<&String>, got: Option<&str>) {
        let Some(expected) = expected else { return };
        if got.unwrap_or("none") != expected {
            self.differ(&self.path.join(key), expected.clone(), got.map(str::to_owned));
        }
    }

    fn figures(&mut self, list: &str, expected: &Figures, got: impl Fn(&str) -> Option<Decimal>) {
        let path = self.path.join(list);
        for (key, formula) in expected {
            self.number(&path.join(key.as_str()), formula, got(key));
        }
    }

    fn card(&mut self, expect: &Expect, card: &Scorecard) {
        self.errors(expect, card);
        let of = |id: &str| card.items.iter().find(move |item| *item.id == *id);
        self.figures("values", &expect.values, |id| of(id)?.value);
        self.figures("targets", &expect.targets, |id| of(id)?.target.as_ref().map(|target| target.value));
        self.figures("scores", &expect.scores, |id| of(id)?.score);
        self.figures("items", &expect.items, |id| of(id).and_then(|item| item.points.or(item.score)));
        self.figures("dimensions", &expect.dimensions, |id| {
            card.dimensions.iter().find(|dimension| *dimension.id == *id)?.points
        });
        if let Some(total) = &expect.total {
            self.number(&self.path.join("total"), total, card.total);
        }
        self.words("rating", expect.rating.as_ref(), card.rating.as_deref());
        self.words("promotion", expect.promotion.as_ref(), card.promotion.as_ref().map(|found| &*found.to));
        self.words("demotion", expect.demotion.as_ref(), card.demotion.as_ref().map(|found| &*found.to));
        self.pay(expect, card);
    }

    fn pay(&mut self, expect: &Expect, card: &Scorecard) {
        let pay = card.pay.as_ref();
        self.figures("pay", &expect.pay, |id| {
            let pay = pay?;
            match id {
                "total" => Some(pay.total),
                "now" => Some(pay.now),
                "deferred" => Some(pay.deferred),
                "returned" => Some(pay.returned.iter().map(|entry| entry.amount).sum()),
                _ => Some(
                    pay.lines.iter().find(|line| *line.id == *id).map_or(Decimal::ZERO, |line| line.amount),
                ),
            }
        });
        let schedule = pay.map(|pay| pay.schedule.as_slice()).unwrap_or_default();
        for (at, expected) in expect.deferral.iter().enumerate() {
            let path = self.path.join("deferral").join(at);
            self.number(&path, expected, schedule.get(at).copied());
        }
    }

    /// The error that must come out, or that none does.
    fn errors(&mut self, expect: &Expect, card: &Scorecard) {
        let mut got: Vec<String> = card.errors.iter().map(ToString::to_string).collect();
        if card.not_assessed.is_some() {
            got.push("not-assessed".into());
        }
        match &expect.error {
            Some(expected) => {
                let fits = |got: &String| got == expected || got.split(':').next() == Some(expected.as_str());
                if !got.iter().any(fits) {
                    self.differ(&self.path.join("error"), expected.clone(), got.into_iter().next());
                }
            }
            None if got.is_empty() => {}
            None => {
                let reasons = card.errors.iter().map(|error| format!("{error}: {}", said(&error.reason)));
                let assessed =
                    card.not_assessed.iter().map(|reason| format!("not-assessed: {}", said(reason)));
                let got: Vec<String> = reasons.chain(assessed).collect();
                self.differ(&self.path.join("error"), "-".into(), Some(got.join("; ")));
            }
        }
    }
}

fn step(step: &crate::source::Step) -> String {
    match step {
        crate::source::Step::Key(key) => key.clone(),
        crate::source::Step::Index(index) => index.to_string(),
    }
}
