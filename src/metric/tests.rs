//! Figures worked out by hand over small books.

use rust_decimal::Decimal;

use super::*;
use crate::book::{Book, load};
use crate::period::{Months, Period};
use crate::source::Snapshot;

mod complaints;
mod profit;

const SETTINGS: &str =
    "name = '测试支行'\n[clients]\neffective = { deposits = 50 }\nlost_below = '50%'\nlost_by = 'deposits'\n";

fn client(id: &str, text: &str) -> (String, Result<String, crate::source::Reason>) {
    let head = format!("name = '{id}'\nstatus = 'active'\nmanager = 'li'\ntier = 'key'\n{text}");
    (format!("clients/{id}.toml"), Ok(head))
}

fn book_of(clients: &[(&str, &str)]) -> Book {
    let mut files = vec![("rmbook.toml".to_owned(), Ok(SETTINGS.to_owned()))];
    files.extend(clients.iter().map(|(id, text)| client(id, text)));
    let (book, findings) = load(&Snapshot::new(files));
    assert!(findings.is_empty(), "{findings:?}");
    book
}

/// The answer for a manager, as text; the reason where there is none.
pub(super) fn answer(clients: &[(&str, &str)], manager: &str, query: &str, period: &str) -> String {
    let book = book_of(clients);
    let portfolios = Portfolios::new(&book);
    let portfolio = portfolios.of(manager.split(' '));
    let scope = portfolio.scope(true);
    match ask(&scope, &query.parse().unwrap(), period.parse::<Period>().unwrap()) {
        Ok(known) => {
            if query.starts_with("deposits.average") {
                let whole = known.evidence.iter().map(|evidence| evidence.amount).sum::<Decimal>();
                assert_eq!(
                    whole.round_dp(10),
                    known.amount.round_dp(10),
                    "the evidence adds up to the figure"
                );
            }
            known.amount.round_dp(6).normalize().to_string()
        }
        Err(reason) => reason.to_string(),
    }
}

#[test]
fn an_average_over_months_weighs_by_calendar_days() {
    let book = [("a", "[results]\n2026-01 = { deposits = 310 }\n2026-02 = { deposits = 280 }\n")];
    // (310 × 31 + 280 × 28) / 59 = 17450 / 59.
    assert_eq!(answer(&book, "li", "deposits.average.year_to_date", "2026-02"), "295.762712");
    assert_eq!(answer(&book, "li", "deposits.average", "2026-02"), "280");
    assert_eq!(answer(&book, "li", "deposits.max.year_to_date", "2026-02"), "310");
    assert_eq!(answer(&book, "li", "deposits.average", "2026-03"), "the book has no figures for 2026-03");
}

#[test]
fn in_the_last_month_of_a_quarter_no_more_counts_than_usual_growth_allows() {
    // The last months of the four quarters before grew by 10, 0, 20 and 10 % over their months before: 10 % on average.
    let figures = [
        ("2025-05", 100),
        ("2025-06", 110),
        ("2025-08", 200),
        ("2025-09", 200),
        ("2025-11", 100),
        ("2025-12", 120),
        ("2026-02", 100),
        ("2026-03", 110),
        ("2026-04", 100),
        ("2026-05", 200),
        ("2026-06", 250),
        ("2026-07", 300),
    ];
    let lines = figures.map(|(month, amount)| format!("{month} = {{ deposits = {amount} }}\n"));
    let lines = format!(
        "[results]\n2025-07 = {{ deposits = 1 }}\n2025-10 = {{ deposits = 1 }}\n2026-01 = {{ deposits = 1 }}\n{}",
        lines.concat()
    );
    let book = [("a", lines.as_str())];
    // 200 × 1.1, although 250 stood there.
    assert_eq!(answer(&book, "li", "countable_average", "2026-06"), "220");
    assert_eq!(answer(&book, "li", "countable_average", "2026-07"), "300");
    // (100 × 30 + 200 × 31 + 220 × 30) / 91 = 15800 / 91.
    assert_eq!(answer(&book, "li", "countable_average", "2026-Q2"), "173.626374");
    assert_eq!(answer(&book, "li", "countable_average", "2026-03"), "the book has no figures for 2025-03");
    assert_eq!(
        answer(&book, "li", "countable_average{measure = \"gold\"}", "2026-07"),
        "rmbook.toml declares no balance `gold`"
    );
}

