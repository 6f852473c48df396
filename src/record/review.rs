//! The appraisal of one manager for one period: ratings, marks, talks, improvement, appeal, and what was closed.
//!
//! Its id is `PERIOD/MANAGER`. Anonymous ratings are counts and sums; nothing here tells who gave them. What `close` froze
//! stands in `scorecard`. A new section is one field below and its entry's type.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::kind::RecordKind;
use super::scorecard::{Closed, LedgerEntry};
use super::shape::{Field, Kind};
use super::value::{Amount, ClientId, Day, ManagerId, PolicyId};
use crate::period::Period;
use crate::text::Message;

/// The appraisal of a manager for a period
/// 绩效考核
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// Manager appraised
    /// 被考核人
    pub manager: ManagerId,
    /// Period appraised
    /// 考核期
    pub period: Period,
    /// Manager who appraises; by default the supervisor
    /// 考核人（默认为直接上级）
    #[schemars(extend("x-expected" = 1))]
    pub reviewer: Option<ManagerId>,
    /// Policy to be applied, where it is not the one in force for the manager
    /// 适用考核办法（不填按现行适用办法）
    pub policy: Option<PolicyId>,
    /// Points internal audit counts for the period, instead of those of its findings
    /// 内审认定的本期扣分（替代各项审计发现的扣分）
    pub audit_points: Option<Amount>,
    /// Strengths
    /// 主要优点
    #[serde(default)]
    #[schemars(extend("x-expected" = 1))]
    pub strengths: Vec<String>,
    /// What should improve
    /// 改进方向
    #[serde(default)]
    #[schemars(extend("x-expected" = 1))]
    pub improvements: Vec<String>,
    /// Published to the manager on
    /// 结果公布日
    #[schemars(extend("x-past" = true))]
    pub published: Option<Day>,
    /// Acknowledged by the manager on
    /// 本人确认日
    #[schemars(extend("x-after" = "published", "x-past" = true))]
    pub acknowledged: Option<Day>,
    /// Taken as acknowledged on, because the limit passed in silence
    /// 逾期未提异议视同确认日
    #[schemars(extend("x-after" = "published", "x-past" = true))]
    pub lapsed: Option<Day>,
    /// The manager's appeal
    /// 申诉
    pub appeal: Option<Appeal>,
    /// Plan to bring a low rating up
    /// 绩效改进计划
    pub improvement_plan: Option<ImprovementPlan>,
    /// Checkpoints of the improvement plan
    /// 绩效改进检查点
    #[serde(default)]
    #[schemars(extend("x-entry" = "checkpoint", "x-key" = ["due", "what"], "x-order" = "due"))]
    pub checkpoints: Vec<Checkpoint>,
    /// Ratings with their rater's name
    /// 记名评价
    #[serde(default)]
    #[schemars(extend("x-entry" = "rating", "x-key" = ["group", "by", "client", "item"], "x-order" = "date"))]
    pub ratings: Vec<Rating>,
    /// Anonymous ratings, as counts and sums
    /// 匿名评价（仅存份数与合计）
    #[serde(default)]
    #[schemars(extend("x-entry" = "anonymous-rating", "x-key" = ["group", "item"]))]
    pub anonymous: Vec<AnonymousRating>,
    /// Marks given by hand
    /// 人工评分
    #[serde(default)]
    #[schemars(extend("x-entry" = "mark", "x-key" = ["indicator"]))]
    pub marks: Vec<Mark>,
    /// Talks about the result
    /// 绩效反馈面谈
    #[serde(default)]
    #[schemars(extend("x-entry" = "feedback-talk", "x-key" = ["date"], "x-order" = "date"))]
    pub talks: Vec<FeedbackTalk>,
    /// Changes after the period was closed
    /// 结果更正记录
    #[serde(default)]
    #[schemars(extend("x-entry" = "amendment", "x-key" = ["date", "field", "n"], "x-order" = "date"))]
    pub amendments: Vec<Amendment>,
    /// What the manager was told of a closed result and was taken back
    /// 撤回登记（封存结果的公布、确认或申诉）
    #[serde(default)]
    #[schemars(extend("x-entry" = "withdrawal", "x-key" = ["what", "was"], "x-order" = "date"))]
    pub withdrawals: Vec<Withdrawal>,
    /// Pay ledger, with what was held back, advanced, released, clawed back and returned
    /// 绩效薪酬台账（暂扣、预发、兑付、追索扣回、退还）
    #[serde(default)]
    #[schemars(extend("x-entry" = "ledger", "x-key" = ["date", "kind", "case", "line", "scheme", "due"], "x-order" = "date"))]
    pub ledger: Vec<LedgerEntry>,
    /// Frozen scorecards by scheme, written by `close`
    /// 已封存的考核结果（按考核方案，由 close 写入）
    #[serde(default)]
    #[schemars(extend("x-each" = ["Scheme", "考核方案"]))]
    pub closed: BTreeMap<String, Closed>,
}

