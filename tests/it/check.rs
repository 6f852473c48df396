//! `rmbook check` and `rmbook explain` through the program.

use crate::fixture::Folder;

const STALE: &str = "name = \"Acme\"\ntier = \"base\"\nmanager = \"wang-fang\"\nstatus = \"active\"\n\
                     [[opportunities]]\nid = \"scf\"\nstage = \"proposal\"\nopened = 2026-01-01\n";
const BACKUP: &str =
    "name = \"Beta\"\ntier = \"key\"\nmanager = \"li-na\"\nstatus = \"active\"\nbackup = \"wang-fang\"\n";

fn book() -> Folder {
    Folder::with([
        ("rmbook.toml", "name = \"Riverside\"\n"),
        ("managers/wang-fang.toml", "name = \"王芳\"\n"),
        ("managers/li-na.toml", "name = \"李娜\"\n"),
        ("clients/acme.toml", STALE),
        ("clients/beta.toml", BACKUP),
    ])
}

fn check(book: &Folder, args: &[&str]) -> (Option<i32>, String, String) {
    let mut all = vec!["check", "--today", "2026-11-02", "--format", "concise"];
    all.extend(args);
    let ran = book.run(&all);
    (ran.code, ran.out, ran.err)
}

const FOUND: &str = "clients/acme.toml:7:9: RM311 `scf` moved last on 2026-01-01, and 2026-03-02 was the last day to move it on, 245 days ago\n";

#[test]
fn a_warning_is_shown_and_fails_only_where_asked() {
    let book = book();
    assert_eq!(check(&book, &[]), (Some(0), FOUND.into(), "1 warning in 1 file\n".into()));
    assert_eq!(check(&book, &["--error-on", "warning"]).0, Some(1));
    assert_eq!(check(&book, &["-D", "opportunity-stale"]).0, Some(1));
    assert_eq!(check(&book, &["-A", "RM311"]), (Some(0), String::new(), String::new()));
    let (code, _, err) = check(&book, &["-D", "opportunity-stall"]);
    assert_eq!(code, Some(2));
    assert!(err.contains("a similar name exists: `opportunity-stale`"), "{err}");
}

#[test]
fn paths_narrow_the_findings_and_must_exist() {
    let book = book();
    assert_eq!(check(&book, &["clients/beta.toml"]).1, "");
    assert_eq!(check(&book, &["clients"]).1, FOUND);
    assert_eq!(check(&book, &["clients/acme.toml", "managers"]).1, FOUND);
    let (code, _, err) = check(&book, &["clients/none.toml"]);
    assert_eq!(code, Some(2));
    assert!(err.contains("no path `clients/none.toml` in the book"), "{err}");
}

#[test]
fn since_a_revision_only_what_the_change_caused_is_shown() {
    let book = book();
    book.git(&["init", "-q"]);
    book.git(&["add", "."]);
    book.git(&["commit", "-qm", "one"]);
    assert_eq!(check(&book, &["--since", "HEAD"]), (Some(0), String::new(), String::new()));
    std::fs::remove_file(book.path("managers/li-na.toml")).unwrap();
    book.write("clients/acme.toml", STALE.replace("2026-01-01", "2026-10-01"));
    let (code, out, err) = check(&book, &["--since", "HEAD"]);
    assert_eq!(code, Some(1));
    assert_eq!(out, "clients/beta.toml:3:11: RM101 there is no manager `li-na`\n");
    assert!(
        err.starts_with("cured: opportunity-stale in client acme at `opportunities[scf].stage`\n"),
        "{err}"
    );
    assert_eq!(check(&book, &["--since", "nothing"]).0, Some(2));
}

#[test]
fn a_baseline_is_written_held_and_shrunk() {
    let book = book();
    let with = ["--baseline", "baseline.toml"];
    assert_eq!(check(&book, &with).0, Some(2));
    let (code, out, err) = check(&book, &["--baseline", "baseline.toml", "--write-baseline"]);
    assert_eq!((code, out.as_str(), err.as_str()), (Some(0), "", "findings in the baseline: 1\n"));
    let written = book.read("baseline.toml");
    assert!(
        written.contains("record = \"client acme\"\nfield = \"opportunities[scf].stage\"\n"),
        "{written}"
    );
    assert_eq!(check(&book, &with), (Some(0), String::new(), String::new()));
    book.write("clients/acme.toml", STALE.replace("2026-01-01", "2026-10-01"));
    book.write("clients/beta.toml", BACKUP.replace("wang-fang", "li-na"));
    let (_, out, _) = check(&book, &with);
    assert!(out.contains("RM715") && out.contains("RM106"), "{out}");
    check(&book, &["--baseline", "baseline.toml", "--write-baseline"]);
    assert!(!book.read("baseline.toml").contains("[[accepted]]"));
    assert!(check(&book, &with).1.contains("RM106"));
}

