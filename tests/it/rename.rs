//! `rmbook rename` through the program.

use crate::fixture::{CLIENT, Folder};

fn book() -> Folder {
    let book = Folder::book();
    let review = "manager = \"wang-fang\"\nperiod = \"2026-09\"\n";
    book.write("reviews/2026-09/wang-fang.toml", review);
    let shares = "\n[[credit]]\nfrom = 2026-07-01\nshares = { wang-fang = 70, li-na = 30 }\n";
    book.write("clients/east/beta.toml", CLIENT.replace("Acme", "Beta") + shares);
    book
}

#[test]
fn a_manager_is_renamed_everywhere_and_with_the_reviews() {
    let book = book();
    let before = book.run(&["check", "--format", "concise"]);
    let ran = book.run(&["rename", "wang-fang", "王芳"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), "renamed: wang-fang to 王芳, files changed: 7\n"));
    assert_eq!(book.names("managers"), ["li-na.toml", "王芳.toml"]);
    assert_eq!(book.names("reviews/2026-09"), ["王芳.toml"]);
    assert_eq!(book.read("reviews/2026-09/王芳.toml"), "manager = \"王芳\"\nperiod = \"2026-09\"\n");
    assert_eq!(book.read("teams/corporate-1.toml"), "name = \"Corporate 1\"\nlead = \"王芳\"\n");
    assert_eq!(book.read("clients/acme.toml"), CLIENT.replace("wang-fang", "王芳"));
    assert!(book.read("clients/east/beta.toml").contains("shares = { \"王芳\" = 70, li-na = 30 }\n"));
    let after = book.run(&["check", "--format", "concise"]);
    assert_eq!(
        (after.code, after.out.lines().count()),
        (before.code, before.out.lines().count()),
        "{}",
        after.out
    );
}

#[test]
fn faults_of_the_look_up_are_said_in_the_language_asked_for() {
    let book = book();
    let ran = book.run(&["rename", "acm", "beta-2", "--lang", "zh"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("台账中没有记录“acm”\n提示：相近的编号为“acme”"), "{}", ran.err);
}

#[test]
fn a_client_keeps_its_folder() {
    let book = book();
    assert_eq!(book.run(&["rename", "client/beta", "beta-shanghai"]).code, Some(0));
    assert_eq!(book.names("clients/east"), ["beta-shanghai.toml"]);
}

#[test]
fn a_dry_run_shows_each_file_once() {
    let book = book();
    let ran = book.run(&["rename", "wang-fang", "fang", "--dry-run"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    let review = "rename from reviews/2026-09/wang-fang.toml\nrename to reviews/2026-09/fang.toml\n\
                  --- a/reviews/2026-09/fang.toml\n+++ b/reviews/2026-09/fang.toml\n@@ -1,2 +1,2 @@\n\
                  -manager = \"wang-fang\"\n+manager = \"fang\"\n period = \"2026-09\"\n";
    assert!(ran.out.contains(review), "{}", ran.out);
    assert!(ran.out.contains("rename to managers/fang.toml\n"), "{}", ran.out);
    assert_eq!(book.names("managers"), ["li-na.toml", "wang-fang.toml"]);
}

#[test]
fn a_name_that_is_taken_or_no_id_is_refused_and_so_is_a_book_that_cannot_be_read() {
    let book = book();
    for (new, expected) in
        [("li-na", "already"), ("LI-NA", "li-na"), ("a/b", "cannot be the id"), ("con", "cannot be the id")]
    {
        let ran = book.run(&["rename", "wang-fang", new]);
        assert_eq!(ran.code, Some(2), "{new}");
        assert!(ran.err.contains(expected), "{new}: {}", ran.err);
    }
    assert_eq!(book.run(&["rename", "nobody", "x"]).code, Some(2));
    book.write("clients/acme.toml", "name = \n");
    let ran = book.run(&["rename", "wang-fang", "x"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("`clients/acme.toml` cannot be rewritten"), "{}", ran.err);
    assert_eq!(book.names("managers"), ["li-na.toml", "wang-fang.toml"]);
}

#[test]
fn a_policy_keeps_leaving_out_whom_it_left_out() {
    let book = book();
    let policy = "title = \"P\"\nscheme = \"s\"\neffective = 2026-01-01\nperiod = \"month\"\n\
                  applies = 'manager.id not in [\"wang-fang\"]'\n[constants]\nhead = \"'wang-fang'\"\n";
    book.write("policies/p.toml", policy);
    book.write("imports/crm.toml", "record = { column = \"主办\", values = { \"王芳\" = \"wang-fang\" } }\n");
    let ran = book.run(&["rename", "wang-fang", "wf2"]);
    let said = "renamed: wang-fang to wf2, files changed: 8\n\
                left alone, as `wang-fang` may mean something else there: policies/p.toml, constants.head\n\
                left alone, as it is no record of the book: imports/crm.toml, which names `wang-fang`\n";
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), said));
    assert_eq!(book.read("policies/p.toml"), policy.replace("[\"wang-fang\"]", "[\"wf2\"]"));
    let ran = book.run(&["rename", "wf2", "li-na", "--lang", "zh"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(2), "错误：台账中已有客户经理“li-na”\n"));
}

#[test]
fn two_files_of_one_client_become_one() {
    let book = book();
    let other = "name = \"Acme Ltd\"\ntier = \"base\"\nmanager = \"li-na\"\nstatus = \"active\"\n\n[results]\n\
                 2026-09 = { fee_income = 3 }\n\n[[visits]]\ndate = 2026-10-01\nby = \"li-na\"\nkind = \"call\"\n";
    book.write("clients/acme-2.toml", other);
    book.write("clients/child.toml", CLIENT.replace("tier", "parent = \"acme-2\"\ntier"));
    // A visit by somebody who does not look after the client that stays is no reason to lose it: the two share the client.
    let ran = book.run(&["rename", "acme-2", "acme", "--merge"]);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert!(ran.err.contains("error[RM306 visit-by-outsider]"), "{}", ran.err);
    book.write("clients/acme.toml", CLIENT.replace("tier", "backup = \"li-na\"\ntier"));
    let ran = book.run(&["rename", "acme-2", "acme", "--merge"]);
    let said = "merged: acme-2 into acme, files changed: 3\n\
                `tier` of acme-2 is gone: base; acme has key\n\
                what li-na led as acme-2 now counts as acme says\n";
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), said));
    assert_eq!(book.names("clients"), ["acme.toml", "child.toml", "east"]);
    let acme = book.read("clients/acme.toml");
    for line in [
        "name = \"Acme\" # by hand\naliases = [\"Acme Ltd\"]\n",
        "former_ids = [\"acme-2\"]\n",
        "2026-09 = { deposits = 5100, loans = 3000, fee_income = 3 }\n",
        "date = 2026-10-01\nby = \"li-na\"\nkind = \"call\"\n",
    ] {
        assert!(acme.contains(line), "{line}{acme}");
    }
    assert!(acme.find("2026-10-01") < acme.find("2026-10-09"), "{acme}");
    assert!(book.read("clients/child.toml").contains("parent = \"acme\"\n"));
    let ran = book.run(&["rename", "beta", "gamma", "--merge"]);
    assert_eq!(
        (ran.code, ran.err.as_str()),
        (Some(2), "error: the book has no client `gamma` to merge into\n")
    );
    book.write("clients/acme-2.toml", other.replace("fee_income", "deposits"));
    let ran = book.run(&["rename", "acme-2", "acme", "--merge"]);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert!(
        ran.err.starts_with("results.2026-09.deposits: both state `results.2026-09.deposits`"),
        "{}",
        ran.err
    );
    assert!(ran.err.ends_with("nothing was written\n"), "{}", ran.err);
}

