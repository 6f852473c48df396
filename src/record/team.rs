//! A team: its lead, what it should and did achieve together, its meetings, plans and decisions.
//!
//! Its members are the managers whose `team` it is. What one person did stands in the manager's record. A new section is
//! one field below and its entry's type; surveys stand in `survey`.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::development::Idea;
use super::figure::Targets;
use super::history::then;
use super::manager::TargetChange;
use super::promise::{Action, FormerOwner, owner_on};
use super::risk::Risk;
use super::survey::{Pulse, Survey};
use super::value::{Amount, ClientId, Day, ManagerId, Quantity, Year};
use crate::period::Period;

/// A team of relationship managers
/// 团队
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Team {
    /// Name
    /// 团队名称
    #[schemars(extend("x-uncounted" = true))]
    pub name: String,
    /// Branch
    /// 所属机构
    #[schemars(extend("x-expected" = 1))]
    pub branch: Option<String>,
    /// Manager who leads it
    /// 团队负责人
    #[schemars(extend("x-expected" = 3))]
    pub lead: Option<ManagerId>,
    /// Who led it before; what stands above is who leads it after the last of them
    /// 历任负责人（以上为末条之后的现任）
    #[serde(default)]
    #[schemars(extend("x-entry" = "former-lead", "x-key" = ["until"], "x-order" = "until", "x-keeps" = "until"))]
    pub history: Vec<FormerLead>,
    /// The team works since; without it, since somebody was first in it
    /// 团队成立日（不填则自首位成员加入团队起计）
    pub since: Option<Day>,
    /// Kinds of meeting it holds regularly, where other than the settings say
    /// 本团队定期召开的会议类型（与设置不同时填写）
    pub meets: Option<Vec<MeetingKind>>,
    /// Ids it had before, by which closed periods know it; written by `rename`
    /// 曾用编号（已封存期间据此识别，由 rename 写入）
    #[serde(default)]
    pub former_ids: Vec<String>,
    /// Remarks
    /// 备注
    #[schemars(extend("x-uncounted" = true))]
    pub note: Option<String>,
    /// Targets by period, a line each
    /// 考核目标
    #[serde(default)]
    pub targets: Targets,
    /// Figures no client carries, by period, a line each
    /// 非客户口径业绩
    #[serde(default)]
    pub actuals: Targets,
    /// Changes of targets after they were set
    /// 目标调整记录
    #[serde(default)]
    #[schemars(extend("x-entry" = "target-change", "x-key" = ["date", "period", "measure"], "x-order" = "date"))]
    pub target_changes: Vec<TargetChange>,
    /// Meetings
    /// 会议记录
    #[serde(default)]
    #[schemars(extend("x-entry" = "meeting", "x-key" = ["date", "kind"], "x-order" = "date"))]
    pub meetings: Vec<Meeting>,
    /// Budget for team activities, by year
    /// 团队活动经费预算（按年度）
    #[serde(default)]
    #[schemars(extend("x-unit" = "money"))]
    pub event_budget: BTreeMap<Year, Amount>,
    /// Team activities
    /// 团队活动
    #[serde(default)]
    #[schemars(extend("x-entry" = "event", "x-key" = ["date", "name"], "x-order" = "date"))]
    pub events: Vec<Event>,
    /// Staff satisfaction surveys, as counts
    /// 员工满意度调查（仅存汇总数）
    #[serde(default)]
    #[schemars(extend("x-entry" = "survey", "x-key" = ["date"], "x-order" = "date"))]
    pub surveys: Vec<Survey>,
    /// Wellbeing pulses, as counts
    /// 身心关怀问卷（仅存汇总数）
    #[serde(default)]
    #[schemars(extend("x-entry" = "pulse", "x-key" = ["date"], "x-order" = "date"))]
    pub pulses: Vec<Pulse>,
    /// Contingency plans
    /// 应急预案
    #[serde(default)]
    #[schemars(extend("x-entry" = "contingency", "x-key" = ["id"], "x-order" = "approved"))]
    pub contingencies: Vec<Contingency>,
    /// Drills of the contingency plans
    /// 应急演练
    #[serde(default)]
    #[schemars(extend("x-entry" = "drill", "x-key" = ["date", "plan"], "x-order" = "date"))]
    pub drills: Vec<Drill>,
    /// Decisions taken on figures
    /// 数据决策记录
    #[serde(default)]
    #[schemars(extend("x-entry" = "decision", "x-key" = ["id"], "x-order" = "decided"))]
    pub decisions: Vec<Decision>,
    /// Identified risks that concern no client: market, operational
    /// 风险事项（市场、操作，不涉及具体客户）
    #[serde(default)]
    #[schemars(extend("x-entry" = "risk", "x-key" = ["id"], "x-order" = "identified"))]
    pub risks: Vec<Risk>,
    /// Ideas tried by the team
    /// 创新试点
    #[serde(default)]
    #[schemars(extend("x-entry" = "pilot", "x-key" = ["id"], "x-order" = "raised"))]
    pub pilots: Vec<Idea>,
}

