//! `rmbook handover` through the program.

use rmbook::book;
use rmbook::metric::{self, Portfolios};
use rmbook::period::Period;
use rmbook::store;

use crate::fixture::{CLIENT, Folder};

/// A client whose figures two managers share, and one whose lead earns all.
fn book() -> Folder {
    let book = Folder::book();
    let results = "2026-09 = { deposits = 5100, loans = 3000 }\n2026-10 = { deposits = { avg = 5200, end = 5350 }, fee_income = 8 }\n";
    let client = CLIENT.replace("2026-09 = { deposits = 5100, loans = 3000 }\n", results);
    book.write("clients/acme.toml", &client);
    let shares = "\n[[credit]]\nfrom = 2026-01-01\nshares = { wang-fang = 70, zhao-lei = 30 }\n";
    book.write("clients/beta.toml", client.replace("Acme", "Beta") + shares);
    book.write("managers/zhao-lei.toml", "name = \"赵磊\"\n");
    book.write("managers/chen.toml", "name = \"陈\"\nstatus = \"left\"\nleft = 2026-06-30\n");
    book
}

/// Every figure of every manager in a period, in words.
fn figures(folder: &Folder, period: &str) -> Vec<String> {
    let (book, findings) = book::load(&store::read_book(folder.root()).unwrap());
    assert!(findings.is_empty(), "{findings:?}");
    let portfolios = Portfolios::new(&book);
    let queries = ["deposits.average", "loans.average", "fee_income.sum", "visits", "effective_clients"];
    let mut figures = Vec::new();
    for manager in ["wang-fang", "li-na", "zhao-lei"] {
        for query in queries {
            let portfolio = portfolios.of([manager]);
            let answer = metric::ask(
                &portfolio.scope(false),
                &query.parse().unwrap(),
                period.parse::<Period>().unwrap(),
            );
            let amount =
                answer.map_or_else(|reason| reason.to_string(), |known| known.amount.normalize().to_string());
            figures.push(format!("{manager} {query} {amount}"));
        }
    }
    figures
}

#[test]
fn what_was_earned_before_stays_and_what_comes_after_is_the_receivers() {
    let book = book();
    let earlier = ["2026-09", "2026-Q3", "2026-10"];
    let before = earlier.map(|period| figures(&book, period));
    assert!(before[2].contains(&"wang-fang deposits.average 8840".to_owned()), "{before:?}");
    let ran = book.run(&[
        "handover",
        "acme",
        "beta",
        "--to",
        "li-na",
        "--on",
        "2026-11-01",
        "--reason",
        "rotation",
    ]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), "handed over to li-na from 2026-11-01: 2\n"));
    assert_eq!(earlier.map(|period| figures(&book, period)), before);
    let november = "2026-11 = { deposits = 1000 }\n\n# The first";
    for client in ["clients/acme.toml", "clients/beta.toml"] {
        let text = book.read(client).replace("\n# The first", november);
        book.write(client, text);
    }
    let after = figures(&book, "2026-11");
    // All of acme, and the 70 of 100 that wang-fang had of beta.
    for figure in
        ["li-na deposits.average 1700", "wang-fang deposits.average 0", "zhao-lei deposits.average 300"]
    {
        assert!(after.contains(&figure.to_owned()), "{after:?}");
    }
    let again = book.run(&["handover", "acme", "--to", "li-na", "--on", "2026-11-01"]);
    assert_eq!((again.code, again.err.as_str()), (Some(0), "already there: 1\n"));
}

