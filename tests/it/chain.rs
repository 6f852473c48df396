//! `scorecard --explain`: every printed number can be computed again from the print-out alone.

use rmbook::book;
use rmbook::metric::Portfolios;
use rmbook::render::{self, Format, Style};
use rmbook::report::chain::chain;
use rmbook::score::Asked;
use rmbook::score::apply::{Policies, Request, run};
use rmbook::source::Snapshot;

const SETTINGS: &str = "name = \"B\"\nmoney = \"万元\"\n[measures.deposits]\ntitle = \"存款\"\nunit = \"万元\"\nkind = \"balance\"\n\
    [measures.fees]\ntitle = \"中收\"\nunit = \"万元\"\nkind = \"flow\"\n[measures.calls]\ntitle = \"走访\"\nunit = \"次\"\nkind = \"count\"\n\
    [measures.pool]\ntitle = \"奖金池\"\nunit = \"万元\"\nkind = \"flow\"\n[actuals]\n2026-09 = { pool = 10 }\n";

const HEAD: &str = "title = \"P\"\nscheme = \"s\"\neffective = 2026-01-01\nperiod = \"month\"\nmoney = \"万元\"\nmissing = \"zero\"\n";

/// The rows of Ann's scorecard of September, without the place: 412.5 of deposits against 400, 30 of fees, 7 calls.
fn rows(policy: &str) -> Vec<String> {
    rows_of(policy, &[])
}

fn rows_of(policy: &str, more: &[(&str, &str)]) -> Vec<String> {
    let policy = format!("{HEAD}{policy}");
    let mut files: std::collections::BTreeMap<&str, &str> = std::collections::BTreeMap::from([
        ("rmbook.toml", SETTINGS),
        ("policies/p.toml", policy.as_str()),
        (
            "managers/ann.toml",
            "name = \"Ann\"\ngrade = \"senior\"\n[targets]\n2026-09 = { deposits = 400 }\n[actuals]\n2026-09 = { calls = 7 }\n",
        ),
        (
            "clients/c.toml",
            "name = \"C\"\ntier = \"key\"\nstatus = \"active\"\nmanager = \"ann\"\n[results]\n2026-09 = { deposits = 412.5, fees = 30 }\n",
        ),
    ]);
    files.extend(more.iter().copied());
    let texts = files.into_iter().map(|(path, text)| (path.to_owned(), Ok(text.to_owned())));
    let snapshot = Snapshot::new(texts);
    let (book, findings) = book::load(&snapshot);
    assert!(findings.is_empty(), "{findings:?}");
    let policies = Policies::of(&book);
    let denied = policies.findings.iter().filter(|finding| finding.level == rmbook::diag::Level::Deny);
    assert_eq!(denied.map(|finding| finding.message.to_string()).collect::<Vec<_>>(), [""; 0]);
    let request =
        Request { period: "2026-09".parse().ok(), today: "2026-11-24".parse().ok(), ..Request::default() };
    let asked = Asked { evidence: true, ..Asked::default() };
    let scored = run(&Portfolios::new(&book), &policies, request, &asked).unwrap();
    let card = scored[0].cards.iter().find(|card| &*card.profile.id == "ann").unwrap();
    let table = chain(&book, &snapshot.sources, &scored[0], card);
    let mut out = Vec::new();
    render::tables(&[table], Format::Csv, &Style::default(), &mut out).unwrap();
    let mut reader = csv::Reader::from_reader(out.as_slice());
    let rows = reader.records().map(|row| {
        let row = row.unwrap();
        row.iter().take(5).collect::<Vec<_>>().join(" | ")
    });
    rows.collect()
}

#[test]
fn a_record_says_which_part_of_it_counts() {
    let client = "name = \"C\"\ntier = \"key\"\nstatus = \"active\"\nmanager = \"ann\"\n[results]\n2026-09 = { deposits = 412.5, fees = 30 }\n\
                  [[credit]]\nfrom = 2026-01-01\nshares = { ann = 100 }\n[[credit]]\nfrom = 2026-09-09\nshares = { ann = 50, other = 50 }\n";
    let policy = "[[indicators]]\nid = \"a\"\nweight = 60\nvalue = \"deposits.average\"\ntarget = 400\ncurve = { kind = \"ratio\", zero_target = \"error\" }\n\
                  [[indicators]]\nid = \"b\"\nweight = 40\nvalue = \"fees.sum\"\ntarget = 30\ncurve = { kind = \"ratio\", zero_target = \"error\" }\n";
    let rows = rows_of(policy, &[("clients/c.toml", client)]);
    let records: Vec<&String> = rows.iter().filter(|row| row.contains("| record | results")).collect();
    // Eight days at the whole share and 22 at half of it: 19 of 30; a flow goes by the share of the last day.
    assert_eq!(
        records,
        [
            "a | record | results.2026-09.deposits × 19 / 30 | 261.25 | 万元",
            "b | record | results.2026-09.fees × 50% | 15 | 万元",
        ]
    );
}

