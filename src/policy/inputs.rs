//! Figures that tests of a policy state and nothing in it reads.

use std::cell::LazyCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use strum::VariantNames;

use super::ask::{Ask, Source};
use super::expr::{Attribute, Leaf};
use super::plan::{PAID, Plan};
use super::rule;
use super::{Policy, judged, stated};
use crate::diag::{Finding, Level, Rule, nearest};
use crate::metric::MetricQuery;
use crate::msg;
use crate::record::policy as written;
use crate::record::policy::case::{Case, ExpectedRank, Figures, Given};
use crate::record::policy::curve::Group;
use crate::record::policy::formula::UNREAD;
use crate::record::policy::item::Each;
use crate::source::{KeyPath, Place, Step, Target};
use crate::text::{finding, policy as say};

/// Rules that leave every formula of a policy readable.
const KEEP_FORMULAS: [&Rule; 5] =
    [&rule::WEIGHTS, &rule::VETO_WITHOUT_EVIDENCE, &rule::UNSTATED, &rule::CIRCLE, &rule::DUPLICATE];

/// What is wrong with the tests of a policy, beside what else is found in it; `mended` where it stands for a file that does not
/// load.
pub(super) fn of_tests(policy: &Policy, findings: &[Finding], mended: bool) -> Vec<Finding> {
    let denied = || findings.iter().filter(|finding| finding.level == Level::Deny);
    // Only what is faulty, or stands for a file that does not load, is looked at word by word.
    let rest =
        LazyCell::new(|| format!("{:?}", written::Policy { tests: Vec::new(), ..policy.record.clone() }));
    let is_whole = !mended || !rest.contains(&format!("{UNREAD:?}"));
    let readable = is_whole && denied().all(keeps_formulas);
    let mut found = unused(policy);
    // A figure that a formula with a fault mentions may be used once it is mended.
    found.retain(|finding| {
        readable || is_whole && !is_mentioned(&rest, &finding.at) || is_of_the_test(finding)
    });
    if readable {
        found.extend(asked_of_records(policy));
        found.extend(stated::units(policy));
    }
    if mended {
        found.retain(|finding| !format!("{finding:?}").contains(&format!("{UNREAD:?}")));
    }
    found
}

/// Whether a finding leaves every formula readable, and so every figure that is asked for known.
fn keeps_formulas(finding: &Finding) -> bool {
    let (Target::Key(path) | Target::Value(path)) = &finding.at.target else { return false };
    let key = path.0.last().and_then(Step::key);
    KEEP_FORMULAS.contains(&finding.rule)
        || finding.rule == &rule::UNKNOWN_NAME && matches!(key, Some("in" | "parent" | "group"))
}

/// Whether a finding rests on nothing but the test it is about.
fn is_of_the_test(finding: &Finding) -> bool {
    finding.rule != &rule::UNUSED_INPUT
}

