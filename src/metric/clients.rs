//! Client counts: managed, effective, new, lost, retained.
//!
//! Definitions come from the settings. A handover is neither new nor lost: a client counts for whoever leads it on the last day
//! of the period at hand.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::credited::begun;
use super::figures::amount;
use super::known::Measured;
use super::scope::{Adder, Scope};
use crate::book::figured::Figured;
use crate::book::group::Groups;
use crate::book::{Book, Record};
use crate::msg;
use crate::path;
use crate::period::{Month, Months};
use crate::record::client::Client;
use crate::record::settings::MeasureKind;
use crate::record::value::Year;
use crate::source::FileId;
use crate::text::{Message, metric as say};

/// Whether a client is effective on a day by the figures of `month`: any of the settings' measures reaches its threshold, and it is not
/// closed by then.
pub fn is_effective(book: &Book, client: &Client, (month, day): (Month, NaiveDate)) -> bool {
    let closed = client.closed.is_some_and(|closed| closed.0 <= day);
    let reaches =
        |(measure, threshold): (&crate::record::value::MeasureId, &crate::record::value::Amount)| {
            amount(client, measure, month).is_some_and(|figure| figure >= threshold.0)
        };
    !closed && book.settings.clients.effective.iter().any(reaches)
}

/// How a client was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Loss {
    /// It closed its accounts.
    Closed,
    /// Its average of three months fell below the settings' part of its base.
    Fell,
    /// It had none of a measure for as many months as the settings say.
    Idle,
}

/// The first month in which a client was lost, and how; `begun` tells since when each measure is known.
fn lost_in(book: &Book, client: &Record<Client>, begun: &BTreeMap<&str, Month>) -> Option<(Month, Loss)> {
    let closed = client.data.closed.map(|day| (Month::of(day.0), Loss::Closed));
    let fell = fell_in(book, client).map(|month| (month, Loss::Fell));
    let idle = book.settings.clients.lost_without.iter().filter_map(|(measure, months)| {
        let kind = book.settings.measures.get(measure)?.kind;
        let since = *begun.get(&**measure)?;
        idle_in(&client.data, (measure, kind), *months, since).map(|month| (month, Loss::Idle))
    });
    closed.into_iter().chain(fell).chain(idle).min()
}

/// The first month up to which a client had none of a measure for so many months on end. A month without figures breaks them,
/// and so does a balance that nobody states; what flows may not have come.
fn idle_in(
    client: &Client,
    (measure, kind): (&str, MeasureKind),
    months: u32,
    since: Month,
) -> Option<Month> {
    let mut run = 0;
    let mut last: Option<Month> = None;
    client.results.range(since..).find_map(|(month, figures)| {
        let figure = figures.get(measure).and_then(|figure| figure.avg);
        let is_none = figure.map_or(kind != MeasureKind::Balance, |figure| figure.0.is_zero());
        let follows = last.replace(*month).is_some_and(|last| month.since(last) == 1);
        run = match (is_none, follows) {
            (true, true) => run + 1,
            (is_none, _) => u32::from(is_none),
        };
        (months > 0 && run >= months).then_some(*month)
    })
}

/// The first month in which a client's average of three months was below the settings' part of its base.
fn fell_in(book: &Book, client: &Record<Client>) -> Option<Month> {
    let rules = &book.settings.clients;
    let threshold = rules.effective.get(&*rules.lost_by).map_or(Decimal::ZERO, |threshold| threshold.0);
    let balances: Vec<(Month, Decimal)> = figured(&client.data, &rules.lost_by).collect();
    // Bases by year, each found once.
    let mut bases: BTreeMap<i32, Option<Decimal>> = BTreeMap::new();
    balances.windows(3).find_map(|window| {
        let (first, last) = (window[0].0, window[2].0);
        if last.since(first) != 2 {
            return None;
        }
        let base = bases.entry(last.year()).or_insert_with(|| base_of(book, client, last.year()));
        let base = base.filter(|base| *base >= threshold && *base > Decimal::ZERO)?;
        let weighed = window.iter().map(|(month, balance)| balance * Decimal::from(month.days()));
        let recent = weighed.sum::<Decimal>() / Decimal::from(Months { first, last }.days());
        (recent < base * rules.lost_below.0).then_some(last)
    })
}

