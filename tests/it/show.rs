//! `show` through the program.

use crate::fixture::Folder;

fn book() -> Folder {
    Folder::with([
        ("rmbook.toml", "name = '测试支行'\n"),
        ("managers/wang-fang.toml", "name = '王芳'\n"),
        ("teams/acme.toml", "name = '一部'\n"),
        (
            "clients/acme.toml",
            "name = '华东精密'\ntier = 'key'\nmanager = 'wang-fang'\nstatus = 'active'\nsince = 2021-03-15\n\
             [results]\n2026-09 = { deposits = 5000 }\n2026-10 = { deposits = 5100 }\n",
        ),
        ("reviews/2026-10/wang-fang.toml", "manager = 'wang-fang'\nperiod = '2026-10'\nstrengths = ['稳']\n"),
    ])
}

#[test]
fn every_format_shows_the_same_picture() {
    let folder = book();
    let text = folder.run(&["show", "client/acme", "--lang", "zh"]);
    assert_eq!((text.code, text.err.as_str()), (Some(0), ""));
    assert!(text.out.starts_with("华东精密\n"), "{}", text.out);
    assert!(text.out.contains("··········▁█"), "{}", text.out);
    let json = folder.run(&["show", "client/acme", "-O", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    let results = json["tables"].as_array().unwrap().iter().find(|table| table["name"] == "results").unwrap();
    assert_eq!(results["rows"][0]["measure"], "deposits");
    let markdown = folder.run(&["show", "client/acme", "-O", "md"]);
    assert!(markdown.out.contains("| wang-fang | 王芳 |"), "{}", markdown.out);
}

#[test]
fn what_no_record_is_called_names_those_of_any_kind_that_may_be_meant() {
    let folder = book();
    for (word, help) in [
        (
            "nobody",
            "help: the ids of records are shown by `rmbook list managers`, `rmbook list teams`, `rmbook list clients`, `rmbook list reviews`\n",
        ),
        ("wang-fan", "help: a similar id is `wang-fang`\n"),
        ("芳", "help: these have it in their id or name: `manager/wang-fang`\n"),
        ("ac", "help: these have it in their id or name: `team/acme`, `client/acme`\n"),
    ] {
        let ran = folder.run(&["show", word]);
        assert_eq!((ran.code, ran.err), (Some(2), format!("error: the book has no record `{word}`\n{help}")));
    }
}

#[test]
fn an_id_of_two_kinds_asks_which_is_meant() {
    let folder = book();
    let ran = folder.run(&["show", "acme"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("write `team/acme` or `client/acme`"), "{}", ran.err);
    assert!(folder.run(&["show", "team/acme"]).out.starts_with("一部\n"));
}

#[test]
fn an_unknown_id_is_an_error_with_the_nearest() {
    let ran = book().run(&["show", "wang-fan"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("a similar id is `wang-fang`"), "{}", ran.err);
    // Where the kind is named, its list has the ids.
    let ran = book().run(&["show", "manager", "nobody"]);
    assert!(ran.err.contains("`rmbook list managers` shows them"), "{}", ran.err);
}

#[test]
fn a_review_is_named_by_its_period_and_manager() {
    let ran = book().run(&["show", "2026-10/wang-fang"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.out.contains("稳"), "{}", ran.out);
}

#[test]
fn a_kind_of_record_may_stand_before_the_id() {
    let folder = book();
    for kind in ["team", "teams", "团队"] {
        let ran = folder.run(&["show", kind, "acme"]);
        assert!(ran.out.starts_with("一部\n"), "{kind}: {}", ran.err);
    }
    let ran = folder.run(&["show", "tema", "acme"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("help: `rmbook show acme`"), "{}", ran.err);
}
