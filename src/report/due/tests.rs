//! What each family of duties lists, in books of one record.

use std::collections::BTreeMap;

use super::*;
use crate::book::load;
use crate::source::Snapshot;

const HEAD: &str =
    "name = '华东精密'\ntier = 'key'\nmanager = 'wang'\nstatus = 'active'\nsince = 2026-10-01\n";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// What is owed up to the last day of 2026 in a book of one file, a line each: due, kind, owner, command.
fn owed(path: &str, text: &str) -> Vec<String> {
    owed_in(&[(path, text)])
}

fn owed_in(files: &[(&str, &str)]) -> Vec<String> {
    let mut all = BTreeMap::from([
        ("rmbook.toml", "name = '支行'"),
        ("managers/wang.toml", "name = '王芳'\nreports_to = 'zhao'"),
        ("managers/zhao.toml", "name = '赵敏'\nreports_to = 'sun'"),
    ]);
    all.extend(files.iter().copied());
    let snapshot = Snapshot::new(all.into_iter().map(|(path, text)| (path.to_owned(), Ok(text.to_owned()))));
    let (book, findings) = load(&snapshot);
    assert!(findings.is_empty(), "{findings:?}");
    let line = |duty: Duty| {
        let owner = duty.owner.as_deref().unwrap_or("-");
        format!("{} {} {owner}: {}", duty.due, duty.kind.key(), duty.settle)
    };
    duties(&book, day("2026-10-31"), day("2026-12-31")).into_iter().map(line).collect()
}

#[test]
fn a_client_is_owed_its_visit_and_whatever_was_promised() {
    let client = format!(
        "{HEAD}[[visits]]\ndate = 2026-10-09\nby = 'li'\nkind = 'call'\n\
         next = [{{ what = '送方案', due = 2026-10-20 }}, {{ what = '寄合同', due = 2026-10-21, done = 2026-10-21 }}]\n\
         [[planned]]\ndate = 2026-11-05\nby = 'li'\n\
         [[complaints]]\nid = 'late'\nreceived = 2026-10-26\nhandler = 'zhao'\n\
         [[opportunities]]\nid = 'a, b'\nstage = 'proposal'\nexpected = 2026-11-30\n"
    );
    assert_eq!(
        owed("clients/huadong.toml", &client),
        [
            "2026-10-20 action li: rmbook set huadong 'visits[2026-10-09].next[送方案].done=today'",
            "2026-10-27 complaint-confirm zhao: rmbook set huadong 'complaints[late].confirmed=today' 'complaints[late].issue=…'",
            "2026-11-05 planned-visit li: rmbook add visit huadong --by li --summary …",
            "2026-11-30 opportunity wang: rmbook set huadong 'opportunities[\"a, b\"].stage=won|lost' \
             'opportunities[\"a, b\"].closed=today'",
        ]
    );
}

#[test]
fn a_visit_of_a_head_is_owed_by_the_nearest_unless_one_has_planned_it() {
    let client = |planned: &str| {
        let head = HEAD.replace("'key'", "'strategic'");
        let text = format!(
            "{head}[[visits]]\ndate = 2026-09-15\nby = 'wang'\nkind = 'on-site'\nwith = ['zhao']\n\
             [[visits]]\ndate = 2026-10-09\nby = 'wang'\nkind = 'call'\n{planned}"
        );
        owed("clients/huadong.toml", &text.replace("since = 2026-10-01", "since = 2026-01-01"))
    };
    // 30 days after the call; 90 after zhao came along.
    let visit = "2026-11-08 visit wang: rmbook add visit huadong --summary …";
    let of_head = "2026-12-14 head-visit zhao: rmbook add visit huadong --with zhao --summary …";
    assert_eq!(client(""), [visit, of_head]);
    let plan = |day: &str| {
        (
            format!("[[planned]]\ndate = {day}\nby = 'sun'\n"),
            format!("{day} planned-visit sun: rmbook add visit huadong --by sun --summary …"),
        )
    };
    let (text, line) = plan("2026-12-01");
    assert_eq!(client(&text), [visit, &line]);
    let (text, line) = plan("2026-12-20");
    assert_eq!(client(&text), [visit, of_head, &line]);
}

