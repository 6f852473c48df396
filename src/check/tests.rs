//! What a run of the linter does beside its rules: levels, remarks, baselines, changes.

use super::*;
use crate::record::settings::MeasureKind;
use crate::source::Snapshot;

mod clients;
mod hands;
mod owners;
mod presence;
mod stand_ins;

const SETTINGS: &str = "name = \"Branch\"\n";
const MANAGER: &str = "name = \"Wang Fang\"\n";

fn snapshot(files: &[(&str, &str)]) -> Snapshot {
    Snapshot::new(files.iter().map(|(path, text)| ((*path).to_owned(), Ok((*text).to_owned()))))
}

fn found(snapshot: &Snapshot, options: &Options) -> Found {
    let (book, mut found) = crate::book::load(snapshot);
    found.extend(run(&book, &snapshot.sources, "2026-11-02".parse().unwrap(), options));
    settle(found, &book.settings, &snapshot.sources, options)
}

fn names(found: &[Finding]) -> Vec<(&str, Level)> {
    found.iter().map(|finding| (finding.rule.name, finding.level)).collect()
}

fn client(text: &str) -> String {
    format!("name = \"Acme\"\ntier = \"base\"\nmanager = \"wang-fang\"\nstatus = \"active\"\n{text}")
}

const STALE: &str = "[[opportunities]]\nid = \"scf\"\nstage = \"proposal\"\nopened = 2026-01-01\n";

#[test]
fn the_command_line_stands_above_the_settings_and_those_above_the_rule() {
    let settings = format!("{SETTINGS}[rules]\nopportunity-stale = \"deny\"\n");
    let client = client(STALE);
    let files = [
        ("rmbook.toml", settings.as_str()),
        ("managers/wang-fang.toml", MANAGER),
        ("clients/acme.toml", &client),
    ];
    let mut options = Options::default();
    assert_eq!(names(&found(&snapshot(&files), &options)), [("opportunity-stale", Level::Deny)]);
    options.set("RM311", Level::Allow).unwrap();
    assert_eq!(names(&found(&snapshot(&files), &options)), [("opportunity-stale", Level::Allow)]);
    let unknown = options.set("opportunity-stall", Level::Warn).unwrap_err();
    assert_eq!(unknown.nearest, Some("opportunity-stale"));
}

#[test]
fn a_remark_allows_the_next_line_and_tells_when_it_is_not_needed() {
    let allowed = client(&STALE.replace("stage", "# rmbook: allow(opportunity-stale) on hold\nstage"));
    let mended = allowed.replace("2026-01-01", "2026-11-01");
    for (text, expected) in
        [(&allowed, [("opportunity-stale", Level::Allow)]), (&mended, [("unused-allow", Level::Warn)])]
    {
        let files = [
            ("rmbook.toml", SETTINGS),
            ("managers/wang-fang.toml", MANAGER),
            ("clients/acme.toml", text.as_str()),
        ];
        assert_eq!(names(&found(&snapshot(&files), &Options::default())), expected);
    }
}

#[test]
fn an_earlier_position_is_judged_by_its_own_day() {
    let facility = |class: &str| {
        client(&format!(
            "[[facilities]]\nid = \"a\"\nproduct = \"Term loan\"\nlimit = 9\ndrawn = 0\nclass = \"normal\"\n\
             history = [{{ until = 2026-10-20, class = \"{class}\", overdue_since = 2026-10-01 }}]\n"
        ))
    };
    for (class, expected) in [("normal", 1), ("special-mention", 0)] {
        let text = facility(class);
        let files = [
            ("rmbook.toml", SETTINGS),
            ("managers/wang-fang.toml", MANAGER),
            ("clients/acme.toml", text.as_str()),
        ];
        let found = found(&snapshot(&files), &Options::default());
        let late = found.iter().filter(|finding| finding.rule.name == "reclassified-late");
        assert_eq!(late.count(), expected, "{class}: {:?}", names(&found));
    }
}

#[test]
fn a_reference_to_a_broken_record_raises_nothing_more() {
    let client = client("");
    let files = [
        ("rmbook.toml", SETTINGS),
        ("managers/wang-fang.toml", "name = 1\n"),
        ("clients/acme.toml", client.as_str()),
    ];
    assert_eq!(names(&found(&snapshot(&files), &Options::default())), [("wrong-type", Level::Deny)]);
}

