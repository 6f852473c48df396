//! What a policy author writes by mistake, and what would be read otherwise than it is meant if nobody said so.

use rmbook::book;
use rmbook::score::apply::Policies;
use rmbook::score::cases;
use rmbook::source::{Snapshot, Target};
use rmbook::text::Lang;

use crate::language::{HEAD, found};
use crate::policies::{judged, policy};

const CLEAR: [&str; 0] = [];

const RATIO: &str = "[measures.recovery]\nkind = \"ratio\"\n";

fn item(keys: &str) -> String {
    format!("missing = \"zero\"\nzero_target = \"zero\"\n[[indicators]]\nid = \"i\"\nweight = 100\n{keys}\n")
}

/// An item of marks given in the review, and more.
fn marked(more: &str) -> String {
    item(&format!("curve = {{ kind = \"manual\" }}\n{more}"))
}

fn paid(more: &str) -> String {
    format!("missing = \"zero\"\n[[pay.lines]]\nid = \"p\"\namount = \"1 元\"\n{more}\n")
}

/// What is found in a policy of a book with more of its own: the rule and where it points.
fn found_in_book(settings: &str, text: &str) -> Vec<String> {
    let manager = "name = \"王芳\"\ngrade = \"senior\"\nrole = \"rm\"\nteam = \"one\"\nbranch = \"滨江\"\n";
    let files = [
        ("rmbook.toml", format!("name = \"B\"\ngrades = [\"junior\", \"senior\"]\n{settings}")),
        ("managers/wang-fang.toml", manager.to_owned()),
        ("teams/one.toml", "name = \"One\"\nlead = \"wang-fang\"\n".to_owned()),
        ("policies/p.toml", format!("{HEAD}{text}")),
    ];
    let snapshot = Snapshot::new(files.map(|(path, text)| (path.to_owned(), Ok(text))));
    let (book, findings) = book::load(&snapshot);
    assert!(findings.is_empty(), "{findings:?}");
    let told = Policies::of(&book).findings.into_iter().map(|finding| {
        let at = match &finding.at.target {
            Target::Value(path) | Target::Key(path) | Target::Part { path, .. } => path.to_string(),
            other => format!("{other:?}"),
        };
        format!("{} {at}", finding.rule.name)
    });
    told.collect()
}

#[test]
fn a_ratio_of_no_stated_unit_is_doubted_where_its_rules_take_it_for_percent() {
    let curve = |curve: &str| found(&format!("{}{RATIO}", item(&format!("value = \"recovery\"\n{curve}"))));
    let at = |key: &str| vec![format!("percent-sign-missing indicators[0].{key}")];
    let threshold =
        |edge: &str| curve(&format!("curve = {{ kind = \"threshold\", op = \">=\", at = {edge} }}"));
    assert_eq!(threshold("95"), at("curve.at"));
    for fine in ["\"95%\"", "0.95", "1.2"] {
        assert_eq!(threshold(fine), CLEAR, "{fine}");
    }
    let bands = |edges: &str| {
        curve(&format!(
            "curve = {{ kind = \"bands\", edges = [{edges}], results = [0, 50, 100], included = \"lower\" }}"
        ))
    };
    assert_eq!(bands("80, 90"), [at("curve.edges[0]"), at("curve.edges[1]")].concat());
    assert_eq!(bands("\"80%\", 90"), at("curve.edges[1]"));
    assert_eq!(bands("0.8, 1.2"), CLEAR);
    let points = |x: &str| {
        curve(&format!(
            "curve = {{ kind = \"piecewise\", points = [[0.5, 0], [{x}, 100]], below = \"hold\", above = \"hold\" }}"
        ))
    };
    assert_eq!(points("90"), at("curve.points[1][0]"));
    assert_eq!(points("1.5"), CLEAR);
    let cases = |edge: &str| {
        curve(&format!(
            "curve = {{ kind = \"cases\", cases = [{{ when = \"x >= {edge}\", score = 100 }}], else = 0 }}"
        ))
    };
    assert_eq!(cases("95"), at("curve.cases[0].when"));
    assert_eq!(cases("95%"), CLEAR);
    let formula =
        |edge: &str| curve(&format!("curve = {{ kind = \"formula\", score = \"if(x >= {edge}, 100, 0)\" }}"));
    assert_eq!(formula("95"), at("curve.score"));
    assert_eq!(formula("0.95"), CLEAR);
    assert_eq!(curve("target = 95\ncurve = { kind = \"ratio\", max = 1.2 }"), at("target"));
    // Who says what the number counts in has said it.
    let times = item("value = \"recovery\"\ncurve = { kind = \"threshold\", op = \">=\", at = 95 }")
        + "[measures.recovery]\nkind = \"ratio\"\nunit = \"倍\"\n";
    assert_eq!(found(&times), CLEAR);
}