#[test]
fn a_record_that_is_shared_or_on_a_scale_says_so_in_other_metrics_too() {
    let client = "name = \"C\"\ntier = \"key\"\nstatus = \"active\"\nmanager = \"ann\"\n[[credit]]\nfrom = 2026-01-01\nshares = { ann = 30, other = 70 }\n\
                  [[feedback]]\ndate = 2026-09-03\nscore = 8\n[[feedback]]\ndate = 2026-09-04\nscore = 4\nscale = 5\n\
                  [[facilities]]\nid = \"a\"\nproduct = \"流贷\"\nlimit = 400\ndrawn = 400\nclass = \"substandard\"\n";
    let other = "name = \"D\"\ntier = \"key\"\nstatus = \"active\"\nmanager = \"ann\"\n\
                 [[facilities]]\nid = \"b\"\nproduct = \"流贷\"\nlimit = 880\ndrawn = 880\nclass = \"normal\"\n";
    let policy = "[[indicators]]\nid = \"n\"\nweight = 60\nvalue = \"npl_ratio\"\ncurve = { kind = \"threshold\", op = \"<=\", at = \"2%\" }\n\
                  [[indicators]]\nid = \"s\"\nweight = 40\nvalue = \"satisfaction\"\ncurve = { kind = \"threshold\", op = \">=\", at = \"80%\" }\n";
    let rows = rows_of(policy, &[("clients/c.toml", client), ("clients/d.toml", other)]);
    let records: Vec<&String> = rows.iter().filter(|row| row.contains("| record |")).collect();
    // 30 % of 400 is 120, of the 1,000 drawn in all 12 %; the mean of 8 of 10 and 4 of 5 is 0.8.
    assert_eq!(
        records,
        [
            "n | record | facilities[0].drawn × 0.03% | 0.12 | ",
            "s | record | feedback[0].score × 5% | 0.4 | ",
            "s | record | feedback[1].score × 10% | 0.4 | ",
        ]
    );
}

#[test]
fn a_number_below_zero_stands_in_brackets_after_a_minus() {
    let ann = "name = \"Ann\"\n[[recognitions]]\ndate = 2026-09-09\nkind = \"violation\"\nwhat = \"v\"\npoints = 3\n";
    let policy = format!(
        "{}[[deductions]]\nid = \"rules\"\ntitle = \"R\"\npoints = \"max(0, -recognition_points)\"\n",
        indicator("fees.sum", "target = 30\ncurve = { kind = \"ratio\", zero_target = \"error\" }")
    );
    let rows = rows_of(&policy, &[("managers/ann.toml", ann)]);
    assert!(rows.iter().any(|row| row.contains("max(0, −(-3))")), "{}", rows.join("\n"));
}

#[track_caller]
fn holds(rows: &[String], wanted: &[&str]) {
    for row in wanted {
        assert!(rows.iter().any(|found| found == row), "no `{row}` in\n{}", rows.join("\n"));
    }
}

fn indicator(value: &str, rest: &str) -> String {
    format!("[[indicators]]\nid = \"x\"\nvalue = \"{value}\"\nweight = 100\n{rest}\n")
}

#[test]
fn a_line_of_pay_is_printed_as_written_and_with_its_numbers() {
    // 412.5 × 3 / 10,000 and 30 at 0.2 % to 20 and 0.5 % above: 0.04 + 0.05.
    let rows = rows(
        "[constants]\nrate = \"3 元/万元\"\nshare = { by = \"grade\", senior = \"50%\", else = \"10%\" }\n\
        [[pay.lines]]\nid = \"stock\"\namount = \"deposits.average * rate\"\n\
        [[pay.lines]]\nid = \"half\"\namount = \"(fees.sum - 10 万元) * share\"\n\
        [[pay.lines]]\nid = \"fees\"\nprogressive = { of = \"fees.sum\", edges = [\"20 万元\"], results = [\"0.2%\", \"0.5%\"], included = \"lower\" }\n",
    );
    holds(
        &rows,
        &[
            "stock | figure | deposits.average | 412.5 | 万元",
            "stock | amount | deposits.average * rate = 412.5 万元 × 3 元/万元 | 0.12375 | 万元",
            "half | amount | (fees.sum - 10 万元) * share = (30 万元 − 10 万元) × 50% | 10 | 万元",
            "fees | curve | (20 万元 − 0 万元) × 0.002 = 0.04 万元 | 0.04 | 万元",
            "fees | curve | (30 万元 − 20 万元) × 0.005 = 0.05 万元 | 0.05 | 万元",
            "fees | amount | sum of the brackets | 0.09 | 万元",
            "pay | sum of the lines | stock 0.12375 + half 10 + fees 0.09 | 10.21375 | 万元",
        ],
    );
}