/// The balances, or sums, of one measure by month, where there are any.
fn figured<'c>(client: &'c Client, measure: &'c str) -> impl Iterator<Item = (Month, Decimal)> + 'c {
    client.results.iter().filter_map(move |(month, figures)| Some((*month, figures.get(measure)?.avg?.0)))
}

/// The base a client is judged lost against in a year: as registered for it, else the average of the year before.
fn base_of(book: &Book, client: &Record<Client>, year: i32) -> Option<Decimal> {
    let measure = &book.settings.clients.lost_by;
    let registered = client.data.base.get(&Year(year)).and_then(|bases| bases.get(measure));
    if let Some(base) = registered {
        return Some(base.0);
    }
    let first = Month::new(year - 1, 1)?;
    let figured = Months { first, last: first.plus(11) };
    let known: Vec<Month> =
        figured.iter().filter(|month| amount(&client.data, measure, *month).is_some()).collect();
    let window = Months { first: *known.first()?, last: *known.last()? };
    super::figures::of_client(client, measure, MeasureKind::Balance, window)
}

/// Whether a client is new in `window`: first account opened in it, effective at its end (on the day and by the month of `judged`), and
/// no other client of its group was one before.
pub fn is_new(
    book: &Book,
    client: &Record<Client>,
    window: Months,
    judged: (Month, NaiveDate),
    known: &FirstOfGroups<'_>,
) -> bool {
    let opened = client.data.since.is_some_and(|since| window.contains(Month::of(since.0)));
    opened && is_effective(book, &client.data, judged) && !known.before(client, window.first)
}

/// When the first client of each group came.
pub struct FirstOfGroups<'b> {
    groups: Groups<'b>,
    first: BTreeMap<&'b str, Month>,
}

impl<'b> FirstOfGroups<'b> {
    /// From all clients of a book.
    pub fn new(book: &'b Book) -> Self {
        let groups = Groups::new(&book.clients);
        let mut first: BTreeMap<&str, Month> = BTreeMap::new();
        for client in &book.clients {
            let since = client.data.since.map(|since| Month::of(since.0));
            if let Some((group, since)) = groups.of(&client.id).zip(since) {
                let earliest = first.entry(group).or_insert(since);
                *earliest = since.min(*earliest);
            }
        }
        Self { groups, first }
    }

    fn before(&self, client: &Record<Client>, month: Month) -> bool {
        let first = self.groups.of(&client.id).and_then(|group| self.first.get(group));
        first.is_some_and(|first| *first < month)
    }
}

/// When each client was lost, found once for all questions.
pub struct Lost<'b> {
    book: &'b Book,
    months: OnceLock<BTreeMap<FileId, (Month, Loss)>>,
}

impl<'b> Lost<'b> {
    pub(super) fn new(book: &'b Book) -> Self {
        Self { book, months: OnceLock::new() }
    }

    /// The month a client was lost: the first in which it was closed, or in which its average of three months fell below the
    /// settings' part of its base, where that base was above the threshold, or up to which it had none of a measure for as many
    /// months as they say. Under three months of figures nothing is judged by averages.
    pub fn month(&self, client: &Record<Client>) -> Option<Month> {
        self.loss(client).map(|(month, _)| month)
    }

    /// The same, and how it was lost.
    pub fn loss(&self, client: &Record<Client>) -> Option<(Month, Loss)> {
        let find = || {
            let begun = begun(self.book);
            let lost = |client: &Record<Client>| Some((client.file, lost_in(self.book, client, &begun)?));
            self.book.clients.iter().filter_map(lost).collect()
        };
        self.months.get_or_init(find).get(&client.file).copied()
    }

