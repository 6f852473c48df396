//! Clauses that decide at the edges: nothing of what should stay small, a target of zero, few answers, numbers that outgrow
//! what is counted with; and figures that do not belong where they stand. Worked out by hand.

use crate::language::{HEAD, found, holds};
use crate::policies::judged;

/// An indicator `x` with a test that states the value `n.sum`.
fn of(curve: &str, tests: &[(&str, &str)]) -> String {
    let tests: Vec<String> = tests
        .iter()
        .map(|(input, expect)| {
            format!(
                "[[tests]]\nname = \"{input}\"\nperiod = \"2026-03\"\ninputs = {{ \"n.sum\" = {input} }}\nexpect = {{ {expect} }}\n"
            )
        })
        .collect();
    format!(
        "missing = \"error\"\n[measures.n]\nkind = \"flow\"\n[[indicators]]\nid = \"x\"\nweight = 100\n{curve}\n{}",
        tests.concat()
    )
}

const NONE: [&str; 0] = [];

#[test]
fn nothing_at_all_of_what_should_stay_small_is_worth_what_the_policy_states() {
    let ratio = |max: &str| {
        format!(
            "value = \"n.sum\"\ntarget = 2\ncurve = {{ kind = \"ratio\", better = \"lower\", zero_target = \"error\"{max} }}"
        )
    };
    assert_eq!(found(&of(&ratio(""), &[])), ["unstated-rule indicators[0].curve"]);
    // 2 / 4 is half of full marks, 2 / 1 is cut to 1.5, and nothing is no worse than that.
    holds(&of(&ratio(", max = 1.5"), &[("4", "total = 50"), ("1", "total = 150"), ("0", "total = 150")]));
    // Where more is better, completion may stay unbounded.
    let higher = ratio("").replace(", better = \"lower\"", "");
    holds(&of(&higher, &[("0", "total = 0"), ("5", "total = 250")]));
}

#[test]
fn a_tolerance_of_nothing_is_judged_before_what_happened() {
    let curve = |target: &str, zero: &str| {
        format!(
            "value = \"n.sum\"\ntarget = \"{target}\"\ncurve = {{ kind = \"tolerance\", none = 110, zero_target = \"{zero}\" }}"
        )
    };
    let nothing = "if(period.month == 3, 0, 1)";
    holds(&of(&curve(nothing, "zero"), &[("0", "total = 0"), ("1", "total = 0")]));
    holds(&of(&curve(nothing, "full"), &[("0", "total = 100"), ("1", "total = 100")]));
    holds(&of(&curve(nothing, "error"), &[("0", "error = \"zero-target: x\"")]));
    // Of four that are tolerated, one leaves three quarters; where none happened, `none` is given.
    holds(&of(&curve("4", "error"), &[("1", "total = 75"), ("0", "total = 110")]));
}

#[test]
fn one_answer_more_never_leaves_a_group_without_enough() {
    let case = |scores: &[u32], expect: &str| {
        let ratings = scores.iter().map(|score| format!("{{ group = \"peer\", score = {score} }}"));
        format!(
            "[[tests]]\nname = \"{}\"\nperiod = \"2026-03\"\nratings = [{}]\nexpect = {{ {expect} }}\n",
            scores.len(),
            ratings.collect::<Vec<_>>().join(", ")
        )
    };
    let policy = "missing = \"error\"\n[[indicators]]\nid = \"r\"\nweight = 100\n\
        curve = { kind = \"rating\", trim = 1, missing_group = \"fail\", groups = [{ group = \"peer\", weight = 100, fewest = 2 }] }\n";
    // Of three and more the lowest and the highest are left out, and who gave them has answered all the same.
    holds(&format!(
        "{policy}{}{}{}{}",
        case(&[80], "error = \"missing: r\""),
        case(&[80, 90], "total = 85"),
        case(&[80, 85, 90], "total = 85"),
        case(&[60, 80, 90, 100], "total = 85"),
    ));
}

