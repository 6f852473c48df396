//! Who may rate and who may decide on an appeal.

use super::*;

/// Wang Fang reported to Li Na up to 15 October 2026, and to Zhao Lei since.
const MOVED: &str = "name = \"Wang Fang\"\nreports_to = \"zhao-lei\"\n[[history]]\nuntil = 2026-10-15\nreports_to = \"li-na\"\n";

#[test]
fn without_a_reviewer_the_supervisors_of_both_days_appraised() {
    let of = |by: &str, more: &str| {
        let review = format!(
            "manager = \"wang-fang\"\nperiod = \"2026-09\"\n{more}[appeal]\ndate = 2026-10-25\nreason = \"x\"\n\
             decided = 2026-10-28\nby = \"{by}\"\nupheld = false\n"
        );
        said_of(
            &[("managers/wang-fang.toml", MOVED), ("reviews/2026-09/wang-fang.toml", &review)],
            "appeal-decided-by-reviewer",
        )
    };
    let published = "published = 2026-10-20\n";
    let judged = |by: &str| [format!("`{by}` appraised, and decided on the appeal")];
    assert_eq!(of("li-na", published), judged("li-na"));
    assert_eq!(of("zhao-lei", published), judged("zhao-lei"));
    assert!(of("chief", published).is_empty());
    // Nobody knows yet when it is made known; and a reviewer who is named appraised alone.
    assert!(of("zhao-lei", "").is_empty());
    let named = "reviewer = \"chief\"\npublished = 2026-10-20\n";
    assert!(of("li-na", named).is_empty() && of("zhao-lei", named).is_empty());
    assert_eq!(of("chief", named), judged("chief"));
}

#[test]
fn who_is_above_or_below_on_the_last_day_is_no_peer() {
    let of = |manager: &str, by: &str| {
        let review = format!(
            "manager = \"{manager}\"\nperiod = \"2026-10\"\n[[ratings]]\ngroup = \"peer\"\nby = \"{by}\"\nscore = 90\n"
        );
        let path = format!("reviews/2026-10/{manager}.toml");
        let files = [
            ("managers/wang-fang.toml", &*MOVED.replacen('\n', "\nteam = \"one\"\n", 1)),
            ("managers/zhao-lei.toml", "name = \"Zhao Lei\"\nreports_to = \"chief\"\n"),
            ("managers/chief.toml", "name = \"Chief\"\n"),
            ("managers/li-na.toml", "name = \"Li Na\"\n"),
            ("managers/wu.toml", "name = \"Wu\"\n"),
            ("teams/one.toml", "name = \"One\"\nlead = \"wu\"\n"),
            (&*path, &*review),
        ];
        said_of(&files, "rating-by-wrong-hand")
    };
    let above = |by: &str| [format!("`wang-fang` reports to `{by}`, who rates in the group `superior`")];
    assert_eq!(of("wang-fang", "zhao-lei"), above("zhao-lei"));
    assert_eq!(of("wang-fang", "chief"), above("chief"), "two steps above");
    assert_eq!(of("wang-fang", "wu"), above("wu"), "who leads the team");
    assert!(of("wang-fang", "li-na").is_empty(), "the supervisor of before");
    let below = ["`wang-fang` reports to `chief`, and rates in the group `subordinate`"];
    assert_eq!(of("chief", "wang-fang"), below);
}
