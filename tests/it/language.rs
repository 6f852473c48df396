//! What a policy says and what it means: small policies whose `[[tests]]` are worked out by hand.

use rmbook::metric::{BUILTINS, Names};
use rmbook::record::policy::Policy;
use rmbook::record::tree;
use rmbook::score::cases;
use rmbook::text::Lang;

use crate::policies::{judged, policy};

pub(crate) const HEAD: &str =
    "title = \"P\"\nscheme = \"s\"\neffective = 2026-01-01\nperiod = \"month\"\nmoney = \"元\"\n";

/// Runs the tests of a policy that is in order.
pub(crate) fn holds(text: &str) {
    let outcomes = cases::run(&policy("p.toml", &format!("{HEAD}{text}")));
    assert!(!outcomes.is_empty());
    for outcome in outcomes {
        let said: Vec<String> =
            outcome.differences.iter().map(|it| format!("{} {} {}", it.what, it.expected, it.got)).collect();
        assert!(said.is_empty(), "{}: {}", outcome.name, said.join("; "));
    }
}

/// What is found in a policy: the rule and where it points.
pub(crate) fn found(text: &str) -> Vec<String> {
    let (_, findings) = judged("p.toml", &format!("{HEAD}{text}"));
    findings.iter().map(|finding| format!("{} {}", finding.rule.name, at(finding))).collect()
}

fn at(finding: &rmbook::diag::Finding) -> String {
    use rmbook::source::Target;
    match &finding.at.target {
        Target::Value(path) | Target::Key(path) | Target::Part { path, .. } => path.to_string(),
        other => format!("{other:?}"),
    }
}

#[test]
fn the_rate_of_a_bracket_makes_money_of_what_it_is_applied_to() {
    let line = |form: &str| {
        format!(
            "missing = \"zero\"\n[measures.cards]\nunit = \"张\"\nkind = \"count\"\n[[pay.lines]]\nid = \"a\"\n{form}\n"
        )
    };
    let whole = |rate: &str| {
        line(&format!(
            "whole = {{ of = \"cards.count\", edges = [\"10 张\"], results = [\"1 元/张\", \"{rate}\"], included = \"lower\" }}"
        ))
    };
    assert_eq!(found(&whole("2 元/张")), [] as [&str; 0]);
    assert_eq!(found(&whole("15‰")), ["units-do-not-fit pay.lines[0].whole"]);
    let progressive = line(
        "progressive = { of = \"cards.count\", edges = [\"10 张\"], results = [\"3 元\", \"5 元/万元\"], included = \"lower\" }",
    );
    assert_eq!(found(&progressive), ["units-do-not-fit pay.lines[0].progressive"; 2]);
}

#[test]
fn a_limit_of_what_is_carried_is_in_the_unit_of_the_item() {
    let item = |limit: &str| {
        format!(
            "missing = \"zero\"\n[measures.cards]\nunit = \"张\"\nkind = \"count\"\n[[indicators]]\nid = \"i\"\nvalue = \"cards.count\"\n\
             target = \"5 张\"\ncarry = {{ shortfall = \"add-to-target\", limit = \"{limit}\" }}\nweight = 100\n\
             curve = {{ kind = \"ratio\", zero_target = \"error\" }}\n"
        )
    };
    assert_eq!(found(&item("3 张")), [] as [&str; 0]);
    assert_eq!(found(&item("3 元")), ["units-do-not-fit indicators[0].carry.limit"]);
}

#[test]
fn figures_of_a_test_are_in_the_unit_of_what_they_are_for() {
    let test = |input: &str, paid: &str| {
        format!(
            "missing = \"zero\"\n[measures.dep]\nunit = \"万元\"\nkind = \"balance\"\n[[pay.lines]]\nid = \"a\"\namount = \"dep.average * 1%\"\n\
             [[tests]]\nname = \"t\"\nperiod = \"2026-03\"\ninputs = {{ \"dep.average\" = {input} }}\nexpect = {{ pay = {{ a = {paid} }} }}\n"
        )
    };
    assert_eq!(found(&test("300", "30000")), [] as [&str; 0]);
    assert_eq!(found(&test("\"300 万元\"", "\"3 万元\"")), [] as [&str; 0]);
    assert_eq!(found(&test("\"300 张\"", "30000")), ["units-do-not-fit tests[0].inputs.dep.average"]);
    assert_eq!(found(&test("300", "\"3 张\"")), ["units-do-not-fit tests[0].expect.pay.a"]);
}

#[test]
fn a_client_without_the_figure_takes_nothing_from_the_others() {
    let text = |missing: &str, given: &str, expect: &str| {
        format!(
            "missing = \"{missing}\"\n[measures.dep]\nunit = \"元\"\nkind = \"balance\"\n[[indicators]]\nid = \"s\"\neach = \"client\"\n\
             value = \"dep.average * 1%\"\n[[pay.lines]]\nid = \"p\"\namount = \"value.s\"\n\
             [[tests]]\nname = \"t\"\nperiod = \"2026-03\"\nparts = [{given}{{ id = \"c\" }}]\nexpect = {{ {expect} }}\n"
        )
    };
    // 1 % of 100,000 and of 50,000; c has no figure.
    let two = "{ id = \"a\", inputs = { \"dep.average\" = 100000 } }, { id = \"b\", inputs = { \"dep.average\" = 50000 } }, ";
    holds(&text("zero", two, "values = { s = 1500 }, pay = { p = 1500 }"));
    holds(&text("skip", two, "values = { s = 1500 }, pay = { p = 1500 }"));
    holds(&text("error", two, "error = \"missing: s\""));
    // Where nobody has it, there is no value.
    holds(&text("zero", "", "scores = { s = 0 }, pay = { p = 0 }"));
    let failed =
        cases::run(&policy("p.toml", &format!("{HEAD}{}", text("error", two, "error = \"missing: s\""))))
            .remove(0)
            .card;
    let reason = failed.errors[0].reason.to_string();
    assert_eq!(reason, "1 of 3 records have no dep.average: c");
}

#[test]
fn what_bounds_and_defers_the_pay_may_name_its_lines_and_the_total() {
    let text = |rules: &str, expect: &str| {
        format!(
            "missing = \"error\"\n[measures.fixed]\nunit = \"元\"\nkind = \"flow\"\n[[pay.lines]]\nid = \"share\"\namount = \"fixed.sum\"\n\
             [pay]\n{rules}\n[[tests]]\nname = \"t\"\nperiod = \"2026-03\"\ninputs = {{ \"fixed.sum\" = 120000 }}\nexpect = {{ pay = {{ {expect} }} }}\n"
        )
    };
    let years = "years = [\"30%\", \"30%\", \"40%\"]";
    holds(&text(
        &format!("deferral = {{ share = \"40%\", {years}, when = \"pay.share > 50000 元\" }}"),
        "total = 120000, deferred = 48000",
    ));
    // Half of 120,000 at most, less a tenth of the line in advance: 60,000 − 12,000; 50,000 are not passed.
    holds(&text(
        &format!(
            "max = \"pay.share / 2\"\nadvance = \"pay.share * 10%\"\ndeferral = {{ share = \"40%\", {years}, when = \"pay.total > 50000 元\" }}"
        ),
        "total = 48000, deferred = 0",
    ));
    assert_eq!(found(&text("min = \"pay.total\"", "total = 120000")), ["name-too-early pay.min"]);
    let all = format!("deferral = {{ share = 1, {years} }}");
    assert_eq!(found(&text(&all, "total = 120000")), [""; 0]);
    let forty = format!("deferral = {{ share = 40, {years} }}");
    assert_eq!(found(&text(&forty, "total = 120000")), ["bare-rate pay.deferral.share"]);
    let back = "deferral = { share = \"40%\", years = [\"150%\", \"-50%\"] }";
    assert_eq!(
        found(&text(back, "total = 120000")),
        ["weak-deferral pay.deferral.years", "incomplete-entry pay.deferral.years[1]"]
    );
    // A share that only the figures make more than the whole defers nothing: the pay stands open.
    let more = format!("deferral = {{ share = \"if(pay.total > 50000 元, 60, 40%)\", {years} }}");
    let open = text(&more, "total = 0").replace("pay = { total = 0 }", "error = \"missing: pay\"");
    holds(&open);
}

#[test]
fn a_condition_whose_figure_is_missing_goes_by_what_the_policy_says() {
    let text = |missing: &str, expect: &str| {
        format!(
            "missing = \"{missing}\"\n[measures.a]\nunit = \"元\"\nkind = \"flow\"\n[measures.b]\nkind = \"count\"\n[measures.paid]\nunit = \"元\"\nkind = \"flow\"\n\
             [[indicators]]\nid = \"i\"\nvalue = \"a.sum\"\nweight = 100\ncurve = {{ kind = \"formula\", score = \"50\" }}\n\
             [[vetoes]]\nid = \"v\"\nwhen = \"b.count > 0\"\nzero = true\n[[pay.lines]]\nid = \"p\"\namount = \"a.sum\"\n\
             [pay]\nadvance = \"paid.sum\"\ndeferral = {{ share = \"40%\", years = [\"30%\", \"30%\", \"40%\"], when = \"b.count > 0\" }}\n\
             [[tests]]\nname = \"t\"\nperiod = \"2026-03\"\ninputs = {{ \"a.sum\" = 1000 }}\nexpect = {{ {expect} }}\n"
        )
    };
    holds(&text("error", "error = \"missing: v\""));
    holds(&text("zero", "total = 50, pay = { total = 1000, deferred = 0 }"));
    // The veto alone says otherwise: then the deferral stops the pay.
    let own = text("error", "total = 50, error = \"missing: pay\"")
        .replace("zero = true", "missing = \"skip\"\nzero = true");
    holds(
        &own.replace("advance = \"paid.sum\"\n", "")
            .replace("[measures.paid]\nunit = \"元\"\nkind = \"flow\"\n", ""),
    );
}

