//! Development and conduct: trainings, certificates, knowledge shared, audit points.

use rust_decimal::Decimal;

use super::known::{Known, Measured};
use super::scope::{Adder, Scope};
use crate::book::Record;
use crate::path;
use crate::period::Months;
use crate::record::development::Training;
use crate::record::manager::Manager;
use crate::record::value::Day;
use crate::text::metric as say;

/// The records of the managers asked about.
fn managers<'b>(scope: &'b Scope<'b>) -> impl Iterator<Item = &'b Record<Manager>> {
    scope.managers.iter().filter_map(|manager| scope.book.managers.get(manager))
}

fn within(window: Months, day: Day) -> bool {
    (window.first_day()..=window.last_day()).contains(&day.0)
}

/// Trainings they completed in the window.
fn completed<'b>(
    scope: &'b Scope<'b>,
    window: Months,
) -> impl Iterator<Item = (&'b Record<Manager>, usize, &'b Training)> {
    let done = move |training: &Training| training.done.is_some_and(|done| within(window, done));
    managers(scope).flat_map(move |record| {
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
    let mut all = 0_u32;
    let mut passed = Adder::new(scope);
    for (record, index, training) in completed(scope, window) {
        let Some(result) = training.passed else { continue };
        all += 1;
        if result {
            passed.count(record.file, || path!["trainings", index, "passed"]);
        }
    }
    if all == 0 {
        return Err(say::NO_TRAININGS.into());
    }
    let Known { amount, evidence } = passed.done();
    Ok(Known { amount: amount / Decimal::from(all), evidence })
}

/// Certificates valid on the window's last day.
pub(super) fn certificates_valid(scope: &Scope<'_>, window: Months) -> Measured {
    let day = window.last_day();
    let mut sum = Adder::new(scope);
    for record in managers(scope) {
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
    for record in managers(scope) {
        for (index, _) in
            record.data.sharings.iter().enumerate().filter(|(_, item)| within(window, item.date))
        {
            sum.count(record.file, || path!["sharings", index]);
        }
    }
    Ok(sum.done())
}

/// Points of the audit findings of the window.
pub(super) fn audit_points(scope: &Scope<'_>, window: Months) -> Measured {
    let mut sum = Adder::new(scope);
    for record in managers(scope) {
        let findings = record.data.audit_findings.iter().enumerate();
        for (index, finding) in findings.filter(|(_, finding)| within(window, finding.date)) {
            if let Some(points) = finding.points {
                sum.add(record.file, points.0, || path!["audit_findings", index, "points"]);
            }
        }
    }
    Ok(sum.done())
}
