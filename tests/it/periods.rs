//! Periods longer than a policy's own, and managers who moved in mid-period: figures worked out by hand.

use crate::fixture::Folder;
use rmbook::book;
use rmbook::metric::Portfolios;
use rmbook::render::{self, Format, Style};
use rmbook::report::chain::chain;
use rmbook::score::apply::{Policies, Request, run};
use rmbook::score::{Asked, Scorecard};
use rmbook::source::Snapshot;

/// A branch with one manager, whose only client brings 80, 90 and 101 of fees in July, August and September.
const BOOK: &[(&str, &str)] = &[
    ("rmbook.toml", "name = \"Branch\"\nmoney = \"万元\"\n"),
    ("managers/a.toml", "name = \"A\"\ngrade = \"junior\"\n"),
    (
        "clients/c.toml",
        "name = \"C\"\ntier = \"key\"\nstatus = \"active\"\nmanager = \"a\"\n[results]\n2026-07 = { fee_income = 80 }\n\
         2026-08 = { fee_income = 90 }\n2026-09 = { fee_income = 101 }\n",
    ),
];

/// One indicator whose points are the fees, ratings, and a tenth of the total in pay.
const POLICY: &str = r#"
title = "P"
scheme = "s"
effective = 2026-01-01
missing = "error"
rounding = { item = 1, total = 1, pay = 2 }

[[dimensions]]
id = "results"

[[indicators]]
id = "fees"
in = "results"
value = "fee_income.sum"
weight = 100
curve = { kind = "per-unit", unit = 1, points = 1 }

[[ratings]]
id = "A"
at_least = 100
[[ratings]]
id = "B"
at_least = 90
[[ratings]]
id = "C"

[pay]
[[pay.lines]]
id = "bonus"
amount = "total * 0.01 万元"
"#;

/// The scorecard of the manager and its explanation, with files laid over [`BOOK`].
fn scored(files: &[(&str, String)], period: &str, today: &str) -> Result<(Scorecard, String), String> {
    let mut texts: std::collections::BTreeMap<&str, String> =
        BOOK.iter().map(|(path, text)| (*path, (*text).to_owned())).collect();
    texts.extend(files.iter().cloned());
    let texts = texts.into_iter().map(|(path, text)| (path.to_owned(), Ok(text)));
    let snapshot = Snapshot::new(texts);
    let (book, findings) = book::load(&snapshot);
    assert!(findings.is_empty(), "{findings:?}");
    let policies = Policies::of(&book);
    assert!(policies.findings.is_empty(), "{:?}", policies.findings);
    let request = Request { period: period.parse().ok(), today: today.parse().ok(), ..Request::default() };
    let portfolios = Portfolios::new(&book);
    let scored = run(&portfolios, &policies, request, &Asked::default()).map_err(|why| why.to_string())?;
    let card = scored[0].cards[0].clone();
    let table = chain(&book, &snapshot.sources, &scored[0], &card);
    let mut out = Vec::new();
    render::tables(&[table], Format::Csv, &Style::default(), &mut out).unwrap();
    Ok((card, String::from_utf8(out).unwrap()))
}

fn under(first: &str) -> Vec<(&'static str, String)> {
    vec![("policies/p.toml", format!("{first}{POLICY}"))]
}

fn shown(card: &Scorecard) -> String {
    let pay = card.pay.as_ref().map(|pay| pay.total.to_string());
    let total = card.total.map(|total| total.to_string());
    let rating = card.rating.as_deref().unwrap_or("-");
    format!("{} {rating} {}", total.unwrap_or("-".into()), pay.unwrap_or("-".into()))
}

