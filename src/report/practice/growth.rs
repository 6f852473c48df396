//! Growth: each measure against the stretch before, the year before and the base, on the same clients.

use std::collections::{BTreeMap, BTreeSet};

use super::{Col, Input, Report, Run, Sheet, Usual, earlier, figure_title, length, number, ratio, share};
use crate::book::Record;
use crate::book::deviation::MonthEnd;
use crate::metric::{Aggregate, Credited, MetricQuery, Scope, figures};
use crate::msg;
use crate::record::client::Client;
use crate::record::settings::MeasureKind;
use crate::table::{Cell, Table};
use crate::text::{Text, first_few, practice};
use rust_decimal::Decimal;

pub(super) const REPORT: Report = Report {
    name: "growth",
    title: Text::new("Growth", "业绩增长"),
    question: Text::new(
        "Who grows, against last period, last year and the base, once handovers are taken out?",
        "剔除客户移交影响后，与上期、上年同期及基数相比，谁在增长？",
    ),
    about: Text::new(
        "now: the average daily balance, or the sum of a flow, of the period, credited by the shares of each day (balances) or of each month's last day (flows); of a period still running, up to its last month with figures\n\
         before: the stretch of the same length just before, by the shares of the period, so that a client handed over is no growth of the receiver\n\
         year ago: the same stretch a year earlier, by the shares of the period\n\
         base: what the clients state as the year's base, by the shares of the period; of balances alone\n\
         growth: change / the earlier figure; missing where that is zero or a month of it has no figures anywhere, or lies before the measure's first\n\
         deviation: (balance at the end of the period's last day − that month's average) / average, both by the shares of that day, as a handover within the month moves no money; without clients that came within the month and those whose month-end is not known (as RM214); over limit: above the settings' (`risk.deviation`; 4 % for a bank's deposits as a whole, notice of 2018): for a team or a manager only an early sign",
        "本期：余额类为日均（按日分成），发生额类为合计（按月末分成）；未结束的期间计至最后有数据月份\n\
         上期：期前等长期间，按本期分成比例计算，客户移交不计为增长\n\
         上年同期：上年同一期间，按本期分成比例计算\n\
         基数：客户登记的年度基数，按本期分成比例计算；仅限余额类\n\
         增长率：变动额÷比较期数额；比较期为零或任一月份全无数据或早于该指标首个数据月份的不计算\n\
         偏离度：（期末月末余额－当月日均）÷当月日均，均按期末日分成，月内移交不影响；当月新开户及月末余额未登记的客户不计入（同 RM214）；超限：高于设置（risk.deviation；2018年通知对银行整体存款为4%），对团队和个人仅作早期信号",
    ),
    usual: Usual::LastFigures,
    figures: true,
    run: Run::Book(tables),
};

const GROWTH: Sheet = Sheet {
    name: "growth",
    title: Text::new("Growth by measure", "各指标增长情况"),
    columns: &[
        Col::text("level", "Level", "层级"),
        Col::text("id", "Id", "编号"),
        Col::text("name", "Name", "名称"),
        Col::text("measure", "Measure", "指标"),
        Col::text("unit", "Unit", "单位"),
        Col::figure("now", "Now", "本期"),
        Col::figure("before", "Before", "上期"),
        Col::figure("change", "Change", "较上期"),
        Col::ratio("growth", "Growth", "环比"),
        Col::figure("year_ago", "Year ago", "上年同期"),
        Col::ratio("year_growth", "Growth on year", "同比"),
        Col::figure("base", "Base", "基数"),
        Col::figure("increment", "On base", "较基数"),
    ],
};

const DEVIATION: Sheet = Sheet {
    name: "month_end_deviation",
    title: Text::new("Month-end against the month's average", "月末偏离度"),
    columns: &[
        Col::text("level", "Level", "层级"),
        Col::text("id", "Id", "编号"),
        Col::text("name", "Name", "名称"),
        Col::text("measure", "Measure", "指标"),
        Col::text("unit", "Unit", "单位"),
        Col::figure("average", "Average", "月日均"),
        Col::figure("end", "Month-end", "月末余额"),
        Col::ratio("deviation", "Deviation", "偏离度"),
        Col::flag("over", "Over limit", "超限"),
    ],
};

