//! The ledger of a manager's pay: deferred instalments, cases held back or clawed back, and what was advanced.
//!
//! Each kind of entry moves one balance and no other: a release pays an instalment out, a return gives a case back, a clawback
//! that names an instalment forfeits it. Defined once for the reports, `due` and the checks.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{Book, Record};
use crate::period::Period;
use crate::record::client::Client;
use crate::record::review::Review;
use crate::record::scorecard::{LedgerEntry, LedgerKind};
use crate::record::value::Day;

/// What became of one instalment of deferred pay.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Instalment {
    /// Deferred when the period was closed.
    pub deferred: Decimal,
    /// Paid out since.
    pub released: Decimal,
    /// Clawed back before it was paid.
    pub forfeited: Decimal,
}

impl Instalment {
    /// What is still to be paid; negative where more was taken than there was.
    pub fn balance(&self) -> Decimal {
        self.deferred - self.released - self.forfeited
    }
}

/// What was taken for one case, and given back.
#[derive(Clone, Debug)]
pub struct Case<'b> {
    /// Held back or clawed back.
    pub kind: LedgerKind,
    /// Period whose pay it first concerned.
    pub period: Period,
    /// The first entry.
    pub entry: &'b LedgerEntry,
    /// Taken in all.
    pub taken: Decimal,
    /// Given back in all.
    pub returned: Decimal,
}

/// The ledger of one manager.
#[derive(Clone, Debug, Default)]
pub struct Ledger<'b> {
    /// By the period they were earned in, the scheme that deferred them and the year they fall due.
    pub instalments: BTreeMap<(Period, &'b str, i32), Instalment>,
    /// By their name and the scheme that their entries name; a holdback without a name stands under an empty one.
    pub cases: BTreeMap<(LedgerKind, &'b str, Option<&'b str>), Case<'b>>,
}

