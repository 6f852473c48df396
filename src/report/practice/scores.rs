//! The scorecards that reports read: made once, and lent to every report that needs them.

use std::collections::BTreeSet;

use super::Input;
use crate::period::{Grain, Month, Period};
use crate::policy::Policy;
use crate::score::Asked;
use crate::score::apply::{Policies, Request, Scored, run};

/// Every grain of policies, the shortest first.
const GRAINS: [Grain; 4] = [Grain::Month, Grain::Quarter, Grain::Half, Grain::Year];

/// The policies of a book and what they gave.
pub struct Scores<'p> {
    /// The policies.
    pub(super) policies: &'p Policies,
    /// The last period of each policy's own length that ended by the end of the report's months, scored with what lies ahead.
    pub(super) last: Vec<Scored<'p>>,
    /// The last of the report's months that has figures, where it is none of those: to date where it is not over.
    standing: Vec<Scored<'p>>,
}

impl<'p> Scores<'p> {
    /// Scores the last periods up to the end of the input's months.
    pub fn new(policies: &'p Policies, input: &Input<'_>) -> Self {
        let last = GRAINS.into_iter().flat_map(|grain| {
            let period = Period::containing(input.months.last.min(Month::of(input.as_of)), grain);
            let period = if period.last_day() > input.as_of { period.plus(-1) } else { period };
            scored(policies, input, Request { period: Some(period), ahead: true, ..Request::default() })
        });
        let last: Vec<_> = last.collect();
        let mut found = Self { policies, last, standing: Vec::new() };
        let month = last_month(input);
        if found.known(month).next().is_none() {
            found.standing = scored(policies, input, Request { period: Some(month), ..Request::default() });
        }
        found
    }

    /// The last period of each length that is over on the input's day, and the one that runs, each as it stands on that day.
    pub(in crate::report) fn up_to_now(policies: &'p Policies, input: &Input<'_>) -> Vec<Scored<'p>> {
        let of = |grain| {
            let now = Period::containing(Month::of(input.as_of), grain);
            let request = |period| Request { period: Some(period), ..Request::default() };
            [now.plus(-1), now].into_iter().flat_map(move |period| scored(policies, input, request(period)))
        };
        GRAINS.into_iter().flat_map(of).collect()
    }

    /// What is already known of a period.
    fn known(&self, period: Period) -> impl Iterator<Item = &Scored<'p>> {
        self.last.iter().chain(&self.standing).filter(move |scored| scored.period == period)
    }

    /// What the policies of months gave for the last of the input's months that has figures, to date where it is not over.
    pub(super) fn of_last_month(&self, input: &Input<'_>) -> impl Iterator<Item = &Scored<'p>> {
        self.known(last_month(input))
    }

    /// Hands over what the policies gave for each period of just their length that ends within the input's months.
    pub(super) fn each_ended(&self, input: &Input<'_>, mut take: impl FnMut(&Scored<'p>)) {
        for grain in GRAINS {
            for month in input.months.iter() {
                let period = Period::containing(month, grain);
                if period.last() != month {
                    continue;
                }
                if self.known(period).next().is_some() {
                    self.known(period).for_each(&mut take);
                } else {
                    let request = Request { period: Some(period), ..Request::default() };
                    scored(self.policies, input, request).iter().for_each(&mut take);
                }
            }
        }
    }
}

/// The last of the input's months that has figures; the last of them where none has.
fn last_month(input: &Input<'_>) -> Period {
    Period::from(input.to_date().last)
}

/// The schemes whose policies are of just the length of the period asked for, each scored by itself: what was closed as it was
/// closed, a period that is not over to date, one that has not begun not at all.
fn scored<'p>(policies: &'p Policies, input: &Input<'_>, request: Request<'p>) -> Vec<Scored<'p>> {
    if request.period.is_some_and(|period| period.first_day() > input.as_of) {
        return Vec::new();
    }
    let request = Request {
        today: input.as_of.succ_opt(),
        known: Some(input.as_of),
        booked: Some(input.today),
        as_closed: true,
        ..request
    };
    let grain = request.period.map(Period::grain);
    let of_grain = |policy: &&Policy| Some(policy.record.period.grain()) == grain;
    let schemes: BTreeSet<&str> =
        policies.ready.values().filter(of_grain).map(|policy| policy.record.scheme.as_str()).collect();
    let of = |scheme| {
        let request = Request { scheme: Some(scheme), ..request };
        // Where a tie of policies stops the scoring, `scorecard` says so.
        run(input.portfolios(), policies, request, &Asked::default()).unwrap_or_default()
    };
    schemes.into_iter().flat_map(of).collect()
}