#[test]
fn meetings_held_are_those_of_the_teams_led() {
    // Weeks ending on 4, 11, 18 and 25 October, met on the 6th and the 19th; the month was met on the 19th by no monthly one.
    let team = "name = '一部'\nlead = 'zhao'\nsince = 2026-01-01\nmeets = ['weekly', 'monthly']\n\
        meetings = [{ date = 2026-10-06, kind = 'weekly' }, { date = 2026-10-19, kind = 'weekly' }]\n";
    let files = [
        ("managers/zhao.toml", "name = '赵'"),
        ("managers/li.toml", "name = '李'"),
        ("teams/one.toml", team),
    ];
    // Two of four weeks and no month.
    assert_eq!(told(&files, "zhao", "meetings_held", "2026-10"), "0.4");
    assert_eq!(told(&files, "li", "meetings_held", "2026-10"), "no meetings planned of a team led");
}

#[test]
fn a_leap_february_weighs_29_days() {
    let book = [("a", "[results]\n2024-02 = { deposits = 290 }\n2024-03 = { deposits = 310 }\n")];
    // (290 × 29 + 310 × 31) / 60 = 18020 / 60.
    assert_eq!(answer(&book, "li", "deposits.average.last_2_months", "2024-03"), "300.333333");
}

#[test]
fn shares_split_balances_by_days_and_flows_by_month() {
    let text = "[results]\n2026-04 = { deposits = 5000, fee_income = 10 }\n[[credit]]\nfrom = 2026-01-01\nshares = { li = 60, wang = 40 }\n[[credit]]\nfrom = 2026-04-16\nshares = { wang = 100 }\n";
    let book = [("a", text)];
    // 15 days at 60 %, 15 at none.
    assert_eq!(answer(&book, "li", "deposits.average", "2026-04"), "1500");
    assert_eq!(answer(&book, "wang", "deposits.average", "2026-04"), "3500");
    assert_eq!(answer(&book, "li", "fee_income.sum", "2026-04"), "0");
    assert_eq!(answer(&book, "wang", "fee_income.sum", "2026-04"), "10");
}

#[test]
fn a_course_is_the_figure_of_each_month() {
    let text = "[results]\n2026-01 = { deposits = 310, fee_income = 4 }\n2026-03 = { deposits = 620 }\n[[handovers]]\ndate = 2026-01-11\nfrom = 'wang'\nto = 'li'\n";
    let book = book_of(&[("a", text)]);
    let portfolios = Portfolios::new(&book);
    let window = Months { first: "2026-01".parse().unwrap(), last: "2026-03".parse().unwrap() };
    let of = |manager: &str| {
        let credited = Credited::own(&portfolios, [manager], window);
        let figure = |measure, month| credited.figure(&[manager], measure, figures::one(month));
        ["deposits", "fee_income"].map(|measure| {
            let course = window.iter().map(|month| figure(measure, month));
            let spelt = course.map(|figure| figure.map_or("-".to_owned(), |it| it.normalize().to_string()));
            format!("{measure} {}", spelt.collect::<Vec<_>>().join(" "))
        })
    };
    // Ten days of January are one manager's, twenty-one the other's; the fees go by its last day; nobody has a February.
    assert_eq!(of("li"), ["deposits 210 - 620", "fee_income 4 - 0"]);
    assert_eq!(of("wang"), ["deposits 100 - 0", "fee_income 0 - 0"]);
}

#[test]
fn claim_shares_of_60_and_40() {
    let text = "[results]\n2026-04 = { deposits = 5000 }\n[[credit]]\nfrom = 2026-01-01\nshares = { li = 60, wang = 40 }\n";
    assert_eq!(answer(&[("a", text)], "li", "deposits.average", "2026-04"), "3000");
    assert_eq!(answer(&[("a", text)], "wang", "deposits.average", "2026-04"), "2000");
    assert_eq!(answer(&[("a", text)], "wang li", "deposits.average", "2026-04"), "5000");
}

#[test]
fn a_handover_is_no_windfall() {
    let text = "base = { 2026 = { deposits = 900 } }\n[results]\n2026-06 = { deposits = 1000 }\n2026-07 = { deposits = 1100 }\n[[handovers]]\ndate = 2026-07-01\nfrom = 'wang'\nto = 'li'\n";
    let book = [("a", text)];
    assert_eq!(answer(&book, "li", "deposits.average", "2026-07"), "1100");
    assert_eq!(answer(&book, "li", "deposits.average@previous", "2026-07"), "1000");
    assert_eq!(answer(&book, "li", "deposits.average@base", "2026-07"), "900");
    assert_eq!(answer(&book, "wang", "deposits.average", "2026-07"), "0");
    assert_eq!(answer(&book, "wang", "deposits.average@previous", "2026-07"), "0");
    assert_eq!(answer(&book, "wang", "deposits.average", "2026-06"), "1000");
}