#[test]
fn rules_and_tests_may_agree_that_a_ratio_is_in_percent_unless_the_book_computes_it() {
    let text = |edge: &str, figure: &str| {
        format!(
            "{}{RATIO}[[tests]]\nname = \"t\"\nperiod = \"2026-03\"\ninputs = {{ recovery = {figure} }}\nexpect = {{ total = 100 }}\n",
            item(&format!(
                "value = \"recovery\"\ncurve = {{ kind = \"threshold\", op = \">=\", at = {edge} }}"
            ))
        )
    };
    let (rule, test) =
        ("percent-sign-missing indicators[0].curve.at", "percent-sign-missing tests[0].inputs.recovery");
    assert_eq!(found(&text("95", "96")), CLEAR);
    assert_eq!(found(&text("\"95%\"", "96")), [test]);
    assert_eq!(found(&text("0.95", "96")), [test]);
    assert_eq!(found(&text("95", "0.96")), [rule]);
    assert_eq!(found(&text("95", "\"96%\"")), [rule]);
    assert_eq!(found(&text("1.04", "1.24")), CLEAR);
    let book = |unit: &str| {
        format!(
            "[measures.due]\ntitle = \"D\"\nunit = \"万元\"\nkind = \"flow\"\n[measures.got]\ntitle = \"G\"\nunit = \"{unit}\"\nkind = \"flow\"\n\
             [measures.recovery]\ntitle = \"R\"\nunit = \"\"\nkind = \"ratio\"\nnumerator = \"got\"\ndenominator = \"due\"\n"
        )
    };
    assert_eq!(found_in_book(&book("万元"), &text("95", "96")), [rule, test]);
    // Money per client is no part of anything.
    assert_eq!(found_in_book(&book("户"), &text("95", "96")), CLEAR);
}

#[test]
fn a_quotient_of_figures_alike_is_a_part_of_one() {
    let when = |condition: &str| found(&marked(&format!("when = \"{condition}\"")));
    let over = |found: Vec<String>| found.iter().any(|found| found.starts_with("percent-sign-missing"));
    assert!(over(when("lost_clients / clients > 10")));
    for fine in [
        "lost_clients / clients > 10%",
        "lost_clients / clients * 100 > 10",
        "deposits.average / clients > 10 万元/户",
    ] {
        assert!(!over(when(fine)), "{fine}");
    }
}

#[test]
fn a_gate_gives_a_factor_and_looks_at_nothing_beside_its_formula() {
    let gate = |keys: &str| found(&paid(&format!("[[gates]]\nid = \"g\"\non = \"pay\"\n{keys}")));
    let bands = |most: &str| {
        gate(&format!(
            "value = \"npl_ratio\"\ncurve = {{ kind = \"bands\", edges = [\"5%\"], results = [{most}, 0], included = \"upper\" }}"
        ))
    };
    assert_eq!(bands("90"), ["percent-sign-missing gates[0].curve"]);
    assert_eq!(bands("0.9"), CLEAR);
    assert_eq!(bands("1.2"), CLEAR);
    assert_eq!(
        gate("value = \"npl_ratio\"\nfactor = \"if(npl_ratio > 5%, 0, 1)\""),
        ["incomplete-entry gates[0].value"]
    );
    assert_eq!(gate("target = 1\nfactor = 0.9"), ["incomplete-entry gates[0].target"]);
    assert_eq!(gate("factor = \"if(npl_ratio > 5%, 0, 1)\""), CLEAR);
}

#[test]
fn the_least_pay_is_not_above_the_most() {
    let bounds = |keys: &str| found(&paid(keys));
    assert_eq!(bounds("min = \"10 元\"\nmax = \"5 元\""), ["incomplete-entry pay.lines[0].min"]);
    assert_eq!(bounds("min = \"5 元\"\nmax = \"10 元\""), CLEAR);
    assert_eq!(bounds("[pay]\nmin = \"1 万元\"\nmax = \"9000 元\""), ["incomplete-entry pay.min"]);
    assert_eq!(bounds("[pay]\nmin = \"9000 元\"\nmax = \"1 万元\""), CLEAR);
}

