//! A scoring policy as it is written: how a manager's score, rating and pay for a period come from metrics.
//!
//! It knows only the words; `policy` compiles and judges them. A key that takes a [`Formula`] takes a number or an
//! expression. Entries that a variant may change carry an `id` and need nothing else to be read.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::settings::MeasureKind;
use super::value::Day;

pub mod case;
pub mod curve;
pub mod formula;
pub mod item;
pub mod outcome;
pub mod pay;

use case::Case;
use curve::{Curve, Table, Unusable};
use formula::Formula;
use item::{Dimension, Item, Missing};
use outcome::{Gate, Move, Rating, Veto};
use pay::Pay;

/// A scoring policy
/// 考核办法
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Title
    /// 名称
    pub title: String,
    /// Policies of one scheme supersede each other by date
    /// 考核方案：同一方案的办法按生效日期新旧替代
    pub scheme: String,
    /// First day in force
    /// 生效日期
    pub effective: Day,
    /// Last day in force
    /// 失效日期
    pub until: Option<Day>,
    /// Which managers it applies to, a condition: 'manager.grade in ["junior", "senior"]'; all where absent
    /// 适用对象（条件，默认为全部）
    pub applies: Option<Formula>,
    /// Public document it was written from
    /// 依据文件
    pub source: Option<String>,
    /// Length of the period it scores. A shorter one, and one that is not over, is scored to date: figures, targets, time in post
    /// and days of pay are those from the beginning of the policy's period through the last month that is over and has figures
    /// 考核周期。短于该周期或尚未结束的期间计阶段性结果：指标数据、目标、在岗时间及计酬天数均自该周期首月起，至已结束且有数据的最后一月止
    pub period: Cycle,
    /// What a longer period's result is made of; without it no longer period is scored
    /// 较长期间的汇总方式（未填写的不出具较长期间结果）
    pub roll_up: Option<RollUp>,
    /// How weights and scores make points
    /// 计分方式
    #[serde(default)]
    pub scale: Scale,
    /// Full marks: of an indicator where weighted, of the whole where in points; 100 unless stated
    /// 满分（默认100）：加权制为单项满分，分值制为总分
    pub full: Option<Formula>,
    /// Whether a dimension states its weight or takes its leaves'
    /// 维度权重的确定方式
    #[serde(default)]
    pub weights: Weights,
    /// Unit of money of every amount and literal here; ten thousand yuan unless stated
    /// 本办法金额单位（默认万元）
    pub money: Option<String>,
    /// Rounding at each stage
    /// 各环节取整规则
    #[serde(default)]
    pub rounding: Rounding,
    /// Bounds of the total
    /// 总分上下限
    #[serde(default)]
    pub total: Bounds,
    /// What a missing figure counts as, unless an item says otherwise; an error where absent
    /// 数据缺失的处理（默认为报错）
    pub missing: Option<Missing>,
    /// What a target of zero or less counts as, unless an item says otherwise
    /// 目标为零或负数时的处理
    pub zero_target: Option<Unusable>,
    /// Whether ratings look at the rounded or the exact total; rounded unless stated
    /// 评级依据：取整后或取整前的总分（默认取整后）
    #[schemars(extend("x-assumed" = RatingOn::default()))]
    pub rating_on: Option<RatingOn>,
    /// Measures of its own, by name, for figures that the book's settings do not declare
    /// 自定义指标（设置中未声明的数据）
    #[serde(default)]
    pub measures: BTreeMap<String, Measure>,
    /// Numbers with a name: `entry = 300`, or by month, quarter, year, grade, role, team, branch, manager or (in pay) rating:
    /// `tolerance = { by = "month", 6 = "0.3%", else = "0.6%" }`
    /// 常数：`entry = 300`；可按 by 所指（month、quarter、year、grade、role、team、branch、manager，薪酬中还可为 rating）取值
    #[serde(default)]
    pub constants: BTreeMap<String, Constant>,
    /// Tables of bands with a name, which curves and pay lines read by `lookup = "tables.NAME"`
    /// 分档表，供曲线与薪酬项目以 `lookup = "tables.名称"` 引用
    #[serde(default)]
    pub tables: BTreeMap<String, Table>,
    /// Curves with a name, which items take by `curve = "NAME"`
    /// 曲线，供指标以 `curve = "名称"` 引用
    #[serde(default)]
    pub curves: BTreeMap<String, Curve>,
    /// Dimensions
    /// 考核维度
    #[serde(default)]
    pub dimensions: Vec<Dimension>,
    /// Indicators: value → curve → score × weight; without a weight shown only, and free to be named in expressions
    /// 考核指标（取值→曲线→得分×权重）；无权重者仅列示，可在公式中引用
    #[serde(default)]
    pub indicators: Vec<Item>,
    /// Additions: points beside the weighted sum
    /// 加分项（不占权重）
    #[serde(default)]
    pub additions: Vec<Item>,
    /// Deductions: points taken from the sum, written as positive numbers
    /// 扣分项（分值写正数）
    #[serde(default)]
    pub deductions: Vec<Item>,
    /// Bounds of groups of additions and deductions
    /// 加扣分分组上限
    #[serde(default)]
    pub caps: BTreeMap<String, Bounds>,
    /// Vetoes: conditions that set the total to zero, or cap total, rating or pay
    /// 一票否决项：触发后总分记零，或限制总分、评级、薪酬
    #[serde(default)]
    pub vetoes: Vec<Veto>,
    /// Gates: factors on the total, the rating or the pay, 0 closed and 1 open
    /// 门槛与挂钩系数：作用于总分、评级或薪酬，0为关闭、1为放行
    #[serde(default)]
    pub gates: Vec<Gate>,
    /// Ratings, the best first; the first that fits is given. One without any edge fits every total, and a policy without
    /// weighted indicators rates by conditions alone. A figure that is missing from a condition, or a division by zero, is no failure:
    /// where nothing else decides, the rating is withheld with its reason, and with it the pay that looks at it; `default(figure, 0)`
    /// states what a missing one counts as
    /// 考核评级（由高到低）；取首个符合者，未设界限的评级适用于任何总分；未设权重指标的办法仅按条件评级。条件所需数据缺失或除数为零的不视为不符合：其他条件不能确定时暂不评级，依评级计发的薪酬暂不计发；可用 `default(数据, 0)` 写明缺数的处理
    #[serde(default)]
    pub ratings: Vec<Rating>,
    /// Who takes a place in `rank` and by what; everybody with a total, by total, where absent
    /// 排名规则（默认为全部有总分者按总分排名）
    pub ranking: Option<Ranking>,
    /// Rules of promotion; the first that holds is proposed. One whose conditions lack a figure, and of which none fails, leaves a
    /// remark that it cannot be judged
    /// 晋升规则；取首个符合者。条件缺少数据又无不符的，注明无法判断
    #[serde(default)]
    pub promotion: Vec<Move>,
    /// Rules of demotion, judged as those of promotion are
    /// 降级规则，判断方式同晋升规则
    #[serde(default)]
    pub demotion: Vec<Move>,
    /// Rules of warning, every one that holds; what lacks a figure cannot be judged, and says so
    /// 预警规则，凡符合者均提示；条件缺少数据的，注明无法判断
    #[serde(default)]
    pub warnings: Vec<Move>,
    /// Pay: lines, floor and ceiling, gates, pools, advances, deferral, clawback, in this order
    /// 绩效薪酬：依次为薪酬项目、保底封顶、门槛、奖金池、预发、延期支付、追索扣回
    pub pay: Option<Pay>,
    /// Joiners, leavers and too short a time
    /// 新入职、离岗及考核期不足的处理
    #[serde(default)]
    pub partial: Partial,
    /// What differs for some managers
    /// 差异化条款
    #[serde(default)]
    pub variants: Vec<Variant>,
    /// Worked examples, inputs and what must come out, which `rmbook policy test` runs without any book
    /// 测试用例（输入与期望结果），由 `rmbook policy test` 运行，无需台账
    #[serde(default)]
    pub tests: Vec<Case>,
}

