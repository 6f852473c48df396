//! Questions to a book, answered for one manager, a team or the whole unit.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::builtin::{Builtin, Question, builtin};
use super::clients::{FirstOfGroups, Lost};
use super::figures::{self, Then};
use super::known::{Known, Measured};
use super::query::{Aggregate, MetricQuery, Point, Window};
use super::scope::Scope;
use super::timing::Timing;
use crate::book::credit::{earners, percent_days, percent_on};
use crate::book::figured::Figured;
use crate::book::{Book, Record};
use crate::msg;
use crate::period::{Grain, Month, Months, Period};
use crate::record::client::Client;
use crate::record::settings::{Measure, MeasureKind};
use crate::text::metric as say;

/// The names that managers record under `actuals` and that no client carries.
fn of_managers_alone(book: &Book) -> BTreeSet<&str> {
    let lines = book.managers.iter().flat_map(|manager| manager.data.actuals.values());
    let mut names: BTreeSet<&str> = lines.flat_map(|line| line.keys()).map(|name| &**name).collect();
    for line in book.clients.iter().flat_map(|client| client.data.results.values()) {
        if names.is_empty() {
            break;
        }
        for measure in line.measures() {
            names.remove(&**measure);
        }
    }
    names
}

/// Who may answer for what in a book: each manager's clients, found once for all questions.
pub struct Portfolios<'b> {
    book: &'b Book,
    earned: BTreeMap<&'b str, Vec<&'b Record<Client>>>,
    visited: BTreeMap<&'b str, Vec<&'b Record<Client>>>,
    /// Of which months the book has figures.
    pub figured: Figured,
    /// When each group's first client came.
    pub groups: FirstOfGroups<'b>,
    /// When each client was lost.
    pub lost: Lost<'b>,
    /// Since when the book is kept.
    pub kept_since: Option<NaiveDate>,
    /// The names that managers record as their own and of which no client has a figure.
    pub of_managers_alone: BTreeSet<&'b str>,
}

impl<'b> Portfolios<'b> {
    /// Finds them.
    pub fn new(book: &'b Book) -> Self {
        let mut earned: BTreeMap<&str, Vec<&Record<Client>>> = BTreeMap::new();
        let mut visited: BTreeMap<&str, Vec<&Record<Client>>> = BTreeMap::new();
        for client in &book.clients {
            let earners = earners(&client.data);
            for earner in &earners {
                earned.entry(earner).or_default().push(client);
            }
            // Most visits are made by whoever made the one before.
            let visits = client.data.visits.chunk_by(|a, b| a.by == b.by).map(|visits| &*visits[0].by);
            let others = visits.chain(others(&client.data)).filter(|manager| !earners.contains(manager));
            let traces: BTreeSet<&str> = earners.iter().copied().chain(others).collect();
            for manager in traces {
                visited.entry(manager).or_default().push(client);
            }
        }
        Self {
            book,
            earned,
            visited,
            figured: Figured::of(book),
            groups: FirstOfGroups::new(book),
            lost: Lost::new(book),
            kept_since: book.kept_since(),
            of_managers_alone: of_managers_alone(book),
        }
    }

    /// The book behind them.
    pub fn book(&self) -> &'b Book {
        self.book
    }

    /// The clients a manager ever earned from, with the manager's id as the book has it; nothing where there is none.
    pub(super) fn earned(&self, manager: &str) -> Option<(&'b str, &[&'b Record<Client>])> {
        self.earned.get_key_value(manager).map(|(manager, clients)| (*manager, clients.as_slice()))
    }

    /// What one manager, a team or everybody answers for.
    pub fn of<'s>(&'s self, managers: impl IntoIterator<Item = &'s str>) -> Portfolio<'s> {
        let mut managers: Vec<&str> = managers.into_iter().collect();
        managers.sort_unstable();
        managers.dedup();
        Portfolio { of: self, managers, clients: OnceLock::new() }
    }
}

/// The clients some managers answer for together, found when they are first asked about.
pub struct Portfolio<'s> {
    of: &'s Portfolios<'s>,
    managers: Vec<&'s str>,
    clients: OnceLock<Clients<'s>>,
}

struct Clients<'s> {
    earned: Vec<&'s Record<Client>>,
    visited: Vec<&'s Record<Client>>,
}

