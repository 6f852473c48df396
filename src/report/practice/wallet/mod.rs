//! The wallet: what part of a client's business is ours, by which estimate, and what there is to win.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::{Col, Input, Report, Run, Sheet, Usual, number, part, ratio, share};
use crate::book::deadline::months_after;
use crate::metric::wallet;
use crate::msg;
use crate::period::Month;
use crate::record::client::Wallet;
use crate::table::Table;
use crate::text::{Text, practice as say};

mod tier;

pub(super) const REPORT: Report = Report {
    name: "wallet",
    title: Text::new("Share of wallet", "钱包份额"),
    question: Text::new(
        "Where is most to win: which clients keep most of their business with others, and how sure are we of that?",
        "哪些客户的业务主要在他行，潜力有多大，估计依据是否可靠？",
    ),
    about: Text::new(
        "estimate: the latest of each client and measure by the report's day, with its day and basis\n\
         ours then: our figure of the estimate's month: the average of a balance, the sum of twelve months of a flow, missing where the client was one before its figures in the book begin\n\
         share: ours then / total with all banks, so that both are of one time (a convention; the total is an estimate)\n\
         ours now: the same of the period's last month with figures, or of the last before it, which is said; missing where a month of it lacks the client's\n\
         potential: total less ours now, never below zero; missing where ours is, and left out of the sums\n\
         old: the estimate is more than twelve months old\n\
         next tier: the next above the client's own with lines in the settings (`tiers`), any of which is enough; the nearest is shown\n\
         missing: the line less ours now; within the wallet: the latest estimate leaves as much with other banks, unknown without an estimate\n\
         months at this pace: missing / (ours now − ours three months before) × 3, rounded up, where that grew and three years are enough",
        "估计：截至报告日每户每项指标最近一次估计，列示日期及依据\n\
         当时我行：估计当月我行数额：余额取月日均，发生额取近十二个月合计，该期间内客户已开户而台账尚无数据的不计算\n\
         份额：当时我行÷全部银行合计，口径时点一致（管理惯例；合计数为估计值）\n\
         目前我行：本期最后有数据月份同口径数额，本期无数据的取此前最近月份并注明；该户缺月的不计算\n\
         潜力：合计减目前我行，不低于零；目前我行缺数的不计算，也不计入合计\n\
         已过时：估计距今超过十二个月\n\
         上一层级：设置 tiers 中高于现层级的最近一级，达到其中一项标准即可，列示差距最小的一项\n\
         差额：标准减目前我行；他行份额足够：最近一次估计中他行部分不低于差额，无估计的不判断\n\
         按现增速所需月数：差额÷（目前我行－三个月前）×3，向上取整，未增长或需三年以上的不列",
    ),
    usual: Usual::LastFigures,
    figures: true,
    run: Run::Book(run),
};

const CLIENTS: Sheet = Sheet {
    name: "wallet",
    title: Text::new("Share of wallet by client", "各客户钱包份额"),
    columns: &[
        Col::text("client", "Client", "客户"),
        Col::text("name", "Name", "客户名称"),
        Col::text("lead", "Lead", "主办客户经理"),
        Col::text("measure", "Measure", "指标"),
        Col::money("total", "With all banks", "全部银行合计"),
        Col::money("ours_then", "Ours then", "当时我行"),
        Col::ratio("share", "Share", "份额").bar(),
        Col::money("ours_now", "Ours now", "目前我行"),
        Col::money("potential", "Potential", "潜力"),
        Col::date("date", "Estimated", "估计日"),
        Col::flag("old", "Old", "已过时"),
        Col::text("basis", "Basis", "依据"),
    ],
};

const MANAGERS: Sheet = Sheet {
    name: "wallet_by_manager",
    title: Text::new("Share of wallet by manager", "各客户经理钱包份额"),
    columns: &[
        Col::text("manager", "Manager", "客户经理"),
        Col::text("measure", "Measure", "指标"),
        Col::count("clients", "Clients estimated", "已估计客户数"),
        Col::ratio("estimated", "Of all clients", "估计覆盖率"),
        Col::money("total", "With all banks", "全部银行合计"),
        Col::ratio("share", "Share", "份额").bar(),
        Col::money("potential", "Potential", "潜力"),
    ],
};

/// The latest estimate of one client and measure, with what is ours.
struct Estimate<'b> {
    client: &'b str,
    name: &'b str,
    lead: &'b str,
    wallet: &'b Wallet,
    then: Option<Decimal>,
    now: Option<Decimal>,
}

impl Estimate<'_> {
    fn potential(&self) -> Option<Decimal> {
        self.now.map(|now| (self.wallet.total.0 - now).max(Decimal::ZERO))
    }
}

fn run(input: &Input<'_>) -> Vec<Table> {
    let mut led: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, client) in input.clients() {
        *led.entry(input.lead(client)).or_default() += 1;
    }
    let mut estimates = estimates(input);
    estimates.sort_by(|a, b| b.potential().cmp(&a.potential()).then_with(|| a.client.cmp(b.client)));
    let mut tables =
        vec![clients(input, &estimates), managers(input, &estimates, &led), tier::next(input, &estimates)];
    let last = latest(input);
    if last < input.months.first {
        for table in &mut tables {
            table.notes.push(msg!(say::OURS_OF, month = last.to_string()));
        }
    }
    tables
}

/// The month whose figures are ours now: the last whose are in, by the period's end.
fn latest(input: &Input<'_>) -> Month {
    let before = || input.portfolios().figured.last_before(input.months.first);
    input.figured().or_else(before).unwrap_or(input.months.last)
}

