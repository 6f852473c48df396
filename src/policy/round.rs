//! Rounding in the four modes of a policy.

use rust_decimal::{Decimal, RoundingStrategy};

use crate::record::policy::Mode;

/// Rounds to decimal places; negative places are tens, hundreds and so on.
pub fn round(value: Decimal, places: i32, mode: Mode) -> Decimal {
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
            ((value / unit).round_dp_with_strategy(0, strategy) * unit).normalize()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
