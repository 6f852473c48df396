//! Pay as it is written.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::curve::{Band, Group};
use super::formula::Formula;
use super::item::Missing;
use super::{Mode, RatingOn};

/// Pay: lines → floor → gates → pool → advances → deferral → clawback
/// 绩效薪酬：薪酬项目→保底→门槛→奖金池→预发→延期支付→追索扣回
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pay {
    /// Lines, each in exactly one form: amount, commission, progressive, whole, bands or pool
    /// 薪酬项目，各择一方式：amount、commission、progressive、whole、bands、pool
    #[serde(default)]
    pub lines: Vec<Line>,
    /// Least sum of the lines; shares of pools and lines with `gated = false` count towards it, and what still lacks is added to the
    /// other lines, so that gates act on it too
    /// 保底金额；奖金池份额及 `gated = false` 的薪酬项目计算在内，不足部分补入其余薪酬项目，因而同受门槛等系数影响
    pub min: Option<Formula>,
    /// Greatest sum of the lines; shares of pools and lines with `gated = false` count towards it and are never cut, which each line
    /// has its own `max` for: the others are
    /// 封顶金额；奖金池份额及 `gated = false` 的薪酬项目计算在内但不予削减（上限以该项 max 规定），超出部分自其余薪酬项目削减
    pub max: Option<Formula>,
    /// What floor and ceiling bound; the lines unless stated
    /// 保底、封顶的适用环节（默认薪酬项目合计）
    #[schemars(extend("x-assumed" = After::default()))]
    pub after: Option<After>,
    /// What was paid in advance; nothing where a figure is missing and the policy's `missing` is not error
    /// 已预发金额（数据缺失且本办法 missing 非 error 时按零计）
    pub advance: Option<Formula>,
    /// What is paid later
    /// 延期支付
    pub deferral: Option<Deferral>,
    /// What is given back of what was clawed back
    /// 追索扣回的退还
    pub clawback: Option<Clawback>,
    /// Whether pay looks at the rounded or the exact total; rounded unless stated
    /// 薪酬所依据的总分（默认取整后）
    #[schemars(extend("x-assumed" = RatingOn::default()))]
    pub total_on: Option<RatingOn>,
}

/// When floor and ceiling apply
/// 保底、封顶的适用环节
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum After {
    /// To the sum of the lines, which gates, vetoes and time in post then act on
    /// 薪酬项目合计之后、门槛之前
    #[default]
    Lines,
    /// To what gates, vetoes and time in post leave
    /// 门槛、否决及在岗时间折算之后
    Gates,
}

/// What becomes of a negative line
/// 负数的处理
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Negative {
    /// It is taken from the others
    /// 冲减其他项
    Pay,
    /// It counts as zero
    /// 按零计
    Zero,
}

/// One line of pay, in exactly one form
/// 一项薪酬（择一填写计算方式）
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Id, a word that expressions can hold
    /// 编号
    pub id: String,
    /// Title
    /// 名称
    pub title: Option<String>,
    /// Form: the amount, in money: "total * 20 USD"
    /// 金额公式（计算方式之一），如 "total * 20 元"
    pub amount: Option<Formula>,
    /// Form: a rate on a figure
    /// 按比例计酬（计算方式之一）
    pub commission: Option<Commission>,
    /// Form: each bracket's rate on the part inside it, counted from zero; what is below zero is taken by the brackets there
    /// 超额累进（计算方式之一）：自零起算；负数按零以下各档计算，为扣减额
    pub progressive: Option<Brackets>,
    /// Form: the bracket's rate on everything
    /// 全额累进（计算方式之一）
    pub whole: Option<Brackets>,
    /// Form: the amount of the band a figure lies in
    /// 分档定额（计算方式之一）
    pub bands: Option<Brackets>,
    /// Form: a share of an amount
    /// 按权数分配总额（计算方式之一）
    pub pool: Option<Share>,
    /// Least amount; what lifts a share of a pool to it is taken from the others
    /// 下限；奖金池份额的补足部分由其他人承担
    pub min: Option<Formula>,
    /// Greatest amount
    /// 上限
    pub max: Option<Formula>,
    /// Condition under which it is paid; where it does not hold, others read the line as 0
    /// 适用条件；不符合的，其他项引用本项时按零计
    pub when: Option<Formula>,
    /// A negative amount; it is taken from the others unless stated
    /// 负数的处理（默认冲减其他项）
    pub negative: Option<Negative>,
    /// A missing figure; unless stated no pay is given, save where the policy counts it as zero, which a pool's never is. A division
    /// by zero goes by the policy's `zero_target` instead, and no pay is given where it does not say, nor by a pool
    /// 数据缺失的处理（未规定的不计发薪酬；办法规定按零计的从其规定，奖金池除外）。除数为零的依本办法 `zero_target`，未写明的及奖金池不计发薪酬
    pub missing: Option<MissingInPay>,
    /// Whether gates, vetoes and time in post act on it; they do unless stated. On a pool: `true` lets gates on pay and time in post
    /// act on the manager's part, as vetoes do, and the others share what that leaves; `"stay"` lets all three act on the share
    /// itself, and what they take is not paid out, with `"spread"` as with `true`; `false` leaves the part as it is, and so does a pool that does not say
    /// 是否受门槛等系数影响（默认受影响）。奖金池：`true` 为门槛与在岗时间作用于本人权数（与否决相同），余额由其他人分配；`"stay"` 为门槛、否决与在岗时间作用于本人份额，扣减部分不再发放；`"spread"` 同 `true`；`false` 为权数不受影响，未写明的亦同
    pub gated: Option<Gated>,
    /// Whether it is paid; `false` for a figure on the way, which others read as `pay.ID` and which is shown and frozen, but is no
    /// part of what is paid. It is unless stated
    /// 是否计发：`false` 为中间数，供其他项以 `pay.编号` 引用，列示并封存，但不计入应发、延期及各项发放报表（默认计发）
    pub paid: Option<bool>,
    /// Decimal places
    /// 小数位数
    pub round: Option<i32>,
    /// Mode of rounding
    /// 取整方式
    pub mode: Option<Mode>,
    /// Where it stands in the regulation
    /// 条款依据
    pub source: Option<String>,
    /// In a variant: leave it out
    /// 差异化条款中：删除本项
    pub drop: Option<bool>,
}