impl<'b> Ledger<'b> {
    /// The ledger in a manager's reviews. Pay is deferred by closing a period, whatever the scheme.
    pub fn of(reviews: &[&'b Record<Review>]) -> Self {
        Self::until(reviews, |_| true, NaiveDate::MAX)
    }

    /// The same with what was deferred of the periods that are `over`, and the entries booked by a day in whatever review.
    pub fn until(reviews: &[&'b Record<Review>], over: impl Fn(Period) -> bool, day: NaiveDate) -> Self {
        let mut ledger = Self::default();
        for review in reviews.iter().filter(|review| over(review.data.period)) {
            for (scheme, closed) in review.data.standings() {
                for instalment in &closed.deferral {
                    let key = (review.data.period, scheme, instalment.due.0);
                    ledger.instalments.entry(key).or_default().deferred += instalment.amount.0;
                }
            }
        }
        let entries = reviews
            .iter()
            .flat_map(|review| review.data.ledger.iter().map(|entry| (review.data.period, entry)));
        let mut entries: Vec<(Period, &LedgerEntry)> =
            entries.filter(|(_, entry)| entry.date.0 <= day).collect();
        entries.sort_by_key(|(_, entry)| (entry.kind == LedgerKind::Return, entry.date));
        for (period, entry) in entries {
            ledger.enter(entry.period.unwrap_or(period), entry);
        }
        ledger
    }

    fn enter(&mut self, period: Period, entry: &'b LedgerEntry) {
        let case = entry.case.as_deref().unwrap_or_default();
        match entry.kind {
            LedgerKind::Release => {
                let key = self.instalment(period, entry);
                self.instalments.entry(key).or_default().released += entry.amount.0;
            }
            LedgerKind::Clawback | LedgerKind::Holdback => {
                if entry.kind == LedgerKind::Clawback && entry.due.is_some() {
                    let key = self.instalment(period, entry);
                    self.instalments.entry(key).or_default().forfeited += entry.amount.0;
                }
                let fresh = || Case {
                    kind: entry.kind,
                    period,
                    entry,
                    taken: Decimal::ZERO,
                    returned: Decimal::ZERO,
                };
                self.cases.entry((entry.kind, case, entry.scheme.as_deref())).or_insert_with(fresh).taken +=
                    entry.amount.0;
            }
            LedgerKind::Return => {
                if let Some(case) = self.taken_for(case, entry.scheme.as_deref()) {
                    case.returned += entry.amount.0;
                }
            }
            LedgerKind::Advance => {}
        }
    }

    /// The case a return gives back: the holdback of that name, else the clawback, of the same scheme where there is one.
    fn taken_for(&mut self, case: &'b str, scheme: Option<&str>) -> Option<&mut Case<'b>> {
        let of_case = |kind, same: bool| {
            let mut keys = self.cases.keys();
            keys.find(|key| key.0 == kind && key.1 == case && (!same || key.2 == scheme)).copied()
        };
        let kinds = [LedgerKind::Holdback, LedgerKind::Clawback];
        let key = kinds.into_iter().find_map(|kind| of_case(kind, true).or_else(|| of_case(kind, false)))?;
        self.cases.get_mut(&key)
    }

    /// The instalment that an entry moves. One that names no scheme or no year is of the first in which something of the period is
    /// still to be paid.
    fn instalment(&self, period: Period, entry: &'b LedgerEntry) -> (Period, &'b str, i32) {
        let (scheme, due) = (entry.scheme.as_deref(), entry.due.map(|due| due.0));
        let is_of = |(of, by, year): &(Period, &str, i32)| {
            *of == period && scheme.is_none_or(|own| own == *by) && due.is_none_or(|due| due == *year)
        };
        let known = || self.instalments.iter().filter(|(key, _)| is_of(key));
        let open = known().find(|(_, instalment)| instalment.balance() > Decimal::ZERO);
        let found = open.or_else(|| known().next_back()).map(|(key, _)| *key);
        found.unwrap_or((period, scheme.unwrap_or_default(), due.unwrap_or(period.last().year() + 1)))
    }

    /// The instalments of all periods together, by the year they fall due and the unit that the pay of a scheme is in for a period.
    pub fn by_year<'u>(
        &self,
        unit: impl Fn(Period, &str) -> Option<&'u str>,
    ) -> BTreeMap<(i32, Option<&'u str>), Instalment> {
        let mut years: BTreeMap<_, Instalment> = BTreeMap::new();
        for ((period, scheme, due), instalment) in &self.instalments {
            let sum = years.entry((*due, unit(*period, scheme))).or_default();
            sum.deferred += instalment.deferred;
            sum.released += instalment.released;
            sum.forfeited += instalment.forfeited;
        }
        years
    }

    /// What is still held back of the pay of a scheme in a period, by cases that name no pay line or one of these.
    pub fn held_back(&self, (scheme, period): (&str, Period), has_line: impl Fn(&str) -> bool) -> Decimal {
        let of_pay = |case: &&Case<'_>| {
            let entry = case.entry;
            case.period == period && entry.is_of(scheme, &has_line)
        };
        let held = self.cases.values().filter(|case| case.kind == LedgerKind::Holdback).filter(of_pay);
        held.map(|case| case.taken - case.returned).sum()
    }
}

/// A facility the manager originated that was non-performing on a day, by its history where that tells of the day: its client, and its
/// place there. While there is one, none of the manager's deferred pay is released.
pub fn open_case<'b>(book: &'b Book, manager: &str, day: Day) -> Option<(&'b Record<Client>, usize)> {
    book.clients.iter().find_map(|client| {
        let facility = client.data.facilities.iter().position(|facility| {
            facility.originated_by.as_deref() == Some(manager)
                && facility.as_of(day.0).is_some_and(|then| then.class.is_npl())
        })?;
        Some((client, facility))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;

    fn review(period: &str, text: &str) -> Record<Review> {
        let text = format!("manager = 'li'\nperiod = '{period}'\n{text}");
        Record {
            id: format!("{period}/li").into(),
            file: FileId::default(),
            data: toml::from_str(&text).unwrap(),
        }
    }

    #[test]
    fn each_kind_of_entry_moves_its_own_balance() {
        let reviews = [
            review(
                "2026-03",
                "[closed.pay]\npolicy = 'p'\ndigest = 'x'\nclosed_on = 2026-04-10\npay_total = 10\n\
                 deferral = [{ due = '2027', amount = 2 }, { due = '2028', amount = 2 }]\n\
                 [[ledger]]\ndate = 2026-04-12\nkind = 'holdback'\namount = 3\ncase = 'a'\n\
                 [[ledger]]\ndate = 2026-05-12\nkind = 'return'\namount = 1\ncase = 'a'\n\
                 [[ledger]]\ndate = 2027-01-12\nkind = 'release'\namount = 1.5\ndue = '2027'\n\
                 [[ledger]]\ndate = 2027-03-12\nkind = 'clawback'\namount = 2\ncase = 'b'\ndue = '2028'\n",
            ),
            review("2026-04", "[[ledger]]\ndate = 2026-05-12\nkind = 'advance'\namount = 9\n"),
        ];
        let ledger = Ledger::of(&reviews.iter().collect::<Vec<_>>());
        let balances: Vec<String> = ledger
            .instalments
            .iter()
            .map(|((period, _, due), instalment)| format!("{period} {due} {}", instalment.balance()))
            .collect();
        // 2 less 1.5 paid out; 2 less 2 forfeited.
        assert_eq!(balances, ["2026-03 2027 0.5", "2026-03 2028 0"]);
        // 3 less 1; neither the release nor the advance touches it, and it is of the pay of March alone.
        let held = |ledger: &Ledger<'_>, period: &str| {
            ledger.held_back(("pay", period.parse().unwrap()), |_| true).to_string()
        };
        assert_eq!((held(&ledger, "2026-03"), held(&ledger, "2026-04")), ("2".into(), "0".into()));
        // On 30 April nothing was returned yet.
        let april =
            Ledger::until(&reviews.iter().collect::<Vec<_>>(), |_| true, "2026-04-30".parse().unwrap());
        assert_eq!(held(&april, "2026-03"), "3");
        assert_eq!(ledger.cases[&(LedgerKind::Clawback, "b", None)].taken.to_string(), "2");
    }
}