#[test]
fn a_quarter_is_the_mean_of_its_months() {
    // (80 + 90 + 101) / 3 = 90.333…, rounded 90.3: B. The months pay 0.80 + 0.90 + 1.01.
    let files = under("period = \"month\"\nroll_up = \"mean\"");
    let (card, explained) = scored(&files, "2026-Q3", "2026-11-24").unwrap();
    assert_eq!(shown(&card), "90.3 B 2.71");
    assert_eq!(card.items[0].points.unwrap().to_string(), "90.3");
    assert!(!card.to_date);
    for row in [
        "total,part of it,2026-08,90,",
        "(80 + 90 + 101) / 3,90.3333333333,",
        "pay,pay in all,0.8 + 0.9 + 1.01,2.71,万元,",
    ] {
        assert!(explained.contains(row), "no {row} in\n{explained}");
    }
}

/// Lines are rounded to whole yuan, shares of a pool to the cent: what months paid is added up as it was paid.
#[test]
fn what_shorter_periods_paid_is_not_rounded_again() {
    let pay = "[pay]\n[[pay.lines]]\nid = \"pool\"\npool = { of = \"33.33 元\", by = 1, among = \"all\", places = 2 }\n";
    let (before, _) = POLICY.split_once("[pay]").unwrap();
    let first = "period = \"month\"\nroll_up = \"mean\"\nmoney = \"元\"\n";
    let policy =
        before.replace("pay = 2 }", "pay_line = 0, pay = 2 }").replace("unit = 1,", "unit = \"1 万元\",");
    let files = [("policies/p.toml", format!("{first}{policy}{pay}"))];
    let (card, explained) = scored(&files, "2026-Q3", "2026-11-24").unwrap();
    let line = |card: &Scorecard| card.pay.as_ref().unwrap().lines[0].amount.normalize().to_string();
    let (month, _) = scored(&files, "2026-09", "2026-11-24").unwrap();
    assert_eq!((line(&month), line(&card)), ("33.33".into(), "99.99".into()), "{explained}");
    assert!(shown(&card).ends_with(" 99.99"), "{}", shown(&card));
}

/// An indicator that one month did not judge: its weight was the others' there, and points add up to the total.
#[test]
fn points_of_a_mean_add_up_though_a_month_did_not_judge_everything() {
    let policy = POLICY.replace("weight = 100", "weight = 60")
        + "\n[[dimensions]]\nid = \"service\"\n[[indicators]]\nid = \"calls\"\nin = \"service\"\nvalue = \"fee_income.sum\"\nweight = 40\n\
           when = \"period.month != 8\"\ncurve = { kind = \"per-unit\", unit = 1, points = 0.5 }\n";
    let policy = policy.replace("[pay]\n", "");
    let files = [("policies/p.toml", format!("period = \"month\"\nroll_up = \"mean\"{policy}"))];
    let (card, explained) = scored(&files, "2026-Q3", "2026-11-24").unwrap();
    // July 48 + 16, August all of 90, September 60.6 + 20.2: (64 + 90 + 80.8) / 3 = 78.27. Fees bring (48 + 90 + 60.6) / 3 = 66.2,
    // calls (16 + 20.2) / 3 = 12.07; together 78.3, as the total.
    assert_eq!(card.total.unwrap().to_string(), "78.3");
    let points = |at: usize| card.items[at].points.unwrap().to_string();
    assert_eq!((points(0), points(1)), ("66.2".into(), "12.1".into()));
    let dimension = |at: usize| card.dimensions[at].points.unwrap().to_string();
    assert_eq!((dimension(0), dimension(1)), ("66.2".into(), "12.1".into()));
    // Its score is the mean of the months it was scored in: (40 + 50.5) / 2.
    assert_eq!(card.items[1].score.unwrap().normalize().to_string(), "45.25");
    assert!(explained.contains("(16 + 0 + 20.2) / 3"), "{explained}");
}

/// A veto that caps the rating in August, and a gate that halves what is rated in September.
const LIMITS: &str = "\n[[vetoes]]\nid = \"case\"\nwhen = \"fee_income.sum == 90 万元\"\nrating = \"C\"\nmissing = \"error\"\n";
const HALVED: &str = "\n[[gates]]\nid = \"half\"\non = \"rating\"\nwhen = \"fee_income.sum > 100 万元\"\nfactor = \"0.5\"\nmissing = \"error\"\n";

