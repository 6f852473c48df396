//! Incentive: what each manager is paid for each period, line by line, and what is still held back.
//!
//! `next` says what comes next instead.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::{Col, GRAINS, Input, Report, Sheet, Usual, scored_for};
use crate::book::Record;
use crate::period::Period;
use crate::record::review::Review;
use crate::record::scorecard::LedgerKind;
use crate::score::apply::{Policies, Request, Scored};
use crate::score::card::Scorecard;
use crate::table::{Cell, Table};
use crate::text::Text;

mod next;

pub(super) const REPORT: Report = Report {
    name: "incentive",
    title: Text::new("Incentive", "绩效薪酬"),
    question: Text::new(
        "What does each manager earn for the period, by which lines, and what is deferred or still held back?",
        "各客户经理本期绩效薪酬为多少，由哪些项目构成，延期支付及尚未发放多少？",
    ),
    about: Text::new(
        "pay: by the pay lines of the policy in force, in its own unit of money; of a closed period, as it was frozen\n\
         deferred: the part of the pay that the policy pays in later years\n\
         paid now: the pay less what is deferred or was advanced, with what is given back; not kept of a closed period\n\
         held back: holdbacks of the ledger less what was released of them, up to the period\n\
         next: with `--next`, of the last period of each policy's length that has ended; a closed period is scored again\n\
         next grade: by the policy's promotion rules that start from the grade, without one the next in the order of the settings; periods running count what was closed and figures of the book\n\
         pay in the next grade: the period scored once more with the manager in that grade and everything else as it is, shares of pools included\n\
         in terms of business: the least change of the one figure behind a score with which the condition holds, other things equal\n\
         points to full marks: what the indicator would add with full marks, by its weight after spreading, before bounds of dimensions and total\n\
         alone: the figure with which this indicator by itself would reach the next rating; none where it cannot",
        "薪酬：按适用考核办法的薪酬项目计算，以办法所定金额单位计；已封存期间取封存结果\n\
         延期支付：按办法在以后年度支付的部分\n\
         当期发放：薪酬扣除延期支付及已预发部分，加本期返还；已封存期间不另保留\n\
         尚未发放：截至本期台账中暂扣金额减已发放金额\n\
         下一步：使用 --next 时，取各考核办法最近一个已结束的考核期；已封存期间重新计分\n\
         拟晋职级：按自现职级起的晋升条款，无条款的取设置职级顺序中的高一级；连续期数依据封存结果及台账数据\n\
         晋级后薪酬：假定本人已在拟晋职级、其他条件不变（含奖金池分配）重新计算\n\
         业务含义：其他条件不变时，使条件成立所需的该项业务数据最小变动\n\
         距满分可加分：该指标得满分时按分摊后权重可增加的分数，未计维度及总分上下限\n\
         单项达下一评级要求：仅凭该指标达到下一评级所需的业务数据，无法达到的不列示",
    ),
    usual: Usual::LastFigures,
    run: tables,
};

const PAY: Sheet = Sheet {
    name: "incentive",
    title: Text::new("Pay by manager and period", "各期绩效薪酬"),
    columns: &[
        Col::text("period", "Period", "期间"),
        Col::text("policy", "Policy", "考核办法"),
        Col::text("manager", "Manager", "客户经理"),
        Col::text("name", "Name", "姓名"),
        Col::text("rating", "Rating", "评级"),
        Col::flag("closed", "Closed", "已封存"),
        Col::number("pay", "Pay", "薪酬"),
        Col::number("deferred", "Deferred", "延期支付"),
        Col::number("paid_now", "Paid now", "当期发放"),
        Col::number("held_back", "Held back", "尚未发放"),
        Col::text("unit", "Unit", "单位"),
    ],
};

const LINES: Sheet = Sheet {
    name: "incentive_lines",
    title: Text::new("Pay lines", "薪酬构成"),
    columns: &[
        Col::text("period", "Period", "期间"),
        Col::text("policy", "Policy", "考核办法"),
        Col::text("manager", "Manager", "客户经理"),
        Col::text("line", "Line", "项目"),
        Col::number("amount", "Amount", "金额"),
        Col::text("unit", "Unit", "单位"),
    ],
};

fn tables(input: &Input<'_>) -> Vec<Table> {
    if input.ahead {
        return next::tables(input);
    }
    let policies = Policies::of(input.book);
    let (mut pay, mut lines) = (PAY.table(input), LINES.table(input));
    for period in periods(input) {
        for scored in scored_for(&policies, input, Request { period: Some(period), ..Request::default() }) {
            for card in
                scored.cards.iter().filter(|card| card.pay.is_some() && input.covers(&card.profile.id))
            {
                rows(input, &scored, card, &mut pay, &mut lines);
            }
        }
    }
    vec![pay, lines]
}

