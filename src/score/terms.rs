//! What makes pay of the sum of its lines: floor and ceiling, gates, time in post, shares of pools, advances, rounding.

use rust_decimal::Decimal;

use crate::policy::round::round;
use crate::record::policy::Mode;
use crate::record::policy::pay::After;

/// What makes pay of the sum of its lines and of shares of pools.
#[derive(Clone, Debug, PartialEq)]
pub struct Terms {
    /// Floor and ceiling.
    pub(super) bounds: (Option<Decimal>, Option<Decimal>),
    /// What they bound.
    pub(super) after: After,
    /// Sum of the lines that nothing scales.
    pub(super) free: Decimal,
    /// Product of gates and vetoes.
    pub(super) factor: Decimal,
    /// The part of the period in post, where pay goes by it: so many of so many.
    pub(super) served: Option<(u32, u32)>,
    /// Paid in advance.
    pub(super) advance: Decimal,
    /// How the pay is rounded.
    pub(super) round: Option<(i32, Mode)>,
}

/// Pay, step by step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Paid {
    /// Within floor and ceiling.
    pub(super) bounded: Decimal,
    /// After the factor.
    pub(super) gated: Decimal,
    /// Within floor and ceiling where those come after the gates.
    pub(super) floored: Decimal,
    /// Pay, rounded.
    pub(super) total: Decimal,
}

impl Terms {
    /// The pay that a sum of lines and shares of pools make.
    pub(super) fn paid(&self, sum: Decimal, pools: Decimal) -> Paid {
        let (min, max) = self.bounds;
        // Shares of pools and lines that nothing scales are never cut: they count towards floor and ceiling, and only the other
        // lines are lifted, or cut to nothing at most.
        let beside = self.free + pools;
        let bound = |scaled: Decimal, when: After| {
            let left = |max: Decimal| (max - beside).max(max.min(Decimal::ZERO));
            let cut = max.filter(|_| self.after == when).map_or(scaled, |max| scaled.min(left(max)));
            min.filter(|_| self.after == when).map_or(cut, |min| cut.max(min - beside))
        };
        let bounded = bound(sum - self.free, After::Lines);
        let gated = bounded * self.factor;
        let gated = match self.served {
            Some((part, whole)) => gated * Decimal::from(part) / Decimal::from(whole),
            None => gated,
        };
        let floored = bound(gated, After::Gates);
        let [bounded, gated, floored] = [bounded, gated, floored].map(|scaled| self.free + scaled);
        let total = floored + pools - self.advance;
        let total = self.round.map_or(total, |(places, mode)| round(total, places, mode)).normalize();
        Paid { bounded, gated, floored, total }
    }
}
