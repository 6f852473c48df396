//! What of a stretch of time a figure is, and which aggregates may be asked of it.

use super::query::Aggregate;
use crate::record::settings::MeasureKind;

/// What of a stretch a figure is: declared once with each metric, and told by the kind of a measure. What a metric has no
/// meaning for cannot be asked of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timing {
    /// What happened in it, added up.
    Over,
    /// What stands on its last day.
    AtEnd,
    /// The same of something whose mean over the days is asked for too.
    Level,
    /// The mean over its days.
    Daily,
    /// One figure of the whole: a part of what was due, a median.
    Whole,
}

impl Timing {
    /// That of a measure.
    pub(super) fn of_measure(kind: MeasureKind) -> Self {
        match kind {
            MeasureKind::Balance => Self::Level,
            MeasureKind::Flow | MeasureKind::Count => Self::Over,
            MeasureKind::Ratio => Self::Whole,
        }
    }

    /// The aggregates of a metric computed from records, the usual one first.
    pub fn aggregates(self, kind: MeasureKind) -> &'static [Aggregate] {
        use Aggregate::{Average, Count, End, Max, Min, Sum};
        match (self, kind) {
            (Self::Over, MeasureKind::Count) => &[Count, Sum, Average, Min, Max],
            (Self::Over, _) => &[Sum, Average, Min, Max],
            (Self::AtEnd, MeasureKind::Count) => &[Count, End],
            (Self::AtEnd, _) => &[End],
            (Self::Level, _) => &[End, Average],
            (Self::Daily, _) => &[Average],
            (Self::Whole, _) => &[],
        }
    }
}

/// The aggregates of a measure, the usual one first.
pub(super) fn of_measure(kind: MeasureKind) -> &'static [Aggregate] {
    use Aggregate::{Average, Count, End, Max, Min, Sum};
    match kind {
        MeasureKind::Balance | MeasureKind::Ratio => &[Average, End, Min, Max],
        MeasureKind::Flow => &[Sum, Average, Min, Max],
        MeasureKind::Count => &[Count, Sum, End, Average, Min, Max],
    }
}

#[cfg(test)]
mod tests {
    use crate::book::load;
    use crate::metric::tests::answer;
    use crate::metric::{Aggregate, MetricQuery, Names, Portfolios, ask};
    use crate::period::Period;
    use crate::source::Snapshot;

    #[test]
    fn the_mean_of_what_was_drawn_goes_by_the_days_and_their_shares() {
        let text = "[[facilities]]\nid = 'f'\nproduct = '流贷'\nlimit = 500\ndrawn = 200\nclass = 'normal'\ndrawn_on = 2026-07-11\n\
                    history = [{ until = 2026-08-09, drawn = 400 }]\n\
                    [[credit]]\nfrom = 2026-01-01\nshares = { li = 100 }\n[[credit]]\nfrom = 2026-09-01\nshares = { li = 50, wang = 50 }\n";
        let book = [("a", text)];
        let of = |manager: &str, query: &str| answer(&book, manager, query, "2026-Q3");
        // 30 days at 400, 22 at 200 and 30 at half of 200, of 92: 19,400 / 92.
        assert_eq!(of("li", "drawn.average"), "210.869565");
        // 30 days at half of 200: 3,000 / 92.
        assert_eq!(of("wang", "drawn.average"), "32.608696");
        assert_eq!((of("li", "drawn").as_str(), of("li", "drawn.end").as_str()), ("100", "100"));
        // Once settled it is nothing, from that day on.
        let settled = [("a", text.replace("limit", "settled = 2026-08-20\nlimit"))];
        let settled: Vec<(&str, &str)> = settled.iter().map(|(id, text)| (*id, text.as_str())).collect();
        // 30 days at 400 and the ten to 19 August at 200: 14,000 / 92.
        assert_eq!(answer(&settled, "li", "drawn.average", "2026-Q3"), "152.173913");
    }

