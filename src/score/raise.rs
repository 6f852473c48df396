//! What the same results would pay in another grade, everybody else staying as they are.
//!
//! No figure of the book depends on a grade, so that each is asked for once. Where nothing that a result looks at of others depends
//! on whose result it is, the period is scored once and each manager alone once more; otherwise everybody is scored again for each,
//! from the figures that are there. Whom another policy would be for in the grade, and who is scored by parts, is scored from the start.

use chrono::NaiveDate;
use rayon::prelude::{IntoParallelIterator, ParallelIterator};
use rust_decimal::Decimal;

use super::Asked;
use super::apply::{Policies, Request, Scored, run};
use super::board::Board;
use super::book::{BookFacts, BookIndex};
use super::card::Scorecard;
use super::facts::Facts;
use super::remembered::Remembered;
use super::round::Round;
use super::run::{board, score, score_among, scored};
use super::solitary::is_solitary;
use crate::metric::Portfolios;
use crate::policy::Policy;

/// A manager and the grade supposed.
pub type Raise<'r> = (&'r str, &'r str);

/// The pay of each manager in the grade beside the name, of the records known on a day; nothing where there would be none.
pub fn pay_in(
    portfolios: &Portfolios<'_>,
    policies: &Policies,
    of: &Scored<'_>,
    raises: &[Raise<'_>],
    known: Option<NaiveDate>,
) -> Vec<Option<Decimal>> {
    let asked = Asked::default();
    let index = BookIndex::new(portfolios, &asked, known);
    let (policy, period, scheme) = (of.policy, of.period, of.policy.record.scheme.as_str());
    let round = Round::new(&index, policies, Request::default());
    let managers = of.cards.iter().filter_map(|card| portfolios.book().managers.get(&card.profile.id));
    let back = policy.looks_back();
    let facts: Vec<BookFacts<'_>> = managers
        .map(|manager| {
            let facts = BookFacts::new(&index, manager, index.profile(manager, period), period, policy);
            let frozen = round.frozen_of(&manager.id, policy, period);
            facts.knowing(of.beyond.clone()).outside(round.outside((manager, back), policy, period), frozen)
        })
        .collect();
    let facts: Vec<Remembered<'_>> = facts.iter().map(|facts| Remembered::new(facts)).collect();
    let same_policy = |facts: &Remembered<'_>| {
        let applicable = round.applicable(&[scheme], facts.profile(), period);
        applicable.is_ok_and(|found| matches!(found[..], [(id, _)] if id == of.id))
    };
    let raised: Vec<Option<Remembered<'_>>> = raises
        .iter()
        .map(|(manager, grade)| {
            let own = facts.iter().find(|facts| *facts.profile().id == **manager)?;
            Some(own.in_grade(grade)).filter(same_policy)
        })
        .collect();
    let subjects: Vec<&dyn Facts> = facts.iter().map(|facts| facts as &dyn Facts).collect();
    let mut board = scored(policy, period, &subjects);
    let at_once = policy.record.period.grain() == period.grain();
    let alone = pays_all(&board);
    let mut cards: Vec<Option<Scorecard>> = Vec::new();
    for raised in &raised {
        let raised = raised.as_ref().filter(|_| at_once && alone);
        cards.push(raised.and_then(|facts| again(&mut board, policy, facts)));
    }
    let pay = |at: usize| {
        let raised = raised[at].as_ref().filter(|_| at_once);
        let card = cards[at].clone().or_else(|| beside(policy, of, &subjects, raised?));
        let card = card.or_else(|| anew(portfolios, policies, of, raises[at], known));
        card.and_then(|card| card.pay).map(|pay| pay.total)
    };
    (0..raises.len()).into_par_iter().map(pay).collect()
}

/// The scorecard of one manager, everybody scored again beside; nothing where it would be made of parts.
fn beside(
    policy: &Policy,
    of: &Scored<'_>,
    subjects: &[&dyn Facts],
    raised: &Remembered<'_>,
) -> Option<Scorecard> {
    let id = &raised.profile().id;
    let others = subjects.iter().copied().filter(|facts| facts.profile().id != *id);
    let everybody: Vec<&dyn Facts> = others.chain([raised as &dyn Facts]).collect();
    let card = score(policy, of.period, &everybody).into_iter().find(|card| card.profile.id == *id)?;
    let split = policy.partial(&card.variants).splits().is_some();
    (!split).then_some(card)
}