#[test]
fn a_third_three_times_is_the_whole() {
    holds(
        "missing = \"error\"\nrounding = { mode = \"down\", pay_line = 2, pay = 2 }\n[measures.bonus]\nunit = \"元\"\nkind = \"flow\"\n\
         [constants]\nthird = \"1/3\"\n\
         [[indicators]]\nid = \"month\"\nvalue = \"bonus.sum / 12\"\n\
         [[indicators]]\nid = \"edge\"\nvalue = \"third + third + third\"\nweight = 100\n\
         curve = { kind = \"bands\", edges = [\"100%\"], results = [80, 100], included = \"lower\" }\n\
         [[pay.lines]]\nid = \"nine\"\namount = \"bonus.sum / 12 * 9\"\n[[pay.lines]]\nid = \"thirds\"\namount = \"bonus.sum * third * 3\"\n\
         [[pay.lines]]\nid = \"across\"\namount = \"value.month * 9\"\n[[pay.lines]]\nid = \"steps\"\namount = \"floor(100 * third * 3) * 1 元\"\n\
         [[pay.lines]]\nid = \"part\"\namount = \"bonus.sum / 7000000000 元 * 7000000000 元\"\n\
         [[tests]]\nname = \"t\"\nperiod = \"2026-03\"\ninputs = { \"bonus.sum\" = 10000 }\n\
         # 10,000 / 12 × 9 = 7,500, in one expression and through an item; 100 × 1/3 × 3 = 100.\n\
         expect = { total = 100, pay = { nine = 7500, thirds = 10000, across = 7500, steps = 100, part = 10000 } }\n",
    );
}

#[test]
fn weights_and_years_in_thirds_make_the_whole() {
    let item = |id: &str| {
        format!(
            "[[indicators]]\nid = \"{id}\"\nin = \"d\"\nweight = \"100/3\"\nmissing = \"zero\"\ncurve = {{ kind = \"manual\", max = 100 }}\n"
        )
    };
    holds(&format!(
        "rounding = {{ total = 2, pay = 2 }}\n[[dimensions]]\nid = \"d\"\nweight = 100\n{}{}{}[[pay.lines]]\nid = \"p\"\namount = \"100 元 * total\"\n\
         [pay.deferral]\nshare = \"40%\"\nyears = [\"1/3\", \"1/3\", \"1/3\"]\n\
         [[tests]]\nname = \"t\"\nperiod = \"2026-03\"\nmarks = {{ a = 100, b = 100, c = 100 }}\n\
         # 40 % of 10,000 in three equal parts, the cent left over to the first.\n\
         expect = {{ total = 100, pay = {{ total = 10000, deferred = 4000 }}, deferral = [1333.34, 1333.33, 1333.33] }}\n",
        item("a"),
        item("b"),
        item("c")
    ));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { rng_seed: proptest::test_runner::RngSeed::Fixed(7), failure_persistence: None, ..proptest::prelude::ProptestConfig::with_cases(40) })]

    /// What is divided and multiplied again lies on the edge it came from, and loses no cent to rounding toward zero.
    #[test]
    fn a_quotient_times_its_divisor_is_on_the_edge(cents in 1_i64..100_000_000_000, by in 1_i64..100_000) {
        let amount = rust_decimal::Decimal::new(cents, 2);
        holds(&format!(
            "missing = \"error\"\nrounding = {{ mode = \"down\", pay_line = 2 }}\n[measures.m]\nunit = \"元\"\nkind = \"flow\"\n\
             [measures.n]\nkind = \"count\"\n[[indicators]]\nid = \"part\"\nvalue = \"m.sum / n.count\"\n\
             [[indicators]]\nid = \"edge\"\nvalue = \"value.part * n.count\"\nweight = 100\n\
             curve = {{ kind = \"bands\", edges = [\"{amount} 元\"], results = [0, 100], included = \"lower\" }}\n\
             [[pay.lines]]\nid = \"p\"\namount = \"value.part * n.count\"\n[[pay.lines]]\nid = \"q\"\namount = \"m.sum / n.count * n.count\"\n\
             [[tests]]\nname = \"t\"\nperiod = \"2026-03\"\ninputs = {{ \"m.sum\" = \"{amount} 元\", \"n.count\" = {by} }}\n\
             expect = {{ total = 100, pay = {{ p = \"{amount}\", q = \"{amount}\" }} }}\n"
        ));
    }
}

#[test]
fn a_veto_caps_the_total_whatever_a_gate_does() {
    let text = |rule: &str, expect: &str| {
        format!(
            "missing = \"error\"\ntotal = {{ min = 10 }}\n[measures.a]\nkind = \"count\"\n[[indicators]]\nid = \"i\"\nvalue = \"a.count\"\nweight = 100\n\
             curve = {{ kind = \"formula\", score = \"x\" }}\n[[vetoes]]\nid = \"v\"\nwhen = \"a.count > 0\"\n{rule}\n\
             [[gates]]\nid = \"g\"\nfactor = 1.2\non = \"total\"\nmissing = \"error\"\n\
             [[tests]]\nname = \"t\"\nperiod = \"2026-03\"\ninputs = {{ \"a.count\" = 150 }}\nexpect = {{ total = {expect} }}\n"
        )
    };
    // 150 capped at 100, times 1.2 is 120: still 100. A total of zero is not lifted to the least total.
    holds(&text("cap = 100", "100"));
    holds(&text("zero = true", "0"));
    // A cap that is not reached takes nothing: 150 × 1.2.
    holds(&text("cap = 200", "180"));
}

#[test]
fn a_gate_on_pay_may_look_at_the_rating_and_a_floor_may_come_after_it() {
    let text = |after: &str, expect: &str| {
        format!(
            "missing = \"error\"\n[measures.a]\nkind = \"count\"\n[constants]\ncoef = {{ by = \"rating\", A = 1.2, B = 0.5 }}\n\
             [[indicators]]\nid = \"i\"\nvalue = \"a.count\"\nweight = 100\ncurve = {{ kind = \"formula\", score = \"x\" }}\n\
             [[ratings]]\nid = \"A\"\nat_least = 90\n[[ratings]]\nid = \"B\"\n[[gates]]\nid = \"g\"\nfactor = \"coef\"\non = \"pay\"\nmissing = \"error\"\n\
             [[pay.lines]]\nid = \"p\"\namount = \"2000 元\"\n[pay]\nmin = \"1500 元\"\n{after}\n\
             [[tests]]\nname = \"t\"\nperiod = \"2026-03\"\ninputs = {{ \"a.count\" = 80 }}\nexpect = {{ rating = \"B\", pay = {{ total = {expect} }} }}\n"
        )
    };
    holds(&text("", "1000"));
    holds(&text("after = \"gates\"", "1500"));
    let early = text("", "1000").replace("on = \"pay\"", "on = \"total\"");
    assert_eq!(found(&early), ["name-too-early gates[0].factor"]);
}

#[test]
fn a_share_of_a_client_is_rounded_where_the_policy_says_so() {
    let text = |rounding: &str, expect: &str| {
        format!(
            "missing = \"error\"\nrounding = {{ {rounding} }}\n[measures.dep]\nunit = \"元\"\nkind = \"balance\"\n[[indicators]]\nid = \"s\"\neach = \"client\"\n\
             value = \"dep.average\"\n[[tests]]\nname = \"t\"\nperiod = \"2026-03\"\n\
             parts = [{{ id = \"a\", share = \"33.33%\", inputs = {{ \"dep.average\" = 80 }} }}, {{ id = \"b\", share = \"33.33%\", inputs = {{ \"dep.average\" = 80 }} }}]\n\
             expect = {{ values = {{ s = {expect} }} }}\n"
        )
    };
    // 33.33 % of 80 is 26.664, twice 53.328; each rounded first 26.66 + 26.66.
    holds(&text("each = 2", "53.328"));
    holds(&text("share = 2", "53.32"));
}

#[test]
fn a_bare_number_beside_money_kept_in_another_multiple_is_doubted() {
    let text = |target: &str, edge: &str, more: &str| {
        format!(
            "missing = \"zero\"\n[measures.dep]\nunit = \"万元\"\nkind = \"balance\"\n[[indicators]]\nid = \"a\"\nvalue = \"dep.average\"\ntarget = {target}\n\
             weight = 100\ncurve = {{ kind = \"ratio\", zero_target = \"error\" }}\n[[pay.lines]]\nid = \"p\"\n{more}\
             progressive = {{ of = \"dep.average\", edges = [{edge}], results = [\"5 元/万元\", \"8 元/万元\"], included = \"upper\" }}\n"
        )
    };
    assert_eq!(found(&text("\"800 万元\"", "\"100 万元\"", "when = \"dep.average > 0\"\n")), [] as [&str; 0]);
    assert_eq!(
        found(&text("800", "100", "when = \"dep.average > 5\"\n")),
        [
            "literal-in-another-unit indicators[0].target",
            "literal-in-another-unit pay.lines[0].progressive.edges[0]",
            "literal-in-another-unit pay.lines[0].when"
        ]
    );
}

