//! Which variants of a policy are for a manager.

use std::sync::Arc;

use super::card::ScoreError;
use super::facts::Profile;
use super::run::Who;
use super::total::failed;
use crate::msg;
use crate::policy::Policy;
use crate::policy::curve::Halt;
use crate::policy::expr::{Expr, Leaf};
use crate::text::score;

/// Numbers of the variants that are for a manager, and the first of which that cannot be told. Who has no grade or role is of no
/// variant that asks for one; months that nobody knows are missing.
pub(super) fn variants(policy: &Policy, who: &Who<'_>) -> (Vec<usize>, Option<ScoreError>) {
    let (mut taken, mut open) = (Vec::new(), None);
    for (at, when) in policy.variants.iter().enumerate() {
        match when.node.flag(who) {
            Ok(true) => taken.push(at),
            Ok(false) => {}
            Err(trouble) if lacks_months(when, who.profile) => open = open.or(Some((at, trouble))),
            Err(_) => {}
        }
    }
    let open = open.map(|(at, trouble)| {
        let title = policy.record.variants.get(at).and_then(|variant| variant.title.as_deref());
        let name: Arc<str> = title.unwrap_or(&policy.variants[at].text).into();
        let error = failed(&name, Halt::Trouble(trouble));
        let reason = msg!(score::VARIANT_OPEN, variant = &*name, reason = error.reason);
        ScoreError { reason, ..error }
    });
    (taken, open)
}

/// Whether a condition goes by a time in post or in the grade that is not known.
fn lacks_months(condition: &Expr, profile: &Profile) -> bool {
    let mut lacks = false;
    condition.leaves(&mut |leaf| {
        lacks |= match leaf {
            Leaf::MonthsIn => profile.months.is_none(),
            Leaf::GradeMonths => profile.grade_months.is_none(),
            _ => false,
        }
    });
    lacks
}