impl Policy {
    /// Unit of money of every amount and literal.
    pub fn money(&self) -> &str {
        self.money.as_deref().unwrap_or("万元")
    }
}

/// Length of a period
/// 考核周期
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Cycle {
    /// Month
    /// 月
    Month,
    /// Quarter
    /// 季
    Quarter,
    /// Half a year
    /// 半年
    Half,
    /// Year
    /// 年
    Year,
}

impl Cycle {
    /// The grain of its periods.
    pub fn grain(self) -> crate::period::Grain {
        use crate::period::Grain;
        match self {
            Self::Month => Grain::Month,
            Self::Quarter => Grain::Quarter,
            Self::Half => Grain::Half,
            Self::Year => Grain::Year,
        }
    }
}

/// What a longer period's result is made of
/// 较长期间的汇总方式
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RollUp {
    /// The figures of the whole, scored again
    /// 按整个期间数据重新计算
    Recompute,
    /// The mean of its shorter periods' results, each scored by the policy then in force; vetoes and gates on the total are in
    /// them. The rating is that of the mean, at best what the strictest veto of any of them allows, after gates on the rating
    /// took the part that they took of the totals together; pay is what they pay together, and periods without a judgement are left out
    /// 取各短期考核结果的平均值（各期按当时有效的办法计分，总分上的否决与门槛已计入各期）；评级按平均总分评定，不高于任何一期否决所限的最高评级，评级门槛按各期总分合计折算；薪酬为各期之和，不予考核的期间不计
    Mean,
    /// The result of the last of its shorter periods, with the vetoes and gates that limited its rating; pay is what they pay together
    /// 取最后一个短期的考核结果（含对其评级的否决与门槛）；薪酬为各期之和
    Last,
}