#[test]
fn a_complaint_about_the_lead_is_owed_by_the_supervisor_until_somebody_handles_it() {
    let about = "[[complaints]]\nid = 'late'\nreceived = 2026-10-26\nabout = 'wang'\n";
    let set = "rmbook set huadong 'complaints[late].handler=…' 'complaints[late].confirmed=today' 'complaints[late].issue=…'";
    let owed = owed("clients/huadong.toml", &format!("{HEAD}{about}"));
    assert!(owed.contains(&format!("2026-10-27 complaint-confirm zhao: {set}")), "{owed:?}");
}

#[test]
fn the_present_lead_owes_what_is_due_until_a_handover_takes_effect() {
    let ahead = |on: &str| {
        let handover = format!("[[handovers]]\ndate = {on}\nfrom = 'wang'\nto = 'zhao'\n");
        let needs = "[[needs]]\ndate = 2026-10-05\nwhat = 'x'\n";
        let owed = owed("clients/huadong.toml", &format!("{HEAD}{needs}{handover}"));
        owed.into_iter().find(|line| line.contains("solution")).unwrap()
    };
    assert!(ahead("2026-11-01").contains(" wang: "), "{}", ahead("2026-11-01"));
    assert!(ahead("2026-10-31").contains(" zhao: "), "{}", ahead("2026-10-31"));
}

#[test]
fn credit_asks_for_checks_plans_and_answers_to_signals() {
    let client = format!(
        "{HEAD}[[facilities]]\nid = 'wc'\nproduct = '流贷'\nlimit = 9\ndrawn = 9\ndrawn_on = 2026-10-20\n\
         matures = 2027-02-20\nclass = 'normal'\n\
         [[warnings]]\nopened = 2026-10-20\nsignal = '欠息'\nlevel = 'orange'\n"
    );
    assert_eq!(
        owed("clients/huadong.toml", &client),
        [
            "2026-11-04 warning wang: rmbook set huadong 'warnings[2026-10-20].action=…' \
             'warnings[2026-10-20].closed=today'",
            "2026-11-04 first-check wang: rmbook add loan-check huadong --kind first --facility wc --due \
             2026-11-04 --done today --findings …",
            "2026-11-22 renewal-plan wang: rmbook set huadong 'facilities[wc].renewal=…'",
            "2026-11-30 visit wang: rmbook add visit huadong --summary …",
        ]
    );
    let scheduled = format!("{client}[[checks]]\nkind = 'first'\nfacility = 'wc'\ndue = 2026-11-01\n");
    let owed = owed("clients/huadong.toml", &scheduled);
    assert_eq!(
        owed[0],
        "2026-11-01 first-check wang: rmbook set huadong 'checks[2026-11-01].done=today' \
         'checks[2026-11-01].findings=…'"
    );
    assert_eq!(owed.iter().filter(|line| line.contains("first-check")).count(), 1);
}

#[test]
fn a_downgrade_a_red_signal_and_a_quarter_unseen_ask_for_somebody_to_go() {
    let client = |more: &str| {
        let text = format!(
            "{HEAD}[[facilities]]\nid = 'wc'\nproduct = '流贷'\nlimit = 9\ndrawn = 9\ndrawn_on = 2026-03-20\n\
             class = 'special-mention'\nclass_since = 2026-10-12\n\
             [[warnings]]\nopened = 2026-10-20\nsignal = '欠息'\nlevel = 'red'\n{more}"
        );
        let owed = owed("clients/huadong.toml", &text);
        owed.into_iter().filter(|line| line.contains("special-check") || line.contains("on-site")).collect()
    };
    let on_site = "on-site-visit wang: rmbook add visit huadong --kind on-site --summary …";
    let found: Vec<String> = client("");
    assert_eq!(
        found,
        [
            // Neither in the third quarter nor since was the client seen on site.
            format!("2026-09-30 {on_site}"),
            "2026-10-12 special-check wang: rmbook add loan-check huadong --kind special --facility wc --due today \
             --done today --findings …"
                .to_owned(),
            "2026-10-20 special-check wang: rmbook add loan-check huadong --kind special --due today --done today \
             --findings …"
                .to_owned(),
        ]
    );
    // Seen in the third quarter, it is to be seen by the end of the fourth; a check made since answers both alarms.
    let seen = "[[visits]]\ndate = 2026-09-15\nby = 'wang'\nkind = 'on-site'\n\
                [[checks]]\nkind = 'special'\nfacility = 'wc'\ndue = 2026-10-22\ndone = 2026-10-22\n";
    assert_eq!(client(seen), [format!("2026-12-31 {on_site}")]);
    assert_eq!(client(&format!("{seen}on_site = true\n")), [""; 0]);
    let planned = format!("{seen}[[planned]]\ndate = 2026-12-10\nby = 'wang'\n");
    assert_eq!(client(&planned), [""; 0]);
}