#[test]
fn a_deleted_manager_is_a_new_finding_in_the_client_nobody_touched() {
    let client = client(STALE);
    let kept =
        [("rmbook.toml", SETTINGS), ("managers/wang-fang.toml", MANAGER), ("clients/acme.toml", &client)];
    let deleted = [("rmbook.toml", SETTINGS), ("clients/acme.toml", client.as_str())];
    let (before, after) = (snapshot(&kept), snapshot(&deleted));
    let options = Options::default();
    let of = |snapshot: &Snapshot| found(snapshot, &options);
    let change = since((&of(&before), &before.sources), (of(&after), &after.sources));
    assert_eq!(names(&change.new), [("unknown-reference", Level::Deny)]);
    assert!(change.cured.is_empty());
    let back = since((&of(&after), &after.sources), (of(&before), &before.sources));
    assert!(back.new.is_empty());
    assert_eq!(back.cured[0].rule, "unknown-reference");
    assert_eq!(back.cured[0].record, "client acme");
}

#[test]
fn an_entry_added_before_another_changes_no_finding() {
    let before = client(STALE);
    let other =
        "[[opportunities]]\nid = \"fx\"\nstage = \"proposal\"\nopened = 2025-12-01\nupdated = 2026-11-01\n";
    let after = client(&format!("{other}{STALE}"));
    let files = |text| {
        snapshot(&[
            ("rmbook.toml", SETTINGS),
            ("managers/wang-fang.toml", MANAGER),
            ("clients/acme.toml", text),
        ])
    };
    let (before, after) = (files(&before), files(&after));
    let options = Options::default();
    let change =
        since((&found(&before, &options), &before.sources), (found(&after, &options), &after.sources));
    assert!(change.new.is_empty() && change.cured.is_empty(), "{change:?}");
}

#[test]
fn entries_without_a_key_are_named_by_what_they_hold() {
    let text = "[[indicators]]\nid = \"fee\"\n[tables.rates]\nedges = [10, 20]\n";
    let snapshot = snapshot(&[("policies/p.toml", text)]);
    let file = snapshot.sources.find("policies/p.toml").unwrap();
    let named = [
        (crate::path!["indicators", 0, "weight"], "indicators[fee].weight"),
        (crate::path!["tables", "rates", "edges", 1], "tables.rates.edges[20]"),
        (crate::path!["tables", "rates", "edges", 9], "tables.rates.edges[9]"),
    ];
    for (path, expected) in named {
        let at = Place::value(file, path);
        let finding = Finding::new(&STALE_BASELINE.rule, at, crate::text::Message::verbatim(""));
        assert_eq!(keys([&finding], &snapshot.sources)[0].field, expected);
    }
}

#[test]
fn a_baseline_takes_back_what_it_names_and_only_shrinks() {
    let today = "2026-11-02".parse().unwrap();
    let dirty = client(STALE);
    let files = |text| {
        snapshot(&[
            ("rmbook.toml", SETTINGS),
            ("managers/wang-fang.toml", MANAGER),
            ("clients/acme.toml", text),
        ])
    };
    let options = Options::default();
    let (dirty, clean) = (files(&dirty), files(&client("")));
    let first = Baseline::of(&found(&dirty, &options), &dirty.sources);
    let text = first.text();
    assert!(text.contains("field = \"opportunities[scf].stage\""), "{text}");
    let held = |text: &str, snapshot: &Snapshot| {
        let (book, _) = crate::book::load(snapshot);
        Baseline::read(text).unwrap().apply(found(snapshot, &options), &book, &snapshot.sources, today)
    };
    let taken_on = held(&text, &dirty);
    assert_eq!(names(&taken_on.found), [("opportunity-stale", Level::Allow)]);
    assert_eq!(taken_on.left.len(), 1);
    let mended = held(&text, &clean);
    assert_eq!(names(&mended.found), [("stale-baseline", Level::Warn)]);
    assert!(mended.left.is_empty());
    let ran_out = held(&format!("{text}until = 2026-10-31\n"), &dirty);
    assert_eq!(names(&ran_out.found), [("opportunity-stale", Level::Warn), ("stale-baseline", Level::Warn)]);
}

