//! A policy with variants laid over it: entries with the same id change the keys they state, new ones are added.

use std::collections::BTreeMap;

use crate::record::policy::item::{Dimension, Item};
use crate::record::policy::outcome::{Gate, Rating, Veto};
use crate::record::policy::pay::Line;
use crate::record::policy::{Policy, Variant};

/// An entry that a variant may change.
trait Entry: Clone {
    fn id(&self) -> &str;
    fn dropped(&self) -> bool;
    /// Takes over what `other` states and names the keys.
    fn lay(&mut self, other: &Self, changed: &mut dyn FnMut(&'static str));
}

macro_rules! entry {
    ($type:ty: $($key:ident),* $(; lists $($list:ident),*)?) => {
        impl Entry for $type {
            fn id(&self) -> &str {
                &self.id
            }

            fn dropped(&self) -> bool {
                self.drop == Some(true)
            }

            fn lay(&mut self, other: &Self, changed: &mut dyn FnMut(&'static str)) {
                $(if other.$key.is_some() {
                    self.$key.clone_from(&other.$key);
                    changed(stringify!($key));
                })*
                $($(if !other.$list.is_empty() {
                    self.$list.clone_from(&other.$list);
                    changed(stringify!($list));
                })*)?
            }
        }
    };
}

entry!(Item: title, dimension, value, points, weight, target, curve, better, missing, zero_target, when, each, min, max,
    group, rounding, carry, source);
entry!(Dimension: title, parent, class, weight, min, max, round);
entry!(Veto: title, when, zero, cap, rating, pay);
entry!(Gate: title, value, target, curve, factor, when, on, missing);
entry!(Rating: title, at_least, above, at_most, below, when; lists all);
entry!(Line: title, amount, commission, progressive, whole, bands, pool, min, max, when, negative, missing, gated,
    round, mode, source);

/// A key that two variants set: list, id and key.
pub(in crate::policy) type Conflict = (&'static str, String, &'static str);

struct Overlay {
    /// Which variant set a key.
    set: BTreeMap<Conflict, usize>,
    conflicts: Vec<Conflict>,
}

impl Overlay {
    fn changed(&mut self, list: &'static str, id: &str, key: &'static str, variant: usize) {
        let key = (list, id.to_owned(), key);
        if self.set.insert(key.clone(), variant).is_some_and(|earlier| earlier != variant) {
            self.conflicts.push(key);
        }
    }

    fn list<T: Entry>(&mut self, name: &'static str, base: &mut Vec<T>, laid: &[T], variant: usize) {
        for entry in laid {
            let at = base.iter().position(|known| known.id() == entry.id());
            match at {
                Some(at) if entry.dropped() => {
                    base.remove(at);
                    self.changed(name, entry.id(), "drop", variant);
                }
                Some(at) => {
                    base[at].lay(entry, &mut |key| self.changed(name, entry.id(), key, variant));
                }
                None if entry.dropped() => {}
                None => {
                    base.push(entry.clone());
                    self.changed(name, entry.id(), "id", variant);
                }
            }
        }
    }

    fn map<T: Clone>(
        &mut self,
        name: &'static str,
        base: &mut BTreeMap<String, T>,
        laid: &BTreeMap<String, T>,
        variant: usize,
    ) {
        for (key, value) in laid {
            base.insert(key.clone(), value.clone());
            self.changed(name, key, "value", variant);
        }
    }
}

/// `record` under the variants of these numbers, and the keys that two of them set.
pub(in crate::policy) fn overlay(record: &Policy, variants: &[usize]) -> (Policy, Vec<Conflict>) {
    let mut laid = record.clone();
    let mut overlay = Overlay { set: BTreeMap::new(), conflicts: Vec::new() };
    for &number in variants {
        let Some(variant) = record.variants.get(number) else {
            continue;
        };
        lay(&mut overlay, &mut laid, variant, number);
    }
    (laid, overlay.conflicts)
}

fn lay(overlay: &mut Overlay, base: &mut Policy, variant: &Variant, number: usize) {
    overlay.map("constants", &mut base.constants, &variant.constants, number);
    overlay.map("tables", &mut base.tables, &variant.tables, number);
    overlay.map("curves", &mut base.curves, &variant.curves, number);
    overlay.list("dimensions", &mut base.dimensions, &variant.dimensions, number);
    overlay.list("indicators", &mut base.indicators, &variant.indicators, number);
    overlay.list("additions", &mut base.additions, &variant.additions, number);
    overlay.list("deductions", &mut base.deductions, &variant.deductions, number);
    overlay.list("vetoes", &mut base.vetoes, &variant.vetoes, number);
    overlay.list("gates", &mut base.gates, &variant.gates, number);
    overlay.list("ratings", &mut base.ratings, &variant.ratings, number);
    if !variant.lines.is_empty() {
        overlay.list("lines", &mut base.pay.get_or_insert_default().lines, &variant.lines, number);
    }
}
