//! Indicators, additions and deductions into what scoring goes by.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rust_decimal::Decimal;

use super::Compiler;
use crate::diag::Finding;
use crate::metric::Dimensions;
use crate::msg;
use crate::policy::curve::{Chain, CurveContext, chain, of_nothing};
use crate::policy::expr::{Expr, Leaf, Scored, Stage, Type};
use crate::policy::growth::stated;
use crate::policy::plan::{Item, Role, Shrinks};
use crate::policy::rule;
use crate::record::policy::curve::Curves;
use crate::record::policy::formula::UNREAD;
use crate::record::policy::item::{Item as Written, Missing};
use crate::record::policy::{Rounding, Scale};
use crate::source::{KeyPath, Place};
use crate::text::policy;

const PURE: Type = Type::Number(Some(Dimensions::NONE));

/// The policy's rounding with an item's own laid over it.
pub(in crate::policy) fn rounding(policy: &Rounding, own: Option<&Rounding>) -> Rounding {
    let Some(own) = own else { return policy.clone() };
    Rounding {
        mode: own.mode.or(policy.mode),
        input: own.input.or(policy.input),
        target: own.target.or(policy.target),
        each: own.each.or(policy.each),
        share: own.share.or(policy.share),
        score: own.score.or(policy.score),
        item: own.item.or(policy.item),
        dimension: own.dimension.or(policy.dimension),
        total: own.total.or(policy.total),
        pay_line: own.pay_line.or(policy.pay_line),
        pay: own.pay.or(policy.pay),
        sum: policy.sum,
    }
}

