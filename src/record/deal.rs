//! A deal in sight: what it is worth, how far it has come, and how it stood before.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Deserialize;

use super::history::then;
use super::value::{Amount, Day, ManagerId, Rate};

/// A deal in sight
/// 商机
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Opportunity {
    /// Short id, unique in the client
    /// 商机编号
    pub id: String,
    /// Manager who pursues it; by default the client's lead
    /// 负责人（默认为主办客户经理）
    pub by: Option<ManagerId>,
    /// Product
    /// 产品
    #[schemars(extend("x-expected" = 1))]
    pub product: Option<String>,
    /// Amount in the book's money unit; when won, what was won
    /// 金额
    #[schemars(extend("minimum" = 0, "x-unit" = "money", "x-expected" = 1))]
    pub amount: Option<Amount>,
    /// Stage it has reached
    /// 阶段
    pub stage: Stage,
    /// Chance of winning
    /// 成功概率
    #[schemars(extend("minimum" = 0))]
    pub probability: Option<Rate>,
    /// Opened on
    /// 发现日
    #[schemars(extend("x-default" = "today", "x-past" = true, "x-begins" = true, "x-there" = ["by:stays"]))]
    pub opened: Option<Day>,
    /// Expected to close on
    /// 预计落地日
    #[schemars(extend("x-after" = "opened"))]
    pub expected: Option<Day>,
    /// Won or lost on
    /// 结案日
    #[schemars(extend("x-after" = "opened", "x-past" = true, "x-since" = "stage", "x-ends" = true, "x-there" = ["by"]))]
    pub closed: Option<Day>,
    /// Last moved on
    /// 最近进展日
    #[schemars(extend("x-after" = "opened", "x-past" = true, "x-since" = "stage"))]
    pub updated: Option<Day>,
    /// Next step
    /// 下一步
    pub next: Option<String>,
    /// Why it was lost
    /// 丢单原因
    pub lost_because: Option<String>,
    /// Id in the system it was imported from
    /// 来源系统编号
    pub source: Option<String>,
    /// How it stood before; what stands above is how it stands after the last of them
    /// 历史状态（以上各项为末条之后的现状）
    #[serde(default)]
    #[schemars(extend("x-entry" = "stage", "x-key" = ["until"], "x-order" = "until", "x-keeps" = "until"))]
    pub history: Vec<Standing>,
}

/// A deal as it stood up to a day; what is left out was then as it was afterwards
/// 商机截至某日的状态（未填项与其后相同）
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Standing {
    /// Last day it stood so
    /// 截至日
    #[schemars(extend("x-past" = true))]
    pub until: Day,
    /// Manager who pursued it
    /// 负责人
    pub by: Option<ManagerId>,
    /// Amount in the book's money unit
    /// 金额
    #[schemars(extend("minimum" = 0, "x-unit" = "money"))]
    pub amount: Option<Amount>,
    /// Stage it had reached
    /// 阶段
    pub stage: Option<Stage>,
    /// Chance of winning
    /// 成功概率
    #[schemars(extend("minimum" = 0))]
    pub probability: Option<Rate>,
    /// Day it was expected to close
    /// 预计落地日
    pub expected: Option<Day>,
}

/// A deal as it stood at the end of a day.
#[derive(Clone, Copy, Debug)]
pub struct Stood<'d> {
    /// Manager who pursued it; without one, the client's lead of that day.
    pub by: Option<&'d ManagerId>,
    /// Amount.
    pub amount: Option<Amount>,
    /// Stage; unknown where it ended later and nobody wrote down how it stood before.
    pub stage: Option<Stage>,
    /// Chance of winning.
    pub probability: Option<Rate>,
    /// Day it was expected to close.
    pub expected: Option<Day>,
}

impl Opportunity {
    /// Whether it is neither won nor lost.
    pub fn is_open(&self) -> bool {
        !self.stage.is_end() && self.closed.is_none()
    }

