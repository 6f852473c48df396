//! Curves as they are written: one struct a kind.
//!
//! To add a kind: its struct and its variant here, and its file under `policy/curve/`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::formula::Formula;

/// A curve of its own, a chain of them, or the name of one declared under `curves`
/// 计分曲线：单条、多条串联，或引用 `curves` 中的名称
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Curves {
    /// Name of a curve under `curves`
    /// `curves` 中的曲线名称
    Named(String),
    /// One curve
    /// 单条曲线
    One(Box<Curve>),
    /// A chain: the output of one is the input of the next
    /// 串联：前一条的结果作为后一条的输入
    Chain(Vec<Curve>),
}

impl Curves {
    /// The name under `curves`, where it is one.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Named(name) => Some(name),
            Self::One(_) | Self::Chain(_) => None,
        }
    }
}

/// How a value becomes a score
/// 计分曲线
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Curve {
    /// Completion against the target, in full marks
    /// 完成率法
    Ratio(Ratio),
    /// Full marks or none
    /// 达标法
    Threshold(Threshold),
    /// Points up and down from an anchor, step by step
    /// 基准加减分法
    Anchor(Anchor),
    /// Less of what should stay small
    /// 容忍度法
    Tolerance(Tolerance),
    /// A table of bands
    /// 分档法
    Bands(Bands),
    /// Straight lines between points
    /// 分段线性插值法
    Piecewise(Piecewise),
    /// Full on one edge of a window, nothing on the other
    /// 区间线性法
    Window(Window),
    /// Best on target, less on both sides
    /// 中性指标法
    Neutral(Neutral),
    /// Points for every unit
    /// 按单位计分法
    PerUnit(PerUnit),
    /// Points for every event, by severity
    /// 按事件计分法
    Event(Event),
    /// The first condition that holds decides
    /// 条件分支法
    Cases(Cases),
    /// Against the mean of the peers
    /// 相对平均法
    Relative(Relative),
    /// By place among the peers
    /// 排名法
    Rank(Rank),
    /// Mean of rater groups
    /// 多维度评价法
    Rating(Rating),
    /// Several items turned into units, and units into points
    /// 折算法
    Convert(Convert),
    /// A mark given in the review
    /// 人工评分法
    Manual(Manual),
    /// An expression over the input `x`
    /// 公式法
    Formula(FormulaCurve),
    /// Rounding between two curves of a chain
    /// 中间取整
    Round(RoundCurve),
}

