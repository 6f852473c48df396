//! Pacing: where each target stands against the part of its time that has passed.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::{Body, Col, Input, Report, Run, Sheet, Usual, number, ratio, share};
use crate::book::target::{Falling, target};
use crate::metric::builtin::builtin;
use crate::metric::figures::amount;
use crate::metric::{MetricQuery, Window, ask, falling};
use crate::period::{Grain, Month, Months, Period};
use crate::record::settings::MeasureKind;
use crate::table::{Cell, Table};
use crate::text::Text;

pub(super) const REPORT: Report = Report {
    name: "pacing",
    title: Text::new("Pacing", "目标进度"),
    question: Text::new(
        "Who is behind the pace of the month's, the quarter's and the year's target, and what is needed from now on?",
        "月度、季度、年度目标进度谁已落后，后续每月还需完成多少？",
    ),
    about: Text::new(
        "target: of the period the month lies in, the last one with figures where the report's period still runs; one not set itself is taken from a longer or shorter one by the measure's `split`\n\
         actual: from that period's first day to the end of the month; what no client carries comes from the actuals\n\
         expected: of flows and counts what the measure's `split` lets fall on the months passed; the whole target for ratios and balances, whose actual is an average, and of balances that grow (`ramp`) the step of the month\n\
         on track: actual at least expected; off track: 10 % or more behind it; caution: between (the rule Zoho publishes for its Motivator); ratios have no status, as more is not always better\n\
         needed: of flows and counts, what is left of the target for each month left",
        "目标：该月所在考核期的目标，统计期间未结束的取最后有数据月份；未单独设定的按指标分解方式由更长或更短期间推算\n\
         实际：自考核期首日至该月末；非客户口径的取实际值\n\
         应达：发生额及数量类为按指标分解方式（`split`）落在已过各月的目标；余额及比率类为全额目标，其实际为均值；逐步增长的余额（`ramp`）为当月应达数\n\
         达标：实际不低于应达；落后：低于应达10%及以上；关注：介于两者之间（Zoho Motivator 公布的规则）；比率类不判断，数值并非越高越好\n\
         月均需完成：发生额及数量类目标余额÷剩余月数",
    ),
    usual: Usual::LastFigures,
    figures: true,
    run: Run::Book(|input| vec![pacing(input)]),
};

const PACING: Sheet = Sheet {
    name: "pacing",
    title: Text::new("Targets and pace", "目标完成进度"),
    columns: &[
        Col::text("level", "Level", "层级"),
        Col::text("id", "Id", "编号"),
        Col::text("name", "Name", "名称"),
        Col::text("period", "Period", "考核期"),
        Col::text("measure", "Measure", "指标"),
        Col::text("unit", "Unit", "单位"),
        Col::figure("target", "Target", "目标"),
        Col::figure("expected", "Expected", "应达"),
        Col::figure("actual", "Actual", "实际"),
        Col::ratio("attainment", "Of target", "完成率").bar(),
        Col::ratio("pace", "Of expected", "进度比"),
        Col::text("status", "Status", "状态"),
        Col::figure("needed", "Needed a month", "月均需完成"),
    ],
};

/// So much of what was expected, or less, is off track.
const OFF_TRACK: Decimal = Decimal::from_parts(9, 0, 0, false, 1);

/// The grains of targets and the window from their beginning to a month.
const GRAINS: [(Grain, Window); 3] = [
    (Grain::Month, Window::Period),
    (Grain::Quarter, Window::QuarterToDate),
    (Grain::Year, Window::YearToDate),
];

fn pacing(input: &Input<'_>) -> Table {
    let mut table = PACING.table(input);
    let month = input.to_date().last.min(Month::of(input.as_of));
    // A period that has not begun has no pace.
    if month < input.months.first {
        return table;
    }
    for body in input.bodies() {
        let names: BTreeSet<&str> =
            body.targets.values().flat_map(|line| line.keys().map(|name| &**name)).collect();
        for (grain, window) in GRAINS {
            for name in &names {
                if let Some(row) = row(input, &body, name, Period::containing(month, grain), (month, window))
                {
                    table.push(row);
                }
            }
        }
    }
    table
}

fn row(
    input: &Input<'_>,
    body: &Body<'_>,
    name: &str,
    period: Period,
    (month, window): (Month, Window),
) -> Option<Vec<Cell>> {
    let measure = input.book.settings.measures.get(name);
    let falling = falling(&input.book.settings, name);
    let kind = measure.map(|measure| measure.kind).or(builtin(name).map(|metric| metric.kind));
    let target = target(body.targets, name, falling, period)?.amount;
    let actual = actual(body, name, falling, month, window);
    let adds_up = !matches!(kind, Some(MeasureKind::Balance | MeasureKind::Ratio));
    let passed = Months { first: period.first(), last: month };
    let expected = expected(body, name, falling, passed).unwrap_or(target);
    let pace = actual.and_then(|actual| share(actual, expected));
    let left = period.last().since(month);
    let needed = (adds_up && left > 0)
        .then(|| actual.map(|actual| (target - actual).max(Decimal::ZERO) / Decimal::from(left)))
        .flatten();
    let [level, id, title] = body.cells();
    Some(vec![
        level,
        id,
        title,
        period.to_string().into(),
        name.into(),
        unit(input, name),
        number(target),
        number(expected),
        number(actual),
        ratio(actual.and_then(|actual| share(actual, target))),
        ratio(pace),
        pace.filter(|_| kind != Some(MeasureKind::Ratio)).map_or(Cell::Missing, status),
        number(needed),
    ])
}

