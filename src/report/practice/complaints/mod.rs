//! Complaints: which are open and how long they may stay so, how well they were handled, and which causes come back.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;

use super::super::{entry, settle_step};
use super::{Col, Input, Report, Run, Sheet, Usual, choice, days, median, number, part, ratio, share};
use crate::book::credit::lead_on;
use crate::book::deadline::{Deadlines, Step, complaint_on};
use crate::record::complaint::Complaint;
use crate::record::kind::RecordKind;
use crate::record::value::Day;
use crate::table::{Cell, Table};
use crate::text::Text;

mod late;

pub(super) const REPORT: Report = Report {
    name: "complaints",
    title: Text::new("Complaints", "客户投诉"),
    question: Text::new(
        "Which complaints are near or past their limit, how well do we handle them, and what keeps coming back?",
        "哪些投诉临近或超过时限，办理质量如何，哪些问题反复发生？",
    ),
    about: Text::new(
        "steps: listen (received), confirm (restated with the client), propose, decide (told to the client: stops the clock), follow up, close; steps before the last reopening are done with\n\
         opened again: each run counts for itself, in its own periods and with its limits from the day it began; received and justified count the complaint once\n\
         limit: of the next step, in the settings' days from the day it came in or came in again: first response in working days, decision 15 natural days where facts are clear, 30 where complex, an approved extension of at most 30 (limits of the 2020 measures on handling complaints, settings `complaints`)\n\
         received: complaints that came in during the period; per 100 clients: of the clients in scope on the report's day\n\
         first response: median of calendar days from received to confirmed, and the part confirmed within its limit, of the complaints confirmed in the period or past that limit\n\
         in limit: of the complaints decided in the period, or whose limit passed in it without a decision, the part decided within it; each counts once, in the period of its decision or of its limit, whichever comes first (as the metric `complaints_in_time`); those withdrawn within the limit don't count\n\
         decided late: each of the complaints decided in the period after its limit, whether it was closed since or not\n\
         days to close: median of calendar days from the last opening to the closing, of the complaints closed in the period\n\
         reopened: of the complaints decided in the period, the part opened again before\n\
         satisfied: of the complaints followed up in the period where the client answered, the part satisfied\n\
         justified: of those received in the period and not withdrawn; only they count against a manager\n\
         repeated cause: as many complaints of one cause in the 90 days to the report's day as the settings call a pattern\n\
         repeat client: two or more complaints in the 12 months to the report's day",
        "环节：倾听（受理）、确认（与客户核实）、方案、告知处理决定（时限终止）、回访、办结；最近一次重新受理之前的环节视为已完成\n\
         重新受理：每轮办理分别归属各自期间，时限自该轮受理日起算；受理与属实按投诉件数只计一次\n\
         时限：下一环节的时限，自受理日或重新受理日起算：首次响应按工作日；事实清楚的15个自然日，情况复杂的30个自然日，经批准可延长至多30日（2020年投诉处理管理办法的时限，见设置 complaints）\n\
         受理：本期受理的投诉；每百户：按报告日范围内客户数计算\n\
         首次响应：自受理至确认的自然日中位数，以及在时限内确认的占比（本期确认或已超时限未确认的投诉）\n\
         时限内处理率：本期告知决定的，或本期时限届满仍未决定的投诉中，在时限内决定的占比；每件只计一次，归属决定日与时限日中较早者所在期间（同指标 complaints_in_time）；时限内撤诉的不计\n\
         超时限投诉：本期作出处理决定但已超时限的投诉逐笔列示，不论是否已办结\n\
         办结天数：本期办结的投诉自最近一次受理至办结的自然日中位数\n\
         重新受理率：本期告知决定的投诉中，曾被重新受理的占比\n\
         满意率：本期回访且客户作答的投诉中，表示满意的占比\n\
         属实：本期受理且未撤诉的投诉中认定属实的；仅属实投诉计入客户经理责任\n\
         同因重复：截至报告日90天内同一原因的投诉达到设置次数\n\
         重复投诉客户：截至报告日12个月内投诉两次及以上",
    ),
    usual: Usual::LastFigures,
    figures: false,
    run: Run::Book(run),
};

