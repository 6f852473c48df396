//! Deals by stage, those that stand still or were put off, the months they should close in, why they were lost.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::super::{Col, Input, Sheet, choice, days, number};
use super::Deal;
use crate::period::Month;
use crate::record::deal::Stage;
use crate::record::kind::RecordKind;
use crate::table::{Cell, Table};
use crate::text::Text;

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

const PUT_OFF: Sheet = Sheet {
    name: "put_off_deals",
    title: Text::new("Deals whose close was put off", "一再推迟的商机"),
    columns: &[
        Col::text("manager", "Manager", "客户经理"),
        Col::text("client", "Client", "客户"),
        Col::text("id", "Deal", "商机编号"),
        Col::text("stage", "Stage", "阶段"),
        Col::money("amount", "Amount", "金额"),
        Col::date("first_expected", "First expected", "最初预计落地"),
        Col::date("expected", "Expected", "预计落地"),
        Col::count("slips", "Put off", "推迟次数").bar(),
        Col::count("late_days", "Days later", "推迟天数"),
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

const OPEN_STAGES: [Stage; 4] = [Stage::Prospecting, Stage::Engaging, Stage::Proposal, Stage::Negotiation];

pub(super) fn stages(input: &Input<'_>, open: &[&Deal<'_>]) -> Table {
    let row = |stage: Cell, deals: &[&&Deal<'_>]| {
        vec![
            stage,
            deals.len().into(),
            number(deals.iter().map(|deal| deal.amount()).sum::<Decimal>()),
            number(deals.iter().map(|deal| deal.weighted()).sum::<Decimal>()),
            deals.iter().filter(|deal| deal.chance().is_none()).count().into(),
            deals.iter().filter(|deal| deal.is_stale(input)).count().into(),
        ]
    };
    let mut table = STAGES.table(input);
    for stage in OPEN_STAGES {
        let of_stage: Vec<_> = open.iter().filter(|deal| deal.stage() == Some(stage)).collect();
        table.push(row(stage_cell(stage), &of_stage));
    }
    let later: Vec<_> = open.iter().filter(|deal| deal.stage().is_none()).collect();
    if !later.is_empty() {
        let stage = Cell::Said { key: "ended-later", text: Text::new("ended later", "其后结案") };
        table.push(row(stage, &later));
    }
    let all: Vec<_> = open.iter().collect();
    table.push(row(Cell::Said { key: "all", text: Text::new("all", "合计") }, &all));
    table
}

fn stage_cell(stage: Stage) -> Cell {
    choice(RecordKind::Client, &["opportunities", "stage"], stage)
}

pub(super) fn stale(input: &Input<'_>, open: &[&Deal<'_>]) -> Table {
    let mut still: Vec<_> = open.iter().filter(|deal| deal.is_stale(input)).collect();
    still.sort_by(|a, b| b.amount().cmp(&a.amount()).then_with(|| a.client.cmp(b.client)));
    let rows = still.into_iter().map(|deal| {
        let moved = deal.deal.moved(input.as_of);
        vec![
            deal.manager.into(),
            deal.client.into(),
            deal.deal.id.as_str().into(),
            deal.deal.product.as_deref().into(),
            number(deal.stood.and_then(|stood| stood.amount).map(|amount| amount.0)),
            moved.into(),
            days(moved.map(|day| input.since(day))),
            deal.expected().into(),
            deal.deal.next.as_deref().into(),
        ]
    });
    STALE.filled(input, rows)
}

pub(super) fn put_off(input: &Input<'_>, open: &[&Deal<'_>]) -> Table {
    let mut found: Vec<_> = open
        .iter()
        .map(|deal| (deal.deal.slips(input.as_of), deal))
        .filter(|(slips, _)| *slips > 0)
        .collect();
    found.sort_by_key(|(slips, deal)| (Reverse(*slips), Reverse(deal.amount()), deal.client));
    let rows = found.into_iter().map(|(slips, deal)| {
        let first = deal.deal.expectations(input.as_of).first().map(|day| day.0);
        let later = first.zip(deal.expected()).map(|(first, now)| (now - first).num_days());
        vec![
            deal.manager.into(),
            deal.client.into(),
            deal.deal.id.as_str().into(),
            deal.stage().map_or(Cell::Missing, stage_cell),
            number(deal.stood.and_then(|stood| stood.amount).map(|amount| amount.0)),
            first.into(),
            deal.expected().into(),
            slips.into(),
            days(later),
        ]
    });
    PUT_OFF.filled(input, rows)
}

pub(super) fn forecast(input: &Input<'_>, open: &[&Deal<'_>]) -> Table {
    let mut months: BTreeMap<Option<Month>, Vec<&Deal<'_>>> = BTreeMap::new();
    for deal in open {
        if let Some(expected) = deal.expected() {
            let month = (expected >= input.as_of).then(|| Month::of(expected));
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

pub(super) fn losses(input: &Input<'_>, deals: &[Deal<'_>]) -> Table {
    let mut reasons: BTreeMap<Option<&str>, (usize, Decimal)> = BTreeMap::new();
    for deal in deals.iter().filter(|deal| deal.ended_in(input, Stage::Lost)) {
        let (count, amount) = reasons.entry(deal.deal.lost_because.as_deref()).or_default();
        *count += 1;
        *amount += deal.amount();
    }
    let mut reasons: Vec<_> = reasons.into_iter().collect();
    reasons.sort_by_key(|(reason, (count, _))| (Reverse(*count), *reason));
    let rows = reasons
        .into_iter()
        .map(|(reason, (count, amount))| vec![reason.into(), count.into(), number(amount)]);
    LOSSES.filled(input, rows)
}
