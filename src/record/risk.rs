//! A client's credit side: facilities, post-loan checks, warnings, covenants and risks.

use schemars::JsonSchema;
use serde::Deserialize;

use super::value::{Amount, Day, ManagerId, Rate};

/// A credit facility; the facility carries the risk, not the client
/// 授信业务
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Facility {
    /// Short id, unique in the client
    /// 业务编号
    pub id: String,
    /// Product
    /// 品种
    pub product: String,
    /// Limit granted
    /// 授信额度
    #[schemars(extend("x-unit" = "money"))]
    pub limit: Amount,
    /// Principal drawn
    /// 用信余额
    #[schemars(extend("x-unit" = "money"))]
    pub drawn: Amount,
    /// Annual interest rate
    /// 年利率
    pub rate: Option<Rate>,
    /// Collateral or guarantee
    /// 担保方式
    pub collateral: Option<String>,
    /// First drawn on
    /// 首次放款日
    #[schemars(extend("x-past" = true))]
    pub drawn_on: Option<Day>,
    /// Matures on
    /// 到期日
    #[schemars(extend("x-expected" = 1, "x-after" = "drawn_on"))]
    pub matures: Option<Day>,
    /// Plan for the time after maturity
    /// 到期安排
    pub renewal: Option<String>,
    /// First day principal or interest was not paid
    /// 逾期起始日
    #[schemars(extend("x-after" = "drawn_on", "x-past" = true))]
    pub overdue_since: Option<Day>,
    /// Five-tier classification
    /// 五级分类
    pub class: RiskClass,
    /// Class since
    /// 分类认定日
    #[schemars(extend("x-past" = true))]
    pub class_since: Option<Day>,
    /// Manager who originated it and answers for it, whoever manages it now
    /// 经办客户经理（责任不随移交转移）
    pub originated_by: Option<ManagerId>,
    /// Settled on
    /// 结清日
    #[schemars(extend("x-after" = "drawn_on", "x-past" = true))]
    pub settled: Option<Day>,
}

/// Five-tier loan classification
/// 贷款五级分类
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RiskClass {
    /// Normal
    /// 正常
    Normal,
    /// Special-mention
    /// 关注
    SpecialMention,
    /// Substandard
    /// 次级
    Substandard,
    /// Doubtful
    /// 可疑
    Doubtful,
    /// Loss
    /// 损失
    Loss,
}

impl RiskClass {
    /// Whether the class counts as non-performing.
    pub fn is_npl(self) -> bool {
        self >= Self::Substandard
    }
}

/// A post-loan check
/// 贷后检查
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// Kind of check
    /// 检查类型
    pub kind: CheckKind,
    /// Facility checked; without one, the client
    /// 所检查业务
    pub facility: Option<String>,
    /// Day it is due
    /// 应检查日
    pub due: Day,
    /// Day it was done
    /// 检查日
    #[schemars(extend("x-past" = true))]
    pub done: Option<Day>,
    /// Manager who checked
    /// 检查人
    pub by: Option<ManagerId>,
    /// Whether it was on site
    /// 是否现场检查
    pub on_site: Option<bool>,
    /// Why a special check was called for
    /// 专项检查事由
    pub reason: Option<String>,
    /// What was found
    /// 检查情况
    pub findings: Option<String>,
}

/// Kind of post-loan check
/// 贷后检查类型
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CheckKind {
    /// First check, of the use of funds
    /// 首次检查（资金用途）
    First,
    /// Routine check
    /// 常规检查
    Routine,
    /// Special check
    /// 专项检查
    Special,
}

/// An early-warning signal
/// 预警信号
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Warning {
    /// Opened on
    /// 触发日
    #[schemars(extend("x-default" = "today", "x-past" = true))]
    pub opened: Day,
    /// What was noticed
    /// 信号
    pub signal: String,
    /// How grave it is
    /// 预警级别
    pub level: WarningLevel,
    /// What is done about it
    /// 处置措施
    #[schemars(extend("x-expected" = 1))]
    pub action: Option<String>,
    /// Manager in charge; by default the client's lead
    /// 责任人
    pub owner: Option<ManagerId>,
    /// Day by which it must be dealt with; by default from the level's limit in the settings
    /// 处置期限
    #[schemars(extend("x-after" = "opened"))]
    pub due: Option<Day>,
    /// Closed on
    /// 解除日
    #[schemars(extend("x-after" = "opened", "x-past" = true))]
    pub closed: Option<Day>,
}

/// How grave a warning is
/// 预警级别
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WarningLevel {
    /// Red
    /// 红色
    Red,
    /// Orange
    /// 橙色
    Orange,
    /// Yellow
    /// 黄色
    Yellow,
}

/// A condition the client has promised to keep
/// 授信约束条件
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Covenant {
    /// What was promised
    /// 约束内容
    pub what: String,
    /// Facility it belongs to
    /// 所属业务
    pub facility: Option<String>,
    /// Tested next on
    /// 下次检验日
    pub due: Option<Day>,
    /// Tested last on
    /// 最近检验日
    #[schemars(extend("x-past" = true))]
    pub tested: Option<Day>,
    /// Whether it was kept
    /// 是否符合
    pub kept: Option<bool>,
}

/// An identified risk
/// 风险事项
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Risk {
    /// Short id, unique in the record
    /// 编号
    pub id: String,
    /// Kind of risk
    /// 风险类别
    pub kind: RiskKind,
    /// What may happen
    /// 风险描述
    pub what: String,
    /// Likelihood, 1 (rare) to 5 (almost certain)
    /// 可能性（1–5）
    pub likelihood: Level5,
    /// Impact, 1 (slight) to 5 (severe)
    /// 影响程度（1–5）
    pub impact: Level5,
    /// Identified on
    /// 识别日
    #[schemars(extend("x-default" = "today", "x-past" = true))]
    pub identified: Option<Day>,
    /// Manager in charge
    /// 责任人
    pub owner: Option<ManagerId>,
    /// What is done about it
    /// 应对措施
    #[schemars(extend("x-expected" = 1))]
    pub response: Option<String>,
    /// Looked at again on
    /// 下次复核日
    #[schemars(extend("x-after" = "identified"))]
    pub review: Option<Day>,
    /// Closed on
    /// 关闭日
    #[schemars(extend("x-after" = "identified", "x-past" = true))]
    pub closed: Option<Day>,
}

/// Kind of risk
/// 风险类别
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RiskKind {
    /// Credit risk
    /// 信用风险
    Credit,
    /// Market risk
    /// 市场风险
    Market,
    /// Operational risk
    /// 操作风险
    Operational,
}

/// A level from 1 to 5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Level5(pub u8);

impl<'de> Deserialize<'de> for Level5 {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u8::deserialize(deserializer)? {
            level @ 1..=5 => Ok(Self(level)),
            _ => Err(serde::de::Error::custom("expected a level from 1 to 5")),
        }
    }
}

impl JsonSchema for Level5 {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Level5".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "integer", "minimum": 1, "maximum": 5 })
    }
}