/// How weights and scores make points
/// 计分方式
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Scale {
    /// Every indicator has the same full marks; points = score × weight / 100, weights add up to 100
    /// 加权制：各指标满分相同，得分×权重/100，权重合计100
    #[default]
    Weighted,
    /// An indicator's full marks are its weight; points = score, weights add up to the whole's full marks
    /// 分值制：指标分值即满分，分值合计等于总分
    Points,
}

/// How a dimension comes to its weight
/// 维度权重的确定方式
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Weights {
    /// A leaf's weight is of the whole; a dimension's equals the sum of its leaves
    /// 指标权重按总体计，维度权重等于所属指标之和
    #[default]
    Whole,
    /// A weight is a share of the level above, in percent
    /// 权重按上级维度的百分比计
    Share,
}

/// Which total ratings look at
/// 评级依据
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RatingOn {
    /// The rounded one
    /// 取整后的总分
    #[default]
    Rounded,
    /// The exact one
    /// 取整前的总分
    Exact,
}

/// How a number is rounded
/// 取整方式
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Halves away from zero
    /// 四舍五入
    #[default]
    HalfUp,
    /// Halves to the even digit
    /// 四舍六入五成双
    HalfEven,
    /// Toward zero
    /// 舍去尾数
    Down,
    /// Away from zero
    /// 进位
    Up,
}

/// Decimal places at each stage; a stage without any keeps every digit
/// 各环节保留的小数位数；未填写的环节不取整
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rounding {
    /// Mode
    /// 取整方式
    #[schemars(extend("x-assumed" = Mode::default()))]
    pub mode: Option<Mode>,
    /// The value, before the curve; a ratio is a fraction, so that 4 keeps 12.34 %
    /// 指标值（计分前）；比例按小数计，保留 12.34% 须填 4
    pub input: Option<i32>,
    /// The target, before the curve
    /// 目标值（计分前）
    pub target: Option<i32>,
    /// What one client or facility comes to, before the manager's share of it
    /// 逐户、逐笔金额（分成前）
    pub each: Option<i32>,
    /// The manager's share of it
    /// 逐户、逐笔金额（分成后）
    pub share: Option<i32>,
    /// The score, before the weight
    /// 指标得分（加权前）
    pub score: Option<i32>,
    /// The points of one item
    /// 单项计入分
    pub item: Option<i32>,
    /// The points of one dimension
    /// 维度得分
    pub dimension: Option<i32>,
    /// The total
    /// 总分
    pub total: Option<i32>,
    /// One pay line
    /// 单项薪酬
    pub pay_line: Option<i32>,
    /// The pay; a hundredth of the currency unit unless stated
    /// 薪酬合计（默认精确到分）
    pub pay: Option<i32>,
    /// Whether sums take items as rounded or as exact; rounded unless stated
    /// 汇总取整后或取整前的数值（默认取整后）
    pub sum: Option<SumOf>,
}

