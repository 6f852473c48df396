//! What expressions and curves may ask of one manager at one moment of scoring.

use std::cell::RefCell;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::board::{self, Board};
use super::card::{Figure, Items, MARK, RATERS};
use super::facts::{Each, Evidence, Known, Part, Past, Profile, Source};
use super::run::Who;
use crate::msg;
use crate::period::{Months, Period};
use crate::policy::ask::Ask;
use crate::policy::curve::{Peers, Surroundings};
use crate::policy::expr::{Among, Environment, Expr, Leaf, Members, Reach, Scored, Span, Trouble, Value};
use crate::policy::plan::Plan;
use crate::record::policy::curve::Group;
use crate::text::score;

/// One manager at one moment; figures taken are noted as they are taken.
pub(super) struct Around<'a> {
    pub(super) board: &'a Board<'a>,
    /// Number of the manager on the board.
    pub(super) me: usize,
    /// The item at hand, for marks, raters and peers.
    pub(super) item: Option<&'a str>,
    pub(super) x: Option<Decimal>,
    pub(super) target: Option<Decimal>,
    pub(super) full: Decimal,
    /// The client or facility at hand.
    pub(super) part: Option<(Each, &'a Part)>,
    /// A rating supposed in place of the manager's own.
    pub(super) rating: Option<&'a str>,
    /// What is paid in all, once it is known.
    pub(super) pay_total: Option<Decimal>,
    /// What targets come to for the time in post, in the policy's money, where that is asked for.
    pub(super) served: Vec<(Arc<Ask>, Decimal)>,
    taken: RefCell<Vec<Figure>>,
}

type Got = Result<Value, Trouble>;

impl<'a> Around<'a> {
    pub(super) fn new(board: &'a Board<'a>, me: usize) -> Self {
        let full = Decimal::ONE;
        Self {
            board,
            me,
            item: None,
            x: None,
            target: None,
            full,
            part: None,
            rating: None,
            pay_total: None,
            served: Vec::new(),
            taken: RefCell::default(),
        }
    }

    /// The figures taken so far.
    pub(super) fn figures(self) -> Vec<Figure> {
        self.taken.into_inner()
    }

    /// The number of an expression.
    pub(super) fn number(&self, expression: &Expr) -> Result<Decimal, Trouble> {
        match expression.constant {
            Some(constant) => Ok(constant),
            None => expression.node.number(self),
        }
    }

    /// The truth of a condition.
    pub(super) fn flag(&self, condition: &Expr) -> Result<bool, Trouble> {
        condition.node.flag(self)
    }

    /// An optional number.
    pub(super) fn optional(&self, expression: Option<&Expr>) -> Result<Option<Decimal>, Trouble> {
        expression.map(|expression| self.number(expression)).transpose()
    }

    fn note(&self, name: &Arc<str>, value: Result<Value, crate::text::Message>, evidence: Vec<Evidence>) {
        let mut taken = self.taken.borrow_mut();
        if !taken.iter().any(|figure| figure.name == *name) {
            taken.push(Figure { name: name.clone(), value, evidence });
        }
    }

    fn ask(&self, ask: &Ask, factor: Decimal, name: &Arc<str>) -> Got {
        if let Some((_, served)) = self.served.iter().find(|(known, _)| **known == *ask) {
            return Ok(Value::Number(*served));
        }
        let facts = &self.board.managers[self.me].facts;
        let measured = match self.part {
            Some((each, part)) if ask.source == Source::Manager => facts.ask_part(each, part, ask),
            _ => facts.ask(ask),
        };
        match measured {
            Ok(Known { amount, mut evidence }) => {
                let amount = amount.checked_mul(factor).ok_or(Trouble::Overflow)?;
                if factor != Decimal::ONE {
                    evidence.iter_mut().for_each(|evidence| evidence.amount *= factor);
                }
                self.note(name, Ok(Value::Number(amount)), evidence);
                Ok(Value::Number(amount))
            }
            Err(reason) => {
                let reason = match self.part {
                    Some((_, part)) => msg!(score::OF_RECORD, record = &*part.id),
                    None => reason,
                };
                self.note(name, Err(reason.clone()), Vec::new());
                Err(Trouble::Missing(msg!(score::MISSING_FIGURE, name = &**name, reason = reason)))
            }
        }
    }