#[test]
fn a_missing_month_end_is_missing_never_the_average() {
    let book = [("a", "[results]\n2026-04 = { deposits = 100, loans = { avg = 1, end = 2 } }\n")];
    assert_eq!(answer(&book, "li", "deposits.end", "2026-04"), "a has no month-end balance for 2026-04");
    assert_eq!(answer(&book, "li", "loans.end", "2026-04"), "2");
}

#[test]
fn what_clients_had_and_is_not_there_is_missing_and_never_nothing() {
    let credit = |to: &str| format!("[[credit]]\nfrom = 2026-01-01\nshares = {{ {to} = 100 }}\n");
    let stopped =
        "[results]\n2026-01 = { deposits = 100, fee_income = 4, loans = 0 }\n2026-02 = { ftp_profit = 5 }\n";
    let silent = format!("[results]\n2026-01 = {{ fee_income = 3 }}\n{}", credit("zhao"));
    let whole = format!(
        "[results]\n2026-01 = {{ deposits = 310 }}\n2026-02 = {{ deposits = 280 }}\n{}",
        credit("wang")
    );
    let book = [("a", stopped), ("b", whole.as_str()), ("c", silent.as_str())];
    let deposits = "no deposits for 2026-02 of clients that had it before: a";
    for query in ["deposits.average", "deposits.average.year_to_date", "deposits.end"] {
        assert_eq!(answer(&book, "li", query, "2026-02"), deposits, "{query}");
    }
    // No fees in a month that has other figures are none, and so is a balance that was nothing or never there.
    for (manager, query) in [("li", "fee_income.sum"), ("li", "loans.average"), ("zhao", "deposits.average")]
    {
        assert_eq!(answer(&book, manager, query, "2026-02"), "0", "{manager} {query}");
    }
    assert_eq!(
        answer(&book, "zhao", "fee_income.sum", "2026-02"),
        "no fee_income for 2026-02 of clients that had it before: c"
    );
    assert_eq!(answer(&book, "li wang", "deposits.average", "2026-02"), "280");
}

#[test]
fn a_client_is_new_once_and_not_where_its_group_was_known() {
    let since = |day: &str, group: &str| {
        format!("since = {day}\ngroup = '{group}'\n[results]\n2026-04 = {{ deposits = 60 }}\n")
    };
    let (first, second, third) =
        (since("2026-04-03", "甲"), since("2020-01-01", "乙"), since("2026-04-09", "乙"));
    let book = [("a", first.as_str()), ("b", second.as_str()), ("c", third.as_str())];
    assert_eq!(answer(&book, "li", "new_clients", "2026-04"), "1");
    assert_eq!(answer(&book, "li", "effective_clients", "2026-04"), "3");
    assert_eq!(answer(&book, "li", "effective_clients.count{tier = \"base\"}", "2026-04"), "0");
    assert_eq!(answer(&book, "li", "client_equivalents", "2026-04"), "6");
}

#[test]
fn a_client_below_half_of_its_base_is_lost_in_the_first_such_month_only() {
    // Averages of three months: to June (100×30 + 40×31 + 0×30)/91 ≈ 46.6 < 50; to May (100×31+100×30+40×31)/92 ≈ 79.8.
    let text = "base = { 2026 = { deposits = 100 } }\n[results]\n2026-02 = { deposits = 100 }\n2026-03 = { deposits = 100 }\n2026-04 = { deposits = 100 }\n2026-05 = { deposits = 40 }\n2026-06 = { deposits = 0 }\n2026-07 = { deposits = 0 }\n";
    let stays =
        "[results]\n2026-05 = { deposits = 70 }\n2026-06 = { deposits = 70 }\n2026-07 = { deposits = 70 }\n";
    let book = [("a", text), ("b", stays)];
    assert_eq!(answer(&book, "li", "lost_clients", "2026-05"), "0");
    assert_eq!(answer(&book, "li", "lost_clients", "2026-Q2"), "1");
    assert_eq!(answer(&book, "li", "retention", "2026-07"), "1");
    // Effective at the end of March: a alone; b had no figures yet.
    assert_eq!(answer(&book, "li", "retention", "2026-Q2"), "0");
    // In May it fell below the threshold, and in June the rule held: of the two that were there, one is lost.
    assert_eq!(answer(&book, "li", "lost_clients", "2026-06"), "1");
    assert_eq!(answer(&book, "li", "retention", "2026-06"), "0.5");
    assert_eq!(answer(&book, "li", "retention", "2026-04"), "1");
    for metric in ["retention", "lost_clients"] {
        let told = answer(&book, "li", metric, "2026-03");
        assert_eq!(told, "under three months of figures nobody is judged lost", "{metric}");
    }
    assert_eq!(answer(&book, "li", "retention", "2026-08"), "the book has no figures for 2026-08");
}

