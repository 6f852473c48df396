//! Where money could go astray without a word: weights that conditions choose, brackets below zero, bounds beside a pool.

use crate::language::{found, holds};

/// Indicators of a ratio each, with their weight and what else they say.
fn indicators(items: &[(&str, u32, &str)]) -> String {
    let item = |(id, weight, more): &(&str, u32, &str)| {
        format!(
            "[measures.{id}]\nkind = \"ratio\"\n[[indicators]]\nid = \"{id}\"\nvalue = \"{id}\"\nweight = {weight}\n{more}\n\
             curve = {{ kind = \"formula\", score = \"x * full\" }}\n"
        )
    };
    items.iter().map(item).collect()
}

/// A test of a manager with these inputs.
fn test(manager: &str, inputs: &str, expect: &str) -> String {
    let name = format!("{manager} {inputs}").replace('"', "");
    format!(
        "[[tests]]\nname = \"{name}\"\nperiod = \"2026-03\"\nmanager = {{ {manager} }}\ninputs = {{ {inputs} }}\nexpect = {{ {expect} }}\n"
    )
}

const LENDER: &str = "when = \"manager.role == 'lender'\"";
const DEPOSIT: &str = "when = \"manager.role == 'deposit'\"";

#[test]
fn indicators_that_conditions_choose_weigh_the_whole_and_never_more() {
    let items = indicators(&[("a", 60, ""), ("b", 40, LENDER), ("c", 40, DEPOSIT)]);
    let head = "missing = \"skip\"\nrounding = { total = 2 }\n";
    // 60 × 90 % + 40 × 80 %; where neither applies, a alone.
    holds(&format!(
        "{head}{items}{}{}{}",
        test("role = \"lender\"", "a = \"90%\", b = \"80%\"", "total = 86"),
        test("role = \"ops\"", "a = \"100%\"", "total = 100"),
        test("role = \"deposit\"", "c = \"90%\"", "total = 90"),
    ));
    holds(&format!(
        "{head}scale = \"points\"\n{items}{}",
        test("role = \"ops\"", "a = \"90%\"", "total = 90"),
    ));
    // 50 and 30 of what is left of 80: 62.5 × 80 % + 37.5 × 40 % = 65.
    let pairs =
        [("a", 50, ""), ("b", 30, LENDER), ("c", 30, DEPOSIT), ("d", 20, "when = \"manager.months >= 12\"")];
    holds(&format!(
        "{head}{}{}",
        indicators(&pairs),
        test("role = \"lender\", months = 3", "a = \"80%\", b = \"40%\"", "total = 65"),
    ));
}

#[test]
fn a_dimension_keeps_its_weight_whatever_of_it_applies() {
    let items = |weights: [u32; 5]| {
        let [d, e, f, g, h] = weights;
        let one = "in = \"one\"";
        let two = |when: &str| format!("in = \"two\"\n{when}");
        indicators(&[
            ("d", d, one),
            ("e", e, one),
            ("f", f, &two(LENDER)),
            ("g", g, &two("")),
            ("h", h, &two(DEPOSIT)),
        ])
    };
    let head = "missing = \"skip\"\nrounding = { total = 2 }\n";
    let dimensions = "[[dimensions]]\nid = \"one\"\nweight = 70\n[[dimensions]]\nid = \"two\"\nweight = 30\n";
    // (60 × 100 % + 40 × 50 %) × 70 % + 30 × 90 %, whoever it is.
    let tests = [
        test("role = \"lender\"", "d = \"100%\", e = \"50%\", f = \"90%\", g = \"90%\"", "total = 83"),
        test("role = \"ops\"", "d = \"100%\", e = \"50%\", g = \"90%\"", "total = 83"),
    ];
    holds(&format!(
        "{head}weights = \"share\"\n{dimensions}{}{}",
        items([60, 40, 60, 40, 60]),
        tests.concat()
    ));
    holds(&format!("{head}{dimensions}{}{}", items([42, 28, 18, 12, 18]), tests.concat()));
    // 12 always and 18 + 18 by condition cannot make 60, nor 10.
    for wrong in [60, 10] {
        let dimensions = dimensions.replace("weight = 30", &format!("weight = {wrong}"));
        let text = format!("{head}{dimensions}{}", items([42, 28, 18, 12, 18]));
        assert_eq!(found(&text), ["weights-do-not-add-up dimensions[1].weight"]);
    }
}

#[test]
fn conditions_that_hold_together_are_refused_and_not_added_up() {
    let items =
        indicators(&[("a", 60, ""), ("b", 40, "when = \"a < 120%\""), ("c", 40, "when = \"a >= 100%\"")]);
    let inputs = |a: &str| format!("a = \"{a}\", b = \"100%\", c = \"100%\"");
    for scale in ["weighted", "points"] {
        // 60 × 50 % + 40; both conditions hold at 100 %.
        holds(&format!(
            "missing = \"zero\"\nscale = \"{scale}\"\n{items}{}{}",
            test("", &inputs("50%"), "total = 70"),
            test("", &inputs("100%"), "error = \"weights-exceed\""),
        ));
    }
}

#[test]
fn who_could_meet_two_conditions_is_told_before_anybody_is_scored() {
    let items = |b: &str, c: &str| {
        let (b, c) = (format!("when = \"{b}\""), format!("when = \"{c}\""));
        format!("missing = \"zero\"\n{}", indicators(&[("a", 60, ""), ("b", 40, &b), ("c", 40, &c)]))
    };
    let doubted = ["conditions-overlap indicators"];
    let clear = [] as [&str; 0];
    assert_eq!(found(&items("manager.months < 12", "manager.months >= 6")), doubted);
    assert_eq!(found(&items("manager.months < 6", "manager.months >= 6")), clear);
    assert_eq!(found(&items("manager.role == 'x'", "manager.role in ['y', 'z']")), clear);
    assert_eq!(found(&items("manager.role == 'x'", "manager.role != 'y'")), doubted);
    assert_eq!(found(&items("period.month <= 6", "period.quarter > 2")), clear);
    // Whom the policy is not for does not count, nor whom a variant scores otherwise.
    let narrowed = items("manager.role == 'x'", "manager.role != 'y'");
    assert_eq!(found(&format!("applies = \"manager.role == 'y'\"\n{narrowed}")), clear);
    let variant =
        "[[variants]]\nwhen = \"manager.role == 'x'\"\nindicators = [{ id = \"c\", drop = true }]\n";
    assert_eq!(found(&format!("{narrowed}{variant}")), clear);
}
