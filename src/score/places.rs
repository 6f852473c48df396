//! Places: which one a manager takes among the others that are scored.

use rust_decimal::Decimal;

use super::card::Scorecard;

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
    let places: Vec<Places> = cards.iter().map(|card| among(cards, card)).collect();
    for (card, places) in cards.iter_mut().zip(places) {
        card.places = card.sealed.as_ref().and_then(|sealed| sealed.places).unwrap_or(places);
    }
}

fn among(cards: &[Scorecard], card: &Scorecard) -> Places {
    let Some(standing) = card.standing else { return Places::default() };
    let place = |same: &dyn Fn(&Scorecard) -> bool| {
        let before = |standing_of: Option<Decimal>| standing_of.is_some_and(|other| other > standing);
        let higher = cards.iter().filter(|other| same(other) && before(other.standing)).count();
        Some(higher + 1)
    };
    let (branch, team, grade) = (&card.profile.branch, &card.profile.team, &card.profile.grade);
    Places {
        all: place(&|_| true),
        branch: branch.as_ref().and_then(|_| place(&|other| other.profile.branch == *branch)),
        team: team.as_ref().and_then(|_| place(&|other| other.profile.team == *team)),
        grade: grade.as_ref().and_then(|_| place(&|other| other.profile.grade == *grade)),
    }
}