    /// How and in which month of a window a client was lost by the day `on`.
    pub fn within(&self, client: &Record<Client>, window: Months, on: NaiveDate) -> Option<(Month, Loss)> {
        let is_to_come =
            |loss| loss == Loss::Closed && client.data.closed.is_some_and(|closed| closed.0 > on);
        self.loss(client).filter(|(month, loss)| window.contains(*month) && !is_to_come(*loss))
    }
}

/// The month by whose figures clients are judged at the end of a window, its last one with figures; missing where it has none, so
/// that nobody can be judged.
fn last_figured(figured: &Figured, window: Months) -> Result<Month, Message> {
    let lacking = || msg!(say::NO_FIGURES, month = window.last.to_string());
    figured.last_in(window).ok_or_else(lacking)
}

/// The month by whose figures clients are judged at the end of a window, and the day.
fn judgeable(scope: &Scope<'_>, window: Months) -> Result<(Month, NaiveDate), Message> {
    Ok((last_figured(scope.figured, window)?, scope.as_of(window)))
}

/// Effective clients the manager leads at the end of the window that `counts`.
pub fn effective(scope: &Scope<'_>, window: Months, counts: impl Fn(&Record<Client>) -> bool) -> Measured {
    let judged = judgeable(scope, window)?;
    count(scope, window, |client| counts(client) && is_effective(scope.book, &client.data, judged))
}

/// Clients the manager leads at the end of the window that `counts`.
pub fn count(scope: &Scope<'_>, window: Months, counts: impl Fn(&Record<Client>) -> bool) -> Measured {
    let mut sum = Adder::new(scope);
    for client in scope.led(window).filter(|client| counts(client)) {
        sum.count(client.file, || path!["name"]);
    }
    Ok(sum.done())
}

/// Effective clients led at the end of the window, weighed by their tier's coefficient.
pub fn equivalents(scope: &Scope<'_>, window: Months, counts: impl Fn(&Record<Client>) -> bool) -> Measured {
    let judged = judgeable(scope, window)?;
    let mut sum = Adder::new(scope);
    for client in scope.led(window) {
        if counts(client) && is_effective(scope.book, &client.data, judged) {
            let tier = client.data.tier_on(scope.as_of(window));
            sum.add(client.file, scope.book.settings.equivalents.of(tier).0, || path!["tier"]);
        }
    }
    Ok(sum.done())
}

/// Clients led at the end of the window that are new in it. Without figures nobody can be seen to have come.
pub fn new(scope: &Scope<'_>, window: Months, counts: impl Fn(&Record<Client>) -> bool) -> Measured {
    let judged = judgeable(scope, window)?;
    count(scope, window, |client| counts(client) && is_new(scope.book, client, window, judged, scope.groups))
}

/// Months before one in which a client may have been effective last to be lost in it.
const REMEMBERED: i32 = 12;

/// Whether a client was there to be kept when a month began: effective in the month before it or, where it is lost only then, in
/// one of the twelve before it, as a balance falls in one month and the rule on three months holds in a later one.
pub fn was_there(book: &Book, client: &Client, first: Month, is_lost: bool) -> bool {
    let remembered = if is_lost { REMEMBERED } else { 1 };
    (1..=remembered)
        .map(|ago| first.plus(-ago))
        .any(|month| is_effective(book, client, (month, month.last_day())))
}

/// The month by whose figures it is told who left in a window; nobody is judged under three months of figures.
pub fn told_by(figured: &Figured, window: Months) -> Result<Month, Message> {
    let judged = last_figured(figured, window)?;
    let first = figured.months().next().filter(|first| judged.since(*first) >= 2);
    first.map(|_| judged).ok_or_else(|| say::UNDER_THREE_MONTHS.into())
}