const OPEN: Sheet = Sheet {
    name: "open_complaints",
    title: Text::new("Open complaints by their next limit", "未办结投诉（按下一环节时限）"),
    columns: &[
        Col::date("due", "Limit", "时限"),
        Col::count("left_days", "Days left", "剩余天数"),
        Col::text("client", "Client", "客户"),
        Col::text("id", "Complaint", "投诉编号"),
        Col::text("step", "Next step", "下一环节"),
        Col::text("complexity", "Facts", "复杂程度"),
        Col::date("received", "Received", "受理日"),
        Col::text("handler", "Handler", "处理人"),
        Col::text("about", "About", "被投诉人"),
        Col::text("settle", "Command", "办理命令"),
    ],
};

const HANDLING: Sheet = Sheet {
    name: "complaint_handling",
    title: Text::new("How complaints were handled", "投诉办理质量"),
    columns: &[
        Col::text("by", "By", "维度"),
        Col::text("group", "Group", "分组"),
        Col::count("received", "Received", "受理"),
        Col::number("per_100_clients", "Per 100 clients", "每百户"),
        Col::number("response_days", "Median days to response", "首次响应天数中位数"),
        Col::ratio("response_in_limit", "Response in limit", "首次响应及时率"),
        Col::ratio("in_limit", "Decided in limit", "时限内处理率").bar(),
        Col::number("close_days", "Median days to close", "办结天数中位数"),
        Col::ratio("reopened", "Reopened", "重新受理率"),
        Col::ratio("satisfied", "Satisfied", "满意率"),
        Col::count("justified", "Justified", "属实"),
    ],
};

const CAUSES: Sheet = Sheet {
    name: "repeated_causes",
    title: Text::new("Causes that came back within 90 days", "90天内同因重复投诉"),
    columns: &[
        Col::text("cause", "Root cause", "根本原因"),
        Col::count("complaints", "Complaints", "投诉件数").bar(),
        Col::count("clients", "Clients", "涉及客户数"),
        Col::text("products", "Products", "涉及产品"),
    ],
};

const REPEATS: Sheet = Sheet {
    name: "repeat_complainants",
    title: Text::new("Clients that complained again within 12 months", "12个月内重复投诉客户"),
    columns: &[
        Col::text("client", "Client", "客户"),
        Col::text("name", "Name", "客户名称"),
        Col::text("lead", "Lead", "主办客户经理"),
        Col::count("complaints", "Complaints", "投诉件数"),
        Col::text("causes", "Root causes", "根本原因"),
    ],
};

/// A complaint as it stood on the report's day, or an earlier run of it.
#[derive(Clone)]
struct Case<'b> {
    client: &'b str,
    lead: &'b str,
    /// The lead of the day it came in.
    led_then: &'b str,
    index: usize,
    all: &'b [Complaint],
    complaint: Complaint,
    /// The day it was opened again, of an earlier run.
    ended: Option<Day>,
}

impl Case<'_> {
    /// Whom it counts for: the manager complained about, else the lead of the day it came in.
    fn about(&self) -> &str {
        self.complaint.about.as_deref().unwrap_or(self.led_then)
    }

    /// Whether nobody else than the one it is about is named to handle it.
    fn is_recused(&self) -> bool {
        self.complaint.about.as_deref() == Some(self.complaint.handler.as_deref().unwrap_or(self.lead))
    }

    /// Day 0 of its limits.
    fn opened(&self) -> Day {
        self.complaint.opened_last()
    }

    /// Its runs, first to last.
    fn runs(&self) -> impl Iterator<Item = Self> {
        let runs = self.complaint.runs().into_iter();
        runs.map(|(end, complaint)| Self { complaint, ended: end.map(|(_, day)| day), ..self.clone() })
    }

    /// Whether it was found justified, in this run or before.
    fn is_justified(&self) -> bool {
        let earlier = self.complaint.earlier.iter().map(|run| run.justified);
        earlier.chain([self.complaint.justified]).any(|justified| justified == Some(true))
    }

    /// A step's day, where it was taken in the last round.
    fn step(&self, day: Option<Day>) -> Option<Day> {
        day.filter(|day| *day >= self.opened())
    }
}

