//! Measures of the monthly figures, credited to a manager: averages, sums, month-ends, and what they are compared with.
//!
//! A comparison uses the shares of the window at hand on the earlier figures too, client by client (`Then`): what is handed
//! over is no growth of the receiver and no loss of the giver.

use rust_decimal::Decimal;

use super::known::Measured;
use super::query::Aggregate;
use super::scope::{Adder, Scope};
use crate::book::Record;
use crate::book::base::Base;
use crate::book::credit::{percent_days, percent_on};
use crate::msg;
use crate::path;
use crate::period::{Month, Months};
use crate::record::client::Client;
use crate::record::figure::{Figure, Figures};
use crate::record::settings::MeasureKind;
use crate::source::KeyPath;
use crate::text::{Message, first_few, metric as say};

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
    let share = |client: &Client, month| percent_days(client, measure, scope.managers, one(month));
    let mut given = Given::new(window);
    for client in scope.clients {
        for month in window.iter() {
            let Some(balance) = amount(&client.data, measure, month) else {
                given.miss(client, (measure, true), month, &share);
                continue;
            };
            let days = share(&client.data, month);
            if !days.is_zero() {
                given.note(month);
                sum.weigh(client.file, (balance, days), || path(measure, month, None));
            }
        }
    }
    given.whole(scope, measure, &share)?;
    Ok(sum.divided_by(hundred_days(window)).done())
}

/// Sum over `window`, each month credited by the shares in force on its last day.
pub fn sum(scope: &Scope<'_>, measure: &str, window: Months) -> Measured {
    known(scope, window)?;
    let mut sum = Adder::new(scope);
    let share = |client: &Client, month: Month| percent_on(client, measure, scope.managers, month.last_day());
    let mut given = Given::new(window);
    for client in scope.clients {
        for month in window.iter() {
            let Some(flow) = amount(&client.data, measure, month) else {
                given.miss(client, (measure, false), month, &share);
                continue;
            };
            let percent = share(&client.data, month);
            if !percent.is_zero() {
                given.note(month);
                sum.weigh(client.file, (flow, percent), || path(measure, month, None));
            }
        }
    }
    given.whole(scope, measure, &share)?;
    Ok(sum.divided_by(Decimal::ONE_HUNDRED).done())
}

/// Balance at the end of the window's last day. A missing month-end is missing, never the average.
pub fn end(scope: &Scope<'_>, measure: &str, window: Months) -> Measured {
    let month = window.last;
    known(scope, one(month))?;
    let mut sum = Adder::new(scope);
    let share = |client: &Client, month: Month| percent_on(client, measure, scope.managers, month.last_day());
    let mut given = Given::new(one(month));
    for client in scope.clients {
        let Some(figure) = figure(&client.data, measure, month) else {
            given.miss(client, (measure, true), month, &share);
            continue;
        };
        let percent = percent_on(&client.data, measure, scope.managers, month.last_day());
        if percent.is_zero() {
            continue;
        }
        given.note(month);
        match figure.end {
            Some(end) => sum.weigh(client.file, (end.0, percent), || path(measure, month, Some("end"))),
            None => return Err(msg!(say::NO_MONTH_END, client = &*client.id, month = month.to_string())),
        }
    }
    given.whole(scope, measure, &share)?;
    Ok(sum.divided_by(Decimal::ONE_HUNDRED).done())
}

/// By which shares the figures of an earlier stretch are credited, so that they compare with those of `now`: balances by the
/// average share of `now`'s days, anything else by the shares its present figures go by, those on the last day of a month.
/// A stretch as long as `now` goes by them month by month, a part of `now` by its own months, another one by the mean over
/// `now`'s months.
#[derive(Clone, Copy)]
pub(super) struct Then {
    pub(super) kind: MeasureKind,
    pub(super) then: Months,
    pub(super) now: Months,
}

impl Then {
    /// Whether each earlier month has a month of `now` that it is held against.
    fn is_paired(self) -> bool {
        let length = |months: Months| months.last.since(months.first);
        self.kind != MeasureKind::Balance && length(self.then) == length(self.now)
    }