#[test]
fn the_clients_of_a_lead_who_leaves_are_handed_over() {
    let wang = "name = '王芳'\nreports_to = 'zhao'\nleft = 2026-11-13\n";
    let files = [
        ("rmbook.toml", "name = '支行'"),
        ("managers/wang.toml", wang),
        ("clients/a.toml", HEAD),
        ("clients/b.toml", &HEAD.replace("'active'", "'closed'\nclosed = 2026-10-20")),
    ];
    let snapshot = Snapshot::new(files.map(|(path, text)| (path.to_owned(), Ok(text.to_owned()))));
    let (book, _) = load(&snapshot);
    let duties = duties(&book, day("2026-10-31"), day("2026-12-31"));
    let found: Vec<_> = duties.iter().filter(|duty| duty.kind == DutyKind::NewLead).collect();
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].due, found[0].owner.as_deref()), (day("2026-11-13"), Some("zhao")));
    assert_eq!(found[0].settle, "rmbook handover a --to …");
}

#[test]
fn reports_are_owed_by_the_supervisor_and_appeals_by_the_one_above() {
    let manager = "name = '李娜'\nreports_to = 'zhao'\nleft = 2026-10-30\n\
                   [[reports]]\nraised = 2026-10-28\nkind = 'problem'\nwhat = '利率'\n\
                   [[certificates]]\nname = 'a'\nexpires = 2026-12-01\n\
                   [[access]]\nsystem = '信贷系统'\ngranted = 2026-01-01\n";
    assert_eq!(
        owed("managers/li.toml", manager),
        [
            "2026-10-30 access-revocation zhao: rmbook set li 'access[信贷系统].revoked=today'",
            "2026-11-04 answer zhao: rmbook set li 'reports[2026-10-28].answered=today' \
             'reports[2026-10-28].answer=…'",
        ]
    );
    let review = "manager = 'wang'\nperiod = '2026-09'\npublished = 2026-10-20\n\
                  [appeal]\ndate = 2026-10-21\nreason = '漏计'\n";
    assert_eq!(
        owed("reviews/2026-09/wang.toml", review),
        ["2026-11-04 appeal sun: rmbook set 2026-09/wang appeal.decided=today \
          'appeal.upheld=true|false' appeal.decision=… appeal.by=sun"]
    );
    // Who appraised by the end of the period decides on no appeal, though the next above the present supervisor.
    let moved =
        "name = '王芳'\nreports_to = 'zhao'\nhistory = [{ until = 2026-10-10, reports_to = 'sun' }]\n";
    let files = [("managers/wang.toml", moved), ("reviews/2026-09/wang.toml", review)];
    let of_moved = owed_in(&files);
    assert!(of_moved.iter().any(|line| line.ends_with("appeal.by=…")), "{of_moved:?}");
    let upheld = "decided = 2026-10-28\nupheld = true\n[closed.s]\npolicy = 'p'\ndigest = 'x'\nclosed_on = 2026-10-10\n";
    let of_upheld = owed("reviews/2026-09/wang.toml", &format!("{review}{upheld}"));
    let amend = "2026-10-28 amendment zhao: rmbook close 2026-09 --amend wang --why … --who … --approved-by …  # rmbook set 2026-09/wang appeal.corrected_in=…";
    assert!(of_upheld[0].starts_with(amend), "{of_upheld:?}");
    let named = review.replace("date =", "by = 'chen'\ndate =");
    let of_named = owed("reviews/2026-09/wang.toml", &named);
    assert!(of_named[0].contains("appeal chen:") && of_named[0].ends_with("appeal.by=chen"), "{of_named:?}");
}

