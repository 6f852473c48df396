//! `rmbook import table` through the program, with the mappings kept in `examples/crm-sales` and rows of the same shape.

use std::fs;
use std::path::Path;

use crate::fixture::Folder;

const TEAMS: &str = "\
sales_agent,manager,regional_office
Ada Stone,Max Berg,Central
Ben Hill,Max Berg,Central
Cleo Park,Ines Roth,East
";

const ACCOUNTS: &str = "\
account,sector,year_established,revenue,employees,office_location,subsidiary_of
Blue & Co,technolgy,1996,1100.04,2822,United States,
Redfield,medical,2012,587.34,1356,Philipines,Blue & Co
";

/// September 2017: Ada Stone won 1,054 + 4,514 + 50, Cleo Park 588; Ben Hill lost; a deal without an account is open.
const PIPELINE: &str = "\
opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value
A1,Ada Stone,GTX Plus Basic,Blue & Co,Won,2016-10-20,2017-09-01,1054
A2,Ada Stone,GTXPro,Redfield,Won,2016-10-25,2017-09-11,4514
A3,Ada Stone,MG Special,Blue & Co,Won,2016-10-25,2017-09-30,50
A4,Ada Stone,MG Special,Blue & Co,Won,2016-10-25,2017-10-01,60
B1,Ben Hill,GTX Basic,Redfield,Lost,2016-10-25,2017-09-09,0
C1,Cleo Park,GTX Basic,Redfield,Won,2016-10-25,2017-09-09,588
C2,Cleo Park,GTX Basic,,Engaging,2016-11-01,,
B2,Ben Hill,MG Advanced,,Prospecting,,,
";

const STEPS: [(&str, &str, &str); 6] = [
    ("sales_teams.csv", "manager", "supervisors.toml"),
    ("sales_teams.csv", "team", "teams.toml"),
    ("sales_teams.csv", "manager", "agents.toml"),
    ("accounts.csv", "client", "accounts.toml"),
    ("sales_teams.csv", "client", "prospects.toml"),
    ("sales_pipeline.csv", "opportunity", "opportunities.toml"),
];

fn mapping(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/crm-sales");
    folder.join(name).to_str().unwrap().to_owned()
}

/// An empty book with the three files beside it.
fn sales() -> Folder {
    Folder::with([
        ("rmbook.toml", "name = \"Sales\"\nmoney = \"USD\"\n"),
        ("data/sales_teams.csv", TEAMS),
        ("data/accounts.csv", ACCOUNTS),
        ("data/sales_pipeline.csv", PIPELINE),
    ])
}

fn import(book: &Folder, (file, kind, map): (&str, &str, &str), more: &[&str]) -> crate::fixture::Ran {
    let file = format!("data/{file}");
    book.run(&[&["import", "table", &file, "--as", kind, "--map", &mapping(map)], more].concat())
}

#[test]
fn sales_data_becomes_a_book_once() {
    let book = sales();
    for step in STEPS {
        let ran = import(&book, step, &[]);
        assert_eq!(ran.code, Some(0), "{step:?}: {}", ran.err);
    }
    assert_eq!(book.run(&["check", "--error-on", "error"]).code, Some(0));
    let client = book.read("clients/blue-co.toml");
    assert!(client.contains("industry = \"technology\"\nmanager = \"ada-stone\"\n"), "{client}");
    let house = book.read("clients/prospects-east.toml");
    assert!(house.contains("manager = \"ines-roth\"") && house.contains("id = \"c2\""), "{house}");
    let won = book.run(&[
        "list",
        "opportunity",
        "--where",
        "stage=won",
        "--where",
        "closed>=2017-09-01",
        "--where",
        "closed<=2017-09-30",
        "--columns",
        "by,amount,product",
        "--sort",
        "amount",
        "-O",
        "csv",
    ]);
    let rows: Vec<&str> = won.out.lines().skip(1).collect();
    assert_eq!(
        rows,
        [
            "ada-stone,50,USD,MG Special",
            "cleo-park,588,USD,GTX Basic",
            "ada-stone,1054,USD,GTX Plus Basic",
            "ada-stone,4514,USD,GTX Pro",
        ]
    );
    let again = import(&book, STEPS[5], &[]);
    assert_eq!((again.code, again.err.as_str()), (Some(0), "already there: 8\n"));
}

