//! What surrounds a manager's work: leaves, equipment and access to systems.
//!
//! A leave has no reason: health data about a person has no place in a book.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Deserialize;

use super::value::{Amount, Day, ManagerId};

/// A leave
/// 休假
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Leave {
    /// First day away
    /// 休假起始日
    #[schemars(extend("x-there" = ["self", "cover"]))]
    pub from: Day,
    /// Last day away
    /// 休假截止日
    #[schemars(extend("x-after" = "from", "x-there" = ["self:stays"]))]
    pub to: Day,
    /// Kind of leave
    /// 休假类别
    #[schemars(extend("x-default" = "annual"))]
    pub kind: LeaveKind,
    /// Working days it takes; by default counted from the calendar
    /// 占用工作日天数（默认按日历计算）
    #[schemars(extend("minimum" = 0))]
    pub days: Option<Amount>,
    /// Manager who stands in
    /// 代岗人
    pub cover: Option<ManagerId>,
}

impl Leave {
    /// Whether a day lies in it.
    pub fn covers(&self, day: Day) -> bool {
        self.from <= day && day <= self.to
    }

    /// Whether it may take a part of a day only: its first or last where the days it states are no whole number.
    pub fn may_part(&self, day: Day) -> bool {
        self.days.is_some_and(|days| !days.0.fract().is_zero()) && (day == self.from || day == self.to)
    }

    /// Whether it takes a day that another one takes too. Two that may part the one day they share, such as a morning and an
    /// afternoon, do not.
    pub fn overlaps(&self, other: &Self) -> bool {
        let (first, last) = (self.from.max(other.from), self.to.min(other.to));
        let parts = |leave: &Self| leave.days.map_or(Decimal::ONE, |days| days.0.fract());
        let parted =
            self.may_part(first) && other.may_part(first) && parts(self) + parts(other) <= Decimal::ONE;
        first <= last && !(first == last && parted)
    }
}

/// Kind of leave; reasons are not recorded
/// 休假类别（不记录具体事由）
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LeaveKind {
    /// Annual leave
    /// 年休假
    Annual,
    /// Any other leave
    /// 其他休假
    Other,
}

/// Equipment in a manager's hands
/// 领用设备
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Asset {
    /// Kind of equipment, such as laptop or phone
    /// 设备类别（笔记本电脑、手机等）
    pub kind: String,
    /// Serial number
    /// 设备编号
    #[schemars(extend("x-expected" = 1))]
    pub serial: Option<String>,
    /// Issued on
    /// 领用日
    #[schemars(extend("x-default" = "today", "x-past" = true, "x-there" = ["self"]))]
    pub issued: Option<Day>,
    /// Returned on
    /// 归还日
    #[schemars(extend("x-after" = "issued", "x-past" = true))]
    pub returned: Option<Day>,
}

/// Access to a system
/// 系统权限
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Access {
    /// System
    /// 系统名称
    pub system: String,
    /// Role in the system
    /// 系统角色
    pub role: Option<String>,
    /// Granted on
    /// 授予日
    #[schemars(extend("x-default" = "today", "x-past" = true, "x-there" = ["self"]))]
    pub granted: Option<Day>,
    /// Looked at last on
    /// 最近复核日
    #[schemars(extend("x-after" = "granted", "x-past" = true))]
    pub reviewed: Option<Day>,
    /// Used last on, as the system says
    /// 最近使用日（以系统日志为准）
    #[schemars(extend("x-after" = "granted", "x-past" = true))]
    pub used: Option<Day>,
    /// Revoked on
    /// 收回日
    #[schemars(extend("x-after" = ["granted", "used"], "x-past" = true))]
    pub revoked: Option<Day>,
}
