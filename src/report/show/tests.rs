//! What the pictures of records hold, in a book of two managers and two clients.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::*;
use crate::book::load;
use crate::source::Snapshot;

const FILES: [(&str, &str); 6] = [
    ("rmbook.toml", "name = '支行'\n[tiers]\nstrategic = { deposits = 10000 }"),
    (
        "managers/wang.toml",
        "name = '王芳'\nteam = 'one'\nreports_to = 'zhao'\n[targets]\n2026-10 = { deposits = 10000 }\n\
         [[trainings]]\ndate = 2026-05-01\ncourse = 'a'\nkind = 'online'\nhours = 6\ndone = 2026-05-01\n\
         [[trainings]]\ndate = 2025-05-01\ncourse = 'b'\nkind = 'online'\nhours = 9\ndone = 2025-05-01\n\
         [[trainings]]\ndate = 2026-12-01\ncourse = 'c'\nkind = 'online'\nhours = 4\n",
    ),
    ("managers/zhao.toml", "name = '赵敏'\nteam = 'one'\nleft = 2026-10-01"),
    ("teams/one.toml", "name = '公司一部'\nlead = 'zhao'"),
    (
        "clients/a.toml",
        "name = '华东精密'\ntier = 'key'\nmanager = 'wang'\nbackup = 'zhao'\nstatus = 'active'\nsince = 2021-03-15\n\
         base = { 2026 = { deposits = 4800 } }\n\
         products = [{ name = '网银' }, { name = '代发', until = 2026-01-01 }]\n\
         wallet = [{ date = 2026-09-30, measure = 'deposits', total = 10200 }]\n\
         complaints = [{ id = 'old', received = 2025-10-20, closed = 2025-10-30 }, { id = 'new', received = 2026-10-20 }]\n\
         [results]\n2025-10 = { fee_income = 90 }\n2025-11 = { fee_income = 1 }\n2026-08 = { deposits = 5000, ftp_profit = 7 }\n2026-09 = { deposits = { avg = 5100, end = 5000 } }\n\
         2026-10 = { deposits = { avg = 5200, end = 5350 }, fee_income = 2 }\n2026-11 = { deposits = 9999 }\n\
         [[credit]]\nfrom = 2026-07-01\nshares = { wang = 70, zhao = 30 }\n\
         [[contacts]]\nname = '李明'\nrole = '财务总监'\n\
         [[visits]]\ndate = 2026-10-09\nby = 'wang'\nkind = 'call'\n\
         [[handovers]]\ndate = 2024-02-01\nfrom = 'zhao'\nto = 'wang'\n\
         signed_from = 2024-02-01\nsigned_to = 2024-02-01\nsigned_supervisor = 2024-02-01\n",
    ),
    (
        "clients/b.toml",
        "name = '旧客户'\ntier = 'base'\nmanager = 'wang'\nstatus = 'closed'\nclosed = 2024-01-31",
    ),
];

fn page(kind: RecordKind, id: &str, personal: Personal) -> Vec<Table> {
    page_with(&[], kind, id, personal)
}

/// The picture of a record in the book with more files, or others instead.
fn page_with(more: &[(&str, &str)], kind: RecordKind, id: &str, personal: Personal) -> Vec<Table> {
    let files: BTreeMap<&str, &str> = FILES.into_iter().chain(more.iter().copied()).collect();
    let snapshot =
        Snapshot::new(files.into_iter().map(|(path, text)| (path.to_owned(), Ok(text.to_owned()))));
    let (book, findings) = load(&snapshot);
    assert!(findings.is_empty(), "{findings:?}");
    let today = "2026-10-31".parse().unwrap();
    show(&Page { book: &book, sources: &snapshot.sources, today, personal }, kind, id)
}

fn table<'t>(tables: &'t [Table], name: &str) -> &'t Table {
    tables.iter().find(|table| table.name == name).unwrap()
}

/// The value of a fact.
fn fact<'t>(tables: &'t [Table], field: &str) -> Option<&'t Cell> {
    let found = tables[0].rows.iter().find(|row| matches!(row[0], Cell::Said { key, .. } if key == field));
    found.map(|row| &row[1])
}

