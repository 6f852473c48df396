//! Insight: what nobody asked for but should know, each with what it was seen in.
//!
//! An insight is a question worth asking, not a verdict. To add one: a function that pushes [`Seen`], and its line in `run`
//! and in the manual.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{Col, Input, Report, Sheet, Usual, number};
use crate::book::deadline::last_visit;
use crate::metric::figures::{amount, figure};
use crate::record::client::{Client, Tier};
use crate::record::review::{RaterGroup, Rating};
use crate::table::{Cell, Table};
use crate::text::Text;

pub(super) const REPORT: Report = Report {
    name: "insight",
    title: Text::new("Insight", "经营洞察"),
    question: Text::new(
        "What in this month's records deserves a question that nobody has asked yet?",
        "本期记录中，有哪些值得追问而尚未被追问的情况？",
    ),
    about: Text::new(
        "measure: the one by which clients are judged lost (`clients.lost_by`); amounts are whole clients'\n\
         falling, not visited: the figure of the period's last month is 20 % or more below the average of the three months before, and nobody was in contact in the period\n\
         month-end spike: the balance of the last month's last day is above the month's average by more than the settings allow (`risk.deviation`, 4 % since 2018 for a bank as a whole); for one client an early sign of dressing the books\n\
         in and out: the figure rose by more than the settings' jump (`risk.jump`) and fell back below the middle of the rise a month later\n\
         copied notes: the same words, ten characters or more, stand under two or more visits of one manager in the period\n\
         mutual top ratings: two colleagues rate each other with 95 or more by name in a review of the period; anonymous ratings are never looked at\n\
         complaint unvisited: a complaint open on the report's day, and no contact since it came in\n\
         effort misplaced: a manager made five visits or more to base clients and prospects in the period while strategic or key clients are overdue\n\
         thresholds: 20 %, ten characters, 95 and five visits are conventions of this report; nothing here enters a score",
        "指标：流失认定指标（clients.lost_by）；金额按整户\n\
         下降未访：期末月份较前三个月平均下降20%及以上，且本期无任何联系\n\
         月末冲高：期末月份月末余额高于月日均的幅度超过设置（risk.deviation；2018年起银行整体上限4%），单户可为冲时点的早期信号\n\
         快进快出：某月升幅超过设置（risk.jump），次月回落至升幅中值以下\n\
         纪要雷同：同一客户经理本期两次及以上拜访纪要文字完全相同（十字及以上）\n\
         互评高分：本期考核中两名同事实名互评均为95分及以上；匿名评分一律不分析\n\
         投诉未访：报告日投诉未办结，且受理后无任何联系\n\
         走访错配：本期走访基础及潜在客户五次及以上，而战略或重点客户已逾期未访\n\
         阈值：20%、十字、95分、五次均为本报表惯例；洞察结果不计入考核",
    ),
    usual: Usual::LastFigures,
    run: |input| vec![insights(input)],
};

const INSIGHTS: Sheet = Sheet {
    name: "insights",
    title: Text::new("Worth a question", "值得追问的情况"),
    columns: &[
        Col::text("finding", "Finding", "发现"),
        Col::text("manager", "Manager", "客户经理"),
        Col::text("about", "Client or colleague", "客户或同事"),
        Col::number("before", "Before", "此前"),
        Col::number("now", "Now", "目前"),
        Col::size("at_stake", "At stake", "涉及金额"),
        Col::date("last", "Last contact", "最近联系"),
        Col::text("evidence", "Seen in", "依据"),
        Col::text("ask", "Ask", "建议追问"),
    ],
};

/// The kinds of insight, in the order they are shown.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Falling,
    Spike,
    InAndOut,
    Complaint,
    Misplaced,
    Copied,
    Mutual,
}

