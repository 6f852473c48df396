//! Powers and roots: what they give, and how exact they are.
//!
//! A whole power of a decimal is exact. A root is cut after more digits than a decimal has room for, so that what is left is
//! the nearest of 28 digits, and exact where the root ends.

use std::ops::Range;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};
use rust_decimal::Decimal;

use super::eval::{Trouble, fold};
use super::exact::Exact;
use super::parse::Ast;
use super::resolve::{Resolver, wrong_type};
use super::{Fault, Function, Node, Op, Type};
use crate::metric::Dimensions;
use crate::msg;
use crate::policy::rule;
use crate::text::policy;

/// The greatest exponent, so that a hostile policy cannot make numbers of any length.
const MOST: i32 = 100;

/// The greatest denominator of one: the days of a year.
const DENOMINATOR: u32 = 366;

/// Digits a root is worked out to.
const DIGITS: i64 = 34;

/// Bits of a fraction that is taken as it is; a longer one counts as its nearest decimal.
const BITS: u64 = 512;

impl Resolver<'_> {
    /// What a power or a root gives: a unit takes part in whole powers that are the same for everybody, and in roots of squares.
    pub(super) fn power(
        &mut self,
        function: Function,
        trees: &[Ast],
        nodes: &[(Node, Type)],
        span: &Range<usize>,
    ) -> Option<Type> {
        let number = |gives: &Type| matches!(gives, Type::Number(_) | Type::Unread);
        if let Some(at) = nodes.iter().position(|(_, gives)| !number(gives)) {
            return self.fail(wrong_type(&trees[at], policy::A_NUMBER));
        }
        let pure = Type::Number(Some(Dimensions::NONE));
        let exponent = match nodes.get(1) {
            Some((node, gives)) => {
                self.same(&pure, gives, &trees[1].span)?;
                let exponent = fold(node);
                if exponent.is_some_and(|exponent| exponent.abs() > Decimal::from(MOST)) {
                    return self
                        .fail(Fault::syntax(trees[1].span.clone(), msg!(policy::POWERS, most = MOST)));
                }
                exponent.filter(Decimal::is_integer).and_then(|whole| whole.to_i32())
            }
            None => None,
        };
        let Type::Number(Some(of)) = &nodes[0].1 else { return Some(nodes[0].1.clone()) };
        let gives = match function {
            _ if of.is_none() => Some(Dimensions::NONE),
            Function::Sqrt => of.root(),
            _ => exponent.and_then(|exponent| of.raised(exponent)),
        };
        match gives {
            Some(gives) => Some(Type::Number(Some(gives))),
            None => {
                let message = msg!(policy::NO_UNIT_OF_ROOT, unit = of.to_string());
                let fault = Fault::new(&rule::UNITS_DO_NOT_FIT, span.clone(), message);
                self.fail(fault.help(policy::DIVIDE_FIRST.into()))
            }
        }
    }
}

impl Exact {
    /// To the power of a whole number, exact, or of a fraction.
    pub(super) fn to_the(&self, exponent: &Self) -> Result<Self, Trouble> {
        let exponent = exponent.fraction();
        let power = exponent.trunc().to_i32().filter(|whole| whole.abs() <= MOST).ok_or(Trouble::Overflow)?;
        let below = exponent.denom().to_u32().filter(|below| *below <= DENOMINATOR);
        let below = below.ok_or_else(|| Trouble::Missing(policy::ROOTS.into()))?;
        let mut base = self.short()?;
        if exponent.is_negative() {
            if base.is_zero() {
                return Err(Trouble::ZeroDivision);
            }
            base = base.recip();
        }
        let whole = Self::of(base.pow(power.abs()));
        let above = exponent.fract().numer().abs().to_i32().unwrap_or_default();
        if above == 0 {
            return Ok(whole);
        }
        if base.is_negative() {
            return Err(Trouble::Missing(policy::NO_ROOT.into()));
        }
        Ok(Self::combined(Op::Multiply, &whole, &root(&base.pow(above), below)))
    }

    /// As a fraction of a length that powers can be made of.
    fn short(&self) -> Result<BigRational, Trouble> {
        let exact = self.fraction();
        if exact.numer().bits().max(exact.denom().bits()) <= BITS {
            return Ok(exact);
        }
        self.decimal().map(|nearest| Self::from(nearest).fraction()).ok_or(Trouble::Overflow)
    }
}

/// A root of what is not negative.
fn root(of: &BigRational, degree: u32) -> Exact {
    if of.is_zero() {
        return Decimal::ZERO.into();
    }
    let length = |number: &BigInt| i64::try_from(number.bits()).unwrap_or(i64::MAX) * 3 / 10;
    let places = DIGITS - (length(of.numer()) - length(of.denom())) / i64::from(degree);
    let shift = |number: &BigInt, by: bool| match by {
        true => number * BigInt::from(10).pow(u32::try_from(places.abs()).unwrap_or_default() * degree),
        false => number.clone(),
    };
    let (above, below) = (shift(of.numer(), places >= 0), shift(of.denom(), places < 0));
    let digits = (above / below).nth_root(degree);
    let unit = BigInt::from(10).pow(u32::try_from(places.abs()).unwrap_or_default());
    Exact::of(match places >= 0 {
        true => BigRational::new(digits, unit),
        false => BigRational::new(digits * unit, BigInt::one()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Exact {
        text.parse::<Decimal>().unwrap().into()
    }

    fn power(base: &str, above: &str, below: &str) -> String {
        let exponent = Exact::combined(Op::Divide, &of(above), &of(below));
        match of(base).to_the(&exponent) {
            Ok(made) => made.decimal().unwrap().normalize().to_string(),
            Err(Trouble::Missing(reason)) => reason.get(crate::text::Lang::En),
            Err(trouble) => format!("{trouble:?}"),
        }
    }

    #[test]
    fn a_whole_power_is_exact_and_a_root_has_28_digits() {
        assert_eq!(power("1.05", "10", "1"), "1.62889462677744140625");
        assert_eq!(power("2", "-3", "1"), "0.125");
        assert_eq!(power("7", "0", "1"), "1");
        assert_eq!(power("1.331", "1", "3"), "1.1");
        assert_eq!(power("0.0625", "3", "4"), "0.125");
        assert_eq!(power("1000000000000", "1", "2"), "1000000");
        // √2 = 1.41421 35623 73095 04880 16887 2420 97 …
        assert_eq!(power("2", "1", "2"), "1.4142135623730950488016887242");
        // e ^ (31/365 × ln 1.05) = 1.00415 24196 64796 96699 36799 41748 …
        assert!(power("1.05", "31", "365").starts_with("1.004152419664796966993679941"));
        assert_eq!(power("-8", "1", "3"), "a negative number has no root");
        assert_eq!(power("0", "-1", "1"), "ZeroDivision");
        assert_eq!(power("2", "101", "1"), "Overflow");
        assert!(power("2", "1", "367").contains("366"));
    }
}
