//! What is not known decides nothing: ratings, moves and pay are withheld with the reason, and not taken as failed.

use rmbook::score::cases::run;
use rmbook::text::Lang;

use crate::language::{HEAD, found, holds};
use crate::policies::judged;

/// A mark of its own, beside a share of bad loans that conditions look at.
const MARKED: &str =
    "missing = \"zero\"\n[[indicators]]\nid = \"a\"\nweight = 100\ncurve = { kind = \"manual\" }\n";

const RATED: &str = "[[ratings]]\nid = \"A\"\nat_least = 90\nwhen = \"npl_ratio <= 2%\"\n[[ratings]]\nid = \"B\"\nat_least = 60\n\
    [[ratings]]\nid = \"C\"\n";

/// A test of a mark with these inputs.
fn test(mark: u32, inputs: &str, expect: &str) -> String {
    format!(
        "[[tests]]\nname = \"{mark} {}\"\nperiod = \"2026-03\"\nmanager = {{ grade = \"junior\" }}\nmarks = {{ a = {mark} }}\n\
         inputs = {{ {inputs} }}\nexpect = {{ {expect} }}\n",
        inputs.replace('"', "")
    )
}

#[test]
fn a_rating_is_withheld_where_what_decides_it_is_missing() {
    holds(&format!(
        "{MARKED}{RATED}{}{}{}{}",
        test(95, "npl_ratio = \"1%\"", "rating = \"A\""),
        test(95, "npl_ratio = \"3%\"", "rating = \"B\""),
        test(95, "", "total = 95, error = \"missing: A\""),
        // Below 90 nobody asks for bad loans.
        test(80, "", "rating = \"B\""),
    ));
    let divided = RATED.replace("npl_ratio <= 2%", "npl_ratio / (lost_clients / 1 户) <= 2%");
    let none = test(95, "npl_ratio = \"1%\", lost_clients = 0", "error = \"zero-target: A\"");
    holds(&format!("{MARKED}{divided}{none}"));
    // What counts for nothing where it is missing can be said.
    let stated = RATED.replace("npl_ratio <= 2%", "default(npl_ratio, 0) <= 2%");
    holds(&format!("{MARKED}{stated}{}", test(95, "", "rating = \"A\"")));
    // A test that expects a rating is told why there is none.
    let text = format!("{HEAD}{MARKED}{RATED}{}", test(95, "", "rating = \"B\""));
    let outcome = run(&judged("p.toml", &text).0.unwrap()).remove(0);
    let why = outcome.differences[0].why[0].get(Lang::En);
    assert!(why.contains("`npl_ratio`"), "{why}");
}

#[test]
fn a_condition_that_decides_alone_asks_for_nothing_beside_it() {
    let both = RATED.replace("npl_ratio <= 2%", "npl_ratio <= 2% and lost_clients == 0");
    holds(&format!(
        "{MARKED}{both}{}{}",
        test(95, "lost_clients = 3", "rating = \"B\""),
        test(95, "lost_clients = 0", "error = \"missing: A\""),
    ));
    let either = RATED.replace("npl_ratio <= 2%", "npl_ratio <= 2% or lost_clients == 0");
    holds(&format!(
        "{MARKED}{either}{}{}",
        test(95, "lost_clients = 0", "rating = \"A\""),
        test(95, "lost_clients = 3", "error = \"missing: A\""),
    ));
    // A veto that leaves B at best leaves it whatever A asks for, and says nothing against C.
    let veto = "[[vetoes]]\nid = \"v\"\nwhen = \"lost_clients > 0\"\nrating = \"B\"\n";
    holds(&format!(
        "{MARKED}{RATED}{veto}{}{}",
        test(95, "lost_clients = 1", "rating = \"B\""),
        test(95, "lost_clients = 0", "error = \"missing: A\""),
    ));
}

#[test]
fn pay_that_looks_at_a_withheld_rating_is_withheld_and_other_pay_is_not() {
    let line = |amount: &str| format!("[[pay.lines]]\nid = \"p\"\namount = \"{amount}\"\n");
    let by_rating = "[constants.factor]\nby = \"rating\"\nA = 2\nelse = 1\n";
    let held = test(95, "", "error = \"missing: p\"");
    holds(&format!("{MARKED}{RATED}{by_rating}{}{held}", line("100 元 * factor")));
    holds(&format!("{MARKED}{RATED}{}{held}", line("if(rating == 'A', 200 元, 100 元)")));
    holds(&format!(
        "{MARKED}{RATED}{}{}",
        line("total * 2 元"),
        test(95, "", "pay = { p = 190, total = 190 }")
    ));
    let gate =
        "[[gates]]\nid = \"g\"\non = \"pay\"\nfactor = \"if(rating == 'A', 1, 0.5)\"\nmissing = \"full\"\n";
    holds(&format!("{MARKED}{RATED}{gate}{}{}", line("100 元"), test(95, "", "error = \"missing: g\"")));
}