fn number(text: &str) -> Cell {
    Cell::Number(text.parse().unwrap())
}

fn day(text: &str) -> Cell {
    Cell::Date(text.parse().unwrap())
}

/// The measure as people read it.
fn deposits() -> Cell {
    Cell::Titled {
        key: "deposits".to_owned(),
        title: Message::both("Average daily deposits", "对公存款日均"),
    }
}

#[test]
fn a_client_shows_who_looks_after_it_and_what_it_brings() {
    let tables = page(RecordKind::Client, "a", Personal::Without);
    assert_eq!(fact(&tables, "last_visit"), Some(&day("2026-10-09")));
    // 60 days after 9 October.
    assert_eq!(fact(&tables, "next_visit"), Some(&day("2026-12-08")));
    assert_eq!(fact(&tables, "industry"), None);
    let people = table(&tables, "people");
    assert_eq!(people.rows[0][1..], ["wang".into(), "王芳".into(), day("2024-02-01")]);
    // Nothing says since when there is a second manager: always, from the first account on.
    assert_eq!(people.rows[1][1..], ["zhao".into(), "赵敏".into(), day("2021-03-15")]);
    let share = |manager: &str, name: &str, share: i64| {
        vec![
            day("2026-07-01"),
            manager.into(),
            name.into(),
            Cell::Ratio(Decimal::new(share, 1)),
            Cell::Missing,
        ]
    };
    assert_eq!(table(&tables, "credit").rows, [share("wang", "王芳", 7), share("zhao", "赵敏", 3)]);
    // November lies ahead; the nine months before August have no figures.
    let results = &table(&tables, "results").rows[0];
    assert_eq!(
        results[..7],
        [
            deposits(),
            "2026-10".into(),
            number("5200"),
            number("5350"),
            number("100"),
            number("4800"),
            "万元".into(),
        ]
    );
    let mut course = vec![None; 9];
    course.extend([5000, 5100, 5200].map(|figure| Some(Decimal::from(figure))));
    assert_eq!(results[7], Cell::Trend(course));
}

#[test]
fn a_base_nobody_stated_is_last_decembers() {
    let client = "name = '华东精密'\ntier = 'key'\nmanager = 'wang'\nstatus = 'active'\n\
                  [results]\n2025-12 = { deposits = 4700, fee_income = 3 }\n2026-10 = { deposits = 5000, fee_income = 2 }\n";
    let tables = page_with(&[("clients/a.toml", client)], RecordKind::Client, "a", Personal::Without);
    let bases = table(&tables, "results").rows.iter().map(|row| row[5].clone()).collect::<Vec<_>>();
    // Fees begin anew each year.
    assert_eq!(bases, [number("4700"), Cell::Missing]);
}

#[test]
fn a_client_shows_its_contribution_its_wallet_and_the_way_to_the_next_tier() {
    let tables = page(RecordKind::Client, "a", Personal::Without);
    assert_eq!(fact(&tables, "products_in_use"), Some(&Cell::Count(1)));
    // The fees of October a year ago are thirteen months old.
    let brought = table(&tables, "contribution").rows.iter().map(|row| row[3].clone());
    assert_eq!(brought.collect::<Vec<_>>(), [number("3"), number("7"), number("10")]);
    // 5,100 of 10,200 in September; 5,200 of the 10,000 that the next tier asks for.
    assert_eq!(
        table(&tables, "wallet").rows[0][..4],
        [deposits(), number("10200"), number("5100"), Cell::Ratio("0.5".parse().unwrap())]
    );
    let next = &table(&tables, "next_tier").rows[0];
    assert_eq!((&next[1], &next[5]), (&deposits(), &number("4800")));
}

#[test]
fn a_manager_shows_load_and_the_complaints_of_a_year() {
    let tables = page(RecordKind::Manager, "wang", Personal::Without);
    // One key client weighs two.
    assert_eq!(table(&tables, "load").rows[0][..2], [Cell::Count(1), number("2")]);
    let complaints = &table(&tables, "complaints").rows;
    assert_eq!(complaints.len(), 1, "the old one is closed");
    assert_eq!(complaints[0][..3], [day("2026-10-20"), "a".into(), "new".into()]);
    assert_eq!(complaints[0][4], day("2026-10-21"));
    assert!(tables.iter().all(|table| table.name != "call_points"), "no call was made");
}