    /// The deal as it stood at the end of a day; nothing before it was opened and from the day it ended.
    pub fn as_of(&self, day: NaiveDate) -> Option<Stood<'_>> {
        let begun = self.opened.is_none_or(|opened| opened.0 <= day);
        let ends_later = self.closed.is_some_and(|closed| closed.0 > day);
        if !begun || !(ends_later || self.is_open()) {
            return None;
        }
        let now = Some(self.stage).filter(|stage| !stage.is_end());
        Some(Stood {
            by: self.then(day, |held| held.by.as_ref()).or(self.by.as_ref()),
            amount: self.then(day, |held| held.amount).or(self.amount),
            stage: self.then(day, |held| held.stage).or(now),
            probability: self.then(day, |held| held.probability).or(self.probability),
            expected: self.then(day, |held| held.expected).or(self.expected),
        })
    }

    fn then<'d, T>(&'d self, day: NaiveDate, said: impl Fn(&'d Standing) -> Option<T>) -> Option<T> {
        then(&self.history, day, |held| held.until, said).map(|(_, value)| value)
    }

    /// The last day up to `day` on which it is known to have moved: opened, taken further, or brought up to date.
    pub fn moved(&self, day: NaiveDate) -> Option<NaiveDate> {
        let stages = self.history.iter().filter(|held| held.stage.is_some());
        let moves = stages.filter_map(|held| held.until.0.succ_opt());
        let written = [self.updated, self.opened].into_iter().flatten().map(|day| day.0);
        written.chain(moves).filter(|moved| *moved <= day).max()
    }

    /// The days it was expected to close, as they were told up to a day, first to last.
    pub fn expectations(&self, by: NaiveDate) -> Vec<Day> {
        let mut told: Vec<(Option<Day>, Day)> =
            self.history.iter().filter_map(|held| Some((Some(held.until), held.expected?))).collect();
        told.sort_unstable();
        told.extend(self.expected.map(|expected| (None, expected)));
        // Each was told on the day after the one before it had held.
        let mut since = None;
        let mut days = Vec::new();
        for (until, expected) in told {
            if since.is_none_or(|since: Day| since.0 < by) {
                days.push(expected);
            }
            since = until;
        }
        days
    }

    /// How often the day it was expected to close had been put off by the end of a day.
    pub fn slips(&self, by: NaiveDate) -> usize {
        self.expectations(by).windows(2).filter(|pair| pair[1] > pair[0]).count()
    }
}

/// How far a deal has come
/// 商机阶段
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Found
    /// 线索
    Prospecting,
    /// In talks
    /// 接洽
    Engaging,
    /// Proposal made
    /// 方案
    Proposal,
    /// Terms negotiated
    /// 谈判
    Negotiation,
    /// Won
    /// 赢单
    Won,
    /// Lost
    /// 丢单
    Lost,
}

impl Stage {
    /// Whether nothing comes after it.
    pub fn is_end(self) -> bool {
        matches!(self, Self::Won | Self::Lost)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deal(text: &str) -> Opportunity {
        toml::from_str(&format!("id = 'scf'\nopened = 2026-07-01\n{text}")).unwrap()
    }

    const WON: &str = "stage = 'won'\namount = 900\nexpected = 2026-11-20\nclosed = 2026-11-12\nupdated = 2026-11-12\n\
                       history = [{ until = 2026-08-14, stage = 'engaging', amount = 600 },\n\
                       { until = 2026-09-03, expected = 2026-09-30 }, { until = 2026-10-09, expected = 2026-10-31 },\n\
                       { until = 2026-11-11, stage = 'proposal', probability = '60%' }]";

    #[test]
    fn a_deal_is_seen_as_it_stood_on_a_day() {
        let won = deal(WON);
        let seen = |day: &str| {
            let day = day.parse().unwrap();
            let stood = won.as_of(day)?;
            let (stage, amount) = (stood.stage.unwrap(), stood.amount.unwrap().0);
            let expected = stood.expected.unwrap();
            Some(format!("{stage:?} {amount} {expected} moved {}", won.moved(day).unwrap()))
        };
        assert_eq!(seen("2026-06-30"), None);
        assert_eq!(seen("2026-07-31").unwrap(), "Engaging 600 2026-09-30 moved 2026-07-01");
        assert_eq!(seen("2026-08-31").unwrap(), "Proposal 900 2026-09-30 moved 2026-08-15");
        assert_eq!(seen("2026-09-30").unwrap(), "Proposal 900 2026-10-31 moved 2026-08-15");
        assert_eq!(seen("2026-11-11").unwrap(), "Proposal 900 2026-11-20 moved 2026-08-15");
        assert_eq!(seen("2026-11-12"), None);
    }

    #[test]
    fn the_stage_before_an_end_nobody_wrote_down_is_not_made_up() {
        let lost = deal("stage = 'lost'\nclosed = 2026-11-12");
        let stage = |deal: &Opportunity| deal.as_of("2026-10-31".parse().unwrap()).map(|stood| stood.stage);
        assert_eq!(stage(&lost), Some(None));
        assert_eq!(stage(&deal("stage = 'proposal'")), Some(Some(Stage::Proposal)));
    }

    #[test]
    fn a_close_put_off_is_counted_from_the_day_it_was_put_off() {
        let won = deal(WON);
        let slips = |day: &str| won.slips(day.parse().unwrap());
        assert_eq!((slips("2026-09-03"), slips("2026-09-04"), slips("2026-10-31")), (0, 1, 2));
        // What comes sooner than expected has not slipped.
        let sooner = deal(
            "stage = 'proposal'\nexpected = 2026-09-15\nhistory = [{ until = 2026-08-01, expected = 2026-10-01 }]",
        );
        assert_eq!(sooner.slips("2026-12-31".parse().unwrap()), 0);
    }
}
