//! The draft of a review: what the scorecard says is strong and weak, what moved, and what is still open.
//!
//! Strengths and improvements are fields for the reviewer to edit; the rest are comments that say where each figure came
//! from. A draft is made only for a review that does not stand yet, so it never touches what somebody wrote or closed.

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;

use super::given::{Given, Pairs};
use crate::book::Book;
use crate::metric::Portfolios;
use crate::msg;
use crate::period::Period;
use crate::record::kind::RecordKind;
use crate::report::practice::in_business;
use crate::report::{Duty, DutyKind, duties};
use crate::score::Asked;
use crate::score::ahead::{Ahead, Lever};
use crate::score::apply::{Policies, Request, Scored, latest, run};
use crate::score::card::{ItemScore, Scorecard, Standing};
use crate::text::{Lang, Message, draft as say};

/// How many indicators are named on either side, and how many moved ones at most.
const NAMED: usize = 3;
/// An indicator that moved by fewer points of score is not mentioned.
const MOVED: Decimal = Decimal::ONE;
/// Days ahead within which open work is mentioned.
const HORIZON: u64 = 30;

/// Whose review is drafted, on which day, in which language.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The manager.
    pub manager: &'a str,
    /// The period.
    pub period: Period,
    /// The day of the draft.
    pub today: NaiveDate,
    /// The language of what is written.
    pub lang: Lang,
}

/// What a new review begins with.
#[derive(Debug)]
pub struct Drafted {
    /// Fields, as they would be given by flags.
    pub fields: Pairs,
    /// Comment lines, each with its `#`.
    pub remarks: Vec<String>,
}

/// The draft of a review; nothing where no policy gives the manager a total for the period, or the period is not over or
/// its figures are not in the book yet.
pub fn drafted(book: &Book, wanted: Wanted<'_>) -> Option<Drafted> {
    latest(book, wanted.period.grain(), Some(wanted.today)).filter(|last| wanted.period <= *last)?;
    let policies = Policies::of(book);
    let portfolios = Portfolios::new(book);
    let scored = scored(&portfolios, &policies, wanted.period, wanted.manager)?;
    let card = own(&scored, wanted.manager)?;
    let ahead = card.ahead.as_ref()?;
    let earlier = Earlier::of(&portfolios, &policies, &scored, wanted);
    let words = |message: &Message| Given::Text(message.get(wanted.lang));
    let list = |messages: Vec<Message>| Given::List(messages.iter().map(words).collect());
    let mut fields: Pairs = Vec::new();
    let manager = book.managers.get(wanted.manager);
    let reviewer = manager.and_then(|manager| manager.data.supervisor_on(wanted.today));
    fields.extend(reviewer.map(|reviewer| ("reviewer".to_owned(), Given::Text(reviewer.to_string()))));
    fields.push(("strengths".to_owned(), list(strengths(card))));
    fields.push(("improvements".to_owned(), list(improvements(book, ahead))));
    let mut lines = head(&scored, card, wanted, earlier.as_ref());
    lines.extend(earlier.iter().flat_map(|earlier| moved(card, earlier)));
    lines.extend(open(book, wanted));
    let remarks = lines.iter().map(|line| format!("# {}", one_line(&line.get(wanted.lang)))).collect();
    Some(Drafted { fields, remarks })
}

/// A record's own words must not end a comment.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn scored<'p>(
    portfolios: &Portfolios<'_>,
    policies: &'p Policies,
    period: Period,
    manager: &str,
) -> Option<Scored<'p>> {
    let schemes = policies.ready.values().filter(|policy| policy.record.period.grain() == period.grain());
    let of = |scheme| {
        let request =
            Request { period: Some(period), scheme: Some(scheme), ahead: true, ..Request::default() };
        run(portfolios, policies, request, &Asked::default()).unwrap_or_default()
    };
    let mut scored = schemes.flat_map(|policy| of(policy.record.scheme.as_str()));
    scored.find(|scored| own(scored, manager).is_some_and(|card| card.total.is_some()))
}

fn own<'s>(scored: &'s Scored<'_>, manager: &str) -> Option<&'s Scorecard> {
    scored.cards.iter().find(|card| *card.profile.id == *manager)
}

/// The indicators nearest to full marks or beyond, the best first. Full marks for want of anything that was due are no strength.
fn strengths(card: &Scorecard) -> Vec<Message> {
    let part = |item: &ItemScore| item.score.and_then(|score| score.checked_div(item.full));
    let mut best: Vec<(&ItemScore, Decimal)> = card
        .items
        .iter()
        .filter(|item| item.effective_weight.is_some() && item.standing == Standing::Scored)
        .filter_map(|item| Some((item, part(item)?)))
        .filter(|(_, part)| *part >= Decimal::new(9, 1))
        .collect();
    best.sort_by_key(|(_, part)| std::cmp::Reverse(*part));
    let said = |(item, _): &(&ItemScore, Decimal)| {
        msg!(say::STRENGTH, item = &*item.title, score = plain(item.score), points = plain(item.points))
    };
    best.iter().take(NAMED).map(said).collect()
}