fn run(input: &Input<'_>) -> Vec<Table> {
    let cases = cases(input);
    let runs: Vec<Case<'_>> = cases.iter().flat_map(Case::runs).collect();
    let (open, handling, late) = (open(input, &cases), handling(input, &runs), late::table(input, &runs));
    vec![open, handling, late, causes(input, &cases), repeats(input, &cases)]
}

/// Every complaint in scope, without what happened after the report's day.
fn cases<'b>(input: &Input<'b>) -> Vec<Case<'b>> {
    let mut cases = Vec::new();
    for record in &input.book.clients {
        let lead = input.lead(&record.data);
        for (index, complaint) in record.data.complaints.iter().enumerate() {
            let case = Case {
                client: &record.id,
                lead,
                led_then: lead_on(&record.data, complaint.received.0),
                index,
                all: &record.data.complaints,
                complaint: complaint_on(complaint, input.as_of),
                ended: None,
            };
            let handled = complaint.handler.as_deref().is_some_and(|handler| input.covers(handler));
            if complaint.received.0 <= input.as_of && (handled || input.covers(case.about())) {
                cases.push(case);
            }
        }
    }
    cases
}

fn step_cell(step: Step) -> Cell {
    let (key, text) = match step {
        Step::Confirm => ("confirm", Text::new("confirm with the client", "与客户确认")),
        Step::Propose => ("propose", Text::new("offer a solution", "提出方案")),
        Step::Decide => ("decide", Text::new("tell the decision", "告知处理决定")),
        Step::FollowUp => ("follow-up", Text::new("follow up", "回访")),
        Step::Close => ("close", Text::new("close", "办结")),
    };
    Cell::Said { key, text }
}

fn open<'c>(input: &Input<'_>, cases: &'c [Case<'_>]) -> Table {
    let waiting = |case: &'c Case<'_>| Some((case, input.deadlines.complaint(&case.complaint)?));
    let mut open: Vec<(&Case<'_>, (Step, NaiveDate))> = cases.iter().filter_map(waiting).collect();
    open.sort_by_key(|(case, (_, due))| (*due, case.client));
    let rows = open.into_iter().map(|(case, (step, due))| {
        let complaint = &case.complaint;
        vec![
            due.into(),
            days(-input.since(due)),
            case.client.into(),
            complaint.id.as_str().into(),
            step_cell(step),
            choice(RecordKind::Client, &["complaints", "complexity"], complaint.complexity),
            complaint.received.0.into(),
            complaint.handler.as_deref().into(),
            complaint.about.as_deref().into(),
            input.settle(
                case.client,
                settle_step(step, &entry("complaints", case.all, case.index), case.is_recused()),
            ),
        ]
    });
    OPEN.filled(input, rows)
}

/// What the table of handling counts of one group.
#[derive(Default)]
struct Handling {
    received: usize,
    justified: usize,
    response: Vec<Decimal>,
    response_due: usize,
    response_in_limit: usize,
    due: usize,
    in_limit: usize,
    decided: usize,
    reopened: usize,
    to_close: Vec<Decimal>,
    answered: usize,
    satisfied: usize,
}

impl Handling {
    fn add(&mut self, input: &Input<'_>, case: &Case<'_>) {
        let complaint = &case.complaint;
        if case.ended.is_none() && input.is_in(complaint.received) {
            self.received += 1;
            self.justified += usize::from(case.is_justified() && complaint.withdrawn.is_none());
        }
        self.add_response(input, case);
        self.add_decision(input, case);
        if let Some(closed) = case.step(complaint.closed).filter(|day| input.is_in(*day)) {
            self.to_close.push(Input::between(case.opened(), closed.0));
        }
        if let Some(satisfied) =
            complaint.satisfied.filter(|_| complaint.followed_up.is_some_and(|day| input.is_in(day)))
        {
            self.answered += 1;
            self.satisfied += usize::from(satisfied);
        }
    }

    fn add_response(&mut self, input: &Input<'_>, case: &Case<'_>) {
        let limit = input.deadline(case.opened(), input.book.settings.complaints.acknowledge);
        match case.step(case.complaint.confirmed) {
            Some(confirmed) if input.is_in(confirmed) => {
                self.response.push(Input::between(case.opened(), confirmed.0));
                self.response_due += 1;
                self.response_in_limit += usize::from(confirmed.0 <= limit);
            }
            None if limit < input.as_of && case.ended.is_none() && case.complaint.withdrawn.is_none() => {
                self.response_due += 1;
            }
            _ => {}
        }
    }

    fn add_decision(&mut self, input: &Input<'_>, case: &Case<'_>) {
        if case.step(case.complaint.decided).is_some_and(|decided| input.is_in(decided)) {
            self.decided += 1;
            self.reopened += usize::from(case.complaint.is_reopened());
        }
        let outcome = input.deadlines.complaint_outcome(&case.complaint);
        let (is_in_limit, settled) = outcome;
        // Until a day is over, a decision may still be told on it.
        let is_over = is_in_limit || settled < input.as_of || input.as_of == input.months.last_day();
        let is_of_run = case.ended.is_none_or(|end| settled <= end.0);
        if Deadlines::counts_settled(&case.complaint, outcome)
            && is_over
            && is_of_run
            && input.is_in(Day(settled))
        {
            self.due += 1;
            self.in_limit += usize::from(is_in_limit);
        }
    }

    fn is_empty(&self) -> bool {
        self.received + self.response_due + self.due + self.to_close.len() + self.answered == 0
    }
}

/// The dimensions complaints are grouped by: key, words and a complaint's group.
type Dimension = (&'static str, Text, fn(&Case<'_>) -> Option<String>);

