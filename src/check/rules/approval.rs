//! Who approves what moves a closed result or pay, and who looks at what a manager declares or asks for.

use super::{check, manager, review};
use crate::book::Record;
use crate::check::{Check, Context, Found, fires};
use crate::msg;
use crate::path;
use crate::record::kind::RecordKind;
use crate::record::manager::Manager;
use crate::record::review::Review;
use crate::record::value::Day;
use crate::source::Place;
use crate::text::{Message, Text, check as say};

pub(super) static RULES: &[&Check] = &[&APPROVED_BY_NO_OTHER, &REVIEWED_BY_NO_OTHER];

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
        let own = say::OWN_MATTER;
        let Some(why) = no_other(context, &review.data.manager, approved_by, (Some(day), own)) else {
            continue;
        };
        let place = Place::value(review.file, path![list, index, "approved_by"]);
        found.push(fires!(APPROVED_BY_NO_OTHER, place, approved_by = approved_by, day = day.0, why = why));
    }
}

/// Why somebody does not decide what is about a manager: it is the same person, or one who had left by the day.
fn no_other(
    context: &Context<'_>,
    about: &str,
    approved_by: &str,
    (day, own): (Option<Day>, Text),
) -> Option<Message> {
    // People stand there by id or by name; a name that several have tells nothing.
    let [id] = context.book.called(RecordKind::Manager, approved_by)[..] else { return None };
    let left = context.book.managers.get(id).and_then(|manager| manager.data.left);
    match left.filter(|left| day.is_some_and(|day| *left < day)) {
        _ if about == id => Some(own.into()),
        left => left.map(|left| msg!(say::HAD_LEFT, left = left.0)),
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

check! {
    REVIEWED_BY_NO_OTHER = "RM685" "reviewed-by-no-other" Deny Manager(reviewed_by_no_other);
    title: "looked at or decided by whoever it is about, or by somebody who had left", "由本人或已离职人员审核、审定";
    why: "A conflict of interest that one waves through oneself is none that anybody has looked at; nor does anybody decide about one's own targets or grade.",
        "利益冲突由本人自行审核等于无人审核；本人的目标与职级亦不得由本人审定。";
    mend: "Name who did look at it or decide; where nobody else did, have it done and enter that day.", "请填写实际审核、审定人；尚无他人审核的，请另行审核并填写该日。";
    says: "`{by}` looked at or decided this, {why}", "“{by}”审核或审定了该事项，{why}";
    example: manager!("[[declarations]]\ndate = 2026-10-12\nkind = \"conflict-of-interest\"\nwhat = \"brother is the CFO\"\n\
        reviewed_by = \"wang-fang\"\nreviewed = 2026-10-13\noutcome = \"no recusal needed\"\n");
    mended: "reviewed_by = \"wang-fang\"" => "reviewed_by = \"zhao-lei\"";
    entry: Refuse;
}

fn reviewed_by_no_other(context: &Context<'_>, manager: &Record<Manager>, found: &mut Found) {
    for (list, index, key, day, by) in decided(&manager.data) {
        if let Some(why) = no_other(context, &manager.id, by, (day, say::THEIR_OWN)) {
            let place = Place::value(manager.file, path![list, index, key]);
            found.push(fires!(REVIEWED_BY_NO_OTHER, place, by = by, why = why));
        }
    }
}

/// What others decide about a manager: each entry's list, place, key, the day of the decision where it is known, and who decided.
fn decided(
    manager: &Manager,
) -> impl Iterator<Item = (&'static str, usize, &'static str, Option<Day>, &str)> {
    let declarations = manager.declarations.iter().enumerate().map(|(index, it)| {
        ("declarations", index, "reviewed_by", it.reviewed.or(Some(it.date)), it.reviewed_by.as_deref())
    });
    let proposals = manager.proposals.iter().enumerate().map(|(index, it)| {
        ("proposals", index, "decided_by", it.decided.or(Some(it.date)), it.decided_by.as_deref())
    });
    let targets = manager.target_changes.iter().enumerate().map(|(index, it)| {
        ("target_changes", index, "approved_by", Some(it.date), it.approved_by.as_deref())
    });
    // A grade is decided before the day from which it holds.
    let grades = manager
        .grade_history
        .iter()
        .enumerate()
        .map(|(index, it)| ("grade_history", index, "approved_by", None, it.approved_by.as_deref()));
    let all = declarations.chain(proposals).chain(targets).chain(grades);
    all.filter_map(|(list, index, key, day, by)| Some((list, index, key, day, by?)))
}
