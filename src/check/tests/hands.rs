//! Who may rate, who may decide on an appeal and when, and who may lead a client.

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

#[test]
fn an_appeal_decided_late_stays_late() {
    // Ten working days after Thursday 1 October, without a calendar of the year, end on Thursday the 15th.
    let of = |decided: &str| {
        let review = format!(
            "manager = \"wang-fang\"\nperiod = \"2026-08\"\n[appeal]\ndate = 2026-10-01\nreason = \"x\"\n{decided}by = \"chief\"\nupheld = false\n"
        );
        said_of(&[("reviews/2026-08/wang-fang.toml", &review)], "appeal-past-limit")
    };
    let due = "the decision was due on 2026-10-15";
    assert_eq!(of(""), [due]);
    assert!(of("decided = 2026-10-15\n").is_empty());
    assert_eq!(of("decided = 2026-10-16\n"), [format!("{due}, and came on 2026-10-16")]);
}

#[test]
fn nobody_leads_a_client_before_joining() {
    let of = |joined: &str| {
        let lead = format!("name = \"Wang Fang\"\njoined = {joined}\n");
        said_of(&[("clients/acme.toml", &client("")), ("managers/wang-fang.toml", &lead)], "no-active-lead")
    };
    assert!(of("2026-11-02").is_empty());
    assert_eq!(of("2026-11-03"), ["`wang-fang` joins on 2026-11-03 and leads this client already"]);
}

#[test]
fn a_team_nobody_is_in_any_more_owes_no_meetings() {
    let of = |left: &str| {
        let lead = format!("name = \"Wang Fang\"\nteam = \"one\"\njoined = 2026-01-05\n{left}");
        let files = [
            ("managers/wang-fang.toml", &*lead),
            (
                "teams/one.toml",
                "name = \"One\"\nlead = \"wang-fang\"\n[[meetings]]\ndate = 2026-09-08\nkind = \"monthly\"\n",
            ),
        ];
        said_of(&files, "meeting-missing").len()
    };
    // Seen on 2 November, October is the last full month.
    assert_eq!([of(""), of("left = 2026-10-30\n"), of("left = 2026-10-31\n")], [1, 0, 1]);
}