    /// Whether the earlier months are some of `now`, such as the year to date of the period before.
    fn is_part(self) -> bool {
        self.kind != MeasureKind::Balance
            && self.now.contains(self.then.first)
            && self.now.contains(self.then.last)
    }

    /// What `managers` earn of a client's figure of an earlier month, in parts of [`Self::whole`].
    pub(super) fn percents(
        self,
        client: &Client,
        measure: &str,
        managers: &[&str],
    ) -> impl Fn(Month) -> Decimal {
        let on = move |month: Month| percent_on(client, measure, managers, month.last_day());
        let fixed = match self.kind {
            _ if self.is_paired() || self.is_part() => None,
            MeasureKind::Balance => Some(percent_days(client, measure, managers, self.now)),
            _ => Some(self.now.iter().map(on).sum()),
        };
        // Of a part of `now`, each month stands for itself.
        let first = if self.is_paired() { self.then.first } else { self.now.first };
        move |month| fixed.unwrap_or_else(|| on(self.now.first.plus(month.since(first))))
    }

    /// All of a client.
    pub(super) fn whole(self) -> Decimal {
        match self.kind {
            MeasureKind::Balance => hundred_days(self.now),
            _ if self.is_paired() || self.is_part() => Decimal::ONE_HUNDRED,
            _ => Decimal::ONE_HUNDRED * Decimal::from(self.now.iter().count()),
        }
    }
}

/// The balance or sum of an earlier window, by the manager's shares of `now`.
pub fn earlier(scope: &Scope<'_>, measure: &str, kind: MeasureKind, then: Months, now: Months) -> Measured {
    known(scope, then)?;
    let shares = Then { kind, then, now };
    let mut sum = Adder::new(scope);
    let mut given = Given::new(then);
    for client in scope.clients {
        let share = shares.percents(&client.data, measure, scope.managers);
        for month in then.iter() {
            let share_then = share(month);
            if share_then.is_zero() {
                continue;
            }
            let Some(figure) = amount(&client.data, measure, month) else {
                given.miss(client, (measure, kind == MeasureKind::Balance), month, &|_, month| share(month));
                continue;
            };
            let weight = if kind == MeasureKind::Balance { month.days() } else { 1 };
            given.note(month);
            sum.weigh(client.file, (figure, Decimal::from(weight) * share_then), || {
                path(measure, month, None)
            });
        }
    }
    given.whole(scope, measure, &|client, month| shares.percents(client, measure, scope.managers)(month))?;
    let days = if kind == MeasureKind::Balance { Decimal::from(then.days()) } else { Decimal::ONE };
    Ok(sum.divided_by(days * shares.whole()).done())
}

/// The balance at the end of an earlier month, by the manager's average shares of `now`.
pub fn earlier_end(scope: &Scope<'_>, measure: &str, then: Month, now: Months) -> Measured {
    known(scope, one(then))?;
    let mut sum = Adder::new(scope);
    let mut given = Given::new(one(then));
    for client in scope.clients {
        let share = percent_days(&client.data, measure, scope.managers, now);
        if share.is_zero() {
            continue;
        }
        let Some(figure) = figure(&client.data, measure, then) else {
            given.miss(client, (measure, true), then, &|_, _| share);
            continue;
        };
        given.note(then);
        match figure.end {
            Some(end) => sum.weigh(client.file, (end.0, share), || path(measure, then, Some("end"))),
            None => return Err(msg!(say::NO_MONTH_END, client = &*client.id, month = then.to_string())),
        }
    }
    given.whole(scope, measure, &|client, _| percent_days(client, measure, scope.managers, now))?;
    Ok(sum.divided_by(hundred_days(now)).done())
}