#[test]
fn parts_of_a_total_in_points_are_doubted_in_conditions_too() {
    let rated = |condition: &str| {
        found(&marked(&format!(
            "[[ratings]]\nid = \"A\"\nall = [\"{condition}\"]\n[[ratings]]\nid = \"B\"\n"
        )))
    };
    let doubted = ["percent-of-points ratings[0].all[0]"];
    for slip in ["total >= 90%", "total >= 0.9", "score.i >= 60%", "min(score.i, total) >= 60%"] {
        assert_eq!(rated(slip), doubted, "{slip}");
    }
    for fine in ["total >= 90", "total / 100 >= 90%", "npl_ratio < 5%", "score.i >= 0.5"] {
        assert_eq!(rated(fine), CLEAR, "{fine}");
    }
    let edge = |edge: &str| {
        found(&marked(&format!("[[ratings]]\nid = \"A\"\nat_least = {edge}\n[[ratings]]\nid = \"B\"\n")))
    };
    assert_eq!(edge("0.9"), ["percent-of-points ratings[0].at_least"]);
    assert_eq!(edge("90"), CLEAR);
    let gate = "[[gates]]\nid = \"g\"\nvalue = \"total\"\ncurve = { kind = \"threshold\", op = \">=\", at = \"60%\" }\n";
    assert_eq!(found(&marked(gate)), ["percent-of-points gates[0].curve.at"]);
    assert_eq!(found(&marked(&gate.replace("\"60%\"", "60"))), CLEAR);
}

#[test]
fn weights_and_parts_say_what_is_wrong_with_their_percent_sign() {
    let weights = |first: &str, second: &str| {
        let other = "[[indicators]]\nid = \"j\"\ncurve = { kind = \"manual\" }\nweight = ";
        found(&format!("{}{other}{second}\n", item("curve = { kind = \"manual\" }").replace("100", first)))
    };
    let (first, second) =
        ("weights-do-not-add-up indicators[0].weight", "weights-do-not-add-up indicators[1].weight");
    assert_eq!(weights("\"60%\"", "\"40%\""), [first, second]);
    // What the sum is of is told by the numbers that are meant.
    assert_eq!(weights("\"60%\"", "30"), ["weights-do-not-add-up indicators", first]);
    assert_eq!(weights("60", "40"), CLEAR);
    let deferred = |share: &str| {
        found(&paid(&format!("[pay.deferral]\nshare = {share}\nyears = [\"30%\", \"30%\", \"40%\"]\n")))
    };
    assert_eq!(deferred("40"), ["bare-rate pay.deferral.share"]);
    assert_eq!(deferred("\"140%\""), ["incomplete-entry pay.deferral.share"]);
    assert_eq!(
        deferred("\"-40%\""),
        ["incomplete-entry pay.deferral.share", "weak-deferral pay.deferral.share"]
    );
    assert_eq!(deferred("\"40%\""), CLEAR);
}

#[test]
fn what_a_later_result_releases_is_a_part_by_what_a_closed_result_keeps() {
    let released = |release: &str| {
        found(&marked(&format!(
            "[[ratings]]\nid = \"A\"\nat_least = 60\n[[ratings]]\nid = \"C\"\nbelow = 60\n\
             [[pay.lines]]\nid = \"p\"\namount = \"1 元\"\n\
             [pay.deferral]\nshare = \"40%\"\nyears = [\"30%\", \"30%\", \"40%\"]\nrelease = {release}\n"
        )))
    };
    assert_eq!(released("'if(rating == \"C\", 50%, 100%)'"), CLEAR);
    assert_eq!(released("'if(total >= 60 and score.i > 1 and manager.role == \"rm\", 1, 0.5)'"), CLEAR);
    assert_eq!(released("'if(rating == \"C\", 50, 1)'"), ["incomplete-entry pay.deferral.release"]);
    assert_eq!(released("50"), ["bare-rate pay.deferral.release"]);
    assert_eq!(released("'if(rank.all == 1, 1, 0)'"), ["name-too-early pay.deferral.release"]);
    assert_eq!(released("'if(rating == \"D\", 0, 1)'"), ["unknown-name pay.deferral.release"]);
}

