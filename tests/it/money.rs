//! Where money could go astray without a word: weights that conditions choose, brackets below zero, bounds beside a pool.

use crate::language::{HEAD, found, holds};
use crate::policies::judged;

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

/// A pay line over a flow of money in 万元.
fn line(form: &str) -> String {
    format!(
        "missing = \"zero\"\n[measures.growth]\nkind = \"flow\"\nunit = \"万元\"\n[[pay.lines]]\nid = \"p\"\n{form}\n"
    )
}

#[test]
fn brackets_count_from_zero_in_both_directions() {
    let grown = |by: &str, paid: &str| {
        test("", &format!("\"growth.sum\" = {by}"), &format!("pay = {{ p = {paid} }}"))
    };
    let table = "progressive = { of = \"growth.sum\", edges = [\"-500 万元\", \"0 万元\", \"500 万元\"], \
                 results = [\"30 元/万元\", \"20 元/万元\", \"20 元/万元\", \"25 元/万元\"], included = \"upper\" }";
    // 100 × 20; 500 × 20 + 100 × 25; −100 × 20; −500 × 20 − 100 × 30.
    let cases = [("100", "2000"), ("600", "12500"), ("-100", "-2000"), ("-600", "-13000")];
    let cases: String = cases.map(|(by, paid)| grown(by, paid)).concat();
    holds(&format!("{}{cases}", line(table)));
    // An open first bracket goes on below zero: −400 × 20, and nothing where the line says so.
    let open = "progressive = { of = \"growth.sum\", edges = [\"500 万元\"], results = [\"20 元/万元\", \"25 元/万元\"], included = \"upper\" }";
    holds(&format!("{}{}", line(open), grown("-400", "-8000")));
    holds(&format!("{}{}", line(&format!("{open}\nnegative = \"zero\"")), grown("-400", "0")));
}

#[test]
fn only_the_rate_on_everything_has_a_base_of_its_own() {
    let table = |form: &str, results: &str| {
        line(&format!(
            "{form} = {{ of = \"growth.sum\", base = \"growth.sum\", edges = [\"1 万元\"], results = {results}, included = \"upper\" }}"
        ))
    };
    let (rates, amounts) = ("[\"1%\", \"2%\"]", "[\"1 元\", \"2 元\"]");
    assert_eq!(found(&table("whole", rates)), [] as [&str; 0]);
    assert_eq!(found(&table("progressive", rates)), ["incomplete-entry pay.lines[0].progressive.base"]);
    assert_eq!(found(&table("bands", amounts)), ["incomplete-entry pay.lines[0].bands.base"]);
}

#[test]
fn a_quarter_of_a_year_belongs_to_a_quarterly_policy() {
    let rate = line("commission = { of = \"growth.sum\", rate = \"1.2%\", per = \"year\", days = \"1/4\" }");
    assert_eq!(found(&rate), ["incomplete-entry pay.lines[0].commission.days"]);
    let months =
        line("commission = { of = \"growth.sum\", rate = \"1.2%\", per = \"year\", days = \"1/12\" }");
    // 10,000 yuan × 1.2 % / 12
    holds(&format!("{months}{}", test("", "\"growth.sum\" = 1", "pay = { p = 10 }")));
}

#[test]
fn pay_is_rounded_to_the_cent_whatever_multiple_the_policy_counts_in() {
    let text = |money: &str, rounding: &str, total: &str| {
        format!(
            "missing = \"zero\"\n{rounding}\n[measures.m]\nkind = \"flow\"\nunit = \"{money}\"\n[[pay.lines]]\nid = \"p\"\namount = \"m.sum / 7\"\n\
             [pay.deferral]\nshare = \"40%\"\nyears = [\"30%\", \"30%\", \"40%\"]\n{}",
            test("", "\"m.sum\" = 1000", &format!("pay = {{ {total} }}")),
        )
    };
    // 1,000 / 7 = 142.857142857…; 40 % of 142.86 is 57.144, and 85.72 is paid now.
    holds(&text("元", "", "total = 142.86, deferred = 57.14, now = 85.72"));
    holds(&text("元", "rounding = { pay = 0 }", "total = 143, deferred = 57, now = 86"));
}