fn limited(roll_up: &str, rules: &str) -> Vec<(&'static str, String)> {
    vec![("policies/p.toml", format!("period = \"month\"\nroll_up = \"{roll_up}\"{POLICY}{rules}"))]
}

#[test]
fn what_limited_the_rating_of_a_month_limits_that_of_the_quarter() {
    // 90.3 is a B, which the veto of August does not allow.
    let (card, explained) = scored(&limited("mean", LIMITS), "2026-Q3", "2026-11-24").unwrap();
    assert_eq!(shown(&card), "90.3 C 2.71");
    assert!(explained.contains("2026-08: rating at best C"), "{explained}");
    // September by itself had no veto.
    assert_eq!(shown(&scored(&limited("last", LIMITS), "2026-Q3", "2026-11-24").unwrap().0), "101 A 2.71");
    // (80 + 90 + 101 × 0.5) / 271 × 90.3 = 73.5…: C.
    let (card, explained) = scored(&limited("mean", HALVED), "2026-Q3", "2026-11-24").unwrap();
    assert_eq!(shown(&card), "90.3 C 2.71");
    assert!(explained.contains("2026-09: 101 × 0.5"), "{explained}");
    // Of the last month, 50.5 is a C as well, and stays one.
    let (card, _) = scored(&limited("last", HALVED), "2026-Q3", "2026-11-24").unwrap();
    assert_eq!((shown(&card), card.gates.len()), ("101 C 2.71".into(), 1));
}

#[test]
fn a_quarter_under_way_is_the_mean_of_the_months_that_are_over() {
    // (80 + 90) / 2 = 85.
    let files = under("period = \"month\"\nroll_up = \"mean\"");
    let (card, _) = scored(&files, "2026-Q3", "2026-09-10").unwrap();
    assert_eq!(shown(&card), "85 C 1.7");
    assert!(card.to_date);
}

#[test]
fn a_quarter_is_its_last_month_but_pays_what_all_pay() {
    let files = under("period = \"month\"\nroll_up = \"last\"");
    let (card, _) = scored(&files, "2026-Q3", "2026-11-24").unwrap();
    assert_eq!(shown(&card), "101 A 2.71");
}

#[test]
fn a_quarter_recomputed_scores_the_figures_of_the_whole() {
    // 80 + 90 + 101 = 271.
    let files = under("period = \"month\"\nroll_up = \"recompute\"");
    assert_eq!(shown(&scored(&files, "2026-Q3", "2026-11-24").unwrap().0), "271 A 2.71");
    let refused = scored(&under("period = \"month\""), "2026-Q3", "2026-11-24").unwrap_err();
    assert!(refused.contains("needs `roll_up`"), "{refused}");
}

#[test]
fn a_quarter_under_way_is_recomputed_from_the_months_there_are() {
    // September is not over and its 101 do not count: 80 + 90 = 170.
    let files = under("period = \"month\"\nroll_up = \"recompute\"");
    let (card, _) = scored(&files, "2026-Q3", "2026-09-10").unwrap();
    assert_eq!(shown(&card), "170 A 1.7");
    assert!(card.to_date);
    // Nor is October, of which there is nothing yet.
    let october = ("clients/d.toml", BOOK[2].1.replace("2026-07", "2026-10").replace("2026-08", "2026-11"));
    let files: Vec<_> = files.into_iter().chain([october]).collect();
    assert_eq!(shown(&scored(&files, "2026-Q4", "2026-12-05").unwrap().0), "170 A 1.7");
}

