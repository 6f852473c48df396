//! What a report or a scorecard says of figures that are not there: they count as nothing in it.

use chrono::NaiveDate;

use crate::book::Book;
use crate::book::figured::{Figured, lacking};
use crate::msg;
use crate::period::{Month, Months};
use crate::text::{Message, first_few, practice as say};

/// A remark for each month of a stretch, over by `until`, of which clients lack figures that others have, or of which nobody
/// has any; one for all months before the book's first figures. Where `managers` are named, in id order, only of their clients.
pub fn lacking_figures(
    book: &Book,
    figured: &Figured,
    stretch: Months,
    until: NaiveDate,
    managers: Option<&[&str]>,
) -> Vec<Message> {
    if figured.last_in(stretch).is_none() {
        return vec![msg!(say::NONE_OF, month = stretch.to_string())];
    }
    let begun = figured.months().next();
    let before = begun.filter(|begun| *begun > stretch.first);
    let before = before.map(|begun| Months { last: begun.plus(-1), ..stretch });
    let before = before.map(|months| msg!(say::NONE_OF, month = months.to_string()));
    let over = stretch.iter().filter(|month| Some(*month) >= begun && month.last_day() <= until);
    let remark = |month: Month| {
        if !figured.contains(month) {
            return Some(msg!(say::NONE_OF, month = month.to_string()));
        }
        let clients = lacking(book, month, managers);
        let clients = (!clients.is_empty()).then(|| first_few(&clients))?;
        Some(msg!(say::LACKING, month = month.to_string(), clients = clients))
    };
    before.into_iter().chain(over.filter_map(remark)).collect()
}
