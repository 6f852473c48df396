//! The `[[tests]]` of a policy: whom they are about, what they may expect, and what of a policy nobody can mean.

use rmbook::score::cases;
use rmbook::text::Lang;

use crate::fixture::Folder;
use crate::language::{HEAD, found, holds};
use crate::policies::policy;

/// What did not come out, and why: `what expected got: reason`.
pub(crate) fn differences(text: &str) -> Vec<String> {
    let outcomes = cases::run(&policy("p.toml", &format!("{HEAD}{text}")));
    let all = outcomes.into_iter().flat_map(|outcome| outcome.differences);
    let told = |it: cases::Difference| {
        let why = it.why.iter().map(|why| format!(": {}", why.get(Lang::En))).collect::<String>();
        format!("{} {} {}{why}", it.what, it.expected, it.got)
    };
    all.map(told).collect()
}

#[test]
fn a_test_and_its_peers_fall_under_the_policy_or_not() {
    let pool = |cases: &str| {
        format!(
            "applies = 'manager.role == \"corporate\"'\n[[pay.lines]]\nid = \"p\"\npool = {{ of = \"900 元\", by = \"1\", among = \"all\" }}\n{cases}"
        )
    };
    let case = |role: &str, peer: &str, expect: &str| {
        format!(
            "[[tests]]\nname = \"t\"\nperiod = \"2026-03\"\nmanager = {{ {role} }}\n\
             peers = [{{ id = \"b\" }}, {{ id = \"c\", {peer} }}]\nexpect = {{ {expect} }}\n"
        )
    };
    // Three share 900 alike; a peer in another role is none of them.
    holds(&pool(&case("role = \"corporate\"", "role = \"corporate\"", "pay = { p = 300 }")));
    holds(&pool(&case("role = \"corporate\"", "role = \"retail\"", "pay = { p = 450 }")));
    // Who says nothing of the role is taken to have the one asked for.
    holds(&pool(&case("", "role = \"retail\"", "pay = { p = 450 }")));
    holds(&pool(&case("role = \"retail\"", "role = \"corporate\"", "error = \"not-for-them\"")));
    assert_eq!(
        differences(&pool(&case("role = \"retail\"", "role = \"corporate\"", "pay = { p = 450 }"))),
        [
            "error - not-for-them: the policy is not for this manager: `applies` does not hold",
            "pay.p 450 -: the policy is not for this manager: `applies` does not hold"
        ]
    );
}

#[test]
fn a_peers_total_that_is_stated_takes_a_place_and_nothing_else() {
    let text = |peers: &str, expect: &str| {
        format!(
            "missing = \"zero\"\n[[indicators]]\nid = \"d\"\nweight = 100\nvalue = \"deposits.average / (1 元)\"\n\
             curve = {{ kind = \"formula\", score = \"x\" }}\n\
             [[ratings]]\nid = \"A\"\nall = [\"rank.all <= floor(size.all * 40%)\"]\n[[ratings]]\nid = \"B\"\n\
             [[pay.lines]]\nid = \"p\"\npool = {{ of = \"900 元\", by = \"1\", among = \"all\" }}\n\
             [[tests]]\nname = \"t\"\nperiod = \"2026-03\"\nmanager = {{ id = \"b\", role = \"rm\" }}\n\
             inputs = {{ \"deposits.average\" = 80 }}\npeers = [{peers}]\nexpect = {{ {expect} }}\n"
        )
    };
    // 80 comes after 90 and before 70, 60 and 50: the second of five, of whom two are rated A. Nobody else has a share of the pool.
    let others = "{ id = \"a\", total = 90 }, { id = \"c\", total = 70 }, { id = \"d\", total = 60 }, { id = \"e\", total = 50 }";
    holds(&text(others, "total = 80, rank = 2, rating = \"A\", pay = { p = 900 }"));
    // Two of three come before: floor(1.2) is one.
    holds(&text("{ id = \"a\", total = 90 }, { id = \"c\", total = 81 }", "rank = 3, rating = \"B\""));
    // Whom the policy is not for takes no place.
    let other = "applies = 'manager.role == \"rm\"'\n";
    holds(&format!("{other}{}", text("{ id = \"a\", role = \"head\", total = 90 }", "rank = 1")));
}

#[test]
fn a_circle_through_a_peer_is_told_as_one() {
    let text = "missing = \"zero\"\n[[indicators]]\nid = \"d\"\nweight = 100\nvalue = \"members.mean('total')\"\n\
         curve = { kind = \"formula\", score = \"x\" }\n\
         [[tests]]\nname = \"t\"\nperiod = \"2026-03\"\nmanager = { id = \"b\", members = [\"a\"] }\n\
         peers = [{ id = \"a\", members = [\"b\"] }]\nexpect = { error = \"circle: d\" }\n";
    holds(text);
}

