//! Closed periods scored again and held against what was frozen.

use std::collections::{BTreeMap, BTreeSet};

use super::pool::overspent;
use super::{contributions, figures, inputs, is_digest, policy_digest, rule};
use crate::book::{Book, Record};
use crate::diag::Finding;
use crate::edit::render::{Table, Value};
use crate::metric::Portfolios;
use crate::msg;
use crate::path;
use crate::period::Period;
use crate::record::kind::RecordKind;
use crate::record::review::Review;
use crate::record::scorecard::Closed;
use crate::record::value::Amount;
use crate::score::Asked;
use crate::score::apply::{Policies, Request, run};
use crate::score::card::{ItemScore, Scorecard};
use crate::source::{FileId, Place, Sources};
use crate::text::close as say;

/// Everything that would come out otherwise than it was frozen in the reviews that are `wanted`; periods without one are
/// not scored. Nothing while a record does not load: its own fault is the finding.
pub fn compare(
    portfolios: &Portfolios<'_>,
    sources: &Sources,
    policies: &Policies,
    wanted: impl Fn(FileId) -> bool,
) -> Vec<Finding> {
    let book = portfolios.book();
    let reviews: Vec<&Record<Review>> = book.reviews.iter().filter(|review| wanted(review.file)).collect();
    let closed: BTreeSet<(Period, &str)> = reviews
        .iter()
        .flat_map(|review| review.data.closed.keys().map(|scheme| (review.data.period, scheme.as_str())))
        .collect();
    if closed.is_empty() || !book.is_whole() {
        return Vec::new();
    }
    let asked = Asked { evidence: true, ..Asked::default() };
    let former = Former::of(book);
    let mut found = Vec::new();
    for (period, scheme) in closed {
        let request = Request { period: Some(period), scheme: Some(scheme), ..Request::default() };
        let scored = run(portfolios, policies, request, &asked).unwrap_or_default();
        let cards: BTreeMap<&str, &Scorecard> = scored
            .iter()
            .flat_map(|scored| &scored.cards)
            .map(|card| (card.profile.id.as_ref(), card))
            .collect();
        let before = found.len();
        let mut held = true;
        let of_period = || reviews.iter().filter(|review| review.data.period == period);
        let sides = of_period().filter_map(|review| {
            let frozen = review.data.closed.get(scheme)?;
            let card = cards.get(&*review.data.manager).copied();
            Some((Side { book, sources, former: &former, review, scheme, frozen }, card))
        });
        let sides: Vec<(Side<'_>, Option<&Scorecard>)> = sides.collect();
        for (side, card) in &sides {
            held &= side.compare(*card, &mut found);
        }
        // An amendment of one manager moves everybody's share of a pool; what was closed of it stands.
        if held && before == found.len() {
            sides.iter().for_each(|(side, card)| side.pay(*card, &mut found));
        }
        found.extend(scored.iter().flat_map(|scored| overspent(book, scored)));
    }
    found
}

/// The ids that records had when a period was closed, each with the record's id now.
struct Former<'b>(BTreeMap<(RecordKind, &'b str), &'b str>);

impl<'b> Former<'b> {
    fn of(book: &'b Book) -> Self {
        let mut known = BTreeMap::new();
        let mut add = |kind, now: &'b str, former: &'b [String]| {
            known.extend(former.iter().map(|id| ((kind, id.as_str()), now)));
        };
        book.clients.iter().for_each(|it| add(RecordKind::Client, &it.id, &it.data.former_ids));
        book.managers.iter().for_each(|it| add(RecordKind::Manager, &it.id, &it.data.former_ids));
        book.teams.iter().for_each(|it| add(RecordKind::Team, &it.id, &it.data.former_ids));
        Self(known)
    }

