//! Leading, and keeping one's word: answers to what is reported upward, meetings, promised actions, one-to-ones, decisions.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::known::{Known, Measured};
use super::scope::{Adder, Scope};
use crate::book::deadline::Deadlines;
use crate::book::workload::median;
use crate::book::{Book, Record};
use crate::path;
use crate::period::Months;
use crate::record::client::Client;
use crate::record::conduct::UpwardReport;
use crate::record::manager::Manager;
use crate::record::promise::Action;
use crate::record::team::{Meeting, MeetingKind, Team};
use crate::record::value::Day;
use crate::source::{FileId, KeyPath};
use crate::text::metric as say;

/// A report upward with whoever raised it, whoever must answer, and by when.
pub struct Raised<'b> {
    /// Who raised it.
    pub manager: &'b Record<Manager>,
    /// Its place among that manager's reports.
    pub index: usize,
    /// What was raised.
    pub report: &'b UpwardReport,
    /// The day by which; progress asks for no answer.
    pub limit: Option<NaiveDate>,
}

impl<'b> Raised<'b> {
    /// Who had to answer on a day: whoever else the report names, else who was the author's supervisor then. Nobody answers
    /// their own.
    pub fn owner_on(&self, day: NaiveDate) -> Option<&'b str> {
        let named = self.report.owner.as_deref().filter(|owner| *owner != &*self.manager.id);
        named.or_else(|| Some(&**self.manager.data.supervisor_on(day)?))
    }

    /// The day it was answered, or settled, where that was within `limit`.
    pub fn ended_within(&self, limit: NaiveDate) -> Option<NaiveDate> {
        let ended = [self.report.answered, self.report.closed].into_iter().flatten().min();
        ended.map(|day| day.0).filter(|day| *day <= limit)
    }
}

/// Every report upward of a book.
pub fn raised<'b>(book: &'b Book, deadlines: &Deadlines<'_>) -> impl Iterator<Item = Raised<'b>> {
    book.managers.iter().flat_map(move |manager| {
        manager.data.reports.iter().enumerate().map(move |(index, report)| Raised {
            manager,
            index,
            report,
            limit: deadlines.answer_limit(report),
        })
    })
}

/// Reports upward the manager raised in the window.
pub(super) fn reports_upward(scope: &Scope<'_>, window: Months) -> Measured {
    let mut sum = Adder::new(scope);
    for record in scope.records() {
        for (index, report) in record.data.reports.iter().enumerate() {
            if scope.within(window, report.raised) {
                sum.count(record.file, || path!["reports", index]);
            }
        }
    }
    Ok(sum.done())
}

/// Part of the reports upward to be answered by the manager in the window that were answered, or settled, by their limit.
pub(super) fn answers_in_time(scope: &Scope<'_>, window: Months) -> Measured {
    let deadlines = Deadlines::new(&scope.book.settings);
    let mut in_time = Adder::new(scope);
    for raised in raised(scope.book, &deadlines) {
        let Some(limit) = raised.limit.filter(|limit| scope.within(window, Day(*limit))) else { continue };
        let in_limit = raised.ended_within(limit);
        // Who let the limit pass answers for it, whoever came after.
        if raised.owner_on(in_limit.unwrap_or(limit)).is_some_and(|owner| scope.is(owner)) {
            in_time.judge(in_limit.is_some(), raised.manager.file, || path!["reports", raised.index]);
        }
    }
    in_time.part(say::NO_REPORTS)
}

/// Median of the calendar days from raised to answered, of the reports the manager answered in the window.
pub(super) fn answer_days(scope: &Scope<'_>, window: Months) -> Measured {
    let deadlines = Deadlines::new(&scope.book.settings);
    let answered = raised(scope.book, &deadlines).filter_map(|raised| {
        let answered = raised.report.answered.filter(|day| scope.within(window, *day))?;
        let own = raised.owner_on(answered.0).is_some_and(|owner| scope.is(owner));
        own.then(|| Decimal::from((answered.0 - raised.report.raised.0).num_days()))
    });
    median(answered.collect()).map(Known::from).ok_or_else(|| say::NO_REPORTS.into())
}

