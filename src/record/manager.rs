//! A relationship manager: who it is, what it should and did achieve, and everything it did that concerns no client.
//!
//! What concerns a client stands in the client's record, what a team did in the team's, the appraisal of a period in the
//! review's. No health data about a person has a place here. A new section is one field below and its entry's type,
//! which stands in `development`, `conduct` or `workplace`.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Deserialize;

use super::client::Request;
use super::conduct::{AuditFinding, Declaration, Recognition, UpwardReport};
use super::development::{
    CareerPlan, CareerTalk, Certificate, GradeChange, Idea, Proposal, Sharing, Training,
};
use super::figure::Targets;
use super::history::then;
use super::promise::Action;
use super::risk::Level5;
use super::value::{Amount, Day, ManagerId, MeasureId, TeamId, Year};
use super::workplace::{Access, Asset, Leave, LeaveKind};
use crate::period::{Month, Period};

/// A relationship manager
/// 客户经理
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Manager {
    /// Name
    /// 姓名
    #[schemars(extend("x-uncounted" = true))]
    pub name: String,
    /// Employee number
    /// 工号
    #[schemars(extend("x-uncounted" = true))]
    pub employee_number: Option<String>,
    /// Branch
    /// 所属机构
    #[schemars(extend("x-expected" = 1))]
    pub branch: Option<String>,
    /// Team
    /// 所属团队
    #[schemars(extend("x-expected" = 3, "x-expected-of" = ["member"]))]
    pub team: Option<TeamId>,
    /// Supervisor this manager reports to
    /// 直接上级
    #[schemars(extend("x-expected" = 2, "x-expected-of" = ["member"]))]
    pub reports_to: Option<ManagerId>,
    /// Grade, in the words of the policies
    /// 职级
    #[schemars(extend("x-expected" = 2))]
    pub grade: Option<String>,
    /// In this grade since
    /// 现职级起始日
    #[schemars(extend("x-after" = "joined", "x-since" = "grade"))]
    pub grade_since: Option<Day>,
    /// Role, in the words of the policies, such as `township`
    /// 岗位类别（与考核办法用语一致）
    pub role: Option<String>,
    /// Whether the post decides on risk, so that pay must be deferred
    /// 是否属风险岗位（对风险有重要影响，绩效薪酬须延期支付）
    #[serde(default)]
    pub risk_taker: bool,
    /// How the post stood before; what stands above is how it stands after the last of them
    /// 岗位历史状态（以上为末条之后的现状）
    #[serde(default)]
    #[schemars(extend("x-entry" = "post", "x-key" = ["until"], "x-order" = "until", "x-keeps" = "until"))]
    pub history: Vec<Post>,
    /// Joined on
    /// 入职日
    #[schemars(extend("x-expected" = 2, "x-begins" = true))]
    pub joined: Option<Day>,
    /// Left on
    /// 离职日
    #[schemars(extend("x-after" = "joined", "x-ends" = true))]
    pub left: Option<Day>,
    /// Whether the manager is at work
    /// 在岗状态
    #[serde(default)]
    #[schemars(extend("x-default" = "active"))]
    pub status: Status,
    /// Id in the system it was imported from
    /// 来源系统编号
    #[schemars(extend("x-uncounted" = true))]
    pub source: Option<String>,
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
    /// Skills and their level, 1 (knows of it) to 5 (teaches it)
    /// 技能评级（1–5）
    #[serde(default)]
    pub skills: BTreeMap<String, Level5>,
    /// Trainings planned and done
    /// 培训记录
    #[serde(default)]
    #[schemars(extend("x-entry" = "training", "x-key" = ["date", "course"], "x-order" = "date"))]
    pub trainings: Vec<Training>,
    /// Certificates
    /// 资格证书
    #[serde(default)]
    #[schemars(extend("x-entry" = "certificate", "x-key" = ["name", "issued"], "x-order" = "issued"))]
    pub certificates: Vec<Certificate>,
    /// Career plan
    /// 职业发展规划
    pub career: Option<CareerPlan>,
    /// Talks about the career
    /// 职业发展面谈
    #[serde(default)]
    #[schemars(extend("x-entry" = "career-talk", "x-key" = ["date"], "x-order" = "date"))]
    pub career_talks: Vec<CareerTalk>,
    /// Grades held, from when
    /// 职级变动记录
    #[serde(default)]
    #[schemars(extend("x-entry" = "grade", "x-key" = ["from"], "x-order" = "from", "x-latest" = ["grade", "role", "team"]))]
    pub grade_history: Vec<GradeChange>,
    /// Proposals for another grade
    /// 职级晋降提议
    #[serde(default)]
    #[schemars(extend("x-entry" = "proposal", "x-key" = ["date", "to"], "x-order" = "date"))]
    pub proposals: Vec<Proposal>,
    /// What was shared with colleagues
    /// 知识分享
    #[serde(default)]
    #[schemars(extend("x-entry" = "sharing", "x-key" = ["date", "topic"], "x-order" = "date"))]
    pub sharings: Vec<Sharing>,
    /// Ideas for better ways of working
    /// 创新建议
    #[serde(default)]
    #[schemars(extend("x-entry" = "idea", "x-key" = ["id"], "x-order" = "raised"))]
    pub ideas: Vec<Idea>,
    /// Talks between the manager and the supervisor
    /// 一对一沟通
    #[serde(default)]
    #[schemars(extend("x-entry" = "one-on-one", "x-key" = ["date", "with"], "x-order" = "date"))]
    pub one_on_ones: Vec<OneOnOne>,
    /// Reports upward: progress, problems and requests
    /// 上报事项
    #[serde(default)]
    #[schemars(extend("x-entry" = "report", "x-key" = ["raised", "what"], "x-order" = "raised"))]
    pub reports: Vec<UpwardReport>,
    /// Requests to other departments that concern no client
    /// 内部协调事项（不涉及具体客户）
    #[serde(default)]
    #[schemars(extend("x-entry" = "request", "x-key" = ["raised", "to", "what"], "x-order" = "raised"))]
    pub requests: Vec<Request>,
    /// Calls on referrers, who are no clients
    /// 渠道联络（转介人，非客户）
    #[serde(default)]
    #[schemars(extend("x-entry" = "call", "x-key" = ["date", "kind", "whom"], "x-order" = "date"))]
    pub calls: Vec<Call>,
    /// Findings of audits and inspections
    /// 审计检查问题
    #[serde(default)]
    #[schemars(extend("x-entry" = "audit-finding", "x-key" = ["date", "what"], "x-order" = "date"))]
    pub audit_findings: Vec<AuditFinding>,
    /// Gifts and conflicts of interest declared
    /// 礼品及利益冲突申报
    #[serde(default)]
    #[schemars(extend("x-entry" = "declaration", "x-key" = ["date", "kind", "what"], "x-order" = "date"))]
    pub declarations: Vec<Declaration>,
    /// Praise and violations
    /// 表扬与违规记录
    #[serde(default)]
    #[schemars(extend("x-entry" = "recognition", "x-key" = ["date", "kind", "what"], "x-order" = "date"))]
    pub recognitions: Vec<Recognition>,
    /// Days of annual leave due, by year
    /// 年休假应休天数（按年度）
    #[serde(default)]
    pub leave_due: BTreeMap<Year, Amount>,
    /// Leaves
    /// 休假记录
    #[serde(default)]
    #[schemars(extend("x-entry" = "leave", "x-key" = ["from", "kind"], "x-order" = "from"))]
    pub leaves: Vec<Leave>,
    /// Days of overtime, by month
    /// 加班天数（按月）
    #[serde(default)]
    pub overtime: BTreeMap<Month, Amount>,
    /// Equipment in the manager's hands
    /// 领用设备
    #[serde(default)]
    #[schemars(extend("x-entry" = "asset", "x-key" = ["kind", "serial", "issued"], "x-order" = "issued"))]
    pub assets: Vec<Asset>,
    /// Access to systems
    /// 系统权限
    #[serde(default)]
    #[schemars(extend("x-entry" = "access", "x-key" = ["system", "role", "granted"], "x-order" = "granted"))]
    pub access: Vec<Access>,
}