#[test]
fn a_client_without_business_for_the_settings_months_is_lost() {
    let settings = format!(
        "{SETTINGS}lost_without = {{ settlements = 3 }}\n[measures.settlements]\ntitle = '结算笔数'\nunit = '笔'\nkind = 'flow'\n"
    );
    // Others settle since February: of idle, which never did, April is the third month; of busy the run begins anew in April.
    let idle = "[results]\n2026-01 = { deposits = 70 }\n2026-02 = { deposits = 70 }\n2026-03 = { deposits = 70 }\n2026-04 = { deposits = 70 }\n";
    let busy = "[results]\n2026-02 = { deposits = 70, settlements = 0 }\n2026-03 = { deposits = 70, settlements = 4 }\n\
        2026-04 = { deposits = 70 }\n2026-05 = { deposits = 70 }\n";
    let files = [("rmbook.toml".to_owned(), Ok(settings)), client("a", idle), client("b", busy)];
    let (book, findings) = load(&Snapshot::new(files));
    assert!(findings.is_empty(), "{findings:?}");
    let portfolios = Portfolios::new(&book);
    let lost = |id: &str| portfolios.lost.loss(book.clients.get(id).unwrap());
    assert_eq!(lost("a"), Some(("2026-04".parse().unwrap(), clients::Loss::Idle)));
    assert_eq!(lost("b"), None);
}

#[test]
fn a_prospect_counts_from_the_day_it_was_entered() {
    let book = [("a", "since = 2020-01-01\n"), ("b", "entered = 2026-05-04\n")];
    assert_eq!(answer(&book, "li", "clients", "2026-04"), "1");
    assert_eq!(answer(&book, "li", "clients", "2026-05"), "2");
}

#[test]
fn visits_count_for_who_made_them_and_cover_by_cadence() {
    let text = "since = 2020-01-01\n[results]\n2026-04 = { deposits = 60 }\n[[visits]]\ndate = 2026-03-02\nby = 'wang'\nkind = 'on-site'\n[[visits]]\ndate = 2026-04-02\nby = 'li'\nkind = 'call'\n";
    let unseen = "since = 2020-01-01\n";
    let young = "since = 2026-04-20\n";
    let book = [("a", text), ("b", unseen), ("c", young)];
    assert_eq!(answer(&book, "li", "visits", "2026-04"), "1");
    assert_eq!(answer(&book, "li", "visits.count{kind = \"on-site\"}", "2026-04"), "0");
    assert_eq!(answer(&book, "wang", "visits", "2026-03"), "1");
    // Key clients are due every 60 days: a was seen, b never, c is too young to be due and was not seen: one of two.
    assert_eq!(answer(&book, "li", "visit_coverage", "2026-04"), "0.5");
    // A client of old that was entered this month has its cadence from then on.
    let entered = "since = 2020-01-01\nentered = 2026-04-20\n";
    assert_eq!(answer(&[("a", text), ("c", entered)], "li", "visit_coverage", "2026-04"), "1");
    assert_eq!(
        answer(&[("c", young)], "li", "visit_coverage", "2026-04"),
        "no client visited or due for its first visit"
    );
    let seen = format!("{young}[[visits]]\ndate = 2026-04-22\nby = 'li'\nkind = 'call'\n");
    assert_eq!(answer(&[("b", unseen), ("c", &seen)], "li", "visit_coverage", "2026-04"), "0.5");
    assert_eq!(answer(&book, "nobody", "visit_coverage", "2026-04"), "no clients");
}

#[test]
fn heads_cover_the_clients_whose_tier_asks_for_them() {
    let client = |tier: &str, rest: &str| {
        format!("name = '甲'\ntier = '{tier}'\nstatus = 'active'\nmanager = 'li'\nsince = 2020-01-01\n{rest}")
    };
    let visit = |day: &str, kind: &str| {
        format!("visits = [{{ date = {day}, by = 'li', kind = '{kind}', with = ['zhao'] }}]\n")
    };
    // 90 days up to 31 October begin on 3 August. a was visited in them, b before, c by telephone alone.
    let a = client("strategic", &visit("2026-08-03", "on-site"));
    let b = client("strategic", &visit("2026-08-02", "on-site"));
    let c = client("strategic", &visit("2026-10-02", "call"));
    // d was entered in them and is not yet due; e is of a tier that asks for none.
    let d = client("strategic", "entered = 2026-08-10\n");
    let e = client("key", "");
    let files = [
        ("managers/zhao.toml", "name = '赵'"),
        ("managers/li.toml", "name = '李'\nreports_to = 'zhao'"),
        ("clients/a.toml", &a),
        ("clients/b.toml", &b),
        ("clients/c.toml", &c),
        ("clients/d.toml", &d),
        ("clients/e.toml", &e),
    ];
    assert_eq!(told(&files, "li", "head_visit_coverage", "2026-10"), "0.333333");
    assert_eq!(told(&files, "zhao", "head_visit_coverage", "2026-10"), "no clients");
    assert_eq!(
        told(&files, "li", "head_visit_coverage{tier = \"key\"}", "2026-10"),
        "no client whose tier asks for visits of a head was visited by one or due for it"
    );
}

