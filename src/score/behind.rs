//! What expressions and curves may ask of the closed periods behind one that is scored.

use rust_decimal::Decimal;

use super::around::Around;
use super::board::{self, Board};
use super::facts::Past;
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

    /// A figure of the closed period before, or its sum over the year's earlier periods, each of which has to be known.
    pub(super) fn earlier(&self, what: &Scored, span: Span) -> Option<Decimal> {
        let of = |past: &Past| match what {
            Scored::Item(part, id) => past.figure(*part, id),
            Scored::Total => past.total,
            Scored::Pay => past.pay_total,
            // A line that was not paid then is none of the lines of a pay that is known.
            Scored::Line(id) => past.pay.get(&**id).copied().or(past.pay_total.map(|_| Decimal::ZERO)),
        };
        match span {
            Span::YearToDate => self.year_to_date(of).map(|figures| figures.iter().sum()),
            Span::Last | Span::YearAgo => of(self.closed(span)?),
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

    /// A figure of each earlier period of the year the manager was in post for, each of which has to be known.
    fn year_to_date(&self, of: impl Fn(&Past) -> Option<Decimal>) -> Option<Vec<Decimal>> {
        let mut figures = Vec::new();
        for earlier in self.earlier_in_year() {
            match self.before().find(|past| past.period == earlier) {
                Some(past) => figures.push(of(past)?),
                None if self.was_scored(earlier) => return None,
                None => {}
            }
        }
        Some(figures)
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
            Leaf::Totals(_, Reach::Last(periods)) => {
                let back = (1..*periods).filter_map(|back| Some(own.plus(-i32::try_from(back).ok()?)));
                back.into_iter().find(open)
            }
            Leaf::Earlier(_, span) | Leaf::EarlierRating(span) => {
                let before = if *span == Span::YearAgo { self.year_ago() } else { own.plus(-1) };
                managers[self.me].facts.is_open(before).then_some(before)
            }
            _ => None,
        }
    }

    /// The periods of the year before the one that is judged, the last first.
    fn earlier_in_year(&self) -> impl Iterator<Item = Period> + use<> {
        let own = self.board.own;
        let earlier = (1..12).map(move |back| own.plus(-back));
        earlier.take_while(move |earlier| earlier.first().year() == own.last().year())
    }

    /// What a figure that is known is known without, as it is noted, and why: the periods of the year before the scheme began, which
    /// add nothing, or the period before, in whose place the last closed one stands.
    pub(super) fn known_without(&self, leaf: &Leaf, name: &str) -> Option<(String, Message)> {
        let (facts, own) = (&self.board.managers[self.me].facts, self.board.own);
        match leaf {
            Leaf::Earlier(_, Span::YearToDate) | Leaf::Totals(_, Reach::Year) => {
                let known = |earlier: &Period| self.before().any(|past| past.period == *earlier);
                let unscored = |earlier: &Period| self.had_joined(*earlier) && !self.was_scored(*earlier);
                self.earlier_in_year().find(|earlier| unscored(earlier) && !known(earlier))?;
                let first = Period::containing(Month::of(facts.begins()?), own.grain()).to_string();
                Some((format!("{name} < {first}"), msg!(score::SCHEME_BEGINS, period = first)))
            }
            Leaf::Earlier(_, Span::Last) | Leaf::EarlierRating(Span::Last) => {
                let open = Some(own.plus(-1)).filter(|open| facts.is_open(*open))?.to_string();
                Some((format!("{name} {open}"), msg!(score::LEFT_OPEN, period = open)))
            }
            _ => None,
        }
    }

    /// Whether the manager was to be scored for an earlier period, as far as is known: in post, the scheme in force.
    fn was_scored(&self, earlier: Period) -> bool {
        let begins = self.board.managers[self.me].facts.begins();
        self.had_joined(earlier) && begins.is_none_or(|begins| begins <= earlier.last_day())
    }

    /// Whether the manager was in post in an earlier period, as far as is known.
    fn had_joined(&self, earlier: Period) -> bool {
        let months = self.board.period.last().since(earlier.last());
        self.profile().months.is_none_or(|in_post| i64::from(in_post) > i64::from(months))
    }

    /// The totals of several periods one after the other, summed up; each has to be known.
    pub(super) fn last_totals(&self, how: Members, reach: Reach) -> Option<Decimal> {
        let mut totals = vec![self.board.total(self.me)?];
        let periods = match reach {
            Reach::Last(periods) => periods,
            Reach::Year => {
                totals.extend(self.year_to_date(|past| past.total)?);
                return board::total_of(how, totals);
            }
        };
        for back in 1..periods {
            let earlier = self.board.own.plus(-i32::try_from(back).ok()?);
            totals.push(self.before().find(|past| past.period == earlier)?.total?);
        }
        board::total_of(how, totals)
    }
}
