//! What a book says, as tables: its records row by row, the whole picture of one, and what is owed.
//!
//! A report is a pure function of the book and its arguments that gives [`Table`](crate::table::Table)s; it says what a value
//! is and leaves how it looks to [`crate::render`]. To add a report: one file here; what two reports share goes through this
//! module.

pub mod chain;
mod changes;
mod columns;
mod counted;
mod due;
pub mod explain;
mod lacking;
mod list;
pub mod policy;
pub mod practice;
pub mod scorecard;
mod settle;
mod show;
mod titles;

pub use changes::changes;
use columns::holds_answers;
pub use columns::{Personal, Sheet, Spec, Unknown, sheet, sheets, sheets_of, tables};
pub use due::{Duty, DutyKind, duties, duty_table, owed_by_leaver, owed_for_client};
pub use lacking::lacking_figures;
pub use list::{ListRequest, list};
pub use show::{Page, show};

use columns::{HOLDER, RECORD, cut, entries, keep_listed, parts, said, spec, together};
use counted::{counted, unpaid_lines};
use practice::{Input, Only, REPORTS, Scores, named};
pub(crate) use settle::quoted;
use settle::{Settle, entry, reference, settle_head_visit, settle_step};
use titles::{figure_title, signal_title, titled};

use rust_decimal::Decimal;

use crate::msg;
use crate::period::Period;
use crate::score::ahead::MoveKind;
use crate::score::blend::How;
use crate::score::card::Unjudged;
use crate::score::sealed::Outcome;
use crate::score::{ItemScore, Scorecard, Standing};
use crate::table::Cell;
use crate::text::{Arg, Message, Text, score, scorecard as say};

/// How an item came to its score, in a word; the reason where there is one.
fn standing(standing: &Standing) -> Cell {
    match standing {
        Standing::Scored => Cell::Said { key: "scored", text: say::SCORED },
        Standing::NotApplicable => Cell::Said { key: "not-applicable", text: say::NOT_APPLICABLE },
        Standing::Substituted(reason) => msg!(say::SUBSTITUTED, reason = reason.clone()).into(),
        Standing::Skipped(reason) => msg!(say::SKIPPED, reason = reason.clone()).into(),
        Standing::Failed(reason) => msg!(say::FAILED, reason = reason.clone()).into(),
    }
}

/// What a rule of a list is called.
fn rule_word(kind: MoveKind) -> Text {
    match kind {
        MoveKind::Promotion => say::PROMOTION_RULE,
        MoveKind::Demotion => say::DEMOTION_RULE,
        MoveKind::Warning => say::WARNING_RULE,
    }
}

/// How far a scorecard has come, in a word: closed, amended since, open, or of a period that is not over.
fn state(card: &Scorecard) -> Cell {
    let (key, text) = match &card.sealed {
        Some(sealed) if sealed.amended.is_some() => ("amended", say::AMENDED),
        Some(_) => ("closed", say::CLOSED),
        None if card.to_date => ("to-date", say::TO_DATE),
        None => ("open", say::OPEN),
    };
    Cell::Said { key, text }
}

/// What is said of a closed scorecard: what it was before it was amended, and what the records give now where that is
/// something else.
fn closing(card: &Scorecard) -> Option<Message> {
    let sealed = card.sealed.as_deref()?;
    let amended = sealed.amended.filter(|_| sealed.closed != sealed.stands).map(|day| {
        let (then, _) = apart(&sealed.closed, &sealed.stands);
        msg!(say::AMENDED_ON, day = day, then = then)
    });
    if !sealed.differs() {
        return amended;
    }
    let (then, now) = apart(&sealed.stands, &sealed.now);
    Some(match amended {
        Some(amended) => msg!(say::AMENDED_GIVE, amended = amended, now = now),
        None => msg!(say::RECORDS_GIVE, then = then, now = now),
    })
}

/// That places stand as they were closed, where amended totals would give others.
fn places_as_closed(card: &Scorecard) -> Option<Message> {
    let (then, now) = (&card.places, card.sealed.as_deref()?.amended_places?);
    let places = [
        (say::RANK, then.all, now.all),
        (say::RANK_BRANCH, then.branch, now.branch),
        (say::RANK_TEAM, then.team, now.team),
        (say::RANK_GRADE, then.grade, now.grade),
    ];
    let moved = places.into_iter().filter(|(_, then, now)| then.is_some() && then != now);
    let named = moved.filter_map(|(name, _, now)| Some(msg!(say::PLACE_OF, name = name, place = now?)));
    let named: Vec<Message> = named.collect();
    (!named.is_empty()).then(|| msg!(say::PLACES_AS_CLOSED, places = listed(named, COMMA)))
}

