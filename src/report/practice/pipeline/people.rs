//! Who turns needs into deals, and which needs wait.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::super::{Col, Input, Sheet, days, median, number, part};
use super::Deal;
use crate::record::client::{Client, Need};
use crate::record::deal::Stage;
use crate::table::Table;
use crate::text::Text;

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
        if deal.stood.is_some() {
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

pub(super) fn managers(input: &Input<'_>, deals: &[Deal<'_>]) -> Table {
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

pub(super) fn waiting(input: &Input<'_>) -> Table {
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
