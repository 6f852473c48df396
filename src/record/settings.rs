//! The book's settings, `rmbook.toml`: what the bank decides and no code may.
//!
//! Every limit has a default, so that an empty file is a working book; a default is a common convention, not a rule of ours.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::client::Tier;
use super::figure::{Results, Targets};
use super::risk::RiskClass;
use super::scorecard::ClosedPeriod;
use super::signal::{Signal, default_signals};
use super::team::MeetingKind;
use super::transfer_pricing::TransferPricing;
use super::value::{Amount, Day, MeasureId, Rate, Year};
use crate::period::Period;

/// Settings of a book
/// 台账设置
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Name of the unit the book is kept for
    /// 机构名称
    pub name: String,
    /// Version of the book's format
    /// 台账格式版本
    #[serde(default = "one")]
    #[schemars(range(min = 1, max = 1))]
    pub format: u32,
    /// Unit of every amount of money
    /// 金额单位
    #[serde(default = "ten_thousand_yuan")]
    pub money: String,
    /// Measures of the monthly figures
    /// 业绩指标
    #[serde(default = "default_measures")]
    pub measures: BTreeMap<MeasureId, Measure>,
    /// How the profit of funds-transfer pricing is computed where a month states rates and no profit
    /// 内部资金转移定价（FTP）利润计算口径（当月填有利率而未填利润的）
    #[serde(default)]
    pub transfer_pricing: TransferPricing,
    /// Measures that are the bank's income from a client, which joint work and a client's contribution add up
    /// 计入客户收入贡献的指标（用于协作收入与客户贡献）
    #[serde(default = "default_income")]
    pub income: Vec<MeasureId>,
    /// Which clients count as effective and as lost
    /// 有效客户与流失客户的认定
    #[serde(default)]
    pub clients: ClientRules,
    /// Figures that make a client one of a tier; without any, tiers are given by hand alone
    /// 客户分层标准（不填则仅凭手工认定）
    #[serde(default)]
    pub tiers: TierLines,
    /// Days between two visits, by tier
    /// 各层级客户拜访间隔（天）
    #[serde(default)]
    pub cadence: Cadence,
    /// What calls that find business are worth
    /// 营销联络计分
    #[serde(default)]
    pub call_points: CallPoints,
    /// Limits of complaints
    /// 投诉办理时限
    #[serde(default)]
    pub complaints: ComplaintLimits,
    /// Limits of risk work
    /// 风险管理时限
    #[serde(default)]
    pub risk: RiskLimits,
    /// Early-warning signals by the name warnings give them
    /// 预警信号清单（预警的 signal 可填其编号或名称）
    #[serde(default = "default_signals")]
    pub signals: BTreeMap<String, Signal>,
    /// Limits of appraisal and everyday management
    /// 考核与日常管理时限
    #[serde(default)]
    pub management: ManagementLimits,
    /// Fewest answers before a figure is shown
    /// 匿名数据最低答卷数
    #[serde(default)]
    pub privacy: Privacy,
    /// Client equivalents by tier, by which load is weighed
    /// 各层级折算系数（用于工作量）
    #[serde(default)]
    pub equivalents: Equivalents,
    /// Skills each grade asks for, levels 1 to 5
    /// 各职级技能要求（1–5级）
    #[serde(default)]
    pub skills: BTreeMap<String, BTreeMap<String, u32>>,
    /// Grades from the lowest to the highest
    /// 职级（由低到高）
    #[serde(default)]
    pub grades: Vec<String>,
    /// Holidays and make-up workdays by year
    /// 节假日与调休工作日
    #[serde(default)]
    pub calendar: BTreeMap<Year, Calendar>,
    /// Targets of the unit
    /// 机构目标
    #[serde(default)]
    pub targets: Targets,
    /// Figures of the unit that no client carries
    /// 机构层面实际值
    #[serde(default)]
    pub actuals: Targets,
    /// Figures of the unit by month that no client carries
    /// 机构层面月度业绩
    #[serde(default)]
    pub results: Results,
    /// Level of a rule of `check`, by its name or code
    /// 检查规则级别
    #[serde(default)]
    pub rules: BTreeMap<String, RuleLevel>,
    /// Completeness that `check` asks for
    /// 完整度要求
    #[serde(default)]
    pub completeness: Completeness,
    /// Closed periods by scheme, written by `close`
    /// 已封存期间（按考核方案，由 close 写入）
    #[serde(default)]
    pub closed: BTreeMap<String, BTreeMap<Period, ClosedPeriod>>,
}

