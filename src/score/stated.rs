//! Facts as a test of a policy states them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::beyond::Beyond;
use super::facts::{
    Active, Ask, Each, Facts, Known, LedgerEntry, Mark, Measured, Part, Past, Profile, RaterScore, Source,
};
use crate::metric::Unit;
use crate::msg;
use crate::period::{Months, Period};
use crate::policy::Policy;
use crate::policy::expr::{Among, Attribute, Gives, Repeated, Scope, Scored, Stage, Trouble, Value, compile};
use crate::record::policy::case::{Case, Earlier, Figures, Given, Peer, Person};
use crate::record::policy::formula::Formula;
use crate::text::{Message, policy as text, score};

/// The facts of one manager of a test.
#[derive(Clone, Debug, Default)]
pub(super) struct Stated {
    pub(super) profile: Profile,
    pub(super) figures: BTreeMap<Ask, Decimal>,
    pub(super) given: BTreeMap<Box<str>, Decimal>,
    /// The total, given instead of computed.
    pub(super) given_total: Option<Decimal>,
    pub(super) marks: BTreeMap<Box<str>, Decimal>,
    pub(super) raters: Vec<(Option<Box<str>>, RaterScore)>,
    pub(super) parts: Vec<(Each, Part, BTreeMap<Ask, Decimal>)>,
    /// What the parts are, by part and by the name in expressions.
    pub(super) attributes: BTreeMap<(Box<str>, String), Value>,
    pub(super) history: Vec<Past>,
    pub(super) ledger: Vec<LedgerEntry>,
    /// Deferred pay that falls due, by the period it was earned in.
    pub(super) falling_due: Vec<(Period, Decimal)>,
    /// Who reports to the manager.
    pub(super) reports: Vec<Box<str>>,
    /// Whom the manager reports to.
    pub(super) head: Option<Box<str>>,
    /// The first day the policy is in force.
    pub(super) begins: Option<NaiveDate>,
    /// Earlier periods in which nobody judged the manager.
    pub(super) outside: BTreeSet<Period>,
    /// The period of a manager who is scored.
    pub(super) period: Option<Period>,
    /// The months that it is scored for: those of the policy's own period so far.
    pub(super) so_far: Option<Months>,
    /// What was decided about the period, where it is an earlier one.
    pub(super) decided: Option<Past>,
    /// Earlier periods, and the others in each where they are stated.
    pub(super) earlier: BTreeMap<Period, (Stated, Option<Vec<Stated>>)>,
    /// What was made beyond the scoring of this policy.
    pub(super) beyond: Arc<Beyond>,
}

impl Stated {
    /// Who the manager was at the end of an earlier period, as far as the present tells: somebody who is in the grade for less
    /// time had another.
    pub(super) fn back_to(&self, period: Period) -> Profile {
        let months = self.period.map_or(0, |now| u32::try_from(now.last().since(period.last())).unwrap_or(0));
        let now = &self.profile;
        let same_grade = now.grade_months.is_none_or(|served| served >= months);
        Profile {
            grade: now.grade.clone().filter(|_| same_grade),
            months: now.months.and_then(|served| served.checked_sub(months)),
            grade_months: now.grade_months.and_then(|served| served.checked_sub(months)),
            active: None,
            ..now.clone()
        }
    }

    /// The others stated beside the manager in earlier periods, the oldest first.
    pub(super) fn once_beside(&self) -> impl Iterator<Item = &Self> {
        self.earlier.values().flat_map(|(_, beside)| beside.iter().flatten())
    }

    /// What was made beyond the scoring of this policy.
    pub(super) fn beyond(&self) -> &Beyond {
        &self.beyond
    }

    /// The same with what was made beyond.
    pub(super) fn knowing(&self, beyond: &Arc<Beyond>) -> Self {
        Self { beyond: beyond.clone(), ..self.clone() }
    }

    /// The same manager as who they were earlier.
    pub(super) fn taken_as(&self, earlier: &Earlier) -> Self {
        let mut stated = self.clone();
        let profile = &mut stated.profile;
        for (own, then) in [
            (&mut profile.grade, &earlier.grade),
            (&mut profile.role, &earlier.role),
            (&mut profile.team, &earlier.team),
        ] {
            if let Some(then) = then {
                *own = Some(then.as_str().into());
            }
        }
        stated
    }
}

