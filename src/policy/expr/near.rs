//! What a name that nobody knows was most likely meant to be.

use std::ops::Range;

use super::names::Scope;
use super::over::{BELOW, HOW};
use super::vocabulary::{FIXED, PARTS, SOURCES};
use super::{Fault, Function};
use crate::metric::{Metric, MetricQuery, Point, WINDOWS};
use crate::msg;
use crate::policy::rule;
use crate::record::policy::curve::Group;
use crate::text::{Message, finding, policy};

impl Fault {
    /// With the name that was meant, where one is like enough.
    pub(super) fn meant(self, near: Option<String>) -> Self {
        match near {
            Some(near) => self.help(msg!(finding::NEAREST, name = near)),
            None => self,
        }
    }
}

/// A fault for a name nobody knows.
pub(super) fn nobody_knows(name: &str, span: &Range<usize>) -> Fault {
    Fault::new(&rule::UNKNOWN_NAME, span.clone(), msg!(policy::UNKNOWN_NAME, name = name))
}

/// The same with the nearest name that is known.
pub(super) fn unknown<'a>(name: &str, known: impl Iterator<Item = &'a str>, span: &Range<usize>) -> Fault {
    let fault = nobody_knows(name, span);
    match nearest(name, known) {
        None if !name.contains('.') => fault.help(msg!(policy::QUOTE_WORDS, name = name)),
        near => fault.meant(near.map(str::to_owned)),
    }
}

/// A fault for a function nobody knows.
pub(super) fn unknown_function(name: &str, span: &Range<usize>) -> Fault {
    let message = msg!(policy::UNKNOWN_FUNCTION, name = name);
    if let Some((group, how)) = name.split_once('.')
        && let Some(near) = nearest(group, BELOW.iter().map(|(word, _)| *word).chain(["scheme", "total"]))
    {
        let fault = Fault::new(&rule::UNKNOWN_NAME, span.clone(), message);
        let known = HOW.map(|(word, _)| word);
        return match known.contains(&how) {
            true => fault.meant(Some(format!("{near}.{how}"))),
            false => {
                let choices = known.map(|how| format!("{near}.{how}"));
                fault.help(msg!(finding::ONE_OF, choices = Message::list(&choices)))
            }
        };
    }
    if let Some((_, group)) = name.split_once('.').filter(|(_, group)| group.parse::<Group>().is_ok()) {
        let choices = HOW.map(|(how, _)| format!("{how}.{group}"));
        let fault = Fault::new(&rule::UNKNOWN_NAME, span.clone(), message);
        return fault.help(msg!(finding::ONE_OF, choices = Message::list(&choices)));
    }
    let known = Function::WORDS.iter().map(|(word, ..)| *word).chain(["lookup"]);
    let near = nearest(&name.to_lowercase(), known).map(str::to_owned);
    Fault::new(&rule::UNKNOWN_NAME, span.clone(), message).meant(near)
}

/// The known name most like `name`, if it is like enough to be meant.
pub(in crate::policy) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let like = known.map(|known| (strsim::damerau_levenshtein(name, known), known));
    let limit = 1 + name.chars().count() / 4;
    like.filter(|(distance, _)| *distance <= limit).min().map(|(_, known)| known)
}

/// The figure of a metric that `rest` behind its name most likely asks for: `.avrage@previous` is `.average@previous`.
pub(super) fn respelt(name: &str, metric: &Metric, rest: &str) -> Option<String> {
    let (words, point) = rest.split_once('@').map_or((rest, None), |(words, point)| (words, Some(point)));
    let known = || metric.aggregates.iter().map(|aggregate| aggregate.word()).chain(WINDOWS);
    let mut meant = name.to_owned();
    for word in words.split('.').skip(1) {
        let reads = format!("{name}.{word}").parse::<MetricQuery>().is_ok();
        let word = if reads { word } else { nearest(word, known())? };
        meant = format!("{meant}.{word}");
    }
    if let Some(point) = point {
        meant = format!("{meant}@{}", nearest(point, Point::WORDS.iter().map(|(word, _)| *word))?);
    }
    meant.parse::<MetricQuery>().is_ok().then_some(meant)
}

impl Scope<'_> {
    /// The name that was meant: one spelt like it as a whole, else one whose parts before and behind the point are.
    pub(super) fn meant(&self, name: &str) -> Option<String> {
        let metrics = || self.names.iter().map(|(name, _)| name);
        let fixed = FIXED.iter().map(|fixed| fixed.name);
        let constants = self.constants.keys().map(String::as_str);
        let prefixes = PARTS.iter().map(|(prefix, ..)| *prefix);
        let own = name.strip_prefix("line.").or_else(|| name.strip_prefix("lines."));
        if let Some(line) = own.filter(|line| self.all_lines.contains(*line)) {
            return Some(format!("pay.{line}"));
        }
        let whole = nearest(name, metrics().chain(fixed).chain(prefixes).chain(constants));
        if whole.is_some() {
            return whole.map(str::to_owned);
        }
        // A line or an item by its id alone.
        if self.all_lines.contains(name) {
            return Some(format!("pay.{name}"));
        }
        if self.items.contains(name) {
            return Some(format!("value.{name}"));
        }
        let cut = name.find(['.', '@']).filter(|cut| *cut > 0)?;
        let (first, rest) = (&name[..cut], &name[cut..]);
        let of_metric = |first: &str, rest: &str| {
            let metric = nearest(first, metrics())?;
            respelt(metric, self.names.get(metric)?, rest)
        };
        if let Some(metric) = of_metric(first, rest) {
            return Some(metric);
        }
        let id = rest.strip_prefix('.').unwrap_or_default();
        let item = |id: &str| nearest(id, self.items.iter().map(String::as_str));
        if let Some((part, ..)) =
            PARTS.iter().find(|(part, ..)| nearest(first, [*part].into_iter()).is_some())
        {
            return item(id).map(|item| format!("{part}.{item}"));
        }
        for (source, rest) in sources(name) {
            let end = rest.find(['.', '@']).unwrap_or(rest.len());
            if let Some(metric) = of_metric(&rest[..end], &rest[end..]) {
                return Some(format!("{source}.{metric}"));
            }
        }
        // The target of an item and that of a measure are easily mixed up.
        if let (Some(item), "target" | "targets") = (item(id), first) {
            return Some(format!("item_target.{item}"));
        }
        if self.all_lines.contains(id) {
            return Some(format!("pay.{id}"));
        }
        item(first).map(|item| format!("value.{item}"))
    }
}

/// The prefixes of figures that a name may be meant to begin with, the most like first, and what stands behind each. What a team or
/// the unit did beside its clients is part of its figure.
fn sources(name: &str) -> Vec<(&'static str, &str)> {
    let mut found = Vec::new();
    for (prefix, ..) in SOURCES {
        let mut dots = name.match_indices('.').map(|(at, _)| at);
        let Some(cut) = dots.nth(prefix.matches('.').count()) else { continue };
        let (own, rest) = (&name[..cut], &name[cut + 1..]);
        if nearest(own, std::iter::once(*prefix)).is_some() {
            let rest = rest.strip_prefix("actuals.").unwrap_or(rest);
            found.push((strsim::damerau_levenshtein(own, prefix), *prefix, rest));
        }
    }
    found.sort_by_key(|(distance, ..)| *distance);
    found.into_iter().map(|(_, prefix, rest)| (prefix, rest)).collect()
}