#[test]
fn a_move_that_cannot_be_judged_says_so() {
    let moves = "[[promotion]]\nfrom = \"junior\"\nto = \"senior\"\nall = [\"total >= 90\", \"npl_ratio <= 2%\"]\n\
        [[demotion]]\nto = \"trainee\"\nall = [\"npl_ratio / (lost_clients / 1 户) > 5%\"]\n\
        [[warnings]]\ntitle = \"bad loans\"\nall = [\"npl_ratio > 4%\"]\n";
    holds(&format!(
        "{MARKED}{moves}{}{}{}{}",
        test(95, "npl_ratio = \"1%\", lost_clients = 1", "promotion = \"senior\", demotion = \"none\""),
        test(95, "lost_clients = 1", "promotion = \"none\", error = \"missing: senior\""),
        test(95, "lost_clients = 2", "error = \"missing: bad loans\""),
        test(
            95,
            "npl_ratio = \"1%\", lost_clients = 0",
            "promotion = \"senior\", error = \"zero-target: trainee\""
        ),
    ));
    let text = format!("{HEAD}{MARKED}{moves}{}", test(80, "", "total = 80"));
    let card = run(&judged("p.toml", &text).0.unwrap()).remove(0).card;
    let open: Vec<String> = card.unjudged.iter().map(|open| open.error.to_string()).collect();
    // Below 90 the promotion fails whatever the loans are.
    assert_eq!(open, ["missing: trainee", "missing: bad loans"]);
    assert_eq!(found(&format!("{MARKED}{moves}")), [] as [&str; 0]);
}

#[test]
fn a_run_of_periods_with_one_that_lacks_its_figures_cannot_be_judged() {
    let rule =
        "[[promotion]]\nfrom = \"junior\"\nto = \"senior\"\nall = [\"total >= 90\"]\nconsecutive = 3\n";
    let case = |months: u32, history: &str, expect: &str| {
        format!(
            "[[tests]]\nname = \"{months} {history}\"\nperiod = \"2026-03\"\nmanager = {{ grade = \"junior\", months = {months} }}\n\
             marks = {{ a = 95 }}\nhistory = [{history}]\nexpect = {{ {expect} }}\n"
        )
    };
    let past = |month: u32, total: u32| format!("{{ period = '2026-0{month}', total = {total} }}");
    let february = "{ period = '2026-02', rating = 'A' }";
    holds(&format!(
        "{MARKED}{rule}{}{}{}{}",
        case(30, &format!("{}, {}", past(1, 92), past(2, 91)), "promotion = \"senior\""),
        case(
            30,
            &format!("{}, {february}", past(1, 92)),
            "promotion = \"none\", error = \"missing: senior\""
        ),
        // One that failed ends the run, whatever is missing beside it.
        case(30, &format!("{}, {february}", past(1, 80)), "promotion = \"none\""),
        case(31, &past(1, 92), "error = \"missing: senior\""),
    ));
    // Neither before the manager came nor before anything was closed is a figure missing.
    for months in [2, 30] {
        let text = format!("{HEAD}{MARKED}{rule}{}", case(months, &past(2, 91), "total = 95"));
        assert_eq!(run(&judged("p.toml", &text).0.unwrap()).remove(0).card.unjudged, []);
    }
}

#[test]
fn a_line_that_is_not_paid_is_a_figure_on_the_way() {
    let lines = "missing = \"zero\"\n[[pay.lines]]\nid = \"gross\"\npaid = false\namount = \"1000 元\"\n\
        [[pay.lines]]\nid = \"net\"\namount = \"pay.gross * 80%\"\n[[pay.lines]]\nid = \"flat\"\ngated = false\namount = \"50 元\"\n";
    let rest = "[pay]\nmax = \"900 元\"\n[pay.deferral]\nshare = \"40%\"\nyears = [\"30%\", \"30%\", \"40%\"]\n\
        [[gates]]\nid = \"g\"\non = \"pay\"\nfactor = 0.5\nmissing = \"zero\"\n";
    // 800 + 50 are within the ceiling; (850 − 50) × 0.5 + 50 = 450, of which 40 % are deferred.
    let expect = "pay = { gross = 1000, net = 800, flat = 50, total = 450, deferred = 180, now = 270 }";
    let test = format!("[[tests]]\nname = \"t\"\nperiod = \"2026-03\"\nexpect = {{ {expect} }}\n");
    holds(&format!("{lines}{rest}{test}"));
    let refused =
        |more: &str| found(&format!("missing = \"zero\"\n[[pay.lines]]\nid = \"p\"\npaid = false\n{more}\n"));
    assert_eq!(refused("amount = \"1 元\"\ngated = true"), ["incomplete-entry pay.lines[0].gated"]);
    let pool = "pool = { of = \"1 元\", by = 1, among = \"all\" }";
    assert_eq!(refused(pool), ["incomplete-entry pay.lines[0].paid"]);
}