#[test]
fn a_record_is_found_by_its_source_after_it_was_renamed() {
    let book = sales();
    STEPS.iter().for_each(|step| assert_eq!(import(&book, *step, &[]).code, Some(0)));
    fs::rename(book.path("clients/blue-co.toml"), book.path("clients/blue.toml")).unwrap();
    let again = import(&book, STEPS[3], &[]);
    assert_eq!((again.code, again.err.as_str()), (Some(0), "already there: 2\n"));
    let again = import(&book, STEPS[5], &[]);
    assert_eq!((again.code, again.err.as_str()), (Some(0), "already there: 8\n"));
}

#[test]
fn rows_that_cannot_be_are_listed_and_stop_the_others() {
    let book = sales();
    STEPS[..5].iter().for_each(|step| assert_eq!(import(&book, *step, &[]).code, Some(0)));
    let bad = PIPELINE
        .replace("C1,Cleo Park,GTX Basic,Redfield,Won", "C1,Cleo Prk,GTX Basic,Redfield,Wno")
        .replace("A3,Ada Stone,MG Special,Blue & Co", "A3,Ada Stone,MG Special,Bleu & Co")
        .replace(",4514\n", ",45x4\n");
    book.write("data/sales_pipeline.csv", bad);
    let ran = import(&book, STEPS[5], &[]);
    assert_eq!(ran.code, Some(1));
    for line in [
        "row 3: `amount`: `45x4` is not a number",
        "row 4: `record`: the book has no client `bleu-co`",
        "row 7: `stage`: `Wno` is not in the table of values (a similar name exists: `Won`)",
        "nothing was written",
    ] {
        assert!(ran.err.contains(line), "{line}\n{}", ran.err);
    }
    assert!(!book.read("clients/blue-co.toml").contains("opportunities"));
    let ran = import(&book, STEPS[5], &["--skip-bad"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.err.contains("rows left out: 3\nadded: 5, files changed: 4\n"), "{}", ran.err);
}

#[test]
fn a_row_that_differs_from_what_is_there_is_refused_with_the_difference() {
    let book = sales();
    STEPS.iter().for_each(|step| assert_eq!(import(&book, *step, &[]).code, Some(0)));
    book.write("data/sales_pipeline.csv", PIPELINE.replace("2017-09-01,1054", "2017-09-01,1055"));
    let ran = import(&book, STEPS[5], &[]);
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.err.contains("row 2: ") && ran.err.contains("-amount = 1054\n+amount = 1055\n"),
        "{}",
        ran.err
    );
}

