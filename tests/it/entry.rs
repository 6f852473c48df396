//! What cannot be so is not written: `add`, `set` and imports refuse it with the words of `check`.

use crate::fixture::Folder;

#[test]
fn what_cannot_be_so_is_refused_with_the_words_of_check() {
    let book = Folder::riverside();
    let before = book.run(&["check"]);
    assert_eq!((before.code, before.err.as_str()), (Some(0), ""), "{}", before.out);
    for (code, args) in [
        ("RM303", &["add", "visit", "anju-property", "--date", "tomorrow"][..]),
        ("RM304", &["add", "visit", "anju-property", "--date", "2010-01-02", "--purpose", "post-loan"]),
        ("RM306", &["add", "visit", "anju-property", "--date", "yesterday", "--by", "wang-fang"]),
        ("RM702", &["set", "anju-property", "credit_code=91310199MA1AJY936F"]),
        (
            "RM107",
            &["add", "credit", "anju-property", "--from", "2026-12-01", "--shares", "li-na=60,lin-xiao=30"],
        ),
        ("RM801", &["add", "survey", "corporate-1", "--asked", "8", "--answers", "4"]),
        (
            "RM802",
            &[
                "add",
                "pulse",
                "corporate-1",
                "--asked",
                "12",
                "--well",
                "6",
                "--fair",
                "0",
                "--strained",
                "0",
            ],
        ),
        (
            "RM605",
            &["add", "rating", "2026-10/li-na", "--group", "self", "--by", "wang-fang", "--score", "90"],
        ),
        ("RM660", &["add", "ledger", "2026-09/li-na", "--kind", "release", "--amount", "9", "--due", "2027"]),
        (
            "RM402",
            &["add", "complaint", "anju-property", "--id", "late", "--about", "li-na", "--handler", "li-na"],
        ),
        (
            "RM401",
            &[
                "add",
                "complaint",
                "anju-property",
                "--id",
                "late",
                "--received",
                "2026-11-20",
                "--decided",
                "today",
            ],
        ),
        ("RM627", &["set", "li-na", "grade=senior"]),
        (
            "RM670",
            &["add", "mark", "2026-10/li-na", "--indicator", "cultur", "--points", "1", "--reason", "x"],
        ),
    ] {
        let ran = book.run(args);
        assert_eq!(ran.code, Some(1), "{args:?}: {}", ran.err);
        assert!(ran.err.starts_with(&format!("error[{code} ")), "{args:?}: {}", ran.err);
        assert!(ran.err.ends_with("\nnothing was written\n"), "{args:?}: {}", ran.err);
    }
    assert_eq!(book.run(&["check"]).code, Some(0));
}

#[test]
fn a_decision_told_late_is_written_and_remarked_on() {
    let book = Folder::book();
    let args = ["add", "complaint", "acme", "--id", "late", "--received", "2026-09-01", "--about", "li-na"];
    let ran = book.run(&args);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(
        ran.err.starts_with("added: 1, files changed: 1\nerror[RM403 complaint-past-limit]"),
        "{}",
        ran.err
    );
    // What stood there is not said again.
    let ran = book.run(&["set", "acme", "complaints[late].confirmed=2026-09-02"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), "changed: clients/acme.toml\n"));
}

