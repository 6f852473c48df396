//! What a policy can never give: full marks behind a bound, a rating behind a dimension, a part that an item does not have, figures
//! of those whom another policy scores.

use crate::fixture::Folder;
use crate::language::found;

const NONE: [&str; 0] = [];

/// What is found of an indicator that weighs all, with these keys.
fn of_item(keys: &str) -> Vec<String> {
    found(&format!(
        "missing = \"zero\"\nscale = \"points\"\n[measures.r]\nunit = \"%\"\nkind = \"ratio\"\n\
         [[indicators]]\nid = \"a\"\nweight = 100\nvalue = \"r\"\n{keys}\n"
    ))
}

#[test]
fn full_marks_behind_a_bound_are_told() {
    let formula = |score: &str, more: &str| {
        of_item(&format!("curve = {{ kind = \"formula\", score = \"{score}\" }}\n{more}"))
    };
    assert_eq!(formula("x * 100", "max = 90"), ["full-marks-out-of-reach indicators[0].max"]);
    assert_eq!(formula("x * 100", "max = 100"), NONE);
    let short = ["full-marks-out-of-reach indicators[0].curve"];
    for score in
        ["min(x, 0.9) * full", "full * min(x, 1) * 9 / 10", "min(x, 1) * full - 5", "80 + 15 * min(x, 1)"]
    {
        assert_eq!(formula(score, ""), short, "{score}");
    }
    for score in ["min(x, 1) * full", "x * full", "min(x, 1) * full + 5 - 5", "full - x"] {
        assert_eq!(formula(score, ""), NONE, "{score}");
    }
    let chain = |top: &str| {
        of_item(&format!(
            "curve = [{{ kind = \"bands\", edges = [\"80%\"], results = [0, {top}], included = \"lower\" }}, {{ kind = \"formula\", score = \"x * full\" }}]"
        ))
    };
    assert_eq!(chain("0.5"), short);
    assert_eq!(chain("1"), NONE);
}

#[test]
fn a_rating_above_what_dimensions_give_is_told() {
    let of = |keys: &str, max: u32, rest: &str| {
        found(&format!(
            "missing = \"zero\"\nscale = \"points\"\n{keys}\n[[dimensions]]\nid = \"d\"\nweight = 100\nmax = {max}\n\
             [[indicators]]\nid = \"a\"\nin = \"d\"\nweight = 100\ncurve = {{ kind = \"manual\" }}\n{rest}\n\
             [[ratings]]\nid = \"B\"\nat_least = 85\n[[ratings]]\nid = \"C\"\n"
        ))
    };
    let none_there = ["unreachable-rating ratings[0]"];
    assert_eq!(of("", 80, ""), none_there);
    assert_eq!(of("total = { max = 110 }", 80, ""), none_there);
    assert_eq!(of("", 85, ""), NONE);
    let more = |max: u32| format!("[[additions]]\nid = \"b\"\nmax = {max}\ncurve = {{ kind = \"manual\" }}");
    assert_eq!(of("", 80, &more(4)), none_there);
    assert_eq!(of("", 80, &more(5)), NONE);
}

#[test]
fn a_part_that_an_item_does_not_have_is_told() {
    let of = |amount: &str| {
        found(&format!(
            "missing = \"zero\"\n[measures.k]\nunit = \"户\"\nkind = \"count\"\n[[indicators]]\nid = \"man\"\nweight = 60\ncurve = {{ kind = \"manual\" }}\n\
             [[indicators]]\nid = \"kept\"\nweight = 40\nvalue = \"k\"\ncurve = {{ kind = \"per-unit\", unit = 1, points = 1, max = 100 }}\n\
             [[pay.lines]]\nid = \"p\"\namount = \"{amount}\"\n"
        ))
    };
    let told = ["incomplete-entry pay.lines[0].amount"];
    for name in [
        "value.man",
        "item_target.man",
        "item_target.kept / 1 户",
        "previous.value.man",
        "members.sum('value.man')",
    ] {
        assert_eq!(of(&format!("({name}) * 10 元")), told, "{name}");
    }
    assert_eq!(of("score.man * 10 元 + value.kept * 5 元/户"), NONE);
}

/// A leader and a member, each under the policy that `applies` says.
fn led(leads: &str, members: &str, amount: &str) -> Folder {
    let policy = |applies: &str, amount: &str| {
        format!(
            "title = \"P\"\nscheme = \"s\"\neffective = 2026-01-01\nperiod = \"month\"\nmoney = \"元\"\nmissing = \"zero\"\napplies = '{applies}'\n\
             [[pay.lines]]\nid = \"p\"\namount = \"{amount}\"\n"
        )
    };
    let folder = Folder::empty();
    folder.write("rmbook.toml", "name = \"测试支行\"\n[calendar]\n2026 = {}\n");
    folder.write("policies/lead.toml", policy(leads, amount));
    folder.write("policies/rm.toml", policy(members, "100 元"));
    folder.write("managers/a.toml", "name = \"A\"\nrole = \"lead\"\n");
    folder.write("managers/b.toml", "name = \"B\"\nrole = \"rm\"\nteam = \"t\"\n");
    folder.write("teams/t.toml", "name = \"T\"\nlead = \"a\"\n");
    folder.write(
        "clients/k.toml",
        "name = \"甲\"\ntier = \"base\"\nstatus = \"active\"\nmanager = \"b\"\n[results]\n2026-08 = { deposits = 1 }\n",
    );
    folder
}

#[test]
fn a_leader_whose_members_another_policy_scores_is_told_so() {
    let told = |folder: &Folder| {
        let ran = folder.run(&["check", "--today", "2026-09-10", "--format", "concise"]);
        let found = ran.out.lines().filter(|line| line.contains("RM957"));
        found.map(|line| line.split("RM957 ").last().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    let (lead, rm) = ("manager.role == \"lead\"", "manager.role == \"rm\"");
    let apart = led(lead, rm, "members.sum('pay') * 10%");
    assert_eq!(told(&apart), ["`rm` scores b, and `lead` has no figure of their items and pay"]);
    let why = apart.run(&["scorecard", "2026-08", "--manager", "a", "--explain", "--today", "2026-09-10"]);
    assert!(why.out.contains("this policy does not score b"), "{}", why.out);
    // Of two members one alone is scored elsewhere, and left out.
    let half =
        led("manager.role in [\"lead\", \"rm\"]", "manager.role == \"trainee\"", "members.sum('pay') * 10%");
    half.write("managers/c.toml", "name = \"C\"\nrole = \"trainee\"\nteam = \"t\"\n");
    assert_eq!(told(&half), ["`rm` scores c, and `lead` has no figure of their items and pay"]);
    // Totals are of whoever is scored, and one policy for both sees all.
    assert_eq!(told(&led(lead, rm, "members.sum('total') * 1 元")), NONE);
    let both = led(
        "manager.role in [\"lead\", \"rm\"]",
        "manager.role == \"none\"",
        "if(manager.role == 'rm', 100 元, 50 元)",
    );
    assert_eq!(told(&both), NONE);
}