#[test]
fn names_of_contacts_are_shown_when_asked_for() {
    let names = |personal| {
        let tables = page(RecordKind::Client, "a", personal);
        let contacts = table(&tables, "client_contacts");
        (contacts.columns[0].key.clone(), contacts.notes.len())
    };
    assert_eq!(names(Personal::Without), ("role".to_owned(), 1));
    assert_eq!(names(Personal::With), ("name".to_owned(), 0));
}

#[test]
fn a_manager_shows_open_clients_pace_and_hours() {
    let tables = page(RecordKind::Manager, "wang", Personal::Without);
    assert_eq!(fact(&tables, "training_hours"), Some(&number("6")));
    // 40 hours for 304 of 365 days.
    assert_eq!(fact(&tables, "training_hours_asked"), Some(&number("33.3")));
    let clients = table(&tables, "clients");
    assert_eq!(clients.rows.len(), 1, "the closed one is left out");
    assert_eq!(clients.rows[0][3], Cell::Said { key: "key", text: Text::new("Key client", "重点客户") });
    assert_eq!(clients.rows[0][7..], ["2026-10".into(), number("5200")]);
    let pacing = table(&tables, "pacing");
    assert_eq!(pacing.columns[0].key, "period");
    // 70 % of 5,200 since July.
    assert_eq!(
        pacing.rows[0][..6],
        ["2026-10".into(), deposits(), "万元".into(), number("10000"), number("10000"), number("3640")]
    );
}

const POLICY: &str = "title = '月度办法'\nscheme = 'card'\neffective = 2026-10-01\nperiod = 'month'\nscale = 'weighted'\n\
    money = '万元'\nrounding = { mode = 'half-up', total = 2 }\n\
    [[indicators]]\nid = 'deposits'\ntitle = '日均存款'\nvalue = 'deposits.average'\ntarget = 'targets.deposits'\nweight = 60\n\
    missing = 'skip'\ncurve = { kind = 'ratio', min = 0, max = 1, zero_target = 'skip' }\n\
    [[indicators]]\nid = 'fees'\ntitle = '中间业务收入'\nvalue = 'fee_income.sum'\nweight = 40\nmissing = 'skip'\n\
    curve = { kind = 'threshold', op = '>=', at = 1 }\n\
    [[ratings]]\nid = 'A'\nat_least = 60\n[[ratings]]\nid = 'B'\n";

#[test]
fn a_manager_shows_results_up_to_today_and_what_is_to_be_talked_about() {
    let wang = "name = '王芳'\nreports_to = 'zhao'\njoined = 2025-01-01\n[targets]\n2026-10 = { deposits = 10000 }\n\
        [[one_on_ones]]\ndate = 2026-10-20\nactions = [{ what = '补签', due = 2026-11-30 }, { what = '汇总', due = 2026-12-20 }]\n\
        [[reports]]\nraised = 2026-10-28\nkind = 'problem'\nwhat = '额度不足'\n";
    let files = [("policies/card.toml", POLICY), ("managers/wang.toml", wang)];
    let tables = page_with(&files, RecordKind::Manager, "wang", Personal::Without);
    // 45 days after 20 October.
    assert_eq!(fact(&tables, "next_one_on_one"), Some(&day("2026-12-04")));
    let standings = &table(&tables, "standings").rows;
    // 70 % of 5,200 of 10,000 is a score of 36.4, of which 60 % count; fees of 1.4 give full marks.
    assert_eq!(standings.len(), 1, "the policy is not in force in September");
    assert_eq!(standings[0][0], "2026-10".into());
    assert_eq!(standings[0][2..4], [number("61.84"), "A".into()]);
    let behind = &table(&tables, "behind").rows;
    assert_eq!(behind.len(), 1, "full marks lose nothing");
    assert_eq!(
        behind[0][3..],
        [number("3640"), number("10000"), number("36.4"), number("60"), number("38.16")]
    );
    let topics: Vec<Cell> = table(&tables, "agenda").rows.iter().map(|row| row[4].clone()).collect();
    // The complaint was to be confirmed by the 21st; what is due after the talk waits for the next.
    assert_eq!(topics, ["new".into(), "额度不足".into(), "补签".into()]);
}

