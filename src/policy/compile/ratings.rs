//! Ratings into what scoring goes by, and which of them nobody can be given.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::Compiler;
use crate::metric::Dimensions;
use crate::msg;
use crate::policy::curve::edge_of;
use crate::policy::curve::table::Edge;
use crate::policy::expr::{Beyond, Leaf, Node, Op, Stage, Type, out_of_reach};
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
            let taken = ratings[..index].iter().any(|earlier| {
                let plain = earlier.all.is_empty() && earlier.when.is_none() && earlier.upper.is_none();
                let known = earlier.lower.as_ref().is_none_or(|edge| edge.at.constant.is_some());
                plain && known && covers(at(&earlier.lower), lower)
            });
            if too_high || too_low || empty || taken {
                let path = KeyPath(vec!["ratings".into(), index.into()]);
                self.fault(&rule::UNREACHABLE_RATING, &path, msg!(policy::UNREACHABLE, name = &*rating.id));
            } else {
                rest.push(index);
            }
        }
        if !self.mended {
            self.taken_before(ratings, &rest);
        }
    }

    /// Ratings of `rest` whose edges and conditions are met by nobody whom one before them leaves.
    fn taken_before(&mut self, ratings: &[Rating], rest: &[usize]) {
        // Edges look at the total as it is rated, which conditions may not.
        let gated = self.record.gates.iter().any(|gate| gate.on == Some(GateOn::Rating));
        let exact = self.record.rating_on == Some(RatingOn::Exact);
        let name: Arc<str> = if gated || exact { "" } else { "total" }.into();
        let edges: Vec<Vec<Node>> = ratings.iter().map(|rating| edges(rating, &name)).collect();
        let conditions = ratings.iter().zip(&edges).map(|(rating, edges)| {
            let stated = rating.all.iter().chain(&rating.when).map(|condition| &condition.node);
            edges.iter().chain(stated).collect()
        });
        let beyond = out_of_reach(&conditions.collect::<Vec<_>>());
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

/// The edges of a rating as conditions on the total of that name.
fn edges(rating: &Rating, name: &Arc<str>) -> Vec<Node> {
    let held = |edge: &Edge, included: Op, excluded: Op| {
        let total = Box::new(Node::Leaf(Leaf::Total, name.clone()));
        let op = if edge.included { included } else { excluded };
        Node::Binary(op, total, Box::new(edge.at.node.clone()))
    };
    let lower = rating.lower.iter().map(|edge| held(edge, Op::AtLeast, Op::Above));
    let upper = rating.upper.iter().map(|edge| held(edge, Op::AtMost, Op::Below));
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
