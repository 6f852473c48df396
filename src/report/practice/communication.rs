//! Communication: what was reported upward and waits for an answer, what was promised and slipped, which meetings were held.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{Col, Input, Report, Run, Sheet, Usual, choice, days, median, number, part};
use crate::book::rhythm::{owed, worked};
use crate::metric::leading::{self, Promise, Raised, promises};
use crate::record::kind::RecordKind;
use crate::record::promise::Action;
use crate::record::team::{MeetingKind, Team};
use crate::record::value::Day;
use crate::table::{Cell, Table};
use crate::text::Text;

pub(super) const REPORT: Report = Report {
    name: "communication",
    title: Text::new("Communication", "沟通管理"),
    question: Text::new(
        "Which problems were raised that nobody answered, which promises slipped twice, which meetings were missed?",
        "哪些上报问题尚未答复，哪些承诺一再延期，哪些例会没有召开？",
    ),
    about: Text::new(
        "unanswered: reports upward raised by the report's day without an answer or an end by then, the longest over its limit first\n\
         must answer: whoever the report names, else the author's supervisor of the day: received, who was on the day it was raised; answered, on the day of the answer; unanswered, on the report's day\n\
         limit: the report's own due day, else the settings' limit for answers from the day it was raised; progress asks for no answer unless it names a day\n\
         median days to answer: calendar days from raised to answered, of the reports answered in the period\n\
         in limit: of the reports whose limit was in the period, the part answered, or settled, by then; who let a limit pass answers for it\n\
         slipped: open actions of meetings, talks and visits put off at least twice by the report's day, with the day then agreed; a slip without the day it was put off counts from the day it had been due\n\
         planned meetings: of the kinds in the settings' `meetings` or the team's own `meets`, one a week, month and quarter that has a working day, ended in the period and by the report's day, or still running and held, and began when the team worked (`since`, else since somebody was first in it); held: those of them with a meeting, so that two in one week do not stand for another week; a longer meeting stands for a shorter one; of other kinds, how many there were\n\
         closure: of the meetings' actions due in the period, the part done by the report's day; on time: done by their due day\n\
         attendance: of the meetings of the manager's own team in the period on days the manager was employed, the part attended; absences with a reason or on leave count neither way and are told apart\n\
         one-to-one: talks of the period, and the last one before the report's day (conventions of branch management, no rule)",
        "未答复：截至报告日已上报而未答复、未办结的事项，超期最长者在前\n\
         答复责任人：事项所列责任人，未列的为上报人当日的直接上级；收到以上报日、答复以答复日、未答复以报告日为准\n\
         时限：事项自身的答复期限；未填写的，自上报日起按设置的答复时限计算；工作进展未填期限的无须答复\n\
         答复天数中位数：本期已答复事项自上报至答复的自然日天数\n\
         时限内答复率：答复时限在本期的事项中，在时限内答复或办结的占比；逾期由时限届满时的责任人承担\n\
         一再延期：会议、面谈、拜访的未完成事项中，截至报告日已延期两次及以上的，到期日取当时约定；未记延期日的，自原到期日起计\n\
         应开会议：按设置的 `meetings` 或团队的 `meets`，截至报告日在本期内结束（尚在进行而已召开的亦计）且含工作日的每周、每月、每季各一次，团队成立（`since`，未填则首位成员加入团队）之前的不计；已开：其中召开过会议的期数，同周多次不重复计算；当期的月会、季会可代替周会、月会；其他类别列示召开次数\n\
         办结率：会议承诺事项中到期日在本期的，截至报告日已完成的占比；按时：在到期日前完成的占比\n\
         出勤率：本期客户经理在职期间本团队会议中实际出席的占比；有原因的缺席及休假不计入，另行列示\n\
         一对一沟通：本期沟通次数及最近一次沟通日期（管理惯例，非监管规定）",
    ),
    usual: Usual::LastFigures,
    figures: false,
    run: Run::Book(run),
};