#[test]
fn conditions_say_whether_they_hold_and_what_comes_of_it() {
    // 30 of fees: the veto does not apply, the gate takes 90 %, and 20 % of the pay is deferred to nobody.
    let rows = rows(&format!(
        "[[vetoes]]\nid = \"v\"\nwhen = \"fees.sum < 20 万元\"\nzero = true\n\
        [[gates]]\nid = \"g\"\nfactor = \"0.9\"\nwhen = \"fees.sum < 40 万元\"\non = \"total\"\nmissing = \"error\"\n\
        [[ratings]]\nid = \"A\"\nat_least = 90\nall = [\"score.x >= 100\"]\n[[ratings]]\nid = \"B\"\n{}",
        indicator(
            "fees.sum",
            "target = \"40 万元\"\ncurve = { kind = \"ratio\", max = 1, zero_target = \"skip\" }"
        )
    ));
    holds(
        &rows,
        &[
            "x | curve | 100 × clamp(30 万元 / 40 万元, 0, 1) = 75 | 75 | ",
            "v | condition | fees.sum < 20 万元 → 30 万元 < 20 万元: does not hold |  | ",
            "g | condition | fees.sum < 40 万元 → 30 万元 < 40 万元: holds |  | ",
            "total | Total | gate g: 75 × 0.9 | 67.5 | points",
            "rating | rating | 67.5: B |  | ",
        ],
    );
}

#[test]
fn every_kind_of_curve_that_takes_expressions_prints_them() {
    let of = |curve: &str| rows(&indicator("fees.sum", &format!("target = \"40 万元\"\ncurve = {curve}")));
    // 30 is 60 % or more and less than 40.
    let cases = of(
        "{ kind = \"cases\", cases = [{ when = \"x < target * 60%\", score = 0 }, { when = \"x < target\", score = \"x / target * 80\" }], else = 100 }",
    );
    holds(
        &cases,
        &[
            "x | curve | x < target * 60% → 30 万元 < 40 万元 × 60%: does not hold |  | ",
            "x | curve | x < target → 30 万元 < 40 万元: holds |  | ",
            "x | curve | x / target * 80 = 30 万元 / 40 万元 × 80 = 60 | 60 | ",
        ],
    );
    // (412.5 − 100) / 50 = 6.25 and (30 − 40) below nothing: six whole units of 3.
    let convert = of(
        "{ kind = \"convert\", points = 3, pool = \"before\", negative = \"zero\", items = [{ value = \"deposits.average\", from = \"100 万元\", per = \"50 万元\" }, { value = \"fees.sum\", from = \"40 万元\", per = \"10 万元\" }] }",
    );
    holds(
        &convert,
        &[
            "x | curve | deposits.average: (412.5 万元 − 100 万元) / 50 万元 = 6.25 units |  | ",
            "x | curve | fees.sum: 30 万元 is below 40 万元: 0 units |  | ",
            "x | curve | 6.25 units, 6 of them whole |  | ",
            "x | curve | 6 units × 3 = 18 | 18 | ",
        ],
    );
    // Seven calls at 2, at most 10.
    let event =
        of("{ kind = \"event\", events = [{ count = \"actuals.calls\", points = 2, cap = 10 }], base = 5 }");
    holds(
        &event,
        &[
            "x | curve | actuals.calls: 7 次 × 2 = 14, from −10 to 10: 10 |  | ",
            "x | curve | 5 + 10 = 15 | 15 | ",
        ],
    );
    let below = of(
        "{ kind = \"piecewise\", points = [[\"31 万元\", 1], [\"40 万元\", 2]], below = \"hold\", above = \"hold\" }",
    );
    holds(&below, &["x | curve | 30 万元 is below 31 万元, held at 1 | 1 | "]);
    let table = rows(&format!(
        "[tables.rates]\nedges = [\"20 万元\", \"50 万元\"]\nresults = [10, 20, 30]\nincluded = \"lower\"\n{}",
        "[[indicators]]\nid = \"x\"\nweight = 100\npoints = 'lookup(\"tables.rates\", fees.sum) + 1'\n"
    ));
    holds(
        &table,
        &[
            "x | Score | lookup(\"tables.rates\", fees.sum) + 1 = lookup(\"tables.rates\", 30 万元: ≥ 20 万元, < 50 万元 → 20) + 1 | 21 | ",
        ],
    );
}