#[test]
fn a_variant_that_states_a_form_of_pay_anew_says_what_held_before() {
    let laid = |per: &str| {
        found(&marked(&format!(
            "[[pay.lines]]\nid = \"p\"\n\
             commission = {{ of = \"deposits.average\", rate = \"1%\", per = \"year\", days = \"360\" }}\n\
             [[variants]]\nwhen = 'manager.role == \"rm\"'\n\
             pay = {{ lines = [{{ id = \"p\", commission = {{ of = \"deposits.average\", rate = \"2%\"{per} }} }}] }}\n"
        )))
    };
    assert_eq!(laid(""), ["unstated-rule variants[0].pay.lines[0].commission"]);
    assert_eq!(laid(", per = \"year\", days = \"360\""), CLEAR);
    assert_eq!(laid(", per = \"period\""), CLEAR);
}

#[test]
fn a_bare_amount_is_added_to_what_a_rate_makes_of_money_in_another_multiple() {
    let amount = |amount: &str| found(&paid("").replace("1 元", amount));
    let doubted = ["literal-in-another-unit pay.lines[0].amount"];
    for fine in [
        "deposits.average * 0.1% + 3_000",
        "deposits.average * 3 元/万元 + 3_000",
        "max(15% * fee_income.sum, 3_000)",
    ] {
        assert_eq!(amount(fine), CLEAR, "{fine}");
    }
    assert_eq!(amount("(deposits.average - 800) * 0.1%"), doubted);
    assert_eq!(amount("max(deposits.average * 90% - 800, 0) * 0.1%"), doubted);
}

#[test]
fn a_rating_whose_conditions_an_earlier_one_meets_is_never_given() {
    let ratings = |first: &str, second: &str| {
        found(&marked(&format!(
            "[[ratings]]\nid = \"A\"\n{first}\n[[ratings]]\nid = \"B\"\n{second}\n[[ratings]]\nid = \"C\"\n"
        )))
    };
    let never = ["unreachable-rating ratings[1]"];
    assert_eq!(ratings("all = [\"total >= 60\"]", "all = [\"total >= 80\", \"npl_ratio < 2%\"]"), never);
    assert_eq!(
        ratings("at_least = 60\nall = [\"npl_ratio < 5%\"]", "at_least = 80\nall = [\"npl_ratio < 2%\"]"),
        never
    );
    assert_eq!(ratings("all = [\"total >= 60\"]", "at_least = 80"), never);
    assert_eq!(
        ratings("at_least = 80\nall = [\"npl_ratio < 2%\"]", "at_least = 60\nall = [\"npl_ratio < 5%\"]"),
        CLEAR
    );
    assert_eq!(ratings("at_least = 60\nall = [\"npl_ratio < 2%\"]", "at_least = 80"), CLEAR);
    assert_eq!(ratings("at_least = 90", "all = [\"npl_ratio > 5%\", \"npl_ratio < 3%\"]"), never);
    // An edge looks at the total that a gate on ratings has cut, a condition at the one before.
    let gate = "[[gates]]\nid = \"g\"\non = \"rating\"\nfactor = 0.8\n";
    assert_eq!(ratings(&format!("all = [\"total >= 60\"]\n{gate}"), "at_least = 80"), CLEAR);
}

