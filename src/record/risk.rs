//! A client's credit side: facilities, post-loan checks, warnings, covenants and risks.

use std::borrow::Cow;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Deserialize;

use super::history::then;
use super::value::{Amount, Day, ManagerId, Rate};

/// A credit facility; the facility carries the risk, not the client
/// 授信业务
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Facility {
    /// Short id, unique in the client
    /// 授信编号
    pub id: String,
    /// Product
    /// 授信品种
    pub product: String,
    /// Limit granted
    /// 授信额度
    #[schemars(extend("x-unit" = "money"))]
    pub limit: Amount,
    /// Principal drawn
    /// 用信余额
    #[schemars(extend("x-unit" = "money"))]
    pub drawn: Amount,
    /// Annual interest rate
    /// 年利率
    pub rate: Option<Rate>,
    /// Collateral or guarantee
    /// 担保方式
    pub collateral: Option<String>,
    /// First drawn on
    /// 首次放款日
    #[schemars(extend("x-past" = true, "x-begins" = true, "x-there" = ["originated_by:came"]))]
    pub drawn_on: Option<Day>,
    /// Matures on
    /// 到期日
    #[schemars(extend("x-expected" = 1, "x-after" = "drawn_on"))]
    pub matures: Option<Day>,
    /// Plan for the time after maturity
    /// 到期安排
    pub renewal: Option<String>,
    /// First day principal or interest was not paid
    /// 逾期起始日
    #[schemars(extend("x-after" = "drawn_on", "x-past" = true))]
    pub overdue_since: Option<Day>,
    /// Five-tier classification
    /// 五级分类
    pub class: RiskClass,
    /// Class since; before that day, where the history tells no class, it was normal
    /// 分类认定日（此前历史状态未列明分类的，按正常类计）
    #[schemars(extend("x-past" = true, "x-since" = "class"))]
    pub class_since: Option<Day>,
    /// Manager who originated it and answers for it, whoever manages it now
    /// 经办客户经理（责任不随移交转移）
    pub originated_by: Option<ManagerId>,
    /// Settled on
    /// 结清日
    #[schemars(extend("x-after" = "drawn_on", "x-past" = true, "x-ends" = true))]
    pub settled: Option<Day>,
    /// Earlier positions; what stands above is the position after the last of them
    /// 历史状态（以上各项为末条之后的现状）
    #[serde(default)]
    #[schemars(extend("x-entry" = "position", "x-key" = ["until"], "x-order" = "until", "x-keeps" = "until"))]
    pub history: Vec<Position>,
}

/// A facility as it was up to a day; what is left out was then as it was afterwards
/// 授信业务截至某日的状态（未填项与其后相同）
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Position {
    /// Last day it was so
    /// 截至日
    #[schemars(extend("x-past" = true))]
    pub until: Day,
    /// Principal drawn
    /// 用信余额
    #[schemars(extend("x-unit" = "money"))]
    pub drawn: Option<Amount>,
    /// First day principal or interest was not paid, where it was paid later
    /// 逾期起始日（其后已归还的）
    pub overdue_since: Option<Day>,
    /// Five-tier classification
    /// 五级分类
    pub class: Option<RiskClass>,
    /// That class since; by default from the day after the class before
    /// 该分类认定日（不填为前一分类截止次日）
    pub class_since: Option<Day>,
}

impl Facility {
    /// Days it is overdue on `day`: they run from the first unpaid day, on which there is none yet.
    pub fn days_overdue(&self, day: NaiveDate) -> i64 {
        self.overdue_since.map_or(0, |since| (day - since.0).num_days().max(0))
    }

