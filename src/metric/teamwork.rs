//! The team and the bank behind a manager: activities, recognitions, requests to departments, ideas, contingency plans.

use rust_decimal::Decimal;

use super::known::{Known, Measured};
use super::scope::{Adder, Scope};
use crate::book::calendar::WorkingDays;
use crate::book::credit::lead_on;
use crate::book::deadline::Deadlines;
use crate::book::rhythm::{owed, worked};
use crate::book::workload::median;
use crate::book::{Book, Record};
use crate::path;
use crate::period::Months;
use crate::record::client::Request;
use crate::record::conduct::Recognition;
use crate::record::development::{Decision, Idea};
use crate::record::manager::Manager;
use crate::record::team::{Event, Team};
use crate::record::value::Day;
use crate::source::FileId;
use crate::text::metric as say;

/// The activities of the team the manager was in on their day, where the manager was employed.
pub fn team_events<'b>(
    book: &'b Book,
    manager: &'b Record<Manager>,
) -> impl Iterator<Item = (FileId, usize, &'b Event)> {
    let teams = manager.data.teams().into_iter().filter_map(|team| book.teams.get(team));
    teams.flat_map(move |team| {
        let all = team.data.events.iter().enumerate();
        let took_part = |event: &Event| event.participants.iter().any(|who| **who == *manager.id);
        let own = all.filter(move |(_, event)| {
            manager.data.member_on(&team.id, event.date)
                && (took_part(event) || !manager.data.on_leave(event.date))
        });
        own.map(|(index, event)| (team.file, index, event))
    })
}

/// Part of the own team's activities that the manager took part in, of those on days of employment without leave.
pub(super) fn event_participation(scope: &Scope<'_>, window: Months) -> Measured {
    let mut there = Adder::new(scope);
    for manager in scope.records() {
        for (file, index, event) in team_events(scope.book, manager) {
            if scope.within(window, event.date) {
                let counts = event.participants.iter().any(|who| **who == *manager.id);
                there.judge(counts, file, || path!["events", index, "participants"]);
            }
        }
    }
    there.part(say::NO_EVENTS)
}

/// What the manager's recognitions in the window come to, each worth what `worth` says.
pub(super) fn recognitions(
    scope: &Scope<'_>,
    window: Months,
    worth: impl Fn(&Recognition) -> Decimal,
) -> Measured {
    let mut sum = Adder::new(scope);
    for record in scope.records() {
        for (index, recognition) in record.data.recognitions.iter().enumerate() {
            let worth = worth(recognition);
            if scope.within(window, recognition.date) && !worth.is_zero() {
                sum.add(record.file, worth, || path!["recognitions", index]);
            }
        }
    }
    Ok(sum.done())
}

/// A request to a department, its file and its place in it.
type Asked<'b> = (FileId, usize, &'b Request);

/// The requests to departments the manager raised: for clients, where one that names nobody is the lead's of its day, and
/// for the manager's own work.
fn requests<'b>(scope: &'b Scope<'b>) -> impl Iterator<Item = Asked<'b>> {
    let of_clients = scope.visited.iter().flat_map(move |client| {
        let by = |request: &'b Request| {
            request.by.as_deref().unwrap_or_else(|| lead_on(&client.data, request.raised.0))
        };
        let all = client.data.requests.iter().enumerate();
        all.filter(move |(_, request)| scope.is(by(request)))
            .map(|(index, request)| (client.file, index, request))
    });
    let of_managers = scope.records().flat_map(|manager| {
        let all = manager.data.requests.iter().enumerate();
        all.map(|(index, request)| (manager.file, index, request))
    });
    of_clients.chain(of_managers)
}

/// Part of the requests due in the window that were done by their day.
pub(super) fn requests_in_time(scope: &Scope<'_>, window: Months) -> Measured {
    let mut in_time = Adder::new(scope);
    for (file, index, request) in requests(scope) {
        let Some(due) = request.due.filter(|due| scope.within(window, *due)) else { continue };
        let counts = request.done.is_some_and(|done| done <= due);
        in_time.judge(counts, file, || path!["requests", index, "done"]);
    }
    in_time.part(say::NO_REQUESTS)
}

/// Median of the calendar days from raised to done, of the requests done in the window.
pub(super) fn request_days(scope: &Scope<'_>, window: Months) -> Measured {
    let done = requests(scope).filter_map(|(_, _, request)| {
        let done = request.done.filter(|done| scope.within(window, *done))?;
        Some(Decimal::from((done.0 - request.raised.0).num_days()))
    });
    median(done.collect()).map(Known::from).ok_or_else(|| say::NO_REQUESTS.into())
}

