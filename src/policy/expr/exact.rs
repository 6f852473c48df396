//! Arithmetic that loses nothing inside an expression.
//!
//! Business figures are short decimals, and sums and products of them stay decimals. A quotient that does not end as one, and a
//! product too long for one, is kept as a fraction, so that `a / 3 * 3` is `a` and three thirds are one.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Signed, ToPrimitive, Zero};
use rust_decimal::Decimal;

use super::Op;

/// A number inside an expression.
#[derive(Clone, Debug)]
pub(super) enum Exact {
    Plain(Decimal),
    Fraction(Box<BigRational>),
}

/// The longest mantissa of a decimal is below this power of two.
const BITS: u32 = 96;

/// Most decimal places of a decimal.
const PLACES: u32 = 28;

impl From<Decimal> for Exact {
    fn from(number: Decimal) -> Self {
        Self::Plain(number)
    }
}

impl Exact {
    /// The nearest decimal; `None` where it outgrows one.
    pub(super) fn decimal(&self) -> Option<Decimal> {
        match self {
            Self::Plain(number) => Some(*number),
            Self::Fraction(fraction) => nearest(fraction),
        }
    }

    pub(super) fn is_zero(&self) -> bool {
        match self {
            Self::Plain(number) => number.is_zero(),
            Self::Fraction(fraction) => fraction.is_zero(),
        }
    }

    pub(super) fn negated(self) -> Self {
        match self {
            Self::Plain(number) => Self::Plain(-number),
            Self::Fraction(fraction) => Self::Fraction(Box::new(-*fraction)),
        }
    }

    pub(super) fn abs(self) -> Self {
        match self {
            Self::Plain(number) => Self::Plain(number.abs()),
            Self::Fraction(fraction) => Self::Fraction(Box::new(fraction.abs())),
        }
    }

    /// The result of one of `+ − × ÷`; the divisor is not zero.
    pub(super) fn combined(op: Op, left: &Self, right: &Self) -> Self {
        if let (Self::Plain(a), Self::Plain(b)) = (left, right)
            && let Some(plain) = plain(op, *a, *b)
        {
            return Self::Plain(plain);
        }
        let (a, b) = (left.fraction(), right.fraction());
        let result = match op {
            Op::Add => a + b,
            Op::Subtract => a - b,
            Op::Divide => a / b,
            _ => a * b,
        };
        Self::of(result)
    }

    pub(super) fn of(fraction: BigRational) -> Self {
        match whole(&fraction) {
            Some(plain) => Self::Plain(plain),
            None => Self::Fraction(Box::new(fraction)),
        }
    }

    pub(super) fn fraction(&self) -> BigRational {
        match self {
            Self::Plain(number) => {
                BigRational::new(number.mantissa().into(), BigInt::from(10).pow(number.scale()))
            }
            Self::Fraction(fraction) => BigRational::clone(fraction),
        }
    }
}

/// The result as a decimal, where it is one without rounding.
fn plain(op: Op, a: Decimal, b: Decimal) -> Option<Decimal> {
    match op {
        Op::Add => sum(a, b),
        Op::Subtract => sum(a, -b),
        Op::Divide => {
            let quotient = a.checked_div(b)?;
            (product(quotient, b)? == a).then_some(quotient)
        }
        _ => product(a, b),
    }
}

fn sum(a: Decimal, b: Decimal) -> Option<Decimal> {
    let scale = a.scale().max(b.scale());
    let raised =
        |number: Decimal| number.mantissa().checked_mul(10_i128.checked_pow(scale - number.scale())?);
    decimal(raised(a)?.checked_add(raised(b)?)?, scale)
}

fn product(a: Decimal, b: Decimal) -> Option<Decimal> {
    decimal(a.mantissa().checked_mul(b.mantissa())?, a.scale() + b.scale())
}

/// Mantissa and scale as a decimal, without the zeros at its end where they do not fit otherwise.
fn decimal(mut mantissa: i128, mut scale: u32) -> Option<Decimal> {
    while (scale > PLACES || mantissa.unsigned_abs() >> BITS != 0) && scale > 0 && mantissa % 10 == 0 {
        mantissa /= 10;
        scale -= 1;
    }
    Decimal::try_from_i128_with_scale(mantissa, scale).ok()
}

/// A fraction that is a whole number.
fn whole(fraction: &BigRational) -> Option<Decimal> {
    let whole = fraction.is_integer().then(|| fraction.numer().to_i128())??;
    Decimal::try_from_i128_with_scale(whole, 0).ok()
}

/// Every digit a decimal has room for, halves away from zero.
fn nearest(fraction: &BigRational) -> Option<Decimal> {
    let whole = fraction.to_integer();
    let digits = if whole.is_zero() { 0 } else { u32::try_from(whole.magnitude().to_string().len()).ok()? };
    let at = |scale: u32| {
        let raised = (fraction * BigInt::from(10).pow(scale)).round().to_integer();
        Decimal::try_from_i128_with_scale(raised.to_i128()?, scale).ok().map(|found| found.normalize())
    };
    // Some numbers of 29 digits fit as well.
    let scale = (PLACES + 1).checked_sub(digits)?;
    at(scale.min(PLACES)).or_else(|| at(scale.checked_sub(1)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Exact {
        text.parse::<Decimal>().unwrap().into()
    }

    fn made(op: Op, a: &Exact, b: &Exact) -> Exact {
        Exact::combined(op, a, b)
    }

    #[test]
    fn a_quotient_that_does_not_end_keeps_its_whole_value() {
        let third = made(Op::Divide, &of("1"), &of("3"));
        let thirds = made(Op::Add, &made(Op::Add, &third, &third), &third);
        assert_eq!(thirds.decimal(), Some(Decimal::ONE));
        assert_eq!(third.decimal().unwrap().to_string(), "0.3333333333333333333333333333");
        assert!(matches!(made(Op::Divide, &of("1"), &of("8")), Exact::Plain(_)));
    }

    #[test]
    fn a_product_too_long_for_a_decimal_is_not_cut() {
        let tiny = of("0.000000000000001");
        let square = made(Op::Multiply, &tiny, &tiny);
        assert_eq!(made(Op::Divide, &square, &tiny).decimal(), tiny.decimal());
        // 10^30 is no decimal, a millionth of it is.
        let large = made(Op::Multiply, &of("1000000000000000"), &of("1000000000000000"));
        assert_eq!(large.decimal(), None);
        assert_eq!(
            made(Op::Divide, &large, &of("1000000")).decimal(),
            of("1000000000000000000000000").decimal()
        );
    }

    proptest::proptest! {
        #![proptest_config(crate::property::config())]

        #[test]
        fn what_is_divided_and_multiplied_again_is_the_same(
            a in -1_000_000_000_000_i64..1_000_000_000_000,
            b in 1_i64..1_000_000_000,
            places in 0_u32..8,
        ) {
            let (a, b) = (Exact::from(Decimal::new(a, places)), Exact::from(Decimal::new(b, places)));
            let quotient = made(Op::Divide, &a, &b);
            proptest::prop_assert_eq!(made(Op::Multiply, &quotient, &b).decimal(), a.decimal());
            let back = made(Op::Divide, &made(Op::Multiply, &a, &b), &b);
            proptest::prop_assert_eq!(back.decimal(), a.decimal());
        }
    }
}
