//! Somebody who stands open: what others may know of them, and what they are paid meanwhile.

use rmbook::book;
use rmbook::metric::Portfolios;
use rmbook::score::apply::{Policies, Request, run};
use rmbook::score::{Asked, Scorecard};
use rmbook::source::Snapshot;
use rmbook::text::Lang;

use crate::language::{found, holds};

/// Profit weighs 60 and gives a point for 10 元, attitude weighs 40 and is marked.
const SCORED: &str = "missing = \"error\"\n[measures.profit]\nunit = \"元\"\nkind = \"flow\"\n\
    [[indicators]]\nid = \"profit\"\nweight = 60\nvalue = \"profit.sum\"\ncurve = { kind = \"formula\", score = \"min(x / (10 元), 100)\" }\n\
    [[indicators]]\nid = \"attitude\"\nweight = 40\ncurve = { kind = \"manual\" }\n";

fn line(amount: &str) -> String {
    format!("{SCORED}[[pay.lines]]\nid = \"p\"\namount = \"{amount}\"\n")
}

/// A has 500 元 and a mark of 90: 30 + 36 points; B 1,000 元, 60 points, and the mark that is given.
fn case(mark: &str, expect: &str) -> String {
    format!(
        "[[tests]]\nname = \"t\"\nperiod = \"2026-03\"\nmanager = {{ id = \"a\" }}\ninputs = {{ \"profit.sum\" = 500 }}\nmarks = {{ attitude = 90 }}\n\
         peers = [{{ id = \"b\", inputs = {{ \"profit.sum\" = 1000 }}{mark} }}]\nexpect = {{ {expect} }}\n"
    )
}

#[test]
fn points_of_who_stands_open_are_taken_at_their_own_weight() {
    let share = format!(
        "rounding = {{ pay_line = 2 }}\n{}",
        line("1000 元 * points.profit / sum.all('points.profit')")
    );
    // 1,000 × 30 / (30 + 60), whatever becomes of the mark of B.
    holds(&format!("{share}{}", case("", "pay = { p = 333.33 }")));
    holds(&format!("{share}{}", case(", marks = { attitude = 80 }", "pay = { p = 333.33 }")));
    // What is skipped is spread as ever: B is judged by the profit alone, 1,000 × 30 / (30 + 100).
    let skipped =
        share.replace("curve = { kind = \"manual\" }", "missing = \"skip\"\ncurve = { kind = \"manual\" }");
    holds(&format!("{skipped}{}", case("", "pay = { p = 230.77 }")));
}

#[test]
fn a_figure_of_an_item_that_is_open_with_somebody_is_not_known() {
    let mean = line("1 元 * mean.all('score.attitude')");
    holds(&format!("{mean}{}", case("", "error = \"missing: p\"")));
    holds(&format!("{mean}{}", case(", marks = { attitude = 80 }", "pay = { p = 85 }")));
    // Nothing counts in its place, neither by the line nor by the formula.
    let zero = mean.replace("amount =", "missing = \"zero\"\namount =");
    holds(&format!("{zero}{}", case("", "error = \"missing: p\"")));
    holds(&format!(
        "{}{}",
        line("1 元 * default(mean.all('score.attitude'), 0)"),
        case("", "error = \"missing: p\"")
    ));
}

#[test]
fn nobody_has_a_place_while_somebody_stands_open() {
    let rated = format!(
        "{SCORED}[[ratings]]\nid = \"A\"\nwhen = \"rank.all <= 1\"\n[[ratings]]\nid = \"B\"\nat_least = 0\n"
    );
    holds(&format!("{rated}{}", case("", "rating = \"none\", rank = \"none\", error = \"missing: A\"")));
    // B comes to 60 + 32 and is first, or to 60 + 4 and is second.
    holds(&format!("{rated}{}", case(", marks = { attitude = 80 }", "rating = \"B\", rank = 2")));
    holds(&format!("{rated}{}", case(", marks = { attitude = 10 }", "rating = \"A\", rank = 1")));
    let size = line("100 元 * size.all");
    holds(&format!("{size}{}", case("", "error = \"missing: p\"")));
    holds(&format!("{size}{}", case(", marks = { attitude = 80 }", "pay = { p = 200 }")));
    // Who takes no place whatever comes of it keeps nobody waiting.
    let seniors = format!("ranking = {{ eligible = \"manager.grade == 'senior'\" }}\n{rated}");
    let of = |grade: &str| {
        let test =
            case("", "rating = \"A\", rank = 1").replace("id = \"a\" }", "id = \"a\", grade = \"senior\" }");
        test.replace("id = \"b\",", &format!("id = \"b\", grade = \"{grade}\","))
    };
    holds(&format!("{seniors}{}", of("junior")));
    // Nor does who is not judged at all.
    let short = case(", active_months = 0", "rating = \"A\", rank = 1");
    holds(&format!("partial = {{ min_months = 1 }}\n{rated}{short}"));
}

