//! A book scored: every policy in force applied to everybody it is for.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Asked;
use super::beyond::Beyond;
use super::book::BookIndex;
use super::card::Scorecard;
use super::round::Round;
use crate::book::Book;
use crate::book::figured::Figured;
use crate::diag::{Finding, Level};
use crate::metric::{Names, Portfolios};
use crate::period::{Grain, Period};
use crate::policy::{self, Policy, lessened, money, schemes, succession};
use crate::text::Message;

/// The policies of a book that can be applied, by id, and what is wrong with the others.
pub struct Policies {
    /// The policies.
    pub ready: BTreeMap<Box<str>, Policy>,
    /// Those that score nobody until they are mended, and already say whom they are for.
    pub refused: BTreeMap<Box<str>, Policy>,
    /// What was found in all of them.
    pub findings: Vec<Finding>,
}

impl Policies {
    /// Compiles every policy of the book. Where the settings that declare its measures do not load, none is ready, and what is
    /// wrong in it whatever they say is found.
    pub fn of(book: &Book) -> Self {
        let mut policies = Self { ready: BTreeMap::new(), refused: BTreeMap::new(), findings: Vec::new() };
        let names = Names::of_book(book);
        let other_money = money::differing(book.policies.iter().map(|record| (record.file, &record.data)));
        for record in &book.policies {
            let (policy, mut findings) = policy::judge(record.file, &record.data, &names);
            if book.lacks_settings() {
                findings.retain(policy::is_of_the_policy_alone);
                policies.findings.extend(findings);
                continue;
            }
            findings.extend(other_money.iter().filter(|finding| finding.at.file == record.file).cloned());
            let denies = |findings: &[Finding]| findings.iter().any(|finding| finding.level == Level::Deny);
            if !denies(&findings) {
                findings.extend(policy.in_book(&names));
            }
            if !denies(&findings) {
                policies.ready.insert(record.id.clone(), policy);
            } else if policy.says_for_whom() {
                policies.refused.insert(record.id.clone(), policy);
            }
            policies.findings.extend(findings);
        }
        policies.refuse(schemes::faults(policies.ready.values()));
        policies.refuse(succession::figures(policies.ready.values()));
        policies.findings.extend(succession::totals(policies.ready.values()));
        policies.findings.extend(lessened::lines(policies.ready.values()));
        policies
    }

    /// Refuses the policies that these findings are in.
    fn refuse(&mut self, findings: Vec<Finding>) {
        for finding in &findings {
            let faulty = self.ready.iter().find(|(_, policy)| policy.file == finding.at.file);
            let Some(id) = faulty.map(|(id, _)| id.clone()) else { continue };
            self.refused.extend(self.ready.remove(&id).map(|policy| (id, policy)));
        }
        self.findings.extend(findings);
    }

    /// Every policy that says whom it is for, in no order.
    pub fn all(&self) -> impl Iterator<Item = (&str, &Policy)> {
        self.ready.iter().chain(&self.refused).map(|(id, policy)| (&**id, policy))
    }
}

/// What one policy gave for one period.
pub struct Scored<'p> {
    /// Id of the policy.
    pub id: &'p str,
    /// The policy.
    pub policy: &'p Policy,
    /// The period.
    pub period: Period,
    /// A scorecard for everybody it applies to, in id order.
    pub cards: Vec<Scorecard>,
    /// What was made beyond it for its managers.
    pub(super) beyond: Arc<Beyond>,
}

/// Which scorecards are asked for.
#[derive(Clone, Copy, Default)]
pub struct Request<'p> {
    /// The period; without one, the last of each policy's grain that the book has figures for.
    pub period: Option<Period>,
    /// Only the policies of this scheme.
    pub scheme: Option<&'p str>,
    /// This policy for everybody it applies to, whatever is in force.
    pub instead: Option<(&'p str, &'p Policy)>,
    /// The day the run counts as today.
    pub today: Option<chrono::NaiveDate>,
    /// The last day whose records are known, by which what is not over is judged; `today` where absent.
    pub known: Option<chrono::NaiveDate>,
    /// The last day whose amendments and entries of the ledger count; `today` where absent.
    pub booked: Option<chrono::NaiveDate>,
    /// Whether scorecards say what lies ahead.
    pub ahead: bool,
    /// Whether what was closed stands in the place of what the records give now.
    pub as_closed: bool,
}