#[test]
fn a_curve_with_a_name_is_told_by_it() {
    let curves = "[curves.fall]\nkind = \"formula\"\nscore = \"x / target * 40\"\n\
                  [curves.step]\nkind = \"cases\"\ncases = [{ when = \"x < target\", curve = \"fall\" }]\nelse = 100\n\
                  [curves.open]\nkind = \"threshold\"\nop = \">=\"\nat = \"20 万元\"\n\
                  [[gates]]\nid = \"g\"\nvalue = \"fees.sum\"\ncurve = \"open\"\n";
    let item = indicator("fees.sum", "target = \"40 万元\"\ncurve = \"step\"");
    let named = rows(&format!("{item}{curves}"));
    let of = |id: &str| {
        let rows = named.iter().filter(|row| row.starts_with(&format!("{id} | curve")));
        rows.map(String::as_str).collect::<Vec<_>>()
    };
    // 30 is less than 40, so that `fall` gives the score.
    assert_eq!(
        of("x"),
        [
            "x | curve | by the curve `step` |  | ",
            "x | curve | x < target → 30 万元 < 40 万元: holds |  | ",
            "x | curve | by the curve `fall` |  | ",
            "x | curve | x / target * 40 = 30 万元 / 40 万元 × 40 = 30 | 30 | ",
        ]
    );
    assert_eq!(of("g")[0], "g | curve | by the curve `open` |  | ");
}

#[test]
fn a_table_of_points_says_between_which_two_the_value_lies() {
    let score = |fees: &str, score: u32, found: &str| {
        let rows = rows(&format!(
            "[tables.pace]\npoints = [[{fees}, 10], [\"50 万元\", 30]]\nbelow = 5\nabove = \"hold\"\n{}",
            "[[indicators]]\nid = \"x\"\nweight = 100\npoints = 'lookup(\"tables.pace\", fees.sum) + 1'\n"
        ));
        let formula = "lookup(\"tables.pace\", fees.sum) + 1 = lookup(\"tables.pace\", 30 万元: ";
        holds(&rows, &[&format!("x | Score | {formula}{found}) + 1 | {score} | ")]);
    };
    // 10 + (30 − 10) × (30 − 10) / (50 − 10) = 20.
    score("\"10 万元\"", 21, "10 万元 → 10, 50 万元 → 30");
    score("\"40 万元\"", 6, "< 40 万元 → 5");
}

#[test]
fn gates_and_time_in_post_act_on_the_parts_of_a_pool_that_says_so() {
    let policy = "[partial]\nprorate = \"pay\"\nby = \"days\"\n\
        [[gates]]\nid = \"g\"\non = \"pay\"\nfactor = \"80%\"\n\
        [[pay.lines]]\nid = \"pool\"\ngated = true\n\
        pool = { of = \"unit.pool\", by = \"if(manager.id == 'ann', 20, 10)\", among = \"all\" }\n";
    let ann = "name = \"Ann\"\njoined = 2026-09-16\n";
    let rows = rows_of(policy, &[("managers/ann.toml", ann), ("managers/bob.toml", "name = \"Bob\"\n")]);
    // Ann 20 × 0.8 × 15 / 30 = 8, Bob 10 × 0.8 = 8: half of 10 each.
    holds(
        &rows,
        &[
            "pool | claim | ann | 8 | ",
            "pool | claim | bob | 8 | ",
            "pool | curve | part after gates on pay: 20 × 0.8 = 16 |  | ",
            "pool | curve | part by time in post: 16 × 15 / 30 = 8 |  | ",
            "pool | curve | 10 万元 × 8 / 16 = 5 万元 | 5 | 万元",
        ],
    );
}

#[test]
fn a_ceiling_below_what_is_never_cut_says_so() {
    let rows = rows(
        "[[pay.lines]]\nid = \"bonus\"\namount = \"1 万元\"\n[[pay.lines]]\nid = \"allowance\"\namount = \"8 万元\"\ngated = false\n\
         [pay]\nmax = \"6 万元\"\n",
    );
    let cut = rows.iter().find(|row| row.contains("floor and ceiling")).unwrap();
    assert!(cut.contains("at most 6; 8 is never cut | 8 | 万元"), "{cut}");
}

