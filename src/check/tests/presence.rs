//! Who was with the bank on the days of records, and that every record says it.

use super::*;
use crate::record::kind::RecordKind;
use crate::record::shape::{Kind, Shape};

/// What is found of entries dated around the time somebody was with the bank, 12 January to 30 September 2026.
#[test]
fn nobody_does_anything_before_the_first_day_or_after_the_last() {
    let chen = |entries: &str| {
        format!(
            "# file: managers/chen.toml\nname = \"Chen\"\njoined = 2026-01-12\nleft = 2026-09-30\nstatus = \"left\"\n{entries}"
        )
    };
    let judged = |path: &str, record: &str, entry: &str| -> Vec<&str> {
        let of_day = |day: &str| {
            let text = format!("{record}{}\n", entry.replace("DAY", day));
            let others = (path != "managers/chen.toml").then(|| ("managers/chen.toml", chen("")));
            let files: Vec<(&str, &str)> = others
                .iter()
                .map(|(path, text)| (*path, text.as_str()))
                .chain([(path, text.as_str())])
                .collect();
            let found = found(&snapshot(&files), &Options::default());
            let mut names = found.iter().map(|finding| finding.rule.name);
            names.find(|name| ["before-joining", "after-leaving"].contains(name)).unwrap_or("")
        };
        ["2026-01-11", "2026-01-12", "2026-09-30", "2026-10-01"].map(of_day).to_vec()
    };
    let (early, late) = (["before-joining", "", "", ""], ["", "", "", "after-leaving"]);
    let both = ["before-joining", "", "", "after-leaving"];
    let cases: [(&str, [&str; 4]); 10] = [
        ("trainings = [{ date = DAY, course = 'x', kind = 'online', done = DAY }]", both),
        ("one_on_ones = [{ date = DAY }]", both),
        ("recognitions = [{ date = DAY, kind = 'praise', what = 'x' }]", both),
        ("reports = [{ raised = DAY, kind = 'problem', what = 'x' }]", both),
        ("grade_history = [{ from = DAY, grade = 'M1' }]", both),
        ("leaves = [{ from = DAY, to = DAY, kind = 'annual' }]", both),
        ("assets = [{ kind = 'laptop', issued = DAY }]", both),
        // What belongs to the time after: a leaver's equipment comes back, an audit finds what was done, a talk says why.
        ("assets = [{ kind = 'laptop', issued = 2026-01-12, returned = DAY }]", ["", "", "", ""]),
        ("audit_findings = [{ date = DAY, what = 'x', severity = 'minor' }]", early),
        ("career_talks = [{ date = DAY }]", early),
    ];
    for (entry, expected) in cases {
        assert_eq!(judged("managers/chen.toml", &chen(""), entry), expected, "{entry}");
    }
    let cases: [(&str, [&str; 4]); 7] = [
        ("needs = [{ date = DAY, by = 'chen', what = 'x' }]", both),
        ("visits = [{ date = DAY, by = 'wang-fang', kind = 'on-site', with = ['chen'] }]", both),
        ("referrals = [{ date = DAY, from = 'wang-fang', to = 'chen' }]", both),
        // A deal may have been taken over since; who had left by then pursued none.
        ("opportunities = [{ id = 'x', stage = 'proposal', by = 'chen', opened = DAY }]", late),
        ("opportunities = [{ id = 'x', stage = 'won', by = 'chen', closed = DAY }]", both),
        ("complaints = [{ id = 'x', received = DAY, about = 'chen' }]", early),
        ("feedback = [{ date = DAY, about = 'chen', score = 9 }]", early),
    ];
    for (entry, expected) in cases {
        assert_eq!(judged("clients/acme.toml", &client(""), entry), expected, "{entry}");
    }
    let rating = "ratings = [{ group = 'peer', by = 'RATER', score = 90, date = DAY }]";
    let of = |manager: &str, entry: &str| {
        let record = format!("manager = \"{manager}\"\nperiod = \"2026-09\"\n");
        judged(&format!("reviews/2026-09/{manager}.toml"), &record, entry)
    };
    assert_eq!(of("wang-fang", &rating.replace("RATER", "chen")), both);
    assert_eq!(of("chen", &rating.replace("RATER", "li-na")), early);
    assert_eq!(of("chen", "[appeal]\ndate = DAY\nreason = 'x'"), early);
    assert_eq!(of("chen", "ledger = [{ date = DAY, kind = 'release', amount = 1, due = 2026 }]"), [""; 4]);
}

/// Where a record holds a day and names a manager, either the day says who was there on it, or there is a reason why not.
#[test]
fn every_entry_with_a_day_and_a_manager_says_who_was_there() {
    const NOT: [&str; 25] = [
        // How somebody stands or stood, up to a day that may be entered later.
        "client.manager",
        "client.opportunities.history.by",
        "manager.reports_to",
        "manager.history.reports_to",
        "team.lead",
        "team.history.lead",
        "review.manager",
        "review.reviewer",
        // What is promised passes to others, as found under `owned-by-leaver` and `plan-owner-left`.
        "client.visits.next.owner",
        "client.visits.next.history.owner",
        "client.planned.by",
        "manager.ideas.history.owner",
        "manager.one_on_ones.actions.owner",
        "manager.one_on_ones.actions.history.owner",
        "team.meetings.actions.owner",
        "team.meetings.actions.history.owner",
        "team.contingencies.owner",
        "team.contingencies.manager",
        "team.contingencies.history.owner",
        "team.pilots.history.owner",
        // Found under rules of their own: `visit-too-early`, `visit-by-leaver`, `present-when-away`.
        "client.visits.by",
        "team.meetings.chair",
        "team.meetings.attendees",
        "team.events.participants",
        "team.drills.participants",
    ];
    fn names_manager(kind: &Kind) -> bool {
        match kind {
            Kind::Ref(kind) => kind == "manager",
            Kind::List(items) => names_manager(items),
            _ => false,
        }
    }
    fn gather(path: &str, shape: &'static Shape, found: &mut Vec<String>) {
        let told: Vec<&str> = shape
            .fields
            .iter()
            .flat_map(|field| &field.there)
            .filter_map(|there| there.named.as_deref())
            .collect();
        assert!(
            told.iter().all(|name| shape.field(name).is_some() || *name == "by" || *name == "owner"),
            "{path}: {told:?}"
        );
        let has_day = shape.fields.iter().any(|field| matches!(field.kind, Kind::Day));
        for field in &shape.fields {
            let path = format!("{path}.{}", field.name);
            if has_day && names_manager(&field.kind) && !told.contains(&field.name.as_str()) {
                found.push(path.clone());
            }
            match &field.kind {
                Kind::Table(below) => gather(&path, below, found),
                _ => field.entries().into_iter().for_each(|below| gather(&path, below, found)),
            }
        }
    }
    let mut found = Vec::new();
    for kind in [RecordKind::Client, RecordKind::Manager, RecordKind::Team, RecordKind::Review] {
        gather(kind.name(), kind.shape(), &mut found);
    }
    let (mut not, mut found) = (NOT.map(str::to_owned).to_vec(), found);
    not.sort_unstable();
    found.sort_unstable();
    assert_eq!(found, not);
}