impl Portfolio<'_> {
    /// The managers, in id order.
    pub fn managers(&self) -> &[&str] {
        &self.managers
    }

    /// The view that metrics are computed from; `evidence` asks for the records behind every figure.
    pub fn scope(&self, evidence: bool) -> Scope<'_> {
        let clients = self.clients.get_or_init(|| Clients {
            earned: union(&self.managers, &self.of.earned),
            visited: union(&self.managers, &self.of.visited),
        });
        Scope {
            book: self.of.book,
            managers: &self.managers,
            clients: &clients.earned,
            visited: &clients.visited,
            figured: &self.of.figured,
            groups: &self.of.groups,
            lost: &self.of.lost,
            kept_since: self.of.kept_since,
            today: None,
            evidence,
        }
    }
}

/// The clients of several managers, each once, in the order of their files.
fn union<'b>(managers: &[&str], by: &BTreeMap<&str, Vec<&'b Record<Client>>>) -> Vec<&'b Record<Client>> {
    let mut clients: Vec<&Record<Client>> =
        managers.iter().filter_map(|manager| by.get(manager)).flatten().copied().collect();
    if managers.len() > 1 {
        clients.sort_unstable_by_key(|client| client.file);
        clients.dedup_by_key(|client| client.file);
    }
    clients
}

/// Managers with a trace at a client other than earning from it or visiting it.
fn others(client: &Client) -> impl Iterator<Item = &str> {
    let won = client.opportunities.iter().filter_map(|opportunity| opportunity.by.as_deref());
    let found = client.needs.iter().filter_map(|need| need.by.as_deref());
    let referred = client.referrals.iter().map(|referral| &*referral.from);
    let originated = client.facilities.iter().filter_map(|facility| facility.originated_by.as_deref());
    let asked = client.requests.iter().filter_map(|request| request.by.as_deref());
    let promises = || client.visits.iter().flat_map(|visit| &visit.next);
    let owed = promises().flat_map(|next| &next.history).filter_map(|former| former.owner.as_deref());
    let promised = promises().filter_map(|next| next.owner.as_deref()).chain(owed);
    let planned = client.planned.iter().map(|plan| &*plan.by);
    let answered = client.feedback.iter().filter_map(|feedback| feedback.about.as_deref());
    let complained = client.complaints.iter().filter_map(|complaint| complaint.about.as_deref());
    won.chain(answered)
        .chain(complained)
        .chain(planned)
        .chain(found)
        .chain(referred)
        .chain(originated)
        .chain(asked)
        .chain(promised)
}

/// The answer to `query` for the manager of `scope` in a period, or in as many of its months as there are.
pub fn ask(scope: &Scope<'_>, query: &MetricQuery, period: impl Into<Months>) -> Measured {
    let filters: Vec<(&str, &str)> =
        query.filters.iter().map(|(key, word)| (key.as_ref(), word.as_ref())).collect();
    let period = period.into();
    let now = window(query.window, period);
    let settings = &scope.book.settings;
    if let Some(measure) = settings.measures.get(&*query.name) {
        let question = Question { window: now, as_of: scope.as_of(now), by_days: false, filters: &filters };
        let clients: Vec<&Record<Client>>;
        let narrowed = if filters.is_empty() {
            *scope
        } else {
            clients = scope.clients.iter().copied().filter(|client| question.takes(client)).collect();
            Scope { clients: &clients, ..*scope }
        };
        return of_measure(&narrowed, &query.name, measure, query, period);
    }
    let Some(metric) = builtin(&query.name) else {
        return Err(msg!(say::NOT_DECLARED, name = &*query.name));
    };
    match query.point {
        Some(Point::Base) => Err(msg!(say::NO_COMPARISON, metric = metric.title)),
        _ => of_builtin(scope, metric, &filters, query.aggregate, moved(query, period)),
    }
}

