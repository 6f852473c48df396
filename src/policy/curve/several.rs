//! Curves over several figures, peers or people, as written into curves that can be applied.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::compile::{PURE, Writer};
use super::count::{Convert, ConvertItem, Event, EventLine};
use super::free::{Cases, Outcome};
use super::peers::{ByPlace, Rank, Relative};
use super::people::{RaterGroup, Rating};
use crate::msg;
use crate::policy::compile::added;
use crate::policy::expr::{Beyond, Expr, Stage, Type, out_of_reach};
use crate::policy::round::settled;
use crate::policy::rule;
use crate::record::policy::curve as written;
use crate::source::KeyPath;
use crate::text::{Message, policy};

impl Writer<'_, '_> {
    pub(super) fn event(&mut self, curve: &written::Event) -> Event {
        let path = self.path.join("events");
        if curve.events.is_empty() {
            self.compiler.fault(&rule::INCOMPLETE, &path, msg!(policy::NEEDS_KEY, key = "events"));
        }
        let mut events = Vec::new();
        for (index, line) in curve.events.iter().enumerate() {
            let at = path.join(index);
            let count = self.compiler.number(&line.count, &at.join("count"), Stage::Item, None);
            if let Type::Number(Some(has)) = &count.gives
                && has.is_money()
            {
                let message = msg!(policy::NOT_A_COUNT, unit = self.compiler.record.money());
                self.compiler.fault(&rule::UNITS_DO_NOT_FIT, &at.join("count"), message);
            }
            events.push(EventLine {
                count: count.into(),
                points: self.pure_at(&at.join("points"), &line.points),
                cap: line.cap.as_ref().map(|cap| self.pure_at(&at.join("cap"), cap)),
            });
        }
        let (min, max) = self.range(&curve.min, &curve.max);
        Event { events, exclusive: curve.exclusive, base: self.pure_opt("base", &curve.base), min, max }
    }

    pub(super) fn cases(&mut self, curve: &written::Cases) -> Cases {
        let path = self.path.clone();
        let x = self.x.clone();
        let mut cases = Vec::new();
        for (index, case) in curve.cases.iter().enumerate() {
            let at = path.join("cases").join(index);
            let when = self.compiler.condition(&case.when, &at.join("when"), Stage::Curve, Some(&x));
            let outcome = match (&case.score, &case.curve) {
                (Some(score), None) => Outcome::Score(self.pure_at(&at.join("score"), score).into()),
                (None, Some(name)) => self.outcome(name, at.join("curve")),
                _ => {
                    self.compiler.fault(
                        &rule::INCOMPLETE,
                        &at,
                        msg!(policy::EXACTLY_ONE, keys = "score, curve"),
                    );
                    Outcome::Score(Expr::unread().into())
                }
            };
            cases.push((Arc::new(when), outcome));
        }
        self.reached(&cases, &path);
        let otherwise = match &curve.otherwise {
            written::CaseResult::Score(score) => Outcome::Score(self.pure("else", score).into()),
            written::CaseResult::Curve(curve) => self.outcome(&curve.curve, path.join("else").join("curve")),
        };
        Cases { cases, otherwise }
    }

    /// Cases that those before them leave nothing.
    fn reached(&mut self, cases: &[(Arc<Expr>, Outcome)], path: &KeyPath) {
        let conditions: Vec<_> = cases.iter().map(|(when, _)| vec![&when.node]).collect();
        for (index, beyond) in out_of_reach(&conditions) {
            let message = match beyond {
                Beyond::Never => policy::NOTHING_MEETS.into(),
                Beyond::After(case) => msg!(policy::CASE_TAKEN, case = case + 1),
                Beyond::Together => policy::CASES_TAKE_ALL.into(),
            };
            let at = path.join("cases").join(index).join("when");
            self.compiler.fault(&rule::UNREACHABLE_CASE, &at, message);
        }
    }

    fn outcome(&mut self, name: &str, path: KeyPath) -> Outcome {
        let outer = std::mem::replace(&mut self.path, path);
        let found = self.named(name);
        self.path = outer;
        match found {
            Some(curve) => Outcome::Curve(name.into(), curve),
            None => Outcome::Score(Expr::unread().into()),
        }
    }

    pub(super) fn relative(&mut self, curve: &written::Relative) -> Relative {
        let (min, max) = self.range(&curve.min, &curve.max);
        Relative {
            group: curve.group,
            of: curve.of,
            base: self.pure("base", &curve.base),
            slope: self.pure("slope", &curve.slope),
            min,
            max,
            smallest: curve.smallest,
            zero_target: self.zero_target(curve.zero_target, None),
        }
    }

