//! Places: which one a manager takes among the others that are scored.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::card::Scorecard;
use super::facts::Profile;
use crate::text::Message;

/// A manager's place among all, in the branch, the team and the grade, 1 the best; equal ones share one. None for whoever takes no place, or
/// is in no such group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// Among everybody the policy scores.
    pub all: Option<usize>,
    /// Among the branch.
    pub branch: Option<usize>,
    /// Among the team.
    pub team: Option<usize>,
    /// Among the grade.
    pub grade: Option<usize>,
}

/// What places go by in one group, the best first; or who in it stands open, so that nobody's place is known.
type Standings = Result<Vec<Decimal>, Message>;

/// Gives everybody a place by what it goes by; those that were closed stand. Whose place waits for somebody else is told for whom.
pub(super) fn place(cards: &mut [Scorecard]) {
    let groups: [fn(&Profile) -> Option<&str>; 4] = [
        |_| Some(""),
        |profile| profile.branch.as_deref(),
        |profile| profile.team.as_deref(),
        |profile| profile.grade.as_deref(),
    ];
    let standings = groups.map(|group| standings(cards, group));
    let among = |card: &Scorecard| {
        let mut open = None;
        let [all, branch, team, grade] = [0, 1, 2, 3].map(|at: usize| {
            let (group, standing) = (groups[at](&card.profile)?, card.standing?);
            match &standings[at][group] {
                Ok(standings) => Some(standings.partition_point(|other| *other > standing) + 1),
                Err(who) => {
                    open.get_or_insert_with(|| who.clone());
                    None
                }
            }
        });
        (Places { all, branch, team, grade }, open)
    };
    let places: Vec<(Places, Option<Message>)> = cards.iter().map(among).collect();
    for (card, (places, open)) in cards.iter_mut().zip(places) {
        let sealed = card.sealed.as_ref().and_then(|sealed| sealed.places);
        card.places = sealed.unwrap_or(places);
        if card.standing.is_some() {
            card.unplaced = open.filter(|_| sealed.is_none());
        }
    }
    as_amended(cards, groups);
}

/// Notes which places the totals as amended would give where that is not what the totals as closed gave: places stay as they
/// were published, and whoever reads one beside an amended total must know. Only where places go by the total.
fn as_amended(cards: &mut [Scorecard], groups: [fn(&Profile) -> Option<&str>; 4]) {
    let sealed = |card: &Scorecard| {
        let sealed = card.sealed.as_deref().filter(|sealed| sealed.places.is_some())?;
        Some((sealed.closed.total, sealed.stands.total))
    };
    let closed: Vec<_> = cards.iter().filter_map(|card| Some((card, sealed(card)?))).collect();
    let by_total = closed.iter().all(|(card, _)| card.standing.is_none() || card.standing == card.total);
    if !by_total || closed.iter().all(|(_, (then, now))| then == now) {
        return;
    }
    let place = |own: &Scorecard, pick: fn(&Totals) -> Option<Decimal>| {
        let total = pick(&sealed(own)?)?;
        let [all, branch, team, grade] = groups.map(|group| {
            let of = group(&own.profile)?;
            let others = closed.iter().filter(|(card, _)| card.standing.is_some());
            let own = others.filter(|(card, _)| group(&card.profile) == Some(of));
            Some(own.filter(|(_, totals)| pick(totals) > Some(total)).count() + 1)
        });
        Some(Places { all, branch, team, grade })
    };
    let ranked = |card: &&Scorecard| card.standing.is_some();
    let moved: Vec<Option<Places>> = cards
        .iter()
        .map(|card| Some(card).filter(ranked))
        .map(|card| {
            let (then, now) = (place(card?, |(then, _)| *then)?, place(card?, |(_, now)| *now)?);
            (then != now).then_some(now)
        })
        .collect();
    for (card, places) in cards.iter_mut().zip(moved) {
        if let Some(sealed) = card.sealed.as_deref_mut() {
            sealed.amended_places = places;
        }
    }
}

/// The total as it was closed, and the one that stands.
type Totals = (Option<Decimal>, Option<Decimal>);

/// What places go by in each group of one kind.
fn standings(cards: &[Scorecard], group: fn(&Profile) -> Option<&str>) -> BTreeMap<&str, Standings> {
    let mut found: BTreeMap<&str, Standings> = BTreeMap::new();
    for card in cards {
        let Some(group) = group(&card.profile) else { continue };
        let known = found.entry(group).or_insert_with(|| Ok(Vec::new()));
        match (known.as_mut(), card.standing, &card.unplaced) {
            (Ok(all), Some(standing), _) => all.push(standing),
            (Ok(_), None, Some(open)) => *known = Err(open.clone()),
            (Ok(_), None, None) | (Err(_), ..) => {}
        }
    }
    for all in found.values_mut().flatten() {
        all.sort_unstable_by(|a, b| b.cmp(a));
    }
    found
}