impl Manager {
    /// Whether the manager was employed on a day; one without a day of joining always was.
    pub fn employed_on(&self, day: Day) -> bool {
        self.employed_within(day.0, day.0)
    }

    /// Whether the manager was employed on any day from the first to the last.
    pub fn employed_within(&self, first: NaiveDate, last: NaiveDate) -> bool {
        self.joined.is_none_or(|joined| joined.0 <= last) && self.left.is_none_or(|left| left.0 >= first)
    }

    /// Whether the manager was with the bank when a day was over. One who left on a day nobody wrote down never was.
    pub fn employed_after(&self, day: NaiveDate) -> bool {
        let left = self.left.map_or(self.status == Status::Left, |left| left.0 <= day);
        self.joined.is_none_or(|joined| joined.0 <= day) && !left
    }

    /// Whether the manager was away for long on a day: on a leave other than annual that outlasts a month, and, as long as the
    /// status says so, from the first day of the last such leave on, of whatever length; where none is recorded nobody knows
    /// since when, and it is so on every day.
    pub fn away_on(&self, day: NaiveDate) -> bool {
        let others = || self.leaves.iter().filter(|leave| leave.kind == LeaveKind::Other);
        let month = chrono::Months::new(1);
        let is_long =
            |leave: &Leave| leave.from.0.checked_add_months(month).is_some_and(|end| end <= leave.to.0);
        let covers = |leave: &Leave| leave.from.0 <= day && day <= leave.to.0;
        let since = others().map(|leave| leave.from.0).max();
        others().any(|leave| is_long(leave) && covers(leave))
            || self.status == Status::Away && since.is_none_or(|since| since <= day)
    }

