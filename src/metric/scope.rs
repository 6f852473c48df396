//! Whose figures are asked for, when, and what an answer is.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::known::{Bearing, Evidence, Known, Measured};
use crate::book::figured::Figured;
use crate::book::{Book, Record};
use crate::period::Months;
use crate::record::client::Client;
use crate::record::manager::Manager;
use crate::record::value::Day;
use crate::source::{FileId, KeyPath, Place};
use crate::text::Text;

/// The part of a book that one manager, a team or the whole unit answers for.
#[derive(Clone, Copy)]
pub struct Scope<'b> {
    /// The book.
    pub book: &'b Book,
    /// The managers asked about, in id order.
    pub managers: &'b [&'b str],
    /// The clients they ever earned from, in the order of their files.
    pub clients: &'b [&'b Record<Client>],
    /// The clients where they left any trace: earned, visited, planned to, won, found a need, referred, originated, asked, promised, were
    /// answered or complained about.
    pub visited: &'b [&'b Record<Client>],
    /// Of which months the book has figures.
    pub figured: &'b Figured,
    /// When each group's first client came.
    pub groups: &'b super::clients::FirstOfGroups<'b>,
    /// When each client was lost.
    pub lost: &'b super::clients::Lost<'b>,
    /// Since when the book is kept.
    pub kept_since: Option<NaiveDate>,
    /// The last day known; without one every stretch is taken to be over.
    pub today: Option<NaiveDate>,
    /// Whether answers name the records behind them; explanations ask for it, mass scoring does not.
    pub evidence: bool,
}

/// Adds up contributions and remembers where they came from.
pub(super) struct Adder<'b> {
    scope: &'b Scope<'b>,
    known: Known,
    any: bool,
    /// Records that were to count, whether they do or not.
    judged: usize,
}

impl<'b> Adder<'b> {
    pub(super) fn new(scope: &'b Scope<'b>) -> Self {
        Self { scope, known: Known::default(), any: false, judged: 0 }
    }

    /// Adds `amount`; `path` is only spelt out where evidence is asked for.
    pub(super) fn add(&mut self, file: FileId, amount: Decimal, path: impl FnOnce() -> KeyPath) {
        self.any = true;
        self.known.amount += amount;
        if self.scope.evidence {
            self.known.evidence.push(Evidence::new(Place::value(file, path()), amount));
        }
    }

    /// Adds `amount` by a weight: percent of credit, or percent days of it, which `divided_by` holds against the whole.
    pub(super) fn weigh(
        &mut self,
        file: FileId,
        (amount, weight): (Decimal, Decimal),
        path: impl FnOnce() -> KeyPath,
    ) {
        // Weights and what they are held against are shown as shares and days at the whole share.
        let part = (weight / Decimal::ONE_HUNDRED, Decimal::ONE / Decimal::ONE_HUNDRED);
        self.add_part(file, amount * weight, part, path);
    }

    /// Adds `amount`, which is what a part of a record's amount comes to: as `part` is of `whole`.
    pub(super) fn add_part(
        &mut self,
        file: FileId,
        amount: Decimal,
        (part, whole): (Decimal, Decimal),
        path: impl FnOnce() -> KeyPath,
    ) {
        self.add(file, amount, path);
        if self.scope.evidence
            && let Some(evidence) = self.known.evidence.last_mut()
        {
            evidence.bearing = Bearing::Part(part, whole);
        }
    }

    /// Adds one for a record that counts.
    pub(super) fn count(&mut self, file: FileId, path: impl FnOnce() -> KeyPath) {
        self.add(file, Decimal::ONE, path);
    }

    /// One of the records a ratio is made of, which counts or is missed.
    pub(super) fn judge(&mut self, counts: bool, file: FileId, path: impl FnOnce() -> KeyPath) {
        self.judged += 1;
        if counts {
            self.count(file, path);
        } else if self.scope.evidence {
            let at = Place::value(file, path());
            self.known.evidence.push(Evidence { at, amount: Decimal::ZERO, bearing: Bearing::Missed });
        }
    }

    /// Divides the sum, and every part of it, by `divisor`.
    pub(super) fn divided_by(mut self, divisor: Decimal) -> Self {
        self.known.amount /= divisor;
        for evidence in &mut self.known.evidence {
            evidence.amount /= divisor;
            if let Bearing::Part(_, whole) = &mut evidence.bearing {
                *whole *= divisor;
            }
        }
        self
    }

    /// Those that count as a part of all that were judged; missing for `reason` where there were none.
    pub(super) fn part(self, reason: Text) -> Measured {
        let all = self.judged;
        if all == 0 {
            return Err(reason.into());
        }
        let Known { amount, evidence } = self.known;
        Ok(Known { amount: amount / Decimal::from(all), evidence })
    }

    /// Whether nothing was added.
    pub(super) fn is_empty(&self) -> bool {
        !self.any
    }

