//! Everybody a policy scores, side by side: what one manager's curves and conditions may know of the others.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::{Deref, Range};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rust_decimal::{Decimal, MathematicalOps};

use super::card::{ItemScore, Items, Scorecard, Standing, WEIGHTS_EXCEED};
use super::facts::{Facts, Past};
use super::group::Groups;
use crate::period::Period;
use crate::policy::curve::Peers;
use crate::policy::curve::peers::place;
use crate::policy::expr::{Among, Members, Part, Scored};
use crate::policy::plan::Plan;
use crate::record::policy::RatingOn;
use crate::record::policy::curve::{Better, Group, Ties};
use crate::text::Message;

/// The facts of somebody on a board: lent to it, or found for it.
pub(super) enum Held<'a> {
    /// Lent.
    Lent(&'a dyn Facts),
    /// Found for an earlier period.
    Found(Box<dyn Facts + 'a>),
}

impl<'a> Held<'a> {
    /// Those that were lent.
    pub(super) fn lent(&self) -> Option<&'a dyn Facts> {
        match self {
            Self::Lent(facts) => Some(*facts),
            Self::Found(_) => None,
        }
    }
}

impl<'a> Deref for Held<'a> {
    type Target = dyn Facts + 'a;

    fn deref(&self) -> &Self::Target {
        match self {
            Self::Lent(facts) => *facts,
            Self::Found(facts) => &**facts,
        }
    }
}

/// One manager on the board.
pub(super) struct Manager<'a> {
    pub(super) facts: Held<'a>,
    pub(super) plan: Arc<Plan>,
    pub(super) items: Items,
    pub(super) card: Scorecard,
    /// What the curve at hand takes from this manager, where it takes anything.
    pub(super) input: Option<Decimal>,
    /// How far the pay is made.
    pub(super) paid: Paid,
    /// Whether it is open by which terms the manager is scored, and with it all that the items come to.
    pub(super) unsettled: bool,
    /// What was decided, on a board of a closed period: figures of items are those.
    pub(super) decided: Option<Past>,
}

impl<'a> Manager<'a> {
    /// Somebody of whom nothing is scored yet.
    pub(super) fn new(facts: Held<'a>, plan: Arc<Plan>, card: Scorecard) -> Self {
        let (items, paid) = (HashMap::new(), Paid::default());
        Self { facts, plan, items, card, input: None, paid, unsettled: false, decided: None }
    }

    /// Whether the total is given and nothing is scored: somebody who takes a place, and has neither items nor pay.
    pub(super) fn is_given(&self) -> bool {
        self.facts.given_total().is_some()
    }

    /// Whether the manager is judged at all, so that others are held against the manager's figures.
    fn is_assessed(&self) -> bool {
        self.card.not_assessed.is_none()
    }

    /// Why nothing of an item is known, for those who look at it: it stands open, or by which terms it is scored.
    fn open(&self, part: Option<Part>, id: &str) -> Option<Message> {
        let Self { card, items, .. } = self;
        let failed = items.get(id).is_some_and(|item| matches!(item.standing, Standing::Failed(_)));
        let unweighed = part == Some(Part::Points);
        let error = card.errors.iter().find(|error| match &error.item {
            _ if self.unsettled => true,
            Some(item) => failed && **item == *id,
            None => unweighed && error.word == WEIGHTS_EXCEED,
        });
        error.map(|error| error.of(&card.profile.id))
    }

    /// A figure of an item for those who look at it; nothing where there is none, and why where it stands open.
    fn told(&self, part: Part, id: &str) -> Result<Option<Decimal>, Message> {
        let found = self.figure(part, id);
        match self.open(Some(part), id).filter(|_| found.is_none() || self.unsettled || part == Part::Points)
        {
            Some(open) => Err(open),
            None => Ok(found),
        }
    }

    /// A figure of an item, as it was decided or so far.
    pub(super) fn figure(&self, part: Part, id: &str) -> Option<Decimal> {
        match &self.decided {
            Some(past) => past.figure(part, id),
            None => figure(self.items.get(id)?, part),
        }
    }