/// Whether gates, vetoes and time in post act on a line
/// 是否受门槛等系数影响
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Gated {
    /// They do or do not
    /// 是否受影响
    Act(bool),
    /// On shares of a pool, with what becomes of what they take off
    /// 作用于奖金池份额时扣减部分的处理
    On(Excess),
}

impl Gated {
    /// Whether they act.
    pub fn acts(self) -> bool {
        self != Self::Act(false)
    }
}

/// What a missing figure makes of a line of pay
/// 薪酬项目数据缺失的处理
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MissingInPay {
    /// The line is zero, held to its `min` and `max`; of a pool the manager has no share but the least one, where there is a `min`.
    /// Where its condition cannot be told it is zero
    /// 按零计，仍适用本项上下限（奖金池无份额，设有下限的按下限）；适用条件无法判断的为零
    Zero,
    /// The line is left out with a remark, and the others are paid
    /// 不计本项并予注明，其他项照发
    Skip,
    /// No pay is given
    /// 报错，不计发薪酬
    Error,
}

impl From<MissingInPay> for Missing {
    fn from(missing: MissingInPay) -> Self {
        match missing {
            MissingInPay::Zero => Self::Zero,
            MissingInPay::Skip => Self::Skip,
            MissingInPay::Error => Self::Error,
        }
    }
}

/// What stretch a rate is for
/// 比例的期间口径
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Per {
    /// The period itself
    /// 本期
    Period,
    /// A year, of which the period is a part
    /// 年（按期间折算）
    Year,
}

/// How a part of a year is counted
/// 年化折算口径
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum DayCount {
    /// Days of the period over days of its year
    /// 实际天数/当年天数
    #[serde(rename = "actual")]
    Actual,
    /// Days of the period over 365
    /// 实际天数/365
    #[serde(rename = "365")]
    D365,
    /// Days of the period over 360
    /// 实际天数/360
    #[serde(rename = "360")]
    D360,
    /// A twelfth for every month
    /// 每月1/12
    #[serde(rename = "1/12")]
    Twelfth,
    /// A quarter of the year, in a quarterly policy
    /// 每季1/4，限季度办法
    #[serde(rename = "1/4")]
    Quarter,
}

/// A rate on a figure
/// 按比例计酬
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Commission {
    /// The figure
    /// 计酬基数
    pub of: Formula,
    /// The rate, with its unit or a percent sign
    /// 比例（须带单位或百分号）
    pub rate: Formula,
    /// Stretch the rate is for; the period unless stated
    /// 比例的期间口径（默认为考核期）
    #[schemars(extend("x-assumed" = Per::Period))]
    pub per: Option<Per>,
    /// How days count where the rate is for a year
    /// 年化折算口径
    pub days: Option<DayCount>,
}

