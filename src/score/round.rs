//! One period of a book scored: who falls under which policy, periods made of shorter ones, and who moved in mid-period.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;

use super::apply::{Policies, Request, Scored};
use super::beyond::Beyond;
use super::blend::{Blend, CardPart, How, blend};
use super::book::BookIndex;
use super::card::Scorecard;
use super::facts::Profile;
use super::ledger::book;
use super::payslip::PayResult;
use super::places::place;
use super::run::{foresee, score_parts};
use super::sealed::seal;
use super::stint::{Stint, stints};
use super::{BookFacts, Facts, Who, in_post, score};
use crate::book::Record;
use crate::msg;
use crate::period::{Grain, Month, Months, Period};
use crate::policy::Policy;
use crate::policy::overlap::{Chosen, choose};
use crate::record::kind::RecordKind;
use crate::record::manager::Manager;
use crate::record::policy::RollUp;
use crate::record::review::Review;
use crate::record::scorecard::LedgerEntry;
use crate::text::{Message, score as say};

/// What a round of scoring goes by.
#[derive(Clone)]
pub(super) struct Round<'a, 'p> {
    pub(super) index: &'a BookIndex<'a>,
    pub(super) policies: &'p Policies,
    pub(super) request: Request<'p>,
    /// What was made beyond this turn, by scheme.
    pub(super) beyond: BTreeMap<Box<str>, Arc<Beyond>>,
    /// The schemes and periods whose results wait for this one.
    pub(super) waiting: Vec<(Box<str>, Period)>,
}

/// A policy and those it is for, as they are taken to be.
pub(super) struct Sitting<'a, 'p> {
    id: &'p str,
    pub(super) policy: &'p Policy,
    pub(super) managers: Vec<(&'a Record<Manager>, Profile)>,
}

/// A scheme and a manager.
type Key<'p> = (&'p str, Box<str>);

/// Stints of those who moved.
type Movers<'p> = BTreeMap<Key<'p>, Vec<Stint>>;

impl<'a, 'p> Round<'a, 'p> {
    pub(super) fn new(index: &'a BookIndex<'a>, policies: &'p Policies, request: Request<'p>) -> Self {
        Self { index, policies, request, beyond: BTreeMap::new(), waiting: Vec::new() }
    }

