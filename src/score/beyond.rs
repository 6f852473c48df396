//! Results that a result looks at and that its own turn of scoring does not make: the totals of those below somebody and of the one
//! above, by whichever policy of the scheme each is scored, and a manager's totals and pay under other schemes.
//!
//! The totals of others are found by scoring: everybody once as if none were known, and again with what came out, until what is
//! looked at stays as it is. As many turns make it so as there are managers of whom each looks at the next.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use rust_decimal::Decimal;

use super::card::Scorecard;
use super::facts::Past;
use crate::msg;
use crate::period::{Months, Period};
use crate::policy::expr::{Scored, Trouble};
use crate::text::{Message, score as say};

/// What somebody came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Total {
    /// A total.
    Is(Decimal),
    /// Nothing, and rightly: not assessed.
    Nothing,
    /// Nothing that could be told.
    Open,
}

impl Total {
    /// What a scorecard came to. Where everything that is to be assessed is an error, nobody knows what comes out.
    pub(super) fn of(card: &Scorecard) -> Self {
        let failed = || !card.errors.is_empty() && card.not_assessed == Some(say::NOTHING_TO_JUDGE.into());
        match card.total {
            Some(total) => Self::Is(total),
            None if card.not_assessed.is_none() || failed() => Self::Open,
            None => Self::Nothing,
        }
    }
}

/// What somebody came to in a period under a scheme, amounts in the money of whoever looks.
#[derive(Clone, Debug)]
pub(super) struct Outturn {
    /// The total.
    pub(super) total: Total,
    /// The pay, before deferral.
    pub(super) pay: Total,
    /// The amounts of its lines.
    pub(super) lines: BTreeMap<Box<str>, Total>,
}

impl Outturn {
    /// What a scorecard came to; `factor` brings its amounts into the money of whoever looks.
    pub(super) fn of(card: &Scorecard, factor: Decimal) -> Self {
        let pay = match &card.pay {
            Some(pay) => amount(pay.total, factor),
            None if card.unpaid.is_empty() && card.errors.is_empty() => Total::Nothing,
            None => Total::Open,
        };
        let lines = card.pay.iter().flat_map(|pay| &pay.lines);
        let lines = lines.map(|line| (Box::from(&*line.id), amount(line.amount, factor)));
        Self { total: Total::of(card), pay, lines: lines.collect() }
    }

    /// What a period was closed with.
    pub(super) fn closed(past: &Past, factor: Decimal) -> Self {
        let lines = past.pay.iter().map(|(id, paid)| (id.clone(), amount(*paid, factor)));
        Self {
            total: past.total.map_or(Total::Nothing, Total::Is),
            pay: past.pay_total.map_or(Total::Nothing, |total| amount(total, factor)),
            lines: lines.collect(),
        }
    }

    fn figure(&self, what: &Scored) -> Total {
        match what {
            Scored::Total | Scored::Item(..) => self.total,
            Scored::Pay => self.pay,
            Scored::Line(id) => match (self.lines.get(&**id), self.pay) {
                (Some(paid), _) => *paid,
                // A line that was not paid then is none of the lines of a pay that is known.
                (None, Total::Is(_)) => Total::Is(Decimal::ZERO),
                (None, unknown) => unknown,
            },
        }
    }
}

/// An amount in the money of whoever looks at it.
fn amount(paid: Decimal, factor: Decimal) -> Total {
    paid.checked_mul(factor).map_or(Total::Open, Total::Is)
}

/// What one manager came to in several periods.
pub(super) type Results = BTreeMap<Period, Outturn>;

/// Who looked at whose total.
type Looks = BTreeSet<(Box<str>, Box<str>)>;

/// What is known beyond the policy at hand.
#[derive(Clone, Debug, Default)]
pub(super) struct Beyond {
    /// Totals that somebody else may look at, by manager.
    pub(super) totals: BTreeMap<Box<str>, Total>,
    /// Totals of those whose period is closed, which whoever is not closed sees.
    pub(super) frozen: BTreeMap<Box<str>, Total>,
    /// Whose total, directly or through others, looks at itself: each with all of the circle.
    circles: BTreeMap<Box<str>, String>,
    /// Who looked at whose total so far.
    looks: Arc<Mutex<Looks>>,
    /// Results under other schemes, by scheme and manager.
    pub(super) schemes: BTreeMap<Box<str>, BTreeMap<Box<str>, Results>>,
}