#[test]
fn a_constant_that_is_doubted_counts_all_the_same() {
    let text = "missing = \"zero\"\n[measures.dep]\nunit = \"万元\"\nkind = \"balance\"\n[constants]\nc = \"if(dep.average > 5, 2, 3)\"\n\
        [[pay.lines]]\nid = \"p\"\namount = \"100 元 * c\"\n\
        [[tests]]\nname = \"t\"\nperiod = \"2026-03\"\ninputs = { \"dep.average\" = 80 }\nexpect = { pay = { p = 200 } }\n";
    assert_eq!(found(text), ["literal-in-another-unit constants.c"]);
    let (policy, _) = judged("p.toml", &format!("{HEAD}{text}"));
    let outcomes = cases::run(&policy.expect("a doubt refuses nothing"));
    assert!(outcomes.iter().all(|outcome| outcome.differences.is_empty()), "{outcomes:?}");
}

#[test]
fn what_a_broken_formula_names_is_not_called_unused() {
    let text = "missing = \"zero\"\n[tables.rates]\nedges = [1]\nresults = [1, 2]\nincluded = \"lower\"\n[constants]\nc = 5\n\
        [[pay.lines]]\nid = \"p\"\namount = \"100 元 * lookup('tables.rates', 2) * c +\"\n";
    assert_eq!(found(text), ["bad-expression pay.lines[0].amount"]);
}

#[test]
fn a_table_of_marks_behind_a_ratio_is_found() {
    let text = |edges: &str| {
        format!(
            "missing = \"zero\"\n[measures.a]\nkind = \"count\"\n[[indicators]]\nid = \"i\"\nvalue = \"a.count\"\ntarget = 100\nweight = 100\nzero_target = \"error\"\n\
             curve = [{{ kind = \"ratio\" }}, {{ kind = \"bands\", edges = {edges}, results = [0, 60, 100], included = \"lower\" }}]\n"
        )
    };
    assert_eq!(found(&text("[0.6, 1]")), [] as [&str; 0]);
    assert_eq!(found(&text("[60, 100]")), ["full-marks-out-of-reach indicators[0].curve[1]"]);
}

#[test]
fn words_that_lead_nowhere_are_found() {
    let text = "missing = \"zero\"\n[measures.a]\nkind = \"count\"\n[measures.unused]\nkind = \"count\"\n\
        [tables.spare]\nedges = [1]\nresults = [1, 2]\nincluded = \"lower\"\n[curves.spare]\nkind = \"threshold\"\nop = \">=\"\nat = 3\n\
        [constants]\nspare = 5\nf = { by = \"rating\", A = 1.2, AA = 1 }\nm = { by = \"month\", 13 = 2, else = 1 }\n\
        [[indicators]]\nid = \"a\"\nvalue = \"a.count\"\ncurve = { kind = \"ratio\", zero_target = \"error\" }\ntarget = 10\nweight = 100\n\
        [[ratings]]\nid = \"A\"\nat_least = 90\n[[ratings]]\nid = \"B\"\n\
        [[pay.lines]]\nid = \"p\"\namount = \"100 元 * f * m\"\nwhen = \"rating in ['A', 'C'] or rating == 'D'\"\n";
    assert_eq!(
        found(text),
        [
            "unknown-name constants.f.AA",
            "unknown-name constants.m.13",
            "unknown-name pay.lines[0].when",
            "unknown-name pay.lines[0].when",
            "unused-definition constants.spare",
            "unused-definition curves.spare",
            "unused-definition measures.unused",
            "unused-definition tables.spare"
        ]
    );
    let open = "missing = \"zero\"\n[[indicators]]\nid = \"a\"\nweight = 100\ncurve = { kind = \"manual\" }\n[[ratings]]\nid = \"A\"\nat_least = 60\n";
    assert_eq!(found(open), ["totals-without-rating ratings"]);
    assert_eq!(found(&format!("total = {{ min = 60 }}\n{open}")), [] as [&str; 0]);
    let test = "[[tests]]\nname = \"t\"\nperiod = \"2026-01\"\nexpect = { total = 0 }\n";
    assert_eq!(
        found(&format!("total = {{ min = 60 }}\n{open}{test}{test}")),
        ["test-name-twice tests[1].name"]
    );
}

#[test]
fn a_name_of_a_record_or_of_an_earlier_period_is_known_where_it_can_be() {
    let item = |rest: &str| {
        format!(
            "missing = \"zero\"\n[[indicators]]\nid = \"a\"\n{rest}\n[[pay.lines]]\nid = \"p\"\namount = \"1 元\"\n"
        )
    };
    let found = |rest: &str| found(&item(rest));
    assert_eq!(found("each = \"client\"\nvalue = \"if(client.tier == 'key', 1, 0)\""), [] as [&str; 0]);
    assert_eq!(
        found("each = \"client\"\nvalue = \"if(client.tier == 'kee', 1, 0)\""),
        ["unknown-name indicators[0].value"]
    );
    assert_eq!(found("value = \"if(client.tier == 'key', 1, 0)\""), ["name-too-early indicators[0].value"]);
    assert_eq!(
        found("each = \"client\"\nvalue = \"1\"\nwhen = \"facility.class == 'normal'\""),
        ["name-too-early indicators[0].when"]
    );
    assert_eq!(found("value = \"previous.value.a + previous.score.a.year_to_date\""), [] as [&str; 0]);
    assert_eq!(found("value = \"previous.pay.p\""), [] as [&str; 0]);
    assert_eq!(found("value = \"previous.pay.q\""), ["unknown-name indicators[0].value"]);
    assert_eq!(found("value = \"value.a@previous\""), ["unknown-name indicators[0].value"]);
    assert_eq!(found("value = \"total.mean(3)\""), ["name-too-early indicators[0].value"]);
    assert_eq!(found("value = \"lookup('tables.none', 1)\""), ["unknown-name indicators[0].value"]);
}

#[test]
fn the_manual_shows_braces_that_are_no_placeholder() {
    let folder = crate::fixture::Folder::empty();
    let page = folder.run(&["explain", "policy.constants"]);
    assert_eq!(page.code, Some(0), "{}", page.err);
    assert!(page.out.contains("{ by = \"month\", 6 = \"0.3%\", else = \"0.6%\" }"), "{}", page.out);
    let names = folder.run(&["explain", "expression"]);
    assert!(names.out.contains("visits.count{tier = \"key\"}"), "{}", names.out);
}

#[test]
fn a_name_that_expressions_read_otherwise_is_refused() {
    let policy = |head: &str, amount: &str| {
        format!("missing = \"error\"\n{head}\n[[pay.lines]]\nid = \"a\"\namount = \"{amount}\"\n")
    };
    let measure = |name: &str| format!("[measures.{name}]\nunit = \"元\"\nkind = \"flow\"\n");
    assert_eq!(found(&policy(&measure("merit"), "merit.sum")), [] as [&str; 0]);
    assert_eq!(found(&policy(&measure("points"), "points.sum")), ["duplicate-policy-entry measures.points"]);
    assert_eq!(
        found(&policy("[constants]\ntotal = 3", "total * 1 元")),
        ["duplicate-policy-entry constants.total"]
    );
    let both = format!("[constants]\nmerit = 3\n{}", measure("merit"));
    assert_eq!(found(&policy(&both, "merit * 1 元")), ["duplicate-policy-entry constants.merit"]);
}

#[test]
fn what_a_cap_on_a_share_of_a_pool_cuts_off_is_stated() {
    let pool = |keys: &str| {
        format!(
            "missing = \"error\"\n[[pay.lines]]\nid = \"a\"\npool = {{ of = \"9 元\", by = \"1\", among = \"all\"{keys} }}\nmax = \"5 元\"\n"
        )
    };
    assert_eq!(found(&pool("")), ["unstated-rule pay.lines[0].pool"]);
    assert_eq!(found(&pool(", excess = \"stay\"")), [] as [&str; 0]);
}

#[test]
fn a_line_of_pay_has_no_full_amount_to_count_as() {
    let line = |missing: &str| {
        format!(
            "missing = \"error\"\n[measures.fees]\nunit = \"元\"\nkind = \"flow\"\n\
             [[pay.lines]]\nid = \"a\"\namount = \"fees.sum\"\nmissing = \"{missing}\"\n"
        )
    };
    assert!(tree::read::<Policy>(&format!("{HEAD}{}", line("full"))).is_err());
    for missing in ["zero", "skip", "error"] {
        assert_eq!(found(&line(missing)), [] as [&str; 0]);
    }
}

