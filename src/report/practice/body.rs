//! Whose figures a table compares: the unit, its teams, its managers.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::Input;
use crate::metric::{Portfolio, Scope, figures};
use crate::period::Months;
use crate::record::figure::Targets;
use crate::record::manager::Manager;
use crate::record::settings::MeasureKind;
use crate::table::Cell;
use crate::text::Text;

/// The unit, a team or a manager.
pub(super) struct Body<'i> {
    level: (&'static str, Text),
    /// Its id; the unit has none.
    pub(super) id: Option<&'i str>,
    name: &'i str,
    /// What it answers for.
    pub(super) portfolio: Portfolio<'i>,
    /// What it should achieve.
    pub(super) targets: &'i Targets,
    /// What it achieved that no client carries.
    pub(super) actuals: &'i Targets,
}

impl Body<'_> {
    /// Whether it is the unit or a team.
    pub(super) fn is_above_managers(&self) -> bool {
        self.level.0 != "manager"
    }

    /// The cells that say who it is: level, id, name.
    pub(super) fn cells(&self) -> [Cell; 3] {
        let (key, text) = self.level;
        [Cell::Said { key, text }, self.id.into(), self.name.into()]
    }
}

impl<'b> Input<'b> {
    /// The managers whose figures make up those of the bodies: everybody, or the members of the teams in scope.
    pub(super) fn body_managers(&self) -> BTreeSet<&'b str> {
        let teams: BTreeSet<&str> = self.teams().map(|(id, _)| id).collect();
        let in_team = |manager: &Manager| self.team_of(manager).is_some_and(|team| teams.contains(team));
        let own = self.managers().map(|(id, _)| id);
        let others = self.book.managers.iter().filter(|record| self.is_whole() || in_team(&record.data));
        others.map(|record| record.id.as_ref()).chain(own).collect()
    }

    /// Everybody in scope whose figures are compared: the unit first, where the report is about it, then teams, then managers.
    pub(super) fn bodies(&self) -> Vec<Body<'_>> {
        let portfolios = self.portfolios();
        let mut bodies = Vec::new();
        if self.is_whole() {
            bodies.push(Body {
                level: ("unit", Text::new("unit", "机构")),
                id: None,
                name: &self.book.settings.name,
                portfolio: portfolios.of(self.book.managers.iter().map(|record| record.id.as_ref())),
                targets: &self.book.settings.targets,
                actuals: &self.book.settings.actuals,
            });
        }
        for (id, team) in self.teams().filter(|_| self.only.manager.is_none()) {
            let members = self.book.managers.iter().filter(|record| self.team_of(&record.data) == Some(id));
            bodies.push(Body {
                level: ("team", Text::new("team", "团队")),
                id: Some(id),
                name: &team.name,
                portfolio: portfolios.of(members.map(|record| record.id.as_ref())),
                targets: &team.targets,
                actuals: &team.actuals,
            });
        }
        bodies.extend(self.managers().map(|(id, manager)| Body {
            level: ("manager", Text::new("manager", "个人")),
            id: Some(id),
            name: &manager.name,
            portfolio: portfolios.of([id]),
            targets: &manager.targets,
            actuals: &manager.actuals,
        }));
        bodies
    }
}

/// A credited figure over a stretch: the average of a balance, the sum of anything else; nothing where a month lacks figures.
pub(super) fn figure(scope: &Scope<'_>, measure: &str, kind: MeasureKind, months: Months) -> Option<Decimal> {
    let known = match kind {
        MeasureKind::Balance => figures::average(scope, measure, months),
        _ => figures::sum(scope, measure, months),
    };
    known.ok().map(|known| known.amount)
}

/// The stretch of the same length `months` months earlier.
pub(super) fn earlier(stretch: Months, months: i32) -> Months {
    Months { first: stretch.first.plus(-months), last: stretch.last.plus(-months) }
}

/// How many months a stretch has.
pub(super) fn length(stretch: Months) -> i32 {
    stretch.last.since(stretch.first) + 1
}
