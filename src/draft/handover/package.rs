//! What a handover hands over: balances, facilities and open work, each with its day.

use chrono::NaiveDate;

use crate::book::deadline::Deadlines;
use crate::edit::render::{Table, Value};
use crate::msg;
use crate::period::Month;
use crate::record::client::Client;
use crate::report::{Duty, DutyKind};
use crate::text::{Message, handover as say};

/// The month-end balances of the last month over by the day, at most two months back, and the day they are of; an average
/// is no position.
pub(super) fn position(client: &Client, on: NaiveDate) -> Table {
    let now = Month::of(on);
    let last = client.results.range(..now).next_back().filter(|(month, _)| now.since(**month) <= 2);
    let Some((month, figures)) = last else { return Table::new() };
    let ends =
        figures.iter().filter_map(|(measure, figure)| Some((measure.to_string(), figure.end?.0.into())));
    let position: Table = ends.collect();
    if position.is_empty() {
        return Table::new();
    }
    vec![("position_on".to_owned(), month.last_day().into()), ("position".to_owned(), Value::Table(position))]
}

/// Every facility as it stood on the day.
pub(super) fn facilities(client: &Client, on: NaiveDate) -> Vec<Value> {
    let there = client.facilities.iter().filter_map(|facility| facility.as_of(on));
    let handed = there.map(|facility| {
        let day =
            |key: &str, day: Option<crate::record::value::Day>| day.map(|day| (key.to_owned(), day.0.into()));
        let mut handed: Table = vec![
            ("id".to_owned(), facility.id.as_str().into()),
            ("drawn".to_owned(), facility.drawn.0.into()),
            ("class".to_owned(), facility.class.word().into()),
        ];
        handed.extend(day("overdue_since", facility.overdue_since));
        handed.extend(day("matures", facility.matures));
        Value::Table(handed)
    });
    handed.collect()
}

/// Days after the handover within which a visit that is owed by then is open work; later ones are the new lead's own.
const SOON: i64 = 30;

/// The open work, in words: what was promised, what lending asks for, and all else that is `owed` for the client.
pub(super) fn open(client: &Client, deadlines: &Deadlines<'_>, on: NaiveDate, owed: &[Duty]) -> Vec<Message> {
    let mut open = promised(client, deadlines, on);
    open.extend(lending(client, deadlines, on));
    open.extend(owed.iter().filter(|duty| is_unlisted(duty, on)).map(|duty| {
        let words = match &duty.what {
            Some(what) => msg!(say::DUTY, duty = duty.kind.title(), what = what),
            None => duty.kind.title().into(),
        };
        due(words, Some(duty.due))
    }));
    open
}

/// Whether a duty stands in none of the other lists, which hold what has no day too. A kind of duty that is new is open work.
fn is_unlisted(duty: &Duty, on: NaiveDate) -> bool {
    use DutyKind as Kind;
    match duty.kind {
        Kind::ConfirmComplaint | Kind::ProposeComplaint | Kind::DecideComplaint => false,
        Kind::FollowUpComplaint | Kind::CloseComplaint => false,
        Kind::Action | Kind::Solution | Kind::Opportunity | Kind::StaleOpportunity | Kind::Request => false,
        Kind::Warning | Kind::Maturity | Kind::RenewalPlan | Kind::Covenant | Kind::RiskReview => false,
        // The handover itself.
        Kind::NewLead | Kind::CarryOut | Kind::Handover => false,
        // A visit planned for a day to come is listed, one that was missed is not.
        Kind::PlannedVisit => duty.due < on,
        Kind::Visit | Kind::HeadVisit | Kind::OnSiteVisit => (duty.due - on).num_days() <= SOON,
        _ => true,
    }
}

fn promised(client: &Client, deadlines: &Deadlines<'_>, on: NaiveDate) -> Vec<Message> {
    let mut open = Vec::new();
    let actions = client.visits.iter().flat_map(|visit| &visit.next);
    for action in actions.filter(|action| action.done.is_none()) {
        open.push(due(msg!(say::ACTION, what = &action.what), action.due.map(|day| day.0)));
    }
    for plan in client.planned.iter().filter(|plan| plan.date.0 >= on && plan.cancelled.is_none()) {
        let what = plan.goal.as_deref().unwrap_or(&plan.by);
        open.push(due(msg!(say::VISIT, what = what), Some(plan.date.0)));
    }
    for need in &client.needs {
        let limit = deadlines.need(need);
        open.extend(limit.map(|limit| due(msg!(say::NEED, what = &need.what), Some(limit))));
    }
    for deal in &client.opportunities {
        if deal.is_open() {
            let words = [Some(&deal.id), deal.product.as_ref()].into_iter().flatten().cloned();
            let what = words.collect::<Vec<_>>().join(" ");
            open.push(due(msg!(say::DEAL, what = what), deal.expected.map(|day| day.0)));
        }
    }
    for complaint in &client.complaints {
        let step = deadlines.complaint(complaint);
        open.extend(step.map(|(_, limit)| due(msg!(say::COMPLAINT, what = &complaint.id), Some(limit))));
    }
    for request in client.requests.iter().filter(|request| request.done.is_none()) {
        open.push(due(msg!(say::REQUEST, what = &request.what), request.due.map(|day| day.0)));
    }
    open
}

fn lending(client: &Client, deadlines: &Deadlines<'_>, on: NaiveDate) -> Vec<Message> {
    let mut open = Vec::new();
    for warning in &client.warnings {
        let limit = deadlines.warning(warning);
        open.extend(limit.map(|limit| due(msg!(say::WARNING, what = &warning.signal), Some(limit))));
    }
    for facility in &client.facilities {
        let matures = deadlines.matures_soon(facility, on);
        open.extend(
            matures.map(|matures| due(msg!(say::MATURITY, what = facility.id.as_str()), Some(matures))),
        );
    }
    for covenant in &client.covenants {
        let limit = deadlines.covenant(covenant);
        open.extend(limit.map(|limit| due(msg!(say::COVENANT, what = &covenant.what), Some(limit))));
    }
    for risk in client.risks.iter().filter(|risk| risk.closed.is_none()) {
        open.push(due(msg!(say::RISK, what = &risk.what), risk.review.map(|day| day.0)));
    }
    open
}

fn due(words: Message, day: Option<NaiveDate>) -> Message {
    match day {
        Some(day) => msg!(say::DUE, words = words, due = day),
        None => words,
    }
}
