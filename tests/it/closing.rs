//! Closing a period: what is frozen, what the linter says of later changes, and what an amendment settles.

use crate::fixture::Folder;

const POLICY: &str = r#"
title = "月度考核"
scheme = "scorecard"
effective = 2026-01-01
period = "month"
money = "万元"
rounding = { item = 2, total = 2 }

[[indicators]]
id = "deposits"
value = "deposits.average"
target = "targets.deposits"
weight = 100
curve = { kind = "ratio", max = 1.2, zero_target = "skip" }
missing = "zero"
"#;

fn folder() -> Folder {
    let folder = Folder::empty();
    folder.write("rmbook.toml", "name = \"测试支行\"\n");
    folder.write("policies/p.toml", POLICY);
    folder.write("managers/li-na.toml", "name = \"李娜\"\n\n[targets]\n2026-04 = { deposits = 1000 }\n");
    folder.write(
        "clients/a.toml",
        "name = \"甲公司\"\ntier = \"base\"\nmanager = \"li-na\"\nstatus = \"active\"\n\n[results]\n2026-04 = { deposits = 900 }\n",
    );
    folder
}

fn closed_findings(folder: &Folder) -> String {
    let out = folder.run(&["check", "--today", "2026-05-20", "-O", "concise"]);
    out.out.lines().filter(|line| line.contains("RM69")).collect::<Vec<_>>().join("\n")
}

fn amend(folder: &Folder, day: &str, field: &str, values: &str) {
    let path = "reviews/2026-04/li-na.toml";
    let text = folder.read(path);
    let amendment = format!(
        "\n[[amendments]]\ndate = {day}\nfield = \"{field}\"\n{values}\nwhy = \"补录\"\nwho = \"赵蕾\"\napproved_by = \"行长\"\n"
    );
    folder.write(path, text + &amendment);
}

/// Amends whatever comes out otherwise for a manager.
fn amend_all(folder: &Folder, manager: &str) {
    let said = ["--why", "补录", "--who", "赵磊", "--approved-by", "行长", "--today", "2026-05-20"];
    let ran = folder.run(&[["close", "2026-04", "--amend", manager].as_slice(), &said].concat());
    assert_eq!(ran.code, Some(0), "{}", ran.err);
}

