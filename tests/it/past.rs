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
