//! The `[[tests]]` of a policy: what is put in, what comes out, and where the two differ.
//!
//! Comparison is exact, in decimals. What a test does not state is not compared.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rust_decimal::Decimal;
use strum::VariantNames;

use super::beyond::{Beyond, Total, settled};
use super::blend::{Blend, CardPart, How, blend};
use super::card::{ScoreError, Scorecard};
use super::facts::{Facts, Past};
use super::payslip::{LineAmount, PayResult};
use super::places::{Places, place};
use super::run::{Who, finished, score_parts, scored};
use super::stated::{Reader, Stated};
use super::unmet::why;
use crate::msg;
use crate::policy::Policy;
use crate::record::policy::case::{Case, Expect, ExpectedRank, Figures};
use crate::record::policy::curve::Group;
use crate::record::policy::formula::Formula;
use crate::record::policy::{RollUp, TimeIn};
use crate::source::{KeyPath, Place};
use crate::text::{Lang, Message, score as say};

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
    /// Why nothing came out, or something else, where a figure is missing or a condition does not hold.
    pub why: Vec<Message>,
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
    let peers: Vec<Stated> = case.peers.iter().map(|peer| reader.peer(case, &me, peer)).collect();
    let peers: Vec<Stated> = peers.into_iter().filter(|peer| falls_under(policy, case, peer)).collect();
    let (me, peers) = with_totals(policy, case, me, peers);
    let (card, ranks) = match refused(policy, case, &me) {
        None => card(policy, case, &me, &peers)?,
        Some(error) => {
            let mut card = Scorecard::new(me.profile().clone(), case.period);
            card.errors.push(error);
            (card, Ranks::new())
        }
    };
    let path = KeyPath(vec!["tests".into(), at.into()]);
    let mut compare = Compare { reader, card: &card, path: path.join("expect"), differences: Vec::new() };
    compare.card(&case.expect);
    compare.ranks(case.expect.rank.as_ref(), &ranks);
    let unreadable = std::mem::take(&mut compare.reader.unreadable);
    for (text, message) in unreadable {
        let place = Place::value(policy.file, path.clone());
        compare.differences.push(Difference {
            at: place,
            what: text,
            expected: said(&message),
            got: "-".into(),
            why: Vec::new(),
        });
    }
    let differences = compare.differences;
    let at = Place::value(policy.file, path);
    Some(Outcome { name: case.name.clone(), at, differences, card })
}

/// Why a book would give the manager no scorecard for the period: the policy is not for the manager, or for no period so long.
fn refused(policy: &Policy, case: &Case, me: &Stated) -> Option<ScoreError> {
    let error = |word, reason| Some(ScoreError { word, item: None, reason });
    let record = &policy.record;
    if case.period.grain() > record.period.grain() && record.roll_up.is_none() {
        let (policy, period) = (record.title.as_str(), case.period.to_string());
        return error("no-roll-up", msg!(say::NO_ROLL_UP, policy = policy, period = period));
    }
    if falls_under(policy, case, me) { None } else { error("not-for-them", say::NOT_FOR_THEM.into()) }
}

/// Whether the policy is for somebody of a test; who does not say what `applies` looks at is taken to fall under it.
fn falls_under(policy: &Policy, case: &Case, who: &Stated) -> bool {
    let who = Who { profile: who.profile(), months: case.period.months() };
    policy.applies.as_ref().is_none_or(|applies| applies.node.flag(&who).unwrap_or(true))
}

/// The manager and the others with the totals of those below and above them, where the policy looks at them.
fn with_totals(policy: &Policy, case: &Case, me: Stated, peers: Vec<Stated>) -> (Stated, Vec<Stated>) {
    if !policy.looks_at_others_totals() {
        return (me, peers);
    }
    let knowing = |beyond: &Beyond| {
        let beyond = Arc::new(beyond.clone());
        let everybody = std::iter::once(&me).chain(&peers);
        everybody.map(|facts| facts.knowing(&beyond)).collect::<Vec<Stated>>()
    };
    let settled = settled(me.beyond().clone(), |beyond| {
        let everybody = knowing(beyond);
        let subjects: Vec<&dyn Facts> = everybody.iter().map(|facts| facts as &dyn Facts).collect();
        let managers = scored(policy, case.period, &subjects).managers;
        Ok(managers.into_iter().map(|it| (it.card.profile.id.clone(), Total::of(&it.card))).collect())
    });
    let Ok(Some(beyond)) = settled else { return (me, peers) };
    let mut everybody = knowing(&beyond);
    let peers = everybody.split_off(1);
    (everybody.pop().unwrap_or(me), peers)
}

/// The manager's place in each group, where the manager takes one.
type Ranks = BTreeMap<&'static str, Decimal>;

