//! Grades against the promotion rules: who could move and was not proposed, who moved without a rule, who stays too low.
//!
//! Judged by what was closed: each closed period of a scheme whose policy has such rules is scored again for its moves.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::Asked;
use super::apply::{Policies, Request, run};
use super::card::Scorecard;
use crate::book::{Book, Record};
use crate::diag::{Finding, Level, Rule};
use crate::metric::Portfolios;
use crate::msg;
use crate::path;
use crate::period::Period;
use crate::record::manager::Manager;
use crate::record::review::Review;
use crate::source::{KeyPath, Place};
use crate::text::{Message, Text, score as say};

/// Acme's results and the policy that scores its deposits, for examples of what was closed.
macro_rules! scored {
    (results: $($results:literal),+; target: $target:literal) => {
        concat!(
            "# file: clients/acme.toml\nname = \"Acme\"\ntier = \"base\"\nmanager = \"wang-fang\"\nstatus = \"active\"\n[results]\n",
            $($results),+,
            "# file: policies/main.toml\ntitle = \"Main\"\nscheme = \"scorecard\"\neffective = 2026-01-01\nperiod = \"month\"\n\
             money = \"万元\"\nrounding = { mode = \"half-up\", total = 2 }\n\
             [[indicators]]\nid = \"deposits\"\nvalue = \"deposits.average\"\nweight = 100\ntarget = ",
            $target,
            "\nmissing = \"zero\"\ncurve = { kind = \"ratio\", zero_target = \"skip\" }\n\
             [[ratings]]\nid = \"A\"\nat_least = 90\n[[ratings]]\nid = \"D\"\nbelow = 90\n"
        )
    };
}
pub(crate) use scored;

/// A book whose September is closed under a rule that promotes whoever is rated A: Acme's deposits against 1,000.
macro_rules! closed {
    (manager: $manager:literal, deposits: $deposits:literal, result: $result:literal, inputs: $inputs:literal) => {
        concat!(
            "# file: managers/wang-fang.toml\nname = \"Wang Fang\"\nreports_to = \"zhao-lei\"\n",
            $manager,
            "# file: reviews/2026-09/wang-fang.toml\nmanager = \"wang-fang\"\nperiod = \"2026-09\"\n\
             talks = [{ date = 2026-10-20, by = \"zhao-lei\" }]\n\
             [closed.scorecard]\npolicy = \"main\"\npolicy_digest = \"ccf0c2271cfe21b0\"\nclosed_on = 2026-11-02\n",
            $result,
            "[closed.scorecard.indicators]\ndeposits = { value = ",
            $deposits,
            ", target = 1000, ",
            $inputs,
            " }\n",
            scored!(results: "2026-09 = { deposits = ", $deposits, " }\n"; target: 1000),
            "[[promotion]]\nfrom = \"junior\"\nto = \"senior\"\nall = ['rating == \"A\"']\n"
        )
    };
}

/// Somebody whom a promotion rule proposes and nobody else does.
pub static NOT_PROPOSED: Rule = Rule {
    code: "RM695",
    name: "promotion-not-proposed",
    level: Level::Warn,
    title: Text::new("a promotion that is due was not proposed", "已符合晋升条件而未提议"),
    why: Text::new(
        "Rules that promise a grade and are then forgotten drive the best away.",
        "符合晋升规定而无人提议，易流失骨干人员。",
    ),
    mend: Text::new(
        "Enter a proposal under `proposals` of the manager; it may be put off or declined, with a reason.",
        "请在客户经理的 `proposals` 中登记提议；可暂缓或不同意，但须说明理由。",
    ),
    example: closed!(
        manager: "grade = \"junior\"\n",
        deposits: 1000,
        result: "digest = \"899ba9a489373e9f\"\ntotal = 100\nrating = \"A\"\n",
        inputs: "score = 100, points = 100, inputs = { \"client/acme\" = \"26970a1854441d2e\" }"
    ),
};

