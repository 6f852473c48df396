//! A scorecard as it is frozen in a review.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::inputs::{amounts, figures};
use super::ledger::booked;
use super::{canonical, policy_digest, short, with_lines};
use crate::book::{Book, Record};
use crate::edit::render::{self, Table, Value};
use crate::policy::round::settled;
use crate::record::review::Review;
use crate::record::scorecard::{
    Closed, ClosedIndicator, ClosedInput, ClosedInputs, ClosedLedger, ClosedPlaces, Digits, Instalment, kept,
};
use crate::record::value::{Amount, Day, Year};
use crate::score::apply::Scored;
use crate::score::card::{ItemScore, Scorecard};
use crate::score::payslip::PayResult;
use crate::score::places::Places;
use crate::source::Sources;

/// The frozen form of a scorecard, as it is written to `closed.SCHEME` of a review.
pub fn frozen(
    book: &Book,
    sources: &Sources,
    scored: &Scored<'_>,
    card: &Scorecard,
    on: NaiveDate,
) -> Closed {
    let indicator = |item: &ItemScore| (item.id.to_string(), indicator(book, sources, card, item));
    let pay = card.pay.as_ref();
    let of_pay = pay.into_iter().flat_map(|pay| &pay.lines).flat_map(|line| &line.figures);
    let mut closed = Closed {
        policy: scored.id.into(),
        policy_digest: Some(policy_digest(book, sources, scored.id)),
        digest: String::new(),
        closed_on: Day(on),
        grade: card.profile.grade.as_deref().map(Into::into),
        team: card.profile.team.as_deref().map(Into::into),
        rank: Some(places(&card.places)).filter(|places| *places != ClosedPlaces::default()),
        risk_taker: pay.map(|_| card.profile.risk_taker),
        total: card.total.map(kept),
        rating: card.rating.as_deref().map(Into::into),
        vetoes: Some(card.vetoes.iter().map(|veto| veto.id.to_string()).collect()),
        indicators: card.items.iter().map(indicator).collect(),
        pay: pay.into_iter().flat_map(lines).collect(),
        pay_inputs: amounts(book, sources, (&card.profile.id, card.period), of_pay),
        pay_total: pay.map(|pay| kept(pay.total)),
        deferral: pay.map(|pay| deferral(pay, card.period.last().year() + 1)).unwrap_or_default(),
        exact: exact(card),
        ledger: None,
    };
    let own = book.reviews.iter().filter(|review| *review.data.manager == *card.profile.id);
    let own: Vec<&Record<Review>> = own.collect();
    closed.ledger = Some(booked(&own, &scored.policy.record.scheme, &closed));
    closed.digest = digest(&closed);
    closed
}

fn lines(pay: &PayResult) -> impl Iterator<Item = (String, Amount)> {
    pay.lines.iter().map(|line| (line.id.to_string(), kept(line.amount)))
}

/// The deferred parts of a pay, by the year they fall due.
pub(super) fn deferral(pay: &PayResult, first: i32) -> Vec<Instalment> {
    let instalments = pay.schedule.iter().zip(first..);
    instalments.map(|(amount, year)| Instalment { due: Year(year), amount: kept(*amount) }).collect()
}

fn indicator(book: &Book, sources: &Sources, card: &Scorecard, item: &ItemScore) -> ClosedIndicator {
    ClosedIndicator {
        value: item.value.map(kept),
        target: item.target.as_ref().map(|target| kept(target.value)),
        score: item.score.map(kept),
        points: item.points.map(kept),
        inputs: amounts(book, sources, (&card.profile.id, card.period), figures(item)),
    }
}

/// The figures that the digits of an amount do not tell to the end, by their places in what is frozen.
fn exact(card: &Scorecard) -> BTreeMap<String, Digits> {
    let mut found = BTreeMap::new();
    let mut put = |place: String, number: Option<Decimal>| {
        let all = number.map(settled).filter(|all| kept(*all).0 != all.normalize());
        found.extend(all.map(|all| (place, Digits(all))));
    };
    put("total".into(), card.total);
    for item in &card.items {
        let of = |key: &str| format!("indicators.{}.{key}", item.id);
        put(of("value"), item.value);
        put(of("target"), item.target.as_ref().map(|target| target.value));
        put(of("score"), item.score);
        put(of("points"), item.points);
    }
    if let Some(pay) = &card.pay {
        pay.lines.iter().for_each(|line| put(format!("pay.{}", line.id), Some(line.amount)));
        put("pay_total".into(), Some(pay.total));
    }
    found
}

/// The digest of what is frozen and the day it was closed on: limits for talks and appeals run from that day, so it must not
/// be moved either.
fn digest(closed: &Closed) -> String {
    short(&format!("{}\nclosed_on = {}", canonical(&body(closed)), closed.closed_on.0))
}

/// Whether a frozen scorecard is as it was frozen. One that was closed before digests covered the day has that of the rest
/// alone.
pub(super) fn is_untouched(closed: &Closed) -> bool {
    closed.digest == digest(closed) || closed.digest == short(&canonical(&body(closed)))
}

