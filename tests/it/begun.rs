//! Schemes that begin within a year, months left open before one that is paid, and several schemes that pay one month.

use crate::fixture::Folder;

const SETTINGS: &str = "name = \"测试支行\"\n\n[measures.won]\ntitle = \"计价\"\nunit = \"元\"\nkind = \"flow\"\n\n[calendar]\n2026 = {}\n";

/// Li won 8,000, 5,000 and 9,000 from June on, in a book that goes back to January.
fn book(policies: &[(&str, String)]) -> Folder {
    let folder = Folder::empty();
    folder.write("rmbook.toml", SETTINGS);
    for (id, text) in policies {
        folder.write(&format!("policies/{id}.toml"), text);
    }
    folder.write(
        "managers/li.toml",
        "name = \"李娜\"\n\n[actuals]\n2026-06 = { won = 8000 }\n2026-07 = { won = 5000 }\n2026-08 = { won = 9000 }\n",
    );
    let results: String = (1..=8).map(|month| format!("2026-{month:02} = {{ deposits = 1 }}\n")).collect();
    folder.write(
        "clients/a.toml",
        format!("name = \"甲公司\"\ntier = \"base\"\nmanager = \"li\"\nstatus = \"active\"\n\n[results]\n{results}"),
    );
    folder
}

fn policy(scheme: &str, head: &str, amount: &str) -> String {
    format!(
        "title = \"P\"\nscheme = \"{scheme}\"\nperiod = \"month\"\n{head}\n[[pay.lines]]\nid = \"priced\"\namount = \"{amount}\"\n"
    )
}

/// Priced from June on, as `missing` and `amount` say.
fn priced(missing: &str, amount: &str) -> Folder {
    let head = format!("effective = 2026-06-01\nmoney = \"元\"\nmissing = \"{missing}\"");
    book(&[("priced", policy("priced", &head, amount))])
}