impl Kind {
    /// Its key, its words, and the question to ask.
    fn words(self) -> (&'static str, Text, Text) {
        match self {
            Self::Falling => (
                "falling-not-visited",
                Text::new("falling, not visited", "下降未访"),
                Text::new("where did the money go, and when do we go there?", "资金流向何处，何时上门？"),
            ),
            Self::Spike => (
                "month-end-spike",
                Text::new("month-end spike", "月末冲高"),
                Text::new("what came in on the last days, and will it stay?", "月末资金来自何处，能否留存？"),
            ),
            Self::InAndOut => (
                "in-and-out",
                Text::new("in and out", "快进快出"),
                Text::new("what was the money for, and who asked for it?", "资金用途为何，由谁安排？"),
            ),
            Self::Complaint => (
                "complaint-unvisited",
                Text::new("complaint, not visited", "投诉未访"),
                Text::new("who talks to the client, and on which day?", "由谁、何日与客户沟通？"),
            ),
            Self::Misplaced => (
                "effort-misplaced",
                Text::new("effort misplaced", "走访错配"),
                Text::new("which visits can wait for the large clients?", "哪些走访可让位于大户？"),
            ),
            Self::Copied => (
                "copied-notes",
                Text::new("copied notes", "纪要雷同"),
                Text::new("what was really said at each visit?", "各次拜访实际谈了什么？"),
            ),
            Self::Mutual => (
                "mutual-top-ratings",
                Text::new("mutual top ratings", "互评高分"),
                Text::new("which facts stand behind both ratings?", "双方评分各有何事实依据？"),
            ),
        }
    }
}

/// One insight.
struct Seen<'b> {
    kind: Kind,
    manager: &'b str,
    about: Option<&'b str>,
    before: Option<Decimal>,
    now: Option<Decimal>,
    at_stake: Option<Decimal>,
    last: Option<NaiveDate>,
    evidence: String,
}

fn insights(input: &Input<'_>) -> Table {
    let mut seen = Vec::new();
    for (id, client) in input.clients() {
        falling(input, id, client, &mut seen);
        spike(input, id, client, &mut seen);
        in_and_out(input, id, client, &mut seen);
        complaint(input, id, client, &mut seen);
    }
    misplaced(input, &mut seen);
    copied(input, &mut seen);
    mutual(input, &mut seen);
    seen.sort_by(|a, b| {
        let order = |seen: &Seen<'_>| (seen.kind, std::cmp::Reverse(seen.at_stake));
        order(a).cmp(&order(b)).then_with(|| (a.manager, a.about).cmp(&(b.manager, b.about)))
    });
    let rows = seen.into_iter().map(|seen| {
        let (key, text, ask) = seen.kind.words();
        vec![
            Cell::Said { key, text },
            seen.manager.into(),
            seen.about.into(),
            number(seen.before),
            number(seen.now),
            number(seen.at_stake),
            seen.last.into(),
            seen.evidence.into(),
            Cell::Said { key: ask.en, text: ask },
        ]
    });
    INSIGHTS.filled(input, rows)
}

/// A fall of so much is worth a question.
const FALL: Decimal = Decimal::from_parts(8, 0, 0, false, 1);
/// Fewest characters of a note that can be a copy.
const NOTE: usize = 10;
/// The least score of a top rating, of 100.
const TOP: Decimal = Decimal::from_parts(95, 0, 0, false, 0);
/// Visits to small clients beside overdue large ones.
const MISPLACED: usize = 5;

fn falling<'b>(input: &Input<'b>, id: &'b str, client: &'b Client, seen: &mut Vec<Seen<'b>>) {
    let measure = &*input.book.settings.clients.lost_by;
    let last_month = input.months.last;
    let before: Option<Vec<Decimal>> =
        (1..=3).map(|months| amount(client, measure, last_month.plus(-months))).collect();
    let Some((before, now)) = before.zip(amount(client, measure, last_month)) else { return };
    let before = before.iter().sum::<Decimal>() / Decimal::from(3);
    let contact = client.visits.iter().any(|visit| input.is_in(visit.date));
    if before > Decimal::ZERO && now <= before * FALL && !contact {
        seen.push(Seen {
            kind: Kind::Falling,
            manager: input.lead(client),
            about: Some(id),
            before: Some(before),
            now: Some(now),
            at_stake: Some(before - now),
            last: last_visit(client, input.as_of).map(|visit| visit.date.0),
            evidence: format!("{id} results.{last_month}.{measure}"),
        });
    }
}