impl Review {
    /// The days on which the manager came to know the result, published, acknowledged and taken as acknowledged, with their keys.
    pub fn told(&self) -> impl Iterator<Item = (&'static str, Day)> {
        let days =
            [("published", self.published), ("acknowledged", self.acknowledged), ("lapsed", self.lapsed)];
        days.into_iter().filter_map(|(key, day)| Some((key, day?)))
    }

    /// What a closed result stands on that only a withdrawal takes away, with the day of each: publishing, acknowledging, and an appeal
    /// that was decided.
    pub fn bound(&self) -> impl Iterator<Item = (ToldOf, Day)> {
        let decided = self.appeal.as_ref().filter(|appeal| appeal.decided.is_some());
        let days = [
            (ToldOf::Published, self.published),
            (ToldOf::Acknowledged, self.acknowledged),
            (ToldOf::Lapsed, self.lapsed),
            (ToldOf::Appeal, decided.map(|appeal| appeal.date)),
        ];
        days.into_iter().filter_map(|(what, day)| Some((what, day?)))
    }

    /// The first amendment made when the manager knew the result, of which nothing says so any more, and no withdrawal why.
    pub fn untold(&self) -> Option<(usize, Day)> {
        let told = self.amendments.iter().enumerate().filter_map(|(index, it)| Some((index, it.told?)));
        let is_said = |since: Day| {
            let withdrawn = self.withdrawals.iter().map(|withdrawn| withdrawn.was);
            self.told().map(|(_, day)| day).chain(withdrawn).any(|day| day <= since)
        };
        told.into_iter().find(|(_, since)| !is_said(*since))
    }

    /// Whether somebody is to look at the improvement plan again: by its last day, or at a checkpoint. One that nobody is to look at
    /// answers no low rating.
    pub fn is_plan_followed(&self) -> bool {
        let plan = self.improvement_plan.as_ref();
        plan.is_some_and(|plan| plan.until.is_some() || !self.checkpoints.is_empty())
    }
}

/// A rating by somebody named
/// 记名评价
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rating {
    /// Group of raters
    /// 评价主体
    pub group: RaterGroup,
    /// Manager who rates
    /// 评价人
    pub by: Option<ManagerId>,
    /// Client who rates
    /// 评价客户
    pub client: Option<ClientId>,
    /// Item rated; without one, the whole
    /// 评价项目（不填为总体评价）
    pub item: Option<String>,
    /// Score
    /// 评分
    #[schemars(extend("minimum" = 0))]
    pub score: Amount,
    /// Day of the rating
    /// 评价日
    #[schemars(extend("x-default" = "today", "x-past" = true, "x-there" = ["self:came", "by"]))]
    pub date: Option<Day>,
    /// Reason
    /// 评价理由
    pub reason: Option<String>,
}

/// Group of raters
/// 评价主体
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
    JsonSchema,
    strum::IntoStaticStr,
    strum::EnumString,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum RaterGroup {
    /// Supervisors
    /// 上级评价
    Superior,
    /// Colleagues
    /// 同级评价
    Peer,
    /// The manager
    /// 自我评价
    #[serde(rename = "self")]
    #[strum(serialize = "self")]
    Oneself,
    /// Clients
    /// 客户评价
    Client,
    /// Subordinates
    /// 下级评价
    Subordinate,
}

impl RaterGroup {
    /// Its word in a record.
    pub fn word(self) -> &'static str {
        self.into()
    }

    /// What it is called: the words of its definition.
    pub fn title(self) -> Message {
        let ratings = RecordKind::Review.shape().field("ratings").and_then(Field::entries);
        let choices = match ratings.and_then(|rating| rating.field("group")).map(|field| &field.kind) {
            Some(Kind::Choice(choices)) => choices.as_slice(),
            _ => &[],
        };
        let choice = choices.iter().find(|choice| choice.name == self.word());
        choice.map_or_else(|| Message::verbatim(self.word()), |choice| choice.doc.text().into())
    }
}

/// Anonymous ratings of one group for one item, as their number and sum
/// 匿名评价（按主体与项目汇总）
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnonymousRating {
    /// Group of raters
    /// 评价主体
    pub group: RaterGroup,
    /// Item rated; without one, the whole
    /// 评价项目（不填为总体评价）
    pub item: Option<String>,
    /// Number of ratings
    /// 份数
    pub n: u32,
    /// Sum of the scores
    /// 合计分
    #[schemars(extend("minimum" = 0))]
    pub sum: Amount,
}

