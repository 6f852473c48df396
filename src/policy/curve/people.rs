//! Curves that people fill: rater groups and marks of the review.

use rust_decimal::Decimal;

use super::filled::plain;
use super::{Filled, Halt, Input, Judge, Run, Scored, Shape, clamp, negative};
use crate::msg;
use crate::policy::checked::{checked, total};
use crate::policy::expr::{Expr, Trouble};
use crate::record::policy::curve::MissingGroup;
use crate::record::review;
use crate::text::{Message, policy};

/// One rater group.
#[derive(Debug)]
pub(super) struct RaterGroup {
    pub(super) who: review::RaterGroup,
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

/// The scores of a group that count, without its `trim` least and greatest ones, and their mean.
fn trimmed(scores: &mut [Decimal], trim: usize) -> Result<(Decimal, &[Decimal]), Trouble> {
    scores.sort();
    let kept = scores.get(trim..scores.len().saturating_sub(trim)).unwrap_or_default();
    let count = Decimal::from(kept.len().max(1));
    Ok(((total(kept.iter().copied()) / count).get()?, kept))
}

/// `(90 + 3 × 88.5)`
fn sum_of(scores: &[Decimal]) -> String {
    let runs = scores.chunk_by(|a, b| a == b).map(|run| match run {
        [one] => plain(*one).to_string(),
        run => format!("{} × {}", run.len(), plain(run[0])),
    });
    let sum = runs.collect::<Vec<_>>().join(" + ");
    if scores.len() > 1 { format!("({sum})") } else { sum }
}

/// Means and weights of the groups that answered, and every group in words.
type Answered = (Vec<(Decimal, Decimal)>, Vec<Filled>);

impl Rating {
    /// The groups that answered: their means and weights, and every group in words.
    fn means(&self, input: &Input<'_>) -> Result<Answered, Halt> {
        let (mut means, mut how) = (Vec::new(), Vec::new());
        for group in &self.groups {
            let weight = input.number(&group.weight)?;
            let mut scores = input.around.raters(group.who.word());
            // Where nothing would be left, nothing is dropped.
            let trim = if scores.len() > 2 * group.trim { group.trim } else { 0 };
            let given = scores.len();
            let (mean, kept) = trimmed(&mut scores, trim)?;
            // Whoever answered counts, dropped or not: one answer more never leaves too few.
            if given < group.fewest as usize {
                if self.missing_group == MissingGroup::Fail {
                    return Err(Halt::FewRaters(group.who.title()));
                }
                let numbers =
                    vec![("answers", given.into()), ("fewest", group.fewest.into()), ("weight", weight)];
                how.push(Filled::new(policy::RATERS_TOO_FEW, numbers).said("group", group.who.title()));
                continue;
            }
            means.push((mean, weight));
            let numbers = vec![("answers", kept.len().into()), ("mean", mean), ("weight", weight)];
            let text = if trim == 0 { policy::RATERS_OF } else { policy::RATERS_OF_TRIMMED };
            let mut filled =
                Filled::new(text, numbers).said("group", group.who.title()).word("sum", sum_of(kept));
            if trim > 0 {
                let left = [&scores[..trim], &scores[scores.len() - trim..]].concat();
                let left: Vec<String> = left.iter().map(|mark| plain(*mark).to_string()).collect();
                filled = filled.said("left", Message::list(&left));
            }
            how.push(filled);
        }
        Ok((means, how))
    }
}

impl Shape for Rating {
    fn apply(&self, input: &Input<'_>) -> Result<Scored, Halt> {
        let (means, how) = self.means(input)?;
        let weights = total(means.iter().map(|(_, weight)| *weight)).get()?;
        let sum =
            means.iter().fold(checked(Decimal::ZERO), |sum, (mean, weight)| sum + checked(*mean) * *weight);
        if weights.is_zero() {
            let groups = self.groups.iter().map(|group| group.who.title());
            let all = groups.reduce(|before, next| msg!(policy::RATERS_AND, before = before, next = next));
            return Err(Halt::FewRaters(all.unwrap_or_else(|| Message::verbatim(""))));
        }
        let mean = (sum / weights).get()?;
        let scale = input.optional(self.scale.as_ref())?.filter(|scale| !scale.is_zero());
        let score = match scale {
            Some(scale) => (sum * input.full / (checked(weights) * scale)).get()?,
            None => mean,
        };
        let terms = means.iter().map(|(mean, weight)| format!("{} × {}", plain(*mean), plain(*weight)));
        let terms = terms.collect::<Vec<_>>().join(" + ");
        let mut numbers = vec![("weights", weights), ("score", score)];
        let mut text = policy::RATERS;
        if let Some(scale) = scale {
            numbers.extend([("full", input.full), ("scale", scale)]);
            text = policy::RATERS_SCALED;
        }
        Ok(Scored::at_once(score, Filled::new(text, numbers).word("terms", terms)).after(how))
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

    fn judged_by(&self, judge: Judge) -> bool {
        match judge {
            Judge::Raters => true,
            Judge::Superior => self.groups.iter().any(|group| group.who == review::RaterGroup::Superior),
            Judge::Marker => false,
        }
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
        Ok(Scored::at_once(score, Filled::new(policy::MARK, numbers)))
    }

    fn parameters<'a>(&'a self, seen: &mut dyn FnMut(&'a Expr)) {
        self.min.iter().chain(&self.max).for_each(seen);
    }

    fn is_below_zero(&self) -> bool {
        self.min.as_ref().is_some_and(negative)
    }

    fn greatest(&self, full: Decimal) -> Option<Decimal> {
        self.max.as_ref().map_or(Some(full), |max| max.constant)
    }

    fn run(&self) -> Run {
        Run::Unknown
    }

    fn judged_by(&self, judge: Judge) -> bool {
        judge == Judge::Marker
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
            let mut scores: Vec<Decimal> = scores.iter().map(|score| Decimal::from(*score)).collect();
            let (mean, kept) = trimmed(&mut scores, trim).unwrap();
            (mean.round_dp(4).normalize().to_string(), kept.len())
        };
        // 5 and 1 fall away: (4 + 4 + 3) / 3.
        assert_eq!(of(&[5, 4, 4, 3, 1], 1), ("3.6667".into(), 3));
        assert_eq!(of(&[5], 1), ("0".into(), 0));
        assert_eq!(of(&[5, 2], 0), ("3.5".into(), 2));
    }
}
