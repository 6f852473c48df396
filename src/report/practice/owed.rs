//! Post-loan checks owed to a client, as they were on the report's day.

use std::borrow::Cow;

use chrono::NaiveDate;

use super::super::{Settle, entry, quoted};
use super::Input;
use crate::book::deadline::{Alarm, unchecked_alarms};
use crate::record::client::Client;
use crate::record::risk::{Check, CheckKind, Facility};

/// A check past its day.
pub(super) struct OwedCheck<'b> {
    /// The facility it looks at; nothing where it looks at the whole client.
    pub(super) facility: Option<&'b Facility>,
    /// What kind of check.
    pub(super) kind: CheckKind,
    /// The day it was due.
    pub(super) day: NaiveDate,
    /// The client's checks, and its place among them where it is scheduled.
    scheduled: (&'b [Check], Option<usize>),
}

impl OwedCheck<'_> {
    /// How it is settled.
    pub(super) fn settle(&self) -> Settle<'static> {
        if let (checks, Some(index)) = self.scheduled {
            return Settle::set_at(&entry("checks", checks, index), ["done=today", "findings=…"]);
        }
        let kind = self.kind.to_string();
        let facility = self
            .facility
            .map_or_else(String::new, |facility| format!(" --facility {}", quoted(&facility.id)));
        Settle::add(
            "loan-check",
            format!("--kind {kind}{facility} --due {} --done today --findings …", self.day),
        )
    }
}

/// A check as it is found: the places of its facility and of itself, its kind and its day.
type Found = (Option<usize>, Option<usize>, CheckKind, NaiveDate);

/// The checks of a client past their day on the report's day: scheduled ones, first ones after a drawdown, routine ones, and special
/// ones that a downgrade or a red signal asks for.
pub(super) fn owed_checks<'b>(input: &Input<'_>, client: &'b Client) -> Vec<OwedCheck<'b>> {
    let seen = seen(input, client);
    let at = |id: &str| client.facilities.iter().position(|facility| facility.id == *id);
    let scheduled = seen.checks.iter().enumerate().filter_map(|(index, check)| {
        let day = input.deadlines.scheduled_check(check)?;
        Some((check.facility.as_deref().and_then(at), Some(index), check.kind, day))
    });
    let mut owed: Vec<Found> = scheduled.collect();
    for facility in input.facilities(&seen) {
        for kind in [CheckKind::First, CheckKind::Routine] {
            // What is scheduled in time stands there with its own day already; what is scheduled late is owed on its limit.
            if let Some((day, late)) = input.deadlines.unscheduled_check(&seen, &facility, kind) {
                owed.retain(|(_, scheduled, ..)| scheduled.is_none() || *scheduled != late);
                owed.push((at(&facility.id), late, kind, day));
            }
        }
    }
    // An alarm tells its facility by the place among those there on the day.
    let there: Vec<Facility> = input.facilities(&seen).map(Cow::into_owned).collect();
    let of_day = Client { facilities: there, ..seen.clone().into_owned() };
    owed.extend(unchecked_alarms(&of_day, input.as_of).filter_map(|(alarm, since)| {
        let facility = match alarm {
            Alarm::Downgrade(index) => at(&of_day.facilities[index].id),
            Alarm::Red(_) => None,
        };
        Some((facility, None, CheckKind::Special, since?))
    }));
    let past = owed.into_iter().filter(|(.., day)| *day < input.as_of);
    let whole = |(facility, scheduled, kind, day): Found| OwedCheck {
        facility: facility.and_then(|index| client.facilities.get(index)),
        kind,
        day,
        scheduled: (client.checks.as_slice(), scheduled),
    };
    past.map(whole).collect()
}

/// A client without the checks that were done after the report's day.
fn seen<'c>(input: &Input<'_>, client: &'c Client) -> Cow<'c, Client> {
    if client.checks.iter().all(|check| check.done.is_none_or(|done| done.0 <= input.as_of)) {
        return Cow::Borrowed(client);
    }
    let mut seen = client.clone();
    for check in &mut seen.checks {
        check.done = check.done.filter(|done| done.0 <= input.as_of);
    }
    Cow::Owned(seen)
}
