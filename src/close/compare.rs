//! Closed periods scored again and held against what was frozen.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::card::Side;
use super::closing::{changed_settings, of_all};
use super::drift::Drift;
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
use crate::text::close as say;

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
    let former = Former::of(book);
    let view = View { book, sources, former: &former };
    let asked = Asked { evidence: true, ..Asked::default() };
    let mut found = Vec::new();
    for (period, scheme) in periods {
        let request = Request { period: Some(period), scheme: Some(scheme), ..Request::default() };
        let mut scored = run(portfolios, policies, request, &asked).unwrap_or_default();
        scored.retain(|scored| scored.policy.record.period.grain() == period.grain());
        let frozen = book.reviews.iter().filter(|review| review.data.period == period);
        let frozen = frozen.filter_map(|review| Some((review, review.data.closed.get(scheme)?)));
        let closing =
            Closing { view: &view, policies, period, scheme, scored: &scored, frozen: frozen.collect() };
        closing.missing(&mut found);
        closing.compare(&mut found);
        found.extend(scored.iter().flat_map(|scored| overspent(book, scored)));
    }
    found
}

/// One scheme's scorecards of a closed period.
struct Closing<'b> {
    view: &'b View<'b>,
    policies: &'b Policies,
    period: Period,
    scheme: &'b str,
    scored: &'b [Scored<'b>],
    frozen: Vec<(&'b Record<Review>, &'b Closed)>,
}

impl<'b> Closing<'b> {
    fn cards(&self) -> impl Iterator<Item = (&'b Scored<'b>, &'b Scorecard)> {
        self.scored.iter().flat_map(|scored| scored.cards.iter().map(move |card| (scored, card)))
    }

    /// Those who are scored and have no frozen scorecard.
    fn newcomers(&self) -> Vec<&'b str> {
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
        if let (Some(recorded), Some(file)) = (recorded, book.settings_file) {
            let digests: Vec<String> = self.frozen.iter().map(|(_, closed)| closed.digest.clone()).collect();
            let at = Place::value(file, path!["closed", scheme, period.as_str()]);
            let left = u32::try_from(digests.len()).unwrap_or(u32::MAX);
            if left < recorded.cards {
                let names = if newcomers.is_empty() { "–".to_owned() } else { newcomers.join(", ") };
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
            if of_all(&digests) != recorded.digest {
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
        let cards: BTreeMap<&str, (&Scored<'_>, &Scorecard)> =
            self.cards().map(|(scored, card)| (&*card.profile.id, (scored, card))).collect();
        let settings = changed_settings(self.view.book, self.view.sources, self.period, self.scheme);
        let mut sides = Vec::new();
        for (review, frozen) in &self.frozen {
            // A policy that is refused scores nobody; its own fault is the finding.
            let refused = self
                .view
                .book
                .policies
                .get(&frozen.policy)
                .is_some_and(|policy| !self.policies.ready.contains_key(&policy.id));
            if refused {
                continue;
            }
            let now = cards.get(&*review.data.manager).map(|(scored, card)| {
                let plan = scored.policy.plan(&card.variants).unwrap_or_else(|_| scored.policy.base.clone());
                (*card, Drift::of(self.view, &plan, frozen, card))
            });
            let scheme = self.scheme;
            sides.push(Side { view: self.view, review, scheme, frozen, now, settings: &settings });
        }
        let moved = sides.iter().any(|side| side.now.as_ref().is_none_or(|(_, drift)| drift.has_moved()));
        let pools = Pools { moved: moved || !self.newcomers().is_empty(), kept: self.kept_pools() };
        for side in sides {
            side.report(&pools, found);
        }
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
