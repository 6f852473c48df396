//! `rmbook report`: names, periods, formats and exit codes; what each report counts is tested beside it.

use std::process::{Command, Output};

use super::fixture::Folder;

fn book() -> Folder {
    Folder::with([
        ("rmbook.toml", "name = '测试支行'\n"),
        ("managers/wang-fang.toml", "name = '王芳'\nteam = 'corporate-1'\n"),
        ("teams/corporate-1.toml", "name = '公司一部'\n"),
        (
            "clients/acme.toml",
            "name = '华东精密'\ntier = 'key'\nmanager = 'wang-fang'\nstatus = 'active'\n[results]\n2026-09 = { deposits = 100 }\n",
        ),
    ])
}

fn report(folder: &Folder, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_rmbook"))
        .current_dir(folder.root())
        .env_clear()
        .args(["--today", "2026-11-24", "--lang", "en", "report"])
        .args(args)
        .output()
        .unwrap()
}

#[track_caller]
fn says(output: &Output, code: i32, stdout: &str, stderr: &str) {
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{out}{err}");
    assert!(out.contains(stdout), "{out}");
    assert!(err.contains(stderr), "{err}");
}

#[test]
fn without_a_name_the_reports_are_listed() {
    says(&report(&book(), &[]), 0, "communication", "");
}

#[test]
fn a_name_nobody_knows_says_the_nearest() {
    says(&report(&book(), &["complaint"]), 2, "", "a similar name exists: `complaints`");
    says(&report(&book(), &["complaints", "--manager", "wang-fan"]), 2, "", "`wang-fang`");
    says(&report(&book(), &["complaints", "--table", "nothing"]), 2, "", "open_complaints");
    says(&report(&book(), &["complaints", "soon"]), 2, "", "`soon` is not a period");
}

#[test]
fn the_usual_period_is_the_last_full_month_with_figures() {
    let output = report(&book(), &["communication"]);
    says(&output, 0, "2026-09-01 to 2026-09-30, as it stood on 2026-09-30", "reporting 2026-09");
    let output = report(&book(), &["communication", "2026-10"]);
    says(&output, 0, "as it stood on 2026-10-31", "");
    assert!(output.stderr.is_empty());
}

#[test]
fn every_format_prints_a_report() {
    for format in ["text", "json", "jsonl", "md", "html"] {
        says(&report(&book(), &["all", "2026-10", "-O", format]), 0, "wang-fang", "");
    }
    let output = report(&book(), &["communication", "2026-10", "--table", "attendance", "-O", "csv"]);
    says(&output, 0, "wang-fang,王芳,0,0,0,,0,", "");
    says(&report(&book(), &["communication", "2026-10", "-O", "csv"]), 2, "", "choose one with `--table`");
}

#[test]
fn about_tells_what_each_figure_is() {
    says(&report(&book(), &["complaints", "--about"]), 0, "days to close", "");
}

#[test]
fn a_report_refuses_half_a_book_unless_told_to() {
    let folder = book();
    folder.write("clients/beta.toml", "name = 1\n");
    says(&report(&folder, &["complaints", "2026-10"]), 2, "", "--partial");
    says(&report(&folder, &["complaints", "2026-10", "--partial"]), 0, "beta", "");
}

#[test]
fn the_early_figures_of_one_client_move_nobody_to_a_new_month() {
    let folder = book();
    for client in ["b", "c", "d"] {
        folder.write(
            &format!("clients/{client}.toml"),
            format!("name = '{client}'\ntier = 'key'\nmanager = 'wang-fang'\nstatus = 'active'\n[results]\n2026-09 = {{ deposits = 100 }}\n"),
        );
    }
    let early = "name = 'd'\ntier = 'key'\nmanager = 'wang-fang'\nstatus = 'active'\n[results]\n2026-09 = { deposits = 100 }\n\
                 2026-10 = { deposits = 100 }\n";
    folder.write("clients/d.toml", early);
    says(&report(&folder, &["growth"]), 0, "2026-09-01 to 2026-09-30", "reporting 2026-09");
    says(&report(&folder, &["growth", "2026-10"]), 0, "no figures of 2026-10 for acme, b, c", "");
    says(&report(&folder, &["growth", "2026-08"]), 0, "no figures of 2026-08", "");
    says(&report(&folder, &["growth", "2099-01"]), 0, "no figures of 2099-01", "");
    // Half of them have theirs now.
    folder.write("clients/c.toml", early.replace("'d'", "'c'"));
    says(&report(&folder, &["growth"]), 0, "no figures of 2026-10 for acme, b", "");
    let complaints = report(&folder, &["complaints"]);
    assert!(!String::from_utf8_lossy(&complaints.stdout).contains("no figures"));
}

#[test]
fn a_report_of_a_team_is_about_its_members_of_then() {
    let folder = book();
    folder.write("teams/corporate-2.toml", "name = '公司二部'\n");
    folder.write(
        "managers/wang-fang.toml",
        "name = '王芳'\nteam = 'corporate-2'\n[targets]\n2026-09 = { deposits = 200 }\n\
         [[history]]\nuntil = 2026-10-31\nteam = 'corporate-1'\n",
    );
    let rows = |month: &str, team: &str| {
        let output = report(&folder, &["pacing", month, "--team", team, "-O", "csv"]);
        assert_eq!(output.status.code(), Some(0));
        String::from_utf8(output.stdout).unwrap().matches("wang-fang").count()
    };
    assert!(rows("2026-09", "corporate-1") > 0);
    assert_eq!(rows("2026-09", "corporate-2"), 0);
}