/// The meetings of the team the manager was in on their day, where the manager was employed; of those on one matter the ones
/// that name the manager, since not everybody is asked to them.
pub fn team_meetings<'b>(
    book: &'b Book,
    manager: &'b Record<Manager>,
) -> impl Iterator<Item = (&'b Record<Team>, usize, &'b Meeting)> {
    let teams = manager.data.teams().into_iter().filter_map(|team| book.teams.get(team));
    teams.flat_map(move |team| {
        let all = team.data.meetings.iter().enumerate();
        let is_asked = |meeting: &Meeting| {
            meeting.kind != MeetingKind::Special
                || meeting.absent.contains_key(&*manager.id)
                || team.data.met(meeting, &manager.id)
        };
        let own = all
            .filter(move |(_, meeting)| manager.data.member_on(&team.id, meeting.date) && is_asked(meeting));
        own.map(move |(index, meeting)| (team, index, meeting))
    })
}

/// Whether the manager was excused from a meeting: absent with a reason, or on leave on its day, and not there all the same.
pub fn is_excused(manager: &Record<Manager>, meeting: &Meeting) -> bool {
    meeting.absent.get(&*manager.id).is_some_and(|reason| !reason.trim().is_empty())
        || manager.data.on_leave(meeting.date) && !meeting.names(&manager.id)
}

/// Part of the meetings the manager attended, of those the manager was not excused from.
pub(super) fn meeting_attendance(scope: &Scope<'_>, window: Months) -> Measured {
    let mut attended = Adder::new(scope);
    for manager in scope.records() {
        for (team, index, meeting) in team_meetings(scope.book, manager) {
            if !scope.within(window, meeting.date) || is_excused(manager, meeting) {
                continue;
            }
            let was_there = team.data.met(meeting, &manager.id);
            attended.judge(was_there, team.file, || path!["meetings", index, "attendees"]);
        }
    }
    attended.part(say::NO_MEETINGS)
}

/// An action somebody promised at a meeting, in a talk or on a visit.
pub struct Promise<'b> {
    /// Who owes it where it names nobody.
    implied: Option<&'b str>,
    /// What was promised.
    pub action: &'b Action,
    /// The record of the meeting, talk or visit.
    pub of: &'b str,
    /// Its day.
    pub on: Day,
    file: FileId,
    at: (&'static str, usize, &'static str, usize),
}

impl<'b> Promise<'b> {
    /// Who owed it on a day.
    pub fn owner_on(&self, day: NaiveDate) -> Option<&'b str> {
        self.action.owner_on(day).map(|owner| &**owner).or(self.implied)
    }

    fn path(&self) -> KeyPath {
        let (list, index, key, position) = self.at;
        path![list, index, key, position]
    }
}

/// Every action promised at a meeting or in a talk, and on a visit to one of `clients`.
pub fn promises<'b>(
    book: &'b Book,
    clients: impl Iterator<Item = &'b Record<Client>>,
) -> impl Iterator<Item = Promise<'b>> {
    let meetings = book.teams.iter().flat_map(|team| {
        team.data.meetings.iter().enumerate().flat_map(move |(index, meeting)| {
            promised(
                (&team.id, team.file),
                team.data.answers_for(meeting).map(|who| &**who),
                &meeting.actions,
                meeting.date,
                ("meetings", index, "actions"),
            )
        })
    });
    let talks = book.managers.iter().flat_map(|manager| {
        let of = (&*manager.id, manager.file);
        manager.data.one_on_ones.iter().enumerate().flat_map(move |(index, talk)| {
            promised(of, Some(&manager.id), &talk.actions, talk.date, ("one_on_ones", index, "actions"))
        })
    });
    let visits = clients.flat_map(|client| {
        let of = (&*client.id, client.file);
        client.data.visits.iter().enumerate().flat_map(move |(index, visit)| {
            promised(of, Some(&visit.by), &visit.next, visit.date, ("visits", index, "next"))
        })
    });
    meetings.chain(talks).chain(visits)
}

