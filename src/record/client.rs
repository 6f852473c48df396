//! A client: who it is, who looks after it, and everything that happened with it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Deserialize;

use super::complaint::Complaint;
use super::deal::Opportunity;
use super::figure::Results;
use super::history::then;
use super::promise::Action;
use super::risk::{Check, Covenant, Facility, Risk, RiskClass, Warning};
use super::value::{Amount, ClientId, Day, ManagerId, MeasureId, Year};

/// A corporate client
/// 对公客户
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Client {
    /// Registered name
    /// 客户全称
    #[schemars(extend("x-uncounted" = true))]
    pub name: String,
    /// Short names and former names it is also known by
    /// 简称及曾用名
    #[serde(default)]
    #[schemars(extend("x-uncounted" = true))]
    pub aliases: Vec<String>,
    /// Unified social credit code, 18 characters with a check digit (GB 32100-2015)
    /// 统一社会信用代码（18位，含校验位）
    #[schemars(extend("x-expected" = 3, "x-expected-of" = ["strategic", "key", "base"], "x-uncounted" = true))]
    pub credit_code: Option<String>,
    /// How much attention it gets
    /// 客户分层
    pub tier: Tier,
    /// Industry
    /// 所属行业
    #[schemars(extend("x-expected" = 1))]
    pub industry: Option<String>,
    /// Name of the group it belongs to
    /// 所属集团
    pub group: Option<String>,
    /// The client that is its parent company
    /// 母公司（客户编号）
    pub parent: Option<ClientId>,
    /// Internal credit rating
    /// 内部评级
    pub rating: Option<String>,
    /// Lead relationship manager (role A)
    /// 主办客户经理（A角）
    pub manager: ManagerId,
    /// Second relationship manager (role B)
    /// 协办客户经理（B角）
    #[schemars(extend("x-expected" = 1, "x-expected-of" = ["strategic", "key"]))]
    pub backup: Option<ManagerId>,
    /// The second manager has been so since; none: always
    /// 协办起始日（不填视为一直如此）
    #[schemars(extend("x-since" = "backup", "x-there" = ["backup"]))]
    pub backup_since: Option<Day>,
    /// Where it stands, set by hand; effective, new and lost are computed
    /// 客户状态（手工维护；有效、新增、流失由系统计算）
    #[schemars(extend("x-default" = "active"))]
    pub status: Status,
    /// First account at the bank opened on
    /// 首次开户日
    #[schemars(extend("x-expected" = 2, "x-expected-of" = ["strategic", "key", "base"], "x-past" = true))]
    pub since: Option<Day>,
    /// Entered in this book on; from then on a client without an account counts
    /// 建档日（尚未开户的客户自此计入）
    #[schemars(extend("x-default" = "today", "x-past" = true))]
    pub entered: Option<Day>,
    /// Relationship ended on
    /// 销户日
    #[schemars(extend("x-after" = "since", "x-past" = true))]
    pub closed: Option<Day>,
    /// City or district
    /// 所在地
    pub place: Option<String>,
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
    /// What increments are measured from, by year and measure, where it is not the December before; it moves with the client
    /// 增量基数（按年度、按指标，与上年12月数据不同时填写，随客户移交）
    #[serde(default)]
    pub base: BTreeMap<Year, BTreeMap<MeasureId, Amount>>,
    /// Figures by month, a line each
    /// 月度业绩
    #[serde(default)]
    pub results: Results,
    /// How the client stood before; what stands above is how it stands after the last of them
    /// 客户历史状态（以上为末条之后的现状）
    #[serde(default)]
    #[schemars(extend("x-entry" = "standing", "x-key" = ["until"], "x-order" = "until", "x-keeps" = "until"))]
    pub history: Vec<Standing>,
    /// Who earns the figures, from when; without any the lead earns all
    /// 业绩分成（未列明的归主办客户经理）
    #[serde(default)]
    #[schemars(extend("x-entry" = "credit", "x-key" = ["from", "for"], "x-order" = "from"))]
    pub credit: Vec<Credit>,
    /// People at the client
    /// 联系人
    #[serde(default)]
    #[schemars(extend("x-entry" = "contact", "x-key" = ["name"], "x-expected" = 2, "x-uncounted" = true))]
    pub contacts: Vec<Contact>,
    /// What the client needs
    /// 客户需求
    #[serde(default)]
    #[schemars(extend("x-entry" = "need", "x-key" = ["date", "what"], "x-order" = "date"))]
    pub needs: Vec<Need>,
    /// Visits made
    /// 拜访记录
    #[serde(default)]
    #[schemars(extend("x-entry" = "visit", "x-key" = ["date", "by", "kind", "n"], "x-order" = "date"))]
    pub visits: Vec<Visit>,
    /// Visits planned
    /// 拜访计划
    #[serde(default)]
    #[schemars(extend("x-entry" = "plan", "x-key" = ["date", "by"], "x-order" = "date"))]
    pub planned: Vec<PlannedVisit>,
    /// Products the client uses
    /// 持有产品
    #[serde(default)]
    #[schemars(extend("x-entry" = "product", "x-key" = ["name", "since"], "x-order" = "since"))]
    pub products: Vec<Product>,
    /// Deals in sight
    /// 商机
    #[serde(default)]
    #[schemars(extend("x-entry" = "opportunity", "x-key" = ["id"], "x-order" = "opened"))]
    pub opportunities: Vec<Opportunity>,
    /// Complaints
    /// 投诉
    #[serde(default)]
    #[schemars(extend("x-entry" = "complaint", "x-key" = ["id"], "x-order" = "received"))]
    pub complaints: Vec<Complaint>,
    /// Answers to satisfaction surveys
    /// 满意度反馈
    #[serde(default)]
    #[schemars(extend("x-entry" = "feedback", "x-key" = ["date", "about"], "x-order" = "date"))]
    pub feedback: Vec<Feedback>,
    /// Estimates of what the client holds with all banks
    /// 钱包份额估计
    #[serde(default)]
    #[schemars(extend("x-entry" = "wallet", "x-key" = ["date", "measure"], "x-order" = "date"))]
    pub wallet: Vec<Wallet>,
    /// Referrals between managers that concern this client
    /// 内部推荐
    #[serde(default)]
    #[schemars(extend("x-entry" = "referral", "x-key" = ["date", "from", "to", "n"], "x-order" = "date"))]
    pub referrals: Vec<Referral>,
    /// Requests to other departments for this client
    /// 内部协调事项
    #[serde(default)]
    #[schemars(extend("x-entry" = "request", "x-key" = ["raised", "to", "what"], "x-order" = "raised"))]
    pub requests: Vec<Request>,
    /// Credit facilities
    /// 授信业务
    #[serde(default)]
    #[schemars(extend("x-entry" = "facility", "x-key" = ["id"]))]
    pub facilities: Vec<Facility>,
    /// Post-loan checks
    /// 贷后检查
    #[serde(default)]
    #[schemars(extend("x-entry" = "loan-check", "x-key" = ["due", "kind", "facility"], "x-order" = "due"))]
    pub checks: Vec<Check>,
    /// Early-warning signals
    /// 预警信号
    #[serde(default)]
    #[schemars(extend("x-entry" = "warning", "x-key" = ["opened", "signal"], "x-order" = "opened"))]
    pub warnings: Vec<Warning>,
    /// Covenants
    /// 授信约束条件
    #[serde(default)]
    #[schemars(extend("x-entry" = "covenant", "x-key" = ["what"]))]
    pub covenants: Vec<Covenant>,
    /// Identified risks: credit, market, operational
    /// 风险事项（信用、市场、操作）
    #[serde(default)]
    #[schemars(extend("x-entry" = "risk", "x-key" = ["id"], "x-order" = "identified"))]
    pub risks: Vec<Risk>,
    /// Handovers from one lead to another
    /// 客户移交
    #[serde(default)]
    #[schemars(extend("x-entry" = "handover", "x-key" = ["date"], "x-order" = "date"))]
    pub handovers: Vec<Handover>,
}

