//! `due` through the program: the commands it names settle what it lists.

use std::collections::BTreeSet;

use crate::fixture::{Folder, words};

fn book() -> Folder {
    Folder::with([
        ("rmbook.toml", "name = '测试支行'\n"),
        ("managers/wang-fang.toml", "name = '王芳'\nteam = 'corporate-1'\n"),
        ("managers/li-na.toml", "name = '李娜'\n"),
        ("teams/corporate-1.toml", "name = '一部'\n"),
        (
            "clients/acme.toml",
            "name = '华东精密'\ntier = 'key'\nmanager = 'wang-fang'\nstatus = 'active'\n\n\
             [[visits]]\ndate = 2026-11-20\nby = 'wang-fang'\nkind = 'call'\n\
             [[visits.next]]\nwhat = '送方案'\ndue = 2026-11-23\n\n\
             [[complaints]]\nid = 'late'\nreceived = 2026-11-20\nhandler = 'li-na'\n",
        ),
    ])
}

fn lines(folder: &Folder, args: &[&str]) -> Vec<String> {
    let ran = folder.run(&[&["due", "-O", "csv"], args].concat());
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    ran.out.lines().skip(1).map(str::to_owned).collect()
}

#[test]
fn what_is_owed_stands_by_day_with_the_command_that_settles_it() {
    let folder = book();
    assert_eq!(
        lines(&folder, &[]),
        [
            "2026-11-23,1,complaint-confirm,client,acme,华东精密,late,li-na,\
             rmbook set acme 'complaints[late].confirmed=today' 'complaints[late].issue=…'",
            "2026-11-23,1,action,client,acme,华东精密,送方案,wang-fang,\
             rmbook set acme 'visits[2026-11-20].next[送方案].done=today'",
        ]
    );
    assert_eq!(folder.run(&["set", "acme", "visits[2026-11-20].next[送方案].done=today"]).code, Some(0));
    assert_eq!(folder.run(&["set", "acme", "complaints[late].confirmed=today"]).code, Some(0));
    let left = lines(&folder, &[]);
    assert_eq!(left.len(), 1, "{left:?}");
    assert!(left[0].starts_with("2026-12-05,,complaint-propose,"), "{left:?}");
}