#[test]
fn fix_mends_what_diff_shows() {
    let book = book();
    book.write("clients/acme.toml", format!("{STALE}updated = \"2026-10-20\"\n"));
    let (code, out, _) = check(&book, &["--diff", "clients/acme.toml"]);
    assert_eq!(code, Some(1));
    assert!(out.contains("+updated = 2026-10-20"), "{out}");
    assert!(book.read("clients/acme.toml").contains("\"2026-10-20\""));
    assert_eq!(check(&book, &["--fix", "clients/acme.toml"]).0, Some(0));
    assert!(book.read("clients/acme.toml").contains("updated = 2026-10-20\n"));
    assert_eq!(check(&book, &["--diff", "clients/acme.toml"]).0, Some(0));
    assert!(!book.read("clients/beta.toml").starts_with("#:schema"));
}

#[test]
fn formats_list_the_same_findings() {
    let book = book();
    for (format, expected) in [
        ("text", "RM311 opportunity-stale"),
        ("json", "\"RM311\""),
        ("github", "RM311"),
        ("gitlab", "RM311"),
        ("sarif", "\"RM311\""),
        ("junit", "RM311"),
    ] {
        let ran = book.run(&["check", "--today", "2026-11-02", "-O", format]);
        assert!(ran.out.contains(expected), "{format}: {}", ran.out);
    }
    assert_eq!(book.run(&["check", "-O", "xlsx"]).code, Some(2));
    let counted = book.run(&["check", "--today", "2026-11-02", "--statistics", "-O", "csv"]);
    assert!(counted.out.contains("1,RM311,"), "{}", counted.out);
}

#[test]
fn explain_tells_of_rules_and_fields() {
    let book = Folder::empty();
    let rule = book.run(&["explain", "rm301"]);
    assert!(rule.out.starts_with("RM301 visit-overdue\n"), "{}", rule.out);
    assert!(rule.out.contains("# rmbook: allow(visit-overdue)"), "{}", rule.out);
    let field = book.run(&["explain", "client.visits.by"]);
    assert!(field.out.contains("Manager who visited"), "{}", field.out);
    assert!(book.run(&["explain"]).out.contains("RM101"));
    let unknown = book.run(&["explain", "client.visits.buy"]);
    assert_eq!(unknown.code, Some(2));
    assert!(unknown.err.contains("a similar name exists: `client.visits.by`"), "{}", unknown.err);
}

#[test]
fn explain_tells_of_every_figure_a_formula_may_ask_for() {
    let book = Folder::empty();
    let metrics = book.run(&["explain", "metrics", "-O", "csv"]).out;
    for name in ["deposits,", "visit_coverage,", "wallet_share,"] {
        assert!(metrics.lines().any(|line| line.starts_with(name)), "{metrics}");
    }
    let average = book.run(&["explain", "deposits.average"]).out;
    assert!(average.starts_with("deposits.average: ") && average.contains("deposits@base"), "{average}");
    // A name of the language: as it is listed, else by what stands before its point.
    for (word, form) in [
        ("mean.team", "mean.team(\"ID\")"),
        ("previous.pay", "previous.pay"),
        ("targets.deposits", "targets.METRIC"),
    ] {
        let page = book.run(&["explain", word]);
        assert!(page.out.starts_with(&format!("{form}\n")), "{word}: {}{}", page.out, page.err);
    }
    let unknown = book.run(&["explain", "deposits.avg"]);
    assert!(unknown.err.contains("a similar name exists: `deposits`"), "{}", unknown.err);
}

#[test]
fn explain_tells_what_each_format_holds() {
    let formats = Folder::empty().run(&["explain", "formats", "-O", "csv"]);
    for format in ["text", "concise", "json", "github", "gitlab", "sarif", "junit"] {
        let named = |line: &str| line.starts_with(&format!("{format},"));
        assert!(formats.out.lines().any(named), "{format}: {}", formats.out);
    }
}

#[test]
fn the_hooks_and_the_action_run_commands_that_exist() {
    let book = Folder::book();
    let hooks = include_str!("../../.pre-commit-hooks.yaml");
    let entries: Vec<&str> =
        hooks.lines().filter_map(|line| line.trim().strip_prefix("entry: rmbook ")).collect();
    assert_eq!(entries, ["check", "fmt"]);
    for entry in entries {
        assert_eq!(book.run(&[entry]).code, Some(0), "{entry}");
    }
    let action = include_str!("../../action.yml");
    let command = action.lines().find_map(|line| line.trim().strip_prefix("run: rmbook ")).unwrap();
    let words = ["-C", ".", "check", "--format", "github", "--error-on", "error"];
    let meant = words.join(" ").replace("-C .", "-C \"$BOOK\"").replace("on error", "on \"$ERROR_ON\"");
    assert_eq!(command, format!("{meant} ${{SINCE:+--since \"$SINCE\"}}"));
    assert_eq!(book.run(&words).code, Some(0));
}

