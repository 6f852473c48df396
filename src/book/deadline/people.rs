//! What is owed in a manager's own work and by those who lead: answers, actions, certificates, trainings, access.

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use super::{Deadlines, after, before, months_after};
use crate::record::conduct::{AuditFinding, Declaration, ReportKind, UpwardReport};
use crate::record::development::{Certificate, Idea, Proposal, ProposalResult, Training};
use crate::record::manager::{Manager, Status};
use crate::record::promise::Action;
use crate::record::workplace::{Access, Asset};

impl Deadlines<'_> {
    /// Hours of training a manager should have done by `day` of its year: the settings' hours of a year
    /// (`management.training_hours`), for the days since 1 January, or since joining, up to that day or to leaving.
    pub fn training_hours(&self, manager: &Manager, day: NaiveDate) -> Decimal {
        let start = |year| NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or(day);
        let (first, next) = (start(day.year()), start(day.year() + 1));
        let from = manager.joined.map_or(first, |joined| joined.0.max(first));
        let until = manager.left.map_or(day, |left| left.0.min(day));
        let passed = ((until - from).num_days() + 1).max(0);
        let hours = Decimal::from(self.settings.management.training_hours);
        hours * Decimal::from(passed) / Decimal::from((next - first).num_days())
    }

    /// The day a promised action is due.
    pub fn action(&self, action: &Action) -> Option<NaiveDate> {
        action.due.filter(|_| action.done.is_none()).map(|due| due.0)
    }

    /// The day by which a report upward must be answered, where nobody has.
    pub fn answer(&self, report: &UpwardReport) -> Option<NaiveDate> {
        let is_open = report.answered.is_none() && report.closed.is_none();
        self.answer_limit(report).filter(|_| is_open)
    }

    /// The day by which a report upward is to be answered: its own, or the settings' limit. Progress asks for no answer
    /// unless it names a day.
    pub fn answer_limit(&self, report: &UpwardReport) -> Option<NaiveDate> {
        let by_limit = || match report.kind {
            ReportKind::Progress => None,
            ReportKind::Problem | ReportKind::Request => {
                Some(self.days.deadline(report.raised.0, self.settings.management.answer))
            }
        };
        report.due.map(|due| due.0).or_else(by_limit)
    }

    /// The day by which a certificate must be renewed: the settings' days before its last one, unless the manager has one
    /// of the same name that is valid longer.
    pub fn certificate(&self, manager: &Manager, certificate: &Certificate) -> Option<NaiveDate> {
        let expires = certificate.expires?;
        let is_renewed = manager
            .certificates
            .iter()
            .any(|other| other.name == certificate.name && other.expires.is_none_or(|later| later > expires));
        (!is_renewed).then(|| before(expires.0, self.settings.management.certificate))
    }

    /// The day by which whoever leads a manager must have talked with them again, seen from `today`: the first day of
    /// [`Self::one_on_ones`] that was missed and not made up for since, else the next. One who reports to nobody, has left or stands
    /// aside is owed none.
    pub fn one_on_one(
        &self,
        manager: &Manager,
        kept_since: Option<NaiveDate>,
        today: NaiveDate,
    ) -> Option<NaiveDate> {
        let is_led = manager.status == Status::Active && manager.reports_to.is_some();
        self.talks(manager, kept_since, today).1.filter(|_| is_led && manager.left.is_none())
    }

    /// Every day up to `until` by which a talk with a manager was due, and whether one was held by then: the settings' days
    /// after the last one, after the manager joined, came back from a long absence, or, while none made up for it, after the
    /// talk before was missed; none before the book began or has the first talk. A talk held late makes up for the one missed
    /// and is not the next. Who has left since or is away now was owed those before.
    pub fn one_on_ones(
        &self,
        manager: &Manager,
        kept_since: Option<NaiveDate>,
        until: NaiveDate,
    ) -> Vec<(NaiveDate, bool)> {
        self.talks(manager, kept_since, until).0
    }

    /// The days of [`Self::one_on_ones`], and that of [`Self::one_on_one`].
    fn talks(
        &self,
        manager: &Manager,
        kept_since: Option<NaiveDate>,
        until: NaiveDate,
    ) -> (Vec<(NaiveDate, bool)>, Option<NaiveDate>) {
        let interval = self.settings.management.one_on_one;
        let is_led = interval > 0 && manager.supervisors().next().is_some();
        let held = || manager.led_talks().map(|talk| talk.date.0);
        let begun = manager.joined.zip(kept_since).map(|(joined, kept)| joined.0.max(kept));
        let mut last = begun.into_iter().chain(held().min()).min().filter(|_| is_led);
        let (mut days, mut missed) = (Vec::new(), None);
        while let Some(from) = last {
            let due = after(from, interval);
            // On the last day itself a talk was still owed; who left on a day nobody wrote down was owed none.
            if due.pred_opt().is_some_and(|before| !manager.employed_after(before)) {
                return (days, None);
            }
            let talks = || held().filter(|day| from < *day && *day <= due);
            if let Some(late) = missed.and_then(|_| talks().min()) {
                (last, missed) = (Some(late), None);
                continue;
            }
            let talk = talks().max();
            if due > until {
                // One held before its day has come moves it.
                return (days, missed.or(Some(talk.map_or(due, |talk| after(talk, interval)))));
            }
            if talk.is_none() && manager.away_on(due) {
                last = due.iter_days().take_while(|day| *day <= until).find(|day| !manager.away_on(*day));
                missed = None;
            } else {
                days.push((due, talk.is_some()));
                last = talk.or(Some(due));
                missed = if talk.is_some() { None } else { missed.or(Some(due)) };
            }
        }
        (days, None)
    }

    /// The day by which a proposal for another grade must be decided, or, once approved, the grade be entered: the settings' limit
    /// (`management.proposal`) after it was made, or decided. Who has left by `today` is owed neither.
    pub fn proposal(&self, manager: &Manager, proposal: &Proposal, today: NaiveDate) -> Option<NaiveDate> {
        let from = match (proposal.decided, proposal.result) {
            (None, None) => proposal.date,
            (decided, Some(ProposalResult::Approved)) if !manager.has_moved(proposal) => {
                decided.unwrap_or(proposal.date)
            }
            _ => return None,
        };
        let is_there = manager.left.is_none_or(|left| left.0 > today) && manager.status != Status::Left;
        is_there.then(|| self.days.deadline(from.0, self.settings.management.proposal))
    }

    /// The day by which somebody must have looked at what a manager declared.
    pub fn declaration(&self, declaration: &Declaration) -> Option<NaiveDate> {
        let is_open = declaration.reviewed.is_none();
        is_open.then(|| self.days.deadline(declaration.date.0, self.settings.management.declaration))
    }

    /// The day of a training that was not completed.
    pub fn training(&self, training: &Training) -> Option<NaiveDate> {
        training.done.is_none().then_some(training.date.0)
    }

    /// The day by which an audit's finding must be put right.
    pub fn audit_finding(&self, finding: &AuditFinding) -> Option<NaiveDate> {
        finding.due.filter(|_| finding.rectified.is_none()).map(|due| due.0)
    }

    /// The day by which to keep or stop an idea.
    pub fn idea(&self, idea: &Idea) -> Option<NaiveDate> {
        let is_open = idea.decided.is_none() && idea.decision.is_none();
        idea.decide_by.filter(|_| is_open).map(|day| day.0)
    }

    /// The day by which access to a system must be looked at: the settings' months after it last was, or was granted; for a
    /// manager who left, it must be revoked on the last day instead.
    pub fn access(&self, manager: &Manager, access: &Access) -> Option<NaiveDate> {
        if access.revoked.is_some() {
            return None;
        }
        if let Some(left) = manager.left {
            return Some(left.0);
        }
        let looked_at = access.reviewed.or(access.granted)?;
        Some(months_after(looked_at.0, self.settings.management.access_months))
    }

    /// The day by which a manager who leaves must have given equipment back.
    pub fn asset(&self, manager: &Manager, asset: &Asset) -> Option<NaiveDate> {
        manager.left.filter(|_| asset.returned.is_none()).map(|left| left.0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{day, settings};
    use super::*;

    fn manager(text: &str) -> Manager {
        toml::from_str(&format!("name = '王芳'\n{text}")).unwrap()
    }

    #[test]
    fn problems_are_answered_within_five_working_days_and_progress_is_not() {
        let settings = settings();
        let deadlines = Deadlines::new(&settings);
        let due = |text: &str| {
            deadlines.answer(&toml::from_str(&format!("raised = 2026-10-16\nwhat = 'x'\n{text}")).unwrap())
        };
        // 16 October 2026 is a Friday.
        assert_eq!(due("kind = 'problem'"), Some(day("2026-10-23")));
        assert_eq!(due("kind = 'request'\ndue = 2026-10-19"), Some(day("2026-10-19")));
        assert_eq!(due("kind = 'problem'\nanswered = 2026-10-17"), None);
        assert_eq!(due("kind = 'progress'"), None);
    }

    #[test]
    fn a_certificate_is_renewed_sixty_days_before_it_expires() {
        let settings = settings();
        let deadlines = Deadlines::new(&settings);
        let first = "[[certificates]]\nname = 'a'\nexpires = 2026-12-31\n";
        let due = |text: &str| {
            let manager = manager(text);
            deadlines.certificate(&manager, &manager.certificates[0])
        };
        assert_eq!(due(first), Some(day("2026-11-01")));
        assert_eq!(due(&format!("{first}[[certificates]]\nname = 'a'\nexpires = 2029-12-31")), None);
        assert_eq!(
            due(&format!("{first}[[certificates]]\nname = 'b'\nexpires = 2029-12-31")),
            Some(day("2026-11-01"))
        );
        assert_eq!(due("[[certificates]]\nname = 'a'"), None);
    }

    #[test]
    fn managers_are_talked_with_and_their_declarations_looked_at() {
        let settings = settings();
        let deadlines = Deadlines::new(&settings);
        let since = |kept: Option<&str>, text: &str| {
            deadlines.one_on_one(
                &manager(&format!("joined = 2026-01-01\n{text}")),
                kept.map(day),
                day("2026-11-24"),
            )
        };
        let due = |text: &str| since(None, text);
        let talks = "reports_to = 'zhao-min'\n[[one_on_ones]]\ndate = 2026-10-12\n";
        // 45 days after 12 October, and after 1 January.
        assert_eq!(due(talks), Some(day("2026-11-26")));
        // Of a book that has not begun nobody knows since when.
        assert_eq!(due("reports_to = 'zhao-min'"), None);
        // A book begun on 1 October asks for no talk before; one begun earlier counts from joining.
        assert_eq!(since(Some("2026-10-01"), "reports_to = 'zhao-min'"), Some(day("2026-11-15")));
        assert_eq!(since(Some("2025-10-01"), "reports_to = 'zhao-min'"), Some(day("2026-02-15")));
        assert_eq!(since(Some("2026-11-01"), talks), Some(day("2026-11-26")));
        assert_eq!(due(""), None);
        assert_eq!(due(&format!("left = 2026-10-31\nstatus = 'left'\n{talks}")), None);
        let declared = |text: &str| {
            let head = "date = 2026-10-16\nkind = 'gift'\nwhat = 'x'\n";
            deadlines.declaration(&toml::from_str(&format!("{head}{text}")).unwrap())
        };
        // Friday 16 October and five working days.
        assert_eq!(declared(""), Some(day("2026-10-23")));
        assert_eq!(declared("reviewed = 2026-10-19"), None);
    }

    #[test]
    fn only_a_talk_with_the_supervisor_is_the_one_that_was_owed() {
        let settings = settings();
        let deadlines = Deadlines::new(&settings);
        let due = |with: &str| {
            let talks = "one_on_ones = [{ date = 2026-09-07 }, { date = 2026-10-12, with = ";
            let manager = manager(&format!("reports_to = 'zhao'\njoined = 2026-01-01\n{talks}'{with}' }}]"));
            (
                deadlines.one_on_one(&manager, None, day("2026-11-24")),
                deadlines.one_on_ones(&manager, None, day("2026-10-31")).last().copied(),
            )
        };
        // 45 days after 12 October; and after 7 September, when the talk of that day is none.
        assert_eq!(due("zhao"), (Some(day("2026-11-26")), Some((day("2026-10-22"), true))));
        assert_eq!(due("wang"), (Some(day("2026-10-22")), Some((day("2026-10-22"), false))));
    }

    #[test]
    fn a_late_talk_makes_up_for_the_missed_one_and_sets_the_next_day() {
        let settings = settings();
        let deadlines = Deadlines::new(&settings);
        let of = |today: &str, talks: &str| {
            let manager =
                manager(&format!("reports_to = 'zhao'\njoined = 2026-01-01\none_on_ones = [{talks}]"));
            let days = deadlines.one_on_ones(&manager, None, day(today));
            let told = days.iter().map(|(day, held)| format!("{day}{}", if *held { "" } else { " missed" }));
            (told.collect::<Vec<_>>(), deadlines.one_on_one(&manager, None, day(today)))
        };
        // 45 days after 1 June end on 16 July; on the 17th it is a day late, and the next is due on 31 August.
        let first = "{ date = 2026-06-01 }";
        let late = format!("{first}, {{ date = 2026-07-17 }}");
        assert_eq!(of("2026-07-20", first), (vec!["2026-07-16 missed".into()], Some(day("2026-07-16"))));
        assert_eq!(of("2026-07-20", &late), (vec!["2026-07-16 missed".into()], Some(day("2026-08-31"))));
        // Nobody talks: missed again on 30 August, and owed since 16 July.
        let twice = vec!["2026-07-16 missed".to_owned(), "2026-08-30 missed".into()];
        assert_eq!(of("2026-09-10", first), (twice, Some(day("2026-07-16"))));
        let next = format!("{late}, {{ date = 2026-08-31 }}");
        let kept = vec!["2026-07-16 missed".to_owned(), "2026-08-31".into()];
        assert_eq!(of("2026-09-10", &next), (kept, Some(day("2026-10-15"))));
    }

    #[test]
    fn where_no_talks_are_asked_for_none_is_owed() {
        let settings = toml::from_str("name = 'B'\n[management]\none_on_one = 0\n").unwrap();
        let deadlines = Deadlines::new(&settings);
        let manager = manager("reports_to = 'zhao'\none_on_ones = [{ date = 2026-06-01 }]");
        let today = day("2026-11-24");
        assert_eq!(
            (deadlines.one_on_ones(&manager, None, today), deadlines.one_on_one(&manager, None, today)),
            (vec![], None)
        );
    }

    #[test]
    fn a_proposal_is_decided_and_an_approved_one_carried_out() {
        let settings = settings();
        let deadlines = Deadlines::new(&settings);
        let due = |more: &str, proposal: &str| {
            let text = format!(
                "grade = 'junior'\n{more}\nproposals = [{{ date = 2026-11-02, to = 'senior'{proposal} }}]"
            );
            let manager = manager(&text);
            deadlines.proposal(&manager, &manager.proposals[0], day("2026-11-24"))
        };
        let approved = ", decided = 2026-11-09, result = 'approved'";
        // 20 working days after the Mondays of 2 and 9 November.
        assert_eq!(due("", ""), Some(day("2026-11-30")));
        assert_eq!(due("", approved), Some(day("2026-12-07")));
        assert_eq!(due("grade_history = [{ from = 2026-11-10, grade = 'senior' }]", approved), None);
        assert_eq!(due("", ", decided = 2026-11-09, result = 'declined'"), None);
        assert_eq!(due("left = 2026-11-20", ""), None);
    }

    #[test]
    fn access_is_looked_at_yearly_and_ends_with_its_holder() {
        let settings = settings();
        let deadlines = Deadlines::new(&settings);
        let due = |text: &str| {
            let manager = manager(text);
            deadlines.access(&manager, &manager.access[0])
        };
        let access = "[[access]]\nsystem = '信贷系统'\ngranted = 2024-02-29\n";
        assert_eq!(due(access), Some(day("2025-02-28")));
        assert_eq!(due(&format!("{access}reviewed = 2026-06-30")), Some(day("2027-06-30")));
        assert_eq!(due(&format!("left = 2026-03-31\n{access}")), Some(day("2026-03-31")));
        assert_eq!(due(&format!("left = 2026-03-31\n{access}revoked = 2026-03-30")), None);
    }
}
