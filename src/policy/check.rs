//! Whether a plan says what it means: weights, reach and direction of curves, and what regulators ask about.

use rust_decimal::Decimal;

use super::compile::{Compiler, added};
use super::curve::{Run, contradicts};
use super::expr::{Expr, Leaf, Part, Scored};
use super::plan::{Item, Plan, Role};
use super::round::{round, settled};
use super::rule;
use crate::metric::{Aggregate, Nature};
use crate::msg;
use crate::record::policy::curve::Unusable;
use crate::record::policy::item::{Class, Missing};
use crate::record::policy::outcome::GateOn;
use crate::record::policy::{Scale, Weights};
use crate::source::KeyPath;
use crate::text::policy;

/// The greatest score of an item's curves one after the other, as far as parameters alone tell it.
fn chained_greatest(item: &Item) -> Option<Decimal> {
    let last = item.chain.len().checked_sub(1)?;
    let curves = item.chain.iter().enumerate();
    curves
        .fold(None, |x, (at, curve)| curve.greatest_of(x, if at == last { item.full } else { Decimal::ONE }))
}

/// The outermost dimension around an item that has a greatest number of points, and that number.
fn bounding<'p>(plan: &'p Plan, item: &Item) -> Option<(&'p str, Decimal)> {
    let of = |id: &str| plan.dimensions.iter().find(|dimension| *dimension.id == *id);
    let own = item.dimension.as_deref().and_then(of);
    let around = std::iter::successors(own, |inner| inner.parent.as_deref().and_then(of));
    let around = around.take(plan.dimensions.len());
    let bounded = around.filter_map(|one| Some((&*one.id, one.max.as_ref()?.constant?)));
    bounded.last()
}

