//! What a field takes, in the words of its faults.

use crate::msg;
use crate::record::kind::RecordKind;
use crate::record::shape::{Kind, Time};
use crate::text::{Message, entry, finding};

/// What a single value is to stand in the place of a blank; choices name themselves.
pub(super) fn wanted(kind: &Kind) -> Option<Message> {
    Some(match kind {
        Kind::Text => entry::WORDS.into(),
        Kind::Ref(kind) => match RecordKind::named(kind) {
            Some(kind) => msg!(entry::ID_OF, kind = kind.title()),
            None => msg!(entry::ID_OF, kind = kind.as_str()),
        },
        Kind::Day | Kind::Amount | Kind::Rate | Kind::Quantity | Kind::Time(_) | Kind::Integer { .. } => {
            expectation(kind)
        }
        _ => return None,
    })
}

/// What a value of a kind is.
pub(super) fn expectation(kind: &Kind) -> Message {
    Message::from(match kind {
        Kind::Text => finding::A_TEXT,
        Kind::Day => entry::A_DAY,
        Kind::Amount => finding::AN_AMOUNT,
        Kind::Rate => finding::A_RATE,
        Kind::Quantity => finding::A_QUANTITY,
        Kind::Formula => finding::A_FORMULA,
        Kind::Time(Time::Month) => finding::A_MONTH,
        Kind::Time(Time::Period) => finding::A_PERIOD,
        Kind::Time(Time::Year) => finding::A_YEAR,
        Kind::Integer { .. } => finding::AN_INTEGER,
        Kind::Flag => finding::A_FLAG,
        Kind::Ref(_) => finding::AN_ID,
        Kind::List(_) => finding::A_LIST,
        Kind::Table(_) | Kind::Map { .. } | Kind::Tagged { .. } => finding::A_TABLE,
        Kind::Choice(_) | Kind::AnyOf(_) | Kind::Any => finding::ANOTHER,
    })
}
