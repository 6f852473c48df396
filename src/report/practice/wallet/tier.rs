//! What is missing to the next tier, client by client, and whether the client's wallet holds it.

use rust_decimal::Decimal;

use super::super::{Col, Input, Sheet, choice, number, ratio, share};
use super::{Estimate, latest};
use crate::book::Record;
use crate::metric::wallet::ours;
use crate::record::client::{Client, Tier};
use crate::record::kind::RecordKind;
use crate::table::{Cell, Table};
use crate::text::Text;

const NEXT: Sheet = Sheet {
    name: "next_tier",
    title: Text::new("What is missing to the next tier", "距上一层级差额"),
    columns: &[
        Col::text("client", "Client", "客户"),
        Col::text("name", "Name", "客户名称"),
        Col::text("lead", "Lead", "主办客户经理"),
        Col::text("tier", "Tier", "现层级"),
        Col::text("next", "Next tier", "上一层级"),
        Col::text("measure", "Measure", "指标"),
        Col::money("ours", "Ours now", "目前我行"),
        Col::money("line", "Line", "标准"),
        Col::ratio("reached", "Reached", "完成度").bar(),
        Col::money("missing", "Missing", "差额"),
        Col::flag("in_wallet", "Within the wallet", "他行份额足够"),
        Col::count("months", "Months at this pace", "按现增速所需月数"),
    ],
};

/// Months over which the pace is looked at.
const PACE: i32 = 3;
/// What takes longer than so many months is no plan.
const HORIZON: Decimal = Decimal::from_parts(36, 0, 0, false, 0);

/// How far one client is from the next tier.
struct Gap<'b> {
    client: &'b Record<Client>,
    next: Tier,
    measure: &'b str,
    ours: Decimal,
    line: Decimal,
}

impl Gap<'_> {
    fn missing(&self) -> Decimal {
        (self.line - self.ours).max(Decimal::ZERO)
    }

    fn reached(&self) -> Decimal {
        share(self.ours, self.line).unwrap_or(Decimal::ONE)
    }

    /// Months until it is made up, where the last ones go on.
    fn months(&self, input: &Input<'_>) -> Option<Decimal> {
        let before = ours(&input.book.settings, self.client, self.measure, latest(input).plus(-PACE))?;
        let growth = self.ours - before;
        let grows = growth > Decimal::ZERO && !self.missing().is_zero();
        let months = grows.then(|| (self.missing() * Decimal::from(PACE) / growth).ceil());
        months.filter(|months| *months <= HORIZON)
    }
}

pub(super) fn next(input: &Input<'_>, estimates: &[Estimate<'_>]) -> Table {
    let records = input.records().filter(|record| input.is_open(&record.data));
    let mut gaps: Vec<Gap<'_>> = records.filter_map(|record| gap(input, record)).collect();
    gaps.sort_by(|a, b| b.reached().cmp(&a.reached()).then_with(|| a.client.id.cmp(&b.client.id)));
    let tier = |tier: Tier| choice(RecordKind::Client, &["tier"], tier);
    let rows = gaps.into_iter().map(|gap| {
        let client = &gap.client.data;
        let of_wallet = |estimate: &&Estimate<'_>| {
            *estimate.client == *gap.client.id && *estimate.wallet.measure == *gap.measure
        };
        let wallet = estimates.iter().find(of_wallet).and_then(Estimate::potential);
        vec![
            (&*gap.client.id).into(),
            client.name.as_str().into(),
            input.lead(client).into(),
            tier(input.tier(client)),
            tier(gap.next),
            gap.measure.into(),
            number(gap.ours),
            number(gap.line),
            ratio(Some(gap.reached())),
            number(gap.missing()),
            wallet.map_or(Cell::Missing, |wallet| Cell::Flag(wallet >= gap.missing())),
            gap.months(input)
                .and_then(|months| i64::try_from(months).ok())
                .map_or(Cell::Missing, Cell::Count),
        ]
    });
    NEXT.filled(input, rows)
}