fn estimates<'b>(input: &Input<'b>) -> Vec<Estimate<'b>> {
    let now = latest(input);
    let mut found = Vec::new();
    for record in input.records() {
        for (measure, (_, wallet)) in wallet::latest(&record.data, input.as_of) {
            let ours = |month| wallet::ours(&input.book.settings, record, measure, month);
            found.push(Estimate {
                client: &record.id,
                name: &record.data.name,
                lead: input.lead(&record.data),
                wallet,
                then: ours(Month::of(wallet.date.0)),
                now: ours(now),
            });
        }
    }
    found
}

fn clients(input: &Input<'_>, estimates: &[Estimate<'_>]) -> Table {
    let rows = estimates.iter().map(|estimate| {
        let Estimate { wallet, then, now, .. } = estimate;
        vec![
            estimate.client.into(),
            estimate.name.into(),
            estimate.lead.into(),
            (&*wallet.measure).into(),
            number(wallet.total.0),
            number(*then),
            ratio(then.and_then(|then| share(then, wallet.total.0))),
            number(*now),
            number(estimate.potential()),
            wallet.date.0.into(),
            crate::table::Cell::Flag(months_after(wallet.date.0, 12) < input.as_of),
            wallet.basis.as_deref().into(),
        ]
    });
    CLIENTS.filled(input, rows)
}

fn managers(input: &Input<'_>, estimates: &[Estimate<'_>], led: &BTreeMap<&str, usize>) -> Table {
    let mut groups: BTreeMap<(&str, &str), Vec<&Estimate<'_>>> = BTreeMap::new();
    for estimate in estimates {
        groups.entry((estimate.lead, &*estimate.wallet.measure)).or_default().push(estimate);
    }
    let rows = groups.into_iter().map(|((manager, measure), estimates)| {
        let total: Decimal = estimates.iter().map(|estimate| estimate.wallet.total.0).sum();
        let known =
            || estimates.iter().filter_map(|estimate| Some((estimate.then?, estimate.wallet.total.0)));
        let (ours, of): (Decimal, Decimal) =
            known().fold(Default::default(), |sum, pair| (sum.0 + pair.0, sum.1 + pair.1));
        vec![
            manager.into(),
            measure.into(),
            estimates.len().into(),
            part(estimates.len(), led.get(manager).copied().unwrap_or_default()),
            number(total),
            ratio(share(ours, of)),
            number(estimates.iter().filter_map(|estimate| estimate.potential()).reduce(|sum, it| sum + it)),
        ]
    });
    MANAGERS.filled(input, rows)
}

#[cfg(test)]
mod tests {
    use super::super::{lines, notes};

    const BOOK: &str = r#"
# file: rmbook.toml
name = "测试支行"
# file: managers/wang-fang.toml
name = "王芳"
# file: clients/acme.toml
name = "华东精密"
tier = "key"
manager = "wang-fang"
status = "active"
[results]
2026-06 = { deposits = 400 }
2026-10 = { deposits = 500, fee_income = 3 }
[[wallet]]
date = 2025-06-30
measure = "deposits"
total = 9000
[[wallet]]
date = 2026-06-30
measure = "deposits"
total = 2000
basis = "年报"
[[wallet]]
date = 2026-11-30
measure = "deposits"
total = 1
# file: clients/beta.toml
name = "贝塔"
tier = "base"
manager = "wang-fang"
status = "active"
[[wallet]]
date = 2025-09-30
measure = "deposits"
total = 100
# file: clients/gamma.toml
name = "伽马"
tier = "base"
manager = "wang-fang"
status = "active"
"#;

    #[test]
    fn an_estimate_is_old_the_day_after_twelve_months() {
        let old = |date: &str| {
            let book = BOOK.replace("date = 2025-09-30", &format!("date = {date}"));
            let line = lines(&book, "wallet", "wallet", "2026-10").remove(1);
            line.ends_with(&format!("| {date} | true | -"))
        };
        assert_eq!(["2025-10-30", "2025-10-31"].map(old), [true, false]);
    }

    #[test]
    fn a_share_is_of_the_month_of_its_estimate() {
        assert_eq!(
            lines(BOOK, "wallet", "wallet", "2026-10"),
            [
                "acme | 华东精密 | wang-fang | deposits | 2000 | 400 | 20% | 500 | 1500 | 2026-06-30 | false | 年报",
                "beta | 贝塔 | wang-fang | deposits | 100 | - | - | - | - | 2025-09-30 | true | -",
            ]
        );
        assert_eq!(
            lines(BOOK, "wallet", "wallet_by_manager", "2026-10"),
            ["wang-fang | deposits | 2 | 66.67% | 2100 | 20% | 1500"]
        );
    }

    #[test]
    fn before_the_figures_of_a_month_are_in_ours_is_that_of_the_last_and_said() {
        let later = "[[wallet]]\ndate = 2026-11-30\nmeasure = \"deposits\"\ntotal = 1\n";
        let book = BOOK.replace(later, "");
        assert_eq!(
            lines(&book, "wallet", "wallet", "2026-11")[0],
            "acme | 华东精密 | wang-fang | deposits | 2000 | 400 | 20% | 500 | 1500 | 2026-06-30 | false | 年报"
        );
        let remark = ["ours now: of 2026-10, the last month with figures"];
        assert_eq!(notes(&book, "wallet", "next_tier", "2026-11"), remark);
        assert!(notes(&book, "wallet", "next_tier", "2026-10").is_empty());
        // Once others have figures of November, those of the client that has none are unknown.
        let gamma = "name = \"伽马\"\nresults = { 2026-11 = { deposits = 1 } }";
        assert_eq!(
            lines(&book.replace("name = \"伽马\"", gamma), "wallet", "wallet", "2026-11")[0],
            "acme | 华东精密 | wang-fang | deposits | 2000 | 400 | 20% | - | - | 2026-06-30 | false | 年报"
        );
    }
}