impl Client {
    /// The names of the products in use on `day`, each once.
    pub fn products_on(&self, day: NaiveDate) -> BTreeSet<&str> {
        let used = self.products.iter().filter(|product| {
            product.since.is_none_or(|since| since.0 <= day)
                && product.until.is_none_or(|until| until.0 > day)
        });
        used.map(|product| product.name.as_str()).collect()
    }

    /// The day from which it counts: its first account, else its entry in the book; nothing where neither is known.
    pub fn begun(&self) -> Option<Day> {
        self.since.or(self.entered)
    }

    /// The day from which it is looked after in the book: its first account or, where that is older, its entry.
    pub fn kept_since(&self) -> Option<Day> {
        self.since.max(self.entered)
    }

    /// The tier on a day.
    pub fn tier_on(&self, day: NaiveDate) -> Tier {
        let then = then(&self.history, day, |standing| standing.until, |standing| standing.tier);
        then.map_or(self.tier, |(_, then)| then)
    }

    /// Since when the second manager of a day has been so; always, which is since the first account, where the record does not say.
    pub fn backup_began(&self, day: NaiveDate) -> Option<Day> {
        let said = |standing: &'_ Standing| standing.backup.is_some().then_some(());
        let held = then(&self.history, day, |standing| standing.until, said);
        let since = held.map_or(self.backup_since, |(index, ())| self.history[index].backup_since);
        since.or(self.since)
    }