/// The parts in which two results differ, each in words.
fn apart(then: &Outcome, now: &Outcome) -> (Message, Message) {
    let number = |number: Option<Decimal>| {
        Arg::from(number.map_or_else(|| "–".to_owned(), |number| number.to_string()))
    };
    let word = |word: &Option<std::sync::Arc<str>>| Message::verbatim(word.as_deref().unwrap_or("–"));
    let total = |of: &Outcome| Message::new(TOTAL_ALONE, vec![("total", number(of.total))]);
    let pay = |of: &Outcome| Message::new(say::PAY_OF, vec![("pay", number(of.pay))]);
    let mut parts: Vec<(Message, Message)> = Vec::new();
    if then.total != now.total {
        parts.push((total(then), total(now)));
    }
    if then.rating != now.rating {
        parts.push((word(&then.rating), word(&now.rating)));
    }
    if then.pay != now.pay {
        parts.push((pay(then), pay(now)));
    }
    let (then, now): (Vec<Message>, Vec<Message>) = parts.into_iter().unzip();
    (listed(then, COMMA), listed(now, COMMA))
}

const TOTAL_ALONE: Text = Text::new("{total}", "{total}");
/// What stands between words of one remark, and between remarks.
const COMMA: Text = Text::new("{first}, {rest}", "{first}、{rest}");
const SEMICOLON: Text = Text::new("{first}; {rest}", "{first}；{rest}");

/// Messages in one, in order.
fn listed(messages: Vec<Message>, joint: Text) -> Message {
    let mut messages = messages.into_iter().rev();
    let last = messages.next().unwrap_or_else(|| Message::verbatim(""));
    messages.fold(last, |rest, first| msg!(joint, first = first, rest = rest))
}

/// A value as tables show it, to four places; the explanation has all of them.
fn shown_value(value: Decimal) -> Decimal {
    value.round_dp(4).normalize()
}

/// Why a scorecard states no total, rating or pay.
fn withheld(card: &Scorecard) -> Vec<Message> {
    let mut said: Vec<Message> = Vec::new();
    for error in card.faults() {
        // What looks at a rating is withheld for the reason the rating is.
        if !said.contains(&error.reason) {
            said.push(error.reason.clone());
        }
    }
    said.extend(card.not_assessed.clone());
    said
}

/// What is to be said of a scorecard beside its numbers.
fn remark(card: &Scorecard) -> Cell {
    let mut said = withheld(card);
    said.extend(closing(card));
    said.extend(places_as_closed(card));
    let waits = card.unplaced.iter().filter(|_| card.standing.is_some());
    said.extend(waits.map(|open| msg!(say::NO_PLACE, reason = open.clone())));
    said.extend(card.vetoes.iter().map(|veto| msg!(say::VETOED, title = &*veto.title)));
    said.extend(card.promotion.iter().map(|due| msg!(say::PROMOTION, grade = &*due.to)));
    said.extend(card.demotion.iter().map(|due| msg!(say::DEMOTION, grade = &*due.to)));
    said.extend(card.warnings.iter().map(|warning| msg!(say::WARNED, title = &*warning.to)));
    said.extend(card.unjudged.iter().map(unjudged));
    said.extend(card.left_out.clone());
    said.extend(to_date(card));
    said.extend(leapt(card));
    said.extend(left_open(card));
    said.extend(spread(card));
    said.extend(in_part(card));
    said.extend(reckoned_without(card));
    said.extend(counted(card));
    if said.is_empty() { Cell::Missing } else { listed(said, SEMICOLON).into() }
}

/// The figures of periods that are not closed, or from before the scheme began, without which items and pay lines were reckoned, or
/// in whose place an earlier one stands.
fn reckoned_without(card: &Scorecard) -> Vec<Message> {
    if card.sealed.is_some() {
        return Vec::new();
    }
    let items = card.items.iter().filter(|item| item.points.is_some() || item.score.is_some());
    let items = items.map(|item| (&*item.title, &item.figures));
    let lines = card.pay.iter().flat_map(|pay| &pay.lines).map(|line| (&*line.title, &line.figures));
    let lacking = items.chain(lines).flat_map(|(title, figures)| {
        figures.iter().filter_map(move |figure| {
            let reason = figure.value.as_ref().err()?;
            if reason.is(score::STANDS_IN) {
                return Some(msg!(say::LINE_SAYS, line = title, reason = reason.clone()));
            }
            let told = reason.is(score::LEFT_OPEN) || reason.is(score::SCHEME_BEGINS);
            told.then(|| {
                msg!(say::RECKONED_WITHOUT, line = title, name = &*figure.name, reason = reason.clone())
            })
        })
    });
    lacking.collect()
}