    /// Whether the post decided on risk on a day.
    pub fn risk_taker_on(&self, day: NaiveDate) -> bool {
        let then = then(&self.history, day, |post| post.until, |post| post.risk_taker);
        then.map_or(self.risk_taker, |(_, then)| then)
    }

    /// The team on a day.
    pub fn team_on(&self, day: NaiveDate) -> Option<&TeamId> {
        self.stood_on(
            day,
            |change| change.team.as_ref(),
            |post| post.team.as_ref(),
            (self.team.as_ref(), None),
        )
    }

    /// Whether the manager worked in a team on a day.
    pub fn member_on(&self, team: &str, day: Day) -> bool {
        self.employed_on(day) && self.team_on(day.0).is_some_and(|then| **then == *team)
    }

    /// The team to count somebody to on a day: the one of that day, or of the last one with the bank; where nobody knows which it
    /// was then, the present one, so that a team is never summed up without somebody silently.
    pub fn counted_to(&self, day: NaiveDate) -> Option<&TeamId> {
        let day = self.left.map_or(day, |left| left.0.min(day));
        self.team_on(day).or(self.team.as_ref())
    }

    /// The teams it is or was in, as far as the record tells.
    pub fn teams(&self) -> BTreeSet<&TeamId> {
        let changes = self.grade_history.iter().filter_map(|change| change.team.as_ref());
        let posts = self.history.iter().filter_map(|post| post.team.as_ref());
        self.team.iter().chain(changes).chain(posts).collect()
    }

    /// The grade on a day.
    pub fn grade_on(&self, day: NaiveDate) -> Option<&String> {
        let present = (self.grade.as_ref(), self.grade_since);
        self.stood_on(day, |change| Some(&change.grade), |post| post.grade.as_ref(), present)
    }

    /// Since when the grade of a day was held without a break, as far as the record tells: a change of the team or the role alone
    /// begins no grade.
    pub fn grade_since_on(&self, day: NaiveDate) -> Option<NaiveDate> {
        let posts = self.history.iter().filter(|post| post.grade.is_some());
        let stated = self.grade_history.iter().map(|change| change.from).chain(self.grade_since);
        let days = stated.map(|from| from.0).chain(posts.filter_map(|post| post.until.0.succ_opt()));
        let days: BTreeSet<NaiveDate> = days.filter(|from| *from <= day).collect();
        let held = self.grade_on(day);
        days.into_iter().rev().take_while(|from| self.grade_on(*from) == held).last()
    }

    /// The role on a day.
    pub fn role_on(&self, day: NaiveDate) -> Option<&String> {
        self.stood_on(
            day,
            |change| change.role.as_ref(),
            |post| post.role.as_ref(),
            (self.role.as_ref(), None),
        )
    }

    /// Whether the manager came to the grade that a proposal named, on the day of the proposal or since.
    pub fn has_moved(&self, proposal: &Proposal) -> bool {
        let moved = |change: &GradeChange| change.grade == proposal.to && change.from >= proposal.date;
        self.grade_history.iter().any(moved) || self.grade.as_ref() == Some(&proposal.to)
    }

