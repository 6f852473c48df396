//! Periods that nobody closed between others that are closed.

use std::collections::BTreeSet;

use super::rule;
use crate::diag::Finding;
use crate::metric::Portfolios;
use crate::msg;
use crate::path;
use crate::period::Period;
use crate::score::Asked;
use crate::score::apply::{Policies, Request, run};
use crate::source::{FileId, Place};
use crate::text::close as say;

/// The first period that was left open since the scheme last closed one before `period`, though somebody is scored for it.
pub fn unclosed_before(
    period: Period,
    scheme: &str,
    portfolios: &Portfolios<'_>,
    policies: &Policies,
) -> Option<Period> {
    let closed = portfolios.book().settings.closed.get(scheme)?;
    let of_length = closed.keys().filter(|closed| closed.grain() == period.grain());
    let last = of_length.filter(|closed| **closed < period).max()?;
    let between = std::iter::successors(Some(last.plus(1)), |earlier| Some(earlier.plus(1)));
    between.take_while(|earlier| *earlier < period).find(|earlier| {
        let request = Request { period: Some(*earlier), scheme: Some(scheme), ..Request::default() };
        let scored = run(portfolios, policies, request, &Asked::default()).unwrap_or_default();
        scored.iter().any(|it| it.policy.record.period.grain() == period.grain() && !it.cards.is_empty())
    })
}

/// A finding for each closed period before which one was left open.
pub(super) fn gaps(
    portfolios: &Portfolios<'_>,
    policies: &Policies,
    settings: FileId,
    closed: &BTreeSet<(Period, &str)>,
) -> Vec<Finding> {
    let recorded = &portfolios.book().settings.closed;
    let recorded = closed
        .iter()
        .filter(|(period, scheme)| recorded.get(*scheme).is_some_and(|periods| periods.contains_key(period)));
    let gaps = recorded.filter_map(|(period, scheme)| {
        let earlier = unclosed_before(*period, scheme, portfolios, policies)?;
        let (period, earlier) = (period.to_string(), earlier.to_string());
        let at = Place::value(settings, path!["closed", *scheme, period.as_str()]);
        let message = msg!(say::LEFT_BETWEEN, earlier = earlier, period = period, scheme = *scheme);
        Some(Finding::new(&rule::CLOSED_PERIOD_GAP, at, message))
    });
    gaps.collect()
}