fn tables(input: &Input<'_>) -> Vec<Table> {
    let (mut growth, mut deviation) = (GROWTH.table(input), DEVIATION.table(input));
    let bodies = input.bodies();
    let mut unknown: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let months = input.to_date();
    let credited = |then| Credited::earlier(input.portfolios(), input.body_managers(), then, months);
    let before = credited(earlier(months, length(months)));
    let year_ago = credited(earlier(months, 12));
    for body in &bodies {
        let compared =
            Compared { input, scope: body.portfolio.scope(false), before: &before, year_ago: &year_ago };
        for (id, measure) in input.measures() {
            let head = || {
                let [level, who, name] = body.cells();
                vec![level, who, name, id.into(), measure.unit.as_str().into()]
            };
            if let Some(cells) = compared.growth(id, measure.kind) {
                growth.push(head().into_iter().chain(cells).collect());
            }
            if measure.kind != MeasureKind::Balance {
                continue;
            }
            let sum = month_end(input, &compared.scope, id);
            if let Some(deviates) = sum.deviation() {
                let figures = [number(Some(sum.average)), number(Some(sum.end)), ratio(Some(deviates))];
                let over = Cell::Flag(deviates > input.book.settings.risk.deviation.0);
                deviation.push(head().into_iter().chain(figures).chain([over]).collect());
            }
            unknown.entry(id).or_default().extend(sum.unknown);
        }
    }
    // A balance of which nobody gives month-ends is not judged by them.
    let is_given = |measure: &str| {
        let of_month = |client: &Record<Client>| client.data.results.get(&months.last)?.get(measure)?.end;
        input.book.clients.iter().any(|client| of_month(client).is_some())
    };
    for (measure, clients) in unknown.into_iter().filter(|(id, of)| !of.is_empty() && is_given(id)) {
        let clients = first_few(&clients.into_iter().collect::<Vec<_>>());
        let (measure, month) =
            (figure_title(&input.book.settings, &MetricQuery::new(measure, None)), months.last.to_string());
        let remark = msg!(practice::NO_MONTH_ENDS, measure = measure, month = month, clients = clients);
        deviation.notes.push(remark);
    }
    vec![growth, deviation]
}

/// A body's figures of the period and what they are compared with.
struct Compared<'s, 'b> {
    input: &'s Input<'b>,
    scope: Scope<'s>,
    before: &'s Credited<'b>,
    year_ago: &'s Credited<'b>,
}

impl Compared<'_, '_> {
    /// A measure against what it was; nothing where neither the period nor a comparison has a figure.
    fn growth(&self, id: &str, kind: MeasureKind) -> Option<[Cell; 8]> {
        let (managers, months) = (self.scope.managers, self.input.to_date());
        let now = self.input.credited().figure(managers, id, months);
        let (before, year_ago) = (self.before.whole(managers, id), self.year_ago.whole(managers, id));
        let base = (kind == MeasureKind::Balance)
            .then(|| figures::base(&self.scope, id, (kind, Aggregate::Average), months));
        let base = base.and_then(Result::ok).map(|known| known.amount);
        let figures = [now, before, year_ago, base];
        if figures.into_iter().flatten().all(|figure| figure.is_zero()) {
            return None;
        }
        let change = |then: Option<Decimal>| Some(now? - then?);
        let grown = |then: Option<Decimal>| {
            ratio(change(then).zip(then).and_then(|(change, then)| share(change, then)))
        };
        Some([
            number(now),
            number(before),
            number(change(before)),
            grown(before),
            number(year_ago),
            grown(year_ago),
            number(base),
            number(change(base)),
        ])
    }
}