/// What the indicators of two clients come to, each asked as it stands and client by client.
#[test]
fn a_figure_client_by_client_comes_to_the_figure() {
    let items =
        ["fee_income.sum", "loans.average", "deposits.average", "deposits.average / 100 + loans.average"];
    let mut policy = "title = \"P\"\nscheme = \"s\"\neffective = 2026-01-01\nperiod = \"month\"\n".to_owned();
    for (at, value) in items.iter().enumerate() {
        let curve = "curve = { kind = \"per-unit\", unit = 1, points = 1 }";
        let item = |id: &str, each: &str| {
            format!("[[indicators]]\nid = \"{id}{at}\"\n{each}value = \"{value}\"\nweight = 12.5\n{curve}\n")
        };
        policy.push_str(&item("plain", ""));
        policy.push_str(&item("each", "each = \"client\"\n"));
    }
    let client = |rest: &str| {
        format!(
            "name = \"C\"\ntier = \"key\"\nstatus = \"active\"\nmanager = \"a\"\n\
             [results]\n2026-09 = {{ fee_income = 12, loans = 400, deposits = 3000 }}\n{rest}"
        )
    };
    let shared = "[[credit]]\nfrom = 2026-01-01\nshares = { a = 75, other = 25 }\n\
                  [[credit]]\nfrom = 2026-01-01\nfor = [\"loans\"]\nshares = { a = 60, b = 40 }\n";
    let handed = "[[handovers]]\ndate = 2026-09-16\nfrom = \"b\"\nto = \"a\"\n";
    let files = vec![
        ("policies/p.toml", policy),
        ("managers/b.toml", "name = \"B\"\n".to_owned()),
        ("clients/c.toml", client(shared)),
        ("clients/d.toml", client(handed)),
    ];
    let (card, _) = scored(&files, "2026-09", "2026-11-24").unwrap();
    let value = |id: &str| {
        let item = card.items.iter().find(|item| *item.id == *id).unwrap();
        item.value.unwrap().round_dp(10).normalize().to_string()
    };
    // 12 × 75 % + 12 of the one handed over by the month's end; 400 × 60 % + 400 × 15 / 30; 3000 × 75 % + 3000 × 15 / 30.
    let expected = ["21", "440", "3750", "477.5"];
    for (at, expected) in expected.iter().enumerate() {
        assert_eq!(value(&format!("plain{at}")), *expected, "{}", items[at]);
        assert_eq!(value(&format!("each{at}")), *expected, "{} client by client", items[at]);
    }
}

#[test]
fn each_month_is_scored_by_the_policy_then_in_force() {
    // From September on fees count double: (80 + 90 + 202) / 3 = 124.
    let mut files = under("period = \"month\"\nroll_up = \"mean\"");
    let later = POLICY.replace("2026-01-01", "2026-09-01").replace("fee_income.sum", "fee_income.sum * 2");
    files.push(("policies/q.toml", format!("period = \"month\"\nroll_up = \"mean\"{later}")));
    assert_eq!(shown(&scored(&files, "2026-Q3", "2026-11-24").unwrap().0), "124 A 3.72");
}

/// Junior until 14 September, senior from the 15th; seniors' fees count half, and they are paid 0.02 a point.
fn moved(partial: &str) -> Vec<(&'static str, String)> {
    let variants = "[[variants]]\nwhen = 'manager.grade == \"senior\"'\n\
        indicators = [{ id = \"fees\", value = \"fee_income.sum / 2\" }]\n\
        pay = { lines = [{ id = \"bonus\", amount = \"total * 0.02 万元\" }] }\n";
    let manager = "name = \"A\"\ngrade = \"senior\"\n[[grade_history]]\nfrom = 2020-01-01\ngrade = \"junior\"\n\
        [[grade_history]]\nfrom = 2026-09-15\ngrade = \"senior\"\nreason = \"promoted\"\n";
    vec![
        ("policies/p.toml", format!("period = \"month\"\npartial = {partial}{POLICY}{variants}")),
        ("managers/a.toml", manager.to_owned()),
    ]
}

#[test]
fn who_moved_is_scored_as_on_the_last_day_unless_the_policy_splits() {
    // 101 / 2 = 50.5 for the senior; 50.5 × 0.02 = 1.01.
    let (card, _) = scored(&moved("{ by = \"days\" }"), "2026-09", "2026-11-24").unwrap();
    assert_eq!(shown(&card), "50.5 C 1.01");
}

