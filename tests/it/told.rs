//! What the author of a policy is told of what cannot be meant, and of a test that does not come out.

use rmbook::text::Lang;

use crate::cases::differences;
use crate::language::{HEAD, holds};
use crate::policies::judged;

const NONE: [&str; 0] = [];

/// What is said of a policy, each with its help.
fn told(text: &str) -> Vec<String> {
    let (_, findings) = judged("p.toml", &format!("{HEAD}{text}"));
    let told = |it: rmbook::diag::Finding| {
        let help = it.help.map(|help| format!(" ({})", help.get(Lang::En))).unwrap_or_default();
        format!("{}: {}{help}", it.rule.name, it.message.get(Lang::En))
    };
    findings.into_iter().map(told).collect()
}

#[test]
fn a_weight_by_figures_of_ones_own_is_told_to_be_one_number() {
    let text = |weight: &str| {
        format!(
            "missing = \"zero\"\n[measures.w1]\nkind = \"ratio\"\n[constants]\nw2 = {{ by = \"role\", rm = 50, else = 40 }}\n\
             [[indicators]]\nid = \"a\"\nweight = \"{weight}\"\ncurve = {{ kind = \"manual\" }}\n\
             [[indicators]]\nid = \"b\"\nweight = 60\ncurve = {{ kind = \"manual\" }}\n\
             [[indicators]]\nid = \"c\"\npoints = \"w2 * actuals.w1 * 0 + score.a\"\n"
        )
    };
    let one = "bad-expression: this must be a number, the same for everybody";
    for weight in ["actuals.w1 * 100", "w2", "score.b"] {
        let said = told(&text(weight));
        assert!(said.len() == 1 && said[0].starts_with(one) && said[0].contains("[[variants]]"), "{said:?}");
    }
    assert_eq!(told(&text("40")), NONE);
    // A name that nobody knows is no figure.
    assert!(
        told(&text("actuals.w3 * 100"))[0].starts_with("unknown-name: "),
        "{:?}",
        told(&text("actuals.w3"))
    );
}

#[test]
fn a_colleagues_total_that_nothing_reads_is_told_to_have_no_pay() {
    let text = |peer: &str, expect: &str| {
        format!(
            "missing = \"zero\"\n[[indicators]]\nid = \"d\"\nweight = 100\nvalue = \"deposits.average / (1 元)\"\n\
             curve = {{ kind = \"formula\", score = \"x\" }}\n\
             [[pay.lines]]\nid = \"p\"\npool = {{ of = \"900 元\", by = \"total\", among = \"all\" }}\n\
             [[tests]]\nname = \"t\"\nperiod = \"2026-03\"\ninputs = {{ \"deposits.average\" = 60 }}\n\
             peers = [{{ id = \"b\", {peer} }}]\nexpect = {{ {expect} }}\n"
        )
    };
    let said = told(&text("total = 30", "pay = { p = 900 }"));
    let told_so = "unused-input: nothing in the policy reads the `total` of a colleague: whoever has a given one takes no part in pay \
         (for a share of a pool state what the total comes of: `values`, `marks` or `inputs`)";
    assert_eq!(said, [told_so]);
    // What makes the total has a share: 60 of 90.
    holds(&text("values = { d = 30 }", "pay = { p = 600 }"));
    assert_eq!(told(&text("total = 30", "rank = 1")), NONE);
}

#[test]
fn a_function_of_a_group_that_is_none_lists_those_there_are() {
    let line =
        |amount: &str| format!("missing = \"zero\"\n[[pay.lines]]\nid = \"a\"\namount = \"{amount}\"\n");
    let said = told(&line("median.all('total') * 1 元"));
    assert_eq!(
        said,
        [
            "unknown-name: unknown function `median.all` (it is one of mean.all, sum.all, min.all, max.all, deviation.all)"
        ]
    );
}

#[test]
fn a_part_slightly_above_the_whole_lacks_no_percent_sign() {
    let text = |share: &str| {
        format!(
            "missing = \"zero\"\n[[pay.lines]]\nid = \"a\"\namount = \"1 元\"\n\
             [pay.deferral]\nshare = \"{share}\"\nyears = [\"34%\", \"33%\", \"33%\"]\n"
        )
    };
    let of = |share: &str| told(&text(share)).into_iter().find(|said| said.contains("of the whole"));
    assert_eq!(
        of("1.05").unwrap(),
        "incomplete-entry: this is 105% of the whole: a part lies between 0% and 100%"
    );
    assert!(of("40").unwrap().ends_with("a percentage is written `40%`"));
    assert_eq!(of("0.4"), None);
}

#[test]
fn a_line_that_nothing_keeps_waits_for_the_one_that_stands_open() {
    let text = |line: &str| {
        format!(
            "missing = \"zero\"\n[[pay.lines]]\nid = \"a\"\namount = \"1 元\"\n\
             [[pay.lines]]\nid = \"b\"\namount = \"deposits.average\"\nmissing = \"error\"\n\
             [[pay.lines]]\nid = \"c\"\namount = \"loans.average\"\nmissing = \"error\"\n\
             [[tests]]\nname = \"t\"\nperiod = \"2026-03\"\nexpect = {{ pay = {{ {line} = 1 }} }}\n"
        )
    };
    let of = |line: &str| differences(&text(line)).pop().unwrap();
    let (b, c) = ("`b`: `deposits.average`: not given", "`c`: `loans.average`: not given");
    assert_eq!(of("a"), format!("pay.a 1 -: no line is paid while another stands open: {b}"));
    assert_eq!(of("b"), format!("pay.b 1 -: {b}"));
    assert_eq!(of("total"), format!("pay.total 1 -: {b}: {c}"));
}