#[test]
fn a_score_that_outgrows_what_is_counted_with_is_an_error_of_the_item() {
    let large = "value = \"n.sum * 900000000000000 * 10000000000000\"";
    for curve in [
        "target = 1\ncurve = { kind = \"ratio\", zero_target = \"error\" }",
        "target = 1\ncurve = { kind = \"tolerance\", zero_target = \"error\" }",
        "target = 1\ncurve = { kind = \"neutral\", slope_up = 100, slope_down = 1 }",
        "target = 1\ncurve = { kind = \"anchor\", step = 1, up = 100, down = 1 }",
        "target = 1\ncurve = { kind = \"window\", half_width = 1, better = \"lower\" }",
        "curve = { kind = \"per-unit\", unit = 1, points = 100 }",
        "curve = { kind = \"piecewise\", points = [[0, 0], [1, 100]], below = 0, above = \"extend\" }",
        "target = 1\ncurve = [{ kind = \"ratio\", zero_target = \"error\" }, { kind = \"round\", places = 2 }, { kind = \"per-unit\", unit = 1, points = 100 }]",
    ] {
        holds(&of(
            &format!("{large}\n{curve}"),
            &[("1", "error = \"overflow: x\""), ("0", "demotion = \"none\"")],
        ));
    }
    let events = "curve = { kind = \"event\", events = [{ count = \"n.sum * 900000000000000 * 10000000000000\", points = 100 }] }";
    holds(&of(events, &[("1", "error = \"overflow: x\""), ("0", "total = 0")]));
}

#[test]
fn a_chain_of_one_operator_is_limited_as_brackets_are() {
    let value = |terms: usize| {
        let chain = vec!["n.sum"; terms].join(" + ");
        format!("value = \"{chain}\"\ncurve = {{ kind = \"per-unit\", unit = 1, points = 1 }}")
    };
    assert_eq!(found(&of(&value(5000), &[])), ["bad-expression indicators[0].value"]);
    assert_eq!(found(&of(&value(200), &[])), ["bad-expression indicators[0].value"]);
    // 120 times one half.
    holds(&of(&value(120), &[("0.5", "total = 60")]));
    // In brackets, a longer sum is no deeper.
    let half = format!("({})", vec!["n.sum"; 100].join(" + "));
    let both =
        format!("value = \"{half} + {half}\"\ncurve = {{ kind = \"per-unit\", unit = 1, points = 1 }}");
    holds(&of(&both, &[("0.5", "total = 100")]));
    // Constants that stand in each other add up.
    let chain = |of: &str| format!("{of}{}", " + 1".repeat(100));
    let nested = format!(
        "value = \"n.sum * k\"\ncurve = {{ kind = \"per-unit\", unit = 1, points = 1 }}\n[constants]\nj = \"{}\"\nk = \"{}\"\n",
        chain("1"),
        chain("j")
    );
    assert!(found(&of(&nested, &[])).concat().contains("bad-expression"));
}

#[test]
fn a_flow_stands_against_a_base_of_as_many_months() {
    let policy = |period: &str, value: &str| {
        of(
            &format!(
                "value = \"{value}\"\ncurve = {{ kind = \"per-unit\", unit = 1, points = 1, max = 100 }}\n[measures.dep]\nkind = \"balance\"\n"
            ),
            &[],
        )
        .replacen("missing", &format!("period = \"{period}\"\nmissing"), 1)
    };
    let found = |period: &str, value: &str| {
        let found = judged(
            "p.toml",
            &format!(
                "title = \"P\"\nscheme = \"s\"\neffective = 2026-01-01\nmoney = \"元\"\n{}",
                policy(period, value)
            ),
        );
        found
            .1
            .iter()
            .map(|finding| finding.rule.name)
            .filter(|name| *name == "flow-of-another-length")
            .count()
    };
    assert_eq!(found("quarter", "n.sum - n.sum@base"), 1);
    assert_eq!(found("quarter", "(n.sum - n.sum@year_start) / n.sum@year_start"), 1);
    assert_eq!(found("month", "n.sum.year_to_date - n.sum@year_start"), 1);
    assert_eq!(found("month", "n.sum@last_year - n.sum@year_start"), 1);
    // A month against a month, means, what stands at the end, and stretches of one length.
    assert_eq!(found("month", "n.sum - n.sum@base"), 0);
    assert_eq!(found("quarter", "n.sum.last_1_months - n.sum@year_start"), 0);
    assert_eq!(found("quarter", "n.average - n.average@base"), 0);
    assert_eq!(found("quarter", "dep.average - dep.average@base"), 0);
    assert_eq!(found("quarter", "n.sum - n.sum@previous"), 0);
    assert_eq!(found("quarter", "n.sum - n.sum@year_start * 3"), 0);
}

