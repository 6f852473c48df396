//! What expressions and curves may ask of the closed periods behind one that is scored.

use rust_decimal::Decimal;

use super::around::Around;
use super::board::{self, Board};
use super::facts::Past;
use super::partial;
use crate::msg;
use crate::period::{Month, Period};
use crate::policy::expr::{Leaf, Members, Reach, Scored, Span};
use crate::text::{Message, score};

impl<'a> Around<'a> {
    /// The closed periods before the one that is judged, the oldest first.
    fn before(&self) -> impl DoubleEndedIterator<Item = &'a Past> {
        let facts = &self.board.managers[self.me].facts;
        let own = self.board.own;
        facts.history().iter().filter(move |past| past.period.last() < own.first())
    }

    /// A figure of the closed period before, or its sum over the year's earlier periods, each of which has to be known. What one of
    /// them carried over into the next is counted once.
    pub(super) fn earlier(&self, what: &Scored, span: Span) -> Option<Decimal> {
        let by = (self.plan(), self.board.managers[self.me].facts.history());
        let of = |past: &Past, with_carried| match what {
            Scored::Item(part, id) => partial::figure(by, past, (*part, id), with_carried),
            Scored::Total => past.total,
            Scored::Pay => past.pay_total,
            // A line that was not paid then is none of the lines of a pay that is known.
            Scored::Line(id) => past.pay.get(&**id).copied().or(past.pay_total.map(|_| Decimal::ZERO)),
        };
        match span {
            Span::YearToDate => {
                let without = |past: &Past| of(past, false);
                self.judged(self.earlier_in_year(), without).map(|figures| figures.iter().sum())
            }
            Span::Last | Span::YearAgo => of(self.closed(span)?, true),
        }
    }

    /// The closed period before, or the same period of the year before.
    pub(super) fn closed(&self, span: Span) -> Option<&'a Past> {
        match span {
            Span::YearAgo => self.before().find(|past| past.period == self.year_ago()),
            Span::Last | Span::YearToDate => self.before().last(),
        }
    }

    /// The same period of the year before the one that is judged.
    fn year_ago(&self) -> Period {
        let own = self.board.own;
        own.plus(-12 / own.grain().months())
    }

    /// A figure of each of some earlier periods in which the manager was judged, each of which has to be known: one closed without a
    /// judgement adds nothing, and so does one in which nothing was to be judged.
    fn judged(
        &self,
        mut periods: impl Iterator<Item = Period>,
        of: impl Fn(&Past) -> Option<Decimal>,
    ) -> Option<Vec<Decimal>> {
        let figure = |figures: Vec<Decimal>, earlier: Period| {
            let past = self.before().find(|past| past.period == earlier);
            let found = match past {
                Some(past) if past.is_judged() => Some(of(past)?),
                None if self.was_scored(earlier) => return None,
                Some(_) | None => None,
            };
            Some(figures.into_iter().chain(found).collect())
        };
        periods.try_fold(Vec::new(), figure)
    }

    /// The period for which a name is not known because it is not closed.
    pub(super) fn left_open(&self, leaf: &Leaf) -> Option<Period> {
        let Board { period, own, managers, .. } = self.board;
        let closed = |earlier: &Period| self.before().any(|past| past.period == *earlier);
        let open = |earlier: &Period| self.was_scored(*earlier) && !closed(earlier);
        let in_year = || self.earlier_in_year().find(open);
        match leaf {
            Leaf::Total
            | Leaf::Rating
            | Leaf::Item(..)
            | Leaf::Members(..)
            | Leaf::Dimension(_)
            | Leaf::Rank(_)
            | Leaf::Size(_) => self.board.is_open(self.me).then_some(*period),
            Leaf::Earlier(_, Span::YearToDate) | Leaf::Totals(_, Reach::Year) => in_year(),
            Leaf::Totals(_, Reach::Last { periods, .. }) => self.back(periods - 1).find(open),
            Leaf::Earlier(_, span) | Leaf::EarlierRating(span) => {
                let before = if *span == Span::YearAgo { self.year_ago() } else { own.plus(-1) };
                managers[self.me].facts.is_open(before).then_some(before)
            }
            _ => None,
        }
    }

    /// So many periods before the one that is judged, the last first.
    fn back(&self, periods: u32) -> impl Iterator<Item = Period> + use<> {
        let own = self.board.own;
        (1..).take(periods as usize).map(move |back| own.plus(-back))
    }

    /// The periods of the year before the one that is judged, the last first.
    fn earlier_in_year(&self) -> impl Iterator<Item = Period> + use<> {
        let year = self.board.own.last().year();
        self.back(11).take_while(move |earlier| earlier.first().year() == year)
    }

    /// What a figure that is known is known without, as it is noted, and why: the periods of the year before the scheme began, which
    /// add nothing, or the period before, in whose place the last closed one stands.
    pub(super) fn known_without(&self, leaf: &Leaf, name: &str) -> Option<(String, Message)> {
        let (facts, own) = (&self.board.managers[self.me].facts, self.board.own);
        match leaf {
            Leaf::Earlier(_, Span::YearToDate) | Leaf::Totals(_, Reach::Year) => {
                let known = |earlier: &Period| self.before().any(|past| past.period == *earlier);
                let begins = facts.begins()?;
                let before = |earlier: &Period| self.had_joined(*earlier) && earlier.last_day() < begins;
                self.earlier_in_year().find(|earlier| before(earlier) && !known(earlier))?;
                let first = Period::containing(Month::of(begins), own.grain()).to_string();
                Some((format!("{name} < {first}"), msg!(score::SCHEME_BEGINS, period = first)))
            }
            Leaf::Earlier(_, Span::Last) | Leaf::EarlierRating(Span::Last) => {
                let open = Some(own.plus(-1)).filter(|open| facts.is_open(*open))?.to_string();
                let from = self.closed(Span::Last)?.period.to_string();
                let noted = format!("{name} {open}");
                Some((noted, msg!(score::STANDS_IN, name = name, from = from, open = open)))
            }
            _ => None,
        }
    }

    /// Whether the manager was to be scored for an earlier period, as far as is known: in post, the scheme in force and for them.
    fn was_scored(&self, earlier: Period) -> bool {
        let facts = &self.board.managers[self.me].facts;
        let in_force = facts.begins().is_none_or(|begins| begins <= earlier.last_day());
        self.had_joined(earlier) && in_force && !facts.is_outside(earlier)
    }

    /// Whether the manager was in post in an earlier period, as far as is known.
    fn had_joined(&self, earlier: Period) -> bool {
        let months = self.board.period.last().since(earlier.last());
        self.profile().months.is_none_or(|in_post| i64::from(in_post) > i64::from(months))
    }

    /// The totals of several periods one after the other, summed up; each has to be known.
    pub(super) fn last_totals(&self, how: Members, reach: Reach) -> Option<Decimal> {
        let mut totals = vec![self.board.total(self.me)?];
        let total = |past: &Past| past.total;
        let fewest = match reach {
            Reach::Last { periods, fewest } => {
                totals.extend(self.judged(self.back(periods - 1), total)?);
                fewest as usize
            }
            Reach::Year => {
                totals.extend(self.judged(self.earlier_in_year(), total)?);
                1
            }
        };
        if totals.len() < fewest { None } else { board::total_of(how, totals) }
    }
}