#[test]
fn a_test_lists_the_vetoes_and_warnings_that_come_out() {
    let text = |expect: &str| {
        format!(
            "missing = \"zero\"\ntotal = {{ min = 0 }}\n[measures.violations]\nkind = \"count\"\n[[indicators]]\nid = \"d\"\nweight = 100\nvalue = \"deposits.average\"\n\
             curve = {{ kind = \"per-unit\", unit = \"1 元\", points = 1 }}\n\
             [[vetoes]]\nid = \"fraud\"\nwhen = \"violations.count >= 1\"\ncap = 10\n\
             [[vetoes]]\nid = \"late\"\nwhen = \"violations.count >= 5\"\ncap = 5\n\
             [[warnings]]\ntitle = \"Low\"\nall = [\"total < 60\"]\n\
             [[tests]]\nname = \"t\"\nperiod = \"2026-03\"\ninputs = {{ \"deposits.average\" = 80, \"violations.count\" = 2 }}\n\
             expect = {{ {expect} }}\n"
        )
    };
    holds(&text("vetoes = [\"fraud\"], warnings = [\"Low\"]"));
    assert_eq!(
        differences(&text("vetoes = [], warnings = [\"Low\", \"Lower\"]")),
        ["vetoes none fraud", "warnings Low, Lower Low"]
    );
}

#[test]
fn what_a_test_expects_and_does_not_get_has_a_reason() {
    let text = |manager: &str, more: &str, expect: &str| {
        format!(
            "missing = \"zero\"\n[measures.sold]\nunit = \"元\"\nkind = \"flow\"\n[measures.due]\nunit = \"元\"\nkind = \"flow\"\n\
             [constants]\nk = {{ by = \"grade\", junior = 1 }}\n[[indicators]]\nid = \"d\"\nweight = 100\nvalue = \"sold.sum\"\n\
             curve = {{ kind = \"per-unit\", unit = \"1 元\", points = 1 }}\n\
             [[promotion]]\nfrom = \"junior\"\nto = \"senior\"\nall = [\"total >= 5\"]\nmin_months = 3\nconsecutive = 2\n\
             [[warnings]]\ntitle = \"Low\"\nall = [\"due.sum < 9\"]\n\
             [[pay.lines]]\nid = \"base\"\namount = \"1000 元 * k\"\nmissing = \"error\"\n\
             [[pay.lines]]\nid = \"extra\"\namount = \"5 元\"\nwhen = \"sold.sum > 9\"\n\
             [[pay.lines]]\nid = \"late\"\namount = \"due.sum * 1%\"\nmissing = \"skip\"\n\
             [[pay.lines]]\nid = \"shared\"\npool = {{ of = \"due.sum\", by = \"1\", among = \"all\" }}\nmissing = \"skip\"\n\
             [[tests]]\nname = \"t\"\nperiod = \"2026-03\"\nmanager = {{ {manager} }}\ninputs = {{ \"sold.sum\" = 9 }}\n{more}\nexpect = {{ {expect} }}\n"
        )
    };
    let differs = |manager: &str, expect: &str| differences(&text(manager, "", expect));
    assert_eq!(
        differs("grade = \"boss\"", "total = 8, pay = { base = 1000, total = 1000 }"),
        [
            "total 8 9",
            "pay.base 1000 -: `base`: `k` has no row for `boss`",
            "pay.total 1000 -: `base`: `k` has no row for `boss`"
        ]
    );
    let zero = text("grade = \"boss\"", "", "pay = { base = 1000 }");
    let zero = zero.replace("* k\"\nmissing = \"error\"", "* k\"");
    assert_eq!(differences(&zero), ["pay.base 1000 0: `base`: `k` has no row for `boss`"]);
    assert_eq!(
        differs("grade = \"junior\"", "pay = { extra = 5, late = 2, shared = 3, total = 1000 }"),
        [
            "pay.extra 5 0: does not apply",
            "pay.late 2 0: `due.sum`: not given",
            "pay.shared 3 0: `due.sum`: not given"
        ]
    );
    assert_eq!(
        differs("grade = \"junior\"", "promotion = \"senior\", warnings = [\"Low\"]"),
        [
            "promotion senior -: `senior`: `manager.grade_months` is not known",
            "warnings Low none: `Low`: `due.sum`: not given"
        ]
    );
    let served = "grade = \"junior\", grade_months = 9";
    let early = "`senior`: held in 1 of 2 periods; 2026-02 and before are not closed, or before the manager was in post";
    assert_eq!(differs(served, "promotion = \"senior\""), [format!("promotion senior -: {early}")]);
    // It failed in the period before, which is known.
    let before = |total: u32| format!("history = [{{ period = \"2026-02\", total = {total} }}]");
    let expect = "promotion = \"senior\"";
    assert_eq!(differences(&text(served, &before(4), expect)), ["promotion senior -"]);
    holds(&text(served, &before(5), expect));
}