#[test]
fn a_filter_asks_for_a_word_that_its_field_can_hold() {
    let line = |figure: &str| {
        format!("missing = \"error\"\n[[pay.lines]]\nid = \"a\"\namount = \"{figure} * 1 元/次\"\n")
    };
    let said = |figure: &str| {
        let (_, findings) = judged("p.toml", &format!("{HEAD}{}", line(figure)));
        let said = findings.into_iter().map(|finding| {
            let help = finding.help.map(|help| help.to_string()).unwrap_or_default();
            format!("{} {}; {help}", finding.rule.code, finding.message)
        });
        said.collect::<Vec<_>>()
    };
    for figure in [
        "visits{tier = 'key'}",
        "visits.count{kind = 'on-site', purpose = 'post-loan'}.year_to_date",
        "recognitions{kind = 'praise'}",
        // An industry is any words.
        "visits{industry = 'shipping'}",
    ] {
        assert_eq!(said(figure), [] as [&str; 0], "{figure}");
    }
    assert_eq!(
        said("visits{tier = 'kee'}"),
        ["RM902 there is no `kee` among tier; a similar name exists: `key`"]
    );
    assert_eq!(
        said("visits.count{kind = 'onsite'}"),
        ["RM902 there is no `onsite` among kind; a similar name exists: `on-site`"]
    );
    assert_eq!(
        said("recognitions{kind = 'prase'}"),
        ["RM902 there is no `prase` among kind; a similar name exists: `praise`"]
    );
    // Nothing is like it: what there is.
    assert_eq!(
        said("visits{tier = 'premium'}"),
        ["RM902 there is no `premium` among tier; it is one of strategic, key, base, prospect"]
    );
    // What a policy declares itself is told apart by words of its own.
    let own = "missing = \"error\"\n[measures.cards]\nunit = \"张\"\nkind = \"count\"\n[[pay.lines]]\nid = \"a\"\n\
               amount = \"cards.count{tier = 'gold'} * 1 元/张\"\n";
    assert_eq!(found(own), [] as [&str; 0]);
}

#[test]
fn every_filter_of_a_few_words_knows_them() {
    let names = Names::default_book();
    for metric in BUILTINS {
        for key in metric.filters.iter().filter(|key| **key != "industry") {
            assert!(!names.words(metric.name, key).is_empty(), "{}: {key}", metric.name);
        }
    }
    assert_eq!(names.words("recognitions", "kind"), ["praise", "violation"]);
}

#[test]
fn a_filter_by_measure_names_a_balance_of_the_policy_or_the_book() {
    let of = |measure: &str| {
        format!(
            "missing = \"error\"\n[measures.deposits]\nunit = \"元\"\nkind = \"balance\"\n\
             [measures.fees]\nunit = \"元\"\nkind = \"flow\"\n[[pay.lines]]\nid = \"a\"\n\
             amount = \"deposits.average * 1% + fees.sum * 1% + countable_average{{measure = '{measure}'}} * 1%\"\n"
        )
    };
    assert_eq!(found(&of("deposits")), [] as [&str; 0]);
    for wrong in ["depsits", "fees"] {
        assert_eq!(found(&of(wrong)), ["unknown-name pay.lines[0].amount"], "{wrong}");
    }
}

#[test]
fn points_for_a_distance_in_money_say_what_they_are_for() {
    let item = |slopes: &str| {
        format!(
            "missing = \"error\"\n[measures.loans]\nunit = \"万元\"\nkind = \"balance\"\n[[indicators]]\nid = \"a\"\nweight = 100\n\
             value = \"loans.end\"\ntarget = \"500 万元\"\ncurve = {{ kind = \"neutral\", {slopes} }}\n"
        )
    };
    let test = |loans: u32, total: u32| {
        format!(
            "[[tests]]\nname = \"{loans}\"\nperiod = \"2026-03\"\ninputs = {{ \"loans.end\" = {loans} }}\nexpect = {{ total = {total} }}\n"
        )
    };
    // 20 above at 2 points for 10,000 are 40 less; 30 below at 1 point are 30 less.
    let by_unit = item("slope_up = \"2 分/万元\", slope_down = \"1 分/万元\"");
    holds(&format!("{by_unit}{}{}{}", test(500, 100), test(520, 60), test(470, 70)));
    // The policy counts in 元: the same without a unit.
    let pure = item("slope_up = 0.0002, slope_down = 0.0001");
    holds(&format!("{pure}{}{}", test(520, 60), test(470, 70)));
    assert_eq!(
        found(&item("slope_up = \"2 分/户\", slope_down = \"1 元\"")),
        ["units-do-not-fit indicators[0].curve.slope_down", "units-do-not-fit indicators[0].curve.slope_up"]
    );
}

/// A quarter of months that paid 100 + 10, 80 and 60, in the lines `base` and `extra`.
#[test]
fn the_pay_of_a_longer_period_is_what_a_test_says_the_shorter_ones_paid() {
    for (roll_up, total) in [("last", 60), ("mean", 80)] {
        holds(&format!(
            r#"missing = "error"
roll_up = "{roll_up}"
[[indicators]]
id = "a"
weight = 100
curve = {{ kind = "manual" }}
[[pay.lines]]
id = "base"
amount = "total * 1 元"
[[pay.lines]]
id = "extra"
amount = "if(total >= 100, 10 元, 0 元)"
[[tests]]
name = "quarter"
period = "2026-Q1"
history = [
    {{ period = "2026-01", total = 100, pay = {{ base = 100, extra = 10, total = 110 }} }},
    {{ period = "2026-02", total = 80, pay = {{ total = 80 }} }},
    {{ period = "2026-03", total = 60, pay = {{ base = 60 }} }},
]
expect = {{ total = {total}, pay = {{ base = 160, extra = 10, total = 250 }} }}
"#
        ));
    }
}

#[test]
fn a_bare_number_against_a_figure_kept_in_ten_thousands_is_doubted() {
    let policy = |constants: &str, item: &str| {
        format!("missing = \"error\"\n{constants}[[indicators]]\nid = \"a\"\nweight = 100\n{item}\n")
    };
    let value = |value: &str, at: &str| {
        format!(
            "value = \"{value}\"\ncurve = {{ kind = \"cases\", cases = [{{ when = \"x >= {at}\", score = 100 }}], else = 0 }}"
        )
    };
    let doubted = |text: &str| found(text).iter().filter(|it| it.starts_with("literal-in-another")).count();
    // Deposits are kept in 万元, and the policy counts in 元.
    assert_eq!(doubted(&policy("", &value("deposits.average", "500 万元"))), 0);
    assert_eq!(doubted(&policy("", &value("deposits.average", "500"))), 1);
    assert_eq!(doubted(&policy("", &value("max(deposits.average, 500)", "0"))), 1);
    assert_eq!(doubted(&policy("[constants]\nstart = 500\n", &value("deposits.average - start", "0"))), 1);
    assert_eq!(
        doubted(&policy("[constants]\nstart = \"500 万元\"\n", &value("deposits.average - start", "0"))),
        0
    );
    let line = |amount: &str| {
        let item = value("deposits.average", "500 万元");
        policy("", &format!("{item}\n[[pay.lines]]\nid = \"p\"\namount = \"{amount}\""))
    };
    assert_eq!(doubted(&line("max(value.a - 500 万元, 0) * 3 元/万元")), 0);
    assert_eq!(doubted(&line("max(value.a - 500, 0) * 3 元/万元")), 1);
}

#[test]
fn what_is_often_written_wrong_is_told_with_its_mend() {
    let said = |amount: &str| -> Vec<String> {
        let text = format!("{HEAD}missing = \"error\"\n[[pay.lines]]\nid = \"p\"\namount = \"{amount}\"\n");
        let (_, findings) = judged("p.toml", &text);
        let help = |finding: &rmbook::diag::Finding| {
            finding.help.as_ref().map(|help| help.get(Lang::En)).unwrap_or_default()
        };
        findings
            .iter()
            .map(|finding| format!("{}; {}", finding.message.get(Lang::En), help(finding)))
            .collect()
    };
    assert_eq!(
        said("max(fee_income.sum - 1,000,000, 0) * 1%"),
        [
            "`000` is not how a number begins; a comma separates arguments, never thousands: `1000000` or `1_000_000`"
        ]
    );
    assert_eq!(
        said("if(0 < manager.months < 5, 1 元, 2 元)"),
        ["comparisons do not chain; join two of them: `0 < n and n < 5`; "]
    );
    assert_eq!(said("if(total > 1, 2 元)"), ["`if` takes 3 arguments; "]);
    assert_eq!(
        said("2.5 * fee_income.sum"),
        [
            "a bare number stands as a rate; a share of the figure is `250%`; a rate has its unit: `3 USD/kUSD`"
        ]
    );
    assert_eq!(said("fee_income.sum * 25bp"), [] as [&str; 0]);
    assert_eq!(said("fee_income.sum － 3 元"), [] as [&str; 0]);
}

