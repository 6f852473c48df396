//! Places: which one a manager takes among the others that are scored.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::card::Scorecard;
use super::facts::Profile;

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

/// Gives everybody a place by what it goes by; those that were closed stand.
pub(super) fn place(cards: &mut [Scorecard]) {
    let groups: [fn(&Profile) -> Option<&str>; 4] = [
        |_| Some(""),
        |profile| profile.branch.as_deref(),
        |profile| profile.team.as_deref(),
        |profile| profile.grade.as_deref(),
    ];
    let standings = groups.map(|group| standings(cards, group));
    let among = |card: &Scorecard| {
        let [all, branch, team, grade] = [0, 1, 2, 3].map(|at: usize| {
            let (group, standing) = (groups[at](&card.profile)?, card.standing?);
            Some(standings[at][group].partition_point(|other| *other > standing) + 1)
        });
        Places { all, branch, team, grade }
    };
    let places: Vec<Places> = cards.iter().map(among).collect();
    for (card, places) in cards.iter_mut().zip(places) {
        card.places = card.sealed.as_ref().and_then(|sealed| sealed.places).unwrap_or(places);
    }
}

/// What places go by in each group of one kind, the best first.
fn standings(cards: &[Scorecard], group: fn(&Profile) -> Option<&str>) -> BTreeMap<&str, Vec<Decimal>> {
    let mut found: BTreeMap<&str, Vec<Decimal>> = BTreeMap::new();
    for card in cards {
        if let (Some(group), Some(standing)) = (group(&card.profile), card.standing) {
            found.entry(group).or_default().push(standing);
        }
    }
    found.values_mut().for_each(|all| all.sort_unstable_by(|a, b| b.cmp(a)));
    found
}