fn one() -> u32 {
    1
}

/// The measures of a book that declares none.
fn default_measures() -> BTreeMap<MeasureId, Measure> {
    let measure = |name: &str, title: &str, title_en: &str, kind| {
        let measure = Measure {
            title: title.into(),
            title_en: Some(title_en.into()),
            unit: ten_thousand_yuan(),
            kind,
            split: None,
            weights: Vec::new(),
            numerator: None,
            denominator: None,
            most: None,
        };
        (name.into(), measure)
    };
    BTreeMap::from([
        measure("deposits", "对公存款日均", "Average daily deposits", MeasureKind::Balance),
        measure("loans", "对公贷款日均", "Average daily loans", MeasureKind::Balance),
        measure("fee_income", "中间业务收入", "Fee income", MeasureKind::Flow),
        measure("ftp_profit", "内部资金转移定价利润", "Funds-transfer profit", MeasureKind::Flow),
    ])
}

/// Whether figures in a unit are parts of a hundred, or of a thousand, which records state as parts of one.
pub fn is_fraction(unit: &str) -> bool {
    matches!(unit, "%" | "％" | "pct" | "‰")
}

/// The measures that are income where a book does not say.
fn default_income() -> Vec<MeasureId> {
    ["fee_income", "ftp_profit"].map(MeasureId::from).to_vec()
}

fn ten_thousand_yuan() -> String {
    "万元".into()
}

/// Figures that make a client one of a tier: a month's average of a balance, twelve months of a flow; each is enough
/// 客户分层标准：余额取月日均，发生额取近十二个月合计，达到其一即可
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TierLines {
    /// Strategic clients
    /// 战略客户
    pub strategic: BTreeMap<MeasureId, Amount>,
    /// Key clients
    /// 重点客户
    pub key: BTreeMap<MeasureId, Amount>,
    /// Base clients
    /// 基础客户
    pub base: BTreeMap<MeasureId, Amount>,
}

impl TierLines {
    /// The next tier above one that has lines, with its lines.
    pub fn above(&self, tier: Tier) -> Option<(Tier, &BTreeMap<MeasureId, Amount>)> {
        // Tiers stand from the highest to the lowest.
        let upwards = [(Tier::Base, &self.base), (Tier::Key, &self.key), (Tier::Strategic, &self.strategic)];
        upwards.into_iter().find(|(next, lines)| *next < tier && !lines.is_empty())
    }
}

/// Days between two visits, by tier
/// 各层级客户拜访间隔（天）
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Cadence {
    /// Strategic clients
    /// 战略客户
    pub strategic: u32,
    /// Key clients
    /// 重点客户
    pub key: u32,
    /// Base clients
    /// 基础客户
    pub base: u32,
    /// Prospects
    /// 潜在客户
    pub prospect: u32,
    /// Any client while a red warning is open
    /// 红色预警未解除的客户
    pub red_warning: u32,
    /// Days between two visits at which a head of the client's lead takes part; 0 asks for none
    /// 主管拜访间隔（天），0 为不要求
    pub head: HeadCadence,
}

impl Cadence {
    /// The value of a tier.
    pub fn of(&self, tier: Tier) -> u32 {
        match tier {
            Tier::Strategic => self.strategic,
            Tier::Key => self.key,
            Tier::Base => self.base,
            Tier::Prospect => self.prospect,
        }
    }
}

impl Default for Cadence {
    fn default() -> Self {
        Self { strategic: 30, key: 60, base: 180, prospect: 90, red_warning: 7, head: HeadCadence::default() }
    }
}

/// Days between two visits at which a head of the client's lead takes part, by tier; 0 asks for none
/// 主管拜访间隔（天），按层级；0 为不要求
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct HeadCadence {
    /// Strategic clients
    /// 战略客户
    pub strategic: u32,
    /// Key clients
    /// 重点客户
    pub key: u32,
    /// Base clients
    /// 基础客户
    pub base: u32,
    /// Prospects
    /// 潜在客户
    pub prospect: u32,
}