#[test]
fn planned_visits_are_kept_by_the_periods_end() {
    // The 10th was made on the 12th, the 20th on 3 May, the 25th was called off; wang joined what was planned for the 12th.
    let text = "visits = [{ date = 2026-04-12, by = 'li', kind = 'call', with = ['wang'] }, { date = 2026-05-03, by = 'li', kind = 'call' }]\n\
        planned = [{ date = 2026-04-10, by = 'li' }, { date = 2026-04-12, by = 'wang' }, { date = 2026-04-20, by = 'li' }, \
        { date = 2026-04-25, by = 'li', cancelled = '客户改期' }]\n";
    let book = [("a", text)];
    assert_eq!(answer(&book, "li", "planned_visits_kept", "2026-04"), "0.5");
    assert_eq!(answer(&book, "li", "planned_visits_kept", "2026-Q2"), "1");
    assert_eq!(answer(&book, "wang", "planned_visits_kept", "2026-04"), "1");
    assert_eq!(answer(&book, "li", "planned_visits_kept", "2026-05"), "no visits planned");
}

#[test]
fn one_visit_keeps_one_plan() {
    let planned = "planned = [{ date = 2026-04-05, by = 'li' }, { date = 2026-04-12, by = 'li' }, { date = 2026-04-19, by = 'li' }]\n";
    let of = |days: &[&str]| {
        let visit = |day: &&str| format!("{{ date = 2026-04-{day}, by = 'li', kind = 'call' }}");
        let visits = days.iter().map(visit).collect::<Vec<_>>().join(", ");
        let text = format!("visits = [{visits}]\n{planned}");
        answer(&[("a", text.as_str())], "li", "planned_visits_kept", "2026-04")
    };
    assert_eq!(of(&["20"]), "0.333333");
    // The second day keeps its own plan, and the visit after it makes good the first.
    assert_eq!(of(&["12", "16"]), "0.666667");
    assert_eq!(of(&["20", "12", "25"]), "1");
    assert_eq!(of(&["04", "04", "04"]), "0.333333", "the 12th and 19th are more than a week away");
}

#[test]
fn answers_count_as_parts_of_their_scale() {
    let text =
        "[[feedback]]\ndate = 2026-04-01\nscore = 9\n[[feedback]]\ndate = 2026-04-02\nscore = 3\nscale = 5\n";
    assert_eq!(answer(&[("a", text)], "li", "satisfaction", "2026-04"), "0.75");
    assert_eq!(answer(&[("a", text)], "li", "net_promoter_score", "2026-04"), "0");
    assert_eq!(answer(&[("a", text)], "li", "satisfaction", "2026-05"), "no answers from clients");
}

#[test]
fn the_originated_book_never_moves() {
    let text = "[[facilities]]\nid = 'f'\nproduct = '流动资金贷款'\nlimit = 100\ndrawn = 100\nclass = 'substandard'\noriginated_by = 'wang'\n[[facilities]]\nid = 'g'\nproduct = '流动资金贷款'\nlimit = 300\ndrawn = 300\nclass = 'normal'\noriginated_by = 'li'\n";
    let book = [("a", text)];
    assert_eq!(answer(&book, "li", "npl_ratio", "2026-04"), "0.25");
    assert_eq!(answer(&book, "li", "npl_ratio_originated", "2026-04"), "0");
    assert_eq!(answer(&book, "wang", "npl_ratio_originated", "2026-04"), "1");
    assert_eq!(answer(&book, "wang", "npl_ratio", "2026-04"), "no facility with principal drawn");
}

