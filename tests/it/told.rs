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