/// What is carried over a period that is not closed, from each period once.
fn leapt(card: &Scorecard) -> Vec<Message> {
    let mut leaps: Vec<((Period, Period), Vec<&ItemScore>)> = Vec::new();
    for item in &card.items {
        let Some((from, open)) = item.left_over.and_then(|from| Some((from.period, from.leapt?))) else {
            continue;
        };
        match leaps.iter_mut().find(|(leap, _)| *leap == (from, open)) {
            Some((_, items)) => items.push(item),
            None => leaps.push(((from, open), vec![item])),
        }
    }
    let said = leaps.into_iter().map(|((from, open), items)| {
        msg!(say::CARRY_LEAPS, items = names_of(&items), from = from.to_string(), open = open.to_string())
    });
    said.collect()
}

/// What nothing is carried over into, because the period before is not closed.
fn left_open(card: &Scorecard) -> Option<Message> {
    let items: Vec<&ItemScore> = card.items.iter().filter(|item| item.left_open.is_some()).collect();
    let open = items.first()?.left_open?;
    Some(msg!(say::CARRY_OPEN, items = names_of(&items), open = open.to_string()))
}

/// Which months a scorecard to date is of.
fn to_date(card: &Scorecard) -> Option<Message> {
    let over = card.over.filter(|_| card.sealed.is_none())?;
    Some(msg!(say::TO_DATE_OVER, first = over.first.to_string(), last = over.last.to_string()))
}

/// Items by their ids, and by their titles in Chinese.
fn names_of(items: &[&ItemScore]) -> Message {
    let named = |name: fn(&ItemScore) -> &str, joint| {
        items.iter().map(|item| name(item)).collect::<Vec<_>>().join(joint)
    };
    Message::both(named(|item| &item.id, ", "), named(|item| &item.title, "、"))
}

/// A rule that nobody can judge, and what it lacks.
fn unjudged(open: &Unjudged) -> Message {
    let to = open.error.item.as_deref().unwrap_or_default();
    msg!(say::UNJUDGED, rule = rule_word(open.kind), to = to, reason = open.error.reason.clone())
}

/// The indicators that some parts of a scorecard did not judge: in how many they were, so that points do not look like the score
/// times the weight.
fn in_part(card: &Scorecard) -> Option<Message> {
    let blend = card.blend.as_ref().filter(|blend| blend.how != How::Last)?;
    let judged: Vec<&Scorecard> =
        blend.parts.iter().filter(|part| part.is_judged()).map(|part| &part.card).collect();
    let counts = |item: &ItemScore| {
        let counts = |card: &&&Scorecard| card.item(&item.id).is_some_and(|own| own.standing.counts());
        judged.iter().filter(counts).count()
    };
    let weighed = card.items.iter().filter(|item| item.weight.is_some()).map(|item| (item, counts(item)));
    let partly: Vec<(&ItemScore, usize)> =
        weighed.filter(|(_, count)| *count > 0 && *count < judged.len()).collect();
    let named = |name: fn(&ItemScore) -> &str, joint| {
        let named = partly.iter().map(|(item, count)| format!("{} {count}", name(item)));
        named.collect::<Vec<_>>().join(joint)
    };
    let items = Message::both(named(|item| &item.id, ", "), named(|item| &item.title, "、"));
    (!partly.is_empty()).then(|| msg!(say::JUDGED_IN_PART, count = judged.len(), items = items))
}

/// The indicators whose weight went to the others because a figure or a target is missing.
fn spread(card: &Scorecard) -> Option<Message> {
    let zero: Message = score::ZERO_TARGET.into();
    let missing = |item: &&ItemScore| {
        item.weight.is_some() && matches!(&item.standing, Standing::Skipped(reason) if *reason != zero)
    };
    let items: Vec<&ItemScore> = card.items.iter().filter(missing).collect();
    let known = card.total.is_some() && !items.is_empty();
    known.then(|| msg!(say::WEIGHT_SPREAD, items = names_of(&items)))
}
