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
}

impl Source {
    /// The query with the aggregate it means; targets and actuals are plain figures and have none unless written.
    pub fn canonical(self, query: MetricQuery, names: &Names) -> MetricQuery {
        match self {
            Self::Manager | Self::Team | Self::Unit => names.canonical(query),
            Self::Targets | Self::Actuals => query,
        }
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

/// The written form, as it stands in expressions.
impl fmt::Display for Ask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefix = match self.source {
            Source::Manager => "",
            Source::Team => "team.",
            Source::Unit => "unit.",
            Source::Targets => "targets.",
            Source::Actuals => "actuals.",
        };
        write!(f, "{prefix}{}", self.query)
    }
}
