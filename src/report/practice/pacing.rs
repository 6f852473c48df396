//! Pacing: where each target stands against the part of its time that has passed.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::{Body, Col, Input, Report, Run, Sheet, Usual, number, ratio, share};
use crate::book::target::{Falling, Taken, Target, target};
use crate::metric::figures::amount;
use crate::metric::{MetricQuery, ask, better, falling, unit_of};
use crate::period::{Grain, Month, Months, Period};
use crate::record::figure::Targets;
use crate::record::policy::curve::Better;
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
         actual: from that period's first day to the end of its last month with figures by then; of what stands at the end, such as clients and valid certificates, at the end of that month; of balances that grow (`ramp`) the average of that month alone; of flows that grow from the first day of the period their target is stated for; what no client carries comes from the actuals\n\
         expected: the targets of these months, taken from longer and shorter periods by the measure's `split`: of flows and counts of what happens their sum; of balances and ratios, whose actual is an average, their mean by days; of what stands at the end the target of the last of them, which is in full that of a longer period and never a part; of what grows (`ramp`) the step of the last of them; missing where the period has no such month yet\n\
         on track: actual at least expected; off track: 10 % or more behind it; caution: between (the rule Zoho publishes for its Motivator); of a metric of which less is better, such as days overdue (`rmbook explain METRIC`), actual at most expected, and 10 % or more above it; ratios the settings declare have no status, as more is not always better\n\
         needed: of flows and counts of what happens, what is left of the target for each month left; of balances the average that the days left must hold for that of the whole period to reach the target; of what is better the less there is, and of what grows (`ramp`) or stands at the end, nothing",
        "目标：该月所在考核期的目标，统计期间未结束的取最后有数据月份；未单独设定的按指标分解方式由更长或更短期间推算\n\
         实际：自考核期首日至其中最后有数据月份的月末；管户数、有效证书数等期末时点数取该月末；逐步增长的余额（`ramp`）仅取该月日均；逐步增长的发生额自目标所属期间首日累计；非客户口径的取实际值\n\
         应达：上述各月目标（按指标分解方式 `split` 由更长或更短期间推算）：发生额及发生数量为合计；余额及比率类实际为均值，应达为各月目标按天数加权平均；期末时点数为末月目标，取更长期间目标的全额，不作分摊；逐步增长（`ramp`）的为末月应达数；考核期尚无此类月份的不计算\n\
         达标：实际不低于应达；落后：低于应达10%及以上；关注：介于两者之间（Zoho Motivator 公布的规则）；逾期天数等越低越好的指标（见 `rmbook explain 指标`）反向判断：不高于应达为达标，高出10%及以上为落后；设置中的比率类不判断，数值并非越高越好\n\
         月均需完成：发生额及发生数量的目标余额÷剩余月数；余额类为使全期日均达到目标、剩余天数须保持的日均；越低越好、逐步增长（`ramp`）及期末时点类指标不计算",
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

/// The grains of targets.
const GRAINS: [Grain; 3] = [Grain::Month, Grain::Quarter, Grain::Year];

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
        for period in GRAINS.map(|grain| Period::containing(month, grain)) {
            let passed = passed(input, period, month);
            for name in &names {
                if let Some(row) = row(input, &body, name, period, passed) {
                    table.push(row);
                }
            }
        }
    }
    table
}

/// The months of a target's period up to its last with figures by `month`; where it has none, up to the last that is over.
fn passed(input: &Input<'_>, period: Period, month: Month) -> Option<Months> {
    let begun = Months { last: month, ..period.months() };
    let over = || if month.last_day() <= input.as_of { month } else { month.plus(-1) };
    let last = input.portfolios().figured.last_in(begun).unwrap_or_else(over);
    (begun.first <= last).then_some(Months { last, ..begun })
}

