//! What a test of a policy states beyond its own period and policy: earlier periods, members scored otherwise, other schemes.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::beyond::{Beyond, Outturn, Total};
use super::facts::{Past, Profile, Source};
use super::stated::{MANAGER, Reader, Stated};
use crate::record::policy::case::{Case, PastInput, PastPeer};
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
        let id: Box<str> = case.manager.id.as_deref().unwrap_or(MANAGER).into();
        for past in &case.history {
            let Some(scheme) = &past.scheme else { continue };
            let mut stated = |figure: Option<&Formula>| figure.map(|figure| Total::Is(self.number(figure)));
            let total = stated(past.total.as_ref()).unwrap_or(Total::Nothing);
            // Lines alone do not tell what was paid in all.
            let unstated = if past.pay.is_empty() { Total::Nothing } else { Total::Open };
            let pay = stated(past.pay.get("total")).unwrap_or(unstated);
            let lines = self.map(&past.pay).into_iter().map(|(id, paid)| (id, Total::Is(paid))).collect();
            let managers = beyond.schemes.entry(scheme.as_str().into()).or_default();
            let outturn = Outturn { total, pay, lines };
            managers.entry(id.clone()).or_default().insert(past.period, outturn);
        }
        beyond
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
        let decided = own.decided.as_ref().map(|past| Past {
            total: peer.total.as_ref().map(|total| self.number(total)),
            values: self.map(&peer.values),
            scores: self.map(&peer.scores),
            points: self.map(&peer.points),
            ..Past::undecided(past.period)
        });
        Stated { profile, decided, ..Stated::default() }
    }

    pub(super) fn history(&mut self, case: &Case) -> Vec<Past> {
        let mut history: Vec<Past> = Vec::new();
        for past in case.history.iter().filter(|past| past.scheme.is_none()) {
            history.push(Past {
                total: past.total.as_ref().map(|total| self.number(total)),
                rating: past.rating.as_deref().map(Into::into),
                values: self.map(&past.values),
                targets: self.map(&past.targets),
                scores: self.map(&past.scores),
                points: self.map(&past.points),
                pay_total: past.pay.get("total").map(|total| self.number(total)),
                pay: self.map(&past.pay),
                ..Past::undecided(past.period)
            });
        }
        history.sort_by_key(|past| past.period.first());
        history
    }
}
