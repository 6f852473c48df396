//! The pipeline: from needs to opportunities to deals, what it is worth by stage, what stands still.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{Col, Input, Report, Sheet, Usual, choice, days, median, number, part};
use crate::period::Month;
use crate::record::client::{Client, Need, Opportunity, Stage};
use crate::record::kind::RecordKind;
use crate::table::{Cell, Table};
use crate::text::Text;

pub(super) const REPORT: Report = Report {
    name: "pipeline",
    title: Text::new("Needs and pipeline", "需求与商机"),
    question: Text::new(
        "What is the pipeline worth, who turns needs into deals, and which deals and needs stand still?",
        "商机储备价值几何，谁能把需求转化为业务，哪些商机和需求停滞不前？",
    ),
    about: Text::new(
        "open: opened by the report's day and not won or lost by then; a deal that ended later was open, but its stage of that day was not recorded\n\
         weighted: amount × probability, of the deals that state both; a deal without a probability is counted apart and adds nothing\n\
         stale: open, and not moved for more than the settings' limit (`management.stale`), or past the day it was expected to close\n\
         needs: recorded in the period; proposed: of those, with a solution or an opportunity by the report's day\n\
         won and lost: closed in the period; hit rate: won / (won + lost) by number\n\
         days to win: median of calendar days from opened to closed, of the deals won in the period\n\
         waiting need: neither proposed, met nor dropped nor made an opportunity, past the settings' limit (`management.need`)\n\
         forecast: open deals by the month they are expected to close; those overdue stand in the first row",
        "在途：截至报告日已发现且未赢单、未丢单的商机；其后结案的当时在途，但当时阶段未记录\n\
         加权金额：金额×成功概率，仅计两者均填写的商机；未填概率的单独计数，不计入\n\
         停滞：在途且超过设置时限（management.stale）无进展，或已过预计落地日\n\
         需求：本期登记的；已提方案：其中截至报告日已提出方案或转为商机的\n\
         赢单与丢单：本期结案的；成功率：赢单笔数÷（赢单＋丢单）\n\
         赢单周期：本期赢单的商机自发现至结案的自然日中位数\n\
         待响应需求：未提方案、未满足、未放弃、未转商机，且超过设置时限（management.need）\n\
         落地预测：在途商机按预计落地月份汇总；已逾期的列首行",
    ),
    usual: Usual::LastFigures,
    run,
};

const STAGES: Sheet = Sheet {
    name: "pipeline_stages",
    title: Text::new("Open deals by stage", "在途商机（按阶段）"),
    columns: &[
        Col::text("stage", "Stage", "阶段"),
        Col::count("deals", "Deals", "笔数"),
        Col::money("amount", "Amount", "金额").bar(),
        Col::money("weighted", "Weighted", "加权金额"),
        Col::count("without_probability", "Without probability", "未填概率"),
        Col::count("stale", "Stale", "停滞"),
    ],
};

const MANAGERS: Sheet = Sheet {
    name: "pipeline_managers",
    title: Text::new("From need to deal by manager", "各客户经理需求转化"),
    columns: &[
        Col::text("manager", "Manager", "客户经理"),
        Col::count("needs", "Needs", "登记需求"),
        Col::ratio("proposed", "Proposed", "方案响应率"),
        Col::count("opened", "Deals opened", "新增商机"),
        Col::count("won", "Won", "赢单"),
        Col::count("lost", "Lost", "丢单"),
        Col::ratio("hit_rate", "Hit rate", "成功率").bar(),
        Col::money("won_amount", "Amount won", "赢单金额"),
        Col::number("days_to_win", "Median days to win", "赢单周期中位数"),
        Col::count("open", "Open", "在途"),
        Col::money("weighted", "Weighted", "加权金额"),
    ],
};

const STALE: Sheet = Sheet {
    name: "stale_deals",
    title: Text::new("Deals that stand still", "停滞商机"),
    columns: &[
        Col::text("manager", "Manager", "客户经理"),
        Col::text("client", "Client", "客户"),
        Col::text("id", "Deal", "商机编号"),
        Col::text("product", "Product", "产品"),
        Col::money("amount", "Amount", "金额"),
        Col::date("moved", "Last moved", "最近进展"),
        Col::count("still_days", "Days still", "停滞天数"),
        Col::date("expected", "Expected", "预计落地"),
        Col::text("next", "Next step", "下一步"),
    ],
};

const WAITING: Sheet = Sheet {
    name: "waiting_needs",
    title: Text::new("Needs waiting for a solution", "待响应需求"),
    columns: &[
        Col::text("manager", "Manager", "客户经理"),
        Col::text("client", "Client", "客户"),
        Col::text("what", "Need", "需求"),
        Col::money("amount", "Amount", "金额"),
        Col::date("date", "Recorded", "登记日"),
        Col::date("due", "Limit", "时限"),
        Col::count("over_days", "Days over", "超期天数"),
    ],
};

