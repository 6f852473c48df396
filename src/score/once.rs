//! What a test of a policy states beyond its own period and policy: earlier periods, members scored otherwise, other schemes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::beyond::{Beyond, Outturn, Total};
use super::facts::{Past, Profile, Source};
use super::stated::{MANAGER, Reader, Stated};
use crate::period::Period;
use crate::record::policy::case::{Case, Decided, PastInput, PastPeer};
use crate::record::policy::formula::Formula;

impl Reader<'_> {
    /// The manager in an earlier period.
    pub(super) fn earlier(&mut self, now: &Stated, past: &PastInput) -> Stated {
        let known = |own: &Option<String>, now: Option<Box<str>>| own.as_deref().map(Into::into).or(now);
        let back = now.back_to(past.period);
        let profile = Profile {
            grade: known(&past.grade, back.grade),
            role: known(&past.role, back.role),
            team: known(&past.team, back.team),
            branch: known(&past.branch, back.branch),
            ..back
        };
        let decided = now.history.iter().find(|own| own.period == past.period).cloned();
        let history = now.history.iter().filter(|own| own.period < past.period).cloned().collect();
        let mut figures = BTreeMap::new();
        self.figures(Source::Manager, &past.inputs, &mut figures);
        let mut beyond = Beyond::default();
        for peer in past.peers.iter().flatten() {
            let total = peer.total.as_ref().map_or(Total::Nothing, |total| Total::Is(self.number(total)));
            beyond.totals.insert(peer.id.as_str().into(), total);
        }
        let (reports, head) = (now.reports.clone(), now.head.clone());
        let beyond = Arc::new(beyond);
        Stated { profile, figures, decided, history, reports, head, beyond, ..Stated::default() }
    }

    /// Totals under other policies of the scheme, and results under other schemes.
    pub(super) fn beyond(&mut self, case: &Case) -> Beyond {
        let mut beyond = Beyond::default();
        for peer in &case.peers {
            let total = peer.total.as_ref().map(|total| Total::Is(self.number(total)));
            beyond.totals.extend(total.map(|total| (peer.id.as_str().into(), total)));
        }
        let id = case.manager.id.as_deref().unwrap_or(MANAGER);
        for past in &case.history {
            let Some(scheme) = &past.scheme else { continue };
            let managers = beyond.schemes.entry(scheme.as_str().into()).or_default();
            let peers = past.peers.iter().flatten().map(|peer| (&*peer.id, peer.decided()));
            for (id, decided) in std::iter::once((id, past.decided())).chain(peers) {
                managers.entry(id.into()).or_default().insert(past.period, self.outturn(decided));
            }
        }
        beyond
    }

    /// What somebody came to under another scheme.
    fn outturn(&mut self, decided: Decided<'_>) -> Outturn {
        let mut stated = |figure: Option<&Formula>| figure.map(|figure| Total::Is(self.number(figure)));
        let total = stated(decided.total).unwrap_or(Total::Nothing);
        // Lines alone do not tell what was paid in all.
        let unstated = if decided.pay.is_empty() { Total::Nothing } else { Total::Open };
        let pay = stated(decided.pay.get("total")).unwrap_or(unstated);
        let lines = self.map(decided.pay).into_iter().map(|(id, paid)| (id, Total::Is(paid)));
        Outturn { total, pay, lines: lines.collect() }
    }

    /// Another manager in an earlier period.
    pub(super) fn past_peer(&mut self, own: &Stated, peer: &PastPeer) -> Stated {
        let same = |stated: &Option<String>, own: &Option<Box<str>>| {
            stated.as_deref().map(Into::into).or_else(|| own.clone())
        };
        let profile = Profile {
            id: peer.id.as_str().into(),
            grade: same(&peer.grade, &own.profile.grade),
            role: same(&peer.role, &own.profile.role),
            team: same(&peer.team, &own.profile.team),
            branch: same(&peer.branch, &own.profile.branch),
            ..Profile::default()
        };
        let decided = own.decided.as_ref().map(|past| self.past(past.period, peer.decided()));
        Stated { profile, decided, ..Stated::default() }
    }

    fn past(&mut self, period: Period, decided: Decided<'_>) -> Past {
        Past {
            total: decided.total.map(|total| self.number(total)),
            rating: decided.rating.map(Into::into),
            values: self.map(decided.values),
            targets: self.map(decided.targets),
            scores: self.map(decided.scores),
            points: self.map(decided.points),
            pay_total: decided.pay.get("total").map(|total| self.number(total)),
            pay: self.map(decided.pay),
            ..Past::undecided(period)
        }
    }

    pub(super) fn history(&mut self, case: &Case) -> Vec<Past> {
        let own = case.history.iter().filter(|past| past.scheme.is_none());
        let mut history: Vec<Past> = own.map(|past| self.past(past.period, past.decided())).collect();
        in_order(&mut history);
        history
    }
}

impl Stated {
    /// A colleague with the past that is stated beside the manager's: who is not among those of a period was not judged in it.
    pub(super) fn with_past(self, me: &Self) -> Self {
        let (mut history, mut outside) = (Vec::new(), BTreeSet::new());
        for (period, (_, beside)) in &me.earlier {
            let Some(beside) = beside else { continue };
            match beside.iter().find(|then| then.profile.id == self.profile.id) {
                Some(then) => history.extend(then.decided.clone()),
                None => outside.extend([*period]),
            }
        }
        in_order(&mut history);
        Self { history, outside, beyond: me.beyond.clone(), ..self }
    }
}

/// The oldest first.
fn in_order(history: &mut [Past]) {
    history.sort_by_key(|past| past.period.first());
}