    /// The closed periods before the one that is judged, the oldest first.
    fn before(&self) -> impl DoubleEndedIterator<Item = &'a Past> {
        let facts = &self.board.managers[self.me].facts;
        let own = self.board.own;
        facts.history().iter().filter(move |past| past.period.last() < own.first())
    }

    /// A figure of the closed period before, or its sum over the year's earlier periods, each of which has to be known.
    fn earlier(&self, what: &Scored, span: Span) -> Option<Decimal> {
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
    fn closed(&self, span: Span) -> Option<&'a Past> {
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

    /// The totals of those below the manager, or of the one above, summed up, each of which has to be known. All are asked for,
    /// whatever becomes of one, so that everybody waited for is known.
    fn totals_of(&self, among: Among, how: Members) -> Result<Option<Decimal>, Trouble> {
        let facts = &self.board.managers[self.me].facts;
        let others = facts.others(among);
        let totals: Vec<Result<Option<Decimal>, Trouble>> =
            others.iter().map(|other| facts.total_of(other)).collect();
        let totals = totals.into_iter().filter_map(Result::transpose).collect::<Result<_, _>>()?;
        match board::total_of(how, totals) {
            None if among == Among::Head => Err(Trouble::Missing(match others.first() {
                Some(head) => msg!(score::HEAD_WITHOUT_TOTAL, head = &**head),
                None => score::NO_HEAD.into(),
            })),
            total => Ok(total),
        }
    }

    /// Why there is no figure of an item of whom the manager reports to: nobody, or who is not scored beside the manager.
    fn no_head(&self) -> Option<Trouble> {
        match self.board.managers[self.me].facts.others(Among::Head).first() {
            None => Some(Trouble::Missing(score::NO_HEAD.into())),
            Some(head) if self.board.other(head).is_none() => {
                Some(Trouble::Missing(msg!(score::HEAD_ELSEWHERE, head = &**head)))
            }
            Some(_) => None,
        }
    }

    /// The totals under another scheme, summed up, each noted with its period.
    fn results(&self, how: Members, scheme: &str) -> Result<Option<Decimal>, Trouble> {
        let results = self.board.managers[self.me].facts.results(scheme).map_err(Trouble::Missing)?;
        for (period, total) in &results {
            self.note(&format!("{scheme} {period}").into(), Ok(Value::Number(*total)), Vec::new());
        }
        Ok(board::total_of(how, results.into_iter().map(|(_, total)| total).collect()))
    }

    /// A figure of each earlier period of the year the manager was in post for, each of which has to be known.
    fn year_to_date(&self, of: impl Fn(&Past) -> Option<Decimal>) -> Option<Vec<Decimal>> {
        let mut figures = Vec::new();
        for earlier in self.earlier_in_year() {
            match self.before().find(|past| past.period == earlier) {
                Some(past) => figures.push(of(past)?),
                None if self.had_joined(earlier) => return None,
                None => {}
            }
        }
        Some(figures)
    }

    /// The period for which a name is not known because it is not closed.
    fn left_open(&self, leaf: &Leaf) -> Option<Period> {
        let Board { period, own, managers, .. } = self.board;
        let closed = |earlier: &Period| self.before().any(|past| past.period == *earlier);
        let open = |earlier: &Period| self.had_joined(*earlier) && !closed(earlier);
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

    /// Whether the manager was in post in an earlier period, as far as is known.
    fn had_joined(&self, earlier: Period) -> bool {
        let months = self.board.period.last().since(earlier.last());
        self.profile().months.is_none_or(|in_post| i64::from(in_post) > i64::from(months))
    }

    /// The totals of several periods one after the other, summed up; each has to be known.
    fn last_totals(&self, how: Members, reach: Reach) -> Option<Decimal> {
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

    fn profile(&self) -> &Profile {
        self.board.managers[self.me].facts.profile()
    }

    /// The months that are scored: those of the period, or of one that is scored to date those so far.
    pub(super) fn months(&self) -> Months {
        self.board.managers[self.me].facts.months().unwrap_or_else(|| self.board.period.months())
    }

    /// What the manager is scored by.
    pub(super) fn plan(&self) -> &'a Plan {
        &self.board.managers[self.me].plan
    }

    /// What the manager's items came to.
    pub(super) fn items(&self) -> &'a Items {
        &self.board.managers[self.me].items
    }

    /// What is known of others; who stands open among them is noted.
    fn compared(&self, leaf: &Leaf, name: &Arc<str>) -> Result<Option<Value>, Trouble> {
        let found = match leaf {
            Leaf::Members(among, how, what) => self.board.summed(self.me, *among, *how, what),
            Leaf::Rank(group) => self.board.rank(self.me, *group),
            Leaf::Size(group) => self.board.size(self.me, *group),
            _ => return Ok(None),
        };
        let found = found.map_err(|open| {
            self.note(name, Err(open.clone()), Vec::new());
            Trouble::Open(open)
        });
        Ok(found?.map(Value::Number))
    }

    /// What came of totals that were made beyond this turn of scoring; why there is none is noted.
    fn told(
        &self,
        name: &Arc<str>,
        found: Result<Option<Decimal>, Trouble>,
    ) -> Result<Option<Value>, Trouble> {
        if let Err(Trouble::Missing(reason) | Trouble::Open(reason) | Trouble::Circle(reason)) = &found {
            self.note(name, Err(reason.clone()), Vec::new());
        }
        let named = |reason| msg!(score::MISSING_FIGURE, name = &**name, reason = reason);
        match found {
            Ok(total) => Ok(total.map(Value::Number)),
            Err(Trouble::Missing(reason)) => Err(Trouble::Missing(named(reason))),
            Err(Trouble::Open(reason)) => Err(Trouble::Open(named(reason))),
            Err(trouble) => Err(trouble),
        }
    }

    /// What is known without a record: who and when it is, and what was computed before.
    fn simple(&self, leaf: &Leaf) -> Option<Value> {
        let number = |number: Option<Decimal>| number.map(Value::Number);
        let text = |text: &Option<Box<str>>| text.clone().map(Value::Text);
        let card = &self.board.managers[self.me].card;
        match leaf {
            Leaf::X => number(self.x),
            Leaf::Target => number(self.target),
            Leaf::Full => number(Some(self.full)),
            Leaf::Record(attribute, factor) => {
                let (_, part) = self.part?;
                match self.board.managers[self.me].facts.attribute(part, *attribute)? {
                    Value::Number(amount) => Some(Value::Number(amount * factor)),
                    other => Some(other),
                }
            }
            Leaf::Earlier(what, span) => number(self.earlier(what, *span)),
            Leaf::Totals(how, reach) => number(self.last_totals(*how, *reach)),
            Leaf::EarlierRating(span) => self.closed(*span).and_then(|past| text(&past.rating)),
            Leaf::Item(part, id) => number(self.board.managers[self.me].figure(*part, id)),
            Leaf::Dimension(id) => number(
                card.dimensions.iter().find(|dimension| dimension.id == *id).and_then(|found| found.points),
            ),
            Leaf::Total => number(self.board.total(self.me)),
            Leaf::Rating => self.rating.or(card.rating.as_deref()).map(|rating| Value::Text(rating.into())),
            Leaf::Line(id) => number(self.board.managers[self.me].line(id)),
            Leaf::PayTotal => number(self.pay_total),
            Leaf::Ask(..)
            | Leaf::Scheme(..)
            | Leaf::Members(..)
            | Leaf::Rank(_)
            | Leaf::Size(_)
            | Leaf::Unread => None,
            of_who => Who { profile: self.profile(), months: self.months() }.known(of_who),
        }
    }
}

