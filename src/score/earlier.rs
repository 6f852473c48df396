//! Periods as they were decided: what rules between grades look at when they look back.
//!
//! A condition about an earlier period is judged with everything as of that period: who the manager was on its last day, what was
//! closed of the manager and of everybody else, figures of the book over its months.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::around::Around;
use super::board::{Board, Held, Manager};
use super::card::Scorecard;
use super::facts::{Facts, Past};
use super::outcome::standings;
use super::partial;
use super::sealed::closed_dimensions;
use crate::period::Period;
use crate::policy::expr::Leaf;
use crate::policy::plan::{Move, Plan};

/// Closed periods with everybody in them, by the policy that decided them.
pub(super) struct Earlier<'a>(BTreeMap<(Period, Box<str>), Board<'a>>);

impl<'a> Earlier<'a> {
    /// The periods in which rules compare somebody with others.
    pub(super) fn of(board: &Board<'a>, some: impl Iterator<Item = usize>) -> Self {
        let mut known = BTreeMap::new();
        for me in some {
            let manager = &board.managers[me];
            let comparing = manager.plan.moves().filter(|step| compares(step));
            let periods = comparing.map(|step| step.written.periods()).max().unwrap_or_default();
            for back in 0..periods {
                let period = if back == 0 { board.period } else { before(board.own, back) };
                let (Some(past), Some(facts)) = (decided(board, me, period), manager.facts.lent()) else {
                    continue;
                };
                let key = (period, past.policy.clone());
                if known.contains_key(&key) {
                    continue;
                }
                if let Some(others) = facts.beside(period) {
                    let subjects = others.into_iter().chain([facts.then(period)]);
                    known.insert(key, as_decided(board, me, period, subjects));
                }
            }
        }
        Self(known)
    }

    /// What is seen of a manager in a period by a rule: as it was closed; of one that is not closed what the book tells of it.
    pub(super) fn look<R>(
        &self,
        board: &Board<'_>,
        (me, period): (usize, Period),
        step: &Move,
        look: impl FnOnce(Around<'_>) -> R,
    ) -> R {
        let facts = &board.managers[me].facts;
        let past = decided(board, me, period);
        if period == board.period && past.is_none() {
            return look(Around::new(board, me));
        }
        let together = past.filter(|_| compares(step)).and_then(|past| {
            let then = self.0.get(&(period, past.policy.clone()))?;
            Some((then, *then.by_id.get(&facts.profile().id)?))
        });
        if let Some((then, at)) = together {
            return look(Around::new(then, at));
        }
        let mut alone = as_decided(board, me, period, [facts.then(period)].into_iter());
        alone.alone = true;
        look(Around::new(&alone, 0))
    }
}

/// The period `back` periods before another.
pub(super) fn before(period: Period, back: u32) -> Period {
    period.plus(-i32::try_from(back).unwrap_or(i32::MAX))
}

/// What was decided about an earlier period, or about this one.
pub(super) fn decided<'b>(board: &'b Board<'_>, me: usize, period: Period) -> Option<&'b Past> {
    let facts = &board.managers[me].facts;
    if period == board.period {
        return facts.closed();
    }
    facts.history().iter().find(|past| past.period == period)
}

/// A board of what was decided about a period; who is no longer scored goes by the plan of `me`.
fn as_decided<'f>(
    now: &Board<'_>,
    me: usize,
    period: Period,
    subjects: impl Iterator<Item = Box<dyn Facts + 'f>>,
) -> Board<'f> {
    let managers = subjects.map(|facts| {
        let at = now.by_id.get(&facts.profile().id).copied().unwrap_or(me);
        manager(facts, now.managers[at].plan.clone(), period)
    });
    let mut managers: Vec<Manager<'_>> = managers.collect();
    managers.sort_by(|a, b| a.card.profile.id.cmp(&b.card.profile.id));
    let mut board = Board::new(period, managers);
    let everybody = 0..board.managers.len();
    standings(&mut board, &everybody);
    board
}

fn manager<'f>(facts: Box<dyn Facts + 'f>, plan: Arc<Plan>, period: Period) -> Manager<'f> {
    let mut card = Scorecard::new(facts.profile().clone(), period);
    let decided = facts.closed().map(|past| partial::with_carried(&plan, facts.history(), past));
    if let Some(past) = &decided {
        card.total = past.total;
        card.exact_total = past.total;
        card.rating = past.rating.as_deref().map(Into::into);
        card.dimensions = closed_dimensions(&plan, past);
    }
    Manager { decided, ..Manager::new(Held::Found(facts), plan, card) }
}

/// Whether a rule looks at others.
fn compares(step: &Move) -> bool {
    let mut compares = false;
    for condition in &step.all {
        let of_others = |leaf: &Leaf| matches!(leaf, Leaf::Rank(_) | Leaf::Size(_) | Leaf::Members(..));
        condition.leaves(&mut |leaf| compares |= of_others(leaf));
    }
    compares
}