fn close(folder: &Folder) {
    let ran = folder.run(&["close", "2026-04", "--today", "2026-05-10"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
}

fn remove(folder: &Folder, path: &str) {
    std::fs::remove_file(folder.path(path)).unwrap();
}

fn replace(folder: &Folder, path: &str, from: &str, to: &str) {
    let text = folder.read(path);
    assert!(text.contains(from), "{path} has no {from}");
    folder.write(path, text.replace(from, to));
}

#[test]
fn a_closed_figure_is_guarded_until_an_amendment_covers_it() {
    let folder = folder();
    close(&folder);
    let review = folder.read("reviews/2026-04/li-na.toml");
    assert!(review.contains("total = 90.00\n") || review.contains("total = 90\n"), "{review}");
    assert_eq!(closed_findings(&folder), "");

    // Comments, order and formatting are not what was frozen.
    let client = folder.read("clients/a.toml");
    folder
        .write("clients/a.toml", format!("# 备注\n{}", client.replace("deposits = 900", "deposits   = 900")));
    assert_eq!(closed_findings(&folder), "");

    folder.write("clients/a.toml", client.replace("900", "950"));
    let changed = "RM690 deposits of li-na for 2026-04 is not what was closed: value 900 then, 950 now; score 90 then, 95 now; \
                   points 90 then, 95 now; total 90 then, 95 now; client/a gives results.deposits 900 then, 950 now";
    assert!(closed_findings(&folder).ends_with(changed), "{}", closed_findings(&folder));
    let command = "rmbook close 2026-04 --amend li-na --why … --who … --approved-by …";
    let shown = folder.run(&["check", "--today", "2026-05-20"]).out;
    assert!(shown.contains(command), "{shown}");

    // Each falls short of covering it: without a value, before the closing, to or from another value.
    for (day, values, why) in [
        ("2026-05-18", "", "does not state what comes out now"),
        ("2026-05-09", "from = \"900\"\nto = \"950\"", "dated before the closing"),
        ("2026-05-18", "from = \"910\"\nto = \"950\"", "does not start from what stands there"),
    ] {
        folder.write("reviews/2026-04/li-na.toml", &review);
        amend(&folder, day, "deposits", values);
        assert!(closed_findings(&folder).ends_with(changed), "{values}");
        let shown = folder.run(&["check", "--today", "2026-05-20"]).out;
        assert!(shown.contains(why), "{shown}");
    }
    // One to another value stands, and is not what comes out.
    folder.write("reviews/2026-04/li-na.toml", &review);
    amend(&folder, "2026-05-18", "deposits", "from = \"900\"\nto = \"960\"");
    assert!(closed_findings(&folder).contains("value 960 then, 950 now"), "{}", closed_findings(&folder));
    // Nothing follows from the value by itself; `--amend` amends whatever differs.
    folder.write("reviews/2026-04/li-na.toml", &review);
    amend(&folder, "2026-05-10", "deposits", "from = \"900\"\nto = \"950\"");
    assert!(closed_findings(&folder).contains("score 90 then, 95 now; points 90 then, 95 now"));
    amend_all(&folder, "li-na");
    assert_eq!(closed_findings(&folder), "");
    let review = folder.read("reviews/2026-04/li-na.toml");
    let total = "date = 2026-05-20\nfield = \"total\"\nfrom = \"90\"\nto = \"95\"\nwhy = \"补录\"\nwho = \"赵磊\"\napproved_by = \"行长\"\n";
    assert!(review.contains(total), "{review}");
    folder.write("clients/a.toml", client.replace("900", "951"));
    assert!(closed_findings(&folder).contains("value 950 then, 951 now"));
}

#[test]
fn what_was_closed_may_stand_although_a_record_was_mended() {
    let folder = folder();
    let client = folder.read("clients/a.toml");
    close(&folder);
    folder.write("clients/a.toml", client.replace("900", "950"));
    let said =
        ["--why", "录入更正，不影响考核", "--who", "赵磊", "--approved-by", "行长", "--today", "2026-05-20"];
    let ran = folder.run(&[["close", "2026-04", "--amend", "li-na", "--keep"].as_slice(), &said].concat());
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let review = folder.read("reviews/2026-04/li-na.toml");
    assert!(
        review.contains("field = \"total\"\nfrom = \"90\"\ngives = \"95\"\n") && !review.contains("\nto = "),
        "{review}"
    );
    assert_eq!(closed_findings(&folder), "");
    let again = folder.run(&[["close", "2026-04", "--amend", "li-na", "--keep"].as_slice(), &said].concat());
    let nothing = "nothing to amend: what the records give of li-na for 2026-04 is closed, or stated by an amendment, already\n";
    assert_eq!((again.code, again.err.as_str()), (Some(0), nothing));
    assert_eq!(folder.read("reviews/2026-04/li-na.toml"), review);
    // The scorecard and all that builds on it go by what was closed.
    let shown = folder.run(&["scorecard", "2026-04", "--today", "2026-05-20", "-O", "csv"]).out;
    assert!(shown.contains(",90.00,") || shown.contains(",90,"), "{shown}");
    // Mended once more, the records give what nobody has agreed to; back as it was, nothing is to be agreed to.
    folder.write("clients/a.toml", client.replace("900", "960"));
    assert!(closed_findings(&folder).contains("value 900 then, 960 now"), "{}", closed_findings(&folder));
    folder.write("clients/a.toml", &client);
    assert_eq!(closed_findings(&folder), "");
}

#[test]
fn an_amendment_that_changes_nothing_is_refused() {
    let folder = folder();
    close(&folder);
    let add = |values: &[&str]| {
        let said = ["add", "amendment", "2026-04/li-na", "--why", "补录", "--who", "赵磊"];
        let rest = ["--approved-by", "行长", "--today", "2026-05-20"];
        folder.run(&[said.as_slice(), &rest, values].concat())
    };
    let total = |values: &[&'static str]| add(&[["--field", "total"].as_slice(), values].concat());
    let refused = |ran: crate::fixture::Ran, why: &str| {
        assert!(ran.code == Some(1) && ran.err.contains(why), "{}", ran.err);
    };
    refused(total(&["--from", "1", "--to", "2"]), "changes nothing: it starts from 1, and 90 stands there");
    let early = "it is dated before the closing on 2026-05-10, which froze 90";
    refused(total(&["--from", "90", "--to", "95", "--date", "2026-05-09"]), early);
    let points = add(&["--field", "deposits.points", "--from", "1", "--to", "30"]);
    refused(points, "it starts from 1, and 90 stands there");
    assert!(!folder.read("reviews/2026-04/li-na.toml").contains("amendments"));
    // A second one of the day starts where the first left it, and is numbered.
    assert_eq!(total(&["--from", "90", "--to", "95"]).code, Some(0));
    refused(total(&["--from", "95", "--to", "96"]), "`--n 2`");
    let second = total(&["--from", "95", "--to", "96", "--n", "2"]);
    assert_eq!(second.code, Some(0), "{}", second.err);
    let found = folder.run(&["check", "--today", "2026-05-20", "-O", "concise"]).out;
    assert!(!found.contains("RM705") && !found.contains("RM616"), "{found}");
    // By hand it is found all the same.
    amend(&folder, "2026-05-18", "rating", "from = \"A\"\nto = \"B\"");
    let found = folder.run(&["check", "--today", "2026-05-20", "-O", "concise"]).out;
    assert!(
        found.contains(
            "RM616 the amendment of `rating` changes nothing: it starts from A, and – stands there"
        ),
        "{found}"
    );
}

#[test]
fn what_was_decided_before_another_closing_is_said() {
    let folder = folder();
    close(&folder);
    replace(&folder, "clients/a.toml", "deposits = 900", "deposits = 950");
    let said = ["--why", "不影响考核", "--who", "赵磊", "--approved-by", "行长", "--today", "2026-05-20"];
    let kept = folder.run(&[["close", "2026-04", "--amend", "li-na", "--keep"].as_slice(), &said].concat());
    assert_eq!(kept.code, Some(0), "{}", kept.err);
    let hold =
        "reviews/2026-04/li-na.toml: amendments of what was closed before that hold no longer: deposits";
    let reopened = folder.run(&["close", "2026-04", "--reopen", "--today", "2026-05-24"]);
    assert!(reopened.code == Some(0) && reopened.err.contains(hold), "{}", reopened.err);
    // Closed with what the records give, 95, though 90 was to stand.
    let closed = folder.run(&["close", "2026-04", "--today", "2026-05-25"]);
    assert!(closed.code == Some(0) && closed.err.contains(hold), "{}", closed.err);
    let found = folder.run(&["check", "--today", "2026-05-25", "-O", "concise"]).out;
    let early = "RM616 the amendment of `total` changes nothing: it is dated before the closing on 2026-05-25, which froze 95";
    assert!(found.contains(early), "{found}");

    // What was amended to what the records give is frozen so.
    let folder = self::folder();
    close(&folder);
    replace(&folder, "clients/a.toml", "deposits = 900", "deposits = 950");
    amend_all(&folder, "li-na");
    folder.run(&["close", "2026-04", "--reopen", "--today", "2026-05-24"]);
    let closed = folder.run(&["close", "2026-04", "--today", "2026-05-25"]);
    assert!(closed.code == Some(0) && !closed.err.contains("hold no longer"), "{}", closed.err);
    let found = folder.run(&["check", "--today", "2026-05-25", "-O", "concise"]).out;
    assert!(!found.contains("RM616"), "{found}");
}

#[test]
fn who_amends_is_known_and_may_amend_twice_a_day() {
    let folder = folder();
    close(&folder);
    let amended = |who: &str| {
        let said = ["--why", "补录", "--who", who, "--approved-by", "行长", "--today", "2026-05-20"];
        folder.run(&[["close", "2026-04", "--amend", "李娜"].as_slice(), &said].concat())
    };
    replace(&folder, "clients/a.toml", "deposits = 900", "deposits = 950");
    let unknown = amended("nobody");
    assert!(unknown.code == Some(2) && unknown.err.contains("nobody"), "{}", unknown.err);
    assert_eq!(amended("赵磊").code, Some(0));
    replace(&folder, "clients/a.toml", "deposits = 950", "deposits = 960");
    assert_eq!(amended("赵磊").code, Some(0));
    let review = folder.read("reviews/2026-04/li-na.toml");
    assert!(review.contains("field = \"total\"\nn = 2\nfrom = \"95\"\nto = \"96\"\n"), "{review}");
    let found = folder.run(&["check", "--today", "2026-05-20", "-O", "concise"]).out;
    assert!(!found.contains("RM705") && !found.contains("RM616") && !found.contains("RM690"), "{found}");
}

#[test]
fn a_change_says_what_it_brings_into_closed_periods() {
    let said = |args: &[&str]| {
        let ran = two().run(&[args, &["--today", "2026-05-20"]].concat());
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        ran.err
    };
    let brings = "findings that this brings into closed periods: ";
    let amends = |manager: &str, period: &str| {
        format!(
            "for 2026-04; `rmbook check` shows them, and `rmbook close {period} --amend {manager}` amends what was closed\n"
        )
    };
    let of_li_na = format!("{brings}1, {}", amends("li-na", "2026-04"));
    for args in
        [&["set", "a", "results.2026-04.deposits=950"], &["set", "li-na", "targets.2026-04.deposits=900"]]
    {
        let said = said(args);
        assert!(said.contains(&of_li_na), "{args:?}: {said}");
    }
    // The pool, and a client who is handed over from a closed day on, are of both.
    let of_both = amends("MANAGER", "PERIOD");
    for args in [
        ["set", "settings", "actuals.2026-04.bonus=5"].as_slice(),
        &["add", "credit", "a", "--from", "2026-04-16", "--shares", "wang-fang=100"],
        &["handover", "a", "--to", "wang-fang", "--on", "2026-04-16"],
    ] {
        let said = said(args);
        assert!(said.contains(brings) && said.contains(&of_both), "{args:?}: {said}");
    }
    for args in [
        ["set", "a", "results.2026-05.deposits=950"].as_slice(),
        &["set", "a", "note=大客户"],
        &["add", "visit", "a", "--by", "li-na", "--date", "2026-04-08", "--summary", "回访"],
    ] {
        let said = said(args);
        assert!(!said.contains("closed"), "{args:?}: {said}");
    }
}

#[test]
fn a_frozen_figure_edited_by_hand_is_found() {
    let folder = folder();
    close(&folder);
    let path = "reviews/2026-04/li-na.toml";
    let review = folder.read(path);
    folder.write(path, review.replace("score = 90", "score = 99"));
    assert!(closed_findings(&folder).contains("RM691"));
    // Limits for talks and appeals run from the day, so it is frozen too.
    folder.write(path, review.replace("closed_on = 2026-05-10", "closed_on = 2026-05-09"));
    assert!(closed_findings(&folder).contains("RM691"));
    folder.write(path, &review);
    assert_eq!(closed_findings(&folder), "");
    let again = folder.run(&["close", "2026-04", "--today", "2026-05-19"]);
    assert_eq!(again.code, Some(0), "{}", again.err);
    assert_eq!(folder.read(path), review, "closed already, on its own day");
}

#[test]
fn a_policy_is_free_to_change_what_leaves_every_figure_alone() {
    let folder = folder();
    folder.write("policies/p.toml", POLICY.replace("[[indicators]]", "until = 2026-12-31\n\n[[indicators]]"));
    close(&folder);
    let closed = folder.read("policies/p.toml");
    let case = "\n[[tests]]\nname = \"九成\"\nperiod = \"2026-04\"\nvalues = { deposits = 900 }\ntargets = { deposits = 1000 }\nexpect = { total = 90 }\n";
    for harmless in [
        format!("{closed}{case}"),
        closed.replace("月度考核", "月度考核办法"),
        closed.replace("2026-12-31", "2026-11-30"),
        closed.replace("max = 1.2", "max = 1.1"),
    ] {
        folder.write("policies/p.toml", harmless);
        assert_eq!(closed_findings(&folder), "");
    }
    // 900 of 1000 is more than 80 %.
    folder.write("policies/p.toml", closed.replace("max = 1.2", "max = 0.8"));
    let found = closed_findings(&folder);
    let expected = "RM692 the policy p, by which li-na was scored for 2026-04, has changed: deposits score 90 then, 80 now; points 90 then, 80 now; total 90 then, 80 now";
    assert!(found.ends_with(expected), "{found}");
    for field in ["deposits.score", "deposits.points", "total"] {
        amend(&folder, "2026-05-18", field, "from = \"90\"\nto = \"80\"");
    }
    assert_eq!(closed_findings(&folder), "");
    // One that is refused raises no doubt of what was closed by it.
    folder.write("policies/p.toml", closed.replace("weight = 100", "weight = 90"));
    assert_eq!(closed_findings(&folder), "");
}

#[test]
fn a_record_that_does_not_load_raises_no_doubt_of_what_was_closed() {
    let folder = folder();
    folder.run(&["close", "2026-04", "--today", "2026-05-10"]);
    let client = folder.read("clients/a.toml");
    folder.write("clients/a.toml", format!("tiers = 1\n{client}"));
    let ran = folder.run(&["check", "--format", "concise", "--today", "2026-05-20"]);
    assert!(ran.out.contains("RM003") && ran.out.lines().count() == 1, "{}", ran.out);
    folder.write("clients/a.toml", &client);
    let settings = folder.read("rmbook.toml");
    folder.write("rmbook.toml", format!("colour = 1\n{settings}"));
    let ran = folder.run(&["check", "--format", "concise", "--today", "2026-05-20"]);
    assert!(ran.out.contains("RM003") && ran.out.lines().count() == 1, "{}", ran.out);
}

#[test]
fn only_the_newest_closed_period_opens_again() {
    let folder = folder();
    let client = folder.read("clients/a.toml");
    folder.write("clients/a.toml", format!("{client}2026-05 = {{ deposits = 900 }}\n"));
    let before = folder.read("managers/li-na.toml");
    folder.write("managers/li-na.toml", format!("{before}2026-05 = {{ deposits = 1000 }}\n"));
    for month in ["2026-04", "2026-05"] {
        assert_eq!(folder.run(&["close", month, "--today", "2026-06-10"]).code, Some(0), "{month}");
    }
    assert_eq!(folder.run(&["close", "2026-04", "--reopen"]).code, Some(2));
    assert_eq!(folder.run(&["close", "2026-05", "--reopen"]).code, Some(0));
    assert!(!folder.read("reviews/2026-05/li-na.toml").contains("closed"));
    assert_eq!(
        folder.run(&["close", "2026-06", "--today", "2026-06-10"]).code,
        Some(2),
        "a month that is not over"
    );
}

#[test]
fn what_was_closed_survives_new_ids_but_no_other_change() {
    let folder = folder();
    folder.run(&["close", "2026-04", "--today", "2026-05-10"]);
    let frozen = folder.read("reviews/2026-04/li-na.toml");
    assert_eq!(folder.run(&["rename", "client/a", "jia"]).code, Some(0));
    assert_eq!(folder.run(&["rename", "manager/li-na", "na-li"]).code, Some(0));
    assert!(folder.read("clients/jia.toml").contains("former_ids = [\"a\"]"));
    let again = folder.run(&["close", "2026-04", "--today", "2026-05-20"]);
    assert_eq!(
        (again.code, again.err.as_str()),
        (Some(0), "2026-04 is closed already, and nothing has changed\n")
    );
    let review = folder.read("reviews/2026-04/na-li.toml");
    assert_eq!(review, frozen.replace("manager = \"li-na\"", "manager = \"na-li\""), "what was frozen stays");
    assert_eq!(closed_findings(&folder), "");
    let client = folder.read("clients/jia.toml");
    folder.write("clients/jia.toml", client.replace("900", "950"));
    assert!(closed_findings(&folder).contains("client/jia gives results.deposits 900 then, 950 now"));
}

const PAY: &str = r#"
[[vetoes]]
id = "npl"
title = "新形成不良"
when = "npl_balance_originated > 0"
rating = "C"

[[ratings]]
id = "A"
at_least = 80

[[ratings]]
id = "C"
below = 80

[constants.factor]
by = "grade"
senior = 2
else = 1

[pay]

[[pay.lines]]
id = "bonus"
pool = { of = "unit.bonus", by = "total * factor", among = "all", places = 2 }

[pay.deferral]
share = "40%"
years = ["50%", "50%"]
when = "manager.risk_taker"
"#;

/// Two managers at 90 and 60 points who share a pool of 3 by their points: 1.80 and 1.20.
fn two() -> Folder {
    paid_by(PAY)
}

/// The same two, paid otherwise.
fn paid_by(pay: &str) -> Folder {
    let folder = folder();
    let settings = "name = \"测试支行\"\n\n[measures.deposits]\ntitle = \"存款\"\nunit = \"万元\"\nkind = \"balance\"\n\n\
                    [measures.bonus]\ntitle = \"奖金\"\nunit = \"万元\"\nkind = \"flow\"\n\n[actuals]\n2026-04 = { bonus = 3 }\n";
    folder.write("rmbook.toml", settings);
    folder.write("policies/p.toml", format!("{POLICY}{pay}"));
    replace(
        &folder,
        "managers/li-na.toml",
        "name = \"李娜\"",
        "name = \"李娜\"\ngrade = \"junior\"\nrisk_taker = true",
    );
    let li_na = folder.read("managers/li-na.toml");
    folder.write("managers/wang-fang.toml", li_na.replace("李娜", "王芳").replace("risk_taker = true\n", ""));
    let client = folder.read("clients/a.toml");
    folder.write(
        "clients/b.toml",
        client.replace("甲", "乙").replace("li-na", "wang-fang").replace("900", "600"),
    );
    let facility = "\n[[facilities]]\nid = \"wc\"\nproduct = \"流贷\"\nlimit = 500\ndrawn = 500\nclass = \"normal\"\noriginated_by = \"li-na\"\n";
    folder.write("clients/a.toml", client + facility);
    close(&folder);
    assert_eq!(closed_findings(&folder), "");
    folder
}

#[test]
fn pay_grade_and_deferral_are_held_against_what_was_closed() {
    let folder = two();
    let review = folder.read("reviews/2026-04/li-na.toml");
    assert!(review.contains("pay = { bonus = 1.8 }\n"), "{review}");
    replace(&folder, "rmbook.toml", "bonus = 3 }", "bonus = 5 }");
    let found = closed_findings(&folder);
    let expected = "RM690 the result of li-na for 2026-04 is not what was closed: pay.bonus 1.8 then, 3 now; \
                    rmbook.toml gives actuals.bonus 3 then, 5 now";
    assert!(found.contains(expected) && found.contains("of wang-fang"), "{found}");
    assert_eq!(folder.run(&["close", "2026-04", "--today", "2026-05-20"]).code, Some(2));
    replace(&folder, "rmbook.toml", "bonus = 5 }", "bonus = 3 }");

    // At twice the weight li-na would have 2.25; the share of wang-fang stays as it was paid.
    replace(&folder, "managers/li-na.toml", "grade = \"junior\"", "grade = \"senior\"");
    let found = closed_findings(&folder);
    let expected = "the result of li-na for 2026-04 is not what was closed: grade junior then, senior now; pay.bonus 1.8 then, 2.25 now";
    assert!(found.ends_with(expected) && found.lines().count() == 1, "{found}");
    amend(&folder, "2026-05-18", "grade", "from = \"junior\"\nto = \"senior\"");
    assert!(closed_findings(&folder).ends_with("closed: pay.bonus 1.8 then, 2.25 now"));
    // 40 % of it is deferred over two years, and the pool of 3 now pays 2.25 and 1.2.
    amend_all(&folder, "li-na");
    let review = folder.read("reviews/2026-04/li-na.toml");
    let deferral = "field = \"deferral\"\nfrom = \"2027 0.36, 2028 0.36\"\nto = \"2027 0.45, 2028 0.45\"\n";
    assert!(
        review.contains(deferral)
            && review.contains("field = \"pay_total\"\nfrom = \"1.8\"\nto = \"2.25\"\n"),
        "{review}"
    );
    let found = closed_findings(&folder);
    assert!(
        found.contains("RM693") && found.contains("3.45 was paid") && found.lines().count() == 1,
        "{found}"
    );

    let folder = two();
    replace(&folder, "managers/li-na.toml", "risk_taker = true", "risk_taker = false");
    let found = closed_findings(&folder);
    let expected = "deferral 2027 0.36, 2028 0.36 then, – now; risk_taker true then, false now";
    assert!(found.ends_with(expected), "{found}");
    // What is paid now stays 1.8 less the two instalments.
    let shown =
        folder.run(&["scorecard", "2026-04", "--manager", "li-na", "-O", "csv", "--today", "2026-05-20"]);
    assert!(shown.out.contains(",1.8,万元,1.08,万元,closed,"), "{}", shown.out);
}

#[test]
fn a_policy_that_comes_between_is_not_the_one_it_was_closed_by() {
    let folder = folder();
    close(&folder);
    let policy = folder.read("policies/p.toml");
    let later = policy.replace("effective = 2026-01-01", "effective = 2026-02-01");
    assert_ne!(later, policy);
    folder.write("policies/between.toml", later);
    let found = closed_findings(&folder);
    let expected =
        "RM692 the policy p, by which li-na was scored for 2026-04, has changed: `between` applies now";
    assert!(found.ends_with(expected), "{found}");
}

#[test]
fn a_policy_is_not_blamed_for_what_settings_or_amendments_change() {
    let folder = folder();
    let settings = |split: &str| {
        format!(
            "name = \"测试支行\"\n[measures.fee_income]\ntitle = \"中收\"\nunit = \"万元\"\nkind = \"flow\"\nsplit = \"{split}\"\n"
        )
    };
    folder.write("rmbook.toml", settings("even"));
    let policy = POLICY
        .replace("deposits.average", "fee_income.sum")
        .replace("targets.deposits", "targets.fee_income");
    folder.write("policies/p.toml", &policy);
    folder.write("managers/li-na.toml", "name = \"李娜\"\n\n[targets]\n2026-Q2 = { fee_income = 300 }\n");
    replace(&folder, "clients/a.toml", "deposits = 900", "fee_income = 90");
    close(&folder);
    // 90 of 100 is below either ceiling.
    folder.write("policies/p.toml", policy.replace("max = 1.2", "max = 1.1"));
    assert_eq!(closed_findings(&folder), "");
    replace(&folder, "rmbook.toml", "\"even\"", "\"same\"");
    let found = closed_findings(&folder);
    assert!(found.contains("RM690") && found.contains("target 100 then, 300 now"), "{found}");
    let causes = "; rmbook.toml has changed since in measures; the policy p has changed since too";
    assert!(found.ends_with(causes) && !found.contains("RM692"), "{found}");
    replace(&folder, "rmbook.toml", "\"same\"", "\"even\"");
    // An amendment that says nothing of what the records give.
    amend(&folder, "2026-05-18", "total", "from = \"90\"\nto = \"95\"");
    let found = closed_findings(&folder);
    assert!(found.contains("RM690") && found.contains("total 95 then, 90 now"), "{found}");
    assert!(!found.contains("RM692") && found.lines().count() == 1, "{found}");
    let out = folder.run(&["check", "--today", "2026-05-20"]);
    assert!(out.out.contains("so that it stands: rmbook close 2026-04 --amend li-na"), "{}", out.out);
}

#[test]
fn the_shares_of_others_stay_as_they_were_paid_where_one_result_is_amended() {
    let folder = two();
    replace(&folder, "clients/a.toml", "deposits = 900", "deposits = 950");
    let found = closed_findings(&folder);
    assert!(found.contains("value 900 then, 950 now") && found.lines().count() == 1, "{found}");
    amend_all(&folder, "li-na");
    assert_eq!(closed_findings(&folder), "");
    assert_eq!(folder.run(&["close", "2026-04", "--today", "2026-05-20"]).code, Some(0));
}

#[test]
fn a_share_that_stays_moves_no_pay_that_a_gate_and_a_ceiling_hold() {
    // A line of 2 is cut to what a ceiling of 3 leaves beside the share, and halved: (3 - 1.2) / 2 + 1.2 is 2.1.
    let gate = "[[gates]]\nid = \"half\"\non = \"pay\"\nfactor = 0.5\nmissing = \"error\"\n\n[pay]\nmax = \"3\"\n\n[[pay.lines]]\nid = \"base\"\namount = \"2\"\n";
    let folder = paid_by(
        &PAY.replace("[pay]\n", gate).replace("places = 2 }", "places = 2, excess = \"stay\" }\nmax = \"3\""),
    );
    let review = folder.read("reviews/2026-04/wang-fang.toml");
    let [lines, pay] = ["pay = { base = 2, bonus = 1.2 }\n", "pay_total = 2.1\n"];
    assert!(review.contains(lines) && review.contains(pay), "{review}");
    // With 95 points li-na would have 1.84 of the pool and wang-fang 1.16, who stays at 1.2.
    replace(&folder, "clients/a.toml", "deposits = 900", "deposits = 950");
    let found = closed_findings(&folder);
    assert!(found.contains("value 900 then, 950 now") && found.lines().count() == 1, "{found}");
    amend_all(&folder, "li-na");
    assert!(!folder.read("reviews/2026-04/li-na.toml").contains("field = \"pay"));
    assert_eq!(closed_findings(&folder), "");
    // A line that comes out otherwise is found with the pay it makes: 1.2 and half of 1.
    replace(&folder, "policies/p.toml", "amount = \"2\"", "amount = \"1\"");
    let found = closed_findings(&folder);
    assert!(found.contains("pay.base 2 then, 1 now") && !found.contains("pay.bonus"), "{found}");
    amend_all(&folder, "wang-fang");
    let review = folder.read("reviews/2026-04/wang-fang.toml");
    assert!(review.contains("field = \"pay_total\"\nfrom = \"2.1\"\nto = \"1.7\"\n"), "{review}");
}

#[test]
fn a_share_once_paid_stays_where_the_same_record_pays_another_line() {
    // A thousandth of the deposits beside the pool: 0.9 and 0.6.
    let volume = "\n[[pay.lines]]\nid = \"volume\"\namount = \"deposits.average * 0.1%\"\n";
    let folder = paid_by(&format!("{PAY}{volume}"));
    replace(&folder, "clients/a.toml", "deposits = 900", "deposits = 950");
    let found = closed_findings(&folder);
    assert!(found.contains("pay.volume 0.9 then, 0.95 now") && !found.contains("bonus"), "{found}");
    amend_all(&folder, "li-na");
    assert_eq!(closed_findings(&folder), "");
    // Her share moves once more with the other's result, and what was amended of her before is no cause.
    replace(&folder, "clients/b.toml", "deposits = 600", "deposits = 700");
    let found = closed_findings(&folder);
    assert!(
        found.contains("pay.volume 0.6 then, 0.7 now")
            && !found.contains("li-na")
            && !found.contains("bonus"),
        "{found}"
    );
    // A pool of another size is found, for everybody, though results have moved as well.
    replace(&folder, "rmbook.toml", "bonus = 3 }", "bonus = 5 }");
    let found = closed_findings(&folder);
    assert_eq!(found.matches("pay.bonus").count(), 2, "{found}");
}

#[test]
fn a_quarter_pays_a_share_once_whatever_became_of_the_results() {
    let folder = two();
    replace(&folder, "policies/p.toml", "period = \"month\"", "period = \"month\"\nroll_up = \"mean\"");
    let quarter = |folder: &Folder| {
        let asked = ["scorecard", "2026-Q2", "--manager", "li-na", "--today", "2026-05-20"];
        folder.run(&[asked.as_slice(), &["--explain", "-O", "csv"]].concat()).out
    };
    // April alone is over: its share of 1.8, of which 40 % is deferred.
    for deposits in ["deposits = 600", "deposits = 700"] {
        replace(&folder, "clients/b.toml", "deposits = 600", deposits);
        let shown = quarter(&folder);
        for row in ["pay,pay in all,1.8,1.8,万元,", "pay,Paid now,1.8 − 0.72,1.08,万元,"] {
            assert!(shown.contains(row), "no {row} in\n{shown}");
        }
    }
}

/// Zhao leads Li Na and Wang, who are closed, while Zhao's own scorecard is not.
#[test]
fn a_leader_sees_what_the_members_were_closed_with() {
    let folder = folder();
    let lead = "[[indicators]]\nid = \"led\"\nvalue = \"members.sum('value.deposits')\"\nmissing = \"zero\"\n\
                [[indicators]]\nid = \"totals\"\nvalue = \"members.mean('total')\"\nmissing = \"zero\"\n\
                [[indicators]]\nid = \"all\"\nvalue = \"mean.all('value.deposits')\"\nmissing = \"zero\"\n\
                [[pay.lines]]\nid = \"base\"\namount = \"deposits.average * 1%\"\n\
                [[pay.lines]]\nid = \"lead\"\nmissing = \"zero\"\namount = \"members.sum('pay.base') * 10%\"\n";
    folder.write("policies/p.toml", POLICY.to_owned() + lead);
    folder.write("teams/one.toml", "name = \"一部\"\nlead = \"zhao\"\n");
    for (id, client) in [("li-na", "a"), ("wang", "b")] {
        folder.write(
            &format!("managers/{id}.toml"),
            format!("name = \"{id}\"\nteam = \"one\"\n\n[targets]\n2026-04 = {{ deposits = 1000 }}\n"),
        );
        let text = folder.read("clients/a.toml").replace("li-na", id);
        folder.write(&format!("clients/{client}.toml"), text);
    }
    folder.write("managers/zhao.toml", "name = \"赵\"\n\n[targets]\n2026-04 = { deposits = 1000 }\n");
    let asked = |folder: &Folder, format: &[&str]| {
        let asked = ["scorecard", "2026-04", "--manager", "zhao", "--today", "2026-05-20", "-O", "csv"];
        folder.run(&[asked.as_slice(), format].concat()).out
    };
    let seen = |folder: &Folder| -> Vec<String> {
        let items = asked(folder, &["--items"]);
        let value = |id: &str| {
            let row = items.lines().find(|row| row.contains(&format!(",{id},"))).unwrap_or_default();
            row.split(',').nth(10).unwrap_or_default().to_owned()
        };
        let pay = asked(folder, &["--explain"]);
        let lead =
            pay.lines().find(|row| row.starts_with("lead,") && row.contains("pay line")).unwrap_or_default();
        let lead = lead.split(',').nth(3).unwrap_or_default().to_owned();
        vec![value("led"), value("totals"), value("all"), lead]
    };
    close(&folder);
    // 900 each, 90 points each; of all three (900 + 900 + 0) / 3; 9 each, a tenth of it.
    let closed = ["1800", "90", "600", "1.8"];
    assert_eq!(seen(&folder), closed);
    // Zhao is scored again; what changed of Li Na since is not in it, and is found of Li Na.
    remove(&folder, "reviews/2026-04/zhao.toml");
    replace(&folder, "clients/a.toml", "deposits = 900", "deposits = 500");
    assert_eq!(seen(&folder), closed);
    assert!(closed_findings(&folder).contains("li-na"), "{}", closed_findings(&folder));
    // What is amended is: 500 + 900, 50 and 90, and 5 + 9.
    amend_all(&folder, "li-na");
    assert_eq!(seen(&folder), ["1400", "70", "466.6667", "1.4"]);
    // An item that was not closed is said to be none of what was.
    replace(
        &folder,
        "policies/p.toml",
        "value.deposits')\"\nmissing = \"zero\"\n[[indicators]]\nid = \"totals\"",
        "value.more')\"\nmissing = \"error\"\n[[indicators]]\nid = \"more\"\nvalue = \"deposits.average * 2\"\n[[indicators]]\nid = \"totals\"",
    );
    let open = "the closed scorecard of li-na for 2026-04 has no more";
    let shown = asked(&folder, &[]);
    assert!(shown.contains(open), "{shown}");
}

/// A third of 1,000 as a line of pay and as a value, which has no end: what looks back at them finds them as they were scored.
#[test]
fn what_does_not_end_as_a_decimal_is_closed_with_all_its_digits() {
    let folder = folder();
    let pay = "[[indicators]]\nid = \"third\"\nvalue = \"deposits.average / 3\"\n[[pay.lines]]\nid = \"base\"\namount = \"deposits.average / 3\"\n\
               [[pay.lines]]\nid = \"again\"\namount = \"1 万元\"\nmissing = \"zero\"\nwhen = \"previous.pay.base * 3 >= 1000 万元\"\n\
               [[pay.lines]]\nid = \"more\"\namount = \"2 万元\"\nmissing = \"zero\"\nwhen = \"deposits.average / 3 > previous.value.third\"\n";
    folder.write("policies/p.toml", POLICY.to_owned() + pay);
    let client = folder.read("clients/a.toml");
    folder.write(
        "clients/a.toml",
        client.replace("deposits = 900 }", "deposits = 1000 }\n2026-05 = { deposits = 1000 }"),
    );
    close(&folder);
    let review = folder.read("reviews/2026-04/li-na.toml");
    let exact = "exact = { \"indicators.third.value\" = \"333.33333333333333333333333333\", \"pay.base\" = \"333.33333333333333333333333333\" }";
    assert!(review.contains("base = 333.333333333333") && review.contains(exact), "{review}");
    assert_eq!(closed_findings(&folder), "");
    let pays = |folder: &Folder| {
        let ran = folder.run(&["scorecard", "2026-05", "--explain", "-O", "csv", "--today", "2026-06-20"]);
        ran.out.lines().find(|row| row.contains("sum of the lines")).unwrap_or_default().to_owned()
    };
    // Three thirds are 1,000, and a third is not more than it was: 333.33… and 1.
    assert_eq!(pays(&folder), "pay,sum of the lines,base 333.3333333333 + again 1,334.3333333333,万元,");
    // What is amended stands as it is amended.
    amend(&folder, "2026-05-18", "pay.base", "from = \"333.333333333333\"\nto = \"333.33\"");
    assert_eq!(pays(&folder), "pay,sum of the lines,base 333.3333333333,333.3333333333,万元,");
    // Digits changed by hand are found like any other change.
    folder.write(
        "reviews/2026-04/li-na.toml",
        review.replace("\"333.33333333333333333333333333\" }", "\"333.3333333333334\" }"),
    );
    assert!(closed_findings(&folder).contains("RM691"), "{}", closed_findings(&folder));
}

#[test]
fn a_veto_that_holds_now_is_found_though_no_item_rests_on_it() {
    let folder = two();
    replace(&folder, "clients/a.toml", "class = \"normal\"", "class = \"loss\"");
    let found = closed_findings(&folder);
    let expected = "the result of li-na for 2026-04 is not what was closed: rating A then, C now; vetoes that hold – then, npl now";
    assert!(found.ends_with(expected), "{found}");
    amend(&folder, "2026-05-18", "rating", "from = \"A\"\nto = \"C\"");
    assert_eq!(closed_findings(&folder), "");
}

#[test]
fn a_mark_changed_after_closing_is_named_with_its_mend() {
    let folder = folder();
    let mark = "[[indicators]]\nid = \"initiative\"\nweight = 10\n\
        curve = [{ kind = \"manual\", max = 10 }, { kind = \"formula\", score = \"x * 10\" }]\n";
    folder.write("policies/p.toml", POLICY.replace("weight = 100", "weight = 90") + mark);
    let path = "reviews/2026-04/li-na.toml";
    folder.write(
        path,
        "manager = \"li-na\"\nperiod = \"2026-04\"\n\n[[marks]]\nindicator = \"initiative\"\npoints = 8\nreason = \"方案\"\n\
         by = \"zhao-lei\"\ndate = 2026-05-04\n",
    );
    close(&folder);
    replace(&folder, path, "points = 8\nreason", "points = 9\nreason");
    let found = closed_findings(&folder);
    let expected = "RM690 initiative of li-na for 2026-04 is not what was closed: score 80 then, 90 now; points 8 then, 9 now; total 89 then, 90 now; \
                    review/2026-04/li-na gives mark 8 then, 9 now";
    assert!(found.ends_with(expected), "{found}");
    let shown = folder.run(&["check", "--today", "2026-05-20"]).out;
    assert!(shown.contains("rmbook close 2026-04 --amend li-na"), "{shown}");
    amend_all(&folder, "li-na");
    let review = folder.read(path);
    assert!(review.contains("field = \"initiative\"\nfrom = \"80\"\nto = \"90\"\n"), "{review}");
    assert_eq!(closed_findings(&folder), "");
}

#[test]
fn what_changed_behind_a_figure_is_named() {
    let folder = two();
    // The target alone.
    replace(&folder, "managers/li-na.toml", "2026-04 = { deposits = 1000 }", "2026-04 = { deposits = 900 }");
    let found = closed_findings(&folder);
    let expected = "closed: target 1000 then, 900 now; score 90 then, 100 now; points 90 then, 100 now; total 90 then, 100 now; \
                    manager/li-na gives targets.deposits 1000 then, 900 now";
    assert!(found.contains(expected) && !found.contains("value"), "{found}");
    replace(&folder, "managers/li-na.toml", "2026-04 = { deposits = 900 }", "2026-04 = { deposits = 1000 }");
    // Who earns the figure.
    let client = folder.read("clients/a.toml");
    let credit = "\n[[credit]]\nfrom = 2026-01-01\nshares = { li-na = 50, wang-fang = 50 }\n";
    folder.write("clients/a.toml", client.clone() + credit);
    let found = closed_findings(&folder);
    assert!(
        found.contains("client/a gives credit – then, 50 now; results.deposits 900 then, 450 now"),
        "{found}"
    );
    // What the settings say, and a change that leaves the figure as it was.
    folder.write("clients/a.toml", client.replace("deposits = 900", "deposits = 800"));
    let more = client
        .replace("甲", "丙")
        .replace("deposits = 900", "deposits = 100")
        .replace("id = \"wc\"", "id = \"wc2\"");
    folder.write("clients/c.toml", more);
    replace(&folder, "rmbook.toml", "title = \"存款\"", "title = \"各项存款\"");
    let found = closed_findings(&folder);
    let expected = "RM690 deposits of li-na for 2026-04 still is what was closed, what it rests on is not: \
                    client/a gives results.deposits 900 then, 800 now; client/c gives results.deposits – then, 100 now; \
                    rmbook.toml has changed since in measures";
    assert!(found.ends_with(expected), "{found}");
    amend(&folder, "2026-05-18", "deposits", "from = \"900\"\nto = \"900\"");
    assert_eq!(closed_findings(&folder), "");
}

#[test]
fn a_scorecard_that_goes_missing_is_found_and_so_is_a_whole_period() {
    let folder = two();
    let settings = folder.read("rmbook.toml");
    assert!(settings.contains("\n[closed.scorecard]\n2026-04 = { cards = 2, digest = \""), "{settings}");
    let review = folder.read("reviews/2026-04/li-na.toml");
    remove(&folder, "reviews/2026-04/li-na.toml");
    let found = closed_findings(&folder);
    let expected = "RM694 scorecards closed for 2026-04 under scorecard: 2, left: 1, missing: li-na";
    assert!(found.starts_with("rmbook.toml:") && found.ends_with(expected), "{found}");
    remove(&folder, "reviews/2026-04/wang-fang.toml");
    assert!(closed_findings(&folder).ends_with("left: 0, missing: li-na, wang-fang"));
    // Without the record, the other scorecards of the period still tell.
    folder.write("reviews/2026-04/li-na.toml", &review);
    let unrecorded = settings.split("\n[closed.").next().unwrap();
    folder.write("rmbook.toml", unrecorded);
    let found = closed_findings(&folder);
    let expected = "managers/wang-fang.toml:1:1: RM694 wang-fang is scored for 2026-04, which is closed under scorecard, and has no closed scorecard\n";
    assert!(found.starts_with(expected), "{found}");
    // Closed again on its day from the same records, everything is as it was.
    folder.write("rmbook.toml", &settings);
    close(&folder);
    assert_eq!((closed_findings(&folder), folder.read("rmbook.toml")), (String::new(), settings));
    // From other records it is not.
    remove(&folder, "reviews/2026-04/wang-fang.toml");
    replace(&folder, "clients/b.toml", "600", "700");
    assert_eq!(folder.run(&["close", "2026-04", "--today", "2026-05-20"]).code, Some(2));
}

/// One scorecard can be taken out, or the note of how many there were; either is found.
#[test]
fn a_closing_that_the_settings_do_not_know_is_found() {
    let folder = two();
    assert_eq!(closed_findings(&folder), "");
    let settings = folder.read("rmbook.toml");
    folder.write("rmbook.toml", settings.replace("cards = 2", "cards = 1"));
    let found = closed_findings(&folder);
    assert!(found.contains("RM694") && found.contains("not those that were closed"), "{found}");

    folder.write("rmbook.toml", settings.split("\n[closed.").next().unwrap());
    let found = closed_findings(&folder);
    assert!(
        found.contains("closed under scorecard: 2; `[closed]` of rmbook.toml knows of no closing"),
        "{found}"
    );
    // What is closed once more is noted again, as it was.
    close(&folder);
    assert_eq!((closed_findings(&folder).as_str(), folder.read("rmbook.toml")), ("", settings));
}

#[test]
fn a_number_spelled_otherwise_is_not_edited() {
    let folder = folder();
    close(&folder);
    replace(&folder, "reviews/2026-04/li-na.toml", "total = 90\n", "total = 90.00\n");
    assert_eq!(closed_findings(&folder), "");
    replace(&folder, "reviews/2026-04/li-na.toml", "total = 90.00\n", "total = 90.01\n");
    assert!(closed_findings(&folder).contains("RM691"));
}

#[test]
fn what_a_manager_was_told_is_amended_and_not_closed_anew() {
    let folder = two();
    close(&folder);
    let told =
        ["set", "2026-04/li-na", "published=2026-05-11", "acknowledged=2026-05-12", "--today", "2026-05-20"];
    assert_eq!(folder.run(&told).code, Some(0));
    let reopen = ["close", "2026-04", "--reopen", "--today", "2026-05-20"];
    let ran = folder.run(&reopen);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("the results of `2026-04` are known since 2026-05-11 to li-na"), "{}", ran.err);
    let withdrawal = "rmbook add withdrawal 2026-04/li-na --what published --was 2026-05-11";
    assert!(ran.err.contains(withdrawal), "{}", ran.err);

    // What was published by mistake is taken back, which says why first.
    let gone = ["set", "2026-04/li-na", "published=", "acknowledged="];
    let ran = folder.run(&gone);
    assert!(ran.code == Some(1) && ran.err.matches("error[RM680 ").count() == 2, "{}", ran.err);
    let withdraw = |what: &str, was: &str, by: &str| {
        let said =
            ["add", "withdrawal", "2026-04/li-na", "--what", what, "--was", was, "--date", "2026-05-19"];
        folder.run(&[said.as_slice(), &["--why", "发错人", "--who", "赵磊", "--approved-by", by]].concat())
    };
    let ran = withdraw("published", "2026-05-11", "赵磊");
    assert!(ran.code == Some(1) && ran.err.contains("RM608"), "{}", ran.err);
    for (what, was) in [("published", "2026-05-11"), ("acknowledged", "2026-05-12")] {
        let ran = withdraw(what, was, "行长");
        assert_eq!(ran.code, Some(0), "{}", ran.err);
    }
    let ran = folder.run(&gone);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(folder.run(&reopen).code, Some(0));
}

/// Both were told, and one is found to be right: deposits of 980 where 900 were counted, 98 points for 90. The pool of 3 stays shared as
/// it was, 1.8 and 1.2, where closing anew would leave the other 1.14.
#[test]
fn an_upheld_appeal_amends_the_one_and_opens_nobody_elses_result() {
    let folder = two();
    let day = ["--today", "2026-05-20"];
    for manager in ["2026-04/li-na", "2026-04/wang-fang"] {
        let ran = folder.run(&[["set", manager, "published=2026-05-11"].as_slice(), &day].concat());
        assert_eq!(ran.code, Some(0), "{}", ran.err);
    }
    let path = "reviews/2026-04/li-na.toml";
    let appeal = "[appeal]\ndate = 2026-05-13\nreason = \"漏记\"\ndecided = 2026-05-15\nby = \"行长\"\nupheld = true\n";
    folder.write(path, format!("{}\n{appeal}", folder.read(path)));
    let other = folder.read("reviews/2026-04/wang-fang.toml");
    let settings = folder.read("rmbook.toml");
    replace(&folder, "clients/a.toml", "deposits = 900", "deposits = 980");
    let ran = folder.run(&[["close", "2026-04", "--reopen"].as_slice(), &day].concat());
    let help = "`rmbook close 2026-04 --amend li-na`, which leaves the results of the others as they are";
    assert!(ran.code == Some(2) && ran.err.contains(help), "{}", ran.err);
    let found = || folder.run(&[["check", "-O", "concise"].as_slice(), &day].concat()).out;
    assert!(found().contains("RM681"), "{}", found());

    amend_all(&folder, "li-na");
    assert_eq!(closed_findings(&folder), "");
    assert!(!found().contains("RM681") && !found().contains("RM612"), "{}", found());
    let review = folder.read(path);
    assert!(review.contains("from = \"90\"\nto = \"98\"\n") && !review.contains("pay.bonus"), "{review}");
    assert_eq!(
        [folder.read("reviews/2026-04/wang-fang.toml"), folder.read("rmbook.toml")],
        [other, settings]
    );
}

#[test]
fn a_decided_appeal_is_not_taken_out_of_a_closed_period() {
    let folder = two();
    close(&folder);
    let review = folder.read("reviews/2026-04/li-na.toml");
    let appeal = "[appeal]\ndate = 2026-05-13\nreason = \"漏记\"\ndecided = 2026-05-15\nby = \"li-na\"\nupheld = false\n";
    folder.write("reviews/2026-04/li-na.toml", format!("{review}\n{appeal}"));
    for pairs in ["appeal=", "appeal.decided=", "appeal.upheld=true"] {
        let ran = folder.run(&["set", "2026-04/li-na", pairs]);
        assert!(
            ran.code == Some(1) && ran.err.contains("`appeal` of 2026-05-13 is taken out"),
            "{}",
            ran.err
        );
    }
    let reopen = ["close", "2026-04", "--reopen", "--today", "2026-05-20"];
    assert_eq!(folder.run(&reopen).code, Some(2));
    // One that is open may be withdrawn by who made it.
    folder.write(
        "reviews/2026-04/li-na.toml",
        format!("{review}\n{appeal}").replace("decided = 2026-05-15\n", ""),
    );
    let ran = folder.run(&["set", "2026-04/li-na", "appeal="]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
}

#[test]
fn what_is_taken_out_by_hand_is_found_against_a_revision() {
    let folder = two();
    let path = "reviews/2026-04/li-na.toml";
    let appeal = "[appeal]\ndate = 2026-05-13\nreason = \"漏记\"\ndecided = 2026-05-15\nby = \"行长\"\nupheld = false\n";
    let closed = folder.read(path);
    let told = "published = 2026-05-11\nacknowledged = 2026-05-12\n";
    folder.write(path, closed.replacen("\n[closed", &format!("{told}\n{appeal}\n[closed"), 1));
    for args in [&["init", "-q"][..], &["add", "."], &["commit", "-qm", "told"]] {
        folder.git(args);
    }
    let found = || {
        let ran = folder.run(&["check", "--since", "HEAD", "--today", "2026-05-20", "-O", "concise"]);
        ran.out.lines().filter(|line| line.contains("RM680")).map(str::to_owned).collect::<Vec<_>>()
    };
    assert!(found().is_empty(), "{:?}", found());
    folder.write(path, &closed);
    let gone = |what: &str, day: &str| format!("`{what}` of {day} is taken out of a closed result");
    let expected = [("published", "2026-05-11"), ("acknowledged", "2026-05-12"), ("appeal", "2026-05-13")];
    assert_eq!(found().len(), 3, "{:?}", found());
    for (found, (what, day)) in found().iter().zip(expected) {
        assert!(found.contains(&gone(what, day)), "{found}");
    }
    // What is withdrawn says why.
    let withdrawn = |what: &str, day: &str| {
        format!(
            "\n[[withdrawals]]\ndate = 2026-05-19\nwhat = \"{what}\"\nwas = {day}\nwhy = \"发错人\"\nwho = \"赵磊\"\napproved_by = \"行长\"\n"
        )
    };
    let all: String = expected.map(|(what, day)| withdrawn(what, day)).concat();
    folder.write(path, format!("{closed}{all}"));
    assert!(found().is_empty(), "{:?}", found());
}

#[test]
fn an_amendment_tells_that_the_result_was_known_when_that_is_taken_out_by_hand() {
    let folder = folder();
    close(&folder);
    let told = ["set", "2026-04/li-na", "published=2026-05-11", "--today", "2026-05-20"];
    assert_eq!(folder.run(&told).code, Some(0));
    replace(&folder, "clients/a.toml", "deposits = 900", "deposits = 950");
    amend_all(&folder, "li-na");
    let path = "reviews/2026-04/li-na.toml";
    assert!(
        folder.read(path).contains("approved_by = \"行长\"\ntold = 2026-05-11\n"),
        "{}",
        folder.read(path)
    );
    let found = || folder.run(&["check", "--today", "2026-05-20", "-O", "concise"]).out;
    assert!(!found().contains("RM680"), "{}", found());
    replace(&folder, path, "published = 2026-05-11\n", "");
    assert!(
        found().contains("the manager knew the result since 2026-05-11 when it was amended"),
        "{}",
        found()
    );
    let ran = folder.run(&["close", "2026-04", "--reopen", "--today", "2026-05-20"]);
    assert!(ran.code == Some(2) && ran.err.contains("known since 2026-05-11 to li-na"), "{}", ran.err);
}

#[test]
fn a_mistyped_scheme_is_not_blamed_on_the_period() {
    let folder = folder();
    let ran = folder.run(&["close", "2026-04", "--scheme", "scorecrad", "--today", "2026-05-20"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("no policy is of the scheme `scorecrad`"), "{}", ran.err);
    assert!(ran.err.contains("the schemes are scorecard"), "{}", ran.err);
}

#[test]
fn a_reopened_period_is_not_missed() {
    let folder = two();
    let ran = folder.run(&["close", "2026-04", "--reopen", "--lang", "zh"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), "已重新打开 2026-04 考核结果 2 份\n"));
    assert_eq!(closed_findings(&folder), "");
    let ran = folder.run(&["close", "2026-04", "--reopen", "--lang", "zh"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(2), "错误：`2026-04` 尚未封存\n"));
    close(&folder);
    assert_eq!(closed_findings(&folder), "");
}

#[test]
fn a_period_is_closed_with_every_record_or_not_at_all() {
    let folder = folder();
    folder.write("clients/b.toml", "name = 5\n");
    let ran = folder.run(&["close", "2026-04", "--today", "2026-05-10", "--partial"]);
    assert_eq!(ran.code, Some(2));
    assert!(
        ran.err.starts_with("error: a period is closed with every record or not at all\n"),
        "{}",
        ran.err
    );
    assert!(!folder.path("reviews/2026-04/li-na.toml").exists());
    let ran = folder.run(&["close", "2026-04", "--today", "2026-05-10", "--partial", "--lang", "zh"]);
    assert!(ran.err.starts_with("错误：封存须以全部记录为准"), "{}", ran.err);
}

#[test]
fn a_period_closed_by_an_earlier_version_stays_valid_and_guarded() {
    let folder = folder();
    let review = "manager = \"li-na\"\nperiod = \"2026-04\"\n\n[closed.scorecard]\npolicy = \"p\"\npolicy_digest = \"a0282f25b8d50c97\"\n\
                  digest = \"3adfd48ce436a049\"\nclosed_on = 2026-05-10\ntotal = 90\n\n[closed.scorecard.indicators]\n\
                  deposits = { value = 900, target = 1000, score = 90, points = 90, inputs = { \"client/a\" = \"7c4be1999f8deeba\", \"manager/li-na\" = \"7f7ee93cef441b15\" } }\n";
    folder.write("reviews/2026-04/li-na.toml", review);
    assert_eq!(closed_findings(&folder), "");
    assert_eq!(folder.run(&["rename", "client/a", "jia"]).code, Some(0));
    let ran = folder.run(&["close", "2026-04", "--today", "2026-05-20"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(folder.read("rmbook.toml").contains("2026-04 = { cards = 1, digest = \""));
    assert_eq!(folder.read("reviews/2026-04/li-na.toml"), review);
    replace(&folder, "clients/jia.toml", "900", "950");
    let found = closed_findings(&folder);
    assert!(found.ends_with("client/jia gives results.deposits 950 now"), "{found}");
}

#[test]
fn a_facility_that_moves_on_leaves_what_was_closed_as_it_was() {
    let folder = folder();
    let value = POLICY
        .replace("value = \"deposits.average\"", "value = \"npl_balance_originated\"")
        .replace("id = \"deposits\"", "id = \"npl\"");
    folder.write("policies/p.toml", value);
    let client = folder.read("clients/a.toml");
    let facility = "\n[[facilities]]\nid = \"wc\"\nproduct = \"流贷\"\nlimit = 900\ndrawn = 500\nclass = \"substandard\"\ndrawn_on = 2025-01-10\noriginated_by = \"li-na\"\n";
    folder.write("clients/a.toml", format!("{client}{facility}"));
    assert_eq!(folder.run(&["close", "2026-04", "--today", "2026-05-10"]).code, Some(0));
    assert!(folder.read("reviews/2026-04/li-na.toml").contains("value = 500"));
    let ran = folder.run(&["set", "a", "facilities[wc].drawn=300", "--today", "2026-05-15"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(folder.read("clients/a.toml").contains("until = 2026-05-14\ndrawn = 500\n"));
    assert_eq!(closed_findings(&folder), "");
    // From then on the month has a position of its own, and is held to it.
    let client = folder.read("clients/a.toml");
    folder.write("clients/a.toml", client.replace("drawn = 500", "drawn = 400"));
    assert!(closed_findings(&folder).contains("RM690"), "{}", closed_findings(&folder));
}

#[test]
fn what_nothing_rounds_is_frozen_to_the_digits_a_file_keeps() {
    let folder = folder();
    let pay = "[pay]\nlines = [{ id = \"bonus\", amount = \"1 万元 * total / 7\" }]\n\
        deferral = { share = \"1 / 3\", years = [\"50%\", \"50%\"], round = 20 }\n";
    let policy = POLICY.replace("rounding = { item = 2, total = 2 }\n", "");
    folder.write("policies/p.toml", format!("{policy}{pay}"));
    folder.write("managers/li-na.toml", "name = \"李娜\"\n\n[targets]\n2026-04 = { deposits = 1100 }\n");
    let closed = folder.run(&["close", "2026-04", "--today", "2026-05-20"]);
    assert_eq!(closed.code, Some(0), "{}", closed.err);
    let review = folder.read("reviews/2026-04/li-na.toml");
    // 900 of 1,100 are 81.8181…; a seventh of it is 11.6883….
    assert!(review.contains("total = 81.8181818181818\n"), "{review}");
    assert!(review.contains("pay = { bonus = 11.6883116883117 }\n"), "{review}");
    // Pay alone is rounded to the cent where nothing says otherwise: six places of ten thousand yuan.
    assert!(review.contains("pay_total = 11.688312\n"), "{review}");
    let checked = folder.run(&["check", "--today", "2026-05-21", "-O", "concise"]);
    assert!(!checked.out.contains("RM005") && !checked.out.contains("RM69"), "{}", checked.out);
}

#[test]
fn a_period_is_not_closed_over_one_left_open() {
    let folder = folder();
    let client = folder.read("clients/a.toml");
    folder.write(
        "clients/a.toml",
        format!("{client}2026-05 = {{ deposits = 900 }}\n2026-06 = {{ deposits = 900 }}\n"),
    );
    let close = |month: &str| folder.run(&["close", month, "--today", "2026-07-10"]);
    assert_eq!(close("2026-04").code, Some(0));
    let over = close("2026-06");
    assert_eq!(over.code, Some(2));
    assert!(over.err.contains("`2026-05` is not closed"), "{}", over.err);
    assert!(!folder.path("reviews/2026-06").exists());
    assert_eq!(close("2026-05").code, Some(0));
    assert_eq!(close("2026-06").code, Some(0));
}

#[test]
fn nobody_approves_an_amendment_of_their_own() {
    let folder = folder();
    close(&folder);
    replace(&folder, "clients/a.toml", "900", "950");
    let before = folder.read("reviews/2026-04/li-na.toml");
    let ran = folder.run(&[
        "close",
        "2026-04",
        "--amend",
        "li-na",
        "--why",
        "补录",
        "--who",
        "赵磊",
        "--approved-by",
        "赵磊",
        "--today",
        "2026-05-20",
    ]);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert!(ran.err.contains("RM608 amendment-self-approved"), "{}", ran.err);
    assert_eq!(folder.read("reviews/2026-04/li-na.toml"), before);
}

#[test]
fn a_period_before_all_that_is_closed_stays_open() {
    let folder = folder();
    close(&folder);
    let ran = folder.run(&["close", "2026-03", "--today", "2026-05-10"]);
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    assert!(ran.err.contains("`2026-04` is closed already, and `2026-03` is before it"), "{}", ran.err);
}

#[test]
fn a_period_is_not_closed_while_a_client_lacks_the_figures_of_others() {
    let folder = folder();
    let client = |name: &str, more: &str, results: &str| {
        format!(
            "name = \"{name}\"\ntier = \"base\"\nmanager = \"li-na\"\nstatus = \"active\"\n{more}\n[results]\n{results}"
        )
    };
    folder.write("clients/b.toml", client("乙公司", "", "2026-03 = { deposits = 500 }\n"));
    let ran = folder.run(&["close", "2026-04", "--today", "2026-05-10"]);
    assert_eq!(ran.code, Some(2), "{}", ran.out);
    assert!(ran.err.contains("no figures of 2026-04 for b, and other clients have them"), "{}", ran.err);
    assert!(ran.err.contains("`rmbook set b status=closed closed=…`"), "{}", ran.err);
    assert!(!folder.path("reviews/2026-04/li-na.toml").exists());
    let card = folder.run(&["scorecard", "2026-04", "--today", "2026-05-10"]);
    assert!(card.out.contains("no figures of 2026-04 for b"), "{}", card.out);
    // A CSV has no place for the remark, so it is said beside the data.
    let csv = folder.run(&["scorecard", "2026-04", "-O", "csv", "--today", "2026-05-10"]);
    assert!(
        !csv.out.contains("no figures") && csv.err.contains("no figures of 2026-04 for b"),
        "{}",
        csv.err
    );
    let others = folder.run(&["scorecard", "2026-04", "--explain", "--today", "2026-05-10", "--lang", "zh"]);
    assert!(others.out.contains("b 缺少 2026-04 业绩数据"), "{}", others.out);

    // A month of which nothing came is not closed either; one before the first figures is not asked for.
    let ran = folder.run(&["close", "2026-05", "--today", "2026-06-10"]);
    assert_eq!(ran.code, Some(2), "{}", ran.out);
    assert!(ran.err.contains("the book has no figures of 2026-05"), "{}", ran.err);

    // Ended before, not yet begun, without an account, or somebody else's who is not scored: none of them owes the month.
    folder.write("clients/b.toml", client("乙公司", "closed = 2026-04-20", "2026-03 = { deposits = 500 }\n"));
    folder.write("clients/c.toml", client("丙公司", "since = 2026-05-04", ""));
    folder.write("clients/d.toml", client("丁公司", "entered = 2026-01-04", ""));
    folder.write(
        "clients/e.toml",
        client("戊公司", "", "2026-03 = { deposits = 500 }\n").replace("li-na", "zhou-min"),
    );
    close(&folder);
    // What is closed stands, and is closed again without another word.
    folder.write("clients/f.toml", client("己公司", "since = 2026-03-04", ""));
    let again = folder.run(&["close", "2026-04", "--today", "2026-05-19"]);
    assert_eq!(again.code, Some(0), "{}", again.err);
}

fn book_entry(folder: &Folder, day: &str, kind: &str, amount: &str) {
    let path = "reviews/2026-04/li-na.toml";
    let head = "manager = \"li-na\"\nperiod = \"2026-04\"\n";
    let text = if folder.path(path).exists() { folder.read(path) } else { head.to_owned() };
    let entry = format!(
        "\n[[ledger]]\ndate = {day}\nkind = \"{kind}\"\namount = {amount}\ncase = \"late-file\"\nreason = \"材料迟交\"\napproved_by = \"行长\"\n"
    );
    folder.write(path, text + &entry);
}

#[test]
fn an_entry_of_the_ledger_is_held_against_what_was_closed() {
    let folder = folder();
    folder.write("policies/p.toml", format!("{POLICY}[[pay.lines]]\nid = \"bonus\"\namount = \"2 万元\"\n"));
    book_entry(&folder, "2026-05-06", "holdback", "0.3");
    close(&folder);
    let review = folder.read("reviews/2026-04/li-na.toml");
    let frozen = "ledger = { 2026-04 = { \"2026-05-06 holdback late-file\" = 0.3 } }";
    assert!(review.contains(frozen), "{review}");
    assert_eq!(closed_findings(&folder), "");

    // Booked since, it may be corrected until the next closing.
    book_entry(&folder, "2026-05-12", "return", "0.1");
    assert_eq!(closed_findings(&folder), "");
    folder.write("reviews/2026-04/li-na.toml", &review);

    let found = |change: &str| {
        let found = closed_findings(&folder);
        let head = "RM690 the ledger of li-na is not what was closed with 2026-04: ";
        assert!(found.ends_with(&format!("{head}{change}")), "{found}");
    };
    let named = "2026-05-06 holdback late-file in the review of 2026-04";
    replace(&folder, "reviews/2026-04/li-na.toml", "amount = 0.3", "amount = 0.2");
    found(&format!("{named} 0.3 then, 0.2 now"));
    // An amendment covers it, and the amount it states is what stands from then on.
    amend_all(&folder, "li-na");
    assert_eq!(closed_findings(&folder), "");
    let amended = folder.read("reviews/2026-04/li-na.toml");
    let entry = "field = \"ledger.2026-04.2026-05-06 holdback late-file\"\nfrom = \"0.3\"\nto = \"0.2\"\n";
    assert!(amended.contains(entry), "{amended}");
    replace(&folder, "reviews/2026-04/li-na.toml", "amount = 0.2", "amount = 0.3");
    found(&format!("{named} 0.2 then, 0.3 now"));

    // Taken out altogether.
    let (before, rest) = review.split_once("[[ledger]]").unwrap();
    folder.write("reviews/2026-04/li-na.toml", format!("{before}{}", &rest[rest.find("[closed").unwrap()..]));
    found(&format!("{named} 0.3 then, – now"));
    amend_all(&folder, "li-na");
    assert_eq!(closed_findings(&folder), "");

    // Put in behind the closing under an earlier day.
    folder.write("reviews/2026-04/li-na.toml", &review);
    book_entry(&folder, "2026-05-08", "return", "0.1");
    found("2026-05-08 return late-file in the review of 2026-04 – then, 0.1 now");
}

#[test]
fn a_closed_period_shows_the_team_and_the_places_it_was_closed_with() {
    let folder = folder();
    folder.write("teams/one.toml", "name = \"一部\"\n");
    folder.write("teams/two.toml", "name = \"二部\"\n");
    let li = folder.read("managers/li-na.toml");
    folder.write("managers/li-na.toml", format!("team = \"one\"\n{li}"));
    close(&folder);
    let review = folder.read("reviews/2026-04/li-na.toml");
    assert!(review.contains("team = \"one\"\nrank = { all = "), "{review}");
    let shown = || {
        let csv = folder.run(&["scorecard", "2026-04", "--today", "2026-05-20", "-O", "csv"]).out;
        csv.lines().find(|line| line.contains(",li-na,")).unwrap().to_owned()
    };
    let before = shown();
    assert_eq!(closed_findings(&folder), "");
    // A newcomer with the best result comes in behind the closing, and Li Na is moved as if she had always been there.
    folder.write("managers/aa.toml", "name = \"安安\"\n\n[targets]\n2026-04 = { deposits = 10 }\n");
    folder.write(
        "clients/z.toml",
        "name = \"丙公司\"\ntier = \"base\"\nmanager = \"aa\"\nstatus = \"active\"\n\n[results]\n2026-04 = { deposits = 900 }\n",
    );
    folder.write("managers/li-na.toml", format!("team = \"two\"\n{li}"));
    assert_eq!(shown(), before);
    let found = closed_findings(&folder);
    assert!(
        found
            .contains("RM690 the result of li-na for 2026-04 is not what was closed: team one then, two now"),
        "{found}"
    );
    // Moved with the day, she was in the other team then.
    folder.write(
        "managers/li-na.toml",
        format!("team = \"two\"\n{li}\n[[history]]\nuntil = 2026-05-15\nteam = \"one\"\n"),
    );
    assert!(!closed_findings(&folder).contains("RM690"), "{}", closed_findings(&folder));
    // A team that is called otherwise now is the same.
    remove(&folder, "teams/one.toml");
    folder.write("teams/first.toml", "name = \"一部\"\nformer_ids = [\"one\"]\n");
    replace(&folder, "managers/li-na.toml", "team = \"one\"", "team = \"first\"");
    assert!(!closed_findings(&folder).contains("RM690"), "{}", closed_findings(&folder));
    assert_eq!(shown(), before.replace(",one,", ",first,"));
}

#[test]
fn what_a_figure_was_made_of_is_a_number_in_every_table() {
    let folder = folder();
    close(&folder);
    let row = "2026-04,li-na,scorecard,deposits,client/a,results.deposits,900,\n";
    let listed = folder.run(&["list", "inputs", "-O", "csv", "--today", "2026-05-20"]).out;
    assert!(listed.contains("indicator,input,field,amount,value\n") && listed.contains(row), "{listed}");
    assert_eq!(folder.run(&["export", "out", "--today", "2026-05-20"]).code, Some(0));
    assert!(folder.read("out/review_closed_indicators_inputs.csv").contains(row));
    // A digest, as earlier versions froze it, is no amount.
    replace(&folder, "reviews/2026-04/li-na.toml", "{ \"results.deposits\" = 900 }", "\"26970a1854441d2e\"");
    let listed = folder.run(&["list", "inputs", "-O", "csv", "--today", "2026-05-20"]).out;
    assert!(listed.contains("client/a,,,26970a1854441d2e\n"), "{listed}");
}

#[test]
fn the_page_of_a_review_says_what_was_closed_and_what_was_amended_to_what() {
    let folder = folder();
    close(&folder);
    amend(&folder, "2026-05-12", "total", "from = \"90\"\nto = \"95\"");
    let shown = folder.run(&["show", "2026-04/li-na", "--today", "2026-05-20", "-O", "json"]).out;
    for said in
        ["\"from\": \"90\"", "\"to\": \"95\"", "\"total\": 90", "\"rank_all\": 1", "\"results.deposits\""]
    {
        assert!(shown.contains(said), "{said}: {shown}");
    }
    let text = folder.run(&["show", "2026-04/li-na", "--today", "2026-05-20"]).out;
    assert!(text.contains("Scheme      Indicator   Record"), "{text}");
    assert!(!text.contains("Name "), "{text}");
}

#[test]
fn a_period_in_which_a_leaver_would_still_earn_is_not_closed() {
    let folder = folder();
    folder.write(
        "managers/bo.toml",
        "name = \"博\"\njoined = 2020-01-01\nleft = 2026-04-10\nstatus = \"left\"\n",
    );
    let client = "name = \"乙公司\"\ntier = \"base\"\nmanager = \"bo\"\nstatus = \"active\"\n\n[results]\n2026-04 = { deposits = 300 }\n";
    folder.write("clients/b.toml", client);
    let ran = folder.run(&["close", "2026-04", "--today", "2026-05-10"]);
    assert_eq!(ran.code, Some(2), "{}", ran.out);
    assert!(ran.err.contains("bo left on 2026-04-10 and would earn figures of 2026-04"), "{}", ran.err);
    assert!(ran.err.contains("`rmbook handover b --to MANAGER --on 2026-04-11`"), "{}", ran.err);
    let handed = ["handover", "b", "--to", "li-na", "--on", "2026-04-11", "--today", "2026-05-10"];
    assert_eq!(folder.run(&handed).code, Some(0));
    close(&folder);
    // 900 of her own, 300 on 20 of 30 days; 300 on 10 of 30.
    assert!(folder.read("reviews/2026-04/li-na.toml").contains("deposits = { value = 1100"));

    // A share after the last day keeps it open too; a client whose figures others earn does not.
    let folder = self::folder();
    folder.write(
        "managers/bo.toml",
        "name = \"博\"\njoined = 2020-01-01\nleft = 2026-04-10\nstatus = \"left\"\n",
    );
    let share = |shares: &str| {
        client.replace(
            "\n[results]",
            &format!("\n[[credit]]\nfrom = 2026-01-01\nshares = {shares}\n\n[results]"),
        )
    };
    folder.write("clients/b.toml", share("{ bo = 40, li-na = 60 }"));
    assert_eq!(folder.run(&["close", "2026-04", "--today", "2026-05-10"]).code, Some(2));
    folder.write("clients/b.toml", share("{ li-na = 100 }"));
    close(&folder);
}

#[test]
fn a_rating_put_into_a_closed_period_says_what_it_brings() {
    let folder = folder();
    folder.write("managers/boss.toml", "name = \"赵蕾\"\n");
    let item = "\n[[indicators]]\nid = \"initiative\"\nweight = 20\nmissing = \"zero\"\n\
        curve = [{ kind = \"manual\", max = 10 }, { kind = \"formula\", score = \"x * 10\" }]\n";
    folder.write("policies/p.toml", POLICY.replace("weight = 100", "weight = 80") + item);
    close(&folder);
    let mark = [
        "add",
        "mark",
        "2026-04/li-na",
        "--indicator",
        "initiative",
        "--points",
        "10",
        "--reason",
        "创新",
        "--by",
        "boss",
    ];
    let ran = folder.run(&[mark.as_slice(), &["--date", "2026-05-19", "--today", "2026-05-20"]].concat());
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.err.contains("closed periods"), "{} {}", ran.out, ran.err);
}

#[test]
fn places_stand_as_closed_and_say_so_beside_an_amended_total() {
    let folder = two();
    let remarks = || {
        let csv = folder.run(&["scorecard", "2026-04", "--today", "2026-05-20", "-O", "csv"]).out;
        ["li-na", "wang-fang"].map(|id| csv.lines().find(|line| line.contains(id)).unwrap().to_owned())
    };
    assert!(remarks().iter().all(|line| !line.contains("places")), "{:?}", remarks());
    // 90 and 60, then 50 and 60: the places of both would be the other's.
    amend(&folder, "2026-05-18", "total", "from = \"90\"\nto = \"50\"");
    let [li_na, wang_fang] = remarks();
    let said = |line: &str, rank: u32| {
        line.contains(&format!("places as closed; by the totals as amended: Rank {rank}, In grade {rank}"))
    };
    assert!(li_na.contains(",50,1,") && said(&li_na, 2), "{li_na}");
    assert!(wang_fang.contains(",60,2,") && said(&wang_fang, 1), "{wang_fang}");
}

#[test]
fn an_amended_scorecard_that_contradicts_itself_is_found_once() {
    let found = |folder: &Folder| {
        let out = folder.run(&["check", "--today", "2026-05-20", "-O", "concise"]).out;
        out.lines()
            .filter_map(|line| line.split_once("RM619 "))
            .map(|(_, said)| said.to_owned())
            .collect::<Vec<_>>()
    };
    // Li Na: 90 is an A, 1.8 in one line, 0.36 + 0.36 of it deferred.
    let folder = two();
    assert_eq!(found(&folder), Vec::<String>::new());
    amend(&folder, "2026-05-18", "pay_total", "from = \"1.8\"\nto = \"9\"");
    amend(&folder, "2026-05-18", "total", "from = \"90\"\nto = \"70\"");
    assert_eq!(
        found(&folder),
        [
            "what stands of scorecard for 2026-04 contradicts itself: the pay lines add up to 1.8, and the pay is 9; \
          0.72 of a pay of 9 is deferred, and as it was closed 0.72 of 1.8; a total of 70 is C by the policy, and the rating is A"
        ]
    );
    // A line alone; then the pay with it, and then what is deferred of it: 40 % of 2.
    let folder = two();
    amend(&folder, "2026-05-18", "pay.bonus", "from = \"1.8\"\nto = \"2\"");
    assert!(
        found(&folder)[0].ends_with("the pay lines add up to 2, and the pay is 1.8"),
        "{:?}",
        found(&folder)
    );
    amend(&folder, "2026-05-18", "pay_total", "from = \"1.8\"\nto = \"2\"");
    assert!(
        found(&folder)[0].ends_with(": 0.72 of a pay of 2 is deferred, and as it was closed 0.72 of 1.8")
    );
    amend(&folder, "2026-05-18", "deferral", "from = \"2027 0.36, 2028 0.36\"\nto = \"2027 0.4, 2028 0.4\"");
    assert_eq!(found(&folder), Vec::<String>::new());
    // Within the band, or with the rating, a total contradicts nothing.
    amend(&folder, "2026-05-18", "total", "from = \"90\"\nto = \"86\"");
    assert_eq!(found(&folder), Vec::<String>::new());
}

#[test]
fn a_period_that_nobody_touched_is_to_be_closed_all_the_same() {
    let folder = folder();
    close(&folder);
    let ran = |args: &[&str], today: &str| folder.run(&[args, &["--today", today]].concat()).out;
    let asked = |today: &str| {
        let out = ran(&["check", "-O", "concise"], today);
        out.lines()
            .filter_map(|line| line.split_once("RM613 "))
            .map(|(_, said)| said.to_owned())
            .collect::<Vec<_>>()
    };
    // 45 days from 31 May are 15 July; June is over and its own 45 days run until 14 August.
    assert_eq!(asked("2026-07-15"), Vec::<String>::new());
    assert_eq!(asked("2026-07-16"), ["2026-05 was to be closed by 2026-07-15"]);
    let due = ran(&["due", "--days", "30", "-O", "csv"], "2026-07-16");
    assert!(due.contains("2026-07-15,1,closing,settings,") && due.contains("rmbook close 2026-05"), "{due}");
    assert!(due.contains("2026-08-14,,closing,") && !due.contains("rmbook close 2026-07"), "{due}");
    // A scheme that ended asks for no more.
    folder.write("policies/p.toml", POLICY.replace("period =", "until = 2026-04-30\nperiod ="));
    assert_eq!(asked("2026-07-16"), Vec::<String>::new());
    assert!(!ran(&["due", "-O", "csv"], "2026-07-16").contains("closing"));
}