#[test]
fn a_line_that_does_not_apply_is_zero_wherever_it_is_read() {
    let lines = "missing = \"error\"\n[[pay.lines]]\nid = \"extra\"\namount = \"30 元\"\nwhen = \"manager.role == 'lender'\"\n\
        [[pay.lines]]\nid = \"sum\"\namount = \"100 元 + pay.extra\"\n\
        [[pay.lines]]\nid = \"led\"\namount = \"default(members.mean('pay.extra'), 7 元)\"\n[pay]\nmax = \"1000 元 + pay.extra\"\n";
    let test = |role: &str, members: &str, expect: &str| {
        format!(
            "[[tests]]\nname = \"{role} {}\"\nperiod = \"2026-03\"\nmanager = {{ id = \"a\", role = \"{role}\", members = [{members}] }}\n\
             peers = [{{ id = \"b\", role = \"lender\" }}, {{ id = \"c\", role = \"ops\" }}]\nexpect = {{ pay = {{ {expect} }} }}\n",
            members.replace('"', "")
        )
    };
    holds(&format!(
        "{lines}{}{}{}",
        test("ops", "", "extra = 0, sum = 100, led = 7, total = 107"),
        test("lender", "", "extra = 30, sum = 130, led = 7, total = 167"),
        // 30 of the lender and 0 of the other.
        test("ops", "\"b\", \"c\"", "led = 15, total = 115"),
    ));
    // A line that lacks a figure is no zero.
    let lacking =
        lines.replace("\"30 元\"\nwhen = \"manager.role == 'lender'\"", "\"lost_clients * 30 元/户\"");
    let none = "[[tests]]\nname = \"t\"\nperiod = \"2026-03\"\nexpect = { error = \"missing: sum\" }\n";
    holds(&format!("{lacking}{none}"));
}

#[test]
fn a_variant_that_cannot_be_told_stops_the_scorecard() {
    let variant = "[[variants]]\ntitle = \"Trainees\"\nwhen = \"manager.role == 'sales' and manager.months < 6\"\nrounding = { total = 1 }\n";
    let case = |manager: &str, expect: &str| {
        format!(
            "[[tests]]\nname = \"{}\"\nperiod = \"2026-03\"\nmanager = {{ {manager} }}\nmarks = {{ a = 87.25 }}\nexpect = {{ {expect} }}\n",
            manager.replace('"', "")
        )
    };
    holds(&format!(
        "{MARKED}{variant}{}{}{}{}",
        case("role = \"sales\", months = 3", "total = 87.3"),
        case("role = \"sales\", months = 30", "total = 87.25"),
        case("role = \"sales\"", "error = \"missing: Trainees\""),
        // The role decides alone.
        case("role = \"ops\"", "total = 87.25"),
    ));
    // Who has no role is not of the one asked for.
    let role = variant.replace(" and manager.months < 6", "");
    holds(&format!("{MARKED}{role}{}", case("", "total = 87.25")));
}

#[test]
fn trimming_leaves_the_answers_that_there_are() {
    let policy = "missing = \"error\"\nrounding = { total = 2 }\n[[indicators]]\nid = \"r\"\nweight = 100\n\
        curve = { kind = \"rating\", trim = 1, missing_group = \"spread\", groups = [{ group = \"peer\", weight = 1 }] }\n";
    let case = |scores: &[u32], expect: &str| {
        let ratings: Vec<String> =
            scores.iter().map(|score| format!("{{ group = \"peer\", score = {score} }}")).collect();
        format!(
            "[[tests]]\nname = \"{}\"\nperiod = \"2026-03\"\nratings = [{}]\nexpect = {{ {expect} }}\n",
            scores.len(),
            ratings.join(", ")
        )
    };
    // Two are no more than twice one: both count. Of three the middle one does.
    holds(&format!(
        "{policy}{}{}{}{}",
        case(&[80], "total = 80"),
        case(&[70, 90], "total = 80"),
        case(&[60, 70, 100], "total = 70"),
        case(&[], "error = \"missing: r\""),
    ));
}