    /// The branch on a day.
    pub fn branch_on(&self, day: NaiveDate) -> Option<&String> {
        let then = then(&self.history, day, |post| post.until, |post| post.branch.as_ref());
        then.map_or(self.branch.as_ref(), |(_, then)| Some(then))
    }

    /// Who the manager reported to on a day.
    pub fn supervisor_on(&self, day: NaiveDate) -> Option<&ManagerId> {
        let then = then(&self.history, day, |post| post.until, |post| post.reports_to.as_ref());
        then.map_or(self.reports_to.as_ref(), |(_, then)| Some(then))
    }

    /// Everybody the manager reports or reported to, as far as the record tells.
    pub fn supervisors(&self) -> impl Iterator<Item = &ManagerId> {
        let former = self.history.iter().filter_map(|post| post.reports_to.as_ref());
        self.reports_to.iter().chain(former)
    }

    /// The one-to-ones with somebody the manager reports or reported to; one that names nobody was with the supervisor. A talk
    /// with anybody else, or with oneself, is none of those the supervisor owes.
    pub fn led_talks(&self) -> impl Iterator<Item = &OneOnOne> {
        self.one_on_ones.iter().filter(|talk| self.is_led(talk))
    }

    /// Whether a talk was with somebody the manager reports or reported to, as one is that names nobody.
    pub fn is_led(&self, talk: &OneOnOne) -> bool {
        talk.with.as_ref().is_none_or(|with| self.supervisors().any(|above| above == with))
    }

    /// Whether the manager is on a leave on a day, or on a part of it.
    pub fn on_leave(&self, day: Day) -> bool {
        self.leaves.iter().any(|leave| leave.covers(day))
    }

    /// Who stands in for the manager on a day of leave, where one is named.
    pub fn cover_on(&self, day: Day) -> Option<&ManagerId> {
        self.leaves.iter().filter(|leave| leave.covers(day)).find_map(|leave| leave.cover.as_ref())
    }

    /// Whether the manager is on a leave that takes all of a day.
    pub fn is_off(&self, day: Day) -> bool {
        self.leaves.iter().any(|leave| leave.covers(day) && !leave.may_part(day))
    }

    /// The days on which the post may have become another one.
    pub fn changes(&self) -> impl Iterator<Item = NaiveDate> {
        let posts = self.history.iter().filter_map(|post| post.until.0.succ_opt());
        self.grade_history.iter().map(|change| change.from.0).chain(posts)
    }

    /// What held on a day: as the history of the post says, back to the change before, else as the last change before the day
    /// does. Before the first of them it is the present where they did not lead to that, or it has held `since` before;
    /// otherwise what the first of several says, and of one alone nobody knows.
    fn stood_on<'m, T: PartialEq>(
        &'m self,
        day: NaiveDate,
        said: impl Fn(&'m GradeChange) -> Option<&'m T>,
        kept: impl Fn(&'m Post) -> Option<&'m T>,
        (present, since): (Option<&'m T>, Option<Day>),
    ) -> Option<&'m T> {
        let changes = self.grade_history.iter().filter_map(|change| Some((change.from.0, said(change)?)));
        let comes_by = |last: NaiveDate| changes.clone().any(|(from, _)| from > day && from <= last);
        if let Some((index, held)) = then(&self.history, day, |post| post.until, &kept)
            && !comes_by(self.history[index].until.0)
        {
            return Some(held);
        }
        let ended = self.history.iter().filter(|post| post.until.0 < day && kept(post).is_some());
        let ended = ended.map(|post| post.until.0).max();
        let begun = changes.clone().filter(|(from, _)| *from <= day).max_by_key(|(from, _)| *from);
        let begun = begun.filter(|(from, _)| ended.is_none_or(|until| *from > until));
        let first = changes.clone().min_by_key(|(from, _)| *from).map(|(_, first)| first);
        let last = changes.clone().max_by_key(|(from, _)| *from).map(|(_, last)| last);
        match begun {
            Some((_, then)) => Some(then),
            None if ended.is_some() && !comes_by(NaiveDate::MAX) => present,
            None if since.is_some_and(|since| since.0 <= day) => present,
            None if last != present => present,
            None => first.filter(|first| last != Some(*first)),
        }
    }

    /// Hours of the trainings completed in a year.
    pub fn hours_trained(&self, year: i32) -> Decimal {
        let done =
            self.trainings.iter().filter(|training| training.done.is_some_and(|day| day.0.year() == year));
        done.filter_map(|training| training.hours).map(|hours| hours.0).sum()
    }
}

/// A manager's post as it stood up to a day
/// 岗位截至某日的状态
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Post {
    /// Last day it stood so; one to come says that what stands above holds from the day after it
    /// 截至日（晚于今日的，现状自次日起生效）
    pub until: Day,
    /// Whether it decided on risk
    /// 是否属风险岗位
    pub risk_taker: Option<bool>,
    /// Team
    /// 所属团队
    pub team: Option<TeamId>,
    /// Branch
    /// 所属机构
    pub branch: Option<String>,
    /// Supervisor
    /// 直接上级
    pub reports_to: Option<ManagerId>,
    /// Grade
    /// 职级
    pub grade: Option<String>,
    /// Role
    /// 岗位类别
    pub role: Option<String>,
}

/// Whether a manager is at work
/// 在岗状态
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// At work
    /// 在岗
    #[default]
    Active,
    /// Away for long
    /// 长期离岗
    Away,
    /// Has left
    /// 已离职
    Left,
}