impl Beyond {
    /// The total of somebody else for a manager; nothing of who is not assessed, or not scored.
    pub(super) fn total_of(&self, manager: &str, other: &str) -> Result<Option<Decimal>, Trouble> {
        let frozen = self.frozen.get(other).filter(|_| !self.frozen.contains_key(manager));
        if let Some(total) = frozen {
            return Ok(match total {
                Total::Is(total) => Some(*total),
                Total::Nothing | Total::Open => None,
            });
        }
        let mut looks = self.looks.lock().unwrap_or_else(PoisonError::into_inner);
        looks.insert((manager.into(), other.into()));
        drop(looks);
        if let Some(circle) = self.circles.get(manager) {
            return Err(Trouble::Circle(msg!(say::TOTALS_IN_CIRCLE, managers = circle)));
        }
        match self.totals.get(other) {
            Some(Total::Is(total)) => Ok(Some(*total)),
            Some(Total::Nothing) | None => Ok(None),
            Some(Total::Open) => Err(Trouble::Open(msg!(say::MEMBER_OPEN, member = other))),
        }
    }

    /// What a manager came to under a scheme in the periods that lie in some months.
    pub(super) fn results(
        &self,
        (scheme, what): (&str, &Scored),
        manager: &str,
        months: Months,
    ) -> Result<Vec<(Period, Decimal)>, Message> {
        let nothing = Results::new();
        let known = self.schemes.get(scheme).and_then(|managers| managers.get(manager));
        figures((scheme, what), known.unwrap_or(&nothing), months)
    }
}

/// The figures of the periods, of those that lie in some months, each of which has to be known where there was to be one.
pub(super) fn figures(
    (scheme, what): (&str, &Scored),
    results: &Results,
    months: Months,
) -> Result<Vec<(Period, Decimal)>, Message> {
    let within = |period: Period| months.contains(period.first()) && months.contains(period.last());
    let of_pay = matches!(what, Scored::Pay | Scored::Line(_));
    let (mut found, mut none) = (Vec::new(), true);
    for (period, outturn) in results.iter().filter(|(period, _)| within(**period)) {
        none &= !of_pay;
        match outturn.figure(what) {
            Total::Is(figure) => found.push((*period, figure)),
            Total::Nothing => {}
            Total::Open => {
                let open = if of_pay { say::PAY_OPEN } else { say::RESULT_OPEN };
                return Err(msg!(open, scheme = scheme, period = period.to_string()));
            }
        }
    }
    if found.is_empty() && none { Err(msg!(say::NO_RESULTS, scheme = scheme)) } else { Ok(found) }
}

/// What is known once the totals that are looked at stay as they are, where they come to; `made` gives the totals that come out
/// with what is known before.
pub(super) fn settled(
    mut beyond: Beyond,
    mut made: impl FnMut(&Beyond) -> Result<BTreeMap<Box<str>, Total>, Message>,
) -> Result<Option<Beyond>, Message> {
    for turn in 0.. {
        let made = made(&beyond)?;
        let looks = beyond.looks.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let circles = circles(&looks);
        let stays = |id: &str| made.get(id).is_none_or(|made| beyond.totals.get(id) == Some(made));
        let settled = circles == beyond.circles && looks.iter().all(|(_, other)| stays(other));
        beyond.circles = circles;
        beyond.totals.extend(made);
        if settled {
            return Ok(Some(beyond));
        }
        // One turn for each who is looked at and looks at others in turn, and those at both ends.
        let looking: BTreeSet<&str> = looks.iter().map(|(manager, _)| &**manager).collect();
        let between = looks.iter().filter(|(_, other)| looking.contains(&**other));
        if turn > between.count() + 3 {
            break;
        }
    }
    Ok(None)
}

