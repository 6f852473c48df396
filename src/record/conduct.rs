//! How a manager answers for the work: reports upward, audit findings, declarations, praise and violations.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Deserialize;

use super::value::{Amount, ClientId, Day, ManagerId};

/// Something reported upward; its state follows from its dates
/// 上报事项（状态由各日期推定）
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UpwardReport {
    /// Raised on
    /// 上报日
    #[schemars(extend("x-default" = "today", "x-past" = true, "x-there" = ["self", "owner:stays"]))]
    pub raised: Day,
    /// Kind of report
    /// 事项类别
    pub kind: ReportKind,
    /// What is reported
    /// 事项内容
    pub what: String,
    /// Client it is about
    /// 涉及客户
    pub client: Option<ClientId>,
    /// How grave it is
    /// 严重程度
    pub severity: Option<Severity>,
    /// Manager who must answer; by default the supervisor
    /// 答复责任人（默认为直接上级）
    pub owner: Option<ManagerId>,
    /// Day an answer is due
    /// 答复期限
    #[schemars(extend("x-after" = "raised"))]
    pub due: Option<Day>,
    /// Answered on
    /// 答复日
    #[schemars(extend("x-after" = "raised", "x-past" = true))]
    pub answered: Option<Day>,
    /// Answer
    /// 答复内容
    pub answer: Option<String>,
    /// Settled on
    /// 办结日
    #[schemars(extend("x-after" = "raised", "x-past" = true))]
    pub closed: Option<Day>,
}

/// Kind of report
/// 上报事项类别
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReportKind {
    /// Progress made
    /// 工作进展
    Progress,
    /// A problem
    /// 问题
    Problem,
    /// A request for help or a decision
    /// 请示
    Request,
}

/// How grave something is
/// 严重程度
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Minor
    /// 轻微
    Minor,
    /// Moderate
    /// 一般
    Moderate,
    /// Major
    /// 严重
    Major,
    /// Critical
    /// 重大
    Critical,
}

/// A finding of an audit or inspection
/// 审计检查问题
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AuditFinding {
    /// Day it was found
    /// 认定日
    #[schemars(extend("x-default" = "today", "x-past" = true, "x-there" = ["self:came"]))]
    pub date: Day,
    /// What was found
    /// 问题描述
    pub what: String,
    /// How grave it is
    /// 严重程度
    pub severity: Severity,
    /// Points counted against the manager
    /// 扣分
    pub points: Option<Amount>,
    /// Who found it, such as internal audit or the regulator
    /// 检查方（内部审计、监管部门等）
    pub source: Option<String>,
    /// Client concerned
    /// 涉及客户
    pub client: Option<ClientId>,
    /// Day by which to put it right
    /// 整改期限
    #[schemars(extend("x-expected" = 1, "x-after" = "date"))]
    pub due: Option<Day>,
    /// Put right on
    /// 整改完成日
    #[schemars(extend("x-after" = "date", "x-past" = true))]
    pub rectified: Option<Day>,
}

/// A gift or a conflict of interest a manager declares
/// 礼品及利益冲突申报
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Declaration {
    /// Day it was declared
    /// 申报日
    #[schemars(extend("x-default" = "today", "x-past" = true, "x-there" = ["self"]))]
    pub date: Day,
    /// What kind of thing is declared
    /// 申报类别
    pub kind: DeclarationKind,
    /// What is declared
    /// 申报内容
    pub what: String,
    /// Client concerned
    /// 涉及客户
    pub client: Option<ClientId>,
    /// Estimated value
    /// 估计价值
    #[schemars(extend("minimum" = 0, "x-unit" = "money"))]
    pub value: Option<Amount>,
    /// Looked at by
    /// 审核人
    pub reviewed_by: Option<String>,
    /// Looked at on
    /// 审核日
    #[schemars(extend("x-expected" = 1, "x-after" = "date", "x-past" = true))]
    pub reviewed: Option<Day>,
    /// What is done about it, such as given back or another handler
    /// 处理结果（退还、上交、回避等）
    pub outcome: Option<String>,
}

/// What kind of thing is declared
/// 申报类别
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema, strum::Display,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum DeclarationKind {
    /// A gift received or given
    /// 礼品
    Gift,
    /// A conflict of interest
    /// 利益冲突
    ConflictOfInterest,
}

/// Praise for living the bank's values, or a violation of them
/// 表扬与违规
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Recognition {
    /// Day of the event
    /// 发生日
    #[schemars(extend("x-default" = "today", "x-past" = true, "x-there" = ["self"]))]
    pub date: Day,
    /// Praise or violation
    /// 类别
    pub kind: RecognitionKind,
    /// What happened
    /// 事由
    pub what: String,
    /// Points, positive for both; the kind gives the sign
    /// 分值（均填正数，由类别决定加减）
    pub points: Option<Amount>,
    /// Who recorded it
    /// 认定人
    pub by: Option<String>,
    /// Client concerned
    /// 涉及客户
    pub client: Option<ClientId>,
}

impl Recognition {
    /// Its points with the sign of its kind; none where it states none.
    pub fn signed(&self) -> Decimal {
        let points = self.points.map_or(Decimal::ZERO, |points| points.0);
        match self.kind {
            RecognitionKind::Praise => points,
            RecognitionKind::Violation => -points,
        }
    }
}

/// Praise or violation
/// 表扬或违规
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema, strum::IntoStaticStr,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum RecognitionKind {
    /// Praise
    /// 表扬
    Praise,
    /// Violation
    /// 违规
    Violation,
}

impl RecognitionKind {
    /// Its word in a record.
    pub fn word(self) -> &'static str {
        self.into()
    }
}
