//! `rmbook add` through the program.

use crate::fixture::{CLIENT, Folder};

const VISIT: [&str; 9] =
    ["add", "visit", "acme", "--met", "李明", "--summary", "Second", "--date", "yesterday"];

#[test]
fn a_visit_is_added_in_its_place_and_only_once() {
    let book = Folder::book();
    let ran = book.run(&VISIT);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let added = "\n[[visits]]\ndate = 2026-11-23\nby = \"wang-fang\"\nkind = \"on-site\"\nmet = [\"李明\"]\nsummary = \"Second\"\n";
    assert_eq!(book.read("clients/acme.toml"), format!("{CLIENT}{added}"));
    let again = book.run(&VISIT);
    assert_eq!((again.code, again.err.as_str()), (Some(0), "already there: 1\n"));
    assert_eq!(book.read("clients/acme.toml"), format!("{CLIENT}{added}"));
}

#[test]
fn a_visit_takes_over_what_was_planned_for_it() {
    let book = Folder::book();
    // The visit of the 23rd keeps the nearest plan, of the 26th; that of the 18th is further off, that of December beyond the week.
    let plans = "\n[[planned]]\ndate = 2026-11-18\nby = \"wang-fang\"\npurpose = \"maintenance\"\n\
        \n[[planned]]\ndate = 2026-11-26\nby = \"wang-fang\"\npurpose = \"proposal\"\ngoal = \"续贷\"\n\
        \n[[planned]]\ndate = 2026-12-20\nby = \"wang-fang\"\npurpose = \"collection\"\n";
    book.write("clients/acme.toml", format!("{CLIENT}{plans}"));
    let has = |args: &[&str], added: &str| {
        let ran = book.run(args);
        let text = book.read("clients/acme.toml");
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        assert!(text.contains(added) && text.contains(plans), "{text}");
    };
    has(&VISIT, "kind = \"on-site\"\npurpose = \"proposal\"\nmet = [\"李明\"]\nsummary = \"Second\"\n");
    assert_eq!(book.run(&VISIT).err, "already there: 1\n");
    // What is said goes before what was planned; then no plan is left to keep.
    let today = ["add", "visit", "acme", "--date", "today", "--kind"];
    has(
        &[&today[..], &["call", "--purpose", "marketing"]].concat(),
        "kind = \"call\"\npurpose = \"marketing\"\n",
    );
    has(&[&today[..], &["video", "--summary", "Third"]].concat(), "kind = \"video\"\nsummary = \"Third\"\n");
}

#[test]
fn an_entry_of_the_same_name_that_differs_is_refused_with_the_difference() {
    let book = Folder::book();
    let ran = book.run(&["add", "visit", "acme", "--date", "2026-10-09", "--summary", "Another"]);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert!(ran.err.contains("-summary = \"First\"\n+summary = \"Another\"\n"), "{}", ran.err);
    assert!(ran.err.contains("(if it is another one of that day, number it"), "{}", ran.err);
    assert_eq!(book.read("clients/acme.toml"), CLIENT);
}

#[test]
fn a_dry_run_shows_the_change_and_makes_none() {
    let book = Folder::book();
    let ran = book.run(&[&VISIT[..], &["--dry-run"]].concat());
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(
        ran.out.contains("+++ b/clients/acme.toml") && ran.out.contains("+summary = \"Second\""),
        "{}",
        ran.out
    );
    assert_eq!(book.read("clients/acme.toml"), CLIENT);
    assert!(!book.path(".rmbook").exists());
}

