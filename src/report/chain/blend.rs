//! A scorecard made of others, explained: what each part came to, and how they were put together.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::{Rows, TOTAL, bounds, plain, points, rounding, terms as terms_of};
use crate::msg;
use crate::policy::plan::Plan;
use crate::score::blend::{Blend, CardPart, How};
use crate::score::card::Scorecard;
use crate::score::payslip::PayResult;
use crate::score::total::in_sum;
use crate::table::Cell;
use crate::text::{Message, Text, report, score, scorecard as say};

impl<'a> Rows<'a> {
    /// Stints are explained whole, one after the other; shorter periods have explanations of their own.
    pub(super) fn of_blend(&mut self, card: &'a Scorecard, blend: &'a Blend) {
        if blend.how == How::Stints {
            for part in &blend.parts {
                self.item = label(part).into();
                self.push(say::PART_OF, who(part), Some(part.weight), Cell::Missing);
                if let Ok(plan) = self.policy.unrounded(&part.card.variants) {
                    self.of_plan(&plan, &part.card);
                }
            }
        }
        for part in blend.parts.iter().filter(|part| !part.is_judged()) {
            self.item = label(part).into();
            let errors = part.card.errors.iter().map(|error| error.reason.clone());
            for why in errors.chain(part.card.not_assessed.clone()) {
                self.say(say::LEFT_OUT, why);
            }
        }
        for item in &card.items {
            self.about(&item.id, &item.title);
            // A part that did not judge it adds nothing.
            let nothing = item.exact_points.map(|_| Decimal::ZERO);
            let own = |card: &Scorecard| card.item(&item.id).filter(|own| own.standing.counts())?.points;
            let of = |card: &Scorecard| own(card).or(nothing);
            self.mean(say::POINTS, blend, of, item.exact_points, item.points);
        }
        let Ok(plan) = self.policy.plan(&card.variants) else { return };
        for dimension in &card.dimensions {
            self.about(&dimension.id, &dimension.title);
            let nothing = dimension.points.map(|_| Decimal::ZERO);
            let own = |card: &Scorecard| card.dimensions.iter().find(|own| own.id == dimension.id)?.points;
            let of = |card: &Scorecard| own(card).or(nothing);
            let parts = inside(&plan, card, Some(&dimension.id));
            self.made_of(say::DIMENSION, blend, of, &parts, (Some(dimension.sum), dimension.points));
        }
        self.about_word(TOTAL, report::TOTAL);
        let exact = blend.how == How::Stints;
        let of = |card: &Scorecard| if exact { card.exact_total } else { card.total };
        let parts = inside(&plan, card, None);
        self.made_of(report::TOTAL, blend, of, &parts, (card.exact_total, card.total));
        if blend.how == How::Mean {
            self.limits(card, blend);
        }
        self.rating(&plan, card);
        if let Some(pay) = &card.pay {
            self.blended_pay(&plan, card, blend, pay);
        }
    }

