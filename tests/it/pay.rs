//! Pay and closed periods as people are shown them: what was closed stands, what is missing is never zero, and a month that is
//! not over says so.

use crate::fixture::Folder;

const POLICY: &str = r#"
title = "月度考核"
scheme = "scorecard"
effective = 2026-01-01
period = "month"
money = "万元"
missing = "skip"
rounding = { item = 2, total = 2, pay = 2 }

[[indicators]]
id = "deposits"
value = "deposits.average"
target = "targets.deposits"
weight = 60
curve = { kind = "ratio", max = 1.2, zero_target = "skip" }

[[indicators]]
id = "fees"
value = "fees.sum"
target = "targets.fees"
weight = 40
curve = { kind = "ratio", max = 1.2, zero_target = "skip" }

[[ratings]]
id = "B"
at_least = 85

[[ratings]]
id = "C"
below = 85

[[pay.lines]]
id = "bonus"
pool = { of = "unit.bonus_pool", by = "total", among = "all", places = 2 }
"#;

const SETTINGS: &str = "name = \"测试支行\"\n\n[measures.deposits]\ntitle = \"存款\"\nunit = \"万元\"\nkind = \"balance\"\n\n\
    [measures.fees]\ntitle = \"中收\"\nunit = \"万元\"\nkind = \"flow\"\n\n\
    [measures.bonus_pool]\ntitle = \"奖金池\"\nunit = \"万元\"\nkind = \"flow\"\n\n[calendar]\n2025 = {}\n2026 = {}\n\n\
    [actuals]\n2026-04 = { bonus_pool = 10 }\n";

/// Two managers: Li reaches 90 % of both targets, Wang 80 %.
fn folder() -> Folder {
    let folder = Folder::empty();
    folder.write("rmbook.toml", SETTINGS);
    folder.write("policies/p.toml", POLICY);
    for (id, deposits, fees) in [("li", 900, 9), ("wang", 800, 8)] {
        folder.write(
            &format!("managers/{id}.toml"),
            format!("name = \"{id}\"\n\n[targets]\n2026-04 = {{ deposits = 1000, fees = 10 }}\n"),
        );
        folder.write(
            &format!("clients/of-{id}.toml"),
            format!(
                "name = \"{id}公司\"\ntier = \"base\"\nmanager = \"{id}\"\nstatus = \"active\"\n\n[results]\n2026-04 = {{ deposits = {deposits}, fees = {fees} }}\n"
            ),
        );
    }
    folder
}

