//! Insight: what nobody asked for but should know, each with what it was seen in.
//!
//! An insight is a question worth asking, not a verdict. To add one: a [`Kind`], a function that pushes [`Seen`] in `clients` or
//! `people`, and its line below and in the manual.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{Col, Input, Report, Run, Sheet, Usual, number};
use crate::table::{Cell, Table};
use crate::text::Text;

mod clients;
mod people;

pub(super) const REPORT: Report = Report {
    name: "insight",
    title: Text::new("Insight", "经营洞察"),
    question: Text::new(
        "What in this month's records deserves a question that nobody has asked yet?",
        "本期记录中，有哪些值得追问而尚未被追问的情况？",
    ),
    about: Text::new(
        "measure: the one by which clients are judged lost (`clients.lost_by`); amounts are whole clients'\n\
         falling, not visited: the figure of the period's last month is 20 % or more below the average by days of the three months before, and nobody was in contact in the period\n\
         credit ends, money leaves: a facility matures within the settings' days (`risk.renewal`), and the figure is 10 % or more below the average of the three months before, whether or not somebody was there; at stake: its principal\n\
         growth of one client: of a manager's clients with a base for the year, stated or recorded for the December before, three or more, one explains 80 % or more of what all have grown over it\n\
         month-end spike: the balance of the last month's last day is above the month's average by more than the settings allow (`risk.deviation`, 4 % since 2018 for a bank as a whole); not of clients that came within the month; for one client an early sign of dressing the books\n\
         in and out: the figure rose by more than the settings' jump (`risk.jump`) and fell back below the middle of the rise a month later\n\
         copied notes: the same words, whatever their spacing, punctuation and case, stand under two or more visits of one manager, or, of longer ones, of several, in the period (as RM307)\n\
         mutual top ratings: two colleagues gave each other the highest of all ratings that colleagues gave by name for a period, where not all are alike (as RM609); anonymous ratings are never looked at\n\
         complaint unvisited: a complaint open on the report's day, and no contact since it came in\n\
         effort misplaced: a manager made five visits or more to base clients and prospects in the period while strategic or key clients are overdue\n\
         thresholds: 10, 20 and 80 % and five visits are conventions of this report; nothing here enters a score",
        "指标：流失认定指标（clients.lost_by）；金额按整户\n\
         下降未访：期末月份较前三个月日均下降20%及以上，且本期无任何联系\n\
         授信将到期、存款在流出：设置天数（risk.renewal）内有授信到期，且期末月份较前三个月日均下降10%及以上，不论是否拜访；涉及金额为该笔余额\n\
         增长靠一户：主办客户中有年度基数（登记的或上年12月数据）的三户及以上，其中一户占全部较基数增量的80%及以上\n\
         月末冲高：期末月份月末余额高于月日均的幅度超过设置（risk.deviation；2018年起银行整体上限4%），当月新开户除外，单户可为冲时点的早期信号\n\
         快进快出：某月升幅超过设置（risk.jump），次月回落至升幅中值以下\n\
         纪要雷同：同一客户经理（篇幅较长的，不限同一人）本期两次及以上拜访纪要文字相同，不计空格、标点和大小写（同 RM307）\n\
         互评高分：两名同事实名互评均为该期间同事实名评分的最高分，且各评分不尽相同（同 RM609）；匿名评分一律不分析\n\
         投诉未访：报告日投诉未办结，且受理后无任何联系\n\
         拜访错配：本期拜访基础及潜在客户五次及以上，而战略或重点客户已逾期未访\n\
         阈值：10%、20%、80%、五次均为本报表惯例；洞察结果不计入考核",
    ),
    usual: Usual::LastFigures,
    figures: true,
    run: Run::Book(|input| vec![insights(input)]),
};

const INSIGHTS: Sheet = Sheet {
    name: "insights",
    title: Text::new("Worth a question", "值得追问的情况"),
    columns: &[
        Col::text("finding", "Finding", "发现"),
        Col::text("manager", "Manager", "客户经理"),
        Col::text("about", "Client or colleague", "客户或同事"),
        Col::figure("before", "Before", "此前"),
        Col::figure("now", "Now", "目前"),
        Col::size("at_stake", "At stake", "涉及金额"),
        Col::date("last", "Last contact", "最近联系"),
        Col::text("evidence", "Seen in", "依据"),
        Col::text("ask", "Ask", "建议追问"),
    ],
};

/// The kinds of insight, in the order they are shown.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Leaving,
    Falling,
    Spike,
    InAndOut,
    Complaint,
    Alone,
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
            Self::Leaving => (
                "credit-ends-money-leaves",
                Text::new("credit ends, money leaves", "授信将到期、存款在流出"),
                Text::new(
                    "is the client preparing to go, and what repays us?",
                    "客户是否准备转走，还款来源何在？",
                ),
            ),
            Self::Alone => (
                "growth-of-one-client",
                Text::new("growth of one client", "增长靠一户"),
                Text::new("what would the year look like without it?", "若无该户，全年进度如何？"),
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
                Text::new("effort misplaced", "拜访错配"),
                Text::new("which visits can wait for the large clients?", "哪些拜访可让位于大户？"),
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
    evidence: Cell,
}

fn insights(input: &Input<'_>) -> Table {
    let mut seen = Vec::new();
    for (id, client) in input.clients() {
        clients::falling(input, id, client, &mut seen);
        clients::leaving(input, id, client, &mut seen);
        clients::spike(input, id, client, &mut seen);
        clients::in_and_out(input, id, client, &mut seen);
        clients::complaint(input, id, client, &mut seen);
    }
    clients::one_client(input, &mut seen);
    people::misplaced(input, &mut seen);
    people::copied(input, &mut seen);
    people::mutual(input, &mut seen);
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
            seen.evidence,
            Cell::Sentence(ask.into()),
        ]
    });
    INSIGHTS.filled(input, rows)
}

#[cfg(test)]
mod tests;