    /// The facility as it stood at the end of a day; nothing before it was drawn and from the day it was settled.
    pub fn as_of(&self, day: NaiveDate) -> Option<Cow<'_, Self>> {
        let is_there = self.drawn_on.is_none_or(|drawn| drawn.0 <= day)
            && self.settled.is_none_or(|settled| settled.0 > day);
        let is_now = self.history.iter().all(|position| position.until.0 < day)
            && self.overdue_since.is_none_or(|since| since.0 <= day)
            && self.class_since.is_none_or(|since| since.0 <= day);
        if !is_there || is_now {
            return is_there.then_some(Cow::Borrowed(self));
        }
        let mut then = self.clone();
        then.drawn = self.then(day, |position| position.drawn).map_or(self.drawn, |(_, drawn)| drawn);
        (then.class, then.class_since) = self.class_on(day);
        let overdue = self.then(day, |position| position.overdue_since);
        then.overdue_since = overdue.map(|(_, since)| since).or(self.overdue_since);
        then.overdue_since = then.overdue_since.filter(|since| since.0 <= day);
        then.class_since = then.class_since.filter(|since| since.0 <= day);
        Some(Cow::Owned(then))
    }

    /// Where the principal drawn on a day is written, in the facility: in an earlier position, or as it stands now.
    pub fn drawn_at(&self, day: NaiveDate) -> Option<usize> {
        self.then(day, |position| position.drawn).map(|(index, _)| index)
    }

    /// The last day of which an earlier position tells a class.
    pub fn class_until(&self) -> Option<Day> {
        let told = self.history.iter().filter(|position| position.class.is_some());
        told.map(|position| position.until).max()
    }

    /// Since when it has its class, as far as anybody wrote it: the day stated, the one after the class before, or the drawdown.
    pub fn class_began(&self) -> Option<Day> {
        let after = || self.class_until().and_then(|until| until.0.succ_opt()).map(Day);
        self.class_since.or_else(after).or(self.drawn_on)
    }

    /// The class on a day, and since when. Before the first day of a class, what no position tells is what was told last, at
    /// first normal.
    fn class_on(&self, day: NaiveDate) -> (RiskClass, Option<Day>) {
        let now = self.then(day, |position| Some((position.class?, position.class_since)));
        let (class, since) = now.map_or((self.class, self.class_since), |(_, told)| told);
        let has_begun = since.is_none_or(|since| since.0 <= day);
        if has_begun && (since.is_some() || now.is_none()) {
            return (class, since);
        }
        let told = self.history.iter().filter_map(|position| Some((position.until, position.class?)));
        let mut before: Vec<(Day, RiskClass)> = told.filter(|(until, _)| until.0 < day).collect();
        before.sort_unstable();
        let class = match has_begun {
            true => class,
            false => before.pop().map_or(RiskClass::Normal, |(_, class)| class),
        };
        let since = before.last().and_then(|(until, _)| until.0.succ_opt()).map(Day);
        (class, since.or(self.drawn_on))
    }

    fn then<T>(&self, day: NaiveDate, said: impl Fn(&Position) -> Option<T>) -> Option<(usize, T)> {
        then(&self.history, day, |position| position.until, said)
    }
}

/// Five-tier loan classification
/// 贷款五级分类
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema, strum::IntoStaticStr,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum RiskClass {
    /// Normal
    /// 正常
    Normal,
    /// Special-mention
    /// 关注
    SpecialMention,
    /// Substandard
    /// 次级
    Substandard,
    /// Doubtful
    /// 可疑
    Doubtful,
    /// Loss
    /// 损失
    Loss,
}

impl RiskClass {
    /// Its word in a record.
    pub fn word(self) -> &'static str {
        self.into()
    }

    /// Whether the class counts as non-performing.
    pub fn is_npl(self) -> bool {
        self >= Self::Substandard
    }
}

/// A post-loan check
/// 贷后检查
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// Kind of check
    /// 检查类型
    pub kind: CheckKind,
    /// Facility checked; without one, the client
    /// 所检查授信
    pub facility: Option<String>,
    /// Day it is due
    /// 应检查日
    pub due: Day,
    /// Day it was done
    /// 检查日
    #[schemars(extend("x-past" = true, "x-there" = ["by"]))]
    pub done: Option<Day>,
    /// Manager who checked
    /// 检查人
    pub by: Option<ManagerId>,
    /// Whether it was on site
    /// 是否现场检查
    pub on_site: Option<bool>,
    /// Why a special check was called for
    /// 专项检查事由
    pub reason: Option<String>,
    /// What was found
    /// 检查情况
    pub findings: Option<String>,
}

