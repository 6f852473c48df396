//! The ledger of pay: nothing released that was not deferred, nothing returned that was not taken, nothing held above the pay.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike;
use rust_decimal::Decimal;

use super::{check, review};
use crate::book::Record;
use crate::book::ledger::Ledger;
use crate::check::{Check, Context, Found, fires};
use crate::diag::{Finding, nearest};
use crate::msg;
use crate::path;
use crate::period::Period;
use crate::record::kind::RecordKind;
use crate::record::review::Review;
use crate::record::scorecard::{Closed, Instalment, LedgerEntry, LedgerKind};
use crate::source::Place;
use crate::text::{Message, finding};

pub(super) static RULES: &[&Check] = &[
    &RELEASE_NOT_DEFERRED,
    &RETURN_NOT_TAKEN,
    &HELD_ABOVE_PAY,
    &SCHEME_NOT_NAMED,
    &RELEASE_BEFORE_DUE,
    &CLAWED_ABOVE_PAY,
    &SCHEME_UNKNOWN,
];

/// The reviews of each manager with their ledger.
fn ledgers<'b>(context: &'b Context<'_>) -> Vec<(Vec<&'b Record<Review>>, Ledger<'b>)> {
    let reviews = context.book.reviews_by_manager();
    let kept = reviews.into_values().filter(|own| own.iter().any(|review| !review.data.ledger.is_empty()));
    kept.map(|own| (own.clone(), Ledger::of(&own))).collect()
}

/// An amount of a manager's pay for a period, with the unit that the policies which pay it are in.
fn money(
    context: &Context<'_>,
    reviews: &[&Record<Review>],
    (period, scheme): (Period, Option<&str>),
    amount: Decimal,
) -> String {
    let manager = reviews.first().map(|review| &*review.data.manager).unwrap_or_default();
    let unit = context.book.money_of_pay(manager, period, scheme).unwrap_or_default();
    format!("{} {unit}", amount.normalize()).trim_end().to_owned()
}

/// Every entry with the period it concerns and its place.
fn entries<'b>(reviews: &'b [&'b Record<Review>]) -> impl Iterator<Item = (Period, &'b LedgerEntry, Place)> {
    reviews.iter().flat_map(|review| {
        review.data.ledger.iter().enumerate().map(|(index, entry)| {
            let at = Place::value(review.file, path!["ledger", index, "amount"]);
            (entry.period.unwrap_or(review.data.period), entry, at)
        })
    })
}

check! {
    RELEASE_NOT_DEFERRED = "RM660" "release-not-deferred" Deny Book(release_not_deferred);
    title: "more was released of an instalment than was deferred", "兑付金额超过延期金额";
    why: "What was never deferred cannot fall due; it is paid out twice.", "未曾延期的薪酬不存在到期兑付，属重复发放。";
    mend: "Name the period and the year the pay was deferred to, or correct the amount. Where a correction lowers pay of which an instalment \
        was released before, write its amendments by hand (`rmbook add amendment`): in that of `deferral` leave the instalment as it was \
        released, and take what lacks off those still to come.",
        "请填写所属考核期与应支付年度，或更正金额。更正调减薪酬而已有分期兑付的，请以 `rmbook add amendment` 逐项登记更正：\
        其中 `deferral` 保留已兑付期次的金额，差额自尚未支付的期次扣减。";
    says: "{taken} released or forfeited of the pay of {period} due in {due}, of which {deferred} was deferred",
        "{period} 应于 {due} 年支付的薪酬已兑付或止付 {taken}，延期金额为 {deferred}";
    example: review!("[closed.main]\npolicy = \"main\"\ndigest = \"x\"\nclosed_on = 2026-10-12\nrating = \"B\"\npay_total = 5\n\
        deferral = [{ due = \"2026\", amount = 2 }]\n[[ledger]]\ndate = 2026-10-20\nkind = \"release\"\ndue = \"2026\"\namount = 3\n");
    mended: "amount = 3" => "amount = 2";
    entry: Refuse;
}