fn row(
    input: &Input<'_>,
    body: &Body<'_>,
    name: &str,
    period: Period,
    passed: Option<Months>,
) -> Option<Vec<Cell>> {
    let falling = falling(&input.book.settings, name);
    let Target { amount: target, from } = target(body.targets, name, falling, period)?;
    let told = passed.map(|passed| told(falling, &from, passed));
    let actual = told.and_then(|told| actual(input, body, name, falling, told));
    let expected = passed.map(|passed| together(body.targets, name, falling, passed).unwrap_or(target));
    let pace = actual.zip(expected).and_then(|(actual, expected)| share(actual, expected));
    let better = better(&input.book.settings, name).or_else(|| falling.adds_up().then_some(Better::Higher));
    let known = passed.zip(actual).filter(|_| better != Some(Better::Lower));
    let needed = known.and_then(|(passed, actual)| needed(falling, target, actual, (passed, period)));
    let [level, id, title] = body.cells();
    Some(vec![
        level,
        id,
        title,
        period.to_string().into(),
        name.into(),
        unit_of(&input.book.settings, name).into(),
        number(target),
        number(expected),
        number(actual),
        ratio(actual.and_then(|actual| share(actual, target))),
        ratio(pace),
        status(actual.zip(expected), better),
        number(needed),
    ])
}

/// What each month that is left must come to: a part of what lacks, or the average that lifts that of the months so far to the
/// target. Nothing of what grows or stands at the end, which is the target itself, nor of ratios, whose bases nobody knows yet.
fn needed(
    falling: Falling<'_>,
    target: Decimal,
    actual: Decimal,
    (passed, period): (Months, Period),
) -> Option<Decimal> {
    let left = Months { first: passed.last.plus(1), last: period.last() };
    if left.first > left.last {
        return None;
    }
    let needed = if falling.accumulates() {
        (target - actual) / Decimal::from(left.iter().count())
    } else if falling.averages() && falling.adds_up() && !falling.is_cumulative() {
        let days = |months: Months| Decimal::from(months.days());
        (target * days(period.months()) - actual * days(passed)) / days(left)
    } else {
        return None;
    };
    Some(needed.max(Decimal::ZERO))
}

/// The months whose actual is held against a target of the months that have passed: of a balance that grows to it the last one, of
/// a flow that does all from the period on that it is stated for.
fn told(falling: Falling<'_>, from: &[Taken], passed: Months) -> Months {
    let stated = from.first().filter(|_| falling.is_cumulative());
    let first = match stated {
        Some(_) if falling.is_reached_at_the_end() => passed.last,
        Some(taken) => taken.stated.first().min(passed.first),
        None => passed.first,
    };
    Months { first, ..passed }
}

/// What is stated of the months that have passed, as the measure's split lets it fall on them: of flows and counts their sum, of
/// balances and ratios their mean by days, of what stands at the end and of what grows to its target the last month.
fn together(stated: &Targets, name: &str, falling: Falling<'_>, passed: Months) -> Option<Decimal> {
    let of = |part: Period| Some(target(stated, name, falling, part)?.amount);
    if falling.is_cumulative() {
        return of(passed.last.into());
    }
    falling.together(passed, Grain::Month, of)
}

/// The figure of the months that have passed: asked of the book, else recorded as an actual.
fn actual(
    input: &Input<'_>,
    body: &Body<'_>,
    name: &str,
    falling: Falling<'_>,
    passed: Months,
) -> Option<Decimal> {
    let scope = input.scope(&body.portfolio);
    // A measure that no client carries is nobody's zero.
    let measure = scope.book.settings.measures.get(name).filter(|measure| measure.kind != MeasureKind::Ratio);
    let mut carried = passed.iter().flat_map(|month| scope.clients.iter().map(move |client| (client, month)));
    let is_asked =
        measure.is_none() || carried.any(|(client, month)| amount(&client.data, name, month).is_some());
    let query = MetricQuery::new(name, None);
    let asked = is_asked.then(|| ask(&scope, &query, passed).ok().map(|known| known.amount));
    asked.flatten().or_else(|| together(body.actuals, name, falling, passed))
}

