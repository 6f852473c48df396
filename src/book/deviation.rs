//! How far balances at a month's end stand above the month's average.
//!
//! Both are credited by the shares of the month's last day, so that a handover within the month moves no money. A client that
//! came within the month is left out, as its average says nothing about its end, and so is one whose month-end nobody gave.

use rust_decimal::Decimal;

use super::Record;
use super::credit::percent_on;
use crate::period::Month;
use crate::record::client::Client;

/// The balances of clients at the end of a month beside their averages.
#[derive(Clone, Debug, Default)]
pub struct MonthEnd<'b> {
    /// Their average daily balance.
    pub average: Decimal,
    /// Their balance at the end of the month's last day.
    pub end: Decimal,
    /// The clients that have an average and no month-end, and are left out.
    pub unknown: Vec<&'b str>,
}

/// A client's balance at the end of a month less the month's average; `None` where it is not held against it.
pub fn rise(client: &Client, measure: &str, month: Month) -> Option<Decimal> {
    let (average, end) = balances(client, measure, month)?;
    Some(end? - average)
}

/// A client's average of a month, and its month-end where it is known.
fn balances(client: &Client, measure: &str, month: Month) -> Option<(Decimal, Option<Decimal>)> {
    if client.begun().is_some_and(|begun| begun.0 > month.first_day()) {
        return None;
    }
    let figure = client.results.get(&month)?.get(measure)?;
    Some((figure.avg?.0, figure.end.map(|end| end.0)))
}

impl<'b> MonthEnd<'b> {
    /// Adds the part of a client that `managers`, in id order, earn, and says by how much it ends above its average.
    pub fn add(
        &mut self,
        client: &'b Record<Client>,
        measure: &str,
        managers: &[&str],
        month: Month,
    ) -> Option<Decimal> {
        let (average, end) = balances(&client.data, measure, month)?;
        let percent = percent_on(&client.data, measure, managers, month.last_day());
        if percent.is_zero() {
            return None;
        }
        let Some(end) = end else {
            self.unknown.push(&client.id);
            return None;
        };
        let [average, end] = [average, end].map(|amount| amount * percent / Decimal::ONE_HUNDRED);
        self.average += average;
        self.end += end;
        Some(end - average)
    }

    /// (month-end − average) / average; nothing without an average above zero.
    pub fn deviation(&self) -> Option<Decimal> {
        (self.average > Decimal::ZERO).then(|| (self.end - self.average) / self.average)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;

    fn client(text: &str) -> Record<Client> {
        let text = format!("name = 'a'\ntier = 'key'\nmanager = 'li-na'\nstatus = 'active'\n{text}");
        Record { id: "a".into(), file: FileId::default(), data: crate::record::tree::read(&text).unwrap() }
    }

    fn of(clients: &[Record<Client>], manager: &str) -> String {
        let month = "2026-07".parse().unwrap();
        let mut sum = MonthEnd::default();
        for client in clients {
            sum.add(client, "deposits", &[manager], month);
        }
        let deviation = sum.deviation().map_or("-".to_owned(), |it| it.normalize().to_string());
        format!("{} {} {deviation} {}", sum.average.normalize(), sum.end.normalize(), sum.unknown.len())
    }

    #[test]
    fn a_share_that_changes_within_the_month_is_no_deviation() {
        // All of 1000 on average and of 1010 at the end is hers on the last day; by the days of the month she had 20 of 31.
        let moved = client(
            "results = { 2026-07 = { deposits = { avg = 1000, end = 1010 } } }\n\
             [[handovers]]\ndate = 2026-07-12\nfrom = 'wang-fang'\nto = 'li-na'\n",
        );
        assert_eq!(of(std::slice::from_ref(&moved), "li-na"), "1000 1010 0.01 0");
        assert_eq!(of(&[moved], "wang-fang"), "0 0 - 0");
    }

    #[test]
    fn newcomers_and_unknown_month_ends_are_left_out() {
        let known = client("results = { 2026-07 = { deposits = { avg = 100, end = 110 } } }\n");
        let unknown = client("results = { 2026-07 = { deposits = 900 } }\n");
        let new =
            client("since = 2026-07-20\nresults = { 2026-07 = { deposits = { avg = 10, end = 31 } } }\n");
        assert_eq!(of(&[known, unknown, new], "li-na"), "100 110 0.1 1");
    }
}