impl HeadCadence {
    /// The value of a tier; nothing where it asks for none.
    pub fn of(&self, tier: Tier) -> Option<u32> {
        let days = match tier {
            Tier::Strategic => self.strategic,
            Tier::Key => self.key,
            Tier::Base => self.base,
            Tier::Prospect => self.prospect,
        };
        (days > 0).then_some(days)
    }
}

impl Default for HeadCadence {
    fn default() -> Self {
        Self { strategic: 90, key: 0, base: 0, prospect: 0 }
    }
}

/// What calls that find business are worth, and how many points a week asks for
/// 营销联络计分标准与每周要求
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CallPoints {
    /// A call on a referrer inside the bank
    /// 联络行内转介人
    pub internal_referrer: Amount,
    /// A call on a referrer outside the bank
    /// 联络行外转介人
    pub external_referrer: Amount,
    /// A first meeting with a prospect
    /// 首次面访潜在客户
    pub prospect: Amount,
    /// A later meeting with a prospect
    /// 再次面访潜在客户
    pub prospect_again: Amount,
    /// A proposal presented
    /// 提交服务方案
    pub proposal: Amount,
    /// Any other meeting with a client
    /// 其他客户面访
    pub client: Amount,
    /// More for a call that counts, where a colleague comes along
    /// 计分联络有同事同行的加分
    pub with_colleague: Amount,
    /// Points a week asks for
    /// 每周应达积分
    pub weekly: Amount,
}

impl Default for CallPoints {
    fn default() -> Self {
        let points = |points: i64| Amount(points.into());
        Self {
            internal_referrer: points(1),
            external_referrer: points(2),
            prospect: points(0),
            prospect_again: points(3),
            proposal: points(4),
            client: points(0),
            with_colleague: points(2),
            weekly: points(24),
        }
    }
}

/// Client equivalents by tier
/// 各层级折算系数
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Equivalents {
    /// Strategic clients
    /// 战略客户
    pub strategic: Amount,
    /// Key clients
    /// 重点客户
    pub key: Amount,
    /// Base clients
    /// 基础客户
    pub base: Amount,
    /// Prospects
    /// 潜在客户
    pub prospect: Amount,
}

impl Equivalents {
    /// The value of a tier.
    pub fn of(&self, tier: Tier) -> Amount {
        match tier {
            Tier::Strategic => self.strategic,
            Tier::Key => self.key,
            Tier::Base => self.base,
            Tier::Prospect => self.prospect,
        }
    }
}

impl Default for Equivalents {
    fn default() -> Self {
        let tenths = |tenths| Amount(rust_decimal::Decimal::new(tenths, 1));
        Self { strategic: tenths(30), key: tenths(20), base: tenths(10), prospect: tenths(6) }
    }
}

/// A measure of the monthly figures
/// 业绩指标
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// Title
    /// 名称
    pub title: String,
    /// English title
    /// 英文名称
    pub title_en: Option<String>,
    /// What its figures are in
    /// 单位
    pub unit: String,
    /// How months, shares and teams add up
    /// 汇总方式
    pub kind: MeasureKind,
    /// How a longer period's target falls on its months
    /// 目标分解方式
    pub split: Option<Split>,
    /// Weight of each month where `split` is by weights, 12 numbers
    /// 各月权重（12个）
    #[serde(default)]
    pub weights: Vec<Amount>,
    /// For a ratio, the measure above the line
    /// 比率的分子
    pub numerator: Option<MeasureId>,
    /// For a ratio, the measure below the line
    /// 比率的分母
    pub denominator: Option<MeasureId>,
    /// For a ratio, the most it can be in a month; more is asked about
    /// 比率上限（超过的提示核对）
    pub most: Option<Rate>,
}

/// How a measure's figures add up
/// 指标类型
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, JsonSchema, strum::IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum MeasureKind {
    /// Balance: months average by calendar days
    /// 余额类（按日历天数加权平均）
    Balance,
    /// Flow: months add up
    /// 发生额类（逐月累加）
    Flow,
    /// Count: months add up
    /// 数量类（逐月累加）
    Count,
    /// Ratio of two measures
    /// 比率类
    Ratio,
}

/// How a longer period's target falls on its months
/// 目标分解方式
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Split {
    /// The same part for every month
    /// 按月均分
    Even,
    /// By calendar days
    /// 按天数
    Days,
    /// The whole target in every month
    /// 各月相同
    Same,
    /// Rising evenly to the whole target
    /// 逐月递增至全额
    Ramp,
    /// By the measure's weights
    /// 按权重
    Weights,
}