    #[test]
    fn what_happens_in_a_stretch_has_a_mean_a_least_and_a_greatest_month() {
        let visit = |day: &str| format!("[[visits]]\ndate = 2026-{day}\nby = 'li'\nkind = 'call'\n");
        let text: String = ["07-02", "09-03", "09-20"].into_iter().map(visit).collect();
        let book = [("a", text.as_str())];
        let of = |query: &str| answer(&book, "li", query, "2026-Q3");
        assert_eq!(
            (of("visits").as_str(), of("visits.sum").as_str(), of("visits.average").as_str()),
            ("3", "3", "1")
        );
        assert_eq!((of("visits.min").as_str(), of("visits.max").as_str()), ("0", "2"));
        assert_eq!(of("visits.average.year_to_date"), "0.333333");
    }

    #[test]
    fn a_metric_has_the_aggregates_that_mean_something_for_it() {
        let names = Names::of_settings(&crate::book::default_settings());
        let of = |name: &str| {
            let metric = names.get(name).unwrap();
            metric.aggregates.iter().map(|aggregate| aggregate.word()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(of("npl_ratio"), "end");
        assert_eq!(of("drawn"), "end average");
        assert_eq!(of("clients"), "count end");
        assert_eq!(of("hit_rate"), "");
        assert_eq!(of("request_days"), "");
        assert_eq!(of("visits"), "count sum average min max");
        assert_eq!(of("amount_won"), "sum average min max");
        assert_eq!(of("countable_average"), "average");
        // What grows with the days in post.
        let grows = |query: &str| {
            let query: MetricQuery = query.parse().unwrap();
            names.get(&query.name).unwrap().grows(query.aggregate)
        };
        for query in
            ["visits", "amount_won", "visits.average", "deposits", "deposits.average", "drawn.average"]
        {
            assert!(grows(query), "{query}");
        }
        for query in
            ["clients", "drawn", "deposits.end", "deposits.max", "npl_ratio", "hit_rate", "request_days"]
        {
            assert!(!grows(query), "{query}");
        }
    }

    #[test]
    fn a_ratio_of_a_stretch_has_a_least_and_a_greatest_month() {
        let settings = "name = 'B'\n[clients]\nlost_by = 'deposits'\n[measures.deposits]\ntitle = 'd'\nunit = '万元'\nkind = 'balance'\n\
            [measures.due]\ntitle = 'u'\nunit = '万元'\nkind = 'flow'\n[measures.paid]\ntitle = 'p'\nunit = '万元'\nkind = 'flow'\n\
            [measures.recovery]\ntitle = 'r'\nunit = '%'\nkind = 'ratio'\nnumerator = 'paid'\ndenominator = 'due'\n\
            [measures.density]\ntitle = 'y'\nunit = '%'\nkind = 'ratio'\nnumerator = 'paid'\ndenominator = 'deposits'\n";
        let client = "name = 'a'\nstatus = 'active'\nmanager = 'li'\ntier = 'key'\n[results]\n\
            2026-01 = { paid = 50, due = 100 }\n2026-02 = { paid = 90, due = 100 }\n2026-03 = { paid = 160, due = 200 }\n";
        let files = [("rmbook.toml", settings), ("clients/a.toml", client)];
        let (book, _) =
            load(&Snapshot::new(files.map(|(path, text)| (path.to_owned(), Ok(text.to_owned())))));
        let portfolios = Portfolios::new(&book);
        let portfolio = portfolios.of(["li"]);
        let of = |query: &str| {
            let known =
                ask(&portfolio.scope(false), &query.parse().unwrap(), "2026-Q1".parse::<Period>().unwrap());
            known.map_or_else(|reason| reason.to_string(), |known| known.amount.normalize().to_string())
        };
        // 300 of 400 in all; 50, 90 and 80 % month by month.
        assert_eq!(
            (of("recovery").as_str(), of("recovery.min").as_str(), of("recovery.max").as_str()),
            ("0.75", "0.5", "0.9")
        );
        let names = Names::of_settings(&book.settings);
        let ends = |name: &str| names.get(name).unwrap().aggregates.contains(&Aggregate::End);
        assert_eq!((ends("recovery"), ends("density")), (false, true));
    }
}