#[test]
fn a_record_is_named_by_its_kind_where_its_id_is_not_enough() {
    let team = "name = '一部'\n[[contingencies]]\nid = 'x'\nscenario = 'other'\nowner = 'zhao'\napproved = 2025-11-01\n";
    assert_eq!(
        owed("teams/wang.toml", team),
        [
            "2026-11-01 plan-review zhao: rmbook set team/wang 'contingencies[x].updated=today'",
            "2026-11-01 drill zhao: rmbook add drill team/wang --plan x",
        ]
    );
}

#[test]
fn days_overdue_are_counted_from_the_day_after() {
    let duty = |due: &str| Duty {
        cover: None,
        due: day(due),
        kind: DutyKind::Visit,
        owner: None,
        record: (RecordKind::Client, "a".into()),
        name: "甲".into(),
        what: None,
        settle: String::new(),
    };
    let table = duty_table(&[duty("2026-10-29"), duty("2026-10-31"), duty("2026-11-01")], day("2026-10-31"));
    let overdue: Vec<&Cell> = table.rows.iter().map(|row| &row[1]).collect();
    assert_eq!(overdue, [&Cell::Count(2), &Cell::Missing, &Cell::Missing]);
}

#[test]
fn deferred_pay_is_due_once_the_year_has_begun_that_it_falls_due_in() {
    let review = "manager = 'li'\nperiod = '2025-09'\n\
        ledger = [{ date = 2026-02-01, kind = 'release', amount = 1, due = '2026' }]\n\
        [closed.s]\npolicy = 'p'\ndigest = 'x'\nclosed_on = 2025-10-12\npay_total = 10\n\
        deferral = [{ due = '2026', amount = 1.5 }, { due = '2027', amount = 2 }]\n";
    assert_eq!(
        owed("reviews/2025-09/li.toml", review),
        ["2026-01-01 release -: rmbook add ledger 2025-09/li --kind release --due 2026 --amount 0.5"]
    );
    let policy = "title = 'P'\nscheme = 's'\neffective = 2025-01-01\nperiod = 'month'\nmoney = '元'\n[pay]\n";
    let files =
        [("reviews/2025-09/li.toml", review), ("policies/p.toml", policy), ("rmbook.toml", "name = 'B'\n")];
    let (book, found) =
        load(&Snapshot::new(files.map(|(path, text)| (path.to_owned(), Ok(text.to_owned())))));
    assert_eq!(found, []);
    let owed = duties(&book, day("2026-10-31"), day("2026-10-31"));
    assert_eq!(owed[0].what.as_deref(), Some("2026: 0.5 元"));
}

