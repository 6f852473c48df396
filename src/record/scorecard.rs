//! What `close` froze of a review, and the ledger of the pay that follows from it.
//!
//! A frozen scorecard never changes without an amendment; what happens to pay afterwards is an entry of the ledger.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use rust_decimal::Decimal;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, Unexpected, Visitor};

use super::value::{AMOUNT_DIGITS, Amount, ClientId, Day, PolicyId, Year};
use crate::period::Period;

/// A frozen scorecard
/// 已封存的考核结果
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Closed {
    /// Policy it was scored by
    /// 所依据的考核办法
    pub policy: PolicyId,
    /// Digest of what in the policy bears on figures, whatever its comments, titles and order
    /// 考核办法中影响结果内容的摘要
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
    #[schemars(extend("x-listed" = true))]
    pub total: Option<Amount>,
    /// Rating of the period
    /// 考核评级
    #[schemars(extend("x-listed" = true))]
    pub rating: Option<String>,
    /// Grade by which it was scored
    /// 计分所用职级
    pub grade: Option<String>,
    /// Team in which it was scored
    /// 计分时所在团队
    pub team: Option<String>,
    /// Places by the policy's ranking
    /// 按办法排名规则所列名次
    pub rank: Option<ClosedPlaces>,
    /// Whether rules for risk-takers applied
    /// 是否按风险岗位计付
    pub risk_taker: Option<bool>,
    /// Vetoes that held
    /// 已触发的一票否决项
    pub vetoes: Option<Vec<String>>,
    /// What each indicator gave
    /// 各指标结果
    #[serde(default)]
    #[schemars(extend("x-each" = ["Indicator", "指标"]))]
    pub indicators: BTreeMap<String, ClosedIndicator>,
    /// Amount of each pay line, in the policy's `money`
    /// 各薪酬项目金额（以办法的 `money` 计）
    #[serde(default)]
    #[schemars(extend("x-unit" = "pay", "x-each" = ["Pay line", "薪酬项目"]))]
    pub pay: BTreeMap<String, Amount>,
    /// What each record contributed to the pay lines, by its kind and id
    /// 各依据记录对薪酬项目的取数
    #[serde(default)]
    #[schemars(extend("x-each" = ["Record", "依据记录"]))]
    pub pay_inputs: ClosedInputs,
    /// Pay of the period before deferral, in the policy's `money`
    /// 本期绩效薪酬（延期前，以办法的 `money` 计）
    #[schemars(extend("x-unit" = "pay", "x-listed" = true))]
    pub pay_total: Option<Amount>,
    /// Part of it paid in later years
    /// 延期支付安排
    #[serde(default)]
    #[schemars(extend("x-key" = ["due"]))]
    pub deferral: Vec<Instalment>,
    /// Figures that fifteen digits do not tell to the end, by their places in it, with all the digits they were scored with
    /// 十五位有效数字未能记全的数值（按所在位置，登记计分时的全部位数）
    #[serde(default)]
    #[schemars(extend("x-each" = ["Figure", "数值"]))]
    pub exact: BTreeMap<String, Digits>,
    /// Amounts of the entries of the manager's ledger up to the closing that no earlier closing had, by the period of their review
    /// 截至封存日新增的台账分录金额（按登记所在考核期）
    #[schemars(extend("x-unit" = "pay"))]
    pub ledger: Option<ClosedLedger>,
}

impl Closed {
    /// A figure as it was scored: with the digits beyond those that stand at `place`, where what stands there is their beginning.
    pub fn exactly(&self, place: &str, stands: Amount) -> Decimal {
        let all = self.exact.get(place).map(|digits| digits.0);
        all.filter(|all| kept(*all).0 == stands.0.normalize()).unwrap_or(stands.0)
    }
}

/// A number to the fifteen digits that every reader of the file keeps.
pub fn kept(number: Decimal) -> Amount {
    Amount(number.round_sf(AMOUNT_DIGITS).unwrap_or(number).normalize())
}

/// A number with every digit a decimal has, as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digits(pub Decimal);

impl<'de> Deserialize<'de> for Digits {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let number = Decimal::from_str_exact(&text);
        let wrong = || D::Error::invalid_value(Unexpected::Str(&text), &"a decimal number in quotes");
        number.map(Self).map_err(|_| wrong())
    }
}

impl JsonSchema for Digits {
    fn schema_name() -> Cow<'static, str> {
        "Digits".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^-?[0-9]+([.][0-9]+)?$" })
    }
}

/// Places among those scored
/// 名次
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClosedPlaces {
    /// Among all
    /// 全部人员
    #[schemars(extend("x-listed" = true))]
    pub all: Option<u32>,
    /// Among the branch
    /// 机构内
    #[schemars(extend("x-listed" = true))]
    pub branch: Option<u32>,
    /// Among the team
    /// 团队内
    #[schemars(extend("x-listed" = true))]
    pub team: Option<u32>,
    /// Among the grade
    /// 同职级
    #[schemars(extend("x-listed" = true))]
    pub grade: Option<u32>,
}

/// Amounts of ledger entries by the period of their review and what names them
/// 台账分录金额（按登记所在考核期）
pub type ClosedLedger = BTreeMap<Period, BTreeMap<String, Amount>>;

/// What an indicator gave
/// 指标结果
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
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
    /// What each record contributed, by its kind and id
    /// 各依据记录的取数
    #[serde(default)]
    #[schemars(extend("x-each" = ["Record", "依据记录"]))]
    pub inputs: ClosedInputs,
}

/// What each record contributed to a figure, by its kind and id
/// 各依据记录的取数
pub type ClosedInputs = BTreeMap<String, ClosedInput>;