/// Whose total looks at itself, directly or through others.
fn circles(looks: &Looks) -> BTreeMap<Box<str>, String> {
    let mut at: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (manager, other) in looks {
        at.entry(manager).or_default().push(other);
    }
    let reached: BTreeMap<&str, BTreeSet<&str>> = at.keys().map(|id| (*id, reached(&at, id))).collect();
    let each_other = |one: &str, other: &str| {
        let looks = |one: &str, other: &str| reached.get(one).is_some_and(|reached| reached.contains(other));
        looks(one, other) && looks(other, one)
    };
    let mut circles = BTreeMap::new();
    for id in at.keys().filter(|id| reached[*id].contains(*id)) {
        let circle: Vec<&str> = at.keys().copied().filter(|other| each_other(id, other)).collect();
        circles.insert(Box::from(*id), circle.join(", "));
    }
    circles
}

/// Everybody at whose total somebody looks, directly or through others.
fn reached<'l>(at: &BTreeMap<&'l str, Vec<&'l str>>, id: &'l str) -> BTreeSet<&'l str> {
    let (mut found, mut next) = (BTreeSet::new(), vec![id]);
    while let Some(manager) = next.pop() {
        let others = at.get(manager).into_iter().flatten().copied();
        next.extend(others.filter(|other| found.insert(*other)));
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::book::load;
    use crate::metric::Portfolios;
    use crate::score::apply::{Policies, Request, run};
    use crate::score::{Asked, Scorecard};
    use crate::source::Snapshot;
    use crate::text::Lang;

    const HEAD: &str = "title = 'P'\neffective = 2025-01-01\nmoney = '万元'\nmissing = 'error'\n";

    fn policy(head: &str, value: &str) -> String {
        format!(
            "{HEAD}{head}\n[[indicators]]\nid = 'x'\nvalue = '{value}'\nweight = 100\ncurve = {{ kind = 'formula', score = 'x' }}\n"
        )
    }

    /// A manager who sold this much, a number a month from January 2026.
    fn manager(id: &str, team: &str, role: &str, sold: &[u32]) -> (String, String) {
        let months =
            sold.iter().zip(1..).map(|(sold, month)| format!("2026-{month:02} = {{ sold = {sold} }}\n"));
        let months: String = months.collect();
        let text = format!("name = '{id}'\nteam = '{team}'\nrole = '{role}'\n[actuals]\n{months}");
        (format!("managers/{id}.toml"), text)
    }

    fn team(id: &str, lead: &str) -> (String, String) {
        (format!("teams/{id}.toml"), format!("name = '{id}'\nlead = '{lead}'\n"))
    }

    fn named(path: &str, text: String) -> (String, String) {
        (path.to_owned(), text)
    }

    /// The scorecards of everybody in a period under a scheme, today being the last day of June 2026, and what is found in policies.
    fn scored(files: &[(String, String)], scheme: &str, period: &str) -> (Vec<Scorecard>, Vec<String>) {
        let settings = "name = 'B'\n[measures.sold]\ntitle = 'x'\nunit = '件'\nkind = 'flow'\n";
        let client = "name = '甲'\ntier = 'key'\nstatus = 'active'\nmanager = 'a'\n[results]\n";
        let months: String = (1..=6).map(|month| format!("2026-{month:02} = {{ deposits = 1 }}\n")).collect();
        let fixed =
            [named("rmbook.toml", settings.to_owned()), named("clients/k.toml", format!("{client}{months}"))];
        let texts = fixed.iter().chain(files).map(|(path, text)| (path.clone(), Ok(text.clone())));
        let (book, faults) = load(&Snapshot::new(texts));
        assert!(faults.is_empty(), "{faults:?}");
        let policies = Policies::of(&book);
        let found = policies.findings.iter().map(|it| it.message.get(Lang::En)).collect();
        let request = Request {
            period: Some(period.parse().unwrap()),
            scheme: Some(scheme),
            today: Some("2026-07-01".parse().unwrap()),
            ..Request::default()
        };
        let scored = run(&Portfolios::new(&book), &policies, request, &Asked::default()).unwrap();
        (scored.into_iter().flat_map(|scored| scored.cards).collect(), found)
    }

    fn total(cards: &[Scorecard], id: &str) -> String {
        let card = cards.iter().find(|card| &*card.profile.id == id).unwrap();
        let error = card.errors.first().map(|it| format!("{}: {}", it.word, it.reason.get(Lang::En)));
        error.unwrap_or_else(|| card.total.map_or_else(|| "-".into(), |total| total.to_string()))
    }

    /// A book in which Gu leads Zhao, who leads A (40) and B (20); `leads` scores who leads, and is read before the members' policy.
    fn ranks(leads: &str, own: &str) -> Vec<(String, String)> {
        vec![
            named(
                "policies/a.toml",
                policy(&format!("scheme = 's'\nperiod = 'month'\n{leads}"), "members.mean(\"total\")"),
            ),
            named(
                "policies/p.toml",
                policy(&format!("scheme = 's'\nperiod = 'month'\n{own}"), "actuals.sold / (1 件)"),
            ),
            team("t", "zhao"),
            team("head", "gu"),
            manager("a", "t", "rm", &[40]),
            manager("b", "t", "rm", &[20]),
            manager("zhao", "head", "lead", &[]),
            manager("gu", "", "lead", &[]),
        ]
        .into_iter()
        .map(|(path, text)| (path, text.replace("team = ''\n", "")))
        .collect()
    }

    const LEADS: &str = "applies = 'manager.role == \"lead\"'";
    const OTHERS: &str = "applies = 'manager.role == \"rm\"'";

    #[test]
    fn who_leads_is_scored_after_the_members_by_whatever_policy_of_the_scheme() {
        let (cards, found) = scored(&ranks(LEADS, OTHERS), "s", "2026-01");
        assert!(found.is_empty(), "{found:?}");
        // (40 + 20) / 2, and of who leads one who has 30, 30.
        let totals = ["a", "b", "zhao", "gu"].map(|id| total(&cards, id));
        assert_eq!(totals, ["40", "20", "30", "30"]);
    }

    #[test]
    fn one_policy_scores_members_and_leaders() {
        let mut files = ranks(LEADS, OTHERS);
        files.remove(0);
        files[0].1 = policy(
            "scheme = 's'\nperiod = 'month'",
            "if(manager.role == \"lead\", members.max(\"total\") + members.sum(\"total\"), actuals.sold / (1 件))",
        );
        let (cards, _) = scored(&files, "s", "2026-01");
        // 40 + 60 = 100, and 100 + 100 of the one.
        assert_eq!(["zhao", "gu"].map(|id| total(&cards, id)), ["100", "200"]);
    }

    #[test]
    fn a_member_without_a_total_leaves_none_for_the_leader_and_who_is_not_scored_is_left_out() {
        let mut files = ranks(LEADS, OTHERS);
        files[5] = manager("b", "t", "rm", &[]);
        let (cards, _) = scored(&files, "s", "2026-01");
        assert_eq!(total(&cards, "zhao"), "missing: `members.mean(\"total\")`: no total of b");
        files[5] = manager("b", "t", "trainee", &[20]);
        let (cards, _) = scored(&files, "s", "2026-01");
        assert_eq!(total(&cards, "zhao"), "40");
    }

    #[test]
    fn two_who_lead_each_other_have_an_error_and_no_total() {
        let mut files = ranks(LEADS, OTHERS);
        files[7] = manager("gu", "t", "lead", &[]);
        let (cards, _) = scored(&files, "s", "2026-01");
        let circle =
            "circle: no total comes first, each looking at another's, directly or through others: gu, zhao";
        assert_eq!(["zhao", "gu", "a"].map(|id| total(&cards, id)), [circle, circle, "40"]);
    }

    /// The same ranks, where they report to each other instead: A and B to Zhao, Zhao to Gu, Gu to nobody.
    fn reporting(value: &str) -> Vec<(String, String)> {
        let mut files = ranks(LEADS, OTHERS);
        files[0].1 = policy("scheme = 's'\nperiod = 'month'", value);
        files.remove(1);
        for (id, head) in [("a", "zhao"), ("b", "zhao"), ("zhao", "gu")] {
            let path = format!("managers/{id}.toml");
            let (_, text) = files.iter_mut().find(|(known, _)| *known == path).unwrap();
            *text = format!("reports_to = '{head}'\n{text}");
        }
        files
    }

    #[test]
    fn a_head_of_heads_is_scored_by_those_who_report_whatever_team_they_are_in() {
        let value = "if(manager.role == \"lead\", reports.mean(\"total\") + 1, actuals.sold / (1 件))";
        let mut files = reporting(value);
        let (cards, found) = scored(&files, "s", "2026-01");
        assert!(found.is_empty(), "{found:?}");
        // (40 + 20) / 2 + 1 = 31, and 31 + 1.
        assert_eq!(["zhao", "gu"].map(|id| total(&cards, id)), ["31", "32"]);
        // B, who came under Zhao in February only, reported to Gu until then: 40 + 1, and (20 + 41) / 2 + 1.
        let b = files.iter_mut().find(|(path, _)| path == "managers/b.toml").unwrap();
        b.1 = format!("history = [{{ until = 2026-01-31, reports_to = 'gu' }}]\n{}", b.1);
        let (cards, _) = scored(&files, "s", "2026-01");
        assert_eq!(["zhao", "gu"].map(|id| total(&cards, id)), ["41", "31.5"]);
    }

    #[test]
    fn a_part_of_the_heads_total_is_ones_own() {
        let value = "if(manager.id == \"gu\", 80, actuals.sold / (1 件) + 0.5 * head.total)";
        let mut files = reporting(value);
        let zhao = files.iter_mut().find(|(path, _)| path == "managers/zhao.toml").unwrap();
        zhao.1 += "2026-01 = { sold = 10 }\n";
        let (cards, found) = scored(&files, "s", "2026-01");
        assert!(found.is_empty(), "{found:?}");
        // 10 + 80 / 2 = 50; 40 + 50 / 2 = 65; 20 + 25 = 45.
        assert_eq!(["gu", "zhao", "a", "b"].map(|id| total(&cards, id)), ["80", "50", "65", "45"]);
    }

    #[test]
    fn who_reports_to_nobody_or_to_who_is_not_scored_is_told_so() {
        let (cards, _) = scored(&reporting("head.total"), "s", "2026-01");
        assert_eq!(total(&cards, "gu"), "missing: `head.total`: reports to nobody");
        // Whoever stands open holds up all below.
        assert_eq!(total(&cards, "zhao"), "missing: `head.total`: no total of gu");
        let mut files = reporting("head.total");
        files[0].1 = policy("scheme = 's'\nperiod = 'month'\napplies = 'manager.id != \"gu\"'", "head.total");
        let (cards, _) = scored(&files, "s", "2026-01");
        let told = "gu, whom the manager reports to, is not assessed or not scored under the scheme";
        assert_eq!(total(&cards, "zhao"), format!("missing: `head.total`: {told}"));
        let mut files = reporting("head.points.y");
        files[0].1 += "[[indicators]]\nid = 'y'\npoints = '7'\n";
        let (cards, found) = scored(&files, "s", "2026-01");
        assert!(found.is_empty(), "{found:?}");
        assert_eq!(
            ["zhao", "gu"].map(|id| total(&cards, id)),
            ["7", "missing: `head.points.y`: reports to nobody"]
        );
    }

    #[test]
    fn a_head_and_who_reports_may_not_wait_for_each_other() {
        // Gu has the mean of Zhao, who has a part of Gu's; A and B look at neither.
        let value = "if(manager.id == \"gu\", reports.mean(\"total\"), if(manager.id == \"zhao\", default(head.total, 3), 9))";
        let (cards, _) = scored(&reporting(value), "s", "2026-01");
        let circle =
            "circle: no total comes first, each looking at another's, directly or through others: gu, zhao";
        assert_eq!(["gu", "zhao", "a"].map(|id| total(&cards, id)), [circle, circle, "9"]);
        // Where only those below Zhao look up, nobody waits for himself.
        let value = value.replace("default(head.total, 3), 9)", "5, head.total)");
        let (cards, _) = scored(&reporting(&value), "s", "2026-01");
        assert_eq!(["gu", "zhao", "a"].map(|id| total(&cards, id)), ["5", "5", "5"]);
    }

    #[test]
    fn no_rule_for_missing_figures_makes_up_for_a_member_who_stands_open() {
        let mut files = ranks(LEADS, OTHERS);
        files[0].1 = files[0].1.replace("missing = 'error'", "missing = 'zero'");
        files[5] = manager("b", "t", "rm", &[]);
        let (cards, _) = scored(&files, "s", "2026-01");
        assert_eq!(total(&cards, "zhao"), "missing: `members.mean(\"total\")`: no total of b");
        // Nobody is missing where nobody is scored: that is what the rule is for.
        files[1].1 = files[1].1.replace("manager.role == \"rm\"", "manager.role == \"none\"");
        let (cards, _) = scored(&files, "s", "2026-01");
        assert_eq!(total(&cards, "zhao"), "0");
    }

    fn closed(period: &str, scheme: &str, total: u32) -> (String, String) {
        let text = format!(
            "manager = 'a'\nperiod = '{period}'\n[closed.{scheme}]\npolicy = 'q'\ndigest = 'x'\nclosed_on = 2026-04-10\ntotal = {total}\n\
             rating = 'good'\n[closed.{scheme}.indicators]\nx = {{ value = {total}, score = {total}, points = {total} }}\n"
        );
        named(&format!("reviews/{period}/a.toml"), text)
    }

    /// A year of quarters of A, who sold ten a month.
    fn year(value: &str, own: &str) -> Vec<(String, String)> {
        vec![
            named("policies/q.toml", policy("scheme = 'q'\nperiod = 'quarter'", own)),
            named("policies/y.toml", policy("scheme = 'y'\nperiod = 'year'", value)),
            manager("a", "t", "rm", &[10, 10, 10, 10, 10, 10]),
            team("t", "a"),
        ]
    }

    #[test]
    fn another_schemes_periods_are_taken_as_closed_else_as_scored_now() {
        let mut files = year("scheme.mean(\"q\")", "actuals.sold / (1 件)");
        let (cards, found) = scored(&files, "y", "2026");
        assert!(found.is_empty(), "{found:?}");
        assert_eq!(total(&cards, "a"), "30");
        // The first quarter was closed with 50: (50 + 30) / 2.
        files.push(closed("2026-Q1", "q", 50));
        let (cards, _) = scored(&files, "y", "2026");
        assert_eq!(total(&cards, "a"), "40");
        let figures: Vec<&str> = cards[0].items[0].figures.iter().map(|figure| &*figure.name).collect();
        assert_eq!(figures[..3], ["q 2026-Q1", "q 2026-Q2", "scheme.mean(\"q\")"]);
    }

    #[test]
    fn a_period_of_the_other_scheme_without_a_total_is_said() {
        let mut files = year("scheme.mean(\"q\")", "actuals.sold / (1 件)");
        files[2] = manager("a", "t", "rm", &[10, 10, 10, 10]);
        let (cards, _) = scored(&files, "y", "2026");
        assert_eq!(total(&cards, "a"), "missing: `scheme.mean(\"q\")`: no total under q in 2026-Q2");
    }

    #[test]
    fn a_scheme_that_is_not_there_or_waits_in_turn_is_refused() {
        let found = |value: &str, own: &str| scored(&year(value, own), "none", "2026").1;
        assert_eq!(found("scheme.mean(\"z\")", "actuals.sold / (1 件)"), ["no policy has the scheme `z`"]);
        assert_eq!(found("scheme.mean(\"y\")", "actuals.sold / (1 件)"), ["`y` needs itself"]);
        assert_eq!(
            found("actuals.sold / (1 件)", "scheme.mean(\"y\")"),
            ["the periods of the scheme `y` are longer than the policy's own"]
        );
    }

    #[test]
    fn the_same_period_of_the_year_before_is_asked_for() {
        let mut files = year("scheme.mean(\"q\")", "previous.total@year_ago - previous.total");
        files.extend([closed("2025-Q2", "q", 90), closed("2026-Q1", "q", 50)]);
        let (cards, _) = scored(&files, "q", "2026-Q2");
        assert_eq!(total(&cards, "a"), "40");
        let value = "if(previous.rating@year_ago == \"good\", previous.value.x@year_ago, 0)";
        files[0].1 = policy("scheme = 'q'\nperiod = 'quarter'", value);
        let (cards, _) = scored(&files, "q", "2026-Q2");
        assert_eq!(total(&cards, "a"), "90");
    }
}