#[test]
fn what_cannot_be_meant_is_an_error_that_names_the_flag() {
    let book = Folder::book();
    for (args, expected) in [
        (&["visit", "acme", "--date", "soon"][..], "error: --date: expected a date"),
        (
            &["visit", "acme", "--by", "wang-fan"],
            "--by: the book has no manager `wang-fan`\nhelp: a similar name exists: `wang-fang`",
        ),
        (&["visit", "acm"], "the book has no client `acm`\nhelp: a similar id is `acme`"),
        (&["visit", "acme", "--sumary", "x"], "a similar argument exists: '--summary'"),
        (&["need", "acme"], "--what <TEXT>"),
        (&["wallet", "acme", "--date", "today", "--measure", "depositz", "--total", "1"], "`deposits`"),
        (
            &["client", "aux", "--name", "x", "--tier", "key", "--status", "active", "--manager", "li-na"],
            "`aux` cannot be the id",
        ),
        (
            &["client", "new", "--name", "x", "--tier", "gold", "--status", "active", "--manager", "li-na"],
            "invalid value 'gold'",
        ),
    ] {
        let ran = book.run(&[&["add"], args].concat());
        assert_eq!(ran.code, Some(2), "{args:?}: {}", ran.err);
        assert!(ran.err.contains(expected), "{args:?}: {}", ran.err);
    }
    assert_eq!(book.read("clients/acme.toml"), CLIENT);
}

#[test]
fn lists_and_tables_are_given_in_one_flag_or_several() {
    let book = Folder::book();
    let meeting = |attendees: &[&str]| {
        let args = ["add", "meeting", "corporate-1", "--date", "2026-11-20", "--kind", "weekly", "--dry-run"];
        book.run(&[&args[..], attendees].concat())
    };
    for attendees in [
        &["--attendees", "li-na,wang-fang"][..],
        &["--attendees", "li-na", "--attendees", "wang-fang"],
        &["--attendees", "li-na; wang-fang"],
        &["--attendees", "[\"li-na\", \"wang-fang\"]"],
    ] {
        let ran = meeting(attendees);
        assert!(ran.out.contains("+attendees = [\"li-na\", \"wang-fang\"]\n"), "{attendees:?}: {}", ran.err);
    }
    let survey = ["add", "survey", "corporate-1", "--asked", "8", "--answers", "6", "--items"];
    let ran = book.run(&[&survey[..], &["pay=6"]].concat());
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    assert!(
        ran.err.starts_with("error: --items pay: expected a table, found `6`\nhelp: write `pay.n=…`"),
        "{}",
        ran.err
    );
    let ran = book.run(&[&survey[..], &["pay={n=6,sum=24}"]].concat());
    assert_eq!(ran.code, Some(0), "{}", ran.err);
}

#[test]
fn the_record_decides_where_a_word_of_several_kinds_goes() {
    let book = Folder::book();
    let risk =
        ["--id", "fx", "--kind", "market", "--what", "Dollar loans", "--likelihood", "3", "--impact", "4"];
    for id in ["acme", "corporate-1"] {
        let ran = book.run(&[&["add", "risk", id], &risk[..]].concat());
        assert_eq!(ran.code, Some(0), "{}", ran.err);
    }
    let expected = "[[risks]]\nid = \"fx\"\nkind = \"market\"\nwhat = \"Dollar loans\"\nlikelihood = 3\nimpact = 4\nidentified = 2026-11-24\n";
    assert!(
        book.read("teams/corporate-1.toml").ends_with(expected),
        "{}",
        book.read("teams/corporate-1.toml")
    );
    book.write("teams/acme.toml", "name = \"Acme\"\n");
    let ran = book.run(&[&["add", "risk", "acme"], &risk[..]].concat());
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("`client/acme` and `team/acme`"), "{}", ran.err);
    assert_eq!(book.run(&[&["add", "risk", "acme", "--in", "team"], &risk[..]].concat()).code, Some(0));
}

#[test]
fn rows_come_from_csv_and_json_all_or_none() {
    let book = Folder::book();
    let csv = "\u{feff}client;date;kind;met;next_what;next_due\nacme;2026/11/2;call;李明;send offer;2026-11-30\nacme;2026-11-01;video;\"李明；张三\";;\n";
    let ran = book.run_with(&["add", "visit", "--csv", "-"], csv);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let text = book.read("clients/acme.toml");
    let places: Vec<_> = ["2026-10-09", "2026-11-01", "2026-11-02"].map(|day| text.find(day).unwrap()).into();
    assert!(places.is_sorted(), "{text}");
    assert!(text.contains("met = [\"李明\", \"张三\"]"), "{text}");
    let json =
        "{\"date\": \"2026-11-05\", \"kind\": \"call\"}\n{\"date\": \"2026-11-06\", \"kind\": \"cal\"}\n";
    let ran = book.run_with(&["add", "visit", "acme", "--json", "-"], json);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("row 2: `kind`: `cal` is not one of"), "{}", ran.err);
    assert_eq!(book.read("clients/acme.toml"), text);
}