/// Kind of post-loan check
/// 贷后检查类型
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema, strum::Display,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum CheckKind {
    /// First check, of the use of funds
    /// 首次检查（资金用途）
    First,
    /// Routine check
    /// 常规检查
    Routine,
    /// Special check
    /// 专项检查
    Special,
}

/// An early-warning signal
/// 预警信号
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Warning {
    /// Opened on
    /// 触发日
    #[schemars(extend("x-default" = "today", "x-past" = true, "x-there" = ["owner:stays"]))]
    pub opened: Day,
    /// What was noticed; a name or title of the settings' `signals`, or words
    /// 信号（设置中 signals 的编号、名称或文字说明）
    pub signal: String,
    /// How grave it is
    /// 预警级别
    pub level: WarningLevel,
    /// What is done about it
    /// 处置措施
    #[schemars(extend("x-expected" = 1))]
    pub action: Option<String>,
    /// Manager in charge; by default the client's lead
    /// 责任人
    pub owner: Option<ManagerId>,
    /// Day by which it must be dealt with; by default from the limit of the signal or the level in the settings
    /// 处置期限（不填按设置中信号或级别的时限）
    #[schemars(extend("x-after" = "opened"))]
    pub due: Option<Day>,
    /// Closed on
    /// 解除日
    #[schemars(extend("x-after" = "opened", "x-past" = true))]
    pub closed: Option<Day>,
}

/// How grave a warning is
/// 预警级别
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WarningLevel {
    /// Red
    /// 红色
    Red,
    /// Orange
    /// 橙色
    Orange,
    /// Yellow
    /// 黄色
    Yellow,
}

/// A condition the client has promised to keep
/// 授信约束条件
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Covenant {
    /// What was promised
    /// 约束内容
    pub what: String,
    /// Facility it belongs to
    /// 所属授信
    pub facility: Option<String>,
    /// Tested next on
    /// 下次检验日
    pub due: Option<Day>,
    /// Tested last on
    /// 最近检验日
    #[schemars(extend("x-past" = true))]
    pub tested: Option<Day>,
    /// Whether it was kept
    /// 是否符合
    pub kept: Option<bool>,
}

/// An identified risk
/// 风险事项
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Risk {
    /// Short id, unique in the record
    /// 编号
    pub id: String,
    /// Kind of risk
    /// 风险类别
    pub kind: RiskKind,
    /// What may happen
    /// 风险描述
    pub what: String,
    /// Likelihood, 1 (rare) to 5 (almost certain)
    /// 可能性（1–5）
    pub likelihood: Level5,
    /// Impact, 1 (slight) to 5 (severe)
    /// 影响程度（1–5）
    pub impact: Level5,
    /// Identified on
    /// 识别日
    #[schemars(extend("x-default" = "today", "x-past" = true, "x-there" = ["owner:stays"]))]
    pub identified: Option<Day>,
    /// Manager in charge
    /// 责任人
    pub owner: Option<ManagerId>,
    /// What is done about it
    /// 应对措施
    #[schemars(extend("x-expected" = 1))]
    pub response: Option<String>,
    /// Looked at again on
    /// 下次复核日
    #[schemars(extend("x-after" = "identified"))]
    pub review: Option<Day>,
    /// Closed on
    /// 关闭日
    #[schemars(extend("x-after" = "identified", "x-past" = true))]
    pub closed: Option<Day>,
}

/// Kind of risk
/// 风险类别
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RiskKind {
    /// Credit risk
    /// 信用风险
    Credit,
    /// Market risk
    /// 市场风险
    Market,
    /// Operational risk
    /// 操作风险
    Operational,
}

/// A level from 1 to 5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Level5(pub u8);

impl<'de> Deserialize<'de> for Level5 {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u8::deserialize(deserializer)? {
            level @ 1..=5 => Ok(Self(level)),
            _ => Err(serde::de::Error::custom("expected a level from 1 to 5")),
        }
    }
}

