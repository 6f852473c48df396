//! Visits: how many, of which kind, and whether clients are seen as often as their tier asks.

use chrono::{Days, NaiveDate};

use super::known::Measured;
use super::scope::{Adder, Scope};
use crate::book::Record;
use crate::book::deadline::last_visit;
use crate::path;
use crate::period::Months;
use crate::record::client::{Client, Visit};
use crate::text::metric as say;

/// Visits the manager made in the window that `counts`; as a companion one made none.
pub fn count(
    scope: &Scope<'_>,
    window: Months,
    counts: impl Fn(&Record<Client>, &Visit) -> bool,
) -> Measured {
    let days = window.first_day()..=window.last_day();
    let mut sum = Adder::new(scope);
    for client in visited(scope) {
        for (index, visit) in client.data.visits.iter().enumerate() {
            let mine = scope.is(&visit.by) && days.contains(&visit.date.0);
            if mine && counts(client, visit) {
                sum.count(client.file, || path!["visits", index]);
            }
        }
    }
    Ok(sum.done())
}

/// The clients a manager may have visited: one's own, and those of colleagues.
fn visited<'b>(scope: &'b Scope<'b>) -> impl Iterator<Item = &'b Record<Client>> {
    scope.visited.iter().copied()
}

/// Whether a client was seen within its tier's cadence before `day`; nothing of one that is younger than that and was not seen,
/// as its first visit is not yet due.
fn is_covered(client: &Client, cadence: u32, day: NaiveDate) -> Option<bool> {
    let limit = day.checked_sub_days(Days::new(cadence.into()))?;
    let young = client.begun().is_some_and(|begun| begun.0 > limit);
    match last_visit(client, day) {
        None if young => None,
        last => Some(last.is_some_and(|last| last.date.0 > limit)),
    }
}

/// Part of the clients led at the window's end that were seen within their tier's cadence, of those whose first visit was made
/// or due.
pub fn coverage(scope: &Scope<'_>, window: Months, counts: impl Fn(&Record<Client>) -> bool) -> Measured {
    let day = window.last_day();
    let mut any = false;
    let mut covered = Adder::new(scope);
    for client in scope.led(window).filter(|client| counts(client)) {
        any = true;
        let cadence = scope.book.settings.cadence.of(client.data.tier_on(day));
        let Some(seen) = is_covered(&client.data, cadence, day) else { continue };
        covered.judge(seen, client.file, || path!["visits"]);
    }
    covered.part(if any { say::NO_VISITS_DUE } else { say::NO_CLIENTS })
}