/// What sums add up
/// 汇总依据
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SumOf {
    /// The rounded points
    /// 取整后的数值
    #[default]
    Rounded,
    /// The exact points; the rounded ones are only shown
    /// 取整前的数值，取整仅用于列示
    Exact,
}

/// A least and a greatest value
/// 上下限
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bounds {
    /// Least; none where absent
    /// 下限（默认不限）
    pub min: Option<Formula>,
    /// Greatest; none where absent
    /// 上限（默认不限）
    pub max: Option<Formula>,
}

/// A measure of the policy's own
/// 自定义指标
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// Title
    /// 名称
    pub title: Option<String>,
    /// What its figures are in. Those in `%` count as parts of one, in the book as in tests: 96 per cent are 0.96, in tests `"96%"`
    /// too, and a bare 96 is 9,600 %
    /// 单位；单位为 `%` 的，台账与测试用例中均按小数计：百分之九十六写作 0.96（测试用例中亦可写作 `"96%"`），直接写 96 即 9,600%
    #[serde(default)]
    pub unit: String,
    /// How months add up
    /// 汇总方式
    pub kind: MeasureKind,
    /// What regulators ask about it
    /// 监管关注属性
    pub nature: Option<Nature>,
}

/// What regulators ask about a figure
/// 监管关注属性
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Nature {
    /// A deposit balance
    /// 存款余额
    Deposit,
    /// A place among others
    /// 排名
    Rank,
    /// A share of a market
    /// 市场份额
    MarketShare,
}

/// A number with a name, or one by month, period, grade or role
/// 常数；可按月份、期间、职级或岗位取值
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Constant {
    /// The same for everybody
    /// 统一取值
    One(Formula),
    /// By the word that `by` names: month, quarter, grade, role, team or rating; `else` for all others
    /// 按 `by` 所指取值：month、quarter、grade、role、team；`else` 适用于其余
    By(BTreeMap<String, Formula>),
}

/// Who takes a place in `rank`, and by what
/// 排名规则
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ranking {
    /// Condition of taking a place: whoever does not meet it has none and is not counted in `size`, and the next moves up
    /// 参加排名的条件：不符合者不占名次、不计人数，后者递补
    pub eligible: Option<Formula>,
    /// What places go by, the greatest first; the total where absent
    /// 排名依据（由高到低，默认为总分）
    pub by: Option<Formula>,
}

/// Joiners, leavers and too short a time
/// 新入职、离岗及考核期不足的处理
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Partial {
    /// Fewest months in post to be judged at all. Who is not takes no place and no share of a pool, and counts in no mean, rank or
    /// other figure of a group
    /// 参加考核的最少在岗月数；不足的不予考核，不占名次、不参与分配，也不计入群体均值、排名等
    pub min_months: Option<u32>,
    /// What shrinks with the time in post
    /// 按在岗时间折算的内容
    #[schemars(extend("x-assumed" = Prorate::default()))]
    pub prorate: Option<Prorate>,
    /// How the time is counted
    /// 折算口径
    #[schemars(extend("x-assumed" = TimeIn::default()))]
    pub by: Option<TimeIn>,
    /// Whether who changed grade, role or team inside the period is scored by parts, each weighing its time, and not as on
    /// the last day; parts are exact, and rounded once together. A share of a pool is not weighed: it is that
    /// of the last part, for the whole period
    /// 期内职级、岗位或团队变动者是否分段考核、按时间加权（默认按期末身份考核）；各段不取整，加权后一并取整。奖金池份额不分段，按最后一段（期末身份）全额计算
    #[schemars(extend("x-assumed" = false))]
    pub split: Option<bool>,
}

impl Partial {
    /// How the time is counted where `what` shrinks with it.
    pub fn shrinks(&self, what: Prorate) -> Option<TimeIn> {
        (self.prorate.unwrap_or_default() == what).then(|| self.by.unwrap_or_default())
    }

    /// How the time of parts is counted where movers are scored by parts.
    pub fn splits(&self) -> Option<TimeIn> {
        self.split.unwrap_or_default().then(|| self.by.unwrap_or_default())
    }
}