#[test]
fn a_curve_over_peers_waits_for_those_who_stand_open() {
    let text = |b: &str, expect: &str| {
        format!(
            "missing = \"error\"\n[measures.profit]\nunit = \"元\"\nkind = \"flow\"\n\
             [[indicators]]\nid = \"profit\"\nweight = 100\nvalue = \"profit.sum\"\ncurve = {{ kind = \"rank\", group = \"all\", better = \"higher\", places = [100, 80] }}\n\
             [[tests]]\nname = \"t\"\nperiod = \"2026-03\"\nmanager = {{ id = \"a\" }}\ninputs = {{ \"profit.sum\" = 500 }}\n\
             peers = [{{ id = \"b\"{b} }}]\nexpect = {{ {expect} }}\n"
        )
    };
    holds(&text(", inputs = { \"profit.sum\" = 1000 }", "total = 80"));
    holds(&text("", "error = \"missing: profit\""));
}

#[test]
fn whose_only_weighted_item_is_open_stands_open_too() {
    let text = |b: &str, expect: &str| {
        format!(
            "missing = \"error\"\n[measures.loans]\nunit = \"元\"\nkind = \"flow\"\n[[indicators]]\nid = \"m\"\nweight = 100\ncurve = {{ kind = \"manual\" }}\n\
             [[indicators]]\nid = \"loans\"\nvalue = \"loans.sum\"\n\
             [[pay.lines]]\nid = \"p\"\namount = \"40000 元 * value.loans / sum.all('value.loans')\"\n\
             [[tests]]\nname = \"t\"\nperiod = \"2026-03\"\nmanager = {{ id = \"a\" }}\nmarks = {{ m = 90 }}\ninputs = {{ \"loans.sum\" = 3000 }}\n\
             peers = [{{ id = \"b\", inputs = {{ \"loans.sum\" = 1000 }}{b} }}]\nexpect = {{ {expect} }}\n"
        )
    };
    // 40,000 × 3,000 / (3,000 + 1,000): the loans of B are known, marked or not.
    holds(&text("", "pay = { p = 30000 }"));
    holds(&text(", marks = { m = 80 }", "pay = { p = 30000 }"));
}

#[test]
fn a_colleague_in_a_test_takes_what_its_manager_takes() {
    let text = |b: &str, expect: &str| {
        format!(
            "missing = \"error\"\npartial = {{ prorate = \"score\", by = \"months\" }}\n\
             [[indicators]]\nid = \"r\"\nweight = 50\ncurve = {{ kind = \"rating\", groups = [{{ group = \"peer\", weight = \"100%\", fewest = 1 }}], missing_group = \"fail\" }}\n\
             [[indicators]]\nid = \"a\"\nweight = 50\nvalue = \"actuals.calls\"\ncurve = {{ kind = \"formula\", score = \"x / (1 次)\" }}\n\
             [measures.calls]\nunit = \"次\"\nkind = \"count\"\n\
             [[tests]]\nname = \"t\"\nperiod = \"2026-03\"\nmanager = {{ id = \"a\" }}\nratings = [{{ group = \"peer\", score = 80 }}]\nactuals = {{ calls = 60 }}\n\
             peers = [{{ id = \"b\", {b} }}]\nexpect = {{ {expect} }}\n"
        )
    };
    // A comes to 40 + 30, B to 50 + 30, or in half of the month's place to nothing.
    let b = "ratings = [{ group = \"peer\", score = 100 }], actuals = { calls = 60 }";
    holds(&text(b, "total = 70, rank = 2"));
    holds(&text(&format!("{b}, active_months = 0"), "total = 70, rank = 1"));
    assert_eq!(found(&text(b, "total = 70")), [] as [&str; 0]);
}

#[test]
fn a_value_of_an_item_that_takes_none_is_found() {
    let with = |mine: &str, theirs: &str| {
        let test = case(theirs, "total = 66");
        found(&format!(
            "{SCORED}{}",
            test.replace("marks = { attitude = 90 }\n", &format!("marks = {{ attitude = 90 }}\n{mine}"))
        ))
    };
    assert_eq!(with("", ", values = { attitude = 80 }"), ["unused-input tests[0].peers[0].values.attitude"]);
    assert_eq!(with("values = { attitude = 80 }\n", ""), ["unused-input tests[0].values.attitude"]);
    assert_eq!(with("", ", values = { profit = 80 }"), [] as [&str; 0]);
    assert_eq!(
        with("", ", marks = { attitude = 80, other = 1 }"),
        ["unused-input tests[0].peers[0].marks.other"]
    );
}

