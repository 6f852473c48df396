//! Curves that people fill: rater groups and marks of the review.

use rust_decimal::Decimal;

use super::{Filled, Halt, Input, Run, Scored, Shape, clamp};
use crate::policy::expr::Expr;
use crate::record::policy::curve::MissingGroup;
use crate::text::policy;

/// One rater group.
#[derive(Debug)]
pub(super) struct RaterGroup {
    pub(super) name: Box<str>,
    pub(super) weight: Expr,
    pub(super) fewest: u32,
    pub(super) trim: usize,
}

/// Weighted mean of rater groups.
#[derive(Debug)]
pub(super) struct Rating {
    pub(super) groups: Vec<RaterGroup>,
    pub(super) missing_group: MissingGroup,
    pub(super) scale: Option<Expr>,
}

/// The mean of a group without its `trim` least and greatest scores, and how many were left.
fn trimmed(mut scores: Vec<Decimal>, trim: usize) -> (Decimal, usize) {
    scores.sort();
    let kept = scores.get(trim..scores.len().saturating_sub(trim)).unwrap_or_default();
    let count = Decimal::from(kept.len().max(1));
    (kept.iter().sum::<Decimal>() / count, kept.len())
}

impl Shape for Rating {
    fn apply(&self, input: &Input<'_>) -> Result<Scored, Halt> {
        let (mut sum, mut weights, mut answers) = (Decimal::ZERO, Decimal::ZERO, 0);
        for group in &self.groups {
            let (mean, count) = trimmed(input.around.raters(&group.name), group.trim);
            if count < group.fewest as usize {
                match self.missing_group {
                    MissingGroup::Fail => return Err(Halt::FewRaters(group.name.to_string())),
                    MissingGroup::Spread => continue,
                }
            }
            let weight = input.number(&group.weight)?;
            sum += mean * weight;
            weights += weight;
            answers += count;
        }
        if weights.is_zero() {
            return Err(Halt::FewRaters(
                self.groups.iter().map(|group| &*group.name).collect::<Vec<_>>().join(", "),
            ));
        }
        let mean = sum / weights;
        let scale = input.optional(self.scale.as_ref())?.filter(|scale| !scale.is_zero());
        let score = scale.map_or(mean, |scale| sum * input.full / (weights * scale));
        let mut numbers =
            vec![("sum", sum), ("weights", weights), ("answers", answers.into()), ("score", score)];
        let mut text = policy::RATERS;
        if let Some(scale) = scale {
            numbers.extend([("full", input.full), ("scale", scale)]);
            text = policy::RATERS_SCALED;
        }
        Ok(Scored { score, how: Filled { text, numbers } })
    }

    fn parameters<'a>(&'a self, seen: &mut dyn FnMut(&'a Expr)) {
        self.groups.iter().map(|group| &group.weight).chain(&self.scale).for_each(seen);
    }

    fn greatest(&self, full: Decimal) -> Option<Decimal> {
        self.scale.as_ref().map(|_| full)
    }

    fn run(&self) -> Run {
        Run::Unknown
    }

    fn takes_value(&self) -> bool {
        false
    }
}

/// A mark of the review.
#[derive(Debug)]
pub(super) struct Mark {
    pub(super) min: Option<Expr>,
    pub(super) max: Option<Expr>,
}

impl Shape for Mark {
    fn apply(&self, input: &Input<'_>) -> Result<Scored, Halt> {
        let mark = input.around.mark().ok_or(Halt::NoMark)?;
        let min = input.optional(self.min.as_ref())?.unwrap_or_default();
        let max = input.optional(self.max.as_ref())?.unwrap_or(input.full);
        let score = clamp(mark, Some(min), Some(max));
        let numbers = vec![("mark", mark), ("min", min), ("max", max), ("score", score)];
        Ok(Scored { score, how: Filled { text: policy::MARK, numbers } })
    }

    fn parameters<'a>(&'a self, seen: &mut dyn FnMut(&'a Expr)) {
        self.min.iter().chain(&self.max).for_each(seen);
    }

    fn greatest(&self, full: Decimal) -> Option<Decimal> {
        self.max.as_ref().map_or(Some(full), |max| max.constant)
    }

    fn run(&self) -> Run {
        Run::Unknown
    }

    fn takes_value(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trimmed_mean_leaves_out_both_ends() {
        let of = |scores: &[i64], trim| {
            let (mean, kept) = trimmed(scores.iter().map(|score| Decimal::from(*score)).collect(), trim);
            (mean.round_dp(4).normalize().to_string(), kept)
        };
        // 5 and 1 fall away: (4 + 4 + 3) / 3.
        assert_eq!(of(&[5, 4, 4, 3, 1], 1), ("3.6667".into(), 3));
        assert_eq!(of(&[5], 1), ("0".into(), 0));
        assert_eq!(of(&[5, 2], 0), ("3.5".into(), 2));
    }
}