/// A change of grade that no rule gave and nobody explained.
pub static AGAINST_RULES: Rule = Rule {
    code: "RM696",
    name: "grade-against-rules",
    level: Level::Deny,
    title: Text::new(
        "a grade changed without its rule and without a reason to depart from it",
        "职级变动与晋降规则结果不符且未说明突破理由",
    ),
    why: Text::new(
        "Pay follows the grade; a grade outside the rules is a decision somebody must stand for.",
        "薪酬随职级而定，规则之外的职级变动须有人负责。",
    ),
    mend: Text::new(
        "Enter `override_reason` and who approved it, or take the change back.",
        "请填写 `override_reason` 及批准人，或撤销变动。",
    ),
    example: closed!(
        manager: "grade = \"senior\"\ngrade_history = [{ from = 2024-01-01, grade = \"junior\" }, { from = 2026-10-15, grade = \"senior\", reason = \"merit\" }]\n",
        deposits: 500,
        result: "digest = \"21f350a262e70505\"\ntotal = 50\nrating = \"D\"\n",
        inputs: "score = 50, points = 50, inputs = { \"client/acme\" = \"f95e3142b178ade1\" }"
    ),
};

/// A low rating twice running without an answer.
pub static LOW_TWICE: Rule = Rule {
    code: "RM697",
    name: "low-rating-twice",
    level: Level::Warn,
    title: Text::new(
        "rated low twice running, without a plan or a proposal",
        "连续两期低评级而无改进计划或职级晋降提议",
    ),
    why: Text::new(
        "Two periods below the floor are the usual trigger of a demotion; to do nothing is a decision too.",
        "连续两期低于底线通常触发降级，不作处理亦是决定。",
    ),
    mend: Text::new(
        "Agree on an improvement plan, or enter a proposal. Low ratings are `low_ratings` under `[management]`.",
        "请制定改进计划，或登记职级晋降提议；低评级见 `[management]` 的 `low_ratings`。",
    ),
    example: concat!(
        "# file: reviews/2026-09/wang-fang.toml\nmanager = \"wang-fang\"\nperiod = \"2026-09\"\n\
        [closed.scorecard]\npolicy = \"main\"\npolicy_digest = \"1ab18e27fbc612a6\"\ndigest = \"21f350a262e70505\"\n\
        closed_on = 2026-11-02\ntotal = 50\nrating = \"D\"\n[closed.scorecard.indicators]\n\
        deposits = { value = 500, target = 1000, score = 50, points = 50, inputs = { \"client/acme\" = \"f95e3142b178ade1\" } }\n\
        # file: reviews/2026-08/wang-fang.toml\nmanager = \"wang-fang\"\nperiod = \"2026-08\"\n\
        [closed.scorecard]\npolicy = \"main\"\npolicy_digest = \"1ab18e27fbc612a6\"\ndigest = \"bec5d544595966de\"\n\
        closed_on = 2026-11-02\ntotal = 50\nrating = \"D\"\n[closed.scorecard.indicators]\n\
        deposits = { value = 500, target = 1000, score = 50, points = 50, inputs = { \"client/acme\" = \"cc15801cb10d5205\" } }\n",
        scored!(results: "2026-08 = { deposits = 500 }\n2026-09 = { deposits = 500 }\n"; target: 1000)
    ),
};

/// Every rule of this file, by code.
pub static RULES: &[&Rule] = &[&NOT_PROPOSED, &AGAINST_RULES, &LOW_TWICE];

/// What about a manager's grade calls for a decision.
pub struct Question<'b> {
    /// The rule that asks.
    pub rule: &'static Rule,
    /// How it is asked.
    says: Text,
    /// The manager.
    pub manager: &'b Record<Manager>,
    /// The grade it is about, or the rating.
    pub word: String,
    /// The closed period it rests on.
    pub period: Period,
    /// Where in the manager's record it is answered.
    at: KeyPath,
}

impl Question<'_> {
    /// What is asked, in words.
    pub fn message(&self) -> Message {
        msg!(self.says, manager = &*self.manager.id, word = &self.word, period = self.period.to_string())
    }
}

/// The questions as findings.
pub fn findings(portfolios: &Portfolios<'_>, policies: &Policies, today: NaiveDate) -> Vec<Finding> {
    let asked = questions(portfolios, policies, today);
    let finding = |asked: Question<'_>| {
        let place = Place::value(asked.manager.file, asked.at.clone());
        Finding::new(asked.rule, place, asked.message())
    };
    asked.into_iter().map(finding).collect()
}

