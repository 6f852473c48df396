//! Curves over peers: against the mean, by place. Their result depends on the set of values alone, never on an order.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::{Filled, Halt, Input, Peers, Run, Scored, Shape, clamp};
use crate::policy::checked::{checked, total};
use crate::policy::expr::{Expr, Trouble};
use crate::policy::round::settled;
use crate::record::policy::curve::{Better, Group, Middle, Ties, Unusable};
use crate::text::policy;

fn peers(input: &Input<'_>, group: Group, least: u32) -> Result<Arc<Peers>, Halt> {
    let peers = input.around.peers(group)?;
    let (found, least) = (peers.sorted.len(), least as usize);
    if found < least { Err(Halt::SmallGroup { found, least }) } else { Ok(peers) }
}

/// The middle of a group as a sum and the number it is divided by, so that nothing is divided before it must be.
fn middle(peers: &Peers, of: Middle) -> Result<(Decimal, Decimal), Trouble> {
    let values = &peers.sorted;
    let half = values.len() / 2;
    Ok(match of {
        Middle::Mean => (peers.sum.get()?, values.len().into()),
        Middle::Median if values.len() % 2 == 1 => (values[half], Decimal::ONE),
        Middle::Median if values.is_empty() => (Decimal::ZERO, Decimal::ONE),
        Middle::Median => ((checked(values[half - 1]) + values[half]).get()?, Decimal::TWO),
    })
}

/// base + slope · (x / mean − 1)
#[derive(Debug)]
pub(super) struct Relative {
    pub(super) group: Group,
    pub(super) of: Middle,
    pub(super) base: Expr,
    pub(super) slope: Expr,
    pub(super) min: Option<Expr>,
    pub(super) max: Option<Expr>,
    pub(super) smallest: u32,
    pub(super) zero_target: Option<Unusable>,
}

impl Shape for Relative {
    fn apply(&self, input: &Input<'_>) -> Result<Scored, Halt> {
        let peers = peers(input, self.group, self.smallest)?;
        let count = Decimal::from(peers.sorted.len());
        let (sum, of) = middle(&peers, self.of)?;
        if sum <= Decimal::ZERO {
            return Err(Halt::ZeroTarget(self.zero_target));
        }
        let (base, slope) = (input.number(&self.base)?, input.number(&self.slope)?);
        let (min, max) = (input.optional(self.min.as_ref())?, input.optional(self.max.as_ref())?);
        let raw = (checked(base) + checked(slope) * (checked(input.x) * of - sum) / sum).get()?;
        let score = clamp(raw, min, max);
        let mean = sum / of;
        let middle = match self.of {
            Middle::Mean => {
                Filled::new(policy::MEAN_OF, vec![("sum", sum), ("count", count), ("mean", mean)])
            }
            Middle::Median => Filled::new(policy::MEDIAN_OF, vec![("count", count), ("mean", mean)]),
        };
        let numbers = vec![("base", base), ("slope", slope), ("x", input.x), ("mean", mean), ("raw", raw)];
        let filled = Filled::new(policy::RELATIVE, numbers).within(raw, min, max, score);
        Ok(Scored::at_once(score, filled).after(vec![middle]))
    }

    fn parameters<'a>(&'a self, seen: &mut dyn FnMut(&'a Expr)) {
        [&self.base, &self.slope].into_iter().chain(&self.min).chain(&self.max).for_each(seen);
    }

    fn greatest(&self, _: Decimal) -> Option<Decimal> {
        self.max.as_ref().and_then(|max| max.constant)
    }

    fn run(&self) -> Run {
        match self.slope.constant {
            Some(slope) if slope >= Decimal::ZERO => Run::Rising,
            Some(_) => Run::Falling,
            None => Run::Unknown,
        }
    }

    fn group(&self) -> Option<Group> {
        Some(self.group)
    }
}

/// What a place gives.
#[derive(Debug)]
pub(super) enum ByPlace {
    /// Summed share of the peers, the best first, and the score.
    Shares(Vec<(Expr, Expr)>),
    /// Scores of places 1, 2, 3 …; the last one of all that follow.
    Places(Vec<Expr>),
    /// Points between percentiles, the best at 1.
    Percentiles(Vec<(Expr, Expr)>),
}

/// A score by place.
#[derive(Debug)]
pub(super) struct Rank {
    pub(super) group: Group,
    pub(super) ties: Ties,
    pub(super) better: Better,
    pub(super) by: ByPlace,
    pub(super) smallest: u32,
}

/// The places that `x` takes among the values of a group: those before it, and those that share it.
fn places(x: Decimal, peers: &Peers, better: Better) -> (usize, usize) {
    let below = peers.sorted.partition_point(|value| *value < x);
    let upto = peers.sorted.partition_point(|value| *value <= x);
    let ahead = if better == Better::Higher { peers.sorted.len() - upto } else { below };
    (ahead, (upto - below).max(1))
}