/// A mark given by hand
/// 人工评分
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    /// Indicator of the policy
    /// 考核指标
    pub indicator: String,
    /// Points given
    /// 得分
    pub points: Amount,
    /// Why
    /// 评分理由
    pub reason: String,
    /// Who gave it; by default the reviewer
    /// 评分人（默认为考核人）
    pub by: Option<ManagerId>,
    /// Day it was given
    /// 评分日
    #[schemars(extend("x-default" = "today", "x-past" = true, "x-there" = ["by"]))]
    pub date: Option<Day>,
}

/// A talk about the result
/// 绩效反馈面谈
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FeedbackTalk {
    /// Day of the talk
    /// 面谈日
    #[schemars(extend("x-default" = "today", "x-past" = true, "x-there" = ["self:came", "by"]))]
    pub date: Day,
    /// Who talked with the manager; by default the reviewer
    /// 面谈人（默认为考核人）
    pub by: Option<ManagerId>,
    /// What was said and agreed
    /// 面谈纪要
    #[schemars(extend("x-expected" = 2))]
    pub summary: Option<String>,
}

/// A plan to bring a low rating up
/// 绩效改进计划
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImprovementPlan {
    /// First day
    /// 开始日
    #[schemars(extend("x-there" = ["self"]))]
    pub start: Day,
    /// Last day
    /// 截止日
    #[schemars(extend("x-expected" = 1, "x-after" = "start"))]
    pub until: Option<Day>,
    /// Goals
    /// 改进目标
    #[serde(default)]
    #[schemars(extend("x-expected" = 2))]
    pub goals: Vec<String>,
    /// Ended on
    /// 结束日
    #[schemars(extend("x-after" = "start", "x-past" = true))]
    pub ended: Option<Day>,
    /// What came of it
    /// 改进结果
    pub result: Option<PlanResult>,
}

/// What came of an improvement plan
/// 改进结果
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PlanResult {
    /// Goals met
    /// 达标
    Passed,
    /// Extended
    /// 延期
    Extended,
    /// Goals not met
    /// 未达标
    Failed,
}

/// A checkpoint of an improvement plan
/// 绩效改进检查点
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Checkpoint {
    /// Day it is due
    /// 检查日
    pub due: Day,
    /// What should be reached
    /// 阶段目标
    pub what: String,
    /// Looked at on
    /// 实际检查日
    #[schemars(extend("x-past" = true))]
    pub checked: Option<Day>,
    /// Whether it was reached
    /// 是否达成
    pub met: Option<bool>,
}

/// An appeal against the result
/// 考核申诉
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Appeal {
    /// Day of the appeal
    /// 申诉日
    #[schemars(extend("x-past" = true, "x-there" = ["self:came"]))]
    pub date: Day,
    /// Grounds
    /// 申诉理由
    pub reason: String,
    /// Decided on
    /// 裁定日
    #[schemars(extend("x-after" = "date", "x-past" = true, "x-there" = ["by"]))]
    pub decided: Option<Day>,
    /// Who decided; never the reviewer
    /// 裁定人（不得为考核人）
    pub by: Option<ManagerId>,
    /// Whether it was upheld
    /// 申诉是否成立
    pub upheld: Option<bool>,
    /// What was decided
    /// 裁定意见
    pub decision: Option<String>,
    /// Later period in whose result it is corrected, where what was closed stands
    /// 并入更正的以后考核期（封存结果不变时填写）
    pub corrected_in: Option<Period>,
}

/// A change after the period was closed
/// 结果更正
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Amendment {
    /// Day of the change
    /// 更正日
    #[schemars(extend("x-default" = "today", "x-past" = true))]
    pub date: Day,
    /// What was changed of what was closed: an item (`deposits`, `deposits.target`), `total`, `rating`, `grade`, `pay.LINE`,
    /// `pay_total` or `deferral` (`2027 0.36, 2028 0.36`); it changes exactly this
    /// 更正字段（指标 `deposits`、`deposits.target`，`total`、`rating`、`grade`、`pay.薪酬项目`、`pay_total` 或 `deferral`，如 `2027 0.36, 2028 0.36`；仅更正该字段）
    pub field: String,
    /// Number of the amendment where one field was amended several times on one day
    /// 序号（同日同字段第几次更正）
    pub n: Option<u32>,
    /// Value before, as it was closed
    /// 更正前（封存值）
    #[schemars(extend("x-listed" = true))]
    pub from: Option<String>,
    /// Value after; `-` for none, and without one the amendment changes nothing
    /// 更正后（`-` 表示无；不填则更正不生效）
    #[schemars(extend("x-listed" = true))]
    pub to: Option<String>,
    /// What the records give by now, where they were mended and what was closed is to stand all the same; `-` for nothing. As soon
    /// as they give something else, that is found
    /// 现有记录所得值（记录已更正而封存结果维持不变时填写，`-` 表示无）；记录所得再有变化时予以提示
    #[schemars(extend("x-listed" = true))]
    pub gives: Option<String>,
    /// Why
    /// 更正原因
    pub why: String,
    /// Who changed it
    /// 更正人
    #[schemars(extend("x-person" = true))]
    pub who: String,
    /// Approved by, somebody other than who changed it
    /// 批准人（不得为更正人）
    #[schemars(extend("x-person" = true))]
    pub approved_by: String,
    /// Day since which the manager knew the result when it was amended, written by `close`
    /// 更正时结果已告知本人之日（由 close 写入）
    pub told: Option<Day>,
}