const DIMENSIONS: [Dimension; 4] = [
    ("all", Text::new("all", "全部"), |_| Some(String::new())),
    ("manager", Text::new("manager", "客户经理"), |case| Some(case.about().to_owned())),
    ("product", Text::new("product", "产品"), |case| case.complaint.product.clone()),
    ("cause", Text::new("root cause", "根本原因"), |case| case.complaint.cause.clone()),
];

fn handling(input: &Input<'_>, runs: &[Case<'_>]) -> Table {
    let mut table = HANDLING.table(input);
    let clients = input.clients().count();
    for (key, text, group) in DIMENSIONS {
        let mut groups: BTreeMap<String, Handling> = BTreeMap::new();
        for case in runs {
            if let Some(name) = group(case) {
                groups.entry(name).or_default().add(input, case);
            }
        }
        for (name, handling) in groups.into_iter().filter(|(_, handling)| !handling.is_empty()) {
            let per_100 = share(100 * handling.received, clients).filter(|_| key == "all");
            table.push(vec![
                Cell::Said { key, text },
                if name.is_empty() { Cell::Missing } else { name.into() },
                handling.received.into(),
                number(per_100),
                number(median(handling.response)),
                part(handling.response_in_limit, handling.response_due),
                part(handling.in_limit, handling.due),
                number(median(handling.to_close)),
                part(handling.reopened, handling.decided),
                ratio(share(handling.satisfied, handling.answered)),
                handling.justified.into(),
            ]);
        }
    }
    table
}

fn causes(input: &Input<'_>, cases: &[Case<'_>]) -> Table {
    let from = input.as_of.checked_sub_days(Days::new(90)).unwrap_or(NaiveDate::MIN);
    let mut by_cause: BTreeMap<&str, Vec<&Case<'_>>> = BTreeMap::new();
    for case in cases.iter().filter(|case| case.complaint.received.0 > from) {
        if let Some(cause) = &case.complaint.cause {
            by_cause.entry(cause).or_default().push(case);
        }
    }
    let pattern = input.book.settings.complaints.repeated as usize;
    let mut repeated: Vec<_> =
        by_cause.into_iter().filter(|(_, cases)| cases.len() >= pattern.max(2)).collect();
    repeated.sort_by_key(|(_, cases)| std::cmp::Reverse(cases.len()));
    let rows = repeated.into_iter().map(|(cause, cases)| {
        let clients: BTreeSet<&str> = cases.iter().map(|case| case.client).collect();
        let products: BTreeSet<&str> =
            cases.iter().filter_map(|case| case.complaint.product.as_deref()).collect();
        vec![cause.into(), cases.len().into(), clients.len().into(), list(products)]
    });
    CAUSES.filled(input, rows)
}