/// The target of the months that have passed, as the measure's split lets it fall on them: of flows and counts their sum, of a
/// balance that grows the last one; nothing of other balances, which are held against the whole target.
fn expected(body: &Body<'_>, name: &str, falling: Falling<'_>, passed: Months) -> Option<Decimal> {
    let of = |month: Month| Some(target(body.targets, name, falling, month.into())?.amount);
    match (falling.is_cumulative(), falling.averages()) {
        (true, _) => of(passed.last),
        (false, true) => None,
        (false, false) => passed.iter().map(of).sum(),
    }
}

/// What a name's figures are in: as its measure says, or its metric; nothing where neither knows it.
fn unit(input: &Input<'_>, name: &str) -> Cell {
    let settings = &input.book.settings;
    let of_metric =
        || builtin(name).map(|metric| if metric.unit == "money" { &settings.money } else { metric.unit });
    settings.measures.get(name).map(|measure| measure.unit.as_str()).or_else(of_metric).into()
}

/// The figure from the window's beginning to the month's end: asked of the book, else recorded as an actual.
fn actual(
    body: &Body<'_>,
    name: &str,
    falling: Falling<'_>,
    month: Month,
    window: Window,
) -> Option<Decimal> {
    let period = Period::from(month);
    let query = MetricQuery { window, ..MetricQuery::new(name, None) };
    let months = crate::metric::window(window, period);
    let scope = body.portfolio.scope(false);
    // A measure that no client carries is nobody's zero.
    let measure = scope.book.settings.measures.get(name).filter(|measure| measure.kind != MeasureKind::Ratio);
    let mut carried = months.iter().flat_map(|month| scope.clients.iter().map(move |client| (client, month)));
    let is_asked =
        measure.is_none() || carried.any(|(client, month)| amount(&client.data, name, month).is_some());
    let asked = is_asked.then(|| ask(&scope, &query, period).ok().map(|known| known.amount));
    asked.flatten().or_else(|| {
        let each = months.iter().map(|month| target(body.actuals, name, falling, month.into()));
        each.map(|found| found.map(|found| found.amount)).sum()
    })
}

fn status(pace: Decimal) -> Cell {
    let (key, text) = if pace >= Decimal::ONE {
        ("on-track", Text::new("on track", "达标"))
    } else if pace <= OFF_TRACK {
        ("off-track", Text::new("off track", "落后"))
    } else {
        ("caution", Text::new("caution", "关注"))
    };
    Cell::Said { key, text }
}

#[cfg(test)]
mod tests {
    use super::super::lines;

    #[test]
    fn flows_are_expected_as_their_target_falls_and_balances_whole() {
        let book = "# file: rmbook.toml\nname = '测试支行'\n# file: managers/li-na.toml\nname = '李娜'\n\
            [targets]\n2026-Q4 = { fee_income = 92, deposits = 600, cards = 30 }\n\
            [actuals]\n2026-10 = { cards = 9 }\n\
            # file: clients/acme.toml\nname = '华东精密'\ntier = 'key'\nmanager = 'li-na'\nstatus = 'active'\n\
            [results]\n2026-10 = { deposits = 580, fee_income = 32 }\n";
        let lines = lines(book, "pacing", "pacing", "2026-10");
        // A third of the quarter falls on October: 32 of 30.67 are 104.35 %, and 9 cards of 10 are 90 %.
        assert_eq!(
            lines[3..],
            [
                "manager | li-na | 李娜 | 2026-Q4 | cards | - | 30 | 10 | 9 | 30% | 90% | off-track | 10.5",
                "manager | li-na | 李娜 | 2026-Q4 | deposits | 万元 | 600 | 600 | 580 | 96.67% | 96.67% | caution | -",
                "manager | li-na | 李娜 | 2026-Q4 | fee_income | 万元 | 92 | 30.67 | 32 | 34.78% | 104.35% | on-track | 30",
            ]
        );
        // The quarter's flows fall evenly on its months; the year has no target of its own.
        assert_eq!(
            lines[2],
            "manager | li-na | 李娜 | 2026-10 | fee_income | 万元 | 30.67 | 30.67 | 32 | 104.35% | 104.35% | on-track | -"
        );
        assert_eq!(lines.len(), 6);
    }
}