/// Scores a book. Policies come in id order, and so do the scorecards of each.
pub fn run<'p>(
    portfolios: &Portfolios<'_>,
    policies: &'p Policies,
    request: Request<'p>,
    asked: &Asked,
) -> Result<Vec<Scored<'p>>, Message> {
    let index = BookIndex::new(portfolios, asked, request.known.or(request.today));
    let round = Round::new(&index, policies, request);
    let mut scored = Vec::new();
    for (period, schemes) in by_period(index.book(), policies, request) {
        scored.extend(round.of(period, &schemes)?);
    }
    Ok(scored)
}

/// The schemes to score, under the period each is scored for.
fn by_period<'p>(
    book: &Book,
    policies: &'p Policies,
    request: Request<'p>,
) -> BTreeMap<Period, Vec<&'p str>> {
    let ready = policies.ready.values();
    let wanted = ready.filter(|policy| request.scheme.is_none_or(|scheme| policy.record.scheme == scheme));
    let mut periods: BTreeMap<Period, Vec<&str>> = BTreeMap::new();
    for policy in request
        .instead
        .map(|(_, policy)| policy)
        .into_iter()
        .chain(wanted.filter(|_| request.instead.is_none()))
    {
        let grain = policy.record.period.grain();
        let Some(period) = request.period.or_else(|| latest(book, grain, request.today)) else { continue };
        let schemes = periods.entry(period).or_default();
        if !schemes.contains(&policy.record.scheme.as_str()) {
            schemes.push(&policy.record.scheme);
        }
    }
    periods
}

/// The last period of a grain that is over on `today`, for whose every month the book has figures and whose last month's are in.
pub fn latest(book: &Book, grain: Grain, today: Option<chrono::NaiveDate>) -> Option<Period> {
    let figured = Figured::of(book);
    let over = |period: &Period| today.is_none_or(|today| period.last_day() < today);
    let mut periods: Vec<Period> = figured.months().map(|month| Period::containing(month, grain)).collect();
    periods.dedup();
    let known = |period: &Period| {
        period.months().iter().all(|month| figured.contains(month)) && figured.is_in(period.last())
    };
    periods.into_iter().rev().find(|period| over(period) && known(period))
}

#[cfg(test)]
mod tests {
    use super::Policies;
    use crate::book::load;
    use crate::source::Snapshot;

    /// What is found in a policy that follows one in ten thousand yuan, and how many of the two can be applied.
    fn beside(second: &str) -> (Vec<String>, usize) {
        let policy = |more: &str| {
            format!(
                "title = \"P\"\nperiod = \"month\"\n{more}\n[[pay.lines]]\nid = \"a\"\namount = \"1 元\"\n"
            )
        };
        let texts = [
            ("rmbook.toml", "name = \"B\"\n".to_owned()),
            ("policies/p.toml", policy("scheme = \"s\"\neffective = 2026-01-01\nmoney = \"万元\"")),
            ("policies/a.toml", policy(second)),
        ];
        let texts = texts.map(|(path, text)| (path.to_owned(), Ok(text)));
        let (book, _) = load(&Snapshot::new(texts));
        let policies = Policies::of(&book);
        (policies.findings.iter().map(|it| it.message.to_string()).collect(), policies.ready.len())
    }

    #[test]
    fn a_policy_keeps_the_unit_of_money_of_its_scheme() {
        assert_eq!(
            beside("scheme = \"s\"\neffective = 2026-07-01\nmoney = \"元\""),
            (vec!["amounts are in 元, and those of the scheme `s` in 万元".to_owned()], 1)
        );
        assert_eq!(beside("scheme = \"s\"\neffective = 2026-07-01\nmoney = \"万元\""), (Vec::new(), 2));
        assert_eq!(beside("scheme = \"t\"\neffective = 2026-07-01\nmoney = \"元\""), (Vec::new(), 2));
    }
}
