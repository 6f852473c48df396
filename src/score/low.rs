//! Low ratings that were published before they were closed: the talk is due from the day they were made known.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::Asked;
use super::apply::{Policies, Request, run};
use crate::book::Record;
use crate::book::deadline::Deadlines;
use crate::check::low_rating;
use crate::diag::Finding;
use crate::metric::Portfolios;
use crate::path;
use crate::period::Period;
use crate::record::review::Review;
use crate::source::Place;

/// What is found of published reviews that nothing was frozen of; nothing while a record does not load.
pub fn findings(portfolios: &Portfolios<'_>, policies: &Policies, today: NaiveDate) -> Vec<Finding> {
    let book = portfolios.book();
    let is_open = |review: &&Record<Review>| review.data.closed.is_empty() && review.data.published.is_some();
    let open: Vec<&Record<Review>> =
        book.reviews.iter().filter(is_open).filter(|_| book.is_whole()).collect();
    let periods: BTreeSet<Period> = open.iter().map(|review| review.data.period).collect();
    let deadlines = Deadlines::new(&book.settings);
    let low = &book.settings.management.low_ratings;
    let mut found = Vec::new();
    for period in periods {
        let of_grain =
            policies.ready.values().filter(|policy| policy.record.period.grain() == period.grain());
        let schemes: BTreeSet<&str> = of_grain.map(|policy| policy.record.scheme.as_str()).collect();
        let scored = schemes.into_iter().flat_map(|scheme| {
            let request = Request {
                period: Some(period),
                scheme: Some(scheme),
                today: Some(today),
                ..Request::default()
            };
            run(portfolios, policies, request, &Asked::default()).unwrap_or_default()
        });
        let cards: Vec<_> = scored.flat_map(|scored| scored.cards).collect();
        for review in open.iter().filter(|review| review.data.period == period) {
            let own = cards.iter().filter(|card| *card.profile.id == *review.data.manager);
            let rated = own
                .filter_map(|card| card.rating.as_deref())
                .find(|rating| low.iter().any(|low| low == rating));
            let due = review.data.published.and_then(|known| {
                let due = deadlines.talk_since(book, &review.data, known)?;
                Some((known.0, due))
            });
            if let (Some(rated), Some(days)) = (rated, due.filter(|(_, due)| *due < today)) {
                let at = Place::value(review.file, path!["published"]);
                found.push(low_rating(book, (&review.data, at), rated, days));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::grades::scored;
    use super::*;
    use crate::source::Snapshot;
    use crate::text::Lang;

    const BOOK: &str = concat!(
        "# file: managers/wang-fang.toml\nname = \"Wang Fang\"\nreports_to = \"zhao-lei\"\n",
        "# file: reviews/2026-09/wang-fang.toml\nmanager = \"wang-fang\"\nperiod = \"2026-09\"\npublished = 2026-10-01\n",
        scored!(results: "2026-09 = { deposits = 500 }\n"; target: 1000)
    );

    fn found(book: &str, today: &str) -> Vec<String> {
        let parts = book.split("# file: ").skip(1).filter_map(|part| part.split_once('\n'));
        let files = parts.map(|(path, text)| (path.to_owned(), Ok(text.to_owned())));
        let snapshot = Snapshot::new(files);
        let (book, _) = crate::book::load(&snapshot);
        let policies = Policies::of(&book);
        let found = findings(&Portfolios::new(&book), &policies, today.parse().unwrap());
        found.iter().map(|it| format!("{} {}", it.rule.code, it.message.get(Lang::En))).collect()
    }

    #[test]
    fn what_is_published_asks_for_a_talk_though_it_is_not_closed() {
        // Half of the target is 50 points, which is a D; 30 days after 1 October is the 31st.
        let expected = "RM602 rated `D`, made known on 2026-10-01; a talk was due by 2026-10-31";
        assert_eq!(found(BOOK, "2026-11-01"), [expected]);
        assert_eq!(found(BOOK, "2026-10-31"), [""; 0]);
        let talked = BOOK
            .replace("published = 2026-10-01\n", "published = 2026-10-01\n[[talks]]\ndate = 2026-10-12\n");
        assert_eq!(found(&talked, "2026-11-01"), [""; 0]);
        assert_eq!(found(&BOOK.replace("deposits = 500", "deposits = 900"), "2026-11-01"), [""; 0]);
    }
}