/// Which clients count as effective and as lost
/// 有效客户与流失客户的认定
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ClientRules {
    /// Effective where the month's figure of any of these reaches its threshold
    /// 有效户门槛（任一指标达到即为有效）
    pub effective: BTreeMap<MeasureId, Amount>,
    /// Lost where the average of the last three months falls below this part of the base average
    /// 流失认定比例（近三月日均低于基期日均的比例）
    pub lost_below: Rate,
    /// The measure that decides whether a client is lost
    /// 流失认定指标
    pub lost_by: MeasureId,
    /// Lost too after so many months on end without any of a measure: `{ settlements = 6 }`
    /// 连续该月数无此项业务的亦认定为流失，如 { settlements = 6 }
    pub lost_without: BTreeMap<MeasureId, u32>,
}

impl Default for ClientRules {
    fn default() -> Self {
        let threshold = |number: i64| Amount(number.into());
        Self {
            effective: BTreeMap::from([
                ("deposits".into(), threshold(50)),
                ("loans".into(), Amount(rust_decimal::Decimal::new(1, 2))),
            ]),
            lost_below: Rate(rust_decimal::Decimal::new(5, 1)),
            lost_by: "deposits".into(),
            lost_without: BTreeMap::new(),
        }
    }
}

/// A limit in days
/// 时限
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// How many days
    /// 天数
    pub days: u32,
    /// Which days count
    /// 计日方式
    #[serde(default)]
    pub count: DayCount,
}

/// Which days a limit counts
/// 计日方式
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DayCount {
    /// Every day
    /// 自然日
    #[default]
    Natural,
    /// Working days of the calendar
    /// 工作日
    Working,
}

const fn natural(days: u32) -> Limit {
    Limit { days, count: DayCount::Natural }
}

const fn working(days: u32) -> Limit {
    Limit { days, count: DayCount::Working }
}

/// Limits of complaints
/// 投诉办理时限
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ComplaintLimits {
    /// First answer to the client
    /// 首次响应
    pub acknowledge: Limit,
    /// Decision where the facts are clear
    /// 事实清楚的投诉
    pub plain: Limit,
    /// Decision where the facts are complex
    /// 情况复杂的投诉
    pub complex: Limit,
    /// Longest extension
    /// 最长延期
    pub extension: Limit,
    /// Follow-up after the decision
    /// 处理后回访
    pub follow_up: Limit,
    /// So many complaints of one cause in 90 days are a pattern
    /// 90天内同因投诉达到此数视为重复发生
    pub repeated: u32,
}

impl Default for ComplaintLimits {
    fn default() -> Self {
        Self {
            acknowledge: working(1),
            plain: natural(15),
            complex: natural(30),
            extension: natural(30),
            follow_up: natural(15),
            repeated: 3,
        }
    }
}

/// Limits of risk work
/// 风险管理时限
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RiskLimits {
    /// First check after a drawdown
    /// 首次检查（放款后）
    pub first_check: Limit,
    /// Days between routine checks, by class
    /// 常规检查间隔（按五级分类）
    pub routine: RoutineChecks,
    /// Days to deal with a red signal
    /// 红色预警处置时限
    pub red: Limit,
    /// Days to deal with an orange signal
    /// 橙色预警处置时限
    pub orange: Limit,
    /// Days to deal with a yellow signal
    /// 黄色预警处置时限
    pub yellow: Limit,
    /// Days before maturity by which a renewal plan is due
    /// 到期前须有安排的天数
    pub renewal: u32,
    /// Days before its day from which a test of a covenant counts for that day
    /// 授信约束条件到期前可提前检验的天数
    pub covenant_test: u32,
    /// Overdue for more days: at least special-mention
    /// 逾期超过该天数至少为关注
    pub special_mention_after: u32,
    /// Overdue for more days: at least substandard
    /// 逾期超过该天数至少为次级
    pub substandard_after: u32,
    /// Overdue for more days: at least doubtful
    /// 逾期超过该天数至少为可疑
    pub doubtful_after: u32,
    /// Overdue for more days: loss
    /// 逾期超过该天数为损失
    pub loss_after: u32,
    /// Share of a debtor's exposure that is non-performing from which all of it is
    /// 债务人不良占比超过此值则全部列为不良
    pub contagion: Rate,
    /// Share of a manager's deposits with one client above which they are concentrated
    /// 单一客户存款占比上限
    pub concentration: Rate,
    /// Month-end balance above the month's average by more is a deviation
    /// 存款偏离度上限
    pub deviation: Rate,
    /// Measure that what is drawn on facilities adds up to
    /// 与授信用信余额核对的指标
    pub loans: MeasureId,
    /// Change from one month to the next above which a figure is asked about
    /// 月度环比变动关注比例
    pub jump: Rate,
}

