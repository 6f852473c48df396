//! Figures stated by period: targets and actuals of a manager, and what a team or the unit records beside its clients' figures.
//!
//! They answer for any window and point in time as measures do. Months of flows and counts add up, those of balances and ratios
//! average by days; the target of a window of balances is that of its last month, which the balance is to reach by then. Of what
//! stands at the end, such as the number of clients, the last month's is that of any window.

use rust_decimal::Decimal;

use crate::book::target::{Falling, Target, target};
use crate::metric::{Aggregate, Bearing, Evidence, Known, MetricQuery, Point, Window, moved};
use crate::path;
use crate::period::{Month, Months, Period};
use crate::record::figure::Targets;
use crate::source::{FileId, KeyPath, Place};

/// Figures by period, of one section of one record.
pub(super) struct Recorded<'b> {
    pub(super) figures: &'b Targets,
    /// The record, and the section in it.
    pub(super) at: (FileId, &'static str),
    /// How figures fall on shorter periods and make longer ones.
    pub(super) falling: Falling<'b>,
    /// Whether answers name the entries behind them.
    pub(super) evidence: bool,
}

/// The months a query is about; nothing where they are a base, which nobody records by period.
pub(super) fn months(query: &MetricQuery, period: Months) -> Option<Months> {
    let based = query.point == Some(Point::Base);
    (!based).then(|| moved(query, period))
}

