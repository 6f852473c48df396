//! What expressions and curves may ask of one manager at one moment of scoring.

use std::cell::RefCell;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::board::{self, Board};
use super::card::{Figure, Items, MARK, RATERS};
use super::facts::{Each, Evidence, Known, Part, Profile, Source};
use super::run::Who;
use crate::msg;
use crate::period::Months;
use crate::policy::ask::Ask;
use crate::policy::curve::{Peers, Surroundings};
use crate::policy::expr::{Among, Environment, Expr, Leaf, Members, Scored, Trouble, Value};
use crate::policy::plan::Plan;
use crate::record::policy::curve::Group;
use crate::text::{Message, score};

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

    fn note(&self, name: &Arc<str>, value: Result<Value, Message>, evidence: Vec<Evidence>) {
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

    /// Why there are no figures of items or pay of those below the manager: another policy scores them all.
    fn none_below(&self, among: Among) -> Option<Trouble> {
        let below = matches!(among, Among::Led | Among::Reports);
        let others = self.board.managers[self.me].facts.others(among);
        let none =
            below && !others.is_empty() && others.iter().all(|other| self.board.other(other).is_none());
        let told = || msg!(score::MEMBERS_ELSEWHERE, members = Message::list(&others));
        none.then(|| Trouble::Missing(told()))
    }

    /// The totals, or the pay, under another scheme, summed up, each noted with its period. Who was paid in none was paid nothing.
    fn results(&self, how: Members, scheme: &str, what: &Scored) -> Result<Option<Decimal>, Trouble> {
        let results = self.board.managers[self.me].facts.results(scheme, what).map_err(Trouble::Missing)?;
        let (of, nothing) = match what {
            Scored::Line(id) => (format!(" pay.{id}"), Some(Decimal::ZERO)),
            Scored::Pay => (" pay".to_owned(), Some(Decimal::ZERO)),
            Scored::Total | Scored::Item(..) => (String::new(), None),
        };
        for (period, figure) in &results {
            self.note(&format!("{scheme} {period}{of}").into(), Ok(Value::Number(*figure)), Vec::new());
        }
        let found = board::total_of(how, results.into_iter().map(|(_, figure)| figure).collect());
        Ok(found.or(nothing.filter(|_| how == Members::Sum)))
    }

    pub(super) fn profile(&self) -> &Profile {
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
            Leaf::Members(among, ..) if let Some(none) = self.none_below(*among) => {
                self.told(name, Err(none))?
            }
            Leaf::Scheme(how, scheme, what) => self.told(name, self.results(*how, scheme, what))?,
            _ => self.compared(leaf, name)?.or_else(|| self.simple(leaf)),
        };
        match found {
            Some(value) => {
                self.note(name, Ok(value.clone()), Vec::new());
                if let Some((without, why)) = self.known_without(leaf, name) {
                    self.note(&without.into(), Err(why), Vec::new());
                }
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
