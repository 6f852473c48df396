//! What a run of the linter does beside its rules: levels, remarks, baselines, changes.

use super::*;
use crate::source::Snapshot;

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
        let mild = found.iter().filter(|finding| finding.rule.name == "class-too-mild");
        assert_eq!(mild.count(), expected, "{class}: {:?}", names(&found));
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

const NEW_CLIENTS: Computed = Computed { kind: MeasureKind::Count, unit: "户" };

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
