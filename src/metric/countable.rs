//! What of an average may be counted: in the last month of a quarter no more than the month before grown as usual.

use rust_decimal::Decimal;

use super::figures::{average, earlier, one};
use super::known::{Known, Measured};
use super::scope::Scope;
use crate::msg;
use crate::period::{Month, Months};
use crate::record::settings::MeasureKind;
use crate::text::metric as say;

/// Quarters over whose last months the usual growth is taken.
const QUARTERS: i32 = 4;

/// The average daily balance over `window`, that of the last month of a quarter up to its cap.
pub(super) fn countable(scope: &Scope<'_>, window: Months, measure: &str) -> Measured {
    let declared = scope.book.settings.measures.get(measure);
    if declared.is_none_or(|measure| measure.kind != MeasureKind::Balance) {
        return Err(msg!(say::NO_BALANCE, name = measure));
    }
    let mut all = Known::default();
    for month in window.iter() {
        let known = average(scope, measure, one(month))?;
        let counted = match month.number() % 3 {
            0 => known.amount.min(cap(scope, measure, month)?),
            _ => known.amount,
        };
        let weight = Decimal::from(month.days()) / Decimal::from(window.days());
        let part = counted.checked_div(known.amount).unwrap_or(Decimal::ONE);
        all.amount += counted * weight;
        all.evidence.extend(known.evidence.into_iter().map(|mut evidence| {
            evidence.amount *= part * weight;
            evidence
        }));
    }
    Ok(all)
}

/// The average of the month before × (1 + the mean growth of the last months of the four quarters before over their months
/// before), all by the shares of `month`, so that a handover is no growth.
fn cap(scope: &Scope<'_>, measure: &str, month: Month) -> Result<Decimal, crate::text::Message> {
    let of = |back: i32| {
        let then = one(month.plus(-back));
        earlier(scope, measure, MeasureKind::Balance, then, one(month)).map(|known| known.amount)
    };
    let mut growth = Decimal::ZERO;
    for quarter in 1..=QUARTERS {
        let (last, before) = (of(3 * quarter)?, of(3 * quarter + 1)?);
        growth += (last - before).checked_div(before).ok_or(say::NOTHING_TO_DIVIDE)?;
    }
    Ok(of(1)? * (Decimal::ONE + growth / Decimal::from(QUARTERS)))
}
