//! Figures that tests of a policy state and nothing in it reads.

use std::collections::BTreeSet;

use super::Policy;
use super::ask::{Ask, Source};
use super::rule;
use crate::diag::Finding;
use crate::metric::MetricQuery;
use crate::msg;
use crate::record::policy::case::Figures;
use crate::source::{KeyPath, Place};
use crate::text::{finding, policy};

pub(super) fn unused(policy: &Policy) -> Vec<Finding> {
    let asks = policy.asks();
    let mut findings = Vec::new();
    for (index, case) in policy.record.tests.iter().enumerate() {
        let path = KeyPath(vec!["tests".into(), index.into()]);
        let lists = [
            ("inputs", Source::Manager, &case.inputs),
            ("targets", Source::Targets, &case.targets),
            ("actuals", Source::Actuals, &case.actuals),
            ("team", Source::Team, &case.team),
            ("unit", Source::Unit, &case.unit),
        ];
        for (list, source, figures) in lists {
            findings.extend(unread(policy, &asks, source, figures, &path.join(list)));
        }
        for (at, part) in case.parts.iter().enumerate() {
            let path = path.join("parts").join(at).join("inputs");
            findings.extend(unread(policy, &asks, Source::Manager, &part.inputs, &path));
        }
    }
    findings
}

fn unread(
    policy: &Policy,
    asks: &BTreeSet<Ask>,
    source: Source,
    figures: &Figures,
    path: &KeyPath,
) -> Vec<Finding> {
    let used = |key: &str| {
        let query = key.parse::<MetricQuery>().ok();
        query.is_some_and(|query| {
            asks.contains(&Ask { source, query: source.canonical(query, &policy.names) })
        })
    };
    let unread = figures.keys().filter(|key| !used(key));
    unread
        .map(|key| {
            let near = asks.iter().filter(|ask| ask.source == source).map(|ask| ask.query.to_string());
            let near: Vec<String> = near.collect();
            let near = super::expr::nearest(key, near.iter().map(String::as_str));
            let place = Place::key(policy.file, path.join(key.as_str()));
            Finding::new(&rule::UNUSED_INPUT, place, msg!(policy::UNUSED_INPUT, name = key))
                .help(near.map(|near| msg!(finding::NEAREST, name = near)))
        })
        .collect()
}
