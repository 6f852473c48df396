//! A policy with variants laid over it: what a variant states replaces what stood there, key by key; entries go by their id.

use std::collections::BTreeMap;

use crate::diag::Finding;
use crate::msg;
use crate::path;
use crate::policy::rule;
use crate::record::policy::item::{Dimension, Item};
use crate::record::policy::outcome::{Gate, Move, Rating, Veto};
use crate::record::policy::pay::{Clawback, Deferral, Line, Pay, Per};
use crate::record::policy::{Bounds, Partial, Policy, Rounding, Variant};
use crate::source::{FileId, Place};
use crate::text::policy as say;

/// What takes over the keys another one states, and names them.
trait Lay {
    fn lay(&mut self, other: &Self, changed: &mut dyn FnMut(&str));
}

macro_rules! lay {
    ($type:ty: $($key:ident),* $(; lists $($list:ident),*)? $(; tables $($table:ident),*)? $(; either $([$($one:ident),*])*)?) => {
        impl Lay for $type {
            fn lay(&mut self, other: &Self, changed: &mut dyn FnMut(&str)) {
                // Of keys that exclude each other, the one that is stated takes the place of the others.
                $($(if $(other.$one.is_some())||* {
                    $(if other.$one.is_none() {
                        self.$one = None;
                        changed(stringify!($one));
                    })*
                })*)?
                $(if other.$key.is_some() {
                    self.$key.clone_from(&other.$key);
                    changed(stringify!($key));
                })*
                $($(if !other.$list.is_empty() {
                    self.$list.clone_from(&other.$list);
                    changed(stringify!($list));
                })*)?
                $($(if let Some(laid) = &other.$table {
                    let table = self.$table.get_or_insert_default();
                    table.lay(laid, &mut |key| changed(&format!("{}.{key}", stringify!($table))));
                })*)?
            }
        }
    };
}

lay!(Item: title, dimension, value, points, weight, target, curve, better, missing, zero_target, when, each, min, max,
    group, rounding, carry, prorate, source);
lay!(Dimension: title, parent, class, weight, min, max, round);
lay!(Veto: title, when, missing, zero, cap, rating, pay);
lay!(Gate: title, value, target, curve, factor, when, on, missing; either [factor, value] [factor, curve]);
lay!(Rating: title, at_least, above, at_most, below, when; lists all; either [at_least, above] [at_most, below]);
lay!(Move: from, to, title, consecutive, times, within, min_months; lists all);
lay!(Line: title, amount, commission, progressive, whole, bands, pool, min, max, when, negative, missing, gated, paid,
    round, mode, source; either [amount, commission, progressive, whole, bands, pool]);
lay!(Bounds: min, max);
lay!(Rounding: mode, input, target, each, share, score, item, dimension, total, pay_line, pay, sum);
lay!(Deferral: share, amount, when, release, round; lists years; either [share, amount]);
lay!(Clawback: returns, round);
lay!(Pay: min, max, after, advance, total_on; tables deferral, clawback);
lay!(Partial: min_months, prorate, by, split);

/// An entry of a list that goes by its id.
pub(super) trait Entry {
    fn id(&self) -> Option<&str>;
    fn dropped(&self) -> bool;

    /// The entry of its list that it is to stand before.
    fn before(&self) -> Option<&str> {
        None
    }
}

macro_rules! entry {
    ($($type:ty: $id:expr $(, before $before:ident)?;)*) => {
        $(impl Entry for $type {
            fn id(&self) -> Option<&str> {
                let id: fn(&Self) -> Option<&str> = $id;
                id(self)
            }

            fn dropped(&self) -> bool {
                self.drop == Some(true)
            }

            $(fn before(&self) -> Option<&str> {
                self.$before.as_deref()
            })?
        })*
    };
}

entry! {
    Item: |item| Some(&item.id);
    Dimension: |dimension| Some(&dimension.id);
    Veto: |veto| Some(&veto.id);
    Gate: |gate| Some(&gate.id);
    Rating: |rating| Some(&rating.id), before before;
    Move: |step| step.id.as_deref();
    Line: |line| Some(&line.id);
}

struct Overlay {
    /// Which variant set a key.
    set: BTreeMap<String, usize>,
    /// Keys that two variants set.
    conflicts: Vec<String>,
    /// Number of the variant at hand.
    variant: usize,
}

impl Overlay {
    fn changed(&mut self, key: String) {
        if self.set.insert(key.clone(), self.variant).is_some_and(|earlier| earlier != self.variant) {
            self.conflicts.push(key);
        }
    }

    fn list<T: Entry + Lay + Clone>(&mut self, name: &str, base: &mut Vec<T>, laid: &[T]) {
        for entry in laid {
            let id = entry.id();
            let at = base.iter().position(|known| id.is_some() && known.id() == id);
            let path = format!("{name}.{}", id.unwrap_or_default());
            match at {
                Some(at) if entry.dropped() => {
                    base.remove(at);
                    self.changed(format!("{path}.drop"));
                }
                Some(at) => {
                    base[at].lay(entry, &mut |key| self.changed(format!("{path}.{key}")));
                    if entry.before().is_some() {
                        let moved = base.remove(at);
                        place(base, entry.before(), moved);
                        self.changed(format!("{path}.before"));
                    }
                }
                None if entry.dropped() => {}
                None => {
                    place(base, entry.before(), entry.clone());
                    if id.is_some() {
                        self.changed(path);
                    }
                }
            }
        }
    }