#[test]
fn completeness_weighs_a_list_once_and_knows_since_when() {
    let text = client(
        "industry = \"manufacturing\"\ncredit_code = \"91350100M000100Y43\"\nsince = 2026-01-05\n\
         [[contacts]]\nname = \"Li Ming\"\nrole = \"CFO\"\n\
         [[visits]]\ndate = 2026-10-01\nby = \"wang-fang\"\nkind = \"call\"\nmet = [\"Li Ming\"]\nsummary = \"terms\"\n\
         [[visits]]\ndate = 2026-10-09\nby = \"wang-fang\"\nkind = \"call\"\nmet = [\"Li Ming\"]\n",
    );
    let snapshot = snapshot(&[
        ("rmbook.toml", SETTINGS),
        ("managers/wang-fang.toml", MANAGER),
        ("clients/acme.toml", &text),
    ]);
    let (book, _) = crate::book::load(&snapshot);
    let of_client = &completeness(&book, &snapshot.sources, "2026-11-24".parse().unwrap())[0];
    // Code 3, industry 1, since 2, contacts 2, role 1, met 1, summary 2: one of two summaries is missing.
    assert_eq!((of_client.present, of_client.weight), (11.into(), 12.into()));
    let [missing] = of_client.missing.as_slice() else { panic!("{:?}", of_client.missing) };
    assert_eq!(missing.path.to_string(), "visits[1].summary");
    assert_eq!(missing.since, "2026-10-09".parse().ok());
}

/// A client with something in most of its sections.
const FULL: &str = include_str!("../../examples/riverside/clients/binhe-water.toml");

proptest::proptest! {
    #![proptest_config(crate::property::config())]

    /// Whatever a file holds, it is judged without a panic, and every finding points at whole characters of its text.
    #[test]
    fn no_file_stops_a_run(at in 0..FULL.len(), cut in 0..40_usize, put in "[\\[\\]{}=\",0-9a-z客\n#-]{0,12}") {
        let start = FULL.floor_char_boundary(at);
        let end = FULL.floor_char_boundary((at + cut).min(FULL.len())).max(start);
        let text = format!("{}{put}{}", &FULL[..start], &FULL[end..]);
        let files = [("rmbook.toml", SETTINGS), ("managers/wang-fang.toml", MANAGER), ("clients/acme.toml", &text)];
        let snapshot = snapshot(&files);
        let found = found(&snapshot, &Options::default());
        let keys = keys(&found, &snapshot.sources);
        proptest::prop_assert_eq!(keys.len(), found.len());
        let places = found.iter().map(|finding| &finding.at);
        for (place, stand) in crate::record::span::stands(places, &snapshot.sources) {
            proptest::prop_assert!(snapshot.sources.get(place.file).text.get(stand.range).is_some());
        }
    }
}

const NEW_CLIENTS: Computed =
    Computed { counting: Counting { kind: MeasureKind::Count, at_end: false }, unit: "户" };

#[test]
fn a_target_may_be_set_for_a_metric_that_records_give() {
    let manager = format!("{MANAGER}[targets]\n2026 = {{ new_clients = 2 }}\n");
    let files = [("rmbook.toml", SETTINGS), ("managers/wang-fang.toml", manager.as_str())];
    let mut options = Options { metrics: [("new_clients", NEW_CLIENTS)].into(), ..Options::default() };
    assert_eq!(names(&found(&snapshot(&files), &options)), []);
    options.metrics.clear();
    assert_eq!(names(&found(&snapshot(&files), &options)), [("unknown-measure", Level::Deny)]);

    let client = client("[results]\n2026-10 = { deposits = 1, new_clients = 2 }\n");
    let files =
        [("rmbook.toml", SETTINGS), ("managers/wang-fang.toml", MANAGER), ("clients/acme.toml", &client)];
    options.metrics = [("new_clients", NEW_CLIENTS)].into();
    assert_eq!(names(&found(&snapshot(&files), &options)), [("unknown-measure", Level::Deny)]);
}

/// What rules say of clients of Wang, each with its figures, on 2 November 2026.
fn said(clients: &[(&str, &str)], rule: &str) -> Vec<String> {
    let mut files = vec![
        ("rmbook.toml".to_owned(), SETTINGS.to_owned()),
        ("managers/wang-fang.toml".to_owned(), MANAGER.to_owned()),
        ("managers/li-na.toml".to_owned(), "name = \"Li Na\"\n".to_owned()),
    ];
    files.extend(clients.iter().map(|(id, text)| (format!("clients/{id}.toml"), client(text))));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let found = found(&snapshot(&files), &Options::default());
    let of_rule = found.iter().filter(|finding| finding.rule.name == rule);
    of_rule.map(|finding| finding.message.get(crate::text::Lang::En)).collect()
}

