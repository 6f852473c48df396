//! A figure and the records behind it.

use rust_decimal::Decimal;

use crate::source::Place;
use crate::text::Message;

/// A record that stands behind a figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The record and the key in it.
    pub at: Place,
    /// What it contributes, in the figure's unit and after credit shares; one for a record that is counted.
    pub amount: Decimal,
    /// How it bears on the figure.
    pub bearing: Bearing,
}

/// How a record bears on a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bearing {
    /// It contributes its amount.
    Counts,
    /// It was to count and does not: it contributes nothing, and is shown and never frozen.
    Missed,
    /// A part of its amount counts, as the first number is of the second: a quarter's target for one of its months, the share of
    /// a client's figure, days at the whole share of all days.
    Part(Decimal, Decimal),
}

impl Evidence {
    /// A record that contributes.
    pub fn new(at: Place, amount: Decimal) -> Self {
        Self { at, amount, bearing: Bearing::Counts }
    }
}

/// A figure with the records it came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The figure, unrounded, in the unit of its metric.
    pub amount: Decimal,
    /// The records behind it, where asked for.
    pub evidence: Vec<Evidence>,
}

impl From<Decimal> for Known {
    fn from(amount: Decimal) -> Self {
        Self { amount, evidence: Vec::new() }
    }
}

/// A figure, or why there is none: never a silent zero.
pub type Measured = Result<Known, Message>;
