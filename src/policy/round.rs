//! Rounding in the four modes of a policy.

use rust_decimal::{Decimal, RoundingStrategy};

use crate::record::policy::Mode;
use crate::text::{Text, policy};

/// Rounds to decimal places; negative places are tens, hundreds and so on.
pub fn round(value: Decimal, places: i32, mode: Mode) -> Decimal {
    let value = settled(value);
    let strategy = match mode {
        Mode::HalfUp => RoundingStrategy::MidpointAwayFromZero,
        Mode::HalfEven => RoundingStrategy::MidpointNearestEven,
        Mode::Down => RoundingStrategy::ToZero,
        Mode::Up => RoundingStrategy::AwayFromZero,
    };
    match u32::try_from(places) {
        Ok(places) => value.round_dp_with_strategy(places.min(28), strategy).normalize(),
        Err(_) => {
            let unit = Decimal::from(10_i64.pow(places.unsigned_abs().min(15)));
            let units = (value / unit).round_dp_with_strategy(0, strategy);
            // Only the longest numbers have no next multiple.
            units.checked_mul(unit).unwrap_or(value).normalize()
        }
    }
}

/// A number between two bounds, either of which may be open; the lower one holds where they cross.
pub fn clamp(value: Decimal, min: Option<Decimal>, max: Option<Decimal>) -> Decimal {
    let value = max.map_or(value, |max| value.min(max));
    min.map_or(value, |min| value.max(min))
}

/// The mode in words.
pub fn said(mode: Mode) -> Text {
    match mode {
        Mode::HalfUp => policy::HALF_UP,
        Mode::HalfEven => policy::HALF_EVEN,
        Mode::Down => policy::ROUND_DOWN,
        Mode::Up => policy::ROUND_UP,
    }
}

/// A number without the error that a division which does not end left at the end of its 28 digits.
///
/// Where eighteen digits tell all but a hundredth of the last one, they are the number: `7499.99…97` is 7,500, so that an edge,
/// a floor or rounding toward zero does not turn on the 28th digit. Any other number stays as it is.
pub fn settled(value: Decimal) -> Decimal {
    const DIGITS: u32 = 18;
    // What was divided fills every place a decimal has; shorter numbers are as they were written.
    if value.scale() < DIGITS {
        return value;
    }
    let whole = value.trunc().abs();
    let before = if whole.is_zero() { 0 } else { (whole.mantissa().ilog10() + 1).min(DIGITS) };
    let places = DIGITS - before;
    let short = value.round_dp(places);
    if (value - short).abs() <= Decimal::new(1, places + 2) { short.normalize() } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_division_decides_nothing() {
        let down = |value: &str| round(value.parse().unwrap(), 2, Mode::Down).to_string();
        assert_eq!(down("7499.99999999999999999999999997"), "7500");
        assert_eq!(down("-0.0299999999999999999999999998"), "-0.03");
        // A number that is truly below stays below.
        assert_eq!(down("7499.9999999999"), "7499.99");
        let third: Decimal = "0.3333333333333333333333333333".parse().unwrap();
        assert_eq!(settled(third), third);
    }

    #[test]
    fn every_mode_on_a_half() {
        let rounded = |value: &str, places, mode| round(value.parse().unwrap(), places, mode).to_string();
        assert_eq!(rounded("1.875", 2, Mode::HalfUp), "1.88");
        assert_eq!(rounded("1.865", 2, Mode::HalfEven), "1.86");
        assert_eq!(rounded("-1.879", 2, Mode::Down), "-1.87");
        assert_eq!(rounded("-1.871", 2, Mode::Up), "-1.88");
        assert_eq!(rounded("-2.5", 0, Mode::HalfUp), "-3");
        assert_eq!(rounded("1250", -2, Mode::HalfUp), "1300");
    }
}
