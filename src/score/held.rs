//! What is held back or advanced of a period that is over and not closed: no more than it pays at once as it comes out now.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::Asked;
use super::apply::{Policies, Request, run};
use crate::book::Record;
use crate::check::held_above_pay;
use crate::diag::Finding;
use crate::metric::Portfolios;
use crate::path;
use crate::period::Period;
use crate::record::review::Review;
use crate::record::scorecard::LedgerKind;
use crate::source::Place;

/// Whether an entry of that kind is taken off what its period pays now.
fn holds(kind: LedgerKind) -> bool {
    matches!(kind, LedgerKind::Holdback | LedgerKind::Advance)
}

/// What is found of each manager, period and scheme; nothing while a record does not load. Of what was closed the rule itself tells.
pub fn findings(portfolios: &Portfolios<'_>, policies: &Policies, today: NaiveDate) -> Vec<Finding> {
    let book = portfolios.book();
    let reviews = book.reviews_by_manager();
    let booked = book.reviews.iter().flat_map(|review| review.data.ledger.iter().map(move |it| (review, it)));
    let held = booked.filter(|(_, entry)| book.is_whole() && holds(entry.kind));
    let periods: BTreeSet<Period> =
        held.map(|(review, entry)| entry.period.unwrap_or(review.data.period)).collect();
    let mut found = Vec::new();
    for period in periods.into_iter().filter(|period| period.last_day() < today) {
        let request = Request { period: Some(period), today: Some(today), ..Request::default() };
        for scored in run(portfolios, policies, request, &Asked::default()).unwrap_or_default() {
            let policy = &scored.policy.record;
            if policy.period.grain() != period.grain() {
                continue;
            }
            for card in &scored.cards {
                let Some(own) = reviews.get(&*card.profile.id) else { continue };
                let is_closed = |it: &&Record<Review>| {
                    it.data.period == period && it.data.closed.contains_key(&policy.scheme)
                };
                let Some(pay) = card.pay.as_ref().filter(|_| !own.iter().any(is_closed)) else {
                    continue;
                };
                let taken = pay.booked.iter().filter(|booked| holds(booked.kind));
                let held: Decimal = taken.map(|booked| -booked.amount).sum();
                let paid = pay.total - pay.deferred;
                let at = last(own, period, &policy.scheme).filter(|_| held > paid);
                let amount = |amount: Decimal| format!("{} {}", amount.normalize(), policy.money());
                found.extend(at.map(|at| held_above_pay(at, &amount(held), period, &amount(paid))));
            }
        }
    }
    found
}

/// The place of the last entry that holds back or advances pay of a period by a scheme.
fn last(reviews: &[&Record<Review>], period: Period, scheme: &str) -> Option<Place> {
    let entries = reviews.iter().flat_map(|review| {
        review.data.ledger.iter().enumerate().map(move |(index, entry)| (review, index, entry))
    });
    let own = entries.filter(|(review, _, entry)| {
        let is_of = entry.scheme.as_deref().is_none_or(|own| own == scheme);
        is_of && holds(entry.kind) && entry.period.unwrap_or(review.data.period) == period
    });
    let (review, index, _) = own.max_by_key(|(.., entry)| entry.date)?;
    Some(Place::value(review.file, path!["ledger", index, "amount"]))
}

#[cfg(test)]
mod tests {
    use super::super::grades::scored;
    use super::*;
    use crate::source::Snapshot;
    use crate::text::Lang;

    const BOOK: &str = concat!(
        "# file: managers/wang-fang.toml\nname = \"Wang Fang\"\nreports_to = \"zhao-lei\"\n",
        scored!(results: "2026-09 = { deposits = 500 }\n"; target: 1000),
        "[[pay.lines]]\nid = \"base\"\namount = \"5 万元\"\n[pay.deferral]\nshare = \"40%\"\nyears = [\"50%\", \"50%\"]\n",
        "# file: reviews/2026-09/wang-fang.toml\nmanager = \"wang-fang\"\nperiod = \"2026-09\"\n",
        "[[ledger]]\ndate = 2026-10-20\nkind = \"holdback\"\ncase = \"a\"\namount = 2\n",
        "[[ledger]]\ndate = 2026-10-21\nkind = \"advance\"\namount = 1.5\n",
    );

    fn found(book: &str, today: &str) -> Vec<String> {
        let parts = book.split("# file: ").skip(1).filter_map(|part| part.split_once('\n'));
        let files = parts.map(|(path, text)| (path.to_owned(), Ok(text.to_owned())));
        let (book, _) = crate::book::load(&Snapshot::new(files));
        let policies = Policies::of(&book);
        let found = findings(&Portfolios::new(&book), &policies, today.parse().unwrap());
        found.iter().map(|it| format!("{} {}", it.rule.code, it.message.get(Lang::En))).collect()
    }

    #[test]
    fn more_than_an_open_period_pays_is_not_held_back() {
        // Of 5 two fifths are deferred: 3 are paid at once, and 2 + 1.5 are held back and advanced.
        let expected =
            "RM662 3.5 万元 held back or advanced of the pay of 2026-09, of which 3 万元 is paid now";
        assert_eq!(found(BOOK, "2026-11-01"), [expected]);
        assert_eq!(found(&BOOK.replace("amount = 1.5", "amount = 1"), "2026-11-01"), [""; 0]);
        // While the period runs, nobody knows what it pays; once it is closed, the rule goes by what was frozen.
        assert_eq!(found(BOOK, "2026-09-30"), [""; 0]);
        let closed = "[closed.scorecard]\npolicy = \"main\"\ndigest = \"x\"\nclosed_on = 2026-10-12\n";
        assert_eq!(found(&format!("{BOOK}{closed}"), "2026-11-01"), [""; 0]);
    }
}