fn release_not_deferred(context: &Context<'_>, found: &mut Found) {
    for (reviews, ledger) in ledgers(context) {
        for ((period, scheme, due), instalment) in &ledger.instalments {
            if instalment.balance() >= Decimal::ZERO {
                continue;
            }
            let of_it = |(of, entry, _): &(Period, &LedgerEntry, Place)| {
                let moves = entry.kind == LedgerKind::Release
                    || entry.kind == LedgerKind::Clawback && entry.due.is_some();
                let is_of = entry.scheme.as_deref().is_none_or(|own| own == *scheme);
                moves && is_of && of == period && entry.due.is_none_or(|year| year.0 == *due)
            };
            let Some((.., place)) = entries(&reviews).filter(of_it).last() else { continue };
            let scheme = Some(*scheme).filter(|scheme| !scheme.is_empty());
            let amount = |amount| money(context, &reviews, (*period, scheme), amount);
            found.push(fires!(
                RELEASE_NOT_DEFERRED,
                place,
                taken = amount(instalment.released + instalment.forfeited),
                period = period.to_string(),
                due = *due,
                deferred = amount(instalment.deferred)
            ));
        }
    }
}

check! {
    RETURN_NOT_TAKEN = "RM661" "return-not-taken" Deny Book(return_not_taken);
    title: "more was returned of a case than was taken", "退还金额超过暂扣或追索扣回金额";
    why: "A return gives back what a case took, never more.", "退还以原暂扣或追索扣回金额为限。";
    mend: "Name the case of the holdback or clawback, or correct the amount.", "请填写原暂扣或追索扣回的事由编号，或更正金额。";
    says: "{returned} returned of the case `{case}`, under which {taken} was taken", "事由“{case}”已退还 {returned}，暂扣或追索扣回金额为 {taken}";
    example: review!("[[ledger]]\ndate = 2026-10-20\nkind = \"holdback\"\ncase = \"late-file\"\namount = 1\n\
        [[ledger]]\ndate = 2026-10-28\nkind = \"return\"\ncase = \"late-file\"\namount = 3\n");
    mended: "amount = 3" => "amount = 1";
    entry: Refuse;
}

fn return_not_taken(context: &Context<'_>, found: &mut Found) {
    let takes = |kind| matches!(kind, LedgerKind::Holdback | LedgerKind::Clawback);
    for (reviews, _) in ledgers(context) {
        let mut booked: Vec<_> = entries(&reviews).collect();
        booked.sort_by_key(|(_, entry, _)| (entry.date, entry.kind == LedgerKind::Return));
        // A return gives back what was taken by its day. One case is told once.
        let mut cases: BTreeMap<(&str, Option<&str>), (Decimal, Decimal)> = BTreeMap::new();
        let mut over: BTreeMap<(&str, Option<&str>), Finding> = BTreeMap::new();
        for (period, entry, place) in booked {
            let case = entry.case.as_deref().unwrap_or_default();
            let mut key = (case, entry.scheme.as_deref());
            if entry.kind == LedgerKind::Return && !cases.contains_key(&key) {
                key = cases.keys().find(|(of, _)| *of == case).copied().unwrap_or(key);
            }
            let (taken, returned) = cases.entry(key).or_default();
            if takes(entry.kind) {
                *taken += entry.amount.0;
            } else if entry.kind == LedgerKind::Return {
                *returned += entry.amount.0;
                if *returned > *taken {
                    let amount = |amount| money(context, &reviews, (period, key.1), amount);
                    let (returned, taken) = (amount(*returned), amount(*taken));
                    over.insert(
                        key,
                        fires!(RETURN_NOT_TAKEN, place, returned = returned, case = case, taken = taken),
                    );
                }
            }
        }
        found.extend(over.into_values());
    }
}

check! {
    HELD_ABOVE_PAY = "RM662" "held-above-pay" Deny Book(held_above_pay);
    title: "more is held back or advanced than the period pays now", "暂扣与预发合计超过当期应发薪酬";
    why: "Only what would be paid can be held back.", "暂扣以当期应发金额为限。";
    mend: "Correct the amount, or claw back what was paid before (`clawback`).", "请更正金额；已发放部分应记追索扣回（`clawback`）。";
    says: "{held} held back or advanced of the pay of {period}, of which {paid} is paid now", "{period} 暂扣与预发合计 {held}，当期应发 {paid}";
    example: review!("[closed.main]\npolicy = \"main\"\ndigest = \"x\"\nclosed_on = 2026-10-12\nrating = \"B\"\npay_total = 5\n\
        deferral = [{ due = \"2027\", amount = 2 }]\n[[ledger]]\ndate = 2026-10-20\nkind = \"holdback\"\ncase = \"late-file\"\namount = 4\n");
    mended: "amount = 4" => "amount = 3";
    entry: Refuse;
}