/// Pay, what is paid now and the remark of Li for a month under a scheme.
fn paid(folder: &Folder, month: &str, scheme: &str) -> [String; 3] {
    let ran =
        folder.run(&["scorecard", month, "--scheme", scheme, "--format", "csv", "--today", "2026-09-10"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let mut lines = csv::Reader::from_reader(ran.out.as_bytes());
    let heads = lines.headers().unwrap().clone();
    let row = lines.records().next().unwrap().unwrap();
    let at = |name: &str| heads.iter().position(|head| head == name).unwrap();
    ["pay", "paid_now", "remark"].map(|name| row[at(name)].to_owned())
}

fn close(folder: &Folder, month: &str, scheme: &str) {
    let ran = folder.run(&["close", month, "--scheme", scheme, "--today", "2026-09-10"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
}

const CAPPED: &str = "min(actuals.won, 14000 元 - previous.pay.priced.year_to_date)";

#[test]
fn months_before_a_scheme_began_add_nothing_to_its_year_to_date() {
    let folder = priced("error", CAPPED);
    let begun = "priced reckoned without `previous.pay.priced.year_to_date < 2026-06`: the scheme begins with 2026-06";
    assert_eq!(paid(&folder, "2026-06", "priced"), ["8000", "8000", begun]);
    close(&folder, "2026-06", "priced");
    assert_eq!(paid(&folder, "2026-07", "priced")[0], "5000");
    close(&folder, "2026-07", "priced");
    // 14,000 − 8,000 − 5,000.
    assert_eq!(paid(&folder, "2026-08", "priced"), ["1000", "1000", begun]);
    // A test that states the months of the scheme alone.
    let test = "[[tests]]\nname = \"t\"\nperiod = \"2026-08\"\nactuals = { won = 9000 }\nhistory = [\
        { period = \"2026-06\", pay = { priced = 8000 } }, { period = \"2026-07\", pay = { priced = 5000 } }]\n\
        expect = { pay = { priced = 1000 } }\n";
    folder.write("policies/priced.toml", folder.read("policies/priced.toml") + test);
    let ran = folder.run(&["policy", "test"]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
}

#[test]
fn what_is_reckoned_without_an_open_month_says_so() {
    let open = |name: &str| format!("priced reckoned without `{name}`: 2026-07 is not closed");
    let folder = priced("zero", CAPPED);
    close(&folder, "2026-06", "priced");
    let counted = "pay counted as zero, no figure: priced";
    let to_date = format!("{}; {counted}", open("previous.pay.priced.year_to_date"));
    assert_eq!(paid(&folder, "2026-08", "priced"), ["0", "0", to_date.as_str()]);
    let folder = priced("error", "actuals.won - default(previous.pay.priced, 0 元)");
    // Nothing is open before the first month of the scheme.
    assert_eq!(paid(&folder, "2026-06", "priced"), ["8000", "8000", ""]);
    close(&folder, "2026-06", "priced");
    // June, the last that is closed, stands in the place of July: 9,000 − 8,000.
    let leapt = "priced: `previous.pay.priced` is that of 2026-06, since 2026-07 is not closed";
    assert_eq!(paid(&folder, "2026-08", "priced"), ["1000", "1000", leapt]);
    close(&folder, "2026-07", "priced");
    // July paid 5,000 − 8,000.
    assert_eq!(paid(&folder, "2026-08", "priced"), ["12000", "12000", ""]);
}

/// A scheme in yuan that pays 5,000, and from August on one in ten thousands that pays 0.8; `held` stands in the ledger of a month.
fn two_schemes(month: &str, held: &str) -> Folder {
    let main = "effective = 2026-01-01\nmoney = \"元\"\nmissing = \"error\"";
    let extra = "effective = 2026-08-01\nmoney = \"万元\"\nmissing = \"error\"";
    let policies = [("main", policy("main", main, "5000 元")), ("extra", policy("extra", extra, "0.8 万元"))];
    let folder = book(&policies);
    folder.write(
        &format!("reviews/{month}/li.toml"),
        format!("manager = \"li\"\nperiod = \"{month}\"\n\n[[ledger]]\ndate = {month}-20\nkind = \"holdback\"\ncase = \"late\"\namount = 0.3\n{held}\n"),
    );
    folder
}

fn unnamed(folder: &Folder) -> Vec<String> {
    let ran = folder.run(&["check", "--today", "2026-09-10", "--format", "concise"]);
    let found = ran.out.lines().filter(|line| line.contains("RM664"));
    found.map(|line| line.split_once("RM664 ").unwrap().1.to_owned()).collect()
}

#[test]
fn an_entry_that_does_not_say_which_of_several_schemes_pays_is_found_and_taken_once() {
    // July is paid by one.
    let folder = two_schemes("2026-07", "");
    assert_eq!(unnamed(&folder), [""; 0]);
    assert_eq!(paid(&folder, "2026-07", "main")[1], "4999.7");
    let folder = two_schemes("2026-08", "");
    let by_two = "2026-08 is paid by `extra`, `main`, and the entry names none";
    assert_eq!(unnamed(&folder), [by_two]);
    let now = |folder: &Folder| ["main", "extra"].map(|scheme| paid(folder, "2026-08", scheme)[1].clone());
    assert_eq!(now(&folder), ["5000", "0.8"]);
    // What is closed first keeps it, whatever else pays.
    close(&folder, "2026-08", "extra");
    assert_eq!((now(&folder), unnamed(&folder)), (["5000".into(), "0.5".into()], vec![by_two.to_owned()]));
    close(&folder, "2026-08", "main");
    assert_eq!((now(&folder), unnamed(&folder).len()), (["5000".into(), "0.5".into()], 1));
    let named = two_schemes("2026-08", "scheme = \"extra\"");
    assert_eq!((now(&named), unnamed(&named).len()), (["5000".into(), "0.5".into()], 0));
}

#[test]
fn policies_that_have_run_out_are_told_of_once_there_are_figures() {
    let until = |until: &str| {
        let head = format!("effective = 2026-01-01\n{until}money = \"元\"\nmissing = \"zero\"");
        let folder = book(&[("priced", policy("priced", &head, "1 元"))]);
        let ran = folder.run(&["check", "--today", "2026-09-10", "--format", "concise"]);
        ran.out
            .lines()
            .filter_map(|line| line.split_once("RM683 "))
            .map(|(_, said)| said.to_owned())
            .collect::<Vec<_>>()
    };
    // The book has figures up to August.
    let said = "no policy is in force in 2026-08, which has figures: the last, `priced`, ended on 2026-07-31";
    assert_eq!(until("until = 2026-07-31\n"), [said]);
    assert_eq!(until("until = 2026-08-31\n"), [""; 0]);
    assert_eq!(until(""), [""; 0]);
}

/// The example has several policies by the month, and no figures of November.
#[test]
fn what_is_shown_in_the_place_of_the_last_month_is_said_once() {
    let book = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/riverside");
    let ran = Folder::empty().run(&["-C", book, "scorecard", "--today", "2026-12-01"]);
    assert_eq!(ran.err, "showing 2026-10: the book has no full figures for 2026-11\n");
}