#[test]
fn what_goes_over_records_adds_up_figures_of_theirs() {
    let policy = |value: &str| {
        format!(
            "missing = \"zero\"\n[measures.dep]\nkind = \"flow\"\n[[indicators]]\nid = \"s\"\neach = \"client\"\nvalue = \"{value}\"\nweight = 100\n\
             curve = {{ kind = \"per-unit\", unit = 1, points = 1, max = 100 }}\n"
        )
    };
    let told = ["term-of-no-record indicators[0].value"];
    assert_eq!(found(&policy("team.dep.sum")), told);
    assert_eq!(found(&policy("dep.sum - targets.dep")), told);
    assert_eq!(found(&policy("dep.sum - (unit.dep.sum * 2)")), told);
    // A rate that holds for all of them, and a part that each client has to pass.
    assert_eq!(found(&policy("dep.sum * unit.dep.sum")), NONE);
    assert_eq!(found(&policy("max(dep.sum - 5, 0)")), NONE);
    assert_eq!(found(&policy("dep.sum - 5")), NONE);
    // A plain number counts the records.
    assert_eq!(found(&policy("if(dep.sum > 5, 1, 0) + 1")), NONE);
}

#[test]
fn two_variants_whose_conditions_plainly_meet_are_found_without_a_book() {
    let variants = |first: &str, second: &str, third: &str| {
        format!(
            "{third}[[pay.lines]]\nid = \"a\"\namount = \"1 元\"\n[[variants]]\nwhen = '{first}'\npay = {{ min = \"1 元\" }}\n\
             [[variants]]\nwhen = '{second}'\npay = {{ min = \"2 元\" }}\n"
        )
    };
    let clashes = |first: &str, second: &str| {
        let found = found(&variants(first, second, ""));
        found.iter().filter(|found| *found == "clashing-variants variants[1].when").count()
    };
    assert_eq!(
        clashes("manager.grade == 'a'".replace('\'', "\"").as_str(), "manager.grade in [\"a\", \"c\"]"),
        1
    );
    assert_eq!(clashes("manager.role == \"x\"", "manager.role == \"x\" and manager.grade == \"a\""), 1);
    assert_eq!(clashes("manager.grade != \"a\"", "manager.grade == \"b\""), 1);
    // They exclude each other, or nobody but a book knows whether they meet.
    assert_eq!(clashes("manager.grade == \"a\"", "manager.grade in [\"b\", \"c\"]"), 0);
    assert_eq!(clashes("manager.grade == \"a\"", "manager.grade != \"a\""), 0);
    assert_eq!(clashes("manager.grade != \"a\"", "manager.grade != \"b\""), 0);
    assert_eq!(clashes("manager.role == \"x\"", "manager.team == \"t\""), 0);
    assert_eq!(
        clashes(
            "manager.grade == \"a\" and manager.role == \"x\"",
            "manager.grade == \"a\" and manager.role != \"x\""
        ),
        0
    );
    assert_eq!(
        clashes(
            "manager.grade == \"a\" and manager.months < 6",
            "manager.grade == \"a\" and manager.months >= 6"
        ),
        0
    );
    // Whom the policy is not for, no variant holds for; and other keys are no clash.
    let applies = "applies = 'manager.grade != \"a\"'\n";
    let within = variants("manager.grade == \"a\"", "manager.grade in [\"a\", \"c\"]", applies);
    assert!(!found(&within).concat().contains("clashing-variants"));
    let other = variants("manager.grade == \"a\"", "manager.grade in [\"a\", \"c\"]", "")
        .replace("min = \"2 元\"", "max = \"2 元\"");
    assert!(!found(&other).concat().contains("clashing-variants"));
}