#[test]
fn who_moved_is_scored_by_parts_weighed_by_their_days() {
    // 14 days of 101 and 16 of 50.5: (1414 + 808) / 30 = 74.066…, rounded 74.1. Both parts pay 1.01.
    let (card, explained) =
        scored(&moved("{ by = \"days\", split = true }"), "2026-09", "2026-11-24").unwrap();
    assert_eq!(shown(&card), "74.1 C 1.01");
    for row in ["2026-09-01..2026-09-14,part of it,junior,14,", "(101 × 14 + 50.5 × 16) / 30,74.0666666667,"]
    {
        assert!(explained.contains(row), "no {row} in\n{explained}");
    }
    // September ends in the senior's stint.
    let (card, _) = scored(&moved("{ by = \"months\", split = true }"), "2026-09", "2026-11-24").unwrap();
    assert_eq!(shown(&card), "50.5 C 1.01");
}

#[test]
fn parts_of_who_moved_are_rounded_once_together() {
    // A sixth of 101 for 14 days and a third for 16: (16.8333… × 14 + 33.6666… × 16) / 30 = 774.3333… / 30 = 25.8111…; 17 and 34
    // would make 26.0666…. The item is 26, and so is the total. A tenth of each part is paid: 2.5811…, as a line 2.6; 1.7 and 3.4
    // would make 2.6066….
    let rounded = |text: &str| {
        text.replace("item = 1, total = 1, pay = 2", "item = 0, total = 1, pay_line = 1, pay = 2")
            .replace("\"fee_income.sum\"", "\"fee_income.sum / 6\"")
            .replace("\"fee_income.sum / 2\"", "\"fee_income.sum / 3\"")
            .replace("total * 0.01", "total * 0.1")
            .replace("total * 0.02", "total * 0.1")
    };
    let mut files = moved("{ by = \"days\", split = true }");
    files[0].1 = rounded(&files[0].1);
    let (card, explained) = scored(&files, "2026-09", "2026-11-24").unwrap();
    assert_eq!(shown(&card), "26 C 2.6");
    assert_eq!(card.items[0].points.unwrap().to_string(), "26");
    assert!(explained.contains("× 14 + 33.6666666667 × 16) / 30,25.8111111111,"), "{explained}");
    // Whoever did not move is rounded step by step: 33.6666… to 34, a tenth of it 3.4.
    files[1].1 = "name = \"A\"\ngrade = \"senior\"\n".into();
    let (card, _) = scored(&files, "2026-09", "2026-11-24").unwrap();
    assert_eq!(shown(&card), "34 C 3.4");
}

/// Two equal indicators and two equal lines of pay under `rounding`, of a manager who was promoted to a grade of which everything
/// is a third more; with `more` at the end of the policy.
fn halves(rounding: &str, more: &str) -> Vec<(&'static str, String)> {
    let item = |id: &str| {
        format!(
            "[[indicators]]\nid = \"{id}\"\nin = \"d\"\nvalue = \"fee_income.sum\"\nweight = 50\n\
             curve = {{ kind = \"per-unit\", unit = \"1 万元\", points = \"grade\" }}\n"
        )
    };
    let line = |id: &str| format!("[[pay.lines]]\nid = \"{id}\"\namount = \"pay_of\"\n");
    let policy = format!(
        "period = \"month\"\npartial = {{ by = \"days\", split = true }}\ntitle = \"P\"\nscheme = \"s\"\n\
         effective = 2026-01-01\nmissing = \"zero\"\nmoney = \"元\"\nrounding = {{ {rounding} }}\n\
         [constants]\ngrade = {{ by = \"grade\", junior = 0.25, senior = 0.4 }}\n\
         pay_of = {{ by = \"grade\", junior = \"1000 元\", senior = \"2250 元\" }}\n[[dimensions]]\nid = \"d\"\n{}{}{}{}{more}",
        item("a"),
        item("b"),
        line("x"),
        line("y"),
    );
    vec![("policies/p.toml", policy), moved("{}").remove(1)]
}