#[test]
fn sums_of_a_manager_follow_the_shares_of_credit() {
    let shared = "[[credit]]\nfrom = 2026-01-01\nshares = { wang-fang = 20, li-na = 80 }\n[results]\n";
    let clients = |figure: &str| {
        let own = |deposits: u32| {
            format!("[results]\n2026-10 = {{ deposits = {{ avg = {deposits}, end = {deposits} }} }}\n")
        };
        [format!("{shared}2026-10 = {{ deposits = {figure} }}\n"), own(30), own(30), own(31)]
    };
    let of = |figure: &str, rule: &str| {
        let texts = clients(figure);
        let ids = ["a", "b", "c", "d"];
        said(&ids.into_iter().zip(texts.iter().map(String::as_str)).collect::<Vec<_>>(), rule)
    };
    // Of the lead's 181 the shared client would be half; of Wang's 18 + 30 + 30 + 31 no client is three tenths.
    assert!(of("90", "concentrated-deposits").is_empty());
    // 20 % of 400 is 80 of 171.
    assert_eq!(
        of("400", "concentrated-deposits"),
        ["46.8 % of `wang-fang`'s deposits in 2026-10 are with this client"]
    );
    // 72 to 80 is Li's; of Wang's 109 the 2 are less than 4 %.
    assert_eq!(
        of("{ avg = 90, end = 100 }", "month-end-deviation"),
        ["2026-10: 80 at the end, 72 on average, 11.1 % above it"]
    );
}

#[test]
fn a_month_that_is_not_over_puts_nobody_behind() {
    let october = "[results]\n2026-10 = { deposits = 5 }\n";
    let november = format!("{october}2026-11 = {{ deposits = 5 }}\n");
    let september = "[results]\n2026-09 = { deposits = 5 }\n";
    assert!(said(&[("a", october), ("b", &november)], "results-behind").is_empty());
    assert_eq!(
        said(&[("a", september), ("b", &november)], "results-behind"),
        ["the last figures are of 2026-09, the book's of 2026-10"]
    );
}

#[test]
fn nobody_handles_a_complaint_about_themselves_for_want_of_a_handler() {
    let about = |who: &str, rest: &str| {
        let text = format!("[[complaints]]\nid = \"a\"\nreceived = 2026-10-30\nabout = \"{who}\"\n{rest}");
        said(&[("a", &text)], "complaint-handled-by-subject").len()
    };
    assert_eq!(about("wang-fang", ""), 1);
    assert_eq!(about("li-na", ""), 0);
    assert_eq!(about("wang-fang", "handler = \"li-na\"\n"), 0);
    assert_eq!(about("wang-fang", "withdrawn = 2026-10-31\n"), 0);
}

#[test]
fn only_annual_leave_is_leave() {
    let of = |leaves: &str| {
        let manager = format!("{MANAGER}joined = 2024-01-01\nleaves = [{leaves}]\n");
        let found = found(
            &snapshot(&[("rmbook.toml", SETTINGS), ("managers/wang-fang.toml", &manager)]),
            &Options::default(),
        );
        found.iter().map(|finding| finding.message.get(crate::text::Lang::En)).collect::<Vec<_>>()
    };
    // The book knows of no leave before that of January.
    let other = "{ from = 2026-01-12, to = 2026-01-13, kind = \"other\" }";
    assert_eq!(of(other), ["no annual leave is recorded since 2026-01-12"]);
    let spring = "{ from = 2026-02-16, to = 2026-02-20, kind = \"annual\" }";
    assert_eq!(of(&format!("{other}, {spring}")), ["the last annual leave ended on 2026-02-20"]);
    assert!(of("{ from = 2026-07-16, to = 2026-07-20, kind = \"annual\" }").is_empty());
}

