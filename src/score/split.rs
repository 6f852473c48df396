//! Sharing out an amount so that the parts add up to it, to the last unit.

use rust_decimal::{Decimal, RoundingStrategy};

use crate::record::policy::pay::Excess;

/// What one part may be at least and at most.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Limits {
    pub(super) least: Option<Decimal>,
    pub(super) most: Option<Decimal>,
}

impl Limits {
    /// The limits in whole units of `places`, inside what they were.
    fn in_units(self, places: u32) -> Self {
        let whole = |limit: Decimal, strategy| limit.round_dp_with_strategy(places, strategy);
        Self {
            least: self.least.map(|least| whole(least, RoundingStrategy::ToPositiveInfinity)),
            most: self.most.map(|most| whole(most, RoundingStrategy::ToNegativeInfinity)),
        }
    }

    fn cut(&self, portion: Portion) -> Portion {
        match self.most.filter(|most| portion.amount > *most) {
            Some(most) => Portion { amount: most, held: Some(Held::Most), ..portion },
            None => portion,
        }
    }
}

/// Which of its limits a part stands at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Held {
    Least,
    Most,
}

/// One part of an amount, and what it was a part of: `of` is what was left beside the parts that limits had settled before, and
/// `all` the weights that shared it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Portion {
    pub(super) amount: Decimal,
    pub(super) of: Decimal,
    pub(super) all: Decimal,
    pub(super) held: Option<Held>,
}

/// Shares `amount` by weights with each part inside its limits, as [`split`] does where there are none.
///
/// Parts that would leave their limits stand at them, and the others share what is left: in each round either those above their
/// most or those below their least are settled, whichever miss theirs by more together, so that no part is settled that later
/// rounds would set free. What the limits cut off is given to the others, or stays where `excess` says so.
///
/// # Errors
///
/// The sum of the least parts where it is more than the amount.
pub(super) fn apportion(
    amount: Decimal,
    weights: &[Decimal],
    limits: &[Limits],
    places: u32,
    excess: Excess,
) -> Result<Vec<Portion>, Decimal> {
    let limits: Vec<Limits> = limits.iter().map(|limits| limits.in_units(places)).collect();
    let least: Decimal = limits.iter().filter_map(|limits| limits.least).sum();
    if least > amount && !least.is_zero() {
        return Err(least);
    }
    let mut held: Vec<Option<Portion>> = vec![None; weights.len()];
    let (rest, all) = loop {
        let rest = amount - held.iter().flatten().map(|portion| portion.amount).sum::<Decimal>();
        let free = || (0..weights.len()).filter(|at| held[*at].is_none());
        let all: Decimal = free().map(|at| weights[at].max(Decimal::ZERO)).sum();
        let share = |at: usize| {
            let weight = weights[at].max(Decimal::ZERO);
            if all.is_zero() { Decimal::ZERO } else { rest * weight / all }
        };
        let lacks = |at: usize| limits[at].least.filter(|least| share(at) < *least);
        let spread = |_: &Decimal| excess == Excess::Spread;
        let exceeds = |at: usize| limits[at].most.filter(spread).filter(|most| share(at) > *most);
        let lack: Decimal = free().filter_map(|at| Some(lacks(at)? - share(at))).sum();
        let over: Decimal = free().filter_map(|at| Some(share(at) - exceeds(at)?)).sum();
        if lack.is_zero() && over.is_zero() {
            break (rest, all);
        }
        let (limit, word): (&dyn Fn(usize) -> Option<Decimal>, _) =
            if lack > over { (&lacks, Held::Least) } else { (&exceeds, Held::Most) };
        let settled: Vec<(usize, Decimal)> = free().filter_map(|at| Some((at, limit(at)?))).collect();
        for (at, amount) in settled {
            held[at] = Some(Portion { amount, of: rest, all, held: Some(word) });
        }
    };
    let open: Vec<Decimal> =
        weights.iter().zip(&held).map(|(weight, held)| held.map_or(*weight, |_| Decimal::ZERO)).collect();
    let parts = split(rest, &open, places);
    let portions = held.into_iter().zip(parts).map(|(held, amount)| {
        let free = Portion { amount, of: rest, all, held: None };
        held.unwrap_or(free)
    });
    Ok(portions.zip(&limits).map(|(portion, limits)| limits.cut(portion)).collect())
}

