//! The clients an item with `each` goes over, and what share of their figures a manager has.
//!
//! What an item asks about a client is all of the client's, times the manager's share, where one share leads from the one to the
//! other. Where its figures are shared differently, as `for` in a credit entry, a handover on the way and figures that are the
//! manager's own make them, each is the manager's part already.

use rust_decimal::Decimal;

use super::facts::{Ask, Part, Source};
use crate::book::credit::percent_days;
use crate::book::{Book, Record};
use crate::metric::share;
use crate::period::Months;
use crate::record::client::Client;
use crate::record::settings::MeasureKind;

/// A client as a part of what `managers` have in a period, for an item whose value puts these questions; nothing where they
/// have no part of it.
pub(super) fn of_client(
    book: &Book,
    client: &Record<Client>,
    managers: &[&str],
    asks: &[&Ask],
    months: Months,
) -> Option<Part> {
    let mut shares: Vec<Option<Decimal>> = Vec::new();
    let mut own = false;
    for ask in asks.iter().filter(|ask| ask.source == Source::Manager) {
        match book.settings.measures.get(&*ask.query.name).map(|measure| measure.kind) {
            // A ratio is the same of a part and of the whole.
            Some(MeasureKind::Ratio) => {}
            Some(kind) => {
                shares.push(share(&client.data, (&ask.query.name, kind), &ask.query, managers, months));
            }
            // What a metric counts at the client is the manager's own.
            None => own = true,
        }
    }
    let has_part = |share: &Option<Decimal>| share.is_none_or(|share| !share.is_zero());
    let id = client.id.clone();
    let Some(first) = shares.first().copied() else {
        let of_all = Decimal::ONE_HUNDRED * Decimal::from(months.days());
        let of_client = percent_days(&client.data, "", managers, months) / of_all;
        let share = if own { Decimal::ONE } else { of_client };
        return (!of_client.is_zero()).then_some(Part { id, share, whole: true });
    };
    if !shares.iter().any(has_part) {
        return None;
    }
    let alike = first.filter(|_| shares.iter().all(|share| *share == first));
    Some(match alike.filter(|share| !own || *share == Decimal::ONE) {
        Some(share) => Part { id, share, whole: true },
        None => Part { id, share: Decimal::ONE, whole: false },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::load;
    use crate::period::Period;
    use crate::source::Snapshot;

    /// The share of `li`, and whether it is one of the whole client.
    fn of_li(text: &str, asks: &[&str], period: &str) -> Option<(String, bool)> {
        let client = format!("name = 'A'\nstatus = 'active'\nmanager = 'li'\ntier = 'key'\n{text}");
        let files = [("rmbook.toml", "name = 'x'\n".to_owned()), ("clients/a.toml", client)];
        let (book, found) = load(&Snapshot::new(files.map(|(path, text)| (path.to_owned(), Ok(text)))));
        assert!(found.is_empty(), "{found:?}");
        let asks: Vec<Ask> =
            asks.iter().map(|query| Ask { source: Source::Manager, query: query.parse().unwrap() }).collect();
        let asks: Vec<&Ask> = asks.iter().collect();
        let months = period.parse::<Period>().unwrap().months();
        let part = of_client(&book, book.clients.get("a").unwrap(), &["li"], &asks, months)?;
        Some((part.share.normalize().to_string(), part.whole))
    }

    #[test]
    fn figures_shared_alike_are_the_clients_and_others_the_managers_part() {
        let loans = "[[credit]]\nfrom = 2026-01-01\nshares = { li = 75, other = 25 }\n\
                     [[credit]]\nfrom = 2026-01-01\nfor = ['loans']\nshares = { li = 60, wang = 40 }\n";
        let of = |asks: &[&str]| of_li(loans, asks, "2026-05").unwrap();
        assert_eq!(of(&["deposits.average"]), ("0.75".into(), true));
        assert_eq!(of(&["loans.average", "loans.average@previous"]), ("0.6".into(), true));
        assert_eq!(of(&["deposits.average", "loans.average"]), ("1".into(), false));
        assert_eq!(of(&["deposits.average", "visits.count"]), ("1".into(), false));
        // Drawn is the manager's part of it, so that nothing is left to share.
        assert_eq!(of(&["drawn"]), ("1".into(), true));
    }

    #[test]
    fn a_flow_goes_by_the_last_day_and_a_balance_by_days() {
        let handed = "[[handovers]]\ndate = 2026-04-16\nfrom = 'wang'\nto = 'li'\n";
        // Fifteen of thirty days, and all of the month's flow.
        assert_eq!(of_li(handed, &["deposits.average"], "2026-04"), Some(("0.5".into(), true)));
        assert_eq!(of_li(handed, &["fee_income.sum"], "2026-04"), Some(("1".into(), true)));
        assert_eq!(of_li(handed, &["fee_income.sum@previous"], "2026-04"), Some(("1".into(), true)));
        assert_eq!(of_li(handed, &["fee_income.sum"], "2026-03"), None);
        assert_eq!(of_li(handed, &["fee_income.sum.year_to_date"], "2026-05"), Some(("1".into(), false)));
    }
}
