//! What a variant may change: entries by their id, and every table and key of a policy that decides a result.

use rmbook::score::cases;
use rmbook::text::Lang;

use crate::fixture::Folder;
use crate::policies::policy;

/// A policy of one indicator whose points are its value, with a group of additions, ratings, a promotion and pay.
const BASE: &str = r#"
title = "P"
scheme = "s"
effective = 2026-01-01
period = "month"
missing = "zero"
money = "元"
rounding = { item = 2, total = 0 }
total = { min = 0, max = 100 }

[measures.m]
kind = "flow"

[[indicators]]
id = "a"
value = "m.sum"
weight = 100
curve = { kind = "per-unit", unit = 1, points = 1 }

[[additions]]
id = "b"
points = "8"
group = "extra"

[caps.extra]
max = 5

[[ratings]]
id = "A"
at_least = 90
[[ratings]]
id = "B"

[[promotion]]
id = "up"
to = "senior"
all = ['rating == "A"']
consecutive = 2

[pay]
max = "1000 元"
[[pay.lines]]
id = "bonus"
amount = "total * 20 元"
"#;

/// Runs the tests of [`BASE`] with `more` behind it; panics with what differs.
fn holds(more: &str) {
    let policy = policy("p.toml", &format!("{BASE}\n{more}"));
    let outcomes = cases::run(&policy);
    assert!(!outcomes.is_empty());
    for outcome in outcomes {
        assert!(outcome.passes(), "{}: {:?}", outcome.name, outcome.differences);
    }
}

#[test]
fn without_a_variant() {
    // 88.4 points and 5 of the 8 added: 93.4, rounded 93; 93 × 20 = 1860, at most 1000.
    holds(
        r#"[[tests]]
name = "plain"
period = "2026-01"
inputs = { "m.sum" = 88.4 }
expect = { total = 93, rating = "A", promotion = "none", pay = { bonus = 1860, total = 1000 } }"#,
    );
}

#[test]
fn bounds_caps_and_rounding() {
    // 88.4 + 8 = 96.4, at most 95.5, to one place.
    holds(
        r#"[[variants]]
when = 'manager.role == "retail"'
caps = { extra = { max = 10 } }
total = { max = 95.5 }
rounding = { total = 1 }
[[tests]]
name = "retail"
period = "2026-01"
manager = { role = "retail" }
inputs = { "m.sum" = 88.4 }
expect = { total = 95.5 }"#,
    );
}

#[test]
fn ratings_moves_and_what_ratings_look_at() {
    // 84.6 + 5 = 89.6, rounded 90; on the exact total that is below 90. Once is enough for the move, which asks for a B.
    holds(
        r#"[[variants]]
when = 'manager.role == "retail"'
rating_on = "exact"
ratings = [{ id = "A", at_least = 90 }, { id = "B", title = "Good" }]
promotion = [{ id = "up", consecutive = 1, all = ['rating == "B"'] }]
[[variants]]
when = 'manager.role == "trainee"'
promotion = [{ id = "up", drop = true }]
demotion = [{ to = "none", all = ["total < 95"] }]
[[tests]]
name = "retail"
period = "2026-01"
manager = { role = "retail" }
inputs = { "m.sum" = 84.6 }
expect = { total = 90, rating = "B", promotion = "senior" }
[[tests]]
name = "trainee"
period = "2026-01"
manager = { role = "trainee" }
inputs = { "m.sum" = 84.6 }
expect = { rating = "A", promotion = "none", demotion = "none" }"#,
    );
}

#[test]
fn pay_its_lines_and_time_in_post() {
    // 80.4 + 5 = 85.4, rounded 85, but pay looks at the exact 85.4: 85.4 × 30 = 2562, over no ceiling but 2000; half the days.
    holds(
        r#"[[variants]]
when = 'manager.role == "retail"'
partial = { prorate = "pay", by = "days" }
pay = { max = "2000 元", total_on = "exact", lines = [{ id = "bonus", amount = "total * 30 元" }, { id = "meals", amount = "62 元", gated = false }] }
[[tests]]
name = "half a month"
period = "2026-06"
manager = { role = "retail", active_days = 15 }
inputs = { "m.sum" = 80.4 }
expect = { total = 85, pay = { bonus = 2562, meals = 62, total = 1031 } }"#,
    );
}

#[test]
fn two_variants_that_set_one_key_are_told() {
    holds(
        r#"[[variants]]
when = 'manager.role == "retail"'
rounding = { total = 1 }
[[variants]]
when = 'manager.grade == "senior"'
rounding = { total = 2 }
[[tests]]
name = "both"
period = "2026-01"
manager = { role = "retail", grade = "senior" }
inputs = { "m.sum" = 1 }
expect = { error = "variant-conflict" }"#,
    );
}