/// Ideas of the manager, and pilots the manager was in charge of on the day they are counted by, of those that `counted` gives
/// a day within the window.
fn ideas(scope: &Scope<'_>, window: Months, counted: impl Fn(&Idea) -> Option<Day>) -> Measured {
    let mut sum = Adder::new(scope);
    let counted = |idea: &Idea| counted(idea).filter(|day| scope.within(window, *day));
    for record in scope.records() {
        for (index, idea) in record.data.ideas.iter().enumerate() {
            if counted(idea).is_some() {
                sum.count(record.file, || path!["ideas", index]);
            }
        }
    }
    for team in &scope.book.teams {
        for (index, pilot) in team.data.pilots.iter().enumerate() {
            let owner = counted(pilot).and_then(|day| pilot.owner_on(day.0));
            if owner.is_some_and(|owner| scope.is(owner)) {
                sum.count(team.file, || path!["pilots", index]);
            }
        }
    }
    Ok(sum.done())
}

/// Ideas raised in the window.
pub(super) fn ideas_raised(scope: &Scope<'_>, window: Months) -> Measured {
    ideas(scope, window, |idea| Some(idea.raised))
}

/// Ideas it was decided in the window to keep.
pub(super) fn ideas_adopted(scope: &Scope<'_>, window: Months) -> Measured {
    ideas(scope, window, |idea| idea.decided.filter(|_| idea.decision == Some(Decision::Keep)))
}

/// Part of the meetings held that the teams led by the manager on the day the window is judged by were to hold, of the weeks,
/// months and quarters that ended in it by then.
pub(super) fn meetings_held(scope: &Scope<'_>, window: Months) -> Measured {
    let day = scope.as_of(window);
    let deadlines = Deadlines::new(&scope.book.settings);
    let days = WorkingDays::new(&scope.book.settings);
    let mut held = Adder::new(scope);
    let led = |team: &&Record<Team>| team.data.lead_on(day).is_some_and(|lead| scope.is(lead));
    for team in scope.book.teams.iter().filter(led) {
        let worked = worked(scope.book, team);
        for kind in deadlines.rhythm(&team.data).iter().copied() {
            let (planned, met) =
                owed(&days, (&team.data, kind, worked), (window.first_day(), window.last_day()), day);
            for slot in planned {
                held.judge(met.contains(&slot), team.file, || path!["meetings"]);
            }
        }
    }
    held.part(say::NO_MEETINGS_PLANNED)
}

/// Part of the contingency plans in the manager's charge on the window's last day that are not overdue for a drill. One that was not
/// drilled yet and need not have been is no part of either.
pub(super) fn plans_drilled(scope: &Scope<'_>, window: Months) -> Measured {
    let day = scope.as_of(window);
    let deadlines = Deadlines::new(&scope.book.settings);
    let mut drilled = Adder::new(scope);
    for team in &scope.book.teams {
        for (index, plan) in team.data.contingencies.iter().enumerate() {
            let in_force = plan.approved.is_none_or(|approved| approved.0 <= day);
            if !in_force || !scope.is(plan.owner_on(day)) {
                continue;
            }
            let counts = deadlines.drill(&team.data, plan, day).is_some_and(|due| due >= day);
            let is_tried = team.data.drills.iter().any(|drill| drill.plan == plan.id && drill.date.0 <= day);
            if counts && !is_tried {
                continue;
            }
            drilled.judge(counts, team.file, || path!["contingencies", index]);
        }
    }
    drilled.part(say::NO_PLANS)
}

#[cfg(test)]
mod tests {
    use super::super::tests::told;

    const LI: &str = "name = '李'\nteam = 'one'\njoined = 2026-10-05\n\
        recognitions = [{ date = 2026-10-09, kind = 'praise', what = 'a', points = 3 }, \
        { date = 2026-10-10, kind = 'violation', what = 'b', points = 1 }, { date = 2026-10-11, kind = 'praise', what = 'c' }]\n\
        requests = [{ raised = 2026-10-01, to = '科技部', what = 'a', due = 2026-10-10, done = 2026-10-09 }, \
        { raised = 2026-10-02, to = '法务', what = 'b', due = 2026-10-12 }]\n\
        ideas = [{ id = 'a', raised = 2026-10-02, what = 'a', decided = 2026-10-30, decision = 'keep' }, \
        { id = 'b', raised = 2026-09-02, what = 'b', decided = 2026-10-30, decision = 'stop' }]\n";
    const TEAM: &str = "name = '一部'\n\
        events = [{ date = 2026-10-01, name = 'a', kind = 'sports' }, { date = 2026-10-10, name = 'b', kind = 'sports', participants = ['li'] }, \
        { date = 2026-10-20, name = 'c', kind = 'other' }]\n\
        pilots = [{ id = 'p', raised = 2026-01-01, what = 'p', owner = 'li', decided = 2026-10-12, decision = 'keep' }]\n\
        drills = [{ date = 2026-03-01, plan = 'x' }, { date = 2026-11-01, plan = 'y' }]\n\
        contingencies = [{ id = 'x', scenario = 'other', owner = 'li', approved = 2024-01-01 }, \
        { id = 'y', scenario = 'other', owner = 'li', approved = 2024-01-01 }, { id = 'z', scenario = 'other', owner = 'li', approved = 2026-02-01 }, \
        { id = 'later', scenario = 'other', owner = 'li', approved = 2026-11-05 }]\n";
    const CLIENT: &str = "name = '甲'\ntier = 'key'\nstatus = 'active'\nmanager = 'wang'\n\
        requests = [{ raised = 2026-10-06, by = 'li', to = '授信部', what = 'c', due = 2026-10-20, done = 2026-10-21 }]\n";