#[cfg(test)]
mod tests {
    use crate::book::load;
    use crate::metric::{Names, Portfolios};
    use crate::period::Period;
    use crate::policy;
    use crate::score::apply::{Policies, Request, run};
    use crate::score::{Asked, cases};
    use crate::source::Snapshot;
    use crate::text::Lang;

    const POLICY: &str = "title = 'P'\nscheme = 's'\neffective = 2026-01-01\nperiod = 'month'\nmoney = '万元'\nmissing = 'error'\n\
        [[dimensions]]\nid = 'results'\nweight = 100\n\
        [[indicators]]\nid = 'x'\nin = 'results'\nvalue = 'actuals.sold'\nweight = 100\n\
        curve = { kind = 'formula', score = 'x / (1 件)' }\n[[demotion]]\nto = 'low'\nconsecutive = 2\n";

    /// What a rule that holds in August says of A, who has 10 then, B 40, C 30 and D 20; July's totals are theirs in that order,
    /// and A is senior since the first of August.
    fn says(rule: &str, july: &[u32]) -> String {
        let mut texts = vec![
            (
                "rmbook.toml".to_owned(),
                "name = 'B'\n[measures.sold]\ntitle = 'x'\nunit = '件'\nkind = 'flow'\n".to_owned(),
            ),
            ("policies/p.toml".to_owned(), format!("{POLICY}all = ['{rule}']\n")),
            (
                "clients/k.toml".to_owned(),
                "name = '甲'\ntier = 'key'\nstatus = 'active'\nmanager = 'b'\n[results]\n2026-07 = { deposits = 1 }\n"
                    .to_owned(),
            ),
        ];
        for (id, august) in [("a", 10), ("b", 40), ("c", 30), ("d", 20)] {
            let grade = match id {
                "a" => {
                    "grade = 'senior'\ngrade_history = [{ from = 2024-01-01, grade = 'junior' }, { from = 2026-08-01, grade = 'senior' }]\n"
                }
                _ => "",
            };
            let text = format!(
                "name = '{id}'\n{grade}[actuals]\n2026-07 = {{ sold = 0 }}\n2026-08 = {{ sold = {august} }}\n"
            );
            texts.push((format!("managers/{id}.toml"), text));
        }
        for (id, total) in ["a", "b", "c", "d"].into_iter().zip(july) {
            let text = format!(
                "manager = '{id}'\nperiod = '2026-07'\n[closed.s]\npolicy = 'p'\ndigest = 'x'\nclosed_on = 2026-08-10\n\
                 total = {total}\n[closed.s.indicators]\nx = {{ value = {total}, score = {total}, points = {total} }}\n"
            );
            texts.push((format!("reviews/2026-07/{id}.toml"), text));
        }
        let (book, faults) = load(&Snapshot::new(texts.into_iter().map(|(path, text)| (path, Ok(text)))));
        assert!(faults.is_empty(), "{faults:?}");
        let policies = Policies::of(&book);
        assert_eq!(policies.ready.len(), 1, "{:?}", policies.findings);
        let august: Period = "2026-08".parse().unwrap();
        let request = Request { period: Some(august), ..Request::default() };
        let scored = run(&Portfolios::new(&book), &policies, request, &Asked::default()).unwrap();
        let card = scored[0].cards.iter().find(|card| &*card.profile.id == "a").unwrap();
        let open = card.unjudged.first().map(|open| open.error.reason.get(Lang::En));
        card.demotion.as_ref().map_or_else(|| open.unwrap_or_else(|| "-".into()), |due| due.to.to_string())
    }

    #[test]
    fn places_are_those_of_the_earlier_period() {
        // Third of four in July, then last of four.
        assert_eq!(says("rank.all >= 4", &[30, 40, 35, 20]), "-");
        assert_eq!(says("rank.all >= 4", &[10, 40, 35, 20]), "low");
        // Three were closed in July; four are scored in August.
        assert_eq!(says("size.all == 4", &[30, 40, 35]), "-");
        assert_eq!(says("size.all == 4", &[30, 40, 35, 20]), "low");
        assert_eq!(says("rank.all == size.all", &[10, 40, 35]), "low");
    }

    #[test]
    fn figures_of_others_and_of_items_are_those_of_the_earlier_period() {
        // The mean is 25 in August and (30 + 40 + 35 + 20) / 4 = 31.25 in July.
        assert_eq!(says("mean.all(\"score.x\") < 30", &[30, 40, 35, 20]), "-");
        assert_eq!(says("mean.all(\"score.x\") < 30", &[5, 40, 35, 20]), "low");
        assert_eq!(says("score.x <= 10", &[30, 40, 35, 20]), "-");
        assert_eq!(says("dimension.results <= 10", &[30, 40, 35, 20]), "-");
        assert_eq!(says("dimension.results <= 10", &[9, 40, 35, 20]), "low");
    }

