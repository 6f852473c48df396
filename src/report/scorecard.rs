//! Scorecards as tables: one row a manager, or one row an indicator.

use std::sync::Arc;

use super::{remark, shown_value, state};
use crate::book::Book;
use crate::msg;
use crate::policy::Policy;
use crate::score::apply::Scored;
use crate::score::card::Scorecard;
use crate::table::{Cell, Column, Kind, Table, Together};
use crate::text::scorecard as say;
use crate::text::{Message, practice, report};

/// One row a manager: dimensions, total, rating and pay, the highest total first; ranks are among all, whoever is shown.
pub fn overview(book: &Book, scored: &Scored<'_>, only: Option<&str>) -> Table {
    let policy = scored.policy;
    let record = &policy.record;
    let mut columns = who();
    let top = top_dimensions(scored);
    columns.extend(top.iter().map(|(id, title)| titled(id, title, Kind::Number)));
    let paid = policy.base.pay.is_some() || scored.cards.iter().any(|card| card.pay.is_some());
    if has_total(policy) {
        columns.push(Column::new("total", report::TOTAL, Kind::Number));
        columns.push(Column::new("rank", say::RANK, Kind::Count));
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
    for card in by_total(&scored.cards, only) {
        let mut row = who_row(book, scored, card);
        for (id, _) in &top {
            let points = card.dimensions.iter().find(|one| one.id == *id).and_then(|one| one.points);
            row.push(points.map(shown_value).into());
        }
        if has_total(policy) {
            row.push(card.total.into());
            row.extend(ranks(&scored.cards, card));
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
    for card in by_total(&scored.cards, only) {
        for item in &card.items {
            let mut row = who_row(book, scored, card);
            row.extend([
                (&*item.id).into(),
                (&*item.title).into(),
                item.dimension.as_deref().into(),
                item.value.map(shown_value).into(),
                item.target.as_ref().map(|target| shown_value(target.value)).into(),
                item.score.into(),
                item.effective_weight.or(item.weight).map(|weight| weight.round_dp(6).normalize()).into(),
                item.points.into(),
                super::standing(&item.standing),
            ]);
            table.push(row);
        }
    }
    table
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

/// The highest total first; equal totals, and managers without one, by id.
fn by_total<'c>(cards: &'c [Scorecard], only: Option<&str>) -> Vec<&'c Scorecard> {
    let mut sorted: Vec<&Scorecard> =
        cards.iter().filter(|card| only.is_none_or(|only| *card.profile.id == *only)).collect();
    sorted.sort_by(|a, b| b.total.cmp(&a.total).then_with(|| a.profile.id.cmp(&b.profile.id)));
    sorted
}

/// The place of a card among all, among those of its team and among those of its grade.
fn ranks(cards: &[Scorecard], card: &Scorecard) -> [Cell; 3] {
    let rank = |same: &dyn Fn(&Scorecard) -> bool| -> Option<usize> {
        let total = card.total?;
        // One more than the number of higher totals.
        let higher = |other: &&Scorecard| same(other) && other.total.is_some_and(|other| other > total);
        Some(cards.iter().filter(higher).count() + 1)
    };
    let (team, grade) = (&card.profile.team, &card.profile.grade);
    [
        rank(&|_| true).into(),
        team.as_ref().and_then(|_| rank(&|other| other.profile.team == *team)).into(),
        grade.as_ref().and_then(|_| rank(&|other| other.profile.grade == *grade)).into(),
    ]
}