/// A table over a figure
/// 分档表
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Brackets {
    /// The figure that is looked up
    /// 分档依据
    pub of: Formula,
    /// What a rate is applied to, in `whole` alone; the figure itself where absent
    /// 比例的计算基数，仅用于 whole（默认同分档依据）
    pub base: Option<Formula>,
    /// The bands
    /// 各档
    #[serde(default)]
    pub bands: Vec<Band>,
    /// Edges between the bands, rising
    /// 分界值（递增）
    #[serde(default)]
    pub edges: Vec<Formula>,
    /// What the bands give, one more than edges
    /// 各档结果（比分界值多一个）
    #[serde(default)]
    pub results: Vec<Formula>,
    /// Whose an edge is
    /// 分界值归属
    pub included: Option<super::curve::Included>,
    /// The table elsewhere: `tables.NAME`
    /// 引用的表：`tables.名称`
    pub lookup: Option<String>,
}

/// A share of an amount, paid out to the cent
/// 按权数分配总额，精确到分
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Share {
    /// The amount, cut to the places that are paid out and then shared out to the last unit: parts are cut, and what is left goes to the largest remainders, of equal ones by id
    /// 分配总额，先舍去至发放小数位数，再分尽：各份舍去尾数后，余额依余数由大到小逐单位补足，余数相同的按编号先后
    pub of: Formula,
    /// Each one's part in it; one below zero counts as none
    /// 个人权数（负数按零计）
    pub by: Formula,
    /// Among whom
    /// 分配范围
    pub among: Group,
    /// Decimal places paid out; those of the pay unless stated, which are a hundredth of the currency unit where `rounding.pay` does not
    /// say
    /// 小数位数（默认同薪酬合计，`rounding.pay` 未写明的精确到分）
    pub places: Option<u32>,
    /// What becomes of what the line's `max` cuts off a share; stated where there is a `max`
    /// 超过本项上限部分的处理（设有 max 时须写明）
    pub excess: Option<Excess>,
}

/// What becomes of what is cut off a share
/// 份额超限部分的处理
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Excess {
    /// It is not paid out
    /// 不再发放
    #[default]
    Stay,
    /// The others share it by their parts, none beyond its own bound
    /// 由其他人按权数再分配，均不超过各自上限
    Spread,
}

/// What is paid later
/// 延期支付
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Deferral {
    /// Part of the pay that is deferred; this or `amount` is stated by the policy or the variant
    /// 延期支付比例（与 amount 择一，须由办法或差异化条款写明）
    pub share: Option<Formula>,
    /// Amount that is deferred, where it is no part of the whole, as a risk deposit is that one line is held back by:
    /// "pay.commission * 20%". No more than the pay is deferred, and nothing where it comes out below zero
    /// 延期支付金额（与 share 择一），用于仅就部分薪酬项目计提的风险金等，如 "pay.commission * 20%"；以应发合计为限，负数按零计
    pub amount: Option<Formula>,
    /// Shares of it year by year, adding up to 100 %; amounts are cut to `round`, and what is left goes to the largest remainders, of
    /// equal ones to the earlier year
    /// 各年支付比例（合计100%）；各年金额按 round 位数舍去尾数，余额依余数由大到小补足，余数相同的较早年度优先
    #[serde(default)]
    pub years: Vec<Formula>,
    /// Whom it is for; everybody where absent. A missing figure is an error unless the policy's `missing` says otherwise, and then
    /// nothing is deferred
    /// 适用条件；数据缺失时报错，本办法 missing 另有规定的不延期
    pub when: Option<Formula>,
    /// Part of each instalment that is paid out when it falls due, decided by a later result: that of the period as many years after
    /// the pay's as the instalment, once it is closed. A number from 0 to 1 of its `rating`, `total`, values, targets, scores and points
    /// of items, of who the manager was at its end and of constants; the rest is forfeited. All of it where absent
    /// 到期分期的兑付比例，由后续考核结果判定：以到期年度的对应考核期（如2025年度薪酬2027年到期的，取2027年度；2026年一季度薪酬2027年到期的，取2027年一季度）封存结果为准，
    /// 可引用其 `rating`、`total`、指标值、目标、得分、计入分、期末身份及常数，取值0～1；其余止付。未填为全额兑付
    pub release: Option<Formula>,
    /// Decimal places; the pay's where absent
    /// 小数位数
    pub round: Option<i32>,
}

/// What is given back of what was clawed back
/// 追索扣回的退还
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Clawback {
    /// Part of what was clawed back that its settlement gives back; stated by the policy or the variant. A test computes it
    /// (`settled`); in a review the entry `return` states the amount itself, and `check` finds one above this part
    /// 退还比例（须由办法或差异化条款写明）；测试用例按 `settled` 计算，考核记录的台账以 `return` 分录填写实际退还金额，超过该比例的由检查提示
    pub returns: Option<Formula>,
    /// Decimal places; the pay's where absent
    /// 小数位数
    pub round: Option<i32>,
}
