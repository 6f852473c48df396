//! Every rule is listed once, fires on its example and on nothing else, and falls silent once that is mended.

use std::collections::BTreeMap;

use crate::book;
use crate::check::{Baseline, Check, Options, checks, rules, run, settle};
use crate::diag::{Finding, Level};
use crate::source::Snapshot;
use crate::text::Lang;

/// The surroundings of every example: a book nobody could complain about on 2 November 2026.
const SURROUNDINGS: &str = include_str!("surroundings.txt");

/// The files of an example: each begins with a line `# file: PATH`.
fn files(text: &str) -> BTreeMap<String, String> {
    let parts = text.split("# file: ").skip(1);
    parts
        .map(|part| part.split_once('\n').unwrap_or((part, "")))
        .map(|(path, text)| (path.trim().to_owned(), text.to_owned()))
        .collect()
}

#[test]
fn a_file_asked_for_alone_has_the_findings_it_has_in_the_whole() {
    for Check { rule, .. } in checks().filter(|check| !check.rule.example.is_empty()) {
        let mut all = files(SURROUNDINGS);
        all.extend(files(rule.example));
        let snapshot = Snapshot::new(all.into_iter().map(|(path, text)| (path, Ok(text))));
        let (book, _) = book::load(&snapshot);
        let today = "2026-11-02".parse().unwrap();
        let whole = run(&book, &snapshot.sources, today, &Options::default());
        let mut parts = Vec::new();
        for (file, _) in snapshot.sources.iter() {
            let options = Options { only: Some([file].into()), ..Options::default() };
            parts.extend(run(&book, &snapshot.sources, today, &options));
        }
        assert_eq!(shown(&parts), shown(&whole), "{}", rule.code);
    }
}

fn found(example: &str) -> Vec<Finding> {
    let mut all = files(SURROUNDINGS);
    all.extend(files(example));
    let baseline = all.remove("baseline.toml").unwrap_or_default();
    let snapshot = Snapshot::new(all.into_iter().map(|(path, text)| (path, Ok(text))));
    let (book, mut findings) = book::load(&snapshot);
    let today = "2026-11-02".parse().unwrap();
    let options = Options::default();
    findings.extend(run(&book, &snapshot.sources, today, &options));
    let baseline = Baseline::read(&baseline).unwrap();
    let findings = baseline.apply(findings, &book, &snapshot.sources, today).found;
    settle(findings, &book.settings, &snapshot.sources, &options)
}

fn shown(findings: &[Finding]) -> Vec<String> {
    let show = |finding: &Finding| format!("{}: {}", finding.rule.name, finding.message.get(Lang::En));
    findings.iter().map(show).collect()
}

