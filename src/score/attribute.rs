//! What the client or the facility is that an item is evaluated for.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::facts::{Evidence, Known, Part};
use crate::book::Record;
use crate::metric::risk::mean_by_days;
use crate::metric::{Aggregate, MetricQuery, moved};
use crate::path;
use crate::period::{Months, whole_months};
use crate::policy::expr::{Attribute, Value};
use crate::record::client::Client;
use crate::record::risk::Facility;
use crate::record::value::Day;
use crate::source::Place;

/// An attribute of a client, or of the facility of it that the part names, as it stood on a day.
pub(super) fn attribute_of(
    client: &Client,
    part: &Part,
    attribute: Attribute,
    day: NaiveDate,
) -> Option<Value> {
    let written = || {
        let (_, id) = part.id.split_once('/')?;
        client.facilities.iter().find(|facility| facility.id == id)
    };
    // What was settled is what it was on the last day before.
    let facility = || {
        let last = written()?.settled.and_then(|settled| settled.0.pred_opt()).unwrap_or(day);
        written()?.as_of(day.min(last))
    };
    let until_then = |of: Option<Day>| of.filter(|of| of.0 <= day).map(|of| Value::Date(of.0));
    let date = |of: Option<Day>| of.map(|of| Value::Date(of.0));
    let text = |text: Option<&str>| text.map(|text| Value::Text(text.into()));
    match attribute {
        Attribute::Tier => text(Some(client.tier_on(day).word())),
        Attribute::Industry => text(client.industry.as_deref()),
        Attribute::ClientGroup => text(client.group.as_deref()),
        Attribute::CreditRating => text(client.rating.as_deref()),
        Attribute::Status => text(Some(client.status.word())),
        Attribute::Place => text(client.place.as_deref()),
        Attribute::Since => date(client.since),
        Attribute::MonthsWithBank => Some(Value::Number(whole_months(client.since?.0, day).into())),
        Attribute::Closed => until_then(client.closed),
        Attribute::Product => text(Some(&written()?.product)),
        Attribute::Class => text(Some(facility()?.class.word())),
        Attribute::Collateral => text(written()?.collateral.as_deref()),
        Attribute::Term => {
            let facility = written()?;
            let (from, until) = (facility.drawn_on?.0, facility.matures?.0);
            Some(Value::Number(whole_months(from, until.pred_opt()?).into()))
        }
        Attribute::Limit => Some(Value::Number(written()?.limit.0)),
        Attribute::Rate => written()?.rate.map(|rate| Value::Number(rate.0)),
        Attribute::DrawnOn => date(written()?.drawn_on),
        Attribute::Matures => date(written()?.matures),
        Attribute::Settled => until_then(written()?.settled),
        Attribute::OverdueSince => date(facility()?.overdue_since),
        Attribute::ClassSince => date(facility()?.class_since),
        Attribute::Originator => text(written()?.originated_by.as_deref()),
    }
}

/// Whether a facility was there on some day from `first` to `last`.
pub(super) fn was_there(facility: &Facility, first: NaiveDate, last: NaiveDate) -> bool {
    facility.drawn_on.is_none_or(|drawn| drawn.0 <= last)
        && facility.settled.is_none_or(|settled| settled.0 >= first)
}

/// A figure of the facility that a part names, as it stood on the last day of a period, or on the last one known; nothing for figures that only a client
/// has. The mean of what was drawn is that over the days the question is about.
pub(super) fn figure_of(
    client: &Record<Client>,
    part: &Part,
    query: &MetricQuery,
    (period, today): (Months, Option<NaiveDate>),
) -> Option<Known> {
    let day = period.as_of(today);
    let (_, id) = part.id.split_once('/')?;
    let index = client.data.facilities.iter().position(|facility| facility.id == id)?;
    let facility = &client.data.facilities[index];
    let own = |key: &'static str| path!["facilities", index, key];
    let (amount, at) = match &*query.name {
        "drawn" if query.aggregate == Some(Aggregate::Average) => {
            let of = moved(query, period);
            let days = (of.first_day(), of.as_of(today));
            (mean_by_days(&client.data, facility, days, |then, _| then.drawn.0), own("drawn"))
        }
        "drawn" => {
            let then = facility.drawn_at(day);
            let at = then.map(|position| path!["facilities", index, "history", position, "drawn"]);
            let amount = facility.as_of(day).map_or(Decimal::ZERO, |then| then.drawn.0);
            (amount, at.unwrap_or_else(|| own("drawn")))
        }
        "limit" => (facility.limit.0, own("limit")),
        "rate" => (facility.rate?.0, own("rate")),
        "overdue_days" => (facility.days_overdue(day).into(), own("overdue_since")),
        _ => return None,
    };
    Some(Known { amount, evidence: vec![Evidence::new(Place::value(client.file, at), amount)] })
}