/// The actions of one entry; who owes an action without an owner stands in `implied`.
fn promised<'b>(
    (of, file): (&'b str, FileId),
    implied: Option<&'b str>,
    actions: &'b [Action],
    on: Day,
    (list, index, key): (&'static str, usize, &'static str),
) -> impl Iterator<Item = Promise<'b>> {
    actions.iter().enumerate().map(move |(position, action)| Promise {
        implied,
        action,
        of,
        on,
        file,
        at: (list, index, key, position),
    })
}

/// Part of the manager's promised actions due in the window that were done by the day that `by` gives for their due day.
fn actions(scope: &Scope<'_>, window: Months, by: impl Fn(Day) -> NaiveDate) -> Measured {
    let mut done = Adder::new(scope);
    for promise in promises(scope.book, scope.visited.iter().copied()) {
        let due = promise.action.due_on(scope.as_of(window)).filter(|due| scope.within(window, *due));
        // Who did it, or let the day pass, answers for it, whoever came after.
        let owner = |due: Day| promise.owner_on(promise.action.done.map_or(due, |done| done.min(due)).0);
        let Some(due) = due.filter(|due| owner(*due).is_some_and(|owner| scope.is(owner))) else { continue };
        let counts = promise.action.done.is_some_and(|done| done.0 <= by(due));
        done.judge(counts, promise.file, || promise.path());
    }
    done.part(say::NO_ACTIONS)
}

/// Part of the actions due in the window that were done by its end, or by the day it is judged by.
pub(super) fn actions_closed(scope: &Scope<'_>, window: Months) -> Measured {
    actions(scope, window, |_| scope.as_of(window))
}

/// Part of the actions due in the window that were done by their due day.
pub(super) fn actions_on_time(scope: &Scope<'_>, window: Months) -> Measured {
    actions(scope, window, |due| due.0)
}

/// Part of the one-to-ones due in the window, with those who report to the manager, that were held by their day.
pub(super) fn one_on_ones_held(scope: &Scope<'_>, window: Months) -> Measured {
    let deadlines = Deadlines::new(&scope.book.settings);
    let mut held = Adder::new(scope);
    for manager in &scope.book.managers {
        if !manager.data.supervisors().any(|to| scope.is(to)) {
            continue;
        }
        let led = |day| manager.data.supervisor_on(day).is_some_and(|to| scope.is(to));
        for (due, is_held) in deadlines.one_on_ones(&manager.data, scope.kept_since, scope.as_of(window)) {
            if scope.within(window, Day(due)) && led(due) {
                held.judge(is_held, manager.file, || path!["one_on_ones"]);
            }
        }
    }
    held.part(say::NO_TALKS)
}

/// Part of the manager's decisions to be looked at again in the window that were, by their day.
pub(super) fn decisions_reviewed(scope: &Scope<'_>, window: Months) -> Measured {
    let mut reviewed = Adder::new(scope);
    for team in &scope.book.teams {
        for (index, decision) in team.data.decisions.iter().enumerate() {
            let Some(review) = decision.review.filter(|review| scope.within(window, *review)) else {
                continue;
            };
            let by = decision.by.as_ref().or_else(|| team.data.lead_on(review.0));
            if !by.is_some_and(|by| scope.is(by)) {
                continue;
            }
            let counts = decision.reviewed.is_some_and(|day| day <= review);
            reviewed.judge(counts, team.file, || path!["decisions", index, "reviewed"]);
        }
    }
    reviewed.part(say::NO_DECISIONS)
}

#[cfg(test)]
mod tests {
    use super::super::tests::told;

    /// What each metric says of a manager in October 2026.
    fn october<const N: usize>(files: &[(&str, &str)], manager: &str, metrics: [&str; N]) -> [String; N] {
        metrics.map(|metric| told(files, manager, metric, "2026-10"))
    }

