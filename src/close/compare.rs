//! Closed periods scored again and held against what was frozen.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::card::{Now, Side};
use super::closing::{changed_settings, of_all};
use super::drift::{Drift, Field};
use super::gap::gaps;
use super::inputs::{Former, View};
use super::pool::overspent;
use super::rule;
use crate::book::Record;
use crate::diag::Finding;
use crate::metric::Portfolios;
use crate::msg;
use crate::path;
use crate::period::Period;
use crate::record::review::Review;
use crate::record::scorecard::Closed;
use crate::score::Asked;
use crate::score::apply::{Policies, Request, Scored, run};
use crate::score::card::Scorecard;
use crate::source::{FileId, Place, Sources};
use crate::text::{Message, close as say};

/// Everything that would come out otherwise than it was frozen, in the periods of the reviews and settings that are `wanted`;
/// others are not scored. Nothing while a record does not load: its own fault is the finding.
pub fn compare(
    portfolios: &Portfolios<'_>,
    sources: &Sources,
    policies: &Policies,
    wanted: impl Fn(FileId) -> bool,
) -> Vec<Finding> {
    let book = portfolios.book();
    let mut periods: BTreeSet<(Period, &str)> = BTreeSet::new();
    for review in book.reviews.iter().filter(|review| wanted(review.file)) {
        periods.extend(review.data.closed.keys().map(|scheme| (review.data.period, scheme.as_str())));
    }
    if book.settings_file.is_some_and(wanted) {
        let schemes = book.settings.closed.iter();
        periods.extend(
            schemes.flat_map(|(scheme, periods)| periods.keys().map(|period| (*period, scheme.as_str()))),
        );
    }
    if periods.is_empty() || !book.is_whole() {
        return Vec::new();
    }
    let (former, reviews) = (Former::of(book), book.reviews_by_manager());
    let view = View { book, sources, former: &former, reviews: &reviews };
    let mut found = Vec::new();
    if let Some(settings) = book.settings_file {
        found.extend(gaps(portfolios, policies, settings, &periods));
    }
    for (period, scheme) in periods {
        let closing = Closing::again(&view, portfolios, policies, (period, scheme));
        closing.missing(&mut found);
        closing.compare(&mut found);
        found.extend(closing.scored.iter().flat_map(|scored| overspent(book, scored)));
    }
    found
}

/// What amendments of a manager's closed scorecards of a period would have to state for what comes out now to stand: the scheme,
/// and each field with what stands there and what comes out.
pub fn to_amend(
    portfolios: &Portfolios<'_>,
    sources: &Sources,
    policies: &Policies,
    period: Period,
    review: &Record<Review>,
) -> Vec<Amending> {
    let book = portfolios.book();
    let (former, reviews) = (Former::of(book), book.reviews_by_manager());
    let view = View { book, sources, former: &former, reviews: &reviews };
    let mut amending = Vec::new();
    for (scheme, frozen) in &review.data.closed {
        let closing = Closing::again(&view, portfolios, policies, (period, scheme));
        let settings = closing.settings();
        let (sides, pools) = closing.sides(&settings);
        let own = sides.iter().filter(|side| side.review.id == review.id);
        let fields = own.flat_map(|side| side.to_amend(&pools));
        let path = |field: &Field| {
            let name = field.field.name(frozen);
            if review.data.closed.len() > 1 { format!("closed.{scheme}.{name}") } else { name }
        };
        amending.extend(fields.map(|field| Amending {
            field: path(&field),
            from: field.then,
            now: field.now,
        }));
    }
    amending
}

/// What an amendment would have to state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amending {
    /// The field, as an amendment names it.
    pub field: String,
    /// What stands there.
    pub from: Option<String>,
    /// What comes out now.
    pub now: Option<String>,
}

/// One scheme's scorecards of a closed period.
struct Closing<'b> {
    view: &'b View<'b>,
    policies: &'b Policies,
    period: Period,
    scheme: &'b str,
    scored: Vec<Scored<'b>>,
    frozen: Vec<(&'b Record<Review>, &'b Closed)>,
}