#[test]
fn a_constant_has_a_value_in_every_period_that_needs_it() {
    let policy = |missing: &str, rows: &str| {
        let missing = format!("missing = \"{missing}\"");
        of("value = \"n.sum * k\"\ncurve = { kind = \"per-unit\", unit = 1, points = 1, max = 100 }", &[])
            .replacen("missing = \"error\"", &missing, 1)
            + &format!("[constants]\nk = {{ {rows} }}\n")
    };
    let told = ["period-without-row constants.k"];
    assert_eq!(found(&policy("skip", "by = \"quarter\", 1 = 1, 2 = 2")), told);
    assert_eq!(found(&policy("error", "by = \"quarter\", 1 = 1, 3 = 2")), told);
    // A rate may be added once it is known, where its lack is told.
    assert_eq!(found(&policy("error", "by = \"quarter\", 1 = 1, 2 = 2")), NONE);
    assert_eq!(found(&policy("skip", "by = \"quarter\", 1 = 1, else = 2")), NONE);
    assert_eq!(found(&policy("skip", "by = \"quarter\", 1 = 1, 2 = 2, 3 = 3, 4 = 4")), NONE);
    let first_half = format!("until = 2026-06-30\n{}", policy("skip", "by = \"quarter\", 1 = 1, 2 = 2"));
    assert_eq!(found(&first_half), NONE);
}

#[test]
fn what_a_curve_gives_at_most_bounds_full_marks_and_ratings() {
    let curve = |curve: &str| found(&of(curve, &[]));
    let out = ["full-marks-out-of-reach indicators[0].curve"];
    let events =
        |more: &str| format!("curve = {{ kind = \"event\", events = [{{ count = \"n.sum\", {more} }}");
    assert_eq!(curve(&events("points = 5, cap = 50 }] ").replace("}] }]", "}]")), out);
    assert_eq!(curve(&format!("{}], base = 50 }}", events("points = -5"))), out);
    assert_eq!(curve(&format!("{}], base = 100 }}", events("points = -5"))), NONE);
    assert_eq!(curve(&format!("{}] }}", events("points = 5"))), NONE);
    assert_eq!(
        curve(
            "curve = { kind = \"event\", events = [{ count = \"fee_income.sum * min(n.sum, 1)\", points = 5 }] }"
        ),
        ["units-do-not-fit indicators[0].curve.events[0].count"]
    );
    assert_eq!(
        curve(
            "curve = { kind = \"event\", events = [{ count = \"fee_income.sum * min(n.sum, 1) / 1 万元\", points = 5 }] }"
        ),
        NONE
    );
    let formula =
        |score: &str| format!("value = \"n.sum\"\ncurve = {{ kind = \"formula\", score = \"{score}\" }}");
    assert_eq!(curve(&formula("min(x, 60)")), out);
    assert_eq!(curve(&formula("min(x, 100)")), NONE);
    assert_eq!(curve(&formula("x")), NONE);
    let rated = |max: &str, edge: &str| {
        let curve = format!(
            "value = \"n.sum\"\ntarget = 2\ncurve = {{ kind = \"ratio\", max = {max}, zero_target = \"error\" }}"
        );
        found(&(of(&curve, &[]) + &format!("[[ratings]]\nid = \"A\"\n{edge}\n[[ratings]]\nid = \"B\"\n")))
    };
    assert_eq!(rated("1", "at_least = 101"), ["unreachable-rating ratings[0]"]);
    assert_eq!(rated("1", "above = 100"), ["unreachable-rating ratings[0]"]);
    assert_eq!(rated("1", "at_least = 100"), NONE);
    assert_eq!(rated("1.2", "at_least = 101"), NONE);
}

