//! A year that is cleared against what the months of another scheme paid in advance.

use crate::fixture::Folder;

const SETTINGS: &str = "name = \"测试支行\"\n\n[measures.base]\ntitle = \"绩效基数\"\nunit = \"元\"\nkind = \"balance\"\n\n\
    [measures.fines]\ntitle = \"扣罚笔数\"\nunit = \"笔\"\nkind = \"count\"\n\n\
    [measures.bonus]\ntitle = \"年度绩效\"\nunit = \"万元\"\nkind = \"flow\"\n\n[calendar]\n2026 = {}\n2027 = {}\n";

const MONTHLY: &str = "title = \"月度预发\"\nscheme = \"monthly\"\neffective = 2026-01-01\nperiod = \"month\"\nmoney = \"元\"\nmissing = \"error\"\n\
    [[pay.lines]]\nid = \"advance\"\namount = \"actuals.base.end * 70%\"\n\
    [[pay.lines]]\nid = \"fine\"\nwhen = \"actuals.fines > 0 笔\"\namount = \"-actuals.fines * 100 元/笔\"\n";

fn yearly(advance: &str) -> String {
    format!(
        "title = \"年终清算\"\nscheme = \"yearly\"\neffective = 2026-01-01\nperiod = \"year\"\nmoney = \"万元\"\nmissing = \"error\"\n\
         [[pay.lines]]\nid = \"clearing\"\nnegative = \"pay\"\namount = \"actuals.bonus - {advance}\"\n"
    )
}

/// Li, on a base of 6,000 a month, fined twice in March, and a bonus of 72,000 for the year.
fn book(advance: &str) -> Folder {
    let folder = Folder::empty();
    folder.write("rmbook.toml", SETTINGS);
    folder.write("policies/monthly.toml", MONTHLY);
    folder.write("policies/yearly.toml", yearly(advance));
    let fines = |month: u32| if month == 3 { 2 } else { 0 };
    let bonus = |month: u32| if month == 12 { "7.2" } else { "0" };
    let months = (1..=12).map(|month| {
        let (fines, bonus) = (fines(month), bonus(month));
        format!("2026-{month:02} = {{ base = 6000, fines = {fines}, bonus = {bonus} }}\n")
    });
    let months: String = months.collect();
    folder.write("managers/li.toml", format!("name = \"李娜\"\n\n[actuals]\n{months}"));
    let results = (1..=12).map(|month| format!("2026-{month:02} = {{ deposits = 1 }}\n"));
    let results: String = results.collect();
    folder.write(
        "clients/a.toml",
        format!("name = \"甲公司\"\ntier = \"base\"\nmanager = \"li\"\nstatus = \"active\"\n\n[results]\n{results}"),
    );
    folder
}

/// What the year pays in ten thousands, on the fifth of January, or what is said in place of it.
fn paid(folder: &Folder) -> String {
    paid_to("2026", folder)
}

