//! Periods in which somebody was not judged, or was in no scheme: they add nothing to what is summed up over the year.

use crate::fixture::Folder;
use crate::language::{found, holds};

const YEAR_TO_DATE: &str = "actuals.won.year_to_date * 5% - previous.pay.commission.year_to_date";

/// Li won 10,000 a month from January on, and is paid 5 % of the year to date less what was paid, as a relationship manager.
fn book(manager: &str, head: &str) -> Folder {
    let folder = Folder::empty();
    folder.write(
        "rmbook.toml",
        "name = \"测试支行\"\n\n[measures.won]\ntitle = \"销量\"\nunit = \"元\"\nkind = \"flow\"\n\n[calendar]\n2026 = {}\n",
    );
    folder.write(
        "policies/ytd.toml",
        format!(
            "title = \"P\"\nscheme = \"ytd\"\nperiod = \"month\"\neffective = 2026-01-01\nmoney = \"元\"\nmissing = \"error\"\n\
             applies = \"manager.role == 'rm'\"\n{head}\n[[pay.lines]]\nid = \"commission\"\namount = \"{YEAR_TO_DATE}\"\n"
        ),
    );
    let won: String = (1..=4).map(|month| format!("2026-{month:02} = {{ won = 10000 }}\n")).collect();
    folder.write("managers/li.toml", format!("name = \"李娜\"\nrole = \"rm\"\n{manager}\n[actuals]\n{won}"));
    let results: String = (1..=4).map(|month| format!("2026-{month:02} = {{ deposits = 1 }}\n")).collect();
    folder.write(
        "clients/a.toml",
        format!("name = \"甲公司\"\ntier = \"base\"\nmanager = \"li\"\nstatus = \"active\"\n\n[results]\n{results}"),
    );
    folder
}

/// What Li is paid for a month; nothing where there is no pay.
fn paid(folder: &Folder, month: &str) -> Option<String> {
    let ran = folder.run(&["scorecard", month, "--format", "csv", "--today", "2026-05-10"]);
    let mut lines = csv::Reader::from_reader(ran.out.as_bytes());
    let at = lines.headers().unwrap().iter().position(|head| head == "pay");
    let row = lines.records().next()?.unwrap();
    at.map(|at| row[at].to_owned()).filter(|pay| !pay.is_empty())
}

fn close(folder: &Folder, month: &str) {
    let ran = folder.run(&["close", month, "--today", "2026-05-10"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
}

/// Pays the months one after the other, closing each.
fn in_turn(folder: &Folder, months: &[&str]) -> Vec<Option<String>> {
    let each = months.iter().map(|month| {
        let pay = paid(folder, month);
        close(folder, month);
        pay
    });
    each.collect()
}

fn pays(amounts: &[&str]) -> Vec<Option<String>> {
    amounts
        .iter()
        .map(|amount| Some(*amount).filter(|amount| !amount.is_empty()).map(str::to_owned))
        .collect()
}

#[test]
fn a_month_closed_without_a_judgement_adds_nothing() {
    let joined = "joined = 2026-01-15\n";
    let folder = book(joined, "[partial]\nmin_months = 1");
    // January's 10,000 count from February on: 5 % of 20,000, then of 10,000 each.
    assert_eq!(
        in_turn(&folder, &["2026-01", "2026-02", "2026-03", "2026-04"]),
        pays(&["", "1000", "500", "500"])
    );
}

#[test]
fn a_month_in_another_post_adds_nothing() {
    // With the counter until the end of February.
    let moved = "[[history]]\nuntil = 2026-02-28\nrole = \"teller\"\n";
    let folder = book(moved, "");
    assert_eq!(paid(&folder, "2026-02"), None);
    assert_eq!(in_turn(&folder, &["2026-03", "2026-04"]), pays(&["1500", "500"]));
    // Away for a month only, January closed and paid before.
    let away = "[[history]]\nuntil = 2026-01-31\nrole = \"rm\"\n[[history]]\nuntil = 2026-02-28\nrole = \"teller\"\n";
    let folder = book(away, "");
    assert_eq!(in_turn(&folder, &["2026-01", "2026-03", "2026-04"]), pays(&["500", "1000", "500"]));
}

#[test]
fn a_month_left_open_is_waited_for() {
    let folder = book("", "");
    close(&folder, "2026-01");
    assert_eq!(paid(&folder, "2026-03"), None);
    let ran = folder.run(&["scorecard", "2026-03", "--today", "2026-05-10"]);
    assert!(ran.out.contains("2026-02 is not closed"), "{}", ran.out);
}

#[test]
fn a_mean_over_periods_says_how_many_are_enough() {
    let mean = |call: &str, history: &str, expect: &str| {
        holds(&format!(
            "missing = \"error\"\n[measures.n]\nkind = \"flow\"\n[[indicators]]\nid = \"x\"\nweight = 100\nvalue = \"n.sum\"\n\
             curve = {{ kind = \"per-unit\", unit = 1, points = 1 }}\n[[pay.lines]]\nid = \"p\"\namount = \"total.{call} * 1 元\"\n\
             [[tests]]\nname = \"{call}\"\nperiod = \"2026-05\"\ninputs = {{ \"n.sum\" = 60 }}\nhistory = [{history}]\nexpect = {{ {expect} }}\n"
        ));
    };
    let year = "{ period = \"2026-04\", total = 70 }, { period = \"2026-03\" }, { period = \"2026-02\", total = 80 }, { period = \"2026-01\", total = 90 }";
    // March was not judged: (60 + 70 + 80) / 3, and 60 + 70 + 80 + 90.
    mean("mean(4, 3)", year, "pay = { p = \"70 元\" }");
    mean("sum(5, 4)", year, "pay = { p = \"300 元\" }");
    mean("mean('year')", year, "pay = { p = \"75 元\" }");
    mean("mean(4)", year, "error = \"missing: p\"");
    mean("mean(4, 4)", year, "error = \"missing: p\"");
    mean("mean(2)", year, "pay = { p = \"65 元\" }");
    // A month that is not stated at all stands open.
    let open = year.replace("{ period = \"2026-03\" }, ", "");
    mean("mean(4, 3)", &open, "error = \"missing: p\"");
    let line = |call: &str| {
        found(&format!("missing = \"zero\"\n[[pay.lines]]\nid = \"p\"\namount = \"total.{call} * 1 元\"\n"))
    };
    for call in ["mean(3, 4)", "mean(3, 0)", "mean(1, 1)", "mean(3, 2, 1)"] {
        assert_eq!(line(call), ["bad-expression pay.lines[0].amount"], "{call}");
    }
}
