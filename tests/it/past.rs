//! What a `[[tests]]` of a policy states of other schemes and of earlier periods: of the manager, and of colleagues.

use rmbook::score::cases;
use rmbook::text::Lang;

use crate::language::HEAD;
use crate::policies::judged;

/// What does not come out of the tests of a policy of such periods, and why: `what expected got: reason`.
fn differences(period: &str, text: &str) -> Vec<String> {
    let head = HEAD.replace("\"month\"", &format!("\"{period}\"")).replace("2026-01-01", "2015-01-01");
    let (policy, _) = judged("p.toml", &format!("{head}missing = \"error\"\n{text}"));
    let outcomes = cases::run(&policy.unwrap());
    assert!(!outcomes.is_empty());
    let all = outcomes.into_iter().flat_map(|outcome| outcome.differences);
    let told = |it: cases::Difference| {
        let why = it.why.iter().map(|why| format!(": {}", why.get(Lang::En))).collect::<String>();
        format!("{} {} {}{why}", it.what, it.expected, it.got)
    };
    all.map(told).collect()
}

const NONE: [&str; 0] = [];

#[test]
fn another_scheme_counts_by_its_periods_inside_the_tests_own() {
    let of = |period: &str, own: &str, history: &str, expect: &str| {
        differences(
            period,
            &format!(
                "scale = \"points\"\n[[indicators]]\nid = \"p\"\nweight = 100\npoints = \"scheme.mean('q')\"\n\
                 [[tests]]\nname = \"t\"\nperiod = \"{own}\"\nhistory = [{history}]\nexpect = {{ {expect} }}\n"
            ),
        )
    };
    let entry =
        |period: &str, total: u32| format!("{{ period = \"{period}\", scheme = \"q\", total = {total} }}");
    // (90 + 70) / 2; the quarter of the year before is none of this year's.
    let year = [entry("2020-Q4", 10), entry("2021-Q1", 90), entry("2021-Q2", 70)].join(", ");
    assert_eq!(of("year", "2021", &year, "total = 80"), NONE);
    let before = "error = \"missing: p\"";
    assert_eq!(of("year", "2021", &entry("2019-Q1", 90), before), NONE);
    // A year does not lie inside a month; the same month does.
    assert_eq!(of("month", "2020-05", &entry("2020", 90), before), NONE);
    assert_eq!(of("month", "2020-05", &entry("2020-05", 90), "total = 90"), NONE);
}

/// A pool of 900 yuan between the manager, A, and B, by what a line before it comes to.
fn shared(line: &str, inputs: [&str; 2], history: &str, expect: &str) -> Vec<String> {
    let [mine, other] = inputs;
    let text = format!(
        "scale = \"points\"\n[measures.sold]\nunit = \"元\"\nkind = \"flow\"\n{line}\n\
         [[pay.lines]]\nid = \"p\"\npool = {{ of = \"900 元\", by = \"pay.before\", among = \"all\" }}\n\
         [[tests]]\nname = \"t\"\nperiod = \"2016-02\"\nmanager = {{ id = \"a\" }}\ninputs = {{ {mine} }}\n\
         peers = [{{ id = \"b\", inputs = {{ {other} }} }}]\nhistory = [{history}]\nexpect = {{ {expect} }}\n"
    );
    differences("month", &text)
}

#[test]
fn a_colleague_has_the_past_that_is_stated_beside_the_managers() {
    let line = "[[pay.lines]]\nid = \"before\"\npaid = false\n\
         amount = \"sold.sum.year_to_date * 5% - previous.pay.before.year_to_date\"";
    let inputs = ["\"sold.sum.year_to_date\" = 20000", "\"sold.sum.year_to_date\" = 30000"];
    let of = |peers: &str, expect: &str| {
        shared(line, inputs, &format!("{{ period = \"2016-01\", pay = {{ before = 500 }}{peers} }}"), expect)
    };
    // 1,000 - 500 and 1,500 - 500: a third of 900.
    let paid = ", peers = [{ id = \"b\", pay = { before = 500 } }]";
    assert_eq!(of(paid, "pay = { before = 500, p = 300 }"), NONE);
    // Who is not among those of January was not judged then: 500 of 500 + 1,500.
    assert_eq!(of(", peers = []", "pay = { p = 225 }"), NONE);
    assert_eq!(of(", peers = [{ id = \"c\", pay = { before = 500 } }]", "pay = { p = 225 }"), NONE);
    let open = "`p`: the pool cannot be shared out: b stands open: `p`: `pay.before` is not known";
    assert_eq!(of("", "pay = { p = 225 }"), [format!("pay.p 225 -: {open}")]);
}