/// What becomes of a target of zero or less
/// 目标为零或负数时的处理
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Unusable {
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

/// Which way is good
/// 指标方向
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Better {
    /// More is better
    /// 越高越好
    #[default]
    Higher,
    /// Less is better
    /// 越低越好
    Lower,
}

/// What becomes of a part of a step
/// 不足一个单位的处理
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PartOf {
    /// It counts in proportion
    /// 按比例计算
    #[default]
    ProRata,
    /// It does not count: toward zero
    /// 不足不计
    Whole,
    /// It counts as a whole step: away from zero
    /// 不足一个按一个计
    Started,
}

/// F · clamp(x/T, min, max); where less is better, T/x
/// 满分 × 完成率，限于上下限之间；越低越好时取目标/实际
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ratio {
    /// Least part of full marks, 0 unless stated
    /// 最低得分比例（默认0）
    pub min: Option<Formula>,
    /// Greatest part of full marks; unbounded where absent; required where less is better, as what nothing at all is worth
    /// 最高得分比例（默认不封顶；越低越好时须写明，即实际为零时的得分）
    pub max: Option<Formula>,
    /// Which way is good
    /// 指标方向
    #[serde(default)]
    pub better: Better,
    /// Target of zero or less; must be stated here or with the item
    /// 目标为零或负数时的处理（须在此或指标中写明）
    pub zero_target: Option<Unusable>,
}

/// Full marks where the comparison holds, else none
/// 达标得满分，否则不得分
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Threshold {
    /// Comparison
    /// 比较方式
    pub op: Comparison,
    /// What the value is compared with; the target where absent
    /// 门槛值（默认为目标值）
    pub at: Option<Formula>,
    /// Score where it does not hold, 0 unless stated
    /// 未达标得分（默认0）
    #[serde(rename = "else")]
    pub otherwise: Option<Formula>,
}

/// A comparison
/// 比较方式
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum Comparison {
    /// At least
    /// 大于等于
    #[serde(rename = ">=")]
    AtLeast,
    /// More than
    /// 大于
    #[serde(rename = ">")]
    Above,
    /// At most
    /// 小于等于
    #[serde(rename = "<=")]
    AtMost,
    /// Less than
    /// 小于
    #[serde(rename = "<")]
    Below,
}

/// Base marks at the anchor; `up` for every step above, `down` for every step below
/// 达到基准得基本分，每高一档加分、每低一档扣分
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Anchor {
    /// Value that gives the base; the target where absent
    /// 基准值（默认为目标值）
    pub anchor: Option<Formula>,
    /// Marks at the anchor; full marks where absent
    /// 基本分（默认为满分）
    pub base: Option<Formula>,
    /// How much of the value one step is
    /// 每档幅度
    pub step: Formula,
    /// Points for a step above, 0 unless stated; negative takes away
    /// 每高一档加分（默认0，可为负）
    pub up: Option<Formula>,
    /// Points taken for a step below, 0 unless stated; negative gives
    /// 每低一档扣分（默认0，可为负）
    pub down: Option<Formula>,
    /// Least score
    /// 最低分
    pub min: Option<Formula>,
    /// Greatest score
    /// 最高分
    pub max: Option<Formula>,
    /// A value beyond which the score jumps
    /// 断崖条款
    pub cliff: Option<Cliff>,
    /// Parts of a step
    /// 不足一档的处理
    #[serde(default)]
    pub part: PartOf,
}

/// A value beyond which the score jumps
/// 断崖条款
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cliff {
    /// Comparison of the value with `at`
    /// 比较方式
    pub op: Comparison,
    /// The value
    /// 临界值
    pub at: Formula,
    /// Score there, 0 unless stated
    /// 得分（默认0）
    pub score: Option<Formula>,
}

/// F · clamp((T − x)/T, 0, 1): less of what should stay small
/// 满分 ×（容忍值 − 实际）/容忍值
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tolerance {
    /// Where nothing is left of the marks; the item's target where absent
    /// 容忍值（默认为目标值）
    pub target: Option<Formula>,
    /// Marks where the value is zero or less and the target is not; full marks where absent
    /// 未发生时得分（容忍值大于零时适用，默认为满分）
    pub none: Option<Formula>,
    /// Target of zero or less
    /// 容忍值为零或负数时的处理
    pub zero_target: Option<Unusable>,
}

/// One band: from where to where, each edge included or not, and what it gives
/// 一档：上下限（注明是否含本数）及对应结果
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Lower edge, included (≥)
    /// 下限，含本数
    pub at_least: Option<Formula>,
    /// Lower edge, not included (>)
    /// 下限，不含本数
    pub above: Option<Formula>,
    /// Upper edge, included (≤)
    /// 上限，含本数
    pub at_most: Option<Formula>,
    /// Upper edge, not included (<)
    /// 上限，不含本数
    pub below: Option<Formula>,
    /// What the band gives: a score, a rate or an amount
    /// 本档结果：分数、比例或金额
    pub result: Option<Formula>,
}

/// Whose an edge between two bands is
/// 分界值归属
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Included {
    /// The band above it: each band includes its lower edge
    /// 归上档（含下限）
    Lower,
    /// The band below it: each band includes its upper edge
    /// 归下档（含上限）
    Upper,
}

/// Bands, written one by one or as edges with one result more than edges
/// 分档表：逐档列示，或列出分界值与结果
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Table {
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
    pub included: Option<Included>,
    /// Points `[x, y]` with straight lines between them, x rising: for a piecewise curve, and for
    /// `lookup("tables.NAME", x)`, which needs `below` and `above` here
    /// 折线各点 `[x, y]`，x 递增：供 piecewise 曲线引用，亦供 `lookup("tables.名称", x)` 插值（须另列 below 与 above）
    #[serde(default)]
    pub points: Vec<Vec<Formula>>,
    /// What `lookup` gives below the first point: `"hold"`, `"extend"` or a number; a curve states its own
    /// `lookup` 低于首点时的取值：`"hold"`、`"extend"` 或数值；曲线另行列明
    pub below: Option<Formula>,
    /// What `lookup` gives above the last point: `"hold"`, `"extend"` or a number; a curve states its own
    /// `lookup` 高于末点时的取值：`"hold"`、`"extend"` 或数值；曲线另行列明
    pub above: Option<Formula>,
    /// What it gives by words, for `lookup("tables.NAME", manager.grade)`: `junior = 100`; by two keys
    /// `junior = { "East" = 100, else = 80 }`; `else` for all other words, and a missing figure where there is none
    /// 按文字取值，供 `lookup("tables.名称", manager.grade)` 引用，如 `junior = 100`；两个键的为 `junior = { "城区" = 100, else = 80 }`；其余取 else，无 else 则为数据缺失
    #[serde(default)]
    pub rows: BTreeMap<String, Cell>,
}

