//! Vetoes, gates, ratings and moves between grades as they are written.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::curve::Curves;
use super::formula::Formula;
use super::item::Missing;

/// A veto: a condition that overrides the score
/// 一票否决项
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Veto {
    /// Id
    /// 编号
    pub id: String,
    /// Title
    /// 名称
    pub title: Option<String>,
    /// When it applies
    /// 触发条件
    pub when: Option<Formula>,
    /// A missing figure: error stops the scorecard, anything else leaves the veto out; the policy's where absent
    /// 数据缺失的处理：error 为报错，其余为不触发（默认同办法）
    pub missing: Option<Missing>,
    /// The total becomes zero
    /// 总分记零
    pub zero: Option<bool>,
    /// The total is at most this, whatever a gate or the least total does
    /// 总分上限（任何系数及总分下限均不得突破）
    pub cap: Option<Formula>,
    /// The rating is at best this
    /// 最高评级
    pub rating: Option<String>,
    /// The pay is multiplied by this; so is the manager's part in a pool, and the others share what that leaves
    /// 薪酬系数；奖金池中同样作用于本人权数，余额由其他人分配
    pub pay: Option<Formula>,
    /// In a variant: leave it out
    /// 差异化条款中：删除本项
    pub drop: Option<bool>,
}

/// What a gate acts on
/// 作用对象
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum GateOn {
    /// The total
    /// 总分
    #[default]
    Total,
    /// The total that the rating looks at
    /// 评级所依据的总分
    Rating,
    /// The pay but for shares of pools, whose `gated` says whether it acts on each one's part
    /// 薪酬；奖金池份额除外，是否作用于各人权数由其 gated 规定
    Pay,
}

/// A gate: a factor on the total, the rating or the pay
/// 门槛与挂钩系数
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    /// Id
    /// 编号
    pub id: String,
    /// Title
    /// 名称
    pub title: Option<String>,
    /// The value it looks at
    /// 取值公式
    pub value: Option<Formula>,
    /// Target
    /// 目标
    pub target: Option<Formula>,
    /// How the value becomes the factor, full marks being 1
    /// 曲线（满分为1，即系数）
    pub curve: Option<Curves>,
    /// Or the factor itself
    /// 或直接写系数
    pub factor: Option<Formula>,
    /// Condition under which it acts
    /// 适用条件
    pub when: Option<Formula>,
    /// What it acts on
    /// 作用对象
    #[schemars(extend("x-assumed" = GateOn::default()))]
    pub on: Option<GateOn>,
    /// A missing figure: zero closes it, full opens it
    /// 数据缺失的处理：zero 为关闭，full 为放行
    pub missing: Option<Missing>,
    /// In a variant: leave it out
    /// 差异化条款中：删除本项
    pub drop: Option<bool>,
}

/// A rating: a band of the total, conditions that must all hold, or both. A figure that is missing from a condition, or a division
/// by zero, is no failure: where another condition does not decide, rating and pay that looks at it are withheld with the reason
/// 考核评级：总分区间，或须同时满足的条件；条件所需数据缺失或除数为零时不视为不符合，其他条件不能确定的，暂不评级，依评级计发的薪酬暂不计发
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rating {
    /// The rating as it is printed
    /// 评级名称
    pub id: String,
    /// Title
    /// 说明
    pub title: Option<String>,
    /// Least total (≥)
    /// 下限，含本数
    pub at_least: Option<Formula>,
    /// Above this total (>)
    /// 下限，不含本数
    pub above: Option<Formula>,
    /// Greatest total (≤)
    /// 上限，含本数
    pub at_most: Option<Formula>,
    /// Below this total (<)
    /// 上限，不含本数
    pub below: Option<Formula>,
    /// Conditions that must all hold besides
    /// 须同时满足的条件
    #[serde(default)]
    pub all: Vec<Formula>,
    /// Whom it is for
    /// 适用条件
    pub when: Option<Formula>,
    /// In a variant: the rating it stands before, as the better one; last where absent
    /// 差异化条款中：排在所列评级之前（即更高）；默认为末位
    pub before: Option<String>,
    /// In a variant: leave it out
    /// 差异化条款中：删除本项
    pub drop: Option<bool>,
}

/// One grade or several
/// 一个或多个职级
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Grades {
    /// One
    /// 一个
    One(String),
    /// Any of several
    /// 多个之一
    Several(Vec<String>),
}

impl Grades {
    /// The grades.
    pub fn all(&self) -> &[String] {
        match self {
            Self::One(grade) => std::slice::from_ref(grade),
            Self::Several(grades) => grades,
        }
    }

    /// Whether a grade is one of them.
    pub fn has(&self, grade: Option<&str>) -> bool {
        self.all().iter().any(|known| Some(known.as_str()) == grade)
    }
}

/// A move from one grade to another, or a warning. Where a figure of its conditions is missing and no other fails, the scorecard
/// says that it cannot be judged, and why
/// 职级变动或预警；条件所需数据缺失、其他条件又无不符的，考核结果注明无法判断及原因
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Move {
    /// Id, by which a variant changes it
    /// 编号，供差异化条款引用
    pub id: Option<String>,
    /// Present grade, or a list of several; any where absent
    /// 现职级，可列多个（默认为任意）
    pub from: Option<Grades>,
    /// Proposed grade
    /// 拟任职级
    pub to: Option<String>,
    /// Title
    /// 说明
    pub title: Option<String>,
    /// Conditions that must all hold
    /// 须同时满足的条件
    #[serde(default)]
    pub all: Vec<Formula>,
    /// In how many periods running they must hold, this one included; 1 unless stated. Each is judged with everything as of that
    /// period: total, rating, places and figures of items as it was closed, the manager as on its last day, metrics over its
    /// months; where it was not closed, what was decided then is not known
    /// 须连续满足的期数（含本期，默认1）。各期均按当期情况判断：总分、评级、名次、指标结果取封存值，职级、岗位等取期末，指标数据取当期；尚未封存的期间，上述结果视为未知
    #[schemars(range(min = 1))]
    pub consecutive: Option<u32>,
    /// In how many of the last `within` periods they must hold, this one among them
    /// 在 `within` 期内须满足的次数（本期须满足）
    #[schemars(range(min = 1))]
    pub times: Option<u32>,
    /// How many periods `times` looks at, this one included
    /// `times` 所考察的期数（含本期）
    #[schemars(range(min = 1))]
    pub within: Option<u32>,
    /// Fewest months in the present grade, `manager.grade_months`. Where nobody knows since when it is held, the rule cannot be judged
    /// 现职级最少任职月数（即 `manager.grade_months`）；未登记任现职级时间的，注明无法判断
    pub min_months: Option<u32>,
    /// In a variant: leave it out
    /// 差异化条款中：删除本项
    pub drop: Option<bool>,
}

impl Move {
    /// How many periods it looks at, this one included: those running in which its conditions must hold, or `within`.
    pub fn periods(&self) -> u32 {
        self.within.or(self.consecutive).unwrap_or(1)
    }

    /// In how many of them its conditions must hold.
    pub fn times(&self) -> u32 {
        self.times.unwrap_or_else(|| self.periods())
    }
}
