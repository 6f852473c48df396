//! The balances of the pay ledger: deferred pay by the year it falls due, and cases held back or clawed back.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::super::{Col, Input, Sheet, choice};
use crate::book::ledger::Ledger;
use crate::book::{Book, Record};
use crate::period::Month;
use crate::record::kind::RecordKind;
use crate::record::review::Review;
use crate::table::Table;
use crate::text::Text;

const DEFERRED: Sheet = Sheet {
    name: "incentive_deferred",
    title: Text::new("Deferred pay by the year it falls due", "延期支付余额（按应支付年度）"),
    columns: &[
        Col::text("manager", "Manager", "客户经理"),
        Col::text("name", "Name", "姓名"),
        Col::text("due", "Falls due", "应支付年度"),
        Col::number("deferred", "Deferred", "延期金额"),
        Col::number("released", "Released", "已兑付"),
        Col::number("forfeited", "Forfeited", "止付"),
        Col::number("balance", "Still to be paid", "待支付余额"),
        Col::text("unit", "Unit", "单位"),
    ],
};

const CASES: Sheet = Sheet {
    name: "incentive_cases",
    title: Text::new("Held back and clawed back, by case", "暂扣与追索扣回（按事由）"),
    columns: &[
        Col::text("manager", "Manager", "客户经理"),
        Col::text("name", "Name", "姓名"),
        Col::text("kind", "Kind", "类别"),
        Col::text("case", "Case", "事由编号"),
        Col::text("period", "Pay of", "所属考核期"),
        Col::number("taken", "Taken", "金额"),
        Col::number("returned", "Returned", "已退还"),
        Col::number("balance", "Not returned", "未退还余额"),
        Col::text("unit", "Unit", "单位"),
        Col::text("client", "Client", "涉及客户"),
        Col::text("reason", "Reason", "原因"),
    ],
};

/// The reviews of each manager.
pub(super) struct Reviews<'b>(BTreeMap<&'b str, Vec<&'b Record<Review>>>);

impl<'b> Reviews<'b> {
    /// Those of the book.
    pub(super) fn of(book: &'b Book) -> Self {
        Self(book.reviews_by_manager())
    }

    /// The ledger of a manager with what was deferred of the periods that end by a month, and what was booked by a day.
    pub(super) fn ledger(&self, manager: &str, last: Month, day: NaiveDate) -> Ledger<'b> {
        let own = self.0.get(manager).map(Vec::as_slice).unwrap_or_default();
        Ledger::until(own, |period| period.last() <= last, day)
    }
}

/// The tables of everybody in scope, those who left included.
pub(super) fn tables(input: &Input<'_>, reviews: &Reviews<'_>) -> [Table; 2] {
    let (mut deferred, mut cases) = (DEFERRED.table(input), CASES.table(input));
    for manager in input.book.managers.iter().filter(|manager| input.covers(&manager.id)) {
        let ledger = reviews.ledger(&manager.id, input.months.last, input.today);
        let who = || vec![(&*manager.id).into(), manager.data.name.as_str().into()];
        let unit = |period, scheme: &str| {
            input.book.money_of_pay(&manager.id, period, Some(scheme).filter(|scheme| !scheme.is_empty()))
        };
        for ((due, unit), sum) in ledger.by_year(unit) {
            let mut row = who();
            row.push(due.to_string().into());
            let amounts = [sum.deferred, sum.released, sum.forfeited, sum.balance()];
            row.extend(amounts.map(|amount| amount.normalize().into()));
            row.push(unit.into());
            deferred.push(row);
        }
        for ((_, name, _), case) in &ledger.cases {
            let mut row = who();
            row.push(choice(RecordKind::Review, &["ledger", "kind"], case.kind));
            row.extend([(!name.is_empty()).then_some(*name).into(), case.period.to_string().into()]);
            let amounts: [Decimal; 3] = [case.taken, case.returned, case.taken - case.returned];
            row.extend(amounts.map(|amount| amount.normalize().into()));
            let scheme = case.entry.scheme.as_deref();
            row.push(input.book.money_of_pay(&manager.id, case.period, scheme).into());
            row.extend([case.entry.client.as_deref().into(), case.entry.reason.as_deref().into()]);
            cases.push(row);
        }
    }
    [deferred, cases]
}