#[test]
fn figures_of_a_group_count_in_ones_own() {
    // Values 90, 60, 30 in one team, and 20 elsewhere. Against the least and the greatest of the team: (60 − 30) / (90 − 30).
    // The team's mean is 60; of all, 50; deviations of the team 30, 0, −30: √600 = 24.4949.
    let item = |id: &str, value: &str| {
        format!(
            "[[indicators]]\nid = \"{id}\"\nvalue = \"{value}\"\ncurve = {{ kind = \"formula\", score = \"x\" }}\n"
        )
    };
    let items = [
        item("a", "m.sum"),
        item("range", "(score.a - min.team('a')) / (max.team('a') - min.team('a')) * 100"),
        item("mean", "mean.team('a')"),
        item("all", "mean.all('value.a')"),
        item("spread", "round(deviation.team('a'), 4)"),
    ];
    holds(&format!(
        r#"missing = "error"
[measures.m]
kind = "flow"
{}
[[tests]]
name = "t"
period = "2026-01"
manager = {{ id = "b", team = "north" }}
inputs = {{ "m.sum" = 60 }}
peers = [
    {{ id = "a", inputs = {{ "m.sum" = 90 }} }},
    {{ id = "c", inputs = {{ "m.sum" = 30 }} }},
    {{ id = "d", team = "south", inputs = {{ "m.sum" = 20 }} }},
]
expect = {{ scores = {{ range = 50, mean = 60, all = 50, spread = 24.4949 }} }}
"#,
        items.concat()
    ));
}