    /// The second manager on a day; none before the day since which there is one, where the record says it.
    pub fn backup_on(&self, day: NaiveDate) -> Option<&ManagerId> {
        let said = |standing: &'_ Standing| standing.backup.is_some().then_some(());
        let held = then(&self.history, day, |standing| standing.until, said);
        let (backup, since) = match held.map(|(index, ())| &self.history[index]) {
            Some(standing) => (&standing.backup, standing.backup_since),
            None => (&self.backup, self.backup_since),
        };
        backup.as_ref().filter(|_| since.is_none_or(|since| since.0 <= day))
    }

    /// Whether it counts on `day`: begun and not closed, or owing still, whatever its status says. One without a day of its
    /// beginning always has begun, and one closed on a day that nobody knows is closed on all.
    pub fn counts_on(&self, day: NaiveDate) -> bool {
        let is_open = match self.closed {
            Some(closed) => closed.0 > day,
            None => self.status != Status::Closed,
        };
        is_open && self.begun().is_none_or(|begun| begun.0 <= day) || self.owed_under(day).is_some()
    }

    /// A facility under which principal is out at the end of `day`, by its index.
    pub fn owed_under(&self, day: NaiveDate) -> Option<usize> {
        let is_out =
            |facility: &Facility| facility.as_of(day).is_some_and(|then| then.drawn.0 > Decimal::ZERO);
        self.facilities.iter().position(is_out)
    }
}

/// A client as it stood up to a day
/// 客户截至某日的状态
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Standing {
    /// Last day it stood so; one to come says that what stands above holds from the day after it
    /// 截至日（晚于今日的，现状自次日起生效）
    pub until: Day,
    /// Tier
    /// 客户分层
    pub tier: Option<Tier>,
    /// Second relationship manager (role B)
    /// 协办客户经理（B角）
    pub backup: Option<ManagerId>,
    /// The second manager had been so since
    /// 协办起始日
    #[schemars(extend("x-there" = ["backup"]))]
    pub backup_since: Option<Day>,
}

/// A client's tier
/// 客户分层
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema, strum::IntoStaticStr,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Tier {
    /// Strategic client
    /// 战略客户
    Strategic,
    /// Key client
    /// 重点客户
    Key,
    /// Base client
    /// 基础客户
    Base,
    /// Prospect
    /// 潜在客户
    Prospect,
}

impl Tier {
    /// Its word in a record.
    pub fn word(self) -> &'static str {
        self.into()
    }
}

/// Where the relationship stands
/// 客户状态
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema, strum::IntoStaticStr,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Status {
    /// No account yet
    /// 尚未开户
    Prospect,
    /// Has an account
    /// 正常
    Active,
    /// Relationship ended
    /// 已销户
    Closed,
}

impl Status {
    /// Its word in a record.
    pub fn word(self) -> &'static str {
        self.into()
    }
}