    /// The sum. What counts as a whole after all is no part.
    pub(super) fn done(mut self) -> Known {
        for evidence in &mut self.known.evidence {
            if matches!(evidence.bearing, Bearing::Part(part, whole) if part == whole) {
                evidence.bearing = Bearing::Counts;
            }
        }
        self.known
    }
}

impl Scope<'_> {
    /// The same seen on a day: what runs on it is told to that day, and what falls due later is not missed yet.
    #[must_use]
    pub fn on(self, today: Option<NaiveDate>) -> Self {
        Self { today, ..self }
    }

    /// The day a window is judged by: its last, or where it is not over the last one known. What is over is so judged alike
    /// whenever it is asked for.
    pub fn as_of(&self, window: Months) -> NaiveDate {
        window.as_of(self.today)
    }

    /// Whether a day lies in a window and is not after the one it is judged by.
    pub(super) fn within(&self, window: Months, day: Day) -> bool {
        (window.first_day()..=self.as_of(window)).contains(&day.0)
    }

    /// The records of the managers asked about.
    pub(super) fn records(&self) -> impl Iterator<Item = &Record<Manager>> {
        self.managers.iter().filter_map(|manager| self.book.managers.get(manager))
    }

    /// Whether `manager` is one of those asked about.
    pub fn is(&self, manager: &str) -> bool {
        self.managers.binary_search(&manager).is_ok()
    }

    /// The clients they lead on the day by which `months` are judged.
    pub(super) fn led(&self, months: Months) -> impl Iterator<Item = &Record<Client>> {
        let day = self.as_of(months);
        let leads = move |client: &&&Record<Client>| {
            client.data.counts_on(day) && self.is(crate::book::credit::lead_on(&client.data, day))
        };
        self.clients.iter().filter(leads).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::told_on;

    #[test]
    fn what_falls_due_later_in_a_month_that_runs_is_not_missed_yet() {
        let client = "name = '甲'\ntier = 'key'\nstatus = 'active'\nmanager = 'li'\nsince = 2026-11-20\n\
            checks = [{ kind = 'routine', due = 2026-11-10, done = 2026-11-09 }, { kind = 'routine', due = 2026-11-20 }, \
            { kind = 'routine', due = 2026-11-26 }]\n\
            warnings = [{ opened = 2026-11-20, signal = '欠息', level = 'red' }]\n\
            complaints = [{ id = 'a', received = 2026-11-15 }]\n\
            [[facilities]]\nid = 'f'\nproduct = '流贷'\nlimit = 100\ndrawn = 100\nclass = 'normal'\ndrawn_on = 2026-11-13\n\
            overdue_since = 2026-11-14\n";
        let meeting = |day: &str, rest: &str| format!("{{ date = 2026-11-{day}, kind = 'weekly'{rest} }}");
        let promised = ", actions = [{ what = 'a', owner = 'li', due = 2026-11-20, done = 2026-11-20 }, \
            { what = 'b', owner = 'li', due = 2026-11-30 }]";
        let meetings = [meeting("03", promised), meeting("10", ""), meeting("17", "")].join(", ");
        let team = format!(
            "name = '一部'\nlead = 'li'\nsince = 2026-11-02\nmeets = ['weekly']\nmeetings = [{meetings}]\n\
             events = [{{ date = 2026-11-10, name = 'a', kind = 'sports', participants = ['li'] }}, \
             {{ date = 2026-11-28, name = 'b', kind = 'sports' }}]\n"
        );
        let files = [
            ("managers/li.toml", "name = '李'\nteam = 'one'\njoined = 2026-01-01"),
            ("teams/one.toml", &*team),
            ("clients/a.toml", client),
        ];
        let none = "no complaints due for decision";
        // On the 24th, and once the month is over.
        let metrics = [
            ("checks_in_time", "0.5", "0.25"),
            ("warnings_overdue", "0", "1"),
            ("complaints_in_time", none, "0"),
            ("actions_closed", "1", "0.5"),
            ("event_participation", "1", "0.5"),
            // The weeks to the 8th, 15th and 22nd; that to the 29th still runs.
            ("meetings_held", "1", "0.75"),
            ("overdue_days", "10", "16"),
            // Drawn on 12 of 24 days, and on 18 of 30.
            ("drawn.average", "50", "60"),
            ("clients", "1", "1"),
        ];
        for (metric, running, over) in metrics {
            let of = |today| told_on(today, &files, "li", metric, "2026-11");
            assert_eq!(of(Some("2026-11-24")), running, "{metric}");
            // A period that is over is the same on every day.
            for today in [Some("2026-11-30"), Some("2027-05-05"), None] {
                assert_eq!(of(today), over, "{metric} {today:?}");
            }
        }
        let begun = |metric| told_on(Some("2026-10-31"), &files, "li", metric, "2026-11");
        assert_eq!(["drawn.average", "checks_in_time"].map(begun), ["0", "no post-loan checks due"]);
    }
}