#[test]
fn a_facility_counts_as_it_stood_at_the_end_of_the_period() {
    let text = "[[facilities]]\nid = 'f'\nproduct = '流贷'\nlimit = 100\ndrawn = 60\nclass = 'substandard'\ndrawn_on = 2026-02-10\noverdue_since = 2026-03-31\n\
                history = [{ until = 2026-04-15, drawn = 100, class = 'special-mention' }]\n\
                [[facilities]]\nid = 'g'\nproduct = '流贷'\nlimit = 300\ndrawn = 300\nclass = 'normal'\ndrawn_on = 2026-03-01\n";
    let book = [("a", text)];
    // February: f alone with 100; March: 100 of 400 special-mention, unpaid since its last day; April: 60 of 360 substandard.
    let all =
        |query| ["2026-01", "2026-02", "2026-03", "2026-04"].map(|month| answer(&book, "li", query, month));
    assert_eq!(all("drawn"), ["0", "100", "400", "360"]);
    assert_eq!(all("npl_ratio"), ["no facility with principal drawn", "0", "0", "0.166667"]);
    assert_eq!(all("special_mention_ratio"), ["no facility with principal drawn", "1", "0.25", "0"]);
    assert_eq!(all("overdue_ratio"), ["no facility with principal drawn", "0", "0.25", "0.166667"]);
    assert_eq!(all("overdue_days"), ["0", "0", "0", "30"]);
}

#[test]
fn a_referral_is_won_in_the_month_it_is_answered_for_who_gave_it() {
    let text = "[[referrals]]\ndate = 2026-03-20\nfrom = 'li'\nto = 'wang'\nanswered = 2026-04-02\nresult = 'won'\nincome = 3.2\n\
                [[referrals]]\ndate = 2026-04-03\nfrom = 'li'\nto = 'wang'\nanswered = 2026-04-05\nresult = 'lost'\n";
    let book = [("a", text)];
    assert_eq!(answer(&book, "li", "referrals_given", "2026-04"), "1");
    assert_eq!(answer(&book, "li", "referrals_won", "2026-04"), "1");
    assert_eq!(answer(&book, "li", "referral_income", "2026-04"), "3.2");
    assert_eq!(answer(&book, "wang", "referrals_won", "2026-04"), "0");
    assert_eq!(answer(&book, "li", "referrals_won", "2026-03"), "0");
}

#[test]
fn deals_are_hit_or_missed_when_they_close() {
    let deal = |id: &str, stage: &str, rest: &str| {
        format!("[[opportunities]]\nid = '{id}'\nstage = '{stage}'\n{rest}\n")
    };
    let text = [
        "needs = [{ date = 2026-03-01, what = 'a', proposed = 2026-04-02 }, { date = 2026-04-01, what = 'b', by = 'wang', proposed = 2026-04-03 }]\n".to_owned(),
        deal("a", "won", "closed = 2026-04-02"),
        deal("b", "lost", "closed = 2026-04-03"),
        deal("c", "lost", "closed = 2026-04-03\nby = 'wang'"),
        deal("d", "proposal", ""),
        deal("e", "won", "closed = 2026-05-03"),
    ]
    .concat();
    let book = [("a", text.as_str())];
    assert_eq!(answer(&book, "li", "hit_rate", "2026-04"), "0.5");
    assert_eq!(answer(&book, "wang", "hit_rate", "2026-04"), "0");
    assert_eq!(answer(&book, "li", "hit_rate", "2026-03"), "no opportunities decided");
    assert_eq!(
        ["li", "wang"].map(|manager| answer(&book, manager, "solutions_offered", "2026-04")),
        ["1", "1"]
    );
}

#[test]
fn a_warning_is_past_its_limit_while_it_is_open() {
    // Red ones are to be dealt with in 7 days.
    let text = "warnings = [{ opened = 2026-04-01, signal = '欠息', level = 'red', closed = 2026-05-10 }, \
                { opened = 2026-04-01, signal = '涉诉', level = 'red', due = 2026-05-31 }, { opened = 2026-04-28, signal = '其他', level = 'red' }]\n";
    let all = ["2026-03", "2026-04", "2026-05"]
        .map(|month| answer(&[("a", text)], "li", "warnings_overdue", month));
    assert_eq!(all, ["0", "1", "1"]);
}