#[test]
fn a_merge_that_changes_a_closed_period_is_refused() {
    let book = Folder::riverside();
    let (first, second) = ("anju-property", "binhe-water");
    let ran = book.run(&["rename", first, second, "--merge"]);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert!(ran.err.ends_with("nothing was written\n"), "{}", ran.err);
    // A file that holds no figures of a closed period goes without a change of any.
    let head = "name = \"安居物业公司\"\ntier = \"base\"\nmanager = \"li-na\"\nstatus = \"active\"\nsince = 2018-07-19\n";
    book.write("clients/anju-2.toml", head);
    let ran = book.run(&["rename", "anju-2", first, "--merge"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
}

#[test]
fn a_former_id_leads_to_the_present_one_wherever_it_is_not_found() {
    let book = book();
    assert_eq!(book.run(&["rename", "wang-fang", "fang"]).code, Some(0));
    for args in [
        &["show", "wang-fang"][..],
        &["due", "--manager", "wang-fang"],
        &["list", "clients", "--where", "manager=wang-fang"],
        &["set", "acme", "manager=wang-fang"],
        &["set", "wang-fang", "grade=M2"],
        &["add", "training", "wang-fang", "--course", "x"],
    ] {
        let ran = book.run(args);
        assert_eq!(ran.code, Some(2), "{args:?}: {}", ran.err);
        assert!(ran.err.contains("help: `wang-fang` is now `fang`"), "{args:?}: {}", ran.err);
    }
}

#[test]
fn an_id_that_was_given_up_is_taken_by_nobody_but_its_record() {
    let book = book();
    assert_eq!(book.run(&["rename", "wang-fang", "fang"]).code, Some(0));
    for args in [&["add", "manager", "wang-fang", "--name", "王芳二"][..], &["rename", "li-na", "wang-fang"]]
    {
        let ran = book.run(args);
        assert_eq!(ran.code, Some(2), "{args:?}: {}", ran.err);
        assert!(ran.err.contains("manager `fang` had the id `wang-fang` before"), "{args:?}: {}", ran.err);
    }
    assert_eq!(book.names("managers"), ["fang.toml", "li-na.toml"]);
    // Another kind of record may have it, and its own record may take it back.
    assert_eq!(book.run(&["add", "team", "wang-fang", "--name", "王芳团队"]).code, Some(0));
    assert_eq!(book.run(&["rename", "manager/fang", "wang-fang"]).code, Some(0));
}

#[test]
fn an_id_that_is_taken_may_be_merged_into() {
    let ran = book().run(&["rename", "acme", "beta"]);
    let expected =
        "the book has a client `beta` already\nhelp: where both are one: `rmbook rename acme beta --merge`";
    assert!(ran.code == Some(2) && ran.err.contains(expected), "{}", ran.err);
    let ran = book().run(&["rename", "wang-fang", "li-na"]);
    assert!(ran.code == Some(2) && !ran.err.contains("--merge"), "{}", ran.err);
}