#[test]
fn a_test_may_state_shorter_periods_and_stints() {
    // (80 + 91 + 70) / 3 = 80.333…; a third of June at 88.4 + 5 and two at 44.2 + 5, exact until they are one:
    // (93.4 × 10 + 49.2 × 20) / 30 = 63.93, and 20 a point are paid.
    let first = "roll_up = \"mean\"\npartial = { split = true }\n";
    let more = r#"[[variants]]
when = 'manager.grade == "senior"'
indicators = [{ id = "a", value = "m.sum / 2" }]
[[tests]]
name = "a quarter"
period = "2026-Q1"
history = [{ period = "2026-01", total = 80 }, { period = "2026-02", total = 91 }, { period = "2026-03", total = 70 }]
expect = { total = 80, rating = "B" }
[[tests]]
name = "promoted"
period = "2026-06"
manager = { grade = "senior", earlier = [{ grade = "junior", time = 10 }] }
inputs = { "m.sum" = 88.4 }
expect = { total = 64, pay = { bonus = "(1868 * 10 + 984 * 20) / 30" } }"#;
    let text = format!("{first}{BASE}\n{more}");
    for outcome in cases::run(&policy("p.toml", &text)) {
        assert!(outcome.passes(), "{}: {:?}", outcome.name, outcome.differences);
    }
}

/// Two ratings, one line of pay, and a gate, under a variant for one branch.
fn for_branch(variant: &str, expect: &str) {
    let text = format!(
        "title = \"P\"\nscheme = \"s\"\neffective = 2026-01-01\nperiod = \"month\"\nmissing = \"zero\"\nmoney = \"元\"\n\
         [measures.m]\nkind = \"flow\"\n[[indicators]]\nid = \"a\"\nvalue = \"m.sum\"\nweight = 100\n\
         curve = {{ kind = \"per-unit\", unit = 1, points = 1 }}\n\
         [[gates]]\nid = \"g\"\non = \"total\"\nfactor = 0.5\nmissing = \"error\"\n\
         [[ratings]]\nid = \"A\"\nat_least = 40\n[[ratings]]\nid = \"B\"\n\
         [[pay.lines]]\nid = \"p\"\namount = \"100 元\"\n\
         [[variants]]\nwhen = 'manager.branch == \"east\"'\n{variant}\n\
         [[tests]]\nname = \"t\"\nperiod = \"2026-01\"\nmanager = {{ branch = \"east\" }}\ninputs = {{ \"m.sum\" = 80 }}\n\
         expect = {{ {expect} }}\n"
    );
    let outcomes = cases::run(&policy("p.toml", &text));
    let said: Vec<String> = outcomes
        .iter()
        .flat_map(|outcome| &outcome.differences)
        .map(|it| format!("{} {} {}", it.what, it.expected, it.got))
        .collect();
    assert!(said.is_empty(), "{variant}: {}", said.join("; "));
}

#[test]
fn a_variant_swaps_a_key_for_the_one_that_excludes_it() {
    // 80 × 0.5 = 40: at least 40, and not above.
    for_branch("missing = \"zero\"", "total = 40, rating = \"A\", pay = { p = 100 }");
    for_branch("ratings = [{ id = \"A\", above = 40 }]", "total = 40, rating = \"B\"");
    for_branch(
        "pay = { lines = [{ id = \"p\", commission = { of = \"m.sum * 1 元\", rate = \"10%\" } }] }",
        "pay = { p = 8 }",
    );
    for_branch(
        "gates = [{ id = \"g\", value = \"m.sum\", curve = { kind = \"threshold\", op = \">=\", at = 50 } }]",
        "total = 80, rating = \"A\"",
    );
    // A better rating than those there are.
    let better = "ratings = [{ id = \"S\", before = \"A\", at_least = 40 }, { id = \"A\", at_least = 30 }]";
    for_branch(better, "total = 40, rating = \"S\"");
}

#[test]
fn a_variant_left_out_for_want_of_a_grade_is_told_once() {
    let more = r#"[[variants]]
title = "senior"
when = 'manager.grade == "senior"'
[[variants.indicators]]
id = "a"
weight = 100
[[variants]]
when = 'manager.role == "head" or manager.grade == "head"'
[variants.total]
max = 90
[[variants]]
when = 'manager.branch == "east"'
[variants.total]
min = 10
[[tests]]
name = "nobody knows the grade"
period = "2026-05"
manager = { branch = "west" }
inputs = { "m.sum" = 50 }
expect = { total = 58 }
[[tests]]
name = "the grade is known"
period = "2026-05"
manager = { branch = "west", grade = "junior", role = "rm" }
inputs = { "m.sum" = 50 }
expect = { total = 58 }"#;
    let outcomes = cases::run(&policy("p.toml", &format!("{BASE}\n{more}")));
    let said = |at: usize| outcomes[at].card.left_out.as_ref().map(|said| said.get(Lang::En));
    let expected = "no grade, role is stated of the manager, so that variants which ask for it are left out: \
                    senior, manager.role == \"head\" or manager.grade == \"head\"";
    assert_eq!(said(0).as_deref(), Some(expected));
    assert_eq!(said(1), None);
}

