//! `rmbook set` and `rmbook edit` through the program.

use crate::fixture::{CLIENT, Folder};

#[test]
fn fields_change_where_they_stand() {
    let book = Folder::book();
    let ran = book.run(&[
        "set",
        "acme",
        "tier=strategic",
        "results.2026-09.deposits.end=5350.50",
        "results.2026-10.deposits=5200",
        "visits[2026-10-09].met=李明",
        "since=2021-03-15",
    ]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let expected = CLIENT
        .replace("tier = \"key\"", "tier = \"strategic\"")
        .replace("status = \"active\"\n", "status = \"active\"\nsince = 2021-03-15\n")
        .replace(
            "2026-09 = { deposits = 5100, loans = 3000 }\n",
            "2026-09 = { deposits = { avg = 5100, end = 5350.50 }, loans = 3000 }\n2026-10 = { deposits = 5200 }\n",
        )
        .replace("# The first one.\n", "[[history]]\nuntil = 2026-11-23\ntier = \"key\"\n\n# The first one.\n")
        .replace("summary = \"First\"\n", "summary = \"First\"\nmet = [\"李明\"]\n");
    let met_first = expected
        .replace("summary = \"First\"\nmet = [\"李明\"]\n", "met = [\"李明\"]\nsummary = \"First\"\n");
    assert_eq!(book.read("clients/acme.toml"), met_first);
    let again = book.run(&["set", "acme", "tier=strategic"]);
    assert_eq!((again.code, again.err.as_str()), (Some(0), "unchanged: clients/acme.toml\n"));
}

#[test]
fn who_was_in_charge_of_a_plan_is_kept() {
    let book = Folder::book();
    book.write(
        "teams/one.toml",
        "name = \"One\"\n\n[[contingencies]]\nid = \"x\"\nscenario = \"other\"\nowner = \"wang-fang\"\napproved = 2026-01-05\n",
    );
    let ran = book.run(&["set", "one", "contingencies[x].owner=li-na", "--on", "2026-11-01"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let text = book.read("teams/one.toml");
    assert!(text.contains("owner = \"li-na\"") && text.contains("2026-10-31"), "{text}");
    assert!(text.contains("owner = \"wang-fang\""), "{text}");
}

#[test]
fn nothing_after_the_sign_removes_the_field() {
    let book = Folder::book();
    assert_eq!(book.run(&["set", "acme", "results.2026-09.loans="]).code, Some(0));
    assert!(book.read("clients/acme.toml").contains("2026-09 = { deposits = 5100 }\n"));
    let ran = book.run(&["set", "acme", "tier="]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("missing key `tier`"), "{}", ran.err);
}

#[test]
fn what_cannot_be_meant_changes_nothing() {
    let book = Folder::book();
    for (args, code, expected) in [
        (["acme", "teir=key"], 2, "no field is called `teir`\nhelp: a similar name exists: `tier`"),
        (["acme", "tier=golden"], 2, "`golden` is not one of strategic, key, base, prospect"),
        (["acme", "manager=wang"], 2, "the book has no manager `wang`"),
        (
            ["acme", "results.2026-10.deposit=1"],
            2,
            "no measure is called `deposit`\nhelp: a similar name exists: `deposits`",
        ),
        (["nobody", "tier=key"], 2, "the book has no record `nobody`"),
        (
            ["芳", "note=x"],
            2,
            "the book has no record `芳`\nhelp: these have it in their id or name: `manager/wang-fang`",
        ),
    ] {
        let ran = book.run(&[&["set"], &args[..]].concat());
        assert_eq!(ran.code, Some(code), "{args:?}: {}", ran.err);
        assert!(ran.err.contains(expected), "{args:?}: {}", ran.err);
    }
    assert_eq!(book.read("clients/acme.toml"), CLIENT);
}

#[test]
fn settings_and_other_records_are_set_too() {
    let book = Folder::book();
    assert_eq!(book.run(&["set", "settings", "cadence.key=45"]).code, Some(0));
    assert_eq!(book.read("rmbook.toml"), "name = \"Riverside\"\n\n[cadence]\nkey = 45\n");
    assert_eq!(
        book.run(&["set", "wang-fang", "targets.2026Q4.deposits=9000", "team=corporate-1"]).code,
        Some(0)
    );
    assert!(book.read("managers/wang-fang.toml").contains("2026-Q4 = { deposits = 9000 }"));
}

#[cfg(unix)]
#[test]
fn an_editor_is_run_and_its_work_checked() {
    let book = Folder::book();
    let ran = book.run(&["edit", "acme"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("no editor is set"), "{}", ran.err);
    let ran = book.run_as(&["edit", "acme"], &[("EDITOR", "sed -i s/key/golden/")]);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert!(ran.err.contains("`golden` is not one of"), "{}", ran.err);
    let ran = book.run_as(&["edit", "acme"], &[("EDITOR", "sed -i s/golden/base/")]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    // What the rules newly find in it is said, and what cannot be so is not taken for done.
    let ran = book.run_as(&["edit", "li-na"], &[("EDITOR", "sed -i 1ireports_to=\"li-na\"")]);
    assert!(ran.code == Some(1) && ran.err.contains("RM104"), "{}", ran.err);
}

#[test]
fn what_a_deal_was_before_stays_in_its_history() {
    let book = Folder::book();
    let path = "clients/acme.toml";
    let deal = [
        "--id",
        "scf",
        "--stage",
        "engaging",
        "--opened",
        "2026-07-01",
        "--expected",
        "2026-10-31",
        "--amount",
        "600",
    ];
    assert_eq!(book.run(&[&["add", "opportunity", "acme"], &deal[..]].concat()).code, Some(0));
    let set = |pairs: &[&str]| {
        let ran = book.run(&[&["set", "acme"], pairs].concat());
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        ran
    };
    let dry = set(&["opportunities[scf].stage=proposal", "--dry-run"]);
    assert_eq!(dry.err, "would change: clients/acme.toml\n");
    assert!(!book.read(path).contains("history"));
    set(&["opportunities[scf].stage=proposal", "--on", "2026-09-15"]);
    set(&["opportunities[scf].expected=2026-12-18"]);
    let history = "[[opportunities.history]]\nuntil = 2026-09-14\nstage = \"engaging\"\n\
                   [[opportunities.history]]\nuntil = 2026-11-23\nexpected = 2026-10-31\n";
    assert!(book.read(path).ends_with(history), "{}", book.read(path));
    // A mistake was never so.
    set(&["opportunities[scf].amount=900", "--correct"]);
    assert!(book.read(path).ends_with(history), "{}", book.read(path));
    let late = book.run(&["set", "acme", "opportunities[scf].stage=negotiation", "--on", "2026-09-01"]);
    assert_eq!(late.code, Some(2));
    assert!(late.err.contains("up to 2026-09-14 is known already"), "{}", late.err);
    // An import of the same deal from another system keeps what it replaces just so.
    let csv = "client,id,stage,amount\nacme,scf,negotiation,900\n";
    let ran = book.run_with(&["add", "opportunity", "--csv", "-", "--update", "--on", "2026-11-20"], csv);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(book.read(path).contains("until = 2026-11-19\nstage = \"proposal\"\n"), "{}", book.read(path));
    // What `add` fills in, as the day a deal was opened, is no value that somebody gave.
    assert!(book.read(path).contains("opened = 2026-07-01\n"), "{}", book.read(path));
    let stages = |period: &str| {
        let ran = book.run(&["report", "pipeline", period, "--table", "pipeline_stages", "-O", "csv"]);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        ran.out
    };
    assert!(stages("2026-08").contains("engaging,1,900,"), "{}", stages("2026-08"));
    assert!(stages("2026-10").contains("proposal,1,900,"), "{}", stages("2026-10"));
    assert!(stages("2026-11").contains("negotiation,1,900,"), "{}", stages("2026-11"));
}

#[test]
fn a_promise_put_off_keeps_its_earlier_day() {
    let book = Folder::book();
    let ran = book.run(&["add", "next", "acme", "2026-10-09", "--what", "offer", "--due", "2026-10-20"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    for (due, on) in [("2026-11-10", "2026-10-19"), ("2026-12-01", "2026-11-10")] {
        let pair = format!("visits[2026-10-09].next[offer].due={due}");
        assert_eq!(book.run(&["set", "acme", &pair, "--on", on]).code, Some(0));
    }
    let slipped =
        "slipped = [{ due = 2026-10-20, on = 2026-10-19 }, { due = 2026-11-10, on = 2026-11-10 }]\n";
    assert!(book.read("clients/acme.toml").contains(slipped), "{}", book.read("clients/acme.toml"));
    let report =
        |period| book.run(&["report", "communication", period, "--table", "slipped_actions", "-O", "csv"]);
    let ran = report("2026-11");
    assert!(ran.out.contains("offer,acme 2026-10-09,2026-10-20,2026-12-01,2,"), "{}", ran.out);
    let ran = report("2026-10");
    assert!(!ran.out.contains("offer"), "{}", ran.out);
}

#[test]
fn earlier_months_keep_the_team_and_the_lead_of_their_time() {
    let book = Folder::book();
    book.write("managers/wang-fang.toml", "name = \"王芳\"\nteam = \"corporate-1\"\njoined = 2020-01-06\n\n[targets]\n2026-09 = { deposits = 5000 }\n");
    book.write("teams/corporate-2.toml", "name = \"Corporate 2\"\nlead = \"li-na\"\n");
    book.write(
        "policies/p.toml",
        "title = \"P\"\nscheme = \"p\"\neffective = 2026-01-01\nperiod = \"month\"\n\n[[indicators]]\nid = \"deposits\"\n\
         value = \"deposits.average\"\ntarget = \"targets.deposits\"\nweight = 100\ncurve = { kind = \"ratio\", max = 1.2, zero_target = \"skip\" }\nmissing = \"zero\"\n",
    );
    let teams = || {
        let ran = book.run(&["scorecard", "2026-09", "-O", "csv"]);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        ran.out.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let before = teams();
    assert!(before.iter().any(|row| row.contains("wang-fang,王芳,corporate-1")), "{before:?}");
    for args in [
        ["set", "wang-fang", "team=corporate-2", "--on", "2026-11-01"],
        ["set", "acme", "manager=li-na", "--on", "2026-11-01"],
    ] {
        let ran = book.run(&args);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
    }
    assert_eq!(teams(), before);
    let manager = book.read("managers/wang-fang.toml");
    assert!(manager.contains("[[history]]\nuntil = 2026-10-31\nteam = \"corporate-1\"\n"), "{manager}");
    let client = book.read("clients/acme.toml");
    let handed = "[[handovers]]\ndate = 2026-11-01\nfrom = \"wang-fang\"\nto = \"li-na\"\n";
    assert!(client.contains(handed), "{client}");
    // A mistake is mended without a trace.
    assert_eq!(book.run(&["set", "acme", "manager=wang-fang", "--correct"]).code, Some(0));
    assert_eq!(book.read("clients/acme.toml").matches("[[handovers]]").count(), 1);
}

#[test]
fn who_led_a_team_before_stays_in_its_history() {
    let book = Folder::book();
    let ran = book.run(&["set", "corporate-1", "lead=li-na", "--on", "2026-11-01"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let text = book.read("teams/corporate-1.toml");
    assert!(text.contains("lead = \"li-na\"\n"), "{text}");
    assert!(text.contains("[[history]]\nuntil = 2026-10-31\nlead = \"wang-fang\"\n"), "{text}");
}

#[test]
fn a_move_entered_ahead_takes_effect_on_its_day() {
    let book = Folder::book();
    book.write("teams/corporate-2.toml", "name = \"公司二部\"\n");
    book.write("managers/wang-fang.toml", "name = \"王芳\"\nteam = \"corporate-1\"\n");
    for (args, path) in [
        (["set", "wang-fang", "team=corporate-2", "--on", "2026-12-01"], "managers/wang-fang.toml"),
        (["set", "corporate-1", "lead=li-na", "--on", "2026-12-01"], "teams/corporate-1.toml"),
        (["set", "acme", "tier=base", "--on", "2026-12-01"], "clients/acme.toml"),
    ] {
        let ran = book.run(&args);
        let said = format!("changed: {path}, from 2026-12-01 on\n");
        assert_eq!((ran.code, ran.err.contains(&said)), (Some(0), true), "{args:?}: {}", ran.err);
    }
    assert!(book.read("clients/acme.toml").contains("[[history]]\nuntil = 2026-11-30\ntier = \"key\"\n"));
    let checked = book.run(&["check"]);
    assert!(!checked.out.contains("error"), "{}", checked.out);
    let members = |team: &str, today: &str| {
        let ran = book.run(&["show", team, "--today", today]);
        ran.out.lines().any(|line| line.split_whitespace().take(2).eq(["wang-fang", "王芳"]))
    };
    assert!(members("corporate-1", "2026-11-30") && !members("corporate-2", "2026-11-30"));
    assert!(!members("corporate-1", "2026-12-01") && members("corporate-2", "2026-12-01"));
    // What no history keeps, or was not there, cannot be planned; nor can a day before a change that is planned.
    for (args, expected) in [
        (["set", "wang-fang", "name=王芳芳", "--on", "2026-12-01"], "cannot change on a day to come"),
        (["set", "wang-fang", "branch=滨江支行", "--on", "2026-12-01"], "cannot change on a day to come"),
        (["set", "acme", "tier=strategic", "--on", "2026-11-24"], "up to 2026-11-30 is known already"),
    ] {
        let before = [book.read("managers/wang-fang.toml"), book.read("clients/acme.toml")];
        let ran = book.run(&args);
        assert_eq!((ran.code, ran.err.contains(expected)), (Some(2), true), "{args:?}: {}", ran.err);
        assert_eq!([book.read("managers/wang-fang.toml"), book.read("clients/acme.toml")], before);
    }
}

#[test]
fn a_change_of_grade_names_the_command_that_makes_it() {
    let book = Folder::book();
    let added = ["add", "grade", "wang-fang", "--from", "2026-01-01", "--grade", "junior", "--reason", "x"];
    assert_eq!(book.run(&added).code, Some(0));
    let ran = book.run(&["set", "wang-fang", "grade=senior", "--on", "2026-12-01"]);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    let command = "`rmbook add grade wang-fang --from … --grade senior --reason …`";
    assert!(ran.err.contains(command), "{}", ran.err);
    assert!(ran.err.contains("`rmbook set wang-fang grade=junior --correct`"), "{}", ran.err);
    let added = ["add", "grade", "wang-fang", "--from", "2026-11-20", "--grade", "senior", "--reason", "x"];
    assert_eq!(book.run(&added).code, Some(0));
    assert!(book.read("managers/wang-fang.toml").contains("\ngrade = \"senior\"\n"));
}

#[test]
fn a_file_with_a_merge_conflict_is_not_written_to() {
    let book = Folder::book();
    let text = format!("<<<<<<< HEAD\n{CLIENT}=======\n>>>>>>> theirs\n");
    book.write("clients/acme.toml", &text);
    for args in [
        &["set", "acme", "tier=base"][..],
        &["add", "visit", "acme", "--by", "li-na", "--kind", "call", "--summary", "x"],
    ] {
        let ran = book.run(args);
        assert_eq!(ran.code, Some(2), "{}", ran.err);
        assert!(ran.err.contains("`clients/acme.toml` holds a merge conflict, line 1"), "{}", ran.err);
    }
    assert_eq!(book.read("clients/acme.toml"), text);
}

#[test]
fn a_record_goes_by_its_path_and_part_of_a_name_is_told() {
    let book = Folder::book();
    for path in ["clients/acme.toml", "clients/acme", "client/acme", "./clients/acme.toml"] {
        assert_eq!(book.run(&["set", path, "tier=key"]).code, Some(0), "{path}");
    }
    assert_eq!(book.run(&["show", "clients/acme.toml"]).code, Some(0));
    book.write("clients/yunfan.toml", CLIENT.replace("Acme", "云帆数据有限公司"));
    let ran = book.run(&["add", "visit", "云帆数据", "--lang", "zh"]);
    assert!(
        ran.err.contains("台账中没有客户“云帆数据”\n提示：编号或名称含该词的有：`client/yunfan`"),
        "{}",
        ran.err
    );
}

#[test]
fn an_amount_is_written_without_a_plus_and_a_class_with_its_day() {
    let book = Folder::book();
    let facility =
        "\n[[facilities]]\nid = \"f1\"\nproduct = \"x\"\nlimit = 9\ndrawn = 5\nclass = \"normal\"\n";
    book.write("clients/acme.toml", CLIENT.to_owned() + facility);
    let ran =
        book.run(&["set", "acme", "results.2026-10.fee_income=+0.5", "facilities[f1].class=special-mention"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let text = book.read("clients/acme.toml");
    assert!(text.contains("fee_income = 0.5 }"), "{text}");
    assert!(text.contains("class = \"special-mention\"\nclass_since = 2026-11-24\n"), "{text}");
}

#[test]
fn the_market_file_comes_to_be_with_the_first_figure() {
    let folder = Folder::empty();
    folder.write("rmbook.toml", "name = \"测试支行\"\n");
    let ran = folder.run(&["set", "market", "total.2026-10={deposits=1000000}"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), "changed: market.toml\n"));
    let text = folder.read("market.toml");
    assert!(text.starts_with("#:schema .rmbook/schema/market.json\n"), "{text}");
    assert!(text.ends_with("\n[total]\n2026-10 = { deposits = 1000000 }\n"), "{text}");
}