    /// A sum of what is printed above it; or the mean of what the parts came to, and what sets it apart from that sum.
    fn made_of(
        &mut self,
        step: Text,
        blend: &Blend,
        of: impl Fn(&Scorecard) -> Option<Decimal>,
        parts: &[Named<'_>],
        (exact, rounded): (Option<Decimal>, Option<Decimal>),
    ) {
        let sum: Decimal = parts.iter().map(|(.., part)| part).sum();
        let (Some(made), false) = (exact, parts.is_empty()) else {
            return self.mean(step, blend, of, exact, rounded);
        };
        let is_mean = plain(made) == plain(mean_of(&known(blend, &of)));
        if blend.how == How::Stints && (plain(made) == plain(sum) || !is_mean) {
            self.push(step, terms_of(parts.iter().copied()), Some(sum), points());
            if plain(made) != plain(sum) {
                let least = exact.filter(|made| *made > sum);
                self.push(step, bounds(least, exact.filter(|_| least.is_none())), exact, points());
            }
            if rounded != exact {
                self.push(say::ROUNDED, Cell::Missing, rounded, points());
            }
            return;
        }
        self.mean(step, blend, of, exact, rounded);
        let printed = rounded.unwrap_or(made);
        if plain(printed) != plain(sum) {
            let terms = terms_of(parts.iter().copied());
            let how = msg!(say::ADJUSTED_BY, mean = plain(printed), terms = terms);
            self.push(say::ADJUSTED, how, Some(printed - sum), points());
        }
    }

    /// What the parts came to, their mean, and what it is rounded to.
    fn mean(
        &mut self,
        step: Text,
        blend: &Blend,
        of: impl Fn(&Scorecard) -> Option<Decimal>,
        exact: Option<Decimal>,
        rounded: Option<Decimal>,
    ) {
        let known = known(blend, &of);
        for (part, number) in &known {
            self.push(say::PART_OF, label(part), Some(*number), points());
        }
        let weights: Decimal = known.iter().map(|(part, _)| part.weight).sum();
        let terms = terms(known.iter().map(|(part, number)| (*number, part.weight)));
        if exact.is_some() {
            self.push(step, msg!(say::MEAN, terms = terms, weights = plain(weights)), exact, points());
        }
        if rounded != exact {
            self.push(say::ROUNDED, Cell::Missing, rounded, points());
        }
    }

    /// What limited the rating of the parts, and so limits that of the whole.
    fn limits(&mut self, card: &'a Scorecard, blend: &'a Blend) {
        let judged = || blend.parts.iter().filter(|part| part.is_judged());
        for veto in &card.vetoes {
            let Some(rating) = &veto.rating else { continue };
            self.about(&veto.id, &veto.title);
            for part in judged().filter(|part| part.card.vetoes.iter().any(|own| own.id == veto.id)) {
                let how = msg!(say::AT_BEST_IN, period = label(part), rating = &**rating);
                self.say(say::RATED, how);
            }
        }
        for gate in card.gates.iter().filter(|gate| gate.on == "rating") {
            self.about(&gate.id, &gate.title);
            for part in judged() {
                let own = part.card.gates.iter().find(|own| own.id == gate.id && own.on == gate.on);
                let factor = own.map_or(Decimal::ONE, |own| own.factor);
                let total = part.card.total.unwrap_or_default();
                let reason = format!("{} × {}", plain(total), plain(factor));
                let how = msg!(score::IN_PERIOD, period = label(part), reason = reason);
                self.push(say::PART_OF, how, Some(total * factor), points());
            }
            self.push(say::RATED, say::LEFT_TOGETHER, Some(gate.factor), Cell::Missing);
        }
    }

    fn blended_pay(&mut self, plan: &Plan, card: &'a Scorecard, blend: &Blend, pay: &'a PayResult) {
        for line in &pay.lines {
            self.about(&line.id, &line.title);
            let of = |pay: &PayResult| pay.lines.iter().find(|own| own.id == line.id).map(|own| own.amount);
            let mut how = match (blend.how, line.pool) {
                (How::Stints, true) => say::POOL_OF_LAST.into(),
                _ => together(blend, |pay| of(pay).unwrap_or_default()),
            };
            let mut lines = plan.pay.iter().flat_map(|pay| &pay.lines);
            let written = lines.find(|written| written.id == line.id && !line.pool);
            let rounded = written.and_then(|written| Some(rounding(written.round?, written.mode)));
            if let Some(rounding) = rounded.filter(|_| line.exact != line.amount) {
                how = msg!(say::SUM_ROUNDED, sum = how, rounding = rounding);
            }
            self.money(if line.paid { say::PAY } else { say::NOT_PAID }, how, line.amount);
        }
        self.about_pay();
        match blend.how {
            How::Stints => self.pay_of_stints(plan, blend, pay),
            How::Mean | How::Last => self.money(say::PAY_TOTAL, together(blend, |pay| pay.total), pay.total),
        }
        self.afterwards(None, card, pay);
    }

    /// The lines added up; or what the stints paid beside pools, and what sets it apart from that sum.
    fn pay_of_stints(&mut self, plan: &Plan, blend: &Blend, pay: &PayResult) {
        let of = |pool: bool| pay.paid(pool).map(|line| (&*line.id, &*line.title, line.amount));
        if of(false).next().is_some() {
            self.money(say::LINES_SUM, terms_of(of(false)), pay.sum);
        }
        if plain(pay.floored) != plain(pay.sum) {
            let (how, mean) = mean(blend, |pay| pay.total - pay.pools + pay.advance);
            if plain(mean) == plain(pay.floored) {
                self.money(say::PAY, how, pay.floored);
                let terms = terms_of(of(false));
                let how = msg!(say::ADJUSTED_BY, mean = plain(pay.floored), terms = terms);
                self.money(say::ADJUSTED, how, pay.floored - pay.sum);
            } else {
                self.money(say::FLOOR_AND_CEILING, Cell::Missing, pay.floored);
            }
        }
        if !pay.pools.is_zero() {
            self.money(say::POOLS, terms_of(of(true)), pay.pools);
        }
        if !pay.advance.is_zero() {
            self.money(say::ADVANCE, together(blend, |pay| pay.advance), pay.advance);
        }
        self.pay_in_all(plan, pay);
    }
}

/// Id, title and points.
type Named<'a> = (&'a str, &'a str, Decimal);

/// What stands in a dimension, or in the total beside what is in any.
fn inside<'a>(plan: &Plan, card: &'a Scorecard, dimension: Option<&Arc<str>>) -> Vec<Named<'a>> {
    let items = card.items.iter().filter(|item| item.dimension.as_ref() == dimension);
    let items = items.filter(|item| item.points.is_some());
    let items = items.map(|item| (&*item.id, &*item.title, in_sum(plan, item)));
    let below = card.dimensions.iter().filter(|one| one.parent.as_ref() == dimension);
    items.chain(below.filter_map(|one| Some((&*one.id, &*one.title, one.points?)))).collect()
}