#[test]
fn a_team_shows_who_is_in_it_now() {
    let tables = page(RecordKind::Team, "one", Personal::Without);
    let members = table(&tables, "members");
    let member = &members.rows[..];
    assert_eq!(member.len(), 1, "who left is no member");
    assert_eq!(member[0][..2], ["wang".into(), "王芳".into()]);
    // The complaint was to be confirmed by the 21st.
    assert_eq!(member[0][4..], [Cell::Count(1), Cell::Count(1)]);
}

#[test]
fn what_is_entered_ahead_is_shown_as_what_comes() {
    let client = "name = '华东精密'\ntier = 'strategic'\nmanager = 'zhao'\nstatus = 'active'\n\
                  history = [{ until = 2026-08-31, tier = 'base' }, { until = 2026-12-31, tier = 'key' }]\n\
                  handovers = [{ date = 2026-11-01, from = 'wang', to = 'zhao' }]\n";
    let team = "name = '公司一部'\nlead = 'wang'\nhistory = [{ until = 2026-10-30, lead = 'zhao' }]\n";
    let more = [("clients/a.toml", client), ("teams/one.toml", team)];
    let tables = page_with(&more, RecordKind::Client, "a", Personal::Without);
    assert!(matches!(fact(&tables, "tier"), Some(Cell::Said { key: "key", .. })), "{:?}", tables[0]);
    assert_eq!(fact(&tables, "manager"), Some(&"wang".into()));
    assert_eq!(table(&tables, "people").rows[0][1], "wang".into());
    let said = |tables: &[Table]| {
        let notes = tables[0].notes.iter().map(|note| note.get(crate::text::Lang::En));
        notes.collect::<Vec<_>>()
    };
    assert_eq!(
        said(&tables),
        ["Tier from 2027-01-01 on: Strategic client", "Manager from 2026-11-01 on: zhao"]
    );
    // What is over changes nothing.
    let tables = page_with(&more, RecordKind::Team, "one", Personal::Without);
    assert_eq!((fact(&tables, "lead"), said(&tables).len()), (Some(&"wang".into()), 0));
}

#[test]
fn any_record_has_a_picture_and_none_is_empty() {
    let tables = page(RecordKind::Settings, "settings", Personal::Without);
    assert_eq!(fact(&tables, "name"), Some(&"支行".into()));
    assert!(page(RecordKind::Client, "nobody", Personal::Without).is_empty());
    let client = page(RecordKind::Client, "a", Personal::With);
    assert!(client.iter().all(|table| !table.rows.is_empty()));
}

#[test]
fn a_picture_says_where_it_shows_the_latest_alone() {
    let visits: String = (1..=12)
        .map(|month| format!("[[visits]]\ndate = 2025-{month:02}-09\nby = 'wang'\nkind = 'call'\n"))
        .collect();
    let client = format!("name = '常客'\ntier = 'key'\nmanager = 'wang'\nstatus = 'active'\n{visits}");
    let tables = page_with(&[("clients/c.toml", &client)], RecordKind::Client, "c", Personal::Without);
    let visits = table(&tables, "client_visits");
    let notes: Vec<String> = visits.notes.iter().map(ToString::to_string).collect();
    assert_eq!((visits.rows.len(), notes[0].as_str()), (10, "the latest 10 of 12"));
    // One of one is all there is.
    let tables = page(RecordKind::Client, "a", Personal::Without);
    let notes = &table(&tables, "client_visits").notes;
    assert!(!notes.iter().any(|note| note.to_string().starts_with("the latest")));
}

#[test]
fn what_is_divided_out_is_rounded_and_what_is_written_is_not() {
    let rounded = |number: &str| {
        let mut cell = Cell::Number(number.parse().unwrap());
        round(&mut cell);
        match cell {
            Cell::Number(number) => number.to_string(),
            _ => String::new(),
        }
    };
    assert_eq!(rounded("1.7937534246575342465753424658"), "1.7938");
    assert_eq!(rounded("16000.00000000000000"), "16000");
    assert_eq!(rounded("5350.50"), "5350.50");
}
