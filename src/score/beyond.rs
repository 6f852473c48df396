//! Results that a result looks at and that its own turn of scoring does not make: the totals of those whom somebody leads, by
//! whichever policy of the scheme each is scored, and a manager's totals under other schemes.
//!
//! The totals of members are found by scoring: everybody once as if none were known, and again with what came out, until what is
//! looked at stays as it is. As many turns make it so as there are leaders above each other.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::card::Scorecard;
use crate::msg;
use crate::period::{Months, Period};
use crate::policy::expr::Trouble;
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

/// What one manager came to in several periods.
pub(super) type Results = BTreeMap<Period, Total>;

/// Somebody whose result looks at the totals of the members, and these.
pub(super) type Lead = (Box<str>, Vec<Box<str>>);

/// What is known beyond the policy at hand.
#[derive(Clone, Debug, Default)]
pub(super) struct Beyond {
    /// Totals of those whom somebody leads, by manager.
    pub(super) totals: BTreeMap<Box<str>, Total>,
    /// Who leads, directly or through others, who leads them: each with all of the circle.
    circles: BTreeMap<Box<str>, String>,
    /// Totals under other schemes, by scheme and manager.
    pub(super) schemes: BTreeMap<Box<str>, BTreeMap<Box<str>, Results>>,
}

impl Beyond {
    /// The total of a member for who leads; nothing of who is not assessed, or not scored.
    pub(super) fn total_of(&self, lead: &str, member: &str) -> Result<Option<Decimal>, Trouble> {
        if let Some(circle) = self.circles.get(lead) {
            return Err(Trouble::Circle(msg!(say::LED_IN_CIRCLE, managers = circle)));
        }
        match self.totals.get(member) {
            Some(Total::Is(total)) => Ok(Some(*total)),
            Some(Total::Nothing) | None => Ok(None),
            Some(Total::Open) => Err(Trouble::Missing(msg!(say::MEMBER_OPEN, member = member))),
        }
    }

    /// The totals of a manager under a scheme in the periods that lie in some months.
    pub(super) fn results(
        &self,
        scheme: &str,
        manager: &str,
        months: Months,
    ) -> Result<Vec<(Period, Decimal)>, Message> {
        let known = self.schemes.get(scheme).and_then(|managers| managers.get(manager));
        totals(scheme, known.into_iter().flatten().map(|(period, total)| (*period, *total)), Some(months))
    }
}

/// The totals of the periods, of those that lie in some months, each of which has to be known where it was assessed.
pub(super) fn totals(
    scheme: &str,
    results: impl Iterator<Item = (Period, Total)>,
    months: Option<Months>,
) -> Result<Vec<(Period, Decimal)>, Message> {
    let within = |period: Period| {
        months.is_none_or(|months| months.contains(period.first()) && months.contains(period.last()))
    };
    let mut found = Vec::new();
    for (period, total) in results {
        match total {
            _ if !within(period) => {}
            Total::Is(total) => found.push((period, total)),
            Total::Nothing => {}
            Total::Open => {
                return Err(msg!(say::RESULT_OPEN, scheme = scheme, period = period.to_string()));
            }
        }
    }
    if found.is_empty() { Err(msg!(say::NO_RESULTS, scheme = scheme)) } else { Ok(found) }
}

/// What is known once the totals of members stay as they are, where they come to; `made` gives the totals that come out with what
/// is known before.
pub(super) fn settled(
    leads: &[Lead],
    mut beyond: Beyond,
    mut made: impl FnMut(&Beyond) -> Result<BTreeMap<Box<str>, Total>, Message>,
) -> Result<Option<Beyond>, Message> {
    let looked_at: BTreeSet<&str> =
        leads.iter().flat_map(|(_, members)| members.iter().map(|id| &**id)).collect();
    beyond.circles = circles(leads);
    for _ in 0..=leads.len() + 1 {
        let made = made(&beyond)?;
        let stays = |id: &&str| made.get(*id).is_none_or(|made| beyond.totals.get(*id) == Some(made));
        let settled = looked_at.iter().all(stays);
        beyond.totals.extend(made);
        if settled {
            return Ok(Some(beyond));
        }
    }
    Ok(None)
}

/// Who leads, directly or through others, who leads them.
fn circles(leads: &[Lead]) -> BTreeMap<Box<str>, String> {
    let led: BTreeMap<&str, &[Box<str>]> = leads.iter().map(|(id, members)| (&**id, &**members)).collect();
    let below: BTreeMap<&str, BTreeSet<&str>> = led.keys().map(|id| (*id, below(&led, id))).collect();
    let each_other = |one: &str, other: &str| {
        let leads = |one: &str, other: &str| below.get(one).is_some_and(|below| below.contains(other));
        leads(one, other) && leads(other, one)
    };
    let mut circles = BTreeMap::new();
    for id in led.keys().filter(|id| below[*id].contains(*id)) {
        let circle: Vec<&str> = led.keys().copied().filter(|other| each_other(id, other)).collect();
        circles.insert(Box::from(*id), circle.join(", "));
    }
    circles
}

/// Everybody whom somebody leads, directly or through others.
fn below<'l>(led: &BTreeMap<&'l str, &'l [Box<str>]>, id: &'l str) -> BTreeSet<&'l str> {
    let (mut found, mut next) = (BTreeSet::new(), vec![id]);
    while let Some(lead) = next.pop() {
        let members = led.get(lead).into_iter().flat_map(|members| members.iter().map(|id| &**id));
        next.extend(members.filter(|member| found.insert(*member)));
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
        let circle = "circle: leads, directly or through others, who leads in turn, so that no total comes first: gu, zhao";
        assert_eq!(["zhao", "gu", "a"].map(|id| total(&cards, id)), [circle, circle, "40"]);
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