/// The manager of a test that names none.
pub(super) const MANAGER: &str = "manager";

/// A figure of a test that is no number.
pub(super) type Unreadable = (String, Message);

/// Reads numbers as the policy's expressions write them.
pub(super) struct Reader<'a> {
    pub(super) policy: &'a Policy,
    pub(super) unreadable: Vec<Unreadable>,
}

impl Reader<'_> {
    /// A number in the policy's money.
    pub(super) fn number(&mut self, formula: &Formula) -> Decimal {
        let record = &self.policy.record;
        let none = BTreeSet::new();
        let scope = Scope {
            names: &self.policy.names,
            money: &self.policy.money,
            written_money: record.money(),
            kept: &BTreeMap::new(),
            measured: &BTreeMap::new(),
            x_kept: None,
            points: false,
            constants: &record.constants,
            items: &none,
            dimensions: &none,
            lines: &none,
            faulty: &none,
            repeated: Repeated::default(),
            mended: false,
            all_lines: &none,
            line: None,
            tables: &record.tables,
            each: None,
            yearly: false,
            stage: Stage::Who,
            x: None,
        };
        let found = compile(&formula.0, &scope).ok().and_then(|expression| expression.constant);
        found.unwrap_or_else(|| {
            self.unreadable.push((formula.0.clone(), text::A_NUMBER.into()));
            Decimal::ZERO
        })
    }

    /// What a part is, as its name says; an amount in the book's money.
    fn attribute(&mut self, name: &str, word: &Formula) -> Value {
        let known = Attribute::all().find(|attribute| attribute.name() == name);
        match known.map(|attribute| (attribute.gives(), attribute)) {
            Some((Gives::Pure | Gives::Money | Gives::Input, attribute)) => {
                let factor = attribute.factor(&self.policy.names, &self.policy.money);
                Value::Number(self.number(word) / factor)
            }
            Some((Gives::Date, _)) => word.0.parse().map_or_else(
                |_| {
                    self.unreadable.push((word.0.clone(), text::A_DAY.into()));
                    Value::Text(word.0.as_str().into())
                },
                Value::Date,
            ),
            _ => Value::Text(word.0.as_str().into()),
        }
    }

    pub(super) fn map(&mut self, figures: &Figures) -> BTreeMap<Box<str>, Decimal> {
        figures.iter().map(|(key, formula)| (key.as_str().into(), self.number(formula))).collect()
    }

    /// Figures by question, in the unit of their metric.
    ///
    /// A bare number is in the unit of a measure the policy declares itself, else in the policy's money.
    pub(super) fn figures(&mut self, source: Source, figures: &Figures, into: &mut BTreeMap<Ask, Decimal>) {
        for (key, formula) in figures {
            let (source, query) = source.stated(key);
            let Ok(query) = query.parse::<crate::metric::MetricQuery>() else {
                self.unreadable.push((key.clone(), msg!(text::UNKNOWN_NAME, name = key)));
                continue;
            };
            let Some(metric) = self.policy.names.get(&query.name) else {
                continue;
            };
            let factor = Unit::parse(&metric.unit).factor_in(&self.policy.money);
            let own = self.policy.record.measures.contains_key(&*query.name);
            let bare = formula.0.parse::<Decimal>().is_ok();
            let number = self.number(formula);
            let amount = if own && bare || factor.is_zero() { number } else { number / factor };
            into.insert(Ask { source, query: source.canonical(query, &self.policy.names) }, amount);
        }
    }

    /// One of those in a test; the figures of team and unit are those of all.
    fn stated(&mut self, case: &Case, person: &Person, given: Given<'_>) -> Stated {
        let reports = person.reports.iter().map(|id| id.as_str().into()).collect();
        let head = person.head.as_deref().map(Into::into);
        let begins = Some(self.policy.record.effective.0);
        let profile = profile(case.period, person);
        let first = self.policy.own_period(case.period).first();
        let so_far = Some(Months { first, ..case.period.months() });
        let period = Some(case.period);
        let mut stated = Stated { profile, reports, head, begins, period, so_far, ..Stated::default() };
        let lists = [
            (Source::Manager, given.inputs),
            (Source::Targets, given.targets),
            (Source::Actuals, given.actuals),
            (Source::Team, &case.team),
            (Source::Unit, &case.unit),
        ];
        for (source, figures) in lists {
            self.figures(source, figures, &mut stated.figures);
        }
        stated.given = self.map(given.values);
        stated.marks = self.map(given.marks);
        for rater in given.ratings {
            let score =
                RaterScore { group: rater.group.word().into(), score: self.number(&rater.score).into() };
            stated.raters.push((rater.item.as_deref().map(Into::into), score));
        }
        for part in given.parts {
            let mut figures = BTreeMap::new();
            self.figures(Source::Manager, &part.inputs, &mut figures);
            let share = part.share.as_ref().map_or(Decimal::ONE, |share| self.number(share));
            for (prefix, words) in [("client", &part.client), ("facility", &part.facility)] {
                for (key, word) in words {
                    let name = format!("{prefix}.{key}");
                    let value = self.attribute(&name, word);
                    stated.attributes.insert((part.id.as_str().into(), name), value);
                }
            }
            let id = part.id.as_str().into();
            stated.parts.push((part.each.unwrap_or(Each::Client), Part { id, share, whole: true }, figures));
        }
        stated.parts.sort_by(|a, b| a.1.id.cmp(&b.1.id));
        stated
    }

    /// The manager the test is about.
    pub(super) fn manager(&mut self, case: &Case) -> Stated {
        let mut stated = self.stated(case, &case.manager, case.given());
        stated.history = self.history(case);
        stated.ledger = self.ledger(case);
        for past in &case.history {
            let deferred = past.deferred.as_ref().map(|deferred| self.number(deferred));
            stated.falling_due.extend(deferred.map(|deferred| (past.period, deferred)));
        }
        stated.beyond = Arc::new(self.beyond(case));
        for past in case.history.iter().filter(|past| past.scheme.is_none()) {
            let own = self.earlier(&stated, past);
            let peers = past.peers.as_ref();
            let peers = peers.map(|peers| peers.iter().map(|peer| self.past_peer(&own, peer)).collect());
            stated.earlier.insert(past.period, (own, peers));
        }
        stated
    }

    fn ledger(&mut self, case: &Case) -> Vec<LedgerEntry> {
        let mut ledger: Vec<LedgerEntry> = Vec::new();
        for entry in &case.ledger {
            ledger.push(LedgerEntry {
                case: entry.case.as_str().into(),
                period: entry.period,
                amount: self.number(&entry.amount),
                returned: entry.returned.as_ref().map_or(Decimal::ZERO, |returned| self.number(returned)),
                settled: entry.settled.as_ref().map(|settled| self.number(settled)),
                evidence: Vec::new(),
            });
        }
        ledger.sort_by(|a, b| a.case.cmp(&b.case));
        ledger
    }

    /// Another manager of the test; what is not stated of who it is is as with the one the test is about.
    pub(super) fn peer(&mut self, case: &Case, me: &Stated, peer: &Peer) -> Stated {
        let own = &case.manager;
        let same = |peer: &Option<String>, own: &Option<String>| peer.clone().or_else(|| own.clone());
        let person = Person {
            id: Some(peer.id.clone()),
            grade: same(&peer.grade, &own.grade),
            role: same(&peer.role, &own.role),
            team: same(&peer.team, &own.team),
            branch: same(&peer.branch, &own.branch),
            months: peer.months.or(own.months),
            grade_months: peer.grade_months.or(own.grade_months),
            active_days: peer.active_days.or(own.active_days),
            active_months: peer.active_months.or(own.active_months),
            members: peer.members.clone(),
            reports: peer.reports.clone(),
            head: peer.head.clone(),
            risk_taker: own.risk_taker,
            earlier: Vec::new(),
        };
        let given_total = peer.total.as_ref().map(|total| self.number(total));
        let stated = Stated { given_total, ..self.stated(case, &person, peer.given()) };
        stated.with_past(me)
    }
}