/// The figure of a metric computed from records over some months; of what happens in them, the mean, least and greatest month
/// are made of its figures of each.
fn of_builtin(
    scope: &Scope<'_>,
    metric: &Builtin,
    filters: &[(&str, &str)],
    aggregate: Option<Aggregate>,
    then: Months,
) -> Measured {
    let by_days = metric.timing == Timing::Level && aggregate == Some(Aggregate::Average);
    let of = |window: Months| {
        (metric.compute)(scope, &Question { window, as_of: scope.as_of(window), by_days, filters })
    };
    match (metric.timing, aggregate) {
        (Timing::Over, Some(Aggregate::Average)) => monthly_mean(of(then)?, then),
        (Timing::Over, Some(best @ (Aggregate::Min | Aggregate::Max))) => extreme(then, best, of),
        _ => of(then),
    }
}

/// The months a window covers in a period.
pub fn window(window: Window, period: impl Into<Months>) -> Months {
    let Months { first, last } = period.into();
    let first = match window {
        Window::Period => first,
        Window::YearToDate => Period::containing(last, Grain::Year).first(),
        Window::QuarterToDate => Period::containing(last, Grain::Quarter).first(),
        Window::LastMonths(months) => last.plus(1 - i32::try_from(months).unwrap_or(i32::MAX / 24)),
    };
    Months { first, last }
}

/// The months that a query asks about in a period: those of its window, at its point in time. The window of the period before
/// ends with that period.
pub fn moved(query: &MetricQuery, period: impl Into<Months>) -> Months {
    let period = period.into();
    let now = window(query.window, period);
    let shifted =
        |from: Months, months: i32| Months { first: from.first.plus(-months), last: from.last.plus(-months) };
    let last_year = Period::containing(now.last.plus(-12), Grain::Year).months();
    match query.point {
        None | Some(Point::Base) => now,
        Some(Point::Previous) => window(query.window, shifted(period, period.last.since(period.first) + 1)),
        Some(Point::YearAgo) => shifted(now, 12),
        Some(Point::LastYear) => last_year,
        Some(Point::YearStart) => Months { first: last_year.last, last: last_year.last },
    }
}

fn of_measure(
    scope: &Scope<'_>,
    name: &str,
    measure: &Measure,
    query: &MetricQuery,
    period: Months,
) -> Measured {
    let (now, then) = (window(query.window, period), moved(query, period));
    if measure.kind == MeasureKind::Ratio {
        return match query.aggregate {
            Some(best @ (Aggregate::Min | Aggregate::Max)) if query.point != Some(Point::Base) => {
                let plain = MetricQuery::new(name, None);
                extreme(then, best, |month| ratio(scope, name, measure, &plain, month))
            }
            _ => ratio(scope, name, measure, query, period),
        };
    }
    let aggregate = query.aggregate.unwrap_or(match measure.kind {
        MeasureKind::Balance | MeasureKind::Ratio => Aggregate::Average,
        MeasureKind::Flow => Aggregate::Sum,
        MeasureKind::Count => Aggregate::Count,
    });
    match (query.point, aggregate) {
        (Some(Point::Base), _) => figures::base(scope, name, (measure.kind, aggregate), now),
        (None, Aggregate::End) => figures::end(scope, name, now),
        (Some(_), Aggregate::End) => figures::earlier_end(scope, name, then.last, now),
        (_, Aggregate::Min | Aggregate::Max) => extreme(then, aggregate, |month| match measure.kind {
            MeasureKind::Balance => figures::average(scope, name, month),
            _ => figures::sum(scope, name, month),
        }),
        (None, Aggregate::Average) if measure.kind == MeasureKind::Balance => {
            figures::average(scope, name, now)
        }
        (Some(_), Aggregate::Average) if measure.kind == MeasureKind::Balance => {
            figures::earlier(scope, name, measure.kind, then, now)
        }
        (_, Aggregate::Average) => {
            monthly_mean(of_flow(scope, name, measure.kind, query.point, then, now)?, then)
        }
        _ => of_flow(scope, name, measure.kind, query.point, then, now),
    }
}

fn of_flow(
    scope: &Scope<'_>,
    name: &str,
    kind: MeasureKind,
    point: Option<Point>,
    then: Months,
    now: Months,
) -> Measured {
    match point {
        None => figures::sum(scope, name, now),
        Some(_) => figures::earlier(scope, name, kind, then, now),
    }
}