/// The scorecard of a test: scored at once, of the shorter periods the test states, or of stints, which take no place.
fn card(policy: &Policy, case: &Case, me: &Stated, peers: &[Stated]) -> Option<(Scorecard, Ranks)> {
    let among = |me: &Stated| {
        let subjects: Vec<&dyn Facts> =
            std::iter::once(me).chain(peers).map(|facts| facts as &dyn Facts).collect();
        let mut board = scored(policy, case.period, &subjects);
        let at = board.managers.iter().position(|manager| manager.card.profile.id == me.profile().id)?;
        let rank = |word: &&'static str| Some((*word, board.rank(at, word.parse().ok()?).ok()??));
        let ranks = Group::VARIANTS.iter().filter_map(rank).collect();
        Some((finished(board.managers.swap_remove(at)), ranks))
    };
    let made_of = |how: How, parts: Vec<CardPart>| {
        let blends = [(me.profile().id.clone(), Blend { how, parts })].into();
        Some((blend(policy, case.period, &[me], Vec::new(), blends).pop()?, Ranks::new()))
    };
    if case.period.grain() > policy.record.period.grain() {
        match policy.record.roll_up {
            Some(RollUp::Mean) => return rolled(policy, case, me, How::Mean),
            Some(RollUp::Last) => return rolled(policy, case, me, How::Last),
            Some(RollUp::Recompute) | None => {}
        }
    }
    let exactly = |me: &Stated| {
        let subjects: Vec<&dyn Facts> =
            std::iter::once(me).chain(peers).map(|facts| facts as &dyn Facts).collect();
        score_parts(policy, case.period, &subjects, &[me.profile().id.clone()].into()).pop()
    };
    let (card, ranks) = among(me)?;
    let Some(by) = policy.partial(&card.variants).splits().filter(|_| !case.manager.earlier.is_empty())
    else {
        return Some((card, ranks));
    };
    let mut parts = Vec::new();
    for earlier in &case.manager.earlier {
        let card = exactly(&me.taken_as(earlier))?;
        parts.push(CardPart { card, weight: earlier.time.into(), days: None });
    }
    let whole = active(case, by);
    let left = whole - parts.iter().map(|part| part.weight).sum::<Decimal>();
    parts.push(CardPart { card: exactly(me)?, weight: left, days: None });
    made_of(How::Stints, parts)
}

/// The scorecard of a test that is made of the shorter periods the test states, among those stated beside the manager in them.
fn rolled(policy: &Policy, case: &Case, me: &Stated, how: How) -> Option<(Scorecard, Ranks)> {
    let inside = |past: &&Past| case.period.contains(past.period.last_day());
    let part = |facts: &Stated, past: &Past| {
        let mut card = Scorecard::new(facts.profile().clone(), past.period);
        (card.total, card.exact_total) = (past.total, past.total);
        card.rating = past.rating.as_deref().map(Into::into);
        card.pay = paid(policy, past);
        CardPart { card, weight: Decimal::ONE, days: None }
    };
    let own = me.history().iter().filter(inside).map(|past| part(me, past)).collect();
    let mut blends = BTreeMap::from([(me.profile().id.clone(), Blend { how, parts: own })]);
    let mut others: BTreeMap<Box<str>, Stated> = BTreeMap::new();
    for peer in me.once_beside() {
        let Some(past) = peer.closed().filter(inside) else { continue };
        let id = &peer.profile().id;
        let blend = blends.entry(id.clone()).or_insert_with(|| Blend { how, parts: Vec::new() });
        blend.parts.push(part(peer, past));
        others.insert(id.clone(), peer.clone());
    }
    let subjects: Vec<&dyn Facts> =
        std::iter::once(me).chain(others.values()).map(|facts| facts as &dyn Facts).collect();
    let mut cards = blend(policy, case.period, &subjects, Vec::new(), blends);
    place(&mut cards);
    let card = cards.into_iter().find(|card| card.profile.id == me.profile().id)?;
    let Places { all, branch, team, grade } = card.places;
    let places = [("all", all), ("branch", branch), ("team", team), ("grade", grade)];
    let ranks = places.into_iter().filter_map(|(group, place)| Some((group, place?.into()))).collect();
    Some((card, ranks))
}

/// What an earlier period paid, as far as the test states it.
fn paid(policy: &Policy, past: &Past) -> Option<PayResult> {
    let terms = || policy.base.pay.iter().flat_map(|pay| &pay.lines);
    let lines = past.pay.iter().filter(|(id, _)| &***id != "total");
    let lines: Vec<LineAmount> = lines
        .map(|(id, amount)| LineAmount {
            id: (&**id).into(),
            title: (&**id).into(),
            figures: Vec::new(),
            steps: Vec::new(),
            missing: None,
            exact: *amount,
            amount: *amount,
            pool: false,
            gated: true,
            paid: terms().all(|line| *line.id != **id || line.paid),
            claims: [].into(),
        })
        .collect();
    let sum = lines.iter().filter(|line| line.paid).map(|line| line.amount).sum();
    let total = past.pay_total.unwrap_or(sum);
    (!past.pay.is_empty()).then(|| PayResult { lines, sum, total, now: total, ..PayResult::default() })
}

