//! What part of their business clients do with this bank: share of wallet by the latest estimate, and products in use.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::figures::of_client;
use super::known::Measured;
use super::scope::{Adder, Scope};
use crate::book::Record;
use crate::path;
use crate::period::{Month, Months};
use crate::record::client::{Client, Status, Wallet};
use crate::record::settings::{MeasureKind, Settings};
use crate::record::value::Day;
use crate::text::metric as say;

/// The latest estimate of each measure known on a day, with its place among the client's.
pub fn latest(client: &Client, on: NaiveDate) -> BTreeMap<&str, (usize, &Wallet)> {
    let mut latest: BTreeMap<&str, (usize, &Wallet)> = BTreeMap::new();
    for (index, wallet) in client.wallet.iter().enumerate().filter(|(_, wallet)| wallet.date.0 <= on) {
        let known = latest.entry(&wallet.measure).or_insert((index, wallet));
        if wallet.date > known.1.date {
            *known = (index, wallet);
        }
    }
    latest
}

/// Our figure of a month to hold against an estimate: the average of a balance, the sum of twelve months of anything else, missing
/// where the book does not hold all of those that the client was one in.
pub fn ours(settings: &Settings, client: &Record<Client>, measure: &str, month: Month) -> Option<Decimal> {
    let kind = settings.measures.get(measure)?.kind;
    let months = if kind == MeasureKind::Balance { 0 } else { 11 };
    let window = Months { first: month.plus(-months), last: month };
    if begins_late(&client.data, window) {
        return None;
    }
    of_client(client, measure, kind, window)
}

/// Whether a client was one before its first figures, which come after the beginning of a window. Figures may begin in the month
/// after the first account; who is no client yet has brought nothing.
fn begins_late(client: &Client, window: Months) -> bool {
    let Some(begin) = client.results.keys().next().filter(|begin| **begin > window.first) else {
        return false;
    };
    let was_client = |since: Day| Month::of(since.0).plus(1) < *begin;
    client.since.map_or(client.status != Status::Prospect, was_client)
}

/// Our part of what the clients led at the window's end hold with all banks, by the latest estimates of a measure: both
/// sides are of the estimate's month.
pub(super) fn share(
    scope: &Scope<'_>,
    window: Months,
    measure: &str,
    counts: impl Fn(&Record<Client>) -> bool,
) -> Measured {
    let mut total = Decimal::ZERO;
    let mut own = Adder::new(scope);
    for client in scope.led(window).filter(|client| counts(client)) {
        let estimates = latest(&client.data, scope.as_of(window));
        let Some((index, wallet)) = estimates.get(measure) else { continue };
        let month = Month::of(wallet.date.0);
        if let Some(ours) = ours(&scope.book.settings, client, measure, month) {
            total += wallet.total.0;
            own.add(client.file, ours, || path!["wallet", *index, "total"]);
        }
    }
    if total.is_zero() { Err(say::NO_ESTIMATES.into()) } else { Ok(own.divided_by(total).done()) }
}

/// Products in use for each client led at the window's end that has an account.
pub(super) fn products_per_client(
    scope: &Scope<'_>,
    window: Months,
    counts: impl Fn(&Record<Client>) -> bool,
) -> Measured {
    let day = scope.as_of(window);
    let mut clients = 0_u32;
    let mut products = Adder::new(scope);
    let has_account = |client: &&Record<Client>| client.data.since.is_some_and(|since| since.0 <= day);
    for client in scope.led(window).filter(has_account).filter(|client| counts(client)) {
        clients += 1;
        products.add(client.file, client.data.products_on(day).len().into(), || path!["products"]);
    }
    if clients == 0 { Err(say::NO_CLIENTS.into()) } else { Ok(products.divided_by(clients.into()).done()) }
}

#[cfg(test)]
mod tests {
    use super::super::tests::told;

    #[test]
    fn a_share_is_of_the_latest_estimates_month() {
        let acme = "name = '甲'\ntier = 'key'\nstatus = 'active'\nmanager = 'li'\nsince = 2020-01-01\n\
            results = { 2026-03 = { deposits = 300 }, 2026-06 = { deposits = 400, loans = 10 }, 2026-10 = { deposits = 900 } }\n\
            wallet = [{ date = 2026-03-31, measure = 'deposits', total = 300 }, { date = 2026-06-30, measure = 'deposits', total = 2000 }, \
            { date = 2026-06-30, measure = 'loans', total = 40 }, { date = 2026-11-30, measure = 'deposits', total = 1 }]\n\
            products = [{ name = '网银' }, { name = '代发' , until = 2026-09-30 }, { name = '保函', since = 2026-10-31 }, { name = '现金管理', since = 2026-11-01 }]\n";
        let beta = "name = '乙'\ntier = 'base'\nstatus = 'active'\nmanager = 'li'\nsince = 2020-01-01\n\
            results = { 2026-09 = { deposits = 100 } }\nwallet = [{ date = 2026-09-30, measure = 'deposits', total = 500 }]\n";
        let prospect = "name = '丙'\ntier = 'prospect'\nstatus = 'prospect'\nmanager = 'li'\n";
        let files = [
            ("managers/li.toml", "name = '李'"),
            ("managers/wang.toml", "name = '王'"),
            ("clients/a.toml", acme),
            ("clients/b.toml", beta),
            ("clients/c.toml", prospect),
        ];
        let of = |query| told(&files, "li", query, "2026-10");
        // (400 + 100) / (2000 + 500); 10 / 40.
        assert_eq!(of("wallet_share"), "0.2");
        assert_eq!(of("wallet_share.average{measure = \"loans\"}"), "0.25");
        assert_eq!(of("wallet_share.average{tier = \"base\"}"), "0.2");
        // Two products at one client, none at the other; a prospect is none yet.
        assert_eq!(of("products_per_client"), "1");
        let empty =
            ["wallet_share", "products_per_client"].map(|query| told(&files, "wang", query, "2026-10"));
        assert_eq!(empty, ["no estimate of what clients hold with all banks", "no clients"]);
    }
}