impl Compiler<'_> {
    pub(super) fn check(&mut self, plan: &Plan) {
        self.weights(plan);
        for item in &plan.items {
            self.reach(plan, item);
            self.chained(item);
            self.direction(item);
            self.taken(item);
            self.aim(plan, item);
            self.forbidden(plan, item);
            self.bounded([&item.min, &item.max], &item.path);
        }
        for dimension in &plan.dimensions {
            let at = self.record.dimensions.iter().position(|written| *written.id == *dimension.id);
            let path = at.map(|at| KeyPath(vec!["dimensions".into(), at.into()]));
            path.iter().for_each(|path| self.bounded([&dimension.min, &dimension.max], path));
        }
        self.classes(plan);
        let before = self.findings.len();
        self.out_of_total(plan);
        if self.findings.len() == before {
            self.out_of_dimensions(plan);
        }
    }

    /// Bounds of points that stand the wrong way round, or with a percent sign.
    fn bounded(&mut self, [min, max]: [&Option<Expr>; 2], path: &KeyPath) {
        for (key, bound) in [("min", min), ("max", max)] {
            self.of_points(bound.as_ref().map(|bound| &*bound.text), &path.join(key));
        }
        self.in_order([min, max], path);
    }

    /// Weights of the indicators make the whole; where conditions choose among them, they can.
    fn weights(&mut self, plan: &Plan) {
        let indicators = || plan.items.iter().filter(|item| item.role == Role::Indicator);
        let weighted: Vec<&Item> = indicators().filter(|item| item.weight.is_some()).collect();
        let unsure = self.unsure.whole || self.unsure.full && plan.scale == Scale::Points;
        // Shares are looked at level by level.
        if weighted.is_empty() || unsure || self.record.weights == Weights::Share {
            return;
        }
        let sum = settled(weighted.iter().filter_map(|item| item.weight).sum());
        let always = weighted.iter().filter(|item| item.when.is_none()).filter_map(|item| item.weight);
        let always = settled(always.sum());
        let conditional = weighted.iter().any(|item| item.when.is_some());
        let fits = if conditional { always <= plan.whole && sum >= plan.whole } else { sum == plan.whole };
        if !fits {
            let addends: Vec<_> = weighted.iter().filter_map(|item| item.weight).collect();
            let message = added(&addends, false, &plan.whole.to_string());
            self.fault(&rule::WEIGHTS, &KeyPath(vec!["indicators".into()]), message);
        }
    }

    fn reach(&mut self, plan: &Plan, item: &Item) {
        // What weighs nothing is there to be named by others: its curve may give a factor.
        let weighs = item.weight.is_some_and(|weight| !weight.is_zero());
        let (Some(curve), Role::Indicator, true) = (item.chain.last(), item.role, weighs) else {
            return;
        };
        if self.unsure.full {
            return;
        }
        let full = match plan.scale {
            Scale::Weighted => plan.full,
            Scale::Points => item.full,
        };
        let cut = item.max.as_ref().and_then(|max| max.constant);
        let greatest =
            curve.greatest(item.full).map(|greatest| cut.map_or(greatest, |cut| greatest.min(cut)));
        let by_chain = chained_greatest(item);
        let (most, key) = match cut.filter(|cut| by_chain.is_none_or(|greatest| *cut < greatest)) {
            Some(cut) => (Some(cut), "max"),
            None => (by_chain, "curve"),
        };
        if let Some(most) = most.filter(|most| *most < full) {
            let message = msg!(policy::REACHES, greatest = most.normalize(), full = full.normalize());
            self.fault(&rule::OUT_OF_REACH, &item.path.join(key), message);
        }
        // A multiple of the target is meant to be one; a table of several times full marks is in another scale.
        if let Some(greatest) = greatest.filter(|_| !curve.is_of_full())
            && full > Decimal::ZERO
            && greatest > full * Decimal::TWO
        {
            let message = msg!(policy::REACHES, greatest = greatest.normalize(), full = full.normalize());
            self.fault(&rule::BEYOND_FULL, &item.path.join("curve"), message);
        }
    }

    /// Ratings above the greatest total that the curves allow, where they alone decide it: no item may give more than its greatest
    /// part of the whole, however weights are spread.
    fn out_of_total(&mut self, plan: &Plan) {
        let mut bound = Decimal::ZERO;
        let stated =
            !self.record.variants.is_empty() || !plan.gates.is_empty() || self.record.total.max.is_some();
        if stated || self.unsure.full || self.unsure.whole || self.mended {
            return;
        }
        for item in plan.items.iter().filter(|item| item.role != Role::Deduction) {
            let greatest = item.chain.last().and_then(|curve| curve.greatest(item.full));
            let cut = item.max.as_ref().and_then(|max| max.constant);
            let greatest = match (greatest, cut) {
                (Some(greatest), Some(cut)) => Some(greatest.min(cut)),
                (one, other) => one.or(other),
            };
            let weighs = item.role == Role::Indicator && item.weight.is_some();
            let (Some(greatest), true, true) = (greatest, weighs, item.full > Decimal::ZERO) else { return };
            bound = bound.max(plan.whole * greatest.max(item.full) / item.full);
        }
        // What rounding may add on the way: a unit of the last place for every item, and for the total.
        let unit = |places: Option<i32>| match places.map(u32::try_from) {
            None => Decimal::ZERO,
            Some(Ok(places)) => Decimal::new(1, places.min(28)),
            Some(Err(_)) => plan.whole,
        };
        let items = Decimal::from(plan.items.len());
        bound += (unit(plan.rounding.item) + unit(plan.rounding.score)) * items;
        bound = round(bound, plan.rounding.total.unwrap_or(10), plan.rounding.mode.unwrap_or_default());
        for (index, rating) in plan.ratings.iter().enumerate() {
            let lower = rating.lower.as_ref().and_then(|edge| Some((edge.at.constant?, edge.included)));
            if lower.is_some_and(|(at, included)| at > bound || at == bound && !included) {
                let path = KeyPath(vec!["ratings".into(), index.into()]);
                self.fault(&rule::UNREACHABLE_RATING, &path, msg!(policy::UNREACHABLE, name = &*rating.id));
            }
        }
    }

    /// Ratings above the greatest total that bounds of dimensions allow, where every weight lies in a bounded one.
    fn out_of_dimensions(&mut self, plan: &Plan) {
        let skips = |item: &Item| item.missing == Missing::Skip || item.zero_target == Some(Unusable::Skip);
        let gated = plan.gates.iter().any(|gate| gate.on == GateOn::Total);
        // In points what is not scored makes the rest count for more.
        let grows = plan.scale == Scale::Points && plan.items.iter().any(skips);
        if !self.record.variants.is_empty() || gated || grows || self.unsure.whole || self.mended {
            return;
        }
        let mut bound = Decimal::ZERO;
        let mut counted: Vec<&str> = Vec::new();
        for item in plan.items.iter().filter(|item| item.role != Role::Deduction) {
            if item.role == Role::Addition {
                let Some(most) = item.max.as_ref().and_then(|max| max.constant) else { return };
                bound += most;
            } else if item.weight.is_some() {
                let Some((dimension, most)) = bounding(plan, item) else { return };
                if !counted.contains(&dimension) {
                    counted.push(dimension);
                    bound += most;
                }
            }
        }
        if counted.is_empty() {
            return;
        }
        let rounded = round(bound, plan.rounding.total.unwrap_or(10), plan.rounding.mode.unwrap_or_default());
        let bound = bound.max(rounded);
        let most = plan.total.max.as_ref().and_then(|max| max.constant);
        for (index, rating) in plan.ratings.iter().enumerate() {
            let lower = rating.lower.as_ref().and_then(|edge| Some((edge.at.constant?, edge.included)));
            // What the bounds of the total keep out of reach is told for themselves.
            let within = |at: Decimal| most.is_none_or(|most| at <= most);
            if lower.is_some_and(|(at, included)| within(at) && (at > bound || at == bound && !included)) {
                let path = KeyPath(vec!["ratings".into(), index.into()]);
                self.fault(&rule::UNREACHABLE_RATING, &path, msg!(policy::UNREACHABLE, name = &*rating.id));
            }
        }
    }

    /// A target that neither the curve nor anything else in the policy looks at.
    fn aim(&mut self, plan: &Plan, item: &Item) {
        let judged = !item.chain.is_empty() && item.chain.iter().all(|curve| curve.takes_value());
        if item.target.is_none() || !judged || item.chain.iter().any(|curve| curve.takes_target()) {
            return;
        }
        let mut read = false;
        let mut own = |leaf: &Leaf| read |= *leaf == Leaf::Target;
        let stated = [&item.value, &item.when, &item.min, &item.max];
        stated.into_iter().flatten().for_each(|expression| expression.leaves(&mut own));
        item.chain.iter().for_each(|curve| curve.parameters(&mut |parameter| parameter.leaves(&mut own)));
        plan.expressions(&mut |expression| {
            expression.leaves(&mut |leaf| {
                read |= match leaf {
                    Leaf::Item(Part::Target, id)
                    | Leaf::Members(_, _, Scored::Item(Part::Target, id))
                    | Leaf::Earlier(Scored::Item(Part::Target, id), _) => *id == item.id,
                    _ => false,
                }
            });
        });
        if !read {
            self.fault(&rule::UNREAD_TARGET, &item.path.join("target"), policy::TARGET_UNREAD);
        }
    }

    /// Inside a chain full marks are 1; a table of marks behind such a curve would see nothing but ratios, and what looks at no value
    /// sees nothing of what the curves before it give.
    fn chained(&mut self, item: &Item) {
        for at in (1..item.chain.len()).filter(|at| !item.chain[*at].takes_value()) {
            self.fault(&rule::INCOMPLETE, &item.path.join("curve").join(at), policy::CHAIN_LOST);
        }
        let marks = Decimal::TEN;
        for (at, pair) in item.chain.windows(2).enumerate() {
            if let Some(edge) = pair[1].last_edge().filter(|edge| pair[0].is_of_full() && *edge >= marks) {
                let message = msg!(policy::RATIO_INTO_MARKS, edge = edge);
                self.fault(&rule::OUT_OF_REACH, &item.path.join("curve").join(at + 1), message);
            }
        }
    }

    fn direction(&mut self, item: &Item) {
        // The best place is to give the most, of deductions the least.
        let own = || item.chain.iter().find_map(|curve| curve.own_better());
        let Some(better) = item.better.or_else(|| own().filter(|_| item.role != Role::Deduction)) else {
            return;
        };
        let run = item.chain.iter().map(|curve| curve.run()).reduce(Run::then);
        if run.is_some_and(|run| contradicts(run, better)) {
            self.fault(&rule::NOT_MONOTONIC, &item.path.join("curve"), policy::AGAINST_BETTER);
        }
    }

    /// A deduction of less than nothing.
    fn taken(&mut self, item: &Item) {
        let below = |number: &Expr| number.constant.is_some_and(|number| number < Decimal::ZERO);
        let held = item.min.as_ref().is_some_and(|min| min.constant.is_some_and(|min| min >= Decimal::ZERO));
        let adds = [
            ("points", item.points.as_ref().is_some_and(below)),
            ("curve", item.chain.last().is_some_and(|curve| curve.is_below_zero())),
        ];
        for (key, _) in adds.into_iter().filter(|(_, adds)| *adds && item.role == Role::Deduction && !held) {
            self.fault(&rule::DEDUCTION_ADDS, &item.path.join(key), policy::DEDUCTION_ADDS);
        }
    }

    /// Targets on point-in-time deposits, on ranks and on market shares.
    fn forbidden<'p>(&mut self, plan: &'p Plan, item: &'p Item) {
        let names = self.names;
        let mut natures = Vec::new();
        let mut others: Vec<&str> = vec![&item.id];
        let mut at = 0;
        // What an item is made of, those whose value it takes included.
        while let Some(one) = others.get(at).and_then(|id| plan.items.iter().find(|item| *item.id == **id)) {
            at += 1;
            let mut look = |expression: &'p Expr| {
                expression.leaves(&mut |leaf| match leaf {
                    Leaf::Ask(ask, _) => {
                        let nature = names.get(&ask.query.name).map_or(Nature::Plain, |metric| metric.nature);
                        natures.push((nature, ask.query.aggregate == Some(Aggregate::End)));
                    }
                    Leaf::Item(Part::Value, id) if !others.contains(&&**id) => others.push(id),
                    _ => {}
                });
            };
            one.value.iter().chain(&one.points).for_each(&mut look);
            one.chain.iter().for_each(|curve| curve.parameters(&mut look));
        }
        let aimed = item.target.is_some() || item.weight.is_some() || item.role == Role::Addition;
        let key = match (&item.value, &item.points) {
            (Some(_), _) => "value",
            (None, Some(_)) => "points",
            (None, None) => "curve",
        };
        let what = natures.iter().find_map(|(nature, at_end)| match nature {
            Nature::Deposit if *at_end => Some(policy::POINT_IN_TIME),
            Nature::Rank => Some(policy::A_RANK),
            Nature::MarketShare => Some(policy::A_MARKET_SHARE),
            Nature::Deposit | Nature::Plain => None,
        });
        if let (Some(what), true) = (what, aimed) {
            self.fault(&rule::FORBIDDEN_TARGET, &item.path.join(key), what);
        }
    }

    fn classes(&mut self, plan: &Plan) {
        if self.unsure.whole || self.unsure.dimensions || !self.unsure.of.is_empty() {
            return;
        }
        let weight = |classes: &[Class]| -> Decimal {
            let top = plan.dimensions.iter().filter(|dimension| {
                let within = |id: &str| {
                    plan.dimensions.iter().find(|other| *other.id == *id).and_then(|other| other.class)
                };
                let nested = dimension.parent.as_deref().and_then(within);
                dimension.class.is_some_and(|class| classes.contains(&class)) && nested != dimension.class
            });
            top.map(|dimension| dimension.weight).sum()
        };
        let (careful, results) = (weight(&[Class::Compliance, Class::Risk]), weight(&[Class::Results]));
        if careful + results > Decimal::ZERO && careful <= results {
            let message = msg!(policy::RISK_BELOW_RESULTS, careful = careful, results = results);
            self.fault(&rule::RISK_WEIGHS_LESS, &KeyPath(vec!["dimensions".into()]), message);
        }
    }
}