#[test]
fn a_deposit_of_one_day_is_found_whatever_stands_between_it_and_the_marks() {
    let policy = |item: &str| {
        format!(
            "missing = \"zero\"\n[measures.dp]\nkind = \"balance\"\nnature = \"deposit\"\n[[indicators]]\nid = \"x\"\nweight = 100\n{item}\n"
        )
    };
    let per = "curve = { kind = \"per-unit\", unit = 1, points = 1, max = 100 }\n";
    let by_other = |day: &str| {
        policy(&format!("value = \"value.raw\"\n{per}[[indicators]]\nid = \"raw\"\nvalue = \"dp.{day}\""))
    };
    assert_eq!(found(&by_other("end")), ["forbidden-target indicators[0].value"]);
    assert_eq!(found(&by_other("average")), NONE);
    let convert = |day: &str| {
        policy(&format!(
            "curve = {{ kind = \"convert\", items = [{{ value = \"dp.{day}\", from = 0, per = 1 }}], points = 1, pool = \"none\", negative = \"zero\", max = 100 }}"
        ))
    };
    assert_eq!(found(&convert("end")), ["forbidden-target indicators[0].curve"]);
    assert_eq!(found(&convert("average")), NONE);
    let added = |day: &str| {
        policy(&format!(
            "value = \"dp.average\"\n{per}[[additions]]\nid = \"more\"\npoints = \"if(dp.{day} > 100, 5, 0)\""
        ))
    };
    assert_eq!(found(&added("end")), ["forbidden-target additions[0].points"]);
    assert_eq!(found(&added("average")), NONE);
}

#[test]
fn each_level_of_shares_makes_a_hundred() {
    let shares = |of: [u32; 4]| {
        let [x, y, a, b] = of;
        let leaf = |id: &str, within: &str, weight: u32| {
            format!(
                "[[indicators]]\nid = \"{id}\"\nin = \"{within}\"\nweight = {weight}\nvalue = \"n.sum\"\n\
                 curve = {{ kind = \"per-unit\", unit = 1, points = 1 }}\n"
            )
        };
        let text = format!(
            "missing = \"error\"\nweights = \"share\"\n[measures.n]\nkind = \"flow\"\n[[dimensions]]\nid = \"x\"\nweight = {x}\n\
             [[dimensions]]\nid = \"y\"\nweight = {y}\n{}{}",
            leaf("a", "x", a),
            leaf("b", "y", b)
        );
        found(&text)
    };
    assert_eq!(shares([60, 40, 100, 100]), NONE);
    // 60 % of 100 and 50 % of 80 make a hundred too, of levels that both say something else.
    let (top, inner) = ("weights-do-not-add-up dimensions", "weights-do-not-add-up dimensions[1]");
    assert_eq!(shares([60, 50, 100, 80]), [top, inner]);
    assert_eq!(shares([60, 50, 100, 100]), [top]);
    assert_eq!(shares([60, 40, 100, 90]), [inner]);
}

