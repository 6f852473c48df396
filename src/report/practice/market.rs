//! The market: our growth less the market's, on the same measure and base.

use rust_decimal::Decimal;

use super::{Col, Input, Report, Run, Sheet, Usual, figure, number, ratio, share};
use crate::period::{Month, Months};
use crate::record::market::{Market, Monthly};
use crate::record::settings::MeasureKind;
use crate::table::{Cell, Table};
use crate::text::Text;

pub(super) const REPORT: Report = Report {
    name: "market",
    title: Text::new("Market", "市场对标"),
    question: Text::new(
        "Did we grow because we did well, or because the market did?",
        "业绩增长来自自身努力，还是市场整体上升？",
    ),
    about: Text::new(
        "month: the period's last; compared with the month before, the last month of the year before, and the same month a year earlier\n\
         whose: the bank, by our figures in `market.toml` for the whole region, and this book, by what its managers are credited with; like is held against like, and the two never make one comparison\n\
         market: all banks of the region in `market.toml`; their published average growth stands in for the year where there is no total\n\
         ahead: our growth less the market's, in points of a percentage; above zero we won share\n\
         share: ours / market; only an observation, never a target (no targets set as market share: notice of 2018 on deposit deviation)\n\
         peers: each bank of `market.toml` by its growth over the same stretch",
        "月份：期末月份，分别与上月、上年末、上年同月比较\n\
         口径：全行取 market.toml 中本行全区域数据；本机构取台账数据（按客户经理分成合计）；两种口径分列，不混合比较\n\
         市场：market.toml 中区域同业合计；年度比较无合计的取公布的同业平均增速\n\
         领先：本行增速减市场增速，大于零为份额上升\n\
         份额：本行÷市场，仅供观察，不作考核目标（2018年存款偏离度通知：不得设市场份额目标）\n\
         同业：market.toml 所列各机构同期增速",
    ),
    usual: Usual::LastFigures,
    figures: true,
    run: Run::Book(run),
};

const MARKET: Sheet = Sheet {
    name: "market",
    title: Text::new("Our growth and the market's", "本行与市场增速对比"),
    columns: &[
        Col::text("measure", "Measure", "指标"),
        Col::text("whose", "Whose", "口径"),
        Col::text("against", "Against", "比较期"),
        Col::figure("ours", "Ours", "本行"),
        Col::figure("ours_then", "Ours then", "本行比较期"),
        Col::ratio("our_growth", "Our growth", "本行增速"),
        Col::figure("market", "Market", "市场"),
        Col::ratio("market_growth", "Market growth", "市场增速"),
        Col::ratio("ahead", "Ahead", "领先"),
        Col::ratio("share", "Our share", "市场份额"),
        Col::ratio("share_then", "Share then", "比较期份额"),
    ],
};

const PEERS: Sheet = Sheet {
    name: "peers",
    title: Text::new("Growth over a year among peers", "同业同比增速"),
    columns: &[
        Col::text("measure", "Measure", "指标"),
        Col::text("bank", "Bank", "机构"),
        Col::figure("now", "Now", "本期"),
        Col::figure("year_ago", "Year ago", "上年同期"),
        Col::ratio("growth", "Growth", "同比增速"),
    ],
};

fn run(input: &Input<'_>) -> Vec<Table> {
    let Some(market) = input.book.market.as_ref().map(|record| &record.data) else {
        return vec![MARKET.table(input), PEERS.table(input)];
    };
    vec![compared(input, market), peers(input, market)]
}

fn at(series: &Monthly, measure: &str, month: Month) -> Option<Decimal> {
    Some(series.get(&month)?.get(measure)?.0)
}

fn grown(now: Option<Decimal>, then: Option<Decimal>) -> Option<Decimal> {
    let (now, then) = now.zip(then)?;
    share(now - then, then)
}

/// A figure of each month.
type Figures<'f> = &'f dyn Fn(Month) -> Option<Decimal>;

