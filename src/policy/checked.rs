//! Arithmetic of curves that says where a number outgrows its 28 digits, and does not stop the program.

use std::ops::{Add, Div, Mul, Sub};

use rust_decimal::Decimal;

use super::expr::Trouble;

/// A number on its way through a formula; nothing once a step outgrew what a decimal holds, or divided by zero.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Checked(Option<Decimal>);

impl Checked {
    /// The number.
    ///
    /// # Errors
    /// Where it outgrew 28 digits on the way.
    pub(super) fn get(self) -> Result<Decimal, Trouble> {
        self.0.ok_or(Trouble::Overflow)
    }

    fn then(self, other: Self, step: impl Fn(Decimal, Decimal) -> Option<Decimal>) -> Self {
        Self(self.0.and_then(|left| step(left, other.0?)))
    }
}

impl From<Decimal> for Checked {
    fn from(number: Decimal) -> Self {
        Self(Some(number))
    }
}

impl<T: Into<Self>> Add<T> for Checked {
    type Output = Self;

    fn add(self, other: T) -> Self {
        self.then(other.into(), Decimal::checked_add)
    }
}

impl<T: Into<Self>> Sub<T> for Checked {
    type Output = Self;

    fn sub(self, other: T) -> Self {
        self.then(other.into(), Decimal::checked_sub)
    }
}

impl<T: Into<Self>> Mul<T> for Checked {
    type Output = Self;

    fn mul(self, other: T) -> Self {
        self.then(other.into(), Decimal::checked_mul)
    }
}

impl<T: Into<Self>> Div<T> for Checked {
    type Output = Self;

    fn div(self, other: T) -> Self {
        self.then(other.into(), Decimal::checked_div)
    }
}

/// A number that the formula around it may outgrow.
pub(super) fn checked(number: Decimal) -> Checked {
    number.into()
}

/// The sum of numbers.
pub(super) fn total(numbers: impl IntoIterator<Item = Decimal>) -> Checked {
    numbers.into_iter().fold(Decimal::ZERO.into(), |sum: Checked, number| sum + number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_outgrows_a_decimal_is_told_at_the_end() {
        let large = checked(Decimal::MAX);
        assert_eq!((large + Decimal::ONE).get(), Err(Trouble::Overflow));
        assert_eq!((large * Decimal::TEN / Decimal::TEN).get(), Err(Trouble::Overflow));
        assert_eq!((large - Decimal::MAX + Decimal::ONE).get(), Ok(Decimal::ONE));
        assert_eq!(total([Decimal::MAX, Decimal::ONE]).get(), Err(Trouble::Overflow));
        assert_eq!(total([Decimal::ONE, Decimal::TWO]).get(), Ok(Decimal::from(3)));
    }
}