    #[test]
    fn answers_are_the_supervisors_and_count_where_their_limit_lies() {
        // Five working days from Monday the 12th end on the 19th, from the 26th on 2 November; progress waits for nobody.
        let li = "name = '李'\nreports_to = 'zhao'\nreports = [\
            { raised = 2026-10-12, kind = 'problem', what = 'a', answered = 2026-10-16 },\
            { raised = 2026-10-13, kind = 'request', what = 'b', due = 2026-10-14, answered = 2026-10-20 },\
            { raised = 2026-10-14, kind = 'problem', what = 'c' },\
            { raised = 2026-10-15, kind = 'progress', what = 'd', answered = 2026-10-27 },\
            { raised = 2026-10-26, kind = 'problem', what = 'e' },\
            { raised = 2026-10-12, kind = 'problem', what = 'f', owner = 'wang', closed = 2026-10-13 }]";
        let files = [
            ("managers/li.toml", li),
            ("managers/zhao.toml", "name = '赵'"),
            ("managers/wang.toml", "name = '王'"),
        ];
        // a in time, b late, c never; the days to answer are 4, 7 and 12.
        let metrics = ["answers_in_time", "answer_days", "reports_upward"];
        assert_eq!(october(&files, "zhao", metrics), ["0.333333", "7", "0"]);
        let none = "no reports upward to be answered";
        assert_eq!(october(&files, "wang", metrics), ["1", none, "0"]);
        assert_eq!(october(&files, "li", metrics), [none, none, "6"]);
    }

    #[test]
    fn an_action_is_of_whoever_owed_it_on_its_day() {
        let action = |what: &str, more: &str| {
            format!("{{ what = '{what}', due = 2026-10-20, owner = 'wang', {more} }}")
        };
        let history = "history = [{ until = 2026-11-09, owner = 'li' }]";
        let team = format!(
            "name = '一部'\nlead = 'li'\n[[meetings]]\ndate = 2026-10-12\nkind = 'weekly'\nactions = [{}, {}, {}]\n",
            action("missed", history),
            action("done late", &format!("done = 2026-11-16, {history}")),
            action("of the lead", "history = [{ until = 2026-10-15 }]"),
        );
        let files = [
            ("managers/li.toml", "name = '李'"),
            ("managers/wang.toml", "name = '王'"),
            ("teams/one.toml", &team),
        ];
        let both = |query: &str, period: &str| ["li", "wang"].map(|who| told(&files, who, query, period));
        // Two were li's until 9 November, the third wang's before it was due.
        assert_eq!(both("actions_closed", "2026-10"), ["0", "0"]);
        assert_eq!(both("actions_closed", "2026-Q4"), ["0.5", "0"]);
        assert_eq!(both("actions_on_time", "2026-Q4"), ["0", "0"]);
        let undated = team
            .replace("2026-11-09", "2026-10-13")
            .replace("'of the lead', due = 2026-10-20", "'of the lead'");
        let files = [files[0], files[1], ("teams/one.toml", undated.as_str())];
        assert_eq!(told(&files, "li", "actions_closed", "2026-Q4"), "no promised actions due");
    }

    #[test]
    fn who_led_on_the_day_answers_for_it() {
        // Zhao led li up to 17 October, sun since. Five working days from Monday the 12th end on the 19th.
        let li = "name = '李'\nreports_to = 'sun'\nhistory = [{ until = 2026-10-17, reports_to = 'zhao' }]\nreports = [\
            { raised = 2026-10-12, kind = 'problem', what = 'a', answered = 2026-10-16 },\
            { raised = 2026-10-12, kind = 'request', what = 'b', due = 2026-10-14, answered = 2026-10-20 },\
            { raised = 2026-10-12, kind = 'problem', what = 'c' }]\n\
            joined = 2026-08-21\none_on_ones = [{ date = 2026-08-21 }, { date = 2026-10-06 }]\n";
        let files = [
            ("managers/li.toml", li),
            ("managers/zhao.toml", "name = '赵'"),
            ("managers/sun.toml", "name = '孙'"),
        ];
        // Zhao answered a in time after 4 days and let the limit of b pass, which sun answered after 8, as sun did that of c. A
        // talk was due by 5 October, 45 days after 21 August; it was held a day late, the next is due on 20 November.
        let metrics = ["answers_in_time", "answer_days", "one_on_ones_held"];
        assert_eq!(october(&files, "zhao", metrics), ["0.5", "4", "0"]);
        assert_eq!(october(&files, "sun", metrics), ["0", "8", "no one-to-ones due"]);
    }

