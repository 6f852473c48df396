//! Ratings into what scoring goes by, and which of them nobody can be given.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::Compiler;
use crate::metric::Dimensions;
use crate::msg;
use crate::policy::curve::edge_of;
use crate::policy::curve::table::Edge;
use crate::policy::expr::{Beyond, Expr, Leaf, Node, Op, Stage, Type, out_of_reach};
use crate::policy::plan::Rating;
use crate::policy::rule;
use crate::record::policy::RatingOn;
use crate::record::policy::outcome::GateOn;
use crate::source::KeyPath;
use crate::text::policy;

const PURE: Type = Type::Number(Some(Dimensions::NONE));

impl Compiler<'_> {
    pub(in crate::policy) fn ratings(&mut self) -> Vec<Rating> {
        let record = self.record;
        let mut found = Vec::new();
        for (index, rating) in record.ratings.iter().enumerate() {
            let path = KeyPath(vec!["ratings".into(), index.into()]);
            let known = record.ratings[..index].iter().any(|earlier| earlier.id == rating.id);
            if known && !self.stands_in(&rating.id) {
                self.fault(&rule::DUPLICATE, &path.join("id"), msg!(policy::DUPLICATE_ID, id = &rating.id));
            }
            if let Some(before) = &rating.before
                && !self.stands_in(before)
                && !record
                    .ratings
                    .iter()
                    .any(|known| known.id == *before && known.id != rating.id || self.stands_in(&known.id))
            {
                let known = record.ratings.iter().map(|known| known.id.as_str());
                let message = msg!(policy::NO_ENTRY, name = before, known = "ratings");
                self.no_such(&path.join("before"), message, before, known);
            }
            let lower = [("at_least", &rating.at_least), ("above", &rating.above)];
            let upper = [("at_most", &rating.at_most), ("below", &rating.below)];
            for (key, edge) in lower.iter().chain(&upper) {
                self.of_total(edge.as_ref().map(|edge| edge.0.as_str()), &path.join(*key));
            }
            let all = rating.all.iter().enumerate();
            found.push(Rating {
                id: rating.id.as_str().into(),
                lower: edge_of(self, &path, lower, Stage::Item, &PURE),
                upper: edge_of(self, &path, upper, Stage::Item, &PURE),
                all: all
                    .map(|(at, all)| self.condition(all, &path.join("all").join(at), Stage::Rating, None))
                    .collect(),
                when: self.when(rating.when.as_ref(), &path, Stage::Rating),
            });
        }
        self.reachable(&found);
        self.leaves_out(&found);
        if !self.mended {
            self.leaves_between(&found);
        }
        found
    }

    /// A rating whose band the total cannot enter, or that an earlier one takes whole.
    fn reachable(&mut self, ratings: &[Rating]) {
        let constant = |formula: &Option<crate::record::policy::formula::Formula>| -> Option<Decimal> {
            formula.as_ref().and_then(|formula| formula.0.parse().ok())
        };
        let (min, max) = (constant(&self.record.total.min), constant(&self.record.total.max));
        let at = |edge: &Option<Edge>| {
            edge.as_ref().and_then(|edge| edge.at.constant.map(|at| (at, edge.included)))
        };
        let mut rest = Vec::new();
        for (index, rating) in ratings.iter().enumerate() {
            let (lower, upper) = (at(&rating.lower), at(&rating.upper));
            let too_high = matches!((lower, max), (Some((at, included)), Some(max)) if at > max || at == max && !included);
            let too_low = matches!((upper, min), (Some((at, included)), Some(min)) if at < min || at == min && !included);
            let empty = matches!((lower, upper), (Some((a, from)), Some((b, to))) if a > b || a == b && !(from && to));
            let taken = ratings[..index].iter().find(|earlier| {
                let plain = earlier.all.is_empty() && earlier.when.is_none() && earlier.upper.is_none();
                let known = earlier.lower.as_ref().is_none_or(|edge| edge.at.constant.is_some());
                plain && known && covers(at(&earlier.lower), lower)
            });
            let (name, path) = (&*rating.id, KeyPath(vec!["ratings".into(), index.into()]));
            match taken.map(|earlier| (&*earlier.id, at(&earlier.lower))) {
                _ if too_high || too_low || empty => {
                    self.fault(&rule::UNREACHABLE_RATING, &path, msg!(policy::UNREACHABLE, name = name));
                }
                Some((earlier, Some((edge, included)))) => {
                    let sign = if included { "≥" } else { ">" };
                    let message =
                        msg!(policy::TAKEN_FROM, name = name, earlier = earlier, sign = sign, edge = edge);
                    self.fault(&rule::UNREACHABLE_RATING, &path, message);
                }
                Some((earlier, None)) => {
                    let message = msg!(policy::TAKEN_WHOLE, name = name, earlier = earlier);
                    self.fault(&rule::UNREACHABLE_RATING, &path, message);
                }
                None => rest.push(index),
            }
        }
        if !self.mended {
            self.taken_before(ratings, &rest);
        }
    }

    /// Ratings of `rest` whose edges and conditions are met by nobody whom one before them leaves.
    fn taken_before(&mut self, ratings: &[Rating], rest: &[usize]) {
        let edges = self.edges(ratings);
        let beyond = out_of_reach(&conditions(ratings, &edges));
        for (index, beyond) in beyond.into_iter().filter(|(index, _)| rest.contains(index)) {
            let name = &*ratings[index].id;
            let message = match beyond {
                Beyond::Never => msg!(policy::NOBODY_MEETS, name = name),
                Beyond::After(before) => {
                    msg!(policy::RATED_BEFORE, name = name, before = &*ratings[before].id)
                }
                Beyond::Together => msg!(policy::RATED_ABOVE, name = name),
            };
            let path = KeyPath(vec!["ratings".into(), index.into()]);
            self.fault(&rule::UNREACHABLE_RATING, &path, message);
        }
    }

    /// The edges of ratings as conditions on the total that is rated.
    fn edges(&self, ratings: &[Rating]) -> Vec<Vec<Node>> {
        let name = self.rated();
        ratings.iter().map(|rating| edges(&rating.lower, &rating.upper, &name)).collect()
    }

    /// The name of the total that ratings look at: none that a condition can hold where it is not the printed one.
    fn rated(&self) -> Arc<str> {
        if self.rates_the_rounded() { "total" } else { "" }.into()
    }

    /// Whether the total that ratings look at is the printed one.
    fn rates_the_rounded(&self) -> bool {
        let gated = self.record.gates.iter().any(|gate| gate.on == Some(GateOn::Rating));
        !gated && self.record.rating_on != Some(RatingOn::Exact)
    }

    /// Totals between the bands of two ratings, which no rating takes, whatever it asks for besides.
    fn leaves_between(&mut self, ratings: &[Rating]) {
        let constant = |formula: &Option<crate::record::policy::formula::Formula>| -> Option<Decimal> {
            formula.as_ref().and_then(|formula| formula.0.parse().ok())
        };
        let (min, max) = (constant(&self.record.total.min), constant(&self.record.total.max));
        let places = self.record.rounding.total.filter(|_| self.rates_the_rounded());
        let all_edges = self.edges(ratings);
        for gap in gaps(ratings) {
            let ((from, from_too), (to, to_too)) = (gap.from, gap.to);
            let possible = max.is_none_or(|max| max > from || max == from && from_too)
                && min.is_none_or(|min| min < to || min == to && to_too)
                && places.is_none_or(|places| gap.holds_one_of(places));
            let edge = |(at, included): (Decimal, bool)| Edge { at: Expr::number(at), included };
            let inside = edges(&Some(edge(gap.from)), &Some(edge(gap.to)), &self.rated());
            let mut asked = conditions(ratings, &all_edges);
            asked.push(inside.iter().collect());
            if !possible || out_of_reach(&asked).iter().any(|(index, _)| *index == ratings.len()) {
                continue;
            }
            let sign = |included: bool| if included { "≤" } else { "<" };
            let message = match from == to {
                true => msg!(policy::NO_RATING_AT, edge = from),
                false => msg!(
                    policy::NO_RATING_BETWEEN,
                    from = from,
                    lower = sign(from_too),
                    upper = sign(to_too),
                    to = to
                ),
            };
            let path = KeyPath(vec!["ratings".into(), gap.above.into()]);
            self.fault(&rule::TOTALS_WITHOUT_RATING, &path, message);
        }
    }

    /// Totals below the lowest edge of all, which no rating takes.
    fn leaves_out(&mut self, ratings: &[Rating]) {
        let edges = ratings.iter().map(|rating| rating.lower.as_ref().and_then(|edge| edge.at.constant));
        let Some(lowest) = edges.collect::<Option<Vec<_>>>().and_then(|edges| edges.into_iter().min()) else {
            return;
        };
        let min = self.record.total.min.as_ref();
        if min.is_some_and(|min| self.stands_in(&min.0)) {
            return;
        }
        let min = min.and_then(|min| min.0.parse::<Decimal>().ok());
        if min.is_none_or(|min| min < lowest) {
            let message = msg!(policy::NO_RATING_BELOW, edge = lowest);
            self.fault(&rule::TOTALS_WITHOUT_RATING, &KeyPath(vec!["ratings".into()]), message);
        }
    }
}

