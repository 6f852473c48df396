//! What the figures of clients suggest: money leaving, money dressed up, a complaint nobody went to see.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::super::Input;
use super::{Kind, Seen};
use crate::book::base::Base;
use crate::book::deadline::last_visit;
use crate::book::deviation::rise;
use crate::metric::figures::amount;
use crate::period::{Grain, Months};
use crate::record::client::Client;

/// A fall of so much is worth a question.
const FALL: Decimal = Decimal::from_parts(8, 0, 0, false, 1);
/// Before a maturity a smaller one is.
const FALL_BEFORE_MATURITY: Decimal = Decimal::from_parts(9, 0, 0, false, 1);
/// One client's part of a manager's growth that is worth a question.
const ALONE: Decimal = Decimal::from_parts(8, 0, 0, false, 1);
/// Fewest clients with a base for it to be asked.
const MANY: usize = 3;

/// The average by days of the three months before the period's last, and the last.
fn course(input: &Input<'_>, client: &Client) -> Option<(Decimal, Decimal)> {
    let measure = &*input.book.settings.clients.lost_by;
    let last = input.to_date().last;
    let before = Months { first: last.plus(-3), last: last.plus(-1) };
    let weighed =
        before.iter().map(|month| Some(amount(client, measure, month)? * Decimal::from(month.days())));
    let sum = weighed.sum::<Option<Decimal>>()?;
    Some((sum / Decimal::from(before.days()), amount(client, measure, last)?))
}

pub(super) fn falling<'b>(input: &Input<'b>, id: &'b str, client: &'b Client, seen: &mut Vec<Seen<'b>>) {
    let measure = &*input.book.settings.clients.lost_by;
    let last_month = input.to_date().last;
    let Some((before, now)) = course(input, client) else { return };
    let contact = client.visits.iter().any(|visit| input.is_in(visit.date));
    if before > Decimal::ZERO && now <= before * FALL && !contact {
        seen.push(Seen {
            kind: Kind::Falling,
            manager: input.lead(client),
            about: Some(id),
            before: Some(before),
            now: Some(now),
            at_stake: Some(before - now),
            last: last_visit(client, input.as_of).map(|visit| visit.date.0),
            evidence: format!("{id} results.{last_month}.{measure}").into(),
        });
    }
}

pub(super) fn spike<'b>(input: &Input<'b>, id: &'b str, client: &'b Client, seen: &mut Vec<Seen<'b>>) {
    let measure = &*input.book.settings.clients.lost_by;
    let month = input.to_date().last;
    let Some((average, above)) = amount(client, measure, month).zip(rise(client, measure, month)) else {
        return;
    };
    if above > Decimal::ZERO && above > average * input.book.settings.risk.deviation.0 {
        seen.push(Seen {
            kind: Kind::Spike,
            manager: input.lead(client),
            about: Some(id),
            before: Some(average),
            now: Some(average + above),
            at_stake: Some(above),
            last: last_visit(client, input.as_of).map(|visit| visit.date.0),
            evidence: format!("{id} results.{month}.{measure}").into(),
        });
    }
}

pub(super) fn in_and_out<'b>(input: &Input<'b>, id: &'b str, client: &'b Client, seen: &mut Vec<Seen<'b>>) {
    let measure = &*input.book.settings.clients.lost_by;
    let of = |back: i32| amount(client, measure, input.to_date().last.plus(-back));
    let (Some(before), Some(high), Some(now)) = (of(2), of(1), of(0)) else { return };
    let rise = high - before;
    let jumped = before > Decimal::ZERO && rise > before * input.book.settings.risk.jump.0;
    if jumped && now < before + rise / Decimal::TWO {
        seen.push(Seen {
            kind: Kind::InAndOut,
            manager: input.lead(client),
            about: Some(id),
            before: Some(high),
            now: Some(now),
            at_stake: Some(high - now),
            last: last_visit(client, input.as_of).map(|visit| visit.date.0),
            evidence: format!("{id} results.{}.{measure}", input.to_date().last.plus(-1)).into(),
        });
    }
}

pub(super) fn complaint<'b>(input: &Input<'b>, id: &'b str, client: &'b Client, seen: &mut Vec<Seen<'b>>) {
    let last = last_visit(client, input.as_of).map(|visit| visit.date.0);
    for complaint in &client.complaints {
        let ended = [complaint.decided, complaint.closed, complaint.withdrawn];
        let open =
            complaint.received.0 <= input.as_of && ended.into_iter().all(|day| input.past(day).is_none());
        if open && last.is_none_or(|last| last < complaint.received.0) {
            let size = input.size(client);
            seen.push(Seen {
                kind: Kind::Complaint,
                manager: input.lead(client),
                about: Some(id),
                before: None,
                now: size,
                at_stake: size,
                last,
                evidence: format!("{id} complaints.{}", complaint.id).into(),
            });
        }
    }
}

/// Credit that ends soon at a client whose money is leaving.
pub(super) fn leaving<'b>(input: &Input<'b>, id: &'b str, client: &'b Client, seen: &mut Vec<Seen<'b>>) {
    let Some((before, now)) = course(input, client) else { return };
    if before <= Decimal::ZERO || now > before * FALL_BEFORE_MATURITY {
        return;
    }
    let measure = &*input.book.settings.clients.lost_by;
    for facility in input.facilities(client) {
        let Some(matures) = input.deadlines.matures_soon(&facility, input.as_of) else { continue };
        seen.push(Seen {
            kind: Kind::Leaving,
            manager: input.lead(client),
            about: Some(id),
            before: Some(before),
            now: Some(now),
            at_stake: Some(facility.drawn.0),
            last: last_visit(client, input.as_of).map(|visit| visit.date.0),
            evidence: format!(
                "{id} facilities.{}.matures {matures}, results.{}.{measure}",
                facility.id,
                input.to_date().last
            )
            .into(),
        });
    }
}

/// Growth over the year's base that one client explains nearly all of.
pub(super) fn one_client<'b>(input: &Input<'b>, seen: &mut Vec<Seen<'b>>) {
    let measure = &*input.book.settings.clients.lost_by;
    let month = input.to_date().last;
    let year = crate::period::Period::containing(month, Grain::Year).to_string();
    let mut grown: BTreeMap<&str, Vec<(&str, &Client, Decimal, Decimal)>> = BTreeMap::new();
    for (id, client) in input.clients() {
        let base = Base::of(client, measure, false, Months { first: month, last: month }, false).amount();
        if let Some((base, now)) = base.zip(amount(client, measure, month)) {
            grown.entry(input.lead(client)).or_default().push((id, client, base, now));
        }
    }
    for (manager, clients) in grown.into_iter().filter(|(_, clients)| clients.len() >= MANY) {
        let all: Decimal = clients.iter().map(|(.., base, now)| now - base).sum();
        let Some((id, client, base, now)) = clients.into_iter().max_by_key(|(.., base, now)| now - base)
        else {
            continue;
        };
        if all > Decimal::ZERO && now - base >= all * ALONE {
            seen.push(Seen {
                kind: Kind::Alone,
                manager,
                about: Some(id),
                before: Some(base),
                now: Some(now),
                at_stake: Some(now - base),
                last: last_visit(client, input.as_of).map(|visit| visit.date.0),
                evidence: format!("{id} base.{year}.{measure}, results.{month}.{measure}; Σ {all}").into(),
            });
        }
    }
}