#[test]
fn a_decision_keeps_the_commit_that_its_revision_means() {
    let book = Folder::book();
    book.write("teams/one.toml", "name = \"One\"\nlead = \"wang-fang\"\n");
    let add = |id: &str, revision: &str| {
        let args = ["--id", id, "--question", "Q", "--choice", "C", "--revision", revision];
        book.run(&[&["add", "decision", "one"][..], &args].concat())
    };
    let ran = add("before", "HEAD");
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(
        ran.err.contains("revision `HEAD` was taken as it is: this book has no git history"),
        "{}",
        ran.err
    );
    book.git(&["init", "-q"]);
    book.git(&["add", "."]);
    book.git(&["commit", "-qm", "one"]);
    let head = std::fs::read_to_string(book.path(".git/refs/heads/main")).unwrap();
    let ran = add("now", "HEAD");
    assert_eq!((ran.code, ran.err.contains("revision")), (Some(0), false), "{}", ran.err);
    let text = book.read("teams/one.toml");
    assert!(text.contains(&format!("revision = \"{}\"\n", head.trim())), "{text}");
    // `set` does the same.
    let ran = book.run(&["set", "one", "decisions[before].revision=main"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(book.read("teams/one.toml").matches(head.trim()).count(), 2);
    let text = book.read("teams/one.toml");
    assert_eq!(book.run(&["set", "one", "decisions[before].revision=deadbeef"]).code, Some(2));
    let ran = add("never", "deadbeef");
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    assert!(ran.err.contains("no revision `deadbeef` in the git history of this book"), "{}", ran.err);
    assert_eq!(book.read("teams/one.toml"), text);
}

#[test]
fn a_fault_that_stood_there_and_one_that_the_book_allows_stop_nobody() {
    let book = Folder::book();
    let future = "[[visits]]\ndate = 2026-12-01\nby = \"wang-fang\"\nkind = \"call\"\n";
    book.write("clients/acme.toml", format!("{}\n{future}", book.read("clients/acme.toml")));
    let ran = book.run(&["add", "visit", "acme", "--date", "today"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), "added: 1, files changed: 1\n"));
    book.write("rmbook.toml", "name = \"Riverside\"\n[rules]\nvisit-in-future = \"allow\"\n");
    let ran = book.run(&["add", "visit", "acme", "--date", "2026-12-02"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
}

#[test]
fn a_change_of_grade_is_what_the_record_says() {
    let book = Folder::book();
    book.write("managers/li-na.toml", "name = \"李娜\"\ngrade = \"M1\"\ngrade_since = 2024-01-01\n");
    let ran =
        book.run(&["add", "grade", "li-na", "--grade", "M2", "--from", "2026-11-01", "--reason", "merit"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), "added: 1, files changed: 1\n"));
    // The grade before was held since the day the record named.
    let expected = "name = \"李娜\"\ngrade = \"M2\"\ngrade_since = 2026-11-01\n\n[[grade_history]]\n\
                    from = 2024-01-01\ngrade = \"M1\"\n\n[[grade_history]]\nfrom = 2026-11-01\ngrade = \"M2\"\nreason = \"merit\"\n";
    assert_eq!(book.read("managers/li-na.toml"), expected);
}

#[test]
fn a_grade_to_come_stands_above_and_what_holds_until_then_in_the_history() {
    let book = Folder::book();
    let first = "[[grade_history]]\nfrom = 2024-01-01\ngrade = \"M1\"\n";
    book.write(
        "managers/li-na.toml",
        format!("name = \"李娜\"\ngrade = \"M1\"\ngrade_since = 2024-01-01\n\n{first}"),
    );
    let add = |from: &str, grade: &str| {
        let ran = book.run(&["add", "grade", "li-na", "--grade", grade, "--from", from, "--reason", "merit"]);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        book.read("managers/li-na.toml")
    };
    let change = |from: &str, grade: &str| {
        format!("\n[[grade_history]]\nfrom = {from}\ngrade = \"{grade}\"\nreason = \"merit\"\n")
    };
    let post = |until: &str, grade: &str| format!("\n[[history]]\nuntil = {until}\ngrade = \"{grade}\"\n");
    let later = add("2027-02-01", "M3");
    let above = "name = \"李娜\"\ngrade = \"M3\"\ngrade_since = 2027-02-01\n";
    assert_eq!(later, [above, &post("2027-01-31", "M1"), "\n", first, &change("2027-02-01", "M3")].concat());
    // One that comes before it holds until then; one of today holds until the next.
    add("2026-12-01", "M2");
    let text = add("2026-11-24", "M0");
    let posts = [post("2026-11-30", "M0"), post("2027-01-31", "M2")].concat();
    let changes =
        [change("2026-11-24", "M0"), change("2026-12-01", "M2"), change("2027-02-01", "M3")].concat();
    assert_eq!(text, [above, &posts, "\n", first, &changes].concat());
    for today in ["2026-11-23", "2026-11-24", "2026-11-30", "2026-12-01", "2027-01-31", "2027-02-01"] {
        let found = book.run(&["check", "--today", today]);
        assert!(!found.out.contains("RM627"), "{today}: {}", found.out);
    }
    // What the history of the post says of a day is held against the history of grades.
    book.write("managers/li-na.toml", text.replace(&post("2027-01-31", "M2"), &post("2027-01-31", "M1")));
    let found = book.run(&["check"]);
    assert!(found.out.contains("grade M1, but M2 since 2026-12-01"), "{}{}", found.out, found.err);
}

#[test]
fn rows_that_cannot_be_so_stop_the_others_or_are_left_out() {
    let book = Folder::book();
    book.write(
        "clients/other.toml",
        "name = \"Other\"\ntier = \"base\"\nmanager = \"li-na\"\nstatus = \"active\"\n",
    );
    let rows = "client,date,kind\nacme,2026-11-20,call\nother,2026-11-25,call\n";
    let ran = book.run_with(&["add", "visit", "--csv", "-"], rows);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert!(ran.err.contains("error[RM303 ") && ran.err.contains("clients/other.toml"), "{}", ran.err);
    assert!(!book.read("clients/acme.toml").contains("2026-11-20"));
    book.write("rows.csv", rows);
    book.write("map.toml", "record = \"client\"\n[fields]\ndate = \"date\"\nkind = \"kind\"\n");
    let import = ["import", "table", "rows.csv", "--map", "map.toml", "--as", "visit", "--skip-bad"];
    let ran = book.run(&import);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.err.contains("rows left out: 1\nadded: 1, files changed: 1\n"), "{}", ran.err);
    assert!(book.read("clients/acme.toml").contains("2026-11-20"));
}

#[test]
fn what_only_all_records_tell_is_said_when_it_is_written() {
    let book = Folder::book();
    let asset = |id| book.run(&["add", "asset", id, "--kind", "laptop", "--serial", "S1"]);
    assert_eq!(asset("wang-fang").code, Some(0));
    let ran = asset("li-na");
    assert!(
        ran.code == Some(0) && ran.err.contains("RM635 asset-held-twice]: `S1` is also in the hands of"),
        "{}",
        ran.err
    );
    // A line that comes back to where it began cannot be, whoever of those on it comes first in it.
    assert_eq!(book.run(&["set", "li-na", "reports_to=wang-fang"]).code, Some(0));
    let ran = book.run(&["set", "wang-fang", "reports_to=li-na"]);
    assert!(ran.code == Some(1) && ran.err.contains("RM104 circular-line"), "{}", ran.err);
    assert_eq!(book.run(&["set", "li-na", "team=corporate-1"]).code, Some(0));
    assert_eq!(book.run(&["set", "corporate-1", "targets.2026-11.deposits=100"]).code, Some(0));
    let ran = book.run(&["set", "li-na", "targets.2026-11.deposits=60"]);
    assert!(ran.code == Some(0) && ran.err.contains("RM601 targets-do-not-add-up"), "{}", ran.err);
}

#[test]
fn a_ledger_entry_says_which_of_the_schemes_of_an_open_period_pays() {
    let book = Folder::riverside();
    let entry =
        ["add", "ledger", "2026-10/wang-fang", "--kind", "holdback", "--case", "z", "--amount", "0.01"];
    let ran = book.run(&entry);
    assert!(ran.code == Some(1) && ran.err.contains("error[RM664 ledger-scheme-missing]"), "{}", ran.err);
    let ran = book.run(&[entry.as_slice(), &["--scheme", "scorecard"]].concat());
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), "added: 1, files changed: 1\n"));
    let line = ["--scheme", "scorecard", "--line", "nosuch", "--date", "2026-11-23"];
    let ran = book.run(&[entry.as_slice(), &line].concat());
    assert!(ran.code == Some(1) && ran.err.contains("there is no pay line `nosuch`"), "{}", ran.err);
    let ran = book.run(&[entry.as_slice(), &["--scheme", "nosuch"]].concat());
    assert!(ran.code == Some(0) && ran.err.contains("RM669"), "{}", ran.err);
}