/// Shares of the figures from a day on
/// 自某日起的业绩分成
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Credit {
    /// First day these shares hold
    /// 生效日
    pub from: Day,
    /// Percent by manager, adding up to 100; `other` stands for outside the book
    /// 各客户经理占比（%），合计100；other 为台账以外
    #[schemars(extend("x-key-ref" = "manager", "x-key-also" = ["other"]))]
    pub shares: BTreeMap<ManagerId, Amount>,
    /// Measures these shares are for; without any, all. Shares for one measure go before those for all, of a later day too: they end
    /// with the next entry that names the measure
    /// 适用指标（不填为全部）；专为某指标约定的分成优先于适用全部指标的分成，后者生效日在后亦同，至下一条列明该指标的分成生效时止
    #[serde(default, rename = "for")]
    pub measures: Vec<MeasureId>,
}

/// A person at the client
/// 客户联系人
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// Name
    /// 姓名
    #[schemars(extend("x-personal" = true))]
    pub name: String,
    /// Role at the client
    /// 职务
    #[schemars(extend("x-expected" = 1))]
    pub role: Option<String>,
    /// Part in decisions
    /// 决策角色
    pub decides: Option<Decides>,
    /// Telephone number
    /// 电话
    #[schemars(extend("x-personal" = true))]
    pub phone: Option<String>,
    /// E-mail address
    /// 电子邮箱
    #[schemars(extend("x-personal" = true))]
    pub email: Option<String>,
    /// Left the client on
    /// 离职日
    pub left: Option<Day>,
    /// Remarks
    /// 备注
    #[schemars(extend("x-personal" = true))]
    pub note: Option<String>,
}

/// A contact's part in decisions
/// 决策角色
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Decides {
    /// Decides
    /// 决策人
    Decides,
    /// Influences the decision
    /// 影响人
    Influences,
    /// Handles the business
    /// 经办人
    Handles,
}

/// Something the client needs
/// 客户需求
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Need {
    /// Day it was found
    /// 发现日
    #[schemars(extend("x-default" = "today", "x-past" = true, "x-there" = ["by"]))]
    pub date: Day,
    /// Manager who found it
    /// 发现人
    pub by: Option<ManagerId>,
    /// What the client needs
    /// 需求内容
    pub what: String,
    /// Product that would meet it
    /// 拟用产品
    pub product: Option<String>,
    /// Amount in the book's money unit
    /// 金额
    #[schemars(extend("minimum" = 0, "x-unit" = "money"))]
    pub amount: Option<Amount>,
    /// Day a solution was offered
    /// 方案提出日
    #[schemars(extend("x-after" = "date", "x-past" = true))]
    pub proposed: Option<Day>,
    /// Opportunity it led to
    /// 转化商机
    pub opportunity: Option<String>,
    /// Day it was met
    /// 满足日
    #[schemars(extend("x-after" = "date", "x-past" = true))]
    pub met: Option<Day>,
    /// Day it fell away
    /// 放弃日
    #[schemars(extend("x-after" = "date", "x-past" = true))]
    pub dropped: Option<Day>,
}

/// A visit or another contact with the client
/// 拜访记录
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Visit {
    /// Day of the visit
    /// 拜访日
    #[schemars(extend("x-default" = "today", "x-begins" = true, "x-there" = ["with"]))]
    pub date: Day,
    /// Manager who visited; by default the client's lead
    /// 拜访人（默认为主办客户经理）
    #[schemars(extend("x-default" = "lead"))]
    pub by: ManagerId,
    /// How the contact was made
    /// 拜访方式
    #[schemars(extend("x-default" = "on-site"))]
    pub kind: VisitKind,
    /// Number of the visit where one manager made several of one kind on one day
    /// 序号（同日同方式第几次）
    pub n: Option<u32>,
    /// What the visit was for; by default what the plan says that it keeps
    /// 拜访目的（默认为所完成的拜访计划中的目的）
    #[schemars(extend("x-default" = "plan"))]
    pub purpose: Option<Purpose>,
    /// Colleagues who came along
    /// 陪同人员
    #[serde(default)]
    pub with: Vec<ManagerId>,
    /// People met at the client
    /// 会见人员
    #[serde(default)]
    #[schemars(extend("x-expected" = 1, "x-personal" = true))]
    pub met: Vec<String>,
    /// What was said and agreed
    /// 拜访纪要
    #[schemars(extend("x-expected" = 2))]
    pub summary: Option<String>,
    /// What follows
    /// 后续事项
    #[serde(default)]
    #[schemars(extend("x-entry" = "next", "x-key" = ["what"]))]
    pub next: Vec<Action>,
}