const FORECAST: Sheet = Sheet {
    name: "pipeline_forecast",
    title: Text::new("Open deals by the month they should close", "商机落地预测"),
    columns: &[
        Col::text("month", "Month", "预计月份"),
        Col::count("deals", "Deals", "笔数"),
        Col::money("amount", "Amount", "金额"),
        Col::money("weighted", "Weighted", "加权金额").bar(),
    ],
};

const LOSSES: Sheet = Sheet {
    name: "lost_deals",
    title: Text::new("Why deals were lost", "丢单原因"),
    columns: &[
        Col::text("reason", "Reason", "原因"),
        Col::count("deals", "Deals", "笔数").bar(),
        Col::money("amount", "Amount", "金额"),
    ],
};

/// A deal with its client and whoever pursues it.
struct Deal<'b> {
    client: &'b str,
    manager: &'b str,
    deal: &'b Opportunity,
}

impl Deal<'_> {
    fn amount(&self) -> Decimal {
        self.deal.amount.map_or(Decimal::ZERO, |amount| amount.0)
    }

    /// Amount by chance; nothing where no chance is stated.
    fn weighted(&self) -> Decimal {
        self.deal.probability.map_or(Decimal::ZERO, |chance| self.amount() * chance.0)
    }

    fn has_ended(&self) -> bool {
        matches!(self.deal.stage, Stage::Won | Stage::Lost)
    }

    fn is_open(&self, input: &Input<'_>) -> bool {
        let begun = self.deal.opened.is_none_or(|day| day.0 <= input.as_of);
        let ends_later = self.deal.closed.is_some_and(|day| day.0 > input.as_of);
        begun && (ends_later || !self.has_ended() && self.deal.closed.is_none())
    }

    fn ended_in(&self, input: &Input<'_>, stage: Stage) -> bool {
        self.deal.stage == stage && self.deal.closed.is_some_and(|day| input.is_in(day))
    }

    /// The last day it is known to have moved.
    fn moved(&self, input: &Input<'_>) -> Option<NaiveDate> {
        [self.deal.updated, self.deal.opened].into_iter().filter_map(|day| input.past(day)).max()
    }

    fn is_stale(&self, input: &Input<'_>) -> bool {
        let limit = input.book.settings.management.stale;
        let still = self.moved(input).is_some_and(|day| input.days.deadline(day, limit) < input.as_of);
        still || self.deal.expected.is_some_and(|day| day.0 < input.as_of)
    }
}

fn run(input: &Input<'_>) -> Vec<Table> {
    let deals = deals(input);
    let open: Vec<&Deal<'_>> = deals.iter().filter(|deal| deal.is_open(input)).collect();
    vec![
        stages(input, &open),
        managers(input, &deals),
        stale(input, &open),
        waiting(input),
        forecast(input, &open),
        losses(input, &deals),
    ]
}

fn deals<'b>(input: &Input<'b>) -> Vec<Deal<'b>> {
    let mut deals = Vec::new();
    for record in &input.book.clients {
        for deal in &record.data.opportunities {
            let manager = deal.by.as_deref().unwrap_or_else(|| input.lead(&record.data));
            if input.covers(manager) {
                deals.push(Deal { client: &record.id, manager, deal });
            }
        }
    }
    deals
}

const OPEN_STAGES: [Stage; 4] = [Stage::Prospecting, Stage::Engaging, Stage::Proposal, Stage::Negotiation];

fn stages(input: &Input<'_>, open: &[&Deal<'_>]) -> Table {
    let row = |stage: Cell, deals: &[&&Deal<'_>]| {
        vec![
            stage,
            deals.len().into(),
            number(deals.iter().map(|deal| deal.amount()).sum::<Decimal>()),
            number(deals.iter().map(|deal| deal.weighted()).sum::<Decimal>()),
            deals.iter().filter(|deal| deal.deal.probability.is_none()).count().into(),
            deals.iter().filter(|deal| deal.is_stale(input)).count().into(),
        ]
    };
    let mut table = STAGES.table(input);
    for stage in OPEN_STAGES {
        let of_stage: Vec<_> = open.iter().filter(|deal| deal.deal.stage == stage).collect();
        table.push(row(choice(RecordKind::Client, &["opportunities", "stage"], stage), &of_stage));
    }
    let later: Vec<_> = open.iter().filter(|deal| deal.has_ended()).collect();
    if !later.is_empty() {
        let stage = Cell::Said { key: "ended-later", text: Text::new("ended later", "其后结案") };
        table.push(row(stage, &later));
    }
    let all: Vec<_> = open.iter().collect();
    table.push(row(Cell::Said { key: "all", text: Text::new("all", "合计") }, &all));
    table
}

