//! Sharing out an amount so that the parts add up to it, to the last unit.

use rust_decimal::Decimal;

/// Shares `amount` by weights: each part rounded down to `places`, what is left going one unit each to the largest remainders,
/// the earlier one first where two are equal. Weights of zero or less take nothing; without any positive weight all parts are zero.
pub(super) fn split(amount: Decimal, weights: &[Decimal], places: u32) -> Vec<Decimal> {
    let positive = |weight: &Decimal| (*weight).max(Decimal::ZERO);
    let sum: Decimal = weights.iter().map(positive).sum();
    if sum.is_zero() {
        return vec![Decimal::ZERO; weights.len()];
    }
    let unit = Decimal::new(1, places);
    let exact: Vec<Decimal> = weights.iter().map(|weight| amount * positive(weight) / sum).collect();
    let mut parts: Vec<Decimal> = exact.iter().map(|part| part.trunc_with_scale(places)).collect();
    let mut order: Vec<usize> = (0..parts.len()).filter(|at| weights[*at] > Decimal::ZERO).collect();
    order.sort_by(|a, b| {
        let remainder = |at: usize| (exact[at] - parts[at]).abs();
        remainder(*b).cmp(&remainder(*a)).then(a.cmp(b))
    });
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

    #[test]
    fn the_last_cent_goes_to_the_largest_remainder_then_to_the_first() {
        assert_eq!(parts("100", &[1, 1, 1]), ["33.34", "33.33", "33.33"]);
        assert_eq!(parts("0.05", &[1, 2]), ["0.02", "0.03"]);
        assert_eq!(parts("10760", &[30, 40, 30]), ["3228", "4304", "3228"]);
        assert_eq!(parts("5", &[0, 0]), ["0", "0"]);
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
    }
}