const UNANSWERED: Sheet = Sheet {
    name: "unanswered_reports",
    title: Text::new("Reports upward without an answer", "未答复的上报事项"),
    columns: &[
        Col::text("owner", "Must answer", "答复责任人"),
        Col::text("manager", "Raised by", "上报人"),
        Col::text("kind", "Kind", "类别"),
        Col::text("severity", "Severity", "严重程度"),
        Col::text("what", "What", "事项"),
        Col::text("client", "Client", "涉及客户"),
        Col::date("raised", "Raised", "上报日"),
        Col::count("age_days", "Days open", "未答复天数"),
        Col::date("due", "Limit", "答复时限"),
        Col::count("over_days", "Days over", "超期天数").bar(),
    ],
};

const ANSWERS: Sheet = Sheet {
    name: "answers",
    title: Text::new("Answers by supervisor", "各上级答复情况"),
    columns: &[
        Col::text("owner", "Must answer", "答复责任人"),
        Col::text("name", "Name", "姓名"),
        Col::count("received", "Received", "本期收到"),
        Col::count("answered", "Answered", "本期答复"),
        Col::number("median_days", "Median days to answer", "答复天数中位数"),
        Col::ratio("in_limit", "In limit", "时限内答复率").bar(),
        Col::count("open", "Unanswered", "未答复"),
        Col::count("over", "Over limit", "已超期"),
    ],
};

const SLIPPED: Sheet = Sheet {
    name: "slipped_actions",
    title: Text::new("Promised, and slipped twice or more", "一再延期的承诺事项"),
    columns: &[
        Col::text("owner", "Owner", "责任人"),
        Col::text("what", "What", "事项"),
        Col::text("from", "Promised at", "来源"),
        Col::date("first_due", "First due", "最初到期日"),
        Col::date("due", "Due now", "现到期日"),
        Col::count("slips", "Slips", "延期次数"),
        Col::count("late_days", "Days since first due", "距最初到期天数"),
    ],
};

const MEETINGS: Sheet = Sheet {
    name: "meetings",
    title: Text::new("Meetings held and planned", "例会召开情况"),
    columns: &[
        Col::text("team", "Team", "团队"),
        Col::text("kind", "Kind", "会议类别"),
        Col::count("planned", "Planned", "应开"),
        Col::count("held", "Held", "已开"),
        Col::ratio("held_ratio", "Held of planned", "召开率").bar(),
        Col::count("actions_due", "Actions due", "到期事项"),
        Col::ratio("closed_ratio", "Closed", "办结率"),
        Col::ratio("on_time_ratio", "On time", "按时办结率"),
    ],
};

const ATTENDANCE: Sheet = Sheet {
    name: "attendance",
    title: Text::new("Attendance and one-to-ones", "会议出勤与一对一沟通"),
    columns: &[
        Col::text("manager", "Manager", "客户经理"),
        Col::text("name", "Name", "姓名"),
        Col::count("meetings", "Meetings", "应到会议"),
        Col::count("attended", "Attended", "出席"),
        Col::count("excused", "Absent with reason", "有原因缺席"),
        Col::ratio("attendance", "Attendance", "出勤率").bar(),
        Col::count("one_on_ones", "One-to-ones", "一对一沟通次数"),
        Col::date("last_one_on_one", "Last one-to-one", "最近一对一沟通"),
    ],
};

fn run(input: &Input<'_>) -> Vec<Table> {
    vec![unanswered(input), answers(input), slipped(input), meetings(input), attendance(input)]
}

/// Who had to answer a report upward on a day, where its author or that one is in scope.
fn owner_on<'b>(input: &Input<'_>, raised: &Raised<'b>, day: NaiveDate) -> Option<Option<&'b str>> {
    let owner = raised.owner_on(day);
    let covers = |id: &str| input.covers(id);
    (covers(&raised.manager.id) || owner.is_some_and(covers)).then_some(owner)
}

/// Whether an answer was still owed on the report's day.
fn is_open(input: &Input<'_>, raised: &Raised<'_>) -> bool {
    let ended = [raised.report.answered, raised.report.closed];
    let known = raised.limit.is_some() && raised.report.raised.0 <= input.as_of;
    known && ended.iter().all(|day| input.past(*day).is_none())
}