fn list(words: BTreeSet<&str>) -> Cell {
    Cell::list(&words.into_iter().collect::<Vec<_>>())
}

fn repeats(input: &Input<'_>, cases: &[Case<'_>]) -> Table {
    let mut by_client: BTreeMap<&str, Vec<&Case<'_>>> = BTreeMap::new();
    for case in cases.iter().filter(|case| input.is_in_months(12, case.complaint.received.0)) {
        by_client.entry(case.client).or_default().push(case);
    }
    let mut again: Vec<_> = by_client.into_iter().filter(|(_, cases)| cases.len() > 1).collect();
    again.sort_by_key(|(_, cases)| std::cmp::Reverse(cases.len()));
    let rows = again.into_iter().map(|(client, cases)| {
        let causes = cases.iter().filter_map(|case| case.complaint.cause.as_deref()).collect();
        let name = input.book.clients.get(client).map(|record| record.data.name.as_str());
        vec![client.into(), name.into(), cases[0].lead.into(), cases.len().into(), list(causes)]
    });
    REPEATS.filled(input, rows)
}

#[cfg(test)]
mod tests {
    use super::super::lines;

    const BOOK: &str = r#"
# file: rmbook.toml
name = "测试支行"
[complaints]
repeated = 2
# file: managers/wang-fang.toml
name = "王芳"
# file: managers/li-na.toml
name = "李娜"
# file: clients/acme.toml
name = "华东精密"
tier = "key"
manager = "wang-fang"
status = "active"
[[complaints]]
id = "late"
received = 2026-10-01
confirmed = 2026-10-02
proposed = 2026-10-08
decided = 2026-10-12
followed_up = 2026-10-20
satisfied = true
closed = 2026-10-21
handler = "li-na"
cause = "流程"
justified = true
[[complaints]]
id = "fee"
received = 2026-10-09
handler = "li-na"
confirmed = 2026-10-20
decided = 2026-11-03
cause = "流程"
# file: clients/beta.toml
name = "贝塔"
tier = "base"
manager = "li-na"
status = "active"
[[complaints]]
id = "again"
received = 2026-09-01
decided = 2026-09-10
closed = 2026-09-12
reopened = [2026-10-20]
confirmed = 2026-10-20
complexity = "complex"
about = "wang-fang"
"#;

    #[test]
    fn open_complaints_stand_by_their_limit_as_seen_from_the_last_day() {
        // 9 October + 15 days is the 24th, a week over on the 31st; 20 October + 30 days is 19 November.
        assert_eq!(
            lines(BOOK, "complaints", "open_complaints", "2026-10"),
            [
                "2026-10-24 | -7 | acme | fee | propose | plain | 2026-10-09 | li-na | - | rmbook set acme 'complaints[fee].proposed=today' 'complaints[fee].solution=…'",
                "2026-11-19 | 19 | beta | again | propose | complex | 2026-09-01 | - | wang-fang | rmbook set beta 'complaints[again].proposed=today' 'complaints[again].solution=…'",
            ]
        );
    }

    #[test]
    fn an_extension_counts_from_the_day_the_client_was_told() {
        let told = |day: &str| {
            let extension = format!(
                "cause = \"流程\"\nextension = {{ days = 30, approved_by = \"赵敏\", told = {day} }}\n# file: clients/beta"
            );
            let book = BOOK.replace("cause = \"流程\"\n# file: clients/beta", &extension);
            lines(&book, "complaints", "open_complaints", "2026-10")[0][..10].to_owned()
        };
        assert_eq!([told("2026-10-24"), told("2026-11-09")], ["2026-11-19", "2026-10-24"]);
    }

    #[test]
    fn handling_is_counted_by_hand() {
        // Responses after 1, 11 and 0 days, two of them by the next working day; one decision in limit, one limit passed.
        let all = "all | - | 2 | 100 | 1 | 66.67% | 50% | 20 | 0% | 100% | 1";
        let lines = lines(BOOK, "complaints", "complaint_handling", "2026-10");
        assert_eq!(lines[0], all);
        assert_eq!(lines[1], "manager | wang-fang | 2 | - | 1 | 66.67% | 50% | 20 | 0% | 100% | 1");
        assert_eq!(lines[2], "cause | 流程 | 2 | - | 6 | 50% | 50% | 20 | 0% | 100% | 1");
        assert_eq!(lines.len(), 3);
    }

