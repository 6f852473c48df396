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
        "month: the period's last, or its last with figures where it still runs; compared with the month before, the last month of the year before, and the same month a year earlier\n\
         whose: the bank, by our figures in `market.toml` for the whole region, and this book, by what its managers are credited with; like is held against like, and the two never make one comparison\n\
         market: all banks of the region in `market.toml`; their published average growth stands in for the year where there is no total\n\
         ahead: our growth less the market's, in percentage points; above zero we won share\n\
         share: ours / market; only an observation, never a target (no targets set as market share: notice of 2018 on deposit deviation)\n\
         peers: each bank of `market.toml` and ours, the bank and this book, by their growth over the same stretch; ahead of: the part of the other banks that ours grew faster than",
        "月份：期末月份（期间未结束的取最后有数据月份），分别与上月、上年末、上年同月比较\n\
         口径：全行取 market.toml 中本行全区域数据；本机构取台账数据（按客户经理分成合计）；两种口径分列，不混合比较\n\
         市场：market.toml 中区域同业合计；年度比较无合计的取公布的同业平均增速\n\
         领先：本行增速减市场增速，以百分点计，大于零为份额上升\n\
         份额：本行÷市场，仅供观察，不作考核目标（2018年存款偏离度通知：不得设市场份额目标）\n\
         同业：market.toml 所列各机构及本行（全行、本机构）同期增速；超过同业：本行增速高于的机构占所列机构的比例",
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
        Col::points("ahead", "Ahead, % points", "领先（百分点）"),
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
        Col::ratio("ahead_of", "Ahead of", "超过同业"),
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

/// Our bank as a whole.
const BANK: Cell = Cell::Said { key: "bank", text: Text::new("the bank", "全行") };
/// What the managers of this book are credited with.
const BOOK: Cell = Cell::Said { key: "book", text: Text::new("this book", "本机构") };

fn compared(input: &Input<'_>, market: &Market) -> Table {
    let mut table = MARKET.table(input);
    let month = input.to_date().last;
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
        let series: [(Cell, Figures<'_>); 2] = [(BANK, &recorded), (BOOK, &own)];
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

/// A bank among its peers: its name and whether it is ours, its figure and that of a year ago.
struct Peer<'m> {
    name: &'m str,
    own: Option<Cell>,
    now: Option<Decimal>,
    then: Option<Decimal>,
}

impl Peer<'_> {
    fn growth(&self) -> Option<Decimal> {
        grown(self.now, self.then)
    }
}

fn peers(input: &Input<'_>, market: &Market) -> Table {
    let mut table = PEERS.table(input);
    let month = input.to_date().last;
    let unit = input.portfolios().of(input.book.managers.iter().map(|record| record.id.as_ref()));
    for (measure, kind) in input.measures().map(|(id, measure)| (id, measure.kind)) {
        if kind != MeasureKind::Balance {
            continue;
        }
        let book = |month| figure(&unit.scope(false), measure, kind, Months { first: month, last: month });
        let bank = |month| at(&market.ours, measure, month);
        let of = |name, own, figure: Figures<'_>| {
            let (now, then) = (figure(month), figure(month.plus(-12)));
            now.or(then).map(|_| Peer { name, own, now, then })
        };
        let others = market.peers.iter();
        let mut all: Vec<Peer<'_>> = others
            .filter_map(|(bank, series)| of(bank.as_str(), None, &|month| at(series, measure, month)))
            .collect();
        if all.is_empty() {
            continue;
        }
        let others: Vec<Decimal> = all.iter().filter_map(Peer::growth).collect();
        all.extend(of("", Some(BANK), &bank));
        all.extend(of("", Some(BOOK), &book));
        all.sort_by(|a, b| b.growth().cmp(&a.growth()).then_with(|| a.name.cmp(b.name)));
        for peer in all {
            let growth = peer.growth();
            let ahead = growth
                .filter(|_| peer.own.is_some())
                .and_then(|own| share(others.iter().filter(|other| **other < own).count(), others.len()));
            table.push(vec![
                measure.into(),
                peer.own.unwrap_or_else(|| peer.name.into()),
                number(peer.now),
                number(peer.then),
                ratio(growth),
                ratio(ahead),
            ]);
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
            [
                "deposits | book | 121 | 100 | 21% | 100%",
                "deposits | 乙银行 | 60 | 50 | 20% | -",
                "deposits | 甲银行 | 5 | 0 | - | -",
            ]
        );
        // A bank that grew faster leaves the book ahead of one of two.
        let faster =
            format!("{book}[peers.'丙银行']\n2025-10 = {{ deposits = 50 }}\n2026-10 = {{ deposits = 75 }}\n");
        assert_eq!(
            lines(&faster, "market", "peers", "2026-10")[1],
            "deposits | book | 121 | 100 | 21% | 50%"
        );
    }
}