#[test]
fn records_of_one_run_may_name_each_other() {
    let book = Folder::book();
    let json = r#"[{"id": "zhao-lei", "name": "赵磊", "reports_to": "sun-li", "skills": {"授信": 4}}, {"id": "sun-li", "name": "孙丽"}]"#;
    let ran = book.run_with(&["add", "manager", "--json", "-"], json);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let expected = "#:schema ../.rmbook/schema/manager.json\nname = \"赵磊\"\nreports_to = \"sun-li\"\n\n[skills]\n\"授信\" = 4\n";
    assert_eq!(book.read("managers/zhao-lei.toml"), expected);
    let ran = book.run(&["add", "review", "2026-Q3/sun-li"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(
        book.read("reviews/2026-Q3/sun-li.toml").contains("manager = \"sun-li\"\nperiod = \"2026-Q3\"\n")
    );
}

#[test]
fn a_faulty_record_can_be_extended() {
    let book = Folder::book();
    book.write("clients/acme.toml", CLIENT.replace("\"key\"", "\"golden\""));
    let ran = book.run(&VISIT);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(book.read("clients/acme.toml").contains("summary = \"Second\""));
}

#[test]
fn help_is_made_from_the_definition() {
    let book = Folder::book();
    let ran = book.run(&["add", "visit", "--help"]);
    assert_eq!(ran.code, Some(0));
    for part in
        ["--next-due <DATE>", "- at-bank: The client came to the bank", "Day of the visit [default: today]"]
    {
        assert!(ran.out.contains(part), "{}", ran.out);
    }
}

#[test]
fn figures_of_a_month_are_added_and_never_overwritten() {
    let book = Folder::book();
    let ran = book.run(&["add", "result", "acme", "2026-10", "deposits=5200", "fee_income=12.5"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let ran = book.run(&["add", "result", "acme", "last-month", "deposits.end=5350", "deposits.avg=5200"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let line = "2026-10 = { deposits = { avg = 5200, end = 5350 }, fee_income = 12.5 }\n";
    assert!(book.read("clients/acme.toml").contains(line), "{}", book.read("clients/acme.toml"));
    let ran = book.run(&["add", "result", "acme", "2026-09", "deposits=5101"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("`results.2026-09.deposits` is 5100 already"), "{}", ran.err);
    let ran = book.run(&["add", "result", "acme", "2026-10", "deposit=1"]);
    assert!(ran.err.contains("no measure is called `deposit`"), "{}", ran.err);
    let ran = book.run(&["add", "result", "wang-fang", "2026-10", "deposits=1"]);
    assert_eq!(ran.code, Some(2), "{}", ran.err);
}

#[test]
fn with_update_rows_change_what_is_there() {
    let book = Folder::book();
    book.write("visits.csv", "client,date,by,kind,summary,met\nacme,2026-10-09,wang-fang,on-site,Second,李明\nacme,2026-10-01,wang-fang,call,New,\n");
    let ran = book.run(&["add", "visit", "--csv", "visits.csv"]);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    let ran = book.run(&["add", "visit", "--csv", "visits.csv", "--update"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(ran.err, "added: 1, files changed: 1\nchanged: 1, files changed: 1\n");
    let text = book.read("clients/acme.toml");
    assert!(text.contains("# The first one.") && text.contains("summary = \"Second\"\n"), "{text}");
    assert!(text.contains("met = [\"李明\"]\n") && !text.contains("First"), "{text}");
}

#[test]
fn a_new_review_is_drafted_from_the_scorecard_once() {
    let book = Folder::riverside();
    let id = "2026-10/wu-gang";
    let path = "reviews/2026-10/wu-gang.toml";
    let written = book.read(path);
    std::fs::remove_file(book.path(path)).unwrap();
    let add = |more: &[&str]| {
        let args = [&["add", "review", id, "--today", "2026-11-24"], more].concat();
        book.run(&args)
    };
    let ran = add(&["--dry-run"]);
    assert!(ran.out.contains("+# total ") && ran.out.contains("+improvements = "), "{}", ran.out);
    assert!(!book.path(path).exists());
    assert_eq!(add(&["--strengths", "拜访有改善"]).code, Some(0));
    let drafted = book.read(path);
    assert!(drafted.contains("strengths = [\"拜访有改善\"]"), "{drafted}");
    assert!(
        drafted.contains("# every figure: rmbook scorecard 2026-10 --manager wu-gang --explain"),
        "{drafted}"
    );
    // What stands is left alone, whoever edited it.
    book.write(path, &written);
    assert_eq!(add(&[]).code, Some(0));
    assert_eq!(book.read(path), written);
    std::fs::remove_file(book.path(path)).unwrap();
    assert_eq!(add(&["--blank"]).code, Some(0));
    assert!(!book.read(path).contains("strengths"));
}

#[test]
fn an_entry_goes_below_another_by_its_key() {
    let book = Folder::book();
    let path = "clients/acme.toml";
    book.write(path, format!("{CLIENT}\n[[facilities]]\nid = \"wc\"\nproduct = \"流贷\"\nlimit = 3000\ndrawn = 2000\nclass = \"normal\"\n"));
    let add = |args: &[&str]| book.run(&[&["add"], args].concat());
    let position = ["position", "acme", "wc", "--until", "2026-09-30", "--drawn", "2500"];
    assert_eq!(add(&position).code, Some(0));
    assert_eq!(add(&position).err, "already there: 1\n");
    assert_eq!(add(&["position", "acme", "wc", "--until", "2026-06-30", "--drawn", "3000"]).code, Some(0));
    let history = "[[facilities.history]]\nuntil = 2026-06-30\ndrawn = 3000\n[[facilities.history]]\nuntil = 2026-09-30\ndrawn = 2500\n";
    assert!(book.read(path).ends_with(&format!("class = \"normal\"\n{history}")), "{}", book.read(path));
    let differs = add(&["position", "acme", "wc", "--until", "2026-09-30", "--drawn", "2600"]);
    assert_eq!(differs.code, Some(1));
    let unknown = add(&["position", "acme", "fx", "--until", "2026-09-30"]);
    assert_eq!(unknown.code, Some(2));
    assert!(unknown.err.contains("no entry of `facilities` is called `fx`"), "{}", unknown.err);
    // A visit has a key of several values; `next` is also filled in along with its visit.
    let next = add(&["next", "acme", "2026-10-09,wang-fang", "--what", "offer", "--due", "2026-12-01"]);
    assert_eq!(next.code, Some(0), "{}", next.err);
    assert!(
        book.read(path)
            .contains("summary = \"First\"\n[[visits.next]]\nwhat = \"offer\"\ndue = 2026-12-01\n")
    );
    let csv = "client,facility,until,drawn\nacme,wc,2026-03-31,3200\nacme,wc,2026-09-30,2500\n";
    let rows = book.run_with(&["add", "position", "--csv", "-"], csv);
    assert_eq!((rows.code, rows.err.as_str()), (Some(0), "added: 1, files changed: 1\nalready there: 1\n"));
    let lost = book.run_with(&["add", "position", "acme", "--json", "-"], "{\"until\": \"2026-03-01\"}");
    assert!(lost.err.contains("row 1 has nothing in `facility`"), "{}", lost.err);
}

#[test]
fn an_action_finds_its_meeting_or_its_talk() {
    let book = Folder::book();
    for (word, record) in [("meeting", "corporate-1"), ("one-on-one", "wang-fang")] {
        let ran = book.run(&["add", word, record, "--date", "2026-11-02"]);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        let ran = book.run(&["add", "action", record, "2026-11-02", "--what", "list", "--due", "2026-11-30"]);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
    }
    assert!(book.read("teams/corporate-1.toml").contains("[[meetings.actions]]\nwhat = \"list\"\n"));
    assert!(book.read("managers/wang-fang.toml").contains("[[one_on_ones.actions]]\nwhat = \"list\"\n"));
}

#[test]
fn sources_of_market_figures_go_to_their_file() {
    let book = Folder::book();
    let add = ["add", "market-source", "--month", "2026-10", "--what", "金融统计数据报告"];
    let source = "[[sources]]\nmonth = \"2026-10\"\n";
    // The file comes to be with the first of them.
    let ran = book.run(&add);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let text = book.read("market.toml");
    assert!(text.starts_with("#:schema .rmbook/schema/market.json\n") && text.contains(source), "{text}");
    book.write("market.toml", "region = \"上海市\"\n");
    let ran = book.run(&add);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let text = book.read("market.toml");
    assert!(text.starts_with("region = \"上海市\"\n") && text.contains(source), "{text}");
}

#[test]
fn figures_of_a_decision_are_added_by_the_names_of_metrics() {
    let book = Folder::riverside();
    let ran = book.run(&[
        "--today",
        "2026-11-24",
        "add",
        "decision",
        "corporate-1",
        "--id",
        "agri",
        "--question",
        "Q",
        "--choice",
        "C",
        "--figures",
        "deposits.average=79340",
        "--figures",
        "clients=6",
    ]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let text = book.read("teams/corporate-1.toml");
    let added = text.split("id = \"agri\"").nth(1).unwrap_or_default();
    assert!(added.contains("\"deposits.average\" = 79340") && added.contains("clients = 6"), "{added}");
}

#[test]
fn a_weekday_is_the_last_one_of_what_was_and_the_coming_one_of_what_is_due() {
    // The 24th is a Tuesday.
    let book = Folder::book();
    let visit = [
        "add",
        "visit",
        "acme",
        "--date",
        "friday",
        "--by",
        "wang-fang",
        "--kind",
        "call",
        "--summary",
        "Rates",
    ];
    let next = ["--next-what", "offer", "--next-due", "friday"];
    let ran = book.run(&[&visit[..], &next].concat());
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let text = book.read("clients/acme.toml");
    assert!(text.contains("date = 2026-11-20\n") && text.contains("due = 2026-11-27"), "{text}");
    assert_eq!(book.run(&["set", "acme", "visits[2026-11-20].next[offer].due=next friday"]).code, Some(0));
    assert_eq!(book.run(&["set", "acme", "visits[2026-11-20].next[offer].done=monday"]).code, Some(0));
    let text = book.read("clients/acme.toml");
    assert!(text.contains("due = 2026-11-27") && text.contains("done = 2026-11-23"), "{text}");
}

#[test]
fn a_figure_without_an_amount_is_refused() {
    let book = Folder::book();
    let before = book.read("clients/acme.toml");
    let ran = book.run(&["add", "result", "acme", "2026-10", "loans=5", "deposits.avg="]);
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    assert!(ran.err.contains("`deposits.avg=` names no amount"), "{}", ran.err);
    assert_eq!(book.read("clients/acme.toml"), before);
}

#[test]
fn a_manager_begins_with_a_grade_and_keeps_the_one_before() {
    let book = Folder::book();
    let add = |args: &[&str]| {
        let ran = book.run(args);
        assert_eq!(ran.code, Some(0), "{args:?}: {}", ran.err);
    };
    add(&[
        "add",
        "manager",
        "sun-qi",
        "--name",
        "孙琦",
        "--grade",
        "M1",
        "--team",
        "corporate-1",
        "--joined",
        "2026-03-02",
    ]);
    let path = "managers/sun-qi.toml";
    let first = "[[grade_history]]\nfrom = 2026-03-02\ngrade = \"M1\"\nteam = \"corporate-1\"\n";
    assert!(book.read(path).ends_with(first), "{}", book.read(path));
    add(&["add", "grade", "sun-qi", "--from", "2026-10-01", "--grade", "M2", "--reason", "four quarters"]);
    let text = book.read(path);
    assert!(text.contains("grade = \"M2\"\n") && text.contains(first), "{text}");
    // One whose history nobody wrote.
    book.write("managers/wang-fang.toml", "name = \"王芳\"\ngrade = \"M1\"\njoined = 2020-01-06\n");
    add(&["add", "grade", "wang-fang", "--from", "2026-10-01", "--grade", "M2", "--reason", "four quarters"]);
    let text = book.read("managers/wang-fang.toml");
    assert_eq!(text.matches("[[grade_history]]").count(), 2, "{text}");
    assert!(text.contains("from = 2020-01-06\ngrade = \"M1\"\n"), "{text}");
    assert!(!book.run(&["check"]).out.contains("RM620"));
}

#[test]
fn a_percent_written_as_a_plain_number_is_said_when_it_is_added() {
    let book = Folder::book();
    let decision = |id: &str, expected: &str| {
        let (question, choice) = (["--question", "q"], ["--choice", "c"]);
        let of =
            ["add", "decision", "corporate-1", "--id", id, "--metric", "retention", "--expected", expected];
        book.run(&[&of[..], &question, &choice].concat())
    };
    let plain = decision("plain", "98");
    assert_eq!(plain.code, Some(0), "{}", plain.err);
    assert!(plain.err.contains("RM674") && plain.err.contains("98, which reads as 9800%"), "{}", plain.err);
    let percent = decision("percent", "98%");
    assert!(percent.code == Some(0) && !percent.err.contains("RM674"), "{}", percent.err);
}

#[test]
fn a_client_that_stands_in_the_book_is_not_entered_twice() {
    let book = Folder::book();
    let code = "credit_code = \"91350100M000100Y43\"";
    book.write("clients/acme.toml", CLIENT.replacen('\n', &format!("\n{code}\n"), 1));
    let add = |id: &str, rest: &[&str]| {
        let head = ["add", "client", id, "--tier", "key", "--status", "active", "--manager", "li-na"];
        book.run(&[&head[..], rest].concat())
    };
    // Whichever of the two comes first in the book.
    for id in ["aaa", "zzz"] {
        let ran = add(id, &["--name", "闽江轴承", "--credit-code", "91350100M000100Y43"]);
        assert_eq!(ran.code, Some(1), "{}", ran.err);
        assert!(ran.err.contains("client `acme` has the same credit code"), "{}", ran.err);
        assert!(!book.path(&format!("clients/{id}.toml")).exists());
        let ran = add(id, &["--name", "ACME Co., Ltd."]);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        assert!(ran.err.contains("RM704") && ran.err.contains("client `acme`"), "{}", ran.err);
        std::fs::remove_file(book.path(&format!("clients/{id}.toml"))).unwrap();
    }
    let ran = add("other", &["--name", "闽江轴承"]);
    assert_eq!((ran.code, ran.err.contains("RM70")), (Some(0), false), "{}", ran.err);
}

#[test]
fn deferred_pay_released_under_a_case_is_told_at_once() {
    let book = Folder::book();
    let facility = "\n[[facilities]]\nid = \"wc-1\"\nproduct = \"Working capital\"\nlimit = 100\ndrawn = 80\nclass = \"substandard\"\n\
        class_since = 2026-10-01\noriginated_by = \"li-na\"\n";
    book.write("clients/acme.toml", format!("{CLIENT}{facility}"));
    let review = "manager = \"li-na\"\nperiod = \"2025-09\"\n[closed.main]\npolicy = \"main\"\ndigest = \"x\"\n\
        closed_on = 2025-10-12\npay_total = 9\ndeferral = [{ due = \"2026\", amount = 3 }]\n";
    book.write("reviews/2025-09/li-na.toml", review);
    let ran =
        book.run(&["add", "ledger", "2025-09/li-na", "--kind", "release", "--due", "2026", "--amount", "3"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.err.contains("RM614") && ran.err.contains("`wc-1` of `acme`"), "{}", ran.err);
}

#[test]
fn a_review_is_named_by_its_period_and_its_manager() {
    let book = Folder::book();
    let ran = book.run(&["add", "review", "third", "--manager", "sun-li", "--period", "2026-Q3"]);
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    assert!(ran.err.contains("its period and its manager: `2026-10/wang-fang`"), "{}", ran.err);
    assert!(!book.path("reviews/third.toml").exists());
    // One that stands there all the same is told of where the book is refused.
    book.write("reviews/third.toml", "manager = \"sun-li\"\nperiod = \"2026-Q3\"\n");
    let ran = book.run(&["report", "team"]);
    assert!(ran.err.contains("reviews as `reviews/PERIOD/MANAGER.toml`"), "{}", ran.err);
    assert!(ran.err.contains("would be left out: 1\n"), "{}", ran.err);
}