    /// What a line that is decided comes to: nothing but zero where it does not apply, nothing known where it could not be made.
    pub(super) fn line(&self, id: &Arc<str>) -> Option<Decimal> {
        let pay = self.card.pay.as_ref()?;
        let made = pay.lines.iter().find(|line| line.id == *id).map(|line| line.amount);
        let failed = || self.card.unpaid.iter().any(|error| error.item.as_ref() == Some(id));
        made.or_else(|| (self.paid.lines.contains(id) && !failed()).then_some(Decimal::ZERO))
    }

    /// What of the pay somebody else may look at; nothing while it is not made, and no amount for a line that is not the manager's.
    fn shown(&self, what: &Scored) -> Result<Option<Option<Decimal>>, Message> {
        let card = &self.card;
        if let Some(error) = card.errors.iter().chain(&card.unpaid).next() {
            return Err(error.of(&card.profile.id));
        }
        let Some(pay) = &card.pay else { return Ok(None) };
        Ok(match what {
            Scored::Line(id) if self.paid.lines.contains(id) => {
                let lines = self.plan.pay.iter().flat_map(|pay| &pay.lines);
                let own = lines.into_iter().any(|line| line.id == *id);
                Some(self.line(id).filter(|_| own))
            }
            Scored::Pay if self.paid.whole => Some(Some(pay.total)),
            Scored::Line(_) | Scored::Pay | Scored::Item(..) | Scored::Total => None,
        })
    }
}

/// How far somebody's pay is made, for those whose pay looks at it.
#[derive(Default)]
pub(super) struct Paid {
    /// The lines that are decided, paid or not.
    pub(super) lines: HashSet<Arc<str>>,
    /// Whether all of it is.
    pub(super) whole: bool,
}

/// A kind of group and the number of one of them.
type Key = (Group, usize);
/// What is known of a group, or who in it stands open and why.
type Told<T> = Result<T, Message>;
type Known = HashMap<Key, Told<Arc<Peers>>>;
/// A figure summed up over a group.
type Summed = HashMap<(Key, Members, Scored, bool), Told<Option<Decimal>>>;

/// Everybody.
pub(super) struct Board<'a> {
    pub(super) period: Period,
    /// The period of the policy's own length that it is, or is a part of: earlier periods are those before it.
    pub(super) own: Period,
    /// In id order.
    pub(super) managers: Vec<Manager<'a>>,
    pub(super) by_id: BTreeMap<Box<str>, usize>,
    groups: Groups,
    /// Whether scoring has come to pay.
    pub(super) paying: bool,
    /// Whether nothing is known of others, so that nobody has a place among them.
    pub(super) alone: bool,
    /// Whether anybody's result looked at those of others.
    compared: AtomicBool,
    /// What each curve of each item took from everybody, for those who are scored again beside them.
    took: HashMap<(Arc<str>, usize), Vec<Option<Decimal>>>,
    /// Groups of the curve at hand, and of totals, once somebody asked for them.
    inputs: Mutex<Known>,
    totals: Mutex<Known>,
    /// What items and pay were summed up to over groups.
    summed: Mutex<Summed>,
}

impl<'a> Board<'a> {
    pub(super) fn new(period: Period, managers: Vec<Manager<'a>>) -> Self {
        let by_id = managers.iter().enumerate();
        let by_id = by_id.map(|(at, manager)| (manager.facts.profile().id.clone(), at)).collect();
        let groups = Groups::new(managers.iter().map(|manager| manager.facts.profile()));
        Self {
            period,
            own: period,
            managers,
            by_id,
            groups,
            paying: false,
            alone: false,
            compared: AtomicBool::new(false),
            took: HashMap::new(),
            inputs: Mutex::default(),
            totals: Mutex::default(),
            summed: Mutex::default(),
        }
    }