/// The line of the next tier that a client is nearest to.
fn gap<'b>(input: &Input<'b>, client: &'b Record<Client>) -> Option<Gap<'b>> {
    let (next, lines) = input.book.settings.tiers.above(input.tier(&client.data))?;
    let gaps = lines.iter().filter_map(|(measure, line)| {
        let ours = ours(&input.book.settings, client, measure, latest(input))?;
        Some(Gap { client, next, measure, ours, line: line.0 })
    });
    gaps.max_by_key(Gap::reached)
}

#[cfg(test)]
mod tests {
    use super::super::super::lines;

    const BOOK: &str = r#"
# file: rmbook.toml
name = "测试支行"
[tiers]
key = { deposits = 3000, fee_income = 20 }
strategic = { deposits = 10000 }
# file: managers/wang-fang.toml
name = "王芳"
# file: clients/acme.toml
name = "华东精密"
tier = "base"
manager = "wang-fang"
status = "active"
[results]
2026-07 = { deposits = 2000 }
2026-08 = { deposits = 2100 }
2026-10 = { deposits = 2400, fee_income = 3 }
[[wallet]]
date = 2026-06-30
measure = "deposits"
total = 2900
# file: clients/beta.toml
name = "贝塔"
tier = "prospect"
manager = "wang-fang"
status = "active"
since = 2026-09-05
[results]
2026-09 = { fee_income = 9 }
2026-10 = { deposits = 10, fee_income = 12 }
# file: clients/gamma.toml
name = "伽马"
tier = "key"
manager = "wang-fang"
status = "active"
[results]
2026-07 = { deposits = 9000 }
2026-10 = { deposits = 8000 }
# file: clients/top.toml
name = "顶"
tier = "strategic"
manager = "wang-fang"
status = "active"
[results]
2026-10 = { deposits = 1 }
"#;

    #[test]
    fn what_is_missing_is_said_in_business() {
        // beta: 21 of fees in twelve months, none before September, a prospect for which no base line is set; acme: 600 missing, 500 elsewhere,
        // and 400 grown in three months; gamma shrinks; nothing stands above top.
        assert_eq!(
            lines(BOOK, "wallet", "next_tier", "2026-10"),
            [
                "beta | 贝塔 | wang-fang | prospect | key | fee_income | 21 | 20 | 105% | 0 | - | -",
                "acme | 华东精密 | wang-fang | base | key | deposits | 2400 | 3000 | 80% | 600 | false | 5",
                "gamma | 伽马 | wang-fang | key | strategic | deposits | 8000 | 10000 | 80% | 2000 | - | -",
            ]
        );
    }

    #[test]
    fn twelve_months_are_not_held_against_fewer() {
        // Fees of 1 a month from November 2025 on: 12 in October, and nobody knows of the year to July.
        let months: String = (0..12)
            .map(|at| {
                format!("{} = {{ fee_income = 1 }}\n", crate::period::Month::new(2025, 11).unwrap().plus(at))
            })
            .collect();
        let flat = format!("{}{months}", BOOK.split("2026-07 =").next().unwrap());
        let of = |since: &str| {
            let book = flat.replace("status = \"active\"\n", &format!("status = \"active\"\n{since}"));
            lines(&book, "wallet", "next_tier", "2026-10")
        };
        let row = |months: &str| {
            format!(
                "acme | 华东精密 | wang-fang | base | key | fee_income | 12 | 20 | 60% | 8 | - | {months}"
            )
        };
        assert_eq!(of("since = 2018-01-01\n"), [row("-")]);
        // A client since then brought nothing before: 3 more than three months ago, 8 in as many again.
        assert_eq!(of("since = 2025-11-03\n"), [row("8")]);
        assert_eq!(lines(&flat, "wallet", "next_tier", "2026-09"), [""; 0]);
    }
}