/// Whether pay went wrong for nobody: what it does to others is not known where it did.
fn pays_all(board: &Board<'_>) -> bool {
    board.managers.iter().all(|manager| manager.card.unpaid.is_empty())
}

/// The scorecard of one manager among the others as they were scored; nothing where more than that would have to be scored.
fn again<'a>(board: &mut Board<'a>, policy: &Policy, facts: &'a dyn Facts) -> Option<Scorecard> {
    let me = *board.by_id.get(&facts.profile().id)?;
    let fresh = self::board(policy, board.period, &[facts]).managers.pop()?;
    let compared = board.compared();
    let solitary = || {
        let plans = board.managers.iter().map(|manager| &*manager.plan).chain([&*fresh.plan]);
        is_solitary(plans, |curve| board.has_taken(curve))
    };
    if compared && !solitary() {
        return None;
    }
    let before = board.replace(me, fresh);
    score_among(board, &(me..me + 1));
    let card = board.replace(me, before).card;
    let split = policy.partial(&card.variants).splits().is_some();
    (!split && compared == board.compared()).then_some(card)
}

/// The scorecard of one manager, everybody scored anew.
fn anew(
    portfolios: &Portfolios<'_>,
    policies: &Policies,
    of: &Scored<'_>,
    (manager, grade): Raise<'_>,
    known: Option<NaiveDate>,
) -> Option<Scorecard> {
    let asked = Asked { grade: Some((manager.to_owned(), grade.to_owned())), ..Asked::default() };
    let scheme = of.policy.record.scheme.as_str();
    let request = Request { period: Some(of.period), scheme: Some(scheme), known, ..Request::default() };
    let scored = run(portfolios, policies, request, &asked).ok()?;
    scored.into_iter().flat_map(|scored| scored.cards).find(|card| *card.profile.id == *manager)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::{Book, load};
    use crate::source::Snapshot;

    /// Three managers share a pool of 100 by a factor of their grades: 1 of a junior, 2 of a senior.
    fn book(by: &str) -> Book {
        with_policy(format!(
            "title = 'P'\nscheme = 's'\neffective = 2026-01-01\nperiod = 'month'\nmoney = '元'\nmissing = 'zero'\n\
             [constants.factor]\nby = 'grade'\njunior = 1\nsenior = 2\n[[indicators]]\nid = 'd'\nvalue = 'deposits.average'\n\
             weight = 100\ntarget = '100 万元'\ncurve = {{ kind = 'ratio', zero_target = 'skip' }}\n[[pay.lines]]\nid = 'bonus'\n\
             pool = {{ of = '100 元', by = '{by}', among = 'all', places = 2 }}\n"
        ))
    }

    /// Deposits of Li's client are 100, of Wang's 60, of Zhao's 80; Zhao alone is senior.
    fn with_policy(policy: String) -> Book {
        let client = |manager: &str, deposits: u32| {
            format!(
                "name = 'c'\ntier = 'key'\nstatus = 'active'\nmanager = '{manager}'\nresults = {{ 2026-04 = {{ deposits = {deposits} }} }}\n"
            )
        };
        let manager = |grade: &str| format!("name = 'm'\ngrade = '{grade}'\n");
        let texts = [
            ("rmbook.toml", "name = 'B'\n".to_owned()),
            ("policies/p.toml", policy),
            ("clients/a.toml", client("li", 100)),
            ("clients/b.toml", client("wang", 60)),
            ("clients/c.toml", client("zhao", 80)),
            ("managers/li.toml", manager("junior")),
            ("managers/wang.toml", manager("junior")),
            ("managers/zhao.toml", manager("senior")),
        ];
        let (book, faults) = load(&Snapshot::new(texts.map(|(path, text)| (path.to_owned(), Ok(text)))));
        assert!(faults.is_empty(), "{faults:?}");
        book
    }

    /// What each of the juniors is paid in April, and what the next grade would pay.
    fn shown(by: &str) -> Vec<String> {
        let paid = paid(&book(by), by).into_iter();
        paid.map(|(now, raised)| format!("{} {}", now.unwrap(), raised.unwrap())).collect()
    }

    /// What each of the juniors is paid in April, and what the next grade would pay, as scoring everybody anew says too.
    fn paid(book: &Book, case: &str) -> Vec<(Option<Decimal>, Option<Decimal>)> {
        let (portfolios, policies) = (Portfolios::new(book), Policies::of(book));
        let request = Request { period: Some("2026-04".parse().unwrap()), ..Request::default() };
        let scored = run(&portfolios, &policies, request, &Asked::default()).unwrap();
        let raises = [("li", "senior"), ("wang", "senior")];
        let raised = pay_in(&portfolios, &policies, &scored[0], &raises, None);
        let anew = raises.map(|raise| anew(&portfolios, &policies, &scored[0], raise, None));
        assert_eq!(raised, anew.map(|card| card.and_then(|card| card.pay).map(|pay| pay.total)), "{case}");
        let now = scored[0].cards.iter().map(|card| card.pay.as_ref().map(|pay| pay.total));
        now.zip(raised).collect()
    }

    #[test]
    fn a_share_of_a_pool_is_taken_from_the_others_as_they_are() {
        // 1 of 1 + 1 + 2, then 2 of 2 + 1 + 2: one raise knows nothing of the other.
        assert_eq!(shown("factor"), ["25 40", "25 40"]);
    }

    #[test]
    fn where_results_look_at_each_other_pay_is_what_scoring_everybody_anew_gives() {
        // Two juniors share the size of their grade; once one is senior there are two seniors and one junior: 2 × 2 of 4 + 1 + 4.
        assert_eq!(shown("factor * size.grade"), ["33.34 44.45", "33.33 44.45"]);
        // Places 1, 3 and 2: 1, 3 and 2 × 2 of 8; then 2 of 9, and 6 of 11.
        assert_eq!(shown("factor * rank.all"), ["12.5 22.22", "37.5 54.55"]);
    }

    /// Both juniors paid 10 a point of a score among their peers; what the next grade would pay.
    fn among_peers(curve: &str, more: &str) -> Vec<String> {
        let policy = format!(
            "title = 'P'\nscheme = 's'\neffective = 2026-01-01\nperiod = 'month'\nmoney = '元'\nmissing = 'zero'\n\
             [constants.factor]\nby = 'grade'\njunior = 1\nsenior = 2\n\
             [[indicators]]\nid = 'd'\nvalue = 'deposits.average / 1 万元 * factor'\nweight = 100\ncurve = {{ {curve} }}\n\
             [[pay.lines]]\nid = 'bonus'\namount = 'total * 10 元'\n{more}"
        );
        let paid = paid(&with_policy(policy), &format!("{curve} {more}")).into_iter();
        paid.map(|(_, raised)| raised.map_or_else(|| "-".into(), |raised| raised.normalize().to_string()))
            .collect()
    }

    #[test]
    fn whom_nothing_of_the_others_depends_on_is_compared_with_them_as_they_are() {
        let relative = |group: &str| {
            format!(
                "kind = 'relative', group = '{group}', of = 'mean', base = 50, slope = 100, min = 0, zero_target = 'zero'"
            )
        };
        // 100 × 2 of 100 × 2, 60 and 80 × 2, whose mean is 140: 50 + 100 × 3 / 7. Then 120 of 100, 120 and 160.
        assert_eq!(among_peers(&relative("all"), ""), ["928.57", "447.37"]);
        // 200 of 200 and 160; 120 of 120 and 160.
        assert_eq!(among_peers(&relative("grade"), ""), ["611.11", "357.14"]);
        // What looks at places and at pay of others beside is scored from all of them.
        for more in [
            "[[pay.lines]]\nid = 'first'\namount = 'if(rank.all == 1, 500 元, 0 元)'\n",
            "[[pay.lines]]\nid = 'pool'\npool = { of = '100 元', by = 'total', among = 'all', places = 2 }\n",
            "[[ratings]]\nid = 'A'\nall = ['rank.grade == 1']\n[[ratings]]\nid = 'B'\n\
             [[pay.lines]]\nid = 'pool'\npool = { of = '100 元', by = \"if(rating == 'A', 2, 1)\", among = 'all', places = 2 }\n",
        ] {
            among_peers(&relative("grade"), more);
            among_peers("kind = 'per-unit', unit = 10, points = 1", more);
        }
    }
}