    /// A record as it was frozen, `client/ID`, under its id of today.
    fn now(&self, record: &str) -> String {
        let known = |kind, id| self.0.get(&(kind, id)).copied();
        let renamed = record.split_once('/').and_then(|(word, id)| match RecordKind::named(word)? {
            RecordKind::Review => {
                let (period, manager) = id.split_once('/')?;
                Some(format!("{word}/{period}/{}", known(RecordKind::Manager, manager)?))
            }
            kind => Some(format!("{word}/{}", known(kind, id)?)),
        });
        renamed.unwrap_or_else(|| record.to_owned())
    }
}

/// One frozen scorecard.
struct Side<'b> {
    book: &'b Book,
    sources: &'b Sources,
    former: &'b Former<'b>,
    review: &'b Record<Review>,
    scheme: &'b str,
    frozen: &'b Closed,
}

impl Side<'_> {
    /// Compares items and total; says whether nothing kept it from comparing all of them.
    fn compare(&self, now: Option<&Scorecard>, found: &mut Vec<Finding>) -> bool {
        let at = |key: &str| Place::value(self.review.file, path!["closed", self.scheme, key]);
        if !is_digest(self.frozen, &frozen_body(self.frozen)) {
            found.push(Finding::new(&rule::CLOSED_SCORECARD_EDITED, at("digest"), self.says(say::EDITED)));
        }
        let policy = policy_digest(self.book, self.sources, &self.frozen.policy);
        if self.frozen.policy_digest.as_ref().is_some_and(|frozen| *frozen != policy) {
            found.push(Finding::new(
                &rule::CLOSED_POLICY_CHANGED,
                at("policy"),
                self.says(say::POLICY_CHANGED),
            ));
            return false;
        }
        let Some(now) = now else {
            found.push(Finding::new(&rule::CLOSED_FIGURE_CHANGED, at("total"), self.says(say::NOT_SCORED)));
            return false;
        };
        let before = found.len();
        let mut held = true;
        for item in &now.items {
            if rests_on_position(item) {
                held = false;
            } else if self.review.data.amended(&item.id).is_none() {
                self.item(item, found);
            } else {
                held = false;
            }
        }
        // The total is only asked about where no item explains its change already.
        if held && before == found.len() && !same(self.frozen.total, now.total) {
            let message = msg!(
                say::TOTAL_CHANGED,
                manager = self.review.data.manager.to_string(),
                period = self.review.data.period.to_string(),
                then = self.frozen.total.map(|total| total.0.to_string()).unwrap_or_default(),
                now = now.total.map(|total| total.to_string()).unwrap_or_default()
            );
            found.push(Finding::new(&rule::CLOSED_FIGURE_CHANGED, at("total"), message));
        }
        held && self.review.data.amendments.is_empty()
    }

    /// Compares the pay, where items and totals give no reason for another one.
    fn pay(&self, now: Option<&Scorecard>, found: &mut Vec<Finding>) {
        let now = now.and_then(|card| card.pay.as_ref()).map(|pay| pay.total);
        if same(self.frozen.pay_total, now) {
            return;
        }
        let message = msg!(
            say::PAY_CHANGED,
            manager = self.review.data.manager.to_string(),
            period = self.review.data.period.to_string(),
            then = text(self.frozen.pay_total),
            now = text(now.map(Amount))
        );
        let at = Place::value(self.review.file, path!["closed", self.scheme, "pay_total"]);
        found.push(Finding::new(&rule::CLOSED_FIGURE_CHANGED, at, message));
    }

    fn says(&self, text: crate::text::Text) -> crate::text::Message {
        let review = &self.review.data;
        msg!(
            text,
            manager = review.manager.to_string(),
            period = review.period.to_string(),
            policy = self.frozen.policy.to_string()
        )
    }

    fn item(&self, item: &ItemScore, found: &mut Vec<Finding>) {
        let Some(frozen) = self.frozen.indicators.get(&*item.id) else { return };
        let now = inputs(self.sources, item);
        let then: BTreeMap<String, &String> =
            frozen.inputs.iter().map(|(record, digest)| (self.former.now(record), digest)).collect();
        let records: BTreeSet<&String> = then.keys().chain(now.keys()).collect();
        for record in records {
            if then.get(record).copied() == now.get(record) {
                continue;
            }
            let fields = contributions(self.sources, item).remove(record).unwrap_or_default();
            let fields = fields.join(", ");
            let message = msg!(
                say::FIGURE_CHANGED,
                item = &*item.id,
                manager = self.review.data.manager.to_string(),
                period = self.review.data.period.to_string(),
                record = record,
                fields = if fields.is_empty() { "–".to_owned() } else { fields },
                then = text(frozen.value),
                now = text(item.value.map(Amount))
            );
            let at = Place::value(
                self.review.file,
                path!["closed", self.scheme, "indicators", item.id.to_string()],
            );
            let mut finding = Finding::new(&rule::CLOSED_FIGURE_CHANGED, at, message);
            if let Some(evidence) = self.evidence_of(item, record) {
                finding = finding.label(evidence, say::NOW_HERE.into());
            }
            found.push(finding);
        }
    }

    /// A place in a record that contributes to an item now.
    fn evidence_of(&self, item: &ItemScore, record: &str) -> Option<Place> {
        let mut places = figures(item).flat_map(|figure| &figure.evidence).map(|evidence| &evidence.at);
        let is_of = |place: &&Place| {
            let path = &self.sources.get(place.file).path;
            RecordKind::of_path(path)
                .is_some_and(|(kind, id)| record.strip_prefix(kind.name()) == Some(&format!("/{id}")))
        };
        places.find(is_of).cloned()
    }
}

