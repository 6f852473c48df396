//! Questions a policy puts to the facts: whose figure, and which.

use std::fmt;

use crate::metric::{MetricQuery, Names};

/// Whose figure is asked for, and of which kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// The manager's own figure: `deposits.average`.
    Manager,
    /// The team the manager belongs to on the period's last day: `team.deposits.average`.
    Team,
    /// The whole unit: `unit.npl_ratio`.
    Unit,
    /// The manager's target: `targets.deposits`.
    Targets,
    /// A figure recorded with the manager that no client carries: `actuals.cards`.
    Actuals,
    /// The target of that team: `team.targets.deposits`.
    TeamTargets,
    /// The target of the whole unit: `unit.targets.deposits`.
    UnitTargets,
}

impl Source {
    /// The query with the aggregate it means; targets and actuals are plain figures and have none unless written.
    pub fn canonical(self, query: MetricQuery, names: &Names) -> MetricQuery {
        match self {
            Self::Manager | Self::Team | Self::Unit => names.canonical(query),
            Self::Targets | Self::Actuals | Self::TeamTargets | Self::UnitTargets => query,
        }
    }

    /// How its figures begin in expressions.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Manager => "",
            Self::Team => "team.",
            Self::Unit => "unit.",
            Self::Targets => "targets.",
            Self::Actuals => "actuals.",
            Self::TeamTargets => "team.targets.",
            Self::UnitTargets => "unit.targets.",
        }
    }

    /// Whether it is what is to be achieved.
    pub fn is_target(self) -> bool {
        matches!(self, Self::Targets | Self::TeamTargets | Self::UnitTargets)
    }

    /// What a test states under a key of its list of this source's figures, and the query: a team's and the unit's targets stand
    /// beside their figures, `"targets.deposits" = 500`.
    pub fn stated(self, key: &str) -> (Self, &str) {
        let targets = match self {
            Self::Team => Self::TeamTargets,
            Self::Unit => Self::UnitTargets,
            Self::Manager | Self::Targets | Self::Actuals | Self::TeamTargets | Self::UnitTargets => {
                return (self, key);
            }
        };
        key.strip_prefix("targets.").map_or((self, key), |query| (targets, query))
    }
}

/// One question about a manager.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ask {
    /// Whose figure.
    pub source: Source,
    /// Which.
    pub query: MetricQuery,
}

impl Ask {
    /// Whether `text` asks for the same in expressions; an aggregate that goes without saying may be left out.
    pub fn is_spelt(&self, text: &str, names: &Names) -> bool {
        let query = text.strip_prefix(self.source.prefix()).and_then(|query| query.parse().ok());
        query.is_some_and(|query| self.source.canonical(query, names) == self.query)
    }
}

/// The written form, as it stands in expressions.
impl fmt::Display for Ask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.source.prefix(), self.query)
    }
}
