//! Points inside items: what an indicator contributes, once the weights of all are known.

use crate::language::{found, holds};

const INDICATORS: &str = "rounding = { item = 1 }\nmissing = \"error\"\n\
     [measures]\na = { unit = \"件\", kind = \"count\" }\nb = { unit = \"件\", kind = \"count\" }\n\
     [[indicators]]\nid = \"team\"\nvalue = \"mean.team('points.a')\"\n\
     [[indicators]]\nid = \"a\"\nweight = 30\nvalue = \"a.count\"\ncurve = { kind = \"formula\", score = \"x / 1 件\" }\n\
     [[indicators]]\nid = \"b\"\nweight = 70\nvalue = \"b.count\"\nmissing = \"skip\"\n\
     curve = { kind = \"formula\", score = \"x / 1 件\" }\n\
     [[deductions]]\nid = \"d\"\nwhen = \"points.a >= 20\"\npoints = \"points.a / 10\"\n";

fn with(rest: &str) -> String {
    format!("{INDICATORS}{rest}")
}

#[test]
fn points_inside_items_are_what_the_indicator_contributes() {
    // 80.5 × 30 % = 24.15, rounded 24.2, before this item and after it in the file; a colleague's 30: 27.1. 35 of `b`.
    let both = "[[tests]]\nname = \"both\"\nperiod = \"2026-01\"\ninputs = { \"a.count\" = 80.5, \"b.count\" = 50 }\n\
         peers = [{ id = \"n\", inputs = { \"a.count\" = 100, \"b.count\" = 10 } }]\n\
         expect = { values = { team = 27.1 }, items = { a = 24.2, b = 35, d = 2.4 }, total = 56.8 }\n";
    holds(&with(both));
    // Nothing is known of `b`: `a` weighs 100 of whom that is said, and 30 of the colleague.
    let skipped = "[[tests]]\nname = \"skipped\"\nperiod = \"2026-01\"\ninputs = { \"a.count\" = 80 }\n\
         peers = [{ id = \"n\", inputs = { \"a.count\" = 100, \"b.count\" = 10 } }]\n\
         expect = { values = { team = 55 }, items = { a = 80, d = 8 }, total = 72 }\n";
    holds(&with(skipped));
    // 12 × 30 % = 3.6 is below 20, though the score is not.
    let below = "[[tests]]\nname = \"below\"\nperiod = \"2026-01\"\ninputs = { \"a.count\" = 60, \"b.count\" = 50 }\n\
         peers = []\nexpect = { items = { a = 18, b = 35 }, total = 53 }\n";
    holds(&with(below));
}

#[test]
fn a_leader_sums_up_the_points_of_members() {
    let leader = "[[indicators]]\nid = \"led\"\nwhen = \"manager.role = 'leader'\"\nvalue = \"members.sum('points.a')\"\n\
         [[tests]]\nname = \"led\"\nperiod = \"2026-01\"\nmanager = { id = \"m\", role = \"leader\", members = [\"m\", \"n\"] }\n\
         inputs = { \"a.count\" = 80, \"b.count\" = 100 }\n\
         peers = [{ id = \"n\", role = \"rm\", inputs = { \"a.count\" = 100, \"b.count\" = 10 } }]\n\
         expect = { values = { led = 54 } }\n";
    holds(&with(leader));
}

#[test]
fn in_points_the_score_is_the_points() {
    let policy = "scale = \"points\"\nrounding = { item = 0 }\nmissing = \"error\"\n\
         [measures]\na = { unit = \"件\", kind = \"count\" }\n\
         [[indicators]]\nid = \"a\"\nweight = 30\nvalue = \"a.count\"\ncurve = { kind = \"formula\", score = \"x / 1 件\" }\n\
         [[indicators]]\nid = \"b\"\nweight = 70\nvalue = \"points.a\"\ncurve = { kind = \"formula\", score = \"x * 2\" }\n\
         [[tests]]\nname = \"t\"\nperiod = \"2026-01\"\ninputs = { \"a.count\" = 24.6 }\n\
         expect = { items = { a = 25, b = 50 }, total = 75 }\n";
    holds(policy);
}

#[test]
fn an_indicator_with_a_weight_is_refused_points() {
    let second = |value: &str| {
        format!(
            "missing = \"zero\"\n[measures]\na = {{ unit = \"件\", kind = \"count\" }}\n\
             [[indicators]]\nid = \"a\"\nweight = 30\nvalue = \"a.count\"\ncurve = {{ kind = \"formula\", score = \"x / 1 件\" }}\n\
             [[indicators]]\nid = \"b\"\nweight = 70\nvalue = \"{value}\"\ncurve = {{ kind = \"formula\", score = \"x\" }}\n\
             [[indicators]]\nid = \"c\"\nvalue = \"points.a\"\n"
        )
    };
    assert_eq!(found(&second("points.a")), ["name-too-early indicators[1].value"]);
    assert_eq!(found(&second("mean.all('points.a')")), ["name-too-early indicators[1].value"]);
    assert_eq!(found(&second("score.a * 30%")), [] as [&str; 0]);
    // `c` waits for `b`, which waits for `c`.
    assert_eq!(found(&second("value.c")), ["circular-reference indicators[1]"]);
}

#[test]
fn a_test_scores_no_longer_period_than_the_policy_says() {
    let policy = |roll_up: &str, expect: &str| {
        format!(
            "{roll_up}missing = \"error\"\n[measures]\na = {{ unit = \"件\", kind = \"count\" }}\n\
             [[indicators]]\nid = \"a\"\nweight = 100\nvalue = \"a.count\"\ncurve = {{ kind = \"formula\", score = \"x / 1 件\" }}\n\
             [[tests]]\nname = \"quarter\"\nperiod = \"2026-Q1\"\ninputs = {{ \"a.count\" = 60 }}\nexpect = {{ {expect} }}\n"
        )
    };
    holds(&policy("", "error = \"no-roll-up\""));
    holds(&policy("roll_up = \"recompute\"\n", "total = 60"));
}