/// How a contact was made
/// 拜访方式
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
    strum::Display,
    strum::IntoStaticStr,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum VisitKind {
    /// At the client's site
    /// 上门拜访
    OnSite,
    /// The client came to the bank
    /// 客户来行
    AtBank,
    /// By telephone
    /// 电话联系
    Call,
    /// By video
    /// 视频会议
    Video,
    /// At an event
    /// 活动接触
    Event,
}

impl Visit {
    /// Whether a colleague came along.
    pub fn is_joint(&self) -> bool {
        self.with.iter().any(|with| *with != self.by)
    }
}

impl VisitKind {
    /// Its word in a record.
    pub fn word(self) -> &'static str {
        self.into()
    }
}

/// What a visit is for
/// 拜访目的
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema, strum::IntoStaticStr,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Purpose {
    /// Winning business
    /// 营销
    Marketing,
    /// Keeping the relationship
    /// 维护
    Maintenance,
    /// Post-loan check
    /// 贷后检查
    PostLoan,
    /// Collecting a debt
    /// 催收
    Collection,
    /// Presenting a proposal
    /// 提交服务方案
    Proposal,
}

impl Purpose {
    /// Its word in a record.
    pub fn word(self) -> &'static str {
        self.into()
    }
}

/// A visit somebody plans
/// 拜访计划
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlannedVisit {
    /// Planned day
    /// 计划日
    pub date: Day,
    /// Manager who will visit
    /// 拜访人
    #[schemars(extend("x-default" = "lead"))]
    pub by: ManagerId,
    /// What the visit is for
    /// 拜访目的
    pub purpose: Option<Purpose>,
    /// What should come of it
    /// 拜访目标
    pub goal: Option<String>,
    /// Why it was called off
    /// 取消原因
    pub cancelled: Option<String>,
}

/// A product the client uses
/// 持有产品
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// Product
    /// 产品名称
    pub name: String,
    /// Used since
    /// 开通日
    pub since: Option<Day>,
    /// Used until
    /// 终止日
    #[schemars(extend("x-after" = "since"))]
    pub until: Option<Day>,
}

/// An answer to a satisfaction survey
/// 满意度反馈
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Feedback {
    /// Day of the answer
    /// 反馈日
    #[schemars(extend("x-default" = "today", "x-past" = true, "x-there" = ["about:came"]))]
    pub date: Day,
    /// Manager it is about; by default the client's lead
    /// 评价对象（默认为主办客户经理）
    pub about: Option<ManagerId>,
    /// Score given
    /// 得分
    #[schemars(extend("minimum" = 0))]
    pub score: Option<Amount>,
    /// Best score on the scale; by default 10
    /// 满分（默认10）
    #[schemars(extend("minimum" = 1))]
    pub scale: Option<Amount>,
    /// How it was asked
    /// 渠道
    pub channel: Option<String>,
    /// Who chose the client for the survey
    /// 样本选取方
    pub sampled_by: Option<SampledBy>,
    /// What the client said
    /// 客户意见
    #[schemars(extend("x-personal" = true))]
    pub comment: Option<String>,
}

/// Who chose a client for a survey
/// 样本选取方
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SampledBy {
    /// Drawn by the bank
    /// 总行或分行抽取
    Bank,
    /// Chosen by the manager
    /// 客户经理自选
    Manager,
    /// All clients were asked
    /// 全量
    All,
}

/// An estimate of what the client holds with all banks
/// 钱包份额估计
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Wallet {
    /// Day of the estimate
    /// 估计日
    #[schemars(extend("x-default" = "today", "x-past" = true))]
    pub date: Day,
    /// Measure
    /// 指标
    pub measure: MeasureId,
    /// Total with all banks
    /// 全部银行合计
    #[schemars(extend("minimum" = 0, "x-unit" = "money"))]
    pub total: Amount,
    /// Where the estimate comes from
    /// 依据
    pub basis: Option<String>,
}