#[test]
fn a_folder_of_policies_is_run_file_by_file() {
    let text = |expected: u32| {
        format!(
            "{HEAD}missing = \"zero\"\n[[pay.lines]]\nid = \"a\"\namount = \"1 元\"\n\
             [[tests]]\nname = \"t\"\nperiod = \"2026-03\"\nexpect = {{ pay = {{ total = {expected} }} }}\n"
        )
    };
    let (good, bad) = (text(1), text(2));
    let folder = Folder::with([
        ("all/a.toml", &*good),
        ("all/b.toml", &*bad),
        ("all/notes.md", "-"),
        ("none/n.md", "-"),
    ]);
    let ran = folder.run(&["policy", "test", "all"]);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert!(ran.out.contains("all/b.toml:") && !ran.out.contains("all/a.toml:"), "{}", ran.out);
    assert!(ran.err.contains("1 test passed, 1 failed"), "{}", ran.err);
    assert_eq!(folder.run(&["policy", "check", "all"]).code, Some(0));
    for command in ["test", "check"] {
        let ran = folder.run(&["policy", command, "none"]);
        assert!(ran.code == Some(2) && ran.err.contains("`none` is no folder of policies"), "{}", ran.err);
    }
}

#[test]
fn a_test_of_a_period_before_the_policy_is_found() {
    let case = |period: &str| {
        format!(
            "until = 2026-06-30\n[[pay.lines]]\nid = \"a\"\namount = \"1 元\"\n[[tests]]\nname = \"t\"\nperiod = \"{period}\"\n\
             expect = {{ pay = {{ total = 1 }} }}\n"
        )
    };
    assert_eq!(found(&case("2025-12")), ["test-out-of-force tests[0].period"]);
    assert_eq!(found(&case("2026-07")), ["test-out-of-force tests[0].period"]);
    assert_eq!(found(&case("2026-06")), [] as [&str; 0]);
}

#[test]
fn a_least_result_above_the_greatest_is_refused() {
    let text = |of_item: &str, of_dimension: &str, of_total: &str| {
        format!(
            "missing = \"zero\"\n{of_total}\n[[dimensions]]\nid = \"r\"\n{of_dimension}\n[[indicators]]\nid = \"d\"\n\
             in = \"r\"\nweight = 100\nvalue = \"deposits.average\"\n{of_item}\n\
             curve = {{ kind = \"per-unit\", unit = \"1 元\", points = 1 }}\n"
        )
    };
    let fit = ["min = 0\nmax = 100", "min = 0\nmax = 100", "total = { min = 0, max = 100 }"];
    let not = ["min = 120\nmax = 100", "min = 120\nmax = 100", "total = { min = 120, max = 100 }"];
    assert_eq!(found(&text(fit[0], fit[1], fit[2])), [] as [&str; 0]);
    assert_eq!(found(&text(not[0], fit[1], fit[2])), ["incomplete-entry indicators[0].min"]);
    assert_eq!(found(&text(fit[0], not[1], fit[2])), ["incomplete-entry dimensions[0].min"]);
    assert_eq!(found(&text(fit[0], fit[1], not[2])), ["incomplete-entry total.min"]);
}

#[test]
fn a_constant_by_rating_has_a_value_for_each() {
    let text = |rows: &str| {
        format!(
            "missing = \"zero\"\n[constants]\nk = {{ by = \"rating\", {rows} }}\n[[indicators]]\nid = \"d\"\nweight = 100\n\
             value = \"deposits.average\"\ncurve = {{ kind = \"per-unit\", unit = \"1 元\", points = 1 }}\n\
             [total]\nmin = 0\n[[ratings]]\nid = \"A\"\nat_least = 60\n[[ratings]]\nid = \"B\"\nat_least = 0\n\
             [[pay.lines]]\nid = \"a\"\namount = \"k * 1 元\"\n"
        )
    };
    assert_eq!(found(&text("A = 2")), ["rating-without-row constants.k"]);
    assert_eq!(found(&text("A = 2, B = 1")), [] as [&str; 0]);
    assert_eq!(found(&text("A = 2, else = 1")), [] as [&str; 0]);
}