/// The place of `x` among the values of a group, 1 for the best.
pub(crate) fn place(x: Decimal, peers: &Peers, better: Better, ties: Ties) -> Decimal {
    let (ahead, tied) = places(x, peers, better);
    let first = match ties {
        Ties::Dense => {
            // What stands before the values ahead, or after them, is not ahead.
            let of = |at: usize| peers.distinct.get(at).copied().unwrap_or_default();
            let all = peers.sorted.len();
            1 + if better == Better::Higher { of(all) - of(all - ahead) } else { of(ahead) }
        }
        Ties::Min | Ties::Average => 1 + ahead,
    };
    match ties {
        Ties::Average => Decimal::from(first) + (Decimal::from(tied) - Decimal::ONE) / Decimal::TWO,
        Ties::Min | Ties::Dense => first.into(),
    }
}

impl Rank {
    /// What it gives, from the last place to the first.
    fn scores(&self) -> Vec<Option<Decimal>> {
        match &self.by {
            ByPlace::Percentiles(points) => points.iter().map(|(_, score)| score.constant).collect(),
            ByPlace::Shares(shares) => shares.iter().rev().map(|(_, score)| score.constant).collect(),
            ByPlace::Places(scores) => scores.iter().rev().map(|score| score.constant).collect(),
        }
    }

    fn score(&self, peers: &Peers, input: &Input<'_>) -> Result<Scored, Halt> {
        let count = Decimal::from(peers.sorted.len());
        let place = place(input.x, peers, self.better, self.ties);
        let numbers = |score| vec![("x", input.x), ("place", place), ("count", count), ("score", score)];
        let by_place = |score| Scored::at_once(score, Filled::new(policy::PLACE, numbers(score)));
        match &self.by {
            ByPlace::Shares(shares) => {
                let (ahead, tied) = places(input.x, peers, self.better);
                if self.ties == Ties::Average && tied > 1 {
                    return self.shared(shares, (ahead, tied), count, input);
                }
                let mut sum = Decimal::ZERO;
                for (share, score) in shares {
                    sum += input.number(share)?;
                    if place <= settled(sum * count) {
                        let score = input.number(score)?;
                        let numbers = vec![("share", sum), ("count", count), ("places", sum * count)];
                        let upto = Filled::new(policy::PLACES_UPTO, numbers);
                        return Ok(by_place(score).after(vec![upto]));
                    }
                }
                let last = shares.last().map_or(Ok(Decimal::ZERO), |(_, score)| input.number(score));
                last.map(by_place)
            }
            ByPlace::Places(scores) => self.prize(scores, peers, input).map(by_place),
            ByPlace::Percentiles(points) => {
                let at = if count > Decimal::ONE {
                    (count - place) / (count - Decimal::ONE)
                } else {
                    Decimal::ONE
                };
                let points = points.iter().map(|(x, y)| Ok((input.number(x)?, input.number(y)?)));
                let (score, line) = between(at, &points.collect::<Result<Vec<_>, Halt>>()?)?;
                let numbers = vec![("x", input.x), ("place", place), ("count", count), ("percentile", at)];
                Ok(Scored::at_once(score, line).after(vec![Filled::new(policy::PERCENTILE, numbers)]))
            }
        }
    }
}

impl Rank {
    /// Those tied on average take the places from the first of them on, and each the mean of what the shares give these.
    fn shared(
        &self,
        shares: &[(Expr, Expr)],
        (ahead, tied): (usize, usize),
        count: Decimal,
        input: &Input<'_>,
    ) -> Result<Scored, Halt> {
        let last = Decimal::from(ahead + tied);
        let (mut share_sum, mut sum, mut upto) = (Decimal::ZERO, Decimal::ZERO, Decimal::from(ahead));
        for (at, (share, score)) in shares.iter().enumerate() {
            share_sum += input.number(share)?;
            // Whoever is left after the last share gets what it gives.
            let is_last = at + 1 == shares.len();
            let edge = if is_last { last } else { settled(share_sum * count).floor().min(last) };
            let taken = (edge - upto).max(Decimal::ZERO);
            if !taken.is_zero() {
                sum = (checked(sum) + checked(taken) * input.number(score)?).get()?;
                upto = edge;
            }
        }
        let score = sum / Decimal::from(tied);
        let first = Decimal::from(ahead + 1);
        let numbers =
            vec![("x", input.x), ("first", first), ("last", last), ("count", count), ("score", score)];
        Ok(Scored::at_once(score, Filled::new(policy::TIED_PLACES, numbers)))
    }