    #[test]
    fn the_manager_is_who_the_manager_was() {
        assert_eq!(says("manager.grade == \"senior\"", &[30, 40, 35, 20]), "-");
        assert_eq!(says("manager.grade in [\"junior\", \"senior\"]", &[30, 40, 35, 20]), "low");
        assert_eq!(says("manager.grade_months >= 0 and manager.grade_months < 12", &[30]), "-");
    }

    #[test]
    fn a_period_left_open_cannot_be_judged_by_what_was_to_be_decided() {
        for name in ["rank.all", "total", "score.x"] {
            let found = says(&format!("{name} > 1"), &[]);
            assert_eq!(found, format!("2026-07: `{name}`: 2026-07 is not closed"));
        }
        // Figures are the book's, closed or not.
        assert_eq!(says("actuals.sold >= 0", &[]), "low");
    }

    /// What the rule of a policy says of a test, and what is wrong in it.
    fn tested(rule: &str, test: &str) -> String {
        let text = format!(
            "{POLICY}{rule}\n[measures.sold]\nunit = '件'\nkind = 'flow'\n[[tests]]\nname = 't'\nperiod = '2026-08'\nactuals = {{ sold = 10 }}\n\
             inputs = {{ 'deposits.average' = 1 }}\npeers = [{{ id = 'b', values = {{ x = 20 }} }}]\n{test}\n"
        );
        let files = Snapshot::new([("policies/p.toml".to_owned(), Ok(text.clone()))]);
        let file = files.sources.iter().next().unwrap().0;
        let record = toml::from_str(&text).unwrap();
        let (policy, findings) = policy::judge(file, &record, &Names::default_book());
        let mut found: Vec<String> = findings.iter().map(|finding| finding.message.get(Lang::En)).collect();
        for outcome in cases::run(&policy) {
            let told = |it: &cases::Difference| format!("{}: {} for {}", it.what, it.got, it.expected);
            found.extend(outcome.differences.iter().map(told));
        }
        found.join("; ")
    }

    #[test]
    fn a_test_states_who_was_beside_in_an_earlier_period() {
        let rule = "all = ['rank.all == size.all or deposits.average < 0']";
        let expects =
            |history: &str, expect: &str| tested(rule, &format!("history = [{history}]\nexpect = {expect}"));
        // Last of two in August; of July nothing tells the place.
        let unknown = "{ period = '2026-07', total = 99 }";
        assert_eq!(expects(unknown, "{ demotion = 'none', error = 'missing: low' }"), "");
        let first = "{ period = '2026-07', total = 99, peers = [{ id = 'b', total = 98 }] }";
        assert_eq!(expects(first, "{ demotion = 'none' }"), "");
        let last = "{ period = '2026-07', total = 99, peers = [{ id = 'b', total = 100 }] }";
        assert_eq!(expects(last, "{ demotion = 'low' }"), "");
        assert_eq!(expects("{ period = '2026-07', total = 99, peers = [] }", "{ demotion = 'low' }"), "");
    }

    #[test]
    fn a_test_states_figures_and_grade_of_an_earlier_period() {
        let rule = "all = ['deposits.average < 5', 'manager.grade == \"senior\"']";
        let expects = |history: &str, demotion: &str| {
            let test = format!(
                "manager = {{ grade = 'senior' }}\nhistory = [{{ period = '2026-07', {history} }}]\nexpect = {{ demotion = '{demotion}' }}"
            );
            tested(rule, &test)
        };
        assert_eq!(expects("inputs = { 'deposits.average' = 4 }", "low"), "");
        assert_eq!(expects("inputs = { 'deposits.average' = 6 }", "none"), "");
        assert_eq!(expects("inputs = { 'deposits.average' = 4 }, grade = 'junior'", "none"), "");
    }

    #[test]
    fn periods_that_nothing_can_be_in_are_refused() {
        let rule = "all = ['deposits.average > 5']";
        let later = "history = [{ period = '2026-09', total = 1 }]\nexpect = { demotion = 'none' }";
        assert!(
            tested(rule, later)
                .starts_with("2026-09 is neither before the period of the test, 2026-08, nor inside it"),
            "{}",
            tested(rule, later)
        );
        let text = POLICY.replace("consecutive = 2", "consecutive = 0") + rule;
        let files = Snapshot::new([("policies/p.toml".to_owned(), Ok(text.clone()))]);
        let file = files.sources.iter().next().unwrap().0;
        let settings =
            toml::from_str("name = 'B'\n[measures.sold]\ntitle = 'x'\nunit = '件'\nkind = 'flow'\n");
        let names = Names::of_settings(&settings.unwrap());
        let (_, findings) = policy::judge(file, &toml::from_str(&text).unwrap(), &names);
        let found: Vec<String> = findings.iter().map(|finding| finding.message.get(Lang::En)).collect();
        assert_eq!(found[0], "`consecutive` counts periods, this one among them: at least 1");
    }
}