/// Clients the manager led when the window began that were there to be kept, each with whether it was lost in it.
fn kept_or_lost<'b>(
    scope: &'b Scope<'b>,
    window: Months,
) -> impl Iterator<Item = (&'b Record<Client>, bool)> {
    let before = Months { first: window.first.plus(-1), last: window.first.plus(-1) };
    let day = scope.as_of(window);
    let judged = move |client: &'b Record<Client>| {
        let is_lost = scope.lost.within(client, window, day).is_some();
        was_there(scope.book, &client.data, window.first, is_lost).then_some((client, is_lost))
    };
    scope.led(before).filter_map(judged)
}

/// Clients lost in the window: there to be kept when it began, and lost in one of its months.
pub fn lost(scope: &Scope<'_>, window: Months) -> Measured {
    told_by(scope.figured, window)?;
    let mut sum = Adder::new(scope);
    for (client, _) in kept_or_lost(scope, window).filter(|(_, is_lost)| *is_lost) {
        sum.count(client.file, || path!["name"]);
    }
    Ok(sum.done())
}

/// Retention: 1 − lost / there at the start. Without figures nobody can be seen to leave.
pub fn retention(scope: &Scope<'_>, window: Months) -> Measured {
    told_by(scope.figured, window)?;
    let mut kept = Adder::new(scope);
    for (client, is_lost) in kept_or_lost(scope, window) {
        kept.judge(!is_lost, client.file, || path!["name"]);
    }
    kept.part(say::NOTHING_TO_DIVIDE)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{answer, told_on};

    #[test]
    fn in_a_month_without_figures_nobody_knows_who_is_effective() {
        let text = "[results]\n2026-02 = { deposits = 60 }\n";
        let book = [("a", text), ("b", "")];
        let of = |metric: &str, period| answer(&book, "li", metric, period);
        for (metric, amount) in [("effective_clients", "1"), ("client_equivalents", "2")] {
            assert_eq!([of(metric, "2026-02"), of(metric, "2026-Q1")], [amount, amount], "{metric}");
            assert_eq!(of(metric, "2026-03"), "the book has no figures for 2026-03", "{metric}");
        }
        for metric in ["new_clients", "lost_clients", "retention"] {
            assert_eq!(of(metric, "2026-03"), "the book has no figures for 2026-03", "{metric}");
        }
        assert_eq!(of("new_clients", "2026-02"), "0");
    }

    #[test]
    fn a_client_is_there_until_the_day_it_is_closed() {
        let client = "name = '甲'\ntier = 'key'\nstatus = 'active'\nmanager = 'li'\nsince = 2026-01-02\nclosed = 2026-03-25\n\
                      results = { 2026-01 = { deposits = 60 }, 2026-02 = { deposits = 60 }, 2026-03 = { deposits = 60 } }\n";
        let files = [("managers/li.toml", "name = '李'"), ("clients/a.toml", client)];
        let on = |today: &str, metric: &str, period: &str| told_on(Some(today), &files, "li", metric, period);
        for (today, effective, lost) in [("2026-03-24", "1", "0"), ("2026-03-25", "0", "1")] {
            assert_eq!(on(today, "effective_clients", "2026-03"), effective, "{today}");
            assert_eq!(on(today, "lost_clients", "2026-03"), lost, "{today}");
            // Opened in January, and still there on the 24th.
            assert_eq!(on(today, "new_clients", "2026-Q1"), effective, "{today}");
        }
        // By the figures of March, and closed since.
        let later = client.replace("2026-03-25", "2026-05-10").replace("2026-01-02", "2026-04-01");
        let later = later.replace("2026-03 =", "2026-04 =");
        let files = [("managers/li.toml", "name = '李'"), ("clients/a.toml", &*later)];
        let of = |today: &str, metric: &str| told_on(Some(today), &files, "li", metric, "2026-Q2");
        assert_eq!([of("2026-05-09", "new_clients"), of("2026-05-10", "new_clients")], ["1", "0"]);
    }
}
