//! How the profit of funds-transfer pricing is computed: the bank's settings for it.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Deserialize;

use super::value::{MeasureId, Rate};

/// How the profit of funds-transfer pricing is computed
/// 内部资金转移定价（FTP）利润计算口径
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TransferPricing {
    /// The measure computed: deposits × (FTP − rate) and loans × (rate − FTP) less tax and credit cost, by days
    /// 所计算的指标：存款×（FTP－利率）、贷款×（利率－FTP）减税费与信用成本，按天数折算
    pub profit: MeasureId,
    /// Measures of money taken in
    /// 存款类指标
    pub deposits: Vec<MeasureId>,
    /// Measures of money lent out
    /// 贷款类指标
    pub loans: Vec<MeasureId>,
    /// Tax and surcharges as a part of the interest earned
    /// 税费占贷款利息比例
    pub tax: Rate,
    /// Credit cost a year as a part of the balance lent out
    /// 年化信用成本占贷款余额比例
    pub credit_cost: Rate,
    /// Days of a year
    /// 年计息天数
    #[schemars(range(min = 360, max = 366))]
    pub days: u32,
}

impl Default for TransferPricing {
    fn default() -> Self {
        Self {
            profit: "ftp_profit".into(),
            deposits: vec!["deposits".into()],
            loans: vec!["loans".into()],
            tax: Rate(Decimal::ZERO),
            credit_cost: Rate(Decimal::ZERO),
            days: 365,
        }
    }
}