/// Totals between two edges, each with whether it is one of them, and the rating that begins above.
struct Gap {
    from: (Decimal, bool),
    to: (Decimal, bool),
    above: usize,
}

impl Gap {
    /// Whether a number of so many places lies in it.
    fn holds_one_of(&self, places: i32) -> bool {
        let unit = (0..places.unsigned_abs().min(20))
            .fold(Decimal::ONE, |unit, _| if places > 0 { unit / Decimal::TEN } else { unit * Decimal::TEN });
        let mut first = (self.from.0 / unit).ceil() * unit;
        if first == self.from.0 && !self.from.1 {
            first += unit;
        }
        first < self.to.0 || first == self.to.0 && self.to.1
    }
}

/// What the bands of ratings leave between them, conditions aside; nothing where an edge is no plain number.
fn gaps(ratings: &[Rating]) -> Vec<Gap> {
    let number = |edge: &Option<Edge>| match edge {
        Some(edge) => edge.at.constant.map(|at| Some((at, edge.included))),
        None => Some(None),
    };
    let banded = ratings.iter().enumerate().filter(|(_, rating)| {
        let edgeless = rating.lower.is_none() && rating.upper.is_none();
        !(edgeless && (rating.when.is_some() || !rating.all.is_empty()))
    });
    let bands = banded.map(|(at, rating)| Some((number(&rating.lower)?, number(&rating.upper)?, at)));
    let Some(mut bands) = bands.collect::<Option<Vec<_>>>() else { return Vec::new() };
    bands.sort_by_key(|(lower, ..)| lower.map(|(at, included)| (at, !included)));
    let mut bands = bands.into_iter();
    let (mut found, mut covered) = (Vec::new(), bands.next().and_then(|(_, upper, _)| upper));
    for (lower, upper, above) in bands {
        let (Some((end, taken)), Some((begin, included))) = (covered, lower) else { break };
        if end < begin || end == begin && !taken && !included {
            found.push(Gap { from: (end, !taken), to: (begin, !included), above });
        }
        covered = upper.map(|upper| upper.max((end, taken)));
    }
    found
}