#[test]
fn what_has_the_same_name_is_settled_by_the_command_that_is_named() {
    let folder = book();
    let next = "[[visits.next]]\nwhat = '说\"好\"，送方案'\n";
    folder.write(
        "clients/acme.toml",
        format!(
            "name = '华东精密'\ntier = 'key'\nmanager = 'wang-fang'\nstatus = 'active'\n\n\
             [[visits]]\ndate = 2026-11-20\nby = 'wang-fang'\nkind = 'call'\n\
             {next}due = 2026-11-23\nowner = 'wang-fang'\n{next}due = 2026-11-23\nowner = 'li-na'\n"
        ),
    );
    let owed =
        || lines(&folder, &[]).into_iter().filter(|line| line.contains(",action,")).collect::<Vec<_>>();
    let command = |line: &str| {
        let settle = &line[line.find("rmbook set").unwrap()..];
        words(settle.trim_end_matches('"').replace("\"\"", "\"").trim_start_matches("rmbook "))
    };
    let both = owed();
    assert_eq!(both.len(), 2, "{both:?}");
    let of_li = both.iter().find(|line| line.contains(",li-na,")).unwrap();
    let args = command(of_li);
    let ran = folder.run(&args.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(ran.code, Some(0), "{args:?}: {}", ran.err);
    let left = owed();
    assert!(left.len() == 1 && left[0].contains(",wang-fang,"), "{left:?}");
}

#[test]
fn one_owner_or_team_is_asked_for_and_the_horizon_moves() {
    let folder = book();
    assert_eq!(lines(&folder, &["--manager", "li-na"]).len(), 1);
    assert_eq!(lines(&folder, &["--team", "corporate-1"]).len(), 1);
    // 60 days after 20 November 2026.
    let far = lines(&folder, &["--days", "90", "--manager", "wang-fang"]);
    assert!(far.iter().any(|line| line.starts_with("2027-01-19,,visit,")), "{far:?}");
    let ran = folder.run(&["due", "--manager", "lina"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("a similar id is `li-na`"), "{}", ran.err);
}

/// A command with the blanks filled in: what the field takes for `…`, the first of `won|lost`.
fn filled(settle: &str) -> Vec<String> {
    let mut field = String::new();
    let fill = |word: String| {
        if word != "…" {
            field.clone_from(&word);
        }
        let is = |names: &[&str]| names.iter().any(|name| field.contains(name));
        let value = if is(&["issued"]) {
            "2026-11-20"
        } else if is(&["review", "expires", "matures"]) {
            "2027-06-30"
        } else if is(&["asked", "answers"]) {
            "6"
        } else if is(&["attendees", "reviewed_by"]) {
            "wang-fang"
        } else {
            "x"
        };
        let word = word.replace('…', value);
        word.split_once('|').map_or(word.clone(), |(first, _)| first.to_owned())
    };
    let (settle, _) = settle.split_once("  # ").unwrap_or((settle, ""));
    words(settle).into_iter().skip(1).map(fill).collect()
}

#[test]
fn each_kind_of_command_works_as_soon_as_its_blanks_are_filled() {
    let folder = Folder::riverside();
    let owed = folder.run(&["due", "--days", "400", "-O", "jsonl"]);
    assert_eq!(owed.code, Some(0), "{}", owed.err);
    let mut seen = BTreeSet::new();
    for line in owed.out.lines() {
        let duty: serde_json::Value = serde_json::from_str(line).unwrap();
        let (Some(kind), Some(settle)) = (duty["row"]["duty"].as_str(), duty["row"]["settle"].as_str())
        else {
            continue;
        };
        if !seen.insert(kind.to_owned()) {
            continue;
        }
        if settle.contains('…') || settle.contains('|') {
            let bare: Vec<String> = words(settle).into_iter().skip(1).collect();
            let bare: Vec<&str> = bare.iter().map(String::as_str).collect();
            assert_ne!(folder.run(&bare).code, Some(0), "{settle}");
        }
        let command = filled(settle);
        // What takes place on its day, as a training does, or falls due in its year is settled then and not before.
        let due = duty["row"]["due"].as_str().unwrap_or_default().max("2026-11-24");
        let day = if ["training", "release"].contains(&kind) { due } else { "2026-11-24" };
        let command: Vec<&str> = command.iter().map(String::as_str).chain(["--today", day]).collect();
        let ran = folder.run(&command);
        assert_eq!(ran.code, Some(0), "{settle}\n{}", ran.err);
    }
    assert!(seen.len() > 15, "{seen:?}");
}

#[test]
fn a_plan_that_nobody_dated_is_due_now() {
    let book = Folder::book();
    let plan = "[[contingencies]]\nid = \"outage\"\nscenario = \"system-outage\"\nowner = \"wang-fang\"\n";
    book.write("teams/corporate-1.toml", format!("name = \"Corporate 1\"\nlead = \"wang-fang\"\n\n{plan}"));
    let out = book.run(&["due", "-O", "csv"]).out;
    let of_plan: Vec<&str> = out.lines().filter(|line| line.contains("outage")).collect();
    assert!(of_plan.len() == 2 && of_plan.iter().all(|line| line.starts_with("2026-11-24")), "{out}");
}

#[test]
fn who_stands_in_is_told_what_falls_on_the_one_away() {
    let book = Folder::book();
    let leave = "name = \"王芳\"\n\n[[leaves]]\nfrom = 2026-11-23\nto = 2026-11-27\nkind = \"annual\"\ncover = \"li-na\"\n";
    book.write("managers/wang-fang.toml", leave);
    let of = |today: &str| book.run(&["due", "--manager", "li-na", "-O", "csv", "--today", today]).out;
    let visit =
        |text: &str| text.lines().any(|line| line.contains(",wang-fang,li-na,") && line.contains("acme"));
    assert!(
        of("2026-11-24").lines().next().unwrap().contains("manager,cover,settle"),
        "{}",
        of("2026-11-24")
    );
    assert!(visit(&of("2026-11-24")) && visit(&of("2026-11-27")), "{}", of("2026-11-24"));
    assert!(!of("2026-11-28").contains("acme") && !of("2026-11-22").contains("acme"), "{}", of("2026-11-28"));
    // Without anybody away there is no such column.
    assert!(!book.run(&["due", "-O", "csv", "--today", "2026-11-28"]).out.contains("cover"));
}