#[test]
fn a_later_result_decides_what_of_deferred_pay_is_released_and_forfeited() {
    let review = |ledger: &str| {
        format!(
            "manager = 'li'\nperiod = '2025-09'\n[closed.s]\npolicy = 'p'\ndigest = 'x'\nclosed_on = 2025-10-12\npay_total = 10\n\
             deferral = [{{ due = '2026', amount = 1.55 }}]\n{ledger}"
        )
    };
    let policy = "title = 'P'\nscheme = 's'\neffective = 2025-01-01\nperiod = 'month'\nmoney = '元'\nmissing = 'error'\n\
        [[indicators]]\nid = 'i'\nvalue = '1'\nweight = 100\ncurve = { kind = 'formula', score = 'x' }\n\
        [[ratings]]\nid = 'A'\nat_least = 90\n[[ratings]]\nid = 'C'\nbelow = 90\n\
        [[pay.lines]]\nid = 'l'\namount = '10 元'\n\
        [pay.deferral]\nshare = '40%'\nyears = ['30%', '30%', '40%']\nrelease = 'if(rating == \"C\", 50%, 100%)'\n";
    let owed = |ledger: &str, rating: &str| -> Vec<String> {
        let then = format!(
            "manager = 'li'\nperiod = '2026-09'\nacknowledged = 2026-10-13\npublished = 2026-10-12\n\
             [[talks]]\ndate = 2026-10-13\nby = 'zhao'\n\
             [closed.s]\npolicy = 'p'\ndigest = 'x'\nclosed_on = 2026-10-12\nrating = '{rating}'\n"
        );
        let mut files = vec![
            ("rmbook.toml", "name = '支行'".to_owned()),
            ("managers/li.toml", "name = '李娜'".to_owned()),
            ("policies/p.toml", policy.to_owned()),
            ("reviews/2025-09/li.toml", review(ledger)),
        ];
        files.extend((!rating.is_empty()).then_some(("reviews/2026-09/li.toml", then)));
        let (book, found) =
            load(&Snapshot::new(files.into_iter().map(|(path, text)| (path.to_owned(), Ok(text)))));
        assert_eq!(found, []);
        let of_pay = duties(&book, day("2026-10-31"), day("2026-10-31")).into_iter();
        let of_pay = of_pay.filter(|duty| duty.record.1 == "2025-09/li" && duty.what.is_some());
        of_pay.map(|it| format!("{} {} {}: {}", it.due, it.kind.key(), it.what.unwrap(), it.settle)).collect()
    };
    let add = "rmbook add ledger 2025-09/li --kind";
    // Half of 1.55 is 0.775, to the cent 0.78; the rest is 0.77.
    assert_eq!(
        owed("", "C"),
        [
            format!("2026-10-01 release 2026: 0.78 元 (2026-09): {add} release --due 2026 --amount 0.78"),
            format!(
                "2026-10-01 forfeit 2026: 0.77 元 (2026-09): {add} clawback --due 2026 --amount 0.77 --case result-2026-09"
            ),
        ]
    );
    let released = "[[ledger]]\ndate = 2026-10-20\nkind = 'release'\namount = 0.78\ndue = '2026'\n";
    assert_eq!(owed(released, "C").len(), 1);
    let forfeited = "[[ledger]]\ndate = 2026-10-20\nkind = 'clawback'\namount = 0.77\ndue = '2026'\n";
    assert_eq!(owed(&format!("{released}{forfeited}"), "C"), [""; 0]);
    assert_eq!(
        owed("", "A"),
        [format!("2026-10-01 release 2026: 1.55 元 (2026-09): {add} release --due 2026 --amount 1.55")]
    );
    // Until the result is closed nothing is released.
    assert_eq!(owed("", ""), ["2026-10-01 release-undecided 2026: 1.55 元 (2026-09): rmbook close 2026-09"]);
}

#[test]
fn deferred_pay_is_held_back_while_a_loan_of_the_managers_is_non_performing() {
    let review = "manager = 'wang'\nperiod = '2025-09'\n[closed.s]\npolicy = 'p'\ndigest = 'x'\nclosed_on = 2025-10-12\npay_total = 10\n\
        deferral = [{ due = '2026', amount = 1.5 }]\n";
    let client = |settled: &str| {
        format!(
            "{HEAD}facilities = [{{ id = 'wc-1', product = 'x', limit = 100, drawn = 0, class = 'doubtful', class_since = 2026-10-01, \
             originated_by = 'wang'{settled} }}]"
        )
    };
    let owed = |settled: &str| -> Vec<String> {
        let client = client(settled);
        let files = [
            ("rmbook.toml", "name = '支行'"),
            ("managers/wang.toml", "name = '王芳'"),
            ("clients/huadong.toml", &client),
            ("reviews/2025-09/wang.toml", review),
        ];
        let snapshot = Snapshot::new(files.map(|(path, text)| (path.to_owned(), Ok(text.to_owned()))));
        let (book, findings) = load(&snapshot);
        assert!(findings.is_empty(), "{findings:?}");
        let of_pay = duties(&book, day("2026-10-31"), day("2026-10-31")).into_iter();
        let of_pay = of_pay.filter(|duty| duty.record.0 == RecordKind::Review);
        of_pay.map(|duty| format!("{} {}: {}", duty.kind.key(), duty.what.unwrap(), duty.settle)).collect()
    };
    assert_eq!(owed(""), ["release-held 2026: 1.5 (huadong wc-1): rmbook show client huadong"]);
    let released = "release 2026: 1.5: rmbook add ledger 2025-09/wang --kind release --due 2026 --amount 1.5";
    assert_eq!(owed(", settled = 2026-10-20"), [released]);
}

#[test]
fn a_proposal_waits_for_its_decision_and_then_for_its_grade() {
    let manager = "name = '李娜'\nreports_to = 'wang'\ngrade = 'junior'\nproposals = [\
        { date = 2026-11-02, to = 'senior' }, \
        { date = 2026-11-02, to = 'expert', decided = 2026-11-09, result = 'approved' }]";
    assert_eq!(
        owed("managers/li.toml", manager),
        [
            "2026-11-30 proposal zhao: rmbook set li 'proposals[2026-11-02,senior].decided=today' \
             'proposals[2026-11-02,senior].decided_by=…' \
             'proposals[2026-11-02,senior].result=approved|deferred|declined'",
            "2026-12-07 grade-entry wang: rmbook add grade li --from … --grade expert --reason …",
        ]
    );
}