impl Team {
    /// Whether a later survey is of the same round: of several records of one only the last is ever looked at, as two that differ
    /// by a few answers would tell these.
    pub fn has_later_record_of(&self, survey: &Survey) -> bool {
        self.surveys.iter().any(|other| other.date > survey.date && other.is_of_round(survey))
    }

    /// Who led it on a day.
    pub fn lead_on(&self, day: NaiveDate) -> Option<&ManagerId> {
        let then = then(&self.history, day, |former| former.until, |former| former.lead.as_ref());
        then.map_or(self.lead.as_ref(), |(_, then)| Some(then))
    }

    /// Who answers for the actions of a meeting that name nobody: who chaired it, else who led the team on its day.
    pub fn answers_for<'t>(&'t self, meeting: &'t Meeting) -> Option<&'t ManagerId> {
        meeting.chair.as_ref().or_else(|| self.lead_on(meeting.date.0))
    }

    /// Whether a manager was at a meeting: named there, or its lead where nobody else is in the chair and the lead not absent.
    pub fn met(&self, meeting: &Meeting, manager: &str) -> bool {
        let chaired = || self.answers_for(meeting).is_some_and(|chair| **chair == *manager);
        meeting.names(manager) || !meeting.absent.contains_key(manager) && chaired()
    }

    /// Everybody who leads or led it.
    pub fn leads(&self) -> impl Iterator<Item = &ManagerId> {
        self.lead.iter().chain(self.history.iter().filter_map(|former| former.lead.as_ref()))
    }
}

/// Who led a team up to a day
/// 团队原负责人
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FormerLead {
    /// Last day it was led so; one to come says that who stands above leads it from the day after it
    /// 截至日（晚于今日的，现任自次日起任职）
    pub until: Day,
    /// Manager who led it
    /// 团队负责人
    pub lead: Option<ManagerId>,
}

/// A meeting
/// 会议
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Meeting {
    /// Day of the meeting
    /// 会议日
    #[schemars(extend("x-default" = "today", "x-past" = true, "x-begins" = true))]
    pub date: Day,
    /// Kind of meeting
    /// 会议类型
    #[schemars(extend("x-default" = "weekly"))]
    pub kind: MeetingKind,
    /// Manager in the chair; by default the team's lead
    /// 主持人（默认为团队负责人）
    pub chair: Option<ManagerId>,
    /// Managers who attended; whoever is in the chair need not be named
    /// 参会人员（主持人无须列入）
    #[serde(default)]
    #[schemars(extend("x-expected" = 2))]
    pub attendees: Vec<ManagerId>,
    /// Managers who were absent, and why
    /// 缺席人员及原因
    #[serde(default)]
    #[schemars(extend("x-key-ref" = "manager"))]
    pub absent: BTreeMap<ManagerId, String>,
    /// What was said and decided
    /// 会议纪要
    #[schemars(extend("x-expected" = 2))]
    pub minutes: Option<String>,
    /// What follows
    /// 会议议定事项
    #[serde(default)]
    #[schemars(extend("x-entry" = "action", "x-key" = ["what"]))]
    pub actions: Vec<Action>,
}

impl Meeting {
    /// Whether a manager is said to have been there: among those who attended, or in the chair.
    pub fn names(&self, manager: &str) -> bool {
        self.attendees.iter().chain(&self.chair).any(|who| **who == *manager)
    }
}

/// Kind of meeting
/// 会议类型
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Deserialize,
    Serialize,
    JsonSchema,
    strum::Display,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum MeetingKind {
    /// Weekly meeting
    /// 周例会
    Weekly,
    /// Monthly meeting
    /// 月度例会
    Monthly,
    /// Quarterly meeting
    /// 季度经营分析会
    Quarterly,
    /// Meeting on one matter
    /// 专题会议
    Special,
}

impl MeetingKind {
    /// Whether a meeting of this kind is one of `kind` too: who meets for the month has met in that week.
    pub fn stands_for(self, kind: Self) -> bool {
        self == kind || self != Self::Special && kind != Self::Special && self > kind
    }
}

