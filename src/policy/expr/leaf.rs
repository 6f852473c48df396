//! What kinds of figures names lead to.

use super::{Leaf, Part, Scored};

impl Leaf {
    /// Whether it is something measured, and not who somebody is or which period it is.
    pub fn is_figure(&self) -> bool {
        match self {
            Self::Ask(..)
            | Self::Item(..)
            | Self::Dimension(_)
            | Self::Members(..)
            | Self::Total
            | Self::Rating
            | Self::Line(_)
            | Self::PayTotal
            | Self::X
            | Self::EarlierRating(_)
            | Self::Record(..)
            | Self::Earlier(..)
            | Self::Totals(..)
            | Self::Scheme(..)
            | Self::Rank(_)
            | Self::Unread => true,
            Self::Target
            | Self::Full
            | Self::Month
            | Self::Quarter
            | Self::Half
            | Self::Year
            | Self::Days
            | Self::Months
            | Self::FirstDay
            | Self::LastDay
            | Self::ManagerId
            | Self::Grade
            | Self::Role
            | Self::Team
            | Self::Branch
            | Self::MonthsIn
            | Self::GradeMonths
            | Self::RiskTaker
            | Self::ActiveDays
            | Self::ActiveMonths
            | Self::Size(_) => false,
        }
    }

    /// Whether a closed result keeps it: its total, rating and items, and who the manager was and when.
    pub fn is_of_closed(&self) -> bool {
        let is_of_result = matches!(self, Self::Total | Self::Rating | Self::Item(..) | Self::Unread);
        is_of_result || !self.is_figure() && !matches!(self, Self::Target | Self::Full | Self::Size(_))
    }

    /// Whether it counts in points.
    pub(super) fn is_of_points(&self) -> bool {
        matches!(
            self,
            Self::Dimension(_)
                | Self::Item(Part::Score | Part::Points, _)
                | Self::Members(_, _, Scored::Item(Part::Score | Part::Points, _))
                | Self::Earlier(Scored::Item(Part::Score | Part::Points, _), _)
        ) || self.is_total()
    }

    /// Whether it is a total, or made of totals.
    pub(super) fn is_total(&self) -> bool {
        matches!(
            self,
            Self::Total
                | Self::Totals(..)
                | Self::Scheme(_, _, Scored::Total)
                | Self::Members(_, _, Scored::Total)
                | Self::Earlier(Scored::Total, _)
        )
    }

    /// Whether it looks at the totals of those below a manager or of the one above.
    pub fn is_of_others_totals(&self) -> bool {
        matches!(self, Self::Members(_, _, Scored::Total))
    }
}
