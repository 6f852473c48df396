//! Scorecards as tables: one row a manager, or one row an indicator.

use std::collections::BTreeSet;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::{remark, shown_value, state};
use crate::book::Book;
use crate::msg;
use crate::policy::Policy;
use crate::policy::plan::{Item, Role};
use crate::score::apply::Scored;
use crate::score::card::Scorecard;
use crate::table::{Cell, Column, Kind, Table, Together};
use crate::text::scorecard as say;
use crate::text::{Message, practice, report};

/// One row a manager: dimensions, total, rating and pay, the first place first; places are by the policy's `ranking` and among
/// all, whoever is shown.
pub fn overview(book: &Book, scored: &Scored<'_>, only: Option<&str>) -> Table {
    let policy = scored.policy;
    let record = &policy.record;
    let mut columns = who();
    let top = top_dimensions(scored);
    columns.extend(top.iter().map(|(id, title)| titled(id, title, Kind::Number)));
    let paid = policy.base.pay.is_some() || scored.cards.iter().any(|card| card.pay.is_some());
    if has_total(policy) {
        columns.push(Column::new("total", report::TOTAL, Kind::Number));
    }
    if is_ranked(policy) {
        columns.push(Column::new("rank", say::RANK, Kind::Count));
        columns.push(Column::new("rank_branch", say::RANK_BRANCH, Kind::Count));
        columns.push(Column::new("rank_team", say::RANK_TEAM, Kind::Count));
        columns.push(Column::new("rank_grade", say::RANK_GRADE, Kind::Count));
    }
    if !record.ratings.is_empty() {
        columns.push(Column::new("rating", report::RATING, Kind::Text));
    }
    if paid {
        columns.push(Column::new("pay", say::PAY, Kind::Number).unit(record.money()));
        columns.push(Column::new("paid_now", say::PAID_NOW, Kind::Number).unit(record.money()));
    }
    columns.push(Column::new("state", say::STATE, Kind::Text));
    columns.push(Column::new("remark", say::REMARK, Kind::Text));
    let mut table = Table::new(format!("scorecard_{}", record.scheme), title(scored), columns);
    for card in in_order(&scored.cards, only) {
        let mut row = who_row(book, scored, card);
        for (id, _) in &top {
            let points = card.dimensions.iter().find(|one| one.id == *id).and_then(|one| one.points);
            row.push(points.map(shown_value).into());
        }
        if has_total(policy) {
            row.push(card.total.map(shown_value).into());
        }
        if is_ranked(policy) {
            let places = &card.places;
            row.extend([places.all.into(), places.branch.into()]);
            row.extend([places.team.into(), places.grade.into()]);
        }
        if !record.ratings.is_empty() {
            row.push(card.rating.as_deref().into());
        }
        if paid {
            row.push(card.pay.as_ref().map(|pay| pay.total).into());
            row.push(card.pay.as_ref().map(|pay| pay.now).into());
        }
        row.push(state(card));
        row.push(remark(card));
        table.push(row);
    }
    table
}

/// One row an indicator: value, target, score, weight and points.
pub fn items(book: &Book, scored: &Scored<'_>, only: Option<&str>) -> Table {
    let mut columns = who();
    columns.extend([
        Column::new("item", say::ITEM, Kind::Text),
        Column::new("title", practice::REPORT_TITLE, Kind::Text),
        Column::new("role", report::KIND, Kind::Text),
        Column::new("dimension", say::DIMENSION, Kind::Text),
        Column::new("value", say::VALUE, Kind::Number).together(Together::Unit),
        Column::new("target", say::TARGET, Kind::Number).together(Together::Unit),
        Column::new("score", say::SCORE, Kind::Number),
        Column::new("weight", say::WEIGHT, Kind::Number),
        Column::new("points", say::POINTS, Kind::Number),
        Column::new("standing", say::STANDING, Kind::Text),
    ]);
    let mut table =
        Table::new(format!("scorecard_items_{}", scored.policy.record.scheme), title(scored), columns);
    let (policy, plan) = (scored.policy, &scored.policy.base);
    let is_part = |item: &&Item| item.value.as_ref().is_some_and(|value| policy.unit_of(plan, value) == "%");
    let parts: BTreeSet<&str> = plan.items.iter().filter(is_part).map(|item| &*item.id).collect();
    for card in in_order(&scored.cards, only) {
        for item in &card.items {
            let amount = |amount: Option<Decimal>| match amount.map(shown_value) {
                Some(amount) if parts.contains(&*item.id) => Cell::Ratio(amount),
                amount => amount.into(),
            };
            let mut row = who_row(book, scored, card);
            row.extend([
                (&*item.id).into(),
                (&*item.title).into(),
                role(item.role),
                dimension(card, item.dimension.as_deref()),
                amount(item.value),
                amount(item.target.as_ref().map(|target| target.value)),
                item.score.map(shown_value).into(),
                item.effective_weight.or(item.weight).map(|weight| weight.round_dp(6).normalize()).into(),
                // What is taken off stands below zero, so that the points of a manager add up.
                item.points
                    .map(shown_value)
                    .map(|points| if item.role == Role::Deduction { Decimal::ZERO - points } else { points })
                    .into(),
                super::standing(&item.standing),
            ]);
            table.push(row);
        }
    }
    table
}