#[test]
fn grades_roles_and_teams_are_those_of_the_book() {
    let told = |text: &str| found_in_book("", text);
    let when = |condition: &str| {
        told(&marked(&format!(
            "when = '{condition}'\n[[indicators]]\nid = \"j\"\nweight = 100\nwhen = 'not ({condition})'\ncurve = {{ kind = \"manual\" }}"
        )))
    };
    let slip = ["word-not-in-book indicators[0].when", "word-not-in-book indicators[1].when"];
    for wrong in [
        "manager.grade == \"senoir\"",
        "manager.grade in [\"junior\", \"boss\"]",
        "manager.role == \"rn\"",
        "manager.team == \"two\"",
        "manager.branch == \"滨河\"",
        "manager.id == \"wang-fan\"",
    ] {
        assert_eq!(when(wrong), slip, "{wrong}");
    }
    for fine in [
        "manager.grade == \"senior\"",
        "manager.role == \"assistant\"",
        "manager.team == \"one\"",
        "manager.branch == \"township\"",
    ] {
        assert_eq!(when(fine), CLEAR, "{fine}");
    }
    // Without a book nobody knows.
    assert_eq!(found(&format!("applies = 'manager.grade == \"senoir\"'\n{}", marked(""))), CLEAR);
    let applies = |grade: &str| told(&format!("applies = 'manager.grade == \"{grade}\"'\n{}", marked("")));
    assert_eq!(applies("senoir"), ["word-not-in-book applies"]);
    assert_eq!(applies("junior"), CLEAR);
    let constant = |grade: &str| {
        told(&format!(
            "{}[constants]\nk = {{ by = \"grade\", {grade} = 2, else = 1 }}\n",
            paid("").replace("1 元", "1 元 * k")
        ))
    };
    assert_eq!(constant("senoir"), ["word-not-in-book constants.k.senoir"]);
    assert_eq!(constant("senior"), CLEAR);
    let table = |grade: &str| {
        let amount = "1 元 * lookup('tables.k', manager.grade)";
        told(&format!("{}[tables.k]\nrows = {{ {grade} = 2, else = 1 }}\n", paid("").replace("1 元", amount)))
    };
    assert_eq!(table("senoir"), ["word-not-in-book tables.k.rows.senoir"]);
    assert_eq!(table("senior"), CLEAR);
    let promoted = |from: &str, to: &str| {
        told(&marked(&format!("[[promotion]]\nfrom = \"{from}\"\nto = \"{to}\"\nall = [\"total >= 90\"]\n")))
    };
    assert_eq!(promoted("junior", "senoir"), ["word-not-in-book promotion[0].to"]);
    assert_eq!(promoted("juniro", "senior"), ["word-not-in-book promotion[0].from"]);
    assert_eq!(promoted("junior", "senior"), CLEAR);
    assert_eq!(promoted("senior", "junior"), ["move-astray promotion[0].to"]);
    assert_eq!(promoted("senior", "senior"), ["move-astray promotion[0].to"]);
    let tested = |grade: &str| {
        told(&format!(
            "{}[[tests]]\nname = \"t\"\nperiod = \"2026-03\"\nmanager = {{ grade = \"{grade}\" }}\nmarks = {{ i = 80 }}\nexpect = {{ total = 80 }}\n",
            marked("")
        ))
    };
    assert_eq!(tested("senoir"), ["word-not-in-book tests[0].manager.grade"]);
    assert_eq!(tested("senior"), CLEAR);
}

#[test]
fn a_condition_that_contradicts_itself_or_chooses_nobody_is_found() {
    let veto =
        |when: &str| found(&marked(&format!("[[vetoes]]\nid = \"v\"\nzero = true\nwhen = \"{when}\"\n")));
    assert_eq!(veto("npl_ratio > 5% and npl_ratio < 3%"), ["condition-never-holds vetoes[0].when"]);
    assert_eq!(veto("npl_ratio > 5% or npl_ratio < 6%"), ["condition-always-holds vetoes[0].when"]);
    assert_eq!(veto("npl_ratio > 5% or npl_ratio < 1%"), CLEAR);
    let applies = |condition: &str| found(&format!("applies = \"{condition}\"\n{}", marked("")));
    assert_eq!(applies("manager.role != 'rm' or manager.role != 'lead'"), ["condition-always-holds applies"]);
    assert_eq!(applies("manager.role != 'rm' and manager.role != 'lead'"), CLEAR);
    let step = |all: &str| found(&marked(&format!("[[promotion]]\nto = \"b\"\nall = [{all}]\n")));
    assert_eq!(step("\"total >= 90\", \"total < 60\""), ["condition-never-holds promotion[0].all"]);
    assert_eq!(step("\"total >= 90\", \"total < 100\""), CLEAR);
}