fn held_above_pay(context: &Context<'_>, found: &mut Found) {
    for (reviews, _) in ledgers(context) {
        let holds = |entry: &LedgerEntry| matches!(entry.kind, LedgerKind::Holdback | LedgerKind::Advance);
        for ((period, scheme), (held, place)) in booked(&reviews, holds) {
            // What an open period pays, only scoring tells.
            let Some(paid) = paid_at_once(&reviews, period, scheme) else { continue };
            if held > paid {
                let amount = |amount| money(context, &reviews, (period, scheme), amount);
                found.push(above_pay(place, &amount(held), period, &amount(paid)));
            }
        }
    }
}

/// What is found of more that is held back or advanced than is paid.
pub(in crate::check) fn above_pay(at: Place, held: &str, period: Period, paid: &str) -> Finding {
    fires!(HELD_ABOVE_PAY, at, held = held, period = period.to_string(), paid = paid)
}

/// What stands of what was closed of a period, by scheme.
fn closed<'b>(
    reviews: &[&'b Record<Review>],
    period: Period,
) -> impl Iterator<Item = (&'b str, Cow<'b, Closed>)> {
    let of_period = reviews.iter().filter(move |review| review.data.period == period);
    of_period.flat_map(|review| review.data.standings())
}

check! {
    SCHEME_NOT_NAMED = "RM664" "ledger-scheme-missing" Deny Book(scheme_not_named);
    title: "an entry of the ledger does not say which of several schemes pays", "多个方案计发薪酬时台账分录未注明方案";
    why: "Nobody knows whose pay it is taken from or given to: the scheme that was closed first has it, and none while all are open; so with what several deferred and one releases or forfeits.",
        "无从知道应由哪一方案扣减或退还：已封存的计入最先封存的方案，均未封存的暂不计入；多个方案均有延期的，也无从知道兑付或止付的是哪一方案。";
    mend: "Enter `scheme`.", "请填写 `scheme`。";
    says: "{period} is paid by {schemes}, and the entry names none", "{period} 由 {schemes} 计发薪酬，分录未注明方案";
    example: review!("[closed.main]\npolicy = \"main\"\ndigest = \"x\"\nclosed_on = 2026-10-12\nrating = \"B\"\npay_total = 5\n\
        [closed.credit]\npolicy = \"main\"\ndigest = \"x\"\nclosed_on = 2026-10-12\nrating = \"B\"\npay_total = 8\n\
        [[ledger]]\ndate = 2026-10-20\nkind = \"holdback\"\ncase = \"late-file\"\namount = 4\n");
    mended: "amount = 4" => "amount = 4\nscheme = \"main\"";
    entry: Refuse;
}

fn scheme_not_named(context: &Context<'_>, found: &mut Found) {
    for (reviews, _) in ledgers(context) {
        let paying = |period: Period, line: Option<&str>| -> BTreeSet<String> {
            let paid = closed(&reviews, period).filter(|(_, closed)| closed.pay_total.is_some());
            let paid = paid.filter(|(_, closed)| line.is_none_or(|line| closed.pay.contains_key(line)));
            paid.map(|(scheme, _)| scheme.to_owned()).collect()
        };
        found.extend(unnamed(&reviews, &paying));
    }
}

/// What is found of the entries of a manager's ledger that name no scheme, where several pay a period, or the pay line it names.
pub(in crate::check) fn unnamed(
    reviews: &[&Record<Review>],
    paying: &dyn Fn(Period, Option<&str>) -> BTreeSet<String>,
) -> Vec<Finding> {
    let mut found = Vec::new();
    for (index, review, entry) in reviews.iter().flat_map(|review| {
        review.data.ledger.iter().enumerate().map(move |(index, entry)| (index, review, entry))
    }) {
        let (period, schemes) = match entry.moves(review.data.period) {
            Some((period, _)) => (period, paying(period, entry.line.as_deref())),
            None => deferring(reviews, entry, review.data.period),
        };
        if entry.scheme.is_none() && schemes.len() > 1 {
            let schemes: Vec<String> = schemes.iter().map(|scheme| format!("`{scheme}`")).collect();
            let at = Place::value(review.file, path!["ledger", index]);
            let (period, schemes) = (period.to_string(), Message::list(&schemes));
            found.push(fires!(SCHEME_NOT_NAMED, at, period = period, schemes = schemes));
        }
    }
    found
}

