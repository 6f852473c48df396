//! What the increments of a client's figures are measured from.

use rust_decimal::Decimal;

use crate::period::{Month, Months};
use crate::record::client::Client;
use crate::record::value::Year;

/// A client's base of a measure for a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    /// As `base` of the client says.
    Stated(Decimal),
    /// Not stated; the figure of the month the year follows on.
    Recorded(Decimal),
    /// Nothing: the client came later, or had none of it in that month.
    Nothing,
    /// Not stated, and no figure to be held against it.
    NotNeeded,
    /// The client was there before the year, and nobody knows with what.
    Lacking,
}

impl Base {
    /// The figure itself, as stated or recorded.
    pub fn amount(self) -> Option<Decimal> {
        match self {
            Self::Stated(base) | Self::Recorded(base) => Some(base),
            Self::Nothing | Self::NotNeeded | Self::Lacking => None,
        }
    }

    /// The month on whose last day a year's base stands.
    pub fn month(year: i32) -> Month {
        Month::new(year, 1).expect("a year in range has a January").plus(-1)
    }

    /// The base of `measure` for the year in which `now` ends: the month before it is taken at its end or as it went.
    /// `figured` tells whether any client has figures of that month, so that one without any was not there.
    pub fn of(client: &Client, measure: &str, at_end: bool, now: Months, figured: bool) -> Self {
        let year = now.last.year();
        let stated = client.base.get(&Year(year)).and_then(|bases| bases.get(measure));
        if let Some(base) = stated {
            return Self::Stated(base.0);
        }
        let month = Self::month(year);
        if let Some(figures) = client.results.get(&month) {
            return match figures.get(measure) {
                Some(figure) => {
                    let figure = if at_end { figure.end } else { figure.avg };
                    figure.map_or(Self::Lacking, |amount| Self::Recorded(amount.0))
                }
                None => Self::Nothing,
            };
        }
        let has_before = client.results.range(..month).next().is_some();
        let is_new = match client.begun() {
            Some(begun) => begun.0 > month.last_day(),
            None => figured && !has_before,
        };
        let mut months = now.iter().filter_map(|month| client.results.get(&month));
        if is_new {
            Self::Nothing
        } else if months.any(|figures| figures.get(measure).is_some()) {
            Self::Lacking
        } else {
            Self::NotNeeded
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_was_there_before_the_year_has_a_base_or_lacks_one() {
        let base = |text: &str, figured: bool| {
            let head = "name = 'x'\ntier = 'key'\nmanager = 'li'\nstatus = 'active'\n";
            let client: Client = toml::from_str(&format!("{head}{text}")).unwrap();
            let may: Month = "2026-05".parse().unwrap();
            Base::of(&client, "deposits", false, Months { first: may, last: may }, figured)
        };
        let may = "[results]\n2026-05 = { deposits = 70 }\n";
        let december = "[results]\n2025-12 = { deposits = 60 }\n2026-05 = { deposits = 70 }\n";
        let stated = "base = { 2026 = { deposits = 50 } }\n";
        assert_eq!(base(&format!("{stated}{december}"), true), Base::Stated(50.into()));
        assert_eq!(base(december, true), Base::Recorded(60.into()));
        assert_eq!(
            base("[results]\n2025-12 = { loans = 60 }\n2026-05 = { deposits = 70 }\n", true),
            Base::Nothing
        );
        assert_eq!(base(&format!("since = 2026-02-01\n{may}"), true), Base::Nothing);
        assert_eq!(base(&format!("since = 2025-02-01\n{may}"), true), Base::Lacking);
        assert_eq!(base("since = 2025-02-01\n", true), Base::NotNeeded);
        // Without a day of its beginning: others have figures of December, and this one was not there.
        assert_eq!(base(may, true), Base::Nothing);
        assert_eq!(base(may, false), Base::Lacking);
    }
}