fn closed() -> Folder {
    let folder = folder();
    let ran = folder.run(&["close", "2026-04", "--today", "2026-05-10"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    folder
}

/// The scorecards of April: manager, total, rating, pay, state and remark.
fn april(folder: &Folder) -> Vec<String> {
    let ran = folder.run(&["scorecard", "2026-04", "--format", "csv", "--today", "2026-05-20"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let mut lines = csv::Reader::from_reader(ran.out.as_bytes());
    let heads = lines.headers().unwrap().clone();
    let at = |name: &str| heads.iter().position(|head| head == name).unwrap();
    let wanted = ["manager", "total", "rating", "pay", "state", "remark"].map(at);
    let shown = lines.records().map(|row| {
        let row = row.unwrap();
        wanted.map(|at| row[at].to_owned()).join(" | ")
    });
    shown.collect()
}

fn findings(folder: &Folder, code: &str) -> Vec<String> {
    let ran = folder.run(&["check", "--today", "2026-05-20", "--format", "concise"]);
    ran.out.lines().filter(|line| line.contains(code)).map(str::to_owned).collect()
}

#[test]
fn a_closed_period_stays_as_it_was_closed_and_says_what_the_records_give_now() {
    let folder = closed();
    // 10 shared by 90 and 80: 5.29 and 4.71.
    assert_eq!(april(&folder), ["li | 90 | B | 5.29 | closed | ", "wang | 80 | C | 4.71 | closed | "]);

    let client = folder.read("clients/of-wang.toml");
    folder.write("clients/of-wang.toml", client.replace("deposits = 800", "deposits = 900"));
    // Wang would have 90 % × 60 + 80 % × 40 = 86, and the pool would be shared 90 to 86.
    assert_eq!(
        april(&folder),
        [
            "li | 90 | B | 5.29 | closed | closed at pay 5.29; the records now give pay 5.11",
            "wang | 80 | C | 4.71 | closed | closed at 80, C, pay 4.71; the records now give 86, B, pay 4.89",
        ]
    );
    let explained =
        folder.run(&["scorecard", "2026-04", "--manager", "wang", "--explain", "--today", "2026-05-20"]);
    assert!(explained.out.contains("86"), "{}", explained.out);
    let note = "computed from the records as they are now; closed at 80, C, pay 4.71";
    assert!(explained.out.contains(note), "{}", explained.out);
    let items = folder.run(&["scorecard", "2026-04", "--manager", "wang", "--items", "--format", "csv"]);
    assert!(items.out.contains("deposits,deposits,indicator,,800,1000,80,60,48"), "{}", items.out);
    let balance = folder.run(&["report", "balance", "2026-04", "--format", "csv", "--today", "2026-05-20"]);
    assert!(balance.out.contains("wang,wang,80,C"), "{}", balance.out);
}

#[test]
fn an_amendment_changes_exactly_what_it_names() {
    let folder = closed();
    let client = folder.read("clients/of-wang.toml");
    folder.write("clients/of-wang.toml", client.replace("deposits = 800", "deposits = 900"));
    let review = folder.read("reviews/2026-04/wang.toml");
    let amendment = |field: &str, to: &str| {
        format!(
            "\n[[amendments]]\ndate = 2026-05-18\nfield = \"{field}\"\n{to}why = \"补录\"\nwho = \"赵蕾\"\napproved_by = \"行长\"\n"
        )
    };
    let deposits = amendment("deposits", "from = \"800\"\nto = \"900\"\n");
    let rating = amendment("rating", "from = \"C\"\nto = \"B\"\n");
    folder.write("reviews/2026-04/wang.toml", format!("{review}{deposits}{rating}"));
    let rated = "wang | 80 | B | 4.71 | amended | amended on 2026-05-18; closed at C; the records now give 86, pay 4.89";
    assert_eq!(april(&folder)[1], rated);
    // 80, 6 more for deposits; the share of a pool stays paid as it was.
    let total = amendment("total", "from = \"80\"\nto = \"86\"\n");
    let [score, points] = ["score", "points"].map(|key| {
        amendment(&format!("deposits.{key}"), &format!("to = \"{}\"\n", if key == "score" { 90 } else { 54 }))
    });
    folder.write("reviews/2026-04/wang.toml", format!("{review}{deposits}{score}{points}{total}{rating}"));
    let amended = "wang | 86 | B | 4.71 | amended | amended on 2026-05-18; closed at 80, C; the records now give pay 4.89";
    assert_eq!(april(&folder)[1], amended);
    assert_eq!(findings(&folder, "RM690"), [] as [&str; 0]);

    // One without a value changes nothing.
    folder.write("reviews/2026-04/wang.toml", format!("{review}{}", amendment("total", "")));
    assert!(april(&folder)[1].starts_with("wang | 80 | C | 4.71 | closed | closed at 80"));
}

#[test]
fn what_follows_a_closed_period_goes_by_what_was_amended() {
    let folder = folder();
    let (policy, _) = POLICY.split_once("[[pay.lines]]").unwrap();
    let lines = "[[pay.lines]]\nid = \"stock\"\namount = \"deposits.average * 1%\"\n[[pay.lines]]\nid = \"fees\"\namount = \"fees.sum * 10%\"\n";
    folder.write("policies/p.toml", format!("{policy}{lines}"));
    assert_eq!(folder.run(&["close", "2026-04", "--today", "2026-05-10"]).code, Some(0));
    // 1 % of 800 and 10 % of 8.
    assert!(april(&folder)[1].starts_with("wang | 80 | C | 8.8 | closed"), "{:?}", april(&folder));
    let client = folder.read("clients/of-wang.toml");
    let client = client.replace("deposits = 800", "deposits = 900").replace("fees = 8", "fees = 9");
    folder.write("clients/of-wang.toml", client);
    assert!(april(&folder)[1].ends_with("the records now give 90, B, pay 9.9"), "{:?}", april(&folder));
    let said = ["--why", "补录", "--who", "赵蕾", "--approved-by", "行长", "--today", "2026-05-18"];
    let amended = folder.run(&[["close", "2026-04", "--amend", "wang"].as_slice(), &said].concat());
    assert_eq!(amended.code, Some(0), "{}", amended.err);
    let stands = "wang | 90 | B | 9.9 | amended | amended on 2026-05-18; closed at 80, C, pay 8.8; \
                  places as closed; by the totals as amended: Rank 1";
    assert_eq!(april(&folder)[1], stands);
    assert_eq!(findings(&folder, "RM690"), [] as [&str; 0]);
    // The next month's line is what the month before paid.
    let (head, _) = policy.split_once("[[indicators]]").unwrap();
    let next = format!("{head}[[pay.lines]]\nid = \"before\"\namount = \"previous.pay\"\n")
        .replace("effective = 2026-01-01", "effective = 2026-05-01");
    folder.write("policies/next.toml", next);
    let may =
        folder.run(&["scorecard", "2026-05", "--manager", "wang", "-O", "csv", "--today", "2026-06-10"]);
    assert!(may.out.contains(",9.9,万元,9.9,"), "{}{}", may.out, may.err);
}

#[test]
fn a_missing_pool_is_not_zero() {
    let folder = folder();
    folder.write("rmbook.toml", SETTINGS.replace("2026-04 = { bonus_pool = 10 }\n", ""));
    let rows = april(&folder);
    assert!(rows[0].starts_with("li | 90 | B |  | open | `unit.bonus_pool`: "), "{rows:?}");
    assert!(rows[1].starts_with("wang | 80 | C |  | open | `unit.bonus_pool`: "), "{rows:?}");
    let found = findings(&folder, "RM698");
    assert!(found.len() == 1 && found[0].contains("for 2 managers in 2026-04"), "{found:?}");
    let report = folder.run(&["report", "incentive", "2026-04", "--table", "incentive", "--format", "csv"]);
    assert!(report.out.contains("2026-04,p,li,li,B,open,,,,,0,万元,`unit.bonus_pool`"), "{}", report.out);
    assert_eq!(folder.run(&["close", "2026-04", "--today", "2026-05-10"]).code, Some(2));
    folder.write("rmbook.toml", SETTINGS);
    assert_eq!(findings(&folder, "RM698"), [] as [&str; 0]);
}

#[test]
fn a_missing_target_names_the_weight_that_was_spread() {
    let folder = folder();
    let manager = folder.read("managers/li.toml");
    folder.write("managers/li.toml", manager.replace(", fees = 10", ""));
    let rows = april(&folder);
    assert!(rows[0].ends_with("weight spread, no figure or target: fees"), "{rows:?}");
    let found = findings(&folder, "RM699");
    let says = "`targets.fees` of li for 2026-04 is missing, which fees of p needs";
    assert!(found.len() == 1 && found[0].contains(says), "{found:?}");
    folder.write("managers/li.toml", manager);
    assert_eq!(findings(&folder, "RM699"), [] as [&str; 0]);
}

#[test]
fn what_counts_as_zero_for_want_of_a_figure_is_named() {
    let folder = folder();
    let extra = "[[pay.lines]]\nid = \"extra\"\nmissing = \"zero\"\namount = \"targets.fees * 1%\"\n\
        [[pay.lines]]\nid = \"other\"\nmissing = \"skip\"\namount = \"targets.fees * 1%\"\n";
    let stating = |counts: &str| POLICY.replace("missing = \"skip\"", &format!("missing = \"{counts}\""));
    let manager = folder.read("managers/li.toml");
    folder.write("policies/p.toml", format!("{}{extra}", stating("zero")));
    // Both have their targets: 1 % of 10 twice, and the shares of 10.
    let none = april(&folder).join("\n");
    assert!(!none.contains("counted"), "{none}");
    folder.write("managers/li.toml", manager.replace(", fees = 10", ""));
    let lacking = "`targets.fees`: no target for fees in 2026-04";
    // Of Wang, whose 80 come first now, nothing is said; Li has 60 % of 90.
    let rows = april(&folder);
    assert!(rows[1].starts_with("li | 54 | C | "), "{rows:?}");
    let said = "counted as zero, no figure or target: fees; other not paid";
    assert!(rows[1].contains(said), "{rows:?}");
    assert!(
        rows[1].ends_with(&format!("other not paid: {lacking}; pay counted as zero, no figure: extra")),
        "{rows:?}"
    );
    assert!(!rows[0].contains("counted"), "{rows:?}");
    let report = folder.run(&["report", "incentive", "2026-04", "--table", "incentive", "--format", "csv"]);
    assert!(report.out.contains("pay counted as zero, no figure: extra"), "{}", report.out);
    // Full marks for want of a target: 54 and 40.
    folder.write("policies/p.toml", format!("{}{extra}", stating("full")));
    let rows = april(&folder);
    assert!(rows[0].starts_with("li | 94 | B | "), "{rows:?}");
    assert!(rows[0].contains("counted in full, no figure or target: fees"), "{rows:?}");
}

#[test]
fn a_pool_that_shrank_after_closing_is_found() {
    let folder = closed();
    assert_eq!(findings(&folder, "RM69"), [] as [&str; 0]);
    folder.write("rmbook.toml", SETTINGS.replace("bonus_pool = 10", "bonus_pool = 4"));
    let found = findings(&folder, "RM693");
    assert!(found.len() == 1 && found[0].contains("10 was paid for 2026-04 out of a pool of 4"), "{found:?}");
    assert_eq!(findings(&folder, "RM690").len(), 2, "the pay of both would be another");
}

#[test]
fn a_month_that_is_not_over_is_to_date_and_one_not_begun_is_refused() {
    let folder = folder();
    let running = folder.run(&["scorecard", "2026-04", "--format", "csv", "--today", "2026-04-30"]);
    assert_eq!((running.code, running.out.matches(",to-date,").count()), (Some(0), 2), "{}", running.out);
    assert!(running.err.contains("2026-04 is over after 2026-04-30"), "{}", running.err);
    let ahead = folder.run(&["scorecard", "2026-05", "--today", "2026-04-30"]);
    assert_eq!(ahead.code, Some(2));
    assert!(ahead.err.contains("`2026-05` has not begun: it starts on 2026-05-01"), "{}", ahead.err);
}

#[test]
fn a_figure_no_policy_asks_for_is_not_set() {
    let folder = folder();
    let set = |figure: &str| folder.run(&["scorecard", "2026-04", "--set", figure, "--today", "2026-05-20"]);
    let near = set("deposit.average=1000");
    assert_eq!(near.code, Some(2));
    assert!(near.err.contains("a similar one is `deposits.average`"), "{}", near.err);
    assert_eq!(set("loans.average=1000").code, Some(2), "the policy does not use it");
    // A figure that goes without saying may be left unsaid, as in the policy.
    let whole = set("deposits.average=1000").out;
    assert_eq!(set("deposits=1000").out, whole.replace("deposits.average=", "deposits="));
    assert_eq!(set("deposits.average=1000").code, Some(0));
}

#[test]
fn a_figure_is_set_in_the_policys_money_or_its_own_unit_and_says_so() {
    let folder = folder();
    folder.write("policies/p.toml", POLICY.replace("money = \"万元\"", "money = \"元\""));
    let set = |figure: &str| {
        folder.run(&["scorecard", "2026-04", "--set", figure, "-O", "csv", "--today", "2026-05-20"])
    };
    // 8 of 10 is 80 % of 40 points, and 90 or 80 % of 60 stay.
    let bare = set("fees.sum=80000");
    assert!(bare.out.contains(",86,1,") && bare.out.contains(",80,2,"), "{} {}", bare.out, bare.err);
    assert_eq!(bare.out.matches(",supposed,").count(), 2, "{}", bare.out);
    assert_eq!(set("fees.sum=8 万元").out, bare.out);
    assert_eq!(set("fees.sum=8万").out, bare.out);
    assert!(set("fees.sum=many").err.contains("is not FIGURE=NUMBER"));
    let text = folder.run(&["scorecard", "2026-04", "--set", "fees.sum=8万", "--today", "2026-05-20"]).out;
    assert!(text.contains("supposed that fees.sum=8万"), "{text}");
}

#[test]
fn a_figure_is_set_with_its_unit_and_a_mark_by_its_item() {
    let folder = folder();
    let measures = "[measures.kept]\ntitle = \"留存率\"\nunit = \"%\"\nkind = \"ratio\"\n\n\
        [measures.won]\ntitle = \"新增户数\"\nunit = \"户\"\nkind = \"count\"\n\n";
    folder.write("rmbook.toml", SETTINGS.replace("[calendar]", &format!("{measures}[calendar]")));
    let head = POLICY.split("[[indicators]]").next().unwrap();
    let items = "[[indicators]]\nid = \"a\"\nweight = 40\nvalue = \"kept\"\ncurve = { kind = \"formula\", score = \"x * full\" }\n\
        [[indicators]]\nid = \"b\"\nweight = 30\nvalue = \"won\"\ncurve = { kind = \"per-unit\", unit = \"1 户\", points = 5 }\n\
        [[indicators]]\nid = \"c\"\nweight = 30\ncurve = { kind = \"manual\" }\n";
    folder.write("policies/p.toml", format!("{head}{items}"));
    let set = |figures: &[&str]| {
        let args = ["scorecard", "2026-04", "--manager", "li", "-O", "csv", "--today", "2026-05-20"];
        let given = figures.iter().flat_map(|figure| ["--set", *figure]);
        folder.run(&args.into_iter().chain(given).collect::<Vec<_>>())
    };
    // 0.5 × 40 + 4 × 5 × 0.3 + 60 × 0.3 = 20 + 6 + 18.
    let all = set(&["kept=50%", "won=4户", "marks.c=60"]);
    assert!(all.out.contains(",44,"), "{}{}", all.out, all.err);
    assert_eq!(
        set(&["kept=0.5", "won=4", "marks.c=60"]).out,
        all.out.replace("50%", "0.5").replace("4户", "4")
    );
    assert_eq!(set(&["kept=５０％", "won=4 户", "marks.c=60"]).code, Some(0));
    let refused = |figure: &str, why: &str| {
        let ran = set(&[figure]);
        assert!(ran.code == Some(2) && ran.err.contains(why), "{figure}: {}{}", ran.out, ran.err);
    };
    refused("kept=50", "is 5000%, for the figure is a part of one");
    assert_eq!(set(&["kept=5000%"]).code, Some(0));
    refused("won=4%", "`won` is in 户, not in percent");
    refused("won=4个", "is not FIGURE=NUMBER");
    refused("marks.d=4", "no policy asks for `marks.d`");
}

#[test]
fn a_figure_of_the_manager_is_refused_where_records_are_looked_at_one_by_one() {
    let folder = folder();
    let each = POLICY.replace("value = \"fees.sum\"", "each = \"client\"\nvalue = \"fees.sum\"");
    folder.write("policies/p.toml", each);
    let set = |figure: &str| folder.run(&["scorecard", "2026-04", "--set", figure, "--today", "2026-05-20"]);
    let refused = set("fees.sum=8");
    assert_eq!(refused.code, Some(2));
    assert!(refused.err.contains("`fees.sum` is evaluated record by record in `fees`"), "{}", refused.err);
    assert_eq!(set("deposits.average=900").code, Some(0));
}

#[test]
fn a_leaver_in_mid_month_has_served_no_whole_month() {
    let folder = folder();
    folder.write(
        "policies/p.toml",
        format!("{POLICY}\n[partial]\nmin_months = 1\nprorate = \"none\"\nby = \"days\"\n"),
    );
    let manager = folder.read("managers/li.toml");
    let left = manager.replace("name = \"li\"\n", "name = \"li\"\njoined = 2016-01-01\nleft = 2026-04-15\n");
    folder.write("managers/li.toml", left);
    let rows = april(&folder);
    let says = "0 whole months in post within 2026-04, at least 1 are needed to be judged";
    assert!(rows.iter().any(|row| row.starts_with("li") && row.ends_with(says)), "{rows:?}");
}

#[test]
fn a_rating_that_lacks_a_figure_is_withheld_before_the_period_is_closed() {
    let folder = folder();
    let asked = POLICY.replace("at_least = 85", "at_least = 85\nwhen = \"actuals.fees >= 0\"").replace(
        "[[pay.lines]]",
        "[[promotion]]\nto = \"senior\"\nall = [\"total >= 85\", \"actuals.fees >= 0\"]\n\n[[pay.lines]]",
    );
    folder.write("policies/p.toml", asked);
    // Wang is below 85 and rated C whatever the fees are; the pool looks at totals alone.
    let april = april(&folder);
    assert_eq!(april[1], "wang | 80 | C | 4.71 | open | ");
    let why = "no rating can be stated while it is not known whether B holds: `actuals.fees`: ";
    assert!(april[0].starts_with(&format!("li | 90 |  | 5.29 | open | {why}")), "{april:?}");
    assert!(april[0].contains("; promotion `senior` cannot be judged: `actuals.fees`: "), "{april:?}");
    let found = findings(&folder, "RM698");
    assert!(
        found.len() == 1 && found[0].contains("no rating can be stated for 1 manager in 2026-04"),
        "{found:?}"
    );
    let ran = folder.run(&["close", "2026-04", "--today", "2026-05-10"]);
    assert!(ran.code == Some(2) && ran.err.contains(why), "{}", ran.err);
    let explained =
        folder.run(&["scorecard", "2026-04", "--manager", "li", "--explain", "--today", "2026-05-20"]);
    assert!(explained.out.contains(why), "{}", explained.out);
}

#[test]
fn the_ledger_is_in_the_money_of_the_policy_whatever_the_books_is() {
    let folder = folder();
    folder.write(
        "rmbook.toml",
        SETTINGS.replace("[measures.deposits]", "money = \"元\"\n\n[measures.deposits]"),
    );
    let run = |args: &[&str]| folder.run(&[args, &["--today", "2026-05-20"]].concat());
    assert_eq!(run(&["close", "2026-04"]).code, Some(0));
    let held = |amount| {
        let entry = ["add", "ledger", "2026-04/li", "--kind", "holdback", "--case", "c1", "--amount", amount];
        run(&[&entry[..], &["--reason", "待查", "--approved-by", "行长"]].concat())
    };
    // 10 × 90 / 170 is 5.29 万元.
    let refused = held("6万元");
    assert!(refused.code != Some(0) && refused.err.contains("6 万元"), "{}", refused.err);
    assert!(refused.err.contains("5.29 万元"), "{}", refused.err);
    let ran = held("5000元");
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(folder.read("reviews/2026-04/li.toml").contains("amount = 0.5\n"));
    let scorecard = run(&["scorecard", "2026-04", "--manager", "li", "-O", "csv"]).out;
    assert!(scorecard.contains(",5.29,万元,4.79,万元,"), "{scorecard}");
    let list = run(&["list", "ledger", "-O", "csv"]).out;
    assert!(list.contains(",0.5,万元,"), "{list}");
}

#[test]
fn where_policies_pay_in_different_money_each_entry_says_its_own() {
    let folder = folder();
    let in_yuan = POLICY.replace("\"scorecard\"", "\"fees\"").replace("money = \"万元\"", "money = \"元\"");
    folder.write("policies/q.toml", in_yuan);
    let run = |args: &[&str]| folder.run(&[args, &["--today", "2026-05-20"]].concat());
    assert_eq!(run(&["close", "2026-04"]).code, Some(0));
    let held = |scheme: &str, case: &str, amount: &str| {
        let entry = ["add", "ledger", "2026-04/li", "--kind", "holdback", "--case", case, "--scheme", scheme];
        run(&[&entry[..], &["--amount", amount, "--reason", "待查", "--approved-by", "行长"]].concat())
    };
    // 5.29 万元 by the one, 52,941.18 元 by the other.
    for (scheme, amount) in [("scorecard", "0.5"), ("fees", "6000")] {
        let ran = held(scheme, "c1", amount);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
    }
    let refused = held("scorecard", "c2", "6000");
    assert!(refused.code != Some(0) && refused.err.contains("5.29 万元"), "{}", refused.err);
    let list = run(&["list", "ledger", "--columns", "scheme,amount,unit", "-O", "csv"]).out;
    assert_eq!(list, "scheme,amount,unit\nscorecard,0.5,万元\nfees,6000,元\n");
    let frozen = run(&["list", "review-closed-pay", "--columns", "closed,amount,unit", "-O", "csv"]).out;
    assert!(frozen.contains("scorecard,5.29,万元\nfees,52941.18,元\n"), "{frozen}");
}

#[test]
fn more_is_not_returned_of_a_clawback_than_the_policy_gives_back() {
    let folder = folder();
    folder.write("policies/p.toml", format!("{POLICY}\n[pay.clawback]\nreturns = \"95%\"\n"));
    let run = |args: &[&str]| folder.run(&[args, &["--today", "2026-05-20"]].concat());
    assert_eq!(run(&["close", "2026-04"]).code, Some(0));
    let entry = |kind: &str, amount: &str| {
        let entry = ["add", "ledger", "2026-04/li", "--kind", kind, "--case", "npl", "--amount", amount];
        run(&[&entry[..], &["--reason", "逾期", "--approved-by", "行长"]].concat())
    };
    assert_eq!(entry("clawback", "2").code, Some(0));
    // 95 % of 2 is 1.9.
    let before = folder.read("reviews/2026-04/li.toml");
    let refused = entry("return", "2");
    let words = "2 万元 returned of the clawback `npl` of 2 万元, of which the policy gives back 1.9 万元";
    assert!(refused.code == Some(1) && refused.err.contains(words), "{}", refused.err);
    assert_eq!(folder.read("reviews/2026-04/li.toml"), before);
    assert_eq!(entry("return", "1.9").code, Some(0));
}

#[test]
fn what_a_policy_asks_of_a_running_period_is_that_of_the_months_so_far() {
    let folder = folder();
    for id in ["li", "wang"] {
        let path = format!("clients/of-{id}.toml");
        let text = folder.read(&path);
        let january = "[results]\n2026-01 = { deposits = 900, fees = 9 }\n";
        folder.write(&path, text.replace("[results]\n", january));
    }
    let line = |id: &str, amount: &str| format!("[[pay.lines]]\nid = \"{id}\"\namount = \"{amount}\"\n");
    let policy = format!(
        "title = \"年度\"\nscheme = \"year\"\neffective = 2026-01-01\nperiod = \"year\"\nmoney = \"元\"\n\
         [constants.step]\nby = \"month\"\n4 = \"5000 元\"\nelse = \"0 元\"\n{}{}{}{}[[variants]]\nwhen = \"period.month <= 6\"\n{}",
        line("month", "period.month * 100 元"),
        line("quarter", "period.quarter * 10 元"),
        line("days", "days(period.first, period.last) * 1 元"),
        line("step", "step"),
        "pay = { lines = [{ id = \"month\", amount = \"period.month * 100 元 + 70000 元\" }] }\n"
    );
    folder.write("policies/p.toml", policy);
    let paid = |today: &str| {
        let csv = folder.run(&["scorecard", "2026", "--manager", "li", "-O", "csv", "--today", today]).out;
        csv.lines().nth(1).and_then(|row| row.split(',').nth(6).map(str::to_owned))
    };
    // In May April is the last month with figures: 400 and 70,000, 20, 119 days from New Year to 30 April, and 5,000.
    assert_eq!(paid("2026-05-20").as_deref(), Some("75539"));
    // Of the whole year: 1,200, 40 and 364.
    assert_eq!(paid("2027-01-20").as_deref(), Some("1604"));
}