fn unused(policy: &Policy) -> Vec<Finding> {
    let asks = policy.asks();
    let (schemes, looks) = (policy.schemes(), policy.looks_at_others_totals());
    let places = policy.looks_at_places();
    let mut findings = Vec::new();
    for (index, case) in policy.record.tests.iter().enumerate() {
        let path = KeyPath(vec!["tests".into(), index.into()]);
        if policy.record.tests[..index].iter().any(|earlier| earlier.name == case.name) {
            let place = Place::value(policy.file, path.join("name"));
            findings.push(Finding::new(&rule::SAME_TEST, place, msg!(say::SAME_TEST, name = &case.name)));
        }
        if case.expect.is_empty() {
            let place = Place::value(policy.file, path.join("expect"));
            findings.push(Finding::new(&rule::TEST_OF_NOTHING, place, say::EXPECTS_NOTHING.into()));
        }
        if !policy.in_force(case.period) {
            let place = Place::value(policy.file, path.join("period"));
            let message = msg!(say::OUT_OF_FORCE, period = case.period.to_string());
            findings.push(Finding::new(&rule::TEST_OUT_OF_FORCE, place, message));
        }
        for (list, source, figures) in
            [("team", Source::Team, &case.team), ("unit", Source::Unit, &case.unit)]
        {
            findings.extend(unread(policy, &asks, source, figures, &path.join(list)));
        }
        for (path, given) in case.everybody(&path) {
            findings.extend(given_unread(policy, &asks, given, &path));
        }
        let takes_total = looks || places || case.expect.rank.is_some();
        for at in (0..case.peers.len()).filter(|at| case.peers[*at].total.is_some() && !takes_total) {
            let place = Place::key(policy.file, path.join("peers").join(at).join("total"));
            let finding = Finding::new(&rule::UNUSED_INPUT, place, say::TOTAL_ALONE.into());
            findings.push(finding.help(Some(say::STATE_WHAT_MAKES_IT.into())));
        }
        for (at, past) in case.history.iter().enumerate() {
            let path = path.join("history").join(at);
            let (own, then) = (case.period, past.period);
            let whole = past.scheme.is_none() && then == own;
            // What another scheme came to counts from the beginning of the policy's own period.
            let since = if past.scheme.is_some() { policy.own_period(own) } else { own };
            let inside = !whole && since.contains(then.first_day()) && then.last() <= own.last();
            if let Some(scheme) = past.scheme.as_ref().filter(|scheme| !schemes.contains(scheme.as_str())) {
                let place = Place::value(policy.file, path.join("scheme"));
                let near = super::expr::nearest(scheme, schemes.iter().map(|known| &**known));
                let finding =
                    Finding::new(&rule::UNUSED_INPUT, place, msg!(say::UNUSED_INPUT, name = scheme));
                findings.push(finding.help(near.map(|near| msg!(finding::NEAREST, name = near))));
            }
            // Shorter periods of its own are read by who makes a longer one of them.
            let by_nobody = inside && own.grain() <= policy.record.period.grain();
            if past.scheme.is_none() && by_nobody || past.scheme.is_some() && !inside {
                let place = Place::value(policy.file, path.join("period"));
                let message = msg!(say::UNUSED_INPUT, name = then.to_string());
                findings.push(Finding::new(&rule::UNUSED_INPUT, place, message));
            } else if then.last() >= own.first() && !inside {
                let message = msg!(say::HISTORY_AFTER, period = then.to_string(), own = own.to_string());
                findings.push(Finding::new(
                    &rule::INCOMPLETE,
                    Place::value(policy.file, path.join("period")),
                    message,
                ));
            }
            if past.deferred.is_some() && !defers(policy) {
                let place = Place::key(policy.file, path.join("deferred"));
                let message = msg!(say::UNUSED_INPUT, name = "deferred");
                findings.push(Finding::new(&rule::UNUSED_INPUT, place, message));
            }
            findings.extend(unread(policy, &asks, Source::Manager, &past.inputs, &path.join("inputs")));
        }
        findings.extend(items_unread(policy, case, &path));
        findings.extend(judged::unread(policy, case, &path));
        findings.extend(not_given(policy, case, &path));
    }
    findings
}

/// Whether pay is deferred, under any variant.
fn defers(policy: &Policy) -> bool {
    policy.plans().any(|plan| plan.pay.as_ref().is_some_and(|pay| pay.deferral.is_some()))
}

/// What a test states of one manager and the policy does not ask for.
fn given_unread(policy: &Policy, asks: &BTreeSet<Ask>, given: Given<'_>, path: &KeyPath) -> Vec<Finding> {
    let mut findings = Vec::new();
    let lists = [
        ("inputs", Source::Manager, given.inputs),
        ("targets", Source::Targets, given.targets),
        ("actuals", Source::Actuals, given.actuals),
    ];
    for (list, source, figures) in lists {
        findings.extend(unread(policy, asks, source, figures, &path.join(list)));
    }
    for (at, part) in given.parts.iter().enumerate() {
        let path = path.join("parts").join(at);
        findings.extend(unread(policy, asks, Source::Manager, &part.inputs, &path.join("inputs")));
        for (prefix, words) in [("client", &part.client), ("facility", &part.facility)] {
            let known = |key: &str| Attribute::all().any(|it| it.name() == format!("{prefix}.{key}"));
            for key in words.keys().filter(|key| !known(key)) {
                let place = Place::key(policy.file, path.join(prefix).join(key.as_str()));
                findings.push(Finding::new(&rule::UNUSED_INPUT, place, msg!(say::UNUSED_INPUT, name = key)));
            }
        }
    }
    findings
}

