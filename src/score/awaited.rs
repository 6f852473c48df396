//! What a turn of scoring waits for: results of other schemes, and totals of those below somebody and of the one above.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::apply::{Request, Scored};
use super::beyond::{Beyond, Outturn, Results, Total, settled};
use super::past::Frozen;
use super::round::{Round, shorter};
use crate::metric::Unit;
use crate::msg;
use crate::period::{Grain, Period};
use crate::policy::Policy;
use crate::record::policy::RollUp;
use crate::record::review::Review;
use crate::text::{Message, score as say};

impl<'p> Round<'_, 'p> {
    /// What the policies of a scheme look at that they do not make themselves; nothing where they look at nothing.
    pub(super) fn beyond(&self, period: Period, scheme: &'p str) -> Result<Option<Beyond>, Message> {
        let ready = self.policies.ready.values().filter(|policy| policy.record.scheme == scheme);
        let draft = self.request.instead.map(|(_, policy)| policy);
        let all = draft.into_iter().chain(ready.filter(|_| draft.is_none()));
        let policies: Vec<&Policy> = all.filter(|policy| scores(policy, period)).collect();
        let named: BTreeSet<Arc<str>> = policies.iter().flat_map(|policy| policy.schemes()).collect();
        let looks = policies.iter().any(|policy| policy.looks_at_others_totals());
        if named.is_empty() && !looks {
            return Ok(None);
        }
        let mut beyond = Beyond::default();
        let money = policies.first().map(|policy| &policy.money);
        // What is scored to date is scored from the beginning of the policy's period.
        let own = policies.iter().map(|policy| policy.own_period(period)).max_by_key(|own| own.grain());
        for other in named {
            let results = self.results_of((own.unwrap_or(period), period), (scheme, money), &other)?;
            beyond.schemes.insert(Box::from(&*other), results);
        }
        if looks { self.others(period, scheme, beyond).map(Some) } else { Ok(Some(beyond)) }
    }

    /// What everybody came to under another scheme in the periods of a policy's own period so far that are over: as they were
    /// closed, else as they are scored now.
    fn results_of(
        &self,
        (own, period): (Period, Period),
        (scheme, money): (&str, Option<&Unit>),
        other: &str,
    ) -> Result<BTreeMap<Box<str>, Results>, Message> {
        let waiting = (Box::from(scheme), period);
        if self.waiting.contains(&waiting) {
            let period = period.to_string();
            return Err(msg!(say::SCHEMES_IN_CIRCLE, scheme = scheme, period = period));
        }
        let request = Request { instead: None, ahead: false, scheme: None, ..self.request };
        let mut round = Round { request, ..self.clone() };
        round.waiting.push(waiting);
        let mut found: BTreeMap<Box<str>, Results> = BTreeMap::new();
        let of_scheme = self.policies.ready.values().filter(|policy| policy.record.scheme == other);
        let grains: BTreeSet<(Grain, &str)> = of_scheme
            .map(|policy| (policy.record.period.grain(), policy.record.scheme.as_str()))
            .filter(|(grain, _)| *grain <= own.grain())
            .collect();
        for (grain, other) in grains {
            let over = |shorter: &Period| {
                shorter.last() <= period.last()
                    && self.request.today.is_none_or(|today| shorter.last_day() < today)
            };
            for shorter in shorter(own, grain).into_iter().filter(over) {
                let scored = round.scored(shorter, &[other], true)?;
                let own = scored.into_iter().filter(|of| of.policy.record.period.grain() == grain);
                for Scored { policy, cards, .. } in own {
                    let factor = money.map_or(Decimal::ONE, |money| policy.money.factor_in(money));
                    for card in cards {
                        let outturn = Outturn::of(&card, factor);
                        found.entry(card.profile.id).or_default().insert(shorter, outturn);
                    }
                }
            }
        }
        Ok(found)
    }

    /// The totals that results look at, added to what else is known.
    fn others(&self, period: Period, scheme: &'p str, mut beyond: Beyond) -> Result<Beyond, Message> {
        let (mut looks, mut made_of_parts) = (false, true);
        for sitting in self.sittings(period, &[scheme], &|manager| self.index.profile(manager, period))? {
            if scores(sitting.policy, period) && sitting.policy.looks_at_others_totals() {
                looks = true;
                made_of_parts &= is_made_of_parts(sitting.policy, period);
            }
        }
        if !looks {
            return Ok(beyond);
        }
        beyond.frozen = self.frozen_totals(period, scheme);
        let totals = |scored: Vec<Scored<'_>>| -> BTreeMap<Box<str>, Total> {
            let cards = scored.into_iter().flat_map(|scored| scored.cards);
            cards.map(|card| (card.profile.id.clone(), Total::of(&card))).collect()
        };
        let mut round = Round { request: Request { ahead: false, ..self.request }, ..self.clone() };
        if made_of_parts {
            // The totals are those of the shorter periods, whatever the rating looks at.
            beyond.totals = totals(round.turn(period, &[scheme])?);
            return Ok(beyond);
        }
        if self.request.instead.is_some() {
            // A draft scores those it is for, and the policies in force the others.
            let request = Request { instead: None, ..round.request };
            beyond.totals = totals(Round { request, ..self.clone() }.scored(period, &[scheme], false)?);
        }
        let settled = settled(beyond, |known| {
            round.beyond.insert(scheme.into(), Arc::new(known.clone()));
            round.turn(period, &[scheme]).map(totals)
        })?;
        let period = period.to_string();
        settled.ok_or_else(|| msg!(say::NEVER_SETTLED, scheme = scheme, period = period))
    }

    /// The totals of those whose period is closed, as they stand.
    fn frozen_totals(&self, period: Period, scheme: &str) -> BTreeMap<Box<str>, Total> {
        let reviews = self.index.book().reviews.iter().filter(|review| review.data.period == period);
        let frozen = reviews.filter_map(|review| self.frozen(&review.data, scheme));
        frozen
            .map(|(manager, frozen)| (manager, frozen.past.total.map_or(Total::Nothing, Total::Is)))
            .collect()
    }

    /// What somebody's period was closed with, for others under a policy that looks at them.
    pub(super) fn frozen_of(&self, manager: &str, policy: &Policy, period: Period) -> Option<Frozen> {
        let own = self.index.reviews(manager).iter().find(|review| review.data.period == period)?;
        let frozen = self.frozen(&own.data, &policy.record.scheme)?;
        policy.looks_at_figures_of_others().then_some(frozen.1)
    }

    /// What a review keeps closed, with whose it is; nothing where something else is tried.
    fn frozen(&self, review: &Review, scheme: &str) -> Option<(Box<str>, Frozen)> {
        if self.request.instead.is_some() || !self.index.asked().is_plain() {
            return None;
        }
        let until = self.request.booked.or(self.request.today).unwrap_or(NaiveDate::MAX);
        Some(((*review.manager).into(), Frozen::of(review, scheme, until)?))
    }

    /// What was made beyond this turn for the policies of a scheme.
    pub(super) fn known(&self, scheme: &str) -> Arc<Beyond> {
        self.beyond.get(scheme).cloned().unwrap_or_default()
    }
}

/// Whether a policy says how it scores a period as long.
fn scores(policy: &Policy, period: Period) -> bool {
    period.grain() <= policy.record.period.grain() || policy.record.roll_up.is_some()
}

/// Whether a policy makes a period of the results of shorter ones.
fn is_made_of_parts(policy: &Policy, period: Period) -> bool {
    let by_parts = matches!(policy.record.roll_up, Some(RollUp::Mean | RollUp::Last));
    period.grain() > policy.record.period.grain() && by_parts
}
