//! What holds of every policy, whatever its numbers; and that a large one is fast.

use proptest::prelude::*;
use rmbook::metric::MetricQuery;
use rmbook::score::{
    Ask, Each, Facts, Known, LedgerEntry, Mark, Measured, Part, Past, Profile, RaterScore, Scorecard, cases,
    score,
};
use rmbook::source::Target;
use rmbook::text::Lang;
use rust_decimal::Decimal;

use crate::policies::{judged, names, policy};

const HEAD: &str =
    "title = \"P\"\nscheme = \"s\"\neffective = 2026-01-01\nperiod = \"month\"\nmissing = \"error\"\n";

/// The card of the only test of a policy.
fn card(text: &str) -> Scorecard {
    cases::run(&policy("p.toml", text)).remove(0).card
}

fn one(curve: &str, x: i64) -> Decimal {
    let text = format!(
        "{HEAD}[measures.m]\nkind = \"flow\"\n[[indicators]]\nid = \"a\"\nvalue = \"m.sum\"\n{curve}\n\
         [[tests]]\nname = \"t\"\nperiod = \"2026-01\"\ninputs = {{ \"m.sum\" = {x} }}\nexpect = {{ demotion = \"none\" }}\n"
    );
    card(&text).items[0].score.unwrap()
}

/// Curves that say more is better.
const RISING: &[&str] = &[
    "target = 50\ncurve = { kind = \"ratio\", max = 1.2, zero_target = \"error\" }",
    "target = 50\ncurve = { kind = \"threshold\", op = \">=\" }",
    "target = 50\ncurve = { kind = \"anchor\", step = 7, up = 3, down = 2, min = 10, max = 120, part = \"whole\" }",
    "target = 50\ncurve = { kind = \"anchor\", step = 7, up = 3, down = 2, min = 10, max = 120, part = \"started\" }",
    "curve = { kind = \"bands\", edges = [-20, 0, 50], results = [0, 10, 60, 120], included = \"upper\" }",
    "curve = { kind = \"piecewise\", points = [[0, 20], [30, 60], [90, 100]], below = 0, above = \"hold\" }",
    "target = 50\ncurve = { kind = \"window\", half_width = 30, better = \"higher\" }",
    "curve = { kind = \"per-unit\", unit = 9, points = 2, min = 0, max = 60 }",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn a_rising_curve_never_falls_and_stays_within_its_bounds(a in -200_i64..300, b in -200_i64..300, at in 0..RISING.len()) {
        let (low, high) = (one(RISING[at], a.min(b)), one(RISING[at], a.max(b)));
        prop_assert!(low <= high, "{}: {low} at {}, {high} at {}", RISING[at], a.min(b), a.max(b));
        for score in [low, high] {
            prop_assert!(score >= Decimal::ZERO && score <= Decimal::from(120), "{}: {score}", RISING[at]);
        }
    }

    #[test]
    fn peers_in_any_order_and_money_in_any_unit_give_the_same(
        values in proptest::collection::vec(1_i64..1000, 4..12),
        pool in 1_i64..1_000_000,
    ) {
        let first = shared(&values, pool, false, "元");
        let turned = shared(&values, pool, true, "元");
        prop_assert_eq!(&first, &turned);
        let scaled = shared(&values, pool, false, "万元");
        prop_assert_eq!(first.total, scaled.total);
    }

    #[test]
    fn a_pool_is_paid_out_exactly(values in proptest::collection::vec(1_i64..1000, 1..12), cents in 1_i64..1_000_000) {
        let managers: Vec<Plain> = values.iter().enumerate().map(|(at, value)| Plain::new(at, *value)).collect();
        let subjects: Vec<&dyn Facts> = managers.iter().map(|manager| manager as &dyn Facts).collect();
        let text = format!(
            "{HEAD}money = \"元\"\n[measures.m0]\nkind = \"flow\"\n[[pay.lines]]\nid = \"p\"\n\
             pool = {{ of = \"{} 元\", by = \"m0.sum\", among = \"all\" }}\n", Decimal::new(cents, 2)
        );
        let cards = score(&policy("p.toml", &text), "2026-01".parse().unwrap(), &subjects);
        let paid: Decimal = cards.iter().map(|card| card.pay.as_ref().unwrap().total).sum();
        prop_assert_eq!(paid, Decimal::new(cents, 2));
    }
}