    fn map<T: Clone>(&mut self, name: &str, base: &mut BTreeMap<String, T>, laid: &BTreeMap<String, T>) {
        for (key, value) in laid {
            base.insert(key.clone(), value.clone());
            self.changed(format!("{name}.{key}"));
        }
    }

    fn table<T: Lay>(&mut self, name: &str, base: &mut T, laid: &T) {
        base.lay(laid, &mut |key| self.changed(format!("{name}.{key}")));
    }

    fn key<T: Clone>(&mut self, name: &str, base: &mut Option<T>, laid: Option<&T>) {
        if let Some(laid) = laid {
            *base = Some(laid.clone());
            self.changed(name.to_owned());
        }
    }

    fn pay(&mut self, base: &mut Option<Pay>, laid: &Pay) {
        let known = base.is_some();
        let mut pay = base.take().unwrap_or_default();
        self.table("pay", &mut pay, laid);
        self.list("pay.lines", &mut pay.lines, &laid.lines);
        *base = Some(pay).filter(|pay| known || !pay.lines.is_empty());
    }
}

/// Puts an entry before the one with an id, or last.
fn place<T: Entry>(base: &mut Vec<T>, before: Option<&str>, entry: T) {
    let at = base.iter().position(|known| before.is_some() && known.id() == before);
    base.insert(at.unwrap_or(base.len()), entry);
}

/// `record` under the variants of these numbers, and the keys that two of them set.
pub(in crate::policy) fn overlay(record: &Policy, variants: &[usize]) -> (Policy, Vec<String>) {
    let mut laid = record.clone();
    let mut overlay = Overlay { set: BTreeMap::new(), conflicts: Vec::new(), variant: 0 };
    for &number in variants {
        let Some(variant) = record.variants.get(number) else {
            continue;
        };
        overlay.variant = number;
        lay(&mut overlay, &mut laid, variant);
    }
    (laid, overlay.conflicts)
}

/// What `record` says about joiners, leavers and movers under the variants of these numbers.
pub(in crate::policy) fn partial(record: &Policy, variants: &[usize]) -> Partial {
    let mut laid = record.partial.clone();
    for variant in variants.iter().filter_map(|number| record.variants.get(*number)) {
        laid.lay(&variant.partial, &mut |_| {});
    }
    laid
}

/// Keys that held in a line of pay, and that a variant leaves out where it states the line's form anew: a form is replaced as a whole.
pub(in crate::policy) fn left_out(file: FileId, record: &Policy, number: usize) -> Vec<Finding> {
    let lines = || record.pay.iter().flat_map(|pay| &pay.lines);
    let mut found = Vec::new();
    let restated = record.variants.get(number).into_iter().flat_map(|variant| &variant.pay.lines);
    for (at, laid) in restated.enumerate() {
        let Some(base) = lines().find(|line| line.id == laid.id) else { continue };
        for (form, key) in lost(base, laid) {
            let path = path!["variants", number, "pay", "lines", at, form];
            let message = msg!(say::FORM_LEAVES_OUT, form = form, key = key);
            found.push(Finding::new(&rule::UNSTATED, Place::value(file, path), message));
        }
    }
    found
}

fn lost(base: &Line, laid: &Line) -> Vec<(&'static str, &'static str)> {
    let mut lost = Vec::new();
    if let (Some(base), Some(laid)) = (&base.commission, &laid.commission)
        && base.per == Some(Per::Year)
        && laid.per.is_none()
    {
        lost.push(("commission", "per"));
    }
    if let (Some(base), Some(laid)) = (&base.whole, &laid.whole)
        && base.base.is_some()
        && laid.base.is_none()
    {
        lost.push(("whole", "base"));
    }
    if let (Some(base), Some(laid)) = (&base.pool, &laid.pool)
        && base.places.is_some_and(|places| places != 2)
        && laid.places.is_none()
    {
        lost.push(("pool", "places"));
    }
    lost
}

fn lay(overlay: &mut Overlay, base: &mut Policy, variant: &Variant) {
    overlay.map("constants", &mut base.constants, &variant.constants);
    overlay.map("tables", &mut base.tables, &variant.tables);
    overlay.map("curves", &mut base.curves, &variant.curves);
    overlay.list("dimensions", &mut base.dimensions, &variant.dimensions);
    overlay.list("indicators", &mut base.indicators, &variant.indicators);
    overlay.list("additions", &mut base.additions, &variant.additions);
    overlay.list("deductions", &mut base.deductions, &variant.deductions);
    overlay.list("vetoes", &mut base.vetoes, &variant.vetoes);
    overlay.list("gates", &mut base.gates, &variant.gates);
    overlay.list("ratings", &mut base.ratings, &variant.ratings);
    overlay.list("promotion", &mut base.promotion, &variant.promotion);
    overlay.list("demotion", &mut base.demotion, &variant.demotion);
    overlay.list("warnings", &mut base.warnings, &variant.warnings);
    for (group, bounds) in &variant.caps {
        overlay.table(&format!("caps.{group}"), base.caps.entry(group.clone()).or_default(), bounds);
    }
    overlay.table("total", &mut base.total, &variant.total);
    overlay.table("rounding", &mut base.rounding, &variant.rounding);
    overlay.pay(&mut base.pay, &variant.pay);
    overlay.key("full", &mut base.full, variant.full.as_ref());
    overlay.key("missing", &mut base.missing, variant.missing.as_ref());
    overlay.key("zero_target", &mut base.zero_target, variant.zero_target.as_ref());
    overlay.key("rating_on", &mut base.rating_on, variant.rating_on.as_ref());
    overlay.table("partial", &mut base.partial, &variant.partial);
}