    #[test]
    fn a_decision_before_its_limit_counts_in_its_own_month_alone() {
        let late = "[[complaints]]\nid = 'month-end'\nreceived = 2026-10-29\nconfirmed = 2026-10-29\ndecided = 2026-11-06\nabout = 'li-na'\n";
        let book = BOOK.replace("# file: clients/beta", &format!("{late}# file: clients/beta"));
        let in_limit = |period: &str| {
            let rows = lines(&book, "complaints", "complaint_handling", period);
            rows.iter()
                .find(|row| row.starts_with("manager | li-na"))
                .unwrap()
                .split(" | ")
                .nth(6)
                .unwrap()
                .to_owned()
        };
        assert_eq!(in_limit("2026-10"), "-");
        // The limit is 13 November; the complaint about wang-fang that is due on the 19th is not hers.
        assert_eq!(in_limit("2026-11"), "100%");
    }

    #[test]
    fn a_complaint_withdrawn_is_not_counted_as_justified() {
        let withdrawn = BOOK.replace("justified = true", "justified = true\nwithdrawn = 2026-10-25");
        assert!(lines(&withdrawn, "complaints", "complaint_handling", "2026-10")[0].ends_with(" | 0"));
    }

    #[test]
    fn what_comes_back_is_named() {
        assert_eq!(lines(BOOK, "complaints", "repeated_causes", "2026-10"), ["流程 | 2 | 1 | -"]);
        assert_eq!(
            lines(BOOK, "complaints", "repeat_complainants", "2026-10"),
            ["acme | 华东精密 | wang-fang | 2 | 流程"]
        );
        assert!(lines(BOOK, "complaints", "repeat_complainants", "2026-09").is_empty());
    }

    #[test]
    fn a_decided_month_stays_when_the_complaint_is_opened_again() {
        let reports = |book: &str, period: &str| {
            ["open_complaints", "complaint_handling", "late_complaints"]
                .map(|table| lines(book, "complaints", table, period))
        };
        let head = "# file: managers/li.toml\nname = '李'\n# file: clients/a.toml\nname = '甲'\ntier = 'key'\nmanager = 'li'\n\
                    status = 'active'\n[[complaints]]\nid = 'a'\nreceived = 2026-10-01\n";
        let done = "confirmed = 2026-10-02\nproposed = 2026-10-06\ndecided = 2026-10-10\nfollowed_up = 2026-10-12\n\
                    satisfied = true\nclosed = 2026-10-13\njustified = true\n";
        let first = format!("{head}{done}");
        let again = format!(
            "{head}confirmed = 2026-11-23\nreopened = [2026-11-20]\n[[complaints.earlier]]\nreopened = 2026-11-20\n{done}"
        );
        assert_eq!(reports(&again, "2026-10"), reports(&first, "2026-10"));
        let [open, handling, _] = reports(&again, "2026-11");
        // 20 November and 15 days; confirmed on Monday, the next working day after Friday the 20th.
        assert!(open[0].starts_with("2026-12-05 | 5 | a | a | propose"), "{open:?}");
        assert_eq!(handling[0], "all | - | 0 | 0 | 3 | 100% | - | - | - | - | 0");
    }

    #[test]
    fn a_client_complains_again_within_twelve_months_though_one_has_29_days() {
        let again = |first: &str| {
            let book = format!(
                "# file: rmbook.toml\nname = '测试支行'\n# file: managers/li-na.toml\nname = '李娜'\n\
                 # file: clients/a.toml\nname = '甲'\ntier = 'key'\nmanager = 'li-na'\nstatus = 'active'\n\
                 complaints = [{{ id = 'x', received = {first}, cause = '流程' }}, {{ id = 'y', received = 2024-12-10, cause = '流程' }}]\n"
            );
            lines(&book, "complaints", "repeat_complainants", "2024-12").len()
        };
        assert_eq!(["2023-12-31", "2024-01-01"].map(again), [0, 1]);
    }
}