/// The indicators with most points to gain, each with the figure that full marks ask for.
fn improvements(book: &Book, ahead: &Ahead) -> Vec<Message> {
    let said = |lever: &Lever| {
        let (item, score, gain) = (&*lever.title, plain(Some(lever.score)), plain(Some(lever.gain)));
        match &lever.full {
            Some(need) => {
                let need = in_business(&book.settings, need);
                msg!(say::IMPROVEMENT_WITH, item = item, score = score, gain = gain, need = need)
            }
            None => msg!(say::IMPROVEMENT, item = item, score = score, gain = gain),
        }
    };
    ahead.levers.iter().filter(|lever| lever.gain > Decimal::ZERO).take(NAMED).map(said).collect()
}

fn plain(number: Option<Decimal>) -> String {
    number.map_or_else(|| "–".to_owned(), |number| number.round_dp(2).normalize().to_string())
}

/// With its sign, also where it is positive.
fn signed(number: Decimal) -> String {
    let number = number.round_dp(2).normalize();
    if number > Decimal::ZERO { format!("+{number}") } else { number.to_string() }
}

/// The period before under the same scheme: as it was closed, else scored again.
struct Earlier {
    period: Period,
    closed: bool,
    total: Option<Decimal>,
    /// The score of each item.
    scores: Vec<(Box<str>, Decimal)>,
}

impl Earlier {
    fn of(
        portfolios: &Portfolios<'_>,
        policies: &Policies,
        now: &Scored<'_>,
        wanted: Wanted<'_>,
    ) -> Option<Self> {
        let period = wanted.period.plus(-1);
        let review = portfolios.book().reviews.get(&format!("{period}/{}", wanted.manager));
        if let Some(standing) = review.and_then(|review| review.data.standing(&now.policy.record.scheme)) {
            let closed = standing.closed;
            let scores = closed.indicators.iter();
            let scores = scores.filter_map(|(id, item)| Some((id.as_str().into(), item.score?.0))).collect();
            let total = closed.total.map(|total| total.0);
            return Some(Self { period, closed: true, total, scores });
        }
        let then = scored(portfolios, policies, period, wanted.manager)?;
        let card =
            own(&then, wanted.manager).filter(|_| then.policy.record.scheme == now.policy.record.scheme)?;
        let scores = card.items.iter().filter_map(|item| Some(((&*item.id).into(), item.score?))).collect();
        Some(Self { period, closed: false, total: card.total, scores })
    }
}

/// Where the figures came from, the total, and the total before.
fn head(
    scored: &Scored<'_>,
    card: &Scorecard,
    wanted: Wanted<'_>,
    earlier: Option<&Earlier>,
) -> Vec<Message> {
    let (period, today) = (wanted.period.to_string(), wanted.today);
    let mut lines = vec![
        msg!(say::DRAFTED, day = today, period = &period, policy = scored.id),
        msg!(say::SOURCE, period = &period, manager = wanted.manager),
        msg!(say::TOTAL, total = plain(card.total), rating = card.rating.as_deref().unwrap_or("–")),
    ];
    if let Some((earlier, then)) = earlier.and_then(|earlier| Some((earlier, earlier.total?))) {
        let text = if earlier.closed { say::BEFORE_CLOSED } else { say::BEFORE };
        let change = card.total.map(|total| signed(total - then)).unwrap_or_default();
        lines.push(msg!(
            text,
            period = earlier.period.to_string(),
            total = plain(Some(then)),
            change = change
        ));
    }
    lines
}

/// The indicators that moved most against the period before, up or down.
fn moved(card: &Scorecard, earlier: &Earlier) -> Vec<Message> {
    let change = |item: &ItemScore| {
        let (_, then) = earlier.scores.iter().find(|(id, _)| **id == *item.id)?;
        Some((item.title.clone(), *then, item.score?))
    };
    let mut moved: Vec<_> = card.items.iter().filter_map(change).collect();
    moved.retain(|(_, then, now)| (*now - *then).abs() >= MOVED);
    moved.sort_by_key(|(_, then, now)| std::cmp::Reverse((*now - *then).abs()));
    let said = |(item, then, now): (std::sync::Arc<str>, Decimal, Decimal)| {
        let change = signed(now - then);
        msg!(say::MOVED, item = &*item, then = plain(Some(then)), now = plain(Some(now)), change = change)
    };
    moved.into_iter().take(2 * NAMED).map(said).collect()
}