impl Default for RiskLimits {
    fn default() -> Self {
        let percent = |number| Rate(rust_decimal::Decimal::new(number, 2));
        Self {
            first_check: natural(15),
            routine: RoutineChecks::default(),
            red: natural(7),
            orange: natural(15),
            yellow: natural(30),
            renewal: 90,
            covenant_test: 30,
            special_mention_after: 0,
            substandard_after: 90,
            doubtful_after: 270,
            loss_after: 360,
            contagion: percent(10),
            concentration: percent(30),
            deviation: percent(4),
            loans: "loans".into(),
            jump: percent(50),
        }
    }
}

/// Days between routine post-loan checks, by class
/// 常规贷后检查间隔（天）
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RoutineChecks {
    /// Normal
    /// 正常
    pub normal: u32,
    /// Special-mention
    /// 关注
    pub special_mention: u32,
    /// Non-performing
    /// 不良
    pub non_performing: u32,
}

impl RoutineChecks {
    /// The days of a class.
    pub fn of(&self, class: RiskClass) -> u32 {
        match class {
            RiskClass::Normal => self.normal,
            RiskClass::SpecialMention => self.special_mention,
            RiskClass::Substandard | RiskClass::Doubtful | RiskClass::Loss => self.non_performing,
        }
    }
}

impl Default for RoutineChecks {
    fn default() -> Self {
        Self { normal: 90, special_mention: 30, non_performing: 7 }
    }
}

/// Limits of appraisal and everyday management
/// 考核与日常管理时限
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ManagementLimits {
    /// Answer to a report upward
    /// 上报事项答复
    pub answer: Limit,
    /// Acknowledgement or appeal after a scorecard is published
    /// 考核结果确认或申诉
    pub acknowledge: Limit,
    /// Decision of an appeal
    /// 申诉裁定
    pub appeal: Limit,
    /// Talk after a low rating
    /// 低评级后的绩效面谈
    pub talk: Limit,
    /// Kinds of meeting every team holds, one a week, a month, a quarter; a team's own `meets` stands above it
    /// 各团队应定期召开的会议类型（团队自填 `meets` 的从其规定）
    pub meetings: Vec<MeetingKind>,
    /// Days from one one-to-one with a manager to the next; 0: none is asked for
    /// 一对一沟通间隔天数（0 表示不作要求）
    pub one_on_one: u32,
    /// Look at what a manager declares
    /// 礼品及利益冲突申报审核
    pub declaration: Limit,
    /// Decision on a proposal for another grade, and the entry of one that was approved
    /// 职级提议审定及审定后职级登记
    pub proposal: Limit,
    /// Months from one staff survey of a team to the next
    /// 员工满意度调查间隔（月）
    pub survey_months: u32,
    /// Answer to a referral
    /// 推荐答复
    pub referral: Limit,
    /// Solution offered for a client's need
    /// 客户需求提出方案
    pub need: Limit,
    /// Opportunity without movement
    /// 商机停滞
    pub stale: Limit,
    /// Days before a certificate expires at which renewal is due
    /// 证书到期提醒天数
    pub certificate: u32,
    /// Months after which a contingency plan is looked at again
    /// 应急预案复核间隔（月）
    pub plan_months: u32,
    /// Months after which system access is reviewed again
    /// 系统权限复核间隔（月）
    pub access_months: u32,
    /// Months without leave after which it is asked about
    /// 未休假关注期（月）
    pub leave_months: u32,
    /// Training hours a year
    /// 年度培训学时
    pub training_hours: u32,
    /// Load above this multiple of the team's median is heavy
    /// 工作量超过团队中位数的倍数
    pub load: Amount,
    /// Visits on site one manager can make in a day
    /// 单人单日上门拜访次数上限
    pub visits_a_day: u32,
    /// Places one manager can visit in a day
    /// 单人单日拜访地点数上限
    pub places_a_day: u32,
    /// Fewest colleagues who must rate before their rating says anything
    /// 同级评价最少人数
    pub peer_raters: u32,
    /// Close of a period after its end
    /// 考核期结束后封存
    pub close: Limit,
    /// Ratings that count as low
    /// 低评级
    pub low_ratings: Vec<String>,
    /// Largest clients that need a second manager
    /// 须有协办客户经理（B角）覆盖的大户数
    pub covered_clients: u32,
}

