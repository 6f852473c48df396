//! What `close` froze of a review, and the ledger of the pay that follows from it.
//!
//! A frozen scorecard never changes without an amendment; what happens to pay afterwards is an entry of the ledger.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::value::{Amount, ClientId, Day, PolicyId, Year};
use crate::period::Period;

/// A frozen scorecard
/// 已封存的考核结果
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Closed {
    /// Policy it was scored by
    /// 所依据的考核办法
    pub policy: PolicyId,
    /// Digest of the policy's values, whatever its comments and order
    /// 考核办法内容摘要
    pub policy_digest: Option<String>,
    /// Digest of what is frozen, by which a change is noticed
    /// 封存内容摘要（用于发现改动）
    pub digest: String,
    /// Closed on
    /// 封存日
    #[schemars(extend("x-past" = true))]
    pub closed_on: Day,
    /// Total; without one, the manager was not assessed
    /// 总分（不填为不予考核）
    pub total: Option<Amount>,
    /// Rating of the period
    /// 考核评级
    pub rating: Option<String>,
    /// What each indicator gave
    /// 各指标结果
    #[serde(default)]
    pub indicators: BTreeMap<String, ClosedIndicator>,
    /// Amount of each pay line
    /// 各薪酬项目金额
    #[serde(default)]
    #[schemars(extend("x-unit" = "money"))]
    pub pay: BTreeMap<String, Amount>,
    /// Pay of the period before deferral
    /// 本期绩效薪酬（延期前）
    #[schemars(extend("x-unit" = "money"))]
    pub pay_total: Option<Amount>,
    /// Part of it paid in later years
    /// 延期支付安排
    #[serde(default)]
    pub deferral: Vec<Instalment>,
}

/// What an indicator gave
/// 指标结果
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClosedIndicator {
    /// Value
    /// 指标值
    pub value: Option<Amount>,
    /// Target
    /// 目标值
    pub target: Option<Amount>,
    /// Score before the weight
    /// 指标得分（加权前）
    pub score: Option<Amount>,
    /// Points counted in the total
    /// 计入总分
    pub points: Option<Amount>,
    /// Digest of what each record contributed, by its kind and id
    /// 各依据记录的内容摘要
    #[serde(default)]
    pub inputs: BTreeMap<String, String>,
}

/// A part of the pay that falls due later
/// 延期支付分期
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Instalment {
    /// Year it falls due
    /// 应支付年度
    pub due: Year,
    /// Amount
    /// 金额
    #[schemars(extend("x-unit" = "money"))]
    pub amount: Amount,
}

/// An entry of the pay ledger
/// 绩效薪酬台账分录
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LedgerEntry {
    /// Day it was booked
    /// 记账日
    #[schemars(extend("x-default" = "today", "x-past" = true))]
    pub date: Day,
    /// What it does
    /// 类别
    pub kind: LedgerKind,
    /// Amount, always positive; the kind gives the sign
    /// 金额（均填正数，由类别决定方向）
    #[schemars(extend("x-unit" = "money"))]
    pub amount: Amount,
    /// Case it belongs to; a return names the case of the holdback or clawback it gives back
    /// 事由编号（退还须与原暂扣或追索的编号一致）
    pub case: Option<String>,
    /// Pay line it belongs to
    /// 薪酬项目
    pub line: Option<String>,
    /// Period whose pay it concerns; by default the review's
    /// 所属考核期（默认为本考核期）
    pub period: Option<Period>,
    /// Instalment released, by the year it fell due
    /// 所兑付的分期（应支付年度）
    pub due: Option<Year>,
    /// Client concerned
    /// 涉及客户
    pub client: Option<ClientId>,
    /// Facility concerned
    /// 涉及业务
    pub facility: Option<String>,
    /// Why
    /// 原因
    #[schemars(extend("x-expected" = 1))]
    pub reason: Option<String>,
    /// Approved by
    /// 批准人
    #[schemars(extend("x-expected" = 1))]
    pub approved_by: Option<String>,
}

/// What a ledger entry does
/// 台账分录类别
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LedgerKind {
    /// Pay held back until a case is settled
    /// 暂扣
    Holdback,
    /// Pay given in advance
    /// 预发
    Advance,
    /// Deferred pay released
    /// 延期兑付
    Release,
    /// Paid-out pay claimed back, or deferred pay forfeited
    /// 追索扣回
    Clawback,
    /// What was held back or clawed back is given back
    /// 退还
    Return,
}