#[test]
fn the_package_stands_in_the_diff_and_nothing_is_written() {
    let book = book();
    let ran =
        book.run(&["handover", "acme", "--to", "li-na", "--on", "yesterday", "--dry-run", "--lang", "zh"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let package = "+[[handovers]]\n+date = 2026-11-23\n+from = \"wang-fang\"\n+to = \"li-na\"\n+position_on = 2026-10-31\n+position = { deposits = 5350 }\n";
    for part in ["-manager = \"wang-fang\"\n+manager = \"li-na\"\n", package] {
        assert!(ran.out.contains(part), "{}", ran.out);
    }
    assert!(book.read("clients/acme.toml").contains("manager = \"wang-fang\""));
}

#[test]
fn who_left_or_does_not_exist_receives_nothing_and_one_client_refused_stops_all() {
    let book = book();
    for (to, expected) in [("chen", "has left"), ("li-n", "a similar name exists: `li-na`")] {
        let ran = book.run(&["handover", "acme", "--to", to]);
        assert_eq!(ran.code, Some(2), "{to}");
        assert!(ran.err.contains(expected), "{to}: {}", ran.err);
    }
    assert_eq!(book.run(&["handover", "beta", "--to", "li-na", "--on", "2026-11-10"]).code, Some(0));
    let before = book.read("clients/acme.toml");
    let ran = book.run(&["handover", "acme", "beta", "--to", "zhao-lei", "--on", "2026-11-10"]);
    assert_eq!(ran.code, Some(1));
    let refused = "beta: the client was handed over on 2026-11-10; a later handover needs a later day\nnothing was written\n";
    assert_eq!(ran.err, refused);
    assert_eq!(book.read("clients/acme.toml"), before);
}

#[test]
fn what_a_leaver_must_give_back_stands_in_the_package_and_on_the_screen() {
    let book = book();
    let held = "[[access]]\nsystem = \"信贷系统\"\ngranted = 2025-01-05\n[[access]]\nsystem = \"CRM\"\ngranted = 2025-01-05\nrevoked = 2026-11-20\n\
                [[assets]]\nkind = \"笔记本电脑\"\nserial = \"SN-1\"\n";
    let manager = book.read("managers/wang-fang.toml");
    book.write("managers/wang-fang.toml", format!("{manager}{held}"));
    let handover = ["handover", "acme", "--to", "li-na", "--on", "2026-12-01", "--dry-run"];
    let stays = book.run(&handover);
    assert!(!stays.out.contains("returns") && !stays.err.contains("leaves"), "{}{}", stays.out, stays.err);
    book.write("managers/wang-fang.toml", format!("left = 2026-11-30\n{manager}{held}"));
    let ran = book.run(&handover);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let package = "+returns = [\"revoke the leaver's access: 信贷系统\", \"take back the leaver's equipment: 笔记本电脑\"]\n";
    assert!(ran.out.contains(package), "{}", ran.out);
    let said = "wang-fang leaves; before the supervisor signs, 2 must be given back:\n";
    assert!(ran.err.contains(said), "{}", ran.err);
    assert!(ran.err.contains(": rmbook set wang-fang 'access[信贷系统].revoked=today'\n"), "{}", ran.err);
    assert!(ran.err.contains(": rmbook set wang-fang 'assets[笔记本电脑].returned=today'\n"), "{}", ran.err);
}

#[test]
fn what_a_handover_leaves_missing_is_said() {
    let book = Folder::book();
    book.write("clients/acme.toml", CLIENT.replacen("status", "backup = \"li-na\"\nstatus", 1));
    let ran = book.run(&["handover", "acme", "--to", "li-na", "--on", "2026-11-01"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let second = "acme: li-na was its second manager; name another one: rmbook set acme backup=…";
    assert!(ran.err.contains(second) && ran.err.contains("acme: no month-end balances"), "{}", ran.err);
    let shown = book.run(&["show", "acme", "-O", "json"]).out;
    let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
    let tables = shown["tables"].as_array().unwrap();
    let credit = tables.iter().find(|table| table["name"] == "credit").unwrap();
    let leads: Vec<_> =
        credit["rows"].as_array().unwrap().iter().map(|row| (&row["from"], &row["manager"])).collect();
    assert_eq!(
        format!("{leads:?}"),
        r#"[(Null, String("wang-fang")), (String("2026-11-01"), String("li-na"))]"#
    );
}

#[test]
fn nobody_receives_a_client_before_joining_nor_before_the_client_came() {
    let book = book();
    book.write("managers/new.toml", "name = \"新\"\njoined = 2026-12-01\n");
    let ran = book.run(&["handover", "acme", "--to", "new"]);
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    assert!(ran.err.contains("`new` joins on 2026-12-01"), "{}", ran.err);
    assert_eq!(book.run(&["handover", "acme", "--to", "new", "--on", "2026-12-01"]).code, Some(0));
    let client = book.read("clients/beta.toml").replacen("status", "since = 2026-03-02\nstatus", 1);
    book.write("clients/beta.toml", client);
    let ran = book.run(&["handover", "beta", "--to", "zhao-lei", "--on", "2026-03-01"]);
    assert!(ran.code == Some(1) && ran.err.contains("came on 2026-03-02"), "{:?} {}", ran.code, ran.err);
    assert_eq!(book.run(&["handover", "beta", "--to", "zhao-lei", "--on", "2026-03-02"]).code, Some(0));
}