/// What one record contributed to a figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClosedInput {
    /// A digest of it, as books closed by earlier versions have it.
    Digest(String),
    /// Sums by field, whatever the month or the place in a list.
    Amounts(BTreeMap<String, Amount>),
}

struct InputVisitor;

impl<'de> Visitor<'de> for InputVisitor {
    type Value = ClosedInput;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("amounts by field, or a digest")
    }

    fn visit_str<E: Error>(self, digest: &str) -> Result<ClosedInput, E> {
        Ok(ClosedInput::Digest(digest.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ClosedInput, A::Error> {
        let mut amounts = BTreeMap::new();
        while let Some((field, amount)) = map.next_entry()? {
            amounts.insert(field, amount);
        }
        Ok(ClosedInput::Amounts(amounts))
    }
}

impl<'de> Deserialize<'de> for ClosedInput {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(InputVisitor)
    }
}

impl JsonSchema for ClosedInput {
    fn schema_name() -> Cow<'static, str> {
        "ClosedInput".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut amounts = BTreeMap::<String, Amount>::json_schema(generator);
        amounts.insert("x-each".to_owned(), ["Field", "取数字段"].as_slice().into());
        json_schema!({ "anyOf": [{ "type": "string" }, amounts] })
    }
}

/// What was closed of a period, so that a scorecard that goes missing is noticed
/// 期间封存登记（用于发现缺失）
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClosedPeriod {
    /// Number of scorecards
    /// 考核结果份数
    pub cards: u32,
    /// Digest over the scorecards
    /// 考核结果摘要
    pub digest: String,
    /// Digest of each section of the settings that figures rest on
    /// 影响结果的各设置项摘要
    #[serde(default)]
    pub settings: BTreeMap<String, String>,
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
    #[schemars(extend("x-unit" = "pay"))]
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
    /// What it does: a holdback, an advance and a clawback are taken off what the period they concern pays now, a return is added to
    /// what the review's period pays; a release, and a clawback with `due`, move deferred pay alone
    /// 类别（暂扣、预发、追索扣回冲减所属考核期的当期发放，退还计入登记所在考核期的当期发放；兑付及注明 `due` 的追索（止付）只变动延期支付余额）
    pub kind: LedgerKind,
    /// Amount in the `money` of the policy whose pay it concerns, as the frozen pay is; always positive, the kind gives the sign.
    /// A return states what is given back itself, of a clawback no more than `pay.clawback.returns` of the policy
    /// 金额（以所属考核办法的 `money` 计，与封存薪酬一致；均填正数，由类别决定方向；退还填写实际退还金额，追索的以办法 `pay.clawback.returns` 所定比例为限）
    #[schemars(extend("minimum" = 0, "x-unit" = "pay"))]
    pub amount: Amount,
    /// Case it belongs to; a return names the case of the holdback or clawback it gives back
    /// 事由编号（退还须与原暂扣或追索的编号一致）
    pub case: Option<String>,
    /// Pay line it belongs to
    /// 薪酬项目
    pub line: Option<String>,
    /// Scheme whose pay it concerns; needed where several pay the period
    /// 所属考核方案（同期有多个方案计发薪酬时须填写）
    pub scheme: Option<String>,
    /// Period whose pay it concerns; by default the review's
    /// 所属考核期（默认为本考核期）
    #[schemars(extend("x-listed" = true))]
    pub period: Option<Period>,
    /// Instalment released or forfeited, by the year it falls due
    /// 所兑付或止付的分期（应支付年度）
    pub due: Option<Year>,
    /// Client concerned
    /// 涉及客户
    #[schemars(extend("x-listed" = true))]
    pub client: Option<ClientId>,
    /// Facility concerned
    /// 涉及授信
    pub facility: Option<String>,
    /// Why
    /// 原因
    #[schemars(extend("x-expected" = 1))]
    pub reason: Option<String>,
    /// Approved by
    /// 批准人
    #[schemars(extend("x-person" = true, "x-expected" = 1))]
    pub approved_by: Option<String>,
}

impl LedgerEntry {
    /// Whether it is about the pay of a scheme: its own; where it names none, of each that has the pay line it names.
    pub fn is_of(&self, scheme: &str, has_line: impl Fn(&str) -> bool) -> bool {
        match &self.scheme {
            Some(own) => own == scheme,
            None => self.line.as_deref().is_none_or(has_line),
        }
    }

    /// The period whose pay it changes, and by how much, where it stands in the review of a period.
    ///
    /// What is held back, advanced or clawed back is taken off the pay it concerns; what is returned is paid with the pay of the
    /// review. Deferred pay, released or forfeited, is no part of what a period pays now.
    pub fn moves(&self, review: Period) -> Option<(Period, Decimal)> {
        let concerned = self.period.unwrap_or(review);
        match self.kind {
            LedgerKind::Holdback | LedgerKind::Advance => Some((concerned, -self.amount.0)),
            LedgerKind::Clawback if self.due.is_none() => Some((concerned, -self.amount.0)),
            LedgerKind::Return => Some((review, self.amount.0)),
            LedgerKind::Release | LedgerKind::Clawback => None,
        }
    }
}

/// What a ledger entry does
/// 台账分录类别
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema, strum::IntoStaticStr,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum LedgerKind {
    /// Held back until a case is settled
    /// 暂扣
    Holdback,
    /// Given in advance
    /// 预发
    Advance,
    /// Deferred pay released
    /// 延期兑付
    Release,
    /// Claimed back, or forfeited where it was deferred
    /// 追索扣回
    Clawback,
    /// Given back of a case
    /// 退还
    Return,
}

impl LedgerKind {
    /// Its word in a record.
    pub fn word(self) -> &'static str {
        self.into()
    }
}
