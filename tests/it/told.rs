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