/// What a table gives for a word, or for it and a second one
/// 按一个键或两个键的取值
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Cell {
    /// For the word alone
    /// 仅按首个键取值
    One(Formula),
    /// By the second word; `else` for all others
    /// 按第二个键取值，其余取 else
    By(BTreeMap<String, Formula>),
}

/// A table of bands
/// 分档法
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bands {
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
    pub included: Option<Included>,
    /// The table elsewhere: `tables.NAME`
    /// 引用的表：`tables.名称`
    pub lookup: Option<String>,
}

/// Straight lines between points
/// 分段线性插值法
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Piecewise {
    /// Points `[x, y]`, x rising
    /// 各点 `[x, y]`，x 递增
    #[serde(default)]
    pub points: Vec<Vec<Formula>>,
    /// Below the first point: `"hold"`, `"extend"` or a score
    /// 低于首点：`"hold"`、`"extend"` 或分数
    pub below: Formula,
    /// Above the last point: `"hold"`, `"extend"` or a score
    /// 高于末点：`"hold"`、`"extend"` 或分数
    pub above: Formula,
    /// The table elsewhere: `tables.NAME`
    /// 引用的表：`tables.名称`
    pub lookup: Option<String>,
}

/// Full marks at T − d, none at T + d, straight between; mirrored where more is better
/// 目标减半宽处满分，加半宽处零分，其间线性
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// Middle of the window; the item's target where absent
    /// 区间中点（默认为目标值）
    pub target: Option<Formula>,
    /// Half its width
    /// 半宽
    pub half_width: Formula,
    /// Which way is good
    /// 指标方向
    pub better: Better,
}

/// Full marks on target and within the dead band, less on both sides
/// 目标及容差内满分，两侧递减
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Neutral {
    /// Where it is best; the item's target where absent
    /// 最优值（默认为目标值）
    pub target: Option<Formula>,
    /// How far from it nothing is taken, 0 unless stated
    /// 容差（默认0）
    pub dead_band: Option<Formula>,
    /// Points taken for one above: of the input's unit, of the policy's `money` for an amount, or of the unit it names
    /// (`"2 points/USD"`)
    /// 每高一个单位扣分：单位为输入值的单位（金额为本办法 `money`），也可自行写明，如 `"2 分/万元"`
    pub slope_up: Formula,
    /// Points taken for one below, by the same unit
    /// 每低一个单位扣分，单位同上
    pub slope_down: Formula,
    /// Least score, 0 unless stated
    /// 最低分（默认0）
    pub min: Option<Formula>,
}

/// Which side of `from` counts
/// 计分方向
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// Only above
    /// 仅高于部分
    #[default]
    Above,
    /// Only below, each unit counting as one
    /// 仅低于部分
    Below,
    /// Above with its points, below with them the other way round
    /// 双向
    Both,
}

/// Points for every unit from a start
/// 自起点起每单位计分
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PerUnit {
    /// How much of the value one unit is
    /// 单位
    pub unit: Formula,
    /// Points for one; negative takes away
    /// 每单位分值（可为负）
    pub points: Formula,
    /// Where counting starts, 0 unless stated
    /// 起点（默认0）
    pub from: Option<Formula>,
    /// Which side of the start counts
    /// 计分方向
    #[serde(default)]
    pub side: Side,
    /// Score at the start, 0 unless stated
    /// 起点得分（默认0）
    pub base: Option<Formula>,
    /// Least score
    /// 最低分
    pub min: Option<Formula>,
    /// Greatest score
    /// 最高分
    pub max: Option<Formula>,
    /// Parts of a unit
    /// 不足一个单位的处理
    #[serde(default)]
    pub part: PartOf,
}

/// Points for events by severity
/// 按事件及严重程度计分
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// The kinds of event, the worst first
    /// 事件类型（由重到轻）
    #[serde(default)]
    pub events: Vec<EventLine>,
    /// Only the first kind that occurred counts
    /// 仅计最严重的一类
    #[serde(default)]
    pub exclusive: bool,
    /// Score without any event, 0 unless stated
    /// 未发生时得分（默认0）
    pub base: Option<Formula>,
    /// Least score
    /// 最低分
    pub min: Option<Formula>,
    /// Greatest score
    /// 最高分
    pub max: Option<Formula>,
}