/// The same of the year up to the end of a period.
fn paid_to(period: &str, folder: &Folder) -> String {
    let ran =
        folder.run(&["scorecard", period, "--scheme", "yearly", "--format", "csv", "--today", "2027-01-05"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let mut lines = csv::Reader::from_reader(ran.out.as_bytes());
    let heads = lines.headers().unwrap().clone();
    let at = |name: &str| heads.iter().position(|head| head == name).unwrap_or_else(|| panic!("{heads:?}"));
    let row = lines.records().next().unwrap().unwrap();
    format!("{} {}", &row[at("pay")], &row[at("remark")]).trim().to_owned()
}

#[test]
fn a_year_pays_the_bonus_less_the_advances_of_the_months() {
    // 12 × 6,000 × 70 % = 50,400; 72,000 − 50,400 = 21,600.
    let folder = book("scheme.sum('monthly', 'pay.advance')");
    let ran = folder.run(&["policy", "check"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), ""), "{}", ran.err);
    assert_eq!(paid(&folder), "2.16");
    // January was closed on a base of 5,000, which the records no longer say: 3,500 + 11 × 4,200 = 49,700.
    let manager = folder.read("managers/li.toml");
    folder.write("managers/li.toml", manager.replace("2026-01 = { base = 6000", "2026-01 = { base = 5000"));
    let ran = folder.run(&["close", "2026-01", "--scheme", "monthly", "--today", "2026-02-10"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    folder.write("managers/li.toml", manager);
    assert_eq!(paid(&folder), "2.23");
}

#[test]
fn a_line_counts_nothing_where_it_was_not_paid() {
    // 200 of March.
    let fined = "scheme.sum('monthly', 'pay.fine')";
    assert_eq!(paid(&book(fined)), "7.22");
    // −200 / 12 is a mean over all twelve months: 72,016.67 to the cent.
    assert_eq!(paid(&book("scheme.mean('monthly', 'pay.fine')")), "7.201667");
    // All that was paid: 50,400 − 200; in March 4,000, the least of all months.
    assert_eq!(paid(&book("scheme.sum('monthly', 'pay')")), "2.18");
    assert_eq!(paid(&book("scheme.min('monthly', 'pay')")), "6.8");
}

#[test]
fn a_year_to_date_takes_all_that_was_paid_since_it_began() {
    let folder = book("scheme.sum('monthly', 'pay.advance')");
    // 4,200 a month from January on, whatever period is asked for.
    for (period, paid) in
        [("2026-05", "-2.1"), ("2026-06", "-2.52"), ("2026-Q2", "-2.52"), ("2026-H1", "-2.52")]
    {
        assert!(paid_to(period, &folder).starts_with(paid), "{period}");
    }
    // Of quarters those that are over: 3 × 6,000 × 70 % each, two of them by June and one by May.
    folder.write(
        "policies/monthly.toml",
        MONTHLY.replace("\"month\"", "\"quarter\"").replace("base.end", "base.sum"),
    );
    let settings = SETTINGS.replace("kind = \"balance\"", "kind = \"flow\"");
    folder.write("rmbook.toml", settings);
    for (period, paid) in
        [("2026-05", "-1.26"), ("2026-06", "-2.52"), ("2026-Q2", "-2.52"), ("2026-04", "-1.26")]
    {
        assert!(paid_to(period, &folder).starts_with(paid), "{period}");
    }
}

#[test]
fn a_test_of_a_year_to_date_takes_what_was_paid_since_it_began() {
    let folder = book("scheme.sum('monthly', 'pay.advance')");
    let test = |paid: &str| {
        format!(
            "{}[[tests]]\nname = \"to date\"\nperiod = \"2026-Q2\"\nactuals = {{ bonus = 1 }}\nhistory = [\n\
             {{ scheme = \"monthly\", period = \"2026-01\", pay = {{ advance = 0.2 }} }},\n\
             {{ scheme = \"monthly\", period = \"2026-04\", pay = {{ advance = 0.3 }} }},\n\
             ]\nexpect = {{ pay = {{ clearing = {paid} }} }}\n",
            yearly("scheme.sum('monthly', 'pay.advance')")
        )
    };
    folder.write("policies/yearly.toml", test("0.5"));
    for args in [&["policy", "test"][..], &["policy", "check"]] {
        let ran = folder.run(args);
        assert_eq!(ran.code, Some(0), "{args:?}: {}{}", ran.out, ran.err);
    }
    // What was paid in the year before is none of it.
    folder.write("policies/yearly.toml", test("0.5").replace("2026-01\"", "2025-12\""));
    let ran = folder.run(&["policy", "check", "--format", "concise"]);
    assert!(ran.out.contains("2025-12"), "{}", ran.out);
}

#[test]
fn a_month_without_its_pay_is_said() {
    let folder = book("scheme.sum('monthly', 'pay.advance')");
    let manager = folder.read("managers/li.toml");
    folder.write(
        "managers/li.toml",
        manager.replace("2026-05 = { base = 6000, fines = 0", "2026-05 = { base = 6000"),
    );
    let open = "`scheme.sum(\"monthly\", \"pay.advance\")`: no pay under monthly in 2026-05";
    assert_eq!(paid(&folder), open);
}

#[test]
fn a_line_that_is_not_what_was_paid_for_it_is_told() {
    let told = |monthly: &str, advance: &str| {
        let folder = book(advance);
        folder.write("policies/monthly.toml", format!("{MONTHLY}{monthly}"));
        let ran = folder.run(&["policy", "check", "--format", "concise"]);
        let lines = ran.out.lines().filter(|line| line.contains("RM956"));
        lines
            .map(|line| line.rsplit("what acts on the pay: ").next().unwrap_or_default().to_owned())
            .collect::<Vec<_>>()
    };
    let advance = "scheme.sum('monthly', 'pay.advance')";
    let gate = "[[gates]]\nid = \"g\"\non = \"pay\"\nfactor = \"50%\"\n";
    assert_eq!(told(gate, advance), ["gates.g"]);
    assert_eq!(
        told(
            &format!("{gate}[partial]\nprorate = \"pay\"\nby = \"days\"\n[pay]\nmax = \"5000 元\"\n"),
            advance
        ),
        ["gates.g, partial.prorate, pay.max"]
    );
    // What is paid in all is after the gate; a gate on the total, or a line that it leaves alone, changes no line.
    let none: [&str; 0] = [];
    assert_eq!(told(gate, "scheme.sum('monthly', 'pay')"), none);
    assert_eq!(told("", advance), none);
    let free = "[[pay.lines]]\nid = \"meals\"\namount = \"100 元\"\ngated = false\n";
    assert_eq!(told(&format!("{free}{gate}"), "scheme.sum('monthly', 'pay.meals')"), none);
    // The same of its own earlier periods.
    let own = "[[pay.lines]]\nid = \"rest\"\namount = \"100 元 - default(previous.pay.advance, 0 元)\"\n";
    assert_eq!(told(&format!("{own}{gate}"), "scheme.sum('monthly', 'pay')"), ["gates.g"]);
}

#[test]
fn what_cannot_be_asked_of_another_scheme_is_refused() {
    let told = |advance: &str| {
        let ran = book(advance).run(&["policy", "check", "--format", "concise"]);
        (ran.code, ran.out.lines().next().unwrap_or_default().to_owned())
    };
    let refused = |advance: &str, message: &str| {
        let (code, line) = told(advance);
        assert!(code == Some(1) && line.contains(message), "{advance}: {line}");
    };
    let line = "no policy of the scheme `monthly` has the pay line `advanse`";
    refused("scheme.sum('monthly', 'pay.advanse')", line);
    refused("scheme.sum('monthly', 'value.x')", "of another scheme there are totals and what it pays");
    refused("scheme.sum('monthli', 'pay')", "no policy has the scheme `monthli`");
    // Nothing of a year precedes it.
    let always = "nothing of a year precedes it: `previous.pay.clearing.year_to_date` is always 0";
    refused("previous.pay.clearing.year_to_date", always);
    refused("previous.pay.year_to_date", "`previous.pay.year_to_date` is always 0");
    assert_eq!(told("default(previous.pay.clearing, 0 万元)"), (Some(0), String::new()));
}