/// What increments are measured from: the clients' own bases of the year, by the manager's shares of `now`. A client without
/// one whose base is needed makes it missing.
pub fn base(
    scope: &Scope<'_>,
    measure: &str,
    (kind, aggregate): (MeasureKind, Aggregate),
    now: Months,
) -> Measured {
    let year = now.last.year();
    let before = Base::month(year);
    let shares = Then { kind, then: one(before), now };
    let mut sum = Adder::new(scope);
    let (mut lacking, mut any) = (Vec::new(), false);
    for client in scope.clients {
        let share = shares.percents(&client.data, measure, scope.managers)(before);
        if share.is_zero() {
            continue;
        }
        let at_end = aggregate == Aggregate::End;
        match Base::of(&client.data, measure, at_end, now, scope.figured.contains(before)) {
            Base::Stated(base) => {
                sum.weigh(client.file, (base, share), || path!["base", year.to_string(), measure]);
            }
            Base::Recorded(base) => {
                sum.weigh(client.file, (base, share), || path(measure, before, at_end.then_some("end")));
            }
            Base::Nothing => any = true,
            Base::NotNeeded => {}
            Base::Lacking => lacking.push(&*client.id),
        }
    }
    if !lacking.is_empty() {
        let clients = first_few(&lacking);
        return Err(msg!(say::NO_BASE_OF, measure = measure, year = year, clients = clients));
    }
    if sum.is_empty() && !any {
        return Err(msg!(say::NO_BASE, measure = measure, year = year));
    }
    Ok(sum.divided_by(shares.whole()).done())
}

/// The average daily balance, or sum, of one client alone over `window`, without any share; missing where a month of it lacks
/// the figure, between others or since the last.
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
        } else if is_missing(&client.data, measure, month, kind == MeasureKind::Balance) {
            return None;
        }
    }
    let divisor = if kind == MeasureKind::Balance { Decimal::from(window.days()) } else { Decimal::ONE };
    any.then(|| sum / divisor)
}

/// Whether a client lacks a figure of a month that it must have had.
fn is_missing(client: &Client, measure: &str, month: Month, is_balance: bool) -> bool {
    is_gap(client, measure, month, is_balance) || lacks(client, measure, month, is_balance)
}

pub(super) fn one(month: Month) -> Months {
    Months { first: month, last: month }
}

/// Every month of the window must have figures somewhere in the book; otherwise the figure would be half of one.
fn known(scope: &Scope<'_>, window: Months) -> Result<(), Message> {
    match window.iter().find(|month| !scope.figured.contains(*month)) {
        Some(month) => Err(msg!(say::NO_FIGURES, month = month.to_string())),
        None => Ok(()),
    }
}

/// The part of a client that somebody earns in a month.
type Share<'s> = &'s dyn Fn(&Client, Month) -> Decimal;

/// The months of a window of which a client of the scope has a figure.
struct Given<'c> {
    window: Months,
    months: Vec<bool>,
    /// The first month that is missing between others of a client, and the clients of which it is.
    gap: Option<(Month, Vec<&'c str>)>,
}

impl<'c> Given<'c> {
    fn new(window: Months) -> Self {
        Self { window, months: window.iter().map(|_| false).collect(), gap: None }
    }

    /// Notes that a client has no figure of a month: between others it is missing, before and after them there was none.
    fn miss(
        &mut self,
        client: &'c Record<Client>,
        (measure, is_balance): (&str, bool),
        month: Month,
        share: Share<'_>,
    ) {
        if !is_gap(&client.data, measure, month, is_balance) || share(&client.data, month).is_zero() {
            return;
        }
        match &mut self.gap {
            Some((first, clients)) if *first == month => clients.push(&client.id),
            Some((first, _)) if *first < month => {}
            gap => *gap = Some((month, vec![&client.id])),
        }
    }

    fn note(&mut self, month: Month) {
        let at = usize::try_from(month.since(self.window.first)).ok();
        if let Some(given) = at.and_then(|at| self.months.get_mut(at)) {
            *given = true;
        }
    }

    /// A month of which no client of the scope has a figure is nothing only where none of them lacks one; those who do have
    /// a `share` of the managers.
    fn whole(self, scope: &Scope<'_>, measure: &str, share: Share<'_>) -> Result<(), Message> {
        if let Some((month, clients)) = self.gap {
            return Err(lacking(scope, measure, month, &clients));
        }
        let is_balance =
            scope.book.settings.measures.get(measure).is_some_and(|it| it.kind == MeasureKind::Balance);
        let empty = self.window.iter().zip(self.months).filter(|(_, given)| !given);
        for (month, _) in empty {
            let lacks = |client: &Client| {
                lacks(client, measure, month, is_balance) && !share(client, month).is_zero()
            };
            let names: Vec<&str> =
                scope.clients.iter().filter(|client| lacks(&client.data)).map(|client| &*client.id).collect();
            if !names.is_empty() {
                return Err(lacking(scope, measure, month, &names));
            }
        }
        Ok(())
    }
}

