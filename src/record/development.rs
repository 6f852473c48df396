//! How a manager grows: trainings, certificates, career, grades, what was shared and which ideas were tried.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Deserialize;

use super::promise::{FormerOwner, owner_on};
use super::value::{Amount, Day, ManagerId, TeamId};

/// A training
/// 培训
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Training {
    /// Day it is planned for, or took place
    /// 培训日（计划或实际）
    #[schemars(extend("x-default" = "today"))]
    pub date: Day,
    /// Course
    /// 课程名称
    pub course: String,
    /// Kind of training
    /// 培训形式
    #[schemars(extend("x-default" = "internal"))]
    pub kind: TrainingKind,
    /// Subject, such as finance, systems, sales, compliance
    /// 培训主题（金融、系统、营销、合规等）
    pub subject: Option<String>,
    /// Hours
    /// 学时
    #[schemars(extend("minimum" = 0, "maximum" = 500, "x-expected" = 1))]
    pub hours: Option<Amount>,
    /// Whether it must be attended
    /// 是否必修
    #[serde(default)]
    pub mandatory: bool,
    /// Completed on; without a day, still planned or missed
    /// 完成日
    #[schemars(extend("x-past" = true, "x-there" = ["self"]))]
    pub done: Option<Day>,
    /// Score in the examination
    /// 考试成绩
    #[schemars(extend("minimum" = 0))]
    pub score: Option<Amount>,
    /// Whether it was passed
    /// 是否合格
    pub passed: Option<bool>,
    /// Cost
    /// 培训费用
    #[schemars(extend("minimum" = 0, "x-unit" = "money"))]
    pub cost: Option<Amount>,
    /// Indicator of the policy it should lift
    /// 拟提升的考核指标
    pub lifts: Option<String>,
}

/// Kind of training
/// 培训形式
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TrainingKind {
    /// Given by the bank
    /// 内部培训
    Internal,
    /// Given by others
    /// 外部培训
    External,
    /// Online
    /// 线上培训
    Online,
    /// Culture and conduct
    /// 企业文化培训
    Culture,
}

/// A certificate
/// 资格证书
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// Certificate
    /// 证书名称
    pub name: String,
    /// Number
    /// 证书编号
    #[schemars(extend("x-personal" = true))]
    pub number: Option<String>,
    /// Issued on
    /// 发证日
    #[schemars(extend("x-expected" = 1, "x-past" = true, "x-there" = ["self:stays"]))]
    pub issued: Option<Day>,
    /// Last day it is valid; without one, it does not expire
    /// 有效期至（不填为长期有效）
    #[schemars(extend("x-after" = "issued"))]
    pub expires: Option<Day>,
    /// Duties that may be done only with it
    /// 准许从事的业务
    #[serde(default)]
    pub permits: Vec<String>,
}

impl Certificate {
    /// Whether it permits anything on a day.
    pub fn is_valid_on(&self, day: NaiveDate) -> bool {
        let issued = self.issued.is_none_or(|issued| issued.0 <= day);
        issued && self.expires.is_none_or(|expires| expires.0 >= day)
    }
}

/// Where a manager wants to go and what is missing
/// 职业发展规划
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CareerPlan {
    /// Grade aimed at
    /// 目标职级
    pub goal_grade: Option<String>,
    /// Role aimed at
    /// 目标岗位
    pub goal_role: Option<String>,
    /// Aimed at for
    /// 预期达成日
    pub by: Option<Day>,
    /// How near the manager is
    /// 胜任准备度
    pub readiness: Option<Readiness>,
    /// What is missing
    /// 能力差距
    #[serde(default)]
    pub gaps: Vec<String>,
    /// Agreed with the supervisor on
    /// 与上级确认日
    #[schemars(extend("x-there" = ["self"]))]
    pub agreed: Option<Day>,
}

/// How near a manager is to the goal
/// 胜任准备度
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Readiness {
    /// Ready now
    /// 已具备条件
    Now,
    /// Ready within a year
    /// 一年内可具备
    WithinAYear,
    /// Ready later
    /// 尚需培养
    Later,
}

/// A talk about a manager's career
/// 职业发展面谈
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CareerTalk {
    /// Day of the talk
    /// 面谈日
    #[schemars(extend("x-default" = "today", "x-past" = true, "x-there" = ["self:came", "with"]))]
    pub date: Day,
    /// Who talked with the manager; by default the supervisor
    /// 面谈人（默认为直接上级）
    pub with: Option<ManagerId>,
    /// What was said and agreed
    /// 面谈纪要
    #[schemars(extend("x-expected" = 1))]
    pub summary: Option<String>,
    /// Manager agreed to what was written on
    /// 本人确认日
    #[schemars(extend("x-past" = true))]
    pub agreed: Option<Day>,
}