fn spike<'b>(input: &Input<'b>, id: &'b str, client: &'b Client, seen: &mut Vec<Seen<'b>>) {
    let measure = &*input.book.settings.clients.lost_by;
    let month = input.months.last;
    let Some(of_month) = figure(client, measure, month) else { return };
    let Some((average, end)) = of_month.avg.zip(of_month.end) else { return };
    let above = end.0 - average.0;
    if above > Decimal::ZERO && above > average.0 * input.book.settings.risk.deviation.0 {
        seen.push(Seen {
            kind: Kind::Spike,
            manager: input.lead(client),
            about: Some(id),
            before: Some(average.0),
            now: Some(end.0),
            at_stake: Some(above),
            last: last_visit(client, input.as_of).map(|visit| visit.date.0),
            evidence: format!("{id} results.{month}.{measure}"),
        });
    }
}

fn in_and_out<'b>(input: &Input<'b>, id: &'b str, client: &'b Client, seen: &mut Vec<Seen<'b>>) {
    let measure = &*input.book.settings.clients.lost_by;
    let of = |back: i32| amount(client, measure, input.months.last.plus(-back));
    let (Some(before), Some(high), Some(now)) = (of(2), of(1), of(0)) else { return };
    let rise = high - before;
    let jumped = before > Decimal::ZERO && rise > before * input.book.settings.risk.jump.0;
    if jumped && now < before + rise / Decimal::TWO {
        seen.push(Seen {
            kind: Kind::InAndOut,
            manager: input.lead(client),
            about: Some(id),
            before: Some(high),
            now: Some(now),
            at_stake: Some(high - now),
            last: last_visit(client, input.as_of).map(|visit| visit.date.0),
            evidence: format!("{id} results.{}.{measure}", input.months.last.plus(-1)),
        });
    }
}

fn complaint<'b>(input: &Input<'b>, id: &'b str, client: &'b Client, seen: &mut Vec<Seen<'b>>) {
    let last = last_visit(client, input.as_of).map(|visit| visit.date.0);
    for complaint in &client.complaints {
        let ended = [complaint.decided, complaint.closed, complaint.withdrawn];
        let open =
            complaint.received.0 <= input.as_of && ended.into_iter().all(|day| input.past(day).is_none());
        if open && last.is_none_or(|last| last < complaint.received.0) {
            let size = input.size(client);
            seen.push(Seen {
                kind: Kind::Complaint,
                manager: input.lead(client),
                about: Some(id),
                before: None,
                now: size,
                at_stake: size,
                last,
                evidence: format!("{id} complaints.{}", complaint.id),
            });
        }
    }
}

fn misplaced<'b>(input: &Input<'b>, seen: &mut Vec<Seen<'b>>) {
    let is_large = |client: &Client| matches!(client.tier, Tier::Strategic | Tier::Key);
    let mut small: BTreeMap<&str, usize> = BTreeMap::new();
    for record in input.book.clients.iter().filter(|record| !is_large(&record.data)) {
        for visit in record.data.visits.iter().filter(|visit| input.is_in(visit.date)) {
            *small.entry(&visit.by).or_default() += 1;
        }
    }
    let mut overdue: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut stakes: BTreeMap<&str, Decimal> = BTreeMap::new();
    for (id, client) in input.clients().filter(|(_, client)| is_large(client)) {
        let lead = input.lead(client);
        let is_due = input.deadlines.visit(client, input.as_of).is_some_and(|due| due < input.as_of);
        if is_due && small.get(lead).is_some_and(|visits| *visits >= MISPLACED) {
            overdue.entry(lead).or_default().push(id);
            *stakes.entry(lead).or_default() += input.size(client).unwrap_or_default();
        }
    }
    for (manager, clients) in overdue {
        seen.push(Seen {
            kind: Kind::Misplaced,
            manager,
            about: clients.first().copied(),
            before: small.get(manager).map(|visits| Decimal::from(*visits)),
            now: None,
            at_stake: stakes.get(manager).copied(),
            last: None,
            evidence: clients.join(", "),
        });
    }
}