fn profile(period: Period, person: &Person) -> Profile {
    let (of_days, of_months) = (period.months().days(), u32::try_from(period.grain().months()).unwrap_or(1));
    let active = (person.active_days.is_some() || person.active_months.is_some()).then(|| Active {
        days: person.active_days.unwrap_or(of_days),
        of_days,
        months: person.active_months.unwrap_or(of_months),
        of_months,
    });
    Profile {
        id: person.id.as_deref().unwrap_or(MANAGER).into(),
        grade: person.grade.as_deref().map(Into::into),
        role: person.role.as_deref().map(Into::into),
        team: person.team.as_deref().map(Into::into),
        branch: person.branch.as_deref().map(Into::into),
        months: person.months,
        grade_months: person.grade_months,
        risk_taker: person.risk_taker,
        active,
        members: person.members.iter().map(|member| member.as_str().into()).collect(),
        day: None,
    }
}

fn answer(figures: &BTreeMap<Ask, Decimal>, ask: &Ask) -> Measured {
    figures.get(ask).map(|amount| Known::from(*amount)).ok_or_else(|| score::NOT_GIVEN.into())
}

impl Facts for Stated {
    fn profile(&self) -> &Profile {
        &self.profile
    }

    fn ask(&self, ask: &Ask) -> Measured {
        answer(&self.figures, ask)
    }

