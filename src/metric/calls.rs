//! Calls that find business: on referrers and prospects, by points.
//!
//! What a call is worth stands in the settings (`call_points`; the defaults are those of a published scheme of a US bank: 1, 2,
//! 3, 4, two more with a colleague, 24 a week). Weeks run from Monday to Sunday and belong to the month they end in.

use chrono::{Datelike, Days, NaiveDate};
use rust_decimal::Decimal;

use super::known::Measured;
use super::scope::{Adder, Scope};
use crate::book::{Book, Record};
use crate::path;
use crate::period::Months;
use crate::record::client::{Client, Purpose, Tier, Visit, VisitKind};
use crate::record::manager::{CallKind, Manager};
use crate::record::settings::CallPoints;
use crate::source::{FileId, KeyPath};
use crate::text::metric as say;

/// What sort of call earns points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    /// On a referrer inside the bank.
    Internal,
    /// On a referrer outside the bank.
    External,
    /// A first meeting with a prospect.
    First,
    /// A later meeting with a prospect.
    Again,
    /// A proposal presented, to whomever.
    Proposal,
    /// Any other meeting with a client.
    Other,
}

/// One call and what it earns.
#[derive(Clone, Debug)]
pub struct Call {
    /// Its day.
    pub day: NaiveDate,
    /// What sort it is.
    pub sort: Sort,
    /// Whether a colleague came along.
    pub joint: bool,
    /// The points.
    pub points: Decimal,
    /// Where it stands.
    file: FileId,
    at: KeyPath,
}

/// The calls of one manager from `first` to `last`; of `clients`, those the manager may have visited. Contacts by telephone
/// are no meetings.
pub fn calls<'b>(
    book: &Book,
    manager: &Record<Manager>,
    clients: impl IntoIterator<Item = &'b Record<Client>>,
    (first, last): (NaiveDate, NaiveDate),
) -> Vec<Call> {
    let points = &book.settings.call_points;
    let days = first..=last;
    let mut found = Vec::new();
    for (index, call) in manager.data.calls.iter().enumerate().filter(|(_, call)| days.contains(&call.date.0))
    {
        let sort = match call.kind {
            CallKind::InternalReferrer => Sort::Internal,
            CallKind::ExternalReferrer => Sort::External,
        };
        let joint = call.with.iter().any(|with| **with != *manager.id);
        let (file, at) = (manager.file, path!["calls", index]);
        found.push(Call { day: call.date.0, sort, joint, points: worth(points, sort, joint), file, at });
    }
    for client in clients {
        for (index, visit) in client.data.visits.iter().enumerate() {
            let mine = *visit.by == *manager.id && days.contains(&visit.date.0);
            if mine && visit.kind != VisitKind::Call {
                let (sort, joint) = (sort(&client.data, index, visit), visit.is_joint());
                let (file, at) = (client.file, path!["visits", index]);
                found.push(Call {
                    day: visit.date.0,
                    sort,
                    joint,
                    points: worth(points, sort, joint),
                    file,
                    at,
                });
            }
        }
    }
    found.sort_by_key(|call| call.day);
    found
}

/// A meeting is with a prospect until the day the client's relation begins.
fn sort(client: &Client, index: usize, visit: &Visit) -> Sort {
    if visit.purpose == Some(Purpose::Proposal) {
        return Sort::Proposal;
    }
    let is_prospect = match client.since {
        Some(since) => visit.date < since,
        None => client.tier_on(visit.date.0) == Tier::Prospect,
    };
    if !is_prospect {
        return Sort::Other;
    }
    let before = |(at, earlier): (usize, &Visit)| {
        let sooner = earlier.date < visit.date || earlier.date == visit.date && at < index;
        sooner && earlier.by == visit.by && earlier.kind != VisitKind::Call
    };
    if client.visits.iter().enumerate().any(before) { Sort::Again } else { Sort::First }
}

fn worth(points: &CallPoints, sort: Sort, joint: bool) -> Decimal {
    let own = match sort {
        Sort::Internal => points.internal_referrer,
        Sort::External => points.external_referrer,
        Sort::First => points.prospect,
        Sort::Again => points.prospect_again,
        Sort::Proposal => points.proposal,
        Sort::Other => points.client,
    };
    // A colleague adds to a call that counts; company alone makes none count.
    let more = if joint && !own.0.is_zero() { points.with_colleague.0 } else { Decimal::ZERO };
    own.0 + more
}

/// The Sunday that ends a day's week.
pub fn week_end(day: NaiveDate) -> NaiveDate {
    let left = 6 - day.weekday().num_days_from_monday();
    day.checked_add_days(Days::new(left.into())).unwrap_or(day)
}

/// The Sundays from `first` to `last` whose whole week the manager was in post.
pub fn weeks(manager: &Manager, (first, last): (NaiveDate, NaiveDate)) -> Vec<NaiveDate> {
    let first = week_end(first);
    let all = std::iter::successors(Some(first), |day| day.checked_add_days(Days::new(7)));
    let in_post = |end: &NaiveDate| {
        let begin = end.checked_sub_days(Days::new(6)).unwrap_or(*end);
        manager.joined.is_none_or(|joined| joined.0 <= begin)
            && manager.left.is_none_or(|left| left.0 >= *end)
    };
    all.take_while(|end| *end <= last).filter(in_post).collect()
}

