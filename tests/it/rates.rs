//! What is money and what is not where pay is reckoned: values of items have their unit, and a rate says what it is per.

use crate::language::{found, holds};

const MEASURES: &str = "missing = \"error\"\n[measures.revenue]\nunit = \"元\"\nkind = \"flow\"\n[measures.growth]\nunit = \"万元\"\nkind = \"flow\"\n\
    [measures.salary]\nunit = \"元\"\nkind = \"balance\"\n\
    [[indicators]]\nid = \"attained\"\nvalue = \"revenue.sum / targets.revenue\"\n[[indicators]]\nid = \"tenth\"\nvalue = \"revenue.sum * 10%\"\n\
    [[indicators]]\nid = \"grown\"\nvalue = \"growth.sum\"\n[[indicators]]\nid = \"base\"\nvalue = \"salary.end\"\n";

/// A policy with one pay line, and another before it, `fixed`.
fn paying(form: &str) -> String {
    format!(
        "{MEASURES}[[pay.lines]]\nid = \"fixed\"\namount = \"100 元\"\n[[pay.lines]]\nid = \"p\"\n{form}\n"
    )
}

/// What is found in the pay line.
fn line(form: &str) -> Vec<String> {
    let mut found = found(&paying(form));
    found.retain(|found| found.contains("pay.lines"));
    found
}

fn amount(amount: &str) -> Vec<String> {
    line(&format!("amount = \"{amount}\""))
}

#[test]
fn a_value_that_is_a_pure_number_is_no_money() {
    let at = "units-do-not-fit pay.lines[1]";
    for pure in ["value.attained", "value.attained * 6%", "previous.value.attained", "value.attained + 1 元"]
    {
        assert_eq!(amount(pure), [format!("{at}.amount")], "{pure}");
    }
    let brackets = "edges = [\"100%\"], results = [\"6%\", \"8%\"], included = \"upper\"";
    for form in ["progressive", "whole"] {
        let found = line(&format!("{form} = {{ of = \"value.attained\", {brackets} }}"));
        assert!(!found.is_empty() && found.iter().all(|it| it.starts_with(at)), "{form}: {found:?}");
    }
    let commission = line("commission = { of = \"value.attained\", rate = \"6%\" }");
    assert_eq!(commission, [format!("{at}.commission.rate")]);
    let target = "[[indicators]]\nid = \"t\"\nvalue = \"revenue.sum\"\ntarget = \"value.attained\"\n";
    let found = found(&format!("{MEASURES}{target}[[pay.lines]]\nid = \"p\"\namount = \"100 元\"\n"));
    assert!(found.contains(&"units-do-not-fit indicators[4].target".to_owned()), "{found:?}");
}

#[test]
fn money_times_money_by_money_is_money() {
    assert_eq!(amount("value.tenth * revenue.sum / targets.revenue"), [""; 0]);
    assert_eq!(amount("min(value.tenth * (revenue.sum / targets.revenue), 500 元)"), [""; 0]);
    assert_eq!(amount("value.tenth * 1 元"), ["units-do-not-fit pay.lines[1].amount"]);
    // 10 % of 1,000 × 1,000 / 800.
    holds(&format!(
        "{}[[tests]]\nname = \"t\"\nperiod = \"2026-03\"\ninputs = {{ \"revenue.sum\" = 1000, \"growth.sum\" = 0, \"salary.end\" = 0 }}\n\
         targets = {{ revenue = 800 }}\nexpect = {{ pay = {{ p = 125 }} }}\n",
        paying("amount = \"value.tenth * revenue.sum / targets.revenue\"")
    ));
}

#[test]
fn a_bare_rate_is_found_behind_whatever_stands_before_the_figure() {
    for figure in [
        "growth.sum",
        "value.grown",
        "(growth.sum - 5 万元)",
        "max(growth.sum, 0 万元)",
        "if(growth.sum > 3 万元, growth.sum, 0 万元)",
        "abs(growth.sum)",
        "default(growth.sum, 0 万元)",
    ] {
        let bare = ["bare-rate pay.lines[1].amount"];
        assert_eq!(amount(&format!("{figure} * 20")), bare, "{figure}");
        assert_eq!(amount(&format!("0.5 * {figure}")), bare, "{figure}");
        assert_eq!(amount(&format!("{figure} * 20 元/万元")), [""; 0], "{figure}");
        assert_eq!(amount(&format!("{figure} * 0.2%")), [""; 0], "{figure}");
    }
}

#[test]
fn so_many_times_a_figure_in_the_currency_itself_is_no_rate() {
    for times in ["salary.end * 12", "2 * value.base", "max(salary.end, 100 元) * 3 / 12", "pay.fixed * 2"] {
        assert_eq!(amount(times), [""; 0], "{times}");
    }
    // A part of one is a percentage, or a rate of another unit.
    assert_eq!(amount("salary.end * 1.5"), ["bare-rate pay.lines[1].amount"]);
    assert_eq!(amount("salary.end * 150%"), [""; 0]);
}
