//! Measures of the monthly figures, credited to a manager: averages, sums, month-ends, and what they are compared with.
//!
//! A comparison uses the shares of the window at hand on the earlier figures too, client by client: what is handed over is
//! no growth of the receiver and no loss of the giver.

use rust_decimal::Decimal;

use super::known::Measured;
use super::scope::{Adder, Scope};
use crate::book::Record;
use crate::book::credit::{percent_days, percent_on};
use crate::msg;
use crate::path;
use crate::period::{Month, Months};
use crate::record::client::Client;
use crate::record::figure::Figure;
use crate::record::settings::MeasureKind;
use crate::record::value::Year;
use crate::source::KeyPath;
use crate::text::metric as say;

/// The client's figure of `measure` in `month`.
pub fn figure<'c>(client: &'c Client, measure: &str, month: Month) -> Option<&'c Figure> {
    client.results.get(&month)?.get(measure)
}

/// The average daily balance, or the sum, of one month.
pub fn amount(client: &Client, measure: &str, month: Month) -> Option<Decimal> {
    figure(client, measure, month)?.avg.map(|amount| amount.0)
}

fn path(measure: &str, month: Month, key: Option<&str>) -> KeyPath {
    let at = path!["results", month.to_string(), measure];
    key.map_or(at.clone(), |key| at.join(key))
}

pub(super) fn hundred_days(months: Months) -> Decimal {
    Decimal::ONE_HUNDRED * Decimal::from(months.days())
}

/// Average daily balance over `window`, each month weighed by its days and each day by the manager's share:
/// Σ average × percent × days / (100 × days).
pub fn average(scope: &Scope<'_>, measure: &str, window: Months) -> Measured {
    known(scope, window)?;
    let mut sum = Adder::new(scope);
    for client in scope.clients {
        for month in window.iter() {
            if let Some(balance) = amount(&client.data, measure, month) {
                let days = percent_days(&client.data, measure, scope.managers, one(month));
                if !days.is_zero() {
                    sum.add(client.file, balance * days, || path(measure, month, None));
                }
            }
        }
    }
    Ok(sum.divided_by(hundred_days(window)).done())
}

/// Sum over `window`, each month credited by the shares in force on its last day.
pub fn sum(scope: &Scope<'_>, measure: &str, window: Months) -> Measured {
    known(scope, window)?;
    let mut sum = Adder::new(scope);
    for client in scope.clients {
        for month in window.iter() {
            if let Some(flow) = amount(&client.data, measure, month) {
                let percent = percent_on(&client.data, measure, scope.managers, month.last_day());
                if !percent.is_zero() {
                    sum.add(client.file, flow * percent, || path(measure, month, None));
                }
            }
        }
    }
    Ok(sum.divided_by(Decimal::ONE_HUNDRED).done())
}

/// Balance at the end of the window's last day. A missing month-end is missing, never the average.
pub fn end(scope: &Scope<'_>, measure: &str, window: Months) -> Measured {
    let month = window.last;
    known(scope, one(month))?;
    let mut sum = Adder::new(scope);
    for client in scope.clients {
        let Some(figure) = figure(&client.data, measure, month) else { continue };
        let percent = percent_on(&client.data, measure, scope.managers, month.last_day());
        if percent.is_zero() {
            continue;
        }
        match figure.end {
            Some(end) => sum.add(client.file, end.0 * percent, || path(measure, month, Some("end"))),
            None => return Err(msg!(say::NO_MONTH_END, client = &*client.id, month = month.to_string())),
        }
    }
    Ok(sum.divided_by(Decimal::ONE_HUNDRED).done())
}

/// The balance or sum of an earlier window, by the manager's average shares of `now`.
pub fn earlier(scope: &Scope<'_>, measure: &str, kind: MeasureKind, then: Months, now: Months) -> Measured {
    known(scope, then)?;
    let mut sum = Adder::new(scope);
    for client in scope.clients {
        let share = percent_days(&client.data, measure, scope.managers, now);
        if share.is_zero() {
            continue;
        }
        for month in then.iter() {
            if let Some(figure) = amount(&client.data, measure, month) {
                let weight = if kind == MeasureKind::Balance { month.days() } else { 1 };
                sum.add(client.file, figure * Decimal::from(weight) * share, || path(measure, month, None));
            }
        }
    }
    let days = if kind == MeasureKind::Balance { Decimal::from(then.days()) } else { Decimal::ONE };
    Ok(sum.divided_by(days * hundred_days(now)).done())
}

/// The balance at the end of an earlier month, by the manager's average shares of `now`.
pub fn earlier_end(scope: &Scope<'_>, measure: &str, then: Month, now: Months) -> Measured {
    known(scope, one(then))?;
    let mut sum = Adder::new(scope);
    for client in scope.clients {
        let share = percent_days(&client.data, measure, scope.managers, now);
        let Some(figure) = figure(&client.data, measure, then).filter(|_| !share.is_zero()) else {
            continue;
        };
        match figure.end {
            Some(end) => sum.add(client.file, end.0 * share, || path(measure, then, Some("end"))),
            None => return Err(msg!(say::NO_MONTH_END, client = &*client.id, month = then.to_string())),
        }
    }
    Ok(sum.divided_by(hundred_days(now)).done())
}

/// What increments are measured from: the clients' own bases of the year, by the manager's average shares of `now`.
pub fn base(scope: &Scope<'_>, measure: &str, now: Months) -> Measured {
    let year = now.last.year();
    let mut sum = Adder::new(scope);
    for client in scope.clients {
        let Some(base) = client.data.base.get(&Year(year)).and_then(|bases| bases.get(measure)) else {
            continue;
        };
        let share = percent_days(&client.data, measure, scope.managers, now);
        if !share.is_zero() {
            sum.add(client.file, base.0 * share, || path!["base", year.to_string(), measure]);
        }
    }
    if sum.is_empty() {
        return Err(msg!(say::NO_BASE, measure = measure, year = year));
    }
    Ok(sum.divided_by(hundred_days(now)).done())
}

/// The average daily balance, or sum, of one client alone over `window`, without any share.
pub fn of_client(
    client: &Record<Client>,
    measure: &str,
    kind: MeasureKind,
    window: Months,
) -> Option<Decimal> {
    let mut any = false;
    let mut sum = Decimal::ZERO;
    for month in window.iter() {
        if let Some(figure) = amount(&client.data, measure, month) {
            any = true;
            let weight = if kind == MeasureKind::Balance { month.days() } else { 1 };
            sum += figure * Decimal::from(weight);
        }
    }
    let divisor = if kind == MeasureKind::Balance { Decimal::from(window.days()) } else { Decimal::ONE };
    any.then(|| sum / divisor)
}

pub(super) fn one(month: Month) -> Months {
    Months { first: month, last: month }
}

/// Every month of the window must have figures somewhere in the book; otherwise the figure would be half of one.
fn known(scope: &Scope<'_>, window: Months) -> Result<(), crate::text::Message> {
    match window.iter().find(|month| !scope.figured.contains(month)) {
        Some(month) => Err(msg!(say::NO_FIGURES, month = month.to_string())),
        None => Ok(()),
    }
}