#[test]
fn few_anonymous_ratings_are_not_written_nor_counted_nor_shown() {
    let book = Folder::riverside();
    let add = |n: &str, sum: &str| {
        let (head, group) = (["add", "anonymous-rating", "2026-10/sun-wei"], ["--group", "subordinate"]);
        book.run(&[&head[..], &group, &["--n", n, "--sum", sum]].concat())
    };
    let ran = add("2", "171");
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert!(ran.err.contains("error[RM807 ") && ran.err.contains("at least 3 are needed"), "{}", ran.err);
    assert!(!book.read("reviews/2026-10/sun-wei.toml").contains("171"));
    let path = "reviews/2026-10/sun-wei.toml";
    let by_hand = "\n[[anonymous]]\ngroup = \"subordinate\"\nn = 2\nsum = 171\n";
    book.write(path, book.read(path) + by_hand);
    for args in [&["show", "2026-10/sun-wei"][..], &["list", "anonymous-ratings", "-c", "all"], &["check"]] {
        let ran = book.run(args);
        assert!(!ran.out.contains("171"), "{args:?}: {}", ran.out);
    }
    assert_eq!(add("3", "258").code, Some(1), "the same group stands there");
}

#[test]
fn what_lies_out_of_its_range_is_refused_in_clients_too() {
    let book = Folder::riverside();
    let id = "anju-property";
    for (code, args) in [
        (
            "RM221",
            &[
                "add",
                "opportunity",
                id,
                "--id",
                "x",
                "--stage",
                "proposal",
                "--product",
                "x",
                "--probability",
                "-10%",
            ][..],
        ),
        ("RM221", &["add", "complaint", id, "--id", "x", "--points", "-5"]),
    ] {
        let ran = book.run(args);
        assert!(ran.code == Some(1) && ran.err.contains(code), "{args:?}: {}{}", ran.out, ran.err);
    }
    let client = "clients/anju-property.toml";
    let handed = "\n[[handovers]]\ndate = 2026-01-05\nfrom = \"li-na\"\nto = \"wang-fang\"\nfacilities = [{ id = \"none\", drawn = -1, class = \"normal\" }]\n";
    book.write(client, book.read(client) + handed);
    let ran = book.run(&["check", client]);
    assert!(ran.out.contains("RM103") && ran.out.contains("no facility `none`"), "{}", ran.out);
    assert!(ran.out.contains("`drawn` is -1; it can be at least 0"), "{}", ran.out);
}