impl Recorded<'_> {
    /// Whether anything is stated of `name` that falls on a month.
    pub(super) fn tells(&self, name: &str, month: Month) -> bool {
        target(self.figures, name, self.falling, month.into()).is_some()
    }

    /// What `query` asks for over `months`. A month that states nothing is nothing where it is `idle`; otherwise the months
    /// that are missing are the error.
    pub(super) fn answer(
        &self,
        query: &MetricQuery,
        months: Months,
        idle: &dyn Fn(Month) -> bool,
    ) -> Result<Known, Months> {
        Ok(self.known(self.taken(query, months, idle)?))
    }

    /// The same by the entries it is made of, each with the months it stands for; what is to be reached at the end of a stretch,
    /// or is its least or greatest month, stands for all of it.
    pub(super) fn stretches(
        &self,
        query: &MetricQuery,
        months: Months,
        idle: &dyn Fn(Month) -> bool,
    ) -> Result<Vec<(Decimal, Months)>, Months> {
        let mut stretches: Vec<(Decimal, Months, KeyPath)> = Vec::new();
        for Share { target, part, months } in self.taken(query, months, idle)? {
            let one = target.from.len() == 1;
            for taken in target.from {
                let own = taken.part.map_or(taken.amount, |(part, all)| taken.amount * part / all);
                let (amount, months) = if one { (target.amount, months) } else { (own, taken.months) };
                match stretches
                    .last_mut()
                    .filter(|(_, before, path)| *path == taken.path && before.last.plus(1) == months.first)
                {
                    Some((sum, before, _)) => {
                        *sum += amount * part;
                        before.last = months.last;
                    }
                    None => stretches.push((amount * part, months, taken.path)),
                }
            }
        }
        Ok(stretches.into_iter().map(|(amount, months, _)| (amount, months)).collect())
    }

    /// The targets that make the answer.
    fn taken(
        &self,
        query: &MetricQuery,
        months: Months,
        idle: &dyn Fn(Month) -> bool,
    ) -> Result<Vec<Share>, Months> {
        let whole = query.window == Window::Period || !self.falling.averages();
        let total = matches!(query.aggregate, None | Some(Aggregate::Sum | Aggregate::Count))
            || self.falling.averages() && query.aggregate == Some(Aggregate::Average);
        let period = Period::over(months).filter(|_| whole && total);
        if let Some(target) =
            period.and_then(|period| target(self.figures, &query.name, self.falling, period))
        {
            return Ok(vec![Share { target, part: Decimal::ONE, months }]);
        }
        let mut found: Vec<(Month, Target)> = Vec::new();
        let mut missing = Vec::new();
        for month in months.iter() {
            match target(self.figures, &query.name, self.falling, month.into()) {
                Some(target) => found.push((month, target)),
                None if idle(month) => {}
                None => missing.push(month),
            }
        }
        match missing.first() {
            _ if found.is_empty() => Err(months),
            Some(month) => Err(Months { first: *month, last: *month }),
            None => self.together(query, months, found),
        }
    }

    /// One figure of the months.
    fn together(
        &self,
        query: &MetricQuery,
        months: Months,
        mut found: Vec<(Month, Target)>,
    ) -> Result<Vec<Share>, Months> {
        let is_target = self.at.1 == "targets";
        let averages = self.falling.averages();
        let of_all = |target: Target| vec![Share { target, part: Decimal::ONE, months }];
        let reached = is_target && averages && query.window != Window::Period && query.aggregate.is_none();
        // What stands at the end, unless its mean, its least or its greatest month is asked for.
        let stands = self.falling.is_at_end()
            && !matches!(query.aggregate, Some(Aggregate::Average | Aggregate::Min | Aggregate::Max));
        if reached || stands || self.falling.is_cumulative() || query.aggregate == Some(Aggregate::End) {
            let last = found.pop().filter(|(month, _)| *month == months.last);
            let last = last.ok_or(Months { first: months.last, last: months.last })?;
            return Ok(of_all(last.1));
        }
        let best = match query.aggregate {
            Some(Aggregate::Min) => found.iter().min_by_key(|(_, target)| target.amount),
            Some(Aggregate::Max) => found.iter().max_by_key(|(_, target)| target.amount),
            _ => None,
        };
        if let Some((_, best)) = best {
            return Ok(of_all(best.clone()));
        }
        let days = |month: Month| Decimal::from(month.days());
        let divisor = if self.falling.adds_up() {
            Decimal::from(months.days())
        } else {
            // A ratio of the months that are not there is none.
            found.iter().map(|(month, _)| days(*month)).sum()
        };
        let mean = query.aggregate == Some(Aggregate::Average);
        let count = Decimal::from(months.iter().count());
        let shares = found.into_iter().map(|(month, target)| {
            let part = match (averages, mean) {
                (true, _) => days(month) / divisor,
                (false, true) => Decimal::ONE / count,
                (false, false) => Decimal::ONE,
            };
            Share { target, part, months: Period::from(month).months() }
        });
        Ok(shares.collect())
    }

    /// Parts of targets together, with the entries behind them.
    fn known(&self, targets: Vec<Share>) -> Known {
        let (file, section) = self.at;
        let mut known = Known::default();
        for Share { target, part, .. } in targets {
            known.amount += target.amount * part;
            let entries = target.from.into_iter().filter(|_| self.evidence);
            known.evidence.extend(entries.map(|taken| {
                let mut steps = path![section].0;
                steps.extend(taken.path.0);
                let at = Place::value(file, KeyPath(steps));
                let bearing = taken.part.map_or(Bearing::Counts, |(part, all)| Bearing::Part(part, all));
                Evidence { at, amount: taken.amount, bearing }
            }));
        }
        known.evidence.dedup();
        known
    }
}

/// A target, the part of it that counts and the months it counts for.
struct Share {
    target: Target,
    part: Decimal,
    months: Months,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::target::Counting;
    use crate::record::settings::{MeasureKind, Settings};
    use crate::source::Snapshot;

    const MONTHS: &str = "2026-01 = { x = 10 }\n2026-02 = { x = 20 }\n2026-03 = { x = 40 }\n";

