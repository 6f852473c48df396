//! What the records behind a figure contributed to it, then and now.

use std::borrow::Cow;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::short;
use crate::book::credit::percent_days;
use crate::book::{Book, Record};
use crate::metric::{Bearing, Evidence};
use crate::period::{Month, Period};
use crate::record::kind::RecordKind;
use crate::record::review::Review;
use crate::record::scorecard::{ClosedInput, ClosedInputs, kept};
use crate::record::value::Amount;
use crate::score::card::{Figure, ItemScore};
use crate::source::{KeyPath, Place, Sources, Step, Target};

/// The field under which the manager's share of a client stands where it is not all of it.
const CREDIT: &str = "credit";

/// The figures of an item, those of its parts included.
pub(super) fn figures(item: &ItemScore) -> impl Iterator<Item = &Figure> + Clone {
    item.figures.iter().chain(item.parts.iter().flat_map(|part| &part.figures))
}

/// What each record contributes to figures, summed by field whatever the month or the place in a list.
pub(super) fn amounts<'f>(
    book: &Book,
    sources: &Sources,
    of: (&str, Period),
    figures: impl Iterator<Item = &'f Figure>,
) -> ClosedInputs {
    let mut records: BTreeMap<String, BTreeMap<String, Decimal>> = BTreeMap::new();
    for evidence in counted(figures) {
        let fields = records.entry(record(sources, &evidence.at)).or_default();
        *fields.entry(field(&evidence.at, true)).or_default() += evidence.amount;
    }
    for (record, fields) in &mut records {
        if let Some(share) = credit(book, of, record, fields.keys()) {
            fields.insert(CREDIT.to_owned(), share);
        }
    }
    let rounded = |(field, amount): (String, Decimal)| (field, kept(amount.round_dp(10)));
    let input =
        |fields: BTreeMap<String, Decimal>| ClosedInput::Amounts(fields.into_iter().map(rounded).collect());
    records.into_iter().map(|(record, fields)| (record, input(fields))).collect()
}

/// The records that contribute; what was missed is shown and never frozen.
fn counted<'f>(figures: impl Iterator<Item = &'f Figure>) -> impl Iterator<Item = &'f Evidence> {
    figures.flat_map(|figure| &figure.evidence).filter(|evidence| evidence.bearing != Bearing::Missed)
}

/// The percent of a client that a manager earns in a period, where it is not all of it and figures rest on it.
fn credit<'f>(
    book: &Book,
    (manager, period): (&str, Period),
    record: &str,
    mut fields: impl Iterator<Item = &'f String>,
) -> Option<Decimal> {
    let client = book.clients.get(record.strip_prefix("client/")?)?;
    let measure = fields.find_map(|field| field.strip_prefix("results.")?.split('.').next())?;
    let months = period.months();
    let share = percent_days(&client.data, measure, &[manager], months) / Decimal::from(months.days());
    (share != Decimal::ONE_HUNDRED).then_some(share)
}

/// What each record contributes as earlier versions froze it: a digest of its fields with their amounts.
fn digests<'f>(sources: &Sources, figures: impl Iterator<Item = &'f Figure>) -> BTreeMap<String, String> {
    let mut records: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for evidence in counted(figures) {
        let amount = evidence.amount.round_dp(10).normalize();
        let field = field(&evidence.at, false);
        records.entry(record(sources, &evidence.at)).or_default().push(format!("{field}={amount}"));
    }
    let digest = |mut fields: Vec<String>| {
        fields.sort();
        short(&fields.join("\n"))
    };
    records.into_iter().map(|(record, fields)| (record, digest(fields))).collect()
}

/// The record a place lies in, `client/ID`, or the file at the top of the book.
fn record(sources: &Sources, at: &Place) -> String {
    let path = &sources.get(at.file).path;
    match RecordKind::of_path(path) {
        Some((kind, id)) if kind.is_many() => format!("{}/{id}", kind.name()),
        _ => path.clone(),
    }
}

/// The field a place lies in: its keys without the places of list entries, which move when an earlier entry is added, and
/// without the `history` that a value moves to when another takes its place.
fn field(at: &Place, without_months: bool) -> String {
    let path: &KeyPath = match &at.target {
        Target::Value(path) | Target::Key(path) | Target::Part { path, .. } => path,
        Target::File | Target::Bytes { .. } => return String::new(),
    };
    let keys = path.0.iter().filter_map(|step| match step {
        Step::Key(key) if key == "history" => None,
        Step::Key(key) if without_months && key.parse::<Month>().is_ok() => None,
        Step::Key(key) => Some(key.as_str()),
        Step::Index(_) => None,
    });
    keys.collect::<Vec<_>>().join(".")
}

/// The ids that records had when a period was closed, each with the record's id now.
pub(super) struct Former<'b>(BTreeMap<(RecordKind, &'b str), &'b str>);

impl<'b> Former<'b> {
    pub(super) fn of(book: &'b Book) -> Self {
        Self(book.former_ids())
    }

