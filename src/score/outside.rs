//! Earlier periods in which a scheme was not for somebody.

use std::collections::BTreeSet;

use super::round::Round;
use crate::book::Record;
use crate::period::Period;
use crate::policy::Policy;
use crate::record::manager::Manager;
use crate::record::review::Review;

impl Round<'_, '_> {
    /// The earlier periods, so many `back` from the one of a policy's length, that were not closed for a manager and in which no policy
    /// of its scheme was for the manager, who was in post.
    pub(super) fn outside(
        &self,
        (manager, back): (&Record<Manager>, u32),
        policy: &Policy,
        period: Period,
    ) -> BTreeSet<Period> {
        let own = policy.own_period(period);
        let scheme = &*policy.record.scheme;
        let reviews = self.index.reviews(&manager.id);
        let is_closed = |earlier: &Period| {
            let closed = |review: &&Record<Review>| review.data.closed.contains_key(scheme);
            reviews.iter().any(|review| review.data.period == *earlier && closed(review))
        };
        let in_post =
            |earlier: &Period| manager.data.employed_within(earlier.first_day(), earlier.last_day());
        let is_outside = |earlier: &Period| {
            let applicable = self.applicable(&[scheme], &self.index.profile(manager, *earlier), *earlier);
            applicable.is_ok_and(|policies| policies.is_empty())
        };
        let back = (1..).take(back as usize).map(|back| own.plus(-back));
        back.filter(|earlier| in_post(earlier) && !is_closed(earlier) && is_outside(earlier)).collect()
    }
}