#[test]
fn of_two_one_may_carry_far_more() {
    let of = |others: u32| {
        let own = |manager: &str| {
            format!("name = \"A\"\ntier = \"base\"\nmanager = \"{manager}\"\nstatus = \"active\"\n")
        };
        let member = "name = \"A\"\nteam = \"one\"\n";
        let mut files = vec![
            ("rmbook.toml".to_owned(), SETTINGS.to_owned()),
            ("managers/a.toml".to_owned(), member.to_owned()),
            ("managers/b.toml".to_owned(), member.to_owned()),
            ("managers/c.toml".to_owned(), member.to_owned()),
            ("teams/one.toml".to_owned(), "name = \"One\"\nlead = \"c\"\n".to_owned()),
        ];
        files.extend((0..4).map(|number| (format!("clients/a{number}.toml"), own("a"))));
        files.extend((0..others).map(|number| (format!("clients/b{number}.toml"), own("b"))));
        let files: Vec<(&str, &str)> =
            files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let found = found(&snapshot(&files), &Options::default());
        found.iter().filter(|finding| finding.rule.name == "load-heavy").count()
    };
    // 4 and 1: the median is 2.5, the limit 3.75. The head carries none and does not count.
    assert_eq!([of(1), of(2)], [1, 0]);
}

#[test]
fn only_clients_that_are_there_and_managers_at_work_make_a_load() {
    let client = |manager: &str, tier: &str, more: &str| {
        format!("name = \"A\"\ntier = \"{tier}\"\nmanager = \"{manager}\"\nstatus = \"active\"\n{more}")
    };
    let of = |since: &str| {
        let [one, own, other] = [client("a", "key", since), client("a", "key", ""), client("b", "base", "")];
        let files = [
            ("managers/a.toml", "name = \"A\"\nteam = \"one\"\n"),
            ("managers/b.toml", "name = \"B\"\nteam = \"one\"\n"),
            ("managers/c.toml", "name = \"C\"\nteam = \"one\"\nleft = 2026-10-30\n"),
            ("teams/one.toml", "name = \"One\"\n"),
            ("clients/one.toml", &one),
            ("clients/own.toml", &own),
            ("clients/other.toml", &other),
        ];
        said_of(&files, "load-heavy")
    };
    // 4 and 1: the median is 2.5, the limit 3.75; who left is none of the team. Before the client comes, 2 of 2.25.
    assert_eq!(of("since = 2020-01-06\n"), ["4 client equivalents, the team's median is 2.5"]);
    assert!(of("since = 2027-01-04\n").is_empty());
}

/// What a rule says in a book of Wang, who reports to Zhao, Li and these files, on 2 November 2026.
fn said_of(files: &[(&str, &str)], rule: &str) -> Vec<String> {
    let mut all = vec![
        ("rmbook.toml", SETTINGS),
        ("managers/wang-fang.toml", "name = \"Wang Fang\"\nreports_to = \"zhao-lei\"\n"),
        ("managers/zhao-lei.toml", "name = \"Zhao Lei\"\n"),
        ("managers/li-na.toml", "name = \"Li Na\"\n"),
        ("managers/old-chen.toml", "name = \"Chen\"\nleft = 2026-09-30\nstatus = \"left\"\n"),
    ];
    all.retain(|(path, _)| files.iter().all(|(other, _)| other != path));
    all.extend(files);
    let found = found(&snapshot(&all), &Options::default());
    let of_rule = found.iter().filter(|finding| finding.rule.name == rule);
    of_rule.map(|finding| finding.message.get(crate::text::Lang::En)).collect()
}

#[test]
fn a_longer_meeting_stands_for_a_shorter_one_and_no_shorter_for_a_longer() {
    let of = |meets: &str, kind: &str| {
        let team = format!(
            "name = \"One\"\nlead = \"zhao-lei\"\nmeets = {meets}\n[[meetings]]\ndate = 2026-08-10\nkind = \"monthly\"\n\
             [[meetings]]\ndate = 2026-10-20\nkind = \"{kind}\"\n"
        );
        said_of(&[("teams/one.toml", &team)], "meeting-missing")
    };
    assert!(of("[\"monthly\"]", "quarterly").is_empty());
    assert!(of("[\"weekly\", \"monthly\"]", "weekly").is_empty());
    assert_eq!(of("[\"monthly\"]", "weekly"), ["no monthly meeting in 2026-10"]);
    assert_eq!(of("[\"weekly\", \"monthly\"]", "special"), ["no weekly or monthly meeting in 2026-10"]);
}

