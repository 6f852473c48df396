//! Dimensions, indicators, additions and deductions as they are written.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Rounding;
use super::curve::{Better, Curves, Unusable};
use super::formula::Formula;

/// A dimension, or a part of one
/// 考核维度
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Dimension {
    /// Id, a word that expressions can hold
    /// 编号
    pub id: String,
    /// Title
    /// 名称
    pub title: Option<String>,
    /// The dimension it is part of
    /// 上级维度
    pub parent: Option<String>,
    /// What regulators ask about it
    /// 监管分类
    pub class: Option<Class>,
    /// Weight, a number, the same for everybody: the sum of its leaves, or a share of the level above; where conditions choose among
    /// the leaves, what it keeps
    /// 权重（对全员相同的固定数值）：下级权重之和，或占上级的比例；下级按条件择用的，以所填权重为准
    pub weight: Option<Formula>,
    /// Least points
    /// 最低分
    pub min: Option<Formula>,
    /// Greatest points
    /// 最高分
    pub max: Option<Formula>,
    /// Decimal places of its points
    /// 小数位数
    pub round: Option<i32>,
    /// In a variant: leave it out
    /// 差异化条款中：删除本维度
    pub drop: Option<bool>,
}

/// What regulators ask about a dimension
/// 监管分类
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// Compliance
    /// 合规经营类
    Compliance,
    /// Risk
    /// 风险管理类
    Risk,
    /// Results
    /// 经营效益类
    Results,
    /// Development
    /// 发展转型类
    Development,
    /// Social responsibility
    /// 社会责任类
    Social,
}

/// What a figure that is missing counts as
/// 数据缺失的处理
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Missing {
    /// No marks
    /// 记零分
    Zero,
    /// Full marks
    /// 记满分
    Full,
    /// Not scored: its weight goes to the others; in points, the total is taken × full / (full − skipped) instead
    /// 不计分：权重分摊至其他指标；分值制改按总分 × 满分 ÷（满分 − 不计分分值）折算
    Skip,
    /// The scorecard cannot be made
    /// 报错，不出具考核结果
    Error,
}

/// What an item is evaluated for, record by record, before it is summed
/// 逐笔计算口径
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Each {
    /// Every client the manager has credit for
    /// 逐户（按业绩分成的客户）
    Client,
    /// Every facility of those clients
    /// 逐笔授信
    Facility,
}

/// An indicator, an addition or a deduction
/// 指标、加分项或扣分项
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Id, a word that expressions can hold
    /// 编号
    pub id: String,
    /// Title
    /// 名称
    pub title: Option<String>,
    /// The dimension it belongs to
    /// 所属维度
    #[serde(rename = "in")]
    pub dimension: Option<String>,
    /// The value, an expression over figures; `rmbook explain expression` has the language
    /// 取值公式（写法见 `rmbook explain expression`）
    pub value: Option<Formula>,
    /// The points themselves, where no curve is needed
    /// 分值公式（无需曲线时）
    pub points: Option<Formula>,
    /// Weight, a number, the same for everybody (`[[variants]]` give others other ones): of 100 where weighted, full marks where in
    /// points; an indicator without one is shown and not summed up
    /// 权重（对全员相同的固定数值，不同人员的不同权重用 `[[variants]]`）：加权制合计100，分值制即满分；未填写的指标仅列示、不计入总分
    pub weight: Option<Formula>,
    /// Target
    /// 目标
    pub target: Option<Formula>,
    /// Whether the target shrinks with the time in post where `partial.prorate` is `target`. Unless stated it does where the value
    /// grows with that time: sums, counts of what happened and means over all days do; what stands on a day, ratios, and figures of
    /// the team or the unit do not. A value that mixes both has to state it
    /// `partial.prorate` 为 `target` 时，本项目标是否按在岗时间折算。未填写的，取值随在岗时间累计者折算：发生额、期内次数及全期日均；时点数、比率及团队、机构数据不折算。两类数据混用的须写明
    pub prorate: Option<bool>,
    /// How the value becomes a score, a table with `kind`; `rmbook explain curve` lists them
    /// 计分曲线（各类型见 `rmbook explain curve`）
    pub curve: Option<Curves>,
    /// Which way is good, where the curve leaves it open
    /// 指标方向
    pub better: Option<Better>,
    /// A missing figure
    /// 数据缺失的处理
    pub missing: Option<Missing>,
    /// A target of zero or less
    /// 目标为零或负数时的处理
    pub zero_target: Option<Unusable>,
    /// Condition under which it counts; what then lacks to the whole is spread over those left, its dimension's first; those whose
    /// conditions hold together must not weigh more than the whole
    /// 适用条件；不成立时不计分，权重不足总分的部分由其余指标分摊（先本维度内）；同时适用的指标权重合计不得超过总分
    pub when: Option<Formula>,
    /// Evaluated record by record, all of its figures times the manager's share of them; figures that are shared differently
    /// (`for` in a credit entry, visits of one's own) are the manager's part already, and the share is 1; one without a figure
    /// contributes nothing where `missing` is zero or skip, and stops or fills the item where it is error or full
    /// 逐笔按整笔数据计算，乘以分成比例后汇总；各数据分成不一致的（分成条目以 `for` 指定指标、本人拜访等），均按本人所占部分计，分成比例为 1；缺数据的一笔，`missing` 为 zero 或 skip 时不计，为 error、full 时整项按其处理
    pub each: Option<Each>,
    /// Least score
    /// 最低分
    pub min: Option<Formula>,
    /// Greatest score
    /// 最高分
    pub max: Option<Formula>,
    /// Group of additions or deductions that `caps` bounds
    /// 加分、扣分分组
    pub group: Option<String>,
    /// Rounding of its own
    /// 单独的取整规则
    pub rounding: Option<Rounding>,
    /// What earlier periods leave over
    /// 结转规则
    pub carry: Option<Carry>,
    /// Where it stands in the regulation
    /// 条款依据
    pub source: Option<String>,
    /// In a variant: leave it out
    /// 差异化条款中：删除本项
    pub drop: Option<bool>,
}

/// What earlier periods of the scheme leave over, as they were closed. From a period that is not closed nothing is carried, and the
/// scorecard says so
/// 结转规则：自本方案以前各期的封存结果结转；尚未封存的期间不结转，考核结果予以注明
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Carry {
    /// What was missing from the target
    /// 未完成部分
    #[serde(default)]
    pub shortfall: Shortfall,
    /// What was done beyond it
    /// 超额部分
    #[serde(default)]
    pub excess: Excess,
    /// The most that is carried
    /// 结转上限
    pub limit: Option<Formula>,
    /// When counting starts afresh
    /// 清零周期
    #[serde(default)]
    pub reset: Reset,
}

/// What becomes of a shortfall
/// 未完成部分的处理
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Shortfall {
    /// It is added to the next target
    /// 并入下期目标
    AddToTarget,
    /// Nothing
    /// 不结转
    #[default]
    None,
}

/// What becomes of an excess
/// 超额部分的处理
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Excess {
    /// It is added to the next value
    /// 计入下期完成值
    AddToValue,
    /// It is taken from the next target
    /// 抵减下期目标
    CutTarget,
    /// Nothing
    /// 不结转
    #[default]
    None,
}

/// When carrying over starts afresh
/// 清零周期
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reset {
    /// Every quarter
    /// 每季
    Quarter,
    /// Every year
    /// 每年
    #[default]
    Year,
    /// Never
    /// 不清零
    Never,
}