/// A change of a target after it was set
/// 目标调整
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TargetChange {
    /// Day it was changed
    /// 调整日
    #[schemars(extend("x-default" = "today", "x-past" = true))]
    pub date: Day,
    /// Period of the target
    /// 考核期
    pub period: Period,
    /// Measure
    /// 指标
    pub measure: MeasureId,
    /// Target before; without one, there was none
    /// 调整前目标
    pub from: Option<Amount>,
    /// Target after; without one, it was taken away
    /// 调整后目标
    pub to: Option<Amount>,
    /// Why
    /// 调整原因
    #[schemars(extend("x-expected" = 1))]
    pub reason: Option<String>,
    /// Approved by
    /// 批准人
    #[schemars(extend("x-person" = true, "x-expected" = 1))]
    pub approved_by: Option<String>,
}

/// A talk between a manager and the supervisor
/// 一对一沟通
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OneOnOne {
    /// Day of the talk
    /// 沟通日
    #[schemars(extend("x-default" = "today", "x-past" = true, "x-begins" = true, "x-there" = ["self", "with"]))]
    pub date: Day,
    /// Who talked with the manager; by default the supervisor
    /// 沟通人（默认为直接上级）
    pub with: Option<ManagerId>,
    /// Topics
    /// 沟通议题
    #[serde(default)]
    #[schemars(extend("x-expected" = 1))]
    pub topics: Vec<String>,
    /// What was said and agreed
    /// 沟通纪要
    #[schemars(extend("x-expected" = 1))]
    pub summary: Option<String>,
    /// What follows
    /// 后续事项
    #[serde(default)]
    #[schemars(extend("x-entry" = "action", "x-key" = ["what"]))]
    pub actions: Vec<Action>,
}

/// A call on somebody who refers clients
/// 渠道联络
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// Day of the call
    /// 联络日
    #[schemars(extend("x-default" = "today", "x-past" = true, "x-there" = ["self", "with"]))]
    pub date: Day,
    /// Whom the call was on
    /// 联络对象类别
    pub kind: CallKind,
    /// Name of the person or firm called on
    /// 联络对象
    #[schemars(extend("x-personal" = true))]
    pub whom: String,
    /// Colleagues who came along
    /// 陪同人员
    #[serde(default)]
    pub with: Vec<ManagerId>,
    /// What was said and agreed
    /// 联络纪要
    pub summary: Option<String>,
}

/// Whom a call was on
/// 联络对象类别
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CallKind {
    /// A referrer inside the bank
    /// 行内转介人
    InternalReferrer,
    /// A referrer outside the bank
    /// 行外转介人
    ExternalReferrer,
}

#[cfg(test)]
mod tests {
    use super::super::conduct::{ReportKind, Severity};
    use super::super::development::{Decision, ProposalResult, TrainingKind};
    use super::*;

    const WANG_FANG: &str = include_str!("samples/manager.toml");