/// A grade a manager holds from a day on
/// 职级变动
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GradeChange {
    /// First day in the grade
    /// 生效日
    #[schemars(extend("x-there" = ["self"]))]
    pub from: Day,
    /// Grade
    /// 职级
    pub grade: String,
    /// Role from that day, where it changed too
    /// 自该日起的岗位类别（同时变动时填写）
    pub role: Option<String>,
    /// Team from that day, where it changed too
    /// 自该日起的所属团队（同时变动时填写）
    pub team: Option<TeamId>,
    /// Why
    /// 变动依据
    #[schemars(extend("x-expected" = 1))]
    pub reason: Option<String>,
    /// Why it departs from what the promotion rules gave
    /// 突破晋降规则的理由
    pub override_reason: Option<String>,
    /// Approved by
    /// 批准人
    #[schemars(extend("x-person" = true))]
    pub approved_by: Option<String>,
}

/// A proposal that a manager move to another grade
/// 职级晋降提议
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Proposal {
    /// Day of the proposal
    /// 提议日
    #[schemars(extend("x-default" = "today", "x-past" = true, "x-there" = ["self", "by"]))]
    pub date: Day,
    /// Grade proposed
    /// 拟任职级
    pub to: String,
    /// Manager who proposes; by default the supervisor
    /// 提议人（默认为直接上级）
    pub by: Option<ManagerId>,
    /// Grounds
    /// 提议理由
    pub reason: Option<String>,
    /// Decided on
    /// 审定日
    #[schemars(extend("x-after" = "date", "x-past" = true))]
    pub decided: Option<Day>,
    /// Decided by
    /// 审定人
    pub decided_by: Option<String>,
    /// What was decided
    /// 审定结果
    pub result: Option<ProposalResult>,
}

/// What was decided on a proposal
/// 审定结果
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ProposalResult {
    /// Approved
    /// 同意
    Approved,
    /// Put off
    /// 暂缓
    Deferred,
    /// Declined
    /// 不同意
    Declined,
}

/// Something a manager shared with colleagues
/// 知识分享
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sharing {
    /// Day it was shared
    /// 分享日
    #[schemars(extend("x-default" = "today", "x-past" = true, "x-there" = ["self"]))]
    pub date: Day,
    /// Topic
    /// 分享主题
    pub topic: String,
    /// How it was shared
    /// 分享形式
    pub form: Option<SharingForm>,
    /// People it reached
    /// 受众人数
    pub audience: Option<u32>,
    /// Hours
    /// 学时
    #[schemars(extend("minimum" = 0, "maximum" = 500))]
    pub hours: Option<Amount>,
}

/// How knowledge is shared
/// 分享形式
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SharingForm {
    /// A talk
    /// 专题讲授
    Talk,
    /// A case written up
    /// 案例编写
    Case,
    /// Coaching a colleague
    /// 导师带教
    Coaching,
}

/// An idea, tried against a baseline and then kept or stopped
/// 创新建议与试点（以基线衡量成效，到期决定推广或停止）
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Idea {
    /// Short id, unique in the record
    /// 编号
    pub id: String,
    /// Raised on
    /// 提出日
    #[schemars(extend("x-default" = "today", "x-past" = true, "x-there" = ["self", "owner:stays"]))]
    pub raised: Day,
    /// What is to be done in another way
    /// 建议内容
    pub what: String,
    /// Manager in charge; in a manager's record by default this manager
    /// 负责人
    #[schemars(extend("x-listed" = true))]
    pub owner: Option<ManagerId>,
    /// Trial started on
    /// 试点开始日
    #[schemars(extend("x-after" = "raised", "x-past" = true))]
    pub started: Option<Day>,
    /// What is measured, with its unit
    /// 衡量口径（含单位）
    #[schemars(extend("x-expected" = 1))]
    pub measures: Option<String>,
    /// Value before the trial
    /// 试点前基线值
    #[schemars(extend("x-expected" = 1))]
    pub baseline: Option<Amount>,
    /// Value measured after
    /// 试点后实测值
    #[schemars(extend("x-listed" = true))]
    pub measured: Option<Amount>,
    /// Day of that measurement
    /// 实测日
    #[schemars(extend("x-after" = ["raised", "started"], "x-past" = true))]
    pub measured_on: Option<Day>,
    /// Hours of work saved a month
    /// 每月节约工时
    #[schemars(extend("minimum" = 0, "x-listed" = true))]
    pub hours_saved: Option<Amount>,
    /// Day by which to keep or stop it
    /// 决定期限
    #[schemars(extend("x-expected" = 1, "x-after" = "raised"))]
    pub decide_by: Option<Day>,
    /// Decided on
    /// 决定日
    #[schemars(extend("x-after" = "raised", "x-past" = true))]
    pub decided: Option<Day>,
    /// What was decided
    /// 决定
    pub decision: Option<Decision>,
    /// Who was in charge before; what stands above is who is after the last of them
    /// 历任责任人（以上为末条之后的现任）
    #[serde(default)]
    #[schemars(extend("x-entry" = "idea-owner", "x-key" = ["until"], "x-order" = "until", "x-keeps" = "until"))]
    pub history: Vec<FormerOwner>,
}

impl Idea {
    /// The manager in charge on a day, where it says so.
    pub fn owner_on(&self, day: NaiveDate) -> Option<&ManagerId> {
        owner_on(&self.history, self.owner.as_ref(), day)
    }
}

/// What becomes of an idea
/// 创新建议处理决定
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// Kept
    /// 推广应用
    Keep,
    /// Stopped
    /// 停止
    Stop,
}