#[test]
fn a_second_manager_counts_while_employed() {
    let client = |backup: &str| {
        format!("name = '甲'\ntier = 'key'\nstatus = 'active'\nmanager = 'li'\nbackup = '{backup}'\n")
    };
    let (wang, gone) = (client("wang"), client("gone"));
    let files = [
        ("managers/li.toml", "name = '李'"),
        ("managers/wang.toml", "name = '王'"),
        ("managers/gone.toml", "name = '孙'\nleft = 2026-04-10\nstatus = 'left'"),
        ("clients/a.toml", &*wang),
        ("clients/b.toml", &*gone),
    ];
    let of = |manager, month| told(&files, manager, "backup_coverage", month);
    assert_eq!([of("li", "2026-03"), of("li", "2026-04"), of("wang", "2026-04")], ["1", "0.5", "no clients"]);
    // From 20 July on there is one; nobody was before.
    let since = "name = '甲'\ntier = 'key'\nstatus = 'active'\nmanager = 'li'\nbackup = 'wang'\nbackup_since = 2026-07-20\n";
    let begun = [files[0], files[1], ("clients/a.toml", since)];
    let of_begun = |month| told(&begun, "li", "backup_coverage", month);
    assert_eq!(["2026-06", "2026-07"].map(of_begun), ["0", "1"]);
    // One who was it until the 20th stands for the months before.
    let until = "name = '甲'\ntier = 'key'\nstatus = 'active'\nmanager = 'li'\nhistory = [{ until = 2026-04-20, backup = 'wang' }]\n";
    let files = [files[0], files[1], ("clients/a.toml", until)];
    let of = |month| told(&files, "li", "backup_coverage", month);
    assert_eq!([of("2026-03"), of("2026-04")], ["1", "0"]);
}

/// The answer for a manager over a book of files; the reason where there is none.
pub(super) fn told(files: &[(&str, &str)], manager: &str, query: &str, period: &str) -> String {
    told_on(None, files, manager, query, period)
}

/// The same on a day.
pub(super) fn told_on(
    today: Option<&str>,
    files: &[(&str, &str)],
    manager: &str,
    query: &str,
    period: &str,
) -> String {
    let files = files.iter().map(|(path, text)| ((*path).to_owned(), Ok((*text).to_owned())));
    let settings = ("rmbook.toml".to_owned(), Ok("name = '测试支行'\n".to_owned()));
    let (book, findings) = load(&Snapshot::new(files.chain([settings])));
    assert!(findings.is_empty(), "{findings:?}");
    let portfolios = Portfolios::new(&book);
    let portfolio = portfolios.of([manager]);
    let scope = portfolio.scope(true).on(today.map(|day| day.parse().unwrap()));
    match ask(&scope, &query.parse().unwrap(), period.parse::<Period>().unwrap()) {
        Ok(known) => known.amount.round_dp(6).normalize().to_string(),
        Err(reason) => reason.to_string(),
    }
}

#[test]
fn a_month_between_others_that_nobody_states_is_missing_and_no_zero() {
    let whole = "[results]\n2026-01 = { deposits = 310, fees = 1 }\n2026-02 = { deposits = 280, fees = 1 }\n\
                 2026-03 = { deposits = 310, fees = 1 }\n";
    let gap = "[results]\n2026-01 = { deposits = 31 }\n2026-03 = { deposits = 31 }\n";
    let hole =
        "[results]\n2026-01 = { deposits = 31 }\n2026-02 = { loans = 5 }\n2026-03 = { deposits = 31 }\n";
    for text in [gap, hole] {
        let book = [("a", whole), ("b", text)];
        let missing = "no deposits for 2026-02 of clients that had it before: b";
        assert_eq!(answer(&book, "li", "deposits.average", "2026-Q1"), missing);
        assert_eq!(answer(&book, "li", "deposits.average", "2026-02"), missing);
        assert_eq!(answer(&book, "li", "deposits.average", "2026-03"), "341");
    }
    // Who came in February, or left after it, had nothing in the other months.
    let come = "[results]\n2026-02 = { deposits = 28 }\n2026-03 = { deposits = 31 }\n";
    // (310 × 31 + 308 × 28 + 341 × 31) / 90 = 28805 / 90.
    assert_eq!(answer(&[("a", whole), ("b", come)], "li", "deposits.average", "2026-Q1"), "320.055556");
}

