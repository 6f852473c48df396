//! A complaint: its steps, its limits, and how it was handled before it was opened again.

use schemars::JsonSchema;
use serde::Deserialize;

use super::value::{Amount, Day, ManagerId};

/// A complaint on its way through the four steps
/// 客户投诉（倾听、确认、方案、回访）
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Complaint {
    /// Short id, unique in the client
    /// 投诉编号
    pub id: String,
    /// Received on: day 0 of every limit
    /// 受理日（各时限起算日）
    #[schemars(extend("x-default" = "today", "x-past" = true, "x-there" = ["about:came"]))]
    pub received: Day,
    /// How it came in
    /// 渠道
    pub channel: Option<String>,
    /// What the client said, in the client's words
    /// 客户原话
    #[schemars(extend("x-expected" = 1, "x-personal" = true))]
    pub words: Option<String>,
    /// Manager complained about
    /// 被投诉人
    pub about: Option<ManagerId>,
    /// Manager who handles it; never the one complained about
    /// 处理人（须回避被投诉人）
    #[schemars(extend("x-expected" = 1))]
    pub handler: Option<ManagerId>,
    /// Product concerned
    /// 涉及产品
    pub product: Option<String>,
    /// How hard the facts are to establish, which sets the limit
    /// 复杂程度（决定办理时限）
    #[serde(default)]
    #[schemars(extend("x-default" = "plain"))]
    pub complexity: Complexity,
    /// Restated and agreed with the client on
    /// 与客户确认日
    #[schemars(extend("x-past" = true))]
    pub confirmed: Option<Day>,
    /// Issue as restated
    /// 确认的问题
    pub issue: Option<String>,
    /// Solution offered on
    /// 方案提出日
    #[schemars(extend("x-past" = true))]
    pub proposed: Option<Day>,
    /// Solution offered
    /// 处理方案
    pub solution: Option<String>,
    /// Decision told to the client on: stops the regulated clock
    /// 处理决定告知日（时限终止日）
    #[schemars(extend("x-past" = true, "x-there" = ["handler"]))]
    pub decided: Option<Day>,
    /// Followed up with the client on
    /// 回访日
    #[schemars(extend("x-past" = true))]
    pub followed_up: Option<Day>,
    /// Whether the client was satisfied
    /// 客户是否满意
    pub satisfied: Option<bool>,
    /// Closed on
    /// 办结日
    #[schemars(extend("x-past" = true))]
    pub closed: Option<Day>,
    /// Withdrawn by the client on
    /// 撤诉日
    #[schemars(extend("x-past" = true))]
    pub withdrawn: Option<Day>,
    /// Opened again on; `set` moves the steps taken before into `earlier`
    /// 重新受理日（由 `set` 将此前各环节移入 `earlier`）
    #[serde(default)]
    pub reopened: Vec<Day>,
    /// Extension of the limit
    /// 延期
    pub extension: Option<Extension>,
    /// Whether it was justified; only justified ones count against a manager
    /// 是否属实
    pub justified: Option<bool>,
    /// Root cause
    /// 根本原因
    pub cause: Option<String>,
    /// Points counted against the manager
    /// 扣分
    #[schemars(extend("minimum" = 0))]
    pub points: Option<Amount>,
    /// Runs that ended when it was opened again; what stands above is the last run
    /// 重新受理前的各轮办理（以上各项为最近一轮）
    #[serde(default)]
    #[schemars(extend("x-entry" = "complaint-run", "x-key" = ["reopened"], "x-order" = "reopened"))]
    pub earlier: Vec<Run>,
}

/// How a complaint was handled up to the day it was opened again
/// 投诉重新受理前的一轮办理
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// Restated and agreed with the client on
    /// 与客户确认日
    #[schemars(extend("x-past" = true))]
    pub confirmed: Option<Day>,
    /// Issue as restated
    /// 确认的问题
    pub issue: Option<String>,
    /// Solution offered on
    /// 方案提出日
    #[schemars(extend("x-past" = true))]
    pub proposed: Option<Day>,
    /// Solution offered
    /// 处理方案
    pub solution: Option<String>,
    /// Decision told to the client on
    /// 处理决定告知日
    #[schemars(extend("x-past" = true))]
    pub decided: Option<Day>,
    /// Followed up with the client on
    /// 回访日
    #[schemars(extend("x-past" = true))]
    pub followed_up: Option<Day>,
    /// Whether the client was satisfied
    /// 客户是否满意
    pub satisfied: Option<bool>,
    /// Closed on
    /// 办结日
    #[schemars(extend("x-past" = true))]
    pub closed: Option<Day>,
    /// Withdrawn by the client on
    /// 撤诉日
    #[schemars(extend("x-past" = true))]
    pub withdrawn: Option<Day>,
    /// Day it was opened again, which ended this run
    /// 重新受理日（本轮终止）
    #[schemars(extend("x-past" = true))]
    pub reopened: Day,
    /// Extension of this run's limit
    /// 延期
    pub extension: Option<Extension>,
    /// Whether it was found justified
    /// 是否属实
    pub justified: Option<bool>,
}

impl Complaint {
    /// The days it was opened again, in no order.
    fn reopenings(&self) -> impl Iterator<Item = Day> {
        self.earlier.iter().map(|run| run.reopened).chain(self.reopened.iter().copied())
    }

    /// Whether it was opened again.
    pub fn is_reopened(&self) -> bool {
        self.reopenings().next().is_some()
    }

    /// Day 0 of its limits: the day it came in, or the last day it was opened again.
    pub fn opened_last(&self) -> Day {
        self.reopenings().max().unwrap_or(self.received).max(self.received)
    }

    /// Each run as a complaint that knows no later one, first to last, with its place in `earlier` and the day that ended it;
    /// the last has neither.
    pub fn runs(&self) -> Vec<(Option<(usize, Day)>, Complaint)> {
        let mut earlier: Vec<(usize, &Run)> = self.earlier.iter().enumerate().collect();
        earlier.sort_by_key(|(_, run)| run.reopened);
        let earlier = earlier.into_iter().map(|(at, run)| (Some((at, run.reopened)), self.as_run(run)));
        earlier.chain([(None, self.clone())]).collect()
    }

    /// The complaint as it was before the day on which a run ended.
    fn as_run(&self, run: &Run) -> Complaint {
        let before = |day: Day| day < run.reopened;
        Complaint {
            confirmed: run.confirmed,
            issue: run.issue.clone(),
            proposed: run.proposed,
            solution: run.solution.clone(),
            decided: run.decided,
            followed_up: run.followed_up,
            satisfied: run.satisfied,
            closed: run.closed,
            withdrawn: run.withdrawn,
            reopened: self.reopened.iter().copied().filter(|day| before(*day)).collect(),
            extension: run.extension.clone(),
            justified: run.justified,
            earlier: self.earlier.iter().filter(|it| before(it.reopened)).cloned().collect(),
            ..self.clone()
        }
    }
}

/// How hard the facts of a complaint are to establish
/// 投诉复杂程度
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Complexity {
    /// Facts are clear
    /// 事实清楚
    #[default]
    Plain,
    /// Facts are complex
    /// 情况复杂
    Complex,
}

/// An extension of a complaint's limit
/// 投诉办理延期
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Extension {
    /// Days added
    /// 延长天数
    pub days: u32,
    /// Approved by
    /// 批准人
    #[schemars(extend("x-person" = true))]
    pub approved_by: String,
    /// Client told on
    /// 告知客户日
    pub told: Option<Day>,
}