    #[test]
    fn who_leaves_or_goes_away_later_was_owed_the_talks_before() {
        let held = |more: &str| {
            let li = format!(
                "name = '李'\nreports_to = 'zhao'\njoined = 2026-08-21\n\
                 one_on_ones = [{{ date = 2026-08-21 }}, {{ date = 2026-10-06 }}]\n{more}"
            );
            let files = [("managers/li.toml", &*li), ("managers/zhao.toml", "name = '赵'")];
            told(&files, "zhao", "one_on_ones_held", "2026-10")
        };
        // Due by 5 October, 45 days after 21 August, and held a day late.
        assert_eq!(held(""), "0");
        assert_eq!(held("status = 'left'\nleft = 2026-11-10"), "0");
        assert_eq!(held("status = 'left'\nleft = 2026-10-04"), "no one-to-ones due");
        // On a long leave on that day, still or again at work since; 45 days after coming back end in December.
        let leave = "leaves = [{ from = 2026-09-10, to = 2026-10-20, kind = 'other' }]";
        assert_eq!(held(leave), "no one-to-ones due");
        assert_eq!(held(&leave.replace("10-20", "09-30")), "0");
        let away = "status = 'away'\nleaves = [{ from = 2026-11-02, to = 2026-11-30, kind = 'other' }]";
        assert_eq!(held(away), "0");
    }

    #[test]
    fn a_meeting_excused_from_costs_nothing() {
        let team = "name = '一部'\nmeetings = [\
            { date = 2026-10-05, kind = 'weekly', attendees = ['li', 'wang'] },\
            { date = 2026-10-12, kind = 'weekly', attendees = ['wang'], absent = { li = '年假' } },\
            { date = 2026-10-19, kind = 'weekly', attendees = [] },\
            { date = 2026-11-02, kind = 'weekly', attendees = ['li'] }]";
        let files = [
            ("managers/li.toml", "name = '李'\nteam = 'one'"),
            ("managers/wang.toml", "name = '王'\nteam = 'one'\njoined = 2026-10-10"),
            ("managers/zhao.toml", "name = '赵'"),
            (
                "managers/sun.toml",
                "name = '孙'\nteam = 'one'\ngrade_history = [{ from = 2020-01-01, grade = 'junior', team = 'two' }, \
                 { from = 2026-10-15, grade = 'junior', team = 'one' }]",
            ),
            ("teams/one.toml", team),
            (
                "teams/two.toml",
                "name = '二部'\nmeetings = [{ date = 2026-10-06, kind = 'weekly', attendees = ['sun'] }, \
                 { date = 2026-10-20, kind = 'weekly', attendees = [] }]",
            ),
        ];
        let of = |manager| told(&files, manager, "meeting_attendance", "2026-10");
        // li: the 5th of the 5th and 19th; wang joined on the 10th: the 12th of the 12th and 19th; sun changed teams on the 15th:
        // the 6th of one, not the 19th of the other.
        assert_eq!(["li", "wang", "sun", "zhao"].map(of), ["0.5", "0.5", "0.5", "no meetings of the team"]);
    }

    #[test]
    fn whoever_is_in_the_chair_is_there() {
        let team = "name = '一部'\nlead = 'li'\nmeetings = [{ date = 2026-10-05, kind = 'weekly', attendees = ['wang'] },\
            { date = 2026-10-12, kind = 'weekly', chair = 'wang', attendees = [] },\
            { date = 2026-10-19, kind = 'weekly', absent = { li = ' ' }, attendees = ['wang'] }]";
        let member = "team = 'one'\n";
        let (li, wang) = (format!("name = '李'\n{member}"), format!("name = '王'\n{member}"));
        let files = [("managers/li.toml", &*li), ("managers/wang.toml", &*wang), ("teams/one.toml", team)];
        // Li leads on the 5th, where nobody else is named, not on the 12th, and is said to be absent on the 19th.
        let of = |manager| told(&files, manager, "meeting_attendance", "2026-10");
        assert_eq!([of("li"), of("wang")], ["0.333333", "1"]);
    }