#[test]
fn totals_ratings_and_targets_of_colleagues_are_those_of_the_period_before() {
    let line = "[[indicators]]\nid = \"x\"\nweight = 100\nvalue = \"sold.sum / (1 元)\"\ntarget = \"40\"\n\
         carry = { shortfall = \"add-to-target\" }\ncurve = { kind = \"ratio\", zero_target = \"zero\" }\n\
         [[pay.lines]]\nid = \"before\"\npaid = false\n\
         amount = \"(total + previous.total) * if(previous.rating == 'A', 2, 1) * 1 元\"";
    let before = |total: u32, rating: &str, value: u32| {
        format!("total = {total}, rating = \"{rating}\", values = {{ x = {value} }}, targets = {{ x = 40 }}")
    };
    let history = format!(
        "{{ period = \"2016-01\", {}, peers = [{{ id = \"b\", {} }}] }}",
        before(80, "B", 40),
        before(50, "A", 30)
    );
    // A: 32 of 40, 80 + 80 = 160. B lacked 10 in January: 25 of 50, (50 + 50) * 2 = 200. 900 * 160 / 360.
    let inputs = ["\"sold.sum\" = 32", "\"sold.sum\" = 25"];
    assert_eq!(shared(line, inputs, &history, "total = 80, pay = { before = 160, p = 400 }"), NONE);
}

#[test]
fn three_years_of_everybody_are_scaled_to_a_budget() {
    let of = |peers: [&str; 2], expect: &str| {
        let text = format!(
            "[measures]\nprofit = {{ unit = \"元\", kind = \"flow\" }}\nbudget = {{ unit = \"元\", kind = \"flow\" }}\n\
             [[indicators]]\nid = \"profit\"\nweight = 100\nvalue = \"profit.sum\"\ntarget = \"targets.profit\"\n\
             curve = {{ kind = \"ratio\", max = 1.5, zero_target = \"zero\" }}\n\
             [[pay.lines]]\nid = \"before\"\npaid = false\n\
             amount = \"10000 元 * (total * 50% + (total.sum(2) - total) * 30% + (total.sum(3) - total.sum(2)) * 20%) / 100\"\n\
             [[pay.lines]]\nid = \"award\"\n\
             amount = \"round(pay.before * min(1, unit.budget.sum / sum.all('pay.before')), -2)\"\n\
             [[tests]]\nname = \"t\"\nperiod = \"2017\"\nmanager = {{ id = \"a\" }}\ninputs = {{ \"profit.sum\" = 120 }}\n\
             targets = {{ profit = 100 }}\nunit = {{ \"budget.sum\" = 15900 }}\n\
             history = [{{ period = \"2016\", total = 100{} }}, {{ period = \"2015\", total = 80{} }}]\n\
             peers = [{{ id = \"b\", inputs = {{ \"profit.sum\" = 100 }}, targets = {{ profit = 100 }} }}]\nexpect = {{ {expect} }}\n",
            peers[0], peers[1]
        );
        differences("year", &text)
    };
    // A: 60 + 30 + 16 = 106 %, 10,600. B: 100 % throughout, 10,000. 10,600 * 15,900 / 20,600 = 8,181.55.
    let whole = ", peers = [{ id = \"b\", total = 100 }]";
    assert_eq!(of([whole, whole], "pay = { before = 10600, award = 8200 }"), NONE);
    // Of B, who was not there in 2015, there are no three; where nothing tells of 2015 it stands open.
    let open = "pay.award 8200 -: `award`: b stands open: `before`: `total.sum(3)`";
    let expect = "pay = { award = 8200 }";
    assert_eq!(of([whole, ", peers = []"], expect), [format!("{open} is not known")]);
    assert_eq!(of([whole, ""], expect), [format!("{open}: 2015 is not closed")]);
}

#[test]
fn another_scheme_is_stated_of_colleagues_too() {
    let line = "[[pay.lines]]\nid = \"before\"\npaid = false\namount = \"scheme.sum('week', 'pay.due')\"";
    let of = |peers: &str, expect: &str| {
        let history = format!("{{ period = \"2016-02\", scheme = \"week\", pay = {{ due = 90 }}{peers} }}");
        shared(line, ["", ""], &history, expect)
    };
    // 90 of 90 + 30.
    assert_eq!(of(", peers = [{ id = \"b\", pay = { due = 30 } }]", "pay = { before = 90, p = 675 }"), NONE);
}
