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

#[test]
fn a_closed_figure_is_guarded_until_an_amendment_covers_it() {
    let folder = folder();
    let close = ["close", "2026-04", "--today", "2026-05-10"];
    assert_eq!(folder.run(&close).code, Some(0));
    let review = folder.read("reviews/2026-04/li-na.toml");
    assert!(review.contains("total = 90.00\n") || review.contains("total = 90\n"), "{review}");
    assert_eq!(closed_findings(&folder), "");

    // Comments, order and formatting are not what was frozen.
    let client = folder.read("clients/a.toml");
    folder
        .write("clients/a.toml", format!("# 备注\n{}", client.replace("deposits = 900", "deposits   = 900")));
    assert_eq!(closed_findings(&folder), "");

    folder.write("clients/a.toml", client.replace("900", "950"));
    let found = closed_findings(&folder);
    assert!(found.contains("RM690 deposits of li-na for 2026-04 rested on client/a"), "{found}");
    assert!(found.contains("value 900 then, 950 now"), "{found}");

    let amendment = "\n[[amendments]]\ndate = 2026-05-18\nfield = \"deposits\"\nwhy = \"补录\"\nwho = \"zhao-lei\"\napproved_by = \"行长\"\n";
    folder.write("reviews/2026-04/li-na.toml", format!("{review}{amendment}"));
    assert_eq!(closed_findings(&folder), "");
}

#[test]
fn a_frozen_figure_edited_by_hand_and_a_changed_policy_are_found() {
    let folder = folder();
    folder.run(&["close", "2026-04", "--today", "2026-05-10"]);
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
    folder.write("policies/p.toml", POLICY.replace("max = 1.2", "max = 1.1"));
    assert!(closed_findings(&folder).contains("RM692"));
}

#[test]
fn a_record_that_does_not_load_raises_no_doubt_of_what_was_closed() {
    let folder = folder();
    folder.run(&["close", "2026-04", "--today", "2026-05-10"]);
    let client = folder.read("clients/a.toml");
    folder.write("clients/a.toml", format!("tiers = 1\n{client}"));
    let ran = folder.run(&["check", "--format", "concise"]);
    assert!(ran.out.contains("RM003") && ran.out.lines().count() == 1, "{}", ran.out);
    folder.write("clients/a.toml", &client);
    let settings = folder.read("rmbook.toml");
    folder.write("rmbook.toml", format!("colour = 1\n{settings}"));
    let ran = folder.run(&["check", "--format", "concise"]);
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
    let review = folder.read("reviews/2026-04/na-li.toml");
    assert_eq!(review, frozen.replace("manager = \"li-na\"", "manager = \"na-li\""), "what was frozen stays");
    assert_eq!(closed_findings(&folder), "");
    let client = folder.read("clients/jia.toml");
    folder.write("clients/jia.toml", client.replace("900", "950"));
    assert!(closed_findings(&folder).contains("rested on client/jia, which has changed"));
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