#[test]
fn an_average_of_loans_is_held_against_the_days_a_facility_was_drawn() {
    let of = |results: &str, facility: &str| {
        let text = format!(
            "[results]\n2026-10 = {{ {results} }}\n[[facilities]]\nid = \"wc\"\nproduct = \"x\"\nlimit = 9000\nclass = \"normal\"\n\
             {facility}\n"
        );
        let other = "[results]\n2026-10 = { loans = 1 }\n\
                     [[facilities]]\nid = 'wc'\nproduct = 'x'\nlimit = 1\ndrawn = 1\nclass = 'normal'\n";
        said(&[("a", &text), ("b", other)], "drawn-against-loans")
    };
    let all_month = "drawn = 3000\ndrawn_on = 2026-03-02";
    assert_eq!(of("loans = 2000", all_month), ["3000 drawn in total, loans of 2000 on average in 2026-10"]);
    assert!(of("loans = 2900", all_month).is_empty(), "a difference within 4 % is none");
    assert_eq!(of("deposits = 5", all_month), ["3000 drawn in total, no loans in 2026-10"]);
    assert!(of("deposits = 5", "drawn = 0\ndrawn_on = 2026-03-02").is_empty());
    // Drawn on the 17th: 15 of 31 days of 3100 are 1500 on average.
    let later = "drawn = 3100\ndrawn_on = 2026-10-17";
    assert!(of("loans = 1500", later).is_empty());
    assert_eq!(of("loans = 3100", later), ["1500 drawn in total, loans of 3100 on average in 2026-10"]);
    // Nobody knows since when it is drawn: the average may differ by half.
    assert!(of("loans = 2000", "drawn = 3000").is_empty());
    let unlent = "[results]\n2026-10 = { loans = { avg = 2000, end = 2100 } }\n";
    let expected = ["no facility is entered, loans of 2100 at the end of 2026-10"];
    assert_eq!(said(&[("a", unlent)], "drawn-against-loans"), expected);
    // Where nobody's loans are kept, a facility lacks none.
    let alone = format!(
        "[results]\n2026-10 = {{ deposits = 5 }}\n[[facilities]]\nid = \"wc\"\nproduct = \"x\"\nlimit = 9000\nclass = \"normal\"\n{all_month}\n"
    );
    assert!(said(&[("a", &alone)], "drawn-against-loans").is_empty());
}

#[test]
fn ratings_by_item_are_traded_as_those_of_the_whole() {
    let of = |back: u32| {
        let review = |of: &str, by: &str, score: u32| {
            (
                format!("reviews/2026-09/{of}.toml"),
                format!(
                    "manager = \"{of}\"\nperiod = \"2026-09\"\n[[ratings]]\ngroup = \"peer\"\nby = \"{by}\"\nitem = \"a\"\nscore = 100\n\
                     [[ratings]]\ngroup = \"peer\"\nby = \"{by}\"\nitem = \"b\"\nscore = {score}\n\
                     [[ratings]]\ngroup = \"peer\"\nby = \"zhao-lei\"\nitem = \"a\"\nscore = 80\n"
                ),
            )
        };
        let files = [review("wang-fang", "li-na", 98), review("li-na", "wang-fang", back)];
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (&**path, &**text)).collect();
        said_of(&files, "reciprocal-ratings")
    };
    assert_eq!(of(98), ["`li-na` and `wang-fang` gave each other 99 for 2026-09, the highest of all"]);
    assert!(of(90).is_empty());
}

#[test]
fn the_very_same_name_is_doubted_whatever_the_codes_and_a_branch_is_its_company() {
    let of = |name: &str, first: &str, second: &str| {
        let client =
            |name: &str, code: &str| client(&format!("credit_code = \"{code}\"\n")).replacen("Acme", name, 1);
        let (a, b) = (client("上海海岚航运有限公司", first), client(name, second));
        said_of(&[("clients/a.toml", &a), ("clients/b.toml", &b)], "similar-name").len()
    };
    let (one, other) = ("91350100M000100Y43", "91110000600037341L");
    assert_eq!(of("上海海岚航运有限公司", one, other), 1);
    assert_eq!(of("上海海岚航运集团有限公司", one, other), 0);
    assert_eq!(of("上海海岚航运有限公司苏州分公司", one, other), 0, "a branch has a code of its own");
    let branch = client("").replacen("Acme", "上海海岚航运有限公司苏州分公司", 1);
    let whole = client("").replacen("Acme", "上海海岚航运有限公司", 1);
    let files = [("clients/a.toml", whole.as_str()), ("clients/b.toml", &branch)];
    assert_eq!(said_of(&files, "similar-name").len(), 1);
}

