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
         came: opened by the report's day; still: not closed by then, and not lost by the settings' rule; one that was and is effective is with us, as it came back or was a large client\n\
         effective: by the settings' thresholds in the period's last month with figures\n\
         size: as in `mix`, of the clients still there, and for each of them\n\
         depth: products in use for each client that is still there",
        "队列：按首次开户年份划分；未填首次开户日的单列\n\
         新增：报告日前开户；留存：截至报告日未销户且未按规则认定流失；曾认定流失而现为有效户的（回流或原为大户）计入留存\n\
         有效：期末月份达到设置门槛\n\
         规模：口径同“客户结构”，取留存客户合计及户均\n\
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
        self.effective += usize::from(
            input.figured().is_some_and(|month| is_effective(input.book, client, (month, input.as_of))),
        );
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

/// Whether a client is there on the report's day: each is lost once by the rule, but one that is effective is no lost client.
fn is_with_us(input: &Input<'_>, record: &Record<Client>) -> bool {
    let is_lost = || input.portfolios().lost.month(record).is_some_and(|month| month <= input.months.last);
    let is_effective =
        || input.figured().is_some_and(|month| is_effective(input.book, &record.data, (month, input.as_of)));
    input.is_open(&record.data) && (!is_lost() || is_effective())
}

fn cohorts(input: &Input<'_>) -> Table {
    let mut years: BTreeMap<Option<i32>, (usize, Sum)> = BTreeMap::new();
    let came = |record: &&Record<Client>| record.data.begun().is_none_or(|begun| begun.0 <= input.as_of);
    for record in input.records().filter(came) {
        let year = record.data.since.map(|since| since.0.year());
        let (came, still) = years.entry(year).or_default();
        *came += 1;
        if is_with_us(input, record) {
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
    #[test]
    fn a_client_that_came_back_is_with_us() {
        let client = |id: &str, figures: [u32; 5]| {
            let months: String = (6..)
                .zip(figures)
                .map(|(month, it)| format!("2026-{month:02} = {{ deposits = {it} }}\n"))
                .collect();
            format!(
                "# file: clients/{id}.toml\nname = '{id}'\ntier = 'key'\nmanager = 'li-na'\nstatus = 'active'\nsince = 2024-05-01\n\
                 base = {{ 2026 = {{ deposits = 1000 }} }}\n[results]\n{months}"
            )
        };
        let book = [
            "# file: rmbook.toml\nname = '测试支行'\n# file: managers/li-na.toml\nname = '李娜'\n".to_owned(),
            client("stayed", [1000, 1000, 1000, 1000, 1000]),
            // Both lost in August, when the average of three months was 10 of a base of 1000.
            client("back", [10, 10, 10, 5000, 5000]),
            client("gone", [10, 10, 10, 10, 10]),
            // Lost as well, 400 of 1000, and still above the 50 that make a client effective.
            client("shrunk", [400, 400, 400, 400, 400]),
        ]
        .concat();
        assert_eq!(
            lines(&book, "cohorts", "cohorts", "2026-08"),
            ["2024 | 4 | 2 | 50% | 2 | 1400 | 700 | 0"]
        );
        assert_eq!(
            lines(&book, "cohorts", "cohorts", "2026-10"),
            ["2024 | 4 | 3 | 75% | 3 | 6400 | 2133.33 | 0"]
        );
        assert!(lines(&book, "mix", "mix", "2026-10")[0].starts_with("all | - | 4 | 100% | 3 | 6410"));
    }
}