/// Every question that stands on `day`, by manager; none while a record does not load.
pub fn questions<'b>(portfolios: &Portfolios<'b>, policies: &Policies, day: NaiveDate) -> Vec<Question<'b>> {
    let book = portfolios.book();
    let closings = Closings::of(book, day);
    if closings.0.is_empty() || !book.is_whole() {
        return Vec::new();
    }
    let mut scored = Moves { portfolios, policies, known: BTreeMap::new() };
    let mut asked = Vec::new();
    for manager in &book.managers {
        let Some(own) = closings.0.get(&*manager.id) else { continue };
        if manager.data.left.is_some_and(|left| left.0 <= day) {
            continue;
        }
        for (scheme, periods) in own {
            let side = Side { book, manager, scheme, periods, day };
            asked.extend(side.not_proposed(&mut scored));
            asked.extend(side.against_rules(&mut scored));
            asked.extend(side.low_twice());
        }
    }
    asked
}

/// The closed periods of each manager by scheme, the oldest first.
struct Closings<'b>(BTreeMap<&'b str, BTreeMap<&'b str, Vec<&'b Review>>>);

impl<'b> Closings<'b> {
    fn of(book: &'b Book, day: NaiveDate) -> Self {
        let mut all: BTreeMap<&str, BTreeMap<&str, Vec<&Review>>> = BTreeMap::new();
        for review in book.reviews.iter().map(|review| &review.data) {
            for scheme in review.closed.keys().filter(|_| review.period.last_day() <= day) {
                all.entry(&review.manager).or_default().entry(scheme).or_default().push(review);
            }
        }
        for periods in all.values_mut().flat_map(BTreeMap::values_mut) {
            periods.sort_by_key(|review| review.period);
        }
        Self(all)
    }
}

/// Closed periods scored for their moves, once each.
struct Moves<'b, 'p> {
    portfolios: &'p Portfolios<'b>,
    policies: &'p Policies,
    known: BTreeMap<(String, Period), BTreeMap<Box<str>, Scorecard>>,
}

impl Moves<'_, '_> {
    /// The scorecard of a manager, where the policy in force has rules between grades.
    fn card(&mut self, manager: &str, scheme: &str, period: Period) -> Option<&Scorecard> {
        let (portfolios, policies) = (self.portfolios, self.policies);
        let of_period = self.known.entry((scheme.to_owned(), period)).or_insert_with(|| {
            let ready = policies.ready.values().filter(|policy| policy.record.scheme == scheme);
            if !ready
                .into_iter()
                .any(|policy| !policy.base.promotion.is_empty() || !policy.base.demotion.is_empty())
            {
                return BTreeMap::new();
            }
            let request = Request { period: Some(period), scheme: Some(scheme), ..Request::default() };
            let scored = run(portfolios, policies, request, &Asked::default()).unwrap_or_default();
            let cards = scored.into_iter().flat_map(|scored| scored.cards);
            cards.map(|card| (card.profile.id.clone(), card)).collect()
        });
        of_period.get(manager)
    }
}

/// One manager under one scheme.
struct Side<'s, 'b> {
    book: &'b Book,
    manager: &'b Record<Manager>,
    scheme: &'s str,
    periods: &'s [&'b Review],
    day: NaiveDate,
}

