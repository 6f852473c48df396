//! Trends: the last thirteen months of every measure at a glance.

use rust_decimal::Decimal;

use super::{Col, Input, Report, Run, Sheet, Usual, number, ratio, share};
use crate::period::Months;
use crate::record::settings::Measure;
use crate::table::{Cell, Table};
use crate::text::Text;

pub(super) const REPORT: Report = Report {
    name: "trend",
    title: Text::new("Trend", "趋势"),
    question: Text::new(
        "Which way has each figure gone over a year, and is this month its best or its worst?",
        "近一年各项指标走势如何，本月处于高位还是低位？",
    ),
    about: Text::new(
        "course: thirteen months up to the period's last, or its last with figures where it still runs, each credited by the shares of its own days; a month without figures anywhere, or before the measure's first, is a gap\n\
         last: the last of them; year ago: the first of the thirteen\n\
         change: last less year ago, and as a part of it where that is not zero\n\
         lowest and highest: of the months with figures",
        "走势：截至期末（期间未结束的截至最后有数据月份）的十三个月，各月按当时分成比例计算；全无数据及该指标首个数据月份之前的月份留空\n\
         最新：十三个月中的末月；一年前：十三个月中的首月\n\
         变动：最新减一年前，及占一年前的比例（一年前为零的不计算）\n\
         最低与最高：有数据月份中的最低值与最高值",
    ),
    usual: Usual::LastFigures,
    figures: true,
    run: Run::Book(|input| vec![trend(input)]),
};

const TREND: Sheet = Sheet {
    name: "trend",
    title: Text::new("Thirteen months of every measure", "各指标近十三个月走势"),
    columns: &[
        Col::text("level", "Level", "层级"),
        Col::text("id", "Id", "编号"),
        Col::text("name", "Name", "名称"),
        Col::text("measure", "Measure", "指标"),
        Col::text("unit", "Unit", "单位"),
        Col::trend("months", "Course", "走势"),
        Col::figure("last", "Last", "最新"),
        Col::figure("year_ago", "Year ago", "一年前"),
        Col::figure("change", "Change", "变动"),
        Col::ratio("growth", "Growth", "增长率"),
        Col::figure("lowest", "Lowest", "最低"),
        Col::figure("highest", "Highest", "最高"),
    ],
};

fn trend(input: &Input<'_>) -> Table {
    let mut table = TREND.table(input);
    let last = input.to_date().last;
    let year = Months { first: last.plus(-12), last };
    for body in input.bodies() {
        let managers = body.portfolio.managers();
        for (measure, Measure { unit, .. }) in input.measures() {
            let figure =
                |month| input.credited().figure(managers, measure, Months { first: month, last: month });
            let course: Vec<Option<Decimal>> = year.iter().map(figure).collect();
            if course.iter().flatten().all(Decimal::is_zero) {
                continue;
            }
            let (then, now) = (course.first().copied().flatten(), course.last().copied().flatten());
            let change = now.zip(then).map(|(now, then)| now - then);
            let [level, id, name] = body.cells();
            table.push(vec![
                level,
                id,
                name,
                measure.into(),
                unit.as_str().into(),
                Cell::Trend(
                    course.iter().map(|figure| figure.map(|figure| figure.round_dp(2).normalize())).collect(),
                ),
                number(now),
                number(then),
                number(change),
                ratio(change.zip(then).and_then(|(change, then)| share(change, then))),
                number(course.iter().flatten().min().copied()),
                number(course.iter().flatten().max().copied()),
            ]);
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::super::lines;

    #[test]
    fn a_month_without_figures_is_a_gap() {
        let book = "# file: rmbook.toml\nname = '测试支行'\n# file: managers/li-na.toml\nname = '李娜'\n\
            # file: clients/acme.toml\nname = '华东精密'\ntier = 'key'\nmanager = 'li-na'\nstatus = 'active'\n\
            [results]\n2025-10 = { deposits = 400 }\n2026-09 = { deposits = 300 }\n2026-10 = { deposits = 500 }\n";
        assert_eq!(
            lines(book, "trend", "trend", "2026-10")[1],
            "manager | li-na | 李娜 | deposits | 万元 | 400;-;-;-;-;-;-;-;-;-;-;300;500 | 500 | 400 | 100 | 25% | 300 | 500"
        );
        let fees = book.replace("deposits = 500", "deposits = 500, fee_income = 7");
        assert_eq!(
            lines(&fees, "trend", "trend", "2026-10")[1],
            "unit | - | 测试支行 | fee_income | 万元 | -;-;-;-;-;-;-;-;-;-;-;-;7 | 7 | - | - | - | 7 | 7"
        );
    }
}