#[test]
fn a_comparison_of_policies_says_why_pay_is_not_stated() {
    let book = Folder::riverside();
    let path = "policies/2026-corporate.toml";
    let text = book.read(path).replacen(
        "[[pay.lines]]",
        "[measures.odd]\nunit = \"元\"\nkind = \"flow\"\n[[pay.lines]]\nid = \"odd\"\namount = \"odd.sum\"\n[[pay.lines]]",
        1,
    );
    book.write("draft.toml", text);
    let ran = book.run(&["policy", "diff", "2026-corporate", "draft.toml", "2026-10", "-O", "csv"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let head = ran.out.lines().next().unwrap();
    assert!(head.ends_with(",because,remark"), "{head}");
    let said: Vec<&str> = ran.out.lines().skip(1).filter_map(|row| row.rsplit(',').next()).collect();
    assert!(!said.is_empty() && said.iter().all(|said| said.contains("now: ")), "{}", ran.out);
}

#[test]
fn policies_in_different_units_of_money_are_not_compared() {
    let book = Folder::riverside();
    let text = book.read("policies/2026-corporate.toml").replacen("money = \"万元\"", "money = \"元\"", 1);
    book.write("draft.toml", &text);
    book.write("other.toml", text.replacen("scheme = \"", "scheme = \"other-", 1));
    let diff = |new: &str| book.run(&["policy", "diff", "2026-corporate", new, "2026-10"]);
    // Carried amounts, earlier pay and the year's would go on in another unit.
    let continued = diff("draft.toml");
    assert_eq!(continued.code, Some(2));
    assert!(continued.err.contains("[RM950 other-money-of-scheme]"), "{}", continued.err);
    let beside = diff("other.toml");
    assert_eq!((beside.code, beside.out.as_str()), (Some(2), ""));
    let said = "`2026-corporate` states amounts in 万元, and `other` in 元";
    assert!(beside.err.contains(said), "{}", beside.err);
}

#[test]
fn a_curve_that_nobody_can_mean_is_told() {
    let told = |list: &str, curve: &str| {
        let weight = if list == "indicators" { "weight = 100\n" } else { "" };
        found(&format!(
            "missing = \"zero\"\nzero_target = \"skip\"\n[measures.n]\nkind = \"count\"\n[[{list}]]\nid = \"i\"\n{weight}\
             value = \"n.count\"\ncurve = {{ {curve} }}\n"
        ))
    };
    let of = |curve: &str| told("indicators", curve);
    let none: [&str; 0] = [];
    let rank = |by: &str| format!("kind = \"rank\", group = \"all\", {by}");

    assert_eq!(of(&rank("percentiles = [[0, 50], [0.9, 90], [1, 100]]")), none);
    assert_eq!(
        of(&rank("percentiles = [[1, 100], [0.9, 90], [0, 50]]")),
        ["curve-not-monotonic indicators[0].curve", "bad-table indicators[0].curve.percentiles"]
    );
    assert_eq!(
        of(&rank("percentiles = [[0, 50], [90, 100]]")),
        ["bad-table indicators[0].curve.percentiles"]
    );
    assert_eq!(of(&rank("places = [100, 80, 50]")), none);
    assert_eq!(of(&rank("places = [50, 80, 100]")), ["curve-not-monotonic indicators[0].curve"]);
    assert_eq!(of(&rank("better = \"lower\", places = [100, 80, 50]")), none);
    // The last of a list may well be the one who loses most.
    assert_eq!(told("deductions", &rank("places = [0, 0, 5]")), none);
    let third =
        "{ share = \"1/3\", score = 100 }, { share = \"1/3\", score = 80 }, { share = \"1/3\", score = 60 }";
    assert_eq!(of(&rank(&format!("shares = [{third}]"))), none);

    assert_eq!(
        of("kind = \"per-unit\", unit = 0, points = 1"),
        ["incomplete-entry indicators[0].curve.unit"]
    );
    assert_eq!(
        of("kind = \"anchor\", anchor = 5, step = 0, up = 1, base = 100"),
        ["incomplete-entry indicators[0].curve.step"]
    );
    assert_eq!(
        of("kind = \"neutral\", target = 5, dead_band = 0, slope_up = 1, slope_down = 1"),
        none,
        "a dead band of nothing is none"
    );
    assert_eq!(
        of("kind = \"per-unit\", unit = 1, points = 1, min = 200, max = 150"),
        ["incomplete-entry indicators[0].curve.min"]
    );
}
