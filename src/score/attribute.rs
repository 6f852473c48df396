//! What the client or the facility is that an item is evaluated for.

use chrono::NaiveDate;

use super::facts::Part;
use crate::period::whole_months;
use crate::policy::expr::{Attribute, Value};
use crate::record::client::Client;

/// An attribute of a client, or of the facility of it that the part names, as it stood on a day.
pub(super) fn attribute_of(
    client: &Client,
    part: &Part,
    attribute: Attribute,
    day: NaiveDate,
) -> Option<Value> {
    let facility = || {
        let (_, id) = part.id.split_once('/')?;
        client.facilities.iter().find(|facility| facility.id == id)?.as_of(day)
    };
    let text = |text: Option<&str>| text.map(|text| Value::Text(text.into()));
    match attribute {
        Attribute::Tier => text(Some(client.tier_on(day).word())),
        Attribute::Industry => text(client.industry.as_deref()),
        Attribute::ClientGroup => text(client.group.as_deref()),
        Attribute::CreditRating => text(client.rating.as_deref()),
        Attribute::Status => text(Some(client.status.word())),
        Attribute::Product => text(Some(&facility()?.product)),
        Attribute::Class => text(Some(facility()?.class.word())),
        Attribute::Collateral => text(facility()?.collateral.as_deref()),
        Attribute::Term => {
            let facility = facility()?;
            let (from, until) = (facility.drawn_on?.0, facility.matures?.0);
            Some(Value::Number(whole_months(from, until.pred_opt()?).into()))
        }
    }
}
