//! The stints of a period in which somebody held one grade, role and team.

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;

use super::facts::Profile;
use super::profile::profile_on;
use crate::book::{Book, Record};
use crate::period::Months;
use crate::record::manager::Manager;
use crate::record::policy::TimeIn;

/// A stretch of days as one and the same.
pub(super) struct Stint {
    /// First and last day.
    pub(super) days: (NaiveDate, NaiveDate),
    /// Who the manager is on the last day.
    pub(super) profile: Profile,
    /// Its days, or the months whose last day lies in it.
    pub(super) weight: Decimal,
}

/// The stints of a manager over some months, in the order of time; one where nothing changed.
pub(super) fn stints(book: &Book, manager: &Record<Manager>, over: Months, by: TimeIn) -> Vec<Stint> {
    let record = &manager.data;
    let first = record.joined.map_or(over.first_day(), |joined| joined.0.max(over.first_day()));
    let last = record.left.map_or(over.last_day(), |left| left.0.min(over.last_day()));
    let mut starts: Vec<NaiveDate> = record.changes().collect();
    starts.retain(|start| *start > first && *start <= last);
    starts.push(first);
    starts.sort_unstable();
    let mut stints: Vec<Stint> = Vec::new();
    for (at, start) in starts.iter().enumerate() {
        let end = starts.get(at + 1).and_then(|next| next.checked_sub_days(Days::new(1))).unwrap_or(last);
        let profile = profile_on(book, manager, over, end);
        match stints.last_mut().filter(|before| is_same(&before.profile, &profile)) {
            Some(before) => *before = Stint { days: (before.days.0, end), profile, weight: Decimal::ZERO },
            None => stints.push(Stint { days: (*start, end), profile, weight: Decimal::ZERO }),
        }
    }
    for stint in &mut stints {
        stint.weight = weight(over, stint.days, last, by);
    }
    stints.retain(|stint| !stint.weight.is_zero());
    stints
}

fn is_same(a: &Profile, b: &Profile) -> bool {
    (&a.grade, &a.role, &a.team) == (&b.grade, &b.role, &b.team)
}

fn weight(over: Months, (first, end): (NaiveDate, NaiveDate), last: NaiveDate, by: TimeIn) -> Decimal {
    match by {
        TimeIn::Days => Decimal::from((end - first).num_days() + 1),
        TimeIn::Months => {
            let ends = over.iter().map(|month| month.last_day().min(last));
            let begun = ends.filter(|day| (first..=end).contains(day));
            Decimal::from(begun.count())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::load;
    use crate::period::Period;
    use crate::source::Snapshot;

    fn shown(history: &str, period: &str, by: TimeIn) -> Vec<String> {
        let manager =
            format!("name = \"A\"\ngrade = \"c\"\nrole = \"retail\"\njoined = 2026-07-11\n{history}");
        let texts = [("rmbook.toml", "name = \"B\"\n".to_owned()), ("managers/a.toml", manager)];
        let (book, _) = load(&Snapshot::new(texts.map(|(path, text)| (path.to_owned(), Ok(text)))));
        let stints =
            stints(&book, book.managers.get("a").unwrap(), period.parse::<Period>().unwrap().months(), by);
        let shown = stints.iter().map(|stint| {
            let (grade, role) = (stint.profile.grade.as_deref(), stint.profile.role.as_deref());
            format!("{} {} {}", grade.unwrap_or("-"), role.unwrap_or("-"), stint.weight)
        });
        shown.collect()
    }

    const HISTORY: &str = "[[grade_history]]\nfrom = 2026-07-11\ngrade = \"a\"\n\
        [[grade_history]]\nfrom = 2026-08-16\ngrade = \"b\"\nrole = \"corporate\"\n\
        [[grade_history]]\nfrom = 2026-09-05\ngrade = \"b\"\nteam = \"north\"\n";

    #[test]
    fn stints_are_weighed_by_days_or_by_the_months_that_end_in_them() {
        // 11 July to 15 August are 36 days, to 4 September 20, to 30 September 26; July, August and September end one each.
        assert_eq!(
            shown(HISTORY, "2026-Q3", TimeIn::Days),
            ["a retail 36", "b corporate 20", "b corporate 26"]
        );
        assert_eq!(
            shown(HISTORY, "2026-Q3", TimeIn::Months),
            ["a retail 1", "b corporate 1", "b corporate 1"]
        );
        assert_eq!(shown(HISTORY, "2026-10", TimeIn::Days), ["b corporate 31"]);
    }

    #[test]
    fn a_change_that_changes_nothing_makes_no_stint() {
        let again = "[[grade_history]]\nfrom = 2026-07-20\ngrade = \"c\"\n";
        let history = format!("[[grade_history]]\nfrom = 2026-07-11\ngrade = \"c\"\n{again}");
        assert_eq!(shown(&history, "2026-07", TimeIn::Days), ["c retail 21"]);
        // Nobody knows the grade before the first change of those that led to the present one.
        assert_eq!(shown(again, "2026-07", TimeIn::Days), ["- retail 9", "c retail 12"]);
    }
}