    #[test]
    fn a_full_record_reads_section_by_section() {
        let manager: Manager = toml::from_str(WANG_FANG).unwrap();
        assert_eq!(manager.name, "王芳");
        assert!(manager.risk_taker);
        assert_eq!(manager.status, Status::Active);
        let october = &manager.targets[&"2026-10".parse().unwrap()];
        assert_eq!(october["deposits"].0.to_string(), "48000");
        let cards = manager.actuals[&"2026-10".parse().unwrap()]["effective_cards"];
        assert_eq!(cards.0.to_string(), "560");
        assert_eq!(manager.skills["供应链金融"], Level5(4));
        assert_eq!(manager.trainings[0].kind, TrainingKind::External);
        assert_eq!(manager.trainings[0].lifts.as_deref(), Some("fee_income"));
        assert_eq!(manager.proposals[0].result, Some(ProposalResult::Approved));
        assert_eq!(manager.ideas[0].decision, Some(Decision::Keep));
        assert_eq!(manager.one_on_ones[0].actions[0].owner.as_deref(), Some("wang-fang"));
        assert_eq!(manager.reports[0].kind, ReportKind::Problem);
        assert_eq!(manager.audit_findings[0].severity, Severity::Minor);
        assert_eq!(manager.leave_due[&Year(2026)].0.to_string(), "10");
        assert_eq!(manager.access[0].revoked, None);
    }

    #[test]
    fn a_post_decided_on_risk_as_its_history_says() {
        let manager: Manager = toml::from_str(
            "name = '李娜'\nrisk_taker = true\n[[history]]\nuntil = 2025-12-31\nrisk_taker = false\n\
             [[history]]\nuntil = 2024-06-30\nrisk_taker = true\n",
        )
        .unwrap();
        let on = |day: &str| manager.risk_taker_on(day.parse().unwrap());
        assert_eq!(
            [on("2024-06-30"), on("2024-07-01"), on("2025-12-31"), on("2026-01-01")],
            [true, false, false, true]
        );
    }

    #[test]
    fn time_in_grade_counts_from_the_change_of_the_grade() {
        let manager = |rest: &str| -> Manager { toml::from_str(&format!("name = '甲'\n{rest}")).unwrap() };
        let since = |rest: &str, day: &str| {
            manager(rest).grade_since_on(day.parse().unwrap()).map(|day| day.to_string())
        };
        // M2 since April 2024; another team in July 2025 begins no grade, nor does another role.
        let moved = "grade = 'M2'\n[[grade_history]]\nfrom = 2020-01-01\ngrade = 'M1'\nteam = 'one'\n\
                     [[grade_history]]\nfrom = 2024-04-01\ngrade = 'M2'\nteam = 'one'\n\
                     [[grade_history]]\nfrom = 2025-07-01\ngrade = 'M2'\nteam = 'two'\n";
        assert_eq!(since(moved, "2026-10-31").as_deref(), Some("2024-04-01"));
        assert_eq!(since(moved, "2024-03-31").as_deref(), Some("2020-01-01"));
        assert_eq!(since(moved, "2019-12-31"), None);
        // Who comes back to a grade begins it anew.
        let back = format!("{moved}[[grade_history]]\nfrom = 2026-01-01\ngrade = 'M1'\n");
        assert_eq!(since(&back, "2026-10-31").as_deref(), Some("2026-01-01"));
        // The day beside the grade tells it where the list knows only of the team.
        let only = "grade = 'M2'\ngrade_since = 2022-05-01\n[[grade_history]]\nfrom = 2025-07-01\ngrade = 'M2'\nteam = 'two'\n";
        assert_eq!(since(only, "2026-10-31").as_deref(), Some("2022-05-01"));
        assert_eq!(since("grade = 'M2'\ngrade_since = 2022-05-01\n", "2022-04-30"), None);
        // So does the history of the post, of which a change of the team alone tells nothing.
        let kept = "grade = 'M2'\nteam = 'two'\nhistory = [{ until = 2025-06-30, grade = 'M1' }, { until = 2025-12-31, team = 'one' }]";
        assert_eq!(since(kept, "2026-10-31").as_deref(), Some("2025-07-01"));
        assert_eq!(since(kept, "2025-06-30"), None);
    }