#[test]
fn marks_in_another_scale_and_targets_of_nothing_are_found() {
    let points = |most: &str| {
        found(&format!(
            "scale = \"points\"\n{}[[indicators]]\nid = \"j\"\nweight = 80\ncurve = {{ kind = \"manual\" }}\n",
            item(&format!(
                "value = \"clients\"\ncurve = {{ kind = \"bands\", edges = [\"10 户\"], results = [0, {most}], included = \"lower\" }}"
            ))
            .replace("weight = 100", "weight = 20")
        ))
    };
    assert_eq!(points("100"), ["far-beyond-full-marks indicators[0].curve"]);
    assert_eq!(points("20"), CLEAR);
    assert_eq!(points("24"), CLEAR);
    let target = |target: &str| {
        found(&item(&format!(
            "value = \"clients\"\ntarget = {target}\ncurve = {{ kind = \"ratio\", max = 1.2 }}"
        )))
    };
    assert_eq!(target("0"), ["full-marks-out-of-reach indicators[0].curve"]);
    assert_eq!(target("\"5 户\""), CLEAR);
    let rows = |junior: &str| {
        found(&format!(
            "{}[constants]\nk = {{ by = \"grade\", junior = {junior}, senior = \"100%\" }}\n",
            paid("").replace("1 元", "1 元 * k")
        ))
    };
    assert_eq!(rows("80"), ["percent-sign-missing constants.k.junior"]);
    assert_eq!(rows("0.8"), CLEAR);
    // The percent sign of a Chinese keyboard is one.
    let wide = item("value = \"m\"\ncurve = { kind = \"threshold\", op = \"<=\", at = \"5％\" }")
        + "[measures.m]\nunit = \"％\"\nkind = \"ratio\"\n";
    assert_eq!(found(&wide), CLEAR);
}

#[test]
fn totals_that_lie_between_ratings_are_told() {
    let rated = |before: &str, ratings: [&str; 2]| {
        let ratings = ratings.map(|edges| edges.replace(", ", "\n"));
        let [a, b] = ratings;
        found(&format!(
            "{before}{}",
            marked(&format!("[[ratings]]\nid = \"A\"\n{a}\n[[ratings]]\nid = \"B\"\n{b}\n"))
        ))
    };
    let gap = ["totals-without-rating ratings[0]"];
    assert_eq!(rated("", ["at_least = 60", "below = 55"]), gap);
    assert_eq!(rated("", ["above = 60", "below = 60"]), gap);
    assert_eq!(rated("", ["at_least = 60", "at_most = 59"]), gap);
    for fine in ["below = 60", "at_most = 60", "at_most = 70", ""] {
        assert_eq!(rated("", ["at_least = 60", fine]), CLEAR, "{fine}");
    }
    // Whole totals have nothing between 59 and 60; the exact one has, and a total of at least 60 is never below.
    let whole = "rounding = { total = 0 }\n";
    assert_eq!(rated(whole, ["at_least = 60", "at_most = 59"]), CLEAR);
    assert_eq!(rated(whole, ["at_least = 60", "at_most = 58"]), gap);
    assert_eq!(rated(&format!("{whole}rating_on = \"exact\"\n"), ["at_least = 60", "at_most = 59"]), gap);
    assert_eq!(
        rated("total = { min = 60 }\n", ["at_least = 60", "below = 55"])[..1],
        ["unreachable-rating ratings[1]"]
    );
    // Conditions that leave nobody out fill a gap, one that does leaves it.
    let filled = |first: &str, second: &str| {
        let rating = |id: &str, keys: &str| format!("[[ratings]]\nid = \"{id}\"\n{keys}\n");
        found(&marked(
            &[
                rating("C", first),
                rating("D", second),
                rating("A", "at_least = 60"),
                rating("B", "below = 55"),
            ]
            .concat(),
        ))
    };
    assert_eq!(filled("when = \"total >= 50 and total < 60\"", "when = \"manager.months < 3\""), CLEAR);
    assert_eq!(
        filled("when = \"manager.months < 6 and total < 20\"", "when = \"manager.months < 3\""),
        ["totals-without-rating ratings[2]"]
    );
}

/// What is said of a policy that is found at fault, with the mend.
fn told(text: &str) -> Vec<String> {
    let (_, findings) = judged("p.toml", &format!("{HEAD}{text}"));
    let told = findings.into_iter().map(|finding| {
        let help = finding.help.map(|help| format!("; {}", help.get(Lang::En))).unwrap_or_default();
        format!("{}{help}", finding.message.get(Lang::En))
    });
    told.collect()
}