/// Where an actual stands against what was expected; nothing where nobody says which way that is met.
fn status(figures: Option<(Decimal, Decimal)>, better: Option<Better>) -> Cell {
    let Some(((actual, expected), better)) = figures.zip(better) else { return Cell::Missing };
    let (is_met, is_far) = match better {
        Better::Higher => (actual >= expected, actual <= expected * OFF_TRACK),
        Better::Lower => (actual <= expected, actual >= expected * (Decimal::TWO - OFF_TRACK)),
    };
    let (key, text) = if is_met {
        ("on-track", Text::new("on track", "达标"))
    } else if is_far {
        ("off-track", Text::new("off track", "落后"))
    } else {
        ("caution", Text::new("caution", "关注"))
    };
    Cell::Said { key, text }
}

#[cfg(test)]
mod tests {
    use super::super::{lines, lines_on};

    #[test]
    fn flows_are_expected_as_their_target_falls_and_balances_whole() {
        let book = "# file: rmbook.toml\nname = '测试支行'\n# file: managers/li-na.toml\nname = '李娜'\n\
            [targets]\n2026-Q4 = { fee_income = 92, deposits = 600, cards = 30 }\n\
            [actuals]\n2026-10 = { cards = 9 }\n\
            # file: clients/acme.toml\nname = '华东精密'\ntier = 'key'\nmanager = 'li-na'\nstatus = 'active'\n\
            [results]\n2026-10 = { deposits = 580, fee_income = 32 }\n";
        let lines = lines(book, "pacing", "pacing", "2026-10");
        // A third of the quarter falls on October: 32 of 30.67 are 104.35 %, and 9 cards of 10 are 90 %. The 61 days left must hold
        // (600 × 92 − 580 × 31) / 61 = 610.16 for the quarter to average 600.
        assert_eq!(
            lines[3..],
            [
                "manager | li-na | 李娜 | 2026-Q4 | cards | - | 30 | 10 | 9 | 30% | 90% | off-track | 10.5",
                "manager | li-na | 李娜 | 2026-Q4 | deposits | 万元 | 600 | 600 | 580 | 96.67% | 96.67% | caution | 610.16",
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
    #[test]
    fn balances_are_expected_as_the_mean_of_the_targets_that_have_passed() {
        let months: String = (1..=10)
            .map(|month| format!("2026-{month:02} = {{ deposits = {} }}\n", 1000 + 100 * ((month - 1) / 3)))
            .collect();
        let book = format!(
            "# file: rmbook.toml\nname = '测试支行'\n# file: managers/li-na.toml\nname = '李娜'\n[targets]\n\
             2026-Q1 = {{ deposits = 1000 }}\n2026-Q2 = {{ deposits = 1100 }}\n2026-Q3 = {{ deposits = 1200 }}\n2026-Q4 = {{ deposits = 1300 }}\n\
             # file: clients/acme.toml\nname = '华东精密'\ntier = 'key'\nmanager = 'li-na'\nstatus = 'active'\n[results]\n{months}"
        );
        // The year's mean is (90 × 1000 + 91 × 1100 + 92 × 1200 + 92 × 1300) / 365 = 1150.96, that of the 304 days to the end of
        // October (90 × 1000 + 91 × 1100 + 92 × 1200 + 31 × 1300) / 304 = 1121.05, which is what was held.
        assert_eq!(
            lines(&book, "pacing", "pacing", "2026-10").last().unwrap(),
            "manager | li-na | 李娜 | 2026 | deposits | 万元 | 1150.96 | 1121.05 | 1121.05 | 97.4% | 100% | on-track | 1300"
        );
        // November has no figures yet: it is expected of nobody, and the quarter and the year are told to October.
        assert_eq!(
            lines_on(&book, "pacing", "pacing", "2026-11", "2026-11-24"),
            [
                "manager | li-na | 李娜 | 2026-11 | deposits | 万元 | 1300 | - | - | - | - | - | -",
                "manager | li-na | 李娜 | 2026-Q4 | deposits | 万元 | 1300 | 1300 | 1300 | 100% | 100% | on-track | 1300",
                "manager | li-na | 李娜 | 2026 | deposits | 万元 | 1150.96 | 1121.05 | 1121.05 | 97.4% | 100% | on-track | 1300",
            ]
        );
    }

    #[test]
    fn what_stands_at_the_end_is_expected_in_full_in_every_month() {
        let book = "# file: rmbook.toml\nname = '测试支行'\n# file: managers/li-na.toml\nname = '李娜'\n\
            [targets]\n2026 = { certificates_valid = 4, clients = 2 }\n\
            [[certificates]]\nname = 'a'\nissued = 2020-01-01\n[[certificates]]\nname = 'b'\nissued = 2026-11-02\n\
            [[certificates]]\nname = 'c'\nissued = 2025-11-02\n[[certificates]]\nname = 'd'\nissued = 2026-03-02\n\
            # file: clients/acme.toml\nname = '华东精密'\ntier = 'key'\nmanager = 'li-na'\nstatus = 'active'\nsince = 2020-01-01\n";
        // Three of four certificates are held at the end of October and one of two clients is led, as in the month, so in the year.
        let lines = lines_on(book, "pacing", "pacing", "2026-11", "2026-11-24");
        for (line, period) in lines.chunks(2).zip(["2026-11", "2026-Q4", "2026"]) {
            let rest = |of: &str| {
                let head = format!("manager | li-na | 李娜 | {period} | {of} | ");
                line.iter().find_map(|line| line.strip_prefix(&head)).unwrap_or_default().to_owned()
            };
            let (held, led) = (rest("certificates_valid"), rest("clients"));
            if period == "2026-11" {
                // November is not over.
                assert_eq!(
                    (&*held, &*led),
                    ("项 | 4 | - | - | - | - | - | -", "户 | 2 | - | - | - | - | - | -")
                );
            } else {
                assert_eq!(held, "项 | 4 | 4 | 3 | 75% | 75% | off-track | -");
                assert_eq!(led, "户 | 2 | 2 | 1 | 50% | 50% | off-track | -");
            }
        }
        // Of quarters the last one that has begun is expected.
        let quarters = book.replace(
            "2026 = { certificates_valid = 4, clients = 2 }",
            "2026-Q1 = { clients = 1 }\n2026-Q2 = { clients = 2 }\n2026-Q3 = { clients = 3 }\n2026-Q4 = { clients = 4 }",
        );
        let lines = lines_on(&quarters, "pacing", "pacing", "2026-11", "2026-11-24");
        assert_eq!(
            lines.last().unwrap(),
            "manager | li-na | 李娜 | 2026 | clients | 户 | 4 | 4 | 1 | 25% | 25% | off-track | -"
        );
    }

    #[test]
    fn what_grows_to_its_target_is_told_by_its_last_month() {
        let book = "# file: rmbook.toml\nname = '测试支行'\n\
            [measures.grown]\ntitle = '余额'\nunit = '万元'\nkind = 'balance'\nsplit = 'ramp'\n\
            [measures.fees]\ntitle = '中收'\nunit = '万元'\nkind = 'flow'\nsplit = 'ramp'\n\
            # file: managers/li-na.toml\nname = '李娜'\n[targets]\n2026 = { grown = 1200, fees = 120 }\n\
            # file: clients/acme.toml\nname = '华东精密'\ntier = 'key'\nmanager = 'li-na'\nstatus = 'active'\n[results]\n\
            2026-01 = { grown = 100, fees = 10 }\n2026-02 = { grown = 200, fees = 12 }\n2026-03 = { grown = 330, fees = 11 }\n";
        // Three of twelve steps: 300 of the balance, of which March averages 330, and 30 of the fees, of which 33 have come in since
        // January.
        let lines = lines(book, "pacing", "pacing", "2026-03");
        let rest = |line: &String| line.split(" | ").skip(3).collect::<Vec<_>>().join(" | ");
        assert_eq!(
            lines.iter().map(rest).collect::<Vec<_>>(),
            [
                "2026-03 | fees | 万元 | 30 | 30 | 33 | 110% | 110% | on-track | -",
                "2026-03 | grown | 万元 | 300 | 300 | 330 | 110% | 110% | on-track | -",
                "2026-Q1 | fees | 万元 | 30 | 30 | 33 | 110% | 110% | on-track | -",
                "2026-Q1 | grown | 万元 | 300 | 300 | 330 | 110% | 110% | on-track | -",
                "2026 | fees | 万元 | 120 | 30 | 33 | 27.5% | 110% | on-track | 9.67",
                "2026 | grown | 万元 | 1200 | 300 | 330 | 27.5% | 110% | on-track | -",
            ]
        );
    }

    #[test]
    fn what_is_better_the_less_there_is_is_met_from_above() {
        let of = |overdue: u32, since: &str| {
            let book = format!(
                "# file: rmbook.toml\nname = '测试支行'\n# file: managers/li-na.toml\nname = '李娜'\n\
                 [targets]\n2026-10 = {{ overdue_days = {overdue}, overdue_ratio = 0.5, lost_clients = 1 }}\n\
                 # file: clients/acme.toml\nname = '华东精密'\ntier = 'key'\nmanager = 'li-na'\nstatus = 'active'\n\
                 [results]\n2026-08 = {{ deposits = 580 }}\n2026-10 = {{ deposits = 580 }}\n\
                 [[facilities]]\nid = 'wc'\nproduct = '流贷'\nlimit = 100\ndrawn = 100\nclass = 'special-mention'\noverdue_since = {since}\n"
            );
            let line = |line: &String| line.split(" | ").skip(4).collect::<Vec<_>>().join(" | ");
            lines(&book, "pacing", "pacing", "2026-10").iter().map(line).take(3).collect::<Vec<_>>()
        };
        // From 11 October to its end are 20 days, from 9 October 22, from 10 October 21.
        assert_eq!(
            of(20, "2026-10-11"),
            [
                "lost_clients | 户 | 1 | 1 | 0 | 0% | 0% | on-track | -",
                "overdue_days | 天 | 20 | 20 | 20 | 100% | 100% | on-track | -",
                "overdue_ratio | % | 0.5 | 0.5 | 1 | 200% | 200% | off-track | -",
            ]
        );
        assert_eq!(of(20, "2026-10-10")[1], "overdue_days | 天 | 20 | 20 | 21 | 105% | 105% | caution | -");
        assert_eq!(of(20, "2026-10-09")[1], "overdue_days | 天 | 20 | 20 | 22 | 110% | 110% | off-track | -");
        assert_eq!(of(0, "2026-10-30")[1], "overdue_days | 天 | 0 | 0 | 1 | - | - | off-track | -");
    }

    #[test]
    fn a_count_is_expected_of_months_that_are_over() {
        let book = "# file: rmbook.toml\nname = '测试支行'\n# file: managers/li-na.toml\nname = '李娜'\n\
            [targets]\n2026 = { needs_found = 2, cards_held = 100 }\n"
            .replace(
                "name = '测试支行'",
                "name = '测试支行'\n[measures.cards_held]\ntitle = '持卡量'\nunit = '张'\nkind = 'balance'",
            );
        // Ten of twelve months are over on 24 November, two are left for the two needs.
        assert_eq!(
            lines_on(&book, "pacing", "pacing", "2026-11", "2026-11-24").last().unwrap(),
            "manager | li-na | 李娜 | 2026 | needs_found | 项 | 2 | 1.67 | 0 | 0% | 0% | off-track | 1"
        );
        // A level that no client carries is averaged like any: (31 × 90 + 28 × 118) / 59 = 103.29.
        let held = "[actuals]\n2026-01 = { cards_held = 90 }\n2026-02 = { cards_held = 118 }\n";
        let lines = lines(&format!("{book}{held}"), "pacing", "pacing", "2026-02");
        let held = lines.iter().rfind(|line| line.contains("cards_held")).unwrap();
        assert!(held.contains("| 100 | 100 | 103.29 |"), "{held}");
    }
}