/// Whether an item rests on what a record says of today rather than of the period: on a facility without a history.
fn rests_on_position(item: &ItemScore) -> bool {
    figures(item).flat_map(|figure| &figure.evidence).any(|evidence| match &evidence.at.target {
        crate::source::Target::Value(path) => {
            let is = |name: &str| path.0.iter().any(|step| step.key() == Some(name));
            is("facilities") && !is("history")
        }
        _ => false,
    })
}

fn same(frozen: Option<Amount>, now: Option<rust_decimal::Decimal>) -> bool {
    frozen.map(|frozen| frozen.0) == now
}

fn text(amount: Option<Amount>) -> String {
    amount.map_or_else(|| "–".to_owned(), |amount| amount.0.round_dp(4).normalize().to_string())
}

/// What was frozen, in the form in which its digest was made.
fn frozen_body(closed: &Closed) -> Table {
    let amount = |amount: Amount| Value::from(amount.0);
    let mut body: Table = Vec::new();
    if let Some(total) = closed.total {
        body.push(("total".into(), amount(total)));
    }
    if let Some(rating) = &closed.rating {
        body.push(("rating".into(), rating.as_str().into()));
    }
    body.push(("indicators".into(), Value::Table(indicators(closed))));
    if let Some(total) = closed.pay_total {
        let lines = closed.pay.iter().map(|(line, paid)| (line.clone(), amount(*paid)));
        body.push(("pay".into(), Value::Table(lines.collect())));
        body.push(("pay_total".into(), amount(total)));
    }
    if !closed.deferral.is_empty() {
        let instalments = closed.deferral.iter().map(|instalment| {
            let due = format!("{:04}", instalment.due.0);
            Value::Table(vec![("due".into(), due.into()), ("amount".into(), amount(instalment.amount))])
        });
        body.push(("deferral".into(), Value::List(instalments.collect())));
    }
    body
}

fn indicators(closed: &Closed) -> Table {
    let of = |item: &crate::record::scorecard::ClosedIndicator| {
        let numbers =
            [("value", item.value), ("target", item.target), ("score", item.score), ("points", item.points)];
        let mut table: Table = numbers
            .into_iter()
            .filter_map(|(key, number)| Some((key.to_owned(), Value::from(number?.0))))
            .collect();
        if !item.inputs.is_empty() {
            let inputs = item.inputs.iter().map(|(record, digest)| (record.clone(), digest.as_str().into()));
            table.push(("inputs".into(), Value::Table(inputs.collect())));
        }
        table
    };
    closed.indicators.iter().map(|(id, item)| (id.clone(), Value::Table(of(item)))).collect()
}
