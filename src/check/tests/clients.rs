//! What rules say of credit, groups, complaints and decisions.

use super::*;

#[test]
fn shares_of_one_day_are_for_different_measures() {
    let credit = |measures: &str| {
        format!("[[credit]]\nfrom = 2026-08-01\nshares = {{ wang-fang = 100 }}\nfor = {measures}\n")
    };
    let said = |lists: &[&str]| {
        let text = client(&lists.iter().map(|list| credit(list)).collect::<String>());
        said_of(&[("clients/acme.toml", &text)], "duplicate-entry")
    };
    assert_eq!(said(&["[]", "[\"loans\"]", "[\"deposits\", \"fee_income\"]"]), [""; 0]);
    let same = ["another entry has the same `from`, `for`"];
    assert_eq!(said(&["[\"loans\"]", "[\"deposits\", \"loans\"]"]), same);
    assert_eq!(said(&["[]", "[]"]), same);
}

#[test]
fn a_subsidiary_is_of_the_group_of_its_parent() {
    let facility = |class: &str| {
        format!(
            "[[facilities]]\nid = \"a\"\nproduct = \"x\"\nlimit = 9\ndrawn = 5\nclass = \"{class}\"\nclass_since = 2026-10-01\n"
        )
    };
    let said = |parent: &str, child: &str, link: &str| {
        let parent = client(&facility(parent));
        let child = client(&format!("{link}{}", facility(child)));
        let files = [("clients/parent.toml", parent.as_str()), ("clients/child.toml", &child)];
        said_of(&files, "group-not-reviewed")
    };
    let of = |member: &str| {
        format!(
            "`{member}` of the same group has been non-performing since 2026-10-01, and no special check followed here"
        )
    };
    let link = "parent = \"parent\"\n";
    assert_eq!(said("loss", "normal", link), [of("parent")]);
    assert_eq!(said("normal", "loss", link), [of("child")]);
    assert_eq!(said("loss", "normal", ""), [""; 0]);
}

#[test]
fn a_complaint_decided_late_says_by_how_many_days() {
    let said = |decided: &str| {
        let complaint = "[[complaints]]\nid = \"late\"\nreceived = 2026-10-01\n";
        let text = client(&format!("{complaint}{decided}"));
        said_of(&[("clients/acme.toml", &text)], "complaint-past-limit")
    };
    // 15 days after 1 October; it is judged on 2 November.
    assert_eq!(said(""), ["the decision was due on 2026-10-16, 17 days ago"]);
    let late = ["the decision was due on 2026-10-16 and came on 2026-10-17, 1 day late"];
    assert_eq!(said("decided = 2026-10-17\n"), late);
    assert_eq!(said("decided = 2026-10-16\n"), [""; 0]);
}

#[test]
fn what_spreads_to_all_of_a_debtor_is_said_in_its_amounts() {
    let said = |bad: &str, good: &str| {
        let facility = |id: &str, drawn: &str, class: &str| {
            format!(
                "[[facilities]]\nid = \"{id}\"\nproduct = \"x\"\nlimit = 10000\ndrawn = {drawn}\nclass = \"{class}\"\n"
            )
        };
        let text = client(&[facility("a", bad, "loss"), facility("b", good, "normal")].concat());
        said_of(&[("clients/acme.toml", &text)], "class-contagion")
    };
    let expected = "1001 of the 10000 the client has drawn are non-performing, more than 10 %, and this facility is normal";
    assert_eq!(said("1001", "8999"), [expected]);
    assert_eq!(said("1000", "9000"), [""; 0]);
}

