//! What a team's people think and how they feel, as counts alone.
//!
//! No answer of one person and no remark has a place here; how few answers may be shown stands in the settings.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Deserialize;

use super::value::{Amount, Day};
use crate::period::{Month, Period};

/// A staff satisfaction survey, as counts
/// 员工满意度调查（仅存汇总数）
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Survey {
    /// Day it was closed
    /// 调查截止日
    #[schemars(extend("x-default" = "today", "x-past" = true))]
    pub date: Day,
    /// Period it asks about
    /// 调查期间
    pub period: Option<Period>,
    /// People asked
    /// 发放份数
    pub asked: u32,
    /// People who answered
    /// 回收份数
    pub answers: u32,
    /// Best mark of an item; by default 5
    /// 单项满分（默认5）
    #[schemars(extend("minimum" = 1))]
    pub scale: Option<Amount>,
    /// Marks of each item, as their number and sum
    /// 各项评分（份数与合计）
    #[serde(default)]
    #[schemars(extend("x-expected" = 1))]
    pub items: BTreeMap<String, Tally>,
    /// Answers to whether one would recommend the bank as a place to work
    /// 员工净推荐值作答
    pub enps: Option<Enps>,
}

/// Days within which two questionnaires of a team ask the same people about the same time.
const ONE_ROUND: i64 = 14;

/// Whether two questionnaires, each of a period and a day, are one round: about one period, of one month, or no more than two
/// weeks apart. What one has more than the other would tell single answers.
pub fn is_one_round((of, a): (Option<Period>, Day), (other, b): (Option<Period>, Day)) -> bool {
    let is_near = Month::of(a.0) == Month::of(b.0) || (a.0 - b.0).num_days().abs() <= ONE_ROUND;
    of.is_some() && of == other || is_near
}

impl Survey {
    /// Whether it is of the same round as another: about one period, in one month, or within two weeks.
    pub fn is_of_round(&self, other: &Self) -> bool {
        is_one_round((self.period, self.date), (other.period, other.date))
    }

    /// The best mark of an item.
    pub fn best(&self) -> Decimal {
        self.scale.map_or(Decimal::from(5), |scale| scale.0)
    }
}

/// How many marks were given and what they add up to
/// 评分份数与合计
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tally {
    /// Number of marks
    /// 份数
    pub n: u32,
    /// Sum of the marks
    /// 合计分
    #[schemars(extend("minimum" = 0))]
    pub sum: Amount,
}

/// Answers from 0 to 10 to whether one would recommend the bank as a place to work
/// 员工净推荐值作答（0–10分）
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Enps {
    /// Answers of 9 and 10
    /// 推荐者（9–10分）
    pub promoters: u32,
    /// Answers of 7 and 8
    /// 中立者（7–8分）
    pub passives: u32,
    /// Answers of 0 to 6
    /// 贬损者（0–6分）
    pub detractors: u32,
}

impl Enps {
    /// How many answered.
    pub fn answers(&self) -> u32 {
        self.promoters.saturating_add(self.passives).saturating_add(self.detractors)
    }

    /// Who would recommend the bank less who would not.
    pub fn net(&self) -> Decimal {
        Decimal::from(self.promoters) - Decimal::from(self.detractors)
    }
}

/// A wellbeing pulse, as counts
/// 身心关怀问卷（仅存汇总数）
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pulse {
    /// Day it was closed
    /// 问卷截止日
    #[schemars(extend("x-default" = "today", "x-past" = true))]
    pub date: Day,
    /// People asked
    /// 发放份数
    pub asked: u32,
    /// Answers of feeling well
    /// 状态良好份数
    pub well: u32,
    /// Answers of feeling so-so
    /// 状态一般份数
    pub fair: u32,
    /// Answers of feeling strained
    /// 压力较大份数
    pub strained: u32,
}

impl Pulse {
    /// Whether it is of the same round as another: in one month, or within two weeks.
    pub fn is_of_round(&self, other: &Self) -> bool {
        is_one_round((None, self.date), (None, other.date))
    }

    /// How many answered.
    pub fn answers(&self) -> u32 {
        self.well.saturating_add(self.fair).saturating_add(self.strained)
    }
}