    fn parts(&self, each: Each, _: &[&Ask]) -> Vec<Part> {
        self.parts.iter().filter(|(kind, ..)| *kind == each).map(|(_, part, _)| part.clone()).collect()
    }

    fn ask_part(&self, each: Each, part: &Part, ask: &Ask) -> Measured {
        let found = self.parts.iter().find(|(kind, known, _)| *kind == each && known.id == part.id);
        found.map_or_else(|| Err(score::NOT_GIVEN.into()), |(.., figures)| answer(figures, ask))
    }

    fn attribute(&self, part: &Part, attribute: Attribute) -> Option<Value> {
        self.attributes.get(&(part.id.clone(), attribute.name().to_owned())).cloned()
    }

    fn mark(&self, item: &str) -> Option<Mark> {
        self.marks.get(item).map(|mark| Mark { value: (*mark).into(), reason: None })
    }

    fn raters(&self, item: &str) -> Vec<RaterScore> {
        let mine = self.raters.iter().filter(|(of, _)| of.as_deref().is_none_or(|of| of == item));
        mine.map(|(_, score)| score.clone()).collect()
    }

    fn given(&self, item: &str) -> Option<Known> {
        self.given.get(item).map(|given| (*given).into())
    }

    fn given_total(&self) -> Option<Decimal> {
        self.given_total
    }

    fn history(&self) -> &[Past] {
        &self.history
    }

    fn closed(&self) -> Option<&Past> {
        self.decided.as_ref()
    }

    fn then(&self, period: Period) -> Box<dyn Facts + '_> {
        let (reports, head) = (&self.reports, &self.head);
        let unstated = || Self {
            profile: self.back_to(period),
            reports: reports.clone(),
            head: head.clone(),
            ..Self::default()
        };
        Box::new(self.earlier.get(&period).map_or_else(unstated, |(own, _)| own.clone()))
    }

    fn beside(&self, period: Period) -> Option<Vec<Box<dyn Facts + '_>>> {
        let peers = self.earlier.get(&period)?.1.as_ref()?;
        Some(peers.iter().map(|peer| Box::new(peer.clone()) as Box<dyn Facts + '_>).collect())
    }

    fn begins(&self) -> Option<NaiveDate> {
        self.begins
    }

    fn is_outside(&self, period: Period) -> bool {
        self.outside.contains(&period)
    }

    fn falling_due(&self) -> &[(Period, Decimal)] {
        &self.falling_due
    }

    fn others(&self, among: Among) -> Vec<Box<str>> {
        match among {
            Among::Led => self.profile.members.clone(),
            Among::Reports => self.reports.clone(),
            Among::Head => self.head.iter().cloned().collect(),
            Among::Group(_) => Vec::new(),
        }
    }

    fn total_of(&self, other: &str) -> Result<Option<Decimal>, Trouble> {
        self.beyond.total_of(&self.profile.id, other)
    }

    fn results(&self, scheme: &str, what: &Scored) -> Result<Vec<(Period, Decimal)>, Message> {
        let months = self.so_far.ok_or_else(|| msg!(score::NO_RESULTS, scheme = scheme))?;
        self.beyond.results((scheme, what), &self.profile.id, months)
    }

    fn ledger(&self) -> &[LedgerEntry] {
        &self.ledger
    }
}