/// The days or months of the period that the manager of a test was in post.
fn active(case: &Case, by: TimeIn) -> Decimal {
    let (person, period) = (&case.manager, case.period);
    let months = || u32::try_from(period.grain().months()).unwrap_or(1);
    let time = match by {
        TimeIn::Days => person.active_days.unwrap_or_else(|| period.months().days()),
        TimeIn::Months => person.active_months.unwrap_or_else(months),
    };
    time.into()
}

fn said(message: &Message) -> String {
    message.get(Lang::En)
}

struct Compare<'a> {
    reader: Reader<'a>,
    card: &'a Scorecard,
    path: KeyPath,
    differences: Vec<Difference>,
}

impl<'a> Compare<'a> {
    fn differ(&mut self, path: &KeyPath, expected: String, got: Option<String>) {
        let steps: Vec<String> = path.0[3..].iter().map(step).collect();
        let what = steps.join(".");
        let why = match steps.split_first() {
            Some((list, rest)) => why(self.card, list, rest.first().map_or(&expected, |id| id)),
            None => Vec::new(),
        };
        let at = Place::value(self.reader.policy.file, path.clone());
        self.differences.push(Difference { at, what, expected, got: got.unwrap_or_else(|| "-".into()), why });
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

    /// Ids that must all come out and no others, in any order.
    fn list<'c>(&mut self, key: &str, expected: Option<&Vec<String>>, got: impl Iterator<Item = &'c str>) {
        let Some(expected) = expected else { return };
        let expected: BTreeSet<&str> = expected.iter().map(String::as_str).collect();
        let got: BTreeSet<&str> = got.collect();
        if expected != got {
            let words = |ids: BTreeSet<&str>| ids.into_iter().collect::<Vec<_>>().join(", ");
            let told = |ids: BTreeSet<&str>| if ids.is_empty() { "none".to_owned() } else { words(ids) };
            self.differ(&self.path.join(key), told(expected), Some(told(got)));
        }
    }

    fn figures(&mut self, list: &str, expected: &Figures, got: impl Fn(&str) -> Option<Decimal>) {
        let path = self.path.join(list);
        for (key, formula) in expected {
            self.number(&path.join(key.as_str()), formula, got(key));
        }
    }

    fn card(&mut self, expect: &Expect) {
        let card = self.card;
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
        self.list("vetoes", expect.vetoes.as_ref(), card.vetoes.iter().map(|veto| &*veto.id));
        self.list("warnings", expect.warnings.as_ref(), card.warnings.iter().map(|warning| &*warning.to));
        self.pay(expect, card);
    }

    fn ranks(&mut self, expected: Option<&ExpectedRank>, ranks: &Ranks) {
        let path = self.path.join("rank");
        let groups = match expected {
            None => Vec::new(),
            Some(ExpectedRank::All(expected)) => vec![(path, "all", expected)],
            Some(ExpectedRank::By(groups)) => {
                let by =
                    |(group, expected)| (path.join(String::as_str(group)), String::as_str(group), expected);
                groups.iter().map(by).collect()
            }
        };
        for (path, group, expected) in groups {
            match (expected.0.as_str(), ranks.get(group)) {
                ("none", None) => {}
                ("none", Some(rank)) => self.differ(&path, "none".into(), Some(rank.to_string())),
                (_, rank) => self.number(&path, expected, rank.copied()),
            }
        }
    }

    fn pay(&mut self, expect: &Expect, card: &Scorecard) {
        let plan = self.reader.policy.plan(&card.variants).ok();
        let stated = |id: &str| {
            let lines = plan.as_ref().and_then(|plan| plan.pay.as_ref()).map(|pay| &pay.lines);
            lines.is_some_and(|lines| lines.iter().any(|line| *line.id == *id))
        };
        let pay = card.pay.as_ref();
        self.figures("pay", &expect.pay, |id| {
            let pay = pay?;
            match id {
                "total" => Some(pay.total),
                "now" => Some(pay.now),
                "deferred" => Some(pay.deferred),
                "released" => Some(pay.released.iter().map(|entry| entry.amount).sum()),
                "forfeited" => Some(pay.released.iter().map(|entry| entry.deferred - entry.amount).sum()),
                "returned" => Some(pay.returned.iter().map(|entry| entry.amount).sum()),
                // A line that does not apply pays nothing; one that there is not pays no zero either.
                _ => {
                    let paid = pay.lines.iter().find(|line| *line.id == *id).map(|line| line.amount);
                    paid.or(stated(id).then_some(Decimal::ZERO))
                }
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
        if expect.error.is_some() {
            let open = card.unjudged.iter().map(|open| &open.error);
            let withheld = card.unrated.iter().chain(&card.unpaid).chain(open);
            got.extend(withheld.map(ToString::to_string));
        }
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
            None => self.differ(&self.path.join("error"), "-".into(), Some(got.join("; "))),
        }
    }
}

fn step(step: &crate::source::Step) -> String {
    match step {
        crate::source::Step::Key(key) => key.clone(),
        crate::source::Step::Index(index) => index.to_string(),
    }
}