/// One kind of event
/// 一类事件
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EventLine {
    /// How many there were
    /// 次数
    pub count: Formula,
    /// Points for each; negative takes away
    /// 每次分值（可为负）
    pub points: Formula,
    /// Most points of this kind, without sign
    /// 本类最多计分（绝对值）
    pub cap: Option<Formula>,
}

/// The first case whose condition holds decides
/// 首个成立的条件决定得分
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cases {
    /// The cases in order
    /// 各分支（按顺序）
    #[serde(default)]
    pub cases: Vec<Case>,
    /// Score where none holds
    /// 均不成立时的得分
    #[serde(rename = "else")]
    pub otherwise: CaseResult,
}

/// One case
/// 一个分支
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Condition; `x` is the value
    /// 条件；`x` 为实际值
    pub when: Formula,
    /// Score
    /// 得分
    pub score: Option<Formula>,
    /// Or the curve under `curves` that gives it
    /// 或 `curves` 中的曲线名称
    pub curve: Option<String>,
}

/// A score, or a curve that gives it
/// 分数或曲线
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum CaseResult {
    /// Score
    /// 得分
    Score(Formula),
    /// The curve that gives it
    /// 曲线
    Curve(CaseCurve),
}

/// A curve under `curves`
/// `curves` 中的曲线
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseCurve {
    /// Its name
    /// 名称
    pub curve: String,
}

/// With whom somebody is compared
/// 可比群体
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
    strum::EnumString,
    strum::VariantNames,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Group {
    /// Everybody this policy scores and assesses
    /// 全部考核对象（不予考核者除外）
    All,
    /// The same team
    /// 同一团队
    Team,
    /// The same grade
    /// 同一职级
    Grade,
    /// The same role
    /// 同一岗位
    Role,
    /// The same branch
    /// 同一机构
    Branch,
}

/// What peers are summed up as
/// 群体水平
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Middle {
    /// Mean
    /// 平均数
    #[default]
    Mean,
    /// Median
    /// 中位数
    Median,
}

/// base + slope · (x / mean − 1)
/// 基本分 + 斜率 ×（实际/群体水平 − 1）
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Relative {
    /// With whom
    /// 可比群体
    pub group: Group,
    /// Mean or median
    /// 群体水平
    #[serde(default)]
    pub of: Middle,
    /// Score on the mean
    /// 达到群体水平的得分
    pub base: Formula,
    /// Points for being 100 % above it
    /// 高出100%的加分
    pub slope: Formula,
    /// Least score
    /// 最低分
    pub min: Option<Formula>,
    /// Greatest score
    /// 最高分
    pub max: Option<Formula>,
    /// Fewest peers, oneself included, below which it is not scored
    /// 最少人数（含本人），不足不计分
    #[serde(default = "two")]
    #[schemars(range(min = 1))]
    pub smallest: u32,
    /// Mean of zero or less
    /// 群体水平为零或负数时的处理
    pub zero_target: Option<Unusable>,
}

fn two() -> u32 {
    2
}

/// How equal values share places
/// 并列名次的处理
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Ties {
    /// The best of the places (1, 2, 2, 4)
    /// 取最优名次
    #[default]
    Min,
    /// The best, without a gap after it (1, 2, 2, 3)
    /// 取最优名次且不空位
    Dense,
    /// The mean of the places (1, 2.5, 2.5, 4); by `places` and by `shares`, the mean of what the places taken give, so that as
    /// many points are given as without a tie
    /// 取平均名次；按 places、shares 计分的取所占各名次得分的平均，使总分值不因并列而增减
    Average,
}

/// A score by place among the peers
/// 按名次计分
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rank {
    /// With whom
    /// 可比群体
    pub group: Group,
    /// Equal values
    /// 并列名次的处理
    #[serde(default)]
    pub ties: Ties,
    /// Which way is good
    /// 指标方向
    #[serde(default)]
    pub better: Better,
    /// Fixed shares from the best on: the first whose summed share reaches the place over the number of peers
    /// 自优至劣的固定比例
    #[serde(default)]
    pub shares: Vec<RankShare>,
    /// Scores of places 1, 2, 3 …; the last holds for all that follow
    /// 各名次得分，末项适用于其后名次
    #[serde(default)]
    pub places: Vec<Formula>,
    /// Points `[percentile, score]`, straight between; the best stands at 1, the last at 0
    /// 百分位插值点 `[百分位, 分数]`，最优为1，最末为0
    #[serde(default)]
    pub percentiles: Vec<Vec<Formula>>,
    /// Fewest peers, oneself included, below which it is not scored
    /// 最少人数（含本人），不足不计分
    #[serde(default = "two")]
    #[schemars(range(min = 1))]
    pub smallest: u32,
}