/// What one manager's row counts.
#[derive(Default)]
struct Tally {
    needs: usize,
    proposed: usize,
    opened: usize,
    won: usize,
    lost: usize,
    won_amount: Decimal,
    to_win: Vec<Decimal>,
    open: usize,
    weighted: Decimal,
}

impl Tally {
    fn add(&mut self, input: &Input<'_>, deal: &Deal<'_>) {
        self.opened += usize::from(deal.deal.opened.is_some_and(|day| input.is_in(day)));
        self.lost += usize::from(deal.ended_in(input, Stage::Lost));
        if deal.ended_in(input, Stage::Won) {
            self.won += 1;
            self.won_amount += deal.amount();
            if let (Some(opened), Some(closed)) = (deal.deal.opened, deal.deal.closed) {
                self.to_win.push(Input::between(opened, closed.0));
            }
        }
        if deal.is_open(input) {
            self.open += 1;
            self.weighted += deal.weighted();
        }
    }
}

/// Every need in scope with its client and whoever found it.
fn needs<'b>(input: &Input<'b>) -> Vec<(&'b str, &'b str, &'b Need)> {
    let of = |id: &'b str, client: &'b Client| {
        let lead = input.lead(client);
        client.needs.iter().map(move |need| (id, need.by.as_deref().unwrap_or(lead), need))
    };
    let all = input.book.clients.iter().flat_map(|record| of(&record.id, &record.data));
    all.filter(|(_, manager, _)| input.covers(manager)).collect()
}

fn managers(input: &Input<'_>, deals: &[Deal<'_>]) -> Table {
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    for deal in deals {
        tallies.entry(deal.manager).or_default().add(input, deal);
    }
    for (_, manager, need) in needs(input) {
        if input.is_in(need.date) {
            let tally = tallies.entry(manager).or_default();
            tally.needs += 1;
            let answered = need.opportunity.is_some() || input.past(need.proposed).is_some();
            tally.proposed += usize::from(answered);
        }
    }
    let rows = tallies.into_iter().map(|(manager, tally)| {
        vec![
            manager.into(),
            tally.needs.into(),
            part(tally.proposed, tally.needs),
            tally.opened.into(),
            tally.won.into(),
            tally.lost.into(),
            part(tally.won, tally.won + tally.lost),
            number(tally.won_amount),
            number(median(tally.to_win)),
            tally.open.into(),
            number(tally.weighted),
        ]
    });
    MANAGERS.filled(input, rows)
}

fn stale(input: &Input<'_>, open: &[&Deal<'_>]) -> Table {
    let mut still: Vec<_> = open.iter().filter(|deal| deal.is_stale(input)).collect();
    still.sort_by(|a, b| b.amount().cmp(&a.amount()).then_with(|| a.client.cmp(b.client)));
    let rows = still.into_iter().map(|deal| {
        let moved = deal.moved(input);
        vec![
            deal.manager.into(),
            deal.client.into(),
            deal.deal.id.as_str().into(),
            deal.deal.product.as_deref().into(),
            number(deal.deal.amount.map(|amount| amount.0)),
            moved.into(),
            days(moved.map(|day| input.since(day))),
            deal.deal.expected.map(|day| day.0).into(),
            deal.deal.next.as_deref().into(),
        ]
    });
    STALE.filled(input, rows)
}

fn waiting(input: &Input<'_>) -> Table {
    let is_open = |need: &Need| {
        let ended = [need.proposed, need.met, need.dropped];
        need.date.0 <= input.as_of
            && need.opportunity.is_none()
            && ended.into_iter().all(|day| input.past(day).is_none())
    };
    let limit = |need: &Need| input.deadline(need.date, input.book.settings.management.need);
    let mut late: Vec<_> =
        needs(input).into_iter().filter(|(.., need)| is_open(need) && limit(need) < input.as_of).collect();
    late.sort_by_key(|(client, _, need)| (need.date, *client));
    let rows = late.into_iter().map(|(client, manager, need)| {
        let limit = limit(need);
        vec![
            manager.into(),
            client.into(),
            need.what.as_str().into(),
            number(need.amount.map(|amount| amount.0)),
            need.date.0.into(),
            limit.into(),
            days(input.since(limit)),
        ]
    });
    WAITING.filled(input, rows)
}