/// Two share 10,000 yuan by `d.sum`, the one tested with `own` of 100 parts, within bounds of the pay.
fn pool(keys: &str, pay: &str, own: u32, more: &str, expect: &str) -> String {
    let bad = if more.is_empty() { "" } else { "[measures.bad]\nkind = \"count\"\n" };
    format!(
        "missing = \"zero\"\n[measures.d]\nkind = \"flow\"\n{bad}[[pay.lines]]\nid = \"share\"\n\
         pool = {{ of = \"10000 元\", by = \"d.sum\", among = \"all\"{keys} }}\n[[pay.lines]]\nid = \"fixed\"\namount = \"1000 元\"\n\
         [pay]\n{pay}\n[[tests]]\nname = \"t\"\nperiod = \"2026-03\"\nmanager = {{ id = \"a\" }}\ninputs = {{ \"d.sum\" = {own}, {more} }}\n\
         peers = [{{ id = \"b\", inputs = {{ \"d.sum\" = {} }} }}]\nexpect = {{ pay = {{ {expect} }} }}\n",
        100 - own
    )
}

#[test]
fn floor_and_ceiling_count_shares_of_a_pool_and_leave_them_whole() {
    for after in ["", "after = \"gates\"\n"] {
        // 1,000 + 5,000 is above the floor; 1,000 + 500 lacks 1,500.
        let floor = format!("{after}min = \"3000 元\"");
        holds(&pool("", &floor, 50, "", "share = 5000, total = 6000"));
        holds(&pool("", &floor, 5, "", "share = 500, total = 3000"));
    }
    let capped = |own, expect: &str| {
        pool(", excess = \"stay\"", "max = \"5600 元\"", own, "", expect)
            .replace("id = \"share\"", "id = \"share\"\nmax = \"9000 元\"")
    };
    // 600 of the line are left beside 5,000; none beside 8,000, which stay.
    holds(&capped(50, "share = 5000, fixed = 1000, total = 5600"));
    holds(&capped(80, "share = 8000, total = 8000"));
    let unbounded = pool("", "max = \"5600 元\"", 50, "", "total = 5600");
    assert_eq!(found(&unbounded), ["unstated-rule pay.lines[0]"]);
}

#[test]
fn a_ceiling_cuts_what_gates_act_on_to_nothing_at_most() {
    let text = |bonus: u32, ceiling: &str, factor: &str, expect: &str| {
        format!(
            "missing = \"error\"\n[measures.f]\nunit = \"%\"\nkind = \"ratio\"\n[[gates]]\nid = \"g\"\non = \"pay\"\nfactor = \"f\"\n\
             missing = \"error\"\n[[pay.lines]]\nid = \"bonus\"\namount = \"{bonus} 元\"\n[[pay.lines]]\nid = \"allowance\"\n\
             amount = \"800 元\"\ngated = false\n[pay]\n{ceiling}\n[[tests]]\nname = \"t\"\nperiod = \"2026-01\"\n\
             inputs = {{ f = \"{factor}\" }}\nexpect = {{ pay = {{ {expect} }} }}\n"
        )
    };
    for after in ["lines", "gates"] {
        // The allowance alone is above 600: nothing is left of the bonus, whatever the gate.
        let low = format!("max = \"600 元\"\nafter = \"{after}\"");
        for factor in ["100%", "50%", "0%"] {
            holds(&text(100, &low, factor, "bonus = 100, total = 800"));
        }
    }
    // 200 of the bonus are left beside 800 and half of that is paid; or half of 500 is, of which 200 are left.
    holds(&text(500, "max = \"1000 元\"\nafter = \"lines\"", "50%", "total = 900"));
    holds(&text(500, "max = \"1000 元\"\nafter = \"gates\"", "50%", "total = 1000"));
}

#[test]
fn a_veto_on_pay_takes_the_claim_on_a_pool_too() {
    let veto = |pay: &str, expect: &str| {
        let text = pool("", "", 60, "\"bad.count\" = 1", expect);
        format!("{text}[[vetoes]]\nid = \"v\"\nwhen = \"bad.count > 0\"\npay = {pay}\n")
    };
    holds(&veto("0", "share = 0, total = 0"));
    // 60 × 50 % of 30 + 40: 10,000 × 30 / 70, and half of the line.
    holds(&veto("0.5", "share = 4285.71, fixed = 1000, total = 4785.71"));
    // What it leaves goes to the other.
    let other = veto("0", "share = 0")
        .replace("id = \"a\"", "id = \"c\"")
        .replace("\"d.sum\" = 60", "\"d.sum\" = 40");
    let other =
        other.replace("{ \"d.sum\" = 40, \"bad.count\" = 1 }", "{ \"d.sum\" = 40, \"bad.count\" = 0 }");
    let other = other.replace("{ \"d.sum\" = 40 } }]", "{ \"d.sum\" = 60, \"bad.count\" = 1 } }]");
    holds(&other.replace("share = 0", "share = 10000"));
}