/// What the parts that count came to.
fn known<'b>(blend: &'b Blend, of: &impl Fn(&Scorecard) -> Option<Decimal>) -> Vec<(&'b CardPart, Decimal)> {
    let known = blend.parts.iter().filter(|part| part.is_judged());
    let mut known: Vec<(&CardPart, Decimal)> =
        known.filter_map(|part| Some((part, of(&part.card)?))).collect();
    if blend.how == How::Last {
        known.drain(..known.len().saturating_sub(1));
    }
    known
}

fn mean_of(known: &[(&CardPart, Decimal)]) -> Decimal {
    let sum: Decimal = known.iter().map(|(part, number)| part.weight * number).sum();
    let weights: Decimal = known.iter().map(|(part, _)| part.weight).sum();
    sum.checked_div(weights).unwrap_or_default()
}

/// How amounts of the parts make one: stints by their time, shorter periods added up.
fn together(blend: &Blend, of: impl Fn(&PayResult) -> Decimal) -> Message {
    if blend.how == How::Stints {
        return mean(blend, of).0;
    }
    Message::verbatim(terms(paid(blend, of).into_iter().map(|(amount, _)| (amount, Decimal::ONE))))
}

/// The mean of amounts of stints by their time, and how it is made.
fn mean(blend: &Blend, of: impl Fn(&PayResult) -> Decimal) -> (Message, Decimal) {
    let paid = paid(blend, of);
    let weights: Decimal = paid.iter().map(|(_, weight)| *weight).sum();
    let sum: Decimal = paid.iter().map(|(amount, weight)| amount * weight).sum();
    let how = msg!(say::MEAN, terms = terms(paid.into_iter()), weights = plain(weights));
    (how, sum.checked_div(weights).unwrap_or_default())
}

/// What the parts pay, each with its weight.
fn paid(blend: &Blend, of: impl Fn(&PayResult) -> Decimal) -> Vec<(Decimal, Decimal)> {
    let paid = blend.parts.iter().filter(|part| part.is_judged());
    paid.filter_map(|part| Some((of(part.card.pay.as_ref()?), part.weight))).collect()
}

/// `80 × 36 + 90 × 56`; a weight of 1 is left out.
fn terms(weighed: impl Iterator<Item = (Decimal, Decimal)>) -> String {
    let term = |(number, weight): (Decimal, Decimal)| match weight == Decimal::ONE {
        true => plain(number).to_string(),
        false => format!("{} × {}", plain(number), plain(weight)),
    };
    weighed.map(term).collect::<Vec<_>>().join(" + ")
}

/// The period, or the days.
fn label(part: &CardPart) -> String {
    match part.days {
        Some((first, last)) => format!("{first}..{last}"),
        None => part.card.period.to_string(),
    }
}

fn who(part: &CardPart) -> Message {
    let profile = &part.card.profile;
    let known = [&profile.grade, &profile.role, &profile.team].into_iter().flatten();
    Message::list(&known.collect::<Vec<_>>())
}
