//! A new review begins with a draft from the scorecard.

use super::super::{Context, Writing};
use crate::draft::given::Pairs;
use crate::draft::review::{Wanted, drafted};
use crate::msg;
use crate::period::Period;
use crate::record::kind::RecordKind;
use crate::text::draft as say;

/// Fills in what the flags leave open of a review that does not stand yet; gives the comments it opens with.
pub(super) fn draft(
    id: &str,
    pairs: &mut Pairs,
    writing: &mut Writing,
    context: &mut Context<'_>,
) -> anyhow::Result<Vec<String>> {
    let Some((period, manager)) = id.split_once('/') else { return Ok(Vec::new()) };
    let Ok(period) = period.parse::<Period>() else { return Ok(Vec::new()) };
    if writing.find(RecordKind::Review, id)?.is_some() {
        return Ok(Vec::new());
    }
    let loaded = context.load()?;
    let wanted = Wanted { manager, period, today: context.today, lang: context.style.lang };
    // A figure of half a book would be wrong; whoever wants the draft mends the book first.
    let whole = loaded.book.broken.is_empty();
    let Some(drafted) = Some(&loaded.book).filter(|_| whole).and_then(|book| drafted(book, wanted)) else {
        context.say(&msg!(say::NO_SCORE, manager = manager, period = period.to_string()))?;
        return Ok(Vec::new());
    };
    for (key, value) in drafted.fields {
        if pairs.iter().all(|(given, _)| *given != key) {
            pairs.push((key, value));
        }
    }
    Ok(drafted.remarks)
}