#[test]
fn what_is_printed_of_who_moved_adds_up() {
    // Fees of 1,010,000 yuan: 25.25 × 50 % for 14 of 30 days and 40.4 × 50 % for 16 are (12.625 × 14 + 20.2 × 16) / 30 = 16.665,
    // rounded 17; twice that are 34, not 33.33. Lines: (1000 × 14 + 2250 × 16) / 30 = 1666.67, rounded 1667; twice that are 3334.
    let rounding = "item = 0, total = 2, pay_line = 0, pay = 2";
    let files = halves(rounding, "");
    let (card, explained) = scored(&files, "2026-09", "2026-11-24").unwrap();
    assert_eq!(shown(&card), "34 - 3334");
    assert_eq!(card.items[0].points.unwrap().to_string(), "17");
    assert_eq!(card.dimensions[0].points.unwrap().to_string(), "34");
    for row in [
        "a,Points,(12.625 × 14 + 20.2 × 16) / 30,16.665,",
        "d,Dimension,a 17 + b 17,34,",
        "total,Total,d 34,34,",
        "pay,sum of the lines,x 1667 + y 1667,3334,",
        "pay,pay in all,3334,3334,",
    ] {
        assert!(explained.contains(row), "no {row} in\n{explained}");
    }
    assert!(explained.contains("(1000 × 14 + 2250 × 16) / 30, to 0 places"), "{explained}");
    // Without places for items and lines everything is the mean, to the last digit.
    let (card, _) = scored(&halves("total = 2, pay = 2", ""), "2026-09", "2026-11-24").unwrap();
    assert_eq!(shown(&card), "33.33 - 3333.33");
}

#[test]
fn what_acts_in_the_parts_of_who_moved_stands_in_a_line() {
    let rounding = "item = 0, total = 2, pay_line = 0, pay = 2";
    // The senior's part is halved: (25.25 × 14 + 20.2 × 16) / 30 = 22.5567, which is 11.44 less than 34. Pay: (2000 × 14 + 2250 ×
    // 16) / 30 = 2133.33, and 3334 are 1200.67 more.
    let gate = |on: &str| {
        format!(
            "[[gates]]\nid = \"g{on}\"\non = \"{on}\"\nwhen = 'manager.grade == \"senior\"'\nfactor = 0.5\nmissing = \"error\"\n"
        )
    };
    let (card, explained) =
        scored(&halves(rounding, &(gate("total") + &gate("pay"))), "2026-09", "2026-11-24").unwrap();
    assert_eq!(shown(&card), "22.56 - 2133.33");
    for row in [
        "total,Total,(25.25 × 14 + 20.2 × 16) / 30,22.5566666667,",
        "total,rounded,,22.56,",
        "total,adjusted in the parts,\"22.56 − (d 34): bounds, vetoes, gates and time in the parts, and what is rounded\",-11.44,",
        "pay,Pay,(2000 × 14 + 2250 × 16) / 30,2133.3333333333,",
        ",-1200.6666666667,",
    ] {
        assert!(explained.contains(row), "no {row} in\n{explained}");
    }
    // A gate that closes leaves nothing of what was rounded up.
    let closed = "[[gates]]\nid = \"g\"\non = \"total\"\nfactor = 0\nmissing = \"error\"\n";
    let (card, _) = scored(&halves(rounding, closed), "2026-09", "2026-11-24").unwrap();
    assert_eq!(card.total.unwrap().to_string(), "0");
    // Nor does rounding rise above a bound that the parts kept: 25.25 and 40.4 stay below 40.5 and the mean of two items at 16.665
    // is 34 in all; with at most 33.5 for both parts, 40.4 is cut, and the mean of 25.25 and 33.5 is 29.65.
    let capped = |max: &str, junior: &str, senior: &str| {
        let mut files = halves(rounding, "");
        let grades = format!("junior = {junior}, senior = {senior} }}");
        files[0].1 = files[0]
            .1
            .replace("missing = \"zero\"\n", &format!("missing = \"zero\"\ntotal = {{ max = {max} }}\n"))
            .replace("junior = 0.25, senior = 0.4 }", &grades);
        let (card, explained) = scored(&files, "2026-09", "2026-11-24").unwrap();
        (card.total.unwrap().to_string(), explained)
    };
    assert_eq!(capped("40.5", "0.25", "0.4").0, "34");
    assert_eq!(capped("33.5", "0.25", "0.4").0, "29.65");
    // 33.33 and 33.027: two items at 16.584 are 34, of which 33.4 may be.
    let (total, explained) = capped("33.4", "0.33", "0.327");
    assert_eq!(total, "33.4");
    assert!(
        explained.contains("total,Total,d 34,34,") && explained.contains("total,Total,at most 33.4,33.4,"),
        "{explained}"
    );
}

