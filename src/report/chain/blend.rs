//! A scorecard made of others, explained: what each part came to, and how they were put together.

use rust_decimal::Decimal;

use super::{PAY, Rows, TOTAL, plain};
use crate::msg;
use crate::score::apply::Scored;
use crate::score::blend::{Blend, CardPart, How};
use crate::score::card::{PayResult, Scorecard};
use crate::table::Cell;
use crate::text::{Message, Text, report, scorecard as say};

impl<'a> Rows<'a> {
    /// Stints are explained whole, one after the other; shorter periods have explanations of their own.
    pub(super) fn of_blend(&mut self, scored: &Scored<'_>, card: &'a Scorecard, blend: &'a Blend) {
        if blend.how == How::Stints {
            for part in &blend.parts {
                self.item = label(part);
                self.push(say::PART_OF, who(part), Some(part.weight));
                self.of_card(scored, &part.card);
            }
        }
        for part in blend.parts.iter().filter(|part| !part.is_judged()) {
            self.item = label(part);
            let errors = part.card.errors.iter().map(|error| error.reason.clone());
            for why in errors.chain(part.card.not_assessed.clone()) {
                self.push(say::LEFT_OUT, why, None);
            }
        }
        for item in &card.items {
            self.item = item.id.to_string();
            let of = |card: &Scorecard| card.item(&item.id).filter(|own| own.standing.counts())?.points;
            self.mean(say::POINTS, blend, of, item.exact_points, item.points);
        }
        for dimension in &card.dimensions {
            self.item = dimension.id.to_string();
            let of = |card: &Scorecard| card.dimensions.iter().find(|own| own.id == dimension.id)?.points;
            self.mean(say::DIMENSION, blend, of, Some(dimension.sum), dimension.points);
        }
        self.item = TOTAL.into();
        self.mean(report::TOTAL, blend, |card| card.total, card.exact_total, card.total);
        self.rating(card);
        if let Some(pay) = &card.pay {
            self.blended_pay(blend, pay);
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
            self.push(say::PART_OF, label(part), Some(*number));
        }
        let weights: Decimal = known.iter().map(|(part, _)| part.weight).sum();
        let terms = terms(known.iter().map(|(part, number)| (*number, part.weight)));
        if exact.is_some() {
            self.push(step, msg!(say::MEAN, terms = terms, weights = plain(weights)), exact);
        }
        if rounded != exact {
            self.push(say::ROUNDED, Cell::Missing, rounded);
        }
    }

    fn blended_pay(&mut self, blend: &Blend, pay: &PayResult) {
        for line in &pay.lines {
            self.item = line.id.to_string();
            let of = |pay: &PayResult| pay.lines.iter().find(|own| own.id == line.id).map(|own| own.amount);
            let how = match (blend.how, line.pool) {
                (How::Stints, true) => say::POOL_OF_LAST.into(),
                _ => together(blend, |pay| of(pay).unwrap_or_default()),
            };
            self.push(say::PAY, how, Some(line.amount));
        }
        self.item = PAY.into();
        if blend.how == How::Stints && !pay.pools.is_zero() {
            self.push(say::PAY, say::POOLS, Some(pay.pools));
            let how = together(blend, |pay| pay.total - pay.pools);
            self.push(say::PAY, msg!(say::WITH_POOLS, how = how), Some(pay.total));
        } else {
            self.push(say::PAY, together(blend, |pay| pay.total), Some(pay.total));
        }
        self.afterwards(pay);
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

fn who(part: &CardPart) -> String {
    let profile = &part.card.profile;
    let known = [&profile.grade, &profile.role, &profile.team].into_iter().flatten();
    known.map(AsRef::as_ref).collect::<Vec<&str>>().join(", ")
}
