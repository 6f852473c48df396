//! Each kind of insight in a book of a few records.

use super::super::lines;

/// Finding, manager, about, before, now, at stake, last contact and evidence.
fn seen(files: &str) -> Vec<String> {
    let head = "# file: rmbook.toml\nname = '测试支行'\n# file: managers/li-na.toml\nname = '李娜'\n\
                # file: managers/wang-fang.toml\nname = '王芳'\n";
    let lines = lines(&format!("{head}{files}"), "insight", "insights", "2026-10");
    lines.iter().map(|line| line.rsplit_once(" | ").unwrap().0.to_owned()).collect()
}

fn client(id: &str, tier: &str, rest: &str) -> String {
    format!(
        "# file: clients/{id}.toml\nname = '{id}'\ntier = '{tier}'\nmanager = 'li-na'\nstatus = 'active'\nsince = 2026-09-30\n{rest}"
    )
}

fn months(figures: [u32; 4]) -> String {
    let months = ["07", "08", "09", "10"].iter().zip(figures);
    let lines = months.map(|(month, figure)| format!("2026-{month} = {{ deposits = {figure} }}\n"));
    format!("[results]\n{}", lines.collect::<String>())
}

#[test]
fn a_fall_counts_where_nobody_was_in_contact() {
    let fell = client("a", "base", &months([500, 500, 500, 400]));
    assert_eq!(
        seen(&fell),
        ["falling-not-visited | li-na | a | 500 | 400 | 100 | - | a results.2026-10.deposits"]
    );
    let visit = "visits = [{ date = 2026-10-31, by = 'wang-fang', kind = 'call' }]\n";
    assert!(seen(&client("a", "base", &format!("{visit}{}", months([500, 500, 500, 400])))).is_empty());
    assert!(seen(&client("a", "base", &months([500, 500, 500, 401]))).is_empty());
}

#[test]
fn the_months_before_weigh_by_their_days() {
    // (31 × 1000 + 31 × 500 + 30 × 500) / 92 = 668.48, four fifths of which are 534.78: more than the 533.33 of the plain mean.
    let fell = |now| seen(&client("a", "base", &months([1000, 500, 500, now])));
    assert_eq!(
        fell(534),
        ["falling-not-visited | li-na | a | 668.48 | 534 | 134.48 | - | a results.2026-10.deposits"]
    );
    assert!(fell(535).is_empty());
}

#[test]
fn credit_that_ends_while_money_leaves_is_seen_though_somebody_was_there() {
    let client = |figures, matures| {
        let visit = "visits = [{ date = 2026-10-31, by = 'wang-fang', kind = 'call' }]\n";
        let facility = format!(
            "[[facilities]]\nid = 'wc'\nproduct = 'x'\nlimit = 90\ndrawn = 80\nclass = 'normal'\nmatures = {matures}\n"
        );
        client("a", "base", &format!("{visit}{}{facility}", months(figures)))
    };
    assert_eq!(
        seen(&client([500, 500, 500, 450], "2027-01-29")),
        ["credit-ends-money-leaves | li-na | a | 500 | 450 | 80 | 2026-10-31 | \
          a facilities.wc.matures 2027-01-29, results.2026-10.deposits"]
    );
    // 90 days before 30 January is 1 November.
    assert!(seen(&client([500, 500, 500, 450], "2027-01-30")).is_empty());
    assert!(seen(&client([500, 500, 500, 451], "2027-01-29")).is_empty());
}

#[test]
fn growth_that_hangs_on_one_client_is_seen() {
    let of = |id: &str, now: u32| {
        let figures = format!(
            "base = {{ 2026 = {{ deposits = 100 }} }}\nresults = {{ 2026-10 = {{ deposits = {now} }} }}\n"
        );
        client(id, "base", &figures)
    };
    // 80 of 80 + 30 - 10.
    assert_eq!(
        seen(&(of("a", 180) + &of("b", 130) + &of("c", 90))),
        ["growth-of-one-client | li-na | a | 100 | 180 | 80 | - | \
          a base.2026.deposits, results.2026-10.deposits; Σ 100"]
    );
    assert!(seen(&(of("a", 179) + &of("b", 131) + &of("c", 90))).is_empty());
    assert!(seen(&(of("a", 180) + &of("b", 110))).is_empty());
}

