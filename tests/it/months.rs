//! Three months closed one after the other: what is carried on, settled, deferred, released and amended, worked out by hand.

use crate::fixture::{Folder, Ran};

const SETTINGS: &str = "name = \"测试支行\"\n\n[measures.fees]\ntitle = \"中收\"\nunit = \"万元\"\nkind = \"flow\"\n\n\
    [calendar]\n2025 = {}\n2026 = {}\n2027 = {}\n";

/// Fees against a target that takes on what was missing of the last one, capped at 120; a tenth of the year's fees less what was
/// paid of it before; two fifths of it in the two years after.
const POLICY: &str = r#"
title = "月度考核"
scheme = "monthly"
effective = 2026-01-01
period = "month"
money = "万元"
rounding = { item = 2, total = 2, pay = 2 }

[[indicators]]
id = "fees"
value = "fees.sum"
target = "targets.fees"
weight = 100
curve = { kind = "ratio", max = 1.2, zero_target = "skip" }
missing = "error"
carry = { shortfall = "add-to-target", reset = "year" }

[[pay.lines]]
id = "commission"
amount = "fees.sum.year_to_date * 10% - previous.pay.commission.year_to_date"

[pay.deferral]
share = "40%"
years = ["50%", "50%"]
"#;

fn run(folder: &Folder, args: &[&str], today: &str) -> Ran {
    folder.run(&[args, &["--today", today]].concat())
}

fn done(folder: &Folder, args: &[&str], today: &str) {
    let ran = run(folder, args, today);
    assert_eq!(ran.code, Some(0), "{args:?}: {}", ran.err);
}

/// January to March of Li Na: fees of 80, 108 and 126 against 100 a month, each month closed on the 10th of the next.
fn closed() -> Folder {
    closed_by(POLICY)
}

fn closed_by(policy: &str) -> Folder {
    let folder = Folder::with([
        ("rmbook.toml", SETTINGS),
        ("policies/monthly.toml", policy),
        (
            "managers/li.toml",
            "name = \"李娜\"\n\n[targets]\n2026-01 = { fees = 100 }\n2026-02 = { fees = 100 }\n2026-03 = { fees = 100 }\n",
        ),
        (
            "clients/a.toml",
            "name = \"甲公司\"\ntier = \"base\"\nmanager = \"li\"\nstatus = \"active\"\n\n[results]\n\
             2026-01 = { fees = 80 }\n2026-02 = { fees = 108 }\n2026-03 = { fees = 126 }\n",
        ),
    ]);
    for (month, today) in [("2026-01", "2026-02-10"), ("2026-02", "2026-03-10"), ("2026-03", "2026-04-10")] {
        done(&folder, &["close", month], today);
    }
    folder
}

/// Rows of a table of `report incentive` over the three months, or from them to the month of the day.
fn rows(folder: &Folder, table: &str, today: &str) -> Vec<String> {
    let last = if today < "2027" { "2026-03" } else { "2027-01" };
    let args = ["report", "incentive", &format!("2026-01..{last}"), "--table", table, "--format", "csv"];
    let ran = run(folder, &args, today);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    ran.out.lines().skip(1).map(str::to_owned).collect()
}

fn found(folder: &Folder, today: &str) -> Vec<String> {
    let out = run(folder, &["check", "--format", "concise"], today).out;
    let closed = out.lines().filter(|line| line.contains(" RM69"));
    closed.map(|line| line.split_once(" RM").unwrap().1.to_owned()).collect()
}

fn total(folder: &Folder, month: &str, today: &str) -> String {
    let ran = run(folder, &["scorecard", month, "--format", "csv"], today);
    let row = ran.out.lines().nth(1).unwrap_or_default().to_owned();
    let cells: Vec<&str> = row.split(',').collect();
    format!("{} {}", cells[6], cells[11])
}

#[test]
fn a_shortfall_is_carried_and_pay_settled_against_what_was_paid() {
    let folder = closed();
    // January: 80 of 100. February: 108 of 100 + 20. March: 126 of 100 + 12, which is 112.5 %.
    // Pay: 80 × 10 % = 8; 188 × 10 % − 8 = 10.8; 314 × 10 % − 18.8 = 12.6; of each 40 % later.
    assert_eq!(
        rows(&folder, "incentive", "2026-04-20"),
        [
            "2026-01,monthly,li,李娜,,closed,8,3.2,0,4.8,0,万元,",
            "2026-02,monthly,li,李娜,,closed,10.8,4.32,0,6.48,0,万元,",
            "2026-03,monthly,li,李娜,,closed,12.6,5.04,0,7.56,0,万元,",
        ]
    );
    for (month, expected) in [("2026-01", "80 8"), ("2026-02", "90 10.8"), ("2026-03", "112.5 12.6")] {
        assert_eq!(total(&folder, month, "2026-04-20"), expected);
    }
    assert!(folder.read("reviews/2026-02/li.toml").contains("value = 108, target = 120, score = 90"));
    assert_eq!(found(&folder, "2026-04-20"), [""; 0]);
}