    /// The scorecards of a period under these schemes. A policy that does not say how it scores a period as long is left out,
    /// and refused where it is the only one.
    pub(super) fn of(&self, period: Period, schemes: &[&'p str]) -> Result<Vec<Scored<'p>>, Message> {
        self.scored(period, schemes, self.request.as_closed)
    }

    pub(super) fn scored(
        &self,
        period: Period,
        schemes: &[&'p str],
        as_closed: bool,
    ) -> Result<Vec<Scored<'p>>, Message> {
        let mut round = self.clone();
        round.beyond.clear();
        for scheme in schemes {
            let beyond = self.beyond(period, scheme)?;
            round.beyond.extend(beyond.map(|beyond| (Box::from(*scheme), Arc::new(beyond))));
        }
        let mut scored = round.turn(period, schemes)?;
        for scored in &mut scored {
            round.settle(scored, as_closed);
        }
        Ok(scored)
    }

    /// One turn of scoring, with what is known beyond it.
    pub(super) fn turn(&self, period: Period, schemes: &[&'p str]) -> Result<Vec<Scored<'p>>, Message> {
        let (mut scored, mut refused) = (Vec::new(), None);
        for sitting in self.sittings(period, schemes, &|manager| self.index.profile(manager, period))? {
            let (id, policy) = (sitting.id, sitting.policy);
            let longer = period.grain() > policy.record.period.grain();
            let cards = match (longer, policy.record.roll_up) {
                (true, None) => {
                    refused = Some(msg!(say::NO_ROLL_UP, policy = id, period = period.to_string()));
                    continue;
                }
                (true, Some(RollUp::Mean)) => self.rolled(&sitting, period, How::Mean)?,
                (true, Some(RollUp::Last)) => self.rolled(&sitting, period, How::Last)?,
                (true, Some(RollUp::Recompute)) | (false, _) => {
                    let make = if self.request.ahead { foresee } else { score };
                    self.with(&sitting, period, |subjects| make(policy, period, subjects))
                }
            };
            let beyond = self.known(&policy.record.scheme);
            scored.push(Scored { id, policy, period, cards, beyond });
        }
        match refused {
            Some(refused) if scored.is_empty() => return Err(refused),
            _ => self.split(period, &mut scored)?,
        }
        Ok(scored)
    }

    /// What follows once everybody is scored: whether the period is over, what was closed of it, what the ledger says.
    fn settle(&self, scored: &mut Scored<'p>, as_closed: bool) {
        let running = self.request.today.is_some_and(|today| today <= scored.period.last_day());
        let plain = self.request.instead.is_none() && self.index.asked().is_plain();
        let until = self.request.booked.or(self.request.today).unwrap_or(NaiveDate::MAX);
        for card in &mut scored.cards {
            card.to_date |= running;
            let reviews = self.index.reviews(&card.profile.id);
            let own = reviews.iter().find(|review| review.data.period == scored.period && plain);
            if let Some(review) = own {
                seal(scored.policy, &review.data, card, (as_closed, until));
                if as_closed {
                    self.as_then(&scored.policy.record.scheme, &review.data, until, card);
                }
            }
            if let Some(pay) = &mut card.pay {
                let (scheme, profile) = (&scored.policy.record.scheme, &card.profile);
                let of = |entry: &LedgerEntry, pay: &PayResult| {
                    let about = (scored.period, entry.line.as_deref());
                    let pays = || {
                        self.pays(scored.policy, scored.period) && self.is_of(scheme, profile, reviews, about)
                    };
                    entry.is_of(scheme, |line| pay.pays_line(line)) && (entry.scheme.is_some() || pays())
                };
                book(reviews, (scored.period, until), of, pay);
            }
        }
        place(&mut scored.cards);
    }

    /// Puts the grade and the team in which somebody was closed, where the closing says.
    fn as_then(&self, scheme: &str, review: &Review, until: NaiveDate, card: &mut Scorecard) {
        let Some(standing) = review.standing_on(scheme, until) else { return };
        let closed = &standing.closed;
        if let Some(grade) = &closed.grade {
            card.profile.grade = Some(grade.as_str().into());
        }
        if closed.ledger.is_some() {
            let now = |team: &str| self.index.book().formerly(RecordKind::Team, team).unwrap_or(team).into();
            card.profile.team = closed.team.as_deref().map(now);
        }
    }

    /// Whether a policy pays a period, so that entries of the ledger that name no scheme are of it: one of just its length, else the
    /// sum of shorter ones. What a policy of longer periods gives to date is not paid.
    pub(super) fn pays(&self, policy: &Policy, period: Period) -> bool {
        let grain = |policy: &Policy| policy.record.period.grain();
        let mut others = self.policies.ready.values().filter(|other| other.base.pay.is_some());
        match grain(policy).cmp(&period.grain()) {
            Ordering::Equal => true,
            Ordering::Less => others.all(|other| grain(other) != period.grain()),
            Ordering::Greater => false,
        }
    }

    /// Who falls under which policy, everybody taken to be what `as_who` says.
    pub(super) fn sittings(
        &self,
        period: Period,
        schemes: &[&str],
        as_who: &dyn Fn(&Record<Manager>) -> Profile,
    ) -> Result<Vec<Sitting<'a, 'p>>, Message> {
        let mut sittings: BTreeMap<&str, Sitting<'_, '_>> = BTreeMap::new();
        for manager in in_post(self.index.book(), period) {
            let profile = as_who(manager);
            for (id, policy) in self.applicable(schemes, &profile, period)? {
                let fresh = || Sitting { id, policy, managers: Vec::new() };
                sittings.entry(id).or_insert_with(fresh).managers.push((manager, profile.clone()));
            }
        }
        Ok(sittings.into_values().collect())
    }

    /// The policies that apply to one manager, one of each scheme.
    pub(super) fn applicable(
        &self,
        schemes: &[&str],
        profile: &Profile,
        period: Period,
    ) -> Result<Vec<(&'p str, &'p Policy)>, Message> {
        let who = Who { profile, months: period.months() };
        if let Some((id, policy)) = self.request.instead {
            return Ok(policy.applies_to(&who).then_some((id, policy)).into_iter().collect());
        }
        let ready = self.policies.ready.iter();
        let of_schemes = ready.clone().map(|(_, policy)| policy);
        let of_schemes = of_schemes.filter(|policy| schemes.contains(&policy.record.scheme.as_str()));
        let chosen = choose(of_schemes, period, &who);
        let id_of = |policy: &Policy| {
            let known = ready.clone().find(|(_, known)| known.file == policy.file);
            known.map(|(id, known)| (id.as_ref(), known))
        };
        let mut applicable = Vec::new();
        for (scheme, chosen) in chosen {
            match chosen {
                Chosen::One(policy) => applicable.extend(id_of(policy)),
                Chosen::Tie(tied) => {
                    let ids: Vec<&str> = tied.into_iter().filter_map(id_of).map(|(id, _)| id).collect();
                    let (manager, policies) = (&*profile.id, Message::list(&ids));
                    return Err(msg!(say::TIE, scheme = scheme, manager = manager, policies = policies));
                }
            }
        }
        Ok(applicable)
    }

    /// What `make` gives for the facts of a sitting.
    fn with(
        &self,
        sitting: &Sitting<'a, 'p>,
        period: Period,
        make: impl FnOnce(&[&dyn Facts]) -> Vec<Scorecard>,
    ) -> Vec<Scorecard> {
        let there = self.there(sitting.policy, period);
        let beyond = self.known(&sitting.policy.record.scheme);
        let back = sitting.policy.looks_back();
        let facts = sitting.managers.iter().map(|(manager, profile)| {
            let facts = BookFacts::new(self.index, manager, profile.clone(), period, sitting.policy);
            let outside = self.outside((manager, back), sitting.policy, period);
            let frozen = self.frozen_of(&manager.id, sitting.policy, period);
            facts.over(there).knowing(beyond.clone()).outside(outside, frozen)
        });
        let facts: Vec<BookFacts<'_>> = facts.collect();
        let subjects: Vec<&dyn Facts> = facts.iter().map(|facts| facts as &dyn Facts).collect();
        let mut cards = make(&subjects);
        let over = (there != period.months()).then_some(there);
        cards.iter_mut().for_each(|card| card.over = over);
        cards
    }

    /// The months that a period is scored for: of one shorter than the policy's those of the policy's period so far, of a
    /// running one those that are over and have figures; neither goes back before the book has any. One made of shorter periods
    /// leaves that to them.
    fn there(&self, policy: &Policy, period: Period) -> Months {
        let grain = policy.record.period.grain();
        let first = Period::containing(period.first(), grain).first().min(period.first());
        let whole = Months { first, ..period.months() };
        let anew = period.grain() <= grain || policy.record.roll_up == Some(RollUp::Recompute);
        let running = self.request.today.filter(|today| anew && *today <= period.last_day());
        if running.is_none() && period.grain() >= grain {
            return whole;
        }
        let figured = self.index.figured();
        let known =
            |month: &Month| running.is_none_or(|today| month.last_day() < today && figured.is_in(*month));
        let first = figured.months().find(|month| whole.contains(*month)).unwrap_or(first);
        let first = if figured.months().any(|month| month < whole.first) { whole.first } else { first };
        let last = whole.iter().rev().find(known).filter(|last| *last >= first);
        last.map_or(whole, |last| Months { first, last })
    }

    /// Scorecards of a period made of those of its shorter periods that are over, each as it was closed, and by the policy of
    /// the scheme then in force.
    fn rolled(&self, sitting: &Sitting<'a, 'p>, period: Period, how: How) -> Result<Vec<Scorecard>, Message> {
        let policy = sitting.policy;
        let mut blends: BTreeMap<Box<str>, Blend> = BTreeMap::new();
        for (manager, _) in &sitting.managers {
            blends.insert(manager.id.clone(), Blend { how, parts: Vec::new() });
        }
        let shorter = shorter(period, policy.record.period.grain());
        let (over, ahead): (Vec<Period>, Vec<Period>) = shorter
            .into_iter()
            .partition(|shorter| self.request.today.is_none_or(|today| shorter.last_day() < today));
        for shorter in over {
            for card in self
                .scored(shorter, &[&policy.record.scheme], true)?
                .into_iter()
                .flat_map(|scored| scored.cards)
            {
                if let Some(blend) = blends.get_mut(&card.profile.id) {
                    blend.parts.push(CardPart { card, weight: 1.into(), days: None });
                }
            }
        }
        let mut cards =
            self.with(sitting, period, |subjects| blend(policy, period, subjects, Vec::new(), blends));
        cards.iter_mut().for_each(|card| card.to_date = !ahead.is_empty());
        Ok(cards)
    }

    /// Puts the scorecards of who moved in mid-period together from their stints, where the policy asks for it.
    fn split(&self, period: Period, scored: &mut [Scored<'p>]) -> Result<(), Message> {
        let movers = self.movers(period, scored);
        let earlier = movers.values().map(Vec::len).max().unwrap_or(1);
        let mut parts: BTreeMap<Key<'_>, Vec<CardPart>> = BTreeMap::new();
        for back in (0..earlier).rev().filter(|_| earlier > 1) {
            for (key, part) in self.stints_back(period, &movers, back)? {
                parts.entry(key).or_default().push(part);
            }
        }
        if parts.is_empty() {
            return Ok(());
        }
        for scored in scored {
            let scheme = scored.policy.record.scheme.as_str();
            let mut blends = BTreeMap::new();
            for card in &scored.cards {
                let key = (scheme, card.profile.id.clone());
                // Where no policy of the scheme was for the earlier stints, the last is the whole.
                let Some(parts) = parts.remove(&key).filter(|parts| parts.len() > 1) else { continue };
                blends.insert(key.1, Blend { how: How::Stints, parts });
            }
            let cards = std::mem::take(&mut scored.cards);
            scored.cards = self.blended(scored.policy, scored.id, period, cards, blends);
        }
        Ok(())
    }

    fn blended(
        &self,
        policy: &'p Policy,
        id: &'p str,
        period: Period,
        cards: Vec<Scorecard>,
        blends: BTreeMap<Box<str>, Blend>,
    ) -> Vec<Scorecard> {
        if blends.is_empty() {
            return cards;
        }
        let book = self.index.book();
        let managers = cards.iter().filter_map(|card| book.managers.get(&card.profile.id));
        let managers = managers.map(|manager| (manager, self.index.profile(manager, period)));
        let sitting = Sitting { id, policy, managers: managers.collect() };
        self.with(&sitting, period, |subjects| blend(policy, period, subjects, cards, blends))
    }

    /// Who has more than one stint in the period under a policy that scores them apart.
    fn movers(&self, period: Period, scored: &[Scored<'p>]) -> Movers<'p> {
        let book = self.index.book();
        let mut movers = Movers::new();
        for scored in scored {
            let policy = scored.policy;
            for card in scored.cards.iter().filter(|card| card.blend.is_none()) {
                let Some(by) = policy.partial(&card.variants).splits() else {
                    continue;
                };
                let Some(manager) = book.managers.get(&card.profile.id) else { continue };
                let stints = stints(book, manager, self.there(policy, period), by);
                if stints.len() > 1 {
                    movers.insert((policy.record.scheme.as_str(), card.profile.id.clone()), stints);
                }
            }
        }
        movers
    }

    /// The exact scorecards of movers as they were `back` stints before their last, among everybody else as on the last day.
    fn stints_back(
        &self,
        period: Period,
        movers: &Movers<'p>,
        back: usize,
    ) -> Result<Vec<(Key<'p>, CardPart)>, Message> {
        let mut found = Vec::new();
        let schemes: BTreeSet<&str> = movers.keys().map(|(scheme, _)| *scheme).collect();
        for scheme in schemes {
            let stint = |manager: &str| -> Option<&Stint> {
                let stints = movers.get(&(scheme, manager.into()))?;
                stints.get(stints.len().checked_sub(back + 1)?)
            };
            let moved: BTreeSet<Box<str>> =
                movers.keys().filter(|(_, id)| stint(id).is_some()).map(|(_, id)| id.clone()).collect();
            let as_who = |manager: &Record<Manager>| match stint(&manager.id) {
                Some(stint) if back > 0 => stint.profile.clone(),
                _ => self.index.profile(manager, period),
            };
            for sitting in self.sittings(period, &[scheme], &as_who)? {
                let cards = self
                    .with(&sitting, period, |subjects| score_parts(sitting.policy, period, subjects, &moved));
                for card in cards {
                    let Some(stint) = stint(&card.profile.id) else { continue };
                    let key = (scheme, card.profile.id.clone());
                    found.push((key, CardPart { card, weight: stint.weight, days: Some(stint.days) }));
                }
            }
        }
        Ok(found)
    }
}

/// The periods of a shorter grain that make up a longer one.
pub(super) fn shorter(period: Period, grain: Grain) -> Vec<Period> {
    let first = Period::containing(period.first(), grain);
    std::iter::successors(Some(first), |shorter| Some(shorter.plus(1)))
        .take_while(|shorter| shorter.last() <= period.last())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::load;
    use crate::metric::Portfolios;
    use crate::score::Asked;
    use crate::score::apply::run;
    use crate::source::Snapshot;

    /// A scorecard of a policy of years as of 24 November 2026: fees of 10 a month through October, against 240 for the year.
    fn scored(manager: &str, period: &str, pay: &str) -> Scorecard {
        scored_since(1, manager, period, pay)
    }

    fn scored_since(first: u32, manager: &str, period: &str, pay: &str) -> Scorecard {
        let policy = format!(
            "title = 'P'\nscheme = 's'\neffective = 2025-01-01\nperiod = 'year'\nmoney = '万元'\nmissing = 'zero'\n\
             partial = {{ prorate = 'target', by = 'months' }}\n[[indicators]]\nid = 'fees'\nvalue = 'fee_income.sum'\nweight = 100\n\
             target = 'targets.fee_income'\ncurve = {{ kind = 'ratio', zero_target = 'skip' }}\n[[pay.lines]]\nid = 'p'\n{pay}\n"
        );
        let months: Vec<String> = (first..=10)
            .map(|month| format!("2026-{month:02} = {{ fee_income = 10, deposits = 365 }}\n"))
            .collect();
        let client = format!(
            "name = '甲'\ntier = 'key'\nstatus = 'active'\nmanager = 'li'\n[results]\n{}",
            months.concat()
        );
        let texts = [
            ("rmbook.toml", "name = 'B'\n".to_owned()),
            ("policies/p.toml", policy),
            ("clients/a.toml", client),
            (
                "managers/li.toml",
                format!("name = '李娜'\n{manager}[targets]\n2026 = {{ fee_income = 240 }}\n"),
            ),
        ];
        let (book, faults) = load(&Snapshot::new(texts.map(|(path, text)| (path.to_owned(), Ok(text)))));
        assert!(faults.is_empty(), "{faults:?}");
        let policies = Policies::of(&book);
        let today = Some("2026-11-24".parse().unwrap());
        let request = Request { period: Some(period.parse().unwrap()), today, ..Request::default() };
        let mut scored = run(&Portfolios::new(&book), &policies, request, &Asked::default()).unwrap();
        scored.remove(0).cards.remove(0)
    }

    fn shown(card: &Scorecard) -> String {
        let item = &card.items[0];
        let (target, over) = (item.target.as_ref().unwrap().value, card.over.unwrap());
        let pay = card.pay.as_ref().unwrap().total.normalize();
        format!("{} of {}, {pay}, {} to {}", item.value.unwrap(), target.normalize(), over.first, over.last)
    }

    const COMMISSION: &str =
        "commission = { of = 'deposits.average', rate = '1%', per = 'year', days = '365' }";

    #[test]
    fn a_running_year_is_scored_on_the_months_there_are() {
        // 304 days: 365 × 1 % × 304 / 365 = 3.04.
        let year = scored("", "2026", COMMISSION);
        assert_eq!(shown(&year), "100 of 200, 3.04, 2026-01 to 2026-10");
        assert!(year.to_date);
    }

    #[test]
    fn a_book_that_begins_inside_the_year_is_scored_from_there() {
        // 92 days from August to October: 3.65 × 92 / 365 = 0.92; three twelfths of the target.
        assert_eq!(shown(&scored_since(8, "", "2026", COMMISSION)), "30 of 60, 0.92, 2026-08 to 2026-10");
    }

    #[test]
    fn a_shorter_period_is_the_policys_period_so_far() {
        // 273 days to the end of September, and 90 % of the months in post count in whole ones.
        assert_eq!(shown(&scored("", "2026-Q3", COMMISSION)), "90 of 180, 2.73, 2026-01 to 2026-09");
    }

    #[test]
    fn time_in_post_is_that_of_the_months_scored() {
        // Four of ten months: a target of 200 × 4 / 10; all of the figures are the client's and so the manager's.
        let joined = scored(
            "joined = 2026-07-01\n",
            "2026",
            "amount = '1 万元 * manager.active_months / period.months'",
        );
        assert_eq!(joined.items[0].target.as_ref().unwrap().value.normalize().to_string(), "80");
        assert_eq!(joined.pay.unwrap().total.normalize().to_string(), "0.4");
        let throughout = scored("", "2026", "amount = '1 万元 * manager.active_months'");
        assert_eq!(throughout.pay.unwrap().total.normalize().to_string(), "10");
    }

    #[test]
    fn what_an_open_period_keeps_from_being_known_is_told() {
        let policy = "title = 'P'\nscheme = 's'\neffective = 2026-01-01\nperiod = 'month'\nmoney = '万元'\nmissing = 'zero'\n\
             [[indicators]]\nid = 'fees'\nvalue = 'fee_income.sum'\nweight = 100\ntarget = '20 万元'\n\
             carry = { shortfall = 'add-to-target' }\ncurve = { kind = 'ratio', zero_target = 'skip' }\n\
             [[pay.lines]]\nid = 'p'\namount = '1 万元'\n[[pay.lines]]\nid = 'mean'\namount = 'total.mean(2) * 1 元'\nmissing = 'skip'\n";
        let client = "name = '甲'\ntier = 'key'\nstatus = 'active'\nmanager = 'li'\n[results]\n2026-08 = { fee_income = 10 }\n2026-09 = { fee_income = 10 }\n";
        let closed = "manager = 'li'\nperiod = '2026-08'\n[closed.s]\npolicy = 'p'\ndigest = 'x'\nclosed_on = 2026-09-10\ntotal = 50\n\
             [closed.s.indicators]\nfees = { value = 10, target = 20, score = 50, points = 50 }\n";
        let of = |closed: Option<&str>| {
            let texts = [
                ("rmbook.toml", "name = 'B'\n"),
                ("policies/p.toml", policy),
                ("clients/a.toml", client),
                ("managers/li.toml", "name = '李娜'\n"),
            ];
            let texts = texts.into_iter().chain(closed.map(|closed| ("reviews/2026-08/li.toml", closed)));
            let texts = texts.map(|(path, text)| (path.to_owned(), Ok(text.to_owned())));
            let (book, faults) = load(&Snapshot::new(texts));
            assert!(faults.is_empty(), "{faults:?}");
            let policies = Policies::of(&book);
            let request = Request { period: Some("2026-09".parse().unwrap()), ..Request::default() };
            let mut scored = run(&Portfolios::new(&book), &policies, request, &Asked::default()).unwrap();
            scored.remove(0).cards.remove(0)
        };
        let target = |card: &Scorecard| card.items[0].target.as_ref().unwrap().value.normalize().to_string();
        let open = of(None);
        assert_eq!(target(&open), "20");
        assert_eq!(open.items[0].left_open.unwrap().to_string(), "2026-08");
        let skipped: Vec<String> = open
            .skipped
            .iter()
            .map(|line| format!("{}: {}", line.id, line.reason.get(crate::text::Lang::En)))
            .collect();
        assert_eq!(skipped, ["mean: `total.mean(2)`: 2026-08 is not closed"]);
        let closed = of(Some(closed));
        assert_eq!((target(&closed).as_str(), closed.items[0].left_open), ("30", None));
        assert!(closed.skipped.is_empty());
    }

    /// The first scorecards of a policy over a book.
    fn scored_of(policy: &str, files: &[(&str, String)], period: &str) -> Vec<Scorecard> {
        let fixed = [("rmbook.toml", "name = 'B'\n".to_owned()), ("policies/p.toml", policy.to_owned())];
        let texts = fixed.iter().chain(files).map(|(path, text)| ((*path).to_owned(), Ok(text.clone())));
        let (book, faults) = load(&Snapshot::new(texts));
        assert!(faults.is_empty(), "{faults:?}");
        let policies = Policies::of(&book);
        assert_eq!(policies.ready.len(), 1, "{:?}", policies.findings);
        let request = Request { period: Some(period.parse().unwrap()), ..Request::default() };
        run(&Portfolios::new(&book), &policies, request, &Asked::default()).unwrap().remove(0).cards
    }

    fn client(manager: &str, line: &str) -> String {
        let months: String = (7..=9).map(|month| format!("2026-{month:02} = {{ {line} }}\n")).collect();
        format!(
            "name = '甲'\ntier = 'key'\nstatus = 'active'\nmanager = '{manager}'\n[results]\n2026-06 = {{ {line} }}\n{months}"
        )
    }

    #[test]
    fn what_is_scored_to_date_looks_back_to_the_period_before_its_whole_one() {
        let policy = "title = 'P'\nscheme = 's'\neffective = 2026-01-01\nperiod = 'quarter'\nmoney = '万元'\nmissing = 'zero'\n\
             [[indicators]]\nid = 'fees'\nvalue = 'fee_income.sum'\nweight = 100\ntarget = '30 万元'\n\
             carry = { shortfall = 'add-to-target' }\ncurve = { kind = 'ratio', zero_target = 'skip' }\n\
             [[demotion]]\nto = 'low'\nconsecutive = 2\nall = ['value.fees < 26 万元']\n\
             [[warnings]]\ntitle = 'falling'\nall = ['value.fees < previous.value.fees']\n";
        let closed = "manager = 'li'\nperiod = '2026-Q2'\n[closed.s]\npolicy = 'p'\ndigest = 'x'\nclosed_on = 2026-07-10\ntotal = 80\n\
             [closed.s.indicators]\nfees = { value = 25, target = 30, score = 80, points = 80 }\n";
        let files = [
            ("clients/a.toml", client("li", "fee_income = 10")),
            ("managers/li.toml", "name = '李娜'\n".to_owned()),
            ("reviews/2026-Q2/li.toml", closed.to_owned()),
        ];
        let card = scored_of(policy, &files, "2026-08").remove(0);
        let item = &card.items[0];
        // July and August made 20; the second quarter left 5 of 30 over.
        let target = item.target.as_ref().unwrap().value.normalize().to_string();
        assert_eq!((item.value.unwrap().normalize().to_string(), target), ("20".to_owned(), "35".to_owned()));
        assert_eq!(
            (item.left_over.unwrap().period.to_string(), item.left_open),
            ("2026-Q2".to_owned(), None)
        );
        assert!(card.unjudged.is_empty(), "{:?}", card.unjudged);
        assert_eq!(&*card.warnings[0].to, "falling");
        assert_eq!(card.demotion.as_ref().map(|due| &*due.to), Some("low"));
        // Without the second quarter nothing is carried, and it is what lacks.
        let open = scored_of(policy, &files[..2], "2026-08").remove(0);
        assert_eq!(open.items[0].target.as_ref().unwrap().value.normalize().to_string(), "30");
        let reasons: Vec<String> =
            open.unjudged.iter().map(|open| open.error.reason.get(crate::text::Lang::En)).collect();
        assert!(reasons.iter().all(|reason| !reason.contains("2026-07")), "{reasons:?}");
    }

    #[test]
    fn nobody_is_held_against_who_is_not_assessed() {
        let policy = "title = 'P'\nscheme = 's'\neffective = 2026-01-01\nperiod = 'quarter'\nmoney = '万元'\nmissing = 'skip'\n\
             partial = { min_months = 2 }\n\
             [[indicators]]\nid = 'relative'\nweight = 50\nvalue = 'deposits.average'\n\
             curve = { kind = 'relative', group = 'all', base = 80, slope = 60, zero_target = 'skip' }\n\
             [[indicators]]\nid = 'low'\nweight = 50\nvalue = 'deposits.average'\n\
             curve = { kind = 'rank', group = 'all', better = 'lower', places = [100, 80, 60] }\n\
             [[indicators]]\nid = 'mean'\nvalue = \"mean.all('value.low')\"\n";
        let mut files = Vec::new();
        for (path, id, deposits, joined) in
            [("a", "a", 100, ""), ("b", "b", 200, ""), ("j", "j", 30, "joined = 2026-09-01\n")]
        {
            let paths: [&'static str; 2] = match path {
                "a" => ["clients/a.toml", "managers/a.toml"],
                "b" => ["clients/b.toml", "managers/b.toml"],
                _ => ["clients/j.toml", "managers/j.toml"],
            };
            files.push((paths[0], client(id, &format!("deposits = {deposits}"))));
            files.push((paths[1], format!("name = '{id}'\n{joined}")));
        }
        let cards = scored_of(policy, &files, "2026-Q3");
        let of = |id: &str, item: &str| {
            let card = cards.iter().find(|card| &*card.profile.id == id).unwrap();
            let item = card.item(item).unwrap();
            item.score.or(item.value).unwrap().round_dp(2).normalize().to_string()
        };
        assert!(cards[2].not_assessed.is_some());
        // The mean is (100 + 200) / 2: 80 + 60 × (100 / 150 − 1) = 60 and 80 + 60 / 3 = 100.
        assert_eq!(
            (of("a", "mean").as_str(), of("a", "relative").as_str(), of("b", "relative").as_str()),
            ("150", "60", "100")
        );
        assert_eq!((of("a", "low").as_str(), of("b", "low").as_str()), ("100", "80"));
    }
}
