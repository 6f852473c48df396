//! Mix and cohorts: what kinds of clients the book is made of, and what became of those who came in one year.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::{Col, Input, Report, Run, Sheet, Usual, choice, number, part, ratio, share};
use crate::book::Record;
use crate::metric::clients::is_effective;
use crate::metric::figures::amount;
use crate::record::client::Client;
use crate::record::kind::RecordKind;
use crate::table::{Cell, Table};
use crate::text::Text;
use chrono::Datelike;

pub(super) const REPORT: Report = Report {
    name: "mix",
    title: Text::new("Mix", "客户结构"),
    question: Text::new(
        "What is the book made of: which tiers, industries and products carry it?",
        "客户结构如何：业绩由哪些层级、行业和产品支撑？",
    ),
    about: Text::new(
        "clients: in scope and not closed on the report's day; effective: by the settings' thresholds in the period's last month with figures\n\
         size: the figure of the period's last month with figures of the measure by which clients are judged lost (`clients.lost_by`), whole clients, without credit shares; nothing of a client that lacks it\n\
         principal: drawn under unsettled facilities on the report's day\n\
         product: clients that use it on the report's day; one client may use many, so parts of products do not add up to 100 %\n\
         depth: products a client, of the clients of the row",
        "客户数：范围内报告日未销户的客户；有效：期末月份达到设置门槛\n\
         规模：流失认定指标（clients.lost_by）本期最后有数据月份数额，按整户计算，不分成；缺数的客户不计\n\
         用信余额：报告日未结清授信的余额合计\n\
         产品：报告日正在使用的客户；一户可用多个产品，占比合计不为100%\n\
         产品深度：该行客户户均产品数",
    ),
    usual: Usual::LastFigures,
    figures: true,
    run: Run::Book(|input| vec![mix(input)]),
};

pub(super) const COHORTS_REPORT: Report = Report {
    name: "cohorts",
    title: Text::new("Cohorts", "客户年份队列"),
    question: Text::new(
        "Do the clients of each year stay, and do they grow with us?",
        "各年份新增的客户是否留存，是否与我行共同成长？",
    ),
    about: Text::new(
        "cohort: clients by the year of their first account; those without that day stand apart\n\
         came: opened by the report's day; still: not closed and not lost by the settings' rule by then\n\
         effective: by the settings' thresholds in the period's last month with figures\n\
         size: as in `mix`, and for each client that is still there\n\
         depth: products in use for each client that is still there",
        "队列：按首次开户年份划分；未填首次开户日的单列\n\
         新增：报告日前开户；留存：截至报告日未销户且未按规则认定流失\n\
         有效：期末月份达到设置门槛\n\
         规模：口径同“客户结构”，并按留存客户计算户均\n\
         产品深度：留存客户户均在用产品数",
    ),
    usual: Usual::LastFigures,
    figures: true,
    run: Run::Book(|input| vec![cohorts(input)]),
};

const MIX: Sheet = Sheet {
    name: "mix",
    title: Text::new("The book by tier, industry and product", "按层级、行业、产品的客户结构"),
    columns: &[
        Col::text("by", "By", "维度"),
        Col::text("group", "Group", "分组"),
        Col::count("clients", "Clients", "客户数"),
        Col::ratio("client_part", "Of clients", "客户占比"),
        Col::count("effective", "Effective", "有效户"),
        Col::size("size", "Size", "规模"),
        Col::ratio("size_part", "Of size", "规模占比").bar(),
        Col::money("drawn", "Principal", "用信余额"),
        Col::ratio("drawn_part", "Of principal", "用信占比"),
        Col::number("depth", "Products a client", "产品深度"),
    ],
};

const COHORTS: Sheet = Sheet {
    name: "cohorts",
    title: Text::new("Clients by the year they came", "按开户年份的客户队列"),
    columns: &[
        Col::text("year", "Year", "开户年份"),
        Col::count("came", "Came", "新增"),
        Col::count("still", "Still here", "留存"),
        Col::ratio("stayed", "Stayed", "留存率").bar(),
        Col::count("effective", "Effective", "有效户"),
        Col::size("size", "Size", "规模"),
        Col::size("mean_size", "Size a client", "户均规模"),
        Col::number("depth", "Products a client", "产品深度"),
    ],
};

/// What a group of clients adds up to.
#[derive(Default)]
struct Sum {
    clients: usize,
    effective: usize,
    size: Decimal,
    drawn: Decimal,
    products: usize,
}

impl Sum {
    fn add(&mut self, input: &Input<'_>, client: &Client) {
        self.clients += 1;
        self.effective +=
            usize::from(input.figured().is_some_and(|month| is_effective(input.book, client, month)));
        let size = |month| amount(client, &input.book.settings.clients.lost_by, month);
        self.size += input.figured().and_then(size).unwrap_or_default();
        self.drawn += input.drawn(client);
        self.products += client.products_on(input.as_of).len();
    }

    fn depth(&self) -> Cell {
        number(share(self.products, self.clients))
    }
}

