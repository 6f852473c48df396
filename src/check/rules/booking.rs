//! What an entry of the ledger of pay names: a line that is paid, a facility of its client, a period that has begun.

use std::collections::BTreeSet;

use super::{check, review};
use crate::book::{Book, Record};
use crate::check::{Check, Context, Found, fires};
use crate::diag::nearest;
use crate::msg;
use crate::path;
use crate::record::kind::RecordKind;
use crate::record::policy::Policy;
use crate::record::review::Review;
use crate::record::scorecard::LedgerEntry;
use crate::source::Place;
use crate::text::{Text, finding};

pub(super) static RULES: &[&Check] = &[&BOOKED_UNKNOWN, &BOOKED_AHEAD];

check! {
    BOOKED_UNKNOWN = "RM678" "ledger-entry-unknown" Deny Review(booked_unknown);
    title: "an entry of the ledger names a pay line or a facility that does not exist", "台账分录所注薪酬项目或授信业务不存在";
    why: "Whoever looks for what was taken from that line, or for that loan, does not find it.", "按该薪酬项目或该笔授信查询时，将查不到这笔分录。";
    mend: "Take the `id` of a pay line of the scheme's policies, or of a facility of the client.", "请填写该方案考核办法中薪酬项目的编号，或该客户授信业务的编号。";
    says: "there is no {what} `{id}`", "没有编号为“{id}”的{what}";
    example: review!("[[ledger]]\ndate = 2026-10-20\nkind = \"holdback\"\ncase = \"late-file\"\namount = 4\nline = \"base\"\n\
        [closed.main]\npolicy = \"main\"\ndigest = \"x\"\nclosed_on = 2026-10-12\nrating = \"B\"\npay_total = 5\npay = { basis = 5 }\n");
    mended: "line = \"base\"" => "line = \"basis\"";
    entry: Refuse;
}

const LINE: Text = Text::new("pay line", "薪酬项目");
const FACILITY: Text = Text::new("facility of this client", "该客户授信业务");

fn booked_unknown(context: &Context<'_>, review: &Record<Review>, found: &mut Found) {
    for (index, entry) in review.data.ledger.iter().enumerate() {
        let mut judge = |key: &str, id: Option<&str>, what: Text, known: Option<BTreeSet<&str>>| {
            let Some((id, known)) = id.zip(known).filter(|(id, known)| !known.contains(id)) else { return };
            let help = nearest(id, known.iter().copied()).map(|near| msg!(finding::NEAREST, name = near));
            let place = Place::value(review.file, path!["ledger", index, key]);
            found.push(fires!(BOOKED_UNKNOWN, place, what = what, id = id).help(help));
        };
        judge("line", entry.line.as_deref(), LINE, lines_of(context.book, &review.data, entry));
        let client = entry.client.as_ref().and_then(|client| context.book.clients.get(client));
        let facilities = client.map(|it| it.data.facilities.iter().map(|own| own.id.as_str()).collect());
        judge("facility", entry.facility.as_deref(), FACILITY, facilities);
    }
}

/// The pay lines an entry can name: those of the policies of its scheme, or of all where it names none, and those that were closed of
/// its period; nothing while a policy does not load.
fn lines_of<'b>(book: &'b Book, review: &'b Review, entry: &LedgerEntry) -> Option<BTreeSet<&'b str>> {
    if book.broken.keys().any(|(kind, _)| *kind == RecordKind::Policy) {
        return None;
    }
    let is_of = |scheme: &str| entry.scheme.as_deref().is_none_or(|own| own == scheme);
    let policies = book.policies.iter().filter(|policy| is_of(&policy.data.scheme));
    let of_policies = policies.flat_map(|policy| paid_lines(&policy.data));
    let period = entry.period.unwrap_or(review.period);
    let then = book.reviews.get(&format!("{period}/{}", review.manager));
    let closed = then.into_iter().flat_map(|then| &then.data.closed).filter(|(scheme, _)| is_of(scheme));
    Some(of_policies.chain(closed.flat_map(|(_, closed)| closed.pay.keys().map(String::as_str))).collect())
}

/// The pay lines of a policy and its variants.
fn paid_lines(policy: &Policy) -> impl Iterator<Item = &str> {
    let own = policy.pay.iter().flat_map(|pay| &pay.lines);
    let varied = policy.variants.iter().flat_map(|variant| &variant.pay.lines);
    own.chain(varied).map(|line| line.id.as_str())
}

check! {
    BOOKED_AHEAD = "RM679" "ledger-period-ahead" Warn Review(booked_ahead);
    title: "an entry of the ledger is about a period that had not begun", "台账分录所属考核期在记账时尚未开始";
    why: "Nothing is paid for it yet, so that nothing can be held back, advanced, released or clawed back of it.", "该期尚无应发薪酬，无从暂扣、预发、兑付或追索。";
    mend: "Correct `period`, or book it once the period has begun.", "请更正 `period`，或待该期开始后再行登记。";
    says: "{period} begins on {first}, and the entry is of {date}", "{period} 自 {first} 开始，分录日期为 {date}";
    example: review!("[[ledger]]\ndate = 2026-10-20\nkind = \"holdback\"\ncase = \"late-file\"\namount = 4\nperiod = \"2027-01\"\n");
    mended: "2027-01" => "2026-10";
}

fn booked_ahead(_: &Context<'_>, review: &Record<Review>, found: &mut Found) {
    for (index, entry) in review.data.ledger.iter().enumerate() {
        let period = entry.period.unwrap_or(review.data.period);
        let (first, date) = (period.first_day(), entry.date.0);
        if first > date {
            let place = Place::value(review.file, path!["ledger", index, "date"]);
            found.push(fires!(BOOKED_AHEAD, place, period = period.to_string(), first = first, date = date));
        }
    }
}