/// Shares `amount` by weights: each part rounded down to `places`, what is left going one unit each to the largest remainders,
/// the earlier one first where two are equal. Weights of zero or less take nothing; without any positive weight all parts are zero.
pub fn split(amount: Decimal, weights: &[Decimal], places: u32) -> Vec<Decimal> {
    let positive = |weight: &Decimal| (*weight).max(Decimal::ZERO);
    let sum: Decimal = weights.iter().map(positive).sum();
    if sum.is_zero() {
        return vec![Decimal::ZERO; weights.len()];
    }
    let unit = Decimal::new(1, places);
    let exact: Vec<Decimal> = weights.iter().map(|weight| amount * positive(weight) / sum).collect();
    let mut parts: Vec<Decimal> = exact.iter().map(|part| part.trunc_with_scale(places)).collect();
    let mut order: Vec<usize> = (0..parts.len()).filter(|at| weights[*at] > Decimal::ZERO).collect();
    // What is left of a share times the sum of the weights has no digits that do not end, so that equal ones are equal.
    let remainder = |at: usize| {
        let of_all = amount.checked_mul(positive(&weights[at]))?.checked_sub(parts[at].checked_mul(sum)?)?;
        Some(of_all.abs())
    };
    let remainders: Vec<Decimal> = (0..parts.len())
        .map(|at| remainder(at).unwrap_or_else(|| (exact[at] - parts[at]).abs() * sum))
        .collect();
    order.sort_by(|a, b| remainders[*b].cmp(&remainders[*a]).then(a.cmp(b)));
    let left = amount - parts.iter().sum::<Decimal>();
    let step = if left.is_sign_negative() { -unit } else { unit };
    let whole = usize::try_from((left / step).trunc()).unwrap_or_default();
    for at in order.iter().cycle().take(whole) {
        parts[*at] += step;
    }
    // An amount finer than a unit leaves its end with the first, so that nothing is lost.
    let rest = amount - parts.iter().sum::<Decimal>();
    if let (Some(first), false) = (order.first(), rest.is_zero()) {
        parts[*first] += rest;
    }
    parts.iter().map(Decimal::normalize).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(amount: &str, weights: &[i64]) -> Vec<String> {
        let weights: Vec<Decimal> = weights.iter().map(|weight| (*weight).into()).collect();
        split(amount.parse().unwrap(), &weights, 2).iter().map(ToString::to_string).collect()
    }

    /// Amounts, each marked where it stands at a limit: `-` for the least, `+` for the most.
    fn held(
        amount: &str,
        weights: &[i64],
        limits: &[(&str, &str)],
        excess: Excess,
    ) -> Result<Vec<String>, Decimal> {
        let weights: Vec<Decimal> = weights.iter().map(|weight| (*weight).into()).collect();
        let limit = |text: &str| text.parse().ok();
        let limits: Vec<Limits> =
            limits.iter().map(|(least, most)| Limits { least: limit(least), most: limit(most) }).collect();
        let word = |held| match held {
            None => "",
            Some(Held::Least) => "-",
            Some(Held::Most) => "+",
        };
        let found = apportion(amount.parse().unwrap(), &weights, &limits, 2, excess)?;
        Ok(found
            .iter()
            .map(|portion| format!("{}{}", portion.amount.normalize(), word(portion.held)))
            .collect())
    }

    #[test]
    fn what_a_cap_cuts_off_goes_to_the_others_or_stays() {
        // 1,000 by 6:3:1 is 600, 300, 100. With at most 400 each, 600 are left for 3:1: 450 and 150; the second stands at 400 too,
        // and the third has the last 200.
        let caps = [("", "400"); 3];
        assert_eq!(held("1000", &[6, 3, 1], &caps, Excess::Spread).unwrap(), ["400+", "400+", "200"]);
        assert_eq!(held("1000", &[6, 3, 1], &caps, Excess::Stay).unwrap(), ["400+", "300", "100"]);
        // Nobody is left to take the rest.
        assert_eq!(
            held("1000", &[1, 1], &[("", "300"), ("", "300")], Excess::Spread).unwrap(),
            ["300+", "300+"]
        );
        // A third of 100 is 33.33…; a cap finer than a cent counts down to it.
        assert_eq!(
            held("100", &[1, 1, 1], &[("", "30.009"), ("", ""), ("", "")], Excess::Spread).unwrap(),
            ["30+", "35", "35"]
        );
    }

    #[test]
    fn a_floor_is_taken_from_the_others() {
        // 100 by 8:1:1 is 80, 10, 10; two floors of 25 leave 50.
        let floors = [("", ""), ("25", ""), ("25", "")];
        assert_eq!(held("100", &[8, 1, 1], &floors, Excess::Stay).unwrap(), ["50", "25-", "25-"]);
        assert_eq!(held("100", &[0, 1], &[("25", ""), ("", "")], Excess::Stay).unwrap(), ["25-", "75"]);
        assert_eq!(held("40", &[8, 1, 1], &floors, Excess::Stay), Err(50.into()));
        // A cap of 60 frees 20, which lifts the third from 10 to 20; the second needs 5 more than that.
        let both = [("", "60"), ("25", ""), ("", "")];
        assert_eq!(held("100", &[8, 1, 1], &both, Excess::Spread).unwrap(), ["60+", "25-", "15"]);
    }

    #[test]
    fn the_last_cent_goes_to_the_largest_remainder_then_to_the_first() {
        assert_eq!(parts("100", &[1, 1, 1]), ["33.34", "33.33", "33.33"]);
        assert_eq!(parts("0.05", &[1, 2]), ["0.02", "0.03"]);
        assert_eq!(parts("10760", &[30, 40, 30]), ["3228", "4304", "3228"]);
        assert_eq!(parts("5", &[0, 0]), ["0", "0"]);
        // 75.02⅔, 243.83⅔ and 525.18⅔: all remainders are the same, and the two cents go to the first two.
        assert_eq!(parts("844.05", &[4, 13, 28]), ["75.03", "243.84", "525.18"]);
    }

    proptest::proptest! {
        #![proptest_config(crate::property::config())]

        #[test]
        fn parts_add_up(amount in -10_000_000_i64..10_000_000, weights in proptest::collection::vec(0_i64..1000, 1..20)) {
            let amount = Decimal::new(amount, 2);
            let weights: Vec<Decimal> = weights.into_iter().map(Decimal::from).collect();
            let sum: Decimal = split(amount, &weights, 2).iter().sum();
            let any = weights.iter().any(|weight| *weight > Decimal::ZERO);
            proptest::prop_assert_eq!(sum, if any { amount } else { Decimal::ZERO });
        }

        #[test]
        fn shares_with_limits_keep_them_and_the_order_of_weights(
            amount in 0_i64..10_000_000,
            weights in proptest::collection::vec(1_i64..1000, 1..20),
            least in 0_i64..100,
            most in 100_i64..1_000_000,
        ) {
            let amount = Decimal::new(amount + 2_000, 2);
            let limits = vec![Limits { least: Some(Decimal::new(least, 2)), most: Some(Decimal::new(most, 2)) }; weights.len()];
            let decimals: Vec<Decimal> = weights.iter().map(|weight| (*weight).into()).collect();
            let found = apportion(amount, &decimals, &limits, 2, Excess::Spread).unwrap();
            let all: Decimal = found.iter().map(|portion| portion.amount).sum();
            let room = Decimal::new(most, 2) * Decimal::from(weights.len());
            proptest::prop_assert_eq!(all, amount.min(room));
            for (a, first) in found.iter().enumerate() {
                proptest::prop_assert!(first.amount >= Decimal::new(least, 2) && first.amount <= Decimal::new(most, 2));
                for (b, second) in found.iter().enumerate() {
                    let cent = Decimal::new(1, 2);
                    proptest::prop_assert!(weights[a] < weights[b] || first.amount + cent >= second.amount);
                }
            }
        }
    }
}