    /// What a place gives; those tied on average take the places from the first of them on, and each the mean of what these give.
    fn prize(&self, scores: &[Expr], peers: &Peers, input: &Input<'_>) -> Result<Decimal, Halt> {
        let at = |place: usize| match scores.get(place).or(scores.last()) {
            Some(score) => input.number(score),
            None => Ok(Decimal::ZERO),
        };
        if self.ties != Ties::Average {
            let first = place(input.x, peers, self.better, self.ties) - Decimal::ONE;
            return at(usize::try_from(first).unwrap_or_default());
        }
        let (first, tied) = places(input.x, peers, self.better);
        // All places after those that are stated give the same.
        let stated = first..(first + tied).min(scores.len().max(first + 1));
        let rest = tied - stated.len();
        let stated = stated.map(at).collect::<Result<Vec<_>, _>>()?;
        let rest = checked(at(scores.len())?) * Decimal::from(rest);
        Ok(((total(stated) + rest) / Decimal::from(tied)).get()?)
    }
}

/// The height at `x` of straight lines through points, level beyond them.
fn between(x: Decimal, points: &[(Decimal, Decimal)]) -> Result<(Decimal, Filled), Trouble> {
    let pair = points.windows(2).find(|pair| x >= pair[0].0 && x <= pair[1].0);
    let level =
        |score, text, edge| (score, Filled::new(text, vec![("at", x), ("edge_at", edge), ("score", score)]));
    Ok(match (pair, points.first(), points.last()) {
        (Some(&[(x0, y0), (x1, y1)]), ..) if x1 > x0 => {
            let score = (checked(y0) + (checked(x) - x0) * (checked(y1) - y0) / (x1 - x0)).get()?;
            let numbers =
                vec![("at", x), ("from_at", x0), ("y0", y0), ("upto_at", x1), ("y1", y1), ("score", score)];
            (score, Filled::new(policy::LINE_OF_PERCENTILES, numbers))
        }
        (_, Some(first), _) if x <= first.0 => level(first.1, policy::PERCENTILE_BELOW, first.0),
        (_, _, Some(last)) => level(last.1, policy::PERCENTILE_ABOVE, last.0),
        _ => level(Decimal::ZERO, policy::PERCENTILE_BELOW, x),
    })
}

impl Shape for Rank {
    fn apply(&self, input: &Input<'_>) -> Result<Scored, Halt> {
        let peers = peers(input, self.group, self.smallest)?;
        self.score(&peers, input)
    }

    fn parameters<'a>(&'a self, seen: &mut dyn FnMut(&'a Expr)) {
        match &self.by {
            ByPlace::Shares(pairs) | ByPlace::Percentiles(pairs) => pairs.iter().for_each(|(a, b)| {
                seen(a);
                seen(b);
            }),
            ByPlace::Places(scores) => scores.iter().for_each(seen),
        }
    }

    fn greatest(&self, _: Decimal) -> Option<Decimal> {
        self.scores().into_iter().collect::<Option<Vec<_>>>()?.into_iter().max()
    }

    fn run(&self) -> Run {
        // From the last place to the first, whichever value is the better one.
        match (Run::of(&self.scores()), self.better) {
            (Run::Rising, Better::Lower) => Run::Falling,
            (Run::Falling, Better::Lower) => Run::Rising,
            (run, _) => run,
        }
    }

    fn own_better(&self) -> Option<Better> {
        Some(self.better)
    }

    fn group(&self) -> Option<Group> {
        Some(self.group)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_share_places_in_three_ways() {
        let values = Peers::new([5, 7, 7, 9].map(Decimal::from).to_vec());
        let at = |x: i64, ties| place(x.into(), &values, Better::Higher, ties).normalize().to_string();
        assert_eq!([at(9, Ties::Min), at(7, Ties::Min), at(5, Ties::Min)], ["1", "2", "4"]);
        assert_eq!([at(9, Ties::Dense), at(7, Ties::Dense), at(5, Ties::Dense)], ["1", "2", "3"]);
        let lower = |x: i64| place(x.into(), &values, Better::Lower, Ties::Dense).to_string();
        assert_eq!([lower(5), lower(7), lower(9)], ["1", "2", "3"]);
        assert_eq!(at(7, Ties::Average), "2.5");
        assert_eq!(place(5.into(), &values, Better::Lower, Ties::Min).to_string(), "1");
    }

    #[test]
    fn a_median_of_four_is_between_the_middle_two() {
        let peers = Peers::new([9, 1, 4, 2].map(Decimal::from).to_vec());
        assert_eq!(middle(&peers, Middle::Median), Ok((Decimal::from(6), Decimal::TWO)));
        assert_eq!(middle(&peers, Middle::Mean), Ok((Decimal::from(16), Decimal::from(4))));
    }
}