impl Default for ManagementLimits {
    fn default() -> Self {
        Self {
            answer: working(5),
            acknowledge: working(5),
            appeal: working(10),
            talk: natural(30),
            meetings: vec![MeetingKind::Weekly, MeetingKind::Monthly, MeetingKind::Quarterly],
            one_on_one: 45,
            declaration: working(5),
            proposal: working(20),
            survey_months: 6,
            referral: natural(14),
            need: natural(30),
            stale: natural(60),
            certificate: 60,
            plan_months: 12,
            access_months: 12,
            leave_months: 6,
            training_hours: 40,
            load: Amount(rust_decimal::Decimal::new(15, 1)),
            visits_a_day: 6,
            places_a_day: 3,
            peer_raters: 3,
            close: natural(45),
            low_ratings: vec!["D".into(), "E".into()],
            covered_clients: 10,
        }
    }
}

/// Fewest answers before a figure is shown
/// 匿名数据最低答卷数
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Privacy {
    /// Of a survey, at least 5
    /// 满意度调查（不低于5）
    #[schemars(range(min = 5))]
    pub survey: u32,
    /// Of a wellbeing pulse, at least 10
    /// 身心关怀问卷（不低于10）
    #[schemars(range(min = 10))]
    pub wellbeing: u32,
    /// Of anonymous ratings of one group for one item, at least 3
    /// 匿名评价（同一主体同一项目，不低于3）
    #[schemars(range(min = 3))]
    pub ratings: u32,
}

impl Privacy {
    /// The fewest answers of which a survey shows anything; no setting goes below five.
    pub fn of_survey(&self) -> u32 {
        self.survey.max(5)
    }

    /// The fewest answers of which a wellbeing pulse shows anything; no setting goes below ten.
    pub fn of_pulse(&self) -> u32 {
        self.wellbeing.max(10)
    }

    /// The fewest anonymous ratings of one group for one item that are counted and shown; no setting goes below three.
    pub fn of_ratings(&self) -> u32 {
        self.ratings.max(3)
    }
}

impl Default for Privacy {
    fn default() -> Self {
        Self { survey: 5, wellbeing: 10, ratings: 3 }
    }
}

/// Days of a year that differ from Monday to Friday
/// 节假日安排
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Calendar {
    /// Days off besides weekends
    /// 节假日
    pub holidays: Vec<Day>,
    /// Working days on weekends
    /// 调休工作日
    pub workdays: Vec<Day>,
}

/// Level of a rule
/// 规则级别
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RuleLevel {
    /// An error
    /// 错误
    Deny,
    /// A warning
    /// 警告
    Warn,
    /// Not reported
    /// 不报告
    Allow,
}

/// Completeness that `check` asks for
/// 完整度要求
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Completeness {
    /// Least completeness of a client, by tier
    /// 各层级客户最低完整度
    pub client: ClientCompleteness,
    /// Least completeness of a manager's record
    /// 客户经理记录最低完整度
    pub manager: Option<Rate>,
}

/// Least completeness of a client, by tier
/// 各层级客户最低完整度
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ClientCompleteness {
    /// Strategic clients
    /// 战略客户
    pub strategic: Option<Rate>,
    /// Key clients
    /// 重点客户
    pub key: Option<Rate>,
    /// Base clients
    /// 基础客户
    pub base: Option<Rate>,
    /// Prospects
    /// 潜在客户
    pub prospect: Option<Rate>,
}

impl ClientCompleteness {
    /// The value of a tier.
    pub fn of(&self, tier: Tier) -> Option<Rate> {
        match tier {
            Tier::Strategic => self.strategic,
            Tier::Key => self.key,
            Tier::Base => self.base,
            Tier::Prospect => self.prospect,
        }
    }
}
