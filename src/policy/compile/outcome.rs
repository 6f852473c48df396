//! Caps, vetoes, gates and moves into what scoring goes by.

use std::collections::BTreeMap;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::Compiler;
use crate::metric::Dimensions;
use crate::msg;
use crate::policy::curve::{Chain, CurveContext, chain, of_nothing};
use crate::policy::expr::{Beyond, Expr, Node, Stage, Type, as_percent, out_of_reach};
use crate::policy::plan::{Bounds, Gate, Move, Veto};
use crate::policy::rule;
use crate::record::policy::Bounds as WrittenBounds;
use crate::record::policy::curve::Curves;
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
        let min = written.min.as_ref().map(|min| self.pure(min, &path.join("min"), stage));
        let max = written.max.as_ref().map(|max| self.pure(max, &path.join("max"), stage));
        self.in_order([&min, &max], path);
        Bounds { min, max }
    }

    /// Bounds of the total itself.
    pub(in crate::policy) fn total_bounds(&mut self) -> Bounds {
        let total = &self.record.total;
        let path = KeyPath(vec!["total".into()]);
        for (key, bound) in [("min", &total.min), ("max", &total.max)] {
            self.of_total(bound.as_ref().map(|bound| &*bound.0), &path.join(key));
        }
        self.bounds(total, &path, Stage::Item)
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
            for (key, bound) in [("min", &bounds.min), ("max", &bounds.max)] {
                self.of_points(bound.as_ref().map(|bound| &*bound.0), &path.join(key));
            }
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
            self.of_total(veto.cap.as_ref().map(|cap| cap.0.as_str()), &path.join("cap"));
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
        } else if gate.factor.is_some() {
            // A factor is the formula itself: only a curve looks at a value and its target.
            for (key, _) in
                [("value", value.is_some()), ("target", target.is_some())].into_iter().filter(|it| it.1)
            {
                self.fault(&rule::INCOMPLETE, &path.join(key), msg!(policy::NOT_BESIDE_FACTOR, key = key));
            }
        }
        let missing = gate.missing.or(self.record.missing);
        if missing.is_none() {
            self.fault(&rule::UNSTATED, path, msg!(policy::STATE_KEY, key = "missing"));
        }
        self.at_hand = value.as_ref().and_then(|value| value.kept.clone());
        target.iter().for_each(|target| self.held_against(value.as_ref(), target, &path.join("target")));
        let chain = gate.curve.as_ref().map_or_else(Chain::new, |curves| {
            let x = value.as_ref().map_or(PURE, |value| value.gives.clone());
            let zero_target = self.record.zero_target;
            let context = CurveContext {
                path: path.join("curve"),
                x,
                has_target: target.is_some(),
                of_nothing: of_nothing(target.as_ref()),
                zero_target,
            };
            chain(self, curves, &context)
        });
        self.at_hand = None;
        if chain.first().is_some_and(|curve| curve.takes_value()) && value.is_none() {
            self.fault(&rule::INCOMPLETE, path, msg!(policy::NEEDS_KEY, key = "value"));
        }
        let greatest = chain.last().and_then(|curve| curve.greatest(Decimal::ONE));
        if let Some(greatest) = greatest.filter(|greatest| *greatest >= Decimal::TEN) {
            self.fault(&rule::PERCENT_SIGN, &path.join("curve"), as_percent(greatest));
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
            curve: gate.curve.as_ref().and_then(Curves::name).map(Arc::from),
        }
    }

    /// A move that is never proposed, since one before it holds wherever it does.
    fn shadowed(&mut self, list: &str, moves: &[Move]) {
        let grades: Vec<Option<Node>> = moves
            .iter()
            .map(|step| step.written.from.as_ref().map(|from| Node::of_grades(from.all())))
            .collect();
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
            match &step.from {
                Some(written::Grades::One(from)) => self.known_grade(from, &path.join("from")),
                Some(written::Grades::Several(from)) if from.is_empty() => {
                    self.fault(&rule::INCOMPLETE, &path, msg!(policy::NEEDS_KEY, key = "from"));
                }
                Some(written::Grades::Several(from)) => {
                    let path = path.join("from");
                    from.iter().enumerate().for_each(|(at, grade)| self.known_grade(grade, &path.join(at)));
                }
                None => {}
            }
            step.to.iter().for_each(|to| self.known_grade(to, &path.join("to")));
            self.leads_on(list, step, &path);
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
            let all: Vec<Expr> = all.collect();
            let conditions = all.iter().map(|all| &all.node).collect();
            if out_of_reach(&[conditions]).contains(&(0, Beyond::Never)) && !self.mended {
                self.fault(&rule::NEVER_HOLDS, &path.join("all"), policy::NOTHING_MEETS);
            }
            found.push(Move { all, written: step.clone() });
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