/// The periods of every grain that end within the report's months.
fn periods(input: &Input<'_>) -> Vec<Period> {
    let ending = |grain| {
        let months = input.months.iter().map(move |month| Period::containing(month, grain));
        months
            .zip(input.months.iter())
            .filter(|(period, month)| period.last() == *month)
            .map(|(period, _)| period)
    };
    GRAINS.into_iter().flat_map(ending).collect()
}

fn rows(input: &Input<'_>, scored: &Scored<'_>, card: &Scorecard, pay: &mut Table, lines: &mut Table) {
    let Some(result) = &card.pay else { return };
    let scheme = &scored.policy.record.scheme;
    let unit = scored.policy.record.money.as_str();
    let review = input.book.reviews.get(&format!("{}/{}", card.period, card.profile.id));
    let frozen = review.and_then(|review| review.data.closed.get(scheme));
    let head = || -> Vec<Cell> {
        vec![card.period.to_string().into(), scored.id.into(), (&*card.profile.id).into()]
    };
    let mut row = head();
    row.push(input.book.managers.get(&card.profile.id).map(|manager| manager.data.name.as_str()).into());
    let paid: BTreeMap<&str, Decimal> = match frozen {
        Some(frozen) => {
            row.extend([frozen.rating.as_deref().into(), Cell::Flag(true)]);
            row.push(frozen.pay_total.map(|total| total.0).into());
            row.push(Some(frozen.deferral.iter().map(|part| part.amount.0).sum::<Decimal>()).into());
            row.push(Cell::Missing);
            frozen.pay.iter().map(|(line, amount)| (line.as_str(), amount.0)).collect()
        }
        None => {
            row.extend([card.rating.as_deref().into(), Cell::Flag(false)]);
            row.extend([result.total.into(), result.deferred.into(), result.now.into()]);
            result.lines.iter().map(|line| (&*line.id, line.amount)).collect()
        }
    };
    row.push(held_back(input, &card.profile.id, card.period).into());
    row.push(unit.into());
    pay.push(row);
    for (line, amount) in paid {
        let mut row = head();
        row.extend([line.into(), amount.normalize().into(), unit.into()]);
        lines.push(row);
    }
}

/// What the ledger holds back of a manager's pay at the end of a period.
fn held_back(input: &Input<'_>, manager: &str, period: Period) -> Decimal {
    let own = |review: &&Record<Review>| {
        *review.data.manager == *manager && review.data.period.last() <= period.last()
    };
    let entries = input.book.reviews.iter().filter(own).flat_map(|review| &review.data.ledger);
    entries
        .map(|entry| match entry.kind {
            LedgerKind::Holdback => entry.amount.0,
            LedgerKind::Release => -entry.amount.0,
            LedgerKind::Advance | LedgerKind::Clawback | LedgerKind::Return => Decimal::ZERO,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use crate::report::practice::lines;

    const POLICY: &str = "title = '月薪'\nscheme = 'pay'\neffective = 2026-01-01\nperiod = 'month'\nmoney = '元'\n\
        [[pay.lines]]\nid = 'base'\namount = '1000 元'\n[[pay.lines]]\nid = 'deposits'\namount = 'deposits.average * 3 元/万元'\n\
        [pay.deferral]\nshare = '40%'\nyears = ['50%', '50%']\n";

    #[test]
    fn pay_is_shown_by_line_with_what_is_deferred_and_held_back() {
        let book = format!(
            "# file: policies/pay.toml\n{POLICY}# file: managers/li.toml\nname = '李娜'\n# file: clients/a.toml\nname = '甲'\n\
             tier = 'key'\nstatus = 'active'\nmanager = 'li'\n[results]\n2026-04 = {{ deposits = 500 }}\n\
             # file: reviews/2026-03/li.toml\nmanager = 'li'\nperiod = '2026-03'\n[[ledger]]\ndate = 2026-04-05\n\
             kind = 'holdback'\namount = 300\n[[ledger]]\ndate = 2026-04-06\nkind = 'release'\namount = 100\n"
        );
        // 1,000 + 500 × 3 = 2,500, of which 40 % is deferred; 300 held back, 100 released.
        assert_eq!(
            lines(&book, "incentive", "incentive", "2026-04"),
            ["2026-04 | pay | li | 李娜 | - | false | 2500 | 1000 | 1500 | 200 | 元"]
        );
        assert_eq!(
            lines(&book, "incentive", "incentive_lines", "2026-04"),
            ["2026-04 | pay | li | base | 1000 | 元", "2026-04 | pay | li | deposits | 1500 | 元"]
        );
    }
}