#[test]
fn with_update_a_row_that_differs_changes_the_fields_it_names() {
    let book = sales();
    STEPS.iter().for_each(|step| assert_eq!(import(&book, *step, &[]).code, Some(0)));
    let all =
        || book.names("clients").iter().map(|name| book.read(&format!("clients/{name}"))).collect::<String>();
    let before = all();
    book.write("data/sales_pipeline.csv", PIPELINE.replace("2017-09-01,1054", "2017-09-01,1055"));
    let ran = import(&book, STEPS[5], &["--update"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.err.starts_with("changed: 1, files changed: 1\n"), "{}", ran.err);
    assert_eq!(before.replace("amount = 1054", "amount = 1055"), all());
    let again = import(&book, STEPS[5], &["--update"]);
    assert!(!again.err.contains("changed"), "{}", again.err);
}

const RESULTS: &str = "\
record = '客户编号'
update = true
dates = ['%Y%m%d']
[fields]
'results.{月份}.deposits.avg' = { column = '日均(元)', times = '0.0001' }
'results.{月份}.deposits.end' = { column = '时点(元)', times = '0.0001' }
since = '开户日'
[skip]
'状态' = ['销户']
";

#[test]
fn monthly_figures_in_gb18030_change_records_that_exist() {
    let book = Folder::book();
    book.write("map.toml", RESULTS);
    let csv = "客户编号;月份;日均(元);时点(元);开户日;状态\r\nacme;2026-09;51,234,500.00;;20210315;正常\r\nacme;2026-10;\"￥52,000,000\";53500000;;正常\r\nold;2026-10;1;1;;销户\r\n";
    let (bytes, _, _) = encoding_rs::GB18030.encode(csv);
    book.write("results.csv", bytes);
    let args = ["import", "table", "results.csv", "--as", "client", "--map", "map.toml"];
    let ran = book.run(&args);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let text = book.read("clients/acme.toml");
    assert!(text.contains("2026-09 = { deposits = 5123.45, loans = 3000 }\n2026-10 = { deposits = { avg = 5200, end = 5350 } }\n"), "{text}");
    assert!(text.contains("since = 2021-03-15\n") && text.contains("# The first one."), "{text}");
    let again = book.run(&args);
    assert_eq!((again.code, again.err.as_str()), (Some(0), "already there: 2\n"));
}

#[test]
fn a_mapping_that_does_not_fit_is_an_error_of_the_run() {
    let book = Folder::book();
    book.write("a.csv", "id,name\nx,'=1+1\n");
    for (map, kind, expected) in [
        (
            "record = 'ids'\n[fields]\nname = 'name'\n",
            "client",
            "no column is called `ids`; there are: id, name",
        ),
        ("record = 'id'\n[fields]\nnam = 'name'\n", "client", "no field is called `nam`"),
        (
            "record = 'id'\n[fields]\nname = { colum = 'name' }\n",
            "client",
            "map.toml:3:10: there is no key `colum`; there are: column, constant, template, ",
        ),
        ("record = 'id'\n[fields]\nwhat = 'name'\n", "risk", "`--in client` / `--in team`"),
        (
            "record = 'id'\n[fields]\n",
            "clint",
            "nothing is called `clint`\nhelp: a similar name exists: `client`",
        ),
    ] {
        book.write("map.toml", map);
        let ran = book.run(&["import", "table", "a.csv", "--as", kind, "--map", "map.toml"]);
        assert_eq!(ran.code, Some(2), "{map}: {}", ran.err);
        assert!(ran.err.contains(expected), "{map}: {}", ran.err);
    }
    book.write("map.toml", "record = 'id'\n");
    let import = ["--lang", "zh", "import", "table", "a.csv", "--map", "map.toml", "--as"];
    let ran = book.run(&[&import[..], &["client"]].concat());
    assert_eq!(ran.err, "错误：map.toml:1:1：缺少“fields”\n");
    book.write("map.toml", "record = 'id'\n[fields]\nname = 'name'\n");
    let ran = book.run(&[&import[..], &["visit", "--in", "team"]].concat());
    assert_eq!(ran.err, "错误：“team”中没有“visit”\n提示：所属记录类别为 client\n");
    let ran = book.run(&["import", "table", "a.csv", "--as", "manager", "--map", "map.toml", "--dry-run"]);
    assert!(ran.out.contains("+name = \"=1+1\"\n"), "{}", ran.out);
    assert_eq!(book.names("managers"), ["li-na.toml", "wang-fang.toml"]);
}

#[test]
fn rows_of_one_month_that_differ_are_refused_both() {
    let book = Folder::book();
    book.write("map.toml", RESULTS);
    let rows = |second: &str| {
        format!(
            "客户编号;月份;日均(元);时点(元);开户日;状态\nacme;2026-10;52000000;;20210315;正常\nacme;2026-10;{second};;20210315;正常\n"
        )
    };
    book.write("results.csv", rows("53000000"));
    let args = ["import", "table", "results.csv", "--as", "client", "--map", "map.toml"];
    let ran = book.run(&args);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    for line in [
        "row 2: `results.2026-10.deposits.avg`: 5200 here, 5300 in row 3\n",
        "row 3: `results.2026-10.deposits.avg`: 5300 here, 5200 in row 2\n",
        "nothing was written\n",
    ] {
        assert!(ran.err.contains(line), "{line}{}", ran.err);
    }
    // Every row is bad: nothing can be left out.
    let ran = book.run(&[&args[..], &["--skip-bad"]].concat());
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert!(!book.read("clients/acme.toml").contains("2026-10 ="));
    // The same twice is one row.
    book.write("results.csv", rows("52000000.00"));
    assert_eq!(book.run(&args).code, Some(0));
}

#[test]
fn a_figure_of_a_closed_month_that_changes_is_said() {
    let book = Folder::book();
    let policy = "title = \"M\"\nscheme = \"main\"\neffective = 2026-01-01\nperiod = \"month\"\nmoney = \"万元\"\nmissing = \"zero\"\n\
                  [[indicators]]\nid = \"deposits\"\nvalue = \"deposits.average\"\nweight = 100\n\
                  curve = { kind = \"per-unit\", unit = 100, points = 1 }\n";
    book.write("policies/main.toml", policy);
    let ran = book.run(&["close", "2026-09"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    book.write("map.toml", RESULTS);
    let import = |month: &str| {
        let rows = format!("客户编号,月份,日均(元),时点(元),开户日,状态\nacme,{month},52000000,,,正常\n");
        book.write("results.csv", rows);
        book.run(&["import", "table", "results.csv", "--as", "client", "--map", "map.toml", "--update"]).err
    };
    let said = "findings that this brings into closed periods: 1, for 2026-09; `rmbook check` shows them, \
                and `rmbook close 2026-09 --amend wang-fang` amends what was closed\n";
    assert!(!import("2026-10").contains("closed"));
    let changed = import("2026-09");
    assert!(changed.contains(said), "{changed}");
}

#[test]
fn of_the_rows_of_a_record_only_the_bad_ones_are_left_out() {
    let book = Folder::book();
    book.write(
        "map.toml",
        "record = 'client'\n[fields]\ndate = 'date'\nby = 'by'\nkind = 'kind'\nsummary = 'summary'\n",
    );
    let good = "acme,2026-10-20,wang-fang,call,Good\nacme,2026-10-27,wang-fang,call,Good too\n";
    // Nobody of that name, and a day to come.
    let bad = "acme,2026-10-21,nobody,call,Bad\nacme,2026-12-21,wang-fang,call,Bad too\n";
    book.write("visits.csv", format!("client,date,by,kind,summary\n{bad}{good}"));
    let args = ["import", "table", "visits.csv", "--as", "visit", "--map", "map.toml", "--skip-bad"];
    let ran = book.run(&args);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.err.contains("rows left out: 2\nadded: 2, files changed: 1\n"), "{}", ran.err);
    let text = book.read("clients/acme.toml");
    assert!(text.contains("Good too") && !text.contains("Bad"), "{text}");
    book.write("visits.csv", format!("client,date,by,kind,summary\n{bad}"));
    let ran = book.run(&args);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert!(ran.err.ends_with("nothing was written\n"), "{}", ran.err);
}

#[test]
fn rows_about_records_that_are_there_say_what_they_changed() {
    let book = Folder::book();
    book.write("map.toml", "record = 'id'\n[fields]\n'results.{month}.deposits' = 'deposits'\n");
    let args = ["import", "table", "a.csv", "--as", "client", "--map", "map.toml"];
    let update = [&args[..], &["--update"]].concat();
    book.write("a.csv", "id,month,deposits\nacme,2026-10,1.2万\n");
    let ran = book.run(&args);
    assert_eq!(ran.code, Some(2));
    assert!(
        ran.err.ends_with("and not all of one: 1\nhelp: `--update` changes the fields they name\n"),
        "{}",
        ran.err
    );
    let ran = book.run(&update);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), "added: 1, files changed: 1\n"));
    assert!(book.read("clients/acme.toml").contains("2026-10 = { deposits = 1.2 }"), "the unit is 万元");
    book.write("a.csv", "id,month,deposits\nacme,2026-10,2\n");
    assert_eq!(book.run(&update).err, "changed: 1, files changed: 1\n");
    assert_eq!(book.run(&update).err, "already there: 1\n");
    book.write("a.csv", "id,month,deposits\nacmee,2026-10,2\n");
    let ran = book.run(&update);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert!(ran.err.contains("row 2: `record`: the book has no client `acmee`"), "{}", ran.err);
    assert_eq!(ran.err.lines().count(), 2, "{}", ran.err);
}