#[test]
fn a_chain_runs_as_all_of_its_curves_do() {
    let run = |curves: &str| {
        found(&of(&format!("value = \"n.sum\"\ntarget = 2\nbetter = \"higher\"\ncurve = {curves}"), &[]))
    };
    let against = ["curve-not-monotonic indicators[0].curve"];
    let ratio = "{ kind = \"ratio\", zero_target = \"error\" }";
    let line = |ends: &str| {
        format!(
            "[{ratio}, {{ kind = \"piecewise\", points = [{ends}], below = \"hold\", above = \"hold\" }}]"
        )
    };
    assert_eq!(run(&line("[0, 0], [1, 100]")), NONE);
    assert_eq!(run(&line("[0, 100], [1, 0]")), against);
    // Less is better, turned round again.
    let lower = ratio.replace("zero_target", "better = \"lower\", max = 1, zero_target");
    assert_eq!(run(&line("[0, 100], [1, 0]").replace(ratio, &lower)), NONE);
    let anchor = |cliff: &str| {
        run(&format!("{{ kind = \"anchor\", base = 60, step = 1, up = 20, down = 20, max = 100{cliff} }}"))
    };
    assert_eq!(anchor(", cliff = { op = \"<\", at = 1, score = 0 }"), NONE);
    assert_eq!(anchor(", cliff = { op = \">\", at = 9, score = 0 }"), against);
    // What looks at no value loses what came before it.
    let mark = format!("[{ratio}, {{ kind = \"manual\" }}]");
    assert_eq!(
        found(&of(&format!("value = \"n.sum\"\ntarget = 2\ncurve = {mark}"), &[])),
        ["incomplete-entry indicators[0].curve[1]"]
    );
}

#[test]
fn formulas_and_cases_are_held_against_the_direction_they_are_said_to_have() {
    let of = |better: &str, curve: &str| {
        let item = format!("value = \"n.sum\"\nbetter = \"{better}\"\ncurve = {{ {curve} }}");
        let found = found(&of(&item, &[]));
        found.iter().filter(|it| it.starts_with("curve-not-monotonic")).count()
    };
    let both = |curve: &str| [of("higher", curve), of("lower", curve)];
    assert_eq!(both("kind = \"formula\", score = \"x * 10\""), [0, 1]);
    assert_eq!(both("kind = \"formula\", score = \"max(full - x * 5, 0)\""), [1, 0]);
    // Best at 8.
    assert_eq!(both("kind = \"formula\", score = \"100 - abs(x - 8) * 5\""), [1, 1]);
    let cases = |second: u32| {
        both(&format!(
            "kind = \"cases\", cases = [{{ when = \"x < 1\", score = 50 }}, {{ when = \"x < 2\", score = {second} }}], else = 0"
        ))
    };
    // 50, 100, 0 goes up and down; 50, 40, 0 down.
    assert_eq!(cases(100), [1, 1]);
    assert_eq!(cases(40), [1, 0]);
    let slopes = |up: u32, down: u32| {
        both(&format!("kind = \"neutral\", target = 8, dead_band = 1, slope_up = {up}, slope_down = {down}"))
    };
    assert_eq!([slopes(5, 5), slopes(5, 0), slopes(0, 5)], [[1, 1], [1, 0], [0, 1]]);
    // Steps of 50 and 100 below 10, and from there on less than that, or more.
    let named = |above: u32| {
        let item = format!(
            "value = \"n.sum\"\nbetter = \"higher\"\n\
             curve = {{ kind = \"cases\", cases = [{{ when = \"x < 10\", curve = \"steps\" }}], else = {above} }}\n\
             [curves.steps]\nkind = \"bands\"\nedges = [5]\nresults = [50, 100]\nincluded = \"lower\"\n"
        );
        found(&self::of(&item, &[])).iter().filter(|it| it.starts_with("curve-not-monotonic")).count()
    };
    assert_eq!([named(100), named(60)], [0, 1]);
    // What else decides is not known.
    assert_eq!(both("kind = \"formula\", score = \"if(manager.grade == 'senior', x, -x)\""), [0, 0]);
}