    /// A record as it was frozen, `client/ID`, under its id of today.
    fn now(&self, record: &str) -> String {
        let known = |kind, id| self.0.get(&(kind, id)).copied();
        let renamed = record.split_once('/').and_then(|(word, id)| match RecordKind::named(word)? {
            RecordKind::Review => {
                let (period, manager) = id.split_once('/')?;
                Some(format!("{word}/{period}/{}", known(RecordKind::Manager, manager)?))
            }
            // Earlier versions wrote `settings/settings`.
            kind if !kind.is_many() => Some(kind.place().to_owned()),
            kind => Some(format!("{word}/{}", known(kind, id)?)),
        });
        renamed.unwrap_or_else(|| record.to_owned())
    }
}

/// A record that contributes something else than it did.
pub(super) struct Changed {
    /// The record, under its id of today.
    pub(super) record: String,
    /// Where it contributes now.
    pub(super) at: Option<Place>,
    /// What it contributed, and contributes now.
    pub(super) fields: Vec<Contribution>,
}

/// What one field of a record contributed to a figure.
pub(super) enum Contribution {
    /// Another amount than it did, or one where there was none.
    Other(String, Option<Decimal>, Option<Decimal>),
    /// An amount now; what it was only a digest tells.
    Now(String, Decimal),
    /// Nothing now; what it was only a digest tells.
    Nothing,
}

/// The book in whose view inputs are compared.
pub(super) struct View<'b> {
    pub(super) book: &'b Book,
    pub(super) sources: &'b Sources,
    pub(super) former: &'b Former<'b>,
    /// The reviews of each manager.
    pub(super) reviews: &'b BTreeMap<&'b str, Vec<&'b Record<Review>>>,
}

impl View<'_> {
    /// What each record contributes to figures of a manager in a period.
    pub(super) fn amounts<'f>(
        &self,
        of: (&str, Period),
        figures: impl Iterator<Item = &'f Figure>,
    ) -> ClosedInputs {
        amounts(self.book, self.sources, of, figures)
    }

    /// The records that contribute otherwise to figures than was frozen, those that moved most first.
    pub(super) fn changed<'f>(
        &self,
        frozen: &ClosedInputs,
        of: (&str, Period),
        figures: &(impl Iterator<Item = &'f Figure> + Clone),
    ) -> Vec<Changed> {
        let now = self.amounts(of, figures.clone());
        let mut then: BTreeMap<String, Cow<'_, ClosedInput>> = BTreeMap::new();
        for (record, input) in frozen {
            match then.entry(self.former.now(record)) {
                Entry::Vacant(place) => _ = place.insert(Cow::Borrowed(input)),
                Entry::Occupied(mut known) => together(known.get_mut().to_mut(), input),
            }
        }
        let digested = then.values().any(|input| matches!(**input, ClosedInput::Digest(_)));
        let digests = if digested { digests(self.sources, figures.clone()) } else { BTreeMap::new() };
        let records: BTreeSet<&String> = then.keys().chain(now.keys()).collect();
        let mut changed: Vec<(Decimal, Changed)> = Vec::new();
        for record in records {
            let now = match now.get(record) {
                Some(ClosedInput::Amounts(fields)) => fields.clone(),
                _ => BTreeMap::new(),
            };
            let (moved, fields) = match then.get(record).map(|input| &**input) {
                Some(ClosedInput::Digest(digest)) if digests.get(record) == Some(digest) => continue,
                Some(ClosedInput::Digest(_)) => (Decimal::MAX, told(now)),
                Some(ClosedInput::Amounts(then)) => differing(then, &now),
                None => differing(&BTreeMap::new(), &now),
            };
            if !fields.is_empty() {
                let mut evidence =
                    figures.clone().flat_map(|figure| &figure.evidence).map(|evidence| &evidence.at);
                let at = evidence.find(|at| self::record(self.sources, at) == *record).cloned();
                changed.push((moved, Changed { record: record.clone(), at, fields }));
            }
        }
        changed.sort_by(|(a, _), (b, _)| b.cmp(a));
        changed.into_iter().map(|(_, changed)| changed).collect()
    }
}

/// Adds what another record contributed that has been merged into this one; shares of a client in percent are not added up.
fn together(known: &mut ClosedInput, more: &ClosedInput) {
    let (ClosedInput::Amounts(known), ClosedInput::Amounts(more)) = (known, more) else { return };
    for (field, amount) in more {
        match known.get_mut(field) {
            Some(_) if field == CREDIT => {}
            Some(sum) => sum.0 += amount.0,
            None => _ = known.insert(field.clone(), *amount),
        }
    }
}

fn told(now: BTreeMap<String, Amount>) -> Vec<Contribution> {
    if now.is_empty() {
        return vec![Contribution::Nothing];
    }
    now.into_iter().map(|(field, amount)| Contribution::Now(field, amount.0)).collect()
}

/// The fields that differ, and by how much in all.
fn differing(
    then: &BTreeMap<String, Amount>,
    now: &BTreeMap<String, Amount>,
) -> (Decimal, Vec<Contribution>) {
    let names: BTreeSet<&String> = then.keys().chain(now.keys()).collect();
    let mut moved = Decimal::ZERO;
    let mut fields = Vec::new();
    for name in names {
        let of = |side: &BTreeMap<String, Amount>| side.get(name).map(|amount| amount.0);
        let (then, now) = (of(then), of(now));
        if then != now {
            moved += (then.unwrap_or_default() - now.unwrap_or_default()).abs();
            fields.push(Contribution::Other(name.clone(), then, now));
        }
    }
    (moved, fields)
}