fn unanswered(input: &Input<'_>) -> Table {
    let open = leading::raised(input.book, &input.deadlines).filter(|raised| is_open(input, raised));
    let owned = open.filter_map(|raised| Some((owner_on(input, &raised, input.as_of)?, raised)));
    let mut open: Vec<(Option<&str>, Raised<'_>)> = owned.collect();
    open.sort_by_key(|(_, raised)| (raised.limit, std::cmp::Reverse(raised.report.severity)));
    let kind = RecordKind::Manager;
    let rows = open.iter().map(|(owner, Raised { manager, report, limit, .. })| {
        vec![
            (*owner).into(),
            (&*manager.id).into(),
            choice(kind, &["reports", "kind"], report.kind),
            report
                .severity
                .map_or(Cell::Missing, |severity| choice(kind, &["reports", "severity"], severity)),
            report.what.as_str().into(),
            report.client.as_deref().into(),
            report.raised.0.into(),
            days(input.since(report.raised.0)),
            (*limit).into(),
            days(limit.map(|limit| input.since(limit).max(0))),
        ]
    });
    UNANSWERED.filled(input, rows)
}

/// The reports upward one supervisor got, answered and left open.
#[derive(Default)]
struct Answers {
    received: usize,
    /// Calendar days each answer took.
    taken: Vec<Decimal>,
    /// Whether each report was answered by its limit.
    in_limit: Vec<bool>,
    open: usize,
    over: usize,
}

fn answers(input: &Input<'_>) -> Table {
    let mut by_owner: BTreeMap<&str, Answers> = BTreeMap::new();
    let all = leading::raised(input.book, &input.deadlines);
    for raised in all.filter(|raised| raised.report.raised.0 <= input.as_of) {
        let mut of = |day: NaiveDate, count: &dyn Fn(&mut Answers)| {
            if let Some(owner) = owner_on(input, &raised, day).flatten() {
                count(by_owner.entry(owner).or_default());
            }
        };
        let got = raised.report.raised;
        of(got.0, &|own| own.received += usize::from(input.is_in(got)));
        if let Some(day) = raised.report.answered.filter(|day| input.is_in(*day)) {
            of(day.0, &|own| own.taken.push(Input::between(got, day.0)));
        }
        if let Some(limit) = raised.limit.filter(|limit| input.is_in(Day(*limit))) {
            let in_limit = raised.ended_within(limit);
            of(in_limit.unwrap_or(limit), &|own| own.in_limit.push(in_limit.is_some()));
        }
        if is_open(input, &raised) {
            of(input.as_of, &|own| {
                own.open += 1;
                own.over += usize::from(raised.limit.is_some_and(|limit| limit < input.as_of));
            });
        }
    }
    let rows = by_owner.into_iter().map(|(owner, own)| {
        vec![
            owner.into(),
            input.name(owner).into(),
            own.received.into(),
            own.taken.len().into(),
            number(median(own.taken)),
            part(own.in_limit.iter().filter(|in_limit| **in_limit).count(), own.in_limit.len()),
            own.open.into(),
            own.over.into(),
        ]
    });
    ANSWERS.filled(input, rows)
}

fn slipped(input: &Input<'_>) -> Table {
    let mut found: Vec<Promise<'_>> = promises(input.book, input.book.clients.iter())
        .filter(|promise| promise.on.0 <= input.as_of && input.past(promise.action.done).is_none())
        .filter(|promise| promise.action.slips(input.as_of) >= 2)
        .filter(|promise| {
            input.is_whole() || promise.owner_on(input.as_of).is_some_and(|owner| input.covers(owner))
        })
        .collect();
    found.sort_by_key(|promise| (first_due(promise.action), promise.of, promise.on));
    let rows = found.into_iter().map(|promise| {
        let Promise { action, of, on, .. } = promise;
        let first = first_due(action);
        vec![
            promise.owner_on(input.as_of).into(),
            action.what.as_str().into(),
            format!("{of} {on}").into(),
            first.into(),
            action.due_on(input.as_of).map(|due| due.0).into(),
            action.slips(input.as_of).into(),
            days(first.map(|first| input.since(first))),
        ]
    });
    SLIPPED.filled(input, rows)
}

fn first_due(action: &Action) -> Option<NaiveDate> {
    action.slipped.iter().map(|slip| slip.due.0).min()
}

fn meetings(input: &Input<'_>) -> Table {
    let mut table = MEETINGS.table(input);
    for (id, team) in input.teams() {
        let worked = input.book.teams.get(id).map_or((None, None), |team| worked(input.book, team));
        let rhythm = input.deadlines.rhythm(team);
        let days = (input.months.first_day(), input.months.last_day());
        for kind in rhythm.iter().copied() {
            let (slots, met) = owed(&input.days, (team, kind, worked), days, input.as_of);
            let held = slots.intersection(&met).count();
            let planned = [slots.len().into(), held.into(), part(held, slots.len())];
            table.push(meetings_of(input, id, (team, kind), planned));
        }
        // Of a kind that is not planned, what followed is owed all the same.
        let others = team.meetings.iter().filter(|meeting| !rhythm.contains(&meeting.kind));
        let others = others.filter(|meeting| {
            input.is_in(meeting.date) || meeting.actions.iter().any(|action| due(input, action).is_some())
        });
        let kinds: BTreeSet<MeetingKind> = others.map(|meeting| meeting.kind).collect();
        for kind in kinds {
            let held =
                team.meetings.iter().filter(|meeting| meeting.kind == kind && input.is_in(meeting.date));
            let planned = [Cell::Missing, held.count().into(), Cell::Missing];
            table.push(meetings_of(input, id, (team, kind), planned));
        }
    }
    table
}

/// The day of the period on which an action was due.
fn due(input: &Input<'_>, action: &Action) -> Option<Day> {
    action.due_on(input.as_of).filter(|due| input.is_in(*due))
}

/// The meetings of a kind: how many there were to be, and what became of what they decided.
fn meetings_of(
    input: &Input<'_>,
    id: &str,
    (team, kind): (&Team, MeetingKind),
    planned: [Cell; 3],
) -> Vec<Cell> {
    let of_kind = team.meetings.iter().filter(|meeting| meeting.kind == kind);
    let actions = of_kind.flat_map(|meeting| &meeting.actions);
    let due: Vec<(&Action, Day)> = actions.filter_map(|action| Some((action, due(input, action)?))).collect();
    let done = due.iter().filter(|(action, _)| input.past(action.done).is_some()).count();
    let on_time = due.iter().filter(|(action, due)| action.done.is_some_and(|done| done <= *due)).count();
    let mut row = vec![id.into(), choice(RecordKind::Team, &["meetings", "kind"], kind)];
    row.extend(planned);
    row.extend([due.len().into(), part(done, due.len()), part(on_time, due.len())]);
    row
}

fn attendance(input: &Input<'_>) -> Table {
    let rows = input.managers().map(|(id, manager)| {
        let record = input.book.managers.get(id);
        let called = record.into_iter().flat_map(|record| leading::team_meetings(input.book, record));
        let called = called.map(|(team, _, meeting)| (team, meeting));
        let (excused, meetings): (Vec<_>, Vec<_>) = called
            .filter(|(_, meeting)| input.is_in(meeting.date))
            .partition(|(_, meeting)| record.is_some_and(|record| leading::is_excused(record, meeting)));
        let attended = meetings.iter().filter(|(team, meeting)| team.data.met(meeting, id)).count();
        let talks = || manager.led_talks().map(|talk| talk.date);
        vec![
            id.into(),
            manager.name.as_str().into(),
            meetings.len().into(),
            attended.into(),
            excused.len().into(),
            part(attended, meetings.len()),
            talks().filter(|day| input.is_in(*day)).count().into(),
            talks().filter_map(|day| input.past(Some(day))).max().into(),
        ]
    });
    ATTENDANCE.filled(input, rows)
}

#[cfg(test)]
mod tests {
    use super::super::{lines, lines_on};

    const BOOK: &str = r#"
# file: rmbook.toml
name = "测试支行"
[calendar]
2026 = { holidays = [2026-10-05, 2026-10-06, 2026-10-07, 2026-10-08, 2026-10-09], workdays = [] }
# file: managers/zhao-min.toml
name = "赵敏"
team = "corporate-1"
# file: managers/wang-fang.toml
name = "王芳"
team = "corporate-1"
reports_to = "zhao-min"
left = 2026-10-20
[[one_on_ones]]
date = 2026-10-15
[[one_on_ones.actions]]
what = "提交方案"
due = 2026-11-20
slipped = [2026-09-30, 2026-10-10]
[[reports]]
raised = 2026-10-12
kind = "problem"
what = "利率竞争"
answered = 2026-10-16
[[reports]]
raised = 2026-10-12
kind = "request"
what = "额度审批"
due = 2026-10-14
answered = 2026-11-03
[[reports]]
raised = 2026-09-01
kind = "progress"
what = "季度进展"
answered = 2026-10-01
# file: teams/corporate-1.toml
name = "公司一部"
[[meetings]]
date = 2026-10-12
kind = "weekly"
attendees = ["zhao-min", "wang-fang"]
[[meetings.actions]]
what = "名单"
owner = "wang-fang"
due = 2026-10-19
done = 2026-10-21
[[meetings]]
date = 2026-10-14
kind = "weekly"
attendees = ["zhao-min"]
absent = { wang-fang = "外出" }
[[meetings]]
date = 2026-10-26
kind = "weekly"
attendees = ["zhao-min"]
"#;

    #[test]
    fn a_report_answered_later_was_open_at_the_end_of_the_month() {
        // 12 to 31 October is 19 days; its own limit of 14 October was 17 days before.
        assert_eq!(
            lines(BOOK, "communication", "unanswered_reports", "2026-10"),
            ["zhao-min | wang-fang | request | - | 额度审批 | - | 2026-10-12 | 19 | 2026-10-14 | 17"]
        );
        assert!(lines(BOOK, "communication", "unanswered_reports", "2026-11").is_empty());
    }

    #[test]
    fn answers_are_counted_where_they_are_given() {
        // Answered in October: after 4 days, within five working days; and progress after 30, which nobody had to answer. The
        // limit of one more passed without an answer.
        assert_eq!(
            lines(BOOK, "communication", "answers", "2026-10"),
            ["zhao-min | 赵敏 | 2 | 2 | 17 | 50% | 1 | 1"]
        );
    }

    #[test]
    fn what_was_reported_to_somebody_else_before_stays_there() {
        // From 15 October on Sun Wei is above Wang Fang: two reports came before, one of them was answered after; the
        // limit of the other passed the day before.
        let to = "reports_to = \"zhao-min\"\nleft";
        let moved =
            "reports_to = \"sun-wei\"\nhistory = [{ until = 2026-10-14, reports_to = \"zhao-min\" }]\nleft";
        let book = BOOK.replacen(to, moved, 1) + "# file: managers/sun-wei.toml\nname = \"孙伟\"\n";
        assert_eq!(
            lines(&book, "communication", "answers", "2026-10"),
            ["sun-wei | 孙伟 | 0 | 1 | 4 | 100% | 1 | 1", "zhao-min | 赵敏 | 2 | 1 | 30 | 0% | 0 | 0"]
        );
        let unanswered = lines(&book, "communication", "unanswered_reports", "2026-10");
        assert!(
            unanswered.len() == 1 && unanswered[0].starts_with("sun-wei | wang-fang | "),
            "{unanswered:?}"
        );
        // Another report of the month before the change: zhao-min stood above then.
        let before = lines_on(&book, "communication", "unanswered_reports", "2026-10", "2026-10-14");
        assert!(before.iter().all(|line| line.starts_with("zhao-min | ")) && before.len() == 2, "{before:?}");
    }

    #[test]
    fn the_meeting_of_a_month_that_still_runs_counts_once_it_was_held() {
        let of = |day: &str| {
            let lines = lines_on(BOOK, "communication", "meetings", "2026-10", day);
            lines.into_iter().find(|line| line.contains("monthly")).unwrap()
        };
        // No monthly meeting is missed before the month is over; one that was held counts at once.
        assert_eq!(of("2026-10-15"), "corporate-1 | monthly | 0 | 0 | - | 0 | - | -");
        let met = BOOK.replacen("kind = \"weekly\"", "kind = \"monthly\"", 1);
        let lines = lines_on(&met, "communication", "meetings", "2026-10", "2026-10-15");
        assert!(
            lines.iter().any(|line| line.starts_with("corporate-1 | monthly | 1 | 1 | 100%")),
            "{lines:?}"
        );
    }

    #[test]
    fn two_meetings_in_one_week_do_not_stand_for_another() {
        // Sundays 4, 11, 18, 25; the week that ends on the 11th has no working day.
        assert_eq!(
            lines(BOOK, "communication", "meetings", "2026-10"),
            [
                "corporate-1 | weekly | 3 | 1 | 33.33% | 1 | 100% | 0%",
                "corporate-1 | monthly | 1 | 0 | 0% | 0 | - | -",
                "corporate-1 | quarterly | 0 | 0 | - | 0 | - | -",
            ]
        );
        // The meeting of Monday the 26th is that of the week that ends in November.
        let november = &lines(BOOK, "communication", "meetings", "2026-11")[0];
        assert_eq!(november, "corporate-1 | weekly | 5 | 1 | 20% | 0 | - | -");
    }

    #[test]
    fn what_is_not_over_or_was_before_the_team_is_not_missed() {
        // On Saturday the 17th the weeks that ended are those of the 4th and, all holidays, the 11th; that of the 17th has had its
        // meeting, and the month is not over.
        let middle = lines_on(BOOK, "communication", "meetings", "2026-10", "2026-10-17");
        assert_eq!(middle[0], "corporate-1 | weekly | 2 | 1 | 50% | 0 | - | -");
        assert_eq!(middle[1], "corporate-1 | monthly | 0 | 0 | - | 0 | - | -");
        // A team since Thursday the 8th that meets by the week alone: the weeks that end on the 18th and the 25th.
        let own = BOOK.replace(
            "name = \"公司一部\"\n",
            "name = \"公司一部\"\nsince = 2026-10-08\nmeets = [\"weekly\"]\n",
        );
        assert_eq!(
            lines(&own, "communication", "meetings", "2026-10"),
            ["corporate-1 | weekly | 2 | 1 | 50% | 1 | 100% | 0%"]
        );
        let of_all = BOOK.replace("[calendar]", "[management]\nmeetings = [\"quarterly\"]\n[calendar]");
        assert_eq!(
            lines(&of_all, "communication", "meetings", "2026-10"),
            [
                "corporate-1 | quarterly | 0 | 0 | - | 0 | - | -",
                "corporate-1 | weekly | - | 3 | - | 1 | 100% | 0%",
            ]
        );
        // What was decided at one that was not planned is owed like the rest: due on the 30th of November and open.
        let special = format!(
            "{BOOK}\n# file: teams/two.toml\nname = \"二部\"\nsince = 2026-10-08\nmeets = [\"weekly\"]\n\
             meetings = [{{ date = 2026-10-20, kind = \"special\", actions = [{{ what = \"a\", due = 2026-11-30 }}] }}]\n"
        );
        let of = |period: &str| lines(&special, "communication", "meetings", period);
        assert_eq!(of("2026-10").last().unwrap(), "two | special | - | 1 | - | 0 | - | -");
        assert_eq!(of("2026-11").last().unwrap(), "two | special | - | 0 | - | 1 | 0% | 0%");
    }

    #[test]
    fn who_left_in_mid_month_is_not_missed_afterwards() {
        assert_eq!(
            lines(BOOK, "communication", "attendance", "2026-10"),
            [
                "wang-fang | 王芳 | 1 | 1 | 1 | 100% | 1 | 2026-10-15",
                "zhao-min | 赵敏 | 3 | 3 | 0 | 100% | 0 | -",
            ]
        );
        assert_eq!(
            lines(BOOK, "communication", "attendance", "2026-11"),
            ["zhao-min | 赵敏 | 0 | 0 | 0 | - | 0 | -"]
        );
    }

    #[test]
    fn an_absence_is_excused_where_it_was() {
        // Wang Fang was in team one up to the 17th, in another one since; the absence of the 14th is of team one.
        let moved =
            "team = \"corporate-2\"\nhistory = [{ until = 2026-10-17, team = \"corporate-1\" }]\nreports_to";
        let book = BOOK.replace("team = \"corporate-1\"\nreports_to", moved)
            + "# file: teams/corporate-2.toml\nname = \"公司二部\"\n";
        assert_eq!(
            lines(&book, "communication", "attendance", "2026-10")[0],
            "wang-fang | 王芳 | 1 | 1 | 1 | 100% | 1 | 2026-10-15"
        );
    }

    #[test]
    fn what_slipped_twice_is_named_with_its_first_day() {
        assert_eq!(
            lines(BOOK, "communication", "slipped_actions", "2026-10"),
            ["wang-fang | 提交方案 | wang-fang 2026-10-15 | 2026-09-30 | 2026-11-20 | 2 | 31"]
        );
    }
}