fn forecast(input: &Input<'_>, open: &[&Deal<'_>]) -> Table {
    let mut months: BTreeMap<Option<Month>, Vec<&Deal<'_>>> = BTreeMap::new();
    for deal in open {
        if let Some(expected) = deal.deal.expected {
            let month = (expected.0 >= input.as_of).then(|| Month::of(expected.0));
            months.entry(month).or_default().push(deal);
        }
    }
    let overdue = || Cell::Said { key: "overdue", text: Text::new("overdue", "已逾期") };
    let rows = months.into_iter().map(|(month, deals)| {
        vec![
            month.map_or_else(overdue, |month| month.to_string().into()),
            deals.len().into(),
            number(deals.iter().map(|deal| deal.amount()).sum::<Decimal>()),
            number(deals.iter().map(|deal| deal.weighted()).sum::<Decimal>()),
        ]
    });
    FORECAST.filled(input, rows)
}

fn losses(input: &Input<'_>, deals: &[Deal<'_>]) -> Table {
    let mut reasons: BTreeMap<Option<&str>, (usize, Decimal)> = BTreeMap::new();
    for deal in deals.iter().filter(|deal| deal.ended_in(input, Stage::Lost)) {
        let (count, amount) = reasons.entry(deal.deal.lost_because.as_deref()).or_default();
        *count += 1;
        *amount += deal.amount();
    }
    let mut reasons: Vec<_> = reasons.into_iter().collect();
    reasons.sort_by_key(|(reason, (count, _))| (std::cmp::Reverse(*count), *reason));
    let rows = reasons
        .into_iter()
        .map(|(reason, (count, amount))| vec![reason.into(), count.into(), number(amount)]);
    LOSSES.filled(input, rows)
}

#[cfg(test)]
mod tests {
    use super::super::lines;

    const BOOK: &str = r#"
# file: rmbook.toml
name = "测试支行"
# file: managers/li-na.toml
name = "李娜"
# file: managers/wang-fang.toml
name = "王芳"
# file: clients/acme.toml
name = "华东精密"
tier = "key"
manager = "wang-fang"
status = "active"
[[needs]]
date = 2026-08-20
what = "跨境结算"
amount = 50
[[needs]]
date = 2026-10-08
what = "现金管理"
opportunity = "cash"
[[needs]]
date = 2026-10-20
what = "保函"
[[opportunities]]
id = "cash"
stage = "proposal"
amount = 200
probability = "50%"
opened = 2026-10-08
expected = 2026-12-10
[[opportunities]]
id = "old"
stage = "engaging"
amount = 300
opened = 2026-07-01
expected = 2026-10-15
[[opportunities]]
id = "won"
by = "li-na"
stage = "won"
amount = 100
opened = 2026-09-01
closed = 2026-10-11
[[opportunities]]
id = "lost"
stage = "lost"
amount = 80
opened = 2026-09-01
closed = 2026-10-31
lost_because = "利率"
[[opportunities]]
id = "later"
stage = "won"
amount = 40
probability = 0.8
opened = 2026-10-01
closed = 2026-11-02
expected = 2026-11-02
"#;

    #[test]
    fn stages_are_those_of_the_last_day() {
        assert_eq!(
            lines(BOOK, "pipeline", "pipeline_stages", "2026-10"),
            [
                "prospecting | 0 | 0 | 0 | 0 | 0",
                "engaging | 1 | 300 | 0 | 1 | 1",
                "proposal | 1 | 200 | 100 | 0 | 0",
                "negotiation | 0 | 0 | 0 | 0 | 0",
                "ended-later | 1 | 40 | 32 | 0 | 0",
                "all | 3 | 540 | 132 | 1 | 1",
            ]
        );
    }

    #[test]
    fn each_manager_has_needs_and_hits_of_ones_own() {
        assert_eq!(
            lines(BOOK, "pipeline", "pipeline_managers", "2026-10"),
            [
                "li-na | 0 | - | 0 | 1 | 0 | 100% | 100 | 40 | 0 | 0",
                "wang-fang | 2 | 50% | 2 | 0 | 1 | 0% | 0 | - | 3 | 132",
            ]
        );
    }

    #[test]
    fn what_stands_still_is_listed() {
        assert_eq!(
            lines(BOOK, "pipeline", "stale_deals", "2026-10"),
            ["wang-fang | acme | old | - | 300 | 2026-07-01 | 122 | 2026-10-15 | -"]
        );
        assert_eq!(
            lines(BOOK, "pipeline", "waiting_needs", "2026-10"),
            ["wang-fang | acme | 跨境结算 | 50 | 2026-08-20 | 2026-09-19 | 42"]
        );
        assert_eq!(
            lines(BOOK, "pipeline", "pipeline_forecast", "2026-10"),
            ["overdue | 1 | 300 | 0", "2026-11 | 1 | 40 | 32", "2026-12 | 1 | 200 | 100"]
        );
        assert_eq!(lines(BOOK, "pipeline", "lost_deals", "2026-10"), ["利率 | 1 | 80"]);
    }
}