/// Something the manager was told of a closed result, or said to it, that was taken back
/// 撤回（已公布、确认或申诉的内容）
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Withdrawal {
    /// Day it was taken back
    /// 撤回日
    #[schemars(extend("x-default" = "today", "x-past" = true))]
    pub date: Day,
    /// What was taken back
    /// 撤回内容
    pub what: ToldOf,
    /// Day that stood there: when it was published, acknowledged or appealed
    /// 原日期（公布日、确认日或申诉日）
    #[schemars(extend("x-past" = true))]
    pub was: Day,
    /// Why
    /// 撤回原因
    pub why: String,
    /// Who took it back
    /// 撤回人
    #[schemars(extend("x-person" = true))]
    pub who: String,
    /// Approved by, somebody other than who took it back
    /// 批准人（不得为撤回人）
    #[schemars(extend("x-person" = true))]
    pub approved_by: String,
}

/// What a manager is told of a closed result, or says to it
/// 告知与答复
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema, strum::IntoStaticStr,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum ToldOf {
    /// That it was published
    /// 公布
    Published,
    /// That it was acknowledged
    /// 本人确认
    Acknowledged,
    /// That it was taken as acknowledged
    /// 逾期视同确认
    Lapsed,
    /// An appeal that was decided
    /// 已裁定的申诉
    Appeal,
}

impl ToldOf {
    /// Its word in a record, which is the key it is about.
    pub fn word(self) -> &'static str {
        self.into()
    }
}

#[cfg(test)]
mod tests {
    use super::super::scorecard::LedgerKind;
    use super::*;
    use crate::text::Lang;

    const OCTOBER: &str = include_str!("samples/review.toml");

    #[test]
    fn a_full_record_reads_section_by_section() {
        let review: Review = toml::from_str(OCTOBER).unwrap();
        assert_eq!((&*review.manager, review.period.to_string()), ("wang-fang", "2026-10".to_owned()));
        assert_eq!(review.ratings[1].group, RaterGroup::Oneself);
        assert_eq!(review.ratings[2].client.as_deref(), Some("huadong-precision"));
        assert_eq!((review.anonymous[0].n, review.anonymous[0].sum.0.to_string()), (4, "352".to_owned()));
        assert_eq!(review.marks[0].indicator, "culture");
        assert_eq!(review.checkpoints[0].met, Some(true));
        assert_eq!(review.improvement_plan.as_ref().unwrap().result, None);
        assert_eq!(review.appeal.as_ref().unwrap().upheld, Some(false));
        assert_eq!(review.amendments[0].approved_by, "分行人力资源部");
    }

    #[test]
    fn what_was_closed_stands_by_scheme_with_its_pay() {
        let review: Review = toml::from_str(OCTOBER).unwrap();
        let closed = &review.closed["scorecard"];
        assert_eq!(closed.total.unwrap().0.to_string(), "92.50");
        let deposits = &closed.indicators["deposits"];
        assert_eq!(deposits.points.unwrap().0.to_string(), "19.80");
        assert_eq!(closed.pay["deposit_increment"].0.to_string(), "2.69");
        let parts = closed.deferral.iter().map(|part| part.amount.0);
        assert_eq!(parts.sum::<rust_decimal::Decimal>().to_string(), "1.0760");
        assert_eq!(review.ledger[1].kind, LedgerKind::Return);
        assert_eq!(review.ledger[1].case, review.ledger[0].case);
    }

    #[test]
    fn a_group_of_raters_goes_by_the_words_of_its_definition() {
        let title = RaterGroup::Peer.title();
        assert_eq!((title.get(Lang::En), title.get(Lang::Zh)), ("Colleagues".into(), "同级评价".into()));
        assert_eq!(RaterGroup::Oneself.title().get(Lang::Zh), "自我评价");
    }
}