impl<'b> Closing<'b> {
    /// A closed period, scored again.
    fn again(
        view: &'b View<'b>,
        portfolios: &'b Portfolios<'b>,
        policies: &'b Policies,
        (period, scheme): (Period, &'b str),
    ) -> Self {
        let request = Request { period: Some(period), scheme: Some(scheme), ..Request::default() };
        let asked = Asked { evidence: true, ..Asked::default() };
        let mut scored = run(portfolios, policies, request, &asked).unwrap_or_default();
        scored.retain(|scored| scored.policy.record.period.grain() == period.grain());
        let frozen = view.book.reviews.iter().filter(|review| review.data.period == period);
        let frozen = frozen.filter_map(|review| Some((review, review.data.closed.get(scheme)?)));
        Self { view, policies, period, scheme, scored, frozen: frozen.collect() }
    }

    fn cards(&self) -> impl Iterator<Item = (&Scored<'b>, &Scorecard)> {
        self.scored.iter().flat_map(|scored| scored.cards.iter().map(move |card| (scored, card)))
    }

    /// Those who are scored and have no frozen scorecard.
    fn newcomers(&self) -> Vec<&str> {
        let known: BTreeSet<&str> = self.frozen.iter().map(|(review, _)| &*review.data.manager).collect();
        let ids = self.cards().map(|(_, card)| &*card.profile.id);
        ids.filter(|id| !known.contains(id)).collect()
    }

    /// Scorecards that were closed and are not there any more, or are there and nobody closed.
    fn missing(&self, found: &mut Vec<Finding>) {
        let book = self.view.book;
        let (period, scheme) = (self.period.to_string(), self.scheme);
        let newcomers = self.newcomers();
        let recorded = book.settings.closed.get(scheme).and_then(|periods| periods.get(&self.period));
        // Earlier versions, which froze no ledger either, did not note how many there were.
        let noted = self.frozen.iter().find(|(_, closed)| closed.ledger.is_some());
        if let (None, Some((review, _))) = (recorded, noted) {
            let count = self.frozen.len();
            let message = msg!(say::NOT_RECORDED, period = &period, scheme = scheme, count = count);
            let at = Place::value(review.file, path!["closed", scheme]);
            found.push(Finding::new(&rule::CLOSED_SCORECARD_MISSING, at, message));
        }
        if let (Some(recorded), Some(file)) = (recorded, book.settings_file) {
            let digests: Vec<String> = self.frozen.iter().map(|(_, closed)| closed.digest.clone()).collect();
            let at = Place::value(file, path!["closed", scheme, period.as_str()]);
            let left = u32::try_from(digests.len()).unwrap_or(u32::MAX);
            if left < recorded.cards {
                let names =
                    if newcomers.is_empty() { Message::verbatim("–") } else { Message::list(&newcomers) };
                let message = msg!(
                    say::CARDS_MISSING,
                    period = &period,
                    scheme = scheme,
                    cards = recorded.cards,
                    found = left,
                    managers = names
                );
                found.push(Finding::new(&rule::CLOSED_SCORECARD_MISSING, at, message));
                return;
            }
            if left > recorded.cards || of_all(&digests) != recorded.digest {
                let message = msg!(say::CARDS_DIFFER, period = &period, scheme = scheme);
                found.push(Finding::new(&rule::CLOSED_SCORECARD_MISSING, at, message));
            }
        }
        for manager in newcomers.into_iter().filter_map(|id| book.managers.get(id)) {
            let message = msg!(say::CARD_MISSING, manager = &*manager.id, period = &period, scheme = scheme);
            let at = Place::file(manager.file);
            found.push(Finding::new(&rule::CLOSED_SCORECARD_MISSING, at, message));
        }
    }

    fn compare(&self, found: &mut Vec<Finding>) {
        let settings = self.settings();
        let (sides, pools) = self.sides(&settings);
        for side in sides {
            side.report(&pools, found);
        }
    }

    /// The sections of the settings that have changed since.
    fn settings(&self) -> Vec<String> {
        changed_settings(self.view.book, self.view.sources, self.period, self.scheme)
    }

    /// Every frozen scorecard beside the one that comes out now, and what explains that shares of pools come out otherwise.
    fn sides<'s>(&'s self, settings: &'s [String]) -> (Vec<Side<'s>>, Pools) {
        let cards: BTreeMap<&str, (&Scored<'_>, &Scorecard)> =
            self.cards().map(|(scored, card)| (&*card.profile.id, (scored, card))).collect();
        let mut sides = Vec::new();
        for &(review, frozen) in &self.frozen {
            // A policy that is refused scores nobody; its own fault is the finding.
            let policy = self.view.book.policies.get(&frozen.policy);
            if policy.is_some_and(|policy| !self.policies.ready.contains_key(&policy.id)) {
                continue;
            }
            let Some(standing) = review.data.standing(self.scheme) else { continue };
            let now = cards.get(&*review.data.manager).map(|(scored, card)| {
                let plan = scored.policy.plan(&card.variants).unwrap_or_else(|_| scored.policy.base.clone());
                let drift = Drift::of(self.view, &plan, (frozen, &standing.closed), card);
                Now { policy: scored.id, card, drift }
            });
            sides.push(Side {
                view: self.view,
                review,
                scheme: self.scheme,
                frozen,
                standing,
                now,
                settings,
            });
        }
        let moved = sides.iter().any(|side| side.now.as_ref().is_none_or(|now| now.drift.has_moved));
        let pools = Pools { moved: moved || !self.newcomers().is_empty(), kept: self.kept_pools() };
        (sides, pools)
    }

    /// The pools whose shares come to as much together as they did, as far as all of them are known.
    fn kept_pools(&self) -> BTreeSet<String> {
        if !self.newcomers().is_empty() {
            return self.frozen.iter().flat_map(|(_, closed)| closed.pay.keys().cloned()).collect();
        }
        let mut sums: BTreeMap<String, Decimal> = BTreeMap::new();
        for (line, amount) in self.frozen.iter().flat_map(|(_, closed)| &closed.pay) {
            *sums.entry(line.clone()).or_default() -= amount.0;
        }
        for line in self.cards().flat_map(|(_, card)| card.pay.iter().flat_map(|pay| &pay.lines)) {
            *sums.entry(line.id.to_string()).or_default() += line.amount;
        }
        sums.into_iter().filter(|(_, sum)| sum.is_zero()).map(|(line, _)| line).collect()
    }
}

/// What explains that shares of a pool come out otherwise.
pub(super) struct Pools {
    /// Whether somebody's result is not what was closed.
    pub(super) moved: bool,
    /// The pools that are as large as they were.
    pub(super) kept: BTreeSet<String>,
}