#[test]
fn ratings_in_rising_order_and_weights_say_what_is_wrong() {
    let ratings = "[[ratings]]\nid = \"pass\"\nat_least = 60\n[[ratings]]\nid = \"good\"\nat_least = 90\n[[ratings]]\nid = \"fail\"\n";
    assert_eq!(
        told(&marked(ratings)),
        [
            "no total gives the rating `good`: `pass` before it takes every total ≥ 60; the best rating stands first"
        ]
    );
    let second = "[[indicators]]\nid = \"j\"\nweight = 30\ncurve = { kind = \"manual\" }\n";
    assert_eq!(
        told(&marked(second).replace("weight = 100", "weight = 60")),
        ["the sum is 60 + 30 = 90, not 100"]
    );
    let years = "[pay.deferral]\nshare = \"40%\"\nyears = [\"30%\", \"30%\", \"30%\"]\n";
    assert_eq!(told(&paid(years)), ["the sum is 30% + 30% + 30% = 90%, not 100%"]);
}

#[test]
fn what_other_tools_write_is_told_with_its_mend() {
    let amount = |amount: &str| told(&paid("").replace("1 元", amount));
    let help = |amount_: &str| {
        amount(amount_)[0].split_once("; ").map(|(_, help)| help.to_owned()).unwrap_or_default()
    };
    assert_eq!(help("if(manager.months =< 3, 1 元, 2 元)"), "write `<=`");
    assert_eq!(help("if(manager.months <> 3, 1 元, 2 元)"), "write `!=`");
    assert!(help("if manager.months > 3 then 1 元 else 2 元").starts_with("write `if(condition, a, b)`"));
    assert_eq!(help("IF(manager.months > 3, 1 元, 2 元)"), "a similar name exists: `if`");
    let ratings = "[[ratings]]\nid = \"A\"\n";
    let quoted = "a word stands in quotes: `'A'`";
    let rated = |amount: &str| told(&format!("{}{ratings}", paid("").replace("1 元", amount)));
    for amount in
        ["if(rating == A, 1 元, 2 元)", "if(A == rating, 1 元, 2 元)", "if(rating in [A], 1 元, 2 元)"]
    {
        assert!(rated(amount)[0].ends_with(quoted), "{amount}: {:?}", rated(amount));
    }
}

#[test]
fn a_product_fits_any_unit_only_where_bare_numbers_make_it() {
    let part = "[constants]\nq = \"45%\"\n[measures.salary]\nunit = \"元\"\nkind = \"balance\"\n";
    let amount = |amount: &str| {
        told(&format!("{}[[pay.lines]]\nid = \"l\"\namount = \"{amount}\"\n{part}", marked("")))
    };
    let refused = "units do not fit: 元 and a pure number";
    for wrong in [
        "salary.end + q * total / 100",
        "salary.end + total / 100",
        "salary.end + q * 2",
        "salary.end + q * period.month / 12",
    ] {
        assert!(amount(wrong)[0].starts_with(refused), "{wrong}: {:?}", amount(wrong));
    }
    for fine in [
        "salary.end * q * total / 100",
        "salary.end * q + 3 * 400",
        "salary.end * q + 400 * period.month / 12",
        "salary.end * q + total * 20 元",
    ] {
        assert_eq!(amount(fine), CLEAR, "{fine}");
    }
    assert!(
        amount("q * total")[0].starts_with("this is a pure number, not an amount in 元"),
        "{:?}",
        amount("q * total")
    );
    let called = |unit: &str| {
        told(&format!(
            "{}[measures.fees]\nunit = \"{unit}\"\nkind = \"flow\"\n",
            paid("").replace("1 元", "fees.sum * 0 + 1 元")
        ))
    };
    assert!(called("dollars")[0].starts_with("`dollars` is no unit of money that is known: write `USD`; "));
}

#[test]
fn figures_of_a_test_are_read_with_the_policy() {
    let tested = |figures: &str| {
        found(&format!("{}[[tests]]\nname = \"t\"\nperiod = \"2026-01\"\n{figures}\n", marked("")))
    };
    assert_eq!(tested("marks = { i = 80 }\nexpect = { total = 80 }"), CLEAR);
    assert_eq!(
        tested("marks = { i = \"8,0\" }\nexpect = { total = 80 }"),
        ["bad-expression tests[0].marks.i"]
    );
    assert_eq!(
        tested("marks = { i = 80 }\nexpect = { total = \"８０\" }"),
        ["bad-expression tests[0].expect.total"]
    );
    assert_eq!(
        tested("marks = { i = \"deposits.average\" }\nexpect = { total = 80 }")[..1],
        ["name-too-early tests[0].marks.i"]
    );
}