#[test]
fn what_gates_take_off_a_share_of_a_pool_may_stay() {
    let text = |gated: &str, expect: &str| {
        format!(
            "missing = \"error\"\n[measures.loans]\nkind = \"flow\"\n[measures.management]\nunit = \"分\"\nkind = \"ratio\"\n\
             [[indicators]]\nid = \"management\"\nweight = 100\nvalue = \"actuals.management\"\ncurve = {{ kind = \"formula\", score = \"x\" }}\n\
             [[gates]]\nid = \"g\"\non = \"pay\"\nmissing = \"error\"\nfactor = \"total / 100\"\n\
             [[pay.lines]]\nid = \"p\"\ngated = {gated}\npool = {{ of = \"40000 元\", by = \"loans.sum\", among = \"all\" }}\n\
             [[tests]]\nname = \"t\"\nperiod = \"2026-03\"\nmanager = {{ id = \"a\" }}\nactuals = {{ management = 90 }}\ninputs = {{ \"loans.sum\" = 3000 }}\n\
             peers = [{{ id = \"b\", actuals = {{ management = 100 }}, inputs = {{ \"loans.sum\" = 1000 }} }}]\nexpect = {{ {expect} }}\n"
        )
    };
    // 40,000 × 3,000 / 4,000 = 30,000, of which 90 % are paid; with the others 40,000 × 2,700 / 3,700.
    holds(&text("\"stay\"", "pay = { p = 27000, total = 27000 }"));
    holds(&text("true", "pay = { p = 29189.19, total = 29189.19 }"));
    holds(&text("\"spread\"", "pay = { p = 29189.19, total = 29189.19 }"));
    holds(&text("false", "pay = { p = 30000, total = 30000 }"));
    assert_eq!(found(&text("\"stay\"", "total = 90")), [] as [&str; 0]);
    let plain = "[[pay.lines]]\nid = \"p\"\ngated = \"stay\"\namount = \"1 元\"\n";
    assert_eq!(found(plain), ["incomplete-entry pay.lines[0].gated"]);
}

/// The scorecards of A, B and C: A and B are marked, C is where `mark` says so. Files come in the order of the names.
fn cards(names: [&str; 3], mark: bool) -> Vec<Scorecard> {
    let policy = "title = \"P\"\nscheme = \"s\"\neffective = 2026-01-01\nperiod = \"month\"\nmoney = \"元\"\nmissing = \"error\"\n\
        [[indicators]]\nid = \"fees\"\nweight = 60\nvalue = \"fee_income.sum\"\ncurve = { kind = \"formula\", score = \"x / (1 万元)\" }\n\
        [[indicators]]\nid = \"mark\"\nweight = 40\ncurve = { kind = \"manual\" }\n\
        [[pay.lines]]\nid = \"p\"\namount = \"1 元 * sum.all('points.fees')\"\n[[pay.lines]]\nid = \"m\"\namount = \"1 元 * mean.all('mark')\"\n";
    let mut texts = vec![
        ("rmbook.toml".to_owned(), "name = \"B\"\nmoney = \"元\"\n".to_owned()),
        ("policies/p.toml".to_owned(), policy.to_owned()),
    ];
    for (at, name) in names.into_iter().enumerate() {
        texts.push((format!("managers/{name}.toml"), format!("name = \"{name}\"\n")));
        texts.push((
            format!("clients/{name}.toml"),
            format!("name = \"{name}\"\ntier = \"key\"\nstatus = \"active\"\nmanager = \"{name}\"\n[results]\n2026-03 = {{ fee_income = {} }}\n", 10 * (at + 1)),
        ));
        if at < 2 || mark {
            texts.push((
                format!("reviews/2026-03/{name}.toml"),
                format!("manager = \"{name}\"\nperiod = \"2026-03\"\n[[marks]]\nindicator = \"mark\"\npoints = 50\nby = \"{}\"\nreason = \"r\"\n", names[(at + 1) % 3]),
            ));
        }
    }
    let (book, faults) = book::load(&Snapshot::new(texts.into_iter().map(|(path, text)| (path, Ok(text)))));
    assert!(faults.is_empty(), "{faults:?}");
    let policies = Policies::of(&book);
    let request = Request { period: "2026-03".parse().ok(), ..Request::default() };
    let mut scored =
        run(&Portfolios::new(&book), &policies, request, &Asked::default()).unwrap().remove(0).cards;
    scored.sort_by_key(|card| names.iter().position(|name| **name == *card.profile.id));
    scored
}

#[test]
fn in_a_book_the_order_of_files_changes_nothing_and_it_is_said_who_stands_open() {
    for names in [["a", "b", "c"], ["c", "b", "a"], ["b", "c", "a"]] {
        let known = cards(names, true);
        // 6 + 12 + 18 points of fees.
        let pay = |card: &Scorecard| card.pay.as_ref().map(|pay| pay.total.normalize().to_string());
        assert_eq!(pay(&known[0]).as_deref(), Some("86"));
        assert_eq!(known.iter().map(|card| card.places.all).collect::<Vec<_>>(), [Some(3), Some(2), Some(1)]);
        let open = cards(names, false);
        let last = &open[2];
        assert_eq!(last.item("fees").unwrap().points.unwrap().normalize().to_string(), "18");
        assert_eq!(last.item("fees").unwrap().effective_weight.unwrap().normalize().to_string(), "60");
        assert!(open.iter().all(|card| card.places.all.is_none() && pay(card).is_none()));
        let said: Vec<String> =
            open[0].unpaid.iter().map(|error| format!("{}: {}", error, error.reason.get(Lang::En))).collect();
        let who = names[2];
        assert_eq!(said, [format!("missing: m: {who} stands open: `mark`: no mark in the review")]);
        assert_eq!(
            open[0].unplaced.as_ref().unwrap().get(Lang::Zh),
            format!("{who} 尚无法计算：“mark”：考核中没有人工评分")
        );
    }
}