impl<'b> Side<'_, 'b> {
    fn question(
        &self,
        (rule, says): (&'static Rule, Text),
        word: &str,
        period: Period,
        at: KeyPath,
    ) -> Question<'b> {
        Question { rule, says, manager: self.manager, word: word.to_owned(), period, at }
    }

    /// Whether somebody proposed a grade since a day; any grade where none is named.
    fn proposed_since(&self, grade: Option<&str>, from: NaiveDate) -> bool {
        let known = self.manager.data.proposals.iter().filter(|proposal| proposal.date.0 <= self.day);
        known
            .into_iter()
            .any(|proposal| proposal.date.0 >= from && grade.is_none_or(|grade| proposal.to == grade))
    }

    /// A promotion that the newest closed period gives, and nobody proposed since the run of periods began.
    fn not_proposed(&self, moves: &mut Moves<'_, '_>) -> Option<Question<'b>> {
        let period = self.periods.last()?.period;
        let due = moves.card(&self.manager.id, self.scheme, period)?.promotion.clone()?;
        let back = i32::try_from(due.periods.saturating_sub(1)).unwrap_or(0);
        let moved = self
            .manager
            .data
            .grade_history
            .iter()
            .any(|change| change.grade == *due.to && change.from.0 <= self.day);
        if moved || self.proposed_since(Some(&due.to), period.plus(-back).first_day()) {
            return None;
        }
        Some(self.question((&NOT_PROPOSED, say::NOT_PROPOSED), &due.to, period, path!["grade"]))
    }

    /// The last change of grade, where the last period closed before it gave another result.
    fn against_rules(&self, moves: &mut Moves<'_, '_>) -> Option<Question<'b>> {
        let history = &self.manager.data.grade_history;
        // As they followed one another, in whatever order they are written.
        let mut changes: Vec<_> =
            history.iter().enumerate().filter(|(_, it)| it.from.0 <= self.day).collect();
        changes.sort_by_key(|(_, change)| change.from);
        let [.., (_, held), (index, change)] = &changes[..] else { return None };
        let explained = change.override_reason.as_ref().is_some_and(|reason| !reason.trim().is_empty());
        let before = self.periods.iter().rev().find(|review| review.period.last_day() < change.from.0)?;
        let from = &held.grade;
        let ready = moves.policies.ready.values().filter(|policy| policy.record.scheme == self.scheme);
        // Where rules decide about grades, a move that none of them knows is outside them too.
        let mut in_force = ready.filter(|policy| policy.in_force(before.period));
        let governed = in_force
            .any(|policy| !policy.base.promotion.is_empty() || !policy.base.demotion.is_empty())
            && *from != change.grade;
        if explained || !governed {
            return None;
        }
        let card = moves.card(&self.manager.id, self.scheme, before.period)?;
        let given: BTreeSet<&str> =
            [&card.promotion, &card.demotion].into_iter().flatten().map(|due| &*due.to).collect();
        let at = path!["grade_history", *index];
        (!given.contains(change.grade.as_str()))
            .then(|| self.question((&AGAINST_RULES, say::AGAINST_RULES), &change.grade, before.period, at))
    }

    /// A low rating in the two newest closed periods, one right after the other, that nobody answered.
    fn low_twice(&self) -> Option<Question<'b>> {
        let [.., before, last] = self.periods else { return None };
        let low = &self.book.settings.management.low_ratings;
        let rating = |review: &Review| review.standing(self.scheme).and_then(|it| it.closed.rating.clone());
        let is_low = |review: &Review| rating(review).is_some_and(|rating| low.contains(&rating));
        if before.period.plus(1) != last.period || !is_low(before) || !is_low(last) {
            return None;
        }
        let own = self.book.reviews.iter().filter(|review| *review.data.manager == *self.manager.id);
        let followed = own.into_iter().filter(|review| review.data.is_plan_followed());
        let planned = followed.filter_map(|review| review.data.improvement_plan.as_ref());
        let answered = planned.into_iter().any(|plan| {
            plan.start.0 <= self.day && plan.until.is_none_or(|until| until.0 >= last.period.first_day())
        });
        if answered || self.proposed_since(None, before.period.first_day()) {
            return None;
        }
        Some(self.question((&LOW_TWICE, say::LOW_TWICE), &rating(last)?, last.period, path!["grade"]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::load;
    use crate::source::Snapshot;

    /// Deposits of 1,200 against 1,000 in March and April: A, which promotes whoever is junior.
    const RULES: &str = "title = 'P'\nscheme = 's'\neffective = 2026-01-01\nperiod = 'month'\nmoney = '万元'\nmissing = 'zero'\n\
        [[indicators]]\nid = 'd'\nvalue = 'deposits.average'\nweight = 100\ntarget = 'targets.deposits'\n\
        curve = { kind = 'ratio', zero_target = 'skip' }\n[[ratings]]\nid = 'A'\nat_least = 100\n[[ratings]]\nid = 'D'\nbelow = 100\n\
        [[promotion]]\nfrom = 'junior'\nto = 'senior'\nall = ['rating == \"A\"']\nconsecutive = 2\n";

    fn review(period: &str, total: u32, rating: &str, more: &str) -> (String, String) {
        let text = format!(
            "manager = 'li'\nperiod = '{period}'\n{more}\n[closed.s]\npolicy = 'p'\ndigest = 'x'\nclosed_on = 2026-05-10\n\
             total = {total}\nrating = '{rating}'\n"
        );
        (format!("reviews/{period}/li.toml"), text)
    }

    fn found(manager: &str, deposits: u32, reviews: [(String, String); 2]) -> Vec<String> {
        let client = format!(
            "name = '甲'\ntier = 'key'\nstatus = 'active'\nmanager = 'li'\n[results]\n2026-03 = {{ deposits = {deposits} }}\n\
             2026-04 = {{ deposits = {deposits} }}\n"
        );
        let manager = format!(
            "name = '李娜'\n{manager}\n[targets]\n2026-03 = {{ deposits = 1000 }}\n2026-04 = {{ deposits = 1000 }}\n"
        );
        let texts = [
            ("rmbook.toml", "name = 'B'\n".to_owned()),
            ("policies/p.toml", RULES.to_owned()),
            ("clients/a.toml", client),
            ("managers/li.toml", manager),
        ];
        let texts = texts.map(|(path, text)| (path.to_owned(), text)).into_iter().chain(reviews);
        let (book, faults) = load(&Snapshot::new(texts.map(|(path, text)| (path, Ok(text)))));
        assert!(faults.is_empty(), "{faults:?}");
        let found = findings(&Portfolios::new(&book), &Policies::of(&book), "2026-06-01".parse().unwrap());
        found.iter().map(|finding| format!("{} {}", finding.rule.code, finding.message)).collect()
    }

    fn good() -> [(String, String); 2] {
        [review("2026-03", 120, "A", ""), review("2026-04", 120, "A", "")]
    }

    #[test]
    fn a_promotion_that_is_due_waits_for_a_proposal() {
        assert_eq!(
            found("grade = 'junior'", 1200, good()),
            ["RM695 li meets the rule for senior in 2026-04, and nobody proposed it"]
        );
        let proposed = "grade = 'junior'\nproposals = [{ date = 2026-05-12, to = 'senior' }]";
        assert_eq!(found(proposed, 1200, good()), [] as [&str; 0]);
        assert_eq!(found("grade = 'senior'", 1200, good()), [] as [&str; 0]);
    }

    #[test]
    fn a_grade_that_no_rule_gave_needs_a_reason() {
        let moved = |more: &str| {
            format!(
                "grade = 'senior'\ngrade_history = [{{ from = 2024-01-01, grade = 'junior' }}, {{ from = 2026-05-15, grade = 'senior'{more} }}]"
            )
        };
        let poor = || [review("2026-03", 120, "A", ""), review("2026-04", 80, "D", "")];
        assert_eq!(
            found(&moved(", reason = 'merit'"), 800, poor()),
            [
                "RM696 the rules did not give li the grade senior in 2026-04, and no `override_reason` says why"
            ]
        );
        // The change written before the older one is the last all the same.
        let turned = "grade = 'senior'\ngrade_history = [{ from = 2026-05-15, grade = 'senior' }, { from = 2024-01-01, grade = 'junior' }]";
        assert_eq!(found(turned, 800, poor()), found(&moved(""), 800, poor()));
        assert!(!found(turned, 800, poor()).is_empty());
        assert_eq!(found(&moved(", override_reason = 'merger'"), 800, poor()), [] as [&str; 0]);
        assert_eq!(found(&moved(""), 1200, good()), [] as [&str; 0]);
        // No rule leads to this grade at all.
        let beyond = moved(", reason = 'merit'").replace("grade = 'senior'", "grade = 'expert'");
        let says =
            "RM696 the rules did not give li the grade expert in 2026-04, and no `override_reason` says why";
        assert!(found(&beyond, 1200, good()).contains(&says.to_owned()));
    }

    #[test]
    fn low_ratings_twice_running_want_an_answer() {
        let low = |more| [review("2026-03", 80, "D", ""), review("2026-04", 80, "D", more)];
        assert_eq!(
            found("grade = 'junior'", 800, low("")),
            ["RM697 li was rated D in 2026-04 and low in the period before, without a plan or a proposal"]
        );
        assert_eq!(
            found(
                "grade = 'junior'",
                800,
                low("improvement_plan = { start = 2026-05-12, until = 2026-08-31 }")
            ),
            [] as [&str; 0]
        );
        // A plan that nobody is to look at again answers nothing.
        assert_eq!(
            found("grade = 'junior'", 800, low("improvement_plan = { start = 2026-05-12 }")),
            found("grade = 'junior'", 800, low(""))
        );
    }
}