/// The products a client uses on the report's day.
fn mix(input: &Input<'_>) -> Table {
    let mut all = Sum::default();
    let mut tiers: BTreeMap<_, Sum> = BTreeMap::new();
    let mut industries: BTreeMap<Option<&str>, Sum> = BTreeMap::new();
    let mut by_product: BTreeMap<&str, Sum> = BTreeMap::new();
    for (_, client) in input.clients() {
        all.add(input, client);
        tiers.entry(input.tier(client)).or_default().add(input, client);
        industries.entry(client.industry.as_deref()).or_default().add(input, client);
        for name in client.products_on(input.as_of) {
            by_product.entry(name).or_default().add(input, client);
        }
    }
    let mut table = MIX.table(input);
    let mut push = |(key, text): (&'static str, Text), group: Cell, sum: &Sum| {
        table.push(vec![
            Cell::Said { key, text },
            group,
            sum.clients.into(),
            part(sum.clients, all.clients),
            input.figured().map(|_| sum.effective).into(),
            number(input.figured().map(|_| sum.size)),
            ratio(share(sum.size, all.size)),
            number(sum.drawn),
            ratio(share(sum.drawn, all.drawn)),
            sum.depth(),
        ]);
    };
    push(("all", Text::new("all", "全部")), Cell::Missing, &all);
    for (tier, sum) in &tiers {
        push(("tier", Text::new("tier", "层级")), choice(RecordKind::Client, &["tier"], *tier), sum);
    }
    let industry = ("industry", Text::new("industry", "行业"));
    largest(industries).iter().for_each(|(name, sum)| push(industry, (*name).into(), sum));
    let product = ("product", Text::new("product", "产品"));
    largest(by_product).iter().for_each(|(name, sum)| push(product, (*name).into(), sum));
    table
}

/// Groups by their size, the largest first.
fn largest<K: Ord + Copy>(groups: BTreeMap<K, Sum>) -> Vec<(K, Sum)> {
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by(|a, b| (b.1.size, b.1.clients).cmp(&(a.1.size, a.1.clients)).then_with(|| a.0.cmp(&b.0)));
    groups
}

fn cohorts(input: &Input<'_>) -> Table {
    let mut years: BTreeMap<Option<i32>, (usize, Sum)> = BTreeMap::new();
    let came = |record: &&Record<Client>| record.data.begun().is_none_or(|begun| begun.0 <= input.as_of);
    for record in input.records().filter(came) {
        let year = record.data.since.map(|since| since.0.year());
        let (came, still) = years.entry(year).or_default();
        *came += 1;
        let gone = input.portfolios().lost.month(record).is_some_and(|month| month <= input.months.last);
        if !gone {
            still.add(input, &record.data);
        }
    }
    let rows = years.into_iter().map(|(year, (came, still))| {
        vec![
            year.map(|year| year.to_string()).into(),
            came.into(),
            still.clients.into(),
            part(still.clients, came),
            input.figured().map(|_| still.effective).into(),
            number(input.figured().map(|_| still.size)),
            number(input.figured().and_then(|_| share(still.size, still.clients))),
            still.depth(),
        ]
    });
    COHORTS.filled(input, rows)
}

#[cfg(test)]
mod tests {
    use super::super::{lines, notes};

    const BOOK: &str = r#"
# file: rmbook.toml
name = "测试支行"
# file: managers/li-na.toml
name = "李娜"
# file: clients/a.toml
name = "甲"
tier = "key"
industry = "制造业"
manager = "li-na"
status = "active"
since = 2024-02-29
products = [{ name = "代发工资", since = 2025-01-01 }, { name = "现金管理", until = 2026-10-31 }]
[results]
2026-10 = { deposits = 300 }
[[facilities]]
id = "wc"
product = "流动资金贷款"
limit = 100
drawn = 40
class = "normal"
# file: clients/b.toml
name = "乙"
tier = "base"
manager = "li-na"
status = "active"
since = 2024-07-01
[results]
2026-09 = { deposits = 100 }
# file: clients/c.toml
name = "丙"
tier = "base"
manager = "li-na"
status = "closed"
since = 2024-07-01
closed = 2026-03-01
"#;

    #[test]
    fn each_dimension_adds_up_to_the_whole() {
        // b lacks its figure of October, as a remark says; that of September is none of the month.
        assert!(notes(BOOK, "mix", "mix", "2026-10").contains(&"no figures of 2026-10 for b".to_owned()));
        assert_eq!(
            lines(BOOK, "mix", "mix", "2026-10"),
            [
                "all | - | 2 | 100% | 1 | 300 | 100% | 40 | 100% | 0.5",
                "tier | key | 1 | 50% | 1 | 300 | 100% | 40 | 100% | 1",
                "tier | base | 1 | 50% | 0 | 0 | 0% | 0 | 0% | 0",
                "industry | 制造业 | 1 | 50% | 1 | 300 | 100% | 40 | 100% | 1",
                "industry | - | 1 | 50% | 0 | 0 | 0% | 0 | 0% | 0",
                "product | 代发工资 | 1 | 50% | 1 | 300 | 100% | 40 | 100% | 1",
            ]
        );
    }

    #[test]
    fn a_cohort_keeps_those_who_left_in_its_count() {
        assert_eq!(
            lines(BOOK, "cohorts", "cohorts", "2026-10"),
            ["2024 | 3 | 2 | 66.67% | 1 | 300 | 150 | 0.5"]
        );
    }
}
