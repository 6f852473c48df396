//! A scorecard made of others, explained: what each part came to, and how they were put together.

use rust_decimal::Decimal;

use super::{Rows, TOTAL, plain, points};
use crate::msg;
use crate::score::blend::{Blend, CardPart, How};
use crate::score::card::Scorecard;
use crate::score::payslip::PayResult;
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
        for dimension in &card.dimensions {
            self.about(&dimension.id, &dimension.title);
            let nothing = dimension.points.map(|_| Decimal::ZERO);
            let own = |card: &Scorecard| card.dimensions.iter().find(|own| own.id == dimension.id)?.points;
            let of = |card: &Scorecard| own(card).or(nothing);
            self.mean(say::DIMENSION, blend, of, Some(dimension.sum), dimension.points);
        }
        self.about_word(TOTAL, report::TOTAL);
        let exact = blend.how == How::Stints;
        let of = |card: &Scorecard| if exact { card.exact_total } else { card.total };
        self.mean(report::TOTAL, blend, of, card.exact_total, card.total);
        if let Ok(plan) = self.policy.plan(&card.variants) {
            if blend.how == How::Mean {
                self.limits(card, blend);
            }
            self.rating(&plan, card);
        }
        if let Some(pay) = &card.pay {
            self.blended_pay(card, blend, pay);
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
        let known = blend.parts.iter().filter(|part| part.is_judged());
        let mut known: Vec<(&CardPart, Decimal)> =
            known.filter_map(|part| Some((part, of(&part.card)?))).collect();
        if blend.how == How::Last {
            known.drain(..known.len().saturating_sub(1));
        }
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

    fn blended_pay(&mut self, card: &'a Scorecard, blend: &Blend, pay: &'a PayResult) {
        for line in &pay.lines {
            self.about(&line.id, &line.title);
            let of = |pay: &PayResult| pay.lines.iter().find(|own| own.id == line.id).map(|own| own.amount);
            let how = match (blend.how, line.pool) {
                (How::Stints, true) => say::POOL_OF_LAST.into(),
                _ => together(blend, |pay| of(pay).unwrap_or_default()),
            };
            self.money(if line.paid { say::PAY } else { say::NOT_PAID }, how, line.amount);
        }
        self.about_pay();
        if blend.how == How::Stints && !pay.pools.is_zero() {
            self.money(say::POOLS, Cell::Missing, pay.pools);
            let how = together(blend, |pay| pay.total - pay.pools);
            self.money(say::PAY_TOTAL, msg!(say::WITH_POOLS, how = how), pay.total);
        } else {
            self.money(say::PAY_TOTAL, together(blend, |pay| pay.total), pay.total);
        }
        self.afterwards(None, card, pay);
    }
}

/// How amounts of the parts make one: stints by their time, shorter periods added up.
fn together(blend: &Blend, of: impl Fn(&PayResult) -> Decimal) -> Message {
    let paid = blend.parts.iter().filter(|part| part.is_judged());
    let paid = paid.filter_map(|part| Some((of(part.card.pay.as_ref()?), part.weight)));
    let paid: Vec<(Decimal, Decimal)> = paid.collect();
    if blend.how == How::Stints {
        let weights: Decimal = paid.iter().map(|(_, weight)| *weight).sum();
        return msg!(say::MEAN, terms = terms(paid.into_iter()), weights = plain(weights));
    }
    Message::verbatim(terms(paid.into_iter().map(|(amount, _)| (amount, Decimal::ONE))))
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
