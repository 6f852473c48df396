//! The words that a book's people go by: grades, roles, teams, branches and ids.

use std::collections::BTreeSet;

use crate::book::Book;
use crate::record::kind::RecordKind;

/// The words of a book's people; without a book there are none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct People {
    /// Grades of the settings, from the lowest to the highest.
    pub grades: Vec<String>,
    /// Roles that somebody has or had.
    pub roles: Vec<String>,
    /// Ids of teams.
    pub teams: Vec<String>,
    /// Branches that somebody or a team belongs or belonged to.
    pub branches: Vec<String>,
    /// Ids of managers, those they once had among them.
    pub managers: Vec<String>,
}

impl People {
    /// Those of a book.
    pub fn of(book: &Book) -> Self {
        let managers = || book.managers.iter().map(|manager| &manager.data);
        let broken = |kind: RecordKind| {
            book.broken.keys().filter(move |(of, _)| *of == kind).map(|(_, id)| id.clone())
        };
        let posts = || managers().flat_map(|manager| &manager.history);
        let changes = managers().flat_map(|manager| &manager.grade_history);
        let roles = managers().filter_map(|manager| manager.role.as_ref());
        let roles = roles.chain(posts().filter_map(|post| post.role.as_ref()));
        let branches = managers().filter_map(|manager| manager.branch.as_ref());
        let branches = branches.chain(posts().filter_map(|post| post.branch.as_ref()));
        let former = managers().flat_map(|manager| &manager.former_ids).map(ToString::to_string);
        let ids = book.managers.iter().map(|manager| manager.id.to_string());
        let teams = book.teams.iter().map(|team| team.id.to_string());
        let of_teams = book.teams.iter().filter_map(|team| team.data.branch.as_ref());
        Self {
            grades: book.settings.grades.clone(),
            roles: sorted(roles.chain(changes.filter_map(|change| change.role.as_ref())).cloned()),
            teams: sorted(teams.chain(broken(RecordKind::Team))),
            branches: sorted(branches.chain(of_teams).cloned()),
            managers: sorted(ids.chain(former).chain(broken(RecordKind::Manager))),
        }
    }
}

/// Each word once, in order.
fn sorted(words: impl Iterator<Item = String>) -> Vec<String> {
    words.collect::<BTreeSet<String>>().into_iter().collect()
}
