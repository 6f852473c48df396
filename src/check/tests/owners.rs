//! What rules say of what leavers leave, of ids of before, and of appeals of the day of closing.

use super::*;

#[test]
fn an_idea_on_trial_belongs_to_somebody_who_is_there() {
    let of = |more: &str| {
        let pilot = format!(
            "name = \"One\"\n[[pilots]]\nid = \"a\"\nraised = 2026-08-01\nwhat = \"x\"\nowner = \"old-chen\"\n{more}"
        );
        said_of(&[("teams/one.toml", &pilot)], "owned-by-leaver")
    };
    assert_eq!(of(""), ["`old-chen` left on 2026-09-30"]);
    assert!(of("decided = 2026-09-20\ndecision = \"stop\"\n").is_empty());
}

#[test]
fn what_a_leaver_missed_before_leaving_stays_the_leavers() {
    let of = |due: &str| {
        let text = client(&format!(
            "[[visits]]\ndate = 2026-08-01\nby = \"wang-fang\"\nkind = \"call\"\n\
             next = [{{ what = \"x\", owner = \"old-chen\", due = {due} }}]\n"
        ));
        said_of(&[("clients/acme.toml", &text)], "owned-by-leaver")
    };
    assert!(of("2026-09-29").is_empty());
    assert_eq!(of("2026-09-30"), ["`old-chen` left on 2026-09-30"]);
}

#[test]
fn an_id_that_another_record_had_is_found_and_one_that_two_had() {
    let li = |former: &str| format!("name = \"Li\"\nformer_ids = [{former}]\n");
    let of = |files: &[(&str, &str)]| said_of(files, "id-used-before");
    let (one, back) = (li("\"wang-fang\""), li("\"li\", \"wei\""));
    let taken = ["manager `li` had the id `wang-fang` before"];
    assert_eq!(of(&[("managers/wang-fang.toml", MANAGER), ("managers/li.toml", &one)]), taken);
    assert!(of(&[("managers/li.toml", &back)]).is_empty(), "its own, and one nobody has");
    let team = ("teams/wei.toml", "name = \"A\"\n");
    assert!(of(&[("managers/li.toml", &li("\"wei\"")), team]).is_empty(), "a record of another kind");
    let wei = li("\"wei\"");
    let two = [("managers/li.toml", &*wei), ("managers/zhao.toml", &*wei)];
    assert_eq!(of(&two), ["manager `li` had the id `wei` before"]);
}

#[test]
fn an_appeal_of_the_day_of_closing_came_after_it() {
    let of = |date: &str| {
        let text = format!(
            "manager = \"wang-fang\"\nperiod = \"2026-09\"\n[appeal]\ndate = {date}\nreason = \"x\"\n\
             [closed.main]\npolicy = \"main\"\ndigest = \"x\"\nclosed_on = 2026-10-10\n"
        );
        said_of(&[("reviews/2026-09/wang-fang.toml", &text)], "closed-under-appeal").len()
    };
    assert_eq!([of("2026-10-09"), of("2026-10-10"), of("2026-10-11")], [1, 0, 0]);
}

#[test]
fn an_appeal_left_to_a_later_period_is_corrected_there() {
    let appealed = "manager = \"wang-fang\"\nperiod = \"2026-08\"\n[appeal]\ndate = 2026-09-14\nreason = \"x\"\ndecided = 2026-09-20\n\
        by = \"li-na\"\nupheld = true\ncorrected_in = \"2026-09\"\n";
    let of = |more: &str, closed: bool| {
        let frozen = "[closed.main]\npolicy = \"main\"\ndigest = \"x\"\nclosed_on = 2026-10-12\nrating = \"B\"\ntotal = 80\n";
        let there = format!(
            "manager = \"wang-fang\"\nperiod = \"2026-09\"\n{more}{}",
            if closed { frozen } else { "" }
        );
        let files = [
            ("reviews/2026-08/wang-fang.toml", appealed),
            ("reviews/2026-09/wang-fang.toml", there.as_str()),
        ];
        said_of(&files, "appeal-not-corrected")
    };
    let missing =
        ["upheld on 2026-09-20 and to be corrected in 2026-09, which was closed without a correction of it"];
    assert_eq!(of("", true), missing);
    assert!(of("", false).is_empty(), "an open period can still correct it");
    let amended = "[[amendments]]\ndate = DAY\nfield = \"total\"\nfrom = \"80\"\nto = \"82\"\nwhy = \"x\"\nwho = \"A\"\napproved_by = \"B\"\n";
    assert!(of(&amended.replace("DAY", "2026-10-20"), true).is_empty());
    // What was amended before the decision corrected something else.
    assert_eq!(of(&amended.replace("DAY", "2026-09-19"), true), missing);
    let booked = |about: &str| {
        format!("[[ledger]]\ndate = 2026-10-10\nkind = \"advance\"\namount = 1\nperiod = \"{about}\"\n")
    };
    assert!(of(&booked("2026-08"), true).is_empty());
    assert_eq!(of(&booked("2026-09"), true), missing);
    let mark = "[[marks]]\nindicator = \"x\"\npoints = 2\nreason = \"appeal\"\ndate = 2026-10-02\n";
    assert!(of(mark, true).is_empty());
}

#[test]
fn a_team_nobody_was_ever_in_is_asked_for_nothing() {
    let kept = ("clients/acme.toml", client("entered = 2025-12-01\n"));
    let of = |team: &str, member: &str, rule: &str| {
        let member = format!("name = \"Wu\"\n{member}");
        let files =
            [(kept.0, kept.1.as_str()), ("teams/one.toml", team), ("managers/wu.toml", member.as_str())];
        said_of(&files, rule).len()
    };
    for rule in ["meeting-missing", "no-activity"] {
        assert_eq!(of("name = \"One\"\n", "", rule), 0, "{rule}");
        assert_eq!(of("name = \"One\"\n", "team = \"one\"\njoined = 2025-01-06\n", rule), 1, "{rule}");
        assert_eq!(of("name = \"One\"\nsince = 2025-01-06\n", "", rule), 1, "{rule}");
    }
}