#[test]
fn a_figure_of_the_manager_inside_each_is_refused() {
    let policy = |value: &str, more: &str, part: &str| {
        format!(
            "missing = \"zero\"\n[[indicators]]\nid = \"s\"\neach = \"client\"\nvalue = \"{value}\"\nweight = 100\n\
             curve = {{ kind = \"per-unit\", unit = 1, points = 1, max = 100 }}\n{more}\
             [measures.dep]\nkind = \"flow\"\n[measures.done]\nunit = \"%\"\nkind = \"ratio\"\n\
             [[tests]]\nname = \"t\"\nperiod = \"2026-03\"\ninputs = {{ done = \"50%\" }}\n\
             parts = [{{ id = \"a\", inputs = {{ \"dep.sum\" = 40{part} }} }}, {{ id = \"b\", inputs = {{ \"dep.sum\" = 60 }} }}]\n\
             expect = {{ values = {{ s = 50 }} }}\n"
        )
    };
    assert_eq!(found(&policy("dep.sum * done", "", "")), ["incomplete-entry indicators[0].value"]);
    // 40 × 50 % + 60 × 50 %.
    holds(&policy("dep.sum * value.own", "[[indicators]]\nid = \"own\"\nvalue = \"done\"\n", ""));
    // What tests state of a record is asked of it.
    assert!(!found(&policy("dep.sum * done", "", ", done = \"50%\"")).concat().contains("incomplete"));
}

/// Figures that count as zero are held to the bounds of their line; a condition that cannot be told owes nobody anything.
#[test]
fn a_missing_figure_that_counts_as_zero_is_lifted_to_the_least_amount() {
    let line = |more: &str| {
        format!(
            "missing = \"error\"\n[measures.fees]\nunit = \"元\"\nkind = \"flow\"\n\
             [[pay.lines]]\nid = \"p\"\namount = \"fees.sum * 10%\"\nmissing = \"zero\"\n{more}\n"
        )
    };
    let test = |inputs: &str, paid: &str| {
        format!(
            "[[tests]]\nname = \"t {inputs}\"\nperiod = \"2026-03\"\ninputs = {{ {} }}\nexpect = {{ pay = {{ p = {paid} }} }}\n",
            inputs.replace('\'', "\"")
        )
    };
    // 10 % of 50 is 5, and of nothing 0: 10 are paid at least.
    holds(&format!("{}{}{}", line("min = \"10 元\""), test("'fees.sum' = 50", "10"), test("", "10")));
    // 10 % of 500 are cut to 30; zero stays zero.
    holds(&format!("{}{}{}", line("max = \"30 元\""), test("'fees.sum' = 500", "30"), test("", "0")));
    // Whether it applies is not known either.
    let applies = line("min = \"10 元\"\nwhen = \"calls.count >= 3\"\n[measures.calls]\nkind = \"count\"");
    holds(&format!("{applies}{}{}", test("'calls.count' = 3", "10"), test("'fees.sum' = 500", "0")));
}

#[test]
fn who_puts_nothing_known_into_a_pool_has_the_least_share() {
    let pool = |more: &str, expect: &str| {
        format!(
            "missing = \"error\"\n[measures.fees]\nunit = \"元\"\nkind = \"flow\"\n[[pay.lines]]\nid = \"p\"\nmissing = \"zero\"\n\
             pool = {{ of = \"100 元\", by = \"fees.sum\", among = \"all\" }}\n{more}\n\
             [[tests]]\nname = \"a\"\nperiod = \"2026-03\"\nmanager = {{ id = \"a\" }}\n\
             peers = [{{ id = \"b\", inputs = {{ \"fees.sum\" = 60 }} }}, {{ id = \"c\", inputs = {{ \"fees.sum\" = 30 }} }}]\n\
             expect = {{ pay = {{ {expect} }} }}\n"
        )
    };
    // Of 100, ten go to the one without fees, and 60 and 30 share 90.
    holds(&pool("min = \"10 元\"", "p = 10, total = 10"));
    // Without a least share there is none.
    holds(&pool("", "total = 0"));
    let others = pool("min = \"10 元\"", "p = 60");
    let of_b = others
        .replace("manager = { id = \"a\" }", "manager = { id = \"b\" }\ninputs = { \"fees.sum\" = 60 }")
        .replace("{ id = \"b\", inputs = { \"fees.sum\" = 60 } }", "{ id = \"a\" }");
    holds(&of_b);
}