/// Points of the calls in a window.
pub(super) fn points(scope: &Scope<'_>, window: Months) -> Measured {
    let mut sum = Adder::new(scope);
    for manager in scope.managers.iter().filter_map(|id| scope.book.managers.get(id)) {
        let days = (window.first_day(), scope.as_of(window));
        for call in calls(scope.book, manager, scope.visited.iter().copied(), days) {
            sum.add(call.file, call.points, || call.at);
        }
    }
    Ok(sum.done())
}

/// Part of the weeks ending in a window that reached the weekly points.
pub(super) fn weeks_met(scope: &Scope<'_>, window: Months) -> Measured {
    let asked = scope.book.settings.call_points.weekly.0;
    let (mut all, mut met) = (0_u32, Adder::new(scope));
    for manager in scope.managers.iter().filter_map(|id| scope.book.managers.get(id)) {
        let last = scope.as_of(window);
        let first = window.first_day().checked_sub_days(Days::new(6)).unwrap_or(window.first_day());
        let made = calls(scope.book, manager, scope.visited.iter().copied(), (first, last));
        for end in weeks(&manager.data, (window.first_day(), last)) {
            let of_week = made.iter().filter(|call| week_end(call.day) == end);
            all += 1;
            if of_week.map(|call| call.points).sum::<Decimal>() >= asked {
                met.count(manager.file, || path!["calls"]);
            }
        }
    }
    if all == 0 { Err(say::NO_WEEKS.into()) } else { Ok(met.divided_by(all.into()).done()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::load;
    use crate::metric::{Portfolios, ask};
    use crate::source::Snapshot;

    /// Two internal calls, four external, two later meetings with a prospect and a proposal with a colleague in the week to
    /// Sunday 11 October 2026: 2 × 1 + 4 × 2 + 2 × 3 + 4 + 2 = 22. The first meeting, a telephone call and a client's visit earn none.
    fn book(more: &str) -> Book {
        let call = |kind: &str, count: usize| -> String {
            let one = |n| format!("[[calls]]\ndate = 2026-10-07\nkind = '{kind}-referrer'\nwhom = '{n}'\n");
            (0..count).map(one).collect()
        };
        let manager = format!(
            "name = '李娜'\njoined = 2026-10-05\n{}{}{more}",
            call("internal", 2),
            call("external", 4)
        );
        let prospect = "name = '甲'\ntier = 'prospect'\nstatus = 'prospect'\nmanager = 'li'\n\
            [[visits]]\ndate = 2026-10-05\nby = 'li'\nkind = 'on-site'\n[[visits]]\ndate = 2026-10-06\nby = 'li'\nkind = 'at-bank'\n\
            [[visits]]\ndate = 2026-10-07\nby = 'li'\nkind = 'call'\n[[visits]]\ndate = 2026-10-08\nby = 'li'\nkind = 'video'\n\
            [[visits]]\ndate = 2026-10-09\nby = 'li'\nkind = 'on-site'\npurpose = 'proposal'\nwith = ['wang']\n";
        let client = "name = '乙'\ntier = 'key'\nstatus = 'active'\nmanager = 'li'\nsince = 2020-01-01\n\
            [[visits]]\ndate = 2026-10-10\nby = 'li'\nkind = 'on-site'\nwith = ['wang']\n";
        let texts = [
            ("rmbook.toml", "name = 'B'\n"),
            ("managers/li.toml", &manager),
            ("managers/wang.toml", "name = '王芳'\n"),
            ("clients/a.toml", prospect),
            ("clients/b.toml", client),
        ];
        let (book, faults) =
            load(&Snapshot::new(texts.map(|(path, text)| (path.to_owned(), Ok(text.to_owned())))));
        assert!(faults.is_empty(), "{faults:?}");
        book
    }

    fn answer(book: &Book, query: &str) -> String {
        let portfolios = Portfolios::new(book);
        let own = portfolios.of(["li"]);
        let answer = ask(
            &own.scope(false),
            &query.parse().unwrap(),
            "2026-10".parse::<crate::period::Period>().unwrap(),
        );
        answer.unwrap().amount.normalize().to_string()
    }

    #[test]
    fn the_published_week_misses_by_two_points() {
        let missed = book("");
        assert_eq!(answer(&missed, "call_points"), "22");
        assert_eq!(answer(&missed, "call_weeks_met"), "0");
        // One more external call makes 24; three weeks end in October after the day of joining, on the 11th, 18th and 25th.
        let met = book("[[calls]]\ndate = 2026-10-09\nkind = 'external-referrer'\nwhom = 'x'\n");
        assert_eq!(answer(&met, "call_points"), "24");
        assert_eq!(answer(&met, "call_weeks_met").get(..6), Some("0.3333"));
    }

    #[test]
    fn weeks_belong_to_the_month_they_end_in() {
        let manager: Manager = crate::record::tree::read("name = '甲'").unwrap();
        let november = "2026-11".parse::<crate::period::Period>().unwrap();
        let ends = weeks(&manager, (november.first_day(), november.last_day()));
        let ends: Vec<String> = ends.iter().map(ToString::to_string).collect();
        assert_eq!(ends, ["2026-11-01", "2026-11-08", "2026-11-15", "2026-11-22", "2026-11-29"]);
    }
}