#[test]
fn deferred_pay_is_released_once_and_no_more_than_there_is() {
    let folder = closed();
    // (3.2 + 4.32 + 5.04) / 2 = 6.28 in each of the two years after.
    assert_eq!(
        rows(&folder, "incentive_deferred", "2026-04-20"),
        ["li,李娜,2027,6.28,0,0,6.28,万元", "li,李娜,2028,6.28,0,0,6.28,万元"]
    );
    let release = |amount: &str| {
        let args = ["add", "ledger", "2026-01/li", "--kind", "release", "--due", "2027", "--amount", amount];
        run(&folder, &args, "2027-01-15")
    };
    // January deferred 1.6 to 2027.
    let ran = release("1.7");
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert!(ran.err.contains("error[RM660 release-not-deferred]: 1.7 万元 released or forfeited of the pay of 2026-01 due in 2027, of which 1.6 万元 was deferred"), "{}", ran.err);
    assert_eq!(release("1.6").code, Some(0));
    assert_eq!(
        rows(&folder, "incentive_deferred", "2027-01-20"),
        ["li,李娜,2027,6.28,1.6,0,4.68,万元", "li,李娜,2028,6.28,0,0,6.28,万元"]
    );
    let due = run(&folder, &["due", "--format", "csv"], "2027-01-20").out;
    let owed: Vec<&str> = due.lines().filter(|line| line.contains("--kind release")).collect();
    assert!(
        owed.len() == 2 && owed[0].contains("--amount 2.16") && owed[1].contains("--amount 2.52"),
        "{due}"
    );
    // What was paid and deferred is not changed by its release.
    assert_eq!(
        rows(&folder, "incentive", "2027-01-20")[0],
        "2026-01,monthly,li,李娜,,closed,8,3.2,0,4.8,0,万元,"
    );
    assert_eq!(found(&folder, "2027-01-20"), [""; 0]);
}

#[test]
fn an_amended_month_is_what_an_open_one_is_settled_against_and_a_closed_one_is_not() {
    let folder = closed();
    let text = folder.read("clients/a.toml").replace("fees = 108", "fees = 118");
    let amend = |field: &str, from: &str, to: &str, today: &str| {
        let (from, to) = (format!("--from={from}"), format!("--to={to}"));
        let who = ["--why", "补录", "--who", "赵蕾", "--approved-by", "行长"];
        let args = [&["add", "amendment", "2026-02/li", "--field", field, &from, &to][..], &who].concat();
        done(&folder, &args, today);
    };
    // Only the newest closed month opens again.
    let ran = run(&folder, &["close", "2026-02", "--reopen"], "2026-04-20");
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    assert!(ran.err.contains("`2026-03` is closed"), "{}", ran.err);
    done(&folder, &["close", "2026-03", "--reopen"], "2026-04-20");
    folder.write("clients/a.toml", text);
    let open = found(&folder, "2026-04-20");
    assert!(open.len() == 2 && open.iter().all(|line| line.contains("2026-02")), "{open:?}");
    // Until the pay is amended it is 10.8, so that March pays the rest: 324 × 10 % − 18.8 = 13.6.
    assert_eq!(total(&folder, "2026-03", "2026-04-20"), "112.5 13.6");
    amend("fees", "108", "118", "2026-04-20");
    // February reached 118 of 120: March has 126 of 102, which is above the 120 % that count.
    assert_eq!(total(&folder, "2026-03", "2026-04-20"), "120 13.6");
    let said = ["--why", "补录", "--who", "赵蕾", "--approved-by", "行长"];
    done(&folder, &[&["close", "2026-02", "--amend", "li"][..], &said].concat(), "2026-04-20");
    assert_eq!(found(&folder, "2026-04-20"), [""; 0]);
    // 324 × 10 % − 8 − 11.8 = 12.6.
    assert_eq!(total(&folder, "2026-03", "2026-04-20"), "120 12.6");
    done(&folder, &["close", "2026-03"], "2026-04-21");
    assert_eq!(found(&folder, "2026-04-22"), [""; 0]);
    // Paid in all: 8 + 11.8 + 12.6 = 32.4, a tenth of 324; of February 40 % of 11.8 is deferred now.
    assert_eq!(
        rows(&folder, "incentive", "2026-04-22"),
        [
            "2026-01,monthly,li,李娜,,closed,8,3.2,0,4.8,0,万元,",
            "2026-02,monthly,li,李娜,,amended,11.8,4.72,0,7.08,0,万元,\"amended on 2026-04-20; closed at 90, pay 10.8\"",
            "2026-03,monthly,li,李娜,,closed,12.6,5.04,0,7.56,0,万元,",
        ]
    );
    // An amendment after March was closed changes nothing of it.
    amend("pay.commission", "11.8", "12", "2026-04-25");
    assert!(found(&folder, "2026-04-26").iter().all(|line| !line.contains("2026-03")));
    assert_eq!(total(&folder, "2026-03", "2026-04-26"), "120 12.6");
}

#[test]
fn a_line_under_a_gate_is_amended_with_the_pay_it_comes_to() {
    let gate = "\n[[gates]]\nid = \"calls\"\nfactor = \"0.8\"\non = \"pay\"\nmissing = \"skip\"\n";
    let folder = closed_by(&format!("{POLICY}{gate}"));
    // 10.8 × 0.8 = 8.64.
    assert_eq!(total(&folder, "2026-02", "2026-04-20"), "90 8.64");
    done(&folder, &["close", "2026-03", "--reopen"], "2026-04-20");
    folder.write("clients/a.toml", folder.read("clients/a.toml").replace("fees = 108", "fees = 118"));
    let said = ["--why", "补录", "--who", "赵蕾", "--approved-by", "行长"];
    done(&folder, &[&["close", "2026-02", "--amend", "li"][..], &said].concat(), "2026-04-20");
    let review = folder.read("reviews/2026-02/li.toml");
    assert!(review.contains("field = \"pay_total\"\nfrom = \"8.64\"\nto = \"9.44\"\n"), "{review}");
    assert_eq!(found(&folder, "2026-04-20"), [""; 0]);
    // 11.8 × 0.8 = 9.44.
    assert_eq!(total(&folder, "2026-02", "2026-04-20"), "98.33 9.44");
}
