//! What the same results would pay in another grade, everybody else staying as they are.
//!
//! Where nobody's result looks at those of others, shares of a pool aside, the period is scored once and each manager alone
//! once more; otherwise everybody is scored anew for each.

use super::Asked;
use super::apply::{Policies, Request, Scored, run};
use super::board::Board;
use super::book::{BookFacts, BookIndex};
use super::card::Scorecard;
use super::facts::Facts;
use super::round::Round;
use super::run::{board, score_among, scored};
use crate::metric::Portfolios;
use crate::policy::Policy;
use rust_decimal::Decimal;

/// A manager and the grade supposed.
pub type Raise<'r> = (&'r str, &'r str);

/// The pay of each manager in the grade beside the name; nothing where there would be none.
pub fn pay_in(
    portfolios: &Portfolios<'_>,
    policies: &Policies,
    of: &Scored<'_>,
    raises: &[Raise<'_>],
) -> Vec<Option<Decimal>> {
    let asked = Asked::default();
    let index = BookIndex::new(portfolios, &asked);
    let (policy, period, scheme) = (of.policy, of.period, of.policy.record.scheme.as_str());
    let round = Round { index: &index, policies, request: Request::default() };
    let facts_of = |manager: &str, grade: Option<&str>| {
        let manager = portfolios.book().managers.get(manager)?;
        let mut profile = index.profile(manager, period);
        if let Some(grade) = grade {
            profile.grade = Some(grade.into());
        }
        Some(BookFacts::new(&index, manager, profile, period, scheme))
    };
    let facts: Vec<BookFacts<'_>> =
        of.cards.iter().filter_map(|card| facts_of(&card.profile.id, None)).collect();
    let raised: Vec<Option<BookFacts<'_>>> =
        raises.iter().map(|(manager, grade)| facts_of(manager, Some(grade))).collect();
    let subjects: Vec<&dyn Facts> = facts.iter().map(|facts| facts as &dyn Facts).collect();
    let mut board = scored(policy, period, &subjects);
    let alone = policy.record.period.grain() == period.grain() && !board.compared() && pays_all(&board);
    let same_policy = |facts: &BookFacts<'_>| {
        let applicable = round.applicable(&[scheme], facts.profile(), period);
        applicable.is_ok_and(|found| matches!(found[..], [(id, _)] if id == of.id))
    };
    let mut paid = Vec::new();
    for (raise, facts) in raises.iter().zip(&raised) {
        let facts = facts.as_ref().filter(|facts| alone && same_policy(facts));
        let card = facts.and_then(|facts| again(&mut board, policy, facts));
        let card = card.or_else(|| anew(portfolios, policies, of, *raise));
        paid.push(card.and_then(|card| card.pay).map(|pay| pay.total));
    }
    paid
}

/// Whether pay went wrong for nobody: what it does to others is not known where it did.
fn pays_all(board: &Board<'_>) -> bool {
    board.managers.iter().all(|manager| manager.card.unpaid.is_empty())
}

/// The scorecard of one manager among the others as they were scored; nothing where more than that would have to be scored.
fn again<'a>(board: &mut Board<'a>, policy: &Policy, facts: &'a dyn Facts) -> Option<Scorecard> {
    let me = *board.by_id.get(&facts.profile().id)?;
    let fresh = self::board(policy, board.period, &[facts]).managers.pop()?;
    let before = board.replace(me, fresh);
    score_among(board, &(me..me + 1));
    let card = board.replace(me, before).card;
    let split = policy.partial(&card.variants).is_some_and(|partial| partial.split);
    (!split && !board.compared()).then_some(card)
}

/// The scorecard of one manager, everybody scored anew.
fn anew(
    portfolios: &Portfolios<'_>,
    policies: &Policies,
    of: &Scored<'_>,
    (manager, grade): Raise<'_>,
) -> Option<Scorecard> {
    let asked = Asked { grade: Some((manager.to_owned(), grade.to_owned())), ..Asked::default() };
    let scheme = of.policy.record.scheme.as_str();
    let request = Request { period: Some(of.period), scheme: Some(scheme), ..Request::default() };
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
        let policy = format!(
            "title = 'P'\nscheme = 's'\neffective = 2026-01-01\nperiod = 'month'\nmoney = '元'\nmissing = 'zero'\n\
             [constants.factor]\nby = 'grade'\njunior = 1\nsenior = 2\n[[indicators]]\nid = 'd'\nvalue = 'deposits.average'\n\
             weight = 100\ntarget = '100 万元'\ncurve = {{ kind = 'ratio', zero_target = 'skip' }}\n[[pay.lines]]\nid = 'bonus'\n\
             pool = {{ of = '100 元', by = '{by}', among = 'all', places = 2 }}\n"
        );
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
        let book = book(by);
        let (portfolios, policies) = (Portfolios::new(&book), Policies::of(&book));
        let request = Request { period: Some("2026-04".parse().unwrap()), ..Request::default() };
        let scored = run(&portfolios, &policies, request, &Asked::default()).unwrap();
        let raises = [("li", "senior"), ("wang", "senior")];
        let paid = pay_in(&portfolios, &policies, &scored[0], &raises);
        let anew = raises.map(|raise| anew(&portfolios, &policies, &scored[0], raise));
        assert_eq!(paid, anew.map(|card| card.and_then(|card| card.pay).map(|pay| pay.total)), "{by}");
        let now = scored[0].cards.iter().map(|card| card.pay.as_ref().unwrap().total);
        let paid = now.zip(paid).map(|(now, paid)| format!("{now} {}", paid.unwrap()));
        paid.collect()
    }

    #[test]
    fn a_share_of_a_pool_is_taken_from_the_others_as_they_are() {
        // 1 of 1 + 1 + 2, then 2 of 2 + 1 + 2: one raise knows nothing of the other.
        assert_eq!(shown("factor"), ["25 40", "25 40"]);
    }

    #[test]
    fn where_results_look_at_each_other_everybody_is_scored_anew() {
        // Two juniors share the size of their grade; once one is senior there are two seniors and one junior: 2 × 2 of 4 + 1 + 4.
        assert_eq!(shown("factor * size.grade"), ["33.34 44.45", "33.33 44.45"]);
    }
}