/// The period of an entry that moves deferred pay, and the schemes that deferred any to the year it names.
fn deferring(reviews: &[&Record<Review>], entry: &LedgerEntry, review: Period) -> (Period, BTreeSet<String>) {
    let period = entry.period.unwrap_or(review);
    let is_due = |part: &Instalment| entry.due.is_none_or(|due| due == part.due);
    let deferred = closed(reviews, period).filter(|(_, closed)| closed.deferral.iter().any(is_due));
    (period, deferred.map(|(scheme, _)| scheme.to_owned()).collect())
}

check! {
    RELEASE_BEFORE_DUE = "RM665" "release-before-due" Deny Book(release_before_due);
    title: "deferred pay was released before the year it falls due", "延期薪酬提前兑付";
    why: "It is deferred so that what goes wrong until then can still be taken from it.", "延期支付正是为在此期间可追索扣回，提前兑付即失去约束。";
    mend: "Correct the day or the year, or take it back with `clawback`.", "请更正记账日或应支付年度；已支付的应登记追索扣回（`clawback`）。";
    says: "released on {day}, due in {due}", "于 {day} 兑付，应支付年度为 {due}";
    example: review!("[closed.main]\npolicy = \"main\"\ndigest = \"x\"\nclosed_on = 2026-10-12\nrating = \"B\"\npay_total = 5\n\
        deferral = [{ due = \"2027\", amount = 2 }]\n[[ledger]]\ndate = 2026-10-20\nkind = \"release\"\ndue = \"2027\"\namount = 2\n");
    mended: "kind = \"release\"\ndue = \"2027\"" => "kind = \"clawback\"\ncase = \"late-file\"\ndue = \"2027\"";
    entry: Refuse;
}

fn release_before_due(context: &Context<'_>, found: &mut Found) {
    for (reviews, ledger) in ledgers(context) {
        for (period, entry, place) in
            entries(&reviews).filter(|(_, entry, _)| entry.kind == LedgerKind::Release)
        {
            // One that names no year is of the first there is, or of a later one.
            let is_of = |by: &str| entry.scheme.as_deref().is_none_or(|own| own == by);
            let mut deferred = ledger.instalments.keys().filter(|(of, by, _)| *of == period && is_of(by));
            let first = deferred.next().map(|(.., due)| *due);
            let Some(due) = entry.due.map(|due| due.0).or(first) else { continue };
            if entry.date.0.year() < due {
                found.push(fires!(RELEASE_BEFORE_DUE, place, day = entry.date.0, due = due));
            }
        }
    }
}

check! {
    CLAWED_ABOVE_PAY = "RM666" "clawback-above-pay" Deny Book(clawed_above_pay);
    title: "more is clawed back than the period paid", "追索扣回金额超过该期已发薪酬";
    why: "A clawback takes back what was paid, never more.", "追索扣回以该期已发放薪酬为限。";
    mend: "Correct the amount; what is still deferred is forfeited by a clawback that names its year (`due`), what other periods paid by one that names the period (`period`).",
        "请更正金额；尚未支付的延期部分应注明应支付年度（`due`）予以止付，其他考核期已发的应注明所属考核期（`period`）。";
    says: "{clawed} clawed back of the pay of {period}, of which {paid} was paid", "{period} 追索扣回合计 {clawed}，已发 {paid}";
    example: review!("[closed.main]\npolicy = \"main\"\ndigest = \"x\"\nclosed_on = 2026-10-12\nrating = \"B\"\npay_total = 5\n\
        deferral = [{ due = \"2027\", amount = 2 }]\n[[ledger]]\ndate = 2026-10-20\nkind = \"clawback\"\ncase = \"late-file\"\namount = 4\n");
    mended: "amount = 4" => "amount = 3";
    entry: Refuse;
}