#[test]
fn spikes_and_money_that_comes_and_goes_are_seen() {
    let spike = client("a", "base", "results = { 2026-10 = { deposits = { avg = 100, end = 105 } } }\n");
    assert_eq!(
        seen(&spike),
        ["month-end-spike | li-na | a | 100 | 105 | 5 | - | a results.2026-10.deposits"]
    );
    let level = client("a", "base", "results = { 2026-10 = { deposits = { avg = 100, end = 104 } } }\n");
    assert!(seen(&level).is_empty());
    // From 100 up by 60 and back to 120, below 130.
    let visit = "visits = [{ date = 2026-10-31, by = 'wang-fang', kind = 'call' }]\n";
    let in_out = client("a", "base", &format!("{visit}{}", months([100, 100, 160, 120])));
    assert_eq!(
        seen(&in_out),
        ["in-and-out | li-na | a | 160 | 120 | 40 | 2026-10-31 | a results.2026-09.deposits"]
    );
}

#[test]
fn small_visits_beside_overdue_large_clients_are_seen() {
    let visits =
        (1..=5).map(|day| format!("[[visits]]\ndate = 2026-10-0{day}\nby = 'li-na'\nkind = 'call'\n"));
    let small = client("small", "base", &visits.collect::<String>());
    let large = "# file: clients/large.toml\nname = 'large'\ntier = 'key'\nmanager = 'li-na'\nstatus = 'active'\nsince = 2026-01-01\n";
    assert_eq!(
        seen(&format!("{small}{large}")),
        ["effort-misplaced | li-na | large | 5 | - | 0 | - | large"]
    );
    assert!(seen(&small).is_empty());
}

#[test]
fn copied_notes_and_an_unvisited_complaint_are_seen() {
    let note = "[[visits]]\ndate = 2026-10-08\nby = 'li-na'\nkind = 'call'\nsummary = '了解经营情况，客户经营正常。'\n";
    let complaint = "[[complaints]]\nid = 'late'\nreceived = 2026-10-09\n";
    let files = client("a", "base", &format!("{note}{complaint}")) + &client("b", "base", note);
    assert_eq!(
        seen(&files),
        [
            "complaint-unvisited | li-na | a | - | - | - | 2026-10-08 | a complaints.late",
            "copied-notes | li-na | a | - | 2 | - | - | a 2026-10-08, b 2026-10-08",
        ]
    );
}

#[test]
fn mutual_top_ratings_need_names() {
    let review = |of: &str, by: &str, score: u32| {
        format!(
            "# file: reviews/2026-10/{of}.toml\nmanager = '{of}'\nperiod = '2026-10'\n\
             [[ratings]]\ngroup = 'peer'\nby = '{by}'\nscore = {score}\n"
        )
    };
    // Of the three ratings by name the highest is 98; zhao-lei, who gave 80, stands in no pair.
    let low = "[[ratings]]\ngroup = 'peer'\nby = 'zhao-lei'\nscore = 80\n";
    let both = review("li-na", "wang-fang", 98) + &review("wang-fang", "li-na", 98) + low;
    assert_eq!(
        seen(&both),
        ["mutual-top-ratings | li-na | wang-fang | 98 | 98 | - | - | 2026-10/wang-fang, 2026-10/li-na"]
    );
    assert!(seen(&(review("li-na", "wang-fang", 98) + &review("wang-fang", "li-na", 97) + low)).is_empty());
    let alike = review("li-na", "wang-fang", 98) + &review("wang-fang", "li-na", 98);
    assert!(seen(&alike).is_empty(), "where all ratings are alike, no pair stands out");
}