impl Compiler<'_> {
    /// Every item, in the order of the file.
    pub(in crate::policy) fn items(&mut self) -> Vec<Item> {
        let record = self.record;
        let lists = [
            ("indicators", Role::Indicator, &record.indicators),
            ("additions", Role::Addition, &record.additions),
            ("deductions", Role::Deduction, &record.deductions),
        ];
        let mut seen = BTreeMap::new();
        let mut items = Vec::new();
        for (list, role, written) in lists {
            self.ids(list, written.iter().map(|item| item.id.as_str()), &mut seen);
            for (index, item) in written.iter().enumerate() {
                items.push(self.item(item, role, KeyPath(vec![list.into(), index.into()])));
            }
        }
        self.after_weights(&mut items);
        self.circles(&items);
        self.shrinking(&mut items);
        items
    }

    fn item(&mut self, written: &Written, role: Role, path: KeyPath) -> Item {
        let record = self.record;
        let belongs = self.known_dimension(written.dimension.as_deref(), &path.join("in"));
        let weight = self.weight(written, &path);
        if !belongs && role == Role::Indicator {
            self.astray(written, weight);
        }
        if weight.is_some_and(|weight| weight.is_sign_negative()) {
            self.fault(&rule::WEIGHTS, &path.join("weight"), policy::NEGATIVE_WEIGHT);
        }
        self.weighing = self.is_weighed(&written.id) && role == Role::Indicator;
        let target = written.target.as_ref();
        let target = target.map(|target| self.number(target, &path.join("target"), Stage::Item, None));
        let target_gives = target.as_ref().map(|target| target.gives.clone());
        self.each = written.each;
        let value = written.value.as_ref();
        let value =
            value.map(|value| self.number(value, &path.join("value"), Stage::Item, target_gives.as_ref()));
        let when = self.when(written.when.as_ref(), &path, Stage::Item);
        self.each = None;
        self.target_fits(value.as_ref(), target.as_ref(), &path);
        self.at_hand = value.as_ref().and_then(|value| value.kept.clone());
        self.kept.extend(self.at_hand.clone().map(|unit| (written.id.clone(), unit)));
        if let Some(Type::Number(Some(dimensions))) = value.as_ref().map(|value| &value.gives) {
            self.measured.insert(written.id.clone(), dimensions.clone());
        }
        target.iter().for_each(|target| self.held_against(value.as_ref(), target, &path.join("target")));
        let max = written.max.as_ref().map(|max| self.pure(max, &path.join("max"), Stage::Item));
        let full = self.full_marks(role, weight, max.as_ref());
        let zero_target = written.zero_target.or(record.zero_target);
        let chain = self.chain(written, value.as_ref(), target.as_ref(), zero_target, &path);
        self.at_hand = None;
        let limit = written.carry.as_ref().and_then(|carry| carry.limit.as_ref());
        let measured = [&target, &value].into_iter().flatten().map(|expression| expression.gives.clone());
        let measured = measured.reduce(|a, b| if a == Type::Number(None) { b } else { a });
        let measured = measured.unwrap_or(Type::Number(None));
        let carry_limit = limit.map(|limit| {
            self.fitting(limit, &path.join("carry").join("limit"), Stage::Item, &measured, None)
        });
        if carry_limit.is_none() && written.carry.is_some() && target.is_none() {
            self.fault(&rule::INCOMPLETE, &path.join("carry"), msg!(policy::NO_TARGET, key = "target"));
        }
        let mut item = Item {
            id: written.id.as_str().into(),
            title: written.title.as_deref().unwrap_or(&written.id).into(),
            role,
            dimension: written.dimension.as_deref().map(Arc::from),
            points: written
                .points
                .as_ref()
                .map(|points| self.pure(points, &path.join("points"), Stage::Item)),
            weight,
            full,
            better: written.better,
            missing: written.missing.or(record.missing).unwrap_or(Missing::Error),
            zero_target,
            each_when: when.as_ref().is_some_and(is_of_a_record),
            when,
            each: written.each,
            min: written.min.as_ref().map(|min| self.pure(min, &path.join("min"), Stage::Item)),
            max,
            group: self.group(written, role, &path),
            rounding: rounding(&record.rounding, written.rounding.as_ref()),
            carry: written.carry.clone(),
            carry_limit,
            needs: Vec::new(),
            after_weights: false,
            shrinks: Shrinks::Nothing,
            stated: target.as_ref().map(|target| stated(target, self.names)).unwrap_or_default(),
            value,
            target,
            chain,
            curve: written.curve.as_ref().and_then(Curves::name).map(Arc::from),
            path,
        };
        self.weighing = false;
        item.needs = needs(&item);
        self.complete(&item, written);
        self.of_records(&item);
        item
    }

    fn target_fits(&mut self, value: Option<&Expr>, target: Option<&Expr>, path: &KeyPath) {
        if let (Some(Type::Number(Some(value))), Some(Type::Number(Some(target)))) =
            (value.map(|value| &value.gives), target.map(|target| &target.gives))
            && value != target
        {
            let message = msg!(policy::UNITS_DIFFER, left = value.to_string(), right = target.to_string());
            self.units_differ(&path.join("target"), message);
        }
    }

    /// Full marks of a curve: the policy's where weighted; the weight, or the greatest points, elsewhere.
    fn full_marks(&mut self, role: Role, weight: Option<Decimal>, max: Option<&Expr>) -> Decimal {
        let stated = self.record.full.as_ref().and_then(|full| full.0.parse().ok());
        let full = stated.unwrap_or(Decimal::ONE_HUNDRED);
        match (role, self.record.scale) {
            (Role::Indicator, Scale::Weighted) => full,
            (Role::Indicator, Scale::Points) => weight.or(max.and_then(|max| max.constant)).unwrap_or(full),
            (Role::Addition | Role::Deduction, _) => {
                weight.or(max.and_then(|max| max.constant)).unwrap_or(Decimal::ONE_HUNDRED)
            }
        }
    }

    fn chain(
        &mut self,
        written: &Written,
        value: Option<&Expr>,
        target: Option<&Expr>,
        zero_target: Option<crate::record::policy::curve::Unusable>,
        path: &KeyPath,
    ) -> Chain {
        let Some(curves) = &written.curve else {
            return Chain::new();
        };
        let x = value.map_or(PURE, |value| value.gives.clone());
        let (has_target, of_nothing) = (target.is_some(), of_nothing(target));
        let context = CurveContext { path: path.join("curve"), x, has_target, of_nothing, zero_target };
        chain(self, curves, &context)
    }

    fn group(&mut self, written: &Written, role: Role, path: &KeyPath) -> Option<Arc<str>> {
        let group = written.group.as_deref()?;
        let unread = self.stands_in(group) || self.mended && self.record.caps.contains_key(UNREAD);
        if role == Role::Indicator || !unread && !self.record.caps.contains_key(group) {
            let known = self.record.caps.keys().map(String::as_str);
            self.no_such(&path.join("group"), msg!(policy::UNKNOWN_GROUP, name = group), group, known);
        }
        Some(group.into())
    }

    /// An item is points alone, or a value with a curve, or a curve that needs no value.
    fn complete(&mut self, item: &Item, written: &Written) {
        let takes_value = item.chain.first().is_some_and(|curve| curve.takes_value());
        let no_curve = match &written.curve {
            None => true,
            Some(Curves::Chain(list)) => list.is_empty(),
            Some(Curves::Named(_) | Curves::One(_)) => false,
        };
        let missing = match (&item.points, &item.value, no_curve) {
            (Some(_), _, false) => Some("points, curve"),
            (Some(_), Some(_), _) => Some("points, value"),
            (Some(_), ..) => None,
            (None, None, true) => Some("points, curve"),
            (None, None, false) if takes_value => Some("value"),
            (None, Some(_), true) if item.role != Role::Indicator || item.weight.is_some() => Some("curve"),
            _ => None,
        };
        // Full marks of nobody's choosing: a hundred points for one lapse.
        let is_full =
            item.role != Role::Indicator && item.chain.last().is_some_and(|curve| curve.is_of_full());
        let missing =
            missing.or((is_full && item.weight.is_none() && item.max.is_none()).then_some("weight"));
        let path = &item.path;
        match (missing, item.points.is_some()) {
            (Some(keys), true) => self.fault(&rule::INCOMPLETE, path, msg!(policy::EXACTLY_ONE, keys = keys)),
            (Some(key), false) => self.fault(&rule::INCOMPLETE, path, msg!(policy::NEEDS_KEY, key = key)),
            (None, _) => {}
        }
        if item.each.is_some() && item.value.is_none() {
            self.fault(&rule::INCOMPLETE, path, msg!(policy::NEEDS_KEY, key = "value"));
        }
    }

    /// Items that need each other; a circle is told once.
    fn circles(&mut self, items: &[Item]) {
        let needs: BTreeMap<&str, &Item> = items.iter().map(|item| (&*item.id, item)).collect();
        let mut told = BTreeSet::new();
        for item in items {
            let id = &*item.id;
            let below = needed(id, &needs);
            if below.contains(id) && !told.contains(id) {
                let round: Vec<_> =
                    below.into_iter().filter(|other| needed(other, &needs).contains(id)).collect();
                // Points are no item that a file names: what makes this round has to be said.
                let waits =
                    round.iter().find(|other| needs.get(*other).is_some_and(|item| item.after_weights));
                let place = Place::value(self.file, item.path.clone());
                let finding = Finding::new(&rule::CIRCLE, place, msg!(policy::CIRCLE, name = id));
                let help = waits.map(|other| msg!(policy::WEIGHTS_FIRST, name = *other));
                self.findings.push(finding.help(help));
                told.extend(round);
            }
        }
    }
}

/// Ids of everything the item `id` needs, itself too where it does so by others.
fn needed<'a>(id: &str, items: &BTreeMap<&'a str, &'a Item>) -> BTreeSet<&'a str> {
    let direct = |id: &str| items.get(id).into_iter().flat_map(|item| item.needs.iter().map(|id| &**id));
    let mut found = BTreeSet::new();
    let mut next: Vec<&str> = direct(id).collect();
    while let Some(id) = next.pop() {
        if found.insert(id) {
            next.extend(direct(id));
        }
    }
    found
}

/// Whether a condition looks at the record at hand, so that it is judged for each.
fn is_of_a_record(condition: &Expr) -> bool {
    let mut found = false;
    condition.leaves(&mut |leaf| found |= matches!(leaf, Leaf::Record(..)));
    found
}

/// Ids of the items an item names.
fn needs(item: &Item) -> Vec<Arc<str>> {
    let mut found = BTreeSet::new();
    let mut leaf = |leaf: &Leaf| {
        if let Leaf::Item(_, id) | Leaf::Members(_, _, Scored::Item(_, id)) = leaf {
            found.insert(id.clone());
        }
    };
    item.expressions(&mut |expression| expression.leaves(&mut leaf));
    found.into_iter().collect()
}