/// A lead passed from one manager to another
/// 内部推荐
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Referral {
    /// Day it was passed on
    /// 推荐日
    #[schemars(extend("x-default" = "today", "x-past" = true, "x-there" = ["from", "to"]))]
    pub date: Day,
    /// Manager who referred
    /// 推荐人
    pub from: ManagerId,
    /// Manager it was referred to
    /// 接收人
    pub to: ManagerId,
    /// Number of the referral where one manager passed several on to the same one on one day
    /// 序号（同日同一接收人第几次）
    pub n: Option<u32>,
    /// What it was about
    /// 事项
    pub what: Option<String>,
    /// Day it was answered
    /// 答复日
    #[schemars(extend("x-after" = "date", "x-past" = true))]
    pub answered: Option<Day>,
    /// What came of it
    /// 结果
    pub result: Option<ReferralResult>,
    /// Income earned jointly
    /// 共同实现收入
    #[schemars(extend("minimum" = 0, "x-unit" = "money"))]
    pub income: Option<Amount>,
}

/// What came of a referral
/// 推荐结果
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReferralResult {
    /// Won
    /// 成功
    Won,
    /// Lost
    /// 未成功
    Lost,
    /// Declined
    /// 未受理
    Declined,
}

/// A request to another department
/// 内部协调事项
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Raised on
    /// 提出日
    #[schemars(extend("x-default" = "today", "x-past" = true, "x-there" = ["self", "by"]))]
    pub raised: Day,
    /// Manager who raised it
    /// 提出人
    pub by: Option<ManagerId>,
    /// Department asked
    /// 协办部门
    pub to: String,
    /// What is asked for
    /// 事项
    pub what: String,
    /// Day it is due
    /// 要求完成日
    #[schemars(extend("x-after" = "raised"))]
    pub due: Option<Day>,
    /// Day it was done
    /// 完成日
    #[schemars(extend("x-after" = "raised", "x-past" = true))]
    pub done: Option<Day>,
    /// Hours of work lost to it while open
    /// 影响工时
    #[schemars(extend("minimum" = 0, "maximum" = 744))]
    pub hours_lost: Option<Amount>,
}

/// A handover of the client
/// 客户移交
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Handover {
    /// First day of the new lead
    /// 移交生效日
    #[schemars(extend("x-there" = ["from:came", "to"]))]
    pub date: Day,
    /// Lead before
    /// 移交人
    pub from: ManagerId,
    /// Lead after
    /// 接收人
    pub to: ManagerId,
    /// Why
    /// 原因
    pub reason: Option<String>,
    /// Day the figures of `position` are of, the last month-end before the handover
    /// 时点数据日期（移交前最近月末）
    pub position_on: Option<Day>,
    /// Balances on that day by measure
    /// 该日时点余额
    #[serde(default)]
    pub position: BTreeMap<MeasureId, Amount>,
    /// Facilities as they stood on the day of the handover
    /// 移交日授信业务状态
    #[serde(default)]
    #[schemars(extend("x-entry" = "handed-facility", "x-key" = ["id"]))]
    pub facilities: Vec<HandedFacility>,
    /// Open work handed over
    /// 移交的未结事项
    #[serde(default)]
    pub open: Vec<String>,
    /// Equipment and access of one who leaves, to be given back before the supervisor signs
    /// 监交人签字前须收回的设备与权限（离职移交）
    #[serde(default)]
    pub returns: Vec<String>,
    /// Signed by the one who hands over on
    /// 移交人签字日
    #[schemars(extend("x-past" = true))]
    pub signed_from: Option<Day>,
    /// Signed by the one who receives on
    /// 接收人签字日
    #[schemars(extend("x-past" = true))]
    pub signed_to: Option<Day>,
    /// Signed by the supervisor on
    /// 监交人签字日
    #[schemars(extend("x-past" = true))]
    pub signed_supervisor: Option<Day>,
}

/// A facility as it is handed over
/// 移交的授信业务
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HandedFacility {
    /// Facility
    /// 授信编号
    pub id: String,
    /// Principal drawn
    /// 用信余额
    #[schemars(extend("x-unit" = "money", "minimum" = 0))]
    pub drawn: Amount,
    /// Five-tier classification
    /// 五级分类
    pub class: RiskClass,
    /// First day principal or interest was not paid
    /// 逾期起始日
    pub overdue_since: Option<Day>,
    /// Matures on
    /// 到期日
    pub matures: Option<Day>,
}