/// Everything each rating asks for.
fn conditions<'r>(ratings: &'r [Rating], edges: &'r [Vec<Node>]) -> Vec<Vec<&'r Node>> {
    let asked = ratings.iter().zip(edges).map(|(rating, edges)| {
        let stated = rating.all.iter().chain(&rating.when).map(|condition| &condition.node);
        edges.iter().chain(stated).collect()
    });
    asked.collect()
}

/// The edges of a rating as conditions on the total of that name.
fn edges(lower: &Option<Edge>, upper: &Option<Edge>, name: &Arc<str>) -> Vec<Node> {
    let held = |edge: &Edge, included: Op, excluded: Op| {
        let total = Box::new(Node::Leaf(Leaf::Total, name.clone()));
        let op = if edge.included { included } else { excluded };
        Node::Binary(op, total, Box::new(edge.at.node.clone()))
    };
    let lower = lower.iter().map(|edge| held(edge, Op::AtLeast, Op::Above));
    let upper = upper.iter().map(|edge| held(edge, Op::AtMost, Op::Below));
    lower.chain(upper).collect()
}

/// Whether everything from `lower` up lies above `earlier`.
fn covers(earlier: Option<(Decimal, bool)>, lower: Option<(Decimal, bool)>) -> bool {
    match (earlier, lower) {
        (None, _) => true,
        (Some((earlier, included)), Some((lower, too))) => {
            earlier < lower || earlier == lower && (included || !too)
        }
        (Some(_), None) => false,
    }
}