#[test]
fn a_mean_of_the_year_begins_with_the_first_month_in_post() {
    // 60 + 80 + 100 over three months; who came in February has two.
    let test = |months: u32, history: &str, mean: &str| {
        format!(
            r#"missing = "error"
[[indicators]]
id = "a"
weight = 100
curve = {{ kind = "manual" }}
[[pay.lines]]
id = "p"
amount = "total.mean('year') * 1 元"
[[tests]]
name = "t"
period = "2026-03"
manager = {{ id = "a", months = {months} }}
marks = {{ a = 100 }}
history = [{history}]
expect = {{ pay = {{ p = {mean} }} }}
"#
        )
    };
    let february = r#"{ period = "2026-02", total = 80 }"#;
    holds(&test(30, &format!(r#"{{ period = "2026-01", total = 60 }}, {february}"#), "80"));
    holds(&test(2, february, "90"));
}

#[test]
fn days_are_compared_and_counted_and_nothing_else_is_done_with_them() {
    let value = |value: &str| {
        found(&format!(
            "missing = \"zero\"\n[[indicators]]\nid = \"a\"\neach = \"facility\"\nvalue = \"{value}\"\n\
             [[pay.lines]]\nid = \"p\"\namount = \"value.a * 1 元\"\n"
        ))
    };
    assert_eq!(value("if(facility.drawn_on < facility.matures, 1, 0)"), [] as [&str; 0]);
    assert_eq!(value("year(facility.drawn_on) + month(2026-03-01)"), [] as [&str; 0]);
    for wrong in
        ["period.last - facility.drawn_on", "if(facility.drawn_on > 3, 1, 0)", "days(period.last, 3)"]
    {
        assert!(value(wrong).iter().all(|found| found == "bad-expression indicators[0].value"), "{wrong}");
        assert!(!value(wrong).is_empty(), "{wrong}");
    }
    // No client has what a facility has, and a test states a day as one.
    assert_eq!(
        found(
            "missing = \"zero\"\n[[indicators]]\nid = \"a\"\neach = \"client\"\nvalue = \"facility.rate\"\n\
             [[pay.lines]]\nid = \"p\"\namount = \"1 元\"\n"
        ),
        ["name-too-early indicators[0].value"]
    );
}

#[test]
fn a_power_has_the_unit_it_makes_and_money_has_no_root() {
    let line = |amount: &str| {
        found(&format!(
            "missing = \"zero\"\n[measures.fees]\nunit = \"元\"\nkind = \"flow\"\n\
             [[pay.lines]]\nid = \"p\"\namount = \"{amount}\"\n"
        ))
    };
    assert_eq!(line("pow(fees.sum, 2) / fees.sum"), [] as [&str; 0]);
    assert_eq!(line("sqrt(fees.sum * fees.sum)"), [] as [&str; 0]);
    assert_eq!(line("1 元 * pow(fees.sum / 3 元, 1/2)"), [] as [&str; 0]);
    assert_eq!(line("sqrt(fees.sum)"), ["units-do-not-fit pay.lines[0].amount"]);
    assert_eq!(line("pow(fees.sum, period.month)"), ["units-do-not-fit pay.lines[0].amount"]);
    assert_eq!(line("fees.sum * pow(2, 101)"), ["bad-expression pay.lines[0].amount"]);
    assert_eq!(line("1 元 * pow(2, fees.sum)"), ["units-do-not-fit pay.lines[0].amount"]);
}

#[test]
fn a_table_of_words_says_which_row_it_lacks() {
    let policy = |rows: &str, amount: &str| {
        format!(
            "missing = \"error\"\n[tables.price]\n{rows}\n[[pay.lines]]\nid = \"p\"\namount = \"{amount}\"\n"
        )
    };
    let by_grade = "1 元 * lookup('price', manager.grade)";
    let text = policy("rows = { junior = 1, senior = 2 }", by_grade)
        + "[[tests]]\nname = \"t\"\nperiod = \"2026-01\"\nmanager = { grade = \"juniour\" }\n\
           expect = { error = \"missing: p\" }\n";
    holds(&text);
    let outcomes = cases::run(&super::policies::policy("p.toml", &format!("{HEAD}{text}")));
    let reason = outcomes[0].card.unpaid[0].reason.get(Lang::En);
    assert!(reason.contains("`tables.price` has no row for `juniour`; the nearest is `junior`"), "{reason}");
    // A row's own cells come first: what a row does not name is not looked for in the others.
    holds(
        &(policy(
            "rows = { junior = { '东' = 1 }, else = 9 }",
            "1 元 * lookup('price', manager.grade, manager.branch)",
        ) + "[[tests]]\nname = \"t\"\nperiod = \"2026-01\"\nmanager = { grade = \"junior\", branch = \"西\" }\n\
               expect = { error = \"missing: p\" }\n\
               [[tests]]\nname = \"u\"\nperiod = \"2026-01\"\nmanager = { grade = \"other\", branch = \"西\" }\n\
               expect = { pay = { p = 9 } }\n"),
    );
    let wrong = [
        (
            "rows = { junior = 1 }",
            "1 元 * lookup('price', manager.grade, manager.branch)",
            "bad-expression pay.lines[0].amount",
        ),
        ("rows = { junior = { '东' = 1 } }", by_grade, "bad-expression pay.lines[0].amount"),
        ("rows = { junior = '1 元', senior = '2 户' }", by_grade, "units-do-not-fit pay.lines[0].amount"),
        ("rows = { junior = 1 }\nedges = [3]", by_grade, "bad-table tables.price"),
    ];
    for (rows, amount, finding) in wrong {
        assert_eq!(found(&policy(rows, amount)), [finding], "{rows}");
    }
    let tier = "missing = \"zero\"\n[tables.of]\nrows = { key = 1, kee = 2, else = 0 }\n[[indicators]]\nid = \"a\"\neach = \"client\"\n\
                value = \"lookup('of', client.tier)\"\n[[pay.lines]]\nid = \"p\"\namount = \"value.a * 1 元\"\n";
    assert_eq!(found(tier), ["unknown-name indicators[0].value"]);
    let curve = "missing = \"zero\"\n[tables.of]\nrows = { a = 1 }\n[[indicators]]\nid = \"i\"\nvalue = 1\nweight = 100\n\
                 curve = { kind = \"bands\", lookup = \"tables.of\" }\n";
    assert!(found(curve).contains(&"bad-table indicators[0].curve.lookup".to_owned()), "{:?}", found(curve));
}

#[test]
fn a_table_of_points_gives_the_height_between_them_in_an_expression() {
    let policy = |table: &str, amount: &str, rest: &str| {
        format!(
            "missing = \"error\"\n[measures.fees]\nunit = \"元\"\nkind = \"flow\"\n[tables.rate]\n{table}\n\
             [[pay.lines]]\nid = \"p\"\namount = \"{amount}\"\n{rest}"
        )
    };
    let case = |fees: &str, pay: &str| {
        format!(
            "[[tests]]\nname = \"{fees}\"\nperiod = \"2026-01\"\ninputs = {{ \"fees.sum\" = {fees} }}\n\
             expect = {{ pay = {{ p = {pay} }} }}\n"
        )
    };
    let by_fees = "fees.sum * lookup('tables.rate', fees.sum)";
    // 1 % up to 100, 3 % at 300, the same slope beyond: 200 earns 2 %, 400 earns 4 %, 50 what is stated below.
    let points = "points = [[100, '1%'], [300, '3%']]\nbelow = 0\nabove = 'extend'";
    let cases = [case("200", "4"), case("400", "16"), case("50", "0"), case("100", "1")].concat();
    holds(&policy(points, by_fees, &cases));
    let held = "points = [[100, '1%'], [300, '3%']]\nbelow = 'hold'\nabove = '10 元/百元'";
    holds(&policy(
        &held.replace("10 元/百元", "10%"),
        by_fees,
        &[case("50", "0.5"), case("400", "40")].concat(),
    ));
    let wrong = [
        ("points = [[100, '1%'], [300, '3%']]\nbelow = 0", by_fees, "bad-table pay.lines[0].amount"),
        (
            "points = [[300, '1%'], [100, '3%']]\nbelow = 0\nabove = 0",
            by_fees,
            "bad-table tables.rate.points",
        ),
        (
            "points = [[1], [100, '3%'], [300, '4%']]\nbelow = 0\nabove = 0",
            by_fees,
            "bad-table tables.rate.points[0]",
        ),
        (
            "points = [['1 户', '1%'], ['3 户', '3%']]\nbelow = 0\nabove = 0",
            by_fees,
            "units-do-not-fit pay.lines[0].amount",
        ),
        (
            "points = [[1, '1 元'], [3, '3 元']]\nbelow = 0\nabove = '1 户'",
            "lookup('rate', fees.sum / 1 元)",
            "units-do-not-fit pay.lines[0].amount",
        ),
        (
            "points = [[1, '1 元'], [3, '3 元']]\nbelow = 0\nabove = 0\nedges = [2]\nresults = [1, 2]",
            "lookup('rate', fees.sum / 1 元)",
            "bad-table tables.rate",
        ),
    ];
    for (table, amount, finding) in wrong {
        assert_eq!(found(&policy(table, amount, "")), [finding], "{table}");
    }
}

#[test]
fn a_gate_on_pay_acts_on_the_parts_of_a_pool_that_says_so() {
    let policy = |gated: &str, tests: &str| {
        format!(
            "missing = \"error\"\n[measures.merit]\nkind = \"flow\"\n[measures.npl]\nkind = \"ratio\"\n\
             [[gates]]\nid = \"g\"\non = \"pay\"\nmissing = \"error\"\nfactor = \"if(npl > 5%, 50%, 1)\"\n[[pay.lines]]\nid = \"p\"\n\
             pool = {{ of = \"1000 元\", by = \"merit.sum\", among = \"all\" }}\n{gated}\n{tests}"
        )
    };
    let inputs = |merit: u32, npl: &str| format!("inputs = {{ \"merit.sum\" = {merit}, npl = \"{npl}\" }}");
    let case = |peer: &str, expect: &str| {
        format!(
            "[[tests]]\nname = \"t\"\nperiod = \"2026-01\"\nmanager = {{ id = \"a\" }}\n{}\nexpect = {{ {expect} }}\n\
             peers = [{{ id = \"b\", {peer} }}, {{ id = \"c\", {} }}]\n",
            inputs(30, "1%"),
            inputs(40, "1%"),
        )
    };
    // 1,000 by 30, 30 × 50 % = 15 and 40, 85 together: 352.94, 176.47 and 470.59. Untouched: by 30, 30 and 40.
    let cut = inputs(30, "6%");
    holds(&policy("gated = true", &case(&cut, "pay = { p = 352.94, total = 352.94 }")));
    holds(&policy("gated = false", &case(&cut, "pay = { p = 300, total = 300 }")));
    // A gate that nobody can compute leaves the part open, and with it the pool.
    let open = "inputs = { \"merit.sum\" = 30 }";
    holds(&policy("gated = true", &case(open, "error = \"missing: p\"")));
    holds(&policy("gated = false", &case(open, "pay = { p = 300 }")));
    let without = "gate-beside-pool pay.lines[0]";
    let case = case(&cut, "pay = { p = 300 }");
    assert_eq!(found(&policy("", &case)), [without]);
    assert_eq!(found(&policy("gated = true", &case)), [] as [&str; 0]);
    assert_eq!(found(&policy("gated = false", &case)), [] as [&str; 0]);
    assert_eq!(found(&policy("", &case).replace("on = \"pay\"", "on = \"total\"")), [] as [&str; 0]);
}

#[test]
fn a_case_that_those_before_it_leave_nothing_is_found() {
    let of = |conditions: &[&str]| {
        let cases: Vec<String> =
            conditions.iter().map(|when| format!("{{ when = \"{when}\", score = 100 }}")).collect();
        let found = found(&format!(
            "missing = \"zero\"\n[constants]\non = 1\n[measures.calls]\nkind = \"count\"\n[measures.deals]\nkind = \"count\"\n\
             [[indicators]]\nid = \"i\"\nvalue = \"calls.count + on\"\ntarget = \"deals.count\"\nweight = 100\n\
             curve = {{ kind = \"cases\", cases = [{}], else = 0 }}\n",
            cases.join(", ")
        ));
        let numbers = found.iter().filter_map(|it| {
            it.strip_prefix("unreachable-case indicators[0].curve.cases[")?.strip_suffix("].when")
        });
        numbers.map(|number| number.parse().unwrap()).collect::<Vec<usize>>()
    };
    let reached = [
        &["x >= 80", "x >= 60"][..],
        &["x > 60", "x >= 60"],
        &["x >= 80 and deals.count > 3", "x >= 80"],
        &["x >= target", "x >= target * 80%"],
        &["x in [1, 2]", "x <= 2"],
        &["manager.grade == 'junior'", "manager.grade != 'senior'"],
        &["x < 3", "x > 5", "x >= 3"],
        &["not (x > 5)", "x > 5"],
    ];
    for conditions in reached {
        assert_eq!(of(conditions), [] as [usize; 0], "{conditions:?}");
    }
    let beyond: [(&[&str], &[usize]); 11] = [
        (&["x >= 60", "x >= 80"], &[1]),
        (&["x >= 60", "60 <= x"], &[1]),
        (&["x >= 60", "x > 60 and deals.count > 3"], &[1]),
        (&["x >= target", "target <= x"], &[1]),
        (&["x < 3", "x > 5", "x >= 3", "x == 4"], &[3]),
        (&["x <= 5 or deals.count > 3", "x < 5"], &[1]),
        (&["on == 1", "x > 5"], &[1]),
        (&["x > 5 and x < 3"], &[0]),
        (&["manager.grade in ['junior', 'senior']", "manager.grade == 'senior'"], &[1]),
        (&["not (x > 5)", "x > 5", "deals.count > 3"], &[2]),
        (&["x >= 1 + 1", "x >= 2 and known(deals.count)"], &[1]),
    ];
    for (conditions, expected) in beyond {
        assert_eq!(of(conditions), expected, "{conditions:?}");
    }
}

#[test]
fn a_rule_of_promotion_that_one_before_it_takes_is_found() {
    let of = |moves: &[&str]| {
        let moves: String =
            moves.iter().map(|step| format!("[[promotion]]\nto = \"expert\"\n{step}\n")).collect();
        found(&format!(
            "missing = \"zero\"\ntotal = {{ min = 0 }}\n[[indicators]]\nid = \"i\"\nweight = 100\ncurve = {{ kind = \"manual\" }}\n{moves}"
        ))
    };
    let shadowed = ["shadowed-move promotion[1]"];
    let junior = "from = \"junior\"\nall = [\"total >= 80\"]";
    let strict = "from = \"junior\"\nall = [\"total >= 90\", \"manager.months > 12\"]";
    assert_eq!(of(&[junior, strict]), shadowed);
    assert_eq!(of(&["all = [\"total >= 80\"]", strict]), shadowed);
    assert_eq!(of(&[junior, &format!("{strict}\nconsecutive = 2")]), shadowed);
    assert_eq!(of(&[junior, "all = [\"total >= 80\", \"manager.grade == 'junior'\"]"]), shadowed);
    let running = |count: u32| format!("{junior}\nconsecutive = {count}");
    assert_eq!(of(&[&running(2), &running(3)]), shadowed);
    let none: [&str; 0] = [];
    assert_eq!(of(&[strict, junior]), none);
    assert_eq!(of(&[junior, "from = \"senior\"\nall = [\"total >= 90\"]"]), none);
    assert_eq!(of(&[junior, "all = [\"total >= 90\"]"]), none);
    assert_eq!(of(&[&running(3), &running(2)]), none);
    assert_eq!(of(&[&format!("{junior}\nmin_months = 12"), strict]), none);
    assert_eq!(of(&[&format!("{junior}\ntimes = 2\nwithin = 3"), &running(2)]), none);
}

#[test]
fn weights_of_rater_groups_make_a_whole() {
    let of = |weights: [&str; 2]| {
        let [superior, peer] = weights;
        found(&format!(
            "missing = \"zero\"\n[[indicators]]\nid = \"i\"\nweight = 100\ncurve = {{ kind = \"rating\", missing_group = \"spread\", \
             groups = [{{ group = \"superior\", weight = {superior} }}, {{ group = \"peer\", weight = {peer} }}] }}\n"
        ))
    };
    assert_eq!(of(["60", "40"]), [] as [&str; 0]);
    assert_eq!(of(["'60%'", "0.4"]), [] as [&str; 0]);
    assert_eq!(of(["60", "30"]), ["rater-weights indicators[0].curve.groups"]);
    assert_eq!(of(["'60%'", "40"]), ["rater-weights indicators[0].curve.groups"]);
}

#[test]
fn a_test_expects_a_place_among_its_peers() {
    let policy = |expect: &str| {
        format!(
            "missing = \"error\"\n[ranking]\neligible = \"fees.sum > 0\"\n[measures.fees]\nunit = \"元\"\nkind = \"flow\"\n\
             [[indicators]]\nid = \"i\"\nvalue = \"fees.sum\"\nweight = 100\n\
             curve = {{ kind = \"formula\", score = \"fees.sum / 1 元\" }}\n\
             [[tests]]\nname = \"t\"\nperiod = \"2026-01\"\nmanager = {{ id = \"b\", team = \"x\" }}\n\
             inputs = {{ \"fees.sum\" = 20 }}\nexpect = {{ {expect} }}\npeers = [\n\
             {{ id = \"a\", team = \"y\", inputs = {{ \"fees.sum\" = 30 }} }},\n\
             {{ id = \"c\", inputs = {{ \"fees.sum\" = 20 }} }}, {{ id = \"d\", inputs = {{ \"fees.sum\" = 0 }} }}]\n"
        )
    };
    // 30 stands before 20 twice; in the team nobody stands before 20.
    holds(&policy("rank = 2"));
    holds(&policy("rank = { all = 2, team = 1 }"));
    let differs = |expect: &str| {
        let outcomes = cases::run(&super::policies::policy("p.toml", &format!("{HEAD}{}", policy(expect))));
        let told = outcomes[0].differences.iter();
        told.map(|it| format!("{}: {} / {}", it.what, it.expected, it.got)).collect::<Vec<_>>()
    };
    assert_eq!(differs("rank = 1"), ["rank: 1 / 2"]);
    assert_eq!(differs("rank = { team = 2 }"), ["rank.team: 2 / 1"]);
    assert_eq!(differs("rank = \"none\""), ["rank: none / 2"]);
    assert_eq!(found(&policy("rank = { teem = 1 }")), ["unused-input tests[0].expect.rank.teem"]);
    let nothing =
        policy("rank = \"none\"").replace("{ \"fees.sum\" = 20 }\nexpect", "{ \"fees.sum\" = 0 }\nexpect");
    holds(&nothing);
}

#[test]
fn the_pay_of_members_is_known_before_that_of_who_leads_them() {
    let lines = "missing = \"error\"\n[measures.fees]\nunit = \"元\"\nkind = \"flow\"\n\
                 [[pay.lines]]\nid = \"own\"\namount = \"fees.sum\"\n\
                 [[pay.lines]]\nid = \"led\"\nwhen = \"manager.role != 'rm'\"\namount = \"members.sum('pay') * 10%\"\n";
    let test = |peers: &str, expect: &str| {
        format!(
            "{lines}[[tests]]\nname = \"t\"\nperiod = \"2026-01\"\n\
             manager = {{ id = \"a\", role = \"head\", members = [\"b\", \"c\"] }}\ninputs = {{ \"fees.sum\" = 10 }}\n\
             peers = [{peers}]\nexpect = {{ {expect} }}\n"
        )
    };
    let one = |id: &str, fees: u32| {
        format!("{{ id = \"{id}\", role = \"rm\", inputs = {{ \"fees.sum\" = {fees} }} }}")
    };
    // 10 + 10 % of 100 + 50; who is not scored by the policy is not among them.
    holds(&test(&[one("b", 100), one("c", 50)].join(", "), "pay = { own = 10, led = 15, total = 25 }"));
    holds(&test(&one("b", 100), "pay = { led = 10 }"));
    // While one member's pay is open, nobody knows the sum.
    holds(&test(&format!("{}, {{ id = \"c\", role = \"rm\" }}", one("b", 100)), "error = \"missing: led\""));
    // A line that looks at a line above takes it from those who have it.
    let of_line = test(&[one("b", 100), one("c", 50)].join(", "), "pay = { led = 15 }")
        .replace("sum('pay')", "sum('pay.own')");
    holds(&of_line);
    assert_eq!(found(&of_line.replace("pay.own", "pay.led")), ["unknown-name pay.lines[1].amount"]);
    let early = of_line.replace(
        "[[pay.lines]]\nid = \"own\"",
        "[[indicators]]\nid = \"i\"\nvalue = \"members.sum('pay')\"\n[[pay.lines]]\nid = \"own\"",
    );
    assert_eq!(found(&early), ["name-too-early indicators[0].value"]);
}

#[test]
fn a_condition_that_no_period_meets_is_found() {
    let line = |head: &str, when: &str| {
        found(&format!(
            "missing = \"zero\"\n{head}\n[[pay.lines]]\nid = \"p\"\namount = \"1 元\"\nwhen = \"{when}\"\n"
        ))
    };
    let never = ["condition-never-holds pay.lines[0].when"];
    assert_eq!(line("roll_up = \"mean\"", "period.months == 12"), never);
    assert_eq!(line("roll_up = \"recompute\"", "period.months == 12"), [] as [&str; 0]);
    assert_eq!(line("roll_up = \"recompute\"", "period.months == 12 and period.month == 6"), never);
    assert_eq!(line("roll_up = \"mean\"", "period.month == 12"), [] as [&str; 0]);
    assert_eq!(line("", "period.quarter == 1 and period.month > 3"), never);
    assert_eq!(line("", "manager.role == 'a' and manager.role == 'b'"), never);
    assert_eq!(line("", "manager.months >= 240"), [] as [&str; 0]);
    assert_eq!(line("", "manager.role != 'a'"), [] as [&str; 0]);
}

#[test]
fn conditions_that_hold_together_under_a_variant_are_found() {
    let text = |of_b: &str| {
        format!(
            "missing = \"zero\"\n\
             [[indicators]]\nid = \"a\"\nweight = 100\nwhen = \"manager.months < 12\"\ncurve = {{ kind = \"manual\" }}\n\
             [[indicators]]\nid = \"b\"\nweight = 100\nwhen = \"manager.months >= 12\"\ncurve = {{ kind = \"manual\" }}\n\
             [[variants]]\nwhen = \"manager.role == 'x'\"\nindicators = [{{ id = \"b\", when = \"{of_b}\" }}]\n"
        )
    };
    assert_eq!(found(&text("manager.months >= 12 and manager.grade == 'j'")), [] as [&str; 0]);
    assert_eq!(found(&text("manager.months >= 6")), ["conditions-overlap variants[0].indicators"]);
}

#[test]
fn an_amount_whose_unit_nothing_states_is_found() {
    let line = |head: &str, amount: &str| {
        let text = format!(
            "title = \"P\"\nscheme = \"s\"\neffective = 2026-01-01\nperiod = \"month\"\nmissing = \"zero\"\n{head}\n\
             [[pay.lines]]\nid = \"p\"\namount = {amount}\n"
        );
        let (_, findings) = judged("p.toml", &text);
        findings.iter().map(|finding| format!("{} {}", finding.rule.name, at(finding))).collect::<Vec<_>>()
    };
    assert_eq!(line("", "800"), ["money-unstated pay.lines[0].amount"]);
    assert_eq!(line("", "\"if(fee_income.sum > 500, 1 元, 2 元)\""), ["money-unstated pay.lines[0].amount"]);
    assert_eq!(line("money = \"元\"", "800"), [] as [&str; 0]);
    assert_eq!(line("", "\"800 元\""), [] as [&str; 0]);
    assert_eq!(line("", "\"fee_income.sum * 5%\""), [] as [&str; 0]);
}

#[test]
fn what_weighs_nothing_need_not_reach_full_marks() {
    let of = |weight: u32| {
        format!(
            "missing = \"zero\"\n[[indicators]]\nid = \"a\"\nweight = 100\ncurve = {{ kind = \"manual\" }}\n\
             [[indicators]]\nid = \"factor\"\nvalue = \"manager.months\"\nweight = {weight}\n\
             curve = {{ kind = \"bands\", edges = [12], results = [0.8, 1.2], included = \"lower\" }}\n\
             [[pay.lines]]\nid = \"p\"\namount = \"100 元 * score.factor\"\n"
        )
    };
    assert_eq!(found(&of(0)), [] as [&str; 0]);
}

#[test]
fn a_test_that_expects_nothing_is_found() {
    let test = |expect: &str| {
        found(&format!(
            "[[pay.lines]]\nid = \"p\"\namount = \"1 元\"\n[[tests]]\nname = \"t\"\nperiod = \"2026-01\"\nexpect = {expect}\n"
        ))
    };
    assert_eq!(test("{}"), ["test-of-nothing tests[0].expect"]);
    assert_eq!(test("{ pay = { p = 1 } }"), [] as [&str; 0]);
}

#[test]
fn those_tied_share_what_the_shares_give_their_places() {
    let policy = |ties: &str, others: &str, score: &str| {
        let peers: Vec<String> = others
            .split(' ')
            .enumerate()
            .map(|(at, value)| format!("{{ id = \"p{at}\", inputs = {{ \"fees.sum\" = {value} }} }}"))
            .collect();
        format!(
            "missing = \"zero\"\n[measures.fees]\nkind = \"flow\"\n[[indicators]]\nid = \"a\"\nvalue = \"fees.sum\"\nweight = 100\n\
             curve = {{ kind = \"rank\", group = \"all\", ties = \"{ties}\", shares = [{{ share = \"30%\", score = 100 }}, \
             {{ share = \"40%\", score = 80 }}, {{ share = \"30%\", score = 60 }}] }}\n\
             [[tests]]\nname = \"t\"\nperiod = \"2026-01\"\nmanager = {{ id = \"me\" }}\ninputs = {{ \"fees.sum\" = 5 }}\n\
             peers = [{}]\nexpect = {{ scores = {{ a = {score} }} }}\n",
            peers.join(", ")
        )
    };
    // Of ten, three places give 100, four 80, three 60. Four tied on places 3 to 6: (100 + 3 × 80) / 4.
    let four = "9 8 5 5 5 4 3 2 1";
    holds(&policy("average", four, "85"));
    holds(&policy("min", four, "100"));
    // All ten tied: what the shares give together, (300 + 320 + 180) / 10.
    holds(&policy("average", "5 5 5 5 5 5 5 5 5", "80"));
    holds(&policy("min", "5 5 5 5 5 5 5 5 5", "100"));
    // Nobody is tied.
    holds(&policy("average", "9 8 7 6 4 3 2 1 0", "80"));
}

/// What is said of how to mend what is found in a policy.
fn mends(text: &str) -> String {
    let (_, findings) = judged("p.toml", &format!("{HEAD}{text}"));
    let mends = findings.iter().filter_map(|finding| finding.help.as_ref());
    mends.map(|mend| mend.get(Lang::En)).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_is_wrong_is_said_with_the_way_to_mend_it() {
    let lines = "missing = \"zero\"\n[[pay.lines]]\nid = \"a\"\n";
    for (text, expected) in [
        (
            "amount = \"pay.b + 1 元\"\n[[pay.lines]]\nid = \"b\"\namount = \"1 元\"\n",
            "put `b` before this one",
        ),
        ("amount = \"1 元\"\nwhen = \"manager.months > 3 && manager.months < 9\"\n", "write `and`"),
        ("amount = \"1 元\"\nwhen = \"!manager.risk_taker\"\n", "write `not`"),
        (
            "amount = \"1 元\"\n[pay.deferral]\nshare = \"40%\"\nyears = [30, 30, 40]\n",
            "percentages have their sign: `[\"30%\", \"30%\", \"40%\"]`",
        ),
        ("amount = \"3 户 + 2 元\"\n", "bring both to one unit"),
    ] {
        let mends = mends(&format!("{lines}{text}"));
        assert!(mends.contains(expected), "{text}: {mends}");
    }
    let input = "amount = \"deposits.average * 1%\"\n[[tests]]\nname = \"t\"\nperiod = \"2026-01\"\n\
                 inputs = { dep = 5 }\nexpect = { pay = { a = \"1 元\" } }\n";
    assert!(mends(&format!("{lines}{input}")).contains("deposits.average"));
}

#[test]
fn an_aggregate_that_a_metric_has_no_meaning_for_is_refused() {
    let item = |value: &str| {
        found(&format!("missing = \"zero\"\n[[indicators]]\nid = \"i\"\nvalue = \"{value}\"\n"))
    };
    for value in ["npl_ratio.min", "npl_ratio.average", "clients.average", "drawn.max", "hit_rate.average"] {
        assert_eq!(item(value), ["unknown-name indicators[0].value"], "{value}");
    }
    for value in ["npl_ratio", "npl_ratio.end", "clients.count", "clients.end", "drawn.average", "visits.max"]
    {
        assert_eq!(item(value), [] as [&str; 0], "{value}");
    }
    // A measure of the policy's own takes what its kind takes, and one called like a metric what that one takes.
    let own = |name: &str, kind: &str, value: &str| {
        found(&format!(
            "missing = \"zero\"\n[measures.{name}]\nunit = \"户\"\nkind = \"{kind}\"\n[[indicators]]\nid = \"i\"\nvalue = \"{value}\"\n"
        ))
    };
    assert_eq!(own("cards", "flow", "cards.max"), [] as [&str; 0]);
    assert_eq!(own("cards", "flow", "cards.end"), ["unknown-name indicators[0].value"]);
    assert_eq!(own("clients", "count", "clients.average"), ["unknown-name indicators[0].value"]);
}

const PRORATED: &str = "missing = \"error\"\nzero_target = \"zero\"\npartial = { prorate = \"target\", by = \"days\" }\n\
    [measures.recovery]\nunit = \"%\"\nkind = \"ratio\"\n[measures.fees]\nunit = \"元\"\nkind = \"flow\"\n\
    [measures.balance]\nunit = \"元\"\nkind = \"balance\"\n";

#[test]
fn only_targets_of_what_grows_with_the_time_in_post_shrink_with_it() {
    let items = [
        ("rate", "recovery", "95%", ""),
        ("quotient", "fees.sum / balance.average", "2%", ""),
        ("fees", "fees.sum", "targets.fees", ""),
        ("raised", "fees.sum", "targets.fees * 1.1 + 10 元", ""),
        ("average", "balance.average", "1000 元", ""),
        ("end", "balance.end", "1000 元", ""),
        ("clients", "clients", "4 户", ""),
        ("visits", "visits", "4 次", ""),
        ("each", "fees.sum / clients", "100 元/户", ""),
        ("held", "balance.end / clients", "100 元/户", ""),
        ("team", "team.fees.sum", "1000 元", ""),
        ("served", "fees.sum", "targets.fees * manager.active", ""),
        ("of_item", "value.fees * 2", "targets.fees * 2", ""),
        ("kept", "fees.sum", "targets.fees", "prorate = false"),
        ("told", "clients", "4 户", "prorate = true"),
    ];
    let items: String = items
        .into_iter()
        .map(|(id, value, target, more)| {
            format!("[[indicators]]\nid = \"{id}\"\nvalue = \"{value}\"\ntarget = \"{target}\"\n{more}\n")
        })
        .collect();
    // Fourteen of the 28 days of February.
    holds(&format!(
        "{PRORATED}{items}[[tests]]\nname = \"a joiner\"\nperiod = \"2026-02\"\nmanager = {{ active_days = 14 }}\n\
         inputs = {{ recovery = \"95%\", \"fees.sum\" = 150, \"balance.average\" = 500, \"balance.end\" = 1000, clients = 4, visits = 2 }}\n\
         team = {{ \"fees.sum\" = 900 }}\ntargets = {{ fees = 300 }}\n\
         expect = {{ targets = {{ rate = \"95%\", quotient = \"2%\", fees = 150, raised = 170, average = 500, end = 1000, clients = 4, visits = 2, \
         each = 50, held = 100, team = 1000, served = 150, of_item = 300, kept = 300, told = 2 }} }}\n"
    ));
}

#[test]
fn a_value_of_both_kinds_has_to_say_whether_its_target_shrinks() {
    let item = |value: &str, more: &str| {
        found(&format!(
            "{PRORATED}[[indicators]]\nid = \"i\"\nvalue = \"{value}\"\n{more}\n[[indicators]]\nid = \"j\"\nvalue = \"recovery\"\n"
        ))
    };
    let target = "target = \"100 元\"";
    assert_eq!(item("fees.sum + balance.end", target), ["unstated-rule indicators[0]"]);
    assert_eq!(item("fees.sum + balance.end", &format!("{target}\nprorate = true")), [] as [&str; 0]);
    assert_eq!(item("max(fees.sum + balance.average, 0 元)", target), [] as [&str; 0]);
    assert_eq!(
        item("fees.sum", "prorate = true"),
        ["incomplete-entry indicators[0].prorate", "unused-definition measures.balance"]
    );
}

#[test]
fn who_is_in_a_grade_for_an_unknown_time_is_neither_long_nor_short_enough_for_a_move() {
    let test = |manager: &str, expect: &str| {
        format!(
            "missing = \"error\"\n[measures.loans]\nunit = \"元\"\nkind = \"flow\"\n[[indicators]]\nid = \"x\"\nweight = 100\nvalue = \"loans.sum\"\n\
             curve = {{ kind = \"formula\", score = \"x / 1 元\" }}\n[[promotion]]\nfrom = \"mid\"\nto = \"senior\"\nall = [\"total >= 80\"]\nmin_months = 12\n\
             [[tests]]\nname = \"t\"\nperiod = \"2026-02\"\nmanager = {{ grade = \"mid\", {manager} }}\ninputs = {{ \"loans.sum\" = 90 }}\nexpect = {{ {expect} }}\n"
        )
    };
    holds(&test("months = 30, grade_months = 12", "promotion = \"senior\""));
    holds(&test("months = 30, grade_months = 11", "promotion = \"none\""));
    holds(&test("months = 30", "promotion = \"none\", error = \"missing: senior\""));
    // Eleven months with the bank are no twelve in the grade.
    holds(&test("months = 11", "promotion = \"none\""));
}

#[test]
fn a_mean_of_shorter_periods_takes_its_place_among_those_of_the_others() {
    let test = |beside: [u32; 2], expect: &str| {
        format!(
            "roll_up = \"mean\"\nmissing = \"error\"\n[measures.loans]\nunit = \"元\"\nkind = \"flow\"\n[[indicators]]\nid = \"x\"\nweight = 100\nvalue = \"loans.sum\"\n\
             curve = {{ kind = \"formula\", score = \"x / 1 元\" }}\n[[ratings]]\nid = \"A\"\nall = [\"rank.all <= 1\", \"size.all == 2\"]\n[[ratings]]\nid = \"B\"\n\
             [[tests]]\nname = \"t\"\nperiod = \"2026-Q1\"\nmanager = {{ id = \"a\" }}\nhistory = [\
             {{ period = \"2026-01\", total = 90, peers = [{{ id = \"b\", total = {} }}] }},\
             {{ period = \"2026-02\", total = 80, peers = [{{ id = \"b\", total = {} }}] }}]\nexpect = {{ total = 85, {expect} }}\n",
            beside[0], beside[1]
        )
    };
    holds(&test([95, 70], "rating = \"A\", rank = 1"));
    // 86 is more than 85.
    holds(&test([95, 77], "rating = \"B\", rank = 2"));
}
