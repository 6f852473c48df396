//! Figures of earlier periods into which something was carried: a book and the tests of a policy tell the same.

use crate::fixture::Folder;

const SETTINGS: &str = "name = \"测试支行\"\n\n[measures.won]\ntitle = \"计价\"\nunit = \"元\"\nkind = \"flow\"\n\n[calendar]\n2026 = {}\n";

const POLICY: &str = r#"title = "P"
scheme = "s"
effective = 2026-01-01
period = "month"
money = "元"
missing = "error"
[measures.won]
unit = "元"
kind = "flow"
[[indicators]]
id = "a"
weight = 100
value = "actuals.won"
target = "30 元"
carry = { shortfall = "add-to-target", excess = "add-to-value", reset = "year" }
curve = { kind = "ratio", max = 2, zero_target = "full" }
[[pay.lines]]
id = "pv"
amount = "default(previous.value.a, 0 元)"
[[pay.lines]]
id = "py"
amount = "previous.value.a.year_to_date"
[[pay.lines]]
id = "pt"
amount = "default(previous.item_target.a, 0 元)"
[[pay.lines]]
id = "ty"
amount = "previous.item_target.a.year_to_date"
[[warnings]]
id = "w"
title = "twice above thirty"
all = ["value.a > 60 元"]
consecutive = 2
[[tests]]
name = "more than the target"
period = "2026-04"
actuals = { won = 40 }
history = [
    { period = "2026-01", values = { a = 30 }, targets = { a = 30 } },
    { period = "2026-02", values = { a = 60 }, targets = { a = 30 } },
    { period = "2026-03", values = { a = 35 }, targets = { a = 30 } },
]
expect = { values = { a = 75 }, warnings = ["twice above thirty"], pay = { pv = 65, py = 125, pt = 30, ty = 90 } }
[[tests]]
name = "less than the target"
period = "2026-03"
actuals = { won = 30 }
history = [
    { period = "2026-01", values = { a = 20 }, targets = { a = 30 } },
    { period = "2026-02", values = { a = 35 }, targets = { a = 30 } },
]
expect = { values = { a = 30 }, pay = { pv = 35, py = 55, pt = 40, ty = 60 } }
"#;

/// B won 30, 60, 35 and 40 from January on, C 20, 35, 30 and 30.
fn book() -> Folder {
    let folder = Folder::empty();
    folder.write("rmbook.toml", SETTINGS);
    folder.write("policies/p.toml", POLICY);
    for (id, won) in [("b", [30, 60, 35, 40]), ("c", [20, 35, 30, 30])] {
        let months = won.iter().zip(1..).map(|(won, month)| format!("2026-{month:02} = {{ won = {won} }}\n"));
        let months: String = months.collect();
        folder.write(&format!("managers/{id}.toml"), format!("name = \"{id}\"\n\n[actuals]\n{months}"));
    }
    let results: String = (1..=4).map(|month| format!("2026-{month:02} = {{ deposits = 1 }}\n")).collect();
    folder.write(
        "clients/a.toml",
        format!(
            "name = \"甲公司\"\ntier = \"base\"\nmanager = \"b\"\nstatus = \"active\"\n\n[results]\n{results}"
        ),
    );
    folder
}

#[test]
fn what_was_carried_is_in_the_period_before_and_not_in_the_sum_of_the_year() {
    let folder = book();
    let ran = folder.run(&["policy", "test"]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    let mut card = String::new();
    for month in 1..=4 {
        let month = format!("2026-{month:02}");
        if month == "2026-04" {
            card = folder.run(&["scorecard", &month, "--today", "2026-06-10", "-O", "csv"]).out;
        }
        let ran = folder.run(&["close", &month, "--today", "2026-06-10"]);
        assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    }
    let paid = |month: &str, id: &str| {
        let review = folder.read(&format!("reviews/{month}/{id}.toml"));
        review.lines().find(|line| line.starts_with("pay = ")).unwrap().to_owned()
    };
    // 35 and the 30 more than the target of February; 30 + 60 + 35.
    assert_eq!(paid("2026-04", "b"), "pay = { pt = 30, pv = 65, py = 125, ty = 90 }");
    // 30 and the 10 short in January; 20 + 35.
    assert_eq!(paid("2026-03", "c"), "pay = { pt = 40, pv = 35, py = 55, ty = 60 }");
    assert_eq!(card.matches("twice above thirty").count(), 1, "{card}");
}