    #[test]
    fn a_meeting_on_one_matter_counts_for_whoever_it_names() {
        let team = "name = '一部'\nmeetings = [{ date = 2026-10-05, kind = 'weekly', attendees = ['li', 'wang'] },\
            { date = 2026-10-12, kind = 'special', chair = 'sun', attendees = ['wang'], absent = { zhao = ' ' } }]";
        let named = ["li", "wang", "sun", "zhao"]
            .map(|id| (format!("managers/{id}.toml"), "name = '甲'\nteam = 'one'"));
        let mut files: Vec<(&str, &str)> = named.iter().map(|(path, text)| (path.as_str(), *text)).collect();
        files.push(("teams/one.toml", team));
        let of = |manager| told(&files, manager, "meeting_attendance", "2026-10");
        // Li was not asked to the special one; wang was at both; sun, in its chair, missed the other, and zhao both.
        assert_eq!(["li", "wang", "sun", "zhao"].map(of), ["1", "1", "0.5", "0"]);
    }

    #[test]
    fn leave_excuses_from_a_meeting_unless_one_came_all_the_same() {
        let team = "name = '一部'\nmeetings = [{ date = 2026-10-05, kind = 'weekly', attendees = ['li', 'wang'] },\
            { date = 2026-10-12, kind = 'weekly', attendees = ['wang'] }]";
        let leave = "team = 'one'\nleaves = [{ from = 2026-10-12, to = 2026-10-13, kind = 'annual' }]";
        let (li, wang) = (format!("name = '李'\n{leave}"), format!("name = '王'\n{leave}"));
        let files = [("managers/li.toml", &*li), ("managers/wang.toml", &*wang), ("teams/one.toml", team)];
        let of = |manager| told(&files, manager, "meeting_attendance", "2026-10");
        assert_eq!([of("li"), of("wang")], ["1", "1"]);
    }

    #[test]
    fn an_action_of_a_meeting_that_names_nobody_is_of_who_chaired_it_or_led_the_team() {
        let action = "actions = [{ what = 'a', due = 2026-10-09 }]";
        let team = format!(
            "name = '一部'\nlead = 'zhao'\nmeetings = [{{ date = 2026-10-05, kind = 'weekly', {action} }},\
             {{ date = 2026-10-06, kind = 'special', chair = 'li', {action} }}]"
        );
        let files = [
            ("managers/li.toml", "name = '李'"),
            ("managers/zhao.toml", "name = '赵'"),
            ("teams/one.toml", &team),
        ];
        let of = |manager| told(&files, manager, "actions_closed", "2026-10");
        assert_eq!([of("zhao"), of("li")], ["0", "0"]);
    }

    #[test]
    fn promises_are_kept_by_the_day_agreed() {
        let action = |what: &str, rest: &str| format!("{{ what = '{what}', {rest} }}");
        let meeting = [
            action("a", "owner = 'li', due = 2026-10-09, done = 2026-10-09"),
            action("b", "owner = 'li', due = 2026-10-12, done = 2026-10-30"),
            action("c", "owner = 'wang', due = 2026-10-12"),
            action("d", "owner = 'li', due = 2026-11-12, slipped = [{ due = 2026-10-12, on = 2026-10-10 }]"),
        ]
        .join(", ");
        let team = format!(
            "name = '一部'\nmeetings = [{{ date = 2026-10-05, kind = 'weekly', actions = [{meeting}] }}]"
        );
        let client = "name = '甲'\ntier = 'key'\nstatus = 'active'\nmanager = 'wang'\nvisits = [{ date = 2026-10-02, by = 'wang', \
            kind = 'call', next = [{ what = 'e', owner = 'li', due = 2026-10-20 }] }]";
        let files = [
            (
                "managers/li.toml",
                "name = '李'\none_on_ones = [{ date = 2026-10-01, actions = [{ what = 'f', due = 2026-10-31, done = 2026-11-02 }] }]",
            ),
            ("managers/wang.toml", "name = '王'"),
            ("teams/one.toml", &team),
            ("clients/a.toml", client),
        ];
        // Due from li in October: a, b, e, f; d was put off in time. Done by its end a and b, on time a.
        let metrics = ["actions_closed", "actions_on_time"];
        assert_eq!(october(&files, "li", metrics), ["0.5", "0.25"]);
        assert_eq!(october(&files, "wang", metrics), ["0", "0"]);
        assert_eq!(told(&files, "li", "actions_closed", "2026-09"), "no promised actions due");
    }

