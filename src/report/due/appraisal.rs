//! What appraisals ask for: acknowledgement, decisions of appeals, talks, checkpoints, releases of deferred pay.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{DutyKind, List, Of, Settle, entry};
use crate::book::Record;
use crate::book::ledger::{Ledger, open_case};
use crate::record::kind::RecordKind;
use crate::record::review::Review;
use crate::record::value::Day;
use crate::report::quoted;

/// Instalments of deferred pay, due on the first day of the year they fall due in: before it none can be released. While a loan of
/// the manager's is non-performing they are held back, and shown with it.
pub(super) fn releases(list: &mut List<'_>, reviews: &[&Record<Review>]) {
    let ledger = Ledger::of(reviews);
    for (&(period, scheme, year), instalment) in &ledger.instalments {
        let Some(due) = NaiveDate::from_ymd_opt(year, 1, 1) else { continue };
        let balance = instalment.balance();
        let Some(review) = reviews.iter().find(|review| review.data.period == period) else { continue };
        if balance <= Decimal::ZERO || due > list.until {
            continue;
        }
        let name = list.name_of(&review.data.manager);
        let of = Of { kind: RecordKind::Review, id: &review.id, name: &name };
        let owner = list.supervisor(&review.data.manager).map(str::to_owned);
        let of_one = Some(scheme).filter(|scheme| !scheme.is_empty());
        let unit = list.book.money_of_pay(&review.data.manager, period, of_one);
        let (amount, unit) = (balance.normalize(), unit.map(|unit| format!(" {unit}")).unwrap_or_default());
        let what = format!("{year}: {amount}{unit}");
        if let Some((client, facility)) = open_case(list.book, &review.data.manager, Day(list.today)) {
            let facility = &client.data.facilities[facility].id;
            let what = format!("{what} ({} {facility})", client.id);
            let settle = || Settle::Whole(format!("rmbook show client {}", quoted(&client.id)));
            list.take(of, DutyKind::HeldRelease, due, owner.as_deref(), Some(&what), settle);
            continue;
        }
        // Which of several schemes deferred it decides the unit.
        let several = ledger.instalments.keys().any(|(of, by, _)| *of == period && *by != scheme);
        let of_scheme = if several { format!(" --scheme {}", quoted(scheme)) } else { String::new() };
        let settle =
            || Settle::add("ledger", format!("--kind release --due {year} --amount {amount}{of_scheme}"));
        list.take(of, DutyKind::Release, due, owner.as_deref(), Some(&what), settle);
    }
}

pub(super) fn collect(list: &mut List<'_>, of: Of<'_>, review: &Review) {
    let manager = Some(&*review.manager);
    let supervisor = list.supervisor(&review.manager).map(str::to_owned);
    let reviewer = review.reviewer.as_deref().or(supervisor.as_deref());
    let due = list.deadlines.acknowledgement(review);
    list.owe(of, DutyKind::Acknowledgement, due, manager, None, || Settle::set(["acknowledged=today"]));
    // The reviewer may not decide; who does is whoever the appeal names, or the reviewer's supervisor.
    let above = reviewer.and_then(|reviewer| list.supervisor(reviewer)).map(str::to_owned);
    if let Some(appeal) = &review.appeal {
        let due = list.deadlines.appeal(review);
        let settle = || Settle::set_at("appeal", ["decided=today", "upheld=true|false", "decision=…"]);
        let owner = appeal.by.as_deref().or(above.as_deref());
        list.owe(of, DutyKind::Appeal, due, owner, Some(&appeal.reason), settle);
    }
    let book = list.book;
    let manager = book.managers.get(&review.manager).map(|manager| &manager.data);
    let due = list.deadlines.talk(review, manager);
    list.owe(of, DutyKind::Talk, due, reviewer, None, || Settle::add("feedback-talk", "--summary …"));
    for (index, checkpoint) in review.checkpoints.iter().enumerate() {
        let due = list.deadlines.checkpoint(review, checkpoint);
        let at = || entry("checkpoints", &review.checkpoints, index);
        let settle = || Settle::set_at(&at(), ["checked=today", "met=true|false"]);
        list.owe(of, DutyKind::Checkpoint, due, reviewer, Some(&checkpoint.what), settle);
    }
    if let Some(plan) = &review.improvement_plan {
        let due = list.deadlines.improvement_plan(plan);
        let settle = || Settle::set_at("improvement_plan", ["ended=today", "result=passed|extended|failed"]);
        list.owe(of, DutyKind::ImprovementPlan, due, reviewer, None, settle);
    }
}