/// A fixed share of the peers
/// 一档固定比例
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RankShare {
    /// Part of the peers
    /// 人数比例
    pub share: Formula,
    /// Score
    /// 得分
    pub score: Formula,
}

/// What becomes of a rater group that gave no answer
/// 缺失评价主体的处理
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MissingGroup {
    /// Its weight goes to the other groups
    /// 权重分摊至其他评价主体
    Spread,
    /// The item counts as missing
    /// 视为缺失
    Fail,
}

/// Weighted mean of rater groups
/// 各评价主体加权平均
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rating {
    /// The groups that count; `self` only where it is listed
    /// 参与计分的评价主体（列出 `self` 才计自评）
    #[serde(default)]
    pub groups: Vec<RaterGroup>,
    /// Answers dropped at each end of a group, where more than twice as many were given
    /// 每组去掉最高、最低的个数（评价数多于其两倍时适用）
    #[serde(default)]
    pub trim: u32,
    /// A group without enough answers
    /// 缺失评价主体的处理
    pub missing_group: MissingGroup,
    /// Score that raters' greatest mark stands for; scores are taken as they are where absent
    /// 评分量表的满分（填写后按满分折算）
    pub scale: Option<Formula>,
}

/// One rater group
/// 一个评价主体
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RaterGroup {
    /// Group
    /// 评价主体
    pub group: crate::record::review::RaterGroup,
    /// Its weight
    /// 权重
    pub weight: Formula,
    /// Answers dropped at each end of this group; as for all groups where absent
    /// 本组去掉最高、最低的个数（默认同各组）
    pub trim: Option<u32>,
    /// Fewest answers the group must give, those that `trim` drops included
    /// 最少评价份数（含被 `trim` 去掉的最高、最低评价）
    #[serde(default = "one")]
    #[schemars(range(min = 1))]
    pub fewest: u32,
}

fn one() -> u32 {
    1
}

/// When units are cut to whole ones
/// 取整与汇总的先后
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Pool {
    /// Added up first, then cut to whole units
    /// 先汇总后取整
    Before,
    /// Each item cut to whole units first
    /// 先取整后汇总
    After,
    /// Never cut
    /// 不取整
    None,
}

/// What becomes of an item below its start
/// 低于起点的处理
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NegativeSurplus {
    /// It counts as nothing
    /// 按零计
    Zero,
    /// It is set against the other items
    /// 冲抵其他项目
    Offset,
}

/// Several items turned into units, and units into points
/// 多项折算为单位后计分
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Convert {
    /// The items
    /// 折算项目
    #[serde(default)]
    pub items: Vec<ConvertItem>,
    /// Points for one unit
    /// 每单位分值
    pub points: Formula,
    /// When units are cut to whole ones
    /// 取整与汇总的先后
    pub pool: Pool,
    /// An item below its start
    /// 低于起点的处理
    pub negative: NegativeSurplus,
    /// Least score
    /// 最低分
    pub min: Option<Formula>,
    /// Greatest score
    /// 最高分
    pub max: Option<Formula>,
}

/// One item that is turned into units
/// 一个折算项目
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConvertItem {
    /// The figure
    /// 取值
    pub value: Formula,
    /// Where it starts to count
    /// 起点
    pub from: Formula,
    /// How much of it one unit is
    /// 每单位折算量
    pub per: Formula,
}

/// A mark given in the review, with a reason
/// 考核中人工评分（须说明理由）
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Manual {
    /// Greatest mark; full marks where absent
    /// 最高分（默认为满分）
    pub max: Option<Formula>,
    /// Least mark, 0 unless stated
    /// 最低分（默认0）
    pub min: Option<Formula>,
}

/// An expression over the input `x`
/// 公式法
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FormulaCurve {
    /// The score; `x` is the value, `target` the target, `full` full marks
    /// 得分公式；`x` 为实际值，`target` 为目标，`full` 为满分
    pub score: Formula,
    /// Target of zero or less, where the formula divides by it
    /// 目标为零或负数时的处理
    pub zero_target: Option<Unusable>,
}

/// Rounding between two curves of a chain
/// 中间取整
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RoundCurve {
    /// Decimal places; negative for tens, hundreds …
    /// 小数位数（负数表示十位、百位等）
    pub places: i32,
    /// Mode; the policy's where absent
    /// 取整方式（默认同办法）
    pub mode: Option<super::Mode>,
}