    #[test]
    fn a_team_before_the_first_that_the_history_tells_is_that_one() {
        let history = "[[grade_history]]\nfrom = 2025-01-01\ngrade = 'M1'\nteam = 'one'\n\
                       [[grade_history]]\nfrom = 2026-07-01\ngrade = 'M1'\nteam = 'two'\n";
        let on = |text: &str, day: &str| {
            let manager: Manager = toml::from_str(text).unwrap();
            manager.team_on(day.parse().unwrap()).map(ToString::to_string)
        };
        let moved = format!("name = '李娜'\nteam = 'two'\n{history}");
        for (day, team) in [("2024-06-30", "one"), ("2026-06-30", "one"), ("2026-07-01", "two")] {
            assert_eq!(on(&moved, day).as_deref(), Some(team), "{day}");
        }
        assert_eq!(on("name = '李娜'\nteam = 'two'\n", "2024-06-30").as_deref(), Some("two"));
    }

    #[test]
    fn what_the_history_of_the_post_keeps_goes_with_the_changes_of_grade() {
        let on = |text: &str, day: &str| {
            let manager: Manager = toml::from_str(&format!("name = '李娜'\n{text}")).unwrap();
            let day = day.parse().unwrap();
            let [team, grade] =
                [manager.team_on(day).map(|it| &**it), manager.grade_on(day).map(String::as_str)];
            format!("{} {}", team.unwrap_or("-"), grade.unwrap_or("-"))
        };
        // Set to team `b` on 1 June, and to `c` on 1 September.
        let kept = "team = 'c'\ngrade = 'M1'\n[[history]]\nuntil = 2026-05-31\nteam = 'a'\n[[history]]\nuntil = 2026-08-31\nteam = 'b'\n";
        for (day, team) in
            [("2020-01-01", "a M1"), ("2026-05-31", "a M1"), ("2026-06-01", "b M1"), ("2026-09-01", "c M1")]
        {
            assert_eq!(on(kept, day), team, "{day}");
        }
        // A change that named team `a` from 2024 on is older than the move to `b`; one in between says what held from its day.
        let older = "team = 'b'\ngrade = 'M2'\n[[history]]\nuntil = 2026-05-31\nteam = 'a'\n\
                     [[grade_history]]\nfrom = 2024-01-01\ngrade = 'M1'\nteam = 'z'\n[[grade_history]]\nfrom = 2025-01-01\ngrade = 'M2'\nteam = 'a'\n";
        for (day, team) in
            [("2024-06-30", "z M1"), ("2025-06-30", "a M2"), ("2026-05-31", "a M2"), ("2026-06-01", "b M2")]
        {
            assert_eq!(on(older, day), team, "{day}");
        }
    }

    #[test]
    fn a_move_says_nothing_of_the_days_before_it() {
        let on = |text: &str, day: &str| {
            let manager: Manager = toml::from_str(&format!("name = '李娜'\n{text}")).unwrap();
            let day = day.parse().unwrap();
            let spelt = |word: Option<&str>| word.unwrap_or("-").to_owned();
            [spelt(manager.grade_on(day).map(String::as_str)), spelt(manager.team_on(day).map(|it| &**it))]
                .join(" ")
        };
        let moved = "[[grade_history]]\nfrom = 2026-12-01\ngrade = 'senior'\nteam = 'two'\n";
        // What is entered ahead changes nothing yet; what it led to was not so before.
        assert_eq!(on(&format!("grade = 'junior'\nteam = 'one'\n{moved}"), "2026-11-30"), "junior one");
        let now = format!("grade = 'senior'\nteam = 'two'\n{moved}");
        assert_eq!(on(&now, "2026-11-30"), "- -");
        assert_eq!(on(&now, "2026-12-01"), "senior two");
        let whole = format!("{now}[[grade_history]]\nfrom = 2024-01-01\ngrade = 'junior'\nteam = 'one'\n");
        assert_eq!(on(&whole, "2026-11-30"), "junior one");
        assert_eq!(on(&format!("grade_since = 2026-06-01\n{now}"), "2026-11-30"), "senior -");
        assert_eq!(on("grade = 'senior'\nteam = 'two'\n", "2020-01-01"), "senior two");
    }

    #[test]
    fn a_name_is_enough_and_an_unknown_field_is_refused() {
        let manager: Manager = toml::from_str("name = '李娜'").unwrap();
        assert_eq!(manager.status, Status::Active);
        assert!(!manager.risk_taker);
        assert!(toml::from_str::<Manager>("name = '李娜'\ndiagnosis = '无'").is_err());
        assert!(toml::from_str::<Manager>("name = '李娜'\n[skills]\n\"授信\" = 6").is_err());
    }
}
