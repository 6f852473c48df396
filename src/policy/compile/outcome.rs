//! Caps, vetoes, gates, ratings and moves into what scoring goes by.

use std::collections::BTreeMap;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::Compiler;
use crate::metric::Dimensions;
use crate::msg;
use crate::policy::curve::table::Edge;
use crate::policy::curve::{Chain, CurveContext, chain};
use crate::policy::expr::{Beyond, Expr, Node, Stage, Type, out_of_reach};
use crate::policy::plan::{Bounds, Gate, Move, Rating, Veto};
use crate::policy::rule;
use crate::record::policy::Bounds as WrittenBounds;
use crate::record::policy::item::Missing;
use crate::record::policy::outcome as written;
use crate::source::KeyPath;
use crate::text::policy;

const PURE: Type = Type::Number(Some(Dimensions::NONE));

impl Compiler<'_> {
    pub(in crate::policy) fn bounds(
        &mut self,
        written: &WrittenBounds,
        path: &KeyPath,
        stage: Stage,
    ) -> Bounds {
        self.of_points(written.min.as_ref().map(|min| min.0.as_str()), &path.join("min"));
        self.of_points(written.max.as_ref().map(|max| max.0.as_str()), &path.join("max"));
        let min = written.min.as_ref().map(|min| self.pure(min, &path.join("min"), stage));
        let max = written.max.as_ref().map(|max| self.pure(max, &path.join("max"), stage));
        self.in_order([&min, &max], path);
        Bounds { min, max }
    }

    /// A least result above the greatest one: whichever is applied last would decide, and nobody wrote which.
    pub(in crate::policy) fn in_order(&mut self, [min, max]: [&Option<Expr>; 2], path: &KeyPath) {
        let constant = |bound: &Option<Expr>| bound.as_ref().and_then(|bound| bound.constant);
        if let (Some(min), Some(max)) = (constant(min), constant(max))
            && min > max
        {
            let message = msg!(policy::MIN_ABOVE_MAX, min = min, max = max);
            self.fault(&rule::INCOMPLETE, &path.join("min"), message);
        }
    }

    pub(in crate::policy) fn caps(&mut self) -> Vec<(Arc<str>, Bounds)> {
        let record = self.record;
        let caps = record.caps.iter();
        caps.map(|(name, bounds)| {
            let path = KeyPath(vec!["caps".into(), name.as_str().into()]);
            (name.as_str().into(), self.bounds(bounds, &path, Stage::Item))
        })
        .collect()
    }

    pub(in crate::policy) fn vetoes(&mut self) -> Vec<Veto> {
        let record = self.record;
        self.ids("vetoes", record.vetoes.iter().map(|veto| veto.id.as_str()), &mut BTreeMap::new());
        let mut found = Vec::new();
        for (index, veto) in record.vetoes.iter().enumerate() {
            let path = KeyPath(vec!["vetoes".into(), index.into()]);
            if veto.zero.is_none() && veto.cap.is_none() && veto.rating.is_none() && veto.pay.is_none() {
                self.fault(
                    &rule::INCOMPLETE,
                    &path,
                    msg!(policy::AT_LEAST_ONE, keys = "zero, cap, rating, pay"),
                );
            }
            if let Some(rating) = &veto.rating
                && !self.stands_in(rating)
                && !record.ratings.iter().any(|known| known.id == *rating || self.stands_in(&known.id))
            {
                let known = record.ratings.iter().map(|known| known.id.as_str());
                self.no_such(&path.join("rating"), msg!(policy::UNKNOWN_NAME, name = rating), rating, known);
            }
            let when = self.when(veto.when.as_ref(), &path, Stage::Total).unwrap_or_else(|| {
                self.fault(&rule::INCOMPLETE, &path, msg!(policy::NEEDS_KEY, key = "when"));
                Expr::unread()
            });
            self.of_points(veto.cap.as_ref().map(|cap| cap.0.as_str()), &path.join("cap"));
            let mut evidence = false;
            when.leaves(&mut |leaf| evidence |= leaf.is_figure());
            if !evidence {
                self.fault(
                    &rule::VETO_WITHOUT_EVIDENCE,
                    &path.join("when"),
                    msg!(policy::NO_EVIDENCE, id = &veto.id),
                );
            }
            found.push(Veto {
                id: veto.id.as_str().into(),
                title: veto.title.as_deref().unwrap_or(&veto.id).into(),
                when,
                missing: veto.missing.or(record.missing).unwrap_or(Missing::Error),
                zero: veto.zero == Some(true),
                cap: veto.cap.as_ref().map(|cap| self.pure(cap, &path.join("cap"), Stage::Total)),
                rating: veto.rating.as_deref().map(Arc::from),
                pay: veto.pay.as_ref().map(|pay| self.part(pay, &path.join("pay"), Stage::Total)),
            });
        }
        found
    }

    pub(in crate::policy) fn gates(&mut self) -> Vec<Gate> {
        let record = self.record;
        self.ids("gates", record.gates.iter().map(|gate| gate.id.as_str()), &mut BTreeMap::new());
        let gates = record.gates.iter().enumerate();
        gates.map(|(index, gate)| self.gate(gate, &KeyPath(vec!["gates".into(), index.into()]))).collect()
    }

    fn gate(&mut self, gate: &written::Gate, path: &KeyPath) -> Gate {
        let on = gate.on.unwrap_or_default();
        // Pay is made once everybody is rated, so a gate on it may look at the rating.
        let stage = if on == written::GateOn::Pay { Stage::Rating } else { Stage::Total };
        let target = gate.target.as_ref();
        let target = target.map(|target| self.number(target, &path.join("target"), stage, None));
        let value = gate.value.as_ref();
        let value = value.map(|value| self.number(value, &path.join("value"), stage, None));
        if gate.curve.is_some() == gate.factor.is_some() {
            self.fault(&rule::INCOMPLETE, path, msg!(policy::EXACTLY_ONE, keys = "curve, factor"));
        }
        let missing = gate.missing.or(self.record.missing);
        if missing.is_none() {
            self.fault(&rule::UNSTATED, path, msg!(policy::STATE_KEY, key = "missing"));
        }
        self.multiple = value.as_ref().and_then(|value| value.kept.clone());
        let chain = gate.curve.as_ref().map_or_else(Chain::new, |curves| {
            let x = value.as_ref().map_or(PURE, |value| value.gives.clone());
            let zero_target = self.record.zero_target;
            let context =
                CurveContext { path: path.join("curve"), x, has_target: target.is_some(), zero_target };
            chain(self, curves, &context)
        });
        self.multiple = None;
        if chain.first().is_some_and(|curve| curve.takes_value()) && value.is_none() {
            self.fault(&rule::INCOMPLETE, path, msg!(policy::NEEDS_KEY, key = "value"));
        }
        let factor = gate.factor.as_ref().map(|factor| self.pure(factor, &path.join("factor"), stage));
        factor.iter().for_each(|factor| self.factor(factor, &path.join("factor")));
        Gate {
            id: gate.id.as_str().into(),
            title: gate.title.as_deref().unwrap_or(&gate.id).into(),
            factor,
            when: self.when(gate.when.as_ref(), path, stage),
            on,
            missing: missing.unwrap_or(Missing::Error),
            value,
            target,
            chain,
        }
    }

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
                self.of_points(edge.as_ref().map(|edge| edge.0.as_str()), &path.join(*key));
            }
            let all = rating.all.iter().enumerate();
            found.push(Rating {
                id: rating.id.as_str().into(),
                lower: crate::policy::curve::edge_of(self, &path, lower, Stage::Item, &PURE),
                upper: crate::policy::curve::edge_of(self, &path, upper, Stage::Item, &PURE),
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
            }
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

    /// A move that is never proposed, since one before it holds wherever it does.
    fn shadowed(&mut self, list: &str, moves: &[Move]) {
        let grades: Vec<Option<Node>> =
            moves.iter().map(|step| step.written.from.as_deref().map(Node::of_grade)).collect();
        let conditions: Vec<Vec<&Node>> = (moves.iter().zip(&grades))
            .map(|(step, from)| from.iter().chain(step.all.iter().map(|all| &all.node)).collect())
            .collect();
        for (index, step) in moves.iter().enumerate() {
            let before = (0..index).filter(|before| asks_no_more(&moves[*before].written, &step.written));
            let taken = before.into_iter().find(|before| {
                let pair = [conditions[*before].clone(), conditions[index].clone()];
                out_of_reach(&pair).contains(&(1, Beyond::After(0)))
            });
            if let Some(before) = taken {
                let to = moves[before].written.to.as_deref().unwrap_or_default();
                let message = msg!(policy::MOVE_TAKEN, number = before + 1, to = to);
                self.fault(&rule::SHADOWED_MOVE, &KeyPath(vec![list.into(), index.into()]), message);
            }
        }
    }

    pub(in crate::policy) fn moves(&mut self, list: &str, written: &[written::Move]) -> Vec<Move> {
        let mut found = Vec::new();
        for (index, step) in written.iter().enumerate() {
            let path = KeyPath(vec![list.into(), index.into()]);
            if step.all.is_empty() {
                self.fault(&rule::INCOMPLETE, &path, msg!(policy::NEEDS_KEY, key = "all"));
            }
            if step.to.is_none() && list != "warnings" {
                self.fault(&rule::INCOMPLETE, &path, msg!(policy::NEEDS_KEY, key = "to"));
            }
            let fits = match (step.times, step.within) {
                (None, None) => true,
                (Some(times), Some(within)) => (self.mended || times <= within) && step.consecutive.is_none(),
                _ => false,
            };
            for (key, stated) in
                [("consecutive", step.consecutive), ("times", step.times), ("within", step.within)]
            {
                if stated == Some(0) {
                    self.fault(&rule::INCOMPLETE, &path.join(key), msg!(policy::ONE_PERIOD, key = key));
                }
            }
            if !fits {
                self.fault(&rule::INCOMPLETE, &path, policy::TIMES_WITHIN);
            }
            let all = step.all.iter().enumerate();
            let all =
                all.map(|(at, all)| self.condition(all, &path.join("all").join(at), Stage::Rating, None));
            found.push(Move { all: all.collect(), written: step.clone() });
        }
        if list != "warnings" {
            self.shadowed(list, &found);
        }
        found
    }
}

/// Whether a rule looks back no further than `later`, so that it holds wherever that does if its conditions are no stricter.
fn asks_no_more(earlier: &written::Move, later: &written::Move) -> bool {
    let running = |step: &written::Move| step.within.is_none();
    let periods = earlier.periods() == 1
        || running(earlier) && running(later) && earlier.periods() <= later.periods()
        || (earlier.times(), earlier.periods()) == (later.times(), later.periods());
    periods && earlier.min_months.unwrap_or_default() <= later.min_months.unwrap_or_default()
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
