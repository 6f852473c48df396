//! Who approves what moves a closed result or pay.

use super::{check, review};
use crate::book::Record;
use crate::check::{Check, Context, Found, fires};
use crate::msg;
use crate::path;
use crate::record::kind::RecordKind;
use crate::record::review::Review;
use crate::record::value::Day;
use crate::source::Place;
use crate::text::{Message, check as say};

pub(super) static RULES: &[&Check] = &[&APPROVED_BY_NO_OTHER];

check! {
    APPROVED_BY_NO_OTHER = "RM682" "approved-by-no-other" Deny Review(approved_by_no_other);
    title: "approved by whoever it is about, or by somebody who had left", "由当事人本人或已离职人员批准";
    why: "Whose result or pay is at stake does not decide about it, and who has left decides nothing.", "考核结果或薪酬的当事人不得自行批准，已离职人员无权批准。";
    mend: "Name who did approve it.", "请填写实际批准人。";
    says: "`{approved_by}` approved this on {day}, {why}", "“{approved_by}”于 {day} 批准，{why}";
    example: review!("[[ledger]]\ndate = 2026-10-20\nkind = \"advance\"\namount = 1\napproved_by = \"wang-fang\"\n");
    mended: "approved_by = \"wang-fang\"" => "approved_by = \"zhao-lei\"";
    entry: Refuse;
}

fn approved_by_no_other(context: &Context<'_>, review: &Record<Review>, found: &mut Found) {
    for (list, index, day, approved_by) in approvals(&review.data) {
        // People stand there by id or by name; a name that several have tells nothing.
        let [id] = context.book.called(RecordKind::Manager, approved_by)[..] else { continue };
        let left = context.book.managers.get(id).and_then(|manager| manager.data.left);
        let why: Message = match left.filter(|left| *left < day) {
            _ if *review.data.manager == *id => say::OWN_MATTER.into(),
            Some(left) => msg!(say::HAD_LEFT, left = left.0),
            None => continue,
        };
        let place = Place::value(review.file, path![list, index, "approved_by"]);
        found.push(fires!(APPROVED_BY_NO_OTHER, place, approved_by = approved_by, day = day.0, why = why));
    }
}

/// The lists of a review whose entries somebody approves: each entry's list, place, day and who approved it.
fn approvals(review: &Review) -> impl Iterator<Item = (&'static str, usize, Day, &str)> {
    let amendments = review.amendments.iter().map(|it| (it.date, &*it.approved_by));
    let withdrawals = review.withdrawals.iter().map(|it| (it.date, &*it.approved_by));
    let ledger = review.ledger.iter().map(|it| (it.date, it.approved_by.as_deref().unwrap_or_default()));
    let amendments = amendments.enumerate().map(|(index, (day, by))| ("amendments", index, day, by));
    let withdrawals = withdrawals.enumerate().map(|(index, (day, by))| ("withdrawals", index, day, by));
    let ledger = ledger.enumerate().map(|(index, (day, by))| ("ledger", index, day, by));
    amendments.chain(withdrawals).chain(ledger).filter(|(.., by)| !by.is_empty())
}
