//! The functions of expressions: what each is called, takes and gives.

use crate::text::Text;

/// A function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// Least of its arguments.
    Min,
    /// Greatest of its arguments.
    Max,
    /// Without its sign.
    Abs,
    /// Down to a whole number, or to a multiple of the second argument.
    Floor,
    /// Up to a whole number, or to a multiple of the second argument.
    Ceil,
    /// Halves away from zero, to the places of the second argument.
    Round,
    /// The second argument where the first holds, else the third.
    If,
    /// The first argument, or the second where it is missing.
    Default,
    /// Whether a figure is known.
    Known,
    /// A power.
    Pow,
    /// A square root.
    Sqrt,
    /// Calendar days from one day to another.
    Days,
    /// Whole months from one day to another, both counted in.
    Months,
    /// Year of a day.
    Year,
    /// Month of a day.
    Month,
}

impl Function {
    /// Every function with its word and the numbers of arguments it takes.
    pub const WORDS: &[(&'static str, Self, usize, usize)] = &[
        ("min", Self::Min, 1, 20),
        ("max", Self::Max, 1, 20),
        ("abs", Self::Abs, 1, 1),
        ("floor", Self::Floor, 1, 2),
        ("ceil", Self::Ceil, 1, 2),
        ("round", Self::Round, 1, 2),
        ("if", Self::If, 3, 3),
        ("default", Self::Default, 2, 2),
        ("known", Self::Known, 1, 1),
        ("pow", Self::Pow, 2, 2),
        ("sqrt", Self::Sqrt, 1, 1),
        ("days", Self::Days, 2, 2),
        ("months", Self::Months, 2, 2),
        ("year", Self::Year, 1, 1),
        ("month", Self::Month, 1, 1),
    ];

    /// How it is written, and what it gives, for the manual.
    pub fn manual(self) -> (&'static str, Text) {
        match self {
            Self::Min => ("min(a, b, …)", Text::new("the least", "最小值")),
            Self::Max => ("max(a, b, …)", Text::new("the greatest", "最大值")),
            Self::Abs => ("abs(a)", Text::new("without its sign", "绝对值")),
            Self::Floor => (
                "floor(a, step)",
                Text::new("down to a multiple of step, 1 unless stated", "向下取整至 step 的倍数（默认1）"),
            ),
            Self::Ceil => (
                "ceil(a, step)",
                Text::new("up to a multiple of step, 1 unless stated", "向上取整至 step 的倍数（默认1）"),
            ),
            Self::Round => (
                "round(a, places)",
                Text::new("half away from zero, to 0 places unless stated", "四舍五入至 places 位（默认0）"),
            ),
            Self::If => (
                "if(condition, a, b)",
                Text::new("a where the condition holds, else b", "条件成立取 a，否则取 b"),
            ),
            Self::Default => {
                ("default(a, b)", Text::new("a, or b where a figure in it is missing", "a 缺失时取 b"))
            }
            Self::Known => ("known(a)", Text::new("whether no figure in it is missing", "数据是否齐全")),
            Self::Pow => (
                "pow(a, n)",
                Text::new(
                    "a to the power of n, from -100 to 100: exact where n is whole; a root where it is a fraction, as in \
                     pow(a, 1/3) and pow(a, 31/365), to 28 digits",
                    "a 的 n 次方（n 为 -100 至 100）：n 为整数时精确；为分数时开方，如 pow(a, 1/3)、pow(a, 31/365)，保留28位有效数字",
                ),
            ),
            Self::Sqrt => (
                "sqrt(a)",
                Text::new(
                    "the square root, to 28 digits; of a pure number or of the square of a unit, never of money",
                    "平方根，保留28位有效数字；限纯数或单位的平方，不适用于金额",
                ),
            ),
            Self::Days => (
                "days(from, to)",
                Text::new(
                    "calendar days from one day to another, the first not counted: days(facility.drawn_on, period.last)",
                    "两日期间的天数（算尾不算头），如 days(facility.drawn_on, period.last)",
                ),
            ),
            Self::Months => (
                "months(from, to)",
                Text::new(
                    "whole months from one day to another, both counted in",
                    "两日期间的整月数（首尾均计入）",
                ),
            ),
            Self::Year => ("year(day)", Text::new("its year", "日期所在年份")),
            Self::Month => ("month(day)", Text::new("its month, 1 to 12", "日期所在月份（1至12）")),
        }
    }

    /// Whether its arguments are amounts of one kind, held against each other.
    pub(super) fn compares(self) -> bool {
        matches!(self, Self::Min | Self::Max | Self::Default)
    }
}