/// The first manager's card where a rank and a mean of peers decide.
fn shared(values: &[i64], pool: i64, turned: bool, money: &str) -> Scorecard {
    let mut peers: Vec<String> = values[1..]
        .iter()
        .enumerate()
        .map(|(at, value)| format!("{{ id = \"p{at}\", inputs = {{ \"m.sum\" = \"{value} 元\" }} }}"))
        .collect();
    if turned {
        peers.reverse();
    }
    let text = format!(
        "{HEAD}money = \"{money}\"\n[measures.m]\nunit = \"元\"\nkind = \"flow\"\n\
         [[indicators]]\nid = \"a\"\nvalue = \"m.sum\"\nweight = 40\n\
         curve = {{ kind = \"relative\", group = \"all\", base = 80, slope = 50, min = 0, max = 100, zero_target = \"error\" }}\n\
         [[indicators]]\nid = \"b\"\nvalue = \"m.sum\"\nweight = 60\n\
         curve = {{ kind = \"rank\", group = \"all\", ties = \"average\", percentiles = [[0, 0], [1, 100]] }}\n\
         [[pay.lines]]\nid = \"p\"\npool = {{ of = \"{pool} 元\", by = \"total\", among = \"all\" }}\n\
         [[tests]]\nname = \"t\"\nperiod = \"2026-01\"\nmanager = {{ id = \"a\" }}\ninputs = {{ \"m.sum\" = \"{} 元\" }}\n\
         peers = [{}]\nexpect = {{ demotion = \"none\" }}\n",
        values[0],
        peers.join(", ")
    );
    card(&text)
}

#[test]
fn a_forced_distribution_gives_each_share_its_people() {
    let text = format!(
        "{HEAD}[measures.m0]\nkind = \"flow\"\n[[indicators]]\nid = \"a\"\nvalue = \"m0.sum\"\nweight = 100\n\
         curve = {{ kind = \"rank\", group = \"all\", shares = [{{ share = \"20%\", score = 100 }}, \
         {{ share = \"70%\", score = 80 }}, {{ share = \"10%\", score = 50 }}] }}\n"
    );
    let managers: Vec<Plain> = (0..10).map(|at| Plain::new(at, at as i64)).collect();
    let subjects: Vec<&dyn Facts> = managers.iter().map(|manager| manager as &dyn Facts).collect();
    let cards = score(&policy("p.toml", &text), "2026-01".parse().unwrap(), &subjects);
    let with = |score: i64| cards.iter().filter(|card| card.total == Some(score.into())).count();
    assert_eq!((with(100), with(80), with(50)), (2, 7, 1));
}

/// A manager whose every measure is the same number.
#[derive(Debug)]
struct Plain {
    profile: Profile,
    value: Decimal,
}

impl Plain {
    fn new(at: usize, value: i64) -> Self {
        let id = format!("m{at:04}").into();
        Self { profile: Profile { id, ..Profile::default() }, value: value.into() }
    }
}

impl Facts for Plain {
    fn profile(&self) -> &Profile {
        &self.profile
    }
    fn ask(&self, ask: &Ask) -> Measured {
        let _: &MetricQuery = &ask.query;
        Ok(Known::from(self.value))
    }
    fn then(&self, _: rmbook::period::Period) -> Box<dyn Facts + '_> {
        Box::new(Self { profile: self.profile.clone(), value: self.value })
    }
    fn parts(&self, _: Each, _: &[&Ask]) -> Vec<Part> {
        Vec::new()
    }
    fn ask_part(&self, _: Each, _: &Part, ask: &Ask) -> Measured {
        self.ask(ask)
    }
    fn mark(&self, _: &str) -> Option<Mark> {
        None
    }
    fn raters(&self, _: &str) -> Vec<RaterScore> {
        Vec::new()
    }
    fn given(&self, _: &str) -> Option<Known> {
        None
    }
    fn history(&self) -> &[Past] {
        &[]
    }
    fn ledger(&self) -> &[LedgerEntry] {
        &[]
    }
}

