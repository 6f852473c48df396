//! The region's market by month, `market.toml`: what our figures are compared with.
//!
//! A figure here is an observation with its source, never a target. A new series is one field below.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::value::{Amount, Day, MeasureId, Rate};
use crate::period::Month;

/// Amounts by month and measure: `2026-10 = { deposits = 1250000 }`.
pub type Monthly = BTreeMap<Month, BTreeMap<MeasureId, Amount>>;

/// Monthly figures of the region's market
/// 区域市场月度数据
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Market {
    /// Region the figures are for
    /// 区域
    #[schemars(extend("x-expected" = 1))]
    pub region: Option<String>,
    /// Remarks
    /// 备注
    pub note: Option<String>,
    /// All banks of the region together, by month, a line each
    /// 区域同业合计
    #[serde(default)]
    pub total: Monthly,
    /// Our bank in the region, by month, a line each; without it, the book's own figures count
    /// 本行区域数据（不填以台账数据为准）
    #[serde(default)]
    pub ours: Monthly,
    /// Average growth of the peers over the same month of the year before, a line each
    /// 同业平均同比增速
    #[serde(default)]
    pub growth: BTreeMap<Month, BTreeMap<MeasureId, Rate>>,
    /// Each peer by name and month, a line each
    /// 各同业机构数据
    #[serde(default)]
    pub peers: BTreeMap<String, Monthly>,
    /// Where the figures come from
    /// 数据来源
    #[serde(default)]
    #[schemars(extend("x-entry" = "market-source", "x-key" = ["month", "what"], "x-order" = "published", "x-expected" = 2))]
    pub sources: Vec<MarketSource>,
}

/// Where a month's figures come from
/// 数据来源
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MarketSource {
    /// Month the figures are for
    /// 数据月份
    pub month: Month,
    /// Publication they come from
    /// 来源名称
    pub what: String,
    /// Published on
    /// 发布日
    pub published: Option<Day>,
    /// Measures it gives; without any, all of the month
    /// 涉及指标（不填为当月全部）
    #[serde(default, rename = "for")]
    pub measures: Vec<MeasureId>,
    /// What to bear in mind, such as a change of scope
    /// 口径说明
    pub note: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHANGHAI: &str = r#"
region = "上海市"

[total]
2026-09 = { deposits = 21500000, loans = 12600000 }
2026-10 = { deposits = 21610000, loans = 12680000 }

[ours]
2026-10 = { deposits = 1080500 }

[growth]
2026-10 = { deposits = "6.2%", loans = 0.081 }

[peers."工商银行"]
2026-10 = { deposits = 3200000 }

[[sources]]
month = "2026-10"
what = "人民银行上海总部金融统计数据报告"
published = 2026-11-15
for = ["deposits", "loans"]
note = "本外币口径"
"#;

    #[test]
    fn a_month_has_the_region_our_bank_and_its_peers() {
        let market: Market = toml::from_str(SHANGHAI).unwrap();
        let october = "2026-10".parse().unwrap();
        assert_eq!(market.total[&october]["loans"].0.to_string(), "12680000");
        assert_eq!(market.ours[&october]["deposits"].0.to_string(), "1080500");
        assert_eq!(market.growth[&october]["deposits"].0.to_string(), "0.062");
        assert_eq!(market.peers["工商银行"][&october]["deposits"].0.to_string(), "3200000");
        assert_eq!(market.sources[0].measures.len(), 2);
    }

    #[test]
    fn a_quarter_is_no_month() {
        assert!(toml::from_str::<Market>("[total]\n2026-Q3 = { deposits = 1 }").is_err());
    }
}