#[test]
fn a_rule_of_promotion_starts_from_one_grade_or_from_several() {
    let case = |grade: &str, to: &str| {
        format!(
            "[[tests]]\nname = \"{grade}\"\nperiod = \"2026-01\"\nmanager = {{ grade = \"{grade}\" }}\nmarks = {{ i = 95 }}\nexpect = {{ promotion = \"{to}\" }}\n"
        )
    };
    let step = "[[promotion]]\nfrom = [\"junior\", \"middle\"]\nto = \"senior\"\nall = [\"total >= 90\"]\n";
    let text = marked(
        &[step.to_owned(), case("junior", "senior"), case("middle", "senior"), case("chief", "none")]
            .concat(),
    );
    let outcomes = cases::run(&policy("p.toml", &format!("{HEAD}{text}")));
    assert!(
        outcomes.len() == 3 && outcomes.iter().all(cases::Outcome::passes),
        "{:?}",
        outcomes[0].differences
    );
    let second = |from: &str| format!("{step}{}", step.replace("[\"junior\", \"middle\"]", from));
    assert_eq!(found(&marked(&second("\"middle\""))), ["shadowed-move promotion[1]"]);
    assert_eq!(found(&marked(&second("[\"middle\", \"chief\"]"))), CLEAR);
    assert_eq!(found(&marked(&second("[]")))[..1], ["incomplete-entry promotion[1]"]);
}

#[test]
fn what_is_written_by_analogy_is_told_what_it_is_called() {
    let line =
        "[[pay.lines]]\nid = \"earned\"\namount = \"1 元\"\n[[pay.lines]]\nid = \"q\"\namount = \"AMOUNT\"\n";
    let amount = |amount: &str| told(&format!("{}{}", marked(""), line.replace("AMOUNT", amount))).join("; ");
    for (written, meant) in
        [("earned", "pay.earned"), ("line.earned", "pay.earned"), ("lines.earned", "pay.earned")]
    {
        let said = format!("unknown name `{written}`; a similar name exists: `{meant}`");
        assert!(
            amount(&format!("{written} * 2")).contains(&format!("`{meant}`")),
            "{said}: {}",
            amount(written)
        );
    }
    // A rate by itself says what it lacks.
    let rate = "missing = \"zero\"\n[[pay.lines]]\nid = \"p\"\ncommission = { of = \"deposits.average\", rate = 3 }\n";
    assert!(
        told(rate)[0].contains("a bare number stands as a rate; give the number its unit"),
        "{:?}",
        told(rate)
    );
}

#[test]
fn constants_go_by_the_half_year_and_by_the_rating_where_it_is_known() {
    let by = |by: &str, rows: &str| {
        format!(
            "missing = \"zero\"\n[constants]\nk = {{ by = \"{by}\", {rows} }}\n[measures.m]\nkind = \"flow\"\n[[indicators]]\nid = \"i\"\nweight = 100\n\
             value = \"m.sum * k\"\ncurve = {{ kind = \"per-unit\", unit = 1, points = 1 }}\n[[ratings]]\nid = \"A\"\n"
        )
    };
    let late = told(&by("rating", "A = 1, else = 2"));
    assert!(late[0].starts_with("the rating is not known yet where this is read"), "{late:?}");
    // June ends the first half and July is in the second.
    let mut halves = by("half", "1 = 1, 2 = 3");
    for (period, total) in [("2026-06", 20), ("2026-07", 60)] {
        halves += &format!(
            "[[tests]]\nname = \"{period}\"\nperiod = \"{period}\"\ninputs = {{ \"m.sum\" = 20 }}\nexpect = {{ total = {total} }}\n"
        );
    }
    let outcomes = cases::run(&policy("p.toml", &format!("{HEAD}{halves}")));
    assert!(outcomes.len() == 2 && outcomes.iter().all(cases::Outcome::passes));
}

#[test]
fn units_that_do_not_fit_are_named_as_the_policy_counts() {
    let folder = crate::fixture::Folder::book();
    let text = HEAD.replace("\"元\"", "\"万元\"");
    folder.write(
        "p.toml",
        format!(
            "{text}missing = \"zero\"\n[[pay.lines]]\nid = \"p\"\namount = \"deposits.average + total\"\n"
        ),
    );
    let ran = folder.run(&["policy", "check", "p.toml", "-O", "concise"]);
    assert!(ran.out.contains("units do not fit: 万元 and a pure number"), "{}", ran.out);
}