/// What the manager owes, and the checkpoints of the manager's improvement plans, overdue or due soon.
fn open(book: &Book, wanted: Wanted<'_>) -> Vec<Message> {
    let until = wanted.today.checked_add_days(Days::new(HORIZON)).unwrap_or(wanted.today);
    let of_plan = |duty: &Duty| {
        let of_review =
            matches!(duty.kind, DutyKind::Checkpoint | DutyKind::ImprovementPlan | DutyKind::Talk);
        of_review
            && duty.record.0 == RecordKind::Review
            && duty.record.1.rsplit_once('/').is_some_and(|(_, manager)| manager == wanted.manager)
    };
    let owed = duties(book, wanted.today, until);
    let own = owed.iter().filter(|duty| duty.owner.as_deref() == Some(wanted.manager) || of_plan(duty));
    let lines: Vec<Message> = own.map(|duty| duty_line(duty, wanted.today)).collect();
    let heading = if lines.is_empty() { say::NOTHING_OPEN } else { say::OPEN };
    std::iter::once(msg!(heading, days = HORIZON.to_string())).chain(lines).collect()
}

fn duty_line(duty: &Duty, today: NaiveDate) -> Message {
    let what = duty.what.as_deref().map(|what| format!(" {what}")).unwrap_or_default();
    let text = if duty.due < today { say::OVERDUE } else { say::DUE };
    msg!(
        text,
        due = duty.due,
        kind = duty.kind.title(),
        name = &duty.name,
        what = what,
        settle = &duty.settle
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::load;
    use crate::source::Snapshot;

    const FILES: [(&str, &str); 5] = [
        (
            "rmbook.toml",
            "name = '支行'\n[measures.deposits]\ntitle = '存款日均'\ntitle_en = 'Average deposits'\nunit = '万元'\nkind = 'balance'\n\
             [measures.loans]\ntitle = '贷款日均'\nunit = '万元'\nkind = 'balance'\n",
        ),
        ("managers/zhao.toml", "name = '赵敏'\n"),
        (
            "managers/li.toml",
            "name = '李娜'\nreports_to = 'zhao'\ntargets = { 2026-09 = { deposits = 1000, loans = 100 }, 2026-10 = { deposits = 1000, loans = 100 } }\n",
        ),
        (
            "clients/a.toml",
            "name = '甲'\ntier = 'key'\nstatus = 'active'\nmanager = 'li'\n[results]\n2026-09 = { deposits = 900, loans = 100 }\n\
             2026-10 = { deposits = 800, loans = 100 }\n[[visits]]\ndate = 2026-10-09\nby = 'li'\nkind = 'on-site'\n\
             [[visits.next]]\nwhat = '送方案'\ndue = 2026-10-20\n",
        ),
        (
            "policies/p.toml",
            "title = 'P'\nscheme = 's'\neffective = 2026-01-01\nperiod = 'month'\nmoney = '万元'\nmissing = 'zero'\n\
             [[indicators]]\nid = 'd'\ntitle = '存款'\nvalue = 'deposits.average'\nweight = 60\ntarget = 'targets.deposits'\ncurve = { kind = 'ratio', zero_target = 'skip' }\n\
             [[indicators]]\nid = 'l'\ntitle = '贷款'\nvalue = 'loans.average'\nweight = 40\ntarget = 'targets.loans'\ncurve = { kind = 'ratio', zero_target = 'skip' }\n",
        ),
    ];

    fn draft(period: &str) -> Option<Drafted> {
        let texts = FILES.map(|(path, text)| (path.to_owned(), Ok(text.to_owned())));
        let (book, faults) = load(&Snapshot::new(texts));
        assert!(faults.is_empty(), "{faults:?}");
        let (today, lang) = ("2026-11-03".parse().unwrap(), Lang::En);
        drafted(&book, Wanted { manager: "li", period: period.parse().unwrap(), today, lang })
    }

    #[test]
    fn strong_and_weak_indicators_become_fields_and_the_rest_comments() {
        let drafted = draft("2026-10").unwrap();
        let texts =
            |words: &[&str]| Given::List(words.iter().map(|word| Given::Text((*word).to_owned())).collect());
        // 800 of 1,000 score 80, which lacks 12 of its 60 points; the loans give all their 40.
        let expected: Pairs = vec![
            ("reviewer".into(), Given::Text("zhao".into())),
            ("strengths".into(), texts(&["贷款: score 100, 40 points"])),
            (
                "improvements".into(),
                texts(&["存款: score 80, 12 points short; full marks take Average deposits +200 万元"]),
            ),
        ];
        assert_eq!(drafted.fields, expected);
        // September had 54 and 40 points.
        let remarks = drafted.remarks.join("\n");
        for line in ["# total 88, rating –", "# 2026-09: 94 (change -6)", "# 存款: score 90 → 80 (-10)"]
        {
            assert!(remarks.contains(line), "{remarks}");
        }
        assert!(
            remarks.contains("# overdue since 2026-10-20: promised action, 甲 送方案: rmbook set a"),
            "{remarks}"
        );
    }

    #[test]
    fn a_period_without_a_total_has_no_draft() {
        assert!(draft("2026-Q3").is_none());
        assert!(draft("2026-11").is_none());
    }
}
