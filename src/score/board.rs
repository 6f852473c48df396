//! Everybody a policy scores, side by side: what one manager's curves and conditions may know of the others.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rust_decimal::Decimal;

use super::card::{ItemScore, Scorecard};
use super::facts::Facts;
use super::group::Groups;
use crate::period::Period;
use crate::policy::curve::Peers;
use crate::policy::curve::peers::place;
use crate::policy::expr::{Members, Part};
use crate::policy::plan::Plan;
use crate::record::policy::RatingOn;
use crate::record::policy::curve::{Better, Group, Ties};

/// One manager on the board.
pub(super) struct Manager<'a> {
    pub(super) facts: &'a dyn Facts,
    pub(super) plan: Arc<Plan>,
    pub(super) items: HashMap<Arc<str>, ItemScore>,
    pub(super) card: Scorecard,
    /// What the curve at hand takes from this manager, where it takes anything.
    pub(super) input: Option<Decimal>,
    /// What the manager's place goes by; nothing for whoever takes none.
    pub(super) standing: Option<Decimal>,
}

/// A kind of group and the number of one of them.
type Key = (Group, usize);
type Known = HashMap<Key, Arc<Peers>>;
/// A figure of an item summed up over a group.
type Summed = HashMap<(Key, Members, Part, Arc<str>), Option<Decimal>>;

/// Everybody.
pub(super) struct Board<'a> {
    pub(super) period: Period,
    /// In id order.
    pub(super) managers: Vec<Manager<'a>>,
    pub(super) by_id: BTreeMap<Box<str>, usize>,
    groups: Groups,
    /// Whether scoring has come to pay.
    pub(super) paying: bool,
    /// Whether anybody's result looked at those of others.
    compared: AtomicBool,
    /// Groups of the curve at hand, and of totals, once somebody asked for them.
    inputs: Mutex<Known>,
    totals: Mutex<Known>,
    /// What items were summed up to over groups.
    summed: Mutex<Summed>,
}

impl<'a> Board<'a> {
    pub(super) fn new(period: Period, managers: Vec<Manager<'a>>) -> Self {
        let by_id = managers.iter().enumerate();
        let by_id = by_id.map(|(at, manager)| (manager.facts.profile().id.clone(), at)).collect();
        let groups = Groups::new(managers.iter().map(|manager| manager.facts.profile()));
        Self {
            period,
            managers,
            by_id,
            groups,
            paying: false,
            compared: AtomicBool::new(false),
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
        before
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

    /// Who is in a manager's group.
    pub(super) fn group(&self, me: usize, group: Group) -> &[usize] {
        self.groups.members(me, group)
    }

    fn cached(
        &self,
        cache: &Mutex<Known>,
        me: usize,
        group: Group,
        value: impl Fn(usize) -> Option<Decimal>,
    ) -> Arc<Peers> {
        self.compared.store(true, Ordering::Relaxed);
        let key = (group, self.groups.number(me, group));
        let mut known = cache.lock().unwrap_or_else(PoisonError::into_inner);
        let values = || self.group(me, group).iter().filter_map(|other| value(*other)).collect();
        known.entry(key).or_insert_with(|| Arc::new(Peers::new(values()))).clone()
    }

    /// A figure of an item, scored for everybody before, summed up by `sum` over a manager's group.
    pub(super) fn summed(
        &self,
        me: usize,
        (group, how, part, id): (Group, Members, Part, &Arc<str>),
        sum: impl Fn(&mut dyn Iterator<Item = &ItemScore>) -> Option<Decimal>,
    ) -> Option<Decimal> {
        self.compared.store(true, Ordering::Relaxed);
        let key = ((group, self.groups.number(me, group)), how, part, id.clone());
        let mut known = self.summed.lock().unwrap_or_else(PoisonError::into_inner);
        let items = || self.group(me, group).iter().filter_map(|other| self.managers[*other].items.get(id));
        *known.entry(key).or_insert_with(|| sum(&mut items()))
    }

    /// The inputs of the curve at hand in a manager's group.
    pub(super) fn peers(&self, me: usize, group: Group) -> Arc<Peers> {
        self.cached(&self.inputs, me, group, |other| self.managers[other].input)
    }

    /// What places in a manager's group go by; known once everybody has a total.
    pub(super) fn totals(&self, me: usize, group: Group) -> Arc<Peers> {
        self.cached(&self.totals, me, group, |other| self.managers[other].standing)
    }

    /// A manager's place.
    pub(super) fn rank(&self, me: usize, group: Group) -> Option<Decimal> {
        let standing = self.managers[me].standing?;
        Some(place(standing, &self.totals(me, group).sorted, Better::Higher, Ties::Min))
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