#[test]
fn a_policy_with_a_mistyped_key_shows_its_faulty_formulas_in_the_same_run() {
    let book = Folder::book();
    let item = "[[indicators]]\nid = \"a\"\nvalue = \"depsits.average\"\nweight = 100\nmaxx = 3\n\
        target = \"targets.deposits\"\ncurve = { kind = \"ratio\", zero_target = \"skip\" }\n";
    let head =
        "title = \"P\"\nscheme = \"s\"\neffective = 2026-01-01\nperiod = \"month\"\nmissing = \"zero\"\n";
    book.write("policies/p.toml", format!("{head}{item}"));
    for args in [&["check", "--format", "concise", "policies/p.toml"][..], &["policy", "check"]] {
        let ran = book.run(args);
        assert_eq!(ran.code, Some(1), "{}", ran.err);
        let said = ran.out + &ran.err;
        assert!(said.contains("RM902") && said.contains("`depsits`"), "{args:?}: {said}");
        assert!(said.contains("RM003") && said.contains("`maxx`"), "{args:?}: {said}");
    }
    let ran = book.run(&["check", "--format", "concise", "policies/p.toml"]);
    let lines: Vec<&str> = ran.out.lines().filter_map(|line| line.split(':').nth(1)).collect();
    assert_eq!(lines, ["8", "10"], "each at its own line: {}", ran.out);
}

#[test]
fn policy_check_speaks_every_format_and_heeds_remarks_and_levels_as_check_does() {
    let book = Folder::book();
    let head =
        "title = \"P\"\nscheme = \"s\"\neffective = 2026-01-01\nperiod = \"month\"\nmissing = \"zero\"\n";
    let lines = "[[pay.lines]]\nid = \"a\"\namount = 800\n";
    book.write("policies/p.toml", format!("{head}{lines}"));
    let ran = book.run(&["policy", "check", "-O", "json"]);
    let found: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(found["findings"][0]["code"], "RM935", "{}", ran.out);
    book.run(&["policy", "check", "policies/p.toml", "-o", "found.sarif"]);
    assert!(book.read("found.sarif").contains("\"RM935\""));

    let allowed = lines.replace("800\n", "800 # rmbook: allow(RM935) in yuan of the year\n");
    book.write("policies/p.toml", format!("{head}{allowed}"));
    for args in [&["policy", "check", "-O", "concise"][..], &["policy", "check", "policies/p.toml"]] {
        assert_eq!(book.run(args).out, "", "{args:?}");
    }

    book.write("policies/p.toml", format!("{head}{lines}"));
    let settings = book.read("rmbook.toml");
    book.write("rmbook.toml", format!("{settings}\n[rules]\nmoney-unstated = \"deny\"\n"));
    assert_eq!(book.run(&["policy", "check", "policies/p.toml"]).code, Some(1));
}

#[test]
fn a_record_whose_name_ends_in_capitals_is_not_passed_over() {
    let book = Folder::book();
    book.write("clients/other.TOML", "name = \"Other\"\n");
    let out = book.run(&["check", "-O", "concise"]).out;
    assert!(
        out.contains("clients/other.TOML: RM010") || out.contains("clients/other.TOML:1:1: RM010"),
        "{out}"
    );
    assert!(out.contains("does not end in `.toml`"), "{out}");
    let report = book.run(&["report", "growth", "2026-09"]);
    assert_eq!(report.code, Some(2), "{}", report.err);
}

#[test]
fn a_period_closed_anew_after_an_upheld_appeal_doubts_every_acknowledgement() {
    let review = |appeal: &str, manager: &str| {
        format!(
            "manager = \"{manager}\"\nperiod = \"2026-09\"\npublished = 2026-10-12\nacknowledged = 2026-10-13\n{appeal}\n\
             [closed.main]\npolicy = \"main\"\ndigest = \"x\"\nclosed_on = 2026-10-30\nrating = \"B\"\n"
        )
    };
    let book = Folder::book();
    let found = || book.run(&["check", "-O", "concise"]).out.matches("RM612").count();
    book.write("reviews/2026-09/wang-fang.toml", review("", "wang-fang"));
    book.write("reviews/2026-09/li-na.toml", review("", "li-na"));
    assert_eq!(found(), 2);
    let appeal = "[appeal]\ndate = 2026-10-14\nreason = \"a visit was left out\"\ndecided = 2026-10-28\nupheld = true\n";
    book.write("reviews/2026-09/li-na.toml", review(appeal, "li-na"));
    assert_eq!(found(), 2);
    // What was closed anew is told anew.
    let anew =
        review("", "wang-fang").replace("2026-10-12", "2026-11-02").replace("2026-10-13", "2026-11-03");
    book.write("reviews/2026-09/wang-fang.toml", anew);
    assert_eq!(found(), 1);
}