fn copied<'b>(input: &Input<'b>, seen: &mut Vec<Seen<'b>>) {
    let mut notes: BTreeMap<(&str, &str), Vec<(&str, NaiveDate)>> = BTreeMap::new();
    for record in &input.book.clients {
        let visits =
            record.data.visits.iter().filter(|visit| input.is_in(visit.date) && input.covers(&visit.by));
        for visit in visits {
            let note = visit.summary.as_deref().map(str::trim).filter(|note| note.chars().count() >= NOTE);
            if let Some(note) = note {
                notes.entry((&visit.by, note)).or_default().push((&record.id, visit.date.0));
            }
        }
    }
    for ((manager, _), visits) in notes.into_iter().filter(|(_, visits)| visits.len() > 1) {
        let places = visits.iter().map(|(client, day)| format!("{client} {day}"));
        seen.push(Seen {
            kind: Kind::Copied,
            manager,
            about: visits.first().map(|(client, _)| *client),
            before: None,
            now: Some(visits.len().into()),
            at_stake: None,
            last: None,
            evidence: places.collect::<Vec<_>>().join(", "),
        });
    }
}

fn mutual<'b>(input: &Input<'b>, seen: &mut Vec<Seen<'b>>) {
    let mut given: BTreeMap<(&str, &str), (Decimal, &str)> = BTreeMap::new();
    let reviews = input.book.reviews.iter().filter(|review| input.months.contains(review.data.period.last()));
    for review in reviews {
        let top = |rating: &&Rating| rating.group == RaterGroup::Peer && rating.score.0 >= TOP;
        for rating in review.data.ratings.iter().filter(top) {
            if let Some(by) = &rating.by {
                given.insert((by, &review.data.manager), (rating.score.0, &review.id));
            }
        }
    }
    for ((by, of), (score, review)) in given.iter().filter(|((by, of), _)| by < of) {
        let Some((back, other)) = given.get(&(*of, *by)) else { continue };
        if input.covers(by) || input.covers(of) {
            seen.push(Seen {
                kind: Kind::Mutual,
                manager: by,
                about: Some(of),
                before: Some(*score),
                now: Some(*back),
                at_stake: None,
                last: None,
                evidence: format!("{review}, {other}"),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::lines;

    /// Finding, manager, about, before, now, at stake, last contact and evidence.
    fn seen(files: &str) -> Vec<String> {
        let head = "# file: rmbook.toml\nname = '测试支行'\n# file: managers/li-na.toml\nname = '李娜'\n\
                    # file: managers/wang-fang.toml\nname = '王芳'\n";
        let lines = lines(&format!("{head}{files}"), "insight", "insights", "2026-10");
        lines.iter().map(|line| line.rsplit_once(" | ").unwrap().0.to_owned()).collect()
    }

    fn client(id: &str, tier: &str, rest: &str) -> String {
        format!(
            "# file: clients/{id}.toml\nname = '{id}'\ntier = '{tier}'\nmanager = 'li-na'\nstatus = 'active'\nsince = 2026-09-30\n{rest}"
        )
    }

    fn months(figures: [u32; 4]) -> String {
        let months = ["07", "08", "09", "10"].iter().zip(figures);
        let lines = months.map(|(month, figure)| format!("2026-{month} = {{ deposits = {figure} }}\n"));
        format!("[results]\n{}", lines.collect::<String>())
    }

    #[test]
    fn a_fall_counts_where_nobody_was_in_contact() {
        let fell = client("a", "base", &months([500, 500, 500, 400]));
        assert_eq!(
            seen(&fell),
            ["falling-not-visited | li-na | a | 500 | 400 | 100 | - | a results.2026-10.deposits"]
        );
        let visit = "visits = [{ date = 2026-10-31, by = 'wang-fang', kind = 'call' }]\n";
        assert!(seen(&client("a", "base", &format!("{visit}{}", months([500, 500, 500, 400])))).is_empty());
        assert!(seen(&client("a", "base", &months([500, 500, 500, 401]))).is_empty());
    }

    #[test]
    fn spikes_and_money_that_comes_and_goes_are_seen() {
        let spike = client("a", "base", "results = { 2026-10 = { deposits = { avg = 100, end = 105 } } }\n");
        assert_eq!(
            seen(&spike),
            ["month-end-spike | li-na | a | 100 | 105 | 5 | - | a results.2026-10.deposits"]
        );
        let level = client("a", "base", "results = { 2026-10 = { deposits = { avg = 100, end = 104 } } }\n");
        assert!(seen(&level).is_empty());
        // From 100 up by 60 and back to 120, below 130.
        let visit = "visits = [{ date = 2026-10-31, by = 'wang-fang', kind = 'call' }]\n";
        let in_out = client("a", "base", &format!("{visit}{}", months([100, 100, 160, 120])));
        assert_eq!(
            seen(&in_out),
            ["in-and-out | li-na | a | 160 | 120 | 40 | 2026-10-31 | a results.2026-09.deposits"]
        );
    }

    #[test]
    fn small_visits_beside_overdue_large_clients_are_seen() {
        let visits =
            (1..=5).map(|day| format!("[[visits]]\ndate = 2026-10-0{day}\nby = 'li-na'\nkind = 'call'\n"));
        let small = client("small", "base", &visits.collect::<String>());
        let large = "# file: clients/large.toml\nname = 'large'\ntier = 'key'\nmanager = 'li-na'\nstatus = 'active'\nsince = 2026-01-01\n";
        assert_eq!(
            seen(&format!("{small}{large}")),
            ["effort-misplaced | li-na | large | 5 | - | 0 | - | large"]
        );
        assert!(seen(&small).is_empty());
    }

    #[test]
    fn copied_notes_and_an_unvisited_complaint_are_seen() {
        let note = "[[visits]]\ndate = 2026-10-08\nby = 'li-na'\nkind = 'call'\nsummary = '了解经营情况，客户经营正常。'\n";
        let complaint = "[[complaints]]\nid = 'late'\nreceived = 2026-10-09\n";
        let files = client("a", "base", &format!("{note}{complaint}")) + &client("b", "base", note);
        assert_eq!(
            seen(&files),
            [
                "complaint-unvisited | li-na | a | - | - | - | 2026-10-08 | a complaints.late",
                "copied-notes | li-na | a | - | 2 | - | - | a 2026-10-08, b 2026-10-08",
            ]
        );
    }

    #[test]
    fn mutual_top_ratings_need_names() {
        let review = |of: &str, by: &str, score: u32| {
            format!(
                "# file: reviews/2026-10/{of}.toml\nmanager = '{of}'\nperiod = '2026-10'\n\
                 [[ratings]]\ngroup = 'peer'\nby = '{by}'\nscore = {score}\n"
            )
        };
        let both = review("li-na", "wang-fang", 98) + &review("wang-fang", "li-na", 95);
        assert_eq!(
            seen(&both),
            ["mutual-top-ratings | li-na | wang-fang | 95 | 98 | - | - | 2026-10/wang-fang, 2026-10/li-na"]
        );
        assert!(seen(&(review("li-na", "wang-fang", 98) + &review("wang-fang", "li-na", 94))).is_empty());
    }
}