/// What shrinks with the time in post
/// 按在岗时间折算的内容
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Prorate {
    /// Targets of what grows with the time in post, each by the time it is stated for: the target of a quarter by the part of that
    /// quarter, that of a month by the part of that month; one the policy itself states by the part of the period. An item's
    /// `prorate` says otherwise
    /// 目标：仅折算取值随在岗时间累计的项目，各项目标按其所属期间的在岗时间折算（季度目标按季、月度目标按月，办法直接写明的按考核期）；项目可以 `prorate` 另定
    Target,
    /// The total
    /// 总分
    Score,
    /// The pay
    /// 薪酬
    Pay,
    /// Nothing
    /// 不折算
    #[default]
    None,
}

/// How time is counted
/// 计时口径
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TimeIn {
    /// Calendar days
    /// 按天
    #[default]
    Days,
    /// Whole months
    /// 按整月
    Months,
}

/// What differs for some managers: what stands here changes what it states, entries by their id, and leaves the rest
/// 差异化条款：仅替换此处列明的内容（条目按编号对应），其余不变
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Variant {
    /// Whom it is for: nobody without the grade or role it asks for. Where it goes by months in post that nobody knows, no
    /// scorecard is made
    /// 适用条件：未登记所要求的职级或岗位者不适用；以任职月数为条件而月数不详的，不出具考核结果
    pub when: Formula,
    /// Title
    /// 名称
    pub title: Option<String>,
    /// Constants replaced or added
    /// 常数
    #[serde(default)]
    pub constants: BTreeMap<String, Constant>,
    /// Tables replaced or added
    /// 分档表
    #[serde(default)]
    pub tables: BTreeMap<String, Table>,
    /// Curves replaced or added
    /// 曲线
    #[serde(default)]
    pub curves: BTreeMap<String, Curve>,
    /// Dimensions changed, dropped or added
    /// 维度
    #[serde(default)]
    pub dimensions: Vec<Dimension>,
    /// Indicators changed, dropped or added
    /// 指标
    #[serde(default)]
    pub indicators: Vec<Item>,
    /// Additions changed, dropped or added
    /// 加分项
    #[serde(default)]
    pub additions: Vec<Item>,
    /// Deductions changed, dropped or added
    /// 扣分项
    #[serde(default)]
    pub deductions: Vec<Item>,
    /// Vetoes changed, dropped or added
    /// 一票否决项
    #[serde(default)]
    pub vetoes: Vec<Veto>,
    /// Gates changed, dropped or added
    /// 门槛
    #[serde(default)]
    pub gates: Vec<Gate>,
    /// Ratings changed, dropped or added
    /// 评级
    #[serde(default)]
    pub ratings: Vec<Rating>,
    /// Rules of promotion changed, dropped or added
    /// 晋升规则
    #[serde(default)]
    pub promotion: Vec<Move>,
    /// Rules of demotion changed, dropped or added
    /// 降级规则
    #[serde(default)]
    pub demotion: Vec<Move>,
    /// Rules of warning changed, dropped or added
    /// 预警规则
    #[serde(default)]
    pub warnings: Vec<Move>,
    /// Bounds of groups changed or added
    /// 加扣分分组上限
    #[serde(default)]
    pub caps: BTreeMap<String, Bounds>,
    /// Bounds of the total changed
    /// 总分上下限
    #[serde(default)]
    pub total: Bounds,
    /// Rounding changed
    /// 取整规则
    #[serde(default)]
    pub rounding: Rounding,
    /// Pay changed, and its lines changed, dropped or added
    /// 绩效薪酬
    #[serde(default)]
    pub pay: Pay,
    /// Full marks
    /// 满分
    pub full: Option<Formula>,
    /// What a missing figure counts as
    /// 数据缺失的处理
    pub missing: Option<Missing>,
    /// What a target of zero or less counts as
    /// 目标为零或负数时的处理
    pub zero_target: Option<Unusable>,
    /// Whether ratings look at the rounded or the exact total
    /// 评级依据
    pub rating_on: Option<RatingOn>,
    /// Joiners, leavers and too short a time
    /// 新入职、离岗及考核期不足的处理
    #[serde(default)]
    pub partial: Partial,
}