fn role(role: Role) -> Cell {
    let (key, text) = match role {
        Role::Indicator => ("indicator", say::INDICATOR),
        Role::Addition => ("addition", say::ADDITION),
        Role::Deduction => ("deduction", say::DEDUCTION),
    };
    Cell::Said { key, text }
}

/// The dimension of an item.
fn dimension(card: &Scorecard, id: Option<&str>) -> Cell {
    let Some(id) = id else { return Cell::Missing };
    let known = card.dimensions.iter().find(|dimension| &*dimension.id == id);
    let title = known.map_or(id, |dimension| &*dimension.title);
    Cell::Titled { key: id.to_owned(), title: Message::both(id, title) }
}

/// Ids and titles of the dimensions inside no other, those that only a variant has after the policy's own.
fn top_dimensions(scored: &Scored<'_>) -> Vec<(Arc<str>, Arc<str>)> {
    let own = scored.policy.base.dimensions.iter();
    let own = own.filter(|dimension| dimension.parent.is_none());
    let mut top: Vec<_> = own.map(|dimension| (dimension.id.clone(), dimension.title.clone())).collect();
    let others = scored.cards.iter().flat_map(|card| &card.dimensions);
    for dimension in others.filter(|dimension| dimension.parent.is_none()) {
        if !top.iter().any(|(id, _)| *id == dimension.id) {
            top.push((dimension.id.clone(), dimension.title.clone()));
        }
    }
    top
}

fn has_total(policy: &Policy) -> bool {
    !policy.base.items.is_empty()
}

/// Whether managers take places under a policy: by their totals, or by what its `ranking` names.
fn is_ranked(policy: &Policy) -> bool {
    has_total(policy) || policy.base.rank_by.is_some()
}

fn title(scored: &Scored<'_>) -> Message {
    msg!(say::HEADING, policy = &scored.policy.record.title, period = scored.period.to_string())
}

fn titled(key: &str, title: &str, kind: Kind) -> Column {
    Column::new(key, Message::verbatim(title), kind)
}

fn who() -> Vec<Column> {
    vec![
        Column::new("period", report::PERIOD, Kind::Text),
        Column::new("policy", say::POLICY, Kind::Text),
        Column::new("manager", report::MANAGER, Kind::Text),
        Column::new("name", say::NAME, Kind::Text),
        Column::new("team", say::TEAM, Kind::Text),
        Column::new("grade", report::GRADE, Kind::Text),
    ]
}

fn who_row(book: &Book, scored: &Scored<'_>, card: &Scorecard) -> Vec<Cell> {
    let name = book.managers.get(&card.profile.id).map(|manager| manager.data.name.as_str());
    vec![
        card.period.to_string().into(),
        scored.id.into(),
        (&*card.profile.id).into(),
        name.into(),
        card.profile.team.as_deref().into(),
        card.profile.grade.as_deref().into(),
    ]
}