    fn asked(section: &'static str, kind: &str, figures: &str, query: &str, period: &str) -> String {
        let figures: Targets = toml::from_str(figures).unwrap();
        // Without a kind it is a metric that counts what stands at the end.
        let measure = if kind.is_empty() { "" } else { "[measures.x]\ntitle = 'x'\nunit = '张'\n" };
        let measure = format!("name = 'B'\n{measure}{kind}");
        let settings: Settings = toml::from_str(&measure).unwrap();
        let files = Snapshot::new([("managers/li.toml".to_owned(), Ok("name = 'Li'\n".to_owned()))]);
        let file = files.sources.iter().next().unwrap().0;
        let falling = Falling::of(&settings, "x", Counting { kind: MeasureKind::Count, at_end: true });
        let recorded = Recorded { figures: &figures, at: (file, section), falling, evidence: true };
        let query: MetricQuery = query.parse().unwrap();
        let months = months(&query, period.parse::<Period>().unwrap().months()).unwrap();
        match recorded.answer(&query, months, &|month| month.year() == 2025) {
            Ok(known) => known.amount.round_dp(4).normalize().to_string(),
            Err(missing) => format!("none of {missing}"),
        }
    }

    #[test]
    fn flows_and_counts_add_up_over_a_window() {
        for section in ["targets", "actuals"] {
            let of = |query: &str, period: &str| asked(section, "kind = 'count'", MONTHS, query, period);
            assert_eq!(of("x", "2026-02"), "20");
            assert_eq!(of("x.year_to_date", "2026-02"), "30");
            assert_eq!(of("x.last_2_months", "2026-03"), "60");
            assert_eq!(of("x@previous", "2026-03"), "20");
            assert_eq!(of("x.max.year_to_date", "2026-02"), "20");
            assert_eq!(of("x", "2026-Q1"), "70");
            assert_eq!(of("x.year_to_date", "2026-04"), "none of 2026-04");
            assert_eq!(of("x", "2026-Q2"), "none of 2026-Q2");
            // The last of 2025 are idle and count as nothing.
            assert_eq!(of("x.last_3_months", "2026-02"), "30");
        }
        // A year of 120 gives ten to each month, and a quarter of 60 twenty.
        let year = "2026 = { x = 120 }\n2026-Q1 = { x = 60 }";
        assert_eq!(asked("targets", "kind = 'flow'", year, "x.year_to_date", "2026-05"), "80");
        assert_eq!(asked("targets", "kind = 'flow'", year, "x.year_to_date", "2026-12"), "120");
    }

    #[test]
    fn what_stands_at_the_end_is_that_of_the_last_month() {
        for section in ["targets", "actuals"] {
            let of = |query: &str, period: &str| asked(section, "", MONTHS, query, period);
            let asked = ["x", "x.count", "x.end", "x.max"];
            assert_eq!(asked.map(|query| of(query, "2026-Q1")), ["40", "40", "40", "40"]);
            assert_eq!(of("x.year_to_date", "2026-02"), "20");
            assert_eq!(of("x.min", "2026-Q1"), "10");
        }
        let year = "2026 = { x = 120 }";
        let of = |query: &str, period: &str| asked("targets", "", year, query, period);
        assert_eq!(
            [of("x", "2026-05"), of("x", "2026-Q2"), of("x.year_to_date", "2026-05")],
            ["120", "120", "120"]
        );
    }

    #[test]
    fn the_target_of_a_window_of_balances_is_its_last_and_the_actual_averages() {
        assert_eq!(asked("targets", "kind = 'balance'", MONTHS, "x.year_to_date", "2026-02"), "20");
        // (10 × 31 + 20 × 28) / 59 = 870 / 59.
        assert_eq!(asked("actuals", "kind = 'balance'", MONTHS, "x.year_to_date", "2026-02"), "14.7458");
        assert_eq!(
            asked("targets", "kind = 'balance'", MONTHS, "x.average.year_to_date", "2026-02"),
            "14.7458"
        );
        assert_eq!(
            asked(
                "targets",
                "kind = 'balance'",
                "2026-Q1 = { x = 5 }\n2026-Q2 = { x = 7 }",
                "x@previous",
                "2026-Q2"
            ),
            "5"
        );
        // The third of twelve steps.
        let grown = "kind = 'balance'\nsplit = 'ramp'";
        assert_eq!(asked("targets", grown, "2026 = { x = 1200 }", "x.year_to_date", "2026-03"), "300");
    }
}