/// That clients lack a figure of a month, or have one that is computed from others, of which some lack something.
fn lacking(scope: &Scope<'_>, measure: &str, month: Month, clients: &[&str]) -> Message {
    let is_part = |id: &&&str| {
        scope.book.clients.get(id).is_some_and(|client| is_incomplete(&client.data, measure, month))
    };
    let parts: Vec<&str> = clients.iter().filter(is_part).copied().collect();
    if !parts.is_empty() {
        let clients = first_few(&parts);
        return msg!(say::UNPRICED, measure = measure, month = month.to_string(), clients = clients);
    }
    msg!(say::NO_FIGURE_OF, measure = measure, month = month.to_string(), clients = first_few(clients))
}

/// Whether a client has a figure in the lines of months before and after a month, and none in it. What flows may not have
/// come; it is missing where the client has no line of the month at all.
fn is_gap(client: &Client, measure: &str, month: Month, is_balance: bool) -> bool {
    let results = &client.results;
    if is_incomplete(client, measure, month) {
        return true;
    }
    if !is_balance && results.contains_key(&month) {
        return false;
    }
    let has = |line: Option<(&Month, &Figures)>| line.and_then(|(_, line)| line.get(measure)?.avg);
    has(results.range(..month).next_back()).is_some_and(|before| !before.0.is_zero())
        && has(results.range(month.plus(1)..).next()).is_some()
}

/// Whether a figure of a month could not be computed, because balances lack a rate or a transfer price.
fn is_incomplete(client: &Client, measure: &str, month: Month) -> bool {
    figure(client, measure, month).is_some_and(Figure::is_incomplete)
}

/// Whether a client must have had a figure in a month: the last one before was something. What flows may not have come;
/// it is missing where the client has no figure at all.
fn lacks(client: &Client, measure: &str, month: Month, is_balance: bool) -> bool {
    let is_unread = is_balance || !client.results.contains_key(&month);
    let last = || client.results.range(..month).rev().find_map(|(_, figures)| figures.get(measure)?.avg);
    is_unread && client.counts_on(month.last_day()) && last().is_some_and(|last| !last.0.is_zero())
}

/// The months of a stretch that are missing between others of a client, each with the measure: the same for many at once.
pub(super) fn gaps<'c>(
    client: &'c Client,
    stretch: Months,
    is_balance: &dyn Fn(&str) -> bool,
) -> Vec<(&'c str, Month)> {
    let results = &client.results;
    let before = results.range(..stretch.first).next_back().into_iter();
    let after = results.range(stretch.last.plus(1)..).next();
    let lines: Vec<_> = before.chain(results.range(stretch.first..=stretch.last)).chain(after).collect();
    let has = |line: &Figures, id: &str| line.get(id).is_some_and(|figure| figure.avg.is_some());
    let had = |line: &'c Figures| {
        let had = line.iter().filter(|(_, figure)| figure.avg.is_some_and(|avg| !avg.0.is_zero()));
        had.map(|(id, _)| &**id)
    };
    let mut found = Vec::new();
    for pair in lines.windows(2).filter(|pair| pair[1].0.since(*pair[0].0) > 1) {
        let between = Months { first: pair[0].0.plus(1), last: pair[1].0.plus(-1) };
        for id in had(pair[0].1).filter(|id| has(pair[1].1, id)) {
            found.extend(between.iter().map(|month| (id, month)));
        }
    }
    for three in lines.windows(3) {
        let lacks = |id: &&str| is_balance(id) && !has(three[1].1, id) && has(three[2].1, id);
        found.extend(had(three[0].1).filter(lacks).map(|id| (id, *three[1].0)));
    }
    for (month, line) in results.range(stretch.first..=stretch.last) {
        let incomplete = line.iter().filter(|(_, figure)| figure.is_incomplete());
        found.extend(incomplete.map(|(id, _)| (&**id, *month)));
    }
    found.retain(|(_, month)| (stretch.first..=stretch.last).contains(month));
    found
}