    fn of(manager: &str, query: &str, period: &str) -> String {
        let files = [
            ("managers/li.toml", LI),
            ("managers/wang.toml", "name = '王'"),
            ("teams/one.toml", TEAM),
            ("clients/a.toml", CLIENT),
        ];
        told(&files, manager, query, period)
    }

    #[test]
    fn activities_before_joining_are_not_missed() {
        assert_eq!(of("li", "event_participation", "2026-10"), "0.5");
        assert_eq!(of("wang", "event_participation", "2026-10"), "no team activities");
    }

    #[test]
    fn leave_excuses_from_an_activity_unless_one_came_all_the_same() {
        let team = "name = '一部'\nevents = [\
            { date = 2026-10-05, name = '登山', kind = 'sports', participants = ['li', 'wang'] },\
            { date = 2026-10-12, name = '读书会', kind = 'learning', participants = ['wang'] },\
            { date = 2026-10-19, name = '义工', kind = 'volunteering', participants = [] }]";
        let of = |leave: &str, manager: &str| {
            let text = format!("name = '甲'\nteam = 'one'\n{leave}");
            let files =
                [("managers/li.toml", &*text), ("managers/wang.toml", &*text), ("teams/one.toml", team)];
            told(&files, manager, "event_participation", "2026-10")
        };
        // Li took part in one of three; on leave on the 12th, in one of two, while wang came all the same: two of three.
        let leave = "leaves = [{ from = 2026-10-12, to = 2026-10-13, kind = 'annual' }]";
        assert_eq!([of("", "li"), of(leave, "li"), of(leave, "wang")], ["0.333333", "0.5", "0.666667"]);
    }

    #[test]
    fn violations_count_against_praise() {
        assert_eq!(of("li", "recognitions", "2026-10"), "3");
        assert_eq!(of("li", "recognitions.count{kind = \"praise\"}", "2026-10"), "2");
        assert_eq!(of("li", "recognition_points", "2026-10"), "2");
        assert_eq!(of("li", "recognition_points", "2026-09"), "0");
    }

    #[test]
    fn requests_are_of_whoever_raised_them() {
        // Due: a in time, b never, c a day late; done after 8 and 15 days.
        assert_eq!(of("li", "requests_in_time", "2026-10"), "0.333333");
        assert_eq!(of("li", "request_days", "2026-10"), "11.5");
        assert_eq!(of("wang", "requests_in_time", "2026-10"), "no requests to departments");
    }

    #[test]
    fn ideas_are_adopted_when_they_are_kept() {
        assert_eq!(["ideas_raised", "ideas_adopted"].map(|metric| of("li", metric, "2026-10")), ["1", "2"]);
    }

    #[test]
    fn a_plan_is_drilled_within_a_year_of_the_periods_end() {
        // x in March, y not before November; z, approved in February, was not drilled and is not yet due; the last one comes later.
        assert_eq!(of("li", "plans_drilled", "2026-10"), "0.5");
        // z is due by the first of February; x counts until March. The last one is from 2026-11-05 on not due for a year.
        assert_eq!(of("li", "plans_drilled", "2027-01"), "1");
        assert_eq!(of("li", "plans_drilled", "2027-02"), "0.666667");
        assert_eq!(of("wang", "plans_drilled", "2026-10"), "no contingency plans");
    }

    #[test]
    fn plans_and_pilots_are_of_whoever_was_in_charge_on_the_day() {
        let history = "history = [{ until = 2026-10-31, owner = 'li' }]";
        let team = format!(
            "name = '一部'\ndrills = [{{ date = 2026-03-01, plan = 'x' }}]\n\
             contingencies = [{{ id = 'x', scenario = 'other', owner = 'wang', approved = 2024-01-01, {history} }}]\n\
             pilots = [{{ id = 'p', raised = 2026-11-02, what = 'p', owner = 'wang', {history} }}, \
             {{ id = 'q', raised = 2026-01-01, what = 'q', owner = 'wang', decided = 2026-10-20, decision = 'keep', {history} }}]\n"
        );
        let files = [
            ("managers/li.toml", "name = '李'"),
            ("managers/wang.toml", "name = '王'"),
            ("teams/one.toml", &team),
        ];
        let both = |query: &str, period: &str| ["li", "wang"].map(|who| told(&files, who, query, period));
        // Handed over on 1 November: October is li's, November wang's.
        assert_eq!(both("plans_drilled", "2026-10"), ["1", "no contingency plans"]);
        assert_eq!(both("plans_drilled", "2026-11"), ["no contingency plans", "1"]);
        assert_eq!(both("ideas_adopted", "2026-10"), ["1", "0"]);
        assert_eq!(both("ideas_raised", "2026-11"), ["0", "1"]);
        assert_eq!(both("ideas_raised", "2026-01"), ["1", "0"]);
    }
}