#[test]
fn what_people_say_in_a_test_is_read_by_something() {
    let judged = |curve: &str, stated: &str| {
        found(&format!(
            "missing = \"zero\"\n[[indicators]]\nid = \"x\"\nweight = 100\ncurve = {curve}\n\
             [[tests]]\nname = \"t\"\nperiod = \"2026-03\"\n{stated}\nexpect = {{ total = 0 }}\n"
        ))
    };
    let manual = "{ kind = \"manual\" }";
    let raters =
        "{ kind = \"rating\", missing_group = \"fail\", groups = [{ group = \"peer\", weight = 100 }] }";
    let unread = |at: &str| vec![format!("unused-input tests[0].{at}")];
    assert_eq!(judged(manual, "marks = { x = 80 }"), NONE);
    assert_eq!(judged(raters, "marks = { x = 80 }"), unread("marks.x"));
    let answer = |item: &str| format!("ratings = [{{ group = \"peer\", score = 90{item} }}]");
    assert_eq!(judged(raters, &answer("")), NONE);
    assert_eq!(judged(raters, &answer(", item = \"x\"")), NONE);
    assert_eq!(judged(raters, &answer(", item = \"z\"")), unread("ratings[0].item"));
    assert_eq!(judged(manual, &answer("")), unread("ratings[0]"));
    assert_eq!(judged(manual, "parts = [{ id = \"c\" }]"), unread("parts[0].id"));
    let weights = |peer: i32| {
        raters.replace(
            "weight = 100",
            &format!("weight = {peer} }}, {{ group = \"client\", weight = {}", 100 - peer),
        )
    };
    assert_eq!(judged(&weights(60), ""), NONE);
    assert_eq!(judged(&weights(-60), ""), ["weights-do-not-add-up indicators[0].curve.groups[0].weight"]);
}

#[test]
fn what_is_taken_off_at_once_says_how_much() {
    let taken = |weight: &str| {
        found(&format!(
            "missing = \"zero\"\n[measures.n]\nkind = \"flow\"\n[[deductions]]\nid = \"d\"\n{weight}value = \"n.sum\"\n\
             curve = {{ kind = \"threshold\", op = \">\", at = 3 }}\n"
        ))
    };
    assert_eq!(taken("weight = 5\n"), NONE);
    assert_eq!(taken("max = 5\n"), NONE);
    assert_eq!(taken(""), ["incomplete-entry deductions[0]"]);
}

#[test]
fn how_conditions_are_linked_elsewhere_is_said_in_the_words_of_here() {
    let help = |amount: &str| {
        let text = format!("{HEAD}missing = \"zero\"\n[[pay.lines]]\nid = \"p\"\namount = \"{amount}\"\n");
        let (_, findings) = judged("p.toml", &text);
        let finding = findings.iter().find(|finding| finding.rule.name == "bad-expression").unwrap();
        finding.help.as_ref().map(ToString::to_string)
    };
    let write = |word: &str| Some(format!("write `{word}`"));
    for (linked, word) in
        [("AND", "and"), ("且", "and"), ("并且", "and"), ("Or", "or"), ("或者", "or"), ("||", "or")]
    {
        assert_eq!(help(&format!("if(total > 3 {linked} total < 5, 1 元, 2 元)")), write(word), "{linked}");
    }
    let choice = "write `if(condition, a, b)`: a where the condition holds, else b".to_owned();
    assert_eq!(help("total > 3 ? 1 元 : 2 元"), Some(choice));
}

#[test]
fn a_case_is_settled_in_part_or_in_full() {
    let settled = |part: &str| {
        found(&format!(
            "missing = \"zero\"\n[[pay.lines]]\nid = \"p\"\namount = \"1 元\"\n[pay.clawback]\nreturns = \"50%\"\n\
             [[tests]]\nname = \"t\"\nperiod = \"2026-03\"\n\
             ledger = [{{ case = \"c\", period = \"2026-02\", amount = 3, settled = {part} }}]\nexpect = {{ pay = {{ p = \"1 元\" }} }}\n"
        ))
    };
    assert_eq!(settled("0.5"), NONE);
    assert_eq!(settled("\"100%\""), NONE);
    assert_eq!(settled("2"), ["incomplete-entry tests[0].ledger[0].settled"]);
}