impl Environment for Around<'_> {
    fn leaf(&self, leaf: &Leaf, name: &Arc<str>) -> Got {
        if let Leaf::Ask(ask, factor) = leaf {
            return self.ask(ask, *factor, name);
        }
        let found = match leaf {
            Leaf::Members(among, how, Scored::Total) => self.told(name, self.totals_of(*among, *how))?,
            Leaf::Members(Among::Head, ..) if let Some(none) = self.no_head() => {
                self.told(name, Err(none))?
            }
            Leaf::Scheme(how, scheme) => self.told(name, self.results(*how, scheme))?,
            _ => self.compared(leaf, name)?.or_else(|| self.simple(leaf)),
        };
        match found {
            Some(value) => {
                self.note(name, Ok(value.clone()), Vec::new());
                Ok(value)
            }
            None => {
                let (noted, reason) = match self.left_open(leaf) {
                    Some(period) => {
                        let noted = msg!(score::LEFT_OPEN, period = period.to_string());
                        (noted.clone(), msg!(score::MISSING_FIGURE, name = &**name, reason = noted))
                    }
                    None => {
                        let reason = msg!(score::NO_FIGURE, name = &**name);
                        (reason.clone(), reason)
                    }
                };
                self.note(name, Err(noted), Vec::new());
                Err(Trouble::Missing(reason))
            }
        }
    }

    fn chosen(&self, name: &Arc<str>, value: &Value) {
        let mut taken = self.taken.borrow_mut();
        taken.retain(|figure| figure.name != *name);
        taken.push(Figure { name: name.clone(), value: Ok(value.clone()), evidence: Vec::new() });
    }
}

impl Surroundings for Around<'_> {
    fn number(&self, parameter: &Expr) -> Result<Decimal, Trouble> {
        Around::number(self, parameter)
    }

    fn flag(&self, condition: &Expr) -> Result<bool, Trouble> {
        Around::flag(self, condition)
    }

    fn peers(&self, group: Group) -> Result<Arc<Peers>, Trouble> {
        self.board.peers(self.me, self.item, group).map_err(Trouble::Open)
    }

    fn mark(&self) -> Option<Decimal> {
        let item = self.item?;
        let mark = self.board.managers[self.me].facts.mark(item)?;
        let reason = mark.reason.unwrap_or_default();
        self.note(
            &Arc::from(format!("{MARK}{reason}")),
            Ok(Value::Number(mark.value.amount)),
            mark.value.evidence,
        );
        Some(mark.value.amount)
    }

    fn raters(&self, group: &str) -> Vec<Decimal> {
        let Some(item) = self.item else {
            return Vec::new();
        };
        let raters = self.board.managers[self.me].facts.raters(item);
        let mine: Vec<_> = raters.into_iter().filter(|rater| &*rater.group == group).collect();
        let evidence = mine.iter().flat_map(|rater| rater.score.evidence.clone()).collect();
        self.note(&Arc::from(format!("{RATERS}{group}")), Ok(Value::Number(mine.len().into())), evidence);
        mine.into_iter().map(|rater| rater.score.amount).collect()
    }
}