#[test]
fn a_weight_that_grew_says_how() {
    // y is skipped: 60 × 100 / 60.
    let rows = rows(
        "[[indicators]]\nid = \"x\"\nvalue = \"fees.sum\"\nweight = 60\ncurve = { kind = \"formula\", score = \"50\" }\n\
        [[indicators]]\nid = \"y\"\nvalue = \"deposits.average@year_ago\"\nweight = 40\nmissing = \"skip\"\ncurve = { kind = \"formula\", score = \"50\" }\n",
    );
    holds(
        &rows,
        &[
            "x | Weight | 60 × 100 / 60: weight not scored beside it is spread | 100 | ",
            "x | Points | 50 × 100 / 100 | 50 | points",
            "total | Total | x 50 | 50 | points",
        ],
    );
}

#[test]
fn raters_are_listed_group_by_group_and_a_pool_claim_by_claim() {
    // Without 70 and 95: (80 + 90) / 2 = 85; one peer is too few of two. 10 × 85 / (85 + 0) to Ann, 30 calls apart.
    let review = "period = \"2026-09\"\nmanager = \"ann\"\n\
        [[ratings]]\nby = \"w\"\ngroup = \"superior\"\nitem = \"x\"\nscore = 70\n[[ratings]]\nby = \"v\"\ngroup = \"superior\"\nitem = \"x\"\nscore = 80\n\
        [[ratings]]\nby = \"u\"\ngroup = \"superior\"\nitem = \"x\"\nscore = 90\n[[ratings]]\nby = \"t\"\ngroup = \"superior\"\nitem = \"x\"\nscore = 95\n\
        [[ratings]]\nby = \"s\"\ngroup = \"peer\"\nitem = \"x\"\nscore = 60\n";
    let bob = "name = \"Bob\"\ngrade = \"senior\"\n";
    let policy = "[[indicators]]\nid = \"x\"\nweight = 100\ncurve = { kind = \"rating\", missing_group = \"spread\", trim = 1, groups = [\
        { group = \"superior\", weight = 60 }, { group = \"peer\", weight = 40, fewest = 2, trim = 0 }] }\n\
        [[pay.lines]]\nid = \"pool\"\npool = { of = \"unit.pool\", by = \"total + 15\", among = \"all\", places = 2 }\n";
    let rows = rows_of(policy, &[("reviews/2026-09/ann.toml", review), ("managers/bob.toml", bob)]);
    // Bob, whom nobody rated, has 0 + 15 = 15; Ann 85 + 15: 10 × 100 / 115 = 8.6956…, with the larger remainder.
    holds(
        &rows,
        &[
            "x | curve | Supervisors, weight 60, without 70, 95: (80 + 90) / 2 = 85 |  | ",
            "x | curve | Colleagues: 1 answers, at least 2 are needed; its weight 40 goes to the others |  | ",
            "x | curve | (85 × 60) / 60 = 85 | 85 | ",
            "pool | parameter | total + 15 = 85 + 15 | 100 | ",
            "pool | claim | ann | 100 | ",
            "pool | claim | bob | 15 | ",
            "pool | claim | sum of the claims | 115 | ",
            "pool | curve | 10 万元 × 100 / 115 = 8.6956521739 万元 | 8.6956521739 | 万元",
            "pool | Pay | pay line pool | 8.7 | 万元",
        ],
    );
}

#[test]
fn a_part_of_a_target_and_what_was_missed_are_shown() {
    let rows = rows_of(
        &(indicator(
            "fees.sum",
            "target = \"targets.fees\"\ncurve = { kind = \"ratio\", zero_target = \"error\" }",
        ) + "[[indicators]]\nid = \"checks\"\nvalue = \"checks_in_time\"\n"),
        &[
            ("managers/ann.toml", "name = \"Ann\"\n[targets]\n2026-Q3 = { fees = 90 }\n"),
            (
                "clients/d.toml",
                "name = \"D\"\ntier = \"key\"\nstatus = \"active\"\nmanager = \"ann\"\n\
                 [[checks]]\nkind = \"routine\"\ndue = 2026-09-10\n\
                 [[checks]]\nkind = \"routine\"\ndue = 2026-09-20\ndone = 2026-09-19\n",
            ),
        ],
    );
    holds(
        &rows,
        &[
            // A third of the quarter's 90.
            "x | record | targets.2026-Q3.fees × 1 / 3 | 90 | 万元",
            "x | Target | targets.fees | 30 | 万元",
            "checks | missed | checks[0].done | 0 | ",
            "checks | record | checks[1].done | 1 | ",
            "checks | Value | checks_in_time | 0.5 | ",
        ],
    );
}