#[test]
fn a_flow_is_compared_by_the_share_that_the_present_one_goes_by() {
    let text = "[results]\n2026-02 = { fee_income = 6 }\n2026-03 = { fee_income = 8 }\n2026-04 = { fee_income = 10 }\n\
        [[handovers]]\ndate = 2026-04-16\nfrom = 'wang'\nto = 'li'\n";
    let book = [("a", text)];
    // April's 10 are li's by its last day, and so are March's 8: nothing of either is wang's.
    assert_eq!(answer(&book, "li", "fee_income.sum", "2026-04"), "10");
    assert_eq!(answer(&book, "li", "fee_income.sum@previous", "2026-04"), "8");
    assert_eq!(answer(&book, "wang", "fee_income.sum@previous", "2026-04"), "0");
    // March and April against February and March, which end with the month before: February goes by the share of March, March
    // by that of April.
    assert_eq!(answer(&book, "li", "fee_income.sum.last_2_months", "2026-04"), "10");
    let known = "[results]\n2026-01 = { fee_income = 4 }\n2026-02 = { fee_income = 6 }\n2026-03 = { fee_income = 8 }\n2026-04 = { fee_income = 10 }\n\
        [[handovers]]\ndate = 2026-04-16\nfrom = 'wang'\nto = 'li'\n";
    assert_eq!(answer(&[("a", known)], "li", "fee_income.sum.last_2_months@previous", "2026-04"), "8");
    assert_eq!(answer(&[("a", known)], "wang", "fee_income.sum.last_2_months@previous", "2026-04"), "6");
    // The year to date of the month before ends with March. Its months go by their own shares, so that what April added is
    // April's: 4 + 6 + 8 of wang's, nothing of li's.
    assert_eq!(answer(&[("a", known)], "wang", "fee_income.sum.year_to_date", "2026-04"), "18");
    assert_eq!(answer(&[("a", known)], "wang", "fee_income.sum.year_to_date@previous", "2026-04"), "18");
    assert_eq!(answer(&[("a", known)], "li", "fee_income.sum.year_to_date@previous", "2026-04"), "0");
    assert_eq!(answer(&[("a", known)], "li", "fee_income.sum.year_to_date", "2026-04"), "10");
    // Of a quarter it ends with the quarter before.
    assert_eq!(answer(&[("a", known)], "wang", "fee_income.sum.year_to_date@previous", "2026-Q2"), "18");
}

#[test]
fn a_client_of_before_without_a_base_makes_it_missing() {
    let june = "[results]\n2026-06 = { deposits = 1000 }\n";
    let based = format!("since = 2020-01-01\nbase = {{ 2026 = {{ deposits = 900 }} }}\n{june}");
    let before = format!("since = 2020-01-01\n{june}");
    let came = format!("since = 2026-03-01\n{june}");
    let of = |clients: &[(&str, &str)]| answer(clients, "li", "deposits.average@base", "2026-06");
    assert_eq!(of(&[("a", &based), ("b", &came)]), "900");
    assert_eq!(
        of(&[("a", &based), ("b", &before), ("c", &came)]),
        "no base of deposits for 2026 of clients that were there before: b"
    );
    // December of the year before tells it too.
    let recorded =
        "since = 2020-01-01\n[results]\n2025-12 = { deposits = 700 }\n2026-06 = { deposits = 1000 }\n";
    assert_eq!(of(&[("a", &based), ("b", recorded)]), "1600");
}

#[test]
fn a_client_counts_in_the_tier_it_had_then() {
    let text = "since = 2020-01-01\n[[history]]\nuntil = 2026-06-30\ntier = 'base'\n[results]\n2026-06 = { deposits = 60 }\n2026-07 = { deposits = 70 }\n";
    let of = |query: &str, period: &str| answer(&[("a", text)], "li", query, period);
    assert_eq!(of("deposits.average{tier = \"base\"}", "2026-06"), "60");
    assert_eq!(of("deposits.average{tier = \"key\"}", "2026-07"), "70");
    assert_eq!(of("clients{tier = \"key\"}", "2026-06"), "0");
    assert_eq!(of("clients{tier = \"base\"}", "2026-Q2"), "1");
}

#[test]
fn what_was_missed_stands_beside_what_counts_and_adds_nothing() {
    let checks = "[[checks]]\nkind = 'routine'\ndue = 2026-03-10\ndone = 2026-03-09\n[[checks]]\nkind = 'routine'\ndue = 2026-03-20\ndone = 2026-03-21\n\
                  [[checks]]\nkind = 'routine'\ndue = 2026-03-30\n[[checks]]\nkind = 'routine'\ndue = 2026-04-02\n";
    let book = book_of(&[("a", checks)]);
    let portfolios = Portfolios::new(&book);
    let portfolio = portfolios.of(["li"]);
    let ask = |evidence| {
        ask(
            &portfolio.scope(evidence),
            &"checks_in_time".parse().unwrap(),
            "2026-03".parse::<Period>().unwrap(),
        )
    };
    let known = ask(true).unwrap();
    // One of three due in March was done by its day.
    assert_eq!(known.amount, Decimal::ONE / Decimal::from(3));
    let seen: Vec<_> = known.evidence.iter().map(|it| (it.amount, it.bearing)).collect();
    assert_eq!(
        seen,
        [(Decimal::ONE, Bearing::Counts), (Decimal::ZERO, Bearing::Missed), (Decimal::ZERO, Bearing::Missed)]
    );
    assert!(ask(false).unwrap().evidence.is_empty());
}