    #[test]
    fn a_one_to_one_is_due_45_days_after_the_last_one_or_the_one_missed() {
        let led = |rest: &str| format!("name = '李'\nreports_to = 'zhao'\njoined = 2026-07-01\n{rest}");
        let kept = |since: &str, rest: &str, period| {
            let li = led(rest);
            let client =
                format!("name = '甲'\ntier = 'key'\nstatus = 'active'\nmanager = 'li'\nentered = {since}");
            let files = [
                ("managers/li.toml", &*li),
                ("managers/zhao.toml", "name = '赵'"),
                ("clients/a.toml", &client),
            ];
            told(&files, "zhao", "one_on_ones_held", period)
        };
        let of = |rest: &str, period| kept("2026-01-05", rest, period);
        // Due by 15 August, missed, and made up for on 1 September, which is not the next one: that was due by 16 October, missed.
        let talks = "one_on_ones = [{ date = 2026-09-01 }]\n";
        let none = "no one-to-ones due";
        assert_eq!(["2026-08", "2026-09", "2026-10"].map(|month| of(talks, month)), ["0", none, "0"]);
        assert_eq!(of(talks, "2026-Q3"), "0");
        // Held by 16 October; in the half-year that is one of three, with 15 August and 30 November missed.
        let two = "one_on_ones = [{ date = 2026-09-01 }, { date = 2026-10-16 }]\n";
        assert_eq!([of(two, "2026-10"), of(two, "2026-H2")], ["1", "0.333333"]);
        // Without any talk 15 August and 29 September are two misses.
        assert_eq!([of("", "2026-09"), of("", "2026-Q3")], ["0", "0"]);
        assert_eq!(of(talks, "2026-07"), "no one-to-ones due");
        assert_eq!(of("status = 'away'", "2026-08"), "no one-to-ones due");
        // A book begun on 20 July misses none by 15 August: the first was due by 3 September.
        assert_eq!(kept("2026-07-20", "", "2026-08"), "no one-to-ones due");
        assert_eq!(kept("2026-07-20", "", "2026-09"), "0");
        assert_eq!(kept("2026-07-20", talks, "2026-09"), "1");
    }

    #[test]
    fn a_decision_is_the_leads_unless_it_names_somebody() {
        let decision = |id: &str, rest: &str| {
            format!(
                "[[decisions]]\nid = '{id}'\nquestion = 'q'\ndecided = 2026-09-01\nchoice = 'c'\n{rest}\n"
            )
        };
        let team = [
            "name = '一部'\nlead = 'zhao'\n".to_owned(),
            decision("a", "review = 2026-10-10\nreviewed = 2026-10-10"),
            decision("b", "review = 2026-10-10\nreviewed = 2026-10-12"),
            decision("c", "review = 2026-10-10\nby = 'li'"),
            decision("d", "review = 2026-11-10"),
        ]
        .concat();
        let files = [
            ("managers/zhao.toml", "name = '赵'"),
            ("managers/li.toml", "name = '李'"),
            ("teams/one.toml", &team),
        ];
        let of = |manager, period| told(&files, manager, "decisions_reviewed", period);
        assert_eq!([of("zhao", "2026-10"), of("li", "2026-10")], ["0.5", "0"]);
        assert_eq!(of("li", "2026-11"), "no decisions to be looked at again");
    }
}