#[test]
fn a_decision_on_a_figure_in_percent_takes_percent() {
    let settings =
        format!("{SETTINGS}[measures.recovery]\ntitle = \"Recovery\"\nunit = \"%\"\nkind = \"balance\"\n");
    let said = |figure: &str, expected: &str| {
        let text = format!(
            "name = \"One\"\n[[decisions]]\nid = \"seen\"\nquestion = \"q\"\ndecided = 2026-10-01\nchoice = \"c\"\n\
             metric = \"recovery.average\"\nfigures = {{ recovery = {figure}, deposits = 500 }}\nexpected = {expected}\n"
        );
        let files = [("rmbook.toml", settings.as_str()), ("teams/one.toml", &text)];
        said_of(&files, "percentage-above-all")
    };
    assert_eq!(said("\"90%\"", "0.98"), [""; 0]);
    assert_eq!(said("0.9", "\"98%\""), [""; 0]);
    let above =
        |name: &str, number: u32| format!("`{name}` for seen is {number}, which reads as {number}00%");
    assert_eq!(said("90", "98"), [above("recovery.average", 98), above("recovery", 90)]);
}

#[test]
fn a_key_client_has_the_second_manager_that_its_history_says() {
    let of = |more: &str| {
        let text = client(more).replace("tier = \"base\"", "tier = \"key\"");
        assert!(text.contains("\"key\""));
        said_of(&[("clients/acme.toml", &text)], "no-backup")
    };
    let until = |day: &str, rest: &str| format!("{rest}[[history]]\nuntil = {day}\nbackup = \"li-na\"\n");
    // What stands above holds from the day after on, and today is the second of November.
    assert!(of(&until("2026-11-30", "")).is_empty());
    assert!(of(&until("2026-11-30", "backup = \"wang-fang\"\n")).is_empty());
    assert_eq!(of(&until("2026-10-31", "")), ["this client has no second manager: none is named"]);
    let begun = |day: &str| of(&format!("backup = \"li-na\"\nbackup_since = {day}\n"));
    assert!(begun("2026-11-02").is_empty());
    assert_eq!(begun("2026-11-03"), ["this client has no second manager: `backup` is to begin later"]);
    // Nor did whoever visited before that day visit as the second manager.
    let visited = |day: &str| {
        let text = client(&format!(
            "backup = \"li-na\"\nbackup_since = {day}\n\
             [[visits]]\ndate = 2026-10-20\nby = \"li-na\"\nkind = \"on-site\"\n"
        ));
        said_of(&[("clients/acme.toml", &text)], "visit-by-outsider").len()
    };
    assert_eq!([visited("2026-10-20"), visited("2026-10-21")], [0, 1]);
}

#[test]
fn who_owes_is_a_client_still_whatever_the_status_says() {
    let said = |settled: &str| {
        let facility =
            "[[facilities]]\nid = \"f1\"\nproduct = \"x\"\nlimit = 1400\ndrawn = 1400\nclass = \"normal\"\n";
        let text = client(&format!("{facility}{settled}"));
        let text = text.replace("status = \"active\"", "status = \"closed\"\nclosed = 2026-07-01");
        said_of(&[("clients/acme.toml", &text)], "status-disagrees")
    };
    let owing =
        ["`status = \"closed\"`, but `f1` has 1400 drawn and is not `settled`: who owes is a client still"];
    assert_eq!(said(""), owing);
    assert_eq!(said("settled = 2026-09-01\n"), [""; 0]);
}

#[test]
fn figures_of_months_wholly_outside_the_relationship_are_told() {
    let said = |results: &str| {
        let text = client(&format!("[results]\n{results}"));
        let text = text
            .replace("status = \"active\"", "status = \"closed\"\nsince = 2026-02-10\nclosed = 2026-04-30");
        said_of(&[("clients/acme.toml", &text)], "beyond-relationship")
    };
    assert_eq!(
        said("2026-02 = { deposits = 5 }\n2026-04 = { deposits = 5 }\n2026-05 = { deposits = 0 }\n"),
        [""; 0]
    );
    assert_eq!(said("2026-01 = { deposits = 5 }\n"), ["2026-01 is before `since`, 2026-02-10"]);
    assert_eq!(
        said("2026-05 = { deposits = { avg = 0, end = 1 } }\n"),
        ["2026-05 is after `closed`, 2026-04-30"]
    );
}