#[test]
fn a_handover_is_carried_out_on_its_day_and_takes_needs_and_requests_along() {
    let ahead = format!("{HEAD}[[handovers]]\ndate = 2026-12-10\nfrom = 'wang'\nto = 'li'\n");
    let of_ahead = owed("clients/huadong.toml", &ahead);
    let command = "2026-12-10 handover-to-carry-out wang: rmbook handover huadong --to li --on 2026-12-10";
    assert!(of_ahead.iter().any(|line| line == command), "{of_ahead:?}");
    let work = "[[needs]]\ndate = 2026-10-10\nby = 'zhao'\nwhat = 'hedging'\n\
        [[needs]]\ndate = 2026-10-11\nby = 'li'\nwhat = 'bills'\n\
        [[requests]]\nraised = 2026-10-12\nby = 'zhao'\nto = '计财部'\nwhat = 'price'\ndue = 2026-11-01\n";
    let owners = |handover: &str| -> Vec<String> {
        let all = owed("clients/huadong.toml", &format!("{HEAD}{work}{handover}"));
        let mut owners: Vec<String> = all
            .iter()
            .filter(|line| line.contains(" solution ") || line.contains(" request "))
            .map(|line| line.split([' ', ':']).skip(1).take(2).collect::<Vec<_>>().join(" "))
            .collect();
        owners.sort();
        owners
    };
    let done = "[[handovers]]\ndate = 2026-10-20\nfrom = 'zhao'\nto = 'wang'\n";
    assert_eq!(owners(done), ["request wang", "solution li", "solution wang"]);
    // Whoever found it without being the lead keeps it.
    assert_eq!(owners(""), ["request zhao", "solution li", "solution zhao"]);
}

#[test]
fn silence_acknowledges_and_whoever_has_left_does_not() {
    let review = "manager = 'wang'\nperiod = '2026-09'\nreviewer = 'zhao'\npublished = 2026-10-12\n\
        [closed.s]\npolicy = 'p'\ndigest = 'x'\nclosed_on = 2026-10-09\n";
    // Five working days end on the 19th: after them nothing is left to acknowledge but by hand, late.
    assert_eq!(
        owed("reviews/2026-09/wang.toml", review),
        [
            "2026-10-19 acknowledgement wang: rmbook set 2026-09/wang lapsed=2026-10-19  # rmbook set 2026-09/wang acknowledged=today"
        ]
    );
    let fresh = review.replace("2026-10-12", "2026-10-30");
    assert_eq!(
        owed("reviews/2026-09/wang.toml", &fresh),
        ["2026-11-06 acknowledgement wang: rmbook set 2026-09/wang acknowledged=today"]
    );
    let left = fresh.replace("'wang'", "'li'");
    let files = [
        ("rmbook.toml", "name = '支行'"),
        ("managers/li.toml", "name = '李娜'\nstatus = 'left'\nleft = 2026-10-16\n"),
        ("managers/zhao.toml", "name = '赵敏'"),
        ("reviews/2026-09/li.toml", &*left),
    ];
    let (book, found) =
        load(&Snapshot::new(files.map(|(path, text)| (path.to_owned(), Ok(text.to_owned())))));
    assert_eq!(found, []);
    let owners: Vec<_> =
        duties(&book, day("2026-10-31"), day("2026-12-31")).into_iter().map(|it| it.owner).collect();
    assert_eq!(owners, [Some("zhao".to_owned())]);
}

#[test]
fn a_certificate_is_renewed_with_the_duties_it_permits() {
    let manager = "name = '李娜'\n[[certificates]]\nname = '从业'\nexpires = 2026-12-01\npermits = ['授信', '结算 业务']\n";
    assert_eq!(
        owed("managers/li.toml", manager),
        [
            "2026-10-02 certificate li: rmbook add certificate li --name 从业 --issued … --expires … --permits 授信 --permits '结算 业务'"
        ]
    );
}