#[test]
fn a_policy_that_is_tried_is_for_those_it_applies_to() {
    let policy = |to: &str| {
        format!(
            "title = \"P\"\nscheme = \"s\"\neffective = 2030-01-01\nperiod = \"month\"\nmissing = \"zero\"\nmoney = \"万元\"\n{to}\
             [pay]\n[[pay.lines]]\nid = \"pool\"\npool = {{ of = \"300 万元\", by = \"1\", among = \"all\" }}\n"
        )
    };
    let book = Folder::book();
    book.write("everybody.toml", policy(""));
    book.write("one.toml", policy("applies = 'manager.id == \"li-na\"'\n"));
    let scored = |file: &str| {
        let ran = book.run(&["scorecard", "2026-10", "--policy", file, "-O", "csv"]);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        ran.out
    };
    // Two share the pool; one has all of it.
    let (everybody, one) = (scored("everybody.toml"), scored("one.toml"));
    assert!(
        everybody.contains("li-na") && everybody.contains(",150,") && everybody.contains("wang-fang"),
        "{everybody}"
    );
    assert!(one.contains("li-na") && one.contains(",300,") && !one.contains("wang-fang"), "{one}");
    let titled = book.run(&["scorecard", "2026-10", "--policy", "one.toml"]).out;
    assert!(titled.starts_with("P, 2026-10, tried with the draft one.toml\n"), "{titled}");
    // Without indicators nobody has a total; Li Na gains 300 − 150, and what others lose is not known.
    let diff = book.run(&["policy", "diff", "everybody.toml", "one.toml", "2026-10", "-O", "csv"]).out;
    assert!(
        diff.lines().next().unwrap_or_default().ends_with(",pay_old,pay_new,pay_change,because,remark"),
        "{diff}"
    );
    assert!(diff.lines().any(|row| row.starts_with("li-na,") && row.ends_with(",150,300,150,,")), "{diff}");
    assert!(diff.lines().any(|row| row.starts_with("wang-fang,") && row.ends_with(",150,,,,")), "{diff}");
}

#[test]
fn a_column_of_a_comparison_has_one_number_of_places() {
    let policy = "2026-corporate";
    let diff = Folder::riverside().run(&["policy", "diff", policy, policy, "2026-10", "-O", "csv"]).out;
    let fields = |at: usize| diff.lines().skip(1).map(move |row| row.split(',').nth(at).unwrap_or_default());
    assert!(fields(2).any(|total| total == "90.60") && fields(2).any(|total| total == "90.19"), "{diff}");
    assert!(fields(4).all(|change| change == "0.00"), "{diff}");
}

