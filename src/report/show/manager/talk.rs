//! What a supervisor goes through with a manager: the results up to today, where points are lost, and what is to be talked about.

use std::cmp::Reverse;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::Page;
use crate::msg;
use crate::period::{Month, Months};
use crate::policy::plan::Role;
use crate::record::kind::RecordKind;
use crate::record::manager::Manager;
use crate::report::{Duty, DutyKind, Input, Only, Scores, duties, duty_table, remark, shown_value, state};
use crate::score::apply::{Policies, Scored};
use crate::score::card::{ItemScore, Scorecard};
use crate::table::{Cell, Column, Kind, Table, Together};
use crate::text::{Message, report, scorecard as say};

/// The most indicators of one scorecard that are shown where points are lost.
const FEW: usize = 6;

/// The day of the last talk with somebody the manager reports to.
pub(super) fn last(page: &Page<'_>, manager: &Manager) -> Option<NaiveDate> {
    manager.led_talks().map(|talk| talk.date.0).filter(|day| *day <= page.today).max()
}

/// The day by which the next talk is due.
pub(super) fn next(page: &Page<'_>, manager: &Manager) -> Option<NaiveDate> {
    page.deadlines().one_on_one(manager, page.book.kept_since(), page.today)
}

/// The scorecards of the last period that is over and of the one that runs, and the indicators that lose most points in them.
pub(super) fn standings(page: &Page<'_>, id: &str) -> [Table; 2] {
    let month = Month::of(page.today);
    let months = Months { first: month, last: month };
    let input = Input::new(page.book, page.sources, months, page.today, Only::default());
    let policies = Policies::of(page.book);
    let scored = Scores::up_to_now(&policies, &input);
    let own: Vec<(&Scored<'_>, &Scorecard)> = scored
        .iter()
        .flat_map(|scored| scored.cards.iter().map(move |card| (scored, card)))
        .filter(|(_, card)| *card.profile.id == *id)
        .collect();
    [cards(&own), behind(&own)]
}

fn policy(scored: &Scored<'_>) -> Cell {
    let title = Message::verbatim(scored.policy.record.title.as_str());
    Cell::Titled { key: scored.id.to_owned(), title }
}

fn cards(own: &[(&Scored<'_>, &Scorecard)]) -> Table {
    let columns = vec![
        Column::new("period", report::PERIOD, Kind::Text),
        Column::new("policy", say::POLICY, Kind::Text),
        Column::new("total", report::TOTAL, Kind::Number),
        Column::new("rating", report::RATING, Kind::Text),
        Column::new("state", say::STATE, Kind::Text),
        Column::new("remark", say::REMARK, Kind::Text),
    ];
    let mut table = Table::new("standings", report::STANDINGS, columns);
    for (scored, card) in own {
        table.push(vec![
            card.period.to_string().into(),
            policy(scored),
            card.total.into(),
            card.rating.as_deref().into(),
            state(card),
            remark(card),
        ]);
    }
    table
}

/// The indicators that lose points, those that lose most first; by the weight they have after what was skipped is spread.
fn behind(own: &[(&Scored<'_>, &Scorecard)]) -> Table {
    let columns = vec![
        Column::new("period", report::PERIOD, Kind::Text),
        Column::new("policy", say::POLICY, Kind::Text),
        Column::new("indicator", report::INDICATOR, Kind::Text),
        Column::new("value", say::VALUE, Kind::Number).together(Together::Unit),
        Column::new("target", say::TARGET, Kind::Number).together(Together::Unit),
        Column::new("score", say::SCORE, Kind::Number),
        Column::new("weight", say::WEIGHT, Kind::Number),
        Column::new("lost", report::LOST, Kind::Number),
    ];
    let mut table = Table::new("behind", report::BEHIND, columns);
    for (scored, card) in own {
        let mut lost: Vec<(Decimal, &ItemScore)> =
            card.items.iter().filter_map(|item| Some((points_lost(item)?, item))).collect();
        // The sort is stable: equal losses stay in the order of the policy.
        lost.sort_by_key(|(points, _)| Reverse(*points));
        for (points, item) in lost.into_iter().take(FEW) {
            let title = Message::verbatim(&*item.title);
            table.push(vec![
                card.period.to_string().into(),
                policy(scored),
                Cell::Titled { key: item.id.to_string(), title },
                item.value.map(shown_value).into(),
                item.target.as_ref().map(|target| shown_value(target.value)).into(),
                item.score.into(),
                item.effective_weight.map(shown_value).into(),
                points.into(),
            ]);
        }
    }
    table
}

/// What full marks would add; nothing where there are full marks, or no score.
fn points_lost(item: &ItemScore) -> Option<Decimal> {
    let indicator = (item.role == Role::Indicator).then_some(item)?;
    let (score, weight) = (indicator.score?, indicator.effective_weight?);
    let points = (item.full - score).checked_mul(weight)?.checked_div(item.full)?;
    let points = points.round_dp(2);
    (points > Decimal::ZERO).then(|| points.normalize())
}

/// What is to be talked about by the day of the next talk: what concerns the manager, whoever owes it, and what the manager owes
/// to clients and is late with.
pub(super) fn agenda(page: &Page<'_>, id: &str, manager: &Manager) -> Table {
    let next = next(page, manager);
    let until = next.map_or(page.today, |next| next.max(page.today));
    let is_own = |duty: &Duty| match duty.record.0 {
        RecordKind::Manager => duty.record.1 == id,
        RecordKind::Review => duty.record.1.rsplit_once('/').is_some_and(|(_, manager)| manager == id),
        _ => false,
    };
    let is_late = |duty: &Duty| duty.due < page.today && duty.owner.as_deref() == Some(id);
    let mut topics = duties(page.book, page.today, until);
    topics.retain(|duty| duty.kind != DutyKind::OneOnOne && (is_own(duty) || is_late(duty)));
    let mut table = duty_table(&topics, page.today);
    table.name = "agenda".to_owned();
    table.title = next.map_or(report::AGENDA.into(), |day| msg!(report::AGENDA_DUE, day = day));
    table.keep_columns(|column| !["record", "id"].contains(&column.key.as_str()));
    table
}