#[test]
fn those_tied_on_average_share_the_prizes_of_the_places_they_take() {
    let text = |own: u32, others: [u32; 3], score: &str| {
        let [b, c, d] = others;
        format!(
            "missing = \"zero\"\n[measures.m]\nkind = \"flow\"\n[[indicators]]\nid = \"i\"\nvalue = \"m.sum\"\n\
             curve = {{ kind = \"rank\", group = \"all\", ties = \"average\", places = [50, 30, 20, 0] }}\n\
             [[tests]]\nname = \"t\"\nperiod = \"2026-03\"\nmanager = {{ id = \"a\" }}\ninputs = {{ \"m.sum\" = {own} }}\n\
             peers = [{{ id = \"b\", inputs = {{ \"m.sum\" = {b} }} }}, {{ id = \"c\", inputs = {{ \"m.sum\" = {c} }} }}, {{ id = \"d\", inputs = {{ \"m.sum\" = {d} }} }}]\n\
             expect = {{ scores = {{ i = {score} }} }}\n"
        )
    };
    // (50 + 30) / 2; 20 behind two; (50 + 30 + 20 + 0) / 4; nobody beside the first.
    holds(&text(9, [9, 8, 1], "40"));
    holds(&text(8, [9, 9, 1], "20"));
    holds(&text(9, [9, 9, 9], "25"));
    holds(&text(9, [8, 8, 1], "50"));
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

#[test]
fn without_weights_conditions_rate_and_places_go_by_what_is_stated() {
    let text = "missing = \"zero\"\n[measures.m]\nkind = \"flow\"\n[ranking]\nby = \"m.sum\"\neligible = \"m.sum >= 3\"\n\
                [[ratings]]\nid = \"A\"\nall = [\"m.sum >= 8\"]\n[[ratings]]\nid = \"B\"\n\
                [[pay.lines]]\nid = \"first\"\namount = \"if(rank.branch == 1, 500 元, 0 元)\"\n";
    let test = |own: u32, expect: &str| {
        format!(
            "[[tests]]\nname = \"{own}\"\nperiod = \"2026-03\"\nmanager = {{ id = \"a\", branch = \"x\" }}\ninputs = {{ \"m.sum\" = {own} }}\n\
             peers = [{{ id = \"b\", inputs = {{ \"m.sum\" = 7 }} }}, {{ id = \"c\", branch = \"y\", inputs = {{ \"m.sum\" = 70 }} }}]\n\
             expect = {{ {expect} }}\n"
        )
    };
    holds(&format!(
        "{text}{}{}",
        test(8, "rating = \"A\", pay = { first = 500 }"),
        test(6, "rating = \"B\", pay = { first = 0 }"),
    ));
    // Where no condition holds and nothing is open to all, that is told.
    let closed = text.replace("id = \"B\"\n", "id = \"B\"\nall = [\"m.sum >= 7\"]\n");
    holds(&format!("{closed}{}", test(6, "error = \"no-rating\"")));
}

#[test]
fn a_leader_is_paid_by_the_values_of_the_members() {
    let text = |of: &str| {
        format!(
            "missing = \"zero\"\n[measures.volume]\nkind = \"flow\"\nunit = \"元\"\n[[indicators]]\nid = \"own\"\nvalue = \"volume.sum * 0.5%\"\n\
             [[indicators]]\nid = \"team\"\nvalue = \"default(members.sum('{of}'), 0)\"\n\
             [[pay.lines]]\nid = \"override\"\namount = \"value.team * 10%\"\n\
             [[tests]]\nname = \"t\"\nperiod = \"2026-03\"\nmanager = {{ id = \"a\", members = [\"b\", \"c\"] }}\ninputs = {{ \"volume.sum\" = 100000 }}\n\
             peers = [{{ id = \"b\", inputs = {{ \"volume.sum\" = 1000000 }} }}, {{ id = \"c\", inputs = {{ \"volume.sum\" = 500000 }} }}]\n\
             expect = {{ pay = {{ override = 750 }} }}\n"
        )
    };
    // 0.5 % of 1,000,000 and of 500,000 are 5,000 + 2,500; a tenth of it.
    holds(&text("value.own"));
    let of_points = ["incomplete-entry indicators[1].value", "units-do-not-fit pay.lines[0].amount"];
    assert_eq!(found(&text("own")), of_points);
    assert_eq!(found(&text("points.own")), of_points);
}

#[test]
fn a_target_that_the_curve_does_not_look_at_is_told() {
    let item = |curve: &str, more: &str| {
        format!(
            "missing = \"zero\"\nzero_target = \"error\"\n[measures.d]\nkind = \"flow\"\n[[indicators]]\nid = \"i\"\nvalue = \"d.sum\"\ntarget = \"1000\"\n\
             weight = 100\ncurve = {curve}\n{more}"
        )
    };
    let table =
        "{ kind = \"piecewise\", points = [[0.8, 50], [1, 100]], below = \"hold\", above = \"hold\" }";
    assert_eq!(found(&item(table, "")), ["target-not-read indicators[0].target"]);
    let clear = [] as [&str; 0];
    assert_eq!(found(&item(&format!("[{{ kind = \"ratio\" }}, {table}]"), "")), clear);
    assert_eq!(found(&item("{ kind = \"formula\", score = \"x / target * full\" }", "")), clear);
    assert_eq!(found(&item("{ kind = \"threshold\", op = \">=\" }", "")), clear);
    let stated = item("{ kind = \"threshold\", op = \">=\", at = \"800\" }", "");
    assert_eq!(found(&stated), ["target-not-read indicators[0].target"]);
    // Shown beside the value, or named elsewhere.
    let named = "[[pay.lines]]\nid = \"p\"\namount = \"if(value.i >= item_target.i, 1 元, 0 元)\"\n";
    assert_eq!(found(&item(table, named)), clear);
}

#[test]
fn a_test_that_expects_what_there_is_not_fails() {
    let text = |expect: &str| {
        format!(
            "missing = \"zero\"\n[[pay.lines]]\nid = \"bonus\"\namount = \"1 元\"\nwhen = \"manager.role == 'x'\"\n\
             [[tests]]\nname = \"t\"\nperiod = \"2026-03\"\nexpect = {{ {expect} }}\n"
        )
    };
    // A line that does not apply pays nothing.
    holds(&text("pay = { bonus = 0, total = 0, deferred = 0 }"));
    assert_eq!(found(&text("pay = { bonsu = 0 }")), ["unused-input tests[0].expect.pay.bonsu"]);
    assert_eq!(found(&text("items = { i = 0 }")), ["unused-input tests[0].expect.items.i"]);
    assert_eq!(found(&text("dimensions = { d = 0 }")), ["unused-input tests[0].expect.dimensions.d"]);
    let (policy, _) = judged("p.toml", &format!("{HEAD}{}", text("pay = { bonsu = 0 }")));
    let outcome = rmbook::score::cases::run(&policy.unwrap()).remove(0);
    assert_eq!(
        (outcome.differences[0].what.as_str(), outcome.differences[0].got.as_str()),
        ("pay.bonsu", "-")
    );
}

#[test]
fn a_sum_over_the_year_says_which_month_it_lacks() {
    let text = |months: [u32; 3]| {
        let history =
            months.map(|month| format!("{{ period = \"2026-0{month}\", values = {{ i = 10 }} }}")).join(", ");
        format!(
            "{HEAD}missing = \"skip\"\n[measures.m]\nkind = \"flow\"\n[[indicators]]\nid = \"i\"\nvalue = \"m.sum\"\n\
             [[indicators]]\nid = \"year\"\nvalue = \"m.sum + previous.value.i.year_to_date\"\n\
             [[tests]]\nname = \"t\"\nperiod = \"2026-0{}\"\ninputs = {{ \"m.sum\" = 5 }}\nhistory = [{history}]\nexpect = {{ demotion = \"none\" }}\n",
            months[2] + 1
        )
    };
    let year = |months| {
        let card = rmbook::score::cases::run(&judged("p.toml", &text(months)).0.unwrap()).remove(0).card;
        let item = card.items.into_iter().find(|item| &*item.id == "year").unwrap();
        (item.value.map(|value| value.to_string()), format!("{:?}", item.standing))
    };
    assert_eq!(year([1, 2, 3]).0.as_deref(), Some("35"));
    let (value, standing) = year([1, 2, 4]);
    assert_eq!(value, None);
    assert!(standing.contains("2026-03"), "{standing}");
}

#[test]
fn a_risk_deposit_is_kept_back_of_one_line_alone() {
    let text = |deferral: &str| {
        format!(
            "missing = \"zero\"\n[measures.m]\nunit = \"元\"\nkind = \"flow\"\n[[pay.lines]]\nid = \"loans\"\namount = \"m.sum\"\n\
             [[pay.lines]]\nid = \"base\"\namount = \"200 元\"\n[pay.deferral]\nyears = [\"25%\", \"25%\", \"50%\"]\n{deferral}\n"
        )
    };
    // A fifth of the 1,000 of one line, 500 of a total of 500, nothing of a negative line; a variant may keep back a share instead.
    let amount = "amount = \"pay.loans * 20%\"\n[[variants]]\nwhen = 'manager.grade == \"senior\"'\npay = { deferral = { share = \"50%\" } }\n";
    holds(
        &(text(amount)
            + &test("", "\"m.sum\" = 1000", "pay = { total = 1200, deferred = 200, now = 1000 }")
            + &test("", "\"m.sum\" = -100", "pay = { total = 100, deferred = 0 }")
            + &test("grade = \"senior\"", "\"m.sum\" = 1000", "pay = { deferred = 600 }")),
    );
    let all = "amount = \"pay.loans * 200%\"";
    holds(&(text(all) + &test("", "\"m.sum\" = 300", "pay = { total = 500, deferred = 500, now = 0 }")));
    let both = found(&text("share = \"40%\"\namount = \"pay.loans\""));
    assert!(both.contains(&"incomplete-entry pay.deferral".to_owned()), "{both:?}");
    let pure = found(&text("amount = \"20%\""));
    assert!(pure.iter().any(|finding| finding.ends_with("pay.deferral.amount")), "{pure:?}");
}

#[test]
fn a_pool_is_paid_out_to_the_cent_in_whatever_unit_the_policy_counts() {
    // 123,456.78 yuan by one and two: 41,152.26 and 82,304.52, which are 4.115226 and 8.230452 万元.
    let text = |more: &str| {
        format!(
            "{}{more}[measures.w]\nkind = \"ratio\"\n[[pay.lines]]\nid = \"pool\"\n\
             pool = {{ of = \"123456.78 元\", by = \"w\", among = \"all\" }}\n[[tests]]\nname = \"one\"\nperiod = \"2026-01\"\n\
             manager = {{ id = \"a\" }}\ninputs = {{ w = \"100%\" }}\npeers = [{{ id = \"b\", inputs = {{ w = \"200%\" }} }}]\n",
            HEAD.replace("\"元\"", "\"万元\"")
        )
    };
    for (more, share) in [("", "4.115226"), ("rounding = { pay = 4 }\n", "4.1152")] {
        let text = format!("{}expect = {{ pay = {{ pool = {share}, total = {share} }} }}\n", text(more));
        let outcomes = rmbook::score::cases::run(&crate::policies::policy("p.toml", &text));
        assert_eq!(outcomes[0].differences, [], "{more}");
    }
}

#[test]
fn no_more_is_given_back_than_the_policys_part() {
    let text = |entry: &str, returned: &str| {
        format!(
            "[measures.a]\nunit = \"元\"\nkind = \"flow\"\n[[pay.lines]]\nid = \"p\"\namount = \"a.sum\"\n[pay.clawback]\nreturns = \"95%\"\n\
             [[tests]]\nname = \"{entry}\"\nperiod = \"2026-01\"\ninputs = {{ \"a.sum\" = 100 }}\n\
             ledger = [{{ case = \"x\", period = \"2025-12\", amount = 1500, {entry} }}]\nexpect = {{ pay = {{ returned = {returned} }} }}\n"
        )
    };
    // Rounded to whole yuan, all of an entry is no more than the entry.
    let whole =
        text("settled = '100%'", "1425.5").replace("95%", "100%").replace("amount = 1500", "amount = 1425.5");
    holds(&format!("rounding = {{ pay = 0 }}\n{whole}"));
    // Of 1,500 the policy gives back 1,425: half of that, and what is left beside 300, 1,000 and 1,450.
    for (entry, returned) in [
        ("settled = '50%', returned = 300", "712.5"),
        ("settled = '100%', returned = 1000", "425"),
        ("settled = '100%', returned = 1450", "0"),
    ] {
        holds(&text(entry, returned));
    }
}