#[test]
fn csv_of_two_schemes_names_the_flag_that_chooses_one() {
    let ran = Folder::riverside().run(&["scorecard", "-O", "csv"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("choose one with `--scheme`: fee-reward, leading, scorecard"), "{}", ran.err);
}

#[test]
fn two_months_stand_side_by_side_as_they_were_closed() {
    let book = Folder::riverside();
    let asked =
        ["scorecard", "2026-09", "--scheme", "scorecard", "--manager", "wang-fang", "-O", "csv", "--against"];
    let against = |earlier: &str| book.run(&[&asked[..], &[earlier]].concat());
    let ran = against("2026-08");
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let row = ran.out.lines().nth(1).unwrap_or_default();
    // 97.79 less 91.43.
    assert!(row.starts_with("wang-fang,王芳,91.43,97.79,6.36,B,A,"), "{}", ran.out);
    // Of the three schemes of October only one was applied in September.
    let ran = book.run(&["scorecard", "2026-10", "--against", "2026-09", "-O", "csv"]);
    assert!(ran.code == Some(0) && ran.out.starts_with("manager,name,total_old,"), "{}", ran.err);
    let quarter = against("2026-Q1");
    assert!(quarter.code == Some(2) && quarter.err.contains("`2026-Q1` is not as long"), "{}", quarter.err);
    let later = against("2026-10");
    assert!(
        later.code == Some(2) && later.err.contains("`2026-10` is not before `2026-09`"),
        "{}",
        later.err
    );
}

#[test]
fn what_a_team_did_in_a_month_is_of_those_who_were_in_it_then() {
    let client = |manager: &str, june: u32, july: u32| {
        format!(
            "name = \"甲公司\"\ntier = \"base\"\nmanager = \"{manager}\"\nstatus = \"active\"\nsince = 2025-01-01\n\n[results]\n\
             2026-06 = {{ fees = {june} }}\n2026-07 = {{ fees = {july} }}\n"
        )
    };
    let (of_li, of_wang) = (client("li", 100, 10), client("wang", 50, 70));
    let book = Folder::with([
        (
            "rmbook.toml",
            "name = \"测试支行\"\n[measures.fees]\ntitle = \"中收\"\nunit = \"万元\"\nkind = \"flow\"\n",
        ),
        ("teams/east.toml", "name = \"东区\"\nlead = \"zhao\"\n"),
        ("teams/west.toml", "name = \"西区\"\n"),
        ("managers/zhao.toml", "name = \"赵敏\"\nteam = \"east\"\njoined = 2020-01-01\n"),
        ("managers/li.toml", "name = \"李娜\"\nteam = \"east\"\njoined = 2020-01-01\n"),
        (
            "managers/wang.toml",
            "name = \"王芳\"\nteam = \"west\"\ngrade = \"senior\"\njoined = 2020-01-01\n\
             grade_history = [{ from = 2020-01-01, grade = \"senior\", team = \"east\" }, { from = 2026-07-01, grade = \"senior\", team = \"west\" }]\n",
        ),
        ("clients/a.toml", &of_li),
        ("clients/b.toml", &of_wang),
        (
            "policies/p.toml",
            "title = \"P\"\nscheme = \"s\"\neffective = 2026-01-01\nperiod = \"month\"\nmoney = \"万元\"\nmissing = \"zero\"\n\
             [[indicators]]\nid = \"own\"\nvalue = \"fees.sum\"\n\
             [[pay.lines]]\nid = \"team\"\namount = \"team.fees.sum\"\n\
             [[pay.lines]]\nid = \"led\"\namount = \"default(members.sum('value.own'), 0 元)\"\n",
        ),
    ]);
    let paid = |period: &str| -> Vec<String> {
        let ran = book.run(&["report", "incentive", period, "--table", "incentive_lines", "-O", "csv"]);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        let cells = ran.out.lines().skip(1).map(|row| row.split(',').skip(2).take(3).collect::<Vec<_>>());
        cells.map(|cells| cells.join(" ")).filter(|cells| !cells.ends_with(" 0")).collect()
    };
    // June: Wang Fang is still in the east, which made 100 + 50 together. July: 10 there, 70 in the west.
    assert_eq!(paid("2026-06"), ["li team 150", "wang team 150", "zhao team 150", "zhao led 150"]);
    assert_eq!(paid("2026-07"), ["li team 10", "wang team 70", "zhao team 10", "zhao led 10"]);
}