fn clawed_above_pay(context: &Context<'_>, found: &mut Found) {
    for (reviews, ledger) in ledgers(context) {
        let claws = |entry: &LedgerEntry| entry.kind == LedgerKind::Clawback && entry.due.is_none();
        for ((period, scheme), (clawed, place)) in booked(&reviews, claws) {
            let Some(paid) = paid_at_once(&reviews, period, scheme) else { continue };
            let is_of = |by: &str| scheme.is_none_or(|own| own == by);
            let of_period = ledger.instalments.iter().filter(|((of, by, _), _)| *of == period && is_of(by));
            let released: Decimal = of_period.map(|(_, instalment)| instalment.released).sum();
            let paid = paid + released;
            if clawed > paid {
                let amount = |amount| money(context, &reviews, (period, scheme), amount);
                let (clawed, paid) = (amount(clawed), amount(paid));
                let period = period.to_string();
                found.push(fires!(CLAWED_ABOVE_PAY, place, clawed = clawed, period = period, paid = paid));
            }
        }
    }
}

/// What entries come to for each period and scheme they are about, with the place of the last one.
fn booked<'b>(
    reviews: &'b [&'b Record<Review>],
    wanted: impl Fn(&LedgerEntry) -> bool,
) -> BTreeMap<(Period, Option<&'b str>), (Decimal, Place)> {
    let mut sums: BTreeMap<_, (Decimal, Place)> = BTreeMap::new();
    for (period, entry, place) in entries(reviews).filter(|(_, entry, _)| wanted(entry)) {
        let sum = sums.get(&(period, entry.scheme.as_deref())).map_or(Decimal::ZERO, |(sum, _)| *sum);
        sums.insert((period, entry.scheme.as_deref()), (sum + entry.amount.0, place));
    }
    sums
}

/// What a period pays without what is deferred, by one scheme or the only one; nothing where an open period pays it, or where
/// several schemes pay and none is named: their money need not be the same.
fn paid_at_once(reviews: &[&Record<Review>], period: Period, scheme: Option<&str>) -> Option<Decimal> {
    let closed = closed(reviews, period).filter(|(of, _)| scheme.is_none_or(|scheme| scheme == *of));
    let mut paying = closed.filter_map(|(_, closed)| Some((closed.pay_total?.0, closed)));
    let (paid, closed) = paying.next().filter(|_| paying.next().is_none())?;
    let later: Decimal = closed.deferral.iter().map(|part| part.amount.0).sum();
    Some(paid - later)
}

check! {
    SCHEME_UNKNOWN = "RM669" "ledger-scheme-unknown" Deny Book(scheme_unknown);
    title: "an entry of the ledger names a scheme that does not exist", "台账分录所注方案不存在";
    why: "No scheme pays it or takes it, so that the amount is lost.", "没有方案计发或扣减该金额，该笔金额将无处体现。";
    mend: "Name the scheme of a policy, or one under which the period was closed.", "请填写考核办法的方案，或封存该期所用的方案。";
    says: "no policy is of the scheme `{scheme}`", "没有方案为“{scheme}”的考核办法";
    example: review!("[closed.main]\npolicy = \"main\"\ndigest = \"x\"\nclosed_on = 2026-10-12\nrating = \"B\"\npay_total = 5\n\
        [[ledger]]\ndate = 2026-10-20\nkind = \"holdback\"\ncase = \"late-file\"\namount = 4\nscheme = \"mian\"\n");
    mended: "\"mian\"" => "\"main\"";
    entry: Remark;
}

fn scheme_unknown(context: &Context<'_>, found: &mut Found) {
    // A policy that does not load may be of any scheme.
    if context.book.broken.keys().any(|(kind, _)| *kind == RecordKind::Policy) {
        return;
    }
    let of_policies = context.book.policies.iter().map(|policy| policy.data.scheme.as_str());
    let of_reviews = context.book.reviews.iter().flat_map(|review| review.data.closed.keys());
    let known: BTreeSet<&str> = of_policies.chain(of_reviews.map(String::as_str)).collect();
    for review in context.wanted(&context.book.reviews) {
        for (index, entry) in review.data.ledger.iter().enumerate() {
            let Some(scheme) = entry.scheme.as_deref().filter(|scheme| !known.contains(scheme)) else {
                continue;
            };
            let help = nearest(scheme, known.iter().copied()).map(|near| msg!(finding::NEAREST, name = near));
            let place = Place::value(review.file, path!["ledger", index, "scheme"]);
            found.push(fires!(SCHEME_UNKNOWN, place, scheme = scheme).help(help));
        }
    }
}