#[test]
fn every_rule_fires_on_its_example_alone() {
    let mut wrong = Vec::new();
    for rule in rules().filter(|rule| !rule.example.is_empty()) {
        let found = found(rule.example);
        if found.len() != 1 || found[0].rule != rule {
            wrong.push(format!("{} {} gives {:?}", rule.code, rule.name, shown(&found)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_falls_silent_once_its_example_is_mended() {
    let mut wrong = Vec::new();
    for Check { rule, mended: (from, to), .. } in checks() {
        let mut found = found(&rule.example.replacen(from, to, 1));
        // What was looked at may be allowed with its reason.
        found.retain(|finding| finding.level != Level::Allow);
        if !rule.example.contains(from) || !found.is_empty() {
            wrong.push(format!("{} {} still gives {:?}", rule.code, rule.name, shown(&found)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_rule_fires_in_each_of_its_cases() {
    let client = |id: &str, name: &str, more: &str| {
        format!(
            "# file: clients/{id}.toml\nname = \"{name}\"\ntier = \"base\"\nmanager = \"wang-fang\"\nstatus = \"active\"\n{more}"
        )
    };
    let known = client(
        "a",
        "恒澜精密机械有限公司",
        "aliases = [\"恒澜精密\"]\ncredit_code = \"91350100M000100Y43\"\n",
    );
    let other = |name: &str, more: &str| known.clone() + &client("b", name, more);
    let team = |meetings: &[(&str, &str)]| {
        let entry =
            |(day, kind): &(&str, &str)| format!("[[meetings]]\ndate = 2026-{day}\nkind = \"{kind}\"\n");
        let meetings: String = meetings.iter().map(entry).collect();
        format!("# file: teams/corporate-1.toml\nname = \"Corporate 1\"\nlead = \"zhao-lei\"\n{meetings}")
    };
    let review = |manager: &str, more: &str| {
        format!(
            "# file: reviews/2026-09/{manager}.toml\nmanager = \"{manager}\"\nperiod = \"2026-09\"\n{more}"
        )
    };
    let closed = "[closed.main]\npolicy = \"main\"\ndigest = \"x\"\nclosed_on = 2026-10-09\nrating = \"B\"\n";
    // Published on Monday 12 October, five working days end on the 19th.
    let lapsed =
        |day: &str| review("wang-fang", &format!("published = 2026-10-12\nlapsed = 2026-10-{day}\n{closed}"));
    let rated =
        |by: &str, score: u32| format!("[[ratings]]\ngroup = \"peer\"\nby = \"{by}\"\nscore = {score}\n");
    let raters = "# file: rmbook.toml\nname = \"Branch\"\n[management]\npeer_raters = 1\n[calendar]\n2025 = {}\n2026 = {}\n";
    let mutual = |score| {
        review("wang-fang", &rated("li-na", score)) + &review("li-na", &rated("wang-fang", score)) + raters
    };
    let grade = |since: &str| {
        format!(
            "# file: managers/wang-fang.toml\nname = \"Wang Fang\"\nreports_to = \"zhao-lei\"\ngrade = \"M1\"\n\
             grade_since = {since}\n[[grade_history]]\nfrom = 2026-01-01\ngrade = \"M1\"\n"
        )
    };
    let complaint = |more: &str| {
        client("a", "A", &format!("[[complaints]]\nid = \"late\"\nreceived = 2026-10-12\n{more}\n"))
    };
    let manager = |more: &str| {
        format!("# file: managers/wang-fang.toml\nname = \"Wang Fang\"\nreports_to = \"zhao-lei\"\n{more}\n")
    };
    let leaves = |days: &[&str]| {
        let leave = |days: &&str| {
            let (from, to) = days.split_once(' ').unwrap();
            format!("[[leaves]]\nfrom = 2026-{from}\nto = 2026-{to}\nkind = 'annual'\n")
        };
        days.iter().map(leave).collect::<String>()
    };
    let present = |more: &str| {
        format!(
            "# file: teams/corporate-1.toml\nname = \"Corporate 1\"\nlead = \"zhao-lei\"\n\
             meetings = [{{ date = 2026-10-08, kind = 'monthly' }}]\n\
             contingencies = [{{ id = 'p', scenario = 'other', owner = 'zhao-lei', approved = 2026-06-01, \
             steps = ['call'], contacts = [{{ name = 'Zhao Lei' }}] }}]\n{more}\n\
             # file: managers/old-chen.toml\nname = \"Chen\"\nleft = 2026-09-30\nstatus = \"left\"\n"
        )
    };
    let booked = |more: &str| {
        let entry = format!("[[ledger]]\ndate = 2026-10-20\nkind = 'advance'\namount = 1\n{more}\n");
        let paid = "[closed.main]\npolicy = 'main'\ndigest = 'x'\nclosed_on = 2026-10-09\npay_total = 5\npay = { base = 5 }\n";
        let facility =
            "facilities = [{ id = 'wcl', product = 'x', limit = 1, drawn = 0, class = 'normal' }]\n";
        review("wang-fang", &(entry + paid)) + &client("a", "A", facility)
    };
    let cases = [
        (other("恒澜精密", ""), "similar-name"),
        (other("恒谰精密机械有限公司", ""), "similar-name"),
        (other("恒谰精密机械有限公司", "credit_code = \"91110000600037341L\"\n"), ""),
        (other("恒澜轴承机械有限公司", ""), ""),
        (team(&[("08-10", "monthly"), ("10-08", "monthly")]), "quarterly-missing"),
        (team(&[("08-10", "quarterly"), ("10-08", "monthly")]), ""),
        (lapsed("16"), "appeal-out-of-order"),
        (lapsed("19"), ""),
        (lapsed("19").replace("lapsed", "acknowledged = 2026-10-14\nlapsed"), "appeal-out-of-order"),
        (mutual(100), "reciprocal-ratings"),
        (mutual(90), ""),
        (grade("2026-03-01"), "grade-disagrees"),
        (grade("2026-01-01"), ""),
        (
            complaint("closed = 2026-10-21\nfollowed_up = 2026-10-20\nsatisfied = true"),
            "complaint-stage-skipped",
        ),
        (complaint("closed = 2026-10-21\nwithdrawn = 2026-10-21"), ""),
        (complaint("closed = 2026-10-21"), "complaint-stage-skipped complaint-closed-without-feedback"),
        (manager("overtime = { 2026-10 = -3 }"), "impossible-days"),
        (manager("overtime = { 2026-12 = 1 }"), "impossible-days"),
        (manager("leave_due = { 2026 = -4 }"), "impossible-days"),
        (manager("overtime = { 2026-10 = 31 }\nleave_due = { 2026 = 10 }"), ""),
        (manager(&leaves(&["10-12 10-30", "10-13 10-14", "10-30 10-30"])), "leaves-overlap leaves-overlap"),
        (manager(&leaves(&["10-12 10-14", "10-15 10-30"])), ""),
        (
            manager("joined = 2026-10-12\nleaves = [{ from = 2026-10-09, to = 2026-10-13, kind = 'other' }]"),
            "before-joining",
        ),
        (
            present(
                "events = [{ date = 2026-10-20, name = 'a', kind = 'sports', participants = ['li-na', 'li-na'] }]",
            ),
            "named-twice",
        ),
        (
            present("drills = [{ date = 2026-10-20, plan = 'p', participants = ['old-chen'] }]"),
            "present-when-away",
        ),
        (present("drills = [{ date = 2026-09-20, plan = 'p', participants = ['old-chen'] }]"), ""),
        (
            manager(
                "reports = [{ raised = 2026-10-12, kind = 'problem', what = 'x', owner = 'wang-fang', answered = 2026-10-13 }]",
            ),
            "talk-with-oneself",
        ),
        (
            manager(
                "reports = [{ raised = 2026-10-12, kind = 'problem', what = 'x', owner = 'li-na', answered = 2026-10-13 }]",
            ),
            "",
        ),
        (review("wang-fang", &rated("zhao-lei", 90)) + raters, "rating-by-wrong-hand"),
        (review("wang-fang", "[[ratings]]\ngroup = \"peer\"\nscore = 90\n") + raters, "rating-by-wrong-hand"),
        (
            review("wang-fang", &rated("old-chen", 90))
                + "# file: managers/old-chen.toml\nname = \"Chen\"\nleft = 2026-08-31\nstatus = \"left\"\n"
                + raters,
            "rating-by-wrong-hand",
        ),
        (
            review("wang-fang", &rated("old-chen", 90))
                + "# file: managers/old-chen.toml\nname = \"Chen\"\nleft = 2026-09-30\nstatus = \"left\"\n"
                + raters,
            "",
        ),
        (client("a", "A", "").replace("\"active\"", "\"prospect\"\nsince = 2026-09-01"), "status-disagrees"),
        (
            present("pilots = [{ id = 'x', raised = 2026-10-01, what = 'x', decided = 2026-10-20 }]"),
            "idea-undated",
        ),
        (
            manager("access = [{ system = 'x', revoked = 2026-10-01, used = 2026-10-02 }]"),
            "dates-out-of-order",
        ),
        (manager("access = [{ system = 'x', revoked = 2026-10-01, used = 2026-10-01 }]"), ""),
        (
            present(
                "pilots = [{ id = 'x', raised = 2026-10-12, what = 'x', measured = 1, measured_on = 2026-10-11 }]",
            ),
            "dates-out-of-order",
        ),
        (
            present(
                "pilots = [{ id = 'x', raised = 2026-10-12, what = 'x', measured = 1, measured_on = 2026-10-12 }]",
            ),
            "",
        ),
        (client("a", "A", "[results]\n2026-10 = { loans = 3000 }\n"), "drawn-against-loans"),
        (client("a", "A", "[results]\n2026-10 = { loans = 0 }\n"), ""),
        (booked("client = 'a'\nfacility = 'wc'"), "ledger-entry-unknown"),
        (booked("client = 'a'\nfacility = 'wcl'"), ""),
        (booked("line = 'base'"), ""),
        (booked("line = 'other'"), "ledger-entry-unknown"),
    ];
    for (text, expected) in cases {
        let names: Vec<&str> = found(&text).iter().map(|finding| finding.rule.name).collect();
        assert_eq!(names.join(" "), expected, "{text}");
    }
}

#[test]
fn codes_and_names_are_unique_and_codes_sorted() {
    let codes: Vec<&str> = rules().map(|rule| rule.code).collect();
    let mut sorted = codes.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(codes, sorted);
    let mut names: Vec<&str> = rules().map(|rule| rule.name).collect();
    names.sort_unstable();
    let all = names.len();
    names.dedup();
    assert_eq!(names.len(), all);
}

#[test]
#[allow(clippy::disallowed_methods, reason = "the test reads the source it guards")]
fn every_rule_of_every_file_is_listed() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/check/rules");
    let listed: Vec<&str> = checks().map(|check| check.rule.code).collect();
    for entry in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        for line in text.lines() {
            let Some((_, code)) = line.split_once(" = \"RM").filter(|_| line.starts_with("    ")) else {
                continue;
            };
            let code = format!("RM{}", &code[..3]);
            assert!(listed.contains(&code.as_str()), "{code} is in no list of rules");
        }
    }
}

fn client(text: &str) -> String {
    format!("{}{text}", super::client!(""))
}

/// What one rule says of an example.
fn said_of(example: &str, rule: &str) -> Vec<String> {
    let found = found(example);
    found.iter().filter(|it| it.rule.name == rule).map(|it| it.message.get(Lang::En)).collect()
}

#[test]
fn a_class_is_held_against_the_days_from_the_first_unpaid_one() {
    let of = |since: &str, class: &str| {
        let example = client(&format!(
            "[[facilities]]\nid = \"f\"\nproduct = \"x\"\nlimit = 100\ndrawn = 50\noverdue_since = {since}\nclass = \"{class}\"\n"
        ));
        said_of(&example, "class-too-mild")
    };
    // 90 days before 2 November 2026 is 4 August.
    assert!(of("2026-08-04", "special-mention").is_empty());
    assert_eq!(
        of("2026-08-03", "special-mention"),
        ["overdue for 91 days: at least substandard, not special-mention"]
    );
    assert!(of("2026-11-02", "normal").is_empty());
    assert_eq!(of("2026-11-01", "normal"), ["overdue for 1 day: at least special-mention, not normal"]);
}

#[test]
fn a_class_changed_too_late_is_told_and_no_error_for_ever() {
    let of = |history: &str| {
        let example = client(&format!(
            "[[facilities]]\nid = \"f\"\nproduct = \"x\"\nlimit = 100\ndrawn = 50\noverdue_since = 2026-06-01\nclass = \"substandard\"\n\
             history = [{history}]\n"
        ));
        assert!(said_of(&example, "class-too-mild").is_empty());
        said_of(&example, "reclassified-late")
    };
    let normal = "{ until = 2026-06-01, class = 'normal' }";
    let mention = |until: &str| format!("{{ until = 2026-{until}, class = 'special-mention' }}");
    // Normal on the first unpaid day and on none after it; the 90th day after 1 June is 30 August.
    assert!(of(&format!("{normal}, {}", mention("08-30"))).is_empty());
    let late = "overdue since 2026-06-01, special-mention could stand until 2026-08-30; it stood until 2026-08-31, 1 day too long";
    assert_eq!(of(&format!("{normal}, {}", mention("08-31"))), [late]);
    let normal = normal.replace("06-01", "06-04");
    let too = "overdue since 2026-06-01, normal could stand until 2026-06-01; it stood until 2026-06-04, 3 days too long";
    assert_eq!(of(&format!("{normal}, {}", mention("08-31"))), [too, late]);
    // A class that goes on is told once, on its last day; what was paid in between begins anew.
    assert_eq!(
        of(&format!("{normal}, {}, {}", mention("08-31"), mention("09-02"))),
        [too, &late.replace("08-31, 1 day", "09-02, 3 days")]
    );
    let paid = "{ until = 2026-03-05, class = 'normal', overdue_since = 2026-03-01 }, { until = 2026-06-01, class = 'normal' }";
    let too = "overdue since 2026-03-01, normal could stand until 2026-03-01; it stood until 2026-03-05, 4 days too long";
    assert_eq!(of(&format!("{paid}, {}", mention("08-30"))), [too]);
}

#[test]
fn deposits_are_concentrated_with_two_clients_already() {
    let of = |deposits: &[u32]| {
        let clients = deposits.iter().enumerate().map(|(index, deposits)| {
            format!(
                "# file: clients/c{index}.toml\nname = \"C{index}\"\ntier = \"base\"\nmanager = \"wang-fang\"\nstatus = \"active\"\n\
                 [results]\n2026-10 = {{ deposits = {deposits} }}\n"
            )
        });
        said_of(&clients.collect::<String>(), "concentrated-deposits")
    };
    let said = |share: &str| [format!("{share} % of `wang-fang`'s deposits in 2026-10 are with this client")];
    assert!(of(&[90]).is_empty() && of(&[50, 50]).is_empty() && of(&[40, 40, 40]).is_empty());
    assert_eq!(of(&[90, 10]), said("90"));
    assert_eq!(of(&[70, 20, 10]), said("70"));
    // The limit itself, 30 %, may be reached.
    assert!(of(&[30, 25, 25, 20]).is_empty());
    assert_eq!(of(&[31, 25, 25, 19]), said("31"));
}

#[test]
fn a_check_scheduled_after_its_limit_is_late_by_the_limit() {
    let of = |checks: &str| {
        let example = client(&format!(
            "[[facilities]]\nid = \"f\"\nproduct = \"x\"\nlimit = 100\ndrawn = 50\nclass = \"normal\"\ndrawn_on = 2026-05-01\n\
             [[checks]]\nkind = \"first\"\nfacility = \"f\"\ndue = 2026-05-16\ndone = 2026-05-10\n{checks}"
        ));
        said_of(&example, "check-overdue")
    };
    // 90 days after 10 May.
    let limit = ["a check was due on 2026-08-08, 86 days ago"];
    assert_eq!(of(""), limit);
    let scheduled =
        |due: &str| of(&format!("[[checks]]\nkind = \"routine\"\nfacility = \"f\"\ndue = {due}\n"));
    assert_eq!(scheduled("2026-10-30"), limit);
    assert_eq!(scheduled("2026-12-31"), limit);
    assert_eq!(scheduled("2026-08-01"), ["a check was due on 2026-08-01, 93 days ago"]);
}

#[test]
fn an_extension_that_does_not_hold_extends_nothing() {
    let of = |rule: &str, extension: &str| {
        let example = client(&format!(
            "[[complaints]]\nid = \"late\"\nreceived = 2026-10-10\nconfirmed = 2026-10-12\nproposed = 2026-10-13\nabout = \"wang-fang\"\n\
             handler = \"li-na\"\nextension = {{ days = 30, {extension} }}\n"
        ));
        said_of(&example, rule)
    };
    let past = ["the decision was due on 2026-10-25, 8 days ago"];
    for (extension, why) in [
        (
            "approved_by = \"Zhao Lei\", told = 2026-10-26",
            "the client was told on 2026-10-26, after the limit of 2026-10-25",
        ),
        ("approved_by = \"Zhao Lei\"", "the client was not told"),
        ("approved_by = \"wang-fang\", told = 2026-10-20", "whom the complaint is about approved it"),
        ("approved_by = \"li-na\", told = 2026-10-20", "whoever handles the complaint approved it"),
    ] {
        assert_eq!(
            of("complaint-extension-invalid", extension),
            [format!("the extension does not hold: {why}")]
        );
        assert_eq!(of("complaint-past-limit", extension), past, "{extension}");
    }
    let named = of("complaint-extension-invalid", "approved_by = \"Li Na\", told = 2026-10-20");
    assert_eq!(named, ["the extension does not hold: whoever handles the complaint approved it"]);
    let good = "approved_by = \"Zhao Lei\", told = 2026-10-25";
    assert!(
        of("complaint-extension-invalid", good).is_empty() && of("complaint-past-limit", good).is_empty()
    );
}

#[test]
fn a_head_has_been_there_within_the_days_of_the_tier() {
    let of = |rest: &str| {
        let example = format!("# file: clients/acme.toml\n{}{rest}", client("").split_once('\n').unwrap().1);
        said_of(&example.replace("\"base\"", "\"strategic\""), "head-visit-overdue")
    };
    let overdue = ["last visit of a head: none yet; that of `zhao-lei` is 3 days overdue"];
    // 90 days after 1 August 2026 is 30 October.
    assert_eq!(of("since = 2026-08-01\n"), overdue);
    let visit = |kind: &str| {
        format!(
            "since = 2026-08-01\n[[visits]]\ndate = 2026-10-30\nby = \"wang-fang\"\nkind = \"{kind}\"\nwith = [\"zhao-lei\"]\n"
        )
    };
    assert_eq!((of(&visit("call")), of(&visit("video"))), (overdue.map(str::to_owned).into(), Vec::new()));
    assert!(of("since = 2026-08-04\n").is_empty());
    let unasked =
        "# file: rmbook.toml\nname = \"Branch\"\n[cadence.head]\nstrategic = 0\n[calendar]\n2026 = {}\n";
    assert!(of(&format!("since = 2026-08-01\n{unasked}")).is_empty());
}

#[test]
fn a_complaint_that_was_closed_undecided_is_not_opened_again() {
    let of = |more: &str| {
        let example = client(&format!(
            "[[complaints]]\nid = \"late\"\nreceived = 2026-10-12\nconfirmed = 2026-10-13\nproposed = 2026-10-14\n{more}\n"
        ));
        said_of(&example, "complaint-reopened-undecided")
    };
    let said = "opened again on 2026-10-26, and no decision is recorded";
    assert_eq!(of("closed = 2026-10-20\nreopened = [2026-10-26]"), [said]);
    assert!(of("decided = 2026-10-19\nclosed = 2026-10-20\nreopened = [2026-10-26]").is_empty());
    let earlier =
        |run: &str| of(&format!("reopened = [2026-10-26]\nearlier = [{{ {run}reopened = 2026-10-26 }}]"));
    assert_eq!(earlier(""), [said]);
    assert!(earlier("decided = 2026-10-19, ").is_empty());
}

#[test]
fn each_run_of_a_complaint_goes_through_its_stages() {
    let of = |rule: &str, last: &str, run: &str| {
        let example = client(&format!(
            "[[complaints]]\nid = \"late\"\nreceived = 2026-10-12\n{last}\nreopened = [2026-10-26]\n\
             earlier = [{{ {run}reopened = 2026-10-26 }}]\n"
        ));
        said_of(&example, rule)
    };
    let run = "confirmed = 2026-10-13, proposed = 2026-10-14, decided = 2026-10-15, ";
    let stages = |last, run| of("complaint-stage-skipped", last, run);
    assert!(stages("confirmed = 2026-10-27", run).is_empty());
    let early = "confirmed = 2026-10-20";
    assert_eq!(stages(early, run), ["`confirmed` on 2026-10-20, but `reopened` only on 2026-10-26"]);
    let skipped = "confirmed = 2026-10-13, decided = 2026-10-15, ";
    assert_eq!(stages("", skipped), ["`decided` on 2026-10-15, but `proposed` is missing"]);
    let closed = |more: &str| {
        of("complaint-closed-without-feedback", "", &format!("{run}{more}closed = 2026-10-20, "))
    };
    assert_eq!(closed(""), ["closed on 2026-10-20 without `followed_up`"]);
    assert!(closed("followed_up = 2026-10-19, satisfied = false, ").is_empty());
}

#[test]
fn a_history_that_begins_after_the_grade_does_not_contradict_it() {
    let of = |since: &str, history: &str| {
        let example = super::manager!("");
        said_of(&format!("{example}grade = \"M2\"\ngrade_since = {since}\n{history}"), "grade-disagrees")
    };
    let entry = |from: &str, grade: &str| format!("[[grade_history]]\nfrom = {from}\ngrade = \"{grade}\"\n");
    let late = entry("2025-01-01", "M2");
    assert!(of("2022-07-01", &late).is_empty());
    let said = "in this grade since 2022-07-01, but since 2025-01-01 in the history, by which months in the grade count";
    assert_eq!(of("2022-07-01", &(entry("2020-01-01", "M1") + &late)), [said]);
    assert_eq!(of("2026-07-01", &late), [said.replace("2022-07-01", "2026-07-01")]);
}

#[test]
fn halves_of_a_day_do_not_overlap() {
    let of = |rule: &str, first: &str, second: &str| {
        let leave = |more: &str, kind: &str| format!("[[leaves]]\n{more}\nkind = \"{kind}\"\n");
        let example = super::manager!("");
        said_of(&format!("{example}{}{}", leave(first, "annual"), leave(second, "other")), rule)
    };
    let day = |days: &str| format!("from = 2026-10-26\nto = 2026-10-26{days}");
    let half = day("\ndays = 0.5");
    for rule in ["leaves-overlap", "duplicate-entry"] {
        assert!(of(rule, &half, &half).is_empty(), "{rule}");
    }
    let said = ["the leave from 2026-10-26 begins before the one from 2026-10-26 ends, on 2026-10-26"];
    assert_eq!(of("leaves-overlap", &half, &day("")), said);
    assert_eq!(of("leaves-overlap", &half, &day("\ndays = 0.75")), said);
    // Two days and a half that end on the morning of the 26th, and the afternoon.
    let long = "from = 2026-10-22\nto = 2026-10-26\ndays = 2.5";
    assert!(of("leaves-overlap", long, &half).is_empty());
    assert_eq!(of("leaves-overlap", &long.replace("to = 2026-10-26", "to = 2026-10-27"), &half).len(), 1);
}

#[test]
fn who_is_on_leave_takes_part_in_no_drill() {
    let of = |leave: &str| {
        let example = format!(
            "# file: teams/corporate-1.toml\nname = \"Corporate 1\"\nlead = \"zhao-lei\"\n[[contingencies]]\nid = \"outage\"\n\
             scenario = \"system-outage\"\nowner = \"zhao-lei\"\napproved = 2026-06-01\n[[drills]]\ndate = 2026-10-08\nplan = \"outage\"\n\
             participants = [\"wang-fang\"]\n{}leaves = [{{ from = 2026-10-08, {leave}, kind = \"annual\" }}]\n",
            super::manager!("")
        );
        said_of(&example, "present-on-leave")
    };
    assert_eq!(of("to = 2026-10-09"), ["`wang-fang` was on leave on 2026-10-08"]);
    assert!(of("to = 2026-10-08, days = 0.5").is_empty());
}

#[test]
fn a_case_is_open_by_the_class_of_the_day_whoever_dated_it() {
    let of = |class: &str| {
        let example = rules().find(|rule| rule.code == "RM614").unwrap().example;
        let example = example.replace("class = \"substandard\"\nclass_since = 2026-10-01", class);
        let example = example
            .replace("history = [{ until = 2026-10-24, drawn = 80 }]\n", "")
            .replace("settled = 2026-10-25\n", "");
        said_of(&example, "released-under-case").len()
    };
    // Released on 20 October.
    assert_eq!(of("class = \"substandard\""), 1);
    assert_eq!(of("class = \"normal\"\nhistory = [{ until = 2026-10-24, class = \"doubtful\" }]"), 1);
    assert_eq!(of("class = \"normal\"\nhistory = [{ until = 2026-10-19, class = \"doubtful\" }]"), 0);
    assert_eq!(of("class = \"substandard\"\nhistory = [{ until = 2026-10-24, class = \"normal\" }]"), 0);
}

#[test]
fn copied_notes_name_whose_they_are_in_the_quotes_of_the_language() {
    let note = |by: &str| {
        format!(
            "[[visits]]\ndate = 2026-10-09\nby = \"{by}\"\nkind = \"call\"\nsummary = \"Talked about business, cooperation and the next quarter.\"\n"
        )
    };
    let found = found(&client(&(note("wang-fang") + &note("li-na"))));
    let said: Vec<_> = found.iter().filter(|it| it.rule.name == "visit-text-reused").collect();
    assert_eq!(said[0].message.get(Lang::Zh), "“wang-fang”、“li-na” 有 2 次拜访使用同一纪要");
}
