//! Who is compared with whom: the managers of a board by team, grade and role, found once.

use std::collections::HashMap;

use super::facts::Profile;
use crate::record::policy::curve::Group;

/// Managers by one thing they may have in common.
#[derive(Default)]
struct Split {
    /// Number of each manager's group.
    of: Vec<usize>,
    /// The managers of each group.
    members: Vec<Vec<usize>>,
}

impl Split {
    fn by<'p>(profiles: impl Iterator<Item = &'p Profile>, word: fn(&Profile) -> Option<&str>) -> Self {
        let mut split = Self::default();
        let mut numbers: HashMap<Option<&str>, usize> = HashMap::new();
        for (me, profile) in profiles.enumerate() {
            let number = *numbers.entry(word(profile)).or_insert(split.members.len());
            if number == split.members.len() {
                split.members.push(Vec::new());
            }
            split.of.push(number);
            split.members[number].push(me);
        }
        split
    }
}

/// The groups of a board.
pub(super) struct Groups {
    all: Split,
    team: Split,
    grade: Split,
    role: Split,
    branch: Split,
}

impl Groups {
    pub(super) fn new<'p>(profiles: impl Iterator<Item = &'p Profile> + Clone) -> Self {
        Self {
            all: Split::by(profiles.clone(), |_| None),
            team: Split::by(profiles.clone(), |profile| profile.team.as_deref()),
            grade: Split::by(profiles.clone(), |profile| profile.grade.as_deref()),
            role: Split::by(profiles.clone(), |profile| profile.role.as_deref()),
            branch: Split::by(profiles, |profile| profile.branch.as_deref()),
        }
    }

    fn split(&self, group: Group) -> &Split {
        match group {
            Group::All => &self.all,
            Group::Team => &self.team,
            Group::Grade => &self.grade,
            Group::Role => &self.role,
            Group::Branch => &self.branch,
        }
    }

    /// Number of a manager's group among those of its kind.
    pub(super) fn number(&self, me: usize, group: Group) -> usize {
        self.split(group).of[me]
    }

    /// Who is in a manager's group, the manager included.
    pub(super) fn members(&self, me: usize, group: Group) -> &[usize] {
        let split = self.split(group);
        &split.members[split.of[me]]
    }
}