/// Figures that tests state for the manager where the policy asks them of every client or facility and no test states them so: there
/// they are missing for everybody.
fn asked_of_records(policy: &Policy) -> Vec<Finding> {
    let tests = || policy.record.tests.iter();
    let states = |figures: &Figures, ask: &Ask| {
        figures.keys().any(|key| {
            let query = key.parse::<MetricQuery>().ok();
            query.is_some_and(|query| ask.source.canonical(query, &policy.names) == ask.query)
        })
    };
    let mut findings = Vec::new();
    for item in &policy.base.items {
        let (Some(each), Some(value)) = (item.each, &item.value) else { continue };
        let mut asks = BTreeSet::new();
        value.leaves(&mut |leaf| {
            if let Leaf::Ask(ask, _) = leaf {
                asks.insert(Ask::clone(ask));
            }
        });
        let goes_over = |case: &Case| case.parts.iter().any(|part| part.each.unwrap_or(Each::Client) == each);
        let of_a_part =
            |ask: &Ask| tests().flat_map(|case| &case.parts).any(|part| states(&part.inputs, ask));
        let of_the_manager = |ask: &Ask| tests().any(|case| goes_over(case) && states(&case.inputs, ask));
        let lost = asks.into_iter().filter(|ask| ask.source == Source::Manager);
        for ask in lost.filter(|ask| of_the_manager(ask) && !of_a_part(ask)) {
            let message = msg!(say::OWN_IN_EACH, name = ask.query.to_string());
            let place = Place::value(policy.file, item.path.join("value"));
            findings.push(Finding::new(&rule::INCOMPLETE, place, message));
        }
    }
    findings
}

/// Whether the words of the policy beside its tests mention the figure that a test states at `at`.
fn is_mentioned(rest: &str, at: &Place) -> bool {
    let (Target::Key(path) | Target::Value(path)) = &at.target else { return false };
    let Some(Step::Key(key)) = path.0.last() else { return false };
    let (_, query) = Source::Team.stated(key);
    let name = query.split(['.', '{', '@']).next().unwrap_or_default();
    rest.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == name)
}

fn unread(
    policy: &Policy,
    asks: &BTreeSet<Ask>,
    source: Source,
    figures: &Figures,
    path: &KeyPath,
) -> Vec<Finding> {
    let used = |key: &str| {
        let (source, key) = source.stated(key);
        let query = key.parse::<MetricQuery>().ok();
        query.is_some_and(|query| {
            asks.contains(&Ask { source, query: source.canonical(query, &policy.names) })
        })
    };
    let unread = figures.keys().filter(|key| !used(key));
    unread
        .map(|key| {
            let (of, query) = source.stated(key);
            let near = asks.iter().filter(|ask| ask.source == of).map(|ask| ask.query.to_string());
            let near: Vec<String> = near.collect();
            let stated = &key[..key.len() - query.len()];
            let near = nearest_ask(query, &near).map(|near| format!("{stated}{near}"));
            let place = Place::key(policy.file, path.join(key.as_str()));
            Finding::new(&rule::UNUSED_INPUT, place, msg!(say::UNUSED_INPUT, name = key))
                .help(near.map(|near| msg!(finding::NEAREST, name = near)))
        })
        .collect()
}

/// The figure that a name most likely means: one spelt like it, else one of the same or a like measure.
fn nearest_ask<'n>(key: &str, asks: &'n [String]) -> Option<&'n str> {
    let head = |name: &'n str| name.split(['.', '{', '@']).next().unwrap_or_default();
    let all = || asks.iter().map(String::as_str);
    let measure = key.split(['.', '{', '@']).next().unwrap_or_default();
    super::expr::nearest(key, all())
        .or_else(|| all().find(|ask| head(ask) == measure))
        .or_else(|| all().find(|ask| ask.starts_with(measure)))
        .or_else(|| all().find(|ask| Some(head(ask)) == nearest(measure, all().map(head))))
}

