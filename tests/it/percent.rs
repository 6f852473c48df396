//! Numbers that lack their percent sign, and percent signs where points are meant.

use crate::language::found;

const CLEAR: [&str; 0] = [];

fn item(keys: &str) -> String {
    format!("missing = \"zero\"\nzero_target = \"zero\"\n[[indicators]]\nid = \"i\"\nweight = 100\n{keys}\n")
}

#[test]
fn a_number_above_one_beside_a_percentage_is_doubted() {
    let compared = |condition: &str| {
        let veto = format!("[[vetoes]]\nid = \"v\"\nwhen = \"{condition}\"\nzero = true\n");
        found(&format!("{}{veto}", item("curve = { kind = \"manual\" }")))
    };
    let doubted = ["percent-sign-missing vetoes[0].when"];
    assert_eq!(compared("npl_ratio > 1.5"), doubted);
    assert_eq!(compared("npl_ratio - npl_ratio@previous > 2"), doubted);
    assert_eq!(compared("max(npl_ratio, overdue_ratio) > 5"), doubted);
    for fine in [
        "npl_ratio > 1.5%",
        "npl_ratio > 0.015",
        "npl_ratio * 100 > 1.5",
        "npl_ratio > 1",
        "lost_clients > 5",
    ] {
        assert_eq!(compared(fine), CLEAR, "{fine}");
    }
}

#[test]
fn curves_over_a_percentage_take_percentages() {
    let curve = |curve: &str| found(&item(&format!("value = \"retention\"\ncurve = {{ {curve} }}")));
    let at = |key: &str| vec![format!("percent-sign-missing indicators[0].curve.{key}")];
    assert_eq!(curve("kind = \"threshold\", op = \">=\", at = 90"), at("at"));
    assert_eq!(curve("kind = \"threshold\", op = \">=\", at = \"90%\""), CLEAR);
    let anchor = |step: &str| {
        format!("kind = \"anchor\", anchor = \"95%\", step = {step}, up = 1, down = 1, max = 100")
    };
    assert_eq!(curve(&anchor("1")), at("step"));
    assert_eq!(curve(&anchor("\"1%\"")), CLEAR);
    assert_eq!(
        curve("kind = \"window\", target = \"90%\", half_width = 5, better = \"higher\""),
        at("half_width")
    );
    let neutral = "kind = \"neutral\", target = \"90%\", slope_up = 1, slope_down = 1";
    assert_eq!(curve(&format!("{neutral}, dead_band = 2")), at("dead_band"));
    assert_eq!(
        curve("kind = \"bands\", edges = [80, 90], results = [0, 50, 100], included = \"lower\"")[0],
        at("edges[0]")[0]
    );
    assert_eq!(
        curve("kind = \"bands\", edges = [0.8, 0.9], results = [0, 50, 100], included = \"lower\""),
        CLEAR
    );
    // The middle says percent, whatever the value is kept in.
    let of_clients = item(&format!("value = \"lost_clients / clients\"\ncurve = {{ {} }}", anchor("1")));
    assert_eq!(found(&of_clients), at("step"));
}

#[test]
fn targets_factors_and_figures_of_tests_lack_their_percent_sign_too() {
    let ratio = |target: &str, max: &str| {
        let keys =
            format!("value = \"retention\"\ntarget = {target}\ncurve = {{ kind = \"ratio\", max = {max} }}");
        found(&item(&keys))
    };
    assert_eq!(ratio("90", "1.2"), ["percent-sign-missing indicators[0].target"]);
    assert_eq!(ratio("\"90%\"", "120"), ["percent-sign-missing indicators[0].curve.max"]);
    assert_eq!(ratio("\"90%\"", "\"120%\""), CLEAR);
    let gate = |factor: &str| {
        found(&format!(
            "missing = \"zero\"\n[[pay.lines]]\nid = \"p\"\namount = \"1 元\"\n[[gates]]\nid = \"g\"\non = \"pay\"\nfactor = {factor}\n"
        ))
    };
    assert_eq!(gate("90"), ["percent-sign-missing gates[0].factor"]);
    assert_eq!(gate("1.5"), CLEAR);
    let tested = |quality: &str| {
        found(&format!(
            "{}[measures.quality]\nunit = \"%\"\nkind = \"ratio\"\n[[tests]]\nname = \"t\"\nperiod = \"2026-03\"\n\
             inputs = {{ quality = {quality} }}\nexpect = {{ total = 100 }}\n",
            item("value = \"quality\"\ncurve = { kind = \"threshold\", op = \">=\", at = \"90%\" }")
        ))
    };
    assert_eq!(tested("96"), ["percent-sign-missing tests[0].inputs.quality"]);
    assert_eq!(tested("\"96%\""), CLEAR);
    assert_eq!(tested("0.96"), CLEAR);
}