impl JsonSchema for Level5 {
    fn schema_name() -> Cow<'static, str> {
        "Level5".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "integer", "minimum": 1, "maximum": 5 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_facility_is_seen_as_it_stood_on_a_day() {
        let facility: Facility = toml::from_str(
            "id = 'wc'\nproduct = '流贷'\nlimit = 3000\ndrawn = 2000\ndrawn_on = 2026-01-10\n\
             overdue_since = 2026-08-11\nclass = 'substandard'\nclass_since = 2026-11-10\nsettled = 2026-12-20\n\
             history = [{ until = 2026-03-31, drawn = 3000, class = 'normal', overdue_since = 2026-03-21 },\n\
             { until = 2026-06-30, drawn = 2500 }, { until = 2026-11-09, class = 'special-mention' }]",
        )
        .unwrap();
        let seen = |day: &str| {
            let facility = facility.as_of(day.parse().unwrap())?;
            let day = |day: Option<Day>| day.map_or("-".to_owned(), |day| day.to_string());
            let (overdue, since) = (day(facility.overdue_since), day(facility.class_since));
            Some(format!("{} {:?} since {since}, overdue {overdue}", facility.drawn.0, facility.class))
        };
        assert_eq!(seen("2026-01-09"), None);
        assert_eq!(seen("2026-03-20").unwrap(), "3000 Normal since 2026-01-10, overdue -");
        assert_eq!(seen("2026-03-31").unwrap(), "3000 Normal since 2026-01-10, overdue 2026-03-21");
        assert_eq!(seen("2026-04-01").unwrap(), "2500 SpecialMention since 2026-04-01, overdue -");
        assert_eq!(seen("2026-09-30").unwrap(), "2000 SpecialMention since 2026-04-01, overdue 2026-08-11");
        assert_eq!(seen("2026-11-10").unwrap(), "2000 Substandard since 2026-11-10, overdue 2026-08-11");
        assert_eq!(seen("2026-12-20"), None);
        let at = |day: &str| facility.drawn_at(day.parse().unwrap());
        assert_eq!((at("2026-03-01"), at("2026-04-01"), at("2026-07-01")), (Some(0), Some(1), None));
    }

    #[test]
    fn a_class_began_when_it_is_said_or_can_be_told() {
        let began = |more: &str| {
            let text = "id = 'wc'\nproduct = '流贷'\nlimit = 3000\ndrawn = 2000\nclass = 'substandard'\n";
            let facility: Facility = toml::from_str(&(text.to_owned() + more)).unwrap();
            facility.class_began().map(|day| day.to_string())
        };
        assert_eq!(began(""), None);
        let drawn = "drawn_on = 2025-01-10\n";
        assert_eq!(began(drawn).unwrap(), "2025-01-10");
        let told = format!(
            "{drawn}history = [{{ until = 2026-03-31, class = 'normal' }}, {{ until = 2026-05-01, drawn = 1 }}]\n"
        );
        assert_eq!(began(&told).unwrap(), "2026-04-01");
        assert_eq!(began(&format!("class_since = 2026-04-02\n{told}")).unwrap(), "2026-04-02");
    }

    #[test]
    fn a_class_counts_from_its_first_day_and_never_before() {
        let class = |history: &str, day: &str| {
            let facility: Facility = toml::from_str(&format!(
                "id = 'wc'\nproduct = '流贷'\nlimit = 3000\ndrawn = 2000\nclass = 'substandard'\n\
                 class_since = 2026-11-20\nhistory = [{history}]"
            ))
            .unwrap();
            facility.as_of(day.parse().unwrap()).unwrap().class
        };
        assert_eq!(class("", "2026-11-19"), RiskClass::Normal);
        assert_eq!(class("", "2026-11-20"), RiskClass::Substandard);
        // What no position tells is what was told last before it.
        let told =
            "{ until = 2026-03-31, class = 'normal' }, { until = 2026-06-10, class = 'special-mention' }";
        assert_eq!(class(told, "2026-03-31"), RiskClass::Normal);
        assert_eq!(class(told, "2026-09-30"), RiskClass::SpecialMention);
        let kept = "{ until = 2026-11-19, class = 'special-mention', class_since = 2026-06-11 }";
        assert_eq!(class(kept, "2026-06-10"), RiskClass::Normal);
        assert_eq!(class(kept, "2026-06-11"), RiskClass::SpecialMention);
    }
}