/// A team activity
/// 团队活动
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Day of the activity
    /// 活动日
    #[schemars(extend("x-default" = "today"))]
    pub date: Day,
    /// Name
    /// 活动名称
    pub name: String,
    /// Kind of activity
    /// 活动类型
    #[schemars(extend("x-default" = "team-building"))]
    pub kind: EventKind,
    /// Budget
    /// 预算
    #[schemars(extend("minimum" = 0, "x-unit" = "money"))]
    pub budget: Option<Amount>,
    /// Cost
    /// 实际费用
    #[schemars(extend("minimum" = 0, "x-unit" = "money", "x-expected" = 1))]
    pub cost: Option<Amount>,
    /// Managers who took part
    /// 参加人员
    #[serde(default)]
    #[schemars(extend("x-expected" = 1))]
    pub participants: Vec<ManagerId>,
}

/// Kind of activity
/// 活动类型
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EventKind {
    /// Team building
    /// 团队建设
    TeamBuilding,
    /// Sports and culture
    /// 文体活动
    Sports,
    /// Learning together
    /// 学习交流
    Learning,
    /// Voluntary work
    /// 公益活动
    Volunteering,
    /// Any other activity
    /// 其他活动
    Other,
}

/// A plan for an emergency
/// 应急预案
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Contingency {
    /// Short id, unique in the team
    /// 预案编号
    pub id: String,
    /// What it prepares for
    /// 适用情形
    pub scenario: Scenario,
    /// Manager in charge
    /// 责任人
    pub owner: ManagerId,
    /// Approved on
    /// 批准日
    #[schemars(extend("x-expected" = 1, "x-past" = true))]
    pub approved: Option<Day>,
    /// Updated last on
    /// 最近修订日
    #[schemars(extend("x-after" = "approved", "x-past" = true))]
    pub updated: Option<Day>,
    /// Manager whose leaving it prepares for
    /// 预案所涉客户经理
    pub manager: Option<ManagerId>,
    /// Clients it covers
    /// 覆盖客户
    #[serde(default)]
    pub covers: Vec<ClientId>,
    /// What is done, step by step
    /// 处置步骤
    #[serde(default)]
    #[schemars(extend("x-expected" = 2))]
    pub steps: Vec<String>,
    /// Contact sheet: people to be told, in this order
    /// 应急联系人（按通知顺序）
    #[serde(default)]
    #[schemars(extend("x-entry" = "emergency-contact", "x-key" = ["name"], "x-expected" = 1))]
    pub contacts: Vec<EmergencyContact>,
    /// Who was in charge before; what stands above is who is after the last of them
    /// 历任责任人（以上为末条之后的现任）
    #[serde(default)]
    #[schemars(extend("x-entry" = "plan-owner", "x-key" = ["until"], "x-order" = "until", "x-keeps" = "until"))]
    pub history: Vec<FormerOwner>,
}

/// What a contingency plan prepares for
/// 应急情形
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Scenario {
    /// A manager leaves suddenly
    /// 客户经理突然离职
    ManagerLeaves,
    /// A client defaults
    /// 客户违约
    ClientDefault,
    /// A top depositor withdraws
    /// 大额存款流失
    DepositRunOff,
    /// A system fails
    /// 系统中断
    SystemOutage,
    /// A complaint escalates or reaches the media
    /// 投诉升级及舆情
    ComplaintOrMedia,
    /// Any other emergency
    /// 其他突发事件
    Other,
}

/// Somebody to be told in an emergency
/// 应急联系人
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EmergencyContact {
    /// Name
    /// 姓名
    #[schemars(extend("x-personal" = true))]
    pub name: String,
    /// Role
    /// 职务
    pub role: Option<String>,
    /// Telephone number
    /// 电话
    #[schemars(extend("x-personal" = true, "x-expected" = 1))]
    pub phone: Option<String>,
}

/// A drill of a contingency plan
/// 应急演练
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Drill {
    /// Day of the drill
    /// 演练日
    #[schemars(extend("x-default" = "today", "x-past" = true))]
    pub date: Day,
    /// Plan that was drilled
    /// 所演练预案
    pub plan: String,
    /// Managers who took part
    /// 参演人员
    #[serde(default)]
    pub participants: Vec<ManagerId>,
    /// Whether the plan held
    /// 是否达到预期
    pub passed: Option<bool>,
    /// What was found
    /// 演练发现
    #[schemars(extend("x-expected" = 1))]
    pub findings: Option<String>,
}