#[test]
fn every_rule_fires_on_its_example() {
    for rule in rmbook::policy::rule::RULES {
        // Which policies exist side by side, and of whom they are, is judged over a book.
        let of_books = [
            "overlapping-policies",
            "clashing-variants",
            "word-not-in-book",
            "other-money-of-scheme",
            "line-not-as-paid",
            "members-scored-elsewhere",
            "figure-of-another-unit",
            "other-full-marks-of-scheme",
        ];
        if of_books.contains(&rule.name) {
            continue;
        }
        let text = rule.example.split_once('\n').unwrap().1;
        let (policy, mut findings) = judged("p.toml", text);
        findings.extend(policy.iter().flat_map(|policy| policy.in_book(&names())));
        let fired: Vec<&str> = findings.iter().map(|finding| finding.rule.name).collect();
        assert!(fired.contains(&rule.name), "{} gives {fired:?}:\n{text}", rule.name);
    }
}

#[test]
fn measures_of_a_policy_are_those_of_the_book() {
    let found = |measure: &str| -> Vec<String> {
        let (unit, kind) = measure.split_once(' ').unwrap();
        let text = format!(
            "{HEAD}[measures.deposits]\nunit = \"{unit}\"\nkind = \"{kind}\"\n\
             [[pay.lines]]\nid = \"a\"\namount = \"deposits.average * 1%\"\n"
        );
        let findings = policy("p.toml", &text).in_book(&names());
        findings
            .iter()
            .map(|finding| format!("{}: {}", finding.rule.name, finding.message.get(Lang::En)))
            .collect()
    };
    assert_eq!(found("万元 balance"), [] as [&str; 0]);
    assert_eq!(found("元 balance"), ["measure-differs: `deposits` is in 元 here, and in 万元 in the book"]);
    let kind = "measure-differs: `deposits` adds up otherwise in the book, where its kind is balance";
    assert_eq!(found("万元 flow"), [kind]);
}

#[test]
fn every_fault_of_a_policy_is_found_in_one_run_at_its_key() {
    let text = format!(
        "{HEAD}[[indicators]]\nid = \"a\"\nvalue = \"depositz.average\"\nweight = 50\ncurve = {{ kind = \"ratio\" }}\n\
         [[indicators]]\nid = \"a\"\nvalue = \"deposits.average + fee_income.sum * 2 户\"\nweight = 40\n\
         curve = {{ kind = \"bands\", edges = [3, 2], results = [1, 2], included = \"lower\" }}\n"
    );
    let (policy, findings) = judged("p.toml", &text);
    assert!(policy.is_none());
    let mut found: Vec<String> = findings
        .iter()
        .map(|finding| match &finding.at.target {
            Target::Value(path) | Target::Part { path, .. } => format!("{} {path}", finding.rule.name),
            other => format!("{} {other:?}", finding.rule.name),
        })
        .collect();
    found.sort();
    assert_eq!(
        found,
        [
            "bad-table indicators[1].curve",
            "bad-table indicators[1].curve.edges",
            "duplicate-policy-entry indicators[1].id",
            "incomplete-entry indicators[0].curve",
            "units-do-not-fit indicators[1].value",
            "unknown-name indicators[0].value",
            "unstated-rule indicators[0].curve",
            "weights-do-not-add-up indicators",
        ]
    );
    let help = findings
        .iter()
        .find(|finding| finding.rule.name == "unknown-name")
        .and_then(|found| found.help.clone());
    assert!(help.unwrap().to_string().contains("deposits"));
}