#[test]
fn answers_are_not_told_by_the_difference_of_two_questionnaires() {
    let of = |second: &str, answers: u32| {
        let survey =
            |day: &str, answers: u32| format!("[[surveys]]\ndate = {day}\nasked = 20\nanswers = {answers}\n");
        let team = format!("name = \"One\"\n{}{}", survey("2026-09-25", 8), survey(second, answers));
        said_of(&[("teams/one.toml", &team)], "told-by-difference")
    };
    assert_eq!(
        of("2026-09-26", 9),
        ["9 answers, and 8 on 2026-09-25 in the same round: the difference is below 5"]
    );
    assert_eq!(of("2026-10-09", 8).len(), 1, "two weeks later");
    assert!(of("2026-10-10", 9).is_empty());
    assert!(of("2026-09-26", 13).is_empty());
}

#[test]
fn a_measure_is_not_named_like_a_diagnosis() {
    let of = |name: &str| {
        let settings =
            format!("name = \"Branch\"\n[measures.{name}]\ntitle = \"x\"\nunit = \"x\"\nkind = \"count\"\n");
        let wang = format!("name = \"Wang Fang\"\n[targets]\n2026 = {{ {name} = 2 }}\n");
        said_of(&[("rmbook.toml", &settings), ("managers/wang-fang.toml", &wang)], "health-data")
    };
    assert_eq!(of("depression_cases"), ["`depression_cases` names a matter of somebody's health"]);
    assert!(of("cases").is_empty());
}

#[test]
fn whoever_has_left_has_not_a_day_to_come() {
    let of = |day: &str| {
        let text = format!("name = \"Wang Fang\"\nstatus = \"left\"\nleft = {day}\n");
        said_of(&[("managers/wang-fang.toml", &text)], "status-disagrees")
    };
    assert_eq!(of("2026-11-30"), ["`status = \"left\"`, but `left` says 2026-11-30, which is still to come"]);
    assert!(of("2026-11-02").is_empty());
}

#[test]
fn access_that_was_only_granted_is_not_called_looked_at() {
    let of = |reviewed: &str| {
        let text =
            format!("name = \"Wang Fang\"\n[[access]]\nsystem = \"CRM\"\ngranted = 2024-01-05\n{reviewed}");
        said_of(&[("managers/wang-fang.toml", &text)], "access-not-reviewed")
    };
    assert_eq!(of(""), ["`CRM` was granted on 2024-01-05 and never looked at since"]);
    assert_eq!(of("reviewed = 2025-01-05\n"), ["`CRM` was looked at last on 2025-01-05"]);
}

#[test]
fn a_reference_to_a_former_id_names_the_present_one() {
    let wang = "name = \"Wang Fang\"\nformer_ids = [\"wang\"]\n";
    let text = client("").replace("wang-fang", "wang");
    let files =
        [("rmbook.toml", SETTINGS), ("managers/wang-fang.toml", wang), ("clients/acme.toml", text.as_str())];
    let found = found(&snapshot(&files), &Options::default());
    let help =
        found.iter().find(|finding| finding.rule.name == "unknown-reference").and_then(|it| it.help.clone());
    assert_eq!(
        help.map(|help| help.get(crate::text::Lang::En)).as_deref(),
        Some("`wang` is now `wang-fang`")
    );
}

#[test]
fn results_in_percent_are_parts_of_one() {
    let settings = "name = \"B\"\n[measures.recovery]\ntitle = \"Recovery\"\nunit = \"%\"\nkind = \"balance\"\n\
        [measures.deposits]\ntitle = \"Deposits\"\nunit = \"万元\"\nkind = \"balance\"\n";
    let of = |results: &str| {
        let client = format!(
            "name = \"C\"\nmanager = \"m\"\ntier = \"base\"\nstatus = \"active\"\n[results]\n{results}\n"
        );
        let unit = format!("{settings}[results]\n{results}\n");
        let files =
            [("rmbook.toml", &*unit), ("managers/m.toml", "name = \"M\"\n"), ("clients/c.toml", &*client)];
        said_of(&files, "percentage-above-all").len()
    };
    assert_eq!(of("2026-09 = { recovery = 0.96, deposits = 96 }"), 0);
    assert_eq!(of("2026-09 = { recovery = 96 }"), 2);
    assert_eq!(of("2026-09 = { recovery = { avg = 0.9, end = 96 } }"), 2);
}