/// The end of the period's last month against that month's average, of what a body earns of one balance.
fn month_end<'s>(input: &Input<'_>, scope: &Scope<'s>, measure: &str) -> MonthEnd<'s> {
    let mut sum = MonthEnd::default();
    for client in scope.clients {
        sum.add(client, measure, scope.managers, input.to_date().last);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::super::{lines, notes};

    #[test]
    fn a_client_handed_over_is_no_growth() {
        let book = "# file: rmbook.toml\nname = '测试支行'\n# file: managers/li-na.toml\nname = '李娜'\n\
            # file: managers/wang-fang.toml\nname = '王芳'\n# file: clients/acme.toml\nname = '华东精密'\n\
            tier = 'key'\nmanager = 'li-na'\nstatus = 'active'\nbase = { 2026 = { deposits = 400 } }\n[results]\n\
            2026-09 = { deposits = 500 }\n2026-10 = { deposits = 550 }\n\
            [[handovers]]\ndate = 2026-10-01\nfrom = 'wang-fang'\nto = 'li-na'\n";
        assert_eq!(
            lines(book, "growth", "growth", "2026-10"),
            [
                "unit | - | 测试支行 | deposits | 万元 | 550 | 500 | 50 | 10% | - | - | 400 | 150",
                "manager | li-na | 李娜 | deposits | 万元 | 550 | 500 | 50 | 10% | - | - | 400 | 150",
            ]
        );
        // Fees are known from October on: September had none stated, not zero.
        let fees = book.replace("deposits = 550", "deposits = 550, fee_income = 7");
        assert_eq!(
            lines(&fees, "growth", "growth", "2026-10")[1],
            "unit | - | 测试支行 | fee_income | 万元 | 7 | - | - | - | - | - | - | -"
        );
        // In the first month there is nothing to compare with.
        assert_eq!(
            lines(book, "growth", "growth", "2026-09")[1],
            "manager | wang-fang | 王芳 | deposits | 万元 | 500 | - | - | - | - | - | 400 | 100"
        );
    }

    const BOOK: &str = "# file: rmbook.toml\nname = '测试支行'\n# file: managers/li-na.toml\nname = '李娜'\n\
        # file: managers/wang-fang.toml\nname = '王芳'\n";

    fn client(id: &str, figure: &str, more: &str) -> String {
        format!(
            "# file: clients/{id}.toml\nname = '{id}'\ntier = 'key'\nmanager = 'li-na'\nstatus = 'active'\n\
             results = {{ 2026-10 = {{ deposits = {figure} }} }}\n{more}"
        )
    }

    #[test]
    fn a_period_still_running_is_told_to_date_and_says_so() {
        let book = format!(
            "{BOOK}# file: clients/a.toml\nname = '甲'\ntier = 'key'\nmanager = 'li-na'\nstatus = 'active'\n[results]\n\
             2026-09 = {{ deposits = 500, fee_income = 4 }}\n2026-10 = {{ deposits = {{ avg = 550, end = 560 }}, fee_income = 7 }}\n"
        );
        for table in ["growth", "month_end_deviation"] {
            let [quarter, month] = ["2026-Q4", "2026-10"].map(|period| lines(&book, "growth", table, period));
            assert_eq!(quarter, month, "only October has figures");
        }
        let said = notes(&book, "growth", "growth", "2026-Q4");
        assert!(
            said.contains(&"figures up to 2026-10, the last month of the period that has them".to_owned())
        );
        for report in ["trend", "pacing", "market"] {
            let [quarter, month] = ["2026-Q4", "2026-10"].map(|period| lines(&book, report, report, period));
            assert_eq!(quarter, month, "{report}");
        }
    }

    #[test]
    fn a_missing_month_end_is_left_out_and_said() {
        let row = "manager | li-na | 李娜 | deposits | 万元 | 100 | 105 | 5% | true";
        let known = format!("{BOOK}{}", client("a", "{ avg = 100, end = 105 }", ""));
        assert_eq!(lines(&known, "growth", "month_end_deviation", "2026-10")[1], row);
        assert!(notes(&known, "growth", "month_end_deviation", "2026-10").is_empty());
        let unknown = format!("{known}{}", client("b", "100", ""));
        assert_eq!(lines(&unknown, "growth", "month_end_deviation", "2026-10")[1], row);
        assert_eq!(
            notes(&unknown, "growth", "month_end_deviation", "2026-10"),
            ["Average daily deposits: b left out, whose balance at the end of 2026-10 is not known"]
        );
    }

    #[test]
    fn a_client_handed_over_within_the_month_is_no_deviation() {
        // By the days of October the whole client's 1000 would be 161.29 of wang-fang's and 838.71 of li-na's.
        let moved = "[[handovers]]\ndate = 2026-10-06\nfrom = 'wang-fang'\nto = 'li-na'\n";
        let book = format!("{BOOK}{}", client("a", "{ avg = 1000, end = 1010 }", moved));
        assert_eq!(
            lines(&book, "growth", "month_end_deviation", "2026-10"),
            [
                "unit | - | 测试支行 | deposits | 万元 | 1000 | 1010 | 1% | false",
                "manager | li-na | 李娜 | deposits | 万元 | 1000 | 1010 | 1% | false",
            ]
        );
    }
}