#[test]
fn a_changed_target_is_written_down_and_one_changed_by_hand_is_found() {
    let book = Folder::book();
    let path = "managers/li-na.toml";
    let targets = |deposits: &str| {
        format!("name = \"李娜\"\n\n[targets]\n2026-Q4 = {{ deposits = {deposits}, loans = 30 }}\n")
    };
    book.write(path, targets("100"));
    book.git(&["init", "-q"]);
    book.git(&["add", "."]);
    book.git(&["commit", "-qm", "a"]);
    let set = |words: &[&str]| {
        let ran = book.run(&[&["set", "li-na"], words].concat());
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        (book.read(path), ran.err)
    };
    let (text, said) = set(&["targets.2026-Q4.deposits=90"]);
    let entry = |to: &str| {
        format!(
            "\n[[target_changes]]\ndate = 2026-11-24\nperiod = \"2026-Q4\"\nmeasure = \"deposits\"\nfrom = 100\nto = {to}\n"
        )
    };
    assert_eq!(text, targets("90") + &entry("90"));
    assert!(said.contains("the change of `deposits` for 2026-Q4 has no `reason`"), "{said}");
    // Changed again on the day, it was changed once; a new target is no change, and a mistake mended leaves none.
    assert_eq!(set(&["targets.2026-Q4.deposits=80"]).0, targets("80") + &entry("80"));
    let (text, _) = set(&["targets.2027-Q1.deposits=70"]);
    assert_eq!(text.matches("[[target_changes]]").count(), 1, "{text}");
    let (text, _) = set(&["targets.2027-Q1.deposits=60", "--correct"]);
    assert_eq!(text.matches("[[target_changes]]").count(), 1, "{text}");
    let reason = "target_changes[2026-11-24,2026-Q4,deposits].reason=merger";
    assert!(!set(&[reason]).1.contains("reason`"));
    let found = |text: &str| {
        book.write(path, text);
        let ran = book.run(&["check", "--since", "HEAD", "-O", "concise"]);
        ran.out.lines().filter(|line| line.contains("RM717")).map(str::to_owned).collect::<Vec<_>>()
    };
    assert!(found(&book.read(path)).is_empty());
    let by_hand = found(&targets("90"));
    assert!(
        by_hand.len() == 1 && by_hand[0].contains("`deposits` for 2026-Q4 was 100 and is 90, and no change"),
        "{by_hand:?}"
    );
    let gone = found("name = \"李娜\"\n");
    assert!(gone.len() == 2 && gone[1].contains("`loans` for 2026-Q4 was 30 and is none"), "{gone:?}");
}
