//! Who may call on a client beside its lead, and who may approve.

use super::*;

#[test]
fn who_stands_in_during_a_leave_visits_then() {
    let of = |day: &str| {
        let visit = client(&format!("[[visits]]\ndate = {day}\nby = \"li-na\"\nkind = \"on-site\"\n"));
        let lead = "name = \"Wang Fang\"\nreports_to = \"zhao-lei\"\n\
            leaves = [{ from = 2026-10-08, to = 2026-10-16, kind = \"other\", cover = \"li-na\" }]\n";
        said_of(&[("clients/acme.toml", &visit), ("managers/wang-fang.toml", lead)], "visit-by-outsider")
            .len()
    };
    assert_eq!([of("2026-10-08"), of("2026-10-16"), of("2026-10-19")], [0, 0, 1]);
}

#[test]
fn whoever_it_is_about_approves_nothing_nor_does_who_has_left() {
    let of = |approved_by: &str, left: &str| {
        let review = format!(
            "manager = \"wang-fang\"\nperiod = \"2026-10\"\n[[ledger]]\ndate = 2026-10-20\nkind = \"advance\"\namount = 1\n\
             approved_by = \"{approved_by}\"\n"
        );
        let head = format!("name = \"Zhao Lei\"\n{left}");
        let files =
            [("reviews/2026-10/wang-fang.toml", review.as_str()), ("managers/zhao-lei.toml", head.as_str())];
        said_of(&files, "approved-by-no-other")
    };
    assert_eq!(of("Zhao Lei", ""), [""; 0]);
    assert_eq!(of("HR Committee", ""), [""; 0]);
    for own in ["wang-fang", "Wang Fang"] {
        let said = format!("`{own}` approved this on 2026-10-20, whose own result and pay it is");
        assert_eq!(of(own, ""), [said]);
    }
    let gone = |day: &str| of("zhao-lei", &format!("status = \"left\"\nleft = {day}\n"));
    assert_eq!(gone("2026-10-19"), ["`zhao-lei` approved this on 2026-10-20, who had left on 2026-10-19"]);
    assert_eq!(gone("2026-10-20"), [""; 0]);
}

#[test]
fn nobody_looks_at_what_one_declares_or_decides_about_ones_own_grade() {
    let of = |entries: &str| {
        let manager = format!("name = \"Wang Fang\"\nreports_to = \"zhao-lei\"\n{entries}");
        let head = "name = \"Zhao Lei\"\nstatus = \"left\"\nleft = 2026-10-20\n";
        said_of(
            &[("managers/wang-fang.toml", &manager), ("managers/zhao-lei.toml", head)],
            "reviewed-by-no-other",
        )
    };
    let declared = |by: &str, reviewed: &str| {
        of(&format!(
            "[[declarations]]\ndate = 2026-10-12\nkind = \"gift\"\nwhat = \"tea\"\nreviewed_by = \"{by}\"\nreviewed = {reviewed}\n"
        ))
    };
    assert_eq!(declared("HR", "2026-10-13"), [""; 0]);
    let own = "`Wang Fang` looked at or decided this, whose own matter it is";
    assert_eq!(declared("Wang Fang", "2026-10-13"), [own]);
    assert_eq!(declared("zhao-lei", "2026-10-20"), [""; 0]);
    let gone = "`zhao-lei` looked at or decided this, who had left on 2026-10-20";
    assert_eq!(declared("zhao-lei", "2026-10-21"), [gone]);
    let entries = |by: &str| {
        of(&format!(
            "[[target_changes]]\ndate = 2026-10-12\nperiod = \"2026-11\"\nmeasure = \"deposits\"\nreason = \"x\"\napproved_by = \"{by}\"\n\
             [[grade_history]]\nfrom = 2026-11-01\ngrade = \"M1\"\napproved_by = \"{by}\"\n\
             [[proposals]]\ndate = 2026-10-12\nto = \"M2\"\ndecided = 2026-10-14\ndecided_by = \"{by}\"\n"
        ))
    };
    assert_eq!(entries("wang-fang").len(), 3);
    // A grade that holds from November was approved by whoever left in October.
    assert_eq!(entries("zhao-lei"), [""; 0]);
}

#[test]
fn a_former_lead_visits_only_around_the_handover() {
    let of = |day: &str, more: &str| {
        let text = client(&format!(
            "{more}[[handovers]]\ndate = 2026-09-01\nfrom = \"li-na\"\nto = \"wang-fang\"\n\
             [[visits]]\ndate = {day}\nby = \"li-na\"\nkind = \"on-site\"\n"
        ));
        said_of(&[("clients/acme.toml", &text)], "visit-by-outsider")
    };
    assert!(of("2026-03-01", "").is_empty(), "the lead of the day");
    assert!(of("2026-10-01", "").is_empty(), "30 days after the handover");
    assert_eq!(
        of("2026-10-02", ""),
        [
            "`li-na` was neither lead nor backup of this client on 2026-10-02, had no share in it and leads nobody who had"
        ]
    );
    assert!(of("2026-10-20", "backup = \"li-na\"\n").is_empty());
    let until =
        |day: &str| of("2026-10-20", &format!("[[history]]\nuntil = {day}\nbackup = \"li-na\"\n")).len();
    assert_eq!([until("2026-10-20"), until("2026-10-19")], [0, 1], "who was the second manager then");
    let shares = |from: &str, li: u32| {
        format!("[[credit]]\nfrom = {from}\nshares = {{ wang-fang = {}, li-na = {li} }}\n", 100 - li)
    };
    assert!(of("2026-10-20", &shares("2026-01-01", 30)).is_empty());
    let ended = shares("2026-01-01", 30) + "[[credit]]\nfrom = 2026-10-01\nshares = { wang-fang = 100 }\n";
    assert_eq!(of("2026-10-20", &ended).len(), 1, "a share that ended");
}

#[test]
fn whoever_stands_in_is_there_all_the_while() {
    let of = |leave: &str, cover: &str| {
        let away =
            format!("name = \"Wang Fang\"\nleaves = [{{ {leave}, kind = \"other\", cover = \"li-na\" }}]\n");
        let cover = format!("name = \"Li Na\"\n{cover}\n");
        said_of(&[("managers/wang-fang.toml", &away), ("managers/li-na.toml", &cover)], "cover-away")
    };
    let (now, over) = ("from = 2026-10-26, to = 2026-11-06", "from = 2026-10-26, to = 2026-11-01");
    let on_leave = |from: &str, to: &str| {
        format!("leaves = [{{ from = 2026-{from}, to = 2026-{to}, kind = \"annual\" }}]")
    };
    let said = |why: &str| [format!("`li-na` is to stand in from 2026-10-26 to 2026-11-06, and {why}")];
    assert_eq!(of(now, ""), [""; 0]);
    assert_eq!(of(now, &on_leave("11-06", "11-09")), said("is on leave from 2026-11-06 to 2026-11-09"));
    assert_eq!(of(now, &on_leave("11-07", "11-09")), [""; 0]);
    assert_eq!(of(over, &on_leave("10-26", "10-30")), [""; 0], "a leave that is over");
    assert_eq!(of(now, "left = 2026-11-05"), said("leaves on 2026-11-05"));
    assert_eq!(of(now, "left = 2026-11-06"), [""; 0]);
}