#[test]
fn a_percent_sign_on_points_is_doubted() {
    let policy = |rating: &str, more: &str| {
        let marks = item("curve = { kind = \"manual\" }");
        found(&format!(
            "{marks}[[ratings]]\nid = \"A\"\nat_least = {rating}\n[[ratings]]\nid = \"B\"\n{more}"
        ))
    };
    assert_eq!(policy("\"90%\"", ""), ["percent-of-points ratings[0].at_least"]);
    assert_eq!(policy("90", ""), CLEAR);
    let veto = "[[vetoes]]\nid = \"v\"\nwhen = \"npl_ratio > 5%\"\ncap = \"60%\"\n";
    assert_eq!(policy("90", veto), ["percent-of-points vetoes[0].cap"]);
    // A total of one at most is a part itself.
    let of_one = "full = 1\nscale = \"points\"\nmissing = \"zero\"\n[[indicators]]\nid = \"i\"\nweight = 1\ncurve = { kind = \"manual\" }\n\
        [[ratings]]\nid = \"A\"\nat_least = \"90%\"\n[[ratings]]\nid = \"B\"\n";
    assert_eq!(found(of_one), CLEAR);
}

#[test]
fn a_deduction_of_less_than_nothing_is_found() {
    let deduction = |keys: &str| {
        found(&format!("[[deductions]]\nid = \"d\"\nvalue = \"lost_clients\"\nmissing = \"zero\"\n{keys}\n"))
    };
    let adds = ["deduction-adds deductions[0].curve"];
    assert_eq!(deduction("curve = { kind = \"per-unit\", unit = 1, points = -2 }"), adds);
    assert_eq!(
        deduction(
            "curve = { kind = \"bands\", edges = [1, 3], results = [0, -1, -2], included = \"lower\" }"
        ),
        adds
    );
    assert_eq!(deduction("curve = { kind = \"per-unit\", unit = 1, points = 2, max = 10 }"), CLEAR);
    let points = "[[deductions]]\nid = \"d\"\npoints = -5\nmissing = \"zero\"\n";
    assert_eq!(found(points), ["deduction-adds deductions[0].points"]);
    assert_eq!(found(&points.replace("deductions", "additions")), CLEAR);
}

#[test]
fn days_belong_to_a_rate_of_a_year() {
    let commission = |keys: &str| {
        found(&format!(
            "missing = \"zero\"\n[[pay.lines]]\nid = \"p\"\ncommission = {{ of = \"loans.average\", rate = \"3%\", {keys} }}\n"
        ))
    };
    assert_eq!(commission("days = \"365\""), ["incomplete-entry pay.lines[0].commission.days"]);
    assert_eq!(commission("per = \"year\", days = \"365\""), CLEAR);
}

#[test]
fn rounding_of_the_input_leaves_something_of_a_ratio() {
    let rounded = |value: &str, head: &str, own: &str| {
        let curve = "curve = { kind = \"threshold\", op = \">=\", at = \"90%\" }";
        found(&format!("{head}{}", item(&format!("value = \"{value}\"\n{curve}\n{own}"))))
    };
    let whole = "rounding = { input = 0 }\n";
    assert_eq!(rounded("retention", whole, ""), ["ratio-rounded-away rounding.input"]);
    assert_eq!(rounded("deposits.average / deposits.average@previous", whole, "").len(), 1);
    assert_eq!(rounded("retention", "", whole), ["ratio-rounded-away indicators[0].rounding.input"]);
    assert_eq!(rounded("retention", whole, "rounding = { input = 4 }\n"), CLEAR);
    assert_eq!(rounded("retention", "rounding = { input = 2 }\n", ""), CLEAR);
    // In whole per cent, as a number of its own.
    let percent = "value = \"retention * 100\"\ncurve = { kind = \"threshold\", op = \">=\", at = 90 }\n";
    assert_eq!(found(&format!("{whole}{}", item(percent))), CLEAR);
}
