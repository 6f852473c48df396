//! Complaints, each run in the month of its decision.

use super::*;

#[test]
fn a_complaint_counts_in_the_period_in_which_it_is_decided() {
    // Decided on the 34th day, in an extension until the 60th.
    let text = "[[complaints]]\nid = 'a'\nreceived = 2026-04-16\ncomplexity = 'complex'\nextension = { days = 30, approved_by = 'x', told = 2026-05-10 }\n";
    let (open, decided) = (text.to_owned(), format!("{text}decided = 2026-05-20\njustified = true\n"));
    for (text, april, may) in [(&open, "0", "0"), (&decided, "0", "1")] {
        let book = [("a", text.as_str())];
        assert_eq!(answer(&book, "li", "justified_complaints", "2026-04"), april);
        assert_eq!(answer(&book, "li", "justified_complaints", "2026-05"), may);
        assert_eq!(answer(&book, "li", "complaints_in_time", "2026-04"), "no complaints due for decision");
    }
    assert_eq!(answer(&[("a", &decided)], "li", "complaints_in_time", "2026-05"), "1");
    // Without the day of the decision, the day of receipt is all there is.
    let undated = format!("{text}justified = true\n");
    assert_eq!(answer(&[("a", &undated)], "li", "justified_complaints", "2026-04"), "1");
}

#[test]
fn who_is_complained_about_or_answered_about_need_not_earn_from_the_client() {
    let text = "backup = 'wang'\n[[complaints]]\nid = 'a'\nreceived = 2026-04-01\nabout = 'wang'\ndecided = 2026-04-10\njustified = true\n\
        [[feedback]]\ndate = 2026-04-20\nabout = 'wang'\nscore = 2\nsampled_by = 'bank'\n";
    let book = [("a", text)];
    let of = |manager| {
        ["justified_complaints", "complaints_in_time", "satisfaction", "net_promoter_score"]
            .map(|metric| answer(&book, manager, metric, "2026-04"))
    };
    assert_eq!(of("wang"), ["1", "1", "0.2", "-1"]);
    let (decided, answers) = ("no complaints due for decision", "no answers from clients");
    assert_eq!(of("li"), ["0", decided, answers, answers]);
}

#[test]
fn only_decided_or_due_complaints_are_judged() {
    let text = "[[complaints]]\nid = 'a'\nreceived = 2026-04-01\ndecided = 2026-04-16\njustified = true\n[[complaints]]\nid = 'b'\nreceived = 2026-04-02\n[[complaints]]\nid = 'c'\nreceived = 2026-04-29\n";
    let book = [("a", text)];
    // a on its fifteenth day, b overdue, c not yet due.
    assert_eq!(answer(&book, "li", "complaints_in_time", "2026-04"), "0.5");
    assert_eq!(answer(&book, "li", "justified_complaints", "2026-04"), "1");
    // Each counts once: c alone is missed in May, on the 14th, although b still waits.
    assert_eq!(answer(&book, "li", "complaints_in_time", "2026-05"), "0");
    assert_eq!(answer(&book, "li", "complaints_in_time", "2026-06"), "no complaints due for decision");
}

#[test]
fn a_complaint_counts_in_the_month_of_its_decision_as_known_on_the_months_last_day() {
    // Its limit is 13 November: October knows of no decision, and November has one in time.
    let text = "[[complaints]]\nid = 'a'\nreceived = 2026-10-29\ndecided = 2026-11-06\n";
    let book = [("a", text)];
    let of = |months: [&str; 3]| months.map(|month| answer(&book, "li", "complaints_in_time", month));
    let none = "no complaints due for decision";
    assert_eq!(of(["2026-10", "2026-11", "2026-12"]), [none, "1", none]);
}

#[test]
fn each_run_of_a_complaint_counts_in_its_own_month() {
    // In time on 10 October and, opened again on 20 November, in time on the 24th; justified the first time.
    let first = "confirmed = 2026-10-02\nproposed = 2026-10-06\ndecided = 2026-10-10\njustified = true\n";
    let again = "[[complaints.earlier]]\nreopened = 2026-11-20\n";
    let of = |rest: &str| {
        let text = format!("[[complaints]]\nid = 'a'\nreceived = 2026-10-01\n{rest}");
        let book = [("a", text.as_str())];
        ["complaints_in_time", "justified_complaints"]
            .map(|metric| ["2026-10", "2026-11", "2026-Q4"].map(|period| answer(&book, "li", metric, period)))
    };
    let none = "no complaints due for decision";
    assert_eq!(of(first), [["1", none, "1"], ["1", "0", "1"]]);
    let second = |decided: &str| format!("reopened = [2026-11-20]\n{decided}{again}{first}");
    assert_eq!(of(&second("decided = 2026-11-24\n")), [["1", "1", "1"], ["1", "0", "1"]]);
    // Found justified again it stays one; found otherwise, October keeps what it knew.
    for justified in [true, false] {
        let decided = second(&format!("decided = 2026-11-24\njustified = {justified}\n"));
        assert_eq!(of(&decided), [["1", "1", "1"], ["1", "0", "1"]]);
    }
    // Undecided: its limit is 5 December.
    assert_eq!(of(&second("")), [["1", none, "0.5"], ["1", "0", "1"]]);
    // As it was written before: the one decision there is belongs to the last run.
    let overwritten = "decided = 2026-11-24\njustified = true\nreopened = [2026-11-20]\n";
    assert_eq!(of(overwritten), [["0", "1", "1"], ["0", "1", "1"]]);
}

#[test]
fn an_extension_its_handler_approved_is_none_by_name_either() {
    // The limit ends on 16 May; decided on the 20th, in time only in an extension that somebody else approved.
    let of = |approved_by: &str| {
        let text = format!(
            "[[complaints]]\nid = 'a'\nreceived = 2026-04-16\ncomplexity = 'complex'\nhandler = 'wang'\ndecided = 2026-05-20\n\
             extension = {{ days = 30, approved_by = '{approved_by}', told = 2026-05-10 }}\n"
        );
        let client = format!("name = '甲'\ntier = 'key'\nstatus = 'active'\nmanager = 'li'\n{text}");
        let files = [
            ("managers/li.toml", "name = '李'"),
            ("managers/wang.toml", "name = '王芳'"),
            ("clients/a.toml", &client),
        ];
        told(&files, "li", "complaints_in_time", "2026-05")
    };
    assert_eq!([of("赵敏"), of("wang"), of("王芳")], ["1", "0", "0"]);
}

#[test]
fn a_complaint_withdrawn_after_its_limit_was_late_all_the_same() {
    // The limit of fifteen days is 16 April.
    let of = |withdrawn: &str| {
        let text = format!("[[complaints]]\nid = 'a'\nreceived = 2026-04-01\n{withdrawn}");
        answer(&[("a", &text)], "li", "complaints_in_time", "2026-04")
    };
    assert_eq!(of("withdrawn = 2026-04-16\n"), "no complaints due for decision");
    assert_eq!(of("withdrawn = 2026-04-17\n"), "0");
    assert_eq!(of("withdrawn = 2026-05-02\n"), "0");
    // One decided in time and withdrawn later counts for nothing.
    assert_eq!(of("decided = 2026-04-10\nwithdrawn = 2026-04-20\n"), "no complaints due for decision");
}