fn compared(input: &Input<'_>, market: &Market) -> Table {
    let mut table = MARKET.table(input);
    let month = input.months.last;
    let unit = input.portfolios().of(input.book.managers.iter().map(|record| record.id.as_ref()));
    let points = [
        ("previous", Text::new("month before", "上月"), month.plus(-1)),
        (
            "year_start",
            Text::new("year end", "上年末"),
            month.plus(-i32::try_from(month.number()).unwrap_or(12)),
        ),
        ("year_ago", Text::new("year ago", "上年同月"), month.plus(-12)),
    ];
    for (measure, kind) in input.measures().map(|(id, measure)| (id, measure.kind)) {
        let own = |month| figure(&unit.scope(false), measure, kind, Months { first: month, last: month });
        let recorded = |month| at(&market.ours, measure, month);
        let series: [(Cell, Figures<'_>); 2] = [
            (Cell::Said { key: "bank", text: Text::new("the bank", "全行") }, &recorded),
            (Cell::Said { key: "book", text: Text::new("this book", "本机构") }, &own),
        ];
        let total = |month| at(&market.total, measure, month);
        for (whose, ours) in series.iter().filter(|(_, ours)| ours(month).is_some()) {
            for (key, text, then) in points {
                let published =
                    || Some(market.growth.get(&month)?.get(measure)?.0).filter(|_| key == "year_ago");
                let market_growth = grown(total(month), total(then)).or_else(published);
                if market_growth.is_none() {
                    continue;
                }
                let our_growth = grown(ours(month), ours(then));
                let share_of =
                    |month| ratio(ours(month).zip(total(month)).and_then(|(ours, total)| share(ours, total)));
                table.push(vec![
                    measure.into(),
                    whose.clone(),
                    Cell::Said { key, text },
                    number(ours(month)),
                    number(ours(then)),
                    ratio(our_growth),
                    number(total(month)),
                    ratio(market_growth),
                    ratio(our_growth.zip(market_growth).map(|(ours, market)| ours - market)),
                    share_of(month),
                    share_of(then),
                ]);
            }
        }
    }
    table
}

fn peers(input: &Input<'_>, market: &Market) -> Table {
    let mut table = PEERS.table(input);
    let month = input.months.last;
    for (measure, _) in input.measures().filter(|(_, measure)| measure.kind == MeasureKind::Balance) {
        let mut rows: Vec<(&str, Option<Decimal>, Option<Decimal>)> = market
            .peers
            .iter()
            .map(|(bank, series)| {
                (bank.as_str(), at(series, measure, month), at(series, measure, month.plus(-12)))
            })
            .filter(|(_, now, then)| now.or(*then).is_some())
            .collect();
        rows.sort_by(|a, b| grown(b.1, b.2).cmp(&grown(a.1, a.2)).then_with(|| a.0.cmp(b.0)));
        for (bank, now, then) in rows {
            table.push(vec![measure.into(), bank.into(), number(now), number(then), ratio(grown(now, then))]);
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::super::lines;

    #[test]
    fn growth_is_compared_with_the_market_of_the_same_months() {
        let book = "# file: rmbook.toml\nname = '测试支行'\n# file: managers/li-na.toml\nname = '李娜'\n\
            # file: clients/acme.toml\nname = '华东精密'\ntier = 'key'\nmanager = 'li-na'\nstatus = 'active'\n\
            [results]\n2025-10 = { deposits = 100, loans = 10 }\n2026-09 = { deposits = 110 }\n2026-10 = { deposits = 121, loans = 12 }\n\
            # file: market.toml\nregion = '上海'\n\
            [total]\n2025-10 = { deposits = 2000 }\n2026-09 = { deposits = 2100 }\n2026-10 = { deposits = 2200 }\n\
            [growth]\n2026-10 = { loans = 0.05 }\n\
            [peers.'甲银行']\n2025-10 = { deposits = 0 }\n2026-10 = { deposits = 5 }\n\
            [peers.'乙银行']\n2025-10 = { deposits = 50 }\n2026-10 = { deposits = 60 }\n";
        assert_eq!(
            lines(book, "market", "market", "2026-10"),
            [
                // 121 / 110 against 2200 / 2100; 121 / 100 against 2200 / 2000.
                "deposits | book | previous | 121 | 110 | 10% | 2200 | 4.76% | 5.24% | 5.5% | 5.24%",
                "deposits | book | year_ago | 121 | 100 | 21% | 2200 | 10% | 11% | 5.5% | 5%",
                "loans | book | year_ago | 12 | 10 | 20% | - | 5% | 15% | - | -",
            ]
        );
        // The bank as a whole, where its figures are known, stands beside the book, never instead of it.
        let bank = book.replace(
            "[growth]",
            "[ours]\n2026-09 = { deposits = 500 }\n2026-10 = { deposits = 550 }\n[growth]",
        );
        assert_eq!(
            lines(&bank, "market", "market", "2026-10")[..3],
            [
                "deposits | bank | previous | 550 | 500 | 10% | 2200 | 4.76% | 5.24% | 25% | 23.81%",
                "deposits | bank | year_ago | 550 | - | - | 2200 | 10% | - | 25% | -",
                "deposits | book | previous | 121 | 110 | 10% | 2200 | 4.76% | 5.24% | 5.5% | 5.24%",
            ]
        );
        assert_eq!(
            lines(book, "market", "peers", "2026-10"),
            ["deposits | 乙银行 | 60 | 50 | 20%", "deposits | 甲银行 | 5 | 0 | -"]
        );
    }
}
