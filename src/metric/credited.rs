//! The figures of every measure over a stretch of months, for tables that show many: found in one pass over each manager's clients.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::ask::Portfolios;
use super::figures::{Then, gaps, hundred_days, one};
use crate::book::Book;
use crate::book::credit::{percent_days, percent_on};
use crate::period::{Month, Months};
use crate::record::settings::MeasureKind;

/// The figures credited to each manager, by measure and month. What several managers earn together is the sum of what each
/// earns, so that nothing is divided before it is added up.
pub struct Credited<'b> {
    book: &'b Book,
    stretch: Months,
    /// Whether each month of the stretch has figures anywhere in the book.
    figured: Vec<bool>,
    /// The first month in which any client has a figure of each measure.
    begun: BTreeMap<&'b str, Month>,
    /// The months whose shares credit every figure; without them, each month's are credited by its own.
    shares_of: Option<Months>,
    sums: BTreeMap<&'b str, BTreeMap<&'b str, Sums>>,
    /// The months that are missing between others of a manager's clients, by manager and measure.
    gaps: BTreeMap<(&'b str, &'b str), BTreeSet<Month>>,
}

/// For each month: Σ figure × percent, of a balance by its own shares Σ figure × percent × days, and by those of other months
/// in parts of [`Then::whole`].
type Sums = Vec<Decimal>;

impl<'b> Credited<'b> {
    /// Balances and sums as [`super::figures::average`] and [`super::figures::sum`] give them.
    pub fn own<'m>(
        portfolios: &Portfolios<'b>,
        managers: impl IntoIterator<Item = &'m str>,
        stretch: Months,
    ) -> Self {
        Self::found(portfolios, managers, stretch, None)
    }

    /// Figures of an earlier stretch by the shares of `now`, as [`super::figures::earlier`] gives them.
    pub fn earlier<'m>(
        portfolios: &Portfolios<'b>,
        managers: impl IntoIterator<Item = &'m str>,
        stretch: Months,
        now: Months,
    ) -> Self {
        Self::found(portfolios, managers, stretch, Some(now))
    }

    fn found<'m>(
        portfolios: &Portfolios<'b>,
        managers: impl IntoIterator<Item = &'m str>,
        stretch: Months,
        shares_of: Option<Months>,
    ) -> Self {
        let figured = stretch.iter().map(|month| portfolios.figured.contains(month)).collect();
        let book = portfolios.book();
        let mut all = Self {
            book,
            stretch,
            figured,
            begun: begun(book),
            shares_of,
            sums: BTreeMap::new(),
            gaps: BTreeMap::new(),
        };
        let mut missing: BTreeMap<(&str, &str), BTreeSet<Month>> = BTreeMap::new();
        for (manager, clients) in managers.into_iter().filter_map(|manager| portfolios.earned(manager)) {
            let mut sums: BTreeMap<&str, Sums> = BTreeMap::new();
            for client in clients.iter().map(|record| &record.data) {
                let percent = |id: &str, month: Month| match shares_of {
                    Some(now) => all.then(id, now).percents(client, id, &[manager])(month),
                    None if all.is_balance(id) => percent_days(client, id, &[manager], one(month)),
                    None => percent_on(client, id, &[manager], month.last_day()),
                };
                for (id, month) in gaps(client, stretch, &|id| all.is_balance(id)) {
                    if !percent(id, month).is_zero() {
                        missing.entry((manager, id)).or_default().insert(month);
                    }
                }
                for (month, figures) in client.results.range(stretch.first..=stretch.last) {
                    for (id, figure) in figures.iter() {
                        let Some(amount) = figure.avg else { continue };
                        let percent = percent(id, *month);
                        let months = sums.entry(id).or_insert_with(|| vec![Decimal::ZERO; all.figured.len()]);
                        months[all.index(*month)] += amount.0 * percent;
                    }
                }
            }
            all.sums.insert(manager, sums);
        }
        all.gaps = missing;
        all
    }

    /// The average or sum of a measure that `managers` earned together over `months` of the stretch; nothing where one of them
    /// has no figures in the book, nobody had the measure yet, or a month between others of a client is missing.
    pub fn figure(&self, managers: &[&str], measure: &str, months: Months) -> Option<Decimal> {
        let has_begun = self.begun.get(measure).is_some_and(|begun| *begun <= months.first);
        if !has_begun || !months.iter().all(|month| self.figured[self.index(month)]) {
            return None;
        }
        let is_missing = |manager: &&str| {
            let of_measure = self.gaps.get(&(*manager, measure));
            of_measure.is_some_and(|gaps| gaps.range(months.first..=months.last).next().is_some())
        };
        if managers.iter().any(is_missing) {
            return None;
        }
        let of_managers: Vec<&Sums> =
            managers.iter().filter_map(|manager| self.sums.get(manager)?.get(measure)).collect();
        let sum = |month| of_managers.iter().map(|sums| sums[self.index(month)]).sum::<Decimal>();
        let plain = || months.iter().map(sum).sum::<Decimal>();
        Some(match (self.shares_of, self.is_balance(measure)) {
            (None, true) => plain() / hundred_days(months),
            (None, false) => plain() / Decimal::ONE_HUNDRED,
            (Some(now), true) => {
                let weighed = months.iter().map(|month| sum(month) * Decimal::from(month.days()));
                weighed.sum::<Decimal>() / (Decimal::from(months.days()) * self.then(measure, now).whole())
            }
            (Some(now), false) => plain() / self.then(measure, now).whole(),
        })
    }

    /// The same over the whole stretch.
    pub fn whole(&self, managers: &[&str], measure: &str) -> Option<Decimal> {
        self.figure(managers, measure, self.stretch)
    }

    /// The shares by which the stretch compares with `now`.
    fn then(&self, measure: &str, now: Months) -> Then {
        let kind = if self.is_balance(measure) { MeasureKind::Balance } else { MeasureKind::Flow };
        Then { kind, then: self.stretch, now }
    }

    fn is_balance(&self, measure: &str) -> bool {
        let measure = self.book.settings.measures.get(measure);
        measure.is_some_and(|measure| measure.kind == MeasureKind::Balance)
    }

    /// The place of a month in the stretch, in which it must lie.
    fn index(&self, month: Month) -> usize {
        usize::try_from(month.since(self.stretch.first)).expect("a month of the stretch")
    }
}

/// From when on each measure is known: before it was kept, it was not zero.
pub(super) fn begun(book: &Book) -> BTreeMap<&str, Month> {
    let mut begun: BTreeMap<&str, Month> = BTreeMap::new();
    for (month, figures) in book.clients.iter().flat_map(|record| &record.data.results) {
        for (id, _) in figures.iter() {
            begun.entry(id).and_modify(|first| *first = (*first).min(*month)).or_insert(*month);
        }
    }
    begun
}
