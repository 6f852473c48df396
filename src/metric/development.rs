//! Development and conduct: trainings, certificates, knowledge shared, audit points.

use rust_decimal::Decimal;

use super::known::Measured;
use super::scope::{Adder, Scope};
use crate::book::Record;
use crate::path;
use crate::period::{Grain, Month, Months, Period};
use crate::record::development::Training;
use crate::record::manager::Manager;
use crate::record::value::Day;
use crate::text::metric as say;

/// Trainings they completed in the window.
fn completed<'b>(
    scope: &'b Scope<'b>,
    window: Months,
) -> impl Iterator<Item = (&'b Record<Manager>, usize, &'b Training)> {
    let done = move |training: &Training| training.done.is_some_and(|done| scope.within(window, done));
    scope.records().flat_map(move |record| {
        let trainings = record.data.trainings.iter().enumerate();
        trainings
            .filter(move |(_, training)| done(training))
            .map(move |(index, training)| (record, index, training))
    })
}

/// Hours of the trainings completed.
pub(super) fn training_hours(scope: &Scope<'_>, window: Months) -> Measured {
    let mut sum = Adder::new(scope);
    for (record, index, training) in completed(scope, window) {
        let hours = training.hours.map_or(Decimal::ZERO, |hours| hours.0);
        sum.add(record.file, hours, || path!["trainings", index, "hours"]);
    }
    Ok(sum.done())
}

/// Part of the trainings with a result that were passed.
pub(super) fn trainings_passed(scope: &Scope<'_>, window: Months) -> Measured {
    let mut passed = Adder::new(scope);
    for (record, index, training) in completed(scope, window) {
        let Some(result) = training.passed else { continue };
        passed.judge(result, record.file, || path!["trainings", index, "passed"]);
    }
    passed.part(say::NO_TRAININGS)
}

/// Certificates valid on the window's last day.
pub(super) fn certificates_valid(scope: &Scope<'_>, window: Months) -> Measured {
    let day = scope.as_of(window);
    let mut sum = Adder::new(scope);
    for record in scope.records() {
        for (index, certificate) in record.data.certificates.iter().enumerate() {
            let issued = certificate.issued.is_none_or(|issued| issued.0 <= day);
            if issued && certificate.expires.is_none_or(|expires| expires.0 >= day) {
                sum.count(record.file, || path!["certificates", index]);
            }
        }
    }
    Ok(sum.done())
}

/// Items of knowledge shared in the window.
pub(super) fn knowledge_shared(scope: &Scope<'_>, window: Months) -> Measured {
    let mut sum = Adder::new(scope);
    for record in scope.records() {
        for (index, _) in
            record.data.sharings.iter().enumerate().filter(|(_, item)| scope.within(window, item.date))
        {
            sum.count(record.file, || path!["sharings", index]);
        }
    }
    Ok(sum.done())
}

/// The periods that lie in a window, each once.
fn periods(window: Months) -> impl Iterator<Item = Period> {
    let grains = [Grain::Month, Grain::Quarter, Grain::Half, Grain::Year];
    grains.into_iter().flat_map(move |grain| {
        let lasts = window.iter().map(move |month| (month, Period::containing(month, grain)));
        lasts
            .filter(move |(month, period)| period.last() == *month && period.first() >= window.first)
            .map(|(_, period)| period)
    })
}

/// Audit points of the window: what the reviews of its periods state, and elsewhere the points of the findings.
pub(super) fn audit_points(scope: &Scope<'_>, window: Months) -> Measured {
    let mut sum = Adder::new(scope);
    for record in scope.records() {
        let stated: Vec<_> = periods(window)
            .filter_map(|period| {
                let review = scope.book.reviews.get(&format!("{period}/{}", record.id))?;
                Some((review, period.months(), review.data.audit_points?))
            })
            .collect();
        for (review, months, points) in &stated {
            // A quarter's points hold its months'.
            let is_part = stated.iter().any(|(_, other, _)| {
                other != months && other.first <= months.first && months.last <= other.last
            });
            if !is_part {
                sum.add(review.file, points.0, || path!["audit_points"]);
            }
        }
        let is_stated = |day: Day| stated.iter().any(|(_, months, _)| months.contains(Month::of(day.0)));
        let findings = record.data.audit_findings.iter().enumerate();
        for (index, finding) in findings.filter(|(_, finding)| scope.within(window, finding.date)) {
            if let Some(points) = finding.points.filter(|_| !is_stated(finding.date)) {
                sum.add(record.file, points.0, || path!["audit_findings", index, "points"]);
            }
        }
    }
    Ok(sum.done())
}

#[cfg(test)]
mod tests {
    use crate::metric::{MetricQuery, Portfolios, ask};
    use crate::source::Snapshot;

    #[test]
    fn a_review_that_states_audit_points_stands_for_the_findings_of_its_period() {
        let files = [
            ("rmbook.toml", "name = 'b'"),
            (
                "managers/li.toml",
                "name = '李'\naudit_findings = [{ date = 2026-07-05, what = 'a', severity = 'minor', points = 1 },\n\
                 { date = 2026-08-05, what = 'b', severity = 'minor', points = 4 }]",
            ),
            ("reviews/2026-08/li.toml", "manager = 'li'\nperiod = '2026-08'\naudit_points = 2"),
        ];
        let files = files.map(|(path, text)| (path.to_owned(), Ok(text.to_owned())));
        let (book, found) = crate::book::load(&Snapshot::new(files));
        assert!(found.is_empty(), "{found:?}");
        let portfolios = Portfolios::new(&book);
        let portfolio = portfolios.of(["li"]);
        let points = |period: &str| {
            let query: MetricQuery = "audit_points".parse().unwrap();
            ask(&portfolio.scope(false), &query, period.parse::<crate::period::Period>().unwrap())
                .unwrap()
                .amount
                .to_string()
        };
        assert_eq!([points("2026-07"), points("2026-08"), points("2026-Q3")], ["1", "2", "3"]);
    }
}