/// The first place first; who takes none after them, the highest total first, and equal ones by id.
fn in_order<'c>(cards: &'c [Scorecard], only: Option<&str>) -> Vec<&'c Scorecard> {
    let mut sorted: Vec<&Scorecard> =
        cards.iter().filter(|card| only.is_none_or(|only| *card.profile.id == *only)).collect();
    let place = |card: &Scorecard| card.places.all.unwrap_or(usize::MAX);
    sorted.sort_by(|a, b| {
        place(a).cmp(&place(b)).then(b.total.cmp(&a.total)).then_with(|| a.profile.id.cmp(&b.profile.id))
    });
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::Portfolios;
    use crate::score::Asked;
    use crate::score::apply::{Policies, Request, run};
    use crate::source::Snapshot;

    /// Manager, total and places of three with deposits of 100, 80 and 60 and fees of 1, 3 and 2; Li and Wang are in one team, Zhao
    /// in none, Wang and Zhao in one branch, and Zhao has been in post for two months.
    fn places(period: &str, ranking: &str) -> Vec<String> {
        let client = |manager: &str, deposits: u32, fees: u32| {
            format!(
                "name = 'c'\ntier = 'key'\nstatus = 'active'\nmanager = '{manager}'\n\
                results = {{ 2026-01 = {{ deposits = 1, fee_income = 0 }}, 2026-02 = {{ deposits = 1, fee_income = 0 }}, \
                2026-03 = {{ deposits = {deposits}, fee_income = {fees} }} }}\n"
            )
        };
        let policy = format!(
            "title = 'P'\nscheme = 's'\neffective = 2026-01-01\nperiod = 'month'\nmoney = '万元'\nmissing = 'zero'\n{ranking}\
             [[indicators]]\nid = 'd'\nvalue = 'deposits.average'\nweight = 100\ntarget = '100 万元'\n\
             curve = {{ kind = 'ratio', zero_target = 'skip' }}\n"
        );
        let texts = [
            ("rmbook.toml", "name = 'B'\n".to_owned()),
            ("policies/p.toml", policy),
            ("clients/a.toml", client("li", 100, 1)),
            ("clients/b.toml", client("wang", 80, 3)),
            ("clients/c.toml", client("zhao", 60, 2)),
            ("managers/li.toml", "name = 'm'\nteam = 't'\nbranch = 'east'\njoined = 2020-01-01\n".to_owned()),
            (
                "managers/wang.toml",
                "name = 'm'\nteam = 't'\nbranch = 'west'\njoined = 2020-01-01\n".to_owned(),
            ),
            ("managers/zhao.toml", "name = 'm'\nbranch = 'west'\njoined = 2026-02-01\n".to_owned()),
        ];
        let (book, faults) =
            crate::book::load(&Snapshot::new(texts.map(|(path, text)| (path.to_owned(), Ok(text)))));
        assert!(faults.is_empty(), "{faults:?}");
        let policies = Policies::of(&book);
        let request = Request { period: period.parse().ok(), ..Request::default() };
        let scored = run(&Portfolios::new(&book), &policies, request, &Asked::default()).unwrap();
        let table = overview(&book, &scored[0], None);
        let at = |key: &str| table.columns.iter().position(|column| column.key == key).unwrap();
        let keys = ["manager", "total", "rank", "rank_branch", "rank_team", "rank_grade"].map(at);
        let word = |cell: &Cell| match cell {
            Cell::Text(text) => text.clone(),
            Cell::Number(number) => number.to_string(),
            Cell::Count(count) => count.to_string(),
            _ => "-".to_owned(),
        };
        let row = |row: &Vec<Cell>| keys.map(|at| word(&row[at])).join(" ");
        table.rows.iter().map(row).collect()
    }

    #[test]
    fn places_go_by_the_total_or_as_the_policy_says() {
        assert_eq!(places("2026-03", ""), ["li 100 1 1 1 -", "wang 80 2 1 2 -", "zhao 60 3 2 - -"]);
        // Fees of 3, 2 and 1.
        let by_fees = "[ranking]\nby = 'fee_income.sum'\n";
        assert_eq!(places("2026-03", by_fees), ["wang 80 1 1 1 -", "zhao 60 2 2 - -", "li 100 3 1 2 -"]);
        // Who has not been there for three months takes no place, and the next moves up.
        let eligible = format!("{by_fees}eligible = 'manager.months >= 3'\n");
        assert_eq!(places("2026-03", &eligible), ["wang 80 1 1 1 -", "li 100 2 1 2 -", "zhao 60 - - - -"]);
        // A quarter that takes over its last month's result ranks it by the fees of the quarter.
        let last = format!("roll_up = 'last'\n{by_fees}");
        assert_eq!(places("2026-Q1", &last), ["wang 80 1 1 1 -", "zhao 60 2 2 - -", "li 100 3 1 2 -"]);
    }
}
