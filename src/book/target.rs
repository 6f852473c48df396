//! The target of a period: its own, or a part of a longer one's, or the sum of shorter ones'.

use rust_decimal::Decimal;

use crate::path;
use crate::period::{Grain, Months, Period};
use crate::record::figure::Targets;
use crate::record::settings::{Measure, MeasureKind, Settings, Split};
use crate::source::KeyPath;

/// A target with the places it was taken from, as paths below the table of targets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The amount for the period.
    pub amount: Decimal,
    /// The entries it comes from.
    pub from: Vec<Taken>,
}

/// An entry that a target was taken from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Where it stands below the table of targets.
    pub path: KeyPath,
    /// The months it is taken for: of one of a longer period those asked for.
    pub months: Months,
    /// The period it is stated for.
    pub stated: Period,
    /// Its own amount.
    pub amount: Decimal,
    /// The part of it that counts, as the first number is of the second; nothing where all of it does.
    pub part: Option<(Decimal, Decimal)>,
}

/// How the figures of a metric computed from records count over time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counting {
    /// How months, shares and teams add up.
    pub kind: MeasureKind,
    /// Whether it is what stands on a stretch's last day, such as the number of clients, and nothing that happened in it.
    pub at_end: bool,
}

/// How a name's targets fall on shorter periods and add up over longer ones.
#[derive(Clone, Copy, Debug)]
pub struct Falling<'m> {
    kind: MeasureKind,
    at_end: bool,
    split: Split,
    weights: &'m [crate::record::value::Amount],
}

impl<'m> Falling<'m> {
    /// As the measure of that name says; without one, as is usual for a metric that counts so.
    pub fn of(settings: &'m Settings, name: &str, metric: Counting) -> Self {
        settings.measures.get(name).map_or_else(|| Self::of_metric(metric), Self::of_measure)
    }

    /// As a measure of the settings says.
    fn of_measure(measure: &'m Measure) -> Self {
        Self {
            weights: &measure.weights,
            split: measure.split.unwrap_or(usual(measure.kind)),
            kind: measure.kind,
            at_end: false,
        }
    }

    /// As is usual for figures that count so: flows and counts fall evenly, balances, ratios and what stands at the end stay the
    /// same.
    fn of_metric(Counting { kind, at_end }: Counting) -> Self {
        let split = if at_end { Split::Same } else { usual(kind) };
        Self { kind, at_end, split, weights: &[] }
    }

    /// What a period comes to whose every part of a shorter grain has an amount: balances average by days, flows and counts add
    /// up, and what stands at the end is that of the last part.
    pub fn together(
        self,
        whole: Months,
        grain: Grain,
        mut amount_of: impl FnMut(Period) -> Option<Decimal>,
    ) -> Option<Decimal> {
        if self.at_end {
            return amount_of(Period::containing(whole.last, grain));
        }
        let parts = std::iter::successors(Some(Period::containing(whole.first, grain)), |part| {
            (part.last() < whole.last).then(|| part.plus(1))
        });
        let averaged = self.averages();
        let mut sum = Decimal::ZERO;
        for part in parts {
            let amount = amount_of(part)?;
            sum += if averaged { amount * Decimal::from(part.months().days()) } else { amount };
        }
        Some(if averaged { sum / Decimal::from(whole.days()) } else { sum })
    }

    /// Whether the amounts of several can be added up, or of one over time held against a whole.
    pub fn adds_up(self) -> bool {
        self.kind != MeasureKind::Ratio
    }

    /// Whether months are levels that average, and do not add up to what they make together.
    pub fn averages(self) -> bool {
        matches!(self.kind, MeasureKind::Balance | MeasureKind::Ratio)
    }

    /// Whether it is what stands on the last day of a stretch.
    pub fn is_at_end(self) -> bool {
        self.at_end
    }

    /// Whether months add up to what they make together.
    pub fn accumulates(self) -> bool {
        !self.averages() && !self.at_end
    }

    /// Whether what has come together by a period is stated as the target of its last part.
    pub fn is_cumulative(self) -> bool {
        self.split == Split::Ramp
    }

    /// Whether a balance is to grow to its target by the end of the period, so that its last part has all of it.
    pub fn is_reached_at_the_end(self) -> bool {
        self.split == Split::Ramp && self.kind == MeasureKind::Balance
    }
}

fn usual(kind: MeasureKind) -> Split {
    match kind {
        MeasureKind::Balance | MeasureKind::Ratio => Split::Same,
        MeasureKind::Flow | MeasureKind::Count => Split::Even,
    }
}

/// The target of `name` for `period`.
pub fn target(targets: &Targets, name: &str, falling: Falling<'_>, period: Period) -> Option<Target> {
    let own = |period: Period| {
        let amount = targets.get(&period)?.get(name)?.0;
        Some((path![period.to_string(), name], amount))
    };
    if let Some((path, amount)) = own(period) {
        return Some(Target {
            amount,
            from: vec![Taken { path, months: period.months(), stated: period, amount, part: None }],
        });
    }
    let longer =
        [Grain::Quarter, Grain::Half, Grain::Year].into_iter().filter(|grain| *grain > period.grain());
    for whole in longer.map(|grain| Period::containing(period.first(), grain)) {
        if let Some((path, amount)) = own(whole) {
            let part = part(falling, period, whole)?;
            let share = part.map_or(amount, |(part, all)| amount * part / all);
            return Some(Target {
                amount: share,
                from: vec![Taken { path, months: period.months(), stated: whole, amount, part }],
            });
        }
    }
    let shorter =
        [Grain::Half, Grain::Quarter, Grain::Month].into_iter().filter(|grain| *grain < period.grain());
    shorter.into_iter().find_map(|grain| together(targets, name, falling, period, grain))
}