/// The share by which all of a client's figure is credited to `managers`, as a query asks for it in a period; nothing where the
/// share changes on the way, so that no one share leads from the one to the other.
pub fn share(
    client: &Client,
    (name, kind): (&str, MeasureKind),
    query: &MetricQuery,
    managers: &[&str],
    period: impl Into<Months>,
) -> Option<Decimal> {
    let period = period.into();
    let now = window(query.window, period);
    let on = |month: Month| percent_on(client, name, managers, month.last_day()) / Decimal::ONE_HUNDRED;
    let by_days = |month: Month| {
        let month = figures::one(month);
        percent_days(client, name, managers, month) / figures::hundred_days(month)
    };
    let shares: Vec<Decimal> = match query.point {
        Some(_) => {
            let then = Then { kind, then: moved(query, period), now };
            let percents = then.percents(client, name, managers);
            then.then.iter().map(|month| percents(month) / then.whole()).collect()
        }
        None if query.aggregate == Some(Aggregate::End) => vec![on(now.last)],
        None if kind == MeasureKind::Balance => now.iter().map(by_days).collect(),
        None => now.iter().map(on).collect(),
    };
    let first = *shares.first()?;
    shares.iter().all(|share| *share == first).then_some(first)
}

fn monthly_mean(sum: Known, window: Months) -> Measured {
    let months = Decimal::from(window.iter().count());
    let evidence = sum.evidence.into_iter().map(|mut evidence| {
        evidence.amount /= months;
        evidence
    });
    Ok(Known { amount: sum.amount / months, evidence: evidence.collect() })
}

/// The least or greatest month of a stretch.
fn extreme(window: Months, best: Aggregate, of: impl Fn(Months) -> Measured) -> Measured {
    let months = window.iter().map(|month| of(Months { first: month, last: month }));
    let months = months.collect::<Result<Vec<Known>, _>>()?;
    let best = match best {
        Aggregate::Min => months.into_iter().min_by_key(|known| known.amount),
        _ => months.into_iter().max_by_key(|known| known.amount),
    };
    best.ok_or_else(|| say::NOTHING_TO_DIVIDE.into())
}

/// A ratio of two measures over the same stretch, whatever their kinds.
fn ratio(scope: &Scope<'_>, name: &str, measure: &Measure, query: &MetricQuery, period: Months) -> Measured {
    let side = |side: &Option<crate::record::value::MeasureId>| {
        let id = side.as_deref().ok_or_else(|| msg!(say::NO_COMPARISON, metric = name))?;
        let measure =
            scope.book.settings.measures.get(id).filter(|measure| measure.kind != MeasureKind::Ratio);
        let measure = measure.ok_or_else(|| msg!(say::NOT_DECLARED, name = id))?;
        let aggregate = query.aggregate.filter(|_| measure.kind == MeasureKind::Balance);
        of_measure(scope, id, measure, &MetricQuery { aggregate, ..query.clone() }, period)
    };
    let (above, below) = (side(&measure.numerator)?, side(&measure.denominator)?);
    if below.amount.is_zero() {
        return Err(say::NOTHING_TO_DIVIDE.into());
    }
    let mut evidence = above.evidence;
    evidence.extend(below.evidence);
    Ok(Known { amount: above.amount / below.amount, evidence })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_of_the_period_before_ends_with_that_period() {
        let stretch = |query: &str, period: &str| {
            let period: Period = period.parse().unwrap();
            moved(&query.parse().unwrap(), period).to_string()
        };
        assert_eq!(stretch("f.sum.year_to_date@previous", "2026-10"), "2026-01..2026-09");
        assert_eq!(stretch("f.sum.last_3_months@previous", "2026-10"), "2026-Q3");
        assert_eq!(stretch("f.sum.quarter_to_date@previous", "2026-10"), "2026-Q3");
        assert_eq!(stretch("f.sum.quarter_to_date@previous", "2026-12"), "2026-10..2026-11");
        assert_eq!(stretch("f.sum.year_to_date@previous", "2026-01"), "2025");
        assert_eq!(stretch("f.sum.year_to_date@previous", "2026-Q3"), "2026-H1");
        // Without a window it is the period before.
        assert_eq!(stretch("f.sum@previous", "2026-10"), "2026-09");
        assert_eq!(stretch("f.sum@previous", "2026-Q3"), "2026-Q2");
        assert_eq!(stretch("f.sum.year_to_date@year_ago", "2026-10"), "2025-01..2025-10");
    }
}