impl Contingency {
    /// The manager in charge on a day.
    pub fn owner_on(&self, day: NaiveDate) -> &ManagerId {
        owner_on(&self.history, None, day).unwrap_or(&self.owner)
    }

    /// The day the plan was last approved or updated, as seen on `on`.
    pub fn dated(&self, on: NaiveDate) -> Option<Day> {
        [self.approved, self.updated].into_iter().flatten().filter(|day| day.0 <= on).max()
    }
}

impl Drill {
    /// Whether the plan held in it, as far as anybody says; one that failed must be repeated.
    pub fn counts(&self) -> bool {
        self.passed != Some(false)
    }
}

/// A decision, the figures it was taken on, and what it should bring
/// 数据决策（依据、选择与预期）
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// Short id, unique in the team
    /// 决策编号
    pub id: String,
    /// Question to be decided
    /// 决策事项
    pub question: String,
    /// Decided on
    /// 决策日
    #[schemars(extend("x-default" = "today", "x-past" = true, "x-there" = ["by"]))]
    pub decided: Day,
    /// Manager who decided; by default the team's lead
    /// 决策人（默认为团队负责人）
    pub by: Option<ManagerId>,
    /// What was chosen
    /// 决策结论
    pub choice: String,
    /// Figures it was taken on, by name
    /// 决策依据数据
    #[serde(default)]
    #[schemars(extend("x-expected" = 1))]
    pub figures: BTreeMap<String, Quantity>,
    /// Git revision of the book those figures come from; `add` writes the commit that a branch, a tag or HEAD means
    /// 依据数据所在的台账版本（add 将分支、标签、HEAD 换成所指提交）
    pub revision: Option<String>,
    /// Metric that will show whether it was right, such as `deposits.average`
    /// 检验指标
    #[schemars(extend("x-expected" = 1))]
    pub metric: Option<String>,
    /// Period over which that metric is looked at
    /// 检验期间
    pub period: Option<Period>,
    /// Value expected of that metric, in the metric's own unit; of one in percent `98%` or 0.98
    /// 预期值（按指标单位，百分比指标填 98% 或 0.98）
    #[schemars(extend("x-expected" = 1))]
    pub expected: Option<Quantity>,
    /// Day by which it is looked at again
    /// 应复盘日
    #[schemars(extend("x-expected" = 1, "x-after" = "decided"))]
    pub review: Option<Day>,
    /// Looked at again on
    /// 复盘日
    #[schemars(extend("x-after" = "decided", "x-past" = true))]
    pub reviewed: Option<Day>,
    /// What came of it
    /// 复盘结论
    pub outcome: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    const CORPORATE_1: &str = include_str!("samples/team.toml");

    #[test]
    fn a_full_record_reads_section_by_section() {
        let team: Team = toml::from_str(CORPORATE_1).unwrap();
        assert_eq!(team.lead.as_deref(), Some("zhao-min"));
        let meeting = &team.meetings[0];
        assert_eq!(meeting.kind, MeetingKind::Weekly);
        assert_eq!(meeting.absent["chen-jie"], "外出走访客户");
        assert_eq!(meeting.actions[0].slipped.len(), 1);
        assert_eq!(team.event_budget[&Year(2026)].0.to_string(), "3.6");
        assert_eq!(team.events[0].kind, EventKind::Sports);
        let item = team.surveys[0].items["工作负荷合理"];
        assert_eq!((item.n, item.sum.0.to_string()), (9, "31".to_owned()));
        assert_eq!(team.surveys[0].enps.unwrap().promoters, 4);
        assert_eq!(team.pulses[0].answers(), 11);
        assert_eq!(team.contingencies[0].scenario, Scenario::ManagerLeaves);
        assert_eq!(team.drills[0].plan, team.contingencies[0].id);
        assert_eq!(team.decisions[0].expected.unwrap().0.to_string(), "47500");
        assert_eq!(team.risks[0].likelihood.0, 3);
        assert_eq!(team.pilots[0].decided, None);
    }

    #[test]
    fn a_scenario_outside_the_list_is_refused() {
        let plan = "name = 'x'\n[[contingencies]]\nid = 'a'\nowner = 'li-na'\nscenario = ";
        assert!(toml::from_str::<Team>(&format!("{plan}'client-default'")).is_ok());
        assert!(toml::from_str::<Team>(&format!("{plan}'earthquake'")).is_err());
    }
}