    pub(super) fn rank(&mut self, curve: &written::Rank) -> Rank {
        let path = self.path.clone();
        let by = match (curve.shares.is_empty(), curve.places.is_empty(), curve.percentiles.is_empty()) {
            (false, true, true) => ByPlace::Shares(self.shares(curve)),
            (true, false, true) => {
                let places = curve.places.iter().enumerate();
                ByPlace::Places(
                    places
                        .map(|(index, score)| self.pure_at(&path.join("places").join(index), score))
                        .collect(),
                )
            }
            (true, true, false) => {
                let outer = std::mem::replace(&mut self.x, PURE);
                let path = path.join("percentiles");
                let points = self.pairs(&curve.percentiles, &path);
                self.x = outer;
                self.axis_of_parts(&points, &path);
                ByPlace::Percentiles(points)
            }
            _ => {
                self.compiler.fault(
                    &rule::INCOMPLETE,
                    &path,
                    msg!(policy::EXACTLY_ONE, keys = "shares, places, percentiles"),
                );
                ByPlace::Places(Vec::new())
            }
        };
        Rank { group: curve.group, ties: curve.ties, better: curve.better, by, smallest: curve.smallest }
    }

    /// Percentiles run from 0, the last, to 1, the best; one written as 90 is above everybody.
    fn axis_of_parts(&mut self, points: &[(Expr, Expr)], path: &KeyPath) {
        let axis: Vec<Decimal> = points.iter().filter_map(|(at, _)| at.constant).collect();
        if points.len() < 2 || axis.windows(2).any(|pair| pair[0] >= pair[1]) {
            self.compiler.fault(&rule::BAD_TABLE, path, policy::POINTS_RISE);
        } else if axis.iter().any(|at| *at < Decimal::ZERO || *at > Decimal::ONE) {
            self.compiler.fault(&rule::BAD_TABLE, path, policy::PERCENTILE_AXIS);
        }
    }

    fn shares(&mut self, curve: &written::Rank) -> Vec<(Expr, Expr)> {
        let path = self.path.join("shares");
        let mut shares = Vec::new();
        for (index, share) in curve.shares.iter().enumerate() {
            let at = path.join(index);
            shares.push((
                self.pure_at(&at.join("share"), &share.share),
                self.pure_at(&at.join("score"), &share.score),
            ));
        }
        let sum: Option<Decimal> = shares.iter().map(|(share, _)| share.constant).sum();
        if sum.map(settled).is_some_and(|sum| sum != Decimal::ONE) {
            self.compiler.fault(&rule::WEIGHTS, &path, parts(shares.iter().map(|(share, _)| share)));
        }
        shares
    }

    pub(super) fn rating(&mut self, curve: &written::Rating) -> Rating {
        let path = self.path.join("groups");
        if curve.groups.is_empty() {
            self.compiler.fault(&rule::INCOMPLETE, &path, msg!(policy::NEEDS_KEY, key = "groups"));
        }
        let mut groups = Vec::new();
        for (index, group) in curve.groups.iter().enumerate() {
            let at = path.join(index).join("weight");
            let weight = self.pure_at(&at, &group.weight);
            if weight.constant.is_some_and(|weight| weight < Decimal::ZERO) {
                self.compiler.fault(&rule::WEIGHTS, &at, policy::NEGATIVE_WEIGHT);
            }
            let trim = group.trim.unwrap_or(curve.trim) as usize;
            groups.push(RaterGroup { who: group.group, weight, fewest: group.fewest, trim });
        }
        let sum: Option<Decimal> = groups.iter().map(|group| group.weight.constant).sum();
        let whole = |sum: &Decimal| [Decimal::ONE, Decimal::ONE_HUNDRED].contains(sum);
        if sum.map(settled).is_some_and(|sum| !groups.is_empty() && !whole(&sum)) {
            let message = parts(groups.iter().map(|group| &group.weight));
            self.compiler.fault(&rule::RATER_WEIGHTS, &path, message);
        }
        Rating { groups, missing_group: curve.missing_group, scale: self.pure_opt("scale", &curve.scale) }
    }

    pub(super) fn convert(&mut self, curve: &written::Convert) -> Convert {
        let path = self.path.join("items");
        let mut items = Vec::new();
        for (index, item) in curve.items.iter().enumerate() {
            let at = path.join(index);
            let value = self.compiler.number(&item.value, &at.join("value"), Stage::Item, None);
            let like = value.gives.clone();
            let outer = std::mem::replace(&mut self.compiler.at_hand, value.kept.clone());
            let from = self.compiler.beside(&item.from, &at.join("from"), Stage::Item, &like, None);
            let per = self.compiler.beside(&item.per, &at.join("per"), Stage::Item, &like, None);
            self.compiler.at_hand = outer;
            self.above_zero(&per, &at.join("per"));
            items.push(ConvertItem { value: value.into(), from, per });
        }
        let (min, max) = self.range(&curve.min, &curve.max);
        Convert {
            items,
            points: self.pure("points", &curve.points),
            pool: curve.pool,
            negative: curve.negative,
            min,
            max,
        }
    }
}

/// What shares add up to that make no whole.
fn parts<'e>(shares: impl Iterator<Item = &'e Expr> + Clone) -> Message {
    let percent = shares.clone().any(|share| share.percent);
    added(&shares.filter_map(|share| share.constant).collect::<Vec<_>>(), percent, "100%")
}