    /// Puts somebody, who may be in other groups, in the place of `me`.
    pub(super) fn replace(&mut self, me: usize, manager: Manager<'a>) -> Manager<'a> {
        let before = std::mem::replace(&mut self.managers[me], manager);
        self.groups = Groups::new(self.managers.iter().map(|manager| manager.facts.profile()));
        self.summed.get_mut().unwrap_or_else(PoisonError::into_inner).clear();
        self.totals.get_mut().unwrap_or_else(PoisonError::into_inner).clear();
        before
    }

    /// Forgets what was summed up before the points of items were known.
    pub(super) fn forget_sums(&mut self) {
        self.summed.get_mut().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Whether anybody's result looked at those of others so far, shares of a pool aside.
    pub(super) fn compared(&self) -> bool {
        self.compared.load(Ordering::Relaxed)
    }

    /// A manager, for somebody else's result.
    pub(super) fn other(&self, id: &str) -> Option<&Manager<'a>> {
        self.compared.store(true, Ordering::Relaxed);
        self.by_id.get(id).map(|at| &self.managers[*at])
    }

    /// Forgets the groups of the curve before.
    pub(super) fn next_curve(&mut self) {
        self.inputs.get_mut().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Notes what a curve takes from everybody; where only `some` are scored again, puts before it what it took from the others.
    pub(super) fn take(&mut self, curve: (Arc<str>, usize), some: &Range<usize>) {
        if some.len() == self.managers.len() {
            let taken = self.managers.iter().map(|manager| manager.input).collect();
            self.took.insert(curve, taken);
        } else if let Some(taken) = self.took.get(&curve) {
            for (at, (manager, input)) in self.managers.iter_mut().zip(taken).enumerate() {
                if !some.contains(&at) {
                    manager.input = *input;
                }
            }
        }
    }

    /// Whether everybody was scored by a curve.
    pub(super) fn has_taken(&self, curve: &(Arc<str>, usize)) -> bool {
        self.took.contains_key(curve)
    }

    /// Who is in a manager's group.
    pub(super) fn group(&self, me: usize, group: Group) -> &[usize] {
        self.groups.members(me, group)
    }

    fn cached(
        &self,
        cache: &Mutex<Known>,
        me: usize,
        group: Group,
        value: impl Fn(&Manager<'_>) -> Told<Option<Decimal>>,
    ) -> Told<Arc<Peers>> {
        self.compared.store(true, Ordering::Relaxed);
        let key = (group, self.groups.number(me, group));
        let mut known = cache.lock().unwrap_or_else(PoisonError::into_inner);
        let values = || -> Told<Vec<Decimal>> {
            let values = self.group(me, group).iter().map(|other| value(&self.managers[*other]));
            values.filter_map(Result::transpose).collect()
        };
        known.entry(key).or_insert_with(|| values().map(|values| Arc::new(Peers::new(values)))).clone()
    }

    /// A figure scored for everybody before, summed up over those below a manager, of the one above, or over the manager's group.
    pub(super) fn summed(
        &self,
        me: usize,
        among: Among,
        how: Members,
        what: &Scored,
    ) -> Told<Option<Decimal>> {
        if self.alone {
            return Ok(None);
        }
        // Who is closed is held against what comes out now, of everybody alike.
        let sees_closed = self.managers[me].facts.frozen().is_none();
        let group = match among {
            Among::Group(group) => group,
            Among::Led | Among::Reports | Among::Head => {
                let others = self.managers[me].facts.others(among);
                let others = others.iter().filter_map(|other| self.other(other));
                return self.sum(others, how, what, sees_closed);
            }
        };
        self.compared.store(true, Ordering::Relaxed);
        let key = ((group, self.groups.number(me, group)), how, what.clone(), sees_closed);
        let mut known = self.summed.lock().unwrap_or_else(PoisonError::into_inner);
        let members = || self.group(me, group).iter().map(|other| &self.managers[*other]);
        known.entry(key).or_insert_with(|| self.sum(members(), how, what, sees_closed)).clone()
    }

    /// Who has no figure, or is not assessed, is left out; nobody knows a sum while somebody's part of it stands open.
    fn sum<'b>(
        &self,
        members: impl Iterator<Item = &'b Manager<'a>>,
        how: Members,
        what: &Scored,
        sees_closed: bool,
    ) -> Told<Option<Decimal>>
    where
        'a: 'b,
    {
        let closed = |member: &'b Manager<'a>| member.facts.frozen().filter(|_| sees_closed);
        let is_judged = |member: &'b Manager<'a>| {
            closed(member).map_or_else(|| member.is_assessed(), |closed| closed.past.is_judged())
        };
        let members = members.filter(|member| is_judged(member) && !member.is_given());
        if let Scored::Item(part, id) = what {
            let figure = |member: &'b Manager<'a>| match closed(member) {
                Some(closed) => closed.item(&member.plan, *part, id),
                None => member.told(*part, id),
            };
            let figures = members.filter_map(|member| figure(member).transpose());
            return Ok(total_of(how, figures.collect::<Told<_>>()?));
        }
        let paid = |member: &'b Manager<'a>| match closed(member) {
            Some(closed) => closed.paid(&member.plan, what),
            None => member.shown(what),
        };
        let paid: Vec<Option<Option<Decimal>>> = members.map(paid).collect::<Told<_>>()?;
        let Some(paid) = paid.into_iter().collect::<Option<Vec<_>>>() else { return Ok(None) };
        let nothing = (how == Members::Sum && !paid.is_empty()).then_some(Decimal::ZERO);
        Ok(total_of(how, paid.into_iter().flatten().collect()).or(nothing))
    }

    /// The inputs of the curve at hand, one of `item`, in a manager's group, of those who are assessed.
    pub(super) fn peers(&self, me: usize, item: Option<&str>, group: Group) -> Told<Arc<Peers>> {
        self.cached(&self.inputs, me, group, |other| {
            let input = other.input.filter(|_| other.is_assessed());
            // What the curve took counts, whatever became of it later.
            let waits = || other.is_assessed() && (other.input.is_none() || other.unsettled);
            let open = item.filter(|_| waits()).and_then(|item| other.open(None, item));
            open.map_or(Ok(input), Err)
        })
    }

    /// What places in a manager's group go by; known once everybody has a total.
    fn totals(&self, me: usize, group: Group) -> Told<Arc<Peers>> {
        let standing = |card: &Scorecard| card.unplaced.clone().map_or(Ok(card.standing), Err);
        self.cached(&self.totals, me, group, |other| standing(&other.card))
    }

    /// A manager's place; none for whoever takes none, whoever else stands open.
    pub(super) fn rank(&self, me: usize, group: Group) -> Told<Option<Decimal>> {
        let card = &self.managers[me].card;
        if self.alone || card.standing.is_none() && card.unplaced.is_none() {
            return Ok(None);
        }
        let totals = self.totals(me, group)?;
        Ok(card.standing.map(|standing| place(standing, &totals, Better::Higher, Ties::Min)))
    }

    /// How many take a place in a manager's group.
    pub(super) fn size(&self, me: usize, group: Group) -> Told<Option<Decimal>> {
        if self.alone {
            return Ok(None);
        }
        Ok(Some(self.totals(me, group)?.sorted.len().into()))
    }

    /// Whether this is an earlier period that was not closed for a manager: nothing is decided about it.
    pub(super) fn is_open(&self, me: usize) -> bool {
        let manager = &self.managers[me];
        manager.facts.lent().is_none() && manager.decided.is_none()
    }

    /// The total so far: the last step where the total is still in the making; the exact one where pay asks for it.
    pub(super) fn total(&self, me: usize) -> Option<Decimal> {
        let Manager { card, plan, .. } = &self.managers[me];
        let pay = plan.pay.as_ref().filter(|_| self.paying);
        if pay.is_some_and(|pay| pay.total_on == RatingOn::Exact) {
            return card.exact_total;
        }
        card.total.or_else(|| card.steps.last().map(|step| step.total))
    }
}

/// A figure of an item that is scored.
fn figure(item: &ItemScore, part: Part) -> Option<Decimal> {
    match part {
        Part::Score => item.score,
        Part::Points if item.has_weight() => item.points,
        Part::Points => item.points.or(item.score),
        Part::Value => item.value,
        Part::Target => item.target.as_ref().map(|target| target.value),
    }
}

/// Numbers of several made one; nothing where there are none.
pub(super) fn total_of(how: Members, numbers: Vec<Decimal>) -> Option<Decimal> {
    match how {
        _ if numbers.is_empty() => None,
        Members::Mean => Some(mean(&numbers)),
        Members::Sum => Some(numbers.iter().sum()),
        Members::Min => numbers.into_iter().min(),
        Members::Max => numbers.into_iter().max(),
        Members::Deviation => {
            let middle = mean(&numbers);
            let squares: Vec<Decimal> =
                numbers.iter().map(|number| (number - middle) * (number - middle)).collect();
            mean(&squares).sqrt()
        }
    }
}

fn mean(numbers: &[Decimal]) -> Decimal {
    numbers.iter().sum::<Decimal>() / Decimal::from(numbers.len())
}
