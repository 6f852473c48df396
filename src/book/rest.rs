//! Since when a manager has taken no annual leave, for the rule and the report alike.

use chrono::NaiveDate;

use super::Book;
use crate::record::manager::Manager;
use crate::record::workplace::LeaveKind;

/// From which day on leave taken stands in a book.
#[derive(Clone, Copy, Debug)]
pub struct Rests {
    /// Whether the book says of anybody which leave was taken or is due.
    kept: bool,
    since: Option<NaiveDate>,
}

/// The day from which months without annual leave count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    /// The last day of the last one, as far as it has come.
    Taken(NaiveDate),
    /// None is recorded since the manager joined, or since the book was kept, whichever is later.
    NoneSince(NaiveDate),
}

impl Rest {
    /// The day itself.
    pub fn day(self) -> NaiveDate {
        match self {
            Self::Taken(day) | Self::NoneSince(day) => day,
        }
    }
}

impl Rests {
    /// Looks at all managers: leave taken before the first visit or leave of the book stands nowhere.
    pub fn of(book: &Book) -> Self {
        let managers = || book.managers.iter().map(|record| &record.data);
        let kept = managers().any(|manager| !manager.leaves.is_empty() || !manager.leave_due.is_empty());
        let leaves = managers().flat_map(|manager| &manager.leaves).map(|leave| leave.from.0);
        Self { kept, since: leaves.chain(book.kept_since()).min() }
    }

    /// Since when a manager has not been on annual leave, seen from a day; nothing where the book keeps no leave at all, or does
    /// not say since when the manager is here.
    pub fn last(&self, manager: &Manager, on: NaiveDate) -> Option<Rest> {
        let annual =
            manager.leaves.iter().filter(|leave| leave.kind == LeaveKind::Annual && leave.from.0 <= on);
        if let Some(last) = annual.map(|leave| leave.to.0.min(on)).max() {
            return Some(Rest::Taken(last));
        }
        let joined = manager.joined.filter(|_| self.kept)?.0;
        let since = joined.max(self.since.unwrap_or(joined));
        (since <= on).then_some(Rest::NoneSince(since))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::load;
    use crate::source::Snapshot;

    fn of(managers: [&str; 2], on: &str) -> Option<Rest> {
        let client = "name = '甲'\ntier = 'key'\nmanager = 'a'\nstatus = 'active'\nvisits = [{ date = 2026-10-20, by = 'a', kind = 'call' }]\n";
        let files = [
            ("rmbook.toml", "name = '支行'\n".to_owned()),
            ("managers/a.toml", format!("name = '甲'\n{}", managers[0])),
            ("managers/b.toml", format!("name = '乙'\n{}", managers[1])),
            ("clients/c.toml", client.to_owned()),
        ];
        let files = files.map(|(path, text)| (path.to_owned(), Ok(text)));
        let (book, findings) = load(&Snapshot::new(files));
        assert!(findings.is_empty(), "{findings:?}");
        Rests::of(&book).last(&book.managers.get("a").unwrap().data, on.parse().unwrap())
    }

    #[test]
    fn leave_counts_from_the_last_one_else_from_when_it_would_stand_in_the_book() {
        let day = |text: &str| text.parse().unwrap();
        let joined = "joined = 2018-03-01\n";
        let taken = "leaves = [{ from = 2026-10-05, to = 2026-10-09, kind = 'annual' }]\n";
        let own = format!("{joined}{taken}");
        assert_eq!(of([&own, ""], "2026-10-31"), Some(Rest::Taken(day("2026-10-09"))));
        assert_eq!(of([&own, ""], "2026-10-07"), Some(Rest::Taken(day("2026-10-07"))));
        // That of a colleague says that leave is kept since 5 October; before that nobody knows.
        assert_eq!(of([joined, taken], "2026-10-31"), Some(Rest::NoneSince(day("2026-10-05"))));
        assert_eq!(of([joined, taken], "2026-09-30"), None);
        let due = "leave_due = { 2026 = 10 }\n";
        assert_eq!(of([joined, due], "2026-10-31"), Some(Rest::NoneSince(day("2026-10-20"))));
        assert_eq!(of([joined, ""], "2026-10-31"), None);
        assert_eq!(of(["", taken], "2026-10-31"), None);
    }
}