/// The part of a whole period's target that falls on a period inside it, nothing for all of it; none where weights do not say.
fn part(falling: Falling<'_>, period: Period, whole: Period) -> Option<Option<(Decimal, Decimal)>> {
    let count = |months: Months| Decimal::from(months.iter().count());
    let days = |months: Months| Decimal::from(months.days());
    Some(match falling.split {
        Split::Same => None,
        Split::Even => Some((count(period.months()), count(whole.months()))),
        Split::Days => Some((days(period.months()), days(whole.months()))),
        Split::Ramp => {
            let reached = Months { first: whole.first(), last: period.last() };
            Some((count(reached), count(whole.months())))
        }
        Split::Weights => {
            let weight = |months: Months| {
                let weights = months.iter().map(|month| falling.weights.get(month.number() as usize - 1));
                weights.map(|weight| weight.map(|weight| weight.0)).sum::<Option<Decimal>>()
            };
            let whole = weight(whole.months()).filter(|whole| !whole.is_zero())?;
            Some((weight(period.months())?, whole))
        }
    })
}

/// The target of a period whose every part has one.
fn together(
    targets: &Targets,
    name: &str,
    falling: Falling<'_>,
    period: Period,
    grain: Grain,
) -> Option<Target> {
    let mut from = Vec::new();
    let amount = falling.together(period.months(), grain, |part| {
        let amount = targets.get(&part)?.get(name)?.0;
        let days = |period: Period| Decimal::from(period.months().days());
        let part_of = (falling.averages() && !falling.at_end).then(|| (days(part), days(period)));
        let path = path![part.to_string(), name];
        from.push(Taken { path, months: part.months(), stated: part, amount, part: part_of });
        Some(amount)
    })?;
    Some(Target { amount, from })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target_of(targets: &str, measure: &str, period: &str) -> Option<String> {
        let targets: Targets = toml::from_str(targets).unwrap();
        let measure: Measure = toml::from_str(&format!("title = 'x'\nunit = '万元'\n{measure}")).unwrap();
        let found = target(&targets, "x", Falling::of_measure(&measure), period.parse().unwrap())?;
        Some(found.amount.round_dp(4).normalize().to_string())
    }

    #[test]
    fn a_month_takes_its_part_of_a_year_as_the_measure_says() {
        let year = "2026 = { x = 1200 }";
        for (measure, expected) in [
            ("kind = 'balance'", "1200"),
            ("kind = 'flow'", "100"),
            // 31 of 365 days.
            ("kind = 'flow'\nsplit = 'days'", "101.9178"),
            // The third of twelve steps.
            ("kind = 'balance'\nsplit = 'ramp'", "300"),
            // Weight 3 of 1 + 2 + … + 12 = 78.
            ("kind = 'flow'\nsplit = 'weights'\nweights = [1,2,3,4,5,6,7,8,9,10,11,12]", "46.1538"),
        ] {
            assert_eq!(target_of(year, measure, "2026-03").as_deref(), Some(expected), "{measure}");
        }
        assert_eq!(target_of(year, "kind = 'flow'", "2027-03"), None);
    }

    #[test]
    fn the_nearest_period_decides() {
        let targets = "2026 = { x = 1200 }\n2026-Q1 = { x = 330 }\n2026-03 = { x = 90 }";
        assert_eq!(target_of(targets, "kind = 'flow'", "2026-03").as_deref(), Some("90"));
        assert_eq!(target_of(targets, "kind = 'flow'", "2026-02").as_deref(), Some("110"));
        assert_eq!(target_of(targets, "kind = 'flow'", "2026-H1").as_deref(), Some("600"));
    }

    #[test]
    fn months_make_a_quarter() {
        let months = "2026-01 = { x = 310 }\n2026-02 = { x = 280 }\n2026-03 = { x = 310 }";
        // (310 × 31 + 280 × 28 + 310 × 31) / 90 = 27060 / 90.
        assert_eq!(target_of(months, "kind = 'balance'", "2026-Q1").as_deref(), Some("300.6667"));
        assert_eq!(target_of(months, "kind = 'flow'", "2026-Q1").as_deref(), Some("900"));
        assert_eq!(target_of(months, "kind = 'flow'", "2026-Q2"), None);
    }

    #[test]
    fn what_stands_at_the_end_is_no_part_of_a_year_and_a_year_is_its_last_quarter() {
        let settings = toml::from_str("name = 'B'").unwrap();
        let clients = Falling::of(&settings, "clients", Counting { kind: MeasureKind::Count, at_end: true });
        let of = |targets: &str, period: &str| {
            let targets: Targets = toml::from_str(targets).unwrap();
            let found = target(&targets, "clients", clients, period.parse().unwrap())?;
            Some((found.amount.to_string(), found.from.len()))
        };
        assert_eq!(of("2026 = { clients = 12 }", "2026-03"), Some(("12".to_owned(), 1)));
        let quarters = "2026-Q1 = { clients = 9 }\n2026-Q2 = { clients = 10 }\n2026-Q4 = { clients = 12 }";
        assert_eq!(of(quarters, "2026"), Some(("12".to_owned(), 1)));
        assert_eq!(of(quarters, "2026-H1"), Some(("10".to_owned(), 1)));
        // Nothing is said of the end of September.
        assert_eq!(of(quarters, "2026-Q3"), None);
        assert!(clients.adds_up() && !clients.accumulates() && !clients.averages());
    }
}