/// What a test expects of items, dimensions and pay lines that the policy does not have, under any variant.
fn not_given(policy: &Policy, case: &Case, path: &KeyPath) -> Vec<Finding> {
    let plans: Vec<Arc<Plan>> = policy.plans().collect();
    let items: BTreeSet<&str> = plans.iter().flat_map(|plan| &plan.items).map(|item| &*item.id).collect();
    let dimensions = plans.iter().flat_map(|plan| &plan.dimensions).map(|dimension| &*dimension.id).collect();
    let lines = plans.iter().filter_map(|plan| plan.pay.as_ref()).flat_map(|pay| &pay.lines);
    let lines: BTreeSet<&str> = lines.map(|line| &*line.id).chain(PAID).collect();
    let expect = &case.expect;
    let (groups, no_groups) = (Group::VARIANTS.iter().copied().collect(), Figures::new());
    let by_group = match &expect.rank {
        Some(ExpectedRank::By(groups)) => groups,
        Some(ExpectedRank::All(_)) | None => &no_groups,
    };
    let lists = [
        ("values", &expect.values, &items),
        ("targets", &expect.targets, &items),
        ("scores", &expect.scores, &items),
        ("items", &expect.items, &items),
        ("dimensions", &expect.dimensions, &dimensions),
        ("pay", &expect.pay, &lines),
        ("rank", by_group, &groups),
    ];
    let mut findings = Vec::new();
    for (list, figures, known) in lists {
        for id in figures.keys().filter(|id| !known.contains(id.as_str())) {
            let near = super::expr::nearest(id, known.iter().copied());
            let place = Place::key(policy.file, path.join("expect").join(list).join(id.as_str()));
            let finding = Finding::new(&rule::UNUSED_INPUT, place, msg!(say::NOTHING_GIVES, name = id));
            findings.push(finding.help(near.map(|near| msg!(finding::NEAREST, name = near))));
        }
    }
    findings
}

/// What a test states about items that the policy does not have, under any variant.
fn items_unread(policy: &Policy, case: &Case, path: &KeyPath) -> Vec<Finding> {
    let plans: Vec<Arc<Plan>> = policy.plans().collect();
    let items: BTreeSet<&str> =
        plans.iter().flat_map(|plan| &plan.items).map(|item| item.id.as_ref()).collect();
    let everybody = case.everybody(path);
    let of_everybody = everybody
        .iter()
        .flat_map(|(path, given)| [(path.join("values"), given.values), (path.join("marks"), given.marks)]);
    let mut lists: Vec<(KeyPath, &Figures)> = of_everybody.collect();
    for (at, past) in case.history.iter().enumerate() {
        let path = path.join("history").join(at);
        for (path, decided) in past.everybody(&path) {
            let of_items = [
                ("values", decided.values),
                ("targets", decided.targets),
                ("scores", decided.scores),
                ("points", decided.points),
            ];
            lists.extend(of_items.map(|(key, figures)| (path.join(key), figures)));
        }
    }
    let mut findings = Vec::new();
    let takes = |id: &str| {
        plans.iter().flat_map(|plan| &plan.items).any(|item| *item.id == *id && item.takes_value())
    };
    for (path, given) in &everybody {
        for id in given.values.keys().filter(|id| items.contains(id.as_str()) && !takes(id)) {
            let place = Place::key(policy.file, path.join("values").join(id.as_str()));
            let finding = Finding::new(&rule::UNUSED_INPUT, place, msg!(say::TAKES_NO_VALUE, name = id));
            findings.push(finding.help(Some(say::JUDGED_WITHOUT_VALUE.into())));
        }
    }
    for (path, figures) in lists {
        for id in figures.keys().filter(|id| !items.contains(id.as_str())) {
            let near = super::expr::nearest(id, items.iter().copied());
            let place = Place::key(policy.file, path.join(id.as_str()));
            let finding = Finding::new(&rule::UNUSED_INPUT, place, msg!(say::UNUSED_INPUT, name = id));
            findings.push(finding.help(near.map(|near| msg!(finding::NEAREST, name = near))));
        }
    }
    findings
}