/// Everything of a frozen scorecard but its policy, its digests and its day. What earlier versions did not freeze is left out,
/// so that their digests hold.
fn body(closed: &Closed) -> Table {
    let mut body: Table = Vec::new();
    let mut put = |key: &str, value: Option<Value>| body.extend(value.map(|value| (key.to_owned(), value)));
    let words = |words: &Option<String>| words.as_deref().map(Value::from);
    put("total", closed.total.map(number));
    put("rating", words(&closed.rating));
    put("grade", words(&closed.grade));
    put("team", words(&closed.team));
    put("rank", closed.rank.map(rank));
    put("risk_taker", closed.risk_taker.map(Value::from));
    let list = |ids: &Vec<String>| Value::List(ids.iter().map(|id| id.as_str().into()).collect());
    put("vetoes", closed.vetoes.as_ref().map(list));
    put("indicators", Some(Value::Table(indicators(closed))));
    let lines = closed.pay.iter().map(|(line, paid)| (line.clone(), number(*paid)));
    put("pay", closed.pay_total.map(|_| Value::Table(lines.collect())));
    put("pay_inputs", (!closed.pay_inputs.is_empty()).then(|| input_table(&closed.pay_inputs)));
    put("pay_total", closed.pay_total.map(number));
    let instalment = |part: &Instalment| {
        let due = format!("{:04}", part.due.0);
        Value::Table(vec![("due".into(), due.into()), ("amount".into(), number(part.amount))])
    };
    let deferral = || Value::List(closed.deferral.iter().map(instalment).collect());
    put("deferral", (!closed.deferral.is_empty()).then(deferral));
    let digits = closed.exact.iter().map(|(place, digits)| (place.clone(), digits.0.to_string().into()));
    put("exact", (!closed.exact.is_empty()).then(|| Value::Table(digits.collect())));
    put("ledger", closed.ledger.as_ref().map(entries));
    body
}

fn places(places: &Places) -> ClosedPlaces {
    let frozen = |place: Option<usize>| place.and_then(|place| u32::try_from(place).ok());
    let [all, branch, team, grade] = [places.all, places.branch, places.team, places.grade].map(frozen);
    ClosedPlaces { all, branch, team, grade }
}

fn rank(places: ClosedPlaces) -> Value {
    let places =
        [("all", places.all), ("branch", places.branch), ("team", places.team), ("grade", places.grade)];
    let taken =
        places.into_iter().filter_map(|(key, place)| Some((key.to_owned(), Decimal::from(place?).into())));
    Value::Table(taken.collect())
}

fn entries(ledger: &ClosedLedger) -> Value {
    let of = |entries: &BTreeMap<String, Amount>| {
        Value::Table(entries.iter().map(|(name, amount)| (name.clone(), number(*amount))).collect())
    };
    Value::Table(ledger.iter().map(|(period, entries)| (period.to_string(), of(entries))).collect())
}

/// A number, in whatever way somebody spelled it since.
fn number(amount: Amount) -> Value {
    amount.0.normalize().into()
}

fn indicators(closed: &Closed) -> Table {
    let of = |item: &ClosedIndicator| {
        let numbers =
            [("value", item.value), ("target", item.target), ("score", item.score), ("points", item.points)];
        let stated = numbers.into_iter().filter_map(|(key, amount)| Some((key.to_owned(), number(amount?))));
        let mut table: Table = stated.collect();
        if !item.inputs.is_empty() {
            table.push(("inputs".into(), input_table(&item.inputs)));
        }
        table
    };
    closed.indicators.iter().map(|(id, item)| (id.clone(), Value::Table(of(item)))).collect()
}

fn input_table(inputs: &ClosedInputs) -> Value {
    let value = |input: &ClosedInput| match input {
        ClosedInput::Digest(digest) => digest.as_str().into(),
        ClosedInput::Amounts(fields) => {
            Value::Table(fields.iter().map(|(field, amount)| (field.clone(), number(*amount))).collect())
        }
    };
    Value::Table(inputs.iter().map(|(record, input)| (record.clone(), value(input))).collect())
}

/// A review's text with a frozen scorecard as its last section, one line an indicator.
pub fn with_section(text: &str, scheme: &str, closed: &Closed) -> String {
    let header = ["closed", scheme].map(render::key).join(".");
    let line = |(key, value): &(String, Value)| format!("{} = {}", render::key(key), render::inline(value));
    let mut plain: Table = vec![
        ("policy".into(), (&*closed.policy).into()),
        ("policy_digest".into(), closed.policy_digest.clone().unwrap_or_default().into()),
        ("digest".into(), closed.digest.as_str().into()),
        ("closed_on".into(), closed.closed_on.0.into()),
    ];
    let body = body(closed);
    plain.extend(body.into_iter().filter(|(key, _)| key != "indicators"));
    let mut lines = vec![String::new(), format!("[{header}]")];
    lines.extend(plain.iter().map(line));
    let items: BTreeMap<_, _> = indicators(closed).into_iter().collect();
    lines.extend([String::new(), format!("[{header}.indicators]")]);
    lines.extend(items.into_iter().map(|item| line(&item)));
    with_lines(text, lines)
}