#[test]
fn who_and_when_decide_as_they_do_in_formulas() {
    // A quarter of 90 days and, from 2026-02-15, 45 of its days in post, one whole month of them.
    let case = |when: &str, manager: &str, total: u32| {
        format!(
            "[[variants]]\nwhen = '{when}'\n[variants.total]\nmin = 50\n[[tests]]\nname = \"t\"\nperiod = \"2026-Q1\"\n\
             manager = {{ {manager} }}\ninputs = {{ \"m.sum\" = 30 }}\nexpect = {{ total = {total} }}\n"
        )
    };
    let quarterly = |more: &str| {
        let text = format!("{}\n{more}", BASE.replace("period = \"month\"", "period = \"quarter\""));
        let outcomes = cases::run(&policy("p.toml", &text));
        assert!(outcomes.iter().all(cases::Outcome::passes), "{more}: {:?}", outcomes[0].differences);
    };
    for (when, manager, total) in [
        ("period.days == 90", "", 50),
        ("period.days == 91", "", 35),
        ("period.months == 3 and period.quarter == 1", "", 50),
        ("manager.active < 0.6", "active_days = 45", 50),
        ("manager.active < 0.5", "active_days = 45", 35),
        ("manager.active == 1", "", 50),
        ("manager.active_months == 1", "active_months = 1", 50),
        ("manager.active_months == 3", "", 50),
    ] {
        quarterly(&case(when, manager, total));
    }
}

#[test]
fn time_in_post_and_deferral_key_by_key() {
    // 85 + 5 = 90. One whole month of one in post leaves 90 to everybody, 15 days of 30 leave 45 to whom the variant counts days;
    // its years replace those of the base, whose share and condition stay: 40 % of 45 × 20 = 900 are 360, in five years 72 each.
    holds(
        r#"[pay.deferral]
share = "40%"
years = ["30%", "30%", "40%"]
when = "manager.risk_taker"
[partial]
min_months = 1
prorate = "score"
by = "months"
[[variants]]
when = 'manager.grade == "senior"'
partial = { by = "days" }
[variants.pay.deferral]
years = ["20%", "20%", "20%", "20%", "20%"]
[[tests]]
name = "months"
period = "2026-04"
manager = { active_days = 15, active_months = 1 }
inputs = { "m.sum" = 85 }
expect = { total = 90 }
[[tests]]
name = "days"
period = "2026-04"
manager = { grade = "senior", active_days = 15, active_months = 1 }
inputs = { "m.sum" = 85 }
expect = { total = 45, pay = { total = 900, deferred = 0 } }
[[tests]]
name = "too short"
period = "2026-04"
manager = { grade = "senior", active_days = 15, active_months = 0 }
inputs = { "m.sum" = 85 }
expect = { error = "not-assessed" }
[[tests]]
name = "five years"
period = "2026-04"
manager = { grade = "senior", risk_taker = true, active_days = 15, active_months = 1 }
inputs = { "m.sum" = 85 }
expect = { pay = { deferred = 360 }, deferral = [72, 72, 72, 72, 72] }"#,
    );
}

#[test]
fn what_a_variant_drops_and_others_read_is_told_with_the_mend() {
    let text = format!(
        "{BASE}\n[[additions]]\nid = \"beside\"\nvalue = \"mean.all('value.a') * 0\"\ncurve = {{ kind = \"formula\", score = \"x\" }}\n\
         [[variants]]\nwhen = 'manager.grade == \"senior\"'\nindicators = [{{ id = \"a\", drop = true }}, {{ id = \"own\", weight = 100, value = \"m.sum\", \
         curve = {{ kind = \"per-unit\", unit = 1, points = 1 }} }}]\n"
    );
    let book = Folder::book();
    book.write("p.toml", &text);
    let ran = book.run(&["policy", "check", "p.toml", "-O", "concise"]);
    assert!(ran.out.contains("variant 1 drops `a`, which is read here"), "{}{}", ran.out, ran.err);
    assert!(!ran.out.contains("unknown name"), "{}", ran.out);
}
