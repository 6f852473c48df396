//! Visits: how many, of which kind, and whether clients are seen as often as their tier asks.

use super::known::Measured;
use super::scope::{Adder, Scope};
use crate::book::Record;
use crate::book::deadline::{Deadlines, is_seen, made};
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
    let days = window.first_day()..=scope.as_of(window);
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

/// Part of the visits planned for a day of the window and not called off that were made by its end.
pub fn planned_kept(scope: &Scope<'_>, window: Months, counts: impl Fn(&Record<Client>) -> bool) -> Measured {
    let days = window.first_day()..=scope.as_of(window);
    let mut kept = Adder::new(scope);
    for client in visited(scope).filter(|client| counts(client)) {
        let made = made(&client.data, *days.end());
        for (index, plan) in client.data.planned.iter().enumerate() {
            let is_due = scope.is(&plan.by) && plan.cancelled.is_none() && days.contains(&plan.date.0);
            if is_due {
                kept.judge(made[index], client.file, || path!["planned", index]);
            }
        }
    }
    kept.part(say::NO_PLANNED_VISITS)
}

/// The clients a manager may have visited: one's own, and those of colleagues.
fn visited<'b>(scope: &'b Scope<'b>) -> impl Iterator<Item = &'b Record<Client>> {
    scope.visited.iter().copied()
}

/// Part of the clients led at the window's end that were seen within their tier's cadence, of those whose first visit was made
/// or due.
pub fn coverage(scope: &Scope<'_>, window: Months, counts: impl Fn(&Record<Client>) -> bool) -> Measured {
    let day = scope.as_of(window);
    let mut any = false;
    let mut covered = Adder::new(scope);
    for client in scope.led(window).filter(|client| counts(client)) {
        any = true;
        let cadence = scope.book.settings.cadence.of(client.data.tier_on(day));
        let Some(seen) = is_seen(&client.data, cadence, day) else { continue };
        covered.judge(seen, client.file, || path!["visits"]);
    }
    covered.part(if any { say::NO_VISITS_DUE } else { say::NO_CLIENTS })
}

/// Part of the clients led at the window's end that a head of their lead visited in the days their tier asks for, of those
/// whose first such visit was made or due.
pub fn head_coverage(
    scope: &Scope<'_>,
    window: Months,
    counts: impl Fn(&Record<Client>) -> bool,
) -> Measured {
    let day = scope.as_of(window);
    let deadlines = Deadlines::new(&scope.book.settings);
    let mut any = false;
    let mut covered = Adder::new(scope);
    for client in scope.led(window).filter(|client| counts(client)) {
        any = true;
        let asked = deadlines.head_visit(scope.book, &client.data, day);
        let Some(seen) = asked.and_then(|asked| asked.is_seen) else { continue };
        covered.judge(seen, client.file, || path!["visits"]);
    }
    covered.part(if any { say::NO_HEAD_VISITS_DUE } else { say::NO_CLIENTS })
}
